/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8: is it valid, is it already in the canonical spelling, and if not, make it so (NFC, no controls, no marks). */
#ifndef DGM_BASE_TEXT_H
#define DGM_BASE_TEXT_H

#include "base/arena.h"

/* Whether s is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF). */
bool dgm_utf8_valid(struct dgm_str s);

/* Decodes the code point at s.ptr[*at], which must be valid UTF-8, and moves *at behind it. */
uint32_t dgm_utf8_next(struct dgm_str s, size_t *at);

/* Writes a code point; returns how many bytes (1 to 4). */
size_t dgm_utf8_put(char to[4], uint32_t code_point);

/* A rough Unicode-aware key for look-ups: case folded (ICU), inner white space to one blank, trimmed. */
struct dgm_str dgm_text_fold(struct dgm_arena *arena, struct dgm_str s);

/*
 * The canonical spelling of a text: NFC; Cc controls but tab and line feed, and the 12 bidi controls and U+FEFF
 * removed; CR LF and CR to LF; white space at the ends removed; where not multi-line, runs of white space that hold a
 * tab or a line feed become one blank. Returns s itself (same ptr) when nothing changed; s must be valid UTF-8.
 */
struct dgm_str dgm_text_canonical(struct dgm_arena *arena, struct dgm_str s, bool multiline);

/* Characters (code points) in valid UTF-8. */
size_t dgm_utf8_length(struct dgm_str s);

/* At most n code points of s. */
struct dgm_str dgm_utf8_take(struct dgm_str s, size_t n);

#endif
