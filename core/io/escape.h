/* SPDX-License-Identifier: Apache-2.0 */
/* What stands for a character that an output's charset lacks, in the syntaxes that have a way to say it. */
#ifndef DGM_IO_ESCAPE_H
#define DGM_IO_ESCAPE_H

#include "base/str.h"

/*
 * style: DGM_FALLBACK_XML or DGM_FALLBACK_JSON. At most 12 bytes, how many is returned; all of it ASCII, which every
 * charset that lacks characters writes as one byte each.
 */
size_t dgm_escape_put(uint32_t style, uint32_t code_point, char *to);

#endif
