/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables in which several rows are one record, through the whole conversion: to the schema's own form and from there, or
 * at once, to the table again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "defs.h"
#include "lab.h"

#define HEAD                                                                                                           \
	DEFS_CSV "rows: id\nrecords:\n  - at: \"\"\n    set: {notice.type: information, notice.issuer: X}\n    map:\n" \
		 "      id: {to: notice.id, aliases: [case]}\n"
#define SUBJECTS                                                                                                       \
	"      s:\n        row: yes\n        group: subject\n        set: {kind: [person, vehicle]}\n        map:\n"   \
	"          kind: kind\n          name: \"name(primary).full\"\n          docs: {numbered: 2, group: document, map: {\"doc {n}\": number}}\n"
#define EVENT                                                                                                          \
	HEAD "      place: event.place\n      via: {to: event.transit, list: yes}\n      kept: {keep: no field}\n"     \
	     "      drop: {ignore: of no use}\n" SUBJECTS
#define DETAILS                                                                                                        \
	HEAD "      sort: subject.kind\n"                                                                              \
	     "      n: {row: yes, group: subject.name, map: {name: full, weak: {to: quality, codes: {weak: [y]}}}}\n"  \
	     "      a: {row: yes, group: subject.address, map: {city: city}}\n"

struct reading {
	const char *name, *yaml, *bytes;
	const char *notices;
	const char *back; /* NULL: the bytes */
	const char *heard;
};

/* To notices and from there back; what was said on the way there. */
static void check(const struct reading *cases, size_t count, size_t chunk)
{
	struct dgm_format *jsonl = lab_shipped("notice-jsonl");
	unsigned differing = 0;
	for (size_t i = 0; i < count; i++) {
		const struct reading *this = &cases[i];
		struct dgm_arena arena = {0};
		struct lab_heard heard, back_heard;
		struct dgm_format *format = lab_definition(this->yaml);
		lab_heard_init(&heard);
		lab_heard_init(&back_heard);
		const struct dgm_str notices = lab_convert(&arena, format, jsonl, dgm_str(this->bytes), chunk, &heard);
		const struct dgm_str back = lab_convert(&arena, jsonl, format, notices, 0, &back_heard);
		const struct dgm_str again = lab_convert(&arena, format, jsonl, back, 0, &back_heard);
		const struct dgm_str straight =
			lab_convert(&arena, format, format, dgm_str(this->bytes), 0, &back_heard);
		if (this->notices)
			differing += lab_differs(this->name, notices, dgm_str(this->notices));
		differing += lab_differs(this->name, back, dgm_str(this->back ? this->back : this->bytes));
		differing += lab_differs(this->name, again, notices);
		differing += lab_differs(this->name, straight, back);
		if (this->heard)
			differing += lab_differs(this->name, dgm_str_of(heard.text, heard.len), dgm_str(this->heard));
		lab_heard_done(&heard);
		lab_heard_done(&back_heard);
		dgm_arena_done(&arena);
		dgm_format_free(format);
	}
	dgm_format_free(jsonl);
	assert_int_equal(differing, 0);
}

#define N(id, rest) "{\"notice\":{\"id\":\"" id "\",\"type\":\"information\",\"issuer\":\"X\"}," rest "}\n"
#define P(name) "{\"kind\":\"person\",\"name\":[{\"kind\":\"primary\",\"full\":\"" name "\"}]}"
#define COLUMNS "id,place,via,kept,drop,kind,name,doc 1,doc 2\n"

