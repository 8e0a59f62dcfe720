/* SPDX-License-Identifier: Apache-2.0 */
/* Charsets: known characters, holes, bad bytes, and the laws that hold for every charset on the list. */
#include "io/charset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/text.h"

static uint64_t seed = 20260314;

static uint32_t next_random(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)((seed >> 20) % below);
}

static const struct dgm_charset *find(const char *name)
{
	const struct dgm_charset *charset = dgm_charset_find(dgm_str(name));
	if (!charset)
		fail_msg("no %s", name);
	return charset;
}

/* Decodes in blocks of at most `block` bytes; the result is malloc'ed. */
static struct dgm_str decode(struct dgm_decoder *decoder, struct dgm_str bytes, size_t block)
{
	char *text = malloc(DGM_DECODED_ROOM(bytes.len));
	size_t n = 0, shown = 0, done = 0;
	do {
		shown = bytes.len - shown < block ? bytes.len : shown + block;
		/* The block in memory of its own size, so that a sanitizer sees reads behind its end. */
		const struct dgm_str part = {malloc(shown - done + 1), shown - done};
		memcpy((char *)(uintptr_t)part.ptr, bytes.ptr + done, part.len);
		size_t used = 0;
		n += dgm_decoder_run(decoder, part, shown == bytes.len, text + n, &used);
		assert_true(used <= part.len && n <= DGM_DECODED_ROOM(bytes.len));
		done += used;
		free((char *)(uintptr_t)part.ptr);
	} while (shown < bytes.len);
	assert_int_equal(done, bytes.len);
	return dgm_str_of(text, n);
}

/* The way back, markers included; malloc'ed. */
static struct dgm_str encode(struct dgm_encoder *encoder, struct dgm_str text)
{
	char *bytes = malloc(DGM_ENCODED_ROOM(text.len));
	size_t n = 0;
	for (;;) {
		size_t used = 0;
		n += dgm_encoder_run(encoder, text, bytes + n, &used);
		text = dgm_str_skip(text, used);
		if (text.len == 0)
			break;
		if (!dgm_marker_at(text, 0))
			fail_msg("cannot be encoded: %02x", (unsigned char)text.ptr[0]);
		bytes[n++] = (char)dgm_marker_byte(text, 0);
		text = dgm_str_skip(text, 2);
	}
	return dgm_str_of(bytes, n);
}

static void release(struct dgm_str s)
{
	free((char *)(uintptr_t)s.ptr);
}

static void names_are_a_closed_list(void **state)
{
	(void)state;
	static const char *const same[][2] = {
		{"UTF-8", "utf-8"},
		{"utf8", "utf-8"},
		{"UTF_16", "utf-16"},
		{"Latin1", "iso-8859-1"},
		{"ISO_8859-15", "iso-8859-15"},
		{"iso8859-5", "iso-8859-5"},
		{"CP1252", "windows-1252"},
		{"Shift-JIS", "shift_jis"},
		{"Windows-31J", "shift_jis"},
		{"GB2312", "gbk"},
		{"cp866", "ibm866"},
		{"KOI8-U", "koi8-u"},
		{"cp949", "euc-kr"},
		{"TIS-620", "iso-8859-11"},
	};
	for (size_t i = 0; i < DGM_COUNT(same); i++)
		assert_string_equal(find(same[i][0])->name, same[i][1]);
	/* Known to ICU, and dangerous: state, escape sequences, or ASCII that is not ASCII. */
	static const char *const none[] = {"", "|", "utf-7", "utf-8|", "utf-32", "ibm037", "ebcdic-cp-us",
		"iso-2022-jp", "hz", "scsu", "bocu-1", "utf-8 ", "iso-8859-12", "windows-1259", "x-user-defined",
		"ISO_2022,locale=ja,version=0"};
	for (size_t i = 0; i < DGM_COUNT(none); i++)
		assert_null(dgm_charset_find(dgm_str(none[i])));
	size_t count = 0;
	while (dgm_charset_at(count)) {
		const struct dgm_charset *charset = dgm_charset_at(count++);
		assert_ptr_equal(find(charset->name), charset);
		struct dgm_decoder *decoder = dgm_decoder_new(charset);
		struct dgm_encoder *encoder = dgm_encoder_new(charset);
		if (!decoder || !encoder)
			fail_msg("ICU has no table for %s", charset->name);
		dgm_decoder_free(decoder);
		dgm_encoder_free(encoder);
	}
	assert_int_equal(count, 40);
	dgm_decoder_free(NULL);
	dgm_encoder_free(NULL);
}

