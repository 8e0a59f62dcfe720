/* SPDX-License-Identifier: Apache-2.0 */
/* dragoman convert: inputs in, one output out, with rejects, loss report and the exit status they add up to. */
#include <stdio.h>

#include "args.h"
#include "clash.h"
#include "io/charset.h"
#include "log.h"
#include "pipe/convert.h"
#include "source.h"

enum {
	FROM = 1,
	TO,
	OUT,
	REJECTS,
	REPORT,
	FROM_OPTION,
	TO_OPTION,
	FROM_ENCODING,
	TO_ENCODING,
	PROVENANCE,
	MAX_LOSS,
	VERIFY,
	VALIDATE,
	STRICT,
	ON_ERROR,
	MAX_ERRORS,
	ADVICE,
	HANDLING_LOSS,
	KEEP_PARTIAL,
	NO_CLOBBER,
};

static const struct cli_option options[] = {
	{FROM, 'f', "from", "FORMAT", "format of the inputs; recognised by themselves where it is not given"},
	{TO, 't', "to", "FORMAT", "format of the output"},
	{OUT, 'o', "output", "FILE", "write here, all or nothing; standard output where it is not given"},
	{REJECTS, 0, "rejects", "FILE", "write records that cannot be converted here, with reason and bytes"},
	{REPORT, 0, "report", "FILE", "write the loss report here (JSON)"},
	{MAX_LOSS, 0, "max-loss", "N",
		"publish nothing where more than N values are lost; none is 0, declared what dragoman loss tells"},
	{VERIFY, 0, "verify", "N",
		"read the output back and compare every N-th notice before it is published; needs -o"},
	{VALIDATE, 0, "validate", NULL,
		"hold each notice against the rules of dragoman validate; invalid ones are rejected"},
	{STRICT, 0, "strict", NULL, "a warning about a record rejects it, too"},
	{ON_ERROR, 0, "on-error", "skip|stop|keep",
		"what becomes of an invalid record: rejected, the run's end, or written all the same"},
	{MAX_ERRORS, 0, "max-errors", "N", "stop behind N rejected records and publish nothing"},
	{ADVICE, 0, "advice", "FILE", "a map of codes of validation to error, warning, note or off"},
	{HANDLING_LOSS, 0, "allow-handling-loss", NULL, "write records although their handling marks do not arrive"},
	{PROVENANCE, 0, "provenance", NULL, "say in each notice where it was read (canonical formats)"},
	{FROM_OPTION, 0, "from-option", "NAME=VALUE", "an option of the reading plugin"},
	{TO_OPTION, 0, "to-option", "NAME=VALUE", "an option of the writing plugin"},
	{FROM_ENCODING, 0, "from-encoding", "NAME", "encoding of the inputs"},
	{TO_ENCODING, 0, "to-encoding", "NAME", "encoding of the output"},
	{KEEP_PARTIAL, 0, "keep-partial", NULL, "publish what was converted although an input broke"},
	{NO_CLOBBER, 0, "no-clobber", NULL, "never replace a file that exists"},
};

struct request {
	struct cli_source_options source;
	const char *to, *out, *rejects, *report, *to_encoding;
	struct dgm_option_given to_options[32];
	size_t to_count;
	uint64_t max_loss, verify, max_errors;
	struct dgm_advice advice;
	bool limited, declared, validate, strict, keep_invalid, provenance, handling_loss, keep_partial, no_clobber;
};

static bool add_writer_option(struct request *request, const char *value)
{
	if (request->to_count == DGM_COUNT(request->to_options)) {
		fprintf(stderr, "dragoman convert: more than 32 plugin options\n");
		return false;
	}
	request->to_options[request->to_count++] = dgm_option_split(dgm_str(value));
	return true;
}

static bool take_on_error(struct request *request, const char *value)
{
	const struct dgm_str word = dgm_str(value);
	request->keep_invalid = dgm_str_is(word, "keep");
	if (dgm_str_is(word, "stop"))
		request->max_errors = 1;
	if (request->keep_invalid || request->max_errors == 1 || dgm_str_is(word, "skip"))
		return true;
	fprintf(stderr, "dragoman convert: --on-error is skip, stop or keep, not \"%s\"\n", value);
	return false;
}

