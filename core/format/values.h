/* SPDX-License-Identifier: Apache-2.0 */
/* One value at a time: from a source spelling to the canonical one, and back, as a node of the mapping says. */
#ifndef DGM_FORMAT_VALUES_H
#define DGM_FORMAT_VALUES_H

#include "format/definition.h"

enum dgm_reading {
	DGM_READ_ABSENT, /* an empty value that says nothing */
	DGM_READ_NULL,
	DGM_READ_PARSED,
	DGM_READ_UNPARSED,
};

struct dgm_read {
	enum dgm_reading reading;
	struct dgm_str text; /* canonical, where parsed */
	const char *problem; /* a diagnostic code, or NULL: "code-unknown", "date-unparsed", ... */
	bool other_word;     /* the source's word is the code itself, and another word would be written for it */
};

/* text: as the engine gave it, valid UTF-8; literal: DGM_LITERAL_*. Results are in the arena or slices of text. */
struct dgm_read dgm_value_read(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_str text,
	uint16_t literal);

/*
 * A date by the node's patterns, on a calendar (NULL: Gregorian), from text without marks. false and *ret_problem:
 * "digits-mixed"; "date-unparsed", no pattern fits; "date-impossible", one does, but the calendar has no such day.
 */
bool dgm_value_read_date(const struct dgm_node *node, const struct dgm_calendar *calendar, struct dgm_arena *arena,
	struct dgm_str text, struct dgm_date *ret_date, const char **ret_problem);

/* For messages: what dates look like here. */
struct dgm_str dgm_value_expected(const struct dgm_node *node, struct dgm_arena *arena);

/* A packed cell in work; begins as {.rest = text}. */
struct dgm_pieces {
	struct dgm_str rest;
	unsigned number; /* of the piece in front of the rest, "1. … 2. …"; 0: not numbered */
	bool begun;
};

/* The next piece of a packed cell, at the earliest and there the longest separator; false behind the last. */
bool dgm_value_next(const struct dgm_node *node, struct dgm_pieces *pieces, struct dgm_str *ret_piece);

enum dgm_writing {
	DGM_WRITE_CANNOT, /* the target has no spelling for it */
	DGM_WRITE_EXACT,
	DGM_WRITE_LESS,    /* written with less precision */
	DGM_WRITE_CUT,     /* written, cut to the target's length */
	DGM_WRITE_PLAIN,   /* written in the characters that the target takes */
	DGM_WRITE_LETTERS, /* written in other letters */
};

struct dgm_written {
	enum dgm_writing writing;
	struct dgm_str text;
	uint16_t literal;
};

/*
 * How the node spells a value. native: the notice comes from this very format; then the source's own spelling is used
 * where reading it gives the same value, so that a format gets back what it said, also what was not understood. A null
 * without a spelling here is CANNOT.
 */
struct dgm_written dgm_value_write(const struct dgm_node *node, struct dgm_arena *arena, const struct dgm_value *value,
	bool native);

/* Whether the source's own spelling, read by this node, is this value. */
bool dgm_value_reads_back(const struct dgm_node *node, struct dgm_arena *arena, const struct dgm_value *value);

/*
 * Whether one of two keys that say one thing is written: the first stays empty where the source had only the second; the
 * second holds nothing but values that were understood, and is not native where the original is the first one's.
 */
bool dgm_value_is_own(const struct dgm_node *node, struct dgm_arena *arena, const struct dgm_value *value,
	bool *native);

/*
 * Like dgm_value_write for a text without an original. language: the one that the text is in, for a target of Latin
 * letters; empty where nobody states it.
 */
struct dgm_written dgm_value_write_text(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_str text,
	struct dgm_str language);

#endif
