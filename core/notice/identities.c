/* SPDX-License-Identifier: Apache-2.0 */
/* Documents, registrations, accounts and machine readable zones, each with what the fields beside it say of its scheme. */
#include "notice/identities.h"

#include "notice/date.h"
#include "notice/identifier.h"
#include "notice/mrz.h"

#define F(field) DGM_FIELD_##field

enum {
	NUMBER_MAX = 64, /* longer ones are no identifiers that can be compared */
	WORDS_MAX = 64,
};

const char *const dgm_identity_codes[DGM_IDENTITY_RULES] = {
	[DGM_IDENTITY_CHECK] = "identifier-check",
	[DGM_IDENTITY_SHAPE] = "identifier-shape",
	[DGM_IDENTITY_BIRTH] = "identifier-birth",
	[DGM_IDENTITY_SEX] = "identifier-sex",
	[DGM_IDENTITY_MRZ_CHECK] = "mrz-check",
	[DGM_IDENTITY_MRZ_DIFFERS] = "mrz-differs",
};

struct at {
	const struct dgm_notice *notice;
	const struct dgm_identity_teller *teller;
	const struct dgm_group *subject;
	const struct dgm_group *group;
	enum dgm_field_id field;
	const struct dgm_value *value;
};

static void tell(const struct at *at, enum dgm_identity_rule rule, uint32_t severity, const char *text)
{
	at->teller->tell(at->teller->context, rule, severity, at->group, at->field, at->value, text);
}

static void tell_of(const struct at *at, enum dgm_identity_rule rule, uint32_t severity, const char *format,
	const char *what)
{
	struct dgm_str rest = dgm_str(format), front;
	(void)dgm_str_next(&rest, DGM_STR("%"), &front);
	tell(at, rule, severity,
		dgm_arena_printf(at->notice->arena, "%.*s%s%.*s", DGM_FMT(front), what, DGM_FMT(rest)).ptr);
}

/* --- what is embedded against the columns --- */

/* A day as identifiers say it: parts that are 0 are not known; without its century a year has two digits. */
struct embedded {
	unsigned year, month, day;
	bool has_year, century;
};

/* Whether a date of the notice may be that day. */
static bool may_be(const struct dgm_date *date, const struct embedded *day)
{
	const struct dgm_day *from = &date->from, *to = date->interval ? &date->to : &date->from;
	const bool vague = date->interval || from->approximate || from->uncertain;
	if (vague && (!day->century || !day->has_year))
		return true;
	if (vague) {
		const unsigned about = from->approximate || from->uncertain || to->approximate || to->uncertain;
		return (!from->known || !from->year || day->year + about >= from->year) &&
			(!to->known || !to->year || day->year <= to->year + about);
	}
	if (from->year && day->has_year && (day->century ? from->year : from->year % 100u) != day->year)
		return false;
	return (!from->month || !day->month || from->month == day->month) &&
		(!from->day || !day->day || from->day == day->day);
}

/* Whether a value says a date that cannot be the day. */
static bool contradicts(const struct dgm_value *value, const struct embedded *day)
{
	struct dgm_date date;
	return value && value->state == DGM_STATE_PARSED && dgm_date_parse(value->text, &date) && !may_be(&date, day);
}

/* Births are alternatives: all that are said must contradict, and one must be said. */
static bool births_contradict(const struct dgm_group *subject, const struct embedded *day)
{
	bool any = false;
	for (const struct dgm_group *birth = dgm_group_first(subject, DGM_GROUP_subject_birth); birth;
		birth = birth->next) {
		const struct dgm_value *date = dgm_value_first(birth, F(subject_birth_date));
		if (!date || date->state == DGM_STATE_NULL)
			continue;
		if (!contradicts(date, day))
			return false;
		any = true;
	}
	return any;
}

static bool sex_contradicts(const struct dgm_group *subject, char sex)
{
	const struct dgm_str is = dgm_text_of(subject, F(subject_sex));
	return sex && ((dgm_str_is(is, "male") && sex != 'm') || (dgm_str_is(is, "female") && sex != 'f'));
}

/* --- one identifier --- */

static void judge(const struct at *at, const struct dgm_identifier *scheme, const struct dgm_identity *identity,
	bool tell_shape)
{
	if (identity->result == DGM_ID_WRONG_CHECK && !at->value->told)
		tell_of(at, DGM_IDENTITY_CHECK, DGM_WARNING, "the check character of this % is not that of the others",
			scheme->what);
	if (identity->result == DGM_ID_WRONG_SHAPE && tell_shape && !at->value->told)
		tell_of(at, DGM_IDENTITY_SHAPE, DGM_NOTE, "not as a % is", scheme->what);
	const struct embedded birth = {.year = identity->year,
		.month = identity->month,
		.day = identity->day,
		.has_year = true,
		.century = identity->century};
	if (identity->has_birth && births_contradict(at->subject, &birth))
		tell_of(at, DGM_IDENTITY_BIRTH, DGM_WARNING, "the date of birth inside this % is not the subject's",
			scheme->what);
	if (sex_contradicts(at->subject, identity->sex))
		tell_of(at, DGM_IDENTITY_SEX, DGM_WARNING, "the sex inside this % is not the subject's", scheme->what);
}

