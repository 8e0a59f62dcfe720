/* SPDX-License-Identifier: Apache-2.0 */
/* Reading by a definition: one small case for each thing that the language can say, through the real engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "defs.h"
#include "lab.h"

struct reading {
	const char *name, *yaml, *input, *notices, *said;
};

/* The notices of an input as text, with an empty line between them; "refused" where no shape takes a record. */
static void check(const struct reading *cases, size_t count)
{
	unsigned differing = 0;
	for (size_t i = 0; i < count; i++) {
		struct dgm_arena arena = {0};
		struct lab_batch batch;
		struct dgm_str have = {"", 0};
		struct dgm_format *format = lab_definition(cases[i].yaml);
		lab_batch_init(&batch);
		lab_read(&batch, format, dgm_str(cases[i].input), 0);
		for (size_t n = 0; n < batch.count; n++)
			have = dgm_arena_printf(&arena, "%.*s%s%.*s", DGM_FMT(have), n ? "\n" : "",
				DGM_FMT(lab_dump(&arena, &batch.notices[n])));
		if (batch.refused)
			have = dgm_arena_printf(&arena, "%.*s%zu refused\n", DGM_FMT(have), batch.refused);
		differing += lab_differs(cases[i].name, have, dgm_str(cases[i].notices));
		differing += lab_differs(cases[i].name, dgm_str(batch.heard.text),
			dgm_str(cases[i].said ? cases[i].said : ""));
		assert_int_equal(batch.bad, 0);
		lab_batch_done(&batch);
		dgm_format_free(format);
		dgm_arena_done(&arena);
	}
	assert_int_equal(differing, 0);
}

static void test_places(void **state)
{
	static const struct reading cases[] = {
		{"to", DEFS_MAP_JSON "      A: notice.id\n      B: {to: subject.sex}\n", "{\"B\":\"male\",\"A\":\"7\"}",
			"notice.id=7\nsubject[1].sex=male\n", NULL},
		{"nested keys", DEFS_MAP_JSON "      A: {map: {B: {map: {C: notice.id}}}}\n",
			"{\"A\":{\"B\":{\"C\":\"7\"}}}", "notice.id=7\n", NULL},
		{"group", DEFS_MAP_JSON "      N: {group: subject.name, list: yes, map: {F: full, G: given}}\n",
			"{\"N\":[{\"F\":\"a\"},{\"G\":\"b\",\"F\":\"c\"}]}",
			"subject[1].name[1].full=a\nsubject[1].name[2].full=c\nsubject[1].name[2].given=b\n", NULL},
		{"group in a group",
			DEFS_MAP_JSON
			"      S: {group: subject, list: yes, map: {N: {group: name, list: yes, map: {F: full}}}}\n",
			"{\"S\":[{\"N\":[{\"F\":\"a\"},{\"F\":\"b\"}]},{\"N\":[{\"F\":\"c\"}]}]}",
			"subject[1].name[1].full=a\nsubject[1].name[2].full=b\nsubject[2].name[1].full=c\n", NULL},
		{"set in a group",
			DEFS_MAP_JSON "      N: {group: subject.name, set: {kind: [alias, former]}, map: {F: full}}\n",
			"{\"N\":{\"F\":\"a\"}}", "subject[1].name[1].kind=alias\nsubject[1].name[1].full=a\n", NULL},
		{"a group's own word instead of the constant",
			DEFS_MAP_JSON "      N: {group: subject.name, set: {kind: alias}, map: {K: kind, F: full}}\n",
			"{\"N\":{\"K\":\"former\",\"F\":\"a\"}}",
			"subject[1].name[1].kind=former\nsubject[1].name[1].full=a\n", NULL},
		{"an empty group makes nothing", DEFS_MAP_JSON "      N: {group: subject.name, map: {F: full}}\n",
			"{\"N\":{}}", "", NULL},
		{"set on a field", DEFS_MAP_JSON "      A: {to: subject.name.full, set: {kind: alias}}\n",
			"{\"A\":\"a\"}", "subject[1].name[1].kind=alias\nsubject[1].name[1].full=a\n", NULL},
		{"selectors choose instances",
			DEFS_MAP_JSON
			"      F: \"subject.name(primary).family\"\n      B: \"subject.name(birth).family\"\n"
			"      G: \"subject.name(primary).given\"\n",
			"{\"F\":\"a\",\"B\":\"b\",\"G\":\"c\"}",
			"subject[1].name[1].kind=primary\nsubject[1].name[1].family=a\nsubject[1].name[1].given=c\n"
			"subject[1].name[2].kind=birth\nsubject[1].name[2].family=b\n",
			NULL},
		{"a selector by a field",
			DEFS_MAP_JSON
			"      P: \"subject.document(type=passport).number\"\n      V: \"subject.document(visa).number\"\n",
			"{\"P\":\"1\",\"V\":\"2\"}",
			"subject[1].document[1].type=passport\nsubject[1].document[1].number=1\n"
			"subject[1].document[2].type=visa\nsubject[1].document[2].number=2\n",
			NULL},
		{"any instance",
			DEFS_MAP_JSON "      D: \"subject.birth(*).date\"\n      P: \"subject.birth(*).place\"\n",
			"{\"D\":\"1965\",\"P\":\"x\"}", "subject[1].birth[1].date=1965\nsubject[1].birth[1].place=x\n",
			NULL},
		{"aliases, case and blanks of names",
			DEFS_MAP_CSV "      Nombre: {to: notice.title, aliases: [Nome]}\n      Id: notice.id\n",
			"nome, ID \na,1\n", "notice.id=1\nnotice.title=a\n", NULL},
		{"attributes and text",
			DEFS_MAP_XML
			"      \"@id\": notice.id\n      T: {map: {\"@x\": notice.version, \"#text\": notice.title}}\n      S: notice.summary\n",
			"<list><r id=\"7\"><T x=\"1 &amp; 2\">t</T><S y=\"3\">s</S></r></list>",
			"notice.id=7\nnotice.version=1 & 2\nnotice.title=t\nnotice.summary=s\n"
			"unmapped[1].format=x\nunmapped[1].path=S/@y\nunmapped[1].value=3\n",
			NULL},
		{"an element with only its text",
			DEFS_MAP_XML "      T: {map: {\"@x\": notice.version, \"#text\": notice.title}}\n",
			DEFS_R("<T>t</T>"), "notice.title=t\n", NULL},
	};
	(void)state;
	check(cases, DGM_COUNT(cases));
}

