/* SPDX-License-Identifier: Apache-2.0 */
/* Every diagnostic of an input passes one sink here, which takes advice, counts, and knows what it makes of the record. */
#include "pipe/validation.h"

#include <stdlib.h>

#include "notice/validate.h"
#include "pipe/seen.h"

/* A reference to something that may still come. */
struct reference {
	uint64_t hash;
	struct dgm_str file;
	struct dgm_place place;
	uint64_t record;
	enum dgm_field_id field;
};

struct dgm_validation {
	struct dgm_validation_options options;
	struct dgm_diag_sink sink;
	struct dgm_validator *validator;
	struct dgm_validation_counts counts;
	struct dgm_seen ids, known; /* identifiers of notices; all that a reference may lead to */
	struct reference *references;
	size_t reference_count;
	bool seen_full_said, references_full_said;
	struct dgm_arena arena; /* names of inputs */
	/* the record in work */
	struct dgm_reading *reading;
	struct dgm_str file;
	bool unsound;
};

static void take(void *context, const struct dgm_diag *diag)
{
	struct dgm_validation *validation = context;
	const int8_t severity = dgm_advice_apply(validation->options.advice, diag->code, diag->severity);
	if (severity == DGM_ADVICE_OFF)
		return;
	struct dgm_diag advised = *diag;
	advised.severity = (uint32_t)severity;
	validation->unsound = validation->unsound || advised.severity == DGM_ERROR ||
		(validation->options.strict && advised.severity == DGM_WARNING);
	dgm_findings_add(validation->options.findings, &advised);
	if (validation->options.diags)
		dgm_diag_emit(validation->options.diags, &advised);
}

static void found(void *context, const struct dgm_finding *finding)
{
	struct dgm_validation *validation = context;
	const uint32_t offset = finding->value ? finding->value->offset : 0;
	const struct dgm_str value = finding->value ? finding->value->text : DGM_NOSTR;
	const struct dgm_str path = dgm_fields[finding->field].group == finding->group->id
		? dgm_value_path(dgm_reading_arena(validation->reading), finding->group, finding->field)
		: dgm_fields[finding->field].path;
	dgm_reading_say(validation->reading, finding->severity, finding->rule->code, path, offset, value,
		finding->text.ptr);
}

struct dgm_validation *dgm_validation_new(const struct dgm_validation_options *options)
{
	struct dgm_validation *validation = dgm_xcalloc(1, sizeof *validation);
	validation->options = *options;
	validation->sink = (struct dgm_diag_sink){.emit = take, .context = validation};
	validation->validator = dgm_validator_new(found, validation);
	return validation;
}

void dgm_validation_free(struct dgm_validation *validation)
{
	if (!validation)
		return;
	dgm_validator_free(validation->validator);
	dgm_seen_done(&validation->ids);
	dgm_seen_done(&validation->known);
	free(validation->references);
	dgm_arena_done(&validation->arena);
	free(validation);
}

struct dgm_diag_sink *dgm_validation_sink(struct dgm_validation *validation)
{
	return &validation->sink;
}

const struct dgm_validation_counts *dgm_validation_counts(const struct dgm_validation *validation)
{
	return &validation->counts;
}

/* --- across records --- */

static void say(struct dgm_validation *validation, uint32_t severity, const char *code, enum dgm_field_id field,
	const struct dgm_value *value, const char *text)
{
	dgm_reading_say(validation->reading, severity, code, dgm_fields[field].path, value ? value->offset : 0,
		value ? value->text : DGM_NOSTR, text);
}

static void check_id(struct dgm_validation *validation, const struct dgm_value *id)
{
	if (!id)
		return;
	if (dgm_seen_add(&validation->ids, id->text))
		say(validation, DGM_WARNING, "id-repeated", DGM_FIELD_notice_id, id,
			"this identifier stood in an earlier record too");
	if (validation->ids.full && !validation->seen_full_said) {
		validation->seen_full_said = true;
		say(validation, DGM_NOTE, "id-limit", DGM_FIELD_notice_id, NULL,
			"from here on repeated identifiers are only noticed among the first 524288");
	}
}

static void remember(struct dgm_validation *validation, enum dgm_field_id field, const struct dgm_value *value)
{
	if (validation->reference_count == DGM_REFERENCES_MAX) {
		if (!validation->references_full_said)
			say(validation, DGM_NOTE, "reference-limit", field, NULL,
				"from here on it is not checked whether references lead anywhere");
		validation->references_full_said = true;
		return;
	}
	if (!validation->references)
		validation->references = dgm_xcalloc(DGM_REFERENCES_MAX, sizeof *validation->references);
	validation->references[validation->reference_count++] = (struct reference){.hash = dgm_str_hash(value->text, 0),
		.file = validation->file,
		.place = dgm_record_place(dgm_reading_record(validation->reading), value->offset),
		.record = dgm_reading_number(validation->reading),
		.field = field};
}

