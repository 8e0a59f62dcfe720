/* SPDX-License-Identifier: Apache-2.0 */
/* Copies share texts with their model: everything lives in the notice's arena. */
#include "format/regroup.h"

#include "format/store.h"

static void copy_values(struct dgm_notice *notice, struct dgm_group *copy, enum dgm_field_id field,
	const struct dgm_value *from, bool one)
{
	for (; from; from = one ? NULL : from->next) {
		struct dgm_value *to = dgm_value_add(notice, copy, field);
		*to = *from;
		to->next = NULL;
	}
}

uint32_t dgm_regroup_unpack(struct dgm_notice *notice, const struct dgm_group *model, enum dgm_field_id field,
	struct dgm_value *pieces)
{
	const struct dgm_group_def *def = &dgm_groups[model->id];
	uint32_t count = 0;
	for (struct dgm_value *piece = pieces, *next; piece; piece = next, count++) {
		next = piece->next;
		struct dgm_group *copy = dgm_group_add(notice, model->parent, model->id);
		for (uint32_t f = 0; f < def->field_count; f++) {
			const enum dgm_field_id id = (enum dgm_field_id)(def->first_field + f);
			copy_values(notice, copy, id, id == field ? piece : dgm_value_first(model, id), id == field);
		}
	}
	return count;
}

static void join(struct dgm_group *to, struct dgm_group *from)
{
	const struct dgm_group_def *def = &dgm_groups[from->id];
	struct dgm_slot *slot = &from->parent->slots[def->slot];
	if (from->parent != to->parent || slot->first != to || to->next != from || slot->last != from)
		return;
	for (uint32_t f = 0; f < def->field_count; f++)
		if (from->slots[f].first && to->slots[f].first)
			return;
	for (uint32_t f = 0; f < def->field_count; f++)
		if (from->slots[f].first)
			to->slots[f] = from->slots[f];
	to->next = NULL;
	slot->last = to;
}

void dgm_regroup_joined(const struct dgm_node *parent, struct dgm_group *const *instances, const uint32_t *created)
{
	for (const struct dgm_node *node = parent->first; node; node = node->next) {
		if (!node->joins)
			continue;
		const uint32_t from = node->target.anchor, to = node->joins->target.anchor;
		if (created[from] == 1 && created[to] == 1 && instances[from] && instances[to])
			/* The keys stand in either order. */
			join(instances[instances[from]->next == instances[to] ? from : to],
				instances[instances[from]->next == instances[to] ? to : from]);
	}
}

void dgm_regroup_preset(struct dgm_notice *notice, const struct dgm_shape *shape, uint32_t anchor,
	struct dgm_group *group)
{
	for (uint32_t c = 0; c < shape->constant_count; c++) {
		const struct dgm_constant *constant = &shape->constants[c];
		if (!constant->opened || shape->constant_anchors[c] != anchor ||
			dgm_value_first(group, constant->field))
			continue;
		dgm_value_set(notice, group, constant->field, constant->text)->preset =
			constant->said ? DGM_PRESET_RECORD : DGM_PRESET_GROUP;
	}
}

void dgm_regroup_opened(struct dgm_notice *notice, const struct dgm_shape *shape)
{
	for (uint32_t c = 0; c < shape->constant_count; c++) {
		const uint32_t anchor = shape->constant_anchors[c];
		const enum dgm_group_id group = shape->anchors[anchor].group;
		if (shape->constants[c].opened && !dgm_group_first(notice->root, group))
			dgm_regroup_preset(notice, shape, anchor, dgm_group_add(notice, notice->root, group));
	}
}
