/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A conversion by a process that is locked before it reads. What was started opens inputs and outputs, loads definitions and
 * plugins, and publishes; it looks at no byte of an input.
 */
#ifndef DGM_CLI_CAGED_H
#define DGM_CLI_CAGED_H

#include "task.h"

/*
 * task: its members above the line are set, but for the lock. 0: ret_end tells what came of it; or an exit status after a
 * message, and there is nothing to publish.
 */
int cli_caged_convert(struct cli_task *task, int count, char **paths, struct cli_task_end *ret_end);

#endif
