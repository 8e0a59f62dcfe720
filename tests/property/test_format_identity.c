/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Formats that are mapped by a definition: what is written is read as the same, unless a loss was reported; what was read
 * is written as the same; how the input is cut into chunks changes nothing; and no value of a source disappears.
 * Notices and sources are invented along the trees of the definitions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/text.h"
#include "format/values.h"
#include "gen.h"
#include "lab.h"

#define NOTICES 3000u
#define BATCH 20u

/* --- notices along a shape --- */

struct maker {
	struct gen *gen;
	struct dgm_notice *notice;
	const struct dgm_shape *shape;
	bool nulls;  /* the syntax has a null */
	bool narrow; /* the encoding has Latin letters only */
	struct dgm_group *instances[512];
};

static struct dgm_group *instance(struct maker *maker, uint32_t anchor)
{
	if (maker->instances[anchor])
		return maker->instances[anchor];
	const struct dgm_anchor *def = &maker->shape->anchors[anchor];
	struct dgm_group *parent = instance(maker, def->parent);
	struct dgm_group *group = dgm_groups[def->group].many ? dgm_group_add(maker->notice, parent, def->group)
							      : dgm_group_last(maker->notice, parent, def->group);
	for (uint32_t i = 0; i < def->constant_count; i++)
		if (!dgm_value_first(group, def->constants[i].field))
			dgm_value_set(maker->notice, group, def->constants[i].field, def->constants[i].text);
	maker->instances[anchor] = group;
	return group;
}

static void forget(struct maker *maker, uint32_t anchor)
{
	const struct dgm_anchor *def = &maker->shape->anchors[anchor];
	maker->instances[anchor] = NULL;
	for (uint32_t i = 0; i < def->descendant_count; i++)
		maker->instances[def->descendants[i]] = NULL;
}

static bool has_separator(const struct dgm_node *node, struct dgm_str text)
{
	for (uint32_t i = 0; i < node->split_count; i++)
		if (dgm_str_find(text, node->splits[i]) < text.len)
			return true;
	return false;
}

static bool is_wide(struct dgm_str text)
{
	for (size_t at = 0; at < text.len;)
		if (dgm_utf8_next(text, &at) > 0xFF)
			return true;
	return false;
}

static struct dgm_str invent(struct maker *maker, const struct dgm_node *node)
{
	struct gen *gen = maker->gen;
	const enum dgm_field_id field = node->target.field;
	const enum dgm_type type = dgm_fields[field].type;
	for (int tries = 0; tries < 20; tries++) {
		struct dgm_str text;
		if (node->code_count && type != DGM_TYPE_TEXT && type != DGM_TYPE_PROSE) {
			const struct dgm_codes *codes = node->codes[gen_below(gen, node->code_count)];
			text = codes->pairs[gen_below(gen, codes->count)].code;
		} else if (type == DGM_TYPE_DATE && !gen_one_in(gen, 8)) {
			text = gen_plain_date(gen, gen_one_in(gen, 2));
		} else if (type == DGM_TYPE_TEXT && gen_one_in(gen, 2)) {
			text = dgm_arena_printf(gen->arena, "N%u", gen_below(gen, 1000));
		} else {
			text = gen_value(gen, field);
		}
		if (maker->narrow && is_wide(text) && !gen_one_in(gen, 40))
			continue;
		/* The cell of a column is joined anew, so that only separators of its own would come back. */
		if (!maker->shape->anchors[node->target.anchor].bound && has_separator(node, text))
			continue;
		/* Mostly what the format has a spelling for, or the rest of the test would have little to say. */
		if (gen_one_in(gen, 40) || dgm_value_write_text(node, gen->arena, text).writing == DGM_WRITE_EXACT)
			return text;
	}
	return DGM_NOSTR;
}

static size_t count_values(const struct dgm_group *group, enum dgm_field_id field)
{
	size_t n = 0;
	for (const struct dgm_value *value = dgm_value_first(group, field); value; value = value->next)
		n++;
	return n;
}

static void make_value(struct maker *maker, const struct dgm_node *node)
{
	const struct dgm_field_def *field = &dgm_fields[node->target.field];
	struct dgm_group *group = instance(maker, node->target.anchor);
	const size_t have = count_values(group, node->target.field);
	if (field->many ? node->target.position >= 0 && have != (size_t)node->target.position : have > 0)
		return;
	const struct dgm_str text = invent(maker, node);
	if (!text.len)
		return;
	struct dgm_value *value = dgm_value_set(maker->notice, group, node->target.field, text);
	if (maker->nulls && node->target.position < 0 && gen_one_in(maker->gen, 30)) {
		value->state = DGM_STATE_NULL;
		value->text = DGM_NOSTR;
	}
}

