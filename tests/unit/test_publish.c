/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Publication: all or nothing under the final name, whatever fails and whenever. The system calls that publish are
 * defined here, so that each of them can be made to fail.
 */
#define _GNU_SOURCE
#include "io/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* --- system calls that fail on demand --- */

enum call {
	CALL_WRITE,
	CALL_FSYNC,
	CALL_CLOSE,
	CALL_OPENAT,
	CALL_TMPFILE,
	CALL_RENAME,
	CALL_NOREPLACE,
	CALL_LINK,
	CALLS
};

static struct {
	bool armed;
	unsigned count[CALLS]; /* since armed */
	enum call which;
	unsigned nth; /* 0: every one */
	int error;
} fault;

static bool fails(enum call call)
{
	if (!fault.armed)
		return false;
	fault.count[call]++;
	if (call != fault.which || (fault.nth && fault.nth != fault.count[call]))
		return false;
	errno = fault.error;
	return true;
}

static void arm(enum call which, unsigned nth, int error)
{
	memset(&fault, 0, sizeof fault);
	fault.which = which;
	fault.nth = nth;
	fault.error = error;
	fault.armed = true;
}

static void disarm(void)
{
	fault.armed = false;
}

ssize_t write(int fd, const void *bytes, size_t n)
{
	return fails(CALL_WRITE) ? -1 : (ssize_t)syscall(SYS_write, fd, bytes, n);
}

int fsync(int fd)
{
	return fails(CALL_FSYNC) ? -1 : (int)syscall(SYS_fsync, fd);
}

int close(int fd)
{
	/* As on Linux: the descriptor is gone even then. */
	const int result = (int)syscall(SYS_close, fd);
	return fails(CALL_CLOSE) ? -1 : result;
}

