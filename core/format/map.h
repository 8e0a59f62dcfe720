/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From records to notices, by a definition. Every value of the record ends in the notice, in its `unmapped` group, or
 * at a key that the definition ignores on purpose.
 */
#ifndef DGM_FORMAT_MAP_H
#define DGM_FORMAT_MAP_H

#include "base/keys.h"
#include "base/record.h"
#include "format/definition.h"

struct dgm_mapper;

/* format and keys stay the caller's and must outlive the mapper; keys: those of the records. */
struct dgm_mapper *dgm_mapper_new(const struct dgm_format *format, struct dgm_keys *keys,
	void (*problem)(void *context, const struct dgm_problem *problem), void *context);
void dgm_mapper_free(struct dgm_mapper *mapper);

/*
 * Fills an initialised notice. 0, or -1 where no shape of the definition takes the record; then nothing was filled.
 * Texts of the notice are slices of the record or in the notice's arena.
 */
int dgm_map_record(struct dgm_mapper *mapper, const struct dgm_record *record, struct dgm_notice *notice);

/*
 * Takes a record of what stands outside all records: its values are kept with the next notice, under paths that begin
 * with '/'. dgm_map_leftover: how many of them found no notice.
 */
void dgm_map_envelope(struct dgm_mapper *mapper, const struct dgm_record *record);
size_t dgm_map_leftover(const struct dgm_mapper *mapper);

#endif
