/* SPDX-License-Identifier: Apache-2.0 */
/* Compiles the mapping of a record shape: the tree of source keys, and what each of them does. */
#include "format/compile.h"

#define NODES_MAX 4096u /* of one shape; goAML's richest has some 1,500 */

struct scope {
	struct dgm_compiler *compiler;
	struct dgm_shape *shape;
	uint32_t base;   /* anchor */
	uint32_t number; /* of the copy of numbered columns in work; 0: none */
};

static void compile_children(struct scope scope, const struct dgm_yaml *map, struct dgm_node *parent);
static void compile_used(struct scope scope, const struct dgm_yaml *yaml, struct dgm_node *parent);

/* "birth date" parts: part: <field>.<part>. */
static void compile_part(struct scope scope, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	static const char *const names[DGM_PART_COUNT] = {"qualifier", "full", "year", "month", "day", "from", "to",
		"calendar"};
	const struct dgm_yaml *part = dgm_yaml_get(yaml, "part");
	const struct dgm_str text = dgm_compile_text(scope.compiler, part);
	size_t dot = text.len;
	while (dot > 0 && text.ptr[dot - 1] != '.')
		dot--;
	node->kind = DGM_NODE_PART;
	node->part = DGM_PART_COUNT;
	for (int p = 0; p < DGM_PART_COUNT; p++)
		if (dot && dgm_str_is(dgm_str_skip(text, dot), names[p]))
			node->part = (enum dgm_part)p;
	if (node->part == DGM_PART_COUNT) {
		dgm_compile_fail(scope.compiler, &part->place, "definition-field",
			"\"%.*s\": a part is a date field and one of .qualifier .full .year .month .day .from .to .calendar",
			DGM_FMT(text));
		return;
	}
	if (dgm_compile_target(scope.compiler, scope.shape, scope.base, part, dgm_str_take(text, dot - 1), NULL,
		    &node->target) &&
		dgm_fields[node->target.field].type != DGM_TYPE_DATE)
		dgm_compile_fail(scope.compiler, &part->place, "definition-field", "%.*s is not a date",
			DGM_FMT(dgm_fields[node->target.field].path));
}

static void compile_or(struct scope scope, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	const struct dgm_yaml *list = dgm_yaml_get(yaml, "or");
	uint32_t count = 0;
	struct dgm_str *paths = dgm_compile_texts(scope.compiler, list, &count);
	node->fallbacks = dgm_arena_zero(scope.compiler->arena, (count + 1) * sizeof *node->fallbacks);
	const struct dgm_yaml *set = node->kind == DGM_NODE_FIELD ? dgm_yaml_get(yaml, "set") : NULL;
	const struct dgm_anchor *anchors = scope.shape->anchors;
	for (uint32_t i = 0; i < count; i++) {
		struct dgm_target *target = &node->fallbacks[node->fallback_count];
		if (!dgm_compile_target(scope.compiler, scope.shape, scope.base, list, paths[i], NULL, target))
			continue;
		/* What the key sets holds for its other fields too. */
		if (set && anchors[target->anchor].group == anchors[node->target.anchor].group)
			dgm_compile_target(scope.compiler, scope.shape, scope.base, list, paths[i], set, target);
		node->fallback_count++;
	}
}

static void compile_always(struct scope scope, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	const struct dgm_yaml *always = dgm_yaml_get(yaml, "always");
	if (!always)
		return;
	node->always = true;
	node->always_text = DGM_STR("");
	if (always->kind == DGM_YAML_MAP) {
		struct dgm_node **link = &node->always_map;
		for (const struct dgm_yaml *entry = always->first; entry; entry = entry->next) {
			struct dgm_node *child = dgm_arena_zero(scope.compiler->arena, sizeof *child);
			child->name = entry->key;
			child->always_text = dgm_compile_text(scope.compiler, entry);
			*link = child;
			link = &child->next;
		}
	} else if (always->kind == DGM_YAML_LIST) {
		node->always_literal = DGM_LITERAL_EMPTY_LIST;
		if (always->count)
			dgm_compile_fail(scope.compiler, &always->place, "definition-shape",
				"only an empty list can be a constant");
	} else if (always->plain && dgm_str_is(always->text, "null")) {
		node->always_literal = DGM_LITERAL_NULL;
	} else {
		node->always_text = always->text;
	}
}

