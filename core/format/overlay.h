/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths of unmapped values, and the tree in which a writer finds those of its own format again.
 *
 * A path is '/'-joined names from the top of the record. "name[2]": the second group of that name; for a group that the
 * definition maps, the second that made a group of the notice, and "name[+1]" the first that made none. "name[]": an
 * item of a list. A leading '/' means outside all records. In names '~', '/' and '[' are written ~0, ~1 and ~2.
 */
#ifndef DGM_FORMAT_OVERLAY_H
#define DGM_FORMAT_OVERLAY_H

#include "notice/notice.h"

struct dgm_overlay {
	struct dgm_overlay *first, *last, *next;
	struct dgm_str name;
	uint32_t number; /* of a group; 0: none given */
	bool beyond;     /* "[+n]" */
	bool item;
	bool is_value;
	bool used;
	struct dgm_value *value; /* of a leaf; marked as used when put back */
};

struct dgm_str dgm_overlay_escape(struct dgm_arena *arena, struct dgm_str name);

/* The values of a format kept in the notice; NULL where there are none. envelope: those outside records, or the others. */
struct dgm_overlay *dgm_overlay_build(const struct dgm_notice *notice, struct dgm_str format, bool envelope);

#endif
