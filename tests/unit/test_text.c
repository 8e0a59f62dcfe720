/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 and the canonical spelling, against tables and against a slow second implementation that goes code point by
 * code point and gives the whole text to ICU.
 */
#include "base/text.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

static uint64_t seed = 20260214;

static uint32_t next_random(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)((seed >> 20) % below);
}

/* --- validity --- */

/* RFC 3629, section 4, read out loud. */
static bool slowly_valid(const unsigned char *p, size_t n)
{
	size_t i = 0;
	while (i < n) {
		const unsigned char b = p[i];
		size_t more = 0;
		unsigned char low = 0x80, high = 0xBF;
		if (b < 0x80)
			more = 0;
		else if (b >= 0xC2 && b <= 0xDF)
			more = 1;
		else if (b >= 0xE0 && b <= 0xEF)
			more = 2;
		else if (b >= 0xF0 && b <= 0xF4)
			more = 3;
		else
			return false;
		if (b == 0xE0)
			low = 0xA0;
		if (b == 0xED)
			high = 0x9F;
		if (b == 0xF0)
			low = 0x90;
		if (b == 0xF4)
			high = 0x8F;
		for (size_t j = 1; j <= more; j++) {
			if (i + j >= n || p[i + j] < low || p[i + j] > high)
				return false;
			low = 0x80;
			high = 0xBF;
		}
		i += more + 1;
	}
	return true;
}

/* Every class of byte and both its borders. */
static const unsigned char borders[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
	0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};

static void all_sequences_of_border_bytes_are_judged(void **state)
{
	(void)state;
	enum { N = sizeof borders };
	unsigned char p[4];
	size_t valid = 0;
	for (size_t i = 0; i < (size_t)N * N * N * N; i++) {
		size_t rest = i;
		for (size_t j = 0; j < 4; j++, rest /= N)
			p[j] = borders[rest % N];
		for (size_t n = 1; n <= 4; n++) {
			const bool expected = slowly_valid(p, n);
			if (dgm_utf8_valid(dgm_str_of((char *)p, n)) != expected)
				fail_msg("%02x %02x %02x %02x, %zu of them", p[0], p[1], p[2], p[3], n);
			valid += expected;
		}
	}
	assert_true(valid > 1000);
}

static void random_runs_are_judged_wherever_they_lie(void **state)
{
	(void)state;
	for (int round = 0; round < 200000; round++) {
		unsigned char p[80];
		size_t n = 0;
		const size_t length = next_random(70);
		while (n < length) {
			if (next_random(3) == 0) {
				p[n++] = (unsigned char)next_random(128);
				continue;
			}
			uint32_t c = next_random(4) ? next_random(0x900) : next_random(0x110000);
			if (c >= 0xD800 && c < 0xE000)
				c = 0xFFFF;
			n += dgm_utf8_put((char *)p + n, c);
		}
		assert_true(slowly_valid(p, n));
		assert_true(dgm_utf8_valid(dgm_str_of((char *)p, n)));
		if (n == 0)
			continue;
		p[next_random((uint32_t)n)] = borders[next_random(sizeof borders)];
		n -= next_random(2);
		assert_int_equal(dgm_utf8_valid(dgm_str_of((char *)p, n)), slowly_valid(p, n));
	}
	assert_true(dgm_utf8_valid(DGM_NOSTR));
}

static void code_points_go_there_and_back(void **state)
{
	(void)state;
	for (uint32_t c = 0; c < 0x110000; c++) {
		if (c >= 0xD800 && c < 0xE000)
			continue;
		char p[4];
		const struct dgm_str s = {p, dgm_utf8_put(p, c)};
		size_t at = 0;
		assert_true(dgm_utf8_next(s, &at) == c && at == s.len && slowly_valid((unsigned char *)p, s.len));
	}
	const struct dgm_str s = DGM_STR("a\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80z");
	assert_int_equal(dgm_utf8_length(s), 5);
	assert_int_equal(dgm_utf8_length(DGM_NOSTR), 0);
	static const size_t taken[] = {0, 1, 3, 6, 10, 11, 11};
	for (size_t n = 0; n < DGM_COUNT(taken); n++)
		assert_int_equal(dgm_utf8_take(s, n).len, taken[n]);
}

