/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that is released all at once. Allocation is a pointer bump; a reset keeps the blocks for the next round, so a
 * conversion in its stride calls malloc no more. Not thread-safe: one arena, one owner.
 */
#ifndef DGM_BASE_ARENA_H
#define DGM_BASE_ARENA_H

#include <stddef.h>

#include "base/str.h"

struct dgm_arena_block;

struct dgm_arena {
	char *at, *end;
	struct dgm_arena_block *first, *current;
	size_t total;
};

/* Where memory runs out the handler is called with the size asked for. It must not return; the first one aborts. */
void dgm_no_memory_handler(void (*handler)(size_t size));
_Noreturn void dgm_no_memory(size_t size);

/* malloc family that never returns NULL; the result goes to free(). */
void *dgm_xmalloc(size_t size);
void *dgm_xcalloc(size_t count, size_t size);
void *dgm_xrealloc(void *old, size_t size);

void *dgm_arena_grow(struct dgm_arena *arena, size_t size);

/* size bytes, aligned for any type, not zeroed; never NULL. */
static inline void *dgm_arena_alloc(struct dgm_arena *arena, size_t size)
{
	/* Nothing is something, so that the result is never NULL. */
	const size_t rounded = ((size ? size : 1) + 15u) & ~(size_t)15u;
	if (rounded < size || rounded > (size_t)(arena->end - arena->at))
		return dgm_arena_grow(arena, size);
	void *p = arena->at;
	arena->at += rounded;
	return p;
}

static inline void *dgm_arena_zero(struct dgm_arena *arena, size_t size)
{
	return memset(dgm_arena_alloc(arena, size), 0, size);
}

/* A copy of s; with_nul adds a 0 byte that does not count. */
struct dgm_str dgm_arena_dup(struct dgm_arena *arena, struct dgm_str s);
char *dgm_arena_cstr(struct dgm_arena *arena, struct dgm_str s);
/* One behind the other, without the price of a format. */
struct dgm_str dgm_arena_join(struct dgm_arena *arena, struct dgm_str a, struct dgm_str b, struct dgm_str c);
struct dgm_str dgm_arena_printf(struct dgm_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Everything allocated so far is gone; the blocks stay. */
void dgm_arena_reset(struct dgm_arena *arena);
/* The blocks are gone too; the arena is empty and usable. */
void dgm_arena_done(struct dgm_arena *arena);

#endif
