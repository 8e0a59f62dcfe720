/* SPDX-License-Identifier: Apache-2.0 */
/* The reference parser: the events of a record that passed the scanner, built a second time from cJSON's tree. */
#ifndef DGM_JSON_TREE_H
#define DGM_JSON_TREE_H

#include "json_scan.h"

struct json_tree;

/* NULL when memory ran out. */
struct json_tree *json_tree_new(const struct json_scan *scan);
void json_tree_free(struct json_tree *tree);

/*
 * The events of `source`, which scan has just scanned whole. Offsets and number texts come from the scanner's events in
 * document order; everything else from cJSON. NULL when cJSON does not see what the scanner saw, or memory ran out. The
 * events stay until the next call.
 */
const struct dgm_event *json_tree_events(struct json_tree *tree, struct dgm_str source, size_t *ret_count);

#endif
