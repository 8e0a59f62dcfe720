/* SPDX-License-Identifier: Apache-2.0 */
/* dragoman explain: the pages of the codes in messages and reports, from the table of rules. */
#include <stdio.h>

#include "args.h"
#include "base/rules.h"
#include "io/jsontext.h"
#include "io/output.h"
#include "log.h"

enum {
	PAGES,
	LIST,
	JSON,
	MDOC,
	CODE_WIDTH = 28, /* of the list; longer codes push their line */
};

static const struct cli_option options[] = {
	{LIST, 'l', "list", NULL, "all codes with their severity and first sentence"},
	{JSON, 0, "json", NULL, "the pages for machines"},
	{MDOC, 0, "mdoc", NULL, "the codes of dragoman-diagnostics(7)"},
};

static bool take(void *context, int id, const char *value)
{
	(void)value;
	*(int *)context = id;
	return true;
}

static void put(struct dgm_output *out, const char *text)
{
	dgm_output_write(out, dgm_str(text));
}

/* The next line of a text of several; false behind the last. */
static bool next_line(struct dgm_str *rest, struct dgm_str *ret_line)
{
	if (rest->len == 0)
		return false;
	const size_t end = dgm_str_find(*rest, DGM_STR("\n"));
	*ret_line = dgm_str_take(*rest, end);
	*rest = dgm_str_skip(*rest, end == rest->len ? end : end + 1);
	return true;
}

/* --- for people --- */

/* Without the marks of literal words: those are for the manual. */
static void put_plain(struct dgm_output *out, struct dgm_str text)
{
	while (text.len) {
		const size_t mark = dgm_str_find(text, DGM_STR("`"));
		dgm_output_write(out, dgm_str_take(text, mark));
		text = dgm_str_skip(text, mark == text.len ? mark : mark + 1);
	}
}

static void put_lines(struct dgm_output *out, const char *heading, const char *text)
{
	struct dgm_str rest = dgm_str(text), line;
	if (rest.len && heading)
		put(out, heading);
	while (next_line(&rest, &line)) {
		put(out, "  ");
		put_plain(out, line);
		put(out, "\n");
	}
}

static void put_page(struct dgm_output *out, const struct dgm_rule *rule)
{
	put(out, rule->code);
	put(out, " (");
	put(out, rule->severity);
	put(out, ")\n");
	put_lines(out, NULL, rule->text);
	put_lines(out, NULL, rule->chapter->intro);
	put_lines(out, "Why:\n", rule->why);
	put_lines(out, "Source:\n", rule->source);
	if (*rule->before) {
		put(out, "Example:\n  ");
		put(out, rule->before);
		put(out, "  ->  ");
		put(out, rule->after);
		put(out, "\n");
	}
}

static void put_list(struct dgm_output *out)
{
	for (size_t i = 0; i < dgm_rule_count; i++) {
		struct dgm_str rest = dgm_str(dgm_rules[i].text), line = DGM_NOSTR;
		char head[96];
		next_line(&rest, &line);
		const int len = snprintf(head, sizeof head, "%-*s %-8.*s ", CODE_WIDTH, dgm_rules[i].code,
			(int)dgm_str_find(dgm_str(dgm_rules[i].severity), DGM_STR(";")), dgm_rules[i].severity);
		dgm_output_write(out, dgm_str_of(head, (size_t)len));
		put_plain(out, line);
		put(out, "\n");
	}
}

/* --- for machines --- */

static void put_json(struct dgm_output *out, const struct dgm_rule *rule, bool first)
{
	const struct {
		const char *name, *text;
	} members[] = {{"severity", rule->severity}, {"chapter", rule->chapter->title}, {"text", rule->text},
		{"why", rule->why}, {"source", rule->source}, {"before", rule->before}, {"after", rule->after}};
	put(out, first ? "[\n{" : ",\n{");
	dgm_json_member(out, true, "code", dgm_str(rule->code));
	for (size_t i = 0; i < DGM_COUNT(members); i++)
		if (*members[i].text)
			dgm_json_member(out, false, members[i].name, dgm_str(members[i].text));
	put(out, "}");
}

/* Whether mdoc would take the word for one of its delimiters when it ends a macro's line. */
static size_t count_delimiters(struct dgm_str text)
{
	size_t n = 0;
	while (n < text.len && strchr(".,:;)?!", text.ptr[n]))
		n++;
	return n;
}

