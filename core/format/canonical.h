/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The canonical forms: the schema itself as a mapping. Three styles, named by `canonical:` in a definition:
 *   members     JSON: a field is a member; the source's spelling, where it differs, is a member F_original beside it
 *   attributes  XML: a field is an element; original, null, unparsed and literal are attributes
 *   packed      CSV: one row; repeats are packed in the cell, the sources' spellings in a last column `originals`
 * dragoman-schema(7) describes them in full.
 */
#ifndef DGM_FORMAT_CANONICAL_H
#define DGM_FORMAT_CANONICAL_H

#include "base/keys.h"
#include "base/record.h"
#include "format/map.h"

struct dgm_canonical;

struct dgm_canonical *dgm_canonical_new(const struct dgm_format *format, struct dgm_keys *keys,
	void (*problem)(void *context, const struct dgm_problem *problem), void *context);
void dgm_canonical_free(struct dgm_canonical *canonical);

void dgm_canonical_read(struct dgm_canonical *canonical, const struct dgm_record *record, struct dgm_notice *notice);
/* Appends the notice's events and marks every value as used. */
void dgm_canonical_write(struct dgm_canonical *canonical, const struct dgm_notice *notice, struct dgm_record *record);
/* The columns of the packed style: always all, for which of them the notices fill is not known beforehand. */
const uint32_t *dgm_canonical_columns(struct dgm_canonical *canonical, uint32_t *ret_count);

/* Shared by the styles: a canonical text read from a file, checked against the field's type. */
void dgm_canonical_fill(struct dgm_canonical *canonical, struct dgm_notice *notice, struct dgm_value *value,
	enum dgm_field_id field, const struct dgm_event *event, struct dgm_str text);
/* The original beside a value. Where the value's own text was not canonical, that text goes to unmapped instead. */
void dgm_canonical_original(const struct dgm_canonical *canonical, struct dgm_notice *notice,
	const struct dgm_group *group, enum dgm_field_id field, struct dgm_value *value, struct dgm_str original);
/* A value without a place in the schema. */
void dgm_canonical_keep(struct dgm_canonical *canonical, struct dgm_notice *notice, const struct dgm_event *event);

/* packed.c */
void dgm_packed_read_cell(struct dgm_canonical *canonical, struct dgm_notice *notice, enum dgm_field_id field,
	const struct dgm_event *event);
void dgm_packed_read_originals(struct dgm_canonical *canonical, struct dgm_notice *notice,
	const struct dgm_event *event);
/* keys: of the columns, by field; originals: of the last one. */
void dgm_packed_write(const struct dgm_notice *notice, struct dgm_record *record, const uint32_t *keys,
	uint32_t originals);

#endif
