/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a canonical value looks like, per type, and decimals as text. Runs once per field of canonical input, so it takes
 * no memory for what is in order. What a value means is a matter for rules, not for this.
 */
#include "notice/value.h"

#include "base/text.h"
#include "notice/address.h"
#include "notice/date.h"

enum {
	URI_SCHEME_MAX = 64, /* far above any registered scheme; keeps a text with a late colon from being one */
	DIGEST_HEX = 64,     /* SHA-256 */
};

static bool is_hex(char c)
{
	return dgm_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool all_upper(struct dgm_str s, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (!dgm_is_upper(s.ptr[i]))
			return false;
	return true;
}

static bool all_lower(struct dgm_str s, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (!dgm_is_lower(s.ptr[i]))
			return false;
	return true;
}

static bool is_text(struct dgm_str s, bool multiline)
{
	/* Takes memory only where the text is not canonical, or ICU had to be asked. */
	struct dgm_arena scratch = {0};
	const struct dgm_str canonical = dgm_text_canonical(&scratch, s, multiline);
	const bool same = canonical.ptr == s.ptr && canonical.len == s.len;
	dgm_arena_done(&scratch);
	return same && s.len > 0;
}

static bool is_two_digits(const char *at, int max)
{
	return dgm_is_digit(at[0]) && dgm_is_digit(at[1]) && (at[0] - '0') * 10 + (at[1] - '0') <= max;
}

/* hh:mm, hh:mm:ss or hh:mm:ss.f..., then nothing, Z or +hh:mm. */
static bool is_time(struct dgm_str s)
{
	if (s.len < 5 || !is_two_digits(s.ptr, 23) || s.ptr[2] != ':' || !is_two_digits(s.ptr + 3, 59))
		return false;
	s = dgm_str_skip(s, 5);
	if (s.len >= 3 && s.ptr[0] == ':') {
		if (!is_two_digits(s.ptr + 1, 59))
			return false;
		s = dgm_str_skip(s, 3);
		if (s.len > 0 && s.ptr[0] == '.') {
			size_t end = 1;
			while (end < s.len && dgm_is_digit(s.ptr[end]))
				end++;
			if (end == 1)
				return false;
			s = dgm_str_skip(s, end);
		}
	}
	if (s.len == 0 || (s.len == 1 && s.ptr[0] == 'Z'))
		return true;
	return s.len == 6 && (s.ptr[0] == '+' || s.ptr[0] == '-') && is_two_digits(s.ptr + 1, 14) && s.ptr[3] == ':' &&
		is_two_digits(s.ptr + 4, 59);
}

static bool is_country(struct dgm_str s)
{
	static const struct dgm_str own[] = {{"x-icc", 5}, {"x-stl", 5}, {"x-irmct", 7}, {"x-stateless", 11},
		{"x-unknown", 9}};
	if (s.len == 2 || s.len == 4)
		return all_upper(s, 0, s.len);
	for (size_t i = 0; i < DGM_COUNT(own); i++)
		if (dgm_str_eq(s, own[i]))
			return true;
	return false;
}

static bool is_script(struct dgm_str s)
{
	return s.len == 4 && dgm_is_upper(s.ptr[0]) && all_lower(s, 1, 4);
}

/* ISO 639-3, with the script behind it where the source distinguishes by script (BCP 47: srp-Latn). */
static bool is_language(struct dgm_str s)
{
	if (s.len < 3 || !all_lower(s, 0, 3))
		return false;
	return s.len == 3 || (s.ptr[3] == '-' && is_script(dgm_str_skip(s, 4)));
}

/* A decimal in its parts; the sign and the point belong to neither. */
struct decimal {
	struct dgm_str whole, fraction;
	bool negative;
};

static bool is_zeros(struct dgm_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] != '0')
			return false;
	return true;
}

static size_t digits_at(struct dgm_str s, size_t from)
{
	size_t end = from;
	while (end < s.len && dgm_is_digit(s.ptr[end]))
		end++;
	return end - from;
}

