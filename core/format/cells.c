/* SPDX-License-Identifier: Apache-2.0 */
/* Counts what is lost where several values become one text. put.c joins what is left. */
#include "format/cells.h"

#include "base/text.h"
#include "format/values.h"

/* What selects an instance of which nothing else was written has not arrived either. */
static void unuse_constants(const struct dgm_anchor *anchor, const struct dgm_group *group)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	for (uint32_t f = 0; f < def->field_count; f++) {
		bool selects = false;
		for (uint32_t i = 0; i < anchor->constant_count; i++)
			selects = selects || anchor->constants[i].field == (enum dgm_field_id)(def->first_field + f);
		for (const struct dgm_value *value = group->slots[f].first; value && !selects; value = value->next)
			if (value->used && value->state == DGM_STATE_PARSED)
				return;
	}
	for (uint32_t i = 0; i < anchor->constant_count; i++) {
		struct dgm_value *value = dgm_value_first(group, anchor->constants[i].field);
		if (value)
			value->used = 0;
	}
}

size_t dgm_cell_drop_nulls(struct dgm_unmapper *unmapper, const struct dgm_node *node, struct dgm_event *events,
	size_t count)
{
	size_t left = 0;
	for (size_t i = 0; i < count; i++)
		if (events[i].literal != DGM_LITERAL_NULL)
			events[left++] = events[i];
	if (left == 0 || left == count)
		return left ? left : 1;
	const struct dgm_anchor *anchor = &unmapper->state->shape->anchors[node->target.anchor];
	struct dgm_group *group = dgm_put_resolve(unmapper, node->target.anchor);
	for (; group; group = anchor->bound ? NULL : dgm_put_next_selected(unmapper, anchor, group->next))
		for (struct dgm_value *value = dgm_value_first(group, node->target.field); value; value = value->next)
			if (value->state == DGM_STATE_NULL &&
				dgm_value_write(node, unmapper->notice->arena, value, unmapper->native).literal ==
					DGM_LITERAL_NULL) {
				dgm_losses_add(unmapper->losses, group, node->target.field, value, DGM_LOSS_NULL);
				unuse_constants(anchor, group);
			}
	return left;
}

size_t dgm_cell_cut(struct dgm_unmapper *unmapper, const struct dgm_node *node, const struct dgm_event *events,
	size_t count)
{
	const struct dgm_anchor *anchor = &unmapper->state->shape->anchors[node->target.anchor];
	struct dgm_group *group = dgm_put_resolve(unmapper, node->target.anchor);
	size_t fit = 1, n = 0, length = dgm_utf8_length(events[0].text);
	while (fit < count) {
		length += dgm_utf8_length(node->split) + dgm_utf8_length(events[fit].text);
		if (length > node->max)
			break;
		fit++;
	}
	for (; group && fit < count;
		group = anchor->bound ? NULL : dgm_put_next_selected(unmapper, anchor, group->next))
		for (struct dgm_value *value = dgm_value_first(group, node->target.field); value; value = value->next)
			if (dgm_value_write(node, unmapper->notice->arena, value, unmapper->native).writing !=
					DGM_WRITE_CANNOT &&
				n++ >= fit)
				dgm_losses_add(unmapper->losses, group, node->target.field, value, DGM_LOSS_LIST_CUT);
	return fit;
}
