/* SPDX-License-Identifier: Apache-2.0 */
/* Values: the canonical spelling of every type, and decimals that never pass through a binary float. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "notice/value.h"

static struct dgm_arena arena;

/* A field of each type stands for its type. */
static const char *const fields[DGM_TYPE_COUNT] = {
	[DGM_TYPE_TEXT] = "subject.name.family",
	[DGM_TYPE_PROSE] = "notice.summary",
	[DGM_TYPE_CODE] = "notice.type",
	[DGM_TYPE_DATE] = "notice.published",
	[DGM_TYPE_TIME] = "event.time",
	[DGM_TYPE_COUNTRY] = "charge.country",
	[DGM_TYPE_LANGUAGE] = "notice.language",
	[DGM_TYPE_SCRIPT] = "subject.name.script",
	[DGM_TYPE_INTEGER] = "subject.age_min",
	[DGM_TYPE_DECIMAL] = "reward.amount",
	[DGM_TYPE_LENGTH] = "subject.height",
	[DGM_TYPE_MASS] = "subject.weight",
	[DGM_TYPE_CURRENCY] = "reward.currency",
	[DGM_TYPE_URI] = "notice.url",
	[DGM_TYPE_EMAIL] = "notice.authority.email",
	[DGM_TYPE_PHONE] = "notice.authority.phone",
	[DGM_TYPE_ID] = "subject.account.iban",
	[DGM_TYPE_DIGEST] = "notice.media.digest",
	[DGM_TYPE_BOOLEAN] = "subject.address.current",
	[DGM_TYPE_LITERAL] = "unmapped.value",
};

static enum dgm_field_id field_of(enum dgm_type type)
{
	const int field = dgm_field_by_path(dgm_str(fields[type]));
	if (field < 0)
		fail_msg("no field %s", fields[type]);
	assert_int_equal(dgm_fields[field].type, type);
	return (enum dgm_field_id)field;
}

#define HEX16 "0123456789abcdef"

