/* SPDX-License-Identifier: Apache-2.0 */
/* The canonical forms that are trees, and what the packed one shares with them. */
#include "format/canonical.h"

#include <stdlib.h>

#include "base/text.h"
#include "format/kept.h"
#include "notice/value.h"

#define DEPTH_MAX 16u /* the schema has four levels; deeper is not ours */

/* What a key of the source is. */
enum what {
	WHAT_UNSEEN,
	WHAT_GROUP,
	WHAT_FIELD,
	WHAT_ORIGINAL, /* member F_original, or column originals */
	WHAT_TEXT,     /* of a field with attributes */
	WHAT_ATTR_ORIGINAL,
	WHAT_ATTR_NULL,
	WHAT_ATTR_UNPARSED,
	WHAT_ATTR_LITERAL,
	WHAT_UNKNOWN,
};

struct meaning {
	enum what what;
	uint32_t id; /* group or field */
};

struct dgm_canonical {
	const struct dgm_format *format;
	struct dgm_keys *keys;
	void (*problem)(void *context, const struct dgm_problem *problem);
	void *context;
	struct meaning *meanings;
	uint32_t capacity;
	/* writing */
	uint32_t group_keys[DGM_GROUP_COUNT];
	uint32_t field_keys[DGM_FIELD_COUNT], original_keys[DGM_FIELD_COUNT];
	uint32_t attribute_keys[DGM_FIELD_COUNT][5]; /* original, null, unparsed, literal, #text */
	uint32_t columns[DGM_FIELD_COUNT + 1], column_count, originals_key;
};

enum { KEY_ORIGINAL, KEY_NULL, KEY_UNPARSED, KEY_LITERAL, KEY_TEXT };

static const char *const literal_names[] = {"text", "number", "boolean", "null", "empty_list"};

static void prepare_keys(struct dgm_canonical *canonical)
{
	static const char *const attributes[] = {"@original", "@null", "@unparsed", "@literal", "#text"};
	struct dgm_keys *keys = canonical->keys;
	for (unsigned g = 1; g < DGM_GROUP_COUNT; g++)
		canonical->group_keys[g] =
			dgm_keys_get(keys, canonical->group_keys[dgm_groups[g].parent], dgm_groups[g].name);
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		const uint32_t parent = canonical->group_keys[dgm_fields[f].group];
		char name[64];
		memcpy(name, dgm_fields[f].name.ptr, dgm_fields[f].name.len);
		memcpy(name + dgm_fields[f].name.len, "_original", 9);
		canonical->field_keys[f] = dgm_keys_get(keys, parent, dgm_fields[f].name);
		canonical->original_keys[f] = dgm_keys_get(keys, parent, dgm_str_of(name, dgm_fields[f].name.len + 9));
		for (size_t a = 0; a < DGM_COUNT(attributes); a++)
			canonical->attribute_keys[f][a] =
				dgm_keys_get(keys, canonical->field_keys[f], dgm_str(attributes[a]));
	}
}

static void prepare_columns(struct dgm_canonical *canonical)
{
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++)
		canonical->field_keys[f] = dgm_keys_get(canonical->keys, 0, dgm_fields[f].path);
	canonical->originals_key = dgm_keys_get(canonical->keys, 0, DGM_STR("originals"));
}

struct dgm_canonical *dgm_canonical_new(const struct dgm_format *format, struct dgm_keys *keys,
	void (*problem)(void *context, const struct dgm_problem *problem), void *context)
{
	struct dgm_canonical *canonical = dgm_xcalloc(1, sizeof *canonical);
	canonical->format = format;
	canonical->keys = keys;
	canonical->problem = problem;
	canonical->context = context;
	if (format->style == DGM_STYLE_PACKED)
		prepare_columns(canonical);
	else
		prepare_keys(canonical);
	return canonical;
}

void dgm_canonical_free(struct dgm_canonical *canonical)
{
	if (!canonical)
		return;
	free(canonical->meanings);
	free(canonical);
}

