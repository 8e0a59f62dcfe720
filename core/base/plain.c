/* SPDX-License-Identifier: Apache-2.0 */
/* Marks come off by Unicode's decomposition; what it leaves in one piece is in a small table. */
#include "base/plain.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include "base/text.h"

/* Letters that Unicode does not take apart, and signs that stand for plain ones. */
static const struct {
	uint32_t code_point;
	const char *plain;
} table_of_letters[] = {{0xC6, "AE"}, {0xD0, "D"}, {0xD8, "O"}, {0xDE, "Th"}, {0xDF, "ss"}, {0xE6, "ae"}, {0xF0, "d"},
	{0xF8, "o"}, {0xFE, "th"}, {0x110, "D"}, {0x111, "d"}, {0x126, "H"}, {0x127, "h"}, {0x131, "i"}, {0x141, "L"},
	{0x142, "l"}, {0x152, "OE"}, {0x153, "oe"}, {0x166, "T"}, {0x167, "t"}, {0x18F, "E"}, {0x259, "e"},
	{0x2010, "-"}, {0x2011, "-"}, {0x2012, "-"}, {0x2013, "-"}, {0x2018, "'"}, {0x2019, "'"}, {0x2BB, "'"},
	{0x2BC, "'"}, {0x2BE, "'"}, {0x2BF, "'"}};

bool dgm_plain_is(struct dgm_str s, const uint8_t table[128])
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 128 || !table[(unsigned char)s.ptr[i]])
			return false;
	return true;
}

/* What a letter with marks is without them, as far as that is one code point; the code point itself where it has none. */
static uint32_t base_of(uint32_t c)
{
	UErrorCode error = U_ZERO_ERROR;
	const UNormalizer2 *normalizer = unorm2_getNFCInstance(&error);
	for (int i = 0; i < DGM_PLAIN_MAX && U_SUCCESS(error); i++) {
		UChar parts[16];
		const int32_t length = unorm2_getDecomposition(normalizer, (UChar32)c, parts, 16, &error);
		if (length <= 0 || U16_IS_LEAD(parts[0]))
			break;
		c = parts[0];
	}
	return c;
}

size_t dgm_plain_letter(uint32_t code_point, char to[DGM_PLAIN_MAX])
{
	uint32_t c = code_point;
	if (c >= 128)
		c = base_of(c);
	if (c < 128) {
		to[0] = (char)c;
		return 1;
	}
	for (size_t i = 0; i < DGM_COUNT(table_of_letters); i++) {
		if (table_of_letters[i].code_point != c)
			continue;
		const size_t len = strlen(table_of_letters[i].plain);
		memcpy(to, table_of_letters[i].plain, len);
		return len;
	}
	return 0;
}

bool dgm_plain_text(struct dgm_arena *arena, struct dgm_str s, const uint8_t table[128], struct dgm_str *ret_text)
{
	char *const start = dgm_arena_alloc(arena, s.len * DGM_PLAIN_MAX + 1), *to = start;
	bool blank = false;
	for (size_t i = 0; i < s.len;) {
		char plain[DGM_PLAIN_MAX];
		const uint32_t c = dgm_utf8_next(s, &i);
		const size_t n = dgm_plain_letter(c, plain);
		bool taken = n > 0;
		for (size_t k = 0; k < n; k++)
			taken = taken && table[(unsigned char)plain[k]];
		if (!taken && u_getCombiningClass((UChar32)c))
			continue;
		if (!taken && u_isalnum((UChar32)c))
			return false;
		if (!taken || plain[0] == ' ') {
			blank = true;
			continue;
		}
		if (blank && to > start && table[' '])
			*to++ = ' ';
		blank = false;
		memcpy(to, plain, n);
		to += n;
	}
	if (to == start)
		return false;
	*ret_text = dgm_str_of(start, (size_t)(to - start));
	return true;
}
