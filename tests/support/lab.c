/* SPDX-License-Identifier: Apache-2.0 */
/* The glue that core/pipe/convert.c has for a run, cut into a reading and a writing half that tests can look between. */
#include "lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "format/map.h"
#include "format/unmap.h"
#include "host/job.h"
#include "host/loader.h"
#include "host/options.h"
#include "io/input.h"
#include "io/output.h"
#include "pipe/convert.h"

/* --- what is said --- */

static void hear(void *context, const struct dgm_diag *diag)
{
	static const char *const severities[] = {"note", "warning", "error"};
	struct lab_heard *heard = context;
	const size_t need = diag->text.len + diag->field.len + strlen(diag->code) + 64;
	if (heard->capacity - heard->len < need) {
		heard->capacity = (heard->capacity + need) * 2;
		heard->text = dgm_xrealloc(heard->text, heard->capacity);
	}
	heard->len += (size_t)snprintf(heard->text + heard->len, heard->capacity - heard->len,
		"%s %u:%u %s: %.*s%s%.*s\n", severities[diag->severity], diag->place.line, diag->place.column,
		diag->code, DGM_FMT(diag->field), diag->field.len ? ": " : "", DGM_FMT(diag->text));
}

void lab_heard_init(struct lab_heard *heard)
{
	*heard = (struct lab_heard){.sink = {.emit = hear, .context = heard},
		.text = dgm_xcalloc(1, 64),
		.capacity = 64};
}

void lab_heard_done(struct lab_heard *heard)
{
	free(heard->text);
	*heard = (struct lab_heard){0};
}

/* --- what is used --- */

const char *const *lab_code_folders(void)
{
	static const char *const folders[] = {DGM_TEST_FORMAT_DIR "/codes", NULL};
	return folders;
}

struct dgm_search *lab_plugins(void)
{
	static struct dgm_search *search;
	const struct dgm_str folder = DGM_STR(DGM_TEST_PLUGIN_DIR);
	if (!search)
		search = dgm_search_new(DGM_SEARCH_PLUGINS, &folder, 1, NULL);
	return search;
}

static struct dgm_format *compiled(struct dgm_format *format, struct lab_heard *heard)
{
	if (!format || heard->len)
		fail_msg("the definition does not compile:\n%s", heard->text);
	lab_heard_done(heard);
	return format;
}

struct dgm_format *lab_shipped(const char *id)
{
	struct lab_heard heard;
	char path[4096];
	lab_heard_init(&heard);
	snprintf(path, sizeof path, DGM_TEST_FORMAT_DIR "/%s.yaml", id);
	return compiled(dgm_format_load(path, lab_code_folders(), &heard.sink), &heard);
}

struct dgm_format *lab_definition(const char *yaml)
{
	struct lab_heard heard;
	lab_heard_init(&heard);
	return compiled(dgm_format_parse(dgm_str(yaml), "inline.yaml", lab_code_folders(), &heard.sink), &heard);
}

/* One instance of an engine with what it needs. */
struct engine {
	const struct dgm_plugin *plugin;
	struct dgm_job *job;
	struct dgm_arena arena;
	struct dgm_open open;
	void *instance;
};

static void engine_init(struct engine *engine, const struct dgm_format *format, struct dgm_diag_sink *diags)
{
	*engine = (struct engine){0};
	const struct dgm_loaded *loaded = dgm_plugin_load(lab_plugins(), format->engine, diags);
	assert_non_null(loaded);
	engine->plugin = &loaded->plugin;
	engine->job = dgm_job_new(diags, DGM_STR("memory"));
	void *config = dgm_arena_zero(&engine->arena, engine->plugin->config_size + 1);
	struct dgm_option_given *given = dgm_arena_zero(&engine->arena, (format->option_count + 1) * sizeof *given);
	for (uint32_t i = 0; i < format->option_count; i++)
		given[i] =
			(struct dgm_option_given){.name = format->options[i].name, .value = format->options[i].value};
	assert_int_equal(dgm_options_fill(engine->plugin->options, engine->plugin->option_count, config,
				 engine->plugin->config_size, given, format->option_count, DGM_STR("plugin"), diags),
		0);
	engine->open = (struct dgm_open){.struct_size = sizeof engine->open,
		.host = &dgm_host_table,
		.job = engine->job,
		.config = config,
		.paths = format->paths,
		.path_count = format->path_count};
}