const uint32_t *dgm_canonical_columns(struct dgm_canonical *canonical, uint32_t *ret_count)
{
	uint32_t count = 0;
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++)
		canonical->columns[count++] = canonical->field_keys[f];
	canonical->columns[count++] = canonical->originals_key;
	*ret_count = count;
	return canonical->columns;
}

/* --- reading --- */

static struct meaning meaning_of(struct dgm_canonical *canonical, uint32_t key);

static struct meaning in_group(enum dgm_group_id group, struct dgm_str name)
{
	int id = dgm_field_in(group, name);
	if (id >= 0)
		return (struct meaning){WHAT_FIELD, (uint32_t)id};
	id = dgm_group_in(group, name);
	if (id >= 0)
		return (struct meaning){WHAT_GROUP, (uint32_t)id};
	if (dgm_str_ends(name, DGM_STR("_original"))) {
		id = dgm_field_in(group, dgm_str_take(name, name.len - 9));
		if (id >= 0)
			return (struct meaning){WHAT_ORIGINAL, (uint32_t)id};
	}
	return (struct meaning){WHAT_UNKNOWN, 0};
}

static struct meaning in_field(uint32_t field, struct dgm_str name)
{
	static const struct {
		const char *name;
		enum what what;
	} table[] = {{"#text", WHAT_TEXT}, {"@original", WHAT_ATTR_ORIGINAL}, {"@null", WHAT_ATTR_NULL},
		{"@unparsed", WHAT_ATTR_UNPARSED}, {"@literal", WHAT_ATTR_LITERAL}};
	for (size_t i = 0; i < DGM_COUNT(table); i++)
		if (dgm_str_is(name, table[i].name))
			return (struct meaning){table[i].what, field};
	return (struct meaning){WHAT_UNKNOWN, 0};
}

static struct meaning look_up(struct dgm_canonical *canonical, uint32_t key)
{
	const struct dgm_str name = dgm_keys_name(canonical->keys, key);
	const uint32_t parent = dgm_keys_parent(canonical->keys, key);
	if (canonical->format->style == DGM_STYLE_PACKED) {
		const int field = dgm_field_by_path(name);
		if (field >= 0)
			return (struct meaning){WHAT_FIELD, (uint32_t)field};
		return (struct meaning){dgm_str_is(name, "originals") ? WHAT_ORIGINAL : WHAT_UNKNOWN, 0};
	}
	const struct meaning above =
		parent ? meaning_of(canonical, parent) : (struct meaning){WHAT_GROUP, DGM_GROUP_root};
	if (above.what == WHAT_GROUP)
		return in_group((enum dgm_group_id)above.id, name);
	if (above.what == WHAT_FIELD)
		return in_field(above.id, name);
	return (struct meaning){WHAT_UNKNOWN, 0};
}

static struct meaning meaning_of(struct dgm_canonical *canonical, uint32_t key)
{
	if (key < canonical->capacity && canonical->meanings[key].what != WHAT_UNSEEN)
		return canonical->meanings[key];
	const struct meaning meaning = look_up(canonical, key);
	if (key >= canonical->capacity) {
		uint32_t capacity = canonical->capacity ? canonical->capacity : 1024;
		while (capacity <= key)
			capacity *= 2;
		canonical->meanings = dgm_xrealloc(canonical->meanings, capacity * sizeof *canonical->meanings);
		memset(canonical->meanings + canonical->capacity, 0,
			(capacity - canonical->capacity) * sizeof *canonical->meanings);
		canonical->capacity = capacity;
	}
	canonical->meanings[key] = meaning;
	return meaning;
}

static void tell(struct dgm_canonical *canonical, const char *code, struct dgm_str field, struct dgm_str value,
	uint32_t offset)
{
	const struct dgm_problem problem = {.code = code, .field = field, .value = value, .offset = offset};
	if (canonical->problem)
		canonical->problem(canonical->context, &problem);
}

