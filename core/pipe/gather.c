/* SPDX-License-Identifier: Apache-2.0 */
/* Reads one row ahead. A row's texts die with the next one, so a record has copies of its rows' bytes. */
#include "pipe/gather.h"

#include <stdlib.h>

#include "format/rows.h"

/* Most bytes of the rows of one record, which are held at once. Real ones have some hundred rows. */
#define ROWS_BYTES_MAX ((size_t)64 << 20)

struct dgm_gather {
	const struct dgm_format *format;
	const struct dgm_plugin *engine;
	void *reader;
	struct dgm_job *job;
	uint8_t *is_key; /* by key: 0 not looked up, 1 no, 2 the column that rows have in common */
	uint32_t key_capacity;
	/* the row read last */
	struct dgm_record row;
	struct dgm_arena row_arena;
	bool waiting;
	int32_t over; /* what the engine says for ever */
	/* the record in work, or the one returned last */
	struct dgm_record record;
	struct dgm_arena arena;
	struct dgm_record_row *rows;
	size_t row_capacity;
	bool returned;
	/* what its rows have in common */
	char *common;
	size_t common_len, common_capacity;
	bool too_large; /* rows of this one were returned already */
};

struct dgm_gather *dgm_gather_new(const struct dgm_format *format, const struct dgm_plugin *engine, void *reader,
	struct dgm_job *job)
{
	if (format->rows.len == 0)
		return NULL;
	struct dgm_gather *gather = dgm_xcalloc(1, sizeof *gather);
	gather->format = format;
	gather->engine = engine;
	gather->reader = reader;
	gather->job = job;
	gather->over = DGM_OK;
	gather->returned = true;
	return gather;
}

void dgm_gather_free(struct dgm_gather *gather)
{
	if (!gather)
		return;
	free(gather->is_key);
	free(gather->rows);
	free(gather->common);
	dgm_record_done(&gather->row);
	dgm_record_done(&gather->record);
	dgm_arena_done(&gather->row_arena);
	dgm_arena_done(&gather->arena);
	free(gather);
}

static bool is_key(struct dgm_gather *gather, uint32_t key)
{
	if (key >= gather->key_capacity) {
		uint32_t capacity = gather->key_capacity ? gather->key_capacity : 256;
		while (capacity <= key)
			capacity *= 2;
		gather->is_key = dgm_xrealloc(gather->is_key, capacity);
		memset(gather->is_key + gather->key_capacity, 0, capacity - gather->key_capacity);
		gather->key_capacity = capacity;
	}
	if (!gather->is_key[key])
		gather->is_key[key] = dgm_rows_is_key(gather->format, dgm_job_key_name(gather->job, key)) ? 2 : 1;
	return gather->is_key[key] == 2;
}

/* What the row has in common with others; empty: it stands alone. */
static struct dgm_str common_of(struct dgm_gather *gather, const struct dgm_record *row)
{
	for (size_t i = 0; i < row->count; i++) {
		const struct dgm_event *event = &row->events[i];
		if (event->kind != DGM_EVENT_VALUE || !is_key(gather, event->key))
			continue;
		const struct dgm_str text = dgm_str_trim(event->text);
		if (text.len)
			return text;
	}
	return DGM_NOSTR;
}

static void start(struct dgm_gather *gather, const struct dgm_record *row, struct dgm_str common)
{
	const struct dgm_str before = dgm_str_of(gather->common, gather->common_len);
	dgm_arena_reset(&gather->arena);
	dgm_record_clear(&gather->record, gather->job, &gather->arena);
	gather->record.path = row->path;
	gather->record.place = row->place;
	gather->record.begun = row->begun;
	gather->returned = false;
	gather->too_large = gather->too_large && common.len && dgm_str_eq(common, before);
	if (common.len > gather->common_capacity) {
		gather->common = dgm_xrealloc(gather->common, common.len * 2);
		gather->common_capacity = common.len * 2;
	}
	if (common.len)
		memcpy(gather->common, common.ptr, common.len);
	gather->common_len = common.len;
}

