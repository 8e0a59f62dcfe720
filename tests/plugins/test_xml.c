/* SPDX-License-Identifier: Apache-2.0 */
/* Reading XML: what is in records and in envelopes, what is refused and where, and that no size of chunk changes it. */
#include "xml_harness.h"

#include <sys/resource.h>

static const size_t CHUNKS[] = {1, 2, 3, 7, 64, 4096, 0};

struct reading {
	const char *document, *paths, *options, *expected;
};

static void check_reading(const struct reading *r)
{
	for (size_t i = 0; i < DGM_COUNT(CHUNKS); i++) {
		char *said = read_str(dgm_str(r->document), r->paths, r->options ? r->options : "", CHUNKS[i]);
		if (strcmp(said, r->expected) != 0)
			fail_msg("chunk %zu of %s\n-- said\n%s-- expected\n%s", CHUNKS[i], r->document, said,
				r->expected);
		free(said);
	}
}

static void reads_elements(void **state)
{
	(void)state;
	static const struct reading cases[] = {
		{"<L><R><A>x</A></R></L>", "L/R", NULL, "ok 0 1:4+3 A=x\nend\n"},
		{"<L><R><A/><B></B></R></L>", "L/R", NULL, "ok 0 1:4+3 A= B=\nend\n"},
		{"<L>\n <R/>\n <R></R>\n</L>\n", "L/R", NULL, "ok 0 2:2+5\nok 0 3:2+11\nend\n"},
		{"<L><R i='1' j=\"2\">t</R></L>", "L/R", NULL, "ok 0 1:4+3 @i=1 @j=2 #text=t\nend\n"},
		{"<L><R><A i='1'/><A i=''>t</A><A i='1'>  </A></R></L>", "L/R", NULL,
			"ok 0 1:4+3 A{ @i=1 } A{ @i= #text=t } A{ @i=1 #text=   }\nend\n"},
		{"<L><R><A><B>x</B><C><D>y</D></C></A></R></L>", "L/R", NULL, "ok 0 1:4+3 A{ B=x C{ D=y } }\nend\n"},
		{"<L><R>\n <A> one <B/>two\n<C>x</C> \n</A></R></L>", "L/R", NULL,
			"ok 0 1:4+3 A{ #text= one  B= #text=two\\n C=x }\nend\n"},
		{"<L><R>one<A/>two<!-- c -->three<?p q?></R></L>", "L/R", NULL,
			"ok 0 1:4+3 #text=one A= #text=twothree\nend\n"},
		{"<L><R><A> <![CDATA[<a>&amp;]]>b<![CDATA[]]> </A></R></L>", "L/R", NULL,
			"ok 0 1:4+3 A= <a>&amp;b \nend\n"},
		{"<L><R><A>&lt;&amp;&gt;&quot;&apos;&#65;&#x645;</A><B c='&#10;&lt; x'/></R></L>", "L/R", NULL,
			"ok 0 1:4+3 A=<&>\"'A\u0645 B{ @c=\\n< x }\nend\n"},
		{"<L><R><A>a\r\nb\rc</A><B c='a\r\nb\tc'/></R></L>", "L/R", NULL,
			"ok 0 1:4+3 A=a\\nb\\nc B{ @c=a b c }\nend\n"},
		{"<L><R><A x='a>b' y=\"'>\">c</A></R></L>", "L/R", NULL, "ok 0 1:4+3 A{ @x=a>b @y='> #text=c }\nend\n"},
		{"<\u0645 xmlns:n='urn:n'><n:R n:a='1' a='2'><n:A>\u00e9\U00020000</n:A></n:R></\u0645>", "\u0645/n:R",
			NULL, "ok 0 1:21+20 @n:a=1 @a=2 n:A=\u00e9\U00020000\nend\n"},
		{"<L xmlns='some'><R xmlns='urn:x'/></L>", "L/R", NULL, "ok 0 1:17+16\nend\n"},
		{"<R a='1'><R>x</R></R>", "R", NULL, "ok 0 1:1+0 @a=1 R=x\nend\n"},
		{"<L><R><R>x</R></R><R/></L>", "L/R", NULL, "ok 0 1:4+3 R=x\nok 0 1:19+18\nend\n"},
		{"<L><A><R>1</R></A><B><R>2</R><S>3</S></B><A><R>4</R></A></L>", "L/B/S L/A/R L/B/R", NULL,
			"ok 1 1:7+6 #text=1\nok 2 1:22+21 #text=2\nok 0 1:30+29 #text=3\nok 1 1:45+44 #text=4\nend\n"},
		{"<L><R><S>1</S></R></L>", "L/R/S L/R", NULL, "ok 1 1:4+3 S=1\nend\n"},
		{"<?xml version='1.0' encoding='windows-1256' standalone='yes'?><L><R>\u0645</R></L>", "L/R", NULL,
			"ok 0 1:66+65 #text=\u0645\nend\n"},
		{" \n<L/>", "L/R", NULL, "end\n"},
		{"<L/>\n<!-- x --><?y z?>\n", "L/R", NULL, "end\n"},
		{"<?oasis-xml-catalog catalog='file:///nowhere.xml'?><L><R/></L>", "L/R", NULL, "ok 0 1:55+54\nend\n"},
		{"<L xmlns:xi='http://www.w3.org/2001/XInclude'><R><xi:include href='file:///etc/hosts'/></R></L>",
			"L/R", NULL, "ok 0 1:47+46 xi:include{ @href=file:///etc/hosts }\nend\n"},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++)
		check_reading(&cases[i]);
}

