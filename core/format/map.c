/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks a record's events once. A key leads to its node through an array (filled at first sight of the key); a node
 * leads to its group instance through the array of anchors. Nothing is hashed or allocated per value but the value.
 */
#include "format/map.h"

#include <stdlib.h>

#include "format/canonical.h"
#include "format/checks.h"
#include "format/fit.h"
#include "format/mapper.h"
#include "format/order.h"
#include "format/pieces.h"
#include "format/regroup.h"
#include "format/rows.h"
#include "format/spread.h"
#include "format/store.h"
#include "format/values.h"

static void init_shape(struct dgm_mapper *mapper, struct dgm_map_shape *state, const struct dgm_shape *shape,
	uint32_t number)
{
	state->shape = shape;
	state->number = number;
	state->callers = dgm_callers_find(&mapper->arena, shape);
	state->composite_count = dgm_composites_find(&mapper->arena, shape, &state->composites, &state->composite_of);
}

struct dgm_mapper *dgm_mapper_new(const struct dgm_format *format, struct dgm_keys *keys,
	void (*problem)(void *context, const struct dgm_problem *problem), void *context)
{
	struct dgm_mapper *mapper = dgm_xcalloc(1, sizeof *mapper);
	uint32_t anchors = 1, composites = 1, nodes = format->envelope.node_count + 1;
	mapper->format = format;
	mapper->keys = keys;
	mapper->checks = (struct dgm_checks){.problem = problem, .context = context};
	if (format->style != DGM_STYLE_MAPPED)
		mapper->canonical = dgm_canonical_new(format, keys, problem, context);
	mapper->lookup = dgm_lookup_new(format, keys);
	mapper->rows = dgm_rows_new(format, keys);
	mapper->shapes = dgm_arena_zero(&mapper->arena, (format->shape_count + 1) * sizeof *mapper->shapes);
	for (uint32_t s = 0; s < format->shape_count; s++) {
		init_shape(mapper, &mapper->shapes[s], &format->shapes[s], s);
		nodes = format->shapes[s].node_count > nodes ? format->shapes[s].node_count : nodes;
		anchors = format->shapes[s].anchor_count > anchors ? format->shapes[s].anchor_count : anchors;
		composites =
			mapper->shapes[s].composite_count > composites ? mapper->shapes[s].composite_count : composites;
	}
	if (format->envelope.root)
		init_shape(mapper, &mapper->envelope, &format->envelope, format->shape_count);
	anchors = format->envelope.anchor_count > anchors ? format->envelope.anchor_count : anchors;
	mapper->instances = dgm_arena_zero(&mapper->arena, anchors * sizeof(struct dgm_group *));
	mapper->created = dgm_arena_zero(&mapper->arena, anchors * sizeof(uint32_t));
	mapper->empty = dgm_arena_zero(&mapper->arena, anchors * sizeof(uint32_t));
	mapper->parts = dgm_arena_zero(&mapper->arena, composites * sizeof *mapper->parts);
	mapper->places = dgm_arena_zero(&mapper->arena, composites * sizeof *mapper->places);
	mapper->checks.seen = dgm_arena_zero(&mapper->arena, nodes * sizeof(uint32_t));
	return mapper;
}

void dgm_mapper_free(struct dgm_mapper *mapper)
{
	if (!mapper)
		return;
	dgm_lookup_free(mapper->lookup);
	dgm_rows_free(mapper->rows);
	dgm_canonical_free(mapper->canonical);
	dgm_occurrences_done(&mapper->occurrences);
	dgm_arena_done(&mapper->arena);
	dgm_arena_done(&mapper->envelope_arena);
	free(mapper);
}

/* --- group instances --- */

static struct dgm_group *instance(struct dgm_mapper *mapper, uint32_t anchor)
{
	if (mapper->instances[anchor])
		return mapper->instances[anchor];
	const struct dgm_anchor *def = &mapper->state->shape->anchors[anchor];
	/* What is around it comes before it. */
	const struct dgm_group *outer = def->linked ? instance(mapper, def->outer) : NULL;
	struct dgm_group *parent = instance(mapper, def->parent);
	struct dgm_group *group = dgm_groups[def->group].many ? dgm_group_add(mapper->notice, parent, def->group)
							      : dgm_group_last(mapper->notice, parent, def->group);
	dgm_store_constants(mapper->notice, group, def->constants, def->constant_count);
	if (outer)
		dgm_value_set(mapper->notice, group, def->link,
			dgm_arena_printf(mapper->notice->arena, "%u", outer->number));
	if (def->bound)
		dgm_regroup_preset(mapper->notice, mapper->state->shape, anchor, group);
	mapper->instances[anchor] = group;
	mapper->created[anchor]++;
	return group;
}

