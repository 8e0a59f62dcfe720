/* SPDX-License-Identifier: Apache-2.0 */
/* The choice of a shape for writing, by what it says of all its records, and whether reading takes the record for it. */
#include "format/shapes.h"

static uint32_t count_in(const struct dgm_group *group, const uint8_t *holds)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	uint32_t missing = 0;
	if (group->id == DGM_GROUP_unmapped || group->id == DGM_GROUP_provenance)
		return 0;
	for (uint32_t f = 0; f < def->field_count; f++)
		missing += group->slots[f].first && !holds[def->first_field + f];
	for (uint32_t c = 0; c < def->child_count; c++)
		for (const struct dgm_group *child = group->slots[def->field_count + c].first; child;
			child = child->next)
			missing += count_in(child, holds);
	return missing;
}

static uint32_t count_missing(const struct dgm_notice *notice, const struct dgm_unmap_shape *state)
{
	return dgm_field_sets_meet(&notice->fields, &state->lacks) ? count_in(notice->root, state->holds) : 0;
}

void dgm_shapes_start(struct dgm_unmapper *unmapper, const struct dgm_unmap_shape *state)
{
	unmapper->state = state;
	memset(unmapper->resolved, 0, state->shape->anchor_count);
	unmapper->instances[0] = unmapper->notice ? unmapper->notice->root : NULL;
	unmapper->resolved[0] = 1;
}

struct dgm_value *dgm_shapes_constant(struct dgm_unmapper *unmapper, uint32_t c, struct dgm_group **ret_group)
{
	const struct dgm_shape *shape = unmapper->state->shape;
	*ret_group = dgm_put_resolve(unmapper, shape->constant_anchors[c]);
	return *ret_group ? dgm_value_first(*ret_group, shape->constants[c].field) : NULL;
}

/* How many constants agree; -1 where one that must does not. */
static int score(struct dgm_unmapper *unmapper, const struct dgm_unmap_shape *state)
{
	int agreed = 0;
	dgm_shapes_start(unmapper, state);
	for (uint32_t c = 0; c < state->shape->constant_count; c++) {
		struct dgm_group *group;
		const struct dgm_value *value = dgm_shapes_constant(unmapper, c, &group);
		const bool agrees = value && dgm_put_accepts(&state->shape->constants[c], value->text);
		if (!agrees && state->shape->constants[c].must)
			return -1;
		agreed += agrees;
	}
	return agreed;
}

const struct dgm_unmap_shape *dgm_shapes_choose(struct dgm_unmapper *unmapper, int *ret_agreed)
{
	const struct dgm_unmap_shape *best = NULL;
	int best_score = -1;
	uint32_t best_missing = 0;
	bool counted = false, continuing = false;
	for (uint32_t s = 0; s < unmapper->format->shape_count && unmapper->started; s++)
		continuing = continuing || unmapper->format->shapes[s].continues;
	for (uint32_t s = 0; s < unmapper->format->shape_count; s++) {
		const struct dgm_unmap_shape *state = &unmapper->shapes[s];
		if (state->shape->continues != continuing || state->shape->read_only || unmapper->tried[s])
			continue;
		const int agreed = score(unmapper, state);
		if (agreed < 0 || agreed < best_score)
			continue;
		if (agreed > best_score) {
			best = state;
			best_score = agreed;
			counted = false;
			continue;
		}
		if (!counted)
			best_missing = count_missing(unmapper->notice, best);
		counted = true;
		const uint32_t missing = count_missing(unmapper->notice, state);
		if (missing < best_missing || (missing == best_missing && state->held < best->held)) {
			best = state;
			best_missing = missing;
		}
	}
	*ret_agreed = best_score;
	return best;
}

/* --- reading again --- */

static const struct dgm_constant *constant_for(const struct dgm_shape *shape, enum dgm_field_id field)
{
	for (uint32_t i = 0; i < shape->constant_count; i++)
		if (shape->constants[i].field == field)
			return &shape->constants[i];
	return NULL;
}

/* Whether the shape that takes the record says of it what the one says in which it is written, or what the notice says. */
static bool says_same(struct dgm_unmapper *unmapper, const struct dgm_unmap_shape *written,
	const struct dgm_unmap_shape *reading)
{
	const struct dgm_shape *shape = written->shape;
	for (uint32_t i = 0; i < shape->constant_count; i++)
		if (!constant_for(reading->shape, shape->constants[i].field) &&
			!reading->holds[shape->constants[i].field])
			return false;
	dgm_shapes_start(unmapper, reading);
	bool same = true;
	for (uint32_t i = 0; i < reading->shape->constant_count && same; i++) {
		const struct dgm_constant *constant = &reading->shape->constants[i];
		const struct dgm_constant *own = constant_for(shape, constant->field);
		struct dgm_group *group;
		const struct dgm_value *value = dgm_shapes_constant(unmapper, i, &group);
		same = (own && dgm_str_eq(own->text, constant->text)) ||
			(value && (constant->said || dgm_put_accepts(constant, value->text)));
	}
	dgm_shapes_start(unmapper, written);
	return same;
}

/* Whether the record's keys are the same fields to both. */
static bool keys_same(struct dgm_unmapper *unmapper, uint32_t written, uint32_t reading)
{
	for (size_t i = 0; i < unmapper->record->count; i++) {
		const uint32_t key = unmapper->record->events[i].key;
		const struct dgm_node *a = dgm_lookup_node(unmapper->lookup, written, key);
		const struct dgm_node *b = dgm_lookup_node(unmapper->lookup, reading, key);
		if (a->kind != b->kind || a->by.len || b->by.len ||
			((a->kind == DGM_NODE_FIELD || a->kind == DGM_NODE_PART) &&
				(a->target.field != b->target.field || a->part != b->part)))
			return false;
	}
	return true;
}

enum dgm_taking dgm_shapes_taken(struct dgm_unmapper *unmapper, const struct dgm_unmap_shape *state)
{
	/* What continues a record is read as part of it. */
	if (!unmapper->lookup || state->shape->continues)
		return DGM_TAKEN;
	const int number = dgm_lookup_shape(unmapper->lookup, unmapper->record);
	if (number < 0)
		return DGM_TAKEN_NOT;
	const struct dgm_unmap_shape *reading = &unmapper->shapes[number];
	if (reading == state)
		return DGM_TAKEN;
	if (!says_same(unmapper, state, reading))
		return DGM_TAKEN_NOT;
	return keys_same(unmapper, (uint32_t)(state - unmapper->shapes), (uint32_t)number) ? DGM_TAKEN
											   : DGM_TAKEN_ALIKE;
}

/* What the envelope has brought across, before the record, stays. */
static bool stands_outside(const struct dgm_group *group)
{
	return group->id == DGM_GROUP_unmapped &&
		dgm_str_starts(dgm_text_of(group, DGM_FIELD_unmapped_path), DGM_STR("/"));
}

static void unmark(struct dgm_group *group)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	if (stands_outside(group))
		return;
	for (uint32_t f = 0; f < def->field_count; f++)
		for (struct dgm_value *value = group->slots[f].first; value; value = value->next)
			value->used = 0;
	for (uint32_t c = 0; c < def->child_count; c++)
		for (struct dgm_group *child = group->slots[def->field_count + c].first; child; child = child->next)
			unmark(child);
}

void dgm_shapes_undo(struct dgm_unmapper *unmapper)
{
	unmark(unmapper->notice->root);
	dgm_losses_init(unmapper->losses, unmapper->losses->arena);
	unmapper->record->count = 0;
	unmapper->missing = NULL;
	unmapper->missing_end = &unmapper->missing;
}
