/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent converts itself until a record is written, so that what is written once (a header, an envelope) is written.
 * From then on it forks a worker for each part: a copy of all that has been opened, compiled and learned, which goes on
 * at the part's mark and writes into a log. The parent goes through the logs in order. Whatever a worker cannot know (the
 * ids of other parts, how many records were rejected before, that a container is open now) is the parent's to add, and
 * where that is not possible, the parent converts the part again itself, and those behind it are begun anew.
 *
 * Workers open nothing: all descriptors are there before the first one.
 */
#define _GNU_SOURCE
#include "pipe/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipe/scout.h"

/* A part costs a fork and a thousand pages; what is made of those at work, and of those that wait, lies in memory. */
#define PART_MIN ((uint64_t)1024 * 1024)
#define PART_MAX ((uint64_t)4 * 1024 * 1024)
/* So that nobody waits long for the last one. */
#define PARTS_PER_JOB 4u
/* What the parent converts itself, once or until a record is written. */
#define FIRST_PART ((uint64_t)64 * 1024)
/* More processes than this gain nothing on one file: the parent is busy with what they say. */
#define JOBS_MAX 64u
/* What most targets make of a part; only what is used takes memory. */
#define ROOM_PER_BYTE 4u
/* Finished parts that wait for an earlier one; each takes memory. */
#define WAITING(jobs) ((jobs) / 2)

/* A part at work. */
struct slot {
	struct dgm_stretch part;
	struct dgm_part_area area;
	int over;  /* its other end is closed when the worker ends; -1: it has ended, or there is none */
	pid_t pid; /* 0: to be begun, or begun anew */
};

struct crew {
	struct dgm_conversion *conversion;
	const struct dgm_format *source;
	struct dgm_scout *scout;
	struct slot *slots; /* a ring */
	unsigned slot_count, first, count, jobs;
	uint64_t part_size;
	bool all_cut;
	uint64_t keys[2];         /* of reading and writing, at most, with those that workers met */
	struct dgm_stretch ahead; /* the next part, where it is cut already */
	bool has_ahead;
};

static struct slot *slot_at(const struct crew *crew, unsigned n)
{
	return &crew->slots[(crew->first + n) % crew->slot_count];
}

static uint64_t writer_state(const struct dgm_conversion *conversion)
{
	return conversion->writer.engine->plugin.writer_state(conversion->writer.instance);
}

static uint32_t writing_keys(const struct dgm_conversion *conversion)
{
	return dgm_keys_count(dgm_job_keys(conversion->writer.job));
}

/* --- the worker ------------------------------------------------------------------------------------------------- */

static void log_diag(void *context, const struct dgm_diag *diag)
{
	dgm_part_put_diag(context, diag);
}

static void log_output(void *context, uint32_t section, struct dgm_str bytes)
{
	dgm_part_put(context, DGM_PART_OUTPUT, section, bytes);
}

static void log_rejects(void *context, uint32_t section, struct dgm_str bytes)
{
	dgm_part_put(context, DGM_PART_REJECTS, section, bytes);
}

static void log_report(void *context, uint32_t section, struct dgm_str bytes)
{
	dgm_part_put(context, DGM_PART_REPORT, section, bytes);
}

static void log_expected(void *context, uint32_t section, struct dgm_str bytes)
{
	dgm_part_put(context, DGM_PART_EXPECTED, section, bytes);
}

/* The outputs of a conversion, in the order of enum dgm_part_stream; NULL: not wanted. */
static void list_outputs(const struct dgm_conversion *conversion, struct dgm_output *outputs[DGM_PART_STREAMS])
{
	const struct dgm_conversion_options *options = &conversion->options;
	outputs[DGM_PART_OUTPUT] = options->output;
	outputs[DGM_PART_REJECTS] = options->rejects;
	outputs[DGM_PART_REPORT] = options->report;
	outputs[DGM_PART_EXPECTED] = options->verify ? dgm_verify_expected(options->verify) : NULL;
}

