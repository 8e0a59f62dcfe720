/* SPDX-License-Identifier: Apache-2.0 */
/* A conversion from its request to its account: what is converted, what that adds up to, what may be published. */
#include "task.h"

#include <stdio.h>

#include "lock.h"
#include "log.h"
#include "pipe/pack.h"

int cli_task_target(struct cli_session *session, const struct cli_request *request,
	const struct dgm_format **ret_target)
{
	int status = CLI_USAGE;
	const struct dgm_format *target = cli_format(session, request->to, &status);
	if (!target || (request->source.from && !cli_format(session, request->source.from, &status)))
		return status;
	*ret_target = target;
	return cli_check_options(session, target, request->to_options, request->to_count);
}

static int exit_of(enum dgm_outcome outcome)
{
	switch (outcome) {
	case DGM_OUTCOME_DONE:
		return CLI_DONE;
	case DGM_OUTCOME_STOPPED:
		return CLI_REJECTED;
	case DGM_OUTCOME_INPUT:
		return CLI_INPUT;
	case DGM_OUTCOME_OUTPUT:
	case DGM_OUTCOME_DIFFERS:
		return CLI_OUTPUT;
	case DGM_OUTCOME_PLUGIN:
		return CLI_PLUGIN;
	}
	return CLI_PLUGIN;
}

int cli_task_begin(struct cli_task *task)
{
	const struct cli_request *request = task->request;
	task->status = CLI_OUTPUT;
	if (request->verify) {
		task->verify = dgm_verify_new(task->outputs.main, dgm_str(task->path), request->verify, &cli_diags);
		if (!task->verify)
			return CLI_OUTPUT;
	}
	task->media = dgm_media_new(task->target, task->outputs.bundle, &cli_diags);
	if (task->lock && cli_lock(task) != 0)
		return task->status = CLI_SANDBOX;
	char locked[96];
	const struct dgm_conversion_options setup = {.plugins = task->session->plugins,
		.diags = &cli_diags,
		.target = task->target,
		.output = task->outputs.main,
		.rejects = task->outputs.rejects,
		.report = task->outputs.report,
		.writer_options = request->to_options,
		.writer_option_count = request->to_count,
		.encoding = dgm_str(request->to_encoding),
		.verify = task->verify,
		.media = task->media,
		.schema = request->schema,
		.advice = &request->advice,
		.validate = request->validate,
		.strict = request->strict,
		.keep_invalid = request->keep_invalid,
		.count_undeclared = request->declared,
		.max_errors = request->max_errors,
		.jobs = task->jobs,
		.jobs_wanted = task->jobs > 1,
		.part_size = task->part_size,
		.leave = cli_end,
		.provenance = request->provenance,
		.sandbox = task->lock ? dgm_cage_text(&task->lock->state, locked) : DGM_STR("off"),
		.allow_handling_loss = request->handling_loss};
	task->conversion = dgm_conversion_new(&setup);
	task->status = task->conversion ? CLI_DONE : CLI_PLUGIN;
	return task->status;
}

static bool goes_on(const struct cli_task *task)
{
	return task->status == CLI_DONE || (task->status == CLI_INPUT && task->request->keep_partial);
}

/* What stands ready as far as `status` says: a file, or a member of a bundle. */
static int convert_input(struct cli_task *task, const struct cli_source *source,
	const struct cli_source_options *options, int status)
{
	if (source->format)
		task->format = source->format->id;
	if (status == CLI_DONE) {
		dgm_media_input(task->media, source->bundle, source->format);
		status = exit_of(dgm_conversion_run(task->conversion, source->format, source->input, options->options,
			options->option_count));
	}
	return status;
}

