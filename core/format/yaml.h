/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML files as a tree of scalars, maps and lists in which every node knows its line and column. A plain subset: no
 * anchors, aliases, tags, merge keys or several documents, and scalars stay text ("NO" is Norway, not false).
 */
#ifndef DGM_FORMAT_YAML_H
#define DGM_FORMAT_YAML_H

#include "base/arena.h"
#include "base/diag.h"

enum dgm_yaml_kind {
	DGM_YAML_SCALAR,
	DGM_YAML_MAP,
	DGM_YAML_LIST,
};

struct dgm_yaml {
	enum dgm_yaml_kind kind;
	bool plain; /* a scalar without quotes */
	struct dgm_place place;
	struct dgm_str key; /* of an entry of a map */
	struct dgm_place key_place;
	struct dgm_str text; /* scalar */
	struct dgm_yaml *first, *next;
	uint32_t count; /* entries or items */
};

/* Largest definition or code list read, in bytes: the largest real ones are far below 1 MiB. */
#define DGM_YAML_MAX ((size_t)8 << 20)
/* Deepest nesting: real definitions stay below 12. */
#define DGM_YAML_DEPTH 32u

/* The tree of a text, in the arena; NULL and one diagnostic with its place when it is no such YAML. */
struct dgm_yaml *dgm_yaml_parse(struct dgm_arena *arena, struct dgm_str text, struct dgm_str file,
	struct dgm_diag_sink *diags);
/* The same from a file. */
struct dgm_yaml *dgm_yaml_load(struct dgm_arena *arena, const char *path, struct dgm_diag_sink *diags);
/* The bytes of a file beside definitions, of the same size at most; false and errno: it cannot be read. */
bool dgm_yaml_file(struct dgm_arena *arena, const char *path, struct dgm_str *ret_text);

/* The value of a key; NULL where the map has no such key. */
struct dgm_yaml *dgm_yaml_get(const struct dgm_yaml *map, const char *key);

#endif
