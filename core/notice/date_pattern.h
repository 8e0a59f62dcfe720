/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns of dates: how sources spell the parts of a day, on whatever calendar. */
#ifndef DGM_NOTICE_DATE_PATTERN_H
#define DGM_NOTICE_DATE_PATTERN_H

#include "notice/date.h"

enum {
	DGM_MONTHS_MAX = 13,     /* the Ethiopic year has a thirteenth */
	DGM_MONTH_NAME_MAX = 40, /* bytes */
};

/* Names of months in the words of a source; whose they are is not known here. */
struct dgm_month_names {
	/* 1 to 13, or 0; the arena is for folding. */
	unsigned (*find)(const void *context, struct dgm_arena *arena, struct dgm_str name);
	const void *context;
	struct dgm_str written[DGM_MONTHS_MAX + 1]; /* by month; len 0: it has no name */
	size_t longest;                             /* of what is written, in bytes */
};

/*
 * A compiled date pattern of a definition, for reading and writing. Pattern letters: yyyy (four digits), yy (two, of the
 * hundred years from `century` on, and an error without one: nothing is assumed), MM M dd d
 * (two digits; one or two), MMMM and MMM (names of months: those of the definition, or the English ones, of which either
 * reads full and abbreviated names in any case, "Sept" too, and writes its own: March, Mar; all with or without a dot),
 * XXX (a zone: Z or +hh:mm; optional on reading, never written, moves nothing), HH mm ss (time of day, read and dropped
 * only if it is midnight or noon, written as midnight), T (itself), '...' quoted literal text with '' for a quote, in any case. Every
 * other letter is an error, so that DD/MM/YYYY is found when a definition is read; every other character is itself. A
 * part stands once; a year and a day need the month.
 */
struct dgm_date_step;

struct dgm_date_pattern {
	struct dgm_str text;
	bool has_year, has_month, has_day, names_month;
	const struct dgm_month_names *months; /* NULL: English */
	uint16_t century;                     /* where yy begins; 0: the pattern has none */
	const struct dgm_date_step *steps;
	uint32_t step_count;
};

/*
 * Everything in the arena; months (NULL: English) must outlive it. century: the first year that yy can mean, 1 to 9900 on
 * the calendar of the date; 0: there is none. NULL: not a pattern; *ret_problem says why.
 */
const struct dgm_date_pattern *dgm_date_pattern_compile(struct dgm_arena *arena, struct dgm_str pattern,
	const struct dgm_month_names *months, unsigned century, const char **ret_problem);

/*
 * The parts that the whole of text has by the pattern, of a day on any calendar: whether it exists is not asked. "00" as
 * a month or day (and "0000" as a year) means "not known": 1965/00/00 is 1965; all unknown is false, and so is a known
 * day of a month that is given as unknown. Years of two digits are false unless the pattern has yy. A pattern of one part ("dd") reads just that part.
 */
bool dgm_date_scan(const struct dgm_date_pattern *pattern, struct dgm_arena *arena, struct dgm_str text,
	struct dgm_day *ret_day);

/* The same for the Gregorian calendar. Never lenient: 31 February and month 13 are false. */
bool dgm_date_read(const struct dgm_date_pattern *pattern, struct dgm_arena *arena, struct dgm_str text,
	struct dgm_day *ret_day);

/* Writes a day by the pattern; false where the pattern needs a part that is not known or a month without a name. At most 64 bytes. */
bool dgm_date_write(const struct dgm_date_pattern *pattern, const struct dgm_day *day, char to[64], size_t *ret_len);

/*
 * Whether the pattern writes exactly the parts the day has: no more, no less. Patterns have no sign for "approximate"
 * and "uncertain": where the day is one of these, what is written says less, and the caller says so.
 */
bool dgm_date_fits(const struct dgm_date_pattern *pattern, const struct dgm_day *day);

#endif
