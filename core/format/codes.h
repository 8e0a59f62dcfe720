/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Code lists (formats/codes/<list>.yaml, or inline in a definition): what a format writes for a canonical code, and
 * every spelling it reads. Matching is exact first, then case-folded with white space collapsed, then by the matching key
 * (textkey.h), except where two codes of the list have the same one, or it is short.
 */
#ifndef DGM_FORMAT_CODES_H
#define DGM_FORMAT_CODES_H

#include "format/yaml.h"
#include "notice/schema.h"

struct dgm_code_pair {
	struct dgm_str spelling;
	struct dgm_str code;
	struct dgm_str folded; /* with dgm_codes.by_folded */
	struct dgm_str key;    /* with dgm_codes.by_key */
	bool shared;           /* another code has the key, too */
};

struct dgm_codes {
	struct dgm_str name;
	struct dgm_code_pair *pairs; /* of one code: the written spelling first */
	uint32_t count;
	uint32_t mask;
	uint32_t *by_spelling, *by_code; /* open hash tables of pair numbers + 1 */
	uint32_t *by_folded, *by_key;    /* the same, NULL until a word comes that those before do not have */
	struct dgm_arena *arena;
};

/* From `codes:` of a list file or an inline map; NULL and diagnostics when it is not one. file: for messages. */
struct dgm_codes *dgm_codes_compile(struct dgm_arena *arena, struct dgm_str name, const struct dgm_yaml *map,
	struct dgm_str file, struct dgm_diag_sink *diags);
/* A list file. */
struct dgm_codes *dgm_codes_load(struct dgm_arena *arena, const char *path, struct dgm_diag_sink *diags);

/* The canonical code of a spelling. A list is used by one thread at a time. scratch: for folding, where the exact spelling is not known. */
bool dgm_codes_read(struct dgm_codes *codes, struct dgm_arena *scratch, struct dgm_str spelling,
	struct dgm_str *ret_code);
/* The same in several lists: the first that has the very spelling, else the first that has it folded, else by key. */
bool dgm_codes_read_any(struct dgm_codes *const *lists, uint32_t count, struct dgm_arena *scratch,
	struct dgm_str spelling, struct dgm_str *ret_code);
/* What is written for a code. */
bool dgm_codes_write(const struct dgm_codes *codes, struct dgm_str code, struct dgm_str *ret_spelling);

#endif
