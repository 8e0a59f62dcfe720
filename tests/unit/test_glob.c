/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns for names of files, the lines of journals, and the names of outputs. */
#include "batch/glob.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "batch/line.h"
#include "batch/mirror.h"

static void patterns_fit_as_said(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *path;
		bool fits;
	} rows[] = {
		{"*.xml", "a.xml", true},
		{"*.xml", "a/b/c.xml", true},
		{"*.xml", "a.xml/b", false},
		{"*.xml", ".xml", true},
		{"/*.xml", "a.xml", true},
		{"/*.xml", "b/a.xml", false},
		{"a", "x/a", true},
		{"a", "a/x", false},
		{"a/*", "a/x", true},
		{"a/*", "a/x/y", false},
		{"a/**", "a/x/y", true},
		{"a/**", "a", true},
		{"**/c", "c", true},
		{"**/c", "a/b/c", true},
		{"a/**/c", "a/c", true},
		{"a/**/c", "a/b/b/c", true},
		{"a/**/c", "b/c", false},
		{"a/**/b/**/c", "a/b/x/b/y/c", true},
		{"**", "a/b", true},
		{"a?c", "abc", true},
		{"a?c", "a/c", false},
		{"a?c", "ac", false},
		{"*a*b*", "xxaxxbxx", true},
		{"*a*b*", "xxbxxaxx", false},
		{"a*", "a", true},
		{"*", "", true},
		{"", "", true},
		{"", "a", false},
		{"*.XML", "a.xml", false},
		{"a\xff*", "a\xff\n", true},
		{"[a]", "a", false},
		{"aaaa*aaaa*aaaa*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
	};
	for (size_t i = 0; i < DGM_COUNT(rows); i++)
		if (dgm_glob(dgm_str(rows[i].pattern), dgm_str(rows[i].path)) != rows[i].fits)
			fail_msg("%s and %s", rows[i].pattern, rows[i].path);
}

static void lines_come_back(void **state)
{
	(void)state;
	struct dgm_line line = {0};
	struct dgm_arena arena = {0};
	char bytes[256];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)i;
	const struct dgm_str all = dgm_str_of(bytes, sizeof bytes);
	dgm_line_begin(&line, "done");
	dgm_line_text(&line, "in", all);
	dgm_line_text(&line, "nin", DGM_STR("x"));
	dgm_line_text(&line, "empty", DGM_NOSTR);
	dgm_line_text(&line, "tricky", DGM_STR("in=% 41%41%4"));
	dgm_line_number(&line, "read", UINT64_MAX);
	struct dgm_str whole = dgm_line_end(&line), body;
	for (size_t i = 0; i + 1 < whole.len; i++)
		assert_true(whole.ptr[i] >= 0x20 && whole.ptr[i] < 0x7F);
	assert_int_equal(whole.ptr[whole.len - 1], '\n');
	whole.len--;
	assert_true(dgm_line_check(whole, &body));
	assert_true(dgm_str_is(dgm_line_word(body), "done"));
	assert_true(dgm_str_eq(dgm_line_get(body, "in", &arena), all));
	assert_true(dgm_str_is(dgm_line_get(body, "nin", &arena), "x"));
	assert_true(dgm_str_is(dgm_line_get(body, "tricky", &arena), "in=% 41%41%4"));
	assert_int_equal(dgm_line_get(body, "empty", &arena).len, 0);
	assert_int_equal(dgm_line_get(body, "none", &arena).len, 0);
	assert_true(dgm_line_count(body, "read") == UINT64_MAX);
	assert_int_equal(dgm_line_count(body, "nin"), 0);
	/* A line with any byte changed, or cut anywhere, is none. */
	char *copy = malloc(whole.len);
	for (size_t i = 0; i < whole.len; i++) {
		struct dgm_str ignored;
		memcpy(copy, whole.ptr, whole.len);
		copy[i] ^= 1;
		assert_false(dgm_line_check(dgm_str_of(copy, whole.len), &ignored));
		assert_false(dgm_line_check(dgm_str_take(whole, i), &ignored));
	}
	free(copy);
	dgm_line_done(&line);
	dgm_arena_done(&arena);
}

static void outputs_have_names_of_their_own(void **state)
{
	(void)state;
	static const struct {
		const char *path, *name; /* NULL: a folder; "": none can be given */
	} rows[] = {{".hidden", ".hidden.x"}, {"a.csv", "a.csv.x"}, {"a.xml", "a.xml.x"}, {"a.xml.b", "a.xml.b.x"},
		{"b", "b.x"}, {"d.b", "d.b.x"}, {"d.x", NULL}, {"d.x/e.b", "d.x/e.x"}, {"f", ""}, {"f.x", NULL},
		{"g.h/i", "g.h/i.x"}, {"report", ""}};
	struct dgm_tree tree = {0};
	struct dgm_arena arena = {0};
	for (size_t i = DGM_COUNT(rows); i > 0; i--)
		dgm_tree_add(&tree, dgm_str(rows[i - 1].path), rows[i - 1].name ? DGM_TREE_FILE : DGM_TREE_FOLDER);
	dgm_tree_add(&tree, DGM_STR("g.h"), DGM_TREE_FOLDER);
	dgm_tree_add(&tree, DGM_STR("b.excluded"), DGM_TREE_EXCLUDED);
	dgm_tree_sort(&tree);
	const uint8_t *names = dgm_names(&tree, DGM_STR("x"), "report.x");
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		const struct dgm_tree_entry *entry = dgm_tree_find(&tree, rows[i].path);
		assert_non_null(entry);
		const enum dgm_name name = (enum dgm_name)names[entry - tree.entries];
		if (!rows[i].name)
			continue;
		assert_int_equal(name == DGM_NAME_NONE, !*rows[i].name);
		if (*rows[i].name)
			assert_string_equal(dgm_name_of(&arena, rows[i].path, name, DGM_STR("x")).ptr, rows[i].name);
	}
	dgm_tree_done(&tree);
	dgm_arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_fit_as_said),
		cmocka_unit_test(lines_come_back),
		cmocka_unit_test(outputs_have_names_of_their_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
