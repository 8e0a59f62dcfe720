/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan of a batch in shards, ".dragoman/plan" in the target: lines (line.h) with the options, and every entry of the
 * source with the shard that it falls to. Whoever runs a shard or merges them reads it and lists nothing.
 */
#ifndef DGM_CLI_SHARD_PLAN_H
#define DGM_CLI_SHARD_PLAN_H

#include "batch.h"

/* Choosing a shard for each file takes as many steps as there are shards. */
#define CLI_SHARDS_MAX 4096u

/* An option as it was given; the name is that of the option table. */
struct cli_given {
	const char *name, *value;
};

struct cli_plan {
	struct dgm_arena arena;
	uint64_t shards;
	const char *source, *setup;
	struct cli_given options[64];
	size_t option_count;
	struct dgm_str bytes; /* of the file, malloc'ed */
};

/* Gives each file of the batch a shard, the same for the same tree, and all shards about as much to do. */
void cli_plan_divide(struct cli_batch *batch, uint64_t shards);
/* Writes it. 0, or an exit status after a diagnostic. */
int cli_plan_write(struct cli_batch *batch, const struct cli_plan *plan);
/* Reads what is not about entries from a target's plan. 0, or an exit status after a diagnostic ("plan-unusable"). */
int cli_plan_read(struct cli_plan *plan, const char *target);
/* Fills the tree, the names and the fates of a batch. */
void cli_plan_fill(const struct cli_plan *plan, struct cli_batch *batch);
void cli_plan_done(struct cli_plan *plan);

#endif
