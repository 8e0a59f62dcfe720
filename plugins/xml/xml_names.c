/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From names to keys without hashing a string: libxml2 hands out one pointer per distinct name, so a name below a
 * parent is found by its pointers. Paths are turned into keys once, at the beginning, and matched as numbers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xml_reader.h"

/* Slots to begin with; both tables double when half full. */
enum { FIRST_SLOTS = 256 };

static size_t mix(const void *a, const void *b, uint64_t c)
{
	uint64_t h = (uint64_t)(uintptr_t)a * UINT64_C(0x9e3779b97f4a7c15);
	h ^= (uint64_t)(uintptr_t)b * UINT64_C(0xc2b2ae3d27d4eb4f) + c * UINT64_C(0x165667b19e3779f9);
	h ^= h >> 29;
	h *= UINT64_C(0xbf58476d1ce4e5b9);
	return (size_t)(h >> 24);
}

static bool add_node(struct xml_reader *r, uint32_t key, uint32_t path)
{
	for (size_t i = 0; i < r->node_count; i++) {
		if (r->nodes[i].key != key)
			continue;
		/* Where one path goes on below another, the upper element is the record and the lower part of it. */
		if (r->nodes[i].path == XML_PATH_CONTAINER)
			r->nodes[i].path = path;
		return true;
	}
	if (!xml_grow((void **)&r->nodes, &r->node_capacity, r->node_count + 1, sizeof *r->nodes))
		return false;
	r->nodes[r->node_count++] = (struct xml_node){key, path};
	return true;
}

static void say_path(struct xml_reader *r, const char *code, const char *text)
{
	const struct dgm_place nowhere = {0};
	r->host->report(r->job, DGM_ERROR, code, &nowhere, (struct dgm_str){text, strlen(text)});
}

static bool open_path(struct xml_reader *r, struct dgm_str path, uint32_t number)
{
	if (path.len == 0) {
		say_path(r, "xml-no-path",
			"no path says which elements are records; a path of xml must name an element");
		return false;
	}
	uint32_t key = 0;
	size_t from = 0;
	for (size_t at = 0; at <= path.len; at++) {
		if (at < path.len && path.ptr[at] != '/')
			continue;
		if (at == from) {
			say_path(r, "xml-bad-path", "a path has an empty name, expected names joined by '/'");
			return false;
		}
		key = r->host->key(r->job, key, (struct dgm_str){path.ptr + from, at - from});
		from = at + 1;
		if (key == 0 || !add_node(r, key, at == path.len ? number : XML_PATH_CONTAINER)) {
			say_path(r, "xml-no-memory", "the paths of the records take more memory than there is");
			return false;
		}
	}
	return true;
}

bool xml_names_open(struct xml_reader *r, const struct dgm_open *open)
{
	if (open->path_count == 0)
		return open_path(r, (struct dgm_str){NULL, 0}, 0);
	for (uint32_t i = 0; i < open->path_count; i++) {
		if (!open_path(r, open->paths[i], i))
			return false;
	}
	r->names.mask = FIRST_SLOTS - 1;
	r->names.seen_mask = FIRST_SLOTS - 1;
	r->names.slots = calloc(FIRST_SLOTS, sizeof *r->names.slots);
	r->names.seen = calloc(FIRST_SLOTS, sizeof *r->names.seen);
	if (r->names.slots && r->names.seen)
		return true;
	say_path(r, "xml-no-memory", "not enough memory");
	return false;
}

void xml_names_done(struct xml_reader *r)
{
	free(r->nodes);
	free(r->names.slots);
	free((void *)r->names.seen);
}

static size_t hash_of(const struct xml_name *n)
{
	return mix(n->local, n->prefix, (uint64_t)n->parent << 1 | n->attribute);
}

static bool widen_slots(struct xml_names *names)
{
	const size_t mask = names->mask * 2 + 1;
	struct xml_name *slots = calloc(mask + 1, sizeof *slots);
	if (!slots)
		return false;
	for (size_t i = 0; i <= names->mask; i++) {
		if (!names->slots[i].local)
			continue;
		size_t to = hash_of(&names->slots[i]) & mask;
		while (slots[to].local)
			to = (to + 1) & mask;
		slots[to] = names->slots[i];
	}
	free(names->slots);
	names->slots = slots;
	names->mask = mask;
	return true;
}

