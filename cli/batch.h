/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A batch: a tree of files, each converted by a task of its own into a mirrored tree. The process that was started (the
 * broker) opens the files, hands their descriptors to workers, keeps the journal and publishes; it reads no byte of an
 * input but for its digest. The workers convert. What a batch knows of a file lies in its journal, so that memory is a
 * list of paths: 48 bytes and the path for each entry of the source.
 */
#ifndef DGM_CLI_BATCH_H
#define DGM_CLI_BATCH_H

#include <sys/types.h>

#include "batch/config.h"
#include "batch/journal.h"
#include "batch/mirror.h"
#include "batch/setup.h"
#include "frames.h"
#include "task.h"

/* Workers at once: far above any machine that it makes sense on, and within the descriptors that a process may have. */
#define CLI_JOBS_MAX 128u

/* What becomes of an entry of the tree, beside what the tree itself says of it. */
struct cli_fate {
	uint64_t line; /* where the journal speaks of it last; 0: nowhere */
	uint32_t shard;
	const char *from, *encoding; /* as somebody said for this file; NULL: as the request says */
};

struct cli_batch_options {
	struct cli_request common;
	const char *source, *target, *config, *rejects, *reports, *report;
	struct dgm_config patterns; /* of the command line and of the configuration */
	uint64_t jobs;
	bool no_config;
};

/* What this run did. */
struct cli_doing {
	uint64_t files, bytes, done, failed, unchanged, vanished, moved;
	uint64_t records;        /* read in this run */
	uint64_t planned_bytes;  /* of all files that are to be looked at */
	uint64_t begun, painted; /* milliseconds, for the line of progress */
	bool terminal;
};

struct cli_batch {
	struct cli_batch_options *options;
	struct cli_session session;
	const struct dgm_format *format; /* the target */
	struct dgm_setup setup;
	char key[DGM_LINE_SUM + 1];    /* of the setup, as journals have it */
	int source, target, own, lock; /* folders, and "target/.dragoman"; -1 */
	int rejects, reports;          /* folders; rejects is target where they go below it, reports is -1 for none */
	const char *rejects_prefix;    /* "rejects/" or "" */
	const char *journal_name;
	struct dgm_tree tree;
	uint8_t *names; /* of outputs, by entry */
	struct cli_fate *fates;
	uint32_t shard;       /* only files of this shard are converted; 0: all */
	struct dgm_tree gone; /* inputs that the journal knows and the tree does not; size: the order of what is said */
	struct dgm_tree begun; /* outputs that a run had in work when it ended */
	struct dgm_journal journal;
	struct dgm_line line;
	struct dgm_arena arena;      /* of what is in hand for a moment */
	struct cli_commits *commits; /* published, and not on the disk for certain */
	struct cli_doing doing;
	bool broken; /* the journal cannot be written: the run ends */
};

/* --- batch.c: the parts of a run, in this order --- */

/* Opens folders, session, target and setup, and takes the lock of that name; 0, or an exit status after a message. */
int cli_batch_open(struct cli_batch *batch, struct cli_batch_options *options, const char *lock);
/* Takes the lock of a name below the target; 0, or an exit status after a message. */
int cli_batch_lock(struct cli_batch *batch, const char *name);
/* Lists the source and names the outputs. */
int cli_batch_list(struct cli_batch *batch);
void cli_batch_close(struct cli_batch *batch);

/* Where things of an input go, in the batch's arena. */
const char *cli_batch_output(struct cli_batch *batch, size_t index);
const char *cli_batch_rejects(struct cli_batch *batch, const char *path);
const char *cli_batch_report(struct cli_batch *batch, const char *path);
bool cli_batch_wants(const struct cli_batch *batch, size_t index);

/* --- batch_journal.c: what the journal says, and what it is told --- */

/* What is known of a file that was converted, as workers report and as journals have it. */
struct cli_tally {
	char code[48];
	uint64_t count;
};

#define CLI_TALLIES 40u /* codes that a file's entry counts; there are few in any one file */

struct cli_file_report {
	uint32_t status;
	uint32_t tally_count;
	uint64_t read, written, rejected, lost, repeated, bytes;
	uint8_t input[DGM_DIGEST_SIZE], output[DGM_DIGEST_SIZE];
	uint8_t publish, publish_rejects, publish_report;
	char format[72], code[48], reason[200]; /* code, reason: of the last error; texts end in 0 */
	struct cli_tally tallies[CLI_TALLIES];
};

/* Reads the journal, clears what a killed run left, and begins a run in it. -1 after a diagnostic. */
int cli_journal_begin(struct cli_batch *batch);
/* Whether what an earlier run made of a file still holds: input, setup and outputs are as they were. */
bool cli_journal_holds(struct cli_batch *batch, size_t index);
void cli_journal_started(struct cli_batch *batch, size_t index);
void cli_journal_done(struct cli_batch *batch, size_t index, const struct cli_file_report *report);
void cli_journal_failed(struct cli_batch *batch, size_t index, const struct cli_file_report *report);
/* The line of a file; false where there is none. */
bool cli_journal_line(struct cli_batch *batch, size_t index, struct dgm_str *ret_body);
/* Takes over what another journal says of a file, unless this one says the same. */
void cli_journal_copy(struct cli_batch *batch, size_t index, struct dgm_str body);
/* Tells of inputs that are gone. */
void cli_journal_vanished(struct cli_batch *batch);

/* --- batch_commit.c --- */

/*
 * A file is published in folders that are not synced yet (they stay the caller's; the second may be -1). It is done, and
 * the journal is told, when they are: for many files at once.
 */
void cli_commit_add(struct cli_batch *batch, size_t index, const struct cli_file_report *account, int folder,
	int report_folder);
/* Now, for all of them. */
void cli_commit_flush(struct cli_batch *batch);
void cli_commit_free(struct cli_batch *batch);

/* --- batch_run.c --- */

/* Converts what is to be converted. 0, or an exit status where the run could not go on. */
int cli_batch_run(struct cli_batch *batch);

/* --- batch_worker.c --- */

/* Of one file, from the broker to a helper, with the descriptors below. */
struct cli_order {
	uint32_t from_length, encoding_length, name_length, output_length; /* texts behind it, each with a 0 byte */
	uint32_t fd_count;
};
enum { CLI_FD_INPUT, CLI_FD_OUTPUT, CLI_FD_FOLDER, CLI_FD_REJECTS, CLI_FD_PIPE, CLI_FD_REPORT, CLI_FD_COUNT };

/* Starts a process that takes orders and has a worker carry out each; *ret_socket leads to it. -1 and errno. */
pid_t cli_helper_start(struct cli_batch *batch, int *ret_socket);

/* --- batch_account.c --- */

/* Writes report.json and the table; the exit status. */
int cli_batch_account(struct cli_batch *batch);
void cli_progress_begin(struct cli_batch *batch);
void cli_progress(struct cli_batch *batch);
void cli_progress_end(struct cli_batch *batch);

#endif
