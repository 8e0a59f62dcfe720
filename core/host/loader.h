/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds plugins along a search path and loads them: <id>.so, on first use only, never unloaded (addresses in reports
 * and profiles stay true). What is loaded is the very file that was checked.
 *
 * A file may hold several plugins: the first has the file's name as its id, the others begin with it and a '-'
 * ("table", "table-fixed"). An id is looked for in the file with the longest such name.
 */
#ifndef DGM_HOST_LOADER_H
#define DGM_HOST_LOADER_H

#include "host/paths.h"

/* A file is refused unless it and its folder belong to root or to who runs the program and only they may write them. */

struct dgm_loaded {
	struct dgm_plugin plugin; /* as this host knows it: members the plugin is too old for are 0 */
	struct dgm_str file;      /* absolute, a 0 byte behind it */
	struct dgm_str id;
	struct dgm_loaded *next;
};

struct dgm_plugin_file {
	struct dgm_str id;
	struct dgm_str file;        /* absolute, a 0 byte behind it */
	struct dgm_str shadowed_by; /* the file of the same id that wins; empty: this one is used */
	struct dgm_str problem;     /* why it would be refused, as far as can be seen unloaded; empty: none seen */
	enum dgm_search_origin origin;
};

/*
 * All files <id>.so along the path, in its order, by name within a folder; a file whose name is no id is listed with
 * that problem. Loads and runs nothing. In the search's arena.
 */
const struct dgm_plugin_file *dgm_plugins_list(struct dgm_search *search, size_t *ret_count);

/*
 * The plugin of that id; the same one every time. It lives as long as the search. NULL after exactly one diagnostic
 * (DGM_ERROR) that names the file, the reason and the remedy:
 *   plugin-missing       there is no such file, or not that plugin in it
 *   plugin-permissions   others could have changed the file or its folder, or it is no regular file
 *   plugin-not-loadable  the system's loader refuses it: not an ELF file of this machine, a library or symbol is missing
 *   plugin-no-entry      it has no dragoman_plugin_v1, perhaps that of another major version
 *   plugin-mismatch      what the entry point gives is not a plugin: size, id, texts, callbacks
 *   plugin-options       its option table is not sound
 */
const struct dgm_loaded *dgm_plugin_load(struct dgm_search *search, struct dgm_str id, struct dgm_diag_sink *diags);

/* Whether a text may be a plugin's id: lower-case letters, digits and '-', a letter first, at most 64. */
bool dgm_plugin_is_id(struct dgm_str text);

#endif
