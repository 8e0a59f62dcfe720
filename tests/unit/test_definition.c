/* SPDX-License-Identifier: Apache-2.0 */
/* The definition compiler: what it refuses, where, with which code and guess, and what it makes of the rest. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lab.h"

/* Lines 1 to 7 of most cases; what is tested begins in line 8. */
#define HEAD "format: x\ntitle: X\nstatus: modelled\nengine: json\nrecords:\n  - at: \"\"\n    map:\n"
/* Lines 1 to 4, and records behind what is tested, so that it begins in line 5. */
#define TOP "format: x\ntitle: X\nstatus: modelled\nengine: json\n"
#define TAIL "records:\n  - at: \"\"\n    map: {ID: notice.id}\n"

static char *said;

static struct dgm_format *parse(const char *yaml)
{
	struct lab_heard heard;
	lab_heard_init(&heard);
	struct dgm_format *format = dgm_format_parse(dgm_str(yaml), "inline.yaml", lab_code_folders(), &heard.sink);
	free(said);
	said = heard.text;
	/* An error is a refusal, and nothing is refused without one. */
	assert_int_equal(format == NULL, heard.sink.count[DGM_ERROR] > 0);
	return format;
}

static int forget(void **state)
{
	(void)state;
	free(said);
	said = NULL;
	return 0;
}

struct refusal {
	const char *yaml, *said;
};

static void check_refusals(const struct refusal *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct dgm_format *format = parse(cases[i].yaml);
		if (format)
			fail_msg("accepted:\n%s", cases[i].yaml);
		lab_same(cases[i].yaml, dgm_str(said), dgm_str(cases[i].said));
	}
}

static void test_top_level(void **state)
{
	static const struct refusal cases[] = {
		{"", "error 1:1 definition-yaml: the file is empty\n"},
		{"- a\n", "error 1:1 definition-shape: a definition is a map\n"},
		{TOP "recrods: 1\n" TAIL,
			"error 5:1 definition-unknown-key: \"recrods\" is not a key of a definition; did you mean \"records\"?\n"},
		{TOP "colour: 1\n" TAIL, "error 5:1 definition-unknown-key: \"colour\" is not a key of a definition\n"},
		{"title: X\n" TAIL,
			"error 1:1 definition-shape: the key \"format\" is missing\n"
			"error 1:1 definition-shape: the key \"status\" is missing\n"
			"error 1:1 definition-shape: the key \"engine\" is missing\n"},
		{"format: Un_SC\ntitle: X\nstatus: modelled\nengine: xml\n" TAIL,
			"error 1:9 definition-shape: a format's id is lower-case letters, digits and '-'\n"},
		{"format: x\ntitle: X\nstatus: official\nengine: xml\n" TAIL,
			"error 3:9 definition-shape: status is published, modelled or reference\n"},
		{"format: x\ntitle: [X]\nstatus: modelled\nengine: xml\n" TAIL,
			"error 2:8 definition-shape: one word or text is wanted here\n"},
		{TOP "empty: maybe\n" TAIL, "error 5:8 definition-shape: \"empty\" is absent or null\n"},
		{TOP "table: 1\n" TAIL, "error 5:8 definition-shape: \"yes\" or \"no\" is wanted here\n"},
		{TOP "bom: true\n" TAIL, "error 5:6 definition-shape: \"yes\" or \"no\" is wanted here\n"},
		{TOP "options: lines\n" TAIL, "error 5:10 definition-shape: \"options\" is a map\n"},
		{TOP "languages: [es, español]\n" TAIL,
			"error 5:12 definition-shape: \"español\" is not a language tag such as es, pt-BR or sr-Latn\n"},
		{TOP "languages: pt_BR\n" TAIL,
			"error 5:12 definition-shape: \"pt_BR\" is not a language tag such as es, pt-BR or sr-Latn\n"},
		{TOP "languages: e\n" TAIL,
			"error 5:12 definition-shape: \"e\" is not a language tag such as es, pt-BR or sr-Latn\n"},
		{TOP "languages: es-\n" TAIL,
			"error 5:12 definition-shape: \"es-\" is not a language tag such as es, pt-BR or sr-Latn\n"},
		{TOP "languages: {es: pt}\n" TAIL, "error 5:12 definition-shape: one word or text is wanted here\n"},
		{TOP "invented: {a: b}\n" TAIL, "error 5:11 definition-shape: one word or text is wanted here\n"},
		{TOP "evidence: [{a: b}]\n" TAIL, "error 5:12 definition-shape: one word or text is wanted here\n"},
		{TOP, "error 1:1 definition-shape: \"records\" is a list of at least one shape\n"},
		{TOP "records: []\n", "error 1:1 definition-shape: \"records\" is a list of at least one shape\n"},
		{TOP "canonical: flat\nrecords:\n  - at: \"\"\n",
			"error 5:12 definition-shape: \"canonical\" is members, attributes or packed\n"},
		{TOP "canonical: packed\n" TAIL,
			"error 7:5 definition-shape: a canonical format only says where its records lie (at)\n"},
	};
	(void)state;
	check_refusals(cases, DGM_COUNT(cases));
}