/* --- canonical spelling --- */

static void texts_become_canonical(void **state)
{
	(void)state;
	static const struct {
		const char *what, *from, *line, *lines; /* lines NULL: as line */
	} rows[] = {
		{"empty", "", "", NULL},
		{"ascii", "Ana Ruiz", "Ana Ruiz", NULL},
		{"inner blanks stay", "Ana  Ruiz", "Ana  Ruiz", NULL},
		{"ends", "  Ana \t\n", "Ana", NULL},
		{"only white space", " \t\r\n ", "", NULL},
		{"tab", "Ana\tRuiz", "Ana Ruiz", "Ana\tRuiz"},
		{"run with a line feed", "Ana \n  Ruiz", "Ana Ruiz", "Ana \n  Ruiz"},
		{"crlf", "a\r\nb", "a b", "a\nb"},
		{"cr", "a\rb", "a b", "a\nb"},
		{"cr cr lf lf", "a\r\r\n\nb", "a b", "a\n\n\nb"},
		{"a control between cr and lf", "a\r\x01\nb", "a b", "a\n\nb"},
		{"controls",
			"a\x01"
			"b\x1F"
			"c\x7F"
			"d\xC2\x85"
			"e\xC2\x9F"
			"f\v",
			"abcdef", NULL},
		{"nul is found by tests with a length", "x", "x", NULL},
		{"bidi marks", "\xE2\x80\x8F\xD8\xA3\xE2\x80\xAB\xD8\xA8\xE2\x80\xAC\xD8\x9C\xE2\x81\xA6\xE2\x81\xA9",
			"\xD8\xA3\xD8\xA8", NULL},
		{"bom",
			"\xEF\xBB\xBF"
			"a\xEF\xBB\xBF"
			"b",
			"ab", NULL},
		{"nothing left", "\xE2\x80\x8E \xEF\xBB\xBF", "", NULL},
		{"blank behind a mark", "a \xE2\x80\x8E", "a", NULL},
		{"composes", "Jose\xCC\x81", "Jos\xC3\xA9", NULL},
		{"composes over a removed mark", "e\xE2\x80\x8E\xCC\x81", "\xC3\xA9", NULL},
		{"orders marks", "q\xCC\x87\xCC\xA3", "q\xCC\xA3\xCC\x87", NULL},
		{"arabic with harakat stays", "\xD9\x85\xD9\x8F\xD8\xAD\xD9\x8E\xD9\x85\xD9\x91\xD9\x8E\xD8\xAF",
			"\xD9\x85\xD9\x8F\xD8\xAD\xD9\x8E\xD9\x85\xD9\x8E\xD9\x91\xD8\xAF", NULL},
		{"alef with hamza above", "\xD8\xA7\xD9\x94", "\xD8\xA3", NULL},
		{"hangul", "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "\xED\x95\x9C", NULL},
		{"singleton", "\xE2\x84\xAB", "\xC3\x85", NULL},
		{"excluded from composition", "\xE0\xA5\x98", "\xE0\xA4\x95\xE0\xA4\xBC", NULL},
		{"presentation forms", "\xEF\xBA\xAD\xEF\xBB\xA3\xEF\xBB\xBB", "\xD8\xB1\xD9\x85\xD9\x84\xD8\xA7",
			NULL},
		{"a presentation form with hamza", "\xEF\xBA\x83", "\xD8\xA3", NULL},
		{"a ligature of words", "\xEF\xB7\xBA",
			"\xD8\xB5\xD9\x84\xD9\x89 \xD8\xA7\xD9\x84\xD9\x84\xD9\x87 \xD8\xB9\xD9\x84\xD9\x8A\xD9\x87 "
			"\xD9\x88\xD8\xB3\xD9\x84\xD9\x85",
			NULL},
		{"a mark's own form is not a word", "\xD9\x85\xEF\xB9\xB6\xEF\xB9\xB1\xD8\xAD",
			"\xD9\x85\xD9\x8B\xD9\x8E\xD8\xAD", NULL},
		{"an ornament of Arabic stays", "\xEF\xB4\xBE", "\xEF\xB4\xBE", NULL},
		{"tatweel", "\xD9\x85\xD9\x80\xD9\x80\xD8\xAD\xD9\x80", "\xD9\x85\xD8\xAD", NULL},
		{"full width", "\xEF\xBC\xA1\xEF\xBD\x82\xEF\xBC\x91\xEF\xBC\x8F\xEF\xBF\xA5", "Ab1/\xC2\xA5", NULL},
		{"full-width marks of Chinese stay", "！（），：；？", "！（），：；？", NULL},
		{"half width", "\xEF\xBE\x9F\xEF\xBD\xB6\xEF\xBE\x9E", "\xE3\x82\x9A\xE3\x82\xAC", NULL},
		{"full width composes", "\xEF\xBD\x85\xCC\x81", "\xC3\xA9", NULL},
		{"what says something else stays", "\xE2\x91\xA0 \xEF\xAC\x81 \xC2\xB2 \xE3\x8E\x9D",
			"\xE2\x91\xA0 \xEF\xAC\x81 \xC2\xB2 \xE3\x8E\x9D", NULL},
		{"soft hyphen and zero-width spaces",
			"a\xC2\xAD"
			"b\xE2\x80\x8B"
			"c\xE2\x81\xA0"
			"d",
			"abcd", NULL},
		{"joiners in Arabic stay", "\xD9\x85\xE2\x80\x8C\xD8\xAD\xD9\x8E\xE2\x80\x8D\xD8\xAD",
			"\xD9\x85\xE2\x80\x8C\xD8\xAD\xD9\x8E\xE2\x80\x8D\xD8\xAD", NULL},
		{"joiners in Devanagari stay", "\xE0\xA4\x95\xE0\xA5\x8D\xE2\x80\x8D\xE0\xA4\xB7",
			"\xE0\xA4\x95\xE0\xA5\x8D\xE2\x80\x8D\xE0\xA4\xB7", NULL},
		{"joiners at ends", "\xE2\x80\x8C\xD9\x85\xE2\x80\x8D", "\xD9\x85", NULL},
		{"joiners at a blank", "\xD9\x85\xE2\x80\x8C \xE2\x80\x8C\xD9\x85", "\xD9\x85 \xD9\x85", NULL},
		{"joiners in Latin and Cyrillic",
			"a\xE2\x80\x8C"
			"b\xD0\xB0\xE2\x80\x8D\xD0\xB1",
			"ab\xD0\xB0\xD0\xB1", NULL},
		{"joiners in a row", "\xD9\x85\xE2\x80\x8C\xE2\x80\x8D\xE2\x80\x8C\xD8\xAD",
			"\xD9\x85\xE2\x80\x8C\xD8\xAD", NULL},
		{"a joiner over a removed mark", "\xD9\x85\xE2\x80\x8F\xE2\x80\x8C\xD9\x80\xD8\xAD",
			"\xD9\x85\xE2\x80\x8C\xD8\xAD", NULL},
		{"a joiner before a presentation form", "\xD9\x85\xE2\x80\x8C\xEF\xBA\xAD",
			"\xD9\x85\xE2\x80\x8C\xD8\xB1", NULL},
		{"no-break space",
			"\xC2\xA0"
			"a\xC2\xA0"
			"b\xC2\xA0",
			"a b", NULL},
		{"line separator",
			"a \xE2\x80\xA8 "
			"b",
			"a b", "a \n b"},
		{"ideographic space", "\xE3\x80\x80\xE7\x8E\x8B\xE3\x80\x80\xE4\xBC\x9F\xE3\x80\x80",
			"\xE7\x8E\x8B \xE4\xBC\x9F", NULL},
		{"musical", "\xF0\x9D\x85\xA0", "\xF0\x9D\x85\x98\xF0\x9D\x85\xA5\xF0\x9D\x85\xAE", NULL},
		{"beyond the bmp", "\xF0\xA0\xAE\xB7", "\xF0\xA0\xAE\xB7", NULL},
		{"a mark alone", "\xCC\x81", "\xCC\x81", NULL},
		{"white space then a mark", " \xCC\x81 ", "\xCC\x81", NULL},
	};
	struct dgm_arena arena = {0};
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		const struct dgm_str from = dgm_str(rows[i].from);
		const char *lines = rows[i].lines ? rows[i].lines : rows[i].line;
		const struct dgm_str one = dgm_text_canonical(&arena, from, false);
		const struct dgm_str many = dgm_text_canonical(&arena, from, true);
		if (!dgm_str_is(one, rows[i].line) || !dgm_str_is(many, lines))
			fail_msg("%s: \"%.*s\" and \"%.*s\"", rows[i].what, DGM_FMT(one), DGM_FMT(many));
		assert_int_equal(one.ptr == from.ptr, dgm_str_is(from, rows[i].line));
		assert_int_equal(many.ptr == from.ptr, dgm_str_is(from, lines));
	}
	assert_true(dgm_str_eq(dgm_text_canonical(&arena, DGM_STR("a\0b"), false), DGM_STR("ab")));
	const struct dgm_str none = dgm_text_canonical(&arena, DGM_NOSTR, false);
	assert_true(none.ptr == NULL && none.len == 0);
	dgm_arena_done(&arena);
}

