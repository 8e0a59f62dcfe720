/* SPDX-License-Identifier: Apache-2.0 */
/* Interned keys: the same name below the same key is the same number, for ever and however many there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/keys.h"

static void test_numbers(void **state)
{
	char name[8] = "a";
	(void)state;
	struct dgm_keys *keys = dgm_keys_new();
	const uint32_t a = dgm_keys_get(keys, 0, dgm_str(name)), b = dgm_keys_get(keys, 0, DGM_STR("b"));
	const uint32_t ab = dgm_keys_get(keys, a, DGM_STR("b")), empty = dgm_keys_get(keys, a, DGM_NOSTR);
	assert_int_equal(a, 1);
	assert_int_equal(b, 2);
	assert_int_equal(ab, 3);
	assert_int_equal(empty, 4);
	assert_int_equal(dgm_keys_count(keys), 4);
	/* The name was copied. */
	name[0] = 'x';
	assert_true(dgm_str_is(dgm_keys_name(keys, a), "a"));
	assert_int_equal(dgm_keys_get(keys, 0, DGM_STR("a")), a);
	assert_int_equal(dgm_keys_get(keys, a, DGM_STR("b")), ab);
	assert_int_equal(dgm_keys_get(keys, b, DGM_STR("b")), 5);
	assert_int_equal(dgm_keys_parent(keys, ab), a);
	assert_int_equal(dgm_keys_parent(keys, a), 0);
	assert_int_equal(dgm_keys_name(keys, empty).len, 0);
	dgm_keys_free(keys);
	dgm_keys_free(NULL);
}

/* In order, in another order, and beyond the limit. */
static void test_many(void **state)
{
	char name[16];
	(void)state;
	struct dgm_keys *keys = dgm_keys_new();
	for (uint32_t i = 1; i <= DGM_KEYS_MAX; i++) {
		const int n = snprintf(name, sizeof name, "k%u", i);
		assert_int_equal(dgm_keys_get(keys, i / 2, dgm_str_of(name, (size_t)n)), i);
	}
	assert_int_equal(dgm_keys_get(keys, 0, DGM_STR("one more")), 0);
	assert_int_equal(dgm_keys_count(keys), DGM_KEYS_MAX);
	for (uint32_t step = 1; step <= 7; step += 3) {
		for (uint32_t i = DGM_KEYS_MAX; i > step; i -= step) {
			const int n = snprintf(name, sizeof name, "k%u", i);
			assert_int_equal(dgm_keys_get(keys, i / 2, dgm_str_of(name, (size_t)n)), i);
			assert_int_equal(dgm_keys_parent(keys, i), i / 2);
			assert_true(dgm_str_eq(dgm_keys_name(keys, i), dgm_str_of(name, (size_t)n)));
		}
	}
	dgm_keys_free(keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_many),
	};
	return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
