/* SPDX-License-Identifier: Apache-2.0 */
/* A list of runs. What lies there is the caller's affair. */
#include "io/runs.h"

#include <stdlib.h>

#include "base/arena.h"

void dgm_runs_add(struct dgm_runs *runs, uint64_t at, uint64_t length)
{
	struct dgm_run *last = runs->count ? &runs->list[runs->count - 1] : NULL;
	if (last && last->at + last->length == at) {
		last->length += length;
		return;
	}
	if (runs->count == runs->capacity) {
		runs->capacity = runs->capacity ? runs->capacity * 2 : 16;
		runs->list = dgm_xrealloc(runs->list, runs->capacity * sizeof *runs->list);
	}
	runs->list[runs->count++] = (struct dgm_run){at, length};
}

void dgm_runs_done(struct dgm_runs *runs)
{
	free(runs->list);
	*runs = (struct dgm_runs){0};
}
