/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing single values. Every type's canonical spelling is defined in notice/; here is how a node says it. */
#include "format/values.h"

#include <stdio.h>

#include "base/digits.h"
#include "base/plain.h"
#include "base/text.h"
#include "notice/address.h"
#include "notice/value.h"

static struct dgm_read parsed(struct dgm_str text)
{
	return (struct dgm_read){.reading = DGM_READ_PARSED, .text = text};
}

static struct dgm_read unparsed(const char *problem)
{
	return (struct dgm_read){.reading = DGM_READ_UNPARSED, .problem = problem};
}

static bool look_up(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_str text, struct dgm_str *ret_code)
{
	return dgm_codes_read_any(node->codes, node->code_count, arena, text, ret_code);
}

static struct dgm_read coded(const struct dgm_node *node, struct dgm_str text, struct dgm_str code)
{
	struct dgm_read read = parsed(code);
	struct dgm_str word;
	bool written = false;
	for (uint32_t i = 0; i < node->code_count && !written && dgm_str_eq(code, text); i++)
		if ((written = dgm_codes_write(node->codes[i], code, &word)))
			read.other_word = !dgm_str_eq(word, text);
	return read;
}

static struct dgm_read read_code(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_str text)
{
	const struct dgm_field_def *field = &dgm_fields[node->target.field];
	struct dgm_str code = text;
	if (node->code_count ? look_up(node, arena, text, &code) : dgm_list_has(field->list, text))
		return coded(node, text, code);
	if (!dgm_list_has(field->list, DGM_STR("other")))
		return unparsed("code-unknown");
	struct dgm_read other = parsed(DGM_STR("other"));
	other.problem = "code-unknown";
	return other;
}

/* Countries, languages, scripts, currencies: by code list, or as they are where they have the canonical shape. */
static struct dgm_read read_assigned(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_str text,
	const char *problem)
{
	struct dgm_str code;
	if (node->code_count)
		return look_up(node, arena, text, &code) ? coded(node, text, code) : unparsed(problem);
	return dgm_value_is_canonical(node->target.field, text, NULL) ? parsed(text) : unparsed(problem);
}

bool dgm_value_read_date(const struct dgm_node *node, const struct dgm_calendar *calendar, struct dgm_arena *arena,
	struct dgm_str text, struct dgm_date *ret_date, const char **ret_problem)
{
	bool spelled = false;
	if (!dgm_digits_ascii(arena, text, &text)) {
		*ret_problem = "digits-mixed";
		return false;
	}
	for (uint32_t i = 0; i < node->date_count + node->date_more; i++) {
		struct dgm_day day;
		if (!dgm_date_scan(node->dates[i], arena, text, &day))
			continue;
		spelled = true;
		if (calendar ? !dgm_calendar_read(calendar, &day, ret_date)
			     : !dgm_day_exists(day.year, day.month, day.day))
			continue;
		if (!calendar)
			*ret_date = (struct dgm_date){.from = day};
		return true;
	}
	*ret_problem = spelled ? "date-impossible" : "date-unparsed";
	return false;
}

/* Whether a date in the schema's own spelling would be written in another of the patterns. */
static bool is_spelled_otherwise(const struct dgm_node *node, const struct dgm_date *date, struct dgm_str text)
{
	char buffer[64];
	size_t len = 0;
	for (uint32_t i = 0; node->date_count > 1 && !node->calendar && i < node->date_count; i++)
		if (dgm_date_fits(node->dates[i], &date->from) &&
			dgm_date_write(node->dates[i], &date->from, buffer, &len))
			return len != text.len || memcmp(buffer, text.ptr, len) != 0;
	return false;
}

static struct dgm_read read_date(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_str text)
{
	struct dgm_date date;
	const char *problem = NULL;
	if (!dgm_value_read_date(node, node->calendar, arena, text, &date, &problem))
		return unparsed(problem);
	char buffer[32];
	const size_t len = dgm_date_format(&date, buffer);
	if (node->calendar) {
		struct dgm_read read = parsed(dgm_arena_dup(arena, dgm_str_of(buffer, len)));
		read.problem = dgm_calendar_is_early(node->calendar, &date) ? "calendar-early" : NULL;
		return read;
	}
	if (len == text.len && memcmp(buffer, text.ptr, len) == 0) {
		struct dgm_read read = parsed(text);
		read.other_word = is_spelled_otherwise(node, &date, text);
		return read;
	}
	return parsed(dgm_arena_dup(arena, dgm_str_of(buffer, len)));
}