static bool split_decimal(struct dgm_str s, struct decimal *ret_parts)
{
	struct decimal parts = {.negative = s.len > 0 && s.ptr[0] == '-'};
	if (parts.negative)
		s = dgm_str_skip(s, 1);
	const size_t whole = digits_at(s, 0);
	if (whole == 0 || (whole > 1 && s.ptr[0] == '0'))
		return false;
	parts.whole = dgm_str_take(s, whole);
	parts.fraction = (struct dgm_str){s.ptr + whole, 0};
	if (whole < s.len) {
		const size_t fraction = s.ptr[whole] == '.' ? digits_at(s, whole + 1) : 0;
		if (fraction == 0 || whole + 1 + fraction != s.len)
			return false;
		parts.fraction = dgm_str_of(s.ptr + whole + 1, fraction);
	}
	if (parts.negative && is_zeros(parts.whole) && is_zeros(parts.fraction))
		return false;
	*ret_parts = parts;
	return true;
}

static bool is_integer(struct dgm_str s)
{
	struct decimal parts;
	return split_decimal(s, &parts) && parts.fraction.len == 0;
}

static struct dgm_str without_trailing_zeros(struct dgm_str fraction)
{
	while (fraction.len > 0 && fraction.ptr[fraction.len - 1] == '0')
		fraction.len--;
	return fraction;
}

/* Compares without the sign. */
static int compare_size(const struct decimal *a, const struct decimal *b)
{
	if (a->whole.len != b->whole.len)
		return a->whole.len < b->whole.len ? -1 : 1;
	const int whole = dgm_str_cmp(a->whole, b->whole);
	return whole ? whole : dgm_str_cmp(without_trailing_zeros(a->fraction), without_trailing_zeros(b->fraction));
}

/* A decimal that is not negative, or two of them as min/max. */
static bool is_measure(struct dgm_str s)
{
	struct decimal min, max;
	const char *slash = s.len ? memchr(s.ptr, '/', s.len) : NULL;
	if (!slash)
		return split_decimal(s, &min) && !min.negative;
	const size_t at = (size_t)(slash - s.ptr);
	return split_decimal(dgm_str_take(s, at), &min) && split_decimal(dgm_str_skip(s, at + 1), &max) &&
		!min.negative && !max.negative && compare_size(&min, &max) <= 0;
}

/* RFC 3986 by its characters: a scheme, a colon, and nothing that needs a percent sign without one. */
static bool is_uri(struct dgm_str s)
{
	static const char others[] = "-._~:/?#[]@!$&'()*+,;=";
	size_t i = 0;
	if (s.len == 0 || !dgm_is_alpha(s.ptr[0]))
		return false;
	while (i < s.len && i < URI_SCHEME_MAX &&
		(dgm_is_alpha(s.ptr[i]) || dgm_is_digit(s.ptr[i]) || s.ptr[i] == '+' || s.ptr[i] == '-' ||
			s.ptr[i] == '.'))
		i++;
	if (i + 1 >= s.len || s.ptr[i] != ':')
		return false;
	for (i++; i < s.len; i++) {
		const char c = s.ptr[i];
		if (dgm_is_alpha(c) || dgm_is_digit(c))
			continue;
		if (c == '%') {
			if (s.len - i < 3 || !is_hex(s.ptr[i + 1]) || !is_hex(s.ptr[i + 2]))
				return false;
			i += 2;
		} else if (!memchr(others, c, sizeof others - 1)) {
			return false;
		}
	}
	return true;
}

static bool is_id(struct dgm_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!dgm_is_upper(s.ptr[i]) && !dgm_is_digit(s.ptr[i]))
			return false;
	return s.len > 0;
}

static bool is_digest(struct dgm_str s)
{
	static const struct dgm_str prefix = {"sha256:", 7};
	if (s.len != prefix.len + DIGEST_HEX || !dgm_str_starts(s, prefix))
		return false;
	for (size_t i = prefix.len; i < s.len; i++)
		if (!dgm_is_digit(s.ptr[i]) && !(s.ptr[i] >= 'a' && s.ptr[i] <= 'f'))
			return false;
	return true;
}

