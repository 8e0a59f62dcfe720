/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A conversion: inputs of known formats, one after another, into one output. The serial loop, record by record, all of
 * it in one arena that is emptied before the next.
 */
#ifndef DGM_PIPE_CONVERT_H
#define DGM_PIPE_CONVERT_H

#include "host/loader.h"
#include "host/options.h"
#include "pipe/advice.h"
#include "pipe/against.h"
#include "pipe/media.h"
#include "pipe/report.h"
#include "pipe/verify.h"

struct dgm_conversion;

struct dgm_conversion_options {
	struct dgm_search *plugins;
	struct dgm_diag_sink *diags;
	const struct dgm_format *target;
	struct dgm_output *output;
	struct dgm_output *rejects;                    /* NULL: not kept */
	struct dgm_output *report;                     /* NULL: not kept */
	const struct dgm_option_given *writer_options; /* of the command line; the definition's own come first */
	size_t writer_option_count;
	struct dgm_str encoding;         /* of the output; empty: the target's */
	struct dgm_media *media;         /* NULL: those of bundles are nobody's concern */
	struct dgm_verify *verify;       /* NULL: the output is not read back */
	const struct dgm_advice *advice; /* on the rules of validate; NULL: none */
	bool validate;                   /* hold each notice against the rules of notice/validate.h */
	bool strict;                     /* a warning of reading or validating makes a record invalid, too */
	bool keep_invalid;               /* write invalid records all the same; else they are rejected */
	bool count_undeclared; /* dgm_counts.undeclared, which costs a look at both definitions for each input */
	uint64_t max_errors;   /* stop behind so many rejected records; 0: never */
	const struct dgm_schema_file *schema; /* that the output must obey; NULL: none */
	unsigned jobs;                        /* processes that convert one input; 0 and 1: this one alone */
	bool jobs_wanted;                     /* say where jobs cannot be had */
	void (*leave)(int status);            /* ends such a process at once; without it there are none */
	uint64_t part_size; /* bytes of an input that one of them gets at once; 0: as the input's size makes sense */
	struct dgm_str sandbox; /* what locks the process, for the report */
	bool provenance;
	bool allow_handling_loss; /* else a record of which a protected group would lose something is rejected */
};

enum dgm_outcome {
	DGM_OUTCOME_DONE,
	DGM_OUTCOME_INPUT,   /* an input could not be read to its end */
	DGM_OUTCOME_OUTPUT,  /* the output failed */
	DGM_OUTCOME_STOPPED, /* max_errors were reached */
	DGM_OUTCOME_DIFFERS, /* what was written does not read back the same */
	DGM_OUTCOME_PLUGIN,  /* a plugin or an option is not usable */
};

/* Loads the target's engine and opens its writer. NULL and diagnostics where that fails. */
struct dgm_conversion *dgm_conversion_new(const struct dgm_conversion_options *options);
/*
 * Reads one input, whose charset is chosen, to its end. Records that were whole before an error are written.
 * reader_options: of the command line.
 */
enum dgm_outcome dgm_conversion_run(struct dgm_conversion *conversion, const struct dgm_format *source,
	struct dgm_input *input, const struct dgm_option_given *reader_options, size_t reader_option_count);
/* Writes what stands at the end of the output and of the report. */
enum dgm_outcome dgm_conversion_finish(struct dgm_conversion *conversion);
/* Behind that: reads the output back and holds it against a schema, as the options say. DGM_OUTCOME_DIFFERS after diagnostics. */
enum dgm_outcome dgm_conversion_verify(struct dgm_conversion *conversion);
const struct dgm_counts *dgm_conversion_counts(const struct dgm_conversion *conversion);
void dgm_conversion_free(struct dgm_conversion *conversion);

#endif
