/* SPDX-License-Identifier: Apache-2.0 */
/* From notices to records, by a definition: the way back of map.h, and the loss on the way. */
#ifndef DGM_FORMAT_UNMAP_H
#define DGM_FORMAT_UNMAP_H

#include "base/keys.h"
#include "base/record.h"
#include "format/loss.h"

struct dgm_unmapper;

/* format and keys stay the caller's and must outlive the unmapper; keys: those of the records written. */
struct dgm_unmapper *dgm_unmapper_new(const struct dgm_format *format, struct dgm_keys *keys);
/* Whether the target's encoding has all characters of a text; values that it lacks some of are lost in part. */
void dgm_unmapper_encoding(struct dgm_unmapper *unmapper, bool (*encodes)(const void *context, struct dgm_str text),
	const void *context);
/* Told of keys that the target demands and the notice cannot fill ("target-required"). */
void dgm_unmapper_problems(struct dgm_unmapper *unmapper,
	void (*problem)(void *context, const struct dgm_problem *problem), void *context);
/* The engine refused the record made last: where it was to be the first of a file, the next one is. */
void dgm_unmapper_refused(struct dgm_unmapper *unmapper);
void dgm_unmapper_free(struct dgm_unmapper *unmapper);

/*
 * Appends the notice's events to a cleared record and marks the values that arrived; adds what did not, or not whole,
 * to losses. -1: no shape of the definition is for such a notice; -2: the record would be too large; *ret_problem says
 * why.
 */
int dgm_unmap_notice(struct dgm_unmapper *unmapper, const struct dgm_notice *notice, struct dgm_record *record,
	struct dgm_losses *losses, const char **ret_problem);

/* Whether the record made last goes on inside the one before, so that both read as one notice. */
bool dgm_unmap_continued(const struct dgm_unmapper *unmapper);

/* The record of what stands outside all records; notice: the first one, whose kept values belong there. NULL: none. */
void dgm_unmap_envelope(struct dgm_unmapper *unmapper, const struct dgm_notice *notice, struct dgm_record *record);

/* The columns of a table in their order; the array lives as long as the unmapper. */
const uint32_t *dgm_unmap_columns(struct dgm_unmapper *unmapper, uint32_t *ret_count);

#endif