struct dgm_str dgm_value_expected(const struct dgm_node *node, struct dgm_arena *arena)
{
	struct dgm_str text = DGM_NOSTR;
	for (uint32_t i = 0; i < node->date_count; i++)
		text = dgm_arena_printf(arena, "%.*s%s%.*s", DGM_FMT(text), i ? " or " : "",
			DGM_FMT(node->dates[i]->text));
	const struct dgm_calendar *calendar = node->calendar;
	return calendar ? dgm_arena_printf(arena, "%.*s (%s, %d to %d)", DGM_FMT(text), calendar->name,
				  calendar->first_year, calendar->last_year)
			: text;
}

/* The signs that stand between Arabic digits, as those of the definition. */
static struct dgm_str arabic_signs(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_str text)
{
	static const char decimal[] = "\xd9\xab", group[] = "\xd9\xac";
	if (!text.len || !memchr(text.ptr, decimal[0], text.len))
		return text;
	char *copy = dgm_arena_alloc(arena, text.len), *to = copy;
	for (size_t i = 0; i < text.len; i++) {
		const char second = i + 1 < text.len && text.ptr[i] == decimal[0] ? text.ptr[i + 1] : '\0';
		const char sign = second == decimal[1] ? node->decimal : second == group[1] ? node->group : '\0';
		*to++ = sign ? sign : text.ptr[i];
		i += sign != '\0';
	}
	return dgm_str_of(copy, (size_t)(to - copy));
}

/* Whether writing would put a unit behind a canonical measure, or other signs into it. */
static bool is_measured_otherwise(const struct dgm_node *node, struct dgm_str number)
{
	const struct dgm_measure *measure = node->measure;
	return measure->written.len > 0 || (node->decimal != '.' && dgm_str_find(number, DGM_STR(".")) < number.len) ||
		(measure->range_count && !dgm_str_is(measure->ranges[0], "/") &&
			dgm_str_find(number, DGM_STR("/")) < number.len);
}

static struct dgm_read read_number(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_str text)
{
	struct dgm_str number;
	if (!dgm_digits_ascii(arena, text, &text))
		return unparsed("digits-mixed");
	text = arabic_signs(node, arena, text);
	if (node->measure) {
		const bool read = dgm_measure_read(node->measure, arena, text, node->decimal, node->group, &number);
		if (!read || !dgm_value_is_canonical(node->target.field, number, NULL))
			return unparsed("number-unparsed");
		struct dgm_read measure = parsed(number);
		measure.other_word = is_measured_otherwise(node, number);
		return measure;
	}
	if (!dgm_decimal_read(arena, text, node->decimal, node->group, &number))
		return unparsed("number-unparsed");
	if (node->shift)
		number = dgm_decimal_shift(arena, number, node->shift);
	if (dgm_fields[node->target.field].type == DGM_TYPE_INTEGER && dgm_str_find(number, DGM_STR(".")) < number.len)
		return unparsed("number-unparsed");
	return parsed(number);
}

static struct dgm_read read_boolean(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_str text)
{
	struct dgm_str code = text;
	if (node->code_count && !look_up(node, arena, text, &code))
		return unparsed("boolean-unparsed");
	return dgm_str_is(code, "true") || dgm_str_is(code, "false") ? parsed(code) : unparsed("boolean-unparsed");
}

static struct dgm_read shaped(const struct dgm_node *node, struct dgm_str text, const char *problem)
{
	return dgm_value_is_canonical(node->target.field, text, NULL) ? parsed(text) : unparsed(problem);
}

/* An address as people copy it: blanks and characters beyond ASCII with percent signs (RFC 3987, 3.1). */
static struct dgm_str escaped(struct dgm_arena *arena, struct dgm_str text)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t more = 0;
	for (size_t i = 0; i < text.len; i++)
		more += text.ptr[i] == ' ' || (unsigned char)text.ptr[i] >= 0x80;
	if (more == 0)
		return text;
	char *copy = dgm_arena_alloc(arena, text.len + 2 * more), *to = copy;
	for (size_t i = 0; i < text.len; i++) {
		const unsigned char c = (unsigned char)text.ptr[i];
		if (c != ' ' && c < 0x80) {
			*to++ = (char)c;
			continue;
		}
		*to++ = '%';
		*to++ = hex[c >> 4];
		*to++ = hex[c & 15];
	}
	return dgm_str_of(copy, (size_t)(to - copy));
}

