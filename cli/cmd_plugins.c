/* SPDX-License-Identifier: Apache-2.0 */
/* dragoman plugins: what is installed (nothing is loaded), and the options of one (which loads it). */
#include <stdio.h>

#include "args.h"
#include "host/options.h"
#include "io/output.h"
#include "log.h"
#include "session.h"

static bool take(void *context, int id, const char *value)
{
	(void)context;
	(void)id;
	(void)value;
	return false;
}

static int list(struct cli_session *session)
{
	size_t count = 0;
	const struct dgm_plugin_file *files = dgm_plugins_list(session->plugins, &count);
	for (size_t i = 0; i < count; i++) {
		printf("%-10.*s %.*s", DGM_FMT(files[i].id), DGM_FMT(files[i].file));
		if (files[i].shadowed_by.len)
			printf("  (not used: %.*s comes first)", DGM_FMT(files[i].shadowed_by));
		else if (files[i].problem.len)
			printf("  (not usable: %.*s)", DGM_FMT(files[i].problem));
		putchar('\n');
	}
	if (count)
		return CLI_DONE;
	dgm_diag_text(&cli_diags, DGM_ERROR, "plugin-missing", DGM_NOSTR, NULL, "no plugin was found in %.*s",
		DGM_FMT(dgm_search_text(session->plugins)));
	return CLI_PLUGIN;
}

static int show(struct cli_session *session, const char *id)
{
	const struct dgm_loaded *loaded = dgm_plugin_load(session->plugins, dgm_str(id), &cli_diags);
	if (!loaded)
		return CLI_PLUGIN;
	struct dgm_output *out = dgm_output_memory(&cli_diags);
	dgm_options_print(loaded->plugin.options, loaded->plugin.option_count, out);
	printf("%.*s %s: %s\nfile: %.*s\n%s%s%s\n\noptions:\n", DGM_FMT(loaded->id), loaded->plugin.version,
		loaded->plugin.summary, DGM_FMT(loaded->file), loaded->plugin.reader_open ? "reads" : "",
		loaded->plugin.reader_open && loaded->plugin.writer_open ? " and " : "",
		loaded->plugin.writer_open ? "writes" : "");
	const int status = dgm_output_commit(out) == 0 ? CLI_DONE : CLI_OUTPUT;
	if (status == CLI_DONE)
		printf("%.*s", DGM_FMT(dgm_output_bytes(out)));
	dgm_output_free(out);
	return status;
}

static int run(int argc, char **argv)
{
	struct cli_session session;
	int status;
	const int first = cli_begin(&cli_plugins, argc, argv, take, NULL, &session, &status);
	if (first < 0)
		return status;
	if (first == argc)
		status = list(&session);
	for (int i = first; i < argc && status == CLI_DONE; i++)
		status = show(&session, argv[i]);
	cli_session_close(&session);
	return status;
}

const struct cli_command cli_plugins = {
	.name = "plugins",
	.synopsis = "[PLUGIN ...]",
	.summary = "Lists the plugins without loading them, or shows one and its options.",
	.operands = "PLUGIN",
	.run = run,
};
