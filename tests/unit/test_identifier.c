/* SPDX-License-Identifier: Apache-2.0 */
/* Check characters of identifiers, and what a definition's "check" does: a wrong one is told, and the value stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "defs.h"
#include "format/definition.h"
#include "lab.h"
#include "notice/identifier.h"

/* Numbers of each scheme, the same with one character changed, and what is inside: "birth sex", - where it says none. */
static const struct {
	const char *scheme, *good, *bad, *inside;
} numbers[] = {
	{"cn-resident-id", "11010519491231002X", "11010519491231003X", "1949-12-31 f"},
	{"cn-resident-id", "11010519491231002x", "11010519481231002x", "1949-12-31 f"},
	{"cn-resident-id", "440524188001010014", "440524188001010015", "1880-01-01 m"},
	{"cn-resident-id", "360426199101010071", "360426199101010072", "1991-01-01 m"},
	{"cn-resident-id", "360426199101010071", "360426199101010017", "1991-01-01 m"},
	{"cn-resident-id", "360426 19910101 0071", "36042619910101007X", "1991-01-01 m"},
	{"th-pin", "3100600445635", "3100600445636", "- -"},
	{"th-pin", "3-1006-00445-63-5", "3-1006-00446-63-5", "- -"},
	{"th-pin", "๓๑๐๐๖๐๐๔๔๕๖๓๕", "๓๑๐๐๖๐๐๔๔๕๖๓๖", "- -"},
	{"ir-national-code", "0018465986", "0018465987", "- -"},
	{"ir-national-code", "18465986", "18465968", "- -"},
	{"ir-national-code", "۰۰۱۸۴۶۵۹۸۶", "۰۰۱۸۴۶۵۹۸۵", "- -"},
	{"tr-tckn", "10000000146", "10000000147", "- -"},
	{"tr-tckn", "10000000146", "10000000156", "- -"},
	{"es-dni", "12345678-Z", "12345678-A", "- -"},
	{"es-dni", "54362315K", "54362316K", "- -"},
	{"es-nie", "X-2482300W", "X-2482300A", "- -"},
	{"es-nie", "Y1234567X", "Z1234567X", "- -"},
	{"br-cpf", "390.533.447-05", "390.533.447-06", "- -"},
	{"br-cpf", "39053344705", "39053344715", "- -"},
	{"br-cnpj", "16.727.230/0001-97", "16.727.230/0001-98", "- -"},
	{"za-id", "8001015009087", "8001015009088", "80-01-01 m"},
	{"za-id", "7503305044089", "7503305044098", "75-03-30 m"},
	{"sa-id", "1000000008", "1000000009", "- -"},
	{"ae-emirates-id", "784-1980-1234567-8", "784-1980-1234567-9", "1980 -"},
	{"kw-civil-id", "288020122596", "288020122597", "1988-02-01 -"},
	{"kw-civil-id", "291030104196", "291030104169", "1991-03-01 -"},
	{"kz-iin", "901123300258", "901123300259", "1990-11-23 m"},
	{"kz-iin", "061211600012", "061211600013", "2006-12-11 f"},
	{"kz-bin", "971240001315", "971240001316", "- -"},
	{"in-aadhaar", "234123412346", "234123412347", "- -"},
	{"in-aadhaar", "2341 2341 2346", "2341 2341 3246", "- -"},
	{"sg-nric", "S1234567D", "S1234567E", "- -"},
	{"sg-nric", "T1234567J", "T1234567D", "- -"},
	{"sg-nric", "F1234567N", "F1234576N", "- -"},
	{"sg-nric", "G1234567X", "G1234567N", "- -"},
	{"cl-rut", "12.531.909-2", "12.531.909-3", "- -"},
	{"cl-rut", "76086428-5", "76086428-K", "- -"},
	{"cl-rut", "6.265.837-1", "6.265.837-2", "- -"},
	{"ec-cedula", "171430710-3", "171430710-4", "- -"},
	{"do-cedula", "00113918205", "00113918204", "- -"},
	{"do-cedula", "001-1391820-5", "001-1391802-5", "- -"},
	{"mx-curp", "BOXW310820HNERXN09", "BOXW310820HNERXN08", "1931-08-20 m"},
	{"uy-ci", "1.234.567-2", "1.234.567-3", "- -"},
	{"pe-dni", "10117410-2", "10117410-3", "- -"},
	{"pe-dni", "10117410-G", "10117410-H", "- -"},
	{"ar-cuit", "20-26756539-3", "20-26756539-4", "- -"},
	{"co-nit", "213.123.432-1", "213.123.432-2", "- -"},
	{"co-nit", "800197268-4", "800197286-4", "- -"},
	{"ru-inn", "123456789047", "123456789048", "- -"},
	{"ru-inn", "123456789047", "123456789147", "- -"},
	{"ru-inn-company", "1234567894", "1234567895", "- -"},
	{"ru-snils", "112-233-445 95", "112-233-445 96", "- -"},
	{"iban", "SA0380000000608010167519", "SA0380000000608010167518", "- -"},
	{"iban", "AE070331234567890123456", "AE080331234567890123456", "- -"},
	{"iban", "KW81CBKU0000000000001234560101", "KW81CBKU0000000000001234560110", "- -"},
	{"iban", "EG380019000500000000263180002", "EG380019000500000000263180003", "- -"},
	{"iban", "TR330006100519786457841326", "TR330006100519786457841362", "- -"},
	{"iban", "KZ86125KZT5004100100", "KZ86125KZT5004100101", "- -"},
	{"iban", "PK36SCBL0000001123456702", "PK36SCBL0000001123456703", "- -"},
	{"iban", "BR1800360305000010009795493C1", "BR1800360305000010009795493C2", "- -"},
	{"iban", "TN59 1000 6035 1835 9847 8831", "TN59 1000 6035 1835 9847 8832", "- -"},
	{"iban", "IBAN DE89 3704 0044 0532 0130 00", "IBAN DE89 3704 0044 0532 0130 01", "- -"},
	{"lei", "213800KUD8LAJWSQ9D15", "213800KUD8LAJWSQ9D16", "- -"},
	{"vin", "1M8GDM9AXKP042788", "1M8GDM9A1KP042788", "- -"},
	{"vin", "11111111111111111", "11111111211111111", "- -"},
	{"imo", "9074729", "9074728", "- -"},
	{"imo", "IMO 9074729", "IMO 9074792", "- -"},
	{"container", "CSQU3054383", "CSQU3054384", "- -"},
	{"container", "CSQU 305438-3", "CSQU 305483-3", "- -"},
	{"imei", "490154203237518", "490154203237519", "- -"},
	{"mrz", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
		"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<11", "- -"},
};

