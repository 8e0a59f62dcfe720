/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dragoman shard: a batch in parts, for machines that share a file system. A plan is made once; each part is run anywhere,
 * in any order and as often as one likes; merging sees that nothing is missing and writes the account.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "batch_options.h"
#include "log.h"
#include "shard_plan.h"

static const struct cli_option options[] = {
	{CLI_BATCH_SHARDS, 0, "shards", "N", "into how many parts; for plan"},
	CLI_BATCH_OPTIONS,
	CLI_REQUEST_OPTIONS,
#include "worker_options.def"
};

struct request {
	struct cli_batch_options batch;
	struct cli_plan plan;
	uint64_t jobs;
	bool parsed; /* of the command line; else of a plan */
};

/* Options with names of files: whoever runs a shard may be in another folder. */
static bool names_file(int id)
{
	return id == CLI_BATCH_REJECTS || id == CLI_BATCH_REPORTS || id == CLI_BATCH_REPORT ||
		id == CLI_REQUEST_ADVICE || id == CLI_REQUEST_SCHEMA;
}

static const char *absolute(struct dgm_arena *arena, const char *path)
{
	char *here = *path == '/' ? NULL : getcwd(NULL, 0);
	const char *whole = here ? dgm_arena_printf(arena, "%s/%s", here, path).ptr : path;
	free(here);
	return whole;
}

static bool keep(struct request *request, int id, const char *value)
{
	struct cli_plan *plan = &request->plan;
	if (plan->option_count == DGM_COUNT(plan->options)) {
		fprintf(stderr, "dragoman shard: more than %zu options\n", DGM_COUNT(plan->options));
		return false;
	}
	for (size_t i = 0; i < DGM_COUNT(options); i++)
		if (options[i].id == id)
			plan->options[plan->option_count++] = (struct cli_given){options[i].name,
				value && names_file(id) ? absolute(&plan->arena, value) : value};
	return true;
}

static bool take(void *context, int id, const char *value)
{
	struct request *request = context;
	if (id == CLI_BATCH_SHARDS) {
		if (dgm_str_to_u64(dgm_str(value), &request->plan.shards) && request->plan.shards &&
			request->plan.shards <= CLI_SHARDS_MAX)
			return true;
		fprintf(stderr, "dragoman shard: --shards is a number from 1 to %u, not \"%s\"\n", CLI_SHARDS_MAX,
			value);
		return false;
	}
	/* What files there are and how many at once is no part of what a plan says to each. */
	const bool here =
		id == CLI_BATCH_JOBS || id == CLI_BATCH_CONFIG || id == CLI_BATCH_INCLUDE || id == CLI_BATCH_EXCLUDE;
	if (request->parsed && !here && !keep(request, id, value))
		return false;
	return cli_batch_take(&request->batch, id, value);
}

static int run_plan(struct request *request, const char *source, const char *target)
{
	struct cli_batch batch = {0};
	request->batch.source = source;
	request->batch.target = target;
	if (request->plan.shards == 0) {
		fprintf(stderr, "dragoman shard: say how many parts with --shards\n");
		return CLI_USAGE;
	}
	int status = cli_batch_prepare(&request->batch);
	if (status)
		return status;
	status = cli_batch_open(&batch, &request->batch, "lock");
	if (!status)
		status = cli_batch_list(&batch);
	if (!status) {
		char *whole = realpath(source, NULL);
		request->plan.source = whole ? whole : source;
		cli_plan_divide(&batch, request->plan.shards);
		status = cli_plan_write(&batch, &request->plan);
		free(whole);
	}
	size_t files = 0;
	for (size_t i = 0; i < batch.tree.count; i++)
		files += batch.tree.entries[i].kind == DGM_TREE_FILE;
	if (!status)
		cli_say("summary", "%zu files, %llu bytes in %llu shards", files,
			(unsigned long long)batch.doing.planned_bytes, (unsigned long long)request->plan.shards);
	cli_batch_close(&batch);
	return status;
}

