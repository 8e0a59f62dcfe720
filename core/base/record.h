/* SPDX-License-Identifier: Apache-2.0 */
/* Records: the flat list of events that an engine makes of its source, or makes its output of. */
#ifndef DGM_BASE_RECORD_H
#define DGM_BASE_RECORD_H

#include "base/arena.h"

struct dgm_job;

/* Most events of one record: real ones have some thousands at most; each costs 32 bytes here. */
#define DGM_EVENTS_MAX ((size_t)1 << 20)

/* One of several rows that are one record together. */
struct dgm_record_row {
	struct dgm_str source;
	struct dgm_place place;
	size_t event;  /* its first one */
	size_t offset; /* of its first byte among the sources of all rows, one byte between each two */
};

/*
 * A record: events in arena memory. `failed` is sticky: a value that is not UTF-8 ("text-invalid-utf8") or a limit.
 * source and place are what the plugin gave to begin. Of several rows (row_count not 0) they are the first one's, and
 * the offsets of events go through all rows.
 */
struct dgm_record {
	struct dgm_arena *arena;
	struct dgm_job *job;
	struct dgm_event *events;
	size_t count, capacity;
	struct dgm_str source;
	struct dgm_place place;
	const struct dgm_record_row *rows;
	size_t row_count;
	uint32_t path;
	bool begun, failed;
};

/* Empties the record for the next round; the arena is the caller's to reset. */
void dgm_record_clear(struct dgm_record *record, struct dgm_job *job, struct dgm_arena *arena);
/* Makes room for that many more events. */
void dgm_record_grow(struct dgm_record *record, size_t more);

static inline void dgm_record_ensure(struct dgm_record *record, size_t more)
{
	if (record->capacity - record->count < more)
		dgm_record_grow(record, more);
}

/* Appends one event as it is, without copying its text. For the host's own use (writing). */
static inline void dgm_record_add(struct dgm_record *record, uint16_t kind, uint32_t key, uint16_t literal,
	uint32_t flags, struct dgm_str text)
{
	dgm_record_ensure(record, 1);
	record->events[record->count++] =
		(struct dgm_event){.kind = kind, .literal = literal, .key = key, .flags = flags, .text = text};
}

/* The place of a byte of the record's source, its line and column counted out. */
struct dgm_place dgm_record_place(const struct dgm_record *record, uint32_t offset);
/* The record's source bytes; of several rows all of them, a line feed between each two, in the arena. */
struct dgm_str dgm_record_source(const struct dgm_record *record, struct dgm_arena *arena);
/* Releases the events' storage. */
void dgm_record_done(struct dgm_record *record);

#endif
