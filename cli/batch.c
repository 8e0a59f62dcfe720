/* SPDX-License-Identifier: Apache-2.0 */
/* What a batch opens before it does anything, and where things go. */
#define _GNU_SOURCE
#include "batch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/beneath.h"
#include "io/charset.h"
#include "log.h"

/* --- names --- */

const char *cli_batch_output(struct cli_batch *batch, size_t index)
{
	return dgm_name_of(&batch->arena, batch->tree.entries[index].path, (enum dgm_name)batch->names[index],
		batch->format->extension)
		.ptr;
}

const char *cli_batch_rejects(struct cli_batch *batch, const char *path)
{
	return dgm_arena_printf(&batch->arena, "%s%s.rejects.jsonl", batch->rejects_prefix, path).ptr;
}

const char *cli_batch_report(struct cli_batch *batch, const char *path)
{
	return dgm_arena_printf(&batch->arena, "%s.report.json", path).ptr;
}

bool cli_batch_wants(const struct cli_batch *batch, size_t index)
{
	return batch->tree.entries[index].kind == DGM_TREE_FILE &&
		(batch->shard == 0 || batch->fates[index].shard == batch->shard);
}

/* --- folders --- */

static int say(const char *code, const char *path, const char *what)
{
	dgm_diag_text(&cli_diags, DGM_ERROR, code, dgm_str(path), NULL, "%s: %s", what, strerrordesc_np(errno));
	return -1;
}

/* An output folder, made where it is not there; its parent is there. */
static int open_target(const char *path, int *ret_fd)
{
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return say("output-open", path, "the folder cannot be made");
	*ret_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *ret_fd < 0 ? say("output-open", path, "the folder cannot be opened") : 0;
}

