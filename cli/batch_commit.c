/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Syncing a folder takes the disk as long as syncing a file, and many files share one. So files are published one by one,
 * and written down as done a few dozen at a time, behind one sync for each folder. A power cut in between costs doing
 * them again.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "batch.h"
#include "io/publish.h"
#include "log.h"

/* At most so many wait; each holds up to two descriptors. */
#define WAITING_MAX 32u

struct waiting {
	size_t index;
	int folders[2];
	bool failed;
	struct cli_file_report account;
};

struct cli_commits {
	size_t count;
	struct waiting files[WAITING_MAX];
};

void cli_commit_add(struct cli_batch *batch, size_t index, const struct cli_file_report *account, int folder,
	int report_folder)
{
	if (!batch->commits)
		batch->commits = dgm_xcalloc(1, sizeof *batch->commits);
	struct waiting *file = &batch->commits->files[batch->commits->count++];
	*file = (struct waiting){.index = index,
		.folders = {fcntl(folder, F_DUPFD_CLOEXEC, 3),
			report_folder >= 0 ? fcntl(report_folder, F_DUPFD_CLOEXEC, 3) : -1},
		.account = *account};
	/* Without a descriptor to sync by there is nothing to promise. */
	file->failed = file->folders[0] < 0 || (report_folder >= 0 && file->folders[1] < 0);
	if (batch->commits->count == WAITING_MAX)
		cli_commit_flush(batch);
}

/* Syncs each folder once; which files it concerns is told by the folders themselves. */
static void sync_folders(struct cli_batch *batch, size_t which)
{
	struct cli_commits *commits = batch->commits;
	struct stat seen[WAITING_MAX];
	bool good[WAITING_MAX];
	size_t count = 0;
	for (size_t i = 0; i < commits->count; i++) {
		struct waiting *file = &commits->files[i];
		struct stat here;
		size_t at = 0;
		if (file->folders[which] < 0 || fstat(file->folders[which], &here) != 0)
			continue;
		while (at < count && (seen[at].st_dev != here.st_dev || seen[at].st_ino != here.st_ino))
			at++;
		if (at == count) {
			seen[count] = here;
			good[count++] = dgm_publish_sync(file->folders[which],
						dgm_str(batch->tree.entries[file->index].path), &cli_diags) == 0;
		}
		file->failed = file->failed || !good[at];
	}
}

static void write_down(struct cli_batch *batch, struct waiting *file)
{
	struct cli_file_report *account = &file->account;
	if (file->failed) {
		account->status = CLI_OUTPUT;
		memcpy(account->code, "output-write", sizeof "output-write");
		memcpy(account->reason, "its folder cannot be synced", sizeof "its folder cannot be synced");
	}
	/* What broke off and was published all the same is tried again. */
	if (account->publish && account->status <= CLI_REJECTED) {
		cli_journal_done(batch, file->index, account);
		batch->doing.done++;
	} else {
		cli_journal_failed(batch, file->index, account);
		batch->doing.failed++;
	}
	if (cli_settings.json_log || cli_settings.verbosity > 0)
		dgm_diag_text(&cli_diags, DGM_NOTE, "file-done", dgm_str(batch->tree.entries[file->index].path), NULL,
			"%llu read, %llu written, %llu rejected", (unsigned long long)account->read,
			(unsigned long long)account->written, (unsigned long long)account->rejected);
}

void cli_commit_flush(struct cli_batch *batch)
{
	struct cli_commits *commits = batch->commits;
	if (!commits || commits->count == 0)
		return;
	sync_folders(batch, 0);
	sync_folders(batch, 1);
	for (size_t i = 0; i < commits->count; i++) {
		write_down(batch, &commits->files[i]);
		for (size_t f = 0; f < DGM_COUNT(commits->files[i].folders); f++)
			if (commits->files[i].folders[f] >= 0)
				close(commits->files[i].folders[f]);
	}
	commits->count = 0;
}

void cli_commit_free(struct cli_batch *batch)
{
	free(batch->commits);
	batch->commits = NULL;
}
