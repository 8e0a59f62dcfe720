/* SPDX-License-Identifier: Apache-2.0 */
/* Text first, as reading does; what then still differs was done by the rule of the field's type. */
#include "notice/changes.h"

#include "base/digits.h"
#include "base/forms.h"
#include "base/normal.h"
#include "base/text.h"

const char *const dgm_change_codes[DGM_CHANGE_COUNT] = {
	[DGM_CHANGE_NFC] = "text-nfc",
	[DGM_CHANGE_MARKS] = "text-marks",
	[DGM_CHANGE_TATWEEL] = "text-tatweel",
	[DGM_CHANGE_PRESENTATION] = "text-presentation-forms",
	[DGM_CHANGE_WIDTH] = "text-width",
	[DGM_CHANGE_SPACE] = "text-space",
	[DGM_CHANGE_DIGITS] = "digits",
	[DGM_CHANGE_DATE] = "date-spelling",
	[DGM_CHANGE_CALENDAR] = "date-calendar",
	[DGM_CHANGE_PRECISION] = "date-precision",
	[DGM_CHANGE_COUNTRY] = "country-name",
	[DGM_CHANGE_CODE] = "code-word",
	[DGM_CHANGE_NUMBER] = "number-spelling",
	[DGM_CHANGE_UNIT] = "unit",
	[DGM_CHANGE_PHONE] = "phone-number",
	[DGM_CHANGE_ADDRESS] = "address-spelling",
	[DGM_CHANGE_PART] = "value-part",
	[DGM_CHANGE_NULL] = "null-word",
};

#define BIT(change) (UINT32_C(1) << DGM_CHANGE_##change)

/* --- text --- */

static uint32_t folded(uint32_t c)
{
	if ((c >= 0xFB50 && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFEFE))
		return BIT(PRESENTATION);
	return c >= 0xFF00 && c <= 0xFFEF ? BIT(WIDTH) : BIT(SPACE);
}

static bool is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool has_space(struct dgm_str s, bool prose)
{
	if (is_white(s.ptr[0]) || is_white(s.ptr[s.len - 1]) || memchr(s.ptr, '\r', s.len))
		return true;
	return !prose && (memchr(s.ptr, '\t', s.len) || memchr(s.ptr, '\n', s.len));
}

static bool is_nfc(struct dgm_arena *arena, struct dgm_str s)
{
	char *normal = dgm_arena_alloc(arena, 3 * s.len);
	return s.len > DGM_NFC_BLOCK_MAX || dgm_str_eq(dgm_str_of(normal, dgm_nfc_block(arena, s, normal)), s);
}

static size_t count_joiners(struct dgm_str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len;)
		n += dgm_form_of(dgm_utf8_next(s, &i)) == DGM_FORM_JOINER;
	return n;
}

/* clean: the same text in its canonical spelling. */
static uint32_t text_changes(struct dgm_arena *arena, struct dgm_str s, struct dgm_str clean, bool prose)
{
	uint32_t changes = has_space(s, prose) ? BIT(SPACE) : 0;
	for (size_t i = 0; i < s.len;) {
		const uint32_t c = dgm_utf8_next(s, &i);
		if (c < 0x80 && c >= 0x20 && c != 0x7F)
			continue;
		if (c == '\t' || c == '\n' || c == '\r')
			continue;
		switch (dgm_form_of(c)) {
		case DGM_FORM_OWN:
			break;
		case DGM_FORM_DROPPED:
			changes |= c == 0x640 ? BIT(TATWEEL) : BIT(MARKS);
			break;
		case DGM_FORM_FOLDED:
			changes |= folded(c);
			break;
		case DGM_FORM_JOINER:
			if (count_joiners(s) != count_joiners(clean))
				changes |= BIT(MARKS);
			break;
		}
	}
	return changes | (is_nfc(arena, s) ? 0 : BIT(NFC));
}

/* --- types --- */

static bool contains(struct dgm_str text, struct dgm_str part)
{
	return part.len && dgm_str_find(text, part) < text.len;
}

/* Whether the year of a canonical date stands in the source's text, in full or with its last two digits. */
static bool has_year(struct dgm_str source, struct dgm_str date)
{
	const struct dgm_str year = dgm_str_take(date, 4);
	return year.len < 4 || contains(source, year) || contains(source, dgm_str_skip(year, 2));
}

static uint32_t date_changes(struct dgm_str source, struct dgm_str date)
{
	uint32_t changes = has_year(source, date) ? BIT(DATE) : BIT(CALENDAR);
	for (size_t i = 0; i < date.len; i++)
		if (strchr("~?%/.", date.ptr[i]))
			changes |= BIT(PRECISION);
	return changes;
}

