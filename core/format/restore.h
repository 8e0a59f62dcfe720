/* SPDX-License-Identifier: Apache-2.0 */
/* Inside unmap: putting back the values that the same format once brought and the schema had no home for. */
#ifndef DGM_FORMAT_RESTORE_H
#define DGM_FORMAT_RESTORE_H

#include "format/put.h"

bool dgm_restore_is_named(const struct dgm_node *node, struct dgm_str name);

/* All that is left below an overlay, attributes first: they must come right behind their element's start. */
void dgm_restore_all(struct dgm_unmapper *unmapper, struct dgm_overlay *overlay, uint32_t parent_key);
void dgm_restore_attributes(struct dgm_unmapper *unmapper, struct dgm_overlay *overlay, uint32_t parent_key);
/* The values that stood directly at a node's key; false: there were none. */
bool dgm_restore_values(struct dgm_unmapper *unmapper, const struct dgm_node *node, struct dgm_overlay *overlay,
	uint32_t key, bool first_only);
/* The same for a part of a date; not where the date was changed since, so that the parts would say another one. */
bool dgm_restore_part(struct dgm_unmapper *unmapper, const struct dgm_node *node, struct dgm_overlay *overlay,
	uint32_t key);
/* Columns of the whole record of which one row had a value of its own; start: where that row starts in the record. */
void dgm_restore_columns(struct dgm_unmapper *unmapper, struct dgm_overlay *overlay, size_t start);
/* The kept group of that number at a node's key, beyond those that the notice has or among them; NULL: none. */
struct dgm_overlay *dgm_restore_group(const struct dgm_node *node, struct dgm_overlay *overlay, uint32_t number,
	bool beyond);

#endif
