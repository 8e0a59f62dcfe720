/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is written where the notice does not have what a key is for ("or"), and which of several names is, where the
 * target holds Latin letters only: one that is in Latin letters goes before one that would have to be put into them.
 */
#include "format/put.h"

struct dgm_value *dgm_put_value_at(const struct dgm_group *group, const struct dgm_target *target)
{
	struct dgm_value *value = group ? dgm_value_first(group, target->field) : NULL;
	for (int32_t i = 0; value && i < target->position; i++)
		value = value->next;
	return value;
}

struct dgm_str dgm_put_language(const struct dgm_unmapper *unmapper, const struct dgm_node *node,
	const struct dgm_group *group)
{
	if (node->letter_count == 0)
		return DGM_NOSTR;
	struct dgm_str language = DGM_NOSTR;
	if (node->language != DGM_FIELD_COUNT && dgm_fields[node->language].group == group->id)
		language = dgm_text_of(group, node->language);
	const struct dgm_group *notice = dgm_group_first(unmapper->notice->root, DGM_GROUP_notice);
	return language.len || !notice ? language : dgm_text_of(notice, DGM_FIELD_notice_language);
}

static bool has_constant(const struct dgm_anchor *anchor, enum dgm_field_id field, struct dgm_str text)
{
	for (uint32_t i = 0; i < anchor->constant_count; i++)
		if (anchor->constants[i].field == field && dgm_str_eq(anchor->constants[i].text, text))
			return true;
	return false;
}

/* What selects the group of a fallback arrives only where the node's own place is selected by the same. */
static void use_fallback_constants(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t anchor,
	const struct dgm_group *group)
{
	const struct dgm_anchor *anchors = unmapper->state->shape->anchors;
	for (uint32_t i = 0; i < anchors[anchor].constant_count; i++) {
		const enum dgm_field_id field = anchors[anchor].constants[i].field;
		struct dgm_value *value = dgm_value_first(group, field);
		if (value && !value->used && !has_constant(&anchors[node->target.anchor], field, value->text))
			dgm_losses_add(unmapper->losses, group, field, value, DGM_LOSS_RECODED);
		if (value)
			value->used = 1;
	}
}

/* All values of the field that have not arrived as one text, or the one that a position says. again: also what has. */
static struct dgm_str join(struct dgm_arena *arena, const struct dgm_group *group, enum dgm_field_id field,
	const struct dgm_value *only, bool again)
{
	struct dgm_str text = DGM_NOSTR;
	for (struct dgm_value *value = group ? dgm_value_first(group, field) : NULL; value; value = value->next) {
		if (value->state != DGM_STATE_PARSED || (value->used && !again) || (only && value != only))
			continue;
		text = text.len ? dgm_arena_join(arena, text, DGM_STR(" "), value->text) : value->text;
	}
	return text;
}

/* One of the fields; false: it has nothing that can be written, or nothing in Latin letters where that is asked for. */
static bool put(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key,
	const struct dgm_target *target, bool latin)
{
	struct dgm_arena *arena = unmapper->notice->arena;
	struct dgm_group *group = dgm_put_resolve(unmapper, target->anchor);
	const enum dgm_field_id field = target->field;
	/* In Latin letters it has arrived elsewhere, and here as it is; the format itself would have said so. */
	const bool again = node->original_letters && target->anchor != node->target.anchor;
	struct dgm_value *const only = target->position >= 0 ? dgm_put_value_at(group, target) : NULL;
	if (!group || (target->position >= 0 && !only) || (again && unmapper->native))
		return false;
	const struct dgm_str text = join(arena, group, field, only, again);
	if (text.len == 0 || ((latin || again) && dgm_letters_are_latin(text) != latin))
		return false;
	const struct dgm_written written =
		dgm_value_write_text(node, arena, text, dgm_put_language(unmapper, node, group));
	if (written.writing == DGM_WRITE_CANNOT)
		return false;
	dgm_put_event(unmapper, DGM_EVENT_VALUE, key, written.literal, node->list, written.text);
	for (struct dgm_value *value = dgm_value_first(group, field); value; value = value->next) {
		if (value->state != DGM_STATE_PARSED || value->used || (only && value != only))
			continue;
		const bool other = field != node->target.field || node->kind != DGM_NODE_FIELD;
		const bool letters = written.writing == DGM_WRITE_LETTERS;
		/* What the encoding lacks is looked for in what is written; it is told of with the letters. */
		dgm_put_note(unmapper, group, field, value, other && letters ? DGM_WRITE_EXACT : written.writing,
			letters ? written.text : value->text);
		if (other)
			dgm_losses_add(unmapper->losses, group, field, value, DGM_LOSS_RECODED);
	}
	use_fallback_constants(unmapper, node, target->anchor, group);
	return true;
}

bool dgm_put_fallback(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key)
{
	for (uint32_t i = 0; i < node->fallback_count; i++)
		if (put(unmapper, node, key, &node->fallbacks[i], false))
			return true;
	return false;
}

bool dgm_put_latin(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key)
{
	if (node->letter_count == 0 || node->fallback_count == 0 || node->list || unmapper->native)
		return false;
	const struct dgm_group *group = dgm_put_resolve(unmapper, node->target.anchor);
	const struct dgm_value *value = dgm_put_value_at(group, &node->target);
	if (value && (value->state != DGM_STATE_PARSED || dgm_letters_are_latin(value->text)))
		return false;
	for (uint32_t i = 0; i < node->fallback_count; i++)
		if (put(unmapper, node, key, &node->fallbacks[i], true))
			return true;
	return false;
}
