/* SPDX-License-Identifier: Apache-2.0 */
/* What the CSV engine is to make of single inputs and records; the texts are as csv_harness.h writes them down. */
#ifndef DGM_TESTS_CSV_CASES_H
#define DGM_TESTS_CSV_CASES_H

#include "base/str.h"

#define BYTES(literal)                                                                                                 \
	{                                                                                                              \
		(literal), sizeof(literal) - 1                                                                         \
	}

struct reading {
	struct dgm_str bytes;
	const char *options;
	const char *transcript;
};

static const struct reading readings[] = {
	/* Plain rows, ends of lines, blank lines. */
	{BYTES("a,b\n1,2\n3,4"), "", "ok 2:1+4 [1,2] a@0=1 b@2=2\nok 3:1+8 [3,4] a@0=3 b@2=4\nend\n"},
	{BYTES("a,b\r\n1,2\r\n\r\n3,4\r\n"), "", "ok 2:1+5 [1,2] a@0=1 b@2=2\nok 4:1+12 [3,4] a@0=3 b@2=4\nend\n"},
	{BYTES("a,b\r1,2\r\r3,4\r"), "", "ok 2:1+4 [1,2] a@0=1 b@2=2\nok 4:1+9 [3,4] a@0=3 b@2=4\nend\n"},
	{BYTES("\n\n\ra,b\n\n1,2\n\n"), "", "ok 6:1+8 [1,2] a@0=1 b@2=2\nend\n"},
	{BYTES("a\n1\n\r2\n"), "", "ok 2:1+2 [1] a@0=1\nok 4:1+5 [2] a@0=2\nend\n"},
	{BYTES("a;b\tc\n1,2;3\t4\n"), "delimiter=;", "ok 2:1+6 [1,2;3\\x094] a@0=1,2 b\\x09c@4=3\\x094\nend\n"},
	{BYTES("a\tb\n1\t2\n"), "delimiter=tab", "ok 2:1+4 [1\\x092] a@0=1 b@2=2\nend\n"},
	{BYTES("a b\n1 2\n"), "delimiter=none", "error csv-bad-option 0:0+0\nrefused\n"},
	{BYTES("a\n"), "delimiter=\"", "error csv-bad-option 0:0+0\nrefused\n"},
	{BYTES("a\n"), "max-record=0", "error csv-bad-option 0:0+0\nrefused\n"},
	/* Empty and missing, blanks. */
	{BYTES("a,b,c\n,\"\",\n,,\n"), "", "ok 2:1+6 [,\"\",] b@1=\nok 3:1+11 [,,]\nend\n"},
	{BYTES("a,b\n 1 ,\t2\t\n"), "", "ok 2:1+4 [ 1 ,\\x092\\x09] a@0= 1  b@4=\\x092\\x09\nend\n"},
	{BYTES("a\n\"\"\n"), "", "ok 2:1+2 [\"\"] a@0=\nend\n"},
	{BYTES("a\n\"\""), "", "ok 2:1+2 [\"\"] a@0=\nend\n"},
	/* Quotes. */
	{BYTES("a,b\n\"1,\n2\",\"x \"\"y\"\" z\"\n3,4\n"), "",
		"ok 2:1+4 [\"1,\\n2\",\"x \"\"y\"\" z\"] a@0=1,\\n2 b@7=x \"y\" z\nok 4:1+23 [3,4] a@0=3 b@2=4\nend\n"},
	{BYTES("a,b\n\"1\r\n2\r3\",4\n5,6\n"), "",
		"ok 2:1+4 [\"1\\r\\n2\\r3\",4] a@0=1\\r\\n2\\r3 b@9=4\nok 5:1+15 [5,6] a@0=5 b@2=6\nend\n"},
	{BYTES("a,b\n\"\"\"\",\"\"\"\"\"\"\n"), "", "ok 2:1+4 [\"\"\"\",\"\"\"\"\"\"] a@0=\" b@5=\"\"\nend\n"},
	{BYTES("a,b\n\"x\",'y'\n"), "quote='", "ok 2:1+4 [\"x\",'y'] a@0=\"x\" b@4=y\nend\n"},
	{BYTES("a,b\n\"x,\"y\n"), "quote=none", "ok 2:1+4 [\"x,\"y] a@0=\"x b@3=\"y\nend\n"},
	/* Headers. */
	{BYTES(""), "", "end\n"},
	{BYTES("\n\r\n"), "", "end\n"},
	{BYTES("a,b\n"), "", "end\n"},
	{BYTES("a,,\"\"\n1,2,3\n"), "", "ok 2:1+6 [1,2,3] a@0=1 column-2@2=2 column-3@4=3\nend\n"},
	{BYTES("\"a\nb\",c\n1,2\n"), "", "ok 3:1+8 [1,2] a\\nb@0=1 c@2=2\nend\n"},
	{BYTES("a,b,a\n1,2,3\n"), "", "warning csv-duplicate-column 1:5+4\nok 2:1+6 [1,2,3] a@0=1 b@2=2 a@4=3\nend\n"},
	{BYTES("a,\xC3\n1,2\n"), "", "error text-invalid-utf8 1:3+2\nfatal\n"},
	{BYTES("\xEF\xBB\xBF"
	       "a,b\n1,2\n"),
		"", "ok 2:1+4 [1,2] a@0=1 b@2=2\nend\n"},
	{BYTES("x,\"y\"\n1,\n"), "header=false", "ok 1:1+0 [x,\"y\"] 1@0=x 2@2=y\nok 2:1+6 [1,] 1@0=1\nend\n"},
	{BYTES(",y\n1,2\n"), "header=false", "ok 1:1+0 [,y] 2@1=y\nok 2:1+3 [1,2] 1@0=1 2@2=2\nend\n"},
	/* The end of file of old programs. */
	{BYTES("a,b\n1,2\n\x1A"), "", "ok 2:1+4 [1,2] a@0=1 b@2=2\nend\n"},
	{BYTES("\x1A"), "", "end\n"},
	{BYTES("a\n\x1A\n1\n"), "", "ok 2:1+2 [\\x1a] a@0=\\x1a\nok 3:1+4 [1] a@0=1\nend\n"},
	{BYTES("a\n1\x1A"), "", "ok 2:1+2 [1\\x1a] a@0=1\\x1a\nend\n"},
	{BYTES("a\n\x1A"
	       "1"),
		"", "ok 2:1+2 [\\x1a1] a@0=\\x1a1\nend\n"},
	{BYTES("a\n\"\x1A\""), "", "ok 2:1+2 [\"\\x1a\"] a@0=\\x1a\nend\n"},
	/* The wrong number of cells. */
	{BYTES("a,b\n1\n1,2,3\n4,5\n"), "",
		"error csv-column-count 2:1+4\nbad 2:1+4 [1]\nerror csv-column-count 3:1+6\nbad 3:1+6 [1,2,3]\n"
		"ok 4:1+12 [4,5] a@0=4 b@2=5\nend\n"},
	{BYTES("1,2\n3\n4,5\n"), "header=false",
		"ok 1:1+0 [1,2] 1@0=1 2@2=2\nerror csv-column-count 2:1+4\nbad 2:1+4 [3]\nok 3:1+6 [4,5] 1@0=4 2@2=5\nend\n"},
	{BYTES("a,b,c\n1,2\n"), "max-columns=2", "error csv-too-many-columns 1:1+0\nfatal\n"},
	{BYTES("1,2,3\n1,2\n"), "max-columns=2 header=false",
		"error csv-too-many-columns 1:1+0\nbad 1:1+0 [1,2,3]\nok 2:1+6 [1,2] 1@0=1 2@2=2\nend\n"},
	/* Quotes where none may be. */
	{BYTES("a,b\n1,x\"y\n3,4\n"), "",
		"error csv-stray-quote 2:4+7\nbad 2:1+4 [1,x\"y]\nok 3:1+10 [3,4] a@0=3 b@2=4\nend\n"},
	{BYTES("a,b\n1,\"x\"y\n3,4\n"), "",
		"error csv-stray-quote 2:5+8\nbad 2:1+4 [1,\"x\"y]\nok 3:1+11 [3,4] a@0=3 b@2=4\nend\n"},
	{BYTES("a,b\n1,\"x\" \r\n3,4\n"), "",
		"error csv-stray-quote 2:5+8\nbad 2:1+4 [1,\"x\" ]\nok 3:1+12 [3,4] a@0=3 b@2=4\nend\n"},
	{BYTES("a,b\n1, \"x\"\n3,4\n"), "",
		"error csv-stray-quote 2:4+7\nbad 2:1+4 [1, \"x\"]\nok 3:1+11 [3,4] a@0=3 b@2=4\nend\n"},
	{BYTES("a,b\"\n1,2\n"), "", "error csv-stray-quote 1:4+3\nfatal\n"},
	/* A quote that nobody closed takes its own line along and no other, as long as lines can be told from text. */
	{BYTES("a,b\n1,\"x\n2,\"y\"\n3,4\n"), "",
		"error csv-stray-quote 3:3+11\nbad 2:1+4 [1,\"x]\nok 3:1+9 [2,\"y\"] a@0=2 b@2=y\n"
		"ok 4:1+15 [3,4] a@0=3 b@2=4\nend\n"},
	{BYTES("a\n\"x\n\"y\"\nz\n"), "",
		"error csv-stray-quote 3:1+5\nbad 2:1+2 [\"x\\n\"y\"]\nok 4:1+9 [z] a@0=z\nend\n"},
	{BYTES("a,b\n1,2\n3,\"4"), "",
		"ok 2:1+4 [1,2] a@0=1 b@2=2\nerror csv-unclosed-quote 3:3+10\nbad 3:1+8 [3,\"4]\nend\n"},
	{BYTES("a,b\n3,\""), "", "error csv-unclosed-quote 2:3+6\nbad 2:1+4 [3,\"]\nend\n"},
	{BYTES("a,b\n3,\"x\"\""), "", "error csv-unclosed-quote 2:3+6\nbad 2:1+4 [3,\"x\"\"]\nend\n"},
	{BYTES("a,b\n\"1\n2\",\"x\n3,4\n5,6\n"), "",
		"error csv-unclosed-quote 3:4+10\nbad 2:1+4 [\"1\\n2\",\"x]\nok 4:1+13 [3,4] a@0=3 b@2=4\n"
		"ok 5:1+17 [5,6] a@0=5 b@2=6\nend\n"},
	{BYTES("a,b\n1,\"x\r\n2,3\r\n"), "",
		"error csv-unclosed-quote 2:3+6\nbad 2:1+4 [1,\"x]\nok 3:1+10 [2,3] a@0=2 b@2=3\nend\n"},
	{BYTES("a\nx\n\"y\nz\n"), "",
		"ok 2:1+2 [x] a@0=x\nerror csv-unclosed-quote 3:1+4\nbad 3:1+4 [\"y\\nz\\n]\nend\n"},
	{BYTES("\"a,b\n1,2\n"), "", "error csv-unclosed-quote 1:1+0\nfatal\n"},
	/* NUL. */
	{BYTES("a,b\n1,x\0y\n3,4\n"), "",
		"error csv-nul 2:4+7\nbad 2:1+4 [1,x\\x00y]\nok 3:1+10 [3,4] a@0=3 b@2=4\nend\n"},
	{BYTES("a,b\n1,\"x\n\0\"\n3,4\n"), "",
		"error csv-nul 3:1+9\nbad 2:1+4 [1,\"x\\n\\x00\"]\nok 4:1+12 [3,4] a@0=3 b@2=4\nend\n"},
	{BYTES("a,b\n\0,\0\n3,4\n"), "quote=none",
		"error csv-nul 2:1+4\nbad 2:1+4 [\\x00,\\x00]\nok 3:1+8 [3,4] a@0=3 b@2=4\nend\n"},
	{BYTES("a\0,b\n1,2\n"), "", "error csv-nul 1:2+1\nfatal\n"},
	/* Text that is none is the host's to reject. */
	{BYTES("a,b\n1,\xC3\n3,4\n"), "",
		"error text-invalid-utf8 2:3+6\nbad 2:1+4 [1,\xC3] a@0=1 b@2=\xC3\nok 3:1+8 [3,4] a@0=3 b@2=4\nend\n"},
	/* Limits. */
	{BYTES("a,b\n1234,x\n12345,x\n\"\"\"\"\"\"\"\"\"\",y\n"), "max-field=4",
		"ok 2:1+4 [1234,x] a@0=1234 b@5=x\nerror csv-field-too-long 3:1+11\nbad 3:1+11 [12345,x]\n"
		"ok 4:1+19 [\"\"\"\"\"\"\"\"\"\",y] a@0=\"\"\"\" b@11=y\nend\n"},
	{BYTES("a,b\nx,\"1\n234\"\n"), "max-field=4",
		"error csv-field-too-long 2:3+6\nbad 2:1+4 [x,\"1\\n234\"]\nend\n"},
	{BYTES("a,b\n1,234\n1,2345\n1,2\n"), "max-record=5",
		"ok 2:1+4 [1,234] a@0=1 b@2=234\nerror csv-record-too-long 3:1+10\nfatal\n"},
	{BYTES("a,b\n1,\"23\n4,5\n6,7\n"), "max-record=12", "error csv-record-too-long 2:1+4\nfatal\n"},
	{BYTES("a,b\n\"1\"2,3456789\n"), "max-record=5", "error csv-record-too-long 2:1+4\nfatal\n"},
	{BYTES("a,b,c,d\n"), "max-record=5", "error csv-record-too-long 1:1+0\nfatal\n"},
};

