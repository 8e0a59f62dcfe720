/* SPDX-License-Identifier: Apache-2.0 */
/* Forks, listens, and judges how it ended. What is locked, and when, is the work's affair. */
#define _GNU_SOURCE
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "args.h"
#include "base/arena.h"
#include "frames.h"
#include "log.h"

/* --- the worker --- */

static void send_diag(void *context, const struct dgm_diag *diag)
{
	(void)context;
	if (cli_log_shows(diag))
		cli_frame_diag(diag);
}

static void send_line(const char *code, const char *text)
{
	char line[1200];
	const int n = snprintf(line, sizeof line, "%s%c%s", code, 0, text);
	if (n > 0)
		cli_frame_send(CLI_FRAME_SAID, line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1);
}

static void send_no_memory(size_t size)
{
	(void)size;
	cli_frame_send(CLI_FRAME_MEMORY, "", 0);
	cli_end(CLI_OUTPUT);
}

void cli_worker_begin(int pipe)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	for (size_t i = 0; i < DGM_COUNT(signals); i++)
		signal(signals[i], SIG_DFL);
	dgm_no_memory_handler(send_no_memory);
	cli_frames_to(pipe);
	cli_diags = (struct dgm_diag_sink){.emit = send_diag};
	cli_log_elsewhere(send_line);
}

static _Noreturn void be_worker(const struct cli_worker *worker, pid_t parent, int pipe)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		cli_end(CLI_WORKER);
	cli_worker_begin(pipe);
	worker->work(worker->context, pipe);
	size_t count;
	const struct cli_log_count *counts = cli_log_counts(&count);
	for (size_t i = 0; i < count; i++)
		cli_frame_send(CLI_FRAME_TALLY, &counts[i], sizeof counts[i]);
	cli_end(cli_frame_send(CLI_FRAME_END, worker->result, worker->result_size) == 0 ? CLI_DONE : CLI_OUTPUT);
}

/* --- who started it --- */

struct listening {
	const struct cli_worker *worker;
	char *bytes; /* frames, of which the last may not be whole */
	size_t length;
	bool whole, no_memory, nonsense;
};

static void take_frame(struct listening *listening, uint32_t kind, struct dgm_str payload)
{
	const struct cli_worker *worker = listening->worker;
	struct cli_log_count count;
	if (kind == CLI_FRAME_DIAG) {
		cli_frame_say(payload);
	} else if (kind == CLI_FRAME_SAID) {
		cli_frame_said(payload);
	} else if (kind == CLI_FRAME_TALLY && payload.len == sizeof count) {
		memcpy(&count, payload.ptr, sizeof count);
		cli_log_add(&count);
	} else if (kind == CLI_FRAME_MEMORY) {
		listening->no_memory = true;
	} else if (kind == CLI_FRAME_END && payload.len == worker->result_size && !listening->whole) {
		memcpy(worker->result, payload.ptr, payload.len);
		listening->whole = true;
	} else {
		listening->nonsense = true;
	}
}

static void take_frames(struct listening *listening)
{
	struct dgm_str left = dgm_str_of(listening->bytes, listening->length);
	struct cli_frame_head head;
	while (left.len >= sizeof head && !listening->nonsense) {
		memcpy(&head, left.ptr, sizeof head);
		if (head.length > CLI_FRAME_MAX)
			listening->nonsense = true;
		if (listening->nonsense || head.length > left.len - sizeof head)
			break;
		take_frame(listening, head.kind, dgm_str_take(dgm_str_skip(left, sizeof head), head.length));
		left = dgm_str_skip(left, sizeof head + head.length);
	}
	if (left.len)
		memmove(listening->bytes, left.ptr, left.len);
	listening->length = left.len;
}

static void listen_to(struct listening *listening, int pipe)
{
	const size_t room = sizeof(struct cli_frame_head) + CLI_FRAME_MAX;
	listening->bytes = dgm_xmalloc(room);
	while (!listening->nonsense) {
		const ssize_t n = read(pipe, listening->bytes + listening->length, room - listening->length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		listening->length += (size_t)n;
		take_frames(listening);
	}
	if (listening->length)
		listening->nonsense = true;
	free(listening->bytes);
}

static int fail(const struct cli_worker *worker, int status, const char *code, const char *text)
{
	dgm_diag_text(&cli_diags, DGM_ERROR, code, dgm_str(worker->name), NULL, "%s; nothing is published", text);
	return status;
}

const char *cli_worker_ended(const struct cli_limits *limits, int by, bool no_memory, char room[160], int *ret_status)
{
	*ret_status = CLI_WORKER;
	if (no_memory) {
		*ret_status = CLI_OUTPUT;
		snprintf(room, 160, "memory ran out; --%s is %llu MiB", cli_limit_rows[CLI_LIMIT_MEMORY].option,
			(unsigned long long)limits->most[CLI_LIMIT_MEMORY]);
		return "no-memory";
	}
	if (by == SIGXCPU) {
		snprintf(room, 160, "reading it took more processor time than --%s allows, %llu seconds",
			cli_limit_rows[CLI_LIMIT_CPU].option, (unsigned long long)limits->most[CLI_LIMIT_CPU]);
		return "limit-cpu";
	}
	if (by == SIGSYS) {
		snprintf(room, 160, "a plugin or a library tried what the sandbox does not allow, and was ended");
		return "worker-forbidden";
	}
	if (by) {
		snprintf(room, 160, "its worker was ended by SIG%s", sigabbrev_np(by) ? sigabbrev_np(by) : "?");
		return "worker-died";
	}
	snprintf(room, 160, "its worker ended without a whole report");
	return "worker-incomplete";
}

static int judge(const struct listening *listening, int status)
{
	const struct cli_worker *worker = listening->worker;
	char text[160];
	int result;
	int by = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	if (by == 0 && status == 0 && listening->whole && !listening->nonsense)
		return CLI_DONE;
	/* One that talked nonsense was ended here. */
	if (by == SIGKILL && listening->nonsense)
		by = 0;
	const char *code = cli_worker_ended(worker->limits, by, listening->no_memory, text, &result);
	return fail(worker, result, code, text);
}

int cli_worker_run(const struct cli_worker *worker)
{
	struct listening listening = {.worker = worker};
	int ends[2], status = 0;
	const pid_t self = getpid();
	if (pipe2(ends, O_CLOEXEC) != 0)
		return fail(worker, CLI_OUTPUT, "worker-start", strerrordesc_np(errno));
	fflush(NULL);
	const pid_t child = fork();
	if (child == 0)
		be_worker(worker, self, ends[1]);
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return fail(worker, CLI_OUTPUT, "worker-start", strerrordesc_np(errno));
	}
	listen_to(&listening, ends[0]);
	close(ends[0]);
	/* It has nothing more to say: one that lingers is ended, one that is ending already ends as it does. */
	kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	return judge(&listening, status);
}
