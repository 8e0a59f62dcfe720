/* SPDX-License-Identifier: Apache-2.0 */
/* Takes off what a definition names until numbers and units are left. What remains unread is no measure. */
#include "format/measure.h"

#include "base/text.h"
#include "base/textkey.h"
#include "notice/value.h"

enum {
	ONE = 100000000,  /* of a factor */
	FRACTION = 10000, /* of a number that is not text any more */
	PLACES = 4,       /* its digits behind the point */
	WHOLE_MAX = 4,    /* and before it: no such height or weight has more, and the sum stays in 64 bits */
	SURE_PLACES = 2,  /* digits behind what cannot be a sign between thousands */
	ANY_DIGITS = 255,
};

#define LENGTH DGM_TYPE_LENGTH
#define MASS DGM_TYPE_MASS

/* The foot and the pound of 1959. */
static const struct dgm_unit units[] = {
	{"m", LENGTH, 2, true, 100ll * ONE, "cm", 100, 2},
	{"dm", LENGTH, 1, true, 10ll * ONE, NULL, 0, 0},
	{"cm", LENGTH, 0, true, ONE, NULL, 0, 0},
	{"mm", LENGTH, -1, true, ONE / 10, NULL, 0, 0},
	{"ft", LENGTH, 0, false, 3048000000ll, "in", 12, ANY_DIGITS},
	{"in", LENGTH, 0, false, 254000000, NULL, 0, 0},
	{"kg", MASS, 0, true, ONE, NULL, 0, 0},
	{"g", MASS, -3, true, ONE / 1000, NULL, 0, 0},
	{"t", MASS, 3, true, 1000ll * ONE, NULL, 0, 0},
	{"st", MASS, 0, false, 635029318, "lb", 14, ANY_DIGITS},
	{"lb", MASS, 0, false, 45359237, NULL, 0, 0},
};

const struct dgm_unit *dgm_unit_find(struct dgm_str name, enum dgm_type type)
{
	for (size_t i = 0; i < DGM_COUNT(units); i++)
		if (units[i].type == type && dgm_str_is(name, units[i].name))
			return &units[i];
	return NULL;
}

const struct dgm_unit *dgm_unit_of(int shift, enum dgm_type type)
{
	for (size_t i = 0; i < DGM_COUNT(units); i++)
		if (units[i].type == type && units[i].exact && units[i].shift == shift)
			return &units[i];
	return NULL;
}

static bool is_letter(char c)
{
	return dgm_is_alpha(c) || (unsigned char)c >= 0x80;
}

/* Whether the text goes on behind a word as if it were no word: "m" in "mm". */
static bool goes_on(struct dgm_str text, size_t at)
{
	return at > 0 && at < text.len && is_letter(text.ptr[at - 1]) && is_letter(text.ptr[at]);
}

static struct dgm_str without_about(const struct dgm_measure *measure, struct dgm_str text)
{
	size_t front = 0, end = 0;
	for (uint32_t i = 0; i < measure->about_count; i++) {
		const struct dgm_str word = measure->about[i];
		if (text.len <= word.len)
			continue;
		if (word.len > front && dgm_str_eq(dgm_str_take(text, word.len), word) && !goes_on(text, word.len))
			front = word.len;
		const size_t at = text.len - word.len;
		if (word.len > end && dgm_str_eq(dgm_str_skip(text, at), word) && dgm_is_space(text.ptr[at - 1]))
			end = word.len;
	}
	if (front)
		return dgm_str_trim(dgm_str_skip(text, front));
	return dgm_str_trim(dgm_str_take(text, text.len - end));
}

/* --- a number and a unit --- */

struct reader {
	const struct dgm_measure *measure;
	struct dgm_arena *arena;
	char decimal, group;
	struct dgm_str rest;
};

static void skip(struct reader *reader, size_t n)
{
	reader->rest = dgm_str_trim(dgm_str_skip(reader->rest, n));
}