static void forget(struct dgm_mapper *mapper, uint32_t anchor)
{
	const struct dgm_anchor *def = &mapper->state->shape->anchors[anchor];
	mapper->instances[anchor] = NULL;
	for (uint32_t i = 0; i < def->descendant_count; i++) {
		mapper->instances[def->descendants[i]] = NULL;
		mapper->created[def->descendants[i]] = 0;
		mapper->empty[def->descendants[i]] = 0;
	}
}

/* --- values without a home --- */

static struct dgm_map_frame *top(struct dgm_mapper *mapper)
{
	return &mapper->frames[mapper->depth];
}

void dgm_map_keep(struct dgm_mapper *mapper, const struct dgm_event *event)
{
	/* A value that says nothing is no loss: an empty placeholder of a format in which empty means absent. */
	if (event->literal == DGM_LITERAL_TEXT && dgm_str_trim(event->text).len == 0)
		return;
	dgm_checks_tell_kept(&mapper->checks, dgm_keys_name(mapper->keys, event->key), event);
	dgm_kept_add(&top(mapper)->kept, mapper->notice->arena,
		top(mapper)->textual ? DGM_STR("#text")
				     : dgm_lookup_name(mapper->lookup, mapper->state->number, event->key),
		(event->flags & DGM_EVENT_ITEM) != 0, event->text, event->literal);
}

/* --- values --- */

/*
 * The place for one more value of a field; NULL where the field is taken and no further instance may be made: only a key
 * that says it holds several (a list, a packed cell) makes several.
 */
struct dgm_value *dgm_map_place(struct dgm_mapper *mapper, const struct dgm_target *target, bool several)
{
	struct dgm_group *group = instance(mapper, target->anchor);
	const struct dgm_field_def *field = &dgm_fields[target->field];
	if (field->many)
		return dgm_store_further(mapper->notice, group, target->field, target->position);
	struct dgm_value *have = dgm_value_first(group, target->field);
	if (!have)
		return dgm_value_add(mapper->notice, group, target->field);
	if (have->preset) {
		*have = (struct dgm_value){0};
		return have;
	}
	const struct dgm_anchor *anchor = &mapper->state->shape->anchors[target->anchor];
	if (!several || anchor->bound || anchor->nth || !dgm_groups[anchor->group].many)
		return NULL;
	forget(mapper, target->anchor);
	return dgm_value_add(mapper->notice, instance(mapper, target->anchor), target->field);
}

/* The group whose constant may stand; a key that says the same opens an instance, too. */
static struct dgm_group *standing_group(struct dgm_mapper *mapper, const struct dgm_node *node)
{
	return node->standing.len ? instance(mapper, node->target.anchor) : mapper->instances[node->target.anchor];
}

/* What was read of a text. The value; NULL where it says nothing or has no place, and then it is kept. */
static struct dgm_value *map_read(struct dgm_mapper *mapper, const struct dgm_node *node, const struct dgm_event *event,
	struct dgm_str text, const struct dgm_read *read)
{
	const bool several = node->list || (node->split_count > 0 && !node->rest);
	if (read->reading == DGM_READ_ABSENT)
		return NULL;
	struct dgm_value *value = dgm_store_stands(standing_group(mapper, node), node->target.field, read)
		? NULL
		: dgm_map_place(mapper, &node->target, several);
	if (value)
		dgm_store_fill(value, read, text, event->literal, event->offset);
	else
		dgm_map_keep(mapper, event);
	dgm_checks_tell(&mapper->checks, node, read->problem, text, event->offset);
	return value;
}

static struct dgm_value *map_one(struct dgm_mapper *mapper, const struct dgm_node *node, const struct dgm_event *event,
	struct dgm_str text)
{
	const struct dgm_read read = dgm_value_read(node, mapper->notice->arena, text, event->literal);
	return map_read(mapper, node, event, text, &read);
}

