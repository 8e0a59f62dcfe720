/* SPDX-License-Identifier: Apache-2.0 */
/* dragoman formats: what is known, what one format holds, and whether a definition file is sound. */
#include <stdio.h>
#include <stdlib.h>

#include "args.h"
#include "format/loss.h"
#include "io/jsontext.h"
#include "log.h"
#include "session.h"

enum {
	JSON = 1,
	CHECK,
};

static const struct cli_option options[] = {
	{JSON, 0, "json", NULL, "for machines"},
	{CHECK, 0, "check", "FILE", "check a definition file"},
};

struct request {
	bool json;
	const char *check;
};

static bool take(void *context, int id, const char *value)
{
	struct request *request = context;
	if (id == JSON)
		request->json = true;
	else
		request->check = value;
	return true;
}

static const char *capacity_name(const struct dgm_holding *holding)
{
	if (holding->constant_only)
		return "constant";
	return holding->capacity == DGM_HOLDS_MANY ? "many" : "one";
}

static void put_texts(struct dgm_output *out, const char *name, const struct dgm_str *texts, uint32_t count)
{
	dgm_output_write(out, DGM_STR(","));
	dgm_json_string(out, dgm_str(name));
	dgm_output_write(out, DGM_STR(":["));
	for (uint32_t i = 0; i < count; i++) {
		if (i)
			dgm_output_write(out, DGM_STR(","));
		dgm_json_string(out, texts[i]);
	}
	dgm_output_write(out, DGM_STR("]"));
}

static void put_json(struct dgm_output *out, const struct dgm_format *format, bool fields)
{
	struct dgm_holding holdings[DGM_FIELD_COUNT];
	dgm_output_write(out, DGM_STR("{"));
	dgm_json_member(out, true, "format", format->id);
	dgm_json_member(out, false, "title", format->title);
	dgm_json_member(out, false, "organisation", format->organisation);
	dgm_json_member(out, false, "status", format->status);
	dgm_json_member(out, false, "engine", format->engine);
	dgm_json_member(out, false, "encoding", format->encoding);
	dgm_json_member(out, false, "file", format->file);
	put_texts(out, "accepts", format->accepts, format->accept_count);
	put_texts(out, "languages", format->languages, format->language_count);
	put_texts(out, "evidence", format->evidence, format->evidence_count);
	put_texts(out, "invented", format->invented, format->invented_count);
	if (fields) {
		bool any = false;
		dgm_format_holdings(format, NULL, holdings);
		dgm_output_write(out, DGM_STR(",\"fields\":{"));
		for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
			if (!holdings[f].capacity)
				continue;
			if (any)
				dgm_output_write(out, DGM_STR(","));
			any = true;
			dgm_json_string(out, dgm_fields[f].path);
			dgm_output_write(out, DGM_STR(":"));
			dgm_json_string(out, dgm_str(capacity_name(&holdings[f])));
		}
		dgm_output_write(out, DGM_STR("}"));
	}
	dgm_output_write(out, DGM_STR("}"));
}

static int print_json(const struct dgm_format *const *formats, size_t count, bool one)
{
	struct dgm_output *out = dgm_output_file(DGM_STR("-"), true, &cli_diags);
	if (!out)
		return CLI_OUTPUT;
	if (!one)
		dgm_output_write(out, DGM_STR("["));
	for (size_t i = 0; i < count; i++) {
		if (i)
			dgm_output_write(out, DGM_STR(",\n"));
		put_json(out, formats[i], one);
	}
	dgm_output_write(out, one ? DGM_STR("\n") : DGM_STR("]\n"));
	const int status = dgm_output_commit(out) == 0 ? CLI_DONE : CLI_OUTPUT;
	dgm_output_free(out);
	return status;
}

static int list(struct cli_session *session, bool json)
{
	int status = CLI_DONE;
	size_t count = 0;
	const struct dgm_catalog *catalog = session->catalog;
	const struct dgm_format **formats = dgm_xcalloc(catalog->count + 1, sizeof(struct dgm_format *));
	for (size_t i = 0; i < catalog->count; i++) {
		const struct dgm_format *format = dgm_catalog_get(session->catalog, catalog->entries[i].id, &cli_diags);
		if (format)
			formats[count++] = format;
		else
			status = CLI_PLUGIN;
	}
	if (json)
		status = print_json(formats, count, false);
	for (size_t i = 0; i < count && !json; i++)
		printf("%-14.*s %-10.*s %-5.*s %.*s\n", DGM_FMT(formats[i]->id), DGM_FMT(formats[i]->status),
			DGM_FMT(formats[i]->engine), DGM_FMT(formats[i]->title));
	if (count == 0 && !json) {
		dgm_diag_text(&cli_diags, DGM_ERROR, "format-none", DGM_NOSTR, NULL, "no definition was found in %.*s",
			DGM_FMT(dgm_search_text(session->formats)));
		status = CLI_PLUGIN;
	}
	free(formats);
	return status;
}

