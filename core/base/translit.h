/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Letters of one script written in those of another, by rules in the syntax of ICU's transforms. For writing out, and
 * never the name itself: what a source says stays beside it.
 */
#ifndef DGM_BASE_TRANSLIT_H
#define DGM_BASE_TRANSLIT_H

#include "base/arena.h"

struct dgm_translit;

/* A letter that a rule leaves out becomes this noncharacter, which nothing keeps: a mark that goes is no letter lost. */
#define DGM_TRANSLIT_GONE 0xFDD0u

/*
 * Rules in UTF-8. NULL: they are none; *ret_place is where, as far as ICU says (line 0: it does not), *ret_problem its
 * word for it, with static storage.
 */
struct dgm_translit *dgm_translit_new(struct dgm_str rules, struct dgm_place *ret_place, const char **ret_problem);
void dgm_translit_free(struct dgm_translit *translit);

/*
 * Valid UTF-8 by the rules, which see a word at a time and none that is ASCII. *ret_text is s itself where nothing
 * changed, else in the arena; *left_out is set, and never cleared, where a letter was. false: the rules make more of a word
 * than there is room for. One at a time on each object: ICU locks.
 */
bool dgm_translit_apply(const struct dgm_translit *translit, struct dgm_arena *arena, struct dgm_str s,
	struct dgm_str *ret_text, bool *left_out);

#endif
