/* SPDX-License-Identifier: Apache-2.0 */
/* Several values in one text: one value in several forms, dates in parts, and a text for each instance of a group. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "defs.h"
#include "format/definition.h"
#include "lab.h"

#define HEAD                                                                                                           \
	DEFS_CSV "options: {delimiter: \";\"}\nrecords:\n  - at: \"\"\n"                                               \
		 "    set: {notice.issuer: X}\n    map:\n      id: notice.id\n      cell:\n"

static const char two_units[] = HEAD "        pattern: [\"{m} m\", \"{cm} cm\", \"{cm}\"]\n"
				     "        map:\n"
				     "          m: {to: subject.height, unit: m, number: {decimal: \",\"}}\n"
				     "          cm: {to: subject.height, unit: cm}\n";

/* Five slots, of which a date never fills all. */
static const char slots[] = HEAD
	"        pattern: [\"{q}_{full}___\", \"{q}_X_{year}_X_X\", \"{q}_{full}_{year}_{from}_{to}\"]\n"
	"        map:\n"
	"          q: {part: subject.birth.date.qualifier, codes: {exact: EXACT, approximate: [APPROX, ABOUT], between: BETWEEN}}\n"
	"          full: {part: subject.birth.date.full, date: dd/MM/yyyy, nulls: X, always: X}\n"
	"          year: {part: subject.birth.date.year, nulls: X, always: X}\n"
	"          from: {part: subject.birth.date.from, nulls: X, always: X}\n"
	"          to: {part: subject.birth.date.to, nulls: X, always: X}\n";

static const char births[] = HEAD
	"        group: subject.birth\n"
	"        split: [\"; \", numbered]\n"
	"        pattern: [\"{date} in {place}\", \"{q} {year} in {place}\", \"{q} {year}\", \"{date}\", \"{place}\"]\n"
	"        map:\n"
	"          date: {to: date, date: [dd/MM/yyyy, yyyy]}\n"
	"          q: {part: date.qualifier, codes: {approximate: [about, circa]}}\n"
	"          year: {part: date.year}\n"
	"          place: {to: place, digits: no}\n";

struct row {
	const char *cell, *notice;
	const char *written; /* NULL: as the cell */
};

static void check_rows(const char *definition, const struct row *rows, size_t count)
{
	struct dgm_format *format = lab_definition(definition);
	struct dgm_arena arena = {0};
	for (size_t i = 0; i < count; i++) {
		struct lab_batch batch;
		struct lab_written result;
		lab_batch_init(&batch);
		lab_read(&batch, format, dgm_arena_printf(&arena, "id;cell\n1;\"%s\"\n", rows[i].cell), 0);
		assert_int_equal(batch.count, 1);
		lab_same(rows[i].cell, lab_dump(&arena, &batch.notices[0]),
			dgm_arena_printf(&arena, "notice.id=1\nnotice.issuer=X\n%s", rows[i].notice));
		lab_write(&result, format, &batch);
		const char *written = rows[i].written ? rows[i].written : rows[i].cell;
		const bool quoted = strpbrk(written, ";\n") != NULL;
		lab_same(rows[i].cell, result.bytes,
			dgm_arena_printf(&arena, "id;cell\n1;%s%s%s\n", quoted ? "\"" : "", written,
				quoted ? "\"" : ""));
		lab_written_done(&result);
		lab_batch_done(&batch);
	}
	dgm_arena_done(&arena);
	dgm_format_free(format);
}

#define KEPT(text) "unmapped[1].format=x\nunmapped[1].path=cell\nunmapped[1].value=" text "\n"

static void one_value_in_several_forms(void **state)
{
	static const struct row rows[] = {
		{"1,80 m", "subject[1].height=180 {1,80}\n", NULL},
		{"180 cm", "subject[1].height=180\n", NULL},
		{"180", "subject[1].height=180\n", "180 cm"},
		{"n/a m", KEPT("n/a m"), NULL},
		{"5 ft", KEPT("5 ft"), NULL},
	};
	(void)state;
	check_rows(two_units, rows, DGM_COUNT(rows));
}

static void dates_in_slots(void **state)
{
	static const struct row rows[] = {
		{"EXACT_X_1970_X_X", "subject[1].birth[1].date=1970 {EXACT_X_1970_X_X}\n", NULL},
		{"EXACT_12/03/1970___", "subject[1].birth[1].date=1970-03-12 {EXACT_12/03/1970___}\n", NULL},
		{"EXACT_12/03/1970_X__X", "subject[1].birth[1].date=1970-03-12 {EXACT_12/03/1970_X__X}\n", NULL},
		{"ABOUT_12/03/1970___", "subject[1].birth[1].date=1970-03-12~ {ABOUT_12/03/1970___}\n", NULL},
		{"BETWEEN_X_X_1960_1965", "subject[1].birth[1].date=1960/1965 {BETWEEN_X_X_1960_1965}\n", NULL},
		{"EXACT_X_١٩٧٠_X_X", "subject[1].birth[1].date=1970 {EXACT_X_١٩٧٠_X_X}\n", NULL},
		/* What contradicts itself, is no date or is not known stays as it is. */
		{"BETWEEN_X_1970_X_X", KEPT("BETWEEN_X_1970_X_X"), NULL},
		{"EXACT_X_X_1960_1965", KEPT("EXACT_X_X_1960_1965"), NULL},
		{"EXACT_12/03/1970_1970_X_X", KEPT("EXACT_12/03/1970_1970_X_X"), NULL},
		{"EXACT_31/02/1970___", KEPT("EXACT_31/02/1970___"), NULL},
		{"MAYBE_X_1970_X_X", KEPT("MAYBE_X_1970_X_X"), NULL},
		{"EXACT_12/٠٣/1970___", KEPT("EXACT_12/٠٣/1970___"), NULL},
		{"EXACT_X_X_X_X", KEPT("EXACT_X_X_X_X"), NULL},
	};
	(void)state;
	check_rows(slots, rows, DGM_COUNT(rows));
}

