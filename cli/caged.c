/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two workers: one that recognises the formats of inputs, so that the definitions are known, and one that converts. A
 * regular file is read by each from its start; what comes through a pipe can be read once, and its first bytes are kept.
 */
#define _GNU_SOURCE
#include "caged.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "frames.h"
#include "host/detect.h"
#include "host/magic.h"
#include "io/identity.h"
#include "lock.h"
#include "log.h"
#include "worker.h"

/* Recognised by one worker; the answers are one frame. */
#define ROUND 2048u
#define UNKNOWN UINT32_MAX
#define BUNDLE (UINT32_MAX - 1)
#define NOTHING (UINT32_MAX - 2) /* to be said of it */

struct entry {
	const char *name;
	int fd;                  /* -1: it could not be opened */
	struct dgm_input *input; /* of what can be read once; NULL for a file */
	const char *from;        /* NULL: nothing knows its format */
	const char *only;        /* of a bundle; NULL: all of it */
	bool bundle;
	struct stat before;
	off_t origin; /* where the file is read from */
};

struct caged {
	struct cli_task *task;
	struct entry *entries;
	int *fds;    /* of those that are open */
	int *copies; /* where inputs that can be read once are copied to, if need be; theirs */
	size_t count, fd_count, copy_count;
	struct dgm_arena arena; /* of names */
	/* of the round */
	size_t first, round;
	uint32_t answers[ROUND];
};

/* --- what is opened --- */

/* More inputs than a process may have open as things are: the system may allow more. */
static void raise_limit(size_t wanted)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > wanted + 64)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void open_entry(struct caged *caged, struct entry *entry, const char *name)
{
	struct dgm_str head;
	int own;
	*entry = (struct entry){.name = name, .fd = -1, .from = caged->task->request->source.from};
	const char *file = cli_source_split(name, &caged->arena, &entry->only);
	struct dgm_input *input = cli_open_input(file, &own);
	if (!input)
		return;
	entry->fd = own < 0 ? STDIN_FILENO : own;
	caged->fds[caged->fd_count++] = entry->fd;
	if (fstat(entry->fd, &entry->before) == 0 && S_ISREG(entry->before.st_mode)) {
		entry->origin = lseek(entry->fd, 0, SEEK_CUR);
		dgm_input_free(input);
		return;
	}
	entry->before.st_mode = 0;
	entry->input = input;
	/* A bundle is read at any place; where this one cannot be copied to is said when it has to be. */
	const int copy = dgm_input_prepare(input);
	if (copy >= 0)
		caged->copies[caged->copy_count++] = copy;
	/* Bytes that nobody looks at here: the worker that recognises them cannot hand them on. */
	if (dgm_input_head(input, DGM_DETECT_HEAD, &head) != DGM_OK)
		entry->fd = -1;
}

static void close_entries(struct caged *caged)
{
	for (size_t i = 0; i < caged->count; i++)
		dgm_input_free(caged->entries[i].input);
	for (size_t i = 0; i < caged->fd_count; i++)
		if (caged->fds[i] != STDIN_FILENO)
			close(caged->fds[i]);
	dgm_arena_done(&caged->arena);
	free(caged->entries);
	free(caged->fds);
	free(caged->copies);
	free(caged);
}

/* --- recognising, in a worker --- */

static uint32_t recognise(struct caged *caged, const struct entry *entry)
{
	struct cli_session *session = caged->task->session;
	struct dgm_input *input = entry->input;
	uint32_t answer = UNKNOWN;
	if (entry->fd < 0)
		return UNKNOWN;
	if (!input)
		input = dgm_input_fd(entry->fd, dgm_str(entry->name), &cli_diags, DGM_DETECT_HEAD);
	const struct dgm_entry *found = NULL;
	struct dgm_str head;
	if (dgm_input_head(input, DGM_DETECT_HEAD, &head) != DGM_OK)
		answer = UNKNOWN;
	else if (dgm_magic_bundle(head))
		answer = BUNDLE;
	else if (entry->from || entry->only || dgm_magic_archive(head))
		answer = NOTHING; /* the other worker knows, or says what is wrong */
	else if ((found = cli_recognise(session, input)) != NULL)
		answer = (uint32_t)(found - session->catalog->entries);
	if (!entry->input)
		dgm_input_free(input);
	return answer;
}

