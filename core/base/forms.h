/* SPDX-License-Identifier: Apache-2.0 */
/* Characters that say how a text is set and not what it says: what becomes of each in the canonical spelling. */
#ifndef DGM_BASE_FORMS_H
#define DGM_BASE_FORMS_H

#include "base/str.h"

enum dgm_form {
	DGM_FORM_OWN, /* stays as it is, as far as this goes */
	DGM_FORM_DROPPED, /* controls, bidi controls, tatweel, soft hyphen, zero-width space, word joiner, byte-order mark */
	DGM_FORM_FOLDED, /* spaces, full- and half-width forms but ！（），：；？, Arabic presentation forms */
	DGM_FORM_JOINER, /* ZWNJ and ZWJ: stay between characters of which dgm_form_joins says so */
};

/* Tab, line feed and carriage return are the caller's. */
enum dgm_form dgm_form_of(uint32_t code_point);

/* A ligature of Arabic words is this many characters. */
#define DGM_FORM_MAX 18

/* What stands for a FOLDED one; all are OWN ones or line feeds. Returns how many, 1 to DGM_FORM_MAX. */
size_t dgm_form_fold(uint32_t code_point, uint32_t to[DGM_FORM_MAX]);

/* Whether it is a letter or mark of a script in which a joiner beside it changes what is read. */
bool dgm_form_joins(uint32_t code_point);

#endif
