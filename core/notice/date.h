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

/* Whether all days of the other are days of this one, where both say the year. */
bool dgm_date_covers(const struct dgm_date *date, const struct dgm_date *other);

/* Whether there is such a day. Parts that are 0 are not known: where the year is not, 29 February may exist. */
bool dgm_day_exists(unsigned year, unsigned month, unsigned day);

#endif
