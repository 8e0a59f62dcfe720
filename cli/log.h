/* SPDX-License-Identifier: Apache-2.0 */
/* Diagnostics on standard error, for people (file:line:col: severity: text [code]) or as JSON lines. */
#ifndef DGM_CLI_LOG_H
#define DGM_CLI_LOG_H

#include "base/diag.h"

/* The sink of the program. */
extern struct dgm_diag_sink cli_diags;

/* How often a code was said, shown or not. */
struct cli_log_count {
	char code[48];
	uint64_t count;
	uint32_t severity;
};

/* Far above what one run says. */
#define CLI_LOG_COUNTS 128u

/* Counts a message; whether it is one of those that are shown. */
bool cli_log_shows(const struct dgm_diag *diag);
/* In a worker: counting begins anew, and cli_say says it there. */
void cli_log_elsewhere(void (*say)(const char *code, const char *text));
const struct cli_log_count *cli_log_counts(size_t *ret_count);
/* What a worker has counted and not shown. */
void cli_log_add(const struct cli_log_count *count);

/* Says how many messages were left out, by code; at the end of a run. */
void cli_log_end(void);

/* A line of the program's own, unless quiet: "dragoman: ...". As JSON a note with the code. */
void cli_say(const char *code, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
