/* SPDX-License-Identifier: Apache-2.0 */
/* Option tables to getopt_long and to help. */
#include "args.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

struct cli_settings cli_settings;

static const struct cli_option common[] = {
	{CLI_FORMAT_DIR, 0, "format-dir", "DIR", "look for definitions here first (may be given several times)"},
	{CLI_PLUGIN_DIR, 0, "plugin-dir", "DIR", "look for plugins here first (may be given several times)"},
	{CLI_LOG_FORMAT, 0, "log-format", "text|json", "how messages on standard error look"},
	{CLI_SHOW_VALUES, 0, "show-values", NULL, "show the values concerned in messages; they are about people"},
	{CLI_QUIET, 'q', "quiet", NULL, "errors only"},
	{CLI_VERBOSE, 'v', "verbose", NULL, "every message, however many of its kind"},
	{CLI_HELP, 'h', "help", NULL, "show this"},
};

const struct cli_option *cli_common_options(size_t *ret_count)
{
	*ret_count = DGM_COUNT(common);
	return common;
}

static void print_option(const struct cli_option *option)
{
	char left[64];
	snprintf(left, sizeof left, "%s%c%s--%s%s%s", option->short_name ? "-" : " ",
		option->short_name ? option->short_name : ' ', option->short_name ? ", " : "  ", option->name,
		option->value ? " " : "", option->value ? option->value : "");
	printf("  %-29s  %s\n", left, option->help);
}

void cli_help(const struct cli_command *command)
{
	printf("usage: dragoman %s %s\n\n%s\n", command->name, command->synopsis, command->summary);
	if (command->option_count)
		printf("\noptions:\n");
	for (size_t i = 0; i < command->option_count; i++)
		print_option(&command->options[i]);
	printf("\ncommon options:\n");
	for (size_t i = 0; i < DGM_COUNT(common); i++)
		print_option(&common[i]);
}

static bool add_dir(struct dgm_str dirs[16], size_t *count, const char *value)
{
	if (*count == 16) {
		fprintf(stderr, "dragoman: more than 16 folders\n");
		return false;
	}
	dirs[(*count)++] = dgm_str(value);
	return true;
}

static bool take_common(int id, const char *value)
{
	switch (id) {
	case CLI_QUIET:
		cli_settings.verbosity = -1;
		return true;
	case CLI_VERBOSE:
		cli_settings.verbosity = 1;
		return true;
	case CLI_SHOW_VALUES:
		cli_settings.show_values = true;
		return true;
	case CLI_PLUGIN_DIR:
		return add_dir(cli_settings.plugin_dirs, &cli_settings.plugin_dir_count, value);
	case CLI_FORMAT_DIR:
		return add_dir(cli_settings.format_dirs, &cli_settings.format_dir_count, value);
	case CLI_LOG_FORMAT:
		cli_settings.json_log = dgm_str_is(dgm_str(value), "json");
		if (cli_settings.json_log || dgm_str_is(dgm_str(value), "text"))
			return true;
		fprintf(stderr, "dragoman: --log-format is text or json, not \"%s\"\n", value);
		return false;
	default:
		return false;
	}
}

static size_t fill_tables(const struct cli_command *command, struct option *longs, char *shorts)
{
	size_t count = 0;
	*shorts++ = ':';
	for (size_t i = 0; i < command->option_count + DGM_COUNT(common); i++) {
		const struct cli_option *option =
			i < command->option_count ? &command->options[i] : &common[i - command->option_count];
		longs[count++] = (struct option){option->name, option->value ? required_argument : no_argument, NULL,
			option->id};
		if (option->short_name) {
			*shorts++ = option->short_name;
			if (option->value)
				*shorts++ = ':';
		}
	}
	longs[count] = (struct option){0};
	*shorts = '\0';
	return count;
}

static int id_of(const struct cli_command *command, int found)
{
	for (size_t i = 0; found < 256 && i < command->option_count + DGM_COUNT(common); i++) {
		const struct cli_option *option =
			i < command->option_count ? &command->options[i] : &common[i - command->option_count];
		if (option->short_name == found)
			return option->id;
	}
	return found;
}

int cli_parse(const struct cli_command *command, int argc, char **argv,
	bool (*take)(void *context, int id, const char *value), void *context)
{
	struct option longs[64];
	char shorts[128];
	fill_tables(command, longs, shorts);
	opterr = 0;
	optind = 1;
	for (;;) {
		const int found = getopt_long(argc, argv, shorts, longs, NULL);
		if (found == -1)
			return optind;
		if (found == '?' || found == ':') {
			fprintf(stderr, "dragoman %s: %s %s; see \"dragoman %s --help\"\n", command->name,
				argv[optind - 1], found == ':' ? "needs a value" : "is not an option", command->name);
			return -2;
		}
		const int id = id_of(command, found);
		if (id == CLI_HELP) {
			cli_help(command);
			return -1;
		}
		if (id >= CLI_HELP ? !take_common(id, optarg) : !take(context, id, optarg))
			return -2;
	}
}