static void test_shapes(void **state)
{
#define TWO_SHAPES                                                                                                                 \
	DEFS_JSON                                                                                                                  \
	"records:\n  - at: \"\"\n    when: {k: red}\n    set: {notice.type: wanted}\n    only: {subject.kind: [person, vessel]}\n" \
	"    map: {k: {ignore: chooses the shape}, A: notice.id}\n"                                                                \
	"  - at: \"\"\n    when: [{k: \"y*\", o/p: \"*\"}, {B: \"*\"}]\n    set: {notice.type: missing}\n"                         \
	"    map: {k: {ignore: chooses the shape}, o: {ignore: chooses the shape}, B: notice.id}\n"
	static const struct reading cases[] = {
		{"set and only", TWO_SHAPES, "{\"k\":\"red\",\"A\":\"1\"}",
			"notice.id=1\nnotice.type=wanted\nsubject[1].kind=person\n", NULL},
		{"when: all of several", TWO_SHAPES, "{\"k\":\"yellow\",\"o\":{\"p\":null}}", "notice.type=missing\n",
			NULL},
		{"when: not all of several", TWO_SHAPES, "{\"k\":\"yellow\",\"o\":{\"q\":1}}", "1 refused\n", NULL},
		{"when: any of several", TWO_SHAPES, "{\"B\":\"2\"}", "notice.id=2\nnotice.type=missing\n", NULL},
		{"when: the first shape that fits", TWO_SHAPES, "{\"k\":\"red\",\"A\":\"1\",\"B\":\"2\"}",
			"notice.id=1\nnotice.type=wanted\nsubject[1].kind=person\nunmapped[1].format=x\nunmapped[1].path=B\n"
			"unmapped[1].value=2\n",
			NULL},
		{"when: none", TWO_SHAPES, "{\"C\":\"2\"}", "1 refused\n", NULL},
		{"by path",
			DEFS_XML "records:\n  - at: l/p/r\n    set: {subject.kind: person}\n    map: {A: notice.id}\n"
				 "  - at: l/o/r\n    set: {subject.kind: organisation}\n    map: {A: notice.id}\n",
			"<l><p><r><A>1</A></r></p><o><r><A>2</A></r></o></l>",
			"notice.id=1\nsubject[1].kind=person\n\nnotice.id=2\nsubject[1].kind=organisation\n", NULL},
	};
	(void)state;
	check(cases, DGM_COUNT(cases));
}

