/* SPDX-License-Identifier: Apache-2.0 */
/* dragoman sandbox: what this system offers, and a test from inside that nothing gets out. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "args.h"
#include "host/cage.h"
#include "log.h"
#include "probes.h"

enum { SELF_TEST = 1 };

static const struct cli_option options[] = {
	{SELF_TEST, 0, "self-test", NULL, "try from inside what a hostile plugin would try, and say what came of it"},
};

/* How a child ends that could not be locked; no error has so large a number. */
#define NOT_LOCKED 250
/* Where a descriptor lies that the cage does not name: far from those that every process has. */
#define OTHER_FD 100

static bool take(void *context, int id, const char *value)
{
	(void)value;
	return *(bool *)context = id == SELF_TEST;
}

/* A folder with a file and a folder in it: what the probes of one round aim at. */
struct place {
	char root[64], file[80], folder[80];
	int other;
};

static bool place_open(struct place *place)
{
	snprintf(place->root, sizeof place->root, "/tmp/dragoman-sandbox-XXXXXX");
	place->other = -1;
	if (!mkdtemp(place->root))
		return false;
	snprintf(place->file, sizeof place->file, "%s/file", place->root);
	snprintf(place->folder, sizeof place->folder, "%s/folder", place->root);
	const int fd = open(place->file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	place->other = fd < 0 ? -1 : fcntl(fd, F_DUPFD, OTHER_FD);
	if (fd >= 0)
		close(fd);
	return mkdir(place->folder, 0700) == 0 && place->other >= 0 && write(place->other, "x", 1) == 1 &&
		lseek(place->other, 0, SEEK_SET) == 0;
}

static void place_close(const struct place *place)
{
	if (place->other >= 0)
		close(place->other);
	remove(place->file);
	remove(place->folder);
	remove(place->root);
	remove(CLI_PROBE_NAME); /* what they make where nothing stops them */
}

/* In a child: its status is 0 where the call was made, else the error. */
static _Noreturn void make_call(const struct cli_probe *probe, bool locked)
{
	struct dgm_cage_state state;
	const struct dgm_cage_fds fds = {.first = STDIN_FILENO, .last = STDIN_FILENO, .use = DGM_CAGE_READ};
	const struct dgm_cage cage = {.fds = &fds, .fd_count = 1, .memory = 1u << 28, .cpu = 10};
	if (locked && dgm_cage_lock(&cage, &state, &cli_diags) != 0)
		cli_end(NOT_LOCKED);
	const long *a = probe->arguments;
	cli_end(syscall(probe->call, a[0], a[1], a[2], a[3], a[4], a[5]) >= 0 ? 0 : errno);
}

/* What became of a probe, in words; *ret_allowed: whether the call was made. */
static const char *attempt(const struct cli_probe *probe, bool locked, bool *ret_allowed)
{
	int status = 0;
	*ret_allowed = true;
	const pid_t child = fork();
	if (child == 0)
		make_call(probe, locked);
	if (child < 0 || waitpid(child, &status, 0) != child)
		return "not tried";
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_LOCKED)
		return "not locked";
	*ret_allowed = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return "ended by the filter";
	if (WIFSIGNALED(status))
		return "ended by a signal";
	return *ret_allowed ? "allowed" : strerrorname_np(WEXITSTATUS(status));
}

/* One probe without and within the cage, each with files of its own; whether it was allowed within. */
static bool run_probe(size_t number)
{
	struct cli_probe table[CLI_PROBES_MAX];
	const char *words[2] = {"not tried", "not tried"};
	bool allowed = true;
	for (int locked = 0; locked < 2; locked++) {
		struct place place;
		if (place_open(&place)) {
			const struct cli_probe_aims aims = {.file = place.file,
				.folder = place.folder,
				.other = place.other,
				.parent = getpid()};
			cli_probes(&aims, table);
			words[locked] = attempt(&table[number], locked, &allowed);
		}
		place_close(&place);
	}
	printf("%-18s %-34s %-18s %s\n", table[number].name, table[number].what, words[0], words[1]);
	return allowed;
}

static int self_test(void)
{
	struct cli_probe table[CLI_PROBES_MAX];
	const struct cli_probe_aims none = {.file = "", .folder = ""};
	const size_t count = cli_probes(&none, table);
	size_t allowed = 0;
	printf("\n%-18s %-34s %-18s %s\n", "call", "what for", "without", "within");
	for (size_t i = 0; i < count; i++) {
		fflush(stdout); /* a child must not have it, too */
		allowed += run_probe(i);
	}
	printf("\n%zu probes, %zu allowed within\n", count, allowed);
	return allowed ? CLI_SANDBOX : CLI_DONE;
}

static int run(int argc, char **argv)
{
	bool testing = false;
	char room[96];
	const int first = cli_parse(&cli_sandbox, argc, argv, take, &testing);
	if (first == -1)
		return CLI_DONE;
	if (first < 0)
		return CLI_USAGE;
	if (first < argc) {
		fprintf(stderr, "dragoman sandbox: it takes no file\n");
		return CLI_USAGE;
	}
	const struct dgm_cage_state state = dgm_cage_offers();
	const struct dgm_str text = dgm_cage_text(&state, room);
	printf("this system has: %.*s\n", DGM_FMT(text));
	if (!state.filter)
		printf("without seccomp nothing is converted, but with --sandbox auto or off\n");
	if (!testing)
		return state.filter ? CLI_DONE : CLI_SANDBOX;
	return self_test();
}

const struct cli_command cli_sandbox = {
	.name = "sandbox",
	.synopsis = "[--self-test]",
	.summary = "Shows what locks up the processes that read files, and tries it out.",
	.options = options,
	.option_count = DGM_COUNT(options),
	.run = run,
};
