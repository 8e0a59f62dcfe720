/* SPDX-License-Identifier: Apache-2.0 */
/* ICU knows what a digit is worth; which digits may stand together is decided here. */
#include "base/digits.h"

#include <unicode/uchar.h>

#include "base/text.h"

bool dgm_digits_ascii(struct dgm_arena *arena, struct dgm_str s, struct dgm_str *ret_text)
{
	size_t ascii = 0;
	while (ascii < s.len && (unsigned char)s.ptr[ascii] < 0x80)
		ascii++;
	*ret_text = s;
	if (ascii == s.len)
		return true;
	char *text = dgm_arena_alloc(arena, s.len), *to = text;
	uint32_t zero = 0;
	for (size_t at = 0; at < s.len;) {
		const size_t start = at;
		const uint32_t c = dgm_utf8_next(s, &at);
		const int32_t digit = u_charDigitValue((UChar32)c);
		if (digit < 0 || digit > 9) {
			memcpy(to, s.ptr + start, at - start);
			to += at - start;
			continue;
		}
		/* The digits of a script stand in a row, so its zero names the script. */
		if (zero && zero != c - (uint32_t)digit)
			return false;
		zero = c - (uint32_t)digit;
		*to++ = (char)('0' + digit);
	}
	if (zero > '0')
		*ret_text = dgm_str_of(text, (size_t)(to - text));
	return true;
}
