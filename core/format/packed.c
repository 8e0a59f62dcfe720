/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The packed style: a notice in one flat row. In a cell '|' separates the instances of the outermost group or field that
 * repeats, ';' of the second, ',' of the third. A backslash escapes them and itself, and marks \N null, \# a number,
 * \! a boolean, \[ an empty list, \_ an empty text (the last four for source values kept as they are). An empty place
 * in a field that repeats is a value that was not understood.
 */
#include "base/text.h"
#include "format/canonical.h"

static const char separators[] = "|;,";

/* Bytes that mean something in a cell. */
static const bool special[256] = {['|'] = true, [';'] = true, [','] = true, ['\\'] = true};

/* The instance of a field's group that the places on the way say, made where it is missing. */
static struct dgm_group *reach(struct dgm_notice *notice, enum dgm_group_id id, const uint32_t *places)
{
	if (id == DGM_GROUP_root)
		return notice->root;
	const struct dgm_group_def *def = &dgm_groups[id];
	struct dgm_group *parent = reach(notice, def->parent, places);
	struct dgm_group *group = dgm_group_first(parent, id);
	uint32_t place = def->many ? places[def->depth - 1] : 0;
	if (!group)
		group = dgm_group_add(notice, parent, id);
	for (; place > 0 && !notice->too_large; place--)
		group = group->next ? group->next : dgm_group_add(notice, parent, id);
	return group;
}

static struct dgm_str unescape(struct dgm_arena *arena, struct dgm_str text, uint16_t *ret_literal)
{
	*ret_literal = DGM_LITERAL_TEXT;
	if (text.len >= 2 && text.ptr[0] == '\\') {
		static const char marks[] = "#!N[_";
		static const uint16_t literals[] = {DGM_LITERAL_NUMBER, DGM_LITERAL_BOOLEAN, DGM_LITERAL_NULL,
			DGM_LITERAL_EMPTY_LIST, DGM_LITERAL_TEXT};
		const char *mark = memchr(marks, text.ptr[1], 5);
		if (mark) {
			*ret_literal = literals[mark - marks];
			return dgm_str_skip(text, 2);
		}
	}
	char *copy = dgm_arena_alloc(arena, text.len);
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\\' && i + 1 < text.len)
			i++;
		copy[len++] = text.ptr[i];
	}
	return dgm_str_of(copy, len);
}

/* An item as it is, without a backslash in it. */
static void read_plain(struct dgm_canonical *canonical, struct dgm_notice *notice, enum dgm_field_id field,
	const struct dgm_event *event, const uint32_t *places)
{
	struct dgm_group *group = reach(notice, dgm_fields[field].group, places);
	dgm_canonical_fill(canonical, notice, dgm_value_add(notice, group, field), field, event, event->text);
}

static void read_item(struct dgm_canonical *canonical, struct dgm_notice *notice, enum dgm_field_id field,
	const struct dgm_event *event, struct dgm_str text, const uint32_t *places, bool in_list)
{
	struct dgm_event item = *event;
	if (text.len == 0 && !in_list)
		return;
	struct dgm_group *group = reach(notice, dgm_fields[field].group, places);
	if (text.len == 0) {
		dgm_value_add(notice, group, field)->state = DGM_STATE_UNPARSED;
		return;
	}
	const bool escaped = memchr(text.ptr, '\\', text.len) != NULL;
	const struct dgm_str value = escaped ? unescape(notice->arena, text, &item.literal) : text;
	dgm_canonical_fill(canonical, notice, dgm_value_add(notice, group, field), field, &item, value);
}

