/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plugin of the first release in today's host: found, loaded, opened, read from in pieces of any size, written to.
 * What it says is compared byte by byte, so a change of what a member means shows as much as one of its type. The
 * example plugin, which is built against today's header, goes through the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "host/job.h"
#include "host/loader.h"
#include "host/options.h"
#include "io/input.h"
#include "io/output.h"

/* A line of the example's syntax that is no record line stands in the second record. */
static const char source[] = "# a comment\n\nname: MARLOWE\nalias: La Sombra\nalias: \nnote: two\\nlines\\\\\r\n\n\n"
			     "name: OKONJO\nno separator here\n\n"
			     "# inside\nname: \xc5\xa0VARC\n# and here\nforename: L\xc3\xa9"
			     "a";

static const char transcript[] = "ok 3:1+13 name=MARLOWE alias=La Sombra alias= note=two|lines\\\n"
				 "error 10:1+87\n"
				 "bad\n"
				 "ok 13:1+115 name=\xc5\xa0VARC forename=L\xc3\xa9"
				 "a\n"
				 "end\n";

static const char written[] = "# title\n\nname: MARLOWE\nalias: La Sombra\nalias: \nnote: two\\nlines\\\\\n\n"
			      "name: \xc5\xa0VARC\nforename: L\xc3\xa9"
			      "a\n";

static char said[4096];

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *format, ...)
{
	const size_t at = strlen(said);
	va_list args;
	va_start(args, format);
	vsnprintf(said + at, sizeof said - at, format, args);
	va_end(args);
}

static void hear(void *context, const struct dgm_diag *diag)
{
	(void)context;
	say("%s %u:%u+%u\n", diag->severity == DGM_ERROR ? "error" : "note", diag->place.line, diag->place.column,
		(unsigned)diag->place.offset);
}

struct bench {
	struct dgm_diag_sink diags;
	struct dgm_search *search;
	const struct dgm_loaded *loaded;
	uint64_t config[64];
	struct dgm_job *job;
	struct dgm_arena arena;
	struct dgm_open open;
};

static const struct dgm_str top = {"", 0};

static void begin(struct bench *bench, const char *id, struct dgm_option_given *given, size_t given_count)
{
	const struct dgm_str folder = DGM_STR(DGM_TEST_FROZEN_DIR);
	*bench = (struct bench){.diags = {.emit = hear}};
	said[0] = '\0';
	bench->search = dgm_search_new(DGM_SEARCH_PLUGINS, &folder, 1, &bench->diags);
	assert_non_null(bench->search);
	bench->loaded = dgm_plugin_load(bench->search, dgm_str(id), &bench->diags);
	assert_non_null(bench->loaded);
	const struct dgm_plugin *plugin = &bench->loaded->plugin;
	assert_true(plugin->config_size <= sizeof bench->config);
	assert_int_equal(dgm_options_fill(plugin->options, plugin->option_count, bench->config, plugin->config_size,
				 given, given_count, DGM_STR("plugin"), &bench->diags),
		0);
	bench->job = dgm_job_new(&bench->diags, DGM_STR("people"));
	bench->open = (struct dgm_open){
		.struct_size = sizeof bench->open,
		.host = &dgm_host_table,
		.job = bench->job,
		.config = bench->config,
		.paths = &top,
		.path_count = 1,
	};
}

static void end(struct bench *bench)
{
	dgm_job_free(bench->job);
	dgm_arena_done(&bench->arena);
	dgm_search_free(bench->search);
}

