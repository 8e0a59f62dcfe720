/* SPDX-License-Identifier: Apache-2.0 */
/* Files of one run that would overwrite each other: an output named twice, or an input that is also an output. */
#ifndef DGM_CLI_CLASH_H
#define DGM_CLI_CLASH_H

#include <stdbool.h>
#include <stddef.h>

/* Whether two of the outputs (NULL: not wanted) or an output and an input are the same; then it was said. */
bool cli_clash(const char *const *outputs, size_t output_count, char *const *inputs, int input_count);

#endif