static void test_signatures(void **state)
{
	static const struct refusal cases[] = {
		{TOP "detect: LIST\n" TAIL, "error 5:9 definition-shape: a signature is a map\n"},
		{TOP "detect: {rot: LIST}\n" TAIL,
			"error 5:10 definition-unknown-key: \"rot\" is not a key of a signature; did you mean \"root\"?\n"
			"error 5:9 definition-shape: a signature is one of root (XML), columns (CSV), members (JSON)\n"},
		{TOP "detect: {columns: [A], elements: [B]}\n" TAIL,
			"error 5:24 definition-shape: \"elements\" goes with root\n"},
		{TOP "detect: {root: A, delimiter: \";\", top: list}\n" TAIL,
			"error 5:19 definition-shape: \"delimiter\" goes with columns\n"
			"error 5:35 definition-shape: \"top\" goes with members\n"
			"error 5:40 definition-shape: \"top\" is array or object\n"},
		{TOP "detect: {root: A, columns: [B]}\n" TAIL,
			"error 5:9 definition-shape: a signature is one of root (XML), columns (CSV), members (JSON)\n"},
		{TOP "detect:\n  - {members: [a], top: list}\n" TAIL,
			"error 6:25 definition-shape: \"top\" is array or object\n"},
	};
	(void)state;
	check_refusals(cases, DGM_COUNT(cases));
}

static void test_shapes(void **state)
{
	static const struct refusal cases[] = {
		{TOP "records: [a]\n", "error 5:11 definition-shape: a record shape is a map\n"},
		{TOP "records:\n  - at: \"\"\n", "error 6:5 definition-shape: a record shape needs \"map\"\n"},
		{TOP "records:\n  - at: \"\"\n    whem: {a: b}\n    map: {ID: notice.id}\n",
			"error 7:5 definition-unknown-key: \"whem\" is not a key of a record shape; did you mean \"when\"?\n"},
		{TOP "records:\n  - when: red\n    map: {ID: notice.id}\n",
			"error 6:11 definition-shape: \"when\" is a map from paths to patterns, or a list of such\n"},
		{TOP "records:\n  - set: {notice.typo: wanted}\n    map: {ID: notice.id}\n",
			"error 6:24 definition-field: the schema has no \"notice.typo\"; did you mean \"notice.type\"?\n"},
		{TOP "records:\n  - set: {notice.type: hunted}\n    map: {ID: notice.id}\n",
			"error 6:24 definition-code: \"hunted\" is not a code of notice.type\n"},
		{TOP "records:\n  - only: {subject.kind: [person, ghost]}\n    map: {ID: notice.id}\n",
			"error 6:26 definition-code: \"ghost\" is not a code of subject.kind\n"},
		{TOP "records:\n  - map: [ID]\n", "error 6:10 definition-shape: \"map\" is a map from source keys\n"},
	};
	(void)state;
	check_refusals(cases, DGM_COUNT(cases));
}

