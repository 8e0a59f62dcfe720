/* SPDX-License-Identifier: Apache-2.0 */
/* Option tables to completion scripts. Each shell is told the same in its own way. */
#include "complete.h"

#include <stdio.h>

static const struct {
	const char *word, *name;
	enum cli_words words;
	bool several;
} known[] = {
	{"FILE", NULL, CLI_WORDS_FILES, false},
	{"INPUT", NULL, CLI_WORDS_FILES, false},
	{"SAMPLE", NULL, CLI_WORDS_FILES, false},
	{"DIR", NULL, CLI_WORDS_FOLDERS, false},
	{"FORMAT", "formats", CLI_WORDS_FORMATS, false},
	{"PLUGIN", "plugins", CLI_WORDS_PLUGINS, false},
	{"CODE", "codes", CLI_WORDS_CODES, false},
	{"CODES", "codes", CLI_WORDS_CODES, true},
	{"FIELD", "fields", CLI_WORDS_FIELDS, false},
	{"FIELDS", "fields", CLI_WORDS_FIELDS, true},
};

enum cli_words cli_words_of(struct dgm_str word, bool *ret_several)
{
	*ret_several = false;
	for (size_t i = 0; i < DGM_COUNT(known); i++) {
		if (!dgm_str_is(word, known[i].word))
			continue;
		*ret_several = known[i].several;
		return known[i].words;
	}
	const bool list = word.len && word.ptr[0] >= 'a' && word.ptr[0] <= 'z';
	return list ? CLI_WORDS_HERE : CLI_WORDS_NONE;
}

const char *cli_words_name(enum cli_words words)
{
	for (size_t i = 0; i < DGM_COUNT(known); i++)
		if (known[i].words == words)
			return known[i].name;
	return NULL;
}

/* The i-th option of a command, the common ones behind its own; NULL behind the last. */
static const struct cli_option *option_at(const struct cli_command *command, size_t i)
{
	size_t count;
	const struct cli_option *common = cli_common_options(&count);
	if (i < command->option_count)
		return &command->options[i];
	return i - command->option_count < count ? &common[i - command->option_count] : NULL;
}

static struct dgm_str operands(const struct cli_command *command)
{
	return command->operands ? dgm_str(command->operands) : DGM_STR("FILE");
}

/* In front of the characters of `marked` a backslash; a quote ends the shell's string and begins it again. */
static void put_quoted(const char *text, const char *marked)
{
	for (; *text; text++) {
		if (*text == '\'') {
			fputs("'\\''", stdout);
			continue;
		}
		if (strchr(marked, *text))
			putchar('\\');
		putchar(*text);
	}
}

/* The words of a list that stands where its name would, with blanks between them. */
static void put_list(struct dgm_str words)
{
	for (size_t i = 0; i < words.len; i++)
		putchar(words.ptr[i] == '|' ? ' ' : words.ptr[i]);
}

/* --- bash --- */

/* What bash's function below understands: a name, "folders", "files", or "=" and the words. */
static void put_bash_kind(struct dgm_str word)
{
	bool several;
	const enum cli_words words = cli_words_of(word, &several);
	const char *name = cli_words_name(words);
	if (words == CLI_WORDS_HERE) {
		fputs("=", stdout);
		put_list(word);
	} else {
		printf("%s%s", several ? "," : "",
			name                                 ? name
				: words == CLI_WORDS_FILES   ? "files"
				: words == CLI_WORDS_FOLDERS ? "folders"
							     : "none");
	}
}

static void put_bash_command(const struct cli_command *command)
{
	struct dgm_str rest = operands(command), word;
	printf("\t%s)\n\t\toptions='", command->name);
	const struct cli_option *option;
	for (size_t i = 0; (option = option_at(command, i)); i++)
		printf("%s--%s", i ? " " : "", option->name);
	printf("'\n\t\tkinds=(");
	for (bool first = true; dgm_str_next(&rest, DGM_STR(" "), &word); first = false) {
		fputs(first ? "'" : " '", stdout);
		put_bash_kind(word);
		putchar('\'');
	}
	printf(")\n\t\tcase $before in\n");
	for (size_t i = 0; (option = option_at(command, i)); i++) {
		if (!option->value)
			continue;
		printf("\t\t--%s", option->name);
		if (option->short_name)
			printf("|-%c", option->short_name);
		fputs(") kinds=('", stdout);
		put_bash_kind(dgm_str(option->value));
		fputs("') options= ;;\n", stdout);
	}
	fputs("\t\tesac\n\t\t;;\n", stdout);
}