static void compile_kind(struct scope scope, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	struct dgm_compiler *compiler = scope.compiler;
	const struct dgm_yaml *to = dgm_yaml_get(yaml, "to"), *group = dgm_yaml_get(yaml, "group");
	const struct dgm_yaml *keep = dgm_yaml_get(yaml, "keep"), *ignore = dgm_yaml_get(yaml, "ignore");
	const struct dgm_yaml *set = dgm_yaml_get(yaml, "set"), *map = dgm_yaml_get(yaml, "map");
	const struct dgm_yaml *use = dgm_yaml_get(yaml, "use");
	const int said = (to != NULL) + (group != NULL) + (keep != NULL) + (ignore != NULL) +
		(dgm_yaml_get(yaml, "part") != NULL);
	if (said > 1 || (said == 0 && !map && !use)) {
		dgm_compile_fail(compiler, &yaml->place, "definition-shape",
			"a key says one of: to, group, part, keep, ignore, or only map");
		return;
	}
	if (to) {
		node->kind = DGM_NODE_FIELD;
		compiler->without =
			dgm_compile_texts(compiler, dgm_yaml_get(yaml, "without"), &compiler->without_count);
		dgm_compile_target(compiler, scope.shape, scope.base, to, dgm_compile_text(compiler, to), set,
			&node->target);
		compiler->without_count = 0;
	} else if (group) {
		node->kind = DGM_NODE_GROUP;
		if (dgm_compile_group(compiler, scope.shape, scope.base, group, dgm_compile_text(compiler, group), set,
			    &node->target.anchor)) {
			dgm_compile_link(compiler, scope.shape, scope.base, yaml, node);
			scope.base = node->target.anchor;
		}
	} else if (keep || ignore) {
		node->kind = keep ? DGM_NODE_KEEP : DGM_NODE_IGNORE;
		node->reason = dgm_compile_text(compiler, keep ? keep : ignore);
		if (node->reason.len == 0)
			dgm_compile_fail(compiler, &yaml->place, "definition-shape", "say why: %s needs a reason",
				keep ? "keep" : "ignore");
	} else if (said == 0) {
		node->kind = DGM_NODE_PLAIN;
		dgm_compile_choice(compiler, scope.shape, scope.base, yaml, node);
	} else {
		compile_part(scope, yaml, node);
	}
	if (use)
		compile_used(scope, use, node);
	if (map)
		compile_children(scope, map, node);
}

static void compile_joins(struct scope scope, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	const struct dgm_yaml *joins = dgm_yaml_get(yaml, "joins");
	if (!joins)
		return;
	const struct dgm_str name = dgm_compile_text(scope.compiler, joins);
	for (const struct dgm_node *other = node->parent->first; other; other = other->next)
		if (dgm_str_eq(other->name, name) && other->kind == DGM_NODE_GROUP && node->kind == DGM_NODE_GROUP)
			node->joins = other;
	if (!node->joins)
		dgm_compile_fail(scope.compiler, &joins->place, "definition-shape",
			"\"%.*s\" is not a group before this one", DGM_FMT(name));
}

/* "Alias {n}" with the number in place of {n}. */
static struct dgm_str numbered(struct scope scope, struct dgm_str name)
{
	const size_t later = dgm_str_find(name, DGM_STR("{ n}")), at = dgm_str_find(name, DGM_STR("{n}"));
	struct dgm_arena *arena = scope.compiler->arena;
	if (scope.number && later < name.len) {
		const struct dgm_str rest = dgm_str_skip(name, later + 4);
		return scope.number == 1
			? dgm_arena_printf(arena, "%.*s%.*s", (int)later, name.ptr, DGM_FMT(rest))
			: dgm_arena_printf(arena, "%.*s %u%.*s", (int)later, name.ptr, scope.number, DGM_FMT(rest));
	}
	if (!scope.number || at == name.len)
		return name;
	const struct dgm_str rest = dgm_str_skip(name, at + 3);
	return dgm_arena_printf(arena, "%.*s%u%.*s", (int)at, name.ptr, scope.number, DGM_FMT(rest));
}