void dgm_canonical_fill(struct dgm_canonical *canonical, struct dgm_notice *notice, struct dgm_value *value,
	enum dgm_field_id field, const struct dgm_event *event, struct dgm_str text)
{
	const enum dgm_type type = dgm_fields[field].type;
	value->offset = event->offset;
	if (type == DGM_TYPE_LITERAL) {
		value->text = text;
		value->literal = (uint8_t)event->literal;
		return;
	}
	if (event->literal == DGM_LITERAL_NULL) {
		value->state = DGM_STATE_NULL;
		return;
	}
	value->text = text;
	if (type == DGM_TYPE_TEXT || type == DGM_TYPE_PROSE) {
		value->text = dgm_text_canonical(notice->arena, text, type == DGM_TYPE_PROSE);
		if (!dgm_str_eq(value->text, text))
			value->original = text;
		/* Nothing but white space and marks: no value can be empty, and what was said is kept. */
		if (value->text.len == 0) {
			value->original = text.len ? text : (struct dgm_str){"", 0};
			value->state = DGM_STATE_UNPARSED;
			tell(canonical, "value-not-canonical", dgm_fields[field].path, text, event->offset);
		}
	} else if (!dgm_value_is_canonical(field, text, NULL)) {
		value->text = DGM_NOSTR;
		value->original = text.len ? text : (struct dgm_str){"", 0};
		value->state = DGM_STATE_UNPARSED;
		tell(canonical, "value-not-canonical", dgm_fields[field].path, text, event->offset);
	}
}

static void keep_as(struct dgm_canonical *canonical, struct dgm_notice *notice, const struct dgm_event *event,
	const char *code)
{
	struct dgm_str path = dgm_keys_name(canonical->keys, event->key);
	for (uint32_t key = dgm_keys_parent(canonical->keys, event->key); key;
		key = dgm_keys_parent(canonical->keys, key)) {
		const struct dgm_str name = dgm_keys_name(canonical->keys, key);
		path = dgm_arena_printf(notice->arena, "%.*s/%.*s", DGM_FMT(name), DGM_FMT(path));
	}
	struct dgm_group *group = dgm_group_add(notice, notice->root, DGM_GROUP_unmapped);
	dgm_value_set(notice, group, DGM_FIELD_unmapped_format, canonical->format->id);
	dgm_kept_path(notice, group, path);
	dgm_value_set(notice, group, DGM_FIELD_unmapped_value, event->text)->literal = (uint8_t)event->literal;
	tell(canonical, code, path, event->text, event->offset);
}

void dgm_canonical_keep(struct dgm_canonical *canonical, struct dgm_notice *notice, const struct dgm_event *event)
{
	keep_as(canonical, notice, event, "field-unknown");
}

void dgm_canonical_original(const struct dgm_canonical *canonical, struct dgm_notice *notice,
	const struct dgm_group *group, enum dgm_field_id field, struct dgm_value *value, struct dgm_str original)
{
	if (value->state == DGM_STATE_UNPARSED && value->original.len) {
		struct dgm_group *kept = dgm_group_add(notice, notice->root, DGM_GROUP_unmapped);
		dgm_value_set(notice, kept, DGM_FIELD_unmapped_format, canonical->format->id);
		dgm_value_set(notice, kept, DGM_FIELD_unmapped_path, dgm_value_path(notice->arena, group, field));
		dgm_value_set(notice, kept, DGM_FIELD_unmapped_value, value->original);
	}
	value->original = original.len ? original : (struct dgm_str){"", 0};
}

static struct dgm_value *nth(const struct dgm_group *group, enum dgm_field_id field, uint32_t n)
{
	struct dgm_value *value = dgm_value_first(group, field);
	while (value && n-- > 0)
		value = value->next;
	return value;
}

struct reading {
	struct dgm_group *stack[DEPTH_MAX];
	uint32_t depth;
	uint32_t lost;           /* groups open that are not ours */
	struct dgm_value *value; /* of the open field element */
	uint32_t original_key, original_number;
	uint32_t early; /* places made by originals, still without their values */
};

