/* SPDX-License-Identifier: Apache-2.0 */
/* What is in an input, counted: notices by what they are, and how often each field of the schema is filled. */
#ifndef DGM_PIPE_INSPECTION_H
#define DGM_PIPE_INSPECTION_H

#include "notice/changes.h"

/* Different words of one field that are counted apart; real inputs have a few dozen. The others are counted together. */
#define DGM_WORDS_MAX 256u

struct dgm_word_count {
	struct dgm_str word;
	uint64_t count; /* notices */
};

/* The words of a field: by notices that have them, a notice with two of them in both. */
struct dgm_word_counts {
	enum dgm_field_id field;
	struct dgm_word_count words[DGM_WORDS_MAX];
	size_t count;
	uint64_t others; /* beyond DGM_WORDS_MAX */
};

enum {
	DGM_INSPECTED_WORDS = 6, /* notice.type, form, issuer, subject.kind, nationality, charge.country */
};

struct dgm_field_count {
	uint64_t notices, values; /* that have it parsed; how often */
	uint64_t nulls, unparsed;
};

struct dgm_inspection {
	struct dgm_arena arena;
	uint64_t notices;
	struct dgm_field_count fields[DGM_FIELD_COUNT];
	struct dgm_word_counts words[DGM_INSPECTED_WORDS];
	struct dgm_changes changes;
};

void dgm_inspection_init(struct dgm_inspection *inspection);
void dgm_inspection_done(struct dgm_inspection *inspection);
void dgm_inspection_add(struct dgm_inspection *inspection, const struct dgm_notice *notice);
/* The words of a field, the most frequent first. */
void dgm_word_counts_sort(struct dgm_word_counts *words);

#endif
