/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON engine: what it reads, where it says a mistake lies, what it writes, and that no way of cutting matters. */
#include "json_harness.h"

#include "json_documents.h"
#include "json_random.h"

static const size_t chunks[] = {1, 2, 3, 7, 64, 4096};

struct reading_case {
	const char *paths, *settings, *bytes, *expected;
};

static const struct reading_case reading_cases[] = {
	/* lines */
	{"", "", "{\"a\":1}", "R0 0+7 1:1 | a#1@5\n"},
	{"", "", "{\"a\":1}\n{\"b\":\"x\"}\n", "R0 0+7 1:1 | a#1@5\nR0 8+9 2:1 | b=x@5\n"},
	{"", "", "\r\n \t{}\r\n", "R0 4+2 2:3 |\n"},
	{"", "", "{}{} {}", "R0 0+2 1:1 |\nR0 2+2 1:3 |\nR0 5+2 1:6 |\n"},
	{"", "", "{\n \"a\" : [ 1 ,\n true ]\n}\n{ }", "R0 0+24 1:1 | *a#1@11 *a?true@16\nR0 25+3 5:1 |\n"},
	{NULL, "", "{}", "R0 0+2 1:1 |\n"},
	{"", "", "", "F json-empty 0 1:1\n"},
	{"", "", " \n ", "F json-empty 3 2:2\n"},
	{"[]", "", "\n", "F json-empty 1 2:1\n"},
	/* events */
	{"", "", "{\"a\":null,\"b\":false,\"c\":\"\"}", "R0 0+27 1:1 | a!@5 b?false@14 c=@24\n"},
	{"", "", "{\"a\":{},\"b\":{\"c\":{\"d\":1}}}", "R0 0+26 1:1 | a{@5 }@6 b{@12 c{@17 d#1@22 }@23 }@24\n"},
	{"", "", "{\"a\":[],\"b\":[[]]}", "R0 0+17 1:1 | a[]@5 *b[]@13\n"},
	{"", "", "{\"a\":[\"x\"],\"b\":[{}]}", "R0 0+20 1:1 | *a=x@6 *b{@16 }@17\n"},
	{"", "", "{\"a\":[1,[2,[3],[]],{\"b\":[4]}]}",
		"R0 0+30 1:1 | *a#1@6 *a{@8 *[]#2@9 *[]{@11 *[]#3@12 }@13 *[][]@15 }@17 *a{@19 *b#4@25 }@27\n"},
	{"", "", "{\"\\u0061\":\"\\u00e9\\ud83d\\ude00\\n\\\"\"}", "R0 0+35 1:1 | a=\xc3\xa9\xf0\x9f\x98\x80\n\"@10\n"},
	{"", "", "{\"a\":{\"b\":1},\"c\":{\"b\":2}}", "R0 0+25 1:1 | a{@5 b#1@10 }@11 c{@17 b#2@22 }@23\n"},
	/* lines: mistakes */
	{"", "", "{\"a\":1}\n{\"a\" 1}\n{\"a\":2}\n",
		"R0 0+7 1:1 | a#1@5\nB0 8+7 2:1 | json-syntax 13 2:6\nR0 16+7 3:1 | a#2@5\n"},
	{"", "", "{\"a\":\"x\n{\"b\":1}\n", "B0 0+7 1:1 | json-syntax 7 1:8\nR0 8+7 2:1 | b#1@5\n"},
	{"", "", "{\"a\":1,\n{\"b\":1}\n", "B0 0+7 1:1 | json-syntax 8 2:1\nR0 8+7 2:1 | b#1@5\n"},
	{"", "", "{\"a\":[\n{\"b\":1}\n", "B0 0+6 1:1 | json-truncated 6 1:7\nR0 7+7 2:1 | b#1@5\n"},
	{"", "", "{\n \"a\" 1,\n \"b\":2\n}\n{\"c\":3}\n", "B0 0+18 1:1 | json-syntax 7 2:6\nR0 19+7 5:1 | c#3@5\n"},
	{"", "", "x\n{\"a\":1}\n", "B0 0+1 1:1 | json-syntax 0 1:1\nR0 2+7 2:1 | a#1@5\n"},
	{"", "", "<html>\n{\"a\":1}\n", "B0 0+6 1:1 | json-syntax 0 1:1\nR0 7+7 2:1 | a#1@5\n"},
	{"", "", "{\"a\":1,}\n{}\n", "B0 0+8 1:1 | json-syntax 7 1:8\nR0 9+2 2:1 |\n"},
	{"", "", "{\"a\":01}\n{}\n", "B0 0+8 1:1 | json-syntax 6 1:7\nR0 9+2 2:1 |\n"},
	{"", "", "{\"a\":1.}\n", "B0 0+8 1:1 | json-syntax 6 1:7\n"},
	{"", "", "{\"a\":NaN}\n", "B0 0+9 1:1 | json-syntax 5 1:6\n"},
	{"", "", "{\"a\":\"\\q\"}\n", "B0 0+10 1:1 | json-syntax 6 1:7\n"},
	{"", "", "{\"a\":\"b\\u0000\"}\n", "B0 0+15 1:1 | json-nul 7 1:8\n"},
	{"", "", "{\"a\":\"\\udc00\"}\n", "B0 0+14 1:1 | json-lone-surrogate 6 1:7\n"},
	{"", "", "{\"a\":1,\"b\":2,\"a\":3}\n", "B0 0+19 1:1 | json-duplicate-key 13 1:14\n"},
	{"", "", "{\"a\":1,\"\\u0061\":3}\n", "B0 0+18 1:1 | json-duplicate-key 7 1:8\n"},
	{"", "", "{\"[]\":1}\n", "B0 0+8 1:1 | json-reserved-name 1 1:2\n"},
	{"", "", "{\"\xff\":1}\n{}", "B0 0+7 1:1 | text-invalid-utf8 1 1:2\nR0 8+2 2:1 |\n"},
	{"", "", "{\"a\":\"\xff\"}\n{}", "B0 0+9 1:1 | text-invalid-utf8 5 1:6\nR0 10+2 2:1 |\n"},
	{"", "", "12\n[1]\n\"x\"\nnull\n{}\n",
		"B0 0+2 1:1 | json-not-an-object 0 1:1\nB0 3+3 2:1 | json-not-an-object 3 2:1\n"
		"B0 7+3 3:1 | json-not-an-object 7 3:1\nB0 11+4 4:1 | json-not-an-object 11 4:1\nR0 16+2 5:1 |\n"},
	{"", "", "12", "B0 0+2 1:1 | json-not-an-object 0 1:1\n"},
	{"", "", "{} x\n{}\n", "R0 0+2 1:1 |\nB0 3+1 1:4 | json-trailing 3 1:4\nR0 5+2 2:1 |\n"},
	{"", "", "{},{}\n{}\n", "R0 0+2 1:1 |\nB0 2+3 1:3 | json-trailing 2 1:3\nR0 6+2 2:1 |\n"},
	{"", "", "{}{\"a\" 1}\n{}\n", "R0 0+2 1:1 |\nF json-syntax 7 1:8\n"},
	{"", "", "{\"a\":1}\n{\"b\":", "R0 0+7 1:1 | a#1@5\nB0 8+5 2:1 | json-truncated 13 2:6\n"},
	{"", "", "\xef\xbb\xbf\xef\xbb\xbf{}\n{}\n", "B0 0+5 1:1 | json-syntax 0 1:1\nR0 6+2 2:1 |\n"},
	/* an array between lines is a bad record, at the beginning it is the list */
	{",[]", "", "{}\n[]\n{}\n", "R0 0+2 1:1 |\nB0 3+2 2:1 | json-not-an-object 3 2:1\nR0 6+2 3:1 |\n"},
	/* arrays */
	{"[]", "", "[]", ""},
	{"[]", "", " [ \n ] ", ""},
	{"[]", "", "[{\"a\":1}]", "R0 1+7 1:2 | a#1@5\n"},
	{"[]", "", "[\n{\"a\":1},\n{\"a\":2}\n]\n", "R0 2+7 2:1 | a#1@5\nR0 11+7 3:1 | a#2@5\n"},
	{"[]", "", "[{},3,{},null,[{}],\"x\",{}]",
		"R0 1+2 1:2 |\nB0 4+1 1:5 | json-not-an-object 4 1:5\nR0 6+2 1:7 |\nB0 9+4 1:10 | json-not-an-object 9 1:10\n"
		"B0 14+4 1:15 | json-not-an-object 14 1:15\nB0 19+3 1:20 | json-not-an-object 19 1:20\nR0 23+2 1:24 |\n"},
	{"[]", "", "[{\"a\":01},{\"a\":1}]", "B0 1+8 1:2 | json-syntax 7 1:8\nR0 10+7 1:11 | a#1@5\n"},
	{"[]", "", "[{\"a\" 01},{\"a\":1}]", "B0 1+8 1:2 | json-syntax 6 1:7\nR0 10+7 1:11 | a#1@5\n"},
	{"[]", "", "[{\"a\":1,},{\"a\":1}]", "B0 1+8 1:2 | json-syntax 8 1:9\nR0 10+7 1:11 | a#1@5\n"},
	{"[]", "", "[{\"a\":\"\n\"},{}]", "B0 1+9 1:2 | json-syntax 7 1:8\nR0 11+2 2:4 |\n"},
	{"[]", "", "[{\"a\":\"\\ud800\"},{}]", "B0 1+14 1:2 | json-lone-surrogate 7 1:8\nR0 16+2 1:17 |\n"},
	{"[]", "", "[{\"a\":{\"b\":1,\"b\":2}},{}]", "B0 1+19 1:2 | json-duplicate-key 13 1:14\nR0 21+2 1:22 |\n"},
	{"[]", "max-depth=2", "[{\"a\":{\"b\":[1]}},{}]", "B0 1+15 1:2 | json-too-deep 11 1:12\nR0 17+2 1:18 |\n"},
	{"[]", "max-depth=3", "[{\"a\":{\"b\":[1]}}]", "R0 1+15 1:2 | a{@5 *b#1@11 }@13\n"},
	{"[]", "max-number=3", "[{\"a\":1234},{\"a\":123}]",
		"B0 1+10 1:2 | json-number-too-long 6 1:7\nR0 12+9 1:13 | a#123@5\n"},
	{"[]", "max-members=1", "[{\"a\":1,\"b\":2},{\"a\":{\"b\":1}}]",
		"B0 1+13 1:2 | json-too-many-members 8 1:9\nR0 15+13 1:16 | a{@5 b#1@10 }@11\n"},
	{"[]", "max-record=7", "[{\"a\":1},{\"a\":12}]", "R0 1+7 1:2 | a#1@5\nF json-record-too-long 9 1:10\n"},
	{"", "max-record=7", "{\"a\":1}\n{\"a\":12}\n", "R0 0+7 1:1 | a#1@5\nF json-record-too-long 8 2:1\n"},
	{"[]", "", "[{\"a\":\"x},{\"b\":\"y\"}]", "F json-syntax 12 1:13\n"},
	{"[]", "", "[{\"a\":[1},{}]", "F json-syntax 8 1:9\n"},
	{"[]", "", "[{\"a\":{]}},{}]", "F json-syntax 7 1:8\n"},
	{"[]", "max-depth=2", "[{\"a\":[[[[1]]]]},{}]", "B0 1+15 1:2 | json-too-deep 7 1:8\nR0 17+2 1:18 |\n"},
	{"[]", "", "[{} {}]", "R0 1+2 1:2 |\nF json-syntax 4 1:5\n"},
	{"[]", "", "[{},]", "R0 1+2 1:2 |\nF json-syntax 4 1:5\n"},
	{"[]", "", "[,{}]", "F json-syntax 1 1:2\n"},
	{"[]", "", "[{}", "R0 1+2 1:2 |\nF json-truncated 3 1:4\n"},
	{"[]", "", "[{},{\"a\":", "R0 1+2 1:2 |\nF json-truncated 9 1:10\n"},
	{"[]", "", "[{}] x", "R0 1+2 1:2 |\nF json-trailing 5 1:6\n"},
	{"[]", "", "[{}]\n[{}]", "R0 1+2 1:2 |\nF json-trailing 5 2:1\n"},
	{"[]", "", "{\"a\":1}\n", "B0 0+7 1:1 | json-no-record 0 1:1\n"},
	{"[],", "", "{\"a\":1}\n", "R1 0+7 1:1 | a#1@5\n"},
	{"[][]", "", "[[{}],[],[{},{}]]", "R0 2+2 1:3 |\nR0 10+2 1:11 |\nR0 13+2 1:14 |\n"},
	{"[][],[]", "", "[[{}],{}]", "R0 2+2 1:3 |\nR1 6+2 1:7 |\n"},
	{"[][]", "", "[{},[{}]]", "B0 1+2 1:2 | json-no-record 1 1:2\nR0 5+2 1:6 |\n"},
	/* pages */
	{"n[]", "", "{\"n\":[]}", ""},
	{"n[]", "", "{\"n\":[{\"a\":1}]}", "R0 6+7 1:7 | a#1@5\n"},
	{"_embedded/n[]", "", "{\"total\":2,\"_embedded\":{\"n\":[{\"total\":1},{}]},\"_links\":{\"x\":null}}\n",
		"RE 0+28 1:1 | total#2@9\nR0 29+11 1:30 | total#1@9\nR0 41+2 1:42 |\nRE 44+22 1:45 | _links{@11 x!@16 }@20\n"},
	{"_embedded/n[]", "", "{\"_embedded\":{\"x\":1,\"n\":[{}],\"y\":2}}",
		"RE 0+24 1:1 | _embedded{@13 x#1@18 }@24\nR0 25+2 1:26 |\nRE 28+8 1:29 | _embedded{@0 y#2@5 }@6\n"},
	{"n[]", "", "{\"n\":[{}]}\n{\"n\":[{}]}\n", "R0 6+2 1:7 |\nR0 17+2 2:7 |\n"},
	{"n[],m[]", "", "{\"n\":[{}],\"m\":[{\"a\":1}]}", "R0 6+2 1:7 |\nR1 15+7 1:16 | a#1@5\n"},
	{"n[],", "", "{\"n\":[{\"a\":1}]}\n{\"m\":1}\n", "R0 6+7 1:7 | a#1@5\nR1 16+7 2:1 | m#1@5\n"},
	{"n[]", "", "{\"m\":1}", "B0 0+7 1:1 | json-no-record 0 1:1\n"},
	{"n[]", "", "{\"n\":null}", "B0 0+10 1:1 | json-no-record 0 1:1\n"},
	{"n[]", "", "{\"m\":[{\"n\":[{}]}],\"n\":[{}]}", "RE 0+22 1:1 | *m{@6 *n{@12 }@13 }@15\nR0 23+2 1:24 |\n"},
	{"a/n[]", "", "{\"a\":[{\"n\":[{}]}]}", "B0 0+18 1:1 | json-no-record 0 1:1\n"},
	{"a/n[],n[]", "", "{\"a\":{\"n\":[{}],\"x\":1}}\n{\"n\":[{}],\"x\":2}",
		"R0 11+2 1:12 |\nRE 14+8 1:15 | a{@0 x#1@5 }@6\nR1 29+2 2:7 |\nRE 32+7 2:10 | x#2@5\n"},
	{"n[]", "", "{\"t\":1,\"n\":[{\"t\":1}],\"t\":2}",
		"RE 0+11 1:1 | t#1@5\nR0 12+7 1:13 | t#1@5\nBE 20+7 1:21 | json-duplicate-key 21 1:22\n"},
	{"n[]", "", "{\"n\":[{}],\"n\":[{}]}",
		"R0 6+2 1:7 |\nBE 9+5 1:10 | json-duplicate-key 10 1:11\nR0 15+2 1:16 |\n"},
	{"n[]", "", "{\"t\":01,\"n\":[{}]}", "BE 0+12 1:1 | json-syntax 6 1:7\nR0 13+2 1:14 |\n"},
	{"n[]", "", "{\"n\":[{}", "R0 6+2 1:7 |\nF json-truncated 8 1:9\n"},
	{"n[]", "", "{\"n\":[{}]", "R0 6+2 1:7 |\nF json-truncated 9 1:10\n"},
	{"n[]", "", "{\"n\":[{}],", "R0 6+2 1:7 |\nF json-truncated 10 1:11\n"},
	{"n[]", "", "{\"t\":", "F json-truncated 5 1:6\n"},
	{"n[]", "", "{\"n\":[{}]}x", "R0 6+2 1:7 |\nF json-trailing 10 1:11\n"},
	{"n[]", "", "{\"n\":[{}],}", "R0 6+2 1:7 |\nF json-syntax 10 1:11\n"},
	{"n[]", "", "{\"n\" [{}]}", "F json-syntax 5 1:6\n"},
	{"n[],", "", "{\"n\" [{}]}\n{\"n\":[{}]}\n", "B1 0+10 1:1 | json-syntax 5 1:6\nR0 17+2 2:7 |\n"},
	{"n[]", "max-record=8", "{\"t\":\"abcdefgh\",\"n\":[{}]}", "F json-record-too-long 0 1:1\n"},
	/* settings and paths that make no sense */
	{"n", "", "{}", "O json-path 0 0:0"},
	{"a[]/b[]", "", "{}", "O json-path 0 0:0"},
	{"", "max-depth=0", "{}", "O json-option 0 0:0"},
	{"", "max-depth=2000 parser=cjson", "{}", "O json-option 0 0:0"},
};

