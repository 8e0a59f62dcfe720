/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands that read notices do with the names they are given. */
#include "source.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/magic.h"
#include "io/charset.h"
#include "log.h"

static bool add_option(struct cli_source_options *options, const char *command, const char *value)
{
	if (options->option_count == DGM_COUNT(options->options)) {
		fprintf(stderr, "dragoman %s: more than 32 plugin options\n", command);
		return false;
	}
	options->options[options->option_count++] = dgm_option_split(dgm_str(value));
	return true;
}

static bool set_encoding(struct cli_source_options *options, const char *command, const char *value)
{
	options->encoding = value;
	if (dgm_charset_find(dgm_str(value)))
		return true;
	fprintf(stderr, "dragoman %s: --from-encoding: there is no charset \"%s\"\n", command, value);
	return false;
}

bool cli_source_take_option(struct cli_source_options *options, const char *command, int id, const char *value)
{
	switch (id) {
	case CLI_SOURCE_FROM:
		options->from = value;
		return true;
	case CLI_SOURCE_OPTION:
		return add_option(options, command, value);
	case CLI_SOURCE_ENCODING:
		return set_encoding(options, command, value);
	default:
		return false;
	}
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

bool cli_source_set_limit(struct cli_source_options *options, const char *command, const char *value)
{
	if (!options->limits.total)
		options->limits = dgm_bundle_limits;
	if (dgm_bundle_limit_set(&options->limits, dgm_str(value)))
		return true;
	fprintf(stderr,
		"dragoman %s: --bundle-limit is total, member, ratio, members or name, '=' and a number, not \"%s\"\n",
		command, value);
	return false;
}

/* What there is to be known of an input that is no bundle before it is read. */
static int prepare_file(struct cli_source *source)
{
	int status = CLI_INPUT;
	const struct cli_source_options *options = source->options;
	source->format = options->from ? cli_format(source->session, options->from, &status)
				       : cli_detect_input(source->session, source->input);
	if (!source->format)
		return status;
	if (cli_settings.verbosity > 0 && !options->from)
		cli_say("format-detected", "%.*s is %.*s", DGM_FMT(dgm_input_name(source->input)),
			DGM_FMT(source->format->id));
	if (cli_choose_charset(source->input, source->format, options->encoding) != 0)
		return CLI_INPUT;
	return cli_check_options(source->session, source->format, options->options, options->option_count);
}

static int prepare_bundle(struct cli_source *source, const char *kind, struct dgm_str only)
{
	const struct cli_source_options *options = source->options;
	const struct dgm_bundle_options setup = {.plugins = source->session->plugins,
		.catalog = source->session->catalog,
		.diags = &cli_diags,
		.input = source->input,
		.kind = kind,
		.limits = options->limits.total ? options->limits : dgm_bundle_limits,
		.from = dgm_str(options->from),
		.only = only};
	bool plugin;
	source->archive = source->input;
	source->input = NULL;
	source->bundle = dgm_bundle_open(&setup, &source->broken, &plugin);
	if (!source->bundle)
		return plugin ? CLI_PLUGIN : CLI_INPUT;
	if (dgm_bundle_rewind(source->bundle) != DGM_OK)
		return CLI_INPUT;
	const int status = cli_source_next(source);
	return status == CLI_SOURCE_END ? CLI_INPUT : status;
}

/* What there is to be known of an input before it is read. */
static int prepare(struct cli_source *source, const char *path, struct dgm_str only)
{
	struct dgm_str head;
	if (!source->input || dgm_input_head(source->input, DGM_MAGIC_HEAD, &head) != DGM_OK)
		return CLI_INPUT;
	if (head.len == 0) {
		dgm_diag_text(&cli_diags, DGM_ERROR, "input-empty", dgm_str(path), NULL, "the file is empty");
		return CLI_INPUT;
	}
	const char *kind = dgm_magic_bundle(head), *archive = dgm_magic_archive(head);
	if (kind)
		return prepare_bundle(source, kind, only);
	if (archive || only.len) {
		dgm_diag_text(&cli_diags, DGM_ERROR, "bundle-unsupported", dgm_str(path), NULL, "%s%s",
			archive ? archive : "no archive",
			archive ? " is not read; bundles are zip, tar, tar.gz, tar.zst or tar.xz" : "");
		return CLI_INPUT;
	}
	return prepare_file(source);
}

/* "ARCHIVE:MEMBER": the shortest part in front of a ':' that is a file, where the whole is none. */
static struct dgm_str split_path(const char *path, struct dgm_arena *arena, const char **ret_file)
{
	*ret_file = path;
	if (access(path, F_OK) == 0)
		return DGM_NOSTR;
	for (const char *colon = strchr(path, ':'); colon && colon > path; colon = strchr(colon + 1, ':')) {
		const char *file = dgm_arena_cstr(arena, dgm_str_of(path, (size_t)(colon - path)));
		if (colon[1] && access(file, F_OK) == 0) {
			*ret_file = file;
			return dgm_str(colon + 1);
		}
	}
	return DGM_NOSTR;
}

const char *cli_source_split(const char *path, struct dgm_arena *arena, const char **ret_only)
{
	const char *file;
	const struct dgm_str only = split_path(path, arena, &file);
	*ret_only = only.len ? only.ptr : NULL;
	return file;
}

int cli_source_open(struct cli_source *source, struct cli_session *session, const struct cli_source_options *options,
	const char *path)
{
	struct dgm_arena arena = {0};
	const char *file;
	const struct dgm_str only = split_path(path, &arena, &file);
	*source = (struct cli_source){.fd = -1, .session = session, .options = options};
	source->input = cli_open_input(file, &source->fd);
	const int status = prepare(source, path, only);
	dgm_arena_done(&arena);
	return status;
}

int cli_source_take(struct cli_source *source, struct cli_session *session, const struct cli_source_options *options,
	int fd, const char *name, struct dgm_digest *digest)
{
	*source = (struct cli_source){.input = dgm_input_fd(fd, dgm_str(name), &cli_diags, 0),
		.fd = -1,
		.session = session,
		.options = options};
	dgm_input_digest(source->input, digest);
	return prepare(source, name, dgm_str(options->only));
}

int cli_source_use(struct cli_source *source, struct cli_session *session, const struct cli_source_options *options,
	struct dgm_input *input)
{
	struct dgm_arena arena = {0};
	*source = (struct cli_source){.input = input, .fd = -1, .lent = true, .session = session, .options = options};
	const int status = prepare(source, dgm_arena_cstr(&arena, dgm_input_name(input)), dgm_str(options->only));
	dgm_arena_done(&arena);
	return status;
}

int cli_source_next(struct cli_source *source)
{
	struct dgm_bundle_member *member;
	if (!source->bundle)
		return CLI_SOURCE_END;
	dgm_input_free(source->input);
	source->input = NULL;
	source->format = NULL;
	const int result = dgm_bundle_step(source->bundle, dgm_bundle_has_records, &member);
	if (result != DGM_OK) {
		source->broken = source->broken || result == DGM_FATAL;
		return CLI_SOURCE_END;
	}
	source->input = dgm_bundle_input(source->bundle, member);
	return prepare_file(source);
}

struct dgm_input *cli_source_file(const struct cli_source *source)
{
	return source->archive ? source->archive : source->input;
}

void cli_source_close(struct cli_source *source)
{
	if (!source->lent || source->archive)
		dgm_input_free(source->input);
	dgm_bundle_free(source->bundle);
	if (!source->lent)
		dgm_input_free(source->archive);
	if (source->fd >= 0)
		close(source->fd);
	*source = (struct cli_source){.fd = -1};
}
