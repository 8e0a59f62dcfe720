/* SPDX-License-Identifier: Apache-2.0 */
/* dragoman plugin new. The skeleton is a plugin that is tested as it is; only its name changes. */
#define _GNU_SOURCE
#include "skeleton.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "args.h"
#include "host/loader.h"
#include "io/input.h"
#include "io/output.h"
#include "log.h"

#define SKELETON "keyline" /* what it is called as it lies there */

enum {
	FILE_MAX = 1 << 20, /* far more than any file of it has */
};

/* From the program's own place, wherever the tree was moved. */
static struct dgm_str find_folder(struct dgm_arena *arena)
{
	char program[PATH_MAX];
	const ssize_t len = readlink("/proc/self/exe", program, sizeof program);
	const char *slash = len > 0 ? memrchr(program, '/', (size_t)len) : NULL;
	return dgm_arena_printf(arena, "%.*s/%s", slash ? (int)(slash - program) : 0, program,
		DGM_SKELETON_DIR_FROM_BIN);
}

/* The text with each of the skeleton's names replaced. */
static struct dgm_str rename_all(struct dgm_arena *arena, struct dgm_str text, struct dgm_str name)
{
	size_t count = 0;
	for (struct dgm_str rest = text; rest.len; count++) {
		const size_t at = dgm_str_find(rest, DGM_STR(SKELETON));
		rest = dgm_str_skip(rest, at + sizeof SKELETON - 1);
	}
	char *to = dgm_arena_alloc(arena, text.len + count * name.len + 1);
	size_t len = 0;
	for (struct dgm_str rest = text; rest.len;) {
		const size_t at = dgm_str_find(rest, DGM_STR(SKELETON));
		memcpy(to + len, rest.ptr, at);
		len += at;
		if (at < rest.len) {
			memcpy(to + len, name.ptr, name.len);
			len += name.len;
		}
		rest = dgm_str_skip(rest, at + sizeof SKELETON - 1);
	}
	to[len] = '\0';
	return dgm_str_of(to, len);
}

static bool copy_file(struct dgm_arena *arena, struct dgm_str folder, const char *file, struct dgm_str name)
{
	const struct dgm_str from = dgm_arena_printf(arena, "%.*s/%s", DGM_FMT(folder), file);
	const struct dgm_str to =
		dgm_arena_printf(arena, "%.*s/%.*s", DGM_FMT(name), DGM_FMT(rename_all(arena, dgm_str(file), name)));
	const int fd = open(from.ptr, O_RDONLY | O_CLOEXEC);
	struct stat status = {0};
	struct dgm_str bytes = DGM_NOSTR;
	struct dgm_input *input = fd >= 0 ? dgm_input_fd(fd, from, &cli_diags, 0) : NULL;
	bool good = input && fstat(fd, &status) == 0 && dgm_input_head(input, FILE_MAX, &bytes) == DGM_OK;
	struct dgm_output *out = good ? dgm_output_file(to, false, &cli_diags) : NULL;
	if (out)
		dgm_output_write(out, rename_all(arena, bytes, name));
	good = out && dgm_output_commit(out) == 0;
	if (good)
		good = chmod(to.ptr, status.st_mode & 0100 ? 0755 : 0644) == 0;
	dgm_output_free(out);
	dgm_input_free(input);
	if (fd >= 0)
		close(fd);
	return good;
}

static int copy_all(struct dgm_arena *arena, struct dgm_str folder, struct dgm_str name)
{
	DIR *dir = opendir(folder.ptr);
	unsigned count = 0;
	bool good = true;
	if (!dir) {
		fprintf(stderr, "dragoman plugin: the skeleton is not in %.*s; install the package dragoman-dev\n",
			DGM_FMT(folder));
		return CLI_PLUGIN;
	}
	if (mkdir(name.ptr, 0755) != 0) {
		fprintf(stderr, "dragoman plugin: the folder %.*s cannot be made: %s\n", DGM_FMT(name),
			strerrordesc_np(errno));
		closedir(dir);
		return CLI_OUTPUT;
	}
	for (const struct dirent *entry; good && (entry = readdir(dir));) {
		if (entry->d_name[0] == '.')
			continue;
		good = copy_file(arena, folder, entry->d_name, name);
		count++;
	}
	closedir(dir);
	if (good && count > 0)
		printf("%.*s: %u files; README.md there says how to build, test and use it\n", DGM_FMT(name), count);
	return good && count > 0 ? CLI_DONE : CLI_OUTPUT;
}

int cli_skeleton(const char *name)
{
	struct dgm_arena arena = {0};
	if (!dgm_plugin_is_id(dgm_str(name))) {
		fprintf(stderr,
			"dragoman plugin: \"%s\" cannot be a plugin's name: lower-case letters, digits and '-', a letter first\n",
			name);
		return CLI_USAGE;
	}
	const int status = copy_all(&arena, find_folder(&arena), dgm_arena_printf(&arena, "%s", name));
	dgm_arena_done(&arena);
	return status;
}