static void reads_envelopes(void **state)
{
	(void)state;
	static const struct reading cases[] = {
		{"<L d='1'><R/></L>", "L/R", NULL, "ok env 1:1+0 L{ @d=1 }\nok 0 1:10+9\nend\n"},
		{"<L>\n<T>5</T><I n='2'><R/></I></L>", "L/I/R", NULL,
			"ok env 2:1+4 L{ T=5 I{ @n=2 } }\nok 0 2:18+21\nend\n"},
		{"<L d='1'><I><R/><X/></I><U><V>1</V><W/></U></L>", "L/I/R", NULL,
			"ok env 1:1+0 L{ @d=1 }\nok 0 1:13+12\nok env 1:17+16 L{ I{ X= } U{ V=1 W= } }\nend\n"},
		{"<L><I> </I><J/><I><R/></I> <!-- no value --> </L>", "L/I/R L/J/R", NULL, "ok 0 1:19+18\nend\n"},
		{"<L><R/>mixed<R/></L>", "L/R", NULL,
			"ok 0 1:4+3\nok env 1:13+12 L{ #text=mixed }\nok 0 1:13+12\nend\n"},
		{"<M><N o='1'>t</N></M>", "L/R", NULL, "ok env 1:4+3 M{ N{ @o=1 #text=t } }\nend\n"},
		{"<L><R/><N><O>t</O>u</N></L>", "L/R", NULL, "ok 0 1:4+3\nok env 1:11+10 L{ N{ O=t #text=u } }\nend\n"},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++)
		check_reading(&cases[i]);
}

