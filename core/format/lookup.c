/* SPDX-License-Identifier: Apache-2.0 */
/* A table from keys to nodes per shape, filled at first sight; and the conditions of shapes, checked per record. */
#include "format/lookup.h"

#include <stdlib.h>

/* Not a node of the definition. */
static const struct dgm_node unknown = {.kind = DGM_NODE_KEEP, .target = {.position = -1}};

/* Labels seen lately. A list has some tens of them, which should not meet: what falls out is looked up again. */
#define LABELS 1024u
#define LABEL_MAX 48u

struct label {
	const struct dgm_node *parent, *child; /* parent NULL: free */
	uint32_t len;
	char text[LABEL_MAX];
};

struct by_key {
	const struct dgm_node *root;
	const struct dgm_node **nodes; /* NULL: not looked up yet */
	uint32_t capacity;
};

/* A condition with what its pattern comes to. */
enum form { FORM_ABSENT, FORM_ANY, FORM_EXACT, FORM_FRONT, FORM_END, FORM_PATTERN };

struct rule {
	const struct dgm_condition *condition;
	uint32_t shape;
	enum form form;
	struct dgm_str text; /* of the pattern, without '*' */
};

struct dgm_lookup {
	const struct dgm_format *format;
	struct dgm_keys *keys;
	struct by_key *tables; /* by shape, the envelope's last */
	struct rule *rules;    /* all shapes' conditions in their order */
	uint32_t *first_rules; /* by shape */
	uint32_t rule_count, rule_words;
	uint8_t *condition_keys; /* by key: 0 not looked up, 1 no condition concerns it, 2 one does */
	uint64_t *key_rules;     /* by key: which ones, in rule_words words of bits */
	uint32_t condition_capacity;
	struct label labels[LABELS];
};

static struct rule make_rule(uint32_t shape, const struct dgm_condition *condition)
{
	const struct dgm_str pattern = condition->pattern, star = DGM_STR("*");
	struct rule rule = {.condition = condition, .shape = shape, .form = FORM_PATTERN};
	const size_t at = dgm_str_find(pattern, star);
	const struct dgm_str behind = at < pattern.len ? dgm_str_skip(pattern, at + 1) : DGM_NOSTR;
	const bool one = at < pattern.len && dgm_str_find(behind, star) == behind.len;
	rule.text = at > 0 ? dgm_str_take(pattern, at) : behind;
	if (pattern.len == 0)
		rule.form = FORM_ABSENT;
	else if (at == pattern.len)
		rule.form = FORM_EXACT;
	else if (pattern.len == 1)
		rule.form = FORM_ANY;
	else if (one && behind.len == 0)
		rule.form = FORM_FRONT;
	else if (one && at == 0)
		rule.form = FORM_END;
	return rule;
}

static void collect_rules(struct dgm_lookup *lookup)
{
	const struct dgm_format *format = lookup->format;
	uint32_t count = 0;
	for (uint32_t s = 0; s < format->shape_count; s++)
		for (uint32_t w = 0; w < format->shapes[s].when_count; w++)
			count += format->shapes[s].when[w].count;
	lookup->rules = dgm_xcalloc(count, sizeof *lookup->rules);
	lookup->first_rules = dgm_xcalloc(format->shape_count, sizeof *lookup->first_rules);
	lookup->rule_words = (count + 63) / 64;
	for (uint32_t s = 0; s < format->shape_count; s++) {
		const struct dgm_shape *shape = &format->shapes[s];
		lookup->first_rules[s] = lookup->rule_count;
		for (uint32_t w = 0; w < shape->when_count; w++)
			for (uint32_t c = 0; c < shape->when[w].count; c++)
				lookup->rules[lookup->rule_count++] = make_rule(s, &shape->when[w].conditions[c]);
	}
}

struct dgm_lookup *dgm_lookup_new(const struct dgm_format *format, struct dgm_keys *keys)
{
	struct dgm_lookup *lookup = dgm_xcalloc(1, sizeof *lookup);
	lookup->format = format;
	lookup->keys = keys;
	lookup->tables = dgm_xcalloc(format->shape_count + 1, sizeof *lookup->tables);
	for (uint32_t s = 0; s < format->shape_count; s++)
		lookup->tables[s].root = format->shapes[s].root;
	collect_rules(lookup);
	lookup->tables[format->shape_count].root = format->envelope.root;
	return lookup;
}

