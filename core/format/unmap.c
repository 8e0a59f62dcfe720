/* SPDX-License-Identifier: Apache-2.0 */
/* What the constants of the shape chosen make of a notice, and what was lost. shapes.c chooses, put.c does the rest. */
#include "format/unmap.h"

#include <stdlib.h>

#include "format/canonical.h"
#include "format/put.h"
#include "format/rows.h"
#include "format/shapes.h"

static void assign_keys(struct dgm_unmapper *unmapper, struct dgm_unmap_shape *state, const struct dgm_node *parent,
	uint32_t key)
{
	for (const struct dgm_node *node = parent->first; node; node = node->next) {
		const bool told_apart = parent->by.len > 0;
		/* What is named by a value and is more than a value is the container itself. */
		state->keys[node->number] = told_apart && node->kind == DGM_NODE_PLAIN && !node->template_count
			? key
			: dgm_keys_get(unmapper->keys, key, told_apart ? parent->by_value : node->name);
		assign_keys(unmapper, state, node, state->keys[node->number]);
	}
}

static void init_shape(struct dgm_unmapper *unmapper, struct dgm_unmap_shape *state, const struct dgm_shape *shape)
{
	struct dgm_holding holdings[DGM_FIELD_COUNT];
	state->shape = shape;
	state->keys = dgm_arena_zero(&unmapper->arena, (shape->node_count + 1) * sizeof(uint32_t));
	assign_keys(unmapper, state, shape->root, 0);
	dgm_composites_find(&unmapper->arena, shape, &state->composites, &state->composite_of);
	dgm_format_holdings(unmapper->format, shape, holdings);
	state->reaches = dgm_reach_find(&unmapper->arena, shape);
	state->holds = dgm_arena_zero(&unmapper->arena, DGM_FIELD_COUNT);
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		state->holds[f] = holdings[f].capacity != DGM_HOLDS_NONE;
		state->held += state->holds[f];
		if (!state->holds[f] && dgm_fields[f].group != DGM_GROUP_unmapped &&
			dgm_fields[f].group != DGM_GROUP_provenance)
			dgm_field_set_add(&state->lacks, (enum dgm_field_id)f);
	}
}

/* The keys of a map as columns; those of a group of rows stand in its place. */
static void add_columns(struct dgm_unmapper *unmapper, const struct dgm_node *parent)
{
	for (const struct dgm_node *node = parent->first; node; node = node->next) {
		uint32_t c = 0;
		if (node->row) {
			add_columns(unmapper, node);
			continue;
		}
		if (node->read_only)
			continue;
		const uint32_t key = dgm_keys_get(unmapper->keys, 0, node->name);
		while (c < unmapper->column_count && unmapper->columns[c] != key)
			c++;
		if (c == unmapper->column_count)
			unmapper->columns[unmapper->column_count++] = key;
	}
}

struct dgm_unmapper *dgm_unmapper_new(const struct dgm_format *format, struct dgm_keys *keys)
{
	struct dgm_unmapper *unmapper = dgm_xcalloc(1, sizeof *unmapper);
	uint32_t anchors = 1, columns = 0, nodes = format->envelope.node_count;
	unmapper->format = format;
	unmapper->keys = keys;
	if (format->style != DGM_STYLE_MAPPED)
		unmapper->canonical = dgm_canonical_new(format, keys, NULL, NULL);
	unmapper->shapes = dgm_arena_zero(&unmapper->arena, (format->shape_count + 1) * sizeof *unmapper->shapes);
	for (uint32_t s = 0; s < format->shape_count; s++) {
		init_shape(unmapper, &unmapper->shapes[s], &format->shapes[s]);
		anchors = format->shapes[s].anchor_count > anchors ? format->shapes[s].anchor_count : anchors;
		columns += format->shapes[s].node_count;
		nodes = format->shapes[s].node_count > nodes ? format->shapes[s].node_count : nodes;
	}
	if (format->envelope.root)
		init_shape(unmapper, &unmapper->envelope, &format->envelope);
	anchors = format->envelope.anchor_count > anchors ? format->envelope.anchor_count : anchors;
	unmapper->instances = dgm_arena_zero(&unmapper->arena, anchors * sizeof(struct dgm_group *));
	unmapper->resolved = dgm_arena_zero(&unmapper->arena, anchors);
	unmapper->done = dgm_arena_zero(&unmapper->arena, nodes + 1);
	unmapper->columns = dgm_arena_zero(&unmapper->arena, (columns + 1) * sizeof(uint32_t));
	for (uint32_t s = 0; format->table && s < format->shape_count; s++)
		if (!format->shapes[s].read_only)
			add_columns(unmapper, format->shapes[s].root);
	unmapper->tried = dgm_arena_zero(&unmapper->arena, format->shape_count + 1);
	unmapper->missing_end = &unmapper->missing;
	unmapper->rows = dgm_rows_new(format, keys);
	for (uint32_t s = 0; s < format->shape_count && !unmapper->lookup; s++)
		if (format->shapes[s].when_count > 0)
			unmapper->lookup = dgm_lookup_new(format, keys);
	return unmapper;
}