static void refuses_broken_documents(void **state)
{
	(void)state;
	static const struct reading cases[] = {
		{"<L/>", NULL, NULL, "xml-no-path 0:0+0\nfatal\n"},
		{"<L/>", "", NULL, "xml-no-path 0:0+0\nfatal\n"},
		{"<L/>", "L//R", NULL, "xml-bad-path 0:0+0\nfatal\n"},
		{"", "L/R", NULL, "xml-empty 1:1+0\nfatal\n"},
		{" \n ", "L/R", NULL, "xml-empty 2:2+3\nfatal\n"},
		{"<?xml version='1.0'?>\n<!-- x -->\n", "L/R", NULL, "xml-empty 3:1+33\nfatal\n"},
		{"abc", "L/R", NULL, "xml-not-well-formed 1:1+0\nfatal\n"},
		{"{\"a\": 1}", "L/R", NULL, "xml-not-well-formed 1:1+0\nfatal\n"},
		{"<L", "L/R", NULL, "xml-truncated 1:3+2\nfatal\n"},
		{"<?xml version='1.1'?>\n<L><R/></L>", "L/R", NULL, "xml-version 1:1+0\nfatal\n"},
		{"<?xml version='2.0'?><L/>", "L/R", NULL, "xml-version 1:1+0\nfatal\n"},
		{"<L><R>1</R>\n<R>2", "L/R", NULL, "ok 0 1:4+3 #text=1\nxml-truncated 2:5+16\nfatal\n"},
		{"<L><R>1</R></L>\n<L/>", "L/R", NULL, "ok 0 1:4+3 #text=1\nxml-not-well-formed 2:1+16\nfatal\n"},
		{"<L><R>1</R></L>x", "L/R", NULL, "ok 0 1:4+3 #text=1\nxml-not-well-formed 1:16+15\nfatal\n"},
		{"<L><R>1</R></L><!-- ", "L/R", NULL, "ok 0 1:4+3 #text=1\nxml-not-well-formed 1:21+20\nfatal\n"},
		{"<L><R>1</R><R>&undef;</R></L>", "L/R", NULL,
			"ok 0 1:4+3 #text=1\nxml-not-well-formed 1:22+21\nfatal\n"},
		{"<L><R a='&undef;'/></L>", "L/R", NULL, "xml-not-well-formed 1:17+16\nfatal\n"},
		{"<L><R>1</R><R></S></L>", "L/R", NULL, "ok 0 1:4+3 #text=1\nxml-not-well-formed 1:15+14\nfatal\n"},
		{"<L><R>a & b</R></L>", "L/R", NULL, "xml-not-well-formed 1:10+9\nfatal\n"},
		{"<L><R a='1' a='2'/></L>", "L/R", NULL, "xml-not-well-formed 1:18+17\nfatal\n"},
		{"<L><n:R/></L>", "L/R", NULL, "xml-not-well-formed 1:8+7\nfatal\n"},
		{"<L><R>\x01</R></L>", "L/R", NULL, "xml-not-well-formed 1:7+6\nfatal\n"},
		{"<L><R>\xef\xbf\xbf</R></L>", "L/R", NULL, "xml-not-well-formed 1:7+6\nfatal\n"},
		{"<L>&#0;</L>", "L/R", NULL, "xml-not-well-formed 1:8+7\nfatal\n"},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++)
		check_reading(&cases[i]);
}

/* Limits that cost one record, and that it is only that one. */
static void rejects_single_records(void **state)
{
	(void)state;
	static const struct reading cases[] = {
		{"<L><R>1</R><R><A/><B>12345</B></R><R>1234</R></L>", "L/R", "max-text=4",
			"ok 0 1:4+3 #text=1\nxml-text-too-long 1:19+18\nbad 0 1:12+11\nok 0 1:35+34 #text=1234\nend\n"},
		{"<L><R a='12345'/><R/></L>", "L/R", "max-text=4",
			"xml-text-too-long 1:4+3\nbad 0 1:4+3\nok 0 1:18+17\nend\n"},
		{"<L a='12345'><R/></L>", "L/R", "max-text=4",
			"xml-text-too-long 1:1+0\nbad env 1:1+0\nok 0 1:14+13\nend\n"},
		{"<L><R a='1' b='1' c='1'/><R a='1'/></L>", "L/R", "max-attributes=2",
			"xml-too-many-attributes 1:4+3\nbad 0 1:4+3\nok 0 1:26+25 @a=1\nend\n"},
		{"<L><R>\n<A>123456789012345678901234567890</A><A/></R><R/></L>", "L/R", "max-record=40",
			"xml-record-too-long 1:4+3\nbad 0 1:4+3\nok 0 2:46+52\nend\n"},
		{"<L><R><A/><A/><A/></R><R><A/></R></L>", "L/R", "max-record=64",
			"xml-record-too-long 1:4+3\nbad 0 1:4+3\nok 0 1:23+22 A=\nend\n"},
		{"<L><R>\xff</R><R>\xf8\x81</R><R><A>\xc3</A><B>\xe2\x82</B></R><R>\u00e9</R></L>", "L/R", NULL,
			"text-invalid-utf8 1:7+6\nbad 0 1:4+3\ntext-invalid-utf8 1:15+14\nbad 0 1:12+11\n"
			"text-invalid-utf8 1:27+26\nbad 0 1:21+20\nok 0 1:45+44 #text=\u00e9\nend\n"},
		{"<L a='\xff'><R/></L>", "L/R", NULL, "text-invalid-utf8 1:7+6\nbad env 1:1+0\nok 0 1:10+9\nend\n"},
		{"<L><R/><!-- \xff --><R/></L>", "L/R", NULL, "ok 0 1:4+3\ntext-invalid-utf8 1:13+12\nfatal\n"},
		{"<L><R/></L><!-- \xff -->", "L/R", NULL, "ok 0 1:4+3\ntext-invalid-utf8 1:17+16\nfatal\n"},
		{"<L><R/></L>\xc3", "L/R", NULL, "ok 0 1:4+3\nxml-not-well-formed 1:12+11\nfatal\n"},
		{"<L><R\xff/></L>", "L/R", NULL, "xml-not-well-formed 1:6+5\nfatal\n"},
		{"<L><A><B><C/></B></A></L>", "L/R", "max-depth=3", "xml-depth 1:10+9\nfatal\n"},
		{"<L><R><A/><B/></R></L>", "L/R", "max-names=3", "xml-names 1:11+10\nfatal\n"},
		{"<L><U>12345678901234567890</U><R/></L>", "L/R", "max-record=20",
			"xml-record-too-long 1:4+3\nfatal\n"},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++)
		check_reading(&cases[i]);
}

