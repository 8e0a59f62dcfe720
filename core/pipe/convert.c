/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The serial loop: read a notice, unmap, put. A record that cannot go on is rejected with its bytes and costs nothing
 * else; what an engine has already reported is not said again.
 */
#include "pipe/convert.h"

#include <stdlib.h>

#include "format/coverage.h"
#include "pipe/conversion.h"
#include "pipe/parts.h"

/* Problems that writing has with a value of the notice in work. */
static void say_problem(void *context, const struct dgm_problem *problem)
{
	const struct dgm_conversion *conversion = context;
	if (conversion->reading)
		dgm_reading_say_problem(conversion->reading, problem);
}

/* A rule that the notice in work breaks. */
static void say_finding(void *context, const struct dgm_finding *finding)
{
	const struct dgm_conversion *conversion = context;
	int8_t severity = (int8_t)finding->severity;
	if (conversion->options.advice)
		severity = dgm_advice_apply(conversion->options.advice, finding->rule->code, finding->severity);
	if (severity == DGM_ADVICE_OFF)
		return;
	dgm_reading_say(conversion->reading, (uint32_t)severity, finding->rule->code, dgm_fields[finding->field].path,
		finding->value ? finding->value->offset : 0, finding->value ? finding->value->text : DGM_NOSTR,
		finding->text.ptr);
}

static bool encodes(const void *context, struct dgm_str text)
{
	return dgm_output_encodes(context, text);
}

static int open_writer(struct dgm_conversion *conversion)
{
	struct dgm_side *side = &conversion->writer;
	const struct dgm_conversion_options *options = &conversion->options;
	const struct dgm_format *target = options->target;
	if (dgm_side_open(side, options->plugins, target, DGM_STR("output"), options->writer_options,
		    options->writer_option_count, options->diags) != 0)
		return -1;
	if (!side->engine->plugin.writer_open) {
		dgm_side_no_direction(side, options->diags, "write");
		return -1;
	}
	if (dgm_output_charset(options->output, options->encoding.len ? options->encoding : target->encoding,
		    target->bom) != 0)
		return -1;
	conversion->unmapper = dgm_unmapper_new(target, dgm_job_keys(side->job));
	dgm_unmapper_encoding(conversion->unmapper, encodes, options->output);
	dgm_unmapper_problems(conversion->unmapper, say_problem, conversion);
	struct dgm_open open = dgm_side_opening(side, target, true);
	open.output = options->output;
	open.encoding = options->encoding.len ? options->encoding : target->encoding;
	open.columns = dgm_unmap_columns(conversion->unmapper, &open.column_count);
	return side->engine->plugin.writer_open(&open, &side->instance) == DGM_OK ? 0 : -1;
}

struct dgm_conversion *dgm_conversion_new(const struct dgm_conversion_options *options)
{
	struct dgm_conversion *conversion = dgm_xcalloc(1, sizeof *conversion);
	conversion->options = *options;
	if (open_writer(conversion) != 0) {
		dgm_conversion_free(conversion);
		return NULL;
	}
	if (options->validate)
		conversion->validator = dgm_validator_new(say_finding, conversion);
	dgm_loss_report_begin(&conversion->report, options->report, options->target->id, options->sandbox);
	return conversion;
}

void dgm_conversion_free(struct dgm_conversion *conversion)
{
	if (!conversion)
		return;
	if (conversion->writer.instance)
		conversion->writer.engine->plugin.writer_close(conversion->writer.instance);
	dgm_unmapper_free(conversion->unmapper);
	dgm_validator_free(conversion->validator);
	dgm_side_done(&conversion->writer);
	dgm_record_done(&conversion->out);
	dgm_arena_done(&conversion->arena);
	dgm_seen_done(&conversion->seen);
	dgm_loss_report_done(&conversion->report);
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
	dgm_reject_write(conversion->options.rejects, conversion->input, dgm_reading_record(conversion->reading),
		dgm_reading_number(conversion->reading), place, code, reason);
}

