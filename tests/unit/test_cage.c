/* SPDX-License-Identifier: Apache-2.0 */
/* A locked process can do what a conversion needs, and nothing else. The list of what it cannot: dragoman sandbox --self-test. */
#define _GNU_SOURCE
#include "host/cage.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/cage_filter.h"

/* Two files: the cage names the first. */
static int named, other;

/* Runs it in a child; how that ended: its status, or 1000 and a signal. */
static int in_child(int (*run)(void))
{
	int status = 0;
	fflush(NULL);
	const pid_t child = fork();
	if (child == 0)
		_exit(run());
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int lock(uint64_t memory, uint64_t cpu, uint64_t file, bool threads)
{
	const struct dgm_cage_fds fds = {.first = named, .last = named, .use = DGM_CAGE_BOTH};
	const struct dgm_cage cage =
		{.fds = &fds, .fd_count = 1, .memory = memory, .cpu = cpu, .file = file, .threads = threads};
	struct dgm_cage_state state = {0};
	const int result = dgm_cage_lock(&cage, &state, NULL);
	return result == 0 && state.filter && state.limits ? 0 : -1;
}

static int use_what_is_named(void)
{
	char text[8] = "";
	struct stat status;
	if (lock(1u << 30, 60, 0, false) != 0)
		return 1;
	if (lseek(named, 0, SEEK_SET) != 0 || write(named, "locked", 6) != 6 || pread(named, text, 6, 0) != 6)
		return 2;
	if (syscall(__NR_fstat, named, &status) != 0 || (fcntl(named, F_GETFL) & O_ACCMODE) != O_RDWR)
		return 3;
	char *memory = malloc((size_t)64 << 20);
	if (!memory)
		return 4;
	memset(memory, 1, (size_t)64 << 20);
	char *more = realloc(memory, (size_t)128 << 20);
	free(more);
	return memcmp(text, "locked", 6) == 0 && more ? 42 : 5;
}

static int read_another(void)
{
	char byte;
	return lock(0, 0, 0, false) == 0 && read(other, &byte, 1) >= 0;
}

static int die_of_itself(void)
{
	if (lock(0, 0, 0, false) == 0)
		abort();
	return 1;
}

static int want_memory(void)
{
	if (lock((uint64_t)64 << 20, 0, 0, false) != 0)
		return 1;
	return malloc((size_t)256 << 20) ? 2 : 42;
}

static int spin(void)
{
	volatile uint64_t turns = 0;
	if (lock(0, 1, 0, false) != 0)
		return 1;
	for (;;)
		turns++;
}

static int write_on(void)
{
	static char block[8192];
	signal(SIGXFSZ, SIG_IGN);
	if (lock(0, 0, 4096, false) != 0 || lseek(named, 0, SEEK_SET) != 0)
		return 1;
	return write(named, block, sizeof block) == 4096 && write(named, block, 1) < 0 ? 42 : 2;
}

static void *add(void *sum)
{
	*(int *)sum += 42;
	return NULL;
}

static int use_a_thread(bool allowed)
{
	pthread_t thread;
	int sum = 0;
	if (lock(0, 0, 0, allowed) != 0 || pthread_create(&thread, NULL, add, &sum) != 0)
		return 1;
	pthread_join(thread, NULL);
	return sum;
}

static int thread_with_leave(void)
{
	return use_a_thread(true);
}

static int thread_without(void)
{
	return use_a_thread(false);
}

static int fork_with_threads(void)
{
	return lock(0, 0, 0, true) == 0 && fork() >= 0;
}

static char said[256];

static void keep(void *context, const struct dgm_diag *diag)
{
	(void)context;
	snprintf(said, sizeof said, "%s", diag->code);
}

/* A system that has no filters: seccomp(2) fails as in a kernel without it. */
static int lock_without_filters(bool partial)
{
	struct sock_filter steps[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_seccomp, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 38),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {.len = DGM_COUNT(steps), .filter = steps};
	const struct dgm_cage cage = {.partial = partial};
	struct dgm_cage_state state = {.filter = true};
	struct dgm_diag_sink diags = {.emit = keep};
	char room[96];
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		return 1;
	if (dgm_cage_offers().filter)
		return 2;
	const int result = dgm_cage_lock(&cage, &state, &diags);
	if (partial)
		return result == 0 && !state.filter && dgm_cage_text(&state, room).len &&
				dgm_str_ends(dgm_cage_text(&state, room), DGM_STR("limits"))
			? 42
			: 3;
	return result != 0 && strcmp(said, "sandbox-unavailable") == 0 ? 42 : 4;
}

static int require_what_is_missing(void)
{
	return lock_without_filters(false);
}

static int take_what_there_is(void)
{
	return lock_without_filters(true);
}

static void rows(void **state)
{
	(void)state;
	const bool unlimited = !dgm_cage_offers().memory; /* built with sanitizers */
	const struct {
		const char *name;
		int (*run)(void);
		int expected;
	} all[] = {
		{"what is named can be used", use_what_is_named, 42},
		{"another descriptor cannot", read_another, 1000 + SIGSYS},
		{"an assertion ends it as ever", die_of_itself, 1000 + SIGABRT},
		{"memory has a limit", unlimited ? use_what_is_named : want_memory, 42},
		{"time has a limit", spin, 1000 + SIGXCPU},
		{"files have a limit", write_on, 42},
		{"threads with leave", thread_with_leave, 42},
		{"threads without", thread_without, 1000 + SIGSYS},
		{"processes never", fork_with_threads, 1000 + SIGSYS},
		{"no filter, no lock", require_what_is_missing, 42},
		{"no filter, and told", take_what_there_is, 42},
	};
	for (size_t i = 0; i < DGM_COUNT(all); i++) {
		const int ended = in_child(all[i].run);
		if (ended != all[i].expected)
			fail_msg("%s: ended by %d, expected %d", all[i].name, ended, all[i].expected);
	}
}

static void the_longest_filter_fits(void **state)
{
	(void)state;
	struct dgm_cage_fds fds[DGM_CAGE_FDS_MAX];
	struct dgm_filter filter;
	for (size_t i = 0; i < DGM_COUNT(fds); i++)
		fds[i] = (struct dgm_cage_fds){.first = (int)(2 * i), .last = (int)(2 * i), .use = DGM_CAGE_BOTH};
	const struct dgm_cage cage = {.fds = fds, .fd_count = DGM_COUNT(fds), .threads = true};
	dgm_filter_build(&filter, &cage, 1);
	assert_true(filter.count < DGM_FILTER_MAX);
}

static int prepare(void **state)
{
	(void)state;
	named = memfd_create("named", 0);
	other = memfd_create("other", 0);
	return named < 0 || other < 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows),
		cmocka_unit_test(the_longest_filter_fits),
	};
	return cmocka_run_group_tests(tests, prepare, NULL);
}
