/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The CSV reader: the window over the input, places, the header, and what becomes of rows that are wrong. How a row
 * falls into cells is the scanner's business and the reference's.
 *
 * A row that breaks costs the lines up to the one in which its broken cell starts; reading goes on at the next line,
 * because a quote that somebody forgot should not take the rows behind it along. In a table of one column any line
 * passes for a row, so there the text of a broken cell is not read as rows.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_engine.h"

#define CELLS_FIRST ((size_t)64)

struct csv_reader {
	const struct dgm_host *host;
	struct dgm_job *job;
	struct dgm_input *input;
	const struct dgm_csv_config *config;
	struct dgm_csv_scan scan; /* holds the window */
	struct dgm_csv_cells cells;
	struct dgm_csv_reference *reference;
	char *plain; /* the texts of quoted cells with their quotes undoubled */
	size_t plain_room;
	size_t at;           /* in the window: the next row, or the blank lines in front of it */
	uint64_t base, line; /* offset of the window in the input; line at `at` */
	size_t columns;      /* 0: the first row is still to come */
	bool after_cr;       /* the byte before `at` was a CR: an LF belongs to it */
	int32_t over;        /* DGM_END or DGM_FATAL: the answer for ever */
};

bool dgm_csv_cells_grow(struct dgm_csv_cells *cells)
{
	if (cells->room >= cells->max || cells->no_memory)
		return false;
	size_t room = cells->room ? cells->room * 2 : CELLS_FIRST;
	if (room > cells->max)
		room = cells->max;
	struct dgm_event *events = realloc(cells->events, room * sizeof *events);
	if (events)
		cells->events = events;
	uint32_t *keys = realloc(cells->keys, room * sizeof *keys);
	if (keys)
		cells->keys = keys;
	if (!events || !keys) {
		cells->no_memory = true;
		return false;
	}
	for (size_t i = cells->room; i < room; i++)
		keys[i] = (uint32_t)i + 1;
	cells->room = room;
	return true;
}

/* Shows at least `want` bytes from `at` on; moves the window, so that `at` is 0 then. */
static int32_t refill(struct csv_reader *r, size_t want)
{
	if (r->at > 0)
		r->host->consume(r->input, r->at);
	r->base += r->at;
	r->at = 0;
	if (want < r->config->window)
		want = (size_t)r->config->window;
	if (r->host->peek(r->input, want, &r->scan.window) != DGM_OK) {
		r->scan.window = (struct dgm_str){NULL, 0};
		return DGM_FATAL;
	}
	r->scan.at_end = r->scan.window.len < want;
	dgm_csv_scan_seek(&r->scan, 0);
	return DGM_OK;
}

/* Twice what there is of the row, but no more than tells whether it is too long. */
static int32_t refill_row(struct csv_reader *r)
{
	const size_t have = r->scan.window.len - r->at;
	const size_t enough = (size_t)r->config->max_record + 2;
	return refill(r, have < enough / 2 ? have * 2 : enough);
}

/* Line ends in the first n bytes of the row, as libcsv sees them; *ret_start: where the last line starts. */
static uint64_t count_lines(const char *row, size_t n, size_t *ret_start)
{
	uint64_t lines = 0;
	*ret_start = 0;
	for (size_t i = 0; i < n; i++) {
		const bool pair = row[i] == '\r' && i + 1 < n && row[i + 1] == '\n';
		if (row[i] != '\n' && (row[i] != '\r' || pair))
			continue;
		lines++;
		*ret_start = i + 1;
	}
	return lines;
}

static const char *row_bytes(const struct csv_reader *r)
{
	return r->scan.window.ptr + r->at;
}

static size_t bytes_left(const struct csv_reader *r)
{
	return r->scan.window.len - r->at;
}

/* The place of a byte of the row at `at`. */
static struct dgm_place place_of(const struct csv_reader *r, size_t offset)
{
	size_t start = 0;
	const uint64_t line = r->line + count_lines(row_bytes(r), offset, &start);
	return (struct dgm_place){.offset = r->base + r->at + offset,
		.line = line > UINT32_MAX ? 0 : (uint32_t)line,
		.column = (uint32_t)(offset - start) + 1};
}