/* What is opened as far as `status` says; of a bundle all members that hold notices. */
static void convert_source(struct cli_task *task, struct cli_source *source, const struct cli_source_options *options,
	int status)
{
	const bool partial = task->request->keep_partial;
	int worst = source->bundle && source->broken && !partial ? CLI_INPUT : CLI_DONE;
	for (bool more = worst == CLI_DONE; more && status != CLI_SOURCE_END;) {
		const int one = convert_input(task, source, options, status);
		worst = one != CLI_DONE ? one : worst;
		more = one == CLI_DONE || (one == CLI_INPUT && partial);
		status = more ? cli_source_next(source) : status;
	}
	if (worst == CLI_DONE && source->bundle && source->broken)
		worst = CLI_INPUT;
	/* Half of one state of a file and half of the next is no state that anybody meant. */
	if (worst == CLI_DONE && dgm_input_changed(cli_source_file(source))) {
		dgm_diag_text(&cli_diags, DGM_ERROR, "input-changed", dgm_input_name(cli_source_file(source)), NULL,
			"was changed while it was read");
		worst = CLI_INPUT;
	}
	if (source->bundle) {
		if (dgm_media_fetch(task->media, source->bundle) != 0)
			worst = CLI_INPUT;
		dgm_bundle_say_unclaimed(source->bundle);
		task->refused += dgm_bundle_refused(source->bundle);
	}
	cli_source_close(source);
	task->status = worst != CLI_DONE ? worst : task->status;
}

void cli_task_path(struct cli_task *task, const char *path)
{
	struct cli_source source;
	const struct cli_source_options *options = &task->request->source;
	if (goes_on(task))
		convert_source(task, &source, options, cli_source_open(&source, task->session, options, path));
}

void cli_task_input(struct cli_task *task, struct dgm_input *input, const struct cli_source_options *options)
{
	struct cli_source source;
	if (!goes_on(task))
		return;
	const int status = cli_source_use(&source, task->session, options, input);
	convert_source(task, &source, options, status);
}

void cli_task_missing(struct cli_task *task)
{
	if (goes_on(task))
		task->status = CLI_INPUT;
}

void cli_task_fd(struct cli_task *task, int fd, const char *name, const struct cli_source_options *options,
	struct dgm_digest *digest)
{
	struct cli_source source;
	if (goes_on(task))
		convert_source(task, &source, options,
			cli_source_take(&source, task->session, options, fd, name, digest));
}

/* Whether more was lost than is allowed; says so. */
static bool over_limit(const struct cli_request *request, const struct dgm_counts *counts)
{
	if (request->limited && counts->lost > request->max_loss) {
		dgm_diag_text(&cli_diags, DGM_ERROR, "loss-limit", DGM_NOSTR, NULL,
			"%llu values would be lost and %llu are allowed; nothing is published",
			(unsigned long long)counts->lost, (unsigned long long)request->max_loss);
		return true;
	}
	if (request->declared && counts->undeclared) {
		dgm_diag_text(&cli_diags, DGM_ERROR, "loss-limit", DGM_NOSTR, NULL,
			"%llu values would be lost that the definitions do not foretell; nothing is published",
			(unsigned long long)counts->undeclared);
		return true;
	}
	return false;
}

/* What is to be published, and the exit status if that succeeds. */
static void decide(const struct cli_request *request, uint64_t refused, struct cli_task_end *end)
{
	const struct dgm_counts *counts = &end->counts;
	int status = end->status;
	/* Of a file that is something else than it was said to be nothing comes over: that must replace no good output. */
	const bool nothing = counts->read > 0 && counts->written == 0;
	if (status == CLI_REJECTED)
		dgm_diag_text(&cli_diags, DGM_ERROR, "run-stopped", DGM_NOSTR, NULL,
			"as many records were rejected as is allowed; nothing is published");
	end->publish = !nothing && (status == CLI_DONE || (status == CLI_INPUT && request->keep_partial));
	if (nothing && status == CLI_DONE)
		dgm_diag_text(&cli_diags, DGM_ERROR, "nothing-converted", DGM_NOSTR, NULL,
			"not one record could be converted; nothing is published");
	if (status == CLI_DONE && over_limit(request, counts)) {
		end->publish = false;
		status = CLI_LOSS;
	}
	/* The account of what went wrong is published even where the result is not. */
	end->publish_rejects = status != CLI_USAGE;
	/* A run that stopped for another reason than its inputs has not written the report's end. */
	end->publish_report = status == CLI_DONE || status == CLI_REJECTED || status == CLI_INPUT || status == CLI_LOSS;
	if (status == CLI_DONE && counts->read == 0)
		dgm_diag_text(&cli_diags, DGM_WARNING, "no-records", DGM_NOSTR, NULL, "there was no record to convert");
	if (status == CLI_DONE && (counts->read == 0 || counts->rejected || refused))
		status = CLI_REJECTED;
	end->status = status;
}

