/* SPDX-License-Identifier: Apache-2.0 */
/* The report as one page for people: readable on paper and on a small screen, and whole without a network. */
#include <stdio.h>

#include "io/xmltext.h"
#include "pipe/findings.h"

static const char *const severities[] = {"note", "warning", "error"};

static const char style[] =
	":root{color-scheme:light dark;--line:#8884;--error:#b3261e;--warning:#a15c00;--note:#3b6ea5}\n"
	"body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}\n"
	"h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}\n"
	"table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid var(--line);"
	"vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\n"
	".counts{display:flex;flex-wrap:wrap;gap:1rem;padding:0;list-style:none}.counts li{border:1px solid var(--line);"
	"border-radius:.5rem;padding:.5rem 1rem}.counts b{display:block;font-size:1.4rem}\n"
	"td.b{vertical-align:middle}.bar{display:block;-webkit-print-color-adjust:exact;print-color-adjust:exact;height:.7rem;border-radius:.2rem;min-width:2px}.error{background:var(--error)}"
	".warning{background:var(--warning)}.note{background:var(--note)}\n"
	"td:first-child,h2{overflow-wrap:anywhere}code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}.scroll{overflow-x:auto}\n"
	/* Five columns are too many for a phone: there a case is a few lines. */
	"@media screen and (max-width:40rem){.scroll thead{display:none}.scroll tr{display:block;padding:.5rem 0;"
	"border-bottom:1px solid var(--line)}.scroll td{display:block;border:0;padding:0;text-align:left}"
	".scroll td.n{display:inline-block;margin-right:1rem}.scroll td.n:nth-child(2)::before{content:'record '}"
	".scroll td.n:nth-child(3)::before{content:'line '}}\n"
	"@media print{:root{color-scheme:light}body{max-width:none;font-size:.85rem}tr{break-inside:avoid}h2{break-after:avoid}}\n";

static void put(struct dgm_output *output, const char *text)
{
	dgm_output_write(output, dgm_str(text));
}

static void put_number(struct dgm_output *output, uint64_t number)
{
	char text[24];
	const int n = snprintf(text, sizeof text, "%llu", (unsigned long long)number);
	dgm_output_write(output, dgm_str_of(text, (size_t)n));
}

static void put_count(struct dgm_output *output, uint64_t number, const char *what)
{
	put(output, "<li><b>");
	put_number(output, number);
	put(output, "</b> ");
	put(output, what);
	put(output, "</li>");
}

static void put_cell(struct dgm_output *output, struct dgm_str text)
{
	put(output, "<td>");
	dgm_xml_text(output, text);
	put(output, "</td>");
}

static void put_number_cell(struct dgm_output *output, uint64_t number)
{
	put(output, "<td class=n>");
	if (number)
		put_number(output, number);
	put(output, "</td>");
}

/* The marks of literal words become elements; a line is a sentence. */
static void put_prose(struct dgm_output *output, const char *text)
{
	struct dgm_str rest = dgm_str(text);
	bool literal = false;
	while (rest.len) {
		size_t end = 0;
		while (end < rest.len && rest.ptr[end] != '`' && rest.ptr[end] != '\n')
			end++;
		dgm_xml_text(output, dgm_str_take(rest, end));
		if (end < rest.len && rest.ptr[end] == '`') {
			put(output, literal ? "</code>" : "<code>");
			literal = !literal;
		} else if (end < rest.len) {
			put(output, " ");
		}
		rest = dgm_str_skip(rest, end + 1);
	}
}

