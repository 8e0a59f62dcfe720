/* SPDX-License-Identifier: Apache-2.0 */
/* The CSV engine: what it reads, what it refuses and where, that both scanners agree, that what it writes reads back. */
#include "csv_cases.h"
#include "csv_harness.h"

static const size_t sizes[] = {1, 2, 3, 7, 64, 4096};

static void reads_as_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(readings); i++) {
		for (size_t k = 0; k < DGM_COUNT(sizes) * 4; k++) {
			const size_t chunk = sizes[k / 4];
			char options[128];
			snprintf(options, sizeof options, "%s scanner=%s window=%zu", readings[i].options,
				k & 1 ? "libcsv" : "fast", k & 2 ? chunk : (size_t)262144);
			char *got = csv_read(readings[i].bytes, options, chunk, NULL, NULL);
			if (strcmp(got, readings[i].transcript) != 0)
				fail_msg("case %zu, chunk %zu, options \"%s\"\ngot:\n%sexpected:\n%s", i, chunk,
					options, got, readings[i].transcript);
			free(got);
		}
	}
}

/* xorshift64*: the same inputs on every machine. */
static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return *seed * 0x2545f4914f6cdd1du;
}

static size_t below(uint64_t *seed, size_t n)
{
	return (size_t)((next_random(seed) >> 33) % n);
}

static const struct dgm_str letters[] = {BYTES("a"), BYTES("é"), BYTES("\""), BYTES(","), BYTES("\r"), BYTES("\n"),
	BYTES(" "), BYTES("\0"), BYTES("\x1A"), BYTES("a"), BYTES(","), BYTES("\n"), BYTES("\r\n"), BYTES("\"\""),
	BYTES(",\""), BYTES("\",")};

/* Noise. */
static void random_noise(uint64_t *seed, struct transcript *to)
{
	for (size_t n = below(seed, 40); n > 0; n--) {
		const struct dgm_str letter = letters[below(seed, DGM_COUNT(letters))];
		transcript_add(to, letter.ptr, letter.len);
	}
}

static void random_cell(uint64_t *seed, struct transcript *to)
{
	static const struct dgm_str inner[] = {BYTES("a"), BYTES("é"), BYTES(" "), BYTES("long text of a cell "),
		BYTES("\"\""), BYTES("\n"), BYTES("\r\n"), BYTES(",")};
	const bool quoted = below(seed, 3) == 0;
	if (quoted)
		transcript_add(to, "\"", 1);
	for (size_t n = below(seed, 5); n > 0; n--) {
		const struct dgm_str part = inner[below(seed, quoted ? DGM_COUNT(inner) : 4)];
		transcript_add(to, part.ptr, part.len);
	}
	if (quoted)
		transcript_add(to, "\"", 1);
}

/* A table, perhaps with one byte of it replaced. */
static void random_table(uint64_t *seed, struct transcript *to)
{
	static const char *const ends[] = {"\n", "\r\n", "\r"};
	const char *end = ends[below(seed, 3)];
	const size_t columns = 1 + below(seed, 3);
	for (size_t rows = below(seed, 6); rows > 0; rows--) {
		for (size_t i = 0; i < columns; i++) {
			if (i > 0)
				transcript_add(to, ",", 1);
			random_cell(seed, to);
		}
		transcript_add(to, end, strlen(end));
	}
	if (to->len > 0 && below(seed, 2))
		to->text[below(seed, to->len)] = letters[below(seed, DGM_COUNT(letters))].ptr[0];
}

/* Looks at the places and bytes of records by a way of its own. */
struct walk {
	struct dgm_str bytes;
	size_t at;
	uint32_t line;
	bool all; /* every byte belongs to a record or to an end of line */
};

static void walk_to(struct walk *w, size_t to)
{
	for (; w->at < to; w->at++) {
		const char c = w->bytes.ptr[w->at];
		w->line += c == '\r' || (c == '\n' && !(w->at > 0 && w->bytes.ptr[w->at - 1] == '\r'));
	}
}

