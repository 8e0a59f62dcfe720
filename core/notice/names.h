/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can be doubted about names: words of two alphabets that look alike, scripts that are not the stated ones, names
 * that stand twice.
 */
#ifndef DGM_NOTICE_NAMES_H
#define DGM_NOTICE_NAMES_H

#include "notice/notice.h"

enum dgm_name_rule {
	DGM_NAME_SCRIPT_MIXED,
	DGM_NAME_SCRIPT_DIFFERS,
	DGM_NAME_ALIAS_IS_PRIMARY,
	DGM_NAME_REPEATED,
	DGM_NAME_RULES,
};

extern const char *const dgm_name_codes[DGM_NAME_RULES];

struct dgm_name_teller {
	void (*tell)(void *context, enum dgm_name_rule rule, const struct dgm_group *group, enum dgm_field_id field,
		const struct dgm_value *value, const char *text);
	void *context;
};

void dgm_names_check(const struct dgm_notice *notice, const struct dgm_name_teller *teller);

#endif
