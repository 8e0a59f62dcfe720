/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the tests of the CSV engine: the plugin as a user gets it (dlopen, the real host table, the real input and
 * output), and what it says written down as text, one line per record and per diagnostic:
 *   <severity> <code> <line>:<column>+<offset>
 *   ok|bad <line>:<column>+<offset> [<source>] <name>@<offset>=<text> ...
 *   end | fatal
 */
#ifndef DGM_TESTS_CSV_HARNESS_H
#define DGM_TESTS_CSV_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <dlfcn.h>

#include <cmocka.h>

#include "host/job.h"
#include "host/options.h"
#include "io/input.h"
#include "io/output.h"

struct transcript {
	char *text;
	size_t len, room;
};

static inline void transcript_add(struct transcript *t, const char *bytes, size_t n)
{
	if (t->room - t->len < n + 1) {
		t->room = (t->len + n + 1) * 2;
		t->text = dgm_xrealloc(t->text, t->room);
	}
	if (n > 0)
		memcpy(t->text + t->len, bytes, n);
	t->len += n;
	t->text[t->len] = 0;
}

static inline void __attribute__((format(printf, 2, 3))) transcript_print(struct transcript *t, const char *format, ...)
{
	char line[256];
	va_list args;
	va_start(args, format);
	const int n = vsnprintf(line, sizeof line, format, args);
	va_end(args);
	transcript_add(t, line, (size_t)n);
}

static inline void transcript_escaped(struct transcript *t, struct dgm_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		const char c = s.ptr[i];
		if (c == '\n')
			transcript_add(t, "\\n", 2);
		else if (c == '\r')
			transcript_add(t, "\\r", 2);
		else if ((unsigned char)c < 0x20)
			transcript_print(t, "\\x%02x", (unsigned)(unsigned char)c);
		else
			transcript_add(t, &c, 1);
	}
}

static inline void transcript_diag(void *context, const struct dgm_diag *diag)
{
	static const char *const severities[] = {"note", "warning", "error"};
	transcript_print(context, "%s %s %u:%u+%u\n", severities[diag->severity], diag->code, diag->place.line,
		diag->place.column, (unsigned)diag->place.offset);
	assert_true(diag->text.len > 0 && diag->text.len < 200);
}

static inline const struct dgm_plugin *csv_plugin(void)
{
	static const struct dgm_plugin *plugin;
	if (plugin)
		return plugin;
	void *library = dlopen(DGM_TEST_PLUGIN_DIR "/csv.so", RTLD_NOW | RTLD_LOCAL);
	if (!library)
		fail_msg("%s", dlerror());
	const struct dgm_plugin *(*entry)(uint32_t) = NULL;
	void *symbol = dlsym(library, "dragoman_plugin_v1");
	assert_non_null(symbol);
	memcpy(&entry, &symbol, sizeof entry);
	plugin = entry(0);
	assert_non_null(plugin);
	assert_null(entry(1));
	return plugin;
}

/* options: "name=value" pairs with blanks between them; "\t" in a value stands for itself. */
static inline void csv_configure(const char *options, void *config, size_t size)
{
	struct dgm_option_given given[16];
	size_t count = 0;
	struct dgm_str rest = dgm_str(options), pair;
	while (dgm_str_next(&rest, DGM_STR(" "), &pair)) {
		if (pair.len > 0)
			given[count++] = dgm_option_split(pair);
	}
	struct transcript told = {0};
	struct dgm_diag_sink sink = {.emit = transcript_diag, .context = &told};
	const struct dgm_plugin *plugin = csv_plugin();
	assert_true(plugin->config_size <= size);
	if (dgm_options_fill(plugin->options, plugin->option_count, config, plugin->config_size, given, count,
		    DGM_STR("plugin csv"), &sink) != 0)
		fail_msg("options \"%s\": %s", options, told.text);
	free(told.text);
}