static void put_escaped(struct dgm_output *out, struct dgm_str text)
{
	for (size_t i = 0; i < text.len; i++)
		put(out, text.ptr[i] == '\\' ? "\\e" : text.ptr[i] == '-' ? "\\-" : (char[]){text.ptr[i], '\0'});
}

/* A sentence: literal words become macros on lines of their own, with the delimiters that follow them. */
static void put_sentence(struct dgm_output *out, struct dgm_str text)
{
	while (text.len) {
		const size_t mark = dgm_str_find(text, DGM_STR("`"));
		struct dgm_str before = dgm_str_trim(dgm_str_take(text, mark));
		if (before.len) {
			if (before.ptr[0] == '.' || before.ptr[0] == '\'')
				put(out, "\\&");
			dgm_output_write(out, before);
			put(out, "\n");
		}
		if (mark == text.len)
			return;
		text = dgm_str_skip(text, mark + 1);
		const size_t end = dgm_str_find(text, DGM_STR("`"));
		put(out, ".Ql ");
		put_escaped(out, dgm_str_take(text, end));
		text = dgm_str_skip(text, end == text.len ? end : end + 1);
		const size_t delimiters = count_delimiters(text);
		for (size_t i = 0; i < delimiters; i++) {
			put(out, " ");
			dgm_output_write(out, dgm_str_of(text.ptr + i, 1));
		}
		text = dgm_str_skip(text, delimiters);
		put(out, "\n");
	}
}

static void put_mdoc_lines(struct dgm_output *out, const char *heading, const char *text)
{
	struct dgm_str rest = dgm_str(text), line;
	if (rest.len && heading)
		put(out, heading);
	while (next_line(&rest, &line))
		put_sentence(out, line);
}

static void put_mdoc(struct dgm_output *out)
{
	const struct dgm_rule_chapter *chapter = NULL;
	put(out, ".Sh CODES\n");
	for (size_t i = 0; i < dgm_rule_count; i++) {
		const struct dgm_rule *rule = &dgm_rules[i];
		if (rule->chapter != chapter) {
			put(out, chapter ? ".El\n.Ss " : ".Ss ");
			chapter = rule->chapter;
			put(out, chapter->title);
			put(out, "\n");
			put_mdoc_lines(out, NULL, chapter->intro);
			put(out, ".Bl -tag -width Ds\n");
		}
		put(out, ".It Cm ");
		put(out, rule->code);
		put(out, " Pq ");
		put(out, rule->severity);
		put(out, "\n");
		put_mdoc_lines(out, NULL, rule->text);
		put_mdoc_lines(out, NULL, rule->why);
		put_mdoc_lines(out, "Source: ", rule->source);
	}
	put(out, ".El\n");
}

static int find_all(int argc, char **argv, int first)
{
	int status = CLI_DONE;
	for (int i = first; i < argc; i++) {
		if (dgm_rule_find(dgm_str(argv[i])))
			continue;
		fprintf(stderr, "dragoman explain: there is no code \"%s\"; \"dragoman explain --list\" shows all\n",
			argv[i]);
		status = CLI_USAGE;
	}
	return status;
}

static int run(int argc, char **argv)
{
	int form = PAGES;
	const int first = cli_parse(&cli_explain, argc, argv, take, &form);
	if (first < 0)
		return first == -1 ? CLI_DONE : CLI_USAGE;
	if (first == argc && form == PAGES)
		form = LIST;
	if (find_all(argc, argv, first) != CLI_DONE)
		return CLI_USAGE;
	struct dgm_output *out = dgm_output_file(DGM_STR("-"), true, &cli_diags);
	if (!out)
		return CLI_OUTPUT;
	if (form == LIST)
		put_list(out);
	else if (form == MDOC)
		put_mdoc(out);
	else if (first == argc)
		for (size_t i = 0; i < dgm_rule_count; i++)
			put_json(out, &dgm_rules[i], i == 0);
	for (int i = first; i < argc && form != LIST && form != MDOC; i++) {
		const struct dgm_rule *rule = dgm_rule_find(dgm_str(argv[i]));
		if (form == JSON)
			put_json(out, rule, i == first);
		else
			put_page(out, rule);
	}
	if (form == JSON)
		put(out, "\n]\n");
	const int status = dgm_output_commit(out) == 0 ? CLI_DONE : CLI_OUTPUT;
	dgm_output_free(out);
	return status;
}

const struct cli_command cli_explain = {
	.name = "explain",
	.synopsis = "[options] [CODE ...]",
	.summary = "Says what a code means, and what to do.",
	.operands = "CODE",
	.options = options,
	.option_count = DGM_COUNT(options),
	.run = run,
};
