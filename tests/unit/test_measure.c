/* SPDX-License-Identifier: Apache-2.0 */
/* Lengths and masses with words around them: what is read, what comes back, and what another format's values become. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "lab.h"

#define HEAD                                                                                                           \
	"format: m\ntitle: t\nstatus: reference\nengine: csv\ntable: yes\nrecords:\n  - at: \"\"\n"                    \
	"    set: {notice.type: wanted, notice.issuer: X, subject.kind: person}\n    map:\n      id: notice.id\n"

static const char height[] =
	HEAD "      h:\n        to: subject.height\n        unit: m\n        number:\n"
	     "          decimal: \",\"\n          range: [\"-\", \" to \"]\n          about: [approx., ca]\n"
	     "          units: {m: [m, metres], cm: cm}\n";

static const char plain[] = HEAD "      h: {to: subject.height, unit: cm}\n";

static struct dgm_str value_of(const char *definition, const char *cell, struct dgm_arena *arena,
	struct dgm_str *ret_back)
{
	struct dgm_format *format = lab_definition(definition);
	struct lab_batch batch;
	struct lab_written written;
	char source[128];
	lab_batch_init(&batch);
	snprintf(source, sizeof source, "id,h\n1,\"%s\"\n", cell);
	lab_read(&batch, format, dgm_str(source), 0);
	assert_int_equal(batch.count, 1);
	struct dgm_str dump = dgm_arena_dup(arena, lab_dump(arena, &batch.notices[0]));
	dump = dgm_str_skip(dump, dgm_str_find(dump, DGM_STR("subject[1].height")));
	lab_write(&written, format, &batch);
	*ret_back = dgm_arena_dup(arena, dgm_str_skip(written.bytes, strlen("id,h\n1,")));
	lab_written_done(&written);
	lab_batch_done(&batch);
	dgm_format_free(format);
	return dgm_str_take(dump, dgm_str_find(dump, DGM_STR("\n")));
}

static void cells(void **state)
{
	static const struct {
		const char *cell, *value;
	} rows[] = {
		{"1,80", "subject[1].height=180 {1,80}"},
		{"1,80 m", "subject[1].height=180 {1,80 m}"},
		{"1.80m", "subject[1].height=? {1.80m}"},
		{"180 CM", "subject[1].height=180 {180 CM}"},
		{"approx. 180cm", "subject[1].height=180 {approx. 180cm}"},
		{"Approx.1,8 metres", "subject[1].height=180 {Approx.1,8 metres}"},
		{"175-180 cm", "subject[1].height=175/180 {175-180 cm}"},
		{"ca 1,75 m - 1,80 m", "subject[1].height=175/180 {ca 1,75 m - 1,80 m}"},
		{"1,75 m to 180 cm", "subject[1].height=175/180 {1,75 m to 180 cm}"},
		{"1,75 to ca 1,80", "subject[1].height=175/180 {1,75 to ca 1,80}"},
		{"1,80-1,75", "subject[1].height=? {1,80-1,75}"},
		{"1,75-", "subject[1].height=? {1,75-}"},
		{"-1,75", "subject[1].height=? {-1,75}"},
		{"approx.", "subject[1].height=? {approx.}"},
		{"m", "subject[1].height=? {m}"},
		{"tall", "subject[1].height=? {tall}"},
		{"1,75 ells", "subject[1].height=? {1,75 ells}"},
	};
	struct dgm_arena arena = {0};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		struct dgm_str back;
		lab_same(rows[i].cell, value_of(height, rows[i].cell, &arena, &back), dgm_str(rows[i].value));
		/* What it says of itself is said again. */
		const char *quote = strchr(rows[i].cell, ',') ? "\"" : "";
		char want[64];
		snprintf(want, sizeof want, "%s%s%s\n", quote, rows[i].cell, quote);
		lab_same(rows[i].cell, back, dgm_str(want));
	}
	dgm_arena_done(&arena);
}

static void from_elsewhere(void **state)
{
	static const struct {
		const char *definition, *value, *cell, *losses;
	} rows[] = {
		{height, "180", "\"1,8 m\"\n", ""},
		{height, "175/180.5", "\"1,75-1,805 m\"\n", ""},
		{plain, "180", "180\n", ""},
		{plain, "175/180", "\n", "dropped subject[1].height\n"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		struct dgm_format *format = lab_definition(rows[i].definition), *source = lab_shipped("notice-jsonl");
		struct lab_batch batch;
		struct lab_written written;
		char notice[256];
		lab_batch_init(&batch);
		snprintf(notice, sizeof notice,
			"{\"notice\":{\"id\":\"1\",\"type\":\"wanted\",\"issuer\":\"X\"},"
			"\"subject\":[{\"kind\":\"person\",\"height\":\"%s\"}]}\n",
			rows[i].value);
		lab_read(&batch, source, dgm_str(notice), 0);
		lab_write(&written, format, &batch);
		lab_same("cell", dgm_str_skip(written.bytes, strlen("id,h\n1,")), dgm_str(rows[i].cell));
		lab_same("losses", written.losses_of[0], dgm_str(rows[i].losses));
		lab_written_done(&written);
		lab_batch_done(&batch);
		dgm_format_free(format);
		dgm_format_free(source);
	}
}

static void mistakes(void **state)
{
	static const char *const wrong[][2] = {
		{"      h: {to: subject.title, number: {range: \"-\"}}\n", "definition-shape: range, about and units"},
		{"      h: {to: subject.height, number: {units: m}}\n", "definition-shape: range, about and units"},
		{"      h: {to: subject.height, number: {units: {ell: ells}}}\n", "definition-unit: \"ell\""},
		{"      h: {to: subject.height, number: {ranges: \"-\"}}\n", "definition-unknown-key"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(wrong); i++) {
		struct lab_heard heard;
		char text[1024];
		lab_heard_init(&heard);
		snprintf(text, sizeof text, HEAD "%s", wrong[i][0]);
		assert_null(dgm_format_parse(dgm_str(text), "m.yaml", NULL, &heard.sink));
		if (!strstr(heard.text, wrong[i][1]))
			fail_msg("%s: %s", wrong[i][0], heard.text);
		lab_heard_done(&heard);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells),
		cmocka_unit_test(from_elsewhere),
		cmocka_unit_test(mistakes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
