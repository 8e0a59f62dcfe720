/* SPDX-License-Identifier: Apache-2.0 */
/* Option tables: every kind of value, what is refused and how it is said, and what a table itself may not be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "host/options.h"
#include "io/output.h"

struct config {
	uint64_t header, limit, separator, mode;
	struct dgm_str title;
};

static const struct dgm_option table[] = {
	{"header", "yes", NULL, "the first row holds names", DGM_OPTION_BOOL, offsetof(struct config, header)},
	{"limit", "64k", NULL, "longest row in bytes", DGM_OPTION_UINT, offsetof(struct config, limit)},
	{"separator", "tab", NULL, "between cells", DGM_OPTION_CHAR, offsetof(struct config, separator)},
	{"quoting", "minimal", "minimal|all|never", "which cells are quoted", DGM_OPTION_CHOICE,
		offsetof(struct config, mode)},
	{"title", "", NULL, "a line above the rows", DGM_OPTION_TEXT, offsetof(struct config, title)},
};

static char said[2048];

static void hear(void *context, const struct dgm_diag *diag)
{
	const size_t at = strlen(said);
	(void)context;
	snprintf(said + at, sizeof said - at, "%.*s:%u %s: %.*s\n", DGM_FMT(diag->file), diag->place.line, diag->code,
		DGM_FMT(diag->text));
}

static int fill(struct config *config, const char *const *pairs, size_t count)
{
	struct dgm_option_given given[8];
	struct dgm_diag_sink sink = {.emit = hear};
	said[0] = '\0';
	memset(config, 0xff, sizeof *config);
	for (size_t i = 0; i < count; i++)
		given[i] = dgm_option_split(dgm_str(pairs[i]));
	const int result = dgm_options_fill(table, DGM_COUNT(table), config, sizeof *config, given, count,
		DGM_STR("plugin table"), &sink);
	assert_int_equal(result != 0, sink.count[DGM_ERROR] > 0);
	return result;
}

static void test_defaults(void **state)
{
	(void)state;
	struct config config;
	assert_int_equal(fill(&config, NULL, 0), 0);
	assert_int_equal(config.header, 1);
	assert_int_equal(config.limit, 65536);
	assert_int_equal(config.separator, '\t');
	assert_int_equal(config.mode, 0);
	assert_int_equal(config.title.len, 0);
}

static void test_values(void **state)
{
	(void)state;
	static const struct {
		const char *pair;
		size_t offset;
		uint64_t number;
	} cases[] = {
		{"header", offsetof(struct config, header), 1},
		{"header=no", offsetof(struct config, header), 0},
		{"header=false", offsetof(struct config, header), 0},
		{"header=off", offsetof(struct config, header), 0},
		{"header=yes", offsetof(struct config, header), 1},
		{"header=true", offsetof(struct config, header), 1},
		{"header=on", offsetof(struct config, header), 1},
		{"limit=0", offsetof(struct config, limit), 0},
		{"limit=18446744073709551615", offsetof(struct config, limit), UINT64_MAX},
		{"limit=3k", offsetof(struct config, limit), 3072},
		{"limit=2M", offsetof(struct config, limit), 2097152},
		{"limit=17179869183G", offsetof(struct config, limit), UINT64_C(17179869183) << 30},
		{"separator=;", offsetof(struct config, separator), ';'},
		{"separator==", offsetof(struct config, separator), '='},
		{"separator=tab", offsetof(struct config, separator), 9},
		{"separator=", offsetof(struct config, separator), 0},
		{"separator=none", offsetof(struct config, separator), 0},
		{"quoting=minimal", offsetof(struct config, mode), 0},
		{"quoting=never", offsetof(struct config, mode), 2},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct config config;
		uint64_t number;
		assert_int_equal(fill(&config, &cases[i].pair, 1), 0);
		memcpy(&number, (const char *)&config + cases[i].offset, sizeof number);
		assert_true(number == cases[i].number);
	}
}

static void test_text_and_order(void **state)
{
	(void)state;
	struct config config;
	const char *const pairs[] = {"title=a=b", "limit=1", "limit=2"};
	assert_int_equal(fill(&config, pairs, DGM_COUNT(pairs)), 0);
	assert_true(dgm_str_is(config.title, "a=b"));
	assert_int_equal(config.limit, 2);
}

static void test_refused_values(void **state)
{
	(void)state;
	static const struct {
		const char *pair, *said;
	} cases[] = {
		{"header=maybe", ":0 option-value: plugin table: option header='maybe': expected yes|no\n"},
		{"header=", ":0 option-value: plugin table: option header='': expected yes|no\n"},
		{"header=Yes", ":0 option-value: plugin table: option header='Yes': expected yes|no\n"},
		{"limit=-1", ":0 option-value: plugin table: option limit='-1': expected number[k|M|G]\n"},
		{"limit=k", ":0 option-value: plugin table: option limit='k': expected number[k|M|G]\n"},
		{"limit=1K", ":0 option-value: plugin table: option limit='1K': expected number[k|M|G]\n"},
		{"limit=18446744073709551616",
			":0 option-value: plugin table: option limit='18446744073709551616': expected number[k|M|G]\n"},
		{"limit=17179869184G",
			":0 option-value: plugin table: option limit='17179869184G': expected number[k|M|G]\n"},
		{"separator=;;", ":0 option-value: plugin table: option separator=';;': expected character|tab|none\n"},
		{"separator=\xc2",
			":0 option-value: plugin table: option separator='\xc2': expected character|tab|none\n"},
		{"quoting=minimal|all",
			":0 option-value: plugin table: option quoting='minimal|all': expected minimal|all|never\n"},
		{"quoting=\n", ":0 option-value: plugin table: option quoting='?': expected minimal|all|never\n"},
		{"quoting=0123456789012345678901234567890123456789x",
			":0 option-value: plugin table: option quoting='0123456789012345678901234567890123456789...': "
			"expected minimal|all|never\n"},
		{"seperator=;",
			":0 option-unknown: plugin table has no option 'seperator'; did you mean 'separator'?\n"},
		{"zzz=1",
			":0 option-unknown: plugin table has no option 'zzz'; it has 5 others, the first is 'header'\n"},
		{"=1", ":0 option-unknown: plugin table has no option ''; it has 5 others, the first is 'header'\n"},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct config config;
		assert_int_equal(fill(&config, &cases[i].pair, 1), -1);
		assert_string_equal(said, cases[i].said);
		assert_int_equal(config.limit, 65536); /* the default stays */
	}
}

