/* SPDX-License-Identifier: Apache-2.0 */
/* The options of a batch beside those of a conversion, for `batch` and `shard`. */
#ifndef DGM_CLI_BATCH_OPTIONS_H
#define DGM_CLI_BATCH_OPTIONS_H

#include "batch.h"

enum cli_batch_option {
	CLI_BATCH_JOBS = 1,
	CLI_BATCH_CONFIG,
	CLI_BATCH_INCLUDE,
	CLI_BATCH_EXCLUDE,
	CLI_BATCH_REJECTS,
	CLI_BATCH_REPORTS,
	CLI_BATCH_REPORT,
	CLI_BATCH_SHARDS, /* of shard only */
	CLI_BATCH_END,
};

#define CLI_BATCH_OPTIONS                                                                                              \
	{CLI_BATCH_JOBS, 'j', "jobs", "N", "so many files at once; as many as processors where it is not given"},      \
		{CLI_BATCH_CONFIG, 0, "config", "FILE",                                                                \
			"what the files are, in place of dragoman.yaml in the source"},                                \
		{CLI_BATCH_INCLUDE, 0, "include", "PATTERN", "convert only files that fit one of these"},              \
		{CLI_BATCH_EXCLUDE, 0, "exclude", "PATTERN", "leave out files and folders that fit one of these"},     \
		{CLI_BATCH_REJECTS, 0, "rejects", "DIR",                                                               \
			"where records that cannot be converted go; TARGET/rejects where it is not given"},            \
		{CLI_BATCH_REPORTS, 0, "reports", "DIR", "write a loss report for each file here"},                    \
	{                                                                                                              \
		CLI_BATCH_REPORT, 0, "report", "FILE",                                                                 \
			"the account of all files; TARGET/report.json where it is not given"                           \
	}

/* For cli_parse; context: struct cli_batch_options. */
bool cli_batch_take(void *context, int id, const char *value);
/* The processors that this process may use, for --jobs. */
uint64_t cli_batch_processors(void);
/* Defaults and the configuration; 0, or an exit status after a message. */
int cli_batch_prepare(struct cli_batch_options *request);

#endif
