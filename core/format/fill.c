/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Of several patterns that can be filled the first is written; in the format that the notice comes from, first the one
 * that gives every value the spelling it had there, so that "180 cm" does not come back as "1,80 m".
 */
#include "format/fill.h"

#include "format/fit.h"
#include "format/pieces.h"
#include "format/values.h"

static struct dgm_value *value_of(struct dgm_unmapper *unmapper, const struct dgm_node *hole)
{
	struct dgm_group *group = dgm_put_resolve(unmapper, hole->target.anchor);
	struct dgm_value *value = group ? dgm_value_first(group, hole->target.field) : NULL;
	for (int32_t i = 0; value && i < hole->target.position; i++)
		value = value->next;
	return value && value->state == DGM_STATE_PARSED ? value : NULL;
}

enum fidelity {
	ANYHOW,
	LOSSLESS,
	SPELLED, /* as in the source */
};

/* How well this hole can hold the field's value; -1: not at all, or there is none. */
static int measure(struct dgm_unmapper *unmapper, const struct dgm_node *hole)
{
	const struct dgm_value *value = value_of(unmapper, hole);
	struct dgm_arena *arena = unmapper->notice->arena;
	if (!value)
		return -1;
	if (hole->kind == DGM_NODE_PART) {
		const struct dgm_composite *composite =
			&unmapper->state->composites[unmapper->state->composite_of[hole->number] - 1];
		struct dgm_date date;
		struct dgm_parts parts = {0};
		bool less = false;
		if (!dgm_date_parse(value->text, &date) ||
			!dgm_composite_write(composite, arena, &date, unmapper->native ? value->original : DGM_NOSTR,
				&parts, &less) ||
			!parts.text[hole->part].ptr)
			return -1;
		return less ? ANYHOW : SPELLED;
	}
	if (value == unmapper->packed)
		return dgm_fit_admits(hole, arena, value->original) ? SPELLED : -1;
	const struct dgm_written written = dgm_value_write(hole, arena, value, unmapper->native);
	if (written.writing == DGM_WRITE_CANNOT || written.literal == DGM_LITERAL_NULL ||
		!dgm_fit_admits(hole, arena, written.text))
		return -1;
	if (written.writing != DGM_WRITE_EXACT)
		return ANYHOW;
	return dgm_str_eq(written.text, value->original.ptr ? value->original : value->text) ? SPELLED : LOSSLESS;
}

/* The holes of several patterns are the same ones. */
struct measured {
	const struct dgm_node *holes[2 * DGM_HOLES_MAX];
	int fidelity[2 * DGM_HOLES_MAX];
	uint32_t count;
};

static int fidelity_of(struct dgm_unmapper *unmapper, const struct dgm_node *hole, struct measured *measured)
{
	uint32_t i = 0;
	while (i < measured->count && measured->holes[i] != hole)
		i++;
	if (i < measured->count)
		return measured->fidelity[i];
	const int fidelity = measure(unmapper, hole);
	if (i < DGM_COUNT(measured->holes)) {
		measured->holes[i] = hole;
		measured->fidelity[i] = fidelity;
		measured->count++;
	}
	return fidelity;
}

/* How many holes are filled; 0 where one cannot be. always: by a constant, where there is no value. */
static uint32_t count_filled(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t pattern, int fidelity,
	bool always, struct measured *measured)
{
	uint32_t filled = 0;
	for (uint32_t h = 0; h < node->templates[pattern].count; h++) {
		const struct dgm_node *hole = node->template_nodes[pattern][h];
		const bool held = fidelity_of(unmapper, hole, measured) >= fidelity;
		if (!held && !(always && hole->always && (hole->kind == DGM_NODE_PART || !value_of(unmapper, hole))))
			return 0;
		filled += held;
	}
	return filled;
}

/* The first pattern whose holes all are filled so well; the count of patterns: none. */
static uint32_t first_filled(struct dgm_unmapper *unmapper, const struct dgm_node *node, int fidelity,
	struct measured *measured, uint32_t *ret_filled)
{
	for (uint32_t i = 0; i < node->template_count; i++)
		if ((*ret_filled = count_filled(unmapper, node, i, fidelity, false, measured)) > 0)
			return i;
	return node->template_count;
}

