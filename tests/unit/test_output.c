/* SPDX-License-Identifier: Apache-2.0 */
/* Output: errors that stick, parts in order, characters that a charset does not have. Publication: test_publish.c. */
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
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

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

static char home[] = "test-output-XXXXXX";

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

static int clean(void **state)
{
	(void)state;
	DIR *folder = opendir(".");
	for (const struct dirent *entry; (entry = readdir(folder));)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			remove(entry->d_name);
	closedir(folder);
	return 0;
}

static uint64_t seed = 20260514;

static uint32_t next_random(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)((seed >> 20) % below);
}

static struct dgm_output *open_output(const char *path, bool overwrite)
{
	struct dgm_output *output = dgm_output_file(dgm_str(path), overwrite, listen_in());
	if (!output)
		fail_msg("%s: %s", said.code, said.text);
	return output;
}

static void a_full_device_is_an_error_said_once(void **state)
{
	(void)state;
	for (int large = 0; large < 2; large++) {
		struct dgm_output *output = open_output("/dev/full", true);
		char block[1000];
		memset(block, 'x', sizeof block);
		for (int i = 0; i < (large ? 2000 : 2); i++) {
			memset(dgm_output_reserve(output, sizeof block), 'x', sizeof block);
			dgm_output_advance(output, sizeof block);
			dgm_output_write(output, dgm_str_of(block, sizeof block));
			dgm_output_section(output, (uint32_t)i % 3);
		}
		assert_int_equal(said.count, large);
		assert_int_equal(dgm_output_error(output), large ? -ENOSPC : 0);
		assert_int_equal(dgm_output_commit(output), -1);
		assert_said("output-write");
		assert_string_equal(said.file, "/dev/full");
		assert_int_equal(dgm_output_error(output), -ENOSPC);
		dgm_output_free(output);
		assert_said("output-write");
	}
}

/* --- where the bytes go --- */