/* A container whose occurrences are told apart by a value in them: its children are named by that value. */
static void compile_by(struct scope scope, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	const struct dgm_yaml *by = dgm_yaml_get(yaml, "by");
	if (!by && dgm_yaml_get(yaml, "numbering"))
		dgm_compile_fail(scope.compiler, &yaml->place, "definition-shape",
			"\"numbering\" stands beside \"by\"");
	if (!by)
		return;
	const struct dgm_str value = dgm_compile_text(scope.compiler, dgm_yaml_get(yaml, "value"));
	node->by = dgm_compile_text(scope.compiler, by);
	node->by_value = value.len ? value : DGM_STR("#text");
	node->numbering = dgm_compile_bool(scope.compiler, dgm_yaml_get(yaml, "numbering"));
	bool simple = node->kind == DGM_NODE_PLAIN;
	for (const struct dgm_node *child = node->first; child; child = child->next) {
		simple = simple && (child->kind != DGM_NODE_GROUP || child->template_count) &&
			child->kind != DGM_NODE_PART;
		const bool open = child->kind == DGM_NODE_PLAIN && !child->template_count;
		for (const struct dgm_node *inner = open ? child->first : NULL; inner; inner = inner->next)
			simple = simple && inner->kind != DGM_NODE_GROUP && inner->kind != DGM_NODE_PLAIN;
	}
	if (!simple)
		dgm_compile_fail(scope.compiler, &by->place, "definition-shape",
			"\"by\" stands beside \"map\" alone, and what it maps are values, or maps of values");
}

/*
 * A text whose first piece is this field and whose other pieces are another: "name @ alias". What reads them is a child
 * without a name, so that whoever walks the tree knows that they can come.
 */
static void compile_rest(struct scope scope, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	const struct dgm_yaml *rest = dgm_yaml_get(yaml, "rest");
	if (!rest)
		return;
	struct dgm_node *child = dgm_arena_zero(scope.compiler->arena, sizeof *child);
	*child = *node;
	child->kind = DGM_NODE_FIELD;
	child->name = DGM_STR("");
	child->aliases = NULL;
	child->alias_count = 0;
	child->parent = node;
	child->next = NULL;
	child->number = scope.shape->node_count++;
	child->list = true;
	child->read_only = true;
	const bool found = dgm_compile_target(scope.compiler, scope.shape, scope.base, rest,
		dgm_compile_text(scope.compiler, rest), NULL, &child->target);
	if (node->kind != DGM_NODE_FIELD || node->first || node->list || node->split_count == 0 ||
		node->split_numbered ||
		(found && (child->target.position >= 0 || scope.shape->anchors[child->target.anchor].bound)))
		dgm_compile_fail(scope.compiler, &rest->place, "definition-shape",
			"\"rest\" stands beside \"to\" and \"split\", and leads to a field that can repeat");
	dgm_compile_value(scope.compiler, NULL, child);
	node->first = child;
	node->rest = child;
}

static const struct dgm_node *hole_child(const struct dgm_node *node, struct dgm_str hole)
{
	const struct dgm_node *child = node->first;
	while (child &&
		!((child->kind == DGM_NODE_FIELD || child->kind == DGM_NODE_PART) && dgm_str_eq(child->name, hole)))
		child = child->next;
	return child;
}

/* The parts in the holes of one key are those of one date. */
static void check_parts(struct scope scope, const struct dgm_yaml *pattern, const struct dgm_node *node)
{
	const struct dgm_node *first = NULL;
	for (const struct dgm_node *child = node->first; child; child = child->next) {
		if (child->kind != DGM_NODE_PART)
			continue;
		if (first &&
			(first->target.anchor != child->target.anchor || first->target.field != child->target.field))
			dgm_compile_fail(scope.compiler, &pattern->place, "definition-shape",
				"the parts in a pattern are those of one date");
		first = child;
	}
}

