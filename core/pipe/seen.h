/* SPDX-License-Identifier: Apache-2.0 */
/* Which ids were seen before, in bounded memory. */
#ifndef DGM_PIPE_SEEN_H
#define DGM_PIPE_SEEN_H

#include "base/str.h"

/* Ids remembered at most: 8 MiB of table. Beyond, repeats of later ids are not noticed, and the caller says so. */
#define DGM_SEEN_MAX 524288u

struct dgm_seen {
	uint64_t *slots; /* hashes, 0 is free */
	uint32_t mask, count;
	bool full;
};

/* Whether an equal id (by a 64-bit hash) was added before; adds it. */
bool dgm_seen_add(struct dgm_seen *seen, struct dgm_str id);
/* Whether one with the hash (dgm_str_hash with seed 0) was added. */
bool dgm_seen_has(const struct dgm_seen *seen, uint64_t hash);
void dgm_seen_done(struct dgm_seen *seen);

#endif