void dgm_lookup_free(struct dgm_lookup *lookup)
{
	if (!lookup)
		return;
	for (uint32_t s = 0; s <= lookup->format->shape_count; s++)
		free(lookup->tables[s].nodes);
	free(lookup->tables);
	free(lookup->condition_keys);
	free(lookup->key_rules);
	free(lookup->rules);
	free(lookup->first_rules);
	free(lookup);
}

static bool is_named(const struct dgm_node *node, struct dgm_str name)
{
	if (dgm_str_eq(node->name, name))
		return true;
	for (uint32_t i = 0; i < node->alias_count; i++)
		if (dgm_str_eq(node->aliases[i], name))
			return true;
	return false;
}

/* Headers typed by hand differ in case and blanks; that is no other key. */
static bool is_nearly_named(const struct dgm_node *node, struct dgm_str name)
{
	name = dgm_str_trim(name);
	if (dgm_str_eq_nocase(node->name, name))
		return true;
	for (uint32_t i = 0; i < node->alias_count; i++)
		if (dgm_str_eq_nocase(node->aliases[i], name))
			return true;
	return false;
}

const struct dgm_node *dgm_lookup_child(const struct dgm_node *parent, struct dgm_str name)
{
	for (const struct dgm_node *child = parent->first; child; child = child->next)
		if (is_named(child, name))
			return child;
	for (const struct dgm_node *child = parent->first; child; child = child->next)
		if (is_nearly_named(child, name))
			return child;
	return NULL;
}

/* "Name" of "(3) Name", "3. Name", "3) Name"; the text itself where no number stands in front. */
static struct dgm_str without_number(struct dgm_str text)
{
	const struct dgm_str trimmed = dgm_str_trim(text);
	const bool open = dgm_str_starts(trimmed, DGM_STR("("));
	const struct dgm_str digits = open ? dgm_str_skip(trimmed, 1) : trimmed;
	size_t n = 0;
	while (n < digits.len && n < 3 && dgm_is_digit(digits.ptr[n]))
		n++;
	if (n == 0 || n == digits.len || (digits.ptr[n] != ')' && (open || digits.ptr[n] != '.')))
		return text;
	const struct dgm_str rest = dgm_str_trim(dgm_str_skip(digits, n + 1));
	return rest.len ? rest : text;
}

static const struct dgm_node *find_label(const struct dgm_node *parent, struct dgm_str text)
{
	const struct dgm_node *child = dgm_lookup_child(parent, text);
	if (child || !parent->numbering)
		return child;
	const struct dgm_str bare = without_number(text);
	return bare.ptr == text.ptr ? NULL : dgm_lookup_child(parent, bare);
}

const struct dgm_node *dgm_lookup_label(struct dgm_lookup *lookup, const struct dgm_node *parent, struct dgm_str text)
{
	if (text.len == 0 || text.len > LABEL_MAX)
		return find_label(parent, text);
	struct label *label = &lookup->labels[dgm_str_hash(text, parent->number) % LABELS];
	if (label->parent == parent && dgm_str_eq(dgm_str_of(label->text, label->len), text))
		return label->child;
	*label = (struct label){.parent = parent, .child = find_label(parent, text), .len = (uint32_t)text.len};
	memcpy(label->text, text.ptr, text.len);
	return label->child;
}

const struct dgm_event *dgm_lookup_naming(const struct dgm_lookup *lookup, const struct dgm_node *node,
	const struct dgm_record *record, size_t begin)
{
	size_t depth = 0;
	for (size_t i = begin + 1; node->by.len && i < record->count; i++) {
		const struct dgm_event *event = &record->events[i];
		if (event->kind == DGM_EVENT_VALUE && depth == 0 &&
			dgm_str_eq(dgm_keys_name(lookup->keys, event->key), node->by))
			return event;
		if (event->kind == DGM_EVENT_END && depth-- == 0)
			break;
		depth += event->kind == DGM_EVENT_BEGIN;
	}
	return NULL;
}

