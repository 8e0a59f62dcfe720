/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schema's tables are what a reader of schema.def expects of them, and so are the documents that derive from them.
 * `test_schema --write-page` brings the field list of man/dragoman-schema.7 up to date.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "notice/describe.h"

#define PAGE DGM_TEST_SOURCE_DIR "/man/dragoman-schema.7"
#define LIST_BEGINS ".\\\" The list that follows derives from the schema: test_schema --write-page.\n"
#define LIST_ENDS ".\\\" End of the list.\n"

enum { CSV_LEVELS = 3 }; /* the canonical CSV has so many separators */

static struct dgm_arena arena;

static bool is_name(struct dgm_str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!dgm_is_lower(name.ptr[i]) && (i == 0 || (!dgm_is_digit(name.ptr[i]) && name.ptr[i] != '_')))
			return false;
	return name.len > 0;
}

/* Every document writes them without looking for controls, and the page as lines of text. */
static bool is_doc(struct dgm_str doc)
{
	for (size_t i = 0; i < doc.len; i++)
		if (doc.ptr[i] < ' ' || doc.ptr[i] > '~' || doc.ptr[i] == '\\')
			return false;
	return doc.len > 0 && doc.ptr[0] != '.' && doc.ptr[0] != '\'';
}

static void test_paths(void **state)
{
	(void)state;
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		const struct dgm_field_def *field = &dgm_fields[f];
		const struct dgm_group_def *group = &dgm_groups[field->group];
		if (dgm_field_by_path(field->path) != (int)f)
			fail_msg("%.*s: stands twice", DGM_FMT(field->path));
		if (dgm_group_by_path(field->path) != -1)
			fail_msg("%.*s: a field and a group", DGM_FMT(field->path));
		assert_int_equal(dgm_field_in(field->group, field->name), f);
		assert_true(dgm_str_starts(field->path, group->path) && dgm_str_ends(field->path, field->name));
		assert_int_equal(field->path.len, group->path.len + 1 + field->name.len);
		assert_int_equal(field->path.ptr[group->path.len], '.');
		if (!is_name(field->name) || !is_doc(field->doc))
			fail_msg("%.*s: name or meaning", DGM_FMT(field->path));
	}
	for (unsigned g = 0; g < DGM_GROUP_COUNT; g++) {
		const struct dgm_group_def *group = &dgm_groups[g];
		assert_int_equal(dgm_group_by_path(group->path), g);
		if (g != DGM_GROUP_root)
			assert_int_equal(dgm_group_in(group->parent, group->name), g);
		if ((g != DGM_GROUP_root && !is_name(group->name)) || !is_doc(group->doc))
			fail_msg("group %.*s: name or meaning", DGM_FMT(group->path));
	}
}

static void test_lookups_of_what_is_not_there(void **state)
{
	static const char *const paths[] = {"", ".", "notice", "notice.", ".id", "notice.i", "notice.idx", "Notice.id",
		"subject.name", "subject.name.family.", "subject[1].name", "name.family"};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(paths); i++)
		assert_int_equal(dgm_field_by_path(dgm_str(paths[i])), -1);
	assert_int_equal(dgm_group_by_path(DGM_STR("subject.nam")), -1);
	assert_int_equal(dgm_group_by_path(DGM_STR("name")), -1);
	assert_int_equal(dgm_field_in(DGM_GROUP_subject, DGM_STR("family")), -1);
	assert_int_equal(dgm_field_in(DGM_GROUP_subject, DGM_STR("name")), -1);
	assert_int_equal(dgm_group_in(DGM_GROUP_root, DGM_STR("name")), -1);
	assert_int_equal(dgm_group_in(DGM_GROUP_root, DGM_STR("")), -1);
	assert_int_equal(dgm_field_by_path(DGM_STR("subject.name.family")), DGM_FIELD_subject_name_family);
	assert_int_equal(dgm_group_by_path(DGM_STR("subject.name")), DGM_GROUP_subject_name);
}

/* In the canonical JSON the fields of a group, their originals and its groups are members of one object. */
static void test_members_of_a_group_differ(void **state)
{
	(void)state;
	for (unsigned g = 0; g < DGM_GROUP_COUNT; g++) {
		const struct dgm_group_def *group = &dgm_groups[g];
		assert_true(group->field_count + group->child_count > 0);
		for (uint32_t i = 0; i < group->field_count; i++) {
			const struct dgm_field_def *field = &dgm_fields[group->first_field + i];
			const struct dgm_str original = dgm_arena_printf(&arena, "%.*s_original", DGM_FMT(field->name));
			if (dgm_group_in((enum dgm_group_id)g, field->name) != -1 ||
				dgm_field_in((enum dgm_group_id)g, original) != -1 ||
				dgm_group_in((enum dgm_group_id)g, original) != -1)
				fail_msg("%.*s: another member has its name", DGM_FMT(field->path));
		}
	}
}

