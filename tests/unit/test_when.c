/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions of shapes: words, presence, absence, other names of a key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "defs.h"
#include "format/definition.h"
#include "lab.h"

static const char definition[] = DEFS_CSV
	"records:\n"
	"  - at: \"\"\n    when: {kind: \"*car*\"}\n    set: {notice.type: stolen_vehicle}\n"
	"    map:\n      no: notice.id\n      kind: {ignore: the kind, aliases: [sort]}\n      plate: notice.title\n"
	"  - at: \"\"\n    when: [{kind: \"\", plate: \"*\"}]\n    set: {notice.type: stolen_object}\n"
	"    map:\n      no: notice.id\n      kind: {ignore: the kind, aliases: [sort]}\n"
	"      plate: {to: notice.title, aliases: [tag]}\n";

static void shapes(void **state)
{
	static const struct {
		const char *source, *type; /* NULL: refused */
	} cases[] = {
		{"no,kind,plate\n1,a car,\n", "stolen_vehicle"},
		{"no,sort,plate\n1,a car,\n", "stolen_vehicle"},
		{"no,kind,plate\n1,,X\n", "stolen_object"},
		{"no,kind,plate\n1, ,X\n", "stolen_object"},
		{"no,plate\n1,X\n", "stolen_object"},
		{"no,tag\n1,X\n", "stolen_object"},
		{"no,plate\n1,\n", NULL},
		{"no,kind,plate\n1,a ship,X\n", NULL},
		{"no,sort,plate\n1,a ship,X\n", NULL},
	};
	(void)state;
	struct dgm_format *format = lab_definition(definition);
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct lab_batch batch;
		lab_batch_init(&batch);
		lab_read(&batch, format, dgm_str(cases[i].source), 0);
		if (batch.refused != (cases[i].type ? 0 : 1))
			fail_msg("%s: %zu refused", cases[i].source, batch.refused);
		if (cases[i].type)
			lab_same(cases[i].source,
				dgm_text_of(dgm_group_first(batch.notices[0].root, DGM_GROUP_notice),
					DGM_FIELD_notice_type),
				dgm_str(cases[i].type));
		lab_batch_done(&batch);
	}
	dgm_format_free(format);
}

/* A short kind of record and a long one, each told by a key that a notice may have nothing for. */
static const char lists[] = DEFS_JSON
	"records:\n"
	"  - at: \"\"\n    when: {text: \"*\"}\n    set: {notice.type: wanted}\n"
	"    map:\n      no: {to: notice.id, always: null}\n      text: {to: notice.title, always: null}\n"
	"      sex: subject.sex\n      desk: {to: notice.authority.name, required: yes}\n"
	"  - at: \"\"\n    when: {link: \"*/wanted/*\"}\n    set: {notice.type: wanted}\n"
	"    map:\n      no: notice.id\n      link: notice.url\n      desk: {to: notice.authority.name, required: yes}\n"
	"  - at: \"\"\n    when: {mark: lost}\n    only: {notice.type: missing}\n"
	"    map: {no: notice.id, mark: notice.title}\n"
	"  - at: \"\"\n    when: {why: \"*\"}\n    only: {notice.type: missing}\n"
	"    map:\n      no: notice.id\n      why: {to: notice.summary, or: [notice.title]}\n";

/* The shape written is one that reading takes the record for, be it not the smallest. */
static void written(void **state)
{
	static const struct {
		const char *type;
		enum dgm_field_id field;
		const char *text, *record, *losses, *heard;
	} cases[] = {
		{"wanted", DGM_FIELD_notice_url, "http://x/wanted/1", "{\"no\":\"1\",\"link\":\"http://x/wanted/1\"}\n",
			"", "warning 0:0 target-required: desk: \n"},
		{"wanted", DGM_FIELD_notice_url, "http://x/1", "{\"no\":\"1\",\"text\":null}\n", "dropped notice.url\n",
			"warning 0:0 target-required: desk: \n"},
		{"wanted", DGM_FIELD_notice_title, "X", "{\"no\":\"1\",\"text\":\"X\"}\n", "",
			"warning 0:0 target-required: desk: \n"},
		{"missing", DGM_FIELD_notice_title, "lost", "{\"no\":\"1\",\"mark\":\"lost\"}\n", "", ""},
		{"missing", DGM_FIELD_notice_title, "gone", "{\"no\":\"1\",\"why\":\"gone\"}\n",
			"recoded notice.title\n", ""},
		{"missing", DGM_FIELD_notice_url, "http://x/1", "{\"no\":\"1\"}\n", "dropped notice.url\n",
			"warning 0:0 target-unread: \n"},
	};
	(void)state;
	struct dgm_format *format = lab_definition(lists);
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct lab_batch batch;
		struct lab_written out;
		lab_batch_init(&batch);
		struct dgm_notice *notice = lab_batch_add(&batch);
		struct dgm_group *group = dgm_group_last(notice, notice->root, DGM_GROUP_notice);
		dgm_value_set(notice, group, DGM_FIELD_notice_id, DGM_STR("1"));
		dgm_value_set(notice, group, DGM_FIELD_notice_type, dgm_str(cases[i].type));
		dgm_value_set(notice, group, cases[i].field, dgm_str(cases[i].text));
		lab_write(&out, format, &batch);
		lab_same("record", out.bytes, dgm_str(cases[i].record));
		lab_same("losses", out.losses_of[0], dgm_str(cases[i].losses));
		lab_same("heard", dgm_str_of(out.heard.text, out.heard.len), dgm_str(cases[i].heard));
		lab_written_done(&out);
		lab_batch_done(&batch);
	}
	dgm_format_free(format);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(shapes), cmocka_unit_test(written)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
