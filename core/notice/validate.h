/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a notice should be: one table of rules over the schema's fields (what must be there, what must come first, what
 * can be), each with a code whose page rules.def holds. A rule states a doubt; it never changes or drops a value.
 */
#ifndef DGM_NOTICE_VALIDATE_H
#define DGM_NOTICE_VALIDATE_H

#include "base/rules.h"
#include "notice/notice.h"

/* One broken rule. Valid during the call. */
struct dgm_finding {
	const struct dgm_rule *rule;
	uint32_t severity;             /* DGM_NOTE: advice, DGM_WARNING, DGM_ERROR */
	const struct dgm_group *group; /* where: of the value, or where one is missing the group it would stand in */
	enum dgm_field_id field;       /* of the value, or of what is missing */
	const struct dgm_value *value; /* NULL: something is missing */
	struct dgm_str text;           /* one line, no value of a person in it */
};

struct dgm_validator;

/*
 * A validator finds the rules' pages once. found is called for every broken rule, in the table's order and there in the
 * notice's; it must not change the notice.
 */
struct dgm_validator *dgm_validator_new(void (*found)(void *context, const struct dgm_finding *finding), void *context);
void dgm_validator_free(struct dgm_validator *validator);
void dgm_validate(struct dgm_validator *validator, const struct dgm_notice *notice);

/* The codes of the table, for tests and lists; NULL behind the last. */
const char *dgm_validate_code(size_t index);

#endif
