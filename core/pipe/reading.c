/* SPDX-License-Identifier: Apache-2.0 */
/* Next, gather, map, check. What an engine has already reported is not said again. */
#include "pipe/reading.h"

#include <stdlib.h>

#include "base/rules.h"
#include "pipe/gather.h"
#include "pipe/side.h"

struct dgm_reading {
	struct dgm_reading_options options;
	struct dgm_side side;
	struct dgm_mapper *mapper;
	struct dgm_gather *gather; /* NULL where each row is a record */
	struct dgm_record row;
	const struct dgm_record *record; /* what is read: row, or what was gathered of several */
	struct dgm_arena arena;          /* of the record in work */
	uint64_t number;
	struct dgm_refusal refusal;
};

void dgm_reading_say(const struct dgm_reading *reading, uint32_t severity, const char *code, struct dgm_str field,
	uint32_t offset, struct dgm_str value, const char *text)
{
	const struct dgm_diag diag = {.severity = severity,
		.code = code,
		.file = dgm_input_name(reading->options.input),
		.place = dgm_record_place(reading->record, offset),
		.record = reading->number,
		.field = field,
		.text = dgm_str(text),
		.value = value};
	dgm_diag_emit(reading->options.diags, &diag);
}

void dgm_reading_say_problem(void *context, const struct dgm_problem *problem)
{
	struct dgm_reading *reading = context;
	const char *text = dgm_problem_text(problem->code);
	if (problem->expected.len)
		text = dgm_arena_printf(&reading->arena, "%s; expected %.*s", text, DGM_FMT(problem->expected)).ptr;
	const struct dgm_rule *rule = dgm_rule_find(dgm_str(problem->code));
	const uint32_t severity = rule && strcmp(rule->severity, "note") == 0 ? DGM_NOTE : DGM_WARNING;
	dgm_reading_say(reading, severity, problem->code, problem->field, problem->offset, problem->value, text);
}

struct dgm_reading *dgm_reading_open(const struct dgm_reading_options *options, bool *ret_input)
{
	struct dgm_reading *reading = dgm_xcalloc(1, sizeof *reading);
	const struct dgm_format *format = options->format;
	reading->options = *options;
	reading->record = &reading->row;
	*ret_input = false;
	if (dgm_side_open(&reading->side, options->plugins, format, dgm_input_name(options->input), options->options,
		    options->option_count, options->diags) != 0)
		goto failed;
	const struct dgm_plugin *plugin = &reading->side.engine->plugin;
	if (!plugin->reader_open) {
		dgm_side_no_direction(&reading->side, options->diags, "read");
		goto failed;
	}
	struct dgm_open open = dgm_side_opening(&reading->side, format, false);
	open.input = options->input;
	if (!dgm_str_is(dgm_input_charset_name(options->input), "utf-8"))
		dgm_job_decoded(reading->side.job);
	reading->mapper = dgm_mapper_new(format, dgm_job_keys(reading->side.job), dgm_reading_say_problem, reading);
	if (plugin->reader_open(&open, &reading->side.instance) != DGM_OK) {
		reading->side.instance = NULL;
		*ret_input = true;
		goto failed;
	}
	reading->gather = dgm_gather_new(format, plugin, reading->side.instance, reading->side.job);
	return reading;
failed:
	dgm_reading_close(reading);
	return NULL;
}

void dgm_reading_close(struct dgm_reading *reading)
{
	if (!reading)
		return;
	dgm_gather_free(reading->gather);
	if (reading->side.instance)
		reading->side.engine->plugin.reader_close(reading->side.instance);
	dgm_mapper_free(reading->mapper);
	dgm_record_done(&reading->row);
	dgm_arena_done(&reading->arena);
	dgm_side_done(&reading->side);
	free(reading);
}

const char *dgm_reading_undivided(const struct dgm_reading *reading)
{
	const struct dgm_plugin *plugin = &reading->side.engine->plugin;
	if (reading->gather)
		return "several rows of it are one record";
	if (!plugin->reader_skip || !plugin->reader_resume)
		return "its plugin does not read in parts";
	return dgm_input_size(reading->options.input) == 0 ? "it is no file" : NULL;
}

int dgm_reading_resume(struct dgm_reading *reading, const struct dgm_mark *mark, struct dgm_spot spot, uint64_t number)
{
	if (dgm_input_seek(reading->options.input, spot) != DGM_OK ||
		reading->side.engine->plugin.reader_resume(reading->side.instance, mark) != DGM_OK)
		return -1;
	reading->number = number;
	return 0;
}

uint32_t dgm_reading_keys(const struct dgm_reading *reading)
{
	return dgm_keys_count(dgm_job_keys(reading->side.job));
}

uint64_t dgm_reading_number(const struct dgm_reading *reading)
{
	return reading->number;
}

const struct dgm_record *dgm_reading_record(const struct dgm_reading *reading)
{
	return reading->record;
}

struct dgm_arena *dgm_reading_arena(struct dgm_reading *reading)
{
	return &reading->arena;
}

