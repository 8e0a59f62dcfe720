/* SPDX-License-Identifier: Apache-2.0 */
/* Keys, records and reports: what a plugin instance sees of the host. Input and output are io's. */
#include "host/job.h"

#include <stdlib.h>

#include "base/text.h"
#include "io/input.h"
#include "io/output.h"

struct key_entry {
	struct dgm_str name;
	uint32_t parent;
	uint32_t next;   /* in the hash bucket */
	uint32_t follow; /* the key that came after this one last time */
	uint32_t hash;
};

struct dgm_job {
	struct dgm_diag_sink *diags;
	struct dgm_str file;
	struct dgm_arena arena;
	struct key_entry *keys; /* [0] is the top */
	uint32_t *buckets;
	uint32_t count, capacity, bucket_mask, last;
	const struct dgm_record *record;
	uint64_t record_number;
	struct dgm_arena report_arena;
	struct dgm_report error;
};

struct dgm_job *dgm_job_new(struct dgm_diag_sink *diags, struct dgm_str file)
{
	struct dgm_job *job = dgm_xcalloc(1, sizeof *job);
	job->diags = diags;
	job->file = file;
	job->capacity = 256;
	job->keys = dgm_xcalloc(job->capacity, sizeof *job->keys);
	job->bucket_mask = 511;
	job->buckets = dgm_xcalloc(job->bucket_mask + 1u, sizeof *job->buckets);
	job->count = 1;
	return job;
}

void dgm_job_free(struct dgm_job *job)
{
	if (!job)
		return;
	free(job->keys);
	free(job->buckets);
	dgm_arena_done(&job->arena);
	dgm_arena_done(&job->report_arena);
	free(job);
}

static void grow_keys(struct dgm_job *job)
{
	job->capacity *= 2;
	job->keys = dgm_xrealloc(job->keys, job->capacity * sizeof *job->keys);
	job->bucket_mask = job->bucket_mask * 2 + 1;
	free(job->buckets);
	job->buckets = dgm_xcalloc(job->bucket_mask + 1u, sizeof *job->buckets);
	for (uint32_t k = 1; k < job->count; k++) {
		uint32_t *bucket = &job->buckets[job->keys[k].hash & job->bucket_mask];
		job->keys[k].next = *bucket;
		*bucket = k;
	}
}

static bool is_key(const struct key_entry *entry, uint32_t parent, struct dgm_str name)
{
	return entry->parent == parent && dgm_str_eq(entry->name, name);
}

uint32_t dgm_job_key(struct dgm_job *job, uint32_t parent, struct dgm_str name)
{
	/* Records repeat their order of keys, so the key that followed last time is the likely one now. */
	const uint32_t guess = job->keys[job->last].follow;
	if (guess && is_key(&job->keys[guess], parent, name)) {
		job->last = guess;
		return guess;
	}
	const uint32_t hash = (uint32_t)dgm_str_hash(name, (uint64_t)parent * 0x9e3779b97f4a7c15u);
	for (uint32_t k = job->buckets[hash & job->bucket_mask]; k; k = job->keys[k].next) {
		if (job->keys[k].hash == hash && is_key(&job->keys[k], parent, name)) {
			job->keys[job->last].follow = k;
			job->last = k;
			return k;
		}
	}
	if (job->count > DGM_KEYS_MAX)
		return 0;
	if (job->count == job->capacity)
		grow_keys(job);
	const uint32_t k = job->count++;
	uint32_t *bucket = &job->buckets[hash & job->bucket_mask];
	job->keys[k] = (struct key_entry){
		.name = dgm_arena_dup(&job->arena, name), .parent = parent, .next = *bucket, .hash = hash};
	*bucket = k;
	job->keys[job->last].follow = k;
	job->last = k;
	return k;
}

struct dgm_str dgm_job_key_name(const struct dgm_job *job, uint32_t key)
{
	return key < job->count ? job->keys[key].name : DGM_NOSTR;
}

uint32_t dgm_job_key_parent(const struct dgm_job *job, uint32_t key)
{
	return key < job->count ? job->keys[key].parent : 0;
}

uint32_t dgm_job_key_count(const struct dgm_job *job)
{
	return job->count - 1;
}

struct dgm_diag_sink *dgm_job_diags(struct dgm_job *job)
{
	return job->diags;
}

struct dgm_str dgm_job_file(const struct dgm_job *job)
{
	return job->file;
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

void dgm_record_clear(struct dgm_record *record, struct dgm_job *job, struct dgm_arena *arena)
{
	record->arena = arena;
	record->job = job;
	record->count = 0;
	record->source = DGM_NOSTR;
	record->place = (struct dgm_place){0};
	record->path = 0;
	record->begun = false;
	record->failed = false;
}

void dgm_record_done(struct dgm_record *record)
{
	free(record->events);
	*record = (struct dgm_record){0};
}

static void ensure(struct dgm_record *record, size_t more)
{
	if (record->capacity - record->count >= more)
		return;
	size_t capacity = record->capacity ? record->capacity : 256;
	while (capacity - record->count < more)
		capacity *= 2;
	record->events = dgm_xrealloc(record->events, capacity * sizeof *record->events);
	record->capacity = capacity;
}

void dgm_record_add(struct dgm_record *record, uint16_t kind, uint32_t key, uint16_t literal, uint32_t flags,
	struct dgm_str text)
{
	ensure(record, 1);
	record->events[record->count++] =
		(struct dgm_event){.kind = kind, .literal = literal, .key = key, .flags = flags, .text = text};
}

struct dgm_place dgm_record_place(const struct dgm_record *record, uint32_t offset)
{
	struct dgm_place place = record->place;
	const struct dgm_str before = dgm_str_take(record->source, offset);
	place.offset += before.len;
	if (place.line == 0)
		return place;
	size_t line_start = 0;
	for (size_t i = 0; i < before.len; i++) {
		if (before.ptr[i] == '\n') {
			place.line++;
			line_start = i + 1;
			place.column = 1;
		}
	}
	place.column += (uint32_t)(before.len - line_start);
	return place;
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
	return dgm_job_key_parent(job, key);
}

static void host_begin(struct dgm_record *record, uint32_t path, struct dgm_str source, const struct dgm_place *place)
{
	record->path = path;
	record->source = source;
	record->place = place ? *place : (struct dgm_place){0};
	record->begun = true;
}

static void host_put(struct dgm_record *record, const struct dgm_event *events, size_t count)
{
	ensure(record, count);
	struct dgm_event *to = record->events + record->count;
	for (size_t i = 0; i < count; i++) {
		to[i] = events[i];
		if (events[i].text.len == 0)
			continue;
		if (!dgm_utf8_valid(events[i].text)) {
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
};
