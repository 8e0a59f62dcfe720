/* SPDX-License-Identifier: Apache-2.0 */
/* Detection: by what stands in the first bytes, never by names, and with an answer only where one is better than all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/detect.h"
#include "lab.h"

static struct dgm_search *search;
static struct dgm_catalog *catalog;

static int open_catalog(void **state)
{
	const struct dgm_str folder = DGM_STR(DGM_TEST_FORMAT_DIR);
	(void)state;
	search = dgm_search_new(DGM_SEARCH_FORMATS, &folder, 1, NULL);
	catalog = dgm_catalog_new(search);
	return catalog->count ? 0 : -1;
}

static int close_catalog(void **state)
{
	(void)state;
	dgm_catalog_free(catalog);
	dgm_search_free(search);
	return 0;
}

/* The answer, "-" without one, and the candidates behind it: "un-sc: un-sc 3". */
static const char *detected_in(struct dgm_catalog *in, struct dgm_str head)
{
	static char text[512];
	struct dgm_detection detection;
	dgm_detect(in, head, &detection);
	size_t len = (size_t)snprintf(text, sizeof text,
		"%.*s:", DGM_FMT(detection.answer.len ? detection.answer : DGM_STR("-")));
	for (size_t i = 0; i < detection.count; i++) {
		assert_true(detection.candidates[i].evidence.len > 0);
		len += (size_t)snprintf(text + len, sizeof text - len, " %.*s %u",
			DGM_FMT(detection.candidates[i].format), detection.candidates[i].match);
	}
	dgm_detection_done(&detection);
	return text;
}

static const char *detected(const char *head)
{
	return detected_in(catalog, dgm_str(head));
}

#define AMERIPOL "Proceso;Primer Nombre;Primer Apellido;Fecha nacimiento;Delito"