/* Digits and the signs between them. */
static struct dgm_str take_number(struct reader *reader)
{
	const struct dgm_str rest = reader->rest;
	size_t len = 0;
	while (len < rest.len &&
		(dgm_is_digit(rest.ptr[len]) ||
			(len > 0 && len + 1 < rest.len && dgm_is_digit(rest.ptr[len + 1]) &&
				(rest.ptr[len] == '.' || rest.ptr[len] == ',' ||
					(reader->group && rest.ptr[len] == reader->group)))))
		len++;
	skip(reader, len);
	return dgm_str_take(rest, len);
}

static const struct dgm_unit *take_unit(struct reader *reader)
{
	const struct dgm_unit_word *longest = NULL;
	for (uint32_t i = 0; i < reader->measure->word_count; i++) {
		const struct dgm_unit_word *word = &reader->measure->words[i];
		if (dgm_str_eq(dgm_str_take(reader->rest, word->word.len), word->word) &&
			!goes_on(reader->rest, word->word.len) && (!longest || word->word.len > longest->word.len))
			longest = word;
	}
	if (!longest)
		return NULL;
	size_t len = longest->word.len;
	/* "180 cm." */
	len += len < reader->rest.len && reader->rest.ptr[len] == '.' && is_letter(reader->rest.ptr[len - 1]);
	skip(reader, len);
	return longest->unit;
}

static bool as_decimal(const struct reader *reader, struct dgm_str text, struct dgm_str *ret_number)
{
	static const char signs[] = {'.', ','};
	if (text.len == 0)
		return false;
	if (dgm_decimal_read(reader->arena, text, reader->decimal, reader->group, ret_number))
		return true;
	for (size_t i = 0; i < sizeof signs && reader->measure->word_count; i++) {
		const size_t at = dgm_str_find(text, dgm_str_of(&signs[i], 1));
		if (at < text.len && text.len - at - 1 <= SURE_PLACES &&
			dgm_decimal_read(reader->arena, text, signs[i], 0, ret_number))
			return true;
	}
	return false;
}

/* Quarters behind a number, in ten-thousandths. */
static int64_t take_fraction(struct reader *reader)
{
	static const struct {
		const char *text;
		int64_t worth;
	} fractions[] = {{"½", FRACTION / 2}, {"¼", FRACTION / 4}, {"¾", FRACTION / 4 * 3}, {"1/2", FRACTION / 2},
		{"1/4", FRACTION / 4}, {"3/4", FRACTION / 4 * 3}};
	for (size_t i = 0; i < DGM_COUNT(fractions); i++) {
		if (!dgm_str_starts(reader->rest, dgm_str(fractions[i].text)))
			continue;
		skip(reader, strlen(fractions[i].text));
		return fractions[i].worth;
	}
	return 0;
}

/* A canonical decimal in ten-thousandths; false: larger or finer than any that has feet or pounds behind it. */
static bool scaled(struct dgm_str number, int64_t *ret_value)
{
	const size_t point = dgm_str_find(number, DGM_STR("."));
	int64_t value = 0;
	if (point > WHOLE_MAX || (point < number.len && number.len - point - 1 > PLACES))
		return false;
	for (size_t i = 0; i < number.len; i++)
		if (i != point)
			value = value * 10 + (number.ptr[i] - '0');
	for (size_t places = point < number.len ? number.len - point - 1 : 0; places < PLACES; places++)
		value *= 10;
	*ret_value = value;
	return true;
}

static bool is_whole(struct dgm_str number)
{
	return dgm_str_find(number, DGM_STR(".")) == number.len;
}

