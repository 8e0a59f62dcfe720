/* SPDX-License-Identifier: Apache-2.0 */
/* What a command line says of a conversion, for every command that converts: one option table, one struct. */
#ifndef DGM_CLI_REQUEST_H
#define DGM_CLI_REQUEST_H

#include "pipe/advice.h"
#include "pipe/against.h"
#include "source.h"
#include "worker_limits.h"

/* The ids of these options, beyond a command's own. */
enum cli_request_option {
	CLI_REQUEST_TO = 500,
	CLI_REQUEST_MAX_LOSS,
	CLI_REQUEST_HANDLING_LOSS,
	CLI_REQUEST_VALIDATE,
	CLI_REQUEST_STRICT,
	CLI_REQUEST_ON_ERROR,
	CLI_REQUEST_MAX_ERRORS,
	CLI_REQUEST_ADVICE,
	CLI_REQUEST_VERIFY,
	CLI_REQUEST_SCHEMA,
	CLI_REQUEST_PROVENANCE,
	CLI_REQUEST_TO_OPTION,
	CLI_REQUEST_TO_ENCODING,
	CLI_REQUEST_KEEP_PARTIAL,
	CLI_REQUEST_BUNDLE_LIMIT,
	CLI_REQUEST_SANDBOX,
	CLI_REQUEST_LIMIT, /* and those behind it: one for each row of worker_limits.def */
	CLI_REQUEST_END = CLI_REQUEST_LIMIT + CLI_LIMIT_COUNT,
};

/* Their rows, for a command's option table; those of worker_options.def stand behind them. */
#define CLI_REQUEST_OPTIONS                                                                                            \
	CLI_SOURCE_FROM_ROW, {CLI_REQUEST_TO, 't', "to", "FORMAT", "format of the output"},                            \
		{CLI_REQUEST_MAX_LOSS, 0, "max-loss", "N",                                                             \
			"publish nothing where more than N values are lost; none is 0, declared what dragoman loss "   \
			"tells"},                                                                                      \
		{CLI_REQUEST_VERIFY, 0, "verify", "N",                                                                 \
			"read the output back and compare every N-th notice before it is published"},                  \
		{CLI_REQUEST_SCHEMA, 0, "schema", "FILE",                                                              \
			"hold the output against this XML Schema before it is published"},                             \
		{CLI_REQUEST_VALIDATE, 0, "validate", NULL,                                                            \
			"hold each notice against the rules of dragoman validate; invalid ones are rejected"},         \
		{CLI_REQUEST_STRICT, 0, "strict", NULL, "a warning about a record rejects it, too"},                   \
		{CLI_REQUEST_ON_ERROR, 0, "on-error", "skip|stop|keep",                                                \
			"what becomes of an invalid record: rejected, the run's end, or written all the same"},        \
		{CLI_REQUEST_MAX_ERRORS, 0, "max-errors", "N", "stop behind N rejected records and publish nothing"},  \
		{CLI_REQUEST_ADVICE, 0, "advice", "FILE",                                                              \
			"a map of codes of validation to error, warning, note or off"},                                \
		{CLI_REQUEST_HANDLING_LOSS, 0, "allow-handling-loss", NULL,                                            \
			"write records although their handling marks do not arrive"},                                  \
		{CLI_REQUEST_PROVENANCE, 0, "provenance", NULL,                                                        \
			"say in each notice where it was read (canonical formats)"},                                   \
		CLI_SOURCE_OPTION_ROW,                                                                                 \
		{CLI_REQUEST_TO_OPTION, 0, "to-option", "NAME=VALUE", "an option of the writing plugin"},              \
		CLI_SOURCE_ENCODING_ROW,                                                                               \
		{CLI_REQUEST_TO_ENCODING, 0, "to-encoding", "NAME", "encoding of the output"},                         \
		{CLI_REQUEST_BUNDLE_LIMIT, 0, "bundle-limit", "NAME=N",                                                \
			"a limit of archives: total, member, ratio, members or name"},                                 \
	{                                                                                                              \
		CLI_REQUEST_KEEP_PARTIAL, 0, "keep-partial", NULL,                                                     \
			"publish what was converted although an input broke"                                           \
	}

struct cli_request {
	const char *command; /* for messages */
	struct cli_source_options source;
	const char *to, *to_encoding;
	struct dgm_option_given to_options[32];
	size_t to_count;
	uint64_t max_loss, verify, max_errors;
	struct dgm_advice advice;
	struct dgm_schema_file *schema;
	struct cli_limits limits;
	bool limited, declared, validate, strict, keep_invalid, provenance, handling_loss, keep_partial;
};

/* One of the options above; false after a message for a value that is refused. */
bool cli_request_take(struct cli_request *request, int id, const char *value);
void cli_request_done(struct cli_request *request);

#endif
