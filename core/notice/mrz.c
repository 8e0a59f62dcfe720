/* SPDX-License-Identifier: Apache-2.0 */
/* One row per kind says where everything stands, counted over the lines as one text. */
#include "notice/mrz.h"

#define FILLER '<'

struct span {
	uint8_t at, length; /* length 0: this kind has none */
};

static const struct layout {
	uint8_t length, line;
	struct span code, issuer, number, nationality, birth, sex, expiry, optional, optional_2, names;
	struct span
		checked[DGM_MRZ_CHECKS]; /* at: the check digit; length 1, or 0 for none. What it covers stands above */
	struct span whole[4];            /* what the last check digit covers */
	bool continues;                  /* a number of more than nine characters goes on in the optional field */
} layouts[DGM_MRZ_KINDS] = {
	[DGM_MRZ_TD1] = {.length = 90,
		.line = 30,
		.code = {0, 2},
		.issuer = {2, 3},
		.number = {5, 9},
		.optional = {15, 15},
		.birth = {30, 6},
		.sex = {37, 1},
		.expiry = {38, 6},
		.nationality = {45, 3},
		.optional_2 = {48, 11},
		.names = {60, 30},
		.checked = {{14, 1}, {36, 1}, {44, 1}, {0, 0}, {59, 1}},
		.whole = {{5, 25}, {30, 7}, {38, 7}, {48, 11}},
		.continues = true},
	[DGM_MRZ_TD2] = {.length = 72,
		.line = 36,
		.code = {0, 2},
		.issuer = {2, 3},
		.names = {5, 31},
		.number = {36, 9},
		.nationality = {46, 3},
		.birth = {49, 6},
		.sex = {56, 1},
		.expiry = {57, 6},
		.optional = {64, 7},
		.checked = {{45, 1}, {55, 1}, {63, 1}, {0, 0}, {71, 1}},
		.whole = {{36, 10}, {49, 7}, {57, 14}},
		.continues = true},
	[DGM_MRZ_TD3] = {.length = 88,
		.line = 44,
		.code = {0, 2},
		.issuer = {2, 3},
		.names = {5, 39},
		.number = {44, 9},
		.nationality = {54, 3},
		.birth = {57, 6},
		.sex = {64, 1},
		.expiry = {65, 6},
		.optional = {72, 14},
		.checked = {{53, 1}, {63, 1}, {71, 1}, {86, 1}, {87, 1}},
		.whole = {{44, 10}, {57, 7}, {65, 22}}},
	[DGM_MRZ_MRV_A] = {.length = 88,
		.line = 44,
		.code = {0, 2},
		.issuer = {2, 3},
		.names = {5, 39},
		.number = {44, 9},
		.nationality = {54, 3},
		.birth = {57, 6},
		.sex = {64, 1},
		.expiry = {65, 6},
		.optional = {72, 15},
		.checked = {{53, 1}, {63, 1}, {71, 1}}},
	[DGM_MRZ_MRV_B] = {.length = 72,
		.line = 36,
		.code = {0, 2},
		.issuer = {2, 3},
		.names = {5, 31},
		.number = {36, 9},
		.nationality = {46, 3},
		.birth = {49, 6},
		.sex = {56, 1},
		.expiry = {57, 6},
		.optional = {64, 8},
		.checked = {{45, 1}, {55, 1}, {63, 1}}},
};

int dgm_mrz_find(struct dgm_str name)
{
	static const char *const names[DGM_MRZ_KINDS] = {"td1", "td2", "td3", "mrv-a", "mrv-b"};
	for (int kind = 0; kind < DGM_MRZ_KINDS; kind++)
		if (dgm_str_is(name, names[kind]))
			return kind;
	return -1;
}

struct dgm_str dgm_mrz_code(enum dgm_mrz_kind kind)
{
	static const char *const codes[DGM_MRZ_KINDS] = {"I", "I", "P", "V", "V"};
	return dgm_str(codes[kind]);
}

/* --- check digits --- */

/* Goes on where a sum stopped: *place is how many characters it has. */
static unsigned add_up(struct dgm_str text, unsigned sum, size_t *place)
{
	static const uint8_t weights[] = {7, 3, 1};
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.ptr[i];
		const unsigned value = dgm_is_digit(c) ? (unsigned)(c - '0')
			: dgm_is_upper(c)              ? (unsigned)(c - 'A') + 10
						       : 0;
		sum += value * weights[(*place)++ % 3];
	}
	return sum;
}

char dgm_mrz_check_digit(struct dgm_str text)
{
	size_t place = 0;
	return (char)('0' + add_up(text, 0, &place) % 10);
}

static char whole_digit(const struct layout *layout, const char *text)
{
	unsigned sum = 0;
	size_t place = 0;
	for (size_t i = 0; i < DGM_COUNT(layout->whole); i++)
		sum = add_up(dgm_str_of(text + layout->whole[i].at, layout->whole[i].length), sum, &place);
	return (char)('0' + sum % 10);
}

