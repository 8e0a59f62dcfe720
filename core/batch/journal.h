/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal of a batch: a file to which lines (line.h) are only ever added, one call of write(2) each. It is read when
 * it is opened; a last line that a crash tore is cut off, a damaged one in the middle is passed over, and both are said.
 * dragoman(1), "JOURNAL", has the words and keys.
 */
#ifndef DGM_BATCH_JOURNAL_H
#define DGM_BATCH_JOURNAL_H

#include "base/diag.h"
#include "batch/line.h"

struct dgm_journal {
	int fd;
	uint64_t size;
	uint64_t unsynced; /* lines that fsync has not seen */
	struct dgm_str path;
	struct dgm_diag_sink *diags;
};

/*
 * Opens or makes a journal in a folder. take: called for each sound line with its offset, in order. path: for messages,
 * not copied. 0, or -1 after a diagnostic ("journal-unusable"); "journal-torn" and "journal-damaged" are warnings.
 */
int dgm_journal_open(struct dgm_journal *journal, int folder, const char *name, struct dgm_str path,
	struct dgm_diag_sink *diags, void (*take)(void *context, uint64_t offset, struct dgm_str body), void *context);
/* Adds a line. *ret_offset: where it stands; may be NULL. -1 after a diagnostic ("journal-write"). */
int dgm_journal_add(struct dgm_journal *journal, struct dgm_str line, uint64_t *ret_offset);
/* What was added is on the disk. -1 after a diagnostic. */
int dgm_journal_sync(struct dgm_journal *journal);
/* The body of the line at an offset, in the arena. -1 after a diagnostic ("journal-unusable"). */
int dgm_journal_read(const struct dgm_journal *journal, uint64_t offset, struct dgm_arena *arena,
	struct dgm_str *ret_body);
void dgm_journal_close(struct dgm_journal *journal);

/*
 * Takes a lock on a file in a folder, made where it is not there, which ends with the process. *ret_fd holds it.
 * 1: another process has it; -1: it cannot be made, and errno.
 */
int dgm_lock(int folder, const char *name, int *ret_fd);

#endif
