/* SPDX-License-Identifier: Apache-2.0 */
/* Paths of kept values to the tree in which a writer finds them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "defs.h"
#include "format/overlay.h"
#include "lab.h"

static struct dgm_arena arena;

static void keep(struct dgm_notice *notice, const char *format, const char *path, const char *value)
{
	struct dgm_group *group = dgm_group_add(notice, notice->root, DGM_GROUP_unmapped);
	dgm_value_set(notice, group, DGM_FIELD_unmapped_format, dgm_str(format));
	dgm_value_set(notice, group, DGM_FIELD_unmapped_path, dgm_str(path));
	if (value)
		dgm_value_set(notice, group, DGM_FIELD_unmapped_value, dgm_str(value));
}

/* "a=1 b(c=2) d[2](e=3) f[+1](g=4) h[]=5" */
static struct dgm_str told(const struct dgm_overlay *overlay)
{
	struct dgm_str text = {"", 0};
	for (const struct dgm_overlay *child = overlay->first; child; child = child->next) {
		text = dgm_arena_printf(&arena, "%.*s%s%.*s", DGM_FMT(text), text.len ? " " : "", DGM_FMT(child->name));
		if (child->number)
			text = dgm_arena_printf(&arena, "%.*s[%s%u]", DGM_FMT(text), child->beyond ? "+" : "",
				child->number);
		else if (child->item)
			text = dgm_arena_printf(&arena, "%.*s[]", DGM_FMT(text));
		text = child->is_value
			? dgm_arena_printf(&arena, "%.*s=%.*s", DGM_FMT(text), DGM_FMT(child->value->text))
			: dgm_arena_printf(&arena, "%.*s(%.*s)", DGM_FMT(text), DGM_FMT(told(child)));
	}
	return text;
}

static void test_tree(void **state)
{
	struct dgm_notice notice;
	(void)state;
	dgm_notice_init(&notice, &arena);
	assert_null(dgm_overlay_build(&notice, DGM_STR("f"), false));
	keep(&notice, "f", "a", "1");
	keep(&notice, "f", "b/c", "2");
	keep(&notice, "g", "b/c", "other format");
	keep(&notice, "f", "d[2]/e", "3");
	keep(&notice, "f", "d[+2]/e", "4");
	keep(&notice, "f", "h[]", "5");
	keep(&notice, "f", "h[]", "6");
	keep(&notice, "f", "b/d", "7");
	keep(&notice, "f", "d[2]/e", "8");
	keep(&notice, "f", "/x/@y", "9");
	keep(&notice, "f", "~1~0~2/~x~", "10");
	keep(&notice, "f", "", "no path");
	keep(&notice, "f", "z", NULL);
	keep(&notice, "f", "q[2", "11");
	const struct dgm_overlay *inside = dgm_overlay_build(&notice, DGM_STR("f"), false);
	assert_non_null(inside);
	const struct dgm_str text = told(inside);
	if (!dgm_str_is(text, "a=1 b(c=2 d=7) d[2](e=3 e=8) d[+2](e=4) h[]=5 h[]=6 /~[(~x~=10) q=11"))
		fail_msg("%.*s", DGM_FMT(text));
	const struct dgm_overlay *outside = dgm_overlay_build(&notice, DGM_STR("f"), true);
	assert_non_null(outside);
	assert_true(dgm_str_is(told(outside), "x(@y=9)"));
	assert_null(dgm_overlay_build(&notice, DGM_STR("g"), true));
}

static void test_escape(void **state)
{
	const struct dgm_str plain = DGM_STR("name]");
	(void)state;
	assert_ptr_equal(dgm_overlay_escape(&arena, plain).ptr, plain.ptr);
	assert_true(dgm_str_is(dgm_overlay_escape(&arena, DGM_STR("a/b~c[1]")), "a~1b~0c~21]"));
	assert_int_equal(dgm_overlay_escape(&arena, DGM_NOSTR).len, 0);
}

/* What a table calls a column is not what its value is kept as; of a column that nobody knows there is no other name. */
static void test_columns(void **state)
{
	struct dgm_format *format = lab_definition(DEFS_MAP_CSV
		"      no: notice.id\n      desk: {keep: a number, aliases: [Bureau]}\n      sex: subject.sex\n");
	(void)state;
	struct lab_batch batch;
	struct lab_written out;
	lab_batch_init(&batch);
	lab_read(&batch, format, DGM_STR("no,desk,size\n1,5,44\n"), 0);
	lab_read(&batch, format, DGM_STR("BUREAU,size,no\n5,44,1\n"), 0);
	lab_read(&batch, format, DGM_STR("Bureau,size,no\n5,44,1\n"), 0);
	assert_int_equal(batch.count, 3);
	for (size_t i = 1; i < batch.count; i++) {
		const struct dgm_overlay *kept = dgm_overlay_build(&batch.notices[i], DGM_STR("x"), false);
		const struct dgm_str text = told(kept);
		assert_true(dgm_str_is(text, "desk=5 size=44") || dgm_str_is(text, "size=44 desk=5"));
	}
	lab_write(&out, format, &batch);
	lab_same("written", out.bytes, DGM_STR("no,desk,sex\n1,5,\n1,5,\n1,5,\n"));
	lab_same("lost", out.losses_of[0], DGM_STR("dropped unmapped[2].value\n"));
	lab_written_done(&out);
	lab_batch_done(&batch);
	dgm_format_free(format);
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
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_columns),
	};
	return cmocka_run_group_tests_name("overlay", tests, NULL, finish);
}
