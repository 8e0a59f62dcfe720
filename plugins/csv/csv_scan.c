/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fast scanner: finds the bytes that matter 64 at a time and cuts well-formed rows into slices of the window. It
 * judges nothing: what is not well-formed is left to libcsv, and a property test holds that both see the same cells.
 */
#include <string.h>

#include "csv_engine.h"

#if defined(__SSE2__) && !defined(DGM_CSV_PORTABLE)
#include <emmintrin.h>
#endif

#define BLOCK 64u

/* NUL, CR and LF are looked for by one comparison; what else lies below CR is seen too and passed over. */
#define LAST_CONTROL 0x0d

#if defined(__SSE2__) && !defined(DGM_CSV_PORTABLE)
static uint64_t mask_16(const char *bytes, __m128i delimiter, __m128i quote)
{
	const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)bytes);
	const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(LAST_CONTROL)), x);
	const __m128i mark = _mm_or_si128(_mm_cmpeq_epi8(x, delimiter), _mm_cmpeq_epi8(x, quote));
	return (uint64_t)(unsigned)_mm_movemask_epi8(_mm_or_si128(low, mark));
}

static uint64_t mask_64(const struct dgm_csv_scan *scan, const char *bytes)
{
	const __m128i delimiter = _mm_set1_epi8((char)scan->delimiter);
	const __m128i quote = _mm_set1_epi8((char)scan->quote);
	return mask_16(bytes, delimiter, quote) | mask_16(bytes + 16, delimiter, quote) << 16 |
		mask_16(bytes + 32, delimiter, quote) << 32 | mask_16(bytes + 48, delimiter, quote) << 48;
}
#else
static uint64_t mask_64(const struct dgm_csv_scan *scan, const char *bytes)
{
	uint64_t mask = 0;
	for (unsigned i = 0; i < BLOCK; i++) {
		const unsigned char c = (unsigned char)bytes[i];
		const unsigned hit = (c <= LAST_CONTROL) | (c == scan->delimiter) | (c == scan->quote);
		mask |= (uint64_t)hit << i;
	}
	return mask;
}
#endif

static unsigned lowest_bit(uint64_t mask)
{
#if defined(__GNUC__)
	return (unsigned)__builtin_ctzll(mask);
#else
	unsigned n = 0;
	for (; !(mask & 1u); mask >>= 1)
		n++;
	return n;
#endif
}

static uint64_t block_mask(const struct dgm_csv_scan *scan, size_t at)
{
	const size_t left = scan->window.len - at;
	if (left >= BLOCK)
		return mask_64(scan, scan->window.ptr + at);
	char tail[BLOCK] = {0};
	memcpy(tail, scan->window.ptr + at, left);
	return mask_64(scan, tail) & (((uint64_t)1 << left) - 1u);
}

void dgm_csv_scan_seek(struct dgm_csv_scan *scan, size_t at)
{
	scan->block = at;
	scan->mask = at < scan->window.len ? block_mask(scan, at) : 0;
}

/* The next byte that may matter, or the window's length. */
static inline size_t next_mark(struct dgm_csv_scan *scan)
{
	while (scan->mask == 0) {
		if (scan->window.len - scan->block <= BLOCK) {
			scan->block = scan->window.len;
			return scan->window.len;
		}
		scan->block += BLOCK;
		scan->mask = block_mask(scan, scan->block);
	}
	const size_t at = scan->block + lowest_bit(scan->mask);
	scan->mask &= scan->mask - 1u;
	return at;
}

/*
 * The cell whose opening quote was the last mark. On FOUND_ROW *ret_close is its closing quote, and the scanner stands
 * right behind that.
 */
static enum dgm_csv_found quoted_cell(struct dgm_csv_scan *scan, struct dgm_csv_row *row, uint32_t *flags,
	size_t *ret_close)
{
	const struct dgm_str window = scan->window;
	for (;;) {
		const size_t at = next_mark(scan);
		if (at == window.len)
			return scan->at_end ? DGM_CSV_FOUND_ODD : DGM_CSV_FOUND_MORE;
		const unsigned char c = (unsigned char)window.ptr[at];
		if (c != scan->quote) {
			row->nul |= c == 0;
			row->lines |= c == '\n' || c == '\r';
			continue;
		}
		if (at + 1 == window.len && !scan->at_end)
			return DGM_CSV_FOUND_MORE;
		if (at + 1 == window.len || (unsigned char)window.ptr[at + 1] != scan->quote) {
			*ret_close = at;
			return DGM_CSV_FOUND_ROW;
		}
		(void)next_mark(scan); /* the second one of the pair */
		*flags |= DGM_CSV_DOUBLED;
		row->doubled = true;
	}
}

static void end_row(struct dgm_csv_scan *scan, size_t start, size_t end, struct dgm_csv_row *row)
{
	row->length = end - start;
	row->at_end = end == scan->window.len;
	if (end + 1 < scan->window.len && scan->window.ptr[end] == '\r' && scan->window.ptr[end + 1] == '\n')
		(void)next_mark(scan);
}

