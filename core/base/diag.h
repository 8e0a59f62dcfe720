/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnostics: what core has to say. Core never prints; it fills a struct dgm_diag and calls the sink it was given.
 * Codes are stable lower-case words; the manual dragoman-diagnostics(7) lists them.
 */
#ifndef DGM_BASE_DIAG_H
#define DGM_BASE_DIAG_H

#include "base/str.h"

struct dgm_diag {
	uint32_t severity; /* DGM_NOTE, DGM_WARNING, DGM_ERROR */
	const char *code;
	struct dgm_str file; /* as the user named it; "-" for standard input; empty where no file is concerned */
	struct dgm_place place;
	uint64_t record;      /* counted from 1; 0: not about a record */
	struct dgm_str field; /* schema path or source path; may be empty */
	struct dgm_str text;  /* one line, lower case, no value of a person */
	struct dgm_str value; /* the value concerned, shown only where the user allowed it; may be empty */
};

/* emit: called from the thread that found the problem; the diag and its slices die when it returns. */
struct dgm_diag_sink {
	void (*emit)(void *context, const struct dgm_diag *diag);
	void *context;
	uint64_t count[3]; /* by severity */
};

void dgm_diag_emit(struct dgm_diag_sink *sink, const struct dgm_diag *diag);

/* The short form for problems that concern a file and a place in it, or neither (file empty). */
void dgm_diag_text(struct dgm_diag_sink *sink, uint32_t severity, const char *code, struct dgm_str file,
	const struct dgm_place *place, const char *format, ...) __attribute__((format(printf, 6, 7)));

#endif
