/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The broker's loop: as many files in work as there are helpers. A file is published when its worker has ended well, its
 * report is whole and its input is what it was; else nothing of it appears.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "batch.h"
#include "io/beneath.h"
#include "io/identity.h"
#include "io/publish.h"
#include "log.h"
#include "worker.h"

/* A helper and the file that it has in work. */
struct slot {
	pid_t helper; /* 0: none */
	int socket;
	bool busy, piped, ended; /* the pipe is open; the helper has told how the worker ended */
	size_t index;
	int input, pipe, folder, report_folder, rejects, status;
	struct stat before;
	struct dgm_publish *output, *report;
	bool whole;     /* the worker's account is there */
	bool no_memory; /* it said that memory ran out */
	struct cli_file_report account;
	char frames[CLI_FRAME_MAX + sizeof(struct cli_frame_head)];
	size_t length;
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void clear(struct slot *slot)
{
	close_fd(&slot->input);
	close_fd(&slot->pipe);
	close_fd(&slot->folder);
	close_fd(&slot->report_folder);
	close_fd(&slot->rejects);
	dgm_publish_free(slot->output);
	dgm_publish_free(slot->report);
	slot->output = slot->report = NULL;
	slot->busy = slot->piped = slot->ended = slot->whole = false;
	slot->length = 0;
	memset(&slot->account, 0, sizeof slot->account);
}

static int start_helper(struct cli_batch *batch, struct slot *slot)
{
	slot->helper = cli_helper_start(batch, &slot->socket);
	if (slot->helper > 0)
		return 0;
	slot->helper = 0;
	dgm_diag_text(&cli_diags, DGM_ERROR, "worker-start", DGM_NOSTR, NULL, "no worker can be started: %s",
		strerrordesc_np(errno));
	return -1;
}

static void end_helper(struct slot *slot)
{
	close_fd(&slot->socket);
	while (slot->helper > 0 && waitpid(slot->helper, NULL, 0) < 0 && errno == EINTR)
		continue;
	slot->helper = 0;
}

/* --- the end of a file --- */

static void fail(struct cli_batch *batch, struct slot *slot, int status, const char *code, const char *reason)
{
	struct cli_file_report *account = &slot->account;
	dgm_diag_text(&cli_diags, DGM_ERROR, code, dgm_str(batch->tree.entries[slot->index].path), NULL, "%s", reason);
	account->status = (uint32_t)status;
	account->written = 0;
	snprintf(account->code, sizeof account->code, "%s", code);
	snprintf(account->reason, sizeof account->reason, "%s", reason);
	cli_journal_failed(batch, slot->index, account);
	batch->doing.failed++;
}

/* A worker may be another's by now: its texts end, and its codes are words. */
static void make_safe(struct cli_file_report *account)
{
	account->format[sizeof account->format - 1] = '\0';
	account->code[sizeof account->code - 1] = '\0';
	account->reason[sizeof account->reason - 1] = '\0';
	if (account->tally_count > CLI_TALLIES)
		account->tally_count = CLI_TALLIES;
	for (uint32_t i = 0; i < CLI_TALLIES; i++)
		account->tallies[i].code[sizeof account->tallies[i].code - 1] = '\0';
}

static int copy_all(int from, int to)
{
	off_t offset = 0;
	char block[65536];
	for (;;) {
		const ssize_t got = pread(from, block, sizeof block, offset);
		if (got == 0)
			return 0;
		if (got < 0 && errno != EINTR)
			return -1;
		for (ssize_t done = 0; done < got;) {
			const ssize_t n = write(to, block + done, (size_t)(got - done));
			if (n < 0 && errno != EINTR)
				return -1;
			done += n > 0 ? n : 0;
		}
		offset += got > 0 ? got : 0;
	}
}

/* Rejects have a folder of their own, on another disk perhaps; and there are few. 0, or -1 after a diagnostic. */
static int publish_rejects(struct cli_batch *batch, const struct slot *slot)
{
	const char *path = cli_batch_rejects(batch, batch->tree.entries[slot->index].path), *name;
	if (slot->account.rejected == 0) {
		const int folder = dgm_folder_beneath(batch->rejects, path, &name);
		if (folder < 0)
			return 0;
		unlinkat(folder, name, 0);
		close(folder);
		return 0;
	}
	const int folder = dgm_make_beneath(batch->rejects, path, &name);
	struct dgm_publish *publish = NULL;
	int result = -1;
	if (folder >= 0)
		publish = dgm_publish_at(folder, dgm_str(name), dgm_str(path), &cli_diags);
	else
		dgm_diag_text(&cli_diags, DGM_ERROR, "output-open", dgm_str(path), NULL, "cannot be created: %s",
			strerrordesc_np(errno));
	if (publish && copy_all(slot->rejects, dgm_publish_fd(publish)) != 0)
		dgm_diag_text(&cli_diags, DGM_ERROR, "output-write", dgm_str(path), NULL, "cannot be written: %s",
			strerrordesc_np(errno));
	else if (publish)
		result = dgm_publish_commit(publish);
	dgm_publish_free(publish);
	if (folder >= 0)
		close(folder);
	return result;
}

static bool input_changed(const struct slot *slot)
{
	struct stat now;
	return fstat(slot->input, &now) != 0 || !dgm_stat_same(&slot->before, &now);
}

static void publish(struct cli_batch *batch, struct slot *slot)
{
	struct cli_file_report *account = &slot->account;
	/* What lies in an output that nobody will see is not written. */
	account->written = account->publish ? account->written : 0;
	bool good = !account->publish_rejects || publish_rejects(batch, slot) == 0;
	/* The worker has synced them. */
	if (good && slot->report && account->publish_report)
		good = dgm_publish_rename(slot->report) == 0;
	if (good && account->publish)
		good = dgm_publish_rename(slot->output) == 0;
	if (good)
		cli_commit_add(batch, slot->index, account, slot->folder, slot->report_folder);
	else
		fail(batch, slot, CLI_OUTPUT, "output-write", "nothing is published");
}

/* The worker is gone; what it left is judged. */
static void settle(struct cli_batch *batch, struct slot *slot)
{
	char text[160], reason[200];
	make_safe(&slot->account);
	if (slot->status != 0 || !slot->whole) {
		int status;
		const char *code = cli_worker_ended(&batch->options->common.limits,
			WIFSIGNALED(slot->status) ? WTERMSIG(slot->status) : 0, slot->no_memory, text, &status);
		snprintf(reason, sizeof reason, "%s; nothing is published", text);
		fail(batch, slot, status, code, reason);
	} else if (input_changed(slot) && slot->account.status <= CLI_REJECTED) {
		fail(batch, slot, CLI_INPUT, "input-changed", "was changed while it was read");
	} else {
		publish(batch, slot);
	}
	batch->doing.files++;
	batch->doing.bytes += (uint64_t)slot->before.st_size;
	batch->doing.records += slot->account.read;
	clear(slot);
}

/* --- what workers say --- */

/* Takes the whole frames at the front of what was read. false: it is not what a worker says. */
static bool take_frames(struct slot *slot)
{
	size_t at = 0;
	for (;;) {
		struct cli_frame_head head;
		const size_t left = slot->length - at;
		if (left < sizeof head)
			break;
		memcpy(&head, slot->frames + at, sizeof head);
		if (head.length > CLI_FRAME_MAX)
			return false;
		if (left < sizeof head + head.length)
			break;
		const struct dgm_str payload = dgm_str_of(slot->frames + at + sizeof head, head.length);
		if (head.kind == CLI_FRAME_DIAG && !slot->whole) {
			cli_progress_end(NULL);
			cli_frame_say(payload);
		} else if (head.kind == CLI_FRAME_END && payload.len == sizeof slot->account && !slot->whole) {
			memcpy(&slot->account, payload.ptr, payload.len);
			slot->whole = true;
		} else if (head.kind == CLI_FRAME_SAID) {
			cli_progress_end(NULL);
			cli_frame_said(payload);
		} else if (head.kind == CLI_FRAME_MEMORY) {
			slot->no_memory = true;
		} else {
			return false;
		}
		at += sizeof head + head.length;
	}
	memmove(slot->frames, slot->frames + at, slot->length - at);
	slot->length -= at;
	return true;
}

static void read_pipe(struct slot *slot)
{
	const ssize_t got = read(slot->pipe, slot->frames + slot->length, sizeof slot->frames - slot->length);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (got > 0) {
		slot->length += (size_t)got;
		if (take_frames(slot))
			return;
	}
	/* The end; or nonsense, of which no more is read. */
	slot->whole = slot->whole && got == 0 && slot->length == 0;
	slot->piped = false;
	close_fd(&slot->pipe);
}

/* How the worker ended. A helper that is gone took its worker along, and another one takes its place. */
static void read_socket(struct cli_batch *batch, struct slot *slot)
{
	const ssize_t got = recv(slot->socket, &slot->status, sizeof slot->status, 0);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	slot->ended = true;
	if (got == (ssize_t)sizeof slot->status)
		return;
	slot->status = SIGKILL;
	end_helper(slot);
	if (start_helper(batch, slot) != 0)
		batch->broken = true;
}

/* --- the beginning of a file --- */

/* The input, as a regular file below the source and nothing else. */
static bool open_input(struct cli_batch *batch, struct slot *slot)
{
	char reason[160];
	const char *path = batch->tree.entries[slot->index].path;
	slot->input = dgm_open_beneath(batch->source, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (slot->input >= 0 && fstat(slot->input, &slot->before) == 0 && S_ISREG(slot->before.st_mode))
		return true;
	snprintf(reason, sizeof reason, "cannot be opened: %s",
		slot->input >= 0 ? "no longer a file" : strerrordesc_np(errno));
	fail(batch, slot, CLI_INPUT, "input-open", reason);
	return false;
}

static bool open_output(struct cli_batch *batch, struct slot *slot, const char *output)
{
	const char *name;
	if (batch->names[slot->index] == DGM_NAME_NONE) {
		fail(batch, slot, CLI_OUTPUT, "output-twice",
			"its output would have the name of a folder or of the report");
		return false;
	}
	slot->folder = dgm_make_beneath(batch->target, output, &name);
	if (slot->folder >= 0)
		slot->output = dgm_publish_at(slot->folder, dgm_str(name), dgm_str(output), &cli_diags);
	if (slot->output)
		slot->rejects = dgm_publish_scratch(slot->output);
	if (slot->output && slot->rejects >= 0)
		return true;
	fail(batch, slot, CLI_OUTPUT, "output-open",
		slot->folder < 0 ? "the folder of its output cannot be made" : "its output cannot be created");
	return false;
}

static bool open_report(struct cli_batch *batch, struct slot *slot)
{
	const char *path = cli_batch_report(batch, batch->tree.entries[slot->index].path), *name;
	slot->report_folder = dgm_make_beneath(batch->reports, path, &name);
	if (slot->report_folder >= 0)
		slot->report = dgm_publish_at(slot->report_folder, dgm_str(name), dgm_str(path), &cli_diags);
	if (slot->report)
		return true;
	fail(batch, slot, CLI_OUTPUT, "output-open", "its report cannot be created");
	return false;
}

static bool send_order(struct cli_batch *batch, struct slot *slot, const char *output, int pipe_end)
{
	const struct cli_fate *fate = &batch->fates[slot->index];
	const char *const texts[] = {fate->from ? fate->from : "", fate->encoding ? fate->encoding : "",
		batch->tree.entries[slot->index].path, output};
	struct cli_order order = {.from_length = (uint32_t)strlen(texts[0]),
		.encoding_length = (uint32_t)strlen(texts[1]),
		.name_length = (uint32_t)strlen(texts[2]),
		.output_length = (uint32_t)strlen(texts[3])};
	const int fds[CLI_FD_COUNT] = {[CLI_FD_INPUT] = slot->input,
		[CLI_FD_OUTPUT] = dgm_publish_fd(slot->output),
		[CLI_FD_FOLDER] = slot->folder,
		[CLI_FD_REJECTS] = slot->rejects,
		[CLI_FD_PIPE] = pipe_end,
		[CLI_FD_REPORT] = slot->report ? dgm_publish_fd(slot->report) : -1};
	order.fd_count = slot->report ? CLI_FD_COUNT : CLI_FD_COUNT - 1;
	struct iovec parts[1 + DGM_COUNT(texts)] = {{.iov_base = &order, .iov_len = sizeof order}};
	for (size_t i = 0; i < DGM_COUNT(texts); i++) {
		memcpy(&parts[i + 1].iov_base, &texts[i], sizeof texts[i]);
		parts[i + 1].iov_len = strlen(texts[i]) + 1;
	}
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof fds)];
	} control = {0};
	const size_t size = order.fd_count * sizeof *fds;
	struct msghdr message = {.msg_iov = parts,
		.msg_iovlen = DGM_COUNT(parts),
		.msg_control = control.room,
		.msg_controllen = CMSG_SPACE(size)};
	struct cmsghdr *lent = CMSG_FIRSTHDR(&message);
	*lent = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(size)};
	memcpy(CMSG_DATA(lent), fds, size);
	ssize_t sent;
	do
		sent = sendmsg(slot->socket, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent > 0;
}