static void test_nodes(void **state)
{
	static const struct refusal cases[] = {
		{HEAD "      K: {too: subject.sex}\n",
			"error 8:11 definition-unknown-key: \"too\" is not a key of the mapping; did you mean \"to\"?\n"
			"error 8:10 definition-shape: a key says one of: to, group, part, keep, ignore, or only map\n"},
		{HEAD "      K: {to: subject.sex, ignore: it is dull}\n",
			"error 8:10 definition-shape: a key says one of: to, group, part, keep, ignore, or only map\n"},
		{HEAD "      K: {group: charge, keep: it is dull}\n",
			"error 8:10 definition-shape: a key says one of: to, group, part, keep, ignore, or only map\n"},
		{HEAD "      K: {}\n",
			"error 8:10 definition-shape: a key says one of: to, group, part, keep, ignore, or only map\n"},
		{HEAD "      K: [subject.sex]\n", "error 8:10 definition-shape: a key leads to a field or to a map\n"},
		{HEAD "      K: {keep: \"\"}\n", "error 8:10 definition-shape: say why: keep needs a reason\n"},
		{HEAD "      K: {ignore: \"\"}\n", "error 8:10 definition-shape: say why: ignore needs a reason\n"},
		{HEAD "      K: {to: subject.sex, list: maybe}\n",
			"error 8:34 definition-shape: \"yes\" or \"no\" is wanted here\n"},
		{HEAD "      K: {to: subject.sex, empty: no}\n",
			"error 8:35 definition-shape: \"empty\" is absent or null\n"},
		{HEAD "      K: {to: notice.title, max: 0}\n",
			"error 8:34 definition-shape: \"max\" is a number of characters\n"},
		{HEAD "      K: {to: notice.title, max: 12x}\n",
			"error 8:34 definition-shape: \"max\" is a number of characters\n"},
		{HEAD "      K: {to: notice.title, literal: text}\n",
			"error 8:38 definition-shape: \"literal\" can only be number\n"},
		{HEAD "      K: {to: notice.title, always: [a]}\n",
			"error 8:37 definition-shape: only an empty list can be a constant\n"},
		{HEAD "      K: {group: subject.name, joins: L, map: {A: full}}\n",
			"error 8:39 definition-shape: \"L\" is not a group before this one\n"},
		{HEAD "      A: notice.id\n      K: {group: subject.name, joins: A, map: {B: full}}\n",
			"error 9:39 definition-shape: \"A\" is not a group before this one\n"},
		{HEAD "      A: notice.id\n      B: {to: notice.title, aliases: [A]}\n",
			"error 9:7 definition-shape: \"A\" is the name of another key too\n"},
		{HEAD "      A: {to: notice.id, aliases: [C]}\n      B: {to: notice.title, aliases: [C]}\n",
			"error 9:7 definition-shape: \"C\" is the name of another key too\n"},
		{HEAD "      A: {map: {B: subject.sxe}}\n",
			"error 8:20 definition-field: the schema has no \"subject.sxe\"; did you mean \"subject.sex\"?\n"},
	};
	(void)state;
	check_refusals(cases, DGM_COUNT(cases));
}

