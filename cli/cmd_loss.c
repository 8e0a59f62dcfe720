/* SPDX-License-Identifier: Apache-2.0 */
/* dragoman loss: what one format can say and another cannot hold, from the definitions alone. */
#include <stdio.h>

#include "args.h"
#include "format/loss.h"
#include "io/jsontext.h"
#include "log.h"
#include "session.h"

enum { JSON = 1 };

static const struct cli_option options[] = {{JSON, 0, "json", NULL, "for machines"}};

static bool take(void *context, int id, const char *value)
{
	(void)value;
	*(bool *)context = id == JSON;
	return true;
}

/* What may happen to a field on the way; NULL: nothing. */
static const char *verdict(const struct dgm_holding *from, const struct dgm_holding *to, enum dgm_field_id field)
{
	if (from->capacity == DGM_HOLDS_NONE)
		return NULL;
	if (to->capacity == DGM_HOLDS_NONE)
		return "dropped";
	if (to->constant_only && !from->constant_only)
		return "recoded";
	if (dgm_fields[field].type == DGM_TYPE_DATE && !to->constant_only &&
		((from->dates_full && !to->dates_full) || (from->dates_partial && !to->dates_partial) ||
			(from->dates_qualified && !to->dates_qualified) || (from->dates_interval && !to->dates_interval)))
		return "precision";
	if (to->capacity < from->capacity && !to->constant_only)
		return "list_cut";
	if (to->max && (!from->max || from->max > to->max))
		return "truncated";
	return NULL;
}

static int compare(const struct dgm_format *from, const struct dgm_format *to, bool json)
{
	struct dgm_holding source[DGM_FIELD_COUNT], target[DGM_FIELD_COUNT];
	unsigned held = 0, lost = 0;
	dgm_format_holdings(from, NULL, source);
	dgm_format_holdings(to, NULL, target);
	if (json)
		printf("{\"from\":\"%.*s\",\"to\":\"%.*s\",\"fields\":[", DGM_FMT(from->id), DGM_FMT(to->id));
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		const char *what = verdict(&source[f], &target[f], (enum dgm_field_id)f);
		held += source[f].capacity != DGM_HOLDS_NONE;
		if (!what)
			continue;
		if (json)
			printf("%s\n{\"field\":\"%.*s\",\"kind\":\"%s\"}", lost ? "," : "", DGM_FMT(dgm_fields[f].path), what);
		else
			printf("%-34.*s %s\n", DGM_FMT(dgm_fields[f].path), what);
		lost++;
	}
	if (json)
		printf("\n],\"held\":%u,\"affected\":%u}\n", held, lost);
	else
		printf("%u of the %u fields of %.*s can lose something in %.*s\n", lost, held, DGM_FMT(from->id), DGM_FMT(to->id));
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
		status = compare(from, to, json);
	cli_session_close(&session);
	return status;
}

const struct cli_command cli_loss = {
	.name = "loss",
	.synopsis = "[--json] FROM TO",
	.summary = "Tells beforehand what cannot arrive, from the definitions alone.",
	.options = options,
	.option_count = DGM_COUNT(options),
	.run = run,
};
