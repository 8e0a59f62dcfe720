/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of labelled entries: numbers in front of labels, a name with its aliases in one cell, a key that says which kind of
 * record it is, records in several places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "format/coverage.h"
#include "format/definition.h"
#include "lab.h"

static const char entries[] = "format: demo\ntitle: t\nstatus: reference\nengine: xml\n"
			      "nulls: [\"-\", n|a]\n"
			      "records:\n"
			      "  - at: [list/entry, list/person]\n"
			      "    set: {notice.type: sanction, notice.issuer: X}\n"
			      "    only: {subject.kind: person}\n"
			      "    map:\n"
			      "      \"@category\": {to: notice.type, codes: {wanted: wanted, sanction: listed}}\n"
			      "      field:\n"
			      "        by: \"@name\"\n"
			      "        numbering: yes\n"
			      "        map:\n"
			      "          Reference: notice.id\n"
			      "          Name: {to: \"subject.name(primary).full\", split: [\" @ \", \"@\"],\n"
			      "                 rest: \"subject.name(alias).full\"}\n"
			      "          Other Names: {to: \"subject.name(alias).full\", split: \"|\"}\n"
			      "          \"(4) Remark\": \"notice.remark(note).text\"\n"
			      "          Born:\n"
			      "            map:\n"
			      "              \"@calendar\": {part: subject.birth.date.calendar,\n"
			      "                            codes: {persian: [persian, jalali], buddhist: [buddhist]}}\n"
			      "              \"#text\": {part: subject.birth.date.full,\n"
			      "                        date: [d MMMM yyyy, dd.MM.yyyy, yyyy/MM/dd]}\n"
			      "          Other Births: {to: subject.birth.date, split: \"|\"}\n"
			      "          Address:\n"
			      "            group: subject.address\n"
			      "            split: \" | \"\n"
			      "            pattern: [\"{street}, {city}\", \"{full}\"]\n"
			      "            map: {street: street, city: city, full: full}\n";

#define LIST(entries) "<list>" entries "</list>"
#define FIELD(name, value) "<field name=\"" name "\">" value "</field>"
#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<list>\n"
#define ENTRY(category, fields) "  <entry category=\"" category "\">\n" fields "  </entry>\n"
#define LINE(name, value) "    " FIELD(name, value) "\n"

struct trip {
	const char *name, *source, *notice, *written;
	const char *again; /* what was written reads as; NULL: the same notice */
};

/* Reads, compares, writes, compares, and what was written is the same notice. */
static void check(const struct trip *trip)
{
	struct dgm_format *format = lab_definition(entries);
	struct lab_batch batch, again;
	struct lab_written written;
	struct dgm_arena arena = {0};
	lab_batch_init(&batch);
	lab_batch_init(&again);
	lab_read(&batch, format, dgm_str(trip->source), 0);
	assert_int_equal(batch.count, 1);
	lab_same(trip->name, lab_dump(&arena, &batch.notices[0]), dgm_str(trip->notice));
	lab_write(&written, format, &batch);
	lab_same(trip->name, written.bytes, dgm_str(trip->written));
	lab_same(trip->name, written.losses, DGM_STR("\n"));
	lab_read(&again, format, written.bytes, 0);
	lab_same(trip->name, lab_dump(&arena, &again.notices[0]), dgm_str(trip->again ? trip->again : trip->notice));
	lab_written_done(&written);
	lab_batch_done(&again);
	lab_batch_done(&batch);
	dgm_arena_done(&arena);
	dgm_format_free(format);
}

#define SAYS(type) "notice.id=1\nnotice.type=" type "\nnotice.issuer=X\nsubject[1].kind=person\n"
#define PRIMARY(text) "subject[1].name[1].kind=primary\nsubject[1].name[1].full=" text "\n"
#define ALIAS(n, text) "subject[1].name[" n "].kind=alias\nsubject[1].name[" n "].full=" text "\n"

static void a_number_in_front_of_a_label(void **state)
{
	static const char *const labels[] = {"Name", "(3) Name", "3. Name", "3) Name", "(3)Name", " (03) name "};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(labels); i++) {
		char source[512];
		snprintf(source, sizeof source,
			"<list><entry category=\"wanted\">" FIELD("(2) Reference",
				"1") "<field name=\"%s\">ANNA</field></entry></list>",
			labels[i]);
		check(&(struct trip){labels[i], source, SAYS("wanted") PRIMARY("ANNA"),
			HEAD ENTRY("wanted", LINE("Reference", "1") LINE("Name", "ANNA")) "</list>\n", NULL});
	}
}

