/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables come first, one per kind of rule; what evaluates them follows. A rule that fits none of the kinds is a new
 * kind, not an exception: its table and its loop stand beside the others.
 */
#include "notice/validate.h"

#include <stdlib.h>

#include "base/arena.h"
#include "notice/address.h"
#include "notice/assigned.h"
#include "notice/date.h"
#include "notice/identities.h"
#include "notice/names.h"
#include "notice/penalty.h"
#include "notice/value.h"

#define F(field) DGM_FIELD_##field
#define NONE DGM_FIELD_COUNT

enum {
	ANY_MAX = 10, /* fields of which one must be there */
	LARGEST_DAY = 99991231,
};

/* --- the tables --- */

/* Notices of a type or about a kind of subject that have none of the fields. */
static const struct required {
	const char *code;
	const char *only_type;   /* notice.type, or NULL: all */
	const char *only_kind;   /* subject.kind, or NULL: all */
	const char *only_colour; /* notice.colour, or NULL: all */
	uint32_t severity;
	const char *text;
	enum dgm_field_id any[ANY_MAX]; /* NONE ends */
} required[] = {
	{"person-not-identifiable", NULL, "person", NULL, DGM_ERROR,
		"nothing tells who the person is: no name, picture or mark",
		{F(subject_name_full), F(subject_name_family), F(subject_name_given), F(subject_name_part),
			F(notice_media_uri), F(notice_media_member), F(subject_mark_text), F(subject_appearance),
			NONE}},
	{"organisation-no-name", NULL, "organisation", NULL, DGM_ERROR, "the organisation has no name",
		{F(subject_name_full), F(subject_name_family), F(subject_name_part), NONE}},
	{"wanted-no-charge", "wanted", NULL, NULL, DGM_WARNING, "it does not say what the subject is wanted for",
		{F(charge_text), F(charge_code), F(charge_category), F(charge_law), F(notice_summary),
			F(sanction_reason), NONE}},
	{"missing-no-event", "missing", NULL, NULL, DGM_WARNING, "it does not say when or where the person disappeared",
		{F(event_date), F(event_place), F(event_country), F(event_circumstances), NONE}},
	{"sanction-no-list", "sanction", NULL, NULL, DGM_WARNING,
		"it names neither list, regime, programme nor legal act",
		{F(sanction_list), F(sanction_regime), F(sanction_programme), F(sanction_legal_basis), NONE}},
	{"document-no-number", "stolen_document", NULL, NULL, DGM_ERROR, "it has no number of a document",
		{F(subject_document_number), NONE}},
	{"document-no-number", "lost_document", NULL, NULL, DGM_ERROR, "it has no number of a document",
		{F(subject_document_number), NONE}},
	{"document-no-country", "stolen_document", NULL, NULL, DGM_WARNING, "it does not say who issued the document",
		{F(subject_document_country), F(subject_document_authority), F(subject_document_place_country), NONE}},
	{"document-no-country", "lost_document", NULL, NULL, DGM_WARNING, "it does not say who issued the document",
		{F(subject_document_country), F(subject_document_authority), F(subject_document_place_country), NONE}},
	{"vehicle-no-registration", "stolen_vehicle", NULL, NULL, DGM_ERROR,
		"it has neither number plate nor any other number of the vehicle",
		{F(subject_registration_value), NONE}},
	{"report-no-reason", "suspicious_report", NULL, NULL, DGM_WARNING, "it gives no reason for the suspicion",
		{F(report_reason), F(report_indicator), F(notice_summary), NONE}},
	{"red-no-sex", "wanted", "person", "red", DGM_NOTE, "a Red Notice needs the sex", {F(subject_sex), NONE}},
	{"red-no-birth-year", "wanted", "person", "red", DGM_NOTE,
		"a Red Notice needs at least the year of birth, or a picture",
		{F(subject_birth_date), F(notice_media_uri), F(notice_media_member), NONE}},
	{"red-no-second-identifier", "wanted", "person", "red", DGM_NOTE,
		"a Red Notice needs a description, a picture, biometrics or a document besides the name",
		{F(subject_height), F(subject_weight), F(subject_eye_colour), F(subject_hair_colour),
			F(subject_mark_text), F(subject_appearance), F(notice_media_uri), F(notice_media_member),
			F(subject_document_number), NONE}},
	{"red-no-warrant", "wanted", NULL, "red", DGM_NOTE, "a Red Notice needs a reference to a warrant or decision",
		{F(charge_warrant), F(charge_issued), NONE}},
	{"red-no-law", "wanted", NULL, "red", DGM_NOTE, "a Red Notice needs the law that covers the offence",
		{F(charge_law), NONE}},
	{"red-no-penalty", "wanted", NULL, "red", DGM_NOTE,
		"a Red Notice needs the maximum penalty possible, the sentence or what remains of it",
		{F(charge_max_penalty), F(charge_sentence), F(charge_remaining), NONE}},
	{"red-no-facts", "wanted", NULL, "red", DGM_NOTE,
		"a Red Notice needs a summary of the facts with time and place",
		{F(notice_summary), F(event_circumstances), F(charge_committed), F(charge_place), NONE}},
};