/* The pattern to write; the count of them: none. */
static uint32_t choose(struct dgm_unmapper *unmapper, const struct dgm_node *node)
{
	struct measured measured;
	measured.count = 0;
	uint32_t spelled_count = 0, count = 0;
	const uint32_t none = node->template_count;
	const uint32_t spelled =
		unmapper->native ? first_filled(unmapper, node, SPELLED, &measured, &spelled_count) : none;
	const uint32_t lossless = first_filled(unmapper, node, LOSSLESS, &measured, &count);
	/* The old spelling is not worth a value that came since. */
	if (spelled < none && (lossless == none || spelled_count >= count))
		return spelled;
	if (lossless < none)
		return lossless;
	const uint32_t anyhow = first_filled(unmapper, node, ANYHOW, &measured, &count);
	if (anyhow < none)
		return anyhow;
	uint32_t best = node->template_count, most = 0;
	for (uint32_t i = 0; i < node->template_count; i++) {
		const uint32_t filled = count_filled(unmapper, node, i, ANYHOW, true, &measured);
		if (filled > most) {
			best = i;
			most = filled;
		}
	}
	return best;
}

/* The source's whole text, which a date in parts has for its original, where it still says what the notice says. */
static struct dgm_str original(struct dgm_unmapper *unmapper, const struct dgm_node *node)
{
	const struct dgm_unmap_shape *state = unmapper->state;
	const struct dgm_composite *composite = dgm_fit_composite(node, state->composites, state->composite_of);
	struct dgm_arena *arena = unmapper->notice->arena;
	struct dgm_group *group = composite && unmapper->native ? dgm_put_resolve(unmapper, composite->anchor) : NULL;
	const struct dgm_value *value = group ? dgm_value_first(group, composite->field) : NULL;
	struct dgm_fit fit;
	char text[32];
	if (!value || value->state != DGM_STATE_PARSED || !value->original.ptr ||
		!dgm_fit_read(node, state->composites, state->composite_of, arena, value->original, &fit) ||
		!fit.dated || !dgm_str_eq(dgm_str_of(text, dgm_date_format(&fit.date, text)), value->text))
		return DGM_NOSTR;
	for (uint32_t h = 0; h < node->templates[fit.pattern].count; h++) {
		const struct dgm_node *hole = node->template_nodes[fit.pattern][h];
		if (hole->kind == DGM_NODE_PART)
			continue;
		const struct dgm_value *have = value_of(unmapper, hole);
		const struct dgm_read read = dgm_value_read(hole, arena, fit.pieces[h], DGM_LITERAL_TEXT);
		if (!have || !dgm_str_eq(read.text, have->text))
			return DGM_NOSTR;
	}
	return value->original;
}

/* Marks what arrives in the holes and takes their texts. */
static void take(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t pattern, uint32_t key,
	struct dgm_str pieces[DGM_HOLES_MAX])
{
	struct dgm_record *record = unmapper->record;
	const size_t before = record->count;
	for (uint32_t h = 0; h < node->templates[pattern].count; h++) {
		const struct dgm_node *hole = node->template_nodes[pattern][h];
		const bool held = hole->kind == DGM_NODE_PART ? dgm_put_part(unmapper, hole, key)
							      : dgm_put_single(unmapper, hole, key);
		pieces[h] = held ? record->events[record->count - 1].text : hole->always_text;
		record->count = before;
	}
}

/* Whether who reads the text finds something else in the holes. */
static bool is_mistakable(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t pattern,
	struct dgm_str text, const struct dgm_str pieces[DGM_HOLES_MAX])
{
	const struct dgm_unmap_shape *state = unmapper->state;
	struct dgm_pieces split = {.rest = text};
	struct dgm_str piece = text;
	struct dgm_fit fit;
	if (node->split.len && dgm_value_next(node, &split, &piece) && split.rest.ptr)
		return true;
	if (!dgm_fit_read(node, state->composites, state->composite_of, unmapper->notice->arena, text, &fit))
		return true;
	bool same = node->templates[fit.pattern].count == node->templates[pattern].count;
	for (uint32_t h = 0; same && h < node->templates[pattern].count; h++)
		same = node->template_nodes[fit.pattern][h] == node->template_nodes[pattern][h] &&
			dgm_str_eq(dgm_str_trim(fit.pieces[h]), dgm_str_trim(pieces[h]));
	return !same;
}

static bool is_told(const struct dgm_losses *losses, const struct dgm_group *group, enum dgm_field_id field)
{
	const struct dgm_loss *loss = losses->first;
	while (loss && !(loss->group == group && loss->field == field && loss->kind == DGM_LOSS_RECODED))
		loss = loss->next;
	return loss != NULL;
}

static void blame(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t pattern)
{
	for (uint32_t h = 0; h < node->templates[pattern].count; h++) {
		const struct dgm_node *hole = node->template_nodes[pattern][h];
		struct dgm_value *value = value_of(unmapper, hole);
		const struct dgm_group *group = dgm_put_resolve(unmapper, hole->target.anchor);
		if (value && !is_told(unmapper->losses, group, hole->target.field))
			dgm_losses_add(unmapper->losses, group, hole->target.field, value, DGM_LOSS_RECODED);
	}
}

