/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks the mapping's tree in the target's order and puts what the notice holds. Containers are opened first and taken
 * back when nothing came inside, so that no empty ones are left.
 */
#include "format/put.h"

#include "format/fill.h"
#include "format/restore.h"
#include "format/values.h"
#include "format/zone.h"

static bool put_always(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key)
{
	if (!node->always)
		return false;
	if (!node->always_map) {
		dgm_put_event(unmapper, DGM_EVENT_VALUE, key,
			node->number_literal && node->always_literal == DGM_LITERAL_TEXT ? DGM_LITERAL_NUMBER
											 : node->always_literal,
			false, node->always_text);
		return true;
	}
	dgm_put_event(unmapper, DGM_EVENT_BEGIN, key, 0, node->list, DGM_NOSTR);
	for (const struct dgm_node *child = node->always_map; child; child = child->next)
		dgm_put_event(unmapper, DGM_EVENT_VALUE, dgm_keys_get(unmapper->keys, key, child->name), 0, false,
			child->always_text);
	dgm_put_event(unmapper, DGM_EVENT_END, key, 0, node->list, DGM_NOSTR);
	return true;
}

/* Whether the group holds any value that this node's keys would write. */
static bool has_content(const struct dgm_unmapper *unmapper, const struct dgm_node *parent, uint32_t anchor,
	const struct dgm_group *group)
{
	for (const struct dgm_node *node = parent->first; node; node = node->next) {
		if ((node->kind == DGM_NODE_FIELD || node->kind == DGM_NODE_PART)) {
			uint32_t at = node->target.anchor;
			if (at == anchor && dgm_value_first(group, node->target.field))
				return true;
			while (at > anchor)
				at = unmapper->state->shape->anchors[at].parent;
			if (at == anchor && node->target.anchor != anchor)
				return true;
		} else if (has_content(unmapper, node, anchor, group)) {
			return true;
		}
	}
	return false;
}

/* Whether two instances say the same but for one field. */
static bool same_besides(const struct dgm_group *a, const struct dgm_group *b, enum dgm_field_id besides)
{
	const struct dgm_group_def *def = &dgm_groups[a->id];
	for (uint32_t f = 0; f < def->field_count; f++) {
		const enum dgm_field_id field = (enum dgm_field_id)(def->first_field + f);
		if (field != besides && !dgm_str_eq(dgm_text_of(a, field), dgm_text_of(b, field)))
			return false;
	}
	return true;
}

struct dgm_group *dgm_put_skip_packed(struct dgm_unmapper *unmapper, const struct dgm_node *parent,
	const struct dgm_anchor *anchor, struct dgm_group *group)
{
	const struct dgm_node *node = parent->first;
	while (node && !(node->kind == DGM_NODE_FIELD && node->split.len))
		node = node->next;
	struct dgm_value *value = node ? dgm_value_first(group, node->target.field) : NULL;
	unmapper->packed = NULL;
	if (!unmapper->native || !value || !value->original.ptr)
		return group;
	struct dgm_pieces pieces = {.rest = value->original};
	struct dgm_str part;
	struct dgm_group *last = NULL;
	while (dgm_value_next(node, &pieces, &part)) {
		const struct dgm_read read = dgm_value_read(node, unmapper->notice->arena, part, DGM_LITERAL_TEXT);
		if (read.reading == DGM_READ_ABSENT)
			continue;
		last = last ? dgm_put_next_selected(unmapper, anchor, last->next) : group;
		if (!last || !dgm_str_eq(dgm_text_of(last, node->target.field), read.text) ||
			!same_besides(group, last, node->target.field))
			return group;
	}
	if (!last)
		return group;
	unmapper->packed = value;
	for (struct dgm_group *piece = group->next; piece && piece != last->next; piece = piece->next) {
		const struct dgm_group_def *def = &dgm_groups[piece->id];
		for (uint32_t f = 0; f < def->field_count; f++)
			for (struct dgm_value *v = piece->slots[f].first; v; v = v->next)
				v->used = 1;
	}
	return last;
}

