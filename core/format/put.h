/* SPDX-License-Identifier: Apache-2.0 */
/* Inside unmap: the state that its two halves share. unmap.c chooses the shape, put.c walks the tree. */
#ifndef DGM_FORMAT_PUT_H
#define DGM_FORMAT_PUT_H

#include "base/keys.h"
#include "base/record.h"
#include "format/composite.h"
#include "format/lookup.h"
#include "format/loss.h"
#include "format/overlay.h"
#include "format/reach.h"
#include "format/values.h"

struct dgm_unmap_shape {
	const struct dgm_shape *shape;
	uint32_t *keys; /* by node number */
	struct dgm_composite *composites;
	uint32_t *composite_of;
	struct dgm_reach *reaches; /* by node number */
	uint8_t *holds;            /* by field: whether the shape has a place for it */
	uint32_t held;
	struct dgm_field_set lacks; /* of what a notice itself says */
};

/* A key that the target demands and the notice has nothing for. */
struct dgm_missing {
	struct dgm_missing *next;
	const struct dgm_node *node;
};

struct dgm_unmapper {
	const struct dgm_format *format;
	struct dgm_keys *keys;
	struct dgm_arena arena;          /* for the unmapper's life */
	struct dgm_canonical *canonical; /* where the schema itself is the mapping */
	struct dgm_unmap_shape *shapes, envelope;
	uint32_t *columns, column_count;
	struct dgm_rows *rows;     /* NULL: a record is a row */
	struct dgm_lookup *lookup; /* as reading finds shapes; NULL: no conditions */
	uint8_t *tried;            /* by shape: reading would not take the notice's record for it */
	bool (*encodes)(const void *context, struct dgm_str text); /* NULL: every character */
	const void *encodes_context;
	void (*problem)(void *context, const struct dgm_problem *problem); /* NULL: nobody listens */
	void *problem_context;
	/* the notice in work */
	const struct dgm_unmap_shape *state;
	const struct dgm_notice *notice;
	struct dgm_record *record;
	struct dgm_losses *losses;
	struct dgm_group **instances; /* by anchor */
	uint8_t *resolved;
	uint8_t *done;                  /* by node number: whether the key was written; for the keys beside it */
	const struct dgm_value *packed; /* its original is a packed cell that is written as it came */
	struct dgm_missing *missing, **missing_end;
	bool native;
	bool started;   /* the first record of a file is written, so that shapes that continue it may come */
	bool outspoken; /* what the record's constants say is written, too */
};

static inline void dgm_put_event(struct dgm_unmapper *unmapper, uint16_t kind, uint32_t key, uint16_t literal,
	bool item, struct dgm_str text)
{
	dgm_record_add(unmapper->record, kind, key, literal, item ? DGM_EVENT_ITEM : 0, text);
}

/* Said again as less than before, a date would be another one: an approximate one exact. */
static inline bool dgm_put_says_less(const struct dgm_unmapper *unmapper, const struct dgm_node *node,
	enum dgm_writing writing)
{
	return writing == DGM_WRITE_LESS && node->agrees && unmapper->done[node->pair->number];
}

/* Whether a text is one of a constant's words. */
bool dgm_put_accepts(const struct dgm_constant *constant, struct dgm_str text);
/* The instance that an anchor stands for now; NULL where the notice has none. */
struct dgm_group *dgm_put_resolve(struct dgm_unmapper *unmapper, uint32_t anchor);
/* The instance itself or the next of its siblings that has the anchor's constants; NULL: none. */
struct dgm_group *dgm_put_next_selected(struct dgm_unmapper *unmapper, const struct dgm_anchor *anchor,
	struct dgm_group *group);
