/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One conversion, whoever asks for it: outputs that are open, inputs one after another, and at the end the counts, the
 * exit status and what of the outputs is to be published. Publishing is the caller's.
 */
#ifndef DGM_CLI_TASK_H
#define DGM_CLI_TASK_H

#include "host/cage.h"
#include "pipe/convert.h"
#include "request.h"

/* The three files that a conversion writes; rejects and report are NULL where nobody wants them. */
struct cli_outputs {
	struct dgm_output *main, *rejects, *report;
	struct dgm_output *bundle; /* what main is packed into at the end; NULL: main is what is published */
	const char *kind;          /* of the bundle */
};

/* Of a process that is to be locked when all is open: the descriptors that the conversion itself does not know of. */
struct cli_lock {
	int pipe; /* to whoever waits for the process */
	const int *inputs;
	size_t input_count;
	const int *outputs; /* that are written beside those of the task, and read back */
	size_t output_count;
	struct dgm_cage_state state; /* what became of it */
};

struct cli_task {
	struct cli_session *session;
	const struct cli_request *request;
	const struct dgm_format *target;
	struct cli_outputs outputs;
	unsigned jobs;         /* processes for one input; 0 and 1: this one */
	uint64_t part_size;    /* as in struct dgm_conversion_options */
	const char *path;      /* of the main output, where it is a file */
	struct cli_lock *lock; /* NULL: the process is not locked */
	/* the task's own */
	struct dgm_conversion *conversion;
	struct dgm_verify *verify;
	struct dgm_media *media;
	struct dgm_str format;
	uint64_t refused; /* members of bundles */
	int status;
};

struct cli_task_end {
	int status; /* CLI_..., if publishing succeeds */
	bool publish, publish_rejects, publish_report;
	struct dgm_counts counts;
	struct dgm_str format; /* of the last input; empty where it was not recognised */
	uint64_t compared;     /* notices read back by --verify */
};

/* The target of a request and whether its plugin takes the options; 0, or an exit status after a message. */
int cli_task_target(struct cli_session *session, const struct cli_request *request,
	const struct dgm_format **ret_target);

/*
 * Locks the process, if it is to be, and then opens the conversion; the members above the line are set, and every definition
 * and plugin that will be needed is loaded. 0, or an exit status after diagnostics; then it is over. */
int cli_task_begin(struct cli_task *task);
/* Converts one input, by its name or "-"; after a fault the rest is passed over, as the request has it. */
void cli_task_path(struct cli_task *task, const char *path);
/* The same of an input of which at most the head was looked at; it stays the caller's. */
void cli_task_input(struct cli_task *task, struct dgm_input *input, const struct cli_source_options *options);
/* An input that could not be opened, which was said. */
void cli_task_missing(struct cli_task *task);
/*
 * The same of an open descriptor, which stays the caller's; name: for messages and reports. digest: what is read is added
 * to it, or NULL.
 */
void cli_task_fd(struct cli_task *task, int fd, const char *name, const struct cli_source_options *source,
	struct dgm_digest *digest);
/* Ends it: counts, and what is to become of the outputs. Also where cli_task_begin failed. */
void cli_task_end(struct cli_task *task, struct cli_task_end *ret_end);

/* The account in one line. */
void cli_task_say(const struct cli_task_end *end);

#endif
