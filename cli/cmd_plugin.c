/* SPDX-License-Identifier: Apache-2.0 */
/* dragoman plugin: a project to begin with, and the checks of a plugin, each in a process of its own. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "args.h"
#include "log.h"
#include "session.h"
#include "skeleton.h"
#include "trial.h"

enum {
	SAMPLE = 1,
	PATH,
	OPTION,
	SEED,
	ONLY,
	IN_PROCESS,
	LIST,

	SECONDS_OF_WORK = 10, /* of processor time; no check of a sound plugin takes a tenth of it */
	SECONDS_OF_WAIT = 300,
	CHECKS_MAX = 64,
	SAMPLE_MAX = 1 << 20, /* bytes of a sample that are looked at */
};

static const struct cli_option options[] = {
	{SAMPLE, 0, "sample", "FILE", "check: a file to read; else the plugin writes one itself"},
	{PATH, 0, "path", "PATH", "check: where records lie in it; may be given several times"},
	{OPTION, 0, "option", "NAME=VALUE", "check: an option of the plugin"},
	{SEED, 0, "seed", "N", "check: what is random comes from this number (1)"},
	{ONLY, 0, "only", "NAMES", "check: only these checks, joined by commas"},
	{IN_PROCESS, 0, "in-process", NULL, "check: in one process, for a debugger"},
	{LIST, 0, "list", NULL, "the checks, and what a sound plugin does"},
};

struct request {
	struct trial trial;
	const char *sample, *only;
	bool in_process, list;
};

static bool take(void *context, int id, const char *value)
{
	struct request *request = context;
	struct trial *trial = &request->trial;
	switch (id) {
	case SAMPLE:
		request->sample = value;
		return true;
	case PATH:
		if (trial->path_count < TRIAL_PATHS_MAX)
			trial->paths[trial->path_count++] = dgm_str(value);
		return true;
	case OPTION:
		if (trial->option_count < TRIAL_OPTIONS_MAX)
			trial->options[trial->option_count++] = dgm_option_split(dgm_str(value));
		return true;
	case ONLY:
		request->only = value;
		return true;
	case IN_PROCESS:
		request->in_process = true;
		return true;
	case LIST:
		request->list = true;
		return true;
	default:
		if (dgm_str_to_u64(dgm_str(value), &trial->seed))
			return true;
		fprintf(stderr, "dragoman plugin: --seed is a number, not \"%s\"\n", value);
		return false;
	}
}

/* --- running --- */

struct outcome {
	enum trial_result result;
	char why[256];
};

/* Loads the plugin, checks, and lets go of it. */
static struct outcome run_here(const struct trial_check *check, const struct trial *given)
{
	struct trial trial = *given;
	struct outcome outcome = {.result = TRIAL_SKIPPED};
	if (trial_load(&trial))
		outcome.result = check->run(&trial);
	else
		outcome.result = check == &trial_checks[0] ? TRIAL_FAULT : trial_skip(&trial, "it does not load");
	/* An option or a path that it does not take is the user's affair. */
	memcpy(outcome.why, trial.why, sizeof outcome.why);
	trial_unload(&trial);
	return outcome;
}

static void run_in_child(const struct trial_check *check, const struct trial *trial, int to, int output)
{
	const struct rlimit work = {SECONDS_OF_WORK, SECONDS_OF_WORK + 1}, core = {0, 0};
	setrlimit(RLIMIT_CPU, &work);
	setrlimit(RLIMIT_CORE, &core);
	alarm(SECONDS_OF_WAIT);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	const struct outcome outcome = run_here(check, trial);
	fflush(stdout);
	if (write(to, &outcome, sizeof outcome) != (ssize_t)sizeof outcome)
		cli_end(CLI_OUTPUT);
	cli_end(CLI_DONE);
}

