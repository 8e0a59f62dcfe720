/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host's side of the plugin ABI: a job interns keys and carries diagnostics; a record collects events; one constant
 * table of functions is what every plugin instance gets.
 */
#ifndef DGM_HOST_JOB_H
#define DGM_HOST_JOB_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/keys.h"
#include "base/record.h"

struct dgm_job;

/* file: what diagnostics name; kept by reference. */
struct dgm_job *dgm_job_new(struct dgm_diag_sink *diags, struct dgm_str file);
void dgm_job_free(struct dgm_job *job);

uint32_t dgm_job_key(struct dgm_job *job, uint32_t parent, struct dgm_str name);
struct dgm_str dgm_job_key_name(const struct dgm_job *job, uint32_t key);
/* Texts come from another charset than UTF-8: bytes of 80 to 9F without a character are told of, and cost no record. */
void dgm_job_decoded(struct dgm_job *job);
struct dgm_keys *dgm_job_keys(struct dgm_job *job);

/* What was reported since the last call of dgm_job_take_error. */
struct dgm_report {
	uint32_t severity;
	const char *code;
	struct dgm_place place;
	struct dgm_str text; /* in the record's arena */
};

/* The current record, for reports without a place of their own; NULL when there is none. */
void dgm_job_set_record(struct dgm_job *job, const struct dgm_record *record, uint64_t number);
/* The first error reported by a plugin since the last call of this function; code is NULL when there was none. */
struct dgm_report dgm_job_take_error(struct dgm_job *job);
struct dgm_diag_sink *dgm_job_diags(struct dgm_job *job);
struct dgm_str dgm_job_file(const struct dgm_job *job);

/* The table that every instance of every plugin gets. */
extern const struct dgm_host dgm_host_table;

#endif
