/* SPDX-License-Identifier: Apache-2.0 */
/* Machine readable zones: the specimens of ICAO Doc 9303 and others are read, found wrong where they are, and written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lab.h"
#include "notice/mrz.h"

#define TD1 "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
#define TD2 "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
#define TD3 "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
#define MRV_A "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<"
#define MRV_B "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<"
#define ONE(check) (1u << DGM_MRZ_##check)

static const struct {
	const char *name, *text;
	uint32_t wrong;
	const char *read; /* kind, code, issuer, number, nationality, birth, sex, expiry, optional, optional 2, names */
} rows[] = {
	{"TD1", TD1, 0, "0|I|UTO|D23145890|UTO|740812|F|120415|||ERIKSSON|ANNA MARIA"},
	{"TD2", TD2, 0, "1|I|UTO|D23145890|UTO|740812|F|120415|||ERIKSSON|ANNA MARIA"},
	{"TD3", TD3, 0, "2|P|UTO|L898902C3|UTO|740812|F|120415|ZE184226B||ERIKSSON|ANNA MARIA"},
	{"MRV-A", MRV_A, 0, "3|V|UTO|L8988901C|XXX|400907|F|961210|6ZE184226B||ERIKSSON|ANNA MARIA"},
	{"MRV-B", MRV_B, 0, "4|V|UTO|L8988901C|XXX|400907|F|961210|||ERIKSSON|ANNA MARIA"},
	{"one line, small letters and blanks",
		"p<utoeriksson<<anna<maria<<<<<<<<<<<<<<<<<<< l898902c36uto7408122f1204159ze184226b<<<<<10\r\n", 0,
		"2|P|UTO|L898902C3|UTO|740812|F|120415|ZE184226B||ERIKSSON|ANNA MARIA"},
	{"the number", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C46UTO7408122F1204159ZE184226B<<<<<10",
		ONE(NUMBER) | ONE(WHOLE), "2|P|UTO|L898902C4|UTO|740812|F|120415|ZE184226B||ERIKSSON|ANNA MARIA"},
	{"the birth", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408132F1204159ZE184226B<<<<<10",
		ONE(BIRTH) | ONE(WHOLE), "2|P|UTO|L898902C3|UTO|740813|F|120415|ZE184226B||ERIKSSON|ANNA MARIA"},
	{"the expiry", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204158ZE184226B<<<<<10",
		ONE(EXPIRY) | ONE(WHOLE), "2|P|UTO|L898902C3|UTO|740812|F|120415|ZE184226B||ERIKSSON|ANNA MARIA"},
	{"the personal number",
		"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226C<<<<<10",
		ONE(OPTIONAL) | ONE(WHOLE), "2|P|UTO|L898902C3|UTO|740812|F|120415|ZE184226C||ERIKSSON|ANNA MARIA"},
	{"the whole", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<11",
		ONE(WHOLE), "2|P|UTO|L898902C3|UTO|740812|F|120415|ZE184226B||ERIKSSON|ANNA MARIA"},
	{"the whole of a card",
		"I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<7\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
		ONE(WHOLE), "0|I|UTO|D23145890|UTO|740812|F|120415|||ERIKSSON|ANNA MARIA"},
	{"a long number",
		"I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<", 0,
		"0|I|UTO|D23145890734|UTO|340712|M|950712|||STEVENSON|PETER JOHN"},
	{"no personal number, a filler for its check digit",
		"P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<\nC01X00T478D<<6408125F2702283<<<<<<<<<<<<<<<4", 0,
		"2|P|D|C01X00T47|D|640812|F|270228|||MUSTERMANN|ERIKA"},
	{"no given names, cut, sex and day of birth not said",
		"P<UTOABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLM\nL898902C36UTO7408<<7<1204159<<<<<<<<<<<<<<08", 0,
		"2|P|UTO|L898902C3|UTO|7408<<|<|120415|||ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLM|"},
};

static const char *const no_zones[] = {"", "P", "P<UTOERIKSSON<<ANNA<MARIA",
	"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<1",
	"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<1\xC3\x89",
	"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO74O8122F1204159ZE184226B<<<<<10",
	"1<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
	"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10P<UTO"};

