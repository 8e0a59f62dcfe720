/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a standard assigns a code: ISO 3166-1 and -3 for countries, 639-3 for languages, 15924 for scripts, 4217 for
 * currencies. The tables are printed by formats/codes/generate.py; nothing is loaded.
 */
#ifndef DGM_NOTICE_ASSIGNED_H
#define DGM_NOTICE_ASSIGNED_H

#include "base/str.h"
#include "notice/schema.h"

enum dgm_assigned {
	DGM_ASSIGNED_NEVER,
	DGM_ASSIGNED_ONCE, /* withdrawn: states that are gone, currencies that nobody pays with any more */
	DGM_ASSIGNED_NOW,
};

/*
 * code: in the schema's spelling, "DE", "SUHH", "deu", "srp-Latn", "Latn", "EUR"; any other text is never assigned. The
 * schema's own countries ("x-stateless"), XK, and what the standards leave to private use count as assigned. type: one of
 * the four, else DGM_ASSIGNED_NOW.
 */
enum dgm_assigned dgm_assigned_code(enum dgm_type type, struct dgm_str code);

#endif