static const struct {
	enum dgm_type type;
	const char *text;
	bool canonical;
} values[] = {
	{DGM_TYPE_TEXT, "Almarri", true},
	{DGM_TYPE_TEXT, "two  blanks inside stay", true},
	{DGM_TYPE_TEXT, "\xD9\x85\xD8\xAD\xD9\x85\xD8\xAF", true},
	{DGM_TYPE_TEXT, "Jos\xC3\xA9", true},
	{DGM_TYPE_TEXT, "Jose\xCC\x81", false}, /* not NFC */
	{DGM_TYPE_TEXT, "", false},
	{DGM_TYPE_TEXT, " Almarri", false},
	{DGM_TYPE_TEXT, "Almarri ", false},
	{DGM_TYPE_TEXT, "Almarri\xC2\xA0", false},
	{DGM_TYPE_TEXT, "two\nlines", false},
	{DGM_TYPE_TEXT, "a\ttab", false},
	{DGM_TYPE_TEXT, "\x7F", false},
	{DGM_TYPE_TEXT, "a\x01", false},
	{DGM_TYPE_TEXT, "\xE2\x80\x8F\xD9\x85", false}, /* right-to-left mark */
	{DGM_TYPE_TEXT,
		"\xEF\xBB\xBF"
		"a",
		false},
	{DGM_TYPE_PROSE, "two\nlines", true},
	{DGM_TYPE_PROSE, "a\ttab", true},
	{DGM_TYPE_PROSE, "two\r\nlines", false},
	{DGM_TYPE_PROSE, "a line\n", false},
	{DGM_TYPE_PROSE, "", false},
	{DGM_TYPE_CODE, "wanted", true},
	{DGM_TYPE_CODE, "information", true},
	{DGM_TYPE_CODE, "Wanted", false},
	{DGM_TYPE_CODE, "wante", false},
	{DGM_TYPE_CODE, "wanted ", false},
	{DGM_TYPE_CODE, "red", false}, /* of another list */
	{DGM_TYPE_CODE, "wanted|locate", false},
	{DGM_TYPE_CODE, "", false},
	{DGM_TYPE_DATE, "1965-03", true},
	{DGM_TYPE_DATE, "1960/1965", true},
	{DGM_TYPE_DATE, "2001-02-31", false},
	{DGM_TYPE_DATE, "19540813", false},
	{DGM_TYPE_TIME, "23:59", true},
	{DGM_TYPE_TIME, "00:00:00", true},
	{DGM_TYPE_TIME, "12:30:59.125", true},
	{DGM_TYPE_TIME, "12:30Z", true},
	{DGM_TYPE_TIME, "12:30:00-04:00", true},
	{DGM_TYPE_TIME, "24:00", false},
	{DGM_TYPE_TIME, "12:60", false},
	{DGM_TYPE_TIME, "12:30:60", false},
	{DGM_TYPE_TIME, "12:30:", false},
	{DGM_TYPE_TIME, "12:30:1", false},
	{DGM_TYPE_TIME, "12:30:00.", false},
	{DGM_TYPE_TIME, "12:30.5", false},
	{DGM_TYPE_TIME, "9:30", false},
	{DGM_TYPE_TIME, "12:30z", false},
	{DGM_TYPE_TIME, "12:30+4:00", false},
	{DGM_TYPE_TIME, "12:30+15:00", false},
	{DGM_TYPE_TIME, "12", false},
	{DGM_TYPE_COUNTRY, "AE", true},
	{DGM_TYPE_COUNTRY, "XK", true},
	{DGM_TYPE_COUNTRY, "SUHH", true},
	{DGM_TYPE_COUNTRY, "x-stateless", true},
	{DGM_TYPE_COUNTRY, "x-unknown", true},
	{DGM_TYPE_COUNTRY, "x-icc", true},
	{DGM_TYPE_COUNTRY, "x-stl", true},
	{DGM_TYPE_COUNTRY, "x-irmct", true},
	{DGM_TYPE_COUNTRY, "ae", false},
	{DGM_TYPE_COUNTRY, "ARE", false},
	{DGM_TYPE_COUNTRY, "X-ICC", false},
	{DGM_TYPE_COUNTRY, "x-else", false},
	{DGM_TYPE_COUNTRY, "A1", false},
	{DGM_TYPE_COUNTRY, "", false},
	{DGM_TYPE_LANGUAGE, "ara", true},
	{DGM_TYPE_LANGUAGE, "srp-Latn", true},
	{DGM_TYPE_LANGUAGE, "ar", false},
	{DGM_TYPE_LANGUAGE, "ARA", false},
	{DGM_TYPE_LANGUAGE, "arab", false},
	{DGM_TYPE_LANGUAGE, "srp-latn", false},
	{DGM_TYPE_LANGUAGE, "srp-", false},
	{DGM_TYPE_SCRIPT, "Arab", true},
	{DGM_TYPE_SCRIPT, "arab", false},
	{DGM_TYPE_SCRIPT, "Ara", false},
	{DGM_TYPE_SCRIPT, "ArAb", false},
	{DGM_TYPE_INTEGER, "0", true},
	{DGM_TYPE_INTEGER, "-17", true},
	{DGM_TYPE_INTEGER, "9007199254740993", true},
	{DGM_TYPE_INTEGER, "123456789012345678901234567890", true},
	{DGM_TYPE_INTEGER, "", false},
	{DGM_TYPE_INTEGER, "-", false},
	{DGM_TYPE_INTEGER, "-0", false},
	{DGM_TYPE_INTEGER, "007", false},
	{DGM_TYPE_INTEGER, "+7", false},
	{DGM_TYPE_INTEGER, "7.0", false},
	{DGM_TYPE_INTEGER, "7e2", false},
	{DGM_TYPE_INTEGER, "\xD9\xA7", false},
	{DGM_TYPE_DECIMAL, "0.50", true},
	{DGM_TYPE_DECIMAL, "-0.5", true},
	{DGM_TYPE_DECIMAL, "100000000000000000000.000000000000000000001", true},
	{DGM_TYPE_DECIMAL, "-0.00", false},
	{DGM_TYPE_DECIMAL, ".5", false},
	{DGM_TYPE_DECIMAL, "5.", false},
	{DGM_TYPE_DECIMAL, "1,5", false},
	{DGM_TYPE_DECIMAL, "1e3", false},
	{DGM_TYPE_DECIMAL, "00.5", false},
	{DGM_TYPE_DECIMAL, "1.2.3", false},
	{DGM_TYPE_DECIMAL, " 1", false},
	{DGM_TYPE_LENGTH, "165", true},
	{DGM_TYPE_LENGTH, "165.5", true},
	{DGM_TYPE_LENGTH, "180/185", true},
	{DGM_TYPE_LENGTH, "9.5/10", true},
	{DGM_TYPE_LENGTH, "170.0/170", true},
	{DGM_TYPE_LENGTH, "185/180", false},
	{DGM_TYPE_LENGTH, "170.5/170.45", false},
	{DGM_TYPE_LENGTH, "-165", false},
	{DGM_TYPE_LENGTH, "/185", false},
	{DGM_TYPE_LENGTH, "180/", false},
	{DGM_TYPE_LENGTH, "180/185/190", false},
	{DGM_TYPE_LENGTH, "180-185", false},
	{DGM_TYPE_LENGTH, "165 cm", false},
	{DGM_TYPE_LENGTH, "", false},
	{DGM_TYPE_MASS, "60/62.5", true},
	{DGM_TYPE_MASS, "60kg", false},
	{DGM_TYPE_CURRENCY, "AED", true},
	{DGM_TYPE_CURRENCY, "aed", false},
	{DGM_TYPE_CURRENCY, "AEDX", false},
	{DGM_TYPE_URI, "https://police.example/notices/2024-17?lang=ar#top", true},
	{DGM_TYPE_URI, "urn:example:notice:17", true},
	{DGM_TYPE_URI, "https://police.example/a%20b", true},
	{DGM_TYPE_URI, "https://[2001:db8::1]/", true},
	{DGM_TYPE_URI, "https://police.example/a b", false},
	{DGM_TYPE_URI, "https://police.example/100%", false},
	{DGM_TYPE_URI, "https://police.example/%2", false},
	{DGM_TYPE_URI, "https://police.example/%zz", false},
	{DGM_TYPE_URI, "https://police.example/\xD9\x85", false},
	{DGM_TYPE_URI, "www.police.example", false},
	{DGM_TYPE_URI, "/notices/17", false},
	{DGM_TYPE_URI, "https:", false},
	{DGM_TYPE_URI, "1http://police.example", false},
	{DGM_TYPE_URI, "https://police.example/<b>", false},
	{DGM_TYPE_URI, "", false},
	{DGM_TYPE_EMAIL, "desk.one+ar@ncb.police.example", true},
	{DGM_TYPE_EMAIL, "desk@localhost", true},
	{DGM_TYPE_EMAIL, "desk", false},
	{DGM_TYPE_EMAIL, "@police.example", false},
	{DGM_TYPE_EMAIL, "desk@", false},
	{DGM_TYPE_EMAIL, "desk@police..example", false},
	{DGM_TYPE_EMAIL, "desk@-police.example", false},
	{DGM_TYPE_EMAIL, "desk@police-.example", false},
	{DGM_TYPE_EMAIL, ".desk@police.example", false},
	{DGM_TYPE_EMAIL, "desk.@police.example", false},
	{DGM_TYPE_EMAIL, "desk@police.example.", false},
	{DGM_TYPE_EMAIL, "a desk@police.example", false},
	{DGM_TYPE_EMAIL, "desk@two@police.example", false},
	{DGM_TYPE_PHONE, "+97145550100", true},
	{DGM_TYPE_PHONE, "04 555 0100 ext. 7", true},
	{DGM_TYPE_PHONE, " 045550100", false},
	{DGM_TYPE_ID, "AE070331234567890123456", true},
	{DGM_TYPE_ID, "AE07 0331", false},
	{DGM_TYPE_ID, "ae07", false},
	{DGM_TYPE_ID, "", false},
	{DGM_TYPE_DIGEST, "sha256:" HEX16 HEX16 HEX16 HEX16, true},
	{DGM_TYPE_DIGEST, "sha256:" HEX16 HEX16 HEX16, false},
	{DGM_TYPE_DIGEST, "sha512:" HEX16 HEX16 HEX16 HEX16, false},
	{DGM_TYPE_DIGEST, "sha256:" HEX16 HEX16 HEX16 "0123456789ABCDEF", false},
	{DGM_TYPE_BOOLEAN, "true", true},
	{DGM_TYPE_BOOLEAN, "false", true},
	{DGM_TYPE_BOOLEAN, "True", false},
	{DGM_TYPE_BOOLEAN, "1", false},
	{DGM_TYPE_BOOLEAN, "", false},
	{DGM_TYPE_LITERAL, "", true},
	{DGM_TYPE_LITERAL, " as\tit was \x01", true},
};

