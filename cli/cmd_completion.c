/* SPDX-License-Identifier: Apache-2.0 */
/* dragoman completion: the scripts by which shells complete its command lines, and the words that those ask for. */
#include <stdio.h>

#include "args.h"
#include "base/rules.h"
#include "complete.h"
#include "notice/schema.h"
#include "session.h"

enum {
	WORDS = 1,
};

static const struct cli_option options[] = {
	{WORDS, 0, "words", "formats|plugins|codes|fields", "the words of a kind, one a line"},
};

static bool take(void *context, int id, const char *value)
{
	(void)id;
	*(const char **)context = value;
	return true;
}

/* Whoever completes wants to know of no fault of an installation: what is there is listed. */
static int put_words(const struct cli_session *session, struct dgm_str kind)
{
	size_t count = 0;
	if (dgm_str_is(kind, "formats")) {
		for (size_t i = 0; i < session->catalog->count; i++)
			printf("%.*s\n", DGM_FMT(session->catalog->entries[i].id));
	} else if (dgm_str_is(kind, "plugins")) {
		const struct dgm_plugin_file *files = dgm_plugins_list(session->plugins, &count);
		for (size_t i = 0; i < count; i++)
			if (!files[i].problem.len && !files[i].shadowed_by.len)
				printf("%.*s\n", DGM_FMT(files[i].id));
	} else if (dgm_str_is(kind, "codes")) {
		for (size_t i = 0; i < dgm_rule_count; i++)
			puts(dgm_rules[i].code);
	} else if (dgm_str_is(kind, "fields")) {
		for (unsigned f = 0; f < DGM_FIELD_COUNT; f++)
			printf("%.*s\n", DGM_FMT(dgm_fields[f].path));
	} else {
		fprintf(stderr, "dragoman completion: --words is one of %s, not \"%.*s\"\n", options[0].value,
			DGM_FMT(kind));
		return CLI_USAGE;
	}
	return CLI_DONE;
}

static int put_script(const char *shell)
{
	static const struct {
		const char *name;
		void (*put)(void);
	} shells[] = {{"bash", cli_complete_bash}, {"zsh", cli_complete_zsh}, {"fish", cli_complete_fish}};
	for (size_t i = 0; i < DGM_COUNT(shells); i++) {
		if (dgm_str_is(dgm_str(shell), shells[i].name)) {
			shells[i].put();
			return CLI_DONE;
		}
	}
	fprintf(stderr, "dragoman completion: \"%s\" is not bash, zsh or fish\n", shell);
	return CLI_USAGE;
}

static int run(int argc, char **argv)
{
	const char *words = NULL;
	struct cli_session session;
	int status;
	const int first = cli_begin(&cli_completion, argc, argv, take, &words, &session, &status);
	if (first < 0)
		return status;
	if (argc - first != (words ? 0 : 1)) {
		fputs("dragoman completion: the name of a shell is wanted, or --words\n", stderr);
		status = CLI_USAGE;
	} else {
		status = words ? put_words(&session, dgm_str(words)) : put_script(argv[first]);
	}
	cli_session_close(&session);
	return status;
}

const struct cli_command cli_completion = {
	.name = "completion",
	.synopsis = "bash | zsh | fish",
	.summary = "Prints the script by which a shell completes the commands of dragoman.",
	.operands = "bash|zsh|fish",
	.options = options,
	.option_count = DGM_COUNT(options),
	.run = run,
};
