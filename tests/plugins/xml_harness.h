/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the tests of the XML engine: the plugin as a user gets it (dlopen, the real host table, the real input and
 * output), and what it says written down as text, one line per record and per diagnostic:
 *   <code> <line>:<column>+<offset>
 *   ok|bad <path or env> <line>:<column>+<offset> <name>=<text> <name>{ ... } ...
 *   end | fatal
 * Every source and every offset of an event is compared with the document itself on the way.
 */
#ifndef DGM_TESTS_XML_HARNESS_H
#define DGM_TESTS_XML_HARNESS_H

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

struct text {
	char *ptr;
	size_t len, room;
};

static inline void text_add(struct text *t, const char *bytes, size_t n)
{
	if (t->room - t->len < n + 1) {
		t->room = (t->len + n + 1) * 2;
		t->ptr = dgm_xrealloc(t->ptr, t->room);
	}
	if (n > 0)
		memcpy(t->ptr + t->len, bytes, n);
	t->len += n;
	t->ptr[t->len] = 0;
}

static inline void text_str(struct text *t, struct dgm_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\n')
			text_add(t, "\\n", 2);
		else
			text_add(t, &s.ptr[i], 1);
	}
}

static inline void __attribute__((format(printf, 2, 3))) text_print(struct text *t, const char *format, ...)
{
	char line[512];
	va_list args;
	va_start(args, format);
	const int n = vsnprintf(line, sizeof line, format, args);
	va_end(args);
	assert_true(n >= 0 && (size_t)n < sizeof line);
	text_add(t, line, (size_t)n);
}

static inline void text_diag(void *context, const struct dgm_diag *diag)
{
	text_print(context, "%s %u:%u+%llu\n", diag->code, diag->place.line, diag->place.column,
		(unsigned long long)diag->place.offset);
	assert_true(diag->text.len > 0 && diag->text.len < 240);
	assert_null(memchr(diag->text.ptr, '\n', diag->text.len));
}

