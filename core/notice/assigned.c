/* SPDX-License-Identifier: Apache-2.0 */
/* Codes of the standards as bits and sorted arrays: two letters and three are dense enough for a bit each. */
#include "notice/assigned.h"

#include <stdlib.h>

#include "notice/assigned_table.h"

enum {
	LETTERS = 26,
};

/* The number of the letters before the last in words, and the bit of the last; false: not all are from base to base+25. */
static bool has_bit(const uint32_t *words, struct dgm_str code, char base)
{
	uint32_t word = 0;
	for (size_t i = 0; i < code.len; i++)
		if (code.ptr[i] < base || code.ptr[i] >= base + LETTERS)
			return false;
	for (size_t i = 0; i + 1 < code.len; i++)
		word = word * LETTERS + (uint32_t)(code.ptr[i] - base);
	return (words[word] >> (code.ptr[code.len - 1] - base) & 1) != 0;
}

static int by_text(const void *key, const void *item)
{
	return strcmp(key, item);
}

#define IS_IN(text, array) (bsearch(text, array, DGM_COUNT(array), sizeof *(array), by_text) != NULL)

static enum dgm_assigned country(struct dgm_str code, const char *text)
{
	if (code.len == 2 && has_bit(countries, code, 'A'))
		return DGM_ASSIGNED_NOW;
	if (dgm_str_starts(code, DGM_STR("x-")))
		return DGM_ASSIGNED_NOW;
	return IS_IN(text, former) ? DGM_ASSIGNED_ONCE : DGM_ASSIGNED_NEVER;
}

/* Qaaa to Qabx are for private use. */
static bool is_script(const char *text)
{
	const bool private_use = memcmp(text, "Qa", 2) == 0 && (text[2] == 'a' || text[2] == 'b') && text[3] >= 'a' &&
		text[3] <= (text[2] == 'a' ? 'z' : 'x') && text[4] == '\0';
	return private_use || IS_IN(text, scripts);
}

/* qaa to qtz are for private use. */
static bool is_language(struct dgm_str code, const char *text)
{
	const struct dgm_str language = dgm_str_take(code, 3);
	if (code.len < 3 || (code.len > 3 && (code.ptr[3] != '-' || !is_script(text + 4))))
		return false;
	return has_bit(languages, language, 'a') || (text[0] == 'q' && text[1] >= 'a' && text[1] <= 't');
}

enum dgm_assigned dgm_assigned_code(enum dgm_type type, struct dgm_str code)
{
	char text[16] = "";
	bool now = true;
	if (code.len == 0 || code.len >= sizeof text)
		return DGM_ASSIGNED_NEVER;
	memcpy(text, code.ptr, code.len);
	if (type == DGM_TYPE_COUNTRY)
		return country(code, text);
	if (type == DGM_TYPE_LANGUAGE)
		now = is_language(code, text);
	else if (type == DGM_TYPE_SCRIPT)
		now = is_script(text);
	else if (type == DGM_TYPE_CURRENCY)
		now = IS_IN(text, currencies);
	if (now)
		return DGM_ASSIGNED_NOW;
	return type == DGM_TYPE_CURRENCY && IS_IN(text, old_currencies) ? DGM_ASSIGNED_ONCE : DGM_ASSIGNED_NEVER;
}