/* F_original: beside the value it belongs to; without one, the value was not understood. */
static void read_original(const struct dgm_canonical *canonical, struct dgm_notice *notice, struct reading *reading,
	struct dgm_group *group, enum dgm_field_id field, const struct dgm_event *event, uint32_t number)
{
	if (event->literal == DGM_LITERAL_NULL)
		return;
	struct dgm_value *value = nth(group, field, number);
	/* It may stand before the values: a place for its own, and for those of the nulls before it. */
	while (!value) {
		struct dgm_value *place = dgm_value_add(notice, group, field);
		place->state = DGM_STATE_UNPARSED;
		place->offset = event->offset;
		place->preset = 1;
		reading->early++;
		value = nth(group, field, number);
	}
	dgm_canonical_original(canonical, notice, group, field, value, event->text);
}

static uint16_t literal_by_name(struct dgm_str name)
{
	for (size_t i = 0; i < DGM_COUNT(literal_names); i++)
		if (dgm_str_is(name, literal_names[i]))
			return (uint16_t)i;
	return DGM_LITERAL_TEXT;
}

static void read_begin(struct dgm_canonical *canonical, struct dgm_notice *notice, struct reading *reading,
	const struct dgm_event *event)
{
	const struct meaning meaning = meaning_of(canonical, event->key);
	struct dgm_group *group = reading->stack[reading->depth];
	const bool repeated = meaning.what == WHAT_FIELD && !dgm_fields[meaning.id].many &&
		dgm_value_first(group, (enum dgm_field_id)meaning.id);
	if (reading->lost || repeated || (meaning.what != WHAT_GROUP && meaning.what != WHAT_FIELD) ||
		reading->depth + 1 == DEPTH_MAX) {
		reading->lost++;
	} else if (meaning.what == WHAT_FIELD) {
		reading->value = dgm_value_add(notice, group, (enum dgm_field_id)meaning.id);
		reading->value->offset = event->offset;
		reading->stack[++reading->depth] = group;
	} else {
		const enum dgm_group_id id = (enum dgm_group_id)meaning.id;
		reading->stack[++reading->depth] =
			dgm_groups[id].many ? dgm_group_add(notice, group, id) : dgm_group_last(notice, group, id);
	}
	reading->original_key = 0;
}

/* The place for a value of a field; NULL: the field may stand once only and has its value. */
static struct dgm_value *place_for(struct dgm_notice *notice, struct reading *reading, struct dgm_group *group,
	enum dgm_field_id field)
{
	/* The original that belongs to it may have come first. */
	for (struct dgm_value *value = dgm_value_first(group, field); value && reading->early; value = value->next)
		if (value->preset) {
			value->preset = 0;
			reading->early--;
			return value;
		}
	if (dgm_fields[field].many || !dgm_value_first(group, field))
		return dgm_value_add(notice, group, field);
	return NULL;
}

static void read_field(struct dgm_canonical *canonical, struct dgm_notice *notice, struct reading *reading,
	struct dgm_group *group, enum dgm_field_id field, const struct dgm_event *event)
{
	if (event->literal == DGM_LITERAL_TEXT && event->text.len == 0 && dgm_fields[field].type != DGM_TYPE_LITERAL) {
		/* In a list the place of a value that was not understood; elsewhere it says nothing. */
		if (event->flags & DGM_EVENT_ITEM && dgm_fields[field].many)
			place_for(notice, reading, group, field)->state = DGM_STATE_UNPARSED;
		return;
	}
	struct dgm_value *value = place_for(notice, reading, group, field);
	if (!value) {
		keep_as(canonical, notice, event, "field-repeated");
		return;
	}
	const struct dgm_str original = value->original;
	*value = (struct dgm_value){.next = value->next};
	dgm_canonical_fill(canonical, notice, value, field, event, event->text);
	if (original.ptr)
		dgm_canonical_original(canonical, notice, group, field, value, original);
}

