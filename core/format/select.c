/* SPDX-License-Identifier: Apache-2.0 */
/* Which instances of the notice the keys of the target take, by the constants of their anchors. */
#include "format/put.h"

bool dgm_put_accepts(const struct dgm_constant *constant, struct dgm_str text)
{
	if (dgm_str_eq(constant->text, text))
		return true;
	for (uint32_t i = 0; i < constant->other_count; i++)
		if (dgm_str_eq(constant->others[i], text))
			return true;
	return false;
}

struct dgm_group *dgm_put_next_selected(struct dgm_unmapper *unmapper, const struct dgm_anchor *anchor,
	struct dgm_group *group)
{
	while (group && !dgm_tie_selects(unmapper, anchor, group))
		group = group->next;
	return group;
}

struct dgm_group *dgm_put_resolve(struct dgm_unmapper *unmapper, uint32_t anchor)
{
	if (unmapper->resolved[anchor])
		return unmapper->instances[anchor];
	const struct dgm_anchor *def = &unmapper->state->shape->anchors[anchor];
	struct dgm_group *parent = dgm_put_resolve(unmapper, def->parent);
	struct dgm_group *group =
		parent ? dgm_put_next_selected(unmapper, def, dgm_group_first(parent, def->group)) : NULL;
	for (uint32_t n = 1; group && n < def->nth; n++)
		group = dgm_put_next_selected(unmapper, def, group->next);
	unmapper->instances[anchor] = group;
	unmapper->resolved[anchor] = 1;
	return unmapper->instances[anchor];
}

void dgm_put_set_instance(struct dgm_unmapper *unmapper, uint32_t anchor, struct dgm_group *group)
{
	const struct dgm_anchor *def = &unmapper->state->shape->anchors[anchor];
	unmapper->instances[anchor] = group;
	unmapper->resolved[anchor] = 1;
	for (uint32_t i = 0; i < def->descendant_count; i++)
		unmapper->resolved[def->descendants[i]] = 0;
}

void dgm_put_use_constants(struct dgm_unmapper *unmapper, uint32_t anchor, const struct dgm_group *group)
{
	const struct dgm_anchor *def = &unmapper->state->shape->anchors[anchor];
	for (uint32_t i = 0; group && i < def->constant_count; i++) {
		struct dgm_value *value = dgm_value_first(group, def->constants[i].field);
		if (!value)
			continue;
		/* One of several codes that the target does not tell apart. */
		if (!value->used && !dgm_str_eq(value->text, def->constants[i].text))
			dgm_losses_add(unmapper->losses, group, def->constants[i].field, value, DGM_LOSS_RECODED);
		value->used = 1;
	}
}

bool dgm_put_has_arrived(const struct dgm_group *group)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	for (uint32_t f = 0; f < def->field_count; f++)
		for (const struct dgm_value *value = group->slots[f].first; value; value = value->next)
			if (!value->used)
				return false;
	return true;
}

bool dgm_put_has_spoken(const struct dgm_group *group)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	for (uint32_t f = 0; f < def->field_count; f++)
		for (const struct dgm_value *value = group->slots[f].first; value; value = value->next)
			if (value->used)
				return true;
	for (uint32_t c = 0; c < def->child_count; c++)
		for (const struct dgm_group *child = dgm_group_first(group, def->children[c]); child;
			child = child->next)
			if (dgm_put_has_spoken(child))
				return true;
	return false;
}

bool dgm_put_has_none(struct dgm_unmapper *unmapper, const struct dgm_node *group)
{
	unmapper->packed = NULL;
	dgm_put_set_instance(unmapper, group->target.anchor, NULL);
	return false;
}

void dgm_put_miss(struct dgm_unmapper *unmapper, const struct dgm_node *node)
{
	struct dgm_missing *missing = dgm_arena_zero(unmapper->notice->arena, sizeof *missing);
	missing->node = node;
	*unmapper->missing_end = missing;
	unmapper->missing_end = &missing->next;
}