static void engine_done(struct engine *engine)
{
	dgm_job_free(engine->job);
	dgm_arena_done(&engine->arena);
}

/* --- batches --- */

void lab_batch_init(struct lab_batch *batch)
{
	*batch = (struct lab_batch){0};
	lab_heard_init(&batch->heard);
}

void lab_batch_done(struct lab_batch *batch)
{
	free(batch->notices);
	dgm_arena_done(&batch->arena);
	lab_heard_done(&batch->heard);
}

struct dgm_notice *lab_batch_add(struct lab_batch *batch)
{
	if (batch->count == batch->capacity) {
		batch->capacity = batch->capacity ? batch->capacity * 2 : 16;
		batch->notices = dgm_xrealloc(batch->notices, batch->capacity * sizeof *batch->notices);
	}
	dgm_notice_init(&batch->notices[batch->count], &batch->arena);
	return &batch->notices[batch->count++];
}

static struct dgm_str keep(struct dgm_arena *arena, struct dgm_str s)
{
	/* An empty original is not the lack of one. */
	if (!s.ptr)
		return DGM_NOSTR;
	return s.len ? dgm_arena_dup(arena, s) : (struct dgm_str){"", 0};
}

static void copy_group(struct dgm_notice *notice, struct dgm_group *to, const struct dgm_group *from)
{
	const struct dgm_group_def *def = &dgm_groups[from->id];
	for (uint32_t f = 0; f < def->field_count; f++) {
		for (const struct dgm_value *value = from->slots[f].first; value; value = value->next) {
			struct dgm_value *copy = dgm_value_add(notice, to, (enum dgm_field_id)(def->first_field + f));
			*copy = *value;
			copy->next = NULL;
			copy->text = keep(notice->arena, value->text);
			copy->original = keep(notice->arena, value->original);
		}
	}
	for (uint32_t c = 0; c < def->child_count; c++)
		for (const struct dgm_group *child = from->slots[def->field_count + c].first; child;
			child = child->next)
			copy_group(notice, dgm_group_add(notice, to, child->id), child);
}

static void hear_problem(void *context, const struct dgm_problem *problem)
{
	const struct dgm_diag diag = {.severity = DGM_WARNING,
		.code = problem->code,
		.field = problem->field,
		.text = problem->value};
	dgm_diag_emit(context, &diag);
}

static void read_all(struct lab_batch *batch, struct engine *engine, struct dgm_mapper *mapper)
{
	struct dgm_record record = {0};
	struct dgm_arena arena = {0};
	for (;;) {
		dgm_arena_reset(&arena);
		dgm_record_clear(&record, engine->job, &arena);
		const int32_t result = engine->plugin->reader_next(engine->instance, &record);
		if (result == DGM_END)
			break;
		if (result != DGM_OK || record.failed)
			batch->bad++;
		if (result == DGM_FATAL)
			break;
		if (result != DGM_OK || record.failed)
			continue;
		if (record.path == DGM_PATH_ENVELOPE) {
			dgm_map_envelope(mapper, &record);
			continue;
		}
		struct dgm_notice notice;
		dgm_notice_init(&notice, &arena);
		if (dgm_map_record(mapper, &record, &notice) != 0) {
			batch->refused++;
			continue;
		}
		struct dgm_notice *kept = lab_batch_add(batch);
		copy_group(kept, kept->root, notice.root);
	}
	dgm_record_done(&record);
	dgm_arena_done(&arena);
}

