/* SPDX-License-Identifier: Apache-2.0 */
/* The arithmetic of check characters and the reading of shapes. What is done about a wrong one is for others to say. */
#include "notice/identifier.h"

#include "base/digits.h"
#include "notice/date.h"
#include "notice/mrz.h"

enum {
	LONGEST = 40, /* an IBAN has 34 */
	IBAN_HEAD = 4,
};

/* --- text --- */

/* The length of a separator of several bytes at s: a dash, a no-break or narrow blank, a middle dot; 0: none. */
static size_t wide_separator(struct dgm_str s)
{
	if (dgm_str_starts(s, DGM_STR("\xC2\xA0")) || dgm_str_starts(s, DGM_STR("\xC2\xB7")))
		return 2;
	/* U+2000 to U+2015: blanks, marks of direction, dashes; U+202F */
	if (s.len >= 3 && (unsigned char)s.ptr[0] == 0xE2 && (unsigned char)s.ptr[1] == 0x80 &&
		((unsigned char)s.ptr[2] <= 0x95 || (unsigned char)s.ptr[2] == 0xAF))
		return 3;
	return 0;
}

size_t dgm_identifier_compact(struct dgm_arena *arena, struct dgm_str text, char *to, size_t size, bool *ret_dashed)
{
	size_t len = 0, dash = SIZE_MAX;
	struct dgm_str ascii = text;
	(void)dgm_digits_ascii(arena, text, &ascii);
	for (size_t i = 0; i < ascii.len && len < size;) {
		const char c = ascii.ptr[i];
		const size_t wide = wide_separator(dgm_str_skip(ascii, i));
		if (wide || c == '-')
			dash = len;
		if (!wide && !strchr(" -./:#\n\t", c))
			to[len++] = dgm_is_lower(c) ? (char)(c - 'a' + 'A') : c;
		i += wide ? wide : 1;
	}
	*ret_dashed = dash + 1 == len;
	return len;
}

/* The class at the front of a shape holds c; *ret_length is how long the class is written. */
static bool class_has(const char *shape, char c, size_t *ret_length)
{
	*ret_length = 1;
	switch (*shape) {
	case 'd':
		return dgm_is_digit(c);
	case 'l':
		return dgm_is_upper(c);
	case 'a':
		return dgm_is_digit(c) || dgm_is_upper(c);
	case 'h':
		return dgm_is_digit(c) || (c >= 'A' && c <= 'F');
	case 'v':
		return dgm_is_digit(c) || (dgm_is_upper(c) && c != 'I' && c != 'O' && c != 'Q');
	case '[': {
		bool has = false;
		size_t i = 1;
		for (; shape[i] != ']'; i++) {
			if (shape[i + 1] == '-') {
				has = has || (c >= shape[i] && c <= shape[i + 2]);
				i += 2;
			} else {
				has = has || c == shape[i];
			}
		}
		*ret_length = i + 1;
		return has;
	}
	default:
		return c == *shape;
	}
}

static bool has_shape(const char *shapes, const char *text, size_t len)
{
	struct dgm_str rest = dgm_str(shapes), shape;
	while (dgm_str_next(&rest, DGM_STR("|"), &shape)) {
		size_t at = 0, i = 0, length;
		while (i < shape.len && at < len && class_has(shape.ptr + i, text[at], &length)) {
			at++;
			i += length;
			if (i < shape.len && shape.ptr[i] == '+') {
				while (at < len && class_has(shape.ptr + i - length, text[at], &length))
					at++;
				i++;
			}
		}
		if (i == shape.len && at == len)
			return true;
	}
	return false;
}

/* --- check characters --- */

/* What a character counts in a sum. Those that the shape lets through have a value. */
static unsigned value_of(const struct dgm_identifier *scheme, char c)
{
	for (const char *pair = scheme->translate; pair && *pair; pair += 2)
		if (pair[0] == c)
			c = pair[1];
	if (scheme->alphabet) {
		const char *at = strchr(scheme->alphabet, c);
		return at ? (unsigned)(at - scheme->alphabet) : 0;
	}
	return dgm_is_digit(c) ? (unsigned)(c - '0') : (unsigned)(c - 'A') + 10;
}

