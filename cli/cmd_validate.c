/* SPDX-License-Identifier: Apache-2.0 */
/* dragoman validate: what is wrong in the inputs, as messages or as a report, with nothing written but that. */
#include <stdio.h>

#include "args.h"
#include "clash.h"
#include "log.h"
#include "pipe/against.h"
#include "pipe/validation.h"
#include "source.h"

enum {
	OUT = 1,
	REPORT_FORMAT,
	STRICT,
	MAX_ERRORS,
	MAX_CASES,
	ADVICE,
	SCHEMA,
	ONLY,
	IGNORE,
	CASES = 100, /* of a code in a report, unless told otherwise */
};

static const struct cli_option options[] = {
	CLI_SOURCE_FROM_ROW,
	{OUT, 'o', "output", "FILE", "write the report here; standard output where it is not given"},
	{REPORT_FORMAT, 0, "report-format", "text|json|jsonl|sarif|junit|html", "messages only, or a report"},
	{STRICT, 0, "strict", NULL, "a warning makes a record invalid, too"},
	{MAX_ERRORS, 0, "max-errors", "N", "stop behind N errors"},
	{MAX_CASES, 0, "max-cases", "N", "show N cases of a code in a report; totals stay whole (100)"},
	{ADVICE, 0, "advice", "FILE", "a map of codes to error, warning, note or off"},
	{SCHEMA, 0, "schema", "FILE", "hold the inputs against this XML Schema, too"},
	{ONLY, 0, "only", "CODES", "say only these codes (joined by commas), and what cannot be read"},
	{IGNORE, 0, "ignore", "CODES", "do not say these codes"},
	CLI_SOURCE_OPTION_ROW,
	CLI_SOURCE_ENCODING_ROW,
};

typedef void report_writer(struct dgm_findings *findings, const struct dgm_account *account, struct dgm_output *output);

static const struct report_format {
	const char *name;
	report_writer *write;
} report_formats[] = {{"text", NULL}, {"json", dgm_findings_json}, {"jsonl", dgm_findings_jsonl},
	{"sarif", dgm_findings_sarif}, {"junit", dgm_findings_junit}, {"html", dgm_findings_html}};

struct request {
	struct cli_source_options source;
	const char *out;
	report_writer *write;
	bool strict;
	uint64_t max_errors, max_cases;
	struct dgm_advice advice;
	struct dgm_schema_file *schema;
};

static bool take_number(const char *option, const char *value, uint64_t *ret_number)
{
	if (dgm_str_to_u64(dgm_str(value), ret_number))
		return true;
	fprintf(stderr, "dragoman validate: --%s is a number, not \"%s\"\n", option, value);
	return false;
}

static bool take_codes(struct request *request, const char *value, bool only)
{
	struct dgm_str rest = dgm_str(value), code;
	request->advice.only = request->advice.only || only;
	while (dgm_str_next(&rest, DGM_STR(","), &code)) {
		const struct dgm_rule *rule = dgm_rule_find(code);
		if (!rule) {
			fprintf(stderr,
				"dragoman validate: there is no code \"%.*s\"; \"dragoman explain --list\" shows all\n",
				DGM_FMT(code));
			return false;
		}
		const int8_t own = dgm_str_starts(dgm_str(rule->severity), DGM_STR("error")) ? (int8_t)DGM_ERROR
			: dgm_str_starts(dgm_str(rule->severity), DGM_STR("warning"))        ? (int8_t)DGM_WARNING
											     : (int8_t)DGM_NOTE;
		dgm_advice_add(&request->advice, code, only ? own : (int8_t)DGM_ADVICE_OFF);
	}
	return true;
}

static bool take_report_format(struct request *request, const char *value)
{
	for (size_t i = 0; i < DGM_COUNT(report_formats); i++) {
		if (strcmp(report_formats[i].name, value) != 0)
			continue;
		request->write = report_formats[i].write;
		return true;
	}
	fprintf(stderr, "dragoman validate: --report-format is text, json, jsonl, sarif, junit or html, not \"%s\"\n",
		value);
	return false;
}

