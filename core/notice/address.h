/* SPDX-License-Identifier: Apache-2.0 */
/* Telephone numbers and e-mail addresses: the one spelling that a number has everywhere, and what cannot be either. */
#ifndef DGM_NOTICE_ADDRESS_H
#define DGM_NOTICE_ADDRESS_H

#include "base/arena.h"

/*
 * A number that says its country, with + or 00 in front, as E.164: +442079460000. Blanks, points, dashes, slashes and
 * brackets between digits go, and a (0) that is not dialled from abroad. text itself where it is anything else: a
 * national number, since only who wrote it knows its country; more than a number; a calling code that nobody has.
 */
struct dgm_str dgm_phone_international(struct dgm_arena *arena, struct dgm_str text);

/*
 * How a country's own numbers are written: its calling code, the prefix of calls within it, and how long its numbers
 * are. country: ISO 3166-1 alpha-2. NULL: not known, or the plan does not tell a number's form abroad (Argentina).
 */
struct dgm_phone_plan;
const struct dgm_phone_plan *dgm_phone_plan(struct dgm_str country);

/*
 * A number without its country, as E.164 by that country's plan: 020 7946 0000 is +442079460000. text itself where it is
 * no such number, or has not the length that numbers with their area code have there: half a number is not completed.
 */
struct dgm_str dgm_phone_national(struct dgm_arena *arena, struct dgm_str text, const struct dgm_phone_plan *plan);
/* Whether it is nothing but a number, of five digits or more, that does not say its country. */
bool dgm_phone_is_national(struct dgm_arena *arena, struct dgm_str text);

/*
 * Whether it can be a number: 3 to 15 digits (ITU-T E.164; three are an emergency's) and the signs above, with an
 * extension or without, in the digits of any script; after + a calling code that is assigned.
 */
bool dgm_phone_is_number(struct dgm_str text);

/* Without mailto: and <...> around it; text itself where there is neither. */
struct dgm_str dgm_email_bare(struct dgm_str text);

/*
 * The shape of RFC 5321, without quoted local parts and address literals; hosts in other scripts by IDNA 2008 (UTS 46), and local parts in them (RFC 6531).
 */
bool dgm_email_is_address(struct dgm_str text);

#endif
