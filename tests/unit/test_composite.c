/* SPDX-License-Identifier: Apache-2.0 */
/* Dates in several keys: which parts make which date, and which date becomes which parts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "defs.h"
#include "format/composite.h"
#include "lab.h"

static struct dgm_arena arena;
static struct dgm_format *format;
static struct dgm_composite *composite;

static int start(void **state)
{
	uint32_t *of_node;
	(void)state;
	format = lab_definition(DEFS_MAP_JSON
		"      Q: {part: subject.birth.date.qualifier, codes: {exact: E, approximate: A, between: B}}\n"
		"      F: {part: subject.birth.date.full, date: [dd/MM/yyyy, d.M.yyyy], nulls: [none]}\n      Y: {part: subject.birth.date.year}\n"
		"      M: {part: subject.birth.date.month}\n      D: {part: subject.birth.date.day}\n"
		"      V: {part: subject.birth.date.from}\n      T: {part: subject.birth.date.to}\n      N: notice.id\n");
	assert_int_equal(dgm_composites_find(&arena, &format->shapes[0], &composite, &of_node), 1);
	for (const struct dgm_node *node = format->shapes[0].root->first; node; node = node->next)
		assert_int_equal(of_node[node->number], node->kind == DGM_NODE_PART ? 1 : 0);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	dgm_format_free(format);
	dgm_arena_done(&arena);
	return 0;
}

/* In the order of enum dgm_part; NULL: not there. */
static struct dgm_parts parts_of(const char *const *texts)
{
	struct dgm_parts parts = {0};
	for (int p = 0; p < DGM_PART_COUNT; p++)
		parts.text[p] = dgm_str(texts[p]);
	return parts;
}

static void test_read(void **state)
{
	static const struct {
		const char *parts[DGM_PART_COUNT];
		const char *date; /* NULL: none */
	} cases[] = {
		{{"E", "12/03/1965"}, "1965-03-12"},
		{{NULL, " 12/03/1965 "}, "1965-03-12"},
		{{"A", "12/03/1965"}, "1965-03-12~"},
		{{"A", NULL, "1965"}, "1965~"},
		{{"?", NULL, "1965"}, "1965"},
		{{NULL, NULL, "1965", "3"}, "1965-03"},
		{{NULL, NULL, "1965", "03", "9"}, "1965-03-09"},
		{{NULL, NULL, "1965", NULL, "9"}, "1965"},
		{{"B", NULL, NULL, NULL, NULL, "1960", "1965"}, "1960/1965"},
		{{"B", NULL, NULL, NULL, NULL, "1960"}, "1960/.."},
		{{"B", NULL, NULL, NULL, NULL, NULL, "1965"}, "../1965"},
		{{"B", NULL, NULL, NULL, NULL, "1965", "1960"}, NULL},
		{{"E", "31/02/1965"}, NULL},
		{{"E", "1965"}, NULL},
		{{NULL, NULL, "65"}, NULL},
		{{NULL, NULL, "0000"}, NULL},
		{{NULL, NULL, "19x5"}, NULL},
		{{NULL, NULL, "1965", "13"}, NULL},
		{{NULL, NULL, "1965", "02", "30"}, NULL},
		{{"E"}, NULL},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		const struct dgm_parts parts = parts_of(cases[i].parts);
		struct dgm_date date;
		char text[32];
		const char *problem = NULL;
		const bool good = dgm_composite_read(composite, &arena, &parts, &date, &problem);
		const struct dgm_str have = good ? dgm_str_of(text, dgm_date_format(&date, text)) : DGM_STR("none");
		lab_same("date", have, dgm_str(cases[i].date ? cases[i].date : "none"));
	}
}

static void test_write(void **state)
{
	static const struct {
		const char *date;
		const char *parts[DGM_PART_COUNT];
		bool cannot, less;
	} cases[] = {
		{"1965-03-12", {"E", "12/03/1965"}, false, false},
		{"1965-03-12~", {"A", "12/03/1965"}, false, false},
		{"1965-03-12?", {"E", "12/03/1965"}, false, true},
		{"1965-03", {"E", NULL, "1965", "03"}, false, false},
		{"1965~", {"A", NULL, "1965"}, false, false},
		{"1960/1965", {"B", NULL, NULL, NULL, NULL, "1960", "1965"}, false, false},
		{"1960-05/1965", {"B", NULL, NULL, NULL, NULL, "1960", "1965"}, false, true},
		{"../1965", {NULL}, true, false},
		{"XXXX-05", {NULL}, true, false},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_parts parts = {0};
		struct dgm_date date;
		bool less = false;
		assert_true(dgm_date_parse(dgm_str(cases[i].date), &date));
		assert_int_equal(dgm_composite_write(composite, &arena, &date, DGM_NOSTR, &parts, &less),
			!cases[i].cannot);
		for (int p = 0; p < DGM_PART_COUNT && !cases[i].cannot; p++)
			lab_same(cases[i].date, parts.text[p], dgm_str(cases[i].parts[p]));
		assert_int_equal(less, cases[i].less);
	}
}

