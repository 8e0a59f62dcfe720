/* SPDX-License-Identifier: Apache-2.0 */
/* A notice as a card for people. */
#ifndef DGM_PIPE_CARD_H
#define DGM_PIPE_CARD_H

#include "io/output.h"
#include "notice/notice.h"

/*
 * Its groups as headings, a line per value: name, text, and the source's spelling in braces where it differs; "-" is a
 * null, "?" what was not understood. Controls are escaped, marks of direction left out, line feeds become blanks.
 */
void dgm_card_write(struct dgm_output *output, const struct dgm_notice *notice);

#endif