/* Rejects for a reason of the host's own, which nobody has reported yet. */
static void reject_saying(struct dgm_conversion *conversion, const char *code, const char *reason)
{
	dgm_reading_say(conversion->reading, DGM_ERROR, code, DGM_NOSTR, 0, DGM_NOSTR, reason);
	reject(conversion, &dgm_reading_record(conversion->reading)->place, code, dgm_str(reason));
}

/* Rejects for what the writer has reported. */
static void reject_reported(struct dgm_conversion *conversion)
{
	const struct dgm_report error = dgm_job_take_error(conversion->writer.job);
	if (error.code)
		reject(conversion, &dgm_reading_record(conversion->reading)->place, error.code, error.text);
	else
		reject_saying(conversion, "plugin-silent", "the plugin refused the record and did not say why");
}

/* The parent of a worker knows the ids of the records before. */
static void check_repeat(struct dgm_conversion *conversion, const struct dgm_notice *notice)
{
	const struct dgm_reading *reading = conversion->reading;
	const struct dgm_place place = dgm_record_place(dgm_reading_record(reading), 0);
	if (conversion->log)
		dgm_part_put_id(conversion->log, &place, dgm_reading_number(reading), dgm_notice_id(notice));
	else
		dgm_conversion_take_id(conversion, &place, dgm_reading_number(reading), dgm_notice_id(notice));
}

void dgm_conversion_take_id(struct dgm_conversion *conversion, const struct dgm_place *place, uint64_t number,
	struct dgm_str id)
{
	struct dgm_diag diag = {.file = dgm_input_name(conversion->input), .place = *place, .record = number};
	if (dgm_seen_add(&conversion->seen, id)) {
		conversion->counts.repeated++;
		diag.severity = DGM_WARNING;
		diag.code = "id-repeated";
		diag.field = dgm_fields[DGM_FIELD_notice_id].path;
		diag.value = id;
		diag.text = DGM_STR("this identifier stood in an earlier record too; both are written");
	} else if (conversion->seen.full && !conversion->seen_full_said) {
		conversion->seen_full_said = true;
		diag.severity = DGM_NOTE;
		diag.code = "id-limit";
		diag.text = DGM_STR("from here on repeated identifiers are only noticed among the first 524288");
	} else {
		return;
	}
	dgm_diag_emit(conversion->options.diags, &diag);
}

static void add_provenance(struct dgm_conversion *conversion, struct dgm_notice *notice, struct dgm_str format)
{
	const struct dgm_place *place = &dgm_reading_record(conversion->reading)->place;
	const struct {
		enum dgm_field_id field;
		uint64_t number;
	} numbers[] = {{DGM_FIELD_provenance_record, dgm_reading_number(conversion->reading)},
		{DGM_FIELD_provenance_line, place->line}, {DGM_FIELD_provenance_column, place->column},
		{DGM_FIELD_provenance_offset, place->offset}};
	struct dgm_group *group = dgm_group_last(notice, notice->root, DGM_GROUP_provenance);
	if (dgm_value_first(group, DGM_FIELD_provenance_format))
		return;
	dgm_value_set(notice, group, DGM_FIELD_provenance_format, format);
	dgm_value_set(notice, group, DGM_FIELD_provenance_file, dgm_input_file(conversion->input));
	if (dgm_input_member(conversion->input).len)
		dgm_value_set(notice, group, DGM_FIELD_provenance_member, dgm_input_member(conversion->input));
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
	struct dgm_side *writer = &conversion->writer;
	conversion->envelope_written = true;
	dgm_record_clear(&conversion->out, writer->job, notice ? notice->arena : &conversion->arena);
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

/* Writes the notice that was read. DGM_FATAL: the output is broken. */
static int32_t write_notice(struct dgm_conversion *conversion, struct dgm_notice *notice)
{
	struct dgm_side *writer = &conversion->writer;
	struct dgm_losses losses;
	const char *problem = NULL;
	size_t marks;
	if (!conversion->envelope_written && put_envelope(conversion, notice) != DGM_OK)
		return DGM_FATAL;
	dgm_losses_init(&losses, notice->arena);
	dgm_record_clear(&conversion->out, writer->job, notice->arena);
	const int unmapped = dgm_unmap_notice(conversion->unmapper, notice, &conversion->out, &losses, &problem);
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
		dgm_unmapper_refused(conversion->unmapper);
		reject_reported(conversion);
		return DGM_OK;
	}
	conversion->counts.written++;
	conversion->counts.marks += marks;
	if (conversion->options.verify)
		dgm_verify_expect(conversion->options.verify,
			conversion->before + dgm_reading_number(conversion->reading),
			dgm_output_current(conversion->options.output), dgm_unmap_continued(conversion->unmapper),
			notice, &losses);
	dgm_loss_report_changes(&conversion->report, notice);
	if (losses.count)
		dgm_loss_report_add(&conversion->report, &conversion->counts, dgm_input_name(conversion->input),
			dgm_reading_number(conversion->reading), notice, &losses);
	return dgm_output_error(conversion->options.output) ? DGM_FATAL : DGM_OK;
}

