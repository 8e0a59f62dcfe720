/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file against a schema of its syntax, such as the XSD of an organisation: the plugin checks, the host hands it both
 * as bytes, so that nothing is fetched.
 */
#ifndef DGM_PIPE_AGAINST_H
#define DGM_PIPE_AGAINST_H

#include "format/definition.h"
#include "host/loader.h"
#include "host/options.h"
#include "io/input.h"

/* A schema has at most so many bytes; goAML's has a tenth of a megabyte. */
#define DGM_SCHEMA_MAX ((size_t)16 << 20)

struct dgm_schema_file;

/* NULL after a diagnostic, "schema-unusable". */
struct dgm_schema_file *dgm_schema_file_open(const char *path, struct dgm_diag_sink *diags);
void dgm_schema_file_free(struct dgm_schema_file *schema);
/* The schema itself; empty where schema is NULL. */
struct dgm_str dgm_schema_file_bytes(const struct dgm_schema_file *schema);

enum dgm_obeyed {
	DGM_OBEYED,
	DGM_OBEYED_NOT,     /* every breach was reported, up to the plugin's limit */
	DGM_OBEYED_UNKNOWN, /* the schema, or the plugin, is of no use, or the input broke; reported */
};

/* input: from its start, its charset chosen; options: of the plugin, beyond the definition's. */
enum dgm_obeyed dgm_schema_file_check(const struct dgm_schema_file *schema, struct dgm_search *plugins,
	const struct dgm_format *format, struct dgm_input *input, const struct dgm_option_given *options,
	size_t option_count, struct dgm_diag_sink *diags);

#endif
