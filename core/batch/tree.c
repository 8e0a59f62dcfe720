/* SPDX-License-Identifier: Apache-2.0 */
/* One folder open at a time, whatever the depth; the list itself is the list of what is still to be entered. */
#define _GNU_SOURCE
#include "batch/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "batch/glob.h"
#include "io/beneath.h"

struct dgm_tree_entry *dgm_tree_add(struct dgm_tree *tree, struct dgm_str path, enum dgm_tree_kind kind)
{
	if (tree->count == tree->capacity) {
		tree->capacity = tree->capacity ? tree->capacity + tree->capacity / 2 : 64;
		tree->entries = dgm_xrealloc(tree->entries, tree->capacity * sizeof *tree->entries);
	}
	struct dgm_tree_entry *entry = &tree->entries[tree->count++];
	*entry = (struct dgm_tree_entry){.path = dgm_arena_cstr(&tree->arena, path), .kind = kind};
	return entry;
}

static bool any(const struct dgm_patterns *patterns, struct dgm_str path)
{
	for (size_t i = 0; i < patterns->count; i++)
		if (dgm_glob(patterns->items[i], path))
			return true;
	return false;
}

static bool is_own_folder(const struct dgm_tree_options *options, const struct stat *found)
{
	for (size_t i = 0; i < options->own_count; i++)
		if (options->own[i].st_dev == found->st_dev && options->own[i].st_ino == found->st_ino)
			return true;
	return false;
}

static bool is_own_name(struct dgm_str name)
{
	return dgm_str_is(name, ".dragoman") ||
		(dgm_str_starts(name, DGM_STR(".dragoman-")) && dgm_str_ends(name, DGM_STR(".tmp")));
}

static enum dgm_tree_kind kind_of(const struct dgm_tree_options *options, struct dgm_str path, struct dgm_str name,
	const struct stat *found)
{
	if (is_own_name(name) || is_own_folder(options, found) ||
		(options->config && dgm_str_is(path, options->config)))
		return DGM_TREE_OWN;
	if (any(&options->exclude, path))
		return DGM_TREE_EXCLUDED;
	if (S_ISDIR(found->st_mode))
		return DGM_TREE_FOLDER;
	if (S_ISLNK(found->st_mode))
		return DGM_TREE_LINK;
	if (!S_ISREG(found->st_mode))
		return DGM_TREE_SPECIAL;
	return options->include.count == 0 || any(&options->include, path) ? DGM_TREE_FILE : DGM_TREE_EXCLUDED;
}

static void list_folder(struct dgm_tree *tree, DIR *dir, struct dgm_str folder, const struct dgm_tree_options *options)
{
	struct dgm_arena arena = {0};
	for (const struct dirent *item; (item = readdir(dir));) {
		const struct dgm_str name = dgm_str(item->d_name);
		struct stat found = {0};
		if (dgm_str_is(name, ".") || dgm_str_is(name, ".."))
			continue;
		dgm_arena_reset(&arena);
		const struct dgm_str path = folder.len ? dgm_arena_join(&arena, folder, DGM_STR("/"), name) : name;
		if (fstatat(dirfd(dir), item->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0) {
			dgm_tree_add(tree, path, DGM_TREE_UNREADABLE)->error = errno;
			continue;
		}
		struct dgm_tree_entry *entry = dgm_tree_add(tree, path, kind_of(options, path, name, &found));
		entry->size = S_ISREG(found.st_mode) ? (uint64_t)found.st_size : 0;
	}
	dgm_arena_done(&arena);
}

/* 0 or errno. */
static int enter(struct dgm_tree *tree, int root, const char *folder, const struct dgm_tree_options *options)
{
	const int fd = dgm_open_beneath(root, folder, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		const int error = errno;
		if (fd >= 0)
			close(fd);
		return error;
	}
	errno = 0;
	list_folder(tree, dir, dgm_str(folder), options);
	closedir(dir);
	return 0;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct dgm_tree_entry *)a)->path, ((const struct dgm_tree_entry *)b)->path);
}

void dgm_tree_sort(struct dgm_tree *tree)
{
	if (tree->count)
		qsort(tree->entries, tree->count, sizeof *tree->entries, by_path);
}

struct dgm_tree_entry *dgm_tree_find(const struct dgm_tree *tree, const char *path)
{
	const struct dgm_tree_entry key = {.path = path};
	return tree->count ? bsearch(&key, tree->entries, tree->count, sizeof key, by_path) : NULL;
}

void dgm_tree_list(struct dgm_tree *tree, int root, const struct dgm_tree_options *options)
{
	int error = enter(tree, root, "", options);
	if (error)
		dgm_tree_add(tree, DGM_STR("."), DGM_TREE_UNREADABLE)->error = error;
	/* Entering adds to the entries, and may move them. */
	for (size_t i = 0; i < tree->count; i++) {
		if (tree->entries[i].kind != DGM_TREE_FOLDER)
			continue;
		error = enter(tree, root, tree->entries[i].path, options);
		if (error) {
			tree->entries[i].kind = DGM_TREE_UNREADABLE;
			tree->entries[i].error = error;
		}
	}
	dgm_tree_sort(tree);
}

void dgm_tree_done(struct dgm_tree *tree)
{
	free(tree->entries);
	dgm_arena_done(&tree->arena);
	*tree = (struct dgm_tree){0};
}
