/* SPDX-License-Identifier: Apache-2.0 */
/* dragoman loss: what one format can say and another cannot hold, from the definitions alone. */
#include <stdio.h>

#include "args.h"
#include "format/coverage.h"
#include "log.h"
#include "pipe/convert.h"
#include "session.h"

enum { JSON = 1 };

static const struct cli_option options[] = {{JSON, 0, "json", NULL, "for machines"}};

static bool take(void *context, int id, const char *value)
{
	(void)value;
	*(bool *)context = id == JSON;
	return true;
}

/* Whether characters can be lost: the encoding lacks some, and the engine, which knows, has no escape for them. */
static bool is_narrow(const struct cli_session *session, const struct dgm_format *format)
{
	struct dgm_diag_sink silent = {0};
	struct dgm_output *output = dgm_output_memory(&silent);
	const struct dgm_conversion_options opened = {.plugins = session->plugins,
		.target = format,
		.output = output,
		.diags = &silent};
	struct dgm_conversion *conversion = dgm_conversion_new(&opened);
	const bool narrow = !dgm_output_encodes(output, DGM_STR("\u0101\u0e01\U0010fffd"));
	dgm_conversion_free(conversion);
	dgm_output_free(output);
	return narrow;
}

static int compare(const struct dgm_format *from, const struct dgm_format *to, bool narrow, bool json)
{
	struct dgm_fate fates[DGM_FIELD_COUNT];
	unsigned held = 0, lost = 0;
	dgm_coverage(from, to, narrow, fates);
	if (json)
		printf("{\"from\":\"%.*s\",\"to\":\"%.*s\",\"fields\":[", DGM_FMT(from->id), DGM_FMT(to->id));
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		held += fates[f].held;
		if (!fates[f].affected)
			continue;
		const char *what = dgm_loss_names[fates[f].kind];
		const bool protected = dgm_groups[dgm_fields[f].group].protected;
		if (json)
			printf("%s\n{\"field\":\"%.*s\",\"kind\":\"%s\"%s}", lost ? "," : "",
				DGM_FMT(dgm_fields[f].path), what, protected ? ",\"protected\":true" : "");
		else
			printf("%-34.*s %s%s\n", DGM_FMT(dgm_fields[f].path), what,
				protected ? " (protected: the record is rejected)" : "");
		lost++;
	}
	if (json)
		printf("\n],\"held\":%u,\"affected\":%u}\n", held, lost);
	else
		printf("%u of the %u fields of %.*s can lose something in %.*s\n", lost, held, DGM_FMT(from->id),
			DGM_FMT(to->id));
	return CLI_DONE;
}

static int run(int argc, char **argv)
{
	bool json = false;
	struct cli_session session;
	const int first = cli_parse(&cli_loss, argc, argv, take, &json);
	if (first < 0)
		return first == -1 ? CLI_DONE : CLI_USAGE;
	if (argc - first != 2) {
		fprintf(stderr, "dragoman loss: two formats are wanted, FROM and TO\n");
		return CLI_USAGE;
	}
	int status = cli_session_open(&session);
	if (status)
		return status;
	const struct dgm_format *from = cli_format(&session, argv[first], &status);
	const struct dgm_format *to = from ? cli_format(&session, argv[first + 1], &status) : NULL;
	if (to)
		status = compare(from, to, is_narrow(&session, to), json);
	cli_session_close(&session);
	return status;
}

const struct cli_command cli_loss = {
	.name = "loss",
	.synopsis = "[--json] FROM TO",
	.summary = "Tells beforehand what cannot arrive, from the definitions alone.",
	.operands = "FORMAT",
	.options = options,
	.option_count = DGM_COUNT(options),
	.run = run,
};
