/* SPDX-License-Identifier: Apache-2.0 */
/* A definition is a file <id>.yaml in a folder of the search path, its code lists lie in "codes" beside it. */
#include "host/catalog.h"

#include <dirent.h>
#include <stdlib.h>

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
	free(catalog->entries);
	free(catalog->code_folders);
	dgm_arena_done(&catalog->arena);
	free(catalog);
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
