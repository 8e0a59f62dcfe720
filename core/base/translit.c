/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ICU replaces inside one text, and moves all that is behind for each letter: of a text of megabytes that would be hours.
 * Words are short, so each goes through alone.
 */
#include "base/translit.h"

#include <stdlib.h>

#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "base/utf8.h"

#define WORD_MAX 128u  /* UTF-16 units that go through at once; longer words go in pieces */
#define MADE_MAX 2048u /* what they may become: sixteen units for each, the shipped tables need six */

struct dgm_translit {
	UTransliterator *rules;
};

/* Counted from ICU's UTF-16 offset. */
static struct dgm_place place_in(const UChar *rules, int32_t length, int32_t offset)
{
	struct dgm_place place = {0};
	if (offset < 0 || offset > length)
		return place;
	place = (struct dgm_place){.line = 1, .column = 1};
	for (int32_t i = 0; i < offset; i++) {
		place.column = rules[i] == '\n' ? 1 : place.column + 1;
		place.line += rules[i] == '\n';
	}
	return place;
}

struct dgm_translit *dgm_translit_new(struct dgm_str rules, struct dgm_place *ret_place, const char **ret_problem)
{
	static const UChar id[] = {'r', 'u', 'l', 'e', 's', 0};
	UErrorCode error = U_ZERO_ERROR;
	UParseError where = {.line = 0, .offset = -1};
	int32_t length = 0;
	/* UTF-16 has never more units than UTF-8 bytes. */
	UChar *text = dgm_xcalloc(rules.len + 1, sizeof *text);
	u_strFromUTF8(text, (int32_t)(rules.len + 1), &length, rules.ptr ? rules.ptr : "", (int32_t)rules.len, &error);
	UTransliterator *made = utrans_openU(id, -1, UTRANS_FORWARD, text, length, &where, &error);
	struct dgm_translit *translit = NULL;
	if (U_SUCCESS(error)) {
		translit = dgm_xcalloc(1, sizeof *translit);
		translit->rules = made;
	} else {
		*ret_place = place_in(text, length, where.offset);
		*ret_problem = u_errorName(error);
	}
	free(text);
	return translit;
}

void dgm_translit_free(struct dgm_translit *translit)
{
	if (!translit)
		return;
	utrans_close(translit->rules);
	free(translit);
}

/* What was made of the text so far. */
struct made {
	struct dgm_arena *arena;
	char *text;
	size_t len, capacity;
	bool left_out;
};

static void append(struct made *made, const char *text, size_t len)
{
	if (len > made->capacity - made->len) {
		made->capacity = 2 * made->capacity + len + 64;
		char *more = dgm_arena_alloc(made->arena, made->capacity);
		if (made->len)
			memcpy(more, made->text, made->len);
		made->text = more;
	}
	memcpy(made->text + made->len, text, len);
	made->len += len;
}

static void append_made(struct made *made, const UChar *units, int32_t length)
{
	for (int32_t i = 0; i < length;) {
		uint32_t c = units[i++];
		char bytes[4];
		if (U16_IS_LEAD(c) && i < length)
			c = (uint32_t)U16_GET_SUPPLEMENTARY(c, units[i++]);
		if (c == DGM_TRANSLIT_GONE)
			made->left_out = true;
		else if (!U_IS_SURROGATE(c))
			append(made, bytes, dgm_utf8_put(bytes, c));
	}
}

/* At most WORD_MAX units of a word. */
static bool convert(const struct dgm_translit *translit, struct dgm_str piece, struct made *made)
{
	UChar units[MADE_MAX];
	int32_t length = 0;
	for (size_t at = 0; at < piece.len;) {
		const uint32_t c = dgm_utf8_next(piece, &at);
		U16_APPEND_UNSAFE(units, length, c);
	}
	UErrorCode error = U_ZERO_ERROR;
	int32_t limit = length;
	utrans_transUChars(translit->rules, units, &length, MADE_MAX, 0, &limit, &error);
	if (U_FAILURE(error))
		return false;
	append_made(made, units, length);
	return true;
}

static bool is_ascii(struct dgm_str s)
{
	unsigned char all = 0;
	for (size_t i = 0; i < s.len; i++)
		all |= (unsigned char)s.ptr[i];
	return all < 0x80;
}

bool dgm_translit_apply(const struct dgm_translit *translit, struct dgm_arena *arena, struct dgm_str s,
	struct dgm_str *ret_text, bool *left_out)
{
	struct made made = {.arena = arena};
	for (size_t at = 0; at < s.len;) {
		size_t end = at, units = 0;
		const bool white = dgm_is_space(s.ptr[at]);
		while (end < s.len && dgm_is_space(s.ptr[end]) == white && (white || units < WORD_MAX - 1)) {
			const size_t before = end;
			dgm_utf8_next(s, &end);
			units += end - before == 4 ? 2 : 1;
		}
		const struct dgm_str piece = dgm_str_of(s.ptr + at, end - at);
		if (white || is_ascii(piece))
			append(&made, piece.ptr, piece.len);
		else if (!convert(translit, piece, &made))
			return false;
		at = end;
	}
	*left_out = *left_out || made.left_out;
	*ret_text = made.len == s.len && (s.len == 0 || memcmp(made.text, s.ptr, s.len) == 0)
		? s
		: dgm_str_of(made.text, made.len);
	return true;
}