static void test_repeats(void **state)
{
#define PARTS                                                                                                          \
	DEFS_MAP_JSON "      A: \"subject.name(primary).part[1]\"\n      B: \"subject.name(primary).part[2]\"\n"       \
		      "      C: \"subject.name(primary).part[3]\"\n"
#define PACKED DEFS_MAP_JSON "      A: {to: \"subject.name(alias).full\", split: [\"; \", \";\", \", \"]}\n"
#define PACKED_GROUP                                                                                                   \
	DEFS_MAP_JSON                                                                                                  \
	"      N: {group: subject.name, list: yes, set: {kind: alias}, map: {Q: quality, F: {to: full, split: \"; \"}}}\n"
	static const struct reading cases[] = {
		{"positions", PARTS, "{\"A\":\"a\",\"B\":\"b\",\"C\":\"c\"}",
			"subject[1].name[1].kind=primary\nsubject[1].name[1].part=a\nsubject[1].name[1].part=b\nsubject[1].name[1].part=c\n",
			NULL},
		{"positions with a gap", PARTS, "{\"A\":\"a\",\"C\":\"c\"}",
			"subject[1].name[1].kind=primary\nsubject[1].name[1].part=a\nsubject[1].name[1].part=null\nsubject[1].name[1].part=c\n",
			NULL},
		{"positions with a gap in front", PARTS, "{\"B\":\"b\"}",
			"subject[1].name[1].kind=primary\nsubject[1].name[1].part=null\nsubject[1].name[1].part=b\n",
			NULL},
		{"list", DEFS_MAP_JSON "      L: {to: subject.eye_colour, list: yes}\n", "{\"L\":[\"blue\",\"brown\"]}",
			"subject[1].eye_colour=blue\nsubject[1].eye_colour=brown\n", NULL},
		{"list in a group that repeats",
			DEFS_MAP_JSON "      L: {to: subject.nationality.country, list: yes}\n",
			"{\"L\":[\"DE\",\"NO\"]}",
			"subject[1].nationality[1].country=DE\nsubject[1].nationality[2].country=NO\n", NULL},
		{"a second value without a place", DEFS_MAP_JSON "      L: {to: notice.title, list: yes}\n",
			"{\"L\":[\"a\",\"b\"]}",
			"notice.title=a\nunmapped[1].format=x\nunmapped[1].path=L[]\nunmapped[1].value=b\n", NULL},
		{"split", PACKED, "{\"A\":\"a; b;c, d\"}",
			"subject[1].name[1].kind=alias\nsubject[1].name[1].full=a\nsubject[1].name[2].kind=alias\n"
			"subject[1].name[2].full=b\nsubject[1].name[3].kind=alias\nsubject[1].name[3].full=c\n"
			"subject[1].name[4].kind=alias\nsubject[1].name[4].full=d\n",
			NULL},
		{"split in a group", PACKED_GROUP, "{\"N\":[{\"Q\":\"good\",\"F\":\"a; b\"},{\"F\":\"c\"}]}",
			"subject[1].name[1].kind=alias\nsubject[1].name[1].full=a {a; b}\nsubject[1].name[1].quality=good\n"
			"subject[1].name[2].kind=alias\nsubject[1].name[2].full=b\nsubject[1].name[2].quality=good\n"
			"subject[1].name[3].kind=alias\nsubject[1].name[3].full=c\n",
			NULL},
		{"joins: once and once",
			DEFS_MAP_XML
			"      D: {group: subject.birth, map: {A: date}}\n      P: {group: subject.birth, joins: D, map: {B: city}}\n",
			DEFS_R("<D><A>1965</A></D><P><B>x</B></P>"),
			"subject[1].birth[1].date=1965\nsubject[1].birth[1].city=x\n", NULL},
		{"joins: once and twice",
			DEFS_MAP_XML
			"      D: {group: subject.birth, map: {A: date}}\n      P: {group: subject.birth, joins: D, map: {B: city}}\n",
			DEFS_R("<D><A>1965</A></D><P><B>x</B></P><P><B>y</B></P>"),
			"subject[1].birth[1].date=1965\nsubject[1].birth[2].city=x\nsubject[1].birth[3].city=y\n",
			NULL},
	};
	(void)state;
	check(cases, DGM_COUNT(cases));
}

