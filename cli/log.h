/* SPDX-License-Identifier: Apache-2.0 */
/* Diagnostics on standard error, for people (file:line:col: severity: text [code]) or as JSON lines. */
#ifndef DGM_CLI_LOG_H
#define DGM_CLI_LOG_H

#include "base/diag.h"

/* The sink of the program. */
extern struct dgm_diag_sink cli_diags;

/* Says how many messages were left out, by code; at the end of a run. */
void cli_log_end(void);

/* A line of the program's own, unless quiet: "dragoman: ...". As JSON a note with the code. */
void cli_say(const char *code, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