/* --- one input --- */

/* Messages that make a record invalid, so far. */
static uint64_t count_faults(const struct dgm_conversion *conversion)
{
	const struct dgm_diag_sink *diags = conversion->options.diags;
	return diags->count[DGM_ERROR] + (conversion->options.strict ? diags->count[DGM_WARNING] : 0);
}

static void say_media(void *context, const char *code, struct dgm_str value, const char *text)
{
	const struct dgm_conversion *conversion = context;
	dgm_reading_say(conversion->reading, DGM_WARNING, code, dgm_fields[DGM_FIELD_notice_media_member].path, 0,
		value, text);
}

/* Checks and writes a notice. faults: before it was read. DGM_FATAL: the output is broken. */
static int32_t convert_notice(struct dgm_conversion *conversion, struct dgm_notice *notice, struct dgm_str source,
	uint64_t faults)
{
	struct dgm_media *media = conversion->options.media;
	if (media)
		dgm_media_link(media, notice, say_media, conversion);
	if (conversion->validator)
		dgm_validate(conversion->validator, notice);
	if (count_faults(conversion) != faults && !conversion->options.keep_invalid) {
		reject(conversion, &dgm_reading_record(conversion->reading)->place, "record-invalid",
			DGM_STR("its messages say why"));
		return DGM_OK;
	}
	check_repeat(conversion, notice);
	if (conversion->options.provenance)
		add_provenance(conversion, notice, source);
	if (media)
		dgm_media_rename(media, notice);
	const uint64_t written = conversion->counts.written;
	const int32_t result = write_notice(conversion, notice);
	if (media)
		dgm_media_settle(media, conversion->counts.written > written);
	return result;
}

enum dgm_outcome dgm_conversion_read(struct dgm_conversion *conversion, const struct dgm_format *source, uint64_t last)
{
	const uint64_t max_errors = conversion->options.max_errors;
	while (dgm_reading_number(conversion->reading) < last) {
		struct dgm_notice notice;
		const uint64_t faults = count_faults(conversion);
		const enum dgm_step step = dgm_reading_next(conversion->reading, &notice);
		if (step == DGM_STEP_END)
			return DGM_OUTCOME_DONE;
		if (step == DGM_STEP_BROKEN)
			return DGM_OUTCOME_INPUT;
		const struct dgm_record *record = dgm_reading_record(conversion->reading);
		conversion->reached = record->place.offset + record->source.len;
		conversion->counts.read++;
		if (step == DGM_STEP_REFUSED) {
			const struct dgm_refusal *refusal = dgm_reading_refusal(conversion->reading);
			reject(conversion, &refusal->place, refusal->code, refusal->reason);
		} else if (convert_notice(conversion, &notice, source->id, faults) == DGM_FATAL) {
			return DGM_OUTCOME_OUTPUT;
		}
		if (max_errors && conversion->counts.rejected >= max_errors)
			return DGM_OUTCOME_STOPPED;
	}
	return DGM_OUTCOME_DONE;
}

static uint64_t count_lost(const struct dgm_counts *counts, unsigned field)
{
	uint64_t lost = 0;
	for (unsigned kind = 0; kind < DGM_LOSS_KIND_COUNT; kind++)
		lost += kind == DGM_LOSS_NULL ? 0 : counts->by_field[field][kind];
	return lost;
}

