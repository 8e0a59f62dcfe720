/* SPDX-License-Identifier: Apache-2.0 */
/* The tree of a notice: what is added is found, in its order, under its number and its path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "notice/notice.h"

static struct dgm_arena arena;
static struct dgm_notice notice;

static int start(void **state)
{
	(void)state;
	dgm_arena_reset(&arena);
	dgm_notice_init(&notice, &arena);
	return 0;
}

static void test_empty(void **state)
{
	(void)state;
	assert_int_equal(notice.root->id, DGM_GROUP_root);
	assert_int_equal(notice.root->number, 1);
	assert_null(notice.root->parent);
	for (uint32_t i = 0; i < dgm_groups[DGM_GROUP_root].child_count; i++)
		assert_null(dgm_group_first(notice.root, dgm_groups[DGM_GROUP_root].children[i]));
	assert_int_equal(dgm_notice_id(&notice).len, 0);
	assert_int_equal(dgm_text_of(NULL, DGM_FIELD_notice_id).len, 0);
}

/* Memory comes from a used arena: a group must not show what lay there before. */
static void test_groups_start_empty(void **state)
{
	(void)state;
	memset(dgm_arena_alloc(&arena, 1 << 14), 0xA5, 1 << 14);
	dgm_arena_reset(&arena);
	dgm_notice_init(&notice, &arena);
	for (unsigned g = 1; g < DGM_GROUP_COUNT; g++) {
		if (dgm_groups[g].parent != DGM_GROUP_root)
			continue;
		const struct dgm_group *group = dgm_group_add(&notice, notice.root, (enum dgm_group_id)g);
		for (uint32_t i = 0; i < dgm_groups[g].field_count; i++)
			assert_null(dgm_value_first(group, dgm_groups[g].first_field + i));
		for (uint32_t i = 0; i < dgm_groups[g].child_count; i++)
			assert_null(dgm_group_first(group, dgm_groups[g].children[i]));
	}
}

static void test_values_keep_their_order(void **state)
{
	static const char *const colours[] = {"brown", "green", "brown"};
	(void)state;
	struct dgm_group *subject = dgm_group_add(&notice, notice.root, DGM_GROUP_subject);
	for (size_t i = 0; i < DGM_COUNT(colours); i++)
		dgm_value_set(&notice, subject, DGM_FIELD_subject_eye_colour, dgm_str(colours[i]));
	/* Neighbours stay apart. */
	dgm_value_set(&notice, subject, DGM_FIELD_subject_hair_colour, DGM_STR("black"));
	const struct dgm_value *value = dgm_value_first(subject, DGM_FIELD_subject_eye_colour);
	for (size_t i = 0; i < DGM_COUNT(colours); i++, value = value->next) {
		assert_non_null(value);
		assert_true(dgm_str_is(value->text, colours[i]));
		assert_int_equal(value->state, DGM_STATE_PARSED);
		assert_null(value->original.ptr);
	}
	assert_null(value);
	assert_null(dgm_value_first(subject, DGM_FIELD_subject_hair_colour)->next);
	assert_null(dgm_value_first(subject, DGM_FIELD_subject_weight));
}

static void test_every_slot_is_its_own(void **state)
{
	(void)state;
	struct dgm_group *groups[DGM_GROUP_COUNT] = {[DGM_GROUP_root] = notice.root};
	for (unsigned g = 1; g < DGM_GROUP_COUNT; g++)
		groups[g] = dgm_group_add(&notice, groups[dgm_groups[g].parent], (enum dgm_group_id)g);
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++)
		dgm_value_set(&notice, groups[dgm_fields[f].group], (enum dgm_field_id)f, dgm_fields[f].path);
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		const struct dgm_value *value = dgm_value_first(groups[dgm_fields[f].group], (enum dgm_field_id)f);
		assert_true(value && !value->next && dgm_str_eq(value->text, dgm_fields[f].path));
	}
	for (unsigned g = 1; g < DGM_GROUP_COUNT; g++) {
		const struct dgm_group *group = dgm_group_first(groups[dgm_groups[g].parent], (enum dgm_group_id)g);
		assert_ptr_equal(group, groups[g]);
		assert_ptr_equal(group->parent, groups[dgm_groups[g].parent]);
		assert_int_equal(group->id, g);
		assert_null(group->next);
	}
}

