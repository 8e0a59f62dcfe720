/* SPDX-License-Identifier: Apache-2.0 */
/* Escapes of XML and JSON. */
#include "io/escape.h"

static size_t put_hex(uint32_t number, const char *digits, int least, char *to)
{
	size_t n = 0;
	for (int shift = 20; shift >= 0; shift -= 4)
		if (number >> shift || shift / 4 < least)
			to[n++] = digits[number >> shift & 15];
	return n;
}

size_t dgm_escape_put(uint32_t style, uint32_t code_point, char *to)
{
	if (style == DGM_FALLBACK_XML) {
		memcpy(to, "&#x", 3);
		const size_t n = 3 + put_hex(code_point, "0123456789ABCDEF", 4, to + 3);
		to[n] = ';';
		return n + 1;
	}
	size_t n = 0;
	if (code_point >= 0x10000) {
		n = dgm_escape_put(style, 0xD800 + ((code_point - 0x10000) >> 10), to);
		code_point = 0xDC00 + (code_point & 0x3FF);
	}
	memcpy(to + n, "\\u", 2);
	return n + 2 + put_hex(code_point, "0123456789abcdef", 4, to + n + 2);
}