static const char *in_header(const struct csv_reader *r)
{
	return r->columns == 0 && r->config->header ? "in the header row: " : "";
}

static int32_t no_memory(struct csv_reader *r)
{
	dgm_csv_report(r->host, r->job, DGM_ERROR, "csv-no-memory", NULL, "out of memory");
	return DGM_FATAL;
}

static void begin(struct csv_reader *r, struct dgm_record *record, size_t length)
{
	const struct dgm_place place = place_of(r, 0);
	r->host->begin(record, 0, (struct dgm_str){row_bytes(r), length}, &place);
}

/* Leaves the row and its line end behind. The bytes stay in the window, which moves at the next call at the earliest. */
static void leave(struct csv_reader *r, size_t length, bool lines)
{
	if (lines) {
		size_t start = 0;
		r->line += count_lines(row_bytes(r), length, &start);
	}
	r->at += length;
	const struct dgm_str window = r->scan.window;
	if (r->at == window.len)
		return;
	r->line++;
	r->after_cr = window.ptr[r->at++] == '\r';
	if (r->after_cr && r->at < window.len && window.ptr[r->at] == '\n') {
		r->at++;
		r->after_cr = false;
	}
}

/* Stops at the first byte of a row: DGM_OK, DGM_END or DGM_FATAL. */
static int32_t skip_blank_lines(struct csv_reader *r)
{
	bool moved = false;
	for (;;) {
		if (bytes_left(r) == 0) {
			if (r->scan.at_end)
				return DGM_END;
			if (refill(r, 1) != DGM_OK)
				return DGM_FATAL;
			continue;
		}
		const char c = *row_bytes(r);
		if (c != '\n' && c != '\r')
			break;
		if (c == '\r' || !r->after_cr)
			r->line++;
		r->after_cr = c == '\r';
		r->at++;
		moved = true;
	}
	if (moved)
		dgm_csv_scan_seek(&r->scan, r->at);
	return DGM_OK;
}

/* cell: where in the row the cell starts that the limit was met in; 0 where that is not known. */
static int32_t too_long(struct csv_reader *r, size_t cell)
{
	const struct dgm_place place = place_of(r, 0);
	const struct dgm_place opening = place_of(r, cell);
	const unsigned char quote = r->scan.quote;
	if (quote && (unsigned char)row_bytes(r)[cell] == quote) {
		dgm_csv_report(r->host, r->job, DGM_ERROR, "csv-record-too-long", &place,
			"%sa row is longer than %" PRIu64 " bytes (max-record); it holds a quoted cell that opens in "
			"line %" PRIu32 ", column %" PRIu32 " and is perhaps not closed",
			in_header(r), r->config->max_record, opening.line, opening.column);
	} else {
		dgm_csv_report(r->host, r->job, DGM_ERROR, "csv-record-too-long", &place,
			"%sa row is longer than %" PRIu64 " bytes (max-record)", in_header(r), r->config->max_record);
	}
	return DGM_FATAL;
}

/*
 * The end of the line that byte `from` of the row lies in, as an offset in the row; the end of the input is one.
 * DGM_BAD: the row is then longer than it may be. DGM_FATAL: the input broke.
 */
static int32_t find_line_end(struct csv_reader *r, size_t from, size_t *ret_end)
{
	const size_t max = (size_t)r->config->max_record;
	for (;;) {
		const char *row = row_bytes(r);
		const size_t have = bytes_left(r);
		size_t end = from;
		while (end < have && row[end] != '\n' && row[end] != '\r')
			end++;
		if (end == have && !r->scan.at_end && have <= max + 1) {
			if (refill_row(r) != DGM_OK)
				return DGM_FATAL;
			continue;
		}
		*ret_end = end;
		return end > max ? DGM_BAD : DGM_OK;
	}
}