void lab_read(struct lab_batch *batch, const struct dgm_format *format, struct dgm_str bytes, size_t chunk)
{
	struct engine engine;
	engine_init(&engine, format, &batch->heard.sink);
	struct dgm_input *input = dgm_input_memory(bytes, DGM_STR("memory"), &batch->heard.sink, chunk);
	assert_int_equal(dgm_input_charset(input, format->encoding, true), 0);
	engine.open.input = input;
	struct dgm_mapper *mapper = dgm_mapper_new(format, dgm_job_keys(engine.job), hear_problem, &batch->heard.sink);
	if (engine.plugin->reader_open(&engine.open, &engine.instance) == DGM_OK) {
		read_all(batch, &engine, mapper);
		engine.plugin->reader_close(engine.instance);
	} else {
		batch->bad++;
	}
	batch->leftover += dgm_map_leftover(mapper);
	dgm_mapper_free(mapper);
	dgm_input_free(input);
	engine_done(&engine);
}

/* --- writing --- */

static struct dgm_str told_losses(struct dgm_arena *arena, const struct dgm_losses *losses)
{
	struct dgm_str text = {"", 0};
	for (const struct dgm_loss *loss = losses->first; loss; loss = loss->next) {
		const struct dgm_str path = dgm_value_path(arena, loss->group, loss->field);
		if (dgm_fields[loss->field].many)
			text = dgm_arena_printf(arena, "%.*s%s %.*s[%u]\n", DGM_FMT(text), dgm_loss_names[loss->kind],
				DGM_FMT(path), loss->number);
		else
			text = dgm_arena_printf(arena, "%.*s%s %.*s\n", DGM_FMT(text), dgm_loss_names[loss->kind],
				DGM_FMT(path));
	}
	return text;
}

static void put_all(struct lab_written *written, struct engine *engine, struct dgm_unmapper *unmapper,
	const struct lab_batch *batch)
{
	struct dgm_record record = {0};
	struct dgm_arena arena = {0};
	struct dgm_str all = {"", 0};
	dgm_record_clear(&record, engine->job, &arena);
	dgm_unmap_envelope(unmapper, batch->count ? &batch->notices[0] : NULL, &record);
	if (record.count) {
		record.path = DGM_PATH_ENVELOPE;
		assert_int_equal(engine->plugin->writer_put(engine->instance, &record), DGM_OK);
	}
	for (size_t i = 0; i < batch->count; i++) {
		const char *problem = NULL;
		struct dgm_losses losses;
		dgm_losses_init(&losses, &written->arena);
		dgm_record_clear(&record, engine->job, &arena);
		written->losses_of[i] = DGM_STR("refused\n");
		if (dgm_unmap_notice(unmapper, &batch->notices[i], &record, &losses, &problem) != 0 ||
			engine->plugin->writer_put(engine->instance, &record) != DGM_OK) {
			written->refused++;
			continue;
		}
		written->losses_of[i] = told_losses(&written->arena, &losses);
		all = dgm_arena_printf(&written->arena, "%.*s%.*s\n", DGM_FMT(all), DGM_FMT(written->losses_of[i]));
	}
	written->losses = all;
	dgm_record_done(&record);
	dgm_arena_done(&arena);
}

static void clear_used(struct dgm_group *group)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	for (uint32_t f = 0; f < def->field_count; f++)
		for (struct dgm_value *value = group->slots[f].first; value; value = value->next)
			value->used = 0;
	for (uint32_t c = 0; c < def->child_count; c++)
		for (struct dgm_group *child = group->slots[def->field_count + c].first; child; child = child->next)
			clear_used(child);
}

static bool encodes(const void *context, struct dgm_str text)
{
	return dgm_output_encodes(context, text);
}

