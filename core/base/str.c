/* SPDX-License-Identifier: Apache-2.0 */
/* Slices: the few operations that are more than a line. Unicode lives in notice/text, not here. */
#include "base/str.h"

struct dgm_str dgm_str_trim(struct dgm_str s)
{
	while (s.len > 0 && dgm_is_space(s.ptr[0])) {
		s.ptr++;
		s.len--;
	}
	while (s.len > 0 && dgm_is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

bool dgm_str_eq_nocase(struct dgm_str a, struct dgm_str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (dgm_lower(a.ptr[i]) != dgm_lower(b.ptr[i]))
			return false;
	return true;
}

int dgm_str_cmp(struct dgm_str a, struct dgm_str b)
{
	const size_t n = a.len < b.len ? a.len : b.len;
	const int c = n ? memcmp(a.ptr, b.ptr, n) : 0;
	if (c != 0)
		return c;
	return (a.len > b.len) - (a.len < b.len);
}

size_t dgm_str_find(struct dgm_str s, struct dgm_str needle)
{
	if (needle.len == 0)
		return 0;
	for (size_t i = 0; i + needle.len <= s.len; i++) {
		const char *hit = memchr(s.ptr + i, needle.ptr[0], s.len - needle.len - i + 1);
		if (!hit)
			return s.len;
		i = (size_t)(hit - s.ptr);
		if (memcmp(hit, needle.ptr, needle.len) == 0)
			return i;
	}
	return s.len;
}

bool dgm_str_next(struct dgm_str *s, struct dgm_str sep, struct dgm_str *ret_part)
{
	if (!s->ptr)
		return false;
	const size_t at = dgm_str_find(*s, sep);
	*ret_part = dgm_str_take(*s, at);
	*s = at < s->len ? dgm_str_skip(*s, at + sep.len) : DGM_NOSTR;
	return true;
}

bool dgm_str_to_u64(struct dgm_str s, uint64_t *ret_number)
{
	uint64_t n = 0;
	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!dgm_is_digit(s.ptr[i]) || __builtin_mul_overflow(n, 10u, &n) ||
			__builtin_add_overflow(n, (uint64_t)(s.ptr[i] - '0'), &n))
			return false;
	}
	*ret_number = n;
	return true;
}

bool dgm_str_matches(struct dgm_str s, struct dgm_str pattern)
{
	struct dgm_str part;
	bool first = true;
	while (dgm_str_next(&pattern, DGM_STR("*"), &part)) {
		const bool last = pattern.ptr == NULL;
		if (first && last)
			return dgm_str_eq(s, part);
		if (first) {
			if (!dgm_str_starts(s, part))
				return false;
			s = dgm_str_skip(s, part.len);
		} else if (last) {
			return dgm_str_ends(s, part);
		} else {
			const size_t at = dgm_str_find(s, part);
			if (at == s.len && part.len > 0)
				return false;
			s = dgm_str_skip(s, at + part.len);
		}
		first = false;
	}
	return s.len == 0;
}

uint64_t dgm_str_hash(struct dgm_str s, uint64_t seed)
{
	uint64_t h = 14695981039346656037u ^ seed;
	for (size_t i = 0; i < s.len; i++) {
		h ^= (unsigned char)s.ptr[i];
		h *= 1099511628211u;
	}
	return h ^ (h >> 32);
}

unsigned dgm_str_distance(struct dgm_str a, struct dgm_str b)
{
	enum { LIMIT = 32 };
	unsigned row[LIMIT + 1];
	a = dgm_str_take(a, LIMIT);
	b = dgm_str_take(b, LIMIT);
	for (unsigned j = 0; j <= b.len; j++)
		row[j] = j;
	for (unsigned i = 1; i <= a.len; i++) {
		unsigned diagonal = row[0];
		row[0] = i;
		for (unsigned j = 1; j <= b.len; j++) {
			const unsigned replace = diagonal + (dgm_lower(a.ptr[i - 1]) != dgm_lower(b.ptr[j - 1]));
			diagonal = row[j];
			unsigned best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = replace < best ? replace : best;
		}
	}
	return row[b.len];
}
