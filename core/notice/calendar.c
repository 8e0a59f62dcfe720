/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of months from ICU, and the two look-ups in them. Day numbers count from 1970-01-01, proleptic Gregorian. */
#include "notice/calendar.h"

#include <math.h>
#include <unicode/ucal.h>

enum {
	EPOCH_SHIFT = 719468,  /* days from 0000-03-01 to 1970-01-01 */
	ERA_DAYS = 146097,     /* of 400 years */
	BUDDHIST_SHIFT = -543, /* to the Gregorian year */
	MONTHS_MAX = 13,
};

static const struct {
	const char *name;
	int32_t first_year, last_year;
	uint8_t months;
	int16_t year_shift;
	int16_t sure_year;
	bool plain_year; /* ICU's "extended year" is the Gregorian one */
} known[DGM_CALENDAR_COUNT] = {
	[DGM_CALENDAR_GREGORIAN] = {.name = "gregorian", 1, 9999, 12, 0, 0, false},
	[DGM_CALENDAR_ISLAMIC_UMALQURA] = {.name = "islamic-umalqura", 1300, 1600, 12, 0, 1356, false},
	[DGM_CALENDAR_ISLAMIC_CIVIL] = {.name = "islamic-civil", 1300, 1600, 12, 0, 0, false},
	[DGM_CALENDAR_PERSIAN] = {.name = "persian", 1178, 1633, 12, 0, 0, false},
	[DGM_CALENDAR_BUDDHIST] = {.name = "buddhist", 2200, 2800, 12, BUDDHIST_SHIFT, 0, true},
	[DGM_CALENDAR_ETHIOPIC] = {.name = "ethiopic", 1600, 2200, MONTHS_MAX, 0, 0, false},
};

int dgm_calendar_find(struct dgm_str name)
{
	for (int id = 0; id < DGM_CALENDAR_COUNT; id++)
		if (dgm_str_is(name, known[id].name))
			return id;
	return -1;
}

const char *dgm_calendar_name(enum dgm_calendar_id id)
{
	return known[id].name;
}

/* --- day numbers --- */

/* Years begin with March here, so that the leap day is the last of one. */
static int32_t number_of(int32_t year, int32_t month, int32_t day)
{
	year -= month <= 2;
	const int32_t era = year / 400, of_era = year % 400;
	const int32_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH_SHIFT;
}

/* number: of a day of the year 1 or later. */
static struct dgm_day day_of(int32_t number)
{
	const int32_t days = number + EPOCH_SHIFT;
	const int32_t era = days / ERA_DAYS, of_era = days % ERA_DAYS;
	const int32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	const int32_t of_year = of_era - (365 * year + year / 4 - year / 100);
	const int32_t month = (5 * of_year + 2) / 153; /* from March */
	return (struct dgm_day){.year = (uint16_t)(era * 400 + year + (month >= 10)),
		.month = (uint8_t)(month < 10 ? month + 3 : month - 9),
		.day = (uint8_t)(of_year - (153 * month + 2) / 5 + 1),
		.known = true};
}

/* --- tables --- */

/* The day number on which a month begins. */
static bool ask(UCalendar *icu, bool plain_year, int32_t year, int32_t month, int32_t *ret_number)
{
	UErrorCode error = U_ZERO_ERROR;
	ucal_clear(icu);
	ucal_set(icu, plain_year ? UCAL_YEAR : UCAL_EXTENDED_YEAR, year);
	ucal_set(icu, UCAL_MONTH, month);
	ucal_set(icu, UCAL_DATE, 1);
	const double day = floor(ucal_getMillis(icu, &error) / (24.0 * 60 * 60 * 1000));
	*ret_number = (int32_t)day;
	return U_SUCCESS(error);
}

/* ICU gives the Gregorian calendar for a name that it does not know, so the one that came is asked for its own. */
static UCalendar *open_calendar(struct dgm_arena *arena, const char *name)
{
	static const UChar zone[] = {'E', 't', 'c', '/', 'G', 'M', 'T'};
	UErrorCode error = U_ZERO_ERROR;
	const char *locale = dgm_arena_printf(arena, "en@calendar=%s", name).ptr;
	UCalendar *icu = ucal_open(zone, (int32_t)DGM_COUNT(zone), locale, UCAL_DEFAULT, &error);
	if (U_FAILURE(error))
		return NULL;
	ucal_setAttribute(icu, UCAL_LENIENT, 0);
	const char *type = ucal_getType(icu, &error);
	if (U_SUCCESS(error) && dgm_str_is(dgm_str(type), name))
		return icu;
	ucal_close(icu);
	return NULL;
}

const struct dgm_calendar *dgm_calendar_new(struct dgm_arena *arena, enum dgm_calendar_id id)
{
	UCalendar *icu = open_calendar(arena, known[id].name);
	if (!icu)
		return NULL;
	const int32_t years = known[id].last_year - known[id].first_year + 1;
	const uint32_t count = (uint32_t)years * known[id].months;
	int32_t *starts = dgm_arena_alloc(arena, ((size_t)count + 1) * sizeof *starts);
	bool good = true;
	for (uint32_t m = 0; m <= count && good; m++)
		good = ask(icu, known[id].plain_year, known[id].first_year + (int32_t)(m / known[id].months),
			       (int32_t)(m % known[id].months), &starts[m]) &&
			(m == 0 || starts[m] > starts[m - 1]);
	ucal_close(icu);
	if (!good)
		return NULL;
	struct dgm_calendar *calendar = dgm_arena_zero(arena, sizeof *calendar);
	*calendar = (struct dgm_calendar){.name = known[id].name,
		.first_year = known[id].first_year,
		.last_year = known[id].last_year,
		.months = known[id].months,
		.sure_year = known[id].sure_year,
		.year_shift = known[id].year_shift,
		.starts = starts,
		.month_count = count};
	return calendar;
}

