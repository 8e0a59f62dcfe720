/* SPDX-License-Identifier: Apache-2.0 */
/* Columns are looked up once per key and shape; per row nothing is searched for by name. */
#include "format/rows.h"

#include <stdlib.h>

#include "format/lookup.h"

/* What the rows share stands in each of them, so a small notice could become a file of any size. */
#define ROWS_BYTES_MAX ((size_t)64 << 20)

/* A value that stood longer ago in a column of several counts as a further one; else long records took for ever. */
#define VALUES_COMPARED 256u

struct column {
	const struct dgm_node *node;  /* NULL: not in the definition */
	const struct dgm_node *group; /* whose instances rows are; NULL: of the whole record */
	uint32_t key;                 /* in the tree */
	uint32_t differing;           /* key of a value that only this row has; 0: not needed so far */
	uint32_t last;                /* the event of its last value in the record in work */
	uint64_t serial;              /* that record */
	bool known, several;
};

struct table {
	struct column *columns; /* by key */
	uint32_t capacity;
	const struct dgm_node *groups; /* the first node with "row"; the others follow it */
};

struct by_key {
	uint32_t flat; /* of a column in a group; 0: not looked up */
	uint32_t count;
	uint64_t serial, row;
};

/* A value of the whole record, and how many of its column stand before it. */
struct shared {
	size_t event;
	uint32_t ordinal;
};

struct dgm_rows {
	const struct dgm_format *format;
	struct dgm_keys *keys;
	uint64_t serial;
	/* reading */
	struct table *tables; /* by shape */
	struct dgm_record nested;
	uint32_t *previous; /* by event of nested: the value before it in the same column */
	size_t previous_capacity;
	const struct dgm_event **differing; /* of the row in work */
	size_t differing_count, differing_capacity;
	/* writing */
	struct by_key *by_key;
	uint32_t by_key_capacity;
	uint64_t row;
	struct dgm_record flat;
	size_t *starts; /* of the groups, in the tree */
	size_t start_count, start_capacity;
	struct shared *shared;
	size_t shared_count, shared_capacity;
	uint32_t row_key;
};

static const struct dgm_node *next_group(const struct dgm_node *node)
{
	while (node && !node->row)
		node = node->next;
	return node;
}

bool dgm_rows_is_key(const struct dgm_format *format, struct dgm_str name)
{
	for (uint32_t s = 0; format->rows.len && s < format->shape_count; s++) {
		const struct dgm_node *root = format->shapes[s].root, *node = dgm_lookup_child(root, name);
		if (node && node == dgm_lookup_child(root, format->rows))
			return true;
	}
	return false;
}

struct dgm_rows *dgm_rows_new(const struct dgm_format *format, struct dgm_keys *keys)
{
	if (format->rows.len == 0)
		return NULL;
	struct dgm_rows *rows = dgm_xcalloc(1, sizeof *rows);
	rows->format = format;
	rows->keys = keys;
	rows->tables = dgm_xcalloc(format->shape_count, sizeof *rows->tables);
	for (uint32_t s = 0; s < format->shape_count; s++)
		rows->tables[s].groups = next_group(format->shapes[s].root->first);
	return rows;
}

void dgm_rows_free(struct dgm_rows *rows)
{
	if (!rows)
		return;
	for (uint32_t s = 0; s < rows->format->shape_count; s++)
		free(rows->tables[s].columns);
	free(rows->tables);
	free(rows->previous);
	free(rows->differing);
	free(rows->by_key);
	free(rows->starts);
	free(rows->shared);
	dgm_record_done(&rows->nested);
	dgm_record_done(&rows->flat);
	free(rows);
}

/* Room for one more than index, twice as much as before; new room is zero. */
static void *room(void *array, size_t *capacity, size_t index, size_t size)
{
	if (index < *capacity)
		return array;
	size_t more = *capacity ? *capacity : 64;
	while (more <= index)
		more *= 2;
	array = dgm_xrealloc(array, more * size);
	memset((char *)array + *capacity * size, 0, (more - *capacity) * size);
	*capacity = more;
	return array;
}

