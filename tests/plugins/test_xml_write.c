/* SPDX-License-Identifier: Apache-2.0 */
/* Writing XML: where things stand, what is escaped, what is refused without a trace, and that reading gives it back. */
#include "xml_harness.h"

#include <unistd.h>

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

struct writing {
	const char *script, *paths, *options, *expected;
};

static void check_writing(const struct writing *w)
{
	char *said = write_script(w->script, w->paths, w->options ? w->options : "");
	if (strcmp(said, w->expected) != 0)
		fail_msg("%s\n-- said\n%s-- expected\n%s", w->script, said, w->expected);
	free(said);
}

static void writes_records(void **state)
{
	(void)state;
	static const struct writing cases[] = {
		{"0|A=x|B=", "L/R", NULL, HEAD "<L>\n  <R>\n    <A>x</A>\n    <B/>\n  </R>\n</L>\n"},
		{"0|@i=1|@j=|C{|@n=2|#text=t|}|D{|E=1|}", "L/R", "indent=1",
			HEAD "<L>\n <R i=\"1\" j=\"\">\n  <C n=\"2\">t</C>\n  <D>\n   <E>1</E>\n  </D>\n </R>\n</L>\n"},
		{"0|A{|#text=x |B{|C=1|D{|}|}|#text= y|}|E=2", "L/R", "indent=1",
			HEAD "<L>\n <R>\n  <A>x <B><C>1</C><D/></B> y</A>\n  <E>2</E>\n </R>\n</L>\n"},
		{"0|#text=t;0;0|@a=1", "L/R", "indent=0 declaration=no", "<L><R>t</R><R/><R a=\"1\"/></L>"},
		{"0|A{|B{|}|}", "L/R", "indent=0 declaration=standalone",
			"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><L><R><A><B/></A></R></L>"},
		{"0|A=1;0|@b=2", "R", "indent=1", "xml-one-record 0:0+0\nbad\n" HEAD "<R>\n <A>1</A>\n</R>\n"},
		{"", "R", "indent=1 namespace=urn:x", HEAD "<R xmlns=\"urn:x\"/>\n"},
		{"", "L/R", NULL, HEAD "<L/>\n"},
		{"0|\u0646\u0627\u0645=\u0645\u062d\u0645\u062f \U00020000 \ufffd", "L/R", "indent=0 declaration=no",
			"<L><R><\u0646\u0627\u0645>\u0645\u062d\u0645\u062f \U00020000 \ufffd</\u0646\u0627\u0645></R></L>"},
		{"0", "L/R", "indent=0 declaration=no namespace=urn:x?a&b schema-location=a.xsd",
			"<L xmlns=\"urn:x?a&amp;b\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
			" xsi:noNamespaceSchemaLocation=\"a.xsd\"><R/></L>"},
		{"0|@xml:lang=ar|A=1", "L/R", "indent=0 declaration=no", "<L><R xml:lang=\"ar\"><A>1</A></R></L>"},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++)
		check_writing(&cases[i]);
}

static void keeps_the_order_of_paths(void **state)
{
	(void)state;
	static const struct writing cases[] = {
		{"1|A=e1;0|A=i1;1|A=e2;0|A=i2", "L/I/R L/E/R", "indent=0 declaration=no",
			"<L><I><R><A>i1</A></R><R><A>i2</A></R></I><E><R><A>e1</A></R><R><A>e2</A></R></E></L>"},
		{"1", "L/I/R L/E/R L/V/W/S", "indent=1 declaration=no",
			"<L>\n <I/>\n <E>\n  <R/>\n </E>\n <V>\n  <W/>\n </V>\n</L>\n"},
		{"1;0", "L/R L/S", "indent=0 declaration=no", "<L><S/><R/></L>"},
		{"2;1;0", "L/R L/I/S L/T", "indent=0 declaration=no", "<L><R/><I><S/></I><T/></L>"},
		{"1;0", "L/I/J/R L/I/S", "indent=0 declaration=no", "<L><I><J><R/></J><S/></I></L>"},
		{"", "L/I/R L/E/R", "indent=0 declaration=no", "<L><I/><E/></L>"},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++)
		check_writing(&cases[i]);
}