/* A number whose country another field says is completed when the record is whole, see calling.h. */
static struct dgm_read read_phone(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_str text)
{
	struct dgm_read read = parsed(dgm_phone_international(arena, text));
	if (!dgm_str_eq(read.text, text) || node->calls || !dgm_phone_is_national(arena, text))
		return read;
	if (node->plan)
		read.text = dgm_phone_national(arena, text, node->plan);
	read.problem = dgm_str_eq(read.text, text) ? "phone-national" : NULL;
	return read;
}

static struct dgm_read read_typed(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_str text)
{
	struct dgm_str code;
	switch (dgm_fields[node->target.field].type) {
	case DGM_TYPE_CODE:
		return read_code(node, arena, text);
	case DGM_TYPE_COUNTRY:
		return read_assigned(node, arena, text, "country-unknown");
	case DGM_TYPE_LANGUAGE:
		return read_assigned(node, arena, text, "language-unknown");
	case DGM_TYPE_SCRIPT:
		return read_assigned(node, arena, text, "script-unknown");
	case DGM_TYPE_CURRENCY:
		return read_assigned(node, arena, text, "currency-unknown");
	case DGM_TYPE_DATE:
		return read_date(node, arena, text);
	case DGM_TYPE_INTEGER:
	case DGM_TYPE_DECIMAL:
	case DGM_TYPE_LENGTH:
	case DGM_TYPE_MASS:
		return read_number(node, arena, text);
	case DGM_TYPE_BOOLEAN:
		return read_boolean(node, arena, text);
	case DGM_TYPE_TEXT:
	case DGM_TYPE_PROSE:
		if (node->phone)
			return read_phone(node, arena, text);
		if (node->code_count)
			return look_up(node, arena, text, &code) ? parsed(code) : parsed(text);
		return parsed(text);
	case DGM_TYPE_PHONE:
		return read_phone(node, arena, text);
	case DGM_TYPE_EMAIL:
		return shaped(node, dgm_email_bare(text), "email-unparsed");
	case DGM_TYPE_URI:
		return shaped(node, escaped(arena, text), "uri-unparsed");
	case DGM_TYPE_TIME:
		return shaped(node, text, "time-unparsed");
	case DGM_TYPE_ID:
	case DGM_TYPE_DIGEST:
	case DGM_TYPE_LITERAL:
	case DGM_TYPE_COUNT:
		break;
	}
	return parsed(text);
}

static const char *doubt_of(enum dgm_identified result)
{
	return result == DGM_ID_WRONG_CHECK    ? "identifier-check"
		: result == DGM_ID_WRONG_SHAPE ? "identifier-shape"
					       : NULL;
}

struct dgm_read dgm_value_read(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_str text,
	uint16_t literal)
{
	if (literal == DGM_LITERAL_NULL)
		return (struct dgm_read){.reading = DGM_READ_NULL};
	const bool prose = dgm_fields[node->target.field].type == DGM_TYPE_PROSE;
	struct dgm_str clean = dgm_text_canonical(arena, text, prose);
	if ((clean.ptr != text.ptr || clean.len != text.len) && dgm_text_has_c1(text))
		return (struct dgm_read){.reading = DGM_READ_UNPARSED, .problem = "text-control"};
	if (node->prefix.len && dgm_str_starts(clean, node->prefix))
		clean = dgm_str_trim(dgm_str_skip(clean, node->prefix.len));
	if (clean.len == 0)
		return (struct dgm_read){.reading = node->empty == DGM_EMPTY_NULL ? DGM_READ_NULL : DGM_READ_ABSENT};
	if (dgm_nulls_have(&node->nulls, clean))
		return (struct dgm_read){.reading = DGM_READ_NULL};
	struct dgm_read read = read_typed(node, arena, clean);
	if (node->identifier && read.reading == DGM_READ_PARSED)
		read.problem = doubt_of(dgm_identifier_read(node->identifier, arena, read.text).result);
	return read;
}

