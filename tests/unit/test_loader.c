/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plugin loader and search paths: who wins, what is refused and with which code, and that what was checked is what
 * is loaded. The misbehaving plugins are built from tests/plugins/hostile.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/loader.h"

/* What the copy of this program that runs set-gid answers. */
#define CHILD_REFUSED 10
#define CHILD_NOT_SECURE 11
#define CHILD_ACCEPTED 12

static char base[] = "/tmp/dgm-loader-XXXXXX";
static char here[4096];

static char said_code[64], said_text[2048], said_file[1024];
static unsigned said_count;

static void hear(void *context, const struct dgm_diag *diag)
{
	(void)context;
	said_count++;
	snprintf(said_code, sizeof said_code, "%s", diag->code);
	snprintf(said_text, sizeof said_text, "%.*s", DGM_FMT(diag->text));
	snprintf(said_file, sizeof said_file, "%.*s", DGM_FMT(diag->file));
}

static struct dgm_diag_sink sink = {.emit = hear};

static const char *path(const char *folder, const char *name)
{
	static char buffers[4][1024];
	static unsigned turn;
	char *to = buffers[turn++ % 4];
	snprintf(to, sizeof buffers[0], "%s/%s%s%s", base, folder, name[0] ? "/" : "", name);
	return to;
}

static void make_folder(const char *name)
{
	assert_true(mkdir(path(name, ""), 0755) == 0 || errno == EEXIST);
}

static void write_file(const char *to, const char *bytes, size_t len)
{
	FILE *file = fopen(to, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(to, 0644), 0);
}

/* Copies at most limit bytes. */
static void copy_file(const char *from, const char *to, size_t limit)
{
	FILE *file = fopen(from, "rb");
	assert_non_null(file);
	static char bytes[4 << 20];
	const size_t len = fread(bytes, 1, sizeof bytes, file);
	assert_true(len > 0 && len < sizeof bytes);
	fclose(file);
	write_file(to, bytes, len < limit ? len : limit);
}

static void copy_hostile(const char *id, const char *folder, const char *name)
{
	char from[1024];
	snprintf(from, sizeof from, "%s/%s.so", DGM_TEST_HOSTILE_DIR, id);
	copy_file(from, path(folder, name), SIZE_MAX);
}

static struct dgm_search *search_in(const char *folder)
{
	const struct dgm_str given = dgm_str(folder);
	said_count = 0;
	struct dgm_search *search = dgm_search_new(DGM_SEARCH_PLUGINS, &given, 1, &sink);
	assert_non_null(search);
	assert_int_equal(said_count, 0);
	return search;
}

static void expect_refusal(const char *folder, const char *id, const char *code, const char *text)
{
	struct dgm_search *search = search_in(folder);
	const struct dgm_loaded *loaded = dgm_plugin_load(search, dgm_str(id), &sink);
	if (loaded)
		fail_msg("%s was loaded, expected %s", id, code);
	assert_int_equal(said_count, 1);
	if (strcmp(said_code, code) != 0 || !strstr(said_text, text))
		fail_msg("%s: expected %s with '%s', got %s: %s", id, code, text, said_code, said_text);
	dgm_search_free(search);
}

static void test_sound(void **state)
{
	(void)state;
	struct dgm_search *search = search_in(DGM_TEST_HOSTILE_DIR);
	const struct dgm_loaded *loaded = dgm_plugin_load(search, DGM_STR("sound"), &sink);
	assert_non_null(loaded);
	assert_string_equal(loaded->plugin.id, "sound");
	assert_true(dgm_str_is(loaded->file, DGM_TEST_HOSTILE_DIR "/sound.so"));
	assert_int_equal(loaded->plugin.option_count, 2);
	assert_non_null(loaded->plugin.reader_next);
	assert_null(loaded->plugin.writer_put);
	assert_ptr_equal(dgm_plugin_load(search, DGM_STR("sound"), &sink), loaded);

	const struct dgm_loaded *second = dgm_plugin_load(search, DGM_STR("sound-second"), &sink);
	assert_non_null(second);
	assert_string_equal(second->plugin.version, "2.0");
	assert_int_equal(said_count, 0);

	assert_null(dgm_plugin_load(search, DGM_STR("sound-third"), &sink));
	assert_int_equal(said_count, 1);
	assert_string_equal(said_code, "plugin-missing");
	assert_non_null(strstr(said_file, "/sound.so"));
	dgm_search_free(search);
}

