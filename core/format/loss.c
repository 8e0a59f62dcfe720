/* SPDX-License-Identifier: Apache-2.0 */
/* Bookkeeping of loss. The rule is simple: what was not marked as used did not arrive. */
#include "format/loss.h"

#include <stdlib.h>

#define FIELDS_SAID 6u /* in one message; the loss report has all */

const char *const dgm_loss_names[DGM_LOSS_KIND_COUNT] = {"dropped", "list_cut", "recoded", "precision", "truncated",
	"characters", "null"};

void dgm_losses_init(struct dgm_losses *losses, struct dgm_arena *arena)
{
	*losses = (struct dgm_losses){.arena = arena};
	losses->end = &losses->first;
}

static uint32_t number_of(const struct dgm_group *group, enum dgm_field_id field, const struct dgm_value *value)
{
	uint32_t number = 1;
	for (const struct dgm_value *v = dgm_value_first(group, field); v && v != value; v = v->next)
		number++;
	return number;
}

void dgm_losses_add(struct dgm_losses *losses, const struct dgm_group *group, enum dgm_field_id field,
	const struct dgm_value *value, enum dgm_loss_kind kind)
{
	struct dgm_loss *loss = dgm_arena_alloc(losses->arena, sizeof *loss);
	*loss = (struct dgm_loss){.group = group,
		.field = field,
		.kind = kind,
		.number = number_of(group, field, value)};
	*losses->end = loss;
	losses->end = &loss->next;
	losses->count++;
}

/* What is not used, and which fields arrived from any group of the notice; looked up once something did not. */
struct collection {
	struct dgm_losses *losses;
	const struct dgm_notice *notice;
	uint8_t *arrived; /* by field */
};

static void find_arrived(const struct dgm_group *group, uint8_t *arrived)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	for (uint32_t f = 0; f < def->field_count; f++)
		for (const struct dgm_value *value = group->slots[f].first; value; value = value->next)
			arrived[def->first_field + f] |= value->used;
	for (uint32_t c = 0; c < def->child_count; c++)
		for (const struct dgm_group *child = group->slots[def->field_count + c].first; child;
			child = child->next)
			find_arrived(child, arrived);
}

/* Whether the source said "none" here: a null, and beside it only codes, scripts and schemes, which tell whose word it is. */
static bool is_none(const struct dgm_group *group)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	bool null = false;
	for (uint32_t f = 0; f < def->field_count; f++)
		for (const struct dgm_value *value = group->slots[f].first; value; value = value->next) {
			null = null || value->state == DGM_STATE_NULL;
			const enum dgm_type type = dgm_fields[def->first_field + f].type;
			if (value->state != DGM_STATE_NULL && type != DGM_TYPE_CODE && type != DGM_TYPE_SCRIPT &&
				!dgm_str_is(dgm_fields[def->first_field + f].name, "scheme"))
				return false;
		}
	return null;
}

/* A field of which another value arrived is a list that was cut: of names, or of subjects with their names. */
static enum dgm_loss_kind kind_of(struct collection *collection, enum dgm_field_id field, const struct dgm_value *value)
{
	/* Each of them is something else. */
	if (dgm_fields[field].group == DGM_GROUP_unmapped)
		return DGM_LOSS_DROPPED;
	if (value->state == DGM_STATE_NULL)
		return DGM_LOSS_NULL;
	if (!collection->arrived) {
		collection->arrived = dgm_arena_zero(collection->losses->arena, DGM_FIELD_COUNT);
		find_arrived(collection->notice->root, collection->arrived);
	}
	return collection->arrived[field] ? DGM_LOSS_LIST_CUT : DGM_LOSS_DROPPED;
}

static void collect_group(struct collection *collection, const struct dgm_group *group)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	if (group->id == DGM_GROUP_provenance)
		return;
	int none = group->id == DGM_GROUP_unmapped ? 0 : -1; /* -1: not looked at, for most values arrive */
	for (uint32_t f = 0; f < def->field_count; f++) {
		const enum dgm_field_id field = (enum dgm_field_id)(def->first_field + f);
		for (const struct dgm_value *value = dgm_value_first(group, field); value; value = value->next) {
			if (value->used)
				continue;
			/* Of an unmapped value one line is enough. */
			if (group->id == DGM_GROUP_unmapped && field != DGM_FIELD_unmapped_value)
				continue;
			if (none < 0)
				none = is_none(group);
			dgm_losses_add(collection->losses, group, field, value,
				none ? DGM_LOSS_NULL : kind_of(collection, field, value));
		}
	}
	for (uint32_t c = 0; c < def->child_count; c++)
		for (const struct dgm_group *child = group->slots[def->field_count + c].first; child;
			child = child->next)
			collect_group(collection, child);
}

void dgm_losses_collect(struct dgm_losses *losses, const struct dgm_notice *notice)
{
	struct collection collection = {.losses = losses, .notice = notice};
	collect_group(&collection, notice->root);
}

static int compare_addresses(const void *a, const void *b)
{
	const uintptr_t one = *(const uintptr_t *)a, other = *(const uintptr_t *)b;
	return (one > other) - (one < other);
}

