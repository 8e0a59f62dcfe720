/* SPDX-License-Identifier: Apache-2.0 */
/* Dates that a source spreads over several keys: composed when read, taken apart when written. */
#ifndef DGM_FORMAT_COMPOSITE_H
#define DGM_FORMAT_COMPOSITE_H

#include "format/definition.h"

/* The keys of one date of a shape: PART nodes with the same anchor and field. */
struct dgm_composite {
	uint32_t anchor;
	enum dgm_field_id field;
	const struct dgm_node *nodes[DGM_PART_COUNT];
	const struct dgm_node *parent; /* the innermost one around all of them */
};

struct dgm_parts {
	struct dgm_str text[DGM_PART_COUNT]; /* ptr NULL: not there */
	uint32_t offset[DGM_PART_COUNT];
	bool any;
};

/* All composites of a shape; of_node: by a node's number, the composite's number + 1, or 0. */
uint32_t dgm_composites_find(struct dgm_arena *arena, const struct dgm_shape *shape,
	struct dgm_composite **ret_composites, uint32_t **ret_of_node);

/*
 * The date that source texts of the parts make. false where they make none; *ret_problem as of dgm_value_read_date, or
 * "calendar-unknown", NULL where what stands there is a word for "none".
 */
bool dgm_composite_read(const struct dgm_composite *composite, struct dgm_arena *arena, const struct dgm_parts *parts,
	struct dgm_date *ret_date, const char **ret_problem);

/* Whether the parts are complete with this key, in which they stand or whose instance they describe. */
bool dgm_composite_ends(const struct dgm_composite *composite, const struct dgm_node *node);

/* What the source says, in its order: "APPROXIMATELY 1966". */
struct dgm_str dgm_composite_original(const struct dgm_composite *composite, struct dgm_arena *arena,
	const struct dgm_parts *parts);

/* How the source spelled a date, for dgm_composite_write; native: it is the same format. */
struct dgm_str dgm_composite_spelling(const struct dgm_value *value, bool native);

/*
 * The source texts of a date, for the parts that this composite has; *ret_less: not all of the date is in them. false:
 * none. original: what dgm_composite_original said of it, or nothing: where a part names the calendar, the date is
 * written on the one that makes this original; otherwise on the calendar that the definition gives, by default the
 * Gregorian, and no calendar is named.
 */
bool dgm_composite_write(const struct dgm_composite *composite, struct dgm_arena *arena, const struct dgm_date *date,
	struct dgm_str original, struct dgm_parts *ret_parts, bool *ret_less);

/* The part that says most of a date: full, year or from; DGM_PART_COUNT: none does. */
enum dgm_part dgm_composite_bearer(const struct dgm_parts *parts);

/* The value of a date that was read, with its original; *ret_again: the parts that it would be written with. */
void dgm_composite_store(const struct dgm_composite *composite, struct dgm_arena *arena, const struct dgm_parts *parts,
	const struct dgm_date *date, struct dgm_value *value, struct dgm_parts *ret_again);

#endif