static void test_targets(void **state)
{
	static const struct refusal cases[] = {
		{HEAD "      K: subject.nme.full\n",
			"error 8:10 definition-field: the schema has no \"subject.nme.full\"; did you mean \"subject.name.full\"?\n"},
		{HEAD "      K: shoe_size\n", "error 8:10 definition-field: the schema has no \"shoe_size\"\n"},
		{HEAD "      K: subject.name\n",
			"error 8:10 definition-field: the schema has no \"subject.name\"; did you mean \"subject.role\"?\n"},
		{HEAD "      K: \"subject.name(first).full\"\n",
			"error 8:10 definition-code: \"first\" is not a code of subject.name.kind\n"},
		{HEAD "      K: \"subject.name(primary.full\"\n",
			"error 8:10 definition-field: \"name(primary\": a closing parenthesis is missing\n"},
		{HEAD "      K: \"subject.name(tone=low).full\"\n",
			"error 8:10 definition-field: subject.name has no field to select by\n"},
		{HEAD "      K: \"subject.birth(first).date\"\n",
			"error 8:10 definition-field: subject.birth has no field to select by\n"},
		{HEAD "      K: \"subject.name(primary).part[0]\"\n",
			"error 8:10 definition-field: \"subject.name(primary).part[0]\": a position is a number from 1 to 64 in brackets\n"},
		{HEAD "      K: \"subject.name(primary).part[65]\"\n",
			"error 8:10 definition-field: \"subject.name(primary).part[65]\": a position is a number from 1 to 64 in brackets\n"},
		{HEAD "      K: \"subject.name(primary).part[2\"\n",
			"error 8:10 definition-field: \"subject.name(primary).part[2\": a position is a number from 1 to 64 in brackets\n"},
		{HEAD "      K: {group: subject.nom, map: {A: full}}\n",
			"error 8:18 definition-field: the schema has no group \"subject.nom\"\n"
			"error 8:40 definition-field: the schema has no \"full\"\n"},
		{HEAD "      K: {group: subject.name, set: {knd: alias}, map: {A: full}}\n",
			"error 8:38 definition-field: subject.name has no field \"knd\"\n"},
		{HEAD "      K: {group: subject.name, set: {kind: alibi}, map: {A: full}}\n",
			"error 8:44 definition-code: \"alibi\" is not a code of subject.name.kind\n"},
		{HEAD "      K: {group: subject.name, set: alias, map: {A: full}}\n",
			"error 8:37 definition-shape: \"set\" is a map from fields to values\n"},
		{HEAD "      K: {to: subject.sex, or: [subject.sax]}\n",
			"error 8:32 definition-field: the schema has no \"subject.sax\"; did you mean \"subject.sex\"?\n"},
		{HEAD "      K: {part: subject.birth.date.century}\n",
			"error 8:17 definition-field: \"subject.birth.date.century\": a part is a date field and one of "
			".qualifier .full .year .month .day .from .to .calendar\n"},
		{HEAD "      K: {part: year}\n",
			"error 8:17 definition-field: \"year\": a part is a date field and one of .qualifier .full .year .month "
			".day .from .to .calendar\n"},
		{HEAD "      K: {part: subject.sex.year}\n",
			"error 8:17 definition-field: subject.sex is not a date\n"},
	};
	(void)state;
	check_refusals(cases, DGM_COUNT(cases));
}

static void test_values(void **state)
{
	static const struct refusal cases[] = {
		{HEAD "      K: {to: subject.sex, codes: un-sx}\n",
			"error 8:35 definition-codes: there is no code list \"un-sx\"\n"},
		{HEAD "      K: {to: subject.sex, codes: un-document}\n",
			"error 8:10 definition-code: \"passport\" is not a code of sex\n"
			"error 8:10 definition-code: \"national_id\" is not a code of sex\n"},
		{HEAD "      K: {to: subject.sex, codes: {man: M}}\n",
			"error 8:10 definition-code: \"man\" is not a code of sex\n"},
		{HEAD "      K: {to: subject.sex, codes: {male: {a: b}}}\n",
			"error 8:42 definition-codes: a code needs one spelling or a list of spellings\n"},
		{HEAD "      K: {to: subject.birth.date, date: DD/MM/YYYY}\n",
			"error 8:41 definition-date: \"DD/MM/YYYY\": a letter that is no part of a date: the parts are yyyy yy MM M "
			"MMMM MMM dd d HH mm ss XXX, other letters stand in '...'\n"},
		{HEAD "      K: {to: subject.birth.date, date: [yyyy, \"\"]}\n",
			"error 8:41 definition-date: \"\": no year, month or day\n"},
		{HEAD "      K: {to: subject.height, unit: kg}\n",
			"error 8:37 definition-unit: \"kg\" is not a unit of subject.height\n"},
		{HEAD "      K: {to: subject.weight, unit: stone}\n",
			"error 8:37 definition-unit: \"stone\" is not a unit of subject.weight\n"},
		{HEAD "      K: {to: notice.title, unit: kg}\n",
			"error 8:35 definition-unit: \"kg\" is not a unit of notice.title\n"},
		{HEAD "      K: {to: subject.height, number: \",\"}\n",
			"error 8:39 definition-shape: \"number\" is a map: {decimal: \",\", group: \".\"}\n"},
		{HEAD "      K: {to: subject.height, number: {decimals: \",\"}}\n",
			"error 8:40 definition-unknown-key: \"decimals\" is not a key of number; did you mean \"decimal\"?\n"},
		{HEAD "      K: {to: subject.height, number: {decimal: \",,\"}}\n",
			"error 8:39 definition-shape: decimal and group are one ASCII character each\n"},
	};
	(void)state;
	check_refusals(cases, DGM_COUNT(cases));
}