size_t dgm_losses_protected(const struct dgm_losses *losses, struct dgm_str *ret_fields)
{
	uintptr_t *groups = NULL;
	size_t values = 0, different = 0;
	struct dgm_str fields = DGM_NOSTR;
	for (const struct dgm_loss *loss = losses->first; loss; loss = loss->next) {
		if (!dgm_groups[loss->group->id].protected || loss->kind == DGM_LOSS_NULL || is_none(loss->group))
			continue;
		if (!groups)
			groups = dgm_arena_alloc(losses->arena, losses->count * sizeof *groups);
		groups[values] = (uintptr_t)loss->group;
		if (values < FIELDS_SAID) {
			const struct dgm_str path = dgm_value_path(losses->arena, loss->group, loss->field);
			fields = dgm_arena_printf(losses->arena, "%.*s%s%.*s", DGM_FMT(fields), values ? ", " : "",
				DGM_FMT(path));
		}
		values++;
	}
	if (values == 0)
		return 0;
	/* A group's losses need not stand together. */
	qsort(groups, values, sizeof *groups, compare_addresses);
	for (size_t i = 0; i < values; i++)
		different += i == 0 || groups[i] != groups[i - 1];
	if (values > FIELDS_SAID)
		fields = dgm_arena_printf(losses->arena, "%.*s and %zu more", DGM_FMT(fields), values - FIELDS_SAID);
	*ret_fields = fields;
	return different;
}

static void hold(struct dgm_holding *holding, enum dgm_capacity capacity, bool constant)
{
	if (holding->capacity == DGM_HOLDS_NONE)
		holding->constant_only = constant;
	else
		holding->constant_only = holding->constant_only && constant;
	if (capacity > holding->capacity)
		holding->capacity = capacity;
}

static bool repeats(const struct dgm_shape *shape, const struct dgm_node *node)
{
	const bool anchor_many = dgm_groups[shape->anchors[node->target.anchor].group].many;
	const bool bound = shape->anchors[node->target.anchor].bound;
	if (node->parent->template_count && node->parent->kind == DGM_NODE_GROUP)
		return node->parent->list || node->parent->split.len;
	if (node->list || (node->split.len && !node->rest) || shape->anchors[node->target.anchor].nth)
		return true;
	return bound && anchor_many && !dgm_fields[node->target.field].many;
}

/* A year of another calendar is no year of the schema's, unless only their numbers differ. */
static bool says_partial(const struct dgm_node *node)
{
	return !node->calendar || node->calendar->year_shift;
}

static void hold_date(struct dgm_holding *holding, const struct dgm_node *node)
{
	if (node->kind == DGM_NODE_PART) {
		holding->dates_full = holding->dates_full || node->part == DGM_PART_FULL || node->part == DGM_PART_DAY;
		holding->dates_partial = holding->dates_partial || node->part == DGM_PART_YEAR;
		holding->dates_qualified = holding->dates_qualified || node->part == DGM_PART_QUALIFIER;
		holding->dates_interval = holding->dates_interval || node->part == DGM_PART_FROM;
		return;
	}
	for (uint32_t i = 0; i < node->date_count; i++) {
		holding->dates_full = holding->dates_full || node->dates[i]->has_day;
		holding->dates_partial = holding->dates_partial || (!node->dates[i]->has_day && says_partial(node));
	}
}

static void hold_tree(const struct dgm_shape *shape, const struct dgm_node *parent, struct dgm_holding *holdings)
{
	for (const struct dgm_node *node = parent->first; node; node = node->next) {
		if ((node->kind == DGM_NODE_FIELD || node->kind == DGM_NODE_PART) && !node->read_only) {
			struct dgm_holding *holding = &holdings[node->target.field];
			hold(holding, repeats(shape, node) ? DGM_HOLDS_MANY : DGM_HOLDS_ONE, false);
			if (node->max && (holding->max == 0 || node->max < holding->max))
				holding->max = node->max;
			holding->latin = holding->latin || (node->letter_count && !node->zone);
			hold_date(holding, node);
			for (uint32_t i = 0; i < node->fallback_count; i++)
				holdings[node->fallbacks[i].field].aside = true;
		}
		hold_tree(shape, node, holdings);
	}
}

static void hold_shape(const struct dgm_shape *shape, struct dgm_holding *holdings)
{
	hold_tree(shape, shape->root, holdings);
	for (uint32_t i = 0; i < shape->constant_count; i++)
		hold(&holdings[shape->constants[i].field], DGM_HOLDS_ONE, true);
	for (uint32_t a = 0; a < shape->anchor_count; a++)
		for (uint32_t i = 0; i < shape->anchors[a].constant_count; i++)
			hold(&holdings[shape->anchors[a].constants[i].field],
				shape->anchors[a].bound ? DGM_HOLDS_MANY : DGM_HOLDS_ONE, true);
}

void dgm_format_holdings(const struct dgm_format *format, const struct dgm_shape *shape,
	struct dgm_holding holdings[DGM_FIELD_COUNT])
{
	memset(holdings, 0, DGM_FIELD_COUNT * sizeof *holdings);
	for (unsigned f = 0; format->style != DGM_STYLE_MAPPED && f < DGM_FIELD_COUNT; f++)
		holdings[f] = (struct dgm_holding){.capacity = DGM_HOLDS_MANY,
			.dates_full = true,
			.dates_partial = true,
			.dates_qualified = true,
			.dates_interval = true};
	if (shape) {
		hold_shape(shape, holdings);
		return;
	}
	for (uint32_t s = 0; s < format->shape_count; s++)
		if (!format->shapes[s].read_only)
			hold_shape(&format->shapes[s], holdings);
}
