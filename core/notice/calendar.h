/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calendars of sources. ICU is asked once, when a definition is compiled: the first day of each month of the years that
 * the calendar is good for stands in a table, which never changes afterwards and may be shared; a value costs a look.
 *   islamic-umalqura  1300 to 1600 AH: the years of the published tables; ICU answers outside by another rule. Official
 *                     since 1356; before, months began as they were seen, and the tables are reckoned back
 *   islamic-civil     1300 to 1600 AH, by arithmetic; differs from umalqura by a day in nearly half of the months
 *   persian           1178 to 1633 SH: where the 33-year cycle is the astronomical calendar
 *   buddhist          2200 to 2800 BE: the Gregorian year and 543; before 1583 ICU counts by the Julian calendar
 *   ethiopic          1600 to 2200, of thirteen months
 * The bounds also catch a year of another calendar in the column: 1990 is no year of any of them.
 */
#ifndef DGM_NOTICE_CALENDAR_H
#define DGM_NOTICE_CALENDAR_H

#include "notice/date.h"

enum dgm_calendar_id {
	DGM_CALENDAR_GREGORIAN, /* the schema's own: has no table, NULL stands for it */
	DGM_CALENDAR_ISLAMIC_UMALQURA,
	DGM_CALENDAR_ISLAMIC_CIVIL,
	DGM_CALENDAR_PERSIAN,
	DGM_CALENDAR_BUDDHIST,
	DGM_CALENDAR_ETHIOPIC,
	DGM_CALENDAR_COUNT
};

struct dgm_calendar {
	const char *name;
	int32_t first_year, last_year;
	uint32_t months;       /* of a year */
	int32_t sure_year;     /* 0, or the first for which what the calendar says is official */
	int32_t year_shift;    /* not 0: its months are the Gregorian ones, only the years have other numbers */
	const int32_t *starts; /* day numbers from 1970-01-01, by month; one more for the end */
	uint32_t month_count;  /* of all years */
};

/* -1: not one of them. */
int dgm_calendar_find(struct dgm_str name);
const char *dgm_calendar_name(enum dgm_calendar_id id);

/* In the arena. NULL: ICU's data does not have this calendar. Not for the Gregorian one. */
const struct dgm_calendar *dgm_calendar_new(struct dgm_arena *arena, enum dgm_calendar_id id);

/*
 * What a day on the calendar is in the schema's. Precision stays: a year becomes the years, a month the months in which
 * it begins and ends, an interval unless that is one (1400 AH: 1979/1980; Buddhist 2567: 2024). false: no such day, or
 * outside of the calendar's years. A day without a year is one only where the months are the Gregorian ones.
 */
bool dgm_calendar_read(const struct dgm_calendar *calendar, const struct dgm_day *day, struct dgm_date *ret_date);

/* Whether the date, read on the calendar, begins before its first sure year. */
bool dgm_calendar_is_early(const struct dgm_calendar *calendar, const struct dgm_date *date);

/* The day on the calendar; false where it cannot be said: years, months and intervals, unless the months are the same. */
bool dgm_calendar_write(const struct dgm_calendar *calendar, const struct dgm_date *date, struct dgm_day *ret_day);

/* The year or month on the calendar of which dgm_calendar_read makes just this date; there is at most one. */
bool dgm_calendar_trace(const struct dgm_calendar *calendar, const struct dgm_date *date, bool month,
	struct dgm_day *ret_day);

#endif
