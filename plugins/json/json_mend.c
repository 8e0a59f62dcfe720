/* SPDX-License-Identifier: Apache-2.0 */
/* After a mistake: where it lies in the file, and where the next record begins. */
#include "json_scan.h"

void json_advance(struct dgm_place *place, const char *p, size_t n)
{
	place->offset += n;
	const char *const end = p + n;
	const char *line = p;
	for (const char *feed; line < end && (feed = memchr(line, '\n', (size_t)(end - line))); line = feed + 1) {
		if (place->line && ++place->line == 0)
			place->column = 0;
		place->column = place->line != 0;
	}
	if (place->column && (uint64_t)(end - line) > UINT32_MAX - place->column)
		place->column = 0;
	else if (place->column)
		place->column += (uint32_t)(end - line);
}

bool json_next_line(struct dgm_str bytes, size_t broken_at, size_t *ret_start)
{
	const char *const end = bytes.ptr + bytes.len;
	for (const char *p = bytes.ptr, *feed; p < end && (feed = memchr(p, '\n', (size_t)(end - p))); p = feed + 1) {
		const size_t next = (size_t)(feed + 1 - bytes.ptr);
		const bool first_line = p == bytes.ptr;
		if ((first_line && next > broken_at) || (feed + 1 < end && (feed[1] == '{' || feed[1] == '['))) {
			*ret_start = next;
			return true;
		}
	}
	return false;
}

/* Behind the string at p, or NULL with *ret_result set. Control characters are taken for the trace of a lost quote. */
static const char *skip_string(const char *p, const char *end, enum json_result *ret_result)
{
	for (p++;;) {
		p = json_plain_run(p, end);
		if (p == end || (*p == '\\' && end - p < 2)) {
			*ret_result = JSON_MORE;
			return NULL;
		}
		if (*p == '"')
			return p + 1;
		if (*p != '\\') {
			*ret_result = JSON_BROKEN;
			return NULL;
		}
		p += 2;
	}
}

enum json_result json_scan_balanced(struct json_scan *s, const char *p, const char *end, const char **ret_end)
{
	/* One bit a level says whether it is an object; the events are given up already, so their text makes room. */
	s->count = s->text_used = 0;
	unsigned char *objects = (unsigned char *)json_text_room(s, (size_t)(end - p) / 8 + 1);
	if (!objects)
		return JSON_NO_MEMORY;
	enum json_result result = JSON_MORE;
	size_t depth = 0;
	char before = 0; /* what stands directly before: '"' a string, 'w' a bare word */
	while (p < end) {
		const char c = *p;
		if (c == '"') {
			p = before ? NULL : skip_string(p, end, &result);
			if (!p)
				return before ? JSON_BROKEN : result;
			before = '"';
			continue;
		}
		if (json_is_word(c) && before == '"')
			return JSON_BROKEN;
		before = json_is_word(c) ? 'w' : 0;
		p++;
		if (c == '{' || c == '[') {
			const unsigned char bit = (unsigned char)(1u << depth % 8);
			objects[depth / 8] = (unsigned char)((objects[depth / 8] & ~bit) | (c == '{' ? bit : 0));
			depth++;
		} else if (c == '}' || c == ']') {
			depth--;
			if ((objects[depth / 8] >> depth % 8 & 1) != (c == '}'))
				return JSON_BROKEN;
			if (depth == 0) {
				*ret_end = p;
				return JSON_DONE;
			}
		}
	}
	return JSON_MORE;
}