static void check_as(const struct at *at, const struct dgm_identifier *scheme)
{
	const struct dgm_identity identity = dgm_identifier_read(scheme, at->notice->arena, at->value->text);
	judge(at, scheme, &identity, true);
}

/* The scheme that has this name in a source: "C.P.F." is CPF. */
static const struct dgm_identifier *called(struct dgm_str said)
{
	char name[NUMBER_MAX];
	size_t len = 0;
	const struct dgm_identifier *scheme;
	for (size_t i = 0; i < said.len; i++) {
		if (said.ptr[i] == ' ' || said.ptr[i] == '.')
			continue;
		if (len == sizeof name)
			return NULL;
		name[len++] = said.ptr[i];
	}
	for (size_t i = 0; len && (scheme = dgm_identifier_at(i)); i++) {
		for (const char *word = scheme->words; word; word = strchr(word, '|'), word += word != NULL)
			if (dgm_lower(*word) == dgm_lower(name[0]) &&
				dgm_str_eq_nocase(dgm_str_of(word, strcspn(word, "|")), dgm_str_of(name, len)))
				return scheme;
	}
	return NULL;
}

/*
 * Of a country's schemes the one that the number has the shape of; with several of one shape one that is right. A shape
 * that none has is only worth a word where there is no other number.
 */
static void check_for_country(const struct at *at, struct dgm_str country, uint8_t uses)
{
	const struct dgm_identifier *scheme, *best = NULL, *sole = NULL;
	struct dgm_identity best_identity = {.result = DGM_ID_WRONG_SHAPE};
	for (size_t i = 0; country.len && (scheme = dgm_identifier_at(i)); i++) {
		if (!(scheme->uses & uses) || !dgm_str_is(country, scheme->country))
			continue;
		const struct dgm_identity identity = dgm_identifier_read(scheme, at->notice->arena, at->value->text);
		if ((scheme->uses & DGM_ID_SOLE) && uses == DGM_ID_NATIONAL)
			sole = scheme;
		if (identity.result < best_identity.result) {
			best = scheme;
			best_identity = identity;
		}
	}
	if (best || sole)
		judge(at, best ? best : sole, &best_identity, true);
}

/* --- machine readable zones --- */

static struct embedded day_of(const char *yymmdd, bool is_expiry)
{
	unsigned parts[3];
	for (size_t i = 0; i < 3; i++)
		parts[i] = dgm_is_digit(yymmdd[2 * i]) && dgm_is_digit(yymmdd[2 * i + 1])
			? (unsigned)(yymmdd[2 * i] - '0') * 10 + (unsigned)(yymmdd[2 * i + 1] - '0')
			: 0;
	return (struct embedded){.year = is_expiry ? 2000 + parts[0] : parts[0],
		.month = parts[1],
		.day = parts[2],
		.has_year = dgm_is_digit(yymmdd[0]) && dgm_is_digit(yymmdd[1]),
		.century = is_expiry};
}

static bool number_differs(const struct at *at, const struct dgm_mrz *mrz)
{
	char number[NUMBER_MAX], zone[NUMBER_MAX];
	bool dashed;
	const struct dgm_value *value = dgm_value_first(at->group, F(subject_document_number));
	/* Where the series stands apart a zone has parts of it, in an order of the issuer's own. */
	if (!value || value->state != DGM_STATE_PARSED || dgm_value_first(at->group, F(subject_document_series)))
		return false;
	const size_t len = dgm_identifier_compact(at->notice->arena, value->text, number, sizeof number, &dashed);
	const size_t zone_len =
		dgm_identifier_compact(at->notice->arena, dgm_str(mrz->number), zone, sizeof zone, &dashed);
	return !dgm_str_eq(dgm_str_of(number, len), dgm_str_of(zone, zone_len));
}

/* The next word of letters A to Z; letters beyond ASCII spoil the text, since what stands for them is the issuer's. */
static bool next_word(struct dgm_str *text, char word[WORDS_MAX], size_t *ret_length)
{
	size_t len = 0, i = 0;
	while (i < text->len && len < WORDS_MAX) {
		const char c = text->ptr[i++];
		if (dgm_is_alpha(c))
			word[len++] = dgm_is_lower(c) ? (char)(c - 'a' + 'A') : c;
		else if (len && c != '\'')
			break;
	}
	*text = dgm_str_skip(*text, i);
	*ret_length = len;
	return len > 0;
}

