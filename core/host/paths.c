/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Search paths. The one place that reads the environment; whether a folder may be trusted is the loader's question,
 * since it must ask it of the folder it has open.
 */
#define _GNU_SOURCE
#include "host/paths.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

/* The build says where its installed tree keeps them, seen from the folder of the program. */
#ifndef DGM_PLUGIN_DIR_FROM_BIN
#define DGM_PLUGIN_DIR_FROM_BIN "../lib/dragoman/plugins"
#endif
#ifndef DGM_FORMAT_DIR_FROM_BIN
#define DGM_FORMAT_DIR_FROM_BIN "../share/dragoman/formats"
#endif

/* More folders than anybody lists by hand; a longer path is a mistake in a script. */
#define FOLDERS_MAX 64u

struct kind_facts {
	const char *variable, *user_folder, *from_bin;
};

static const struct kind_facts kinds[] = {
	[DGM_SEARCH_PLUGINS] = {"DRAGOMAN_PLUGIN_PATH", "dragoman/plugins", DGM_PLUGIN_DIR_FROM_BIN},
	[DGM_SEARCH_FORMATS] = {"DRAGOMAN_FORMAT_PATH", "dragoman/formats", DGM_FORMAT_DIR_FROM_BIN},
};

const char *dgm_search_origin_name(enum dgm_search_origin origin)
{
	switch (origin) {
	case DGM_SEARCH_GIVEN:
		return "given";
	case DGM_SEARCH_ENVIRONMENT:
		return "environment";
	case DGM_SEARCH_USER:
		return "user";
	case DGM_SEARCH_SYSTEM:
		return "system";
	}
	return "unknown";
}

static struct dgm_str environment(const char *name)
{
	return dgm_str(secure_getenv(name));
}

/* The spelling with neither "." nor empty names; ".." stays, since a link may stand before it. */
static struct dgm_str tidy(struct dgm_arena *arena, struct dgm_str absolute)
{
	char *to = dgm_arena_alloc(arena, absolute.len + 2);
	size_t len = 0;
	struct dgm_str part;
	while (dgm_str_next(&absolute, DGM_STR("/"), &part)) {
		if (part.len == 0 || dgm_str_is(part, "."))
			continue;
		to[len++] = '/';
		memcpy(to + len, part.ptr, part.len);
		len += part.len;
	}
	if (len == 0)
		to[len++] = '/';
	to[len] = '\0';
	return dgm_str_of(to, len);
}

/* A relative name means the folder of today, so it is tied to it before anything can change the working directory. */
static int make_absolute(struct dgm_arena *arena, struct dgm_str path, struct dgm_str *ret_path)
{
	if (path.ptr[0] == '/') {
		*ret_path = tidy(arena, path);
		return 0;
	}
	char here[PATH_MAX];
	if (!getcwd(here, sizeof here))
		return -errno;
	*ret_path = tidy(arena, dgm_arena_printf(arena, "%s/%.*s", here, DGM_FMT(path)));
	return 0;
}

static bool is_same_folder(struct dgm_str a, const struct stat *status_b, struct dgm_str b)
{
	struct stat status_a;
	return dgm_str_eq(a, b) ||
		(stat(a.ptr, &status_a) == 0 && status_a.st_dev == status_b->st_dev &&
			status_a.st_ino == status_b->st_ino);
}

static void add(struct dgm_search *search, struct dgm_str path, enum dgm_search_origin origin,
	struct dgm_diag_sink *diags)
{
	const bool named = origin == DGM_SEARCH_GIVEN || origin == DGM_SEARCH_ENVIRONMENT;
	struct dgm_str absolute = DGM_NOSTR;
	int error = path.len > 0 ? make_absolute(&search->arena, path, &absolute) : -ENOENT;
	struct stat status;
	if (error == 0 && stat(absolute.ptr, &status) != 0)
		error = -errno;
	if (error == 0 && !S_ISDIR(status.st_mode))
		error = -ENOTDIR;
	if (error != 0) {
		if (named || error != -ENOENT)
			dgm_diag_text(diags, DGM_WARNING, "search-folder", path, NULL,
				"folder is left out of the search path (%s): %s", dgm_search_origin_name(origin),
				path.len > 0 ? strerrordesc_np(-error) : "its name is empty");
		return;
	}
	for (size_t i = 0; i < search->count; i++)
		if (is_same_folder(search->folders[i].path, &status, absolute))
			return;
	if (search->count == FOLDERS_MAX) {
		dgm_diag_text(diags, DGM_WARNING, "search-folder", path, NULL,
			"folder is left out of the search path: there are %u before it already", FOLDERS_MAX);
		return;
	}
	search->folders[search->count++] = (struct dgm_search_folder){absolute, origin};
}

