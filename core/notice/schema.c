/* SPDX-License-Identifier: Apache-2.0 */
/* Expands schema.def into tables before main runs, so that look-ups in the hot path are plain array reads. */
#include "notice/schema.h"

static const char *const list_words[] = {
#define DGM_CODES(list, codes) codes,
#include "notice/schema.def"
};

static const char *const list_names[] = {
#define DGM_CODES(list, codes) #list,
#include "notice/schema.def"
};

const char *const dgm_type_names[DGM_TYPE_COUNT] = {"text", "prose", "code", "date", "time", "country", "language",
	"script", "integer", "decimal", "length", "mass", "currency", "uri", "email", "phone", "id", "digest",
	"boolean", "literal"};

struct dgm_list_def dgm_lists[DGM_LIST_COUNT];

struct dgm_group_def dgm_groups[DGM_GROUP_COUNT] = {
#define DGM_GROUP(group, parent_group, group_name, repeats, text)                                                      \
	[DGM_GROUP_##group] = {.name = {group_name, sizeof group_name - 1},                                            \
		.doc = {text, sizeof text - 1},                                                                        \
		.parent = DGM_GROUP_##parent_group,                                                                    \
		.many = repeats},
#include "notice/schema.def"
};

struct dgm_field_def dgm_fields[DGM_FIELD_COUNT] = {
#define DGM_FIELD(in_group, field_name, field_type, field_list, repeats, text)                                         \
	[DGM_FIELD_##in_group##_##field_name] = {.name = {#field_name, sizeof #field_name - 1},                        \
		.doc = {text, sizeof text - 1},                                                                        \
		.group = DGM_GROUP_##in_group,                                                                         \
		.type = DGM_TYPE_##field_type,                                                                         \
		.list = DGM_LIST_##field_list,                                                                         \
		.many = repeats},
#include "notice/schema.def"
};

static const enum dgm_group_id protected_groups[] = {
#define DGM_PROTECTED(group) DGM_GROUP_##group,
#include "notice/schema.def"
};

/* Storage for what is derived. Paths are short: the longest is far below 64 bytes. */
static char path_text[(DGM_GROUP_COUNT + DGM_FIELD_COUNT) * 64];
static enum dgm_group_id child_ids[DGM_GROUP_COUNT];
static struct dgm_str code_words[512];

/* Per list an open-addressed table of code numbers from 1; at least half of it empty, or dgm_list_has would be slow. */
#define CODE_SLOTS 128u
static uint8_t code_slots[DGM_LIST_COUNT][CODE_SLOTS];

static struct dgm_str join(char **at, struct dgm_str parent, struct dgm_str name)
{
	char *start = *at;
	if (parent.len) {
		memcpy(*at, parent.ptr, parent.len);
		*at += parent.len;
		*(*at)++ = '.';
	}
	memcpy(*at, name.ptr, name.len);
	*at += name.len;
	return (struct dgm_str){start, (size_t)(*at - start)};
}

/* Length, both ends and the middle tell the codes of our lists apart nearly always. */
static uint32_t code_slot(struct dgm_str code)
{
	const uint32_t mixed = (uint32_t)code.len << 24 ^ (uint32_t)(unsigned char)code.ptr[0] << 16 ^
		(uint32_t)(unsigned char)code.ptr[code.len / 2] << 8 ^ (uint32_t)(unsigned char)code.ptr[code.len - 1];
	return mixed * 2654435761u >> 25;
}

static void derive_lists(void)
{
	size_t used = 0;
	for (int list = 0; list < DGM_LIST_COUNT; list++) {
		dgm_lists[list].name = dgm_str(list_names[list]);
		dgm_lists[list].codes = code_words + used;
		struct dgm_str rest = dgm_str(list_words[list]), word;
		while (rest.len && dgm_str_next(&rest, DGM_STR("|"), &word)) {
			code_words[used++] = word;
			uint32_t at = code_slot(word);
			while (code_slots[list][at])
				at = (at + 1) % CODE_SLOTS;
			code_slots[list][at] = (uint8_t)++dgm_lists[list].count;
		}
	}
}

static __attribute__((constructor)) void derive(void)
{
	char *text = path_text;
	size_t children = 0;
	derive_lists();
	for (size_t i = 0; i < DGM_COUNT(protected_groups); i++)
		dgm_groups[protected_groups[i]].protected = true;
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		struct dgm_group_def *group = &dgm_groups[dgm_fields[f].group];
		if (group->field_count == 0)
			group->first_field = (enum dgm_field_id)f;
		dgm_fields[f].slot = group->field_count++;
	}
	for (unsigned g = 0; g < DGM_GROUP_COUNT; g++) {
		struct dgm_group_def *group = &dgm_groups[g];
		const struct dgm_group_def *parent = &dgm_groups[group->parent];
		if (g != DGM_GROUP_root)
			group->path = join(&text, parent->path, group->name);
		group->depth = (g != DGM_GROUP_root ? parent->depth : 0) + group->many;
		group->protected = group->protected || parent->protected;
		group->children = child_ids + children;
		for (unsigned c = 1; c < DGM_GROUP_COUNT; c++) {
			if (dgm_groups[c].parent != g)
				continue;
			dgm_groups[c].slot = group->field_count + group->child_count++;
			child_ids[children++] = (enum dgm_group_id)c;
		}
	}
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++)
		dgm_fields[f].path = join(&text, dgm_groups[dgm_fields[f].group].path, dgm_fields[f].name);
}

int dgm_field_by_path(struct dgm_str path)
{
	for (int f = 0; f < DGM_FIELD_COUNT; f++)
		if (dgm_str_eq(dgm_fields[f].path, path))
			return f;
	return -1;
}

int dgm_group_by_path(struct dgm_str path)
{
	for (int g = 0; g < DGM_GROUP_COUNT; g++)
		if (dgm_str_eq(dgm_groups[g].path, path))
			return g;
	return -1;
}

int dgm_field_in(enum dgm_group_id group, struct dgm_str name)
{
	const struct dgm_group_def *def = &dgm_groups[group];
	for (uint32_t i = 0; i < def->field_count; i++)
		if (dgm_str_eq(dgm_fields[def->first_field + i].name, name))
			return (int)(def->first_field + i);
	return -1;
}

int dgm_group_in(enum dgm_group_id parent, struct dgm_str name)
{
	const struct dgm_group_def *def = &dgm_groups[parent];
	for (uint32_t i = 0; i < def->child_count; i++)
		if (dgm_str_eq(dgm_groups[def->children[i]].name, name))
			return (int)def->children[i];
	return -1;
}

bool dgm_list_has(enum dgm_list_id list, struct dgm_str code)
{
	if (code.len == 0)
		return false;
	for (uint32_t at = code_slot(code); code_slots[list][at]; at = (at + 1) % CODE_SLOTS)
		if (dgm_str_eq(dgm_lists[list].codes[code_slots[list][at] - 1], code))
			return true;
	return false;
}
