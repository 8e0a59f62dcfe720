/* SPDX-License-Identifier: Apache-2.0 */
/* Groups of a notice that reading makes first and arranges afterwards: copies for packed cells, and joined ones. */
#ifndef DGM_FORMAT_REGROUP_H
#define DGM_FORMAT_REGROUP_H

#include "format/definition.h"

/* For each piece (a list of values of `field`) a copy of `model` behind it that has the piece in place of the field. Returns
 * how many were made. */
uint32_t dgm_regroup_unpack(struct dgm_notice *notice, const struct dgm_group *model, enum dgm_field_id field,
	struct dgm_value *pieces);

/*
 * What "joins" says below a node: the fields of one group move into the other where the two are the only instances of
 * their group and share no field. A date and a place that each occur once belong to the same birth. By anchor: the last
 * instance made, and how many were.
 */
void dgm_regroup_joined(const struct dgm_node *parent, struct dgm_group *const *instances, const uint32_t *created);

/* Constants of the record whose group keys open: what an instance says where it has no better word. */
void dgm_regroup_preset(struct dgm_notice *notice, const struct dgm_shape *shape, uint32_t anchor,
	struct dgm_group *group);
/* The same where there is no instance: they make one. */
void dgm_regroup_opened(struct dgm_notice *notice, const struct dgm_shape *shape);

#endif
