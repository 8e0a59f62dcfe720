/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The source's bytes: fetched in pieces, kept from the start of the open record on, made fit for the parser where they
 * are not UTF-8, and counted in lines. How much the parser gets at once decides how much it can be made to waste.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xml_reader.h"

/*
 * Bytes the parser gets at once. It parses a start tag only when it has all of it, and compares each attribute with
 * each: a piece must not hold so many that this takes long (16 KiB hold at most 2,700). Larger pieces are not faster.
 */
#define PIECE ((size_t)16 * 1024)

uint64_t xml_position(const struct xml_reader *r)
{
	const xmlParserInput *input = r->parser->input;
	if (!input)
		return r->bytes_at + r->byte_count;
	return (uint64_t)input->consumed + (uint64_t)(input->cur - input->base);
}

uint64_t xml_tag_start(const struct xml_reader *r)
{
	/* A start tag holds no '<' but its first byte: in an attribute's value it is an error. */
	size_t at = (size_t)(xml_position(r) - r->bytes_at);
	while (at > 0 && r->bytes[at - 1] != '<')
		at--;
	return r->bytes_at + (at > 0 ? at - 1 : 0);
}

/* Line feeds in n bytes, eight at a time. */
static uint32_t count_lines(const char *p, size_t n)
{
	const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
	const uint64_t feeds = UINT64_C(0x0a0a0a0a0a0a0a0a);
	uint32_t lines = 0;
	size_t i = 0;
	for (; n - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
		uint64_t word;
		memcpy(&word, p + i, sizeof word);
		word ^= feeds;
		/* The top bit of each byte that is zero now, exactly; their number by one multiplication. */
		const uint64_t zero = ~(((word & low) + low) | word | low);
		lines += (uint32_t)(((zero >> 7) * UINT64_C(0x0101010101010101)) >> 56);
	}
	for (; i < n; i++)
		lines += p[i] == '\n';
	return lines;
}

static struct dgm_place count_to(const struct xml_reader *r, uint64_t at, uint64_t *ret_line_start)
{
	size_t n = (size_t)(at - r->anchor);
	const char *from = n > 0 ? r->bytes + (r->anchor - r->bytes_at) : NULL;
	const uint32_t lines = n > 0 ? count_lines(from, n) : 0;
	uint64_t line_start = r->anchor_line_start;
	if (lines > 0) {
		while (from[n - 1] != '\n')
			n--;
		line_start = r->anchor + n;
	}
	const uint64_t column = at - line_start + 1;
	*ret_line_start = line_start;
	return (struct dgm_place){.offset = at,
		.line = r->anchor_line + lines,
		.column = column > UINT32_MAX ? 0 : (uint32_t)column};
}

struct dgm_place xml_place(const struct xml_reader *r, uint64_t at)
{
	uint64_t line_start;
	if (at < r->anchor || at > r->bytes_at + r->byte_count)
		return (struct dgm_place){.offset = at};
	return count_to(r, at, &line_start);
}

void xml_anchor(struct xml_reader *r, uint64_t at)
{
	uint64_t line_start;
	if (at <= r->anchor || at > r->bytes_at + r->byte_count)
		return;
	const struct dgm_place place = count_to(r, at, &line_start);
	r->anchor = at;
	r->anchor_line = place.line;
	r->anchor_line_start = line_start;
}

void xml_source_drop(struct xml_reader *r, uint64_t keep)
{
	if (keep <= r->bytes_at)
		return;
	xml_anchor(r, keep);
	const size_t gone = (size_t)(keep - r->bytes_at);
	r->byte_count -= gone;
	memmove(r->bytes, r->bytes + gone, r->byte_count);
	r->bytes_at = keep;
}

uint64_t xml_source_invalid(const struct xml_reader *r, uint64_t from)
{
	const struct dgm_str all = {r->bytes, r->byte_count};
	const size_t at = xml_utf8_invalid(all, (size_t)(from - r->bytes_at));
	return at < all.len ? r->bytes_at + at : XML_NOWHERE;
}

static void too_many_attributes(struct xml_reader *r)
{
	char text[120];
	snprintf(text, sizeof text, "an element has more than %llu attributes, 16 times max-attributes",
		(unsigned long long)r->hard_attributes);
	xml_fail(r, "xml-too-many-attributes", r->tag_at, text);
}

/* Looks at a piece of an unfinished start tag. How many bytes up to and with its '>', or all. */
static size_t scan_tag(struct xml_reader *r, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char c = p[i];
		if (r->tag_quote) {
			if (c == r->tag_quote)
				r->tag_quote = 0;
		} else if (c == '"' || c == '\'') {
			r->tag_quote = c;
			r->tag_values++;
		} else if (c == '>') {
			r->tag_seen += i + 1;
			return i + 1;
		}
	}
	r->tag_seen += n;
	return n;
}

