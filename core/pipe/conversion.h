/* SPDX-License-Identifier: Apache-2.0 */
/* Inside a conversion: its state, which convert.c moves record by record, and parts.c part by part. */
#ifndef DGM_PIPE_CONVERSION_H
#define DGM_PIPE_CONVERSION_H

#include "format/unmap.h"
#include "notice/validate.h"
#include "pipe/convert.h"
#include "pipe/partlog.h"
#include "pipe/reading.h"
#include "pipe/seen.h"
#include "pipe/side.h"

struct dgm_conversion {
	struct dgm_conversion_options options;
	struct dgm_side writer;
	struct dgm_unmapper *unmapper;
	struct dgm_record out;
	struct dgm_counts counts;
	struct dgm_loss_report report;
	struct dgm_seen seen;
	struct dgm_validator *validator; /* NULL: no rules */
	bool envelope_written, seen_full_said;
	/* the input in work */
	struct dgm_input *input;
	struct dgm_reading *reading; /* NULL between inputs */
	uint64_t before;             /* records read from the inputs before this one */
	uint64_t reached;            /* where the last record of this one ends */
	struct dgm_arena arena;      /* of what is written without a record: the envelope of no notice */
	struct dgm_part_log *log;    /* in a worker: what the parent is to say and do; else NULL */
};

/* Converts records up to this number, or to the end of the input. */
enum dgm_outcome dgm_conversion_read(struct dgm_conversion *conversion, const struct dgm_format *source, uint64_t last);
/* An id of a record that is about to be written: says so where it was seen before. */
void dgm_conversion_take_id(struct dgm_conversion *conversion, const struct dgm_place *place, uint64_t number,
	struct dgm_str id);

#endif
