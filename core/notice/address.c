/* SPDX-License-Identifier: Apache-2.0 */
/* Shapes only: whether anybody answers there is not for a converter to ask. */
#include "notice/address.h"

#include <unicode/uidna.h>

#include "base/digits.h"
#include "base/text.h"
#include "notice/phone_table.h"

enum {
	DIGITS_MIN = 3,
	DIGITS_MAX = 15, /* ITU-T E.164, 6.2.1 */
	ABROAD_MIN = 7,  /* calling code and all; Saint Helena has eight, Niue seven */
	HOME_MIN = 5,    /* shorter ones are an emergency's or a service's, and stay within their country */
	EXTENSION_MAX = 6,
	LOCAL_MAX = 64, /* RFC 5321, 4.5.3.1.1 */
	HOST_MAX = 255, /* RFC 5321, 4.5.3.1.2 */
	LABEL_MAX = 63, /* RFC 1035, 2.3.4 */
};

/* Calling codes that are assigned or in use: ITU-T E.164, list of assigned country codes of 2016 and its amendments. */
static const struct {
	uint16_t first, last;
} codes[] = {{1, 1}, {7, 7}, {20, 20}, {27, 27}, {30, 34}, {36, 36}, {39, 41}, {43, 49}, {51, 58}, {60, 66}, {81, 82},
	{84, 84}, {86, 86}, {90, 95}, {98, 98}, {211, 213}, {216, 216}, {218, 218}, {220, 258}, {260, 269}, {290, 291},
	{297, 299}, {350, 359}, {370, 383}, {385, 387}, {389, 389}, {420, 421}, {423, 423}, {500, 509}, {590, 599},
	{670, 670}, {672, 683}, {685, 692}, {800, 800}, {808, 808}, {850, 850}, {852, 853}, {855, 856}, {870, 870},
	{878, 878}, {880, 883}, {886, 886}, {888, 888}, {960, 968}, {970, 977}, {979, 979}, {992, 996}, {998, 998}};

/* The calling code that digits begin with; 0: none. No code begins with another one. */
static unsigned calling_code(const char *digits, size_t count)
{
	unsigned code = 0;
	for (size_t i = 0; i < count && i < 3; i++) {
		code = code * 10 + (unsigned)(digits[i] - '0');
		for (size_t c = 0; c < DGM_COUNT(codes); c++)
			if (code >= codes[c].first && code <= codes[c].last)
				return code;
	}
	return 0;
}

/* Italy's and its neighbours' numbers keep their zero when they are called from abroad. */
static bool keeps_zero(unsigned code)
{
	return code == 39 || code == 378 || code == 379;
}

/* "(+216) 71 000 000" from the plus on. */
static struct dgm_str from_plus(struct dgm_str text)
{
	return dgm_str_starts(text, DGM_STR("(+")) ? dgm_str_skip(text, 1) : text;
}

/* The digits of a text that is nothing but a number; 0 where it is more, or has more digits than any. */
static size_t digits_of(struct dgm_str text, char to[DIGITS_MAX + 2], bool *ret_zero)
{
	size_t count = 0;
	*ret_zero = false;
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.ptr[i];
		if (!dgm_is_digit(c)) {
			if (!memchr(" .-/()", c, 6))
				return 0;
			continue;
		}
		if (i > 0 && c == '0' && text.ptr[i - 1] == '(' && i + 1 < text.len && text.ptr[i + 1] == ')') {
			*ret_zero = true;
			if (!keeps_zero(calling_code(to, count)))
				continue;
		}
		if (count == DIGITS_MAX + 2)
			return 0;
		to[count++] = c;
	}
	return count;
}

