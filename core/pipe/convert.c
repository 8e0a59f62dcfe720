/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The serial loop: next, map, check, unmap, put. A record that cannot go on is rejected with its bytes and costs nothing
 * else; what an engine has already reported is not said again.
 */
#include "pipe/convert.h"

#include <stdlib.h>

#include "format/map.h"
#include "format/unmap.h"
#include "host/job.h"
#include "pipe/gather.h"
#include "pipe/seen.h"

/* One side of the conversion: an engine's instance with its job and config. */
struct side {
	const struct dgm_loaded *engine;
	struct dgm_job *job;
	void *config;
	void *instance;
	struct dgm_arena arena;
};

struct dgm_conversion {
	struct dgm_conversion_options options;
	struct side writer;
	struct dgm_unmapper *unmapper;
	struct dgm_arena arena; /* of the record in work */
	struct dgm_record row, out;
	const struct dgm_record *in; /* what is read: row, or what was gathered of several */
	struct dgm_counts counts;
	struct dgm_loss_report report;
	struct dgm_seen seen;
	bool envelope_written, seen_full_said;
	/* the input in work */
	struct dgm_input *input;
	struct dgm_job *reader_job;
	uint64_t number; /* of the record in its input */
};

static void report(struct dgm_conversion *conversion, uint32_t severity, const char *code, struct dgm_str field,
	uint32_t offset, struct dgm_str value, const char *text)
{
	const struct dgm_diag diag = {.severity = severity,
		.code = code,
		.file = dgm_input_name(conversion->input),
		.place = dgm_record_place(conversion->in, offset),
		.record = conversion->number,
		.field = field,
		.text = dgm_str(text),
		.value = value};
	dgm_diag_emit(conversion->options.diags, &diag);
}

static void say_problem(void *context, const struct dgm_problem *problem)
{
	static const struct {
		const char *code, *text;
	} texts[] = {
		{"code-unknown", "a word that the definition's code list does not know; kept as it is"},
		{"country-unknown", "not a country that the definition's lists know; kept as it is"},
		{"language-unknown", "not a language that the definition's lists know; kept as it is"},
		{"script-unknown", "not an ISO 15924 script; kept as it is"},
		{"currency-unknown", "not an ISO 4217 currency; kept as it is"},
		{"date-unparsed", "not a date in the patterns of the definition; kept as it is"},
		{"date-impossible", "no such day on the calendar of this key; kept as it is"},
		{"calendar-unknown", "not a calendar that the definition's lists know; kept as it is"},
		{"digits-mixed", "digits of two scripts in one number; kept as it is"},
		{"number-unparsed", "not a number; kept as it is"},
		{"boolean-unparsed", "neither true nor false; kept as it is"},
		{"value-not-canonical", "not in the canonical spelling of its type; kept as it is"},
		{"source-required", "the format demands a value here and the record has none"},
		{"pair-disagrees", "another key of the record says otherwise and counts; this is kept as unmapped"},
		{"target-required", "the target demands a value here and the notice has none"},
		{"row-differs", "a later row of the record says otherwise here; kept as unmapped, for that row"},
		{"field-unknown", "not a field of the schema; kept as unmapped"},
		{"field-repeated", "a field that may stand once only; this further value is kept as unmapped"},
	};
	const char *text = "kept as it is";
	for (size_t i = 0; i < DGM_COUNT(texts); i++)
		if (dgm_str_is(dgm_str(texts[i].code), problem->code))
			text = texts[i].text;
	struct dgm_conversion *conversion = context;
	if (problem->expected.len)
		text = dgm_arena_printf(&conversion->arena, "%s; expected %.*s", text, DGM_FMT(problem->expected)).ptr;
	report(conversion, DGM_WARNING, problem->code, problem->field, problem->offset, problem->value, text);
}

/* --- sides --- */

static int fill_config(struct side *side, const struct dgm_format *format, const struct dgm_option_given *given,
	size_t given_count, struct dgm_diag_sink *diags)
{
	const struct dgm_plugin *plugin = &side->engine->plugin;
	struct dgm_option_given *all =
		dgm_arena_alloc(&side->arena, (format->option_count + given_count + 1) * sizeof *all);
	size_t count = 0;
	for (uint32_t i = 0; i < format->option_count; i++)
		all[count++] = (struct dgm_option_given){format->options[i].name, format->options[i].value,
			format->file, format->options[i].place};
	for (size_t i = 0; i < given_count; i++)
		all[count++] = given[i];
	side->config = dgm_arena_zero(&side->arena, plugin->config_size + 1);
	return dgm_options_fill(plugin->options, plugin->option_count, side->config, plugin->config_size, all, count,
		dgm_arena_printf(&side->arena, "plugin %.*s", DGM_FMT(side->engine->id)), diags);
}

