/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the fuzz targets share. A target takes its choices (an option set, a chunk size, a format) from the first bytes of
 * the input, and the rest is the document. demand() is an assert that also says what was found.
 */
#ifndef DGM_TESTS_FUZZ_H
#define DGM_TESTS_FUZZ_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/diag.h"
#include "host/loader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define demand(holds, ...)                                                                                             \
	do {                                                                                                           \
		if (!(holds)) {                                                                                        \
			fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);                                                \
			fprintf(stderr, __VA_ARGS__);                                                                  \
			fprintf(stderr, "\n");                                                                         \
			abort();                                                                                       \
		}                                                                                                      \
	} while (0)

/* The next byte of the input, taken off it; 0 at its end. */
static inline uint8_t fuzz_byte(struct dgm_str *input)
{
	if (input->len == 0)
		return 0;
	const uint8_t byte = (uint8_t)input->ptr[0];
	*input = dgm_str_skip(*input, 1);
	return byte;
}

/* A text that grows; its block is kept for the next input. */
struct fuzz_text {
	char *ptr;
	size_t len, room;
};

static inline void fuzz_add(struct fuzz_text *text, struct dgm_str bytes)
{
	if (text->room - text->len < bytes.len + 1) {
		text->room = (text->len + bytes.len + 1) * 2;
		text->ptr = dgm_xrealloc(text->ptr, text->room);
	}
	if (bytes.len)
		memcpy(text->ptr + text->len, bytes.ptr, bytes.len);
	text->len += bytes.len;
	text->ptr[text->len] = 0;
}

static inline void __attribute__((format(printf, 2, 3))) fuzz_print(struct fuzz_text *text, const char *format, ...)
{
	char line[512];
	va_list args;
	va_start(args, format);
	const int n = vsnprintf(line, sizeof line, format, args);
	va_end(args);
	demand(n >= 0 && (size_t)n < sizeof line, "a line of the transcript is too long");
	fuzz_add(text, dgm_str_of(line, (size_t)n));
}

static inline void fuzz_same(const char *what, const struct fuzz_text *a, const struct fuzz_text *b)
{
	if (a->len == b->len && (a->len == 0 || memcmp(a->ptr, b->ptr, a->len) == 0))
		return;
	demand(false, "%s\n--- one\n%s\n--- other\n%s\n---", what, a->ptr ? a->ptr : "", b->ptr ? b->ptr : "");
}

/* The plugins that were just built. */
static inline struct dgm_search *fuzz_plugins(void)
{
	static struct dgm_search *search;
	const struct dgm_str folder = DGM_STR(DGM_TEST_PLUGIN_DIR);
	if (!search)
		search = dgm_search_new(DGM_SEARCH_PLUGINS, &folder, 1, NULL);
	demand(search, "no search path");
	return search;
}

/* Diagnostics have to be sound whatever the input. */
static inline void fuzz_check_diag(const struct dgm_diag *diag)
{
	demand(diag->severity <= DGM_ERROR, "severity %u", diag->severity);
	demand(diag->code && diag->code[0], "a diagnostic without a code");
	demand(diag->text.len > 0, "%s: no text", diag->code);
	demand(!memchr(diag->text.ptr, '\n', diag->text.len), "%s: more than one line", diag->code);
}

#endif
