/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of letters (formats/codes/letters/NAME.txt, rules of ICU's transforms), for targets that hold Latin letters
 * only. Beside a table stand the rules that come in front of it for texts of one language, NAME.LANGUAGE.txt.
 */
#ifndef DGM_FORMAT_LETTERS_H
#define DGM_FORMAT_LETTERS_H

#include "base/arena.h"
#include "base/diag.h"

struct dgm_letters;

/* A table from a folder, to be released with dgm_letters_free(). NULL after diagnostics. */
struct dgm_letters *dgm_letters_load(struct dgm_arena *scratch, struct dgm_str folder, struct dgm_str name,
	struct dgm_diag_sink *diags);
void dgm_letters_free(struct dgm_letters *letters);
struct dgm_str dgm_letters_name(const struct dgm_letters *letters);

/* Whether a text has no letter of another script. */
bool dgm_letters_are_latin(struct dgm_str text);

enum dgm_lettering {
	DGM_LETTERS_OWN,     /* as it is */
	DGM_LETTERS_WRITTEN, /* in other letters */
	DGM_LETTERS_FEWER,   /* the same, and some of the text's have nothing that stands for them */
	DGM_LETTERS_LACKING, /* there are letters that no table has: *ret_text is not set */
};

/* A text in Latin letters by the tables, one after another. language: ISO 639-3, or empty where nobody states it. */
enum dgm_lettering dgm_letters_write(struct dgm_letters *const *tables, uint32_t count, struct dgm_arena *arena,
	struct dgm_str text, struct dgm_str language, struct dgm_str *ret_text);

#endif
