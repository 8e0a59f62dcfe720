/* SPDX-License-Identifier: Apache-2.0 */
/* Letter by letter with the scripts of Unicode; a name in ASCII, as most are, is seen to be one and left. */
#include "notice/names.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "base/textkey.h"
#include "base/utf8.h"

const char *const dgm_name_codes[DGM_NAME_RULES] = {
	[DGM_NAME_SCRIPT_MIXED] = "script-mixed",
	[DGM_NAME_SCRIPT_DIFFERS] = "script-differs",
	[DGM_NAME_ALIAS_IS_PRIMARY] = "alias-is-primary",
	[DGM_NAME_REPEATED] = "name-repeated",
};

/* Of what a letter may be; marks and signs are of all. */
static UScriptCode script_of(uint32_t c)
{
	UErrorCode error = U_ZERO_ERROR;
	return u_isalpha((UChar32)c) ? uscript_getScript((UChar32)c, &error) : USCRIPT_COMMON;
}

static bool is_ascii(struct dgm_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	return true;
}

/* The alphabets whose letters are taken for one another, as bits; 0: another one. */
static unsigned alike(UScriptCode script)
{
	return script == USCRIPT_LATIN ? 1 : script == USCRIPT_CYRILLIC ? 2 : script == USCRIPT_GREEK ? 4 : 0;
}

/* Whether one word has letters of two of them. A word ends at whatever is neither letter nor mark. */
static bool is_mixed(struct dgm_str s)
{
	unsigned seen = 0;
	if (is_ascii(s))
		return false;
	for (size_t i = 0; i < s.len;) {
		const uint32_t c = dgm_utf8_next(s, &i);
		if (!u_isalpha((UChar32)c) && !u_getCombiningClass((UChar32)c))
			seen = 0;
		seen |= alike(script_of(c));
		if (seen & (seen - 1))
			return true;
	}
	return false;
}

/* Whether a letter may stand in a name of a stated script: some codes are for several. */
static bool is_of(UScriptCode stated, UScriptCode script)
{
	static const struct {
		UScriptCode stated, letter;
	} several[] = {{USCRIPT_JAPANESE, USCRIPT_HAN}, {USCRIPT_JAPANESE, USCRIPT_HIRAGANA},
		{USCRIPT_JAPANESE, USCRIPT_KATAKANA}, {USCRIPT_KATAKANA_OR_HIRAGANA, USCRIPT_HIRAGANA},
		{USCRIPT_KATAKANA_OR_HIRAGANA, USCRIPT_KATAKANA}, {USCRIPT_KOREAN, USCRIPT_HANGUL},
		{USCRIPT_KOREAN, USCRIPT_HAN}, {USCRIPT_SIMPLIFIED_HAN, USCRIPT_HAN},
		{USCRIPT_TRADITIONAL_HAN, USCRIPT_HAN}, {USCRIPT_HAN_WITH_BOPOMOFO, USCRIPT_HAN},
		{USCRIPT_HAN_WITH_BOPOMOFO, USCRIPT_BOPOMOFO}, {USCRIPT_OLD_CHURCH_SLAVONIC_CYRILLIC, USCRIPT_CYRILLIC},
		{USCRIPT_LATIN_FRAKTUR, USCRIPT_LATIN}, {USCRIPT_LATIN_GAELIC, USCRIPT_LATIN}};
	for (size_t i = 0; i < DGM_COUNT(several); i++)
		if (several[i].stated == stated && several[i].letter == script)
			return true;
	return script == stated;
}

/* What a code says of letters; USCRIPT_COMMON: nothing. */
static UScriptCode stated_script(const struct dgm_value *value)
{
	char code[8];
	UErrorCode error = U_ZERO_ERROR;
	UScriptCode script = USCRIPT_COMMON;
	if (!value || value->state != DGM_STATE_PARSED || value->text.len >= sizeof code)
		return USCRIPT_COMMON;
	memcpy(code, value->text.ptr, value->text.len);
	code[value->text.len] = '\0';
	if (uscript_getCode(code, &script, 1, &error) != 1 || U_FAILURE(error) || script == USCRIPT_INHERITED ||
		script == USCRIPT_UNKNOWN || script == USCRIPT_UNWRITTEN_LANGUAGES || script == USCRIPT_SYMBOLS)
		return USCRIPT_COMMON;
	return script;
}

/* Whether a text has letters, and none of the stated script. */
static bool differs(struct dgm_str s, UScriptCode stated)
{
	bool any = false;
	for (size_t i = 0; i < s.len;) {
		const UScriptCode script = script_of(dgm_utf8_next(s, &i));
		if (is_of(stated, script))
			return false;
		any = any || script > USCRIPT_INHERITED;
	}
	return any;
}