void cli_complete_bash(void)
{
	fputs("# bash completion for dragoman, made from its option tables by \"dragoman completion bash\"\n"
	      "_dragoman()\n{\n"
	      "\tlocal now=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} options= kinds=() kind words front=\n"
	      "\tCOMPREPLY=()\n"
	      "\tif ((COMP_CWORD == 1)); then\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -W '",
		stdout);
	for (size_t i = 0; i < cli_command_count; i++)
		printf("%s ", cli_commands[i]->name);
	fputs("help --help --version' -- \"$now\")\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\t# bash takes --name=value for three words\n"
	      "\tif [[ $now == = ]]; then\n"
	      "\t\tnow=\n"
	      "\telif [[ $before == = ]]; then\n"
	      "\t\tbefore=${COMP_WORDS[COMP_CWORD - 2]}\n"
	      "\tfi\n"
	      "\tcase ${COMP_WORDS[1]} in\n"
	      "\thelp)\n\t\tkinds=('=",
		stdout);
	for (size_t i = 0; i < cli_command_count; i++)
		printf("%s%s", i ? " " : "", cli_commands[i]->name);
	fputs("')\n\t\t;;\n", stdout);
	for (size_t i = 0; i < cli_command_count; i++)
		put_bash_command(cli_commands[i]);
	fputs("\tesac\n"
	      "\tif [[ $now == -* && $options ]]; then\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$now\")\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\tfor kind in \"${kinds[@]}\"; do\n"
	      "\t\twords=()\n"
	      "\t\tfront=\n"
	      "\t\tif [[ $kind == ,* ]]; then\n"
	      "\t\t\tkind=${kind#,}\n"
	      "\t\t\t[[ $now != *,* ]] || front=${now%,*},\n"
	      "\t\tfi\n"
	      "\t\tcase $kind in\n"
	      "\t\tnone) ;;\n"
	      "\t\tfiles|folders)\n"
	      "\t\t\tcompopt -o filenames 2>/dev/null\n"
	      "\t\t\tif [[ $kind == files ]]; then\n"
	      "\t\t\t\tmapfile -t words < <(compgen -f -- \"$now\")\n"
	      "\t\t\telse\n"
	      "\t\t\t\tmapfile -t words < <(compgen -d -- \"$now\")\n"
	      "\t\t\tfi\n"
	      "\t\t\t;;\n"
	      "\t\t=*) mapfile -t words < <(compgen -W \"${kind#=}\" -- \"$now\") ;;\n"
	      "\t\t*)\n"
	      "\t\t\tmapfile -t words < <(compgen -P \"$front\" -W \"$(\"$1\" completion --words \"$kind\" 2>/dev/null)\" -- "
	      "\"${now#\"$front\"}\")\n"
	      "\t\t\t;;\n"
	      "\t\tesac\n"
	      "\t\tCOMPREPLY+=(\"${words[@]}\")\n"
	      "\tdone\n"
	      "}\n"
	      "complete -F _dragoman dragoman\n",
		stdout);
}

/* --- zsh --- */

static void put_zsh_action(struct dgm_str word)
{
	bool several;
	const enum cli_words words = cli_words_of(word, &several);
	const char *name = cli_words_name(words);
	if (name)
		printf("_dragoman_words%s %s", several ? " -s" : "", name);
	else if (words == CLI_WORDS_HERE) {
		fputs("(", stdout);
		put_list(word);
		fputs(")", stdout);
	} else {
		fputs(words == CLI_WORDS_FILES ? "_files" : words == CLI_WORDS_FOLDERS ? "_files -/" : " ", stdout);
	}
}

static void put_zsh_option(const struct cli_option *option)
{
	fputs("\t\t\t", stdout);
	/* The star: none is offered no longer because it stands there once. */
	if (option->short_name)
		printf("'*'{-%c,--%s}'", option->short_name, option->name);
	else
		printf("'*--%s", option->name);
	fputs("[", stdout);
	put_quoted(option->help, "[]:\\");
	fputs("]", stdout);
	if (option->value) {
		fputs(":", stdout);
		put_quoted(option->value, ":\\");
		fputs(":", stdout);
		put_zsh_action(dgm_str(option->value));
	}
	fputs("' \\\n", stdout);
}

static void put_zsh_command(const struct cli_command *command)
{
	struct dgm_str rest = operands(command), word;
	const struct cli_option *option;
	printf("\t%s)\n\t\t_arguments -s -S \\\n", command->name);
	for (size_t i = 0; (option = option_at(command, i)); i++)
		put_zsh_option(option);
	/* Several kinds of operand: one after the other, the last for all that follow. */
	for (size_t i = 1; dgm_str_next(&rest, DGM_STR(" "), &word); i++) {
		if (rest.len)
			printf("\t\t\t'%zu:operand:", i);
		else
			fputs("\t\t\t'*:operand:", stdout);
		put_zsh_action(word);
		fputs(rest.len ? "' \\\n" : "'\n", stdout);
	}
	fputs("\t\t;;\n", stdout);
}

