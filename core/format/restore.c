/* SPDX-License-Identifier: Apache-2.0 */
/* Kept values find their old places. What was used is marked, so that nothing comes out twice and the rest is lost. */
#include "format/restore.h"

#include "format/lookup.h"

/* A kept value comes back as it was, unless its characters cannot. */
static void put_kept(struct dgm_unmapper *unmapper, struct dgm_overlay *overlay, uint32_t key)
{
	struct dgm_value *value = overlay->value;
	if (unmapper->encodes && !unmapper->encodes(unmapper->encodes_context, value->text))
		dgm_losses_add(unmapper->losses, dgm_group_first(unmapper->notice->root, DGM_GROUP_unmapped),
			DGM_FIELD_unmapped_value, value, DGM_LOSS_CHARACTERS);
	dgm_put_event(unmapper, DGM_EVENT_VALUE, key, value->literal, overlay->item, value->text);
	overlay->used = true;
	value->used = 1;
}

/* A kept value or group, and what is in it. */
static void put_one(struct dgm_unmapper *unmapper, struct dgm_overlay *overlay, uint32_t parent_key)
{
	const uint32_t key = dgm_keys_get(unmapper->keys, parent_key, overlay->name);
	overlay->used = true;
	if (overlay->is_value) {
		put_kept(unmapper, overlay, key);
		return;
	}
	dgm_put_event(unmapper, DGM_EVENT_BEGIN, key, 0, overlay->item, DGM_NOSTR);
	dgm_restore_all(unmapper, overlay, key);
	dgm_put_event(unmapper, DGM_EVENT_END, key, 0, overlay->item, DGM_NOSTR);
}

/* Attributes must come right behind their element's start, so they go first. */
void dgm_restore_all(struct dgm_unmapper *unmapper, struct dgm_overlay *overlay, uint32_t parent_key)
{
	for (int attributes = 1; attributes >= 0; attributes--)
		for (struct dgm_overlay *child = overlay ? overlay->first : NULL; child; child = child->next)
			if (!child->used && dgm_str_starts(child->name, DGM_STR("@")) == (attributes == 1))
				put_one(unmapper, child, parent_key);
}

void dgm_restore_attributes(struct dgm_unmapper *unmapper, struct dgm_overlay *overlay, uint32_t parent_key)
{
	for (struct dgm_overlay *child = overlay ? overlay->first : NULL; child; child = child->next)
		if (!child->used && dgm_str_starts(child->name, DGM_STR("@")) && child->is_value)
			put_one(unmapper, child, parent_key);
}

void dgm_restore_columns(struct dgm_unmapper *unmapper, struct dgm_overlay *overlay, size_t start)
{
	const struct dgm_record *record = unmapper->record;
	for (struct dgm_overlay *child = overlay ? overlay->first : NULL; child; child = child->next) {
		const struct dgm_node *node = dgm_lookup_child(unmapper->state->shape->root, child->name);
		if (child->used || !child->is_value || !node || node->row || node->kind == DGM_NODE_IGNORE)
			continue;
		const uint32_t key = unmapper->state->keys[node->number];
		size_t i = start;
		while (i < record->count && record->events[i].key != key)
			i++;
		if (i < record->count)
			continue;
		put_kept(unmapper, child, key);
	}
}

bool dgm_restore_is_named(const struct dgm_node *node, struct dgm_str name)
{
	bool named = dgm_str_eq(node->name, name);
	for (uint32_t i = 0; i < node->alias_count && !named; i++)
		named = dgm_str_eq(node->aliases[i], name);
	return named;
}

/* Under the name that it came with, but for columns, of which the header has one name each. */
static uint32_t name_of(struct dgm_unmapper *unmapper, const struct dgm_node *node, const struct dgm_overlay *kept,
	uint32_t key)
{
	if (unmapper->format->table || dgm_str_eq(node->name, kept->name))
		return key;
	return dgm_keys_get(unmapper->keys, dgm_keys_parent(unmapper->keys, key), kept->name);
}

/* The kept values that stood directly at a node's key. */
bool dgm_restore_values(struct dgm_unmapper *unmapper, const struct dgm_node *node, struct dgm_overlay *overlay,
	uint32_t key, bool first_only)
{
	bool any = false;
	for (struct dgm_overlay *child = overlay ? overlay->first : NULL; child; child = child->next) {
		if (child->used || !child->is_value || !dgm_restore_is_named(node, child->name) || (any && first_only))
			continue;
		put_kept(unmapper, child, name_of(unmapper, node, child, key));
		any = true;
	}
	return any;
}

static struct dgm_overlay *kept_at(const struct dgm_node *node, const struct dgm_overlay *overlay)
{
	struct dgm_overlay *child = overlay ? overlay->first : NULL;
	while (child && (!child->is_value || !dgm_restore_is_named(node, child->name)))
		child = child->next;
	return child;
}

/* Whether the kept parts and what is written beside them still make the notice's date, if it has one. */
static bool parts_hold(struct dgm_unmapper *unmapper, const struct dgm_composite *composite,
	const struct dgm_overlay *overlay)
{
	struct dgm_arena *arena = unmapper->notice->arena;
	const struct dgm_group *group = dgm_put_resolve(unmapper, composite->anchor);
	const struct dgm_value *value = group ? dgm_value_first(group, composite->field) : NULL;
	struct dgm_parts parts = {0};
	struct dgm_date date, again;
	const char *problem;
	bool less;
	if (!value || value->state != DGM_STATE_PARSED || !dgm_date_parse(value->text, &date))
		return true;
	dgm_composite_write(composite, arena, &date, dgm_composite_spelling(value, unmapper->native), &parts, &less);
	for (int p = 0; p < DGM_PART_COUNT; p++) {
		const struct dgm_overlay *kept = composite->nodes[p] ? kept_at(composite->nodes[p], overlay) : NULL;
		if (kept)
			parts.text[p] = kept->value->text;
	}
	char a[32], b[32];
	return dgm_composite_read(composite, arena, &parts, &again, &problem) &&
		dgm_str_eq(dgm_str_of(a, dgm_date_format(&date, a)), dgm_str_of(b, dgm_date_format(&again, b)));
}

bool dgm_restore_part(struct dgm_unmapper *unmapper, const struct dgm_node *node, struct dgm_overlay *overlay,
	uint32_t key)
{
	const struct dgm_composite *composite =
		&unmapper->state->composites[unmapper->state->composite_of[node->number] - 1];
	struct dgm_overlay *kept = kept_at(node, overlay);
	if (!kept)
		return false;
	if (parts_hold(unmapper, composite, overlay))
		return dgm_restore_values(unmapper, node, overlay, key, true);
	kept->used = true; /* nowhere else either; its value is lost */
	return false;
}

struct dgm_overlay *dgm_restore_group(const struct dgm_node *node, struct dgm_overlay *overlay, uint32_t number,
	bool beyond)
{
	for (struct dgm_overlay *child = overlay ? overlay->first : NULL; child; child = child->next)
		if (!child->used && !child->is_value && dgm_restore_is_named(node, child->name) &&
			child->beyond == beyond && (child->number == number || (child->number == 0 && number == 1)))
			return child;
	return NULL;
}
