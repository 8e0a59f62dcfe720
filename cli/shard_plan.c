/* SPDX-License-Identifier: Apache-2.0 */
/* Dividing, writing and reading a plan. */
#define _GNU_SOURCE
#include "shard_plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/publish.h"
#include "log.h"

/* What a file costs beside its bytes: a process and some syncing are as much work as so many. */
#define FILE_COST ((uint64_t)16 << 10)

struct weighed {
	uint64_t size;
	size_t index;
};

static int by_size(const void *a, const void *b)
{
	const struct weighed *x = a, *y = b;
	if (x->size != y->size)
		return x->size < y->size ? 1 : -1;
	return (x->index > y->index) - (x->index < y->index);
}

/* The largest first, each to the shard that has least. */
void cli_plan_divide(struct cli_batch *batch, uint64_t shards)
{
	struct weighed *files = dgm_xmalloc((batch->tree.count + 1) * sizeof *files);
	uint64_t *loads = dgm_xcalloc((size_t)shards, sizeof *loads);
	size_t count = 0;
	for (size_t i = 0; i < batch->tree.count; i++)
		if (batch->tree.entries[i].kind == DGM_TREE_FILE)
			files[count++] = (struct weighed){batch->tree.entries[i].size, i};
	if (count)
		qsort(files, count, sizeof *files, by_size);
	for (size_t i = 0; i < count; i++) {
		uint32_t least = 0;
		for (uint32_t shard = 1; shard < shards; shard++)
			if (loads[shard] < loads[least])
				least = shard;
		loads[least] += files[i].size + FILE_COST;
		batch->fates[files[i].index].shard = least + 1;
	}
	free(loads);
	free(files);
}

/* --- writing --- */

static void put_line(struct dgm_output *output, struct dgm_line *line)
{
	dgm_output_write(output, dgm_line_end(line));
}

static void put_entry(struct dgm_output *output, struct dgm_line *line, const struct cli_batch *batch, size_t index)
{
	const struct dgm_tree_entry *entry = &batch->tree.entries[index];
	const struct cli_fate *fate = &batch->fates[index];
	dgm_line_begin(line, "entry");
	dgm_line_text(line, "in", dgm_str(entry->path));
	dgm_line_number(line, "kind", entry->kind);
	dgm_line_number(line, "error", (uint64_t)entry->error);
	dgm_line_number(line, "size", entry->size);
	dgm_line_number(line, "name", batch->names[index]);
	dgm_line_number(line, "shard", fate->shard);
	dgm_line_text(line, "from", dgm_str(fate->from));
	dgm_line_text(line, "encoding", dgm_str(fate->encoding));
	put_line(output, line);
}

static void put_plan(struct dgm_output *output, struct cli_batch *batch, const struct cli_plan *plan)
{
	struct dgm_line *line = &batch->line;
	dgm_line_begin(line, "plan");
	dgm_line_number(line, "version", 1);
	dgm_line_number(line, "shards", plan->shards);
	dgm_line_text(line, "source", dgm_str(plan->source));
	dgm_line_text(line, "setup", dgm_str(batch->key));
	put_line(output, line);
	for (size_t i = 0; i < plan->option_count; i++) {
		dgm_line_begin(line, "option");
		dgm_line_text(line, "name", dgm_str(plan->options[i].name));
		dgm_line_text(line, "value", dgm_str(plan->options[i].value));
		put_line(output, line);
	}
	for (size_t i = 0; i < batch->tree.count; i++)
		put_entry(output, line, batch, i);
	dgm_line_begin(line, "end");
	dgm_line_number(line, "entries", batch->tree.count);
	put_line(output, line);
}

int cli_plan_write(struct cli_batch *batch, const struct cli_plan *plan)
{
	struct dgm_publish *publish = dgm_publish_at(batch->own, DGM_STR("plan"), DGM_STR("plan"), &cli_diags);
	struct dgm_output *output = NULL;
	int result = -1;
	if (publish)
		output = dgm_output_fd(dgm_publish_fd(publish), -1, DGM_STR("plan"), &cli_diags);
	if (output) {
		put_plan(output, batch, plan);
		result = dgm_output_commit(output);
	}
	if (result == 0)
		result = dgm_publish_commit(publish);
	dgm_output_free(output);
	dgm_publish_free(publish);
	return result == 0 ? CLI_DONE : CLI_OUTPUT;
}

/* --- reading --- */

static int unusable(const char *target, const char *why)
{
	dgm_diag_text(&cli_diags, DGM_ERROR, "plan-unusable", dgm_str(target), NULL,
		"its plan %s; \"dragoman shard plan\" makes one", why);
	return CLI_INPUT;
}