static void marks_tell_the_charset(void **state)
{
	(void)state;
	static const struct {
		struct dgm_str head;
		const char *name;
		size_t length;
	} rows[] = {
		{{"\xEF\xBB\xBFx", 4}, "utf-8", 3},
		{{"\xFF\xFEx\0", 4}, "utf-16le", 2},
		{{"\xFE\xFF\0x", 4}, "utf-16be", 2},
		{{"\xEF\xBB", 2}, NULL, 9},
		{{"\xFF", 1}, NULL, 9},
		{{"", 0}, NULL, 9},
		{{"abc", 3}, NULL, 9},
	};
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		size_t length = 9;
		const struct dgm_charset *charset = dgm_charset_of_bom(rows[i].head, &length);
		assert_int_equal(length, rows[i].length);
		assert_true(rows[i].name ? charset == find(rows[i].name) : !charset);
	}
}

/* What the bytes are, written with "%": %XX in the expected text is the marker of byte XX. */
static void bytes_are_what_the_charset_says(void **state)
{
	(void)state;
	static const struct {
		const char *charset;
		struct dgm_str bytes;
		const char *text;
	} rows[] = {
		{"iso-8859-1",
			{"Pe\xF1"
			 "a \xA4",
				6},
			"Pe\xC3\xB1"
			"a \xC2\xA4"},
		{"iso-8859-1",
			{"O\x92"
			 "B\x85\x80\x9F",
				6},
			"O%92B%85%80%9F"}, /* labelled latin1, but windows-1252 */
		{"iso-8859-15", {"\xA4\xBD", 2}, "\xE2\x82\xAC\xC5\x93"},
		{"iso-8859-16", {"\xAA\xBA\xDE\xFE\xA4\x80", 6}, "\xC8\x98\xC8\x99\xC8\x9A\xC8\x9B\xE2\x82\xAC%80"},
		{"iso-8859-6", {"\xC7\xE4\xA1", 3}, "\xD8\xA7\xD9\x84%A1"},
		{"us-ascii", {"a\x7F\x80\xFF", 4}, "a\x7F%80%FF"},
		{"windows-1252",
			{"O\x92"
			 "B\x80\x9F",
				5},
			"O\xE2\x80\x99"
			"B\xE2\x82\xAC\xC5\xB8"},
		{"windows-1252", {"\x81\x8D\x8F\x90\x9D", 5}, "%81%8D%8F%90%9D"},
		{"windows-1251", {"\xC8\xE2\xE0\xED\x98", 5}, "\xD0\x98\xD0\xB2\xD0\xB0\xD0\xBD%98"},
		{"windows-1253", {"\xC1\xAA\xD2\xFF", 4}, "\xCE\x91%AA%D2%FF"},
		{"windows-1256", {"\xE3\xCD\xE3\xCF\x98", 5}, "\xD9\x85\xD8\xAD\xD9\x85\xD8\xAF\xDA\xA9"},
		{"windows-874", {"\xA1\x81\xDB", 3}, "\xE0\xB8\x81%81%DB"},
		{"ibm866", {"\x88\xA2\x1A\x1C\x7F", 5},
			"\xD0\x98\xD0\xB2\x1A\x1C\x7F"}, /* IBM's tables exchange the three */
		{"cp850", {"\xA4\x1A\x1C\x7F\xD5", 5}, "\xC3\xB1\x1A\x1C\x7F\xC4\xB1"},
		{"koi8-r", {"\xE9\xD7\xC1\xCE", 4}, "\xD0\x98\xD0\xB2\xD0\xB0\xD0\xBD"},
		{"koi8-u", {"\xA4\xA6", 2}, "\xD1\x94\xD1\x96"},
		{"gbk", {"\xCD\xF5\xCE\xB0\x80", 5}, "\xE7\x8E\x8B\xE4\xBC\x9F\xE2\x82\xAC"},
		{"gbk", {"a\xCD\"b", 4}, "a%CD\"b"},
		{"gbk", {"\xCD\n\xCD", 3}, "%CD\n%CD"},
		{"gbk", {"\xFF\x81\xFF\x81\x7F", 5}, "%FF%81%FF%81\x7F"},
		{"gb18030", {"\xCD\xF5\x81\x30\x81\x30\x90\x30\x81\x30", 10}, "\xE7\x8E\x8B\xC2\x80\xF0\x90\x80\x80"},
		{"gb18030", {"\x81\x30\x81\"b", 5}, "%810%81\"b"},
		{"gb18030", {"\x81\x30\x81", 3}, "%810%81"},
		{"gb18030", {"\xFE\x39\xFE\x39", 4}, "%FE9%FE9"},
		{"big5", {"\xA4\xFD\xB0\xB6\xA4,", 6}, "\xE7\x8E\x8B\xE5\x81\x89%A4,"},
		{"shift_jis", {"\x83\x5C\x94\x5C\xB1\x80\xA0\xFD", 8}, "\xE3\x82\xBD\xE8\x83\xBD\xEF\xBD\xB1%80%A0%FD"},
		{"shift_jis", {"\\~\x81\"", 4}, "\\~%81\""},
		{"shift_jis", {"\xFB\xFC\xEE\xE0", 4}, "\xE9\xAB\x99\xE9\xAB\x99"},
		{"euc-jp", {"\xA5\xBD\x8E\xB1\x8F\xB0\xA1\x8F\xB0,", 10},
			"\xE3\x82\xBD\xEF\xBD\xB1\xE4\xB8\x82%8F%B0,"},
		{"euc-jp", {"\x8E\xE0\x8E", 3}, "%8E%E0%8E"},
		{"euc-kr", {"\xB1\xE8\x81\x41\xC9\xFE\xFF", 7}, "\xEA\xB9\x80\xEA\xB0\x82\xEE\x81\x9D%FF"},
		{"utf-16le", {"A\0\xF1\0\x8B\x73\x3D\xD8\x00\xDE", 10}, "A\xC3\xB1\xE7\x8E\x8B\xF0\x9F\x98\x80"},
		{"utf-16be", {"\0A\0\xF1\x73\x8B\xD8\x3D\xDE\x00", 10}, "A\xC3\xB1\xE7\x8E\x8B\xF0\x9F\x98\x80"},
		{"utf-16le",
			{"\x3D\xD8"
			 "A\0\x00\xDE"
			 "B\0C",
				9},
			"%3D%D8A%00%DEB%43"},
		{"utf-16be", {"\xD8\x3D\xD8\x3D\xDE\x00\xD8", 7}, "%D8%3D\xF0\x9F\x98\x80%D8"},
		{"utf-16be", {"\0A\xD8\x3D", 4}, "A%D8%3D"},
		{"utf-16be", {"\0A\xD8\x3D\xDE", 5}, "A%D8%3D%DE"},
		{"utf-16be", {"\xFF\xFE\xFE\xFF", 4}, "\xEF\xBF\xBE\xEF\xBB\xBF"},
	};
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		struct dgm_decoder *decoder = dgm_decoder_new(find(rows[i].charset));
		for (size_t block = 1; block < 12; block++) {
			const struct dgm_str text = decode(decoder, rows[i].bytes, block);
			char shown[200];
			size_t n = 0;
			for (size_t at = 0; at < text.len; at++) {
				if (dgm_marker_at(text, at)) {
					const unsigned char b = dgm_marker_byte(text, at++);
					shown[n++] = '%';
					shown[n++] = "0123456789ABCDEF"[b >> 4];
					shown[n++] = "0123456789ABCDEF"[b & 15];
				} else {
					shown[n++] = text.ptr[at];
				}
			}
			if (!dgm_str_is(dgm_str_of(shown, n), rows[i].text))
				fail_msg("row %zu, %s, blocks of %zu: \"%.*s\"", i, rows[i].charset, block, (int)n,
					shown);
			release(text);
		}
		dgm_decoder_free(decoder);
	}
}

