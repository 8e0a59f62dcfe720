/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No value of a source disappears: of records invented along the trees of the definitions, with keys that these do not
 * know, every scalar is found again in the notice, unless its key is ignored on purpose.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "gen.h"
#include "lab.h"

#define RECORDS 3000u

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
		for (const struct dgm_node *at = lab_node_at(source->shape->root, &source->conditions[c]); at;
			at = at->parent)
			if (at == node)
				return &source->conditions[c];
	return NULL;
}

static void json_scalar(struct source *source, const struct dgm_node *node, bool ignored)
{
	const struct dgm_condition *condition = node ? forced(source, node) : NULL;
	if (condition && !dgm_str_is(condition->pattern, "*"))
		add(source, "\"%.*s\"", DGM_FMT(lab_fitting(source->gen->arena, condition->pattern)));
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

static void json_member(struct source *source, const char *name, const struct dgm_node *node, bool ignored,
	uint32_t depth)
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

static void xml_element(struct source *source, const char *name, const struct dgm_node *node, bool ignored,
	uint32_t depth)
{
	static const char *const extras[] = {"EXTRA", "x.y", "_z"};
	add(source, "<%s", name);
	if (gen_one_in(source->gen, 12))
		add(source, " at=\"w%uw\"", new_word(source, ignored));
	add(source, ">");
	const bool children =
		node && node->first ? !gen_one_in(source->gen, 12) : gen_one_in(source->gen, 12) && depth < 5;
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
		const struct dgm_str name = node->alias_count && gen_one_in(gen, 2)
			? node->aliases[gen_below(gen, node->alias_count)]
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
		fail_msg("%s, seed %llu: %zu notices, %zu bad, %zu refused\n%s\n%s", id, (unsigned long long)seed,
			batch.count, batch.bad, batch.refused, batch.heard.text, source->text);
	for (size_t i = 0; i < batch.count; i++)
		told = dgm_arena_printf(&arena, "%.*s%.*s", DGM_FMT(told),
			DGM_FMT(lab_dump(&arena, &batch.notices[i])));
	for (uint32_t w = 1; w <= source->words; w++) {
		char word[16], number[16];
		const int n = snprintf(word, sizeof word, "w%uw", w), m = snprintf(number, sizeof number, "7%06u", w);
		if (source->ignored[w] || dgm_str_find(told, dgm_str_of(word, (size_t)n)) < told.len ||
			dgm_str_find(told, dgm_str_of(number, (size_t)m)) < told.len)
			continue;
		/* A number in a unit is another number. */
		fail_msg("%s, seed %llu: value %u is gone\n%s\n%.*s", id, (unsigned long long)seed, w, source->text,
			DGM_FMT(told));
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
	for (uint64_t seed = 1; seed <= RECORDS; seed++) {
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
		cmocka_unit_test(test_conservation_un_sc),
		cmocka_unit_test(test_conservation_interpol),
		cmocka_unit_test(test_conservation_ameripol),
	};
	return cmocka_run_group_tests_name("no source value is lost", tests, NULL, NULL);
}