enum letters { PLAIN, MARKED, FOREIGN };

/* Of a text: A to Z and nothing beyond ASCII; Latin letters with marks, which zones spell in several ways; other ones. */
static enum letters letters_of(struct dgm_str text)
{
	enum letters letters = PLAIN;
	for (size_t i = 0; i < text.len; i++) {
		const unsigned char c = (unsigned char)text.ptr[i];
		/* U+00C0 to U+024F, U+1E00 to U+1EFF, and marks that stand by themselves */
		const bool latin = (c >= 0xC3 && c <= 0xC9) || c == 0xCC || c == 0xCD ||
			(c == 0xE1 && i + 1 < text.len && (unsigned char)text.ptr[i + 1] >= 0xB8 &&
				(unsigned char)text.ptr[i + 1] <= 0xBB);
		if (latin)
			return MARKED;
		if (c >= 0x80)
			letters = FOREIGN;
	}
	return letters;
}

/* Whether a text has a word, or with cut one that begins with it. */
static bool has_word(struct dgm_str text, const char *wanted, size_t length, bool cut)
{
	char word[WORDS_MAX];
	size_t len;
	while (next_word(&text, word, &len))
		if ((len == length || (cut && len > length)) && memcmp(word, wanted, length) == 0)
			return true;
	return false;
}

/* Whether each word of the zone's family name stands in the name, and any of its given names where both have some. */
static bool is_name(const struct dgm_mrz *mrz, struct dgm_str family, struct dgm_str given)
{
	char word[WORDS_MAX];
	size_t len;
	bool any = false, some = false;
	struct dgm_str primary = dgm_str(mrz->primary), secondary = dgm_str(mrz->secondary);
	while (next_word(&primary, word, &len))
		if (!has_word(family, word, len, mrz->cut))
			return false;
	while (given.len && next_word(&secondary, word, &len)) {
		some = true;
		any = any || has_word(given, word, len, mrz->cut);
	}
	return any || !some;
}

/* No name that is spelled in plain letters is the zone's, and there is one. */
static bool names_differ(const struct at *at, const struct dgm_mrz *mrz)
{
	const struct dgm_str on_document = dgm_text_of(at->group, F(subject_document_name_on_document));
	bool any = on_document.len && letters_of(on_document) == PLAIN;
	if (any && is_name(mrz, on_document, on_document))
		return false;
	for (const struct dgm_group *name = dgm_group_first(at->subject, DGM_GROUP_subject_name); name;
		name = name->next) {
		const struct dgm_str full = dgm_text_of(name, F(subject_name_full)),
				     family = dgm_text_of(name, F(subject_name_family)),
				     given = dgm_text_of(name, F(subject_name_given));
		const enum letters of[] = {letters_of(full), letters_of(family), letters_of(given)};
		bool foreign = false;
		for (size_t i = 0; i < DGM_COUNT(of); i++) {
			if (of[i] == MARKED)
				return false;
			foreign = foreign || of[i] == FOREIGN;
		}
		if (foreign)
			continue;
		if ((full.len && is_name(mrz, full, full)) || (family.len && is_name(mrz, family, given)))
			return false;
		any = any || full.len || family.len;
	}
	return any;
}

static void compare_zone(const struct at *at, const struct dgm_mrz *mrz)
{
	static const char *const texts[] = {"the number inside the machine readable zone is not the document's",
		"the date of birth inside the machine readable zone is not the subject's",
		"the sex inside the machine readable zone is not the subject's",
		"the date of expiry inside the machine readable zone is not the document's",
		"the names inside the machine readable zone are not the subject's"};
	const struct embedded birth = day_of(mrz->birth, false), expiry = day_of(mrz->expiry, true);
	/* What its check digit does not bear out was misread: that is said already. */
	const bool differs[] = {!(mrz->wrong & 1u << DGM_MRZ_NUMBER) && number_differs(at, mrz),
		!(mrz->wrong & 1u << DGM_MRZ_BIRTH) && births_contradict(at->subject, &birth),
		sex_contradicts(at->subject,
			mrz->sex == 'M'           ? 'm'
				: mrz->sex == 'F' ? 'f'
						  : 0),
		!(mrz->wrong & 1u << DGM_MRZ_EXPIRY) &&
			contradicts(dgm_value_first(at->group, F(subject_document_expires)), &expiry),
		names_differ(at, mrz)};
	for (size_t i = 0; i < DGM_COUNT(texts); i++)
		if (differs[i])
			tell(at, DGM_IDENTITY_MRZ_DIFFERS, DGM_WARNING, texts[i]);
}

