/* SPDX-License-Identifier: Apache-2.0 */
/* Locking the process that carries out a task: what it will need is opened, and then it can open nothing. */
#ifndef DGM_CLI_LOCK_H
#define DGM_CLI_LOCK_H

#include "task.h"

/* A list of descriptors for the cage, in which neighbours are one. */
struct cli_fds {
	struct dgm_cage_fds list[DGM_CAGE_FDS_MAX];
	size_t count;
	bool full; /* some found no place */
};

void cli_fds_add(struct cli_fds *fds, int fd, uint32_t use);
/* What an output writes and reads back; opens what it may come to need. -1 after a diagnostic. */
int cli_fds_output(struct cli_fds *fds, struct dgm_output *output);
/* Locks the process with these. -1 after a diagnostic. */
int cli_fds_lock(const struct cli_fds *fds, const struct cli_limits *limits, struct dgm_cage_state *ret_state);

/* All of it for a task with its outputs and its verify. -1 after a diagnostic. */
int cli_lock(struct cli_task *task);

#endif
