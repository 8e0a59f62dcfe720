/* SPDX-License-Identifier: Apache-2.0 */
/* Telephone numbers and e-mail addresses: what becomes of them, and what is neither. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "lab.h"
#include "notice/address.h"

static void phones(void **state)
{
	static const struct {
		const char *text, *number; /* NULL: as it is */
		bool can_be;
	} rows[] = {
		{"+44 20 7946 0000", "+442079460000", true},
		{"+44 (0)20 7946 0000", "+442079460000", true},
		{"+39 (0)6 0000 0000", "+390600000000", true},
		{"0044-20-7946-0000", "+442079460000", true},
		{"+216 00.000.000", "+21600000000", true},
		{"(+216) 00 000 000", "+21600000000", true},
		{"٠٠٢١٦٠٠٠٠٠٠٠٠", "+21600000000", true},
		{"+1 (202) 555-0100", "+12025550100", true},
		{"+7/495/0000000", "+74950000000", true},
		{"020 7946 0000", NULL, true}, /* whose? */
		{"+999 12345678", NULL, false},
		{"+000 12345678", NULL, false},
		{"00999 12345678", NULL, true},
		{"+44 20 7946 0000 ext. 12", NULL, true},
		{"020 7946 0000 x12", NULL, true},
		{"+44 20 7946 0000 00000", NULL, false},
		{"+44 20 7946 0000 0", "+4420794600000", true},
		{"+44", NULL, false},
		{"112", NULL, true},
		{"12", NULL, false},
		{"none", NULL, false},
		{"call the duty officer", NULL, false},
		{"+٤٤ 20 7946 0000", NULL, false},
		{"+44 20 7946 0000 / +44 20 7946 0001", NULL, false},
		{"+", NULL, false},
		{"00", NULL, false},
	};
	struct dgm_arena arena = {0};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		const struct dgm_str text = dgm_str(rows[i].text), have = dgm_phone_international(&arena, text);
		lab_same(rows[i].text, have, dgm_str(rows[i].number ? rows[i].number : rows[i].text));
		lab_same("again", dgm_phone_international(&arena, have), have);
		if (dgm_phone_is_number(text) != rows[i].can_be)
			fail_msg("%s: %d", rows[i].text, !rows[i].can_be);
	}
	dgm_arena_done(&arena);
}

static void emails(void **state)
{
	static const struct {
		const char *text, *bare;
		bool good;
	} rows[] = {
		{"enquete@example.org", "enquete@example.org", true},
		{"mailto:enquete@example.org", "enquete@example.org", true},
		{"<enquete@example.org>", "enquete@example.org", true},
		{"<MAILTO: enquete@Example.ORG>", "enquete@Example.ORG", true},
		{"mailto:", "mailto:", false},
		{"<>", "<>", false},
		{"a.b+c@sub.example.org", "a.b+c@sub.example.org", true},
		{"a@bücher.example", "a@bücher.example", true},
		{"a@xn--bcher-kva.example", "a@xn--bcher-kva.example", true},
		{"شرطة@مثال.إختبار", "شرطة@مثال.إختبار", true},
		{"a@xn--\x7f.example", "a@xn--\x7f.example", false},
		{"a@-example.org", "a@-example.org", false},
		{"a@exa_mple.org", "a@exa_mple.org", false},
		{"a@localhost", "a@localhost", true},
		{"a..b@example.org", "a..b@example.org", false},
		{".a@example.org", ".a@example.org", false},
		{"a b@example.org", "a b@example.org", false},
		{"a@b@example.org", "a@b@example.org", false},
		{"a@example..org", "a@example..org", false},
		{"@example.org", "@example.org", false},
		{"example.org", "example.org", false},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		const struct dgm_str bare = dgm_email_bare(dgm_str(rows[i].text));
		lab_same(rows[i].text, bare, dgm_str(rows[i].bare));
		if (dgm_email_is_address(bare) != rows[i].good)
			fail_msg("%s: %d", rows[i].text, !rows[i].good);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(phones),
		cmocka_unit_test(emails),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
