/* SPDX-License-Identifier: Apache-2.0 */
/* Names are compared by hash and then in full; whole names differ as their inputs do, so giving them ends. */
#include "batch/mirror.h"

#include <stdlib.h>

struct named {
	uint64_t hash;
	uint32_t index; /* RESERVED: of no entry */
};

#define RESERVED UINT32_MAX

/* The path without the extension of its last part; ".profile" has none. */
static struct dgm_str stem_of(struct dgm_str path)
{
	for (size_t i = path.len; i > 0 && path.ptr[i - 1] != '/'; i--)
		if (path.ptr[i - 1] == '.')
			return i > 1 && path.ptr[i - 2] != '/' ? dgm_str_take(path, i - 1) : path;
	return path;
}

struct dgm_str dgm_name_of(struct dgm_arena *arena, const char *path, enum dgm_name name, struct dgm_str extension)
{
	const struct dgm_str whole = dgm_str(path);
	const struct dgm_str text =
		dgm_arena_join(arena, name == DGM_NAME_STEM ? stem_of(whole) : whole, DGM_STR("."), extension);
	return dgm_str_of(dgm_arena_cstr(arena, text), text.len);
}

struct naming {
	const struct dgm_tree *tree;
	struct dgm_str extension;
	const char *reserved;
	uint8_t *names;
};

/* The name that an entry takes: a file that of its output, a folder its own. */
static struct dgm_str taken(const struct naming *naming, uint32_t index, struct dgm_arena *arena)
{
	if (index == RESERVED)
		return dgm_str(naming->reserved);
	const struct dgm_tree_entry *entry = &naming->tree->entries[index];
	if (entry->kind == DGM_TREE_FOLDER)
		return dgm_str(entry->path);
	return dgm_name_of(arena, entry->path, (enum dgm_name)naming->names[index], naming->extension);
}

static int by_hash(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	return x->hash != y->hash ? (x->hash < y->hash ? -1 : 1) : (x->index > y->index) - (x->index < y->index);
}

static bool is_named(const struct naming *naming, uint32_t index, enum dgm_name name)
{
	return index != RESERVED && naming->tree->entries[index].kind == DGM_TREE_FILE && naming->names[index] == name;
}

/*
 * Of those that share a name the ones with a short name give it up for their whole one. Where there is none of them left,
 * a whole name is that of a folder or reserved, and its file has none.
 */
static void yield(struct naming *naming, const struct named *list, size_t count)
{
	bool any_short = false;
	for (size_t i = 0; i < count; i++)
		any_short = any_short || is_named(naming, list[i].index, DGM_NAME_STEM);
	for (size_t i = 0; i < count; i++)
		if (is_named(naming, list[i].index, any_short ? DGM_NAME_STEM : DGM_NAME_FULL))
			naming->names[list[i].index]++;
}

static bool same_name(const struct naming *naming, uint32_t a, uint32_t b, struct dgm_arena *arena)
{
	dgm_arena_reset(arena);
	const struct dgm_str first = taken(naming, a, arena);
	return dgm_str_eq(first, taken(naming, b, arena));
}

/* One round over the names as they are; whether any was changed. */
static bool settle(struct naming *naming, struct named *list, struct dgm_arena *arena)
{
	size_t count = 0;
	bool changed = false;
	for (uint32_t i = 0; i < naming->tree->count; i++) {
		const enum dgm_tree_kind kind = naming->tree->entries[i].kind;
		if (kind != DGM_TREE_FOLDER && (kind != DGM_TREE_FILE || naming->names[i] == DGM_NAME_NONE))
			continue;
		dgm_arena_reset(arena);
		list[count++] = (struct named){dgm_str_hash(taken(naming, i, arena), 0), i};
	}
	if (naming->reserved)
		list[count++] = (struct named){dgm_str_hash(dgm_str(naming->reserved), 0), RESERVED};
	if (count)
		qsort(list, count, sizeof *list, by_hash);
	for (size_t first = 0, end; first < count; first = end) {
		bool twins = false;
		for (end = first + 1; end < count && list[end].hash == list[first].hash; end++)
			twins = twins || same_name(naming, list[first].index, list[end].index, arena);
		/* Different names of one hash yield along; that is as good, and next to never. */
		if (twins)
			yield(naming, list + first, end - first);
		changed = changed || twins;
	}
	return changed;
}

uint8_t *dgm_names(struct dgm_tree *tree, struct dgm_str extension, const char *reserved)
{
	struct dgm_arena arena = {0};
	struct naming naming = {.tree = tree, .extension = extension, .reserved = reserved};
	naming.names = dgm_arena_zero(&tree->arena, tree->count + 1);
	struct named *list = dgm_xmalloc((tree->count + 1) * sizeof *list);
	while (settle(&naming, list, &arena))
		continue;
	free(list);
	dgm_arena_done(&arena);
	return naming.names;
}
