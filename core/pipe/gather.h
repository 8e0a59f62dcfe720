/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows that are one record together, put together: consecutive ones with the same value in the column that the definition
 * names (rows). A row without such a value is a record of its own.
 */
#ifndef DGM_PIPE_GATHER_H
#define DGM_PIPE_GATHER_H

#include "format/definition.h"
#include "host/job.h"

struct dgm_gather;

enum dgm_gathered {
	DGM_GATHERED_WHOLE,
	DGM_GATHERED_LARGE, /* more rows than one record may have; the others follow as further records, also LARGE */
	DGM_GATHERED_CUT,   /* the input broke before it was clear that no more rows follow */
};

/* NULL where each row of the format is a record. What is given stays the caller's and must outlive the gatherer. */
struct dgm_gather *dgm_gather_new(const struct dgm_format *format, const struct dgm_plugin *engine, void *reader,
	struct dgm_job *job);
void dgm_gather_free(struct dgm_gather *gather);

/*
 * The next record. DGM_OK: rows of one record, and whether it is whole. DGM_BAD: a row that the engine refused, alone; the
 * record around it goes on. DGM_END, DGM_FATAL. number: of the record, for the engine's reports. *ret_record is valid until
 * the next call.
 */
int32_t dgm_gather_next(struct dgm_gather *gather, uint64_t number, const struct dgm_record **ret_record,
	enum dgm_gathered *ret_state);

#endif
