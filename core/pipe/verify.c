/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is expected lies in an output that is never published: its sections come out in the order in which the real one's
 * do. A notice is a number of values, each with its field, its length and its text.
 */
#include "pipe/verify.h"

#include <assert.h>
#include <stdlib.h>

#include "pipe/reading.h"

#define LOST 2 /* of dgm_value.used */

struct heading {
	uint32_t count, continued;
};

struct entry {
	uint32_t field, len;
};

struct dgm_verify {
	struct dgm_diag_sink *diags;
	struct dgm_output *expected;
	uint64_t every, written, compared; /* written: notices that come back, without those that continue one */
	/* reading back */
	struct dgm_input *input;
	struct dgm_str path;
	bool differs;
	bool links[DGM_FIELD_COUNT]; /* fields that the target makes itself, from the order of instances */
};

struct dgm_verify *dgm_verify_new(const struct dgm_output *output, struct dgm_str path, uint64_t every,
	struct dgm_diag_sink *diags)
{
	struct dgm_output *expected = dgm_output_beside(output, diags);
	if (!expected)
		return NULL;
	struct dgm_verify *verify = dgm_xcalloc(1, sizeof *verify);
	verify->expected = expected;
	verify->diags = diags;
	verify->every = every ? every : 1;
	verify->path = path;
	return verify;
}

void dgm_verify_free(struct dgm_verify *verify)
{
	if (!verify)
		return;
	dgm_input_free(verify->input);
	dgm_output_free(verify->expected);
	free(verify);
}

uint64_t dgm_verify_compared(const struct dgm_verify *verify)
{
	return verify->compared;
}

/* --- writing down --- */

static bool is_expected(const struct dgm_value *value)
{
	return value->state == DGM_STATE_PARSED && value->used != LOST;
}

/* Values that are put back verbatim are no notice's values, and where a notice was read changes. */
static bool is_compared(enum dgm_group_id group)
{
	return group != DGM_GROUP_unmapped && group != DGM_GROUP_provenance;
}

static uint32_t count_expected(const struct dgm_group *group)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	uint32_t count = 0;
	for (uint32_t f = 0; f < def->field_count; f++)
		for (const struct dgm_value *value = group->slots[f].first; value; value = value->next)
			count += is_expected(value);
	for (uint32_t c = 0; c < def->child_count; c++)
		for (const struct dgm_group *child = group->slots[def->field_count + c].first;
			child && is_compared(child->id); child = child->next)
			count += count_expected(child);
	return count;
}

static void put_raw(struct dgm_output *output, const void *bytes, size_t len)
{
	dgm_output_write(output, dgm_str_of(bytes, len));
}

static void put_expected(struct dgm_output *output, const struct dgm_group *group)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	for (uint32_t f = 0; f < def->field_count; f++) {
		for (const struct dgm_value *value = group->slots[f].first; value; value = value->next) {
			const struct entry entry = {def->first_field + f, (uint32_t)value->text.len};
			if (!is_expected(value))
				continue;
			put_raw(output, &entry, sizeof entry);
			dgm_output_write(output, value->text);
		}
	}
	for (uint32_t c = 0; c < def->child_count; c++)
		for (const struct dgm_group *child = group->slots[def->field_count + c].first;
			child && is_compared(child->id); child = child->next)
			put_expected(output, child);
}

struct dgm_output *dgm_verify_expected(const struct dgm_verify *verify)
{
	return verify->expected;
}

uint64_t *dgm_verify_written(struct dgm_verify *verify)
{
	return &verify->written;
}

void dgm_verify_expect(struct dgm_verify *verify, uint64_t number, uint32_t section, bool continued,
	const struct dgm_notice *notice, const struct dgm_losses *losses)
{
	for (const struct dgm_loss *loss = losses->first; loss; loss = loss->next) {
		struct dgm_value *value = dgm_value_first(loss->group, loss->field);
		for (uint32_t n = 1; value && n < loss->number; n++)
			value = value->next;
		if (value)
			value->used = LOST;
	}
	const bool compared = (number - 1) % verify->every == 0;
	const struct heading heading = {.count = compared ? count_expected(notice->root) : 0, .continued = continued};
	verify->written += !continued;
	dgm_output_section(verify->expected, section);
	put_raw(verify->expected, &heading, sizeof heading);
	if (heading.count)
		put_expected(verify->expected, notice->root);
}

/* --- reading back --- */

/* The next n bytes of what is expected; ptr NULL where there are none left. */
static struct dgm_str take(struct dgm_verify *verify, size_t n)
{
	struct dgm_str window;
	if (dgm_input_peek(verify->input, n, &window) != DGM_OK || window.len < n)
		return DGM_NOSTR;
	return dgm_str_take(window, n);
}

static void say(struct dgm_verify *verify, const struct dgm_reading *reading, const char *code, struct dgm_str field,
	struct dgm_str value, const char *text)
{
	const struct dgm_diag diag = {.severity = DGM_ERROR,
		.code = code,
		.file = verify->path,
		.place = reading ? dgm_record_place(dgm_reading_record(reading), 0) : (struct dgm_place){0},
		.record = reading ? dgm_reading_number(reading) : 0,
		.field = field,
		.text = dgm_str(text),
		.value = value};
	verify->differs = true;
	dgm_diag_emit(verify->diags, &diag);
}

