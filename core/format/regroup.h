/* SPDX-License-Identifier: Apache-2.0 */
/* Groups of a notice that reading makes first and arranges afterwards: copies for packed cells, and joined ones. */
#ifndef DGM_FORMAT_REGROUP_H
#define DGM_FORMAT_REGROUP_H

#include "notice/notice.h"

/* For each piece (a list of values of `field`) a copy of `model` behind it that has the piece in place of the field. Returns
 * how many were made. */
uint32_t dgm_regroup_unpack(struct dgm_notice *notice, const struct dgm_group *model, enum dgm_field_id field,
	struct dgm_value *pieces);

/*
 * Moves the fields of `from` into `to` where the two are the only instances of their group and share no field: a date
 * and a place that each occur once belong to the same birth. Otherwise nothing happens.
 */
void dgm_regroup_join(struct dgm_group *to, struct dgm_group *from);

#endif