static void make_field(struct maker *maker, const struct dgm_node *node)
{
	const struct dgm_anchor *anchor = &maker->shape->anchors[node->target.anchor];
	const bool many = node->list || node->split.len;
	/* What a format must always say is made up where a notice does not say it. */
	const bool must = node->target.field == DGM_FIELD_notice_id || node->always_text.len;
	if (!must && gen_one_in(maker->gen, 3))
		return;
	for (uint32_t n = many ? gen_below(maker->gen, 3) + 1 : 1; n > 0; n--) {
		make_value(maker, node);
		if (n > 1 && !dgm_fields[node->target.field].many) {
			if (anchor->bound || !dgm_groups[anchor->group].many)
				return;
			forget(maker, node->target.anchor);
		}
	}
}

static void make_date(struct maker *maker, const struct dgm_node *node)
{
	static const char *const others[] = {"1965", "1965~", "1960/1965"};
	struct dgm_group *group = instance(maker, node->target.anchor);
	if (dgm_value_first(group, node->target.field) || gen_one_in(maker->gen, 6))
		return;
	dgm_value_set(maker->notice, group, node->target.field,
		gen_one_in(maker->gen, 2) ? gen_plain_date(maker->gen, true) : dgm_str(others[gen_below(maker->gen, 3)]));
}

static void make_children(struct maker *maker, const struct dgm_node *parent);

static void make_group(struct maker *maker, const struct dgm_node *node)
{
	const uint32_t anchor = node->target.anchor;
	uint32_t count = gen_below(maker->gen, 3);
	/* Facts that stand in two elements are one instance where each stands once, so they are made as one. */
	if (node->joins && maker->instances[node->joins->target.anchor]) {
		maker->instances[anchor] = maker->instances[node->joins->target.anchor];
		if (!maker->instances[anchor]->next && maker->instances[anchor]->number == 1)
			make_children(maker, node);
		return;
	}
	for (; count > 0; count--) {
		forget(maker, anchor);
		make_children(maker, node);
	}
}

static void make_children(struct maker *maker, const struct dgm_node *parent)
{
	for (const struct dgm_node *node = parent->first; node; node = node->next) {
		switch (node->kind) {
		case DGM_NODE_FIELD:
			make_field(maker, node);
			break;
		case DGM_NODE_PART:
			make_date(maker, node);
			break;
		case DGM_NODE_GROUP:
			make_group(maker, node);
			break;
		case DGM_NODE_PLAIN:
			make_children(maker, node);
			break;
		case DGM_NODE_KEEP:
		case DGM_NODE_IGNORE:
			break;
		}
	}
}

static const struct dgm_node *find(const struct dgm_node *node, const struct dgm_condition *condition)
{
	for (uint32_t d = 0; node && d < condition->depth; d++) {
		const struct dgm_node *child = node->first;
		while (child && !dgm_str_eq(child->name, condition->path[d]))
			child = child->next;
		node = child;
	}
	return node;
}

/* An address that fits a pattern. */
static struct dgm_str fitting(struct dgm_arena *arena, struct dgm_str pattern)
{
	struct dgm_str rest = pattern, part, text = DGM_STR("https://example.org");
	for (bool first = true; dgm_str_next(&rest, DGM_STR("*"), &part); first = false)
		text = dgm_arena_printf(arena, "%.*s%s%.*s", DGM_FMT(text), first || !rest.ptr ? "" : "/1", DGM_FMT(part));
	return dgm_arena_printf(arena, "%.*s7", DGM_FMT(text));
}