static int pack(const struct cli_task *task, const struct cli_task_end *end)
{
	const struct dgm_pack_options setup = {.plugins = task->session->plugins,
		.catalog = task->session->catalog,
		.diags = &cli_diags,
		.target = task->target,
		.kind = task->outputs.kind,
		.records = task->outputs.main,
		.bundle = task->outputs.bundle,
		.media = task->media,
		.notices = end->counts.written,
		.verify = task->request->verify > 0};
	return dgm_pack(&setup);
}

void cli_task_end(struct cli_task *task, struct cli_task_end *ret_end)
{
	struct cli_task_end end = {.status = task->status, .format = task->format};
	if (task->conversion) {
		if (end.status == CLI_DONE || end.status == CLI_INPUT || end.status == CLI_REJECTED) {
			int closing = exit_of(dgm_conversion_finish(task->conversion));
			if (closing == CLI_DONE)
				closing = exit_of(dgm_conversion_verify(task->conversion));
			end.status = closing != CLI_DONE ? closing : end.status;
		}
		end.counts = *dgm_conversion_counts(task->conversion);
		end.compared = task->verify ? dgm_verify_compared(task->verify) : 0;
		dgm_conversion_free(task->conversion);
		decide(task->request, task->refused, &end);
		if (end.publish && task->outputs.bundle && pack(task, &end) != 0) {
			end.publish = false;
			end.status = CLI_OUTPUT;
		}
		if (end.publish && dgm_media_left(task->media))
			dgm_diag_text(&cli_diags, DGM_WARNING, "media-left", DGM_NOSTR, NULL,
				"%llu media of the bundle are named in the output at most; a bundle (-o NAME.zip) would carry them",
				(unsigned long long)dgm_media_left(task->media));
	}
	dgm_media_free(task->media);
	task->media = NULL;
	dgm_verify_free(task->verify);
	task->conversion = NULL;
	task->verify = NULL;
	*ret_end = end;
}

void cli_task_say(const struct cli_task_end *end)
{
	const struct dgm_counts *counts = &end->counts;
	char kinds[256] = "";
	size_t len = 0;
	for (unsigned kind = 0; kind < DGM_LOSS_KIND_COUNT; kind++) {
		if (!counts->by_kind[kind] || kind == DGM_LOSS_NULL)
			continue;
		len += (size_t)snprintf(kinds + len, sizeof kinds - len, "%s%s %llu", len ? ", " : "",
			dgm_loss_names[kind], (unsigned long long)counts->by_kind[kind]);
	}
	uint64_t fields = 0;
	for (unsigned field = 0; field < DGM_FIELD_COUNT; field++) {
		bool lost = false;
		for (unsigned kind = 0; kind < DGM_LOSS_KIND_COUNT; kind++)
			lost = lost || (kind != DGM_LOSS_NULL && counts->by_field[field][kind]);
		fields += lost;
	}
	const bool conserved = counts->read == counts->written + counts->rejected;
	/* A run that the output stopped has a record in hand that is neither. */
	if (!conserved) {
		cli_say("summary", "stopped behind %llu records read, %llu written and %llu rejected",
			(unsigned long long)counts->read, (unsigned long long)counts->written,
			(unsigned long long)counts->rejected);
		return;
	}
	cli_say("summary", "%llu read = %llu written + %llu rejected; %llu values lost in %llu fields%s%s%s",
		(unsigned long long)counts->read, (unsigned long long)counts->written,
		(unsigned long long)counts->rejected, (unsigned long long)counts->lost, (unsigned long long)fields,
		kinds[0] ? " (" : "", kinds, kinds[0] ? ")" : "");
}
