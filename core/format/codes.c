/* SPDX-License-Identifier: Apache-2.0 */
/* Code lists as four hash tables over one array of pairs: built once, read per value without allocation. */
#include "format/codes.h"

#include "base/textkey.h"
#include "format/language.h"

static uint32_t *new_table(struct dgm_arena *arena, uint32_t mask)
{
	return dgm_arena_zero(arena, ((size_t)mask + 1) * sizeof(uint32_t));
}

static uint32_t find(const struct dgm_codes *codes, const uint32_t *table, struct dgm_str key, uint64_t at,
	size_t member)
{
	for (;; at++) {
		const uint32_t number = table[at & codes->mask];
		if (number == 0)
			return 0;
		const char *pair = (const char *)&codes->pairs[number - 1];
		struct dgm_str have;
		memcpy(&have, pair + member, sizeof have);
		if (dgm_str_eq(have, key))
			return number;
	}
}

static void enter(const struct dgm_codes *codes, uint32_t *table, struct dgm_str key, uint32_t number)
{
	uint64_t at = dgm_str_hash(key, 0);
	while (table[at & codes->mask] != 0)
		at++;
	table[at & codes->mask] = number;
}

/* hash: of the key, made once for all lists. */
#define FIND_AT(codes, table, key, hash, member)                                                                       \
	find(codes, (codes)->table, key, hash, offsetof(struct dgm_code_pair, member))
#define FIND(codes, table, key, member) FIND_AT(codes, table, key, dgm_str_hash(key, 0), member)

static void add_pair(struct dgm_codes *codes, struct dgm_str code, const struct dgm_yaml *spelling)
{
	codes->pairs[codes->count++] = (struct dgm_code_pair){.spelling = spelling->text, .code = code};
}

static bool collect(struct dgm_codes *codes, const struct dgm_yaml *map, struct dgm_str file,
	struct dgm_diag_sink *diags)
{
	for (const struct dgm_yaml *entry = map->first; entry; entry = entry->next) {
		if (entry->kind == DGM_YAML_SCALAR) {
			add_pair(codes, entry->key, entry);
			continue;
		}
		for (const struct dgm_yaml *item = entry->first; item; item = item->next) {
			if (entry->kind != DGM_YAML_LIST || item->kind != DGM_YAML_SCALAR) {
				dgm_diag_text(diags, DGM_ERROR, "definition-codes", file, &entry->place,
					"a code needs one spelling or a list of spellings");
				return false;
			}
			add_pair(codes, entry->key, item);
		}
	}
	return true;
}

static bool index_pairs(struct dgm_codes *codes, struct dgm_str file, struct dgm_diag_sink *diags)
{
	for (uint32_t i = 0; i < codes->count; i++) {
		const struct dgm_code_pair *pair = &codes->pairs[i];
		if (FIND(codes, by_spelling, pair->spelling, spelling)) {
			dgm_diag_text(diags, DGM_ERROR, "definition-codes", file, NULL,
				"code list %.*s: the spelling \"%.*s\" stands twice", DGM_FMT(codes->name),
				DGM_FMT(pair->spelling));
			return false;
		}
		enter(codes, codes->by_spelling, pair->spelling, i + 1);
		if (!FIND(codes, by_code, pair->code, code))
			enter(codes, codes->by_code, pair->code, i + 1);
	}
	return true;
}

struct dgm_codes *dgm_codes_compile(struct dgm_arena *arena, struct dgm_str name, const struct dgm_yaml *map,
	struct dgm_str file, struct dgm_diag_sink *diags)
{
	if (map->kind != DGM_YAML_MAP) {
		dgm_diag_text(diags, DGM_ERROR, "definition-codes", file, &map->place,
			"a code list is a map from codes to spellings");
		return NULL;
	}
	size_t most = 0;
	for (const struct dgm_yaml *entry = map->first; entry; entry = entry->next)
		most += entry->kind == DGM_YAML_LIST ? entry->count : 1;
	struct dgm_codes *codes = dgm_arena_zero(arena, sizeof *codes);
	codes->name = name;
	codes->arena = arena;
	codes->pairs = dgm_arena_alloc(arena, (most + 1) * sizeof *codes->pairs);
	codes->mask = 15;
	while (codes->mask < most * 2)
		codes->mask = codes->mask * 2 + 1;
	codes->by_spelling = new_table(arena, codes->mask);
	codes->by_code = new_table(arena, codes->mask);
	if (!collect(codes, map, file, diags) || !index_pairs(codes, file, diags))
		return NULL;
	return codes;
}