static void put_chart(struct dgm_output *output, const struct dgm_tally **ranked, size_t count)
{
	put(output,
		"<h2>How often</h2>\n<table><thead><tr><th>code</th><th class=n>count</th><th style=\"width:45%\"></th>"
		"</tr></thead><tbody>\n");
	for (size_t i = 0; i < count; i++) {
		char width[64];
		/* In thousandths of the most frequent one. */
		const uint64_t share = ranked[i]->count * 1000 / ranked[0]->count;
		const int n = snprintf(width, sizeof width, "\" style=\"width:%llu.%llu%%\"></span>",
			(unsigned long long)(share / 10), (unsigned long long)(share % 10));
		put(output, "<tr><td><a href=\"#");
		dgm_xml_text(output, dgm_str(ranked[i]->code));
		put(output, "\"><code>");
		dgm_xml_text(output, dgm_str(ranked[i]->code));
		put(output, "</code></a></td>");
		put_number_cell(output, ranked[i]->count);
		put(output, "<td class=b><span class=\"bar ");
		put(output, severities[ranked[i]->severity]);
		dgm_output_write(output, dgm_str_of(width, (size_t)n));
		put(output, "</td></tr>\n");
	}
	put(output, "</tbody></table>\n");
}

static void put_cases(struct dgm_output *output, const struct dgm_tally *tally, bool values)
{
	put(output, "<section><h2 id=\"");
	dgm_xml_text(output, dgm_str(tally->code));
	put(output, "\"><code>");
	dgm_xml_text(output, dgm_str(tally->code));
	put(output, "</code> (");
	put(output, severities[tally->severity]);
	put(output, ")</h2>\n<p>");
	if (tally->rule) {
		put_prose(output, tally->rule->text);
		put(output, " ");
		put_prose(output, tally->rule->why);
		if (*tally->rule->source) {
			put(output, " <cite>");
			put_prose(output, tally->rule->source);
			put(output, "</cite>");
		}
	}
	put(output,
		"</p>\n<div class=scroll><table><thead><tr><th>file</th><th class=n>record</th><th class=n>line</th>"
		"<th>field</th><th>what</th>");
	put(output, values ? "<th>value</th></tr></thead><tbody>\n" : "</tr></thead><tbody>\n");
	for (const struct dgm_case *one = tally->first; one; one = one->next) {
		put(output, "<tr>");
		put_cell(output, one->file);
		put_number_cell(output, one->record);
		put_number_cell(output, one->place.line);
		put_cell(output, one->field);
		put_cell(output, one->text);
		if (values)
			put_cell(output, one->value);
		put(output, "</tr>\n");
	}
	put(output, "</tbody></table></div>\n");
	if (tally->count > tally->kept) {
		put(output, "<p>and ");
		put_number(output, tally->count - tally->kept);
		put(output, " more</p>\n");
	}
	put(output, "</section>\n");
}

void dgm_findings_html(struct dgm_findings *findings, const struct dgm_account *account, struct dgm_output *output)
{
	size_t count;
	const struct dgm_tally **ranked = dgm_findings_ranked(findings, &count);
	put(output,
		"<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8>"
		"<meta name=viewport content=\"width=device-width,initial-scale=1\"><title>dragoman: validation</title>\n<style>\n");
	put(output, style);
	put(output, "</style></head><body>\n<h1>Validation</h1>\n<ul class=counts>");
	put_count(output, account->read, "records read");
	put_count(output, account->valid, "valid");
	put_count(output, account->invalid, "invalid");
	put_count(output, account->rejected, "rejected");
	put_count(output, findings->count[DGM_ERROR], "errors");
	put_count(output, findings->count[DGM_WARNING], "warnings");
	put_count(output, findings->count[DGM_NOTE], "notes");
	put(output, "</ul>\n<h2>Inputs</h2>\n<table><thead><tr><th>file</th><th>format</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < account->file_count; i++) {
		put(output, "<tr>");
		put_cell(output, account->files[i]);
		put_cell(output, account->formats[i].len ? account->formats[i] : DGM_STR("not recognised"));
		put(output, "</tr>\n");
	}
	put(output, "</tbody></table>\n");
	if (count)
		put_chart(output, ranked, count);
	else
		put(output, "<p>Nothing to say.</p>\n");
	for (size_t i = 0; i < count; i++)
		put_cases(output, ranked[i], findings->keep_values);
	put(output, "<footer><p>dragoman ");
	dgm_xml_text(output, dgm_str(account->version));
	put(output, "; <code>dragoman explain CODE</code> tells more.</p></footer>\n</body></html>\n");
}