static void make_notice(
	struct gen *gen, const struct dgm_format *format, const struct dgm_shape *shape, struct dgm_notice *notice)
{
	struct maker maker = {.gen = gen,
		.notice = notice,
		.shape = shape,
		.nulls = dgm_str_is(format->engine, "json"),
		.narrow = !dgm_str_is(format->encoding, "utf-8")};
	gen->arena = notice->arena;
	maker.instances[0] = notice->root;
	for (uint32_t c = 0; c < shape->constant_count; c++) {
		const struct dgm_constant *constant = &shape->constants[c];
		const bool other = constant->other_count && gen_one_in(gen, 10);
		dgm_value_set(notice, instance(&maker, shape->constant_anchors[c]), constant->field,
			other ? constant->others[0] : constant->text);
	}
	/* What a reader tells the shape by. */
	for (uint32_t c = 0; shape->when_count && c < shape->when[0].count; c++) {
		const struct dgm_condition *condition = &shape->when[0].conditions[c];
		const struct dgm_node *node = find(shape->root, condition);
		if (node && node->kind == DGM_NODE_FIELD && !dgm_str_is(condition->pattern, "*"))
			dgm_value_set(notice, instance(&maker, node->target.anchor), node->target.field,
				fitting(notice->arena, condition->pattern));
	}
	make_children(&maker, shape->root);
}

static void invent_batch(struct lab_batch *batch, const struct dgm_format *format, uint64_t seed)
{
	lab_batch_init(batch);
	/* One shape for all: where each has a container of its own, mixed ones come back sorted. */
	const struct dgm_shape *shape = &format->shapes[seed / BATCH % format->shape_count];
	for (uint32_t i = 0; i < BATCH; i++) {
		struct gen gen = {.state = seed + i};
		make_notice(&gen, format, shape, lab_batch_add(batch));
	}
}

/* --- there and back --- */

static bool is_discriminator(enum dgm_field_id field)
{
	static const char *const names[] = {"kind", "scheme", "role", "relation"};
	for (size_t i = 0; i < DGM_COUNT(names); i++)
		if (dgm_str_is(dgm_fields[field].name, names[i]))
			return true;
	return false;
}

static struct dgm_str discriminating(const struct dgm_group *group)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	for (uint32_t f = 0; f < def->field_count; f++)
		if (is_discriminator((enum dgm_field_id)(def->first_field + f)) && group->slots[f].first)
			return ((const struct dgm_value *)group->slots[f].first)->text;
	return DGM_NOSTR;
}

/* Instances of different kinds come in the order of the target's keys; those of one kind keep their own. */
static void sort(struct dgm_slot *slot)
{
	struct dgm_group *rest = slot->first, *sorted = NULL;
	uint32_t number = 0;
	while (rest) {
		struct dgm_group *group = rest, **link = &sorted;
		rest = rest->next;
		while (*link && dgm_str_cmp(discriminating(*link), discriminating(group)) <= 0)
			link = &(*link)->next;
		group->next = *link;
		*link = group;
	}
	slot->first = sorted;
	for (; sorted; sorted = sorted->next)
		sorted->number = ++number;
}

/*
 * What both notices must share: without spellings, which are the source's own affair, and without nulls, which some
 * formats write for everything that is absent, and what only stands there for their sake.
 */
static bool reduce(struct dgm_group *group)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	bool any = false;
	for (uint32_t f = 0; f < def->field_count; f++) {
		struct dgm_slot *slot = &group->slots[f];
		struct dgm_value *first = NULL, **link = &first;
		for (struct dgm_value *value = slot->first; value; value = value->next) {
			value->original = DGM_NOSTR;
			if (value->state == DGM_STATE_NULL)
				continue;
			*link = value;
			link = &value->next;
			any = any || !is_discriminator((enum dgm_field_id)(def->first_field + f));
		}
		*link = NULL;
		slot->first = first;
	}
	for (uint32_t c = 0; c < def->child_count; c++) {
		struct dgm_slot *slot = &group->slots[def->field_count + c];
		struct dgm_group *first = NULL, **link = &first, *child = slot->first;
		while (child) {
			struct dgm_group *const next = child->next;
			if (reduce(child)) {
				*link = child;
				link = &child->next;
				any = true;
			}
			child = next;
		}
		*link = NULL;
		slot->first = first;
		sort(slot);
	}
	return any;
}

