/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The property of every reading engine: what it says of a document does not depend on where the reads of its input end.
 * And of every writing one: what it took can be read again. The engine is the module that users get, behind dlopen.
 */
#ifndef DGM_TESTS_FUZZ_ENGINE_H
#define DGM_TESTS_FUZZ_ENGINE_H

#include "fuzz.h"
#include "host/job.h"
#include "host/options.h"
#include "io/input.h"
#include "io/output.h"

#define FUZZ_OPTIONS 8
#define FUZZ_PATHS 4

struct fuzz_setup {
	const char *options[FUZZ_OPTIONS]; /* "name=value" */
	const char *paths[FUZZ_PATHS];
	bool rewrite; /* what the writer makes of the records can be read by the same setup */
	/*
	 * Which of several faults in broken markup ends the stream is the library's choice, and it looks further ahead the
	 * more it was given: then what came before the earlier end is compared.
	 */
	bool any_fault;
};

struct fuzz_engine {
	const struct dgm_plugin *plugin;
	struct dgm_diag_sink sink;
	struct fuzz_text *said;
	struct dgm_job *job;
	struct dgm_str paths[FUZZ_PATHS];
	union {
		char bytes[1024];
		uint64_t align;
	} config;
	struct dgm_open open;
	void *instance;
	bool any_fault, faulted;
};

static inline void fuzz_hear(void *context, const struct dgm_diag *diag)
{
	const struct fuzz_engine *engine = context;
	fuzz_check_diag(diag);
	fuzz_print(engine->said, "%u %s %u:%u+%llu\n", diag->severity, diag->code, diag->place.line, diag->place.column,
		(unsigned long long)diag->place.offset);
}

static inline void fuzz_engine_start(struct fuzz_engine *engine, const char *id, const struct fuzz_setup *setup,
	struct fuzz_text *said)
{
	*engine = (struct fuzz_engine){.said = said, .any_fault = setup->any_fault};
	engine->sink = (struct dgm_diag_sink){.emit = fuzz_hear, .context = engine};
	const struct dgm_loaded *loaded = dgm_plugin_load(fuzz_plugins(), dgm_str(id), &engine->sink);
	demand(loaded, "plugin %s does not load: %s", id, said->ptr ? said->ptr : "");
	engine->plugin = &loaded->plugin;
	engine->job = dgm_job_new(&engine->sink, DGM_STR("fuzz"));
	struct dgm_option_given given[FUZZ_OPTIONS];
	size_t count = 0;
	while (count < FUZZ_OPTIONS && setup->options[count]) {
		given[count] = dgm_option_split(dgm_str(setup->options[count]));
		count++;
	}
	demand(engine->plugin->config_size <= sizeof engine->config, "config of %u bytes", engine->plugin->config_size);
	demand(dgm_options_fill(engine->plugin->options, engine->plugin->option_count, engine->config.bytes,
		       engine->plugin->config_size, given, count, DGM_STR("plugin"), &engine->sink) == 0,
		"options of %s", id);
	uint32_t paths = 0;
	while (paths < FUZZ_PATHS && setup->paths[paths]) {
		engine->paths[paths] = dgm_str(setup->paths[paths]);
		paths++;
	}
	engine->open = (struct dgm_open){.struct_size = sizeof engine->open,
		.host = &dgm_host_table,
		.job = engine->job,
		.config = engine->config.bytes,
		.paths = engine->paths,
		.path_count = paths};
}

static inline void fuzz_engine_end(struct fuzz_engine *engine)
{
	dgm_job_free(engine->job);
}