static int load_engine(struct side *side, const struct dgm_conversion_options *options, const struct dgm_format *format,
	struct dgm_str file, const struct dgm_option_given *given, size_t given_count)
{
	side->engine = dgm_plugin_load(options->plugins, format->engine, options->diags);
	if (!side->engine)
		return -1;
	side->job = dgm_job_new(options->diags, file);
	return fill_config(side, format, given, given_count, options->diags);
}

static void close_side(struct side *side)
{
	dgm_job_free(side->job);
	dgm_arena_done(&side->arena);
	*side = (struct side){0};
}

static int missing_direction(const struct dgm_conversion_options *options, const struct side *side, const char *verb)
{
	dgm_diag_text(options->diags, DGM_ERROR, "plugin-direction", DGM_NOSTR, NULL, "plugin %.*s cannot %s",
		DGM_FMT(side->engine->id), verb);
	return -1;
}

static struct dgm_open opening(const struct side *side, const struct dgm_format *format)
{
	return (struct dgm_open){.struct_size = sizeof(struct dgm_open),
		.host = &dgm_host_table,
		.job = side->job,
		.config = side->config,
		.paths = format->paths,
		.path_count = format->path_count};
}

static bool encodes(const void *context, struct dgm_str text)
{
	return dgm_output_encodes(context, text);
}

static int open_writer(struct dgm_conversion *conversion)
{
	struct side *side = &conversion->writer;
	const struct dgm_conversion_options *options = &conversion->options;
	const struct dgm_format *target = options->target;
	if (load_engine(side, options, target, DGM_STR("output"), options->writer_options,
		    options->writer_option_count) != 0)
		return -1;
	if (!side->engine->plugin.writer_open)
		return missing_direction(options, side, "write");
	if (dgm_output_charset(options->output, options->encoding.len ? options->encoding : target->encoding,
		    target->bom) != 0)
		return -1;
	conversion->unmapper = dgm_unmapper_new(target, dgm_job_keys(side->job));
	dgm_unmapper_encoding(conversion->unmapper, encodes, options->output);
	dgm_unmapper_problems(conversion->unmapper, say_problem, conversion);
	struct dgm_open open = opening(side, target);
	open.output = options->output;
	open.encoding = options->encoding.len ? options->encoding : target->encoding;
	open.columns = dgm_unmap_columns(conversion->unmapper, &open.column_count);
	return side->engine->plugin.writer_open(&open, &side->instance) == DGM_OK ? 0 : -1;
}

struct dgm_conversion *dgm_conversion_new(const struct dgm_conversion_options *options)
{
	struct dgm_conversion *conversion = dgm_xcalloc(1, sizeof *conversion);
	conversion->options = *options;
	conversion->in = &conversion->row;
	if (open_writer(conversion) != 0) {
		dgm_conversion_free(conversion);
		return NULL;
	}
	dgm_loss_report_begin(&conversion->report, options->report, options->target->id);
	return conversion;
}

void dgm_conversion_free(struct dgm_conversion *conversion)
{
	if (!conversion)
		return;
	if (conversion->writer.instance)
		conversion->writer.engine->plugin.writer_close(conversion->writer.instance);
	dgm_unmapper_free(conversion->unmapper);
	close_side(&conversion->writer);
	dgm_record_done(&conversion->row);
	dgm_record_done(&conversion->out);
	dgm_arena_done(&conversion->arena);
	dgm_seen_done(&conversion->seen);
	free(conversion);
}

const struct dgm_counts *dgm_conversion_counts(const struct dgm_conversion *conversion)
{
	return &conversion->counts;
}

/* --- one record --- */

static void reject(struct dgm_conversion *conversion, const struct dgm_place *place, const char *code,
	struct dgm_str reason)
{
	conversion->counts.rejected++;
	dgm_reject_write(conversion->options.rejects, conversion->input, conversion->in, conversion->number, place,
		code, reason);
}

