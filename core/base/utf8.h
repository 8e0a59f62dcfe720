/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8: is it valid, its code points one by one, and how many there are. */
#ifndef DGM_BASE_UTF8_H
#define DGM_BASE_UTF8_H

#include "base/str.h"

/* Whether s is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF). */
bool dgm_utf8_valid(struct dgm_str s);

/* Decodes the code point at s.ptr[*at], which must be valid UTF-8, and moves *at behind it. */
static inline uint32_t dgm_utf8_next(struct dgm_str s, size_t *at)
{
	const unsigned char *p = (const unsigned char *)s.ptr + *at;
	if (p[0] < 0x80) {
		*at += 1;
		return p[0];
	}
	if (p[0] < 0xE0) {
		*at += 2;
		return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
	}
	if (p[0] < 0xF0) {
		*at += 3;
		return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
	}
	*at += 4;
	return (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
}

/* Writes a code point; returns how many bytes (1 to 4). */
static inline size_t dgm_utf8_put(char to[4], uint32_t code_point)
{
	if (code_point < 0x80) {
		to[0] = (char)code_point;
		return 1;
	}
	if (code_point < 0x800) {
		to[0] = (char)(0xC0 | code_point >> 6);
		to[1] = (char)(0x80 | (code_point & 0x3F));
		return 2;
	}
	if (code_point < 0x10000) {
		to[0] = (char)(0xE0 | code_point >> 12);
		to[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
		to[2] = (char)(0x80 | (code_point & 0x3F));
		return 3;
	}
	to[0] = (char)(0xF0 | code_point >> 18);
	to[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
	to[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
	to[3] = (char)(0x80 | (code_point & 0x3F));
	return 4;
}

/* Characters (code points) in valid UTF-8. */
size_t dgm_utf8_length(struct dgm_str s);

/* At most n code points of s. */
struct dgm_str dgm_utf8_take(struct dgm_str s, size_t n);

#endif
