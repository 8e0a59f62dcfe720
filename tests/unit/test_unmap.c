/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing by a definition: one small case for each thing that the language can say and for each kind of loss. Notices
 * come from the very format ("native": what it said is put back) or from notice-jsonl ("foreign").
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "defs.h"
#include "lab.h"

struct writing {
	const char *name, *yaml, *native, *foreign;
	const char *bytes; /* NULL: those of native */
	const char *losses;
};

static void check(const struct writing *cases, size_t count)
{
	struct dgm_format *jsonl = lab_shipped("notice-jsonl");
	unsigned differing = 0;
	for (size_t i = 0; i < count; i++) {
		const struct writing *this = &cases[i];
		struct lab_batch batch;
		struct lab_written written;
		struct dgm_format *format = lab_definition(this->yaml);
		lab_batch_init(&batch);
		lab_read(&batch, this->native ? format : jsonl, dgm_str(this->native ? this->native : this->foreign),
			0);
		assert_int_equal(batch.bad + batch.refused, 0);
		assert_true(batch.count > 0);
		lab_write(&written, format, &batch);
		const struct dgm_str want = this->bytes ? dgm_str(this->bytes) : dgm_str(this->native);
		differing += lab_differs(this->name, written.bytes, want);
		differing += lab_differs(this->name, dgm_str_trim(written.losses),
			dgm_str(this->losses ? this->losses : ""));
		lab_written_done(&written);
		lab_batch_done(&batch);
		dgm_format_free(format);
	}
	dgm_format_free(jsonl);
	assert_int_equal(differing, 0);
}

/* How our XML is laid out. */
#define FILE_R(inside) "<?xml version=\"1.0\" encoding=\"UTF-8\"?><list>" inside "</list>"

static void test_places(void **state)
{
	static const struct writing cases[] = {
		{"the definition's order", DEFS_MAP_JSON "      A: notice.id\n      B: subject.sex\n",
			"{\"B\":\"male\",\"A\":\"7\"}\n", NULL, "{\"A\":\"7\",\"B\":\"male\"}\n", NULL},
		{"nested keys, none empty",
			DEFS_MAP_JSON
			"      A: {map: {B: notice.id, C: {map: {D: notice.title}}}}\n      E: {map: {F: notice.version}}\n",
			NULL, "{\"notice\":{\"id\":\"7\"}}", "{\"A\":{\"B\":\"7\"}}\n", NULL},
		{"groups", DEFS_MAP_JSON "      N: {group: subject.name, list: yes, map: {F: full, G: given}}\n",
			"{\"N\":[{\"F\":\"a\"},{\"F\":\"c\",\"G\":\"b\"}]}\n", NULL, NULL, NULL},
		{"group in a group",
			DEFS_MAP_JSON
			"      S: {group: subject, list: yes, map: {N: {group: name, list: yes, map: {F: full}}}}\n",
			"{\"S\":[{\"N\":[{\"F\":\"a\"},{\"F\":\"b\"}]},{\"N\":[{\"F\":\"c\"}]}]}\n", NULL, NULL, NULL},
		{"set selects the instances, with its further codes recoded",
			DEFS_MAP_JSON
			"      N: {group: subject.name, list: yes, set: {kind: [alias, former]}, map: {F: full}}\n",
			NULL,
			"{\"subject\":[{\"name\":[{\"kind\":\"alias\",\"full\":\"a\"},{\"kind\":\"birth\",\"full\":\"b\"},"
			"{\"kind\":\"former\",\"full\":\"c\"}]}]}",
			"{\"N\":[{\"F\":\"a\"},{\"F\":\"c\"}]}\n",
			"recoded subject[1].name[3].kind\nlist_cut subject[1].name[2].kind\nlist_cut subject[1].name[2].full"},
		{"selectors choose instances",
			DEFS_MAP_JSON
			"      F: \"subject.name(primary).family\"\n      P: \"subject.document(type=passport).number\"\n",
			NULL,
			"{\"subject\":[{\"name\":[{\"kind\":\"alias\",\"family\":\"a\"},{\"kind\":\"primary\",\"family\":\"b\"}],"
			"\"document\":[{\"type\":\"visa\",\"number\":\"1\"},{\"type\":\"passport\",\"number\":\"2\"}]}]}",
			"{\"F\":\"b\",\"P\":\"2\"}\n",
			"list_cut subject[1].name[1].kind\nlist_cut subject[1].name[1].family\n"
			"list_cut subject[1].document[1].type\nlist_cut subject[1].document[1].number"},
		{"any instance",
			DEFS_MAP_JSON "      D: \"subject.birth(*).date\"\n      P: \"subject.birth(*).place\"\n", NULL,
			"{\"subject\":[{\"birth\":[{\"date\":\"1965\"},{\"place\":\"x\"},{\"place\":\"y\"}]}]}",
			"{\"D\":\"1965\",\"P\":\"x\"}\n", "list_cut subject[1].birth[3].place"},
		{"only one instance without a star",
			DEFS_MAP_JSON "      D: subject.birth.date\n      P: subject.birth.place\n", NULL,
			"{\"subject\":[{\"birth\":[{\"date\":\"1965\"},{\"place\":\"x\"}]}]}", "{\"D\":\"1965\"}\n",
			"dropped subject[1].birth[2].place"},
		{"attributes and text",
			DEFS_MAP_XML
			"      \"@id\": notice.id\n      T: {map: {\"@x\": notice.version, \"#text\": notice.title}}\n",
			"<list><r id=\"7\"><T x=\"1 &amp; 2\">t</T></r></list>", NULL,
			FILE_R("<r id=\"7\"><T x=\"1 &amp; 2\">t</T></r>"), NULL},
		{"the first name, not the alias",
			DEFS_MAP_CSV "      Nombre: {to: notice.title, aliases: [Nome]}\n      Id: notice.id\n",
			"nome,ID\na,1\n", NULL, "Nombre,Id\na,1\n", NULL},
	};
	(void)state;
	check(cases, DGM_COUNT(cases));
}