static void test_canonical(void **state)
{
	bool accepted[DGM_TYPE_COUNT] = {false}, refused[DGM_TYPE_COUNT] = {false};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(values); i++) {
		const char *problem = NULL;
		const bool is = dgm_value_is_canonical(field_of(values[i].type), dgm_str(values[i].text), &problem);
		if (is != values[i].canonical)
			fail_msg("%s '%s': %s", dgm_type_names[values[i].type], values[i].text,
				is ? "accepted" : problem);
		if (is)
			assert_null(problem);
		else
			assert_true(problem && *problem);
		assert_int_equal(dgm_value_is_canonical(field_of(values[i].type), dgm_str(values[i].text), NULL), is);
		*(is ? &accepted[values[i].type] : &refused[values[i].type]) = true;
	}
	for (int type = 0; type < DGM_TYPE_COUNT; type++)
		if (!accepted[type] || (!refused[type] && type != DGM_TYPE_LITERAL))
			fail_msg("type %s: not seen both ways", dgm_type_names[type]);
}

static void test_nothing_is_a_value(void **state)
{
	(void)state;
	for (int type = 0; type < DGM_TYPE_COUNT; type++)
		assert_int_equal(dgm_value_is_canonical(field_of((enum dgm_type)type), DGM_NOSTR, NULL),
			type == DGM_TYPE_LITERAL);
}