/* Where "k. " or "k) " begins a line or follows a blank, from `from` on; its length in *ret_length. */
static size_t find_number(struct dgm_str text, size_t from, unsigned k, size_t *ret_length)
{
	char digits[8];
	const size_t len = (size_t)snprintf(digits, sizeof digits, "%u", k);
	for (size_t i = from; i + len < text.len; i++) {
		if ((i > 0 && !dgm_is_space(text.ptr[i - 1])) || memcmp(text.ptr + i, digits, len) != 0)
			continue;
		if ((text.ptr[i + len] != '.' && text.ptr[i + len] != ')') ||
			(i + len + 1 < text.len && !dgm_is_space(text.ptr[i + len + 1])))
			continue;
		*ret_length = len + 1;
		return i;
	}
	return text.len;
}

/* "1. a 2. b": numbers count only in their order, so that "Art. 5. of 1990" is no list. */
static bool next_numbered(struct dgm_pieces *pieces, struct dgm_str *ret_piece)
{
	size_t length = 0;
	const size_t next = find_number(pieces->rest, 0, pieces->number + 1, &length);
	*ret_piece = dgm_str_trim(dgm_str_take(pieces->rest, next));
	pieces->rest = next < pieces->rest.len ? dgm_str_skip(pieces->rest, next + length) : DGM_NOSTR;
	pieces->number++;
	return true;
}

/* Whether the cell begins with "1."; that number is skipped. */
static void begin_pieces(const struct dgm_node *node, struct dgm_pieces *pieces)
{
	size_t length = 0;
	const struct dgm_str text = dgm_str_trim(pieces->rest);
	pieces->begun = true;
	if (!node->split_numbered || text.len < 2 || text.ptr[0] != '1' ||
		find_number(dgm_str_take(text, 3), 0, 1, &length) != 0)
		return;
	pieces->rest = dgm_str_skip(text, length);
	pieces->number = 1;
}

bool dgm_value_next(const struct dgm_node *node, struct dgm_pieces *pieces, struct dgm_str *ret_piece)
{
	if (!pieces->rest.ptr)
		return false;
	if (!pieces->begun)
		begin_pieces(node, pieces);
	if (pieces->number)
		return next_numbered(pieces, ret_piece);
	const struct dgm_str rest = pieces->rest;
	size_t at = rest.len, skip = 0;
	uint64_t lacking = 0; /* bit per separator that is not there at all; no longer one around it is, either */
	for (uint32_t i = 0; i + node->split_numbered < node->split_count; i++) {
		const uint32_t part = node->split_parts[i];
		const bool lacks = part && part <= 64 && (lacking >> (part - 1) & 1u);
		const size_t hit = lacks ? rest.len : dgm_str_find(rest, node->splits[i]);
		lacking |= (uint64_t)(hit == rest.len && i < 64) << (i % 64);
		if (hit < at || (hit == at && hit < rest.len && node->splits[i].len > skip)) {
			at = hit;
			skip = node->splits[i].len;
		}
	}
	*ret_piece = dgm_str_take(rest, at);
	pieces->rest = skip ? dgm_str_skip(rest, at + skip) : DGM_NOSTR;
	return true;
}

/* JSON's grammar of numbers: what may be written without quotes. */
static bool is_json_number(struct dgm_str s)
{
	size_t i = 0;
	if (i < s.len && s.ptr[i] == '-')
		i++;
	const size_t start = i;
	while (i < s.len && dgm_is_digit(s.ptr[i]))
		i++;
	if (i == start || (s.ptr[start] == '0' && i - start > 1))
		return false;
	if (i < s.len && s.ptr[i] == '.') {
		const size_t fraction = ++i;
		while (i < s.len && dgm_is_digit(s.ptr[i]))
			i++;
		if (i == fraction)
			return false;
	}
	return i == s.len;
}

static struct dgm_written written(const struct dgm_node *node, struct dgm_str text)
{
	return (struct dgm_written){.writing = DGM_WRITE_EXACT,
		.text = text,
		.literal = node->number_literal && is_json_number(text) ? DGM_LITERAL_NUMBER : DGM_LITERAL_TEXT};
}