/* Another of the key's patterns comes back as it was; one that says another date, or nothing, does not. */
static void test_spelling(void **state)
{
	static const struct {
		const char *original, *written;
	} cases[] = {{"12.3.1965", "12.3.1965"}, {"12.03.1965", "12.03.1965"}, {"13.3.1965", "12/03/1965"},
		{"?", "12/03/1965"}};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_parts parts = {0};
		struct dgm_date date;
		bool less = false;
		assert_true(dgm_date_parse(DGM_STR("1965-03-12"), &date));
		assert_true(dgm_composite_write(composite, &arena, &date, dgm_str(cases[i].original), &parts, &less));
		lab_same(cases[i].original, parts.text[DGM_PART_FULL], dgm_str(cases[i].written));
	}
}

/* A qualifier is written where the source had one, and for dates from elsewhere. */
static void test_unsaid(void **state)
{
	static const struct {
		const char *original, *qualifier, *date;
	} cases[] = {{NULL, "E", "1965-03-12"}, {"12/03/1965", NULL, "1965-03-12"}, {"E 12/03/1965", "E", "1965-03-12"},
		{"1965", NULL, "1965"}, {"1960 1965", NULL, "1960/1965"}, {"B 1960 1965", "B", "1960/1965"}};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_parts parts = {0};
		struct dgm_date date;
		bool less = false;
		assert_true(dgm_date_parse(dgm_str(cases[i].date), &date));
		assert_true(dgm_composite_write(composite, &arena, &date, dgm_str(cases[i].original), &parts, &less));
		lab_same(cases[i].original, parts.text[DGM_PART_QUALIFIER], dgm_str(cases[i].qualifier));
		assert_false(less);
	}
}

static void test_nulls(void **state)
{
	static const char *const none[DGM_PART_COUNT] = {NULL, " None "},
				 *const bad[DGM_PART_COUNT] = {NULL, "no date"};
	const struct dgm_parts nothing = parts_of(none), wrong = parts_of(bad);
	struct dgm_date date;
	const char *problem = "x";
	(void)state;
	assert_false(dgm_composite_read(composite, &arena, &nothing, &date, &problem));
	assert_null(problem);
	assert_false(dgm_composite_read(composite, &arena, &wrong, &date, &problem));
	assert_string_equal(problem, "date-unparsed");
}

static void test_original(void **state)
{
	static const char *const texts[DGM_PART_COUNT] = {"A", NULL, "1965", "3", NULL, NULL, NULL};
	const struct dgm_parts parts = parts_of(texts), none = {0};
	(void)state;
	assert_true(dgm_str_is(dgm_composite_original(composite, &arena, &parts), "A 1965 3"));
	assert_int_equal(dgm_composite_original(composite, &arena, &none).len, 0);
}

/* Spellings that were kept come back, but not where the date was changed since. */
static void test_changed(void **state)
{
	static const struct {
		const char *source, *date, *written, *losses; /* date NULL: as read */
	} cases[] = {
		{"{\"Y\":\"1965\",\"M\":\"3\",\"D\":\"9\"}\n", NULL, "{\"Y\":\"1965\",\"M\":\"3\",\"D\":\"9\"}\n", ""},
		{"{\"Y\":\"1965\",\"M\":\"3\",\"D\":\"9\"}\n", "1966-04-10",
			"{\"Y\":\"1966\",\"M\":\"04\",\"D\":\"10\"}\n",
			"dropped unmapped[1].value\ndropped unmapped[2].value\n"},
		{"{\"Y\":\"1965\",\"M\":\"3\"}\n", "1965-04", "{\"Y\":\"1965\",\"M\":\"04\"}\n",
			"dropped unmapped[1].value\n"},
		{"{\"Y\":\"no year\"}\n", NULL, "{\"Y\":\"no year\"}\n", ""},
		{"{\"Y\":\"no year\"}\n", "1965", "{\"Y\":\"1965\"}\n", "dropped unmapped[1].value\n"},
	};
	struct dgm_format *parted = lab_definition(
		DEFS_MAP_JSON "      Y: {part: subject.birth.date.year}\n      M: {part: subject.birth.date.month}\n"
			      "      D: {part: subject.birth.date.day}\n");
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct lab_batch batch;
		struct lab_written out;
		lab_batch_init(&batch);
		lab_read(&batch, parted, dgm_str(cases[i].source), 0);
		struct dgm_notice *notice = &batch.notices[0];
		if (cases[i].date) {
			struct dgm_group *birth = dgm_group_last(notice,
				dgm_group_last(notice, notice->root, DGM_GROUP_subject), DGM_GROUP_subject_birth);
			struct dgm_value *value = dgm_value_first(birth, DGM_FIELD_subject_birth_date);
			if (!value)
				value = dgm_value_add(notice, birth, DGM_FIELD_subject_birth_date);
			*value = (struct dgm_value){.text = dgm_str(cases[i].date)};
		}
		lab_write(&out, parted, &batch);
		lab_same(cases[i].source, out.bytes, dgm_str(cases[i].written));
		lab_same(cases[i].source, out.losses_of[0], dgm_str(cases[i].losses));
		lab_written_done(&out);
		lab_batch_done(&batch);
	}
	dgm_format_free(parted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_original),
		cmocka_unit_test(test_spelling),
		cmocka_unit_test(test_unsaid),
		cmocka_unit_test(test_nulls),
		cmocka_unit_test(test_changed),
	};
	return cmocka_run_group_tests_name("composite", tests, start, finish);
}
