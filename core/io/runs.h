/* SPDX-License-Identifier: Apache-2.0 */
/* Which parts of a file belong together, in their order: several texts grow in one file, each by runs of its own. */
#ifndef DGM_IO_RUNS_H
#define DGM_IO_RUNS_H

#include "base/str.h"

struct dgm_run {
	uint64_t at, length;
};

struct dgm_runs {
	struct dgm_run *list;
	size_t count, capacity;
};

/* A run behind the others; one that goes on where the last one ends is part of it. */
void dgm_runs_add(struct dgm_runs *runs, uint64_t at, uint64_t length);
void dgm_runs_done(struct dgm_runs *runs);

#endif