/* A null is a whole text, that of a hole that can be alone; so is what was not understood, where "otherwise" took it. */
static bool put_whole(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key)
{
	for (uint32_t i = 0; i < node->template_count; i++) {
		const struct dgm_node *hole = node->template_nodes[i][0];
		if (node->templates[i].count > 1 || hole->kind != DGM_NODE_FIELD || hole->target.position >= 0)
			continue;
		const struct dgm_group *group = dgm_put_resolve(unmapper, hole->target.anchor);
		const struct dgm_value *value = group ? dgm_value_first(group, hole->target.field) : NULL;
		const bool whole = value &&
			(value->state == DGM_STATE_NULL ||
				(value->state == DGM_STATE_UNPARSED && node->otherwise == (int)i));
		if (!whole || !dgm_put_single(unmapper, hole, key))
			continue;
		if (node->list)
			unmapper->record->events[unmapper->record->count - 1].flags |= DGM_EVENT_ITEM;
		return true;
	}
	return false;
}

/* Nor is what stands in for a hole more than a text. */
static bool put_other(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key)
{
	const struct dgm_node *hole = node->first;
	while (hole && !dgm_put_fallback(unmapper, hole, key))
		hole = hole->next;
	return hole != NULL;
}

/* A hole's name that is in other letters, while one in Latin letters stands elsewhere: that is the whole text. */
static bool put_latin(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key)
{
	const struct dgm_node *hole = node->first;
	while (hole && !(hole->letter_count && value_of(unmapper, hole) && dgm_put_latin(unmapper, hole, key)))
		hole = hole->next;
	return hole != NULL;
}

bool dgm_fill(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key)
{
	struct dgm_str pieces[DGM_HOLES_MAX], text = original(unmapper, node);
	if (put_latin(unmapper, node, key))
		return true;
	const uint32_t pattern = choose(unmapper, node);
	if (pattern == node->template_count)
		return put_whole(unmapper, node, key) || put_other(unmapper, node, key);
	take(unmapper, node, pattern, key, pieces);
	if (!text.ptr) {
		text = dgm_template_fill(&node->templates[pattern], unmapper->notice->arena, pieces);
		if (is_mistakable(unmapper, node, pattern, text, pieces))
			blame(unmapper, node, pattern);
	}
	dgm_put_event(unmapper, DGM_EVENT_VALUE, key, DGM_LITERAL_TEXT, node->list, text);
	return true;
}

/* Whether the date came from the key that says it again, alone. */
static bool is_of_pair(struct dgm_unmapper *unmapper, const struct dgm_node *node, const struct dgm_group *group)
{
	const struct dgm_value *value =
		unmapper->native && node->pair ? dgm_value_first(group, node->pair->target.field) : NULL;
	return value && dgm_value_reads_back(node->pair, unmapper->notice->arena, value) &&
		!original(unmapper, node).ptr;
}

bool dgm_fill_group(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key)
{
	const uint32_t number = node->target.anchor;
	const struct dgm_anchor *anchor = &unmapper->state->shape->anchors[number];
	struct dgm_group *parent = dgm_put_resolve(unmapper, anchor->parent);
	struct dgm_group *group =
		parent ? dgm_put_next_selected(unmapper, anchor, dgm_group_first(parent, anchor->group)) : NULL;
	struct dgm_record *record = unmapper->record;
	const size_t before = record->count;
	for (; group; group = dgm_put_next_selected(unmapper, anchor, group->next)) {
		if (record->count > before && !node->list && node->split.len == 0)
			break;
		struct dgm_str whole = DGM_NOSTR;
		struct dgm_group *last = dgm_pieces_whole(unmapper, node, anchor, group, &whole);
		if (last) {
			dgm_put_event(unmapper, DGM_EVENT_VALUE, key, DGM_LITERAL_TEXT, node->list, whole);
			group = last;
			continue;
		}
		last = dgm_put_skip_packed(unmapper, node, anchor, group);
		dgm_put_set_instance(unmapper, number, group);
		if (is_of_pair(unmapper, node, group) || !dgm_fill(unmapper, node, key))
			continue;
		dgm_put_use_constants(unmapper, number, group);
		group = last;
	}
	unmapper->packed = NULL;
	dgm_put_set_instance(unmapper, number, NULL);
	if (record->count == before)
		return false;
	if (node->split.len)
		dgm_put_join(unmapper, node, before, record->count - before);
	return true;
}
