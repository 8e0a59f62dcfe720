/* SPDX-License-Identifier: Apache-2.0 */
/* Takes off word by word what a definition names, until numbers are left. What remains unread is no measure. */
#include "format/measure.h"

#include "notice/value.h"

static struct dgm_str without_about(const struct dgm_measure *measure, struct dgm_str text)
{
	for (uint32_t i = 0; i < measure->about_count; i++) {
		const struct dgm_str word = measure->about[i];
		if (text.len > word.len && dgm_str_eq_nocase(dgm_str_take(text, word.len), word))
			return dgm_str_trim(dgm_str_skip(text, word.len));
	}
	return text;
}

/* The number in front of a unit's word, and the unit; NULL where no word stands behind it. */
static const struct dgm_measure_unit *without_unit(const struct dgm_measure *measure, struct dgm_str *text)
{
	for (uint32_t u = 0; u < measure->unit_count; u++) {
		const struct dgm_measure_unit *unit = &measure->units[u];
		for (uint32_t i = 0; i < unit->word_count; i++) {
			if (text->len <= unit->words[i].len)
				continue;
			const size_t at = text->len - unit->words[i].len;
			const struct dgm_str number = dgm_str_trim(dgm_str_take(*text, at));
			/* "cm" does not end with a number and "m". */
			if (!number.len || !dgm_is_digit(number.ptr[number.len - 1]) ||
				!dgm_str_eq_nocase(dgm_str_skip(*text, at), unit->words[i]))
				continue;
			*text = number;
			return unit;
		}
	}
	return NULL;
}

static bool read_one(struct dgm_arena *arena, struct dgm_str text, int shift, char decimal, char group,
	struct dgm_str *ret_number)
{
	if (!dgm_decimal_read(arena, text, decimal, group, ret_number))
		return false;
	*ret_number = shift ? dgm_decimal_shift(arena, *ret_number, shift) : *ret_number;
	return true;
}

/* Where a range is parted: the separator and what follows it in *ret_most; false where there is none. */
static bool part_range(const struct dgm_measure *measure, struct dgm_str text, struct dgm_str *ret_least,
	struct dgm_str *ret_most)
{
	for (uint32_t i = 0; i < measure->range_count; i++) {
		const size_t at = dgm_str_find(text, measure->ranges[i]);
		if (at == 0 || at == text.len)
			continue;
		*ret_least = dgm_str_trim(dgm_str_take(text, at));
		*ret_most = dgm_str_trim(dgm_str_skip(text, at + measure->ranges[i].len));
		return true;
	}
	return false;
}

bool dgm_measure_read(const struct dgm_measure *measure, struct dgm_arena *arena, struct dgm_str text, int shift,
	char decimal, char group, struct dgm_str *ret_text)
{
	struct dgm_str least, most;
	text = without_about(measure, dgm_str_trim(text));
	const struct dgm_measure_unit *unit = without_unit(measure, &text);
	if (!part_range(measure, text, &least, &most))
		return read_one(arena, text, unit ? unit->shift : shift, decimal, group, ret_text);
	/* "1.75 m - 1.80 m" and "175 - 180 cm": what is said behind the second holds for the first. */
	const struct dgm_measure_unit *own = without_unit(measure, &least);
	most = without_about(measure, most);
	if (!read_one(arena, least,
		    own            ? own->shift
			    : unit ? unit->shift
				   : shift,
		    decimal, group, &least) ||
		!read_one(arena, most, unit ? unit->shift : shift, decimal, group, &most))
		return false;
	*ret_text = dgm_arena_printf(arena, "%.*s/%.*s", DGM_FMT(least), DGM_FMT(most));
	return true;
}

struct dgm_str dgm_measure_write(const struct dgm_measure *measure, struct dgm_arena *arena, int shift,
	struct dgm_str number, struct dgm_str most)
{
	if (most.len)
		number = dgm_arena_printf(arena, "%.*s%.*s%.*s", DGM_FMT(number), DGM_FMT(measure->ranges[0]),
			DGM_FMT(most));
	for (uint32_t u = 0; u < measure->unit_count; u++)
		if (measure->units[u].shift == shift)
			return dgm_arena_printf(arena, "%.*s %.*s", DGM_FMT(number),
				DGM_FMT(measure->units[u].words[0]));
	return number;
}