/* A value of the field with this text that no other expected value has taken. */
static bool find_in(const struct dgm_group *group, enum dgm_field_id field, struct dgm_str text)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	if (group->id == dgm_fields[field].group) {
		for (struct dgm_value *value = dgm_value_first(group, field); value; value = value->next) {
			/* What notices that are one have in common stands there once. */
			const bool common = dgm_groups[group->id].depth == 0 && !dgm_fields[field].many;
			if ((value->used && !common) || value->state != DGM_STATE_PARSED ||
				!dgm_str_eq(value->text, text))
				continue;
			value->used = 1;
			return true;
		}
		return false;
	}
	for (uint32_t c = 0; c < def->child_count; c++) {
		enum dgm_group_id below = dgm_fields[field].group;
		while (below != DGM_GROUP_root && below != def->children[c])
			below = dgm_groups[below].parent;
		if (below == DGM_GROUP_root)
			continue;
		for (const struct dgm_group *child = dgm_group_first(group, def->children[c]); child;
			child = child->next)
			if (find_in(child, field, text))
				return true;
	}
	return false;
}

static void compare_values(struct dgm_verify *verify, const struct dgm_reading *reading,
	const struct dgm_notice *notice, const struct heading *heading)
{
	for (uint32_t i = 0; i < heading->count; i++) {
		struct entry entry;
		const struct dgm_str fixed = take(verify, sizeof entry);
		assert(fixed.ptr);
		memcpy(&entry, fixed.ptr, sizeof entry);
		dgm_input_consume(verify->input, sizeof entry);
		const struct dgm_str text = take(verify, entry.len);
		assert(text.ptr || entry.len == 0);
		/* Of a notice that continues another one the instances have other numbers. */
		const bool counted = heading->continued && verify->links[entry.field];
		if (!counted && !find_in(notice->root, (enum dgm_field_id)entry.field, text))
			say(verify, reading, "verify-differs", dgm_fields[entry.field].path, text,
				"this value was written and does not come back");
		dgm_input_consume(verify->input, entry.len);
	}
}

/* One notice against what is expected of it, and of those that were written into it. */
static void compare(struct dgm_verify *verify, const struct dgm_reading *reading, const struct dgm_notice *notice)
{
	struct heading heading;
	for (bool first = true;; first = false) {
		const struct dgm_str head = take(verify, sizeof heading);
		if (head.ptr)
			memcpy(&heading, head.ptr, sizeof heading);
		if (!head.ptr || (!first && !heading.continued))
			return;
		dgm_input_consume(verify->input, sizeof heading);
		verify->compared += heading.count > 0;
		compare_values(verify, reading, notice, &heading);
	}
}

static int read_back(struct dgm_verify *verify, struct dgm_reading *reading)
{
	uint64_t count = 0;
	for (;;) {
		struct dgm_notice notice;
		const enum dgm_step step = dgm_reading_next(reading, &notice);
		if (step == DGM_STEP_END || step == DGM_STEP_BROKEN) {
			if (step == DGM_STEP_END && count < verify->written)
				say(verify, NULL, "verify-count", DGM_NOSTR, DGM_NOSTR,
					"fewer notices come back than were written");
			return step == DGM_STEP_BROKEN || verify->differs ? -1 : 0;
		}
		if (step == DGM_STEP_REFUSED) {
			verify->differs = true; /* said when it was refused */
			continue;
		}
		if (count++ < verify->written)
			compare(verify, reading, &notice);
		else
			say(verify, reading, "verify-count", DGM_NOSTR, DGM_NOSTR,
				"more notices come back than were written");
	}
}

/* Reading back says again what was said when the notices were read: only what ends or costs something counts here. */
static void pass_errors(void *context, const struct dgm_diag *diag)
{
	if (diag->severity == DGM_ERROR)
		dgm_diag_emit(context, diag);
}

/* The fields that hold the number of another instance. */
static void find_links(struct dgm_verify *verify, const struct dgm_format *format)
{
	for (uint32_t s = 0; s < format->shape_count; s++)
		for (uint32_t a = 0; a < format->shapes[s].anchor_count; a++)
			if (format->shapes[s].anchors[a].linked)
				verify->links[format->shapes[s].anchors[a].link] = true;
}

int dgm_verify_run(struct dgm_verify *verify, struct dgm_output *output, const struct dgm_format *format,
	struct dgm_search *plugins, struct dgm_str encoding, const struct dgm_option_given *options,
	size_t option_count)
{
	const int expected = dgm_output_reread(verify->expected), written = dgm_output_reread(output);
	int result = -1;
	if (expected < 0 || written < 0) {
		say(verify, NULL, "verify-output", DGM_NOSTR, DGM_NOSTR, "the output cannot be read back");
		return -1;
	}
	find_links(verify, format);
	struct dgm_diag_sink errors = {.emit = pass_errors, .context = verify->diags};
	struct dgm_input *input = dgm_input_fd(written, verify->path, &errors, 0);
	/* Bytes, not text: they must come through as they are. */
	verify->input = dgm_input_fd(expected, verify->path, &errors, 0);
	if (dgm_input_charset(input, encoding, true) == 0 &&
		dgm_input_charset(verify->input, DGM_STR("utf-8"), false) == 0) {
		const struct dgm_reading_options setup = {.plugins = plugins,
			.diags = &errors,
			.format = format,
			.input = input,
			.options = options,
			.option_count = option_count};
		bool input_fault;
		struct dgm_reading *reading = dgm_reading_open(&setup, &input_fault);
		if (reading)
			result = read_back(verify, reading);
		dgm_reading_close(reading);
	}
	dgm_input_free(input);
	return result;
}
