/* SPDX-License-Identifier: Apache-2.0 */
/* The arithmetic of parts: which of them together are a date, and which of them a date becomes. */
#include "format/composite.h"

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
					.field = child->target.field};
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
	text = dgm_str_trim(text);
	if (!dgm_str_to_u64(text, &number) || number > most || (digits && text.len != digits))
		return false;
	*ret_number = (unsigned)number;
	return true;
}

static bool read_day(const struct dgm_composite *composite, const struct dgm_parts *parts, struct dgm_day *day)
{
	if (parts->text[DGM_PART_FULL].ptr) {
		const struct dgm_node *node = composite->nodes[DGM_PART_FULL];
		for (uint32_t i = 0; i < node->date_count; i++)
			if (dgm_date_read(node->dates[i], dgm_str_trim(parts->text[DGM_PART_FULL]), day))
				return true;
		return false;
	}
	unsigned year = 0, month = 0, dom = 0;
	if (!parts->text[DGM_PART_YEAR].ptr || !read_number(parts->text[DGM_PART_YEAR], 9999, 4, &year) || year == 0)
		return false;
	if (parts->text[DGM_PART_MONTH].ptr && !read_number(parts->text[DGM_PART_MONTH], 12, 0, &month))
		return false;
	if (parts->text[DGM_PART_DAY].ptr && !read_number(parts->text[DGM_PART_DAY], 31, 0, &dom))
		return false;
	*day = (struct dgm_day){.year = (uint16_t)year,
		.month = (uint8_t)month,
		.day = month ? (uint8_t)dom : 0,
		.known = true};
	return true;
}

static bool exists(const struct dgm_date *date)
{
	char text[32];
	struct dgm_date again;
	const size_t len = dgm_date_format(date, text);
	return dgm_date_parse(dgm_str_of(text, len), &again);
}

bool dgm_composite_read(const struct dgm_composite *composite, struct dgm_arena *arena, const struct dgm_parts *parts,
	struct dgm_date *ret_date)
{
	struct dgm_date date = {0};
	struct dgm_str qualifier = DGM_NOSTR;
	if (parts->text[DGM_PART_QUALIFIER].ptr) {
		const struct dgm_node *node = composite->nodes[DGM_PART_QUALIFIER];
		bool known = false;
		for (uint32_t i = 0; i < node->code_count && !known; i++)
			known = dgm_codes_read(node->codes[i], arena, dgm_str_trim(parts->text[DGM_PART_QUALIFIER]),
				&qualifier);
	}
	const bool from = parts->text[DGM_PART_FROM].ptr != NULL, to = parts->text[DGM_PART_TO].ptr != NULL;
	if (from || to) {
		unsigned year = 0;
		date.interval = true;
		if (from && !read_number(parts->text[DGM_PART_FROM], 9999, 4, &year))
			return false;
		date.from = (struct dgm_day){.year = (uint16_t)year, .known = from};
		if (to && !read_number(parts->text[DGM_PART_TO], 9999, 4, &year))
			return false;
		date.to = (struct dgm_day){.year = (uint16_t)year, .known = to};
	} else if (!read_day(composite, parts, &date.from)) {
		return false;
	}
	if (!date.interval && dgm_str_is(qualifier, "approximate"))
		date.from.approximate = true;
	if (!exists(&date))
		return false;
	*ret_date = date;
	return true;
}

static struct dgm_str number_text(struct dgm_arena *arena, unsigned number, int width)
{
	return dgm_arena_printf(arena, "%0*u", width, number);
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

bool dgm_composite_write(const struct dgm_composite *composite, struct dgm_arena *arena, const struct dgm_date *date,
	struct dgm_parts *ret_parts, bool *ret_less)
{
	struct dgm_parts parts = {0};
	bool less = false;
	const char *code = date->interval ? "between" : date->from.approximate ? "approximate" : "exact";
	if (date->interval ? !write_interval(composite, arena, date, &parts, &less)
			   : !write_day(composite, arena, &date->from, &parts, &less))
		return false;
	const struct dgm_node *qualifier = composite->nodes[DGM_PART_QUALIFIER];
	bool said = false;
	for (uint32_t i = 0; qualifier && i < qualifier->code_count && !said; i++)
		said = dgm_codes_write(qualifier->codes[i], dgm_str(code), &parts.text[DGM_PART_QUALIFIER]);
	*ret_less = less || date->from.uncertain || (!said && date->from.approximate && !date->interval);
	*ret_parts = parts;
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
		text = text.len ? dgm_arena_printf(arena, "%.*s %.*s", DGM_FMT(text), DGM_FMT(parts->text[next]))
				: parts->text[next];
	}
}
