/* SPDX-License-Identifier: Apache-2.0 */
/* Calendars: known days, days that do not exist, years that a calendar is not good for, and precision that stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "notice/calendar.h"
#include "notice/date_pattern.h"

static struct dgm_arena arena;
static const struct dgm_calendar *calendars[DGM_CALENDAR_COUNT];

static int start(void **state)
{
	(void)state;
	for (int id = DGM_CALENDAR_GREGORIAN + 1; id < DGM_CALENDAR_COUNT; id++) {
		calendars[id] = dgm_calendar_new(&arena, (enum dgm_calendar_id)id);
		if (!calendars[id])
			return -1;
	}
	return 0;
}

static int finish(void **state)
{
	(void)state;
	dgm_arena_done(&arena);
	return 0;
}

static const struct dgm_calendar *named(const char *name)
{
	return calendars[dgm_calendar_find(dgm_str(name))];
}

static struct dgm_day day_of(const char *text)
{
	static const char *const patterns[] = {"yyyy-MM-dd", "yyyy-MM", "yyyy"};
	struct dgm_day day = {0};
	const char *problem;
	for (size_t i = 0; i < DGM_COUNT(patterns) && !day.known; i++)
		dgm_date_scan(dgm_date_pattern_compile(&arena, dgm_str(patterns[i]), NULL, 0, &problem), &arena,
			dgm_str(text), &day);
	return day;
}

static void test_read(void **state)
{
	static const struct {
		const char *calendar, *day;
		const char *date; /* NULL: none */
	} cases[] = {
		{"islamic-umalqura", "1445-01-01", "2023-07-19"},
		{"islamic-umalqura", "1444-09-01", "2023-03-23"},
		{"islamic-umalqura", "1445-02-29", "2023-09-14"},
		{"islamic-umalqura", "1445-01-30", NULL}, /* a month of 29 days */
		{"islamic-umalqura", "1445-13-01", NULL},
		{"islamic-umalqura", "1299-12-29", NULL},
		{"islamic-umalqura", "1601-01-01", NULL},
		{"islamic-umalqura", "1990-05-05", NULL},
		{"islamic-umalqura", "1300-01-01", "1882-11-12"},
		{"islamic-umalqura", "1400", "1979/1980"},
		{"islamic-umalqura", "1429", "2008"}, /* begins in January and ends in December */
		{"islamic-umalqura", "1400-01", "1979-11/1979-12"},
		{"islamic-civil", "1445-01-01", "2023-07-19"},
		{"islamic-civil", "1445-03-01", "2023-09-16"},
		{"persian", "1357-11-22", "1979-02-11"},
		{"persian", "1403-12-30", "2025-03-20"},
		{"persian", "1404-12-30", NULL},
		{"persian", "1404-07-31", NULL},
		{"persian", "1357", "1978/1979"},
		{"persian", "1357-11", "1979-01/1979-02"},
		{"persian", "1634", NULL},
		{"buddhist", "2567-02-29", "2024-02-29"},
		{"buddhist", "2566-02-29", NULL},
		{"buddhist", "2567-02", "2024-02"},
		{"buddhist", "2567", "2024"},
		{"buddhist", "2024", NULL},
		{"ethiopic", "2016-01-01", "2023-09-12"},
		{"ethiopic", "2015-13-06", "2023-09-11"},
		{"ethiopic", "2016-13-06", NULL},
		{"ethiopic", "2016-13", "2024-09"},
		{"ethiopic", "2016", "2023/2024"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		const struct dgm_day day = day_of(cases[i].day);
		struct dgm_date date;
		char text[33] = "";
		if (dgm_calendar_read(named(cases[i].calendar), &day, &date))
			text[dgm_date_format(&date, text)] = '\0';
		if (strcmp(text, cases[i].date ? cases[i].date : "") != 0)
			fail_msg("%s %s: %s", cases[i].calendar, cases[i].day, text);
	}
}

static void test_write(void **state)
{
	static const struct {
		const char *calendar, *date;
		unsigned year, month, day; /* year 0: cannot be said */
	} cases[] = {
		{"islamic-umalqura", "2023-07-19", 1445, 1, 1},
		{"islamic-umalqura", "2023-07-18", 1444, 12, 30},
		{"islamic-umalqura", "1882-11-11", 0, 0, 0},
		{"islamic-umalqura", "1979", 0, 0, 0},
		{"islamic-umalqura", "1979/1980", 0, 0, 0}, /* perhaps 1400, perhaps not */
		{"persian", "1979-02-11", 1357, 11, 22},
		{"persian", "2025-03-20", 1403, 12, 30},
		{"buddhist", "2024-02-29", 2567, 2, 29},
		{"buddhist", "2024-02", 2567, 2, 0},
		{"buddhist", "2024", 2567, 0, 0},
		{"buddhist", "1000", 0, 0, 0},
		{"ethiopic", "2023-09-11", 2015, 13, 6},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_date date;
		struct dgm_day day = {0};
		assert_true(dgm_date_parse(dgm_str(cases[i].date), &date));
		if (!dgm_calendar_write(named(cases[i].calendar), &date, &day))
			day = (struct dgm_day){0};
		if (day.year != cases[i].year || day.month != cases[i].month || day.day != cases[i].day)
			fail_msg("%s %s: %u-%u-%u", cases[i].calendar, cases[i].date, day.year, day.month, day.day);
	}
}

/* Every year, month and day of every calendar is found again; so no two are taken for one. */
static void test_all_days_return(void **state)
{
	(void)state;
	for (int id = DGM_CALENDAR_GREGORIAN + 1; id < DGM_CALENDAR_COUNT; id++) {
		const struct dgm_calendar *calendar = calendars[id];
		struct dgm_day again = {0};
		struct dgm_date date, before = {0};
		for (int32_t year = calendar->first_year; year <= calendar->last_year; year++) {
			struct dgm_day day = {.year = (uint16_t)year, .known = true};
			assert_true(dgm_calendar_read(calendar, &day, &date));
			assert_true(dgm_calendar_trace(calendar, &date, false, &again));
			assert_int_equal(again.year, year);
			for (day.month = 1; day.month <= calendar->months; day.month++) {
				day.day = 0;
				assert_true(dgm_calendar_read(calendar, &day, &date));
				assert_true(dgm_calendar_trace(calendar, &date, true, &again));
				assert_true(again.year == year && again.month == day.month);
				for (day.day = 1; dgm_calendar_read(calendar, &day, &date); day.day++) {
					assert_true(dgm_day_exists(date.from.year, date.from.month, date.from.day));
					assert_true(dgm_calendar_write(calendar, &date, &again));
					if (again.year != year || again.month != day.month || again.day != day.day)
						fail_msg("%s %d-%u-%u: %u-%u-%u is %u-%u-%u", calendar->name, year,
							day.month, day.day, date.from.year, date.from.month,
							date.from.day, again.year, again.month, again.day);
					assert_true(date.from.year > before.from.year ||
						date.from.month > before.from.month ||
						date.from.day == before.from.day + 1);
					before = date;
				}
				assert_in_range(day.day, 6, 32);
			}
		}
	}
}

static void test_names(void **state)
{
	(void)state;
	for (int id = 0; id < DGM_CALENDAR_COUNT; id++)
		assert_int_equal(dgm_calendar_find(dgm_str(dgm_calendar_name((enum dgm_calendar_id)id))), id);
	assert_int_equal(dgm_calendar_find(DGM_STR("islamic")), -1);
	assert_int_equal(dgm_calendar_find(DGM_STR("")), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_all_days_return),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, start, finish);
}
