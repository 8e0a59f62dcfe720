/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of transforms and others are made of many small objects, of which ICU does not ask whether they are there. */
#include "base/unicode.h"

#include <stdlib.h>

#include <unicode/uclean.h>

#include "base/arena.h"

static void *allocate(const void *context, size_t size)
{
	(void)context;
	void *memory = malloc(size ? size : 1);
	if (!memory)
		dgm_no_memory(size);
	return memory;
}

static void *reallocate(const void *context, void *memory, size_t size)
{
	(void)context;
	void *more = realloc(memory, size ? size : 1);
	if (!more)
		dgm_no_memory(size);
	return more;
}

static void release(const void *context, void *memory)
{
	(void)context;
	free(memory);
}

void dgm_unicode_memory(void)
{
	UErrorCode error = U_ZERO_ERROR;
	u_setMemoryFunctions(NULL, allocate, reallocate, release, &error);
}
