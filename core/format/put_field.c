/* SPDX-License-Identifier: Apache-2.0 */
/* Puts the values of a field: one, a list, a packed cell, a name with its aliases behind it, or what stands in for it. */
#include "format/put.h"

#include "format/calling.h"
#include "format/cells.h"
#include "format/values.h"

void dgm_put_note(struct dgm_unmapper *unmapper, const struct dgm_group *group, enum dgm_field_id field,
	struct dgm_value *value, enum dgm_writing writing, struct dgm_str text)
{
	if (value->used)
		return;
	value->used = 1;
	if (unmapper->encodes && !unmapper->encodes(unmapper->encodes_context, text))
		dgm_losses_add(unmapper->losses, group, field, value, DGM_LOSS_CHARACTERS);
	if (writing == DGM_WRITE_LESS)
		dgm_losses_add(unmapper->losses, group, field, value, DGM_LOSS_PRECISION);
	else if (writing == DGM_WRITE_CUT)
		dgm_losses_add(unmapper->losses, group, field, value, DGM_LOSS_TRUNCATED);
	else if (writing == DGM_WRITE_PLAIN)
		dgm_losses_add(unmapper->losses, group, field, value, DGM_LOSS_CHARACTERS);
	else if (writing == DGM_WRITE_LETTERS)
		dgm_losses_add(unmapper->losses, group, field, value, DGM_LOSS_RECODED);
}

/* Whether who reads the target takes the text for something else: for two values, for "none", for a part of it. */
static bool is_mistakable(const struct dgm_node *node, struct dgm_str text)
{
	struct dgm_pieces pieces = {.rest = text};
	struct dgm_str piece;
	if (node->split.len && dgm_value_next(node, &pieces, &piece) &&
		(pieces.rest.ptr || !dgm_str_eq(dgm_str_trim(piece), dgm_str_trim(text))))
		return true;
	return dgm_nulls_have(&node->nulls, text) || (node->prefix.len && dgm_str_starts(text, node->prefix));
}

static struct dgm_written write_value(const struct dgm_unmapper *unmapper, const struct dgm_node *node,
	const struct dgm_group *group, const struct dgm_value *value, bool native)
{
	struct dgm_arena *arena = unmapper->notice->arena;
	if (node->letter_count && !native && value->state == DGM_STATE_PARSED)
		return dgm_value_write_text(node, arena, value->text, dgm_put_language(unmapper, node, group));
	return dgm_value_write(node, arena, value, native);
}

static bool put_value(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key, struct dgm_group *group,
	struct dgm_value *value)
{
	struct dgm_written written;
	bool native = unmapper->native;
	if (node->pair && !dgm_value_is_own(node, unmapper->notice->arena, value, &native))
		return false;
	/* The value itself may need no letter that the output lacks. */
	if (native && value->state == DGM_STATE_PARSED && value->original.ptr && unmapper->encodes)
		native = unmapper->encodes(unmapper->encodes_context, value->original);
	native = native && dgm_calling_fits(node, unmapper->notice->arena, group, value);
	if (value == unmapper->packed)
		written = (struct dgm_written){.writing = DGM_WRITE_EXACT, .text = value->original};
	else
		written = write_value(unmapper, node, group, value, native);
	if (written.writing == DGM_WRITE_CANNOT || dgm_put_says_less(unmapper, node, written.writing))
		return false;
	dgm_put_event(unmapper, DGM_EVENT_VALUE, key, written.literal, node->list, written.text);
	/* The format's own spelling was read from there before. */
	const bool own = unmapper->native && value->original.ptr && dgm_str_eq(written.text, value->original);
	if (!value->used && !own && value != unmapper->packed && value->state == DGM_STATE_PARSED &&
		written.writing != DGM_WRITE_LETTERS &&
		(is_mistakable(node, written.text) ||
			dgm_calling_changes(node, unmapper->notice->arena, group, written.text)))
		dgm_losses_add(unmapper->losses, group, node->target.field, value, DGM_LOSS_RECODED);
	dgm_put_note(unmapper, group, node->target.field, value, written.writing, written.text);
	return true;
}