/* '>': ask the next step; otherwise whether the check character is right. */
static char take_step(const struct dgm_identifier *scheme, const struct dgm_id_step *step, const char *text)
{
	unsigned sum = step->add;
	for (size_t i = 0; i < DGM_COUNT(step->weights); i++)
		if (step->weights[i])
			sum += step->weights[i] * value_of(scheme, text[i]);
	const unsigned rest = sum % step->modulus;
	if (!step->check)
		return value_of(scheme, text[step->at]) * 10 + value_of(scheme, text[step->at + 1]) == rest % 100;
	for (size_t i = rest; i < strlen(step->check); i += step->modulus) {
		if (step->check[i] == '>')
			return '>';
		if (step->check[i] == text[step->at])
			return true;
	}
	return false;
}

static enum dgm_identified check_steps(const struct dgm_identifier *scheme, const char *text)
{
	enum dgm_identified result = DGM_ID_UNCHECKED;
	char said = true;
	for (size_t i = 0; i < scheme->step_count; i++) {
		const struct dgm_id_step *step = &scheme->steps[i];
		if ((step->first && !strchr(step->first, text[0])) || (step->instead && said != '>'))
			continue;
		said = take_step(scheme, step, text);
		if (!said)
			return DGM_ID_WRONG_CHECK;
		result = DGM_IDENTIFIED;
	}
	return result;
}

static bool is_luhn(const char *text, size_t len)
{
	unsigned sum = 0;
	for (size_t i = 0; i < len; i++) {
		const unsigned digit = (unsigned)(text[len - 1 - i] - '0');
		sum += i % 2 == 0 ? digit : digit * 2 / 10 + digit * 2 % 10;
	}
	return sum % 10 == 0;
}

/* The group of the pentagon: digits are its rotations and reflections; each place turns its digit once more. */
static bool is_verhoeff(const char *text, size_t len)
{
	static const char turn[] = "1576283094";
	unsigned product = 0;
	for (size_t i = 0; i < len; i++) {
		unsigned digit = (unsigned)(text[len - 1 - i] - '0');
		for (size_t turns = i % 8; turns; turns--)
			digit = (unsigned)(turn[digit] - '0');
		const unsigned a = product % 5, b = digit % 5;
		product = product < 5 ? (a + b) % 5 + (digit < 5 ? 0 : 5) : (a + 5 - b) % 5 + (digit < 5 ? 5 : 0);
	}
	return product == 0;
}

static bool is_mod11_2(const char *text, size_t len)
{
	unsigned sum = 0;
	for (size_t i = 0; i < len; i++)
		sum = (sum * 2 + (text[i] == 'X' ? 10 : (unsigned)(text[i] - '0'))) % 11;
	return sum == 1;
}