static void test_groups_are_numbered(void **state)
{
	(void)state;
	struct dgm_group *one = dgm_group_last(&notice, notice.root, DGM_GROUP_subject);
	assert_ptr_equal(dgm_group_last(&notice, notice.root, DGM_GROUP_subject), one);
	struct dgm_group *two = dgm_group_add(&notice, notice.root, DGM_GROUP_subject);
	assert_ptr_equal(dgm_group_last(&notice, notice.root, DGM_GROUP_subject), two);
	assert_ptr_equal(dgm_group_first(notice.root, DGM_GROUP_subject), one);
	assert_ptr_equal(one->next, two);
	assert_int_equal(one->number, 1);
	assert_int_equal(two->number, 2);
	/* Numbers count among siblings. */
	assert_int_equal(dgm_group_add(&notice, one, DGM_GROUP_subject_name)->number, 1);
	assert_int_equal(dgm_group_add(&notice, two, DGM_GROUP_subject_name)->number, 1);
	assert_int_equal(dgm_group_add(&notice, two, DGM_GROUP_subject_name)->number, 2);
	assert_int_equal(dgm_group_add(&notice, two, DGM_GROUP_subject_birth)->number, 1);
}

static void test_text_of(void **state)
{
	(void)state;
	struct dgm_group *head = dgm_group_add(&notice, notice.root, DGM_GROUP_notice);
	assert_int_equal(dgm_text_of(head, DGM_FIELD_notice_title).len, 0);
	struct dgm_value *title = dgm_value_add(&notice, head, DGM_FIELD_notice_title);
	title->text = DGM_STR("as it was");
	title->state = DGM_STATE_UNPARSED;
	assert_int_equal(dgm_text_of(head, DGM_FIELD_notice_title).len, 0);
	title->state = DGM_STATE_NULL;
	assert_int_equal(dgm_text_of(head, DGM_FIELD_notice_title).len, 0);
	title->state = DGM_STATE_PARSED;
	assert_true(dgm_str_is(dgm_text_of(head, DGM_FIELD_notice_title), "as it was"));
	dgm_value_set(&notice, head, DGM_FIELD_notice_id, DGM_STR("2024/17"));
	assert_true(dgm_str_is(dgm_notice_id(&notice), "2024/17"));
}

static void test_paths(void **state)
{
	(void)state;
	struct dgm_group *head = dgm_group_add(&notice, notice.root, DGM_GROUP_notice);
	struct dgm_group *reference = dgm_group_add(&notice, head, DGM_GROUP_notice_reference);
	dgm_group_add(&notice, notice.root, DGM_GROUP_subject);
	struct dgm_group *subject = dgm_group_add(&notice, notice.root, DGM_GROUP_subject);
	struct dgm_group *death = dgm_group_add(&notice, subject, DGM_GROUP_subject_death);
	dgm_group_add(&notice, subject, DGM_GROUP_subject_name);
	struct dgm_group *name = dgm_group_add(&notice, subject, DGM_GROUP_subject_name);
	const struct {
		const struct dgm_group *group;
		enum dgm_field_id field;
		const char *path;
	} cases[] = {
		{head, DGM_FIELD_notice_id, "notice.id"},
		{reference, DGM_FIELD_notice_reference_value, "notice.reference[1].value"},
		{subject, DGM_FIELD_subject_eye_colour, "subject[2].eye_colour"},
		{death, DGM_FIELD_subject_death_date, "subject[2].death.date"},
		{name, DGM_FIELD_subject_name_family, "subject[2].name[2].family"},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		const struct dgm_str path = dgm_value_path(&arena, cases[i].group, cases[i].field);
		if (!dgm_str_is(path, cases[i].path))
			fail_msg("%.*s instead of %s", DGM_FMT(path), cases[i].path);
	}
}

static int release(void **state)
{
	(void)state;
	dgm_arena_done(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_empty, start),
		cmocka_unit_test_setup(test_groups_start_empty, start),
		cmocka_unit_test_setup(test_values_keep_their_order, start),
		cmocka_unit_test_setup(test_every_slot_is_its_own, start),
		cmocka_unit_test_setup(test_groups_are_numbered, start),
		cmocka_unit_test_setup(test_text_of, start),
		cmocka_unit_test_setup(test_paths, start),
	};
	return cmocka_run_group_tests(tests, NULL, release);
}
