/* SPDX-License-Identifier: Apache-2.0 */
/* What values look like: dates by patterns, words by the code lists, numbers by their size. */
#include <dirent.h>
#include <stdlib.h>

#include "notice/date_pattern.h"
#include "notice/value.h"
#include "pipe/drafting.h"

enum {
	WHOLE = 100, /* per cent */
};

static const char *const date_patterns[] = {"yyyy-MM-dd", "dd.MM.yyyy", "dd/MM/yyyy", "MM/dd/yyyy", "dd-MM-yyyy",
	"yyyy/MM/dd", "yyyyMMdd", "d.M.yyyy", "d/M/yyyy", "M/d/yyyy", "d-M-yyyy", "d MMM yyyy", "d-MMM-yyyy",
	"MMM d, yyyy", "MMM d yyyy", "yyyy-MM-ddTHH:mm:ssXXX", "yyyy-MM-dd HH:mm:ss", "MM.yyyy", "MM/yyyy", "yyyy-MM",
	"yyyy"};

/* How many of the values not read yet a pattern reads; marks them where wanted. */
static uint32_t count_dates(struct dgm_arena *arena, const struct dgm_draft_key *key, const char *pattern, bool *read,
	bool mark)
{
	const char *problem;
	const struct dgm_date_pattern *compiled = dgm_date_pattern_compile(arena, dgm_str(pattern), NULL, 0, &problem);
	uint32_t count = 0;
	struct dgm_day day;
	for (uint32_t i = 0; compiled && i < key->value_count; i++) {
		if (read[i] || !dgm_date_read(compiled, arena, key->values[i], &day))
			continue;
		read[i] = mark;
		count++;
	}
	return count;
}

/* The patterns that read the most values; per cent of the values read by one of them. */
unsigned dgm_draft_dates(struct dgm_arena *arena, struct dgm_draft_key *key)
{
	bool read[DGM_DRAFT_VALUES] = {0};
	uint32_t all = 0;
	key->pattern_count = 0;
	while (key->pattern_count < DGM_DRAFT_PATTERNS) {
		const char *best = NULL;
		uint32_t most = 0;
		for (size_t i = 0; i < DGM_COUNT(date_patterns); i++) {
			const uint32_t count = count_dates(arena, key, date_patterns[i], read, false);
			if (count > most) {
				best = date_patterns[i];
				most = count;
			}
		}
		if (!best)
			break;
		all += count_dates(arena, key, best, read, true);
		key->patterns[key->pattern_count++] = best;
	}
	return key->value_count ? all * WHOLE / key->value_count : 0;
}

/* Day and month cannot be told apart where both orders read all. */
bool dgm_draft_order_open(struct dgm_arena *arena, const struct dgm_draft_key *key)
{
	bool read[DGM_DRAFT_VALUES] = {0};
	return count_dates(arena, key, "d/M/yyyy", read, false) > 0 &&
		count_dates(arena, key, "M/d/yyyy", read, false) == count_dates(arena, key, "d/M/yyyy", read, false);
}

static void load_lists_of(struct dgm_draft_lists *lists, const char *folder)
{
	struct dgm_diag_sink silent = {0};
	DIR *dir = opendir(folder);
	if (!dir)
		return;
	for (const struct dirent *entry; (entry = readdir(dir)) && lists->count < DGM_DRAFT_CODE_LISTS;) {
		const struct dgm_str name = dgm_str(entry->d_name);
		if (!dgm_str_ends(name, DGM_STR(".yaml")))
			continue;
		const struct dgm_str path = dgm_arena_printf(lists->arena, "%s/%s", folder, entry->d_name);
		const struct dgm_yaml *root = dgm_yaml_load(lists->arena, path.ptr, &silent);
		const struct dgm_yaml *type = root ? dgm_yaml_get(root, "type") : NULL;
		const struct dgm_yaml *codes = root ? dgm_yaml_get(root, "codes") : NULL;
		struct dgm_draft_list *list = &lists->all[lists->count];
		if (!type || !codes)
			continue;
		list->name = dgm_arena_dup(lists->arena, dgm_str_take(name, name.len - 5));
		list->type = type->text;
		list->codes = dgm_codes_compile(lists->arena, list->name, codes, path, &silent);
		lists->count += list->codes != NULL;
	}
	closedir(dir);
}