/* Sixteen times max-attributes is where a file is no longer read on. */
static void ends_at_an_attack_by_attributes(void **state)
{
	(void)state;
	for (int count = 32; count <= 33; count++) {
		struct text t = {0};
		text_print(&t, "<L><R/><R");
		for (int i = 0; i < count; i++)
			text_print(&t, " a%d='1'", i);
		text_print(&t, "/></L>");
		check_reading(&(struct reading){t.ptr, "L/R", "max-attributes=2",
			count == 32 ? "ok 0 1:4+3\nxml-too-many-attributes 1:8+7\nbad 0 1:8+7\nend\n"
				    : "ok 0 1:4+3\nxml-too-many-attributes 1:8+7\nfatal\n"});
		free(t.ptr);
	}
}

/* Every one is refused at the declaration, having delivered nothing. */
static void refuses_every_doctype(void **state)
{
	(void)state;
	static const struct reading cases[] = {
		{"<!DOCTYPE L><L/>", "L/R", NULL, "xml-doctype 1:1+0\nfatal\n"},
		{"<?xml version='1.0'?>\n <!DOCTYPE L SYSTEM 'a<b.dtd'>\n<L/>", "L/R", NULL,
			"xml-doctype 2:2+23\nfatal\n"},
		{"<!-- x <!DOCTYPE -->\n<?p q?><!DOCTYPE L [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><L><R>&e;</R></L>",
			"L/R", NULL, "xml-doctype 2:8+28\nfatal\n"},
		{"<!DOCTYPE L [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]><L/>", "L/R", NULL,
			"xml-doctype 1:1+0\nfatal\n"},
		{"<!DOCTYPE L PUBLIC 'x' 'http://localhost:1/x.dtd'><L/>", "L/R", NULL, "xml-doctype 1:1+0\nfatal\n"},
		{"<!DOCTYPE L [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
		 "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]><L><R>&c;</R></L>",
			"L/R", NULL, "xml-doctype 1:1+0\nfatal\n"},
		{"<!DOCTYPE L [<!ENTITY e 'x'>]><L><R a='&e;'>&e;&e;</R></L>", "L/R", NULL,
			"xml-doctype 1:1+0\nfatal\n"},
		{"<!DOCTYPE L [", "L/R", NULL, "xml-doctype 1:1+0\nfatal\n"},
		{"<!DOCTYPE", "L/R", NULL, "xml-doctype 1:1+0\nfatal\n"},
		{"<!DOCTYPE L [<!ATTLIST R a CDATA 'default'>]><L><R/></L>", "L/R", NULL, "xml-doctype 1:1+0\nfatal\n"},
		{"<L><!DOCTYPE L><R/></L>", "L/R", NULL, "xml-doctype 1:4+3\nfatal\n"},
		{"<L/><!DOCTYPE L>", "L/R", NULL, "xml-doctype 1:5+4\nfatal\n"},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++)
		check_reading(&cases[i]);
}