int openat(int folder, const char *path, int flags, ...)
{
	mode_t mode = 0;
	if (flags & (O_CREAT | O_TMPFILE)) {
		va_list args;
		va_start(args, flags);
		mode = va_arg(args, mode_t);
		va_end(args);
	}
	const enum call call = (flags & O_TMPFILE) == O_TMPFILE ? CALL_TMPFILE : CALL_OPENAT;
	return fails(call) ? -1 : (int)syscall(SYS_openat, folder, path, flags, mode);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	return fails(CALL_RENAME) ? -1 : (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
	return fails(CALL_NOREPLACE) ? -1 : (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
	return fails(CALL_LINK) ? -1 : (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
}

/* --- what was said, and what lies in the folder --- */

struct said {
	struct dgm_diag_sink sink;
	size_t count;
	uint32_t severity;
	char code[40], file[PATH_MAX], text[300];
};

static void copy(char *to, size_t room, struct dgm_str from)
{
	from = dgm_str_take(from, room - 1);
	if (from.len)
		memcpy(to, from.ptr, from.len);
	to[from.len] = '\0';
}

static void emit(void *context, const struct dgm_diag *diag)
{
	struct said *said = context;
	said->count++;
	said->severity = diag->severity;
	copy(said->code, sizeof said->code, dgm_str(diag->code));
	copy(said->file, sizeof said->file, diag->file);
	copy(said->text, sizeof said->text, diag->text);
}

static struct said said;

static struct dgm_diag_sink *listen_in(void)
{
	memset(&said, 0, sizeof said);
	said.sink.emit = emit;
	said.sink.context = &said;
	return &said.sink;
}

#define assert_said(expected)                                                                                          \
	do {                                                                                                           \
		if (said.count != (*(expected) != '\0') || strcmp(said.code, expected) != 0)                           \
			fail_msg("said %zu times, \"%s\": %s", said.count, said.code, said.text);                      \
	} while (0)

static char home[] = "test-publish-XXXXXX";

/* How many entries the folder has, hidden ones too. */
static size_t entries(void)
{
	size_t n = 0;
	DIR *folder = opendir(".");
	assert_non_null(folder);
	for (const struct dirent *entry; (entry = readdir(folder));)
		n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(folder);
	return n;
}

static size_t descriptors(void)
{
	size_t n = 0;
	DIR *folder = opendir("/proc/self/fd");
	assert_non_null(folder);
	while (readdir(folder))
		n++;
	closedir(folder);
	return n;
}

static void put_file(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static struct dgm_str get_file(const char *path)
{
	static char *bytes;
	struct stat about;
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return DGM_NOSTR;
	assert_int_equal(fstat(fd, &about), 0);
	const size_t size = (size_t)about.st_size;
	bytes = realloc(bytes, size + 1);
	size_t n = 0;
	for (ssize_t got; n < size && (got = read(fd, bytes + n, size - n)) > 0;)
		n += (size_t)got;
	close(fd);
	return dgm_str_of(bytes, n);
}

static void assert_file(const char *path, const char *text)
{
	const struct dgm_str bytes = get_file(path);
	if (!bytes.ptr || !dgm_str_is(bytes, text))
		fail_msg("%s holds \"%.*s\"", path, bytes.len > 60 ? 60 : (int)bytes.len,
			bytes.ptr ? bytes.ptr : "nothing");
}

static int clean(void **state)
{
	(void)state;
	disarm();
	DIR *folder = opendir(".");
	for (const struct dirent *entry; (entry = readdir(folder));)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			remove(entry->d_name);
	closedir(folder);
	return 0;
}

static struct dgm_output *open_output(const char *path, bool overwrite)
{
	struct dgm_output *output = dgm_output_file(dgm_str(path), overwrite, listen_in());
	if (!output)
		fail_msg("%s: %s", said.code, said.text);
	return output;
}

/* --- tests --- */

static void a_file_appears_whole_or_not_at_all(void **state)
{
	(void)state;
	const mode_t mask = umask(0);
	for (int round = 0; round < 3; round++) {
		const bool existing = round > 0;
		const char *before = existing ? "old" : NULL;
		if (existing)
			put_file("list.csv", before);
		const size_t count = descriptors();
		struct dgm_output *output = open_output("list.csv", existing);
		dgm_output_write(output, DGM_STR("new, "));
		memcpy(dgm_output_reserve(output, 10), "and more", 8);
		dgm_output_advance(output, 8);
		assert_int_equal(dgm_output_size(output), 13);
		assert_int_equal(entries(), existing ? 2 : 1);
		if (existing)
			assert_file("list.csv", "old");
		else
			assert_int_equal(access("list.csv", F_OK), -1);
		if (round == 1) {
			dgm_output_free(output);
			assert_file("list.csv", "old");
		} else {
			assert_int_equal(dgm_output_commit(output), 0);
			assert_file("list.csv", "new, and more");
			assert_int_equal(dgm_output_commit(output), 0);
			assert_int_equal(dgm_output_error(output), 0);
			dgm_output_free(output);
			assert_file("list.csv", "new, and more");
			struct stat about;
			assert_int_equal(stat("list.csv", &about), 0);
			assert_int_equal(about.st_mode & 07777, 0600);
		}
		assert_int_equal(entries(), 1);
		assert_int_equal(descriptors(), count);
		assert_said("");
	}
	umask(mask);
	dgm_output_free(NULL);
}

static void what_exists_is_not_replaced_unasked(void **state)
{
	(void)state;
	put_file("list.csv", "old");
	assert_null(dgm_output_file(DGM_STR("list.csv"), false, listen_in()));
	assert_said("output-exists");
	assert_string_equal(said.file, "list.csv");
	/* Nor what came to exist in the meantime; and where the file system has no such rename, the same. */
	for (int round = 0; round < 2; round++) {
		unlink("list.csv");
		struct dgm_output *output = open_output("list.csv", false);
		dgm_output_write(output, DGM_STR("new"));
		put_file("list.csv", "in between");
		arm(CALL_NOREPLACE, round ? 0 : UINT_MAX, EINVAL);
		assert_int_equal(dgm_output_commit(output), -1);
		disarm();
		assert_said("output-exists");
		assert_int_equal(dgm_output_error(output), -EEXIST);
		assert_int_equal(dgm_output_commit(output), -1);
		assert_int_equal(said.count, 1);
		dgm_output_free(output);
		assert_file("list.csv", "in between");
		assert_int_equal(entries(), 1);
	}
}

static void other_ways_to_rename_lead_there_too(void **state)
{
	(void)state;
	static const int errors[] = {EINVAL, ENOSYS};
	for (size_t i = 0; i < DGM_COUNT(errors); i++) {
		struct dgm_output *output = open_output("list.csv", false);
		dgm_output_write(output, DGM_STR("new"));
		arm(CALL_NOREPLACE, 0, errors[i]);
		assert_int_equal(dgm_output_commit(output), 0);
		disarm();
		dgm_output_free(output);
		assert_said("");
		assert_file("list.csv", "new");
		assert_int_equal(entries(), 1);
		struct stat about;
		assert_int_equal(stat("list.csv", &about), 0);
		assert_int_equal(about.st_nlink, 1);
		unlink("list.csv");
	}
}

static void names_that_cannot_be_are_refused(void **state)
{
	(void)state;
	char longest[PATH_MAX + 10], part[300];
	memset(longest, 'x', sizeof longest);
	memset(part, 'x', sizeof part);
	put_file("file", "old");
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(symlink("loop", "loop"), 0);
	const struct dgm_str names[] = {
		DGM_STR(""),
		DGM_NOSTR,
		DGM_STR("missing/list.csv"),
		DGM_STR("file/list.csv"),
		DGM_STR("folder"),
		DGM_STR("folder/"),
		DGM_STR("missing/"),
		DGM_STR("."),
		DGM_STR("folder/.."),
		DGM_STR("/"),
		DGM_STR("loop"),
		dgm_str_of("a\0b", 3),
		{longest, PATH_MAX - 1},
		{longest, PATH_MAX},
		{longest, sizeof longest},
		{part, sizeof part},
	};
	const size_t count = descriptors();
	for (size_t i = 0; i < DGM_COUNT(names); i++) {
		if (dgm_output_file(names[i], true, listen_in()))
			fail_msg("name %zu", i);
		assert_said("output-open");
		assert_int_equal(said.severity, DGM_ERROR);
	}
	assert_file("file", "old");
	assert_int_equal(entries(), 3);
	assert_int_equal(descriptors(), count);
}

static void links_stay_and_what_they_lead_to_is_replaced(void **state)
{
	(void)state;
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(symlink("../folder/./real.csv", "folder/third"), 0);
	assert_int_equal(symlink("real.csv", "first"), 0);
	assert_int_equal(symlink("first", "second"), 0);
	static const struct {
		const char *link, *target;
		bool exists;
	} rows[] = {
		{"first", "real.csv", true},
		{"second", "real.csv", true},
		{"folder/third", "folder/real.csv", true},
		{"first", "real.csv", false},
		{"folder/third", "folder/real.csv", false},
	};
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		unlink(rows[i].target);
		if (rows[i].exists) {
			put_file(rows[i].target, "old");
			assert_null(dgm_output_file(dgm_str(rows[i].link), false, listen_in()));
			assert_said("output-exists");
		}
		struct dgm_output *output = open_output(rows[i].link, rows[i].exists);
		dgm_output_write(output, DGM_STR("new"));
		if (rows[i].exists)
			assert_file(rows[i].link, "old");
		assert_int_equal(dgm_output_commit(output), 0);
		dgm_output_free(output);
		struct stat about;
		assert_int_equal(lstat(rows[i].link, &about), 0);
		assert_true(S_ISLNK(about.st_mode));
		assert_int_equal(lstat(rows[i].target, &about), 0);
		assert_true(S_ISREG(about.st_mode));
		assert_file(rows[i].target, "new");
	}
	unlink("folder/third");
	unlink("folder/real.csv");
	assert_int_equal(rmdir("folder"), 0); /* nothing else in it */
}

/* Runs in a child, where limits, signals and standard output may be spoilt. */
static void in_a_child(void (*run)(void))
{
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		alarm(60);
		run();
		_exit(0);
	}
	int status = -1;
	while (waitpid(child, &status, 0) < 0)
		continue;
	if (status != 0)
		fail_msg("the child ended with %d: see its lines above", status);
}

#define CHECK(condition)                                                                                               \
	do {                                                                                                           \
		if (!(condition)) {                                                                                    \
			dprintf(2, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                     \
			_exit(1);                                                                                      \
		}                                                                                                      \
	} while (0)

static void write_above_a_limit(void)
{
	signal(SIGXFSZ, SIG_IGN);
	const struct rlimit limit = {300000, 300000};
	CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	struct dgm_output *output = dgm_output_file(DGM_STR("list.csv"), true, listen_in());
	CHECK(output);
	for (int i = 0; i < 100000; i++)
		dgm_output_write(output, DGM_STR("one more line\n"));
	CHECK(dgm_output_error(output) == -EFBIG);
	CHECK(dgm_output_commit(output) == -1);
	CHECK(said.count == 1 && strcmp(said.code, "output-write") == 0);
	dgm_output_free(output);
}

static void an_old_file_survives_a_failed_write(void **state)
{
	(void)state;
	put_file("list.csv", "old");
	in_a_child(write_above_a_limit);
	assert_file("list.csv", "old");
	assert_int_equal(entries(), 1);
}

/* A small conversion with parts; NULL, or what commit said. */
static int convert(bool overwrite, size_t large)
{
	struct dgm_output *output = dgm_output_file(DGM_STR("list.csv"), overwrite, listen_in());
	if (!output)
		return -2;
	static char block[100000];
	memset(block, 'x', sizeof block);
	dgm_output_section(output, 1);
	for (size_t i = 0; i < large; i++)
		dgm_output_write(output, dgm_str_of(block, sizeof block));
	dgm_output_write(output, DGM_STR("new"));
	dgm_output_section(output, 0);
	for (size_t i = 0; i < large; i++)
		dgm_output_write(output, dgm_str_of(block, sizeof block));
	const int result = dgm_output_commit(output);
	dgm_output_free(output);
	return result;
}

/* Every call fails once, the first, the second and so on, until none is left to fail. */
static void whatever_fails_the_old_file_stays(void **state)
{
	(void)state;
	static const enum call calls[] = {CALL_WRITE, CALL_FSYNC, CALL_CLOSE, CALL_OPENAT, CALL_TMPFILE, CALL_RENAME};
	static const int errors[] = {ENOSPC, EIO, EDQUOT, EROFS};
	size_t failures = 0;
	const size_t count = descriptors();
	for (size_t c = 0; c < DGM_COUNT(calls); c++) {
		for (unsigned nth = 1;; nth++) {
			const int error = errors[nth % DGM_COUNT(errors)];
			put_file("list.csv", "old");
			arm(calls[c], nth, error);
			const int result = convert(true, 120);
			const bool happened = fault.count[calls[c]] >= nth;
			const unsigned folder_syncs = fault.count[CALL_FSYNC];
			disarm();
			assert_int_equal(entries(), 1);
			assert_int_equal(descriptors(), count);
			if (!happened) {
				assert_int_equal(result, 0);
				assert_int_equal(nth > 1, true);
				break;
			}
			failures++;
			/* The two that come after the rename: the folder's own sync, and closing what was only read. */
			const bool published = get_file("list.csv").len > 3;
			if (!published) {
				assert_true(result < 0);
				assert_file("list.csv", "old");
				assert_said(result == -2 ? "output-open" : "output-write");
				if (!strstr(said.text, strerror(error)))
					fail_msg("\"%s\" says nothing of %s", said.text, strerror(error));
			} else if (result < 0) {
				assert_said("output-write");
				assert_non_null(strstr(said.text, "is in place"));
				assert_true(calls[c] == CALL_FSYNC ? folder_syncs == 2 : calls[c] == CALL_OPENAT);
			} else {
				assert_true(calls[c] == CALL_CLOSE);
				assert_said("");
			}
		}
	}
	assert_true(failures > 40);
}

static void file_systems_without_this_or_that_will_do(void **state)
{
	(void)state;
	static const struct {
		enum call call;
		int error;
	} rows[] = {{CALL_FSYNC, EINVAL}, {CALL_TMPFILE, EOPNOTSUPP}, {CALL_TMPFILE, EISDIR}, {CALL_WRITE, EINTR},
		{CALL_FSYNC, EINTR}};
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		put_file("list.csv", "old");
		arm(rows[i].call, rows[i].error == EINTR ? 1 : 0, rows[i].error);
		assert_int_equal(convert(true, 120), 0);
		assert_true(fault.count[rows[i].call] > 0);
		disarm();
		assert_said("");
		const struct dgm_str bytes = get_file("list.csv");
		assert_int_equal(bytes.len, 24000003);
		assert_memory_equal(bytes.ptr + bytes.len - 4, "xnew", 4);
		assert_int_equal(entries(), 1);
	}
}

static void on_termination(int number)
{
	dgm_output_abandon_all(); /* NOLINT(bugprone-signal-handler): it only unlinks */
	_exit(number);
}

static void a_handler_clears_what_is_not_committed(void **state)
{
	(void)state;
	struct dgm_output *ours = open_output("ours", true);
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGTERM, on_termination);
		struct dgm_output *outputs[4];
		static const char *const names[] = {"a", "b", "c", "d"};
		for (size_t i = 0; i < 4; i++)
			CHECK((outputs[i] = dgm_output_file(dgm_str(names[i]), true, listen_in())));
		CHECK(entries() == 5);
		dgm_output_free(outputs[1]);
		CHECK(dgm_output_commit(outputs[2]) == 0);
		dgm_output_free(outputs[2]);
		raise(SIGTERM);
	}
	int status = -1;
	while (waitpid(child, &status, 0) < 0)
		continue;
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == SIGTERM);
	assert_int_equal(entries(), 2); /* "c", and the temporary file of this process */
	assert_int_equal(dgm_output_commit(ours), 0);
	dgm_output_free(ours);
	assert_file("ours", "");
	dgm_output_abandon_all();
	assert_int_equal(entries(), 2);
}

