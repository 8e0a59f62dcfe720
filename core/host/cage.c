/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Locking a process, in the one order that works: a Landlock ruleset is a descriptor, so it comes before the limit on
 * descriptors; the filter comes last, because it forbids the calls that everything before it is made of. System calls are
 * made by number: the headers of the systems we build on are older than the kernels that we run on.
 */
#define _GNU_SOURCE
#include "host/cage.h"

#include <assert.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host/cage_filter.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* --- Landlock, as of its interface 7 (linux/landlock.h) --- */

#define NR_CREATE_RULESET 444
#define NR_RESTRICT_SELF 446
#define ASK_VERSION 1u

struct ruleset {
	uint64_t fs, net, scoped; /* handled: all of it is denied, for there is no rule */
};

/* How many rights over files each interface knows: 1 has 13 of them, then refer, truncate, and the ioctls of devices. */
static uint64_t file_rights(uint32_t interface)
{
	const unsigned rights = interface >= 5 ? 16 : interface >= 3 ? 15 : interface >= 2 ? 14 : 13;
	return ((uint64_t)1 << rights) - 1;
}

static uint32_t landlock_interface(void)
{
	const long version = syscall(NR_CREATE_RULESET, NULL, 0, ASK_VERSION);
	return version > 0 ? (uint32_t)version : 0;
}

static int deny_by_landlock(uint32_t interface)
{
	const struct ruleset ruleset = {.fs = file_rights(interface),
		.net = interface >= 4 ? 3 : 0,     /* bind and connect over TCP */
		.scoped = interface >= 6 ? 3 : 0}; /* abstract sockets and signals */
	const size_t size = interface >= 6 ? sizeof ruleset : interface >= 4 ? 16 : 8;
	const int fd = (int)syscall(NR_CREATE_RULESET, &ruleset, size, 0);
	if (fd < 0)
		return -1;
	const long result = syscall(NR_RESTRICT_SELF, fd, 0);
	const int error = errno;
	close(fd);
	errno = error;
	return result == 0 ? 0 : -1;
}

/* --- limits --- */

static int limit(int which, uint64_t value)
{
	struct rlimit now;
	if (getrlimit((__rlimit_resource_t)which, &now) != 0)
		return -1;
	if (value > now.rlim_max)
		value = now.rlim_max;
	/* Processor time: the first limit is a signal that says so, the second the end. */
	const struct rlimit wanted = {.rlim_cur = value, .rlim_max = which == RLIMIT_CPU ? value + 1 : value};
	return setrlimit((__rlimit_resource_t)which,
		now.rlim_max < wanted.rlim_max ? &(struct rlimit){value, now.rlim_max} : &wanted);
}

/* Bytes of address space in use; 0 where the system does not say. */
static uint64_t mapped(void)
{
	char line[64] = "";
	uint64_t pages = 0;
	FILE *file = fopen("/proc/self/statm", "re");
	if (!file)
		return 0;
	const size_t n = fread(line, 1, sizeof line - 1, file);
	fclose(file);
	const struct dgm_str text = dgm_str_of(line, n);
	return dgm_str_to_u64(dgm_str_take(text, dgm_str_find(text, DGM_STR(" "))), &pages)
		? pages * (uint64_t)sysconf(_SC_PAGESIZE)
		: 0;
}

static int set_limits(const struct dgm_cage *cage, struct dgm_cage_state *state)
{
	uint64_t memory = 0;
	if (limit(RLIMIT_CORE, 0) != 0)
		return -1;
	if (cage->cpu && limit(RLIMIT_CPU, cage->cpu) != 0)
		return -1;
	if (cage->file && limit(RLIMIT_FSIZE, cage->file) != 0)
		return -1;
	/* Sanitizers map terabytes that they never use. */
	if (cage->memory && !SANITIZED && !__builtin_add_overflow(mapped(), cage->memory, &memory)) {
		if (limit(RLIMIT_AS, memory) != 0)
			return -1;
		state->memory = true;
	}
	return limit(RLIMIT_NOFILE, 0);
}

