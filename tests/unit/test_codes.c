/* SPDX-License-Identifier: Apache-2.0 */
/* Code lists: many spellings read, one written, exact before folded; and every shipped list compiles. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "format/codes.h"
#include "lab.h"

static struct dgm_arena arena;
static struct lab_heard heard;

static int start(void **state)
{
	(void)state;
	dgm_arena_reset(&arena);
	lab_heard_init(&heard);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	lab_heard_done(&heard);
	return 0;
}

static struct dgm_codes *compile(const char *text)
{
	const struct dgm_yaml *map = dgm_yaml_parse(&arena, dgm_str(text), DGM_STR("f.yaml"), &heard.sink);
	assert_non_null(map);
	return dgm_codes_compile(&arena, DGM_STR("list"), map, DGM_STR("f.yaml"), &heard.sink);
}

static const char *read_as(struct dgm_codes *codes, const char *spelling)
{
	struct dgm_str code;
	return dgm_codes_read(codes, &arena, dgm_str(spelling), &code) ? dgm_arena_cstr(&arena, code) : "(unknown)";
}

static const char *write_as(struct dgm_codes *codes, const char *code)
{
	struct dgm_str spelling;
	return dgm_codes_write(codes, dgm_str(code), &spelling) ? dgm_arena_cstr(&arena, spelling) : "(unknown)";
}

static void test_both_ways(void **state)
{
	(void)state;
	struct dgm_codes *codes =
		compile("male: [M, Male, masculin]\nfemale: F\nother: [X, \"Über  Alles\"]\nunknown: []\n");
	assert_non_null(codes);
	assert_string_equal(read_as(codes, "M"), "male");
	assert_string_equal(read_as(codes, "masculin"), "male");
	assert_string_equal(read_as(codes, "F"), "female");
	/* Folded: case of any script, white space, composition. */
	assert_string_equal(read_as(codes, "mAsCuLiN"), "male");
	assert_string_equal(read_as(codes,
				    " U\xCC\x88"
				    "BER alles "),
		"other");
	assert_string_equal(read_as(codes, ""), "(unknown)");
	assert_string_equal(read_as(codes, "MM"), "(unknown)");
	assert_string_equal(read_as(codes, "male "), "male");
	assert_string_equal(write_as(codes, "male"), "M");
	assert_string_equal(write_as(codes, "other"), "X");
	assert_string_equal(write_as(codes, "unknown"), "(unknown)");
	assert_string_equal(write_as(codes, "M"), "(unknown)");
	assert_int_equal(heard.len, 0);
}

/* "m" and "M" may be two codes; only a spelling that is neither is folded, and then the first one counts. */
static void test_exact_first(void **state)
{
	(void)state;
	struct dgm_codes *codes = compile("a: M\nb: m\nc: [\"M \"]\n");
	assert_non_null(codes);
	assert_string_equal(read_as(codes, "M"), "a");
	assert_string_equal(read_as(codes, "m"), "b");
	assert_string_equal(read_as(codes, "M "), "c");
	assert_string_equal(read_as(codes, " m"), "a");
}

/* Neither exactly nor folded: by what people leave out or confuse, where that is no other code's, too. */
static void test_by_key(void **state)
{
	(void)state;
	struct dgm_codes *codes = compile("JO: [الأردن, Jordanie]\nCI: [\"Côte d'Ivoire\"]\nRU: Королёв\n"
					  "a: Nóxo\nb: Nòxo\nUS: Mỹ\nCN: \"中国（大陆）\"\n");
	assert_non_null(codes);
	assert_string_equal(read_as(codes, "الاردن"), "JO");
	assert_string_equal(read_as(codes, "الأُرْدُنّ"), "JO");
	assert_string_equal(read_as(codes, "COTE D’IVOIRE"), "CI");
	assert_string_equal(read_as(codes, "Королев"), "RU");
	assert_string_equal(read_as(codes, "中国(大陆)"), "CN");
	assert_string_equal(read_as(codes, "nòxo"), "b");
	assert_string_equal(read_as(codes, "noxo"), "(unknown)");
	assert_string_equal(read_as(codes, "My"), "(unknown)");
	assert_string_equal(read_as(codes, "Jordan"), "(unknown)");
	/* A list in front knows it by key only, the next one as it is. */
	struct dgm_codes *const lists[] = {compile("x: Perú\n"), compile("y: Peru\n")};
	struct dgm_str code;
	assert_true(dgm_codes_read_any(lists, 2, &arena, DGM_STR("peru"), &code));
	assert_true(dgm_str_is(code, "y"));
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *said;
	} cases[] = {
		{"[a]\n", "error 1:1 definition-codes: a code list is a map from codes to spellings\n"},
		{"a: {b: c}\n", "error 1:4 definition-codes: a code needs one spelling or a list of spellings\n"},
		{"a: [b, [c]]\n", "error 1:4 definition-codes: a code needs one spelling or a list of spellings\n"},
		{"a: b\nc: [d, b]\n", "error 0:0 definition-codes: code list list: the spelling \"b\" stands twice\n"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		heard.len = 0;
		assert_null(compile(cases[i].text));
		lab_same(cases[i].text, dgm_str_of(heard.text, heard.len), dgm_str(cases[i].said));
	}
}