struct csv_session {
	struct transcript transcript;
	struct dgm_diag_sink sink;
	struct dgm_arena arena;
	struct dgm_job *job;
	struct dgm_record record;
	_Alignas(16) char config[512];
	struct dgm_open open;
};

static inline void csv_begin(struct csv_session *s, const char *options)
{
	*s = (struct csv_session){0};
	s->sink = (struct dgm_diag_sink){.emit = transcript_diag, .context = &s->transcript};
	s->job = dgm_job_new(&s->sink, DGM_STR("test.csv"));
	/* So that no column has its own number for a key by chance. */
	assert_int_not_equal(dgm_host_table.key(s->job, 0, DGM_STR("of another instance")), 0);
	csv_configure(options, s->config, sizeof s->config);
	static const struct dgm_str path = {"", 0};
	s->open = (struct dgm_open){.struct_size = sizeof s->open,
		.host = &dgm_host_table,
		.job = s->job,
		.config = s->config,
		.paths = &path,
		.path_count = 1};
	dgm_record_clear(&s->record, s->job, &s->arena);
	transcript_add(&s->transcript, "", 0);
}

/* Keeps the transcript. */
static inline void csv_end(struct csv_session *s)
{
	dgm_record_done(&s->record);
	dgm_arena_done(&s->arena);
	dgm_job_free(s->job);
}

static inline void transcript_record(struct transcript *t, const struct dgm_record *record)
{
	transcript_print(t, " %u:%u+%u [", record->place.line, record->place.column, (unsigned)record->place.offset);
	transcript_escaped(t, record->source);
	transcript_add(t, "]", 1);
	for (size_t i = 0; i < record->count; i++) {
		const struct dgm_event *event = &record->events[i];
		assert_int_equal(event->kind, DGM_EVENT_VALUE);
		assert_int_equal(event->literal, DGM_LITERAL_TEXT);
		assert_int_equal(event->flags & ~DGM_EVENT_STABLE, 0);
		assert_int_equal(dgm_host_table.key_parent(record->job, event->key), 0);
		transcript_add(t, " ", 1);
		transcript_escaped(t, dgm_host_table.key_name(record->job, event->key));
		transcript_print(t, "@%u=", event->offset);
		transcript_escaped(t, event->text);
	}
	transcript_add(t, "\n", 1);
}

/* Reads all of bytes. visit, if any, sees every record. */
static inline char *csv_read(struct dgm_str bytes, const char *options, size_t chunk,
	void (*visit)(void *context, const struct dgm_record *record, int32_t result), void *context)
{
	struct csv_session s;
	csv_begin(&s, options);
	s.open.input = dgm_input_memory(bytes, DGM_STR("test.csv"), &s.sink, chunk);
	const struct dgm_plugin *plugin = csv_plugin();
	void *reader = NULL;
	int32_t result = plugin->reader_open(&s.open, &reader);
	if (result != DGM_OK)
		transcript_print(&s.transcript, "refused\n");
	for (uint64_t number = 1; reader; number++) {
		dgm_arena_reset(&s.arena);
		dgm_record_clear(&s.record, s.job, &s.arena);
		dgm_job_set_record(s.job, &s.record, number);
		result = plugin->reader_next(reader, &s.record);
		if (result == DGM_END || result == DGM_FATAL)
			break;
		assert_true(s.record.begun);
		assert_true(result == DGM_OK || (result == DGM_BAD && s.record.count == 0));
		transcript_print(&s.transcript, "%s", result == DGM_OK && !s.record.failed ? "ok" : "bad");
		transcript_record(&s.transcript, &s.record);
		if (visit)
			visit(context, &s.record, result);
	}
	if (reader) {
		transcript_print(&s.transcript, "%s\n", result == DGM_END ? "end" : "fatal");
		const size_t so_far = s.transcript.len;
		assert_int_equal(plugin->reader_next(reader, &s.record), result);
		assert_int_equal(s.transcript.len, so_far);
		plugin->reader_close(reader);
	}
	dgm_input_free(s.open.input);
	csv_end(&s);
	return s.transcript.text;
}

#endif
