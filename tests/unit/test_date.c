/* SPDX-License-Identifier: Apache-2.0 */
/* Dates: the canonical spelling, patterns both ways, and the traps that real sources and other libraries set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "notice/date_pattern.h"

enum { RANDOM_ROUNDS = 20000 };

static struct dgm_arena arena;

/* xorshift: the same dates in every run, so that a failure can be met again. */
static uint64_t random_state = 20240229;

static unsigned random_below(unsigned limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)(random_state >> 33) % limit;
}

static unsigned month_length(unsigned year, unsigned month)
{
	if (month == 2)
		return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static struct dgm_day random_day(void)
{
	struct dgm_day day = {.year = (uint16_t)(1 + random_below(9999)), .known = true};
	const unsigned precision = random_below(3);
	if (precision > 0)
		day.month = (uint8_t)(1 + random_below(12));
	if (precision > 1)
		day.day = (uint8_t)(1 + random_below(month_length(day.year, day.month)));
	if (precision > 0 && random_below(8) == 0) {
		day.year = 0;
		if (day.month == 2 && day.day > 28)
			day.day = 28;
	}
	return day;
}

static bool same_day(const struct dgm_day *a, const struct dgm_day *b)
{
	return a->year == b->year && a->month == b->month && a->day == b->day && a->known == b->known &&
		a->approximate == b->approximate && a->uncertain == b->uncertain;
}

static void test_parse_canonical(void **state)
{
	static const struct {
		const char *text;
		struct dgm_date date;
	} cases[] = {
		{"1965", {.from = {1965, 0, 0, true, false, false}}},
		{"1965-03", {.from = {1965, 3, 0, true, false, false}}},
		{"1965-03-12", {.from = {1965, 3, 12, true, false, false}}},
		{"0001-01-01", {.from = {1, 1, 1, true, false, false}}},
		{"9999-12-31", {.from = {9999, 12, 31, true, false, false}}},
		{"1965~", {.from = {1965, 0, 0, true, true, false}}},
		{"1965-03?", {.from = {1965, 3, 0, true, false, true}}},
		{"1965-03-12%", {.from = {1965, 3, 12, true, true, true}}},
		{"XXXX-05-12", {.from = {0, 5, 12, true, false, false}}},
		{"XXXX-02-29", {.from = {0, 2, 29, true, false, false}}},
		{"XXXX-05", {.from = {0, 5, 0, true, false, false}}},
		{"1960/1965",
			{.from = {1960, 0, 0, true, false, false},
				.to = {1965, 0, 0, true, false, false},
				.interval = true}},
		{"1960-12-31/1960",
			{.from = {1960, 12, 31, true, false, false},
				.to = {1960, 0, 0, true, false, false},
				.interval = true}},
		{"1960~/1965-02-28?",
			{.from = {1960, 0, 0, true, true, false},
				.to = {1965, 2, 28, true, false, true},
				.interval = true}},
		{"../1990", {.to = {1990, 0, 0, true, false, false}, .interval = true}},
		{"1990/..", {.from = {1990, 0, 0, true, false, false}, .interval = true}},
		{"1600-02-29", {.from = {1600, 2, 29, true, false, false}}},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_date date;
		char text[32];
		if (!dgm_date_parse(dgm_str(cases[i].text), &date))
			fail_msg("%s: refused", cases[i].text);
		if (!same_day(&date.from, &cases[i].date.from) || !same_day(&date.to, &cases[i].date.to) ||
			date.interval != cases[i].date.interval)
			fail_msg("%s: read as another date", cases[i].text);
		const struct dgm_str again = dgm_str_of(text, dgm_date_format(&date, text));
		if (!dgm_str_is(again, cases[i].text))
			fail_msg("%s: comes back as %.*s", cases[i].text, DGM_FMT(again));
	}
}

static void test_parse_refuses(void **state)
{
	static const char *const cases[] = {
		"",
		" ",
		"1",
		"65",
		"196",
		"19650312",
		"19540813",
		"1999-2000",
		"1965-3-12",
		"1965-03-1",
		"65-03-12",
		"1965/03/12",
		"1965.03.12",
		"1965-00",
		"1965-00-15",
		"1962-00-15",
		"1965-03-00",
		"0000",
		"0000-05-12",
		"1965-13",
		"1965-13-01",
		"1965-04-31",
		"2001-02-31",
		"2001-02-29",
		"1900-02-29",
		"2100-02-29",
		"1965-03-32",
		"1965-03-12Z",
		"1965-03-12T00:00:00Z",
		"1965-03-12 ",
		" 1965-03-12",
		"1965-03-12+02:00",
		"+1965",
		"-965",
		"1965~?",
		"1965??",
		"~1965",
		"~",
		"?",
		"1965-~",
		"XXXX",
		"XXXX-XX",
		"XXXX-00",
		"XXXX-02-30",
		"XXXX-13-01",
		"XXX5-01-01",
		"xxxx-05-12",
		"1965-XX-12",
		"..",
		"../..",
		"/",
		"/1990",
		"1990/",
		"1990/...",
		"1990//1991",
		"1965/1960",
		"1965-03-12/1965-03-11",
		"1960/1965/1970",
		"1960 / 1965",
		"1960-1965",
		"XXXX-05-12/1965",
		"1965-03-12~/1965-03-13~~",
		"1965-0a-12",
		"1965-03-1:",
		"19:5-03-12",
		"\xD9\xA1\xD9\xA9\xD9\xA6\xD9\xA5",
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_date date = {.from = {.year = 4711}};
		if (dgm_date_parse(dgm_str(cases[i]), &date))
			fail_msg("'%s' counts as a date", cases[i]);
		assert_int_equal(date.from.year, 4711);
	}
	struct dgm_date date;
	assert_false(dgm_date_parse(DGM_NOSTR, &date));
	assert_false(dgm_date_parse(dgm_str_of("1965\0003-12", 10), &date));
}

static void test_every_day_exists_once(void **state)
{
	(void)state;
	unsigned days = 0;
	for (unsigned year = 1897; year <= 2004; year++)
		for (unsigned month = 0; month <= 13; month++)
			for (unsigned day = 0; day <= 32; day++) {
				char text[16];
				struct dgm_date date;
				snprintf(text, sizeof text, "%04u-%02u-%02u", year, month, day);
				const bool exists =
					month >= 1 && month <= 12 && day >= 1 && day <= month_length(year, month);
				days += exists;
				if (dgm_date_parse(dgm_str(text), &date) != exists)
					fail_msg("%s: wrong answer", text);
			}
	/* 108 years, of which 1900 is no leap year and 2000 is one. */
	assert_int_equal(days, 108 * 365 + 26);
}

static void test_random_dates_come_back(void **state)
{
	(void)state;
	for (int round = 0; round < RANDOM_ROUNDS; round++) {
		struct dgm_date date = {.from = random_day()}, again;
		char text[32];
		date.from.approximate = random_below(4) == 0;
		date.from.uncertain = random_below(4) == 0;
		if (date.from.year && random_below(4) == 0) {
			date.interval = true;
			const struct dgm_day to = random_day();
			if (to.year > date.from.year)
				date.to = to;
			else if (random_below(2)) {
				date.to = date.from;
				date.from = (struct dgm_day){0};
			}
		}
		const size_t len = dgm_date_format(&date, text);
		assert_in_range(len, 4, 32);
		if (!dgm_date_parse(dgm_str_of(text, len), &again))
			fail_msg("%.*s: refused", (int)len, text);
		if (!same_day(&date.from, &again.from) || !same_day(&date.to, &again.to) ||
			date.interval != again.interval)
			fail_msg("%.*s: read as another date", (int)len, text);
	}
}

/* What is accepted has one spelling: whatever short text parses is what its date formats to. */
static void test_random_texts_have_one_spelling(void **state)
{
	static const char alphabet[] = "0119X-/.~?% ";
	(void)state;
	unsigned accepted = 0;
	for (int round = 0; round < 40 * RANDOM_ROUNDS; round++) {
		char text[24], again[32];
		struct dgm_date date;
		const size_t len = random_below(12);
		for (size_t i = 0; i < len; i++)
			text[i] = (i == 4 || i == 7) && random_below(4) ? '-'
									: alphabet[random_below(sizeof alphabet - 1)];
		if (!dgm_date_parse(dgm_str_of(text, len), &date))
			continue;
		accepted++;
		const size_t again_len = dgm_date_format(&date, again);
		if (!dgm_str_eq(dgm_str_of(again, again_len), dgm_str_of(text, len)))
			fail_msg("%.*s: comes back as %.*s", (int)len, text, (int)again_len, again);
	}
	assert_true(accepted > 500);
}

static const struct dgm_date_pattern *compile(const char *pattern)
{
	const char *problem = NULL;
	const struct dgm_date_pattern *compiled = dgm_date_pattern_compile(&arena, dgm_str(pattern), NULL, 0, &problem);
	if (!compiled)
		fail_msg("pattern %s: %s", pattern, problem);
	return compiled;
}

static void test_read(void **state)
{
	static const struct {
		const char *pattern, *text;
		unsigned year, month, day;
	} cases[] = {
		{"yyyy-MM-dd", "1965-03-12", 1965, 3, 12},
		{"yyyy/MM/dd", "1965/03/12", 1965, 3, 12},
		{"yyyy/MM/dd", "1965/00/00", 1965, 0, 0},
		{"yyyy/MM/dd", "1965/03/00", 1965, 3, 0},
		{"yyyy/MM/dd", "0000/05/12", 0, 5, 12},
		{"yyyy/MM/dd", "0000/05/00", 0, 5, 0},
		{"yyyy/MM/dd", "0000/02/29", 0, 2, 29},
		{"yyyy/MM", "1965/03", 1965, 3, 0},
		{"yyyy", "1965", 1965, 0, 0},
		{"dd/MM/yyyy", "00/00/1953", 1953, 0, 0},
		{"dd/MM/yyyy", "00/07/1953", 1953, 7, 0},
		{"yyyyMMdd", "19540813", 1954, 8, 13},
		{"d.M.yyyy", "8.3.1948", 1948, 3, 8},
		{"d.M.yyyy", "08.12.1948", 1948, 12, 8},
		{"d.M.yyyy", "0.0.1948", 1948, 0, 0},
		{"M/d/yyyy", "3/8/1948", 1948, 3, 8},
		{"dd MMM yyyy", "10 Dec 1948", 1948, 12, 10},
		{"dd MMM yyyy", "10 DEC 1948", 1948, 12, 10},
		{"dd MMM yyyy", "10 dec. 1948", 1948, 12, 10},
		{"dd MMM yyyy", "10 December 1948", 1948, 12, 10},
		{"dd MMM yyyy", "23 Jul. 2010", 2010, 7, 23},
		{"dd MMM yyyy", "01 May 1961", 1961, 5, 1},
		{"dd MMM yyyy", "01 May. 1961", 1961, 5, 1},
		{"dd MMM yyyy", "01 Sept 1961", 1961, 9, 1},
		{"dd MMM yyyy", "01 Sept. 1961", 1961, 9, 1},
		{"dd MMM yyyy", "01 Sep 1961", 1961, 9, 1},
		{"dd MMM yyyy", "00 Sep 1961", 1961, 9, 0},
		{"MMM yyyy", "Sep 1938", 1938, 9, 0},
		{"MMMM d, yyyy", "March 8, 1948", 1948, 3, 8},
		{"MMMM d, yyyy", "june 18, 1948", 1948, 6, 18},
		{"dd MMM. yyyy", "10 Dec. 1948", 1948, 12, 10},
		{"yyyy-MM-ddXXX", "1965-03-12", 1965, 3, 12},
		{"yyyy-MM-ddXXX", "1965-03-12Z", 1965, 3, 12},
		{"yyyy-MM-ddXXX", "1965-03-12-04:00", 1965, 3, 12},
		{"yyyy-MM-ddXXX", "1965-03-12+14:00", 1965, 3, 12},
		{"yyyy-MM-ddTHH:mm:ss", "1965-03-12T00:00:00", 1965, 3, 12},
		{"yyyy-MM-dd'T'HH:mm:ssXXX", "1965-03-12T12:00:00+05:30", 1965, 3, 12},
		{"yyyy-MM-dd'T'HH:mm:ssXXX", "1965-12-31T00:00:00-11:00", 1965, 12, 31},
		{"'circa 'yyyy", "circa 1951", 1951, 0, 0},
		{"yyyy' o''clock'", "1951 o'clock", 1951, 0, 0},
		{"yyyy''MM", "1951'02", 1951, 2, 0},
		{"dd", "31", 0, 0, 31},
		{"MM", "07", 0, 7, 0},
		{"--MM-dd", "--02-29", 0, 2, 29},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_day day;
		if (!dgm_date_read(compile(cases[i].pattern), &arena, dgm_str(cases[i].text), &day))
			fail_msg("%s does not read %s", cases[i].pattern, cases[i].text);
		const struct dgm_day expected = {.year = (uint16_t)cases[i].year,
			.month = (uint8_t)cases[i].month,
			.day = (uint8_t)cases[i].day,
			.known = true};
		if (!same_day(&day, &expected))
			fail_msg("%s reads %s as %u-%u-%u", cases[i].pattern, cases[i].text, day.year, day.month,
				day.day);
	}
}

static void test_read_refuses(void **state)
{
	static const struct {
		const char *pattern, *text;
	} cases[] = {
		/* What other libraries cut, rounded or moved. */
		{"yyyy", "19540813"},
		{"yyyy", "1962/07/04"},
		{"yyyy", "1999-2000"},
		{"yyyy-MM-dd", "1999-2000"},
		{"yyyy-MM-dd", "2001-02-31"},
		{"yyyy-MM-dd", "1962-00-15"},
		{"yyyy-MM-dd", "0000-00-15"},
		{"yyyy-MM-dd", "0000-00-00"},
		{"yyyy-MM-dd'T'HH:mm:ssXXX", "1965-03-12T22:00:00Z"},
		{"yyyy-MM-dd'T'HH:mm:ssXXX", "1965-03-12T00:00:01Z"},
		{"yyyy-MM-dd'T'HH:mm:ssXXX", "1965-03-12T12:30:00Z"},
		{"yyyy-MM-dd'T'HH:mm:ssXXX", "1965-03-12T24:00:00Z"},
		{"yyyy-MM-dd'T'HH:mm:ssXXX", "1965-03-12T00:00:00.123Z"},
		{"yyyy-MM-dd", "1965-03-12Z"},
		{"yyyy-MM-ddXXX", "1965-03-12+2"},
		{"yyyy-MM-ddXXX", "1965-03-12+0200"},
		{"yyyy-MM-ddXXX", "1965-03-12+02:60"},
		{"yyyy-MM-ddXXX", "1965-03-12+15:00"},
		{"yyyy-MM-ddXXX", "1965-03-12z"},
		{"yyyy-MM-dd", ""},
		{"yyyy-MM-dd", "1965"},
		{"yyyy-MM-dd", "1965-03"},
		{"yyyy-MM-dd", "1965-03-1"},
		{"yyyy-MM-dd", "1965-03-122"},
		{"yyyy-MM-dd", "1965-03-12 "},
		{"yyyy-MM-dd", " 1965-03-12"},
		{"yyyy-MM-dd", "1965/03/12"},
		{"yyyy-MM-dd", "1965-3-12"},
		{"yyyy-MM-dd", "65-03-12"},
		{"yyyy-MM-dd", "1965-13-01"},
		{"yyyy-MM-dd", "1900-02-29"},
		{"yyyy-MM-dd", "19a5-03-12"},
		{"yyyy-MM-dd", "\xD9\xA1\xD9\xA9\xD9\xA6\xD9\xA5-03-12"},
		{"dd/MM/yyyy", "dd/MM/1965"},
		{"dd/MM/yyyy", "DD/MM/YYYY"},
		{"dd/MM/yyyy", "31/04/1965"},
		{"dd/MM/yyyy", "13/13/1965"},
		{"d.M.yyyy", "8.3.48"},
		{"d.M.yyyy", ".3.1948"},
		{"d.M.yyyy", "8.a.1948"},
		{"d.M.yyyy", "8.123.1948"},
		{"dd MMM yyyy", "10 Foo 1948"},
		{"dd MMM yyyy", "10 Septe 1948"},
		{"dd MMM yyyy", "10 Marc 1948"},
		{"dd MMM yyyy", "10 Dec.. 1948"},
		{"dd MMM yyyy", "10 December. 1948"},
		{"dd MMM. yyyy", "10 Dec 1948"},
		{"dd MMM yyyy", "31 Jun 1948"},
		{"dd MMM yyyy",
			"10 d\xC3\xA9"
			"c 1948"},
		{"dd MMM yyyy", "10 De"},
		{"'circa 'yyyy", "circa1951"},
		{"'circa 'yyyy", "Zirka 1951"},
		{"dd", "32"},
		{"dd", "00"},
		{"MM", "13"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_day day = {.year = 4711};
		if (dgm_date_read(compile(cases[i].pattern), &arena, dgm_str(cases[i].text), &day))
			fail_msg("%s reads %s as %u-%u-%u", cases[i].pattern, cases[i].text, day.year, day.month,
				day.day);
		assert_int_equal(day.year, 4711);
	}
	struct dgm_day day;
	assert_false(dgm_date_read(compile("yyyy"), &arena, DGM_NOSTR, &day));
}

static void test_patterns_refused(void **state)
{
	static const struct {
		const char *pattern, *part_of_problem;
	} cases[] = {
		{"", "no year"},
		{"-", "no year"},
		{"'yyyy'", "no year"},
		{"HH:mm", "no year"},
		{"DD/MM/YYYY", "letter"},
		{"yy-MM-dd", "century"},
		{"yyyyy", "letter"},
		{"yyyy-MMMMM", "letter"},
		{"yyyy-MM-ddd", "letter"},
		{"yyyy-MM-dd HH:mm:ss.SSS", "letter"},
		{"yyyy-MM-ddX", "letter"},
		{"circa yyyy", "letter"},
		{"yyyy-MM-MM", "twice"},
		{"yyyy-MM-M", "twice"},
		{"yyyy-mm-dd", "minutes"},
		{"mm/yyyy", "minutes"},
		{"yyyy-MM-dd HH:ss", "seconds"},
		{"yyyy/dd", "without the month"},
		{"yyyy'", "quote"},
		{"yyyy'''", "quote"},
		{"Md", "directly"},
		{"yyyyMdd", "directly"},
		{"d'0'MM", "directly"},
		{"yyyy'01234567890123456789012345678901234567890123456789012345678901'", "64"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		const char *problem = NULL;
		if (dgm_date_pattern_compile(&arena, dgm_str(cases[i].pattern), NULL, 0, &problem))
			fail_msg("'%s' counts as a pattern", cases[i].pattern);
		if (dgm_str_find(dgm_str(problem), dgm_str(cases[i].part_of_problem)) == strlen(problem))
			fail_msg("'%s': %s", cases[i].pattern, problem);
	}
	char endless[1024];
	memset(endless, '-', sizeof endless);
	const char *problem = NULL;
	assert_null(dgm_date_pattern_compile(&arena, dgm_str_of(endless, sizeof endless), NULL, 0, &problem));
	assert_non_null(problem);
}

static void test_write(void **state)
{
	static const struct {
		const char *pattern, *text; /* NULL: it cannot */
		struct dgm_day day;
	} cases[] = {
		{"yyyy-MM-dd", "1965-03-12", {1965, 3, 12, true, false, false}},
		{"dd/MM/yyyy", "02/01/0033", {33, 1, 2, true, false, false}},
		{"d.M.yyyy", "2.1.1965", {1965, 1, 2, true, false, false}},
		{"d.M.yyyy", "22.11.1965", {1965, 11, 22, true, false, false}},
		{"MMMM d, yyyy", "September 8, 1948", {1948, 9, 8, true, false, false}},
		{"dd MMM yyyy", "08 Sep 1948", {1948, 9, 8, true, false, false}},
		{"yyyy-MM-dd'T'HH:mm:ssXXX", "1948-09-08T00:00:00", {1948, 9, 8, true, false, false}},
		{"'circa 'yyyy", "circa 1951", {1951, 0, 0, true, true, false}},
		{"yyyy", "1948", {1948, 9, 8, true, false, false}},
		{"--MM-dd", "--02-29", {0, 2, 29, true, false, false}},
		{"yyyy-MM-dd", NULL, {1965, 3, 0, true, false, false}},
		{"yyyy-MM", NULL, {1965, 0, 0, true, false, false}},
		{"yyyy-MM-dd", NULL, {0, 5, 12, true, false, false}},
		{"yyyy", NULL, {0}},
		{"MMMM yyyy", NULL, {1965, 13, 0, true, false, false}},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		char to[64];
		size_t len = 4711;
		const bool written = dgm_date_write(compile(cases[i].pattern), &cases[i].day, to, &len);
		if (written != (cases[i].text != NULL))
			fail_msg("%s, case %zu: %s", cases[i].pattern, i, written ? "written" : "not written");
		if (written && !dgm_str_is(dgm_str_of(to, len), cases[i].text))
			fail_msg("%s: %.*s instead of %s", cases[i].pattern, (int)len, to, cases[i].text);
		if (!written)
			assert_int_equal(len, 4711);
	}
}

static void test_fits(void **state)
{
	static const struct {
		const char *pattern;
		struct dgm_day day;
		bool fits;
	} cases[] = {
		{"yyyy-MM-dd", {1965, 3, 12, true, false, false}, true},
		{"yyyy-MM-dd", {1965, 3, 0, true, false, false}, false},
		{"yyyy-MM", {1965, 3, 0, true, false, false}, true},
		{"yyyy-MM", {1965, 3, 12, true, false, false}, false},
		{"yyyy", {1965, 0, 0, true, false, false}, true},
		{"yyyy", {1965, 3, 0, true, false, false}, false},
		{"--MM-dd", {0, 3, 12, true, false, false}, true},
		{"yyyy-MM-dd", {0, 3, 12, true, false, false}, false},
		{"yyyy", {0}, false},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++)
		if (dgm_date_fits(compile(cases[i].pattern), &cases[i].day) != cases[i].fits)
			fail_msg("case %zu: %s", i, cases[i].pattern);
}

/* What fits and is written is read back as the same day, by every pattern. */
static void test_written_days_are_read_back(void **state)
{
	static const char *const patterns[] = {"yyyy-MM-dd", "yyyy/MM/dd", "dd/MM/yyyy", "yyyyMMdd", "d.M.yyyy",
		"M/d/yyyy", "dd MMM yyyy", "d MMMM yyyy", "MMMM d, yyyy", "dd MMM. yyyy", "yyyy-MM-ddXXX",
		"yyyy-MM-dd'T'HH:mm:ssXXX", "yyyy/MM", "MMM yyyy", "MM.yyyy", "yyyy", "'circa 'yyyy", "--MM-dd", "MM",
		"dd"};
	(void)state;
	for (size_t p = 0; p < DGM_COUNT(patterns); p++) {
		const struct dgm_date_pattern *pattern = compile(patterns[p]);
		unsigned written = 0;
		for (int round = 0; round < RANDOM_ROUNDS / 10; round++) {
			struct dgm_day day = random_day(), again;
			char to[64];
			size_t len;
			if (strcmp(patterns[p], "dd") == 0)
				day = (struct dgm_day){.day = (uint8_t)(1 + random_below(31)), .known = true};
			if (!dgm_date_fits(pattern, &day))
				continue;
			written++;
			if (!dgm_date_write(pattern, &day, to, &len))
				fail_msg("%s: not written although it fits", patterns[p]);
			assert_in_range(len, 1, 64);
			if (!dgm_date_read(pattern, &arena, dgm_str_of(to, len), &again))
				fail_msg("%s does not read its own %.*s", patterns[p], (int)len, to);
			if (!same_day(&day, &again))
				fail_msg("%s: %.*s is read as another day", patterns[p], (int)len, to);
		}
		assert_true(written > 20);
	}
}

static void test_compiled_pattern_stands_alone(void **state)
{
	char pattern[] = "'on 'yyyy/MM";
	const char *problem = NULL;
	(void)state;
	const struct dgm_date_pattern *compiled = dgm_date_pattern_compile(&arena, dgm_str(pattern), NULL, 0, &problem);
	memset(pattern, '#', sizeof pattern - 1);
	struct dgm_day day;
	assert_non_null(compiled);
	assert_true(dgm_str_is(compiled->text, "'on 'yyyy/MM"));
	assert_true(compiled->has_year && compiled->has_month && !compiled->has_day);
	assert_true(dgm_date_read(compiled, &arena, DGM_STR("on 1965/03"), &day));
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
		cmocka_unit_test(test_parse_canonical),
		cmocka_unit_test(test_parse_refuses),
		cmocka_unit_test(test_every_day_exists_once),
		cmocka_unit_test(test_random_dates_come_back),
		cmocka_unit_test(test_random_texts_have_one_spelling),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_read_refuses),
		cmocka_unit_test(test_patterns_refused),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_fits),
		cmocka_unit_test(test_written_days_are_read_back),
		cmocka_unit_test(test_compiled_pattern_stands_alone),
	};
	return cmocka_run_group_tests(tests, NULL, release);
}
