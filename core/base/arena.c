/* SPDX-License-Identifier: Apache-2.0 */
/* Arenas: a chain of blocks, kept over resets. Also the one place where running out of memory is decided. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Large enough for the records of an ordinary list, small enough to stay in the second-level cache. */
#define BLOCK_SIZE ((size_t)64 * 1024)

struct dgm_arena_block {
	struct dgm_arena_block *next;
	size_t size;
};

static void (*no_memory_handler)(size_t size);

void dgm_no_memory_handler(void (*handler)(size_t size))
{
	no_memory_handler = handler;
}

_Noreturn void dgm_no_memory(size_t size)
{
	if (no_memory_handler)
		no_memory_handler(size);
	abort();
}

void *dgm_xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);
	if (!p)
		dgm_no_memory(size);
	return p;
}

void *dgm_xcalloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);
	if (!p)
		dgm_no_memory(size);
	return p;
}

void *dgm_xrealloc(void *old, size_t size)
{
	void *p = realloc(old, size ? size : 1);
	if (!p)
		dgm_no_memory(size);
	return p;
}

static char *block_bytes(struct dgm_arena_block *block)
{
	return (char *)block + ((sizeof *block + 15u) & ~(size_t)15u);
}

static void enter(struct dgm_arena *arena, struct dgm_arena_block *block)
{
	arena->current = block;
	arena->at = block_bytes(block);
	arena->end = arena->at + block->size;
}

void *dgm_arena_grow(struct dgm_arena *arena, size_t size)
{
	if (size > SIZE_MAX / 2)
		dgm_no_memory(size);
	const size_t rounded = ((size ? size : 1) + 15u) & ~(size_t)15u;
	while (arena->current && arena->current->next) {
		enter(arena, arena->current->next);
		if (arena->current->size >= rounded) {
			void *p = arena->at;
			arena->at += rounded;
			return p;
		}
	}
	const size_t payload = rounded > BLOCK_SIZE ? rounded : BLOCK_SIZE;
	struct dgm_arena_block *block = dgm_xmalloc(payload + 32);
	block->next = NULL;
	block->size = payload;
	if (arena->current)
		arena->current->next = block;
	else
		arena->first = block;
	arena->total += payload;
	enter(arena, block);
	void *p = arena->at;
	arena->at += rounded;
	return p;
}

struct dgm_str dgm_arena_dup(struct dgm_arena *arena, struct dgm_str s)
{
	if (s.len == 0)
		return (struct dgm_str){"", 0};
	char *copy = dgm_arena_alloc(arena, s.len);
	memcpy(copy, s.ptr, s.len);
	return (struct dgm_str){copy, s.len};
}

char *dgm_arena_cstr(struct dgm_arena *arena, struct dgm_str s)
{
	char *copy = dgm_arena_alloc(arena, s.len + 1);
	if (s.len)
		memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\0';
	return copy;
}

struct dgm_str dgm_arena_join(struct dgm_arena *arena, struct dgm_str a, struct dgm_str b, struct dgm_str c)
{
	const struct dgm_str parts[] = {a, b, c};
	size_t len = 0;
	for (size_t i = 0; i < DGM_COUNT(parts); i++)
		if (__builtin_add_overflow(len, parts[i].len, &len))
			dgm_no_memory(SIZE_MAX);
	char *text = dgm_arena_alloc(arena, len);
	char *to = text;
	for (size_t i = 0; i < DGM_COUNT(parts); i++)
		if (parts[i].len) {
			memcpy(to, parts[i].ptr, parts[i].len);
			to += parts[i].len;
		}
	return dgm_str_of(text, len);
}

struct dgm_str dgm_arena_printf(struct dgm_arena *arena, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	const int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	const size_t len = n > 0 ? (size_t)n : 0;
	char *text = dgm_arena_alloc(arena, len + 1);
	vsnprintf(text, len + 1, format, again);
	va_end(again);
	return (struct dgm_str){text, len};
}

/* One giant record must not keep its block for the rest of a long run: blocks above the usual size are given back. */
void dgm_arena_reset(struct dgm_arena *arena)
{
	struct dgm_arena_block **link = &arena->first;
	while (*link) {
		struct dgm_arena_block *block = *link;
		if (block->size > BLOCK_SIZE) {
			*link = block->next;
			arena->total -= block->size;
			free(block);
		} else {
			link = &block->next;
		}
	}
	if (arena->first)
		enter(arena, arena->first);
	else
		*arena = (struct dgm_arena){0};
}

void dgm_arena_done(struct dgm_arena *arena)
{
	for (struct dgm_arena_block *block = arena->first; block;) {
		struct dgm_arena_block *next = block->next;
		free(block);
		block = next;
	}
	*arena = (struct dgm_arena){0};
}