/* What no pattern fits: the pattern that is the named hole and nothing else. */
static void compile_otherwise(struct scope scope, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	const struct dgm_yaml *otherwise = dgm_yaml_get(yaml, "otherwise");
	node->otherwise = -1;
	for (uint32_t i = 0; otherwise && i < node->template_count; i++) {
		const struct dgm_template *template = &node->templates[i];
		if (template->count == 1 && template->literals[0].len == 0 && template->literals[1].len == 0 &&
			template->widths[0] == 0 && node->template_nodes[i][0]->kind == DGM_NODE_FIELD &&
			dgm_str_eq(template->holes[0], otherwise->text))
			node->otherwise = (int)i;
	}
	if (otherwise && node->otherwise < 0)
		dgm_compile_fail(scope.compiler, &otherwise->place, "definition-shape",
			"\"otherwise\" names a field that is one of the patterns by itself");
}

/* A text with holes: what stands in a hole is the value of the child of that name. */
static void compile_pattern(struct scope scope, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	const struct dgm_yaml *pattern = dgm_yaml_get(yaml, "pattern");
	uint32_t count = 0;
	struct dgm_str *texts = dgm_compile_texts(scope.compiler, pattern, &count);
	if (!pattern)
		return;
	if (node->kind != DGM_NODE_PLAIN && node->kind != DGM_NODE_GROUP)
		dgm_compile_fail(scope.compiler, &pattern->place, "definition-shape",
			"\"pattern\" stands beside \"map\", and \"group\" where each text is an instance");
	check_parts(scope, pattern, node);
	if (node->kind != DGM_NODE_GROUP && dgm_yaml_get(yaml, "split"))
		dgm_compile_fail(scope.compiler, &pattern->place, "definition-shape",
			"\"split\" parts the instances of a \"group\"; without one a pattern is for the whole text");
	node->templates = dgm_arena_zero(scope.compiler->arena, (count + 1) * sizeof *node->templates);
	node->template_nodes = dgm_arena_zero(scope.compiler->arena, (count + 1) * sizeof *node->template_nodes);
	for (uint32_t i = 0; i < count; i++) {
		struct dgm_template *template = &node->templates[i];
		bool sound = dgm_template_compile(texts[i], template);
		for (uint32_t h = 0; sound && h < template->count; h++) {
			node->template_nodes[i][h] = hole_child(node, template->holes[h]);
			sound = node->template_nodes[i][h] != NULL;
		}
		if (!sound)
			dgm_compile_fail(scope.compiler, &pattern->place, "definition-shape",
				"\"%.*s\": a pattern is text with holes like {date}, apart from each other, each a field in \"map\"",
				DGM_FMT(texts[i]));
	}
	node->template_count = count;
}

static void set_read_only(struct dgm_node *node)
{
	node->read_only = true;
	for (struct dgm_node *child = node->first; child; child = child->next)
		set_read_only(child);
}

static struct dgm_node *compile_node(struct scope scope, const struct dgm_yaml *yaml, struct dgm_node *parent)
{
	struct dgm_compiler *compiler = scope.compiler;
	struct dgm_node *node = dgm_arena_zero(compiler->arena, sizeof *node);
	node->name = numbered(scope, yaml->key);
	node->parent = parent;
	node->place = yaml->key_place;
	node->number = scope.shape->node_count++;
	node->nulls = compiler->nulls;
	node->null_word = compiler->null_word;
	node->empty = compiler->empty;
	node->decimal = compiler->decimal;
	node->target.position = -1;
	if (scope.shape->node_count > NODES_MAX) {
		dgm_compile_fail(compiler, &yaml->place, "definition-shape", "more than %u keys in one shape",
			NODES_MAX);
		return node;
	}
	if (yaml->kind == DGM_YAML_SCALAR) {
		node->kind = DGM_NODE_FIELD;
		dgm_compile_target(compiler, scope.shape, scope.base, yaml, yaml->text, NULL, &node->target);
		dgm_compile_value(compiler, NULL, node);
		return node;
	}
	if (yaml->kind != DGM_YAML_MAP) {
		dgm_compile_fail(compiler, &yaml->place, "definition-shape", "a key leads to a field or to a map");
		return node;
	}
	dgm_compile_known_keys(compiler, yaml, DGM_IN_NODE, "a key of the mapping");
	node->aliases = dgm_compile_texts(compiler, dgm_yaml_get(yaml, "aliases"), &node->alias_count);
	for (uint32_t i = 0; i < node->alias_count; i++)
		node->aliases[i] = numbered(scope, node->aliases[i]);
	node->list = dgm_compile_bool(compiler, dgm_yaml_get(yaml, "list"));
	const struct dgm_yaml *required = dgm_yaml_get(yaml, "required");
	node->demanded = required && dgm_str_is(required->text, "group");
	node->required = !node->demanded && dgm_compile_bool(compiler, required);
	node->row = dgm_compile_bool(compiler, dgm_yaml_get(yaml, "row"));
	node->listed = dgm_compile_bool(compiler, dgm_yaml_get(yaml, "listed"));
	node->agrees = dgm_compile_bool(compiler, dgm_yaml_get(yaml, "agrees"));
	parent->requires = parent->requires || node->required;
	compile_always(scope, yaml, node);
	compile_kind(scope, yaml, node);
	compile_or(scope, yaml, node);
	compile_joins(scope, yaml, node);
	dgm_compile_unless(compiler, yaml, node);
	compile_by(scope, yaml, node);
	compile_pattern(scope, yaml, node);
	compile_otherwise(scope, yaml, node);
	dgm_compile_either(compiler, scope.shape, yaml, node);
	const struct dgm_yaml *digits = dgm_yaml_get(yaml, "digits");
	const struct dgm_yaml *written = dgm_yaml_get(yaml, "written");
	if (written && !dgm_compile_bool(compiler, written))
		set_read_only(node);
	if (written && node->kind != DGM_NODE_FIELD && node->kind != DGM_NODE_GROUP)
		dgm_compile_fail(compiler, &written->place, "definition-shape",
			"\"written\" stands beside \"to\" or \"group\"");
	node->no_digits = digits && !dgm_compile_bool(compiler, digits);
	dgm_compile_value(compiler, yaml, node);
	compile_rest(scope, yaml, node);
	return node;
}

