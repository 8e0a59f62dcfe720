/* SPDX-License-Identifier: Apache-2.0 */
/* The program: finds the command and runs it. Everything else is in the commands and in core. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "args.h"
#include "base/arena.h"
#include "base/unicode.h"
#include "host/cage.h"
#include "io/output.h"

const struct cli_command *const cli_commands[] = {&cli_batch_command, &cli_completion, &cli_convert, &cli_detect,
	&cli_explain, &cli_formats, &cli_inspect, &cli_loss, &cli_plugin, &cli_plugins, &cli_sandbox, &cli_schema,
	&cli_shard, &cli_validate};
const size_t cli_command_count = DGM_COUNT(cli_commands);

static void say_out_of_memory(size_t size)
{
	static const char text[] = "dragoman: error: memory ran out; nothing was published [no-memory]\n";
	(void)size;
	dgm_output_abandon_all();
	if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
		_exit(CLI_OUTPUT);
	_exit(CLI_OUTPUT);
}

static void end_by_signal(int number)
{
	dgm_output_abandon_all(); /* NOLINT(bugprone-signal-handler): it only unlinks */
	signal(number, SIG_DFL);
	raise(number);
}

void cli_end(int status)
{
	_exit(status);
}

static void usage(FILE *to)
{
	fputs("usage: dragoman COMMAND [options] ...\n\n"
	      "Translates notices of police organisations from one format to another.\n\ncommands:\n",
		to);
	for (size_t i = 0; i < cli_command_count; i++)
		fprintf(to, "  %-11s %s\n", cli_commands[i]->name, cli_commands[i]->summary);
	fputs("\n\"dragoman COMMAND --help\" tells more; the manual is dragoman(1).\n", to);
}

static const struct cli_command *find(const char *name)
{
	for (size_t i = 0; i < cli_command_count; i++)
		if (dgm_str_is(dgm_str(cli_commands[i]->name), name))
			return cli_commands[i];
	return NULL;
}

static int unknown(const char *name)
{
	unsigned best = 3;
	const char *guess = NULL;
	for (size_t i = 0; i < cli_command_count; i++) {
		const unsigned distance = dgm_str_distance(dgm_str(name), dgm_str(cli_commands[i]->name));
		if (distance < best) {
			best = distance;
			guess = cli_commands[i]->name;
		}
	}
	fprintf(stderr, "dragoman: there is no command \"%s\"%s%s%s\n", name, guess ? "; did you mean \"" : "",
		guess ? guess : "", guess ? "\"?" : "; see \"dragoman --help\"");
	return CLI_USAGE;
}

static int help(const struct cli_command *command)
{
	if (command)
		cli_help(command);
	else
		usage(stdout);
	return CLI_DONE;
}

static int version(void)
{
	printf("dragoman %s, plugin interface 1.%u\n", DGM_VERSION, DGM_ABI_MINOR);
	return CLI_DONE;
}

/* What goes through stdio, lists and documents: what could not be written must not look like success. */
static int flushed(int status)
{
	if ((fflush(stdout) == 0 && !ferror(stdout)) || status != CLI_DONE)
		return status;
	fputs("dragoman: error: standard output could not be written [output-write]\n", stderr);
	return CLI_OUTPUT;
}

/* What libraries below would take from the environment: files in place of their own, zones, ways into the network. */
static void forget_environment(void)
{
	static const char *const names[] = {"ICU_DATA", "ICU_TIMEZONE_FILES_DIR", "TZDIR", "GCONV_PATH", "LOCPATH",
		"XML_CATALOG_FILES", "SGML_CATALOG_FILES", "XML_DEBUG_CATALOG", "http_proxy", "ftp_proxy", "no_proxy"};
	for (size_t i = 0; i < DGM_COUNT(names); i++)
		unsetenv(names[i]);
	/* Times of members of archives; looked up now, because a process that is locked cannot. */
	setenv("TZ", "UTC0", 1);
	tzset();
}

int main(int argc, char **argv)
{
	forget_environment();
	/* No core file and no other process of the user sees what is in memory here: it is about people. */
	if (dgm_cage_offers().undumpable)
		prctl(PR_SET_DUMPABLE, 0);
	/* A reader that went away and a limit on file sizes are errors of writing, told like any other. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGINT, end_by_signal);
	signal(SIGTERM, end_by_signal);
	signal(SIGHUP, end_by_signal);
	dgm_no_memory_handler(say_out_of_memory);
	dgm_unicode_memory();
	if (argc < 2) {
		usage(stderr);
		return CLI_USAGE;
	}
	const struct dgm_str word = dgm_str(argv[1]);
	if (dgm_str_is(word, "--help") || dgm_str_is(word, "-h") || dgm_str_is(word, "help"))
		return flushed(help(argc > 2 ? find(argv[2]) : NULL));
	if (dgm_str_is(word, "--version"))
		return flushed(version());
	const struct cli_command *command = find(argv[1]);
	if (!command)
		return unknown(argv[1]);
	return flushed(command->run(argc - 1, argv + 1));
}
