/* SPDX-License-Identifier: Apache-2.0 */
/* dragoman formats: what is known, what one format holds, and whether a definition file is sound. */
#include <stdio.h>
#include <stdlib.h>

#include "args.h"
#include "drafts.h"
#include "format/loss.h"
#include "io/jsontext.h"
#include "log.h"
#include "matrix.h"
#include "session.h"

enum {
	JSON = 1,
	CSV,
	MATRIX,
	CHECK,
	NEW,
	FROM,
	OUT,
};

static const struct cli_option options[] = {
	{JSON, 0, "json", NULL, "for machines"},
	{MATRIX, 0, "matrix", NULL, "which fields of the schema each holds, side by side"},
	{CSV, 0, "csv", NULL, "the matrix for spreadsheets"},
	{CHECK, 0, "check", "FILE", "check a definition file, and say what is missing"},
	{NEW, 0, "new", "ID", "write the draft of a definition, ID.yaml here"},
	{FROM, 0, "from", "SAMPLE", "with --new: propose what the keys of this file are"},
	{OUT, 'o', "output", "FILE", "with --new: write it there"},
};

struct request {
	enum cli_form form;
	bool matrix;
	const char *check, *new_id, *sample, *output;
};

static bool take(void *context, int id, const char *value)
{
	struct request *request = context;
	switch (id) {
	case JSON:
		request->form = CLI_FORM_JSON;
		break;
	case CSV:
		request->form = CLI_FORM_CSV;
		break;
	case MATRIX:
		request->matrix = true;
		break;
	case NEW:
		request->new_id = value;
		break;
	case FROM:
		request->sample = value;
		break;
	case OUT:
		request->output = value;
		break;
	default:
		request->check = value;
		break;
	}
	return true;
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

static void put_fields(struct dgm_output *out, const struct dgm_format *format, const struct dgm_plugin *plugin)
{
	struct dgm_holding holdings[DGM_FIELD_COUNT];
	unsigned read = 0, written = 0;
	dgm_format_holdings(format, NULL, holdings);
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		read += holdings[f].capacity != DGM_HOLDS_NONE;
		written += holdings[f].capacity != DGM_HOLDS_NONE || holdings[f].aside;
	}
	dgm_json_count(out, false, "fields_read", plugin && plugin->reader_open ? read : 0);
	dgm_json_count(out, false, "fields_written", plugin && plugin->writer_open ? written : 0);
	dgm_output_write(out, DGM_STR(",\"fields\":{"));
	bool any = false;
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		const struct dgm_str word = cli_holding_word(&holdings[f]);
		if (!word.len)
			continue;
		dgm_output_write(out, any ? DGM_STR(",") : DGM_NOSTR);
		dgm_json_string(out, dgm_fields[f].path);
		dgm_output_write(out, DGM_STR(":"));
		dgm_json_string(out, word);
		any = true;
	}
	dgm_output_write(out, DGM_STR("}"));
}

static void put_bool(struct dgm_output *out, const char *name, bool value)
{
	dgm_output_write(out, DGM_STR(","));
	dgm_json_name(out, name);
	dgm_output_write(out, value ? DGM_STR("true") : DGM_STR("false"));
}

/* plugin: NULL where it is not usable. */
static void put_json(struct dgm_output *out, const struct dgm_catalog *catalog, const struct dgm_format *format,
	const struct dgm_plugin *plugin)
{
	struct dgm_arena arena = {0};
	uint32_t profile_count;
	const struct dgm_str *profiles = dgm_catalog_profiles(catalog, format->id, &arena, &profile_count);
	dgm_output_write(out, DGM_STR("{"));
	dgm_json_member(out, true, "format", format->id);
	dgm_json_member(out, false, "title", format->title);
	dgm_json_member(out, false, "organisation", format->organisation);
	dgm_json_member(out, false, "status", format->status);
	put_texts(out, "evidence", format->evidence, format->evidence_count);
	put_texts(out, "invented", format->invented, format->invented_count);
	put_texts(out, "languages", format->languages, format->language_count);
	dgm_json_member(out, false, "engine", format->engine);
	dgm_output_write(out, DGM_STR(",\"options\":{"));
	for (uint32_t i = 0; i < format->option_count; i++) {
		dgm_output_write(out, i ? DGM_STR(",") : DGM_NOSTR);
		dgm_json_string(out, format->options[i].name);
		dgm_output_write(out, DGM_STR(":"));
		dgm_json_string(out, format->options[i].value);
	}
	dgm_output_write(out, DGM_STR("}"));
	dgm_json_member(out, false, "encoding", format->encoding);
	put_bool(out, "bom", format->bom);
	put_texts(out, "accepts", format->accepts, format->accept_count);
	put_bool(out, "readable", plugin && plugin->reader_open);
	put_bool(out, "writable", plugin && plugin->writer_open);
	put_bool(out, "canonical", format->style != DGM_STYLE_MAPPED);
	put_fields(out, format, plugin);
	put_texts(out, "profiles", profiles, profile_count);
	dgm_json_member(out, false, "file", format->file);
	dgm_output_write(out, DGM_STR("}"));
	dgm_arena_done(&arena);
}

