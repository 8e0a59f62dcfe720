/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands that read notices do with the names they are given. */
#include "source.h"

#include <stdio.h>
#include <unistd.h>

#include "io/charset.h"
#include "log.h"

bool cli_source_add_option(struct cli_source_options *options, const char *command, const char *value)
{
	if (options->option_count == DGM_COUNT(options->options)) {
		fprintf(stderr, "dragoman %s: more than 32 plugin options\n", command);
		return false;
	}
	options->options[options->option_count++] = dgm_option_split(dgm_str(value));
	return true;
}

bool cli_source_set_encoding(struct cli_source_options *options, const char *command, const char *value)
{
	options->encoding = value;
	if (dgm_charset_find(dgm_str(value)))
		return true;
	fprintf(stderr, "dragoman %s: --from-encoding: there is no charset \"%s\"\n", command, value);
	return false;
}

int cli_check_options(struct cli_session *session, const struct dgm_format *format,
	const struct dgm_option_given *given, size_t count)
{
	const struct dgm_loaded *engine = dgm_plugin_load(session->plugins, format->engine, &cli_diags);
	if (!engine)
		return CLI_PLUGIN;
	const struct dgm_plugin *plugin = &engine->plugin;
	struct dgm_arena arena = {0};
	void *config = dgm_arena_zero(&arena, plugin->config_size + 1);
	const int result = dgm_options_fill(plugin->options, plugin->option_count, config, plugin->config_size, given,
		count, dgm_arena_printf(&arena, "plugin %.*s", DGM_FMT(engine->id)), &cli_diags);
	dgm_arena_done(&arena);
	return result == 0 ? CLI_DONE : CLI_USAGE;
}

/* What there is to be known of an input before it is read. */
static int prepare(struct cli_source *source, struct cli_session *session, const struct cli_source_options *options,
	const char *path)
{
	struct dgm_str head;
	int status = CLI_INPUT;
	if (!source->input || dgm_input_head(source->input, 1, &head) != DGM_OK)
		return CLI_INPUT;
	if (head.len == 0) {
		dgm_diag_text(&cli_diags, DGM_ERROR, "input-empty", dgm_str(path), NULL, "the file is empty");
		return CLI_INPUT;
	}
	source->format =
		options->from ? cli_format(session, options->from, &status) : cli_detect_input(session, source->input);
	if (!source->format)
		return status;
	if (cli_settings.verbosity > 0 && !options->from)
		cli_say("format-detected", "%s is %.*s", path, DGM_FMT(source->format->id));
	if (cli_choose_charset(source->input, source->format, options->encoding) != 0)
		return CLI_INPUT;
	return cli_check_options(session, source->format, options->options, options->option_count);
}

int cli_source_open(struct cli_source *source, struct cli_session *session, const struct cli_source_options *options,
	const char *path)
{
	*source = (struct cli_source){.fd = -1};
	source->input = cli_open_input(path, &source->fd);
	return prepare(source, session, options, path);
}

int cli_source_take(struct cli_source *source, struct cli_session *session, const struct cli_source_options *options,
	int fd, const char *name, struct dgm_digest *digest)
{
	*source = (struct cli_source){.input = dgm_input_fd(fd, dgm_str(name), &cli_diags, 0), .fd = -1};
	dgm_input_digest(source->input, digest);
	return prepare(source, session, options, name);
}

void cli_source_close(struct cli_source *source)
{
	dgm_input_free(source->input);
	if (source->fd >= 0)
		close(source->fd);
	*source = (struct cli_source){.fd = -1};
}
