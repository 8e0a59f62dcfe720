/* SPDX-License-Identifier: Apache-2.0 */
/* dragoman schema: the common notice schema in several forms, and that of definitions, each from its one table. */
#include <stdio.h>

#include "args.h"
#include "format/language.h"
#include "io/output.h"
#include "log.h"
#include "notice/describe.h"

enum {
	FIELDS = 1,
	JSON,
	JSON_SCHEMA,
	XSD,
	MDOC,
	DEFINITION,
};

static const struct cli_option options[] = {
	{FIELDS, 0, "fields", NULL, "every field with its type, for people (the default)"},
	{JSON, 0, "json", NULL, "the same for machines"},
	{JSON_SCHEMA, 0, "json-schema", NULL, "JSON Schema of notice-jsonl and notice-json"},
	{XSD, 0, "xsd", NULL, "XML Schema of notice-xml"},
	{MDOC, 0, "mdoc", NULL, "the field list of dragoman-schema(7)"},
	{DEFINITION, 0, "definition", NULL, "JSON Schema of definitions of formats, for editors"},
};

static bool take(void *context, int id, const char *value)
{
	(void)value;
	*(int *)context = id;
	return true;
}

/* Whether a line is of that field, or of one in that group; the line marks what repeats, the path need not. */
static bool is_below(struct dgm_str line, struct dgm_str path)
{
	while (path.len && line.len && path.ptr[0] == line.ptr[0]) {
		path = dgm_str_skip(path, 1);
		line = dgm_str_skip(line, 1);
		if (dgm_str_starts(line, DGM_STR("[]")) && !dgm_str_starts(path, DGM_STR("[]")))
			line = dgm_str_skip(line, 2);
	}
	return path.len == 0 && line.len && (line.ptr[0] == ' ' || line.ptr[0] == '.');
}

/* The lines of a field, or of all fields of a group. false: there is neither. */
static bool put_fields(struct dgm_output *out, struct dgm_str all, struct dgm_str path)
{
	struct dgm_str line;
	bool found = false;
	while (dgm_str_next(&all, DGM_STR("\n"), &line)) {
		if (!is_below(line, path))
			continue;
		dgm_output_write(out, line);
		dgm_output_write(out, DGM_STR("\n"));
		found = true;
	}
	return found;
}

static int put_some(struct dgm_output *out, struct dgm_arena *arena, int argc, char **argv, int first)
{
	for (int i = first; i < argc; i++) {
		if (put_fields(out, dgm_describe_fields(arena), dgm_str(argv[i])))
			continue;
		fprintf(stderr, "dragoman schema: there is no field or group \"%s\"; \"dragoman schema\" shows all\n",
			argv[i]);
		return CLI_USAGE;
	}
	return dgm_output_commit(out) == 0 ? CLI_DONE : CLI_OUTPUT;
}

static int run(int argc, char **argv)
{
	int form = FIELDS;
	const int first = cli_parse(&cli_schema, argc, argv, take, &form);
	if (first < 0)
		return first == -1 ? CLI_DONE : CLI_USAGE;
	if (first < argc && form != FIELDS) {
		fprintf(stderr, "dragoman schema: \"%s\" is not wanted here\n", argv[first]);
		return CLI_USAGE;
	}
	struct dgm_output *out = dgm_output_file(DGM_STR("-"), true, &cli_diags);
	if (!out)
		return CLI_OUTPUT;
	struct dgm_arena arena = {0};
	if (first < argc) {
		const int status = put_some(out, &arena, argc, argv, first);
		dgm_arena_done(&arena);
		dgm_output_free(out);
		return status;
	}
	dgm_output_write(out,
		form == JSON                  ? dgm_describe_fields_json(&arena)
			: form == JSON_SCHEMA ? dgm_describe_json_schema(&arena)
			: form == XSD         ? dgm_describe_xsd(&arena)
			: form == DEFINITION  ? dgm_language_json_schema(&arena)
			: form == MDOC        ? dgm_describe_mdoc(&arena)
					      : dgm_describe_fields(&arena));
	dgm_arena_done(&arena);
	const int status = dgm_output_commit(out) == 0 ? CLI_DONE : CLI_OUTPUT;
	dgm_output_free(out);
	return status;
}

const struct cli_command cli_schema = {
	.name = "schema",
	.synopsis = "[--fields [FIELD ...] | --json | --json-schema | --xsd | --definition]",
	.summary = "Prints the common notice schema, or that of definitions.",
	.operands = "FIELD",
	.options = options,
	.option_count = DGM_COUNT(options),
	.run = run,
};
