/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dragoman.yaml, what a folder says of the files in it:
 *
 *     include: ["*.xml", "*.csv"]
 *     exclude: [drafts]
 *     files:
 *       - {match: "north-*.csv", from: ameripol, encoding: windows-1252}
 *
 * The first entry of "files" whose pattern (glob.h) fits a file counts.
 */
#ifndef DGM_BATCH_CONFIG_H
#define DGM_BATCH_CONFIG_H

#include "base/diag.h"
#include "batch/tree.h"

struct dgm_config_entry {
	struct dgm_str match, from, encoding; /* from, encoding: with a 0 byte behind; empty: not said */
	struct dgm_place place;
};

struct dgm_config {
	struct dgm_arena arena;
	struct dgm_patterns include, exclude;
	struct dgm_config_entry *entries;
	size_t count;
};

/* Adds what a file says. -1 after diagnostics ("config-shape", and those of YAML). */
int dgm_config_load(struct dgm_config *config, const char *path, struct dgm_diag_sink *diags);
/* Adds one pattern. */
void dgm_config_pattern(struct dgm_config *config, struct dgm_patterns *patterns, struct dgm_str pattern);
/* The entry for a file, or NULL. */
const struct dgm_config_entry *dgm_config_find(const struct dgm_config *config, const char *path);
void dgm_config_done(struct dgm_config *config);

#endif