/* Lengths around those at which other code takes over: words, the buffers on the stack, long runs of marks. */
static void long_texts_become_canonical(void **state)
{
	(void)state;
	struct dgm_arena arena = {0};
	for (size_t n = 1; n < 3000; n += n < 40 ? 1 : 97) {
		char *from = malloc(3 * n + 8), *expected = malloc(3 * n + 8);
		size_t a = 0, b = 0;
		for (size_t i = 0; i < n; i++) {
			memcpy(from + a, "e\xCC\x81", 3);
			memcpy(expected + b, "\xC3\xA9", 2);
			a += 3;
			b += 2;
		}
		assert_true(
			dgm_str_eq(dgm_text_canonical(&arena, dgm_str_of(from, a), false), dgm_str_of(expected, b)));
		/* One letter under n marks, every other one of which belongs in front. */
		a = b = 1;
		from[0] = expected[0] = 'q';
		for (size_t i = 0; i < n; i++, a += 2)
			memcpy(from + a, i % 2 ? "\xCC\xA3" : "\xCC\x87", 2);
		for (size_t i = 0; i < n / 2; i++, b += 2)
			memcpy(expected + b, "\xCC\xA3", 2);
		for (size_t i = 0; i < n - n / 2; i++, b += 2)
			memcpy(expected + b, "\xCC\x87", 2);
		assert_int_equal(a, b);
		const struct dgm_str got = dgm_text_canonical(&arena, dgm_str_of(from, a), false);
		assert_true(dgm_str_eq(got, dgm_str_of(expected, b)));
		free(from);
		free(expected);
		dgm_arena_reset(&arena);
	}
	dgm_arena_done(&arena);
}