/* "name @ alias @ alias". The first one's original is the whole only where it can be put together again from there. */
static void map_rest(struct dgm_mapper *mapper, const struct dgm_node *node, const struct dgm_event *event)
{
	struct dgm_pieces pieces = {.rest = event->text};
	struct dgm_str part;
	const uint32_t anchor = node->rest->target.anchor;
	const bool first_of_all = mapper->created[anchor] == 0;
	struct dgm_value *first = NULL;
	bool more = false;
	while (dgm_value_next(node, &pieces, &part)) {
		if (dgm_str_trim(part).len == 0)
			continue;
		if (!first) {
			first = map_one(mapper, node, event, part);
			if (!first)
				return;
			continue;
		}
		map_one(mapper, node->rest, event, part);
		more = true;
	}
	if (more && first_of_all && first->state == DGM_STATE_PARSED)
		first->original = event->text;
}

/* A packed cell in a group that its key opens: the first piece stays, the others become further groups at its end. */
static void map_packed_group(struct dgm_mapper *mapper, const struct dgm_node *node, const struct dgm_event *event)
{
	struct dgm_pieces pieces = {.rest = event->text};
	struct dgm_str part;
	struct dgm_value **link = &top(mapper)->split_rest;
	bool first = true;
	while (dgm_value_next(node, &pieces, &part)) {
		const struct dgm_read read = dgm_value_read(node, mapper->notice->arena, part, event->literal);
		if (read.reading == DGM_READ_ABSENT)
			continue;
		struct dgm_value *value = first ? dgm_map_place(mapper, &node->target, false)
						: dgm_arena_zero(mapper->notice->arena, sizeof *value);
		if (!value) {
			dgm_map_keep(mapper, event);
			return;
		}
		dgm_store_fill(value, &read, part, event->literal, event->offset);
		if (first && part.len < event->text.len)
			value->original = event->text;
		if (!first) {
			*link = value;
			link = &value->next;
		}
		first = false;
	}
	top(mapper)->split_field = node->target.field;
}

static void map_field(struct dgm_mapper *mapper, const struct dgm_node *node, const struct dgm_event *event)
{
	if (event->literal == DGM_LITERAL_EMPTY_LIST) {
		if (!(node->always && node->always_literal == DGM_LITERAL_EMPTY_LIST))
			dgm_map_keep(mapper, event);
		return;
	}
	if (node->agrees) {
		dgm_checks_defer(&mapper->checks, node, event, &top(mapper)->again);
		return;
	}
	/* A word for nothing is one even where it has a separator in it: "N/A". */
	if (node->split.len == 0 || (node->nulls.count && dgm_fit_says_nothing(node, event->text))) {
		map_one(mapper, node, event, event->text);
		return;
	}
	if (node->rest) {
		map_rest(mapper, node, event);
		return;
	}
	if (mapper->state->shape->anchors[node->target.anchor].bound && !dgm_fields[node->target.field].many) {
		map_packed_group(mapper, node, event);
		return;
	}
	struct dgm_pieces pieces = {.rest = event->text};
	struct dgm_str part;
	while (dgm_value_next(node, &pieces, &part))
		map_one(mapper, node, event, part);
}

/* --- groups --- */

static void open_frame(struct dgm_mapper *mapper, const struct dgm_node *node, const struct dgm_event *event,
	const struct dgm_event *naming)
{
	struct dgm_map_frame *frame = &mapper->frames[++mapper->depth];
	*frame = (struct dgm_map_frame){.node = node,
		.key = event->key,
		.serial = ++mapper->serial,
		.naming = naming,
		.chosen = naming ? dgm_lookup_label(mapper->lookup, node, naming->text) : NULL,
		.item = (event->flags & DGM_EVENT_ITEM) != 0};
	if (node->kind == DGM_NODE_GROUP)
		forget(mapper, node->target.anchor);
	if (node->choice_count)
		dgm_store_constants(mapper->notice, instance(mapper, node->target.anchor), node->choice,
			node->choice_count);
}

struct dgm_str dgm_map_component(struct dgm_mapper *mapper, const struct dgm_map_frame *frame, uint32_t number)
{
	struct dgm_arena *arena = mapper->notice->arena;
	const struct dgm_str name = dgm_overlay_escape(arena, dgm_keys_name(mapper->keys, frame->key));
	if (frame->node->kind == DGM_NODE_GROUP) {
		const uint32_t anchor = frame->node->target.anchor;
		const bool made = mapper->instances[anchor] != NULL;
		return made ? dgm_kept_numbered(arena, name, DGM_STR("["), mapper->created[anchor])
			    : dgm_kept_numbered(arena, name, DGM_STR("[+"), ++mapper->empty[anchor]);
	}
	if (frame->item || number > 1)
		return dgm_kept_numbered(arena, name, DGM_STR("["), number);
	return name;
}