static void test_reading(void **state)
{
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(reading_cases); i++) {
		const struct reading_case *c = &reading_cases[i];
		for (size_t k = 0; k < DGM_COUNT(chunks) * 2; k++) {
			char settings[128];
			snprintf(settings, sizeof settings, "%s%s%s", k % 2 ? "parser=cjson" : "parser=fast",
				*c->settings ? " " : "", c->settings);
			struct reading r = {.paths = c->paths,
				.settings = settings,
				.chunk = chunks[k / 2],
				.offsets = true};
			if (strcmp(c->settings, "max-depth=2000 parser=cjson") == 0)
				r.settings = c->settings;
			read_json(&r, dgm_str(c->bytes));
			if (strcmp(r.out.text, c->expected) != 0)
				fail_msg("case %zu, chunk %zu, %s: %s\nexpected:\n%s\ngot:\n%s", i, chunks[k / 2],
					settings, c->bytes, c->expected, r.out.text);
			free(r.out.text);
		}
	}
}

static void join(struct buffer *to, const char *head, struct dgm_str middle, const char *tail)
{
	to->len = 0;
	add_bytes(to, head, strlen(head));
	add_bytes(to, middle.ptr, middle.len);
	add_bytes(to, tail, strlen(tail));
}

static void test_conformance(void **state)
{
	(void)state;
	assert_true(DGM_COUNT(must_accept) >= 60 && DGM_COUNT(must_reject) >= 120);
	static const char *const frames[][3] = {{"", "{\"v\":", "}"}, {"[]", "[{\"v\":", "}]"},
		{"n[]", "{\"n\":[{\"v\":", "}]}"}};
	struct buffer text = {0};
	for (size_t i = 0; i < (DGM_COUNT(must_accept) + DGM_COUNT(must_reject)) * DGM_COUNT(frames) * 2; i++) {
		const char *const *frame = frames[i / 2 % DGM_COUNT(frames)];
		size_t n = i / 2 / DGM_COUNT(frames);
		const bool good = n < DGM_COUNT(must_accept);
		n -= good ? 0 : DGM_COUNT(must_accept);
		struct reading r = {.paths = frame[0], .settings = i % 2 ? "parser=cjson" : "", .chunk = 5};
		join(&text, frame[1], good ? must_accept[n] : must_reject[n], frame[2]);
		read_json(&r, dgm_str_of(text.text, text.len));
		if (good ? r.good != 1 || r.bad || r.fatal : r.bad + r.fatal == 0)
			fail_msg("%s %zu: %s\n%s", good ? "must accept" : "must reject", n, text.text, r.out.text);
		free(r.out.text);
	}
	free(text.text);
}

