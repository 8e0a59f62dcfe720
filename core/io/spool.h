/* SPDX-License-Identifier: Apache-2.0 */
/* Files without a name for what must be had again: an archive that came through a pipe. */
#ifndef DGM_IO_SPOOL_H
#define DGM_IO_SPOOL_H

#include "base/str.h"

/* In /var/tmp or /tmp, or in memory where neither can hold such files. -1 and errno. */
int dgm_spool_open(void);
/* All of it, at the file's end. false and errno. */
bool dgm_spool_write(int fd, struct dgm_str bytes);
/* n bytes from a place on, fewer only at the file's end. false and errno. */
bool dgm_spool_read(int fd, uint64_t offset, char *buffer, size_t n, size_t *ret_n);

#endif
