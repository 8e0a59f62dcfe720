/* SPDX-License-Identifier: Apache-2.0 */
/* Text for targets that take some ASCII characters only: what of it can be said there. */
#ifndef DGM_BASE_PLAIN_H
#define DGM_BASE_PLAIN_H

#include "base/arena.h"

/* Whether all of s, which must be valid UTF-8, is in the table: by ASCII character, whether it is taken. */
bool dgm_plain_is(struct dgm_str s, const uint8_t table[128]);

/*
 * s in the characters of the table: letters without their marks, Latin letters that have none in ASCII as people write
 * them there (ß as ss, ø as o), typographic signs as plain ones, other signs as one blank. false, and nothing set, where
 * that would leave out a letter or a digit, or leave nothing: a name in another script has no plain spelling. In the
 * arena.
 */
bool dgm_plain_text(struct dgm_arena *arena, struct dgm_str s, const uint8_t table[128], struct dgm_str *ret_text);

/* A letter becomes at most this many characters. */
#define DGM_PLAIN_MAX 4

/* What stands in ASCII for one letter or sign; returns how many characters, 0: nothing does. */
size_t dgm_plain_letter(uint32_t code_point, char to[DGM_PLAIN_MAX]);

#endif
