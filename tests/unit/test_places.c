/* SPDX-License-Identifier: Apache-2.0 */
/* Countries and nationalities: what the shipped lists make of spellings, and what is said about how sure it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "format/codes.h"
#include "lab.h"

static struct dgm_codes *load(struct dgm_arena *arena, struct dgm_str name)
{
	struct lab_heard heard;
	lab_heard_init(&heard);
	const struct dgm_str path = dgm_arena_printf(arena, "%s/%.*s.yaml", lab_code_folders()[0], DGM_FMT(name));
	struct dgm_codes *codes = dgm_codes_load(arena, path.ptr, &heard.sink);
	assert_non_null(codes);
	lab_heard_done(&heard);
	return codes;
}

/* tests/data/places.tsv: list, spelling, code; rows of one list stand together. */
static void spellings(void **state)
{
	struct dgm_arena arena = {0};
	struct dgm_codes *codes = NULL;
	char *line = NULL;
	size_t capacity = 0, rows = 0, wrong = 0;
	ssize_t len;
	FILE *file = fopen(DGM_TEST_SOURCE_DIR "/tests/data/places.tsv", "r");
	(void)state;
	assert_non_null(file);
	while ((len = getline(&line, &capacity, file)) > 0) {
		struct dgm_str rest = dgm_str_trim(dgm_str_of(line, (size_t)len));
		struct dgm_str list, have, spelling = DGM_NOSTR, want = DGM_NOSTR;
		if (rest.len == 0 || rest.ptr[0] == '#')
			continue;
		assert_true(dgm_str_next(&rest, DGM_STR("\t"), &list) &&
			dgm_str_next(&rest, DGM_STR("\t"), &spelling) && dgm_str_next(&rest, DGM_STR("\t"), &want));
		if (!codes || !dgm_str_eq(codes->name, list))
			codes = load(&arena, list);
		if (!dgm_codes_read(codes, &arena, spelling, &have))
			have = DGM_STR("-");
		rows++;
		if (dgm_str_eq(have, want))
			continue;
		wrong++;
		print_error("%.*s: %.*s is %.*s, not %.*s\n", DGM_FMT(list), DGM_FMT(spelling), DGM_FMT(have),
			DGM_FMT(want));
	}
	free(line);
	fclose(file);
	dgm_arena_done(&arena);
	assert_true(rows > 300);
	assert_int_equal(wrong, 0);
}

static const char table[] = "format: t\ntitle: t\nstatus: modelled\nengine: csv\ntable: yes\nnulls: [n/a, na]\n"
			    "records:\n  - at: \"\"\n    map:\n      N:\n        group: subject.nationality\n"
			    "        split: [\"; \"]\n"
			    "        pattern: [\"{country} ({status} until {to})\", \"{country} (until {to})\","
			    " \"{status} {country}\", \"{country}\"]\n        otherwise: country\n        map:\n"
			    "          status: {to: status, codes: nationality-status-en}\n"
			    "          country: {to: country, codes: [country-en, demonym-en]}\n"
			    "          to: {to: to, date: [yyyy, d MMMM yyyy]}\n";

static const char unknown[] = "subject.nationality.country: ";

static void qualified(void **state)
{
	static const struct {
		const char *cell, *notice, *unknown;
	} rows[] = {
		{"Possibly Ethiopian",
			"nationality[1].country=ET {Ethiopian}\nnationality[1].status=possible {Possibly}\n", NULL},
		{"USSR (until 1991)", "nationality[1].country=SUHH {USSR}\nnationality[1].to=1991\n", NULL},
		{"Iraqi (former until 3 May 2004)",
			"nationality[1].country=IQ {Iraqi}\nnationality[1].status=former {former}\n"
			"nationality[1].to=2004-05-03 {3 May 2004}\n",
			NULL},
		{"former Soviet Union", "nationality[1].country=SUHH {former Soviet Union}\n", NULL},
		{"formerly Iraqi; Syrian",
			"nationality[1].country=IQ {Iraqi}\nnationality[1].status=former {formerly}\n"
			"nationality[2].country=SY {Syrian}\n",
			NULL},
		{"stateless", "nationality[1].country=x-stateless {stateless}\n", NULL},
		{"NA", "nationality[1].country=null {NA}\n", NULL},
		{"no", "nationality[1].country=? {no}\n", "no"},
		{"me", "nationality[1].country=? {me}\n", "me"},
		{"Sudan/or South Sudan", "nationality[1].country=? {Sudan/or South Sudan}\n", "Sudan/or South Sudan"},
		{"USSR (until lately)", "nationality[1].country=? {USSR (until lately)}\n", "USSR (until lately)"},
		{"Syrian; dual Ruritanian",
			"nationality[1].country=SY {Syrian}\nnationality[2].country=? {dual Ruritanian}\n",
			"dual Ruritanian"},
	};
	(void)state;
	struct dgm_format *format = lab_definition(table);
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		struct dgm_arena arena = {0};
		struct lab_batch batch;
		struct lab_written written;
		lab_batch_init(&batch);
		const struct dgm_str bytes = dgm_arena_printf(&arena, "N\n%s\n", rows[i].cell);
		lab_read(&batch, format, bytes, 4096);
		assert_int_equal(batch.count, 1);
		struct dgm_str want = DGM_NOSTR, rest = dgm_str(rows[i].notice), line;
		while (dgm_str_next(&rest, DGM_STR("\n"), &line))
			if (line.len)
				want = dgm_arena_printf(&arena, "%.*ssubject[1].%.*s\n", DGM_FMT(want), DGM_FMT(line));
		lab_same(rows[i].cell, lab_dump(&arena, &batch.notices[0]), want);
		const struct dgm_str said = dgm_str(batch.heard.text ? batch.heard.text : "");
		if (rows[i].unknown)
			assert_true(dgm_str_find(said,
					    dgm_arena_printf(&arena, "country-unknown: %s%s", unknown,
						    rows[i].unknown)) < said.len);
		else
			assert_int_equal(said.len, 0);
		lab_write(&written, format, &batch);
		lab_same(rows[i].cell, written.bytes, bytes);
		lab_same(rows[i].cell, written.losses, DGM_STR("\n"));
		lab_written_done(&written);
		lab_batch_done(&batch);
		dgm_arena_done(&arena);
	}
	dgm_format_free(format);
}

/* A hole that is never alone cannot take a whole text. */
static void otherwise_needs_a_pattern(void **state)
{
	struct dgm_arena arena = {0};
	struct lab_heard heard;
	(void)state;
	lab_heard_init(&heard);
	const struct dgm_str yaml = dgm_str(table), key = DGM_STR("otherwise: country");
	const size_t at = dgm_str_find(yaml, key);
	const struct dgm_str text = dgm_arena_printf(&arena, "%.*sotherwise: status%.*s",
		DGM_FMT(dgm_str_take(yaml, at)), DGM_FMT(dgm_str_skip(yaml, at + key.len)));
	assert_null(dgm_format_parse(text, "t.yaml", lab_code_folders(), &heard.sink));
	assert_non_null(strstr(heard.text, "definition-shape: \"otherwise\""));
	lab_heard_done(&heard);
	dgm_arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spellings),
		cmocka_unit_test(qualified),
		cmocka_unit_test(otherwise_needs_a_pattern),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