static void print_fields(const struct dgm_format *format)
{
	struct dgm_holding holdings[DGM_FIELD_COUNT];
	dgm_format_holdings(format, NULL, holdings);
	printf("\nfields it holds:\n");
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++)
		if (holdings[f].capacity)
			printf("  %-34.*s %s\n", DGM_FMT(dgm_fields[f].path), capacity_name(&holdings[f]));
}

/* One a line, the name before the first. */
static void print_texts(const char *name, const struct dgm_str *texts, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		printf("%-13s %.*s\n", i ? "" : name, DGM_FMT(texts[i]));
}

static void print_head(const struct dgm_format *format)
{
	printf("%.*s: %.*s\n", DGM_FMT(format->id), DGM_FMT(format->title));
	printf("organisation: %.*s\nstatus:       %.*s\n", DGM_FMT(format->organisation), DGM_FMT(format->status));
	if (!dgm_str_is(format->status, "published"))
		printf("              This is not the organisation's own format.\n");
	print_texts("evidence:", format->evidence, format->evidence_count);
	print_texts("invented:", format->invented, format->invented_count);
	print_texts("languages:", format->languages, format->language_count);
	printf("engine:       %.*s\nencoding:     %.*s%s\n", DGM_FMT(format->engine), DGM_FMT(format->encoding),
		format->bom ? ", written with a byte-order mark" : "");
	for (uint32_t i = 0; i < format->accept_count; i++)
		printf("              %.*s is read too\n", DGM_FMT(format->accepts[i]));
	printf("definition:   %.*s\n", DGM_FMT(format->file));
}

static int show(struct cli_session *session, const char *id, bool json)
{
	int status;
	const struct dgm_format *format = cli_format(session, id, &status);
	if (!format)
		return status;
	if (json)
		return print_json(&format, 1, true);
	print_head(format);
	print_fields(format);
	return CLI_DONE;
}

static int check(struct cli_session *session, const char *path)
{
	struct dgm_format *format = dgm_format_load(path, session->catalog->code_folders, &cli_diags);
	if (!format)
		return CLI_PLUGIN;
	struct dgm_holding holdings[DGM_FIELD_COUNT];
	unsigned held = 0;
	dgm_format_holdings(format, NULL, holdings);
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++)
		held += holdings[f].capacity != DGM_HOLDS_NONE;
	int status = CLI_DONE;
	if (!dgm_plugin_load(session->plugins, format->engine, &cli_diags))
		status = CLI_PLUGIN;
	if (format->signature_count == 0)
		dgm_diag_text(&cli_diags, DGM_WARNING, "definition-no-signature", dgm_str(path), NULL,
			"without \"detect\" files of this format are never recognised by themselves");
	if (status == CLI_DONE)
		printf("%s: sound; format %.*s, %u of %u schema fields\n", path, DGM_FMT(format->id), held,
			(unsigned)DGM_FIELD_COUNT);
	dgm_format_free(format);
	return status;
}

static int run(int argc, char **argv)
{
	struct request request = {0};
	struct cli_session session;
	int status;
	const int first = cli_begin(&cli_formats, argc, argv, take, &request, &session, &status);
	if (first < 0)
		return status;
	if (request.check)
		status = check(&session, request.check);
	else if (first == argc)
		status = list(&session, request.json);
	for (int i = first; i < argc && status == CLI_DONE && !request.check; i++)
		status = show(&session, argv[i], request.json);
	cli_session_close(&session);
	return status;
}

const struct cli_command cli_formats = {
	.name = "formats",
	.synopsis = "[--json] [FORMAT ...] | --check FILE",
	.summary = "Lists the formats, shows what one holds, or checks a definition.",
	.options = options,
	.option_count = DGM_COUNT(options),
	.run = run,
};
