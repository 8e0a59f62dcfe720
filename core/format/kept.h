/* SPDX-License-Identifier: Apache-2.0 */
/* Values on their way to a notice's `unmapped`: a list whose paths grow by a component as each group around closes. */
#ifndef DGM_FORMAT_KEPT_H
#define DGM_FORMAT_KEPT_H

#include "notice/notice.h"

struct dgm_kept {
	struct dgm_kept *next;
	struct dgm_str path, text;
	uint16_t literal;
};

/* Empty when all zero. */
struct dgm_kept_list {
	struct dgm_kept *first, *last;
	size_t count;
};

/* name: of the source's key; item: it stood in a list. The texts stay where they are. */
void dgm_kept_add(struct dgm_kept_list *list, struct dgm_arena *arena, struct dgm_str name, bool item,
	struct dgm_str text, uint16_t literal);
/* "name[2]", with what opens the brackets. */
struct dgm_str dgm_kept_numbered(struct dgm_arena *arena, struct dgm_str name, struct dgm_str opening, uint32_t number);
/* Puts "component/" in front of every path. */
void dgm_kept_prefix(struct dgm_kept_list *list, struct dgm_arena *arena, struct dgm_str component);
/* Moves all to the end of another list. */
void dgm_kept_move(struct dgm_kept_list *to, struct dgm_kept_list *from);
/* Copies all into another arena and list, with a '/' in front of each path: values outside all records. */
void dgm_kept_outside(struct dgm_kept_list *to, struct dgm_arena *arena, const struct dgm_kept_list *from);
/* Says where an unmapped value stood: a text like others, with the source's own spelling as its original. */
void dgm_kept_path(struct dgm_notice *notice, struct dgm_group *group, struct dgm_str path);
/* Appends them to the notice; where they live in another arena than the notice's, copy says so. */
void dgm_kept_flush(const struct dgm_kept_list *list, struct dgm_notice *notice, struct dgm_str format, bool copy);

/* Counts groups by their key within their parent; zeroed when new. */
struct dgm_occurrences {
	uint32_t *counts, *parents; /* by key: how many so far, and within which parent */
	uint32_t capacity;
};

/* The number of one more group with this key, from 1. parent: a number of its own for every group, from 1. */
uint32_t dgm_occurrences_next(struct dgm_occurrences *occurrences, uint32_t parent, uint32_t key);
void dgm_occurrences_done(struct dgm_occurrences *occurrences);

#endif
