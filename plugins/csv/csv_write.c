/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The CSV writer: one record, one row, or several as groups named "[]". What a table cannot hold (other groups, lists,
 * columns it does not have) is refused before a byte of the record is written.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "csv_engine.h"

/* set is the number of the row that the cell was set for. ptr NULL: there is no value, the cell stays empty. */
struct cell {
	struct dgm_str text;
	uint64_t set;
};

struct csv_writer {
	const struct dgm_host *host;
	struct dgm_job *job;
	struct dgm_output *output;
	const struct dgm_csv_config *config;
	uint32_t *column_of; /* by key: column + 1, or 0 */
	uint32_t key_most;
	size_t columns;
	struct cell *cells;
	uint64_t row; /* the current one, counted from 1 */
	bool started; /* a row was written */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

#define EACH(byte) ((uint64_t)0x0101010101010101u * (byte))

/* Non-zero if any byte of x is below n (n at most 128). */
static uint64_t any_below(uint64_t x, unsigned n)
{
	return (x - EACH((uint64_t)n)) & ~x & EACH(0x80u);
}

static uint64_t any_mark(const char *bytes, uint64_t delimiters, uint64_t quotes)
{
	uint64_t x;
	memcpy(&x, bytes, sizeof x);
	return any_below(x, '\r' + 1) | any_below(x ^ delimiters, 1) | any_below(x ^ quotes, 1);
}

/* Whether text may hold a delimiter, a quote, a line end or a NUL; false is certain. */
static bool may_hold_mark(struct dgm_str text, unsigned char delimiter, unsigned char quote)
{
	const uint64_t delimiters = EACH((uint64_t)delimiter), quotes = EACH((uint64_t)quote);
	size_t i = 0;
	uint64_t hit = 0;
	if (text.len >= 8) {
		for (; i + 8 <= text.len; i += 8)
			hit |= any_mark(text.ptr + i, delimiters, quotes);
		/* The rest is looked at together with bytes already seen. */
		hit |= any_mark(text.ptr + text.len - 8, delimiters, quotes);
		return hit != 0;
	}
	for (; i < text.len; i++) {
		const unsigned char c = (unsigned char)text.ptr[i];
		hit |= (uint64_t)((c <= '\r') | (c == delimiter) | (c == quote));
	}
	return hit != 0;
}

enum need { NEED_NOTHING, NEED_QUOTES, NEED_REFUSAL };

/* What column i needs so that a reader gets the same text back. */
static enum need what_it_needs(const struct csv_writer *w, size_t i, struct dgm_str text, bool first)
{
	const unsigned char delimiter = (unsigned char)w->config->delimiter, quote = (unsigned char)w->config->quote;
	if (text.len == 0)
		return NEED_QUOTES; /* an empty text and no text are two things */
	if (may_hold_mark(text, delimiter, quote)) {
		if (memchr(text.ptr, 0, text.len))
			return NEED_REFUSAL;
		if (memchr(text.ptr, delimiter, text.len) || memchr(text.ptr, '\n', text.len) ||
			memchr(text.ptr, '\r', text.len) || (quote && memchr(text.ptr, quote, text.len)))
			return NEED_QUOTES;
	}
	if (is_blank(text.ptr[0]) || is_blank(text.ptr[text.len - 1]))
		return NEED_QUOTES;
	/* As the first bytes of the file it would be taken for a byte-order mark. */
	if (first && i == 0 && text.len >= 3 && memcmp(text.ptr, "\xef\xbb\xbf", 3) == 0)
		return NEED_QUOTES;
	/* Alone in the last row it would be taken for an old program's end of file. */
	if (w->columns == 1 && text.len == 1 && text.ptr[0] == 0x1a)
		return NEED_QUOTES;
	return NEED_NOTHING;
}

static char *put_quoted(char *to, struct dgm_str text, char quote)
{
	*to++ = quote;
	const char *from = text.ptr;
	size_t left = text.len;
	while (left > 0) {
		const char *inner = memchr(from, quote, left);
		const size_t run = inner ? (size_t)(inner - from) + 1 : left;
		memcpy(to, from, run);
		to += run;
		if (inner)
			*to++ = quote;
		from += run;
		left -= run;
	}
	*to++ = quote;
	return to;
}

/* Room for that many rows and all their texts: at worst every byte is a quote; per cell two quotes and a delimiter. */
static char *reserve_rows(struct csv_writer *w, size_t size, size_t rows)
{
	/* No object is SIZE_MAX / 4 bytes large. */
	return w->host->reserve(w->output, 2 * size + rows * (3 * w->columns + 2));
}

/* The cells that are set for this row; NULL after a report. first: nothing stands in front of it in the file. */
static char *put_row(struct csv_writer *w, char *const start, bool first)
{
	const bool all = w->config->quoting == DGM_CSV_QUOTING_ALL;
	const char quote = (char)w->config->quote;
	char *to = start;
	for (size_t i = 0; i < w->columns; i++) {
		const struct cell *cell = &w->cells[i];
		if (i > 0)
			*to++ = (char)w->config->delimiter;
		if (cell->set != w->row || !cell->text.ptr)
			continue;
		const enum need need = what_it_needs(w, i, cell->text, first);
		if (need == NEED_REFUSAL) {
			dgm_csv_report(w->host, w->job, DGM_ERROR, "csv-nul", NULL, "a NUL byte in column %zu", i + 1);
			return NULL;
		}
		if (need == NEED_QUOTES && !quote) {
			dgm_csv_report(w->host, w->job, DGM_ERROR, "csv-needs-quote", NULL,
				"the text in column %zu cannot be written without quotes, and there is no quote character",
				i + 1);
			return NULL;
		}
		if (need == NEED_QUOTES || (all && quote)) {
			to = put_quoted(to, cell->text, quote);
			continue;
		}
		memcpy(to, cell->text.ptr, cell->text.len);
		to += cell->text.len;
	}
	if (to == start) {
		dgm_csv_report(w->host, w->job, DGM_ERROR, "csv-blank-row", NULL,
			"a record without a value would be a blank line in a table of one column");
		return NULL;
	}
	if (w->config->eol == DGM_CSV_EOL_CRLF)
		*to++ = '\r';
	*to++ = '\n';
	return to;
}

static void commit_rows(struct csv_writer *w, size_t n)
{
	w->host->commit(w->output, n);
	w->started = true;
}

/* The name of a key as it may stand in a message: one line, not long. */
static const char *show_name(char to[64], struct dgm_str name)
{
	size_t n = name.len < 60 ? name.len : 60;
	while (n < name.len && n > 0 && ((unsigned char)name.ptr[n] & 0xc0) == 0x80)
		n--;
	for (size_t i = 0; i < n; i++) {
		const unsigned char c = (unsigned char)name.ptr[i];
		to[i] = (char)(c < 0x20 || c == 0x7f ? '?' : c);
	}
	memcpy(to + n, n < name.len ? "..." : "", n < name.len ? 4 : 1);
	return to;
}

static int32_t report_not_flat(const struct csv_writer *w, uint32_t key, const char *what)
{
	char name[64];
	dgm_csv_report(w->host, w->job, DGM_ERROR, "csv-not-flat", NULL,
		"%s at '%s', where a row has one text per column", what,
		show_name(name, w->host->key_name(w->job, key)));
	return DGM_BAD;
}

static int32_t report_unknown(const struct csv_writer *w, uint32_t key)
{
	char name[64];
	dgm_csv_report(w->host, w->job, DGM_ERROR, "csv-unknown-column", NULL, "the table has no column '%s'",
		show_name(name, w->host->key_name(w->job, key)));
	return DGM_BAD;
}

/* Sets the cell of one value; DGM_BAD after a report. */
static int32_t set_cell(struct csv_writer *w, const struct dgm_event *event)
{
	if (event->kind != DGM_EVENT_VALUE)
		return report_not_flat(w, event->key, "a group");
	if (event->literal == DGM_LITERAL_EMPTY_LIST)
		return report_not_flat(w, event->key, "a list");
	const uint32_t column = event->key <= w->key_most ? w->column_of[event->key] : 0;
	if (column == 0)
		return report_unknown(w, event->key);
	struct cell *cell = &w->cells[column - 1];
	if (cell->set == w->row)
		return report_not_flat(w, event->key, "a second value");
	cell->set = w->row;
	cell->text = event->text;
	if (!cell->text.ptr)
		cell->text.ptr = "";
	/* An empty cell is how a table says null; an empty text is "". */
	if (event->literal == DGM_LITERAL_NULL)
		cell->text = (struct dgm_str){NULL, 0};
	return DGM_OK;
}

/* The events of one row; NULL after a report. */
static char *put_cells(struct csv_writer *w, const struct dgm_event *events, size_t count, char *start, bool first)
{
	w->row++;
	for (size_t i = 0; i < count; i++)
		if (set_cell(w, &events[i]) != DGM_OK)
			return NULL;
	return put_row(w, start, first);
}

static bool is_row(const struct csv_writer *w, const struct dgm_event *event)
{
	if (event->kind != DGM_EVENT_BEGIN || w->host->key_parent(w->job, event->key) != 0)
		return false;
	const struct dgm_str name = w->host->key_name(w->job, event->key);
	return name.len == 2 && memcmp(name.ptr, "[]", 2) == 0;
}

/* A record of several rows; NULL after a report. */
static char *put_rows(struct csv_writer *w, const struct dgm_event *events, size_t count, char *const start)
{
	char *to = start;
	for (size_t i = 0, end; i < count; i = end + 1) {
		/* Values beside rows belong to none of them. */
		if (!is_row(w, &events[i])) {
			report_not_flat(w, events[i].key, "a value beside rows");
			return NULL;
		}
		for (end = i + 1; end < count && events[end].kind != DGM_EVENT_END;)
			end++;
		to = put_cells(w, events + i + 1, end - i - 1, to, !w->started && to == start);
		if (!to)
			return NULL;
	}
	return to;
}

int32_t dgm_csv_writer_put(void *writer, const struct dgm_record *record)
{
	struct csv_writer *w = writer;
	size_t count = 0, size = 0, rows = 1;
	const struct dgm_event *events = w->host->events(record, &count);
	if (w->host->path(record) == DGM_PATH_ENVELOPE) {
		if (count > 0)
			dgm_csv_report(w->host, w->job, DGM_WARNING, "csv-no-envelope", NULL,
				"a table has no place for what stands outside of its records; it is not written");
		return DGM_OK;
	}
	for (size_t i = 0; i < count; i++) {
		size += events[i].text.len;
		rows += events[i].kind == DGM_EVENT_END;
	}
	char *const start = reserve_rows(w, size, rows);
	const char *const end = count > 0 && is_row(w, &events[0]) ? put_rows(w, events, count, start)
								   : put_cells(w, events, count, start, !w->started);
	if (!end)
		return DGM_BAD;
	commit_rows(w, (size_t)(end - start));
	return DGM_OK;
}

static int32_t put_header(struct csv_writer *w, const uint32_t *columns)
{
	size_t size = 0;
	w->row++;
	for (size_t i = 0; i < w->columns; i++) {
		const struct dgm_str name = w->host->key_name(w->job, columns[i]);
		w->cells[i] = (struct cell){{name.ptr ? name.ptr : "", name.len}, w->row};
		size += name.len;
	}
	char *const start = reserve_rows(w, size, 1);
	const char *const end = put_row(w, start, true);
	if (!end)
		return DGM_FATAL;
	commit_rows(w, (size_t)(end - start));
	return DGM_OK;
}

static int32_t map_columns(struct csv_writer *w, const struct dgm_open *open)
{
	for (size_t i = 0; i < w->columns; i++) {
		uint32_t *column = &w->column_of[open->columns[i]];
		if (*column) {
			dgm_csv_report(w->host, w->job, DGM_ERROR, "csv-duplicate-column", NULL,
				"column %zu is column %" PRIu32 " once more", i + 1, *column);
			return DGM_FATAL;
		}
		*column = (uint32_t)i + 1;
	}
	return DGM_OK;
}

int32_t dgm_csv_writer_open(const struct dgm_open *open, void **ret_writer)
{
	if (!dgm_csv_check_dialect(open))
		return DGM_FATAL;
	if (open->column_count == 0) {
		dgm_csv_report(open->host, open->job, DGM_ERROR, "csv-no-columns", NULL,
			"a table needs at least one column");
		return DGM_FATAL;
	}
	uint32_t key_most = 0;
	for (uint32_t i = 0; i < open->column_count; i++) {
		if (open->columns[i] > key_most)
			key_most = open->columns[i];
	}
	struct csv_writer *w = calloc(1, sizeof *w);
	uint32_t *column_of = calloc((size_t)key_most + 1, sizeof *column_of);
	struct cell *cells = calloc(open->column_count, sizeof *cells);
	if (!w || !column_of || !cells) {
		free(w);
		free(column_of);
		free(cells);
		dgm_csv_report(open->host, open->job, DGM_ERROR, "csv-no-memory", NULL, "out of memory");
		return DGM_FATAL;
	}
	*w = (struct csv_writer){.host = open->host,
		.job = open->job,
		.output = open->output,
		.config = open->config,
		.column_of = column_of,
		.key_most = key_most,
		.columns = open->column_count,
		.cells = cells};
	int32_t result = map_columns(w, open);
	if (result == DGM_OK && w->config->header)
		result = put_header(w, open->columns);
	if (result != DGM_OK) {
		dgm_csv_writer_close(w);
		return result;
	}
	*ret_writer = w;
	return DGM_OK;
}

int32_t dgm_csv_writer_finish(void *writer)
{
	(void)writer;
	return DGM_OK;
}

/* What stands first in a file may need quotes. */
uint64_t dgm_csv_writer_state(const void *writer)
{
	const struct csv_writer *w = writer;
	return w->started;
}

void dgm_csv_writer_close(void *writer)
{
	struct csv_writer *w = writer;
	if (!w)
		return;
	free(w->column_of);
	free(w->cells);
	free(w);
}
