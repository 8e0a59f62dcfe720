/* SPDX-License-Identifier: Apache-2.0 */
/* What a conversion says of itself: counts, the loss report and the rejects, both written while it runs. */
#ifndef DGM_PIPE_REPORT_H
#define DGM_PIPE_REPORT_H

#include "base/record.h"
#include "format/loss.h"
#include "io/input.h"
#include "io/output.h"
#include "notice/changes.h"

/* Conservation: read == written + rejected, always. */
struct dgm_counts {
	uint64_t read;     /* records found in the inputs */
	uint64_t written;  /* notices in the output */
	uint64_t rejected; /* records that are in the rejects file instead, or would be */
	uint64_t files;
	uint64_t bytes;      /* of input */
	uint64_t lost;       /* values lost or changed, nulls not counted */
	uint64_t undeclared; /* of these, in fields of which the definitions do not foretell it (dragoman loss) */
	uint64_t marks;      /* protected groups (schema.h) that are not in the output as they were, with leave */
	uint64_t repeated;   /* ids that had been seen before */
	uint64_t by_kind[DGM_LOSS_KIND_COUNT];
	uint64_t by_field[DGM_FIELD_COUNT][DGM_LOSS_KIND_COUNT];
};

/* The loss report, one JSON object: {"records":[…],"fields":[…],"changes":[…],"counts":{…}}. output: NULL for none. */
struct dgm_loss_report {
	struct dgm_output *output;
	bool any;
	struct dgm_changes *changes; /* NULL without an output */
};

void dgm_loss_report_begin(struct dgm_loss_report *report, struct dgm_output *output, struct dgm_str target,
	struct dgm_str sandbox);
/* Counts the losses of a notice and writes its entry. number: of its record. */
void dgm_loss_report_add(struct dgm_loss_report *report, struct dgm_counts *counts, struct dgm_str file,
	uint64_t number, const struct dgm_notice *notice, const struct dgm_losses *losses);
/* Counts what reading did to the values of a notice that was written. */
void dgm_loss_report_changes(struct dgm_loss_report *report, const struct dgm_notice *notice);
void dgm_loss_report_end(struct dgm_loss_report *report, const struct dgm_counts *counts);

void dgm_loss_report_done(struct dgm_loss_report *report);

/* The items of a list: {"field":"subject.sex","rule":"code-word","count":5}, in the order of fields and rules. */
void dgm_changes_json(const struct dgm_changes *changes, struct dgm_output *output);

/* One reject, a line of JSON: file, record, line, column, offset, code, reason, and the original bytes. */
void dgm_reject_write(struct dgm_output *output, const struct dgm_input *input, const struct dgm_record *record,
	uint64_t number, const struct dgm_place *place, const char *code, struct dgm_str reason);

#endif
