/* SPDX-License-Identifier: Apache-2.0 */
/* The host of a trial: windows that end where memory ends, outputs that run full, tables of other ages. */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "trial.h"

enum {
	GARBAGE = 0x5a,
	FUTURE = 8, /* members of a table of the future, as many words */
};

struct trial_input {
	struct dgm_str bytes;
	size_t at, shown;
	struct trial_way way;
	struct trial_fence fences[2];
	unsigned turn;
	bool overrun;
};

struct trial_output {
	struct dgm_output *real;
	uint64_t left, size;
	char *waste;
};

struct tables {
	struct dgm_host *host;
	struct dgm_open *open;
	struct trial_fence fences[2];
};

/* --- fences --- */

struct trial_fence trial_fence_new(size_t size)
{
	struct trial_fence fence = {.page = (size_t)sysconf(_SC_PAGESIZE)};
	fence.size = (size + fence.page) / fence.page * fence.page;
	void *start = mmap(NULL, fence.size + fence.page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (start == MAP_FAILED || mprotect((char *)start + fence.size, fence.page, PROT_NONE) != 0)
		dgm_no_memory(fence.size);
	fence.start = start;
	return fence;
}

char *trial_fence_put(const struct trial_fence *fence, struct dgm_str bytes)
{
	char *to = fence->start + fence->size - bytes.len;
	if (bytes.len)
		memcpy(to, bytes.ptr, bytes.len);
	return to;
}

void trial_fence_free(struct trial_fence *fence)
{
	if (fence->start)
		munmap(fence->start, fence->size + fence->page);
	*fence = (struct trial_fence){0};
}

/* --- input --- */

static int32_t peek(struct dgm_input *opaque, size_t want, struct dgm_str *ret_window)
{
	struct trial_input *input = (struct trial_input *)opaque;
	const struct dgm_str rest = dgm_str_skip(input->bytes, input->at);
	size_t len = rest.len;
	if (input->way.break_at && want > input->way.break_at - input->at)
		return DGM_FATAL;
	if (input->way.chunk && want <= rest.len) {
		const size_t whole = (want + input->way.chunk - 1) / input->way.chunk * input->way.chunk;
		len = whole < rest.len ? whole : rest.len;
	}
	if (input->way.break_at && len > input->way.break_at - input->at)
		len = input->way.break_at - input->at;
	input->shown = len;
	*ret_window = dgm_str_take(rest, len);
	if (!input->way.tight)
		return DGM_OK;
	/* The window before is gone: who still reads it is seen. */
	mprotect(input->fences[input->turn].start, input->fences[input->turn].size, PROT_NONE);
	input->turn = !input->turn;
	mprotect(input->fences[input->turn].start, input->fences[input->turn].size, PROT_READ | PROT_WRITE);
	ret_window->ptr = trial_fence_put(&input->fences[input->turn], *ret_window);
	return DGM_OK;
}

static void consume(struct dgm_input *opaque, size_t n)
{
	struct trial_input *input = (struct trial_input *)opaque;
	input->overrun = input->overrun || n > input->shown;
	n = n < input->shown ? n : input->shown;
	input->at += n;
	input->shown -= n;
}

/* --- output --- */

static char *reserve(struct dgm_output *opaque, size_t n)
{
	struct trial_output *output = (struct trial_output *)opaque;
	if (n <= output->left)
		return dgm_output_reserve(output->real, n);
	output->waste = dgm_xrealloc(output->waste, n + 1);
	return output->waste;
}

static void commit(struct dgm_output *opaque, size_t n)
{
	struct trial_output *output = (struct trial_output *)opaque;
	output->size += n;
	if (output->waste) {
		free(output->waste);
		output->waste = NULL;
		output->left = 0;
		return;
	}
	dgm_output_advance(output->real, n);
	output->left -= n < output->left ? n : output->left;
}

static void write_bytes(struct dgm_output *opaque, struct dgm_str bytes)
{
	char *to = reserve(opaque, bytes.len);
	if (bytes.len)
		memcpy(to, bytes.ptr, bytes.len);
	commit(opaque, bytes.len);
}

static void section(struct dgm_output *opaque, uint32_t number)
{
	dgm_output_section(((struct trial_output *)opaque)->real, number);
}

static void fallback(struct dgm_output *opaque, uint32_t style)
{
	dgm_output_fallback(((struct trial_output *)opaque)->real, style);
}

static int32_t encodes(const struct dgm_output *opaque, struct dgm_str text)
{
	(void)opaque;
	(void)text;
	return 1;
}

/* --- tables --- */

/* A table of the first release ends where memory ends; one of the future is longer, with what nobody knows yet. */
static void *age(const void *ours, size_t size, size_t first, int years, struct trial_fence *fence)
{
	const size_t len = years < 0 ? first : years > 0 ? size + FUTURE * sizeof(void *) : size;
	char *copy = dgm_xmalloc(len);
	memset(copy, GARBAGE, len);
	memcpy(copy, ours, len < size ? len : size);
	*fence = trial_fence_new(len);
	char *to = trial_fence_put(fence, dgm_str_of(copy, len));
	const uint32_t told = (uint32_t)len;
	memcpy(to, &told, sizeof told);
	free(copy);
	return to;
}

static struct tables make_tables(int years, const struct dgm_open *ours)
{
	struct tables tables;
	struct dgm_host host = dgm_host_table;
	host.peek = peek;
	host.consume = consume;
	host.reserve = reserve;
	host.commit = commit;
	host.write = write_bytes;
	host.section = section;
	host.fallback = fallback;
	host.encodes = encodes;
	host.abi_minor = years < 0 ? 0 : DGM_ABI_MINOR + (years > 0 ? 7u : 0u);
	const size_t first_host = offsetof(struct dgm_host, encodes) + sizeof host.encodes;
	const size_t first_open = offsetof(struct dgm_open, encoding) + sizeof ours->encoding;
	tables.host = age(&host, sizeof host, first_host, years, &tables.fences[0]);
	tables.open = age(ours, sizeof *ours, first_open, years, &tables.fences[1]);
	memcpy(&tables.open->host, &tables.host, sizeof tables.host);
	return tables;
}

static void free_tables(struct tables *tables)
{
	trial_fence_free(&tables->fences[0]);
	trial_fence_free(&tables->fences[1]);
}

/* --- reading --- */

struct trial_reader {
	struct trial *trial;
	struct trial_input input;
	struct tables tables;
	struct dgm_diag_sink sink;
	struct dgm_job *job;
	struct dgm_arena arena;
	struct dgm_record record;
	void *instance;
	FILE *to, *to_values;
	char *text, *values;
	size_t len, values_len;
	uint64_t records, errors;
	const char *misuse;
	bool opened;
};

static void note(void *context, const struct dgm_diag *diag)
{
	struct trial_reader *reader = context;
	reader->errors += diag->severity >= DGM_ERROR;
	fprintf(reader->to, "! %u %s %u:%u+%llu\n", diag->severity, diag->code, diag->place.line, diag->place.column,
		(unsigned long long)diag->place.offset);
}

struct trial_reader *trial_reader_open(struct trial *trial, struct dgm_str bytes, const struct trial_way *way)
{
	struct trial_reader *reader = dgm_xcalloc(1, sizeof *reader);
	reader->trial = trial;
	reader->input = (struct trial_input){.bytes = bytes, .way = *way};
	for (unsigned i = 0; i < 2 && way->tight; i++)
		reader->input.fences[i] = trial_fence_new(bytes.len);
	reader->sink = (struct dgm_diag_sink){.emit = note, .context = reader};
	reader->to = open_memstream(&reader->text, &reader->len);
	reader->to_values = open_memstream(&reader->values, &reader->values_len);
	if (!reader->to || !reader->to_values)
		dgm_no_memory(0);
	reader->job = dgm_job_new(&reader->sink, DGM_STR("trial"));
	const struct dgm_open open = {.struct_size = sizeof open,
		.job = reader->job,
		.input = (struct dgm_input *)&reader->input,
		.config = trial->config,
		.paths = trial->paths,
		.path_count = (uint32_t)trial->path_count};
	reader->tables = make_tables(way->age, &open);
	reader->opened = trial->plugin->reader_open(reader->tables.open, &reader->instance) == DGM_OK;
	if (!reader->opened && reader->errors == 0)
		reader->misuse = "reader_open fails without a word";
	return reader;
}

bool trial_reader_opened(const struct trial_reader *reader)
{
	return reader->opened;
}

/* What the host may rely on in a record. */
static const char *look(const struct trial_reader *reader)
{
	const struct dgm_record *record = &reader->record;
	uint32_t open[256] = {0};
	size_t depth = 0;
	if (!record->begun)
		return record->count ? "puts events without a call of begin" : "gives a record without a call of begin";
	if (record->path != DGM_PATH_ENVELOPE && record->path >= reader->trial->path_count)
		return "says a path that there is none of";
	for (size_t i = 0; i < record->count; i++) {
		const struct dgm_event *event = &record->events[i];
		if (event->key == 0 || dgm_keys_parent(dgm_job_keys(reader->job), event->key) != open[depth])
			if (event->kind != DGM_EVENT_END)
				return "puts an event whose key is not of the group that is open";
		if (event->kind == DGM_EVENT_BEGIN && depth < 255)
			open[++depth] = event->key;
		else if (event->kind == DGM_EVENT_END && (depth == 0 || open[depth--] != event->key))
			return "closes a group that is not open";
		else if (event->kind < DGM_EVENT_VALUE || event->kind > DGM_EVENT_END)
			return "puts an event of no kind";
		if (event->kind == DGM_EVENT_VALUE && event->literal > DGM_LITERAL_EMPTY_LIST)
			return "puts a literal of no kind";
		if (record->source.len && event->offset > record->source.len)
			return "puts an offset behind the end of the record's bytes";
	}
	return depth ? "leaves a group open at the end of a record" : NULL;
}

static void write_down(struct trial_reader *reader)
{
	const struct dgm_record *record = &reader->record;
	fprintf(reader->to, " path %u at %u:%u+%llu [%.*s]\n", record->path, record->place.line, record->place.column,
		(unsigned long long)record->place.offset, DGM_FMT(record->source));
	for (size_t i = 0; i < record->count; i++) {
		const struct dgm_event *event = &record->events[i];
		fprintf(reader->to, "  %u %u %u %.*s=%.*s\n", event->kind, event->literal,
			event->flags & DGM_EVENT_ITEM, DGM_FMT(dgm_job_key_name(reader->job, event->key)),
			DGM_FMT(event->text));
		if (event->kind == DGM_EVENT_VALUE && event->text.len && record->path != DGM_PATH_ENVELOPE)
			fprintf(reader->to_values, "%.*s=%.*s\n", DGM_FMT(dgm_job_key_name(reader->job, event->key)),
				DGM_FMT(event->text));
	}
}

int32_t trial_reader_step(struct trial_reader *reader)
{
	static const char *const names[] = {"fatal", "bad", "record", "end"};
	if (!reader->opened)
		return DGM_FATAL;
	dgm_arena_reset(&reader->arena);
	dgm_record_clear(&reader->record, reader->job, &reader->arena);
	dgm_job_set_record(reader->job, &reader->record, reader->records + 1);
	const uint64_t errors = reader->errors;
	const int32_t result = reader->trial->plugin->reader_next(reader->instance, &reader->record);
	if (result < DGM_FATAL || result > DGM_END) {
		reader->misuse = "reader_next returns a number that means nothing";
		return DGM_FATAL;
	}
	const bool broke = reader->input.way.break_at > 0;
	if (result < 0 && reader->errors == errors && !broke && !reader->misuse)
		reader->misuse = "reader_next loses a record or the file without a word";
	if (result == DGM_OK && !reader->misuse)
		reader->misuse = look(reader);
	if (reader->input.overrun && !reader->misuse)
		reader->misuse = "consumes more than it was shown";
	fprintf(reader->to, "%s", names[result + 2]);
	if (result == DGM_OK || result == DGM_BAD)
		write_down(reader);
	reader->records += result == DGM_OK && reader->record.path != DGM_PATH_ENVELOPE;
	return result;
}

int32_t trial_reader_skip(struct trial_reader *reader, uint64_t bytes, struct dgm_mark *ret_mark)
{
	dgm_arena_reset(&reader->arena);
	dgm_record_clear(&reader->record, reader->job, &reader->arena);
	return reader->trial->plugin->reader_skip(reader->instance, &reader->record, bytes, ret_mark);
}

int32_t trial_reader_resume(struct trial_reader *reader, const struct dgm_mark *mark)
{
	const int32_t result = reader->trial->plugin->reader_resume(reader->instance, mark);
	if (result == DGM_OK) {
		reader->input.at = mark->offset < reader->input.bytes.len ? mark->offset : reader->input.bytes.len;
		reader->input.shown = 0;
	}
	return result;
}

const char *trial_reader_values(struct trial_reader *reader)
{
	fflush(reader->to_values);
	return reader->values;
}

const char *trial_reader_misuse(const struct trial_reader *reader)
{
	return reader->misuse;
}

char *trial_reader_close(struct trial_reader *reader, uint64_t *ret_records)
{
	if (reader->opened)
		reader->trial->plugin->reader_close(reader->instance);
	if (fclose(reader->to) != 0)
		dgm_no_memory(reader->len);
	fclose(reader->to_values);
	free(reader->values);
	char *text = reader->text;
	if (ret_records)
		*ret_records = reader->records;
	dgm_record_done(&reader->record);
	dgm_arena_done(&reader->arena);
	dgm_job_free(reader->job);
	free_tables(&reader->tables);
	trial_fence_free(&reader->input.fences[0]);
	trial_fence_free(&reader->input.fences[1]);
	free(reader);
	return text;
}

/* --- writing --- */

struct trial_writer {
	struct trial *trial;
	struct trial_output output;
	struct tables tables;
	struct dgm_diag_sink sink;
	struct dgm_job *job;
	struct dgm_arena arena;
	struct dgm_record record;
	uint32_t columns[TRIAL_COLUMNS];
	void *instance;
	FILE *to;
	char *expected;
	size_t len;
	uint64_t errors, told;
	bool opened;
};

static void count(void *context, const struct dgm_diag *diag)
{
	((struct trial_writer *)context)->errors += diag->severity >= DGM_ERROR;
}

struct trial_writer *trial_writer_open(struct trial *trial, uint64_t limit, int years)
{
	struct trial_writer *writer = dgm_xcalloc(1, sizeof *writer);
	writer->trial = trial;
	writer->sink = (struct dgm_diag_sink){.emit = count, .context = writer};
	writer->output = (struct trial_output){.real = dgm_output_memory(&writer->sink), .left = limit};
	writer->to = open_memstream(&writer->expected, &writer->len);
	if (!writer->to)
		dgm_no_memory(0);
	writer->job = dgm_job_new(&writer->sink, DGM_STR("trial"));
	for (unsigned i = 0; i < TRIAL_COLUMNS; i++)
		writer->columns[i] = dgm_job_key(writer->job, 0, dgm_str_of((char[]){'k', (char)('a' + (int)i)}, 2));
	const struct dgm_open open = {.struct_size = sizeof open,
		.job = writer->job,
		.output = (struct dgm_output *)&writer->output,
		.config = trial->config,
		.paths = trial->paths,
		.columns = writer->columns,
		.path_count = (uint32_t)trial->path_count,
		.column_count = TRIAL_COLUMNS,
		.encoding = DGM_STR("utf-8")};
	writer->tables = make_tables(years, &open);
	writer->opened = trial->plugin->writer_open(writer->tables.open, &writer->instance) == DGM_OK;
	return writer;
}

bool trial_writer_opened(const struct trial_writer *writer)
{
	return writer->opened;
}

/* Letters at both ends, between them what syntaxes stumble over. */
static struct dgm_str make_text(struct trial_writer *writer, uint64_t *random)
{
	static const char *const parts[] = {"a", "Z", "0", " ", ",", ";", "\"", "'", "<", ">", "&", "\\", "\n", "|",
		":", "#", "{", "}", "[", "]", "=", "%", "\t", "\xc3\xa9", "\xd0\x96", "\xe5\xad\x97",
		"\xf0\x9f\x98\x80", "]]>", "-->"};
	char text[256];
	size_t len = 0;
	text[len++] = 'b';
	for (uint64_t n = (*random = *random * 6364136223846793005u + 1442695040888963407u) >> 60; n > 0; n--) {
		*random = *random * 6364136223846793005u + 1442695040888963407u;
		const char *part = parts[(*random >> 33) % DGM_COUNT(parts)];
		memcpy(text + len, part, strlen(part));
		len += strlen(part);
	}
	text[len++] = 'y';
	return dgm_arena_dup(&writer->arena, dgm_str_of(text, len));
}

int32_t trial_writer_put(struct trial_writer *writer, uint64_t seed, bool nested)
{
	uint64_t random = seed * 2862933555777941757u + 3037000493u;
	dgm_arena_reset(&writer->arena);
	dgm_record_clear(&writer->record, writer->job, &writer->arena);
	dgm_job_set_record(writer->job, &writer->record, 1);
	writer->record.begun = true;
	struct dgm_str texts[TRIAL_COLUMNS];
	for (unsigned i = 0; i < TRIAL_COLUMNS; i++) {
		texts[i] = make_text(writer, &random);
		dgm_record_add(&writer->record, DGM_EVENT_VALUE, writer->columns[i], DGM_LITERAL_TEXT, 0, texts[i]);
	}
	if (nested) {
		const uint32_t group = dgm_job_key(writer->job, 0, DGM_STR("group"));
		const uint32_t inner = dgm_job_key(writer->job, group, DGM_STR("inner"));
		dgm_record_add(&writer->record, DGM_EVENT_BEGIN, group, DGM_LITERAL_TEXT, 0, DGM_NOSTR);
		dgm_record_add(&writer->record, DGM_EVENT_VALUE, inner, DGM_LITERAL_TEXT, 0, DGM_STR("deep"));
		dgm_record_add(&writer->record, DGM_EVENT_END, group, DGM_LITERAL_TEXT, 0, DGM_NOSTR);
	}
	writer->told = writer->errors;
	const int32_t result = writer->trial->plugin->writer_put(writer->instance, &writer->record);
	for (unsigned i = 0; i < TRIAL_COLUMNS && result == DGM_OK; i++)
		fprintf(writer->to, "%.*s=%.*s\n", DGM_FMT(dgm_job_key_name(writer->job, writer->columns[i])),
			DGM_FMT(texts[i]));
	return result;
}

int32_t trial_writer_finish(struct trial_writer *writer)
{
	writer->told = writer->errors;
	return writer->trial->plugin->writer_finish(writer->instance);
}

uint64_t trial_writer_size(const struct trial_writer *writer)
{
	return writer->output.size;
}

bool trial_writer_reported(const struct trial_writer *writer)
{
	return writer->errors > writer->told;
}

void trial_writer_close(struct trial_writer *writer, struct dgm_str *ret_bytes, char **ret_expected)
{
	if (writer->opened)
		writer->trial->plugin->writer_close(writer->instance);
	if (fclose(writer->to) != 0)
		dgm_no_memory(writer->len);
	if (ret_bytes) {
		dgm_output_commit(writer->output.real);
		const struct dgm_str bytes = dgm_output_bytes(writer->output.real);
		char *copy = dgm_xmalloc(bytes.len + 1);
		if (bytes.len)
			memcpy(copy, bytes.ptr, bytes.len);
		*ret_bytes = dgm_str_of(copy, bytes.len);
	}
	if (ret_expected)
		*ret_expected = writer->expected;
	else
		free(writer->expected);
	free(writer->output.waste);
	dgm_output_free(writer->output.real);
	dgm_record_done(&writer->record);
	dgm_arena_done(&writer->arena);
	dgm_job_free(writer->job);
	free_tables(&writer->tables);
	free(writer);
}
