/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading in parts. Lines that are one object each are passed by at the speed of a look at their quotes and brackets;
 * everything else, and every doubt, is the reader's.
 */
#include "json_reader.h"

#define BLOCK 64u

/* Where in a block something stands. */
struct marks {
	uint64_t quotes, backslashes, brackets;
};

#if JSON_SSE2
static unsigned equal(__m128i block, char c)
{
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8(c)));
}

static struct marks look_at(const char *p)
{
	struct marks marks = {0, 0, 0};
	for (unsigned at = 0; at < BLOCK; at += 16) {
		const __m128i block = _mm_loadu_si128((const __m128i *)(const void *)(p + at));
		/* '[' and '{', ']' and '}' differ in one bit, which no other character has to itself. */
		const __m128i curly = _mm_or_si128(block, _mm_set1_epi8(0x20));
		marks.quotes |= (uint64_t)equal(block, '"') << at;
		marks.backslashes |= (uint64_t)equal(block, '\\') << at;
		marks.brackets |= (uint64_t)(equal(curly, '{') | equal(curly, '}')) << at;
	}
	return marks;
}
#else
static struct marks look_at(const char *p)
{
	struct marks marks = {0, 0, 0};
	for (unsigned at = 0; at < BLOCK; at++) {
		const char c = p[at];
		marks.quotes |= (uint64_t)(c == '"') << at;
		marks.backslashes |= (uint64_t)(c == '\\') << at;
		marks.brackets |= (uint64_t)(c == '{' || c == '}' || c == '[' || c == ']') << at;
	}
	return marks;
}
#endif

static unsigned lowest_bit(uint64_t bits)
{
#if defined(__GNUC__)
	return (unsigned)__builtin_ctzll(bits);
#else
	unsigned n = 0;
	for (; !(bits & 1u); bits >>= 1)
		n++;
	return n;
#endif
}

/* What stands behind a backslash; carry: whether the first byte does, and then the one behind the block. */
static uint64_t escaped(uint64_t backslashes, bool *carry)
{
	uint64_t result = *carry;
	*carry = false;
	for (; backslashes; backslashes &= backslashes - 1) {
		const unsigned at = lowest_bit(backslashes);
		if (result >> at & 1u)
			continue;
		if (at + 1 == BLOCK)
			*carry = true;
		else
			result |= (uint64_t)2 << at;
	}
	return result;
}

/* Bit i: whether an odd number of the bits 0 to i are set. */
static uint64_t parity(uint64_t bits)
{
	for (unsigned shift = 1; shift < BLOCK; shift *= 2)
		bits ^= bits << shift;
	return bits;
}

static bool is_blank(const char *p, const char *end)
{
	while (p < end && json_is_space(*p))
		p++;
	return p == end;
}

/*
 * Whether a line that opens an object closes it at its end and nowhere before. Then it is one record, and if the
 * scanner should find it broken, that costs the line and no more.
 */
static bool is_whole(const char *p, const char *end)
{
	bool carry = false;
	uint64_t inside = 0;
	size_t depth = 0;
	for (; p < end; p += BLOCK) {
		const size_t left = (size_t)(end - p);
		char tail[BLOCK];
		if (left < BLOCK) {
			memset(tail, ' ', sizeof tail);
			memcpy(tail, p, left);
		}
		const char *const block = left < BLOCK ? tail : p;
		const struct marks marks = look_at(block);
		uint64_t quotes = marks.quotes;
		if (marks.backslashes || carry)
			quotes &= ~escaped(marks.backslashes, &carry);
		const uint64_t text = parity(quotes) ^ inside;
		inside = (uint64_t)0 - (text >> (BLOCK - 1));
		for (uint64_t brackets = marks.brackets & ~text; brackets; brackets &= brackets - 1) {
			const unsigned at = lowest_bit(brackets);
			const bool opens = block[at] == '{' || block[at] == '[';
			depth += opens ? 1 : SIZE_MAX;
			if (depth == 0)
				return is_blank(p + at + 1, end);
		}
	}
	return false;
}

/* Passes by lines of the window until `bytes` of it lie behind; how many. */
static uint64_t pass_lines(struct reader *r, uint64_t bytes)
{
	struct dgm_str window;
	uint64_t lines = 0;
	if (r->host->peek(r->input, 1, &window) < 0 || window.len == 0)
		return 0;
	const char *p = window.ptr;
	const char *const end = p + window.len;
	/* A record that was read ends before the end of its line. */
	for (; p < end && json_is_space(*p); p++)
		r->at_line_start = r->at_line_start || *p == '\n';
	while (r->at_line_start && (uint64_t)(p - window.ptr) < bytes && p < end && *p == '{') {
		const char *feed = memchr(p, '\n', (size_t)(end - p));
		if (!feed || (uint64_t)(feed - p) > r->max_record || !is_whole(p, feed))
			break;
		lines++;
		p = feed + 1;
	}
	json_advance(&r->place, window.ptr, (size_t)(p - window.ptr));
	r->host->consume(r->input, (size_t)(p - window.ptr));
	if (lines > 0)
		r->last_top = TOP_VALUE;
	return lines;
}

/* What stands behind the way to the record: pages have members that would have to be known again. */
static bool is_markable(const struct reader *r)
{
	return (r->state == AT_TOP && r->last_top != TOP_ARRAY && r->last_top != TOP_PAGE) ||
		(r->state == IN_LIST && !r->in_page);
}

/* The state in the bits of a number. */
static uint64_t note(const struct reader *r)
{
	return (uint64_t)r->state | (uint64_t)r->last_top << 8 | (uint64_t)r->list_place << 16 |
		(uint64_t)r->level << 24 | (uint64_t)r->at_line_start << 32;
}

int32_t json_reader_skip(void *reader, struct dgm_record *record, uint64_t bytes, struct dgm_mark *ret_mark)
{
	struct reader *r = reader;
	const uint64_t here = r->place.offset, stop = bytes < UINT64_MAX - here ? here + bytes : UINT64_MAX;
	uint64_t records = 0;
	int32_t result = DGM_OK;
	while (result == DGM_OK && (records == 0 || r->place.offset < stop)) {
		if (r->state == AT_TOP && r->list_count == 1 && r->lists[0].path[0] != NO_PATH &&
			r->last_top != TOP_ARRAY && r->place.offset < stop)
			records += pass_lines(r, stop - r->place.offset);
		if (records > 0 && r->place.offset >= stop)
			break;
		result = json_reader_next(reader, record);
		records += result == DGM_OK || result == DGM_BAD;
		if (result == DGM_BAD)
			result = DGM_OK;
		if (result == DGM_OK && !is_markable(r))
			return DGM_FATAL;
	}
	*ret_mark = (struct dgm_mark){.offset = r->place.offset,
		.line = r->place.line,
		.column = r->place.column,
		.records = records,
		.state = note(r)};
	return result;
}

int32_t json_reader_resume(void *reader, const struct dgm_mark *mark)
{
	struct reader *r = reader;
	const enum state state = (enum state)(mark->state & 0xff);
	/* The list is the array at the top, which this instance has found, too. */
	if (state == IN_LIST && r->list != &r->lists[0])
		return DGM_FATAL;
	r->state = state;
	r->last_top = (enum top_kind)(mark->state >> 8 & 0xff);
	r->list_place = (enum list_place)(mark->state >> 16 & 0xff);
	r->level = (uint32_t)(mark->state >> 24 & 0xff);
	r->at_line_start = mark->state >> 32 & 1u;
	r->place = (struct dgm_place){mark->offset, (uint32_t)mark->line, (uint32_t)mark->column};
	return DGM_OK;
}
