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

/* The shipped words: what is read of people's own ways of writing, and nothing that could mean two things. */
static const char free_height[] =
	HEAD "      h:\n        to: subject.height\n        unit: cm\n        number:\n"
	     "          range: [\"-\", \"–\", \"/\", \" to \", \" and \", \" à \", \" до \"]\n"
	     "          about: [about, between, environ, от, \"~\", حوالي]\n          words: unit\n";

static const char free_height_m[] = HEAD
	"      h: {to: subject.height, unit: m, number: {decimal: \",\", group: \".\", range: \"-\", words: unit}}\n";

static const char free_weight[] =
	HEAD "      h: {to: subject.weight, unit: kg, number: {range: [\"-\", \" to \"], about: about, words: unit}}\n";

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
	dump = dgm_str_skip(dump,
		dgm_str_find(dump, DGM_STR("subject[1].kind=person\n")) + strlen("subject[1].kind=person\n"));
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
		{"1.80m", "subject[1].height=180 {1.80m}"},
		{"1.800 m", "subject[1].height=? {1.800 m}"},
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

static void free_forms(void **state)
{
	static const struct {
		const char *definition, *cell, *value;
	} rows[] = {
		{free_height, "180", "180"},
		{free_height, "180cm", "180"},
		{free_height, "180 cm.", "180"},
		{free_height, "1.80m", "180"},
		{free_height, "1,80 m", "180"},
		{free_height, "1,8 m", "180"},
		{free_height, "1.805 m", "180.5"},
		{free_height, "1,805 m", NULL}, /* a metre and a bit, or very tall */
		{free_height, "1 m 80", "180"},
		{free_height, "1m80", "180"},
		{free_height, "1 m 80 cm", "180"},
		{free_height, "1m8", NULL},
		{free_height, "1.5 m 80 cm", NULL},
		{free_height, "1 m 180 cm", NULL},
		{free_height, "1.80", "1.80"}, /* as the key's unit says; implausible, which is for validate to say */
		{free_height, "1800 mm", "180"},
		{free_height, "5'11''", "180"},
		{free_height, "5'11", "180"},
		{free_height, "5’11”", "180"},
		{free_height, "5′11″", "180"},
		{free_height, "5′ 11 ½″", "182"},
		{free_height, "5'11½", "182"},
		{free_height, "5'11 1/2''", "182"},
		{free_height, "5 ft 11 in", "180"},
		{free_height, "5 ft. 11 in.", "180"},
		{free_height, "5 feet, 11 inches", "180"},
		{free_height, "5ft11", "180"},
		{free_height, "5'-11''", "180"},
		{free_height, "5'0''", "152"},
		{free_height, "6 ft", "183"},
		{free_height, "5.5 ft", "168"},
		{free_height, "71 in", "180"},
		{free_height, "70.5 inches", "179"},
		{free_height, "5'12''", NULL},
		{free_height, "5.5'6''", NULL},
		{free_height, "5 11", NULL},
		{free_height, "5'11 cm", NULL},
		{free_height, "180½", NULL},
		{free_height, "5'-6'", "152/183"},
		{free_height, "5'10''-6'0''", "178/183"},
		{free_height, "5'10'' to 6'", "178/183"},
		{free_height, "160-165", "160/165"},
		{free_height, "160–165 cm", "160/165"},
		{free_height, "170/175", "170/175"},
		{free_height, "1.70 to 1.75 m", "170/175"},
		{free_height, "between 170 and 175 cm", "170/175"},
		{free_height, "environ 1m70 à 1m75", "170/175"},
		{free_height, "от 170 до 175 см", "170/175"},
		{free_height, "about 1.75 m", "175"},
		{free_height, "ABOUT 1.75 M", "175"},
		{free_height, "1.75 m about", "175"},
		{free_height, "~ 175", "175"},
		{free_height, "حوالي ١٧٥ سم", "175"},
		{free_height, "١٫٧٥ متر", "175"},
		{free_height, "۱۷۵ سانتی‌متر",
			NULL}, /* with a joiner inside the word, which the list has not */
		{free_height, "١٧٥سم", "175"},
		{free_height, "175 СМ", "175"},
		{free_height, "175 厘米", "175"},
		{free_height, "1米75", "175"},
		{free_height, "۱۷۵ سانتیمتر", "175"},
		{free_height, "175 ซม.", "175"},
		{free_height, "17٥ cm", NULL},
		{free_height, "175 kg", NULL},
		{free_height, "175 cmm", NULL},
		{free_height, "-175", NULL},
		{free_height, "cm", NULL},
		{free_height, "175 cm (5'9'')", NULL}, /* said twice: not taken apart */
		{free_height, "99999 ft", NULL},
		{free_height_m, "1,80", "180"},
		{free_height_m, "1.80", "180"},
		{free_height_m, "1.800", "180000"}, /* thousands by the definition; implausible */
		{free_height_m, "180", "18000"},
		{free_height_m, "180 cm", "180"},
		{free_height_m, "١٫٨٠", "180"},
		{free_height_m, "1,75-1,80", "175/180"},
		{free_weight, "80", "80"},
		{free_weight, "80 kg", "80"},
		{free_weight, "80,5 kg", "80.5"},
		{free_weight, "180 lbs", "82"},
		{free_weight, "180 lb.", "82"},
		{free_weight, "12 st 7 lb", "79"},
		{free_weight, "12 stone 7", "79"},
		{free_weight, "12 stone", "76"},
		{free_weight, "12 st 14 lb", NULL},
		{free_weight, "70 to 80 kilos", "70/80"},
		{free_weight, "150-160 pounds", "68/73"},
		{free_weight, "٨٠ كجم", "80"},
		{free_weight, "80 КГ", "80"},
		{free_weight, "80000 g", "80"},
		{free_weight, "1.200 kg", "1.200"},
		{free_weight, "1,200 kg", NULL},
	};
	struct dgm_arena arena = {0};
	bool differs = false;
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		struct dgm_str back;
		const char *name = rows[i].definition == free_weight ? "weight" : "height";
		struct dgm_str have = value_of(rows[i].definition, rows[i].cell, &arena, &back);
		const struct dgm_str want =
			rows[i].value && strcmp(rows[i].value, rows[i].cell) == 0 && !strchr(rows[i].cell, '/')
			? dgm_arena_printf(&arena, "subject[1].%s=%s", name, rows[i].value)
			: dgm_arena_printf(&arena, "subject[1].%s=%s {%s}", name, rows[i].value ? rows[i].value : "?",
				  rows[i].cell);
		differs |= lab_differs(rows[i].cell, have, want);
		const char *quote = strchr(rows[i].cell, ',') ? "\"" : "";
		differs |= lab_differs("back", back, dgm_arena_printf(&arena, "%s%s%s\n", quote, rows[i].cell, quote));
	}
	dgm_arena_done(&arena);
	assert_false(differs);
}

static void from_elsewhere(void **state)
{
	static const struct {
		const char *definition, *value, *cell, *losses;
	} rows[] = {
		{height, "180", "\"1,8 m\"\n", ""},
		{height, "175/180.5", "\"1,75-1,805 m\"\n", ""},
		{free_height, "175/180", "175-180\n", ""},
		{free_height_m, "180.5", "\"1,805\"\n", ""},
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
		{"      h: {to: subject.title, number: {range: \"-\"}}\n",
			"definition-shape: range, about, units and words"},
		{"      h: {to: subject.height, number: {units: m}}\n",
			"definition-shape: range, about, units and words"},
		{"      h: {to: subject.height, number: {units: {ell: ells}}}\n", "definition-unit: \"ell\""},
		{"      h: {to: subject.height, number: {words: nowhere}}\n", "definition-codes: "},
		{"      h: {to: subject.height, unit: ft}\n", "definition-unit: ft is no unit to write in"},
		{"      h: {to: subject.height, unit: kg}\n", "definition-unit: \"kg\""},
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
		cmocka_unit_test(free_forms),
		cmocka_unit_test(from_elsewhere),
		cmocka_unit_test(mistakes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
