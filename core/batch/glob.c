/* SPDX-License-Identifier: Apache-2.0 */
/* Matching part by part, so that a star never has to look beyond its part. */
#include "batch/glob.h"

/* One part, without '/'. A star that was passed is the only place to go back to. */
static bool match_part(struct dgm_str pattern, struct dgm_str name)
{
	size_t p = 0, n = 0, star = SIZE_MAX, resume = 0;
	while (n < name.len) {
		if (p < pattern.len && pattern.ptr[p] == '*') {
			star = p++;
			resume = n;
		} else if (p < pattern.len && (pattern.ptr[p] == '?' || pattern.ptr[p] == name.ptr[n])) {
			p++;
			n++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			n = ++resume;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.ptr[p] == '*')
		p++;
	return p == pattern.len;
}

static struct dgm_str first_part(struct dgm_str text)
{
	return dgm_str_take(text, dgm_str_find(text, DGM_STR("/")));
}

static struct dgm_str rest_of(struct dgm_str text, struct dgm_str part)
{
	return dgm_str_skip(text, part.len + 1);
}

/* As match_part, with "**" for the star and parts for the bytes. */
static bool match_parts(struct dgm_str pattern, struct dgm_str path)
{
	struct dgm_str star = DGM_NOSTR, resume = DGM_NOSTR;
	bool starred = false;
	while (path.len) {
		const struct dgm_str wanted = first_part(pattern), part = first_part(path);
		if (pattern.len && dgm_str_is(wanted, "**")) {
			star = pattern = rest_of(pattern, wanted);
			resume = path;
			starred = true;
		} else if (pattern.len && match_part(wanted, part)) {
			pattern = rest_of(pattern, wanted);
			path = rest_of(path, part);
		} else if (starred) {
			resume = rest_of(resume, first_part(resume));
			path = resume;
			pattern = star;
		} else {
			return false;
		}
	}
	return pattern.len == 0 || dgm_str_is(pattern, "**");
}

bool dgm_glob(struct dgm_str pattern, struct dgm_str path)
{
	if (dgm_str_starts(pattern, DGM_STR("/")))
		return match_parts(dgm_str_skip(pattern, 1), path);
	if (dgm_str_find(pattern, DGM_STR("/")) < pattern.len)
		return match_parts(pattern, path);
	size_t last = path.len;
	while (last > 0 && path.ptr[last - 1] != '/')
		last--;
	return match_part(pattern, dgm_str_skip(path, last));
}