static bool take(void *context, int id, const char *value)
{
	struct request *request = context;
	switch (id) {
	case OUT:
		request->out = value;
		return true;
	case REPORT_FORMAT:
		return take_report_format(request, value);
	case STRICT:
		request->strict = true;
		return true;
	case MAX_ERRORS:
		return take_number("max-errors", value, &request->max_errors);
	case MAX_CASES:
		return take_number("max-cases", value, &request->max_cases);
	case ADVICE:
		return dgm_advice_load(&request->advice, value, &cli_diags) == 0;
	case SCHEMA:
		dgm_schema_file_free(request->schema);
		request->schema = dgm_schema_file_open(value, &cli_diags);
		return request->schema != NULL;
	case ONLY:
		return take_codes(request, value, true);
	case IGNORE:
		return take_codes(request, value, false);
	default:
		return cli_source_take_option(&request->source, "validate", id, value);
	}
}

static int exit_of(enum dgm_validated validated)
{
	switch (validated) {
	case DGM_VALIDATED:
		return CLI_DONE;
	case DGM_VALIDATED_STOPPED:
		return CLI_REJECTED;
	case DGM_VALIDATED_BROKEN:
		return CLI_INPUT;
	case DGM_VALIDATED_PLUGIN:
		break;
	}
	return CLI_PLUGIN;
}

/* Opens an input; in a report what is said of one that cannot be stands beside everything else. */
static int open_source(struct cli_source *source, struct cli_session *session, const struct request *request,
	struct dgm_validation *validation, const char *path)
{
	const struct dgm_diag_sink said = cli_diags;
	if (request->write)
		cli_diags = *dgm_validation_sink(validation);
	const int status = cli_source_open(source, session, &request->source, path);
	if (request->write)
		cli_diags = said;
	return status;
}

static int obeys(struct cli_session *session, const struct request *request, struct dgm_validation *validation,
	const struct cli_source *source)
{
	switch (dgm_schema_file_check(request->schema, session->plugins, source->format, source->input,
		request->source.options, request->source.option_count, dgm_validation_sink(validation))) {
	case DGM_OBEYED:
		return CLI_DONE;
	case DGM_OBEYED_NOT:
		return CLI_REJECTED;
	case DGM_OBEYED_UNKNOWN:
		break;
	}
	return CLI_PLUGIN;
}

/* Reads an input that was read before once more. */
static int check_schema(struct cli_session *session, const struct request *request, struct dgm_validation *validation,
	const char *path)
{
	struct cli_source source;
	int worst = CLI_DONE, one = cli_source_open(&source, session, &request->source, path);
	for (; one != CLI_SOURCE_END; one = cli_source_next(&source)) {
		if (one == CLI_DONE)
			one = obeys(session, request, validation, &source);
		worst = one > worst ? one : worst;
	}
	cli_source_close(&source);
	return worst;
}

/* Every input is read, also behind one that cannot be: the worst status is the run's. */
static int validate_all(struct cli_session *session, const struct request *request, struct dgm_validation *validation,
	char **paths, int count, struct dgm_str *formats)
{
	int status = CLI_DONE;
	bool stopped = false;
	for (int i = 0; i < count; i++) {
		struct cli_source source;
		int one = CLI_DONE, next = open_source(&source, session, request, validation, paths[i]);
		for (; next != CLI_SOURCE_END; next = stopped ? CLI_SOURCE_END : cli_source_next(&source)) {
			if (next == CLI_DONE) {
				formats[i] = source.format->id;
				const enum dgm_validated validated = dgm_validation_run(validation, source.format,
					source.input, request->source.options, request->source.option_count);
				stopped = validated == DGM_VALIDATED_STOPPED;
				next = exit_of(validated);
			}
			one = next > one ? next : one;
		}
		one = source.bundle && source.broken && one < CLI_INPUT ? CLI_INPUT : one;
		if (source.bundle && dgm_bundle_refused(source.bundle) && one == CLI_DONE)
			one = CLI_REJECTED;
		if (stopped) {
			dgm_diag_text(&cli_diags, DGM_NOTE, "errors-limit", dgm_str(paths[i]), NULL,
				"stopped behind as many errors as --max-errors allows");
			i = count;
		}
		cli_source_close(&source);
		if (one == CLI_DONE && request->schema && !stopped)
			one = check_schema(session, request, validation, paths[i]);
		status = one > status ? one : status;
	}
	dgm_validation_finish(validation);
	return status;
}