static void a_label_that_has_its_number_in_the_definition(void **state)
{
	(void)state;
	/* "(4)" belongs to the name of that key; "(5) Remark" is another. */
	check(&(struct trip){"exact",
		LIST("<entry category=\"wanted\">" FIELD("Reference", "1") FIELD("Name", "A") FIELD("(4) Remark", "x")
				FIELD("(5) Remark", "y") FIELD("(7)", "z") "</entry>"),
		"notice.id=1\nnotice.type=wanted\nnotice.issuer=X\nnotice.remark[1].kind=note\nnotice.remark[1].text=x\n"
		"subject[1].kind=person\n" PRIMARY("A") "unmapped[1].format=demo\nunmapped[1].path=field/@name\n"
							"unmapped[1].value=(5) Remark\nunmapped[2].format=demo\n"
							"unmapped[2].path=field/#text\nunmapped[2].value=y\n"
							"unmapped[3].format=demo\nunmapped[3].path=field[2]/@name\n"
							"unmapped[3].value=(7)\nunmapped[4].format=demo\n"
							"unmapped[4].path=field[2]/#text\nunmapped[4].value=z\n",
		HEAD ENTRY("wanted",
			LINE("Reference", "1") LINE("Name", "A") LINE("(4) Remark", "x") LINE("(5) Remark", "y")
				LINE("(7)", "z")) "</list>\n",
		NULL});
}

static void a_name_with_its_aliases(void **state)
{
	static const struct trip trips[] = {
		{"whole",
			LIST("<entry category=\"wanted\">" FIELD("Reference", "1") FIELD("Name", "A @ B bin C@D")
					FIELD("Other Names", "E|F") "</entry>"),
			SAYS("wanted") PRIMARY("A {A @ B bin C@D}") ALIAS("2", "B bin C") ALIAS("3", "D")
				ALIAS("4", "E") ALIAS("5", "F"),
			HEAD ENTRY("wanted",
				LINE("Reference", "1") LINE("Name", "A @ B bin C@D")
					LINE("Other Names", "E|F")) "</list>\n",
			NULL},
		/* Read in the order of the definition: the name with its alias, then the other one. */
		{"order",
			LIST("<entry category=\"wanted\">" FIELD("Reference", "1") FIELD("Other Names", "E")
					FIELD("Name", "A @ B") "</entry>"),
			SAYS("wanted") PRIMARY("A {A @ B}") ALIAS("2", "B") ALIAS("3", "E"),
			HEAD ENTRY("wanted",
				LINE("Reference", "1") LINE("Name", "A @ B") LINE("Other Names", "E")) "</list>\n",
			NULL},
		{"nothing",
			LIST("<entry category=\"wanted\">" FIELD("Reference", "1") FIELD("Name", "A @ @ ") "</entry>"),
			SAYS("wanted") PRIMARY("A"),
			HEAD ENTRY("wanted", LINE("Reference", "1") LINE("Name", "A")) "</list>\n", NULL},
		{"none",
			LIST("<entry category=\"wanted\">" FIELD("Reference", "1") FIELD("Name", "A")
					FIELD("Other Names", "N|A") "</entry>"),
			SAYS("wanted")
				PRIMARY("A") "subject[1].name[2].kind=alias\nsubject[1].name[2].full=null {N|A}\n",
			HEAD ENTRY("wanted",
				LINE("Reference", "1") LINE("Name", "A") LINE("Other Names", "N|A")) "</list>\n",
			NULL},
		/* Another key holds the first of them. */
		{"others",
			LIST("<entry category=\"wanted\">" FIELD("Reference", "1") FIELD("Born", "3 May 1970")
					FIELD("Other Births", "1971|1972") "</entry>"),
			SAYS("wanted") "subject[1].birth[1].date=1970-05-03 {3 May 1970}\nsubject[1].birth[2].date=1971\nsubject[1].birth[3].date=1972\n",
			HEAD ENTRY("wanted",
				LINE("Reference", "1") LINE("Born", "3 May 1970")
					LINE("Other Births", "1971|1972")) "</list>\n",
			NULL},
		/* Several values in a text of its own pattern. */
		{"pattern",
			LIST("<entry category=\"wanted\">" FIELD("Reference", "1")
					FIELD("(9) Address", "X, Y | Z") "</entry>"),
			SAYS("wanted") "subject[1].address[1].street=X\nsubject[1].address[1].city=Y\nsubject[1].address[2].full=Z\n",
			HEAD ENTRY("wanted", LINE("Reference", "1") LINE("Address", "X, Y | Z")) "</list>\n", NULL},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(trips); i++)
		check(&trips[i]);
}