enum dgm_csv_found dgm_csv_scan_row(struct dgm_csv_scan *scan, size_t start, struct dgm_csv_cells *cells,
	struct dgm_csv_row *ret_row)
{
	/* Copies, so that the stores of events do not force the state back into memory at every cell. */
	struct dgm_csv_scan at_work = *scan;
	struct dgm_csv_row row = {0};
	const struct dgm_str window = scan->window;
	enum dgm_csv_found found = DGM_CSV_FOUND_ROW;
	cells->cell_count = 0;
	cells->event_count = 0;
	size_t cell = start;
	for (;;) {
		const size_t at = next_mark(&at_work);
		const unsigned char c = at < window.len ? (unsigned char)window.ptr[at] : '\n';
		if (at == window.len && !scan->at_end) {
			found = DGM_CSV_FOUND_MORE;
			break;
		}
		if (c == scan->delimiter || c == '\n' || c == '\r') {
			dgm_csv_cells_put(cells, cell - start, window.ptr + cell, at - cell, false, DGM_EVENT_STABLE);
			cell = at + 1;
			if (c == scan->delimiter)
				continue;
			end_row(&at_work, start, at, &row);
			break;
		}
		if (c == 0) {
			row.nul = true;
			continue;
		}
		if (c != scan->quote)
			continue;
		if (at != cell) {
			found = DGM_CSV_FOUND_ODD;
			break;
		}
		size_t close = 0;
		uint32_t flags = DGM_EVENT_STABLE;
		found = quoted_cell(&at_work, &row, &flags, &close);
		if (found != DGM_CSV_FOUND_ROW)
			break;
		const size_t behind = close + 1;
		const unsigned char d = behind < window.len ? (unsigned char)window.ptr[behind] : '\n';
		if (d != scan->delimiter && d != '\n' && d != '\r') {
			found = DGM_CSV_FOUND_ODD;
			break;
		}
		dgm_csv_cells_put(cells, cell - start, window.ptr + cell + 1, close - cell - 1, true, flags);
		(void)next_mark(&at_work); /* what ended the cell */
		cell = behind + 1;
		if (d == scan->delimiter)
			continue;
		end_row(&at_work, start, behind, &row);
		break;
	}
	scan->block = at_work.block;
	scan->mask = at_work.mask;
	*ret_row = row;
	return found;
}

/* Behind the closing quote of a cell, or 0 where the window does not tell. lines: grows by the line ends inside. */
static size_t pass_quoted(struct dgm_csv_scan *scan, size_t open, uint64_t *lines)
{
	const struct dgm_str window = scan->window;
	for (;;) {
		const size_t at = next_mark(scan);
		if (at == window.len)
			return 0;
		const char c = window.ptr[at];
		if ((unsigned char)c == scan->quote) {
			if (at + 1 == window.len)
				return 0;
			if ((unsigned char)window.ptr[at + 1] != scan->quote)
				return at + 1;
			(void)next_mark(scan); /* the second one of the pair */
		} else {
			*lines += c == '\r' || (c == '\n' && (window.ptr[at - 1] != '\r' || at - 1 == open));
		}
	}
}

/* The line end of the row at start, or the window's length: none, or not well-formed. */
static size_t pass_row(struct dgm_csv_scan *scan, unsigned char delimiter, size_t start, uint64_t *lines)
{
	const struct dgm_str window = scan->window;
	for (size_t at = next_mark(scan); at < window.len; at = next_mark(scan)) {
		const char c = window.ptr[at];
		if (c == '\n' || c == '\r')
			return at;
		if ((unsigned char)c != scan->quote || c == 0)
			continue;
		if (at != start && (unsigned char)window.ptr[at - 1] != delimiter)
			return window.len;
		const size_t behind = pass_quoted(scan, at, lines);
		if (behind == 0)
			return window.len;
		const char d = window.ptr[behind];
		if ((unsigned char)d != delimiter && d != '\n' && d != '\r')
			return window.len;
	}
	return window.len;
}

void dgm_csv_scan_pass(const struct dgm_csv_scan *scan, size_t at, size_t stop, size_t max_row, bool after_cr,
	struct dgm_csv_passed *ret_passed)
{
	struct dgm_csv_passed passed = {.end = at, .after_cr = after_cr};
	struct dgm_csv_scan marks = *scan;
	const struct dgm_str window = scan->window;
	/* Where rows end is told by quotes and line ends alone. */
	marks.delimiter = marks.quote;
	dgm_csv_scan_seek(&marks, at);
	while (passed.end < stop) {
		const size_t start = passed.end;
		uint64_t lines = 0;
		const size_t end = pass_row(&marks, scan->delimiter, start, &lines);
		if (end == window.len || end - start > max_row)
			break;
		const bool feed = window.ptr[end] == '\n';
		passed.end = end + 1;
		if (end == start) {
			passed.lines += !feed || !passed.after_cr;
			passed.after_cr = !feed;
			continue;
		}
		passed.rows++;
		passed.lines += lines + 1;
		passed.after_cr = !feed;
		if (!feed && passed.end < window.len && window.ptr[passed.end] == '\n') {
			(void)next_mark(&marks);
			passed.end++;
			passed.after_cr = false;
		}
	}
	*ret_passed = passed;
}