static const struct span *covered(const struct layout *layout, enum dgm_mrz_check check)
{
	const struct span *of[] = {[DGM_MRZ_NUMBER] = &layout->number,
		[DGM_MRZ_BIRTH] = &layout->birth,
		[DGM_MRZ_EXPIRY] = &layout->expiry,
		[DGM_MRZ_OPTIONAL] = &layout->optional,
		[DGM_MRZ_WHOLE] = NULL};
	return of[check];
}

/* --- reading --- */

/* A field without the fillers at its end, those inside as blanks. */
static void take(const char *text, struct span span, char *to)
{
	size_t len = span.length;
	while (len && text[span.at + len - 1] == FILLER)
		len--;
	for (size_t i = 0; i < len; i++)
		to[i] = text[span.at + i] == FILLER ? ' ' : text[span.at + i];
	to[len] = '\0';
}

static void take_names(const char *text, struct span span, struct dgm_mrz *mrz)
{
	const struct dgm_str names = dgm_str_of(text + span.at, span.length);
	const size_t gap = dgm_str_find(names, DGM_STR("<<"));
	take(text, (struct span){span.at, (uint8_t)gap}, mrz->primary);
	mrz->secondary[0] = '\0';
	if (gap < names.len)
		take(text, (struct span){(uint8_t)(span.at + gap + 2), (uint8_t)(span.length - gap - 2)},
			mrz->secondary);
	mrz->cut = names.ptr[names.len - 1] != FILLER;
}

/* Nine characters, and a filler for the check digit: the rest of the number and its check digit are optional data. */
static bool take_long_number(const struct layout *layout, const char *text, struct dgm_mrz *mrz)
{
	const struct span number = layout->number, more = layout->optional;
	const size_t length = dgm_str_find(dgm_str_of(text + more.at, more.length), DGM_STR("<"));
	if (!layout->continues || text[layout->checked[DGM_MRZ_NUMBER].at] != FILLER || length < 2)
		return false;
	memcpy(mrz->number, text + number.at, number.length);
	memcpy(mrz->number + number.length, text + more.at, length - 1);
	mrz->number[number.length + length - 1] = '\0';
	if (dgm_mrz_check_digit(dgm_str(mrz->number)) != text[more.at + length - 1])
		mrz->wrong |= 1u << DGM_MRZ_NUMBER;
	take(text, (struct span){(uint8_t)(more.at + length), (uint8_t)(more.length - length)}, mrz->optional);
	return true;
}

static void check_digits(const struct layout *layout, const char *text, bool long_number, struct dgm_mrz *mrz)
{
	for (enum dgm_mrz_check check = DGM_MRZ_NUMBER; check < DGM_MRZ_CHECKS; check++) {
		const struct span digit = layout->checked[check], *of = covered(layout, check);
		if (!digit.length || (check == DGM_MRZ_NUMBER && long_number))
			continue;
		const char is = text[digit.at];
		const char should =
			of ? dgm_mrz_check_digit(dgm_str_of(text + of->at, of->length)) : whole_digit(layout, text);
		/* That of an empty personal number may be a filler. */
		if (is != should && !(check == DGM_MRZ_OPTIONAL && is == FILLER && mrz->optional[0] == '\0'))
			mrz->wrong |= 1u << check;
	}
}

static size_t compact(struct dgm_str text, char to[DGM_MRZ_LENGTH])
{
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (dgm_is_space(c))
			continue;
		c = dgm_is_lower(c) ? (char)(c - 'a' + 'A') : c;
		if (len == DGM_MRZ_LENGTH || !(dgm_is_digit(c) || dgm_is_upper(c) || c == FILLER))
			return 0;
		to[len++] = c;
	}
	return len;
}

static bool is_dated(const char *text, struct span span)
{
	for (size_t i = 0; i < span.length; i++)
		if (!dgm_is_digit(text[span.at + i]) && text[span.at + i] != FILLER)
			return false;
	return true;
}

bool dgm_mrz_read(struct dgm_str text, struct dgm_mrz *ret_mrz)
{
	char all[DGM_MRZ_LENGTH];
	const size_t len = compact(text, all);
	for (size_t kind = 0; kind < DGM_MRZ_KINDS; kind++) {
		const struct layout *layout = &layouts[kind];
		const bool visa = kind == DGM_MRZ_MRV_A || kind == DGM_MRZ_MRV_B;
		if (len != layout->length || (all[0] == 'V') != visa || !dgm_is_upper(all[0]) ||
			!is_dated(all, layout->birth) || !is_dated(all, layout->expiry))
			continue;
		*ret_mrz = (struct dgm_mrz){.kind = (enum dgm_mrz_kind)kind, .sex = all[layout->sex.at]};
		take(all, layout->code, ret_mrz->code);
		take(all, layout->issuer, ret_mrz->issuer);
		take(all, layout->nationality, ret_mrz->nationality);
		memcpy(ret_mrz->birth, all + layout->birth.at, layout->birth.length);
		memcpy(ret_mrz->expiry, all + layout->expiry.at, layout->expiry.length);
		take(all, layout->optional_2, ret_mrz->optional_2);
		const bool is_long = take_long_number(layout, all, ret_mrz);
		if (!is_long) {
			take(all, layout->number, ret_mrz->number);
			take(all, layout->optional, ret_mrz->optional);
		}
		take_names(all, layout->names, ret_mrz);
		check_digits(layout, all, is_long, ret_mrz);
		return true;
	}
	return false;
}

