/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a batch writes down and what it believes of it. A file that was done is left alone as long as its input, the setup
 * and its outputs are the same; they are held to be by number, size and times, and where these differ by digest.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "batch.h"
#include "io/beneath.h"
#include "io/publish.h"
#include "log.h"

/* Lines that a power cut may cost: each is a file done once more. */
#define LINES_UNSYNCED 64u

/* --- replay --- */

/* Outputs that were begun and are not ended; there are as many as workers. */
static void end_begun(struct cli_batch *batch, const char *input)
{
	struct dgm_tree *begun = &batch->begun;
	for (size_t i = begun->count; i > 0; i--)
		if (strcmp(begun->entries[i - 1].path, input) == 0)
			begun->entries[i - 1] = begun->entries[--begun->count];
}

static void take_line(void *context, uint64_t offset, struct dgm_str body)
{
	struct cli_batch *batch = context;
	const struct dgm_str word = dgm_line_word(body);
	dgm_arena_reset(&batch->arena);
	const struct dgm_str input = dgm_line_get(body, "in", &batch->arena);
	if (input.len == 0)
		return;
	if (dgm_str_is(word, "begin")) {
		dgm_tree_add(&batch->begun, input, DGM_TREE_FILE)->size = offset;
		return;
	}
	end_begun(batch, input.ptr);
	const struct dgm_tree_entry *entry = dgm_tree_find(&batch->tree, input.ptr);
	if (entry && entry->kind == DGM_TREE_FILE)
		batch->fates[entry - batch->tree.entries].line = offset;
	else
		dgm_tree_add(&batch->gone, input, dgm_str_is(word, "gone") ? DGM_TREE_OWN : DGM_TREE_FILE)->size =
			offset;
}

static void clear_leftover(int root, const char *path)
{
	const char *name;
	const int folder = dgm_folder_beneath(root, path, &name);
	if (folder < 0)
		return;
	dgm_publish_leftover(folder, dgm_str(name));
	close(folder);
}

/* Temporary files of workers and of the broker that were killed. */
static void clear_begun(struct cli_batch *batch)
{
	for (size_t i = 0; i < batch->begun.count; i++) {
		struct dgm_str body;
		dgm_arena_reset(&batch->arena);
		if (dgm_journal_read(&batch->journal, batch->begun.entries[i].size, &batch->arena, &body) != 0)
			continue;
		const struct dgm_str input = dgm_line_get(body, "in", &batch->arena);
		clear_leftover(batch->target, dgm_line_get(body, "out", &batch->arena).ptr);
		clear_leftover(batch->rejects, cli_batch_rejects(batch, input.ptr));
		if (batch->reports >= 0)
			clear_leftover(batch->reports, cli_batch_report(batch, input.ptr));
	}
}

static void add_sum(struct cli_batch *batch, const char *key, const uint8_t sum[DGM_DIGEST_SIZE])
{
	dgm_line_sum(&batch->line, key, sum);
}

static int add_line(struct cli_batch *batch, uint64_t *ret_offset)
{
	if (!batch->broken && dgm_journal_add(&batch->journal, dgm_line_end(&batch->line), ret_offset) != 0)
		batch->broken = true;
	if (!batch->broken && batch->journal.unsynced >= LINES_UNSYNCED && dgm_journal_sync(&batch->journal) != 0)
		batch->broken = true;
	return batch->broken ? -1 : 0;
}

