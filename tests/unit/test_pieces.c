/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that name several values of which one holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "defs.h"
#include "format/definition.h"
#include "lab.h"

static const char map[] =
	"      N: notice.id\n"
	"      C:\n"
	"        group: subject.nationality\n"
	"        split: \"; \"\n"
	"        pattern: [\"{status} {country}\", \"{country}\"]\n"
	"        otherwise: country\n"
	"        either: [/or, \" or \"]\n"
	"        each: {status: possible}\n"
	"        map:\n"
	"          status: {to: status, codes: {former: former, possible: possibly}}\n"
	"          country: {to: country, codes: {SD: Sudan, SS: [South Sudan, S. Sudan], TD: Chad, CF: Central African Republic}}\n";

#define NATION(n, code) "subject[1].nationality[" n "].country=" code "\n"
#define STATUS(n, code) "subject[1].nationality[" n "].status=" code "\n"
#define SAID "warning 0:0 value-either: C: "

/* Reads a text, compares the notice and what was said, writes it, and reads it again. */
static void check(const char *text, const char *notice, const char *said)
{
	struct dgm_arena arena = {0};
	struct dgm_format *format = lab_definition(dgm_arena_printf(&arena, "%s%s", DEFS_MAP_CSV, map).ptr);
	struct lab_batch batch, again;
	struct lab_written result;
	lab_batch_init(&batch);
	lab_batch_init(&again);
	lab_read(&batch, format, dgm_arena_printf(&arena, "N,C\n1,%s\n", text), 0);
	assert_int_equal(batch.count, 1);
	lab_same(text, lab_dump(&arena, &batch.notices[0]), dgm_arena_printf(&arena, "notice.id=1\n%s", notice));
	lab_same(text, dgm_str(batch.heard.text ? batch.heard.text : ""), dgm_str(said));
	lab_write(&result, format, &batch);
	lab_same(text, result.bytes, dgm_arena_printf(&arena, "N,C\n1,%s\n", text));
	lab_same(text, result.losses, DGM_STR("\n"));
	lab_read(&again, format, result.bytes, 0);
	lab_same("again", lab_dump(&arena, &again.notices[0]), dgm_arena_printf(&arena, "notice.id=1\n%s", notice));
	lab_written_done(&result);
	lab_batch_done(&batch);
	lab_batch_done(&again);
	dgm_format_free(format);
	dgm_arena_done(&arena);
}

static void alternatives(void **state)
{
	(void)state;
	check("Sudan", NATION("1", "SD {Sudan}"), "");
	check("Sudan/or South Sudan",
		NATION("1", "SD {Sudan}") STATUS("1", "possible {Sudan/or South Sudan}") NATION("2", "SS {South Sudan}")
			STATUS("2", "possible {Sudan/or South Sudan}"),
		SAID "Sudan/or South Sudan\n");
	check("Chad; Sudan or S. Sudan or Central African Republic; Chad",
		NATION("1", "TD {Chad}") NATION("2", "SD {Sudan}") STATUS("2",
			"possible {Sudan or S. Sudan or Central African Republic}") NATION("3", "SS {S. Sudan}")
			STATUS("3", "possible {Sudan or S. Sudan or Central African Republic}")
				NATION("4", "CF {Central African Republic}")
					STATUS("4", "possible {Sudan or S. Sudan or Central African Republic}")
						NATION("5", "TD {Chad}"),
		SAID "Sudan or S. Sudan or Central African Republic\n");
	/* What one says of itself comes first; then the text cannot be put together again, and each is written by itself. */
	check("former Sudan", NATION("1", "SD {Sudan}") STATUS("1", "former"), "");
}

/* Nothing is taken of a text of which a part is not understood. */
static void no_alternatives(void **state)
{
	static const char *const texts[] = {"Sudan or Atlantis", "Sudan/or", "or Sudan", "Sudan and/or South Sudan",
		"Sudan or "};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(texts); i++) {
		struct dgm_arena arena = {0};
		struct dgm_format *format = lab_definition(dgm_arena_printf(&arena, "%s%s", DEFS_MAP_CSV, map).ptr);
		struct lab_batch batch;
		lab_batch_init(&batch);
		lab_read(&batch, format, dgm_arena_printf(&arena, "N,C\n1,\"%s\"\n", texts[i]), 0);
		lab_same(texts[i], dgm_str(batch.heard.text),
			dgm_arena_printf(&arena, "warning 0:0 country-unknown: subject.nationality.country: %.*s\n",
				DGM_FMT(dgm_str_trim(dgm_str(texts[i])))));
		lab_batch_done(&batch);
		dgm_format_free(format);
		dgm_arena_done(&arena);
	}
}

/* An instance that was changed since, or taken away, is not hidden behind the old text. */
static void changed_since(void **state)
{
	struct dgm_arena arena = {0};
	(void)state;
	for (int change = 0; change < 3; change++) {
		struct dgm_format *format = lab_definition(dgm_arena_printf(&arena, "%s%s", DEFS_MAP_CSV, map).ptr);
		struct lab_batch batch;
		struct lab_written result;
		lab_batch_init(&batch);
		lab_read(&batch, format, DGM_STR("N,C\n1,Sudan/or South Sudan\n"), 0);
		struct dgm_group *first = dgm_group_first(dgm_group_first(batch.notices[0].root, DGM_GROUP_subject),
			DGM_GROUP_subject_nationality);
		if (change == 0)
			*dgm_value_first(first->next, DGM_FIELD_subject_nationality_country) =
				(struct dgm_value){.text = DGM_STR("TD")};
		else if (change == 1)
			*dgm_value_first(first, DGM_FIELD_subject_nationality_status) =
				(struct dgm_value){.text = DGM_STR("former")};
		else
			first->next = NULL;
		lab_write(&result, format, &batch);
		lab_same("changed", result.bytes,
			dgm_arena_printf(&arena, "N,C\n1,%s\n",
				change == 0           ? "possibly Sudan; possibly Chad"
					: change == 1 ? "former Sudan; possibly South Sudan"
						      : "possibly Sudan"));
		lab_written_done(&result);
		lab_batch_done(&batch);
		dgm_format_free(format);
	}
	dgm_arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alternatives),
		cmocka_unit_test(no_alternatives),
		cmocka_unit_test(changed_since),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
