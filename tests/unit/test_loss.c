/* SPDX-License-Identifier: Apache-2.0 */
/* Loss: what no writer marked is lost, of the right kind; and what a definition can hold at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "defs.h"
#include "format/coverage.h"
#include "format/loss.h"
#include "lab.h"

static struct dgm_arena arena;

static struct dgm_value *set(struct dgm_notice *notice, struct dgm_group *group, enum dgm_field_id field, bool used)
{
	struct dgm_value *value = dgm_value_set(notice, group, field, DGM_STR("x"));
	value->used = used;
	return value;
}

static void test_collect(void **state)
{
	static const char *const want[] = {"dropped notice.title 1", "null notice.summary 1",
		"list_cut subject[1].eye_colour 2", "dropped subject[1].hair_colour 1",
		"list_cut subject[1].name[2].full 1", "dropped subject[1].name[2].given 1",
		"dropped unmapped[1].value 1"};
	struct dgm_notice notice;
	struct dgm_losses losses;
	(void)state;
	dgm_notice_init(&notice, &arena);
	struct dgm_group *head = dgm_group_add(&notice, notice.root, DGM_GROUP_notice);
	set(&notice, head, DGM_FIELD_notice_id, true);
	set(&notice, head, DGM_FIELD_notice_title, false);
	set(&notice, head, DGM_FIELD_notice_summary, false)->state = DGM_STATE_NULL;
	struct dgm_group *subject = dgm_group_add(&notice, notice.root, DGM_GROUP_subject);
	set(&notice, subject, DGM_FIELD_subject_eye_colour, true);
	set(&notice, subject, DGM_FIELD_subject_eye_colour, false);
	set(&notice, subject, DGM_FIELD_subject_hair_colour, false);
	struct dgm_group *name = dgm_group_add(&notice, subject, DGM_GROUP_subject_name);
	set(&notice, name, DGM_FIELD_subject_name_full, true);
	name = dgm_group_add(&notice, subject, DGM_GROUP_subject_name);
	set(&notice, name, DGM_FIELD_subject_name_full, false);
	set(&notice, name, DGM_FIELD_subject_name_given, false);
	struct dgm_group *unmapped = dgm_group_add(&notice, notice.root, DGM_GROUP_unmapped);
	set(&notice, unmapped, DGM_FIELD_unmapped_format, false);
	set(&notice, unmapped, DGM_FIELD_unmapped_path, false);
	set(&notice, unmapped, DGM_FIELD_unmapped_value, false);
	/* Where a notice was read is not part of what it says. */
	set(&notice, dgm_group_add(&notice, notice.root, DGM_GROUP_provenance), DGM_FIELD_provenance_file, false);
	dgm_losses_init(&losses, &arena);
	dgm_losses_collect(&losses, &notice);
	assert_int_equal(losses.count, DGM_COUNT(want));
	const struct dgm_loss *loss = losses.first;
	for (size_t i = 0; i < DGM_COUNT(want); i++, loss = loss->next) {
		const struct dgm_str text = dgm_arena_printf(&arena, "%s %.*s %u", dgm_loss_names[loss->kind],
			DGM_FMT(dgm_value_path(&arena, loss->group, loss->field)), loss->number);
		lab_same("loss", text, dgm_str(want[i]));
	}
	assert_null(loss);
}

static struct dgm_group *mark(struct dgm_notice *notice, struct dgm_group *head)
{
	struct dgm_group *group = dgm_group_add(notice, head, DGM_GROUP_notice_handling);
	set(notice, group, DGM_FIELD_notice_handling_scheme, false);
	set(notice, group, DGM_FIELD_notice_handling_code, false);
	return group;
}

/* Groups are counted, not values; one that says "none" is not one, and neither is what is not protected. */
static void test_protected(void **state)
{
	struct dgm_notice notice;
	struct dgm_losses losses;
	struct dgm_str fields = DGM_NOSTR;
	(void)state;
	dgm_notice_init(&notice, &arena);
	dgm_losses_init(&losses, &arena);
	struct dgm_group *head = dgm_group_add(&notice, notice.root, DGM_GROUP_notice);
	set(&notice, head, DGM_FIELD_notice_title, false);
	struct dgm_group *none = dgm_group_add(&notice, head, DGM_GROUP_notice_handling);
	set(&notice, none, DGM_FIELD_notice_handling_scheme, false);
	set(&notice, none, DGM_FIELD_notice_handling_code, false)->state = DGM_STATE_NULL;
	dgm_losses_collect(&losses, &notice);
	assert_int_equal(losses.count, 3);
	assert_int_equal(dgm_losses_protected(&losses, &fields), 0);
	assert_null(fields.ptr);

	struct dgm_group *marks[4];
	for (size_t i = 0; i < DGM_COUNT(marks); i++)
		marks[i] = mark(&notice, head);
	dgm_value_first(marks[1], DGM_FIELD_notice_handling_scheme)->used = 1;
	dgm_value_first(marks[1], DGM_FIELD_notice_handling_code)->used = 1;
	dgm_losses_init(&losses, &arena);
	/* Its losses stand apart: one while writing, the other behind. */
	dgm_losses_add(&losses, marks[3], DGM_FIELD_notice_handling_scheme,
		dgm_value_first(marks[3], DGM_FIELD_notice_handling_scheme), DGM_LOSS_RECODED);
	dgm_value_first(marks[3], DGM_FIELD_notice_handling_scheme)->used = 1;
	dgm_losses_collect(&losses, &notice);
	assert_int_equal(dgm_losses_protected(&losses, &fields), 3);
	lab_same("fields", fields,
		DGM_STR("notice.handling[5].scheme, notice.handling[2].scheme, notice.handling[2].code, "
			"notice.handling[4].scheme, notice.handling[4].code, notice.handling[5].code"));
	mark(&notice, head);
	dgm_losses_init(&losses, &arena);
	dgm_losses_collect(&losses, &notice);
	assert_int_equal(dgm_losses_protected(&losses, &fields), 4);
	assert_true(dgm_str_ends(fields, DGM_STR("notice.handling[6].scheme and 1 more")));
}