/* The first must not lie behind the second. Of alternatives (births) all must offend. */
static const struct ordered {
	const char *code;
	enum dgm_field_id first, second;
	const char *text;
} ordered[] = {
	{"death-before-birth", F(subject_birth_date), F(subject_death_date), "the death lies before the birth"},
	{"document-before-birth", F(subject_birth_date), F(subject_document_issued),
		"the document was issued before the birth"},
	{"document-expires-early", F(subject_document_issued), F(subject_document_expires),
		"the document expires before it was issued"},
	{"document-expires-early", F(subject_document_valid_from), F(subject_document_expires),
		"the document expires before it is valid"},
	{"charge-before-birth", F(subject_birth_date), F(charge_committed), "the offence lies before the birth"},
	{"charge-before-birth", F(subject_birth_date), F(charge_issued), "the warrant lies before the birth"},
	{"warrant-before-offence", F(charge_committed), F(charge_issued), "the warrant lies before the offence"},
	{"warrant-expires-early", F(charge_issued), F(charge_expires),
		"the warrant's time limit lies before the warrant"},
	{"listing-before-birth", F(subject_birth_date), F(sanction_designated), "the listing lies before the birth"},
	{"listing-order", F(sanction_designated), F(sanction_delisted), "the delisting lies before the listing"},
	{"listing-order", F(sanction_designated), F(sanction_amended), "the amendment lies before the listing"},
	{"event-before-birth", F(subject_birth_date), F(event_date), "the event lies before the birth"},
	{"notice-order", F(notice_published), F(notice_updated), "the update lies before the publication"},
	{"notice-order", F(notice_published), F(notice_withdrawn), "the withdrawal lies before the publication"},
	{"notice-order", F(notice_effective), F(notice_expires), "the notice expires before it takes effect"},
	{"organisation-order", F(subject_organisation_founded), F(subject_organisation_dissolved),
		"the dissolution lies before the foundation"},
	{"nationality-order", F(subject_nationality_from), F(subject_nationality_to),
		"the nationality ends before it begins"},
};

/* Numbers that no living person, place or vehicle has. Bounds are in the schema's unit. */
static const struct bounded {
	const char *code;
	enum dgm_field_id field;
	const char *low, *high;
	const char *text;
} bounded[] = {
	{"height-implausible", F(subject_height), "40", "260", "a height outside 40 to 260 cm"},
	{"weight-implausible", F(subject_weight), "2", "400", "a weight outside 2 to 400 kg"},
	{"age-implausible", F(subject_age_min), "0", "125", "an age outside 0 to 125"},
	{"age-implausible", F(subject_age_max), "0", "125", "an age outside 0 to 125"},
	{"year-implausible", F(subject_craft_year), "1850", "2100", "a year of build outside 1850 to 2100"},
	{"coordinate-implausible", F(event_latitude), "-90", "90", "a latitude outside -90 to 90"},
	{"coordinate-implausible", F(event_longitude), "-180", "180", "a longitude outside -180 to 180"},
};

