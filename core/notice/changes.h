/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rule changed a value: told from the source's spelling and the canonical one, which both stay in the notice. So
 * reading keeps no account, and nothing is paid for it until someone asks.
 */
#ifndef DGM_NOTICE_CHANGES_H
#define DGM_NOTICE_CHANGES_H

#include "notice/notice.h"

/* The rules of the chapter Normalising of rules.def, in its order. */
enum dgm_change {
	DGM_CHANGE_NFC,
	DGM_CHANGE_MARKS,
	DGM_CHANGE_TATWEEL,
	DGM_CHANGE_PRESENTATION,
	DGM_CHANGE_WIDTH,
	DGM_CHANGE_SPACE,
	DGM_CHANGE_DIGITS,
	DGM_CHANGE_DATE,
	DGM_CHANGE_CALENDAR,
	DGM_CHANGE_PRECISION,
	DGM_CHANGE_COUNTRY,
	DGM_CHANGE_CODE,
	DGM_CHANGE_NUMBER,
	DGM_CHANGE_UNIT,
	DGM_CHANGE_PHONE,
	DGM_CHANGE_ADDRESS,
	DGM_CHANGE_PART,
	DGM_CHANGE_NULL,
	DGM_CHANGE_COUNT
};

/* Their codes. */
extern const char *const dgm_change_codes[DGM_CHANGE_COUNT];

/* The rules as bits, 1 << DGM_CHANGE_*; 0: the value is as its source spelled it, or was not understood. */
uint32_t dgm_changes_of(enum dgm_field_id field, const struct dgm_value *value);

/* How often each rule changed values of each field. */
struct dgm_changes {
	uint64_t counts[DGM_FIELD_COUNT][DGM_CHANGE_COUNT];
};

void dgm_changes_add(struct dgm_changes *changes, const struct dgm_notice *notice);

#endif