/* A broken row: at is the quote to blame, cell the start of the broken cell. */
static int32_t reject_broken(struct csv_reader *r, struct dgm_record *record, bool unclosed, size_t at, size_t cell)
{
	const bool one_line = r->columns > 1;
	size_t length = 0;
	const size_t last = one_line ? cell : unclosed ? bytes_left(r) : at;
	const int32_t found = find_line_end(r, last, &length);
	if (found != DGM_OK)
		return found == DGM_BAD ? too_long(r, cell) : found;
	const struct dgm_place place = place_of(r, at);
	const struct dgm_place opening = place_of(r, cell);
	if (unclosed) {
		dgm_csv_report(r->host, r->job, DGM_ERROR, "csv-unclosed-quote", &place,
			"%sa quoted cell opens here and is not closed before the end of the input", in_header(r));
	} else if (at != cell && (unsigned char)row_bytes(r)[cell] == r->scan.quote) {
		dgm_csv_report(r->host, r->job, DGM_ERROR, "csv-stray-quote", &place,
			"%sa quote that neither ends the quoted cell that opens in line %" PRIu32 ", column %" PRIu32
			", nor is doubled",
			in_header(r), opening.line, opening.column);
	} else {
		dgm_csv_report(r->host, r->job, DGM_ERROR, "csv-stray-quote", &place,
			"%sa quote inside of a cell that is not quoted", in_header(r));
	}
	begin(r, record, length);
	leave(r, length, true);
	return DGM_BAD;
}

/* The row at `at` as libcsv sees it: its cells, or a verdict that is reported. */
static int32_t ask_reference(struct csv_reader *r, struct dgm_record *record, struct dgm_csv_row *ret_row)
{
	size_t fed = 0;
	bool nul = false;
	dgm_csv_reference_begin(r->reference, &r->cells);
	for (;;) {
		size_t end = 0;
		const int32_t found = find_line_end(r, fed, &end);
		if (found != DGM_OK)
			return found == DGM_BAD ? too_long(r, dgm_csv_reference_cell(r->reference)) : found;
		const char *row = row_bytes(r);
		const bool last = end == bytes_left(r);
		const size_t to = last ? end : end + 1;
		*ret_row = (struct dgm_csv_row){.length = end, .at_end = last, .lines = true, .unscanned = true};
		nul = nul || memchr(row + fed, 0, to - fed);
		ret_row->nul = nul;
		/* To libcsv a NUL is the quote then; without quotes the line is the row, and this one is refused anyway. */
		if (r->scan.quote == 0 && ret_row->nul)
			return DGM_OK;
		size_t at = 0;
		enum dgm_csv_verdict verdict = dgm_csv_reference_feed(r->reference, row, fed, to, &at);
		if (verdict == DGM_CSV_VERDICT_OPEN && last)
			verdict = dgm_csv_reference_finish(r->reference, row);
		const size_t cell = dgm_csv_reference_cell(r->reference);
		switch (verdict) {
		case DGM_CSV_VERDICT_OPEN:
			fed = to;
			break;
		case DGM_CSV_VERDICT_ROW:
			return DGM_OK;
		case DGM_CSV_VERDICT_STRAY:
			return reject_broken(r, record, false, at, cell);
		case DGM_CSV_VERDICT_UNCLOSED:
			return reject_broken(r, record, true, cell, cell);
		case DGM_CSV_VERDICT_NO_MEMORY:
			return no_memory(r);
		}
	}
}

static size_t undouble(char *to, struct dgm_str text, char quote)
{
	const char *from = text.ptr;
	const char *const end = text.ptr + text.len;
	char *at = to;
	for (;;) {
		const char *pair = memchr(from, quote, (size_t)(end - from));
		const size_t run = pair ? (size_t)(pair - from) + 1 : (size_t)(end - from);
		memcpy(at, from, run);
		at += run;
		if (!pair)
			return (size_t)(at - to);
		from = pair + 2;
	}
}

