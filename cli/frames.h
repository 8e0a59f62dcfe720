/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a worker says to the process that started it: frames of a kind and a length through a pipe. Who reads them may not
 * trust them, for the worker has read somebody's file.
 */
#ifndef DGM_CLI_FRAMES_H
#define DGM_CLI_FRAMES_H

#include "base/diag.h"

enum cli_frame {
	CLI_FRAME_DIAG = 1,
	CLI_FRAME_END,    /* the account of the work, whole */
	CLI_FRAME_SAID,   /* a line of the program's own: its code, 0, its text */
	CLI_FRAME_TALLY,  /* how often messages were not sent: struct cli_log_count */
	CLI_FRAME_MEMORY, /* memory ran out, and this is the end */
};

struct cli_frame_head {
	uint32_t kind, length;
};
#define CLI_FRAME_MAX ((size_t)32 << 10)

/* --- the worker's side --- */

/* From here on frames go to this pipe; diagnostics and lines wait in a buffer until an error or the end. */
void cli_frames_to(int pipe);
/* 0, or -1 where nobody reads any more. */
int cli_frame_send(enum cli_frame kind, const void *bytes, size_t n);
void cli_frame_diag(const struct dgm_diag *diag);
/* Sends what waits. */
int cli_frames_flush(void);

/* --- the other side --- */

/* Says what a diagnostic's frame says, or a line's. */
void cli_frame_say(struct dgm_str payload);
void cli_frame_said(struct dgm_str payload);

#endif
