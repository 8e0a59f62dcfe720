/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates as the schema spells them: EDTF (ISO 8601-2) level 0 and 1 and a little of level 2.
 *   1965   1965-03   1965-03-12     precision is what is given; nothing is invented
 *   1965~  1965-03?  1965-03-12%    approximate, uncertain, both
 *   1960/1965   ../1990   1990/..   intervals, each end with its own precision; the end not before the beginning
 *   XXXX-05-12  XXXX-05             year not known
 * A day without its month ("1962-00-15") has no spelling here: such a value stays unparsed, with all that it says.
 * No zones: a date is a day on a calendar, and no zone moves it.
 */
#ifndef DGM_NOTICE_DATE_H
#define DGM_NOTICE_DATE_H

#include "base/arena.h"

struct dgm_day {
	uint16_t year;    /* 1 to 9999; 0: not known */
	uint8_t month;    /* 0: not known */
	uint8_t day;      /* 0: not known */
	bool known;       /* false: the open end of an interval ("..") */
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
/*
 * At most 32 bytes, not terminated; returns how many. Whatever dgm_date_parse accepts comes back byte for byte. Parts
 * are not checked: who puts a date together from parts of a source parses the text again before it counts as canonical.
 */
size_t dgm_date_format(const struct dgm_date *date, char to[32]);

/*
 * A compiled date pattern of a definition, for reading and writing. Pattern letters: yyyy (four digits), MM M dd d
 * (two digits; one or two), MMMM and MMM (English month names; either reads full and abbreviated names in any case, with
 * or without a dot, "Sept" too, and writes its own: March, Mar), XXX (a zone: Z or +hh:mm; optional on reading, never
 * written, moves nothing), HH mm ss (time of day, read and dropped only if it is midnight or noon, written as midnight),
 * T (itself), '...' quoted literal text with '' for a quote. Every other letter is an error, so that DD/MM/YYYY is found
 * when a definition is read; every other character is itself. A part stands once; a year and a day need the month.
 */
struct dgm_date_step;

struct dgm_date_pattern {
	struct dgm_str text;
	bool has_year, has_month, has_day;
	const struct dgm_date_step *steps;
	uint32_t step_count;
};

/* Everything in the arena. NULL: not a pattern; *ret_problem says why. */
const struct dgm_date_pattern *dgm_date_pattern_compile(struct dgm_arena *arena, struct dgm_str pattern,
	const char **ret_problem);

/*
 * Reads the whole of text by the pattern. "00" as a month or day (and "0000" as a year) means "not known": 1965/00/00
 * is 1965; all unknown is false, and so is a known day of a month that is given as unknown. Never lenient: 31 February,
 * month 13, or two-digit years are false. A pattern of one part ("dd") reads just that part.
 */
bool dgm_date_read(const struct dgm_date_pattern *pattern, struct dgm_str text, struct dgm_day *ret_day);

/* Writes a day by the pattern; false where the pattern needs a part that is not known. At most 64 bytes. */
bool dgm_date_write(const struct dgm_date_pattern *pattern, const struct dgm_day *day, char to[64], size_t *ret_len);

/*
 * Whether the pattern writes exactly the parts the day has: no more, no less. Patterns have no sign for "approximate"
 * and "uncertain": where the day is one of these, what is written says less, and the caller says so.
 */
bool dgm_date_fits(const struct dgm_date_pattern *pattern, const struct dgm_day *day);

#endif
