/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a run had to say, collected for a report at its end: how often each code was said, and the first cases of each.
 * Totals are whole however many cases are kept, and memory does not grow with the input.
 */
#ifndef DGM_PIPE_FINDINGS_H
#define DGM_PIPE_FINDINGS_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/rules.h"
#include "io/output.h"

struct dgm_case {
	struct dgm_case *next;
	struct dgm_str file, field, text, value; /* value: empty unless the collector was told to keep values */
	struct dgm_place place;
	uint64_t record; /* from 1; 0: not about a record */
	uint32_t severity;
};

struct dgm_tally {
	struct dgm_tally *next;
	const char *code;
	const struct dgm_rule *rule; /* NULL: a plugin's own code */
	uint64_t count, kept;
	uint32_t severity; /* the highest */
	struct dgm_case *first, *last;
};

struct dgm_findings {
	struct dgm_arena arena;
	struct dgm_tally *first; /* in the order of their first case */
	uint64_t count[3];       /* by severity */
	uint64_t kept_per_code;
	bool keep_values;
};

/* What a report says besides. Paths as the user named them. */
struct dgm_account {
	const char *version;           /* of the program */
	const struct dgm_str *files;   /* inputs */
	const struct dgm_str *formats; /* of each; empty where it was not recognised */
	size_t file_count;
	uint64_t read, valid, invalid, rejected; /* records; read is the others' sum */
};

void dgm_findings_init(struct dgm_findings *findings, uint64_t kept_per_code, bool keep_values);
void dgm_findings_done(struct dgm_findings *findings);
void dgm_findings_add(struct dgm_findings *findings, const struct dgm_diag *diag);

/* By how often they were said, the most frequent first; equals by code. In the arena. */
const struct dgm_tally **dgm_findings_ranked(struct dgm_findings *findings, size_t *ret_count);

/* One JSON object; one JSON line per case and one for the totals. */
void dgm_findings_json(struct dgm_findings *findings, const struct dgm_account *account, struct dgm_output *output);
void dgm_findings_jsonl(struct dgm_findings *findings, const struct dgm_account *account, struct dgm_output *output);
/* SARIF 2.1.0 (OASIS), one run. */
void dgm_findings_sarif(struct dgm_findings *findings, const struct dgm_account *account, struct dgm_output *output);
/* JUnit XML as continuous integration reads it: a suite per input, a test case per code. */
void dgm_findings_junit(struct dgm_findings *findings, const struct dgm_account *account, struct dgm_output *output);
/* One page of HTML that needs nothing else: no script, no font, no picture. */
void dgm_findings_html(struct dgm_findings *findings, const struct dgm_account *account, struct dgm_output *output);

#endif
