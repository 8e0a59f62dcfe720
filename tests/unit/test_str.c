/* SPDX-License-Identifier: Apache-2.0 */
/* Slices: borders, empty ones, and the overflow of numbers. */
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define S(literal) DGM_STR(literal)

static void compares(void **state)
{
	(void)state;
	assert_true(dgm_str_eq(DGM_NOSTR, S("")));
	assert_true(dgm_str_eq(S("ab"), dgm_str_of("abc", 2)));
	assert_false(dgm_str_eq(S("ab"), S("abc")));
	assert_true(dgm_str_is(dgm_str(NULL), ""));
	assert_true(dgm_str_eq_nocase(S("Nombre-1"), S("nOMBRE-1")));
	assert_false(dgm_str_eq_nocase(S("@"), S("`")));
	assert_false(dgm_str_eq_nocase(S("\xC3\x89"), S("\xC3\xA9")));
	assert_true(dgm_str_cmp(S("a"), S("ab")) < 0);
	assert_true(dgm_str_cmp(S("b"), S("ab")) > 0);
	assert_int_equal(dgm_str_cmp(DGM_NOSTR, S("")), 0);
	assert_true(dgm_str_cmp(S("a\x7F"), S("a\x80")) < 0);
}

static void cuts(void **state)
{
	(void)state;
	assert_true(dgm_str_starts(S("abc"), S("ab")));
	assert_true(dgm_str_starts(S("abc"), DGM_NOSTR));
	assert_false(dgm_str_starts(S("a"), S("ab")));
	assert_true(dgm_str_ends(S("abc"), S("bc")));
	assert_false(dgm_str_ends(S("c"), S("bc")));
	assert_true(dgm_str_is(dgm_str_skip(S("abc"), 1), "bc"));
	assert_true(dgm_str_is(dgm_str_skip(S("abc"), 9), ""));
	assert_true(dgm_str_is(dgm_str_take(S("abc"), 2), "ab"));
	assert_true(dgm_str_is(dgm_str_take(S("abc"), 9), "abc"));
	assert_true(dgm_str_is(dgm_str_trim(S(" \t\r\na b \n")), "a b"));
	assert_true(dgm_str_is(dgm_str_trim(S(" \t")), ""));
	assert_true(dgm_str_is(dgm_str_trim(S("\vx")), "\vx"));
}

static void finds(void **state)
{
	(void)state;
	static const struct {
		const char *text, *needle;
		size_t at;
	} rows[] = {
		{"abc", "", 0},
		{"abc", "a", 0},
		{"abc", "c", 2},
		{"abc", "bc", 1},
		{"abc", "cd", 3},
		{"abc", "abcd", 3},
		{"", "a", 0},
		{"aab", "ab", 1},
		{"ababac", "abac", 2},
		{"aaab", "aab", 1},
		{"a", "b", 1},
	};
	for (size_t i = 0; i < DGM_COUNT(rows); i++)
		assert_int_equal(dgm_str_find(dgm_str(rows[i].text), dgm_str(rows[i].needle)), rows[i].at);
}

static void splits(void **state)
{
	(void)state;
	struct dgm_str rest = S("a||b|"), part;
	static const char *const parts[] = {"a", "", "b", ""};
	for (size_t i = 0; i < DGM_COUNT(parts); i++) {
		assert_true(dgm_str_next(&rest, S("|"), &part));
		assert_true(dgm_str_is(part, parts[i]));
	}
	assert_false(dgm_str_next(&rest, S("|"), &part));
	rest = S("x");
	assert_true(dgm_str_next(&rest, S("--"), &part) && dgm_str_is(part, "x"));
	assert_false(dgm_str_next(&rest, S("--"), &part));
}

static void numbers(void **state)
{
	(void)state;
	uint64_t n = 7;
	assert_true(dgm_str_to_u64(S("0"), &n) && n == 0);
	assert_true(dgm_str_to_u64(S("007"), &n) && n == 7);
	assert_true(dgm_str_to_u64(S("18446744073709551615"), &n) && n == UINT64_MAX);
	n = 5;
	static const char *const bad[] = {"", "-1", "+1", " 1", "1 ", "1a", "0x1", "18446744073709551616",
		"99999999999999999999"};
	for (size_t i = 0; i < DGM_COUNT(bad); i++)
		assert_false(dgm_str_to_u64(dgm_str(bad[i]), &n));
	assert_int_equal(n, 5);
}

static void patterns(void **state)
{
	(void)state;
	static const struct {
		const char *text, *pattern;
		bool matches;
	} rows[] = {
		{"abc", "abc", true},
		{"abc", "ab", false},
		{"abc", "*", true},
		{"", "*", true},
		{"abc", "a*", true},
		{"abc", "*c", true},
		{"abc", "a*c", true},
		{"abc", "a*b", false},
		{"abc", "*b*", true},
		{"abc", "*d*", false},
		{"aXbXc", "a*b*c", true},
		{"ab", "a*ab", false},
		{"aab", "*ab", true},
		{"abab", "*ab", true},
		{"a", "a**", true},
		{"", "", true},
		{"a", "", false},
	};
	for (size_t i = 0; i < DGM_COUNT(rows); i++)
		if (dgm_str_matches(dgm_str(rows[i].text), dgm_str(rows[i].pattern)) != rows[i].matches)
			fail_msg("\"%s\" and \"%s\"", rows[i].text, rows[i].pattern);
}

static void hashes_and_distances(void **state)
{
	(void)state;
	assert_true(dgm_str_hash(S("ab"), 0) == dgm_str_hash(S("ab"), 0));
	assert_true(dgm_str_hash(S("ab"), 0) != dgm_str_hash(S("ba"), 0));
	assert_true(dgm_str_hash(S("ab"), 0) != dgm_str_hash(S("ab"), 1));
	assert_int_equal(dgm_str_distance(S("kitten"), S("sitting")), 3);
	assert_int_equal(dgm_str_distance(S(""), S("abc")), 3);
	assert_int_equal(dgm_str_distance(S("Name"), S("name")), 0);
	assert_int_equal(dgm_str_distance(S("0123456789012345678901234567890123456789"), S("")), 32);
}

static void classes(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		const char b = (char)c;
		assert_int_equal(dgm_is_digit(b), c >= '0' && c <= '9');
		assert_int_equal(dgm_is_alpha(b), (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'));
		assert_int_equal(dgm_is_space(b), c == 9 || c == 10 || c == 13 || c == 32);
		assert_int_equal((unsigned char)dgm_lower(b), c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares),
		cmocka_unit_test(cuts),
		cmocka_unit_test(finds),
		cmocka_unit_test(splits),
		cmocka_unit_test(numbers),
		cmocka_unit_test(patterns),
		cmocka_unit_test(hashes_and_distances),
		cmocka_unit_test(classes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