static void test_yaml(void **state)
{
	static const struct refusal cases[] = {
		{HEAD "      K: &a notice.id\n",
			"error 8:10 definition-yaml: anchors, aliases and tags are not part of the definition language\n"},
		{HEAD "      K: !!str notice.id\n",
			"error 8:10 definition-yaml: anchors, aliases and tags are not part of the definition language\n"},
		{HEAD "      K: notice.id\n      K: notice.title\n",
			"error 9:7 definition-yaml: this key stands twice in its map\n"},
	};
	(void)state;
	check_refusals(cases, DGM_COUNT(cases));
}

/* Nobody should have to run a check once per mistake. */
static void test_all_at_once(void **state)
{
	(void)state;
	assert_null(parse(
		"format: X\ntitle: X\nstatus: odd\nengine: json\ndecimel: x\ndetect: {}\nrecords:\n"
		"  - set: {notice.type: hunted}\n    map:\n      A: subject.sxe\n      B: {to: subject.height, unit: kg}\n"
		"      C: {keep: \"\"}\n  - map:\n      D: {to: subject.birth.date, date: \"%Y\", max: x}\n"));
	lab_same("all", dgm_str(said),
		DGM_STR("error 5:1 definition-unknown-key: \"decimel\" is not a key of a definition; did you mean \"decimal\"?\n"
			"error 3:9 definition-shape: status is published, modelled or reference\n"
			"error 1:9 definition-shape: a format's id is lower-case letters, digits and '-'\n"
			"error 6:9 definition-shape: a signature is one of root (XML), columns (CSV), members (JSON)\n"
			"error 8:24 definition-code: \"hunted\" is not a code of notice.type\n"
			"error 10:10 definition-field: the schema has no \"subject.sxe\"; did you mean \"subject.sex\"?\n"
			"error 11:37 definition-unit: \"kg\" is not a unit of subject.height\n"
			"error 12:10 definition-shape: say why: keep needs a reason\n"
			"error 14:41 definition-date: \"%Y\": a letter that is no part of a date: the parts are yyyy yy MM M MMMM "
			"MMM dd d HH mm ss XXX, other letters stand in '...'\n"
			"error 14:52 definition-shape: \"max\" is a number of characters\n"));
}

static void test_missing_file(void **state)
{
	struct lab_heard heard;
	(void)state;
	lab_heard_init(&heard);
	assert_null(dgm_format_load("/nowhere/x.yaml", lab_code_folders(), &heard.sink));
	assert_string_equal(heard.text, "error 0:0 definition-unreadable: cannot be read: No such file or directory\n");
	lab_heard_done(&heard);
}

static void test_shipped(void **state)
{
	DIR *dir = opendir(DGM_TEST_FORMAT_DIR);
	const struct dirent *file;
	unsigned count = 0;
	(void)state;
	assert_non_null(dir);
	while ((file = readdir(dir)) != NULL) {
		const struct dgm_str name = dgm_str(file->d_name);
		char id[256];
		if (!dgm_str_ends(name, DGM_STR(".yaml")))
			continue;
		snprintf(id, sizeof id, "%.*s", (int)name.len - 5, name.ptr);
		struct dgm_format *format = lab_shipped(id);
		assert_true(dgm_str_is(format->id, id));
		dgm_format_free(format);
		count++;
	}
	closedir(dir);
	assert_in_range(count, 7, 1000);
}