/* Cells with doubled quotes are no slices of the window: they move to a buffer that lives as long as the row. */
static bool undouble_cells(struct csv_reader *r, size_t row_length)
{
	if (r->plain_room < row_length) {
		char *plain = realloc(r->plain, row_length * 2);
		if (!plain)
			return false;
		r->plain = plain;
		r->plain_room = row_length * 2;
	}
	char *to = r->plain;
	for (size_t i = 0; i < r->cells.event_count; i++) {
		struct dgm_event *event = &r->cells.events[i];
		if (!(event->flags & DGM_CSV_DOUBLED))
			continue;
		const size_t len = undouble(to, event->text, (char)r->scan.quote);
		event->text = (struct dgm_str){to, len};
		event->flags &= ~DGM_CSV_DOUBLED;
		to += len;
	}
	return true;
}

/* Cuts the row at `at` into cells. */
static int32_t find_row(struct csv_reader *r, struct dgm_record *record, struct dgm_csv_row *ret_row)
{
	enum dgm_csv_found found = DGM_CSV_FOUND_ODD;
	if (r->config->scanner != DGM_CSV_SCANNER_LIBCSV) {
		while ((found = dgm_csv_scan_row(&r->scan, r->at, &r->cells, ret_row)) == DGM_CSV_FOUND_MORE &&
			bytes_left(r) <= r->config->max_record + 1) {
			if (refill_row(r) != DGM_OK)
				return DGM_FATAL;
		}
	}
	if (found == DGM_CSV_FOUND_ROW && ret_row->length <= r->config->max_record) {
		if (ret_row->doubled && !undouble_cells(r, ret_row->length))
			return no_memory(r);
		return r->cells.no_memory ? no_memory(r) : DGM_OK;
	}
	const int32_t result = ask_reference(r, record, ret_row);
	if (r->cells.no_memory)
		return no_memory(r);
	return result;
}

/* What no scanner cares about: NUL, the number of cells, their size. */
static int32_t check_row(struct csv_reader *r, const struct dgm_csv_row *row)
{
	if (row->nul) {
		const char *nul = memchr(row_bytes(r), 0, row->length);
		const struct dgm_place place = place_of(r, (size_t)(nul - row_bytes(r)));
		dgm_csv_report(r->host, r->job, DGM_ERROR, "csv-nul", &place, "%sa NUL byte in a cell", in_header(r));
		return DGM_BAD;
	}
	const size_t count = r->cells.cell_count;
	if (r->columns == 0 ? count > r->config->max_columns : count != r->columns) {
		const struct dgm_place place = place_of(r, 0);
		if (r->columns == 0) {
			dgm_csv_report(r->host, r->job, DGM_ERROR, "csv-too-many-columns", &place,
				"%s%zu cells, where at most %" PRIu64 " are taken (max-columns)", in_header(r), count,
				r->config->max_columns);
		} else {
			dgm_csv_report(r->host, r->job, DGM_ERROR, "csv-column-count", &place,
				"%zu cells, where the %s row has %zu", count, r->config->header ? "header" : "first",
				r->columns);
		}
		return DGM_BAD;
	}
	if (row->length <= r->config->max_field)
		return DGM_OK;
	for (size_t i = 0; i < r->cells.event_count; i++) {
		const struct dgm_event *event = &r->cells.events[i];
		if (event->text.len <= r->config->max_field)
			continue;
		const struct dgm_place place = place_of(r, event->offset);
		dgm_csv_report(r->host, r->job, DGM_ERROR, "csv-field-too-long", &place,
			"%sa cell of %zu bytes, where at most %" PRIu64 " are taken (max-field)", in_header(r),
			event->text.len, r->config->max_field);
		return DGM_BAD;
	}
	return DGM_OK;
}

