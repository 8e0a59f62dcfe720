/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What lies in a folder and below: every entry once, sorted by path, with what it is. Links are never followed, so there
 * is no way out and no loop; nothing is opened but folders. An entry costs 32 bytes and its path.
 */
#ifndef DGM_BATCH_TREE_H
#define DGM_BATCH_TREE_H

#include <sys/stat.h>

#include "base/arena.h"

enum dgm_tree_kind {
	DGM_TREE_FILE,
	DGM_TREE_FOLDER,   /* entered */
	DGM_TREE_EXCLUDED, /* by a pattern; a folder is not entered */
	DGM_TREE_LINK,     /* symbolic */
	DGM_TREE_SPECIAL,  /* a pipe, a socket, a device */
	DGM_TREE_OWN,      /* of a batch: its target, its folder ".dragoman", an unfinished output, its configuration */
	DGM_TREE_UNREADABLE, /* error says why */
};

struct dgm_tree_entry {
	const char *path; /* relative to the root, without "./" */
	uint64_t size;
	enum dgm_tree_kind kind;
	int error;
};

struct dgm_patterns {
	struct dgm_str *items; /* see glob.h */
	size_t count;
};

struct dgm_tree_options {
	struct dgm_patterns include, exclude; /* no include: every file; exclude wins */
	const struct stat *own;               /* folders of the batch's own, by device and number */
	size_t own_count;
	const char *config; /* a path of the batch's own; NULL: none */
};

struct dgm_tree {
	struct dgm_arena arena;
	struct dgm_tree_entry *entries;
	size_t count, capacity;
};

/* Lists what is below an open folder. A folder that cannot be listed is an entry, too. */
void dgm_tree_list(struct dgm_tree *tree, int root, const struct dgm_tree_options *options);
/* Adds an entry; the path is copied. */
struct dgm_tree_entry *dgm_tree_add(struct dgm_tree *tree, struct dgm_str path, enum dgm_tree_kind kind);
/* Puts the entries in order. */
void dgm_tree_sort(struct dgm_tree *tree);
/* The entry of a path in a sorted tree; NULL: none. */
struct dgm_tree_entry *dgm_tree_find(const struct dgm_tree *tree, const char *path);
void dgm_tree_done(struct dgm_tree *tree);

#endif
