/* SPDX-License-Identifier: Apache-2.0 */
/* The schema is held as the window of an input that was read to its end. */
#include "pipe/against.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "pipe/side.h"

struct dgm_schema_file {
	struct dgm_input *input;
	int fd;
	struct dgm_str name, bytes;
};

static struct dgm_schema_file *unusable(struct dgm_schema_file *schema, struct dgm_diag_sink *diags, const char *reason)
{
	dgm_diag_text(diags, DGM_ERROR, "schema-unusable", schema->name, NULL, "%s", reason);
	dgm_schema_file_free(schema);
	return NULL;
}

struct dgm_schema_file *dgm_schema_file_open(const char *path, struct dgm_diag_sink *diags)
{
	struct dgm_schema_file *schema = dgm_xcalloc(1, sizeof *schema);
	schema->name = dgm_str(path);
	schema->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (schema->fd < 0)
		return unusable(schema, diags, strerror(errno));
	schema->input = dgm_input_fd(schema->fd, schema->name, diags, 0);
	/* Bytes, not text: which encoding they are in the schema says itself. */
	if (!schema->input || dgm_input_charset(schema->input, DGM_STR("utf-8"), false) != 0 ||
		dgm_input_peek(schema->input, DGM_SCHEMA_MAX + 1, &schema->bytes) != DGM_OK)
		return unusable(schema, diags, "cannot be read");
	if (schema->bytes.len > DGM_SCHEMA_MAX)
		return unusable(schema, diags, "it has more than 16 MiB");
	return schema;
}

void dgm_schema_file_free(struct dgm_schema_file *schema)
{
	if (!schema)
		return;
	dgm_input_free(schema->input);
	if (schema->fd >= 0)
		close(schema->fd);
	free(schema);
}

struct dgm_str dgm_schema_file_bytes(const struct dgm_schema_file *schema)
{
	return schema ? schema->bytes : DGM_NOSTR;
}

static enum dgm_obeyed check(const struct dgm_schema_file *schema, struct dgm_side *side,
	const struct dgm_format *format, struct dgm_input *input, struct dgm_diag_sink *diags)
{
	const struct dgm_plugin *plugin = &side->engine->plugin;
	if (!plugin->check) {
		dgm_diag_text(diags, DGM_ERROR, "schema-unusable", schema->name, NULL,
			"plugin %.*s knows no schemas of its syntax", DGM_FMT(side->engine->id));
		return DGM_OBEYED_UNKNOWN;
	}
	struct dgm_open open = dgm_side_opening(side, format, false);
	open.input = input;
	const int32_t result = plugin->check(&open, schema->bytes, schema->name);
	if (result != DGM_OK && !dgm_job_take_error(side->job).code && !dgm_input_failed(input))
		dgm_diag_text(diags, DGM_ERROR, "plugin-silent", dgm_input_name(input), NULL,
			"the plugin finds fault with it and did not say why");
	return result == DGM_OK ? DGM_OBEYED : result == DGM_BAD ? DGM_OBEYED_NOT : DGM_OBEYED_UNKNOWN;
}

enum dgm_obeyed dgm_schema_file_check(const struct dgm_schema_file *schema, struct dgm_search *plugins,
	const struct dgm_format *format, struct dgm_input *input, const struct dgm_option_given *options,
	size_t option_count, struct dgm_diag_sink *diags)
{
	struct dgm_side side;
	enum dgm_obeyed result = DGM_OBEYED_UNKNOWN;
	if (dgm_side_open(&side, plugins, format, dgm_input_name(input), options, option_count, diags) == 0)
		result = check(schema, &side, format, input, diags);
	dgm_side_done(&side);
	return result;
}