static void foretold_losses(void **state)
{
	static const char names[] = "format: names\ntitle: t\nstatus: reference\nengine: csv\ntable: yes\nrecords:\n"
				    "  - at: \"\"\n    set: {notice.type: wanted, subject.kind: person}\n"
				    "    map: {id: notice.id, name: \"subject.name(primary).full\"}\n";
	struct dgm_format *format = lab_definition(entries), *other = lab_definition(names);
	struct dgm_fate fates[DGM_FIELD_COUNT];
	(void)state;
	/* Aliases can come, if only in the name's cell, and the key may say another type than the constant. */
	dgm_coverage(format, other, false, fates);
	assert_true(fates[DGM_FIELD_subject_name_full].affected);
	assert_int_equal(fates[DGM_FIELD_notice_type].kind, DGM_LOSS_RECODED);
	dgm_coverage(other, format, false, fates);
	assert_false(fates[DGM_FIELD_subject_name_full].affected);
	assert_false(fates[DGM_FIELD_notice_type].affected);
	dgm_format_free(other);
	dgm_format_free(format);
}

static void what_is_refused(void **state)
{
	static const char *const bad[] = {
		"{to: \"subject.name(primary).full\", rest: \"subject.name(alias).full\"}",
		"{to: \"subject.name(primary).full\", split: numbered, rest: \"subject.name(alias).full\"}",
		"{to: \"subject.name(primary).full\", split: \"@\", rest: \"subject.title[2]\"}",
		"{to: \"subject.name(primary).full\", split: \"@\", rest: subject.nonsense}",
		"{keep: why, split: \"@\", rest: subject.title}",
		"{to: subject.title, numbering: yes}",
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(bad); i++) {
		char text[512];
		struct lab_heard heard;
		snprintf(text, sizeof text,
			"format: bad\ntitle: t\nstatus: reference\nengine: xml\nrecords:\n  - at: a/b\n    map:\n      x: %s\n",
			bad[i]);
		lab_heard_init(&heard);
		assert_null(dgm_format_parse(dgm_str(text), "bad.yaml", lab_code_folders(), &heard.sink));
		lab_heard_done(&heard);
	}
}

static void an_edited_name_takes_its_aliases_apart(void **state)
{
	struct dgm_format *format = lab_definition(entries);
	struct lab_batch batch;
	struct lab_written written;
	(void)state;
	lab_batch_init(&batch);
	lab_read(&batch, format,
		DGM_STR(LIST("<entry category=\"wanted\">" FIELD("Reference", "1") FIELD("Name", "A @ B") "</entry>")),
		0);
	struct dgm_group *name =
		dgm_group_first(dgm_group_first(batch.notices[0].root, DGM_GROUP_subject), DGM_GROUP_subject_name);
	dgm_value_first(name->next, DGM_FIELD_subject_name_full)->text = DGM_STR("Z");
	lab_write(&written, format, &batch);
	lab_same("edited", written.bytes,
		DGM_STR(HEAD ENTRY("wanted",
			LINE("Reference", "1") LINE("Name", "A") LINE("Other Names", "Z")) "</list>\n"));
	lab_written_done(&written);
	lab_batch_done(&batch);
	dgm_format_free(format);
}

#define BORN(attributes, text) "<field " attributes ">" text "</field>"
#define DATE(text) SAYS("wanted") "subject[1].birth[1].date=" text "\n"
#define BACK(attributes, text)                                                                                         \
	HEAD ENTRY("wanted", LINE("Reference", "1") "    " BORN(attributes, text) "\n") "</list>\n"

