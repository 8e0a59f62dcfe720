/* SPDX-License-Identifier: Apache-2.0 */
/* The other way of fit.h: texts made of a key's patterns. */
#ifndef DGM_FORMAT_FILL_H
#define DGM_FORMAT_FILL_H

#include "format/put.h"

/* Puts the text of a key with patterns; false: no pattern can be filled. */
bool dgm_fill(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key);

/* The same for a group: an event or a piece of one for each instance. */
bool dgm_fill_group(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key);

#endif
