/* SPDX-License-Identifier: Apache-2.0 */
/* Dates whose parts stand in containers of their own: what they make, where a part is kept, and that it goes back there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "defs.h"
#include "lab.h"

static const char yaml[] =
	DEFS_XML "records:\n  - at: list/r\n    set: {notice.issuer: X}\n    map:\n"
		 "      BORN:\n        aliases: [GEB]\n        map:\n"
		 "          \"@calendar\": {part: subject.birth.date.calendar, codes: {persian: persian}}\n"
		 "          WHEN:\n            map:\n"
		 "              \"@q\": {part: subject.birth.date.qualifier, codes: {approximate: ca}}\n"
		 "              \"#text\": {part: subject.birth.date.full, date: yyyy-MM-dd}\n"
		 "      field:\n        by: \"@name\"\n        map:\n"
		 "          Y: {map: {\"#text\": {part: subject.death.date.year}, \"@u\": {keep: u}}}\n"
		 "          M: {map: {\"#text\": {part: subject.death.date.month}, \"@u\": {keep: u}}}\n"
		 "      PAPER:\n        group: subject.document\n        aliases: [PASS]\n        map:\n"
		 "          \"@where\": {keep: w}\n"
		 "          NUMBER: {to: number, aliases: [\"#text\"]}\n"
		 "          DAY: {part: issued.full, date: yyyy-MM-dd, aliases: [ISSUED]}\n"
		 "          ITEM: {map: {YEAR: {part: expires.year}, MORE: {map: {MONTH: {part: expires.month}}}}}\n"
		 "          N: note\n"
		 "      N: {to: notice.title, aliases: [T]}\n";

static const struct {
	const char *source, *dump;
	const char *back; /* NULL: the source */
} cases[] = {
	{"<BORN calendar=\"persian\"><WHEN q=\"ca\">1357-11-22</WHEN></BORN>",
		"notice.issuer=X\nsubject[1].birth[1].date=1979-02-11~ {persian ca 1357-11-22}\n", NULL},
	{"<BORN calendar=\"persian\"><WHEN>1357-11-88</WHEN></BORN>",
		"notice.issuer=X\nunmapped[1].format=x\nunmapped[1].path=BORN/WHEN/#text\nunmapped[1].value=1357-11-88\nunmapped[2].format=x\nunmapped[2].path=BORN/@calendar\nunmapped[2].value=persian\n",
		NULL},
	{"<GEB calendar=\"martian\"><WHEN q=\"ca\">1357-11-22</WHEN></GEB>",
		"notice.issuer=X\nunmapped[1].format=x\nunmapped[1].path=GEB/WHEN/@q\nunmapped[1].value=ca\nunmapped[2].format=x\nunmapped[2].path=GEB/WHEN/#text\nunmapped[2].value=1357-11-22\nunmapped[3].format=x\nunmapped[3].path=GEB/@calendar\nunmapped[3].value=martian\n",
		NULL},
	{"<field name=\"Y\">1970</field><field name=\"M\">05</field><N>1</N>",
		"notice.issuer=X\nnotice.title=1\nsubject[1].death.date=1970-05 {1970 05}\n", NULL},
	/* What is unknown stands behind what is known, and does not end a date around it. */
	{"<N>1</N><field name=\"Q\">a</field><field u=\"2\" name=\"Y\">1970</field><field name=\"M\">13</field>",
		"notice.issuer=X\nnotice.title=1\nunmapped[1].format=x\nunmapped[1].path=field/@u\nunmapped[1].value=2\nunmapped[2].format=x\nunmapped[2].path=field/@name\nunmapped[2].value=Y\nunmapped[3].format=x\nunmapped[3].path=field[2]/@name\nunmapped[3].value=Q\nunmapped[4].format=x\nunmapped[4].path=field[2]/#text\nunmapped[4].value=a\nunmapped[5].format=x\nunmapped[5].path=field/#text\nunmapped[5].value=1970\nunmapped[6].format=x\nunmapped[6].path=field[3]/@name\nunmapped[6].value=M\nunmapped[7].format=x\nunmapped[7].path=field[3]/#text\nunmapped[7].value=13\n",
		"<N>1</N><field u=\"2\" name=\"Y\">1970</field><field name=\"Q\">a</field><field name=\"M\">13</field>"},
	{"<PASS>12</PASS><PAPER where=\"w\">13</PAPER>",
		"notice.issuer=X\nsubject[1].document[1].number=12\nsubject[1].document[2].number=13\nunmapped[1].format=x\nunmapped[1].path=PAPER[2]/@where\nunmapped[1].value=w\n",
		"<PAPER><NUMBER>12</NUMBER></PAPER><PAPER where=\"w\"><NUMBER>13</NUMBER></PAPER>"},
	{"<PAPER><NUMBER>1</NUMBER><ITEM><YEAR>x</YEAR><MORE><MONTH>3</MONTH></MORE></ITEM></PAPER><PAPER><ITEM><YEAR>2020</YEAR><MORE><MONTH>03</MONTH></MORE></ITEM><N>n</N></PAPER><PASS where=\"w\"><ISSUED>never</ISSUED><ITEM><MORE><MONTH>3</MONTH></MORE></ITEM></PASS>",
		"notice.issuer=X\nsubject[1].document[1].number=1\nsubject[1].document[2].expires=2020-03 {2020 03}\nsubject[1].document[2].note=n\nunmapped[1].format=x\nunmapped[1].path=PAPER[1]/ITEM/YEAR\nunmapped[1].value=x\nunmapped[2].format=x\nunmapped[2].path=PAPER[1]/ITEM/MORE/MONTH\nunmapped[2].value=3\nunmapped[3].format=x\nunmapped[3].path=PASS[+1]/@where\nunmapped[3].value=w\nunmapped[4].format=x\nunmapped[4].path=PASS[+1]/ITEM/MORE/MONTH\nunmapped[4].value=3\nunmapped[5].format=x\nunmapped[5].path=PASS[+1]/ISSUED\nunmapped[5].value=never\n",
		NULL},
	{"<N>1</N><T>2</T>",
		"notice.issuer=X\nnotice.title=1\nunmapped[1].format=x\nunmapped[1].path=T\nunmapped[1].value=2\n",
		NULL},
};

