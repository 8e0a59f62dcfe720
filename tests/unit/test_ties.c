/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What keys of a definition have to do with each other: maps that several share, containers that say what their group is,
 * instances inside one another, keys that leave to others what those take. Reading is shown as dumps of notices, writing
 * as bytes and losses; what was read is also written back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "defs.h"
#include "lab.h"

#define OWN_XML DEFS_XML "records:\n  - at: list/r\n    set: {notice.issuer: X}\n    map:\n"
#define FILE_R(inside) "<?xml version=\"1.0\" encoding=\"UTF-8\"?><list><r>" inside "</r></list>"

struct tie {
	const char *name, *yaml;
	const char *native; /* read, and written back as it was */
	const char *dump;   /* of native; NULL: not looked at */
	const char *foreign, *bytes, *losses;
};

static void read_all(struct lab_batch *ret_batch, const struct dgm_format *format, const char *text)
{
	lab_batch_init(ret_batch);
	lab_read(ret_batch, format, dgm_str(text), 0);
	assert_int_equal(ret_batch->bad + ret_batch->refused, 0);
	assert_true(ret_batch->count > 0);
}

static unsigned check_write(const struct tie *this, const struct dgm_format *format, struct lab_batch *batch,
	const char *bytes, const char *losses)
{
	struct lab_written written;
	lab_write(&written, format, batch);
	unsigned differing = lab_differs(this->name, written.bytes, dgm_str(bytes));
	differing += lab_differs(this->name, dgm_str_trim(written.losses), dgm_str(losses));
	lab_written_done(&written);
	lab_batch_done(batch);
	return differing;
}

static void check(const struct tie *cases, size_t count)
{
	struct dgm_format *jsonl = lab_shipped("notice-jsonl");
	unsigned differing = 0;
	for (size_t i = 0; i < count; i++) {
		const struct tie *this = &cases[i];
		struct dgm_format *format = lab_definition(this->yaml);
		if (this->native) {
			struct lab_batch batch;
			read_all(&batch, format, this->native);
			if (this->dump)
				differing += lab_differs(this->name, lab_dump(&batch.arena, &batch.notices[0]),
					dgm_str(this->dump));
			differing += check_write(this, format, &batch, this->native, "");
		}
		if (this->foreign) {
			struct lab_batch batch;
			read_all(&batch, jsonl, this->foreign);
			differing += check_write(this, format, &batch, this->bytes, this->losses ? this->losses : "");
		}
		dgm_format_free(format);
	}
	dgm_format_free(jsonl);
	assert_int_equal(differing, 0);
}

static void test_maps(void **state)
{
	static const struct tie cases[] = {
		{"maps are used by several keys, in front of their own",
			DEFS_XML "maps:\n  name: {F: family, G: given}\n"
				 "records:\n  - at: list/r\n    set: {notice.issuer: X}\n    map:\n"
				 "      A: {group: subject.name, set: {kind: primary}, use: name}\n"
				 "      B: {group: subject.name, set: {kind: alias}, use: name, map: {N: note}}\n",
			FILE_R("<A><F>f</F><G>g</G></A><B><G>h</G><N>n</N></B>"),
			"notice.issuer=X\nsubject[1].name[1].kind=primary\nsubject[1].name[1].family=f\n"
			"subject[1].name[1].given=g\nsubject[1].name[2].kind=alias\nsubject[1].name[2].given=h\n"
			"subject[1].name[2].note=n\n",
			NULL, NULL, NULL},
		{"an alias inside a container that has no line",
			OWN_XML "      D: {group: subject.document, aliases: [Ds/D], map: {N: number}}\n",
			FILE_R("<D><N>1</N></D><D><N>2</N></D>"), NULL, NULL, NULL, NULL},
	};
	check(cases, DGM_COUNT(cases));
	(void)state;
}

static void test_container_alias(void **state)
{
	struct dgm_format *format =
		lab_definition(OWN_XML "      D: {group: subject.document, aliases: [Ds/D], map: {N: number}}\n"
				       "      E: {to: \"subject.contact(email).value\", list: yes, aliases: [Es/E]}\n");
	struct lab_batch batch;
	read_all(&batch, format,
		"<list><r><Ds><D><N>1</N></D><D><N>2</N></D></Ds><Es><E>a</E><E>b</E></Es></r></list>");
	lab_same("containers", lab_dump(&batch.arena, &batch.notices[0]),
		DGM_STR("notice.issuer=X\nsubject[1].contact[1].kind=email\nsubject[1].contact[1].value=a\n"
			"subject[1].contact[2].kind=email\nsubject[1].contact[2].value=b\n"
			"subject[1].document[1].number=1\nsubject[1].document[2].number=2\n"));
	lab_batch_done(&batch);
	dgm_format_free(format);
	(void)state;
}

