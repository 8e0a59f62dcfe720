/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading in parts: whatever marks a scout sets in whatever text, a reader that goes on at one of them gives the records
 * that reading without a stop gives there, with the same places, bytes, values and messages.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <dlfcn.h>

#include "gen.h"
#include "host/job.h"
#include "host/options.h"
#include "io/charset.h"
#include "io/input.h"

#define TEXTS 400u
#define TEXT_MAX ((size_t)1 << 16)
#define PARTS_MAX ((size_t)1 << 12)

static const struct dgm_plugin *load(const char *id)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s.so", DGM_TEST_PLUGIN_DIR, id);
	void *so = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!so)
		fail_msg("%s", dlerror());
	const struct dgm_plugin *(*entry)(uint32_t) = NULL;
	void *symbol = dlsym(so, "dragoman_plugin_v1");
	memcpy(&entry, &symbol, sizeof entry);
	return entry(0);
}

struct reader {
	const struct dgm_plugin *plugin;
	struct dgm_diag_sink diags;
	struct dgm_job *job;
	struct dgm_input *input;
	struct dgm_arena arena;
	struct dgm_record record;
	struct dgm_arena said; /* the transcript of the record in work */
	struct dgm_str text;
	_Alignas(16) char config[512];
	void *instance;
};

static void say(void *context, const struct dgm_diag *diag)
{
	struct reader *reader = context;
	reader->text = dgm_arena_printf(&reader->said, "%.*s!%s %u:%u+%u ", DGM_FMT(reader->text), diag->code,
		diag->place.line, diag->place.column, (unsigned)diag->place.offset);
}

static void open_reader(struct reader *reader, const struct dgm_plugin *plugin, const char *options, const char *path,
	struct dgm_input *input)
{
	*reader = (struct reader){.plugin = plugin, .diags = {.emit = say, .context = reader}, .input = input};
	reader->job = dgm_job_new(&reader->diags, DGM_STR("test"));
	struct dgm_option_given given[8];
	size_t count = 0;
	struct dgm_str rest = dgm_str(options), pair;
	while (dgm_str_next(&rest, DGM_STR(" "), &pair))
		if (pair.len)
			given[count++] = dgm_option_split(pair);
	assert_int_equal(dgm_options_fill(plugin->options, plugin->option_count, reader->config, plugin->config_size,
				 given, count, DGM_STR("plugin"), NULL),
		0);
	const struct dgm_str paths = dgm_str(path);
	const struct dgm_open open = {.struct_size = sizeof open,
		.host = &dgm_host_table,
		.job = reader->job,
		.input = input,
		.config = reader->config,
		.paths = &paths,
		.path_count = 1};
	assert_int_equal(plugin->reader_open(&open, &reader->instance), DGM_OK);
}

static void close_reader(struct reader *reader)
{
	reader->plugin->reader_close(reader->instance);
	dgm_record_done(&reader->record);
	dgm_arena_done(&reader->arena);
	dgm_arena_done(&reader->said);
	dgm_job_free(reader->job);
	dgm_input_free(reader->input);
}

/* The next record in words, or what ended the reading. */
static struct dgm_str next(struct reader *reader, int32_t *ret_result)
{
	struct dgm_record *record = &reader->record;
	dgm_arena_reset(&reader->arena);
	dgm_arena_reset(&reader->said);
	reader->text = DGM_NOSTR;
	dgm_record_clear(record, reader->job, &reader->arena);
	dgm_job_set_record(reader->job, record, 1);
	*ret_result = reader->plugin->reader_next(reader->instance, record);
	if (*ret_result == DGM_END || *ret_result == DGM_FATAL)
		return dgm_arena_printf(&reader->said, "%.*s%s", DGM_FMT(reader->text),
			*ret_result == DGM_END ? "end" : "fatal");
	reader->text = dgm_arena_printf(&reader->said, "%.*s%s %u:%u+%u <%.*s>", DGM_FMT(reader->text),
		*ret_result == DGM_OK ? "ok" : "bad", record->place.line, record->place.column,
		(unsigned)record->place.offset, DGM_FMT(record->source));
	for (size_t i = 0; i < record->count; i++)
		reader->text = dgm_arena_printf(&reader->said, "%.*s %u.%.*s@%u=%.*s", DGM_FMT(reader->text),
			record->events[i].kind, DGM_FMT(dgm_job_key_name(reader->job, record->events[i].key)),
			record->events[i].offset, DGM_FMT(record->events[i].text));
	return reader->text;
}

struct part {
	struct dgm_mark mark;
	struct dgm_spot spot;
	uint64_t first, records; /* UINT64_MAX: up to the end */
};

