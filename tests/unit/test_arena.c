/* SPDX-License-Identifier: Apache-2.0 */
/* Arenas: alignment, separation, reuse after a reset, and what happens when memory runs out. */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void allocations_are_apart_and_aligned(void **state)
{
	(void)state;
	struct dgm_arena arena = {0};
	enum { COUNT = 3000 };
	static unsigned char *blocks[COUNT];
	static size_t sizes[COUNT];
	uint32_t seed = 1;
	for (size_t i = 0; i < COUNT; i++) {
		seed = seed * 1664525u + 1013904223u;
		sizes[i] = i % 100 == 99 ? 70000 + seed % 100000 : seed % 300;
		blocks[i] = dgm_arena_alloc(&arena, sizes[i]);
		assert_int_equal((uintptr_t)blocks[i] % 16, 0);
		memset(blocks[i], (int)(i % 251), sizes[i]);
	}
	for (size_t i = 0; i < COUNT; i++)
		for (size_t j = 0; j < sizes[i]; j++)
			if (blocks[i][j] != i % 251)
				fail_msg("block %zu was written over", i);
	dgm_arena_done(&arena);
	assert_null(arena.first);
	assert_int_equal(arena.total, 0);
}

static void a_reset_keeps_ordinary_blocks_only(void **state)
{
	(void)state;
	struct dgm_arena arena = {0};
	for (int i = 0; i < 3000; i++)
		dgm_arena_alloc(&arena, 100);
	const size_t ordinary = arena.total;
	void *first = arena.first;
	dgm_arena_reset(&arena);
	assert_ptr_equal(arena.first, first);
	for (int i = 0; i < 3000; i++)
		dgm_arena_alloc(&arena, 100);
	assert_int_equal(arena.total, ordinary);
	dgm_arena_alloc(&arena, 10000000);
	assert_true(arena.total >= ordinary + 10000000);
	dgm_arena_reset(&arena);
	assert_int_equal(arena.total, ordinary);
	dgm_arena_done(&arena);
	dgm_arena_reset(&arena);
	assert_non_null(dgm_arena_alloc(&arena, 1));
	dgm_arena_done(&arena);
}

static void copies(void **state)
{
	(void)state;
	struct dgm_arena arena = {0};
	const struct dgm_str a = dgm_arena_dup(&arena, DGM_STR("Ruiz"));
	assert_true(dgm_str_is(a, "Ruiz"));
	assert_int_equal(dgm_arena_dup(&arena, DGM_NOSTR).len, 0);
	assert_string_equal(dgm_arena_cstr(&arena, dgm_str_of("Ruiz Paz", 4)), "Ruiz");
	assert_string_equal(dgm_arena_cstr(&arena, DGM_NOSTR), "");
	char longer[300];
	memset(longer, 'x', sizeof longer);
	const struct dgm_str text = dgm_arena_printf(&arena, "%d %.*s", -5, (int)sizeof longer, longer);
	assert_int_equal(text.len, 303);
	assert_memory_equal(text.ptr, "-5 xxx", 6);
	const unsigned char *zero = dgm_arena_zero(&arena, 100);
	for (int i = 0; i < 100; i++)
		assert_int_equal(zero[i], 0);
	dgm_arena_done(&arena);
}

static jmp_buf out_of_memory;
static size_t asked;

static void handler(size_t size)
{
	asked = size;
	longjmp(out_of_memory, 1);
}

static void sizes_that_cannot_be_had_reach_the_handler(void **state)
{
	(void)state;
	static struct dgm_arena arena;
	static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 15, SIZE_MAX / 2 + 1};
	dgm_no_memory_handler(handler);
	for (size_t i = 0; i < DGM_COUNT(sizes); i++) {
		asked = 0;
		if (setjmp(out_of_memory) == 0) {
			dgm_arena_alloc(&arena, sizes[i]);
			fail_msg("came back with memory");
		}
		assert_int_equal(asked, sizes[i]);
	}
	dgm_no_memory_handler(NULL);
	dgm_arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(allocations_are_apart_and_aligned),
		cmocka_unit_test(a_reset_keeps_ordinary_blocks_only),
		cmocka_unit_test(copies),
		cmocka_unit_test(sizes_that_cannot_be_had_reach_the_handler),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