static void say_record(const struct bench *bench, const struct dgm_record *record)
{
	say("ok %u:%u+%u", record->place.line, record->place.column, (unsigned)record->place.offset);
	for (size_t i = 0; i < record->count; i++) {
		const struct dgm_event *event = &record->events[i];
		const struct dgm_str name = dgm_job_key_name(bench->job, event->key);
		say(" %.*s=", DGM_FMT(name));
		for (size_t k = 0; k < event->text.len; k++)
			say("%c", event->text.ptr[k] == '\n' ? '|' : event->text.ptr[k]);
		/* Where no escape stands before it, the value is at its offset of the source. */
		if (event->text.len > 0 && !memchr(event->text.ptr, '\n', event->text.len))
			assert_memory_equal(record->source.ptr + event->offset, event->text.ptr, event->text.len);
	}
	say("\n");
}

/* Reads all; each good record goes on to the writer, if there is one. */
static void read_all(struct bench *bench, size_t chunk, void *writer)
{
	const struct dgm_plugin *plugin = &bench->loaded->plugin;
	struct dgm_record record = {0};
	void *reader = NULL;
	int32_t result;
	struct dgm_input *input =
		dgm_input_memory(dgm_str_of(source, sizeof source - 1), DGM_STR("people"), &bench->diags, chunk);
	assert_non_null(input);
	struct dgm_open open = bench->open;
	open.input = input;
	assert_int_equal(plugin->reader_open(&open, &reader), DGM_OK);
	memset(&open, 0xee, sizeof open); /* valid during the call only */
	do {
		dgm_arena_reset(&bench->arena);
		dgm_record_clear(&record, bench->job, &bench->arena);
		result = plugin->reader_next(reader, &record);
		assert_false(record.failed);
		if (result == DGM_OK)
			say_record(bench, &record);
		else
			say("%s\n", result == DGM_BAD ? "bad" : result == DGM_END ? "end" : "fatal");
		if (result == DGM_OK && writer)
			assert_int_equal(plugin->writer_put(writer, &record), DGM_OK);
	} while (result == DGM_OK || result == DGM_BAD);
	plugin->reader_close(reader);
	dgm_record_done(&record);
	dgm_input_free(input);
}

static void reads(const char *id)
{
	static const size_t chunks[] = {1, 2, 7, 64, 0};
	for (size_t i = 0; i < DGM_COUNT(chunks); i++) {
		struct bench bench;
		begin(&bench, id, NULL, 0);
		read_all(&bench, chunks[i], NULL);
		assert_string_equal(said, transcript);
		end(&bench);
	}
}

static void writes(const char *id)
{
	struct bench bench;
	struct dgm_option_given given = dgm_option_split(DGM_STR("title=title"));
	void *writer = NULL;
	begin(&bench, id, &given, 1);
	struct dgm_output *output = dgm_output_memory(&bench.diags);
	struct dgm_open open = bench.open;
	open.output = output;
	const struct dgm_plugin *plugin = &bench.loaded->plugin;
	assert_int_equal(plugin->writer_open(&open, &writer), DGM_OK);
	memset(&open, 0xee, sizeof open);
	read_all(&bench, 3, writer);
	assert_int_equal(plugin->writer_finish(writer), DGM_OK);
	plugin->writer_close(writer);
	assert_int_equal(dgm_output_commit(output), 0);
	const struct dgm_str bytes = dgm_output_bytes(output);
	if (!dgm_str_is(bytes, written))
		fail_msg("%s wrote:\n%.*s", id, DGM_FMT(bytes));
	dgm_output_free(output);
	end(&bench);
}

