/* SPDX-License-Identifier: Apache-2.0 */
/* The last step of reading a value. Which value that is, map.c knows. */
#include "format/store.h"

void dgm_store_constants(struct dgm_notice *notice, struct dgm_group *group, const struct dgm_constant *constants,
	uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct dgm_value *value = dgm_value_first(group, constants[i].field);
		if (value && value->preset != DGM_PRESET_GROUP)
			continue;
		if (!value)
			value = dgm_value_add(notice, group, constants[i].field);
		value->text = constants[i].text;
		value->preset = DGM_PRESET_GROUP;
	}
}

void dgm_store_fill(struct dgm_value *value, const struct dgm_read *read, struct dgm_str source, uint16_t literal,
	uint32_t offset)
{
	value->offset = offset;
	switch (read->reading) {
	case DGM_READ_PARSED:
		value->text = read->text;
		value->told = read->problem != NULL;
		if (read->other_word || !dgm_str_eq(read->text, source))
			value->original = source;
		break;
	case DGM_READ_NULL:
		value->state = DGM_STATE_NULL;
		if (literal != DGM_LITERAL_NULL)
			value->original = source.len ? source : (struct dgm_str){"", 0};
		break;
	case DGM_READ_UNPARSED:
		value->state = DGM_STATE_UNPARSED;
		value->original = source;
		break;
	case DGM_READ_ABSENT:
		break;
	}
}

static size_t count_values(const struct dgm_group *group, enum dgm_field_id field)
{
	size_t n = 0;
	for (const struct dgm_value *value = dgm_value_first(group, field); value; value = value->next)
		n++;
	return n;
}

bool dgm_store_stands(const struct dgm_group *group, enum dgm_field_id field, const struct dgm_read *read)
{
	const struct dgm_value *have = group ? dgm_value_first(group, field) : NULL;
	return have && have->preset == DGM_PRESET_RECORD && read->reading != DGM_READ_PARSED;
}

/* A null that only keeps the place of a value that comes later: keys stand in any order. */
static struct dgm_value *free_place(const struct dgm_group *group, enum dgm_field_id field, int32_t position)
{
	struct dgm_value *value = dgm_value_first(group, field);
	for (int32_t i = 0; i < position; i++)
		value = value->next;
	if (value->state != DGM_STATE_NULL || value->original.ptr || value->offset)
		return NULL;
	value->state = DGM_STATE_PARSED;
	return value;
}

struct dgm_value *dgm_store_further(struct dgm_notice *notice, struct dgm_group *group, enum dgm_field_id field,
	int32_t position)
{
	size_t have = position < 0 ? 0 : count_values(group, field);
	if (position >= 0 && have > (size_t)position)
		return free_place(group, field, position);
	for (; position >= 0 && have < (size_t)position; have++)
		dgm_value_add(notice, group, field)->state = DGM_STATE_NULL;
	return dgm_value_add(notice, group, field);
}
