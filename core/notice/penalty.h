/* SPDX-License-Identifier: Apache-2.0 */
/* How long a penalty is that is told in words, and whether that is enough for a Red Notice. */
#ifndef DGM_NOTICE_PENALTY_H
#define DGM_NOTICE_PENALTY_H

#include "notice/notice.h"

/*
 * The longest deprivation of liberty that a text names, in whole months: "2 to 5 years" is 60, "90 days" is 2. Numbers are
 * digits of any script, units words of the languages of the members. -1: it names none in such words, or one that has no
 * number, as for life.
 */
int dgm_penalty_months(struct dgm_arena *arena, struct dgm_str text);

extern const char *const dgm_penalty_code;

struct dgm_penalty_teller {
	void (*tell)(void *context, const struct dgm_group *charge, enum dgm_field_id field, const char *text);
	void *context;
};

/* Of a Red Notice: maximum penalties, sentences and remaining sentences of which each one that is told is too short. */
void dgm_penalties_check(const struct dgm_notice *notice, const struct dgm_penalty_teller *teller);

#endif