static int write_report(const struct request *request, struct dgm_findings *findings, const struct dgm_account *account)
{
	struct dgm_output *output = dgm_output_file(dgm_str(request->out ? request->out : "-"), true, &cli_diags);
	if (!output)
		return CLI_OUTPUT;
	request->write(findings, account, output);
	const int status = dgm_output_commit(output) == 0 ? CLI_DONE : CLI_OUTPUT;
	dgm_output_free(output);
	return status;
}

static int validate(struct cli_session *session, const struct request *request, char **paths, int count)
{
	struct dgm_arena arena = {0};
	struct dgm_findings findings;
	struct dgm_str *files = dgm_arena_zero(&arena, (size_t)count * sizeof *files);
	struct dgm_str *formats = dgm_arena_zero(&arena, (size_t)count * sizeof *formats);
	for (int i = 0; i < count; i++)
		files[i] = dgm_str(paths[i]);
	dgm_findings_init(&findings, request->max_cases, cli_settings.show_values);
	const struct dgm_validation_options setup = {.plugins = session->plugins,
		.diags = request->write ? NULL : &cli_diags,
		.advice = &request->advice,
		.findings = &findings,
		.strict = request->strict,
		.max_errors = request->max_errors};
	struct dgm_validation *validation = dgm_validation_new(&setup);
	int status = validate_all(session, request, validation, paths, count, formats);
	const struct dgm_validation_counts *counts = dgm_validation_counts(validation);
	const struct dgm_account account = {.version = DGM_VERSION,
		.files = files,
		.formats = formats,
		.file_count = (size_t)count,
		.read = counts->read,
		.valid = counts->valid,
		.invalid = counts->invalid,
		.rejected = counts->rejected};
	if (request->write) {
		const int written = write_report(request, &findings, &account);
		status = written == CLI_DONE ? status : written;
	}
	cli_log_end();
	cli_say("summary",
		"%llu read = %llu valid + %llu invalid + %llu rejected; %llu errors, %llu warnings, %llu notes",
		(unsigned long long)counts->read, (unsigned long long)counts->valid,
		(unsigned long long)counts->invalid, (unsigned long long)counts->rejected,
		(unsigned long long)findings.count[DGM_ERROR], (unsigned long long)findings.count[DGM_WARNING],
		(unsigned long long)findings.count[DGM_NOTE]);
	if (status == CLI_DONE && counts->read == 0) {
		dgm_diag_text(&cli_diags, DGM_WARNING, "no-records", DGM_NOSTR, NULL,
			"there was no record to validate");
		status = CLI_REJECTED;
	}
	if (status == CLI_DONE && (counts->invalid || counts->rejected))
		status = CLI_REJECTED;
	dgm_validation_free(validation);
	dgm_findings_done(&findings);
	dgm_arena_done(&arena);
	return status;
}

static int run(int argc, char **argv)
{
	static char dash[] = "-", *standard_input[] = {dash};
	struct request request = {.max_cases = CASES};
	struct cli_session session;
	int status;
	const int first = cli_begin(&cli_validate, argc, argv, take, &request, &session, &status);
	if (first >= 0) {
		char **paths = first < argc ? argv + first : standard_input;
		const int count = first < argc ? argc - first : 1;
		const char *const names[] = {request.write && request.out ? request.out : "-"};
		bool stream = false;
		for (int i = 0; i < count; i++)
			stream = stream || strcmp(paths[i], "-") == 0;
		if (request.schema && stream)
			fprintf(stderr, "dragoman validate: --schema reads inputs twice; standard input cannot be\n");
		status = (request.schema && stream) || cli_clash(names, DGM_COUNT(names), paths, count)
			? CLI_USAGE
			: validate(&session, &request, paths, count);
		cli_session_close(&session);
	}
	dgm_advice_done(&request.advice);
	dgm_schema_file_free(request.schema);
	return status;
}

const struct cli_command cli_validate = {
	.name = "validate",
	.synopsis = "[options] [INPUT ...]",
	.summary = "Says what is wrong in the inputs.",
	.options = options,
	.option_count = DGM_COUNT(options),
	.run = run,
};
