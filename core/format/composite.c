/* SPDX-License-Identifier: Apache-2.0 */
/* The arithmetic of parts: which of them together are a date, and which of them a date becomes. */
#include "format/composite.h"

#include "base/digits.h"
#include "base/text.h"
#include "format/values.h"

/* The innermost node around both. */
static const struct dgm_node *around(const struct dgm_node *a, const struct dgm_node *b)
{
	for (; a; a = a->parent)
		for (const struct dgm_node *up = b; up; up = up->parent)
			if (up == a)
				return a;
	return NULL;
}

static void scan(struct dgm_arena *arena, const struct dgm_node *node, struct dgm_composite *composites,
	uint32_t *count, uint32_t *of_node)
{
	for (const struct dgm_node *child = node->first; child; child = child->next) {
		if (child->kind == DGM_NODE_PART) {
			uint32_t c = 0;
			while (c < *count &&
				(composites[c].anchor != child->target.anchor ||
					composites[c].field != child->target.field))
				c++;
			if (c == *count)
				composites[(*count)++] = (struct dgm_composite){.anchor = child->target.anchor,
					.field = child->target.field,
					.parent = node};
			composites[c].parent = around(composites[c].parent, node);
			composites[c].nodes[child->part] = child;
			of_node[child->number] = c + 1;
		}
		scan(arena, child, composites, count, of_node);
	}
}

uint32_t dgm_composites_find(struct dgm_arena *arena, const struct dgm_shape *shape,
	struct dgm_composite **ret_composites, uint32_t **ret_of_node)
{
	uint32_t count = 0;
	*ret_composites = dgm_arena_zero(arena, (shape->node_count + 1) * sizeof **ret_composites);
	*ret_of_node = dgm_arena_zero(arena, (shape->node_count + 1) * sizeof **ret_of_node);
	scan(arena, shape->root, *ret_composites, &count, *ret_of_node);
	return count;
}

static bool read_number(struct dgm_str text, unsigned most, unsigned digits, unsigned *ret_number)
{
	uint64_t number = 0;
	if (!dgm_str_to_u64(text, &number) || number > most || (digits && text.len != digits))
		return false;
	*ret_number = (unsigned)number;
	return true;
}

/* A part without marks and in ASCII digits; NULL where it is not there. */
static bool clean(const struct dgm_parts *parts, enum dgm_part part, struct dgm_arena *arena, struct dgm_str *ret_text)
{
	*ret_text = parts->text[part];
	return !ret_text->ptr || dgm_digits_ascii(arena, dgm_text_canonical(arena, *ret_text, false), ret_text);
}

static bool is_year(struct dgm_str text, unsigned *ret_year)
{
	return read_number(text, 9999, 4, ret_year) && *ret_year != 0;
}

static bool on_calendar(const struct dgm_calendar *calendar, const struct dgm_day *day, struct dgm_date *date)
{
	if (calendar)
		return dgm_calendar_read(calendar, day, date);
	*date = (struct dgm_date){.from = *day};
	return true;
}

static bool read_day(const struct dgm_composite *composite, struct dgm_arena *arena, const struct dgm_parts *parts,
	const struct dgm_calendar *calendar, struct dgm_date *date, const char **problem)
{
	struct dgm_str year_text, month_text, day_text;
	if (parts->text[DGM_PART_FULL].ptr)
		return dgm_value_read_date(composite->nodes[DGM_PART_FULL], calendar, arena,
			dgm_text_canonical(arena, parts->text[DGM_PART_FULL], false), date, problem);
	if (!clean(parts, DGM_PART_YEAR, arena, &year_text) || !clean(parts, DGM_PART_MONTH, arena, &month_text) ||
		!clean(parts, DGM_PART_DAY, arena, &day_text)) {
		*problem = "digits-mixed";
		return false;
	}
	unsigned year = 0, month = 0, dom = 0;
	if (!year_text.ptr || !is_year(year_text, &year))
		return false;
	if (month_text.ptr && !read_number(month_text, DGM_MONTHS_MAX, 0, &month))
		return false;
	if (day_text.ptr && !read_number(day_text, 31, 0, &dom))
		return false;
	const struct dgm_day day = {.year = (uint16_t)year,
		.month = (uint8_t)month,
		.day = month ? (uint8_t)dom : 0,
		.known = true};
	*problem = "date-impossible";
	return on_calendar(calendar, &day, date);
}

