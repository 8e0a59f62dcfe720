/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of fields, put together from the leaves up. */
#include "format/reach.h"

static void find_reach(const struct dgm_node *node, struct dgm_reach *reaches)
{
	struct dgm_reach *reach = &reaches[node->number];
	if (node->kind == DGM_NODE_FIELD || node->kind == DGM_NODE_PART)
		dgm_field_set_add(&reach->fields, node->target.field);
	if (node->zone)
		dgm_field_set_add(&reach->fields, DGM_FIELD_subject_document_number);
	for (uint32_t i = 0; i < node->fallback_count; i++)
		dgm_field_set_add(&reach->fields, node->fallbacks[i].field);
	for (const struct dgm_node *child = node->first; child; child = child->next) {
		const struct dgm_reach *below = &reaches[child->number];
		find_reach(child, reaches);
		for (unsigned w = 0; w < DGM_FIELD_WORDS; w++)
			reach->fields.bits[w] |= below->fields.bits[w];
		reach->speaks = reach->speaks || below->speaks || child->always || child->required;
	}
}

struct dgm_reach *dgm_reach_find(struct dgm_arena *arena, const struct dgm_shape *shape)
{
	struct dgm_reach *reaches = dgm_arena_zero(arena, (shape->node_count + 1) * sizeof *reaches);
	for (const struct dgm_node *node = shape->root->first; node; node = node->next)
		find_reach(node, reaches);
	return reaches;
}
