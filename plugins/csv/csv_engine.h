/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the CSV engine share: the options, the cells of a row, and the two ways to find them. */
#ifndef DGM_CSV_ENGINE_H
#define DGM_CSV_ENGINE_H

#include <stdbool.h>

#include <dragoman/plugin.h>

#define DGM_CSV_EOL_CRLF 1u
#define DGM_CSV_QUOTING_ALL 1u
#define DGM_CSV_SCANNER_LIBCSV 1u

/* Filled by the host from the option table in csv_plugin.c. */
struct dgm_csv_config {
	uint64_t delimiter, quote; /* quote 0: nothing is quoted */
	uint64_t header;
	uint64_t eol, quoting;                       /* writing */
	uint64_t max_field, max_columns, max_record; /* reading */
	uint64_t scanner, window;
};

/* Whether the two characters can tell cells from rows; says what is wrong if they cannot. */
bool dgm_csv_check_dialect(const struct dgm_open *open);
/* host->report with a formatted text, cut at 200 bytes. */
#if defined(__GNUC__)
__attribute__((format(printf, 6, 7)))
#endif
void dgm_csv_report(const struct dgm_host *host, struct dgm_job *job, uint32_t severity, const char *code,
	const struct dgm_place *place, const char *format, ...);

/* Names of columns belong to no record that the host could reject for what is no text, so they are looked at here. */
bool dgm_csv_is_utf8(struct dgm_str s);

/*
 * The cells of one row, as events. keys[i] is the key of column i; until the first row has named the columns it is
 * i + 1. Room grows by dgm_csv_cells_grow up to max; cells beyond it are counted and not kept.
 */
struct dgm_csv_cells {
	struct dgm_event *events;
	uint32_t *keys;
	size_t room, max;
	size_t event_count, cell_count;
	bool no_memory;
};

/* Set in an event whose text still holds doubled quotes; never seen by the host. */
#define DGM_CSV_DOUBLED 0x80000000u

bool dgm_csv_cells_grow(struct dgm_csv_cells *cells);

/* Counts a cell, and keeps it unless it is empty and not quoted (then it is not there). */
static inline void dgm_csv_cells_put(struct dgm_csv_cells *cells, size_t offset, const char *text, size_t len,
	bool quoted, uint32_t flags)
{
	const size_t column = cells->cell_count++;
	if (column >= cells->room && !dgm_csv_cells_grow(cells))
		return;
	if (len == 0 && !quoted)
		return;
	/* A row beyond 4 GiB is refused by its length before anyone looks at an offset. */
	cells->events[cells->event_count++] = (struct dgm_event){.kind = DGM_EVENT_VALUE,
		.literal = DGM_LITERAL_TEXT,
		.key = cells->keys[column],
		.flags = flags,
		.offset = (uint32_t)offset,
		.text = {text, len}};
}

/* A row that was found: its bytes without the line end, and what else the way through it has shown. */
struct dgm_csv_row {
	size_t length;
	bool at_end;    /* the end of the input ended it, no line end did */
	bool nul;       /* holds a NUL byte */
	bool doubled;   /* holds a cell marked DGM_CSV_DOUBLED */
	bool lines;     /* may hold a line end inside of a cell */
	bool unscanned; /* the reference found it: the scanner stands somewhere else */
};

/*
 * The fast scanner: well-formed rows only, cells are slices of the window. mask holds the bytes in window[block, +64)
 * that may mean something and were not visited yet.
 */
struct dgm_csv_scan {
	struct dgm_str window;
	bool at_end; /* the window reaches to the end of the input */
	unsigned char delimiter, quote;
	size_t block;
	uint64_t mask;
};

enum dgm_csv_found {
	DGM_CSV_FOUND_ROW,
	DGM_CSV_FOUND_MORE, /* the window ends before the row does */
	DGM_CSV_FOUND_ODD   /* not well-formed: the reference has the word */
};

/* Goes on at byte `at` of the window. */
void dgm_csv_scan_seek(struct dgm_csv_scan *scan, size_t at);
/* Takes the row that starts at byte `start`, where the scanner stands; behind a CR the LF is taken along if it is there. */
enum dgm_csv_found dgm_csv_scan_row(struct dgm_csv_scan *scan, size_t start, struct dgm_csv_cells *cells,
	struct dgm_csv_row *ret_row);

/* What a pass has left behind. */
struct dgm_csv_passed {
	size_t end; /* where the next row starts, or the blank lines in front of it */
	uint64_t rows, lines;
	bool after_cr; /* the byte before `end` is a CR */
};

/*
 * Passes by rows from byte `at` on, which starts one, until `stop` lies behind it: whole well-formed rows of at most
 * max_row bytes, and blank lines. The scanner itself stays where it stands.
 */
void dgm_csv_scan_pass(const struct dgm_csv_scan *scan, size_t at, size_t stop, size_t max_row, bool after_cr,
	struct dgm_csv_passed *ret_passed);

/* The reference: libcsv, fed line by line. */
struct dgm_csv_reference;

enum dgm_csv_verdict {
	DGM_CSV_VERDICT_OPEN, /* the row goes on in the next line */
	DGM_CSV_VERDICT_ROW,
	DGM_CSV_VERDICT_STRAY,    /* a quote inside of a cell */
	DGM_CSV_VERDICT_UNCLOSED, /* the input ended inside of a quoted cell */
	DGM_CSV_VERDICT_NO_MEMORY
};

/* NULL: no memory. */
struct dgm_csv_reference *dgm_csv_reference_new(unsigned char delimiter, unsigned char quote);
void dgm_csv_reference_free(struct dgm_csv_reference *reference);
/* Forgets a row that was fed in part. */
void dgm_csv_reference_forget(struct dgm_csv_reference *reference);
/* Starts over with a row. */
void dgm_csv_reference_begin(struct dgm_csv_reference *reference, struct dgm_csv_cells *cells);
/*
 * Feeds row[from, to); all before `from` was fed already, perhaps from another address. After ROW the texts of the
 * cells are set, and stay until the next begin. ret_at: after STRAY, where the stray quote stands in the row.
 */
enum dgm_csv_verdict dgm_csv_reference_feed(struct dgm_csv_reference *reference, const char *row, size_t from,
	size_t to, size_t *ret_at);
/* The input ends behind what was fed. */
enum dgm_csv_verdict dgm_csv_reference_finish(struct dgm_csv_reference *reference, const char *row);
/* After STRAY and UNCLOSED: where the cell starts that could not be read. */
size_t dgm_csv_reference_cell(const struct dgm_csv_reference *reference);

int32_t dgm_csv_reader_open(const struct dgm_open *open, void **ret_reader);
int32_t dgm_csv_reader_next(void *reader, struct dgm_record *record);
int32_t dgm_csv_reader_skip(void *reader, struct dgm_record *record, uint64_t bytes, struct dgm_mark *ret_mark);
int32_t dgm_csv_reader_resume(void *reader, const struct dgm_mark *mark);
void dgm_csv_reader_close(void *reader);
int32_t dgm_csv_writer_open(const struct dgm_open *open, void **ret_writer);
int32_t dgm_csv_writer_put(void *writer, const struct dgm_record *record);
int32_t dgm_csv_writer_finish(void *writer);
uint64_t dgm_csv_writer_state(const void *writer);
void dgm_csv_writer_close(void *writer);

#endif
