/* SPDX-License-Identifier: Apache-2.0 */
/* Inside unmap: which shape a notice is written in. A record that its own format would not read so is written anew. */
#ifndef DGM_FORMAT_SHAPES_H
#define DGM_FORMAT_SHAPES_H

#include "format/put.h"

/* Whether reading takes the record written for what it was written as. */
enum dgm_taking {
	DGM_TAKEN_NOT,
	DGM_TAKEN_ALIKE, /* for another shape, which says the same of the record, but has other keys */
	DGM_TAKEN,       /* for the same, or for one that makes the same notice of it */
};

/*
 * Of the shapes not tried yet the one that agrees best; among equals the one that loses fewest fields, then the smallest
 * that holds them. ret_agreed: how many of its constants agree. NULL: none is left for such a notice.
 */
const struct dgm_unmap_shape *dgm_shapes_choose(struct dgm_unmapper *unmapper, int *ret_agreed);
/* Makes a shape the one in work. */
void dgm_shapes_start(struct dgm_unmapper *unmapper, const struct dgm_unmap_shape *state);
/* The notice's value for a constant of the record, and the group where it is or would be; NULL: none. */
struct dgm_value *dgm_shapes_constant(struct dgm_unmapper *unmapper, uint32_t c, struct dgm_group **ret_group);
/* Of the record just written, by its events. */
enum dgm_taking dgm_shapes_taken(struct dgm_unmapper *unmapper, const struct dgm_unmap_shape *state);
/* Takes back what was put and marked of the notice. */
void dgm_shapes_undo(struct dgm_unmapper *unmapper);

#endif