/* Names column i, whose cell in the header is event; NULL: it is empty. */
static int32_t name_column(struct csv_reader *r, size_t i, const struct dgm_event *event)
{
	char spare[32];
	struct dgm_str name = {spare, 0};
	if (event && event->text.len > 0) {
		name = event->text;
	} else {
		const int n = snprintf(spare, sizeof spare, "%s%zu", r->config->header ? "column-" : "", i + 1);
		name.len = n > 0 ? (size_t)n : 0;
	}
	const struct dgm_place place = place_of(r, event ? event->offset : 0);
	if (!dgm_csv_is_utf8(name)) {
		dgm_csv_report(r->host, r->job, DGM_ERROR, "text-invalid-utf8", &place,
			"%sbytes that are no character in the declared encoding", in_header(r));
		return DGM_FATAL;
	}
	const uint32_t key = r->host->key(r->job, 0, name);
	if (key == 0) {
		dgm_csv_report(r->host, r->job, DGM_ERROR, "csv-too-many-columns", &place,
			"%sthe host takes no more names of columns", in_header(r));
		return DGM_FATAL;
	}
	r->cells.keys[i] = key;
	for (size_t k = 0; k < i; k++) {
		if (r->cells.keys[k] != key)
			continue;
		dgm_csv_report(r->host, r->job, DGM_WARNING, "csv-duplicate-column", &place,
			"column %zu has the same name as column %zu", i + 1, k + 1);
		break;
	}
	return DGM_OK;
}

/* The first row settles the columns; with a header it names them. */
static int32_t settle_columns(struct csv_reader *r)
{
	const size_t columns = r->cells.cell_count;
	struct dgm_event *event = r->cells.events;
	const struct dgm_event *const end = event + r->cells.event_count;
	for (size_t i = 0; i < columns; i++) {
		struct dgm_event *here = event < end && event->key == (uint32_t)i + 1 ? event++ : NULL;
		if (name_column(r, i, r->config->header ? here : NULL) != DGM_OK)
			return DGM_FATAL;
		if (here)
			here->key = r->cells.keys[i];
	}
	r->columns = columns;
	r->cells.room = r->cells.max = columns;
	return DGM_OK;
}

/* The next row of the input; DGM_OK with *ret_header: it was the header, and there is no record yet. */
static int32_t next_row(struct csv_reader *r, struct dgm_record *record, bool *ret_header)
{
	*ret_header = false;
	int32_t result = skip_blank_lines(r);
	if (result != DGM_OK)
		return result;
	const bool header = r->columns == 0 && r->config->header;
	struct dgm_csv_row row = {0};
	result = find_row(r, record, &row);
	if (result != DGM_OK) {
		dgm_csv_scan_seek(&r->scan, r->at);
		return result == DGM_BAD && header ? DGM_FATAL : result;
	}
	/* What old programs put at the end of a file, and no row. */
	if (row.at_end && row.length == 1 && *row_bytes(r) == 0x1a)
		return DGM_END;
	result = check_row(r, &row);
	if (result == DGM_OK && r->columns == 0)
		result = settle_columns(r);
	if (result == DGM_FATAL || (result == DGM_BAD && header))
		return DGM_FATAL;
	if (!header) {
		begin(r, record, row.length);
		if (result == DGM_OK)
			r->host->put(record, r->cells.events, r->cells.event_count);
	}
	*ret_header = header;
	leave(r, row.length, row.lines);
	if (row.unscanned)
		dgm_csv_scan_seek(&r->scan, r->at);
	return result;
}

int32_t dgm_csv_reader_next(void *reader, struct dgm_record *record)
{
	struct csv_reader *r = reader;
	if (r->over != DGM_OK)
		return r->over;
	bool header = false;
	int32_t result = next_row(r, record, &header);
	if (header)
		result = next_row(r, record, &header);
	if (result == DGM_END || result == DGM_FATAL)
		r->over = result;
	return result;
}

/* Passes by what the window shows of rows that need no second look; how many. */
static uint64_t pass_rows(struct csv_reader *r, uint64_t stop)
{
	struct dgm_csv_passed passed;
	const uint64_t here = r->base + r->at, left = stop > here ? stop - here : 0;
	const size_t to = left < bytes_left(r) ? r->at + (size_t)left : r->scan.window.len;
	dgm_csv_scan_pass(&r->scan, r->at, to, (size_t)r->config->max_record, r->after_cr, &passed);
	r->at = passed.end;
	r->line += passed.lines;
	r->after_cr = passed.after_cr;
	dgm_csv_scan_seek(&r->scan, r->at);
	return passed.rows;
}