static bool widen_seen(struct xml_names *names)
{
	const size_t mask = names->seen_mask * 2 + 1;
	const xmlChar **seen = calloc(mask + 1, sizeof *seen);
	if (!seen)
		return false;
	for (size_t i = 0; i <= names->seen_mask; i++) {
		if (!names->seen[i])
			continue;
		size_t to = mix(names->seen[i], NULL, 0) & mask;
		while (seen[to])
			to = (to + 1) & mask;
		seen[to] = names->seen[i];
	}
	free((void *)names->seen);
	names->seen = seen;
	names->seen_mask = mask;
	return true;
}

static void too_many(struct xml_reader *r, uint64_t at)
{
	char text[120];
	snprintf(text, sizeof text, "more than %llu distinct names of elements and attributes (max-names)",
		(unsigned long long)r->config.max_names);
	xml_fail(r, "xml-names", at, text);
}

bool xml_names_count(struct xml_reader *r, const xmlChar *name, uint64_t at)
{
	struct xml_names *names = &r->names;
	if (!name)
		return true;
	size_t slot = mix(name, NULL, 0) & names->seen_mask;
	for (; names->seen[slot]; slot = (slot + 1) & names->seen_mask) {
		if (names->seen[slot] == name)
			return true;
	}
	if (names->seen_count >= r->config.max_names) {
		too_many(r, at);
		return false;
	}
	names->seen[slot] = name;
	names->seen_count++;
	if (names->seen_count * 2 > names->seen_mask && !widen_seen(names)) {
		xml_fail_memory(r);
		return false;
	}
	return true;
}

/* The host's key of "prefix:local", with "@" in front for an attribute; put together behind the current text. */
static uint32_t key_of(struct xml_reader *r, uint32_t parent, const xmlChar *prefix, const xmlChar *local,
	bool attribute)
{
	const size_t prefix_length = prefix ? strlen((const char *)prefix) : 0;
	const size_t local_length = strlen((const char *)local);
	char *name = malloc(prefix_length + local_length + 2);
	if (!name) {
		xml_fail_memory(r);
		return 0;
	}
	size_t n = 0;
	if (attribute)
		name[n++] = '@';
	if (prefix_length) {
		memcpy(name + n, prefix, prefix_length);
		n += prefix_length;
		name[n++] = ':';
	}
	memcpy(name + n, local, local_length);
	const uint32_t key = r->host->key(r->job, parent, (struct dgm_str){name, n + local_length});
	free(name);
	return key;
}

static const struct xml_name *add(struct xml_reader *r, struct xml_name *entry, const struct xml_name *wanted,
	uint64_t at)
{
	struct xml_names *names = &r->names;
	if (!xml_names_count(r, wanted->local, at) || !xml_names_count(r, wanted->prefix, at))
		return NULL;
	const uint32_t key = key_of(r, wanted->parent, wanted->prefix, wanted->local, wanted->attribute != 0);
	if (key == 0) { /* the host takes no more */
		too_many(r, at);
		return NULL;
	}
	*entry = *wanted;
	entry->key = key;
	entry->path = XML_PATH_NONE;
	for (size_t i = 0; i < r->node_count; i++) {
		if (r->nodes[i].key == key)
			entry->path = r->nodes[i].path;
	}
	names->count++;
	if (names->count * 2 <= names->mask)
		return entry;
	if (!widen_slots(names)) {
		xml_fail_memory(r);
		return NULL;
	}
	return xml_names_find(r, wanted->parent, wanted->prefix, wanted->local, wanted->attribute != 0, at);
}

const struct xml_name *xml_names_find(struct xml_reader *r, uint32_t parent, const xmlChar *prefix,
	const xmlChar *local, bool attribute, uint64_t at)
{
	const struct xml_name wanted = {.local = local, .prefix = prefix, .parent = parent, .attribute = attribute};
	const struct xml_names *names = &r->names;
	size_t slot = hash_of(&wanted) & names->mask;
	for (; names->slots[slot].local; slot = (slot + 1) & names->mask) {
		const struct xml_name *n = &names->slots[slot];
		if (n->local == local && n->prefix == prefix && n->parent == parent && n->attribute == wanted.attribute)
			return n;
	}
	return add(r, &r->names.slots[slot], &wanted, at);
}