/* The anchor is at this instance from now on; what is below it is to be found again. */
void dgm_put_set_instance(struct dgm_unmapper *unmapper, uint32_t anchor, struct dgm_group *group);
/* Whether another key has written all that the instance says: an alias that stands in the name's text. */
bool dgm_put_has_arrived(const struct dgm_group *group);
/* Whether any value of a group, or of one in it, has: reading makes no instance of one that says nothing. */
bool dgm_put_has_spoken(const struct dgm_group *group);
/* What selects an instance has arrived with it. */
void dgm_put_use_constants(struct dgm_unmapper *unmapper, uint32_t anchor, const struct dgm_group *group);
/* The target demands the key and does not get it. */
void dgm_put_miss(struct dgm_unmapper *unmapper, const struct dgm_node *node);
/* Leaves behind what a walk through no instances of a group would; false. */
bool dgm_put_has_none(struct dgm_unmapper *unmapper, const struct dgm_node *group);

/* Whether the notice has anything for a key or for what stands below it. */
static inline bool dgm_put_has_any(struct dgm_unmapper *unmapper, const struct dgm_node *node)
{
	const struct dgm_reach *reach = &unmapper->state->reaches[node->number];
	const bool meets = reach->speaks || dgm_field_sets_meet(&unmapper->notice->fields, &reach->fields);
	if (node->kind != DGM_NODE_GROUP)
		return meets;
	const enum dgm_group_id id = unmapper->state->shape->anchors[node->target.anchor].group;
	return (meets && unmapper->notice->groups[id]) || dgm_put_has_none(unmapper, node);
}

/* What the notice has for a field, in as many events as the key takes; false: nothing. */
bool dgm_put_field(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key);
/* One value of a field, or of a part of a date; false: the notice has none that can be written. */
bool dgm_put_single(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key);
bool dgm_put_part(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key);
/* Makes one event of the last ones of the record, as the node's split says. */
void dgm_put_join(struct dgm_unmapper *unmapper, const struct dgm_node *node, size_t first, size_t count);
/* The value arrives so; text: what is written, for characters that the encoding lacks. */
void dgm_put_note(struct dgm_unmapper *unmapper, const struct dgm_group *group, enum dgm_field_id field,
	struct dgm_value *value, enum dgm_writing writing, struct dgm_str text);

/* instead.c: the value that a target speaks of in an instance; NULL: it has none. group: NULL is one without. */
struct dgm_value *dgm_put_value_at(const struct dgm_group *group, const struct dgm_target *target);
/* For a target of Latin letters: which language the notice says that an instance is in; empty: it does not. */
struct dgm_str dgm_put_language(const struct dgm_unmapper *unmapper, const struct dgm_node *node,
	const struct dgm_group *group);
/* Such a target's key gets the first other name that is in Latin letters, where the field's own is absent or not. */
bool dgm_put_latin(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key);
/* Fields written in the place of one that is absent ("or"): what arrives is the text, not its structure. */
bool dgm_put_fallback(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key);
/* The last of the instances that are further pieces of this one's packed cell; they arrive with it. */
struct dgm_group *dgm_put_skip_packed(struct dgm_unmapper *unmapper, const struct dgm_node *parent,
	const struct dgm_anchor *anchor, struct dgm_group *group);
/* Puts what stands below a node. key: of the node, 0 at the top; overlay: kept values below it, or NULL. */
void dgm_put_children(struct dgm_unmapper *unmapper, const struct dgm_node *parent, uint32_t key,
	struct dgm_overlay *overlay);

/* ties.c: whether an anchor can stand for a group, by its constants, by what other keys take and by number. */
bool dgm_tie_selects(struct dgm_unmapper *unmapper, const struct dgm_anchor *anchor, const struct dgm_group *group);
/* Whether a group has a value for each key without which it is not written. */
bool dgm_tie_fills(struct dgm_unmapper *unmapper, const struct dgm_node *node, const struct dgm_group *group);
/* Whether the container's constants are those of the group around it, and that they have arrived with it. */
bool dgm_tie_chosen(struct dgm_unmapper *unmapper, const struct dgm_node *node);
void dgm_tie_choose(struct dgm_unmapper *unmapper, const struct dgm_node *node);
/* The key of the alias under which the kept values came, or the node's own. */
uint32_t dgm_tie_name(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key,
	const struct dgm_overlay *kept);

#endif
