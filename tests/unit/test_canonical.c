/* SPDX-License-Identifier: Apache-2.0 */
/* Canonical forms read as people and other programs write them: not quite canonical, in another order, with unknown keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab.h"

struct reading {
	const char *name, *format, *input, *notices, *said;
};

#define N(inside) "<notices xmlns=\"urn:dragoman:notice:1\"><record>" inside "</record></notices>"

static void test_reading(void **state)
{
	static const struct reading cases[] = {
		{"members in any order", "notice-jsonl",
			"{\"subject\":[{\"kind\":\"person\"}],\"notice\":{\"type\":\"wanted\",\"id\":\"1\"}}",
			"notice.id=1\nnotice.type=wanted\nsubject[1].kind=person\n", NULL},
		{"not canonical", "notice-jsonl",
			"{\"notice\":{\"id\":\" a  b \",\"type\":\"hunted\",\"published\":\"12/03/1965\"}}",
			"notice.id=a  b { a  b }\nnotice.type=? {hunted}\nnotice.published=? {12/03/1965}\n",
			"warning 0:0 value-not-canonical: notice.type: hunted\n"
			"warning 0:0 value-not-canonical: notice.published: 12/03/1965\n"},
		{"unknown members", "notice-jsonl",
			"{\"notice\":{\"id\":\"1\",\"odd\":{\"x\":5}},\"strange\":null,\"notice_original\":\"y\"}",
			"notice.id=1\nunmapped[1].format=notice-jsonl\nunmapped[1].path=notice/odd/x\nunmapped[1].value=number 5\n"
			"unmapped[2].format=notice-jsonl\nunmapped[2].path=strange\nunmapped[2].value=null \n"
			"unmapped[3].format=notice-jsonl\nunmapped[3].path=notice_original\nunmapped[3].value=y\n",
			"warning 0:0 field-unknown: notice/odd/x: 5\nwarning 0:0 field-unknown: strange: \n"
			"warning 0:0 field-unknown: notice_original: y\n"},
		{"states", "notice-jsonl",
			"{\"subject\":[{\"height\":null,\"height_original\":\"0\",\"weight_original\":\"heavy\",\"eye_colour\":[\"blue\",\"\",null],"
			"\"eye_colour_original\":[null,\"x\",\"-\"]}]}",
			"subject[1].height=null {0}\nsubject[1].weight=? {heavy}\nsubject[1].eye_colour=blue\nsubject[1].eye_colour=? {x}\n"
			"subject[1].eye_colour=null {-}\n",
			NULL},
		{"originals before their values", "notice-jsonl",
			"{\"subject\":[{\"height_original\":\"1,7\",\"height\":\"170\",\"eye_colour_original\":[null,\"x\",\"-\",\"B\"],"
			"\"eye_colour\":[\"brown\",\"\",null,\"blue\",\"grey\"],\"title_original\":[\"Dr\",null],\"title\":[\"Doctor\",\"Sir\"]}]}",
			"subject[1].height=170 {1,7}\nsubject[1].eye_colour=brown\nsubject[1].eye_colour=? {x}\n"
			"subject[1].eye_colour=null {-}\nsubject[1].eye_colour=blue {B}\nsubject[1].eye_colour=grey\n"
			"subject[1].title=Doctor {Dr}\nsubject[1].title=Sir\n",
			NULL},
		{"empty is absent", "notice-jsonl", "{\"notice\":{\"id\":\"1\",\"title\":\"\"}}", "notice.id=1\n",
			NULL},
		{"elements", "notice-xml",
			N("<notice><id>1</id></notice><subject><height null=\"true\" original=\"0\"/><weight unparsed=\"true\" original=\"heavy\"/>"
			  "<eye_colour original=\"B\">blue</eye_colour><eye_colour>brown</eye_colour></subject>"
			  "<unmapped><format>f</format><path>p</path><value literal=\"number\">5</value></unmapped>"),
			"notice.id=1\nsubject[1].height=null {0}\nsubject[1].weight=? {heavy}\nsubject[1].eye_colour=blue {B}\n"
			"subject[1].eye_colour=brown\nunmapped[1].format=f\nunmapped[1].path=p\nunmapped[1].value=number 5\n",
			NULL},
		{"unknown elements", "notice-xml", N("<notice><id>1</id><odd><x>5</x></odd></notice>"),
			"notice.id=1\nunmapped[1].format=notice-xml\nunmapped[1].path=notice/odd/x\nunmapped[1].value=5\n",
			"warning 0:0 field-unknown: notice/odd/x: 5\n"},
		{"levels of a cell", "notice-csv",
			"notice.id,notice.title,subject.kind,subject.name.full,subject.name.part\n"
			"1,a|b,person|vessel,a;b|c,\"p,q;r|\\\\\\,s\"\n",
			"notice.id=1\nnotice.title=a|b\nsubject[1].kind=person\nsubject[1].name[1].full=a\nsubject[1].name[1].part=p\n"
			"subject[1].name[1].part=q\nsubject[1].name[2].full=b\nsubject[1].name[2].part=r\nsubject[2].kind=vessel\n"
			"subject[2].name[1].full=c\nsubject[2].name[1].part=\\\\,s\n",
			NULL},
		{"nulls and originals of cells", "notice-csv",
			"notice.id,subject.height,subject.eye_colour,originals\n"
			"1,\\N,blue;;\\N,subject[1].height=0|subject[1].weight=a\\|b|subject[1].eye_colour[2]=x|subject[1].eye_colour[3]=\n",
			"notice.id=1\nsubject[1].height=null {0}\nsubject[1].weight=? {a|b}\nsubject[1].eye_colour=blue\n"
			"subject[1].eye_colour=? {x}\nsubject[1].eye_colour=null {}\n",
			NULL},
		{"literals of cells", "notice-csv", "notice.id,unmapped.value\n1,\\#5|\\!true|\\N|\\[|\\_|\\\\#\n",
			"notice.id=1\nunmapped[1].value=number 5\nunmapped[2].value=boolean true\nunmapped[3].value=null \n"
			"unmapped[4].value=empty_list \nunmapped[5].value=\nunmapped[6].value=\\\\#\n",
			NULL},
		{"unknown columns", "notice-csv", "notice.id,odd\n1,x\n",
			"notice.id=1\nunmapped[1].format=notice-csv\nunmapped[1].path=odd\nunmapped[1].value=x\n",
			"warning 0:0 field-unknown: odd: x\n"},
	};
	unsigned differing = 0;
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_arena arena = {0};
		struct lab_batch batch;
		struct dgm_format *format = lab_shipped(cases[i].format);
		lab_batch_init(&batch);
		lab_read(&batch, format, dgm_str(cases[i].input), 0);
		assert_int_equal(batch.bad, 0);
		assert_int_equal(batch.count, 1);
		differing += lab_differs(cases[i].name, lab_dump(&arena, &batch.notices[0]), dgm_str(cases[i].notices));
		differing += lab_differs(cases[i].name, dgm_str(batch.heard.text),
			dgm_str(cases[i].said ? cases[i].said : ""));
		lab_batch_done(&batch);
		dgm_format_free(format);
		dgm_arena_done(&arena);
	}
	assert_int_equal(differing, 0);
}

/* What each form looks like: an agreement with other programs, so byte for byte. */
static void test_writing(void **state)
{
	static const char source[] =
		"{\"notice\":{\"id\":\"1\",\"type\":\"wanted\",\"issuer\":\"X\"},\"subject\":[{\"kind\":\"person\",\"height\":null,"
		"\"height_original\":\"0\",\"eye_colour\":[\"blue\",\"\"],\"eye_colour_original\":[null,\"?\"],"
		"\"name\":[{\"full\":\"a;b\"},{\"full\":\"c\"}]}],\"unmapped\":[{\"format\":\"f\",\"path\":\"p\",\"value\":1.10}]}\n";
	static const char xml[] =
		"<record>\n<notice>\n<id>1</id>\n<type>wanted</type>\n<issuer>X</issuer>\n</notice>\n<subject>\n<kind>person</kind>\n"
		"<height null=\"true\" original=\"0\"/>\n<eye_colour>blue</eye_colour>\n<eye_colour unparsed=\"true\" original=\"?\"/>\n"
		"<name>\n<full>a;b</full>\n</name>\n<name>\n<full>c</full>\n</name>\n</subject>\n<unmapped>\n<format>f</format>\n"
		"<path>p</path>\n<value literal=\"number\">1.10</value>\n</unmapped>\n</record>";
	struct lab_batch batch;
	struct lab_written written;
	struct dgm_arena arena = {0};
	(void)state;
	struct dgm_format *jsonl = lab_shipped("notice-jsonl"), *form = lab_shipped("notice-xml"),
			  *csv = lab_shipped("notice-csv");
	lab_batch_init(&batch);
	lab_read(&batch, jsonl, dgm_str(source), 0);
	lab_write(&written, jsonl, &batch);
	lab_same("jsonl", written.bytes, dgm_str(source));
	lab_written_done(&written);

	lab_write(&written, form, &batch);
	/* Without the indentation. */
	char *flat = dgm_arena_cstr(&arena, written.bytes), *to = flat;
	for (const char *from = flat; *from; from++)
		if (!(*from == ' ' && (to == flat || to[-1] == '\n')))
			*to++ = *from;
	*to = '\0';
	if (!strstr(flat, xml))
		lab_same("xml", dgm_str(flat), dgm_str(xml));
	lab_written_done(&written);

	lab_write(&written, csv, &batch);
	assert_true(dgm_str_starts(written.bytes, DGM_STR("notice.id,notice.type,notice.form,")));
	assert_true(dgm_str_find(written.bytes, DGM_STR(",a\\;b;c,")) < written.bytes.len);
	assert_true(dgm_str_find(written.bytes, DGM_STR(",f,p,\\#1.10,")) < written.bytes.len);
	assert_true(dgm_str_ends(written.bytes, DGM_STR(",subject[1].height=0|subject[1].eye_colour[2]=?\n")));
	lab_written_done(&written);

	lab_batch_done(&batch);
	dgm_format_free(jsonl);
	dgm_format_free(form);
	dgm_format_free(csv);
	dgm_arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_writing),
	};
	return cmocka_run_group_tests_name("canonical", tests, NULL, NULL);
}