/* As an array, or an object a line. */
static int put_objects(struct cli_session *session, const struct dgm_format *const *formats, size_t count, bool array)
{
	int status = CLI_DONE;
	struct dgm_output *out = dgm_output_file(DGM_STR("-"), true, &cli_diags);
	if (!out)
		return CLI_OUTPUT;
	dgm_output_write(out, array ? DGM_STR("[") : DGM_NOSTR);
	for (size_t i = 0; i < count; i++) {
		const struct dgm_loaded *loaded = dgm_plugin_load(session->plugins, formats[i]->engine, &cli_diags);
		dgm_output_write(out, i ? array ? DGM_STR(",\n") : DGM_STR("\n") : DGM_NOSTR);
		put_json(out, session->catalog, formats[i], loaded ? &loaded->plugin : NULL);
		if (!loaded)
			status = CLI_PLUGIN;
	}
	dgm_output_write(out, array ? DGM_STR("]\n") : DGM_STR("\n"));
	if (dgm_output_commit(out) != 0)
		status = CLI_OUTPUT;
	dgm_output_free(out);
	return status;
}

static int put_matrix(const struct dgm_format *const *formats, size_t count, enum cli_form form)
{
	struct dgm_output *out = dgm_output_file(DGM_STR("-"), true, &cli_diags);
	if (!out)
		return CLI_OUTPUT;
	cli_put_matrix(out, formats, count, form);
	const int status = dgm_output_commit(out) == 0 ? CLI_DONE : CLI_OUTPUT;
	dgm_output_free(out);
	return status;
}

static void print_list(const struct dgm_format *const *formats, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%-14.*s %-10.*s %-5.*s %.*s\n", DGM_FMT(formats[i]->id), DGM_FMT(formats[i]->status),
			DGM_FMT(formats[i]->engine), DGM_FMT(formats[i]->title));
}

static void print_fields(const struct dgm_format *format)
{
	struct dgm_holding holdings[DGM_FIELD_COUNT];
	dgm_format_holdings(format, NULL, holdings);
	printf("\nfields it holds:\n");
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++)
		if (cli_holding_word(&holdings[f]).len)
			printf("  %-37.*s %.*s\n", DGM_FMT(dgm_fields[f].path),
				DGM_FMT(cli_holding_word(&holdings[f])));
}

/* One a line, the name before the first. */
static void print_texts(const char *name, const struct dgm_str *texts, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		printf("%-13s %.*s\n", i ? "" : name, DGM_FMT(texts[i]));
}

static void print_head(const struct dgm_catalog *catalog, const struct dgm_format *format)
{
	struct dgm_arena arena = {0};
	uint32_t profile_count;
	const struct dgm_str *profiles = dgm_catalog_profiles(catalog, format->id, &arena, &profile_count);
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
	for (uint32_t i = 0; i < profile_count; i++)
		printf("%-13s %.*s/%.*s\n", i ? "" : "profiles:", DGM_FMT(format->id), DGM_FMT(profiles[i]));
	printf("definition:   %.*s\n", DGM_FMT(format->file));
	dgm_arena_done(&arena);
}

/* All formats of the catalogue, or the operands'; a matrix without operands leaves the canonical ones out. */
static int list(struct cli_session *session, const struct request *request, int argc, char **argv)
{
	int status = CLI_DONE;
	size_t count = 0;
	const struct dgm_catalog *catalog = session->catalog;
	const struct dgm_format **formats = dgm_xcalloc(catalog->count + (size_t)argc + 1, sizeof *formats);
	for (int i = 0; i < argc; i++) {
		formats[count] = cli_format(session, argv[i], &status);
		if (!formats[count++])
			goto out;
	}
	status = CLI_DONE;
	for (size_t i = 0; i < catalog->count && argc == 0; i++) {
		const struct dgm_format *format = dgm_catalog_get(session->catalog, catalog->entries[i].id, &cli_diags);
		if (!format)
			status = CLI_PLUGIN;
		else if (!request->matrix || format->style == DGM_STYLE_MAPPED)
			formats[count++] = format;
	}
	int put = CLI_DONE;
	if (request->matrix)
		put = put_matrix(formats, count, request->form);
	else if (request->form == CLI_FORM_JSON)
		put = put_objects(session, formats, count, argc == 0);
	else if (argc == 0)
		print_list(formats, count);
	for (int i = 0; i < argc && !request->matrix && request->form == CLI_FORM_TEXT; i++) {
		print_head(catalog, formats[i]);
		print_fields(formats[i]);
	}
	if (put != CLI_DONE)
		status = put;
	if (count == 0 && request->form == CLI_FORM_TEXT) {
		dgm_diag_text(&cli_diags, DGM_ERROR, "format-none", DGM_NOSTR, NULL, "no definition was found in %.*s",
			DGM_FMT(dgm_search_text(session->formats)));
		status = CLI_PLUGIN;
	}
out:
	free(formats);
	return status;
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
	if (status == CLI_DONE)
		cli_say_missing(format, path);
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
	if (request.form == CLI_FORM_CSV && !request.matrix) {
		fprintf(stderr, "dragoman formats: --csv is a form of --matrix\n");
		status = CLI_USAGE;
	} else if (!request.new_id && (request.sample || request.output)) {
		fputs("dragoman formats: --from and --output go with --new\n", stderr);
		status = CLI_USAGE;
	} else if (request.new_id) {
		status = cli_draft(&session, request.new_id, request.sample, request.output);
	} else if (request.check) {
		status = check(&session, request.check);
	} else {
		status = list(&session, &request, argc - first, argv + first);
	}
	cli_session_close(&session);
	return status;
}

const struct cli_command cli_formats = {
	.name = "formats",
	.synopsis = "[--json | --matrix [--json | --csv]] [FORMAT ...] | --check FILE | --new ID [--from SAMPLE]",
	.summary = "Lists the formats, shows what they hold, or checks a definition.",
	.operands = "FORMAT",
	.options = options,
	.option_count = DGM_COUNT(options),
	.run = run,
};