static void append(struct dgm_gather *gather, const struct dgm_record *row)
{
	struct dgm_record *record = &gather->record;
	const size_t n = record->row_count;
	if (n == gather->row_capacity) {
		gather->row_capacity = n ? n * 2 : 64;
		gather->rows = dgm_xrealloc(gather->rows, gather->row_capacity * sizeof *gather->rows);
	}
	const struct dgm_str from = row->source, to = dgm_arena_dup(&gather->arena, from);
	const size_t offset = n ? gather->rows[n - 1].offset + gather->rows[n - 1].source.len + 1 : 0;
	gather->rows[n] = (struct dgm_record_row){to, row->place, record->count, offset};
	record->rows = gather->rows;
	record->row_count = n + 1;
	if (n == 0)
		record->source = to;
	dgm_record_ensure(record, row->count);
	struct dgm_event *events = record->events + record->count;
	for (size_t i = 0; i < row->count; i++) {
		events[i] = row->events[i];
		events[i].offset += (uint32_t)offset;
		const struct dgm_str text = events[i].text;
		/* Most are slices of the row's bytes. */
		const uintptr_t at = (uintptr_t)text.ptr - (uintptr_t)from.ptr;
		if (text.len == 0)
			continue;
		if (at <= from.len && text.len <= from.len - at)
			events[i].text.ptr = to.ptr + at;
		else
			events[i].text = dgm_arena_dup(&gather->arena, text);
	}
	record->count += row->count;
}

static bool fits(const struct dgm_gather *gather, const struct dgm_record *row)
{
	const struct dgm_record *record = &gather->record;
	const struct dgm_record_row *last = &record->rows[record->row_count - 1];
	const size_t bytes = last->offset + last->source.len;
	return row->count <= DGM_EVENTS_MAX - record->count && bytes < ROWS_BYTES_MAX &&
		row->source.len < ROWS_BYTES_MAX - bytes;
}

static int32_t finish(struct dgm_gather *gather, const struct dgm_record **ret_record, enum dgm_gathered *ret_state)
{
	const bool cut = gather->over == DGM_FATAL && gather->common_len > 0;
	gather->returned = true;
	*ret_record = &gather->record;
	*ret_state = gather->too_large ? DGM_GATHERED_LARGE : cut ? DGM_GATHERED_CUT : DGM_GATHERED_WHOLE;
	return DGM_OK;
}

int32_t dgm_gather_next(struct dgm_gather *gather, uint64_t number, const struct dgm_record **ret_record,
	enum dgm_gathered *ret_state)
{
	const struct dgm_record *row = &gather->row;
	*ret_record = row;
	for (;;) {
		if (!gather->waiting && gather->over == DGM_OK) {
			dgm_arena_reset(&gather->row_arena);
			dgm_record_clear(&gather->row, gather->job, &gather->row_arena);
			dgm_job_set_record(gather->job, row, number);
			const int32_t result = gather->engine->reader_next(gather->reader, &gather->row);
			if (result == DGM_BAD || (result == DGM_OK && row->failed))
				return DGM_BAD;
			gather->over = result;
			gather->waiting = result == DGM_OK;
		}
		if (!gather->waiting)
			return gather->returned ? gather->over : finish(gather, ret_record, ret_state);
		const struct dgm_str common = common_of(gather, row);
		const bool same = common.len && dgm_str_eq(common, dgm_str_of(gather->common, gather->common_len));
		if (!gather->returned && !same)
			return finish(gather, ret_record, ret_state);
		if (!gather->returned && !fits(gather, row)) {
			gather->too_large = true;
			return finish(gather, ret_record, ret_state);
		}
		if (gather->returned)
			start(gather, row, common);
		append(gather, row);
		gather->waiting = false;
		if (common.len == 0)
			return finish(gather, ret_record, ret_state);
	}
}