/* Numbers that have the right shape and nothing to check them by. */
static const struct {
	const char *scheme, *text, *inside;
} unchecked[] = {
	{"cn-resident-id", "360426910101007", "- -"},
	{"my-mykad", "770305-02-1234", "77-03-05 f"},
	{"my-mykad", "770305021235", "77-03-05 m"},
	{"id-nik", "3171015708450001", "45-08-17 f"},
	{"id-nik", "3171011708450001", "45-08-17 m"},
	{"pk-cnic", "34201-0891231-8", "- f"},
	{"pk-cnic", "3420108912319", "- m"},
	{"eg-national-id", "29001011234567", "1990-01-01 f"},
	{"eg-national-id", "30502031234577", "2005-02-03 m"},
	{"qa-qid", "28863412345", "1988 -"},
	{"uz-pinfl", "31502851234567", "1985-02-15 m"},
	{"uz-pinfl", "61502051234567", "2005-02-15 f"},
	{"vn-cccd", "001185012345", "1985 f"},
	{"vn-cccd", "001204012345", "2004 m"},
	{"sg-nric", "M1234567K", "- -"},
	{"pe-dni", "10117410", "- -"},
	{"uy-ci", "1234567", "- -"},
	{"cl-rut", "12531909", "- -"},
	{"co-nit", "1031234567", "- -"},
	{"imei", "49015420323751", "- -"},
	{"imei", "4901542032375101", "- -"},
	{"vin", "WVWZZZ1JZXW000001", "- -"},
	{"bic", "DEUTDEFF", "- -"},
	{"bic", "DEUTDEFF500", "- -"},
	{"mmsi", "211331640", "- -"},
	{"mmsi", "002110001", "- -"},
	{"mmsi", "992111001", "- -"},
	{"icao24", "3C6444", "- -"},
	{"icao24", "00a1b2", "- -"},
};