static void a_folder_may_move_meanwhile(void **state)
{
	(void)state;
	assert_int_equal(mkdir("folder", 0700), 0);
	struct dgm_output *output = open_output("folder/list.csv", false);
	assert_int_equal(rename("folder", "moved"), 0);
	dgm_output_write(output, DGM_STR("new"));
	assert_int_equal(dgm_output_commit(output), 0);
	dgm_output_free(output);
	assert_file("moved/list.csv", "new");
	unlink("moved/list.csv");
	assert_int_equal(rmdir("moved"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_file_appears_whole_or_not_at_all, clean),
		cmocka_unit_test_teardown(what_exists_is_not_replaced_unasked, clean),
		cmocka_unit_test_teardown(other_ways_to_rename_lead_there_too, clean),
		cmocka_unit_test_teardown(names_that_cannot_be_are_refused, clean),
		cmocka_unit_test_teardown(links_stay_and_what_they_lead_to_is_replaced, clean),
		cmocka_unit_test_teardown(an_old_file_survives_a_failed_write, clean),
		cmocka_unit_test_teardown(whatever_fails_the_old_file_stays, clean),
		cmocka_unit_test_teardown(file_systems_without_this_or_that_will_do, clean),
		cmocka_unit_test_teardown(a_handler_clears_what_is_not_committed, clean),
		cmocka_unit_test_teardown(a_folder_may_move_meanwhile, clean),
	};
	if (!mkdtemp(home) || chdir(home) != 0)
		return 1;
	const int result = cmocka_run_group_tests(tests, NULL, NULL);
	if (chdir("..") != 0 || rmdir(home) != 0)
		return 1;
	return result;
}
