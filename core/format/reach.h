/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which fields what stands below a key could write. A definition has hundreds of keys and a notice some tens of fields,
 * so most of the tree need not be walked.
 */
#ifndef DGM_FORMAT_REACH_H
#define DGM_FORMAT_REACH_H

#include "format/definition.h"
#include "notice/notice.h"

/* What stands at a key and below it. */
struct dgm_reach {
	struct dgm_field_set fields; /* written from there, each with those that are written in their place */
	bool speaks;                 /* below it a key is written, or missed, where the notice has nothing for it */
};

/* By node number; in the arena. */
struct dgm_reach *dgm_reach_find(struct dgm_arena *arena, const struct dgm_shape *shape);

#endif
