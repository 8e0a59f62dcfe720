/* SPDX-License-Identifier: Apache-2.0 */
/* Shapes of tables and lists that real exports have: keys told apart by a value, numbered columns, numbered lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "format/definition.h"
#include "lab.h"

static const char told_apart[] = "format: demo\ntitle: t\nstatus: reference\nengine: xml\n"
				 "records:\n"
				 "  - at: list/entry\n"
				 "    set: {notice.type: wanted, notice.issuer: X, subject.kind: person}\n"
				 "    map:\n"
				 "      \"@id\": notice.id\n"
				 "      field:\n"
				 "        by: \"@name\"\n"
				 "        map:\n"
				 "          \"(1) No\": {ignore: a running number}\n"
				 "          \"(3) Name\": \"subject.name(primary).full\"\n"
				 "          \"(8) Other Names\": {to: \"subject.name(alias).full\", split: \"@\"}\n"
				 "          \"(9) Nationality\": {to: subject.title, list: yes}\n"
				 "          \"(13) Date 0f Listed\": {keep: no home}\n";

static const char numbered[] = "format: tab\ntitle: t\nstatus: reference\nengine: csv\ntable: yes\n"
			       "records:\n"
			       "  - at: \"\"\n"
			       "    set: {notice.type: wanted, notice.issuer: X, subject.kind: person}\n"
			       "    map:\n"
			       "      id: notice.id\n"
			       "      aliases:\n"
			       "        numbered: 2\n"
			       "        group: subject.name\n"
			       "        set: {kind: alias}\n"
			       "        map:\n"
			       "          \"Alias {n}\": full\n"
			       "          \"Alias {n} quality\": {to: quality, codes: {good: Good, low: Low}}\n"
			       "      Titles: {to: subject.title, split: numbered}\n";

/* Reads, compares the first notice, writes, and compares the bytes. */
static void check(const char *definition, const char *source, const char *notice, const char *written)
{
	struct dgm_format *format = lab_definition(definition);
	struct lab_batch batch;
	struct lab_written result;
	struct dgm_arena arena = {0};
	lab_batch_init(&batch);
	lab_read(&batch, format, dgm_str(source), 0);
	assert_int_equal(batch.count, 1);
	lab_same("notice", lab_dump(&arena, &batch.notices[0]), dgm_str(notice));
	lab_write(&result, format, &batch);
	lab_same("written", result.bytes, dgm_str(written));
	lab_written_done(&result);
	lab_batch_done(&batch);
	dgm_arena_done(&arena);
	dgm_format_free(format);
}

static void keys_told_apart_by_a_value(void **state)
{
	(void)state;
	check(told_apart,
		"<list><entry id=\"7\"><field name=\"(1) No\">1</field><field name=\"(3) Name\">ANNA</field>"
		"<field name=\"(8) Other Names\">A@B</field><field name=\"(9) Nationality\">x</field>"
		"<field name=\"(9) Nationality\">y</field><field name=\"(13) Date 0f Listed\">12 May</field>"
		"<field name=\"odd\">v</field><field name=\"(3) Name\">second</field></entry></list>",
		"notice.id=7\nnotice.type=wanted\nnotice.issuer=X\nsubject[1].kind=person\nsubject[1].title=x\n"
		"subject[1].title=y\nsubject[1].name[1].kind=primary\nsubject[1].name[1].full=ANNA\n"
		"subject[1].name[2].kind=alias\nsubject[1].name[2].full=A\nsubject[1].name[3].kind=alias\n"
		"subject[1].name[3].full=B\n"
		"unmapped[1].format=demo\nunmapped[1].path=field/#text\nunmapped[1].value=second\n"
		"unmapped[2].format=demo\nunmapped[2].path=field/@name\nunmapped[2].value=(3) Name\n"
		"unmapped[3].format=demo\nunmapped[3].path=field[2]/#text\nunmapped[3].value=12 May\n"
		"unmapped[4].format=demo\nunmapped[4].path=field[2]/@name\nunmapped[4].value=(13) Date 0f Listed\n"
		"unmapped[5].format=demo\nunmapped[5].path=field[3]/@name\nunmapped[5].value=odd\n"
		"unmapped[6].format=demo\nunmapped[6].path=field[3]/#text\nunmapped[6].value=v\n",
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<list>\n  <entry id=\"7\">\n"
		"    <field name=\"(3) Name\">ANNA</field>\n    <field name=\"(8) Other Names\">A@B</field>\n"
		"    <field name=\"(9) Nationality\">x</field>\n    <field name=\"(9) Nationality\">y</field>\n"
		"    <field name=\"(3) Name\">second</field>\n    <field name=\"(13) Date 0f Listed\">12 May</field>\n"
		"    <field name=\"odd\">v</field>\n  </entry>\n</list>\n");
}

