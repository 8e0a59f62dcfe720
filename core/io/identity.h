/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a file is still the one that it was. */
#ifndef DGM_IO_IDENTITY_H
#define DGM_IO_IDENTITY_H

#include <stdbool.h>
#include <sys/stat.h>

/*
 * Two looks at a file: whether device, number, size, and the times of writing and of change are the same. Kernels before
 * 6.13 keep times in ticks of some milliseconds; what happens within one and leaves the size alone is not seen.
 */
bool dgm_stat_same(const struct stat *a, const struct stat *b);

#endif