static void check_lexeme(void *context, const struct dgm_record *record)
{
	const char *lexeme = context;
	assert_int_equal(record->count, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(record->events[i].literal, DGM_LITERAL_NUMBER);
		assert_true(dgm_str_is(record->events[i].text, lexeme));
	}
}

static void test_numbers(void **state)
{
	(void)state;
	assert_true(DGM_COUNT(lexemes) >= 60);
	for (size_t i = 0; i < DGM_COUNT(lexemes) * 2; i++) {
		char text[512];
		const char *lexeme = lexemes[i / 2];
		snprintf(text, sizeof text, "{\"a\":%s,\"b\":[%s , %s\n]}", lexeme, lexeme, lexeme);
		struct reading r = {.paths = "",
			.settings = i % 2 ? "parser=cjson" : "",
			.chunk = 3,
			.each = check_lexeme,
			.context = (void *)(uintptr_t)lexeme};
		read_json(&r, dgm_str(text));
		if (r.good != 1)
			fail_msg("%s\n%s", text, r.out.text);
		free(r.out.text);
	}
}

/* --- properties ---------------------------------------------------------------------------------------------- */

#define DOCUMENTS 24000

/* Neither the size of the chunks nor the parser shows in the result. */
static void test_any_cut(void **state)
{
	(void)state;
	struct buffer document = {0};
	size_t good = 0, bad = 0, fatal = 0, clean = 0;
	add_bytes(&document, "", 0);
	for (uint32_t i = 0; i < DOCUMENTS; i++) {
		seed = i;
		const char *paths = random_document(&document);
		if (i % 2)
			damage(&document);
		const struct dgm_str bytes = dgm_str_of(document.text, document.len);
		const char *limits = i % 5 == 0 ? "max-record=90 max-depth=4 max-members=4" : "";
		struct reading whole = {.paths = paths, .settings = limits, .offsets = true, .with_source = true};
		read_json(&whole, bytes);
		good += whole.good;
		bad += whole.bad;
		fatal += whole.fatal;
		clean += whole.bad + whole.fatal == 0;
		for (uint32_t k = 0; k < 3; k++) {
			char settings[128];
			struct reading cut = whole;
			snprintf(settings, sizeof settings, "%s%s", limits,
				k % 2             ? ""
					: *limits ? " parser=cjson"
						  : "parser=cjson");
			cut.settings = settings;
			cut.chunk = chunks[(i + k) % DGM_COUNT(chunks)];
			cut.out = (struct buffer){0};
			read_json(&cut, bytes);
			if (cut.out.len != whole.out.len || memcmp(cut.out.text, whole.out.text, cut.out.len) != 0)
				fail_msg("seed %u, chunk %zu, %s, paths %s:\n%s\nwhole:\n%s\ncut:\n%s", i, cut.chunk,
					settings, paths, document.text, whole.out.text, cut.out.text);
			free(cut.out.text);
		}
		free(whole.out.text);
	}
	free(document.text);
	/* The documents must be worth something: most whole ones clean, most damaged ones not. */
	assert_true(good > DOCUMENTS && bad > DOCUMENTS / 10 && fatal > DOCUMENTS / 20 && clean > DOCUMENTS / 4);
}

