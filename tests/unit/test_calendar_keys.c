/* SPDX-License-Identifier: Apache-2.0 */
/* Dates of other calendars in definitions: a calendar of the key, one that another key names, months by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "defs.h"
#include "format/definition.h"
#include "format/values.h"
#include "lab.h"

/* Reads one JSON record, compares the notice and what was said, writes it and compares the record. */
static void check(const char *map, const char *record, const char *notice, const char *said, const char *written)
{
	struct dgm_arena arena = {0};
	const struct dgm_str source = dgm_arena_printf(&arena, "%s\n", record);
	struct dgm_format *format = lab_definition(dgm_arena_printf(&arena, "%s%s", DEFS_MAP_JSON, map).ptr);
	struct lab_batch batch;
	struct lab_written result;
	lab_batch_init(&batch);
	lab_read(&batch, format, source, 0);
	assert_int_equal(batch.count, 1);
	lab_same(record, lab_dump(&arena, &batch.notices[0]), dgm_str(notice));
	lab_same("said", dgm_str(batch.heard.text ? batch.heard.text : ""), dgm_str(said));
	lab_write(&result, format, &batch);
	lab_same("written", result.bytes, dgm_arena_printf(&arena, "%s\n", written));
	lab_written_done(&result);
	lab_batch_done(&batch);
	dgm_format_free(format);
	dgm_arena_done(&arena);
}

/* A calendar of the key itself: the source's spelling is the original, partial dates are intervals. */
static void calendar_of_a_key(void **state)
{
	static const char map[] = "      N: notice.id\n"
				  "      B: {to: subject.birth.date, calendar: islamic-umalqura, date: [yyyy/MM/dd, "
				  "yyyy/MM, yyyy]}\n";
	static const struct {
		const char *record, *date, *said, *written;
	} cases[] = {
		{"{\"N\":\"1\",\"B\":\"1445/01/01\"}", "2023-07-19 {1445/01/01}", "", NULL},
		{"{\"N\":\"1\",\"B\":\"١٤٤٥/٠١/٠١\"}", "2023-07-19 {١٤٤٥/٠١/٠١}", "", NULL},
		{"{\"N\":\"1\",\"B\":\"1400\"}", "1979/1980 {1400}", "", NULL},
		{"{\"N\":\"1\",\"B\":\"1400/01\"}", "1979-11/1979-12 {1400/01}", "", NULL},
		{"{\"N\":\"1\",\"B\":\"1355/12/29\"}", "1937-03-13 {1355/12/29}",
			"warning 0:0 calendar-early: subject.birth.date: 1355/12/29\n", NULL},
		{"{\"N\":\"1\",\"B\":\"1356/01/01\"}", "1937-03-14 {1356/01/01}", "", NULL},
		{"{\"N\":\"1\",\"B\":\"1355\"}", "1936/1937 {1355}",
			"warning 0:0 calendar-early: subject.birth.date: 1355\n", NULL},
		{"{\"N\":\"1\",\"B\":\"1445/01/30\"}", "? {1445/01/30}",
			"warning 0:0 date-impossible: subject.birth.date: 1445/01/30\n", NULL},
		{"{\"N\":\"1\",\"B\":\"1990/01/30\"}", "? {1990/01/30}",
			"warning 0:0 date-impossible: subject.birth.date: 1990/01/30\n", NULL},
		{"{\"N\":\"1\",\"B\":\"30.1.1445\"}", "? {30.1.1445}",
			"warning 0:0 date-unparsed: subject.birth.date: 30.1.1445\n", NULL},
		{"{\"N\":\"1\",\"B\":\"١٤٤5/01/01\"}", "? {١٤٤5/01/01}",
			"warning 0:0 digits-mixed: subject.birth.date: ١٤٤5/01/01\n", NULL},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_arena arena = {0};
		check(map, cases[i].record,
			dgm_arena_printf(&arena, "notice.id=1\nsubject[1].birth[1].date=%s\n", cases[i].date).ptr,
			cases[i].said, cases[i].written ? cases[i].written : cases[i].record);
		dgm_arena_done(&arena);
	}
}