/* What can only be told from all of a group. */
static void check_frame(struct dgm_mapper *mapper, struct dgm_map_frame *frame)
{
	if (frame->node->requires)
		dgm_checks_missing(&mapper->checks, frame->node, frame->serial);
	for (const struct dgm_again *again = frame->again; again; again = again->next) {
		const bool several = again->node->pair->kind == DGM_NODE_GROUP;
		struct dgm_target target = again->node->target;
		target.anchor = several ? again->node->pair->target.anchor : target.anchor;
		const struct dgm_read read =
			dgm_value_read(again->node, mapper->notice->arena, again->event->text, again->event->literal);
		struct dgm_group *group = mapper->instances[target.anchor];
		if (group && several)
			group = dgm_group_first(group->parent, group->id);
		struct dgm_value *value = dgm_checks_said(group, several, target.field, &read);
		const bool fresh = !value && read.reading == DGM_READ_PARSED;
		if (fresh)
			value = dgm_map_place(mapper, &target, false);
		if (read.reading != DGM_READ_ABSENT)
			dgm_checks_agree(&mapper->checks, again, &read, value, fresh, &frame->kept);
	}
}

static void close_frame(struct dgm_mapper *mapper)
{
	struct dgm_map_frame *frame = top(mapper), *parent = frame - 1;
	check_frame(mapper, frame);
	/* One of a kind that the definition does not know is not the container around the parts. */
	const struct dgm_node *ended = frame->chosen || frame->node->by.len ? frame->chosen : frame->node;
	for (uint32_t c = 0; ended && c < mapper->state->composite_count; c++)
		if (mapper->parts[c].any && dgm_composite_ends(&mapper->state->composites[c], ended))
			dgm_spread_finish(mapper, c, frame);
	const bool spread = dgm_spread_below(mapper);
	struct dgm_str name = DGM_NOSTR;
	/* A value that found no place is nothing without its name. */
	if (frame->kept.first && frame->chosen)
		dgm_map_keep(mapper, frame->naming);
	if (frame->kept.first || (spread && (frame->item || frame->node->kind == DGM_NODE_GROUP)))
		name = dgm_map_component(mapper, frame,
			dgm_occurrences_next(&mapper->occurrences, parent->serial, frame->key));
	if (spread)
		dgm_spread_close(mapper, name);
	if (frame->kept.first) {
		dgm_kept_prefix(&frame->kept, mapper->notice->arena, name);
		dgm_kept_move(&parent->kept, &frame->kept);
	} else if (!name.ptr && frame->node->kind != DGM_NODE_GROUP && frame->item) {
		dgm_occurrences_next(&mapper->occurrences, parent->serial, frame->key);
	}
	if (frame->split_rest && mapper->instances[frame->node->target.anchor])
		mapper->created[frame->node->target.anchor] += dgm_regroup_unpack(mapper->notice,
			mapper->instances[frame->node->target.anchor], frame->split_field, frame->split_rest);
	mapper->depth--;
}

static void map_value(struct dgm_mapper *mapper, const struct dgm_node *node, const struct dgm_event *event);

/* What stands in the holes. A date in parts has the whole text for its original: no part alone is one. */
static void map_fit(struct dgm_mapper *mapper, const struct dgm_node *node, const struct dgm_event *event,
	const struct dgm_fit *fit)
{
	const struct dgm_map_shape *state = mapper->state;
	if (fit->dated) {
		const struct dgm_composite *composite = dgm_fit_composite(node, state->composites, state->composite_of);
		const struct dgm_target target = {.field = composite->field,
			.anchor = composite->anchor,
			.position = -1};
		struct dgm_value *value = dgm_map_place(mapper, &target, false);
		char text[32];
		if (!value) {
			dgm_map_keep(mapper, event);
			return;
		}
		value->text = dgm_arena_dup(mapper->notice->arena, dgm_str_of(text, dgm_date_format(&fit->date, text)));
		value->offset = event->offset;
		if (!dgm_str_eq(value->text, event->text))
			value->original = event->text;
	}
	for (uint32_t h = 0; h < node->templates[fit->pattern].count; h++) {
		const struct dgm_node *hole = node->template_nodes[fit->pattern][h];
		struct dgm_event part = *event;
		part.text = fit->pieces[h];
		if (hole->kind == DGM_NODE_FIELD && hole->split.len == 0 && !hole->agrees)
			map_read(mapper, hole, &part, part.text, &fit->reads[h]);
		else if (hole->kind != DGM_NODE_PART)
			map_value(mapper, hole, &part);
	}
}