static void test_slots(void **state)
{
	(void)state;
	for (unsigned g = 0; g < DGM_GROUP_COUNT; g++) {
		const struct dgm_group_def *group = &dgm_groups[g];
		for (uint32_t i = 0; i < group->field_count; i++) {
			assert_int_equal(dgm_fields[group->first_field + i].group, g);
			assert_int_equal(dgm_fields[group->first_field + i].slot, i);
		}
		for (uint32_t i = 0; i < group->child_count; i++) {
			assert_int_equal(dgm_groups[group->children[i]].parent, g);
			assert_int_equal(dgm_groups[group->children[i]].slot, group->field_count + i);
		}
	}
	uint32_t fields = 0, groups = 0;
	for (unsigned g = 0; g < DGM_GROUP_COUNT; g++) {
		fields += dgm_groups[g].field_count;
		groups += dgm_groups[g].child_count;
	}
	assert_int_equal(fields, DGM_FIELD_COUNT);
	assert_int_equal(groups, DGM_GROUP_COUNT - 1);
}

/* Going through the tree, fields before groups, meets the fields in the order of their numbers. */
static unsigned walk(enum dgm_group_id id, unsigned next_field)
{
	const struct dgm_group_def *group = &dgm_groups[id];
	for (uint32_t i = 0; i < group->field_count; i++)
		assert_int_equal(group->first_field + i, next_field++);
	for (uint32_t i = 0; i < group->child_count; i++)
		next_field = walk(group->children[i], next_field);
	return next_field;
}

static void test_order(void **state)
{
	(void)state;
	assert_int_equal(walk(DGM_GROUP_root, 0), DGM_FIELD_COUNT);
	assert_int_equal(DGM_GROUP_root, 0);
	for (unsigned g = 1; g < DGM_GROUP_COUNT; g++)
		assert_true(dgm_groups[g].parent < g);
}

static void test_depth(void **state)
{
	(void)state;
	assert_int_equal(dgm_groups[DGM_GROUP_root].depth, 0);
	assert_false(dgm_groups[DGM_GROUP_root].many);
	for (unsigned g = 1; g < DGM_GROUP_COUNT; g++) {
		uint32_t depth = 0;
		for (unsigned up = g; up != DGM_GROUP_root; up = dgm_groups[up].parent)
			depth += dgm_groups[up].many;
		assert_int_equal(dgm_groups[g].depth, depth);
	}
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++)
		if (dgm_groups[dgm_fields[f].group].depth + dgm_fields[f].many > CSV_LEVELS)
			fail_msg("%.*s: repeats on more levels than a cell can hold", DGM_FMT(dgm_fields[f].path));
	assert_int_equal(dgm_groups[DGM_GROUP_subject_name].depth, 2);
	assert_int_equal(dgm_groups[DGM_GROUP_notice].depth, 0);
}

/* Marks of dissemination, and nothing else as yet. */
static void test_protected(void **state)
{
	(void)state;
	for (unsigned g = 0; g < DGM_GROUP_COUNT; g++) {
		const struct dgm_group_def *group = &dgm_groups[g];
		assert_int_equal(group->protected, g == DGM_GROUP_notice_handling);
		/* What lies below is protected with it. */
		for (uint32_t c = 0; group->protected && c < group->child_count; c++)
			assert_true(dgm_groups[group->children[c]].protected);
	}
}