static const struct {
	const char *scheme, *text;
} misshapen[] = {
	{"cn-resident-id", "36042691010100X"},
	{"cn-resident-id", "3604261991010100"},
	{"cn-resident-id", "36042619910101O071"},
	{"cn-resident-id", "3604261991010100711"},
	{"cn-resident-id", "1"},
	{"cn-resident-id", "360426199113010079"}, /* month 13, its check digit right */
	{"ir-national-code", "1111111111"},
	{"br-cpf", "000.000.000-00"},
	{"th-pin", "0100600445635"},
	{"sa-id", "3000000008"},
	{"ae-emirates-id", "7841980123456"},
	{"my-mykad", "770231021234"},
	{"id-nik", "3171017208450001"},
	{"eg-national-id", "39902301234567"},
	{"kz-iin", "061241600012"},
	{"es-dni", "123456789"},
	{"sg-nric", "A1234567D"},
	{"iban", "SA038000000060801016751"},
	{"iban", "DE8937040044053201300"},
	{"lei", "213800KUD8LAJWSQ9DXX"},
	{"vin", "1M8GDM9AXKP04278"},
	{"vin", "1M8GDM9AXKPO42788"},
	{"imo", "907472"},
	{"mmsi", "811331640"},
	{"container", "CSQA3054383"},
	{"imei", "4901542032375"},
	{"icao24", "3C644"},
	{"icao24", "3C644G"},
	{"bic", "DEUT1EFF"},
	{"bic", "DEUTDEFF5"},
	{"mrz", "P<UTOERIKSSON<<ANNA<MARIA"},
	{"br-cpf", "the number of a person that is much, much longer than any number of a person has ever been"},
};

static const char *inside_of(struct dgm_identity identity, char to[32])
{
	int len = 1;
	if (!identity.has_birth)
		to[0] = '-';
	else
		len = snprintf(to, 32, identity.century ? "%04u" : "%02u", identity.year);
	if (identity.day)
		len += snprintf(to + len, 32 - (size_t)len, "-%02u-%02u", identity.month, identity.day);
	snprintf(to + len, 32 - (size_t)len, " %c", identity.sex ? identity.sex : '-');
	return to;
}

static void expect(const char *scheme, const char *text, enum dgm_identified result, const char *inside)
{
	struct dgm_arena arena = {0};
	char is[32];
	const struct dgm_identifier *row = dgm_identifier_find(dgm_str(scheme));
	assert_non_null(row);
	const struct dgm_identity identity = dgm_identifier_read(row, &arena, dgm_str(text));
	if (identity.result != result)
		fail_msg("%s: %s: result %d, not %d", scheme, text, (int)identity.result, (int)result);
	if (strcmp(inside_of(identity, is), inside) != 0)
		fail_msg("%s: %s: \"%s\", not \"%s\"", scheme, text, is, inside);
	dgm_arena_done(&arena);
}