#define CHOICE                                                                                                         \
	OWN_XML "      P:\n        group: subject\n        set: {kind: [person, organisation]}\n        map:\n"        \
		"          H: {aliases: [MyH], set: {kind: person}, map: {F: \"name(primary).full\", T: {keep: t}}}\n" \
		"          E: {set: {kind: [organisation, vessel]}, map: {N: \"name(primary).full\"}}\n"               \
		"          R: {keep: r, or: [notice.title], always: \"-\"}\n"

static void test_choice(void **state)
{
	static const struct tie cases[] = {
		{"a container says what its group is", CHOICE,
			FILE_R("<P><H><F>a</F></H><R>x</R></P><P><E><N>b</N></E><R>-</R></P>"),
			"notice.issuer=X\nsubject[1].kind=person\nsubject[1].name[1].kind=primary\n"
			"subject[1].name[1].full=a\nsubject[2].kind=organisation\nsubject[2].name[1].kind=primary\n"
			"subject[2].name[1].full=b\nunmapped[1].format=x\nunmapped[1].path=P[1]/R\nunmapped[1].value=x\n",
			"{\"notice\":{\"title\":\"t\"},\"subject\":[{\"kind\":\"organisation\",\"name\":[{\"kind\":\"primary\","
			"\"full\":\"b\"}]},{\"kind\":\"person\",\"name\":[{\"kind\":\"primary\",\"full\":\"a\"}]}]}",
			FILE_R("<P><E><N>b</N></E><R>t</R></P><P><H><F>a</F></H><R>-</R></P>"), "recoded notice.title"},
		{"kept values bring their alias back", CHOICE,
			FILE_R("<P><MyH><F>a</F><T>t</T></MyH><R>-</R></P><P><H><F>b</F><T>t</T></H><R>-</R></P>"),
			NULL, NULL, NULL, NULL},
	};
	check(cases, DGM_COUNT(cases));
	(void)state;
}

#define LINK                                                                                                                 \
	OWN_XML "      T:\n        group: event\n        map:\n          D: place\n"                                         \
		"          From: {group: subject, link: event, set: {involvement: sender}, map: {N: \"name(primary).full\"," \
		" Dir: {group: subject, link: principal, set: {involvement: director}, map: {N: \"name(primary).full\"}}}}\n"

static void test_link(void **state)
{
	static const struct tie cases[] = {
		{"an instance knows the number of the one around it", LINK,
			FILE_R("<T><D>x</D><From><N>a</N><Dir><N>b</N></Dir><Dir><N>c</N></Dir></From></T>"
			       "<T><D>y</D><From><N>d</N><Dir><N>e</N></Dir></From></T>"),
			NULL, NULL, NULL, NULL},
		{"and is written inside that one", LINK, NULL, NULL,
			"{\"subject\":[{\"event\":\"2\",\"involvement\":\"sender\",\"name\":[{\"kind\":\"primary\",\"full\":\"a\"}]},"
			"{\"event\":\"1\",\"involvement\":\"sender\",\"name\":[{\"kind\":\"primary\",\"full\":\"b\"}]},"
			"{\"principal\":\"1\",\"involvement\":\"director\",\"name\":[{\"kind\":\"primary\",\"full\":\"c\"}]},"
			"{\"event\":\"3\",\"involvement\":\"sender\",\"name\":[{\"kind\":\"primary\",\"full\":\"d\"}]}],"
			"\"event\":[{\"place\":\"x\"},{\"place\":\"y\"}]}",
			FILE_R("<T><D>x</D><From><N>b</N></From></T><T><D>y</D><From><N>a</N><Dir><N>c</N></Dir></From></T>"),
			"list_cut subject[4].involvement\nlist_cut subject[4].event\nlist_cut subject[4].name[1].kind\n"
			"list_cut subject[4].name[1].full"},
	};
	check(cases, DGM_COUNT(cases));
	(void)state;
}