static void writes_envelopes(void **state)
{
	(void)state;
	static const struct writing cases[] = {
		{"env|L{|@d=1|T=5|I{|@n=2|}|};0", "L/I/R", "indent=1",
			HEAD "<L d=\"1\">\n <T>5</T>\n <I n=\"2\">\n  <R/>\n </I>\n</L>\n"},
		{"env|L{|I{|@n=<2|M{|N=1|}|}|}", "L/I/R", "indent=1",
			HEAD "<L>\n <I n=\"&lt;2\">\n  <M>\n   <N>1</N>\n  </M>\n </I>\n</L>\n"},
		{"env|L{|I=text|}", "L/I/R", "indent=1", HEAD "<L>\n <I>text</I>\n</L>\n"},
		{"env|L{|I=|}", "L/I/R", "indent=1", HEAD "<L>\n <I/>\n</L>\n"},
		{"env|L{|@xmlns:n=urn:n|@n:a=1|};0|n:B=2", "L/R", "indent=0 declaration=no",
			"<L xmlns:n=\"urn:n\" n:a=\"1\"><R><n:B>2</n:B></R></L>"},
		{"env|L{|@xsi:noNamespaceSchemaLocation=a.xsd|};0", "L/R", "indent=0 declaration=no",
			"<L xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"a.xsd\"><R/></L>"},
		{"env|L{|@xsi:noNamespaceSchemaLocation=a.xsd|};0", "L/R",
			"indent=0 declaration=no schema-location=a.xsd",
			"<L xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"a.xsd\"><R/></L>"},
		{"env|L{|@xsi:noNamespaceSchemaLocation=b.xsd|};0", "L/R",
			"indent=0 declaration=no schema-location=a.xsd",
			"xml-duplicate-attribute 0:0+0\nbad\n<L xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
			" xsi:noNamespaceSchemaLocation=\"a.xsd\"><R/></L>"},
		{"env|L{|@a=1|B=\x01|}", "L/R", "indent=0 declaration=no", "xml-forbidden-character 0:0+0\nbad\n<L/>"},
		{"env|L{|@a=1|@a=2|}", "L/R", "indent=0 declaration=no", "xml-duplicate-attribute 0:0+0\nbad\n<L/>"},
		{"env|L{|A=1|@a=2|}", "L/R", "indent=0 declaration=no", "<L a=\"2\"><A>1</A></L>"},
		{"env|M{|@a=1|}", "L/R", "indent=0 declaration=no", "xml-bad-envelope 0:0+0\nbad\n<L/>"},
		{"env|L{|@a=1", "L/R", "indent=0 declaration=no", "xml-bad-events 0:0+0\nbad\n<L/>"},
		{"env|L{|M{|A=1", "L/R", "indent=0 declaration=no", "xml-bad-events 0:0+0\nbad\n<L/>"},
		{"env|L{|@xmlns:n=u|n:A=\x01|};0|n:A=1", "L/R", "indent=0 declaration=no",
			"xml-forbidden-character 0:0+0\nbad\nxml-bad-name 0:0+0\nbad\n<L/>"},
		{"env|L{|@a=1|};env|L{|@a=2|};0", "L/R", "indent=0 declaration=no",
			"xml-late-envelope 0:0+0\nbad\n<L a=\"1\"><R/></L>"},
		{"0;env|L{|@a=1|}", "L/R", "indent=0 declaration=no", "xml-late-envelope 0:0+0\nbad\n<L><R/></L>"},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++)
		check_writing(&cases[i]);
}

static void escapes(void **state)
{
	(void)state;
	static const struct writing cases[] = {
		{"0|@a=<>&\"'\t\n\r|#text=<>&\"'\t\n\r]]>", "L/R", "indent=0 declaration=no",
			"<L><R a=\"&lt;&gt;&amp;&quot;'&#9;&#10;&#13;\">&lt;&gt;&amp;\"'\t\n&#13;]]&gt;</R></L>"},
		{"0|A=a run of plain text & more of it <then> \"the\" rest", "L/R", "indent=0 declaration=no",
			"<L><R><A>a run of plain text &amp; more of it &lt;then&gt; \"the\" rest</A></R></L>"},
		{"0|A=1;0|B=\x01;0|B=\x1f;0|B=1234567\xef\xbf\xbe;0|@b=\xef\xbf\xbf;0|A=\xef\xbf\xbd\xef\xbc\x81\x7f\xc2\x85",
			"L/R", "indent=0 declaration=no",
			"xml-forbidden-character 0:0+0\nbad\nxml-forbidden-character 0:0+0\nbad\n"
			"xml-forbidden-character 0:0+0\nbad\nxml-forbidden-character 0:0+0\nbad\n"
			"<L><R><A>1</A></R><R><A>\xef\xbf\xbd\xef\xbc\x81\x7f\xc2\x85</A></R></L>"},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++)
		check_writing(&cases[i]);
	/* Every byte that is special, at every place of a word. */
	for (int c = 1; c < 0x80; c++) {
		for (int at = 0; at < 17; at++) {
			char script[32] = "0|A=", *end;
			memset(script + 4, 'x', 17);
			script[4 + at] = (char)c;
			if (strchr("|;", c))
				continue;
			char *said = write_script(script, "L/R", "indent=0 declaration=no");
			const bool allowed = c >= 0x20 || c == '\t' || c == '\n' || c == '\r';
			assert_int_equal(strncmp(said, "<L><R><A>", 9) == 0, allowed);
			if (allowed) {
				end = read_str(dgm_str(said), "L/R", "", 0);
				assert_int_equal(strlen(end), strlen("ok 0 1:4+3 A=\nend\n") + (c == '\n' ? 18 : 17));
				free(end);
			}
			free(said);
		}
	}
}