struct value {
	const char *name;
	struct dgm_str text;
	uint16_t kind, literal;
};

struct writing {
	const char *options;
	const char *names[3];
	struct value values[3];
	uint32_t path;
	int32_t result;
	const char *text;
};

#define SAYS(code) "error " code " 0:0+0\n"

static const struct writing writings[] = {
	{"", {"a", "b"}, {{"a", BYTES("1"), 0, 0}, {"b", BYTES("2"), 0, 0}}, 0, 0, "a,b\n1,2\n"},
	{"", {"a", "b"}, {{"b", BYTES("2"), 0, 0}, {"a", BYTES("1"), 0, 0}}, 0, 0, "a,b\n1,2\n"},
	{"eol=crlf delimiter=;", {"a", "b"}, {{"b", BYTES("1,2"), 0, 0}}, 0, 0, "a;b\r\n;1,2\r\n"},
	{"quoting=all", {"a", "b"}, {{"b", BYTES("2"), 0, 0}}, 0, 0, "\"a\",\"b\"\n,\"2\"\n"},
	{"header=false", {"a", "b"}, {{"a", BYTES(""), 0, 0}}, 0, 0, "\"\",\n"},
	{"header=false", {"a", "b"}, {{"a", {NULL, 0}, 0, 0}}, 0, 0, "\"\",\n"},
	{"header=false", {"a", "b"}, {{"a", {NULL, 0}, 0, DGM_LITERAL_NULL}}, 0, 0, ",\n"},
	{"header=false", {"a", "b"}, {{"a", BYTES("12.10"), 0, DGM_LITERAL_NUMBER}}, 0, 0, "12.10,\n"},
	{"header=false", {"a", "b"}, {{"a", BYTES("x,y"), 0, 0}, {"b", BYTES("\"x\""), 0, 0}}, 0, 0,
		"\"x,y\",\"\"\"x\"\"\"\n"},
	{"header=false", {"a", "b"}, {{"a", BYTES("x\ny"), 0, 0}, {"b", BYTES("x\r"), 0, 0}}, 0, 0,
		"\"x\ny\",\"x\r\"\n"},
	{"header=false", {"a", "b"}, {{"a", BYTES(" x"), 0, 0}, {"b", BYTES("x\t"), 0, 0}}, 0, 0, "\" x\",\"x\t\"\n"},
	{"header=false", {"a", "b"}, {{"a", BYTES("x y\tz"), 0, 0}}, 0, 0, "x y\tz,\n"},
	{"header=false", {"a", "b"}, {{"a", BYTES("a longer text, with a comma"), 0, 0}}, 0, 0,
		"\"a longer text, with a comma\",\n"},
	{"header=false", {"a"}, {{"a", BYTES("\x1A"), 0, 0}}, 0, 0, "\"\x1A\"\n"},
	{"header=false", {"a"}, {{"a", BYTES("\xEF\xBB\xBFx"), 0, 0}}, 0, 0, "\"\xEF\xBB\xBFx\"\n"},
	{"", {"a"}, {{"a", BYTES("\xEF\xBB\xBFx"), 0, 0}}, 0, 0, "a\n\xEF\xBB\xBFx\n"},
	{"header=false quote=none", {"a", "b"}, {{"a", BYTES("\"x y\""), 0, 0}}, 0, 0, "\"x y\",\n"},
	{"", {"a,b", ""}, {{NULL, {NULL, 0}, 0, 0}}, 0, 0, "\"a,b\",\"\"\n,\n"},
	{"", {"a"}, {{NULL, {NULL, 0}, 0, 0}}, 0, DGM_BAD, "a\n" SAYS("csv-blank-row")},
	{"", {"a", "b"}, {{"c", BYTES("1"), 0, 0}}, 0, DGM_BAD, "a,b\n" SAYS("csv-unknown-column")},
	{"", {"a", "b"}, {{"a", BYTES("1"), 0, 0}, {"a", BYTES("2"), 0, 0}}, 0, DGM_BAD, "a,b\n" SAYS("csv-not-flat")},
	{"", {"a", "b"}, {{"a", {NULL, 0}, DGM_EVENT_BEGIN, 0}}, 0, DGM_BAD, "a,b\n" SAYS("csv-not-flat")},
	{"", {"a", "b"}, {{"a", {NULL, 0}, DGM_EVENT_END, 0}}, 0, DGM_BAD, "a,b\n" SAYS("csv-not-flat")},
	{"", {"a", "b"}, {{"a", {NULL, 0}, 0, DGM_LITERAL_EMPTY_LIST}}, 0, DGM_BAD, "a,b\n" SAYS("csv-not-flat")},
	{"", {"a", "b"}, {{"a", BYTES("x"), 0, 0}, {"b", BYTES("x\0y"), 0, 0}}, 0, DGM_BAD, "a,b\n" SAYS("csv-nul")},
	{"quote=none", {"a", "b"}, {{"a", BYTES("x,y"), 0, 0}}, 0, DGM_BAD, "a,b\n" SAYS("csv-needs-quote")},
	{"", {"a", "b"}, {{"c", BYTES("1"), 0, 0}}, DGM_PATH_ENVELOPE, 0, "a,b\nwarning csv-no-envelope 0:0+0\n"},
	{"", {"a", "b"}, {{NULL, {NULL, 0}, 0, 0}}, DGM_PATH_ENVELOPE, 0, "a,b\n"},
	{"", {NULL}, {{NULL, {NULL, 0}, 0, 0}}, 0, DGM_FATAL, SAYS("csv-no-columns")},
	{"", {"a", "a"}, {{NULL, {NULL, 0}, 0, 0}}, 0, DGM_FATAL, SAYS("csv-duplicate-column")},
	{"delimiter=,  quote=,", {"a"}, {{NULL, {NULL, 0}, 0, 0}}, 0, DGM_FATAL, SAYS("csv-bad-option")},
};

#endif
