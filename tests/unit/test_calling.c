/* SPDX-License-Identifier: Apache-2.0 */
/* Telephone numbers without their country: completed where it is known, left where it is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "defs.h"
#include "format/definition.h"
#include "lab.h"
#include "notice/address.h"

static void plans(void **state)
{
	static const struct {
		const char *country, *text, *number; /* NULL: as it is */
	} rows[] = {
		{"GB", "020 7946 0000", "+442079460000"},
		{"GB", "(0)20 7946 0000", "+442079460000"},
		{"GB", "20 7946 0000", "+442079460000"},
		{"GB", "7946 0000", NULL}, /* of which town? */
		{"GB", "020 7946 0000 ext. 1", NULL},
		{"US", "(202) 555-0100", "+12025550100"},
		{"US", "1-202-555-0100", "+12025550100"},
		{"US", "555-0100", NULL},
		{"BS", "242 555 0100", "+12425550100"},
		{"TN", "71 000 000", "+21671000000"},
		{"TN", "71 000 00", NULL},
		{"IT", "06 0000 0000", "+390600000000"},
		{"RU", "8 (495) 000-00-00", "+74950000000"},
		{"RU", "495 000 00 00", "+74950000000"},
		{"RU", "800 000 00 00", "+78000000000"},
		{"RU", "000-00-00", NULL},
		{"KZ", "8 727 000 00 00", "+77270000000"},
		{"HU", "06 1 000 0000", "+3610000000"},
		{"MX", "01 55 0000 0000", "+525500000000"},
		{"CN", "010-12345678", "+861012345678"},
		{"CN", "13800000000", "+8613800000000"},
		{"CN", "12345678", NULL},
		{"DE", "030 000000", "+4930000000"},
		{"DE", "000000", NULL},
		{"DE", "30000000", NULL},
		{"PK", "051-9200000", "+92519200000"},
		{"PK", "300 0000000", "+923000000000"},
		{"IR", "۰۲۱ ۶۶۰۰ ۰۰۰۰", "+982166000000"},
		{"SA", "٠٥٠٠٠٠٠٠٠٠", "+966500000000"},
		{"ID", "0812 0000 0000", "+6281200000000"},
		{"ET", "011 551 0000", "+251115510000"},
		{"CI", "27 20 00 00 00", "+2252720000000"},
		{"NG", "0803 000 0000", "+2348030000000"},
		{"AE", "04 000 0000", "+97140000000"},
		{"KG", "0312 000000", "+996312000000"},
		{"VN", "024 0000 0000", "+842400000000"},
		{"GB", "112", NULL},
		{"GB", "+33 1 00 00 00 00", NULL},
		{"GB", "0033 1 00 00 00 00", NULL},
		{"GB", "duty officer", NULL},
		{"GB", "", NULL},
	};
	struct dgm_arena arena = {0};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		const struct dgm_phone_plan *plan = dgm_phone_plan(dgm_str(rows[i].country));
		const struct dgm_str text = dgm_str(rows[i].text);
		assert_non_null(plan);
		lab_same(rows[i].text, dgm_phone_national(&arena, text, plan),
			dgm_str(rows[i].number ? rows[i].number : rows[i].text));
		if (rows[i].number)
			assert_true(dgm_phone_is_number(dgm_str(rows[i].number)));
	}
	assert_null(dgm_phone_plan(DGM_STR("AR")));
	assert_null(dgm_phone_plan(DGM_STR("ZZ")));
	assert_null(dgm_phone_plan(DGM_STR("x-unknown")));
	assert_null(dgm_phone_plan(DGM_NOSTR));
	dgm_arena_done(&arena);
}

#define PHONE "notice.authority[1].phone="
#define SAID "warning 0:0 phone-national: notice.authority.phone: "

static const char map[] = "      N: notice.id\n"
			  "      P: {to: notice.authority.phone, calling: country}\n"
			  "      C: {to: notice.authority.country}\n"
			  "      T: {to: \"subject.contact(phone).value\", calling: RU, split: \"; \"}\n"
			  "      M: {to: \"subject.contact(email).value\"}\n";

/* Reads a row of N,P,C,T,M, and writes and reads it again. */
static void check(const char *row, const char *notice, const char *said, const char *written)
{
	struct dgm_arena arena = {0};
	struct dgm_format *format = lab_definition(dgm_arena_printf(&arena, "%s%s", DEFS_MAP_CSV, map).ptr);
	struct lab_batch batch, again;
	struct lab_written result;
	lab_batch_init(&batch);
	lab_batch_init(&again);
	lab_read(&batch, format, dgm_arena_printf(&arena, "N,P,C,T,M\n%s\n", row), 0);
	assert_int_equal(batch.count, 1);
	lab_same(row, lab_dump(&arena, &batch.notices[0]), dgm_arena_printf(&arena, "notice.id=1\n%s", notice));
	lab_same(row, dgm_str(batch.heard.text ? batch.heard.text : ""), dgm_str(said));
	lab_write(&result, format, &batch);
	lab_same(row, result.bytes, dgm_arena_printf(&arena, "N,P,C,T,M\n%s\n", written));
	lab_read(&again, format, result.bytes, 0);
	lab_same("again", lab_dump(&arena, &again.notices[0]), dgm_arena_printf(&arena, "notice.id=1\n%s", notice));
	lab_written_done(&result);
	lab_batch_done(&batch);
	lab_batch_done(&again);
	dgm_format_free(format);
	dgm_arena_done(&arena);
}

