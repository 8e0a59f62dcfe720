/* SPDX-License-Identifier: Apache-2.0 */
/* Counts only; memory is that of the words, which are few and bounded. */
#include "pipe/inspection.h"

#include <stdlib.h>

static const enum dgm_field_id word_fields[DGM_INSPECTED_WORDS] = {DGM_FIELD_notice_type, DGM_FIELD_notice_form,
	DGM_FIELD_notice_issuer, DGM_FIELD_subject_kind, DGM_FIELD_subject_nationality_country,
	DGM_FIELD_charge_country};

void dgm_inspection_init(struct dgm_inspection *inspection)
{
	memset(inspection, 0, sizeof *inspection);
	for (size_t i = 0; i < DGM_INSPECTED_WORDS; i++)
		inspection->words[i].field = word_fields[i];
}

void dgm_inspection_done(struct dgm_inspection *inspection)
{
	dgm_arena_done(&inspection->arena);
}

static void add_word(struct dgm_inspection *inspection, struct dgm_word_counts *words, struct dgm_str word)
{
	for (size_t i = 0; i < words->count; i++) {
		if (!dgm_str_eq(words->words[i].word, word))
			continue;
		words->words[i].count++;
		return;
	}
	if (words->count == DGM_WORDS_MAX)
		words->others++;
	else
		words->words[words->count++] = (struct dgm_word_count){dgm_arena_dup(&inspection->arena, word), 1};
}

/* seen: by field, whether this notice was counted for it. */
static void add_group(struct dgm_inspection *inspection, const struct dgm_group *group, bool *seen)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	for (uint32_t f = 0; f < def->field_count; f++) {
		const enum dgm_field_id field = (enum dgm_field_id)(def->first_field + f);
		struct dgm_field_count *count = &inspection->fields[field];
		for (const struct dgm_value *value = dgm_value_first(group, field); value; value = value->next) {
			count->nulls += value->state == DGM_STATE_NULL;
			count->unparsed += value->state == DGM_STATE_UNPARSED;
			if (value->state != DGM_STATE_PARSED)
				continue;
			count->values++;
			count->notices += !seen[field];
			seen[field] = true;
		}
	}
	for (uint32_t c = 0; c < def->child_count; c++)
		for (const struct dgm_group *child = dgm_group_first(group, def->children[c]); child;
			child = child->next)
			add_group(inspection, child, seen);
}

/* A word counts once for a notice, however often it stands in it. */
static void add_words(struct dgm_inspection *inspection, struct dgm_word_counts *words, const struct dgm_group *group,
	struct dgm_str *had, size_t *had_count)
{
	const enum dgm_group_id wanted = dgm_fields[words->field].group;
	if (group->id == wanted) {
		for (const struct dgm_value *value = dgm_value_first(group, words->field); value; value = value->next) {
			bool before = value->state != DGM_STATE_PARSED;
			for (size_t i = 0; i < *had_count && !before; i++)
				before = dgm_str_eq(had[i], value->text);
			if (before || *had_count == DGM_WORDS_MAX)
				continue;
			had[(*had_count)++] = value->text;
			add_word(inspection, words, value->text);
		}
		return;
	}
	const struct dgm_group_def *def = &dgm_groups[group->id];
	for (uint32_t c = 0; c < def->child_count; c++)
		for (const struct dgm_group *child = dgm_group_first(group, def->children[c]); child;
			child = child->next)
			add_words(inspection, words, child, had, had_count);
}

void dgm_inspection_add(struct dgm_inspection *inspection, const struct dgm_notice *notice)
{
	bool seen[DGM_FIELD_COUNT] = {false};
	inspection->notices++;
	add_group(inspection, notice->root, seen);
	dgm_changes_add(&inspection->changes, notice);
	for (size_t i = 0; i < DGM_INSPECTED_WORDS; i++) {
		struct dgm_str had[DGM_WORDS_MAX];
		size_t had_count = 0;
		const enum dgm_group_id wanted = dgm_fields[word_fields[i]].group;
		enum dgm_group_id top = wanted;
		while (dgm_groups[top].parent != DGM_GROUP_root)
			top = dgm_groups[top].parent;
		for (const struct dgm_group *group = dgm_group_first(notice->root, top); group; group = group->next)
			add_words(inspection, &inspection->words[i], group, had, &had_count);
	}
}

static int by_count(const void *a, const void *b)
{
	const struct dgm_word_count *x = a, *y = b;
	return x->count < y->count ? 1 : x->count > y->count ? -1 : dgm_str_cmp(x->word, y->word);
}

void dgm_word_counts_sort(struct dgm_word_counts *words)
{
	qsort(words->words, words->count, sizeof *words->words, by_count);
}
