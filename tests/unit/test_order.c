/* SPDX-License-Identifier: Apache-2.0 */
/* The same record with its keys in all kinds of order is the same notice, and what is not understood keeps its path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "defs.h"
#include "lab.h"

#define OWN_XML DEFS_XML "records:\n  - at: list/r\n    set: {notice.issuer: X}\n    map:\n"
#define FILE_R(inside) "<list><r>" inside "</r></list>"
#define F(name, text) "<f n=\"" name "\">" text "</f>"

static const char labels[] = OWN_XML "      f:\n        by: \"@n\"\n        map:\n"
				     "          Passport: {to: \"subject.document(passport).number\", split: \"|\"}\n"
				     "          Card: {to: \"subject.document(national_id).number\", split: \"|\"}\n"
				     "          Born: {to: \"subject.birth(*).date\", date: yyyy}\n"
				     "          Place: \"subject.birth(*).place\"\n"
				     "          Other: {to: \"subject.birth(*).date\", date: yyyy, split: \"|\"}\n";

static const char tree[] = OWN_XML "      A: notice.id\n"
				   "      N: {group: subject.name, set: {kind: primary}, map: {F: family, G: given}}\n"
				   "      M: {group: subject.name, set: {kind: alias}, map: {F: family}}\n"
				   "      K: {keep: it has no field}\n"
				   "      E: {to: \"subject.contact(email).value\", list: yes, aliases: [mails/mail]}\n"
				   "      P: {to: \"subject.contact(phone).value\", list: yes}\n";

/* ordered: as the definition has it. */
static const struct {
	const char *name, *yaml, *ordered, *other;
} rows[] = {
	{"groups", tree, FILE_R("<A>1</A><N><F>X</F><G>Y</G></N><M><F>a</F></M><M><F>b</F></M><K>k</K>"),
		FILE_R("<K>k</K><M><F>a</F></M><N><G>Y</G><F>X</F></N><M><F>b</F></M><A>1</A>")},
	{"a container that an alias knows", tree, FILE_R("<A>1</A><mails><mail>e</mail><mail>f</mail></mails><P>1</P>"),
		FILE_R("<P>1</P><mails><mail>e</mail><mail>f</mail></mails><A>1</A>")},
	{"what is unknown, whole", tree, FILE_R("<A>1</A><P>1</P><y><P>2</P><A>3</A></y><x>9</x><y>8</y>"),
		FILE_R("<y><P>2</P><A>3</A></y><x>9</x><P>1</P><y>8</y><A>1</A>")},
	{"unknown attributes", tree, FILE_R("<A>1</A><M><F>a</F></M><M x=\"7\"><F>b</F></M>"),
		FILE_R("<M><F>a</F></M><M x=\"7\"><F>b</F></M><A>1</A>")},
	{"deep ends", tree, FILE_R("<A>1</A><N><G/></N><K/><P/>"), FILE_R("<P/><K/><N><G/></N><A>1</A>")},
	{"labels", labels,
		FILE_R(F("Passport", "P1|P2") F("Card", "C") F("Born", "1970") F("Place", "here")
				F("Other", "1971|1972")),
		FILE_R(F("Other", "1971|1972") F("Card", "C") F("Place", "here") F("Passport", "P1|P2")
				F("Born", "1970"))},
	{"labels that are kept", labels, FILE_R(F("Card", "C") F("Born", "1970") F("Born", "1971") F("Unknown", "u")),
		FILE_R(F("Unknown", "u") F("Born", "1970") F("Born", "1971") F("Card", "C"))},
};

static struct dgm_str read_one(struct lab_batch *batch, const struct dgm_format *format, struct dgm_str text)
{
	lab_batch_init(batch);
	lab_read(batch, format, text, 0);
	assert_int_equal(batch->bad + batch->refused, 0);
	assert_int_equal(batch->count, 1);
	return lab_dump(&batch->arena, &batch->notices[0]);
}

/* The same notice in either order, and again when it was written and read. */
static void test_rows(void **state)
{
	unsigned differing = 0;
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct dgm_format *format = lab_definition(rows[i].yaml);
		struct lab_batch ordered, other, again;
		struct lab_written written;
		const struct dgm_str wanted = read_one(&ordered, format, dgm_str(rows[i].ordered));
		differing += lab_differs(rows[i].name, read_one(&other, format, dgm_str(rows[i].other)), wanted);
		lab_write(&written, format, &other);
		differing += lab_differs(rows[i].name, read_one(&again, format, written.bytes), wanted);
		lab_written_done(&written);
		lab_batch_done(&ordered);
		lab_batch_done(&other);
		lab_batch_done(&again);
		dgm_format_free(format);
	}
	assert_int_equal(differing, 0);
}

/* Of very many in reverse each stays what it is. */
static void test_many(void **state)
{
	enum { MANY = 1000 };
	char text[MANY * 64];
	size_t len = (size_t)snprintf(text, sizeof text, "<list><r>");
	(void)state;
	for (int i = 0; i < MANY; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, i % 2 ? "<P>%d</P>" : "<E>%d</E>", i);
	len += (size_t)snprintf(text + len, sizeof text - len, "</r></list>");
	struct dgm_format *format = lab_definition(tree);
	struct lab_batch batch;
	const struct dgm_str dump = read_one(&batch, format, dgm_str_of(text, len));
	const struct dgm_group *subject = dgm_group_first(batch.notices[0].root, DGM_GROUP_subject);
	int at = 0;
	for (const struct dgm_group *one = dgm_group_first(subject, DGM_GROUP_subject_contact); one; one = one->next) {
		char number[16];
		const int value = at < MANY / 2 ? 2 * at : 2 * (at - MANY / 2) + 1;
		const int n = snprintf(number, sizeof number, "%d", value);
		lab_same("number", dgm_text_of(one, DGM_FIELD_subject_contact_value), dgm_str_of(number, (size_t)n));
		at++;
	}
	assert_int_equal(at, MANY);
	assert_true(dump.len > 0);
	lab_batch_done(&batch);
	dgm_format_free(format);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_many)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
