/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scanner's own view of the host's keys: their names, to guess the next one by, and a stamp each, to see a name come
 * twice without comparing any.
 */
#include <stdlib.h>

#include "json_scan.h"

bool json_grow(void **block, size_t *capacity, size_t need, size_t size)
{
	size_t wanted = *capacity ? *capacity : 64;
	while (wanted < need) {
		if (wanted > SIZE_MAX / 2)
			return false;
		wanted *= 2;
	}
	if (wanted > SIZE_MAX / size)
		return false;
	void *larger = realloc(*block, wanted * size);
	if (!larger)
		return false;
	*block = larger;
	*capacity = wanted;
	return true;
}

bool json_utf8_valid(struct dgm_str s)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	for (size_t i = 0; i < s.len;) {
		const unsigned char lead = p[i];
		const size_t more = lead < 0x80 ? 0 : lead >= 0xc2 && lead < 0xe0 ? 1 : (lead & 0xf0) == 0xe0 ? 2 : 3;
		if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || s.len - i <= more)
			return false;
		for (size_t k = 1; k <= more; k++) {
			if ((p[i + k] & 0xc0) != 0x80)
				return false;
		}
		/* Overlong forms, surrogates and what lies above U+10FFFF show in the second byte. */
		if ((lead == 0xe0 && p[i + 1] < 0xa0) || (lead == 0xed && p[i + 1] > 0x9f) ||
			(lead == 0xf0 && p[i + 1] < 0x90) || (lead == 0xf4 && p[i + 1] > 0x8f))
			return false;
		i += more + 1;
	}
	return true;
}

static bool ensure_keys(struct json_scan *s, uint32_t key)
{
	if (key < s->key_capacity)
		return true;
	size_t capacity = s->key_capacity, hint_capacity = capacity * 2;
	const size_t old = capacity;
	void *keys = s->keys, *hints = s->hints;
	const bool hints_grown = json_grow(&hints, &hint_capacity, ((size_t)key + 1) * 2, sizeof *s->hints);
	s->hints = hints;
	const bool keys_grown = hints_grown && json_grow(&keys, &capacity, (size_t)key + 1, sizeof *s->keys);
	s->keys = keys;
	if (!keys_grown || capacity > UINT32_MAX / 2)
		return false;
	if (hint_capacity < capacity * 2 && !json_grow(&hints, &hint_capacity, capacity * 2, sizeof *s->hints))
		return false;
	s->hints = hints;
	memset(s->keys + old, 0, (capacity - old) * sizeof *s->keys);
	memset(s->hints + old * 2, 0, (capacity - old) * 2 * sizeof *s->hints);
	s->key_capacity = (uint32_t)capacity;
	return true;
}

bool json_keys_init(struct json_scan *s)
{
	return ensure_keys(s, 0);
}

void json_keys_done(struct json_scan *s)
{
	for (uint32_t k = 0; k < s->key_capacity; k++)
		free(s->keys[k].name);
	free(s->keys);
	free(s->hints);
}

uint32_t json_scan_key(struct json_scan *s, uint32_t parent, struct dgm_str name)
{
	const uint32_t key = s->host->key(s->job, parent, name);
	if (key == 0)
		return 0;
	if (!ensure_keys(s, key)) {
		s->no_memory = true;
		return 0;
	}
	struct json_key *entry = &s->keys[key];
	if (!entry->name) {
		entry->name = malloc(name.len + 1);
		if (!entry->name) {
			s->no_memory = true;
			return 0;
		}
		if (name.len)
			memcpy(entry->name, name.ptr, name.len);
		entry->name[name.len] = '\0';
		entry->length = name.len;
		entry->parent = parent;
		/* A name that is refused must not be guessed, or it would pass when a window is scanned again. */
		entry->plain = json_plain_run(entry->name, entry->name + name.len) == entry->name + name.len &&
			!json_is_brackets(name);
	}
	return key;
}

void json_scan_watch(struct json_scan *s, uint32_t key, uint32_t depth, uint32_t list)
{
	s->keys[key].list = list + 1;
	s->keys[key].list_depth = depth;
}

uint32_t json_nested_key(struct json_scan *s, uint32_t key)
{
	if (!s->keys[key].nested) {
		const uint32_t nested = json_scan_key(s, key, json_str("[]"));
		s->keys[key].nested = nested;
	}
	return s->keys[key].nested;
}
