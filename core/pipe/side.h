/* SPDX-License-Identifier: Apache-2.0 */
/* One side of a conversion: the engine of a format with its options and its job, ready to open a reader or a writer. */
#ifndef DGM_PIPE_SIDE_H
#define DGM_PIPE_SIDE_H

#include "format/definition.h"
#include "host/job.h"
#include "host/loader.h"
#include "host/options.h"

struct dgm_side {
	const struct dgm_loaded *engine;
	struct dgm_job *job;
	void *config;
	void *instance; /* of the reader or writer, once opened */
	struct dgm_arena arena;
};

/*
 * Loads the engine and fills its options: the definition's, then those given. file: what its reports are about. 0, or -1
 * after diagnostics; either way dgm_side_done() releases.
 */
int dgm_side_open(struct dgm_side *side, struct dgm_search *plugins, const struct dgm_format *format,
	struct dgm_str file, const struct dgm_option_given *given, size_t given_count, struct dgm_diag_sink *diags);
/* The job and what belongs to it; the instance was closed before. */
void dgm_side_done(struct dgm_side *side);
/* What the engine is opened with; the caller adds input or output. */
struct dgm_open dgm_side_opening(const struct dgm_side *side, const struct dgm_format *format, bool writing);
/* Says that the engine cannot read or write. */
void dgm_side_no_direction(const struct dgm_side *side, struct dgm_diag_sink *diags, const char *verb);

/* What is said of a problem with a value, "kept as it is" where its code has no text of its own. */
const char *dgm_problem_text(const char *code);

#endif
