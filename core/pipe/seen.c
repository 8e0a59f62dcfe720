/* SPDX-License-Identifier: Apache-2.0 */
/* An open hash table of hashes that doubles up to a limit and then only answers. */
#include "pipe/seen.h"

#include <stdlib.h>

#include "base/arena.h"

static uint64_t *find(const struct dgm_seen *seen, uint64_t hash)
{
	uint64_t at = hash;
	while (seen->slots[at & seen->mask] != 0 && seen->slots[at & seen->mask] != hash)
		at++;
	return &seen->slots[at & seen->mask];
}

static void grow(struct dgm_seen *seen)
{
	const struct dgm_seen old = *seen;
	seen->mask = old.slots ? old.mask * 2 + 1 : 1023;
	seen->slots = dgm_xcalloc((size_t)seen->mask + 1, sizeof *seen->slots);
	for (size_t i = 0; old.slots && i <= old.mask; i++)
		if (old.slots[i])
			*find(seen, old.slots[i]) = old.slots[i];
	free(old.slots);
}

bool dgm_seen_add(struct dgm_seen *seen, struct dgm_str id)
{
	const uint64_t hash = dgm_str_hash(id, 0) | 1;
	if (!seen->slots || (seen->count * 2 > seen->mask && seen->count < DGM_SEEN_MAX))
		grow(seen);
	uint64_t *slot = find(seen, hash);
	if (*slot == hash)
		return true;
	if (seen->count == DGM_SEEN_MAX) {
		seen->full = true;
		return false;
	}
	*slot = hash;
	seen->count++;
	return false;
}

bool dgm_seen_has(const struct dgm_seen *seen, uint64_t hash)
{
	return seen->slots && *find(seen, hash | 1) != 0;
}

void dgm_seen_done(struct dgm_seen *seen)
{
	free(seen->slots);
	*seen = (struct dgm_seen){0};
}