static void read_value(struct dgm_canonical *canonical, struct dgm_notice *notice, struct reading *reading,
	const struct dgm_event *event)
{
	const struct meaning meaning = meaning_of(canonical, event->key);
	const enum dgm_field_id field = (enum dgm_field_id)meaning.id;
	struct dgm_group *group = reading->stack[reading->depth];
	struct dgm_value *value = reading->value;
	const bool inside = value != NULL;
	switch (reading->lost ? WHAT_UNKNOWN : meaning.what) {
	case WHAT_FIELD:
		read_field(canonical, notice, reading, group, field, event);
		return;
	case WHAT_ORIGINAL:
		reading->original_number = reading->original_key == event->key ? reading->original_number + 1 : 0;
		reading->original_key = event->key;
		read_original(canonical, notice, reading, group, field, event, reading->original_number);
		return;
	case WHAT_TEXT:
		if (inside && value->state == DGM_STATE_PARSED) {
			const struct dgm_str original = value->original;
			const uint8_t literal = value->literal;
			dgm_canonical_fill(canonical, notice, value, field, event, event->text);
			if (original.ptr)
				dgm_canonical_original(canonical, notice, group, field, value, original);
			if (literal)
				value->literal = literal;
			return;
		}
		/* Beside null="true" or unparsed="true" there should be none. */
		if (dgm_str_trim(event->text).len == 0)
			return;
		break;
	case WHAT_ATTR_ORIGINAL:
		if (inside)
			value->original = event->text.len ? event->text : (struct dgm_str){"", 0};
		return;
	case WHAT_ATTR_NULL:
		if (inside && dgm_str_is(event->text, "true"))
			value->state = DGM_STATE_NULL;
		return;
	case WHAT_ATTR_UNPARSED:
		if (inside && dgm_str_is(event->text, "true"))
			value->state = DGM_STATE_UNPARSED;
		return;
	case WHAT_ATTR_LITERAL:
		if (inside)
			value->literal = (uint8_t)literal_by_name(event->text);
		return;
	case WHAT_GROUP:
		/* An empty element where a group may stand says nothing. */
		if (event->text.len == 0)
			return;
		break;
	case WHAT_UNSEEN:
	case WHAT_UNKNOWN:
		break;
	}
	dgm_canonical_keep(canonical, notice, event);
}

/* At the end of a field's element: without text it holds no value, whatever its attributes say. */
static void settle(struct dgm_value *value)
{
	if (value && value->state == DGM_STATE_PARSED && value->text.len == 0 && value->literal == DGM_LITERAL_TEXT)
		value->state = DGM_STATE_UNPARSED;
}

static void read_tree(struct dgm_canonical *canonical, const struct dgm_record *record, struct dgm_notice *notice)
{
	struct reading reading = {.stack = {notice->root}};
	for (size_t i = 0; i < record->count; i++) {
		const struct dgm_event *event = &record->events[i];
		if (event->kind == DGM_EVENT_BEGIN) {
			read_begin(canonical, notice, &reading, event);
		} else if (event->kind == DGM_EVENT_VALUE) {
			read_value(canonical, notice, &reading, event);
		} else if (reading.lost) {
			reading.lost--;
		} else if (reading.depth > 0) {
			reading.depth--;
			settle(reading.value);
			reading.value = NULL;
		}
	}
}

void dgm_canonical_read(struct dgm_canonical *canonical, const struct dgm_record *record, struct dgm_notice *notice)
{
	if (canonical->format->style != DGM_STYLE_PACKED) {
		read_tree(canonical, record, notice);
		return;
	}
	const struct dgm_event *originals = NULL;
	for (size_t i = 0; i < record->count; i++) {
		const struct dgm_event *event = &record->events[i];
		if (event->kind != DGM_EVENT_VALUE || event->text.len == 0)
			continue;
		const struct meaning meaning = meaning_of(canonical, event->key);
		if (meaning.what == WHAT_FIELD)
			dgm_packed_read_cell(canonical, notice, (enum dgm_field_id)meaning.id, event);
		else if (meaning.what == WHAT_ORIGINAL)
			originals = event;
		else
			dgm_canonical_keep(canonical, notice, event);
	}
	if (originals)
		dgm_packed_read_originals(canonical, notice, originals);
}

/* --- writing --- */

static void put(struct dgm_record *record, uint16_t kind, uint32_t key, uint16_t literal, bool item,
	struct dgm_str text)
{
	dgm_record_add(record, kind, key, literal, item ? DGM_EVENT_ITEM : 0, text);
}