void dgm_packed_read_cell(struct dgm_canonical *canonical, struct dgm_notice *notice, enum dgm_field_id field,
	const struct dgm_event *event)
{
	const uint32_t levels = dgm_groups[dgm_fields[field].group].depth + dgm_fields[field].many;
	uint32_t places[4] = {0};
	size_t start = 0, plain = 0;
	while (plain < event->text.len && !special[(unsigned char)event->text.ptr[plain]])
		plain++;
	if (plain == event->text.len) {
		read_plain(canonical, notice, field, event, places);
		return;
	}
	bool in_list = false; /* the separator before was one of the field's own list */
	for (size_t i = plain; i < event->text.len; i++) {
		const char c = event->text.ptr[i];
		if (c == '\\') {
			i++;
			continue;
		}
		if (c != '|' && c != ';' && c != ',')
			continue;
		const uint32_t level = (uint32_t)((const char *)memchr(separators, c, 3) - separators);
		if (level >= levels)
			continue;
		const bool list = dgm_fields[field].many && level == levels - 1;
		read_item(canonical, notice, field, event, dgm_str_of(event->text.ptr + start, i - start), places,
			in_list || list);
		in_list = list;
		start = i + 1;
		places[level]++;
		for (uint32_t deeper = level + 1; deeper < levels; deeper++)
			places[deeper] = 0;
	}
	read_item(canonical, notice, field, event, dgm_str_skip(event->text, start), places, in_list);
}

/* "subject[1].name[2].part[3]": the field and its places, counted from 0. false when it is no such path. */
static bool parse_path(struct dgm_str path, enum dgm_field_id *ret_field, uint32_t places[4], uint32_t *ret_number)
{
	enum dgm_group_id group = DGM_GROUP_root;
	struct dgm_str part;
	while (dgm_str_next(&path, DGM_STR("."), &part)) {
		const size_t bracket = dgm_str_find(part, DGM_STR("["));
		const struct dgm_str name = dgm_str_take(part, bracket);
		uint64_t number = 1;
		if (bracket < part.len &&
			(!dgm_str_ends(part, DGM_STR("]")) ||
				!dgm_str_to_u64(dgm_str_of(part.ptr + bracket + 1, part.len - bracket - 2), &number) ||
				number == 0 || number > 65536))
			return false;
		if (!path.ptr) {
			const int field = dgm_field_in(group, name);
			*ret_field = (enum dgm_field_id)field;
			*ret_number = (uint32_t)number - 1;
			return field >= 0;
		}
		const int child = dgm_group_in(group, name);
		if (child < 0)
			return false;
		group = (enum dgm_group_id)child;
		if (dgm_groups[group].many)
			places[dgm_groups[group].depth - 1] = (uint32_t)number - 1;
	}
	return false;
}

static void read_original(struct dgm_canonical *canonical, struct dgm_notice *notice, const struct dgm_event *event,
	struct dgm_str item)
{
	const size_t equals = dgm_str_find(item, DGM_STR("="));
	enum dgm_field_id field = (enum dgm_field_id)0;
	uint32_t places[4] = {0}, number = 0;
	uint16_t literal;
	if (equals == item.len || !parse_path(dgm_str_take(item, equals), &field, places, &number)) {
		struct dgm_event kept = *event;
		kept.text = item;
		dgm_canonical_keep(canonical, notice, &kept);
		return;
	}
	struct dgm_group *group = reach(notice, dgm_fields[field].group, places);
	struct dgm_value *value = dgm_value_first(group, field);
	for (; value && number > 0; number--)
		value = value->next;
	if (!value) {
		value = dgm_value_add(notice, group, field);
		value->state = DGM_STATE_UNPARSED;
	}
	const struct dgm_str text = unescape(notice->arena, dgm_str_skip(item, equals + 1), &literal);
	dgm_canonical_original(canonical, notice, group, field, value, text);
}

void dgm_packed_read_originals(struct dgm_canonical *canonical, struct dgm_notice *notice,
	const struct dgm_event *event)
{
	size_t start = 0;
	for (size_t i = 0; i <= event->text.len; i++) {
		if (i < event->text.len && event->text.ptr[i] == '\\') {
			i++;
		} else if (i == event->text.len || event->text.ptr[i] == '|') {
			read_original(canonical, notice, event, dgm_str_of(event->text.ptr + start, i - start));
			start = i + 1;
		}
	}
}

