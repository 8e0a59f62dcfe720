/* SPDX-License-Identifier: Apache-2.0 */
/* A check that most records pass, and a stable sort of each group's events by the numbers of their keys. */
#include "format/order.h"

#define LAST UINT32_MAX
#define DEPTH_MAX 256u /* what is deeper stays as it is; the mapper does not look there either */

struct order {
	const struct dgm_mapper *mapper;
	const struct dgm_record *record;
	uint32_t *ends; /* by event that begins a group: the one that ends it; the record's count where none does */
	struct dgm_event *events;
	size_t count;
};

struct item {
	uint32_t rank, at;
};

static const struct dgm_node *node_at(const struct order *order, size_t at)
{
	return dgm_lookup_node(order->mapper->lookup, order->mapper->state->number, order->record->events[at].key);
}

static bool is_unknown(const struct dgm_node *node)
{
	return node->kind == DGM_NODE_KEEP && !node->name.ptr;
}

/* A container that only an alias with a '/' knows has the place of the key in it. */
static uint32_t rank_inside(const struct order *order, size_t begin)
{
	const struct dgm_record *record = order->record;
	uint32_t rank = LAST;
	size_t depth = 0;
	for (size_t i = begin + 1; i < record->count; i++) {
		const struct dgm_event *event = &record->events[i];
		if (event->kind == DGM_EVENT_END && depth-- == 0)
			break;
		const struct dgm_node *node = depth == 0 && event->kind != DGM_EVENT_END ? node_at(order, i) : NULL;
		if (node && !is_unknown(node) && node->number < rank)
			rank = node->number;
		depth += event->kind == DGM_EVENT_BEGIN;
	}
	return rank;
}

/* The place of an event's key in a group that the definition knows. */
static uint32_t rank_of(const struct order *order, const struct dgm_node *node, size_t at)
{
	const struct dgm_event *event = &order->record->events[at];
	if (is_unknown(node)) {
		/* Unknown attributes are written behind the known ones, in front of all else: where they come anyway. */
		if (dgm_str_starts(dgm_keys_name(order->mapper->keys, event->key), DGM_STR("@")))
			return 0;
		return event->kind == DGM_EVENT_BEGIN ? rank_inside(order, at) : LAST;
	}
	const struct dgm_event *naming = event->kind == DGM_EVENT_BEGIN && node->by.len
		? dgm_lookup_naming(order->mapper->lookup, node, order->record, at)
		: NULL;
	if (!naming)
		return node->number;
	const struct dgm_node *chosen = dgm_lookup_label(order->mapper->lookup, node, naming->text);
	return chosen ? chosen->number : LAST;
}

static bool is_ordered(const struct order *order)
{
	struct {
		uint32_t rank;
		bool known;
	} levels[DEPTH_MAX];
	uint32_t depth = 0, beyond = 0;
	levels[0].rank = 0;
	levels[0].known = true;
	for (size_t i = 0; i < order->record->count; i++) {
		const struct dgm_event *event = &order->record->events[i];
		if (event->kind == DGM_EVENT_END) {
			if (beyond > 0)
				beyond--;
			else if (depth > 0)
				depth--;
			continue;
		}
		if (beyond == 0 && levels[depth].known) {
			const struct dgm_node *node = node_at(order, i);
			const bool unknown = is_unknown(node);
			/* An unknown column is not written, so it has no place. */
			const uint32_t rank = unknown && order->mapper->format->table ? 0 : rank_of(order, node, i);
			if (rank && rank < levels[depth].rank)
				return false;
			levels[depth].rank = rank ? rank : levels[depth].rank;
			if (event->kind == DGM_EVENT_BEGIN && depth + 1 < DEPTH_MAX) {
				depth++;
				levels[depth].rank = 0;
				levels[depth].known = !unknown;
				continue;
			}
		} else if (event->kind == DGM_EVENT_BEGIN && depth + 1 < DEPTH_MAX && beyond == 0) {
			levels[++depth].known = false;
			continue;
		}
		beyond += event->kind == DGM_EVENT_BEGIN;
	}
	return true;
}

static void merge(const struct item *from, size_t left, size_t middle, size_t right, struct item *to)
{
	size_t a = left, b = middle;
	for (size_t i = left; i < right; i++)
		to[i] = a < middle && (b == right || from[a].rank <= from[b].rank) ? from[a++] : from[b++];
}

/* From the bottom up, stable; the result is in either array. */
static struct item *sort(struct item *items, struct item *spare, size_t count)
{
	for (size_t width = 1; width < count; width *= 2) {
		for (size_t left = 0; left < count; left += 2 * width) {
			const size_t middle = left + width < count ? left + width : count;
			merge(items, left, middle, middle + width < count ? middle + width : count, spare);
		}
		struct item *swap = items;
		items = spare;
		spare = swap;
	}
	return items;
}

/* Where each group ends. What is never closed ends with the record. */
static void find_ends(struct order *order)
{
	const struct dgm_record *record = order->record;
	uint32_t *open = dgm_arena_alloc(order->mapper->notice->arena, (record->count + 1) * sizeof *open);
	size_t depth = 0;
	order->ends = dgm_arena_alloc(order->mapper->notice->arena, (record->count + 1) * sizeof *order->ends);
	for (size_t i = 0; i < record->count; i++) {
		order->ends[i] = (uint32_t)record->count;
		if (record->events[i].kind == DGM_EVENT_BEGIN)
			open[depth++] = (uint32_t)i;
		else if (record->events[i].kind == DGM_EVENT_END && depth > 0)
			order->ends[open[--depth]] = (uint32_t)i;
	}
}

static void take(struct order *order, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		order->events[order->count++] = order->record->events[i];
}

/* The events of one group, from begin up to end. */
static void emit(struct order *order, size_t begin, size_t end, bool known, uint32_t depth)
{
	const struct dgm_event *events = order->record->events;
	if (depth == DEPTH_MAX || !known) {
		take(order, begin, end);
		return;
	}
	size_t count = 0;
	for (size_t i = begin; i < end; i = events[i].kind == DGM_EVENT_BEGIN ? order->ends[i] + 1u : i + 1)
		count++;
	struct item *items = dgm_arena_alloc(order->mapper->notice->arena, (2 * count + 1) * sizeof *items);
	count = 0;
	for (size_t i = begin; i < end; i = events[i].kind == DGM_EVENT_BEGIN ? order->ends[i] + 1u : i + 1) {
		items[count++] = (struct item){rank_of(order, node_at(order, i), i), (uint32_t)i};
	}
	const struct item *sorted = sort(items, items + count, count);
	for (size_t n = 0; n < count; n++) {
		const size_t at = sorted[n].at;
		take(order, at, at + 1);
		if (events[at].kind != DGM_EVENT_BEGIN)
			continue;
		const size_t close = order->ends[at];
		emit(order, at + 1, close, !is_unknown(node_at(order, at)), depth + 1);
		take(order, close, close < order->record->count ? close + 1 : close);
	}
}

const struct dgm_record *dgm_order_record(const struct dgm_mapper *mapper, const struct dgm_record *record,
	struct dgm_record *copy)
{
	struct order order = {.mapper = mapper, .record = record};
	if (is_ordered(&order))
		return record;
	find_ends(&order);
	order.events = dgm_arena_alloc(mapper->notice->arena, (record->count + 1) * sizeof *order.events);
	emit(&order, 0, record->count, true, 0);
	*copy = *record;
	copy->events = order.events;
	copy->count = order.count;
	return copy;
}