/* Cut anywhere, a document never passes for a shorter one, except lines cut between two records. */
static void test_truncation(void **state)
{
	(void)state;
	static const struct {
		const char *paths, *bytes;
	} documents[] = {
		{"", "{\"a\":\"x\\u00e9\\ud83d\\ude00\",\"b\":[1,-2.5e3,{\"c\":null}]}\n{\"d\":true}\n{\"e\":{}}\n"},
		{"[]", "[{\"a\":\"x\\\"\"},{\"b\":[[],[1]]},{}]"},
		{"[][]", "[[{\"a\":1}],[{\"a\":[{}]}]]"},
		{"_embedded/n[]",
			"{\"total\":12,\"_embedded\":{\"q\":\"x\",\"n\":[{\"a\":1},{\"b\":false}],\"r\":2},\"s\":{\"t\":[1]}}"},
		{"n[],", "{\"n\":[{\"a\":1}],\"m\":1}"},
	};
	for (size_t i = 0; i < DGM_COUNT(documents); i++) {
		const char *bytes = documents[i].bytes;
		for (size_t len = 0; len <= strlen(bytes); len++) {
			struct reading r = {.paths = documents[i].paths,
				.settings = len % 2 ? "" : "parser=cjson",
				.chunk = 4};
			read_json(&r, dgm_str_of(bytes, len));
			const bool between =
				i == 0 ? len > 0 && (bytes[len] == '\n' || bytes[len - 1] == '\n') : bytes[len] == '\0';
			if (between != (r.bad + r.fatal == 0))
				fail_msg("document %zu cut to %zu bytes:\n%s", i, len, r.out.text);
			free(r.out.text);
		}
	}
}

