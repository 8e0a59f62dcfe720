/* SPDX-License-Identifier: Apache-2.0 */
/* Days of the Gregorian calendar in their canonical spelling. Runs once per date of every record: bytes, no memory. */
#include "notice/date.h"

#include <limits.h>

#include "base/digits.h"

enum { YEAR_LEN = 4, PART_LEN = 2 };

static inline bool is_leap(unsigned year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool dgm_day_exists(unsigned year, unsigned month, unsigned day)
{
	static const uint8_t lengths[13] = {31, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (month > 12 || day > lengths[month])
		return false;
	return month != 2 || day != 29 || year == 0 || is_leap(year);
}

/* A day without its qualifier: yyyy, yyyy-MM, yyyy-MM-dd, XXXX-MM, XXXX-MM-dd. */
static bool parse_parts(const char *at, size_t len, struct dgm_day *day)
{
	unsigned bad = 0, year = 0, month = 0, of_month = 0;
	if (len != 10 && len != 7 && len != 4)
		return false;
	const bool no_year = at[0] == 'X';
	if (no_year)
		bad |= len == 4 || memcmp(at, "XXXX", YEAR_LEN) != 0;
	else
		year = dgm_digits_take(at, YEAR_LEN, &bad);
	if (len >= 7) {
		month = dgm_digits_take(at + 5, PART_LEN, &bad);
		bad |= at[4] != '-' || month == 0;
	}
	if (len == 10) {
		of_month = dgm_digits_take(at + 8, PART_LEN, &bad);
		bad |= at[7] != '-' || of_month == 0;
	}
	if (bad || (year == 0 && !no_year) || !dgm_day_exists(year, month, of_month))
		return false;
	day->year = (uint16_t)year;
	day->month = (uint8_t)month;
	day->day = (uint8_t)of_month;
	day->known = true;
	return true;
}

static bool parse_day(const char *at, size_t len, struct dgm_day *day)
{
	*day = (struct dgm_day){0};
	if (len == 0)
		return false;
	switch (at[len - 1]) {
	case '~':
		day->approximate = true;
		len--;
		break;
	case '?':
		day->uncertain = true;
		len--;
		break;
	case '%':
		day->approximate = day->uncertain = true;
		len--;
		break;
	default:
		break;
	}
	return parse_parts(at, len, day);
}

static bool parse_end(const char *at, size_t len, struct dgm_day *day)
{
	if (len == 2 && at[0] == '.' && at[1] == '.') {
		*day = (struct dgm_day){0};
		return true;
	}
	return parse_day(at, len, day);
}

/* The day as a number that sorts; parts that are not known become the lowest or the highest. */
static unsigned bound(const struct dgm_day *day, bool highest)
{
	const unsigned month = day->month ? day->month : (highest ? 12 : 1);
	const unsigned of_month = day->day ? day->day : (highest ? 31 : 1);
	return (day->year * 16u + month) * 32u + of_month;
}

static bool parse_interval(struct dgm_str text, size_t slash, struct dgm_date *date)
{
	if (!parse_end(text.ptr, slash, &date->from) ||
		!parse_end(text.ptr + slash + 1, text.len - slash - 1, &date->to))
		return false;
	date->interval = true;
	if (!date->from.known || !date->to.known)
		return date->from.known || date->to.known;
	if (date->from.year == 0 || date->to.year == 0)
		return date->from.year == date->to.year;
	return bound(&date->from, false) <= bound(&date->to, true);
}

static unsigned lowest(const struct dgm_date *date)
{
	return date->from.known ? bound(&date->from, false) : 0;
}

static unsigned highest(const struct dgm_date *date)
{
	const struct dgm_day *last = date->interval ? &date->to : &date->from;
	return last->known ? bound(last, true) : UINT_MAX;
}

bool dgm_date_covers(const struct dgm_date *date, const struct dgm_date *other)
{
	const bool years = (date->from.year || date->to.year) && (other->from.year || other->to.year);
	return years && lowest(date) <= lowest(other) && highest(other) <= highest(date);
}

bool dgm_date_parse(struct dgm_str text, struct dgm_date *ret_date)
{
	struct dgm_date date = {0};
	/* The longest: two days with a qualifier each and the slash. */
	if (text.len > 2 * 11 + 1)
		return false;
	const char *slash = text.len ? memchr(text.ptr, '/', text.len) : NULL;
	const bool good = slash ? parse_interval(text, (size_t)(slash - text.ptr), &date)
				: parse_day(text.ptr, text.len, &date.from);
	if (good)
		*ret_date = date;
	return good;
}

static char *format_day(const struct dgm_day *day, char *to)
{
	if (!day->known) {
		memcpy(to, "..", 2);
		return to + 2;
	}
	if (day->year) {
		to = dgm_digits_put4(to, day->year);
	} else {
		memcpy(to, "XXXX", YEAR_LEN);
		to += YEAR_LEN;
	}
	if (day->month) {
		*to++ = '-';
		to = dgm_digits_put2(to, day->month);
	}
	if (day->month && day->day) {
		*to++ = '-';
		to = dgm_digits_put2(to, day->day);
	}
	if (day->approximate || day->uncertain)
		*to++ = day->approximate && day->uncertain ? '%' : day->approximate ? '~' : '?';
	return to;
}

size_t dgm_date_format(const struct dgm_date *date, char to[32])
{
	char *at = format_day(&date->from, to);
	if (date->interval) {
		*at++ = '/';
		at = format_day(&date->to, at);
	}
	return (size_t)(at - to);
}