static struct dgm_str around(struct dgm_arena *arena, const char *inside)
{
	return dgm_arena_printf(arena, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><list><r>%s</r></list>", inside);
}

static void test_identity(void **state)
{
	struct dgm_format *format = lab_definition(yaml);
	unsigned differing = 0;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct lab_batch batch, again;
		struct lab_written written;
		lab_batch_init(&batch);
		lab_batch_init(&again);
		lab_read(&batch, format, around(&batch.arena, cases[i].source), 0);
		lab_write(&written, format, &batch);
		lab_read(&again, format, written.bytes, 0);
		assert_int_equal(batch.count, 1);
		const struct dgm_str first = lab_dump(&batch.arena, &batch.notices[0]);
		differing += lab_differs(cases[i].source, first, dgm_str(cases[i].dump));
		differing += lab_differs(cases[i].source, written.bytes,
			around(&batch.arena, cases[i].back ? cases[i].back : cases[i].source));
		differing += lab_differs("nothing is lost", written.losses, DGM_STR("\n"));
		if (again.count == 1)
			differing += lab_differs("read again", lab_dump(&again.arena, &again.notices[0]), first);
		else
			differing += lab_differs("read again", DGM_STR("refused"), first);
		lab_written_done(&written);
		lab_batch_done(&again);
		lab_batch_done(&batch);
	}
	assert_int_equal(differing, 0);
	dgm_format_free(format);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_identity)};
	return cmocka_run_group_tests_name("spread", tests, NULL, NULL);
}
