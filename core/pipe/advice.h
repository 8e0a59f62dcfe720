/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a user makes of codes: a YAML map of codes to error, warning, note or off, for those who know their data. Errors
 * of reading stay errors: a record that was refused is not made sound by advice.
 */
#ifndef DGM_PIPE_ADVICE_H
#define DGM_PIPE_ADVICE_H

#include "base/arena.h"
#include "base/diag.h"

struct dgm_advice {
	struct dgm_arena arena;
	struct dgm_advised {
		const char *code;
		int8_t severity; /* DGM_NOTE ... DGM_ERROR; DGM_ADVICE_OFF */
	} * entries;
	size_t count, capacity;
	bool only; /* codes without an entry are off, unless they are errors of reading */
};

#define DGM_ADVICE_OFF (-1)

/* Adds the entries of a file; -1 after diagnostics ("advice-unusable", and those of YAML). Unknown codes are errors. */
int dgm_advice_load(struct dgm_advice *advice, const char *path, struct dgm_diag_sink *diags);
/* Adds one entry; -1 where there is no such code. A later entry for a code replaces an earlier one. */
int dgm_advice_add(struct dgm_advice *advice, struct dgm_str code, int8_t severity);
void dgm_advice_done(struct dgm_advice *advice);

/* The severity that a diagnostic has after advice; DGM_ADVICE_OFF: it is not said. */
int8_t dgm_advice_apply(const struct dgm_advice *advice, const char *code, uint32_t severity);

#endif
