/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Days on a calendar: the canonical spelling, and patterns for everyone else's. Runs once per date of every record, so
 * it works on bytes and never allocates. Calendars other than the Gregorian are not known here.
 */
#include "notice/date.h"

enum {
	YEAR_LEN = 4,
	PART_LEN = 2,
	ZONE_LEN = 6,        /* +hh:mm */
	ZONE_HOUR_MAX = 14,  /* Kiribati; ISO 8601 and XML Schema stop here too */
	WRITTEN_MAX = 64,    /* what dgm_date_write promises */
	NAME_LEN_MAX = 9,    /* September */
	NOON = 12 * 60 * 60, /* in seconds */
};

/* The next n bytes as a number; a byte that is no digit makes *bad non-zero. */
static inline unsigned digits(const char *at, size_t n, unsigned *bad)
{
	unsigned number = 0;
	for (size_t i = 0; i < n; i++) {
		const unsigned digit = (unsigned)(unsigned char)at[i] - '0';
		*bad |= digit > 9;
		number = number * 10 + digit;
	}
	return number;
}

static inline bool is_leap(unsigned year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Parts that are 0 are not known: where the year is not, 29 February may exist. */
static inline bool day_exists(unsigned year, unsigned month, unsigned day)
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
		year = digits(at, YEAR_LEN, &bad);
	if (len >= 7) {
		month = digits(at + 5, PART_LEN, &bad);
		bad |= at[4] != '-' || month == 0;
	}
	if (len == 10) {
		of_month = digits(at + 8, PART_LEN, &bad);
		bad |= at[7] != '-' || of_month == 0;
	}
	if (bad || (year == 0 && !no_year) || !day_exists(year, month, of_month))
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

static inline char *put2(char *to, unsigned number)
{
	to[0] = (char)('0' + number / 10 % 10);
	to[1] = (char)('0' + number % 10);
	return to + PART_LEN;
}

static inline char *put4(char *to, unsigned number)
{
	return put2(put2(to, number / 100), number);
}

static char *format_day(const struct dgm_day *day, char *to)
{
	if (!day->known) {
		memcpy(to, "..", 2);
		return to + 2;
	}
	if (day->year) {
		to = put4(to, day->year);
	} else {
		memcpy(to, "XXXX", YEAR_LEN);
		to += YEAR_LEN;
	}
	if (day->month) {
		*to++ = '-';
		to = put2(to, day->month);
	}
	if (day->month && day->day) {
		*to++ = '-';
		to = put2(to, day->day);
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

enum step_kind {
	STEP_LITERAL,
	STEP_YEAR,
	STEP_MONTH,       /* MM */
	STEP_MONTH_SHORT, /* M */
	STEP_MONTH_FULL,  /* MMMM */
	STEP_MONTH_ABBR,  /* MMM */
	STEP_DAY,         /* dd */
	STEP_DAY_SHORT,   /* d */
	STEP_ZONE,
	STEP_HOUR,
	STEP_MINUTE,
	STEP_SECOND,
};

struct dgm_date_step {
	enum step_kind kind;
	bool dot_follows; /* months by name: the pattern itself asks for the dot */
	struct dgm_str literal;
};

static const struct dgm_str month_names[12] = {{"January", 7}, {"February", 8}, {"March", 5}, {"April", 5}, {"May", 3},
	{"June", 4}, {"July", 4}, {"August", 6}, {"September", 9}, {"October", 7}, {"November", 8}, {"December", 8}};

struct compiler {
	struct dgm_date_step *steps;
	size_t count;
	char *literals; /* where the next literal's bytes go */
	unsigned seen;  /* bit per step_kind, those of one part counted as one */
	size_t written; /* at most */
};

struct word {
	char letter;
	uint8_t run;
	uint8_t kind;
	uint8_t part; /* what must not stand twice */
	uint8_t written;
};

static const struct word words[] = {
	{'y', 4, STEP_YEAR, STEP_YEAR, YEAR_LEN},
	{'M', 2, STEP_MONTH, STEP_MONTH, PART_LEN},
	{'M', 1, STEP_MONTH_SHORT, STEP_MONTH, PART_LEN},
	{'M', 4, STEP_MONTH_FULL, STEP_MONTH, NAME_LEN_MAX},
	{'M', 3, STEP_MONTH_ABBR, STEP_MONTH, 3},
	{'d', 2, STEP_DAY, STEP_DAY, PART_LEN},
	{'d', 1, STEP_DAY_SHORT, STEP_DAY, PART_LEN},
	{'X', 3, STEP_ZONE, STEP_ZONE, 0},
	{'H', 2, STEP_HOUR, STEP_HOUR, PART_LEN},
	{'m', 2, STEP_MINUTE, STEP_MINUTE, PART_LEN},
	{'s', 2, STEP_SECOND, STEP_SECOND, PART_LEN},
};

static void add_literal(struct compiler *c, char byte)
{
	struct dgm_date_step *last = c->count ? &c->steps[c->count - 1] : NULL;
	if (!last || last->kind != STEP_LITERAL) {
		last = &c->steps[c->count++];
		last->kind = STEP_LITERAL;
		last->literal = (struct dgm_str){c->literals, 0};
	}
	*c->literals++ = byte;
	last->literal.len++;
	c->written++;
}

/* Adds the part that `run` times `letter` stands for; NULL or the problem. */
static const char *add_part(struct compiler *c, char letter, size_t run)
{
	const struct word *word = NULL;
	for (size_t i = 0; i < DGM_COUNT(words); i++)
		if (words[i].letter == letter && words[i].run == run)
			word = &words[i];
	if (!word)
		return "a letter that is no part of a date: the parts are yyyy MM M MMMM MMM dd d HH mm ss XXX, other letters "
		       "stand in '...'";
	if (c->seen & 1u << word->part)
		return "a part that stands twice";
	c->seen |= 1u << word->part;
	c->steps[c->count++].kind = word->kind;
	c->written += word->written;
	return NULL;
}

/* Letters and literals to steps; NULL or the problem. */
static const char *scan(struct compiler *c, struct dgm_str pattern)
{
	for (size_t i = 0; i < pattern.len;) {
		const char byte = pattern.ptr[i];
		if (byte == '\'') {
			size_t close = ++i;
			if (i < pattern.len && pattern.ptr[i] == '\'') {
				add_literal(c, '\'');
				i++;
				continue;
			}
			for (; close < pattern.len; close++) {
				if (pattern.ptr[close] == '\'' &&
					(close + 1 == pattern.len || pattern.ptr[close + 1] != '\''))
					break;
				close += pattern.ptr[close] == '\'';
				add_literal(c, pattern.ptr[close]);
			}
			if (close == pattern.len)
				return "a quote that is not closed";
			i = close + 1;
		} else if (dgm_is_alpha(byte) && byte != 'T') {
			size_t run = 1;
			while (i + run < pattern.len && pattern.ptr[i + run] == byte)
				run++;
			const char *problem = add_part(c, byte, run);
			if (problem)
				return problem;
			i += run;
		} else {
			add_literal(c, byte);
			i++;
		}
	}
	return NULL;
}

static bool starts_with_digit(const struct dgm_date_step *step)
{
	switch (step->kind) {
	case STEP_LITERAL:
		return dgm_is_digit(step->literal.ptr[0]);
	case STEP_MONTH_FULL:
	case STEP_MONTH_ABBR:
	case STEP_ZONE:
		return false;
	case STEP_YEAR:
	case STEP_MONTH:
	case STEP_MONTH_SHORT:
	case STEP_DAY:
	case STEP_DAY_SHORT:
	case STEP_HOUR:
	case STEP_MINUTE:
	case STEP_SECOND:
		return true;
	}
	return true;
}

/* What can be told only from the whole; NULL or the problem. */
static const char *check(struct compiler *c)
{
	const bool year = c->seen & 1u << STEP_YEAR, month = c->seen & 1u << STEP_MONTH, day = c->seen & 1u << STEP_DAY;
	if (!year && !month && !day)
		return "no year, month or day";
	if (c->seen & 1u << STEP_MINUTE && !(c->seen & 1u << STEP_HOUR))
		return "minutes (mm) without hours: the month is MM";
	if (c->seen & 1u << STEP_SECOND && !(c->seen & 1u << STEP_MINUTE))
		return "seconds without minutes";
	if (year && day && !month)
		return "a year and a day without the month (MM)";
	if (c->written > WRITTEN_MAX)
		return "longer than 64 characters";
	for (size_t i = 0; i + 1 < c->count; i++) {
		struct dgm_date_step *step = &c->steps[i], *next = step + 1;
		if ((step->kind == STEP_MONTH_SHORT || step->kind == STEP_DAY_SHORT) && starts_with_digit(next))
			return "a digit directly behind a part of one or two digits";
		step->dot_follows = next->kind == STEP_LITERAL && next->literal.ptr[0] == '.';
	}
	return NULL;
}

const struct dgm_date_pattern *dgm_date_pattern_compile(struct dgm_arena *arena, struct dgm_str pattern,
	const char **ret_problem)
{
	/* A step takes at least one byte of the pattern, and so does a byte of a literal. */
	if (pattern.len > 4 * WRITTEN_MAX) {
		*ret_problem = "longer than 64 characters";
		return NULL;
	}
	struct compiler c = {
		.steps = dgm_arena_zero(arena, (pattern.len + 1) * sizeof *c.steps),
		.literals = dgm_arena_alloc(arena, pattern.len + 1),
	};
	const char *problem = scan(&c, pattern);
	if (!problem)
		problem = check(&c);
	if (problem) {
		*ret_problem = problem;
		return NULL;
	}
	struct dgm_date_pattern *compiled = dgm_arena_zero(arena, sizeof *compiled);
	compiled->text = dgm_arena_dup(arena, pattern);
	compiled->has_year = c.seen & 1u << STEP_YEAR;
	compiled->has_month = c.seen & 1u << STEP_MONTH;
	compiled->has_day = c.seen & 1u << STEP_DAY;
	compiled->steps = c.steps;
	compiled->step_count = (uint32_t)c.count;
	return compiled;
}

static bool starts_nocase(const char *at, size_t left, struct dgm_str word)
{
	return left >= word.len && dgm_str_eq_nocase(dgm_str_of(at, word.len), word);
}

/* The month named at `at` and how many bytes its name takes; 0 when there is none. */
static unsigned month_by_name(const char *at, size_t left, bool dot_follows, size_t *ret_len)
{
	for (unsigned m = 0; m < 12; m++) {
		const struct dgm_str full = month_names[m];
		const struct dgm_str abbreviated = dgm_str_take(full, 3);
		if (left == 0 || dgm_lower(at[0]) != dgm_lower(full.ptr[0]) || !starts_nocase(at, left, abbreviated))
			continue;
		if (starts_nocase(at, left, full)) {
			*ret_len = full.len;
			/* "May." is an abbreviation like the others. */
			if (full.len > 3)
				return m + 1;
		} else {
			*ret_len = m == 8 && starts_nocase(at, left, DGM_STR("Sept")) ? 4 : 3;
		}
		if (!dot_follows && *ret_len < left && at[*ret_len] == '.')
			++*ret_len;
		return m + 1;
	}
	return 0;
}

/* How many bytes of a zone stand at `at`: none is well, false is something that only looks like one. */
static bool zone_length(const char *at, size_t left, size_t *ret_len)
{
	unsigned bad = 0;
	*ret_len = 0;
	if (left > 0 && at[0] == 'Z') {
		*ret_len = 1;
		return true;
	}
	if (left == 0 || (at[0] != '+' && at[0] != '-'))
		return true;
	if (left < ZONE_LEN || at[3] != ':')
		return false;
	const unsigned hours = digits(at + 1, PART_LEN, &bad), minutes = digits(at + 4, PART_LEN, &bad);
	*ret_len = ZONE_LEN;
	return !bad && hours <= ZONE_HOUR_MAX && minutes <= 59;
}

bool dgm_date_read(const struct dgm_date_pattern *pattern, struct dgm_str text, struct dgm_day *ret_day)
{
	const char *at = text.ptr;
	size_t left = text.len;
	unsigned bad = 0, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
	for (const struct dgm_date_step *step = pattern->steps, *end = step + pattern->step_count; step < end; step++) {
		size_t len = PART_LEN;
		switch (step->kind) {
		case STEP_LITERAL:
			len = step->literal.len;
			if (left < len || at[0] != step->literal.ptr[0] ||
				(len > 1 && memcmp(at, step->literal.ptr, len) != 0))
				return false;
			break;
		case STEP_YEAR:
			len = YEAR_LEN;
			if (left < len)
				return false;
			year = digits(at, len, &bad);
			break;
		case STEP_MONTH:
			if (left < len)
				return false;
			month = digits(at, len, &bad);
			break;
		case STEP_DAY:
			if (left < len)
				return false;
			day = digits(at, len, &bad);
			break;
		case STEP_MONTH_SHORT:
		case STEP_DAY_SHORT:
			if (left == 0)
				return false;
			len = left > 1 && dgm_is_digit(at[1]) ? 2 : 1;
			*(step->kind == STEP_DAY_SHORT ? &day : &month) = digits(at, len, &bad);
			break;
		case STEP_MONTH_FULL:
		case STEP_MONTH_ABBR:
			month = month_by_name(at, left, step->dot_follows, &len);
			if (month == 0)
				return false;
			break;
		case STEP_ZONE:
			if (!zone_length(at, left, &len))
				return false;
			break;
		case STEP_HOUR:
			if (left < len)
				return false;
			hour = digits(at, len, &bad);
			break;
		case STEP_MINUTE:
			if (left < len)
				return false;
			minute = digits(at, len, &bad);
			break;
		case STEP_SECOND:
			if (left < len)
				return false;
			second = digits(at, len, &bad);
			break;
		}
		at += len;
		left -= len;
	}
	if (bad || left != 0 || (year | month | day) == 0)
		return false;
	/* Any other time may be a day that a zone has moved; only these two are what exporters put where they have none. */
	if ((hour != 0 && hour != NOON / 3600) || minute != 0 || second != 0)
		return false;
	if ((day != 0 && month == 0 && pattern->has_month) || !day_exists(year, month, day))
		return false;
	*ret_day =
		(struct dgm_day){.year = (uint16_t)year, .month = (uint8_t)month, .day = (uint8_t)day, .known = true};
	return true;
}

static bool has_parts(const struct dgm_date_pattern *pattern, const struct dgm_day *day)
{
	return day->known && day->month <= 12 && (day->year || !pattern->has_year) &&
		(day->month || !pattern->has_month) && (day->day || !pattern->has_day);
}

static char *put_short(char *to, unsigned number)
{
	if (number >= 10)
		return put2(to, number);
	*to++ = (char)('0' + number);
	return to;
}

static char *put_literal(char *to, struct dgm_str literal)
{
	memcpy(to, literal.ptr, literal.len);
	return to + literal.len;
}

bool dgm_date_write(const struct dgm_date_pattern *pattern, const struct dgm_day *day, char to[64], size_t *ret_len)
{
	char *at = to;
	if (!has_parts(pattern, day))
		return false;
	for (const struct dgm_date_step *step = pattern->steps, *end = step + pattern->step_count; step < end; step++) {
		switch (step->kind) {
		case STEP_LITERAL:
			at = put_literal(at, step->literal);
			break;
		case STEP_YEAR:
			at = put4(at, day->year);
			break;
		case STEP_MONTH:
			at = put2(at, day->month);
			break;
		case STEP_MONTH_SHORT:
			at = put_short(at, day->month);
			break;
		case STEP_MONTH_FULL:
			at = put_literal(at, month_names[day->month - 1]);
			break;
		case STEP_MONTH_ABBR:
			at = put_literal(at, dgm_str_take(month_names[day->month - 1], 3));
			break;
		case STEP_DAY:
			at = put2(at, day->day);
			break;
		case STEP_DAY_SHORT:
			at = put_short(at, day->day);
			break;
		case STEP_ZONE:
			break;
		case STEP_HOUR:
		case STEP_MINUTE:
		case STEP_SECOND:
			at = put2(at, 0);
			break;
		}
	}
	*ret_len = (size_t)(at - to);
	return true;
}

bool dgm_date_fits(const struct dgm_date_pattern *pattern, const struct dgm_day *day)
{
	return day->known && (day->year != 0) == pattern->has_year && (day->month != 0) == pattern->has_month &&
		(day->day != 0) == pattern->has_day;
}