const struct dgm_refusal *dgm_reading_refusal(const struct dgm_reading *reading)
{
	return &reading->refusal;
}

/* For a reason of the host's own, which nobody has reported yet. */
static enum dgm_step refuse_saying(struct dgm_reading *reading, const char *code, const char *reason)
{
	dgm_reading_say(reading, DGM_ERROR, code, DGM_NOSTR, 0, DGM_NOSTR, reason);
	reading->refusal =
		(struct dgm_refusal){.code = code, .reason = dgm_str(reason), .place = reading->record->place};
	return DGM_STEP_REFUSED;
}

/* For what the engine has reported. */
static enum dgm_step refuse_reported(struct dgm_reading *reading)
{
	const struct dgm_report error = dgm_job_take_error(reading->side.job);
	if (!error.code)
		return refuse_saying(reading, "plugin-silent", "the plugin refused the record and did not say why");
	reading->refusal = (struct dgm_refusal){.code = error.code,
		.reason = error.text,
		.place = error.place.line ? error.place : reading->record->place};
	return DGM_STEP_REFUSED;
}

/* What no notice can be without. NULL where nothing is missing. */
static const char *missing(const struct dgm_notice *notice)
{
	const struct dgm_group *head = dgm_group_first(notice->root, DGM_GROUP_notice);
	const struct dgm_group *subject = dgm_group_first(notice->root, DGM_GROUP_subject);
	if (!head || !dgm_text_of(head, DGM_FIELD_notice_id).len)
		return "it has no identifier (notice.id)";
	if (!dgm_text_of(head, DGM_FIELD_notice_type).len)
		return "it does not say what kind of notice it is (notice.type)";
	if (!dgm_text_of(head, DGM_FIELD_notice_issuer).len)
		return "it does not say who issued it (notice.issuer)";
	if (!subject)
		return "it has no subject";
	for (; subject; subject = subject->next)
		if (!dgm_text_of(subject, DGM_FIELD_subject_kind).len)
			return "it does not say what its subject is (subject.kind)";
	return NULL;
}

static enum dgm_step map_record(struct dgm_reading *reading, struct dgm_notice *notice)
{
	dgm_notice_init(notice, &reading->arena);
	if (dgm_map_record(reading->mapper, reading->record, notice) != 0)
		return refuse_saying(reading, "record-unknown", "no record shape of the definition fits it");
	if (notice->too_large)
		return refuse_saying(reading, "notice-too-large", "it has more than 65536 groups");
	const char *problem = missing(notice);
	return problem ? refuse_saying(reading, "notice-incomplete", problem) : DGM_STEP_NOTICE;
}

static int32_t next_record(struct dgm_reading *reading, enum dgm_gathered *ret_state)
{
	dgm_arena_reset(&reading->arena);
	*ret_state = DGM_GATHERED_WHOLE;
	if (reading->gather)
		return dgm_gather_next(reading->gather, reading->number + 1, &reading->record, ret_state);
	dgm_record_clear(&reading->row, reading->side.job, &reading->arena);
	dgm_job_set_record(reading->side.job, &reading->row, reading->number + 1);
	return reading->side.engine->plugin.reader_next(reading->side.instance, &reading->row);
}

static void say_leftover(const struct dgm_reading *reading)
{
	const size_t left = dgm_map_leftover(reading->mapper);
	if (left == 0)
		return;
	dgm_diag_text(reading->options.diags, DGM_WARNING, "envelope-dropped", dgm_input_name(reading->options.input),
		NULL, "%zu value%s that stand outside the records, behind the last one, are not carried over", left,
		left == 1 ? "" : "s");
}

enum dgm_step dgm_reading_next(struct dgm_reading *reading, struct dgm_notice *notice)
{
	enum dgm_gathered state;
	int32_t result = next_record(reading, &state);
	while (result == DGM_OK && reading->record->path == DGM_PATH_ENVELOPE && !reading->record->failed) {
		dgm_map_envelope(reading->mapper, reading->record);
		result = next_record(reading, &state);
	}
	if (result == DGM_END) {
		say_leftover(reading);
		return DGM_STEP_END;
	}
	if (result == DGM_FATAL) {
		if (!dgm_job_take_error(reading->side.job).code && !dgm_input_failed(reading->options.input))
			dgm_reading_say(reading, DGM_ERROR, "plugin-silent", DGM_NOSTR, 0, DGM_NOSTR,
				"the plugin stopped and did not say why");
		say_leftover(reading);
		return DGM_STEP_BROKEN;
	}
	reading->number++;
	if (result != DGM_OK || reading->record->failed)
		return refuse_reported(reading);
	if (state == DGM_GATHERED_LARGE)
		return refuse_saying(reading, "record-too-many-rows",
			"its rows have more than 64 MiB or 1048576 values together");
	if (state == DGM_GATHERED_CUT)
		return refuse_saying(reading, "record-cut", "the input broke where more rows of it could follow");
	return map_record(reading, notice);
}