static void test_lists(void **state)
{
	bool used[DGM_LIST_COUNT] = {false};
	(void)state;
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		const struct dgm_field_def *field = &dgm_fields[f];
		used[field->list] = true;
		if ((field->type == DGM_TYPE_CODE) != (field->list != DGM_LIST_none))
			fail_msg("%.*s: a list without the type code, or the other way round", DGM_FMT(field->path));
		if (field->type == DGM_TYPE_LITERAL)
			assert_false(field->many);
	}
	assert_int_equal(dgm_lists[DGM_LIST_none].count, 0);
	assert_false(dgm_list_has(DGM_LIST_none, DGM_STR("other")));
	for (unsigned l = 0; l < DGM_LIST_COUNT; l++) {
		const struct dgm_list_def *list = &dgm_lists[l];
		if (l != DGM_LIST_none && (list->count == 0 || !used[l]))
			fail_msg("list %.*s: empty or of no use", DGM_FMT(list->name));
		/* schema.c keeps tables of 128 places: half of them empty keeps look-ups short. */
		assert_true(list->count <= 64);
		assert_false(dgm_list_has((enum dgm_list_id)l, DGM_NOSTR));
		for (uint32_t i = 0; i < list->count; i++) {
			const struct dgm_str code = list->codes[i];
			if (!is_name(code) && !(code.len == 1 && dgm_is_digit(code.ptr[0])))
				fail_msg("list %.*s: %.*s", DGM_FMT(list->name), DGM_FMT(code));
			for (uint32_t j = 0; j < i; j++)
				assert_false(dgm_str_eq(code, list->codes[j]));
			/* Every list against every word of every list. */
			for (unsigned other = 0; other < DGM_LIST_COUNT; other++) {
				bool there = false;
				for (uint32_t j = 0; j < dgm_lists[other].count; j++)
					there |= dgm_str_eq(dgm_lists[other].codes[j], code);
				if (dgm_list_has((enum dgm_list_id)other, code) != there)
					fail_msg("list %.*s: %.*s", DGM_FMT(dgm_lists[other].name), DGM_FMT(code));
			}
		}
	}
	for (int type = 0; type < DGM_TYPE_COUNT; type++)
		assert_true(dgm_type_names[type] && is_name(dgm_str(dgm_type_names[type])));
}

static void test_required(void **state)
{
	(void)state;
	assert_true(dgm_field_required(DGM_FIELD_notice_id) && dgm_field_required(DGM_FIELD_notice_type));
	assert_true(dgm_field_required(DGM_FIELD_notice_issuer) && dgm_field_required(DGM_FIELD_subject_kind));
	assert_false(dgm_field_required(DGM_FIELD_notice_title));
	assert_true(dgm_group_required(DGM_GROUP_notice) && dgm_group_required(DGM_GROUP_subject));
	assert_false(dgm_group_required(DGM_GROUP_charge));
	/* Whatever is required lies in a group that is. */
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++)
		if (dgm_field_required((enum dgm_field_id)f))
			assert_true(dgm_group_required(dgm_fields[f].group));
}

static size_t count_of(struct dgm_str text, const char *what)
{
	size_t count = 0;
	for (size_t at; (at = dgm_str_find(text, dgm_str(what))) < text.len; count++)
		text = dgm_str_skip(text, at + strlen(what));
	return count;
}

static bool has(struct dgm_str text, const char *what)
{
	return count_of(text, what) > 0;
}

static void test_field_list(void **state)
{
	(void)state;
	struct dgm_str text = dgm_describe_fields(&arena), line;
	assert_true(dgm_str_starts(text, DGM_STR("notice.id  ")));
	assert_true(has(text, "\nsubject[].name[].part[]  "));
	assert_true(has(text, "\nsubject[].eye_colour[] "));
	assert_true(has(text, " code subject_kind "));
	assert_true(has(text, "what it is (required): person|organisation|"));
	assert_int_equal(count_of(text, "(required)"), 4);
	assert_int_equal(count_of(text, " (protected)"), 3);
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		assert_true(dgm_str_next(&text, DGM_STR("\n"), &line));
		if (!has(line, dgm_type_names[dgm_fields[f].type]) ||
			dgm_str_find(line, dgm_fields[f].doc) == line.len || dgm_str_ends(line, DGM_STR(" ")))
			fail_msg("%.*s", DGM_FMT(line));
	}
	assert_true(dgm_str_next(&text, DGM_STR("\n"), &line) && line.len == 0);
	assert_false(dgm_str_next(&text, DGM_STR("\n"), &line));
}

static void test_field_list_json(void **state)
{
	(void)state;
	const struct dgm_str text = dgm_describe_fields_json(&arena);
	assert_int_equal(count_of(text, "{\"path\":\""), DGM_FIELD_COUNT);
	assert_true(has(text,
		"{\"path\":\"subject.name.part\",\"shape\":\"subject[].name[].part[]\",\"type\":\"text\","
		"\"many\":true,\"required\":false,\"protected\":false,\"doc\":\"parts by position, "));
	assert_int_equal(count_of(text, "\"protected\":true"), 3);
	assert_true(has(text, "\"list\":\"confidence\",\"codes\":[\"low\",\"medium\",\"high\"],\"doc\":"));
	assert_true(dgm_str_ends(text, DGM_STR("\"}\n]\n")));
}

