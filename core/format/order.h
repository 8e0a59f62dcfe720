/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading takes what stands in a record in the order of the definition, whatever order the source has it in: which group
 * comes first, and which instance of a group a value belongs to, must not depend on how a source sorts its keys. What the
 * definition does not know comes last, where writing puts it.
 */
#ifndef DGM_FORMAT_ORDER_H
#define DGM_FORMAT_ORDER_H

#include "format/mapper.h"

/*
 * The record in the order of the keys of the mapper's shape, those with the same key in their own; the record itself where
 * it is so already, which is found out in one pass. Else *copy, whose events are in the notice's arena.
 */
const struct dgm_record *dgm_order_record(const struct dgm_mapper *mapper, const struct dgm_record *record,
	struct dgm_record *copy);

#endif
