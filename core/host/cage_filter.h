/* SPDX-License-Identifier: Apache-2.0 */
/* The cage's list of allowed system calls, as a program of the kernel's filter machine. */
#ifndef DGM_HOST_CAGE_FILTER_H
#define DGM_HOST_CAGE_FILTER_H

#include <linux/filter.h>

#include "host/cage.h"

/* A row of the table is at most three steps for each group of descriptors and four more. */
#define DGM_FILTER_MAX 2048u

struct dgm_filter {
	struct sock_filter steps[DGM_FILTER_MAX];
	unsigned short count;
};

/* self: the process, which may signal itself (abort does). The fds are sorted out by dgm_cage_lock. */
void dgm_filter_build(struct dgm_filter *filter, const struct dgm_cage *cage, unsigned self);

#endif