/* Groups close by their own key, and a key lies below that of the group around it. Tells the events. */
static inline void fuzz_tell_events(struct fuzz_engine *engine, const struct dgm_record *record)
{
	static uint32_t open[1024];
	size_t depth = 0;
	for (size_t i = 0; i < record->count; i++) {
		const struct dgm_event *event = &record->events[i];
		const struct dgm_str name = dgm_job_key_name(engine->job, event->key);
		if (event->kind == DGM_EVENT_END) {
			demand(depth > 0 && open[--depth] == event->key, "event %zu closes what is not open", i);
		} else {
			const uint32_t parent = depth ? open[depth - 1] : 0;
			demand(dgm_host_table.key_parent(engine->job, event->key) == parent,
				"event %zu: key of elsewhere", i);
			demand(depth < DGM_COUNT(open), "too deep");
			if (event->kind == DGM_EVENT_BEGIN)
				open[depth++] = event->key;
			else
				demand(event->kind == DGM_EVENT_VALUE, "event %zu: kind %u", i, event->kind);
		}
		demand(event->offset <= record->source.len, "event %zu lies outside its record", i);
		fuzz_print(engine->said, " %u %u %u %u %u ", event->kind, event->literal, event->key,
			event->flags & DGM_EVENT_ITEM, event->offset);
		fuzz_add(engine->said, name);
		fuzz_add(engine->said, DGM_STR("="));
		if (event->kind == DGM_EVENT_VALUE)
			fuzz_add(engine->said, event->text);
		fuzz_add(engine->said, DGM_STR("\n"));
	}
	demand(depth == 0, "%zu groups stay open", depth);
}

/* Where the records of a reading go: to a writer on the same job. */
struct fuzz_writing {
	struct dgm_output *output;
	void *instance;
	size_t taken, envelopes;
	bool broken;
};

static inline int32_t fuzz_next(struct fuzz_engine *engine, struct dgm_record *record, struct fuzz_writing *writing)
{
	const size_t before = engine->said->len;
	const int32_t result = engine->plugin->reader_next(engine->instance, record);
	demand(result == DGM_OK || result == DGM_END || result == DGM_BAD || result == DGM_FATAL, "result %d", result);
	const bool refused = result == DGM_BAD || result == DGM_FATAL || record->failed;
	const bool said = dgm_job_take_error(engine->job).code || dgm_input_failed(engine->open.input);
	demand(said == refused, "result %d, and what was said does not fit", result);
	if (result == DGM_FATAL && engine->any_fault) {
		engine->said->len = before;
		engine->faulted = true;
		return result;
	}
	if (result != DGM_OK && result != DGM_BAD) {
		fuzz_print(engine->said, "result %d\n", result);
		return result;
	}
	demand(record->begun, "a record without its place");
	fuzz_print(engine->said, "%d path %u %u:%u+%llu [", result, record->path, record->place.line,
		record->place.column, (unsigned long long)record->place.offset);
	fuzz_add(engine->said, record->source);
	fuzz_print(engine->said, "]%s\n", record->failed ? " failed" : "");
	if (result != DGM_OK || record->failed)
		return DGM_BAD;
	fuzz_tell_events(engine, record);
	if (writing && !writing->broken) {
		const int32_t put = engine->plugin->writer_put(writing->instance, record);
		dgm_job_take_error(engine->job);
		writing->broken = put == DGM_FATAL;
		if (put == DGM_OK && record->path != DGM_PATH_ENVELOPE)
			writing->taken++;
	}
	return DGM_OK;
}

/* Reads the document; *ret_good, *ret_bad: records. False where it broke. */
static inline bool fuzz_read(struct fuzz_engine *engine, struct dgm_str document, size_t chunk,
	struct fuzz_writing *writing, size_t *ret_good, size_t *ret_bad)
{
	static struct dgm_arena arena;
	struct dgm_record record = {0};
	struct dgm_input *input = dgm_input_memory(document, DGM_STR("fuzz"), &engine->sink, chunk);
	engine->open.input = input;
	int32_t result = engine->plugin->reader_open(&engine->open, &engine->instance);
	const bool opened = result == DGM_OK;
	if (!opened)
		dgm_job_take_error(engine->job);
	*ret_good = *ret_bad = 0;
	while (result == DGM_OK || result == DGM_BAD) {
		dgm_arena_reset(&arena);
		dgm_record_clear(&record, engine->job, &arena);
		dgm_job_set_record(engine->job, &record, 1);
		result = fuzz_next(engine, &record, writing);
		*ret_bad += result == DGM_BAD;
		*ret_good += result == DGM_OK && record.path != DGM_PATH_ENVELOPE;
		/* Every record takes at least a byte of the input: else nothing ends. */
		demand(*ret_good + *ret_bad <= document.len + 1, "more records than bytes");
	}
	dgm_job_set_record(engine->job, NULL, 0);
	if (opened)
		engine->plugin->reader_close(engine->instance);
	dgm_record_done(&record);
	dgm_input_free(input);
	return result == DGM_END;
}

