/* SPDX-License-Identifier: Apache-2.0 */
/* The scout: goes over an input ahead of everybody and says where it can be cut into parts, and how many records each has. */
#ifndef DGM_PIPE_SCOUT_H
#define DGM_PIPE_SCOUT_H

#include "pipe/reading.h"

/* A run of records. The first part of an input starts without a mark. */
struct dgm_stretch {
	struct dgm_mark mark;
	struct dgm_spot spot;
	uint64_t first;   /* records in front of it */
	uint64_t records; /* UINT64_MAX: not known, it is the last */
	bool last;
};

struct dgm_scout;

/* Of an input whose charset is chosen and whose engine reads in parts. NULL where that fails, silently. */
struct dgm_scout *dgm_scout_new(const struct dgm_reading_options *options);
void dgm_scout_free(struct dgm_scout *scout);

/* The next part, of about that many bytes; not behind the last one. */
void dgm_scout_next(struct dgm_scout *scout, uint64_t bytes, struct dgm_stretch *ret_part);
/* Reads what is left, for the digest. */
void dgm_scout_finish(struct dgm_scout *scout);

#endif
