/* SPDX-License-Identifier: Apache-2.0 */
/* Code lists as four hash tables over one array of pairs: built once, read per value without allocation. */
#include "format/codes.h"

#include "base/textkey.h"

static uint32_t *new_table(struct dgm_arena *arena, uint32_t mask)
{
	return dgm_arena_zero(arena, ((size_t)mask + 1) * sizeof(uint32_t));
}

static uint32_t find(const struct dgm_codes *codes, const uint32_t *table, struct dgm_str key, size_t member)
{
	uint64_t at = dgm_str_hash(key, 0);
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

#define FIND(codes, table, key, member) find(codes, (codes)->table, key, offsetof(struct dgm_code_pair, member))

static void add_pair(struct dgm_codes *codes, struct dgm_arena *arena, struct dgm_str code,
	const struct dgm_yaml *spelling)
{
	codes->pairs[codes->count++] = (struct dgm_code_pair){.spelling = spelling->text,
		.folded = dgm_text_fold(arena, spelling->text),
		.code = code};
}

static bool collect(struct dgm_codes *codes, struct dgm_arena *arena, const struct dgm_yaml *map, struct dgm_str file,
	struct dgm_diag_sink *diags)
{
	for (const struct dgm_yaml *entry = map->first; entry; entry = entry->next) {
		if (entry->kind == DGM_YAML_SCALAR) {
			add_pair(codes, arena, entry->key, entry);
			continue;
		}
		for (const struct dgm_yaml *item = entry->first; item; item = item->next) {
			if (entry->kind != DGM_YAML_LIST || item->kind != DGM_YAML_SCALAR) {
				dgm_diag_text(diags, DGM_ERROR, "definition-codes", file, &entry->place,
					"a code needs one spelling or a list of spellings");
				return false;
			}
			add_pair(codes, arena, entry->key, item);
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
		if (!FIND(codes, by_folded, pair->folded, folded))
			enter(codes, codes->by_folded, pair->folded, i + 1);
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
	codes->by_folded = new_table(arena, codes->mask);
	codes->by_code = new_table(arena, codes->mask);
	if (!collect(codes, arena, map, file, diags) || !index_pairs(codes, file, diags))
		return NULL;
	return codes;
}

struct dgm_codes *dgm_codes_load(struct dgm_arena *arena, const char *path, struct dgm_diag_sink *diags)
{
	static const char *const known[] = {"list", "title", "source", "type", "codes"};
	const struct dgm_yaml *root = dgm_yaml_load(arena, path, diags);
	const struct dgm_str file = dgm_str(path);
	if (!root)
		return NULL;
	for (const struct dgm_yaml *entry = root->first; entry; entry = entry->next) {
		bool found = false;
		for (size_t i = 0; i < DGM_COUNT(known); i++)
			found = found || dgm_str_is(entry->key, known[i]);
		if (!found) {
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

/* folded: the folded spelling once it was needed, for the next list. */
static bool look_up(const struct dgm_codes *codes, struct dgm_arena *scratch, struct dgm_str spelling,
	struct dgm_str *folded, struct dgm_str *ret_code)
{
	uint32_t number = FIND(codes, by_spelling, spelling, spelling);
	if (!number) {
		if (!folded->ptr)
			*folded = dgm_text_fold(scratch, spelling);
		number = FIND(codes, by_folded, *folded, folded);
	}
	if (!number)
		return false;
	*ret_code = codes->pairs[number - 1].code;
	return true;
}

/* Most runs never meet a word that needs it, and keys take longer to make than all the rest of a list. */
static void index_keys(struct dgm_codes *codes)
{
	codes->keyed = true;
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

static bool look_up_key(struct dgm_codes *codes, struct dgm_str key, struct dgm_str *ret_code)
{
	if (!codes->keyed)
		index_keys(codes);
	const uint32_t number = FIND(codes, by_key, key, key);
	if (!number || codes->pairs[number - 1].shared)
		return false;
	*ret_code = codes->pairs[number - 1].code;
	return true;
}

bool dgm_codes_read(struct dgm_codes *codes, struct dgm_arena *scratch, struct dgm_str spelling,
	struct dgm_str *ret_code)
{
	return dgm_codes_read_any(&codes, 1, scratch, spelling, ret_code);
}

bool dgm_codes_read_any(struct dgm_codes *const *lists, uint32_t count, struct dgm_arena *scratch,
	struct dgm_str spelling, struct dgm_str *ret_code)
{
	struct dgm_str folded = DGM_NOSTR;
	for (uint32_t i = 0; i < count; i++)
		if (look_up(lists[i], scratch, spelling, &folded, ret_code))
			return true;
	const struct dgm_str key = count ? dgm_text_key(scratch, spelling) : DGM_NOSTR;
	for (uint32_t i = 0; i < count && key.len >= KEY_LEAST; i++)
		if (look_up_key(lists[i], key, ret_code))
			return true;
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
