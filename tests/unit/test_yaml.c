/* SPDX-License-Identifier: Apache-2.0 */
/* YAML as definitions use it: a tree with places, texts that stay texts, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "format/yaml.h"
#include "lab.h"

static struct dgm_arena arena;
static struct lab_heard heard;

static int start(void **state)
{
	(void)state;
	dgm_arena_reset(&arena);
	lab_heard_init(&heard);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	lab_heard_done(&heard);
	return 0;
}

static struct dgm_yaml *parse(const char *text)
{
	return dgm_yaml_parse(&arena, dgm_str(text), DGM_STR("f.yaml"), &heard.sink);
}

static void test_tree(void **state)
{
	(void)state;
	const struct dgm_yaml *root = parse("a: 1\nb: {c: [x, 'y', \"z\"], d: }\nNO: no\n");
	assert_non_null(root);
	assert_int_equal(root->kind, DGM_YAML_MAP);
	assert_int_equal(root->count, 3);
	const struct dgm_yaml *b = dgm_yaml_get(root, "b"), *c = dgm_yaml_get(b, "c");
	assert_int_equal(b->place.line, 2);
	assert_int_equal(b->place.column, 4);
	assert_int_equal(b->key_place.column, 1);
	assert_int_equal(c->kind, DGM_YAML_LIST);
	assert_int_equal(c->count, 3);
	assert_int_equal(c->place.column, 8);
	assert_true(c->first->plain);
	assert_false(c->first->next->plain);
	assert_false(c->first->next->next->plain);
	assert_true(dgm_str_is(c->first->next->text, "y"));
	assert_int_equal(dgm_yaml_get(b, "d")->text.len, 0);
	/* Norway is no boolean, one is no number. */
	assert_true(dgm_str_is(dgm_yaml_get(root, "NO")->text, "no"));
	assert_true(dgm_str_is(dgm_yaml_get(root, "a")->text, "1"));
	assert_null(dgm_yaml_get(root, "x"));
	assert_null(dgm_yaml_get(c, "x"));
	assert_null(dgm_yaml_get(NULL, "x"));
	assert_int_equal(heard.len, 0);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *said;
	} cases[] = {
		{"", "error 1:1 definition-yaml: the file is empty\n"},
		{"# nothing\n", "error 2:1 definition-yaml: the file is empty\n"},
		{"a: &x 1\n",
			"error 1:4 definition-yaml: anchors, aliases and tags are not part of the definition language\n"},
		{"a: *x\n",
			"error 1:4 definition-yaml: anchors, aliases and tags are not part of the definition language\n"},
		{"a: !int 1\n",
			"error 1:4 definition-yaml: anchors, aliases and tags are not part of the definition language\n"},
		{"a: &x {b: 1}\n",
			"error 1:4 definition-yaml: anchors, aliases and tags are not part of the definition language\n"},
		{"a: !x [b]\n",
			"error 1:4 definition-yaml: anchors, aliases and tags are not part of the definition language\n"},
		{"? [a]\n: b\n", "error 1:3 definition-yaml: a key must be a plain word\n"},
		{"a: 1\n\"a\": 2\n", "error 2:1 definition-yaml: this key stands twice in its map\n"},
		{"a: 1\n---\nb: 2\n", "error 2:1 definition-yaml: only one document in a file\n"},
		{"a: [1\n", NULL},
		{"a: \"\xff\"\n", NULL},
		{"a:\tb: c\n", NULL},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		heard.len = 0;
		heard.sink.count[DGM_ERROR] = 0;
		assert_null(parse(cases[i].text));
		/* libyaml's own words are libyaml's. */
		if (cases[i].said)
			lab_same(cases[i].text, dgm_str_of(heard.text, heard.len), dgm_str(cases[i].said));
		assert_int_equal(heard.sink.count[DGM_ERROR], 1);
		assert_true(dgm_str_starts(dgm_str(heard.text), DGM_STR("error ")));
	}
}

static void test_depth(void **state)
{
	char text[2 * (DGM_YAML_DEPTH + 2) + 1];
	(void)state;
	for (unsigned depth = DGM_YAML_DEPTH; depth <= DGM_YAML_DEPTH + 1; depth++) {
		memset(text, '[', depth + 1);
		memset(text + depth + 1, ']', depth + 1);
		text[2 * (depth + 1)] = '\0';
		const bool fits = parse(text) != NULL;
		assert_int_equal(fits, depth == DGM_YAML_DEPTH);
	}
	assert_string_equal(heard.text, "error 1:34 definition-yaml: nested too deeply\n");
}

static void test_files(void **state)
{
	char path[] = "/tmp/dgm-yaml-XXXXXX";
	const int fd = mkstemp(path);
	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "a: 1\n", 5), 5);
	const struct dgm_yaml *root = dgm_yaml_load(&arena, path, &heard.sink);
	assert_non_null(root);
	assert_int_equal(heard.len, 0);
	/* A hole of the size that is too large. */
	assert_int_equal(ftruncate(fd, (off_t)DGM_YAML_MAX + 1), 0);
	assert_null(dgm_yaml_load(&arena, path, &heard.sink));
	assert_string_equal(heard.text, "error 0:0 definition-unreadable: cannot be read: File too large\n");
	heard.len = 0;
	assert_null(dgm_yaml_load(&arena, "/", &heard.sink));
	assert_string_equal(heard.text, "error 0:0 definition-unreadable: cannot be read: Invalid argument\n");
	close(fd);
	unlink(path);
}

static int finish(void **state)
{
	(void)state;
	dgm_arena_done(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_tree, start, stop),
		cmocka_unit_test_setup_teardown(test_refused, start, stop),
		cmocka_unit_test_setup_teardown(test_depth, start, stop),
		cmocka_unit_test_setup_teardown(test_files, start, stop),
	};
	return cmocka_run_group_tests_name("yaml", tests, NULL, finish);
}
