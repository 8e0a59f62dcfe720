/* SPDX-License-Identifier: Apache-2.0 */
/* Which rule changed a value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/rules.h"
#include "lab.h"
#include "notice/changes.h"

#define F(field) DGM_FIELD_##field

static const struct row {
	enum dgm_field_id field;
	const char *original, *text; /* text NULL: a null */
	const char *rules;
} rows[] = {
	{F(subject_name_full), "Ana", "Ana", ""},
	{F(subject_name_full), "A\u0301na", "\u00C1na", "text-nfc"},
	{F(subject_name_full), "\u200FAli", "Ali", "text-marks"},
	{F(subject_name_full), "A\u200Dli", "Ali", "text-marks"},
	{F(subject_name_full), "محـمـد", "محمد", "text-tatweel"},
	{F(subject_name_full), "ﻣﺤﻤﺪ", "محمد", "text-presentation-forms"},
	{F(subject_name_full), "ＡＢ１", "AB1", "text-width"},
	{F(subject_name_full), "Ana\u00A0Ruiz", "Ana Ruiz", "text-space"},
	{F(subject_name_full), " Ana\tRuiz ", "Ana Ruiz", "text-space"},
	{F(subject_name_full), "\uFEFFAna\u00A0A\u0301", "Ana \u00C1", "text-nfc text-marks text-space"},
	{F(charge_text), "a\r\nb", "a\nb", "text-space"},
	{F(subject_name_full), "Ali @ Abu Ali", "Ali", "value-part"},
	{F(subject_occupation), "Lehrer", "teacher", "code-word"},
	{F(subject_height), "1,80 m", "180", "unit"},
	{F(subject_height), "١٨٠", "180", "digits"},
	{F(subject_height), "١٫٨٠ م", "180", "digits unit"},
	{F(subject_age_min), "1.234", "1234", "number-spelling"},
	{F(subject_birth_date), "05/08/2020", "2020-08-05", "date-spelling"},
	{F(subject_birth_date), "5 août 85", "1985-08-05", "date-spelling"},
	{F(subject_birth_date), "٠٥/٠٨/٢٠٢٠", "2020-08-05", "digits date-spelling"},
	{F(subject_birth_date), "1441/12/15", "2020-08-05", "date-calendar"},
	{F(subject_birth_date), "1400", "1979/1980", "date-calendar date-precision"},
	{F(subject_birth_date), "about 1965", "1965~", "date-spelling date-precision"},
	{F(subject_nationality_country), "الأردن", "JO", "country-name"},
	{F(subject_nationality_country), " JO", "JO", "text-space"},
	{F(subject_sex), "Femenino", "female", "code-word"},
	{F(subject_sex), "F\u00A0", "female", "text-space code-word"},
	{F(notice_authority_phone), "020 7946 0000", "+442079460000", "phone-number"},
	{F(subject_contact_value), "+44 20 7946 0000", "+442079460000", "phone-number"},
	{F(subject_contact_value), "۰۲۱ ۶۶۰۰ ۰۰۰۰", "+982166000000", "digits phone-number"},
	{F(notice_authority_email), "<desk@example.org>", "desk@example.org", "address-spelling"},
	{F(notice_url), "https://example.org/a b", "https://example.org/a%20b", "address-spelling"},
	{F(subject_name_given), "n/a", NULL, "null-word"},
};

static struct dgm_value value_of(const struct row *row)
{
	return (struct dgm_value){.text = dgm_str(row->text),
		.original = dgm_str(row->original),
		.state = row->text ? DGM_STATE_PARSED : DGM_STATE_NULL};
}

static void rules_by_value(void **state)
{
	struct dgm_arena arena = {0};
	bool differs = false;
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		const struct dgm_value value = value_of(&rows[i]);
		struct dgm_str rules = DGM_NOSTR;
		for (uint32_t bits = dgm_changes_of(rows[i].field, &value); bits; bits &= bits - 1)
			rules = dgm_arena_printf(&arena, "%.*s%s%s", DGM_FMT(rules), rules.len ? " " : "",
				dgm_change_codes[__builtin_ctz(bits)]);
		differs = lab_differs(rows[i].original, rules, dgm_str(rows[i].rules)) || differs;
	}
	dgm_arena_done(&arena);
	assert_false(differs);
}

/* What was not understood, and what has no other spelling, was changed by nothing. */
static void nothing_changed(void **state)
{
	const struct dgm_value unparsed = {.original = DGM_STR("soon"), .state = DGM_STATE_UNPARSED};
	const struct dgm_value own = {.text = DGM_STR("2020")}, null = {.state = DGM_STATE_NULL};
	(void)state;
	assert_int_equal(dgm_changes_of(F(subject_birth_date), &unparsed), 0);
	assert_int_equal(dgm_changes_of(F(subject_birth_date), &own), 0);
	assert_int_equal(dgm_changes_of(F(subject_birth_date), &null), 0);
}

/* The chapter of the table, no rule more and none less, and each in a row here. */
static void every_rule(void **state)
{
	size_t pages = 0;
	(void)state;
	for (size_t i = 0; i < dgm_rule_count; i++)
		pages += strcmp(dgm_rules[i].chapter->title, "Normalising") == 0;
	assert_int_equal(pages, DGM_CHANGE_COUNT);
	for (size_t c = 0; c < DGM_CHANGE_COUNT; c++) {
		const struct dgm_rule *rule = dgm_rule_find(dgm_str(dgm_change_codes[c]));
		bool shown = false;
		assert_non_null(rule);
		assert_string_equal(rule->chapter->title, "Normalising");
		assert_string_equal(rule->severity, "change");
		for (size_t i = 0; i < DGM_COUNT(rows) && !shown; i++)
			shown = strstr(rows[i].rules, dgm_change_codes[c]) != NULL;
		if (!shown)
			fail_msg("no row shows %s", dgm_change_codes[c]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_by_value),
		cmocka_unit_test(nothing_changed),
		cmocka_unit_test(every_rule),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
