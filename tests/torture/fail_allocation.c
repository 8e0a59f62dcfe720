/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For LD_PRELOAD: the Nth call of malloc, calloc, realloc or their aligned kin fails, once, counted from main() on.
 *   TORTURE_AT     N; 0 or not there: none
 *   TORTURE_COUNT  file that gets the number of calls at the end of the process
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static atomic_bool started;
static atomic_ulong calls;
static unsigned long fail_at;
static const char *count_file;

static bool fails(void)
{
	return atomic_load(&started) && atomic_fetch_add(&calls, 1) + 1 == fail_at;
}

void *malloc(size_t size)
{
	if (fails()) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	if (fails()) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	if (fails()) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	if (fails()) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_memalign(alignment, size);
}

int posix_memalign(void **ret, size_t alignment, size_t size)
{
	if (fails())
		return ENOMEM;
	*ret = __libc_memalign(alignment, size);
	return *ret ? 0 : ENOMEM;
}

static void write_count(void)
{
	char text[32];
	atomic_store(&started, false);
	if (!count_file)
		return;
	const int fd = open(count_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	const int n = snprintf(text, sizeof text, "%lu\n", atomic_load(&calls));
	if (fd < 0 || write(fd, text, (size_t)n) != n)
		_exit(99);
	close(fd);
}

static int (*real_main)(int, char **, char **);

static int counted_main(int argc, char **argv, char **environment)
{
	atomic_store(&started, true);
	return real_main(argc, argv, environment);
}

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void), void (*fini)(void),
	void (*rtld_fini)(void), void *stack_end);

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void), void (*fini)(void),
	void (*rtld_fini)(void), void *stack_end)
{
	int (*real)(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void), void (*)(void),
		void *);
	void *symbol = dlsym(RTLD_NEXT, "__libc_start_main");
	const char *at = getenv("TORTURE_AT");
	memcpy(&real, &symbol, sizeof real);
	for (; at && *at >= '0' && *at <= '9'; at++)
		fail_at = fail_at * 10 + (unsigned long)(*at - '0');
	count_file = getenv("TORTURE_COUNT");
	real_main = main;
	atexit(write_count);
	return real(counted_main, argc, argv, init, fini, rtld_fini, stack_end);
}
