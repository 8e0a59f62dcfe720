/* SPDX-License-Identifier: Apache-2.0 */
/* A definition is a file <id>.yaml in a folder of the search path, its code lists lie in "codes" beside it. */
#include "host/catalog.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	PROFILES_MAX = 64, /* shown of one format; all can be used */
};

static bool known(const struct dgm_catalog *catalog, struct dgm_str id)
{
	for (size_t i = 0; i < catalog->count; i++)
		if (dgm_str_eq(catalog->entries[i].id, id))
			return true;
	return false;
}

static void list_folder(struct dgm_catalog *catalog, const char *folder, size_t *capacity)
{
	DIR *dir = opendir(folder);
	const struct dirent *file;
	if (!dir)
		return;
	while ((file = readdir(dir)) != NULL) {
		const struct dgm_str name = dgm_str(file->d_name);
		if (!dgm_str_ends(name, DGM_STR(".yaml")) || file->d_name[0] == '.')
			continue;
		const struct dgm_str id = dgm_arena_dup(&catalog->arena, dgm_str_take(name, name.len - 5));
		if (known(catalog, id))
			continue;
		if (catalog->count == *capacity) {
			*capacity = *capacity ? *capacity * 2 : 32;
			catalog->entries = dgm_xrealloc(catalog->entries, *capacity * sizeof *catalog->entries);
		}
		catalog->entries[catalog->count++] = (struct dgm_entry){.id = id,
			.file = dgm_arena_printf(&catalog->arena, "%s/%s", folder, file->d_name)};
	}
	closedir(dir);
}

static int by_id(const void *a, const void *b)
{
	return dgm_str_cmp(((const struct dgm_entry *)a)->id, ((const struct dgm_entry *)b)->id);
}

struct dgm_catalog *dgm_catalog_new(const struct dgm_search *search)
{
	struct dgm_catalog *catalog = dgm_xcalloc(1, sizeof *catalog);
	size_t capacity = 0;
	catalog->code_folders = dgm_xcalloc(search->count + 1, sizeof(char *));
	for (size_t i = 0; i < search->count; i++) {
		list_folder(catalog, search->folders[i].path.ptr, &capacity);
		catalog->code_folders[i] =
			dgm_arena_printf(&catalog->arena, "%.*s/codes", DGM_FMT(search->folders[i].path)).ptr;
	}
	if (catalog->count)
		qsort(catalog->entries, catalog->count, sizeof *catalog->entries, by_id);
	return catalog;
}

void dgm_catalog_free(struct dgm_catalog *catalog)
{
	if (!catalog)
		return;
	for (size_t i = 0; i < catalog->count; i++)
		dgm_format_free(catalog->entries[i].format);
	for (size_t i = 0; i < catalog->count; i++)
		dgm_format_free(catalog->entries[i].sketch);
	for (struct dgm_profile *profile = catalog->profiles; profile; profile = profile->next)
		dgm_format_free(profile->format);
	free(catalog->entries);
	free(catalog->code_folders);
	dgm_arena_done(&catalog->arena);
	free(catalog);
}

/* Where the profiles of a format lie, beside a folder of code lists. */
static const char *profiles_beside(struct dgm_arena *arena, const char *codes, struct dgm_str id)
{
	const struct dgm_str folder = dgm_str_take(dgm_str(codes), strlen(codes) - strlen("/codes"));
	return dgm_arena_printf(arena, "%.*s/profiles/%.*s", DGM_FMT(folder), DGM_FMT(id)).ptr;
}

/* The folders of code lists of "FORMAT/PROFILE", in front of all others; NULL where no folder has the profile. */
static const char **profile_folders(struct dgm_catalog *catalog, struct dgm_str id, struct dgm_str profile)
{
	size_t count = 0, found = 0;
	while (catalog->code_folders[count])
		count++;
	const char **folders = dgm_arena_zero(&catalog->arena, (2 * count + 1) * sizeof *folders);
	for (size_t i = 0; i < count; i++) {
		const char *path = dgm_arena_printf(&catalog->arena, "%s/%.*s",
			profiles_beside(&catalog->arena, catalog->code_folders[i], id), DGM_FMT(profile))
					   .ptr;
		if (access(path, R_OK | X_OK) == 0)
			folders[found++] = path;
	}
	if (found == 0)
		return NULL;
	memcpy(folders + found, catalog->code_folders, count * sizeof *folders);
	return folders;
}

static bool is_profile_name(struct dgm_str name)
{
	bool good = name.len > 0;
	for (size_t i = 0; i < name.len; i++)
		good = good && (dgm_is_lower(name.ptr[i]) || dgm_is_digit(name.ptr[i]) || name.ptr[i] == '-');
	return good;
}