static const struct reading cases[] = {
	{"a row each for two subjects", EVENT, COLUMNS "1,Hill,,,,person,A,,\n1,Hill,,,,vehicle,,X1,X2\n",
		N("1",
			"\"subject\":[" P("A") ",{\"kind\":\"vehicle\",\"document\":[{\"number\":\"X1\"},"
					       "{\"number\":\"X2\"}]}],\"event\":[{\"place\":\"Hill\"}]"),
		NULL, ""},
	{"shared columns may be left out behind the first row", EVENT,
		COLUMNS "1,Hill,,k,,person,A,,\n1,,,,,person,B,,\n2,,,,,person,C,,\n", NULL,
		COLUMNS "1,Hill,,k,,person,A,,\n1,Hill,,k,,person,B,,\n2,,,,,person,C,,\n", ""},
	{"and may come later", EVENT, COLUMNS "1,,,,,person,A,,\n1,Hill,,,,person,B,,\n", NULL,
		COLUMNS "1,Hill,,,,person,A,,\n1,Hill,,,,person,B,,\n", ""},
	{"an alias of the column, other order, blanks", EVENT, "name,CASE,kind\nA, 1,person\nB,1 ,person\nC,2,person\n",
		"{\"notice\":{\"id\":\"1\",\"id_original\":\" 1\",\"type\":\"information\",\"issuer\":\"X\"},"
		"\"subject\":[" P("A") "," P("B") "]}\n" N("2", "\"subject\":[" P("C") "]"),
		COLUMNS "\" 1\",,,,,person,A,,\n\" 1\",,,,,person,B,,\n2,,,,,person,C,,\n", ""},
	{"a row says otherwise", EVENT, COLUMNS "1,Hill,,k,,person,A,,\n1,Dale,,m,,person,B,,\n1,Hill,,k,,person,C,,\n",
		NULL, NULL,
		"warning 3:3 row-differs: place: a later row of the record says otherwise here; kept as unmapped, for that row\n"},
	{"a row says otherwise and has no subject", EVENT, COLUMNS "1,Hill,,,,person,A,,\n1,Dale,,,,,,,\n", NULL, NULL,
		NULL},
	{"several in a shared column, one a row", EVENT,
		COLUMNS "1,,AA,,,person,A,,\n1,,BB,,,person,B,,\n1,,AA,,,person,C,,\n", NULL, NULL, ""},
	{"more of them than subjects", EVENT, COLUMNS "1,,AA,,,person,A,,\n1,,BB,,,,,,\n1,,CC,,,,,,\n", NULL, NULL, ""},
	{"the same key behind another is another record", EVENT,
		COLUMNS "1,,,,,person,A,,\n2,,,,,person,B,,\n1,,,,,person,C,,\n", NULL, NULL,
		"warning 4:1 id-repeated: notice.id: this identifier stood in an earlier record too; both are written\n"},
	{"several groups of rows", DETAILS,
		"id,sort,name,weak,city\n1,person,A,,\n1,person,B,y,\n1,person,,,Rome\n1,person,,,Oslo\n",
		N("1",
			"\"subject\":[{\"kind\":\"person\",\"name\":[{\"full\":\"A\"},{\"full\":\"B\",\"quality\":\"weak\","
			"\"quality_original\":\"y\"}],\"address\":[{\"city\":\"Rome\"},{\"city\":\"Oslo\"}]}]"),
		NULL, ""},
	{"two groups in one row", DETAILS, "id,sort,name,weak,city\n1,person,A,,Rome\n1,person,B,,\n", NULL,
		"id,sort,name,weak,city\n1,person,A,,\n1,person,B,,\n1,person,,,Rome\n", ""},
	{"several in a cell of a row",
		HEAD "      s: {row: yes, group: subject, map: {kind: kind, roles: {to: role, split: \"; \"}}}\n",
		"id,kind,roles\n1,person,a; b\n1,person,c; d\n",
		N("1", "\"subject\":[{\"kind\":\"person\",\"role\":[\"a\",\"b\"]},{\"kind\":\"person\",\"role\":[\"c\",\"d\"]}]"),
		NULL, ""},
	{"numbered columns, the first without its number",
		HEAD
		"      s:\n        row: yes\n        group: subject\n        map:\n          kind: kind\n"
		"          d: {numbered: 2, group: document, map: {\"doc{ n}\": number, \"by{ n}.\": authority}}\n",
		"id,kind,doc,by.,doc 2,by 2.\n1,person,X,Y,Z,W\n",
		N("1",
			"\"subject\":[{\"kind\":\"person\",\"document\":[{\"number\":\"X\",\"authority\":\"Y\"},"
			"{\"number\":\"Z\",\"authority\":\"W\"}]}]"),
		NULL, ""},
	{"no group at all", DETAILS, "id,sort,name,weak,city\n1,person,,,\n2,person,,,\n", NULL, NULL, ""},
	{"a kept value of a row", EVENT, COLUMNS "1,,,,,person,A,,\n1,,,k,,person,B,,\n1,,,m,,person,C,,\n", NULL,
		COLUMNS "1,,,k,,person,A,,\n1,,,k,,person,B,,\n1,,,m,,person,C,,\n", ""},
	{"a column named like the group", EVENT, "id,kind,name,s\n1,person,A,x\n1,person,B,y\n", NULL, NULL, NULL},
};

