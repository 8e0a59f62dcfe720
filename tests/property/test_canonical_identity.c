/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The canonical forms hold every notice: written and read through the real engines it is the same notice again, and
 * the forms can be turned into each other without a byte of the first being changed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "gen.h"
#include "lab.h"

#define NOTICES 3000u
#define BATCH 50u

static void invent(struct lab_batch *batch, uint64_t seed)
{
	lab_batch_init(batch);
	for (uint32_t i = 0; i < BATCH; i++) {
		struct gen gen = {.state = seed + i};
		gen_notice(&gen, lab_batch_add(batch));
	}
}

static void compare(const char *id, const struct lab_batch *have, const struct lab_batch *want, uint64_t seed)
{
	struct dgm_arena arena = {0};
	if (have->count != want->count || have->heard.len)
		fail_msg("%s, seeds from %llu: %zu of %zu notices, %zu refused\n%s", id, (unsigned long long)seed,
			have->count, want->count, have->bad, have->heard.text);
	for (size_t i = 0; i < want->count; i++) {
		const struct dgm_str name = dgm_arena_printf(&arena, "%s, seed %llu", id, (unsigned long long)seed + i);
		lab_same(dgm_arena_cstr(&arena, name), lab_dump(&arena, &have->notices[i]),
			lab_dump(&arena, &want->notices[i]));
		dgm_arena_reset(&arena);
	}
	dgm_arena_done(&arena);
}

static void check_form(const char *id)
{
	static const size_t chunks[] = {0, 1, 7, 4096};
	struct dgm_format *format = lab_shipped(id);
	for (uint64_t seed = 1; seed <= NOTICES; seed += BATCH) {
		struct lab_batch first, again;
		struct lab_written written;
		invent(&first, seed);
		lab_write(&written, format, &first);
		if (written.refused || written.heard.len)
			fail_msg("%s, seeds from %llu: %zu not written\n%s", id, (unsigned long long)seed,
				written.refused, written.heard.text);
		lab_batch_init(&again);
		lab_read(&again, format, written.bytes, chunks[seed / BATCH % DGM_COUNT(chunks)]);
		compare(id, &again, &first, seed);
		lab_batch_done(&again);
		lab_batch_done(&first);
		lab_written_done(&written);
	}
	dgm_format_free(format);
}

static void test_jsonl(void **state)
{
	(void)state;
	check_form("notice-jsonl");
}

static void test_json(void **state)
{
	(void)state;
	check_form("notice-json");
}

static void test_xml(void **state)
{
	(void)state;
	check_form("notice-xml");
}

static void test_csv(void **state)
{
	(void)state;
	check_form("notice-csv");
}

static void test_chain(void **state)
{
	static const char *const ids[] = {"notice-jsonl", "notice-xml", "notice-csv", "notice-json", "notice-jsonl"};
	struct dgm_format *formats[DGM_COUNT(ids)];
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(ids); i++)
		formats[i] = lab_shipped(ids[i]);
	for (uint64_t seed = 1; seed <= NOTICES; seed += BATCH) {
		struct lab_batch batch;
		struct lab_written start;
		struct dgm_arena arena = {0};
		invent(&batch, seed);
		lab_write(&start, formats[0], &batch);
		struct dgm_str bytes = start.bytes;
		for (size_t i = 1; i < DGM_COUNT(ids); i++) {
			struct lab_heard heard;
			lab_heard_init(&heard);
			bytes = lab_convert(&arena, formats[i - 1], formats[i], bytes, 0, &heard);
			if (heard.sink.count[DGM_ERROR])
				fail_msg("%s to %s: %s", ids[i - 1], ids[i], heard.text);
			lab_heard_done(&heard);
		}
		lab_same("jsonl -> xml -> csv -> json -> jsonl", bytes, start.bytes);
		dgm_arena_done(&arena);
		lab_written_done(&start);
		lab_batch_done(&batch);
	}
	for (size_t i = 0; i < DGM_COUNT(ids); i++)
		dgm_format_free(formats[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_jsonl),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_xml),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_chain),
	};
	return cmocka_run_group_tests_name("canonical forms hold every notice", tests, NULL, NULL);
}
