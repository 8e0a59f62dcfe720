/* SPDX-License-Identifier: Apache-2.0 */
/* dragoman inspect: what is in a file, for a person: its format, its notices by what they are, how full their fields are. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "args.h"
#include "host/detect.h"
#include "io/jsontext.h"
#include "log.h"
#include "pipe/card.h"
#include "pipe/findings.h"
#include "pipe/inspection.h"
#include "pipe/reading.h"
#include "pipe/report.h"
#include "source.h"

enum {
	RECORD = 1,
	JSON,
	WORDS_SHOWN = 12, /* of a field in the text form; --json has all */
	CODES_SHOWN = 12,
	BAR = 20, /* characters */
};

static const struct cli_option options[] = {
	CLI_SOURCE_FROM_ROW,
	{RECORD, 0, "record", "N", "show the notice of record N as a card instead"},
	{JSON, 0, "json", NULL, "one JSON object per file"},
	CLI_SOURCE_OPTION_ROW,
	CLI_SOURCE_ENCODING_ROW,
};

struct request {
	struct cli_source_options source;
	uint64_t record;
	bool json;
};

struct result {
	struct dgm_inspection inspection;
	struct dgm_findings findings;
	struct dgm_diag_sink sink;
	struct dgm_str evidence, encoding;
	struct dgm_arena arena;
	uint64_t read, rejected;
	bool broken;
};

static bool take(void *context, int id, const char *value)
{
	struct request *request = context;
	switch (id) {
	case RECORD:
		if (dgm_str_to_u64(dgm_str(value), &request->record) && request->record)
			return true;
		fprintf(stderr, "dragoman inspect: --record is the number of a record, from 1, not \"%s\"\n", value);
		return false;
	case JSON:
		request->json = true;
		return true;
	default:
		return cli_source_take_option(&request->source, "inspect", id, value);
	}
}

/* --- reading --- */

/* Errors are said at once, as they end or cost something; the rest is counted. */
static void collect(void *context, const struct dgm_diag *diag)
{
	struct result *result = context;
	dgm_findings_add(&result->findings, diag);
	if (diag->severity == DGM_ERROR)
		dgm_diag_emit(&cli_diags, diag);
}

static void find_evidence(struct result *result, struct cli_session *session, const struct cli_source *source)
{
	struct dgm_str head;
	struct dgm_detection detection;
	if (dgm_input_head(source->input, DGM_DETECT_HEAD, &head) != DGM_OK)
		return;
	dgm_detect(session->catalog, head, &detection);
	for (size_t i = 0; i < detection.count && !result->evidence.len; i++)
		if (dgm_str_eq(detection.candidates[i].format, source->format->id))
			result->evidence = dgm_arena_dup(&result->arena, detection.candidates[i].evidence);
	dgm_detection_done(&detection);
}

static int read_all(struct result *result, struct cli_session *session, const struct request *request,
	const struct cli_source *source, struct dgm_output *card)
{
	const struct dgm_reading_options setup = {.plugins = session->plugins,
		.diags = &result->sink,
		.format = source->format,
		.input = source->input,
		.options = request->source.options,
		.option_count = request->source.option_count};
	bool input_fault;
	struct dgm_reading *reading = dgm_reading_open(&setup, &input_fault);
	if (!reading)
		return input_fault ? CLI_INPUT : CLI_PLUGIN;
	for (;;) {
		struct dgm_notice notice;
		const enum dgm_step step = dgm_reading_next(reading, &notice);
		result->broken = step == DGM_STEP_BROKEN;
		if (step == DGM_STEP_END || step == DGM_STEP_BROKEN)
			break;
		result->read++;
		if (step == DGM_STEP_REFUSED)
			result->rejected++;
		else if (!request->record)
			dgm_inspection_add(&result->inspection, &notice);
		else if (dgm_reading_number(reading) == request->record)
			dgm_card_write(card, &notice);
		if (result->read == request->record)
			break;
	}
	dgm_reading_close(reading);
	return result->broken ? CLI_INPUT : CLI_DONE;
}

/* --- telling --- */

static void put(struct dgm_output *out, const char *text)
{
	dgm_output_write(out, dgm_str(text));
}

static __attribute__((format(printf, 2, 3))) void put_f(struct dgm_output *out, const char *format, ...)
{
	char line[512];
	va_list args;
	va_start(args, format);
	const int len = vsnprintf(line, sizeof line, format, args);
	va_end(args);
	dgm_output_write(out, dgm_str_of(line, (size_t)len < sizeof line ? (size_t)len : sizeof line - 1));
}

