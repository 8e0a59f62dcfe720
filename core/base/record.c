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
	record->path = 0;
	record->begun = false;
	record->failed = false;
}

void dgm_record_done(struct dgm_record *record)
{
	free(record->events);
	*record = (struct dgm_record){0};
}

void dgm_record_ensure(struct dgm_record *record, size_t more)
{
	if (record->capacity - record->count >= more)
		return;
	size_t capacity = record->capacity ? record->capacity : 256;
	while (capacity - record->count < more)
		capacity *= 2;
	record->events = dgm_xrealloc(record->events, capacity * sizeof *record->events);
	record->capacity = capacity;
}

void dgm_record_add(struct dgm_record *record, uint16_t kind, uint32_t key, uint16_t literal, uint32_t flags,
	struct dgm_str text)
{
	dgm_record_ensure(record, 1);
	record->events[record->count++] =
		(struct dgm_event){.kind = kind, .literal = literal, .key = key, .flags = flags, .text = text};
}

struct dgm_place dgm_record_place(const struct dgm_record *record, uint32_t offset)
{
	struct dgm_place place = record->place;
	const struct dgm_str before = dgm_str_take(record->source, offset);
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
