/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JSON engine under test: loaded like any plugin, fed through the real host table, its answers written down as a
 * transcript that two runs can be compared by.
 *
 * A transcript has a line per result. "R0 2+13 1:3 | a=x b#1" is a record of path 0 at offset 2, 13 bytes, line 1,
 * column 3. Events: NAME=text, NAME#number, NAME?boolean, NAME! null, NAME[] empty list, NAME{ and }; '*' before the
 * name marks an item. "B0 ... | json-nul 9 1:10" is a rejected record, "F json-empty 0 1:1" a broken stream.
 */
#ifndef DGM_TEST_JSON_HARNESS_H
#define DGM_TEST_JSON_HARNESS_H

#include <assert.h>
#include <dlfcn.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "host/job.h"
#include "io/input.h"
#include "io/output.h"

static const struct dgm_plugin *json;

static int load_json(void **state)
{
	(void)state;
	void *so = dlopen(DGM_TEST_PLUGIN_DIR "/json.so", RTLD_NOW | RTLD_LOCAL);
	if (!so) {
		fprintf(stderr, "%s\n", dlerror());
		return -1;
	}
	const struct dgm_plugin *(*entry)(uint32_t) = NULL;
	*(void **)&entry = dlsym(so, "dragoman_plugin_v1");
	json = entry ? entry(0) : NULL;
	return json && !entry(1) ? 0 : -1;
}

struct buffer {
	char *text;
	size_t len, capacity;
};

static inline void add_bytes(struct buffer *b, const char *bytes, size_t n)
{
	if (b->capacity - b->len < n + 1) {
		b->capacity = (b->len + n + 1) * 2;
		b->text = dgm_xrealloc(b->text, b->capacity);
	}
	if (n)
		memcpy(b->text + b->len, bytes, n);
	b->len += n;
	b->text[b->len] = '\0';
}

static inline void __attribute__((format(printf, 2, 3))) add_text(struct buffer *b, const char *format, ...)
{
	char line[512];
	va_list list;
	va_start(list, format);
	const int n = vsnprintf(line, sizeof line, format, list);
	va_end(list);
	assert(n >= 0 && (size_t)n < sizeof line);
	add_bytes(b, line, (size_t)n);
}

/* Settings: "name=value name=value", over the plugin's own defaults. */
#define CONFIG_WORDS 32
static inline void set_option(uint64_t *config, const struct dgm_option *option, struct dgm_str value)
{
	uint64_t number = 0;
	if (option->kind == DGM_OPTION_CHOICE) {
		struct dgm_str rest = dgm_str(option->choices), word;
		while (dgm_str_next(&rest, DGM_STR("|"), &word) && !dgm_str_eq(word, value))
			number++;
	} else if (!dgm_str_to_u64(value, &number)) {
		fail_msg("option %s", option->name);
	}
	memcpy((char *)config + option->offset, &number, sizeof number);
}

static inline void configure(uint64_t config[CONFIG_WORDS], const char *settings)
{
	memset(config, 0, CONFIG_WORDS * sizeof *config);
	for (uint32_t i = 0; i < json->option_count; i++)
		set_option(config, &json->options[i], dgm_str(json->options[i].default_text));
	struct dgm_str rest = dgm_str(settings), setting;
	while (rest.len && dgm_str_next(&rest, DGM_STR(" "), &setting)) {
		struct dgm_str name = {0};
		assert_true(dgm_str_next(&setting, DGM_STR("="), &name));
		for (uint32_t i = 0; i < json->option_count; i++) {
			if (dgm_str_is(name, json->options[i].name))
				set_option(config, &json->options[i], setting);
		}
	}
}

/* Paths: separated by ','; NULL: none at all. */
static inline uint32_t split_paths(const char *paths, struct dgm_str list[8])
{
	uint32_t count = 0;
	for (const char *p = paths; p; count++) {
		const char *comma = strchr(p, ',');
		assert(count < 8);
		list[count] = dgm_str_of(p, comma ? (size_t)(comma - p) : strlen(p));
		p = comma ? comma + 1 : NULL;
	}
	return count;
}

static inline void ignore_diag(void *context, const struct dgm_diag *diag)
{
	(void)context;
	(void)diag;
}

static inline void add_events(struct buffer *out, struct dgm_job *job, const struct dgm_event *events, size_t count,
	bool offsets)
{
	static const char marks[] = "=#?![";
	uint32_t groups[256] = {0};
	size_t depth = 0;
	for (size_t i = 0; i < count; i++) {
		const struct dgm_event *e = &events[i];
		/* What every record keeps: groups are closed by their own key, and keys lie in the group around them. */
		if (e->kind == DGM_EVENT_END) {
			assert_true(depth > 0 && groups[depth--] == e->key);
		} else {
			assert_int_equal(dgm_host_table.key_parent(job, e->key), groups[depth]);
			if (e->kind == DGM_EVENT_BEGIN)
				groups[++depth] = e->key;
			assert_true(depth < DGM_COUNT(groups) - 1);
		}
		add_bytes(out, " ", 1);
		if (e->kind != DGM_EVENT_END) {
			const struct dgm_str name = dgm_job_key_name(job, e->key);
			if (e->flags & DGM_EVENT_ITEM)
				add_bytes(out, "*", 1);
			add_bytes(out, name.ptr, name.len);
		}
		if (e->kind == DGM_EVENT_VALUE) {
			add_bytes(out, marks + e->literal, 1);
			add_bytes(out, e->text.ptr, e->text.len);
			if (e->literal == DGM_LITERAL_EMPTY_LIST)
				add_bytes(out, "]", 1);
		} else {
			add_text(out, "%c", e->kind == DGM_EVENT_BEGIN ? '{' : '}');
		}
		if (offsets)
			add_text(out, "@%" PRIu32, e->offset);
	}
	assert_int_equal(depth, 0);
}

