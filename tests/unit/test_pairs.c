/* SPDX-License-Identifier: Apache-2.0 */
/* Two keys that say one thing, and keys that must be there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "defs.h"
#include "format/definition.h"
#include "lab.h"

#define BIRTH "subject[1].birth[1].date="
#define KEPT(n, path, value)                                                                                           \
	"unmapped[" n "].format=x\nunmapped[" n "].path=" path "\nunmapped[" n "].value=" value "\n"

static const char map[] = "      N: notice.id\n"
			  "      H: {to: subject.birth.date, calendar: islamic-umalqura, date: [yyyy/MM/dd, yyyy], "
			  "nulls: [\"-\"]}\n"
			  "      G: {to: subject.birth.date, date: [yyyy-MM-dd, yyyy], agrees: yes, nulls: [\"-\"]}\n";

/* Reads rows of N;H;G, compares the notice and what was said, writes, and reads the same notice again. */
static void check(const char *row, const char *notice, const char *said, const char *written)
{
	struct dgm_arena arena = {0};
	struct dgm_format *format = lab_definition(dgm_arena_printf(&arena, "%s%s", DEFS_MAP_CSV, map).ptr);
	struct lab_batch batch, again;
	struct lab_written result;
	lab_batch_init(&batch);
	lab_batch_init(&again);
	lab_read(&batch, format, dgm_arena_printf(&arena, "N,G,H\n%s\n", row), 0);
	assert_int_equal(batch.count, 1);
	lab_same(row, lab_dump(&arena, &batch.notices[0]), dgm_arena_printf(&arena, "notice.id=1\n%s", notice));
	lab_same(row, dgm_str(batch.heard.text ? batch.heard.text : ""), dgm_str(said));
	lab_write(&result, format, &batch);
	lab_same(row, result.bytes, dgm_arena_printf(&arena, "N,H,G\n%s\n", written));
	lab_same(row, result.losses, DGM_STR("\n"));
	lab_read(&again, format, result.bytes, 0);
	lab_same("again", lab_dump(&arena, &again.notices[0]), dgm_arena_printf(&arena, "notice.id=1\n%s", notice));
	lab_written_done(&result);
	lab_batch_done(&batch);
	lab_batch_done(&again);
	dgm_format_free(format);
	dgm_arena_done(&arena);
}

static void two_keys_for_one_date(void **state)
{
	(void)state;
	check("1,2023-07-19,1445/01/01", BIRTH "2023-07-19 {1445/01/01}\n", "", "1,1445/01/01,2023-07-19");
	check("1,,1445/01/01", BIRTH "2023-07-19 {1445/01/01}\n", "", "1,1445/01/01,2023-07-19");
	check("1,2023-07-19,", BIRTH "2023-07-19 {2023-07-19}\n", "", "1,,2023-07-19");
	check("1,2023-07-20,1445/01/01", BIRTH "2023-07-19 {1445/01/01}\n" KEPT("1", "G", "2023-07-20"),
		"warning 0:0 pair-disagrees: subject.birth.date: 2023-07-20\n", "1,1445/01/01,2023-07-20");
	/* A year with a day in it is no contradiction. */
	check("1,2023,1445/01/01", BIRTH "2023-07-19 {1445/01/01}\n" KEPT("1", "G", "2023"), "", "1,1445/01/01,2023");
	check("1,1979,1400", BIRTH "1979/1980 {1400}\n" KEPT("1", "G", "1979"), "", "1,1400,1979");
	check("1,1978,1400", BIRTH "1979/1980 {1400}\n" KEPT("1", "G", "1978"),
		"warning 0:0 pair-disagrees: subject.birth.date: 1978\n", "1,1400,1978");
	check("1,2023,", BIRTH "2023 {2023}\n", "", "1,,2023");
	/* Where one of them cannot be read, the other one counts. */
	check("1,2023-07-19,1445/01/30", BIRTH "2023-07-19 {2023-07-19}\n" KEPT("1", "H", "1445/01/30"),
		"warning 0:0 date-impossible: subject.birth.date: 1445/01/30\n", "1,1445/01/30,2023-07-19");
	check("1,2023-07-32,1445/01/01", BIRTH "2023-07-19 {1445/01/01}\n" KEPT("1", "G", "2023-07-32"),
		"warning 0:0 date-impossible: subject.birth.date: 2023-07-32\n", "1,1445/01/01,2023-07-32");
	check("1,2023-07-32,", KEPT("1", "G", "2023-07-32"),
		"warning 0:0 date-impossible: subject.birth.date: 2023-07-32\n", "1,,2023-07-32");
	check("1,2023-07-19,-", BIRTH "2023-07-19 {2023-07-19}\n" KEPT("1", "H", "-"), "", "1,-,2023-07-19");
	check("1,-,1445/01/01", BIRTH "2023-07-19 {1445/01/01}\n" KEPT("1", "G", "-"), "", "1,1445/01/01,-");
	check("1,-,-", BIRTH "null {-}\n" KEPT("1", "G", "-"), "", "1,-,-");
	check("1,,", "", "", "1,,");
}