/* --- descriptors --- */

static int by_first(const void *a, const void *b)
{
	const struct dgm_cage_fds *x = a, *y = b;
	return (x->first > y->first) - (x->first < y->first);
}

/* Sorted, for closing what lies between them. */
static void close_others(const struct dgm_cage *cage)
{
	struct dgm_cage_fds sorted[DGM_CAGE_FDS_MAX];
	unsigned next = 0;
	if (cage->fd_count > 0) {
		memcpy(sorted, cage->fds, cage->fd_count * sizeof *sorted);
		qsort(sorted, cage->fd_count, sizeof *sorted, by_first);
	}
	for (size_t i = 0; i < cage->fd_count; i++) {
		if ((unsigned)sorted[i].first > next)
			syscall(__NR_close_range, next, (unsigned)sorted[i].first - 1, 0);
		if ((unsigned)sorted[i].last + 1 > next)
			next = (unsigned)sorted[i].last + 1;
	}
	/* A kernel without the call leaves them open, which the filter makes harmless. */
	syscall(__NR_close_range, next, ~0u, 0);
}

/* --- the lock --- */

static bool has_filter(void)
{
	uint32_t action = SECCOMP_RET_KILL_PROCESS;
	return syscall(__NR_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

struct dgm_cage_state dgm_cage_offers(void)
{
	return (struct dgm_cage_state){.filter = has_filter(),
		.landlock = landlock_interface(),
		.limits = true,
		.undumpable = !SANITIZED,
		.memory = !SANITIZED};
}

static int fail(struct dgm_diag_sink *diags, const char *what)
{
	dgm_diag_text(diags, DGM_ERROR, "sandbox-unavailable", DGM_NOSTR, NULL, "%s: %s; nothing was read", what,
		strerrordesc_np(errno));
	return -1;
}

int dgm_cage_lock(const struct dgm_cage *cage, struct dgm_cage_state *ret_state, struct dgm_diag_sink *diags)
{
	struct dgm_cage_state state = {0};
	struct dgm_filter filter;
	assert(cage->fd_count <= DGM_CAGE_FDS_MAX);
	const bool filtered = has_filter();
	if (!filtered && !cage->partial)
		return fail(diags, "this system has no seccomp filters");
	close_others(cage);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return fail(diags, "no_new_privs is refused");
	/* Sanitizers look at the process from another one. */
	if (!SANITIZED && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return fail(diags, "PR_SET_DUMPABLE is refused");
	state.undumpable = !SANITIZED;
	state.landlock = landlock_interface();
	if (state.landlock && deny_by_landlock(state.landlock) != 0)
		return fail(diags, "Landlock is refused");
	dgm_filter_build(&filter, cage, (unsigned)getpid());
	if (set_limits(cage, &state) != 0)
		return fail(diags, "a limit is refused");
	state.limits = true;
	const struct sock_fprog program = {.len = filter.count, .filter = filter.steps};
	if (filtered && syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0)
		return fail(diags, "the seccomp filter is refused");
	state.filter = filtered;
	*ret_state = state;
	return 0;
}

struct dgm_str dgm_cage_text(const struct dgm_cage_state *state, char room[96])
{
	char landlock[24] = "";
	if (state->landlock)
		snprintf(landlock, sizeof landlock, "Landlock %u", state->landlock);
	const char *const parts[] = {state->filter ? "seccomp" : "", landlock, state->limits ? "limits" : ""};
	size_t n = 0;
	for (size_t i = 0; i < DGM_COUNT(parts); i++)
		if (parts[i][0])
			n += (size_t)snprintf(room + n, 96 - n, "%s%s", n ? ", " : "", parts[i]);
	return n ? dgm_str_of(room, n) : DGM_STR("nothing");
}
