/* SPDX-License-Identifier: Apache-2.0 */
/* Which fields of a notice are those of a zone; where they stand and how names are cut is notice/mrz.c's affair. */
#include "format/zone.h"

#include <stdio.h>

#include "base/plain.h"
#include "notice/date.h"
#include "notice/mrz.h"

#define F(field) DGM_FIELD_subject_##field

static struct dgm_str code_of(const struct dgm_node *node, struct dgm_str country)
{
	struct dgm_str code;
	for (uint32_t i = 0; i < node->code_count; i++)
		if (dgm_codes_write(node->codes[i], country, &code))
			return code;
	return DGM_NOSTR;
}

/* YYMMDD; what is not known, or only about, is fillers. */
static struct dgm_str day_of(const struct dgm_group *group, enum dgm_field_id field, char to[8])
{
	struct dgm_date date;
	memcpy(to, "<<<<<<", 7);
	if (group && dgm_date_parse(dgm_text_of(group, field), &date) && !date.interval && date.from.year &&
		!date.from.approximate && !date.from.uncertain) {
		char number[16];
		snprintf(number, sizeof number, "%02u%02u%02u", date.from.year % 100u, date.from.month, date.from.day);
		memcpy(to, number, date.from.day ? 6 : date.from.month ? 4 : 2);
	}
	return dgm_str_of(to, 6);
}

/* In the letters of a zone; empty: it has some that nothing stands for. */
static struct dgm_str plain(struct dgm_unmapper *unmapper, const struct dgm_node *node, const struct dgm_group *name,
	struct dgm_str text)
{
	static const char taken[] = " '-";
	struct dgm_arena *arena = unmapper->notice->arena;
	uint8_t table[128] = {0};
	for (size_t c = 0; c < sizeof table; c++)
		table[c] = dgm_is_alpha((char)c) || dgm_is_digit((char)c);
	for (size_t i = 0; i < sizeof taken - 1; i++)
		table[(unsigned char)taken[i]] = 1;
	const struct dgm_str said = dgm_text_of(name, F(name_language));
	const struct dgm_str language = said.len ? said : dgm_put_language(unmapper, node, name);
	struct dgm_str made = text;
	if (dgm_letters_write(node->letters, node->letter_count, arena, text, language, &made) == DGM_LETTERS_LACKING ||
		(!dgm_plain_is(made, table) && !dgm_plain_text(arena, made, table, &made)))
		return DGM_NOSTR;
	return made;
}

static struct dgm_str beside(struct dgm_arena *arena, struct dgm_str first, struct dgm_str second)
{
	return first.len && second.len ? dgm_arena_join(arena, first, DGM_STR(" "), second)
		: first.len            ? first
				       : second;
}

/* The primary and secondary identifier, as far as the notice tells them apart; else all of it is the primary one. */
static bool take_names(struct dgm_unmapper *unmapper, const struct dgm_node *node, const struct dgm_group *name,
	struct dgm_mrz_fields *fields)
{
	struct dgm_arena *arena = unmapper->notice->arena;
	struct dgm_str primary =
		beside(arena, dgm_text_of(name, F(name_family)), dgm_text_of(name, F(name_second_family)));
	struct dgm_str secondary = beside(arena, dgm_text_of(name, F(name_given)), dgm_text_of(name, F(name_middle)));
	if (primary.len == 0) {
		primary = dgm_text_of(name, F(name_full));
		for (const struct dgm_value *part = primary.len ? NULL : dgm_value_first(name, F(name_part)); part;
			part = part->next)
			primary = beside(arena, primary, part->text);
		primary = primary.len ? primary : secondary;
		secondary = DGM_NOSTR;
	}
	fields->primary = plain(unmapper, node, name, primary);
	fields->secondary = plain(unmapper, node, name, secondary);
	return fields->primary.len > 0 && (fields->secondary.len > 0 || secondary.len == 0);
}

/* The primary name, or a spelling of it that is in Latin letters already. */
static bool find_names(struct dgm_unmapper *unmapper, const struct dgm_node *node, const struct dgm_group *subject,
	struct dgm_mrz_fields *fields)
{
	static const char *const kinds[] = {"primary", "spelling", "primary"};
	for (size_t turn = 0; turn < DGM_COUNT(kinds); turn++) {
		for (const struct dgm_group *name = dgm_group_first(subject, DGM_GROUP_subject_name); name;
			name = name->next) {
			const struct dgm_str full = dgm_text_of(name, F(name_full)),
					     family = dgm_text_of(name, F(name_family));
			const bool latin = dgm_letters_are_latin(full) && dgm_letters_are_latin(family) &&
				dgm_letters_are_latin(dgm_text_of(name, F(name_part)));
			if (dgm_str_is(dgm_text_of(name, F(name_kind)), kinds[turn]) &&
				(latin || turn == DGM_COUNT(kinds) - 1) && take_names(unmapper, node, name, fields))
				return true;
		}
	}
	return false;
}

/* Of several nationalities the issuing country's, if it is one. */
static struct dgm_str nationality_of(const struct dgm_node *node, const struct dgm_group *subject,
	struct dgm_str issuer)
{
	struct dgm_str first = DGM_NOSTR;
	for (const struct dgm_group *group = dgm_group_first(subject, DGM_GROUP_subject_nationality); group;
		group = group->next) {
		const struct dgm_str country = dgm_text_of(group, F(nationality_country));
		if (dgm_str_eq(country, issuer))
			first = country;
		first = first.len ? first : country;
	}
	return code_of(node, first);
}

bool dgm_zone_put(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key)
{
	const struct dgm_group *document = dgm_put_resolve(unmapper, node->target.anchor);
	char birth[8], expiry[8], zone[DGM_MRZ_TEXT];
	/* Where the series stands apart, how it is put into the number is the issuer's own. */
	if (unmapper->native || !document || dgm_value_first(document, F(document_mrz)) ||
		dgm_value_first(document, F(document_series)))
		return false;
	const struct dgm_group *subject = document->parent;
	const struct dgm_str country = dgm_text_of(document, F(document_country)), sex = dgm_text_of(subject, F(sex));
	struct dgm_mrz_fields fields = {.kind = (enum dgm_mrz_kind)(node->zone - 1),
		.code = dgm_mrz_code((enum dgm_mrz_kind)(node->zone - 1)),
		.issuer = code_of(node, country),
		.number = dgm_text_of(document, F(document_number)),
		.nationality = nationality_of(node, subject, country),
		.birth = day_of(dgm_group_first(subject, DGM_GROUP_subject_birth), F(birth_date), birth),
		.expiry = day_of(document, F(document_expires), expiry),
		.sex = dgm_str_is(sex, "male")      ? 'M'
			: dgm_str_is(sex, "female") ? 'F'
						    : '<'};
	if (fields.number.len == 0 || fields.issuer.len == 0 || !find_names(unmapper, node, subject, &fields))
		return false;
	const size_t len = dgm_mrz_write(&fields, zone);
	if (len == 0)
		return false;
	dgm_put_event(unmapper, DGM_EVENT_VALUE, key, DGM_LITERAL_TEXT, node->list,
		dgm_arena_dup(unmapper->notice->arena, dgm_str_of(zone, len)));
	return true;
}