static void check_back(const char *id)
{
	struct dgm_format *format = lab_shipped(id);
	unsigned whole = 0, differing = 0;
	for (uint64_t seed = 1; seed <= NOTICES && differing < 5; seed += BATCH) {
		struct dgm_arena arena = {0};
		struct lab_batch first, again;
		struct lab_written one, two;
		invent_batch(&first, format, seed);
		lab_write(&one, format, &first);
		lab_batch_init(&again);
		lab_read(&again, format, one.bytes, 0);
		lab_write(&two, format, &again);
		if (one.refused || again.count != first.count)
			fail_msg("%s, seeds from %llu: %zu of %zu notices, %zu not written, %zu not taken\n%.*s", id,
				(unsigned long long)seed, again.count, first.count, one.refused, again.refused, DGM_FMT(one.bytes));
		char name[64];
		snprintf(name, sizeof name, "%s, written again, seeds from %llu", id, (unsigned long long)seed);
		differing += lab_differs(name, two.bytes, one.bytes);
		for (size_t i = 0; i < first.count && differing < 5; i++) {
			if (one.losses_of[i].len)
				continue;
			whole++;
			reduce(again.notices[i].root);
			reduce(first.notices[i].root);
			snprintf(name, sizeof name, "%s, read back, seed %llu", id, (unsigned long long)(seed + i));
			differing += lab_differs(name, lab_dump(&arena, &again.notices[i]), lab_dump(&arena, &first.notices[i]));
		}
		lab_written_done(&one);
		lab_written_done(&two);
		lab_batch_done(&first);
		lab_batch_done(&again);
		dgm_arena_done(&arena);
	}
	dgm_format_free(format);
	assert_int_equal(differing, 0);
	assert_in_range(whole, NOTICES / 10, NOTICES);
}

static void test_back_un_sc(void **state)
{
	(void)state;
	check_back("un-sc");
}

static void test_back_interpol(void **state)
{
	(void)state;
	check_back("interpol");
}

static void test_back_ameripol(void **state)
{
	(void)state;
	check_back("ameripol");
}

/* --- chunks --- */

static void test_chunks(void **state)
{
	static const char *const ids[] = {"un-sc", "interpol", "ameripol"};
	static const size_t chunks[] = {1, 7, 4096};
	struct dgm_format *jsonl = lab_shipped("notice-jsonl");
	(void)state;
	for (size_t f = 0; f < DGM_COUNT(ids); f++) {
		struct dgm_format *format = lab_shipped(ids[f]);
		for (uint64_t seed = 1; seed <= 10 * BATCH; seed += BATCH) {
			struct dgm_arena arena = {0};
			struct lab_batch batch;
			struct lab_written source;
			struct lab_heard heard;
			invent_batch(&batch, format, seed);
			lab_write(&source, format, &batch);
			lab_heard_init(&heard);
			const struct dgm_str want = lab_convert(&arena, format, jsonl, source.bytes, 0, &heard);
			for (size_t c = 0; c < DGM_COUNT(chunks); c++)
				lab_same(ids[f], lab_convert(&arena, format, jsonl, source.bytes, chunks[c], &heard), want);
			lab_heard_done(&heard);
			lab_written_done(&source);
			lab_batch_done(&batch);
			dgm_arena_done(&arena);
		}
		dgm_format_free(format);
	}
	dgm_format_free(jsonl);
}

/* --- conservation --- */

/* A source in the making. Every scalar is a word of its own, so that it can be looked for. */
struct source {
	struct gen *gen;
	char *text;
	size_t len;
	uint32_t words;
	bool ignored[4096];
	const struct dgm_condition *conditions;
	uint32_t condition_count;
	const struct dgm_shape *shape;
};

#define SOURCE_MAX ((size_t)1 << 18)

static void __attribute__((format(printf, 2, 3))) add(struct source *source, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	const int n = vsnprintf(source->text + source->len, SOURCE_MAX - source->len, format, args);
	va_end(args);
	assert_in_range(n, 0, SOURCE_MAX - source->len - 1);
	source->len += (size_t)n;
}

static uint32_t new_word(struct source *source, bool ignored)
{
	assert_in_range(source->words, 0, DGM_COUNT(source->ignored) - 2);
	source->ignored[++source->words] = ignored;
	return source->words;
}

/* The pattern that this node must fit, so that its shape is chosen; NULL: none. */
static const struct dgm_condition *forced(const struct source *source, const struct dgm_node *node)
{
	for (uint32_t c = 0; c < source->condition_count; c++)
		for (const struct dgm_node *at = find(source->shape->root, &source->conditions[c]); at; at = at->parent)
			if (at == node)
				return &source->conditions[c];
	return NULL;
}