/* The descriptor of the first must not stand for the second: the system's loader goes by name. */
static void test_one_after_the_other(void **state)
{
	(void)state;
	struct dgm_search *search = search_in(DGM_TEST_HOSTILE_DIR);
	const int before = dup(0);
	close(before);
	const struct dgm_loaded *sound = dgm_plugin_load(search, DGM_STR("sound"), &sink);
	const struct dgm_loaded *larger = dgm_plugin_load(search, DGM_STR("larger"), &sink);
	assert_non_null(sound);
	assert_non_null(larger);
	assert_string_equal(sound->plugin.id, "sound");
	assert_string_equal(larger->plugin.id, "larger");
	const int after = dup(0);
	close(after);
	assert_int_equal(before, after);
	dgm_search_free(search);
}

static void test_larger_struct_loads(void **state)
{
	(void)state;
	struct dgm_search *search = search_in(DGM_TEST_HOSTILE_DIR);
	const struct dgm_loaded *loaded = dgm_plugin_load(search, DGM_STR("larger"), &sink);
	assert_non_null(loaded);
	assert_true(loaded->plugin.struct_size > sizeof(struct dgm_plugin));
	assert_int_equal(loaded->plugin.abi_minor, 7);
	dgm_search_free(search);
}

static void test_refused(void **state)
{
	(void)state;
	static const struct {
		const char *id, *code, *text;
	} cases[] = {
		{"no-entry", "plugin-no-entry", "no function dragoman_plugin_v1"},
		{"other-major", "plugin-no-entry", "plugin interface 2"},
		{"entry-null", "plugin-no-entry", "gives no plugin"},
		{"wrong-id", "plugin-mismatch", "calls itself 'somebody-else', expected 'wrong-id'"},
		{"no-id", "plugin-mismatch", "expected 'no-id'"},
		{"second-wrong-id-x", "plugin-mismatch", "plugin 1 in it calls itself 'csv'"},
		{"endless-x", "plugin-missing", "holds no plugin 'endless-x'"},
		{"no-version", "plugin-mismatch", "no version"},
		{"two-lines", "plugin-mismatch", "no summary"},
		{"size-zero", "plugin-mismatch", "struct_size is 0,"},
		{"size-short", "plugin-mismatch", "struct_size is 104,"},
		{"size-huge", "plugin-mismatch", "struct_size is 4294967295,"},
		{"no-callbacks", "plugin-mismatch", "neither a reader nor a writer"},
		{"half-reader", "plugin-mismatch", "reader_open, reader_next"},
		{"half-writer", "plugin-mismatch", "writer_open, writer_put"},
		{"option-outside", "plugin-options", "'number' lies outside"},
		{"option-default", "plugin-options", "'number' has a default"},
		{"option-kind", "plugin-options", "'number' is of a kind"},
		{"option-count", "plugin-options", "4000000000 options"},
		{"option-no-table", "plugin-options", "2 options"},
		{"undefined-symbol", "plugin-not-loadable", "undefined symbol: hostile_nobody_has_this"},
		{"absent", "plugin-missing", "no absent.so in " DGM_TEST_HOSTILE_DIR},
		{"", "plugin-missing", "cannot be a plugin's name"},
		{"../sound", "plugin-missing", "cannot be a plugin's name"},
		{"Sound", "plugin-missing", "cannot be a plugin's name"},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++)
		expect_refusal(DGM_TEST_HOSTILE_DIR, cases[i].id, cases[i].code, cases[i].text);
}

/* Each kind of file that is there and is no plugin. */
static void test_not_loadable(void **state)
{
	(void)state;
	make_folder("files");
	write_file(path("files", "text.so"), "not a program\n", 14);
	write_file(path("files", "empty.so"), "", 0);
	copy_hostile("sound", "files", "sound.so");
	for (size_t len = 1; len < 14000; len = len * 3 / 2 + 1) {
		copy_file(path("files", "sound.so"), path("files", "cut.so"), len);
		expect_refusal(path("files", ""), "cut", "plugin-not-loadable", "");
	}
	expect_refusal(path("files", ""), "text", "plugin-not-loadable", "");
	expect_refusal(path("files", ""), "empty", "plugin-not-loadable", "");
	assert_null(strstr(said_text, "/proc/self/fd"));

	assert_int_equal(mkdir(path("files", "folder.so"), 0755), 0);
	assert_int_equal(mkfifo(path("files", "pipe.so"), 0600), 0);
	assert_int_equal(symlink("sound.so", path("files", "link.so")), 0);
	expect_refusal(path("files", ""), "folder", "plugin-permissions", "not a regular file");
	expect_refusal(path("files", ""), "pipe", "plugin-permissions", "not a regular file");
	expect_refusal(path("files", ""), "link", "plugin-permissions", "symbolic link");
}