/* What this input lost beyond what its definition and the target's foretell. Kept values belong to no field. */
static void count_undeclared(struct dgm_conversion *conversion, const struct dgm_format *source,
	const struct dgm_counts *before)
{
	struct dgm_fate fates[DGM_FIELD_COUNT];
	struct dgm_counts *counts = &conversion->counts;
	const bool narrow = !dgm_output_encodes(conversion->options.output, DGM_STR("\u0101\u0e01\U0010fffd"));
	if (!conversion->options.count_undeclared || counts->lost == before->lost)
		return;
	dgm_coverage(source, conversion->options.target, narrow, fates);
	for (unsigned field = 0; field < DGM_FIELD_COUNT; field++)
		if (!fates[field].affected && dgm_fields[field].group != DGM_GROUP_unmapped)
			counts->undeclared += count_lost(counts, field) - count_lost(before, field);
}

enum dgm_outcome dgm_conversion_run(struct dgm_conversion *conversion, const struct dgm_format *source,
	struct dgm_input *input, const struct dgm_option_given *reader_options, size_t reader_option_count)
{
	const struct dgm_reading_options setup = {.plugins = conversion->options.plugins,
		.diags = conversion->options.diags,
		.format = source,
		.input = input,
		.options = reader_options,
		.option_count = reader_option_count};
	bool input_fault;
	conversion->input = input;
	conversion->before = conversion->counts.read;
	conversion->reached = 0;
	conversion->counts.files++;
	conversion->reading = dgm_reading_open(&setup, &input_fault);
	if (!conversion->reading)
		return input_fault ? DGM_OUTCOME_INPUT : DGM_OUTCOME_PLUGIN;
	struct dgm_counts *before = dgm_xmalloc(sizeof *before);
	*before = conversion->counts;
	const enum dgm_outcome outcome = dgm_parts_run(conversion, &setup);
	count_undeclared(conversion, source, before);
	free(before);
	/* How much was read ahead where it ended early is an accident. */
	conversion->counts.bytes += outcome == DGM_OUTCOME_DONE ? dgm_input_bytes(input) : conversion->reached;
	dgm_reading_close(conversion->reading);
	conversion->reading = NULL;
	return outcome;
}

enum dgm_outcome dgm_conversion_finish(struct dgm_conversion *conversion)
{
	struct dgm_side *writer = &conversion->writer;
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

static enum dgm_outcome check_schema(const struct dgm_conversion *conversion)
{
	const struct dgm_conversion_options *options = &conversion->options;
	const int fd = dgm_output_reread(options->output);
	if (fd < 0) {
		dgm_diag_text(options->diags, DGM_ERROR, "verify-output", DGM_NOSTR, NULL,
			"the output cannot be read back");
		return DGM_OUTCOME_DIFFERS;
	}
	struct dgm_input *input = dgm_input_fd(fd, DGM_STR("output"), options->diags, 0);
	enum dgm_obeyed obeyed = DGM_OBEYED_UNKNOWN;
	if (dgm_input_charset(input, options->encoding.len ? options->encoding : options->target->encoding, true) == 0)
		obeyed = dgm_schema_file_check(options->schema, options->plugins, options->target, input,
			options->writer_options, options->writer_option_count, options->diags);
	dgm_input_free(input);
	return obeyed == DGM_OBEYED        ? DGM_OUTCOME_DONE
		: obeyed == DGM_OBEYED_NOT ? DGM_OUTCOME_DIFFERS
					   : DGM_OUTCOME_PLUGIN;
}

enum dgm_outcome dgm_conversion_verify(struct dgm_conversion *conversion)
{
	const struct dgm_conversion_options *options = &conversion->options;
	/* Where nothing came over nothing is published, and an output without a record may be no file of its format. */
	if (conversion->counts.read && !conversion->counts.written)
		return DGM_OUTCOME_DONE;
	if (options->verify &&
		dgm_verify_run(options->verify, options->output, options->target, options->plugins,
			options->encoding.len ? options->encoding : options->target->encoding, options->writer_options,
			options->writer_option_count) != 0)
		return DGM_OUTCOME_DIFFERS;
	return options->schema ? check_schema(conversion) : DGM_OUTCOME_DONE;
}
