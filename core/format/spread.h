/* SPDX-License-Identifier: Apache-2.0 */
/* Reading dates in several keys: the parts are gathered where they stand, and the date is made where all have been seen. */
#ifndef DGM_FORMAT_SPREAD_H
#define DGM_FORMAT_SPREAD_H

#include "format/mapper.h"

/* A value at a PART node. */
void dgm_spread_take(struct dgm_mapper *mapper, const struct dgm_node *node, const struct dgm_event *event);

/* The date of composite c, whose parts stand in this frame or below; parts that it would not be written with are kept. */
void dgm_spread_finish(struct dgm_mapper *mapper, uint32_t c, struct dgm_map_frame *frame);

/* Whether the innermost frame holds parts of a date that is complete only outside of it. */
bool dgm_spread_below(const struct dgm_mapper *mapper);
/* That frame is being closed. name: its component, or nothing where it is not needed yet. */
void dgm_spread_close(struct dgm_mapper *mapper, struct dgm_str name);

#endif