static bool same_folder(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Whether the folder `inner` lies in `outer`, or is it. */
static bool lies_in(int inner, int outer)
{
	struct stat wanted, here, above;
	int at = fcntl(inner, F_DUPFD_CLOEXEC, 3);
	bool found = false;
	if (fstat(outer, &wanted) != 0 || at < 0 || fstat(at, &here) != 0)
		return false;
	for (;;) {
		found = same_folder(&here, &wanted);
		const int parent = found ? -1 : openat(at, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		close(at);
		at = parent;
		if (at < 0 || fstat(at, &above) != 0 || same_folder(&above, &here))
			break;
		here = above;
	}
	if (at >= 0)
		close(at);
	return found;
}

static int wrong_folders(const char *target)
{
	dgm_diag_text(&cli_diags, DGM_ERROR, "batch-folders", dgm_str(target), NULL,
		"the source lies in the target, so that outputs would replace inputs or become inputs; choose another "
		"target");
	return CLI_USAGE;
}

static int open_folders(struct cli_batch *batch)
{
	const struct cli_batch_options *options = batch->options;
	batch->source = open(options->source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (batch->source < 0) {
		say("input-open", options->source, "the folder cannot be opened");
		return CLI_INPUT;
	}
	if (open_target(options->target, &batch->target) != 0)
		return CLI_OUTPUT;
	if (lies_in(batch->source, batch->target))
		return wrong_folders(options->target);
	batch->rejects_prefix = options->rejects ? "" : "rejects/";
	batch->rejects = batch->target;
	if (options->rejects && open_target(options->rejects, &batch->rejects) != 0)
		return CLI_OUTPUT;
	if (options->reports && open_target(options->reports, &batch->reports) != 0)
		return CLI_OUTPUT;
	if ((options->rejects && lies_in(batch->source, batch->rejects)) ||
		(options->reports && lies_in(batch->source, batch->reports)))
		return wrong_folders(options->rejects ? options->rejects : options->reports);
	const char *name;
	batch->own = dgm_make_beneath(batch->target, ".dragoman/journal", &name);
	if (batch->own >= 0)
		return 0;
	say("output-open", options->target, "its folder .dragoman cannot be made");
	return CLI_OUTPUT;
}

/* --- setup --- */

/* Every option that outputs depend on. */
static void digest_options(const struct cli_batch_options *options, struct dgm_digest *digest)
{
	const struct cli_request *request = &options->common;
	const char *const texts[] = {request->to, request->to_encoding, request->source.from, request->source.encoding,
		options->rejects, options->reports};
	const uint64_t numbers[] = {request->limited, request->declared, request->max_loss, request->max_errors,
		request->validate, request->strict, request->keep_invalid, request->provenance, request->handling_loss,
		request->keep_partial, request->verify, request->advice.only};
	dgm_digest_init(digest);
	for (size_t i = 0; i < DGM_COUNT(texts); i++)
		dgm_digest_text(digest, dgm_str(texts[i]));
	for (size_t i = 0; i < DGM_COUNT(numbers); i++)
		dgm_digest_number(digest, numbers[i]);
	dgm_digest_text(digest, dgm_schema_file_bytes(request->schema));
	dgm_digest_add(digest, dgm_str_of((const char *)&request->source.limits, sizeof request->source.limits));
	dgm_digest_number(digest, request->source.option_count);
	for (size_t i = 0; i < request->source.option_count; i++) {
		dgm_digest_text(digest, request->source.options[i].name);
		dgm_digest_text(digest, request->source.options[i].value);
	}
	dgm_digest_number(digest, request->to_count);
	for (size_t i = 0; i < request->to_count; i++) {
		dgm_digest_text(digest, request->to_options[i].name);
		dgm_digest_text(digest, request->to_options[i].value);
	}
	for (size_t i = 0; i < request->advice.count; i++) {
		dgm_digest_text(digest, dgm_str(request->advice.entries[i].code));
		dgm_digest_number(digest, (uint64_t)(request->advice.entries[i].severity + 1));
	}
}

/* Formats and encodings that patterns name are there. */
static int check_patterns(struct cli_batch *batch)
{
	const struct cli_batch_options *options = batch->options;
	int status = 0;
	for (size_t i = 0; i < options->patterns.count && !status; i++) {
		const struct dgm_config_entry *entry = &options->patterns.entries[i];
		if (entry->from.len && !cli_format(&batch->session, entry->from.ptr, &status))
			break;
		status = 0;
		if (entry->encoding.len && !dgm_charset_find(entry->encoding)) {
			dgm_diag_text(&cli_diags, DGM_ERROR, "config-shape", DGM_NOSTR, &entry->place,
				"there is no charset \"%.*s\"", DGM_FMT(entry->encoding));
			status = CLI_USAGE;
		}
	}
	return status;
}

int cli_batch_lock(struct cli_batch *batch, const char *name)
{
	const int locked = dgm_lock(batch->own, name, &batch->lock);
	if (locked == 0)
		return 0;
	if (locked < 0) {
		say("output-open", batch->options->target, "its lock cannot be made");
		return CLI_OUTPUT;
	}
	dgm_diag_text(&cli_diags, DGM_ERROR, "batch-busy", dgm_str(batch->options->target), NULL,
		"another run is at work on this target");
	return CLI_BUSY;
}

int cli_batch_open(struct cli_batch *batch, struct cli_batch_options *options, const char *lock)
{
	struct dgm_digest digest;
	char hex[DGM_DIGEST_HEX];
	batch->options = options;
	batch->source = batch->target = batch->own = batch->lock = batch->rejects = batch->reports = -1;
	batch->journal.fd = -1;
	batch->journal_name = "journal";
	int status = cli_session_open(&batch->session);
	if (!status)
		status = cli_task_target(&batch->session, &options->common, &batch->format);
	if (!status)
		status = check_patterns(batch);
	if (!status)
		status = open_folders(batch);
	if (!status)
		status = cli_batch_lock(batch, lock);
	if (status)
		return status;
	digest_options(options, &digest);
	if (dgm_setup_measure(&batch->setup, batch->session.plugins, batch->session.formats, &digest, &cli_diags) != 0)
		return CLI_PLUGIN;
	dgm_digest_hex(batch->setup.all, hex);
	memcpy(batch->key, hex, DGM_LINE_SUM);
	cli_session_load(&batch->session);
	return 0;
}

/* --- the list --- */

static void own_folder(struct stat *own, size_t *count, int fd)
{
	if (fd >= 0 && fstat(fd, &own[*count]) == 0)
		(*count)++;
}

/* What patterns say of single files. */
static void assign(struct cli_batch *batch)
{
	for (size_t i = 0; i < batch->tree.count; i++) {
		const struct dgm_config_entry *entry = batch->tree.entries[i].kind == DGM_TREE_FILE
			? dgm_config_find(&batch->options->patterns, batch->tree.entries[i].path)
			: NULL;
		batch->fates[i].from = entry && entry->from.len ? entry->from.ptr : NULL;
		batch->fates[i].encoding = entry && entry->encoding.len ? entry->encoding.ptr : NULL;
	}
}

/* A folder "rejects" of the source would be mirrored to where the rejects go. */
static int check_rejects(const struct cli_batch *batch)
{
	const struct dgm_tree_entry *entry = dgm_tree_find(&batch->tree, "rejects");
	if (batch->options->rejects || !entry || entry->kind != DGM_TREE_FOLDER)
		return 0;
	dgm_diag_text(&cli_diags, DGM_ERROR, "batch-folders", DGM_STR("rejects"), NULL,
		"the source has a folder of this name, where the rejects would go; say where with --rejects, or "
		"--exclude it");
	return CLI_USAGE;
}

int cli_batch_list(struct cli_batch *batch)
{
	struct stat own[3];
	struct dgm_tree_options how = {.include = batch->options->patterns.include,
		.exclude = batch->options->patterns.exclude,
		.own = own,
		.config = batch->options->no_config ? NULL : "dragoman.yaml"};
	own_folder(own, &how.own_count, batch->target);
	own_folder(own, &how.own_count, batch->reports);
	if (batch->rejects != batch->target)
		own_folder(own, &how.own_count, batch->rejects);
	dgm_tree_list(&batch->tree, batch->source, &how);
	batch->names = dgm_names(&batch->tree, batch->format->extension, batch->options->report ? NULL : "report.json");
	batch->fates = dgm_xcalloc(batch->tree.count + 1, sizeof *batch->fates);
	assign(batch);
	for (size_t i = 0; i < batch->tree.count; i++)
		batch->doing.planned_bytes += cli_batch_wants(batch, i) ? batch->tree.entries[i].size : 0;
	return check_rejects(batch);
}

void cli_batch_close(struct cli_batch *batch)
{
	const int fds[] = {batch->source, batch->target, batch->own,
		batch->rejects != batch->target ? batch->rejects : -1, batch->reports, batch->lock};
	if (batch->journal.fd >= 0)
		dgm_journal_close(&batch->journal);
	for (size_t i = 0; i < DGM_COUNT(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	dgm_tree_done(&batch->tree);
	dgm_tree_done(&batch->gone);
	dgm_tree_done(&batch->begun);
	cli_commit_free(batch);
	dgm_line_done(&batch->line);
	dgm_arena_done(&batch->arena);
	free(batch->fates);
	cli_session_close(&batch->session);
}
