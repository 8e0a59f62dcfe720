/* SPDX-License-Identifier: Apache-2.0 */
/* What formats hold of the schema, side by side. */
#ifndef DGM_CLI_MATRIX_H
#define DGM_CLI_MATRIX_H

#include "format/loss.h"
#include "io/output.h"

enum cli_form {
	CLI_FORM_TEXT,
	CLI_FORM_JSON,
	CLI_FORM_CSV,
};

/*
 * The word for how a format holds a field: "many" values, "one", "constant" (always the same value), "aside" (written
 * in the place of another field, never read). Empty where it does not.
 */
struct dgm_str cli_holding_word(const struct dgm_holding *holding);

/* Fields by formats. The text leaves out fields that no format holds, and tells how many they are. */
void cli_put_matrix(struct dgm_output *out, const struct dgm_format *const *formats, size_t count, enum cli_form form);

#endif
