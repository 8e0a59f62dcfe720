/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The account of a batch: what became of every entry of the source, from the tree and the journal, in the tree's order.
 * It tells of the state of the target, and nothing of how or when it came about, so that it is the same after any number
 * of runs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "batch.h"
#include "io/jsontext.h"
#include "io/publish.h"
#include "log.h"

/* --- progress --- */

/* Often enough to look alive. */
#define PAINT_EVERY 200u

static bool painted;

static uint64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

void cli_progress_begin(struct cli_batch *batch)
{
	struct cli_doing *doing = &batch->doing;
	doing->terminal = isatty(STDERR_FILENO) && cli_settings.verbosity >= 0 && !cli_settings.json_log;
	doing->begun = doing->painted = now();
}

void cli_progress(struct cli_batch *batch)
{
	struct cli_doing *doing = &batch->doing;
	const uint64_t time = doing->terminal ? now() : 0;
	if (!doing->terminal || time - doing->painted < PAINT_EVERY)
		return;
	doing->painted = time;
	const uint64_t spent = time - doing->begun + 1, bytes = doing->bytes;
	const uint64_t left = bytes && doing->planned_bytes > bytes
		? (uint64_t)((double)(doing->planned_bytes - bytes) / (double)bytes * (double)spent / 1000)
		: 0;
	fprintf(stderr, "\r\033[Kdragoman: %llu files, %llu records, %.1f MB/s, %llu:%02llu left",
		(unsigned long long)doing->files, (unsigned long long)doing->records,
		(double)bytes / (double)spent / 1000, (unsigned long long)left / 60, (unsigned long long)left % 60);
	painted = true;
}

void cli_progress_end(struct cli_batch *batch)
{
	(void)batch;
	if (painted)
		fputs("\r\033[K", stderr);
	painted = false;
}

/* --- states --- */

enum state {
	STATE_DONE,
	STATE_REJECTED, /* published, and records were rejected */
	STATE_EMPTY,    /* published, and there was no record */
	STATE_FAILED,
	STATE_UNFINISHED, /* the run ended first */
	STATE_UNREADABLE,
	STATE_SKIPPED,
	STATE_COUNT
};

static const char *const state_names[STATE_COUNT] = {"done", "rejected", "empty", "failed", "unfinished", "unreadable",
	"skipped"};

struct sum {
	uint64_t files, read, written, rejected, lost;
};

struct account {
	struct cli_batch *batch;
	struct dgm_output *output;
	struct sum sums[STATE_COUNT], total;
	int status;
	bool any;
};

/* What weighs more than what: what concerns more than one file, then what concerns one file whole, then records. */
static int weight_of(int status)
{
	static const int order[] = {CLI_DONE, CLI_REJECTED, CLI_LOSS, CLI_INPUT, CLI_WORKER, CLI_PLUGIN, CLI_OUTPUT};
	for (size_t i = 0; i < DGM_COUNT(order); i++)
		if (order[i] == status)
			return (int)i;
	return (int)DGM_COUNT(order);
}

static void worsen(struct account *account, int status)
{
	if (weight_of(status) > weight_of(account->status))
		account->status = status;
}

static const char *skip_reason(const struct dgm_tree_entry *entry)
{
	switch (entry->kind) {
	case DGM_TREE_EXCLUDED:
		return "excluded";
	case DGM_TREE_LINK:
		return "a symbolic link, which is not followed";
	case DGM_TREE_SPECIAL:
		return "a pipe, a socket or a device";
	case DGM_TREE_OWN:
		return "dragoman's own";
	case DGM_TREE_UNREADABLE:
		return strerrordesc_np(entry->error);
	case DGM_TREE_FILE:
	case DGM_TREE_FOLDER:
		break;
	}
	return "";
}

/* --- report.json --- */

static void put(struct account *account, const char *text)
{
	if (account->output)
		dgm_output_write(account->output, dgm_str(text));
}

/* Names of files are bytes: what is no UTF-8 is there in base64, too. */
static void put_name(struct account *account, const char *member, const char *exact, bool first, struct dgm_str name)
{
	dgm_json_member(account->output, first, member, name);
	if (dgm_utf8_valid(name))
		return;
	put(account, ",");
	dgm_json_name(account->output, exact);
	dgm_json_base64(account->output, name);
}