static void test_values(void **state)
{
#define SEX DEFS_MAP_JSON "      A: {to: subject.sex, codes: {male: [M, Masculin], female: F}}\n"
	static const struct reading cases[] = {
		{"codes", SEX, "{\"A\":\"M\"}", "subject[1].sex=male {M}\n", NULL},
		{"codes, folded", SEX, "{\"A\":\" mASCULIN\"}", "subject[1].sex=male { mASCULIN}\n", NULL},
		{"codes, unknown: other", SEX, "{\"A\":\"?\"}", "subject[1].sex=other {?}\n",
			"warning 0:0 code-unknown: subject.sex: ?\n"},
		{"codes, unknown without other", DEFS_MAP_JSON "      A: {to: notice.status, codes: {active: A}}\n",
			"{\"A\":\"B\"}", "notice.status=? {B}\n", "warning 0:0 code-unknown: notice.status: B\n"},
		{"country", DEFS_MAP_JSON "      A: {to: subject.residence, codes: [country-en, country-es]}\n",
			"{\"A\":\"alemania\"}", "subject[1].residence=DE {alemania}\n", NULL},
		{"country, unknown", DEFS_MAP_JSON "      A: subject.residence\n", "{\"A\":\"Ruritania\"}",
			"subject[1].residence=? {Ruritania}\n",
			"warning 0:0 country-unknown: subject.residence: Ruritania\n"},
		{"nulls", DEFS_MAP_JSON "      A: {to: subject.height, unit: m, nulls: [\"0\"]}\n", "{\"A\":0}",
			"subject[1].height=null {0}\n", NULL},
		{"null", DEFS_MAP_JSON "      A: notice.title\n", "{\"A\":null}", "notice.title=null\n", NULL},
		{"empty is absent", DEFS_MAP_JSON "      A: notice.title\n", "{\"A\":\" \"}", "", NULL},
		{"empty is null", DEFS_MAP_JSON "      A: {to: notice.title, empty: \"null\"}\n", "{\"A\":\"\"}",
			"notice.title=null {}\n", NULL},
		{"prefix", DEFS_MAP_JSON "      A: {to: notice.title, prefix: \"No.\"}\n",
			"{\"A\":\"No. 7\"}\n{\"A\":\"8\"}", "notice.title=7 {No. 7}\n\nnotice.title=8\n", NULL},
		{"dates", DEFS_MAP_JSON "      A: {to: subject.birth.date, date: [dd/MM/yyyy, MM/yyyy, yyyy]}\n",
			"{\"A\":\"12/03/1965\"}\n{\"A\":\"03/1965\"}\n{\"A\":\"1965\"}\n{\"A\":\"31/02/1965\"}\n",
			"subject[1].birth[1].date=1965-03-12 {12/03/1965}\n\nsubject[1].birth[1].date=1965-03 {03/1965}\n\n"
			"subject[1].birth[1].date=1965\n\nsubject[1].birth[1].date=? {31/02/1965}\n",
			"warning 0:0 date-impossible: subject.birth.date: 31/02/1965\n"},
		{"decimal comma and groups",
			DEFS_MAP_JSON "      A: {to: reward.amount, number: {decimal: \",\", group: \".\"}}\n",
			"{\"A\":\"1.234.567,80\"}", "reward[1].amount=1234567.80 {1.234.567,80}\n", NULL},
		{"unit",
			DEFS_MAP_JSON
			"      A: {to: subject.height, unit: m}\n      B: {to: subject.weight, unit: g}\n",
			"{\"A\":1.655,\"B\":\"70500\"}",
			"subject[1].height=165.5 {1.655}\nsubject[1].weight=70.5 {70500}\n", NULL},
		{"numbers keep their digits", DEFS_MAP_JSON "      A: reward.amount\n", "{\"A\":9007199254740993.10}",
			"reward[1].amount=9007199254740993.10\n", NULL},
		{"no number", DEFS_MAP_JSON "      A: event.accuracy\n", "{\"A\":\"1.5\"}",
			"event[1].accuracy=? {1.5}\n", "warning 0:0 number-unparsed: event.accuracy: 1.5\n"},
		{"boolean", DEFS_MAP_JSON "      A: {to: subject.address.current, codes: {true: Y, false: N}}\n",
			"{\"A\":\"Y\"}\n{\"A\":\"?\"}",
			"subject[1].address[1].current=true {Y}\n\nsubject[1].address[1].current=? {?}\n",
			"warning 0:0 boolean-unparsed: subject.address.current: ?\n"},
		{"text is made canonical", DEFS_MAP_JSON "      A: notice.title\n", "{\"A\":\" a\\tb \\u202e\"}",
			"notice.title=a b { a\tb \xE2\x80\xAE}\n", NULL},
	};
	(void)state;
	check(cases, DGM_COUNT(cases));
}