static void check_zone(const struct at *at)
{
	static const char *const texts[DGM_MRZ_CHECKS] = {
		[DGM_MRZ_NUMBER] = "the check digit of the number is wrong",
		[DGM_MRZ_BIRTH] = "the check digit of the date of birth is wrong",
		[DGM_MRZ_EXPIRY] = "the check digit of the date of expiry is wrong",
		[DGM_MRZ_OPTIONAL] = "the check digit of the personal number is wrong",
		[DGM_MRZ_WHOLE] = "the check digit of the whole zone is wrong",
	};
	struct dgm_mrz mrz;
	if (!dgm_mrz_read(at->value->text, &mrz)) {
		if (!at->value->told)
			tell(at, DGM_IDENTITY_SHAPE, DGM_NOTE,
				"not as a machine readable zone is: three lines of 30 characters, two of 36 or two of 44");
		return;
	}
	/* A digit that was misread in a field spoils the check of the whole, too. */
	const uint32_t parts = mrz.wrong & ~(1u << DGM_MRZ_WHOLE), wrong = parts ? parts : mrz.wrong;
	for (size_t check = 0; check < DGM_MRZ_CHECKS; check++)
		if ((wrong & 1u << check) && !at->value->told)
			tell(at, DGM_IDENTITY_MRZ_CHECK, DGM_WARNING, texts[check]);
	compare_zone(at, &mrz);
}

/* --- where they stand --- */

/* Goes to a value of a group; false: it has none that is understood. */
static bool go_to(struct at *at, const struct dgm_group *group, enum dgm_field_id field)
{
	at->group = group;
	at->field = field;
	at->value = dgm_value_first(group, field);
	return at->value && at->value->state == DGM_STATE_PARSED;
}

static void check_document(struct at *at, const struct dgm_group *document)
{
	if (go_to(at, document, F(subject_document_mrz)))
		check_zone(at);
	if (!go_to(at, document, F(subject_document_number)))
		return;
	const struct dgm_value *type = dgm_value_first(document, F(subject_document_type));
	const struct dgm_identifier *scheme = called(dgm_text_of(document, F(subject_document_description)));
	if (!scheme && type)
		scheme = called(type->original);
	if (scheme) {
		check_as(at, scheme);
		return;
	}
	const struct dgm_str word = dgm_text_of(document, F(subject_document_type));
	const uint8_t uses = dgm_str_is(word, "national_id") ? DGM_ID_NATIONAL
		: dgm_str_is(word, "residence_permit")       ? DGM_ID_RESIDENT
							     : 0;
	if (uses)
		check_for_country(at, dgm_text_of(document, F(subject_document_country)), uses);
}

static void check_registration(struct at *at, const struct dgm_group *registration)
{
	const struct dgm_str word = dgm_text_of(registration, F(subject_registration_scheme));
	if (!word.len || !go_to(at, registration, F(subject_registration_value)))
		return;
	/* Companies that own ships have numbers of the IMO, too, of another make. */
	if (dgm_str_is(word, "imo") && !dgm_str_is(dgm_text_of(at->subject, F(subject_kind)), "vessel"))
		return;
	for (size_t i = 0; dgm_identifier_at(i); i++) {
		if (!dgm_str_is(word, dgm_identifier_at(i)->registration))
			continue;
		check_as(at, dgm_identifier_at(i));
		return;
	}
	const uint8_t uses = dgm_str_is(word, "tax") || dgm_str_is(word, "vat") ? DGM_ID_TAX
		: dgm_str_is(word, "company")                                   ? DGM_ID_COMPANY
										: 0;
	if (uses)
		check_for_country(at, dgm_text_of(registration, F(subject_registration_country)), uses);
}

static void check_account(struct at *at, const struct dgm_group *account)
{
	if (go_to(at, account, F(subject_account_iban)))
		check_as(at, dgm_identifier_find(DGM_STR("iban")));
	if (go_to(at, account, F(subject_account_bic)))
		check_as(at, dgm_identifier_find(DGM_STR("bic")));
}

void dgm_identities_check(const struct dgm_notice *notice, const struct dgm_identity_teller *teller)
{
	static const struct {
		enum dgm_group_id group;
		void (*check)(struct at *at, const struct dgm_group *group);
	} places[] = {{DGM_GROUP_subject_document, check_document},
		{DGM_GROUP_subject_registration, check_registration}, {DGM_GROUP_subject_account, check_account}};
	struct at at = {.notice = notice, .teller = teller};
	for (at.subject = dgm_group_first(notice->root, DGM_GROUP_subject); at.subject; at.subject = at.subject->next)
		for (size_t i = 0; i < DGM_COUNT(places); i++)
			for (const struct dgm_group *group = dgm_group_first(at.subject, places[i].group); group;
				group = group->next)
				places[i].check(&at, group);
}
