/* SPDX-License-Identifier: Apache-2.0 */
/* In which script a text is written. */
#ifndef DGM_BASE_SCRIPT_H
#define DGM_BASE_SCRIPT_H

#include "base/str.h"

/* Whether no letter of a UTF-8 text is of another script than that of an ISO 15924 code; marks and digits have none. */
bool dgm_script_holds(struct dgm_str text, struct dgm_str script);

#endif