/* Dates outside what a notice can be about, whatever the calendar was; never held against today's date. */
static const struct dated {
	const char *code;
	enum dgm_field_id field;
	uint32_t earliest, latest; /* yyyymmdd */
	const char *text;
} dated[] = {
	{"birth-implausible", F(subject_birth_date), 18500101, 21001231, "a birth before 1850 or after 2100"},
	{"document-implausible", F(subject_document_issued), 18500101, 21001231,
		"a document issued before 1850 or after 2100"},
};

/* Codes that have the right shape and that no standard assigns. */
static const struct assigned {
	const char *code;
	enum dgm_type type;
	const char *text;
} assigned[] = {
	{"country-unassigned", DGM_TYPE_COUNTRY, "no such country in ISO 3166"},
	{"currency-unassigned", DGM_TYPE_CURRENCY, "no such currency in ISO 4217"},
	{"language-unassigned", DGM_TYPE_LANGUAGE, "no such language in ISO 639-3"},
	{"script-unassigned", DGM_TYPE_SCRIPT, "no such script in ISO 15924"},
};

/* What is no number or address, by the kind that the group states (or where the field has a type, NULL). */
static const struct shaped {
	const char *code;
	enum dgm_field_id field;
	const char *kind;
	bool (*is_good)(struct dgm_str text);
	const char *text;
} shaped[] = {
	{"phone-shape", F(notice_authority_phone), NULL, dgm_phone_is_number, "no telephone number"},
	{"phone-shape", F(subject_contact_value), "phone", dgm_phone_is_number, "no telephone number"},
	{"phone-shape", F(subject_contact_value), "fax", dgm_phone_is_number, "no number of a fax"},
	{"email-shape", F(subject_contact_value), "email", dgm_email_is_address, "no e-mail address"},
};

/* --- */

struct pages {
	const struct dgm_rule *required[DGM_COUNT(required)], *ordered[DGM_COUNT(ordered)],
		*bounded[DGM_COUNT(bounded)], *dated[DGM_COUNT(dated)], *assigned[DGM_COUNT(assigned)],
		*shaped[DGM_COUNT(shaped)], *penalty, *identities[DGM_IDENTITY_RULES], *names[DGM_NAME_RULES];
};

struct dgm_validator {
	void (*found)(void *context, const struct dgm_finding *finding);
	void *context;
	struct pages pages;
	uint8_t assigned_at[DGM_FIELD_COUNT]; /* the field's row of that table, from 1; 0: its type has none */
	const struct dgm_notice *notice;
};

#define PAGES(table)                                                                                                   \
	for (size_t i = 0; i < DGM_COUNT(table); i++)                                                                  \
	validator->pages.table[i] = dgm_rule_find(dgm_str(table[i].code))

struct dgm_validator *dgm_validator_new(void (*found)(void *context, const struct dgm_finding *finding), void *context)
{
	struct dgm_validator *validator = dgm_xcalloc(1, sizeof *validator);
	validator->found = found;
	validator->context = context;
	PAGES(required);
	PAGES(ordered);
	PAGES(bounded);
	PAGES(dated);
	PAGES(assigned);
	PAGES(shaped);
	validator->pages.penalty = dgm_rule_find(dgm_str(dgm_penalty_code));
	for (size_t i = 0; i < DGM_COUNT(assigned); i++)
		for (unsigned field = 0; field < DGM_FIELD_COUNT; field++)
			if (dgm_fields[field].type == assigned[i].type)
				validator->assigned_at[field] = (uint8_t)(i + 1);
	for (size_t i = 0; i < DGM_IDENTITY_RULES; i++)
		validator->pages.identities[i] = dgm_rule_find(dgm_str(dgm_identity_codes[i]));
	for (size_t i = 0; i < DGM_NAME_RULES; i++)
		validator->pages.names[i] = dgm_rule_find(dgm_str(dgm_name_codes[i]));
	return validator;
}

