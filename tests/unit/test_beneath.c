/* SPDX-License-Identifier: Apache-2.0 */
/* Names below a folder stay below it; and files that are published under a name in an open folder. */
#define _GNU_SOURCE
#include "io/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/publish.h"

static char home[] = "/tmp/dragoman-beneath-XXXXXX";
static int root;

static void only_what_lies_below_is_opened(void **state)
{
	(void)state;
	static const struct {
		const char *path;
		int error; /* 0: opened */
	} rows[] = {{"", 0}, {".", 0}, {"in", 0}, {"in/list", 0}, {"in//list", 0}, {"in/none", ENOENT}, {"..", EXDEV},
		{"in/../..", EXDEV}, {"/tmp", EXDEV}, {"out", ELOOP}, {"out/x", ELOOP}, {"in/loop", ELOOP}};
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		errno = 0;
		const int fd = dgm_open_beneath(root, rows[i].path, O_RDONLY);
		assert_int_equal(fd < 0 ? errno : 0, rows[i].error);
		if (fd >= 0)
			close(fd);
	}
}

static void folders_are_made_where_they_are_missing(void **state)
{
	(void)state;
	const char *name;
	struct stat made;
	assert_int_equal(dgm_folder_beneath(root, "a/b/c.csv", &name), -1);
	for (int i = 0; i < 2; i++) {
		const int folder = dgm_make_beneath(root, "a/b/c.csv", &name);
		assert_true(folder >= 0);
		assert_string_equal(name, "c.csv");
		close(folder);
	}
	assert_int_equal(fstatat(root, "a/b", &made, 0), 0);
	assert_int_equal(made.st_mode & 0777, 0700);
	const int folder = dgm_make_beneath(root, "c.csv", &name);
	assert_true(folder >= 0);
	close(folder);
	assert_int_equal(dgm_make_beneath(root, "out/b/c.csv", &name), -1);
	assert_int_equal(dgm_make_beneath(root, "in/list/c.csv", &name), -1);
	assert_int_equal(dgm_make_beneath(root, "../b/c.csv", &name), -1);
}

/* A link under the final name is replaced and not followed, and what a killed process left goes away. */
static void a_name_in_a_folder_is_published(void **state)
{
	(void)state;
	struct stat there;
	struct dgm_publish *first = dgm_publish_at(root, DGM_STR("out"), DGM_STR("out"), NULL);
	assert_int_equal(write(dgm_publish_fd(first), "old", 3), 3);
	/* As if it had been killed: its file stays, and the next one of that name takes the place. */
	struct dgm_publish *second = dgm_publish_at(root, DGM_STR("out"), DGM_STR("out"), NULL);
	assert_int_equal(fstat(dgm_publish_fd(first), &there), 0);
	assert_int_equal(there.st_nlink, 0);
	assert_int_equal(write(dgm_publish_fd(second), "new", 3), 3);
	assert_int_equal(dgm_publish_commit(second), 0);
	dgm_publish_free(second);
	dgm_publish_free(first);
	assert_int_equal(fstatat(root, "out", &there, AT_SYMLINK_NOFOLLOW), 0);
	assert_true(S_ISREG(there.st_mode));
	assert_int_equal(there.st_size, 3);
	assert_false(dgm_publish_leftover(root, DGM_STR("out")));
	struct dgm_publish *third = dgm_publish_at(root, DGM_STR("out"), DGM_STR("out"), NULL);
	assert_true(dgm_publish_leftover(root, DGM_STR("out")));
	dgm_publish_free(third);
}

static int make(void **state)
{
	(void)state;
	if (!mkdtemp(home))
		return -1;
	root = open(home, O_PATH | O_DIRECTORY);
	const int list = mkdirat(root, "in", 0700) == 0 ? openat(root, "in/list", O_CREAT | O_WRONLY, 0600) : -1;
	close(list);
	return list < 0 || symlinkat("/tmp", root, "out") != 0 || symlinkat("loop", root, "in/loop") != 0;
}

static int clean(void **state)
{
	(void)state;
	static const char *const files[] = {"in/list", "in/loop", "out"};
	static const char *const folders[] = {"in", "a/b", "a"};
	for (size_t i = 0; i < DGM_COUNT(files); i++)
		unlinkat(root, files[i], 0);
	for (size_t i = 0; i < DGM_COUNT(folders); i++)
		unlinkat(root, folders[i], AT_REMOVEDIR);
	return rmdir(home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_lies_below_is_opened),
		cmocka_unit_test(folders_are_made_where_they_are_missing),
		cmocka_unit_test(a_name_in_a_folder_is_published),
	};
	return cmocka_run_group_tests(tests, make, clean);
}