static void devices_and_pipes_are_written_through(void **state)
{
	(void)state;
	assert_int_equal(symlink("/dev/null", "nothing"), 0);
	static const char *const nowhere[] = {"/dev/null", "nothing"};
	for (size_t i = 0; i < DGM_COUNT(nowhere); i++) {
		struct dgm_output *output = open_output(nowhere[i], i == 0);
		dgm_output_write(output, DGM_STR("new"));
		assert_int_equal(dgm_output_commit(output), 0);
		dgm_output_free(output);
		struct stat about;
		assert_int_equal(stat(nowhere[i], &about), 0);
		assert_true(S_ISCHR(about.st_mode));
	}
	assert_int_equal(mkfifo("fifo", 0600), 0);
	const int reader = open("fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(reader >= 0);
	struct dgm_output *output = open_output("fifo", false);
	dgm_output_write(output, DGM_STR("new"));
	assert_int_equal(dgm_output_commit(output), 0);
	dgm_output_free(output);
	char bytes[10];
	assert_int_equal(read(reader, bytes, sizeof bytes), 3);
	close(reader);
	struct stat about;
	assert_int_equal(stat("fifo", &about), 0);
	assert_true(S_ISFIFO(about.st_mode));
	assert_said("");
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

static void write_to_standard_output(void)
{
	const int to = open("stdout", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CHECK(dup2(to, STDOUT_FILENO) == STDOUT_FILENO);
	struct dgm_output *output = dgm_output_file(DGM_STR("-"), false, listen_in());
	CHECK(output);
	dgm_output_section(output, 2);
	for (int i = 0; i < 600000; i++)
		dgm_output_write(output, DGM_STR("0123456789"));
	dgm_output_section(output, 0);
	dgm_output_write(output, DGM_STR("first"));
	CHECK(dgm_output_commit(output) == 0);
	dgm_output_free(output);
	CHECK(write(STDOUT_FILENO, "still open", 10) == 10);
	CHECK(said.count == 0);
	close(STDOUT_FILENO);
	CHECK(!dgm_output_file(DGM_STR("-"), false, listen_in()));
	CHECK(said.count == 1 && strcmp(said.code, "output-open") == 0);
}

static void standard_output_is_not_ours_to_close(void **state)
{
	(void)state;
	in_a_child(write_to_standard_output);
	const struct dgm_str bytes = get_file("stdout");
	assert_int_equal(bytes.len, 6000015);
	assert_memory_equal(bytes.ptr, "first0123456789", 15);
	assert_memory_equal(bytes.ptr + bytes.len - 15, "56789still open", 15);
	assert_int_equal(entries(), 1);
}

static void write_to_a_closed_pipe(void)
{
	signal(SIGPIPE, SIG_IGN);
	int ends[2];
	CHECK(pipe(ends) == 0);
	CHECK(dup2(ends[1], STDOUT_FILENO) == STDOUT_FILENO);
	close(ends[0]);
	struct dgm_output *output = dgm_output_file(DGM_STR("-"), false, listen_in());
	CHECK(output);
	for (int i = 0; i < 100000; i++)
		dgm_output_write(output, DGM_STR("0123456789"));
	CHECK(dgm_output_commit(output) == -1 && dgm_output_error(output) == -EPIPE);
	CHECK(said.count == 1);
	dgm_output_free(output);
}

static void a_reader_that_went_away_is_an_error(void **state)
{
	(void)state;
	in_a_child(write_to_a_closed_pipe);
}

static void on_signal(int number)
{
	(void)number;
}

/* A slow reader, a timer that interrupts, and a descriptor that may not wait by itself. */
static void interruptions_and_short_writes_lose_nothing(void **state)
{
	(void)state;
	enum { TOTAL = 3000000 };
	for (int blocking = 0; blocking < 2; blocking++) {
		int ends[2];
		assert_int_equal(pipe2(ends, blocking ? 0 : O_NONBLOCK), 0);
		const pid_t writer = fork();
		assert_true(writer >= 0);
		if (writer == 0) {
			const struct sigaction action = {.sa_handler = on_signal}; /* no SA_RESTART */
			const struct itimerval often = {{0, 150}, {0, 150}};
			CHECK(dup2(ends[1], STDOUT_FILENO) == STDOUT_FILENO);
			sigaction(SIGALRM, &action, NULL);
			setitimer(ITIMER_REAL, &often, NULL);
			struct dgm_output *output = dgm_output_file(DGM_STR("-"), false, listen_in());
			CHECK(output);
			for (int i = 0; i < TOTAL / 10; i++)
				dgm_output_write(output, DGM_STR("0123456789"));
			CHECK(dgm_output_commit(output) == 0);
			CHECK(said.count == 0);
			_exit(0);
		}
		close(ends[1]);
		fcntl(ends[0], F_SETFL, 0);
		size_t n = 0;
		static char bytes[30000];
		for (ssize_t got; (got = read(ends[0], bytes, sizeof bytes)) != 0; usleep(100)) {
			assert_true(got > 0);
			for (ssize_t i = 0; i < got; i++, n++)
				assert_int_equal(bytes[i], '0' + n % 10);
		}
		assert_int_equal(n, TOTAL);
		int status = -1;
		while (waitpid(writer, &status, 0) < 0)
			continue;
		assert_int_equal(status, 0);
		close(ends[0]);
	}
}

/* --- parts --- */

/* A model: one buffer per number. */
static void parts_come_out_in_the_order_of_their_numbers(void **state)
{
	(void)state;
	static const uint32_t numbers[] = {0, 1, 2, 7, 100, UINT32_MAX};
	enum { PARTS = DGM_COUNT(numbers) };
	for (int round = 0; round < 40; round++) {
		const bool file = round % 2, large = round >= 36;
		struct dgm_output *output = file ? open_output("parts", true) : dgm_output_memory(listen_in());
		char *model[PARTS] = {0};
		size_t length[PARTS] = {0}, room[PARTS] = {0}, part = 0, total = 0;
		for (uint32_t i = 0, steps = next_random(large ? 3000 : 300); i < steps; i++) {
			char bytes[9000];
			const size_t n = next_random(5) ? next_random(60) : next_random(large ? 9000 : 2000);
			for (size_t k = 0; k < n; k++)
				bytes[k] = (char)('a' + next_random(26));
			if (next_random(3) == 0) {
				part = next_random(PARTS);
				dgm_output_section(output, numbers[part]);
			}
			if (length[part] + n > room[part]) {
				room[part] = 2 * (length[part] + n);
				model[part] = realloc(model[part], room[part]);
			}
			if (n)
				memcpy(model[part] + length[part], bytes, n);
			length[part] += n;
			total += n;
			if (next_random(2)) {
				dgm_output_write(output, dgm_str_of(bytes, n));
			} else {
				char *to = dgm_output_reserve(output, n + next_random(100));
				memcpy(to, bytes, n);
				dgm_output_advance(output, n);
			}
		}
		assert_int_equal(dgm_output_size(output), total);
		assert_int_equal(dgm_output_commit(output), 0);
		const struct dgm_str bytes = file ? get_file("parts") : dgm_output_bytes(output);
		assert_int_equal(bytes.len, total);
		size_t at = 0;
		for (size_t p = 0; p < PARTS; p++) {
			assert_true(length[p] == 0 || memcmp(bytes.ptr + at, model[p], length[p]) == 0);
			at += length[p];
			free(model[p]);
		}
		dgm_output_free(output);
		assert_said("");
	}
}

static void large_parts_wait_in_a_file_that_nobody_sees(void **state)
{
	(void)state;
	enum { PARTS = 3, LINES = 1000000, TURN = LINES / 2 };
	const size_t count = descriptors();
	struct dgm_output *output = open_output("parts", true);
	/* In turns, so that each part lies in the file in pieces. */
	for (uint32_t turn = 0; turn < PARTS * 2; turn++) {
		const uint32_t part = PARTS - 1 - turn % PARTS, first = turn / PARTS * TURN;
		dgm_output_section(output, part);
		for (uint32_t i = first; i < first + TURN; i++) {
			char *to = dgm_output_reserve(output, 40);
			assert_int_equal(snprintf(to, 40, "%u%08u\n", (unsigned)part, (unsigned)i), 10);
			dgm_output_advance(output, 10);
		}
	}
	assert_int_equal(entries(), 1);
	assert_int_equal(descriptors(), count + 3); /* the folder, the file, what waits */
	assert_int_equal(dgm_output_commit(output), 0);
	dgm_output_free(output);
	assert_int_equal(descriptors(), count);
	const struct dgm_str bytes = get_file("parts");
	assert_int_equal(bytes.len, (size_t)PARTS * LINES * 10);
	for (size_t i = 0; i < (size_t)PARTS * LINES; i++) {
		char line[12];
		snprintf(line, sizeof line, "%zu%08zu\n", i / LINES, i % LINES);
		if (memcmp(bytes.ptr + i * 10, line, 10) != 0)
			fail_msg("line %zu", i);
	}
	assert_int_equal(entries(), 1);
}

static void parts_are_not_without_end(void **state)
{
	(void)state;
	struct dgm_output *output = dgm_output_memory(listen_in());
	for (uint32_t i = 0; i < 256; i++) {
		dgm_output_section(output, i * 5);
		dgm_output_write(output, DGM_STR("x"));
	}
	assert_int_equal(said.count, 0);
	dgm_output_section(output, 3);
	dgm_output_write(output, DGM_STR("x"));
	dgm_output_section(output, 4);
	assert_said("output-write");
	assert_int_equal(dgm_output_commit(output), -1);
	dgm_output_free(output);
}

/* --- charsets --- */

static void characters_are_written_in_the_charset(void **state)
{
	(void)state;
	static const struct {
		const char *charset;
		bool bom;
		const char *text;
		struct dgm_str bytes;
		uint64_t unencodable;
	} rows[] = {
		{NULL, false, "a\xC3\xB1", {"a\xC3\xB1", 3}, 0},
		{"utf-8", false,
			"\xEF\xBB\xBF"
			"a",
			{"\xEF\xBB\xBF"
			 "a",
				4},
			0},
		{"utf-8", true, "", {"\xEF\xBB\xBF", 3}, 0},
		{"utf-8", true, "a\xFF",
			{"\xEF\xBB\xBF"
			 "a\xFF",
				5},
			0},
		{"windows-1252", false,
			"Pe\xC3\xB1"
			"a \xE2\x82\xAC",
			{"Pe\xF1"
			 "a \x80",
				6},
			0},
		{"CP1252", false, "\xE7\x8E\x8B, \xF0\x9F\x98\x80, x", {"?, ?, x", 7}, 2},
		{"windows-1252", false, "a\xFF\xC3", {"a??", 3}, 2},
		{"windows-1252", false, "\xE7\x8E", {"??", 2}, 2},
		{"windows-1252", false, "\xED\xA0\x80.", {"???.", 4}, 3},
		{"utf-16", false, "a\xC3\xB1",
			{"\xFF\xFE"
			 "a\0\xF1\0",
				6},
			0},
		{"utf-16le", false, "a\xF0\x9F\x98\x80", {"a\0\x3D\xD8\x00\xDE", 6}, 0},
		{"utf-16be", true, "a\xFF", {"\xFE\xFF\0a\0?", 6}, 1},
		{"gb18030", true, "\xE7\x8E\x8B", {"\x84\x31\x95\x33\xCD\xF5", 6}, 0},
		{"gbk", false, "\xE7\x8E\x8B\xD9\x85", {"\xCD\xF5?", 3}, 1},
	};
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		const struct dgm_str text = dgm_str(rows[i].text);
		for (size_t step = 1; step <= text.len + 1; step++) {
			struct dgm_output *output = dgm_output_memory(listen_in());
			if (rows[i].charset)
				assert_int_equal(dgm_output_charset(output, dgm_str(rows[i].charset), rows[i].bom), 0);
			/* In parts, so that characters are cut where one ends and the next begins. */
			for (size_t at = 0; at < text.len; at += step) {
				dgm_output_section(output, (uint32_t)at);
				dgm_output_write(output, dgm_str_take(dgm_str_skip(text, at), step));
			}
			assert_int_equal(dgm_output_commit(output), 0);
			if (!dgm_str_eq(dgm_output_bytes(output), rows[i].bytes))
				fail_msg("row %zu in steps of %zu: %zu bytes", i, step, dgm_output_bytes(output).len);
			assert_int_equal(dgm_output_unencodable(output), rows[i].unencodable);
			assert_said(rows[i].unencodable ? "charset-unencodable" : "");
			if (said.count)
				assert_int_equal(said.severity, DGM_WARNING);
			dgm_output_free(output);
		}
	}
	listen_in();
	struct dgm_output *output = dgm_output_memory(&said.sink);
	assert_int_equal(dgm_output_charset(output, DGM_STR("iso-8859-1"), false), 0);
	dgm_output_write(output, DGM_STR("\xE2\x82\xAC"));
	assert_int_equal(dgm_output_commit(output), 0);
	assert_non_null(strstr(said.text, "U+20AC"));
	assert_non_null(strstr(said.text, "iso-8859-1"));
	dgm_output_free(output);
}

static void charsets_that_are_none_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *charset, *code;
		bool bom;
	} rows[] = {{"utf-7", "charset-unknown", false}, {"", "charset-unknown", true},
		{"windows-1252", "charset-bom", true}, {"gbk", "charset-bom", true}};
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		struct dgm_output *output = dgm_output_memory(listen_in());
		assert_int_equal(dgm_output_charset(output, dgm_str(rows[i].charset), rows[i].bom), -1);
		assert_said(rows[i].code);
		dgm_output_free(output);
	}
}

