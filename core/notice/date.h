/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates as the schema spells them: EDTF (ISO 8601-2) level 0 and 1 and a little of level 2.
 *   1965   1965-03   1965-03-12     precision is what is given; nothing is invented
 *   1965~  1965-03?  1965-03-12~    approximate, uncertain
 *   1960/1965   ../1990   1990/..   intervals, each end with its own precision
 *   XXXX-05-12                      year not known
 * No zones: a date is a day on a calendar, and no zone moves it.
 */
#ifndef DGM_NOTICE_DATE_H
#define DGM_NOTICE_DATE_H

#include "base/arena.h"

struct dgm_day {
	uint16_t year;  /* 1 to 9999; 0: not known */
	uint8_t month;  /* 0: not known */
	uint8_t day;    /* 0: not known */
	bool known;     /* false: the open end of an interval ("..") */
	bool approximate; /* ~ */
	bool uncertain;   /* ? */
};

struct dgm_date {
	struct dgm_day from;
	struct dgm_day to; /* intervals only */
	bool interval;
};

/* Canonical text to date and back; false when it is not canonical or no such day exists (Gregorian, proleptic). */
bool dgm_date_parse(struct dgm_str text, struct dgm_date *ret_date);
/* At most 32 bytes. */
size_t dgm_date_format(const struct dgm_date *date, char to[32]);

/*
 * A compiled date pattern of a definition, for reading and writing. Pattern letters: yyyy (four digits), MM M dd d
 * (two digits; one or two), MMMM and MMM (English month names, full and abbreviated with or without a dot, "Sept" too),
 * XXX (a zone: Z or +hh:mm; optional on reading, never written), HH mm ss (time of day, read and dropped only if it is
 * midnight or noon), '...' quoted literal text; every other character is itself.
 */
struct dgm_date_pattern {
	struct dgm_str text;
	bool has_year, has_month, has_day;
};

/* NULL: not a pattern; *ret_problem says why. */
const struct dgm_date_pattern *dgm_date_pattern_compile(
	struct dgm_arena *arena, struct dgm_str pattern, const char **ret_problem);

/*
 * Reads the whole of text by the pattern. "00" as a month or day (and "0000" as a year) means "not known": 1965/00/00
 * is 1965; all unknown is false. Never lenient: 31 February, month 13, or two-digit years are false.
 */
bool dgm_date_read(const struct dgm_date_pattern *pattern, struct dgm_str text, struct dgm_day *ret_day);

/* Writes a day by the pattern; false where the pattern needs a part that is not known. At most 64 bytes. */
bool dgm_date_write(const struct dgm_date_pattern *pattern, const struct dgm_day *day, char to[64], size_t *ret_len);

/* Whether the pattern writes exactly the parts the day has: no more, no less. */
bool dgm_date_fits(const struct dgm_date_pattern *pattern, const struct dgm_day *day);

#endif
