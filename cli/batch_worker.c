/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The other side of a batch. A helper is forked while the program is still small and takes orders, one at a time; for each
 * it forks a worker, which inherits everything compiled and loaded, converts one file between descriptors that it was
 * given, reports through a pipe and ends. A worker that dies takes nothing along but its file.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "batch.h"
#include "log.h"
#include "worker.h"

/* Said of one code in one file; the others are counted. As much as the program says of a code in a run. */
#define SHOWN_PER_CODE 10u

/* --- the worker: what it says --- */

static struct {
	struct cli_file_report report;
} own;

static void copy_text(char *to, size_t room, struct dgm_str from)
{
	const size_t n = from.len < room - 1 ? from.len : room - 1;
	memset(to, 0, room);
	if (n)
		memcpy(to, from.ptr, n);
}

static uint64_t count_code(const char *code)
{
	struct cli_file_report *report = &own.report;
	uint32_t i = 0;
	while (i < report->tally_count && strcmp(report->tallies[i].code, code) != 0)
		i++;
	if (i == CLI_TALLIES)
		return 1;
	if (i == report->tally_count) {
		report->tally_count++;
		copy_text(report->tallies[i].code, sizeof report->tallies[i].code, dgm_str(code));
	}
	return ++report->tallies[i].count;
}

static void send_diag(void *context, const struct dgm_diag *diag)
{
	(void)context;
	if (diag->severity == DGM_ERROR) {
		copy_text(own.report.code, sizeof own.report.code, dgm_str(diag->code));
		copy_text(own.report.reason, sizeof own.report.reason, diag->text);
	}
	if (count_code(diag->code) > SHOWN_PER_CODE && cli_settings.verbosity <= 0 && !cli_settings.json_log)
		return;
	cli_frame_diag(diag);
}

/* --- the worker: what it does --- */

struct order {
	const char *from, *encoding, *name, *output;
	int fds[CLI_FD_COUNT];
};

/* Writes what is left and makes it last; nothing else would notice a disk that fills up now. */
static bool finish(struct dgm_output *output, int fd)
{
	int result;
	if (dgm_output_commit(output) != 0)
		return false;
	do
		result = fsync(fd);
	while (result < 0 && errno == EINTR);
	if (result == 0 || errno == EINVAL)
		return true;
	dgm_diag_text(&cli_diags, DGM_ERROR, "output-write", DGM_NOSTR, NULL, "cannot be written: %s",
		strerrordesc_np(errno));
	return false;
}

static void finish_outputs(const struct order *order, const struct cli_outputs *outputs, struct cli_task_end *end)
{
	bool good = !end->publish || finish(outputs->main, order->fds[CLI_FD_OUTPUT]);
	/* The broker copies these to where they go, and syncs them there. */
	if (end->publish_rejects)
		good = dgm_output_commit(outputs->rejects) == 0 && good;
	if (end->publish_report && outputs->report)
		good = finish(outputs->report, order->fds[CLI_FD_REPORT]) && good;
	if (good)
		return;
	end->status = CLI_OUTPUT;
	end->publish = end->publish_rejects = end->publish_report = false;
}

static void fill_report(const struct cli_task_end *end, struct dgm_digest *input, struct dgm_digest *output)
{
	struct cli_file_report *report = &own.report;
	const struct dgm_counts *counts = &end->counts;
	report->status = (uint32_t)end->status;
	report->read = counts->read;
	report->written = counts->written;
	report->rejected = counts->rejected;
	report->lost = counts->lost;
	report->repeated = counts->repeated;
	report->bytes = counts->bytes;
	report->publish = end->publish;
	report->publish_rejects = end->publish_rejects;
	report->publish_report = end->publish_report;
	copy_text(report->format, sizeof report->format, end->format);
	dgm_digest_end(input, report->input);
	dgm_digest_end(output, report->output);
}