static void check_record(void *context, const struct dgm_record *record, int32_t result)
{
	(void)result;
	struct walk *w = context;
	assert_true(record->place.offset >= w->at && record->place.offset + record->source.len <= w->bytes.len);
	for (size_t i = w->at; w->all && i < record->place.offset; i++)
		assert_true(w->bytes.ptr[i] == '\n' || w->bytes.ptr[i] == '\r');
	walk_to(w, record->place.offset);
	assert_int_equal(record->place.line, w->line);
	assert_int_equal(record->place.column, 1);
	assert_memory_equal(w->bytes.ptr + record->place.offset, record->source.ptr, record->source.len);
	for (size_t i = 0; i < record->count; i++) {
		const struct dgm_event *event = &record->events[i];
		const struct dgm_str rest = dgm_str_skip(record->source, event->offset);
		assert_true(event->offset < record->source.len);
		if (rest.ptr[0] != '"')
			assert_true(dgm_str_starts(rest, event->text));
		else
			assert_true(event->text.len == 0 || rest.ptr[1] == event->text.ptr[0]);
	}
	walk_to(w, record->place.offset + record->source.len);
}

#define ROUNDS 30000u

static void scanners_and_chunks_agree(void **state)
{
	(void)state;
	static const char *const dialects[] = {"", "header=false", "header=false",
		"header=false max-field=6 max-columns=2", "header=false max-record=24", "header=false quote=none",
		"delimiter=a quote=,", "max-record=9 header=false"};
	uint64_t seed = 0x9e3779b97f4a7c15u;
	size_t clean = 0;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct transcript input = {0};
		transcript_add(&input, "", 0);
		const uint64_t told = seed;
		if (below(&seed, 2))
			random_noise(&seed, &input);
		else
			random_table(&seed, &input);
		const struct dgm_str bytes = {input.text, input.len};
		const size_t d = below(&seed, DGM_COUNT(dialects));
		char options[128];
		snprintf(options, sizeof options, "%s scanner=libcsv", dialects[d]);
		const bool plain = d == 1 || d == 2;
		struct walk walk = {.bytes = bytes, .line = 1, .all = plain};
		char *expected = csv_read(bytes, options, 0, plain ? check_record : NULL, &walk);
		clean += !strstr(expected, "error");
		for (size_t k = 0; k < DGM_COUNT(sizes) * 2; k++) {
			const size_t chunk = sizes[k / 2];
			snprintf(options, sizeof options, "%s scanner=%s window=%zu", dialects[d],
				k & 1 ? "libcsv" : "fast", chunk);
			walk = (struct walk){.bytes = bytes, .line = 1, .all = plain};
			char *got = csv_read(bytes, options, chunk, plain ? check_record : NULL, &walk);
			if (strcmp(got, expected) != 0)
				fail_msg("round %u (seed %llx), chunk %zu, options \"%s\"\ngot:\n%sexpected:\n%s",
					round, (unsigned long long)told, chunk, options, got, expected);
			free(got);
		}
		free(expected);
		free(input.text);
	}
	/* Else the property says little about good rows. */
	assert_true(clean > ROUNDS / 4);
}

/* Long enough that rows cross the edges of windows of the size used outside of tests. */
static void large_inputs_agree(void **state)
{
	(void)state;
	uint64_t seed = 42;
	struct transcript input = {0};
	while (input.len < 1500000) {
		transcript_print(&input, "%zu,", input.len);
		for (size_t i = 0; i < 8; i++) {
			random_cell(&seed, &input);
			transcript_add(&input, ",", 1);
		}
		if (below(&seed, 200) == 0) {
			transcript_add(&input, "\"", 1);
			for (size_t n = below(&seed, 60000); n > 0; n--)
				transcript_add(&input, "long\n", 5);
			transcript_add(&input, "\"", 1);
		}
		transcript_add(&input, below(&seed, 50) ? "\r\n" : "\"\r\n", below(&seed, 50) ? 2 : 3);
	}
	const struct dgm_str bytes = {input.text, input.len};
	char *expected = csv_read(bytes, "header=false scanner=libcsv", 0, NULL, NULL);
	static const size_t chunks[] = {0, 4096, 65521, 3000000};
	for (size_t i = 0; i < DGM_COUNT(chunks); i++) {
		char *got = csv_read(bytes, "header=false", chunks[i], NULL, NULL);
		assert_true(strcmp(got, expected) == 0);
		free(got);
	}
	assert_non_null(strstr(expected, "ok "));
	assert_non_null(strstr(expected, "bad "));
	free(expected);
	free(input.text);
}