/* What the compiler makes of a definition that uses most of the language. */
static void test_compiled(void **state)
{
	(void)state;
	struct dgm_format *format = parse(
		"format: x-1\ntitle: A title\norganisation: O\nstatus: reference\nengine: csv\nencoding: windows-1252\n"
		"accepts: [utf-8]\nevidence: [a, b]\ninvented: all\nlanguages: [es, pt-BR, zh-Hant-419]\nbom: yes\ntable: yes\nempty: \"null\"\nnulls: [\"-\"]\ndecimal: \",\"\n"
		"options: {delimiter: tab}\ndetect: {columns: [A, B], delimiter: tab}\nrecords:\n"
		"  - at: [\"\", \"[]\"]\n    when: {a/b: \"x*\"}\n    set: {notice.type: wanted}\n"
		"    only: {subject.kind: [person, vessel]}\n    map:\n"
		"      A: {to: \"subject.name(primary).full\", aliases: [B, C], split: [\"; \", \";\"], max: 3, required: yes}\n"
		"      D: {to: subject.height, unit: m, nulls: [\"0\"], always: null, or: [subject.weight]}\n");
	if (!format)
		fail_msg("%s", said);
	assert_string_equal(said, "");
	assert_true(dgm_str_is(format->id, "x-1") && dgm_str_is(format->title, "A title"));
	assert_true(dgm_str_is(format->encoding, "windows-1252") && dgm_str_is(format->accepts[0], "utf-8"));
	assert_true(format->bom && format->table);
	assert_int_equal(format->evidence_count, 2);
	assert_int_equal(format->invented_count, 1);
	assert_true(dgm_str_is(format->invented[0], "all"));
	assert_int_equal(format->language_count, 3);
	assert_true(dgm_str_is(format->languages[1], "pt-BR"));
	assert_int_equal(format->signature_count, 1);
	assert_int_equal(format->signatures[0].kind, 'c');
	assert_int_equal(format->signatures[0].delimiter, '\t');
	assert_int_equal(format->signatures[0].word_count, 2);
	assert_int_equal(format->path_count, 2);
	assert_int_equal(format->shape_count, 1);
	const struct dgm_shape *shape = &format->shapes[0];
	assert_int_equal(shape->path, 0);
	assert_int_equal(shape->when_count, 1);
	assert_int_equal(shape->when[0].conditions[0].depth, 2);
	assert_int_equal(shape->constant_count, 2);
	assert_false(shape->constants[0].must);
	assert_true(shape->constants[1].must);
	assert_int_equal(shape->constants[1].other_count, 1);
	const struct dgm_node *a = shape->root->first, *d = a->next;
	assert_int_equal(a->alias_count, 2);
	assert_int_equal(a->split_count, 2);
	assert_int_equal(a->max, 3);
	assert_true(a->required);
	assert_int_equal(a->place.line, 24);
	assert_int_equal(a->target.field, DGM_FIELD_subject_name_full);
	assert_int_equal(a->empty, DGM_EMPTY_NULL);
	assert_true(dgm_str_is(a->nulls.words[0], "-"));
	assert_int_equal(d->shift, 2);
	assert_int_equal(d->decimal, ',');
	assert_true(dgm_str_is(d->nulls.words[0], "0"));
	assert_int_equal(d->always_literal, DGM_LITERAL_NULL);
	assert_int_equal(d->fallbacks[0].field, DGM_FIELD_subject_weight);
	assert_null(d->next);
	dgm_format_free(format);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_top_level, forget),
		cmocka_unit_test_teardown(test_signatures, forget),
		cmocka_unit_test_teardown(test_shapes, forget),
		cmocka_unit_test_teardown(test_nodes, forget),
		cmocka_unit_test_teardown(test_targets, forget),
		cmocka_unit_test_teardown(test_values, forget),
		cmocka_unit_test_teardown(test_yaml, forget),
		cmocka_unit_test_teardown(test_all_at_once, forget),
		cmocka_unit_test_teardown(test_missing_file, forget),
		cmocka_unit_test_teardown(test_shipped, forget),
		cmocka_unit_test_teardown(test_compiled, forget),
	};
	return cmocka_run_group_tests_name("definition", tests, NULL, NULL);
}
