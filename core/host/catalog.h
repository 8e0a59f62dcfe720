/* SPDX-License-Identifier: Apache-2.0 */
/* The definitions along a search path: found by id, listed, and asked which of them a file's first bytes speak of. */
#ifndef DGM_HOST_CATALOG_H
#define DGM_HOST_CATALOG_H

#include "format/definition.h"
#include "host/paths.h"

struct dgm_entry {
	struct dgm_str id;
	struct dgm_str file;       /* absolute */
	struct dgm_format *format; /* compiled at first use; NULL until then or where it is not usable */
	struct dgm_format *sketch; /* without code lists, for detection; the same */
	bool tried, sketched;
};

/* A format with code lists of its own in front: "FORMAT/PROFILE", from profiles/FORMAT/PROFILE along the search path. */
struct dgm_profile {
	struct dgm_profile *next;
	struct dgm_str id;
	struct dgm_format *format;
};

struct dgm_catalog {
	struct dgm_arena arena;
	struct dgm_entry *entries; /* sorted by id; the first along the search path wins */
	size_t count;
	struct dgm_profile *profiles; /* those that were asked for */
	const char **code_folders;    /* NULL-terminated: "codes" below each folder of the path */
};

/* Lists the definitions; none is read yet. */
struct dgm_catalog *dgm_catalog_new(const struct dgm_search *search);
void dgm_catalog_free(struct dgm_catalog *catalog);

/*
 * The compiled definition of an id, or of "id/profile". NULL and diagnostics ("format-unknown" with a guess,
 * "profile-unknown", or what is wrong with it).
 */
const struct dgm_format *dgm_catalog_get(struct dgm_catalog *catalog, struct dgm_str id, struct dgm_diag_sink *diags);

/* What detection needs of an entry; NULL where it is not usable. */
const struct dgm_format *dgm_catalog_sketch(struct dgm_entry *entry);

/* The names of a format's profiles, sorted; the array and the names are in the arena. */
const struct dgm_str *dgm_catalog_profiles(const struct dgm_catalog *catalog, struct dgm_str id,
	struct dgm_arena *arena, uint32_t *ret_count);

#endif
