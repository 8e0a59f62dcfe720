/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading's two questions to a definition: which shape is this record, and what does this key do in it. Both are asked
 * by key number, so that names are compared only when a key is seen for the first time.
 */
#ifndef DGM_FORMAT_LOOKUP_H
#define DGM_FORMAT_LOOKUP_H

#include "base/keys.h"
#include "base/record.h"
#include "format/definition.h"

struct dgm_lookup;

struct dgm_lookup *dgm_lookup_new(const struct dgm_format *format, struct dgm_keys *keys);
void dgm_lookup_free(struct dgm_lookup *lookup);

/* The number of the shape that takes the record; -1: none does. */
int dgm_lookup_shape(struct dgm_lookup *lookup, const struct dgm_record *record);

/* What a key does in a shape; the shape's number, or the format's shape_count for the envelope. Never NULL: a key that
 * the definition does not know is a KEEP node without a name. */
const struct dgm_node *dgm_lookup_node(struct dgm_lookup *lookup, uint32_t shape, uint32_t key);

/* The name under which a key's value is kept. In a table a known column's own, whatever the file calls it: two files that
 * say the same are the same notices. */
struct dgm_str dgm_lookup_name(struct dgm_lookup *lookup, uint32_t shape, uint32_t key);

/* The child that a value inside a container names ("by"). NULL: none. */
const struct dgm_node *dgm_lookup_label(struct dgm_lookup *lookup, const struct dgm_node *parent, struct dgm_str text);

/* The value inside a container that names what it is, if it is one told apart by such a value: the container begins with
 * the record's event number `begin`. NULL: none. */
const struct dgm_event *dgm_lookup_naming(const struct dgm_lookup *lookup, const struct dgm_node *node,
	const struct dgm_record *record, size_t begin);

/* The child of a node by name or alias, else by the same without regard to case and blanks around; NULL: none. */
const struct dgm_node *dgm_lookup_child(const struct dgm_node *parent, struct dgm_str name);

#endif