static void test_composites(void **state)
{
#define BIRTH                                                                                                                   \
	DEFS_MAP_XML                                                                                                            \
	"      D:\n        group: subject.birth\n        map:\n"                                                                \
	"          T: {part: date.qualifier, codes: {exact: EXACT, approximate: APPROXIMATELY, between: BETWEEN}}\n"            \
	"          F: {part: date.full, date: [yyyy-MM-dd]}\n          Y: {part: date.year}\n          M: {part: date.month}\n" \
	"          A: {part: date.from}\n          B: {part: date.to}\n          N: note\n"
	static const struct reading cases[] = {
		{"exact", BIRTH, DEFS_R("<D><T>EXACT</T><F>1965-03-12</F></D>"),
			"subject[1].birth[1].date=1965-03-12 {EXACT 1965-03-12}\n", NULL},
		{"exact without its word", BIRTH, DEFS_R("<D><F>1965-03-12</F></D>"),
			"subject[1].birth[1].date=1965-03-12\n", NULL},
		{"year and month", BIRTH, DEFS_R("<D><T>EXACT</T><Y>1965</Y><M>03</M></D>"),
			"subject[1].birth[1].date=1965-03 {EXACT 1965 03}\n", NULL},
		{"about", BIRTH, DEFS_R("<D><T>APPROXIMATELY</T><Y>1965</Y></D>"),
			"subject[1].birth[1].date=1965~ {APPROXIMATELY 1965}\n", NULL},
		{"between", BIRTH, DEFS_R("<D><T>BETWEEN</T><A>1960</A><B>1965</B></D>"),
			"subject[1].birth[1].date=1960/1965 {BETWEEN 1960 1965}\n", NULL},
		{"a word alone is no date", BIRTH, DEFS_R("<D><T>EXACT</T><N>n</N></D>"),
			"subject[1].birth[1].note=n\nunmapped[1].format=x\nunmapped[1].path=D[1]/T\nunmapped[1].value=EXACT\n",
			NULL},
		{"a word alone, and no group", BIRTH, DEFS_R("<D><T>EXACT</T></D>"),
			"unmapped[1].format=x\nunmapped[1].path=D[+1]/T\nunmapped[1].value=EXACT\n", NULL},
		{"no such day", BIRTH, DEFS_R("<D><F>1965-02-31</F></D>"),
			"unmapped[1].format=x\nunmapped[1].path=D[+1]/F\nunmapped[1].value=1965-02-31\n",
			"warning 0:0 date-impossible: subject.birth.date: 1965-02-31\n"},
		{"two, each for itself", BIRTH, DEFS_R("<D><Y>1965</Y></D><D><Y>1966</Y></D>"),
			"subject[1].birth[1].date=1965\nsubject[1].birth[2].date=1966\n", NULL},
	};
	(void)state;
	check(cases, DGM_COUNT(cases));
}