/* A NUL, and what libxml2 would take for another encoding, never ends in success with something missing. */
static void refuses_other_encodings(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t len;
	} cases[] = {
		{"<L><R>a\0b</R></L>", 17},
		{"<L><R/></L>\0<L/>", 16},
		{"<L><R a='\0'/></L>", 17},
		{"<L><!-- \0 --><R/></L>", 21},
		{"<\0L\0/\0>\0", 8},
		{"\0<\0L\0/\0>", 8},
		{"\x4c\x6f\xa7\x94\x93\x40", 6},
		{"+ADw-L/+AD4-", 12},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		for (size_t k = 0; k < DGM_COUNT(CHUNKS); k++) {
			char *said = read_str(dgm_str_of(cases[i].bytes, cases[i].len), "L/R", "", CHUNKS[k]);
			if (!dgm_str_ends(dgm_str(said), DGM_STR("fatal\n")))
				fail_msg("case %zu, chunk %zu: %s", i, CHUNKS[k], said);
			free(said);
		}
	}
}

static uint64_t seed = 88172645463325252u;

static uint32_t draw(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)((seed >> 11) % below);
}

static void draw_text(struct text *t, bool is_attribute)
{
	static const char *const parts[] = {"a", " ", "\n", "\u00e9", "\u0645\u062d\u0645\u062f", "\u4e2d",
		"\U00020000", "&lt;", "&amp;", "&#10;", "&#x41;", ">", "long run of plain letters ", "'", "\t", "]x",
		"\r\n"};
	for (uint32_t n = draw(6); n > 0; n--) {
		const char *part = parts[draw(DGM_COUNT(parts))];
		text_add(t, part, strlen(part));
	}
	if (!is_attribute && draw(8) == 0)
		text_print(t, "<![CDATA[<&>x]]>");
	text_add(t, "x", draw(2));
}

static void draw_element(struct text *t, const char *name, unsigned depth)
{
	static const char *const names[] = {"A", "B", "NAME", "\u0646", "x:C", "LONGER_NAME"};
	text_print(t, "<%s", name);
	const uint32_t attributes = draw(4) == 0 ? draw(4) : 0;
	for (uint32_t i = 0; i < attributes; i++) {
		text_print(t, "%sa%u%s=%s\"", draw(2) ? " " : "\n  ", i, draw(2) ? "" : " ", draw(2) ? "" : " ");
		draw_text(t, true);
		text_print(t, "\"");
	}
	if (draw(6) == 0) {
		text_print(t, "%s/>", draw(2) ? " " : "");
		return;
	}
	text_print(t, ">");
	draw_text(t, false);
	for (uint32_t n = depth < 5 ? draw(5) : 0; n > 0; n--) {
		draw_element(t, names[draw(DGM_COUNT(names))], depth + 1);
		if (draw(2))
			draw_text(t, false);
		if (draw(10) == 0)
			text_print(t, "<!-- it's <b> \">\" -->");
	}
	text_print(t, "</%s%s>", name, draw(3) ? "" : " ");
}

static void draw_document(struct text *t)
{
	text_print(t, "%s<L xmlns:x='urn:x'%s>\n", draw(2) ? "<?xml version=\"1.0\"?>\n" : "", draw(2) ? " d='1'" : "");
	for (uint32_t n = draw(12); n > 0; n--) {
		if (draw(5) == 0)
			draw_element(t, "U", 4);
		text_print(t, draw(3) ? "\n\n" : "<?pi a > b ?>");
		draw_element(t, "R", 0);
	}
	text_print(t, "</L>\n");
}