static void grow(struct by_key *table, uint32_t key)
{
	uint32_t capacity = table->capacity ? table->capacity : 256;
	while (capacity <= key)
		capacity *= 2;
	table->nodes = dgm_xrealloc(table->nodes, capacity * sizeof *table->nodes);
	memset(table->nodes + table->capacity, 0, (capacity - table->capacity) * sizeof *table->nodes);
	table->capacity = capacity;
}

static const struct dgm_node *look_up(struct dgm_lookup *lookup, struct by_key *table, uint32_t key);

static const struct dgm_node *node_of(struct dgm_lookup *lookup, struct by_key *table, uint32_t key)
{
	if (key < table->capacity && table->nodes[key])
		return table->nodes[key];
	return look_up(lookup, table, key);
}

/* An alias with a '/': the key inside a container that has no line of its own. */
static const struct dgm_node *inside_unknown(struct dgm_lookup *lookup, struct by_key *table, uint32_t container,
	struct dgm_str name)
{
	const uint32_t above = dgm_keys_parent(lookup->keys, container);
	const struct dgm_node *node = above ? node_of(lookup, table, above) : table->root;
	const struct dgm_str outer = dgm_keys_name(lookup->keys, container);
	for (const struct dgm_node *child = node ? node->first : NULL; child; child = child->next)
		for (uint32_t i = 0; i < child->alias_count; i++)
			if (child->aliases[i].len == outer.len + 1 + name.len &&
				dgm_str_starts(child->aliases[i], outer) && child->aliases[i].ptr[outer.len] == '/' &&
				dgm_str_ends(child->aliases[i], name))
				return child;
	return NULL;
}

static const struct dgm_node *look_up(struct dgm_lookup *lookup, struct by_key *table, uint32_t key)
{
	const uint32_t parent_key = dgm_keys_parent(lookup->keys, key);
	const struct dgm_str name = dgm_keys_name(lookup->keys, key);
	const struct dgm_node *parent = parent_key ? node_of(lookup, table, parent_key) : table->root;
	const struct dgm_node *node = NULL;
	if (parent)
		node = dgm_lookup_child(parent, name);
	if (!node && parent && parent->kind == DGM_NODE_IGNORE)
		node = parent;
	/* The text of an element that also has attributes is the element's value. */
	if (!node && parent && dgm_str_is(name, "#text") &&
		(parent->kind == DGM_NODE_FIELD || parent->kind == DGM_NODE_PART))
		node = parent;
	if (!node && parent == &unknown)
		node = inside_unknown(lookup, table, parent_key, name);
	if (!node)
		node = &unknown;
	if (key >= table->capacity)
		grow(table, key);
	table->nodes[key] = node;
	return node;
}

/* A key has the name of the path or is an alias of the key that has. */
static bool is_condition_path(struct dgm_lookup *lookup, uint32_t shape, const struct dgm_condition *condition,
	uint32_t key)
{
	for (uint32_t d = condition->depth; d > 0; d--) {
		if (key == 0 ||
			(!dgm_str_eq(dgm_keys_name(lookup->keys, key), condition->path[d - 1]) &&
				!dgm_str_eq(node_of(lookup, &lookup->tables[shape], key)->name,
					condition->path[d - 1])))
			return false;
		key = dgm_keys_parent(lookup->keys, key);
	}
	return key == 0;
}

static void grow_conditions(struct dgm_lookup *lookup, uint32_t key)
{
	const size_t words = lookup->rule_words;
	uint32_t capacity = lookup->condition_capacity ? lookup->condition_capacity : 256;
	while (capacity <= key)
		capacity *= 2;
	lookup->condition_keys = dgm_xrealloc(lookup->condition_keys, capacity);
	lookup->key_rules = dgm_xrealloc(lookup->key_rules, capacity * words * sizeof(uint64_t));
	memset(lookup->condition_keys + lookup->condition_capacity, 0, capacity - lookup->condition_capacity);
	memset(lookup->key_rules + lookup->condition_capacity * words, 0,
		(capacity - lookup->condition_capacity) * words * sizeof(uint64_t));
	lookup->condition_capacity = capacity;
}