/* Texts made to cost: a MiB of marks in the worst order must take no longer than a MiB of anything. */
static void marks_in_the_worst_order_cost_no_more(void **state)
{
	(void)state;
	static const char *const units[] = {"\xCC\x87\xCC\xA3", "\xE0\xBD\xB1\xE0\xBD\xB2", "\xE0\xBD\xB3",
		"\xCD\x84\xCC\xA3", "\xE2\x80\x8C", "\xE2\x80\x8C\xCC\x87", "\xD9\x85\xE2\x80\x8C\xCC\x87\xE2\x80\x8C"};
	const size_t total = (size_t)1 << 20;
	char *text = malloc(total);
	struct dgm_arena arena = {0};
	for (size_t i = 0; i < DGM_COUNT(units); i++) {
		const size_t unit = strlen(units[i]);
		size_t n = 0;
		for (; n + unit <= total; n += unit)
			memcpy(text + n, units[i], unit);
		struct timespec before, after;
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
		dgm_text_canonical(&arena, dgm_str_of(text, n), false);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
		/* 0.1 s as it is, also under sanitizers less than 1; sorted by insertion it is a minute and more. */
		assert_true(after.tv_sec - before.tv_sec < 10);
		dgm_arena_reset(&arena);
	}
	dgm_arena_done(&arena);
	free(text);
}