static void recognise_round(void *context, int pipe)
{
	struct caged *caged = context;
	struct cli_fds fds = {0};
	struct dgm_cage_state state;
	cli_fds_add(&fds, pipe, DGM_CAGE_WRITE);
	for (size_t i = 0; i < caged->fd_count; i++)
		cli_fds_add(&fds, caged->fds[i], DGM_CAGE_READ);
	for (size_t i = 0; i < ROUND; i++)
		caged->answers[i] = UNKNOWN;
	if (cli_fds_lock(&fds, &caged->task->request->limits, &state) != 0) {
		caged->round = 0;
		return;
	}
	for (size_t i = 0; i < caged->round; i++)
		caged->answers[i] = recognise(caged, &caged->entries[caged->first + i]);
}

/* What the worker says of an entry; 0, or an exit status after a message. */
static int take_answer(struct caged *caged, struct entry *entry, uint32_t answer)
{
	struct cli_session *session = caged->task->session;
	const struct cli_request *request = caged->task->request;
	int status = CLI_PLUGIN;
	if (entry->fd < 0)
		return 0;
	/* The descriptor is the worker's, too, and so is its place. */
	if (!entry->input && lseek(entry->fd, entry->origin, SEEK_SET) < 0)
		return CLI_INPUT;
	if (answer == BUNDLE) {
		/* Which formats its members have is seen when all is locked. */
		entry->bundle = true;
		cli_session_load(session);
		return dgm_plugin_load(session->plugins, DGM_STR("bundle"), &cli_diags) ? 0 : CLI_PLUGIN;
	}
	if (answer == NOTHING)
		return 0;
	if (answer >= session->catalog->count) {
		entry->fd = -1;
		return 0;
	}
	entry->from = dgm_arena_cstr(&caged->arena, session->catalog->entries[answer].id);
	const struct dgm_format *format = cli_format(session, entry->from, &status);
	if (cli_settings.verbosity > 0)
		cli_say("format-detected", "%s is %s", entry->name, entry->from);
	return format ? cli_check_options(session, format, request->source.options, request->source.option_count)
		      : status;
}

/* The plugin of the format that was said; it is loaded for the worker. */
static int load_said(const struct caged *caged)
{
	const struct cli_source_options *source = &caged->task->request->source;
	int status = CLI_DONE;
	if (!source->from)
		return 0;
	const struct dgm_format *format = cli_format(caged->task->session, source->from, &status);
	return format ? cli_check_options(caged->task->session, format, source->options, source->option_count) : status;
}

static int recognise_all(struct caged *caged)
{
	if (!caged->task->request->source.from)
		cli_session_sketch(caged->task->session);
	for (caged->first = 0; caged->first < caged->count; caged->first += ROUND) {
		const size_t left = caged->count - caged->first;
		caged->round = left < ROUND ? left : ROUND;
		const struct cli_worker worker = {.work = recognise_round,
			.context = caged,
			.result = caged->answers,
			.result_size = sizeof caged->answers,
			.name = caged->count == 1 ? caged->entries[0].name : NULL,
			.limits = &caged->task->request->limits};
		int status = cli_worker_run(&worker);
		for (size_t i = 0; i < caged->round && !status; i++)
			status = take_answer(caged, &caged->entries[caged->first + i], caged->answers[i]);
		if (status)
			return status;
	}
	return 0;
}

/* --- converting, in a worker --- */

struct conversion {
	struct caged *caged;
	/* what comes back; pointers in it are the worker's */
	struct result {
		struct cli_task_end end;
		struct dgm_cage_state state;
		int began;
	} result;
};

static void convert_entry(struct cli_task *task, const struct entry *entry)
{
	struct cli_source_options options = task->request->source;
	options.from = entry->from;
	options.only = entry->only;
	if (entry->fd < 0)
		cli_task_missing(task);
	else if (entry->input)
		cli_task_input(task, entry->input, &options);
	else
		cli_task_fd(task, entry->fd, entry->name, &options, NULL);
}