/* Charsets in which two byte sequences can be one character: there the way back ends at the one that is usual. */
static bool has_doubles(const struct dgm_charset *charset)
{
	return dgm_str_is(dgm_str(charset->name), "shift_jis") || dgm_str_is(dgm_str(charset->name), "big5") ||
		dgm_str_is(dgm_str(charset->name), "euc-jp");
}

static void every_byte_comes_back(void **state)
{
	(void)state;
	for (size_t i = 0; dgm_charset_at(i); i++) {
		const struct dgm_charset *charset = dgm_charset_at(i);
		if (charset->kind != DGM_CHARSET_SINGLE)
			continue;
		struct dgm_decoder *decoder = dgm_decoder_new(charset);
		struct dgm_encoder *encoder = dgm_encoder_new(charset);
		for (unsigned b = 0; b < 256; b++) {
			const char byte = (char)b;
			const struct dgm_str text = decode(decoder, dgm_str_of(&byte, 1), 1);
			if (b < 0x80)
				assert_true(dgm_str_eq(text, dgm_str_of(&byte, 1)));
			assert_true(dgm_marker_at(text, 0) || dgm_utf8_valid(text));
			const struct dgm_str back = encode(encoder, text);
			if (!dgm_str_eq(back, dgm_str_of(&byte, 1)))
				fail_msg("%s: %02x comes back as %02x", charset->name, b, (unsigned char)back.ptr[0]);
			release(text);
			release(back);
		}
		dgm_decoder_free(decoder);
		dgm_encoder_free(encoder);
	}
}

