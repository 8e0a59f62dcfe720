/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Telephone numbers without their country, where another field of the notice says which it is ("calling"). That field
 * may come behind the number in the source, so the numbers are completed when the record is whole.
 */
#ifndef DGM_FORMAT_CALLING_H
#define DGM_FORMAT_CALLING_H

#include "format/checks.h"
#include "format/definition.h"

/* The nodes of a shape whose numbers wait for a country. */
struct dgm_callers {
	const struct dgm_node **nodes;
	uint32_t count;
};

struct dgm_callers dgm_callers_find(struct dgm_arena *arena, const struct dgm_shape *shape);

/* Completes the numbers of a notice that was read; one whose country is not said, or said twice, stays, with a note. */
void dgm_callers_complete(const struct dgm_callers *callers, const struct dgm_shape *shape, struct dgm_notice *notice,
	const struct dgm_checks *checks);

/* Writing: whether who reads the text at this key, in this group, takes it for another value than text. */
bool dgm_calling_changes(const struct dgm_node *node, struct dgm_arena *arena, const struct dgm_group *group,
	struct dgm_str text);
/* Writing: whether the source's spelling is read as the value with the country that the notice has now. */
bool dgm_calling_fits(const struct dgm_node *node, struct dgm_arena *arena, const struct dgm_group *group,
	const struct dgm_value *value);

#endif