/* The years of an interval; an end that is not given is open. */
static bool read_interval(const struct dgm_parts *parts, struct dgm_arena *arena, const struct dgm_calendar *calendar,
	struct dgm_date *date, const char **problem)
{
	struct dgm_date first = {0}, last = {0};
	struct dgm_str from, to;
	struct dgm_day day = {.known = true};
	unsigned year = 0;
	if (!clean(parts, DGM_PART_FROM, arena, &from) || !clean(parts, DGM_PART_TO, arena, &to)) {
		*problem = "digits-mixed";
		return false;
	}
	if (from.ptr && !is_year(from, &year))
		return false;
	day.year = (uint16_t)year;
	if (from.ptr && !on_calendar(calendar, &day, &first))
		return false;
	if (to.ptr && !is_year(to, &year))
		return false;
	day.year = (uint16_t)year;
	if (to.ptr && !on_calendar(calendar, &day, &last))
		return false;
	*date = (struct dgm_date){.from = first.from, .to = last.interval ? last.to : last.from, .interval = true};
	return true;
}

static bool exists(const struct dgm_date *date)
{
	char text[32];
	struct dgm_date again;
	const size_t len = dgm_date_format(date, text);
	return dgm_date_parse(dgm_str_of(text, len), &again);
}

static bool read_code(const struct dgm_composite *composite, struct dgm_arena *arena, const struct dgm_parts *parts,
	enum dgm_part part, struct dgm_str *ret_code)
{
	const struct dgm_node *node = composite->nodes[part];
	const struct dgm_str word = dgm_text_canonical(arena, parts->text[part], false);
	return dgm_codes_read_any(node->codes, node->code_count, arena, word, ret_code);
}

/* The calendar of the definition: of the key with the most of the date. */
static const struct dgm_calendar *own_calendar(const struct dgm_composite *composite)
{
	static const enum dgm_part bearers[] = {DGM_PART_FULL, DGM_PART_YEAR, DGM_PART_FROM, DGM_PART_TO};
	for (size_t i = 0; i < DGM_COUNT(bearers); i++)
		if (composite->nodes[bearers[i]])
			return composite->nodes[bearers[i]]->calendar;
	return NULL;
}

/* Whether the key with the most of the date holds a word for "none" or "unknown". */
static bool says_nothing(const struct dgm_composite *composite, struct dgm_arena *arena, const struct dgm_parts *parts)
{
	const int p = parts->text[DGM_PART_FULL].ptr ? DGM_PART_FULL : DGM_PART_YEAR;
	const struct dgm_node *node = composite->nodes[p];
	if (!parts->text[p].ptr)
		return false;
	const struct dgm_str text = dgm_text_canonical(arena, parts->text[p], false);
	return dgm_nulls_have(&node->nulls, text);
}

bool dgm_composite_read(const struct dgm_composite *composite, struct dgm_arena *arena, const struct dgm_parts *parts,
	struct dgm_date *ret_date, const char **ret_problem)
{
	struct dgm_date date = {0};
	struct dgm_str qualifier = DGM_NOSTR, name;
	const struct dgm_calendar *calendar = own_calendar(composite);
	*ret_problem = says_nothing(composite, arena, parts) ? NULL : "date-unparsed";
	if (!*ret_problem)
		return false;
	if (parts->text[DGM_PART_CALENDAR].ptr) {
		if (!read_code(composite, arena, parts, DGM_PART_CALENDAR, &name)) {
			*ret_problem = "calendar-unknown";
			return false;
		}
		calendar = composite->nodes[DGM_PART_CALENDAR]->calendars[dgm_calendar_find(name)];
	}
	if (parts->text[DGM_PART_QUALIFIER].ptr)
		read_code(composite, arena, parts, DGM_PART_QUALIFIER, &qualifier);
	const bool between = parts->text[DGM_PART_FROM].ptr || parts->text[DGM_PART_TO].ptr;
	if (between ? !read_interval(parts, arena, calendar, &date, ret_problem)
		    : !read_day(composite, arena, parts, calendar, &date, ret_problem))
		return false;
	if (!date.interval && dgm_str_is(qualifier, "approximate"))
		date.from.approximate = true;
	if (!exists(&date)) {
		*ret_problem = "date-impossible";
		return false;
	}
	*ret_date = date;
	*ret_problem = calendar && dgm_calendar_is_early(calendar, &date) ? "calendar-early" : NULL;
	return true;
}