void dgm_validator_free(struct dgm_validator *validator)
{
	free(validator);
}

const char *dgm_validate_code(size_t index)
{
	if (index < DGM_COUNT(required))
		return required[index].code;
	index -= DGM_COUNT(required);
	if (index < DGM_COUNT(ordered))
		return ordered[index].code;
	index -= DGM_COUNT(ordered);
	if (index < DGM_COUNT(bounded))
		return bounded[index].code;
	index -= DGM_COUNT(bounded);
	if (index < DGM_COUNT(dated))
		return dated[index].code;
	index -= DGM_COUNT(dated);
	if (index < DGM_COUNT(assigned))
		return assigned[index].code;
	index -= DGM_COUNT(assigned);
	if (index < DGM_COUNT(shaped))
		return shaped[index].code;
	index -= DGM_COUNT(shaped);
	if (index == 0)
		return dgm_penalty_code;
	index--;
	if (index < DGM_IDENTITY_RULES)
		return dgm_identity_codes[index];
	index -= DGM_IDENTITY_RULES;
	return index < DGM_NAME_RULES ? dgm_name_codes[index] : NULL;
}

static void tell(const struct dgm_validator *validator, const struct dgm_rule *rule, uint32_t severity,
	const struct dgm_group *group, enum dgm_field_id field, const struct dgm_value *value, const char *text)
{
	const struct dgm_finding finding = {.rule = rule,
		.severity = severity,
		.group = group,
		.field = field,
		.value = value,
		.text = dgm_str(text)};
	validator->found(validator->context, &finding);
}

/* --- walking --- */

/*
 * The next group of an id below top, in the notice's order; NULL behind the last. at: the one before, NULL at first.
 * Groups lie at most three deep, so the way up and down again is short.
 */
static const struct dgm_group *first_below(const struct dgm_group *top, enum dgm_group_id id)
{
	if (top->id == id)
		return top;
	enum dgm_group_id step = id;
	while (dgm_groups[step].parent != top->id) {
		if (step == DGM_GROUP_root)
			return NULL;
		step = dgm_groups[step].parent;
	}
	for (const struct dgm_group *child = dgm_group_first(top, step); child; child = child->next) {
		const struct dgm_group *found = first_below(child, id);
		if (found)
			return found;
	}
	return NULL;
}

static const struct dgm_group *next_below(const struct dgm_group *top, const struct dgm_group *at, enum dgm_group_id id)
{
	if (!at)
		return first_below(top, id);
	while (at != top) {
		for (const struct dgm_group *sibling = at->next; sibling; sibling = sibling->next) {
			const struct dgm_group *found = first_below(sibling, id);
			if (found)
				return found;
		}
		at = at->parent;
	}
	return NULL;
}

static bool has_any(const struct dgm_group *top, enum dgm_field_id field)
{
	for (const struct dgm_group *group = next_below(top, NULL, dgm_fields[field].group); group;
		group = next_below(top, group, dgm_fields[field].group))
		for (const struct dgm_value *value = dgm_value_first(group, field); value; value = value->next)
			if (value->state != DGM_STATE_NULL)
				return true;
	return false;
}

/* Whether the notice has the field anywhere; no for most rules, which then cost nothing. */
static bool has(const struct dgm_validator *validator, enum dgm_field_id field)
{
	return dgm_field_set_has(&validator->notice->fields, field);
}

static bool is_below(enum dgm_group_id group, enum dgm_group_id top)
{
	while (group != top && group != DGM_GROUP_root)
		group = dgm_groups[group].parent;
	return group == top;
}