/* From here on nothing of what is written or said goes where the parent's goes. */
static void divert(struct dgm_conversion *conversion, struct dgm_part_log *log)
{
	static void (*const takes[])(void *, uint32_t, struct dgm_str) = {log_output, log_rejects, log_report,
		log_expected};
	struct dgm_output *outputs[DGM_PART_STREAMS];
	list_outputs(conversion, outputs);
	for (unsigned i = 0; i < DGM_PART_STREAMS; i++)
		if (outputs[i])
			dgm_output_divert(outputs[i], takes[i], log);
	conversion->options.diags->emit = log_diag;
	conversion->options.diags->context = log;
	conversion->log = log;
	dgm_input_undigested(conversion->input);
	/* What this part adds. */
	conversion->counts = (struct dgm_counts){0};
	conversion->options.max_errors = 0;
	conversion->report.any = true;
	if (conversion->report.changes)
		*conversion->report.changes = (struct dgm_changes){0};
	if (conversion->options.verify)
		*dgm_verify_written(conversion->options.verify) = 0;
}

static _Noreturn void leave(const struct crew *crew, int status)
{
	crew->conversion->options.leave(status);
	abort();
}

/* All that a worker does. The exit status is 0, or the errno of its log. */
static _Noreturn void work(const struct crew *crew, struct slot *slot)
{
	struct dgm_conversion *conversion = crew->conversion;
	const struct dgm_stretch *part = &slot->part;
	struct dgm_part_log *log = dgm_part_log_new(&slot->area);
	struct dgm_part_end *end = slot->area.end;
	struct dgm_output *outputs[DGM_PART_STREAMS];
	const uint64_t keys[] = {dgm_reading_keys(conversion->reading), writing_keys(conversion)};
	list_outputs(conversion, outputs);
	divert(conversion, log);
	end->outcome = DGM_OUTCOME_INPUT;
	if (dgm_reading_resume(conversion->reading, &part->mark, part->spot, part->first) == 0)
		end->outcome = dgm_conversion_read(conversion, crew->source,
			part->last ? UINT64_MAX : part->first + part->records);
	for (unsigned i = 0; i < DGM_PART_STREAMS; i++)
		if (outputs[i])
			dgm_output_divert_rest(outputs[i]);
	end->bytes = dgm_input_bytes(conversion->input);
	end->reached = conversion->reached;
	end->reading_keys = dgm_reading_keys(conversion->reading) - keys[0];
	end->writing_keys = writing_keys(conversion) - keys[1];
	end->writer_state = writer_state(conversion);
	end->counts = conversion->counts;
	if (conversion->report.changes)
		end->changes = *conversion->report.changes;
	if (conversion->options.verify)
		end->expected = *dgm_verify_written(conversion->options.verify);
	leave(crew, dgm_part_log_end(log));
}

/* --- workers begin and end -------------------------------------------------------------------------------------- */

static int say_output(const struct crew *crew, const char *what, int error)
{
	dgm_diag_text(crew->conversion->options.diags, DGM_ERROR, "output-write", DGM_NOSTR, NULL, "%s: %s", what,
		strerrordesc_np(error));
	return -1;
}

