/* SPDX-License-Identifier: Apache-2.0 */
/* Cells that hold several values in one text, "16/04/1972 à Tunis": literal text with named holes, for both ways. */
#ifndef DGM_FORMAT_TEMPLATE_H
#define DGM_FORMAT_TEMPLATE_H

#include "base/arena.h"

#define DGM_HOLES_MAX 8u

/* literals[0] hole[0] literals[1] hole[1] … literals[count]. */
struct dgm_template {
	struct dgm_str literals[DGM_HOLES_MAX + 1];
	struct dgm_str holes[DGM_HOLES_MAX];
	uint8_t widths[DGM_HOLES_MAX]; /* in characters; 0: up to the text behind it */
	uint32_t count;
};

/*
 * "{date} à {place}", "{source:1}{information:1}". false: no hole, too many, two side by side of which the first has no
 * width, or a brace without its partner.
 */
bool dgm_template_compile(struct dgm_str text, struct dgm_template *ret_template);

/*
 * The texts of the holes; a hole without a width ends where the literal behind it first stands. false: the text is not
 * of this form.
 */
bool dgm_template_match(const struct dgm_template *template, struct dgm_str text,
	struct dgm_str ret_pieces[DGM_HOLES_MAX]);

/* The text with the holes filled. */
struct dgm_str dgm_template_fill(const struct dgm_template *template, struct dgm_arena *arena,
	const struct dgm_str pieces[DGM_HOLES_MAX]);

#endif