#define REST                                                                                                           \
	OWN_XML "      PN: {to: \"subject.document(passport).number\", without: ID}\n"                                 \
		"      PC: {to: \"subject.document(passport).country\", without: ID}\n"                                \
		"      ID: {group: subject.document, map: {N: {to: number, required: group},"                          \
		" D: {to: issued, date: yyyy-MM-dd, required: group}, C: country}}\n"

static void test_leaving_to_others(void **state)
{
	static const struct tie cases[] = {
		{"what another key takes is not for this one", REST,
			FILE_R("<PN>1</PN><PC>FR</PC><ID><N>2</N><D>2001-02-03</D></ID>"), NULL,
			"{\"subject\":[{\"document\":[{\"type\":\"passport\",\"number\":\"1\",\"issued\":\"2001-02-03\"},"
			"{\"type\":\"passport\",\"number\":\"2\",\"issued\":\"2001\",\"country\":\"FR\"},"
			"{\"type\":\"visa\",\"number\":\"3\"}]}]}",
			FILE_R("<PN>2</PN><PC>FR</PC><ID><N>1</N><D>2001-02-03</D></ID>"),
			"list_cut subject[1].document[1].type\nlist_cut subject[1].document[2].issued\n"
			"list_cut subject[1].document[3].type\nlist_cut subject[1].document[3].number"},
		{"one of two", OWN_XML "      A: {keep: a}\n      B: {to: notice.title, unless: A, always: \"-\"}\n",
			FILE_R("<A>1</A>"), NULL, "{\"notice\":{\"title\":\"t\"}}", FILE_R("<B>t</B>"), NULL},
		{"one only beside the other",
			OWN_XML "      A: {to: notice.title}\n      B: {to: notice.version, with: A, always: \"-\"}\n",
			FILE_R("<A>1</A><B>-</B>"), NULL, "{\"notice\":{\"version\":\"t\"}}",
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?><list><r/></list>", "dropped notice.version"},
		{"only words of the list", OWN_XML "      A: {to: notice.title, codes: {a: b}, listed: yes}\n",
			FILE_R("<A>b</A>"), NULL, "{\"notice\":{\"title\":\"t\"}}",
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?><list><r/></list>", "dropped notice.title"},
		{"an empty word of a constant takes those without a value",
			OWN_XML
			"      S: {group: subject, set: {involvement: [party, \"\"]}, map: {N: \"name(primary).full\"}}\n",
			FILE_R("<S><N>a</N></S>"), NULL,
			"{\"subject\":[{\"name\":[{\"kind\":\"primary\",\"full\":\"a\"}]},"
			"{\"involvement\":\"x\",\"name\":[{\"kind\":\"primary\",\"full\":\"b\"}]}]}",
			FILE_R("<S><N>a</N></S>"),
			"dropped subject[2].involvement\nlist_cut subject[2].name[1].kind\nlist_cut subject[2].name[1].full"},
	};
	check(cases, DGM_COUNT(cases));
	(void)state;
}

static void test_values(void **state)
{
	static const struct tie cases[] = {
		{"characters that the target takes",
			OWN_XML
			"      A: {to: \"subject.name(primary).given\", characters: \"a-zA-Z .'-\", always: \"-\"}\n"
			"      B: {to: \"subject.name(primary).family\", characters: \"a-zA-Z .'-\", always: \"-\"}\n"
			"      C: {to: notice.title, characters: \"a-zA-Z -\"}\n",
			FILE_R("<A>O'Neil</A><B>-</B>"), NULL,
			"{\"notice\":{\"title\":\"A & B (C), Straße\"},\"subject\":[{\"name\":[{\"kind\":\"primary\","
			"\"given\":\"José Ñuñez’ Łé\",\"family\":\"Иванов\"}]}]}",
			FILE_R("<A>Jose Nunez' Le</A><B>-</B><C>A B C Strasse</C>"),
			"characters subject[1].name[1].given\ncharacters notice.title\ndropped subject[1].name[1].family"},
		{"several values in what one text takes",
			OWN_XML "      A: {to: \"subject.name(alias).full\", split: \"; \", max: 6}\n",
			FILE_R("<A>a; bc</A>"), NULL,
			"{\"subject\":[{\"name\":[{\"kind\":\"alias\",\"full\":\"ab\"},{\"kind\":\"alias\",\"full\":\"cd\"},"
			"{\"kind\":\"alias\",\"full\":\"e\"}]}]}",
			FILE_R("<A>ab; cd</A>"), "list_cut subject[1].name[3].full"},
		{"several values of a field that repeats, in a group that a key opens",
			OWN_XML "      S: {group: subject, map: {O: {to: occupation, split: \"; \"}}}\n",
			FILE_R("<S><O>a; b</O></S><S><O>c</O></S>"), NULL, NULL, NULL, NULL},
		{"the position of what is written instead",
			OWN_XML
			"      A: {to: \"subject.name(primary).given\", or: \"subject.name(primary).part[1]\"}\n"
			"      B: {to: \"subject.name(primary).family\", or: \"subject.name(primary).part\"}\n",
			NULL, NULL, "{\"subject\":[{\"name\":[{\"kind\":\"primary\",\"part\":[\"a\",\"b\",\"c\"]}]}]}",
			FILE_R("<A>a</A><B>b c</B>"),
			"recoded subject[1].name[1].part[1]\nrecoded subject[1].name[1].part[2]\n"
			"recoded subject[1].name[1].part[3]"},
	};
	check(cases, DGM_COUNT(cases));
	(void)state;
}

static void test_continuing(void **state)
{
	static const struct tie cases[] = {
		{"behind the first record, inside it",
			DEFS_XML
			"records:\n  - at: r\n    map:\n      I: notice.id\n      Ps: {map: {P: {group: subject, map: {N: "
			"\"name(primary).full\"}}}}\n      Z: {keep: z, always: \"-\"}\n"
			"  - at: r/Ps\n    continues: yes\n    map:\n      P: {group: subject, map: {N: \"name(primary).full\"}}\n",
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?><r><I>1</I><Ps><P><N>a</N></P><P><N>b</N></P></Ps><Z>-</Z></r>",
			NULL,
			"{\"notice\":{\"id\":\"1\"},\"subject\":[{\"name\":[{\"kind\":\"primary\",\"full\":\"a\"}]}]}\n"
			"{\"notice\":{\"id\":\"2\"},\"subject\":[{\"name\":[{\"kind\":\"primary\",\"full\":\"b\"}]},"
			"{\"name\":[{\"kind\":\"primary\",\"full\":\"c\"}]}]}",
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?><r><I>1</I><Ps><P><N>a</N></P><P><N>b</N></P><P><N>c</N></P></Ps>"
			"<Z>-</Z></r>",
			"dropped notice.id"},
		{"what was kept of another file comes where it was, or not at all",
			DEFS_XML
			"records:\n  - at: r\n    set: {notice.issuer: X}\n    map:\n      Ps: {map: {P: {group: subject, map: "
			"{N: \"name(primary).full\", K: {keep: k}}}}}\n      Z: {keep: z}\n"
			"  - at: r/Ps\n    continues: yes\n    map:\n      P: {group: subject, map: {N: "
			"\"name(primary).full\", K: {keep: k}}}\n",
			NULL, NULL,
			"{\"subject\":[{\"name\":[{\"kind\":\"primary\",\"full\":\"a\"}]}]}\n"
			"{\"subject\":[{\"name\":[{\"kind\":\"primary\",\"full\":\"b\"}]}],\"unmapped\":[{\"format\":\"x\",\"path\":\"Z\","
			"\"value\":\"1\"},{\"format\":\"x\",\"path\":\"Ps/P[1]/K\",\"value\":\"2\"}]}",
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?><r><Ps><P><N>a</N></P><P><N>b</N><K>2</K></P></Ps></r>",
			"dropped unmapped[1].value"}};
	check(cases, DGM_COUNT(cases));
	(void)state;
}

/* An older form first, in another root: read, and written in the other one. */
static void test_older_form(void **state)
{
	static const char yaml[] =
		DEFS_XML "records:\n"
			 "  - at: old/r\n    written: no\n    set: {notice.issuer: X}\n    when: {a: \"*\"}\n"
			 "    map: {a: notice.id, b: notice.title, c: notice.summary}\n"
			 "  - at: new/list/r\n    set: {notice.issuer: X}\n    map: {A: notice.id, B: notice.title}\n";
	static const struct tie cases[] = {
		{"the form that is written", yaml,
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?><new><list><r><A>1</A><B>t</B></r></list></new>",
			"notice.id=1\nnotice.issuer=X\nnotice.title=t\n",
			"{\"notice\":{\"id\":\"2\",\"issuer\":\"X\",\"summary\":\"s\"}}",
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?><new><list><r><A>2</A></r></list></new>",
			"dropped notice.summary"},
	};
	check(cases, DGM_COUNT(cases));
	struct dgm_format *format = lab_definition(yaml);
	assert_int_equal(format->path_count, 2);
	assert_int_equal(format->written_path_count, 1);
	struct lab_batch batch;
	read_all(&batch, format, "<old><r><a>1</a><b>t</b><d>k</d></r></old>");
	assert_int_equal(
		check_write(&cases[0], format, &batch,
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?><new><list><r><A>1</A><B>t</B><d>k</d></r></list></new>",
			""),
		0);
	dgm_format_free(format);
	(void)state;
}

/* Further places of one shape, one of them in another root: read, and no containers are written for them. */
static void test_further_places(void **state)
{
	static const char yaml[] =
		DEFS_XML "records:\n"
			 "  - at: [new/list/r, old/r, new/more/deep/r]\n    map: {A: notice.id}\n"
			 "  - at: new/others/s\n    only: {subject.kind: vessel}\n    map: {A: notice.id}\n";
	static const struct tie case_ = {"places", NULL, NULL, NULL, NULL, NULL, NULL};
	static const char *const sources[] = {
		"<new><list><r><A>1</A></r></list></new>",
		"<old><r><A>1</A></r></old>",
		"<new><more><deep><r><A>1</A></r></deep></more></new>",
	};
	struct dgm_format *format = lab_definition(yaml);
	assert_int_equal(format->path_count, 4);
	assert_int_equal(format->written_path_count, 2);
	for (size_t i = 0; i < DGM_COUNT(sources); i++) {
		struct lab_batch batch;
		read_all(&batch, format, sources[i]);
		assert_int_equal(check_write(&case_, format, &batch,
					 "<?xml version=\"1.0\" encoding=\"UTF-8\"?><new><list><r><A>1</A></r></list>"
					 "<others/></new>",
					 ""),
			0);
	}
	dgm_format_free(format);
	(void)state;
}

static void test_mistakes(void **state)
{
	static const struct {
		const char *map, *said;
	} cases[] = {
		{"      A: {use: x}\n", "error 9:16 definition-shape: \"maps\" has no \"x\"\n"},
		{"      A: {set: {kind: person}, map: {B: notice.id}}\n",
			"error 9:16 definition-shape: \"set\" beside \"map\" alone needs a group around it\n"},
		{"      A: {group: subject, link: event, map: {B: notice.id}}\n",
			"error 9:33 definition-field: \"link\" names a number of subject, inside the key of another group\n"},
		{"      A: {to: notice.id, unless: B}\n",
			"error 9:34 definition-shape: \"B\" is not a key before this one\n"},
		{"      A: {to: subject.document.number, without: B}\n",
			"error 9:7 definition-shape: \"without\": \"B\" is no key beside this one that takes subject.document\n"},
		{"      A: {to: notice.id, characters: \"z-a\"}\n",
			"error 9:38 definition-shape: \"characters\" are ASCII characters and ranges of them, such as a-z\n"},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct lab_heard heard;
		char text[400];
		snprintf(text, sizeof text, "%s%s", DEFS_MAP_XML, cases[i].map);
		lab_heard_init(&heard);
		assert_null(dgm_format_parse(dgm_str(text), "x.yaml", lab_code_folders(), &heard.sink));
		lab_same(cases[i].map, dgm_str(heard.text), dgm_str(cases[i].said));
		lab_heard_done(&heard);
	}
	struct lab_heard heard;
	lab_heard_init(&heard);
	assert_null(dgm_format_parse(DGM_STR(DEFS_XML "maps:\n  a: {B: {use: a}}\n"
						      "records:\n  - at: list/r\n    map:\n      A: {use: a}\n"),
		"x.yaml", lab_code_folders(), &heard.sink));
	lab_same("circle", dgm_str(heard.text), DGM_STR("error 7:16 definition-shape: \"a\" uses itself\n"));
	lab_heard_done(&heard);
	lab_heard_init(&heard);
	assert_null(
		dgm_format_parse(DGM_STR(DEFS_XML "records:\n  - at: r\n    written: no\n    map: {A: notice.id}\n"),
			"x.yaml", lab_code_folders(), &heard.sink));
	lab_same("read only", dgm_str(heard.text), DGM_STR("error 7:3 definition-shape: no shape is written\n"));
	lab_heard_done(&heard);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_maps),
		cmocka_unit_test(test_container_alias),
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_leaving_to_others),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_continuing),
		cmocka_unit_test(test_older_form),
		cmocka_unit_test(test_further_places),
		cmocka_unit_test(test_mistakes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
