/* SPDX-License-Identifier: Apache-2.0 */
/* What an output writes for characters that its charset lacks, however the text is cut into parts. */
#include "io/output.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/text.h"

static void hear(void *context, const struct dgm_diag *diag)
{
	(void)context;
	assert_string_equal(diag->code, "charset-unencodable");
}

static struct dgm_diag_sink sink = {.emit = hear};

static void fallbacks_lose_nothing(void **state)
{
	(void)state;
	static const struct {
		const char *charset;
		uint32_t style;
		const char *text, *bytes;
		uint64_t unencodable;
	} rows[] = {
		{"windows-1251", DGM_FALLBACK_XML, "\u04D9x\u0451", "&#x04D9;x\xB8", 0},
		{"windows-1251", DGM_FALLBACK_JSON, "\u04D9x\u0451", "\\u04d9x\xB8", 0},
		{"us-ascii", DGM_FALLBACK_XML, "\uFFFD\U0001F600\U0010FFFF\xC2\x85",
			"&#xFFFD;&#x1F600;&#x10FFFF;&#x0085;", 0},
		{"us-ascii", DGM_FALLBACK_JSON, "\uFFFD\U0001F600\U0010FFFF", "\\ufffd\\ud83d\\ude00\\udbff\\udfff", 0},
		{"gbk", DGM_FALLBACK_XML, "\u738B\u0645", "\xCD\xF5&#x0645;", 0},
		{"us-ascii", DGM_FALLBACK_MARK, "\u04D9", "?", 1},
		{"us-ascii", 99, "\u04D9", "?", 1},
		{"us-ascii", DGM_FALLBACK_XML, "a\xFF", "a?", 1},
		{"utf-8", DGM_FALLBACK_XML, "\u04D9", "\u04D9", 0},
	};
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		const struct dgm_str text = dgm_str(rows[i].text);
		for (size_t step = 1; step <= text.len + 1; step++) {
			struct dgm_output *output = dgm_output_memory(&sink);
			assert_int_equal(dgm_output_charset(output, dgm_str(rows[i].charset), false), 0);
			dgm_output_fallback(output, rows[i].style);
			if (dgm_utf8_valid(text))
				assert_int_equal(dgm_output_encodes(output, text), rows[i].unencodable == 0);
			for (size_t at = 0; at < text.len; at += step) {
				dgm_output_section(output, (uint32_t)at);
				dgm_output_write(output, dgm_str_take(dgm_str_skip(text, at), step));
			}
			assert_int_equal(dgm_output_commit(output), 0);
			if (!dgm_str_is(dgm_output_bytes(output), rows[i].bytes))
				fail_msg("row %zu in steps of %zu: %.*s", i, step, DGM_FMT(dgm_output_bytes(output)));
			assert_int_equal(dgm_output_unencodable(output), rows[i].unencodable);
			dgm_output_free(output);
		}
	}
	/* A whole block of the characters that need the most room. */
	struct dgm_output *output = dgm_output_memory(&sink);
	assert_int_equal(dgm_output_charset(output, DGM_STR("us-ascii"), false), 0);
	dgm_output_fallback(output, DGM_FALLBACK_XML);
	assert_false(dgm_output_in_charset(output, DGM_STR("\u0101")));
	for (size_t i = 0; i < 100000; i++)
		dgm_output_write(output, DGM_STR("\u0101"));
	assert_int_equal(dgm_output_commit(output), 0);
	assert_int_equal(dgm_output_bytes(output).len, 800000);
	dgm_output_free(output);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(fallbacks_lose_nothing)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
