/* SPDX-License-Identifier: Apache-2.0 */
/* From options to what a process is locked with. */
#include "worker_limits.h"

#include <stdio.h>

const struct cli_limit_row cli_limit_rows[CLI_LIMIT_COUNT] = {
#define DGM_LIMIT(id, option, unit, most, what, why) {option, unit, most, what, why},
#include "worker_limits.def"
#undef DGM_LIMIT
};

#define MIB ((uint64_t)1 << 20)
/* More than any machine has, and far from where sums overflow. */
#define MOST ((uint64_t)1 << 40)

void cli_limits_init(struct cli_limits *limits)
{
	*limits = (struct cli_limits){.sandbox = CLI_SANDBOX_REQUIRE};
	for (unsigned i = 0; i < CLI_LIMIT_COUNT; i++)
		limits->most[i] = cli_limit_rows[i].most;
}

bool cli_limits_sandbox(struct cli_limits *limits, const char *command, const char *value)
{
	static const char *const words[] = {"require", "auto", "off"};
	for (unsigned i = 0; i < DGM_COUNT(words); i++) {
		if (!dgm_str_is(dgm_str(value), words[i]))
			continue;
		limits->sandbox = (enum cli_sandbox)i;
		return true;
	}
	fprintf(stderr, "dragoman %s: --sandbox is require, auto or off, not \"%s\"\n", command, value);
	return false;
}

bool cli_limits_set(struct cli_limits *limits, enum cli_limit limit, const char *command, const char *value)
{
	if (dgm_str_to_u64(dgm_str(value), &limits->most[limit]) && limits->most[limit] <= MOST)
		return true;
	fprintf(stderr, "dragoman %s: --%s is a number, 0 for no limit, not \"%s\"\n", command,
		cli_limit_rows[limit].option, value);
	return false;
}

void cli_limits_cage(const struct cli_limits *limits, struct dgm_cage *ret_cage)
{
	*ret_cage = (struct dgm_cage){.memory = limits->most[CLI_LIMIT_MEMORY] * MIB,
		.cpu = limits->most[CLI_LIMIT_CPU],
		.file = limits->most[CLI_LIMIT_FILE] * MIB,
		.partial = limits->sandbox == CLI_SANDBOX_AUTO};
}
