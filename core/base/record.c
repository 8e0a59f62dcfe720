/* SPDX-License-Identifier: Apache-2.0 */
/* Events are kept in one array that only grows; their texts live in the arena of the record or in its source. */
#include "base/record.h"

#include <stdlib.h>

void dgm_record_clear(struct dgm_record *record, struct dgm_job *job, struct dgm_arena *arena)
{
	record->arena = arena;
	record->job = job;
	record->count = 0;
	record->source = DGM_NOSTR;
	record->place = (struct dgm_place){0};
	record->rows = NULL;
	record->row_count = 0;
	record->path = 0;
	record->begun = false;
	record->failed = false;
}

void dgm_record_done(struct dgm_record *record)
{
	free(record->events);
	*record = (struct dgm_record){0};
}

void dgm_record_grow(struct dgm_record *record, size_t more)
{
	size_t capacity = record->capacity ? record->capacity : 256;
	while (capacity - record->count < more)
		capacity *= 2;
	record->events = dgm_xrealloc(record->events, capacity * sizeof *record->events);
	record->capacity = capacity;
}

/* The row that holds a byte: the last one that does not start behind it. */
static const struct dgm_record_row *row_at(const struct dgm_record *record, size_t offset)
{
	size_t first = 0, count = record->row_count;
	while (count > 1) {
		const size_t half = count / 2;
		if (record->rows[first + half].offset <= offset) {
			first += half;
			count -= half;
		} else {
			count = half;
		}
	}
	return &record->rows[first];
}

struct dgm_place dgm_record_place(const struct dgm_record *record, uint32_t offset)
{
	const struct dgm_record_row *row = record->row_count ? row_at(record, offset) : NULL;
	struct dgm_place place = row ? row->place : record->place;
	const struct dgm_str before =
		row ? dgm_str_take(row->source, offset - row->offset) : dgm_str_take(record->source, offset);
	place.offset += before.len;
	if (place.line == 0)
		return place;
	size_t line_start = 0;
	for (size_t i = 0; i < before.len; i++) {
		if (before.ptr[i] == '\n') {
			place.line++;
			line_start = i + 1;
			place.column = 1;
		}
	}
	place.column += (uint32_t)(before.len - line_start);
	return place;
}

struct dgm_str dgm_record_source(const struct dgm_record *record, struct dgm_arena *arena)
{
	if (record->row_count < 2)
		return record->source;
	const struct dgm_record_row *last = &record->rows[record->row_count - 1];
	const size_t len = last->offset + last->source.len;
	char *bytes = dgm_arena_alloc(arena, len);
	for (size_t i = 0; i < record->row_count; i++) {
		const struct dgm_record_row *row = &record->rows[i];
		if (row->source.len)
			memcpy(bytes + row->offset, row->source.ptr, row->source.len);
		if (i + 1 < record->row_count)
			bytes[row->offset + row->source.len] = '\n';
	}
	return dgm_str_of(bytes, len);
}