static void test_each_bad_pair_is_said_with_its_place(void **state)
{
	(void)state;
	struct config config;
	struct dgm_diag_sink sink = {.emit = hear};
	const struct dgm_option_given given[] = {
		{DGM_STR("limit"), DGM_STR("x"), DGM_STR("a.yaml"), {.line = 7}},
		{DGM_STR("limit"), DGM_STR("5"), DGM_STR("a.yaml"), {.line = 8}},
		{DGM_STR("nothing-like-it"), DGM_STR("5"), DGM_STR("a.yaml"), {.line = 9}},
	};
	said[0] = '\0';
	assert_int_equal(dgm_options_fill(table, DGM_COUNT(table), &config, sizeof config, given, DGM_COUNT(given),
				 DGM_STR("plugin table"), &sink),
		-1);
	assert_int_equal(sink.count[DGM_ERROR], 2);
	assert_int_equal(config.limit, 5);
	assert_string_equal(said,
		"a.yaml:7 option-value: plugin table: option limit='x': expected number[k|M|G]\n"
		"a.yaml:9 option-unknown: plugin table has no option 'nothing-like-it'; it has 5 "
		"others, the first is 'header'\n");
}

static void test_no_table(void **state)
{
	(void)state;
	struct dgm_diag_sink sink = {.emit = hear};
	const struct dgm_option_given given = dgm_option_split(DGM_STR("a=b"));
	said[0] = '\0';
	assert_int_equal(dgm_options_fill(NULL, 0, NULL, 0, &given, 1, DGM_STR("plugin bare"), &sink), -1);
	assert_string_equal(said, ":0 option-unknown: plugin bare has no option 'a', nor any other\n");
	assert_int_equal(dgm_options_fill(NULL, 0, NULL, 0, NULL, 0, DGM_STR("plugin bare"), &sink), 0);
}

