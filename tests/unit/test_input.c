/* SPDX-License-Identifier: Apache-2.0 */
/* The window: the same bytes whatever the chunks, nothing read that was not asked for, every error said once. */
#define _GNU_SOURCE
#include "io/input.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static uint64_t seed = 20260414;

static uint32_t next_random(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)((seed >> 20) % below);
}

/* What was said, the last code. */
struct said {
	struct dgm_diag_sink sink;
	size_t count;
	char code[40], file[40], text[200];
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
	copy(said->code, sizeof said->code, dgm_str(diag->code));
	copy(said->file, sizeof said->file, diag->file);
	copy(said->text, sizeof said->text, diag->text);
	assert_int_equal(diag->severity, DGM_ERROR);
}

static struct said listen_in(void)
{
	return (struct said){.sink = {.emit = emit}};
}

static struct dgm_diag_sink *sink_of(struct said *said)
{
	said->sink.context = said;
	return &said->sink;
}

/* The rest of the input, looked at and consumed in steps of no system; malloc'ed. */
static struct dgm_str rest_of(struct dgm_input *input, size_t most)
{
	char *text = malloc(most + 1);
	size_t n = 0;
	for (;;) {
		const size_t want = next_random(4) ? next_random(20) : next_random(3000);
		struct dgm_str window;
		assert_int_equal(dgm_input_peek(input, want, &window), DGM_OK);
		if (window.len < want)
			assert_true(dgm_input_at_end(input));
		if (window.len == 0)
			break;
		const size_t taken = next_random(3) ? next_random((uint32_t)window.len + 1) : window.len;
		assert_true(n + taken <= most);
		memcpy(text + n, window.ptr, taken);
		n += taken;
		dgm_input_consume(input, taken);
		/* What was not consumed comes again. */
		if (taken < window.len && next_random(8) == 0) {
			struct dgm_str again;
			const char first = window.ptr[taken];
			assert_int_equal(dgm_input_peek(input, window.len, &again), DGM_OK);
			assert_true(again.len >= window.len - taken && again.ptr[0] == first);
		}
	}
	return dgm_str_of(text, n);
}

static const size_t chunks[] = {1, 2, 3, 7, 61, 4096, 0};

static void the_bytes_are_the_same_whatever_the_chunks(void **state)
{
	(void)state;
	static const char *const charsets[] = {"", "utf-8", "windows-1252", "gb18030", "utf-16le", "utf-16be",
		"euc-jp"};
	for (int round = 0; round < 30; round++) {
		for (size_t c = 0; c < DGM_COUNT(charsets); c++) {
			const size_t n = next_random(round % 3 ? 200 : 12000);
			char *bytes = malloc(n + 1);
			for (size_t i = 0; i < n; i++)
				bytes[i] = (char)(next_random(2) ? ' ' + next_random(90) : next_random(256));
			/* No byte-order mark by chance. */
			if (n)
				bytes[0] = 'x';
			struct dgm_str first = DGM_NOSTR;
			for (size_t k = 0; k < DGM_COUNT(chunks); k++) {
				struct said said = listen_in();
				struct dgm_input *input =
					dgm_input_memory(dgm_str_of(bytes, n), DGM_STR("x"), sink_of(&said), chunks[k]);
				if (*charsets[c])
					assert_int_equal(dgm_input_charset(input, dgm_str(charsets[c]), false), 0);
				const struct dgm_str text = rest_of(input, 3 * n + 16);
				assert_int_equal(dgm_input_bytes(input), n);
				assert_int_equal(said.count, 0);
				struct dgm_str back;
				assert_int_equal(dgm_input_encode(input, text, &back), 0);
				if (c != 6)
					assert_true(dgm_str_eq(back, dgm_str_of(bytes, n)));
				free((char *)(uintptr_t)back.ptr);
				if (k == 0)
					first = text;
				else if (!dgm_str_eq(text, first))
					fail_msg("%s: chunks of %zu make a difference", charsets[c], chunks[k]);
				if (k)
					free((char *)(uintptr_t)text.ptr);
				dgm_input_free(input);
			}
			free((char *)(uintptr_t)first.ptr);
			free(bytes);
		}
	}
}

