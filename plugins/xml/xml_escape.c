/* SPDX-License-Identifier: Apache-2.0 */
/* Escapes by table, copying eight bytes at a time where none of them is special, and the characters of names. */
#include <string.h>

#include "xml_emit.h"

/* LEAD: the first byte of U+FFFE and U+FFFF, which XML 1.0 cannot hold, and of many others. */
enum { COPY, AMP, LT, GT, QUOT, TAB, LF, CR, NONE, LEAD };

static const struct dgm_str ESCAPES[] = {
	[AMP] = {"&amp;", 5},
	[LT] = {"&lt;", 4},
	[GT] = {"&gt;", 4},
	[QUOT] = {"&quot;", 6},
	[TAB] = {"&#9;", 4},
	[LF] = {"&#10;", 5},
	[CR] = {"&#13;", 5},
};

#define FORBIDDEN_CONTROLS                                                                                             \
	[0x00] = NONE, [0x01] = NONE, [0x02] = NONE, [0x03] = NONE, [0x04] = NONE, [0x05] = NONE, [0x06] = NONE,       \
	[0x07] = NONE, [0x08] = NONE, [0x0B] = NONE, [0x0C] = NONE, [0x0E] = NONE, [0x0F] = NONE, [0x10] = NONE,       \
	[0x11] = NONE, [0x12] = NONE, [0x13] = NONE, [0x14] = NONE, [0x15] = NONE, [0x16] = NONE, [0x17] = NONE,       \
	[0x18] = NONE, [0x19] = NONE, [0x1A] = NONE, [0x1B] = NONE, [0x1C] = NONE, [0x1D] = NONE, [0x1E] = NONE,       \
	[0x1F] = NONE

/* '>' is escaped everywhere, so that no text ever holds "]]>". */
static const unsigned char TEXT_CLASS[256] =
	{FORBIDDEN_CONTROLS, ['&'] = AMP, ['<'] = LT, ['>'] = GT, ['\r'] = CR, [0xEF] = LEAD};

/* Tab and line feed as references: a parser turns the plain ones of an attribute into blanks. */
static const unsigned char ATTRIBUTE_CLASS[256] = {FORBIDDEN_CONTROLS, ['&'] = AMP, ['<'] = LT, ['>'] = GT,
	['"'] = QUOT, ['\t'] = TAB, ['\n'] = LF, ['\r'] = CR, [0xEF] = LEAD};

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static inline uint64_t zero_bytes(uint64_t word)
{
	return (word - EACH(0x01)) & ~word & EACH(0x80);
}

/* Whether eight bytes may hold anything special: a control, '"' or '&' (one bit apart), '<' or '>', U+FFFx's lead. */
static inline bool is_special(uint64_t word)
{
	const uint64_t controls = (word - EACH(0x20)) & ~word & EACH(0x80);
	const uint64_t quotes = zero_bytes((word & EACH(0xFB)) ^ EACH(0x22));
	const uint64_t angles = zero_bytes((word & EACH(0xFD)) ^ EACH(0x3C));
	return (controls | quotes | angles | zero_bytes(word ^ EACH(0xEF))) != 0;
}

static inline char *escape(char *to, struct dgm_str text, const unsigned char *classes)
{
	const char *p = text.ptr;
	size_t left = text.len;
	while (left > 0) {
		uint64_t word;
		size_t n = left;
		if (left >= sizeof word) {
			n = sizeof word;
			memcpy(&word, p, sizeof word);
			if (!is_special(word)) {
				memcpy(to, &word, sizeof word);
				to += sizeof word;
				p += sizeof word;
				left -= sizeof word;
				continue;
			}
		}
		for (size_t i = 0; i < n; i++) {
			const unsigned char class = classes[(unsigned char)p[i]];
			if (class == COPY) {
				*to++ = p[i];
			} else if (class == LEAD) {
				if (left - i >= 3 && (unsigned char)p[i + 1] == 0xBF && (unsigned char)p[i + 2] >= 0xBE)
					return NULL;
				*to++ = p[i];
			} else if (class == NONE) {
				return NULL;
			} else {
				memcpy(to, ESCAPES[class].ptr, ESCAPES[class].len);
				to += ESCAPES[class].len;
			}
		}
		p += n;
		left -= n;
	}
	return to;
}

char *xml_escape_text(char *to, struct dgm_str text)
{
	return escape(to, text, TEXT_CLASS);
}

char *xml_escape_attribute(char *to, struct dgm_str text)
{
	return escape(to, text, ATTRIBUTE_CLASS);
}

struct range {
	uint32_t first, last;
};

/* XML 1.0, fifth edition, productions 4 and 4a (https://www.w3.org/TR/xml/#NT-NameStartChar), without ':'. */
static const struct range NAME_START[] = {{'A', 'Z'}, {'_', '_'}, {'a', 'z'}, {0xC0, 0xD6}, {0xD8, 0xF6}, {0xF8, 0x2FF},
	{0x370, 0x37D}, {0x37F, 0x1FFF}, {0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF}, {0x3001, 0xD7FF},
	{0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}};
static const struct range NAME_MORE[] = {{'-', '-'}, {'.', '.'}, {'0', '9'}, {0xB7, 0xB7}, {0x300, 0x36F},
	{0x203F, 0x2040}};

static bool is_in(uint32_t c, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	}
	return false;
}

static uint32_t decode(const char *p, int length)
{
	if (length == 1)
		return (unsigned char)p[0];
	uint32_t c = (unsigned char)p[0] & (0xFFu >> (length + 1));
	for (int i = 1; i < length; i++)
		c = c << 6 | ((unsigned char)p[i] & 0x3Fu);
	return c;
}

bool xml_is_name(struct dgm_str name)
{
	bool is_start = true, has_colon = false;
	size_t at = 0;
	while (at < name.len) {
		const int length = xml_utf8_length(name.ptr + at, name.ptr + name.len);
		if (length <= 0)
			return false;
		const uint32_t c = decode(name.ptr + at, length);
		at += (size_t)length;
		if (c == ':' && !is_start && !has_colon) {
			has_colon = is_start = true;
			continue;
		}
		if (!is_in(c, NAME_START, sizeof NAME_START / sizeof NAME_START[0]) &&
			(is_start || !is_in(c, NAME_MORE, sizeof NAME_MORE / sizeof NAME_MORE[0])))
			return false;
		is_start = false;
	}
	return !is_start;
}