static bool put_group(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key,
	struct dgm_overlay *overlay)
{
	const uint32_t number = node->target.anchor;
	const struct dgm_anchor *anchor = &unmapper->state->shape->anchors[number];
	struct dgm_group *parent = dgm_put_resolve(unmapper, anchor->parent);
	struct dgm_group *group =
		parent ? dgm_put_next_selected(unmapper, anchor, dgm_group_first(parent, anchor->group)) : NULL;
	uint32_t count = 0;
	struct dgm_overlay *kept;
	for (; group; group = dgm_put_next_selected(unmapper, anchor, group->next)) {
		if (!has_content(unmapper, node, number, group) || (node->shared && dgm_put_has_arrived(group)) ||
			!dgm_tie_fills(unmapper, node, group))
			continue;
		struct dgm_group *last = dgm_put_skip_packed(unmapper, node, anchor, group);
		const size_t before = unmapper->record->count;
		kept = dgm_restore_group(node, overlay, count + 1, false);
		if (kept)
			kept->used = true;
		const uint32_t name = dgm_tie_name(unmapper, node, key, kept);
		dgm_put_set_instance(unmapper, number, group);
		dgm_put_event(unmapper, DGM_EVENT_BEGIN, name, 0, node->list, DGM_NOSTR);
		dgm_put_children(unmapper, node, key, kept);
		/* An instance among others that says no more than the record's constants would not be there. */
		if (node->row && unmapper->record->count == before + 1 && (group->number > 1 || group->next)) {
			unmapper->outspoken = true;
			dgm_put_children(unmapper, node, key, kept);
			unmapper->outspoken = false;
		}
		if (unmapper->record->count == before + 1) {
			unmapper->record->count = before;
			continue;
		}
		dgm_put_event(unmapper, DGM_EVENT_END, name, 0, node->list, DGM_NOSTR);
		if (anchor->linked)
			dgm_value_first(group, anchor->link)->used = 1;
		if (dgm_put_has_spoken(group))
			dgm_put_use_constants(unmapper, number, group);
		count++;
		group = last;
	}
	unmapper->packed = NULL;
	dgm_put_set_instance(unmapper, number, NULL);
	for (uint32_t n = 1; (kept = dgm_restore_group(node, overlay, n, true)) != NULL; n++, count++) {
		const uint32_t name = dgm_tie_name(unmapper, node, key, kept);
		kept->used = true;
		dgm_put_event(unmapper, DGM_EVENT_BEGIN, name, 0, node->list, DGM_NOSTR);
		dgm_put_children(unmapper, node, key, kept);
		dgm_put_event(unmapper, DGM_EVENT_END, name, 0, node->list, DGM_NOSTR);
	}
	return count > 0;
}

static bool put_plain(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key,
	struct dgm_overlay *overlay)
{
	const size_t before = unmapper->record->count;
	if (!dgm_tie_chosen(unmapper, node))
		return false;
	struct dgm_overlay *kept = dgm_restore_group(node, overlay, 1, false);
	if (kept)
		kept->used = true;
	const uint32_t name = dgm_tie_name(unmapper, node, key, kept);
	dgm_put_event(unmapper, DGM_EVENT_BEGIN, name, 0, node->list, DGM_NOSTR);
	dgm_put_children(unmapper, node, key, kept);
	if (unmapper->record->count == before + 1) {
		unmapper->record->count = before;
		return false;
	}
	dgm_put_event(unmapper, DGM_EVENT_END, name, 0, node->list, DGM_NOSTR);
	dgm_tie_choose(unmapper, node);
	return true;
}

/* Of many keys most have nothing in a notice; this tells them without a call. */
static inline bool says_nothing(struct dgm_unmapper *unmapper, const struct dgm_node *node,
	const struct dgm_overlay *overlay)
{
	if (overlay || node->always || node->required || dgm_put_has_any(unmapper, node))
		return false;
	unmapper->done[node->number] = 0;
	return true;
}

static void put_node(struct dgm_unmapper *unmapper, const struct dgm_node *node, struct dgm_overlay *overlay);

/* One occurrence of the container for each value of each child, with the child's name in it. */
static bool put_told_apart(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key)
{
	struct dgm_record *record = unmapper->record;
	const size_t start = record->count;
	const uint32_t name_key = dgm_keys_get(unmapper->keys, key, node->by);
	for (const struct dgm_node *child = node->first; child; child = child->next) {
		const size_t before = record->count;
		if (child->kind == DGM_NODE_PLAIN && !child->template_count) {
			if (!dgm_put_has_any(unmapper, child))
				continue;
			dgm_put_event(unmapper, DGM_EVENT_BEGIN, key, 0, node->list, DGM_NOSTR);
			dgm_put_event(unmapper, DGM_EVENT_VALUE, name_key, 0, false, child->name);
			dgm_put_children(unmapper, child, key, NULL);
			if (record->count == before + 2)
				record->count = before;
			else
				dgm_put_event(unmapper, DGM_EVENT_END, key, 0, node->list, DGM_NOSTR);
			continue;
		}
		if (says_nothing(unmapper, child, NULL))
			continue;
		put_node(unmapper, child, NULL);
		const size_t count = record->count - before;
		if (count == 0)
			continue;
		struct dgm_event *values = dgm_arena_alloc(unmapper->notice->arena, count * sizeof *values);
		memcpy(values, record->events + before, count * sizeof *values);
		record->count = before;
		for (size_t i = 0; i < count; i++) {
			dgm_put_event(unmapper, DGM_EVENT_BEGIN, key, 0, node->list, DGM_NOSTR);
			dgm_put_event(unmapper, DGM_EVENT_VALUE, name_key, 0, false, child->name);
			dgm_put_event(unmapper, DGM_EVENT_VALUE, values[i].key, values[i].literal, false,
				values[i].text);
			dgm_put_event(unmapper, DGM_EVENT_END, key, 0, node->list, DGM_NOSTR);
		}
	}
	return record->count > start;
}

