/* SPDX-License-Identifier: Apache-2.0 */
/* Is a text in the canonical spelling, and if not, make it so. */
#ifndef DGM_BASE_TEXT_H
#define DGM_BASE_TEXT_H

#include "base/arena.h"
#include "base/utf8.h"

/*
 * The canonical spelling of a text: NFC, and only what is said, not how it is set (forms.h): controls but tab and line
 * feed, bidi controls, tatweel, soft hyphens, zero-width spaces and U+FEFF removed, ZWNJ and ZWJ where nothing joins;
 * full- and half-width forms (but ！（），：；？) and Arabic presentation forms as the letters that they are; every space as a blank, line
 * and paragraph separators, CR LF and CR as LF; white space at the ends removed; where not multi-line, runs of white
 * space that hold a tab or a line feed become one blank. Returns s itself (same ptr) when nothing changed, else arena
 * memory, never a part of s; s must be valid UTF-8. A canonical text stays as it is; one that is canonical in one line is
 * so in several, too.
 */
struct dgm_str dgm_text_canonical(struct dgm_arena *arena, struct dgm_str s, bool multiline);

/*
 * Whether one of U+0080 to U+009F is in it. No list of people holds such controls: they are letters or quotes of another
 * encoding than the declared one.
 */
bool dgm_text_has_c1(struct dgm_str text);

#endif