static bool take(void *context, int id, const char *value)
{
	struct request *request = context;
	switch (id) {
	case FROM:
		request->source.from = value;
		return true;
	case TO:
		request->to = value;
		return true;
	case OUT:
		request->out = value;
		return true;
	case REJECTS:
		request->rejects = value;
		return true;
	case REPORT:
		request->report = value;
		return true;
	case FROM_ENCODING:
		return cli_source_set_encoding(&request->source, "convert", value);
	case TO_ENCODING:
		request->to_encoding = value;
		if (dgm_charset_find(dgm_str(value)))
			return true;
		fprintf(stderr, "dragoman convert: --to-encoding: there is no charset \"%s\"\n", value);
		return false;
	case FROM_OPTION:
		return cli_source_add_option(&request->source, "convert", value);
	case TO_OPTION:
		return add_writer_option(request, value);
	case PROVENANCE:
		request->provenance = true;
		return true;
	case HANDLING_LOSS:
		request->handling_loss = true;
		return true;
	case KEEP_PARTIAL:
		request->keep_partial = true;
		return true;
	case NO_CLOBBER:
		request->no_clobber = true;
		return true;
	case VALIDATE:
		request->validate = true;
		return true;
	case STRICT:
		request->strict = true;
		return true;
	case ON_ERROR:
		return take_on_error(request, value);
	case MAX_ERRORS:
		if (dgm_str_to_u64(dgm_str(value), &request->max_errors) && request->max_errors)
			return true;
		fprintf(stderr, "dragoman convert: --max-errors is a number from 1, not \"%s\"\n", value);
		return false;
	case ADVICE:
		request->validate = true;
		return dgm_advice_load(&request->advice, value, &cli_diags) == 0;
	case VERIFY:
		if (dgm_str_to_u64(dgm_str(value), &request->verify) && request->verify)
			return true;
		fprintf(stderr, "dragoman convert: --verify is a number from 1, not \"%s\"\n", value);
		return false;
	case MAX_LOSS:
		request->declared = dgm_str_is(dgm_str(value), "declared");
		request->limited = !request->declared;
		request->max_loss = 0;
		if (request->declared || dgm_str_is(dgm_str(value), "none") ||
			dgm_str_to_u64(dgm_str(value), &request->max_loss))
			return true;
		fprintf(stderr, "dragoman convert: --max-loss is none, declared or a number, not \"%s\"\n", value);
		return false;
	default:
		return false;
	}
}

/* The three files that a conversion writes; all are published together or not at all. */
struct outputs {
	struct dgm_output *main, *rejects, *report;
};

static struct dgm_output *open_output(const char *path, bool no_clobber)
{
	return dgm_output_file(dgm_str(path), !no_clobber, &cli_diags);
}

static int open_outputs(const struct request *request, struct outputs *outputs)
{
	outputs->main = open_output(request->out ? request->out : "-", request->no_clobber);
	if (request->rejects)
		outputs->rejects = open_output(request->rejects, request->no_clobber);
	if (request->report)
		outputs->report = open_output(request->report, request->no_clobber);
	if (!outputs->main || (request->rejects && !outputs->rejects) || (request->report && !outputs->report))
		return CLI_OUTPUT;
	return 0;
}

static void free_outputs(struct outputs *outputs)
{
	dgm_output_free(outputs->main);
	dgm_output_free(outputs->rejects);
	dgm_output_free(outputs->report);
}

static int exit_of(enum dgm_outcome outcome)
{
	switch (outcome) {
	case DGM_OUTCOME_DONE:
		return CLI_DONE;
	case DGM_OUTCOME_STOPPED:
		return CLI_REJECTED;
	case DGM_OUTCOME_INPUT:
		return CLI_INPUT;
	case DGM_OUTCOME_OUTPUT:
	case DGM_OUTCOME_DIFFERS:
		return CLI_OUTPUT;
	case DGM_OUTCOME_PLUGIN:
		return CLI_PLUGIN;
	}
	return CLI_PLUGIN;
}

/* One input, from its name to its end. */
static int convert_input(struct cli_session *session, struct dgm_conversion *conversion, const struct request *request,
	const char *path)
{
	struct cli_source source;
	int status = cli_source_open(&source, session, &request->source, path);
	if (status == CLI_DONE)
		status = exit_of(dgm_conversion_run(conversion, source.format, source.input, request->source.options,
			request->source.option_count));
	cli_source_close(&source);
	return status;
}