static void add_environment(struct dgm_search *search, struct dgm_diag_sink *diags)
{
	struct dgm_str list = environment(kinds[search->kind].variable);
	struct dgm_str part;
	if (list.len == 0)
		return;
	while (dgm_str_next(&list, DGM_STR(":"), &part))
		add(search, part, DGM_SEARCH_ENVIRONMENT, diags);
}

/* XDG base directory specification 0.8: an empty or relative $XDG_DATA_HOME counts as not set. */
static void add_user(struct dgm_search *search, struct dgm_diag_sink *diags)
{
	const char *below = kinds[search->kind].user_folder;
	const struct dgm_str data = environment("XDG_DATA_HOME");
	const struct dgm_str home = environment("HOME");
	struct dgm_str path = DGM_NOSTR;
	if (data.len > 0 && data.ptr[0] == '/')
		path = dgm_arena_printf(&search->arena, "%.*s/%s", DGM_FMT(data), below);
	else if (home.len > 0 && home.ptr[0] == '/')
		path = dgm_arena_printf(&search->arena, "%.*s/.local/share/%s", DGM_FMT(home), below);
	if (path.len > 0)
		add(search, path, DGM_SEARCH_USER, diags);
}

static void add_system(struct dgm_search *search, struct dgm_diag_sink *diags)
{
	char program[PATH_MAX];
	const ssize_t len = readlink("/proc/self/exe", program, sizeof program);
	if (len <= 0 || (size_t)len == sizeof program) {
		dgm_diag_text(diags, DGM_ERROR, "search-folder", DGM_STR("/proc/self/exe"), NULL,
			"cannot tell where the program lies (is /proc mounted?): its own plugins and definitions are not found");
		return;
	}
	const char *slash = memrchr(program, '/', (size_t)len);
	add(search,
		dgm_arena_printf(&search->arena, "%.*s/%s", (int)(slash - program), program,
			kinds[search->kind].from_bin),
		DGM_SEARCH_SYSTEM, diags);
}

struct dgm_search *dgm_search_new(enum dgm_search_kind kind, const struct dgm_str *given, size_t given_count,
	struct dgm_diag_sink *diags)
{
	if (getauxval(AT_SECURE) != 0) {
		dgm_diag_text(diags, DGM_ERROR, "set-uid", DGM_NOSTR, NULL,
			"the program runs with more rights than its caller (set-uid, set-gid or capabilities) and is not made "
			"for it; take these away from the file");
		return NULL;
	}
	struct dgm_search *search = dgm_xcalloc(1, sizeof *search);
	search->kind = kind;
	search->folders = dgm_arena_zero(&search->arena, FOLDERS_MAX * sizeof *search->folders);
	for (size_t i = 0; i < given_count; i++)
		add(search, given[i], DGM_SEARCH_GIVEN, diags);
	add_environment(search, diags);
	add_user(search, diags);
	add_system(search, diags);
	return search;
}

void dgm_search_free(struct dgm_search *search)
{
	if (!search)
		return;
	dgm_arena_done(&search->arena);
	free(search);
}

struct dgm_str dgm_search_text(struct dgm_search *search)
{
	struct dgm_str text = DGM_STR("no folder");
	for (size_t i = 0; i < search->count; i++)
		text = i == 0 ? search->folders[0].path
			      : dgm_arena_printf(&search->arena, "%.*s, %.*s", DGM_FMT(text),
					DGM_FMT(search->folders[i].path));
	return text;
}
