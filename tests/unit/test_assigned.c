/* SPDX-License-Identifier: Apache-2.0 */
/* Codes of the standards: today's, withdrawn ones, and such as only look like codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "notice/assigned.h"

static void codes(void **state)
{
	static const struct {
		enum dgm_type type;
		enum dgm_assigned want;
		const char *codes;
	} rows[] = {
		{DGM_TYPE_COUNTRY, DGM_ASSIGNED_NOW, "AD DE ZW XK SS BQ x-stateless x-icc"},
		{DGM_TYPE_COUNTRY, DGM_ASSIGNED_ONCE, "AIDJ SUHH YUCS CSHH ZRCD DDDE"},
		{DGM_TYPE_COUNTRY, DGM_ASSIGNED_NEVER, "QQ SU UK EU AN ZZZZ DEU de D DE1 1 {{"},
		{DGM_TYPE_LANGUAGE, DGM_ASSIGNED_NOW, "deu ara srp-Latn aaa zza zxx mul qaa qtz kmr"},
		{DGM_TYPE_LANGUAGE, DGM_ASSIGNED_NEVER,
			"qzz quo xxx ger fre DEU de deut srp-Zzzx srp_Latn zzz quz- ab{"},
		{DGM_TYPE_SCRIPT, DGM_ASSIGNED_NOW, "Latn Arab Cyrl Hans Zzzz Qaaa Qabx Zyyy Ethi"},
		{DGM_TYPE_SCRIPT, DGM_ASSIGNED_NEVER, "Qqqq latn Qaby Qaca Xxxx Lat Latin"},
		{DGM_TYPE_CURRENCY, DGM_ASSIGNED_NOW, "EUR AED ZWL XAU XXX VES"},
		{DGM_TYPE_CURRENCY, DGM_ASSIGNED_ONCE, "DEM FRF SUR YUN TRL VEF ADP ZWR"},
		{DGM_TYPE_CURRENCY, DGM_ASSIGNED_NEVER, "QQQ eur EU EURO RMB ZZZ"},
		{DGM_TYPE_TEXT, DGM_ASSIGNED_NOW, "anything"},
	};
	bool wrong = false;
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		struct dgm_str rest = dgm_str(rows[i].codes), code;
		while (dgm_str_next(&rest, DGM_STR(" "), &code))
			if (dgm_assigned_code(rows[i].type, code) != rows[i].want) {
				print_error("%.*s is not %d\n", DGM_FMT(code), (int)rows[i].want);
				wrong = true;
			}
	}
	assert_false(wrong);
	assert_int_equal(dgm_assigned_code(DGM_TYPE_COUNTRY, DGM_NOSTR), DGM_ASSIGNED_NEVER);
	assert_int_equal(dgm_assigned_code(DGM_TYPE_LANGUAGE, DGM_STR("a-language-of-nobody")), DGM_ASSIGNED_NEVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(codes)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
