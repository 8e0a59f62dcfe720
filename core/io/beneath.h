/* SPDX-License-Identifier: Apache-2.0 */
/* Opening what lies below a folder, and only there: no name that comes from outside leads out, and no link is followed. */
#ifndef DGM_IO_BENEATH_H
#define DGM_IO_BENEATH_H

#include "base/str.h"

/*
 * path: relative to the open folder root; "" or "." is root itself. flags: of open(2); O_CLOEXEC is added. -1 and errno;
 * ELOOP or EXDEV where a link or ".." stands in the way.
 */
int dgm_open_beneath(int root, const char *path, int flags);

/*
 * The folder of a path below root, made with its parents where it is not there, mode 0700; a new one's parent is synced.
 * *ret_name: the last component, inside path. An O_PATH descriptor, or -1 and errno.
 */
int dgm_make_beneath(int root, const char *path, const char **ret_name);
/* The same of a folder that is there already: none is made. */
int dgm_folder_beneath(int root, const char *path, const char **ret_name);

#endif
