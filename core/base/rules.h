/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pages of all codes that the program says: one table (rules.def), from which `dragoman explain` and the codes of
 * dragoman-diagnostics(7) are made. A code is stable: it keeps its meaning for ever.
 */
#ifndef DGM_BASE_RULES_H
#define DGM_BASE_RULES_H

#include "base/str.h"

struct dgm_rule_chapter {
	const char *title;
	const char *intro; /* what holds for all its rules, or "" */
};

/* Texts are sentences, one a line; `...` marks a literal word. "" where there is nothing to say. */
struct dgm_rule {
	const char *code;
	const char *severity; /* "error", "warning" or "note", and what else there is to say of it */
	const struct dgm_rule_chapter *chapter;
	const char *text;   /* what it means, then what to do */
	const char *why;    /* why there is such a rule */
	const char *source; /* the standard, article or address that it follows */
	const char *before; /* an example: a value that it concerns ... */
	const char *after;  /* ... and what becomes of it */
};

extern const struct dgm_rule dgm_rules[];
extern const size_t dgm_rule_count;

/* NULL: no such code. */
const struct dgm_rule *dgm_rule_find(struct dgm_str code);

#endif