/* --- writing ------------------------------------------------------------------------------------------------- */

struct writing {
	struct dgm_diag_sink diags;
	uint64_t config[CONFIG_WORDS];
	struct dgm_job *job;
	struct dgm_output *output;
	void *writer;
	struct dgm_str paths[8];
	struct dgm_open open;
};

static int32_t open_writing(struct writing *w, struct dgm_job *job, const char *paths, const char *settings)
{
	*w = (struct writing){.diags = {.emit = ignore_diag}, .job = job};
	configure(w->config, settings);
	w->output = dgm_output_memory(&w->diags);
	w->open = (struct dgm_open){.struct_size = sizeof w->open,
		.host = &dgm_host_table,
		.job = job,
		.output = w->output,
		.config = w->config,
		.paths = w->paths,
		.path_count = split_paths(paths, w->paths)};
	return json->writer_open(&w->open, &w->writer);
}

/* Events from words as transcripts show them, without offsets; a name with '/' before it has no parent. */
static void add_words(struct dgm_record *record, struct dgm_job *job, const char *words)
{
	static const char marks[] = "=#?![{%"; /* the last is a literal that there is not */
	uint32_t groups[32] = {0};
	size_t depth = 0;
	struct dgm_str rest = dgm_str(words), word;
	while (rest.len && dgm_str_next(&rest, DGM_STR(" "), &word)) {
		if (dgm_str_is(word, "}")) {
			dgm_record_add(record, DGM_EVENT_END, depth ? groups[depth] : 0, 0, 0, DGM_NOSTR);
			depth -= depth > 0;
			continue;
		}
		uint32_t flags = 0, parent = groups[depth];
		for (; word.ptr[0] == '*' || word.ptr[0] == '/'; word = dgm_str_skip(word, 1)) {
			flags |= word.ptr[0] == '*' ? DGM_EVENT_ITEM : 0;
			parent = word.ptr[0] == '/' ? 0 : parent;
		}
		size_t at = dgm_str_starts(word, DGM_STR("[]")) ? 2 : 0;
		while (!strchr(marks, word.ptr[at]))
			at++;
		const uint32_t key = dgm_job_key(job, parent, dgm_str_take(word, at));
		if (word.ptr[at] == '{') {
			dgm_record_add(record, DGM_EVENT_BEGIN, key, 0, flags, DGM_NOSTR);
			groups[++depth] = key;
		} else {
			const uint16_t literal = (uint16_t)(strchr(marks, word.ptr[at]) - marks);
			dgm_record_add(record, DGM_EVENT_VALUE, key, literal, flags,
				literal >= DGM_LITERAL_NULL ? DGM_NOSTR : dgm_str_skip(word, at + 1));
		}
	}
}