static void put_codes(struct account *account, struct dgm_str codes)
{
	struct dgm_str entry;
	bool first = true;
	put(account, ",\"messages\":{");
	while (dgm_str_next(&codes, DGM_STR(","), &entry)) {
		const size_t colon = dgm_str_find(entry, DGM_STR(":"));
		uint64_t count = 0;
		dgm_str_to_u64(dgm_str_skip(entry, colon + 1), &count);
		char code[48];
		snprintf(code, sizeof code, "%.*s", DGM_FMT(dgm_str_take(entry, colon)));
		dgm_json_count(account->output, first, code, count);
		first = false;
	}
	put(account, "}");
}

static void put_text(struct account *account, const char *member, struct dgm_str body, const char *key)
{
	const struct dgm_str text = dgm_line_get(body, key, &account->batch->arena);
	if (text.len)
		dgm_json_member(account->output, false, member, text);
}

/* An entry of the report. body: of the journal, or empty. */
static void put_entry(struct account *account, const struct dgm_tree_entry *entry, enum state state,
	struct dgm_str body)
{
	struct dgm_arena *arena = &account->batch->arena;
	if (!account->output)
		return;
	put(account, account->any ? ",\n{" : "\n{");
	account->any = true;
	put_name(account, "file", "file_base64", true, dgm_str(entry->path));
	dgm_json_member(account->output, false, "state", dgm_str(state_names[state]));
	if (entry->kind != DGM_TREE_FILE)
		dgm_json_member(account->output, false, "reason", dgm_str(skip_reason(entry)));
	if (body.len) {
		put_text(account, "format", body, "format");
		put_text(account, "code", body, "code");
		put_text(account, "reason", body, "reason");
		dgm_json_count(account->output, false, "status", dgm_line_count(body, "status"));
		dgm_json_count(account->output, false, "bytes", dgm_line_count(body, "bytes"));
		dgm_json_count(account->output, false, "read", dgm_line_count(body, "read"));
		dgm_json_count(account->output, false, "written", dgm_line_count(body, "written"));
		dgm_json_count(account->output, false, "rejected", dgm_line_count(body, "rejected"));
		dgm_json_count(account->output, false, "values_lost", dgm_line_count(body, "lost"));
		const struct dgm_str output = dgm_line_get(body, "out", arena);
		if (output.len)
			put_name(account, "output", "output_base64", false, output);
		put_text(account, "sha256_input", body, "sum");
		put_text(account, "sha256_output", body, "outsum");
		put_codes(account, dgm_line_get(body, "codes", arena));
	}
	put(account, "}");
}

static void put_sum(struct account *account, const char *name, const struct sum *sum)
{
	struct dgm_output *output = account->output;
	dgm_json_name(output, name);
	put(account, "{");
	dgm_json_count(output, true, "files", sum->files);
	dgm_json_count(output, false, "read", sum->read);
	dgm_json_count(output, false, "written", sum->written);
	dgm_json_count(output, false, "rejected", sum->rejected);
	dgm_json_count(output, false, "values_lost", sum->lost);
	put(account, "}");
}

static void put_end(struct account *account)
{
	if (!account->output)
		return;
	put(account, "\n],\n\"states\":{");
	for (size_t state = 0; state < STATE_COUNT; state++) {
		put(account, state ? ",\n" : "\n");
		put_sum(account, state_names[state], &account->sums[state]);
	}
	put(account, "\n},\n");
	put_sum(account, "total", &account->total);
	put(account, ",\n");
	dgm_json_count(account->output, true, "exit_status", (uint64_t)account->status);
	put(account, "\n}\n");
}

/* --- adding up --- */

static void add(struct account *account, enum state state, struct dgm_str body)
{
	struct sum *const sums[] = {&account->sums[state], &account->total};
	for (size_t i = 0; i < DGM_COUNT(sums); i++) {
		sums[i]->files++;
		sums[i]->read += dgm_line_count(body, "read");
		sums[i]->written += dgm_line_count(body, "written");
		sums[i]->rejected += dgm_line_count(body, "rejected");
		sums[i]->lost += dgm_line_count(body, "lost");
	}
}

static enum state state_of_line(struct dgm_str body)
{
	if (!dgm_str_is(dgm_line_word(body), "done"))
		return STATE_FAILED;
	if (dgm_line_count(body, "read") == 0)
		return STATE_EMPTY;
	return dgm_line_count(body, "rejected") ? STATE_REJECTED : STATE_DONE;
}