/* --- writing --- */

/* A cell in the making. content: the length up to the last thing that is no separator. */
struct cell {
	struct dgm_arena *arena;
	char *text;
	size_t len, capacity, content;
	uint32_t levels;
};

static void add(struct cell *cell, const char *bytes, size_t n)
{
	if (n == 0)
		return;
	if (cell->capacity - cell->len < n) {
		size_t capacity = cell->capacity ? cell->capacity : 256;
		while (capacity - cell->len < n)
			capacity *= 2;
		char *text = dgm_arena_alloc(cell->arena, capacity);
		if (cell->len)
			memcpy(text, cell->text, cell->len);
		cell->text = text;
		cell->capacity = capacity;
	}
	memcpy(cell->text + cell->len, bytes, n);
	cell->len += n;
}

static bool is_special(char c, uint32_t levels)
{
	return c == '\\' || (c == '|' && levels > 0) || (c == ';' && levels > 1) || (c == ',' && levels > 2);
}

static bool is_plain(struct dgm_str text, uint32_t levels)
{
	for (size_t i = 0; i < text.len; i++)
		if (is_special(text.ptr[i], levels))
			return false;
	return true;
}

static void add_escaped(struct cell *cell, struct dgm_str text)
{
	size_t start = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (!is_special(text.ptr[i], cell->levels))
			continue;
		add(cell, text.ptr + start, i - start);
		add(cell, "\\", 1);
		start = i;
	}
	if (start < text.len)
		add(cell, text.ptr + start, text.len - start);
}

static void add_value(struct cell *cell, struct dgm_value *value)
{
	static const char *const marks[] = {"\\_", "\\#", "\\!", "\\N", "\\["};
	value->used = 1;
	if (value->state == DGM_STATE_UNPARSED)
		return;
	if (value->state == DGM_STATE_NULL)
		add(cell, "\\N", 2);
	else if (value->literal || value->text.len == 0)
		add(cell, marks[value->literal], 2);
	add_escaped(cell, value->text);
	cell->content = cell->len;
}

/* chain: the groups on the way from the root to the field's own. */
static void add_instances(struct cell *cell, const struct dgm_group *group, const enum dgm_group_id *chain,
	uint32_t steps, enum dgm_field_id field)
{
	if (steps == 0) {
		const uint32_t level = dgm_groups[group->id].depth;
		struct dgm_value *value = dgm_value_first(group, field);
		for (bool first = true; value; value = value->next, first = false) {
			if (!first)
				add(cell, &separators[level], 1);
			add_value(cell, value);
		}
		return;
	}
	const struct dgm_group *child = dgm_group_first(group, chain[0]);
	const uint32_t level = dgm_groups[chain[0]].depth - 1;
	for (bool first = true; child; child = child->next, first = false) {
		if (!first)
			add(cell, &separators[level], 1);
		add_instances(cell, child, chain + 1, steps - 1, field);
	}
}

static uint32_t chain_of(enum dgm_group_id group, enum dgm_group_id chain[4])
{
	uint32_t steps = 0;
	for (enum dgm_group_id g = group; g != DGM_GROUP_root; g = dgm_groups[g].parent)
		steps++;
	uint32_t at = steps;
	for (enum dgm_group_id g = group; g != DGM_GROUP_root; g = dgm_groups[g].parent)
		chain[--at] = g;
	return steps;
}

/* The usual case: one instance on every step, one value, nothing to escape. */
/* The group's only instance, where every step to it has just one: the usual case. */
static const struct dgm_group *lone_group(const struct dgm_group *group, const enum dgm_group_id *chain, uint32_t steps)
{
	for (uint32_t i = 0; i < steps; i++) {
		group = dgm_group_first(group, chain[i]);
		if (group->next)
			return NULL;
	}
	return group;
}

static void put_cell(struct dgm_record *record, uint32_t key, struct dgm_str text)
{
	dgm_record_add(record, DGM_EVENT_VALUE, key, DGM_LITERAL_TEXT, 0, text);
}