/* 0, or -1 after a diagnostic. */
static int begin(const struct crew *crew, struct slot *slot)
{
	int over[2];
	const pid_t self = getpid();
	if (dgm_part_area_clear(&slot->area) != 0 || pipe2(over, O_CLOEXEC) != 0)
		return say_output(crew, "no worker can be begun", errno);
	const pid_t pid = fork();
	if (pid == 0) {
		/* A parent that is killed takes its workers along. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != self)
			leave(crew, ECANCELED);
		work(crew, slot);
	}
	const int error = errno;
	close(over[1]);
	if (pid < 0) {
		close(over[0]);
		return say_output(crew, "no worker can be begun", error);
	}
	slot->pid = pid;
	slot->over = over[0];
	return 0;
}

/* Waits for a worker; its status as of waitpid. */
static int reap(struct slot *slot)
{
	int status = 0;
	while (waitpid(slot->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (slot->over >= 0)
		close(slot->over);
	slot->over = -1;
	slot->pid = 0;
	return status;
}

/* Their work is not wanted any more. */
static void dismiss(const struct crew *crew)
{
	for (unsigned i = 0; i < crew->count; i++) {
		struct slot *slot = slot_at(crew, i);
		if (slot->pid == 0)
			continue;
		kill(slot->pid, SIGKILL);
		reap(slot);
	}
}

static unsigned count_running(const struct crew *crew)
{
	unsigned running = 0;
	for (unsigned i = 0; i < crew->count; i++)
		running += slot_at(crew, i)->over >= 0;
	return running;
}

static void cut_ahead(struct crew *crew)
{
	if (crew->has_ahead || crew->all_cut)
		return;
	dgm_scout_next(crew->scout, crew->part_size, &crew->ahead);
	crew->has_ahead = true;
	crew->all_cut = crew->ahead.last;
}

/* As many workers as there may be. 0, or -1 after a diagnostic. */
static int begin_all(struct crew *crew)
{
	unsigned running = count_running(crew);
	for (unsigned i = 0; i < crew->slot_count && running < crew->jobs; i++) {
		struct slot *slot = slot_at(crew, i);
		if (i < crew->count && slot->pid != 0)
			continue;
		if (i >= crew->count) {
			cut_ahead(crew);
			if (!crew->has_ahead)
				return 0;
			slot->part = crew->ahead;
			slot->pid = 0;
			crew->has_ahead = false;
			crew->count++;
		}
		if (begin(crew, slot) != 0)
			return -1;
		running++;
	}
	return 0;
}

/* Until some worker has ended. */
static void wait_for_one(const struct crew *crew)
{
	struct pollfd ends[JOBS_MAX];
	struct slot *slots[JOBS_MAX];
	nfds_t count = 0;
	for (unsigned i = 0; i < crew->count; i++) {
		struct slot *slot = slot_at(crew, i);
		if (slot->over < 0)
			continue;
		slots[count] = slot;
		ends[count++] = (struct pollfd){.fd = slot->over, .events = POLLIN};
	}
	if (count == 0 || poll(ends, count, -1) <= 0)
		return;
	for (nfds_t i = 0; i < count; i++) {
		if (!ends[i].revents)
			continue;
		close(slots[i]->over);
		slots[i]->over = -1;
	}
}

/* --- what they have done ---------------------------------------------------------------------------------------- */

static void take_bytes(void *context, enum dgm_part_stream stream, uint32_t section, struct dgm_str bytes)
{
	struct dgm_conversion *conversion = context;
	struct dgm_output *outputs[DGM_PART_STREAMS];
	list_outputs(conversion, outputs);
	struct dgm_output *output = outputs[stream];
	if (stream == DGM_PART_REPORT && !conversion->report.any) {
		/* The comma in front of the first entry. */
		conversion->report.any = true;
		bytes = dgm_str_skip(bytes, 1);
	}
	/* The writer believes that it is where it was. */
	const uint32_t current = dgm_output_current(output);
	dgm_output_section(output, section);
	dgm_output_write(output, bytes);
	dgm_output_section(output, current);
}

static void take_diag(void *context, const struct dgm_diag *diag)
{
	struct dgm_conversion *conversion = context;
	dgm_diag_emit(conversion->options.diags, diag);
}

static void take_id(void *context, const struct dgm_place *place, uint64_t number, struct dgm_str id)
{
	dgm_conversion_take_id(context, place, number, id);
}

static void add_counts(struct dgm_conversion *conversion, const struct dgm_part_end *end)
{
	struct dgm_counts *counts = &conversion->counts;
	const struct dgm_counts *more = &end->counts;
	counts->read += more->read;
	counts->written += more->written;
	counts->rejected += more->rejected;
	counts->lost += more->lost;
	counts->marks += more->marks;
	for (unsigned kind = 0; kind < DGM_LOSS_KIND_COUNT; kind++)
		counts->by_kind[kind] += more->by_kind[kind];
	for (unsigned field = 0; field < DGM_FIELD_COUNT; field++)
		for (unsigned kind = 0; kind < DGM_LOSS_KIND_COUNT; kind++)
			counts->by_field[field][kind] += more->by_field[field][kind];
	for (unsigned field = 0; field < DGM_FIELD_COUNT && conversion->report.changes; field++)
		for (unsigned change = 0; change < DGM_CHANGE_COUNT; change++)
			conversion->report.changes->counts[field][change] += end->changes.counts[field][change];
	if (conversion->options.verify)
		*dgm_verify_written(conversion->options.verify) += end->expected;
	conversion->reached = end->reached ? end->reached : conversion->reached;
}

/* Whether the part would have come out otherwise if one process had done all. */
static bool depends_on_others(const struct crew *crew, const struct dgm_part_end *end)
{
	const struct dgm_conversion *conversion = crew->conversion;
	const uint64_t max_errors = conversion->options.max_errors;
	return end->writer_state != writer_state(conversion) ||
		(max_errors && end->counts.rejected >= max_errors - conversion->counts.rejected) ||
		crew->keys[0] + end->reading_keys > DGM_KEYS_MAX || crew->keys[1] + end->writing_keys > DGM_KEYS_MAX;
}

/* The parent itself; the workers behind begin anew, from what it knows then. */
static enum dgm_outcome convert_again(struct crew *crew, const struct dgm_stretch *part)
{
	struct dgm_conversion *conversion = crew->conversion;
	dismiss(crew);
	if (dgm_reading_resume(conversion->reading, &part->mark, part->spot, part->first) != 0)
		return DGM_OUTCOME_INPUT;
	const enum dgm_outcome outcome =
		dgm_conversion_read(conversion, crew->source, part->last ? UINT64_MAX : part->first + part->records);
	crew->keys[0] = dgm_reading_keys(conversion->reading);
	crew->keys[1] = writing_keys(conversion);
	return outcome;
}

/* Why a worker did not come to its end. */
static enum dgm_outcome say_lost(const struct crew *crew, const struct dgm_stretch *part, int status)
{
	struct dgm_diag_sink *diags = crew->conversion->options.diags;
	if (WIFEXITED(status) && WEXITSTATUS(status) != 0) {
		say_output(crew, "a part of the output cannot be written", WEXITSTATUS(status));
		return DGM_OUTCOME_OUTPUT;
	}
	const struct dgm_place place = {part->mark.offset, part->mark.line > UINT32_MAX ? 0 : (uint32_t)part->mark.line,
		(uint32_t)part->mark.column};
	dgm_diag_text(diags, DGM_ERROR, "worker-lost", dgm_input_name(crew->conversion->input), &place,
		"the process that converted from here on ended by signal %d; nothing is published",
		WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	return DGM_OUTCOME_PLUGIN;
}

/* The first part, whose worker has ended. */
static enum dgm_outcome settle_first(struct crew *crew)
{
	struct dgm_conversion *conversion = crew->conversion;
	struct slot *slot = slot_at(crew, 0);
	const struct dgm_part_taker taker = {.bytes = take_bytes,
		.diag = take_diag,
		.id = take_id,
		.context = conversion};
	const struct dgm_part_end *end = slot->area.end;
	const int status = reap(slot);
	const bool last = slot->part.last;
	if (status != 0 || end->whole != DGM_PART_WHOLE)
		return say_lost(crew, &slot->part, status);
	if (depends_on_others(crew, end)) {
		const enum dgm_outcome outcome = convert_again(crew, &slot->part);
		crew->first++;
		crew->count--;
		return outcome;
	}
	if (dgm_part_log_take(&slot->area, &taker) != 0) {
		say_output(crew, "a part of the output cannot be read back", errno);
		return DGM_OUTCOME_OUTPUT;
	}
	add_counts(conversion, end);
	crew->keys[0] += end->reading_keys;
	crew->keys[1] += end->writing_keys;
	crew->first++;
	crew->count--;
	if (dgm_output_error(conversion->options.output))
		return DGM_OUTCOME_OUTPUT;
	if (last)
		dgm_input_finished(conversion->input, end->bytes);
	return (enum dgm_outcome)end->outcome;
}

static enum dgm_outcome run_crew(struct crew *crew)
{
	enum dgm_outcome outcome = DGM_OUTCOME_DONE;
	while (outcome == DGM_OUTCOME_DONE) {
		if (begin_all(crew) != 0) {
			outcome = DGM_OUTCOME_OUTPUT;
			break;
		}
		if (crew->count == 0)
			break;
		/* The next one is ready when a worker is. */
		cut_ahead(crew);
		if (slot_at(crew, 0)->over >= 0)
			wait_for_one(crew);
		else
			outcome = settle_first(crew);
	}
	dismiss(crew);
	if (outcome == DGM_OUTCOME_DONE)
		dgm_scout_finish(crew->scout);
	return outcome;
}

/* --- before all that -------------------------------------------------------------------------------------------- */

static int open_slots(struct crew *crew)
{
	crew->slots = dgm_xcalloc(crew->slot_count, sizeof *crew->slots);
	for (unsigned i = 0; i < crew->slot_count; i++)
		crew->slots[i].over = crew->slots[i].area.file = crew->slots[i].area.memory = -1;
	for (unsigned i = 0; i < crew->slot_count; i++) {
		const int file = dgm_output_scratch(crew->conversion->options.output);
		crew->slots[i].area.file = file;
		if (file < 0 ||
			dgm_part_area_init(&crew->slots[i].area, (size_t)crew->part_size * ROOM_PER_BYTE, file) != 0)
			return say_output(crew, "no room for a part of the output", errno);
	}
	return 0;
}

static void free_crew(struct crew *crew)
{
	for (unsigned i = 0; crew->slots && i < crew->slot_count; i++)
		dgm_part_area_done(&crew->slots[i].area);
	free(crew->slots);
	dgm_scout_free(crew->scout);
}

/* Why the input is converted by this process alone; NULL: it need not. */
static const char *undivided(const struct dgm_conversion *conversion)
{
	if (!conversion->writer.engine->plugin.writer_state)
		return "the plugin of the target does not write in parts";
	return dgm_reading_undivided(conversion->reading);
}

static void say_serial(const struct dgm_conversion *conversion, const char *why)
{
	if (conversion->options.jobs_wanted)
		dgm_diag_text(conversion->options.diags, DGM_NOTE, "jobs-serial", dgm_input_name(conversion->input),
			NULL, "converted by one process: %s", why);
}

/* How large the parts are; 0: the input is too small for any. */
static uint64_t choose_size(const struct dgm_conversion *conversion, unsigned jobs)
{
	const uint64_t size = dgm_input_size(conversion->input);
	if (conversion->options.part_size)
		return conversion->options.part_size;
	if (size < 2 * PART_MIN)
		return 0;
	const uint64_t each = size / ((uint64_t)jobs * PARTS_PER_JOB);
	return each < PART_MIN ? PART_MIN : each > PART_MAX ? PART_MAX : each;
}

/* Says it once all has gone well: where the input is broken, its own messages tell what is wrong with it. */
static enum dgm_outcome convert_rest(struct crew *crew)
{
	struct dgm_conversion *conversion = crew->conversion;
	const uint64_t from = dgm_reading_number(conversion->reading) ? conversion->reached : 0;
	const enum dgm_outcome outcome = dgm_conversion_read(conversion, crew->source, UINT64_MAX);
	if (outcome == DGM_OUTCOME_DONE && conversion->reached - from > 2 * crew->part_size)
		say_serial(conversion, "it cannot be cut between its records");
	return outcome;
}

/* Until a record is written. *ret_over: nothing is left. */
static enum dgm_outcome convert_first(struct crew *crew, bool *ret_over)
{
	struct dgm_conversion *conversion = crew->conversion;
	enum dgm_outcome outcome = DGM_OUTCOME_DONE;
	do {
		struct dgm_stretch part;
		dgm_scout_next(crew->scout, crew->part_size < FIRST_PART ? crew->part_size : FIRST_PART, &part);
		outcome = part.last ? convert_rest(crew)
				    : dgm_conversion_read(conversion, crew->source, part.first + part.records);
		*ret_over = part.last || outcome != DGM_OUTCOME_DONE;
	} while (!*ret_over && conversion->counts.written == 0);
	return outcome;
}

enum dgm_outcome dgm_parts_run(struct dgm_conversion *conversion, const struct dgm_reading_options *setup)
{
	const unsigned wanted = conversion->options.leave ? conversion->options.jobs : 1;
	const unsigned jobs = wanted < JOBS_MAX ? wanted : JOBS_MAX;
	const uint64_t size = jobs > 1 ? choose_size(conversion, jobs) : 0;
	const char *why = jobs > 1 ? undivided(conversion) : NULL;
	struct crew crew = {.conversion = conversion,
		.source = setup->format,
		.slot_count = jobs + WAITING(jobs),
		.jobs = jobs,
		.part_size = size};
	if (why)
		say_serial(conversion, why);
	if (!why && size)
		crew.scout = dgm_scout_new(setup);
	if (!crew.scout)
		return dgm_conversion_read(conversion, setup->format, UINT64_MAX);
	bool over = false;
	enum dgm_outcome outcome = convert_first(&crew, &over);
	if (!over) {
		cut_ahead(&crew);
		crew.keys[0] = dgm_reading_keys(conversion->reading);
		crew.keys[1] = writing_keys(conversion);
		const struct dgm_stretch *part = &crew.ahead;
		if (part->last || dgm_reading_resume(conversion->reading, &part->mark, part->spot, part->first) != 0)
			outcome = convert_rest(&crew);
		else
			outcome = open_slots(&crew) == 0 ? run_crew(&crew) : DGM_OUTCOME_OUTPUT;
	}
	free_crew(&crew);
	return outcome;
}