/* Beginning at `from` and going round. */
static bool is_mod97(const char *text, size_t len, size_t from)
{
	unsigned rest = 0;
	for (size_t i = 0; i < len; i++) {
		const char c = text[(i + from) % len];
		rest = dgm_is_digit(c) ? (rest * 10 + (unsigned)(c - '0')) % 97
				       : (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
	}
	return rest == 1;
}

/* The registry of ISO 13616; a country that is not in it may have joined since. */
static bool has_iban_length(const char *text, size_t len)
{
	static const char lengths[] = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 "
				      "DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 "
				      "GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 "
				      "LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 "
				      "PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 "
				      "SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30 ";
	for (const char *at = lengths; *at; at += 5)
		if (at[0] == text[0] && at[1] == text[1])
			return len == (size_t)(at[2] - '0') * 10 + (size_t)(at[3] - '0');
	return len <= 34;
}

static enum dgm_identified check_of(const struct dgm_identifier *scheme, const char *text, size_t len)
{
	bool good = true;
	switch (scheme->check) {
	case DGM_ID_CHECK_NONE:
	case DGM_ID_CHECK_MRZ:
		return DGM_ID_UNCHECKED;
	case DGM_ID_CHECK_STEPS:
		return check_steps(scheme, text);
	case DGM_ID_CHECK_LUHN:
		good = is_luhn(text, len);
		break;
	case DGM_ID_CHECK_VERHOEFF:
		good = is_verhoeff(text, len);
		break;
	case DGM_ID_CHECK_MOD11_2:
		good = is_mod11_2(text, len);
		break;
	case DGM_ID_CHECK_MOD97:
		good = is_mod97(text, len, 0);
		break;
	case DGM_ID_CHECK_IBAN:
		if (!has_iban_length(text, len))
			return DGM_ID_WRONG_SHAPE;
		good = is_mod97(text, len, IBAN_HEAD);
		break;
	}
	return good ? DGM_IDENTIFIED : DGM_ID_WRONG_CHECK;
}

/* --- what is embedded --- */

static unsigned century_of(const struct dgm_identifier *scheme, const char *text)
{
	size_t length;
	for (const char *entry = scheme->century; entry && *entry; entry += 3)
		if (class_has(entry, text[scheme->century_at], &length))
			return (unsigned)(entry[1] - '0') * 10 + (unsigned)(entry[2] - '0');
	return 0;
}

/* false: there is no such day. */
static bool read_birth(const struct dgm_identifier *scheme, const char *text, struct dgm_identity *identity)
{
	unsigned year = 0, month = 0, day = 0;
	for (size_t i = 0; scheme->birth[i]; i++) {
		const unsigned digit = (unsigned)(text[i] - '0');
		switch (scheme->birth[i]) {
		case 'Y':
		case 'y':
			year = year * 10 + digit;
			break;
		case 'm':
			month = month * 10 + digit;
			break;
		case 'd':
			day = day * 10 + digit;
			break;
		default:
			break;
		}
	}
	if (scheme->female && scheme->female[0] == '+') {
		identity->sex = day > 40 ? 'f' : 'm';
		day -= day > 40 ? 40 : 0;
	}
	const unsigned century = century_of(scheme, text);
	identity->century = century || strchr(scheme->birth, 'Y');
	year += century * 100;
	const bool says_day = strchr(scheme->birth, 'd') != NULL;
	if (says_day && (month == 0 || day == 0 || !dgm_day_exists(identity->century ? year : 0, month, day)))
		return false;
	if (identity->century && (year < 1800 || year > 2100))
		return false;
	identity->has_birth = true;
	identity->year = (uint16_t)year;
	identity->month = (uint8_t)month;
	identity->day = (uint8_t)day;
	return true;
}

static void read_embedded(const struct dgm_identifier *scheme, const char *text, struct dgm_identity *identity)
{
	if (scheme->birth && !read_birth(scheme, text, identity))
		*identity = (struct dgm_identity){.result = DGM_ID_WRONG_SHAPE};
	else if (scheme->male && strchr(scheme->male, text[scheme->sex_at]))
		identity->sex = 'm';
	else if (scheme->female && strchr(scheme->female, text[scheme->sex_at]))
		identity->sex = 'f';
}

/* 1111111111 and the like fit many sums, and nobody was given them. */
static bool is_one_digit(const char *text, size_t len)
{
	for (size_t i = 1; i < len; i++)
		if (text[i] != text[0])
			return false;
	return true;
}

struct dgm_identity dgm_identifier_read(const struct dgm_identifier *scheme, struct dgm_arena *arena,
	struct dgm_str text)
{
	char room[LONGEST + LONGEST + 1];
	bool dashed;
	if (scheme->check == DGM_ID_CHECK_MRZ) {
		struct dgm_mrz mrz;
		if (!dgm_mrz_read(text, &mrz))
			return (struct dgm_identity){.result = DGM_ID_WRONG_SHAPE};
		return (struct dgm_identity){.result = mrz.wrong ? DGM_ID_WRONG_CHECK : DGM_IDENTIFIED};
	}
	/* The front stays free for zeros. */
	char *number = room + LONGEST;
	size_t len = dgm_identifier_compact(arena, text, number, LONGEST, &dashed);
	const struct dgm_str prefix = dgm_str(scheme->prefix);
	if (prefix.len && dgm_str_starts(dgm_str_of(number, len), prefix)) {
		number += prefix.len;
		len -= prefix.len;
	}
	number[len] = '\0';
	struct dgm_identity identity = {.result = DGM_ID_UNCHECKED};
	if (!dashed && scheme->bare && has_shape(scheme->bare, number, len))
		return identity;
	if (!has_shape(scheme->shape, number, len) || (scheme->country && is_one_digit(number, len)))
		return (struct dgm_identity){.result = DGM_ID_WRONG_SHAPE};
	while (len < scheme->pad) {
		*--number = '0';
		len++;
	}
	identity.result = check_of(scheme, number, len);
	if (identity.result == DGM_IDENTIFIED || identity.result == DGM_ID_UNCHECKED)
		read_embedded(scheme, number, &identity);
	return identity;
}
