/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Completion of command lines, from the option tables alone: a command or option is completed because it is there. What
 * changes from one installation to the next (formats, plugins, codes) the shell asks the program for, when it is needed.
 */
#ifndef DGM_CLI_COMPLETE_H
#define DGM_CLI_COMPLETE_H

#include "args.h"

/* What a value is completed by: told by the word that stands for it in the option's help. */
enum cli_words {
	CLI_WORDS_NONE,
	CLI_WORDS_FILES,
	CLI_WORDS_FOLDERS,
	CLI_WORDS_FORMATS,
	CLI_WORDS_PLUGINS,
	CLI_WORDS_CODES,
	CLI_WORDS_FIELDS,
	CLI_WORDS_HERE, /* the word is a list itself: "text|json" */
};

/* several: whether the value is a list of such words, joined by commas. */
enum cli_words cli_words_of(struct dgm_str word, bool *ret_several);
/* "formats", "plugins", "codes", "fields"; NULL for kinds that no program need be asked for. */
const char *cli_words_name(enum cli_words words);

/* The scripts, to standard output. */
void cli_complete_bash(void);
void cli_complete_zsh(void);
void cli_complete_fish(void);

#endif