/* The root is a record, and what belongs into one of its elements comes behind it. */
static void continues_the_root_record(void **state)
{
	(void)state;
	static const struct writing cases[] = {
		{"0|A{|B{|C=1|}|D=2|};1|C=3;1|C=4", "L L/A/B", "indent=0 declaration=no",
			"<L><A><B><C>1</C><C>3</C><C>4</C></B><D>2</D></A></L>"},
		{"0|A{|B{|C=1|}|D=2|};1|C{|E=3|}", "L L/A/B", "indent=2 declaration=no",
			"<L>\n  <A>\n    <B>\n      <C>1</C>\n      <C>\n        <E>3</E>\n      </C>\n    </B>\n"
			"    <D>2</D>\n  </A>\n</L>\n"},
		/* In the last of several; elements of the same name elsewhere do not count. */
		{"0|B{|X=1|}|A{|B{|C=1|}|};1|C=2", "L L/A/B", "indent=0 declaration=no",
			"<L><B><X>1</X></B><A><B><C>1</C><C>2</C></B></A></L>"},
		{"0|A{|B{|C=1|}|};0|C=2;1|C=3", "L L/A/B", "indent=0 declaration=no",
			"xml-one-record 0:0+0\nbad\n<L><A><B><C>1</C><C>3</C></B></A></L>"},
		{"0|D=2;1|C=3", "L L/A/B", "indent=0 declaration=no", "xml-one-record 0:0+0\nbad\n<L><D>2</D></L>"},
		{"1|C=3;0|A{|B{|C=1|}|}", "L L/A/B", "indent=0 declaration=no",
			"xml-one-record 0:0+0\nbad\n<L><A><B><C>1</C></B></A></L>"},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++)
		check_writing(&cases[i]);
}

static void refuses_what_is_no_xml(void **state)
{
	(void)state;
	static const struct {
		const char *record, *code;
	} cases[] = {
		{"0|A B=1", "xml-bad-name"},
		{"0|1A=1", "xml-bad-name"},
		{"0|a:b:c=1", "xml-bad-name"},
		{"0|:a=1", "xml-bad-name"},
		{"0|a:=1", "xml-bad-name"},
		{"0|n:a=1", "xml-bad-name"},
		{"0|@=1", "xml-bad-name"},
		{"0|=1", "xml-bad-name"},
		{"0|[]=1", "xml-bad-name"},
		{"0|@x y=1", "xml-bad-name"},
		{"0|@xmlns=u", "xml-bad-name"},
		{"0|@xmlns:n=u", "xml-bad-name"},
		{"0|xmlns:n=u", "xml-bad-name"},
		{"0|@a{|}", "xml-bad-name"},
		{"0|#text{|}", "xml-bad-name"},
		{"0|\u00d7=1", "xml-bad-name"},
		{"0|A=1|@a=1", "xml-late-attribute"},
		{"0|#text=1|@a=1", "xml-late-attribute"},
		{"0|B{|C=1|@a=1|}", "xml-late-attribute"},
		{"0|@a=1|@a=1", "xml-duplicate-attribute"},
		{"0|A{|@a=1|@b=1|@a=1|}", "xml-duplicate-attribute"},
		{"0|A{|B=1", "xml-bad-events"},
		{"0|A=1|}", "xml-bad-events"},
		{"7|A=1", "xml-bad-path"},
	};
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		char script[100], expected[200];
		snprintf(script, sizeof script, "0|C=1;%s;0|@a=1|D{|@a=1|}", cases[i].record);
		snprintf(expected, sizeof expected, "%s 0:0+0\nbad\n<L><R><C>1</C></R><R a=\"1\"><D a=\"1\"/></R></L>",
			cases[i].code);
		check_writing(&(struct writing){script, "L/R", "indent=0 declaration=no", expected});
	}
	static const struct writing openings[] = {
		{"", NULL, NULL, "xml-no-path 0:0+0\nfatal\n"},
		{"", "", NULL, "xml-no-path 0:0+0\nfatal\n"},
		{"", "L/R M/R", NULL, "xml-bad-path 0:0+0\nfatal\n"},
		{"", "L/R L", NULL, "xml-bad-path 0:0+0\nfatal\n"},
		{"", "L M/R", NULL, "xml-bad-path 0:0+0\nfatal\n"},
		{"", "L LL/R", NULL, "xml-bad-path 0:0+0\nfatal\n"},
		{"", "L L/R L/S", NULL, "xml-bad-path 0:0+0\nfatal\n"},
		{"", "L//R", NULL, "xml-bad-path 0:0+0\nfatal\n"},
		{"", "L/R[]", NULL, "xml-bad-path 0:0+0\nfatal\n"},
		{"", "L/R", "indent=9", "xml-option 0:0+0\nfatal\n"},
		{"", "L/R", "namespace=a\x01", "xml-option 0:0+0\nfatal\n"},
	};
	for (size_t i = 0; i < DGM_COUNT(openings); i++)
		check_writing(&openings[i]);
}

