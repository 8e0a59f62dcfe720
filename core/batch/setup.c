/* SPDX-License-Identifier: Apache-2.0 */
/* Digests of everything that is not the input. A few megabytes, once a run. */
#define _GNU_SOURCE
#include "batch/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "batch/tree.h"
#include "host/loader.h"
#include "io/beneath.h"

#define BLOCK ((size_t)64 << 10)

void dgm_digest_number(struct dgm_digest *digest, uint64_t number)
{
	char bytes[8];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(number >> 8 * i);
	dgm_digest_add(digest, dgm_str_of(bytes, sizeof bytes));
}

void dgm_digest_text(struct dgm_digest *digest, struct dgm_str text)
{
	dgm_digest_number(digest, text.len);
	dgm_digest_add(digest, text);
}

static int add_file(struct dgm_digest *digest, int fd)
{
	char *block = dgm_xmalloc(BLOCK);
	ssize_t got;
	while ((got = read(fd, block, BLOCK)) != 0) {
		if (got > 0)
			dgm_digest_add(digest, dgm_str_of(block, (size_t)got));
		else if (errno != EINTR)
			break;
	}
	const int error = errno;
	free(block);
	errno = error;
	return got == 0 ? 0 : -1;
}

int dgm_digest_file(int root, const char *path, uint8_t ret_sum[DGM_DIGEST_SIZE])
{
	struct dgm_digest digest;
	const int fd = dgm_open_beneath(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -1;
	dgm_digest_init(&digest);
	const int result = add_file(&digest, fd);
	const int error = errno;
	close(fd);
	dgm_digest_end(&digest, ret_sum);
	errno = error;
	return result;
}

/* A file as the system has it: links are followed, for these are the program's own files. */
static int measure_file(struct dgm_digest *digest, const char *path, struct dgm_diag_sink *diags)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	const int result = fd < 0 ? -1 : add_file(digest, fd);
	if (result != 0)
		dgm_diag_text(diags, DGM_ERROR, "setup-unreadable", dgm_str(path), NULL, "cannot be read: %s",
			strerrordesc_np(errno));
	if (fd >= 0)
		close(fd);
	return result;
}

/* The definitions and code lists of a folder, by name. */
static int measure_folder(struct dgm_digest *digest, const char *path, struct dgm_diag_sink *diags)
{
	static const struct dgm_tree_options options;
	struct dgm_tree tree = {0};
	const int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = 0;
	if (root < 0)
		return 0; /* a folder of the search path that is not there */
	dgm_tree_list(&tree, root, &options);
	for (size_t i = 0; i < tree.count && result == 0; i++) {
		const struct dgm_tree_entry *entry = &tree.entries[i];
		const bool link = entry->kind == DGM_TREE_LINK;
		if ((entry->kind != DGM_TREE_FILE && !link) || !dgm_str_ends(dgm_str(entry->path), DGM_STR(".yaml")))
			continue;
		dgm_digest_text(digest, dgm_str(entry->path));
		result = measure_file(digest, dgm_arena_printf(&tree.arena, "%s/%s", path, entry->path).ptr, diags);
	}
	dgm_tree_done(&tree);
	close(root);
	return result;
}

static int measure_plugins(struct dgm_digest *digest, struct dgm_search *search, struct dgm_diag_sink *diags)
{
	size_t count;
	const struct dgm_plugin_file *files = dgm_plugins_list(search, &count);
	int result = 0;
	for (size_t i = 0; i < count && result == 0; i++) {
		if (files[i].problem.len || files[i].shadowed_by.len)
			continue;
		dgm_digest_text(digest, files[i].id);
		result = measure_file(digest, files[i].file.ptr, diags);
	}
	return result;
}

int dgm_setup_measure(struct dgm_setup *setup, struct dgm_search *plugins, const struct dgm_search *formats,
	struct dgm_digest *options, struct dgm_diag_sink *diags)
{
	struct dgm_digest digest;
	dgm_digest_end(options, setup->options);
	dgm_digest_init(&digest);
	int result = measure_file(&digest, "/proc/self/exe", diags);
	dgm_digest_end(&digest, setup->tool);
	if (result == 0)
		result = measure_plugins(&digest, plugins, diags);
	dgm_digest_end(&digest, setup->plugins);
	for (size_t i = 0; i < formats->count && result == 0; i++)
		result = measure_folder(&digest, formats->folders[i].path.ptr, diags);
	dgm_digest_end(&digest, setup->definitions);
	const uint8_t *const parts[] = {setup->tool, setup->plugins, setup->definitions, setup->options};
	for (size_t i = 0; i < DGM_COUNT(parts); i++)
		dgm_digest_add(&digest, dgm_str_of((const char *)parts[i], DGM_DIGEST_SIZE));
	dgm_digest_end(&digest, setup->all);
	return result;
}