/* What it cannot write it says, and the rest is not hurt. */
static void refuses(const char *id)
{
	struct bench bench;
	void *writer = NULL;
	begin(&bench, id, NULL, 0);
	struct dgm_output *output = dgm_output_memory(&bench.diags);
	struct dgm_record record = {0};
	struct dgm_open open = bench.open;
	open.output = output;
	const struct dgm_plugin *plugin = &bench.loaded->plugin;
	const uint32_t group = dgm_job_key(bench.job, 0, DGM_STR("group"));
	const uint32_t odd = dgm_job_key(bench.job, 0, DGM_STR("a:b"));
	assert_int_equal(plugin->writer_open(&open, &writer), DGM_OK);

	dgm_record_clear(&record, bench.job, &bench.arena);
	dgm_record_add(&record, DGM_EVENT_BEGIN, group, DGM_LITERAL_TEXT, 0, DGM_NOSTR);
	dgm_record_add(&record, DGM_EVENT_END, group, DGM_LITERAL_TEXT, 0, DGM_NOSTR);
	assert_int_equal(plugin->writer_put(writer, &record), DGM_BAD);
	dgm_record_clear(&record, bench.job, &bench.arena);
	dgm_record_add(&record, DGM_EVENT_VALUE, odd, DGM_LITERAL_TEXT, 0, DGM_STR("x"));
	assert_int_equal(plugin->writer_put(writer, &record), DGM_BAD);
	dgm_record_clear(&record, bench.job, &bench.arena);
	dgm_record_add(&record, DGM_EVENT_VALUE, group, DGM_LITERAL_NULL, 0, DGM_NOSTR);
	assert_int_equal(plugin->writer_put(writer, &record), DGM_BAD);
	assert_int_equal(bench.diags.count[DGM_ERROR], 3);

	dgm_record_clear(&record, bench.job, &bench.arena);
	dgm_record_add(&record, DGM_EVENT_VALUE, group, DGM_LITERAL_TEXT, 0, DGM_STR("x"));
	assert_int_equal(plugin->writer_put(writer, &record), DGM_OK);
	assert_int_equal(plugin->writer_finish(writer), DGM_OK);
	plugin->writer_close(writer);
	assert_int_equal(dgm_output_commit(output), 0);
	assert_true(dgm_str_is(dgm_output_bytes(output), "group: x\n"));
	dgm_output_free(output);
	dgm_record_done(&record);
	end(&bench);
}

static void probes(const char *id)
{
	static const struct {
		const char *head;
		uint32_t match;
	} cases[] = {
		{"name: X\n", DGM_MATCH_WEAK},
		{"# c\n\nname: X\n", DGM_MATCH_WEAK},
		{"# cut off", DGM_MATCH_NONE},
		{"name", DGM_MATCH_NONE},
		{"", DGM_MATCH_NONE},
		{"<a>", DGM_MATCH_NONE},
		{"a,b\n", DGM_MATCH_NONE},
	};
	struct bench bench;
	begin(&bench, id, NULL, 0);
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		uint32_t match = 99;
		assert_int_equal(bench.loaded->plugin.probe(dgm_str(cases[i].head), &match), DGM_OK);
		assert_int_equal(match, cases[i].match);
	}
	end(&bench);
}

/* Options that make no sense together, or records where it has none. */
static void does_not_open(const char *id)
{
	static const char *const options[] = {"separator=none", "limit=2G", "title=a\nb"};
	const struct dgm_str elsewhere = DGM_STR("people[]");
	void *reader = NULL;
	struct bench bench;
	for (size_t i = 0; i < DGM_COUNT(options); i++) {
		struct dgm_option_given given = dgm_option_split(dgm_str(options[i]));
		begin(&bench, id, &given, 1);
		assert_int_equal(bench.loaded->plugin.reader_open(&bench.open, &reader), DGM_FATAL);
		assert_int_equal(bench.diags.count[DGM_ERROR], 1);
		end(&bench);
	}
	begin(&bench, id, NULL, 0);
	bench.open.paths = &elsewhere;
	assert_int_equal(bench.loaded->plugin.reader_open(&bench.open, &reader), DGM_FATAL);
	assert_int_equal(bench.diags.count[DGM_ERROR], 1);
	end(&bench);
}

static void all(const char *id)
{
	reads(id);
	writes(id);
	refuses(id);
	probes(id);
	does_not_open(id);
}

static void test_first_release(void **state)
{
	(void)state;
	all("frozen");
}

static void test_example(void **state)
{
	(void)state;
	all("keyline");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_release),
		cmocka_unit_test(test_example),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