static bool slowly_white(UChar32 c)
{
	return u_hasBinaryProperty(c, UCHAR_WHITE_SPACE);
}

/* Scripts by the ranges of their letters and marks, as far as the random texts have them. */
static bool slowly_joins(UChar32 c)
{
	const uint32_t category = U_GET_GC_MASK(c);
	if (!(category & (U_GC_L_MASK | U_GC_M_MASK)))
		return false;
	if (c < 0x600)
		return false;
	static const UScriptCode scripts[] = {USCRIPT_ARABIC, USCRIPT_SYRIAC, USCRIPT_MANDAIC, USCRIPT_MONGOLIAN,
		USCRIPT_NKO, USCRIPT_DEVANAGARI, USCRIPT_BENGALI, USCRIPT_GURMUKHI, USCRIPT_GUJARATI, USCRIPT_ORIYA,
		USCRIPT_TAMIL, USCRIPT_TELUGU, USCRIPT_KANNADA, USCRIPT_MALAYALAM, USCRIPT_SINHALA, USCRIPT_MYANMAR,
		USCRIPT_KHMER, USCRIPT_NEWA, USCRIPT_CHAKMA};
	UErrorCode error = U_ZERO_ERROR;
	const UScriptCode script = uscript_getScript(c, &error);
	if (script == USCRIPT_INHERITED && c < 0x1AB0)
		return true;
	for (size_t i = 0; i < DGM_COUNT(scripts); i++)
		if (scripts[i] == script)
			return true;
	return false;
}

static bool slowly_joiner(UChar32 c)
{
	return c == 0x200C || c == 0x200D;
}

/* What stands for a character before NFC: NFKC where it is a form of another; 0: nothing does. */
static int32_t slowly_formed(UChar32 c, UChar *units)
{
	static const UChar32 gone[] = {0x61C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067,
		0x2068, 0x2069, 0xFEFF, 0x640, 0xAD, 0x200B, 0x2060};
	for (size_t i = 0; i < DGM_COUNT(gone); i++)
		if (gone[i] == c)
			return 0;
	if (c != '\t' && c != '\n' && (c < 0x20 || (c >= 0x7F && c < 0xA0)))
		return 0;
	UErrorCode error = U_ZERO_ERROR;
	UChar single[2];
	int32_t n = 0, m = 0;
	U16_APPEND_UNSAFE(single, n, c);
	if (c == 0x2028 || c == 0x2029)
		single[0] = '\n';
	else if (c > ' ' && slowly_white(c))
		single[0] = ' ';
	/* FF00 to FFEF: half and full width; FB50 to FEFC: forms of Arabic, and among them few of other kinds. */
	const bool form = (c > 0xFFEF || !u_strchr(u"！（），：；？", (UChar)c)) &&
		((c >= 0xFF00 && c <= 0xFFEF) || (c >= 0xFB50 && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFEFC));
	if (!form) {
		memcpy(units, single, (size_t)n * sizeof *units);
		return n;
	}
	/* As UnicodeData has it. U+FFE3 taken further apart is a mark on a blank, U+FBDD more than its letter. */
	n = unorm2_getRawDecomposition(unorm2_getNFKCInstance(&error), c, units, 40, &error);
	if (n < 0) {
		units[0] = single[0];
		return 1;
	}
	for (int32_t i = 0; i < n; i++)
		if (units[i] != 0x640 && !(i == 0 && n > 1 && units[i] == ' '))
			units[m++] = units[i];
	return m;
}