static struct outcome run_apart(const struct trial_check *check, const struct trial *trial, int output)
{
	struct outcome outcome = {.result = TRIAL_FAULT};
	int ends[2], status = 0;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return outcome;
	fflush(stdout);
	const pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		run_in_child(check, trial, ends[1], output);
	}
	close(ends[1]);
	const ssize_t got = read(ends[0], &outcome, sizeof outcome);
	close(ends[0]);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (got == (ssize_t)sizeof outcome)
		return outcome;
	outcome.result = TRIAL_FAULT;
	if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGALRM))
		snprintf(outcome.why, sizeof outcome.why, "it does not come to an end");
	else if (WIFSIGNALED(status))
		snprintf(outcome.why, sizeof outcome.why, "the process ended by signal %s",
			sigabbrev_np(WTERMSIG(status)));
	else
		snprintf(outcome.why, sizeof outcome.why, "the process was ended from inside, with status %d",
			WEXITSTATUS(status));
	return outcome;
}

static void say(unsigned number, const char *name, const struct outcome *outcome)
{
	printf("%sok %u - %s%s%s\n", outcome->result == TRIAL_FAULT ? "not " : "", number, name,
		outcome->result == TRIAL_SKIPPED ? " # SKIP " : "",
		outcome->result == TRIAL_SKIPPED ? outcome->why : "");
	if (outcome->result == TRIAL_FAULT)
		printf("# %s\n", outcome->why);
}

static size_t all_checks(const struct trial_check *ret_checks[CHECKS_MAX])
{
	size_t count = 0;
	for (size_t i = 0; i < trial_check_count; i++)
		ret_checks[count++] = &trial_checks[i];
	for (size_t i = 0; i < trial_reading_check_count; i++)
		ret_checks[count++] = &trial_reading_checks[i];
	for (size_t i = 0; i < trial_writing_check_count; i++)
		ret_checks[count++] = &trial_writing_checks[i];
	return count;
}

static const char silent_name[] = "silent";

static bool is_wanted(const char *only, const char *name)
{
	struct dgm_str rest = dgm_str(only), word;
	if (!only)
		return true;
	while (dgm_str_next(&rest, DGM_STR(","), &word))
		if (dgm_str_is(word, name))
			return true;
	return false;
}

/* Whether a check of that name exists for every one asked for. */
static bool are_checks(const char *only)
{
	const struct trial_check *checks[CHECKS_MAX];
	const size_t count = all_checks(checks);
	struct dgm_str rest = dgm_str(only), word;
	while (dgm_str_next(&rest, DGM_STR(","), &word)) {
		bool found = dgm_str_is(word, silent_name);
		for (size_t i = 0; i < count; i++)
			found = found || dgm_str_is(word, checks[i]->name);
		if (found)
			continue;
		fprintf(stderr, "dragoman plugin: there is no check \"%.*s\"; --list shows them\n", DGM_FMT(word));
		return false;
	}
	return true;
}

static int run_checks(const struct request *request)
{
	const struct trial_check *checks[CHECKS_MAX];
	const size_t count = all_checks(checks);
	const int output = memfd_create("output", MFD_CLOEXEC);
	unsigned number = 0, faults = 0;
	char noisy[64] = "";
	off_t said = 0;
	size_t wanted = is_wanted(request->only, silent_name);
	for (size_t i = 0; i < count; i++)
		wanted += is_wanted(request->only, checks[i]->name);
	printf("TAP version 13\n1..%zu\n# %.*s, seed %llu\n", wanted, DGM_FMT(request->trial.file),
		(unsigned long long)request->trial.seed);
	for (size_t i = 0; i < count; i++) {
		if (!is_wanted(request->only, checks[i]->name))
			continue;
		const struct outcome outcome = request->in_process ? run_here(checks[i], &request->trial)
								   : run_apart(checks[i], &request->trial, output);
		say(++number, checks[i]->name, &outcome);
		faults += outcome.result == TRIAL_FAULT;
		const off_t now = lseek(output, 0, SEEK_END);
		if (now > said && !*noisy)
			snprintf(noisy, sizeof noisy, "%s", checks[i]->name);
		said = now;
	}
	if (is_wanted(request->only, silent_name)) {
		struct outcome outcome = {.result = *noisy ? TRIAL_FAULT : TRIAL_GOOD};
		if (request->in_process) {
			outcome.result = TRIAL_SKIPPED;
			snprintf(outcome.why, sizeof outcome.why, "not seen in one process");
		} else if (*noisy) {
			snprintf(outcome.why, sizeof outcome.why,
				"something was written to standard output or error, first in the check %s", noisy);
		}
		say(++number, silent_name, &outcome);
		faults += outcome.result == TRIAL_FAULT;
	}
	close(output);
	return faults ? CLI_PLUGIN : CLI_DONE;
}

