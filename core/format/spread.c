/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of a date may stand in containers that close before the date is complete. Whether a part is kept shows only
 * then, so each remembers the containers around it. Most dates stand in one container, and remember nothing.
 */
#include "format/spread.h"

void dgm_spread_take(struct dgm_mapper *mapper, const struct dgm_node *node, const struct dgm_event *event)
{
	const uint32_t c = mapper->state->composite_of[node->number] - 1;
	struct dgm_parts *parts = &mapper->parts[c];
	if (dgm_str_trim(event->text).len == 0)
		return;
	if (parts->text[node->part].ptr) {
		dgm_map_keep(mapper, event);
		return;
	}
	parts->text[node->part] = event->text;
	parts->offset[node->part] = event->offset;
	parts->any = true;
	mapper->places[c].of[node->part].depth = mapper->depth;
	mapper->places[c].of[node->part].level = NULL;
	mapper->places[c].of[node->part].key = event->key;
	mapper->places[c].of[node->part].literal = event->literal;
	mapper->places[c].of[node->part].item = (event->flags & DGM_EVENT_ITEM) != 0;
	mapper->places[c].of[node->part].textual = mapper->frames[mapper->depth].textual;
}

bool dgm_spread_below(const struct dgm_mapper *mapper)
{
	for (uint32_t c = 0; c < mapper->state->composite_count; c++)
		for (int p = 0; mapper->parts[c].any && p < DGM_PART_COUNT; p++)
			if (mapper->parts[c].text[p].ptr && mapper->places[c].of[p].depth == mapper->depth)
				return true;
	return false;
}

void dgm_spread_close(struct dgm_mapper *mapper, struct dgm_str name)
{
	struct dgm_part_level *level = dgm_arena_zero(mapper->notice->arena, sizeof *level);
	level->frame = mapper->frames[mapper->depth];
	level->parent_serial = mapper->frames[mapper->depth - 1].serial;
	level->component = name;
	for (uint32_t c = 0; c < mapper->state->composite_count; c++) {
		for (int p = 0; mapper->parts[c].any && p < DGM_PART_COUNT; p++) {
			if (!mapper->parts[c].text[p].ptr || mapper->places[c].of[p].depth != mapper->depth)
				continue;
			struct dgm_part_level **end = &mapper->places[c].of[p].level;
			while (*end && *end != level)
				end = &(*end)->up;
			*end = level;
			mapper->places[c].of[p].depth--;
		}
	}
}

static void put_around(struct dgm_mapper *mapper, struct dgm_kept *kept, struct dgm_part_level *level)
{
	for (; level; level = level->up) {
		if (!level->component.ptr)
			level->component = dgm_map_component(mapper, &level->frame,
				dgm_occurrences_next(&mapper->occurrences, level->parent_serial, level->frame.key));
		kept->path = dgm_arena_join(mapper->notice->arena, level->component, DGM_STR("/"), kept->path);
	}
}

/* What a container says by a value inside it goes with what is kept below it, once. */
static void keep_names(struct dgm_mapper *mapper, struct dgm_part_level *level, struct dgm_kept_list *list)
{
	for (; level; level = level->up) {
		const struct dgm_event *naming = level->frame.chosen ? level->frame.naming : NULL;
		struct dgm_kept_list own = {0};
		if (!naming)
			continue;
		dgm_kept_add(&own, mapper->notice->arena, dgm_keys_name(mapper->keys, naming->key), false, naming->text,
			naming->literal);
		put_around(mapper, own.first, level);
		const struct dgm_kept *kept = list->first;
		while (kept && !dgm_str_eq(kept->path, own.first->path))
			kept = kept->next;
		if (!kept)
			dgm_kept_move(list, &own);
	}
}

static void keep_part(struct dgm_mapper *mapper, uint32_t c, int p, struct dgm_kept_list *list)
{
	const struct dgm_str name = mapper->places[c].of[p].textual
		? DGM_STR("#text")
		: dgm_lookup_name(mapper->lookup, mapper->state->number, mapper->places[c].of[p].key);
	struct dgm_part_level *level = mapper->places[c].of[p].level;
	keep_names(mapper, level, list);
	dgm_kept_add(list, mapper->notice->arena, name, mapper->places[c].of[p].item, mapper->parts[c].text[p],
		mapper->places[c].of[p].literal);
	put_around(mapper, list->last, level);
}

void dgm_spread_finish(struct dgm_mapper *mapper, uint32_t c, struct dgm_map_frame *frame)
{
	const struct dgm_composite *composite = &mapper->state->composites[c];
	struct dgm_parts *parts = &mapper->parts[c], again = {0};
	struct dgm_arena *arena = mapper->notice->arena;
	struct dgm_date date;
	const char *problem = NULL;
	if (!parts->any)
		return;
	const enum dgm_part part = dgm_composite_bearer(parts);
	if (dgm_composite_read(composite, arena, parts, &date, &problem)) {
		const struct dgm_target target = {.field = composite->field,
			.anchor = composite->anchor,
			.position = -1};
		struct dgm_value *value = dgm_map_place(mapper, &target, false);
		if (value)
			dgm_composite_store(composite, arena, parts, &date, value, &again);
	}
	if (part != DGM_PART_COUNT)
		dgm_checks_tell(&mapper->checks, composite->nodes[part], problem, parts->text[part],
			parts->offset[part]);
	for (int p = 0; p < DGM_PART_COUNT; p++)
		if (parts->text[p].ptr && !(again.text[p].ptr && dgm_str_eq(parts->text[p], again.text[p])))
			keep_part(mapper, c, p, &frame->kept);
	*parts = (struct dgm_parts){0};
}
