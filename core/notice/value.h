/* SPDX-License-Identifier: Apache-2.0 */
/* Values: is a text the canonical spelling of its type, and the arithmetic on decimals written as text. */
#ifndef DGM_NOTICE_VALUE_H
#define DGM_NOTICE_VALUE_H

#include "base/arena.h"
#include "notice/schema.h"

/*
 * Whether text is a canonical spelling of the field's type; *ret_problem, where not NULL, says in a few words what was
 * expected ("an ISO 3166-1 alpha-2 code in capitals"). Countries, languages, scripts and currencies are checked by
 * shape here; whether a code is assigned is a validation rule. Text types must be canonical as dgm_text_canonical says.
 * Nothing but a literal may be empty. text must be valid UTF-8.
 */
bool dgm_value_is_canonical(enum dgm_field_id field, struct dgm_str text, const char **ret_problem);

/*
 * A decimal as sources write it to the canonical one: group characters and surrounding blanks out, `decimal` to '.',
 * a leading '+' dropped, leading zeros kept to one, trailing zeros kept (1.10 stays 1.10), "-0" is "0". decimal, group:
 * 0 where there is none. Groups must be groups (of three digits, or Indian ones): "12,34" with group ',' is refused, for
 * it may be a decimal comma. Exponents, two decimal characters, ".5", "5." and anything else are refused. Never through
 * a binary float: any number of digits survives. Returns false when text is not such a number; the result is part of
 * text where nothing had to change.
 */
bool dgm_decimal_read(struct dgm_arena *arena, struct dgm_str text, char decimal, char group,
	struct dgm_str *ret_number);

/*
 * Canonical decimal times ten to the power of `shift` (-6 to 6), as text: ("1.65", 2) is "165", ("1.655", 2) "165.5".
 * Trailing zeros behind the point that only the shift brought are dropped ("1.60" by 2 is "160", "165" by -2 "1.65",
 * "170" by -2 "1.7"); those of the number itself stay ("1.70" by 1 is "17.0").
 */
struct dgm_str dgm_decimal_shift(struct dgm_arena *arena, struct dgm_str number, int shift);

/* Which of two canonical decimals is less: negative, 0 or positive. */
int dgm_decimal_cmp(struct dgm_str a, struct dgm_str b);

/* Whether two canonical decimals are the same number ("1.10" and "1.1" are). */
bool dgm_decimal_same(struct dgm_str a, struct dgm_str b);

#endif