int cli_journal_begin(struct cli_batch *batch)
{
	if (dgm_journal_open(&batch->journal, batch->own, batch->journal_name, dgm_str(batch->journal_name), &cli_diags,
		    take_line, batch) != 0)
		return -1;
	clear_begun(batch);
	if (batch->journal.size == 0) {
		dgm_line_begin(&batch->line, "journal");
		dgm_line_number(&batch->line, "version", 1);
		if (add_line(batch, NULL) != 0)
			return -1;
	}
	dgm_line_begin(&batch->line, "run");
	dgm_line_text(&batch->line, "dragoman", DGM_STR(DGM_VERSION));
	dgm_line_text(&batch->line, "to", dgm_str(batch->options->common.to));
	add_sum(batch, "tool", batch->setup.tool);
	add_sum(batch, "plugins", batch->setup.plugins);
	add_sum(batch, "definitions", batch->setup.definitions);
	add_sum(batch, "options", batch->setup.options);
	dgm_line_text(&batch->line, "setup", dgm_str(batch->key));
	return add_line(batch, NULL);
}

/* --- identity --- */

#define IDENTITY_MAX 120

static void print_identity(char text[IDENTITY_MAX], const struct stat *file)
{
	snprintf(text, IDENTITY_MAX, "%llu:%llu:%lld.%09ld:%lld.%09ld", (unsigned long long)file->st_ino,
		(unsigned long long)file->st_size, (long long)file->st_mtim.tv_sec, file->st_mtim.tv_nsec,
		(long long)file->st_ctim.tv_sec, file->st_ctim.tv_nsec);
}