static void check_name(const struct dgm_group *name, const struct dgm_name_teller *teller)
{
	static const enum dgm_field_id fields[] = {DGM_FIELD_subject_name_full, DGM_FIELD_subject_name_family,
		DGM_FIELD_subject_name_given, DGM_FIELD_subject_name_middle, DGM_FIELD_subject_name_patronymic,
		DGM_FIELD_subject_name_matronymic, DGM_FIELD_subject_name_second_family, DGM_FIELD_subject_name_part};
	const struct dgm_value *said = dgm_value_first(name, DGM_FIELD_subject_name_script);
	const UScriptCode stated = stated_script(said);
	bool other = false;
	for (size_t i = 0; i < DGM_COUNT(fields); i++) {
		for (const struct dgm_value *value = dgm_value_first(name, fields[i]); value; value = value->next) {
			if (value->state != DGM_STATE_PARSED)
				continue;
			if (is_mixed(value->text))
				teller->tell(teller->context, DGM_NAME_SCRIPT_MIXED, name, fields[i], value,
					"a word has letters of two alphabets that look alike");
			other = other || (stated != USCRIPT_COMMON && differs(value->text, stated));
		}
	}
	if (other)
		teller->tell(teller->context, DGM_NAME_SCRIPT_DIFFERS, name, DGM_FIELD_subject_name_script, said,
			"the name has no letter of the script that is stated");
}

/* --- names that stand twice --- */

/* The words of a text by their keys, in any order and whatever stands between them. The key of ASCII is its small letters. */
static uint64_t hash_words(struct dgm_arena *arena, struct dgm_str text)
{
	const uint64_t start = UINT64_C(0xcbf29ce484222325);
	const struct dgm_str key = is_ascii(text) ? text : dgm_text_key(arena, text);
	uint64_t sum = 0, word = start;
	for (size_t i = 0; i <= key.len; i++) {
		const unsigned char c = i < key.len ? (unsigned char)key.ptr[i] : ' ';
		if (dgm_is_alpha((char)c) || dgm_is_digit((char)c) || c >= 0x80) {
			word = (word ^ (c >= 'A' && c <= 'Z' ? c + 32u : c)) * UINT64_C(0x100000001b3);
			continue;
		}
		sum += word == start ? 0 : word ^ word >> 29;
		word = start;
	}
	return sum;
}

/*
 * The words of a name; 0: it has none that count. A name with a birth of its own is more than its words, and one in its own
 * script is told beside the others on purpose.
 */
static uint64_t hash_name(struct dgm_arena *arena, const struct dgm_group *name, enum dgm_field_id *ret_field)
{
	static const enum dgm_field_id parts[] = {DGM_FIELD_subject_name_family, DGM_FIELD_subject_name_given,
		DGM_FIELD_subject_name_middle, DGM_FIELD_subject_name_patronymic, DGM_FIELD_subject_name_matronymic,
		DGM_FIELD_subject_name_second_family, DGM_FIELD_subject_name_part};
	const struct dgm_str full = dgm_text_of(name, DGM_FIELD_subject_name_full);
	uint64_t sum = 0;
	*ret_field = DGM_FIELD_subject_name_full;
	if (dgm_value_first(name, DGM_FIELD_subject_name_birth_date) ||
		dgm_value_first(name, DGM_FIELD_subject_name_birth_place) ||
		dgm_str_is(dgm_text_of(name, DGM_FIELD_subject_name_kind), "original_script"))
		return 0;
	if (full.len)
		return hash_words(arena, full);
	for (size_t i = 0; i < DGM_COUNT(parts); i++)
		for (const struct dgm_value *value = dgm_value_first(name, parts[i]); value; value = value->next) {
			if (value->state != DGM_STATE_PARSED)
				continue;
			*ret_field = sum ? *ret_field : parts[i];
			sum += hash_words(arena, value->text);
		}
	return sum;
}

/* Each name against those before it, by hashes: a subject has few names, and most have other words. */
static void check_twice(struct dgm_arena *arena, const struct dgm_group *subject, const struct dgm_name_teller *teller)
{
	enum { NAMES_MAX = 64 }; /* further ones are not compared */
	uint64_t hashes[NAMES_MAX];
	struct dgm_str kinds[NAMES_MAX];
	size_t count = 0;
	const struct dgm_group *name = dgm_group_first(subject, DGM_GROUP_subject_name);
	if (!name || !name->next)
		return;
	for (; name && count < NAMES_MAX; name = name->next, count++) {
		enum dgm_field_id field;
		bool primary = false, same = false;
		hashes[count] = hash_name(arena, name, &field);
		kinds[count] = dgm_text_of(name, DGM_FIELD_subject_name_kind);
		for (size_t i = 0; i < count && hashes[count]; i++) {
			if (hashes[i] != hashes[count])
				continue;
			same = same || dgm_str_eq(kinds[i], kinds[count]);
			primary = primary || dgm_str_is(kinds[i], "primary") || dgm_str_is(kinds[count], "primary");
		}
		if (same)
			teller->tell(teller->context, DGM_NAME_REPEATED, name, field, dgm_value_first(name, field),
				"the same name stood before");
		else if (primary)
			teller->tell(teller->context, DGM_NAME_ALIAS_IS_PRIMARY, name, field,
				dgm_value_first(name, field), "one of its further names is its primary name");
	}
}

void dgm_names_check(const struct dgm_notice *notice, const struct dgm_name_teller *teller)
{
	for (const struct dgm_group *subject = dgm_group_first(notice->root, DGM_GROUP_subject); subject;
		subject = subject->next) {
		check_twice(notice->arena, subject, teller);
		for (const struct dgm_group *name = dgm_group_first(subject, DGM_GROUP_subject_name); name;
			name = name->next)
			check_name(name, teller);
	}
}