/* What stands in row 5,000 of 10,000; the others must come out, whether or not they hold quotes. */
static void bad_record_costs_only_itself(void **state)
{
	(void)state;
	static const char *const broken[] = {"5000,\"Vera\n", "5000,Ve\"ra\n", "5000,\"Vera\"x\n", "5000\n",
		"5000,Vera,x\n", "5000,\xC3\n", "\"5000,Vera\n", "5000,\"\n"};
	static const char *const others[] = {"Otto", "\"Otto\""};
	for (size_t i = 0; i < DGM_COUNT(broken) * 2; i++) {
		struct transcript input = {0};
		transcript_print(&input, "id,name\n");
		for (unsigned row = 1; row <= 10000; row++) {
			if (row == 5000)
				transcript_print(&input, "%s", broken[i / 2]);
			else
				transcript_print(&input, "%u,%s\n", row, others[i & 1]);
		}
		char *got = csv_read((struct dgm_str){input.text, input.len}, "", 0, NULL, NULL);
		size_t good = 0, bad = 0, errors = 0;
		for (const char *p = got; *p; p = strchr(p, '\n') + 1) {
			good += strncmp(p, "ok ", 3) == 0;
			bad += strncmp(p, "bad 5001:1", 10) == 0;
			errors += strncmp(p, "error ", 6) == 0;
		}
		if (good != 9999 || bad != 1 || errors != 1)
			fail_msg("\"%s\": %zu good, %zu bad, %zu errors", broken[i / 2], good, bad, errors);
		free(got);
		free(input.text);
	}
}

/* Writing. */

/* Opens a writer of the columns; NULL when it refuses. */
static void *open_writer(struct csv_session *s, const char *options, const char *const *names, size_t count,
	uint32_t *columns)
{
	csv_begin(s, options);
	for (size_t i = 0; i < count; i++)
		columns[i] = dgm_host_table.key(s->job, 0, dgm_str(names[i]));
	s->open.output = dgm_output_memory(&s->sink);
	s->open.columns = columns;
	s->open.column_count = (uint32_t)count;
	s->open.paths = NULL;
	s->open.path_count = 0;
	void *writer = NULL;
	const int32_t result = csv_plugin()->writer_open(&s->open, &writer);
	assert_int_equal(result == DGM_OK, writer != NULL);
	return writer;
}

static int32_t put_values(struct csv_session *s, void *writer, uint32_t path, const struct value *values, size_t count)
{
	dgm_arena_reset(&s->arena);
	dgm_record_clear(&s->record, s->job, &s->arena);
	s->record.path = path;
	for (size_t i = 0; i < count; i++)
		dgm_record_add(&s->record, values[i].kind ? values[i].kind : DGM_EVENT_VALUE,
			dgm_host_table.key(s->job, 0, dgm_str(values[i].name)), values[i].literal, 0, values[i].text);
	return csv_plugin()->writer_put(writer, &s->record);
}

/* What was written, then what was said, in one text. */
static char *close_writer(struct csv_session *s, void *writer)
{
	struct transcript all = {0};
	transcript_add(&all, "", 0);
	if (writer) {
		assert_int_equal(csv_plugin()->writer_finish(writer), DGM_OK);
		csv_plugin()->writer_close(writer);
	}
	assert_int_equal(dgm_output_commit(s->open.output), 0);
	const struct dgm_str bytes = dgm_output_bytes(s->open.output);
	transcript_add(&all, bytes.ptr, bytes.len);
	transcript_add(&all, s->transcript.text, s->transcript.len);
	dgm_output_free(s->open.output);
	free(s->transcript.text);
	csv_end(s);
	return all.text;
}

static void writes_as_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(writings); i++) {
		const struct writing *c = &writings[i];
		struct csv_session s;
		uint32_t columns[3];
		size_t names = 0, values = 0;
		while (names < 3 && c->names[names])
			names++;
		while (values < 3 && c->values[values].name)
			values++;
		void *writer = open_writer(&s, c->options, c->names, names, columns);
		const int32_t result = writer ? put_values(&s, writer, c->path, c->values, values) : DGM_FATAL;
		char *got = close_writer(&s, writer);
		if (result != c->result || strcmp(got, c->text) != 0)
			fail_msg("case %zu: result %d, text:\n%sexpected %d:\n%s", i, result, got, c->result, c->text);
		free(got);
	}
}

