/* SPDX-License-Identifier: Apache-2.0 */
/* dragoman batch: a folder of files into a mirrored one. The options, and the order of the parts. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#include "batch.h"
#include "batch_options.h"
#include "log.h"

static const struct cli_option options[] = {
	CLI_BATCH_OPTIONS,
	CLI_REQUEST_OPTIONS,
#include "worker_options.def"
};

bool cli_batch_take(void *context, int id, const char *value)
{
	struct cli_batch_options *request = context;
	switch (id) {
	case CLI_BATCH_JOBS:
		if (dgm_str_to_u64(dgm_str(value), &request->jobs) && request->jobs && request->jobs <= CLI_JOBS_MAX)
			return true;
		fprintf(stderr, "dragoman %s: --jobs is a number from 1 to %u, not \"%s\"\n", request->common.command,
			CLI_JOBS_MAX, value);
		return false;
	case CLI_BATCH_CONFIG:
		request->config = value;
		return true;
	case CLI_BATCH_INCLUDE:
		dgm_config_pattern(&request->patterns, &request->patterns.include, dgm_str(value));
		return true;
	case CLI_BATCH_EXCLUDE:
		dgm_config_pattern(&request->patterns, &request->patterns.exclude, dgm_str(value));
		return true;
	case CLI_BATCH_REJECTS:
		request->rejects = value;
		return true;
	case CLI_BATCH_REPORTS:
		request->reports = value;
		return true;
	case CLI_BATCH_REPORT:
		request->report = value;
		return true;
	default:
		return cli_request_take(&request->common, id, value);
	}
}

uint64_t cli_batch_processors(void)
{
	cpu_set_t set;
	const int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
	return count > (int)CLI_JOBS_MAX ? CLI_JOBS_MAX : (uint64_t)count;
}

int cli_batch_prepare(struct cli_batch_options *request)
{
	int status = 0;
	if (!request->common.to) {
		fprintf(stderr, "dragoman %s: say the target format with -t; \"dragoman formats\" lists them\n",
			request->common.command);
		return CLI_USAGE;
	}
	if (request->jobs == 0)
		request->jobs = cli_batch_processors();
	const char *path = request->config;
	if (!path) {
		path = dgm_arena_printf(&request->patterns.arena, "%s/dragoman.yaml", request->source).ptr;
		if (access(path, F_OK) != 0)
			path = NULL;
	}
	if (path && dgm_config_load(&request->patterns, path, &cli_diags) != 0)
		status = CLI_USAGE;
	return status;
}

static int run_batch(struct cli_batch_options *request)
{
	struct cli_batch batch = {0};
	int status = cli_batch_prepare(request);
	if (status)
		return status;
	status = cli_batch_open(&batch, request, "lock");
	if (!status)
		status = cli_batch_list(&batch);
	if (!status && cli_journal_begin(&batch) != 0)
		status = CLI_OUTPUT;
	if (!status) {
		cli_batch_run(&batch);
		cli_journal_vanished(&batch);
		status = cli_batch_account(&batch);
	}
	cli_batch_close(&batch);
	return status;
}

static int run(int argc, char **argv)
{
	struct cli_batch_options request = {.common.command = "batch"};
	cli_limits_init(&request.common.limits);
	const int first = cli_parse(&cli_batch_command, argc, argv, cli_batch_take, &request);
	int status = first == -1 ? CLI_DONE : CLI_USAGE;
	if (first >= 0 && argc - first != 2)
		fprintf(stderr, "dragoman batch: a source folder and a target folder are needed\n");
	if (first >= 0 && argc - first == 2) {
		request.source = argv[first];
		request.target = argv[first + 1];
		status = run_batch(&request);
	}
	dgm_config_done(&request.patterns);
	cli_request_done(&request.common);
	return status;
}

const struct cli_command cli_batch_command = {
	.name = "batch",
	.synopsis = "[option ...] -t FORMAT SOURCE TARGET",
	.summary = "Converts every file of a folder into a mirrored folder; run again, it does what is new or undone.",
	.options = options,
	.option_count = DGM_COUNT(options),
	.run = run,
};