/* Far more than the smallest table: every spelling is found in its place. */
static void test_many(void **state)
{
	char *text = malloc(1 << 20);
	size_t len = 0;
	(void)state;
	for (int i = 0; i < 5000; i++)
		len += (size_t)snprintf(text + len, 64, "c%d: [s%d, \"t %d\"]\n", i, i, i);
	struct dgm_codes *codes = compile(text);
	assert_non_null(codes);
	for (int i = 0; i < 5000; i++) {
		char code[16], spelling[16];
		snprintf(code, sizeof code, "c%d", i);
		snprintf(spelling, sizeof spelling, "T  %d", i);
		assert_string_equal(read_as(codes, spelling), code);
		snprintf(spelling, sizeof spelling, "s%d", i);
		assert_string_equal(read_as(codes, spelling), code);
		assert_string_equal(write_as(codes, code), spelling);
	}
	assert_string_equal(read_as(codes, "s5000"), "(unknown)");
	free(text);
}

static void test_files(void **state)
{
	static const struct {
		const char *text, *said;
	} cases[] = {
		{"list: a\ncode: {}\n", "error 2:1 definition-unknown-key: a code list has no key \"code\"\n"},
		{"list: a\n", "error 1:1 definition-codes: a code list needs the keys \"list\" and \"codes\"\n"},
		{"codes: {a: b}\n", "error 1:1 definition-codes: a code list needs the keys \"list\" and \"codes\"\n"},
		{"list: a\ntitle: t\nsource: s\ntype: t\ncodes: {a: b}\n", ""},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		char path[] = "/tmp/dgm-codes-XXXXXX";
		FILE *file = fdopen(mkstemp(path), "w");
		assert_non_null(file);
		fputs(cases[i].text, file);
		fclose(file);
		heard.len = 0;
		struct dgm_codes *codes = dgm_codes_load(&arena, path, &heard.sink);
		unlink(path);
		lab_same(cases[i].text, dgm_str_of(heard.text, heard.len), dgm_str(cases[i].said));
		assert_int_equal(codes != NULL, cases[i].said[0] == '\0');
	}
}

/* The written spelling of every code of every shipped list is read as that code. */
static void test_shipped(void **state)
{
	DIR *dir = opendir(DGM_TEST_FORMAT_DIR "/codes");
	const struct dirent *file;
	unsigned count = 0;
	(void)state;
	assert_non_null(dir);
	while ((file = readdir(dir)) != NULL) {
		char path[4096];
		if (!dgm_str_ends(dgm_str(file->d_name), DGM_STR(".yaml")))
			continue;
		snprintf(path, sizeof path, DGM_TEST_FORMAT_DIR "/codes/%s", file->d_name);
		struct dgm_codes *codes = dgm_codes_load(&arena, path, &heard.sink);
		if (!codes || heard.len)
			fail_msg("%s: %s", path, heard.text);
		for (uint32_t i = 0; i < codes->count; i++) {
			struct dgm_str spelling, code;
			assert_true(dgm_codes_write(codes, codes->pairs[i].code, &spelling));
			assert_true(dgm_codes_read(codes, &arena, spelling, &code));
			assert_true(dgm_str_eq(code, codes->pairs[i].code));
			assert_true(dgm_codes_read(codes, &arena, codes->pairs[i].spelling, &code));
			assert_true(dgm_str_eq(code, codes->pairs[i].code));
		}
		count++;
	}
	closedir(dir);
	assert_in_range(count, 10, 1000);
}

static int finish(void **state)
{
	(void)state;
	dgm_arena_done(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_both_ways, start, stop),
		cmocka_unit_test_setup_teardown(test_exact_first, start, stop),
		cmocka_unit_test_setup_teardown(test_by_key, start, stop),
		cmocka_unit_test_setup_teardown(test_refused, start, stop),
		cmocka_unit_test_setup_teardown(test_many, start, stop),
		cmocka_unit_test_setup_teardown(test_files, start, stop),
		cmocka_unit_test_setup_teardown(test_shipped, start, stop),
	};
	return cmocka_run_group_tests_name("codes", tests, NULL, finish);
}