static void refused_row_leaves_no_trace(void **state)
{
	(void)state;
	static const char *const names[] = {"a", "b"};
	static const struct value good[] = {{"b", BYTES("1"), 0, 0}};
	static const struct value bad[] = {{"a", BYTES("2"), 0, 0}, {"b", BYTES("\0"), 0, 0}};
	struct csv_session s;
	uint32_t columns[2];
	void *writer = open_writer(&s, "", names, 2, columns);
	assert_int_equal(put_values(&s, writer, 0, good, 1), DGM_OK);
	assert_int_equal(put_values(&s, writer, 0, bad, 2), DGM_BAD);
	assert_int_equal(put_values(&s, writer, 0, good, 1), DGM_OK);
	char *got = close_writer(&s, writer);
	assert_string_equal(got, "a,b\n,1\n,1\n" SAYS("csv-nul"));
	free(got);
}

/* Rows of one record: pairs of what stands in a and b, "" for nothing. */
static int32_t put_rows(struct csv_session *s, void *writer, const char *const *texts)
{
	const uint32_t row = dgm_host_table.key(s->job, 0, DGM_STR("[]"));
	dgm_arena_reset(&s->arena);
	dgm_record_clear(&s->record, s->job, &s->arena);
	for (; *texts; texts += 2) {
		dgm_record_add(&s->record, DGM_EVENT_BEGIN, row, 0, DGM_EVENT_ITEM, DGM_NOSTR);
		for (size_t i = 0; i < 2; i++)
			if (texts[i][0])
				dgm_record_add(&s->record, DGM_EVENT_VALUE,
					dgm_host_table.key(s->job, 0, dgm_str(i ? "b" : "a")), 0, 0, dgm_str(texts[i]));
		dgm_record_add(&s->record, DGM_EVENT_END, row, 0, DGM_EVENT_ITEM, DGM_NOSTR);
	}
	return csv_plugin()->writer_put(writer, &s->record);
}

static void rows_of_one_record_stand_or_fall_together(void **state)
{
	(void)state;
	static const char *const names[] = {"a", "b"};
	static const char *const good[] = {"1", "2", "", "3", NULL}, *const bad[] = {"4", "5", "6", "\"", NULL};
	static const struct value beside[] = {{"[]", {NULL, 0}, DGM_EVENT_BEGIN, 0}, {"a", BYTES("7"), 0, 0},
		{"[]", {NULL, 0}, DGM_EVENT_END, 0}, {"b", BYTES("8"), 0, 0}};
	static const struct value inside[] = {{"[]", {NULL, 0}, DGM_EVENT_BEGIN, 0},
		{"[]", {NULL, 0}, DGM_EVENT_BEGIN, 0}, {"[]", {NULL, 0}, DGM_EVENT_END, 0},
		{"[]", {NULL, 0}, DGM_EVENT_END, 0}};
	struct csv_session s;
	uint32_t columns[2];
	void *writer = open_writer(&s, "quote=none", names, 2, columns);
	assert_int_equal(put_rows(&s, writer, good), DGM_OK);
	assert_int_equal(put_rows(&s, writer, bad), DGM_OK);
	assert_int_equal(put_rows(&s, writer, (const char *const[]){"9", "10", "11", "1,2", NULL}), DGM_BAD);
	assert_int_equal(put_values(&s, writer, 0, beside, 4), DGM_BAD);
	assert_int_equal(put_values(&s, writer, 0, inside, 4), DGM_BAD);
	char *got = close_writer(&s, writer);
	assert_string_equal(got,
		"a,b\n1,2\n,3\n4,5\n6,\"\n" SAYS("csv-needs-quote") SAYS("csv-not-flat") SAYS("csv-not-flat"));
	free(got);
}

struct comparison {
	struct transcript read;
	size_t records;
};

static void note_values(struct transcript *to, const struct dgm_record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct dgm_str name = dgm_host_table.key_name(record->job, record->events[i].key);
		transcript_add(to, name.ptr, name.len);
		transcript_add(to, "=", 1);
		transcript_escaped(to, record->events[i].text);
		transcript_add(to, " ", 1);
	}
	transcript_add(to, "\n", 1);
}

static void compare_record(void *context, const struct dgm_record *record, int32_t result)
{
	struct comparison *comparison = context;
	assert_int_equal(result, DGM_OK);
	note_values(&comparison->read, record);
	comparison->records++;
}

