/* SPDX-License-Identifier: Apache-2.0 */
/* The limits of a worker, and whether it is locked at all: one table for options, help, manual and messages. */
#ifndef DGM_CLI_WORKER_LIMITS_H
#define DGM_CLI_WORKER_LIMITS_H

#include "host/cage.h"

enum cli_limit {
#define DGM_LIMIT(id, option, unit, most, what, why) CLI_LIMIT_##id,
#include "worker_limits.def"
#undef DGM_LIMIT
	CLI_LIMIT_COUNT
};

enum cli_sandbox {
	CLI_SANDBOX_REQUIRE, /* without filters nothing is read */
	CLI_SANDBOX_AUTO,    /* with what there is */
	CLI_SANDBOX_OFF,     /* in the process that was started */
};

struct cli_limits {
	enum cli_sandbox sandbox;
	uint64_t most[CLI_LIMIT_COUNT];
};

struct cli_limit_row {
	const char *option, *unit;
	uint64_t most;
	const char *what, *why;
};

extern const struct cli_limit_row cli_limit_rows[CLI_LIMIT_COUNT];

/* As if no option was given. */
void cli_limits_init(struct cli_limits *limits);
/* --sandbox, and a limit: false after a message. 0 is no limit. */
bool cli_limits_sandbox(struct cli_limits *limits, const char *command, const char *value);
bool cli_limits_set(struct cli_limits *limits, enum cli_limit limit, const char *command, const char *value);
/* What a process with these limits is locked with; the descriptors are the caller's. */
void cli_limits_cage(const struct cli_limits *limits, struct dgm_cage *ret_cage);

#endif