static void say_summary(const struct dgm_counts *counts)
{
	char kinds[256] = "";
	size_t len = 0;
	for (unsigned kind = 0; kind < DGM_LOSS_KIND_COUNT; kind++) {
		if (!counts->by_kind[kind] || kind == DGM_LOSS_NULL)
			continue;
		len += (size_t)snprintf(kinds + len, sizeof kinds - len, "%s%s %llu", len ? ", " : "",
			dgm_loss_names[kind], (unsigned long long)counts->by_kind[kind]);
	}
	uint64_t fields = 0;
	for (unsigned field = 0; field < DGM_FIELD_COUNT; field++) {
		bool lost = false;
		for (unsigned kind = 0; kind < DGM_LOSS_KIND_COUNT; kind++)
			lost = lost || (kind != DGM_LOSS_NULL && counts->by_field[field][kind]);
		fields += lost;
	}
	const bool conserved = counts->read == counts->written + counts->rejected;
	/* A run that the output stopped has a record in hand that is neither. */
	if (!conserved) {
		cli_say("summary", "stopped behind %llu records read, %llu written and %llu rejected",
			(unsigned long long)counts->read, (unsigned long long)counts->written,
			(unsigned long long)counts->rejected);
		return;
	}
	cli_say("summary", "%llu read = %llu written + %llu rejected; %llu values lost in %llu fields%s%s%s",
		(unsigned long long)counts->read, (unsigned long long)counts->written,
		(unsigned long long)counts->rejected, (unsigned long long)counts->lost, (unsigned long long)fields,
		kinds[0] ? " (" : "", kinds, kinds[0] ? ")" : "");
}

/* Publishes what is to be published and gives the exit status. */
static int settle(const struct request *request, const struct dgm_counts *counts, struct outputs *outputs, int status)
{
	/* Of a file that is something else than it was said to be nothing comes over: that must replace no good output. */
	const bool nothing = counts->read > 0 && counts->written == 0;
	if (status == CLI_REJECTED)
		dgm_diag_text(&cli_diags, DGM_ERROR, "run-stopped", DGM_NOSTR, NULL,
			"as many records were rejected as is allowed; nothing is published");
	const bool publish = !nothing && (status == CLI_DONE || (status == CLI_INPUT && request->keep_partial));
	if (nothing && status == CLI_DONE)
		dgm_diag_text(&cli_diags, DGM_ERROR, "nothing-converted", DGM_NOSTR, NULL,
			"not one record could be converted; nothing is published");
	if (status == CLI_DONE && request->limited && counts->lost > request->max_loss) {
		dgm_diag_text(&cli_diags, DGM_ERROR, "loss-limit", DGM_NOSTR, NULL,
			"%llu values would be lost and %llu are allowed; nothing is published",
			(unsigned long long)counts->lost, (unsigned long long)request->max_loss);
		status = CLI_LOSS;
	}
	if (status == CLI_DONE && request->declared && counts->undeclared) {
		dgm_diag_text(&cli_diags, DGM_ERROR, "loss-limit", DGM_NOSTR, NULL,
			"%llu values would be lost that the definitions do not foretell; nothing is published",
			(unsigned long long)counts->undeclared);
		status = CLI_LOSS;
	}
	/* The account of what went wrong is published even where the result is not. */
	if (outputs->rejects && status != CLI_USAGE && dgm_output_commit(outputs->rejects) != 0)
		return CLI_OUTPUT;
	/* A run that stopped for another reason than its inputs has not written the report's end. */
	const bool reported = status == CLI_DONE || status == CLI_REJECTED || status == CLI_INPUT || status == CLI_LOSS;
	if (outputs->report && reported && dgm_output_commit(outputs->report) != 0)
		return CLI_OUTPUT;
	if (publish && status != CLI_LOSS && dgm_output_commit(outputs->main) != 0)
		return CLI_OUTPUT;
	if (status != CLI_DONE)
		return status;
	if (counts->read == 0) {
		dgm_diag_text(&cli_diags, DGM_WARNING, "no-records", DGM_NOSTR, NULL, "there was no record to convert");
		return CLI_REJECTED;
	}
	return counts->rejected ? CLI_REJECTED : CLI_DONE;
}