static void another_key_says_the_country(void **state)
{
	(void)state;
	check("1,020 7946 0000,GB,,", "notice.authority[1].country=GB\n" PHONE "+442079460000 {020 7946 0000}\n", "",
		"1,020 7946 0000,GB,,");
	check("1,+33 1 00 00 00 00,GB,,", "notice.authority[1].country=GB\n" PHONE "+33100000000 {+33 1 00 00 00 00}\n",
		"", "1,+33 1 00 00 00 00,GB,,");
	check("1,020 7946 0000,,,", PHONE "020 7946 0000\n", SAID "020 7946 0000\n", "1,020 7946 0000,,,");
	check("1,7946 0000,GB,,", "notice.authority[1].country=GB\n" PHONE "7946 0000\n", SAID "7946 0000\n",
		"1,7946 0000,GB,,");
	check("1,duty officer,GB,,", "notice.authority[1].country=GB\n" PHONE "duty officer\n", "",
		"1,duty officer,GB,,");
}

static void the_definition_says_it(void **state)
{
	(void)state;
	check("1,,,8 495 000-00-00; +7 812 0000000; 700-00-00,8 495 000-00-00",
		"subject[1].contact[1].kind=phone\nsubject[1].contact[1].value=+74950000000 {8 495 000-00-00}\n"
		"subject[1].contact[2].kind=phone\nsubject[1].contact[2].value=+78120000000 {+7 812 0000000}\n"
		"subject[1].contact[3].kind=phone\nsubject[1].contact[3].value=700-00-00\n"
		"subject[1].contact[4].kind=email\nsubject[1].contact[4].value=8 495 000-00-00\n",
		"warning 0:0 phone-national: subject.contact.value: 700-00-00\n",
		"1,,,8 495 000-00-00; +7 812 0000000; 700-00-00,8 495 000-00-00");
}

/* A notice from elsewhere, or one whose country was changed since. */
static void numbers_of_others(void **state)
{
	static const struct {
		const char *text, *original, *country, *written, *losses;
	} rows[] = {
		{"+442079460000", "020 7946 0000", "GB", "020 7946 0000", "\n"},
		{"+442079460000", "020 7946 0000", "FR", "+442079460000", "\n"},
		{"+442079460000", "020 7946 0000", "", "+442079460000", "\n"},
		{"+442079460000", NULL, "GB", "+442079460000", "\n"},
		/* Who reads it there makes another value of it. */
		{"020 7946 0000", NULL, "GB", "020 7946 0000", "recoded notice.authority[1].phone\n\n"},
		{"020 7946 0000", NULL, "", "020 7946 0000", "\n"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		struct dgm_arena arena = {0};
		struct dgm_format *format = lab_definition(dgm_arena_printf(&arena, "%s%s", DEFS_MAP_CSV, map).ptr);
		struct lab_batch batch;
		struct lab_written result;
		lab_batch_init(&batch);
		struct dgm_notice *notice = lab_batch_add(&batch);
		struct dgm_group *head = dgm_group_last(notice, notice->root, DGM_GROUP_notice);
		struct dgm_group *authority = dgm_group_last(notice, head, DGM_GROUP_notice_authority);
		dgm_value_set(notice, head, DGM_FIELD_notice_id, DGM_STR("1"));
		dgm_value_set(notice, authority, DGM_FIELD_notice_authority_phone, dgm_str(rows[i].text))->original =
			dgm_str(rows[i].original);
		if (*rows[i].country)
			dgm_value_set(notice, authority, DGM_FIELD_notice_authority_country, dgm_str(rows[i].country));
		lab_write(&result, format, &batch);
		lab_same(rows[i].text, result.bytes,
			dgm_arena_printf(&arena, "N,P,C,T,M\n1,%s,%s,,\n", rows[i].written, rows[i].country));
		lab_same(rows[i].text, result.losses, dgm_str(rows[i].losses));
		lab_written_done(&result);
		lab_batch_done(&batch);
		dgm_format_free(format);
		dgm_arena_done(&arena);
	}
}

/* A whole path is the country of any authority; where they say several it is none. */
static void of_the_whole_notice(void **state)
{
	static const char authorities[] =
		"      N: notice.id\n"
		"      P: {to: \"notice.authority(contact).phone\", calling: notice.authority.country}\n"
		"      A: {to: \"notice.authority(requesting).country\"}\n"
		"      B: {to: \"notice.authority(issuing).country\"}\n";
	static const struct {
		const char *row, *number;
	} rows[] = {{"1,71 000 000,TN,", "+21671000000"}, {"1,71 000 000,TN,TN", "+21671000000"},
		{"1,71 000 000,,TN", "+21671000000"}, {"1,71 000 000,TN,FR", "71 000 000"},
		{"1,71 000 000,,", "71 000 000"}};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		struct dgm_arena arena = {0};
		struct dgm_format *format =
			lab_definition(dgm_arena_printf(&arena, "%s%s", DEFS_MAP_CSV, authorities).ptr);
		struct lab_batch batch;
		lab_batch_init(&batch);
		lab_read(&batch, format, dgm_arena_printf(&arena, "N,P,A,B\n%s\n", rows[i].row), 0);
		const struct dgm_group *head = dgm_group_first(batch.notices[0].root, DGM_GROUP_notice);
		lab_same(rows[i].row,
			dgm_text_of(dgm_group_first(head, DGM_GROUP_notice_authority),
				DGM_FIELD_notice_authority_phone),
			dgm_str(rows[i].number));
		lab_batch_done(&batch);
		dgm_format_free(format);
		dgm_arena_done(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plans),
		cmocka_unit_test(another_key_says_the_country),
		cmocka_unit_test(the_definition_says_it),
		cmocka_unit_test(numbers_of_others),
		cmocka_unit_test(of_the_whole_notice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