/*
 * The kept values of a key that is a field. A second value for a single key would be another document, except in a list
 * of the source that the definition takes for single: then all are its items.
 */
static bool put_kept_beside(struct dgm_unmapper *unmapper, const struct dgm_node *node, struct dgm_overlay *overlay,
	uint32_t key, bool done)
{
	const struct dgm_overlay *kept = overlay ? overlay->first : NULL;
	while (kept && (kept->used || !kept->is_value || !kept->item || !dgm_restore_is_named(node, kept->name)))
		kept = kept->next;
	if (done && !node->list && !kept)
		return true;
	if (done && kept)
		unmapper->record->events[unmapper->record->count - 1].flags |= DGM_EVENT_ITEM;
	return dgm_restore_values(unmapper, node, overlay, key, false) || done;
}

static bool put_by_kind(struct dgm_unmapper *unmapper, const struct dgm_node *node, struct dgm_overlay *overlay,
	uint32_t key)
{
	bool done = false;
	switch (node->kind) {
	case DGM_NODE_FIELD:
		done = (node->agrees && dgm_restore_values(unmapper, node, overlay, key, true)) ||
			dgm_put_latin(unmapper, node, key) || dgm_put_field(unmapper, node, key) ||
			(node->zone && dgm_zone_put(unmapper, node, key)) || dgm_put_fallback(unmapper, node, key);
		done = put_kept_beside(unmapper, node, overlay, key, done);
		break;
	case DGM_NODE_PART:
		done = dgm_restore_part(unmapper, node, overlay, key) || dgm_put_part(unmapper, node, key);
		break;
	case DGM_NODE_KEEP:
		done = dgm_restore_values(unmapper, node, overlay, key, false) || dgm_put_fallback(unmapper, node, key);
		break;
	case DGM_NODE_IGNORE:
		break;
	case DGM_NODE_GROUP:
		done = (node->template_count && dgm_fill_group(unmapper, node, key)) ||
			(!node->template_count && put_group(unmapper, node, key, overlay)) ||
			(!node->row && dgm_restore_values(unmapper, node, overlay, key, false));
		break;
	case DGM_NODE_PLAIN:
		done = (node->template_count          ? dgm_fill(unmapper, node, key)
				       : node->by.len ? put_told_apart(unmapper, node, key)
						      : put_plain(unmapper, node, key, overlay)) ||
			dgm_restore_values(unmapper, node, overlay, key, false);
		break;
	}
	return done;
}

static void put_node(struct dgm_unmapper *unmapper, const struct dgm_node *node, struct dgm_overlay *overlay)
{
	const uint32_t key = unmapper->state->keys[node->number];
	bool done = false;
	if (node->read_only) {
		dgm_restore_values(unmapper, node, overlay, key, false);
		return;
	}
	if ((node->unless && unmapper->done[node->unless->number]) ||
		(node->with && !unmapper->done[node->with->number])) {
		unmapper->done[node->number] = 0;
		return;
	}
	done = (overlay || dgm_put_has_any(unmapper, node)) && put_by_kind(unmapper, node, overlay, key);
	if (!done && node->required && unmapper->problem)
		dgm_put_miss(unmapper, node);
	if (!done)
		done = put_always(unmapper, node, key);
	unmapper->done[node->number] = done;
}

void dgm_put_children(struct dgm_unmapper *unmapper, const struct dgm_node *parent, uint32_t key,
	struct dgm_overlay *overlay)
{
	bool attributes = overlay != NULL;
	const size_t start = unmapper->record->count;
	for (const struct dgm_node *node = parent->first; node; node = node->next) {
		if (attributes && !dgm_str_starts(node->name, DGM_STR("@"))) {
			/* Unknown attributes go behind the known ones and before everything else. */
			dgm_restore_attributes(unmapper, overlay, key);
			attributes = false;
		}
		if (!says_nothing(unmapper, node, overlay))
			put_node(unmapper, node, overlay);
	}
	if (!unmapper->format->table)
		dgm_restore_all(unmapper, overlay, key);
	else if (parent->row)
		dgm_restore_columns(unmapper, overlay, start);
}