static void test_reading(void **state)
{
	/* The last one cannot be equal: a column that the definition does not know is not written. */
	check(cases, DGM_COUNT(cases) - 1, 0);
	check(cases, DGM_COUNT(cases) - 1, 1);
	(void)state;
}

#define KINDS(line)                                                                                                    \
	DEFS_CSV "rows: id\nrecords:\n  - at: \"\"\n    " line                                                         \
		 "\n    map:\n      id: notice.id\n      type: notice.type\n"                                          \
		 "      issuer: notice.issuer\n      s:\n        row: yes\n        group: subject\n        map:\n"     \
		 "          kind: kind\n          name: \"name(primary).full\"\n"
#define KINDLESS(line)                                                                                                 \
	DEFS_CSV "rows: id\nrecords:\n  - at: \"\"\n    " line                                                         \
		 "\n    map:\n      id: notice.id\n      type: notice.type\n"                                          \
		 "      issuer: notice.issuer\n      s:\n        row: yes\n        group: subject\n        map:\n"     \
		 "          name: \"name(primary).full\"\n"
#define TYPED(id, rest) "{\"notice\":{\"id\":\"" id "\",\"type\":\"wanted\",\"issuer\":\"X\"}," rest "}\n"
#define NAMED(kind, name) "{\"kind\":\"" kind "\",\"name\":[{\"kind\":\"primary\",\"full\":\"" name "\"}]}"

/* Constants of a group that has a row each. */
static void test_constants(void **state)
{
	static const struct reading of_kinds[] = {
		{"where no row is one", KINDS("set: {subject.kind: unknown}"),
			"id,type,issuer,kind,name\n1,wanted,X,person,A\n1,wanted,X,,B\n2,wanted,X,,\n",
			TYPED("1", "\"subject\":[" NAMED("person", "A") "," NAMED("unknown", "B") "]")
				TYPED("2", "\"subject\":[{\"kind\":\"unknown\"}]"),
			NULL, ""},
		{"and says it itself among others", KINDS("set: {subject.kind: unknown}"),
			"id,type,issuer,kind,name\n1,wanted,X,person,A\n1,wanted,X,unknown,\n1,wanted,X,tank,B\n", NULL,
			NULL,
			"warning 4:12 code-unknown: subject.kind: a word that the definition's code list does not know; kept as it is\n"},
		{"of every instance", KINDLESS("only: {subject.kind: person}"),
			"id,type,issuer,name\n1,wanted,X,A\n1,wanted,X,B\n",
			TYPED("1", "\"subject\":[" NAMED("person", "A") "," NAMED("person", "B") "]"), NULL, ""},
	};
	static const struct {
		const char *yaml, *notice, *bytes, *losses;
	} writings[] = {
		{KINDLESS("only: {subject.kind: person}"),
			TYPED("1", "\"subject\":[" NAMED("vehicle", "A") "," NAMED("person", "B") "]"),
			"id,type,issuer,name\n1,wanted,X,B\n",
			"list_cut subject[1].kind\nlist_cut subject[1].name[1].kind\nlist_cut subject[1].name[1].full\n"},
		{KINDLESS("only: {subject.kind: person}"), TYPED("1", "\"subject\":[" NAMED("vehicle", "A") "]"),
			"id,type,issuer,name\n", "refused\n"},
		{KINDLESS("set: {subject.kind: person}"),
			TYPED("1", "\"subject\":[" NAMED("person", "A") "," NAMED("vehicle", "B") "]"),
			"id,type,issuer,name\n1,wanted,X,A\n1,wanted,X,B\n", "recoded subject[2].kind\n"},
		{DEFS_CSV "records:\n  - at: \"\"\n    map: {id: notice.id, name: \"subject.name(primary).full\"}\n",
			TYPED("1", "\"subject\":[" NAMED("person", "A") "," NAMED("person", "B") "]"), "id,name\n1,A\n",
			"dropped notice.type\ndropped notice.issuer\ndropped subject[1].kind\ndropped subject[2].kind\n"
			"list_cut subject[2].name[1].kind\nlist_cut subject[2].name[1].full\n"},
	};
	check(of_kinds, DGM_COUNT(of_kinds), 0);
	struct dgm_format *jsonl = lab_shipped("notice-jsonl");
	for (size_t i = 0; i < DGM_COUNT(writings); i++) {
		struct lab_batch batch;
		struct lab_written written;
		struct dgm_format *format = lab_definition(writings[i].yaml);
		lab_batch_init(&batch);
		lab_read(&batch, jsonl, dgm_str(writings[i].notice), 0);
		lab_write(&written, format, &batch);
		lab_same("bytes", written.bytes, dgm_str(writings[i].bytes));
		lab_same("losses", written.losses_of[0], dgm_str(writings[i].losses));
		lab_written_done(&written);
		lab_batch_done(&batch);
		dgm_format_free(format);
	}
	dgm_format_free(jsonl);
	(void)state;
}