/* What follows feet, stones or metres: 11", 11 in, 11; the whole as a whole number. */
static bool read_parts(struct reader *reader, const struct dgm_unit *unit, struct dgm_str number,
	struct dgm_str *ret_text)
{
	const struct dgm_unit *part = NULL;
	struct dgm_str more = DGM_NOSTR;
	int64_t sum, value = 0;
	if (!scaled(number, &sum))
		return false;
	sum *= unit->factor;
	if (reader->rest.len) {
		if (!unit->part || !is_whole(number))
			return false;
		/* 5'-11": but only what says its unit, or a range would look like this, too. */
		const bool dash = reader->rest.ptr[0] == '-';
		if (dash || reader->rest.ptr[0] == ',')
			skip(reader, 1);
		const struct dgm_str digits = take_number(reader);
		const bool known = as_decimal(reader, digits, &more);
		const int64_t fraction = take_fraction(reader);
		part = take_unit(reader);
		if (reader->rest.len || !known || !scaled(more, &value) || (fraction && !is_whole(more)) ||
			value >= (int64_t)unit->parts * FRACTION)
			return false;
		value += fraction;
		if (part ? !dgm_str_is(dgm_str(part->name), unit->part)
			 : dash || (unit->part_unsaid != ANY_DIGITS && digits.len != unit->part_unsaid))
			return false;
		sum += value * dgm_unit_find(dgm_str(unit->part), unit->type)->factor;
	}
	const int64_t one = (int64_t)FRACTION * ONE;
	*ret_text = dgm_arena_printf(reader->arena, "%lld", (long long)((sum + one / 2) / one));
	return true;
}

/* fallback: the unit of a number without one; *ret_unit: the unit that it had, or NULL. */
static bool read_one(struct reader *reader, struct dgm_str text, const struct dgm_unit *fallback,
	const struct dgm_unit **ret_unit, struct dgm_str *ret_text)
{
	struct dgm_str number;
	reader->rest = dgm_str_trim(text);
	if (!as_decimal(reader, take_number(reader), &number))
		return false;
	const int64_t fraction = take_fraction(reader);
	const struct dgm_unit *unit = take_unit(reader);
	*ret_unit = unit;
	if (!unit)
		unit = fallback;
	if (fraction && (unit->exact || !is_whole(number)))
		return false;
	if (fraction)
		number = dgm_arena_printf(reader->arena, "%.*s.%04lld", DGM_FMT(number), (long long)fraction);
	if (!reader->rest.len && unit->exact) {
		*ret_text = unit->shift ? dgm_decimal_shift(reader->arena, number, unit->shift) : number;
		return true;
	}
	/* Without a word for the unit nothing may follow. */
	return (*ret_unit || !reader->rest.len) && read_parts(reader, unit, number, ret_text);
}

/* "1.75 m - 1.80 m" and "175 - 180 cm": what is said behind the second holds for the first. */
static bool read_range(struct reader *reader, struct dgm_str least, struct dgm_str most, struct dgm_str *ret_text)
{
	const struct dgm_measure *measure = reader->measure;
	const struct dgm_unit *unit = NULL, *own = NULL;
	if (!read_one(reader, without_about(measure, most), measure->own, &unit, &most) ||
		!read_one(reader, least, unit ? unit : measure->own, &own, &least))
		return false;
	*ret_text = dgm_arena_join(reader->arena, least, DGM_STR("/"), most);
	return true;
}

bool dgm_measure_read(const struct dgm_measure *measure, struct dgm_arena *arena, struct dgm_str text, char decimal,
	char group, struct dgm_str *ret_text)
{
	struct reader reader = {.measure = measure, .arena = arena, .decimal = decimal, .group = group};
	const struct dgm_unit *unit;
	text = without_about(measure, dgm_text_fold(arena, text));
	if (read_one(&reader, text, measure->own, &unit, ret_text))
		return true;
	for (uint32_t i = 0; i < measure->range_count; i++) {
		const size_t at = dgm_str_find(text, measure->ranges[i]);
		if (at > 0 && at < text.len &&
			read_range(&reader, dgm_str_take(text, at), dgm_str_skip(text, at + measure->ranges[i].len),
				ret_text))
			return true;
	}
	return false;
}

struct dgm_str dgm_measure_write(const struct dgm_measure *measure, struct dgm_arena *arena, struct dgm_str number,
	struct dgm_str most)
{
	if (most.len)
		number = dgm_arena_join(arena, number, measure->ranges[0], most);
	return measure->written.len ? dgm_arena_join(arena, number, DGM_STR(" "), measure->written) : number;
}