/* A text that became another one: a telephone number, a part of its source's text, or the word of a list. */
static uint32_t other_changes(struct dgm_str source, struct dgm_str text)
{
	bool number = text.len > 1 && text.ptr[0] == '+';
	for (size_t i = 1; i < text.len; i++)
		number = number && dgm_is_digit(text.ptr[i]);
	return number ? BIT(PHONE) : contains(source, text) ? BIT(PART) : BIT(CODE);
}

static uint32_t type_changes(enum dgm_type type, struct dgm_str source, struct dgm_str text)
{
	switch (type) {
	case DGM_TYPE_DATE:
		return date_changes(source, text);
	case DGM_TYPE_COUNTRY:
		return BIT(COUNTRY);
	case DGM_TYPE_CODE:
	case DGM_TYPE_LANGUAGE:
	case DGM_TYPE_SCRIPT:
	case DGM_TYPE_CURRENCY:
	case DGM_TYPE_BOOLEAN:
		return BIT(CODE);
	case DGM_TYPE_INTEGER:
	case DGM_TYPE_DECIMAL:
		return BIT(NUMBER);
	case DGM_TYPE_LENGTH:
	case DGM_TYPE_MASS:
		return BIT(UNIT);
	case DGM_TYPE_PHONE:
		return BIT(PHONE);
	case DGM_TYPE_EMAIL:
	case DGM_TYPE_URI:
		return BIT(ADDRESS);
	case DGM_TYPE_TEXT:
	case DGM_TYPE_PROSE:
	case DGM_TYPE_TIME:
	case DGM_TYPE_ID:
	case DGM_TYPE_DIGEST:
	case DGM_TYPE_LITERAL:
	case DGM_TYPE_COUNT:
		break;
	}
	return other_changes(source, text);
}

/* Whether digits of a type are read in any script. */
static bool counts(enum dgm_type type)
{
	return type == DGM_TYPE_DATE || type == DGM_TYPE_INTEGER || type == DGM_TYPE_DECIMAL ||
		type == DGM_TYPE_LENGTH || type == DGM_TYPE_MASS || type == DGM_TYPE_PHONE;
}

static uint32_t changes_in(struct dgm_arena *arena, enum dgm_type type, struct dgm_str source, struct dgm_str text)
{
	const bool prose = type == DGM_TYPE_PROSE;
	struct dgm_str clean = dgm_text_canonical(arena, source, prose);
	uint32_t changes = dgm_str_eq(clean, source) ? 0 : text_changes(arena, source, clean, prose);
	struct dgm_str ascii = clean;
	const bool phone = type == DGM_TYPE_TEXT && text.len && text.ptr[0] == '+';
	if ((counts(type) || phone) && dgm_digits_ascii(arena, clean, &ascii) && !dgm_str_eq(clean, ascii))
		changes |= BIT(DIGITS);
	return dgm_str_eq(ascii, text) ? changes : changes | type_changes(type, ascii, text);
}

uint32_t dgm_changes_of(enum dgm_field_id field, const struct dgm_value *value)
{
	struct dgm_arena arena = {0};
	if (!value->original.len || !dgm_utf8_valid(value->original))
		return 0;
	if (value->state == DGM_STATE_NULL)
		return UINT32_C(1) << DGM_CHANGE_NULL;
	if (value->state != DGM_STATE_PARSED || dgm_str_eq(value->original, value->text))
		return 0;
	const uint32_t changes = changes_in(&arena, dgm_fields[field].type, value->original, value->text);
	dgm_arena_done(&arena);
	return changes;
}

/* --- counting --- */

static void add_group(struct dgm_changes *changes, const struct dgm_group *group)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	for (uint32_t f = 0; f < def->field_count; f++) {
		const enum dgm_field_id field = (enum dgm_field_id)(def->first_field + f);
		for (const struct dgm_value *value = dgm_value_first(group, field); value; value = value->next) {
			uint32_t bits = value->original.len ? dgm_changes_of(field, value) : 0;
			for (; bits; bits &= bits - 1)
				changes->counts[field][__builtin_ctz(bits)]++;
		}
	}
	for (uint32_t c = 0; c < def->child_count; c++)
		for (const struct dgm_group *child = dgm_group_first(group, def->children[c]); child;
			child = child->next)
			add_group(changes, child);
}

void dgm_changes_add(struct dgm_changes *changes, const struct dgm_notice *notice)
{
	add_group(changes, notice->root);
}