/* The options of the plan, as if they had been given now. */
static int take_plan(struct request *request, const char *target)
{
	const int status = cli_plan_read(&request->plan, target);
	if (status)
		return status;
	request->parsed = false;
	for (size_t i = 0; i < request->plan.option_count; i++) {
		const struct cli_given *given = &request->plan.options[i];
		bool known = false;
		for (size_t o = 0; o < DGM_COUNT(options); o++) {
			if (strcmp(options[o].name, given->name) != 0)
				continue;
			known = true;
			if (!take(request, options[o].id, given->value))
				return CLI_USAGE;
		}
		if (!known) {
			dgm_diag_text(&cli_diags, DGM_ERROR, "plan-unusable", dgm_str(target), NULL,
				"its plan has an option that this program does not know");
			return CLI_INPUT;
		}
	}
	request->batch.source = request->plan.source;
	request->batch.target = target;
	request->batch.no_config = true;
	if (request->batch.jobs == 0)
		request->batch.jobs = cli_batch_processors();
	return 0;
}

/* Opens the batch of a plan and sees that everything is as it was when the plan was made. */
static int open_planned(struct cli_batch *batch, struct request *request, const char *target, const char *lock)
{
	int status = request->plan.option_count || request->plan.shards ? CLI_USAGE : 0;
	if (status) {
		fprintf(stderr, "dragoman shard: the options are those of the plan; only --jobs can be given here\n");
		return status;
	}
	status = take_plan(request, target);
	if (!status)
		status = cli_batch_open(batch, &request->batch, lock);
	if (status)
		return status;
	if (strcmp(batch->key, request->plan.setup) != 0) {
		dgm_diag_text(&cli_diags, DGM_ERROR, "plan-setup", dgm_str(target), NULL,
			"the program, its plugins or its definitions are not those that the plan was made with");
		return CLI_PLUGIN;
	}
	cli_plan_fill(&request->plan, batch);
	return 0;
}

static const char *name_of(struct cli_batch *batch, const char *kind, uint64_t shard)
{
	return dgm_arena_printf(&batch->tree.arena, "%s-%llu", kind, (unsigned long long)shard).ptr;
}

static int run_shard(struct request *request, const char *number, const char *target)
{
	struct cli_batch batch = {0};
	uint64_t shard = 0;
	int status = CLI_USAGE;
	if (!dgm_str_to_u64(dgm_str(number), &shard) || shard == 0 || shard > CLI_SHARDS_MAX)
		fprintf(stderr, "dragoman shard: a shard is a number from 1, not \"%s\"\n", number);
	else
		status = 0;
	batch.shard = (uint32_t)shard;
	if (status)
		return status;
	status = open_planned(&batch, request, target, name_of(&batch, "lock", shard));
	if (!status && shard > request->plan.shards) {
		fprintf(stderr, "dragoman shard: the plan has %llu shards\n", (unsigned long long)request->plan.shards);
		status = CLI_USAGE;
	}
	batch.journal_name = name_of(&batch, "journal", shard);
	if (!status && cli_journal_begin(&batch) != 0)
		status = CLI_OUTPUT;
	if (!status) {
		cli_batch_run(&batch);
		status = cli_batch_account(&batch);
	}
	cli_batch_close(&batch);
	return status;
}

/* --- merging --- */

struct collecting {
	struct cli_batch *batch;
	uint64_t *lines; /* by entry: where the shard's journal speaks of it last */
};

static void collect(void *context, uint64_t offset, struct dgm_str body)
{
	struct collecting *collecting = context;
	struct cli_batch *batch = collecting->batch;
	const struct dgm_str word = dgm_line_word(body);
	dgm_arena_reset(&batch->arena);
	const struct dgm_str input = dgm_line_get(body, "in", &batch->arena);
	const struct dgm_tree_entry *entry = input.len ? dgm_tree_find(&batch->tree, input.ptr) : NULL;
	if (entry && (dgm_str_is(word, "done") || dgm_str_is(word, "failed")))
		collecting->lines[entry - batch->tree.entries] = offset;
}