int32_t dgm_csv_reader_skip(void *reader, struct dgm_record *record, uint64_t bytes, struct dgm_mark *ret_mark)
{
	struct csv_reader *r = reader;
	const uint64_t here = r->base + r->at, stop = bytes < UINT64_MAX - here ? here + bytes : UINT64_MAX;
	uint64_t records = 0;
	while (r->over == DGM_OK && (records == 0 || r->base + r->at < stop)) {
		bool header = false;
		if (r->columns > 0 && r->config->scanner != DGM_CSV_SCANNER_LIBCSV)
			records += pass_rows(r, stop);
		if (records > 0 && r->base + r->at >= stop)
			break;
		const int32_t result = next_row(r, record, &header);
		if (result == DGM_END || result == DGM_FATAL)
			r->over = result;
		else
			records += !header;
	}
	*ret_mark =
		(struct dgm_mark){.offset = r->base + r->at, .line = r->line, .records = records, .state = r->after_cr};
	return r->over;
}

int32_t dgm_csv_reader_resume(void *reader, const struct dgm_mark *mark)
{
	struct csv_reader *r = reader;
	if (r->columns == 0)
		return DGM_FATAL;
	dgm_csv_reference_forget(r->reference);
	r->scan.window = (struct dgm_str){NULL, 0};
	r->scan.at_end = false;
	r->at = 0;
	dgm_csv_scan_seek(&r->scan, 0);
	r->base = mark->offset;
	r->line = mark->line;
	r->after_cr = mark->state != 0;
	r->over = DGM_OK;
	return DGM_OK;
}

/* Offsets in events are 32 bits wide; keys are small numbers, and a table is not a million columns wide. */
#define RECORD_MOST ((uint64_t)UINT32_MAX - 16)
#define COLUMNS_MOST ((uint64_t)1 << 20)

int32_t dgm_csv_reader_open(const struct dgm_open *open, void **ret_reader)
{
	const struct dgm_csv_config *config = open->config;
	if (!dgm_csv_check_dialect(open))
		return DGM_FATAL;
	if (config->max_record == 0 || config->max_record > RECORD_MOST || config->max_columns == 0 ||
		config->max_columns > COLUMNS_MOST || config->window > RECORD_MOST) {
		dgm_csv_report(open->host, open->job, DGM_ERROR, "csv-bad-option", NULL,
			"max-record must be 1 to %" PRIu64 ", max-columns 1 to %" PRIu64
			", window at most as large as a record",
			RECORD_MOST, COLUMNS_MOST);
		return DGM_FATAL;
	}
	struct csv_reader *r = calloc(1, sizeof *r);
	struct dgm_csv_reference *reference =
		dgm_csv_reference_new((unsigned char)config->delimiter, (unsigned char)config->quote);
	if (!r || !reference) {
		free(r);
		dgm_csv_reference_free(reference);
		dgm_csv_report(open->host, open->job, DGM_ERROR, "csv-no-memory", NULL, "out of memory");
		return DGM_FATAL;
	}
	r->host = open->host;
	r->job = open->job;
	r->input = open->input;
	r->config = config;
	r->reference = reference;
	r->scan.delimiter = (unsigned char)config->delimiter;
	r->scan.quote = (unsigned char)config->quote;
	r->cells.max = (size_t)config->max_columns;
	r->line = 1;
	*ret_reader = r;
	return DGM_OK;
}

void dgm_csv_reader_close(void *reader)
{
	struct csv_reader *r = reader;
	if (!r)
		return;
	dgm_csv_reference_free(r->reference);
	free(r->cells.events);
	free(r->cells.keys);
	free(r->plain);
	free(r);
}