/* What is left in buffers goes to the files; the other process gives them their names. */
static void seal_outputs(const struct cli_outputs *outputs, struct cli_task_end *end)
{
	bool good = !end->publish_rejects || !outputs->rejects || dgm_output_seal(outputs->rejects) == 0;
	good = (!end->publish_report || !outputs->report || dgm_output_seal(outputs->report) == 0) && good;
	struct dgm_output *whole = outputs->bundle ? outputs->bundle : outputs->main;
	good = (!end->publish || dgm_output_seal(whole) == 0) && good;
	if (good)
		return;
	end->status = CLI_OUTPUT;
	end->publish = false;
}

static void convert_all(void *context, int pipe)
{
	struct conversion *conversion = context;
	struct caged *caged = conversion->caged;
	struct result *result = &conversion->result;
	struct cli_lock lock = {.pipe = pipe,
		.inputs = caged->fds,
		.input_count = caged->fd_count,
		.outputs = caged->copies,
		.output_count = caged->copy_count};
	struct cli_task *task = caged->task;
	task->lock = &lock;
	task->jobs = 1;
	result->began = cli_task_begin(task);
	for (size_t i = 0; i < caged->count && result->began == CLI_DONE; i++)
		convert_entry(task, &caged->entries[i]);
	cli_task_end(task, &result->end);
	result->state = lock.state;
	if (result->began == CLI_DONE)
		seal_outputs(&task->outputs, &result->end);
}

/* The worker looked, too; but it is the one that is not to be trusted. */
static bool is_changed(const struct entry *entry)
{
	struct stat now;
	return entry->before.st_mode != 0 && entry->fd >= 0 &&
		(fstat(entry->fd, &now) != 0 || !dgm_stat_same(&entry->before, &now));
}

static void check_changes(const struct caged *caged, struct cli_task_end *end)
{
	if (end->status != CLI_DONE && end->status != CLI_REJECTED)
		return;
	for (size_t i = 0; i < caged->count; i++) {
		if (!is_changed(&caged->entries[i]))
			continue;
		dgm_diag_text(&cli_diags, DGM_ERROR, "input-changed", dgm_str(caged->entries[i].name), NULL,
			"was changed while it was read");
		end->status = CLI_INPUT;
		end->publish = false;
	}
}

static int convert(struct caged *caged, struct cli_task_end *ret_end)
{
	struct conversion *conversion = dgm_xcalloc(1, sizeof *conversion);
	char room[96];
	conversion->caged = caged;
	const struct cli_worker worker = {.work = convert_all,
		.context = conversion,
		.result = &conversion->result,
		.result_size = sizeof conversion->result,
		.name = caged->count == 1 ? caged->entries[0].name : NULL,
		.limits = &caged->task->request->limits};
	int status = cli_worker_run(&worker);
	if (!status)
		status = conversion->result.began;
	*ret_end = conversion->result.end;
	ret_end->format = DGM_NOSTR;
	const struct dgm_cage_state state = conversion->result.state;
	free(conversion);
	if (status)
		return status;
	check_changes(caged, ret_end);
	const struct dgm_str text = dgm_cage_text(&state, room);
	if (cli_settings.verbosity > 0 || !state.filter)
		cli_say("sandbox", "what read the input was locked by %.*s", DGM_FMT(text));
	return 0;
}

int cli_caged_convert(struct cli_task *task, int count, char **paths, struct cli_task_end *ret_end)
{
	struct caged *caged = dgm_xcalloc(1, sizeof *caged);
	caged->task = task;
	caged->count = (size_t)count;
	caged->entries = dgm_xcalloc(caged->count, sizeof *caged->entries);
	caged->fds = dgm_xcalloc(caged->count, sizeof *caged->fds);
	caged->copies = dgm_xcalloc(caged->count, sizeof *caged->copies);
	if (task->jobs > 1)
		dgm_diag_text(&cli_diags, DGM_NOTE, "jobs-serial", DGM_NOSTR, NULL,
			"one process converts, for it is locked; --sandbox off allows several");
	if (task->outputs.bundle)
		dgm_plugin_load(task->session->plugins, DGM_STR("bundle"), &cli_diags);
	raise_limit(caged->count);
	for (size_t i = 0; i < caged->count; i++)
		open_entry(caged, &caged->entries[i], paths[i]);
	int status = load_said(caged);
	if (!status)
		status = recognise_all(caged);
	if (!status)
		status = convert(caged, ret_end);
	close_entries(caged);
	return status;
}