static void a_named_value_with_more_beside_it(void **state)
{
	static const struct trip trips[] = {
		{"plain",
			LIST("<entry category=\"wanted\">" FIELD("Reference", "1")
					BORN("name=\"(6) born\"", "3 May 1970") "</entry>"),
			DATE("1970-05-03 {3 May 1970}"), BACK("name=\"Born\"", "3 May 1970"), NULL},
		{"pattern",
			LIST("<entry category=\"wanted\">" FIELD("Reference", "1")
					BORN("name=\"Born\"", "03.05.1970") "</entry>"),
			DATE("1970-05-03 {03.05.1970}"), BACK("name=\"Born\"", "03.05.1970"), NULL},
		{"buddhist",
			LIST("<entry category=\"wanted\">" FIELD("Reference", "1")
					BORN("calendar=\"buddhist\" name=\"Born\"", "3 May 2513") "</entry>"),
			DATE("1970-05-03 {buddhist 3 May 2513}"),
			BACK("name=\"Born\" calendar=\"buddhist\"", "3 May 2513"), NULL},
		{"persian digits",
			LIST("<entry category=\"wanted\">" FIELD("Reference", "1")
					BORN("name=\"Born\" calendar=\"jalali\"", "۱۳۵۷/۱۱/۲۲") "</entry>"),
			DATE("1979-02-11 {jalali ۱۳۵۷/۱۱/۲۲}"), BACK("name=\"Born\" calendar=\"jalali\"", "۱۳۵۷/۱۱/۲۲"),
			NULL},
		{"no date",
			LIST("<entry category=\"wanted\">" FIELD("Reference", "1")
					BORN("name=\"Born\" calendar=\"buddhist\" x=\"1\"", "1970") "</entry>"),
			SAYS("wanted") "unmapped[1].format=demo\nunmapped[1].path=field/@x\nunmapped[1].value=1\n"
				       "unmapped[2].format=demo\nunmapped[2].path=field/#text\nunmapped[2].value=1970\n"
				       "unmapped[3].format=demo\nunmapped[3].path=field/@calendar\n"
				       "unmapped[3].value=buddhist\n"
				       "unmapped[4].format=demo\nunmapped[4].path=field/@name\nunmapped[4].value=Born\n",
			BACK("x=\"1\" calendar=\"buddhist\" name=\"Born\"", "1970"),
			SAYS("wanted") "unmapped[1].format=demo\nunmapped[1].path=field/@x\nunmapped[1].value=1\n"
				       "unmapped[2].format=demo\nunmapped[2].path=field/#text\nunmapped[2].value=1970\n"
				       "unmapped[3].format=demo\nunmapped[3].path=field/@calendar\n"
				       "unmapped[3].value=buddhist\n"
				       "unmapped[4].format=demo\nunmapped[4].path=field/@name\nunmapped[4].value=Born\n"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(trips); i++)
		check(&trips[i]);
}

static void a_constant_that_a_key_can_say_better(void **state)
{
	static const struct trip trips[] = {
		{"said", LIST("<entry category=\"wanted\">" FIELD("Reference", "1") "</entry>"), SAYS("wanted"),
			HEAD ENTRY("wanted", LINE("Reference", "1")) "</list>\n", NULL},
		{"not said", LIST("<entry>" FIELD("Reference", "1") "</entry>"), SAYS("sanction"),
			HEAD "  <entry>\n" LINE("Reference", "1") "  </entry>\n</list>\n", NULL},
		{"spelled", LIST("<entry category=\"listed\">" FIELD("Reference", "1") "</entry>"),
			SAYS("sanction {listed}"), HEAD ENTRY("listed", LINE("Reference", "1")) "</list>\n", NULL},
		{"unknown", LIST("<entry category=\"odd\">" FIELD("Reference", "1") "</entry>"),
			SAYS("sanction") "unmapped[1].format=demo\nunmapped[1].path=@category\nunmapped[1].value=odd\n",
			HEAD ENTRY("odd", LINE("Reference", "1")) "</list>\n", NULL},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(trips); i++)
		check(&trips[i]);
}

static void records_in_several_places(void **state)
{
	(void)state;
	check(&(struct trip){"elsewhere", LIST("<person category=\"wanted\">" FIELD("Reference", "1") "</person>"),
		SAYS("wanted"), HEAD ENTRY("wanted", LINE("Reference", "1")) "</list>\n", NULL});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_in_front_of_a_label),
		cmocka_unit_test(a_label_that_has_its_number_in_the_definition),
		cmocka_unit_test(a_name_with_its_aliases),
		cmocka_unit_test(a_named_value_with_more_beside_it),
		cmocka_unit_test(foretold_losses),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(an_edited_name_takes_its_aliases_apart),
		cmocka_unit_test(a_constant_that_a_key_can_say_better),
		cmocka_unit_test(records_in_several_places),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
