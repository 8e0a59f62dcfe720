/* SPDX-License-Identifier: Apache-2.0 */
/* Which descriptors a task has, in one list. */
#include "lock.h"

#include "log.h"

void cli_fds_add(struct cli_fds *fds, int fd, uint32_t use)
{
	struct dgm_cage_fds *last = fds->count ? &fds->list[fds->count - 1] : NULL;
	if (last && last->use == use && fd == last->last + 1) {
		last->last = fd;
		return;
	}
	if (fds->count == DGM_CAGE_FDS_MAX)
		fds->full = true;
	else
		fds->list[fds->count++] = (struct dgm_cage_fds){.first = fd, .last = fd, .use = use};
}

int cli_fds_output(struct cli_fds *fds, struct dgm_output *output)
{
	int own[2];
	if (!output)
		return 0;
	if (dgm_output_prepare(output) != 0)
		return -1;
	const size_t count = dgm_output_fds(output, own);
	for (size_t i = 0; i < count; i++)
		cli_fds_add(fds, own[i], DGM_CAGE_BOTH);
	return 0;
}

int cli_fds_lock(const struct cli_fds *fds, const struct cli_limits *limits, struct dgm_cage_state *ret_state)
{
	struct dgm_cage cage;
	if (fds->full) {
		dgm_diag_text(&cli_diags, DGM_ERROR, "sandbox-unavailable", DGM_NOSTR, NULL,
			"the inputs are too many and their descriptors too scattered; nothing was read");
		return -1;
	}
	cli_limits_cage(limits, &cage);
	cage.fds = fds->list;
	cage.fd_count = fds->count;
	return dgm_cage_lock(&cage, ret_state, &cli_diags);
}

int cli_lock(struct cli_task *task)
{
	struct cli_fds fds = {0};
	const struct cli_lock *lock = task->lock;
	cli_fds_add(&fds, lock->pipe, DGM_CAGE_WRITE);
	for (size_t i = 0; i < lock->output_count; i++)
		if (lock->outputs[i] >= 0)
			cli_fds_add(&fds, lock->outputs[i], DGM_CAGE_BOTH);
	for (size_t i = 0; i < lock->input_count; i++)
		cli_fds_add(&fds, lock->inputs[i], DGM_CAGE_READ);
	if (cli_fds_output(&fds, task->outputs.main) != 0 || cli_fds_output(&fds, task->outputs.rejects) != 0 ||
		cli_fds_output(&fds, task->outputs.report) != 0)
		return -1;
	if (task->outputs.bundle) {
		const int media = dgm_media_prepare(task->media);
		if (media >= 0)
			cli_fds_add(&fds, media, DGM_CAGE_BOTH);
		if (cli_fds_output(&fds, task->outputs.bundle) != 0)
			return -1;
	}
	if (task->verify && cli_fds_output(&fds, dgm_verify_expected(task->verify)) != 0)
		return -1;
	return cli_fds_lock(&fds, &task->request->limits, &task->lock->state);
}