/* Chunk sizes that cut everywhere, at the borders of words, or seldom. */
static inline size_t fuzz_chunk(uint8_t choice)
{
	static const size_t chunks[] = {1, 2, 3, 5, 7, 13, 16, 31, 64, 251, 1021, 4096};
	return chunks[choice % DGM_COUNT(chunks)];
}

/* Writes what was read and reads what was written: as many records as the writer took, and none of them bad. */
static inline void fuzz_rewrite(const char *id, const struct fuzz_setup *setup, struct dgm_str document)
{
	static struct fuzz_text said;
	struct fuzz_engine engine;
	size_t good, bad;
	said.len = 0;
	fuzz_engine_start(&engine, id, setup, &said);
	struct fuzz_writing writing = {.output = dgm_output_memory(&engine.sink)};
	engine.open.output = writing.output;
	if (engine.plugin->writer_open(&engine.open, &writing.instance) == DGM_OK) {
		fuzz_read(&engine, document, 0, &writing, &good, &bad);
		const int32_t result = writing.broken ? DGM_FATAL : engine.plugin->writer_finish(writing.instance);
		engine.plugin->writer_close(writing.instance);
		if (result == DGM_OK && dgm_output_commit(writing.output) == 0 && setup->rewrite && writing.taken > 0) {
			struct fuzz_engine again;
			const struct dgm_str bytes = dgm_output_bytes(writing.output);
			said.len = 0;
			fuzz_engine_start(&again, id, setup, &said);
			const bool whole = fuzz_read(&again, bytes, 0, NULL, &good, &bad);
			demand(whole && good == writing.taken && bad == 0,
				"%zu records taken; read again: %zu good, %zu bad, %s\n--- written\n%.*s\n--- said\n%s",
				writing.taken, good, bad, whole ? "whole" : "broken", DGM_FMT(bytes),
				said.ptr ? said.ptr : "");
			fuzz_engine_end(&again);
		}
	}
	dgm_output_free(writing.output);
	fuzz_engine_end(&engine);
}

/* One input: the first byte chooses the setup, the second the chunk size. */
static inline void fuzz_engine_run(const char *id, const struct fuzz_setup *setups, size_t setup_count,
	const uint8_t *data, size_t size)
{
	static struct fuzz_text whole, pieces;
	struct dgm_str document = {(const char *)data, size};
	const struct fuzz_setup *setup = &setups[fuzz_byte(&document) % setup_count];
	const size_t chunk = fuzz_chunk(fuzz_byte(&document));
	struct fuzz_engine engine;
	size_t good, bad;
	whole.len = pieces.len = 0;
	fuzz_engine_start(&engine, id, setup, &whole);
	fuzz_read(&engine, document, 0, NULL, &good, &bad);
	fuzz_engine_end(&engine);
	const bool faulted = engine.faulted;
	fuzz_engine_start(&engine, id, setup, &pieces);
	fuzz_read(&engine, document, chunk, NULL, &good, &bad);
	fuzz_engine_end(&engine);
	demand(faulted == engine.faulted, "broken %s only", faulted ? "whole" : "in pieces");
	if (faulted)
		whole.len = pieces.len = whole.len < pieces.len ? whole.len : pieces.len;
	fuzz_same("read whole and read in pieces", &whole, &pieces);
	fuzz_rewrite(id, setup, document);
}

#endif
