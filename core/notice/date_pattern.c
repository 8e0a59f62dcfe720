/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns of dates, compiled to steps. Runs once per date of every record, so it works on bytes; only the name of a
 * month takes memory, where it is looked up without regard to case.
 */
#include "notice/date_pattern.h"

#include "base/digits.h"

enum {
	YEAR_LEN = 4,
	PART_LEN = 2,
	ZONE_LEN = 6,        /* +hh:mm */
	ZONE_HOUR_MAX = 14,  /* Kiribati; ISO 8601 and XML Schema stop here too */
	WRITTEN_MAX = 64,    /* what dgm_date_write promises */
	NOON = 12 * 60 * 60, /* in seconds */
};

enum step_kind {
	STEP_LITERAL,
	STEP_YEAR,
	STEP_YEAR_SHORT,  /* yy */
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
	const struct dgm_month_names *months; /* NULL: English */
	struct dgm_date_step *steps;
	size_t count;
	char *literals; /* where the next literal's bytes go */
	unsigned seen;  /* bit per step_kind, those of one part counted as one */
	size_t written; /* at most */
	bool century;   /* years of two digits may be asked for */
};

struct word {
	char letter;
	uint8_t run;
	uint8_t kind;
	uint8_t part;    /* what must not stand twice */
	uint8_t written; /* at most; names of months are asked for their length */
};

