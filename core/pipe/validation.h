/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Validation of inputs: what reading has to say, the rules of notices (notice/validate.h), and what only the inputs
 * together show: identifiers that stand twice, references that lead nowhere.
 */
#ifndef DGM_PIPE_VALIDATION_H
#define DGM_PIPE_VALIDATION_H

#include "pipe/advice.h"
#include "pipe/findings.h"
#include "pipe/reading.h"

/* References remembered until the end of a run, to see whether they lead anywhere. */
#define DGM_REFERENCES_MAX 65536u

struct dgm_validation_options {
	struct dgm_search *plugins;
	struct dgm_diag_sink *diags; /* gets what is said, after advice; NULL: nobody */
	const struct dgm_advice *advice;
	struct dgm_findings *findings;
	bool strict;         /* a warning makes a record invalid, too */
	uint64_t max_errors; /* stop behind so many; 0: never */
};

struct dgm_validation_counts {
	uint64_t read, valid, invalid, rejected; /* records: read is the others' sum */
};

enum dgm_validated {
	DGM_VALIDATED,         /* to the input's end */
	DGM_VALIDATED_STOPPED, /* max_errors were reached */
	DGM_VALIDATED_BROKEN,  /* the input could not be read to its end */
	DGM_VALIDATED_PLUGIN,  /* a plugin or an option is not usable */
};

struct dgm_validation;

struct dgm_validation *dgm_validation_new(const struct dgm_validation_options *options);
void dgm_validation_free(struct dgm_validation *validation);
/* The sink that everything about an input goes through: for what is said of it before it is read. */
struct dgm_diag_sink *dgm_validation_sink(struct dgm_validation *validation);
/* One input, whose charset is chosen. */
enum dgm_validated dgm_validation_run(struct dgm_validation *validation, const struct dgm_format *format,
	struct dgm_input *input, const struct dgm_option_given *options, size_t option_count);
/* Behind the last input: references that lead nowhere. */
void dgm_validation_finish(struct dgm_validation *validation);
const struct dgm_validation_counts *dgm_validation_counts(const struct dgm_validation *validation);

#endif
