/* SPDX-License-Identifier: Apache-2.0 */
/* Digits of the world's scripts. */
#ifndef DGM_BASE_DIGITS_H
#define DGM_BASE_DIGITS_H

#include "base/arena.h"

/*
 * A number or date with digits of another script in ASCII digits: Arabic-Indic, Devanagari, Thai, full-width ... Other
 * characters stay. s itself where there are none. false: digits of two scripts are mixed, which no honest number has.
 */
bool dgm_digits_ascii(struct dgm_arena *arena, struct dgm_str s, struct dgm_str *ret_text);

/* The next n bytes as a number; a byte that is no digit makes *bad non-zero. */
static inline unsigned dgm_digits_take(const char *at, size_t n, unsigned *bad)
{
	unsigned number = 0;
	for (size_t i = 0; i < n; i++) {
		const unsigned digit = (unsigned)(unsigned char)at[i] - '0';
		*bad |= digit > 9;
		number = number * 10 + digit;
	}
	return number;
}

/* The last two or four digits of a number; returns what is behind them. */
static inline char *dgm_digits_put2(char *to, unsigned number)
{
	to[0] = (char)('0' + number / 10 % 10);
	to[1] = (char)('0' + number % 10);
	return to + 2;
}

static inline char *dgm_digits_put4(char *to, unsigned number)
{
	return dgm_digits_put2(dgm_digits_put2(to, number / 100), number);
}

#endif