bool dgm_put_single(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key)
{
	const struct dgm_anchor *anchor = &unmapper->state->shape->anchors[node->target.anchor];
	struct dgm_group *group = dgm_put_resolve(unmapper, node->target.anchor);
	struct dgm_value *value = dgm_put_value_at(group, &node->target);
	while (anchor->any && group && !(value && value->state == DGM_STATE_PARSED)) {
		struct dgm_group *next = dgm_put_next_selected(unmapper, anchor, group->next);
		if (!next)
			break;
		group = next;
		value = dgm_put_value_at(group, &node->target);
	}
	/* A place that is only kept free for the next position. */
	if (value && node->target.position >= 0 && value->state == DGM_STATE_NULL && !value->original.ptr)
		value->used = 1;
	if (!value || !put_value(unmapper, node, key, group, value))
		return false;
	dgm_put_use_constants(unmapper, node->target.anchor, group);
	return true;
}

/* Every value of every selected instance. */
static bool put_list(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key)
{
	const struct dgm_anchor *anchor = &unmapper->state->shape->anchors[node->target.anchor];
	struct dgm_group *group = dgm_put_resolve(unmapper, node->target.anchor);
	const size_t before = unmapper->record->count;
	bool any = false;
	for (; group; group = anchor->bound ? NULL : dgm_put_next_selected(unmapper, anchor, group->next)) {
		for (struct dgm_value *value = dgm_value_first(group, node->target.field); value; value = value->next) {
			if ((node->shared && value->used) || !put_value(unmapper, node, key, group, value))
				continue;
			dgm_put_use_constants(unmapper, node->target.anchor, group);
			any = true;
		}
	}
	/* A list that is null as a whole, not a list with a null in it. */
	if (unmapper->record->count == before + 1 && unmapper->record->events[before].literal == DGM_LITERAL_NULL)
		unmapper->record->events[before].flags = 0;
	return any;
}

void dgm_put_join(struct dgm_unmapper *unmapper, const struct dgm_node *node, size_t first, size_t count)
{
	struct dgm_arena *arena = unmapper->notice->arena;
	struct dgm_event *events = unmapper->record->events + first;
	for (size_t i = 0; node->split_numbers && i < count && count > 1; i++)
		events[i].text = dgm_arena_printf(arena, "%zu. %.*s", i + 1, DGM_FMT(events[i].text));
	for (size_t i = 1; i < count; i++)
		events[0].text = dgm_arena_join(arena, events[0].text, node->split, events[i].text);
	unmapper->record->count = first + 1;
}

/* The same, joined in one cell. */
static bool put_packed(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key)
{
	const size_t before = unmapper->record->count;
	if (!put_list(unmapper, node, key))
		return false;
	struct dgm_event *events = unmapper->record->events + before;
	size_t count = dgm_cell_drop_nulls(unmapper, node, events, unmapper->record->count - before);
	if (node->max && count > 1)
		count = dgm_cell_cut(unmapper, node, events, count);
	dgm_put_join(unmapper, node, before, count);
	return true;
}

bool dgm_put_part(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key)
{
	const struct dgm_composite *composite =
		&unmapper->state->composites[unmapper->state->composite_of[node->number] - 1];
	struct dgm_group *group = dgm_put_resolve(unmapper, composite->anchor);
	struct dgm_value *value = group ? dgm_value_first(group, composite->field) : NULL;
	struct dgm_date date;
	struct dgm_parts parts = {0};
	bool less = false;
	if (!value || value->state != DGM_STATE_PARSED || !dgm_date_parse(value->text, &date) ||
		!dgm_composite_write(composite, unmapper->notice->arena, &date,
			dgm_composite_spelling(value, unmapper->native), &parts, &less) ||
		!parts.text[node->part].ptr)
		return false;
	dgm_put_event(unmapper, DGM_EVENT_VALUE, key, DGM_LITERAL_TEXT, node->list, parts.text[node->part]);
	dgm_put_note(unmapper, group, composite->field, value, less ? DGM_WRITE_LESS : DGM_WRITE_EXACT, DGM_NOSTR);
	return true;
}

