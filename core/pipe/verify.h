/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading back what was written, before it is published: every value that was to arrive must be in the notice that the
 * target's own reader makes of the output. What was to arrive is kept beside the output while it is written, in the
 * order of its sections; memory does not grow with it.
 */
#ifndef DGM_PIPE_VERIFY_H
#define DGM_PIPE_VERIFY_H

#include "format/loss.h"
#include "host/loader.h"
#include "host/options.h"
#include "io/output.h"

struct dgm_verify;

/*
 * output: the one that is to be read back, which outlives it; path: its name, for messages. every: of how many notices
 * one is compared. NULL after a diagnostic.
 */
struct dgm_verify *dgm_verify_new(const struct dgm_output *output, struct dgm_str path, uint64_t every,
	struct dgm_diag_sink *diags);
void dgm_verify_free(struct dgm_verify *verify);

/*
 * A notice that has just been written to a section of the output, and what it lost. number: of its record in the run,
 * from 1; every N-th record is compared, whatever became of those between. continued: it reads as one notice with the one
 * before.
 */
void dgm_verify_expect(struct dgm_verify *verify, uint64_t number, uint32_t section, bool continued,
	const struct dgm_notice *notice, const struct dgm_losses *losses);
/* What is expected and how many notices that makes, for those who let others write it. */
struct dgm_output *dgm_verify_expected(const struct dgm_verify *verify);
uint64_t *dgm_verify_written(struct dgm_verify *verify);

/*
 * Reads the output back. 0, or -1 after diagnostics: "verify-differs" for each value that did not arrive, "verify-count"
 * where there are more or fewer notices than were written, "verify-output" where it cannot be read. encoding: of the
 * output.
 */
int dgm_verify_run(struct dgm_verify *verify, struct dgm_output *output, const struct dgm_format *format,
	struct dgm_search *plugins, struct dgm_str encoding, const struct dgm_option_given *options,
	size_t option_count);
/* How many notices were compared. */
uint64_t dgm_verify_compared(const struct dgm_verify *verify);

#endif