static bool has_name(const struct dgm_node *node, struct dgm_str name)
{
	bool found = dgm_str_eq(node->name, name);
	for (uint32_t i = 0; i < node->alias_count; i++)
		found = found || dgm_str_eq(node->aliases[i], name);
	return found;
}

static struct dgm_node **append(struct scope scope, const struct dgm_yaml *entry, struct dgm_node *parent,
	struct dgm_node **link)
{
	struct dgm_node *node = compile_node(scope, entry, parent);
	for (const struct dgm_node *other = parent->first; other; other = other->next)
		for (uint32_t i = 0; i <= node->alias_count; i++)
			if (has_name(other, i ? node->aliases[i - 1] : node->name))
				dgm_compile_fail(scope.compiler, &entry->key_place, "definition-shape",
					"\"%.*s\" is the name of another key too",
					DGM_FMT(i ? node->aliases[i - 1] : node->name));
	*link = node;
	return &node->next;
}

/* Numbered columns: the keys of the map once for each number, each number an instance of the group. */
static struct dgm_node **expand_numbered(struct scope scope, const struct dgm_yaml *yaml, struct dgm_node *parent,
	struct dgm_node **link)
{
	struct dgm_compiler *compiler = scope.compiler;
	const struct dgm_yaml *group = dgm_yaml_get(yaml, "group"), *map = dgm_yaml_get(yaml, "map");
	uint64_t count = 0;
	dgm_compile_known_keys(compiler, yaml, DGM_IN_NUMBERED, "a key of numbered columns");
	if (!dgm_str_to_u64(dgm_compile_text(compiler, dgm_yaml_get(yaml, "numbered")), &count) || count == 0 ||
		count > 99 || !group || !map || map->kind != DGM_YAML_MAP) {
		dgm_compile_fail(compiler, &yaml->place, "definition-shape",
			"numbered columns need \"numbered\" (1 to 99), \"group\" and \"map\"");
		return link;
	}
	for (uint32_t n = 1; n <= count; n++) {
		struct scope inner = {compiler, scope.shape, scope.base, n};
		if (!dgm_compile_group(compiler, scope.shape, scope.base, group, dgm_compile_text(compiler, group),
			    dgm_yaml_get(yaml, "set"), &inner.base))
			return link;
		scope.shape->anchors[inner.base].bound = false;
		scope.shape->anchors[inner.base].nth = (uint8_t)n;
		for (const struct dgm_yaml *entry = map->first; entry; entry = entry->next)
			link = append(inner, entry, parent, link);
	}
	return link;
}