/* Bytes as they come, with runs of ASCII, in which lead and trail bytes meet in every way. */
static size_t random_bytes(char *to, size_t n)
{
	size_t at = 0;
	while (at < n) {
		const uint32_t kind = next_random(5);
		const size_t run = 1 + next_random(12);
		for (size_t i = 0; i < run && at < n; i++)
			to[at++] = (char)(kind == 0 ? next_random(0x80)
					: kind == 1 ? 0x30 + next_random(10)
					: kind == 2 ? next_random(256)
						    : 0x80 + next_random(0x80));
	}
	return at;
}

static void random_bytes_come_back_whatever_the_blocks(void **state)
{
	(void)state;
	for (size_t i = 0; dgm_charset_at(i); i++) {
		const struct dgm_charset *charset = dgm_charset_at(i);
		if (charset->kind == DGM_CHARSET_UTF8)
			continue;
		struct dgm_decoder *decoder = dgm_decoder_new(charset);
		struct dgm_encoder *encoder = dgm_encoder_new(charset);
		for (int round = 0; round < 300; round++) {
			char bytes[700];
			const size_t length = next_random(round % 2 ? 12 : sizeof bytes);
			const struct dgm_str from = {bytes, random_bytes(bytes, length)};
			const struct dgm_str whole = decode(decoder, from, SIZE_MAX / 2);
			static const size_t blocks[] = {1, 2, 3, 7, 64};
			for (size_t b = 0; b < DGM_COUNT(blocks); b++) {
				const struct dgm_str text = decode(decoder, from, blocks[b]);
				if (!dgm_str_eq(text, whole))
					fail_msg("%s: blocks of %zu make a difference", charset->name, blocks[b]);
				release(text);
			}
			const struct dgm_str back = encode(encoder, whole);
			if (!has_doubles(charset) && !dgm_str_eq(back, from))
				fail_msg("%s: round %d did not come back", charset->name, round);
			/* Behind a marker, a double written another way could become part of the stray byte's character. */
			const struct dgm_str again = decode(decoder, back, SIZE_MAX / 2);
			if (!has_doubles(charset) || dgm_utf8_valid(whole))
				assert_true(dgm_str_eq(again, whole));
			release(again);
			release(back);
			release(whole);
		}
		dgm_decoder_free(decoder);
		dgm_encoder_free(encoder);
	}
}