static bool read_whole(struct cli_plan *plan, const char *target)
{
	const char *path = dgm_arena_printf(&plan->arena, "%s/.dragoman/plan", target).ptr;
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	struct stat file;
	if (fd < 0)
		return false;
	size_t n = 0;
	if (fstat(fd, &file) == 0 && S_ISREG(file.st_mode) && file.st_size > 0) {
		const size_t size = (size_t)file.st_size;
		char *bytes = dgm_xmalloc(size);
		ssize_t got = 1;
		while (n < size && ((got = read(fd, bytes + n, size - n)) > 0 || (got < 0 && errno == EINTR)))
			n += got > 0 ? (size_t)got : 0;
		plan->bytes = dgm_str_of(bytes, n);
	}
	close(fd);
	return n > 0;
}

/* Calls take for each line but the last, which must be "end" with their number of entries. */
static bool each_line(struct dgm_str rest, bool (*take)(void *context, struct dgm_str body), void *context)
{
	struct dgm_str line, body = DGM_NOSTR;
	uint64_t entries = 0;
	bool ended = false;
	while (dgm_str_next(&rest, DGM_STR("\n"), &line) && (line.len || rest.len)) {
		if (ended || !dgm_line_check(line, &body))
			return false;
		const struct dgm_str word = dgm_line_word(body);
		entries += dgm_str_is(word, "entry");
		ended = dgm_str_is(word, "end") && dgm_line_count(body, "entries") == entries;
		if (!ended && !take(context, body))
			return false;
	}
	return ended;
}

static bool take_head(void *context, struct dgm_str body)
{
	struct cli_plan *plan = context;
	const struct dgm_str word = dgm_line_word(body);
	if (dgm_str_is(word, "plan")) {
		plan->shards = dgm_line_count(body, "shards");
		plan->source = dgm_line_get(body, "source", &plan->arena).ptr;
		plan->setup = dgm_line_get(body, "setup", &plan->arena).ptr;
		return dgm_line_count(body, "version") == 1 && plan->shards > 0 && plan->shards <= CLI_SHARDS_MAX;
	}
	if (dgm_str_is(word, "option")) {
		if (plan->option_count == DGM_COUNT(plan->options))
			return false;
		plan->options[plan->option_count++] = (struct cli_given){dgm_line_get(body, "name", &plan->arena).ptr,
			dgm_line_get(body, "value", &plan->arena).ptr};
		return true;
	}
	return dgm_str_is(word, "entry") && dgm_line_count(body, "kind") <= DGM_TREE_UNREADABLE &&
		dgm_line_count(body, "name") <= DGM_NAME_NONE && dgm_line_count(body, "shard") <= plan->shards;
}

int cli_plan_read(struct cli_plan *plan, const char *target)
{
	if (!read_whole(plan, target))
		return unusable(target, "is not there, or cannot be read");
	if (!each_line(plan->bytes, take_head, plan) || !plan->source)
		return unusable(target, "is not whole");
	return 0;
}

static bool take_entry(void *context, struct dgm_str body)
{
	struct cli_batch *batch = context;
	if (!dgm_str_is(dgm_line_word(body), "entry"))
		return true;
	dgm_arena_reset(&batch->arena);
	struct dgm_tree_entry *entry = dgm_tree_add(&batch->tree, dgm_line_get(body, "in", &batch->arena),
		(enum dgm_tree_kind)dgm_line_count(body, "kind"));
	entry->size = dgm_line_count(body, "size");
	entry->error = (int)dgm_line_count(body, "error");
	return true;
}

static const char *text_or_null(struct dgm_str text)
{
	return text.len ? text.ptr : NULL;
}

static bool take_fate(void *context, struct dgm_str body)
{
	struct cli_batch *batch = context;
	if (!dgm_str_is(dgm_line_word(body), "entry"))
		return true;
	dgm_arena_reset(&batch->arena);
	const struct dgm_tree_entry *entry = dgm_tree_find(&batch->tree, dgm_line_get(body, "in", &batch->arena).ptr);
	const size_t index = (size_t)(entry - batch->tree.entries);
	batch->names[index] = (uint8_t)dgm_line_count(body, "name");
	batch->fates[index] = (struct cli_fate){.shard = (uint32_t)dgm_line_count(body, "shard"),
		.from = text_or_null(dgm_line_get(body, "from", &batch->tree.arena)),
		.encoding = text_or_null(dgm_line_get(body, "encoding", &batch->tree.arena))};
	return true;
}

void cli_plan_fill(const struct cli_plan *plan, struct cli_batch *batch)
{
	each_line(plan->bytes, take_entry, batch);
	dgm_tree_sort(&batch->tree);
	batch->names = dgm_arena_zero(&batch->tree.arena, batch->tree.count + 1);
	batch->fates = dgm_xcalloc(batch->tree.count + 1, sizeof *batch->fates);
	each_line(plan->bytes, take_fate, batch);
	for (size_t i = 0; i < batch->tree.count; i++)
		batch->doing.planned_bytes += cli_batch_wants(batch, i) ? batch->tree.entries[i].size : 0;
}

void cli_plan_done(struct cli_plan *plan)
{
	dgm_input_encoded_free(plan->bytes);
	dgm_arena_done(&plan->arena);
	*plan = (struct cli_plan){0};
}
