/* SPDX-License-Identifier: Apache-2.0 */
/* dragoman convert: inputs in, one output out, with rejects and loss report. What a conversion is stands in task.c. */
#include <stdio.h>

#include "args.h"
#include "caged.h"
#include "clash.h"
#include "host/magic.h"
#include "log.h"
#include "task.h"

enum {
	OUT = 1,
	REJECTS,
	REPORT,
	NO_CLOBBER,
	JOBS,
	PART_SIZE,
};

static const struct cli_option options[] = {
	{OUT, 'o', "output", "FILE", "write here, all or nothing; standard output where it is not given"},
	{REJECTS, 0, "rejects", "FILE", "write records that cannot be converted here, with reason and bytes"},
	{REPORT, 0, "report", "FILE", "write the loss report here (JSON)"},
	{NO_CLOBBER, 0, "no-clobber", NULL, "never replace a file that exists"},
	{JOBS, 'j', "jobs", "N", "convert a large input by N processes at once; the output is the same"},
	{PART_SIZE, 0, "part-size", "BYTES", "how much of it one of them gets at once; small ones are for tests"},
	CLI_REQUEST_OPTIONS,
#include "worker_options.def"
};

struct request {
	struct cli_request common;
	const char *out, *rejects, *report;
	uint64_t jobs, part_size;
	bool no_clobber;
};

/* Far more than one machine has processors; the file descriptors of all must fit into a process. */
#define JOBS_MAX 64u

static bool take_number(const char *option, const char *value, uint64_t most, uint64_t *ret_number)
{
	if (dgm_str_to_u64(dgm_str(value), ret_number) && *ret_number > 0 && *ret_number <= most)
		return true;
	fprintf(stderr, "dragoman convert: --%s is a number from 1 to %llu, not \"%s\"\n", option,
		(unsigned long long)most, value);
	return false;
}

static bool take(void *context, int id, const char *value)
{
	struct request *request = context;
	switch (id) {
	case OUT:
		request->out = value;
		return true;
	case REJECTS:
		request->rejects = value;
		return true;
	case REPORT:
		request->report = value;
		return true;
	case NO_CLOBBER:
		return request->no_clobber = true;
	case JOBS:
		return take_number("jobs", value, JOBS_MAX, &request->jobs);
	case PART_SIZE:
		return take_number("part-size", value, UINT64_MAX / 4, &request->part_size);
	default:
		return cli_request_take(&request->common, id, value);
	}
}

static struct dgm_output *open_output(const char *path, bool no_clobber)
{
	return dgm_output_file(dgm_str(path), !no_clobber, &cli_diags);
}

static int open_outputs(const struct request *request, struct cli_outputs *outputs)
{
	const char *out = request->out ? request->out : "-";
	outputs->main = open_output(out, request->no_clobber);
	outputs->kind = dgm_magic_bundle_name(dgm_str(out));
	if (outputs->main && outputs->kind) {
		outputs->bundle = outputs->main;
		outputs->main = dgm_output_beside(outputs->bundle, &cli_diags);
	}
	if (request->rejects)
		outputs->rejects = open_output(request->rejects, request->no_clobber);
	if (request->report)
		outputs->report = open_output(request->report, request->no_clobber);
	if (!outputs->main || (request->rejects && !outputs->rejects) || (request->report && !outputs->report))
		return CLI_OUTPUT;
	return 0;
}

static void free_outputs(struct cli_outputs *outputs)
{
	dgm_output_free(outputs->main);
	dgm_output_free(outputs->bundle);
	dgm_output_free(outputs->rejects);
	dgm_output_free(outputs->report);
}

/* All are published together or not at all; the exit status. */
static int publish(const struct cli_outputs *outputs, const struct cli_task_end *end)
{
	if (outputs->rejects && end->publish_rejects && dgm_output_commit(outputs->rejects) != 0)
		return CLI_OUTPUT;
	if (outputs->report && end->publish_report && dgm_output_commit(outputs->report) != 0)
		return CLI_OUTPUT;
	if (end->publish && dgm_output_commit(outputs->bundle ? outputs->bundle : outputs->main) != 0)
		return CLI_OUTPUT;
	return end->status;
}

/* In this process, which is as it is. */
static int convert_here(struct cli_task *task, int count, char **paths, struct cli_task_end *ret_end)
{
	const int status = cli_task_begin(task);
	for (int i = 0; i < count && !status; i++)
		cli_task_path(task, paths[i]);
	cli_task_end(task, ret_end);
	if (cli_settings.verbosity > 0)
		cli_say("sandbox", "what read the input was not locked");
	return status;
}

static int convert(struct cli_session *session, const struct request *request, struct cli_outputs *outputs, int count,
	char **paths)
{
	static char dash[] = "-", *standard_input[] = {dash};
	struct cli_task task = {.session = session,
		.request = &request->common,
		.path = request->out,
		.jobs = (unsigned)request->jobs,
		.part_size = request->part_size};
	struct cli_task_end end;
	if (count == 0) {
		paths = standard_input;
		count = 1;
	}
	int status = cli_task_target(session, &request->common, &task.target);
	const char *const names[] = {request->out ? request->out : "-", request->rejects, request->report};
	if (!status && cli_clash(names, DGM_COUNT(names), paths, count))
		status = CLI_USAGE;
	if (!status)
		status = open_outputs(request, outputs);
	if (status)
		return status;
	task.outputs = *outputs;
	status = request->common.limits.sandbox == CLI_SANDBOX_OFF ? convert_here(&task, count, paths, &end)
								   : cli_caged_convert(&task, count, paths, &end);
	if (status) {
		cli_log_end();
		return status;
	}
	status = publish(outputs, &end);
	cli_log_end();
	cli_task_say(&end);
	if (end.compared && status != CLI_OUTPUT)
		cli_say("verified", "%llu notices read back the same", (unsigned long long)end.compared);
	return status;
}

/* 0, or the exit status of wrong use. */
static int check_request(const struct request *request)
{
	if (!request->common.to) {
		fprintf(stderr, "dragoman convert: say the target format with -t; \"dragoman formats\" lists them\n");
		return CLI_USAGE;
	}
	if ((request->common.verify || request->common.schema) &&
		(!request->out || dgm_str_is(dgm_str(request->out), "-"))) {
		fprintf(stderr, "dragoman convert: --verify and --schema need a file to read back, -o FILE\n");
		return CLI_USAGE;
	}
	return CLI_DONE;
}

static int run_request(const struct request *request, int count, char **paths)
{
	struct cli_session session;
	struct cli_outputs outputs = {0};
	int status = check_request(request);
	if (!status)
		status = cli_session_open(&session);
	if (status)
		return status;
	status = convert(&session, request, &outputs, count, paths);
	free_outputs(&outputs);
	cli_session_close(&session);
	return status;
}

static int run(int argc, char **argv)
{
	struct request request = {.common.command = "convert"};
	cli_limits_init(&request.common.limits);
	const int first = cli_parse(&cli_convert, argc, argv, take, &request);
	const int status = first == -1 ? CLI_DONE
		: first < 0            ? CLI_USAGE
				       : run_request(&request, argc - first, argv + first);
	cli_request_done(&request.common);
	return status;
}

const struct cli_command cli_convert = {
	.name = "convert",
	.synopsis = "[-f FORMAT] -t FORMAT [-o FILE] [INPUT ...]",
	.summary = "Translates notices from one format to another. \"-\" is standard input or output.",
	.options = options,
	.option_count = DGM_COUNT(options),
	.run = run,
};
