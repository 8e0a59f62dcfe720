/* SPDX-License-Identifier: Apache-2.0 */
/* A text of a key with patterns, taken apart: the pieces of a cell, and the alternatives of "Sudan/or South Sudan". */
#ifndef DGM_FORMAT_PIECES_H
#define DGM_FORMAT_PIECES_H

#include "format/fit.h"
#include "format/put.h"

struct dgm_fitted {
	struct dgm_fitted *next;
	struct dgm_str text;
	struct dgm_str whole; /* of one of several alternatives: all of them, as they stand; ptr NULL: it is none */
	struct dgm_fit fit;
};

/* false: one of the pieces fits no pattern, so that nothing of the text may be taken. No piece at all is true. */
bool dgm_pieces_fit(const struct dgm_node *node, const struct dgm_composite *composites, const uint32_t *of_node,
	struct dgm_arena *arena, struct dgm_str text, struct dgm_fitted **ret_first);

/* Gives an alternative what the definition says of each: the constants of "each", with the whole text as original. */
void dgm_pieces_doubt(const struct dgm_node *node, struct dgm_notice *notice, struct dgm_group *group,
	struct dgm_str whole, uint32_t offset);

/*
 * Writing: where this instance and the next ones are still the alternatives of one text, that text, and the last of them;
 * all are taken as written. NULL: they are not.
 */
struct dgm_group *dgm_pieces_whole(struct dgm_unmapper *unmapper, const struct dgm_node *node,
	const struct dgm_anchor *anchor, struct dgm_group *group, struct dgm_str *ret_text);

#endif