/* --- the kinds of rule --- */

static bool is_or_any(const char *wanted, struct dgm_str text)
{
	return !wanted || dgm_str_is(text, wanted);
}

/* Whether the subject, or what the notice says of all of them, has one of the fields. */
static bool subject_has(const struct dgm_notice *notice, const struct dgm_group *subject, const struct required *rule)
{
	for (size_t i = 0; i < ANY_MAX && rule->any[i] != NONE; i++)
		if (has_any(is_below(dgm_fields[rule->any[i]].group, DGM_GROUP_subject) ? subject : notice->root,
			    rule->any[i]))
			return true;
	return false;
}

static void check_required(const struct dgm_validator *validator, const struct dgm_group *head)
{
	const struct dgm_str type = dgm_text_of(head, F(notice_type)), colour = dgm_text_of(head, F(notice_colour));
	const bool cancels = dgm_str_is(dgm_text_of(head, F(notice_form)), "cancellation");
	for (size_t i = 0; i < DGM_COUNT(required); i++) {
		const struct required *rule = &required[i];
		/* What a notice of a type must tell, its cancellation need not tell again. */
		if ((rule->only_type && cancels) || !is_or_any(rule->only_type, type) ||
			!is_or_any(rule->only_colour, colour))
			continue;
		const struct dgm_group *subject = dgm_group_first(validator->notice->root, DGM_GROUP_subject);
		/* Without a kind the rule is about the notice: one subject that has it is enough. */
		bool about_notice = !rule->only_kind && subject, missing = about_notice;
		for (const struct dgm_group *s = subject; s; s = s->next) {
			if (about_notice)
				missing = missing && !subject_has(validator->notice, s, rule);
			else if (dgm_str_is(dgm_text_of(s, F(subject_kind)), rule->only_kind) &&
				!subject_has(validator->notice, s, rule))
				tell(validator, validator->pages.required[i], rule->severity, s, rule->any[0], NULL,
					rule->text);
		}
		if (missing)
			tell(validator, validator->pages.required[i], rule->severity, head, rule->any[0], NULL,
				rule->text);
	}
}

struct span {
	uint32_t first, last; /* yyyymmdd: the earliest and the latest day that a date may be */
};

static uint32_t day_number(const struct dgm_day *day, bool latest)
{
	const uint32_t month = day->month ? day->month : latest ? 12 : 1;
	return (uint32_t)day->year * 10000u + month * 100u + (day->day ? day->day : latest ? 31u : 1u);
}

/* false: it says nothing that can be compared; an approximate date is given a year on each side. */
static bool span_of(const struct dgm_value *value, struct span *ret_span)
{
	struct dgm_date date;
	if (value->state != DGM_STATE_PARSED || !dgm_date_parse(value->text, &date))
		return false;
	const struct dgm_day *to = date.interval ? &date.to : &date.from;
	if ((date.from.known && date.from.year == 0) || (to->known && to->year == 0))
		return false;
	ret_span->first = date.from.known ? day_number(&date.from, false) : 0;
	ret_span->last = to->known ? day_number(to, true) : LARGEST_DAY;
	if (date.from.approximate || date.from.uncertain)
		ret_span->first = ret_span->first > 10000 ? ret_span->first - 10000 : 0;
	if (to->approximate || to->uncertain)
		ret_span->last += 10000;
	return true;
}

/* The earliest day that a field may mean below a group; false: it says none. */
static bool earliest_below(const struct dgm_group *top, enum dgm_field_id field, uint32_t *ret_first)
{
	bool any = false;
	for (const struct dgm_group *group = next_below(top, NULL, dgm_fields[field].group); group;
		group = next_below(top, group, dgm_fields[field].group)) {
		for (const struct dgm_value *value = dgm_value_first(group, field); value; value = value->next) {
			struct span span;
			if (!span_of(value, &span))
				continue;
			*ret_first = any && *ret_first < span.first ? *ret_first : span.first;
			any = true;
		}
	}
	return any;
}