void lab_write(struct lab_written *ret_written, const struct dgm_format *format, const struct lab_batch *batch)
{
	struct lab_written *written = ret_written;
	struct engine engine;
	*written = (struct lab_written){0};
	lab_heard_init(&written->heard);
	written->losses_of = dgm_arena_zero(&written->arena, (batch->count + 1) * sizeof *written->losses_of);
	/* A notice may have been written before. */
	for (size_t i = 0; i < batch->count; i++)
		clear_used(batch->notices[i].root);
	engine_init(&engine, format, &written->heard.sink);
	struct dgm_output *output = dgm_output_memory(&written->heard.sink);
	assert_int_equal(dgm_output_charset(output, format->encoding, format->bom), 0);
	struct dgm_unmapper *unmapper = dgm_unmapper_new(format, dgm_job_keys(engine.job));
	dgm_unmapper_encoding(unmapper, encodes, output);
	dgm_unmapper_problems(unmapper, hear_problem, &written->heard.sink);
	engine.open.output = output;
	engine.open.path_count = format->written_path_count;
	engine.open.columns = dgm_unmap_columns(unmapper, &engine.open.column_count);
	assert_int_equal(engine.plugin->writer_open(&engine.open, &engine.instance), DGM_OK);
	put_all(written, &engine, unmapper, batch);
	assert_int_equal(engine.plugin->writer_finish(engine.instance), DGM_OK);
	assert_int_equal(dgm_output_commit(output), 0);
	written->bytes = dgm_arena_dup(&written->arena, dgm_output_bytes(output));
	engine.plugin->writer_close(engine.instance);
	dgm_output_free(output);
	dgm_unmapper_free(unmapper);
	engine_done(&engine);
}

void lab_written_done(struct lab_written *written)
{
	dgm_arena_done(&written->arena);
	lab_heard_done(&written->heard);
}

/* --- telling --- */

struct teller {
	struct dgm_arena *arena;
	char *text;
	size_t len, capacity;
};

static void tell(struct teller *teller, struct dgm_str s, bool escape)
{
	if (teller->capacity - teller->len < 2 * s.len) {
		teller->capacity = (teller->capacity + 2 * s.len) * 2 + 1024;
		char *text = dgm_arena_alloc(teller->arena, teller->capacity);
		if (teller->len)
			memcpy(text, teller->text, teller->len);
		teller->text = text;
	}
	for (size_t i = 0; i < s.len; i++) {
		const char c = s.ptr[i];
		if (escape && (c == '\\' || c == '\n' || c == '{'))
			teller->text[teller->len++] = '\\';
		teller->text[teller->len++] = escape && c == '\n' ? 'n' : c;
	}
}

static void tell_group(struct teller *teller, const struct dgm_group *group)
{
	static const char *const literals[] = {"", "number ", "boolean ", "null ", "empty_list "};
	const struct dgm_group_def *def = &dgm_groups[group->id];
	for (uint32_t f = 0; f < def->field_count; f++) {
		const enum dgm_field_id field = (enum dgm_field_id)(def->first_field + f);
		for (const struct dgm_value *value = group->slots[f].first; value; value = value->next) {
			tell(teller, dgm_value_path(teller->arena, group, field), false);
			tell(teller, DGM_STR("="), false);
			if (value->state == DGM_STATE_NULL)
				tell(teller, DGM_STR("null"), false);
			if (value->state == DGM_STATE_UNPARSED)
				tell(teller, DGM_STR("?"), false);
			tell(teller, dgm_str(literals[value->literal]), false);
			tell(teller, value->text, true);
			if (value->original.ptr) {
				tell(teller, DGM_STR(" {"), false);
				tell(teller, value->original, true);
				tell(teller, DGM_STR("}"), false);
			}
			tell(teller, DGM_STR("\n"), false);
		}
	}
	for (uint32_t c = 0; c < def->child_count; c++)
		for (const struct dgm_group *child = group->slots[def->field_count + c].first; child;
			child = child->next)
			tell_group(teller, child);
}

