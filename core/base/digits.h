/* SPDX-License-Identifier: Apache-2.0 */
/* Digits of the world's scripts. */
#ifndef DGM_BASE_DIGITS_H
#define DGM_BASE_DIGITS_H

#include "base/arena.h"

/*
 * A number or date with digits of another script in ASCII digits: Arabic-Indic, Devanagari, Thai, full-width ... Other
 * characters stay. s itself where there are none. false: digits of two scripts are mixed, which no honest number has.
 */
bool dgm_digits_ascii(struct dgm_arena *arena, struct dgm_str s, struct dgm_str *ret_text);

#endif