void dgm_unmapper_encoding(struct dgm_unmapper *unmapper, bool (*encodes)(const void *context, struct dgm_str text),
	const void *context)
{
	unmapper->encodes = encodes;
	unmapper->encodes_context = context;
}

void dgm_unmapper_problems(struct dgm_unmapper *unmapper,
	void (*problem)(void *context, const struct dgm_problem *problem), void *context)
{
	unmapper->problem = problem;
	unmapper->problem_context = context;
}

void dgm_unmapper_refused(struct dgm_unmapper *unmapper)
{
	if (unmapper->state && !unmapper->state->shape->continues)
		unmapper->started = false;
}

void dgm_unmapper_free(struct dgm_unmapper *unmapper)
{
	if (!unmapper)
		return;
	dgm_canonical_free(unmapper->canonical);
	dgm_rows_free(unmapper->rows);
	dgm_lookup_free(unmapper->lookup);
	dgm_arena_done(&unmapper->arena);
	free(unmapper);
}

const uint32_t *dgm_unmap_columns(struct dgm_unmapper *unmapper, uint32_t *ret_count)
{
	if (unmapper->format->style == DGM_STYLE_PACKED)
		return dgm_canonical_columns(unmapper->canonical, ret_count);
	*ret_count = unmapper->column_count;
	return unmapper->columns;
}

/* --- notices --- */

/* Of a group that keys open, every instance says what the record says. */
static struct dgm_value *next_constant(const struct dgm_constant *constant, struct dgm_group **group)
{
	struct dgm_value *value = NULL;
	while (constant->opened && *group && !value) {
		*group = (*group)->next;
		value = *group ? dgm_value_first(*group, constant->field) : NULL;
	}
	return value;
}

/* The record's constants: what the target says of every record. A notice that says otherwise is recoded. */
static void settle_constants(struct dgm_unmapper *unmapper)
{
	const struct dgm_shape *shape = unmapper->state->shape;
	unmapper->native = true;
	for (uint32_t c = 0; c < shape->constant_count; c++) {
		struct dgm_group *group;
		struct dgm_value *value = dgm_shapes_constant(unmapper, c, &group);
		const bool agrees = value && dgm_put_accepts(&shape->constants[c], value->text);
		/* A key says it. */
		if (shape->constants[c].said && value)
			continue;
		unmapper->native = unmapper->native && agrees;
		for (; value; value = next_constant(&shape->constants[c], &group)) {
			if (!dgm_str_eq(value->text, shape->constants[c].text))
				dgm_losses_add(unmapper->losses, group, shape->constants[c].field, value,
					DGM_LOSS_RECODED);
			value->used = 1;
		}
	}
}

/* What was kept below the element that a record continues; the rest of its own record has no place. */
static struct dgm_overlay *overlay_inside(const struct dgm_format *format, const struct dgm_shape *shape,
	struct dgm_overlay *overlay)
{
	struct dgm_str rest = format->paths[shape->path], name;
	const struct dgm_str first = format->paths[format->shapes[0].path];
	if (!dgm_str_starts(rest, first))
		return NULL;
	rest = dgm_str_skip(rest, first.len + 1);
	while (overlay && dgm_str_next(&rest, DGM_STR("/"), &name)) {
		struct dgm_overlay *child = overlay->first;
		while (child && (child->is_value || !dgm_str_eq(child->name, name)))
			child = child->next;
		overlay = child;
	}
	return overlay;
}