struct dgm_str lab_dump(struct dgm_arena *arena, const struct dgm_notice *notice)
{
	struct teller teller = {.arena = arena};
	tell_group(&teller, notice->root);
	return dgm_str_of(teller.text, teller.len);
}

/* The lines around a byte; cmocka cuts what is longer. */
static struct dgm_str around(struct dgm_str text, size_t at)
{
	size_t start = at > text.len ? text.len : at, end = start;
	while (start > 0 && (text.ptr[start - 1] != '\n' || end - start == 0) && end - start < 200)
		start--;
	while (end < text.len && (text.ptr[end] != '\n' || end == start) && end - start < 600)
		end++;
	return dgm_str_of(text.ptr + start, end - start);
}

bool lab_differs(const char *what, struct dgm_str have, struct dgm_str want)
{
	if (dgm_str_eq(have, want))
		return false;
	size_t at = 0, line = 1;
	while (at < have.len && at < want.len && have.ptr[at] == want.ptr[at])
		line += have.ptr[at++] == '\n';
	print_error("%s: differs in line %zu, byte %zu\n", what, line, at);
	if (have.len + want.len > 800) {
		have = around(have, at);
		want = around(want, at);
	}
	print_error("--- have\n%.*s\n", DGM_FMT(have));
	print_error("--- want\n%.*s\n---\n", DGM_FMT(want));
	return true;
}

void lab_same(const char *what, struct dgm_str have, struct dgm_str want)
{
	if (lab_differs(what, have, want))
		fail();
}

/* --- the whole way --- */

struct dgm_str lab_convert(struct dgm_arena *arena, const struct dgm_format *source, const struct dgm_format *target,
	struct dgm_str bytes, size_t chunk, struct lab_heard *heard)
{
	struct dgm_output *output = dgm_output_memory(&heard->sink);
	const struct dgm_conversion_options options = {.plugins = lab_plugins(),
		.diags = &heard->sink,
		.target = target,
		.output = output};
	struct dgm_conversion *conversion = dgm_conversion_new(&options);
	struct dgm_input *input = dgm_input_memory(bytes, DGM_STR("memory"), &heard->sink, chunk);
	assert_non_null(conversion);
	assert_int_equal(dgm_input_charset(input, source->encoding, true), 0);
	assert_int_equal(dgm_conversion_run(conversion, source, input, NULL, 0), DGM_OUTCOME_DONE);
	assert_int_equal(dgm_conversion_finish(conversion), DGM_OUTCOME_DONE);
	const struct dgm_counts *counts = dgm_conversion_counts(conversion);
	assert_int_equal(counts->read, counts->written + counts->rejected);
	assert_int_equal(dgm_output_commit(output), 0);
	const struct dgm_str copy = dgm_arena_dup(arena, dgm_output_bytes(output));
	dgm_conversion_free(conversion);
	dgm_input_free(input);
	dgm_output_free(output);
	return copy;
}

/* --- shapes --- */

const struct dgm_node *lab_node_at(const struct dgm_node *node, const struct dgm_condition *condition)
{
	for (uint32_t d = 0; node && d < condition->depth; d++) {
		const struct dgm_node *child = node->first;
		while (child && !dgm_str_eq(child->name, condition->path[d]))
			child = child->next;
		node = child;
	}
	return node;
}

struct dgm_str lab_fitting(struct dgm_arena *arena, struct dgm_str pattern)
{
	struct dgm_str rest = pattern, part, text = DGM_STR("https://example.org");
	for (bool first = true; dgm_str_next(&rest, DGM_STR("*"), &part); first = false)
		text = dgm_arena_printf(arena, "%.*s%s%.*s", DGM_FMT(text), first || !rest.ptr ? "" : "/1",
			DGM_FMT(part));
	return dgm_arena_printf(arena, "%.*s7", DGM_FMT(text));
}
