/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the definition compiler share; nothing else includes it. */
#ifndef DGM_FORMAT_COMPILE_H
#define DGM_FORMAT_COMPILE_H

#include "format/definition.h"
#include "format/language.h"

struct dgm_compiler {
	struct dgm_format *format;
	struct dgm_arena *arena; /* the format's */
	struct dgm_diag_sink *diags;
	const char *const *code_folders;
	bool sketch;              /* code lists are not read, see dgm_format_sketch() */
	struct dgm_codes **lists; /* loaded so far */
	uint32_t list_count, list_capacity;
	const struct dgm_calendar *calendars[DGM_CALENDAR_COUNT]; /* made so far */
	struct dgm_nulls nulls;                                   /* the format's default */
	struct dgm_str null_word;
	enum dgm_empty empty;
	const struct dgm_yaml *records;
	const struct dgm_yaml *maps;   /* of "use" */
	uint32_t use_depth;            /* how many of them are open */
	const struct dgm_str *without; /* of the key in work */
	uint32_t without_count;
	char decimal;
	unsigned errors;
};

/* Reports at a place of the definition and counts. */
void dgm_compile_fail(struct dgm_compiler *compiler, const struct dgm_place *place, const char *code,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Every key of the map must be one of its place; says "did you mean". */
void dgm_compile_known_keys(struct dgm_compiler *compiler, const struct dgm_yaml *map, enum dgm_language_place place,
	const char *what);

/* The text of a scalar; empty and an error for anything else. NULL is empty without an error. */
struct dgm_str dgm_compile_text(struct dgm_compiler *compiler, const struct dgm_yaml *node);
bool dgm_compile_bool(struct dgm_compiler *compiler, const struct dgm_yaml *node);
/* A scalar or a list of scalars. */
struct dgm_str *dgm_compile_texts(struct dgm_compiler *compiler, const struct dgm_yaml *node, uint32_t *ret_count);
/* The same as values are when they are compared with them: in the canonical spelling, but for white space at the ends. */
struct dgm_str dgm_compile_plain(struct dgm_compiler *compiler, const struct dgm_yaml *node);
struct dgm_nulls dgm_compile_nulls(struct dgm_compiler *compiler, const struct dgm_yaml *node);
struct dgm_str *dgm_compile_plain_texts(struct dgm_compiler *compiler, const struct dgm_yaml *node,
	uint32_t *ret_count);

/* One record shape from its map (`at`, `when`, `set`, `only`, `map`), or the envelope. */
void dgm_compile_shape(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_shape *shape);
void dgm_compile_envelope(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_shape *shape);

/* like.c: the map of a shape, with that of the shape that it is like. NULL: it has none. */
const struct dgm_yaml *dgm_compile_map_of(struct dgm_compiler *compiler, const struct dgm_yaml *shape);

/* The keys of a node that say how its value is read and written. */
void dgm_compile_value(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_node *node);

/* The keys of a group with patterns whose texts can name alternatives. */
void dgm_compile_either(struct dgm_compiler *compiler, const struct dgm_shape *shape, const struct dgm_yaml *yaml,
	struct dgm_node *node);

/* targets.c: "subject.name(primary).part[2]" seen from an anchor. */
bool dgm_compile_target(struct dgm_compiler *compiler, struct dgm_shape *shape, uint32_t base,
	const struct dgm_yaml *yaml, struct dgm_str path, const struct dgm_yaml *set, struct dgm_target *ret_target);
/* A bound anchor for "subject.name" seen from an anchor. */
bool dgm_compile_group(struct dgm_compiler *compiler, struct dgm_shape *shape, uint32_t base,
	const struct dgm_yaml *yaml, struct dgm_str path, const struct dgm_yaml *set, uint32_t *ret_anchor);
/* Constants "kind: alias" or "kind: [alias, former]" relative to a group. */
struct dgm_constant *dgm_compile_constants(struct dgm_compiler *compiler, enum dgm_group_id group,
	const struct dgm_yaml *set, uint32_t *ret_count);
/* twins.c: fields that several keys speak of; one that does so without a word for it is a mistake. */
void dgm_compile_twins(struct dgm_compiler *compiler, struct dgm_shape *shape);
/* Constants of the record whose group keys open belong to what these open. */
void dgm_compile_opened(struct dgm_compiler *compiler, struct dgm_shape *shape);
void dgm_compile_descendants(struct dgm_compiler *compiler, struct dgm_shape *shape);

/* ties.c: the keys of a node that speak of other keys or of the group around it: "set" beside "map", "link", "without". */
void dgm_compile_choice(struct dgm_compiler *compiler, const struct dgm_shape *shape, uint32_t base,
	const struct dgm_yaml *yaml, struct dgm_node *node);
void dgm_compile_link(struct dgm_compiler *compiler, struct dgm_shape *shape, uint32_t outer,
	const struct dgm_yaml *yaml, const struct dgm_node *node);
void dgm_compile_unless(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_node *node);
/* When the tree is complete: the keys that "without" names. */
void dgm_compile_without(struct dgm_compiler *compiler, struct dgm_shape *shape, const struct dgm_node *parent);
/* Whether two keys stand below different choices, so that one of them at most is written. */
bool dgm_compile_excludes(const struct dgm_node *a, const struct dgm_node *b);

#endif
