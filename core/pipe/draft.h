/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The draft of a definition, from a sample of a format that nobody has described yet: engine, dialect, encoding, where
 * the records lie, and for each key the field that it most likely is. Names are compared with those that the known
 * definitions have for their fields, values with patterns of dates and with the code lists. Every guess is marked as one
 * ("# proposed: ..."), and no value of the sample gets into the draft.
 */
#ifndef DGM_PIPE_DRAFT_H
#define DGM_PIPE_DRAFT_H

#include "host/catalog.h"
#include "host/loader.h"

/* Most bytes of a sample: what a key is shows in the first thousand records. */
#define DGM_DRAFT_SAMPLE_MAX ((size_t)16 << 20)
#define DGM_DRAFT_MARK "# proposed"

struct dgm_draft_request {
	struct dgm_search *plugins;
	struct dgm_catalog *catalog;
	struct dgm_str id;
	struct dgm_str name;   /* of the sample, without its folder */
	struct dgm_str sample; /* the bytes; len 0: there is none, and the draft is an example to go on from */
};

/* The text of a definition that compiles, in the arena; empty where no record could be found in the sample. */
struct dgm_str dgm_draft(const struct dgm_draft_request *request, struct dgm_arena *arena);

#endif
