/* SPDX-License-Identifier: Apache-2.0 */
/* Identifiers with a check character: one row per scheme, so that a definition can name what its numbers are. */
#ifndef DGM_NOTICE_IDENTIFIER_H
#define DGM_NOTICE_IDENTIFIER_H

#include "base/str.h"

struct dgm_identifier {
	const char *name; /* as definitions say it */
	const char *what; /* for people */
	/* Whether the check character is that of the others. text: canonical, not empty; one without a check is good. */
	bool (*is_good)(struct dgm_str text);
};

/* By name; NULL where there is none. */
const struct dgm_identifier *dgm_identifier_find(struct dgm_str name);
/* The table, in its order; NULL behind its end. */
const struct dgm_identifier *dgm_identifier_at(size_t index);

#endif