static const char *const expected[DGM_TYPE_COUNT] = {
	[DGM_TYPE_TEXT] = "one line of text in NFC, without controls and without blanks at its ends",
	[DGM_TYPE_PROSE] = "text in NFC, without controls and without blanks at its ends",
	[DGM_TYPE_CODE] = "a word of the field's list",
	[DGM_TYPE_DATE] = "a date that exists, as yyyy-mm-dd, yyyy-mm, yyyy or an interval",
	[DGM_TYPE_TIME] = "a time of day as hh:mm or hh:mm:ss, with its zone or none",
	[DGM_TYPE_COUNTRY] = "an ISO 3166-1 alpha-2 or ISO 3166-3 alpha-4 code in capitals, or one of the x- codes",
	[DGM_TYPE_LANGUAGE] = "an ISO 639-3 code in small letters",
	[DGM_TYPE_SCRIPT] = "an ISO 15924 code such as Latn",
	[DGM_TYPE_INTEGER] = "a whole number in digits",
	[DGM_TYPE_DECIMAL] = "a decimal number with a point and no exponent",
	[DGM_TYPE_LENGTH] = "centimetres as a decimal number, or min/max",
	[DGM_TYPE_MASS] = "kilograms as a decimal number, or min/max",
	[DGM_TYPE_CURRENCY] = "an ISO 4217 code in capitals",
	[DGM_TYPE_URI] = "an absolute URI with its blanks and non-ASCII characters percent-encoded",
	[DGM_TYPE_EMAIL] = "an e-mail address",
	[DGM_TYPE_PHONE] = "one line of text in NFC, without controls and without blanks at its ends",
	[DGM_TYPE_ID] = "capital letters and digits without separators",
	[DGM_TYPE_DIGEST] = "sha256: and 64 hexadecimal digits in small letters",
	[DGM_TYPE_BOOLEAN] = "true or false",
	[DGM_TYPE_LITERAL] = "any text",
};

static bool is_canonical(const struct dgm_field_def *field, struct dgm_str s)
{
	struct dgm_date date;
	struct decimal decimal;
	switch (field->type) {
	case DGM_TYPE_TEXT:
	case DGM_TYPE_PHONE:
		return is_text(s, false);
	case DGM_TYPE_PROSE:
		return is_text(s, true);
	case DGM_TYPE_CODE:
		return dgm_list_has(field->list, s);
	case DGM_TYPE_DATE:
		return dgm_date_parse(s, &date);
	case DGM_TYPE_TIME:
		return is_time(s);
	case DGM_TYPE_COUNTRY:
		return is_country(s);
	case DGM_TYPE_LANGUAGE:
		return is_language(s);
	case DGM_TYPE_SCRIPT:
		return is_script(s);
	case DGM_TYPE_INTEGER:
		return is_integer(s);
	case DGM_TYPE_DECIMAL:
		return split_decimal(s, &decimal);
	case DGM_TYPE_LENGTH:
	case DGM_TYPE_MASS:
		return is_measure(s);
	case DGM_TYPE_CURRENCY:
		return s.len == 3 && all_upper(s, 0, 3);
	case DGM_TYPE_URI:
		return is_uri(s);
	case DGM_TYPE_EMAIL:
		return dgm_email_is_address(s);
	case DGM_TYPE_ID:
		return is_id(s);
	case DGM_TYPE_DIGEST:
		return is_digest(s);
	case DGM_TYPE_BOOLEAN:
		return dgm_str_eq(s, DGM_STR("true")) || dgm_str_eq(s, DGM_STR("false"));
	case DGM_TYPE_LITERAL:
	case DGM_TYPE_COUNT:
		break;
	}
	return true;
}

bool dgm_value_is_canonical(enum dgm_field_id field, struct dgm_str text, const char **ret_problem)
{
	const struct dgm_field_def *def = &dgm_fields[field];
	if (is_canonical(def, text))
		return true;
	if (ret_problem)
		*ret_problem = expected[def->type];
	return false;
}

/*
 * How many digits and group characters the whole part takes; 0 where the groups are not those of a number: three
 * digits each, or two and a last one of three (1,23,45,678). "12,34" and "0,125" are somebody's decimal comma.
 */
static size_t whole_length(struct dgm_str s, char group, size_t *ret_digits)
{
	size_t at = digits_at(s, 0), all = at, last = at;
	bool grouped = false;
	while (group && at > 0 && at < s.len && s.ptr[at] == group) {
		if (grouped ? last != 2 && last != 3 : last > 3)
			return 0;
		last = digits_at(s, at + 1);
		at += 1 + last;
		all += last;
		grouped = true;
	}
	if (grouped && (last != 3 || s.ptr[0] == '0'))
		return 0;
	*ret_digits = all;
	return at;
}