static void test_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		struct dgm_mrz mrz;
		char is[512];
		if (!dgm_mrz_read(dgm_str(rows[i].text), &mrz))
			fail_msg("%s: not read", rows[i].name);
		snprintf(is, sizeof is, "%d|%s|%s|%s|%s|%s|%c|%s|%s|%s|%s|%s", (int)mrz.kind, mrz.code, mrz.issuer,
			mrz.number, mrz.nationality, mrz.birth, mrz.sex, mrz.expiry, mrz.optional, mrz.optional_2,
			mrz.primary, mrz.secondary);
		lab_same(rows[i].name, dgm_str(is), dgm_str(rows[i].read));
		if (mrz.wrong != rows[i].wrong)
			fail_msg("%s: wrong %x, not %x", rows[i].name, mrz.wrong, rows[i].wrong);
		assert_int_equal(mrz.cut, strstr(rows[i].name, "cut") != NULL);
	}
	for (size_t i = 0; i < DGM_COUNT(no_zones); i++) {
		struct dgm_mrz mrz;
		if (dgm_mrz_read(dgm_str(no_zones[i]), &mrz))
			fail_msg("%s: read", no_zones[i]);
	}
	assert_int_equal(dgm_mrz_check_digit(DGM_STR("L898902C3")), '6');
	assert_int_equal(dgm_mrz_check_digit(DGM_STR("740812")), '2');
	assert_int_equal(dgm_mrz_check_digit(DGM_STR("")), '0');
}

/* What is right and was read is written as it was. */
static void test_write_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		struct dgm_mrz mrz;
		char to[DGM_MRZ_TEXT];
		if (rows[i].wrong || !strchr(rows[i].text, '\n') || strstr(rows[i].name, "small") ||
			strstr(rows[i].name, "filler"))
			continue;
		assert_true(dgm_mrz_read(dgm_str(rows[i].text), &mrz));
		const struct dgm_mrz_fields fields = {.kind = mrz.kind,
			.code = dgm_str(mrz.code),
			.issuer = dgm_str(mrz.issuer),
			.number = dgm_str(mrz.number),
			.nationality = dgm_str(mrz.nationality),
			.birth = dgm_str(mrz.birth),
			.expiry = dgm_str(mrz.expiry),
			.optional = dgm_str(mrz.optional),
			.optional_2 = dgm_str(mrz.optional_2),
			.primary = dgm_str(mrz.primary),
			.secondary = dgm_str(mrz.secondary),
			.sex = mrz.sex};
		const size_t len = dgm_mrz_write(&fields, to);
		lab_same(rows[i].name, dgm_str_of(to, len), dgm_str(rows[i].text));
	}
}

static void test_write(void **state)
{
	static const struct {
		const char *name, *primary, *secondary, *number, *text;
	} cases[] = {
		{"hyphens and apostrophes", "O'Connor", "Enya Siobhan", "L898902C3",
			"P<UTOOCONNOR<<ENYA<SIOBHAN<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159<<<<<<<<<<<<<<08"},
		{"two family names", "van der Muellen", "Anna-Maria", "L898902C3",
			"P<UTOVAN<DER<MUELLEN<<ANNA<MARIA<<<<<<<<<<<<\nL898902C36UTO7408122F1204159<<<<<<<<<<<<<<08"},
		{"given names are cut", "Nilavadhanananda", "Chayapa Dejthamrong Krasuang", "L898902C3",
			"P<UTONILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K\nL898902C36UTO7408122F1204159<<<<<<<<<<<<<<08"},
		{"a family name is cut, the given one is not lost", "Abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq",
			"Zoe", "L898902C3",
			"P<UTOABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJ<<Z\nL898902C36UTO7408122F1204159<<<<<<<<<<<<<<08"},
		{"letters that it has not", "M\xC3\xBCller", "Zoe", "L898902C3", ""},
		{"no name", "", "Zoe", "L898902C3", ""},
		{"a number that is too long", "Muller", "Zoe", "L898902C345", ""},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		char to[DGM_MRZ_TEXT];
		const struct dgm_mrz_fields fields = {.kind = DGM_MRZ_TD3,
			.code = DGM_STR("P"),
			.issuer = DGM_STR("UTO"),
			.number = dgm_str(cases[i].number),
			.nationality = DGM_STR("UTO"),
			.birth = DGM_STR("740812"),
			.expiry = DGM_STR("120415"),
			.primary = dgm_str(cases[i].primary),
			.secondary = dgm_str(cases[i].secondary),
			.sex = 'F'};
		const size_t len = dgm_mrz_write(&fields, to);
		struct dgm_mrz mrz;
		lab_same(cases[i].name, dgm_str_of(to, len), dgm_str(cases[i].text));
		if (len)
			assert_true(dgm_mrz_read(dgm_str_of(to, len), &mrz) && mrz.wrong == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_write_back),
		cmocka_unit_test(test_write),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
