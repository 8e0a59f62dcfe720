/* SPDX-License-Identifier: Apache-2.0 */
/* Both keys begin with decomposed and case-folded text, as canonical caseless matching asks (Unicode 3.13, D145). */
#include "base/textkey.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "base/normal.h"
#include "base/plain.h"
#include "base/text.h"

static struct dgm_str fold_ascii(struct dgm_arena *arena, struct dgm_str s)
{
	char *text = dgm_arena_alloc(arena, s.len);
	size_t n = 0;
	bool white = false;
	for (size_t i = 0; i < s.len; i++) {
		if (dgm_is_space(s.ptr[i])) {
			white = n > 0;
			continue;
		}
		if (white)
			text[n++] = ' ';
		white = false;
		text[n++] = dgm_lower(s.ptr[i]);
	}
	return dgm_str_of(text, n);
}

static bool is_ascii(struct dgm_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	return true;
}

/* Full case folding turns one UTF-16 unit into at most 3. */
#define FOLD_GROWTH 3

/* Look-ups are made with what people typed, too: where no characters can be told, letters of ASCII still can. */
static bool is_simple(struct dgm_str s)
{
	return is_ascii(s) || s.len > DGM_NFC_BLOCK_MAX / (DGM_NFD_GROWTH * FOLD_GROWTH * DGM_PLAIN_MAX) ||
		!dgm_utf8_valid(s);
}

static UChar *fold_units(struct dgm_arena *arena, struct dgm_str s, int32_t *ret_count)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar *decomposed = dgm_arena_alloc(arena, DGM_NFD_GROWTH * s.len * sizeof *decomposed);
	const int32_t n = (int32_t)dgm_nfd(arena, s, decomposed);
	UChar *folded = dgm_arena_alloc(arena, (size_t)n * FOLD_GROWTH * sizeof *folded);
	*ret_count = u_strFoldCase(folded, n * FOLD_GROWTH, decomposed, n, U_FOLD_CASE_DEFAULT, &error);
	if (U_FAILURE(error))
		dgm_no_memory(s.len);
	return folded;
}

static struct dgm_str compose_units(struct dgm_arena *arena, const UChar *units, int32_t n)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar *composed = dgm_arena_alloc(arena, (size_t)n * sizeof *composed);
	int32_t length = unorm2_normalize(dgm_nfc(), units, n, composed, n, &error);
	char *text = dgm_arena_alloc(arena, (size_t)length * 3);
	u_strToUTF8(text, length * 3, &length, composed, length, &error);
	if (U_FAILURE(error))
		dgm_no_memory((size_t)n);
	return fold_ascii(arena, dgm_str_of(text, (size_t)length));
}

struct dgm_str dgm_text_fold(struct dgm_arena *arena, struct dgm_str s)
{
	if (is_simple(s))
		return fold_ascii(arena, s);
	int32_t n, left = 0;
	UChar *folded = fold_units(arena, dgm_text_canonical(arena, s, false), &n);
	/* One i for all: in Turkish I and i are no pair, and who sets a word in capitals knows no language. */
	for (int32_t i = 0; i < n; i++)
		if (folded[i] != 0x0307 || left == 0 || folded[left - 1] != 'i')
			folded[left++] = folded[i] == 0x0131 ? 'i' : folded[i];
	return compose_units(arena, folded, left);
}

/* What one letter stands for in a key; itself, mostly. */
static uint32_t key_letter(uint32_t c)
{
	static const struct {
		uint16_t from, to;
	} letters[] = {
		{0x671, 0x627},                                                                 /* alef wasla */
		{0x649, 0x64A}, {0x6CC, 0x64A}, {0x6D2, 0x64A},                                 /* ya */
		{0x6A9, 0x643}, {0x6AA, 0x643},                                                 /* kaf */
		{0x629, 0x647}, {0x6BE, 0x647}, {0x6C1, 0x647}, {0x6C3, 0x647}, {0x6D5, 0x647}, /* ha */
	};
	if (c >= 0xFF01 && c <= 0xFF1F) /* what is not folded of the full-width forms */
		return c - 0xFF01 + '!';
	for (size_t i = 0; c >= 0x629 && c <= 0x6D5 && i < DGM_COUNT(letters); i++)
		if (letters[i].from == c)
			return letters[i].to;
	return c;
}

/* Vowel signs of Arabic and points of Hebrew, whatever they stand on. */
static bool is_vowel_sign(uint32_t c)
{
	return (c >= 0x64B && c <= 0x652) || c == 0x670 ||
		(c >= 0x6D6 && c <= 0x6ED && u_getCombiningClass((UChar32)c)) ||
		(c >= 0x591 && c <= 0x5C7 && u_getCombiningClass((UChar32)c));
}

/* Whether a mark says nothing in a key on the letter below it. */
static bool is_left_out(uint32_t letter, uint32_t mark)
{
	UErrorCode error = U_ZERO_ERROR;
	if (letter == 0x627) /* hamza above and below, madda */
		return mark >= 0x653 && mark <= 0x655;
	if (letter == 0x435)
		return mark == 0x308;
	const UScriptCode script = uscript_getScript((UChar32)letter, &error);
	return script == USCRIPT_LATIN || script == USCRIPT_GREEK;
}

struct dgm_str dgm_text_key(struct dgm_arena *arena, struct dgm_str s)
{
	if (is_simple(s))
		return fold_ascii(arena, s);
	int32_t n, count = 0;
	const UChar *folded = fold_units(arena, dgm_text_canonical(arena, s, false), &n);
	UChar *units = dgm_arena_alloc(arena, (size_t)n * DGM_PLAIN_MAX * sizeof *units);
	uint32_t letter = 0;
	for (int32_t i = 0; i < n;) {
		char plain[DGM_PLAIN_MAX];
		uint32_t c = folded[i++];
		if (U16_IS_LEAD(c) && i < n)
			c = (uint32_t)U16_GET_SUPPLEMENTARY(c, folded[i++]);
		if (is_vowel_sign(c) || c == 0x200C || c == 0x200D)
			continue;
		const uint8_t class = u_getCombiningClass((UChar32)c);
		if (class && is_left_out(letter, c))
			continue;
		if (!class)
			letter = c;
		const size_t length = c >= 0x80 ? dgm_plain_letter(c, plain) : 0;
		const uint32_t stands = key_letter(c);
		for (size_t k = 0; k < length; k++)
			units[count++] = (UChar)dgm_lower(plain[k]);
		if (length == 0)
			U16_APPEND_UNSAFE(units, count, stands);
	}
	return compose_units(arena, units, count);
}
