/* SPDX-License-Identifier: Apache-2.0 */
/* Shapes that are like another one: notices of several kinds in one table have most of their columns in common. */
#include "format/compile.h"

static const struct dgm_yaml *find_named(const struct dgm_yaml *records, const struct dgm_yaml *before,
	struct dgm_str name)
{
	for (const struct dgm_yaml *entry = records ? records->first : NULL; entry && entry != before;
		entry = entry->next) {
		const struct dgm_yaml *named = entry->kind == DGM_YAML_MAP ? dgm_yaml_get(entry, "name") : NULL;
		if (named && named->kind == DGM_YAML_SCALAR && dgm_str_eq(named->text, name))
			return entry;
	}
	return NULL;
}

static const struct dgm_yaml *entry_of(const struct dgm_yaml *map, struct dgm_str key)
{
	const struct dgm_yaml *entry = map->first;
	while (entry && !dgm_str_eq(entry->key, key))
		entry = entry->next;
	return entry;
}

static struct dgm_yaml **append(struct dgm_compiler *compiler, struct dgm_yaml *map, struct dgm_yaml **link,
	const struct dgm_yaml *entry)
{
	struct dgm_yaml *copy = dgm_arena_alloc(compiler->arena, sizeof *copy);
	*copy = *entry;
	copy->next = NULL;
	*link = copy;
	map->count++;
	return &copy->next;
}

static struct dgm_yaml *merge(struct dgm_compiler *compiler, const struct dgm_yaml *base, const struct dgm_yaml *own);

/* A container told apart by a value, in both shapes: its map is that of both. */
static const struct dgm_yaml *both(struct dgm_compiler *compiler, const struct dgm_yaml *base,
	const struct dgm_yaml *own)
{
	const bool maps = base->kind == DGM_YAML_MAP && own->kind == DGM_YAML_MAP;
	const struct dgm_yaml *base_map = maps && dgm_yaml_get(base, "by") ? dgm_yaml_get(base, "map") : NULL;
	const struct dgm_yaml *own_map = maps && dgm_yaml_get(own, "by") ? dgm_yaml_get(own, "map") : NULL;
	if (!base_map || !own_map || base_map->kind != DGM_YAML_MAP || own_map->kind != DGM_YAML_MAP)
		return own;
	struct dgm_yaml *entry = dgm_arena_alloc(compiler->arena, sizeof *entry);
	struct dgm_yaml **link = &entry->first;
	*entry = *own;
	entry->first = NULL;
	entry->count = 0;
	for (const struct dgm_yaml *key = own->first; key; key = key->next)
		link = append(compiler, entry, link, key == own_map ? merge(compiler, base_map, own_map) : key);
	return entry;
}

static struct dgm_yaml *merge(struct dgm_compiler *compiler, const struct dgm_yaml *base, const struct dgm_yaml *own)
{
	struct dgm_yaml *map = dgm_arena_alloc(compiler->arena, sizeof *map);
	struct dgm_yaml **link = &map->first;
	*map = *own;
	map->first = NULL;
	map->count = 0;
	for (const struct dgm_yaml *entry = base->first; entry; entry = entry->next) {
		const struct dgm_yaml *instead = entry_of(own, entry->key);
		link = append(compiler, map, link, instead ? both(compiler, entry, instead) : entry);
	}
	for (const struct dgm_yaml *entry = own->first; entry; entry = entry->next)
		if (!entry_of(base, entry->key))
			link = append(compiler, map, link, entry);
	return map;
}

const struct dgm_yaml *dgm_compile_map_of(struct dgm_compiler *compiler, const struct dgm_yaml *shape)
{
	const struct dgm_yaml *like = dgm_yaml_get(shape, "like"), *own = dgm_yaml_get(shape, "map");
	if (!like)
		return own;
	const struct dgm_yaml *other = find_named(compiler->records, shape, dgm_compile_text(compiler, like));
	if (!other) {
		dgm_compile_fail(compiler, &like->place, "definition-shape", "no shape before this one has that name");
		return own;
	}
	const struct dgm_yaml *base = dgm_compile_map_of(compiler, other);
	if (!own || !base || own->kind != DGM_YAML_MAP || base->kind != DGM_YAML_MAP)
		return own ? own : base;
	return merge(compiler, base, own);
}