struct writing_case {
	const char *paths, *settings;
	const char *records[4]; /* "E " before an envelope */
	const char *expected;   /* codes of rejected records in front, each with a blank */
};

static const struct writing_case writing_cases[] = {
	{"", "", {"a=x b#1 c?true d!"}, "{\"a\":\"x\",\"b\":1,\"c\":true,\"d\":null}\n"},
	{"", "", {"", "a=x"}, "{}\n{\"a\":\"x\"}\n"},
	{"", "", {"*a=x", "*a=x *a#2 b=y"}, "{\"a\":[\"x\"]}\n{\"a\":[\"x\",2],\"b\":\"y\"}\n"},
	{"", "", {"a[ b=y", "*a[ *a[ *a#1"}, "{\"a\":[],\"b\":\"y\"}\n{\"a\":[[],[],1]}\n"},
	{"", "", {"a{ b=x } c{ }", "*a{ b=x } *a{ *b=y } c=z"},
		"{\"a\":{\"b\":\"x\"},\"c\":{}}\n{\"a\":[{\"b\":\"x\"},{\"b\":[\"y\"]}],\"c\":\"z\"}\n"},
	{"", "", {"*a{ *[]#1 *[]{ *[]#2 } *[][ } *a#3"}, "{\"a\":[[1,[2],[]],3]}\n"},
	{"", "", {"a=\"\\/\b\f\n\r\t\x01\x1f\x7f\xc3\xa9"},
		"{\"a\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\xc3\xa9\"}\n"},
	{"", "", {"a\"b=x"}, "{\"a\\\"b\":\"x\"}\n"},
	{"", "", {"a#9007199254740993 b#1.10 c#1e400"}, "{\"a\":9007199254740993,\"b\":1.10,\"c\":1e400}\n"},
	/* bad records leave nothing behind */
	{"", "", {"a=1", "a=1 b#01", "a=2"}, "json-bad-number {\"a\":\"1\"}\n{\"a\":\"2\"}\n"},
	{"", "", {"a#"}, "json-bad-number "},
	{"", "", {"a#1.", "a#x", "a# 1"}, "json-bad-number json-bad-number json-bad-number "},
	{"", "", {"a?yes", "a%x"}, "json-bad-boolean json-bad-literal "},
	{"", "", {"a=1 a=2", "*a=1 a=2", "a=1 *a=2"}, "json-duplicate-key json-duplicate-key json-duplicate-key "},
	{"", "", {"*a=1 b=2 *a=3", "*a{ } b=1 *a{ }"}, "json-split-list json-split-list "},
	{"", "", {"a{ b=1 } a{ b=2 }"}, "json-duplicate-key "},
	{"", "", {"a{ b=1", "}", "a=1 }"}, "json-unbalanced json-unbalanced json-unbalanced "},
	{"", "", {"a{ /b=1 }", "a{ *[]=1 }", "*a{ *[]=1 b=2 }"},
		"json-misplaced-key json-reserved-name json-misplaced-key "},
	{"", "max-depth=1", {"a{ }", "a=1"}, "json-too-deep {\"a\":\"1\"}\n"},
	/* layouts */
	{"[]", "layout=array", {NULL}, "[\n]\n"},
	{"[]", "layout=array", {"a#1"}, "[\n{\"a\":1}\n]\n"},
	{"[]", "layout=array", {"a#1", "a#x", "a#2"}, "json-bad-number [\n{\"a\":1},\n{\"a\":2}\n]\n"},
	{"[]", "layout=array", {"a#x", "a#2"}, "json-bad-number [\n{\"a\":2}\n]\n"},
	{"[][]", "layout=array", {"a#1"}, "[[\n{\"a\":1}\n]]\n"},
	{"_embedded/n[]", "layout=page", {NULL}, "{\"_embedded\":{\"n\":[\n]}}\n"},
	{"_embedded/n[]", "layout=page", {"a#1", "a#2"}, "{\"_embedded\":{\"n\":[\n{\"a\":1},\n{\"a\":2}\n]}}\n"},
	{"_embedded/n[]", "layout=page", {"E total#2", "a#1"}, "{\"total\":2,\"_embedded\":{\"n\":[\n{\"a\":1}\n]}}\n"},
	{"_embedded/n[]", "layout=page", {"E _embedded{ x{ y#1 } *z#1 } *total#2", "a#1"},
		"{\"total\":[2],\"_embedded\":{\"x\":{\"y\":1},\"z\":[1],\"n\":[\n{\"a\":1}\n]}}\n"},
	{"n[]", "layout=page", {"E n#1", "a#1"}, "json-duplicate-key {\"n\":[\n{\"a\":1}\n]}\n"},
	{"n[]", "layout=page", {"a#1", "E t#1"}, "json-envelope-late {\"n\":[\n{\"a\":1}\n]}\n"},
	{"", "", {"E t#1", "a#1"}, "{\"a\":1}\n"},
	{"[]", "indent=2 layout=array", {"a#1 *b#1 *b{ c! } d{ } e[", ""},
		"[\n{\n  \"a\": 1,\n  \"b\": [\n    1,\n    {\n      \"c\": null\n    }\n  ],\n  \"d\": {},\n  \"e\": []\n},\n{}\n]\n"},
};