static void check_order_below(const struct dgm_validator *validator, size_t i, const struct dgm_group *first_top,
	const struct dgm_group *second_top)
{
	const enum dgm_field_id field = ordered[i].second;
	uint32_t first;
	if (!earliest_below(first_top, ordered[i].first, &first))
		return;
	for (const struct dgm_group *group = next_below(second_top, NULL, dgm_fields[field].group); group;
		group = next_below(second_top, group, dgm_fields[field].group)) {
		for (const struct dgm_value *value = dgm_value_first(group, field); value; value = value->next) {
			struct span span;
			if (span_of(value, &span) && span.last < first)
				tell(validator, validator->pages.ordered[i], DGM_WARNING, group, field, value,
					ordered[i].text);
		}
	}
}

/* Two fields of one group are compared in each instance; of one subject's groups, within the subject; others, in all. */
static void check_ordered(const struct dgm_validator *validator)
{
	const struct dgm_group *root = validator->notice->root;
	for (size_t i = 0; i < DGM_COUNT(ordered); i++) {
		if (!has(validator, ordered[i].first) || !has(validator, ordered[i].second))
			continue;
		const enum dgm_group_id a = dgm_fields[ordered[i].first].group, b = dgm_fields[ordered[i].second].group;
		const bool subject_a = is_below(a, DGM_GROUP_subject), subject_b = is_below(b, DGM_GROUP_subject);
		const enum dgm_group_id scope = a == b ? a : subject_a ? DGM_GROUP_subject : DGM_GROUP_root;
		/* What the notice says of all its subjects is only held against a single one. */
		if (subject_a && !subject_b) {
			const struct dgm_group *subject = dgm_group_first(root, DGM_GROUP_subject);
			if (subject && !subject->next)
				check_order_below(validator, i, subject, root);
			continue;
		}
		for (const struct dgm_group *top = next_below(root, NULL, scope); top;
			top = next_below(root, top, scope))
			check_order_below(validator, i, top, top);
	}
}

/* A number, or both ends of "min/max". */
static bool is_within(struct dgm_str text, const struct bounded *rule)
{
	struct dgm_str rest = text, part;
	while (dgm_str_next(&rest, DGM_STR("/"), &part))
		if (dgm_decimal_cmp(part, dgm_str(rule->low)) < 0 || dgm_decimal_cmp(part, dgm_str(rule->high)) > 0)
			return false;
	return true;
}

static void check_bounded(const struct dgm_validator *validator)
{
	const struct dgm_group *root = validator->notice->root;
	for (size_t i = 0; i < DGM_COUNT(bounded); i++) {
		const enum dgm_field_id field = bounded[i].field;
		if (!has(validator, field))
			continue;
		for (const struct dgm_group *group = next_below(root, NULL, dgm_fields[field].group); group;
			group = next_below(root, group, dgm_fields[field].group))
			for (const struct dgm_value *value = dgm_value_first(group, field); value; value = value->next)
				if (value->state == DGM_STATE_PARSED && !is_within(value->text, &bounded[i]))
					tell(validator, validator->pages.bounded[i], DGM_WARNING, group, field, value,
						bounded[i].text);
	}
}

static void check_dated(const struct dgm_validator *validator)
{
	const struct dgm_group *root = validator->notice->root;
	for (size_t i = 0; i < DGM_COUNT(dated); i++) {
		const enum dgm_field_id field = dated[i].field;
		if (!has(validator, field))
			continue;
		for (const struct dgm_group *group = next_below(root, NULL, dgm_fields[field].group); group;
			group = next_below(root, group, dgm_fields[field].group)) {
			for (const struct dgm_value *value = dgm_value_first(group, field); value;
				value = value->next) {
				struct span span;
				if (span_of(value, &span) &&
					(span.last < dated[i].earliest || span.first > dated[i].latest))
					tell(validator, validator->pages.dated[i], DGM_WARNING, group, field, value,
						dated[i].text);
			}
		}
	}
}

