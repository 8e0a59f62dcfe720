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

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(shapes)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