static void compile_children(struct scope scope, const struct dgm_yaml *map, struct dgm_node *parent)
{
	if (map->kind != DGM_YAML_MAP) {
		dgm_compile_fail(scope.compiler, &map->place, "definition-shape", "\"map\" is a map from source keys");
		return;
	}
	struct dgm_node **link = &parent->first;
	while (*link)
		link = &(*link)->next;
	for (const struct dgm_yaml *entry = map->first; entry; entry = entry->next) {
		if (entry->kind == DGM_YAML_MAP && dgm_yaml_get(entry, "numbered"))
			link = expand_numbered(scope, entry, parent, link);
		else
			link = append(scope, entry, parent, link);
	}
}

#define USES_MAX 8u /* maps that use one another; more is a circle */

/* The keys of the maps that "use" names, in front of those of "map". */
static void compile_used(struct scope scope, const struct dgm_yaml *yaml, struct dgm_node *parent)
{
	struct dgm_compiler *compiler = scope.compiler;
	uint32_t count = 0;
	const struct dgm_str *names = dgm_compile_texts(compiler, yaml, &count);
	for (uint32_t i = 0; i < count; i++) {
		const struct dgm_yaml *map = compiler->maps ? compiler->maps->first : NULL;
		while (map && !dgm_str_eq(map->key, names[i]))
			map = map->next;
		if (!map || compiler->use_depth == USES_MAX) {
			dgm_compile_fail(compiler, &yaml->place, "definition-shape",
				map ? "\"%.*s\" uses itself" : "\"maps\" has no \"%.*s\"", DGM_FMT(names[i]));
			return;
		}
		compiler->use_depth++;
		compile_children(scope, map, parent);
		compiler->use_depth--;
	}
}

static void init_shape(struct dgm_compiler *compiler, struct dgm_shape *shape)
{
	shape->anchors = dgm_arena_zero(compiler->arena, 512 * sizeof *shape->anchors);
	shape->anchor_count = 1; /* the root */
	shape->root = dgm_arena_zero(compiler->arena, sizeof *shape->root);
	shape->root->kind = DGM_NODE_PLAIN;
	shape->root->number = 0;
	shape->node_count = 1;
}

static void add_constants(struct dgm_compiler *compiler, struct dgm_shape *shape, const struct dgm_yaml *map, bool must,
	uint32_t capacity)
{
	for (const struct dgm_yaml *entry = map ? map->first : NULL; entry; entry = entry->next) {
		struct dgm_target target;
		if (shape->constant_count == capacity ||
			!dgm_compile_target(compiler, shape, 0, entry, entry->key, NULL, &target))
			continue;
		uint32_t count = 0;
		struct dgm_str *texts = dgm_compile_texts(compiler, entry, &count);
		if (count == 0)
			continue;
		for (uint32_t i = 0; i < count; i++)
			if (dgm_fields[target.field].type == DGM_TYPE_CODE &&
				!dgm_list_has(dgm_fields[target.field].list, texts[i]))
				dgm_compile_fail(compiler, &entry->place, "definition-code",
					"\"%.*s\" is not a code of %.*s", DGM_FMT(texts[i]),
					DGM_FMT(dgm_fields[target.field].path));
		shape->constant_anchors[shape->constant_count] = target.anchor;
		shape->constants[shape->constant_count++] = (struct dgm_constant){.field = target.field,
			.text = texts[0],
			.others = texts + 1,
			.other_count = count - 1,
			.must = must};
	}
}

static void compile_constants(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_shape *shape)
{
	const struct dgm_yaml *set = dgm_yaml_get(yaml, "set"), *only = dgm_yaml_get(yaml, "only");
	const uint32_t capacity = (set ? set->count : 0) + (only ? only->count : 0);
	shape->constants = dgm_arena_zero(compiler->arena, (capacity + 1) * sizeof *shape->constants);
	shape->constant_anchors = dgm_arena_zero(compiler->arena, (capacity + 1) * sizeof *shape->constant_anchors);
	add_constants(compiler, shape, set, false, capacity);
	add_constants(compiler, shape, only, true, capacity);
}