static void write_case(const struct writing_case *c, struct buffer *out)
{
	struct dgm_diag_sink diags = {.emit = ignore_diag};
	struct dgm_job *job = dgm_job_new(&diags, DGM_STR("out.json"));
	struct dgm_arena arena = {0};
	struct dgm_record record = {0};
	struct writing w;
	assert_int_equal(open_writing(&w, job, c->paths, c->settings), DGM_OK);
	for (size_t i = 0; i < 4 && c->records[i]; i++) {
		const bool envelope = strncmp(c->records[i], "E ", 2) == 0;
		dgm_record_clear(&record, job, &arena);
		record.path = envelope ? DGM_PATH_ENVELOPE : 0;
		add_words(&record, job, c->records[i] + (envelope ? 2 : 0));
		const uint64_t before = dgm_output_size(w.output);
		const int32_t result = json->writer_put(w.writer, &record);
		const struct dgm_report error = dgm_job_take_error(job);
		assert_int_equal(result, error.code ? DGM_BAD : DGM_OK);
		if (error.code)
			add_text(out, "%s ", error.code);
		if (error.code && i > 0 && !envelope)
			assert_int_equal(dgm_output_size(w.output), before);
	}
	assert_int_equal(json->writer_finish(w.writer), DGM_OK);
	json->writer_close(w.writer);
	assert_int_equal(dgm_output_commit(w.output), 0);
	const struct dgm_str bytes = dgm_output_bytes(w.output);
	add_bytes(out, bytes.ptr, bytes.len);
	dgm_output_free(w.output);
	dgm_record_done(&record);
	dgm_arena_done(&arena);
	dgm_job_free(job);
}

static void test_writing(void **state)
{
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(writing_cases); i++) {
		struct buffer out = {0};
		add_bytes(&out, "", 0);
		write_case(&writing_cases[i], &out);
		if (strcmp(out.text, writing_cases[i].expected) != 0)
			fail_msg("case %zu\nexpected:\n%s\ngot:\n%s", i, writing_cases[i].expected, out.text);
		free(out.text);
	}
}

static void test_writing_nul(void **state)
{
	(void)state;
	struct dgm_diag_sink diags = {.emit = ignore_diag};
	struct dgm_job *job = dgm_job_new(&diags, DGM_STR("out.json"));
	struct dgm_arena arena = {0};
	struct dgm_record record = {0};
	struct writing w;
	assert_int_equal(open_writing(&w, job, "n", "layout=page"), DGM_FATAL);
	assert_string_equal(dgm_job_take_error(job).code, "json-path");
	dgm_output_free(w.output);
	assert_int_equal(open_writing(&w, job, "", ""), DGM_OK);
	dgm_record_clear(&record, job, &arena);
	dgm_record_add(&record, DGM_EVENT_VALUE, dgm_job_key(job, 0, DGM_STR("a")), 0, 0, DGM_STR("x\0y"));
	assert_int_equal(json->writer_put(w.writer, &record), DGM_BAD);
	assert_string_equal(dgm_job_take_error(job).code, "json-nul");
	assert_int_equal(dgm_output_size(w.output), 0);
	json->writer_close(w.writer);
	dgm_output_free(w.output);
	dgm_record_done(&record);
	dgm_arena_done(&arena);
	dgm_job_free(job);
}

struct copying {
	struct writing writing;
	struct dgm_job *job;
	struct buffer events;
};

static void copy_record(void *context, const struct dgm_record *record)
{
	struct copying *c = context;
	add_text(&c->events, "%d", record->path == DGM_PATH_ENVELOPE);
	add_events(&c->events, c->job, record->events, record->count, false);
	add_bytes(&c->events, "\n", 1);
	if (c->writing.writer)
		assert_int_equal(json->writer_put(c->writing.writer, record), DGM_OK);
}