static void test_permissions(void **state)
{
	(void)state;
	make_folder("open");
	copy_hostile("constructor", "open", "constructor.so");
	char file[1024];
	snprintf(file, sizeof file, "%s", path("open", "constructor.so"));
	assert_int_equal(chmod(file, 0646), 0);
	expect_refusal(path("open", ""), "constructor", "plugin-permissions", "written by everybody");
	assert_int_equal(chmod(file, 0664), 0);
	expect_refusal(path("open", ""), "constructor", "plugin-permissions", "written by its group");
	assert_int_equal(chmod(file, 0644), 0);
	assert_int_equal(chmod(path("open", ""), 0777), 0);
	expect_refusal(path("open", ""), "constructor", "plugin-permissions",
		"folder that may be written by everybody");
	assert_int_equal(chmod(path("open", ""), 0775), 0);
	expect_refusal(path("open", ""), "constructor", "plugin-permissions",
		"folder that may be written by its group");
	assert_int_equal(chmod(path("open", ""), 0755), 0);
	if (geteuid() == 0) {
		assert_int_equal(chown(file, 65534, 65534), 0);
		expect_refusal(path("open", ""), "constructor", "plugin-permissions", "it belongs to another user");
		assert_int_equal(chown(file, 0, 0), 0);
		assert_int_equal(chown(path("open", ""), 65534, 65534), 0);
		expect_refusal(path("open", ""), "constructor", "plugin-permissions", "folder that belongs to another");
		assert_int_equal(chown(path("open", ""), 0, 0), 0);
	}

	/* Neither a refusal nor a listing runs anything of the file; loading does. */
	size_t count;
	struct dgm_search *search = search_in(path("open", ""));
	(void)dgm_plugins_list(search, &count);
	assert_null(getenv("DRAGOMAN_TEST_CONSTRUCTOR"));
	assert_non_null(dgm_plugin_load(search, DGM_STR("constructor"), &sink));
	assert_non_null(getenv("DRAGOMAN_TEST_CONSTRUCTOR"));
	dgm_search_free(search);
}

/* A file that is refused is not passed over in favour of a later one: that would load what nobody expects. */
static void test_first_decides(void **state)
{
	(void)state;
	make_folder("first");
	make_folder("second");
	copy_hostile("sound", "first", "sound.so");
	copy_hostile("sound", "second", "sound.so");
	copy_hostile("larger", "second", "larger.so");
	write_file(path("first", "Not An Id.so"), "", 0);
	write_file(path("first", "notes.txt"), "", 0);
	assert_int_equal(setenv("DRAGOMAN_PLUGIN_PATH", path("second", ""), 1), 0);
	struct dgm_search *search = search_in(path("first", ""));
	const struct dgm_loaded *loaded = dgm_plugin_load(search, DGM_STR("sound"), &sink);
	assert_non_null(loaded);
	assert_true(dgm_str_is(loaded->file, path("first", "sound.so")));

	size_t count;
	const struct dgm_plugin_file *files = dgm_plugins_list(search, &count);
	assert_true(count >= 4);
	assert_true(dgm_str_is(files[0].id, "Not An Id"));
	assert_true(files[0].problem.len > 0);
	assert_true(dgm_str_is(files[1].id, "sound"));
	assert_int_equal(files[1].problem.len, 0);
	assert_int_equal(files[1].shadowed_by.len, 0);
	assert_int_equal(files[1].origin, DGM_SEARCH_GIVEN);
	assert_true(dgm_str_is(files[2].id, "larger"));
	assert_int_equal(files[2].origin, DGM_SEARCH_ENVIRONMENT);
	assert_true(dgm_str_is(files[3].id, "sound"));
	assert_true(dgm_str_is(files[3].shadowed_by, path("first", "sound.so")));
	dgm_search_free(search);

	assert_int_equal(chmod(path("first", "sound.so"), 0666), 0);
	expect_refusal(path("first", ""), "sound", "plugin-permissions", "written by everybody");
	search = search_in(path("first", ""));
	files = dgm_plugins_list(search, &count);
	assert_true(dgm_str_is(files[1].problem, "it may be written by everybody"));
	dgm_search_free(search);
	assert_int_equal(unsetenv("DRAGOMAN_PLUGIN_PATH"), 0);
}

