/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the outputs of a tree are called. "a/list.xml" becomes "a/list.jsonl"; where that is also another one's name, as
 * with "a/list.csv", all of them keep their whole name: "a/list.xml.jsonl" and "a/list.csv.jsonl". The names follow from
 * the tree alone, and no two are the same.
 */
#ifndef DGM_BATCH_MIRROR_H
#define DGM_BATCH_MIRROR_H

#include "batch/tree.h"

enum dgm_name {
	DGM_NAME_STEM,
	DGM_NAME_FULL,
	DGM_NAME_NONE, /* even the whole name is that of a folder, or reserved: it cannot be written */
};

/*
 * A byte per entry of a sorted tree, DGM_NAME_..., in its arena; of entries other than files it says nothing. reserved:
 * a name that no output may have, or NULL.
 */
uint8_t *dgm_names(struct dgm_tree *tree, struct dgm_str extension, const char *reserved);

/* The name of an output, in the arena. */
struct dgm_str dgm_name_of(struct dgm_arena *arena, const char *path, enum dgm_name name, struct dgm_str extension);

#endif
