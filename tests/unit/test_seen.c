/* SPDX-License-Identifier: Apache-2.0 */
/* The memory for repeated ids: exact up to its limit, and it says when it is full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "pipe/seen.h"

static bool add(struct dgm_seen *seen, unsigned number)
{
	char id[16];
	const int n = snprintf(id, sizeof id, "id-%u", number);
	return dgm_seen_add(seen, dgm_str_of(id, (size_t)n));
}

static void test_repeats(void **state)
{
	struct dgm_seen seen = {0};
	(void)state;
	assert_false(dgm_seen_add(&seen, DGM_STR("a")));
	assert_true(dgm_seen_add(&seen, DGM_STR("a")));
	assert_false(dgm_seen_add(&seen, DGM_NOSTR));
	assert_true(dgm_seen_add(&seen, DGM_NOSTR));
	assert_false(dgm_seen_add(&seen, DGM_STR("A")));
	assert_int_equal(seen.count, 3);
	dgm_seen_done(&seen);
	assert_false(dgm_seen_add(&seen, DGM_STR("a")));
	dgm_seen_done(&seen);
}

static void test_limit(void **state)
{
	struct dgm_seen seen = {0};
	(void)state;
	for (unsigned i = 0; i < DGM_SEEN_MAX; i++)
		assert_false(add(&seen, i));
	assert_false(seen.full);
	assert_false(add(&seen, DGM_SEEN_MAX));
	assert_true(seen.full);
	/* Not remembered, but what was before still is. */
	assert_false(add(&seen, DGM_SEEN_MAX));
	for (unsigned i = 0; i < DGM_SEEN_MAX; i += 997)
		assert_true(add(&seen, i));
	assert_int_equal(seen.count, DGM_SEEN_MAX);
	assert_true(((size_t)seen.mask + 1) * sizeof *seen.slots <= (size_t)8 << 20);
	dgm_seen_done(&seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_limit),
	};
	return cmocka_run_group_tests_name("seen", tests, NULL, NULL);
}