static void the_window_stays_until_more_is_asked_for(void **state)
{
	(void)state;
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "abcdef", 6), 6);
	struct said said = listen_in();
	struct dgm_input *input = dgm_input_fd(ends[0], DGM_STR("pipe"), sink_of(&said), 0);
	alarm(20); /* a read that was not called for would wait for ever */
	struct dgm_str head, window, again;
	assert_int_equal(dgm_input_head(input, 3, &head), DGM_OK);
	assert_true(dgm_str_is(head, "abc"));
	assert_int_equal(dgm_input_head(input, 6, &head), DGM_OK);
	assert_true(dgm_str_is(head, "abcdef"));
	assert_int_equal(dgm_input_peek(input, 2, &window), DGM_OK);
	assert_true(dgm_str_is(window, "abcdef"));
	dgm_input_consume(input, 1);
	for (size_t want = 0; want <= 5; want++) {
		assert_int_equal(dgm_input_peek(input, want, &again), DGM_OK);
		assert_ptr_equal(again.ptr, window.ptr + 1);
		assert_true(dgm_str_is(again, "bcdef"));
	}
	assert_false(dgm_input_at_end(input));
	assert_int_equal(dgm_input_bytes(input), 6);
	assert_int_equal(write(ends[1], "gh", 2), 2);
	close(ends[1]);
	assert_int_equal(dgm_input_peek(input, 100, &again), DGM_OK);
	assert_true(dgm_str_is(again, "bcdefgh"));
	assert_true(dgm_input_at_end(input));
	dgm_input_consume(input, 7);
	assert_int_equal(dgm_input_peek(input, 0, &again), DGM_OK);
	assert_int_equal(again.len, 0);
	alarm(0);
	dgm_input_free(input);
	assert_int_equal(close(ends[0]), 0); /* still the caller's */
	assert_int_equal(said.count, 0);
}

static void an_empty_window_is_the_end_and_nothing_else(void **state)
{
	(void)state;
	static const char *const charsets[] = {"utf-8", "windows-1252", "gbk"};
	for (size_t i = 0; i < DGM_COUNT(charsets); i++) {
		struct said said = listen_in();
		struct dgm_input *input = dgm_input_memory(DGM_STR("\xEF\xBB\xBFxyz"), DGM_STR("m"), sink_of(&said), 1);
		assert_int_equal(dgm_input_charset(input, dgm_str(charsets[i]), true), 0);
		struct dgm_str window;
		for (size_t n = 0; n < 3; n++) {
			assert_int_equal(dgm_input_peek(input, 0, &window), DGM_OK);
			assert_true(window.len > 0 && window.ptr[0] == "xyz"[n]);
			dgm_input_consume(input, 1);
		}
		for (int n = 0; n < 2; n++) {
			assert_int_equal(dgm_input_peek(input, SIZE_MAX, &window), DGM_OK);
			assert_int_equal(window.len, 0);
		}
		dgm_input_free(input);
		input = dgm_input_memory(DGM_NOSTR, DGM_NOSTR, sink_of(&said), 0);
		assert_int_equal(dgm_input_head(input, 10, &window), DGM_OK);
		assert_int_equal(window.len, 0);
		assert_int_equal(dgm_input_peek(input, 10, &window), DGM_OK);
		assert_int_equal(window.len, 0);
		assert_int_equal(said.count, 0);
		dgm_input_free(input);
	}
	dgm_input_free(NULL);
}