static struct dgm_written write_codes(const struct dgm_node *node, struct dgm_str code)
{
	struct dgm_str spelling;
	for (uint32_t i = 0; i < node->code_count; i++)
		if (dgm_codes_write(node->codes[i], code, &spelling))
			return written(node, spelling);
	return (struct dgm_written){.writing = DGM_WRITE_CANNOT};
}

/* The pattern that loses least; one that needs more than the date knows is no choice, for nothing is invented. */
static struct dgm_written write_date(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_str text)
{
	struct dgm_date date;
	if (!dgm_date_parse(text, &date) || date.interval ||
		(node->calendar && !dgm_calendar_write(node->calendar, &date, &date.from)))
		return (struct dgm_written){.writing = DGM_WRITE_CANNOT};
	const bool qualified = date.from.approximate || date.from.uncertain;
	char buffer[64], best[64];
	size_t len = 0, best_len = 0;
	int best_parts = 0;
	for (uint32_t i = 0; i < node->date_count; i++) {
		const struct dgm_date_pattern *pattern = node->dates[i];
		const bool exact = dgm_date_fits(pattern, &date.from);
		const int parts = exact ? 4 : pattern->has_year + pattern->has_month + pattern->has_day;
		if (parts <= best_parts || !dgm_date_write(pattern, &date.from, buffer, &len))
			continue;
		memcpy(best, buffer, len);
		best_len = len;
		best_parts = parts;
	}
	if (best_parts == 0)
		return (struct dgm_written){.writing = DGM_WRITE_CANNOT};
	const bool same = best_len == text.len && memcmp(best, text.ptr, best_len) == 0;
	struct dgm_written result = written(node, same ? text : dgm_arena_dup(arena, dgm_str_of(best, best_len)));
	result.writing = best_parts == 4 && !qualified ? DGM_WRITE_EXACT : DGM_WRITE_LESS;
	return result;
}

/* In the unit and with the decimal sign of the target. */
static struct dgm_str spell_number(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_str text)
{
	if (node->shift)
		text = dgm_decimal_shift(arena, text, -node->shift);
	const size_t point = dgm_str_find(text, DGM_STR("."));
	if (node->decimal != '.' && point < text.len) {
		char *copy = dgm_arena_alloc(arena, text.len);
		memcpy(copy, text.ptr, text.len);
		copy[point] = node->decimal;
		text.ptr = copy;
	}
	return text;
}

static struct dgm_written write_number(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_str text)
{
	const size_t slash = dgm_str_find(text, DGM_STR("/"));
	const bool range = slash < text.len;
	if (range && !(node->measure && node->measure->range_count))
		return (struct dgm_written){.writing = DGM_WRITE_CANNOT};
	const struct dgm_str number = spell_number(node, arena, dgm_str_take(text, slash));
	if (!node->measure)
		return written(node, number);
	const struct dgm_str most = range ? spell_number(node, arena, dgm_str_skip(text, slash + 1)) : DGM_NOSTR;
	return written(node, dgm_measure_write(node->measure, arena, number, most));
}

static struct dgm_written write_typed(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_str text)
{
	switch (dgm_fields[node->target.field].type) {
	case DGM_TYPE_DATE:
		return write_date(node, arena, text);
	case DGM_TYPE_INTEGER:
	case DGM_TYPE_DECIMAL:
	case DGM_TYPE_LENGTH:
	case DGM_TYPE_MASS:
		return write_number(node, arena, text);
	case DGM_TYPE_TEXT:
	case DGM_TYPE_PROSE: {
		const struct dgm_written coded = write_codes(node, text);
		return coded.writing == DGM_WRITE_CANNOT && !node->listed ? written(node, text) : coded;
	}
	case DGM_TYPE_CODE:
	case DGM_TYPE_COUNTRY:
	case DGM_TYPE_LANGUAGE:
	case DGM_TYPE_SCRIPT:
	case DGM_TYPE_CURRENCY:
	case DGM_TYPE_BOOLEAN:
		return node->code_count ? write_codes(node, text) : written(node, text);
	case DGM_TYPE_TIME:
	case DGM_TYPE_URI:
	case DGM_TYPE_EMAIL:
	case DGM_TYPE_PHONE:
	case DGM_TYPE_ID:
	case DGM_TYPE_DIGEST:
	case DGM_TYPE_LITERAL:
	case DGM_TYPE_COUNT:
		break;
	}
	return written(node, text);
}