static void compile_condition(struct dgm_compiler *compiler, const struct dgm_yaml *entry,
	struct dgm_condition *condition)
{
	struct dgm_str rest = entry->key, part;
	condition->path = dgm_arena_zero(compiler->arena, (entry->key.len + 1) * sizeof *condition->path);
	while (dgm_str_next(&rest, DGM_STR("/"), &part))
		condition->path[condition->depth++] = part;
	condition->pattern = dgm_compile_text(compiler, entry);
}

static void compile_when(struct dgm_compiler *compiler, const struct dgm_yaml *when, struct dgm_shape *shape)
{
	if (!when)
		return;
	if (when->kind == DGM_YAML_SCALAR) {
		dgm_compile_fail(compiler, &when->place, "definition-shape",
			"\"when\" is a map from paths to patterns, or a list of such");
		return;
	}
	const uint32_t count = when->kind == DGM_YAML_LIST ? when->count : 1;
	const struct dgm_yaml *map = when->kind == DGM_YAML_LIST ? when->first : when;
	shape->when = dgm_arena_zero(compiler->arena, (count + 1) * sizeof *shape->when);
	for (uint32_t i = 0; i < count; i++, map = map->next) {
		struct dgm_alternative *alternative = &shape->when[shape->when_count++];
		alternative->conditions =
			dgm_arena_zero(compiler->arena, (map->count + 1) * sizeof *alternative->conditions);
		for (const struct dgm_yaml *entry = map->first; entry; entry = entry->next)
			compile_condition(compiler, entry, &alternative->conditions[alternative->count++]);
	}
}

/* The number of a path among the format's; added where it is new. */
static uint32_t path_number(struct dgm_compiler *compiler, struct dgm_str path)
{
	struct dgm_format *format = compiler->format;
	for (uint32_t i = 0; i < format->path_count; i++)
		if (dgm_str_eq(format->paths[i], path))
			return i;
	format->paths[format->path_count] = path;
	return format->path_count++;
}

void dgm_compile_shape(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_shape *shape)
{
	init_shape(compiler, shape);
	if (yaml->kind != DGM_YAML_MAP) {
		dgm_compile_fail(compiler, &yaml->place, "definition-shape", "a record shape is a map");
		return;
	}
	dgm_compile_known_keys(compiler, yaml, DGM_IN_SHAPE, "a key of a record shape");
	uint32_t count = 0;
	struct dgm_str *at = dgm_compile_texts(compiler, dgm_yaml_get(yaml, "at"), &count);
	/* A shape that may lie at several paths takes the first for writing; the others are known to the reader. */
	shape->path = path_number(compiler, count ? at[0] : DGM_STR(""));
	shape->paths = dgm_arena_zero(compiler->arena, (count + 1) * sizeof *shape->paths);
	shape->paths[shape->path_count++] = shape->path;
	for (uint32_t i = 1; i < count; i++)
		shape->paths[shape->path_count++] = path_number(compiler, at[i]);
	compile_constants(compiler, yaml, shape);
	compile_when(compiler, dgm_yaml_get(yaml, "when"), shape);
	const struct dgm_yaml *map = dgm_compile_map_of(compiler, yaml), *use = dgm_yaml_get(yaml, "use");
	const struct scope scope = {compiler, shape, 0, 0};
	if (!map && !use)
		dgm_compile_fail(compiler, &yaml->place, "definition-shape", "a record shape needs \"map\"");
	if (use)
		compile_used(scope, use, shape->root);
	if (map)
		compile_children(scope, map, shape->root);
	dgm_compile_opened(compiler, shape);
	const struct dgm_yaml *written = dgm_yaml_get(yaml, "written");
	shape->continues = dgm_compile_bool(compiler, dgm_yaml_get(yaml, "continues"));
	shape->read_only = written && !dgm_compile_bool(compiler, written);
	if (shape->read_only && shape->continues)
		dgm_compile_fail(compiler, &written->place, "definition-shape",
			"what \"continues\" is for writing alone");
	dgm_compile_without(compiler, shape, shape->root);
	dgm_compile_twins(compiler, shape);
	dgm_compile_descendants(compiler, shape);
}

void dgm_compile_envelope(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_shape *shape)
{
	init_shape(compiler, shape);
	if (yaml)
		compile_children((struct scope){compiler, shape, 0, 0}, yaml, shape->root);
	dgm_compile_descendants(compiler, shape);
}