/* Rejects for a reason of the host's own, which nobody has reported yet. */
static void reject_saying(struct dgm_conversion *conversion, const char *code, const char *reason)
{
	report(conversion, DGM_ERROR, code, DGM_NOSTR, 0, DGM_NOSTR, reason);
	reject(conversion, &conversion->in->place, code, dgm_str(reason));
}

/* Rejects for what an engine has reported. */
static void reject_reported(struct dgm_conversion *conversion, struct dgm_job *job)
{
	const struct dgm_report error = dgm_job_take_error(job);
	if (!error.code) {
		reject_saying(conversion, "plugin-silent", "the plugin refused the record and did not say why");
		return;
	}
	const bool reader = job == conversion->reader_job;
	reject(conversion, reader && error.place.line ? &error.place : &conversion->in->place, error.code, error.text);
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

static void check_repeat(struct dgm_conversion *conversion, const struct dgm_notice *notice)
{
	if (dgm_seen_add(&conversion->seen, dgm_notice_id(notice))) {
		conversion->counts.repeated++;
		report(conversion, DGM_WARNING, "id-repeated", dgm_fields[DGM_FIELD_notice_id].path, 0,
			dgm_notice_id(notice), "this identifier stood in an earlier record too; both are written");
	} else if (conversion->seen.full && !conversion->seen_full_said) {
		conversion->seen_full_said = true;
		report(conversion, DGM_NOTE, "id-limit", DGM_NOSTR, 0, DGM_NOSTR,
			"from here on repeated identifiers are only noticed among the first 524288");
	}
}

static void add_provenance(struct dgm_conversion *conversion, struct dgm_notice *notice, struct dgm_str format)
{
	const struct dgm_place *place = &conversion->in->place;
	const struct {
		enum dgm_field_id field;
		uint64_t number;
	} numbers[] = {{DGM_FIELD_provenance_record, conversion->number}, {DGM_FIELD_provenance_line, place->line},
		{DGM_FIELD_provenance_column, place->column}, {DGM_FIELD_provenance_offset, place->offset}};
	struct dgm_group *group = dgm_group_last(notice, notice->root, DGM_GROUP_provenance);
	if (dgm_value_first(group, DGM_FIELD_provenance_format))
		return;
	dgm_value_set(notice, group, DGM_FIELD_provenance_format, format);
	dgm_value_set(notice, group, DGM_FIELD_provenance_file, dgm_input_name(conversion->input));
	for (size_t i = 0; i < DGM_COUNT(numbers); i++)
		dgm_value_set(notice, group, numbers[i].field,
			dgm_arena_printf(notice->arena, "%llu", (unsigned long long)numbers[i].number));
}

/* What the writer refused has not arrived: then it is lost like any other kept value. */
static void unuse_envelope(const struct dgm_notice *notice)
{
	const struct dgm_group *group = dgm_group_first(notice->root, DGM_GROUP_unmapped);
	for (; group; group = group->next) {
		struct dgm_value *value = dgm_value_first(group, DGM_FIELD_unmapped_value);
		if (value && dgm_str_starts(dgm_text_of(group, DGM_FIELD_unmapped_path), DGM_STR("/")))
			value->used = 0;
	}
}

static int put_envelope(struct dgm_conversion *conversion, const struct dgm_notice *notice)
{
	struct side *writer = &conversion->writer;
	conversion->envelope_written = true;
	dgm_record_clear(&conversion->out, writer->job, &conversion->arena);
	dgm_unmap_envelope(conversion->unmapper, notice, &conversion->out);
	if (conversion->out.count == 0)
		return DGM_OK;
	conversion->out.path = DGM_PATH_ENVELOPE;
	const int32_t result = writer->engine->plugin.writer_put(writer->instance, &conversion->out);
	dgm_job_take_error(writer->job);
	if (result == DGM_BAD && notice)
		unuse_envelope(notice);
	return result == DGM_FATAL ? DGM_FATAL : DGM_OK;
}

/* Whether the record may be written: protected groups arrive as they are, or the user gave leave. ret_marks: that do not. */
static bool settle_marks(struct dgm_conversion *conversion, const struct dgm_losses *losses, size_t *ret_marks)
{
	const struct dgm_str target = conversion->options.target->id;
	struct dgm_str fields;
	*ret_marks = dgm_losses_protected(losses, &fields);
	if (*ret_marks == 0 || conversion->options.allow_handling_loss)
		return true;
	reject_saying(conversion, "handling-lost",
		dgm_arena_printf(losses->arena,
			"its handling marks would not arrive in %.*s (%.*s); --allow-handling-loss writes it all the same",
			DGM_FMT(target), DGM_FMT(fields))
			.ptr);
	return false;
}

/* Maps and writes the record at conversion->in. DGM_FATAL: the output is broken. */
static int32_t convert_record(struct dgm_conversion *conversion, struct dgm_mapper *mapper,
	const struct dgm_format *source)
{
	struct side *writer = &conversion->writer;
	struct dgm_notice notice;
	struct dgm_losses losses;
	const char *problem = NULL;
	size_t marks;
	dgm_notice_init(&notice, &conversion->arena);
	if (dgm_map_record(mapper, conversion->in, &notice) != 0) {
		reject_saying(conversion, "record-unknown", "no record shape of the definition fits it");
		return DGM_OK;
	}
	if (notice.too_large) {
		reject_saying(conversion, "notice-too-large", "it has more than 65536 groups");
		return DGM_OK;
	}
	problem = missing(&notice);
	if (problem) {
		reject_saying(conversion, "notice-incomplete", problem);
		return DGM_OK;
	}
	check_repeat(conversion, &notice);
	if (conversion->options.provenance)
		add_provenance(conversion, &notice, source->id);
	if (!conversion->envelope_written && put_envelope(conversion, &notice) != DGM_OK)
		return DGM_FATAL;
	dgm_losses_init(&losses, &conversion->arena);
	dgm_record_clear(&conversion->out, writer->job, &conversion->arena);
	const int unmapped = dgm_unmap_notice(conversion->unmapper, &notice, &conversion->out, &losses, &problem);
	if (unmapped != 0) {
		reject_saying(conversion, unmapped == -1 ? "target-no-shape" : "target-too-large", problem);
		return DGM_OK;
	}
	if (!settle_marks(conversion, &losses, &marks))
		return DGM_OK;
	const int32_t result = writer->engine->plugin.writer_put(writer->instance, &conversion->out);
	if (result == DGM_FATAL)
		return DGM_FATAL;
	if (result != DGM_OK) {
		reject_reported(conversion, writer->job);
		return DGM_OK;
	}
	conversion->counts.written++;
	conversion->counts.marks += marks;
	if (losses.count)
		dgm_loss_report_add(&conversion->report, &conversion->counts, dgm_input_name(conversion->input),
			conversion->number, &notice, &losses);
	return dgm_output_error(conversion->options.output) ? DGM_FATAL : DGM_OK;
}

/* --- one input --- */

/* Reads the next record into conversion->in. */
static int32_t next_record(struct dgm_conversion *conversion, struct side *reader, struct dgm_gather *gather,
	enum dgm_gathered *ret_state)
{
	dgm_arena_reset(&conversion->arena);
	*ret_state = DGM_GATHERED_WHOLE;
	if (gather)
		return dgm_gather_next(gather, conversion->number + 1, &conversion->in, ret_state);
	dgm_record_clear(&conversion->row, reader->job, &conversion->arena);
	dgm_job_set_record(reader->job, &conversion->row, conversion->number + 1);
	return reader->engine->plugin.reader_next(reader->instance, &conversion->row);
}

static enum dgm_outcome read_all(struct dgm_conversion *conversion, const struct dgm_format *source,
	struct side *reader, struct dgm_gather *gather, struct dgm_mapper *mapper)
{
	conversion->in = &conversion->row;
	for (;;) {
		enum dgm_gathered state;
		const int32_t result = next_record(conversion, reader, gather, &state);
		if (result == DGM_END)
			return DGM_OUTCOME_DONE;
		if (result == DGM_FATAL) {
			if (!dgm_job_take_error(reader->job).code && !dgm_input_failed(conversion->input))
				report(conversion, DGM_ERROR, "plugin-silent", DGM_NOSTR, 0, DGM_NOSTR,
					"the plugin stopped and did not say why");
			return DGM_OUTCOME_INPUT;
		}
		if (conversion->in->path == DGM_PATH_ENVELOPE && result == DGM_OK && !conversion->in->failed) {
			dgm_map_envelope(mapper, conversion->in);
			continue;
		}
		conversion->number++;
		conversion->counts.read++;
		if (result != DGM_OK || conversion->in->failed)
			reject_reported(conversion, reader->job);
		else if (state == DGM_GATHERED_LARGE)
			reject_saying(conversion, "record-too-many-rows",
				"its rows have more than 64 MiB or 1048576 values together");
		else if (state == DGM_GATHERED_CUT)
			reject_saying(conversion, "record-cut", "the input broke where more rows of it could follow");
		else if (convert_record(conversion, mapper, source) == DGM_FATAL)
			return DGM_OUTCOME_OUTPUT;
	}
}

static void say_leftover(struct dgm_conversion *conversion, const struct dgm_mapper *mapper)
{
	const size_t left = dgm_map_leftover(mapper);
	if (left == 0)
		return;
	dgm_diag_text(conversion->options.diags, DGM_WARNING, "envelope-dropped", dgm_input_name(conversion->input),
		NULL, "%zu value%s that stand outside the records, behind the last one, are not carried over", left,
		left == 1 ? "" : "s");
}

enum dgm_outcome dgm_conversion_run(struct dgm_conversion *conversion, const struct dgm_format *source,
	struct dgm_input *input, const struct dgm_option_given *reader_options, size_t reader_option_count)
{
	struct side reader = {0};
	enum dgm_outcome outcome = DGM_OUTCOME_PLUGIN;
	conversion->input = input;
	conversion->number = 0;
	conversion->counts.files++;
	if (load_engine(&reader, &conversion->options, source, dgm_input_name(input), reader_options,
		    reader_option_count) != 0) {
		close_side(&reader);
		return outcome;
	}
	if (!reader.engine->plugin.reader_open) {
		missing_direction(&conversion->options, &reader, "read");
		close_side(&reader);
		return outcome;
	}
	conversion->reader_job = reader.job;
	struct dgm_open open = opening(&reader, source);
	open.input = input;
	struct dgm_mapper *mapper = dgm_mapper_new(source, dgm_job_keys(reader.job), say_problem, conversion);
	if (reader.engine->plugin.reader_open(&open, &reader.instance) == DGM_OK) {
		struct dgm_gather *gather = dgm_gather_new(source, &reader.engine->plugin, reader.instance, reader.job);
		outcome = read_all(conversion, source, &reader, gather, mapper);
		dgm_gather_free(gather);
		conversion->in = &conversion->row;
		reader.engine->plugin.reader_close(reader.instance);
		say_leftover(conversion, mapper);
	} else {
		outcome = DGM_OUTCOME_INPUT;
	}
	conversion->counts.bytes += dgm_input_bytes(input);
	dgm_mapper_free(mapper);
	close_side(&reader);
	conversion->reader_job = NULL;
	return outcome;
}

enum dgm_outcome dgm_conversion_finish(struct dgm_conversion *conversion)
{
	struct side *writer = &conversion->writer;
	if (!conversion->envelope_written && put_envelope(conversion, NULL) != DGM_OK)
		return DGM_OUTCOME_OUTPUT;
	if (writer->engine->plugin.writer_finish(writer->instance) != DGM_OK ||
		dgm_output_error(conversion->options.output))
		return DGM_OUTCOME_OUTPUT;
	const struct dgm_counts *counts = &conversion->counts;
	if (counts->read != counts->written + counts->rejected) {
		dgm_diag_text(conversion->options.diags, DGM_ERROR, "conservation", DGM_NOSTR, NULL,
			"a fault of this program: %llu records were read, and %llu written and %llu rejected",
			(unsigned long long)counts->read, (unsigned long long)counts->written,
			(unsigned long long)counts->rejected);
		return DGM_OUTCOME_OUTPUT;
	}
	if (counts->marks)
		dgm_diag_text(conversion->options.diags, DGM_WARNING, "handling-dropped", DGM_NOSTR, NULL,
			"%llu handling mark%s not in the output as %s", (unsigned long long)counts->marks,
			counts->marks == 1 ? " is" : "s are", counts->marks == 1 ? "it was" : "they were");
	dgm_loss_report_end(&conversion->report, counts);
	return DGM_OUTCOME_DONE;
}