/* Several values in one text. In a group each piece of the text is an instance; all fit, or the text is kept. */
static void map_template(struct dgm_mapper *mapper, const struct dgm_node *node, const struct dgm_event *event)
{
	const struct dgm_map_shape *state = mapper->state;
	struct dgm_fitted *piece;
	const char *told = NULL;
	if (mapper->depth + 1 >= DGM_FRAMES_MAX ||
		!dgm_pieces_fit(node, state->composites, state->composite_of, mapper->notice->arena, event->text,
			&piece)) {
		dgm_map_keep(mapper, event);
		return;
	}
	for (; piece; piece = piece->next) {
		struct dgm_event part = *event;
		part.text = piece->text;
		if (node->kind == DGM_NODE_GROUP)
			open_frame(mapper, node, &part, NULL);
		map_fit(mapper, node, &part, &piece->fit);
		if (piece->whole.ptr) {
			dgm_pieces_doubt(node, mapper->notice, instance(mapper, node->target.anchor), piece->whole,
				event->offset);
			if (piece->whole.ptr != told)
				dgm_checks_tell(&mapper->checks, node, "value-either", piece->whole, event->offset);
			told = piece->whole.ptr;
		}
		if (node->kind == DGM_NODE_GROUP)
			close_frame(mapper);
	}
}

static void map_value(struct dgm_mapper *mapper, const struct dgm_node *node, const struct dgm_event *event)
{
	switch (node->kind) {
	case DGM_NODE_FIELD:
		map_field(mapper, node, event);
		break;
	case DGM_NODE_PART:
		dgm_spread_take(mapper, node, event);
		break;
	case DGM_NODE_KEEP:
		/* What is written here anyway needs no keeping. */
		if (!(node->always && node->always_literal == event->literal &&
			    (event->literal != DGM_LITERAL_TEXT || dgm_str_eq(node->always_text, event->text))))
			dgm_map_keep(mapper, event);
		break;
	case DGM_NODE_IGNORE:
		break;
	case DGM_NODE_GROUP:
	case DGM_NODE_PLAIN: {
		/* An element that usually has children and here has only text. */
		const struct dgm_node *text = dgm_lookup_child(node, DGM_STR("#text"));
		const bool constant = node->always && node->always_literal == event->literal;
		if (node->template_count && event->literal == DGM_LITERAL_TEXT) {
			map_template(mapper, node, event);
			break;
		}
		if (text && event->literal == DGM_LITERAL_TEXT && mapper->depth + 1 < DGM_FRAMES_MAX) {
			open_frame(mapper, node, event, NULL);
			top(mapper)->textual = true;
			map_value(mapper, text, event);
			close_frame(mapper);
		} else if (!constant || event->literal == DGM_LITERAL_TEXT) {
			dgm_map_keep(mapper, event);
		}
		break;
	}
	}
}

/* A value of a container that is told apart by one of its values: the child that is named so says what it is. */
static void map_told_apart(struct dgm_mapper *mapper, const struct dgm_event *event)
{
	const struct dgm_map_frame *frame = top(mapper);
	const struct dgm_node *chosen = frame->chosen, *node = NULL;
	const struct dgm_str name = dgm_keys_name(mapper->keys, event->key);
	if (event == frame->naming && chosen)
		return;
	if (chosen && chosen->kind == DGM_NODE_PLAIN && !chosen->template_count && event != frame->naming)
		node = dgm_lookup_child(chosen, name);
	else if (chosen && dgm_str_eq(name, frame->node->by_value))
		node = chosen;
	if (node)
		map_value(mapper, node, event);
	else
		dgm_map_keep(mapper, event);
}

/* --- records --- */

