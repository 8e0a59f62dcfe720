/* SPDX-License-Identifier: Apache-2.0 */
/* Validity is looked at for every byte that is read, so it is a table; the rest is simple. */
#include "base/utf8.h"

/*
 * A finite automaton whose rows are 64-bit words: a state is a shift, row[byte] >> state its successor. One load and
 * one shift per byte whatever the text holds, where a decoder mispredicts at every change of length. ERROR is shift 0,
 * which every row leaves 0, so that an error stays.
 */
enum {
	STATE_ERROR = 0,
	STATE_START = 6,
	STATE_LAST1 = 12, /* one more continuation byte, then two, then three */
	STATE_LAST2 = 18,
	STATE_LAST3 = 24,
	STATE_E0 = 30, /* A0..BF next: no overlong form */
	STATE_ED = 36, /* 80..9F next: no surrogate */
	STATE_F0 = 42, /* 90..BF next: no overlong form */
	STATE_F4 = 48, /* 80..8F next: nothing above U+10FFFF */
};

#define STEP(from, to) ((uint64_t)(to) << (from))
#define ROW_ASCII STEP(STATE_START, STATE_START)
#define ROW_CONT (STEP(STATE_LAST1, STATE_START) | STEP(STATE_LAST2, STATE_LAST1) | STEP(STATE_LAST3, STATE_LAST2))
#define ROW_80 (ROW_CONT | STEP(STATE_ED, STATE_LAST1) | STEP(STATE_F4, STATE_LAST2))
#define ROW_90 (ROW_CONT | STEP(STATE_ED, STATE_LAST1) | STEP(STATE_F0, STATE_LAST2))
#define ROW_A0 (ROW_CONT | STEP(STATE_E0, STATE_LAST1) | STEP(STATE_F0, STATE_LAST2))
#define ROW_C2 STEP(STATE_START, STATE_LAST1)
#define ROW_E0 STEP(STATE_START, STATE_E0)
#define ROW_E1 STEP(STATE_START, STATE_LAST2)
#define ROW_ED STEP(STATE_START, STATE_ED)
#define ROW_F0 STEP(STATE_START, STATE_F0)
#define ROW_F1 STEP(STATE_START, STATE_LAST3)
#define ROW_F4 STEP(STATE_START, STATE_F4)
#define TWICE(x) x, x
#define TIMES4(x) TWICE(x), TWICE(x)
#define TIMES16(x) TIMES4(x), TIMES4(x), TIMES4(x), TIMES4(x)

static const uint64_t utf8_rows[256] = {
	TIMES16(ROW_ASCII), TIMES16(ROW_ASCII), TIMES16(ROW_ASCII), TIMES16(ROW_ASCII), /* 00 */
	TIMES16(ROW_ASCII), TIMES16(ROW_ASCII), TIMES16(ROW_ASCII), TIMES16(ROW_ASCII), /* 40 */
	TIMES16(ROW_80), TIMES16(ROW_90), TIMES16(ROW_A0), TIMES16(ROW_A0),             /* 80 */
	0, 0, TWICE(ROW_C2), TIMES4(ROW_C2), TIMES4(ROW_C2), TIMES4(ROW_C2),            /* C0 */
	TIMES16(ROW_C2),                                                                /* D0 */
	ROW_E0, TWICE(ROW_E1), ROW_E1, TIMES4(ROW_E1), TIMES4(ROW_E1),                  /* E0 */
	ROW_E1, ROW_ED, TWICE(ROW_E1),                                                  /* EC */
	ROW_F0, TWICE(ROW_F1), ROW_F1, ROW_F4,                                          /* F0; F5 to FF stay 0 */
};

#define HIGH_BITS UINT64_C(0x8080808080808080)

static inline uint64_t load8(const char *p)
{
	uint64_t word;
	memcpy(&word, p, sizeof word);
	return word;
}

bool dgm_utf8_valid(struct dgm_str s)
{
	uint64_t state = STATE_START;
	size_t i = 0;
	while (s.len - i >= 16) {
		if (state == STATE_START) {
			while (s.len - i >= 16 && ((load8(s.ptr + i) | load8(s.ptr + i + 8)) & HIGH_BITS) == 0)
				i += 16;
			if (s.len - i < 16)
				break;
		}
		for (size_t j = 0; j < 16; j++)
			state = utf8_rows[(unsigned char)s.ptr[i + j]] >> (state & 63);
		i += 16;
		state &= 63;
		if (state == STATE_ERROR)
			return false;
	}
	for (; i < s.len; i++)
		state = utf8_rows[(unsigned char)s.ptr[i]] >> (state & 63);
	return (state & 63) == STATE_START;
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

size_t dgm_utf8_length(struct dgm_str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++)
		n += !is_continuation(s.ptr[i]);
	return n;
}

struct dgm_str dgm_utf8_take(struct dgm_str s, size_t n)
{
	size_t i = 0;
	for (; i < s.len; i++) {
		if (is_continuation(s.ptr[i]))
			continue;
		if (n == 0)
			break;
		n--;
	}
	return dgm_str_take(s, i);
}
