/* SPDX-License-Identifier: Apache-2.0 */
/* Collects; the forms of the report are in findings_machine.c and findings_html.c. */
#include "pipe/findings.h"

#include <stdlib.h>

void dgm_findings_init(struct dgm_findings *findings, uint64_t kept_per_code, bool keep_values)
{
	*findings = (struct dgm_findings){.kept_per_code = kept_per_code, .keep_values = keep_values};
}

void dgm_findings_done(struct dgm_findings *findings)
{
	dgm_arena_done(&findings->arena);
	*findings = (struct dgm_findings){0};
}

static struct dgm_tally *tally_of(struct dgm_findings *findings, const char *code)
{
	struct dgm_tally **link = &findings->first;
	for (; *link; link = &(*link)->next)
		if (strcmp((*link)->code, code) == 0)
			return *link;
	struct dgm_tally *tally = dgm_arena_zero(&findings->arena, sizeof *tally);
	/* A plugin's code lives as long as its report. */
	tally->code = dgm_arena_printf(&findings->arena, "%s", code).ptr;
	tally->rule = dgm_rule_find(dgm_str(code));
	*link = tally;
	return tally;
}

void dgm_findings_add(struct dgm_findings *findings, const struct dgm_diag *diag)
{
	struct dgm_tally *tally = tally_of(findings, diag->code);
	findings->count[diag->severity]++;
	tally->count++;
	tally->severity = diag->severity > tally->severity ? diag->severity : tally->severity;
	if (tally->kept == findings->kept_per_code)
		return;
	tally->kept++;
	struct dgm_case *one = dgm_arena_zero(&findings->arena, sizeof *one);
	one->file = dgm_arena_dup(&findings->arena, diag->file);
	one->field = dgm_arena_dup(&findings->arena, diag->field);
	one->text = dgm_arena_dup(&findings->arena, diag->text);
	if (findings->keep_values)
		one->value = dgm_arena_dup(&findings->arena, diag->value);
	one->place = diag->place;
	one->record = diag->record;
	one->severity = diag->severity;
	if (tally->last)
		tally->last->next = one;
	else
		tally->first = one;
	tally->last = one;
}

static int by_count(const void *a, const void *b)
{
	const struct dgm_tally *const *x = a, *const *y = b;
	return (*x)->count < (*y)->count ? 1 : (*x)->count > (*y)->count ? -1 : strcmp((*x)->code, (*y)->code);
}

const struct dgm_tally **dgm_findings_ranked(struct dgm_findings *findings, size_t *ret_count)
{
	size_t count = 0;
	for (const struct dgm_tally *tally = findings->first; tally; tally = tally->next)
		count++;
	const struct dgm_tally **ranked = dgm_arena_zero(&findings->arena, (count + 1) * sizeof *ranked);
	*ret_count = 0;
	for (const struct dgm_tally *tally = findings->first; tally; tally = tally->next)
		ranked[(*ret_count)++] = tally;
	qsort(ranked, count, sizeof *ranked, by_count);
	return ranked;
}