/* What a conversion says of the bytes. */
static void hear(const char *name, const char *yaml, const char *bytes, const char *want)
{
	struct dgm_arena arena = {0};
	struct lab_heard heard;
	struct dgm_format *format = lab_definition(yaml), *jsonl = lab_shipped("notice-jsonl");
	lab_heard_init(&heard);
	lab_convert(&arena, format, jsonl, dgm_str(bytes), 0, &heard);
	lab_same(name, dgm_str_of(heard.text, heard.len), dgm_str(want));
	lab_heard_done(&heard);
	dgm_arena_done(&arena);
	dgm_format_free(format);
	dgm_format_free(jsonl);
}

static void test_rejected_rows(void **state)
{
	hear("a broken row costs itself", EVENT, "id,kind,name\n1,person,A\n1,person\n1,person,B\n2,person,C\n",
		"error 3:1 csv-column-count: 2 cells, where the header row has 3\n");
	hear("the place of a value is in its row", EVENT, "id,kind,name,via\n1,person,A,AA\n\n1,person,\"B\n\",Q\n",
		"warning 5:3 country-unknown: event.transit: not a country that the definition's lists know; kept as it is\n");
	hear("the place of a record is its first row's", EVENT, "id,kind,name\n\n,person,A\n,person,B\n",
		"error 3:1 notice-incomplete: it has no identifier (notice.id)\n"
		"error 4:1 notice-incomplete: it has no identifier (notice.id)\n");
	(void)state;
}

/* More rows than one record may have, and a record behind them. */
static void test_too_many(void **state)
{
	enum { CELL = 1 << 20, ROWS = 70 };
	struct dgm_arena arena = {0};
	static const char head[] = "id,kind,name\n", start[] = "1,person,", end[] = "2,person,B\n";
	char *bytes = dgm_arena_alloc(&arena, (size_t)ROWS * (CELL + 100)), *to = bytes;
	memcpy(to, head, sizeof head - 1);
	to += sizeof head - 1;
	for (int row = 0; row < ROWS; row++) {
		memcpy(to, start, sizeof start - 1);
		to += sizeof start - 1;
		memset(to, 'a' + row % 26, CELL);
		to[CELL] = '\n';
		to += CELL + 1;
	}
	memcpy(to, end, sizeof end);
	hear("in pieces", EVENT, bytes,
		"error 2:1 record-too-many-rows: its rows have more than 64 MiB or 1048576 values together\n"
		"error 65:1 record-too-many-rows: its rows have more than 64 MiB or 1048576 values together\n");
	dgm_arena_done(&arena);
	(void)state;
}

