/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of the definition language as a table (language.def), and as a JSON Schema for editors. */
#ifndef DGM_FORMAT_LANGUAGE_H
#define DGM_FORMAT_LANGUAGE_H

#include "base/arena.h"

/* The maps that have keys of the language. */
enum dgm_language_place {
	DGM_IN_DEFINITION,
	DGM_IN_SIGNATURE, /* of detect */
	DGM_IN_SHAPE,     /* of records */
	DGM_IN_NODE,      /* of a map */
	DGM_IN_NUMBERED,  /* of a map, where "numbered" stands: fewer than in NODE */
	DGM_IN_NUMBER,
	DGM_IN_LIST, /* of a file codes/LIST.yaml */
	DGM_IN_COUNT
};

/* What a key holds, as far as its shape goes; the compiler sees the rest. */
enum dgm_language_value {
	DGM_TAKES_TEXT,
	DGM_TAKES_NAME,   /* lower-case letters, digits and '-' */
	DGM_TAKES_TEXTS,  /* a text or a list */
	DGM_TAKES_SWITCH, /* yes or no */
	DGM_TAKES_WORD,   /* one of the words */
	DGM_TAKES_SETTINGS,
	DGM_TAKES_SIGNATURES,
	DGM_TAKES_SHAPES,
	DGM_TAKES_MAP,
	DGM_TAKES_MAPS,
	DGM_TAKES_CONDITIONS,
	DGM_TAKES_CONSTANTS,
	DGM_TAKES_CODES,
	DGM_TAKES_NUMBER,
	DGM_TAKES_ANY,
	DGM_TAKES_COUNT
};

struct dgm_language_key {
	struct dgm_str name;
	const char *words, *doc;
	enum dgm_language_place place;
	enum dgm_language_value value;
};

extern const struct dgm_language_key dgm_language[];
extern const size_t dgm_language_count;

bool dgm_language_has(enum dgm_language_place place, struct dgm_str name);
/* A key of the place that may have been meant; NULL where none is near. */
const struct dgm_language_key *dgm_language_guess(enum dgm_language_place place, struct dgm_str name);

/*
 * JSON Schema, draft 2020-12, of a definition; #/$defs/list is a code list's. Scalars may be of any type: editors read
 * a year as a number, the compiler takes it as text. A whole file, ending in a line feed, in the arena.
 */
struct dgm_str dgm_language_json_schema(struct dgm_arena *arena);

#endif