/* --- reading --- */

static void look_up(struct dgm_rows *rows, const struct dgm_shape *shape, uint32_t key, struct column *column)
{
	const struct dgm_str name = dgm_keys_name(rows->keys, key);
	const struct dgm_node *node = dgm_lookup_child(shape->root, name);
	*column = (struct column){.known = true, .key = key, .node = node && !node->row ? node : NULL};
	for (const struct dgm_node *group = shape->root->first; group && !column->node; group = group->next) {
		const struct dgm_node *child = group->row ? dgm_lookup_child(group, name) : NULL;
		const uint32_t nested =
			child ? dgm_keys_get(rows->keys, dgm_keys_get(rows->keys, 0, group->name), name) : 0;
		/* Without a key the column is one that nobody knows: kept. */
		if (nested) {
			column->node = child;
			column->group = group;
			column->key = nested;
		}
	}
	node = column->node;
	column->several = node && node->kind == DGM_NODE_FIELD &&
		(node->list || node->split_count > 0 ||
			(dgm_fields[node->target.field].many && node->target.position < 0));
}

static struct column *column_of(struct dgm_rows *rows, uint32_t shape, uint32_t key)
{
	struct table *table = &rows->tables[shape];
	size_t capacity = table->capacity;
	if (key >= capacity) {
		table->columns = room(table->columns, &capacity, key, sizeof *table->columns);
		table->capacity = (uint32_t)capacity;
	}
	struct column *column = &table->columns[key];
	if (!column->known)
		look_up(rows, &rows->format->shapes[shape], key, column);
	return column;
}

static bool is_blank(const struct dgm_event *event)
{
	return event->literal == DGM_LITERAL_TEXT && dgm_str_trim(event->text).len == 0;
}

static void add(struct dgm_rows *rows, const struct dgm_event *event, uint16_t kind, uint32_t key)
{
	dgm_record_ensure(&rows->nested, 1);
	struct dgm_event *to = &rows->nested.events[rows->nested.count++];
	*to = *event;
	to->kind = kind;
	to->key = key;
}

static void add_shared(struct dgm_rows *rows, struct column *column, const struct dgm_event *event)
{
	const size_t at = rows->nested.count;
	rows->previous = room(rows->previous, &rows->previous_capacity, at, sizeof *rows->previous);
	rows->previous[at] = column->serial == rows->serial ? column->last + 1 : 0;
	column->serial = rows->serial;
	column->last = (uint32_t)at;
	add(rows, event, event->kind, column->key);
}

/* Whether a column of the record has had this text. ret_any: whether it has had any. */
static bool stood_before(const struct dgm_rows *rows, const struct column *column, struct dgm_str text, bool *ret_any)
{
	uint32_t at = column->serial == rows->serial ? column->last + 1 : 0;
	*ret_any = false;
	for (unsigned n = 0; at && n < VALUES_COMPARED; n++, at = rows->previous[at - 1]) {
		const struct dgm_event *event = &rows->nested.events[at - 1];
		*ret_any = *ret_any || !is_blank(event);
		if (dgm_str_eq(dgm_str_trim(event->text), dgm_str_trim(text)))
			return true;
	}
	return false;
}

/* What belongs to the whole record: once, and further values where the column holds several. */
static void nest_shared(struct dgm_rows *rows, uint32_t shape, const struct dgm_event *events, size_t count, bool first)
{
	rows->differing_count = 0;
	for (size_t i = 0; i < count; i++) {
		struct column *column = column_of(rows, shape, events[i].key);
		bool any = false;
		if (column->group)
			continue;
		if (first) {
			add_shared(rows, column, &events[i]);
			continue;
		}
		if (is_blank(&events[i]) || stood_before(rows, column, events[i].text, &any))
			continue;
		if (!any || column->several) {
			add_shared(rows, column, &events[i]);
			continue;
		}
		rows->differing = room(rows->differing, &rows->differing_capacity, rows->differing_count,
			sizeof(struct dgm_event *));
		rows->differing[rows->differing_count++] = &events[i];
	}
}