static void columns_with_numbers(void **state)
{
	(void)state;
	check(numbered,
		"id,Alias 1,Alias 1 quality,Alias 2,Alias 2 quality,Titles\n1,A,Good,B,,\"1. Haji\n2. Dr 5. of\n3) Prof\"\n",
		"notice.id=1\nnotice.type=wanted\nnotice.issuer=X\nsubject[1].kind=person\nsubject[1].title=Haji\n"
		"subject[1].title=Dr 5. of\nsubject[1].title=Prof\n"
		"subject[1].name[1].kind=alias\nsubject[1].name[1].full=A\nsubject[1].name[1].quality=good {Good}\n"
		"subject[1].name[2].kind=alias\nsubject[1].name[2].full=B\n",
		"id,Alias 1,Alias 1 quality,Alias 2,Alias 2 quality,Titles\n1,A,Good,B,,\"1. Haji\n2. Dr 5. of\n3. Prof\"\n");
}

static void a_list_that_the_definition_takes_for_single(void **state)
{
	(void)state;
	check("format: jl\ntitle: t\nstatus: reference\nengine: json\nrecords:\n  - at: \"\"\n"
	      "    set: {notice.type: wanted, notice.issuer: X, subject.kind: person}\n"
	      "    map: {id: notice.id, t: subject.ethnicity}\n",
		"{\"id\":\"1\",\"t\":[\"a\",\"b\"]}\n",
		"notice.id=1\nnotice.type=wanted\nnotice.issuer=X\nsubject[1].kind=person\nsubject[1].ethnicity=a\n"
		"unmapped[1].format=jl\nunmapped[1].path=t[]\nunmapped[1].value=b\n",
		"{\"id\":\"1\",\"t\":[\"a\",\"b\"]}\n");
}