static void chunks_change_nothing(void **state)
{
	(void)state;
	for (int round = 0; round < 60; round++) {
		struct text document = {0};
		draw_document(&document);
		const struct dgm_str bytes = {document.ptr, document.len};
		char *whole = read_str(bytes, "L/R", "max-text=60", 0);
		for (size_t i = 0; i < DGM_COUNT(CHUNKS); i++) {
			char *said = read_str(bytes, "L/R", "max-text=60", CHUNKS[i]);
			if (strcmp(said, whole) != 0)
				fail_msg("round %d, chunk %zu\n%s\n-- whole\n%s-- said\n%s", round, CHUNKS[i],
					document.ptr, whole, said);
			free(said);
		}
		assert_true(dgm_str_ends(dgm_str(whole), DGM_STR("\nend\n")) || strcmp(whole, "end\n") == 0);
		free(whole);
		free(document.ptr);
	}
}

/* A file that ends early is never read with success, and what came before its end is what the whole file has there. */
static void notices_every_truncation(void **state)
{
	(void)state;
	struct text document = {0};
	while (document.len < 2000) {
		free(document.ptr);
		document = (struct text){0};
		draw_document(&document);
	}
	const size_t whole_length = document.len - 1; /* without the last line feed */
	char *whole = read_str(dgm_str_of(document.ptr, document.len), "L/R", "", 0);
	for (size_t cut = 0; cut < whole_length; cut++) {
		char *said = read_str(dgm_str_of(document.ptr, cut), "L/R", "", cut % 5 ? 0 : 13);
		assert_true(dgm_str_ends(dgm_str(said), DGM_STR("\nfatal\n")));
		struct dgm_str rest = dgm_str(said), line;
		size_t at = 0;
		while (dgm_str_next(&rest, DGM_STR("\n"), &line) && dgm_str_starts(line, DGM_STR("ok "))) {
			assert_memory_equal(line.ptr, whole + at, line.len + 1);
			at += line.len + 1;
		}
		assert_true(dgm_str_starts(line, DGM_STR("xml-")));
		free(said);
	}
	free(whole);
	free(document.ptr);
}

static double seconds(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6;
}

static char *read_fast(const struct text *document)
{
	const double before = seconds();
	char *said = read_str(dgm_str_of(document->ptr, document->len), "L/R", "", 0);
	/* A multiple of what it takes, far below the 15 s and more of an unguarded parser. */
	if (seconds() - before > 3)
		fail_msg("%.1f s", seconds() - before);
	return said;
}

static void ends_attacks_early(void **state)
{
	(void)state;
	struct text t = {0};
	for (int i = 0; i < 1000000; i++)
		text_add(&t, "<a>", 3);
	char *said = read_fast(&t);
	assert_string_equal(said, "xml-depth 1:769+768\nfatal\n");
	free(said);

	t.len = 0;
	text_print(&t, "<L><R");
	for (int i = 0; i < 1000000; i++)
		text_print(&t, " a%d=''", i);
	text_print(&t, "/></L>");
	said = read_fast(&t);
	assert_string_equal(said, "xml-too-many-attributes 1:4+3\nfatal\n");
	free(said);

	/* The same behind a value that made the parser wait: the pieces have grown by then. */
	t.len = 0;
	text_print(&t, "<L><R x='");
	for (int i = 0; i < 200000; i++)
		text_print(&t, ">plain ");
	text_print(&t, "'");
	for (int i = 0; i < 200000; i++)
		text_print(&t, " a%d=''", i);
	text_print(&t, "/></L>");
	said = read_fast(&t);
	assert_string_equal(said, "xml-too-many-attributes 1:4+3\nfatal\n");
	free(said);

	/* And behind a long comment and a long processing instruction, whose ends must be found. */
	t.len = 0;
	text_print(&t, "<L><!-- ");
	for (int i = 0; i < 1000000; i++)
		text_print(&t, ">- ->");
	text_print(&t, "--><?p ");
	for (int i = 0; i < 1000000; i++)
		text_print(&t, "> ? >");
	text_print(&t, "?><R");
	for (int i = 0; i < 200000; i++)
		text_print(&t, " a%d=''", i);
	text_print(&t, "/></L>");
	said = read_fast(&t);
	assert_true(dgm_str_starts(dgm_str(said), DGM_STR("xml-too-many-attributes 1:")));
	free(said);

	static const char *const distinct[] = {"<L><R>", "<n%d/>", "<?n%d?>", "<e xmlns='urn:%d'/>",
		"<e xmlns:n%d='u'/>", "<e n%d=''/>"};
	for (size_t kind = 1; kind < DGM_COUNT(distinct); kind++) {
		t.len = 0;
		text_print(&t, "%s", distinct[0]);
		const struct dgm_str pattern = dgm_str(distinct[kind]);
		const size_t split = dgm_str_find(pattern, DGM_STR("%d"));
		for (int i = 0; i < 1000000; i++)
			text_print(&t, "%.*s%d%s", (int)split, pattern.ptr, i, pattern.ptr + split + 2);
		said = read_fast(&t);
		assert_true(dgm_str_starts(dgm_str(said), DGM_STR("xml-names 1:")));
		free(said);
	}
	free(t.ptr);
}

