/* SPDX-License-Identifier: Apache-2.0 */
/* dragoman schema: the common notice schema in several forms, all from its one table. */
#include <stdio.h>

#include "args.h"
#include "io/output.h"
#include "log.h"
#include "notice/describe.h"

enum {
	FIELDS = 1,
	JSON,
	JSON_SCHEMA,
	XSD,
	MDOC,
};

static const struct cli_option options[] = {
	{FIELDS, 0, "fields", NULL, "every field with its type, for people (the default)"},
	{JSON, 0, "json", NULL, "the same for machines"},
	{JSON_SCHEMA, 0, "json-schema", NULL, "JSON Schema of notice-jsonl and notice-json"},
	{XSD, 0, "xsd", NULL, "XML Schema of notice-xml"},
	{MDOC, 0, "mdoc", NULL, "the field list of dragoman-schema(7)"},
};

static bool take(void *context, int id, const char *value)
{
	(void)value;
	*(int *)context = id;
	return true;
}

static int run(int argc, char **argv)
{
	int form = FIELDS;
	const int first = cli_parse(&cli_schema, argc, argv, take, &form);
	if (first < 0)
		return first == -1 ? CLI_DONE : CLI_USAGE;
	if (first < argc) {
		fprintf(stderr, "dragoman schema: \"%s\" is not wanted here\n", argv[first]);
		return CLI_USAGE;
	}
	struct dgm_output *out = dgm_output_file(DGM_STR("-"), true, &cli_diags);
	if (!out)
		return CLI_OUTPUT;
	struct dgm_arena arena = {0};
	dgm_output_write(out,
		form == JSON                  ? dgm_describe_fields_json(&arena)
			: form == JSON_SCHEMA ? dgm_describe_json_schema(&arena)
			: form == XSD         ? dgm_describe_xsd(&arena)
			: form == MDOC        ? dgm_describe_mdoc(&arena)
					      : dgm_describe_fields(&arena));
	dgm_arena_done(&arena);
	const int status = dgm_output_commit(out) == 0 ? CLI_DONE : CLI_OUTPUT;
	dgm_output_free(out);
	return status;
}

const struct cli_command cli_schema = {
	.name = "schema",
	.synopsis = "[--fields | --json | --json-schema | --xsd]",
	.summary = "Prints the common notice schema.",
	.options = options,
	.option_count = DGM_COUNT(options),
	.run = run,
};