/* The same by the book: fold, normalise all of it, trim and collapse, each over an array of code units. */
static struct dgm_str slowly_canonical(struct dgm_arena *arena, struct dgm_str s, bool multiline)
{
	const size_t room = 20 * s.len + 80;
	UChar *units = dgm_arena_alloc(arena, room * sizeof *units),
	      *normal = dgm_arena_alloc(arena, room * sizeof *units);
	int32_t n = 0, joined = 0;
	for (size_t i = 0; i < s.len;) {
		const UChar32 c = (UChar32)dgm_utf8_next(s, &i);
		if (c == '\r') {
			units[n++] = '\n';
			if (i < s.len && s.ptr[i] == '\n')
				i++;
		} else {
			n += slowly_formed(c, units + n);
		}
	}
	UErrorCode error = U_ZERO_ERROR;
	UChar32 *wide = dgm_arena_alloc(arena, room * sizeof *wide);
	u_strToUTF32(wide, (int32_t)room, &n, units, n, &error);
	for (int32_t i = 0; i < n; i++) {
		if (slowly_joiner(wide[i])) {
			int32_t next = i + 1, last = joined;
			while (next < n && slowly_joiner(wide[next]))
				next++;
			while (next < n && u_getCombiningClass(wide[next]))
				next++;
			while (last > 0 && u_getCombiningClass(wide[last - 1]))
				last--;
			if (last == 0 || next == n || !slowly_joins(wide[last - 1]) || !slowly_joins(wide[next]))
				continue;
		}
		/* What is done lies in front of what is looked at. */
		wide[joined++] = wide[i];
	}
	u_strFromUTF32(units, (int32_t)room, &joined, wide, joined, &error);
	n = unorm2_normalize(unorm2_getNFCInstance(&error), units, joined, normal, (int32_t)room, &error);
	assert_true(U_SUCCESS(error));
	while (n > 0 && slowly_white(normal[n - 1]))
		n--;
	int32_t start = 0, m = 0;
	while (start < n && slowly_white(normal[start]))
		start++;
	for (int32_t i = start; i < n;) {
		int32_t end = i;
		bool breaks = false;
		for (; end < n && slowly_white(normal[end]); end++)
			breaks |= normal[end] == '\t' || normal[end] == '\n';
		if (breaks && !multiline) {
			units[m++] = ' ';
			i = end;
		} else if (end > i) {
			while (i < end)
				units[m++] = normal[i++];
		} else {
			units[m++] = normal[i++];
		}
	}
	char *text = dgm_arena_alloc(arena, room * 3);
	int32_t length;
	u_strToUTF8(text, (int32_t)room * 3, &length, units, m, &error);
	assert_true(U_SUCCESS(error));
	return dgm_str_of(text, (size_t)length);
}

/* A character of a kind that matters here, or any. */
static uint32_t random_character(void)
{
	static const uint32_t chosen[] = {' ', ' ', '\t', '\n', '\r', 0x1, 0x7F, 0x85, 0x9F, 0xA0, 0x61C, 0x200B,
		0x200E, 0x202E, 0x2028, 0x2066, 0x2069, 0x3000, 0xFEFF, 0x301, 0x323, 0x307, 0x345, 0x344, 0xF73, 0xF71,
		0xF72, 0x1161, 0x11A8, 0xAC00, 0x1100, 0x653, 0x654, 0x627, 0x6D5, 0x93C, 0x9BE, 0x9C7, 0x2126, 0x1D15E,
		0x1D165, 0x1D16E, 0xFB1D, 0x5B4, 0x2000, 0x110BA, 0x11099, 0x0, 0x200C, 0x200C, 0x200D, 0x640, 0xAD,
		0xFDFA, 0xFE76, 0xFE71, 0xFEFB, 0xFF21, 0xFF9E, 0xFF76, 0xFFE3, 0x915, 0x94D};
	switch (next_random(9)) {
	case 0:
	case 1:
		return 'a' + next_random(26);
	case 2:
		return 0x300 + next_random(0x70);
	case 3:
		return 0x600 + next_random(0x100);
	case 4:
		return 0x1100 + next_random(0x100);
	case 5:
		return 0x400 + next_random(0x80);
	case 6:
	case 7:
		return chosen[next_random(DGM_COUNT(chosen))];
	default:
		break;
	}
	const uint32_t c = next_random(2) ? next_random(0x3100) : next_random(0x110000);
	return c >= 0xD800 && c < 0xE000 ? 0xD7FF : c;
}