static void test_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(numbers); i++) {
		expect(numbers[i].scheme, numbers[i].good, DGM_IDENTIFIED, numbers[i].inside);
		expect(numbers[i].scheme, numbers[i].bad, DGM_ID_WRONG_CHECK, "- -");
	}
	for (size_t i = 0; i < DGM_COUNT(unchecked); i++)
		expect(unchecked[i].scheme, unchecked[i].text, DGM_ID_UNCHECKED, unchecked[i].inside);
	for (size_t i = 0; i < DGM_COUNT(misshapen); i++)
		expect(misshapen[i].scheme, misshapen[i].text, DGM_ID_WRONG_SHAPE, "- -");
}

/* Each scheme has a number above, and its word stands in the manual. */
static void test_table(void **state)
{
	static char manual[1 << 20];
	FILE *file = fopen(DGM_TEST_SOURCE_DIR "/man/dragoman-format.5", "r");
	(void)state;
	assert_non_null(file);
	manual[fread(manual, 1, sizeof manual - 1, file)] = '\0';
	fclose(file);
	for (size_t row = 0; dgm_identifier_at(row); row++) {
		const char *name = dgm_identifier_at(row)->name;
		char item[64];
		bool tested = false;
		for (size_t i = 0; i < DGM_COUNT(numbers); i++)
			tested = tested || strcmp(numbers[i].scheme, name) == 0;
		for (size_t i = 0; i < DGM_COUNT(unchecked); i++)
			tested = tested || strcmp(unchecked[i].scheme, name) == 0;
		snprintf(item, sizeof item, "\n.It Li %s\n", name);
		if (!tested || !strstr(manual, item))
			fail_msg("%s is not in %s", name, tested ? "the manual" : "this test");
		assert_ptr_equal(dgm_identifier_find(dgm_str(name)), dgm_identifier_at(row));
	}
	assert_null(dgm_identifier_find(DGM_STR("")));
	assert_null(dgm_identifier_find(DGM_STR("CN-RESIDENT-ID")));
}

static void test_key(void **state)
{
	struct dgm_format *format = lab_definition(
		DEFS_MAP_JSON "      I: {to: subject.document.number, check: cn-resident-id}\n      N: notice.id\n");
	struct lab_batch batch;
	struct lab_written written;
	struct dgm_arena arena = {0};
	(void)state;
	lab_batch_init(&batch);
	lab_read(&batch, format, DGM_STR("{\"I\":\"360426199101010071\"}\n{\"N\":\"2\"}\n"), 0);
	assert_int_equal(batch.heard.len, 0);
	lab_read(&batch, format, DGM_STR("{\"I\":\"360426199101010072\",\"N\":\"3\"}\n"), 0);
	assert_int_equal(batch.count, 3);
	lab_same("dump", lab_dump(&arena, &batch.notices[2]),
		DGM_STR("notice.id=3\nsubject[1].document[1].number=360426199101010072\n"));
	lab_same("heard", dgm_str_trim(dgm_str(batch.heard.text)),
		DGM_STR("warning 0:0 identifier-check: subject.document.number: 360426199101010072"));
	lab_write(&written, format, &batch);
	lab_same("written", written.bytes,
		DGM_STR("{\"I\":\"360426199101010071\"}\n{\"N\":\"2\"}\n{\"I\":\"360426199101010072\",\"N\":\"3\"}\n"));
	lab_written_done(&written);
	lab_batch_done(&batch);
	dgm_arena_done(&arena);
	dgm_format_free(format);
}

static void test_mistakes(void **state)
{
	static const char *const checks[] = {"I: {to: subject.document.number, check: cn}",
		"I: {to: subject.sex, check: cn-resident-id}"};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(checks); i++) {
		struct lab_heard heard;
		char yaml[512];
		snprintf(yaml, sizeof yaml, DEFS_MAP_JSON "      %s\n", checks[i]);
		lab_heard_init(&heard);
		assert_null(dgm_format_parse(dgm_str(yaml), "test.yaml", lab_code_folders(), &heard.sink));
		assert_non_null(strstr(heard.text, i ? "text" : "cn-resident-id"));
		lab_heard_done(&heard);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_mistakes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