static struct dgm_str number_text(struct dgm_arena *arena, unsigned number, int width)
{
	enum { DIGITS = 10 }; /* of 32 bits */
	char text[DIGITS];
	int at = DIGITS;
	do {
		text[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (at > 0 && (number > 0 || DIGITS - at < width));
	return dgm_arena_dup(arena, dgm_str_of(text + at, (size_t)(DIGITS - at)));
}

static bool write_day(const struct dgm_composite *composite, struct dgm_arena *arena, const struct dgm_day *day,
	struct dgm_parts *parts, bool *less)
{
	const struct dgm_node *full = composite->nodes[DGM_PART_FULL];
	for (uint32_t i = 0; full && i < full->date_count; i++) {
		char buffer[64];
		size_t len = 0;
		if (dgm_date_fits(full->dates[i], day) && dgm_date_write(full->dates[i], day, buffer, &len)) {
			parts->text[DGM_PART_FULL] = dgm_arena_dup(arena, dgm_str_of(buffer, len));
			return true;
		}
	}
	if (!composite->nodes[DGM_PART_YEAR] || day->year == 0)
		return false;
	parts->text[DGM_PART_YEAR] = number_text(arena, day->year, 4);
	*less = (day->month && !composite->nodes[DGM_PART_MONTH]) || (day->day && !composite->nodes[DGM_PART_DAY]);
	if (day->month && composite->nodes[DGM_PART_MONTH])
		parts->text[DGM_PART_MONTH] = number_text(arena, day->month, 2);
	if (day->month && day->day && composite->nodes[DGM_PART_MONTH] && composite->nodes[DGM_PART_DAY])
		parts->text[DGM_PART_DAY] = number_text(arena, day->day, 2);
	return true;
}

static bool write_interval(const struct dgm_composite *composite, struct dgm_arena *arena, const struct dgm_date *date,
	struct dgm_parts *parts, bool *less)
{
	if (!composite->nodes[DGM_PART_FROM] || !composite->nodes[DGM_PART_TO] || !date->from.known || !date->to.known)
		return false;
	parts->text[DGM_PART_FROM] = number_text(arena, date->from.year, 4);
	parts->text[DGM_PART_TO] = number_text(arena, date->to.year, 4);
	*less = date->from.month || date->to.month || date->from.approximate || date->to.approximate ||
		date->from.uncertain || date->to.uncertain;
	return true;
}

struct dgm_str dgm_composite_original(const struct dgm_composite *composite, struct dgm_arena *arena,
	const struct dgm_parts *parts)
{
	struct dgm_str text = DGM_NOSTR;
	for (uint32_t after = 0;;) {
		int next = -1;
		for (int p = 0; p < DGM_PART_COUNT; p++)
			if (parts->text[p].ptr && composite->nodes[p]->number >= after &&
				(next < 0 || composite->nodes[p]->number < composite->nodes[next]->number))
				next = p;
		if (next < 0)
			return text;
		after = composite->nodes[next]->number + 1;
		text = text.len ? dgm_arena_join(arena, text, DGM_STR(" "), parts->text[next]) : parts->text[next];
	}
}

/* The date on one calendar. traced: years and months too, where they are those of the calendar. */
static bool write_on(const struct dgm_composite *composite, struct dgm_arena *arena, const struct dgm_date *date,
	const struct dgm_calendar *calendar, bool traced, struct dgm_parts *parts, bool *less)
{
	struct dgm_day day = date->from;
	if (!calendar && date->interval)
		return write_interval(composite, arena, date, parts, less);
	if (calendar && !dgm_calendar_write(calendar, date, &day) &&
		!(traced &&
			(dgm_calendar_trace(calendar, date, false, &day) ||
				dgm_calendar_trace(calendar, date, true, &day))))
		return false;
	return write_day(composite, arena, &day, parts, less);
}

/* On the calendar that its original names: the one of whose parts the original consists. */
static bool write_original(const struct dgm_composite *composite, struct dgm_arena *arena, const struct dgm_date *date,
	struct dgm_str original, struct dgm_parts *ret_parts)
{
	const struct dgm_node *names = composite->nodes[DGM_PART_CALENDAR];
	for (uint32_t c = 0; c < names->code_count; c++) {
		for (uint32_t i = 0; i < names->codes[c]->count; i++) {
			const struct dgm_code_pair *pair = &names->codes[c]->pairs[i];
			struct dgm_parts parts = {0};
			bool less = false;
			if (dgm_str_find(original, pair->spelling) == original.len ||
				!write_on(composite, arena, date, names->calendars[dgm_calendar_find(pair->code)], true,
					&parts, &less))
				continue;
			parts.text[DGM_PART_CALENDAR] = pair->spelling;
			if (!less && dgm_str_eq(dgm_composite_original(composite, arena, &parts), original)) {
				*ret_parts = parts;
				return true;
			}
		}
	}
	return false;
}

static bool same_date(const struct dgm_date *a, const struct dgm_date *b)
{
	char one[32], two[32];
	const size_t len = dgm_date_format(a, one);
	return dgm_date_format(b, two) == len && memcmp(one, two, len) == 0;
}

/* A word of the part's codes that the text begins with, and the blank behind it; the longest. */
static struct dgm_str take_word(const struct dgm_node *node, struct dgm_str *text)
{
	struct dgm_str word = DGM_NOSTR;
	for (uint32_t c = 0; c < node->code_count; c++) {
		for (uint32_t i = 0; i < node->codes[c]->count; i++) {
			const struct dgm_str spelling = node->codes[c]->pairs[i].spelling;
			if (spelling.len > word.len && spelling.len < text->len && text->ptr[spelling.len] == ' ' &&
				dgm_str_starts(*text, spelling))
				word = spelling;
		}
	}
	*text = dgm_str_skip(*text, word.len ? word.len + 1 : 0);
	return word;
}

/* The original as it was: words in front of a whole date, in whatever pattern and digits that stands. */
static bool take_apart(const struct dgm_composite *composite, struct dgm_arena *arena, const struct dgm_date *date,
	struct dgm_str original, struct dgm_parts *ret_parts)
{
	const struct dgm_node *full = composite->nodes[DGM_PART_FULL];
	const struct dgm_node *calendar = composite->nodes[DGM_PART_CALENDAR];
	const struct dgm_node *qualifier = composite->nodes[DGM_PART_QUALIFIER];
	const bool calendar_first = calendar && !(qualifier && qualifier->number < calendar->number);
	struct dgm_parts parts = {0};
	struct dgm_str rest = original;
	struct dgm_date again;
	const char *problem;
	if (!full)
		return false;
	if (calendar_first && calendar->number < full->number)
		parts.text[DGM_PART_CALENDAR] = take_word(calendar, &rest);
	if (qualifier && qualifier->number < full->number)
		parts.text[DGM_PART_QUALIFIER] = take_word(qualifier, &rest);
	if (calendar && !calendar_first && calendar->number < full->number)
		parts.text[DGM_PART_CALENDAR] = take_word(calendar, &rest);
	parts.text[DGM_PART_FULL] = rest;
	if (!dgm_composite_read(composite, arena, &parts, &again, &problem) || !same_date(date, &again) ||
		!dgm_str_eq(dgm_composite_original(composite, arena, &parts), original))
		return false;
	*ret_parts = parts;
	return true;
}

/* The date in one key is spelled as it was, where that is another of the key's patterns. */
static void keep_spelling(const struct dgm_composite *composite, struct dgm_arena *arena, struct dgm_str original,
	struct dgm_parts *parts)
{
	const struct dgm_node *full = composite->nodes[DGM_PART_FULL];
	struct dgm_str *text = &parts->text[DGM_PART_FULL];
	struct dgm_date written, spelled;
	const char *problem;
	if (!original.len || !text->ptr || dgm_str_eq(*text, original) ||
		!dgm_value_read_date(full, own_calendar(composite), arena, *text, &written, &problem) ||
		!dgm_value_read_date(full, own_calendar(composite), arena, dgm_text_canonical(arena, original, false),
			&spelled, &problem))
		return;
	char a[32], b[32];
	if (dgm_str_eq(dgm_str_of(a, dgm_date_format(&written, a)), dgm_str_of(b, dgm_date_format(&spelled, b))))
		*text = original;
}

struct dgm_str dgm_composite_spelling(const struct dgm_value *value, bool native)
{
	if (!native)
		return DGM_NOSTR;
	return value->original.ptr ? value->original : value->text;
}

bool dgm_composite_write(const struct dgm_composite *composite, struct dgm_arena *arena, const struct dgm_date *date,
	struct dgm_str original, struct dgm_parts *ret_parts, bool *ret_less)
{
	struct dgm_parts parts = {0};
	bool less = false;
	*ret_less = false;
	if (original.len && take_apart(composite, arena, date, original, ret_parts))
		return true;
	if (original.len && composite->nodes[DGM_PART_CALENDAR] &&
		write_original(composite, arena, date, original, ret_parts))
		return true;
	if (!write_on(composite, arena, date, own_calendar(composite), false, &parts, &less))
		return false;
	keep_spelling(composite, arena, original, &parts);
	const char *code = date->interval ? "between" : date->from.approximate ? "approximate" : "exact";
	const struct dgm_node *qualifier = composite->nodes[DGM_PART_QUALIFIER];
	bool said = false;
	for (uint32_t i = 0; qualifier && i < qualifier->code_count && !said; i++)
		said = dgm_codes_write(qualifier->codes[i], dgm_str(code), &parts.text[DGM_PART_QUALIFIER]);
	/* Unsaid where the source left it so; in a pattern its words are part of the text. */
	struct dgm_parts unsaid = parts;
	unsaid.text[DGM_PART_QUALIFIER] = DGM_NOSTR;
	if (said && original.len && !qualifier->parent->template_count &&
		dgm_str_eq(dgm_composite_original(composite, arena, &unsaid), original))
		parts = unsaid;
	*ret_less = less || date->from.uncertain || (!said && date->from.approximate && !date->interval);
	*ret_parts = parts;
	return true;
}

enum dgm_part dgm_composite_bearer(const struct dgm_parts *parts)
{
	static const enum dgm_part bearers[] = {DGM_PART_FULL, DGM_PART_YEAR, DGM_PART_FROM};
	for (size_t i = 0; i < DGM_COUNT(bearers); i++)
		if (parts->text[bearers[i]].ptr)
			return bearers[i];
	return DGM_PART_COUNT;
}

void dgm_composite_store(const struct dgm_composite *composite, struct dgm_arena *arena, const struct dgm_parts *parts,
	const struct dgm_date *date, struct dgm_value *value, struct dgm_parts *ret_again)
{
	char text[32];
	const size_t len = dgm_date_format(date, text);
	const struct dgm_str original = dgm_composite_original(composite, arena, parts);
	bool less = false;
	value->text = dgm_arena_dup(arena, dgm_str_of(text, len));
	if (!dgm_str_eq(original, value->text))
		value->original = original;
	for (int p = 0; p < DGM_PART_COUNT && !value->offset; p++)
		value->offset = parts->offset[p];
	dgm_composite_write(composite, arena, date, original, ret_again, &less);
}

bool dgm_composite_ends(const struct dgm_composite *composite, const struct dgm_node *node)
{
	return composite->parent == node || (node->kind == DGM_NODE_GROUP && composite->anchor == node->target.anchor);
}
