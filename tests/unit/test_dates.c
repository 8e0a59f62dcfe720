/* SPDX-License-Identifier: Apache-2.0 */
/* The table in dates.txt: dates in many languages and calendars, each with what it has to become. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "defs.h"
#include "format/definition.h"
#include "format/values.h"
#include "lab.h"

static struct dgm_str part(struct dgm_str *rest)
{
	struct dgm_str text = DGM_NOSTR;
	dgm_str_next(rest, DGM_STR("|"), &text);
	return dgm_str_trim(text);
}

/* The definition that a line with '@' speaks of: one key, B, with a date. */
static struct dgm_format *definition_of(struct dgm_arena *arena, struct dgm_str line)
{
	struct dgm_str rest = dgm_str_skip(line, 1), pattern;
	const struct dgm_str calendar = part(&rest), months = part(&rest);
	struct dgm_str patterns = part(&rest), list = DGM_NOSTR;
	const struct dgm_str century = dgm_str_trim(rest);
	while (dgm_str_next(&patterns, DGM_STR(";"), &pattern))
		list = dgm_arena_printf(arena, "%.*s%s\"%.*s\"", DGM_FMT(list), list.len ? ", " : "",
			DGM_FMT(dgm_str_trim(pattern)));
	const bool named = !dgm_str_is(months, "-");
	return lab_definition(dgm_arena_printf(arena,
		"%s      N: notice.id\n      B: {to: subject.birth.date, calendar: %.*s, %s%.*s%s%s%.*s%s date: [%.*s]}\n",
		DEFS_MAP_JSON, DGM_FMT(calendar), named ? "months: [" : "", DGM_FMT(named ? months : DGM_NOSTR),
		named ? "]," : "", century.len ? " century: " : "", DGM_FMT(century), century.len ? "," : "",
		DGM_FMT(list))
				      .ptr);
}

static const struct dgm_node *date_of(const struct dgm_format *format)
{
	const struct dgm_node *node = format->shapes[0].root->first;
	while (node && !dgm_str_is(node->name, "B"))
		node = node->next;
	assert_non_null(node);
	return node;
}

/* What the text becomes, as the table writes it. */
static struct dgm_str become(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_str text)
{
	const struct dgm_read read = dgm_value_read(node, arena, text, DGM_LITERAL_TEXT);
	if (read.reading == DGM_READ_PARSED)
		return read.text;
	return dgm_arena_printf(arena, "!%s", read.problem ? read.problem : "nothing");
}

static void table(void **state)
{
	struct dgm_arena arena = {0};
	struct dgm_format *format = NULL;
	const struct dgm_node *node = NULL;
	size_t rows = 0, sections = 0;
	bool differs = false;
	char line[1024];
	FILE *file = fopen(DGM_TEST_SOURCE_DIR "/tests/unit/dates.txt", "r");
	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof line, file)) {
		struct dgm_str rest = dgm_arena_dup(&arena, dgm_str(line)), text;
		rest.len -= rest.len && rest.ptr[rest.len - 1] == '\n';
		if (rest.len == 0 || rest.ptr[0] == '#')
			continue;
		if (rest.ptr[0] == '@') {
			dgm_format_free(format);
			format = definition_of(&arena, rest);
			node = date_of(format);
			sections++;
			continue;
		}
		assert_true(dgm_str_next(&rest, DGM_STR("\t"), &text) && rest.len);
		const struct dgm_str have = become(node, &arena, text);
		const char *name = dgm_arena_cstr(&arena, text);
		differs |= lab_differs(name, have, rest);
		/* What is written for it says the same or less, and is read again without a change. */
		const struct dgm_written written = have.ptr[0] == '!'
			? (struct dgm_written){.writing = DGM_WRITE_CANNOT}
			: dgm_value_write_text(node, &arena, have, DGM_NOSTR);
		if (written.writing == DGM_WRITE_EXACT)
			differs |= lab_differs(name, become(node, &arena, written.text), have);
		rows++;
	}
	fclose(file);
	dgm_format_free(format);
	dgm_arena_done(&arena);
	assert_false(differs);
	assert_true(rows > 300 && sections > 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
