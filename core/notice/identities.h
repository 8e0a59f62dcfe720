/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the identifiers of a notice say: whether they can be right, and whether the birth, the sex and the other facts
 * inside them are those of the notice. Which scheme a number has is read off the fields beside it, never guessed.
 */
#ifndef DGM_NOTICE_IDENTITIES_H
#define DGM_NOTICE_IDENTITIES_H

#include "notice/notice.h"

enum dgm_identity_rule {
	DGM_IDENTITY_CHECK,
	DGM_IDENTITY_SHAPE,
	DGM_IDENTITY_BIRTH,
	DGM_IDENTITY_SEX,
	DGM_IDENTITY_MRZ_CHECK,
	DGM_IDENTITY_MRZ_DIFFERS,
	DGM_IDENTITY_RULES,
};

extern const char *const dgm_identity_codes[DGM_IDENTITY_RULES];

/* text: one line without anybody's data; the notice's arena may hold it. */
struct dgm_identity_teller {
	void (*tell)(void *context, enum dgm_identity_rule rule, uint32_t severity, const struct dgm_group *group,
		enum dgm_field_id field, const struct dgm_value *value, const char *text);
	void *context;
};

/* A value of which reading has told a doubt (its definition has a check) is not told of again. */
void dgm_identities_check(const struct dgm_notice *notice, const struct dgm_identity_teller *teller);

#endif
