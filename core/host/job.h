/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host's side of the plugin ABI: a job interns keys and carries diagnostics; a record collects events; one constant
 * table of functions is what every plugin instance gets.
 */
#ifndef DGM_HOST_JOB_H
#define DGM_HOST_JOB_H

#include "base/arena.h"
#include "base/diag.h"

/* Most keys a job interns before it refuses: far above any real format, far below what an attacker's names can fill. */
#define DGM_KEYS_MAX 65536u

struct dgm_job;

/* file: what diagnostics name; kept by reference. */
struct dgm_job *dgm_job_new(struct dgm_diag_sink *diags, struct dgm_str file);
void dgm_job_free(struct dgm_job *job);

uint32_t dgm_job_key(struct dgm_job *job, uint32_t parent, struct dgm_str name);
struct dgm_str dgm_job_key_name(const struct dgm_job *job, uint32_t key);
uint32_t dgm_job_key_parent(const struct dgm_job *job, uint32_t key);
uint32_t dgm_job_key_count(const struct dgm_job *job); /* the largest key */

/* What was reported since the last call of dgm_job_take_error. */
struct dgm_report {
	uint32_t severity;
	const char *code;
	struct dgm_place place;
	struct dgm_str text; /* in the record's arena */
};

/*
 * A record: events in arena memory. `failed` is sticky: a value that is not UTF-8 ("text-invalid-utf8") or a limit.
 * source and place are what the plugin gave to begin.
 */
struct dgm_record {
	struct dgm_arena *arena;
	struct dgm_job *job;
	struct dgm_event *events;
	size_t count, capacity;
	struct dgm_str source;
	struct dgm_place place;
	uint32_t path;
	bool begun, failed;
};

/* Empties the record for the next round; the arena is the caller's to reset. */
void dgm_record_clear(struct dgm_record *record, struct dgm_job *job, struct dgm_arena *arena);
/* Appends one event as it is, without copying its text. For the host's own use (writing). */
void dgm_record_add(struct dgm_record *record, uint16_t kind, uint32_t key, uint16_t literal, uint32_t flags,
	struct dgm_str text);
/* The place of a byte of the record's source, its line and column counted out. */
struct dgm_place dgm_record_place(const struct dgm_record *record, uint32_t offset);
/* The events' storage. */
void dgm_record_done(struct dgm_record *record);

/* The current record, for reports without a place of their own; NULL when there is none. */
void dgm_job_set_record(struct dgm_job *job, const struct dgm_record *record, uint64_t number);
/* The first error reported by a plugin since the last call of this function; code is NULL when there was none. */
struct dgm_report dgm_job_take_error(struct dgm_job *job);
struct dgm_diag_sink *dgm_job_diags(struct dgm_job *job);
struct dgm_str dgm_job_file(const struct dgm_job *job);

/* The table that every instance of every plugin gets. */
extern const struct dgm_host dgm_host_table;

#endif
