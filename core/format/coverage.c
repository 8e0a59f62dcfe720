/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each value that a shape of the source can bring is looked for in the shape that the target would choose for it: the
 * same field, in a group that the same constants select. What writing does value by value (put.c) is foretold here.
 */
#include "format/coverage.h"

#define FATE_NONE DGM_LOSS_KIND_COUNT /* nothing happens; the kinds before it go from bad to harmless */

static bool is_value(const struct dgm_node *node)
{
	return node->kind == DGM_NODE_FIELD || node->kind == DGM_NODE_PART;
}

/* The next node of a tree, in its order. */
static const struct dgm_node *following(const struct dgm_node *node, const struct dgm_node *root)
{
	if (node->first)
		return node->first;
	while (node != root && !node->next)
		node = node->parent;
	return node == root ? NULL : node->next;
}

static const struct dgm_node *next_value(const struct dgm_node *node, const struct dgm_node *root)
{
	do
		node = following(node, root);
	while (node && !is_value(node));
	return node;
}

/* The next one of a target: what is written, also in the place of another field. */
static const struct dgm_node *next_place(const struct dgm_node *node, const struct dgm_node *root)
{
	do
		node = following(node, root);
	while (node && !is_value(node) && node->fallback_count == 0);
	return node;
}

static void blame(struct dgm_fate *fate, unsigned kind)
{
	if (kind == FATE_NONE || (fate->affected && (unsigned)fate->kind <= kind))
		return;
	fate->affected = true;
	fate->kind = (enum dgm_loss_kind)kind;
}

/* --- constants --- */

static bool accepts(const struct dgm_constant *constant, struct dgm_str text)
{
	bool accepted = dgm_str_eq(constant->text, text);
	for (uint32_t i = 0; i < constant->other_count; i++)
		accepted = accepted || dgm_str_eq(constant->others[i], text);
	return accepted;
}

static const struct dgm_constant *constant_of(const struct dgm_constant *list, uint32_t count, enum dgm_field_id field)
{
	for (uint32_t i = 0; i < count; i++)
		if (list[i].field == field)
			return &list[i];
	return NULL;
}

static const struct dgm_constant *shape_constant(const struct dgm_shape *shape, enum dgm_field_id field)
{
	return constant_of(shape->constants, shape->constant_count, field);
}

static const struct dgm_constant *anchor_constant(const struct dgm_shape *shape, uint32_t anchor,
	enum dgm_field_id field)
{
	return constant_of(shape->anchors[anchor].constants, shape->anchors[anchor].constant_count, field);
}

static const struct dgm_node *find_node(const struct dgm_shape *shape, uint32_t anchor, enum dgm_field_id field)
{
	for (const struct dgm_node *node = next_value(shape->root, shape->root); node;
		node = next_value(node, shape->root))
		if (node->target.anchor == anchor && node->target.field == field)
			return node;
	return NULL;
}

/* Whether an instance that the source made at one anchor can be the one that the target takes at the other. */
static bool selects(const struct dgm_shape *source, uint32_t a, const struct dgm_shape *target, uint32_t b)
{
	const struct dgm_anchor *taken = &target->anchors[b];
	if (taken->group != source->anchors[a].group)
		return false;
	for (uint32_t i = 0; i < taken->constant_count; i++) {
		const enum dgm_field_id field = taken->constants[i].field;
		const struct dgm_constant *made = anchor_constant(source, a, field);
		if (!made)
			made = shape_constant(source, field);
		/* The key's own words come first. */
		if (made && (made->said || find_node(source, a, field)))
			made = NULL;
		if (made ? !accepts(&taken->constants[i], made->text)
			 : !find_node(source, a, field) && !accepts(&taken->constants[i], DGM_STR("")))
			return false;
	}
	return true;
}

/* Whether a key of the source says what selects the target's instance: then some are it, and others are not. */
static bool selects_some(const struct dgm_shape *source, uint32_t a, const struct dgm_shape *target, uint32_t b)
{
	const struct dgm_anchor *taken = &target->anchors[b];
	for (uint32_t i = 0; i < taken->constant_count; i++) {
		const enum dgm_field_id field = taken->constants[i].field;
		/* Of a script that nobody states the letters tell. */
		if (find_node(source, a, field) ||
			(!anchor_constant(source, a, field) && dgm_fields[field].type == DGM_TYPE_SCRIPT))
			return true;
	}
	return false;
}

/* --- values --- */

