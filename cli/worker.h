/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work that is done in a process of its own, which locks itself before it reads anything. What it says and its result come
 * back through a pipe; a worker that dies, or whose result is not whole, has done nothing.
 */
#ifndef DGM_CLI_WORKER_H
#define DGM_CLI_WORKER_H

#include "worker_limits.h"

struct cli_worker {
	void (*work)(void *context, int pipe); /* in the worker; pipe: a descriptor that the lock must name */
	void *context;
	void *result; /* what the work fills in; copied back from the worker */
	size_t result_size;
	const char *name; /* of what it works on, for messages; NULL for several things */
	const struct cli_limits *limits;
};

/* Starts it and waits for its end. 0, or an exit status after a message. */
int cli_worker_run(const struct cli_worker *worker);

/* In a process that was forked for such work by somebody else: what it says goes to the pipe, signals end it. */
void cli_worker_begin(int pipe);

/*
 * The code of a worker's end by a signal and a text that says so, in room; *ret_status: the exit status. by: the signal;
 * no_memory: it said so itself.
 */
const char *cli_worker_ended(const struct cli_limits *limits, int by, bool no_memory, char room[160], int *ret_status);

#endif
