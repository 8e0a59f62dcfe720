/* SPDX-License-Identifier: Apache-2.0 */
/* Growing arrays and looking at UTF-8: the two things both halves of the engine need. */
#include <stdlib.h>
#include <string.h>

#include "xml_engine.h"

bool xml_grow(void **array, size_t *capacity, size_t need, size_t element_size)
{
	if (need <= *capacity)
		return true;
	size_t room = *capacity < 64 ? 64 : *capacity;
	while (room < need) {
		if (room > SIZE_MAX / 2)
			return false;
		room *= 2;
	}
	if (room > SIZE_MAX / element_size)
		return false;
	void *moved = realloc(*array, room * element_size);
	if (!moved)
		return false;
	*array = moved;
	*capacity = room;
	return true;
}

int xml_utf8_length(const char *p, const char *end)
{
	const unsigned char lead = (unsigned char)p[0];
	if (lead < 0x80)
		return 1;
	if (lead < 0xC2 || lead > 0xF4)
		return 0;
	const int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
	for (int i = 1; i < length; i++) {
		if (p + i == end)
			return -1;
		const unsigned char c = (unsigned char)p[i];
		/* The second byte's range shuts out overlong forms, surrogates and what lies above U+10FFFF. */
		const unsigned char low = i == 1 && lead == 0xE0 ? 0xA0 : i == 1 && lead == 0xF0 ? 0x90 : 0x80;
		const unsigned char high = i == 1 && lead == 0xED ? 0x9F : i == 1 && lead == 0xF4 ? 0x8F : 0xBF;
		if (c < low || c > high)
			return 0;
	}
	return length;
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* Past the characters of most alphabets: two bytes each, of which none is out of the ordinary. */
static size_t skip_pairs(struct dgm_str s, size_t at)
{
	while (s.len - at >= 2) {
		const unsigned char lead = (unsigned char)s.ptr[at];
		if (lead < 0xC2 || lead > 0xDF || !is_continuation(s.ptr[at + 1]))
			break;
		at += 2;
	}
	return at;
}

size_t xml_utf8_invalid(struct dgm_str s, size_t from)
{
	const char *const end = s.ptr + s.len;
	size_t at = from;
	while (at < s.len) {
		uint64_t word;
		if (s.len - at >= sizeof word) {
			memcpy(&word, s.ptr + at, sizeof word);
			if (!(word & UINT64_C(0x8080808080808080))) {
				at += sizeof word;
				continue;
			}
		}
		const size_t behind = skip_pairs(s, at);
		const int length = behind > at ? 0 : xml_utf8_length(s.ptr + at, end);
		if (behind == at && length <= 0)
			return at;
		at = behind + (size_t)length;
	}
	return at;
}
