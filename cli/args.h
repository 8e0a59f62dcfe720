/* SPDX-License-Identifier: Apache-2.0 */
/* One option table per command: parsing, help and completion come from it. */
#ifndef DGM_CLI_ARGS_H
#define DGM_CLI_ARGS_H

#include "base/str.h"

/* Exit statuses; dragoman(1) documents them. */
enum cli_exit {
	CLI_DONE = 0,
	CLI_REJECTED = 1, /* done, but records were rejected, or there was none */
	CLI_USAGE = 2,
	CLI_INPUT = 3,   /* unreadable or not recognised */
	CLI_OUTPUT = 4,  /* could not be written */
	CLI_PLUGIN = 5,  /* plugin or definition unusable */
	CLI_LOSS = 6,    /* more loss than allowed */
	CLI_WORKER = 7,  /* a worker of a batch died */
	CLI_BUSY = 8,    /* another run is at it */
	CLI_SANDBOX = 9, /* the sandbox asked for is not to be had */
};

/* id: what cli_parse hands to the command; short_name: 0 for none; value: what to call the argument, NULL for a switch. */
struct cli_option {
	int id;
	char short_name;
	const char *name;
	const char *value;
	const char *help;
};

struct cli_command {
	const char *name;
	const char *synopsis; /* behind "dragoman name" */
	const char *summary;
	/*
	 * What completion offers as operands: the words that stand for their kinds (complete.h), with a blank between those of
	 * different places; NULL: files.
	 */
	const char *operands;
	const struct cli_option *options;
	size_t option_count;
	int (*run)(int argc, char **argv);
};

/* Options that every command has. */
enum cli_common {
	CLI_HELP = 1000,
	CLI_QUIET,
	CLI_VERBOSE,
	CLI_LOG_FORMAT,
	CLI_SHOW_VALUES,
	CLI_PLUGIN_DIR,
	CLI_FORMAT_DIR,
};

/*
 * Parses argv: calls take for each option of the command (common ones are taken care of); take returns false for a
 * value it refuses, having said why. Returns the index of the first operand, -1 for help given (exit 0), -2 for wrong use.
 */
int cli_parse(const struct cli_command *command, int argc, char **argv,
	bool (*take)(void *context, int id, const char *value), void *context);

/* The end of a process that was forked: without what the program does when it ends. */
_Noreturn void cli_end(int status);

void cli_help(const struct cli_command *command);

/* Those that every command has. */
const struct cli_option *cli_common_options(size_t *ret_count);

/* What the common options said. */
struct cli_settings {
	struct dgm_str plugin_dirs[16], format_dirs[16];
	size_t plugin_dir_count, format_dir_count;
	int verbosity; /* -1 quiet, 0, 1 verbose */
	bool json_log;
	bool show_values;
};

extern struct cli_settings cli_settings;

extern const struct cli_command cli_batch_command, cli_completion, cli_convert, cli_detect, cli_explain, cli_formats,
	cli_inspect, cli_loss, cli_plugin, cli_plugins, cli_sandbox, cli_schema, cli_shard, cli_validate;
extern const struct cli_command *const cli_commands[];
extern const size_t cli_command_count;

#endif
