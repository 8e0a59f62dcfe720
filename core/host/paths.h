/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where plugins and definitions are looked for: the folders given on the command line, then those of the environment,
 * the user's own, the program's. Never the working directory, unless somebody names it.
 */
#ifndef DGM_HOST_PATHS_H
#define DGM_HOST_PATHS_H

#include "base/arena.h"
#include "base/diag.h"

/* What is looked for: <id>.so ($DRAGOMAN_PLUGIN_PATH) or <id>.yaml ($DRAGOMAN_FORMAT_PATH). */
enum dgm_search_kind {
	DGM_SEARCH_PLUGINS,
	DGM_SEARCH_FORMATS,
};

/* Who named a folder, in the order of precedence. */
enum dgm_search_origin {
	DGM_SEARCH_GIVEN,
	DGM_SEARCH_ENVIRONMENT,
	DGM_SEARCH_USER,
	DGM_SEARCH_SYSTEM,
};

struct dgm_search_folder {
	struct dgm_str path; /* absolute, no '/' at its end, a 0 byte behind it */
	enum dgm_search_origin origin;
};

struct dgm_loaded;

/* Used by one thread at a time: it also keeps what was loaded along it. Everything in it lives until it is freed. */
struct dgm_search {
	struct dgm_arena arena;
	struct dgm_search_folder *folders;
	size_t count;
	struct dgm_loaded *loaded;
	enum dgm_search_kind kind;
};

/*
 * given: folders of the command line, most important first; copied. A folder that is named but is not there is reported
 * ("search-folder", a warning) and left out; the user's and the program's may be missing without a word.
 * NULL and a diagnostic ("set-uid") where the process runs with more rights than its caller: then neither the
 * environment nor a folder of the caller may choose code to run, and the program is not made for it.
 */
struct dgm_search *dgm_search_new(enum dgm_search_kind kind, const struct dgm_str *given, size_t given_count,
	struct dgm_diag_sink *diags);
void dgm_search_free(struct dgm_search *search);

/* "given", "environment", "user", "system". */
const char *dgm_search_origin_name(enum dgm_search_origin origin);

/* The folders, joined by ", ", for messages; in the search's arena. */
struct dgm_str dgm_search_text(struct dgm_search *search);

#endif
