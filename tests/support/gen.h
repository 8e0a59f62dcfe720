/* SPDX-License-Identifier: Apache-2.0 */
/* Seeded inventions: numbers, texts, values of every type and whole notices. The same seed gives the same notice. */
#ifndef DGM_TESTS_GEN_H
#define DGM_TESTS_GEN_H

#include "notice/notice.h"

struct gen {
	uint64_t state;
	struct dgm_arena *arena; /* of what is invented */
};

/* Below n, which is at least 1. */
uint32_t gen_below(struct gen *gen, uint32_t n);
/* One time in n. */
bool gen_one_in(struct gen *gen, uint32_t n);

/* A canonical, non-empty text of scripts and signs that formats stumble over. */
struct dgm_str gen_text(struct gen *gen, bool multiline);
/* What a source may have said: any characters that every syntax can hold, not canonical; may be empty. */
struct dgm_str gen_source_text(struct gen *gen);
/* A canonical value of the field's type. */
struct dgm_str gen_value(struct gen *gen, enum dgm_field_id field);
/* A date with no less than a year and no qualifier. */
struct dgm_str gen_plain_date(struct gen *gen, bool full);

/* A valid notice over the whole schema, in all states. */
void gen_notice(struct gen *gen, struct dgm_notice *notice);

#endif
