/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Output: one large buffer in front of a file descriptor, errors that stick, sections that are put in order at the end,
 * encoding from UTF-8, and publication by temporary file, fsync and rename.
 *
 * Published is all or nothing: until dgm_output_commit the final name holds what it held before.
 */
#ifndef DGM_IO_OUTPUT_H
#define DGM_IO_OUTPUT_H

#include "base/diag.h"
#include "base/digest.h"

struct dgm_output;

/*
 * path: the final name; "-" is standard output, which cannot be taken back. The temporary file lies in the same
 * folder, mode 0600, O_EXCL. overwrite: whether an existing final name may be replaced. A symbolic link stays: the file
 * it leads to is replaced or created. A device or a pipe, or a link to one, is written through, as is "/dev/null".
 * NULL and a diagnostic ("output-open", "output-exists") on failure.
 */
struct dgm_output *dgm_output_file(struct dgm_str path, bool overwrite, struct dgm_diag_sink *diags);
/*
 * Into a descriptor that somebody else publishes; commit writes what is left, but does not sync. path: for messages;
 * folder: for what must wait in files, or -1. NULL and a diagnostic ("output-open").
 */
struct dgm_output *dgm_output_fd(int fd, int folder, struct dgm_str path, struct dgm_diag_sink *diags);
/* Into a file without a name beside another output, for reading it back; it is never published. The same on failure. */
struct dgm_output *dgm_output_beside(const struct dgm_output *output, struct dgm_diag_sink *diags);
/* Into memory, for tests and for small texts; dgm_output_bytes gives it after commit. */
struct dgm_output *dgm_output_memory(struct dgm_diag_sink *diags);

/*
 * Charset of the bytes written, before the first of them; the same names as dgm_input_charset. bom: write a byte-order
 * mark; "utf-16" always gets one and is little-endian. -1 and a diagnostic when unknown ("charset-unknown") or when the
 * charset has no such mark ("charset-bom").
 */
int dgm_output_charset(struct dgm_output *output, struct dgm_str charset, bool bom);

/* What is written for characters that the charset lacks: DGM_FALLBACK_..., before the first byte. */
void dgm_output_fallback(struct dgm_output *output, uint32_t style);

/* Adds every byte to the digest when it goes to its place; before the first byte. The digest stays the caller's. */
void dgm_output_digest(struct dgm_output *output, struct dgm_digest *digest);

/* As in struct dgm_host. Never fail visibly; the first error is reported once ("output-write") and kept. */
char *dgm_output_reserve(struct dgm_output *output, size_t n);
void dgm_output_advance(struct dgm_output *output, size_t n);
void dgm_output_write(struct dgm_output *output, struct dgm_str bytes);
void dgm_output_section(struct dgm_output *output, uint32_t number);

/* A file without a name beside the output, or in memory where it has no folder. The caller closes it. -1 and errno. */
int dgm_output_scratch(const struct dgm_output *output);
/*
 * In a child process: forgets what is buffered, which is the parent's, and hands all that is written from now on to take,
 * in order and not encoded, each run with the section that it is for.
 */
void dgm_output_divert(struct dgm_output *output, void (*take)(void *context, uint32_t section, struct dgm_str bytes),
	void *context);
/* What of it was not handed over yet. */
void dgm_output_divert_rest(struct dgm_output *output);

/*
 * The first error as a negative errno, or 0. `dgm_output_unencodable` counts characters that the charset cannot hold;
 * each was written as '?' for want of a fallback, and the caller is told of the first by a warning ("charset-unencodable").
 */
int dgm_output_error(const struct dgm_output *output);
uint64_t dgm_output_unencodable(const struct dgm_output *output);
/* Whether the output's charset has every character of a valid UTF-8 text. */
bool dgm_output_in_charset(const struct dgm_output *output, struct dgm_str text);
/* Whether the text arrives whole: by its characters, or by a fallback that loses none. */
bool dgm_output_encodes(const struct dgm_output *output, struct dgm_str text);
uint64_t dgm_output_size(const struct dgm_output *output); /* bytes of UTF-8 accepted so far */

/* The section that is written to. */
uint32_t dgm_output_current(const struct dgm_output *output);
/*
 * All that was written, in its order, in the temporary file, for reading it back before it is published; nothing may be
 * written any more. A descriptor at its start, which stays the output's; -1 where the output failed, or is no file.
 */
int dgm_output_reread(struct dgm_output *output);

/*
 * For outputs that one process writes and another one publishes. prepare: opens what writing may come to need, so that the
 * writing process can be one that opens nothing. fds: what it writes and reads back; how many. seal: writes all that is
 * left, in its order; nothing may be written any more. Both 0, or -1 after a diagnostic ("output-write").
 */
int dgm_output_prepare(struct dgm_output *output);
size_t dgm_output_fds(const struct dgm_output *output, int ret_fds[2]);
int dgm_output_seal(struct dgm_output *output);

/*
 * Flush, fsync, close, rename, fsync of the folder. 0, or -1 after one diagnostic (at the first error, or now); then
 * nothing was published, save where only the folder could not be synced, which the diagnostic says.
 */
int dgm_output_commit(struct dgm_output *output);
struct dgm_str dgm_output_bytes(const struct dgm_output *output);
/* Releases; removes the temporary file if commit did not happen. Accepts NULL. */
void dgm_output_free(struct dgm_output *output);

/* Removes all temporary files of outputs that are not committed: for handlers that end the process. Async-signal-safe. */
void dgm_output_abandon_all(void);

#endif