static void put_words(struct dgm_output *out, struct dgm_word_counts *words)
{
	const struct dgm_str path = dgm_fields[words->field].path;
	dgm_word_counts_sort(words);
	if (words->count == 0)
		return;
	put_f(out, "\n%.*s\n", DGM_FMT(path));
	uint64_t others = words->others;
	for (size_t i = 0; i < words->count; i++) {
		if (i < WORDS_SHOWN)
			put_f(out, "  %8llu  %.*s\n", (unsigned long long)words->words[i].count,
				DGM_FMT(dgm_str_take(words->words[i].word, 80)));
		else
			others += words->words[i].count;
	}
	if (others)
		put_f(out, "  %8llu  of other words\n", (unsigned long long)others);
}

static void put_fields(struct dgm_output *out, const struct dgm_inspection *inspection)
{
	put(out, "\nfields, and how many notices have them\n");
	for (unsigned field = 0; field < DGM_FIELD_COUNT; field++) {
		const struct dgm_field_count *count = &inspection->fields[field];
		char bar[BAR + 1] = "", more[96] = "";
		if (!count->values && !count->nulls && !count->unparsed)
			continue;
		const uint64_t share = inspection->notices ? count->notices * 100 / inspection->notices : 0;
		const size_t length = inspection->notices ? (size_t)(count->notices * BAR / inspection->notices) : 0;
		memset(bar, '#', length);
		bar[length] = '\0';
		if (count->unparsed || count->nulls)
			snprintf(more, sizeof more, "  (%llu not understood, %llu null)",
				(unsigned long long)count->unparsed, (unsigned long long)count->nulls);
		put_f(out, "  %-34.*s %4llu%% %-*s %8llu values%s\n", DGM_FMT(dgm_fields[field].path),
			(unsigned long long)share, BAR, bar, (unsigned long long)count->values, more);
	}
}

static void put_changes(struct dgm_output *out, const struct dgm_changes *changes)
{
	bool any = false;
	for (unsigned field = 0; field < DGM_FIELD_COUNT; field++) {
		for (unsigned c = 0; c < DGM_CHANGE_COUNT; c++) {
			if (!changes->counts[field][c])
				continue;
			put(out,
				any ? ""
				    : "\nvalues that are spelled otherwise than in the source, by the rule that changed them\n");
			any = true;
			put_f(out, "  %-34.*s %8llu  %s\n", DGM_FMT(dgm_fields[field].path),
				(unsigned long long)changes->counts[field][c], dgm_change_codes[c]);
		}
	}
}

static void put_text(struct dgm_output *out, const char *path, const struct cli_source *source, struct result *result)
{
	size_t count;
	const struct dgm_tally **ranked = dgm_findings_ranked(&result->findings, &count);
	put_f(out, "%s\n  format    %.*s: %.*s\n", path, DGM_FMT(source->format->id),
		DGM_FMT(dgm_str_take(source->format->title, 200)));
	if (result->evidence.len)
		put_f(out, "  because   %.*s\n", DGM_FMT(dgm_str_take(result->evidence, 300)));
	put_f(out, "  encoding  %.*s\n  bytes     %llu\n  records   %llu = %llu notices + %llu rejected\n",
		DGM_FMT(result->encoding), (unsigned long long)dgm_input_bytes(source->input),
		(unsigned long long)result->read, (unsigned long long)result->inspection.notices,
		(unsigned long long)result->rejected);
	for (size_t i = 0; i < DGM_INSPECTED_WORDS; i++)
		put_words(out, &result->inspection.words[i]);
	if (result->inspection.notices)
		put_fields(out, &result->inspection);
	put_changes(out, &result->inspection.changes);
	if (count)
		put(out, "\nmessages\n");
	for (size_t i = 0; i < count && i < CODES_SHOWN; i++)
		put_f(out, "  %8llu  %s\n", (unsigned long long)ranked[i]->count, ranked[i]->code);
}

static void put_json_words(struct dgm_output *out, struct dgm_word_counts *words, bool first)
{
	put(out, first ? "" : ",");
	dgm_word_counts_sort(words);
	dgm_json_string(out, dgm_fields[words->field].path);
	put(out, ":[");
	for (size_t i = 0; i < words->count; i++) {
		put(out, i ? ",{" : "{");
		dgm_json_member(out, true, "word", words->words[i].word);
		dgm_json_count(out, false, "notices", words->words[i].count);
		put(out, "}");
	}
	put(out, "]");
}

