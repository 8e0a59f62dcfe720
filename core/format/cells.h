/* SPDX-License-Identifier: Apache-2.0 */
/* Several values in one text, as events that are joined next: which of them have a place there. */
#ifndef DGM_FORMAT_CELLS_H
#define DGM_FORMAT_CELLS_H

#include "format/put.h"

/* A null has no place between texts in one cell: only as the cell itself. Returns how many events are left. */
size_t dgm_cell_drop_nulls(struct dgm_unmapper *unmapper, const struct dgm_node *node, struct dgm_event *events,
	size_t count);

/* How many of the texts fit in what the target takes, joined; the first always does. The values of the others are lost. */
size_t dgm_cell_cut(struct dgm_unmapper *unmapper, const struct dgm_node *node, const struct dgm_event *events,
	size_t count);

#endif
