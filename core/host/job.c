/* SPDX-License-Identifier: Apache-2.0 */
/* Keys, records and reports: what a plugin instance sees of the host. Input and output are io's. */
#include "host/job.h"

#include <stdlib.h>

#include "base/text.h"
#include "io/charset.h"
#include "io/input.h"
#include "io/output.h"

struct dgm_job {
	struct dgm_diag_sink *diags;
	struct dgm_str file;
	struct dgm_keys *keys;
	const struct dgm_record *record;
	uint64_t record_number;
	struct dgm_arena report_arena;
	struct dgm_report error;
	bool decoded; /* the text comes from a decoder, so what is invalid in it are markers */
};

struct dgm_job *dgm_job_new(struct dgm_diag_sink *diags, struct dgm_str file)
{
	struct dgm_job *job = dgm_xcalloc(1, sizeof *job);
	job->diags = diags;
	job->file = file;
	job->keys = dgm_keys_new();
	return job;
}

void dgm_job_free(struct dgm_job *job)
{
	if (!job)
		return;
	dgm_keys_free(job->keys);
	dgm_arena_done(&job->report_arena);
	free(job);
}

uint32_t dgm_job_key(struct dgm_job *job, uint32_t parent, struct dgm_str name)
{
	return dgm_keys_get(job->keys, parent, name);
}

struct dgm_str dgm_job_key_name(const struct dgm_job *job, uint32_t key)
{
	return dgm_keys_name(job->keys, key);
}

struct dgm_keys *dgm_job_keys(struct dgm_job *job)
{
	return job->keys;
}

struct dgm_diag_sink *dgm_job_diags(struct dgm_job *job)
{
	return job->diags;
}

struct dgm_str dgm_job_file(const struct dgm_job *job)
{
	return job->file;
}

void dgm_job_decoded(struct dgm_job *job)
{
	job->decoded = true;
}

void dgm_job_set_record(struct dgm_job *job, const struct dgm_record *record, uint64_t number)
{
	job->record = record;
	job->record_number = number;
}

static void report(struct dgm_job *job, uint32_t severity, const char *code, const struct dgm_place *place,
	struct dgm_str text)
{
	const struct dgm_place at = place ? *place : job->record ? job->record->place : (struct dgm_place){0};
	if (severity >= DGM_ERROR && !job->error.code) {
		job->error = (struct dgm_report){severity, dgm_arena_cstr(&job->report_arena, dgm_str(code)), at,
			dgm_arena_dup(&job->report_arena, text)};
	}
	const struct dgm_diag diag = {.severity = severity,
		.code = code,
		.file = job->file,
		.place = at,
		.record = job->record_number,
		.text = text};
	dgm_diag_emit(job->diags, &diag);
}

struct dgm_report dgm_job_take_error(struct dgm_job *job)
{
	const struct dgm_report error = job->error;
	job->error = (struct dgm_report){0};
	/* The caller uses the text before the next report; the arena starts over then. */
	dgm_arena_reset(&job->report_arena);
	return error;
}

static int32_t host_peek(struct dgm_input *input, size_t want, struct dgm_str *ret_window)
{
	return dgm_input_peek(input, want, ret_window);
}

static void host_consume(struct dgm_input *input, size_t n)
{
	dgm_input_consume(input, n);
}

static struct dgm_str host_key_name(struct dgm_job *job, uint32_t key)
{
	return dgm_job_key_name(job, key);
}

static uint32_t host_key_parent(struct dgm_job *job, uint32_t key)
{
	return dgm_keys_parent(job->keys, key);
}

static void host_begin(struct dgm_record *record, uint32_t path, struct dgm_str source, const struct dgm_place *place)
{
	record->path = path;
	record->source = source;
	record->place = place ? *place : (struct dgm_place){0};
	record->begun = true;
}

/*
 * The text with markers of 80 to 9F as the controls of the same numbers, which is what these bytes are where they are
 * anything, and can be undone; false where something else is invalid. The mapper keeps such a value, and tells of it.
 */
static bool as_controls(struct dgm_arena *arena, struct dgm_str text, struct dgm_str *ret_text)
{
	char *to = dgm_arena_alloc(arena, text.len);
	for (size_t i = 0; i < text.len; i++) {
		to[i] = text.ptr[i];
		if (!dgm_marker_at(text, i))
			continue;
		const unsigned char byte = dgm_marker_byte(text, i);
		if (byte < 0x80 || byte > 0x9F)
			return false;
		to[i] = (char)0xC2;
		to[++i] = (char)byte;
	}
	*ret_text = dgm_str_of(to, text.len);
	return dgm_utf8_valid(*ret_text);
}

static void host_put(struct dgm_record *record, const struct dgm_event *events, size_t count)
{
	if (count > DGM_EVENTS_MAX - record->count) {
		if (!record->failed)
			report(record->job, DGM_ERROR, "record-too-many-values", NULL,
				DGM_STR("more than 1048576 values in one record"));
		record->failed = true;
		return;
	}
	dgm_record_ensure(record, count);
	struct dgm_event *to = record->events + record->count;
	for (size_t i = 0; i < count; i++) {
		to[i] = events[i];
		if (events[i].text.len == 0)
			continue;
		if (!dgm_utf8_valid(events[i].text)) {
			if (record->job->decoded && as_controls(record->arena, events[i].text, &to[i].text))
				continue;
			if (!record->failed) {
				const struct dgm_place place = dgm_record_place(record, events[i].offset);
				report(record->job, DGM_ERROR, "text-invalid-utf8", &place,
					DGM_STR("bytes that are no character in the declared encoding"));
			}
			record->failed = true;
		}
		if (!(events[i].flags & DGM_EVENT_STABLE))
			to[i].text = dgm_arena_dup(record->arena, events[i].text);
	}
	record->count += count;
}

static const struct dgm_event *host_events(const struct dgm_record *record, size_t *ret_count)
{
	*ret_count = record->count;
	return record->events;
}

static uint32_t host_path(const struct dgm_record *record)
{
	return record->path;
}

static int32_t host_encodes(const struct dgm_output *output, struct dgm_str text)
{
	return dgm_output_in_charset(output, text);
}

static int32_t host_size(struct dgm_input *input, uint64_t *ret_size)
{
	*ret_size = dgm_input_raw_size(input);
	return DGM_OK;
}

static int32_t host_read_at(struct dgm_input *input, uint64_t offset, char *buffer, size_t n, size_t *ret_n)
{
	return dgm_input_read_at(input, offset, buffer, n, ret_n);
}

const struct dgm_host dgm_host_table = {
	.struct_size = sizeof(struct dgm_host),
	.abi_minor = DGM_ABI_MINOR,
	.peek = host_peek,
	.consume = host_consume,
	.key = dgm_job_key,
	.key_name = host_key_name,
	.key_parent = host_key_parent,
	.begin = host_begin,
	.put = host_put,
	.events = host_events,
	.path = host_path,
	.reserve = dgm_output_reserve,
	.commit = dgm_output_advance,
	.write = dgm_output_write,
	.section = dgm_output_section,
	.report = report,
	.fallback = dgm_output_fallback,
	.encodes = host_encodes,
	.size = host_size,
	.read_at = host_read_at,
};