static void test_long_email(void **state)
{
	char address[400];
	const enum dgm_field_id field = field_of(DGM_TYPE_EMAIL);
	(void)state;
	memset(address, 'a', sizeof address);
	address[64] = '@';
	assert_true(dgm_value_is_canonical(field, dgm_str_of(address, 64 + 1 + 63), NULL));
	assert_false(dgm_value_is_canonical(field, dgm_str_of(address, 64 + 1 + 64), NULL));
	address[64] = 'a';
	address[65] = '@';
	assert_false(dgm_value_is_canonical(field, dgm_str_of(address, 65 + 1 + 10), NULL));
	address[65] = 'a';
	address[1] = '@';
	for (size_t i = 50; i < sizeof address; i += 50)
		address[i] = '.';
	assert_true(dgm_value_is_canonical(field, dgm_str_of(address, 2 + 255), NULL));
	assert_false(dgm_value_is_canonical(field, dgm_str_of(address, 2 + 256), NULL));
}

static void test_decimal_cmp(void **state)
{
	static const char *const rising[] = {"-180.5", "-180", "-20", "-0.1", "0", "0.09", "0.1", "1", "1.5", "2", "10",
		"99999999999999999999"};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(rising); i++)
		for (size_t k = 0; k < DGM_COUNT(rising); k++) {
			const int have = dgm_decimal_cmp(dgm_str(rising[i]), dgm_str(rising[k]));
			assert_int_equal((have > 0) - (have < 0), (i > k) - (i < k));
		}
	assert_int_equal(dgm_decimal_cmp(dgm_str("1.10"), dgm_str("1.1")), 0);
}

static void test_decimal_read(void **state)
{
	static const struct {
		const char *text;
		char decimal, group;
		const char *number; /* NULL: refused */
	} cases[] = {
		{"1.65", '.', 0, "1.65"},
		{" 1.65\t", '.', 0, "1.65"},
		{"1,65", ',', 0, "1.65"},
		{"1,65", '.', 0, NULL},
		{"1,65", '.', ',', NULL},
		{"12,34", '.', ',', NULL},
		{"1,655", '.', ',', "1655"},
		{"1.655", ',', '.', "1655"},
		{"1.655", '.', ',', "1.655"},
		{"1,234,567.89", '.', ',', "1234567.89"},
		{"1.234.567,89", ',', '.', "1234567.89"},
		{"1 234 567,89", ',', ' ', "1234567.89"},
		{"12,34,567", '.', ',', "1234567"},
		{"12,34,56", '.', ',', NULL},
		{"1234,567", '.', ',', NULL},
		{"1,234,", '.', ',', NULL},
		{",234", '.', ',', NULL},
		{"1,,234", '.', ',', NULL},
		{"0,125", '.', ',', NULL},
		{"1.234,5", '.', ',', NULL},
		{"1,234.5,6", '.', ',', NULL},
		{"+5", '.', 0, "5"},
		{"-5.50", '.', 0, "-5.50"},
		{"- 5", '.', 0, NULL},
		{"--5", '.', 0, NULL},
		{"+-5", '.', 0, NULL},
		{"007", '.', 0, "7"},
		{"000", '.', 0, "0"},
		{"00.10", '.', 0, "0.10"},
		{"1.10", '.', 0, "1.10"},
		{"-0", '.', 0, "0"},
		{"-0.00", '.', 0, "0.00"},
		{"-00,0", ',', 0, "0.0"},
		{"-007", '.', 0, "-7"},
		{"1e3", '.', 0, NULL},
		{"0x10", '.', 0, NULL},
		{"1.2.3", '.', 0, NULL},
		{"1.2.3", '.', '.', NULL},
		{".5", '.', 0, NULL},
		{"5.", '.', 0, NULL},
		{"", '.', 0, NULL},
		{" ", '.', 0, NULL},
		{"-", '.', 0, NULL},
		{"1.5", 0, 0, NULL},
		{"15", 0, 0, "15"},
		{"1 5", '.', 0, NULL},
		{"nan", '.', 0, NULL},
		{"9007199254740993", '.', ',', "9007199254740993"},
		{"9,007,199,254,740,993.000000000000000001", '.', ',', "9007199254740993.000000000000000001"},
		{"\xD9\xA1", '.', 0, NULL},
	};
	(void)state;
	const enum dgm_field_id field = field_of(DGM_TYPE_DECIMAL);
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_str number = DGM_STR("untouched");
		const bool read =
			dgm_decimal_read(&arena, dgm_str(cases[i].text), cases[i].decimal, cases[i].group, &number);
		if (read != (cases[i].number != NULL) || !dgm_str_is(number, read ? cases[i].number : "untouched"))
			fail_msg("'%s': %s, %.*s", cases[i].text, read ? "read" : "refused", DGM_FMT(number));
		if (read)
			assert_true(dgm_value_is_canonical(field, number, NULL));
	}
}

