/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables in which several rows are one record (rows, row): between the flat rows of the file and the tree of the mapping,
 * in which each row is an instance of a group. Everything else sees the tree alone.
 */
#ifndef DGM_FORMAT_ROWS_H
#define DGM_FORMAT_ROWS_H

#include "base/keys.h"
#include "base/record.h"
#include "format/definition.h"

struct dgm_rows;

/* Whether rows with the same value in the column of this name are one record. */
bool dgm_rows_is_key(const struct dgm_format *format, struct dgm_str name);

/* NULL where each row of the format is a record. keys: those of the records. */
struct dgm_rows *dgm_rows_new(const struct dgm_format *format, struct dgm_keys *keys);
void dgm_rows_free(struct dgm_rows *rows);

/*
 * Reading: the events of a record's rows as the shape's tree. What the rows share comes once; a row that says otherwise
 * where there is only one place has its value inside its group, which keeps it ("row-differs"). Valid until the next call.
 */
const struct dgm_record *dgm_rows_nest(struct dgm_rows *rows, uint32_t shape, const struct dgm_record *record,
	void (*problem)(void *context, const struct dgm_problem *problem), void *context);

/* Writing: the tree back to rows, groups with the key "[]" where there are several. -1: they would be too large. */
int dgm_rows_flatten(struct dgm_rows *rows, struct dgm_record *record);

#endif