static void put_json(struct dgm_output *out, const char *path, const struct cli_source *source, struct result *result)
{
	size_t count;
	bool any = false;
	const struct dgm_tally **ranked = dgm_findings_ranked(&result->findings, &count);
	put(out, "{");
	dgm_json_member(out, true, "file", dgm_str(path));
	dgm_json_member(out, false, "format", source->format->id);
	if (result->evidence.len)
		dgm_json_member(out, false, "evidence", result->evidence);
	dgm_json_member(out, false, "encoding", result->encoding);
	dgm_json_count(out, false, "bytes", dgm_input_bytes(source->input));
	dgm_json_count(out, false, "records", result->read);
	dgm_json_count(out, false, "notices", result->inspection.notices);
	dgm_json_count(out, false, "rejected", result->rejected);
	put(out, ",\"words\":{");
	for (size_t i = 0; i < DGM_INSPECTED_WORDS; i++)
		put_json_words(out, &result->inspection.words[i], i == 0);
	put(out, "},\"fields\":[");
	for (unsigned field = 0; field < DGM_FIELD_COUNT; field++) {
		const struct dgm_field_count *filled = &result->inspection.fields[field];
		if (!filled->values && !filled->nulls && !filled->unparsed)
			continue;
		put(out, any ? ",{" : "{");
		any = true;
		dgm_json_member(out, true, "field", dgm_fields[field].path);
		dgm_json_count(out, false, "notices", filled->notices);
		dgm_json_count(out, false, "values", filled->values);
		dgm_json_count(out, false, "nulls", filled->nulls);
		dgm_json_count(out, false, "unparsed", filled->unparsed);
		put(out, "}");
	}
	put(out, "],\"changes\":[");
	dgm_changes_json(&result->inspection.changes, out);
	put(out, "],\"codes\":[");
	for (size_t i = 0; i < count; i++) {
		put(out, i ? ",{" : "{");
		dgm_json_member(out, true, "code", dgm_str(ranked[i]->code));
		dgm_json_count(out, false, "count", ranked[i]->count);
		put(out, "}");
	}
	put(out, "]}\n");
}

/* What stands ready: a file, or a member of a bundle. */
static int inspect_input(struct cli_session *session, const struct request *request, struct cli_source *source,
	struct dgm_output *out)
{
	struct result *result = dgm_xcalloc(1, sizeof *result);
	const char *name = dgm_arena_cstr(&result->arena, dgm_input_name(source->input));
	dgm_inspection_init(&result->inspection);
	dgm_findings_init(&result->findings, 0, false);
	result->sink = (struct dgm_diag_sink){.emit = collect, .context = result};
	result->encoding = dgm_input_charset_name(source->input);
	find_evidence(result, session, source);
	int status = read_all(result, session, request, source, out);
	if (!request->record && request->json)
		put_json(out, name, source, result);
	else if (!request->record)
		put_text(out, name, source, result);
	else if (result->read < request->record) {
		fprintf(stderr, "dragoman inspect: %s has %llu records\n", name, (unsigned long long)result->read);
		status = CLI_REJECTED;
	} else if (result->rejected && result->findings.count[DGM_ERROR]) {
		status = CLI_REJECTED;
	}
	dgm_findings_done(&result->findings);
	dgm_inspection_done(&result->inspection);
	dgm_arena_done(&result->arena);
	free(result);
	return status;
}

static int inspect_one(struct cli_session *session, const struct request *request, const char *path,
	struct dgm_output *out)
{
	struct cli_source source;
	int status = CLI_DONE, one = cli_source_open(&source, session, &request->source, path);
	for (; one != CLI_SOURCE_END; one = cli_source_next(&source)) {
		if (one == CLI_DONE)
			one = inspect_input(session, request, &source, out);
		status = one > status ? one : status;
	}
	status = source.bundle && source.broken && status < CLI_INPUT ? CLI_INPUT : status;
	cli_source_close(&source);
	return status;
}

static int run(int argc, char **argv)
{
	struct request request = {0};
	struct cli_session session;
	int status;
	const int first = cli_begin(&cli_inspect, argc, argv, take, &request, &session, &status);
	if (first < 0)
		return status;
	struct dgm_output *out = dgm_output_file(DGM_STR("-"), true, &cli_diags);
	if (!out) {
		cli_session_close(&session);
		return CLI_OUTPUT;
	}
	status = CLI_DONE;
	for (int i = first; i < argc || i == first; i++) {
		const int one = inspect_one(&session, &request, i < argc ? argv[i] : "-", out);
		status = one > status ? one : status;
	}
	cli_log_end();
	if (dgm_output_commit(out) != 0)
		status = CLI_OUTPUT;
	dgm_output_free(out);
	cli_session_close(&session);
	return status;
}

const struct cli_command cli_inspect = {
	.name = "inspect",
	.synopsis = "[options] [INPUT ...]",
	.summary = "Says what is in the inputs.",
	.options = options,
	.option_count = DGM_COUNT(options),
	.run = run,
};