static void json_scalar(struct source *source, const struct dgm_node *node, bool ignored)
{
	const struct dgm_condition *condition = node ? forced(source, node) : NULL;
	if (condition && !dgm_str_is(condition->pattern, "*"))
		add(source, "\"%.*s\"", DGM_FMT(fitting(source->gen->arena, condition->pattern)));
	else if (gen_one_in(source->gen, 10))
		add(source, "7%06u", new_word(source, ignored));
	else
		add(source, "\"w%uw\"", new_word(source, ignored));
}

static void json_object(struct source *source, const struct dgm_node *parent, bool ignored, uint32_t depth);

static void json_one(struct source *source, const struct dgm_node *node, bool ignored, uint32_t depth)
{
	const bool group = node && (node->kind == DGM_NODE_GROUP || node->kind == DGM_NODE_PLAIN);
	const bool must = node && forced(source, node);
	if (depth < 5 && (group ? must || !gen_one_in(source->gen, 12) : !must && gen_one_in(source->gen, 12)))
		json_object(source, node, ignored, depth + 1);
	else
		json_scalar(source, node, ignored);
}

static void json_member(struct source *source, const char *name, const struct dgm_node *node, bool ignored, uint32_t depth)
{
	const bool list = gen_one_in(source->gen, 4);
	add(source, "%s\"%s\":%s", source->text[source->len - 1] == '{' ? "" : ",", name, list ? "[" : "");
	for (uint32_t n = list ? gen_below(source->gen, 3) + 1 : 1; n > 0; n--) {
		json_one(source, node, ignored, depth);
		if (n > 1)
			add(source, ",");
	}
	add(source, "%s", list ? "]" : "");
}

static void json_object(struct source *source, const struct dgm_node *parent, bool ignored, uint32_t depth)
{
	static const char *const extras[] = {"extra", "a/b", "c~d[e", "#text", "@at"};
	add(source, "{");
	for (const struct dgm_node *node = parent ? parent->first : NULL; node; node = node->next)
		if (forced(source, node) || gen_one_in(source->gen, 2))
			json_member(source, dgm_arena_cstr(source->gen->arena, node->name), node,
				ignored || node->kind == DGM_NODE_IGNORE, depth);
	for (size_t i = 0; i < DGM_COUNT(extras); i++)
		if (gen_one_in(source->gen, 8))
			json_member(source, extras[i], NULL, ignored, depth);
	add(source, "}");
}

static void xml_element(struct source *source, const char *name, const struct dgm_node *node, bool ignored, uint32_t depth)
{
	static const char *const extras[] = {"EXTRA", "x.y", "_z"};
	add(source, "<%s", name);
	if (gen_one_in(source->gen, 12))
		add(source, " at=\"w%uw\"", new_word(source, ignored));
	add(source, ">");
	const bool children = node && node->first ? !gen_one_in(source->gen, 12) : gen_one_in(source->gen, 12) && depth < 5;
	if (!children)
		add(source, "w%uw", new_word(source, ignored));
	for (const struct dgm_node *child = children && node ? node->first : NULL; child; child = child->next)
		for (uint32_t n = gen_below(source->gen, 3); n > 0; n--)
			xml_element(source, dgm_arena_cstr(source->gen->arena, child->name), child,
				ignored || child->kind == DGM_NODE_IGNORE, depth + 1);
	for (size_t i = 0; children && i < DGM_COUNT(extras); i++)
		if (gen_one_in(source->gen, 6))
			xml_element(source, extras[i], NULL, ignored, depth + 1);
	add(source, "</%s>", name);
}

static void xml_file(struct source *source, struct dgm_str path)
{
	struct dgm_str rest = path, part;
	const char *names[8];
	size_t count = 0;
	while (dgm_str_next(&rest, DGM_STR("/"), &part))
		names[count++] = dgm_arena_cstr(source->gen->arena, part);
	for (size_t i = 0; i + 1 < count; i++)
		add(source, "<%s>", names[i]);
	/* The record itself must be one that has children. */
	const size_t start = source->len;
	const uint32_t words = source->words;
	do {
		source->len = start;
		source->words = words;
		xml_element(source, names[count - 1], source->shape->root, false, 0);
	} while (memchr(source->text + start + 1, '<', source->len - start - 4 - strlen(names[count - 1])) == NULL);
	for (size_t i = count - 1; i > 0; i--)
		add(source, "</%s>", names[i - 1]);
}