/* What of a text the target's characters and its length can hold. */
static struct dgm_written fit(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_written result)
{
	if (node->characters && !dgm_plain_is(result.text, node->characters))
		result.writing = dgm_plain_text(arena, result.text, node->characters, &result.text) ? DGM_WRITE_PLAIN
												    : DGM_WRITE_CANNOT;
	if (node->max && result.writing != DGM_WRITE_CANNOT && result.text.len > node->max) {
		const struct dgm_str cut = dgm_utf8_take(result.text, node->max);
		if (cut.len < result.text.len) {
			result.text = cut;
			result.writing = DGM_WRITE_CUT;
		}
	}
	return result;
}

static enum dgm_writing writing_of(enum dgm_lettering lettering)
{
	switch (lettering) {
	case DGM_LETTERS_OWN:
		return DGM_WRITE_EXACT;
	case DGM_LETTERS_WRITTEN:
		return DGM_WRITE_LETTERS;
	case DGM_LETTERS_FEWER:
		return DGM_WRITE_PLAIN;
	case DGM_LETTERS_LACKING:
		break;
	}
	return DGM_WRITE_CANNOT;
}

struct dgm_written dgm_value_write_text(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_str text,
	struct dgm_str language)
{
	struct dgm_written result = write_typed(node, arena, text);
	if (result.writing == DGM_WRITE_CANNOT)
		return result;
	if (node->letter_count)
		result.writing = writing_of(dgm_letters_write(node->letters, node->letter_count, arena, result.text,
			language, &result.text));
	return result.writing == DGM_WRITE_CANNOT ? result : fit(node, arena, result);
}

bool dgm_value_reads_back(const struct dgm_node *node, struct dgm_arena *arena, const struct dgm_value *value)
{
	if (!value->original.ptr)
		return false;
	/* With which country it was read is for calling.h to ask. */
	if (node->calls && value->state == DGM_STATE_PARSED)
		return true;
	const struct dgm_read again = dgm_value_read(node, arena, value->original, DGM_LITERAL_TEXT);
	switch ((enum dgm_state)value->state) {
	case DGM_STATE_PARSED:
		return again.reading == DGM_READ_PARSED && dgm_str_eq(again.text, value->text);
	case DGM_STATE_NULL:
		return again.reading == DGM_READ_NULL;
	case DGM_STATE_UNPARSED:
		return again.reading == DGM_READ_UNPARSED;
	}
	return false;
}

bool dgm_value_is_own(const struct dgm_node *node, struct dgm_arena *arena, const struct dgm_value *value, bool *native)
{
	if (node->agrees && node->pair->kind == DGM_NODE_GROUP)
		return value->state == DGM_STATE_PARSED;
	if (node->agrees) {
		*native = *native && !dgm_value_reads_back(node->pair, arena, value);
		return value->state == DGM_STATE_PARSED;
	}
	return !*native || dgm_value_reads_back(node, arena, value) || !dgm_value_reads_back(node->pair, arena, value);
}

struct dgm_written dgm_value_write(const struct dgm_node *node, struct dgm_arena *arena, const struct dgm_value *value,
	bool native)
{
	if (native && dgm_value_reads_back(node, arena, value) &&
		(!node->max || dgm_utf8_length(value->original) <= node->max))
		return written(node, value->original);
	switch ((enum dgm_state)value->state) {
	case DGM_STATE_PARSED: {
		if (!native)
			return dgm_value_write_text(node, arena, value->text, DGM_NOSTR);
		/* What the format's own file said in other letters. */
		const struct dgm_written own = write_typed(node, arena, value->text);
		return own.writing == DGM_WRITE_CANNOT ? own : fit(node, arena, own);
	}
	case DGM_STATE_NULL:
		if ((node->always && node->always_literal == DGM_LITERAL_NULL) ||
			(native && !value->original.ptr && node->target.position < 0))
			return (struct dgm_written){.writing = DGM_WRITE_EXACT, .literal = DGM_LITERAL_NULL};
		/* A null among positions only keeps a place free. */
		if (node->null_word.len && node->target.position < 0)
			return written(node, node->null_word);
		break;
	case DGM_STATE_UNPARSED:
		break;
	}
	return (struct dgm_written){.writing = DGM_WRITE_CANNOT};
}
