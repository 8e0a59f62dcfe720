/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notices out of an input, one at a time: the engine's records, gathered where several rows are one, mapped and checked
 * for what no notice can be without. A record that fails costs itself; what it fails by was reported when it is returned.
 */
#ifndef DGM_PIPE_READING_H
#define DGM_PIPE_READING_H

#include "format/map.h"
#include "host/loader.h"
#include "host/options.h"
#include "io/input.h"

struct dgm_reading;

struct dgm_reading_options {
	struct dgm_search *plugins;
	struct dgm_diag_sink *diags;
	const struct dgm_format *format;
	struct dgm_input *input;                /* its charset is chosen */
	const struct dgm_option_given *options; /* of the command line; the definition's own come first */
	size_t option_count;
};

enum dgm_step {
	DGM_STEP_NOTICE,
	DGM_STEP_REFUSED, /* a record that makes no notice, see dgm_reading_refusal() */
	DGM_STEP_END,
	DGM_STEP_BROKEN, /* the input cannot be read further; reported */
};

/* Why a record was refused. Valid until the next step. */
struct dgm_refusal {
	const char *code;
	struct dgm_str reason;
	struct dgm_place place;
};

/* NULL after diagnostics: *ret_input is whether the fault is the input's (else a plugin's or an option's). */
struct dgm_reading *dgm_reading_open(const struct dgm_reading_options *options, bool *ret_input);
void dgm_reading_close(struct dgm_reading *reading);

/* The next record. notice: in an arena of the reading's, valid until the next step. */
enum dgm_step dgm_reading_next(struct dgm_reading *reading, struct dgm_notice *notice);
const struct dgm_refusal *dgm_reading_refusal(const struct dgm_reading *reading);

/* Why the input cannot be read in parts; NULL: it can, as far as the engine goes. */
const char *dgm_reading_undivided(const struct dgm_reading *reading);
/*
 * Goes on at a mark, whose spot in the input is given; number: of records in front of it. -1 where the engine cannot or
 * the input broke.
 */
int dgm_reading_resume(struct dgm_reading *reading, const struct dgm_mark *mark, struct dgm_spot spot, uint64_t number);
/* How many keys the input has shown. */
uint32_t dgm_reading_keys(const struct dgm_reading *reading);

/* Of the record of the last step: its number in the input, from 1, its events and bytes, and memory that lives as long. */
uint64_t dgm_reading_number(const struct dgm_reading *reading);
const struct dgm_record *dgm_reading_record(const struct dgm_reading *reading);
struct dgm_arena *dgm_reading_arena(struct dgm_reading *reading);

/* A diagnostic about that record. offset: of the value in the record's source. */
void dgm_reading_say(const struct dgm_reading *reading, uint32_t severity, const char *code, struct dgm_str field,
	uint32_t offset, struct dgm_str value, const char *text);
/* The same for a problem of the mapping; context is the reading. */
void dgm_reading_say_problem(void *context, const struct dgm_problem *problem);

#endif