static void random_texts_become_canonical_once_and_for_all(void **state)
{
	(void)state;
	struct dgm_arena arena = {0};
	size_t unchanged = 0, changed = 0;
	for (int round = 0; round < 60000; round++) {
		char text[1200];
		size_t n = 0;
		const size_t length = next_random(round % 50 == 0 ? 1100 : 40);
		while (n < length)
			n += dgm_utf8_put(text + n, random_character());
		const struct dgm_str from = {text, n};
		const bool multiline = round % 2;
		const struct dgm_str once = dgm_text_canonical(&arena, from, multiline);
		const struct dgm_str expected = slowly_canonical(&arena, from, multiline);
		if (!dgm_str_eq(once, expected))
			fail_msg("round %d: \"%.*s\"", round, DGM_FMT(from));
		assert_int_equal(once.ptr == from.ptr, dgm_str_eq(once, from));
		const struct dgm_str twice = dgm_text_canonical(&arena, once, multiline);
		if (twice.ptr != once.ptr || twice.len != once.len) {
			size_t at = 0;
			while (at < once.len && at < twice.len && once.ptr[at] == twice.ptr[at])
				at++;
			for (size_t b = at < 12 ? 0 : at - 12; b < at + 12 && b < once.len; b++)
				print_error("%02X ", (unsigned char)once.ptr[b]);
			fail_msg("round %d: other at %zu of %zu and %zu", round, at, once.len, twice.len);
		}
		if (dgm_str_eq(once, from))
			unchanged++;
		else
			changed++;
		dgm_arena_reset(&arena);
	}
	assert_true(unchanged > 1000 && changed > 1000);
	dgm_arena_done(&arena);
}

static void every_character_becomes_canonical(void **state)
{
	(void)state;
	struct dgm_arena arena = {0};
	for (uint32_t c = 0; c < 0x110000; c++) {
		if (c >= 0xD800 && c < 0xE000)
			continue;
		char text[6] = {'a'};
		const size_t n = 1 + dgm_utf8_put(text + 1, c);
		text[n] = 'b';
		const struct dgm_str from = {text, n + 1};
		if (!dgm_str_eq(dgm_text_canonical(&arena, from, true), slowly_canonical(&arena, from, true)))
			fail_msg("U+%04X", (unsigned)c);
		if (c % 64 == 0)
			dgm_arena_reset(&arena);
	}
	dgm_arena_done(&arena);
}

static void *run_through_all_pages(void *argument)
{
	(void)argument;
	struct dgm_arena arena = {0};
	size_t changed = 0;
	for (uint32_t c = 0x80; c < 0x110000; c += 37) {
		char text[4];
		const struct dgm_str s = {text, dgm_utf8_put(text, c >= 0xD800 && c < 0xE000 ? 'a' : c)};
		changed += dgm_text_canonical(&arena, s, false).ptr != text;
		dgm_arena_reset(&arena);
	}
	dgm_arena_done(&arena);
	return changed > 0 ? &seed : NULL;
}

static void pages_are_built_by_several_threads(void **state)
{
	(void)state;
	pthread_t threads[4];
	for (size_t i = 0; i < DGM_COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, run_through_all_pages, NULL), 0);
	for (size_t i = 0; i < DGM_COUNT(threads); i++) {
		void *result = NULL;
		assert_int_equal(pthread_join(threads[i], &result), 0);
		assert_non_null(result);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_are_built_by_several_threads), /* first, while there are pages to build */
		cmocka_unit_test(all_sequences_of_border_bytes_are_judged),
		cmocka_unit_test(random_runs_are_judged_wherever_they_lie),
		cmocka_unit_test(code_points_go_there_and_back),
		cmocka_unit_test(texts_become_canonical),
		cmocka_unit_test(long_texts_become_canonical),
		cmocka_unit_test(marks_in_the_worst_order_cost_no_more),
		cmocka_unit_test(random_texts_become_canonical_once_and_for_all),
		cmocka_unit_test(every_character_becomes_canonical),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
