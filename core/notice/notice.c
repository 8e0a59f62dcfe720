/* SPDX-License-Identifier: Apache-2.0 */
/* Building the tree of a notice. What the values mean is decided in value.c and in format/. */
#include "notice/notice.h"

static struct dgm_group *make(struct dgm_notice *notice, enum dgm_group_id id)
{
	const struct dgm_group_def *def = &dgm_groups[id];
	const size_t slots = def->field_count + def->child_count;
	struct dgm_group *group = dgm_arena_zero(notice->arena, sizeof *group + slots * sizeof group->slots[0]);
	group->id = id;
	return group;
}

void dgm_notice_init(struct dgm_notice *notice, struct dgm_arena *arena)
{
	*notice = (struct dgm_notice){.arena = arena};
	notice->root = make(notice, DGM_GROUP_root);
	notice->root->number = 1;
}

/* Something to write to beyond the limit: the same for all of a kind. */
static struct dgm_group *spare(struct dgm_notice *notice, struct dgm_group *parent, enum dgm_group_id id)
{
	notice->too_large = true;
	if (!notice->spare)
		notice->spare = dgm_arena_zero(notice->arena, DGM_GROUP_COUNT * sizeof(struct dgm_group *));
	if (!notice->spare[id])
		notice->spare[id] = make(notice, id);
	notice->spare[id]->parent = parent;
	return notice->spare[id];
}

struct dgm_group *dgm_group_add(struct dgm_notice *notice, struct dgm_group *parent, enum dgm_group_id id)
{
	if (notice->group_count == DGM_NOTICE_GROUPS_MAX)
		return spare(notice, parent, id);
	notice->group_count++;
	notice->groups[id] = true;
	struct dgm_group *group = make(notice, id);
	struct dgm_slot *slot = &parent->slots[dgm_groups[id].slot];
	group->parent = parent;
	group->number = slot->last ? ((struct dgm_group *)slot->last)->number + 1 : 1;
	if (slot->last)
		((struct dgm_group *)slot->last)->next = group;
	else
		slot->first = group;
	slot->last = group;
	return group;
}

struct dgm_group *dgm_group_last(struct dgm_notice *notice, struct dgm_group *parent, enum dgm_group_id id)
{
	struct dgm_group *last = parent->slots[dgm_groups[id].slot].last;
	return last ? last : dgm_group_add(notice, parent, id);
}

struct dgm_value *dgm_value_add(struct dgm_notice *notice, struct dgm_group *group, enum dgm_field_id field)
{
	struct dgm_value *value = dgm_arena_zero(notice->arena, sizeof *value);
	struct dgm_slot *slot = &group->slots[dgm_fields[field].slot];
	dgm_field_set_add(&notice->fields, field);
	if (slot->last)
		((struct dgm_value *)slot->last)->next = value;
	else
		slot->first = value;
	slot->last = value;
	return value;
}

struct dgm_value *dgm_value_set(struct dgm_notice *notice, struct dgm_group *group, enum dgm_field_id field,
	struct dgm_str text)
{
	struct dgm_value *value = dgm_value_add(notice, group, field);
	value->text = text;
	return value;
}

struct dgm_str dgm_text_of(const struct dgm_group *group, enum dgm_field_id field)
{
	const struct dgm_value *value = group ? dgm_value_first(group, field) : NULL;
	return value && value->state == DGM_STATE_PARSED ? value->text : DGM_NOSTR;
}

struct dgm_str dgm_notice_id(const struct dgm_notice *notice)
{
	return dgm_text_of(dgm_group_first(notice->root, DGM_GROUP_notice), DGM_FIELD_notice_id);
}

static struct dgm_str group_path(struct dgm_arena *arena, const struct dgm_group *group)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	if (!group->parent)
		return DGM_NOSTR;
	const struct dgm_str above = group_path(arena, group->parent);
	if (def->many)
		return dgm_arena_printf(arena, "%.*s%s%.*s[%u]", DGM_FMT(above), above.len ? "." : "",
			DGM_FMT(def->name), group->number);
	return dgm_arena_printf(arena, "%.*s%s%.*s", DGM_FMT(above), above.len ? "." : "", DGM_FMT(def->name));
}

struct dgm_str dgm_value_path(struct dgm_arena *arena, const struct dgm_group *group, enum dgm_field_id field)
{
	const struct dgm_str above = group_path(arena, group);
	return dgm_arena_printf(arena, "%.*s.%.*s", DGM_FMT(above), DGM_FMT(dgm_fields[field].name));
}