static const struct word words[] = {
	{'y', 4, STEP_YEAR, STEP_YEAR, YEAR_LEN},
	{'y', 2, STEP_YEAR_SHORT, STEP_YEAR, PART_LEN},
	{'M', 2, STEP_MONTH, STEP_MONTH, PART_LEN},
	{'M', 1, STEP_MONTH_SHORT, STEP_MONTH, PART_LEN},
	{'M', 4, STEP_MONTH_FULL, STEP_MONTH, 9},
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
		return "a letter that is no part of a date: the parts are yyyy yy MM M MMMM MMM dd d HH mm ss XXX, other letters "
		       "stand in '...'";
	if (c->seen & 1u << word->part)
		return "a part that stands twice";
	if (word->kind == STEP_YEAR_SHORT && !c->century)
		return "a year of two digits (yy), which needs \"century\" beside the pattern";
	c->seen |= 1u << word->part;
	c->steps[c->count++].kind = word->kind;
	c->written += letter == 'M' && run > 2 && c->months ? c->months->longest : word->written;
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
	case STEP_YEAR_SHORT:
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
	const struct dgm_month_names *months, unsigned century, const char **ret_problem)
{
	/* A step takes at least one byte of the pattern, and so does a byte of a literal. */
	if (pattern.len > 4 * WRITTEN_MAX) {
		*ret_problem = "longer than 64 characters";
		return NULL;
	}
	struct compiler c = {
		.months = months,
		.century = century != 0,
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
	for (size_t i = 0; i < c.count; i++)
		compiled->names_month = compiled->names_month || c.steps[i].kind == STEP_MONTH_FULL ||
			c.steps[i].kind == STEP_MONTH_ABBR;
	compiled->has_day = c.seen & 1u << STEP_DAY;
	compiled->months = months;
	for (size_t i = 0; i < c.count; i++)
		if (c.steps[i].kind == STEP_YEAR_SHORT)
			compiled->century = (uint16_t)century;
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

/*
 * The same by names of the definition: the longest run of characters without a digit that is one. It ends where a word
 * ends, so that most dates need one look.
 */
static unsigned month_by_list(const struct dgm_month_names *months, struct dgm_arena *arena, struct dgm_str text,
	bool dot_follows, size_t *ret_len)
{
	size_t end = 0;
	while (end < text.len && end < DGM_MONTH_NAME_MAX && !dgm_is_digit(text.ptr[end]))
		end++;
	while (end > 0) {
		const char last = text.ptr[end - 1];
		if (dgm_is_alpha(last) || (unsigned char)last >= 0x80) {
			const unsigned month = months->find(months->context, arena, dgm_str_take(text, end));
			if (month) {
				*ret_len = end + (!dot_follows && end < text.len && text.ptr[end] == '.');
				return month;
			}
			while (end > 0 && (dgm_is_alpha(text.ptr[end - 1]) || (unsigned char)text.ptr[end - 1] >= 0x80))
				end--;
		} else {
			end--;
		}
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
	const unsigned hours = dgm_digits_take(at + 1, PART_LEN, &bad),
		       minutes = dgm_digits_take(at + 4, PART_LEN, &bad);
	*ret_len = ZONE_LEN;
	return !bad && hours <= ZONE_HOUR_MAX && minutes <= 59;
}

bool dgm_date_scan(const struct dgm_date_pattern *pattern, struct dgm_arena *arena, struct dgm_str text,
	struct dgm_day *ret_day)
{
	const char *at = text.ptr;
	size_t left = text.len;
	unsigned bad = 0, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
	for (const struct dgm_date_step *step = pattern->steps, *end = step + pattern->step_count; step < end; step++) {
		size_t len = PART_LEN;
		switch (step->kind) {
		case STEP_LITERAL:
			len = step->literal.len;
			/* Words in capitals, as the names of months may be. */
			if (left < len ||
				(memcmp(at, step->literal.ptr, len) != 0 &&
					!dgm_str_eq_nocase(dgm_str_of(at, len), step->literal)))
				return false;
			break;
		case STEP_YEAR:
			len = YEAR_LEN;
			if (left < len)
				return false;
			year = dgm_digits_take(at, len, &bad);
			break;
		case STEP_YEAR_SHORT:
			if (left < len)
				return false;
			/* Of the hundred years from that one on, the one that ends so. */
			year = pattern->century +
				(dgm_digits_take(at, len, &bad) + 100 - pattern->century % 100u) % 100;
			break;
		case STEP_MONTH:
			if (left < len)
				return false;
			month = dgm_digits_take(at, len, &bad);
			break;
		case STEP_DAY:
			if (left < len)
				return false;
			day = dgm_digits_take(at, len, &bad);
			break;
		case STEP_MONTH_SHORT:
		case STEP_DAY_SHORT:
			if (left == 0)
				return false;
			len = left > 1 && dgm_is_digit(at[1]) ? 2 : 1;
			*(step->kind == STEP_DAY_SHORT ? &day : &month) = dgm_digits_take(at, len, &bad);
			break;
		case STEP_MONTH_FULL:
		case STEP_MONTH_ABBR:
			month = pattern->months
				? month_by_list(pattern->months, arena, dgm_str_of(at, left), step->dot_follows, &len)
				: month_by_name(at, left, step->dot_follows, &len);
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
			hour = dgm_digits_take(at, len, &bad);
			break;
		case STEP_MINUTE:
			if (left < len)
				return false;
			minute = dgm_digits_take(at, len, &bad);
			break;
		case STEP_SECOND:
			if (left < len)
				return false;
			second = dgm_digits_take(at, len, &bad);
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
	if (day != 0 && month == 0 && pattern->has_month)
		return false;
	*ret_day =
		(struct dgm_day){.year = (uint16_t)year, .month = (uint8_t)month, .day = (uint8_t)day, .known = true};
	return true;
}

bool dgm_date_read(const struct dgm_date_pattern *pattern, struct dgm_arena *arena, struct dgm_str text,
	struct dgm_day *ret_day)
{
	struct dgm_day day;
	if (!dgm_date_scan(pattern, arena, text, &day) || !dgm_day_exists(day.year, day.month, day.day))
		return false;
	*ret_day = day;
	return true;
}

static bool has_parts(const struct dgm_date_pattern *pattern, const struct dgm_day *day)
{
	if (pattern->century && (day->year < pattern->century || day->year - pattern->century > 99))
		return false;
	return day->known && day->month <= DGM_MONTHS_MAX && (day->year || !pattern->has_year) &&
		(day->month || !pattern->has_month) && (day->day || !pattern->has_day);
}

static char *put_short(char *to, unsigned number)
{
	if (number >= 10)
		return dgm_digits_put2(to, number);
	*to++ = (char)('0' + number);
	return to;
}

static struct dgm_str written_month(const struct dgm_month_names *months, unsigned month, enum step_kind kind)
{
	if (months)
		return months->written[month];
	if (month > DGM_COUNT(month_names))
		return DGM_NOSTR;
	return kind == STEP_MONTH_ABBR ? dgm_str_take(month_names[month - 1], 3) : month_names[month - 1];
}

static char *put_literal(char *to, struct dgm_str literal)
{
	memcpy(to, literal.ptr, literal.len);
	return to + literal.len;
}

bool dgm_date_write(const struct dgm_date_pattern *pattern, const struct dgm_day *day, char to[64], size_t *ret_len)
{
	char *at = to;
	if (!has_parts(pattern, day) ||
		(pattern->names_month && !written_month(pattern->months, day->month, STEP_MONTH_FULL).len))
		return false;
	for (const struct dgm_date_step *step = pattern->steps, *end = step + pattern->step_count; step < end; step++) {
		switch (step->kind) {
		case STEP_LITERAL:
			at = put_literal(at, step->literal);
			break;
		case STEP_YEAR:
			at = dgm_digits_put4(at, day->year);
			break;
		case STEP_YEAR_SHORT:
			at = dgm_digits_put2(at, day->year % 100u);
			break;
		case STEP_MONTH:
			at = dgm_digits_put2(at, day->month);
			break;
		case STEP_MONTH_SHORT:
			at = put_short(at, day->month);
			break;
		case STEP_MONTH_FULL:
		case STEP_MONTH_ABBR:
			at = put_literal(at, written_month(pattern->months, day->month, step->kind));
			break;
		case STEP_DAY:
			at = dgm_digits_put2(at, day->day);
			break;
		case STEP_DAY_SHORT:
			at = put_short(at, day->day);
			break;
		case STEP_ZONE:
			break;
		case STEP_HOUR:
		case STEP_MINUTE:
		case STEP_SECOND:
			at = dgm_digits_put2(at, 0);
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