static int convert(struct cli_session *session, const struct request *request, struct outputs *outputs, int count,
	char **paths)
{
	int status = CLI_USAGE;
	static char dash[] = "-", *standard_input[] = {dash};
	if (count == 0) {
		paths = standard_input;
		count = 1;
	}
	const struct dgm_format *target = cli_format(session, request->to, &status);
	if (!target || (request->source.from && !cli_format(session, request->source.from, &status)))
		return status;
	const char *const names[] = {request->out ? request->out : "-", request->rejects, request->report};
	if (cli_clash(names, DGM_COUNT(names), paths, count))
		return CLI_USAGE;
	status = cli_check_options(session, target, request->to_options, request->to_count);
	if (!status)
		status = open_outputs(request, outputs);
	if (status)
		return status;
	struct dgm_verify *verify = NULL;
	if (request->verify) {
		verify = dgm_verify_new(dgm_str(request->out), request->verify, &cli_diags);
		if (!verify)
			return CLI_OUTPUT;
	}
	const struct dgm_conversion_options setup = {.plugins = session->plugins,
		.diags = &cli_diags,
		.target = target,
		.output = outputs->main,
		.rejects = outputs->rejects,
		.report = outputs->report,
		.writer_options = request->to_options,
		.writer_option_count = request->to_count,
		.encoding = dgm_str(request->to_encoding),
		.verify = verify,
		.advice = &request->advice,
		.validate = request->validate,
		.strict = request->strict,
		.keep_invalid = request->keep_invalid,
		.count_undeclared = request->declared,
		.max_errors = request->max_errors,
		.provenance = request->provenance,
		.allow_handling_loss = request->handling_loss};
	struct dgm_conversion *conversion = dgm_conversion_new(&setup);
	if (!conversion) {
		dgm_verify_free(verify);
		return CLI_PLUGIN;
	}
	for (int i = 0; i < count && (status == CLI_DONE || (status == CLI_INPUT && request->keep_partial)); i++) {
		const int one = convert_input(session, conversion, request, paths[i]);
		status = one != CLI_DONE ? one : status;
	}
	if (status == CLI_DONE || status == CLI_INPUT || status == CLI_REJECTED) {
		int end = exit_of(dgm_conversion_finish(conversion));
		if (end == CLI_DONE)
			end = exit_of(dgm_conversion_verify(conversion));
		status = end != CLI_DONE ? end : status;
	}
	const struct dgm_counts counts = *dgm_conversion_counts(conversion);
	const uint64_t compared = verify ? dgm_verify_compared(verify) : 0;
	dgm_conversion_free(conversion);
	dgm_verify_free(verify);
	status = settle(request, &counts, outputs, status);
	cli_log_end();
	say_summary(&counts);
	if (compared && status != CLI_OUTPUT)
		cli_say("verified", "%llu notices read back the same", (unsigned long long)compared);
	return status;
}

/* 0, or the exit status of wrong use. */
static int check_request(const struct request *request)
{
	if (!request->to) {
		fprintf(stderr, "dragoman convert: say the target format with -t; \"dragoman formats\" lists them\n");
		return CLI_USAGE;
	}
	if (request->verify && (!request->out || dgm_str_is(dgm_str(request->out), "-"))) {
		fprintf(stderr, "dragoman convert: --verify needs a file to read back, -o FILE\n");
		return CLI_USAGE;
	}
	return CLI_DONE;
}

static int run_request(const struct request *request, int count, char **paths)
{
	struct cli_session session;
	struct outputs outputs = {0};
	int status = check_request(request);
	if (!status)
		status = cli_session_open(&session);
	if (status)
		return status;
	status = convert(&session, request, &outputs, count, paths);
	free_outputs(&outputs);
	cli_session_close(&session);
	return status;
}

static int run(int argc, char **argv)
{
	struct request request = {0};
	const int first = cli_parse(&cli_convert, argc, argv, take, &request);
	const int status = first == -1 ? CLI_DONE
		: first < 0            ? CLI_USAGE
				       : run_request(&request, argc - first, argv + first);
	dgm_advice_done(&request.advice);
	return status;
}

const struct cli_command cli_convert = {
	.name = "convert",
	.synopsis = "[-f FORMAT] -t FORMAT [-o FILE] [INPUT ...]",
	.summary = "Translates notices from one format to another. \"-\" is standard input or output.",
	.options = options,
	.option_count = DGM_COUNT(options),
	.run = run,
};
