/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns for names of files: '*' is any run of bytes without '/', '?' one byte but '/', two stars in place of a folder are
 * any number of folders, all else stands for itself. A pattern without '/' is held against the last part of a path, one
 * with it against the whole path, which is relative.
 */
#ifndef DGM_BATCH_GLOB_H
#define DGM_BATCH_GLOB_H

#include "base/str.h"

bool dgm_glob(struct dgm_str pattern, struct dgm_str path);

#endif