static void test_decimal_shift(void **state)
{
	static const struct {
		const char *number;
		int shift;
		const char *result;
	} cases[] = {
		{"1.65", 2, "165"},
		{"1.655", 2, "165.5"},
		{"1.60", 2, "160"},
		{"1.6", 2, "160"},
		{"165", -2, "1.65"},
		{"170", -2, "1.7"},
		{"200", -2, "2"},
		{"1.70", 1, "17.0"},
		{"1.70", -1, "0.170"},
		{"5", -3, "0.005"},
		{"0.05", 2, "5"},
		{"0.005", 2, "0.5"},
		{"0", 2, "0"},
		{"0", -2, "0"},
		{"0.0", 2, "0"},
		{"-1.5", 1, "-15"},
		{"-1.5", -1, "-0.15"},
		{"1.5", 0, "1.5"},
		{"123456789", -6, "123.456789"},
		{"9007199254740993", 6, "9007199254740993000000"},
		{"9007199254740993", -6, "9007199254.740993"},
		{"0.000001", 6, "1"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		const struct dgm_str result = dgm_decimal_shift(&arena, dgm_str(cases[i].number), cases[i].shift);
		if (!dgm_str_is(result, cases[i].result))
			fail_msg("%s by %d: %.*s instead of %s", cases[i].number, cases[i].shift, DGM_FMT(result),
				cases[i].result);
		/* There and back is the same number. */
		if (!dgm_decimal_same(dgm_decimal_shift(&arena, result, -cases[i].shift), dgm_str(cases[i].number)))
			fail_msg("%s by %d and back", cases[i].number, cases[i].shift);
	}
}

static void test_decimal_same(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} cases[] = {
		{"1.10", "1.1", true},
		{"1.0", "1", true},
		{"0.000", "0", true},
		{"1.1", "1.01", false},
		{"10", "1", false},
		{"-1", "1", false},
		{"-1.50", "-1.5", true},
		{"9007199254740993", "9007199254740992", false},
		{"0.1", "0.10000000000000000001", false},
		{"180/185", "180/185", true}, /* no decimals: the same text */
		{"180/185", "180/185.0", false},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		if (dgm_decimal_same(dgm_str(cases[i].a), dgm_str(cases[i].b)) != cases[i].same ||
			dgm_decimal_same(dgm_str(cases[i].b), dgm_str(cases[i].a)) != cases[i].same)
			fail_msg("%s and %s", cases[i].a, cases[i].b);
	}
}

static int release(void **state)
{
	(void)state;
	dgm_arena_done(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_canonical),
		cmocka_unit_test(test_nothing_is_a_value),
		cmocka_unit_test(test_long_email),
		cmocka_unit_test(test_decimal_cmp),
		cmocka_unit_test(test_decimal_read),
		cmocka_unit_test(test_decimal_shift),
		cmocka_unit_test(test_decimal_same),
	};
	return cmocka_run_group_tests(tests, NULL, release);
}
