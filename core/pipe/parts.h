/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One input by several processes: cut into parts between records, a process for each, their results put together in the
 * input's order. What comes out (outputs, reports, messages) is what one process would have made of it, byte by byte.
 */
#ifndef DGM_PIPE_PARTS_H
#define DGM_PIPE_PARTS_H

#include "pipe/conversion.h"

/* Converts the input that the conversion has opened, by as many processes as its options say and the input allows. */
enum dgm_outcome dgm_parts_run(struct dgm_conversion *conversion, const struct dgm_reading_options *setup);

#endif
