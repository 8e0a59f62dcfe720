/* SPDX-License-Identifier: Apache-2.0 */
/* The arithmetic of check characters. What is done about a wrong one is for others to say. */
#include "notice/identifier.h"

/*
 * GB 11643-1999: 17 digits and the check character of ISO 7064, MOD 11-2, an X for ten. The numbers of 15 digits that
 * were given until 1999 have none.
 */
static bool is_cn_resident_id(struct dgm_str text)
{
	enum { LENGTH = 18, OLD_LENGTH = 15 };
	unsigned sum = 0;
	for (size_t i = 0; i < text.len; i++) {
		const bool last = i + 1 == LENGTH;
		if (!dgm_is_digit(text.ptr[i]) && !(last && (text.ptr[i] == 'X' || text.ptr[i] == 'x')))
			return false;
		sum = (sum + (dgm_is_digit(text.ptr[i]) ? (unsigned)(text.ptr[i] - '0') : 10)) * (last ? 1 : 2) % 11;
	}
	return text.len == OLD_LENGTH || (text.len == LENGTH && sum == 1);
}

static const struct dgm_identifier identifiers[] = {
	{.name = "cn-resident-id", .what = "number of a resident of China, GB 11643", .is_good = is_cn_resident_id},
};

const struct dgm_identifier *dgm_identifier_at(size_t index)
{
	return index < DGM_COUNT(identifiers) ? &identifiers[index] : NULL;
}

const struct dgm_identifier *dgm_identifier_find(struct dgm_str name)
{
	for (size_t i = 0; i < DGM_COUNT(identifiers); i++)
		if (dgm_str_is(name, identifiers[i].name))
			return &identifiers[i];
	return NULL;
}