static void test_order_of_folders(void **state)
{
	(void)state;
	char list[1024], user[1024], wanted[2048];
	make_folder("a");
	make_folder("b");
	make_folder("home");
	make_folder("home/.local");
	make_folder("home/.local/share");
	make_folder("home/.local/share/dragoman");
	make_folder("home/.local/share/dragoman/plugins");
	snprintf(list, sizeof list, "%s/b:%s/a/", base, base);
	snprintf(user, sizeof user, "%s/home", base);
	assert_int_equal(setenv("DRAGOMAN_PLUGIN_PATH", list, 1), 0);
	assert_int_equal(setenv("HOME", user, 1), 0);
	assert_int_equal(chdir(base), 0);
	struct dgm_search *search = search_in("./a//");
	assert_int_equal(chdir("/"), 0);
	assert_true(search->count >= 3);
	snprintf(wanted, sizeof wanted, "%s/a, %s/b, %s/home/.local/share/dragoman/plugins", base, base, base);
	assert_true(dgm_str_starts(dgm_search_text(search), dgm_str(wanted)));
	assert_int_equal(search->folders[0].origin, DGM_SEARCH_GIVEN);
	assert_int_equal(search->folders[1].origin, DGM_SEARCH_ENVIRONMENT);
	assert_int_equal(search->folders[2].origin, DGM_SEARCH_USER);
	dgm_search_free(search);

	/* $XDG_DATA_HOME comes before $HOME; formats have their own variable and folders. */
	make_folder("data");
	make_folder("data/dragoman");
	make_folder("data/dragoman/formats");
	snprintf(user, sizeof user, "%s/data", base);
	assert_int_equal(setenv("XDG_DATA_HOME", user, 1), 0);
	said_count = 0;
	search = dgm_search_new(DGM_SEARCH_FORMATS, NULL, 0, &sink);
	assert_non_null(search);
	assert_int_equal(said_count, 0);
	assert_true(search->count >= 1);
	assert_true(dgm_str_is(search->folders[0].path, path("data", "dragoman/formats")));
	dgm_search_free(search);
	assert_int_equal(unsetenv("XDG_DATA_HOME"), 0);
	assert_int_equal(unsetenv("DRAGOMAN_PLUGIN_PATH"), 0);
}

static void test_folders_that_are_not_there(void **state)
{
	(void)state;
	const struct dgm_str given = DGM_STR("/nonexistent/plugins");
	said_count = 0;
	struct dgm_search *search = dgm_search_new(DGM_SEARCH_PLUGINS, &given, 1, &sink);
	assert_int_equal(said_count, 1);
	assert_string_equal(said_code, "search-folder");
	assert_string_equal(said_file, "/nonexistent/plugins");
	dgm_search_free(search);

	/* An empty part would be the working directory elsewhere. Here it is nothing, and that is said. */
	assert_int_equal(setenv("DRAGOMAN_PLUGIN_PATH", ":", 1), 0);
	assert_int_equal(chdir(base), 0);
	said_count = 0;
	search = dgm_search_new(DGM_SEARCH_PLUGINS, NULL, 0, &sink);
	assert_int_equal(said_count, 2);
	for (size_t i = 0; i < search->count; i++)
		assert_false(dgm_str_is(search->folders[i].path, base));
	dgm_search_free(search);
	assert_int_equal(unsetenv("DRAGOMAN_PLUGIN_PATH"), 0);
	assert_int_equal(chdir("/"), 0);
}

/* A copy of this program with more rights than its caller must not choose folders at all. */
static void test_set_id(void **state)
{
	(void)state;
	if (geteuid() != 0) {
		print_message("only root can make a program of another group\n");
		skip();
	}
	const char *program = path("program", "");
	copy_file(here, program, SIZE_MAX);
	assert_int_equal(chown(program, 0, 65534), 0);
	assert_int_equal(chmod(program, 02755), 0);
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		execl(program, program, "set-id", (char *)NULL);
		_exit(1);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == CHILD_NOT_SECURE) {
		print_message("this system ignores the set-gid bit here\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), CHILD_REFUSED);
}

static int as_set_id(void)
{
	if (getauxval(AT_SECURE) == 0)
		return CHILD_NOT_SECURE;
	struct dgm_search *search = dgm_search_new(DGM_SEARCH_PLUGINS, NULL, 0, &sink);
	return !search && strcmp(said_code, "set-uid") == 0 ? CHILD_REFUSED : CHILD_ACCEPTED;
}

static int set_up(void **state)
{
	(void)state;
	const ssize_t len = readlink("/proc/self/exe", here, sizeof here - 1);
	if (len <= 0 || !mkdtemp(base))
		return -1;
	here[len] = '\0';
	umask(022);
	unsetenv("DRAGOMAN_PLUGIN_PATH");
	unsetenv("DRAGOMAN_FORMAT_PATH");
	unsetenv("XDG_DATA_HOME");
	unsetenv("DRAGOMAN_TEST_CONSTRUCTOR");
	setenv("HOME", base, 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	const pid_t child = fork();
	if (child == 0) {
		execlp("rm", "rm", "-rf", "--", base, (char *)NULL);
		_exit(1);
	}
	int status;
	return waitpid(child, &status, 0) == child && status == 0 ? 0 : -1;
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return as_set_id();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sound),
		cmocka_unit_test(test_one_after_the_other),
		cmocka_unit_test(test_larger_struct_loads),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_not_loadable),
		cmocka_unit_test(test_permissions),
		cmocka_unit_test(test_first_decides),
		cmocka_unit_test(test_order_of_folders),
		cmocka_unit_test(test_folders_that_are_not_there),
		cmocka_unit_test(test_set_id),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