/* Values that only this row has, under their own names, which the group does not know: they are kept. */
static void add_differing(struct dgm_rows *rows, uint32_t shape, uint32_t group)
{
	for (size_t i = 0; i < rows->differing_count; i++) {
		struct column *column = column_of(rows, shape, rows->differing[i]->key);
		if (!column->differing && group)
			column->differing =
				dgm_keys_get(rows->keys, group, dgm_keys_name(rows->keys, rows->differing[i]->key));
		add(rows, rows->differing[i], DGM_EVENT_VALUE, column->differing ? column->differing : column->key);
	}
	rows->differing_count = 0;
}

static bool says_something(struct dgm_rows *rows, uint32_t shape, const struct dgm_node *group,
	const struct dgm_event *events, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct column *column = column_of(rows, shape, events[i].key);
		if (column->group == group && (!is_blank(&events[i]) || column->node->empty == DGM_EMPTY_NULL))
			return true;
	}
	return false;
}

static void nest_groups(struct dgm_rows *rows, uint32_t shape, const struct dgm_event *events, size_t count)
{
	static const struct dgm_event nothing = {.kind = DGM_EVENT_BEGIN};
	const struct dgm_node *first = rows->tables[shape].groups;
	const uint32_t first_key = first ? dgm_keys_get(rows->keys, 0, first->name) : 0;
	for (const struct dgm_node *group = first; group; group = next_group(group->next)) {
		if (!says_something(rows, shape, group, events, count))
			continue;
		const uint32_t key = dgm_keys_get(rows->keys, 0, group->name);
		add(rows, &nothing, DGM_EVENT_BEGIN, key);
		if (group == first)
			add_differing(rows, shape, key);
		for (size_t i = 0; i < count; i++) {
			const struct column *column = column_of(rows, shape, events[i].key);
			if (column->group == group)
				add(rows, &events[i], events[i].kind, column->key);
		}
		add(rows, &nothing, DGM_EVENT_END, key);
	}
	if (rows->differing_count && first_key)
		add(rows, &nothing, DGM_EVENT_BEGIN, first_key);
	if (rows->differing_count) {
		add_differing(rows, shape, first_key);
		if (first_key)
			add(rows, &nothing, DGM_EVENT_END, first_key);
	}
}

const struct dgm_record *dgm_rows_nest(struct dgm_rows *rows, uint32_t shape, const struct dgm_record *record,
	void (*problem)(void *context, const struct dgm_problem *problem), void *context)
{
	const size_t row_count = record->row_count ? record->row_count : 1;
	rows->nested.count = 0;
	rows->nested.path = record->path;
	rows->serial++;
	for (size_t r = 0; r < row_count; r++) {
		const size_t from = record->row_count ? record->rows[r].event : 0;
		const size_t to = r + 1 < row_count ? record->rows[r + 1].event : record->count;
		const struct dgm_event *events = record->events + from;
		nest_shared(rows, shape, events, to - from, r == 0);
		for (size_t i = 0; problem && i < rows->differing_count; i++) {
			const struct dgm_event *event = rows->differing[i];
			const struct dgm_node *node = column_of(rows, shape, event->key)->node;
			const struct dgm_problem differs = {.code = "row-differs",
				.field = dgm_keys_name(rows->keys, event->key),
				.value = event->text,
				.offset = event->offset};
			if (node && node->kind != DGM_NODE_KEEP && node->kind != DGM_NODE_IGNORE)
				problem(context, &differs);
		}
		nest_groups(rows, shape, events, to - from);
	}
	return &rows->nested;
}

/* --- writing --- */

static struct by_key *of_key(struct dgm_rows *rows, uint32_t key)
{
	size_t capacity = rows->by_key_capacity;
	rows->by_key = room(rows->by_key, &capacity, key, sizeof *rows->by_key);
	rows->by_key_capacity = (uint32_t)capacity;
	return &rows->by_key[key];
}

/* The column of a key in a group, or of one that is a column itself. */
static uint32_t flat_key(struct dgm_rows *rows, uint32_t key)
{
	uint32_t flat = of_key(rows, key)->flat;
	if (!flat) {
		flat = dgm_keys_parent(rows->keys, key) ? dgm_keys_get(rows->keys, 0, dgm_keys_name(rows->keys, key))
							: key;
		of_key(rows, key)->flat = flat;
	}
	return flat;
}