/* Behind `value` of `*group` the next one of an anchor's instances, the first where value is NULL; NULL behind the last. */
static struct dgm_value *next_value(struct dgm_unmapper *unmapper, const struct dgm_target *target,
	struct dgm_group **group, const struct dgm_value *value)
{
	const struct dgm_anchor *anchor = &unmapper->state->shape->anchors[target->anchor];
	if (value && value->next)
		return value->next;
	struct dgm_value *next = NULL;
	*group = value ? dgm_put_next_selected(unmapper, anchor, (*group)->next)
		       : dgm_put_resolve(unmapper, target->anchor);
	while (*group && !(next = dgm_value_first(*group, target->field)))
		*group = dgm_put_next_selected(unmapper, anchor, (*group)->next);
	return next;
}

/* Whether "name @ alias" still says what the notice does: the name, and the aliases in front of all others. */
static bool is_whole(struct dgm_unmapper *unmapper, const struct dgm_node *node, const struct dgm_value *name, bool use)
{
	struct dgm_arena *arena = unmapper->notice->arena;
	struct dgm_pieces pieces = {.rest = name->original};
	struct dgm_str part;
	struct dgm_group *group = NULL;
	struct dgm_value *value = NULL;
	bool first = true, more = false;
	while (dgm_value_next(node, &pieces, &part)) {
		const struct dgm_read read = dgm_value_read(first ? node : node->rest, arena, part, DGM_LITERAL_TEXT);
		if (read.reading == DGM_READ_ABSENT)
			continue;
		if (!first)
			value = next_value(unmapper, &node->rest->target, &group, value);
		if (read.reading != DGM_READ_PARSED || (!first && !value) ||
			!dgm_str_eq(read.text, first ? name->text : value->text))
			return false;
		if (use && !first) {
			dgm_put_note(unmapper, group, node->rest->target.field, value, DGM_WRITE_EXACT, part);
			dgm_put_use_constants(unmapper, node->rest->target.anchor, group);
		}
		more = more || !first;
		first = false;
	}
	return more;
}

static bool put_with_rest(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key)
{
	const struct dgm_value *const packed = unmapper->packed;
	struct dgm_value *name = dgm_put_value_at(dgm_put_resolve(unmapper, node->target.anchor), &node->target);
	if (unmapper->native && name && name->state == DGM_STATE_PARSED && name->original.ptr &&
		is_whole(unmapper, node, name, false)) {
		is_whole(unmapper, node, name, true);
		unmapper->packed = name;
	}
	const bool done = dgm_put_single(unmapper, node, key);
	unmapper->packed = packed;
	return done;
}

/* What the source left to the record's constant stays unsaid. */
static bool is_standing(struct dgm_unmapper *unmapper, const struct dgm_node *node)
{
	if (!unmapper->native || unmapper->outspoken || !node->standing.len)
		return false;
	struct dgm_value *value = dgm_put_value_at(dgm_put_resolve(unmapper, node->target.anchor), &node->target);
	if (!value || value->state != DGM_STATE_PARSED || value->original.ptr ||
		!dgm_str_eq(value->text, node->standing))
		return false;
	value->used = 1;
	return true;
}

bool dgm_put_field(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key)
{
	if (is_standing(unmapper, node))
		return false;
	if (node->target.position >= 0)
		return dgm_put_single(unmapper, node, key);
	if (node->rest)
		return put_with_rest(unmapper, node, key);
	if (node->split.len &&
		(dgm_fields[node->target.field].many || !unmapper->state->shape->anchors[node->target.anchor].bound))
		return put_packed(unmapper, node, key);
	return node->list ? put_list(unmapper, node, key) : dgm_put_single(unmapper, node, key);
}