static void work(struct cli_batch *batch, const struct order *order)
{
	struct dgm_digest read, written;
	struct cli_task_end end = {.status = CLI_OUTPUT};
	struct cli_source_options source = batch->options->common.source;
	const int *fds = order->fds;
	struct cli_task task = {.session = &batch->session,
		.request = &batch->options->common,
		.target = batch->format,
		.path = order->output};
	const int synced[] = {fds[CLI_FD_OUTPUT], fds[CLI_FD_REJECTS], fds[CLI_FD_REPORT]};
	struct cli_lock lock = {.pipe = fds[CLI_FD_PIPE],
		.inputs = &fds[CLI_FD_INPUT],
		.input_count = 1,
		.outputs = synced,
		.output_count = DGM_COUNT(synced)};
	if (batch->options->common.limits.sandbox != CLI_SANDBOX_OFF)
		task.lock = &lock;
	cli_worker_begin(fds[CLI_FD_PIPE]);
	cli_diags = (struct dgm_diag_sink){.emit = send_diag};
	dgm_digest_init(&read);
	dgm_digest_init(&written);
	source.from = *order->from ? order->from : source.from;
	source.encoding = *order->encoding ? order->encoding : source.encoding;
	const struct dgm_str name = dgm_str(order->output);
	task.outputs.main = dgm_output_fd(fds[CLI_FD_OUTPUT], fds[CLI_FD_FOLDER], name, &cli_diags);
	task.outputs.rejects = dgm_output_fd(fds[CLI_FD_REJECTS], -1, name, &cli_diags);
	if (fds[CLI_FD_REPORT] >= 0)
		task.outputs.report = dgm_output_fd(fds[CLI_FD_REPORT], -1, name, &cli_diags);
	if (task.outputs.main && task.outputs.rejects && (task.outputs.report || fds[CLI_FD_REPORT] < 0)) {
		dgm_output_digest(task.outputs.main, &written);
		if (cli_task_begin(&task) == CLI_DONE)
			cli_task_fd(&task, fds[CLI_FD_INPUT], order->name, &source, &read);
		cli_task_end(&task, &end);
		finish_outputs(order, &task.outputs, &end);
	}
	fill_report(&end, &read, &written);
	cli_frame_send(CLI_FRAME_END, &own.report, sizeof own.report);
}

/* --- the helper --- */

#define HELPER_SOCKET 3
#define ORDER_MAX (sizeof(struct cli_order) + (size_t)16384 + 2 * 4096)

/* Takes the texts behind an order, and the descriptors that came with it. */
static bool take_order(struct msghdr *message, char *bytes, size_t n, struct order *order)
{
	struct cli_order head;
	const char **const texts[] = {&order->from, &order->encoding, &order->name, &order->output};
	for (size_t i = 0; i < CLI_FD_COUNT; i++)
		order->fds[i] = -1;
	const struct cmsghdr *control = CMSG_FIRSTHDR(message);
	if (control && control->cmsg_type == SCM_RIGHTS)
		memcpy(order->fds, CMSG_DATA(control), control->cmsg_len - CMSG_LEN(0));
	if (n < sizeof head)
		return false;
	memcpy(&head, bytes, sizeof head);
	const uint32_t lengths[] = {head.from_length, head.encoding_length, head.name_length, head.output_length};
	size_t at = sizeof head;
	for (size_t i = 0; i < DGM_COUNT(lengths); i++) {
		*texts[i] = bytes + at;
		at += lengths[i] + 1;
	}
	return at == n && order->fds[CLI_FD_PIPE] >= 0;
}

/* Whoever is left when the one that it works for is gone has nobody to work for. */
static void die_with(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		cli_end(CLI_DONE);
}

static int carry_out(struct cli_batch *batch, const struct order *order)
{
	int status = 0;
	const pid_t helper = getpid();
	const pid_t worker = fork();
	if (worker == 0) {
		close(HELPER_SOCKET);
		die_with(helper);
		work(batch, order);
		cli_end(CLI_DONE);
	}
	for (size_t i = 0; i < CLI_FD_COUNT; i++)
		if (order->fds[i] >= 0)
			close(order->fds[i]);
	if (worker < 0)
		return -1;
	while (waitpid(worker, &status, 0) < 0 && errno == EINTR)
		continue;
	return status;
}

static void help(struct cli_batch *batch)
{
	static char bytes[ORDER_MAX];
	for (;;) {
		union {
			struct cmsghdr head;
			char room[CMSG_SPACE(CLI_FD_COUNT * sizeof(int))];
		} control;
		struct order order;
		struct iovec part = {.iov_base = bytes, .iov_len = sizeof bytes};
		struct msghdr message = {.msg_iov = &part,
			.msg_iovlen = 1,
			.msg_control = control.room,
			.msg_controllen = sizeof control.room};
		const ssize_t n = recvmsg(HELPER_SOCKET, &message, MSG_CMSG_CLOEXEC);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		const int status = take_order(&message, bytes, (size_t)n, &order) ? carry_out(batch, &order) : -1;
		if (send(HELPER_SOCKET, &status, sizeof status, MSG_NOSIGNAL) != (ssize_t)sizeof status)
			return;
	}
}

pid_t cli_helper_start(struct cli_batch *batch, int *ret_socket)
{
	int pair[2];
	const pid_t broker = getpid();
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	const pid_t helper = fork();
	if (helper == 0) {
		/* It has nothing but the standard streams and its socket; what it lends to workers comes with an order. */
		if (dup2(pair[1], HELPER_SOCKET) < 0 || close_range(HELPER_SOCKET + 1, ~0U, 0) != 0)
			cli_end(CLI_OUTPUT);
		die_with(broker);
		help(batch);
		cli_end(CLI_DONE);
	}
	const int error = errno;
	close(pair[1]);
	if (helper < 0)
		close(pair[0]);
	else
		*ret_socket = pair[0];
	errno = error;
	return helper;
}