/* Another key names the calendar; its place and the source's word for it come back from the original. */
static void calendar_beside(void **state)
{
	static const char map[] =
		"      N: notice.id\n"
		"      B:\n"
		"        map:\n"
		"          K: {part: subject.birth.date.calendar, codes: {persian: [persian, jalali], "
		"buddhist: BE, gregorian: AD}}\n"
		"          T: {part: subject.birth.date.full, date: [yyyy-MM-dd, yyyy-MM, yyyy]}\n";
	static const struct {
		const char *record, *notice, *said;
	} cases[] = {
		{"{\"N\":\"1\",\"B\":{\"T\":\"1979-02-11\"}}", "subject[1].birth[1].date=1979-02-11\n", ""},
		{"{\"N\":\"1\",\"B\":{\"K\":\"jalali\",\"T\":\"1357-11-22\"}}",
			"subject[1].birth[1].date=1979-02-11 {jalali 1357-11-22}\n", ""},
		{"{\"N\":\"1\",\"B\":{\"K\":\"persian\",\"T\":\"1357\"}}",
			"subject[1].birth[1].date=1978/1979 {persian 1357}\n", ""},
		{"{\"N\":\"1\",\"B\":{\"K\":\"persian\",\"T\":\"1357-11\"}}",
			"subject[1].birth[1].date=1979-01/1979-02 {persian 1357-11}\n", ""},
		{"{\"N\":\"1\",\"B\":{\"K\":\"BE\",\"T\":\"2567\"}}", "subject[1].birth[1].date=2024 {BE 2567}\n", ""},
		{"{\"N\":\"1\",\"B\":{\"K\":\"AD\",\"T\":\"2024\"}}", "subject[1].birth[1].date=2024 {AD 2024}\n", ""},
		/* Not what would be written: kept in its place. */
		{"{\"N\":\"1\",\"B\":{\"K\":\"Persian\",\"T\":\"۱۳۵۷\"}}",
			"subject[1].birth[1].date=1978/1979 {Persian ۱۳۵۷}\n"
			"unmapped[1].format=x\nunmapped[1].path=B/T\nunmapped[1].value=۱۳۵۷\n"
			"unmapped[2].format=x\nunmapped[2].path=B/K\nunmapped[2].value=Persian\n",
			""},
		{"{\"N\":\"1\",\"B\":{\"K\":\"hebrew\",\"T\":\"5740\"}}",
			"unmapped[1].format=x\nunmapped[1].path=B/T\nunmapped[1].value=5740\n"
			"unmapped[2].format=x\nunmapped[2].path=B/K\nunmapped[2].value=hebrew\n",
			"warning 0:0 calendar-unknown: subject.birth.date: 5740\n"},
		{"{\"N\":\"1\",\"B\":{\"K\":\"persian\",\"T\":\"1404-12-30\"}}",
			"unmapped[1].format=x\nunmapped[1].path=B/T\nunmapped[1].value=1404-12-30\n"
			"unmapped[2].format=x\nunmapped[2].path=B/K\nunmapped[2].value=persian\n",
			"warning 0:0 date-impossible: subject.birth.date: 1404-12-30\n"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_arena arena = {0};
		check(map, cases[i].record, dgm_arena_printf(&arena, "notice.id=1\n%s", cases[i].notice).ptr,
			cases[i].said, cases[i].record);
		dgm_arena_done(&arena);
	}
}

/* What has no original here: full dates are converted, partial ones of other calendars have no spelling. */
static void written_anew(void **state)
{
	static const struct {
		const char *calendar, *date, *written, *losses;
	} cases[] = {
		{"persian", "1979-02-11", "{\"N\":\"1\",\"B\":\"1357/11/22\"}\n", "\n"},
		{"persian", "1979", "{\"N\":\"1\"}\n", "dropped subject[1].birth[1].date\n\n"},
		{"persian", "1978/1979", "{\"N\":\"1\"}\n", "dropped subject[1].birth[1].date\n\n"},
		{"buddhist", "1979", "{\"N\":\"1\",\"B\":\"2522\"}\n", "\n"},
		{"ethiopic", "2023-09-11", "{\"N\":\"1\",\"B\":\"2015/13/06\"}\n", "\n"},
		{"gregorian", "2023-09-11", "{\"N\":\"1\",\"B\":\"2023/09/11\"}\n", "\n"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_arena arena = {0};
		struct dgm_format *format = lab_definition(dgm_arena_printf(&arena,
			"%s      N: notice.id\n      B: {to: subject.birth.date, calendar: %s, date: [yyyy/MM/dd, yyyy]}\n",
			DEFS_MAP_JSON, cases[i].calendar)
								   .ptr);
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

/* Names of the lists in any case, with and without a point or hamza; what stands first is written. */
static void months_by_name(void **state)
{
	static const struct {
		const char *lists, *calendar, *text, *date, *written;
	} cases[] = {
		{"month-es", "gregorian", "3 setiembre 1980", "1980-09-03", "3 septiembre 1980"},
		{"month-es", "gregorian", "3 SET. 1980", "1980-09-03", "3 septiembre 1980"},
		{"month-en", "gregorian", "3 Sept. 1980", "1980-09-03", "3 September 1980"},
		{"month-fr", "gregorian", "1er août 1980", "1980-08-01", "1 août 1980"},
		{"month-fr", "gregorian", "1 AOUT 1980", "1980-08-01", "1 août 1980"},
		{"month-pt", "gregorian", "3 MARCO 1980", "1980-03-03", "3 março 1980"},
		{"month-tr", "gregorian", "3 KASIM 1980", "1980-11-03", "3 Kasım 1980"},
		{"month-tr", "gregorian", "3 EKİM 1980", "1980-10-03", "3 Ekim 1980"},
		{"month-tr", "gregorian", "3 aralik 1980", "1980-12-03", "3 Aralık 1980"},
		{"month-ru", "gregorian", "3 Мая 1980", "1980-05-03", "3 мая 1980"},
		{"month-th", "buddhist", "3 ก.พ. 2523", "1980-02-03", "3 กุมภาพันธ์ 2523"},
		{"month-id", "gregorian", "3 Agt 1980", "1980-08-03", "3 Agustus 1980"},
		{"month-fa", "persian", "۳ حمل ۱۳۵۹", "1980-03-23", "3 فروردین 1359"},
		{"month-hijri-ar", "islamic-umalqura", "٣ ذي الحجة ١٤٠٠", "1980-10-12", "3 ذو الحجة 1400"},
		{"month-hijri-ar", "islamic-umalqura", "3 ربيع الثاني 1400", "1980-02-20", "3 ربيع الآخر 1400"},
		{"[month-ar, month-ar-levant]", "gregorian", "3 اغسطس 1980", "1980-08-03", "3 أغسطس 1980"},
		{"[month-ar, month-ar-levant]", "gregorian", "3 كانون الثاني 1980", "1980-01-03", "3 يناير 1980"},
		{"[month-ar, month-ar-maghreb]", "gregorian", "3 جويلية 1980", "1980-07-03", "3 يوليو 1980"},
		{"[month-ar, month-ar-ma]", "gregorian", "3 غشت 1980", "1980-08-03", "3 أغسطس 1980"},
		{"[month-ar, month-ar-mr]", "gregorian", "3 دجمبر 1980", "1980-12-03", "3 ديسمبر 1980"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_arena arena = {0};
		const struct dgm_str map = dgm_arena_printf(&arena,
			"      N: notice.id\n      B: {to: subject.birth.date, calendar: %s, months: %s, "
			"date: [d MMMM yyyy, \"d'er' MMMM yyyy\"]}\n",
			cases[i].calendar, cases[i].lists);
		const struct dgm_str record = dgm_arena_printf(&arena, "{\"N\":\"1\",\"B\":\"%s\"}", cases[i].text);
		check(map.ptr, record.ptr,
			dgm_arena_printf(&arena, "notice.id=1\nsubject[1].birth[1].date=%s {%s}\n", cases[i].date,
				cases[i].text)
				.ptr,
			"", record.ptr);
		/* Without its original. */
		struct dgm_format *format =
			lab_definition(dgm_arena_printf(&arena, "%s%s", DEFS_MAP_JSON, map.ptr).ptr);
		struct dgm_date date;
		assert_true(dgm_date_parse(dgm_str(cases[i].date), &date));
		const struct dgm_written written = dgm_value_write_text(format->shapes[0].root->first->next, &arena,
			dgm_str(cases[i].date), DGM_NOSTR);
		lab_same(cases[i].text, written.text, dgm_str(cases[i].written));
		dgm_format_free(format);
		dgm_arena_done(&arena);
	}
}

static void mistakes(void **state)
{
	static const struct {
		const char *map, *said;
	} cases[] = {
		{"B: {to: subject.birth.date, calendar: islamic}", "\"islamic\" is not a calendar: "},
		{"B: {to: subject.sex, calendar: persian}", "stand beside a date"},
		{"B: {part: subject.birth.date.calendar}", "needs \"codes\""},
		{"B: {part: subject.birth.date.calendar, codes: {hebrew: H}}", "\"hebrew\" is not a calendar: "},
		{"B: {to: subject.birth.date, months: iso-country, date: MMMM}", "is not one of months"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_arena arena = {0};
		struct lab_heard heard;
		lab_heard_init(&heard);
		struct dgm_format *format =
			dgm_format_parse(dgm_arena_printf(&arena, "%s      N: notice.id\n      %s\n", DEFS_MAP_JSON,
						 cases[i].map),
				"x", lab_code_folders(), &heard.sink);
		assert_null(format);
		if (!heard.text || !strstr(heard.text, cases[i].said))
			fail_msg("%s: %s", cases[i].map, heard.text ? heard.text : "");
		lab_heard_done(&heard);
		dgm_arena_done(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calendar_of_a_key),
		cmocka_unit_test(calendar_beside),
		cmocka_unit_test(written_anew),
		cmocka_unit_test(months_by_name),
		cmocka_unit_test(mistakes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
