/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loss: values of a notice that a target does not hold, or not whole. The host derives it from what was brought across,
 * value by value; no format and no plugin is asked.
 */
#ifndef DGM_FORMAT_LOSS_H
#define DGM_FORMAT_LOSS_H

#include "format/definition.h"
#include "notice/notice.h"

enum dgm_loss_kind {
	DGM_LOSS_DROPPED,    /* the target has no place for it */
	DGM_LOSS_LIST_CUT,   /* the target holds fewer of them */
	DGM_LOSS_RECODED,    /* the target says something else or less structured in its place */
	DGM_LOSS_PRECISION,  /* written with less precision */
	DGM_LOSS_TRUNCATED,  /* cut to the target's length */
	DGM_LOSS_CHARACTERS, /* characters that the target's encoding lacks were replaced */
	DGM_LOSS_NULL,       /* an explicit "none" or "unknown" that the target cannot say */
	DGM_LOSS_KIND_COUNT
};

extern const char *const dgm_loss_names[DGM_LOSS_KIND_COUNT]; /* "dropped", "list_cut" ... */

struct dgm_loss {
	struct dgm_loss *next;
	const struct dgm_group *group;
	enum dgm_field_id field;
	enum dgm_loss_kind kind;
	uint32_t number; /* of the value in a field that repeats, from 1 */
};

struct dgm_losses {
	struct dgm_arena *arena; /* the notice's */
	struct dgm_loss *first, **end;
	size_t count;
};

void dgm_losses_init(struct dgm_losses *losses, struct dgm_arena *arena);
void dgm_losses_add(struct dgm_losses *losses, const struct dgm_group *group, enum dgm_field_id field,
	const struct dgm_value *value, enum dgm_loss_kind kind);
/* Everything in the notice that no writer has marked as used. */
void dgm_losses_collect(struct dgm_losses *losses, const struct dgm_notice *notice);
/*
 * How many protected groups (schema.h) do not arrive as they are; a group that only says "none" has nothing to lose. ret_fields: where it is
 * not 0, the paths of the values concerned, or of the first of them, for a message; in the arena.
 */
size_t dgm_losses_protected(const struct dgm_losses *losses, struct dgm_str *ret_fields);

/* --- without data: what one definition can say and another cannot --- */

/* How much of a field a format holds. */
enum dgm_capacity {
	DGM_HOLDS_NONE,
	DGM_HOLDS_ONE, /* one value where the schema has many */
	DGM_HOLDS_MANY,
};

struct dgm_holding {
	enum dgm_capacity capacity;
	bool constant_only; /* always the same value */
	bool aside;         /* written in the place of another field; says nothing of the capacity */
	bool latin;         /* in Latin letters only */
	bool dates_full, dates_partial, dates_qualified, dates_interval;
	uint32_t max; /* characters; 0: no limit */
};

/* What the format holds, over all its shapes (or the one shape, where not NULL), by field. */
void dgm_format_holdings(const struct dgm_format *format, const struct dgm_shape *shape,
	struct dgm_holding holdings[DGM_FIELD_COUNT]);

#endif