struct dgm_codes *dgm_codes_load(struct dgm_arena *arena, const char *path, struct dgm_diag_sink *diags)
{
	const struct dgm_yaml *root = dgm_yaml_load(arena, path, diags);
	const struct dgm_str file = dgm_str(path);
	if (!root)
		return NULL;
	for (const struct dgm_yaml *entry = root->first; entry; entry = entry->next) {
		if (!dgm_language_has(DGM_IN_LIST, entry->key)) {
			dgm_diag_text(diags, DGM_ERROR, "definition-unknown-key", file, &entry->key_place,
				"a code list has no key \"%.*s\"", DGM_FMT(entry->key));
			return NULL;
		}
	}
	const struct dgm_yaml *name = dgm_yaml_get(root, "list"), *codes = dgm_yaml_get(root, "codes");
	if (!name || name->kind != DGM_YAML_SCALAR || !codes) {
		dgm_diag_text(diags, DGM_ERROR, "definition-codes", file, &root->place,
			"a code list needs the keys \"list\" and \"codes\"");
		return NULL;
	}
	return dgm_codes_compile(arena, name->text, codes, file, diags);
}

/* Many lists never meet a word that is not in them as it stands, and folding takes longer than all the rest. */
static void index_folded(struct dgm_codes *codes)
{
	codes->by_folded = new_table(codes->arena, codes->mask);
	for (uint32_t i = 0; i < codes->count; i++) {
		struct dgm_code_pair *pair = &codes->pairs[i];
		pair->folded = dgm_text_fold(codes->arena, pair->spelling);
		if (!FIND(codes, by_folded, pair->folded, folded))
			enter(codes, codes->by_folded, pair->folded, i + 1);
	}
}

/* And most never one that needs the key. */
static void index_keys(struct dgm_codes *codes)
{
	codes->by_key = new_table(codes->arena, codes->mask);
	for (uint32_t i = 0; i < codes->count; i++) {
		struct dgm_code_pair *pair = &codes->pairs[i];
		pair->key = dgm_text_key(codes->arena, pair->spelling);
		const uint32_t same = FIND(codes, by_key, pair->key, key);
		if (!same)
			enter(codes, codes->by_key, pair->key, i + 1);
		else if (!dgm_str_eq(codes->pairs[same - 1].code, pair->code))
			codes->pairs[same - 1].shared = true;
	}
}

/* Bytes. Of so short words marks are half: Vietnamese for the United States without its own is what "my" is. */
#define KEY_LEAST 4

static bool found(const struct dgm_codes *codes, uint32_t number, struct dgm_str *ret_code)
{
	if (number)
		*ret_code = codes->pairs[number - 1].code;
	return number != 0;
}

bool dgm_codes_read(struct dgm_codes *codes, struct dgm_arena *scratch, struct dgm_str spelling,
	struct dgm_str *ret_code)
{
	return dgm_codes_read_any(&codes, 1, scratch, spelling, ret_code);
}

bool dgm_codes_read_any(struct dgm_codes *const *lists, uint32_t count, struct dgm_arena *scratch,
	struct dgm_str spelling, struct dgm_str *ret_code)
{
	if (count == 0)
		return false;
	uint64_t hash = dgm_str_hash(spelling, 0);
	for (uint32_t i = 0; i < count; i++)
		if (found(lists[i], FIND_AT(lists[i], by_spelling, spelling, hash, spelling), ret_code))
			return true;
	const struct dgm_str folded = dgm_text_fold(scratch, spelling);
	hash = dgm_str_hash(folded, 0);
	for (uint32_t i = 0; i < count; i++) {
		if (!lists[i]->by_folded)
			index_folded(lists[i]);
		if (found(lists[i], FIND_AT(lists[i], by_folded, folded, hash, folded), ret_code))
			return true;
	}
	const struct dgm_str key = dgm_text_key(scratch, spelling);
	hash = dgm_str_hash(key, 0);
	for (uint32_t i = 0; i < count && key.len >= KEY_LEAST; i++) {
		if (!lists[i]->by_key)
			index_keys(lists[i]);
		const uint32_t number = FIND_AT(lists[i], by_key, key, hash, key);
		if (number && !lists[i]->pairs[number - 1].shared && found(lists[i], number, ret_code))
			return true;
	}
	return false;
}

bool dgm_codes_write(const struct dgm_codes *codes, struct dgm_str code, struct dgm_str *ret_spelling)
{
	const uint32_t number = FIND(codes, by_code, code, code);
	if (!number)
		return false;
	*ret_spelling = codes->pairs[number - 1].spelling;
	return true;
}