/* --- look-ups --- */

/* Where both ends are one and the same, the date is just that. */
static struct dgm_date between(int32_t first, int32_t last, bool month)
{
	struct dgm_date date = {.from = day_of(first), .to = day_of(last)};
	date.from.day = date.to.day = 0;
	if (!month)
		date.from.month = date.to.month = 0;
	date.interval = date.from.year != date.to.year || date.from.month != date.to.month;
	if (!date.interval)
		date.to = (struct dgm_day){0};
	return date;
}

static bool shift(const struct dgm_day *day, int32_t by, struct dgm_day *ret_day)
{
	struct dgm_day shifted = *day;
	if (day->year)
		shifted.year = (uint16_t)(day->year + by);
	if (shifted.year > 9999 || (day->year && shifted.year == 0))
		return false;
	*ret_day = shifted;
	return true;
}

bool dgm_calendar_read(const struct dgm_calendar *calendar, const struct dgm_day *day, struct dgm_date *ret_date)
{
	struct dgm_date date = {0};
	if (day->year == 0 && calendar->year_shift && dgm_day_exists(0, day->month, day->day)) {
		*ret_date = (struct dgm_date){.from = *day};
		return true;
	}
	if (day->year < calendar->first_year || day->year > calendar->last_year || day->month > calendar->months)
		return false;
	const uint32_t first = ((uint32_t)(day->year - calendar->first_year)) * calendar->months;
	const int32_t *month = &calendar->starts[first + (day->month ? day->month - 1u : 0)];
	if (day->day && day->month) {
		if (day->day > month[1] - month[0])
			return false;
		date.from = day_of(month[0] + day->day - 1);
	} else if (day->month) {
		date = between(month[0], month[1] - 1, true);
	} else {
		date = between(month[0], calendar->starts[first + calendar->months] - 1, false);
	}
	date.from.approximate = day->approximate;
	date.from.uncertain = day->uncertain;
	*ret_date = date;
	return true;
}

bool dgm_calendar_is_early(const struct dgm_calendar *calendar, const struct dgm_date *date)
{
	const struct dgm_day *day = &date->from;
	if (!calendar->sure_year || !day->year)
		return false;
	const uint32_t first = (uint32_t)(calendar->sure_year - calendar->first_year) * calendar->months;
	return number_of(day->year, day->month ? day->month : 1, day->day ? day->day : 1) < calendar->starts[first];
}

/* The month that holds a day number; -1: outside of the table. */
static int64_t month_of(const struct dgm_calendar *calendar, int32_t number)
{
	uint32_t low = 0, high = calendar->month_count;
	if (number < calendar->starts[0] || number >= calendar->starts[high])
		return -1;
	while (high - low > 1) {
		const uint32_t middle = low + (high - low) / 2;
		if (calendar->starts[middle] <= number)
			low = middle;
		else
			high = middle;
	}
	return low;
}

bool dgm_calendar_write(const struct dgm_calendar *calendar, const struct dgm_date *date, struct dgm_day *ret_day)
{
	const struct dgm_day *day = &date->from;
	if (date->interval)
		return false;
	if (calendar->year_shift)
		return shift(day, -calendar->year_shift, ret_day) &&
			(!day->year || (ret_day->year >= calendar->first_year && ret_day->year <= calendar->last_year));
	if (!day->year || !day->month || !day->day)
		return false;
	const int32_t number = number_of(day->year, day->month, day->day);
	const int64_t month = month_of(calendar, number);
	if (month < 0)
		return false;
	*ret_day = (struct dgm_day){.year = (uint16_t)(calendar->first_year + month / calendar->months),
		.month = (uint8_t)(month % calendar->months + 1),
		.day = (uint8_t)(number - calendar->starts[month] + 1),
		.known = true,
		.approximate = day->approximate,
		.uncertain = day->uncertain};
	return true;
}

static bool same(const struct dgm_date *a, const struct dgm_date *b)
{
	return a->interval == b->interval && a->from.year == b->from.year && a->from.month == b->from.month &&
		a->to.year == b->to.year && a->to.month == b->to.month;
}

bool dgm_calendar_trace(const struct dgm_calendar *calendar, const struct dgm_date *date, bool month,
	struct dgm_day *ret_day)
{
	if (!date->from.year || date->from.day || (date->from.month != 0) != month)
		return false;
	/* It begins in the date's first year or month, so what holds the end of that, or what is before, is it. */
	const int32_t end = month ? number_of(date->from.year + date->from.month / 12, date->from.month % 12 + 1, 1)
				  : number_of(date->from.year + 1, 1, 1);
	const int64_t last = end > calendar->starts[calendar->month_count] ? (int64_t)calendar->month_count - 1
									   : month_of(calendar, end - 1);
	for (int64_t back = 0; last >= 0 && back < 2; back++) {
		const int64_t at = last - back * (month ? 1 : calendar->months);
		struct dgm_date again;
		if (at < 0)
			return false;
		struct dgm_day day = {.year = (uint16_t)(calendar->first_year + at / calendar->months),
			.month = (uint8_t)(month ? at % calendar->months + 1 : 0),
			.known = true};
		if (dgm_calendar_read(calendar, &day, &again) && same(&again, date)) {
			*ret_day = day;
			return true;
		}
	}
	return false;
}