static void a_large_record_fits(void **state)
{
	(void)state;
	const size_t n = (size_t)3 * 1024 * 1024 + 17;
	char *bytes = malloc(n);
	for (size_t i = 0; i < n; i++)
		bytes[i] = (char)('a' + i % 23);
	struct said said = listen_in();
	struct dgm_input *input = dgm_input_memory(dgm_str_of(bytes, n), DGM_STR("m"), sink_of(&said), 0);
	struct dgm_str window = DGM_NOSTR;
	size_t looks = 0;
	/* As a reader does that does not find the end of a record: one byte more than it has. */
	for (size_t want = 1; !dgm_input_at_end(input); want = window.len + 1, looks++)
		assert_int_equal(dgm_input_peek(input, want, &window), DGM_OK);
	assert_true(dgm_str_eq(window, dgm_str_of(bytes, n)));
	assert_true(looks <= n / (256 * 1024) + 3);
	dgm_input_consume(input, n - 1);
	assert_int_equal(dgm_input_peek(input, 1, &window), DGM_OK);
	assert_int_equal(window.len, 1);
	dgm_input_free(input);
	free(bytes);
}

/* All of a file looked at for detection, and then decoded in blocks whose borders lie within characters. */
static void a_long_head_is_decoded_whole(void **state)
{
	(void)state;
	enum { COUNT = 150000 };
	char *bytes = malloc(1 + 2 * COUNT);
	bytes[0] = 'x';
	for (size_t i = 0; i < COUNT; i++)
		memcpy(bytes + 1 + 2 * i, "\xCD\xF5", 2);
	const struct dgm_str source = {bytes, 1 + 2 * COUNT};
	struct said said = listen_in();
	struct dgm_input *input = dgm_input_memory(source, DGM_STR("m"), sink_of(&said), 0);
	struct dgm_str head, window;
	assert_int_equal(dgm_input_head(input, SIZE_MAX, &head), DGM_OK);
	assert_true(dgm_str_eq(head, source) && dgm_input_at_end(input));
	assert_int_equal(dgm_input_charset(input, DGM_STR("gbk"), true), 0);
	assert_int_equal(dgm_input_peek(input, SIZE_MAX, &window), DGM_OK);
	assert_int_equal(window.len, 1 + 3 * COUNT);
	for (size_t i = 0; i < COUNT; i++)
		if (memcmp(window.ptr + 1 + 3 * i, "\xE7\x8E\x8B", 3) != 0)
			fail_msg("character %zu", i);
	dgm_input_free(input);
	free(bytes);
}