static void begin(struct cli_batch *batch, struct slot *slot, size_t index)
{
	int ends[2];
	slot->index = index;
	dgm_arena_reset(&batch->arena);
	const char *output = cli_batch_output(batch, index);
	cli_journal_started(batch, index);
	if (!open_input(batch, slot) || !open_output(batch, slot, output) ||
		(batch->reports >= 0 && !open_report(batch, slot))) {
		clear(slot);
		return;
	}
	if (pipe2(ends, O_CLOEXEC) != 0) {
		fail(batch, slot, CLI_OUTPUT, "worker-start", "no pipe can be made");
		clear(slot);
		return;
	}
	slot->pipe = ends[0];
	dgm_arena_reset(&batch->arena);
	if (send_order(batch, slot, cli_batch_output(batch, index), ends[1])) {
		slot->busy = slot->piped = true;
	} else {
		/* It went between two files; that is seen here first. */
		end_helper(slot);
		if (start_helper(batch, slot) != 0)
			batch->broken = true;
		fail(batch, slot, CLI_WORKER, "worker-died", "its worker could not be reached; nothing is published");
		clear(slot);
	}
	close(ends[1]);
}

/* --- the loop --- */

/* The next file that is not as an earlier run left it; the count of entries: there is none. */
static size_t next_file(struct cli_batch *batch, size_t index)
{
	for (; index < batch->tree.count; index++) {
		if (!cli_batch_wants(batch, index))
			continue;
		if (!cli_journal_holds(batch, index))
			break;
		batch->doing.unchanged++;
		batch->doing.files++;
		batch->doing.bytes += batch->tree.entries[index].size;
	}
	return index;
}