/* --- the command --- */

static bool find_file(struct trial *trial, const char *path, struct dgm_arena *arena)
{
	char whole[PATH_MAX];
	if (!realpath(path, whole)) {
		fprintf(stderr, "dragoman plugin: %s: %s\n", path, strerrordesc_np(errno));
		return false;
	}
	trial->file = dgm_arena_printf(arena, "%s", whole);
	const char *slash = strrchr(trial->file.ptr, '/');
	trial->folder = dgm_arena_printf(arena, "%.*s", (int)(slash - trial->file.ptr), trial->file.ptr);
	trial->id = dgm_str(slash + 1);
	if (!dgm_str_ends(trial->id, DGM_STR(".so"))) {
		fprintf(stderr, "dragoman plugin: %s: the name of a plugin ends with .so\n", path);
		return false;
	}
	trial->id.len -= 3;
	return true;
}

static int check(struct request *request, const char *path)
{
	struct dgm_arena arena = {0};
	struct trial *trial = &request->trial;
	int status = CLI_USAGE, fd = -1;
	struct dgm_input *input = NULL;
	if (!find_file(trial, path, &arena) || (request->only && !are_checks(request->only)))
		goto out;
	if (request->sample) {
		status = CLI_INPUT;
		input = cli_open_input(request->sample, &fd);
		if (!input || dgm_input_head(input, SAMPLE_MAX, &trial->sample) != DGM_OK)
			goto out;
		trial->sample = dgm_arena_dup(&arena, trial->sample);
		trial->given_sample = true;
	}
	status = run_checks(request);
out:
	dgm_input_free(input);
	if (fd >= 0)
		close(fd);
	dgm_arena_done(&arena);
	return status;
}

static void list_checks(void)
{
	const struct trial_check *checks[CHECKS_MAX];
	const size_t count = all_checks(checks);
	for (size_t i = 0; i < count; i++)
		printf("%-15s %s\n", checks[i]->name, checks[i]->what);
	printf("%-15s nothing is written to standard output or error\n", silent_name);
}

static int run(int argc, char **argv)
{
	struct request request = {.trial = {.seed = 1}};
	const int first = cli_parse(&cli_plugin, argc, argv, take, &request);
	if (first < 0)
		return first == -1 ? CLI_DONE : CLI_USAGE;
	if (request.list && first == argc) {
		list_checks();
		return CLI_DONE;
	}
	const struct dgm_str verb = first < argc ? dgm_str(argv[first]) : DGM_NOSTR;
	if (argc - first == 2 && dgm_str_is(verb, "new"))
		return cli_skeleton(argv[first + 1]);
	if (argc - first == 2 && dgm_str_is(verb, "check"))
		return check(&request, argv[first + 1]);
	fputs("dragoman plugin: \"new NAME\" or \"check FILE.so\" is wanted\n", stderr);
	return CLI_USAGE;
}

const struct cli_command cli_plugin = {
	.name = "plugin",
	.synopsis = "new NAME | check FILE.so [--sample FILE] [options] | --list",
	.summary = "Begins a plugin of your own, or checks one.",
	.operands = "new|check FILE",
	.options = options,
	.option_count = DGM_COUNT(options),
	.run = run,
};