static void marks_and_names_settle_the_charset(void **state)
{
	(void)state;
	static const struct {
		const char *charset; /* NULL: none chosen */
		bool accepts_bom;
		struct dgm_str bytes;
		const char *text; /* NULL: refused */
		const char *code;
	} rows[] = {
		{NULL, true, {"abc", 3}, "abc", ""},
		{NULL, true,
			{"\xEF\xBB\xBF"
			 "abc",
				6},
			"abc", ""},
		{NULL, true,
			{"\xFF\xFE"
			 "a\0b\0",
				6},
			"ab", ""},
		{NULL, true, {"\xEF\xBB\xBF\xEF\xBB\xBF", 6}, "\xEF\xBB\xBF", ""},
		{NULL, true, {"\xEF\xBB", 2}, "\xEF\xBB", ""},
		{"utf-8", false,
			{"\xEF\xBB\xBF"
			 "a",
				4},
			"a", ""},
		{"UTF8", false, {"a\xFF", 2}, "a\xFF", ""},
		{"utf-8", true, {"\xFE\xFF\0a", 4}, "a", ""},
		{"utf-8", false, {"\xFE\xFF\0a", 4}, NULL, "charset-conflict"},
		{"windows-1252", true, {"\xEF\xBB\xBF\xC3\xB1", 5}, "\xC3\xB1", ""},
		{"windows-1252", false, {"\xEF\xBB\xBF\xC3\xB1", 5}, NULL, "charset-conflict"},
		{"windows-1252", false, {"\xF1", 1}, "\xC3\xB1", ""},
		{"utf-16", false,
			{"\xFF\xFE"
			 "a\0",
				4},
			"a", ""},
		{"utf-16", false, {"\xFE\xFF\0a", 4}, "a", ""},
		{"utf-16", false, {"\0a\0b", 4}, "ab", ""},
		{"utf-16", false,
			{"\xEF\xBB\xBF"
			 "a",
				4},
			NULL, "charset-conflict"},
		{"utf-16le", false,
			{"\xFF\xFE"
			 "a\0",
				4},
			"a", ""},
		{"utf-16le", false, {"\xFE\xFF\0a", 4}, NULL, "charset-conflict"},
		{"utf-16le", true, {"\xFE\xFF\0a", 4}, "a", ""},
		{"utf-16le", false, {"a\0", 2}, "a", ""},
		{"utf-16be", false, {"\xFE\xFF\0a\0", 5}, "a\xF8\x80", ""},
		{"gb18030", false, {"\x84\x31\x95\x33\xCD\xF5", 6}, "\xE7\x8E\x8B", ""},
		{"utf-8", true, {"\xFF\xFE\0\0a\0\0\0", 8}, NULL, "charset-unknown"},
		{NULL, true, {"\0\0\xFE\xFF\0\0\0a", 8}, NULL, "charset-unknown"},
		{"utf-7", true, {"a", 1}, NULL, "charset-unknown"},
		{"", true, {"a", 1}, NULL, "charset-unknown"},
		{"latin-1\n\"x", true, {"a", 1}, NULL, "charset-unknown"},
	};
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		for (size_t k = 0; k < DGM_COUNT(chunks); k++) {
			struct said said = listen_in();
			struct dgm_input *input =
				dgm_input_memory(rows[i].bytes, DGM_STR("list"), sink_of(&said), chunks[k]);
			int result = 0;
			if (rows[i].charset)
				result = dgm_input_charset(input, dgm_str(rows[i].charset), rows[i].accepts_bom);
			struct dgm_str window = DGM_NOSTR;
			if (result == 0)
				result = dgm_input_peek(input, SIZE_MAX, &window);
			if ((result == 0) != (rows[i].text != NULL))
				fail_msg("row %zu: %d, %s", i, result, said.code);
			if (rows[i].text && !dgm_str_is(window, rows[i].text))
				fail_msg("row %zu: \"%.*s\"", i, DGM_FMT(window));
			assert_string_equal(said.code, rows[i].code);
			assert_int_equal(said.count, *rows[i].code != '\0');
			if (said.count)
				assert_string_equal(said.file, "list");
			if (rows[i].charset && strchr(rows[i].charset, '\n'))
				assert_string_equal(said.text, "no such charset: \"latin-1??x\"");
			dgm_input_free(input);
		}
	}
}

static void read_errors_are_said_once(void **state)
{
	(void)state;
	const int folder = open(".", O_RDONLY | O_DIRECTORY);
	const int closed = dup(folder);
	close(closed);
	static const char *const reasons[] = {"is a directory", "bad file descriptor"};
	const int fds[] = {folder, closed};
	for (size_t i = 0; i < DGM_COUNT(fds); i++) {
		for (int way = 0; way < 3; way++) {
			struct said said = listen_in();
			char name[] = "wanted.csv";
			struct dgm_input *input = dgm_input_fd(fds[i], dgm_str(name), sink_of(&said), 0);
			memset(name, '-', sizeof name - 1); /* the name was copied */
			struct dgm_str window;
			if (way == 0)
				assert_int_equal(dgm_input_head(input, 1, &window), DGM_FATAL);
			if (way == 1)
				assert_int_equal(dgm_input_charset(input, DGM_STR("utf-8"), true), -1);
			for (int again = 0; again < 3; again++)
				assert_int_equal(dgm_input_peek(input, 1, &window), DGM_FATAL);
			assert_int_equal(said.count, 1);
			assert_string_equal(said.code, "input-read");
			assert_string_equal(said.file, "wanted.csv");
			if (!strcasestr(said.text, reasons[i]))
				fail_msg("\"%s\"", said.text);
			assert_true(dgm_str_is(dgm_input_name(input), "wanted.csv"));
			dgm_input_free(input);
		}
	}
	close(folder);
}