static bool repeats(const struct dgm_shape *shape, const struct dgm_node *node)
{
	const struct dgm_anchor *anchor = &shape->anchors[node->target.anchor];
	/* What stands in a hole repeats with the text. */
	if (node->parent->template_count && node->parent->kind == DGM_NODE_GROUP)
		return node->parent->list || node->parent->split.len;
	return node->list || (node->split.len && !node->rest) || (anchor->bound && dgm_groups[anchor->group].many);
}

static bool opens_many(const struct dgm_shape *shape, uint32_t a)
{
	return shape->anchors[a].bound && dgm_groups[shape->anchors[a].group].many;
}

/* Whether the groups around come several times in the source, and once in the target: subjects with their names. */
static bool is_cut_above(const struct dgm_shape *source, uint32_t a, const struct dgm_shape *target, uint32_t b)
{
	for (;;) {
		a = source->anchors[a].parent;
		b = target->anchors[b].parent;
		if (a == 0 || b == 0)
			return false;
		if (opens_many(source, a) && !opens_many(target, b))
			return true;
	}
}

/*
 * The dates that all keys of one place can hold together. brings: as a source, whose years and months of another calendar
 * arrive as intervals; none of these can be written there.
 */
static unsigned dates_at(const struct dgm_shape *shape, const struct dgm_node *place, bool brings)
{
	enum { DAY = 1, MONTH = 2, YEAR = 4, QUALIFIED = 8, INTERVAL = 16 };
	unsigned held = 0;
	for (const struct dgm_node *node = next_value(shape->root, shape->root); node;
		node = next_value(node, shape->root)) {
		if (node->target.anchor != place->target.anchor || node->target.field != place->target.field)
			continue;
		const bool other = node->calendar && !node->calendar->year_shift;
		for (uint32_t i = 0; i < node->date_count; i++)
			held |= node->dates[i]->has_day     ? DAY
				: other                     ? (brings ? INTERVAL : 0)
				: node->dates[i]->has_month ? MONTH
							    : YEAR;
		if (node->kind != DGM_NODE_PART)
			continue;
		held |= node->part == DGM_PART_FULL || node->part == DGM_PART_DAY ? DAY : 0;
		held |= node->part == DGM_PART_MONTH ? MONTH : 0;
		held |= node->part == DGM_PART_YEAR ? YEAR : 0;
		held |= node->part == DGM_PART_QUALIFIER ? QUALIFIED : 0;
		held |= node->part == DGM_PART_FROM ? INTERVAL : 0;
	}
	return held;
}

/* Whether the target has a word for every code that the source's words stand for. */
static bool codes_held(const struct dgm_node *from, const struct dgm_node *to)
{
	for (uint32_t list = 0; to->code_count && list < from->code_count; list++) {
		for (uint32_t i = 0; i < from->codes[list]->count; i++) {
			bool held = false;
			struct dgm_str word;
			for (uint32_t c = 0; c < to->code_count && !held; c++)
				held = dgm_codes_write(to->codes[c], from->codes[list]->pairs[i].code, &word);
			if (!held)
				return false;
		}
	}
	return true;
}

static bool is_text(enum dgm_field_id field)
{
	return dgm_fields[field].type == DGM_TYPE_TEXT || dgm_fields[field].type == DGM_TYPE_PROSE;
}

/* In a text of several forms: with other values beside it or without them, it may be read as one of those. */
static bool has_several_forms(const struct dgm_node *hole)
{
	return hole->parent->kind == DGM_NODE_GROUP && hole->parent->template_count > 1;
}

static bool is_in_pattern(const struct dgm_node *hole, uint32_t pattern)
{
	for (uint32_t h = 0; h < hole->parent->templates[pattern].count; h++) {
		const struct dgm_target *target = &hole->parent->template_nodes[pattern][h]->target;
		if (target->anchor == hole->target.anchor && target->field == hole->target.field)
			return true;
	}
	return false;
}

/*
 * A hole that stands in no pattern alone, and so is written only where the notice has what else belongs there, or not in
 * the first one, and so only where that cannot be filled.
 */
static bool needs_others(const struct dgm_node *hole)
{
	const struct dgm_node *node = hole->parent;
	if (node->template_count == 0)
		return false;
	for (uint32_t i = 0; i < node->template_count; i++)
		if (node->templates[i].count == 1 && is_in_pattern(hole, i))
			return !is_in_pattern(hole, 0);
	return true;
}

static bool holds_ranges(const struct dgm_node *node)
{
	return node->measure && node->measure->range_count > 0;
}