static struct dgm_input *open_input(struct dgm_str text, const char *charset, size_t chunk)
{
	struct dgm_input *input = dgm_input_memory(text, DGM_STR("test"), NULL, chunk);
	assert_int_equal(dgm_input_charset(input, dgm_str(charset), true), 0);
	return input;
}

/* Sets marks every few bytes. The first part begins at the start and has no mark. */
static size_t scout(struct gen *gen, const struct dgm_plugin *plugin, const char *options, const char *path,
	struct dgm_input *first, struct part *parts)
{
	struct reader reader;
	size_t count = 0;
	open_reader(&reader, plugin, options, path, dgm_input_again(first, NULL));
	const uint32_t step = gen_one_in(gen, 3) ? 1 + gen_below(gen, 20) : 1 + gen_below(gen, 2000);
	struct part part = {.records = UINT64_MAX};
	for (int32_t result = DGM_OK; result == DGM_OK; count++) {
		struct dgm_mark mark;
		assert_true(count < PARTS_MAX);
		dgm_arena_reset(&reader.arena);
		dgm_record_clear(&reader.record, reader.job, &reader.arena);
		result = plugin->reader_skip(reader.instance, &reader.record, step, &mark);
		parts[count] = part;
		parts[count].records = result == DGM_FATAL ? UINT64_MAX : mark.records;
		if (result == DGM_OK)
			part = (struct part){mark, dgm_input_spot(reader.input, mark.offset), part.first + mark.records,
				UINT64_MAX};
	}
	close_reader(&reader);
	return count;
}

struct lines {
	struct dgm_str *items;
	size_t count, capacity;
	struct dgm_arena arena;
};

static void read_all(struct reader *reader, struct lines *lines)
{
	for (int32_t result = DGM_OK; result == DGM_OK || result == DGM_BAD;) {
		const struct dgm_str text = next(reader, &result);
		if (lines->count == lines->capacity) {
			lines->capacity = lines->capacity * 2 + 64;
			lines->items = dgm_xrealloc(lines->items, lines->capacity * sizeof *lines->items);
		}
		lines->items[lines->count++] = dgm_arena_dup(&lines->arena, text);
	}
}

static void check(struct gen *gen, const struct dgm_plugin *plugin, const char *options, const char *path,
	const char *charset, struct dgm_str text)
{
	static struct part parts[PARTS_MAX];
	struct reader whole, jumping;
	struct lines lines = {0};
	const size_t chunk = gen_one_in(gen, 2) ? 1 + gen_below(gen, 300) : 0;
	open_reader(&whole, plugin, options, path, open_input(text, charset, chunk));
	const size_t count = scout(gen, plugin, options, path, whole.input, parts);
	read_all(&whole, &lines);
	open_reader(&jumping, plugin, options, path, open_input(text, charset, chunk));
	int32_t result = DGM_OK;
	for (uint64_t i = 0; i < parts[0].records && i < lines.count; i++)
		assert_true(dgm_str_eq(next(&jumping, &result), lines.items[i]));
	for (size_t n = count; n-- > 1;) {
		const struct part *part = &parts[gen_one_in(gen, 2) ? n : 1 + gen_below(gen, (uint32_t)count - 1)];
		assert_int_equal(dgm_input_seek(jumping.input, part->spot), DGM_OK);
		assert_int_equal(plugin->reader_resume(jumping.instance, &part->mark), DGM_OK);
		uint64_t i = 0;
		for (; i < part->records && part->first + i < lines.count; i++) {
			const struct dgm_str got = next(&jumping, &result), expected = lines.items[part->first + i];
			if (!dgm_str_eq(got, expected))
				fail_msg(
					"options %s, charset %s, part %zu, record %u:\n%.*s\ninstead of\n%.*s\nin\n%.*s",
					options, charset, n, (unsigned)i, DGM_FMT(got), DGM_FMT(expected),
					DGM_FMT(text));
		}
		assert_true(part->records == UINT64_MAX || i == part->records);
		/* The last part is followed by the end, too. */
		if (part == &parts[count - 1] && part->records != UINT64_MAX)
			assert_true(dgm_str_eq(next(&jumping, &result), lines.items[lines.count - 1]));
	}
	close_reader(&whole);
	close_reader(&jumping);
	dgm_arena_done(&lines.arena);
	free(lines.items);
}

static size_t add(char *text, size_t at, const char *piece)
{
	const size_t len = strlen(piece);
	if (at + len > TEXT_MAX)
		return at;
	memcpy(text + at, piece, len);
	return at + len;
}

static size_t pick(struct gen *gen, char *text, size_t at, const char *const *pieces, size_t count)
{
	return add(text, at, pieces[gen_below(gen, (uint32_t)count)]);
}