static inline const struct dgm_plugin *xml_plugin(void)
{
	static const struct dgm_plugin *plugin;
	if (plugin)
		return plugin;
	void *library = dlopen(DGM_TEST_PLUGIN_DIR "/xml.so", RTLD_NOW | RTLD_LOCAL);
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

/* One instance with its job. paths and options: joined by blanks. */
struct session {
	struct text said;
	struct dgm_diag_sink sink;
	struct dgm_job *job;
	struct dgm_arena arena;
	struct dgm_record record;
	union {
		char bytes[512];
		uint64_t align;
	} config;
	struct dgm_str paths[8];
	struct dgm_open open;
	void *instance;
};

static inline void session_start(struct session *s, const char *paths, const char *options)
{
	*s = (struct session){.sink = {.emit = text_diag}};
	s->sink.context = &s->said;
	s->job = dgm_job_new(&s->sink, DGM_STR("test.xml"));
	uint32_t count = 0;
	struct dgm_str rest = dgm_str(paths), part;
	while (paths && dgm_str_next(&rest, DGM_STR(" "), &part))
		s->paths[count++] = part;
	struct dgm_option_given given[16];
	size_t given_count = 0;
	rest = dgm_str(options);
	while (dgm_str_next(&rest, DGM_STR(" "), &part)) {
		if (part.len)
			given[given_count++] = dgm_option_split(part);
	}
	const struct dgm_plugin *plugin = xml_plugin();
	assert_true(plugin->config_size <= sizeof s->config);
	assert_int_equal(dgm_options_fill(plugin->options, plugin->option_count, s->config.bytes, plugin->config_size,
				 given, given_count, DGM_STR("plugin xml"), &s->sink),
		0);
	s->open = (struct dgm_open){.struct_size = sizeof s->open,
		.host = &dgm_host_table,
		.job = s->job,
		.config = s->config.bytes,
		.paths = s->paths,
		.path_count = count};
}

static inline void session_end(struct session *s)
{
	dgm_record_done(&s->record);
	dgm_arena_done(&s->arena);
	dgm_job_free(s->job);
}

static inline void next_record(struct session *s)
{
	dgm_arena_reset(&s->arena);
	dgm_record_clear(&s->record, s->job, &s->arena);
	dgm_job_set_record(s->job, &s->record, 1);
}

static inline void text_events(struct text *t, struct session *s)
{
	const struct dgm_record *record = &s->record;
	for (size_t i = 0; i < record->count; i++) {
		const struct dgm_event *event = &record->events[i];
		const struct dgm_str name = dgm_job_key_name(s->job, event->key);
		text_print(t, " ");
		if (event->kind == DGM_EVENT_END) {
			text_print(t, "}");
			continue;
		}
		text_str(t, name);
		text_print(t, event->kind == DGM_EVENT_BEGIN ? "{" : "=");
		text_str(t, event->text);
	}
}

/* The source is what stands at its place in the document, and an event's offset leads to a tag of it. */
static inline void check_source(const struct dgm_record *record, struct dgm_str document)
{
	assert_true(record->begun);
	assert_true(record->place.offset + record->source.len <= document.len);
	assert_memory_equal(record->source.ptr, document.ptr + record->place.offset, record->source.len);
	uint32_t line = 1, column = 1;
	for (size_t i = 0; i < record->place.offset; i++) {
		column = document.ptr[i] == '\n' ? 1 : column + 1;
		line += document.ptr[i] == '\n';
	}
	assert_int_equal(record->place.line, line);
	assert_int_equal(record->place.column, column);
	if (record->path == DGM_PATH_ENVELOPE)
		return;
	assert_int_equal(record->source.ptr[0], '<');
	for (size_t i = 0; i < record->count; i++)
		assert_int_equal(record->source.ptr[record->events[i].offset], '<');
}

/* What reading the document says; the caller frees it. chunk 0: as the input likes. */
static inline char *read_str(struct dgm_str document, const char *paths, const char *options, size_t chunk)
{
	struct session s;
	session_start(&s, paths, options);
	s.open.input = dgm_input_memory(document, DGM_STR("test.xml"), &s.sink, chunk);
	const struct dgm_plugin *plugin = xml_plugin();
	int32_t rc = plugin->reader_open(&s.open, &s.instance);
	const bool opened = rc == DGM_OK;
	while (rc == DGM_OK || rc == DGM_BAD) {
		next_record(&s);
		rc = plugin->reader_next(s.instance, &s.record);
		if (rc == DGM_OK || rc == DGM_BAD) {
			check_source(&s.record, document);
			if (s.record.path == DGM_PATH_ENVELOPE)
				text_print(&s.said, "%s env", rc == DGM_OK ? "ok" : "bad");
			else
				text_print(&s.said, "%s %u", rc == DGM_OK ? "ok" : "bad", s.record.path);
			text_print(&s.said, " %u:%u+%llu", s.record.place.line, s.record.place.column,
				(unsigned long long)s.record.place.offset);
			text_events(&s.said, &s);
			text_print(&s.said, "\n");
		}
	}
	text_print(&s.said, rc == DGM_END ? "end\n" : "fatal\n");
	if (opened) {
		next_record(&s);
		assert_int_equal(plugin->reader_next(s.instance, &s.record), rc); /* and it stays so */
		plugin->reader_close(s.instance);
	}
	dgm_input_free(s.open.input);
	session_end(&s);
	return s.said.ptr;
}

/* A record for the writer from "path|name=text|name{|...|}"; path "env": the envelope. */
static inline void script_record(struct session *s, struct dgm_str script)
{
	uint32_t parents[300] = {0};
	size_t depth = 0;
	struct dgm_str part;
	next_record(s);
	dgm_str_next(&script, DGM_STR("|"), &part);
	s->record.path = dgm_str_is(part, "env") ? DGM_PATH_ENVELOPE : (uint32_t)(part.ptr[0] - '0');
	while (dgm_str_next(&script, DGM_STR("|"), &part)) {
		const size_t equals = dgm_str_find(part, DGM_STR("="));
		if (dgm_str_is(part, "}")) {
			const uint32_t key = parents[depth];
			depth -= depth > 0;
			dgm_record_add(&s->record, DGM_EVENT_END, key, 0, 0, DGM_NOSTR);
		} else if (equals == part.len) {
			assert_int_equal(part.ptr[part.len - 1], '{');
			const uint32_t key = dgm_job_key(s->job, parents[depth], dgm_str_take(part, part.len - 1));
			dgm_record_add(&s->record, DGM_EVENT_BEGIN, key, 0, 0, DGM_NOSTR);
			parents[++depth] = key;
		} else {
			const uint32_t key = dgm_job_key(s->job, parents[depth], dgm_str_take(part, equals));
			dgm_record_add(&s->record, DGM_EVENT_VALUE, key, 0, 0, dgm_str_skip(part, equals + 1));
		}
	}
}

static inline void finish_writing(struct session *s, int32_t rc)
{
	if (rc == DGM_OK) {
		if (xml_plugin()->writer_finish(s->instance) != DGM_OK)
			text_print(&s->said, "fatal\n");
		assert_int_equal(dgm_output_commit(s->open.output), 0);
		const struct dgm_str bytes = dgm_output_bytes(s->open.output);
		text_add(&s->said, bytes.ptr, bytes.len);
		xml_plugin()->writer_close(s->instance);
	} else {
		text_print(&s->said, "fatal\n");
	}
	dgm_output_free(s->open.output);
	session_end(s);
}

/* What is said and written for records of scripts, which are joined by ";"; the caller frees it. */
static inline char *write_script(const char *script, const char *paths, const char *options)
{
	struct session s;
	session_start(&s, paths, options);
	s.open.output = dgm_output_memory(&s.sink);
	const int32_t rc = xml_plugin()->writer_open(&s.open, &s.instance);
	struct dgm_str rest = dgm_str(script), part;
	while (rc == DGM_OK && dgm_str_next(&rest, DGM_STR(";"), &part)) {
		if (part.len == 0)
			continue;
		script_record(&s, part);
		const int32_t result = xml_plugin()->writer_put(s.instance, &s.record);
		if (result != DGM_OK)
			text_print(&s.said, "%s\n", result == DGM_BAD ? "bad" : "fatal");
	}
	finish_writing(&s, rc);
	return s.said.ptr;
}

/* What is written from the records of a document; the caller frees it. */
static inline char *copy_str(struct dgm_str document, const char *paths, const char *options)
{
	struct session from, to;
	session_start(&from, paths, "");
	session_start(&to, paths, options);
	/* One job for both: keys are its numbers. */
	to.open.job = from.job;
	from.open.input = dgm_input_memory(document, DGM_STR("test.xml"), &from.sink, 0);
	to.open.output = dgm_output_memory(&to.sink);
	const struct dgm_plugin *plugin = xml_plugin();
	assert_int_equal(plugin->reader_open(&from.open, &from.instance), DGM_OK);
	assert_int_equal(plugin->writer_open(&to.open, &to.instance), DGM_OK);
	for (;;) {
		next_record(&from);
		const int32_t rc = plugin->reader_next(from.instance, &from.record);
		if (rc == DGM_END)
			break;
		assert_int_equal(rc, DGM_OK);
		assert_int_equal(plugin->writer_put(to.instance, &from.record), DGM_OK);
	}
	finish_writing(&to, DGM_OK);
	plugin->reader_close(from.instance);
	dgm_input_free(from.open.input);
	session_end(&from);
	free(from.said.ptr);
	return to.said.ptr;
}

#endif