static void csv_file(struct source *source)
{
	struct gen *gen = source->gen;
	const struct dgm_node *columns[64];
	size_t count = 0;
	for (const struct dgm_node *node = source->shape->root->first; node; node = node->next) {
		if (count && gen_one_in(gen, 3))
			continue;
		const struct dgm_str name = node->alias_count && gen_one_in(gen, 2) ? node->aliases[gen_below(gen, node->alias_count)]
										    : node->name;
		add(source, "%s%.*s", count ? ";" : "", DGM_FMT(name));
		columns[count++] = node;
	}
	add(source, ";extra;a/b\r\n");
	for (size_t c = 0; c < count; c++)
		add(source, "w%uw;", new_word(source, columns[c]->kind == DGM_NODE_IGNORE));
	for (int i = 0; i < 2; i++)
		add(source, "w%uw%s", new_word(source, false), i ? "\r\n" : ";");
}

static void check_conserved(const char *id, uint64_t seed, const struct source *source, const struct dgm_format *format)
{
	struct dgm_arena arena = {0};
	struct lab_batch batch;
	struct dgm_str told = {"", 0};
	lab_batch_init(&batch);
	lab_read(&batch, format, dgm_str_of(source->text, source->len), 0);
	if (batch.bad || batch.refused || batch.count == 0)
		fail_msg("%s, seed %llu: %zu notices, %zu bad, %zu refused\n%s\n%s", id, (unsigned long long)seed, batch.count,
			batch.bad, batch.refused, batch.heard.text, source->text);
	for (size_t i = 0; i < batch.count; i++)
		told = dgm_arena_printf(&arena, "%.*s%.*s", DGM_FMT(told), DGM_FMT(lab_dump(&arena, &batch.notices[i])));
	for (uint32_t w = 1; w <= source->words; w++) {
		char word[16], number[16];
		const int n = snprintf(word, sizeof word, "w%uw", w), m = snprintf(number, sizeof number, "7%06u", w);
		if (source->ignored[w] || dgm_str_find(told, dgm_str_of(word, (size_t)n)) < told.len ||
			dgm_str_find(told, dgm_str_of(number, (size_t)m)) < told.len)
			continue;
		/* A number in a unit is another number. */
		fail_msg("%s, seed %llu: value %u is gone\n%s\n%.*s", id, (unsigned long long)seed, w, source->text, DGM_FMT(told));
	}
	lab_batch_done(&batch);
	dgm_arena_done(&arena);
}

static void check_conservation(const char *id)
{
	struct dgm_format *format = lab_shipped(id);
	struct source *source = malloc(sizeof *source);
	struct dgm_arena arena = {0};
	char *text = malloc(SOURCE_MAX);
	for (uint64_t seed = 1; seed <= NOTICES; seed++) {
		struct gen gen = {.state = seed, .arena = &arena};
		const struct dgm_shape *shape = &format->shapes[gen_below(&gen, format->shape_count)];
		dgm_arena_reset(&arena);
		memset(source, 0, sizeof *source);
		source->gen = &gen;
		source->text = text;
		source->shape = shape;
		source->conditions = shape->when_count ? shape->when[0].conditions : NULL;
		source->condition_count = shape->when_count ? shape->when[0].count : 0;
		if (dgm_str_is(format->engine, "xml")) {
			xml_file(source, format->paths[shape->path]);
		} else if (dgm_str_is(format->engine, "csv")) {
			csv_file(source);
		} else {
			add(source, "[");
			json_object(source, shape->root, false, 0);
			add(source, "]");
		}
		check_conserved(id, seed, source, format);
	}
	dgm_arena_done(&arena);
	free(text);
	free(source);
	dgm_format_free(format);
}

static void test_conservation_un_sc(void **state)
{
	(void)state;
	check_conservation("un-sc");
}

static void test_conservation_interpol(void **state)
{
	(void)state;
	check_conservation("interpol");
}

static void test_conservation_ameripol(void **state)
{
	(void)state;
	check_conservation("ameripol");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_back_un_sc),
		cmocka_unit_test(test_back_interpol),
		cmocka_unit_test(test_back_ameripol),
		cmocka_unit_test(test_chunks),
		cmocka_unit_test(test_conservation_un_sc),
		cmocka_unit_test(test_conservation_interpol),
		cmocka_unit_test(test_conservation_ameripol),
	};
	return cmocka_run_group_tests_name("formats are read as they are written", tests, NULL, NULL);
}