static void written_reads_back(void **state)
{
	(void)state;
	static const char *const names[] = {"1", "2", "3"};
	static const char *const dialects[] = {"", "header=false", "eol=crlf", "quoting=all", "delimiter=; quote='",
		"delimiter=tab header=false", "eol=crlf quoting=all header=false"};
	static const struct dgm_str parts[] = {BYTES("a"), BYTES("é"), BYTES("\""), BYTES(","), BYTES("\r"),
		BYTES("\n"), BYTES(" "), BYTES("\t"), BYTES("\x1A"), BYTES("plain text "), BYTES("'"), BYTES(";"),
		BYTES("\xEF\xBB\xBF")};
	uint64_t seed = 7;
	for (unsigned round = 0; round < 5000; round++) {
		const char *options = dialects[below(&seed, DGM_COUNT(dialects))];
		const size_t columns = 1 + below(&seed, 3);
		struct csv_session s;
		uint32_t keys[3];
		void *writer = open_writer(&s, options, names, columns, keys);
		struct transcript told = {0};
		transcript_add(&told, "", 0);
		for (size_t rows = below(&seed, 5); rows > 0; rows--) {
			struct transcript texts[3] = {{0}};
			struct value values[3];
			size_t count = 0;
			for (size_t i = 0; i < columns; i++) {
				if (below(&seed, 4) == 0 && columns > 1)
					continue;
				struct transcript *text = &texts[i];
				transcript_add(text, "", 0);
				for (size_t n = below(&seed, 6); n > 0; n--) {
					const struct dgm_str part = parts[below(&seed, DGM_COUNT(parts))];
					transcript_add(text, part.ptr, part.len);
				}
				values[count++] = (struct value){names[i], {text->text, text->len}, 0, 0};
			}
			assert_int_equal(put_values(&s, writer, 0, values, count), DGM_OK);
			note_values(&told, &s.record);
			for (size_t i = 0; i < 3; i++)
				free(texts[i].text);
		}
		char *written = close_writer(&s, writer);
		struct comparison comparison = {0};
		transcript_add(&comparison.read, "", 0);
		/* Without a header the first row settles the columns, and keys are 1, 2, 3 as well. */
		char *transcript = csv_read(dgm_str(written), options, 0, compare_record, &comparison);
		if (strcmp(comparison.read.text, told.text) != 0)
			fail_msg("round %u, options \"%s\"\nwritten:\n%s\nread:\n%swas:\n%s", round, options, written,
				comparison.read.text, told.text);
		free(transcript);
		free(written);
		free(comparison.read.text);
		free(told.text);
	}
}

static void probes_weakly(void **state)
{
	(void)state;
	static const struct {
		struct dgm_str head;
		uint32_t match;
	} cases[] = {
		{BYTES("a,b\n1,2\n"), DGM_MATCH_WEAK},
		{BYTES("a;b"), DGM_MATCH_WEAK},
		{BYTES("a\tb\r\n"), DGM_MATCH_WEAK},
		{BYTES("one word\nanother, and more\n"), DGM_MATCH_NONE},
		{BYTES("<a b=\"1,2\"/>"), DGM_MATCH_NONE},
		{BYTES("{\"a\":1,\"b\":2}"), DGM_MATCH_NONE},
		{BYTES("PK\3\4\0,,"), DGM_MATCH_NONE},
		{BYTES(""), DGM_MATCH_NONE},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		uint32_t match = 99;
		assert_int_equal(csv_plugin()->probe(cases[i].head, &match), DGM_OK);
		assert_int_equal(match, cases[i].match);
	}
}

static void table_of_options_is_sound(void **state)
{
	(void)state;
	const struct dgm_plugin *plugin = csv_plugin();
	char reason[256];
	if (dgm_options_check(plugin->options, plugin->option_count, plugin->config_size, reason) != 0)
		fail_msg("%s", reason);
	assert_string_equal(plugin->id, "csv");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_of_options_is_sound),
		cmocka_unit_test(probes_weakly),
		cmocka_unit_test(reads_as_told),
		cmocka_unit_test(large_inputs_agree),
		cmocka_unit_test(bad_record_costs_only_itself),
		cmocka_unit_test(scanners_and_chunks_agree),
		cmocka_unit_test(writes_as_told),
		cmocka_unit_test(refused_row_leaves_no_trace),
		cmocka_unit_test(rows_of_one_record_stand_or_fall_together),
		cmocka_unit_test(written_reads_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