static void walk(struct dgm_mapper *mapper, const struct dgm_record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct dgm_event *event = &record->events[i];
		if (event->kind == DGM_EVENT_END) {
			if (mapper->beyond > 0)
				mapper->beyond--;
			else if (mapper->depth > 0)
				close_frame(mapper);
			continue;
		}
		const struct dgm_node *node = dgm_lookup_node(mapper->lookup, mapper->state->number, event->key);
		if (node->required)
			dgm_checks_see(&mapper->checks, node, event, top(mapper)->serial);
		if (event->kind == DGM_EVENT_VALUE && top(mapper)->node->by.len)
			map_told_apart(mapper, event);
		else if (event->kind == DGM_EVENT_VALUE)
			map_value(mapper, node, event);
		else if (mapper->depth + 1 < DGM_FRAMES_MAX && mapper->beyond == 0)
			open_frame(mapper, node, event, dgm_lookup_naming(mapper->lookup, node, record, i));
		else
			mapper->beyond++;
	}
}

static void start(struct dgm_mapper *mapper, struct dgm_map_shape *state, struct dgm_notice *notice)
{
	mapper->state = state;
	mapper->notice = notice;
	mapper->checks.arena = notice->arena;
	mapper->depth = 0;
	mapper->beyond = 0;
	mapper->frames[0] = (struct dgm_map_frame){.node = state->shape->root, .serial = ++mapper->serial};
	const size_t anchors = state->shape->anchor_count;
	memset(mapper->instances, 0, anchors * sizeof(struct dgm_group *));
	memset(mapper->created, 0, anchors * sizeof(uint32_t));
	memset(mapper->empty, 0, anchors * sizeof(uint32_t));
	mapper->instances[0] = notice->root;
}

static void finish(struct dgm_mapper *mapper)
{
	while (mapper->depth > 0)
		close_frame(mapper);
	for (uint32_t c = 0; c < mapper->state->composite_count; c++)
		dgm_spread_finish(mapper, c, &mapper->frames[0]);
	check_frame(mapper, &mapper->frames[0]);
}

int dgm_map_record(struct dgm_mapper *mapper, const struct dgm_record *record, struct dgm_notice *notice)
{
	if (mapper->canonical) {
		dgm_canonical_read(mapper->canonical, record, notice);
		return 0;
	}
	const int shape = dgm_lookup_shape(mapper->lookup, record);
	if (shape < 0)
		return -1;
	struct dgm_map_shape *state = &mapper->shapes[shape];
	start(mapper, state, notice);
	for (uint32_t i = 0; i < state->shape->constant_count; i++) {
		if (state->shape->constants[i].opened)
			continue;
		struct dgm_group *group = instance(mapper, state->shape->constant_anchors[i]);
		dgm_value_set(notice, group, state->shape->constants[i].field, state->shape->constants[i].text)
			->preset = state->shape->constants[i].said ? DGM_PRESET_RECORD : 0;
	}
	if (mapper->rows)
		record = dgm_rows_nest(mapper->rows, state->number, record, mapper->checks.problem,
			mapper->checks.context);
	struct dgm_record ordered;
	walk(mapper, dgm_order_record(mapper, record, &ordered));
	finish(mapper);
	dgm_regroup_joined(state->shape->root, mapper->instances, mapper->created);
	dgm_regroup_opened(notice, state->shape);
	dgm_callers_complete(&state->callers, state->shape, notice, &mapper->checks);
	dgm_kept_flush(&mapper->frames[0].kept, notice, mapper->format->id, false);
	if (mapper->waiting.first) {
		dgm_kept_flush(&mapper->waiting, notice, mapper->format->id, true);
		mapper->waiting = (struct dgm_kept_list){0};
		dgm_arena_reset(&mapper->envelope_arena);
	}
	return 0;
}

void dgm_map_envelope(struct dgm_mapper *mapper, const struct dgm_record *record)
{
	struct dgm_notice scratch;
	if (!mapper->envelope.shape)
		return;
	dgm_notice_init(&scratch, &mapper->envelope_arena);
	start(mapper, &mapper->envelope, &scratch);
	walk(mapper, record);
	finish(mapper);
	dgm_kept_outside(&mapper->waiting, &mapper->envelope_arena, &mapper->frames[0].kept);
}

size_t dgm_map_leftover(const struct dgm_mapper *mapper)
{
	return mapper->waiting.count;
}