void cli_complete_zsh(void)
{
	fputs("#compdef dragoman\n"
	      "# zsh completion for dragoman, made from its option tables by \"dragoman completion zsh\"\n"
	      "_dragoman_words()\n{\n"
	      "\tlocal -a several known\n"
	      "\tif [[ $1 == -s ]]; then\n"
	      "\t\tseveral=(-s ,)\n"
	      "\t\tshift\n"
	      "\tfi\n"
	      "\tknown=(${(f)\"$(_call_program words $dragoman_program completion --words $1)\"})\n"
	      "\tif (( $#several )); then\n"
	      "\t\t_values $several $1 $known\n"
	      "\telse\n"
	      "\t\tcompadd -a known\n"
	      "\tfi\n"
	      "}\n\n"
	      "_dragoman()\n{\n"
	      "\tlocal dragoman_program=$words[1]\n"
	      "\tlocal -a commands\n"
	      "\tcommands=(\n",
		stdout);
	for (size_t i = 0; i < cli_command_count; i++) {
		printf("\t\t'%s:", cli_commands[i]->name);
		put_quoted(cli_commands[i]->summary, ":\\");
		fputs("'\n", stdout);
	}
	fputs("\t\t'help:Shows the options of a command.'\n"
	      "\t)\n"
	      "\tif (( CURRENT == 2 )); then\n"
	      "\t\t_describe -t commands command commands\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\tshift words\n"
	      "\t(( CURRENT-- ))\n"
	      "\tcase $words[1] in\n"
	      "\thelp)\n"
	      "\t\t_describe -t commands command commands\n"
	      "\t\t;;\n",
		stdout);
	for (size_t i = 0; i < cli_command_count; i++)
		put_zsh_command(cli_commands[i]);
	fputs("\tesac\n"
	      "}\n\n"
	      "_dragoman \"$@\"\n",
		stdout);
}

/* --- fish --- */

/* fish offers files unless it is told not to. */
static void put_fish_value(struct dgm_str word)
{
	bool several;
	const enum cli_words words = cli_words_of(word, &several);
	const char *name = cli_words_name(words);
	if (name && several)
		printf(" -x -a '(__dragoman_several %s)'", name);
	else if (name)
		printf(" -x -a '(__dragoman_words %s)'", name);
	else if (words == CLI_WORDS_HERE) {
		fputs(" -x -a '", stdout);
		put_list(word);
		fputs("'", stdout);
	} else {
		fputs(words == CLI_WORDS_FILES               ? " -r -F"
				: words == CLI_WORDS_FOLDERS ? " -x -a '(__fish_complete_directories)'"
							     : " -x",
			stdout);
	}
}

static void put_fish_command(const struct cli_command *command)
{
	struct dgm_str rest = operands(command), word;
	const struct cli_option *option;
	printf("complete -c dragoman -n __fish_use_subcommand -f -a %s -d '", command->name);
	put_quoted(command->summary, "\\");
	fputs("'\n", stdout);
	for (size_t i = 0; (option = option_at(command, i)); i++) {
		printf("complete -c dragoman -n '__fish_seen_subcommand_from %s' -l %s", command->name, option->name);
		if (option->short_name)
			printf(" -s %c", option->short_name);
		if (option->value)
			put_fish_value(dgm_str(option->value));
		fputs(" -d '", stdout);
		put_quoted(option->help, "\\");
		fputs("'\n", stdout);
	}
	while (dgm_str_next(&rest, DGM_STR(" "), &word)) {
		printf("complete -c dragoman -n '__fish_seen_subcommand_from %s'", command->name);
		bool several;
		const enum cli_words words = cli_words_of(word, &several);
		if (words == CLI_WORDS_FILES || words == CLI_WORDS_FOLDERS)
			fputs(" -F", stdout);
		else if (words == CLI_WORDS_NONE)
			fputs(" -f", stdout);
		else if (words == CLI_WORDS_HERE) {
			fputs(" -f -a '", stdout);
			put_list(word);
			fputs("'", stdout);
		} else {
			printf(" -f -a '(__dragoman_words %s)'", cli_words_name(words));
		}
		putchar('\n');
	}
}

void cli_complete_fish(void)
{
	fputs("# fish completion for dragoman, made from its option tables by \"dragoman completion fish\"\n"
	      "function __dragoman_words\n"
	      "\tset -l words (commandline -opc)\n"
	      "\t$words[1] completion --words $argv[1] 2>/dev/null\n"
	      "end\n"
	      "function __dragoman_several\n"
	      "\tset -l front (commandline -ct | string match -r '^(?:.*=)?(.*,)')[2]\n"
	      "\tfor word in (__dragoman_words $argv[1])\n"
	      "\t\techo $front$word\n"
	      "\tend\n"
	      "end\n",
		stdout);
	for (size_t i = 0; i < cli_command_count; i++)
		put_fish_command(cli_commands[i]);
	fputs("complete -c dragoman -n __fish_use_subcommand -f -a help -d 'Shows the options of a command.'\n"
	      "complete -c dragoman -n '__fish_seen_subcommand_from help' -f -a '",
		stdout);
	for (size_t i = 0; i < cli_command_count; i++)
		printf("%s%s", i ? " " : "", cli_commands[i]->name);
	fputs("'\n", stdout);
}