static void write_members(const struct dgm_canonical *canonical, struct dgm_record *record, enum dgm_field_id field,
	struct dgm_value *first)
{
	const bool many = dgm_fields[field].many;
	bool originals = false;
	for (struct dgm_value *value = first; value; value = value->next) {
		value->used = 1;
		originals = originals || value->original.ptr;
		if (value->state == DGM_STATE_PARSED || (many && value->state == DGM_STATE_UNPARSED))
			put(record, DGM_EVENT_VALUE, canonical->field_keys[field], value->literal, many, value->text);
		else if (value->state == DGM_STATE_NULL)
			put(record, DGM_EVENT_VALUE, canonical->field_keys[field], DGM_LITERAL_NULL, many, DGM_NOSTR);
	}
	for (const struct dgm_value *value = originals ? first : NULL; value; value = value->next)
		put(record, DGM_EVENT_VALUE, canonical->original_keys[field],
			value->original.ptr ? DGM_LITERAL_TEXT : DGM_LITERAL_NULL, many, value->original);
}

static void write_element(const struct dgm_canonical *canonical, struct dgm_record *record, enum dgm_field_id field,
	struct dgm_value *value)
{
	const uint32_t key = canonical->field_keys[field];
	const uint32_t *attributes = canonical->attribute_keys[field];
	value->used = 1;
	if (value->state == DGM_STATE_PARSED && !value->original.ptr && value->literal == DGM_LITERAL_TEXT) {
		put(record, DGM_EVENT_VALUE, key, DGM_LITERAL_TEXT, false, value->text);
		return;
	}
	put(record, DGM_EVENT_BEGIN, key, 0, false, DGM_NOSTR);
	if (value->state == DGM_STATE_NULL)
		put(record, DGM_EVENT_VALUE, attributes[KEY_NULL], 0, false, DGM_STR("true"));
	if (value->state == DGM_STATE_UNPARSED)
		put(record, DGM_EVENT_VALUE, attributes[KEY_UNPARSED], 0, false, DGM_STR("true"));
	if (value->literal != DGM_LITERAL_TEXT)
		put(record, DGM_EVENT_VALUE, attributes[KEY_LITERAL], 0, false, dgm_str(literal_names[value->literal]));
	if (value->original.ptr)
		put(record, DGM_EVENT_VALUE, attributes[KEY_ORIGINAL], 0, false, value->original);
	if (value->text.len)
		put(record, DGM_EVENT_VALUE, attributes[KEY_TEXT], 0, false, value->text);
	put(record, DGM_EVENT_END, key, 0, false, DGM_NOSTR);
}

static void write_group(const struct dgm_canonical *canonical, struct dgm_record *record, const struct dgm_group *group)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	for (uint32_t f = 0; f < def->field_count; f++) {
		struct dgm_value *value = group->slots[f].first;
		const enum dgm_field_id field = (enum dgm_field_id)(def->first_field + f);
		if (!value)
			continue;
		if (canonical->format->style == DGM_STYLE_MEMBERS) {
			write_members(canonical, record, field, value);
			continue;
		}
		for (; value; value = value->next)
			write_element(canonical, record, field, value);
	}
	for (uint32_t c = 0; c < def->child_count; c++) {
		const struct dgm_group *child = group->slots[def->field_count + c].first;
		for (; child; child = child->next) {
			const uint32_t key = canonical->group_keys[child->id];
			put(record, DGM_EVENT_BEGIN, key, 0, dgm_groups[child->id].many, DGM_NOSTR);
			write_group(canonical, record, child);
			put(record, DGM_EVENT_END, key, 0, dgm_groups[child->id].many, DGM_NOSTR);
		}
	}
}

void dgm_canonical_write(struct dgm_canonical *canonical, const struct dgm_notice *notice, struct dgm_record *record)
{
	if (canonical->format->style == DGM_STYLE_PACKED)
		dgm_packed_write(notice, record, canonical->field_keys, canonical->originals_key);
	else
		write_group(canonical, record, notice->root);
}