static bool stat_beneath(int root, const char *path, struct stat *ret_file)
{
	const char *name;
	const int folder = dgm_folder_beneath(root, path, &name);
	if (folder < 0)
		return false;
	const bool found = fstatat(folder, name, ret_file, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(ret_file->st_mode);
	close(folder);
	return found;
}

/* "-" where there is none. */
static void add_identity(struct cli_batch *batch, const char *key, int root, const char *path)
{
	struct stat file;
	char text[IDENTITY_MAX] = "-";
	if (path && stat_beneath(root, path, &file))
		print_identity(text, &file);
	dgm_line_text(&batch->line, key, dgm_str(text));
}

/* Whether a file is the one that the line speaks of. *ret_moved: only by its digest. */
static bool is_same(struct cli_batch *batch, int root, const char *path, struct dgm_str body, const char *identity,
	const char *digest, bool *ret_moved)
{
	struct stat file;
	char text[IDENTITY_MAX], hex[DGM_DIGEST_HEX];
	uint8_t sum[DGM_DIGEST_SIZE];
	if (!stat_beneath(root, path, &file))
		return false;
	print_identity(text, &file);
	if (dgm_str_is(dgm_line_get(body, identity, &batch->arena), text))
		return true;
	if (dgm_digest_file(root, path, sum) != 0)
		return false;
	dgm_digest_hex(sum, hex);
	*ret_moved = true;
	return dgm_str_eq(dgm_line_get(body, digest, &batch->arena), dgm_str_of(hex, sizeof hex));
}

/* Rejects and reports have no digest: that they are there as they were left is told by their identity alone. */
static bool is_there(struct cli_batch *batch, int root, const char *path, struct dgm_str body, const char *key)
{
	struct stat file;
	char text[IDENTITY_MAX] = "-";
	if (stat_beneath(root, path, &file))
		print_identity(text, &file);
	return dgm_str_is(dgm_line_get(body, key, &batch->arena), text);
}

/* --- what is said of a file --- */

bool cli_journal_line(struct cli_batch *batch, size_t index, struct dgm_str *ret_body)
{
	const uint64_t offset = batch->fates[index].line;
	return offset != 0 && dgm_journal_read(&batch->journal, offset, &batch->arena, ret_body) == 0;
}

static bool said_same(struct cli_batch *batch, struct dgm_str body, const char *key, const char *now)
{
	return dgm_str_eq(dgm_line_get(body, key, &batch->arena), dgm_str(now));
}

/* An output under a name that the input no longer has, because of a twin that came or went. */
static void remove_former(struct cli_batch *batch, struct dgm_str body, const char *output)
{
	const char *former = dgm_line_get(body, "out", &batch->arena).ptr, *name;
	bool moved = false;
	if (!*former || strcmp(former, output) == 0 ||
		!is_same(batch, batch->target, former, body, "outid", "outsum", &moved))
		return;
	for (size_t i = 0; i < batch->tree.count; i++)
		if (batch->tree.entries[i].kind == DGM_TREE_FILE &&
			strcmp(dgm_name_of(&batch->arena, batch->tree.entries[i].path, (enum dgm_name)batch->names[i],
				       batch->format->extension)
					.ptr,
				former) == 0)
			return; /* it is another one's now, and will be replaced */
	const int folder = dgm_folder_beneath(batch->target, former, &name);
	if (folder < 0)
		return;
	if (unlinkat(folder, name, 0) == 0) {
		batch->doing.moved++;
		dgm_diag_text(&cli_diags, DGM_NOTE, "output-renamed", dgm_str(former), NULL,
			"is now %s: another input has come or gone that would be called the same", output);
	}
	close(folder);
}

bool cli_journal_holds(struct cli_batch *batch, size_t index)
{
	struct dgm_str body;
	bool moved = false;
	const struct cli_fate *fate = &batch->fates[index];
	const char *path = batch->tree.entries[index].path;
	dgm_arena_reset(&batch->arena);
	if (!cli_journal_line(batch, index, &body))
		return false;
	const char *output = cli_batch_output(batch, index);
	remove_former(batch, body, output);
	if (!dgm_str_is(dgm_line_word(body), "done") || !said_same(batch, body, "setup", batch->key) ||
		!said_same(batch, body, "from", fate->from) || !said_same(batch, body, "encoding", fate->encoding) ||
		!said_same(batch, body, "out", output))
		return false;
	if (!is_same(batch, batch->source, path, body, "id", "sum", &moved) ||
		!is_same(batch, batch->target, output, body, "outid", "outsum", &moved) ||
		!is_there(batch, batch->rejects, cli_batch_rejects(batch, path), body, "rejectsid") ||
		(batch->reports >= 0 &&
			!is_there(batch, batch->reports, cli_batch_report(batch, path), body, "reportid")))
		return false;
	/* The next look need not read it again. */
	if (moved) {
		static const char *const copied[] = {"setup", "from", "encoding", "format", "sum", "outsum", "status",
			"read", "written", "rejected", "lost", "repeated", "bytes", "codes"};
		dgm_line_begin(&batch->line, "done");
		dgm_line_text(&batch->line, "in", dgm_str(path));
		dgm_line_text(&batch->line, "out", dgm_str(output));
		add_identity(batch, "id", batch->source, path);
		add_identity(batch, "outid", batch->target, output);
		dgm_line_text(&batch->line, "rejectsid", dgm_line_get(body, "rejectsid", &batch->arena));
		dgm_line_text(&batch->line, "reportid", dgm_line_get(body, "reportid", &batch->arena));
		for (size_t i = 0; i < DGM_COUNT(copied); i++)
			dgm_line_text(&batch->line, copied[i], dgm_line_get(body, copied[i], &batch->arena));
		add_line(batch, &batch->fates[index].line);
	}
	return true;
}

void cli_journal_started(struct cli_batch *batch, size_t index)
{
	dgm_line_begin(&batch->line, "begin");
	dgm_line_text(&batch->line, "in", dgm_str(batch->tree.entries[index].path));
	dgm_line_text(&batch->line, "out", dgm_str(cli_batch_output(batch, index)));
	add_line(batch, NULL);
}

static void add_counts(struct cli_batch *batch, const struct cli_file_report *report)
{
	struct dgm_line *line = &batch->line;
	struct dgm_str codes = DGM_NOSTR;
	dgm_line_number(line, "status", report->status);
	dgm_line_number(line, "read", report->read);
	dgm_line_number(line, "written", report->written);
	dgm_line_number(line, "rejected", report->rejected);
	dgm_line_number(line, "lost", report->lost);
	dgm_line_number(line, "repeated", report->repeated);
	dgm_line_number(line, "bytes", report->bytes);
	for (uint32_t i = 0; i < report->tally_count && i < CLI_TALLIES; i++)
		codes = dgm_arena_printf(&batch->arena, "%.*s%s%s:%llu", DGM_FMT(codes), codes.len ? "," : "",
			report->tallies[i].code, (unsigned long long)report->tallies[i].count);
	dgm_line_text(line, "codes", codes);
}

static void begin_line(struct cli_batch *batch, const char *word, size_t index, const struct cli_file_report *report)
{
	const struct cli_fate *fate = &batch->fates[index];
	dgm_line_begin(&batch->line, word);
	dgm_line_text(&batch->line, "in", dgm_str(batch->tree.entries[index].path));
	dgm_line_text(&batch->line, "setup", dgm_str(batch->key));
	dgm_line_text(&batch->line, "from", dgm_str(fate->from));
	dgm_line_text(&batch->line, "encoding", dgm_str(fate->encoding));
	dgm_line_text(&batch->line, "format", dgm_str(report->format));
}

void cli_journal_done(struct cli_batch *batch, size_t index, const struct cli_file_report *report)
{
	const char *path = batch->tree.entries[index].path;
	dgm_arena_reset(&batch->arena);
	const char *output = cli_batch_output(batch, index);
	begin_line(batch, "done", index, report);
	dgm_line_text(&batch->line, "out", dgm_str(output));
	add_identity(batch, "id", batch->source, path);
	add_sum(batch, "sum", report->input);
	add_identity(batch, "outid", batch->target, output);
	add_sum(batch, "outsum", report->output);
	add_identity(batch, "rejectsid", batch->rejects, cli_batch_rejects(batch, path));
	add_identity(batch, "reportid", batch->reports, batch->reports >= 0 ? cli_batch_report(batch, path) : NULL);
	add_counts(batch, report);
	add_line(batch, &batch->fates[index].line);
}

void cli_journal_failed(struct cli_batch *batch, size_t index, const struct cli_file_report *report)
{
	dgm_arena_reset(&batch->arena);
	begin_line(batch, "failed", index, report);
	dgm_line_text(&batch->line, "code", dgm_str(report->code));
	dgm_line_text(&batch->line, "reason", dgm_str(report->reason));
	/* What an earlier run made of an earlier state of the file is still there, and known. */
	add_counts(batch, report);
	add_line(batch, &batch->fates[index].line);
}

void cli_journal_copy(struct cli_batch *batch, size_t index, struct dgm_str body)
{
	struct dgm_str known;
	if (cli_journal_line(batch, index, &known) && dgm_str_eq(known, body))
		return;
	dgm_line_copy(&batch->line, body);
	add_line(batch, &batch->fates[index].line);
}

/* --- inputs that are gone --- */

static int by_path_and_time(const void *a, const void *b)
{
	const struct dgm_tree_entry *x = a, *y = b;
	const int order = strcmp(x->path, y->path);
	return order ? order : (x->size > y->size) - (x->size < y->size);
}

void cli_journal_vanished(struct cli_batch *batch)
{
	struct dgm_tree *gone = &batch->gone;
	if (gone->count)
		qsort(gone->entries, gone->count, sizeof *gone->entries, by_path_and_time);
	for (size_t i = 0; i < gone->count && !batch->broken; i++) {
		const struct dgm_tree_entry *entry = &gone->entries[i];
		const bool last = i + 1 == gone->count || strcmp(entry->path, gone->entries[i + 1].path) != 0;
		if (!last || entry->kind != DGM_TREE_FILE)
			continue;
		batch->doing.vanished++;
		dgm_diag_text(&cli_diags, DGM_NOTE, "input-vanished", dgm_str(entry->path), NULL,
			"an earlier run converted it and it is gone; what became of it stays");
		dgm_line_begin(&batch->line, "gone");
		dgm_line_text(&batch->line, "in", dgm_str(entry->path));
		add_line(batch, NULL);
	}
}