static size_t tag_piece(struct xml_reader *r, uint64_t at, const char *window, size_t n)
{
	if (r->tag_at != at) {
		r->tag_at = at;
		r->tag_seen = at;
		r->tag_values = 0;
		r->tag_quote = 0;
	}
	const uint64_t fed = r->bytes_at + r->byte_count;
	if (r->tag_seen < fed)
		scan_tag(r, r->bytes + (r->tag_seen - r->bytes_at), (size_t)(fed - r->tag_seen));
	const size_t piece = scan_tag(r, window, n);
	if (r->tag_values > r->hard_attributes)
		too_many_attributes(r);
	return piece;
}

/* Up to and with the first '>' in the window behind the two bytes, or all. */
static size_t piece_until(const struct xml_reader *r, const char *window, size_t n, char before, char first)
{
	for (size_t i = 0; i < n; i++) {
		if (window[i] != '>')
			continue;
		const char b = i >= 1 ? window[i - 1] : r->bytes[r->byte_count - 1];
		const char a = i >= 2 ? window[i - 2] : r->bytes[r->byte_count - 2 + i];
		if (b == before && (!first || a == first))
			return i + 1;
	}
	return n;
}

/*
 * How many of the window's n bytes to feed. Where the parser waits for the end of a long tag, comment or instruction it
 * looks at all of it again with each piece, so the pieces grow with it; but never beyond its end, as what comes
 * behind must come in small pieces again.
 */
static size_t piece_length(struct xml_reader *r, const char *window, size_t n)
{
	const uint64_t at = xml_position(r);
	const uint64_t waiting = r->bytes_at + r->byte_count - at;
	if (waiting < PIECE)
		return n < PIECE ? n : PIECE;
	const char *p = r->bytes + (at - r->bytes_at);
	const size_t limit = n < waiting ? n : (size_t)waiting;
	if (memcmp(p, "<!--", 4) == 0)
		return piece_until(r, window, limit, '-', '-');
	if (p[0] == '<' && p[1] == '?')
		return piece_until(r, window, limit, '?', 0);
	if (p[0] == '<' && p[1] != '!')
		return tag_piece(r, at, window, limit);
	return n < PIECE ? n : PIECE;
}

/* The largest part of n bytes that ends with a whole character. */
static size_t whole_characters(const char *p, size_t n)
{
	for (size_t back = 1; back <= 3 && back <= n; back++) {
		const unsigned char c = (unsigned char)p[n - back];
		if (c < 0x80)
			return n;
		if (c >= 0xC0)
			return xml_utf8_length(p + n - back, p + n) < 0 ? n - back : n;
	}
	return n;
}

/* A copy in which each byte of no character is a '+': not allowed in names, without meaning in text. */
static const char *patch(struct xml_reader *r, struct dgm_str piece, size_t invalid)
{
	if (!xml_grow((void **)&r->patched, &r->patched_capacity, piece.len, 1)) {
		xml_fail_memory(r);
		return NULL;
	}
	const uint64_t at = r->bytes_at + r->byte_count - piece.len;
	memcpy(r->patched, piece.ptr, piece.len);
	for (; invalid < piece.len; invalid = xml_utf8_invalid(piece, invalid + 1)) {
		r->patched[invalid] = '+';
		r->bad_last = at + invalid;
		if (r->bad_first == XML_NOWHERE)
			r->bad_first = r->bad_last;
	}
	return r->patched;
}

int32_t xml_source_piece(struct xml_reader *r, struct dgm_str *ret_piece)
{
	struct dgm_str window;
	size_t n = 0;
	for (size_t want = 1; n == 0; want = window.len + 1) {
		const int32_t rc = r->host->peek(r->input, want, &window);
		if (rc < 0)
			return DGM_FATAL;
		if (window.len == 0)
			return 0;
		if (window.len < want) { /* the file ends within a character */
			n = window.len;
			break;
		}
		n = piece_length(r, window.ptr, window.len);
		if (r->fault.code)
			return 0;
		n = whole_characters(window.ptr, n);
	}
	if (!xml_grow((void **)&r->bytes, &r->byte_capacity, r->byte_count + n, 1)) {
		xml_fail_memory(r);
		return 0;
	}
	const struct dgm_str piece = {r->bytes + r->byte_count, n};
	memcpy(r->bytes + r->byte_count, window.ptr, n);
	r->byte_count += n;
	r->host->consume(r->input, n);
	const size_t invalid = xml_utf8_invalid(piece, 0);
	const char *fit = invalid < n ? patch(r, piece, invalid) : piece.ptr;
	if (!fit)
		return 0;
	*ret_piece = (struct dgm_str){fit, n};
	return 1;
}