struct dgm_str dgm_phone_international(struct dgm_arena *arena, struct dgm_str text)
{
	char digits[DIGITS_MAX + 2];
	struct dgm_str ascii;
	bool zero;
	if (text.len < ABROAD_MIN || !dgm_digits_ascii(arena, text, &ascii))
		return text;
	ascii = from_plus(ascii);
	const bool plus = ascii.ptr[0] == '+';
	if (!plus && !dgm_str_starts(ascii, DGM_STR("00")))
		return text;
	const size_t count = digits_of(dgm_str_skip(ascii, plus ? 1 : 2), digits, &zero);
	if (count < ABROAD_MIN || count > DIGITS_MAX || !calling_code(digits, count))
		return text;
	return dgm_arena_join(arena, DGM_STR("+"), dgm_str_of(digits, count), DGM_NOSTR);
}

const struct dgm_phone_plan *dgm_phone_plan(struct dgm_str country)
{
	size_t low = 0, high = DGM_COUNT(plans);
	while (country.len == 2 && low < high) {
		const size_t middle = (low + high) / 2;
		const int order = memcmp(country.ptr, plans[middle].country, 2);
		if (order == 0)
			return &plans[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* A number without its country: its digits, and whether it begins with a zero in brackets. 0: it is something else. */
static size_t digits_at_home(struct dgm_arena *arena, struct dgm_str text, char to[DIGITS_MAX + 2], bool *ret_zero)
{
	struct dgm_str ascii;
	if (text.len < HOME_MIN || !dgm_digits_ascii(arena, text, &ascii) || dgm_str_starts(ascii, DGM_STR("00")))
		return 0;
	const size_t count = digits_of(ascii, to, ret_zero);
	return count < HOME_MIN ? 0 : count;
}

bool dgm_phone_is_national(struct dgm_arena *arena, struct dgm_str text)
{
	char digits[DIGITS_MAX + 2];
	bool zero = false;
	return digits_at_home(arena, text, digits, &zero) > 0;
}

struct dgm_str dgm_phone_national(struct dgm_arena *arena, struct dgm_str text, const struct dgm_phone_plan *plan)
{
	char digits[DIGITS_MAX + 2];
	bool zero = false;
	const size_t trunk = strlen(plan->trunk);
	size_t count = digits_at_home(arena, text, digits, &zero);
	const char *from = digits;
	bool whole = zero && plan->trunk[0] == '0';
	if (count == 0)
		return text;
	/* Behind a zero the rest is the number; another prefix can also be the number's own beginning. */
	if (!whole && trunk && count > trunk && memcmp(digits, plan->trunk, trunk) == 0 &&
		(plan->trunk[0] == '0' || !(plan->bare >> count & 1))) {
		from += trunk;
		count -= trunk;
		whole = true;
	}
	if (!((whole ? plan->lengths : plan->bare) >> count & 1))
		return text;
	char number[DIGITS_MAX + 8] = "+";
	size_t len = 1;
	for (unsigned scale = plan->code >= 100 ? 100 : plan->code >= 10 ? 10 : 1; scale; scale /= 10)
		number[len++] = (char)('0' + plan->code / scale % 10);
	memcpy(number + len, from, count);
	return len - 1 + count > DIGITS_MAX ? text : dgm_arena_dup(arena, dgm_str_of(number, len + count));
}

/* Off with "ext. 12", "x12", "#12" and what they are in the languages of the formats. */
static struct dgm_str without_extension(struct dgm_str text)
{
	static const char *const words[] = {"ext.", "ext", "extension", "x", "#", "poste", "ramal", "int.", "доб.",
		"доб", "تحويلة", "داخلي", "转"};
	size_t end = text.len;
	while (end > 0 && dgm_is_digit(text.ptr[end - 1]))
		end--;
	if (end == text.len || text.len - end > EXTENSION_MAX)
		return text;
	const struct dgm_str front = dgm_str_trim(dgm_str_take(text, end));
	for (size_t i = 0; i < DGM_COUNT(words); i++) {
		const struct dgm_str word = dgm_str(words[i]);
		if (front.len > word.len && dgm_str_eq_nocase(dgm_str_skip(front, front.len - word.len), word))
			return dgm_str_trim(dgm_str_take(front, front.len - word.len));
	}
	return text;
}

bool dgm_phone_is_number(struct dgm_str text)
{
	char digits[DIGITS_MAX + 2];
	struct dgm_arena scratch = {0};
	struct dgm_str ascii;
	bool zero, good = false;
	if (dgm_digits_ascii(&scratch, text, &ascii)) {
		ascii = from_plus(without_extension(ascii));
		const bool plus = ascii.len && ascii.ptr[0] == '+';
		const size_t count = digits_of(dgm_str_skip(ascii, plus), digits, &zero);
		const size_t abroad = !plus && count > 2 && digits[0] == '0' && digits[1] == '0' ? 2 : 0;
		good = count >= DIGITS_MIN && count - abroad <= DIGITS_MAX && (!plus || calling_code(digits, count));
	}
	dgm_arena_done(&scratch);
	return good;
}

struct dgm_str dgm_email_bare(struct dgm_str text)
{
	const struct dgm_str scheme = DGM_STR("mailto:");
	struct dgm_str bare = text;
	if (bare.len > 2 && bare.ptr[0] == '<' && bare.ptr[bare.len - 1] == '>')
		bare = dgm_str_trim(dgm_str_of(bare.ptr + 1, bare.len - 2));
	if (bare.len > scheme.len && dgm_str_eq_nocase(dgm_str_take(bare, scheme.len), scheme))
		bare = dgm_str_trim(dgm_str_skip(bare, scheme.len));
	return bare.len ? bare : text;
}

static bool is_local(struct dgm_str local)
{
	static const char atext[] = "!#$%&'*+-/=?^_`{|}~.";
	if (local.len == 0 || local.len > LOCAL_MAX || local.ptr[0] == '.' || local.ptr[local.len - 1] == '.')
		return false;
	for (size_t i = 0; i < local.len; i++) {
		const char c = local.ptr[i];
		if (!dgm_is_alpha(c) && !dgm_is_digit(c) && (unsigned char)c < 0x80 &&
			!memchr(atext, c, sizeof atext - 1))
			return false;
		if (c == '.' && local.ptr[i + 1] == '.')
			return false;
	}
	return true;
}

/* Letters, digits and dashes, joined by single points (RFC 1035, 2.3.1; RFC 1123, 2.1). */
static bool is_ascii_host(struct dgm_str host)
{
	size_t length = 0;
	for (size_t i = 0; i <= host.len; i++) {
		const char c = i < host.len ? host.ptr[i] : '.';
		if (c == '.') {
			if (length == 0 || length > LABEL_MAX || host.ptr[i - 1] == '-')
				return false;
			length = 0;
			continue;
		}
		if (!dgm_is_alpha(c) && !dgm_is_digit(c) && (c != '-' || length == 0))
			return false;
		length++;
	}
	return true;
}

static bool is_ascii(struct dgm_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] >= 0x80)
			return false;
	return true;
}

static bool is_host(struct dgm_str host)
{
	char ascii[HOST_MAX + 1];
	UErrorCode error = U_ZERO_ERROR;
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	if (host.len == 0 || host.len > HOST_MAX || !dgm_utf8_valid(host))
		return false;
	if (is_ascii(host))
		return is_ascii_host(host);
	if (host.ptr[host.len - 1] == '.')
		return false;
	UIDNA *idna = uidna_openUTS46(UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
			UIDNA_NONTRANSITIONAL_TO_ASCII,
		&error);
	if (U_FAILURE(error))
		return true; /* nobody to ask */
	uidna_nameToASCII_UTF8(idna, host.ptr, (int32_t)host.len, ascii, sizeof ascii, &info, &error);
	uidna_close(idna);
	return U_SUCCESS(error) && info.errors == 0;
}

bool dgm_email_is_address(struct dgm_str text)
{
	const size_t at = dgm_str_find(text, DGM_STR("@"));
	return at < text.len && is_local(dgm_str_take(text, at)) && is_host(dgm_str_skip(text, at + 1));
}