/* The law that keeps separators safe: ASCII in is the same ASCII out, save where it is part of a mapped character. */
static void stray_bytes_swallow_nothing(void **state)
{
	(void)state;
	static const char marks[] = "\",;\n\r\t<>&{}[]:\\'";
	for (size_t i = 0; dgm_charset_at(i); i++) {
		const struct dgm_charset *charset = dgm_charset_at(i);
		if (charset->kind != DGM_CHARSET_MULTI && charset->kind != DGM_CHARSET_SINGLE)
			continue;
		struct dgm_decoder *decoder = dgm_decoder_new(charset);
		for (unsigned lead = 0x80; lead < 0x100; lead++) {
			for (size_t m = 0; m + 1 < sizeof marks; m++) {
				const char bytes[] = {(char)lead, marks[m], 'x'};
				const struct dgm_str text = decode(decoder, dgm_str_of(bytes, 3), 3);
				if (!dgm_marker_at(text, 0)) {
					assert_true(dgm_utf8_valid(text));
				} else if (text.len != 4 || text.ptr[2] != marks[m]) {
					fail_msg("%s: %02x swallows '%c'", charset->name, lead, marks[m]);
				}
				release(text);
			}
		}
		dgm_decoder_free(decoder);
	}
}

static void what_is_written_reads_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; dgm_charset_at(i); i++) {
		const struct dgm_charset *charset = dgm_charset_at(i);
		struct dgm_decoder *decoder = dgm_decoder_new(charset);
		struct dgm_encoder *encoder = dgm_encoder_new(charset);
		size_t count = 0;
		for (uint32_t c = 0; c < 0x30000; c += c < 0x10000 ? 1 : 7) {
			char bytes[DGM_ENCODED_MAX], utf8[4], text[DGM_DECODED_ROOM(DGM_ENCODED_MAX)];
			if (c >= 0xD800 && c < 0xE000) {
				assert_int_equal(dgm_encoder_char(encoder, c, bytes), 0);
				continue;
			}
			const size_t n = dgm_encoder_char(encoder, c, bytes);
			assert_true(n <= DGM_ENCODED_MAX && (n > 0 || c >= 0x80));
			if (n == 0)
				continue;
			count++;
			size_t used = 0;
			const struct dgm_str expected = {utf8, dgm_utf8_put(utf8, c)};
			const size_t got = dgm_decoder_run(decoder, dgm_str_of(bytes, n), true, text, &used);
			if (!dgm_str_eq(expected, dgm_str_of(text, got)))
				fail_msg("%s: U+%04X reads differently", charset->name, (unsigned)c);
		}
		const bool unicode = charset->kind != DGM_CHARSET_SINGLE && charset->kind != DGM_CHARSET_MULTI;
		if (unicode)
			assert_true(count == 0x10000 - 0x800 + (0x20000 + 6) / 7);
		else
			assert_true(count >= 128 && (charset->kind == DGM_CHARSET_MULTI || count <= 256));
		dgm_decoder_free(decoder);
		dgm_encoder_free(encoder);
	}
}

static void nothing_is_fitted(void **state)
{
	(void)state;
	static const struct {
		const char *charset;
		uint32_t code_point;
	} rows[] = {
		{"windows-1252", 0xFF21},
		{"windows-1252", 0x2212},
		{"windows-1252", 0x0101},
		{"windows-1252", 0x81},
		{"iso-8859-1", 0x20AC},
		{"iso-8859-1", 0x85},
		{"us-ascii", 0xE9},
		{"koi8-r", 0x454},
		{"windows-1256", 0x6F1},
		{"windows-1252", 0x200D},
		{"gbk", 0x200B},
		{"gbk", 0xFEFF},
		{"big5", 0xAD},
		{"euc-kr", 0x1F600},
		{"shift_jis", 0xE9},
		{"shift_jis", 0xA5},
		{"shift_jis", 0x203E},
		{"windows-1252", 0xFFFD},
		{"gbk", 0xFE0F},
		{"euc-jp", 0xA5},
	};
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		struct dgm_encoder *encoder = dgm_encoder_new(find(rows[i].charset));
		char bytes[DGM_ENCODED_MAX];
		if (dgm_encoder_char(encoder, rows[i].code_point, bytes) != 0)
			fail_msg("%s: U+%04X is written", rows[i].charset, (unsigned)rows[i].code_point);
		dgm_encoder_free(encoder);
	}
}