/* What reading is set up with, and what came of it. */
struct reading {
	const char *paths, *settings;
	size_t chunk;
	bool offsets;     /* write event offsets down too */
	bool with_source; /* and the records' bytes */
	struct dgm_job *job;
	struct buffer out;
	size_t good, bad, fatal;
	/* Called with every good record; may be NULL. */
	void (*each)(void *context, const struct dgm_record *record);
	void *context;
};

static inline void add_error(struct reading *r)
{
	const struct dgm_report error = dgm_job_take_error(r->job);
	add_text(&r->out, " %s %" PRIu64 " %" PRIu32 ":%" PRIu32, error.code ? error.code : "(nothing said)",
		error.place.offset, error.place.line, error.place.column);
	assert_non_null(error.code);
	assert_true(error.text.len > 0);
}

static inline void add_record(struct reading *r, char kind, const struct dgm_record *record)
{
	if (record->path == DGM_PATH_ENVELOPE)
		add_text(&r->out, "%cE", kind);
	else
		add_text(&r->out, "%c%" PRIu32, kind, record->path);
	add_text(&r->out, " %" PRIu64 "+%zu %" PRIu32 ":%" PRIu32 " |", record->place.offset, record->source.len,
		record->place.line, record->place.column);
	if (r->with_source) {
		add_bytes(&r->out, "<", 1);
		add_bytes(&r->out, record->source.ptr, record->source.len);
		add_bytes(&r->out, ">", 1);
	}
}

/* One reading of bytes; the transcript is in r->out afterwards. */
static inline void read_json(struct reading *r, struct dgm_str bytes)
{
	struct dgm_diag_sink diags = {.emit = ignore_diag};
	uint64_t config[CONFIG_WORDS];
	struct dgm_str paths[8];
	configure(config, r->settings ? r->settings : "");
	struct dgm_job *own = r->job ? NULL : dgm_job_new(&diags, DGM_STR("test.json"));
	if (own)
		r->job = own;
	struct dgm_input *input = dgm_input_memory(bytes, DGM_STR("test.json"), dgm_job_diags(r->job), r->chunk);
	const struct dgm_open open = {.struct_size = sizeof open,
		.host = &dgm_host_table,
		.job = r->job,
		.input = input,
		.config = config,
		.paths = paths,
		.path_count = split_paths(r->paths, paths)};
	void *reader = NULL;
	r->out.len = 0;
	add_bytes(&r->out, "", 0);
	r->good = r->bad = r->fatal = 0;
	int32_t result = json->reader_open(&open, &reader);
	/* Only the host table, job, input and config outlive the call. */
	memset(paths, 0xee, sizeof paths);
	struct dgm_arena arena = {0};
	struct dgm_record record = {0};
	if (result != DGM_OK) {
		add_text(&r->out, "O");
		add_error(r);
		r->fatal++;
	}
	while (result == DGM_OK || result == DGM_BAD) {
		dgm_arena_reset(&arena);
		dgm_record_clear(&record, r->job, &arena);
		dgm_job_set_record(r->job, &record, r->good + r->bad + 1);
		result = json->reader_next(reader, &record);
		if (result == DGM_END)
			break;
		if (result == DGM_FATAL) {
			add_text(&r->out, "F");
			add_error(r);
			r->fatal++;
			assert_int_equal(json->reader_next(reader, &record), DGM_FATAL);
			assert_null(dgm_job_take_error(r->job).code);
		} else if (result == DGM_BAD || record.failed) {
			assert_true(record.begun);
			add_record(r, 'B', &record);
			add_error(r);
			r->bad++;
		} else {
			assert_int_equal(result, DGM_OK);
			assert_true(record.begun);
			assert_null(dgm_job_take_error(r->job).code);
			add_record(r, 'R', &record);
			add_events(&r->out, r->job, record.events, record.count, r->offsets);
			if (r->each)
				r->each(r->context, &record);
			r->good++;
		}
		add_bytes(&r->out, "\n", 1);
	}
	dgm_job_set_record(r->job, NULL, 0);
	json->reader_close(reader);
	dgm_record_done(&record);
	dgm_arena_done(&arena);
	dgm_input_free(input);
	if (own) {
		dgm_job_free(own);
		r->job = NULL;
	}
}

#endif
