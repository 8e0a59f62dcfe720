/* SPDX-License-Identifier: Apache-2.0 */
/* Keys with patterns: which of them a text fits, and what then stands in its holes. */
#ifndef DGM_FORMAT_FIT_H
#define DGM_FORMAT_FIT_H

#include "format/composite.h"
#include "format/values.h"

struct dgm_fit {
	uint32_t pattern; /* of the node's, from 0 */
	struct dgm_str pieces[DGM_HOLES_MAX];
	struct dgm_read reads[DGM_HOLES_MAX]; /* of the holes that are no parts of a date */
	bool dated;                           /* some holes are the parts of this date */
	struct dgm_date date;
};

/*
 * The first pattern that the text fits and whose holes all hold what their fields can read. composites and of_node: of
 * the shape, see composite.h. false: none; then nothing of the text may be taken.
 */
bool dgm_fit_read(const struct dgm_node *node, const struct dgm_composite *composites, const uint32_t *of_node,
	struct dgm_arena *arena, struct dgm_str text, struct dgm_fit *ret_fit);

/* The date whose parts are holes of this node; NULL: none. */
const struct dgm_composite *dgm_fit_composite(const struct dgm_node *node, const struct dgm_composite *composites,
	const uint32_t *of_node);

/* Whether a text may stand in a hole, as far as its digits go. */
bool dgm_fit_admits(const struct dgm_node *hole, struct dgm_arena *arena, struct dgm_str text);

/* Whether a text in a hole says nothing: empty, or the source's word for it. */
bool dgm_fit_says_nothing(const struct dgm_node *hole, struct dgm_str text);

#endif