/* What happens to a value of one node that is written by the other. */
static unsigned compare(const struct dgm_shape *source, const struct dgm_node *from, const struct dgm_shape *target,
	const struct dgm_node *to, bool narrow)
{
	const enum dgm_field_id field = from->target.field;
	const struct dgm_constant *fixed = anchor_constant(target, to->target.anchor, field);
	if ((from->kind == DGM_NODE_FIELD && !codes_held(from, to)) || needs_others(to) ||
		(to->listed && from->code_count == 0) || (holds_ranges(from) && !holds_ranges(to)))
		return DGM_LOSS_DROPPED;
	if ((repeats(source, from) && !repeats(target, to)) ||
		is_cut_above(source, from->target.anchor, target, to->target.anchor))
		return DGM_LOSS_LIST_CUT;
	if (from->target.position != to->target.position && !to->list)
		return DGM_LOSS_LIST_CUT;
	if (fixed)
		return DGM_LOSS_RECODED;
	if (dgm_fields[field].type == DGM_TYPE_DATE && dates_at(source, from, true) & ~dates_at(target, to, false))
		return DGM_LOSS_PRECISION;
	if (has_several_forms(to) || (to->letter_count && from->letter_count == 0 && !to->zone))
		return DGM_LOSS_RECODED;
	if (to->max && (!from->max || from->max > to->max))
		return DGM_LOSS_TRUNCATED;
	/* Among others in one text it can be taken for something else. */
	if (to->parent->template_count)
		return DGM_LOSS_RECODED;
	return (narrow || to->characters) && is_text(field) ? (unsigned)DGM_LOSS_CHARACTERS : FATE_NONE;
}

static bool fits_position(const struct dgm_node *from, const struct dgm_node *to)
{
	return from->target.position < 0 || to->target.position < 0 || from->target.position == to->target.position;
}

static bool is_fallback(const struct dgm_shape *source, const struct dgm_node *from, const struct dgm_shape *target,
	const struct dgm_node *to)
{
	for (uint32_t i = 0; i < to->fallback_count; i++)
		if (to->fallbacks[i].field == from->target.field &&
			selects(source, from->target.anchor, target, to->fallbacks[i].anchor))
			return true;
	return false;
}

/* Whether another key of the source brings a value for the same single place. */
static bool is_rivalled(const struct dgm_shape *source, const struct dgm_node *from, const struct dgm_shape *target,
	const struct dgm_node *to)
{
	if (from->kind == DGM_NODE_PART || repeats(target, to))
		return false;
	for (const struct dgm_node *node = next_value(source->root, source->root); node;
		node = next_value(node, source->root))
		if (node != from && node->pair != from && node->kind == DGM_NODE_FIELD &&
			(node->parent != from->parent || !node->parent->template_count) &&
			node->target.field == from->target.field && fits_position(node, to) &&
			selects(source, node->target.anchor, target, to->target.anchor))
			return true;
	return false;
}

/* Whether other keys of the source fill another instance, which the target may take in place of this one. */
static bool is_crowded(const struct dgm_shape *source, const struct dgm_node *from, const struct dgm_shape *target,
	const struct dgm_node *to)
{
	const struct dgm_anchor *anchors = source->anchors;
	const uint32_t own = from->target.anchor;
	if (own == 0 || target->anchors[to->target.anchor].any || repeats(target, to))
		return false;
	for (const struct dgm_node *node = next_value(source->root, source->root); node;
		node = next_value(node, source->root)) {
		const uint32_t other = node->target.anchor;
		if (other != own && anchors[other].parent == anchors[own].parent &&
			selects(source, other, target, to->target.anchor))
			return true;
	}
	return false;
}

/* ret_place: the node that writes it; NULL where none does or only in the place of another field. */
static unsigned fate_of(const struct dgm_shape *source, const struct dgm_node *from, const struct dgm_shape *target,
	bool narrow, const struct dgm_node **ret_place)
{
	unsigned best = DGM_LOSS_DROPPED;
	*ret_place = NULL;
	for (const struct dgm_node *to = next_place(target->root, target->root); to;
		to = next_place(to, target->root)) {
		if (to->read_only)
			continue;
		if (!is_value(to) || to->target.field != from->target.field || !fits_position(from, to) ||
			!selects(source, from->target.anchor, target, to->target.anchor)) {
			if (!*ret_place && is_fallback(source, from, target, to))
				best = DGM_LOSS_RECODED;
			continue;
		}
		unsigned kind = compare(source, from, target, to, narrow);
		if (kind > DGM_LOSS_LIST_CUT &&
			(is_rivalled(source, from, target, to) || is_crowded(source, from, target, to) ||
				selects_some(source, from->target.anchor, target, to->target.anchor)))
			kind = DGM_LOSS_LIST_CUT;
		if (!*ret_place || kind > best) {
			best = kind;
			*ret_place = to;
		}
	}
	/* The target says the same of every record. */
	if (!*ret_place && best == DGM_LOSS_DROPPED && shape_constant(target, from->target.field))
		best = DGM_LOSS_RECODED;
	return best;
}