/* What a reference of another record may lead to, and the references of this one. */
static void note_references(struct dgm_validation *validation, const struct dgm_notice *notice)
{
	const struct dgm_group *head = dgm_group_first(notice->root, DGM_GROUP_notice);
	const bool cancels = dgm_str_is(dgm_text_of(head, DGM_FIELD_notice_form), "cancellation");
	dgm_seen_add(&validation->known, dgm_text_of(head, DGM_FIELD_notice_id));
	for (const struct dgm_group *group = dgm_group_first(head, DGM_GROUP_notice_reference); group;
		group = group->next) {
		const struct dgm_value *value = dgm_value_first(group, DGM_FIELD_notice_reference_value);
		if (!value || value->state != DGM_STATE_PARSED)
			continue;
		if (cancels)
			remember(validation, DGM_FIELD_notice_reference_value, value);
		else
			dgm_seen_add(&validation->known, value->text);
	}
	for (const struct dgm_group *subject = dgm_group_first(notice->root, DGM_GROUP_subject); subject;
		subject = subject->next) {
		const struct dgm_str id = dgm_text_of(subject, DGM_FIELD_subject_id);
		if (id.len)
			dgm_seen_add(&validation->known, id);
		for (const struct dgm_group *relation = dgm_group_first(subject, DGM_GROUP_subject_relation); relation;
			relation = relation->next) {
			const struct dgm_value *value = dgm_value_first(relation, DGM_FIELD_subject_relation_target_id);
			if (value && value->state == DGM_STATE_PARSED)
				remember(validation, DGM_FIELD_subject_relation_target_id, value);
		}
	}
}

static uint64_t count_groups(const struct dgm_group *group)
{
	uint64_t count = 0;
	for (; group; group = group->next)
		count++;
	return count;
}

/* Numbers of events and subjects of the notice itself. */
static void check_numbers(struct dgm_validation *validation, const struct dgm_notice *notice)
{
	const struct dgm_group *subject = dgm_group_first(notice->root, DGM_GROUP_subject);
	const struct {
		enum dgm_field_id field;
		uint64_t count;
	} numbers[] = {{DGM_FIELD_subject_event, count_groups(dgm_group_first(notice->root, DGM_GROUP_event))},
		{DGM_FIELD_subject_principal, count_groups(subject)}};
	for (; subject; subject = subject->next)
		for (size_t i = 0; i < DGM_COUNT(numbers); i++) {
			const struct dgm_value *value = dgm_value_first(subject, numbers[i].field);
			uint64_t number;
			if (value && value->state == DGM_STATE_PARSED && dgm_str_to_u64(value->text, &number) &&
				(number == 0 || number > numbers[i].count))
				say(validation, DGM_WARNING, "reference-dangling", numbers[i].field, value,
					"the notice has no instance with this number");
		}
}

void dgm_validation_finish(struct dgm_validation *validation)
{
	for (size_t i = 0; i < validation->reference_count && !validation->known.full; i++) {
		const struct reference *reference = &validation->references[i];
		if (dgm_seen_has(&validation->known, reference->hash))
			continue;
		const struct dgm_diag diag = {.severity = DGM_WARNING,
			.code = "reference-dangling",
			.file = reference->file,
			.place = reference->place,
			.record = reference->record,
			.field = dgm_fields[reference->field].path,
			.text = DGM_STR("nothing in these inputs has this identifier")};
		dgm_diag_emit(&validation->sink, &diag);
	}
	validation->reference_count = 0;
}

/* --- one input --- */

static bool is_over(const struct dgm_validation *validation)
{
	return validation->options.max_errors &&
		validation->options.findings->count[DGM_ERROR] >= validation->options.max_errors;
}

static enum dgm_validated run_all(struct dgm_validation *validation)
{
	for (;;) {
		struct dgm_notice notice;
		validation->unsound = false;
		const enum dgm_step step = dgm_reading_next(validation->reading, &notice);
		if (step == DGM_STEP_END)
			return DGM_VALIDATED;
		if (step == DGM_STEP_BROKEN)
			return DGM_VALIDATED_BROKEN;
		validation->counts.read++;
		if (step == DGM_STEP_REFUSED) {
			validation->counts.rejected++;
		} else {
			const struct dgm_group *head = dgm_group_first(notice.root, DGM_GROUP_notice);
			dgm_validate(validation->validator, &notice);
			check_id(validation, dgm_value_first(head, DGM_FIELD_notice_id));
			note_references(validation, &notice);
			check_numbers(validation, &notice);
			if (validation->unsound)
				validation->counts.invalid++;
			else
				validation->counts.valid++;
		}
		if (is_over(validation))
			return DGM_VALIDATED_STOPPED;
	}
}

enum dgm_validated dgm_validation_run(struct dgm_validation *validation, const struct dgm_format *format,
	struct dgm_input *input, const struct dgm_option_given *options, size_t option_count)
{
	const struct dgm_reading_options setup = {.plugins = validation->options.plugins,
		.diags = &validation->sink,
		.format = format,
		.input = input,
		.options = options,
		.option_count = option_count};
	bool input_fault;
	validation->file = dgm_arena_dup(&validation->arena, dgm_input_name(input));
	validation->reading = dgm_reading_open(&setup, &input_fault);
	if (!validation->reading)
		return input_fault ? DGM_VALIDATED_BROKEN : DGM_VALIDATED_PLUGIN;
	const enum dgm_validated result = run_all(validation);
	dgm_reading_close(validation->reading);
	validation->reading = NULL;
	return result;
}
