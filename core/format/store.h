/* SPDX-License-Identifier: Apache-2.0 */
/* What a node made of a source's text, as a value of the notice. */
#ifndef DGM_FORMAT_STORE_H
#define DGM_FORMAT_STORE_H

#include "format/values.h"

/* Of a value's "preset": a constant of the group, or one of the record, which only a word that is understood replaces. */
enum {
	DGM_PRESET_GROUP = 1,
	DGM_PRESET_RECORD = 2,
};

/* Gives a group its constants, where the source has not said otherwise. */
void dgm_store_constants(struct dgm_notice *notice, struct dgm_group *group, const struct dgm_constant *constants,
	uint32_t count);

/* source: the text that was read; it becomes the value's original where the reading differs. */
void dgm_store_fill(struct dgm_value *value, const struct dgm_read *read, struct dgm_str source, uint16_t literal,
	uint32_t offset);

/* Whether the record's constant stands, because what a key says of the same field is not understood. group: or NULL. */
bool dgm_store_stands(const struct dgm_group *group, enum dgm_field_id field, const struct dgm_read *read);

/*
 * One more value of a field that repeats; position: from 0, with nulls in front of it where values are missing; -1: any.
 * NULL where the position is taken.
 */
struct dgm_value *dgm_store_further(struct dgm_notice *notice, struct dgm_group *group, enum dgm_field_id field,
	int32_t position);

#endif