/* Whether these are valid, and say what they should, is asked of validators in cli/test_schema_documents.sh. */
static void test_schemas_name_everything(void **state)
{
	(void)state;
	const struct dgm_str json = dgm_describe_json_schema(&arena), xsd = dgm_describe_xsd(&arena);
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		const struct dgm_str name = dgm_fields[f].name;
		char text[128];
		snprintf(text, sizeof text, "        \"%.*s\": {\"description\": ", DGM_FMT(name));
		assert_true(has(json, text));
		snprintf(text, sizeof text, "<xs:element name=\"%.*s\"", DGM_FMT(name));
		assert_true(has(xsd, text));
	}
	assert_int_equal(count_of(json, "        \"id\": {"), 2);
	/* The schema's own root and records. */
	assert_int_equal(count_of(xsd, "<xs:element "), DGM_FIELD_COUNT + DGM_GROUP_COUNT - 1 + 2);
	for (unsigned g = 1; g < DGM_GROUP_COUNT; g++) {
		char text[128];
		snprintf(text, sizeof text, "\"group.%.*s\"", DGM_FMT(dgm_groups[g].path));
		assert_int_equal(count_of(json, text), 1);
		assert_int_equal(count_of(xsd, text), 2);
	}
	assert_true(has(xsd, DGM_NOTICE_NAMESPACE) && has(json, DGM_NOTICE_NAMESPACE));
	char number[16];
	snprintf(number, sizeof number, ":%d", DGM_SCHEMA_VERSION);
	assert_true(dgm_str_ends(DGM_STR(DGM_NOTICE_NAMESPACE), dgm_str(number)));
}

static struct dgm_str read_page(void)
{
	FILE *file = fopen(PAGE, "rb");
	if (!file)
		return DGM_NOSTR;
	char *bytes = dgm_arena_alloc(&arena, 1 << 20);
	const size_t len = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	return dgm_str_of(bytes, len);
}

/* The page in three parts; false when the marks of the list are not there. */
static bool cut_page(struct dgm_str page, struct dgm_str *ret_before, struct dgm_str *ret_list,
	struct dgm_str *ret_after)
{
	const size_t begin = dgm_str_find(page, DGM_STR(LIST_BEGINS));
	const size_t end = dgm_str_find(page, DGM_STR(LIST_ENDS));
	if (begin == page.len || end == page.len || end < begin)
		return false;
	const size_t list = begin + sizeof LIST_BEGINS - 1;
	*ret_before = dgm_str_take(page, list);
	*ret_list = dgm_str_of(page.ptr + list, end - list);
	*ret_after = dgm_str_skip(page, end);
	return true;
}

static void test_manual_page(void **state)
{
	struct dgm_str before, list, after;
	(void)state;
	if (!cut_page(read_page(), &before, &list, &after))
		fail_msg("%s: no field list between its marks", PAGE);
	if (!dgm_str_eq(list, dgm_describe_mdoc(&arena)))
		fail_msg("%s: the field list is out of date: test_schema --write-page", PAGE);
	/* What the page says by hand names every type. */
	for (int type = 0; type < DGM_TYPE_COUNT; type++) {
		char item[64];
		snprintf(item, sizeof item, ".It Sy %s\n", dgm_type_names[type]);
		if (!has(before, item))
			fail_msg("%s: nothing of the type %s", PAGE, dgm_type_names[type]);
	}
	assert_true(has(before, DGM_NOTICE_NAMESPACE));
}

static int write_page(void)
{
	struct dgm_str before, list, after;
	if (!cut_page(read_page(), &before, &list, &after))
		return EXIT_FAILURE;
	list = dgm_describe_mdoc(&arena);
	FILE *file = fopen(PAGE, "wb");
	if (!file)
		return EXIT_FAILURE;
	bool good = fwrite(before.ptr, 1, before.len, file) == before.len;
	good &= fwrite(list.ptr, 1, list.len, file) == list.len;
	good &= fwrite(after.ptr, 1, after.len, file) == after.len;
	good &= fclose(file) == 0;
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int release(void **state)
{
	(void)state;
	dgm_arena_done(&arena);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_lookups_of_what_is_not_there),
		cmocka_unit_test(test_members_of_a_group_differ),
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_protected),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_required),
		cmocka_unit_test(test_field_list),
		cmocka_unit_test(test_field_list_json),
		cmocka_unit_test(test_schemas_name_everything),
		cmocka_unit_test(test_manual_page),
	};
	if (argc == 2 && strcmp(argv[1], "--write-page") == 0) {
		const int result = write_page();
		dgm_arena_done(&arena);
		return result;
	}
	return cmocka_run_group_tests(tests, NULL, release);
}