static bool concerns_key(struct dgm_lookup *lookup, uint32_t key)
{
	if (key >= lookup->condition_capacity)
		grow_conditions(lookup, key);
	if (lookup->condition_keys[key])
		return lookup->condition_keys[key] == 2;
	uint64_t *bits = lookup->key_rules + (size_t)key * lookup->rule_words;
	lookup->condition_keys[key] = 1;
	for (uint32_t r = 0; r < lookup->rule_count; r++) {
		if (!is_condition_path(lookup, lookup->rules[r].shape, lookup->rules[r].condition, key))
			continue;
		bits[r / 64] |= UINT64_C(1) << (r % 64);
		lookup->condition_keys[key] = 2;
	}
	return lookup->condition_keys[key] == 2;
}

/* Every row of a table has all columns, so there a column is there that is not empty. */
static bool says_something(const struct dgm_lookup *lookup, const struct dgm_event *event)
{
	return !lookup->format->table || dgm_str_trim(event->text).len > 0;
}

static bool is_met(const struct dgm_lookup *lookup, const struct rule *rule, const struct dgm_event *event)
{
	switch (rule->form) {
	case FORM_ABSENT:
		return event->kind == DGM_EVENT_BEGIN || dgm_str_trim(event->text).len > 0;
	case FORM_ANY:
		return says_something(lookup, event);
	case FORM_EXACT:
		return dgm_str_eq(event->text, rule->text);
	case FORM_FRONT:
		return dgm_str_starts(event->text, rule->text);
	case FORM_END:
		return dgm_str_ends(event->text, rule->text);
	case FORM_PATTERN:
		break;
	}
	return dgm_str_matches(event->text, rule->condition->pattern);
}

static bool holds(const struct dgm_lookup *lookup, uint32_t number, const struct dgm_event *const *events, size_t count)
{
	const struct rule *rule = &lookup->rules[number];
	const uint64_t bit = UINT64_C(1) << (number % 64);
	for (size_t i = 0; i < count; i++) {
		const uint64_t *bits = lookup->key_rules + (size_t)events[i]->key * lookup->rule_words;
		if ((bits[number / 64] & bit) && is_met(lookup, rule, events[i]))
			return rule->form != FORM_ABSENT;
	}
	return rule->form == FORM_ABSENT;
}

static bool fits(const struct dgm_lookup *lookup, uint32_t number, const struct dgm_event *const *events, size_t count)
{
	const struct dgm_shape *shape = &lookup->format->shapes[number];
	uint32_t first = lookup->first_rules[number];
	for (uint32_t w = 0; w < shape->when_count; w++) {
		uint32_t c = 0;
		while (c < shape->when[w].count && holds(lookup, first + c, events, count))
			c++;
		if (c == shape->when[w].count)
			return true;
		first += shape->when[w].count;
	}
	return shape->when_count == 0;
}

const struct dgm_node *dgm_lookup_node(struct dgm_lookup *lookup, uint32_t shape, uint32_t key)
{
	return node_of(lookup, &lookup->tables[shape], key);
}

struct dgm_str dgm_lookup_name(struct dgm_lookup *lookup, uint32_t shape, uint32_t key)
{
	const struct dgm_node *node = lookup->format->table ? dgm_lookup_node(lookup, shape, key) : &unknown;
	return node->name.len ? node->name : dgm_keys_name(lookup->keys, key);
}

static bool lies_at(const struct dgm_shape *shape, uint32_t path)
{
	for (uint32_t i = 0; i < shape->path_count; i++)
		if (shape->paths[i] == path)
			return true;
	return false;
}

int dgm_lookup_shape(struct dgm_lookup *lookup, const struct dgm_record *record)
{
	enum { MOST = 64 };
	const struct dgm_event *concerned[MOST];
	size_t count = 0;
	for (size_t i = 0; lookup->rule_count && i < record->count && count < MOST; i++)
		if (record->events[i].kind != DGM_EVENT_END && concerns_key(lookup, record->events[i].key))
			concerned[count++] = &record->events[i];
	for (uint32_t s = 0; s < lookup->format->shape_count; s++) {
		const struct dgm_shape *shape = &lookup->format->shapes[s];
		/* With conditions the path does not matter: a list's items look the same wherever the list lies. */
		if (!shape->continues &&
			(shape->when_count > 0 || lies_at(shape, record->path) ||
				record->path >= lookup->format->path_count) &&
			fits(lookup, s, concerned, count))
			return (int)s;
	}
	return -1;
}
