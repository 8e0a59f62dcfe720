/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker puts into its log comes out in its order, wherever it had to lie; a log that is not whole says so. */
#define _GNU_SOURCE
#include "pipe/partlog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"

struct heard {
	struct dgm_arena arena;
	struct dgm_str text;
	uint64_t bytes;
};

static void hear_bytes(void *context, enum dgm_part_stream stream, uint32_t section, struct dgm_str bytes)
{
	struct heard *heard = context;
	heard->bytes += bytes.len;
	heard->text = dgm_arena_printf(&heard->arena, "%.*s%u.%u:%.*s;", DGM_FMT(heard->text), (unsigned)stream,
		section, DGM_FMT(dgm_str_take(bytes, 8)));
}

static void hear_diag(void *context, const struct dgm_diag *diag)
{
	struct heard *heard = context;
	heard->text = dgm_arena_printf(&heard->arena, "%.*s!%u %s %.*s:%u:%u+%u #%u %.*s '%.*s' %s;",
		DGM_FMT(heard->text), diag->severity, diag->code, DGM_FMT(diag->file), diag->place.line,
		diag->place.column, (unsigned)diag->place.offset, (unsigned)diag->record, DGM_FMT(diag->field),
		DGM_FMT(diag->text), diag->value.ptr ? "valued" : "-");
}

static void hear_id(void *context, const struct dgm_place *place, uint64_t number, struct dgm_str id)
{
	struct heard *heard = context;
	heard->text = dgm_arena_printf(&heard->arena, "%.*s=%.*s #%u %u;", DGM_FMT(heard->text), DGM_FMT(id),
		(unsigned)number, place->line);
}

static const struct dgm_diag diags[] = {
	{.severity = DGM_WARNING,
		.code = "a-code",
		.file = {"file", 4},
		.place = {7, 2, 3},
		.record = 9,
		.field = {"f", 1},
		.text = {"what", 4},
		.value = {"", 0}},
	{.severity = DGM_ERROR, .code = "b", .text = {"t", 1}},
};

static void put_all(struct dgm_part_area *area)
{
	struct dgm_part_log *log = dgm_part_log_new(area);
	dgm_part_put(log, DGM_PART_OUTPUT, 3, DGM_STR("first"));
	dgm_part_put_diag(log, &diags[0]);
	dgm_part_put_id(log, &(struct dgm_place){1, 2, 3}, 5, DGM_STR("X-1"));
	dgm_part_put(log, DGM_PART_REJECTS, 0, DGM_STR("second"));
	dgm_part_put_diag(log, &diags[1]);
	assert_int_equal(dgm_part_log_end(log), 0);
}

static const char expected[] = "0.3:first;!1 a-code file:2:3+7 #9 f 'what' valued;=X-1 #5 2;1.0:second;"
			       "!2 b :0:0+0 #0  't' -;";

static struct dgm_part_taker taker(struct heard *heard)
{
	return (struct dgm_part_taker){.bytes = hear_bytes, .diag = hear_diag, .id = hear_id, .context = heard};
}

/* With room for nothing, for some of it and for all; and used again. */
static void test_order(void **state)
{
	(void)state;
	for (size_t room = 0; room < 600; room += 7) {
		struct dgm_part_area area;
		assert_int_equal(dgm_part_area_init(&area, room, memfd_create("log", MFD_CLOEXEC)), 0);
		for (int round = 0; round < 2; round++) {
			struct heard heard = {0};
			const struct dgm_part_taker takes = taker(&heard);
			assert_int_equal(dgm_part_area_clear(&area), 0);
			assert_true(area.end->whole != DGM_PART_WHOLE);
			put_all(&area);
			assert_true(area.end->whole == DGM_PART_WHOLE);
			assert_int_equal(dgm_part_log_take(&area, &takes), 0);
			assert_true(dgm_str_is(heard.text, expected));
			dgm_arena_done(&heard.arena);
		}
		dgm_part_area_done(&area);
	}
}

static void test_large(void **state)
{
	(void)state;
	const size_t size = (size_t)3 << 20;
	char *bytes = dgm_xcalloc(1, size);
	struct dgm_part_area area;
	struct heard heard = {0};
	const struct dgm_part_taker takes = taker(&heard);
	assert_int_equal(dgm_part_area_init(&area, size, memfd_create("log", MFD_CLOEXEC)), 0);
	assert_int_equal(dgm_part_area_clear(&area), 0);
	struct dgm_part_log *log = dgm_part_log_new(&area);
	dgm_part_put(log, DGM_PART_REPORT, 0, dgm_str_of(bytes, size / 2));
	dgm_part_put(log, DGM_PART_EXPECTED, 1, dgm_str_of(bytes, size));
	assert_int_equal(dgm_part_log_end(log), 0);
	assert_int_equal(dgm_part_log_take(&area, &takes), 0);
	assert_int_equal(heard.bytes, size / 2 + size);
	dgm_part_area_done(&area);
	dgm_arena_done(&heard.arena);
	free(bytes);
}

/* A file that ends within an item. */
static void test_torn(void **state)
{
	(void)state;
	struct dgm_part_area area;
	struct heard heard = {0};
	const struct dgm_part_taker takes = taker(&heard);
	assert_int_equal(dgm_part_area_init(&area, 0, memfd_create("log", MFD_CLOEXEC)), 0);
	assert_int_equal(dgm_part_area_clear(&area), 0);
	put_all(&area);
	const off_t end = lseek(area.file, 0, SEEK_END);
	assert_int_equal(ftruncate(area.file, end - 1), 0);
	assert_int_equal(dgm_part_log_take(&area, &takes), -1);
	dgm_part_area_done(&area);
	dgm_arena_done(&heard.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_torn),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