static void writes_a_large_value(void **state)
{
	(void)state;
	struct text t = {0};
	text_print(&t, "<L><R><A>");
	for (int i = 0; i < 1000000; i++)
		text_print(&t, "plain&lt;&amp;");
	text_print(&t, "</A></R></L>");
	char *said = copy_str(dgm_str_of(t.ptr, t.len), "L/R", "indent=0 declaration=no");
	assert_true(strcmp(said, t.ptr) == 0);
	free(said);
	free(t.ptr);
}

/* What the writer writes is a fixed point, with and without white space. */
static void gives_back_what_was_read(void **state)
{
	(void)state;
	static const char document[] =
		"<L d='&#9;1'>\n<T>a&#13;\n</T><I n='2'><R/><R i='&#10;'><A> x </A><B b='1'/><B b='2'> </B>\n"
		"<C>m<D/>n<E><F>1</F></E></C><\u0646>\u0645</\u0646></R></I><E><S>t</S></E></L>";
	static const char *const options[] = {"indent=0", "indent=2", "indent=8 declaration=no"};
	static const char paths[] = "L/I/R L/E/S";
	for (size_t i = 0; i < DGM_COUNT(options); i++) {
		char *first = copy_str(dgm_str(document), paths, options[i]);
		char *second = copy_str(dgm_str(first), paths, options[i]);
		assert_string_equal(first, second);
		struct dgm_str left = dgm_str(read_str(dgm_str(document), paths, "", 0)), line;
		struct dgm_str right = dgm_str(read_str(dgm_str(first), paths, "", 0)), other;
		const char *const both[] = {left.ptr, right.ptr};
		while (dgm_str_next(&left, DGM_STR("\n"), &line)) {
			assert_true(dgm_str_next(&right, DGM_STR("\n"), &other));
			/* Places differ, the rest does not: behind the third blank, where there is one. */
			for (int blank = 0; blank < 3; blank++) {
				line = dgm_str_skip(line, dgm_str_find(line, DGM_STR(" ")) + 1);
				other = dgm_str_skip(other, dgm_str_find(other, DGM_STR(" ")) + 1);
			}
			if (!dgm_str_eq(line, other))
				fail_msg("%.*s\n%.*s", DGM_FMT(line), DGM_FMT(other));
		}
		free((void *)(uintptr_t)both[0]);
		free((void *)(uintptr_t)both[1]);
		free(first);
		free(second);
	}
}

/* libxml2 prints its errors, with bytes of the file in them, unless every way there is closed. */
static void prints_nothing(void **state)
{
	(void)state;
	static const char *const documents[] = {"<L><R>\x01 secret</R></L>", "<L><R>secret &x;</R></L>", "<n:L/>", "<L",
		"<?xml version='1.0' encoding='secret'?><L>\xff</L>", "<!DOCTYPE secret><L/>", "<L xmlns='secret'/>",
		"<L xmlns:a='a b c'/>", "<L><R></secret></L>", "secret"};
	fflush(stderr);
	const int kept = dup(STDERR_FILENO);
	FILE *caught = tmpfile();
	assert_true(kept >= 0 && caught);
	dup2(fileno(caught), STDERR_FILENO);
	for (size_t i = 0; i < DGM_COUNT(documents); i++)
		free(read_str(dgm_str(documents[i]), "L/R", "", 0));
	fflush(stderr);
	dup2(kept, STDERR_FILENO);
	close(kept);
	fseek(caught, 0, SEEK_END);
	assert_int_equal(ftell(caught), 0);
	fclose(caught);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_records),
		cmocka_unit_test(keeps_the_order_of_paths),
		cmocka_unit_test(writes_envelopes),
		cmocka_unit_test(escapes),
		cmocka_unit_test(continues_the_root_record),
		cmocka_unit_test(refuses_what_is_no_xml),
		cmocka_unit_test(writes_a_large_value),
		cmocka_unit_test(gives_back_what_was_read),
		cmocka_unit_test(prints_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