static void both_are_written(void **state)
{
	static const struct {
		const char *date, *written, *losses;
	} cases[] = {
		{"2023-07-19", "N,H,G\n1,1445/01/01,2023-07-19\n", "\n"},
		{"2023", "N,H,G\n1,,2023\n", "\n"},
		{"2023-07", "N,H,G\n1,,2023\n", "precision subject[1].birth[1].date\n\n"},
		{"1979/1980", "N,H,G\n1,,\n", "dropped subject[1].birth[1].date\n\n"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_arena arena = {0};
		struct dgm_format *format = lab_definition(dgm_arena_printf(&arena, "%s%s", DEFS_MAP_CSV, map).ptr);
		struct lab_batch batch;
		struct lab_written result;
		lab_batch_init(&batch);
		struct dgm_notice *notice = lab_batch_add(&batch);
		dgm_value_set(notice, dgm_group_last(notice, notice->root, DGM_GROUP_notice), DGM_FIELD_notice_id,
			DGM_STR("1"));
		struct dgm_group *subject = dgm_group_add(notice, notice->root, DGM_GROUP_subject);
		dgm_value_set(notice, dgm_group_add(notice, subject, DGM_GROUP_subject_birth),
			DGM_FIELD_subject_birth_date, dgm_str(cases[i].date));
		lab_write(&result, format, &batch);
		lab_same(cases[i].date, result.bytes, dgm_str(cases[i].written));
		lab_same(cases[i].date, result.losses, dgm_str(cases[i].losses));
		lab_written_done(&result);
		lab_batch_done(&batch);
		dgm_format_free(format);
		dgm_arena_done(&arena);
	}
}

/* A date in the pattern of a group, and again in a key of its own. */
static void pair_of_a_group(void **state)
{
	static const char keys[] =
		"      N: notice.id\n      D:\n        group: subject.birth\n        split: \"; \"\n"
		"        pattern: [\"on {full}\", \"in {year}\", \"{q} {full}\"]\n"
		"        map: {full: {part: date.full, date: yyyy-MM-dd}, year: {part: date.year},\n"
		"          q: {part: date.qualifier, codes: {approximate: about}}}\n"
		"      H: {to: \"subject.birth(*).date\", agrees: yes, calendar: islamic-umalqura, date: yyyy/MM/dd}\n"
		"      P: {group: subject.birth, joins: D, map: {C: city}}\n";
	static const struct {
		const char *source, *notice, *said, *written;
	} cases[] = {
		{"\"D\":\"on 2023-07-19\",\"H\":\"1445/01/01\"", BIRTH "2023-07-19 {on 2023-07-19}\n", "", NULL},
		{"\"H\":\"1445/01/01\"", BIRTH "2023-07-19 {1445/01/01}\n", "", NULL},
		{"\"H\":\"1445/01/01\",\"P\":{\"C\":\"c\"}",
			BIRTH "2023-07-19 {1445/01/01}\nsubject[1].birth[1].city=c\n", "", NULL},
		{"\"D\":\"on 2023-07-19\"", BIRTH "2023-07-19 {on 2023-07-19}\n", "",
			"\"D\":\"on 2023-07-19\",\"H\":\"1445/01/01\""},
		{"\"D\":\"about 2023-07-19\"", BIRTH "2023-07-19~ {about 2023-07-19}\n", "", NULL},
		{"\"D\":\"in 1990; in 2023\",\"H\":\"1445/01/01\"",
			BIRTH "1990 {in 1990}\nsubject[1].birth[2].date=2023 {in 2023}\n" KEPT("1", "H", "1445/01/01"),
			"", NULL},
		{"\"D\":\"in 1990\",\"H\":\"1445/01/01\"", BIRTH "1990 {in 1990}\n" KEPT("1", "H", "1445/01/01"),
			"warning 0:0 pair-disagrees: subject.birth.date: 1445/01/01\n", NULL},
		{"\"D\":\"about 1990\",\"H\":\"1445/01/01\"",
			BIRTH "2023-07-19 {1445/01/01}\n" KEPT("1", "D", "about 1990"), "", NULL},
		{"\"H\":\"1445/01/30\"", KEPT("1", "H", "1445/01/30"),
			"warning 0:0 date-impossible: subject.birth.date: 1445/01/30\n", NULL},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_arena arena = {0};
		struct dgm_format *format = lab_definition(dgm_arena_printf(&arena, "%s%s", DEFS_MAP_JSON, keys).ptr);
		const struct dgm_str source = dgm_arena_printf(&arena, "{\"N\":\"1\",%s}\n", cases[i].source);
		struct lab_batch batch;
		struct lab_written result;
		lab_batch_init(&batch);
		lab_read(&batch, format, source, 0);
		lab_same(cases[i].source, lab_dump(&arena, &batch.notices[0]),
			dgm_arena_printf(&arena, "notice.id=1\n%s", cases[i].notice));
		lab_same(cases[i].source, dgm_str(batch.heard.text ? batch.heard.text : ""), dgm_str(cases[i].said));
		lab_write(&result, format, &batch);
		lab_same(cases[i].source, dgm_str_trim(result.bytes),
			dgm_arena_printf(&arena, "{\"N\":\"1\",%s}",
				cases[i].written ? cases[i].written : cases[i].source));
		lab_same(cases[i].source, result.losses, DGM_STR("\n"));
		lab_written_done(&result);
		lab_batch_done(&batch);
		dgm_format_free(format);
		dgm_arena_done(&arena);
	}
}

static void said_of(const char *head, const char *keys, const char *source, const char *said)
{
	struct dgm_arena arena = {0};
	struct dgm_format *format = lab_definition(dgm_arena_printf(&arena, "%s%s", head, keys).ptr);
	struct lab_batch batch;
	lab_batch_init(&batch);
	lab_read(&batch, format, dgm_str(source), 0);
	lab_same(source, dgm_str(batch.heard.text ? batch.heard.text : ""), dgm_str(said));
	lab_batch_done(&batch);
	dgm_format_free(format);
	dgm_arena_done(&arena);
}

static void required_keys(void **state)
{
	static const char flat[] = "      N: notice.id\n      T: {to: notice.title, required: yes}\n";
	static const char deep[] = "      N: notice.id\n      P:\n        group: subject.name\n        map:\n"
				   "          F: {to: full, required: yes}\n          Q: note\n";
	(void)state;
	said_of(DEFS_MAP_CSV, flat, "N,T\n1,t\n", "");
	said_of(DEFS_MAP_CSV, flat, "N,T\n1,\n2,t\n3, \n",
		"warning 0:0 source-required: T: \nwarning 0:0 source-required: T: \n");
	said_of(DEFS_MAP_CSV, flat, "N\n1\n", "warning 0:0 source-required: T: \n");
	/* Asked for in each group, not where there is no group. */
	said_of(DEFS_MAP_JSON, deep, "{\"N\":\"1\"}\n{\"N\":\"2\",\"P\":[{\"F\":\"f\"},{\"Q\":\"q\"}]}\n",
		"warning 0:0 source-required: F: \n");
}

static void mistakes(void **state)
{
	static const char *const maps[] = {
		"      A: {to: subject.birth.date, agrees: yes}\n      B: subject.birth.date\n",
		"      A: subject.birth.date\n      B: {to: subject.death.date, agrees: yes}\n",
		("      A: subject.birth.date\n      B: {to: subject.birth.date, agrees: yes}\n"
		 "      C: {to: subject.birth.date, agrees: yes}\n"),
		"      A: subject.birth.date\n      M: {map: {B: {to: subject.birth.date, agrees: yes}}}\n",
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(maps); i++) {
		struct dgm_arena arena = {0};
		struct lab_heard heard;
		lab_heard_init(&heard);
		assert_null(dgm_format_parse(dgm_arena_printf(&arena, "%s%s", DEFS_MAP_JSON, maps[i]), "x",
			lab_code_folders(), &heard.sink));
		if (!heard.text || !strstr(heard.text, "agrees with nothing"))
			fail_msg("%s: %s", maps[i], heard.text ? heard.text : "");
		lab_heard_done(&heard);
		dgm_arena_done(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_keys_for_one_date),
		cmocka_unit_test(both_are_written),
		cmocka_unit_test(pair_of_a_group),
		cmocka_unit_test(required_keys),
		cmocka_unit_test(mistakes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