/* --- writing --- */

/* Appends what a zone has of a text; false: a character that it cannot have, or more than fits. */
static bool put(char *all, struct span span, size_t *used, struct dgm_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '\'' || c == '.' || c == ',')
			continue;
		c = dgm_is_lower(c) ? (char)(c - 'a' + 'A') : c == ' ' || c == '-' ? FILLER : c;
		if (*used == span.length || !(dgm_is_digit(c) || dgm_is_upper(c) || c == FILLER))
			return false;
		all[span.at + (*used)++] = c;
	}
	return true;
}

static bool put_all(char *all, struct span span, struct dgm_str text)
{
	size_t used = 0;
	return put(all, span, &used, text);
}

/* A name: between its words one filler, whatever stood there, since two part the family name from the given ones. */
static bool put_name(char to[128], size_t *used, struct dgm_str text)
{
	char all[128];
	size_t len = 0;
	if (!put(all, (struct span){0, 127}, &len, text))
		return false;
	for (size_t i = 0; i < len; i++)
		if (all[i] != FILLER || (*used && to[*used - 1] != FILLER))
			to[(*used)++] = all[i];
	while (*used && to[*used - 1] == FILLER)
		(*used)--;
	return true;
}

/* The names as one text first, to be cut: what is cut off is the end of the given names, and of the family name only so
 * much that one letter of the given names stays. */
static bool put_names(char *all, struct span span, struct dgm_str primary, struct dgm_str secondary)
{
	char names[2 * 128];
	size_t used = 0;
	char given[128];
	size_t given_used = 0;
	if (!put_name(names, &used, primary) || used == 0 || !put_name(given, &given_used, secondary))
		return false;
	if (given_used) {
		const size_t most = span.length - 3u;
		used = used > most ? most : used;
		/* Cut behind a word, the letter before that filler goes too. */
		used -= names[used - 1] == FILLER;
		memcpy(names + used, "<<", 2);
		memcpy(names + used + 2, given, given_used);
		used += 2 + given_used;
	}
	/* What was cut ends in a letter, by which its reader knows. */
	if (used > span.length && names[span.length - 1] == FILLER) {
		memmove(names + span.length - 2, names + span.length - 1, used - span.length + 1);
		used--;
	}
	memcpy(all + span.at, names, used < span.length ? used : span.length);
	return true;
}

static bool put_number(const struct layout *layout, char *all, const struct dgm_mrz_fields *fields)
{
	char number[64];
	size_t len = 0;
	const struct span room = {0, sizeof number};
	if (!put(number, room, &len, fields->number))
		return false;
	const size_t first = len < layout->number.length ? len : layout->number.length;
	memcpy(all + layout->number.at, number, first);
	if (len == first) {
		all[layout->checked[DGM_MRZ_NUMBER].at] =
			dgm_mrz_check_digit(dgm_str_of(all + layout->number.at, layout->number.length));
		return put_all(all, layout->optional, fields->optional);
	}
	/* The rest, its check digit, and a filler that ends it. */
	if (!layout->continues || len - first + 2 > layout->optional.length)
		return false;
	size_t used = len - first;
	memcpy(all + layout->optional.at, number + first, used);
	all[layout->optional.at + used++] = dgm_mrz_check_digit(dgm_str_of(number, len));
	used++;
	return put(all, layout->optional, &used, fields->optional);
}

size_t dgm_mrz_write(const struct dgm_mrz_fields *fields, char to[DGM_MRZ_TEXT])
{
	const struct layout *layout = &layouts[fields->kind];
	char all[DGM_MRZ_LENGTH];
	memset(all, FILLER, sizeof all);
	if (!put_all(all, layout->code, fields->code) || !put_all(all, layout->issuer, fields->issuer) ||
		!put_all(all, layout->nationality, fields->nationality) ||
		!put_all(all, layout->birth, fields->birth) || !put_all(all, layout->expiry, fields->expiry) ||
		!put_all(all, layout->optional_2, fields->optional_2) ||
		!put_names(all, layout->names, fields->primary, fields->secondary) ||
		!put_number(layout, all, fields) || !is_dated(all, layout->birth) || !is_dated(all, layout->expiry))
		return 0;
	all[layout->sex.at] = fields->sex == 'M' || fields->sex == 'F' ? fields->sex : FILLER;
	for (enum dgm_mrz_check check = DGM_MRZ_BIRTH; check < DGM_MRZ_CHECKS; check++) {
		const struct span *of = covered(layout, check);
		if (layout->checked[check].length)
			all[layout->checked[check].at] = of ? dgm_mrz_check_digit(dgm_str_of(all + of->at, of->length))
							    : whole_digit(layout, all);
	}
	size_t len = 0;
	for (size_t i = 0; i < layout->length; i++) {
		if (i && i % layout->line == 0)
			to[len++] = '\n';
		to[len++] = all[i];
	}
	return len;
}