static void write_column(const struct dgm_notice *notice, struct dgm_record *record, enum dgm_field_id field,
	const enum dgm_group_id *chain, uint32_t steps, uint32_t key)
{
	struct cell cell = {.arena = notice->arena,
		.levels = dgm_groups[dgm_fields[field].group].depth + dgm_fields[field].many};
	add_instances(&cell, notice->root, chain, steps, field);
	if (cell.content)
		put_cell(record, key, dgm_str_of(cell.text, cell.content));
}

/* A column of a lone group: the value itself where it is alone and nothing in it needs a backslash. */
static void write_lone(const struct dgm_notice *notice, struct dgm_record *record, const struct dgm_group *group,
	enum dgm_field_id field, uint32_t key)
{
	const uint32_t levels = dgm_groups[group->id].depth + dgm_fields[field].many;
	struct dgm_value *value = dgm_value_first(group, field);
	if (!value)
		return;
	if (!value->next && value->state == DGM_STATE_PARSED && !value->literal && value->text.len &&
		is_plain(value->text, levels)) {
		value->used = 1;
		put_cell(record, key, value->text);
		return;
	}
	struct cell cell = {.arena = notice->arena, .levels = levels};
	add_instances(&cell, group, NULL, 0, field);
	if (cell.content)
		put_cell(record, key, dgm_str_of(cell.text, cell.content));
}

static void collect_originals(struct cell *cell, const struct dgm_group *group)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	for (uint32_t f = 0; f < def->field_count; f++) {
		const enum dgm_field_id field = (enum dgm_field_id)(def->first_field + f);
		uint32_t number = 0;
		for (struct dgm_value *value = group->slots[f].first; value; value = value->next) {
			number++;
			if (!value->original.ptr)
				continue;
			value->used = 1;
			struct dgm_str path = dgm_value_path(cell->arena, group, field);
			if (dgm_fields[field].many)
				path = dgm_arena_printf(cell->arena, "%.*s[%u]", DGM_FMT(path), number);
			if (cell->len)
				add(cell, "|", 1);
			add(cell, path.ptr, path.len);
			add(cell, "=", 1);
			add_escaped(cell, value->original);
		}
	}
	for (uint32_t c = 0; c < def->child_count; c++)
		for (const struct dgm_group *child = group->slots[def->field_count + c].first; child;
			child = child->next)
			collect_originals(cell, child);
}

/* Whether any instance of the group exists below any instance of its parents. */
static bool exists(const struct dgm_group *group, const enum dgm_group_id *chain, uint32_t steps)
{
	if (steps == 0)
		return true;
	for (const struct dgm_group *child = dgm_group_first(group, chain[0]); child; child = child->next)
		if (exists(child, chain + 1, steps - 1))
			return true;
	return false;
}

void dgm_packed_write(const struct dgm_notice *notice, struct dgm_record *record, const uint32_t *keys,
	uint32_t originals)
{
	for (unsigned g = 1; g < DGM_GROUP_COUNT; g++) {
		enum dgm_group_id chain[4];
		const uint32_t steps = chain_of((enum dgm_group_id)g, chain);
		if (!exists(notice->root, chain, steps))
			continue;
		const struct dgm_group *lone = lone_group(notice->root, chain, steps);
		for (uint32_t f = 0; f < dgm_groups[g].field_count; f++) {
			const enum dgm_field_id field = (enum dgm_field_id)(dgm_groups[g].first_field + f);
			if (lone)
				write_lone(notice, record, lone, field, keys[field]);
			else
				write_column(notice, record, field, chain, steps, keys[field]);
		}
	}
	struct cell cell = {.arena = notice->arena, .levels = 1};
	collect_originals(&cell, notice->root);
	if (cell.len)
		dgm_record_add(record, DGM_EVENT_VALUE, originals, DGM_LITERAL_TEXT, 0,
			dgm_str_of(cell.text, cell.len));
}