bool dgm_decimal_read(struct dgm_arena *arena, struct dgm_str text, char decimal, char group,
	struct dgm_str *ret_number)
{
	struct dgm_str s = dgm_str_trim(text);
	struct decimal parts;
	/* The usual case: there is nothing to do. Not where the point groups digits and 1.234 is a thousand. */
	if (split_decimal(s, &parts) && (parts.fraction.len == 0 || decimal == '.')) {
		*ret_number = s;
		return true;
	}
	const bool negative = s.len > 0 && s.ptr[0] == '-';
	if (negative || (s.len > 0 && s.ptr[0] == '+'))
		s = dgm_str_skip(s, 1);
	size_t all = 0;
	const size_t whole = whole_length(s, group, &all);
	const size_t fraction = decimal && whole < s.len && s.ptr[whole] == decimal ? digits_at(s, whole + 1) : 0;
	if (whole == 0 || whole + (fraction ? fraction + 1 : 0) != s.len)
		return false;

	char *to = dgm_arena_alloc(arena, s.len + 1), *end = to;
	if (negative)
		*end++ = '-';
	size_t left = all;
	for (size_t i = 0; i < whole; i++) {
		if (!dgm_is_digit(s.ptr[i]))
			continue;
		left--;
		const bool leading = s.ptr[i] == '0' && end == to + negative;
		if (!leading || left == 0)
			*end++ = s.ptr[i];
	}
	if (fraction) {
		*end++ = '.';
		memcpy(end, s.ptr + whole + 1, fraction);
		end += fraction;
	}
	struct dgm_str number = dgm_str_of(to, (size_t)(end - to));
	/* All zeros: there is no negative nothing. */
	if (negative && !split_decimal(number, &parts))
		number = dgm_str_skip(number, 1);
	*ret_number = number;
	return true;
}

struct dgm_str dgm_decimal_shift(struct dgm_arena *arena, struct dgm_str number, int shift)
{
	struct decimal parts;
	if (shift == 0 || !split_decimal(number, &parts))
		return number;
	/* All digits in a row, with as many zeros on either side as the point may have to travel, and where the point is. */
	const size_t travel = (size_t)(shift < 0 ? -shift : shift);
	const size_t digits = parts.whole.len + parts.fraction.len;
	char *row = dgm_arena_alloc(arena, digits + 2 * travel);
	memset(row, '0', travel);
	memcpy(row + travel, parts.whole.ptr, parts.whole.len);
	memcpy(row + travel + parts.whole.len, parts.fraction.ptr, parts.fraction.len);
	memset(row + travel + digits, '0', travel);
	const size_t point = shift < 0 ? parts.whole.len : parts.whole.len + 2 * travel;
	size_t end = travel + digits;
	if (shift < 0 && parts.fraction.len == 0)
		while (end > point && row[end - 1] == '0')
			end--;
	if (end < point)
		end = point;
	size_t start = 0;
	while (start + 1 < point && row[start] == '0')
		start++;

	char *to = dgm_arena_alloc(arena, end - start + 2), *at = to;
	if (parts.negative)
		*at++ = '-';
	memcpy(at, row + start, point - start);
	at += point - start;
	if (end > point) {
		*at++ = '.';
		memcpy(at, row + point, end - point);
		at += end - point;
	}
	return dgm_str_of(to, (size_t)(at - to));
}

int dgm_decimal_cmp(struct dgm_str a, struct dgm_str b)
{
	struct decimal one, other;
	if (!split_decimal(a, &one) || !split_decimal(b, &other))
		return dgm_str_cmp(a, b);
	if (one.negative != other.negative)
		return one.negative ? -1 : 1;
	return one.negative ? compare_size(&other, &one) : compare_size(&one, &other);
}

bool dgm_decimal_same(struct dgm_str a, struct dgm_str b)
{
	struct decimal one, other;
	if (!split_decimal(a, &one) || !split_decimal(b, &other))
		return dgm_str_eq(a, b);
	return one.negative == other.negative && compare_size(&one, &other) == 0;
}
