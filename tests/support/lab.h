/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small laboratory for tests of definitions: notices read from and written to memory through the real engines, told as
 * text, so that a test compares two texts and a failure shows them.
 */
#ifndef DGM_TESTS_LAB_H
#define DGM_TESTS_LAB_H

#include "format/loss.h"
#include "notice/notice.h"

/* What was said, a line each: "error 3:7 definition-field: text", "warning 0:0 code-unknown: subject.sex: X". */
struct lab_heard {
	struct dgm_diag_sink sink;
	char *text; /* with a 0 byte */
	size_t len, capacity;
};

void lab_heard_init(struct lab_heard *heard);
void lab_heard_done(struct lab_heard *heard);

/* The shipped code lists, NULL-terminated, and the search path of the plugins just built. */
const char *const *lab_code_folders(void);
struct dgm_search *lab_plugins(void);
/* A shipped definition, or one given as text; the test fails where it does not compile. dgm_format_free(). */
struct dgm_format *lab_shipped(const char *id);
struct dgm_format *lab_definition(const char *yaml);

/* Notices with all their memory. */
struct lab_batch {
	struct dgm_arena arena;
	struct dgm_notice *notices;
	size_t count, capacity;
	size_t refused;  /* records that no shape takes */
	size_t bad;      /* records or rest of file that the engine refused */
	size_t leftover; /* values behind the last record */
	struct lab_heard heard;
};

void lab_batch_init(struct lab_batch *batch);
void lab_batch_done(struct lab_batch *batch);
/* An empty notice at the end; valid until the next one is added. */
struct dgm_notice *lab_batch_add(struct lab_batch *batch);
/* Appends what the bytes hold. chunk: as of dgm_input_memory. */
void lab_read(struct lab_batch *batch, const struct dgm_format *format, struct dgm_str bytes, size_t chunk);

/* What was written, and what was lost: lines "kind path" of each notice, with an empty line behind each. */
struct lab_written {
	struct dgm_arena arena;
	struct dgm_str bytes;
	struct dgm_str losses;
	struct dgm_str *losses_of; /* by notice */
	size_t refused;
	struct lab_heard heard;
};

void lab_write(struct lab_written *ret_written, const struct dgm_format *format, const struct lab_batch *batch);
void lab_written_done(struct lab_written *written);

/*
 * The notice as lines "path=text": "path=text {original}", "path=null", "path=null {0}", "path=? {original}"; a literal
 * of another kind than text has it in front: "unmapped[1].value=number 5". Backslash, line feed and '{' are escaped.
 */
struct dgm_str lab_dump(struct dgm_arena *arena, const struct dgm_notice *notice);

/* Through the whole conversion of core/pipe. The bytes are in the arena. */
struct dgm_str lab_convert(struct dgm_arena *arena, const struct dgm_format *source, const struct dgm_format *target,
	struct dgm_str bytes, size_t chunk, struct lab_heard *heard);

/* Like assert_string_equal; long texts are shown around the first difference. */
void lab_same(const char *what, struct dgm_str have, struct dgm_str want);
/* The same without ending the test: true where they differ, which was printed. */
bool lab_differs(const char *what, struct dgm_str have, struct dgm_str want);

/* The node that a condition of a shape speaks of, from its root; NULL: none. And an address that fits its pattern. */
const struct dgm_node *lab_node_at(const struct dgm_node *node, const struct dgm_condition *condition);
struct dgm_str lab_fitting(struct dgm_arena *arena, struct dgm_str pattern);

#endif