/* Values near and beyond a piece, and a value as long as allowed, in any chunk. */
static void reads_long_values(void **state)
{
	(void)state;
	struct text t = {0};
	text_print(&t, "<L><R a=\"");
	for (int i = 0; i < 300000; i++)
		text_print(&t, "x>\u00e9");
	text_print(&t, "\"><A>");
	for (int i = 0; i < 4000000; i++)
		text_add(&t, "abcd", 4);
	text_print(&t, "</A></R><R>%s</R></L>", "last");
	const size_t chunks[] = {0, 1000, 65536};
	char *first = NULL;
	for (size_t i = 0; i < DGM_COUNT(chunks); i++) {
		char *said = read_str(dgm_str_of(t.ptr, t.len), "L/R", "", chunks[i]);
		assert_true(strlen(said) > 16000000 + 1200000);
		assert_true(dgm_str_ends(dgm_str(said), DGM_STR(" #text=last\nend\n")));
		if (first)
			assert_true(strcmp(said, first) == 0);
		free(first);
		first = said;
	}
	free(first);
	free(t.ptr);
}

static void keeps_the_beginning_of_a_huge_record(void **state)
{
	(void)state;
	struct text t = {0};
	text_print(&t, "<L><R><A>");
	for (int i = 0; i < 200000; i++)
		text_add(&t, "<B>x</B>", 8);
	text_print(&t, "</A></R><R><A/></R></L>");
	const size_t chunks[] = {0, 1000, 65536};
	for (size_t i = 0; i < DGM_COUNT(chunks); i++) {
		char *said = read_str(dgm_str_of(t.ptr, t.len), "L/R", "max-record=100000", chunks[i]);
		assert_string_equal(said, "xml-record-too-long 1:4+3\nbad 0 1:4+3\nok 0 1:1600018+1600017 A=\nend\n");
		free(said);
	}
	free(t.ptr);
}

static void probes(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		uint32_t match;
	} cases[] = {{"<?xml version='1.0'?>", DGM_MATCH_LIKELY}, {" \n<a>", DGM_MATCH_LIKELY},
		{"<\u0645>", DGM_MATCH_LIKELY}, {"<!-- x -->", DGM_MATCH_WEAK}, {"<!DOCTYPE a>", DGM_MATCH_WEAK},
		{"", DGM_MATCH_NONE}, {"<", DGM_MATCH_NONE}, {"< a", DGM_MATCH_NONE}, {"a,b", DGM_MATCH_NONE},
		{"{}", DGM_MATCH_NONE}, {"<1", DGM_MATCH_NONE}};
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		uint32_t match = 99;
		assert_int_equal(xml_plugin()->probe(dgm_str(cases[i].head), &match), DGM_OK);
		assert_int_equal(match, cases[i].match);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_elements),
		cmocka_unit_test(reads_envelopes),
		cmocka_unit_test(refuses_broken_documents),
		cmocka_unit_test(rejects_single_records),
		cmocka_unit_test(ends_at_an_attack_by_attributes),
		cmocka_unit_test(refuses_every_doctype),
		cmocka_unit_test(refuses_other_encodings),
		cmocka_unit_test(chunks_change_nothing),
		cmocka_unit_test(notices_every_truncation),
		cmocka_unit_test(ends_attacks_early),
		cmocka_unit_test(reads_long_values),
		cmocka_unit_test(keeps_the_beginning_of_a_huge_record),
		cmocka_unit_test(probes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
