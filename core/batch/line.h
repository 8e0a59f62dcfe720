/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines of journals and plans:
 *
 *     SUM WORD KEY=VALUE KEY=VALUE ...
 *
 * SUM is the first 16 hexadecimal digits of the SHA-256 of what stands behind the blank after it, without the line feed.
 * Bytes of a value other than 0x21 to 0x7E, and '%', are written as %XX. So a line is text, whatever names files have,
 * and one that is torn or damaged is known.
 */
#ifndef DGM_BATCH_LINE_H
#define DGM_BATCH_LINE_H

#include "base/arena.h"
#include "base/digest.h"

/* A line in work; the bytes are its own. */
struct dgm_line {
	char *bytes;
	size_t length, capacity;
};

#define DGM_LINE_SUM 16u
/* Longest that is read: two paths with every byte escaped, and all the rest. */
#define DGM_LINE_MAX ((size_t)64 << 10)

void dgm_line_begin(struct dgm_line *line, const char *word);
void dgm_line_text(struct dgm_line *line, const char *key, struct dgm_str text);
void dgm_line_number(struct dgm_line *line, const char *key, uint64_t number);
void dgm_line_sum(struct dgm_line *line, const char *key, const uint8_t sum[DGM_DIGEST_SIZE]);
/* Puts the sum in front and the line feed behind; the whole line. Valid until the next begin. */
struct dgm_str dgm_line_end(struct dgm_line *line);
void dgm_line_done(struct dgm_line *line);
/* A line with this body, from another file. */
void dgm_line_copy(struct dgm_line *line, struct dgm_str body);

/* Whether a line (without its line feed) is whole; *ret_body is what stands behind the sum. */
bool dgm_line_check(struct dgm_str line, struct dgm_str *ret_body);
/* The word that a body begins with. */
struct dgm_str dgm_line_word(struct dgm_str body);
/* A value, unescaped, with a 0 byte behind it, in the arena; empty where the key is not there. */
struct dgm_str dgm_line_get(struct dgm_str body, const char *key, struct dgm_arena *arena);
uint64_t dgm_line_count(struct dgm_str body, const char *key);

#endif