/* A source that breaks in its middle: our own memory, up to a page that is not there. */
static void what_was_read_before_an_error_does_not_hide_it(void **state)
{
	(void)state;
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *memory = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(memory != MAP_FAILED);
	memset(memory, 'a', page);
	assert_int_equal(munmap(memory + page, page), 0);
	const int fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		skip();
	assert_true(lseek(fd, (off_t)(uintptr_t)memory, SEEK_SET) >= 0);
	struct said said = listen_in();
	struct dgm_input *input = dgm_input_fd(fd, DGM_STR("m"), sink_of(&said), 256);
	struct dgm_str window;
	assert_int_equal(dgm_input_peek(input, page, &window), DGM_OK);
	assert_int_equal(window.len, page);
	assert_int_equal(dgm_input_peek(input, page + 1, &window), DGM_FATAL);
	assert_int_equal(dgm_input_peek(input, 1, &window), DGM_FATAL);
	assert_int_equal(said.count, 1);
	assert_false(dgm_input_at_end(input));
	dgm_input_free(input);
	close(fd);
	munmap(memory, page);
}

static void on_signal(int number)
{
	(void)number;
}

/* A slow writer at the other end, a timer that interrupts, and a descriptor that may not even wait by itself. */
static void interruptions_and_short_reads_lose_nothing(void **state)
{
	(void)state;
	for (int blocking = 0; blocking < 2; blocking++) {
		int ends[2];
		assert_int_equal(pipe2(ends, blocking ? 0 : O_NONBLOCK), 0);
		const pid_t writer = fork();
		assert_true(writer >= 0);
		if (writer == 0) {
			for (int i = 0; i < 200; i++) {
				const char b = (char)('a' + i % 26);
				usleep(200);
				if (write(ends[1], &b, 1) != 1)
					_exit(1);
			}
			_exit(0);
		}
		close(ends[1]);
		const struct sigaction action = {.sa_handler = on_signal}; /* no SA_RESTART */
		struct sigaction before;
		sigaction(SIGALRM, &action, &before);
		const struct itimerval often = {{0, 150}, {0, 150}}, never = {{0, 0}, {0, 0}};
		setitimer(ITIMER_REAL, &often, NULL);
		struct said said = listen_in();
		struct dgm_input *input = dgm_input_fd(ends[0], DGM_STR("-"), sink_of(&said), 0);
		struct dgm_str window;
		const int32_t result = dgm_input_peek(input, 1000, &window);
		setitimer(ITIMER_REAL, &never, NULL);
		sigaction(SIGALRM, &before, NULL);
		assert_int_equal(result, DGM_OK);
		assert_int_equal(window.len, 200);
		for (size_t i = 0; i < window.len; i++)
			assert_int_equal(window.ptr[i], 'a' + i % 26);
		assert_int_equal(said.count, 0);
		int status = -1;
		while (waitpid(writer, &status, 0) < 0)
			continue;
		assert_int_equal(status, 0);
		dgm_input_free(input);
		close(ends[0]);
	}
}

