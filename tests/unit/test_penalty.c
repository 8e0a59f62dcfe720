/* SPDX-License-Identifier: Apache-2.0 */
/* Penalties in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "lab.h"
#include "notice/penalty.h"

static void months(void **state)
{
	static const struct {
		const char *text;
		int months;
	} rows[] = {
		{"5 years", 60},
		{"20 years imprisonment", 240},
		{"2 to 5 years", 60},
		{"from 6 months to 2 years", 24},
		{"18 months", 18},
		{"90 days", 2},
		{"6-12 months", 12},
		{"1 year 6 months", 12},
		{"2 a\u00F1os de prisi\u00F3n", 24},
		{"8 ANOS", 96},
		{"3 ans d'emprisonnement", 36},
		{"18 mois", 18},
		{"10 \u0441\u0443\u0442\u043E\u043A", -1},
		{"до 5 лет лишения свободы", 60},
		{"6 месяцев", 6},
		{"خمس سنوات", -1},
		{"٥ سنوات", 60},
		{"3 أشهر", 3},
		{"۱۰ سال", 120},
		{"15 tahun penjara", 180},
		{"6 bulan", 6},
		{"2 y\u0131l", 24},
		{"8 ay hapis", 8},
		{"10年", 120},
		{"6个月", 6},
		{"life imprisonment", -1},
		{"life, or 1 year", -1},
		{"death, or 10 years", -1},
		{"пожизненное или 5 лет", -1},
		{"two years", -1},
		{"article 5", -1},
		{"a fine of 500", -1},
		{"5", -1},
		{"", -1},
		{"99999999999 years", -1},
	};
	struct dgm_arena arena = {0};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		const int have = dgm_penalty_months(&arena, dgm_str(rows[i].text));
		if (have != rows[i].months)
			print_error("%s: %d, not %d\n", rows[i].text, have, rows[i].months);
		assert_int_equal(have, rows[i].months);
	}
	dgm_arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(months)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