static void test_unmapped(void **state)
{
#define KEPT(n, path, value)                                                                                           \
	"unmapped[" n "].format=x\nunmapped[" n "].path=" path "\nunmapped[" n "].value=" value "\n"
	static const struct reading cases[] = {
		{"literals", DEFS_MAP_JSON "      A: notice.id\n",
			"{\"s\":\"t\",\"n\":1.10,\"b\":true,\"z\":null,\"l\":[],\"e\":\"\"}",
			KEPT("1", "s", "t") KEPT("2", "n", "number 1.10") KEPT("3", "b", "boolean true")
				KEPT("4", "z", "null ") KEPT("5", "l", "empty_list "),
			NULL},
		{"groups and lists", DEFS_MAP_JSON "      A: notice.id\n",
			"{\"g\":{\"h\":{\"i\":\"1\"}},\"l\":[\"2\",\"3\"],\"m\":[{\"n\":\"4\"},{\"n\":\"5\"}]}",
			KEPT("1", "g/h/i", "1") KEPT("2", "l[]", "2") KEPT("3", "l[]", "3") KEPT("4", "m[1]/n", "4")
				KEPT("5", "m[2]/n", "5"),
			NULL},
		{"names with signs", DEFS_MAP_JSON "      A: notice.id\n", "{\"a/b~c[d\":\"1\"}",
			KEPT("1", "a~1b~0c~2d", "1"), NULL},
		{"in mapped groups", DEFS_MAP_XML "      N: {group: subject.name, map: {F: full}}\n",
			DEFS_R("<N><X>0</X></N><N><F>a</F></N><N y=\"9\"><F>b</F><X>1</X></N><N><X>2</X></N>"),
			"subject[1].name[1].full=a\nsubject[1].name[2].full=b\n" KEPT("1", "N[+1]/X", "0")
				KEPT("2", "N[2]/@y", "9") KEPT("3", "N[2]/X", "1") KEPT("4", "N[+2]/X", "2"),
			NULL},
		{"keep", DEFS_MAP_XML "      K: {keep: no home, always: \"\"}\n      L: {keep: no home, always: x}\n",
			DEFS_R("<K/><L>x</L>"), "", NULL},
		{"keep, with a value", DEFS_MAP_XML "      K: {keep: no home, always: \"\"}\n", DEFS_R("<K>v</K>"),
			KEPT("1", "K", "v"), NULL},
		{"ignore", DEFS_MAP_JSON "      K: {ignore: dull}\n", "{\"K\":{\"a\":\"1\",\"b\":[{\"c\":2}]}}", "",
			NULL},
		{"an object where a value is known", DEFS_MAP_JSON "      A: notice.id\n", "{\"A\":{\"b\":\"1\"}}",
			KEPT("1", "A/b", "1"), NULL},
		{"a value where a group is known", DEFS_MAP_JSON "      N: {group: subject.name, map: {F: full}}\n",
			"{\"N\":\"a\"}", KEPT("1", "N", "a"), NULL},
		{"envelope",
			DEFS_XML
			"envelope:\n  list: {map: {\"@date\": {keep: the schema has none}, \"@v\": {ignore: dull}}}\n"
			"records:\n  - at: list/r\n    map: {A: notice.id}\n",
			"<list date=\"d\" v=\"1\" z=\"2\"><r><A>1</A></r><r><A>2</A></r></list>",
			"notice.id=1\n" KEPT("1", "/list/@date", "d") KEPT("2", "/list/@z", "2") "\nnotice.id=2\n",
			NULL},
	};
	(void)state;
	check(cases, DGM_COUNT(cases));
}

/* What stands behind the last record finds no notice, and is counted. */
static void test_leftover(void **state)
{
	struct lab_batch batch;
	(void)state;
	struct dgm_format *format =
		lab_definition(DEFS_TOP "engine: json\nrecords:\n  - at: \"l[]\"\n    map: {A: notice.id}\n");
	lab_batch_init(&batch);
	lab_read(&batch, format, DGM_STR("{\"before\":1,\"l\":[{\"A\":\"1\"}],\"behind\":2,\"more\":{\"x\":3}}"), 0);
	assert_int_equal(batch.count, 1);
	assert_int_equal(batch.leftover, 2);
	lab_batch_done(&batch);
	dgm_format_free(format);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_composites),
		cmocka_unit_test(test_unmapped),
		cmocka_unit_test(test_leftover),
	};
	return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
