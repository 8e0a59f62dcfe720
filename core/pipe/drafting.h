/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the drafter share; nothing else includes it. */
#ifndef DGM_PIPE_DRAFTING_H
#define DGM_PIPE_DRAFTING_H

#include "base/record.h"
#include "format/codes.h"
#include "pipe/draft.h"

enum {
	DGM_DRAFT_VALUES = 96,    /* different values that are kept of a key */
	DGM_DRAFT_RECORDS = 2000, /* that are looked at */
	DGM_DRAFT_PATTERNS = 4,   /* of dates, for one key */
	DGM_DRAFT_LISTS = 3,      /* of codes, for one key */
	DGM_DRAFT_REASON_MAX = 160,
	DGM_DRAFT_CODE_LISTS = 512, /* that are looked at */
};

/* A key of the sample's records. */
struct dgm_draft_key {
	struct dgm_str name;
	struct dgm_draft_key *parent, *first, *last, *next;
	struct dgm_str values[DGM_DRAFT_VALUES]; /* different ones, none empty, none a word for nothing */
	uint32_t value_count;
	uint64_t total;                  /* values, the same ones too */
	uint64_t records;                /* in how many records it stands */
	uint64_t seen_in;                /* the last of them */
	bool item, group, repeats, more; /* more: different values that were not kept */
	/* the proposal */
	struct dgm_str target; /* len 0: kept */
	int field;
	const char *patterns[DGM_DRAFT_PATTERNS];
	struct dgm_str lists[DGM_DRAFT_LISTS];
	uint32_t pattern_count, list_count;
	const char *unit;
	bool words, comma;
	char reason[DGM_DRAFT_REASON_MAX];
};

struct dgm_draft_look {
	struct dgm_arena *arena;
	const struct dgm_draft_request *request;
	const char *engine;
	struct dgm_str encoding, path, root;
	char delimiter;
	char top; /* JSON: what the file begins with */
	bool lines, bom;
	struct dgm_draft_key keys; /* of a record */
	uint64_t records;
};

/* draft_look.c: the sample's engine, dialect, path and keys; false where it holds no record. */
bool dgm_draft_look(struct dgm_draft_look *look);

/* Code lists by their type, loaded when one is asked for. */
struct dgm_draft_list {
	struct dgm_str name, type;
	struct dgm_codes *codes;
};

struct dgm_draft_lists {
	struct dgm_draft_list all[DGM_DRAFT_CODE_LISTS];
	size_t count;
	struct dgm_arena *arena;
};

/*
 * draft_values.c: what the values of a key can be. The first three give in per cent how many are understood, and put into
 * the key what is needed for that.
 */
unsigned dgm_draft_dates(struct dgm_arena *arena, struct dgm_draft_key *key);
/* field: whose own words count as well. */
unsigned dgm_draft_codes(struct dgm_draft_lists *lists, struct dgm_draft_key *key, int field, struct dgm_str type);
unsigned dgm_draft_numbers(struct dgm_arena *arena, struct dgm_draft_key *key, bool is_length);
/* Whether day and month could be told either way round. */
bool dgm_draft_order_open(struct dgm_arena *arena, const struct dgm_draft_key *key);
/* Whether dates that were understood are such in which people of today are born. */
bool dgm_draft_birth_like(struct dgm_arena *arena, const struct dgm_draft_key *key);
void dgm_draft_lists(struct dgm_draft_lists *lists, const struct dgm_catalog *catalog);

/* draft_words.c: what the keys most likely are. */
void dgm_draft_propose(struct dgm_draft_look *look);

/* Words for "nothing" that lists of all kinds use; NULL ends them. */
extern const char *const dgm_draft_nulls[];

#endif