static void an_instance_for_each_text(void **state)
{
	static const struct row rows[] = {
		{"16/04/1972 in Ville",
			"subject[1].birth[1].date=1972-04-16 {16/04/1972}\nsubject[1].birth[1].place=Ville\n", NULL},
		{"1972; about 1973 in Ville; Autre",
			"subject[1].birth[1].date=1972\nsubject[1].birth[2].date=1973~ {about 1973 in Ville}\n"
			"subject[1].birth[2].place=Ville\nsubject[1].birth[3].place=Autre\n",
			NULL},
		{"1. 1972\n2. 1973", "subject[1].birth[1].date=1972\nsubject[1].birth[2].date=1973\n", "1972; 1973"},
		{"about 1972", "subject[1].birth[1].date=1972~ {about 1972}\n", NULL},
		{"circa 1972 in A; around 1973", KEPT("circa 1972 in A; around 1973"), NULL},
	};
	(void)state;
	check_rows(births, rows, DGM_COUNT(rows));
}

/* From elsewhere: the first pattern that can be filled, and a word where the text would be read as something else. */
static void from_other_formats(void **state)
{
	static const struct {
		const char *definition, *subject, *written, *lost;
	} cases[] = {
		{two_units, "\"height\":\"180\"", "1;1,8 m", ""},
		{slots, "\"birth\":[{\"date\":\"1970-03-12\"}]", "1;EXACT_12/03/1970___", ""},
		{slots, "\"birth\":[{\"date\":\"1970\"}]", "1;EXACT_X_1970_X_X", ""},
		{slots, "\"birth\":[{\"date\":\"1960/1965\"}]", "1;BETWEEN_X_X_1960_1965", ""},
		{slots, "\"birth\":[{\"date\":\"1970-03~\"}]", "1;APPROX_X_1970_X_X",
			"precision subject[1].birth[1].date\n"},
		{births, "\"birth\":[{\"date\":\"1970\",\"place\":\"A\"},{\"place\":\"B\"}]", "1;\"1970 in A; B\"", ""},
		{births, "\"birth\":[{\"place\":\"A; B\"}]", "1;\"A; B\"", "recoded subject[1].birth[1].place\n"},
		{births, "\"birth\":[{\"place\":\"1970\"}]", "1;", "dropped subject[1].birth[1].place\n"},
		{births, "\"birth\":[{\"date\":\"1970~\",\"place\":\"A\"},{\"date\":\"1970\"}]",
			"1;\"about 1970 in A; 1970\"", ""},
		{births, "\"birth\":[{\"place\":\"A in B\"}]", "1;A in B", ""},
		{births, "\"birth\":[{\"city\":\"A\"}]", "1;", "dropped subject[1].birth[1].city\n"},
	};
	struct dgm_format *source = lab_shipped("notice-jsonl");
	struct dgm_arena arena = {0};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_format *target = lab_definition(cases[i].definition);
		struct lab_batch batch;
		struct lab_written result;
		lab_batch_init(&batch);
		lab_read(&batch, source,
			dgm_arena_printf(&arena, "{\"notice\":{\"id\":\"1\",\"issuer\":\"Y\"},\"subject\":[{%s}]}\n",
				cases[i].subject),
			0);
		assert_int_equal(batch.count, 1);
		lab_write(&result, target, &batch);
		lab_same(cases[i].subject, result.bytes, dgm_arena_printf(&arena, "id;cell\n%s\n", cases[i].written));
		lab_same(cases[i].subject, result.losses,
			dgm_arena_printf(&arena, "recoded notice.issuer\n%s\n", cases[i].lost));
		lab_written_done(&result);
		lab_batch_done(&batch);
		dgm_format_free(target);
	}
	dgm_arena_done(&arena);
	dgm_format_free(source);
}

static void mistakes(void **state)
{
	static const struct {
		const char *yaml, *heard;
	} cases[] = {
		{HEAD "        pattern: \"{a} {b}\"\n        map: {a: subject.height, b: subject.height}\n",
			"single field"},
		{HEAD "        pattern: \"{a} {b}\"\n"
		      "        map: {a: {part: subject.birth.date.year}, b: {part: notice.published.year}}\n",
			"those of one date"},
		{HEAD "        to: notice.title\n        pattern: \"{a}\"\n        map: {a: notice.url}\n",
			"stands beside"},
		{HEAD "        to: notice.title\n        digits: no\n", "holes of a pattern"},
		{HEAD "        pattern: \"{a}\"\n        map: {a: {keep: not a field}}\n", "each a field"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct lab_heard heard;
		lab_heard_init(&heard);
		assert_null(dgm_format_parse(dgm_str(cases[i].yaml), "t.yaml", NULL, &heard.sink));
		if (!strstr(heard.text, cases[i].heard))
			fail_msg("case %zu: %s", i, heard.text);
		lab_heard_done(&heard);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_value_in_several_forms),
		cmocka_unit_test(dates_in_slots),
		cmocka_unit_test(an_instance_for_each_text),
		cmocka_unit_test(from_other_formats),
		cmocka_unit_test(mistakes),
	};
	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
