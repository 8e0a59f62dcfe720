/* SPDX-License-Identifier: Apache-2.0 */
/* Keys for looking up and comparing. */
#include "base/textkey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/utf8.h"

static void keys_are_folded(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
		{"", ""},
		{"  Nombre\t de\r\nFamilia ", "nombre de familia"},
		{"STRASSE", "strasse"},
		{"Stra\xC3\x9F"
		 "e",
			"strasse"},
		{"FECHA DE EMISI\xC3\x93N", "fecha de emisi\xC3\xB3n"},
		{"Emisio\xCC\x81n", "emisi\xC3\xB3n"},
		{"\xD0\x9C\xD0\x9E\xD0\xA1\xD0\x9A\xD0\x92\xD0\x90",
			"\xD0\xBC\xD0\xBE\xD1\x81\xD0\xBA\xD0\xB2\xD0\xB0"},
		{"\xC2\xA0Ni\xC3\xB1o\xE2\x80\x83Ni\xC3\xB1"
		 "a\xE3\x80\x80",
			"ni\xC3\xB1o ni\xC3\xB1"
			"a"},
		{"\xCE\xA3\xCE\xAF\xCF\x83\xCF\x85\xCF\x86\xCE\xBF\xCF\x82",
			"\xCF\x83\xCE\xAF\xCF\x83\xCF\x85\xCF\x86\xCE\xBF\xCF\x83"},
		{"\xE1\xBE\x82", "\xE1\xBC\x82\xCE\xB9"},
		{"Name\xFF", "name\xFF"},
		/* Turkish and Azerbaijani: one i, whoever set the word in capitals. */
		{"T\xC3\x9CRK\xC4\xB0YE", "t\xC3\xBCrkiye"},
		{"K\xC4\xB1z", "kiz"},
		{"KIZ", "kiz"},
		{"\xC4\xB0ran", "iran"},
	};
	struct dgm_arena arena = {0};
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		const struct dgm_str folded = dgm_text_fold(&arena, dgm_str(rows[i][0]));
		if (!dgm_str_is(folded, rows[i][1]))
			fail_msg("\"%s\": \"%.*s\"", rows[i][0], DGM_FMT(folded));
	}
	/* Characters that grow the most. */
	for (uint32_t c = 0x80; c < 0x20000; c++) {
		char text[40];
		size_t n = 0;
		if (c >= 0xD800 && c < 0xE000)
			continue;
		for (int i = 0; i < 9; i++)
			n += dgm_utf8_put(text + n, c);
		const struct dgm_str once = dgm_text_fold(&arena, dgm_str_of(text, n));
		assert_true(dgm_utf8_valid(once));
		const struct dgm_str twice = dgm_text_fold(&arena, once);
		if (!dgm_str_eq(once, twice))
			fail_msg("U+%04X folds on", (unsigned)c);
		dgm_arena_reset(&arena);
	}
	dgm_arena_done(&arena);
}

static void keys_are_the_same_for_spellings_of_one_name(void **state)
{
	(void)state;
	static const char *const same[][2] = {
		{"الاردن", "الأُرْدُنّ"},
		{"إيران", "ایران"},
		{"آمنة", "امنه"},
		{"مصطفى", "مصطفي"},
		{"كريم", "کریم"},
		{"مـحـمـد", "محمد"},
		{"ﻣﺤﻤﺪ", "محمد"},
		{"علی‌رضا", "عليرضا"},
		{"Côte d’Ivoire", "COTE D'IVOIRE"},
		{"Türkiye", "TURKIYE"},
		{"DİYARBAKIR", "diyarbakir"},
		{"Łódź", "lodz"},
		{"Straße", "STRASSE"},
		{"Ｔｏｋｙｏ", "tokyo"},
		{"中国（台湾）", "中国(台湾)"},
		{"Пётр Королёв", "петр королев"},
		{"Ἀθῆναι", "αθηναι"},
		{"שָׁלוֹם", "שלום"},
	};
	static const char *const other[][2] = {
		{"Мой", "Мои"},
		{"Їжак", "Іжак"},
		{"مؤمن", "مومن"},
		{"कि", "क"},
		{"محمد", "محمود"},
		{"Ђ", "Ћ"},
		{"①", "1"},
	};
	struct dgm_arena arena = {0};
	for (size_t i = 0; i < DGM_COUNT(same); i++) {
		const struct dgm_str a = dgm_text_key(&arena, dgm_str(same[i][0])),
				     b = dgm_text_key(&arena, dgm_str(same[i][1]));
		if (!dgm_str_eq(a, b))
			fail_msg("%s: \"%.*s\" and \"%.*s\"", same[i][0], DGM_FMT(a), DGM_FMT(b));
	}
	for (size_t i = 0; i < DGM_COUNT(other); i++)
		if (dgm_str_eq(dgm_text_key(&arena, dgm_str(other[i][0])), dgm_text_key(&arena, dgm_str(other[i][1]))))
			fail_msg("%s and %s", other[i][0], other[i][1]);
	for (uint32_t c = 0x80; c < 0x20000; c++) {
		char text[40];
		size_t n = 0;
		if (c >= 0xD800 && c < 0xE000)
			continue;
		text[n++] = 'e';
		for (int i = 0; i < 3; i++)
			n += dgm_utf8_put(text + n, c);
		const struct dgm_str once = dgm_text_key(&arena, dgm_str_of(text, n));
		assert_true(dgm_utf8_valid(once));
		if (!dgm_str_eq(dgm_text_key(&arena, once), once))
			fail_msg("U+%04X: the key of a key is another", (unsigned)c);
		dgm_arena_reset(&arena);
	}
	dgm_arena_done(&arena);
}

/* Marks in the worst order cost a key no more than a canonical text. */
static void marks_in_the_worst_order_are_folded(void **state)
{
	(void)state;
	const size_t total = (size_t)1 << 20;
	char *text = malloc(total);
	struct dgm_arena arena = {0};
	for (size_t n = 0; n < total; n += 4)
		memcpy(text + n, "\xCC\x87\xCC\xA3", 4);
	assert_true(dgm_text_fold(&arena, dgm_str_of(text, total)).len > 0);
	assert_true(dgm_text_key(&arena, dgm_str_of(text, total)).len > 0);
	dgm_arena_done(&arena);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_folded),
		cmocka_unit_test(keys_are_the_same_for_spellings_of_one_name),
		cmocka_unit_test(marks_in_the_worst_order_are_folded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