static void wait_for_some(struct cli_batch *batch, struct slot *slots, size_t count)
{
	struct pollfd waited[2 * CLI_JOBS_MAX];
	for (size_t i = 0; i < count; i++) {
		waited[2 * i] = (struct pollfd){.fd = slots[i].piped ? slots[i].pipe : -1, .events = POLLIN};
		waited[2 * i + 1] = (struct pollfd){.fd = slots[i].busy && !slots[i].ended ? slots[i].socket : -1,
			.events = POLLIN};
	}
	if (poll(waited, (nfds_t)(2 * count), batch->doing.terminal ? 250 : -1) < 0)
		return;
	for (size_t i = 0; i < count; i++) {
		if (waited[2 * i].revents)
			read_pipe(&slots[i]);
		if (waited[2 * i + 1].revents)
			read_socket(batch, &slots[i]);
		if (slots[i].busy && !slots[i].piped && slots[i].ended)
			settle(batch, &slots[i]);
	}
}

static size_t count_busy(const struct slot *slots, size_t count)
{
	size_t busy = 0;
	for (size_t i = 0; i < count; i++)
		busy += slots[i].busy;
	return busy;
}

static struct slot *make_slots(struct cli_batch *batch, size_t count)
{
	struct slot *slots = dgm_xcalloc(count, sizeof *slots);
	for (size_t i = 0; i < count; i++)
		slots[i].socket = slots[i].input = slots[i].pipe = slots[i].folder = slots[i].report_folder =
			slots[i].rejects = -1;
	for (size_t i = 0; i < count && !batch->broken; i++)
		batch->broken = start_helper(batch, &slots[i]) != 0;
	return slots;
}

int cli_batch_run(struct cli_batch *batch)
{
	const size_t count = (size_t)batch->options->jobs;
	struct slot *slots = make_slots(batch, count);
	size_t next = 0;
	cli_progress_begin(batch);
	for (;;) {
		for (size_t i = 0; i < count && next < batch->tree.count && !batch->broken; i++) {
			if (slots[i].busy)
				continue;
			next = next_file(batch, next);
			if (next < batch->tree.count)
				begin(batch, &slots[i], next++);
		}
		const size_t busy = count_busy(slots, count);
		if (busy == 0 && (next == batch->tree.count || batch->broken))
			break;
		if (busy)
			wait_for_some(batch, slots, count);
		cli_progress(batch);
	}
	cli_progress_end(batch);
	cli_commit_flush(batch);
	for (size_t i = 0; i < count; i++)
		end_helper(&slots[i]);
	free(slots);
	if (!batch->broken && dgm_journal_sync(&batch->journal) != 0)
		batch->broken = true;
	return batch->broken ? CLI_OUTPUT : 0;
}