static void test_holdings(void **state)
{
	struct dgm_holding holdings[DGM_FIELD_COUNT];
	(void)state;
	struct dgm_format *format = lab_definition(DEFS_JSON
		"records:\n  - at: \"\"\n    set: {notice.type: wanted}\n    map:\n      A: {to: notice.title, max: 9}\n"
		"      B: {to: subject.eye_colour, list: yes}\n      C: {to: subject.birth.date, date: [yyyy-MM-dd]}\n"
		"      D: {group: charge, list: yes, map: {E: text, F: {to: issued, date: yyyy}}}\n"
		"      G: {to: \"subject.name(alias).full\", split: \"; \"}\n"
		"  - at: \"\"\n    set: {notice.type: wanted}\n    map: {A: {to: notice.title, max: 5}, T: notice.type, S: subject.sex}\n");
	dgm_format_holdings(format, NULL, holdings);
	assert_int_equal(holdings[DGM_FIELD_notice_id].capacity, DGM_HOLDS_NONE);
	assert_int_equal(holdings[DGM_FIELD_notice_title].capacity, DGM_HOLDS_ONE);
	assert_int_equal(holdings[DGM_FIELD_notice_title].max, 5);
	assert_int_equal(holdings[DGM_FIELD_subject_eye_colour].capacity, DGM_HOLDS_MANY);
	assert_int_equal(holdings[DGM_FIELD_subject_name_full].capacity, DGM_HOLDS_MANY);
	assert_int_equal(holdings[DGM_FIELD_charge_text].capacity, DGM_HOLDS_MANY);
	assert_true(holdings[DGM_FIELD_subject_birth_date].dates_full);
	assert_false(holdings[DGM_FIELD_subject_birth_date].dates_partial);
	assert_true(holdings[DGM_FIELD_charge_issued].dates_partial);
	assert_true(holdings[DGM_FIELD_subject_name_kind].constant_only);
	assert_false(holdings[DGM_FIELD_notice_type].constant_only);
	assert_int_equal(holdings[DGM_FIELD_subject_sex].capacity, DGM_HOLDS_ONE);
	dgm_format_holdings(format, &format->shapes[0], holdings);
	assert_int_equal(holdings[DGM_FIELD_notice_title].max, 9);
	assert_int_equal(holdings[DGM_FIELD_subject_sex].capacity, DGM_HOLDS_NONE);
	assert_true(holdings[DGM_FIELD_notice_type].constant_only);
	dgm_format_free(format);
	format = lab_shipped("notice-csv");
	dgm_format_holdings(format, NULL, holdings);
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++)
		assert_int_equal(holdings[f].capacity, DGM_HOLDS_MANY);
	dgm_format_free(format);
}

/* The target takes the first authority; where the source fills two, the values of either may stay behind. */
static void test_crowded(void **state)
{
	static const char *const sources[] =
		{"      N: \"notice.authority(requesting).name\"\n      P: \"notice.authority(contact).phone\"\n",
			"      N: \"notice.authority(contact).name\"\n      P: \"notice.authority(contact).phone\"\n"};
	static const char *const targets[] = {"      P: notice.authority.phone\n",
		"      P: \"notice.authority(*).phone\"\n", "      P: \"notice.authority(contact).phone\"\n",
		"      P: {to: notice.authority.phone, list: yes}\n"};
	static const bool lost[DGM_COUNT(sources)][DGM_COUNT(targets)] = {{true, false, false, false}, {false}};
	(void)state;
	for (size_t s = 0; s < DGM_COUNT(sources); s++)
		for (size_t t = 0; t < DGM_COUNT(targets); t++) {
			char text[2][512];
			struct dgm_fate fates[DGM_FIELD_COUNT];
			snprintf(text[0], sizeof text[0], DEFS_MAP_JSON "%s", sources[s]);
			snprintf(text[1], sizeof text[1], DEFS_MAP_JSON "%s", targets[t]);
			struct dgm_format *from = lab_definition(text[0]), *to = lab_definition(text[1]);
			from->id = DGM_STR("y"); /* not the same format */
			dgm_coverage(from, to, false, fates);
			if (fates[DGM_FIELD_notice_authority_phone].affected != lost[s][t])
				fail_msg("source %zu, target %zu", s, t);
			dgm_format_free(to);
			dgm_format_free(from);
		}
}

static int finish(void **state)
{
	(void)state;
	dgm_arena_done(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_collect),
		cmocka_unit_test(test_protected),
		cmocka_unit_test(test_holdings),
		cmocka_unit_test(test_crowded),
	};
	return cmocka_run_group_tests_name("loss", tests, NULL, finish);
}