/* Takes over what a shard's journal says. */
static int merge_one(struct cli_batch *batch, uint64_t shard, uint64_t *lines)
{
	struct dgm_journal journal;
	struct collecting collecting = {batch, lines};
	const char *name = name_of(batch, "journal", shard), *lock = name_of(batch, "lock", shard);
	const int own_lock = batch->lock;
	int status = cli_batch_lock(batch, lock);
	if (status)
		return status;
	const int shard_lock = batch->lock;
	batch->lock = own_lock;
	if (dgm_journal_open(&journal, batch->own, name, dgm_str(name), &cli_diags, collect, &collecting) != 0)
		status = CLI_OUTPUT;
	for (size_t i = 0; i < batch->tree.count && !status; i++) {
		struct dgm_str body;
		if (batch->fates[i].shard != shard || lines[i] == 0)
			continue;
		dgm_arena_reset(&batch->arena);
		if (dgm_journal_read(&journal, lines[i], &batch->arena, &body) != 0)
			status = CLI_OUTPUT;
		else
			cli_journal_copy(batch, i, body);
	}
	if (!status)
		dgm_journal_close(&journal);
	close(shard_lock);
	return status ? status : batch->broken ? CLI_OUTPUT : 0;
}

/* Whether a file was done in the way of the plan and its output is there, or failed in it. */
static bool is_accounted(struct cli_batch *batch, size_t index)
{
	struct dgm_str body;
	dgm_arena_reset(&batch->arena);
	if (!cli_journal_line(batch, index, &body) ||
		!dgm_str_is(dgm_line_get(body, "setup", &batch->arena), batch->key))
		return false;
	if (dgm_str_is(dgm_line_word(body), "failed"))
		return true;
	return dgm_line_count(body, "read") == dgm_line_count(body, "written") + dgm_line_count(body, "rejected") &&
		cli_journal_holds(batch, index);
}

static int merge_all(struct cli_batch *batch, uint64_t shards)
{
	int status = 0;
	uint64_t *lines = dgm_xcalloc(batch->tree.count + 1, sizeof *lines);
	for (uint64_t shard = 1; shard <= shards && !status; shard++)
		status = merge_one(batch, shard, lines);
	free(lines);
	if (status)
		return status;
	for (size_t i = 0; i < batch->tree.count; i++) {
		if (batch->tree.entries[i].kind != DGM_TREE_FILE || is_accounted(batch, i))
			continue;
		dgm_diag_text(&cli_diags, DGM_ERROR, "shard-incomplete", dgm_str(batch->tree.entries[i].path), NULL,
			"is not done, or was changed since; run shard %u", (unsigned)batch->fates[i].shard);
		status = CLI_INPUT;
	}
	return status ? status : dgm_journal_sync(&batch->journal) != 0 ? CLI_OUTPUT : 0;
}

static int run_merge(struct request *request, const char *target)
{
	struct cli_batch batch = {0};
	int status = open_planned(&batch, request, target, "lock");
	if (!status && cli_journal_begin(&batch) != 0)
		status = CLI_OUTPUT;
	if (!status)
		status = merge_all(&batch, request->plan.shards);
	if (!status)
		status = cli_batch_account(&batch);
	else
		cli_log_end();
	cli_batch_close(&batch);
	return status;
}

static int dispatch(struct request *request, int count, char **words)
{
	const struct dgm_str what = dgm_str(count ? words[0] : NULL);
	if (dgm_str_is(what, "plan") && count == 3)
		return run_plan(request, words[1], words[2]);
	if (dgm_str_is(what, "run") && count == 3)
		return run_shard(request, words[1], words[2]);
	if (dgm_str_is(what, "merge") && count == 2)
		return run_merge(request, words[1]);
	fprintf(stderr,
		"dragoman shard: plan SOURCE TARGET, run NUMBER TARGET or merge TARGET; see \"dragoman shard --help\"\n");
	return CLI_USAGE;
}

static int run(int argc, char **argv)
{
	struct request request = {.batch.common.command = "shard", .parsed = true};
	cli_limits_init(&request.batch.common.limits);
	const int first = cli_parse(&cli_shard, argc, argv, take, &request);
	const int status = first == -1 ? CLI_DONE
		: first < 0            ? CLI_USAGE
				       : dispatch(&request, argc - first, argv + first);
	cli_plan_done(&request.plan);
	dgm_config_done(&request.batch.patterns);
	cli_request_done(&request.batch.common);
	return status;
}

const struct cli_command cli_shard = {
	.name = "shard",
	.synopsis = "plan --shards N [option ...] -t FORMAT SOURCE TARGET | run NUMBER TARGET | merge TARGET",
	.summary = "A batch in parts: planned once, run anywhere, merged.",
	.options = options,
	.option_count = DGM_COUNT(options),
	.run = run,
};