/* What is written and read again is what was read first, in every layout. */
static void test_identity(void **state)
{
	(void)state;
	static const char *const layouts[][2] = {{"", "layout=lines"}, {"[]", "layout=array"}, {"", "indent=3"},
		{"[]", "layout=array indent=1"}, {"notices[]", "layout=page"}, {"p/notices[]", "layout=page indent=2"}};
	struct buffer document = {0};
	size_t records = 0;
	for (uint32_t i = 0; i < 12000; i++) {
		seed = 1000000 + i;
		document.len = 0;
		add_bytes(&document, "", 0);
		const char *const *layout = layouts[i % DGM_COUNT(layouts)];
		/* A page keeps its envelope; the other layouts have no room for one. */
		const bool page = strstr(layout[1], "page");
		if (page)
			add_text(&document, "{\"x\":[{\"y\":1}],\"p\":{\"q\":%u},\"notices\":[", below(100));
		for (uint32_t k = 0, n = below(6) + 1; k < n; k++) {
			if (page && k)
				add_bytes(&document, ",", 1);
			random_object(&document, 0);
		}
		if (page)
			add_bytes(&document, "]}", 2);
		struct dgm_diag_sink diags = {.emit = ignore_diag};
		struct dgm_job *job = dgm_job_new(&diags, DGM_STR("copy.json"));
		struct copying first = {.job = job}, second = {.job = job};
		struct reading r = {.paths = page ? "notices[]" : "",
			.job = job,
			.each = copy_record,
			.context = &first};
		add_bytes(&first.events, "", 0);
		add_bytes(&second.events, "", 0);
		assert_int_equal(open_writing(&first.writing, job, layout[0], layout[1]), DGM_OK);
		read_json(&r, dgm_str_of(document.text, document.len));
		assert_int_equal(r.fatal, 0);
		records += r.good;
		assert_int_equal(json->writer_finish(first.writing.writer), DGM_OK);
		json->writer_close(first.writing.writer);
		assert_int_equal(dgm_output_commit(first.writing.output), 0);
		const struct dgm_str written = dgm_output_bytes(first.writing.output);
		r.paths = layout[0];
		r.context = &second;
		/* Nothing may be written when there was nothing to write. */
		if (written.len)
			read_json(&r, written);
		if (r.bad + r.fatal && written.len)
			fail_msg("seed %u, %s: %.*s\n%s", i, layout[1], DGM_FMT(written), r.out.text);
		/* With the list inside p the members around it change their order once, so they are left out. */
		if (i % DGM_COUNT(layouts) != 5)
			assert_string_equal(first.events.text, second.events.text);
		free(r.out.text);
		free(first.events.text);
		free(second.events.text);
		dgm_output_free(first.writing.output);
		dgm_job_free(job);
	}
	free(document.text);
	assert_true(records > 12000);
}

/* A record larger than every buffer on the way, both ways. */
static void test_large(void **state)
{
	(void)state;
	struct buffer document = {0};
	add_bytes(&document, "[{\"a\":\"", 7);
	for (size_t i = 0; i < 3000000; i++)
		add_bytes(&document, i % 1000 ? "x" : "\\u0001", i % 1000 ? 1 : 6);
	add_text(&document, "%s", "\",\"b\":\"\\n\"},{\"a\":\"\"}]");
	struct dgm_diag_sink diags = {.emit = ignore_diag};
	struct dgm_job *job = dgm_job_new(&diags, DGM_STR("copy.json"));
	struct copying copy = {.job = job};
	assert_int_equal(open_writing(&copy.writing, job, "[]", "layout=array"), DGM_OK);
	struct reading r = {.paths = "[]", .job = job, .chunk = 1000, .each = copy_record, .context = &copy};
	read_json(&r, dgm_str_of(document.text, document.len));
	assert_int_equal(r.good, 2);
	assert_int_equal(json->writer_finish(copy.writing.writer), DGM_OK);
	json->writer_close(copy.writing.writer);
	assert_int_equal(dgm_output_commit(copy.writing.output), 0);
	const struct dgm_str written = dgm_output_bytes(copy.writing.output);
	/* The array's own line breaks are all that is added. */
	assert_int_equal(written.len, document.len + 4);
	dgm_output_free(copy.writing.output);
	dgm_job_free(job);
	free(r.out.text);
	free(copy.events.text);
	free(document.text);
}

/* Unescaped text that outgrows its buffer many times: what earlier events show must move with it. */
static void test_many_escapes(void **state)
{
	(void)state;
	struct buffer document = {0};
	add_bytes(&document, "[{\"a\":[", 7);
	for (unsigned i = 0; i < 400; i++)
		add_text(&document, "%s\"\\t%u\\n%0200u\"", i ? "," : "", i, i);
	add_text(&document, "%s", "]}]");
	const struct dgm_str bytes = dgm_str_of(document.text, document.len);
	struct reading fast = {.paths = "[]"}, reference = {.paths = "[]", .settings = "parser=cjson"};
	read_json(&fast, bytes);
	read_json(&reference, bytes);
	assert_int_equal(fast.good, 1);
	assert_string_equal(fast.out.text, reference.out.text);
	free(fast.out.text);
	free(reference.out.text);
	free(document.text);
}

static void test_probe(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		uint32_t match;
	} cases[] = {{"{\"a\":1}", DGM_MATCH_LIKELY}, {" \r\n\t[", DGM_MATCH_LIKELY}, {"<a/>", DGM_MATCH_NONE},
		{"", DGM_MATCH_NONE}, {"a,b", DGM_MATCH_NONE}, {"  ", DGM_MATCH_NONE}};
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		uint32_t match = 99;
		assert_int_equal(json->probe(dgm_str(cases[i].head), &match), DGM_OK);
		assert_int_equal(match, cases[i].match);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_conformance),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_any_cut),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_writing),
		cmocka_unit_test(test_writing_nul),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_many_escapes),
		cmocka_unit_test(test_probe),
	};
	return cmocka_run_group_tests(tests, load_json, NULL);
}