static int by_name(const void *a, const void *b)
{
	const struct dgm_draft_list *list_a = a, *list_b = b;
	const bool english_a = dgm_str_ends(list_a->name, DGM_STR("-en")),
		   english_b = dgm_str_ends(list_b->name, DGM_STR("-en"));
	return english_a != english_b ? (english_a ? -1 : 1) : dgm_str_cmp(list_a->name, list_b->name);
}

/* Only when something asks for them: there are many. */
void dgm_draft_lists(struct dgm_draft_lists *lists, const struct dgm_catalog *catalog)
{
	for (size_t i = 0; lists->count == 0 && catalog->code_folders[i]; i++)
		load_lists_of(lists, catalog->code_folders[i]);
	if (lists->count)
		qsort(lists->all, lists->count, sizeof lists->all[0], by_name);
}

static uint32_t count_codes(struct dgm_arena *arena, const struct dgm_draft_list *list, const struct dgm_draft_key *key,
	bool *read, bool mark)
{
	uint32_t count = 0;
	struct dgm_str code;
	for (uint32_t i = 0; i < key->value_count; i++) {
		if (read[i] || !dgm_codes_read(list->codes, arena, key->values[i], &code))
			continue;
		read[i] = mark;
		count++;
	}
	return count;
}

/* The lists of a type that know the most values; per cent of the values that are known, by their own spelling too. */
unsigned dgm_draft_codes(struct dgm_draft_lists *lists, struct dgm_draft_key *key, int field, struct dgm_str type)
{
	bool read[DGM_DRAFT_VALUES] = {0};
	uint32_t all = 0;
	key->list_count = 0;
	for (uint32_t i = 0; i < key->value_count && field >= 0; i++) {
		const bool own = dgm_fields[field].type == DGM_TYPE_CODE
			? dgm_list_has(dgm_fields[field].list, key->values[i])
			: dgm_value_is_canonical((enum dgm_field_id)field, key->values[i], NULL);
		read[i] = own;
		all += own;
	}
	/* A list hides the codes themselves, so where some are needed they must know all. */
	if (all < key->value_count) {
		memset(read, 0, sizeof read);
		all = 0;
	}
	while (all < key->value_count && key->list_count < DGM_DRAFT_LISTS) {
		const struct dgm_draft_list *best = NULL;
		uint32_t most = 0;
		for (size_t i = 0; i < lists->count; i++) {
			if (!dgm_str_eq(lists->all[i].type, type))
				continue;
			const uint32_t count = count_codes(lists->arena, &lists->all[i], key, read, false);
			if (count > most) {
				best = &lists->all[i];
				most = count;
			}
		}
		if (!best)
			break;
		all += count_codes(lists->arena, best, key, read, true);
		key->lists[key->list_count++] = best->name;
	}
	return key->value_count ? all * WHOLE / key->value_count : 0;
}

/* Lengths and masses: plain numbers, and in which unit they are likely to be. */
unsigned dgm_draft_numbers(struct dgm_arena *arena, struct dgm_draft_key *key, bool is_length)
{
	uint32_t plain = 0, small = 0;
	struct dgm_str number;
	key->comma = false;
	for (uint32_t i = 0; i < key->value_count; i++) {
		const bool comma = dgm_str_find(key->values[i], DGM_STR(",")) < key->values[i].len;
		if (!dgm_decimal_read(arena, key->values[i], comma ? ',' : '.', '\0', &number))
			continue;
		plain++;
		key->comma = key->comma || comma;
		small += dgm_decimal_cmp(number, DGM_STR("3")) < 0;
	}
	key->words = plain < key->value_count;
	key->unit = !is_length ? "kg" : small * 2 > plain ? "m" : "cm";
	return plain * WHOLE / (key->value_count ? key->value_count : 1);
}

bool dgm_draft_birth_like(struct dgm_arena *arena, const struct dgm_draft_key *key)
{
	uint32_t likely = 0;
	const char *problem;
	struct dgm_day day;
	for (uint32_t i = 0; i < key->value_count; i++) {
		for (uint32_t p = 0; p < key->pattern_count; p++) {
			const struct dgm_date_pattern *pattern =
				dgm_date_pattern_compile(arena, dgm_str(key->patterns[p]), NULL, 0, &problem);
			if (!dgm_date_read(pattern, arena, key->values[i], &day))
				continue;
			likely += day.year >= 1900 && day.year <= 2008;
			break;
		}
	}
	return likely * 4 >= key->value_count * 3;
}
