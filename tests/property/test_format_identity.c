/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Formats that are mapped by a definition: what is written is read as the same, unless a loss was reported; what was read
 * is written as the same; and how the input is cut into chunks changes nothing. Notices are invented along the trees of
 * the definitions.
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
		if (gen_one_in(gen, 40) ||
			dgm_value_write_text(node, gen->arena, text, DGM_NOSTR).writing == DGM_WRITE_EXACT)
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
		gen_one_in(maker->gen, 2) ? gen_plain_date(maker->gen, true)
					  : dgm_str(others[gen_below(maker->gen, 3)]));
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

static void make_notice(struct gen *gen, const struct dgm_format *format, const struct dgm_shape *shape,
	struct dgm_notice *notice)
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
		const struct dgm_node *node = lab_node_at(shape->root, condition);
		if (node && node->kind == DGM_NODE_FIELD && !dgm_str_is(condition->pattern, "*"))
			dgm_value_set(notice, instance(&maker, node->target.anchor), node->target.field,
				lab_fitting(notice->arena, condition->pattern));
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
				(unsigned long long)seed, again.count, first.count, one.refused, again.refused,
				DGM_FMT(one.bytes));
		char name[64];
		snprintf(name, sizeof name, "%s, written again, seeds from %llu", id, (unsigned long long)seed);
		differing += lab_differs(name, two.bytes, one.bytes);
		for (size_t i = 0; i < first.count && differing < 5; i++) {
			if (one.losses_of[i].len)
				continue;
			whole++;
			reduce(again.notices[i].root);
			reduce(first.notices[i].root);
			snprintf(name, sizeof name, "%s, read back, seed %llu", id, (unsigned long long)seed + i);
			differing += lab_differs(name, lab_dump(&arena, &again.notices[i]),
				lab_dump(&arena, &first.notices[i]));
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
				lab_same(ids[f], lab_convert(&arena, format, jsonl, source.bytes, chunks[c], &heard),
					want);
			lab_heard_done(&heard);
			lab_written_done(&source);
			lab_batch_done(&batch);
			dgm_arena_done(&arena);
		}
		dgm_format_free(format);
	}
	dgm_format_free(jsonl);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_back_un_sc),
		cmocka_unit_test(test_back_interpol),
		cmocka_unit_test(test_back_ameripol),
		cmocka_unit_test(test_chunks),
	};
	return cmocka_run_group_tests_name("formats are read as they are written", tests, NULL, NULL);
}
