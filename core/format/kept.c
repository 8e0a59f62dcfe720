/* SPDX-License-Identifier: Apache-2.0 */
/* The list behind `unmapped`. How the paths are found again is overlay.c's. */
#include "format/kept.h"

#include <stdlib.h>

#include "base/text.h"
#include "format/overlay.h"

static void append(struct dgm_kept_list *list, struct dgm_kept *kept)
{
	if (list->last)
		list->last->next = kept;
	else
		list->first = kept;
	list->last = kept;
	list->count++;
}

void dgm_kept_add(struct dgm_kept_list *list, struct dgm_arena *arena, struct dgm_str name, bool item,
	struct dgm_str text, uint16_t literal)
{
	struct dgm_kept *kept = dgm_arena_zero(arena, sizeof *kept);
	const struct dgm_str path = dgm_overlay_escape(arena, name);
	kept->path = item ? dgm_arena_join(arena, path, DGM_STR("[]"), DGM_NOSTR) : path;
	kept->text = text;
	kept->literal = literal;
	append(list, kept);
}

struct dgm_str dgm_kept_numbered(struct dgm_arena *arena, struct dgm_str name, struct dgm_str opening, uint32_t number)
{
	char digits[16], *at = digits + sizeof digits;
	*--at = ']';
	do
		*--at = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	return dgm_arena_join(arena, name, opening, dgm_str_of(at, (size_t)(digits + sizeof digits - at)));
}

void dgm_kept_prefix(struct dgm_kept_list *list, struct dgm_arena *arena, struct dgm_str component)
{
	for (struct dgm_kept *kept = list->first; kept; kept = kept->next)
		kept->path = dgm_arena_join(arena, component, DGM_STR("/"), kept->path);
}

void dgm_kept_move(struct dgm_kept_list *to, struct dgm_kept_list *from)
{
	if (!from->first)
		return;
	if (to->last)
		to->last->next = from->first;
	else
		to->first = from->first;
	to->last = from->last;
	to->count += from->count;
	*from = (struct dgm_kept_list){0};
}

void dgm_kept_outside(struct dgm_kept_list *to, struct dgm_arena *arena, const struct dgm_kept_list *from)
{
	for (const struct dgm_kept *kept = from->first; kept; kept = kept->next) {
		struct dgm_kept *copy = dgm_arena_zero(arena, sizeof *copy);
		copy->path = dgm_arena_join(arena, DGM_STR("/"), kept->path, DGM_NOSTR);
		copy->text = dgm_arena_dup(arena, kept->text);
		copy->literal = kept->literal;
		append(to, copy);
	}
}

void dgm_kept_path(struct dgm_notice *notice, struct dgm_group *group, struct dgm_str path)
{
	const struct dgm_str canonical = dgm_text_canonical(notice->arena, path, false);
	struct dgm_value *value = dgm_value_set(notice, group, DGM_FIELD_unmapped_path, canonical);
	if (canonical.ptr != path.ptr)
		value->original = path;
	if (canonical.len == 0)
		value->text = path;
}

void dgm_kept_flush(const struct dgm_kept_list *list, struct dgm_notice *notice, struct dgm_str format, bool copy)
{
	for (const struct dgm_kept *kept = list->first; kept; kept = kept->next) {
		struct dgm_group *group = dgm_group_add(notice, notice->root, DGM_GROUP_unmapped);
		const struct dgm_str path = copy ? dgm_arena_dup(notice->arena, kept->path) : kept->path;
		const struct dgm_str text = copy ? dgm_arena_dup(notice->arena, kept->text) : kept->text;
		dgm_value_set(notice, group, DGM_FIELD_unmapped_format, format);
		dgm_kept_path(notice, group, path);
		dgm_value_set(notice, group, DGM_FIELD_unmapped_value, text)->literal = (uint8_t)kept->literal;
	}
}

uint32_t dgm_occurrences_next(struct dgm_occurrences *occurrences, uint32_t parent, uint32_t key)
{
	if (key >= occurrences->capacity) {
		uint32_t capacity = occurrences->capacity ? occurrences->capacity : 256;
		while (capacity <= key)
			capacity *= 2;
		occurrences->counts = dgm_xrealloc(occurrences->counts, capacity * sizeof(uint32_t));
		occurrences->parents = dgm_xrealloc(occurrences->parents, capacity * sizeof(uint32_t));
		memset(occurrences->parents + occurrences->capacity, 0,
			(capacity - occurrences->capacity) * sizeof(uint32_t));
		occurrences->capacity = capacity;
	}
	if (occurrences->parents[key] != parent) {
		occurrences->parents[key] = parent;
		occurrences->counts[key] = 0;
	}
	return ++occurrences->counts[key];
}

void dgm_occurrences_done(struct dgm_occurrences *occurrences)
{
	free(occurrences->counts);
	free(occurrences->parents);
	*occurrences = (struct dgm_occurrences){0};
}