/* --- codes --- */

static void check_code(const struct dgm_validator *validator, const struct dgm_group *group, enum dgm_field_id field,
	size_t i)
{
	for (const struct dgm_value *value = dgm_value_first(group, field); value; value = value->next)
		if (value->state == DGM_STATE_PARSED &&
			dgm_assigned_code(assigned[i].type, value->text) == DGM_ASSIGNED_NEVER)
			tell(validator, validator->pages.assigned[i], DGM_WARNING, group, field, value,
				assigned[i].text);
}

static void check_codes(const struct dgm_validator *validator, const struct dgm_group *group)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	for (uint32_t f = 0; f < def->field_count; f++) {
		const enum dgm_field_id field = (enum dgm_field_id)(def->first_field + f);
		if (validator->assigned_at[field])
			check_code(validator, group, field, validator->assigned_at[field] - 1u);
	}
	for (uint32_t c = 0; c < def->child_count; c++)
		for (const struct dgm_group *child = dgm_group_first(group, def->children[c]); child;
			child = child->next)
			check_codes(validator, child);
}

static void check_shaped(const struct dgm_validator *validator)
{
	const struct dgm_group *root = validator->notice->root;
	for (size_t i = 0; i < DGM_COUNT(shaped); i++) {
		const enum dgm_group_id id = dgm_fields[shaped[i].field].group;
		if (!has(validator, shaped[i].field))
			continue;
		for (const struct dgm_group *group = next_below(root, NULL, id); group;
			group = next_below(root, group, id)) {
			const struct dgm_value *value = dgm_value_first(group, shaped[i].field);
			if (value && value->state == DGM_STATE_PARSED && !shaped[i].is_good(value->text) &&
				(!shaped[i].kind ||
					dgm_str_is(dgm_text_of(group, F(subject_contact_kind)), shaped[i].kind)))
				tell(validator, validator->pages.shaped[i], DGM_NOTE, group, shaped[i].field, value,
					shaped[i].text);
		}
	}
}

static void tell_penalty(void *context, const struct dgm_group *charge, enum dgm_field_id field, const char *text)
{
	const struct dgm_validator *validator = context;
	tell(validator, validator->pages.penalty, DGM_NOTE, charge, field, dgm_value_first(charge, field), text);
}

static void tell_identity(void *context, enum dgm_identity_rule rule, uint32_t severity, const struct dgm_group *group,
	enum dgm_field_id field, const struct dgm_value *value, const char *text)
{
	const struct dgm_validator *validator = context;
	tell(validator, validator->pages.identities[rule], severity, group, field, value, text);
}

static void tell_name(void *context, enum dgm_name_rule rule, const struct dgm_group *group, enum dgm_field_id field,
	const struct dgm_value *value, const char *text)
{
	const struct dgm_validator *validator = context;
	const uint32_t severity =
		rule == DGM_NAME_ALIAS_IS_PRIMARY || rule == DGM_NAME_REPEATED ? DGM_NOTE : DGM_WARNING;
	tell(validator, validator->pages.names[rule], severity, group, field, value, text);
}

void dgm_validate(struct dgm_validator *validator, const struct dgm_notice *notice)
{
	const struct dgm_group *head = dgm_group_first(notice->root, DGM_GROUP_notice);
	validator->notice = notice;
	if (head) {
		check_required(validator, head);
		dgm_penalties_check(notice, &(const struct dgm_penalty_teller){tell_penalty, validator});
	}
	check_ordered(validator);
	check_bounded(validator);
	check_dated(validator);
	check_codes(validator, notice->root);
	check_shaped(validator);
	dgm_identities_check(notice, &(const struct dgm_identity_teller){tell_identity, validator});
	dgm_names_check(notice, &(const struct dgm_name_teller){tell_name, validator});
}