/* A format with the code lists of a profile. It is compiled once, and not among the entries: detection knows it not. */
static const struct dgm_format *get_profile(struct dgm_catalog *catalog, struct dgm_str full, size_t slash,
	struct dgm_diag_sink *diags)
{
	const struct dgm_str id = dgm_str_take(full, slash), profile = dgm_str_skip(full, slash + 1);
	for (struct dgm_profile *have = catalog->profiles; have; have = have->next)
		if (dgm_str_eq(have->id, full))
			return have->format;
	const struct dgm_entry *entry = NULL;
	for (size_t i = 0; i < catalog->count; i++)
		entry = dgm_str_eq(catalog->entries[i].id, id) ? &catalog->entries[i] : entry;
	const char **folders = entry && is_profile_name(profile) ? profile_folders(catalog, id, profile) : NULL;
	if (!folders) {
		dgm_diag_text(diags, DGM_ERROR, "profile-unknown", DGM_NOSTR, NULL,
			"there is no profile \"%.*s\" of a format \"%.*s\"", DGM_FMT(profile), DGM_FMT(id));
		return NULL;
	}
	struct dgm_profile *made = dgm_arena_zero(&catalog->arena, sizeof *made);
	*made = (struct dgm_profile){.id = dgm_arena_dup(&catalog->arena, full), .next = catalog->profiles};
	made->format = dgm_format_load(entry->file.ptr, folders, diags);
	catalog->profiles = made;
	return made->format;
}

static const struct dgm_format *load(struct dgm_catalog *catalog, struct dgm_entry *entry, struct dgm_diag_sink *diags)
{
	if (entry->tried)
		return entry->format;
	entry->tried = true;
	entry->format = dgm_format_load(entry->file.ptr, catalog->code_folders, diags);
	if (entry->format && !dgm_str_eq(entry->format->id, entry->id)) {
		dgm_diag_text(diags, DGM_ERROR, "definition-shape", entry->file, NULL,
			"the definition says format \"%.*s\"; the file's name says \"%.*s\"",
			DGM_FMT(entry->format->id), DGM_FMT(entry->id));
		dgm_format_free(entry->format);
		entry->format = NULL;
	}
	return entry->format;
}

const struct dgm_format *dgm_catalog_get(struct dgm_catalog *catalog, struct dgm_str id, struct dgm_diag_sink *diags)
{
	unsigned best = 4;
	struct dgm_str guess = DGM_NOSTR;
	const size_t slash = dgm_str_find(id, DGM_STR("/"));
	if (slash < id.len)
		return get_profile(catalog, id, slash, diags);
	for (size_t i = 0; i < catalog->count; i++) {
		if (dgm_str_eq(catalog->entries[i].id, id))
			return load(catalog, &catalog->entries[i], diags);
		const unsigned distance = dgm_str_distance(catalog->entries[i].id, id);
		if (distance < best) {
			best = distance;
			guess = catalog->entries[i].id;
		}
	}
	dgm_diag_text(diags, DGM_ERROR, "format-unknown", DGM_NOSTR, NULL, "there is no format \"%.*s\"%s%.*s%s",
		DGM_FMT(id), guess.len ? "; did you mean \"" : "; \"dragoman formats\" lists them", DGM_FMT(guess),
		guess.len ? "\"?" : "");
	return NULL;
}

const struct dgm_format *dgm_catalog_sketch(struct dgm_entry *entry)
{
	if (entry->tried)
		return entry->format;
	if (!entry->sketched)
		entry->sketch = dgm_format_sketch(entry->file.ptr);
	entry->sketched = true;
	return entry->sketch && dgm_str_eq(entry->sketch->id, entry->id) ? entry->sketch : NULL;
}

static int by_text(const void *a, const void *b)
{
	return dgm_str_cmp(*(const struct dgm_str *)a, *(const struct dgm_str *)b);
}

const struct dgm_str *dgm_catalog_profiles(const struct dgm_catalog *catalog, struct dgm_str id,
	struct dgm_arena *arena, uint32_t *ret_count)
{
	struct dgm_str *names = dgm_arena_zero(arena, PROFILES_MAX * sizeof *names);
	*ret_count = 0;
	for (size_t i = 0; catalog->code_folders[i]; i++) {
		DIR *dir = opendir(profiles_beside(arena, catalog->code_folders[i], id));
		const struct dirent *file;
		while (dir && (file = readdir(dir)) != NULL) {
			const struct dgm_str name = dgm_str(file->d_name);
			bool have = !is_profile_name(name) || *ret_count == PROFILES_MAX;
			for (uint32_t n = 0; n < *ret_count && !have; n++)
				have = dgm_str_eq(names[n], name);
			if (!have)
				names[(*ret_count)++] = dgm_arena_dup(arena, name);
		}
		if (dir)
			closedir(dir);
	}
	qsort(names, *ret_count, sizeof *names, by_text);
	return names;
}