/* The numbers are read wherever a list begins with one, and written where they are the first way. */
static void numbers_beside_other_separators(void **state)
{
	static const struct {
		const char *split, *cell, *notice, *written;
	} cases[] = {
		{"[numbered, \"; \"]", "\"1. A\n2. B; C\"", "{A}{B; C}", "\"1. A\n2. B; C\""},
		{"[numbered, \"; \"]", "A; B", "{A}{B}", "\"1. A\n2. B\""},
		{"[\"; \", numbered]", "\"1. A\n2. B\"", "{A}{B}", "A; B"},
		{"[\"; \", numbered]", "A; 2. B; 1. C", "{A}{2. B}{1. C}", "A; 2. B; 1. C"},
		{"[\"; \", numbered]", "Dr numbered", "{Dr numbered}", "Dr numbered"},
		{"numbered", "2. A; B", "{2. A; B}", "2. A; B"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		char definition[512], source[64], written[64], notice[512];
		snprintf(definition, sizeof definition,
			"format: sep\ntitle: t\nstatus: reference\nengine: csv\ntable: yes\nrecords:\n  - at: \"\"\n"
			"    set: {notice.issuer: X}\n    map: {id: notice.id, t: {to: subject.title, split: %s}}\n",
			cases[i].split);
		snprintf(source, sizeof source, "id,t\n1,%s\n", cases[i].cell);
		snprintf(written, sizeof written, "id,t\n1,%s\n", cases[i].written);
		size_t n = (size_t)snprintf(notice, sizeof notice, "notice.id=1\nnotice.issuer=X\n");
		for (const char *c = cases[i].notice; *c; c++)
			n += *c == '{' ? (size_t)snprintf(notice + n, sizeof notice - n, "subject[1].title=")
				       : (size_t)snprintf(notice + n, sizeof notice - n, "%c", *c == '}' ? '\n' : *c);
		check(definition, source, notice, written);
	}
}

static const char one_cell[] =
	"format: cell\ntitle: t\nstatus: reference\nengine: csv\ntable: yes\noptions: {delimiter: \";\"}\n"
	"records:\n"
	"  - at: \"\"\n"
	"    set: {notice.type: wanted, notice.issuer: X, subject.kind: person}\n"
	"    map:\n"
	"      id: notice.id\n"
	"      naissance:\n"
	"        pattern: [\"{date} à {place}\", \"{date}\", \"à {place}\"]\n"
	"        map:\n"
	"          date: {to: \"subject.birth(*).date\", date: [dd/MM/yyyy, yyyy]}\n"
	"          place: \"subject.birth(*).place\"\n";

static void several_values_in_one_cell(void **state)
{
	static const struct {
		const char *cell, *notice;
	} cases[] = {
		{"16/04/1972 à Ville-Exemple",
			"subject[1].birth[1].date=1972-04-16 {16/04/1972}\nsubject[1].birth[1].place=Ville-Exemple\n"},
		{"1972", "subject[1].birth[1].date=1972\n"},
		{"à Ville", "subject[1].birth[1].place=Ville\n"},
		{"vers 1970", "unmapped[1].format=cell\nunmapped[1].path=naissance\nunmapped[1].value=vers 1970\n"},
		{"31/02/1972 à Ville",
			"unmapped[1].format=cell\nunmapped[1].path=naissance\nunmapped[1].value=31/02/1972 à Ville\n"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		char source[256], notice[512];
		snprintf(source, sizeof source, "id;naissance\n1;%s\n", cases[i].cell);
		snprintf(notice, sizeof notice,
			"notice.id=1\nnotice.type=wanted\nnotice.issuer=X\nsubject[1].kind=person\n%s",
			cases[i].notice);
		check(one_cell, source, notice, source);
	}
}

static void digits_of_any_script(void **state)
{
	static const struct {
		const char *cell, *notice;
	} cases[] = {
		{"١٦/٠٤/١٩٧٢", "subject[1].birth[1].date=1972-04-16 {١٦/٠٤/١٩٧٢}\n"},
		{"۱۹۷۲", "subject[1].birth[1].date=1972 {۱۹۷۲}\n"},
		{"１９７２", "subject[1].birth[1].date=1972 {１９７２}\n"},
		{"16/٠٤/1972", "unmapped[1].format=cell\nunmapped[1].path=naissance\nunmapped[1].value=16/٠٤/1972\n"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		char source[256], notice[512];
		snprintf(source, sizeof source, "id;naissance\n1;%s\n", cases[i].cell);
		snprintf(notice, sizeof notice,
			"notice.id=1\nnotice.type=wanted\nnotice.issuer=X\nsubject[1].kind=person\n%s",
			cases[i].notice);
		check(one_cell, source, notice, source);
	}
}

static const char marks[] =
	"format: tab\ntitle: t\nstatus: reference\nengine: csv\ntable: yes\noptions: {delimiter: \";\"}\n"
	"records:\n"
	"  - at: \"\"\n"
	"    set: {notice.type: wanted, notice.issuer: X, subject.kind: person}\n"
	"    map:\n"
	"      id: notice.id\n"
	"      marks:\n"
	"        group: notice.handling\n"
	"        set: {scheme: europol}\n"
	"        split: [\" | \", \"|\"]\n"
	"        pattern: [\"{code}: {text}\", \"{code}\"]\n"
	"        map:\n"
	"          code: {to: code, codes: {H1: H1, H2: H2}, split: [\" \", \", \"]}\n"
	"          text: text\n"
	"      grade:\n"
	"        pattern: [\"{s:1}{i:1}\", \"{s:1}/{i:1}\", \"{s:1}\", \"{i:1}\"]\n"
	"        map:\n"
	"          s: {to: notice.evaluation.source, codes: {a: A, b: B}}\n"
	"          i: {to: notice.evaluation.information, codes: {\"1\": \"1\", \"2\": \"2\"}}\n";

static void several_groups_in_one_cell(void **state)
{
	static const struct {
		const char *cell, *notice, *back; /* back: where it is another */
	} cases[] = {
		{"H1;", "notice.handling[1].scheme=europol\nnotice.handling[1].code=H1\n", NULL},
		{"h2 | H1: only here;",
			"notice.handling[1].scheme=europol\nnotice.handling[1].code=H2 {h2}\n"
			"notice.handling[2].scheme=europol\nnotice.handling[2].code=H1\nnotice.handling[2].text=only here\n",
			NULL},
		/* The first of several keeps how they stood together; what is said of them is said of each. */
		{"H1 H2 | H3: a, b;",
			"notice.handling[1].scheme=europol\nnotice.handling[1].code=H1 {H1 H2}\n"
			"notice.handling[2].scheme=europol\nnotice.handling[2].code=H2\n"
			"notice.handling[3].scheme=europol\nnotice.handling[3].code=H3\nnotice.handling[3].text=a, b\n",
			NULL},
		{"H1, H2: both;",
			"notice.handling[1].scheme=europol\nnotice.handling[1].code=H1 {H1, H2}\nnotice.handling[1].text=both\n"
			"notice.handling[2].scheme=europol\nnotice.handling[2].code=H2\nnotice.handling[2].text=both\n",
			NULL},
		{";B2", "notice.evaluation.source=b {B}\nnotice.evaluation.information=2\n", NULL},
		{";A/1", "notice.evaluation.source=a {A}\nnotice.evaluation.information=1\n", ";A1"},
		{";B", "notice.evaluation.source=b {B}\n", NULL},
		{";2", "notice.evaluation.information=2\n", NULL},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		char source[256], notice[512], back[256];
		snprintf(source, sizeof source, "id;marks;grade\n1;%s\n", cases[i].cell);
		snprintf(notice, sizeof notice,
			"notice.id=1\nnotice.type=wanted\nnotice.issuer=X\n%ssubject[1].kind=person\n",
			cases[i].notice);
		snprintf(back, sizeof back, "id;marks;grade\n1;%s\n", cases[i].back ? cases[i].back : cases[i].cell);
		check(marks, source, notice, back);
	}
}

static void a_text_that_would_read_otherwise_is_told(void **state)
{
	static const struct {
		const char *handling, *losses;
	} cases[] = {
		{"{\"scheme\":\"europol\",\"code\":\"H3\",\"text\":\"a: b\"}", ""},
		{"{\"scheme\":\"europol\",\"code\":\"H3\",\"text\":\"a | b\"}",
			"recoded notice.handling[1].code\nrecoded notice.handling[1].text\n"},
		{"{\"scheme\":\"europol\",\"code\":\"H3: x\"}", "recoded notice.handling[1].code\n"},
		{"{\"scheme\":\"europol\",\"text\":\"no code\"}",
			"dropped notice.handling[1].scheme\ndropped notice.handling[1].text\n"},
		{"{\"scheme\":\"europol\",\"code\":\"H1\",\"code_original\":\"H1 H2\"},"
		 "{\"scheme\":\"europol\",\"code\":\"H2\",\"text\":\"more\"}",
			""},
	};
	struct dgm_format *format = lab_definition(marks), *source = lab_shipped("notice-jsonl");
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct lab_batch batch;
		struct lab_written written;
		char notice[512];
		lab_batch_init(&batch);
		snprintf(notice, sizeof notice,
			"{\"notice\":{\"id\":\"1\",\"type\":\"wanted\",\"issuer\":\"X\",\"handling\":[%s]},"
			"\"subject\":[{\"kind\":\"person\"}]}\n",
			cases[i].handling);
		lab_read(&batch, source, dgm_str(notice), 0);
		lab_write(&written, format, &batch);
		lab_same(cases[i].handling, written.losses_of[0], dgm_str(cases[i].losses));
		lab_written_done(&written);
		lab_batch_done(&batch);
	}
	dgm_format_free(format);
	dgm_format_free(source);
}

static const char dates[] = "format: d\ntitle: t\nstatus: reference\nengine: json\nrecords:\n  - at: \"\"\n"
			    "    set: {notice.type: wanted, notice.issuer: Y, subject.kind: person}\n"
			    "    map: {id: notice.id, born: {to: subject.birth.date, date: [yyyy, MM/yyyy]}}\n";

static void the_most_precise_pattern_is_written(void **state)
{
	struct dgm_format *source = lab_shipped("notice-jsonl"), *target = lab_definition(dates);
	struct dgm_arena arena = {0};
	struct lab_heard heard;
	(void)state;
	lab_heard_init(&heard);
	const struct dgm_str bytes =
		DGM_STR("{\"notice\":{\"id\":\"1\",\"type\":\"wanted\",\"issuer\":\"X\"},"
			"\"subject\":[{\"kind\":\"person\",\"birth\":[{\"date\":\"1965-03-12\"}]}]}\n");
	lab_same("written", lab_convert(&arena, source, target, bytes, 0, &heard),
		DGM_STR("{\"id\":\"1\",\"born\":\"03/1965\"}\n"));
	lab_heard_done(&heard);
	dgm_arena_done(&arena);
	dgm_format_free(source);
	dgm_format_free(target);
}

static const char alike[] =
	"format: al\ntitle: t\nstatus: reference\nengine: csv\ntable: yes\nrecords:\n"
	"  - at: \"\"\n"
	"    name: wanted\n"
	"    when: {t: W}\n"
	"    set: {notice.type: wanted, notice.issuer: X}\n"
	"    map: {id: notice.id, t: {ignore: says the shape, always: W}, place: charge.place}\n"
	"  - at: \"\"\n"
	"    like: wanted\n"
	"    set: {notice.type: missing, notice.issuer: X}\n"
	"    map: {place: \"event(disappearance).place\", t: {ignore: says the shape, always: M}, more: notice.title}\n";

/* Positions are filled in any order of the keys. */
static void positions_in_any_order(void **state)
{
	(void)state;
	check("format: pos\ntitle: t\nstatus: reference\nengine: csv\ntable: yes\nrecords:\n  - at: \"\"\n"
	      "    set: {notice.issuer: X}\n    map:\n"
	      "      c: \"subject.name(primary).part[3]\"\n      b: \"subject.name(primary).part[2]\"\n"
	      "      a: \"subject.name(primary).part[1]\"\n",
		"c,b,a\n3,,1\n",
		"notice.issuer=X\nsubject[1].name[1].kind=primary\nsubject[1].name[1].part=1\nsubject[1].name[1].part=null\n"
		"subject[1].name[1].part=3\n",
		"c,b,a\n3,,1\n");
}

/* A code that is also a word of the source, but not the first, comes back as it was. */
static void a_word_that_is_the_code(void **state)
{
	(void)state;
	check("format: w\ntitle: t\nstatus: reference\nengine: csv\ntable: yes\nrecords:\n  - at: \"\"\n"
	      "    set: {notice.issuer: X}\n    map: {id: notice.id, s: {to: subject.sex, codes: {male: [m, male], female: female}}}\n",
		"id,s\n1,male\n", "notice.id=1\nnotice.issuer=X\nsubject[1].sex=male {male}\n", "id,s\n1,male\n");
}

static void a_shape_like_another(void **state)
{
	(void)state;
	check(alike, "id,t,place,more\n1,W,A,\n",
		"notice.id=1\nnotice.type=wanted\nnotice.issuer=X\ncharge[1].place=A\n", "id,t,place,more\n1,W,A,\n");
	check(alike, "id,t,place,more\n1,M,A,B\n",
		"notice.id=1\nnotice.type=missing\nnotice.issuer=X\nnotice.title=B\nevent[1].kind=disappearance\n"
		"event[1].place=A\n",
		"id,t,place,more\n1,M,A,B\n");
}

/* What older files say at a key of its own is written where it stands now. */
static void a_key_that_is_only_read(void **state)
{
	(void)state;
	check("format: old\ntitle: t\nstatus: reference\nengine: json\noptions: {layout: lines}\nrecords:\n  - at: \"\"\n"
	      "    set: {notice.issuer: X}\n"
	      "    map:\n"
	      "      id: notice.id\n"
	      "      passport: {to: \"subject.document(passport).number\", written: no}\n"
	      "      kind: {ignore: which shape, always: \"1\", literal: number}\n"
	      "      documents: {group: subject.document, list: yes, map: {type: type, no: number}}\n",
		"{\"id\":\"1\",\"passport\":[\"A1\",\"B2\"],\"kind\":1}\n",
		"notice.id=1\nnotice.issuer=X\nsubject[1].document[1].type=passport\nsubject[1].document[1].number=A1\n"
		"unmapped[1].format=old\nunmapped[1].path=passport[]\nunmapped[1].value=B2\n",
		"{\"id\":\"1\",\"passport\":[\"B2\"],\"kind\":1,\"documents\":[{\"type\":\"passport\",\"no\":\"A1\"}]}\n");
}

static void two_keys_for_one_value_are_refused(void **state)
{
	(void)state;
	struct lab_heard heard;
	lab_heard_init(&heard);
	const struct dgm_str yaml = DGM_STR(
		"format: t\ntitle: t\nstatus: reference\nengine: csv\nrecords:\n  - at: \"\"\n"
		"    map: {Id: notice.id, A1: \"subject.name(alias).full\", A2: \"subject.name(alias).full\"}\n");
	assert_null(dgm_format_parse(yaml, "t.yaml", NULL, &heard.sink));
	assert_non_null(strstr(heard.text, "error 7:58 definition-shape"));
	lab_heard_done(&heard);
}

static const char names[] = "format: tab\ntitle: t\nstatus: reference\nengine: csv\ntable: yes\n"
			    "options: {delimiter: \";\"}\nnulls: [N/A]\n"
			    "records:\n"
			    "  - at: \"\"\n"
			    "    set: {notice.type: wanted, notice.issuer: X, subject.kind: person}\n"
			    "    map:\n"
			    "      id: notice.id\n"
			    "      name:\n"
			    "        pattern: [\"{family}, {given}\", \"{full}\"]\n"
			    "        map:\n"
			    "          family: \"subject.name(primary).family\"\n"
			    "          given: \"subject.name(primary).given\"\n"
			    "          full:\n"
			    "            to: \"subject.name(primary).full\"\n"
			    "            or: [\"subject.name(primary).part\", \"subject.name(primary).family\"]\n"
			    "      eyes: {to: subject.eye_colour, codes: {blue: Blue, grey: Grey}, split: \"/\"}\n";

static void what_stands_in_for_a_hole(void **state)
{
	static const struct {
		const char *name, *cell, *losses;
	} cases[] = {
		{"\"family\":\"A\",\"given\":\"B\"", "A, B", ""},
		{"\"full\":\"A B\"", "A B", ""},
		{"\"family\":\"A\"", "A", "recoded subject[1].name[1].family\n"},
		{"\"part\":[\"A\",\"B\"]", "A B",
			"recoded subject[1].name[1].part[1]\nrecoded subject[1].name[1].part[2]\n"},
		{"\"given\":\"B\"", "", "dropped subject[1].name[1].kind\ndropped subject[1].name[1].given\n"},
	};
	struct dgm_format *format = lab_definition(names), *source = lab_shipped("notice-jsonl");
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct lab_batch batch;
		struct lab_written written;
		char notice[512], want[128];
		lab_batch_init(&batch);
		snprintf(notice, sizeof notice,
			"{\"notice\":{\"id\":\"1\",\"type\":\"wanted\",\"issuer\":\"X\"},"
			"\"subject\":[{\"kind\":\"person\",\"name\":[{\"kind\":\"primary\",%s}]}]}\n",
			cases[i].name);
		snprintf(want, sizeof want, "id;name;eyes\n1;%s;\n", cases[i].cell);
		lab_read(&batch, source, dgm_str(notice), 0);
		lab_write(&written, format, &batch);
		lab_same(cases[i].name, written.bytes, dgm_str(want));
		lab_same(cases[i].name, written.losses_of[0], dgm_str(cases[i].losses));
		lab_written_done(&written);
		lab_batch_done(&batch);
	}
	dgm_format_free(format);
	dgm_format_free(source);
}

/* A word for nothing with a separator in it; and a source that wrote the schema's own spelling. */
static void what_the_source_wrote_comes_back(void **state)
{
	(void)state;
	check(names, "id;name;eyes\n1;A;N/A\n",
		"notice.id=1\nnotice.type=wanted\nnotice.issuer=X\nsubject[1].kind=person\n"
		"subject[1].eye_colour=null {N/A}\nsubject[1].name[1].kind=primary\nsubject[1].name[1].full=A\n",
		"id;name;eyes\n1;A;N/A\n");
	check(names, "id;name;eyes\n1;A;blue/Grey\n",
		"notice.id=1\nnotice.type=wanted\nnotice.issuer=X\nsubject[1].kind=person\n"
		"subject[1].eye_colour=blue {blue}\nsubject[1].eye_colour=grey {Grey}\n"
		"subject[1].name[1].kind=primary\nsubject[1].name[1].full=A\n",
		"id;name;eyes\n1;A;blue/Grey\n");
}

static void patterns_that_are_none(void **state)
{
	static const char *const wrong[] = {"{to: notice.title, pattern: \"{a}\"}",
		"{pattern: \"{a}{b}\", map: {a: notice.title, b: subject.title}}",
		"{pattern: \"{a:0}{b}\", map: {a: notice.title, b: subject.title}}",
		"{pattern: \"{a:x}{b}\", map: {a: notice.title, b: subject.title}}",
		"{pattern: \"{a:100}{b}\", map: {a: notice.title, b: subject.title}}",
		"{pattern: \"{:1}{b}\", map: {a: notice.title, b: subject.title}}",
		"{pattern: \"{a}\", split: \"; \", map: {a: notice.title}}",
		"{group: charge, pattern: \"{a}\", map: {b: text}}"};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(wrong); i++) {
		struct lab_heard heard;
		char text[512];
		lab_heard_init(&heard);
		snprintf(text, sizeof text,
			"format: t\ntitle: t\nstatus: reference\nengine: csv\nrecords:\n  - at: \"\"\n    map:\n      A: %s\n",
			wrong[i]);
		assert_null(dgm_format_parse(dgm_str(text), "t.yaml", NULL, &heard.sink));
		if (!strstr(heard.text, "definition-shape"))
			fail_msg("%s: %s", wrong[i], heard.text);
		lab_heard_done(&heard);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_told_apart_by_a_value),
		cmocka_unit_test(columns_with_numbers),
		cmocka_unit_test(numbers_beside_other_separators),
		cmocka_unit_test(several_values_in_one_cell),
		cmocka_unit_test(several_groups_in_one_cell),
		cmocka_unit_test(a_text_that_would_read_otherwise_is_told),
		cmocka_unit_test(digits_of_any_script),
		cmocka_unit_test(a_list_that_the_definition_takes_for_single),
		cmocka_unit_test(the_most_precise_pattern_is_written),
		cmocka_unit_test(a_word_that_is_the_code),
		cmocka_unit_test(positions_in_any_order),
		cmocka_unit_test(a_shape_like_another),
		cmocka_unit_test(a_key_that_is_only_read),
		cmocka_unit_test(two_keys_for_one_value_are_refused),
		cmocka_unit_test(patterns_that_are_none),
		cmocka_unit_test(what_stands_in_for_a_hole),
		cmocka_unit_test(what_the_source_wrote_comes_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