static void account_for(struct account *account, size_t index)
{
	struct cli_batch *batch = account->batch;
	const struct dgm_tree_entry *entry = &batch->tree.entries[index];
	struct dgm_str body = DGM_NOSTR;
	enum state state = STATE_SKIPPED;
	dgm_arena_reset(&batch->arena);
	if (entry->kind == DGM_TREE_FILE && cli_journal_line(batch, index, &body)) {
		state = state_of_line(body);
		worsen(account, (int)dgm_line_count(body, "status"));
	} else if (entry->kind == DGM_TREE_FILE) {
		state = STATE_UNFINISHED;
		worsen(account, CLI_OUTPUT);
	} else if (entry->kind == DGM_TREE_UNREADABLE) {
		state = STATE_UNREADABLE;
		worsen(account, CLI_INPUT);
		dgm_diag_text(&cli_diags, DGM_ERROR, "input-open", dgm_str(entry->path), NULL, "cannot be opened: %s",
			skip_reason(entry));
	} else if (entry->kind == DGM_TREE_LINK || entry->kind == DGM_TREE_SPECIAL) {
		dgm_diag_text(&cli_diags, DGM_NOTE, "input-skipped", dgm_str(entry->path), NULL, "is %s",
			skip_reason(entry));
	}
	add(account, state, body);
	put_entry(account, entry, state, body);
}

static void say_table(const struct account *account)
{
	cli_say("summary", "%-10s %10s %12s %12s %10s %10s", "", "files", "read", "written", "rejected", "lost");
	for (size_t state = 0; state <= STATE_COUNT; state++) {
		const struct sum *sum = state < STATE_COUNT ? &account->sums[state] : &account->total;
		if (sum->files == 0 && state < STATE_COUNT)
			continue;
		cli_say("summary", "%-10s %10llu %12llu %12llu %10llu %10llu",
			state < STATE_COUNT ? state_names[state] : "total", (unsigned long long)sum->files,
			(unsigned long long)sum->read, (unsigned long long)sum->written,
			(unsigned long long)sum->rejected, (unsigned long long)sum->lost);
	}
	const struct cli_doing *doing = &account->batch->doing;
	cli_say("summary", "this run: %llu converted, %llu failed, %llu unchanged, %llu vanished",
		(unsigned long long)doing->done, (unsigned long long)doing->failed,
		(unsigned long long)doing->unchanged, (unsigned long long)doing->vanished);
}

/*
 * A shard has none: that of all shards is written when they are merged. In the target it has a temporary name of its own,
 * so that the next run finds what a killed one left.
 */
static struct dgm_output *open_report(struct cli_batch *batch, struct dgm_publish **ret_publish)
{
	struct dgm_output *output = NULL;
	const char *path = batch->options->report;
	if (path)
		output = dgm_output_file(dgm_str(path), true, &cli_diags);
	else
		*ret_publish =
			dgm_publish_at(batch->target, DGM_STR("report.json"), DGM_STR("report.json"), &cli_diags);
	if (*ret_publish)
		output = dgm_output_fd(dgm_publish_fd(*ret_publish), -1, DGM_STR("report.json"), &cli_diags);
	if (output) {
		dgm_output_write(output, DGM_STR("{\n"));
		dgm_json_member(output, true, "target", batch->format->id);
		dgm_output_write(output, DGM_STR(",\n\"files\":["));
	}
	return output;
}

int cli_batch_account(struct cli_batch *batch)
{
	const bool whole = batch->shard == 0;
	struct dgm_publish *publish = NULL;
	struct account account = {.batch = batch, .output = whole ? open_report(batch, &publish) : NULL};
	for (size_t i = 0; i < batch->tree.count; i++)
		if (whole ? batch->tree.entries[i].kind != DGM_TREE_FOLDER : cli_batch_wants(batch, i))
			account_for(&account, i);
	if (batch->broken || (whole && !account.output))
		worsen(&account, CLI_OUTPUT);
	const uint64_t files = account.total.files - account.sums[STATE_SKIPPED].files;
	if (files == 0 && whole) {
		dgm_diag_text(&cli_diags, DGM_WARNING, "no-records", DGM_NOSTR, NULL, "there was no file to convert");
		worsen(&account, CLI_REJECTED);
	}
	put_end(&account);
	if (account.output && (dgm_output_commit(account.output) != 0 || (publish && dgm_publish_commit(publish) != 0)))
		worsen(&account, CLI_OUTPUT);
	dgm_output_free(account.output);
	dgm_publish_free(publish);
	cli_log_end();
	say_table(&account);
	return account.status;
}
