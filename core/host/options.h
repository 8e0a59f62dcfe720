/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Option tables of plugins (struct dgm_option): checked once when a plugin is loaded, filled into its config struct
 * for each instance, printed as help. One table serves the command line, definitions, manuals and completions.
 */
#ifndef DGM_HOST_OPTIONS_H
#define DGM_HOST_OPTIONS_H

#include "base/diag.h"

struct dgm_output;

/* Limits on what a plugin may claim: far above any real table, small enough that a broken one is seen as broken. */
#define DGM_OPTIONS_MAX 256u
#define DGM_CONFIG_SIZE_MAX 65536u

/* One option as somebody gave it. file and place: where (a definition); empty and zero for the command line. */
struct dgm_option_given {
	struct dgm_str name, value;
	struct dgm_str file;
	struct dgm_place place;
};

/* Splits "name=value"; a name without '=' is the boolean "yes". */
struct dgm_option_given dgm_option_split(struct dgm_str text);

/*
 * Whether a table is sound: names, kinds, choices, members inside the config struct and apart from each other, defaults
 * that parse. -1: ret_reason holds why, one line.
 */
int dgm_options_check(const struct dgm_option *table, size_t count, size_t config_size, char ret_reason[256]);

/*
 * Zeroes config (config_size bytes) and fills it: the defaults, then `given` in its order, so a later one wins. Texts
 * point into the table and into the given values, which must outlive the config. The table passed dgm_options_check.
 * who: for messages, "plugin csv". 0, or -1 after one diagnostic for every bad pair ("option-unknown",
 * "option-value"); the config then holds the good ones.
 */
int dgm_options_fill(const struct dgm_option *table, size_t count, void *config, size_t config_size,
	const struct dgm_option_given *given, size_t given_count, struct dgm_str who, struct dgm_diag_sink *diags);

/* The option of that name, or NULL. */
const struct dgm_option *dgm_options_find(const struct dgm_option *table, size_t count, struct dgm_str name);

/* The table for people: two lines for each option, the first "  name=<what>  [default]". */
void dgm_options_print(const struct dgm_option *table, size_t count, struct dgm_output *output);

#endif
