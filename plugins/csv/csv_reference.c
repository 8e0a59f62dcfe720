/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reference: libcsv decides what a row is. It strips blanks even when strict, so it gets a space function that
 * knows none; it forgets whether an empty cell was quoted, so it is told to hand over NULL for the ones that were not;
 * it has no positions, so they are counted out from the texts; after an error it is dead and must be made anew.
 */
#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "csv_engine.h"

/* libcsv grows its buffer by this much; its own 128 bytes would mean a realloc every other line of a long text. */
#define LIBCSV_STEP 65536u

struct dgm_csv_reference {
	struct csv_parser parser;
	struct dgm_csv_cells *cells;
	char *text; /* the texts of the row's events, one behind the other */
	size_t text_len, text_room;
	size_t cell; /* where the next cell starts in the row */
	unsigned char delimiter, quote;
	bool ready, row_ended, no_memory;
};

static int no_space(unsigned char c)
{
	(void)c;
	return 0;
}

void dgm_csv_reference_forget(struct dgm_csv_reference *reference)
{
	if (reference->ready)
		csv_free(&reference->parser);
	reference->ready = false;
}

static void make_parser(struct dgm_csv_reference *reference)
{
	if (reference->ready)
		return;
	csv_init(&reference->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL);
	csv_set_delim(&reference->parser, reference->delimiter);
	/* Quote 0 means none: the reader lets no NUL through to here then. */
	csv_set_quote(&reference->parser, reference->quote);
	csv_set_space_func(&reference->parser, no_space);
	csv_set_blk_size(&reference->parser, LIBCSV_STEP);
	reference->ready = true;
}

struct dgm_csv_reference *dgm_csv_reference_new(unsigned char delimiter, unsigned char quote)
{
	struct dgm_csv_reference *reference = calloc(1, sizeof *reference);
	if (!reference)
		return NULL;
	reference->delimiter = delimiter;
	reference->quote = quote;
	return reference;
}

void dgm_csv_reference_free(struct dgm_csv_reference *reference)
{
	if (!reference)
		return;
	dgm_csv_reference_forget(reference);
	free(reference->text);
	free(reference);
}

void dgm_csv_reference_begin(struct dgm_csv_reference *reference, struct dgm_csv_cells *cells)
{
	make_parser(reference);
	reference->cells = cells;
	reference->text_len = 0;
	reference->cell = 0;
	reference->row_ended = false;
	cells->cell_count = 0;
	cells->event_count = 0;
}

static bool keep_text(struct dgm_csv_reference *reference, const char *text, size_t len)
{
	if (reference->text_room - reference->text_len < len) {
		size_t room = reference->text_room ? reference->text_room : LIBCSV_STEP;
		while (room - reference->text_len < len)
			room *= 2;
		char *grown = realloc(reference->text, room);
		if (!grown)
			return false;
		reference->text = grown;
		reference->text_room = room;
	}
	if (len > 0)
		memcpy(reference->text + reference->text_len, text, len);
	reference->text_len += len;
	return true;
}

static size_t count_quotes(const struct dgm_csv_reference *reference, const char *text, size_t len)
{
	size_t n = 0;
	for (const char *p = text, *end = text + len; p < end; p++) {
		p = memchr(p, reference->quote, (size_t)(end - p));
		if (!p)
			break;
		n++;
	}
	return n;
}

struct feeding {
	struct dgm_csv_reference *reference;
	const char *row;
};

static void on_cell(void *data, size_t len, void *context)
{
	struct dgm_csv_reference *reference = ((struct feeding *)context)->reference;
	const char *row = ((struct feeding *)context)->row;
	const char *text = data;
	/* An unquoted cell that is not empty starts with something else than a quote, or libcsv had refused it. */
	const bool quoted = text && reference->quote && (unsigned char)row[reference->cell] == reference->quote;
	const size_t events = reference->cells->event_count;
	dgm_csv_cells_put(reference->cells, reference->cell, NULL, len, quoted, DGM_EVENT_STABLE);
	if (reference->cells->event_count > events && !keep_text(reference, text, len))
		reference->no_memory = true;
	reference->cell += len + (quoted ? 2 + count_quotes(reference, text, len) : 0) + 1;
}

static void on_row(int c, void *context)
{
	(void)c;
	((struct feeding *)context)->reference->row_ended = true;
}

/* The buffer has stopped moving: the texts lie in it in the order of the events. */
static enum dgm_csv_verdict finish_row(struct dgm_csv_reference *reference)
{
	if (reference->no_memory)
		return DGM_CSV_VERDICT_NO_MEMORY;
	const char *text = reference->text;
	for (size_t i = 0; i < reference->cells->event_count; i++) {
		struct dgm_event *event = &reference->cells->events[i];
		event->text.ptr = text;
		if (event->text.len > 0)
			text += event->text.len;
	}
	return DGM_CSV_VERDICT_ROW;
}

enum dgm_csv_verdict dgm_csv_reference_feed(struct dgm_csv_reference *reference, const char *row, size_t from,
	size_t to, size_t *ret_at)
{
	struct feeding feeding = {reference, row};
	const size_t fed = csv_parse(&reference->parser, row + from, to - from, on_cell, on_row, &feeding);
	if (fed < to - from) {
		const int error = csv_error(&reference->parser);
		dgm_csv_reference_forget(reference);
		if (error != CSV_EPARSE)
			return DGM_CSV_VERDICT_NO_MEMORY;
		/* libcsv stops at the quote in an unquoted cell, but behind the quote that did not end a quoted one. */
		const bool quoted = (unsigned char)row[reference->cell] == reference->quote;
		*ret_at = from + fed - (quoted ? 1 : 0);
		return DGM_CSV_VERDICT_STRAY;
	}
	return reference->row_ended ? finish_row(reference) : DGM_CSV_VERDICT_OPEN;
}

enum dgm_csv_verdict dgm_csv_reference_finish(struct dgm_csv_reference *reference, const char *row)
{
	struct feeding feeding = {reference, row};
	const int result = csv_fini(&reference->parser, on_cell, on_row, &feeding);
	const int error = csv_error(&reference->parser);
	dgm_csv_reference_forget(reference);
	if (result == 0)
		return finish_row(reference);
	return error == CSV_EPARSE ? DGM_CSV_VERDICT_UNCLOSED : DGM_CSV_VERDICT_NO_MEMORY;
}

size_t dgm_csv_reference_cell(const struct dgm_csv_reference *reference)
{
	return reference->cell;
}
