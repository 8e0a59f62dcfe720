/* SPDX-License-Identifier: Apache-2.0 */
/* A chained hash table with a memory: each key remembers which one came after it last time. */
#include "base/keys.h"

#include <stdlib.h>

struct key_entry {
	struct dgm_str name;
	uint32_t parent;
	uint32_t next;   /* in the hash bucket */
	uint32_t follow; /* the key that came after this one last time */
	uint32_t hash;
};

struct dgm_keys {
	struct dgm_arena arena;
	struct key_entry *entries; /* [0] is the top */
	uint32_t *buckets;
	uint32_t count, capacity, bucket_mask, last;
};

struct dgm_keys *dgm_keys_new(void)
{
	struct dgm_keys *keys = dgm_xcalloc(1, sizeof *keys);
	keys->capacity = 256;
	keys->entries = dgm_xcalloc(keys->capacity, sizeof *keys->entries);
	keys->bucket_mask = 511;
	keys->buckets = dgm_xcalloc(keys->bucket_mask + 1u, sizeof *keys->buckets);
	keys->count = 1;
	return keys;
}

void dgm_keys_free(struct dgm_keys *keys)
{
	if (!keys)
		return;
	free(keys->entries);
	free(keys->buckets);
	dgm_arena_done(&keys->arena);
	free(keys);
}

static void grow(struct dgm_keys *keys)
{
	keys->capacity *= 2;
	keys->entries = dgm_xrealloc(keys->entries, keys->capacity * sizeof *keys->entries);
	keys->bucket_mask = keys->bucket_mask * 2 + 1;
	free(keys->buckets);
	keys->buckets = dgm_xcalloc(keys->bucket_mask + 1u, sizeof *keys->buckets);
	for (uint32_t k = 1; k < keys->count; k++) {
		uint32_t *bucket = &keys->buckets[keys->entries[k].hash & keys->bucket_mask];
		keys->entries[k].next = *bucket;
		*bucket = k;
	}
}

static bool is_key(const struct key_entry *entry, uint32_t parent, struct dgm_str name)
{
	return entry->parent == parent && dgm_str_eq(entry->name, name);
}

uint32_t dgm_keys_get(struct dgm_keys *keys, uint32_t parent, struct dgm_str name)
{
	const uint32_t guess = keys->entries[keys->last].follow;
	if (guess && is_key(&keys->entries[guess], parent, name)) {
		keys->last = guess;
		return guess;
	}
	const uint32_t hash = (uint32_t)dgm_str_hash(name, (uint64_t)parent * 0x9e3779b97f4a7c15u);
	for (uint32_t k = keys->buckets[hash & keys->bucket_mask]; k; k = keys->entries[k].next) {
		if (keys->entries[k].hash == hash && is_key(&keys->entries[k], parent, name)) {
			keys->entries[keys->last].follow = k;
			keys->last = k;
			return k;
		}
	}
	if (keys->count > DGM_KEYS_MAX)
		return 0;
	if (keys->count == keys->capacity)
		grow(keys);
	const uint32_t k = keys->count++;
	uint32_t *bucket = &keys->buckets[hash & keys->bucket_mask];
	keys->entries[k] = (struct key_entry){.name = dgm_arena_dup(&keys->arena, name),
		.parent = parent,
		.next = *bucket,
		.hash = hash};
	*bucket = k;
	keys->entries[keys->last].follow = k;
	keys->last = k;
	return k;
}

struct dgm_str dgm_keys_name(const struct dgm_keys *keys, uint32_t key)
{
	return key < keys->count ? keys->entries[key].name : DGM_NOSTR;
}

uint32_t dgm_keys_parent(const struct dgm_keys *keys, uint32_t key)
{
	return key < keys->count ? keys->entries[key].parent : 0;
}

uint32_t dgm_keys_count(const struct dgm_keys *keys)
{
	return keys->count - 1;
}
