/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Publication: a file appears under its final name whole or not at all. Until the commit it lies beside it under the
 * name ".dragoman-XXXXXX.tmp", mode 0600 whatever the umask and whatever an older file of that name allowed.
 */
#ifndef DGM_IO_PUBLISH_H
#define DGM_IO_PUBLISH_H

#include "base/diag.h"

struct dgm_publish;

/* As dgm_output_file. */
struct dgm_publish *dgm_publish_open(struct dgm_str path, bool overwrite, struct dgm_diag_sink *diags);

/*
 * The same for a name in an open folder, which it does not leave: no link is followed, and whatever file lies under the
 * name is replaced. The temporary name follows from the final one, so that what a killed process left is found: it is
 * removed first. Hence nobody else may be at work on that name. shown: for messages. folder stays the caller's.
 */
struct dgm_publish *dgm_publish_at(int folder, struct dgm_str name, struct dgm_str shown, struct dgm_diag_sink *diags);
/* Removes what a killed process left of that; whether there was something. */
bool dgm_publish_leftover(int folder, struct dgm_str name);

/* Writes through a descriptor that somebody else publishes. folder: for scratch files, or -1. Both are copied. */
struct dgm_publish *dgm_publish_fd_of(int fd, int folder, struct dgm_str shown, struct dgm_diag_sink *diags);

/* Where to write; stays the publication's. */
int dgm_publish_fd(const struct dgm_publish *publish);

/*
 * A file without a name, for reading and writing, beside the final one (so that nothing personal comes to lie where the
 * user did not send it) or in memory where the output has no folder. The caller closes it. -1 and errno.
 */
int dgm_publish_scratch(const struct dgm_publish *publish);

/* As dgm_output_commit; the result is 0 or a negative errno. Once only. */
int dgm_publish_commit(struct dgm_publish *publish);

/*
 * The same of a file that is synced, without a sync of its folder: dgm_publish_sync does that for many files at once, and
 * until then a power cut may undo them. sync: 0, or a negative errno after a diagnostic; shown is for that.
 */
int dgm_publish_rename(struct dgm_publish *publish);
int dgm_publish_sync(int folder, struct dgm_str shown, struct dgm_diag_sink *diags);

/* Without a commit before: as if it had never been opened. Accepts NULL. */
void dgm_publish_free(struct dgm_publish *publish);

/* As dgm_output_abandon_all. */
void dgm_publish_abandon_all(void);

#endif
