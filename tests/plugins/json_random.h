/* SPDX-License-Identifier: Apache-2.0 */
/* Random JSON documents from a seed: valid ones, and what is left of them after a few accidents. */
#ifndef DGM_TEST_JSON_RANDOM_H
#define DGM_TEST_JSON_RANDOM_H

#include "json_harness.h"

static uint64_t seed;

/* splitmix64 */
static inline uint32_t below(uint32_t n)
{
	seed += 0x9e3779b97f4a7c15u;
	uint64_t z = seed;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (uint32_t)((z ^ (z >> 31)) % n);
}

static inline void add_one_of(struct buffer *b, const char *const *words, size_t count)
{
	const char *word = words[below((uint32_t)count)];
	add_bytes(b, word, strlen(word));
}

static inline void random_space(struct buffer *b)
{
	static const char *const blanks[] = {" ", "\n", "\t", "\r\n", "  ", "\n    "};
	if (below(6) == 0)
		add_one_of(b, blanks, DGM_COUNT(blanks));
}

static inline void random_string(struct buffer *b)
{
	static const char *const parts[] = {"a", "Nurlan", " ", "Tereza", "Olimpia Braz", "\\n", "\\\"", "\\\\", "\\/",
		"\\u0041", "\\u00e9", "\\ud83d\\ude00", "\xd8\xb9\xd9\x84\xd9\x8a", "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd",
		"\xe7\x8e\x8b", "\xf0\x9f\x98\x80", "{", "}", "[", "]", ",", ":", "0123456789abcdef0123456789abcdef",
		"\\t"};
	add_bytes(b, "\"", 1);
	for (uint32_t n = below(5); n > 0; n--)
		add_one_of(b, parts, DGM_COUNT(parts));
	add_bytes(b, "\"", 1);
}

static inline void random_object(struct buffer *b, uint32_t depth);

static inline void random_value(struct buffer *b, uint32_t depth)
{
	static const char *const scalars[] = {"0", "-1", "1.10", "9007199254740993", "1e400", "true", "false", "null",
		"[]", "{}", "\"\"", "12345678901234567890123456789012345678901234567890123456789012345678", "[ ]",
		"{ }"};
	switch (below(depth > 4 ? 4 : 8)) {
	case 0:
	case 1:
	case 2:
		random_string(b);
		break;
	case 3:
	case 4:
		add_one_of(b, scalars, DGM_COUNT(scalars));
		break;
	case 5:
	case 6:
		add_bytes(b, "[", 1);
		for (uint32_t i = 0, n = below(4); i < n; i++) {
			if (i)
				add_bytes(b, ",", 1);
			random_space(b);
			random_value(b, depth + 1);
			random_space(b);
		}
		add_bytes(b, "]", 1);
		break;
	default:
		random_object(b, depth + 1);
	}
}

static inline void random_object(struct buffer *b, uint32_t depth)
{
	static const char *const names[] = {"name", "forename", "entity_id", "nationalities", "date_of_birth", "weight",
		"\xd8\xa7\xd8\xb3\xd9\x85", "x\\ny", "\\u0061", "total", "notices", "_embedded"};
	add_bytes(b, "{", 1);
	const uint32_t first = below(DGM_COUNT(names)), n = below(6);
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			add_bytes(b, ",", 1);
		random_space(b);
		const char *name = names[(first + i * (below(20) ? 1 : 0)) % DGM_COUNT(names)];
		add_bytes(b, "\"", 1);
		add_bytes(b, name, strlen(name));
		add_bytes(b, "\"", 1);
		random_space(b);
		add_bytes(b, ":", 1);
		random_space(b);
		random_value(b, depth);
		random_space(b);
	}
	add_bytes(b, "}", 1);
}

/* Records as lines, as an array, as arrays in an array or as pages. Returns the paths to read it with. */
static inline const char *random_document(struct buffer *b)
{
	b->len = 0;
	const uint32_t kind = below(4), n = below(5) + (kind == 0);
	if (kind == 0) {
		for (uint32_t i = 0; i < n; i++) {
			random_object(b, 0);
			add_bytes(b, "\n", below(8) != 0);
		}
		return "";
	}
	if (kind == 3)
		add_text(b, "%s",
			below(2) ? "{\"total\":3,\"_embedded\":{\"self\":[1,{\"a\":2}],\"notices\":"
				 : "{\"_embedded\":{\"notices\":");
	add_text(b, "%s", kind == 2 ? "[[" : "[");
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			add_text(b, "%s", kind == 2 && below(3) == 0 ? "],[" : ",");
		random_space(b);
		random_object(b, 0);
		random_space(b);
	}
	add_text(b, "%s", kind == 2 ? "]]" : "]");
	if (kind == 3) {
		add_bytes(b, "}", 1);
		add_text(b, "%s", below(2) ? ",\"_links\":{\"next\":null}" : "");
		add_bytes(b, "}", 1);
	}
	return kind == 1 ? "[]" : kind == 2 ? "[][],[]" : below(2) ? "_embedded/notices[]" : ",_embedded/notices[],[]";
}

/* Deletes, doubles, replaces or inserts bytes, or cuts the end off. */
static inline void damage(struct buffer *b)
{
	static const char bytes[] = "{}[]\",:\\ \n0-.e\x01u\xff"
				    "at";
	for (uint32_t n = below(3) + 1; n > 0 && b->len > 1; n--) {
		const uint32_t at = below((uint32_t)b->len);
		switch (below(5)) {
		case 0:
			memmove(b->text + at, b->text + at + 1, b->len - at - 1);
			b->len--;
			break;
		case 1:
			b->text[at] = bytes[below(sizeof bytes - 1)];
			break;
		case 2:
			add_bytes(b, " ", 1);
			memmove(b->text + at + 1, b->text + at, b->len - at - 1);
			b->text[at] = bytes[below(sizeof bytes - 1)];
			break;
		case 3:
			add_bytes(b, " ", 1);
			memmove(b->text + at + 1, b->text + at, b->len - at - 1);
			break;
		default:
			if (below(4) == 0)
				b->len = at;
		}
	}
}

#endif