/* Long text, in writes of every size, of which many end within a character and some are larger than the buffer. */
static void long_texts_are_encoded_without_a_seam(void **state)
{
	(void)state;
	enum { COUNT = 700000 };
	char *text = malloc(3 * COUNT), *expected = malloc(2 * COUNT);
	size_t n = 0, m = 0;
	for (size_t i = 0; i < COUNT; i++) {
		switch (next_random(3)) {
		case 0:
			text[n++] = expected[m++] = 'a';
			break;
		case 1:
			memcpy(text + n, "\xD9\x85", 2);
			n += 2;
			expected[m++] = (char)0xE3;
			break;
		default:
			memcpy(text + n, "\xE2\x80\x93", 3);
			n += 3;
			expected[m++] = (char)0x96;
			break;
		}
	}
	for (int round = 0; round < 3; round++) {
		struct dgm_output *output = open_output("arabic", true);
		assert_int_equal(dgm_output_charset(output, DGM_STR("windows-1256"), false), 0);
		for (size_t at = 0; at < n;) {
			const struct dgm_str part = dgm_str_take(dgm_str_of(text + at, n - at),
				round == 2 ? n : 1 + next_random(round ? 5000 : 600000));
			dgm_output_write(output, part);
			at += part.len;
		}
		assert_int_equal(dgm_output_commit(output), 0);
		assert_true(dgm_str_eq(get_file("arabic"), dgm_str_of(expected, m)));
		assert_int_equal(dgm_output_unencodable(output), 0);
		dgm_output_free(output);
	}
	free(text);
	free(expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(devices_and_pipes_are_written_through, clean),
		cmocka_unit_test_teardown(standard_output_is_not_ours_to_close, clean),
		cmocka_unit_test_teardown(a_reader_that_went_away_is_an_error, clean),
		cmocka_unit_test_teardown(interruptions_and_short_writes_lose_nothing, clean),
		cmocka_unit_test_teardown(a_full_device_is_an_error_said_once, clean),
		cmocka_unit_test_teardown(parts_come_out_in_the_order_of_their_numbers, clean),
		cmocka_unit_test_teardown(large_parts_wait_in_a_file_that_nobody_sees, clean),
		cmocka_unit_test_teardown(parts_are_not_without_end, clean),
		cmocka_unit_test_teardown(characters_are_written_in_the_charset, clean),
		cmocka_unit_test_teardown(charsets_that_are_none_are_refused, clean),
		cmocka_unit_test_teardown(long_texts_are_encoded_without_a_seam, clean),
	};
	if (!mkdtemp(home) || chdir(home) != 0)
		return 1;
	const int result = cmocka_run_group_tests(tests, NULL, NULL);
	if (chdir("..") != 0 || rmdir(home) != 0)
		return 1;
	return result;
}
