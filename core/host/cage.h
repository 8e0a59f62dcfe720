/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cage: a process that has all it needs open locks itself, and can from then on open, connect and execute nothing and
 * touch no descriptor that was not named. It is for workers: forked, locked, and only then given a byte of anybody's file.
 *
 * Three layers, because each lets through what another stops: Landlock knows no stat, socket or memfd; limits no truncate
 * or unlink; the filter alone would stand between one fault of the kernel and the user's files.
 */
#ifndef DGM_HOST_CAGE_H
#define DGM_HOST_CAGE_H

#include "base/diag.h"

enum dgm_cage_use {
	DGM_CAGE_READ = 1,  /* read, seek, look at its size and times */
	DGM_CAGE_WRITE = 2, /* write, seek, look at */
	DGM_CAGE_BOTH = 3,  /* a temporary file that is read back */
};

/* Descriptors first to last, both included. */
struct dgm_cage_fds {
	int first, last;
	uint32_t use; /* DGM_CAGE_... */
};

/* Groups of descriptors; neighbours with the same use may be one. Far above what a conversion has. */
#define DGM_CAGE_FDS_MAX 64u

struct dgm_cage {
	const struct dgm_cage_fds *fds;
	size_t fd_count;
	uint64_t memory; /* bytes of address space beyond what the process has now; 0: no limit */
	uint64_t cpu;    /* seconds of processor time, those used before included; 0: no limit */
	uint64_t file;   /* bytes that a file may grow to; 0: no limit */
	bool threads;    /* new threads may be made; new processes never */
	bool partial;    /* go on with what the system has; else a lock without a filter is none */
};

/* What is in force, as data. */
struct dgm_cage_state {
	bool filter;       /* seccomp: the list of allowed calls */
	uint32_t landlock; /* the kernel's interface number, 0: it has none */
	bool limits, undumpable;
	bool memory; /* the limit on memory, which programs built with sanitizers cannot have */
};

/* What this system can do, without doing it. */
struct dgm_cage_state dgm_cage_offers(void);

/*
 * Locks the calling process, which must have one thread, for ever; other descriptors than those named are closed. The
 * signals a limit sends keep their meaning: SIGXCPU (processor time), SIGSYS (a call that is not allowed; it ends the
 * process). 0; or -1 and a diagnostic ("sandbox-unavailable"), and then the caller must not go on.
 */
int dgm_cage_lock(const struct dgm_cage *cage, struct dgm_cage_state *ret_state, struct dgm_diag_sink *diags);

/* "seccomp, Landlock 7, limits" or "nothing". */
struct dgm_str dgm_cage_text(const struct dgm_cage_state *state, char room[96]);

#endif