static void test_signatures(void **state)
{
	static const struct {
		const char *head, *answer;
	} cases[] = {
		{"<CONSOLIDATED_LIST>", "un-sc: un-sc 3"},
		{"\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- <notices> -->\n<?x y?><CONSOLIDATED_LIST a='b' >",
			"un-sc: un-sc 3"},
		{"<CONSOLIDATED_LISTS>", "-:"},
		{"<consolidated_list>", "-:"},
		{"<notices xmlns=\"urn:dragoman:notice:1\">", "notice-xml: notice-xml 3"},
		{"<n:notices version='1' xmlns:n = 'urn:dragoman:notice:1'>", "notice-xml: notice-xml 3"},
		{"<notices xmlns=\"urn:dragoman:notice:2\">", "-:"},
		{"<notices>", "-:"},
		{"[{\"entity_id\":\"1\",\"_links\":{}}]", "interpol: interpol 3"},
		{" {\"a\":{\"entity_id\" : 1},\"_links\":2}", "interpol: interpol 3"},
		{"[{\"x\":\"entity_id\",\"y\":\"_links\"}]", "-:"},
		{"{\"notice\":{},\"subject\":[]}", "notice-jsonl: notice-jsonl 3"},
		{"[{\"notice\":{},\"subject\":[]}]", "notice-json: notice-json 3"},
		{AMERIPOL "\r\n", "ameripol: ameripol 3"},
		{"\"proceso\"; Primer nombre ;x;PRIMER APELLIDO;Delito;Fecha nacimiento\n", "ameripol: ameripol 3"},
		{"Processo;Nome;Sobrenome;Data de nascimento;Crime\n", "ameripol: ameripol 3"},
		{"Proceso;Primer Nombre;Primer Apellido\n", "ameripol: ameripol 2"},
		/* Too little to be an answer, enough to be told. */
		{"Proceso;x\n", "-: ameripol 1"},
		{"Proceso,Primer Nombre,Primer Apellido,Fecha nacimiento,Delito\n", "-:"},
		{"x\n" AMERIPOL "\n", "-:"},
		{"notice.id,notice.type,notice.issuer,subject.kind\n", "notice-csv: notice-csv 3"},
		{"", "-:"},
		{"\n", "-:"},
		/* A piece of a first row, and of a root. */
		{AMERIPOL, "-:"},
		{AMERIPOL "\r1;2;3;4;5\r", "ameripol: ameripol 3"},
		{"<CONSOLIDATED_LIST", "-:"},
		/* Half of the words. */
		{"[{\"a\":1,\"_links\":{}}]", "-: interpol 1"},
		{"<", "-:"},
		{"<!-- ", "-:"},
		{"{", "-:"},
		{"[\"", "-:"},
		{"[\"\\", "-:"},
		{"\xFF\xFE", "-:"},
		{"\x7F"
		 "ELF",
			"-:"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++)
		lab_same(cases[i].head, dgm_str(detected(cases[i].head)), dgm_str(cases[i].answer));
}

static void test_charsets(void **state)
{
	static const char windows[] =
		"N\xB0 orden;Proceso;Primer Nombre;Primer Apellido;Fecha nacimiento;Delito;\xD3rgano\r\n";
	char wide[512] = "\xFF\xFE";
	/* Where a mark says what the bytes are, the definition's encoding has no say. */
	char marked[512];
	snprintf(marked, sizeof marked, "\xEF\xBB\xBF%s\n", AMERIPOL);
	const char *text = "<?xml version=\"1.0\" encoding=\"utf-16\"?><CONSOLIDATED_LIST/>\n";
	size_t len = 2;
	(void)state;
	assert_string_equal(detected_in(catalog, dgm_str(windows)), "ameripol: ameripol 3");
	assert_string_equal(detected(marked), "ameripol: ameripol 3");
	for (; *text; text++) {
		wide[len++] = *text;
		wide[len++] = '\0';
	}
	assert_string_equal(detected_in(catalog, dgm_str_of(wide, len)), "un-sc: un-sc 3");
	/* A root element's name in the declared charset, in the format's own, and in UTF-8. */
	static const char root[] = "<\xCF\xE5\xF0\xE5\xF7\xE5\xED\xFC>";
	char declared[128];
	snprintf(declared, sizeof declared, "<?xml version='1.0' encoding='windows-1251'?>%s", root);
	assert_string_equal(detected_in(catalog, dgm_str(declared)), "sco: sco 3");
	assert_string_equal(detected_in(catalog, dgm_str(root)), "sco: sco 3");
	assert_string_equal(detected_in(catalog, DGM_STR("<Перечень>")), "sco: sco 3");
	snprintf(declared, sizeof declared, "<?xml version='1.0' encoding='koi8-r'?>%s", root);
	assert_string_equal(detected_in(catalog, dgm_str(declared)), "-:");
	/* The same with an odd byte at its end, as a cut head has it. */
	assert_string_equal(detected_in(catalog, dgm_str_of(wide, len - 1)), "un-sc: un-sc 3");
	assert_true(dgm_str_is(dgm_detect_xml_encoding(DGM_STR("<?xml version='1.0' encoding='iso-8859-1'?><a/>")),
		"iso-8859-1"));
	assert_true(dgm_str_is(dgm_detect_xml_encoding(DGM_STR("\xEF\xBB\xBF<?xml encoding = \"utf-8\"?>")), "utf-8"));
	assert_int_equal(dgm_detect_xml_encoding(DGM_STR("<?xml version='1.0'?><a encoding='x'/>")).len, 0);
	assert_int_equal(dgm_detect_xml_encoding(DGM_STR("<a/>")).len, 0);
}

static void write_file(const char *folder, const char *name, const char *text)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

#define DEFINITION(id, detect)                                                                                         \
	"format: " id "\ntitle: T\nstatus: modelled\nengine: json\ndetect: " detect                                    \
	"\nrecords:\n  - map: {A: notice.id}\n"

/* Equal ones are a tie, the more particular one wins, and what does not compile is not asked. */
static void test_ties(void **state)
{
	char folder[] = "/tmp/dgm-detect-XXXXXX";
	static const char *const names[] = {"a.yaml", "b.yaml", "c.yaml", "d.yaml", "e.yaml", ".f.yaml", "g.yml"};
	struct lab_heard heard;
	(void)state;
	assert_non_null(mkdtemp(folder));
	write_file(folder, "a.yaml", DEFINITION("a", "{members: [x, y]}"));
	write_file(folder, "b.yaml", DEFINITION("b", "{members: [x, z]}"));
	write_file(folder, "c.yaml", DEFINITION("c", "{members: [x, y, w]}"));
	write_file(folder, "d.yaml", DEFINITION("d", "{members: []}\nbroken: yes"));
	write_file(folder, "e.yaml", DEFINITION("other", "{members: [x]}"));
	write_file(folder, ".f.yaml", DEFINITION("f", "{members: [x]}"));
	write_file(folder, "g.yml", DEFINITION("g", "{members: [x]}"));
	const struct dgm_str path = dgm_str(folder);
	struct dgm_search *own = dgm_search_new(DGM_SEARCH_FORMATS, &path, 1, NULL);
	own->count = 1; /* none of the shipped ones */
	struct dgm_catalog *few = dgm_catalog_new(own);
	assert_int_equal(few->count, 5);
	assert_string_equal(detected_in(few, DGM_STR("{\"x\":1,\"y\":2,\"z\":3}")), "-: a 3 b 3 c 2");
	assert_string_equal(detected_in(few, DGM_STR("{\"x\":1,\"y\":2}")), "a: a 3 c 2 b 1");
	assert_string_equal(detected_in(few, DGM_STR("{\"x\":1,\"y\":2,\"w\":3}")), "c: c 3 a 3 b 1");
	assert_string_equal(detected_in(few, DGM_STR("{\"w\":1}")), "-: c 1");

	lab_heard_init(&heard);
	assert_non_null(dgm_catalog_get(few, DGM_STR("a"), &heard.sink));
	assert_ptr_equal(dgm_catalog_get(few, DGM_STR("a"), &heard.sink),
		dgm_catalog_get(few, DGM_STR("a"), &heard.sink));
	assert_int_equal(heard.len, 0);
	assert_null(dgm_catalog_get(few, DGM_STR("nothing-like-it"), &heard.sink));
	assert_string_equal(heard.text,
		"error 0:0 format-unknown: there is no format \"nothing-like-it\"; \"dragoman formats\" lists them\n");
	dgm_catalog_free(few);
	/* Asked for by name, a broken one says why. */
	few = dgm_catalog_new(own);
	heard.len = 0;
	assert_null(dgm_catalog_get(few, DGM_STR("e"), &heard.sink));
	assert_string_equal(heard.text,
		"error 0:0 definition-shape: the definition says format \"other\"; the file's name says \"e\"\n");
	heard.len = 0;
	assert_null(dgm_catalog_get(few, DGM_STR("d"), &heard.sink));
	assert_string_equal(heard.text, "error 6:1 definition-unknown-key: \"broken\" is not a key of a definition\n");
	lab_heard_done(&heard);
	dgm_catalog_free(few);
	dgm_search_free(own);
	for (size_t i = 0; i < DGM_COUNT(names); i++) {
		char name[512];
		snprintf(name, sizeof name, "%s/%s", folder, names[i]);
		unlink(name);
	}
	rmdir(folder);
}

/* Columns outside of ASCII, in each encoding that the definition names, and in none other. */
static void test_columns_in_encodings(void **state)
{
	char folder[] = "/tmp/dgm-detect-XXXXXX", file[512];
	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(file, sizeof file, "%s/cyr.yaml", folder);
	write_file(folder, "cyr.yaml",
		"format: cyr\ntitle: T\nstatus: modelled\nengine: csv\nencoding: windows-1251\n"
		"accepts: [utf-8, koi8-r, utf-16le]\n"
		"detect: {columns: [\u0418\u043c\u044f, \u041f\u043e\u043b]}\nrecords:\n  - map: {A: notice.id}\n");
	const struct dgm_str path = dgm_str(folder);
	struct dgm_search *own = dgm_search_new(DGM_SEARCH_FORMATS, &path, 1, NULL);
	own->count = 1;
	struct dgm_catalog *few = dgm_catalog_new(own);
	const struct dgm_str heads[] = {DGM_STR("\xC8\xEC\xFF,\xCF\xEE\xEB\n"),
		DGM_STR("\u0418\u043c\u044f,\u041f\u043e\u043b\n"),
		DGM_STR("\xEF\xBB\xBF\u0418\u043c\u044f,\u041f\u043e\u043b\n"),
		DGM_STR("\xE9\xCD\xD1,\xF0\xCF\xCC\r\n"),
		DGM_STR("\x18\x04\x3C\x04\x4F\x04,\0\x1F\x04\x3E\x04\x3B\x04\n\0"),
		DGM_STR("\xFF\xFE\x18\x04\x3C\x04\x4F\x04,\0\x1F\x04\x3E\x04\x3B\x04\n\0")};
	for (size_t i = 0; i < DGM_COUNT(heads); i++)
		assert_string_equal(detected_in(few, heads[i]), "cyr: cyr 3");
	/* ISO 8859-5, which is not accepted. */
	assert_string_equal(detected_in(few, DGM_STR("\xB8\xDC\xEF,\xBF\xDE\xDB\n")), "-:");
	dgm_catalog_free(few);
	dgm_search_free(own);
	unlink(file);
	rmdir(folder);
}

/* A column counts under any of its names, where enough of them are there. */
static void test_other_names(void **state)
{
	char folder[] = "/tmp/dgm-detect-XXXXXX", file[512], near[512];
	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(file, sizeof file, "%s/table.yaml", folder);
	snprintf(near, sizeof near, "%s/near.yaml", folder);
	write_file(folder, "table.yaml",
		"format: table\ntitle: T\nstatus: modelled\nengine: csv\ntable: yes\n"
		"detect: {columns: [A, B, C, D, E]}\nrecords:\n"
		"  - at: \"\"\n    when: {A: x}\n    map: {A: {to: notice.id, aliases: [A1]}}\n"
		"  - at: \"\"\n    map:\n      A: {to: notice.id, aliases: [A2, A1]}\n"
		"      B1: {to: notice.title, aliases: [B, \"B 2\"]}\n"
		"      C: {group: subject.birth, pattern: [\"{p}\"], aliases: [C1], map: {p: {to: place, aliases: [C2]}}}\n"
		"      D: {keep: x, aliases: [D1]}\n");
	write_file(folder, "near.yaml",
		"format: near\ntitle: T\nstatus: modelled\nengine: csv\ntable: yes\n"
		"detect: {columns: [A2, B1, C1, D1, E]}\nrecords:\n  - map: {A2: {to: notice.id, aliases: [A3]}}\n");
	const struct dgm_str path = dgm_str(folder);
	struct dgm_search *own = dgm_search_new(DGM_SEARCH_FORMATS, &path, 1, NULL);
	own->count = 1;
	struct dgm_catalog *few = dgm_catalog_new(own);
	static const struct {
		const char *head, *answer;
	} cases[] = {
		{"A,B,C,D,E\n", "table: table 3 near 1"},
		{"A1,B1,C,D,E\n", "table: table 3 near 1"},
		{"E,d1,\"b 2\",C1,a2\n", "table: table 3 near 2"},
		{"A1,B1,C1,D1\n", "near: near 2 table 2"},
		/* Names in a pattern's hole are no columns. */
		{"A1,B1,C2,D1,X\n", "-: near 1"},
		/* Too few of them, or too few in all. */
		{"A1,B,C\n", "-: table 1"},
		{"A,B,C1\n", "-: table 1 near 1"},
		{"A,B,C,D1\n", "table: table 2 near 1"},
		/* Own names before others. */
		{"A2,B1,C1,D1,E\n", "near: near 3 table 3"},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++)
		lab_same(cases[i].head, dgm_str(detected_in(few, dgm_str(cases[i].head))), dgm_str(cases[i].answer));
	dgm_catalog_free(few);
	dgm_search_free(own);
	unlink(file);
	unlink(near);
	rmdir(folder);
}

static void test_elements(void **state)
{
	char folder[] = "/tmp/dgm-detect-XXXXXX", file[512];
	static const char *const names[] = {"few", "more", "plain", "space"};
	(void)state;
	assert_non_null(mkdtemp(folder));
	write_file(folder, "few.yaml", DEFINITION("few", "{root: report, elements: [a, b]}"));
	write_file(folder, "more.yaml", DEFINITION("more", "{root: report, elements: [a, b, c]}"));
	write_file(folder, "plain.yaml", DEFINITION("plain", "{root: list}"));
	write_file(folder, "space.yaml", DEFINITION("space", "{root: report, namespace: \"urn:x\", elements: [z]}"));
	const struct dgm_str path = dgm_str(folder);
	struct dgm_search *own = dgm_search_new(DGM_SEARCH_FORMATS, &path, 1, NULL);
	own->count = 1;
	struct dgm_catalog *catalog_here = dgm_catalog_new(own);
	static const struct {
		const char *head, *answer;
	} cases[] = {
		{"<report><a/><x:b y='1'>1</x:b>", "few: few 3 more 2"},
		{"<report><r><a>1</a></r><r><b>2</b><c>3</c>", "more: more 3 few 3"},
		{"<report><a/><c/>", "more: more 2 few 1"},
		{"<report>", "-: few 1 more 1"},
		{"<report><!-- <a/> --><![CDATA[<b/>]]></a><ab/>", "-: few 1 more 1"},
		{"<report xmlns='urn:x'><a/><b/>", "few: few 3 more 2 space 1"},
		/* Both fit, and neither asks for what the other does. */
		{"<report xmlns='urn:x'><a/><b/><z/>", "-: few 3 space 3 more 2"},
		{"<other><a/><b/><c/>", "-:"},
		{"<list><a/>", "plain: plain 3"},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++)
		lab_same(cases[i].head, dgm_str(detected_in(catalog_here, dgm_str(cases[i].head))),
			dgm_str(cases[i].answer));
	dgm_catalog_free(catalog_here);
	dgm_search_free(own);
	for (size_t i = 0; i < DGM_COUNT(names); i++) {
		snprintf(file, sizeof file, "%s/%s.yaml", folder, names[i]);
		unlink(file);
	}
	rmdir(folder);
}

static void test_guess(void **state)
{
	struct lab_heard heard;
	(void)state;
	lab_heard_init(&heard);
	assert_null(dgm_catalog_get(catalog, DGM_STR("interpool"), &heard.sink));
	assert_string_equal(heard.text,
		"error 0:0 format-unknown: there is no format \"interpool\"; did you mean \"interpol\"?\n");
	lab_heard_done(&heard);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_charsets),
		cmocka_unit_test(test_ties),
		cmocka_unit_test(test_columns_in_encodings),
		cmocka_unit_test(test_other_names),
		cmocka_unit_test(test_elements),
		cmocka_unit_test(test_guess),
	};
	return cmocka_run_group_tests_name("detect", tests, open_catalog, close_catalog);
}
