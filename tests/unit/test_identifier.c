/* SPDX-License-Identifier: Apache-2.0 */
/* Check characters of identifiers, and what a definition's "check" does: a wrong one is told, and the value stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "defs.h"
#include "format/definition.h"
#include "lab.h"
#include "notice/identifier.h"

static void test_schemes(void **state)
{
	static const struct {
		const char *scheme, *text;
		bool good;
	} cases[] = {
		/* The example of GB 11643, and two that python3-stdnum knows. */
		{"cn-resident-id", "11010519491231002X", true},
		{"cn-resident-id", "11010519491231002x", true},
		{"cn-resident-id", "440524188001010014", true},
		{"cn-resident-id", "360426199101010071", true},
		{"cn-resident-id", "360426199101010072", false},
		{"cn-resident-id", "360426199101010017", false},
		{"cn-resident-id", "36042619910101007X", false},
		{"cn-resident-id", "360426910101007", true},
		{"cn-resident-id", "36042691010100X", false},
		{"cn-resident-id", "3604261991010100", false},
		{"cn-resident-id", "36042619910101O071", false},
		{"cn-resident-id", "3604261991010100711", false},
		{"cn-resident-id", "1", false},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		const struct dgm_identifier *scheme = dgm_identifier_find(dgm_str(cases[i].scheme));
		assert_non_null(scheme);
		if (scheme->is_good(dgm_str(cases[i].text)) != cases[i].good)
			fail_msg("%s: %s", cases[i].scheme, cases[i].text);
	}
	assert_null(dgm_identifier_find(DGM_STR("")));
	assert_null(dgm_identifier_find(DGM_STR("CN-RESIDENT-ID")));
	for (size_t i = 0; dgm_identifier_at(i); i++)
		assert_ptr_equal(dgm_identifier_find(dgm_str(dgm_identifier_at(i)->name)), dgm_identifier_at(i));
}

static void test_key(void **state)
{
	struct dgm_format *format = lab_definition(
		DEFS_MAP_JSON "      I: {to: subject.document.number, check: cn-resident-id}\n      N: notice.id\n");
	struct lab_batch batch;
	struct lab_written written;
	struct dgm_arena arena = {0};
	(void)state;
	lab_batch_init(&batch);
	lab_read(&batch, format, DGM_STR("{\"I\":\"360426199101010071\"}\n{\"N\":\"2\"}\n"), 0);
	assert_int_equal(batch.heard.len, 0);
	lab_read(&batch, format, DGM_STR("{\"I\":\"360426199101010072\",\"N\":\"3\"}\n"), 0);
	assert_int_equal(batch.count, 3);
	lab_same("dump", lab_dump(&arena, &batch.notices[2]),
		DGM_STR("notice.id=3\nsubject[1].document[1].number=360426199101010072\n"));
	lab_same("heard", dgm_str_trim(dgm_str(batch.heard.text)),
		DGM_STR("warning 0:0 identifier-check: subject.document.number: 360426199101010072"));
	lab_write(&written, format, &batch);
	lab_same("written", written.bytes,
		DGM_STR("{\"I\":\"360426199101010071\"}\n{\"N\":\"2\"}\n{\"I\":\"360426199101010072\",\"N\":\"3\"}\n"));
	lab_written_done(&written);
	lab_batch_done(&batch);
	dgm_arena_done(&arena);
	dgm_format_free(format);
}

static void test_mistakes(void **state)
{
	static const char *const checks[] = {"I: {to: subject.document.number, check: cn}",
		"I: {to: subject.sex, check: cn-resident-id}"};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(checks); i++) {
		struct lab_heard heard;
		char yaml[512];
		snprintf(yaml, sizeof yaml, DEFS_MAP_JSON "      %s\n", checks[i]);
		lab_heard_init(&heard);
		assert_null(dgm_format_parse(dgm_str(yaml), "test.yaml", lab_code_folders(), &heard.sink));
		assert_non_null(strstr(heard.text, i ? "text" : "cn-resident-id"));
		lab_heard_done(&heard);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_schemes),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_mistakes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