static void test_unsound_tables(void **state)
{
	(void)state;
	static const struct {
		struct dgm_option options[2];
		const char *reason;
	} cases[] = {
		{{{NULL, "", NULL, "h", DGM_OPTION_TEXT, 0}}, "option 0: its name is not made of"},
		{{{"", "", NULL, "h", DGM_OPTION_TEXT, 0}}, "option 0: its name is not made of"},
		{{{"Upper", "", NULL, "h", DGM_OPTION_TEXT, 0}}, "option 0: its name is not made of"},
		{{{"a=b", "", NULL, "h", DGM_OPTION_TEXT, 0}}, "option 0: its name is not made of"},
		{{{"a", "", NULL, "h", 6, 0}}, "option 'a' is of a kind"},
		{{{"a", "", NULL, "h", 0, 0}}, "option 'a' is of a kind"},
		{{{"a", "", NULL, NULL, DGM_OPTION_TEXT, 0}}, "option 'a' has no help"},
		{{{"a", "", NULL, "two\nlines", DGM_OPTION_TEXT, 0}}, "option 'a' has no help"},
		{{{"a", "x", NULL, "h", DGM_OPTION_CHOICE, 0}}, "option 'a' has no list of different choices"},
		{{{"a", "x", "x|x", "h", DGM_OPTION_CHOICE, 0}}, "option 'a' has no list of different choices"},
		{{{"a", "x", "x|", "h", DGM_OPTION_CHOICE, 0}}, "option 'a' has no list of different choices"},
		{{{"a", "yes", "yes|no", "h", DGM_OPTION_BOOL, 0}}, "option 'a' has choices but"},
		{{{"a", "", NULL, "h", DGM_OPTION_TEXT, 4}}, "option 'a' lies across"},
		{{{"a", "", NULL, "h", DGM_OPTION_TEXT, 24}}, "option 'a' lies outside"},
		{{{"a", "1", NULL, "h", DGM_OPTION_UINT, 32}}, "option 'a' lies outside"},
		{{{"a", "1", NULL, "h", DGM_OPTION_UINT, 0xfffffff8u}}, "option 'a' lies outside"},
		{{{"a", NULL, NULL, "h", DGM_OPTION_TEXT, 0}}, "option 'a' has no default"},
		{{{"a", "one", NULL, "h", DGM_OPTION_UINT, 0}}, "option 'a' has a default that is not"},
		{{{"a", "y", "x|z", "h", DGM_OPTION_CHOICE, 0}}, "option 'a' has a default that is not"},
		{{{"a", "", NULL, "h", DGM_OPTION_TEXT, 0}, {"a", "", NULL, "h", DGM_OPTION_TEXT, 16}},
			"option 'a' stands there twice"},
		{{{"a", "", NULL, "h", DGM_OPTION_TEXT, 0}, {"b", "1", NULL, "h", DGM_OPTION_UINT, 8}},
			"option 'b' shares its place"},
	};
	char reason[256];
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		const size_t count = cases[i].options[1].name ? 2 : 1;
		assert_int_equal(dgm_options_check(cases[i].options, count, 32, reason), -1);
		if (strncmp(reason, cases[i].reason, strlen(cases[i].reason)) != 0)
			fail_msg("case %zu: %s", i, reason);
	}
	assert_int_equal(dgm_options_check(table, DGM_COUNT(table), sizeof(struct config), reason), 0);
	assert_int_equal(dgm_options_check(NULL, 0, 0, reason), 0);
	assert_int_equal(dgm_options_check(NULL, 1, 8, reason), -1);
	assert_int_equal(dgm_options_check(table, DGM_OPTIONS_MAX + 1, 64, reason), -1);
	assert_int_equal(dgm_options_check(table, 1, (size_t)DGM_CONFIG_SIZE_MAX + 1, reason), -1);
}

static void test_help(void **state)
{
	(void)state;
	struct dgm_diag_sink sink = {.emit = hear};
	struct dgm_output *output = dgm_output_memory(&sink);
	dgm_options_print(table, 2, output);
	assert_int_equal(dgm_output_commit(output), 0);
	assert_true(dgm_str_is(dgm_output_bytes(output),
		"  header=yes|no  [yes]\n      the first row holds names\n"
		"  limit=number[k|M|G]  [64k]\n      longest row in bytes\n"));
	dgm_output_free(output);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_text_and_order),
		cmocka_unit_test(test_refused_values),
		cmocka_unit_test(test_each_bad_pair_is_said_with_its_place),
		cmocka_unit_test(test_no_table),
		cmocka_unit_test(test_unsound_tables),
		cmocka_unit_test(test_help),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