/* Several large texts that are in every row. */
static void test_too_large(void **state)
{
	enum { SUBJECTS_COUNT = 70, TEXT = 1 << 20 };
	struct dgm_arena arena = {0};
	struct lab_heard heard;
	struct dgm_format *format = lab_definition(EVENT), *jsonl = lab_shipped("notice-jsonl");
	char *text = dgm_arena_alloc(&arena, TEXT);
	memset(text, 'x', TEXT);
	struct dgm_str subjects = DGM_STR(P("A"));
	for (int i = 1; i < SUBJECTS_COUNT; i++)
		subjects = dgm_arena_printf(&arena, "%.*s,%s", DGM_FMT(subjects), P("A"));
	const struct dgm_str notice = dgm_arena_printf(&arena,
		"{\"notice\":{\"id\":\"1\",\"type\":\"information\",\"issuer\":\"X\"},\"subject\":[%.*s],"
		"\"event\":[{\"place\":\"%.*s\"}]}\n",
		DGM_FMT(subjects), TEXT, text);
	lab_heard_init(&heard);
	lab_same("nothing written", lab_convert(&arena, jsonl, format, notice, 0, &heard), DGM_STR(COLUMNS));
	lab_same("said", dgm_str_of(heard.text, heard.len),
		DGM_STR("error 1:1 target-too-large: its rows, in each of which stands what they share, would be larger than 64 MiB\n"));
	lab_heard_done(&heard);
	dgm_arena_done(&arena);
	dgm_format_free(format);
	dgm_format_free(jsonl);
	(void)state;
}

static void test_mistakes(void **state)
{
	static const struct {
		const char *yaml, *heard;
	} mistakes[] = {
		{DEFS_JSON "rows: id\nrecords:\n  - {at: \"\", map: {id: notice.id}}\n",
			"error 6:7 definition-shape: \"rows\" needs \"table\" and a group with \"row\"\n"},
		{DEFS_CSV "rows: id\nrecords:\n  - {at: \"\", map: {id: notice.id}}\n",
			"error 6:7 definition-shape: \"rows\" needs \"table\" and a group with \"row\"\n"},
		{DEFS_CSV
			"rows: no\nrecords:\n  - {at: \"\", map: {id: notice.id, s: {group: subject, row: yes, map: {k: kind}}}}\n",
			"error 6:7 definition-shape: \"no\" is not a column at the top of every map\n"},
		{DEFS_CSV
			"rows: k\nrecords:\n  - {at: \"\", map: {id: notice.id, s: {group: subject, row: yes, map: {k: kind}}}}\n",
			"error 6:7 definition-shape: \"k\" is not a column at the top of every map\n"},
		{DEFS_CSV
			"records:\n  - {at: \"\", map: {id: notice.id, s: {group: subject, row: yes, map: {k: kind}}}}\n",
			"error 7:35 definition-shape: \"row\" stands beside \"group\" at the top of a map, in a definition that says \"rows\"\n"},
		{DEFS_CSV
			"rows: id\nrecords:\n  - {at: \"\", map: {id: notice.id, s: {group: subject, row: yes, map: {ID: kind}}}}\n",
			"error 8:71 definition-shape: \"ID\" is the name of another key too\n"},
		{DEFS_CSV
			"rows: id\nrecords:\n  - {at: \"\", map: {id: notice.id, s: {group: subject, row: yes, map: {n: {group: name, map: {f: full}}}}}}\n",
			"error 8:71 definition-shape: \"n\": what stands in a row are values\n"},
	};
	for (size_t i = 0; i < DGM_COUNT(mistakes); i++) {
		struct lab_heard heard;
		lab_heard_init(&heard);
		assert_null(dgm_format_parse(dgm_str(mistakes[i].yaml), "x.yaml", lab_code_folders(), &heard.sink));
		lab_same("mistake", dgm_str_of(heard.text, heard.len), dgm_str(mistakes[i].heard));
		lab_heard_done(&heard);
	}
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_constants),
		cmocka_unit_test(test_rejected_rows),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_mistakes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