/* --- shapes --- */

static unsigned constant_fate(const struct dgm_shape *target, const struct dgm_constant *said)
{
	const struct dgm_constant *fixed = shape_constant(target, said->field);
	if (fixed && !fixed->said)
		return dgm_str_eq(fixed->text, said->text) && said->other_count == 0 ? FATE_NONE
										     : (unsigned)DGM_LOSS_RECODED;
	for (const struct dgm_node *node = next_value(target->root, target->root); node;
		node = next_value(node, target->root))
		if (node->target.field == said->field)
			return FATE_NONE;
	return DGM_LOSS_DROPPED;
}

/* What selects a group arrives with a value of it, where the value's new place is selected by the same. */
static unsigned selector_fate(const struct dgm_shape *source, uint32_t anchor, const struct dgm_shape *target,
	const struct dgm_constant *said, bool narrow)
{
	unsigned worst = FATE_NONE;
	bool any = false;
	for (const struct dgm_node *node = next_value(source->root, source->root); node;
		node = next_value(node, source->root)) {
		const struct dgm_node *place;
		if (node->target.anchor != anchor)
			continue;
		unsigned kind = fate_of(source, node, target, narrow, &place);
		if (place) {
			const struct dgm_constant *fixed = anchor_constant(target, place->target.anchor, said->field);
			const struct dgm_node *said_by =
				fixed ? NULL : find_node(target, place->target.anchor, said->field);
			const bool same = fixed ? dgm_str_eq(fixed->text, said->text) : said_by != NULL;
			/* The rest of a list that is cut goes with its selectors, and so does what a hole stands beside. */
			if (said_by && needs_others(said_by))
				kind = DGM_LOSS_DROPPED;
			else if (kind != DGM_LOSS_LIST_CUT)
				kind = same ? FATE_NONE : (unsigned)DGM_LOSS_RECODED;
		}
		worst = kind < worst ? kind : worst;
		any = true;
	}
	return any ? worst : FATE_NONE;
}

/* Whether a shape puts instances inside others by this number, or has a key for it. */
static bool has_link(const struct dgm_shape *shape, enum dgm_field_id link)
{
	bool found = false;
	for (uint32_t a = 0; a < shape->anchor_count; a++)
		found = found || (shape->anchors[a].linked && shape->anchors[a].link == link);
	for (const struct dgm_node *node = next_value(shape->root, shape->root); node && !found;
		node = next_value(node, shape->root))
		found = node->target.field == link;
	return found;
}

static void compare_shapes(const struct dgm_shape *source, const struct dgm_shape *target, bool narrow,
	struct dgm_fate *fates)
{
	const struct dgm_node *place;
	for (const struct dgm_node *node = next_value(source->root, source->root); node;
		node = next_value(node, source->root))
		blame(&fates[node->target.field], fate_of(source, node, target, narrow, &place));
	for (uint32_t i = 0; i < source->constant_count; i++)
		blame(&fates[source->constants[i].field], constant_fate(target, &source->constants[i]));
	for (uint32_t anchor = 0; anchor < source->anchor_count; anchor++)
		if (source->anchors[anchor].linked && !has_link(target, source->anchors[anchor].link))
			blame(&fates[source->anchors[anchor].link], DGM_LOSS_DROPPED);
	for (uint32_t a = 0; a < source->anchor_count; a++)
		for (uint32_t i = 0; i < source->anchors[a].constant_count; i++) {
			const struct dgm_constant *said = &source->anchors[a].constants[i];
			blame(&fates[said->field], selector_fate(source, a, target, said, narrow));
		}
}

/* Whether some records of the source say what the target wants of all. */
static bool can_say(const struct dgm_shape *source, const struct dgm_constant *wanted)
{
	for (const struct dgm_node *node = next_value(source->root, source->root); node;
		node = next_value(node, source->root))
		if (node->target.field == wanted->field)
			return true;
	for (uint32_t a = 0; a < source->anchor_count; a++) {
		const struct dgm_constant *said = anchor_constant(source, a, wanted->field);
		if (said && accepts(wanted, said->text))
			return true;
	}
	return false;
}