static void test_shapes(void **state)
{
#define TWO_SHAPES                                                                                                                 \
	DEFS_JSON                                                                                                                  \
	"records:\n  - at: \"\"\n    when: {k: red}\n    set: {notice.type: wanted}\n    only: {subject.kind: [person, vessel]}\n" \
	"    map: {A: notice.id}\n"                                                                                                \
	"  - at: \"\"\n    when: {k: blue}\n    set: {notice.type: missing}\n    only: {subject.kind: vehicle}\n"                  \
	"    map: {B: notice.id}\n"
#define NOTICE(type, kind) "{\"notice\":{\"id\":\"1\",\"type\":\"" type "\"},\"subject\":[{\"kind\":\"" kind "\"}]}"
	static const struct writing cases[] = {
		{"the shape whose constants agree", TWO_SHAPES, NULL,
			NOTICE("wanted", "person") "\n" NOTICE("missing", "vehicle"), "{\"A\":\"1\"}\n{\"B\":\"1\"}\n",
			NULL},
		{"one of several codes", TWO_SHAPES, NULL, NOTICE("wanted", "vessel"), "{\"A\":\"1\"}\n",
			"recoded subject[1].kind"},
		{"only decides", TWO_SHAPES, NULL, NOTICE("wanted", "vehicle"), "{\"B\":\"1\"}\n",
			"recoded notice.type"},
		{"none", TWO_SHAPES, NULL, NOTICE("wanted", "firearm"), "", ""},
		{"containers in the order of the shapes",
			DEFS_XML "records:\n  - at: l/p/r\n    only: {subject.kind: person}\n    map: {A: notice.id}\n"
				 "  - at: l/o/r\n    only: {subject.kind: organisation}\n    map: {A: notice.id}\n",
			NULL, NOTICE("wanted", "organisation") "\n" NOTICE("wanted", "person"),
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?><l><p><r><A>1</A></r></p><o><r><A>1</A></r></o></l>",
			"dropped notice.type\n\ndropped notice.type"},
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
	"      N: {group: subject.name, list: yes, set: {kind: alias}, map: {F: {to: full, split: [\"; \", \";\"]}}}\n"
	static const struct writing cases[] = {
		{"positions with a gap", PARTS, "{\"A\":\"a\",\"C\":\"c\"}\n", NULL, NULL, NULL},
		{"positions with a gap in front", PARTS, "{\"B\":\"b\"}\n", NULL, NULL, NULL},
		{"more parts than positions", PARTS, NULL,
			"{\"subject\":[{\"name\":[{\"kind\":\"primary\",\"part\":[\"a\",\"b\",\"c\",\"d\"]}]}]}",
			"{\"A\":\"a\",\"B\":\"b\",\"C\":\"c\"}\n", "list_cut subject[1].name[1].part[4]"},
		{"list", DEFS_MAP_JSON "      L: {to: subject.nationality.country, list: yes}\n",
			"{\"L\":[\"DE\",\"NO\"]}\n", NULL, NULL, NULL},
		{"no list", DEFS_MAP_JSON "      L: subject.nationality.country\n", NULL,
			"{\"subject\":[{\"nationality\":[{\"country\":\"DE\"},{\"country\":\"NO\"}]}]}",
			"{\"L\":\"DE\"}\n", "list_cut subject[1].nationality[2].country"},
		{"joined with the first separator", PACKED, NULL,
			"{\"subject\":[{\"name\":[{\"kind\":\"alias\",\"full\":\"a\"},{\"kind\":\"alias\",\"full\":\"b\"}]}]}",
			"{\"A\":\"a; b\"}\n", NULL},
		{"a null between texts has no place", PACKED, NULL,
			"{\"subject\":[{\"name\":[{\"kind\":\"alias\",\"full\":null},{\"kind\":\"alias\",\"full\":\"a\"},"
			"{\"kind\":\"alias\",\"full\":\"b\"}]}]}",
			"{\"A\":\"a; b\"}\n", "null subject[1].name[1].full\nnull subject[1].name[1].kind"},
		{"a null alone", PACKED, "{\"A\":null}\n", NULL, NULL, NULL},
		{"a separator in a value", PACKED, NULL,
			"{\"subject\":[{\"name\":[{\"kind\":\"alias\",\"full\":\"a\"},{\"kind\":\"alias\",\"full\":\"b, c\"}]}]}",
			"{\"A\":\"a; b, c\"}\n", "recoded subject[1].name[2].full"},
		{"a separator in a value of a group", PACKED_GROUP, NULL,
			"{\"subject\":[{\"name\":[{\"kind\":\"alias\",\"full\":\"a;b\"}]}]}",
			"{\"N\":[{\"F\":\"a;b\"}]}\n", "recoded subject[1].name[1].full"},
		{"a packed cell of a group comes back as it was", PACKED_GROUP,
			"{\"N\":[{\"F\":\"a;b; c\"},{\"F\":\"d\"}]}\n", NULL, NULL, NULL},
		{"also one with a single piece", PACKED_GROUP, "{\"N\":[{\"F\":\"; a;\"},{\"F\":\"b \"}]}\n", NULL,
			NULL, NULL},
		{"joins come apart again",
			DEFS_MAP_XML
			"      D: {group: subject.birth, map: {A: date}}\n      P: {group: subject.birth, joins: D, map: {B: city}}\n",
			DEFS_R("<D><A>1965</A></D><P><B>x</B></P>"), NULL,
			FILE_R("<r><D><A>1965</A></D><P><B>x</B></P></r>"), NULL},
	};
	(void)state;
	check(cases, DGM_COUNT(cases));
}

static void test_values(void **state)
{
#define SEX DEFS_OWN_JSON "      A: {to: subject.sex, codes: {male: [M, Masculin], female: F}}\n"
#define HEIGHT(more) DEFS_MAP_JSON "      A: {to: subject.height, unit: m" more "}\n"
	static const struct writing cases[] = {
		{"codes: the first spelling", SEX, NULL,
			"{\"subject\":[{\"sex\":\"male\",\"sex_original\":\"Masculin\"}]}", "{\"A\":\"M\"}\n", NULL},
		{"codes: the source's own", SEX, "{\"A\":\"Masculin\"}\n", NULL, NULL, NULL},
		{"codes: not understood, put back", SEX, "{\"A\":\"?\"}\n", NULL, NULL, NULL},
		{"codes: no spelling", SEX, NULL, "{\"subject\":[{\"sex\":\"unknown\"}]}", "{}\n",
			"dropped subject[1].sex"},
		{"unit and comma", HEIGHT(", number: {decimal: \",\"}"), NULL, "{\"subject\":[{\"height\":\"165.5\"}]}",
			"{\"A\":\"1,655\"}\n", NULL},
		{"a number as a number", HEIGHT(", literal: number"), NULL, "{\"subject\":[{\"height\":\"165\"}]}",
			"{\"A\":1.65}\n", NULL},
		{"a range has no spelling", HEIGHT(""), NULL, "{\"subject\":[{\"height\":\"160/170\"}]}", "{}\n",
			"dropped subject[1].height"},
		{"characters that the encoding lacks",
			DEFS_TOP "engine: json\nencoding: windows-1252\noptions: {layout: lines}\nrecords:\n"
				 "  - at: \"\"\n    map: {A: notice.title}\n",
			NULL, "{\"notice\":{\"title\":\"a\u0416\"}}", "{\"A\":\"a\\u0416\"}\n", NULL},
		{"characters that the encoding lacks, in a syntax without an escape",
			DEFS_CSV "encoding: windows-1252\nrecords:\n  - at: \"\"\n    map: {A: notice.title}\n", NULL,
			"{\"notice\":{\"title\":\"a\u0416\"}}", "A\na?\n", "characters notice.title"},
		{"max", DEFS_MAP_JSON "      A: {to: notice.title, max: 3}\n", NULL,
			"{\"notice\":{\"title\":\"\u00e1\u00e9\u00ed\u00f3\"}}", "{\"A\":\"\u00e1\u00e9\u00ed\"}\n",
			"truncated notice.title"},
		{"max: just enough", DEFS_MAP_JSON "      A: {to: notice.title, max: 4}\n", NULL,
			"{\"notice\":{\"title\":\"\u00e1\u00e9\u00ed\u00f3\"}}",
			"{\"A\":\"\u00e1\u00e9\u00ed\u00f3\"}\n", NULL},
		{"dates: the pattern that fits",
			DEFS_MAP_JSON "      A: {to: subject.birth.date, date: [dd/MM/yyyy, MM/yyyy, yyyy]}\n", NULL,
			"{\"subject\":[{\"birth\":[{\"date\":\"1965-03\"}]}]}", "{\"A\":\"03/1965\"}\n", NULL},
		{"dates: less than it says", DEFS_MAP_JSON "      A: {to: subject.birth.date, date: yyyy}\n", NULL,
			"{\"subject\":[{\"birth\":[{\"date\":\"1965-03\"}]}]}", "{\"A\":\"1965\"}\n",
			"precision subject[1].birth[1].date"},
		{"dates: qualified", DEFS_MAP_JSON "      A: {to: subject.birth.date, date: yyyy}\n", NULL,
			"{\"subject\":[{\"birth\":[{\"date\":\"1965~\"}]}]}", "{\"A\":\"1965\"}\n",
			"precision subject[1].birth[1].date"},
		{"dates: nothing invented", DEFS_MAP_JSON "      A: {to: subject.birth.date, date: dd/MM/yyyy}\n", NULL,
			"{\"subject\":[{\"birth\":[{\"date\":\"1965\"}]}]}", "{}\n",
			"dropped subject[1].birth[1].date"},
		{"dates: no interval", DEFS_MAP_JSON "      A: {to: subject.birth.date, date: yyyy}\n", NULL,
			"{\"subject\":[{\"birth\":[{\"date\":\"1965/1966\"}]}]}", "{}\n",
			"dropped subject[1].birth[1].date"},
		{"originals of another format are not ours",
			DEFS_OWN_JSON "      A: {to: notice.title}\n      B: {to: subject.height, unit: m}\n", NULL,
			"{\"notice\":{\"type\":\"wanted\",\"title\":\"a\",\"title_original\":\" A \"},\"subject\":[{\"height\":\"165\",\"height_original\":\"5 ft\"}]}",
			"{\"A\":\"a\",\"B\":\"1.65\"}\n", "dropped notice.type"},
		{"not understood elsewhere, not written here",
			DEFS_JSON "records:\n  - set: {notice.type: wanted}\n    map: {A: subject.birth.date}\n", NULL,
			"{\"subject\":[{\"birth\":[{\"date_original\":\"spring\"}]}]}", "{}\n",
			"dropped subject[1].birth[1].date"},
		{"or", DEFS_MAP_JSON "      A: {to: subject.name.family, or: [subject.name.full, subject.name.part]}\n",
			NULL, "{\"subject\":[{\"name\":[{\"part\":[\"a\",\"b\"]}]}]}", "{\"A\":\"a b\"}\n",
			"recoded subject[1].name[1].part[1]\nrecoded subject[1].name[1].part[2]"},
		{"or: not needed", DEFS_MAP_JSON "      A: {to: subject.name.family, or: [subject.name.full]}\n", NULL,
			"{\"subject\":[{\"name\":[{\"full\":\"b a\",\"family\":\"a\"}]}]}", "{\"A\":\"a\"}\n",
			"dropped subject[1].name[1].full"},
	};
	(void)state;
	check(cases, DGM_COUNT(cases));
}

static void test_nulls(void **state)
{
	static const struct writing cases[] = {
		{"null comes back", DEFS_MAP_JSON "      A: notice.title\n", "{\"A\":null}\n", NULL, NULL, NULL},
		{"a word for null comes back", DEFS_MAP_JSON "      A: {to: notice.title, nulls: [\"-\", \"N/A\"]}\n",
			"{\"A\":\"n/a\"}\n", NULL, NULL, NULL},
		{"always null", DEFS_MAP_JSON "      A: {to: notice.title, always: null}\n", NULL,
			"{\"notice\":{\"title\":null}}", "{\"A\":null}\n", NULL},
		{"the word for nulls from elsewhere",
			DEFS_CSV
			"nulls: [\"-\"]\n\"null\": \"-\"\nrecords:\n  - at: \"\"\n    set: {notice.type: wanted}\n    map: {A: notice.title}\n",
			NULL, "{\"notice\":{\"title\":null,\"title_original\":\"none\"}}", "A\n-\n", NULL},
		{"a value that is the word for null", DEFS_MAP_JSON "      A: {to: notice.title, nulls: [na]}\n", NULL,
			"{\"notice\":{\"title\":\"Na\"}}", "{\"A\":\"Na\"}\n", "recoded notice.title"},
		{"a value that begins with the prefix", DEFS_MAP_JSON "      A: {to: notice.title, prefix: \"No.\"}\n",
			NULL, "{\"notice\":{\"title\":\"No. 7\"}}", "{\"A\":\"No. 7\"}\n", "recoded notice.title"},
		{"no spelling for null",
			DEFS_JSON "records:\n  - set: {notice.type: wanted}\n    map: {A: notice.title}\n", NULL,
			"{\"notice\":{\"title\":null}}", "{}\n", "null notice.title"},
	};
	(void)state;
	check(cases, DGM_COUNT(cases));
}

static void test_always(void **state)
{
	static const struct writing cases[] = {
		{"texts and null and list",
			DEFS_MAP_JSON
			"      A: {to: notice.title, always: \"\"}\n      B: {to: notice.version, always: \"1\"}\n"
			"      C: {to: notice.summary, always: null}\n      D: {keep: no home, always: []}\n"
			"      E: {to: notice.id, always: \"null\"}\n",
			NULL, "{\"notice\":{\"version\":\"2\"}}",
			"{\"A\":\"\",\"B\":\"2\",\"C\":null,\"D\":[],\"E\":\"null\"}\n", NULL},
		{"a group's keys",
			DEFS_MAP_XML
			"      A: notice.id\n      N: {group: subject.name, always: {Q: \"\", F: x}, map: {Q: note, F: full}}\n",
			NULL, "{\"notice\":{\"id\":\"1\"}}", FILE_R("<r><A>1</A><N><Q/><F>x</F></N></r>"), NULL},
		{"not where there is one",
			DEFS_MAP_XML
			"      N: {group: subject.name, always: {Q: \"\"}, map: {Q: note, F: {to: full, always: \"-\"}}}\n",
			NULL, "{\"subject\":[{\"name\":[{\"note\":\"n\"}]}]}", FILE_R("<r><N><Q>n</Q><F>-</F></N></r>"),
			NULL},
	};
	(void)state;
	check(cases, DGM_COUNT(cases));
}

static void test_composites(void **state)
{
#define BIRTH                                                                                                          \
	DEFS_XML                                                                                                       \
	"records:\n  - at: list/r\n    set: {notice.issuer: X}\n    map:\n"                                            \
	"      D:\n        group: subject.birth\n        map:\n"                                                       \
	"          T: {part: date.qualifier, codes: {exact: EXACT, approximate: APPROXIMATELY, between: BETWEEN}}\n"   \
	"          F: {part: date.full, date: [yyyy-MM-dd]}\n          Y: {part: date.year}\n"                         \
	"          A: {part: date.from}\n          B: {part: date.to}\n          N: note\n"
#define DATE(date) "{\"subject\":[{\"birth\":[{\"date\":\"" date "\"}]}]}"
#define D(inside) FILE_R("<r><D>" inside "</D></r>")
	static const struct writing cases[] = {
		{"exact", BIRTH, NULL, DATE("1965-03-12"), D("<T>EXACT</T><F>1965-03-12</F>"), NULL},
		{"about", BIRTH, NULL, DATE("1965~"), D("<T>APPROXIMATELY</T><Y>1965</Y>"), NULL},
		{"between", BIRTH, NULL, DATE("1960/1965"), D("<T>BETWEEN</T><A>1960</A><B>1965</B>"), NULL},
		{"year of a month", BIRTH, NULL, DATE("1965-03"), D("<T>EXACT</T><Y>1965</Y>"),
			"precision subject[1].birth[1].date"},
		{"uncertain", BIRTH, NULL, DATE("1965?"), D("<T>EXACT</T><Y>1965</Y>"),
			"precision subject[1].birth[1].date"},
		{"interval of days", BIRTH, NULL, DATE("1965-03-12/1965-03-14"),
			D("<T>BETWEEN</T><A>1965</A><B>1965</B>"), "precision subject[1].birth[1].date"},
		{"open interval", BIRTH, NULL, DATE("../1965"), FILE_R("<r/>"), "dropped subject[1].birth[1].date"},
		{"back as it came", BIRTH,
			DEFS_R("<D><T>EXACT</T><N>n</N></D><D><F>1965-02-31</F></D><D><Y>1966</Y></D>"), NULL,
			FILE_R("<r><D><T>EXACT</T><N>n</N></D><D><Y>1966</Y></D><D><F>1965-02-31</F></D></r>"), NULL},
	};
	(void)state;
	check(cases, DGM_COUNT(cases));
}

static void test_unmapped(void **state)
{
	static const struct writing cases[] = {
		{"literals", DEFS_MAP_JSON "      A: notice.id\n",
			"{\"A\":\"1\",\"s\":\"t\",\"n\":1.10,\"b\":true,\"z\":null,\"l\":[]}\n", NULL, NULL, NULL},
		{"groups and lists", DEFS_MAP_JSON "      A: notice.id\n",
			"{\"A\":\"1\",\"g\":{\"h\":{\"i\":\"1\"}},\"l\":[\"2\",\"3\"],\"m\":[{\"n\":\"4\"},{\"n\":\"5\"}]}\n",
			NULL, NULL, NULL},
		{"names with signs", DEFS_MAP_JSON "      A: notice.id\n", "{\"a/b~c[d\":\"1\"}\n", NULL, NULL, NULL},
		{"in mapped groups", DEFS_MAP_XML "      N: {group: subject.name, map: {F: full}}\n",
			DEFS_R("<N><F>a</F></N><N y=\"9\"><F>b</F><X>1</X></N><N><X>2</X></N><N><X>3</X></N>"), NULL,
			FILE_R("<r><N><F>a</F></N><N y=\"9\"><F>b</F><X>1</X></N><N><X>2</X></N><N><X>3</X></N></r>"),
			NULL},
		{"keep and ignore", DEFS_MAP_JSON "      K: {keep: no home}\n      I: {ignore: dull}\n",
			"{\"K\":\"v\",\"I\":\"w\"}\n", NULL, "{\"K\":\"v\"}\n", NULL},
		{"those of another format", DEFS_MAP_JSON "      A: notice.id\n", NULL,
			"{\"notice\":{\"id\":\"1\"},\"unmapped\":[{\"format\":\"y\",\"path\":\"B\",\"value\":\"2\"}]}",
			"{\"A\":\"1\"}\n", "dropped unmapped[1].value"},
		{"a second value without a place", DEFS_MAP_JSON "      A: {to: notice.title, list: yes}\n",
			"{\"A\":[\"a\",\"b\"]}\n", NULL, NULL, NULL},
		{"no place in a table", DEFS_MAP_CSV "      A: notice.id\n", "A,B\n1,2\n", NULL, "A\n1\n",
			"dropped unmapped[1].value"},
		{"envelope",
			DEFS_XML
			"envelope:\n  list: {map: {\"@date\": {keep: the schema has none, always: never}, \"@v\": {ignore: dull, always: \"1\"}}}\n"
			"records:\n  - at: list/r\n    map: {A: notice.id}\n",
			"<list date=\"d\" v=\"2\" z=\"3\"><r><A>1</A></r></list>", NULL,
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?><list date=\"d\" v=\"1\" z=\"3\"><r><A>1</A></r></list>",
			NULL},
		{"envelope of a foreign notice",
			DEFS_XML "envelope:\n  list: {map: {\"@date\": {keep: the schema has none, always: never}}}\n"
				 "records:\n  - at: list/r\n    map: {A: notice.id}\n",
			NULL, "{\"notice\":{\"id\":\"1\"}}",
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?><list date=\"never\"><r><A>1</A></r></list>", NULL},
	};
	(void)state;
	check(cases, DGM_COUNT(cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_nulls),
		cmocka_unit_test(test_always),
		cmocka_unit_test(test_composites),
		cmocka_unit_test(test_unmapped),
	};
	return cmocka_run_group_tests_name("unmap", tests, NULL, NULL);
}
