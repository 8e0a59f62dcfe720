/* SPDX-License-Identifier: Apache-2.0 */
/* What can become of each field on the way from one format to another, from the definitions alone. */
#ifndef DGM_FORMAT_COVERAGE_H
#define DGM_FORMAT_COVERAGE_H

#include "format/loss.h"

struct dgm_fate {
	bool held;               /* the source holds the field */
	bool affected;           /* something can happen to it */
	enum dgm_loss_kind kind; /* the worst, where affected */
};

/*
 * By field. narrow: the target's encoding lacks characters that the source may bring. It is about values that were
 * understood: one that was not (unparsed) arrives in the canonical forms and in its own format only.
 */
void dgm_coverage(const struct dgm_format *from, const struct dgm_format *to, bool narrow,
	struct dgm_fate fates[DGM_FIELD_COUNT]);

#endif