/* Finds the groups and the shared values; returns how many rows these make. */
static size_t survey(struct dgm_rows *rows, const struct dgm_record *record)
{
	size_t most = 1, depth = 0;
	rows->serial++;
	rows->start_count = 0;
	rows->shared_count = 0;
	for (size_t i = 0; i < record->count; i++) {
		const struct dgm_event *event = &record->events[i];
		if (event->kind == DGM_EVENT_BEGIN && depth++ == 0) {
			rows->starts =
				room(rows->starts, &rows->start_capacity, rows->start_count, sizeof *rows->starts);
			rows->starts[rows->start_count++] = i;
		}
		depth -= event->kind == DGM_EVENT_END;
		if (depth > 0 || event->kind != DGM_EVENT_VALUE)
			continue;
		struct by_key *by_key = of_key(rows, event->key);
		if (by_key->serial != rows->serial) {
			by_key->serial = rows->serial;
			by_key->count = 0;
		}
		rows->shared = room(rows->shared, &rows->shared_capacity, rows->shared_count, sizeof *rows->shared);
		rows->shared[rows->shared_count++] = (struct shared){i, by_key->count++};
		most = by_key->count > most ? by_key->count : most;
	}
	return rows->start_count > most ? rows->start_count : most;
}

/* One row: what its group says, and of the shared columns those that the group does not fill itself. */
static size_t put_row(struct dgm_rows *rows, const struct dgm_record *record, size_t row)
{
	size_t size = 0, i = row < rows->start_count ? rows->starts[row] + 1 : record->count;
	const uint64_t mark = ++rows->row;
	for (; i < record->count && record->events[i].kind != DGM_EVENT_END; i++) {
		const struct dgm_event *event = &record->events[i];
		const uint32_t key = flat_key(rows, event->key);
		of_key(rows, key)->row = mark;
		dgm_record_add(&rows->flat, event->kind, key, event->literal, 0, event->text);
		size += event->text.len;
	}
	for (i = 0; i < rows->shared_count; i++) {
		const struct dgm_event *event = &record->events[rows->shared[i].event];
		const struct by_key *by_key = of_key(rows, event->key);
		const uint32_t ordinal = rows->shared[i].ordinal;
		/* The n-th value of several stands in the n-th row; where there are no more, the first one again. */
		if (by_key->row == mark || (ordinal != row && (ordinal > 0 || row < by_key->count)))
			continue;
		dgm_record_add(&rows->flat, event->kind, event->key, event->literal, 0, event->text);
		size += event->text.len;
	}
	return size;
}

int dgm_rows_flatten(struct dgm_rows *rows, struct dgm_record *record)
{
	size_t size = 0, cells = 0;
	const size_t count = survey(rows, record);
	if (count == 1 && rows->start_count == 0)
		return 0;
	if (__builtin_mul_overflow(count, rows->shared_count, &cells) || cells > DGM_EVENTS_MAX)
		return -1;
	if (!rows->row_key)
		rows->row_key = dgm_keys_get(rows->keys, 0, DGM_STR("[]"));
	rows->flat.count = 0;
	for (size_t row = 0; row < count; row++) {
		if (count > 1)
			dgm_record_add(&rows->flat, DGM_EVENT_BEGIN, rows->row_key, 0, DGM_EVENT_ITEM, DGM_NOSTR);
		size += put_row(rows, record, row);
		if (count > 1)
			dgm_record_add(&rows->flat, DGM_EVENT_END, rows->row_key, 0, DGM_EVENT_ITEM, DGM_NOSTR);
		if (size > ROWS_BYTES_MAX)
			return -1;
	}
	const struct dgm_record tree = *record;
	record->events = rows->flat.events;
	record->count = rows->flat.count;
	record->capacity = rows->flat.capacity;
	rows->flat.events = tree.events;
	rows->flat.capacity = tree.capacity;
	return 0;
}