/* How many constants of the target agree with the source's; -1 where one that must does not. */
static int agreement(const struct dgm_shape *source, const struct dgm_shape *target)
{
	int agreed = 0;
	for (uint32_t i = 0; i < target->constant_count; i++) {
		const struct dgm_constant *said = shape_constant(source, target->constants[i].field);
		const bool agrees = said && (said->said || accepts(&target->constants[i], said->text));
		if (!agrees && target->constants[i].must && (said || !can_say(source, &target->constants[i])))
			return -1;
		agreed += agrees;
	}
	return agreed;
}

static unsigned count_missing(const struct dgm_shape *source, const struct dgm_shape *target)
{
	unsigned missing = 0;
	for (const struct dgm_node *node = next_value(source->root, source->root); node;
		node = next_value(node, source->root)) {
		const struct dgm_node *place;
		fate_of(source, node, target, false, &place);
		missing += !place;
	}
	return missing;
}

/* As dgm_unmap_notice chooses; NULL: the target refuses such records. */
static const struct dgm_shape *choose(const struct dgm_shape *source, const struct dgm_format *to)
{
	const struct dgm_shape *best = NULL;
	int most = -1;
	for (uint32_t s = 0; s < to->shape_count; s++) {
		const struct dgm_shape *target = &to->shapes[s];
		if (target->continues || target->read_only)
			continue;
		const int agreed = agreement(source, target);
		if (agreed < 0 || agreed < most ||
			(agreed == most && count_missing(source, best) <= count_missing(source, target)))
			continue;
		best = target;
		most = agreed;
	}
	return best;
}

/* Whether the source can say in a key what the target's shape says of all: then its records may be of that shape too. */
static bool may_take(const struct dgm_shape *source, const struct dgm_shape *target)
{
	bool varies = false;
	for (uint32_t i = 0; i < target->constant_count; i++) {
		const struct dgm_constant *said = shape_constant(source, target->constants[i].field);
		varies = varies || (said && said->said);
	}
	return varies && agreement(source, target) >= 0;
}

/* From a canonical form, where every field can bring anything: by field alone. */
static void compare_holdings(const struct dgm_format *to, const struct dgm_holding *source, bool narrow,
	struct dgm_fate *fates)
{
	struct dgm_holding target[DGM_FIELD_COUNT];
	dgm_format_holdings(to, NULL, target);
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		const struct dgm_holding *holding = &target[f];
		if (holding->capacity == DGM_HOLDS_NONE)
			blame(&fates[f], DGM_LOSS_DROPPED);
		else if (holding->constant_only)
			blame(&fates[f], DGM_LOSS_RECODED);
		else if (holding->capacity < source[f].capacity)
			blame(&fates[f], DGM_LOSS_LIST_CUT);
		else if (dgm_fields[f].type == DGM_TYPE_DATE &&
			!(holding->dates_full && holding->dates_partial && holding->dates_qualified &&
				holding->dates_interval))
			blame(&fates[f], DGM_LOSS_PRECISION);
		else if (holding->max)
			blame(&fates[f], DGM_LOSS_TRUNCATED);
		else if (holding->aside || holding->latin)
			blame(&fates[f], DGM_LOSS_RECODED); /* in the place of another field, where that is missing */
		else if (narrow && is_text((enum dgm_field_id)f))
			blame(&fates[f], DGM_LOSS_CHARACTERS);
	}
}

void dgm_coverage(const struct dgm_format *from, const struct dgm_format *to, bool narrow,
	struct dgm_fate fates[DGM_FIELD_COUNT])
{
	struct dgm_holding source[DGM_FIELD_COUNT];
	dgm_format_holdings(from, NULL, source);
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++)
		fates[f] = (struct dgm_fate){.held = source[f].capacity != DGM_HOLDS_NONE};
	for (uint32_t s = 0; s < from->shape_count; s++) {
		if (!from->shapes[s].read_only)
			continue;
		dgm_format_holdings(from, &from->shapes[s], source);
		for (unsigned f = 0; f < DGM_FIELD_COUNT; f++)
			fates[f].held = fates[f].held || source[f].capacity != DGM_HOLDS_NONE;
	}
	/* Its own format writes a notice as it was. */
	if (to->style != DGM_STYLE_MAPPED || dgm_str_eq(from->id, to->id))
		return;
	if (from->style != DGM_STYLE_MAPPED) {
		compare_holdings(to, source, narrow, fates);
		return;
	}
	for (uint32_t s = 0; s < from->shape_count; s++) {
		const struct dgm_shape *target = choose(&from->shapes[s], to);
		for (uint32_t t = 0; target && t < to->shape_count; t++)
			if (&to->shapes[t] == target ||
				(!to->shapes[t].read_only && may_take(&from->shapes[s], &to->shapes[t])))
				compare_shapes(&from->shapes[s], &to->shapes[t], narrow, fates);
	}
}