static void encoding_stops_where_it_cannot_go_on(void **state)
{
	(void)state;
	static const struct {
		const char *charset;
		struct dgm_str text;
		size_t used;
		struct dgm_str bytes;
	} rows[] = {
		{"windows-1252", {"ABCDEFGHIJ\xC3\xB1", 12}, 12, {"ABCDEFGHIJ\xF1", 11}},
		{"windows-1252",
			{"a\xE7\x8E\x8B"
			 "b",
				5},
			1, {"a", 1}},
		{"windows-1252", {"a\xC3", 2}, 1, {"a", 1}},
		{"windows-1252",
			{"a\xC3"
			 "b",
				3},
			1, {"a", 1}},
		{"utf-16le", {"a\xC3\xB1\xF0\x9F\x98\x80", 7}, 7, {"a\0\xF1\0\x3D\xD8\x00\xDE", 8}},
		{"utf-16be", {"a\xC3\xB1\xF0\x9F\x98", 6}, 3, {"\0a\0\xF1", 4}},
		{"utf-16be", {"\xED\xA0\x80", 3}, 0, {"", 0}},
		{"utf-16be",
			{"\xE7\x8E"
			 "b",
				3},
			0, {"", 0}},
		{"utf-16be",
			{"\xE7"
			 "b\x8B",
				3},
			0, {"", 0}},
		{"utf-16be", {"\xE0\x80\x80", 3}, 0, {"", 0}},
		{"utf-16be", {"\xF4\x90\x80\x80", 4}, 0, {"", 0}},
		{"utf-16be", {"\xC0\x80", 2}, 0, {"", 0}},
		{"utf-16be", {"\xF8\x80", 2}, 0, {"", 0}},
		{"gb18030", {"\xE7\x8E\x8B\xF0\x90\x80\x80\xFF", 8}, 7, {"\xCD\xF5\x90\x30\x81\x30", 6}},
	};
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		struct dgm_encoder *encoder = dgm_encoder_new(find(rows[i].charset));
		char bytes[DGM_ENCODED_ROOM(16)];
		size_t used = 99;
		const size_t n = dgm_encoder_run(encoder, rows[i].text, bytes, &used);
		if (used != rows[i].used || !dgm_str_eq(dgm_str_of(bytes, n), rows[i].bytes))
			fail_msg("row %zu: %zu used", i, used);
		dgm_encoder_free(encoder);
	}
}

static void markers_hold_every_byte(void **state)
{
	(void)state;
	for (unsigned b = 0; b < 256; b++) {
		char bytes[2];
		assert_int_equal(dgm_marker_put(bytes, (unsigned char)b), 2);
		const struct dgm_str s = {bytes, 2};
		assert_true(dgm_marker_at(s, 0) && dgm_marker_byte(s, 0) == b);
		assert_false(dgm_utf8_valid(s));
		assert_false(dgm_marker_at(s, 1));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_a_closed_list),
		cmocka_unit_test(marks_tell_the_charset),
		cmocka_unit_test(bytes_are_what_the_charset_says),
		cmocka_unit_test(every_byte_comes_back),
		cmocka_unit_test(random_bytes_come_back_whatever_the_blocks),
		cmocka_unit_test(stray_bytes_swallow_nothing),
		cmocka_unit_test(what_is_written_reads_the_same),
		cmocka_unit_test(nothing_is_fitted),
		cmocka_unit_test(encoding_stops_where_it_cannot_go_on),
		cmocka_unit_test(markers_hold_every_byte),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