static void the_way_back_knows_its_limits(void **state)
{
	(void)state;
	static const struct {
		const char *charset;
		struct dgm_str source, text, bytes; /* bytes.ptr NULL: refused */
	} rows[] = {
		{"utf-8", {"x", 1}, {"\xF8\x80 any \xFF", 8}, {"\xF8\x80 any \xFF", 8}},
		{"utf-8", {"x", 1}, {NULL, 0}, {"", 0}},
		{"windows-1252", {"x", 1},
			{"Pe\xC3\xB1"
			 "a\xFA\x81",
				7},
			{"Pe\xF1"
			 "a\x81",
				5}},
		{"windows-1252", {"x", 1}, {"\xE7\x8E\x8B", 3}, {NULL, 0}},
		{"windows-1252", {"x", 1}, {"a\xFF", 2}, {NULL, 0}},
		{"windows-1252", {"x", 1}, {"", 0}, {"", 0}},
		{"utf-16", {"\xFF\xFEx\0", 4}, {"a\xF8\x80\xF0\x9F\x98\x80", 7}, {"a\0\0\x3D\xD8\x00\xDE", 7}},
		{"utf-16", {"\0x", 2}, {"ab", 2}, {"\0a\0b", 4}},
	};
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		struct said said = listen_in();
		struct dgm_input *input = dgm_input_memory(rows[i].source, DGM_NOSTR, sink_of(&said), 0);
		assert_int_equal(dgm_input_charset(input, dgm_str(rows[i].charset), true), 0);
		struct dgm_str bytes = {"untouched", 9};
		const int result = dgm_input_encode(input, rows[i].text, &bytes);
		assert_int_equal(result, rows[i].bytes.ptr ? 0 : -1);
		if (result == 0) {
			assert_true(dgm_str_eq(bytes, rows[i].bytes));
			free((char *)(uintptr_t)bytes.ptr);
		} else {
			assert_true(dgm_str_is(bytes, "untouched"));
		}
		dgm_input_free(input);
	}
}

static void a_file_that_is_changed_meanwhile_is_noticed(void **state)
{
	(void)state;
	char name[] = "/tmp/dragoman-input-XXXXXX";
	const int fd = mkstemp(name);
	struct said said = listen_in();
	struct dgm_digest digest;
	uint8_t sum[DGM_DIGEST_SIZE];
	struct dgm_str window;
	assert_true(fd >= 0 && write(fd, "abc", 3) == 3 && lseek(fd, 0, SEEK_SET) == 0);
	struct dgm_input *input = dgm_input_fd(fd, DGM_STR("list.csv"), sink_of(&said), 2);
	dgm_digest_init(&digest);
	dgm_input_digest(input, &digest);
	assert_int_equal(dgm_input_peek(input, 9, &window), DGM_OK);
	assert_false(dgm_input_changed(input));
	dgm_digest_end(&digest, sum);
	assert_memory_equal(sum, "\xba\x78\x16\xbf", 4); /* FIPS 180-4: "abc" */
	assert_int_equal(pwrite(fd, "xbc", 3, 0), 3);
	/* A kernel with coarse clocks may give the same times within a tick. */
	const struct timespec times[2] = {{.tv_sec = 1, .tv_nsec = 0}, {.tv_sec = 1, .tv_nsec = 0}};
	assert_int_equal(futimens(fd, times), 0);
	assert_true(dgm_input_changed(input));
	dgm_input_free(input);
	input = dgm_input_memory(DGM_STR("abc"), DGM_STR("list.csv"), sink_of(&said), 0);
	assert_false(dgm_input_changed(input));
	dgm_input_free(input);
	close(fd);
	unlink(name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_that_is_changed_meanwhile_is_noticed),
		cmocka_unit_test(the_bytes_are_the_same_whatever_the_chunks),
		cmocka_unit_test(the_window_stays_until_more_is_asked_for),
		cmocka_unit_test(an_empty_window_is_the_end_and_nothing_else),
		cmocka_unit_test(a_large_record_fits),
		cmocka_unit_test(a_long_head_is_decoded_whole),
		cmocka_unit_test(marks_and_names_settle_the_charset),
		cmocka_unit_test(read_errors_are_said_once),
		cmocka_unit_test(what_was_read_before_an_error_does_not_hide_it),
		cmocka_unit_test(interruptions_and_short_reads_lose_nothing),
		cmocka_unit_test(the_way_back_knows_its_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
