/* SPDX-License-Identifier: Apache-2.0 */
/* Scripts of texts, and instances of no stated script that a key of one script takes or leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/script.h"
#include "defs.h"
#include "lab.h"

static void holds(void **state)
{
	static const struct {
		const char *text, *script;
		bool holds;
	} cases[] = {
		{"مثال الخيالي", "Arab", true},
		{"مثال 12", "Arab", true},
		{"አበበ", "Arab", false},
		{"አበበ", "Ethi", true},
		{"مثال X", "Arab", false},
		{"Muster", "Latn", true},
		{"Муster", "Latn", false},
		{"示例", "Hans", true},
		{"示例", "Hani", true},
		{"サンプル示例", "Jpan", true},
		{"サンプル", "Hani", false},
		{"12-3", "Arab", true},
		{"", "Arab", true},
		{"مثال", "Aran", true},
		{"x", "", false},
		{"x", "Nope", false},
		{"x", "Latin", false},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++)
		if (dgm_script_holds(dgm_str(cases[i].text), dgm_str(cases[i].script)) != cases[i].holds)
			fail_msg("%s, %s", cases[i].text, cases[i].script);
}

static void taken(void **state)
{
	static const struct {
		const char *script, *name, *written, *losses;
	} cases[] = {
		{"Arab", "مثال", "{\"ar\":\"مثال\"}\n", ""},
		{NULL, "مثال", "{\"ar\":\"مثال\"}\n", ""},
		{NULL, "አበበ", "{\"no\":\"1\"}\n", "dropped subject[1].name[1].kind\ndropped subject[1].name[1].full\n"},
		{"Ethi", "አበበ", "{\"no\":\"1\"}\n",
			"dropped subject[1].name[1].kind\ndropped subject[1].name[1].full\ndropped subject[1].name[1].script\n"},
	};
	struct dgm_format *format = lab_definition(
		DEFS_MAP_JSON "      ar: {to: \"subject.name(original_script).full\", set: {script: [Arab, \"\"]}}\n"
			      "      no: {to: notice.id, unless: ar}\n");
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct lab_batch batch;
		struct lab_written out;
		lab_batch_init(&batch);
		struct dgm_notice *notice = lab_batch_add(&batch);
		if (!dgm_str_starts(dgm_str(cases[i].written), DGM_STR("{\"ar")))
			dgm_value_set(notice, dgm_group_last(notice, notice->root, DGM_GROUP_notice),
				DGM_FIELD_notice_id, DGM_STR("1"));
		struct dgm_group *name = dgm_group_add(notice, dgm_group_last(notice, notice->root, DGM_GROUP_subject),
			DGM_GROUP_subject_name);
		dgm_value_set(notice, name, DGM_FIELD_subject_name_kind, DGM_STR("original_script"));
		dgm_value_set(notice, name, DGM_FIELD_subject_name_full, dgm_str(cases[i].name));
		if (cases[i].script)
			dgm_value_set(notice, name, DGM_FIELD_subject_name_script, dgm_str(cases[i].script));
		lab_write(&out, format, &batch);
		lab_same("written", out.bytes, dgm_str(cases[i].written));
		lab_same("lost", out.losses_of[0], dgm_str(cases[i].losses));
		lab_written_done(&out);
		lab_batch_done(&batch);
	}
	dgm_format_free(format);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(holds), cmocka_unit_test(taken)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