static const char *const csv_sound[] = {"a", "Ω", "\"b\"", "\"a\nb\"", "\"\r\n\"", "\"\r\"", "\"x\"\"y\"", "", "\"\"",
	"long long long", "مرحبا", "\"\n\n\""};
static const char *const csv_odd[] = {"a\"b", "\"a\"b", "\"open", "\"", "\xff", "\x1a"};
static const char *const csv_ends[] = {"\n", "\n", "\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\n\r"};

static void test_csv(void **state)
{
	(void)state;
	static const char *const options[] = {"", "", "header=false", "scanner=libcsv", "window=1", "max-record=40",
		"quote=none", "window=100 header=false"};
	const struct dgm_plugin *plugin = load("csv");
	static char text[TEXT_MAX];
	for (uint64_t seed = 1; seed <= TEXTS; seed++) {
		struct gen gen = {.state = seed};
		size_t at = 0;
		const uint32_t columns = 1 + gen_below(&gen, 4), rows = gen_below(&gen, 120);
		const uint32_t oddity = gen_one_in(&gen, 2) ? 0 : 3 + gen_below(&gen, 100);
		if (gen_one_in(&gen, 4))
			at = add(text, at, "\xef\xbb\xbf");
		for (uint32_t row = 0; row <= rows; row++) {
			for (uint32_t column = 0; column < columns; column++) {
				at = column ? add(text, at, ",") : at;
				if (row == 0)
					at = add(text, at, (const char *[]){"A", "B", "C", "D"}[column]);
				else if (oddity && gen_one_in(&gen, oddity))
					at = pick(&gen, text, at, csv_odd, DGM_COUNT(csv_odd));
				else
					at = pick(&gen, text, at, csv_sound, DGM_COUNT(csv_sound));
			}
			if (row < rows || gen_one_in(&gen, 2))
				at = pick(&gen, text, at, csv_ends, DGM_COUNT(csv_ends));
		}
		check(&gen, plugin, options[gen_below(&gen, DGM_COUNT(options))], "",
			gen_one_in(&gen, 3) ? "windows-1252" : "utf-8", dgm_str_of(text, at));
	}
}

static const char *const json_sound[] = {"{\"a\":1}", "{\"a\":\"}\"}", "{\"b\":[1,{\"c\":\"\\\"{\"}]}", "{}",
	"{\"a\":\"\\\\\"}", "{\"a\":\"0123456789012345678901234567890123456789012345678901234567890\\\\\"}",
	"{ \"x\" : { } }", "{\"a\":\"مرحبا\"}"};
static const char *const json_odd[] = {"{\"a\":tru}", "{\"a\" 1}", "{\"a\":1", "{\"a\":\"x", "[1]", "7", "}",
	"{\"a\":1]", "{\"a\":1}}", "{\"a\":1}{\"b\":2}", "{\"a\":1} x", "{\n\"a\":\n1}", "{\"a\":\"\\u00\"}",
	"{\"a\":1,\"a\":2}", "\\", "{\\\"}", "{\"a\":\"\t\"}", "{\"a\":\"\\", "{{}}", "{\"a\":[[[[[[[[1]]]]]]]]}",
	"\xff", "{\"\xff\":1}"};
static const char *const json_ends[] = {"\n", "\n", "\n", "\r\n", " \n", "\n\n", "\n ", " "};

static void test_json(void **state)
{
	(void)state;
	static const char *const options[] = {"", "", "max-record=60", "max-depth=5", "parser=cjson"};
	const struct dgm_plugin *plugin = load("json");
	static char text[TEXT_MAX];
	for (uint64_t seed = 1; seed <= 2 * TEXTS; seed++) {
		struct gen gen = {.state = seed};
		size_t at = 0;
		const uint32_t values = gen_below(&gen, 120);
		const uint32_t oddity = gen_one_in(&gen, 2) ? 0 : 2 + gen_below(&gen, 100);
		const bool array = gen_one_in(&gen, 4);
		at = gen_one_in(&gen, 4) ? add(text, at, "\xef\xbb\xbf") : at;
		at = array ? add(text, at, "[") : at;
		for (uint32_t value = 0; value < values; value++) {
			at = array && value ? add(text, at, ",") : at;
			if (oddity && gen_one_in(&gen, oddity))
				at = pick(&gen, text, at, json_odd, DGM_COUNT(json_odd));
			else
				at = pick(&gen, text, at, json_sound, DGM_COUNT(json_sound));
			at = pick(&gen, text, at, json_ends, DGM_COUNT(json_ends));
		}
		at = array ? add(text, at, "]\n") : at;
		check(&gen, plugin, options[gen_below(&gen, DGM_COUNT(options))], array ? "[]" : "",
			gen_one_in(&gen, 3) ? "windows-1252" : "utf-8", dgm_str_of(text, at));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