/* What the target demands and did not get, once it is clear that the record stays. */
static void tell_missing(struct dgm_unmapper *unmapper)
{
	for (const struct dgm_missing *missing = unmapper->missing; missing; missing = missing->next) {
		const struct dgm_problem problem = {.code = "target-required", .field = missing->node->name};
		unmapper->problem(unmapper->problem_context, &problem);
	}
	unmapper->missing = NULL;
	unmapper->missing_end = &unmapper->missing;
}

static int put_record(struct dgm_unmapper *unmapper, const struct dgm_unmap_shape *state)
{
	struct dgm_overlay *overlay = dgm_overlay_build(unmapper->notice, unmapper->format->id, false);
	dgm_shapes_start(unmapper, state);
	unmapper->record->path = state->shape->path;
	settle_constants(unmapper);
	if (state->shape->continues)
		overlay = overlay_inside(unmapper->format, state->shape, overlay);
	dgm_put_children(unmapper, state->shape->root, 0, overlay);
	return unmapper->rows ? dgm_rows_flatten(unmapper->rows, unmapper->record) : 0;
}

/*
 * Of the shapes that agree best the first that reading takes the record for; where there is none, the best at all, and
 * that is said. One that agrees less would make another kind of record of it.
 */
static int put_as_read(struct dgm_unmapper *unmapper, const struct dgm_unmap_shape *best, int most)
{
	const struct dgm_unmap_shape *state = best, *alike = NULL;
	int agreed = most;
	while (state && agreed == most) {
		if (put_record(unmapper, state) != 0)
			return -1;
		const enum dgm_taking taking = dgm_shapes_taken(unmapper, state);
		if (taking == DGM_TAKEN)
			return 0;
		if (taking == DGM_TAKEN_ALIKE && !alike)
			alike = state;
		dgm_shapes_undo(unmapper);
		unmapper->tried[state - unmapper->shapes] = 1;
		state = dgm_shapes_choose(unmapper, &agreed);
	}
	if (!alike && unmapper->problem) {
		const struct dgm_problem problem = {.code = "target-unread"};
		unmapper->problem(unmapper->problem_context, &problem);
	}
	return put_record(unmapper, alike ? alike : best);
}

int dgm_unmap_notice(struct dgm_unmapper *unmapper, const struct dgm_notice *notice, struct dgm_record *record,
	struct dgm_losses *losses, const char **ret_problem)
{
	if (unmapper->canonical) {
		dgm_canonical_write(unmapper->canonical, notice, record);
		return 0;
	}
	unmapper->notice = notice;
	unmapper->record = record;
	unmapper->losses = losses;
	unmapper->packed = NULL;
	int agreed;
	memset(unmapper->tried, 0, unmapper->format->shape_count);
	const struct dgm_unmap_shape *state = dgm_shapes_choose(unmapper, &agreed);
	if (!state) {
		*ret_problem = "the target has no record for a subject of this kind";
		return -1;
	}
	const int put = put_as_read(unmapper, state, agreed);
	unmapper->started = true;
	tell_missing(unmapper);
	dgm_losses_collect(losses, notice);
	if (put != 0) {
		*ret_problem = "its rows, in each of which stands what they share, would be larger than 64 MiB";
		return -2;
	}
	return 0;
}

bool dgm_unmap_continued(const struct dgm_unmapper *unmapper)
{
	return unmapper->state && unmapper->state->shape->continues;
}

void dgm_unmap_envelope(struct dgm_unmapper *unmapper, const struct dgm_notice *notice, struct dgm_record *record)
{
	struct dgm_losses losses;
	if (!unmapper->envelope.shape)
		return;
	dgm_losses_init(&losses, record->arena);
	const struct dgm_notice none = {.arena = record->arena};
	unmapper->notice = notice ? notice : &none;
	unmapper->record = record;
	unmapper->losses = &losses;
	unmapper->native = true;
	record->path = DGM_PATH_ENVELOPE;
	dgm_shapes_start(unmapper, &unmapper->envelope);
	if (!notice)
		unmapper->instances[0] = NULL;
	struct dgm_overlay *overlay = notice ? dgm_overlay_build(notice, unmapper->format->id, true) : NULL;
	dgm_put_children(unmapper, unmapper->envelope.shape->root, 0, overlay);
	tell_missing(unmapper);
}
