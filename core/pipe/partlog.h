/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a worker has done with its part of an input, where its parent finds it: pieces of the outputs, what is to be said
 * and which ids were met, in their order, and an account. It lies in memory that the two share, and what does not fit
 * there in a file. The parent goes through it when all parts before are done.
 */
#ifndef DGM_PIPE_PARTLOG_H
#define DGM_PIPE_PARTLOG_H

#include "base/diag.h"
#include "notice/changes.h"
#include "pipe/report.h"

enum dgm_part_stream { DGM_PART_OUTPUT, DGM_PART_REJECTS, DGM_PART_REPORT, DGM_PART_EXPECTED, DGM_PART_STREAMS };

/* The account; whole tells that the worker came to its end. */
struct dgm_part_end {
	uint64_t whole;
	uint64_t used;    /* of the room */
	uint64_t outcome; /* enum dgm_outcome */
	uint64_t bytes, reached;
	uint64_t reading_keys, writing_keys; /* new ones */
	uint64_t writer_state;
	uint64_t expected; /* notices that reading back should find */
	struct dgm_counts counts;
	struct dgm_changes changes;
};

#define DGM_PART_WHOLE 0x6e6f6d6f67617264u

/*
 * Where it lies. Made before the worker is, and used for one worker after the other. The worker writes to the memory as
 * to a file: a mapping would cost it more for its pages than the parent gains, which keeps its own.
 */
struct dgm_part_area {
	struct dgm_part_end *end; /* mapped, followed by room for items */
	size_t room;
	int memory, file;
};

/* file: empty, for reading and writing; becomes the area's, also on failure. -1 and errno. */
int dgm_part_area_init(struct dgm_part_area *area, size_t room, int file);
void dgm_part_area_done(struct dgm_part_area *area);
/* Forgets what lies there. -1 and errno. */
int dgm_part_area_clear(struct dgm_part_area *area);

/* --- the worker's side --- */

struct dgm_part_log;

struct dgm_part_log *dgm_part_log_new(struct dgm_part_area *area);
/* A piece of an output's section. */
void dgm_part_put(struct dgm_part_log *log, enum dgm_part_stream stream, uint32_t section, struct dgm_str bytes);
void dgm_part_put_diag(struct dgm_part_log *log, const struct dgm_diag *diag);
void dgm_part_put_id(struct dgm_part_log *log, const struct dgm_place *place, uint64_t number, struct dgm_str id);
/* Writes what is left; the account in the area is whole then. 0, or the first error as an errno. */
int dgm_part_log_end(struct dgm_part_log *log);

/* --- the parent's --- */

struct dgm_part_taker {
	void (*bytes)(void *context, enum dgm_part_stream stream, uint32_t section, struct dgm_str bytes);
	void (*diag)(void *context, const struct dgm_diag *diag);
	void (*id)(void *context, const struct dgm_place *place, uint64_t number, struct dgm_str id);
	void *context;
};

/* All but the account. -1 and errno where the file cannot be read, or it is not what a worker writes. */
int dgm_part_log_take(const struct dgm_part_area *area, const struct dgm_part_taker *taker);

#endif
