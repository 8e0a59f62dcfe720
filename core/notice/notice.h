/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A notice in memory: a tree of groups whose slots hold values or further groups, all in one arena. Slots are found by
 * the schema's numbers, so that reaching a field is an array read.
 */
#ifndef DGM_NOTICE_NOTICE_H
#define DGM_NOTICE_NOTICE_H

#include "base/arena.h"
#include "notice/schema.h"

/* Absent is the lack of a value. */
enum dgm_state {
	DGM_STATE_PARSED, /* text is the canonical spelling */
	DGM_STATE_NULL, /* the source says "none" or "unknown"; text is empty, original is how it said so, if in words */
	DGM_STATE_UNPARSED, /* not understood: text is empty, original is what the source says */
};

struct dgm_value {
	struct dgm_value *next; /* the next value of a field that repeats */
	struct dgm_str text;
	struct dgm_str original; /* ptr NULL: the source's spelling is text itself */
	uint32_t offset;         /* in the record's source */
	uint8_t state;
	uint8_t literal;    /* DGM_LITERAL_*, for DGM_TYPE_LITERAL */
	uint8_t used;       /* the writer has brought it across */
	uint8_t preset : 4; /* a constant of the definition: the source's own word takes its place */
	uint8_t told : 1;   /* reading has told of a doubt about it */
};

struct dgm_slot {
	void *first; /* struct dgm_value of a field, struct dgm_group of a group */
	void *last;
};

struct dgm_group {
	struct dgm_group *next; /* the next one of a group that repeats */
	struct dgm_group *parent;
	enum dgm_group_id id;
	uint32_t number; /* among its siblings of the same group, from 1 */
	struct dgm_slot slots[];
};

#define DGM_FIELD_WORDS ((DGM_FIELD_COUNT + 63) / 64)

struct dgm_field_set {
	uint64_t bits[DGM_FIELD_WORDS];
};

static inline void dgm_field_set_add(struct dgm_field_set *set, enum dgm_field_id field)
{
	set->bits[field / 64u] |= UINT64_C(1) << (field % 64u);
}

static inline bool dgm_field_set_has(const struct dgm_field_set *set, enum dgm_field_id field)
{
	return set->bits[field / 64u] >> (field % 64u) & 1u;
}

static inline bool dgm_field_sets_meet(const struct dgm_field_set *a, const struct dgm_field_set *b)
{
	uint64_t both = 0;
	for (unsigned w = 0; w < DGM_FIELD_WORDS; w++)
		both |= a->bits[w] & b->bits[w];
	return both != 0;
}

/*
 * Most groups of one notice: real ones stay below a thousand. A group costs far more memory than the few bytes that make
 * one in a file, so without a limit a small hostile record would be a large notice.
 */
#define DGM_NOTICE_GROUPS_MAX 65536u

struct dgm_notice {
	struct dgm_arena *arena;
	struct dgm_group *root;
	struct dgm_field_set fields;  /* all of which a value was added, though it may be gone again */
	bool groups[DGM_GROUP_COUNT]; /* so are these */
	struct dgm_group **spare;     /* by group: what stands in for groups beyond the limit; not part of the notice */
	uint32_t group_count;
	bool too_large; /* the limit was met: the notice is not whole and must not be used */
};

/* An empty notice: the root alone. The arena is the caller's to reset. */
void dgm_notice_init(struct dgm_notice *notice, struct dgm_arena *arena);

/* Appends a new group below parent, which must be an instance of its schema parent. */
struct dgm_group *dgm_group_add(struct dgm_notice *notice, struct dgm_group *parent, enum dgm_group_id id);
/* The last instance of a group below parent, made where there is none. */
struct dgm_group *dgm_group_last(struct dgm_notice *notice, struct dgm_group *parent, enum dgm_group_id id);

/* Appends a value; the caller fills it. */
struct dgm_value *dgm_value_add(struct dgm_notice *notice, struct dgm_group *group, enum dgm_field_id field);
/* Appends a parsed value whose text stays where it is. */
struct dgm_value *dgm_value_set(struct dgm_notice *notice, struct dgm_group *group, enum dgm_field_id field,
	struct dgm_str text);

static inline struct dgm_value *dgm_value_first(const struct dgm_group *group, enum dgm_field_id field)
{
	return group->slots[dgm_fields[field].slot].first;
}

static inline struct dgm_group *dgm_group_first(const struct dgm_group *parent, enum dgm_group_id id)
{
	return parent->slots[dgm_groups[id].slot].first;
}

/* The text of a field's first value where it is parsed; empty otherwise. */
struct dgm_str dgm_text_of(const struct dgm_group *group, enum dgm_field_id field);

/* Shortcuts for messages and reports: notice.id of the notice, empty when it has none. */
struct dgm_str dgm_notice_id(const struct dgm_notice *notice);

/*
 * The path of a value with the numbers of its groups, for people and reports: "subject[1].name[2].family". Only groups
 * that repeat carry a number. In the arena.
 */
struct dgm_str dgm_value_path(struct dgm_arena *arena, const struct dgm_group *group, enum dgm_field_id field);

#endif
