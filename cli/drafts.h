/* SPDX-License-Identifier: Apache-2.0 */
/* Definitions in the making: drafts, and what still has to be done to one. */
#ifndef DGM_CLI_DRAFTS_H
#define DGM_CLI_DRAFTS_H

#include "session.h"

/* Writes a draft and says how its sample is read by it. sample, path: may be NULL. An exit status. */
int cli_draft(struct cli_session *session, const char *id, const char *sample, const char *path);

/* What a definition that compiles lacks, to standard output. */
void cli_say_missing(const struct dgm_format *format, const char *path);

#endif
