/* SPDX-License-Identifier: Apache-2.0 */
/* Slices of bytes and the ASCII classes, which never ask the locale. Slices own nothing. */
#ifndef DGM_BASE_STR_H
#define DGM_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <dragoman/plugin.h>

#define DGM_STR(literal) ((struct dgm_str){(literal), sizeof(literal) - 1})
#define DGM_NOSTR ((struct dgm_str){NULL, 0})
/* For printf: "%.*s", DGM_FMT(s). */
#define DGM_FMT(s) (int)(s).len, (s).ptr ? (s).ptr : ""
#define DGM_COUNT(array) (sizeof(array) / sizeof((array)[0]))

static inline struct dgm_str dgm_str(const char *text)
{
	return text ? (struct dgm_str){text, strlen(text)} : DGM_NOSTR;
}

static inline struct dgm_str dgm_str_of(const char *ptr, size_t len)
{
	return (struct dgm_str){ptr, len};
}

static inline bool dgm_str_eq(struct dgm_str a, struct dgm_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool dgm_str_is(struct dgm_str a, const char *literal)
{
	return dgm_str_eq(a, dgm_str(literal));
}

static inline bool dgm_str_starts(struct dgm_str s, struct dgm_str prefix)
{
	return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

static inline bool dgm_str_ends(struct dgm_str s, struct dgm_str suffix)
{
	return s.len >= suffix.len &&
		(suffix.len == 0 ||
			(s.ptr[s.len - 1] == suffix.ptr[suffix.len - 1] &&
				memcmp(s.ptr + s.len - suffix.len, suffix.ptr, suffix.len) == 0));
}

/* s without its first n bytes. */
static inline struct dgm_str dgm_str_skip(struct dgm_str s, size_t n)
{
	return n >= s.len ? (struct dgm_str){s.ptr ? s.ptr + s.len : NULL, 0} : (struct dgm_str){s.ptr + n, s.len - n};
}

static inline struct dgm_str dgm_str_take(struct dgm_str s, size_t n)
{
	return (struct dgm_str){s.ptr, n < s.len ? n : s.len};
}

static inline bool dgm_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool dgm_is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool dgm_is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static inline bool dgm_is_alpha(char c)
{
	return dgm_is_upper(c) || dgm_is_lower(c);
}

/* Blank, tab, line feed, carriage return: what XML and JSON call white space. */
static inline bool dgm_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static inline char dgm_lower(char c)
{
	return dgm_is_upper(c) ? (char)(c + ('a' - 'A')) : c;
}

/* s without white space at both ends. */
struct dgm_str dgm_str_trim(struct dgm_str s);

/* ASCII letters compared without their case. */
bool dgm_str_eq_nocase(struct dgm_str a, struct dgm_str b);

/* memcmp order, a prefix before what it is a prefix of. */
int dgm_str_cmp(struct dgm_str a, struct dgm_str b);

/* Where needle first stands in s, or s.len. */
size_t dgm_str_find(struct dgm_str s, struct dgm_str needle);

/* The part of *s before sep (all of it when sep is missing); *s becomes the rest. false when *s was used up. */
bool dgm_str_next(struct dgm_str *s, struct dgm_str sep, struct dgm_str *ret_part);

/* An unsigned decimal number and nothing else; false otherwise and on overflow. */
bool dgm_str_to_u64(struct dgm_str s, uint64_t *ret_number);

/* Whether s matches a pattern in which '*' stands for any run of bytes. */
bool dgm_str_matches(struct dgm_str s, struct dgm_str pattern);

/* FNV-1a, 64 bits: for tables, not for integrity. */
uint64_t dgm_str_hash(struct dgm_str s, uint64_t seed);

/* The edit distance (insert, delete, replace) for "did you mean"; at most 32 bytes of each count. */
unsigned dgm_str_distance(struct dgm_str a, struct dgm_str b);

#endif
