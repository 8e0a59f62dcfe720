/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Charsets: decoding does not depend on the chunks, what is decoded encodes to the very bytes (but where a charset has
 * two codes for a character), and text that could be encoded decodes to itself. The first byte chooses the charset.
 */
#include "base/text.h"
#include "fuzz.h"
#include "io/charset.h"
#include "io/input.h"
#include "io/output.h"

static void quiet(void *context, const struct dgm_diag *diag)
{
	(void)context;
	fuzz_check_diag(diag);
}

static struct dgm_diag_sink sink = {.emit = quiet};

/* The decoded text of the bytes, and those bytes again by way of the input's own encoder. */
static bool decode(const struct dgm_charset *charset, struct dgm_str bytes, size_t chunk, size_t want,
	struct fuzz_text *ret_text, struct fuzz_text *ret_back)
{
	struct dgm_input *input = dgm_input_memory(bytes, DGM_STR("fuzz"), &sink, chunk);
	bool done = dgm_input_charset(input, dgm_str(charset->name), false) == 0;
	ret_text->len = 0;
	while (done) {
		struct dgm_str window, encoded;
		demand(dgm_input_peek(input, want, &window) == DGM_OK, "memory cannot break");
		if (window.len == 0)
			break;
		demand(window.len >= want || dgm_input_at_end(input), "a short window before the end");
		if (window.len > want)
			window.len = want;
		fuzz_add(ret_text, window);
		dgm_input_consume(input, window.len);
		(void)encoded;
	}
	if (done && ret_back) {
		struct dgm_str encoded;
		ret_back->len = 0;
		done = dgm_input_encode(input, dgm_str_of(ret_text->ptr, ret_text->len), &encoded) == 0;
		demand(done, "what was decoded cannot be encoded");
		fuzz_add(ret_back, encoded);
		dgm_input_encoded_free(encoded);
	}
	dgm_input_free(input);
	return done;
}

static bool two_codes(const struct dgm_charset *charset)
{
	return dgm_str_is(dgm_str(charset->name), "shift_jis") || dgm_str_is(dgm_str(charset->name), "euc-jp") ||
		dgm_str_is(dgm_str(charset->name), "big5");
}

/* Whole valid text through an output and back. */
static void check_encode(const struct dgm_charset *charset, struct dgm_str text)
{
	static struct fuzz_text again;
	struct dgm_output *output = dgm_output_memory(&sink);
	if (dgm_output_charset(output, dgm_str(charset->name), false) == 0) {
		dgm_output_write(output, text);
		demand(dgm_output_commit(output) == 0, "memory cannot break");
		struct dgm_str bytes = dgm_output_bytes(output);
		if (charset->kind == DGM_CHARSET_UTF16 && bytes.len >= 2) {
			/* Little-endian behind its mark. */
			charset = dgm_charset_find(DGM_STR("utf-16le"));
			bytes = dgm_str_skip(bytes, 2);
		}
		size_t mark;
		if (dgm_output_unencodable(output) == 0 && !dgm_charset_of_bom(bytes, &mark)) {
			demand(decode(charset, bytes, 0, 64, &again, NULL), "%s: written and refused", charset->name);
			demand(dgm_str_eq(text, dgm_str_of(again.ptr, again.len)), "%s: other text came back",
				charset->name);
		}
	}
	dgm_output_free(output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_text whole, pieces, back;
	struct dgm_str bytes = {(const char *)data, size};
	size_t count = 0, mark;
	while (dgm_charset_at(count))
		count++;
	if (count == 0)
		return 0;
	const struct dgm_charset *charset = dgm_charset_at(fuzz_byte(&bytes) % count);
	const size_t chunk = (size_t)(fuzz_byte(&bytes) % 17) + 1;
	/* U+FEFF at the beginning is a mark in every charset that has it; behind U+0000 it looks like that of UTF-32. */
	if (dgm_utf8_valid(bytes) && !(bytes.len && bytes.ptr[0] == 0) &&
		!dgm_str_starts(bytes, DGM_STR("\xef\xbb\xbf")))
		check_encode(charset, bytes);
	if (!decode(charset, bytes, 0, 4096, &whole, &back))
		return 0; /* its mark speaks of another charset */
	demand(decode(charset, bytes, chunk, 3, &pieces, NULL), "refused in pieces only");
	fuzz_same(charset->name, &whole, &pieces);
	/* A mark is no part of the text: those of Unicode's own encodings, and GB 18030's. */
	if (!two_codes(charset) && !dgm_charset_of_bom(bytes, &mark) &&
		!dgm_str_starts(bytes, DGM_STR("\x84\x31\x95\x33")))
		demand(dgm_str_eq(bytes, dgm_str_of(back.ptr, back.len)), "%s: other bytes came back", charset->name);
	return 0;
}
