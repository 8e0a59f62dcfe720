/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which format a file is, by the signatures of the definitions and the file's first bytes. No plugin is loaded, names of
 * files do not count, and what is not certain is not guessed.
 */
#ifndef DGM_HOST_DETECT_H
#define DGM_HOST_DETECT_H

#include "host/catalog.h"

/* How many bytes detection looks at: enough for the widest real header rows and for INTERPOL's first records. */
#define DGM_DETECT_HEAD ((size_t)64 << 10)

struct dgm_candidate {
	struct dgm_str format;
	uint32_t match;          /* DGM_MATCH_WEAK to DGM_MATCH_CERTAIN */
	uint32_t weight;         /* how many words agreed, and what else was asked for */
	bool renamed;            /* as many agree only under other names that the format has for its columns */
	struct dgm_str evidence; /* one line */
	const struct dgm_signature *signature;
};

struct dgm_detection {
	struct dgm_arena arena;
	struct dgm_candidate *candidates; /* best first */
	size_t count;
	struct dgm_str answer; /* empty: nothing fits, or another fits as well and asks for something else */
};

void dgm_detect(struct dgm_catalog *catalog, struct dgm_str head, struct dgm_detection *ret_detection);
void dgm_detection_done(struct dgm_detection *detection);

/* The encoding that an XML declaration names, or empty. */
struct dgm_str dgm_detect_xml_encoding(struct dgm_str head);

#endif
