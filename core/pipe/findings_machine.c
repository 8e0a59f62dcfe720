/* SPDX-License-Identifier: Apache-2.0 */
/* Reports for machines: JSON, JSON Lines, SARIF 2.1.0 and JUnit XML. */
#include <stdio.h>

#include "base/text.h"
#include "io/jsontext.h"
#include "io/xmltext.h"
#include "pipe/findings.h"

static const char *const severities[] = {"note", "warning", "error"};

static void put(struct dgm_output *output, const char *text)
{
	dgm_output_write(output, dgm_str(text));
}

/* --- JSON --- */

static void put_place(struct dgm_output *output, const struct dgm_case *one)
{
	if (one->file.len)
		dgm_json_member(output, false, "file", one->file);
	if (one->record)
		dgm_json_count(output, false, "record", one->record);
	if (one->place.line) {
		dgm_json_count(output, false, "line", one->place.line);
		dgm_json_count(output, false, "column", one->place.column);
		dgm_json_count(output, false, "offset", one->place.offset);
	}
	if (one->field.len)
		dgm_json_member(output, false, "field", one->field);
	if (one->value.len)
		dgm_json_member(output, false, "value", one->value);
	dgm_json_member(output, false, "text", one->text);
}

static void put_case(struct dgm_output *output, const struct dgm_tally *tally, const struct dgm_case *one)
{
	put(output, "{");
	dgm_json_member(output, true, "severity", dgm_str(severities[one->severity]));
	dgm_json_member(output, false, "code", dgm_str(tally->code));
	put_place(output, one);
	put(output, "}");
}

static void put_totals(struct dgm_findings *findings, const struct dgm_account *account, struct dgm_output *output)
{
	size_t count;
	const struct dgm_tally **ranked = dgm_findings_ranked(findings, &count);
	dgm_json_count(output, true, "read", account->read);
	dgm_json_count(output, false, "valid", account->valid);
	dgm_json_count(output, false, "invalid", account->invalid);
	dgm_json_count(output, false, "rejected", account->rejected);
	dgm_json_count(output, false, "errors", findings->count[DGM_ERROR]);
	dgm_json_count(output, false, "warnings", findings->count[DGM_WARNING]);
	dgm_json_count(output, false, "notes", findings->count[DGM_NOTE]);
	put(output, ",\"inputs\":[");
	for (size_t i = 0; i < account->file_count; i++) {
		put(output, i ? ",{" : "{");
		dgm_json_member(output, true, "file", account->files[i]);
		if (account->formats[i].len)
			dgm_json_member(output, false, "format", account->formats[i]);
		put(output, "}");
	}
	put(output, "],\"codes\":[");
	for (size_t i = 0; i < count; i++) {
		put(output, i ? ",{" : "{");
		dgm_json_member(output, true, "code", dgm_str(ranked[i]->code));
		dgm_json_member(output, false, "severity", dgm_str(severities[ranked[i]->severity]));
		dgm_json_count(output, false, "count", ranked[i]->count);
		dgm_json_count(output, false, "shown", ranked[i]->kept);
		put(output, "}");
	}
	put(output, "]");
}

void dgm_findings_json(struct dgm_findings *findings, const struct dgm_account *account, struct dgm_output *output)
{
	bool any = false;
	put(output, "{");
	put_totals(findings, account, output);
	put(output, ",\"cases\":[");
	for (const struct dgm_tally *tally = findings->first; tally; tally = tally->next) {
		for (const struct dgm_case *one = tally->first; one; one = one->next) {
			put(output, any ? ",\n" : "\n");
			put_case(output, tally, one);
			any = true;
		}
	}
	put(output, "]}\n");
}

void dgm_findings_jsonl(struct dgm_findings *findings, const struct dgm_account *account, struct dgm_output *output)
{
	for (const struct dgm_tally *tally = findings->first; tally; tally = tally->next) {
		for (const struct dgm_case *one = tally->first; one; one = one->next) {
			put_case(output, tally, one);
			put(output, "\n");
		}
	}
	put(output, "{\"totals\":{");
	put_totals(findings, account, output);
	put(output, "}}\n");
}

/* --- SARIF 2.1.0 --- */

/* A path as a URI reference (RFC 3986): what is not unreserved, and no slash, is percent-encoded. */
static void put_uri(struct dgm_output *output, struct dgm_str path)
{
	struct dgm_output *uri = dgm_output_memory(NULL);
	for (size_t i = 0; i < path.len; i++) {
		const char c = path.ptr[i];
		char hex[8];
		if (dgm_is_alpha(c) || dgm_is_digit(c) || c == '/' || c == '.' || c == '-' || c == '_' || c == '~') {
			dgm_output_write(uri, dgm_str_of(&c, 1));
			continue;
		}
		const int n = snprintf(hex, sizeof hex, "%%%02X", (unsigned char)c);
		dgm_output_write(uri, dgm_str_of(hex, (size_t)n));
	}
	if (dgm_output_commit(uri) == 0)
		dgm_json_string(output, dgm_output_bytes(uri));
	dgm_output_free(uri);
}

static const char *sarif_level(uint32_t severity)
{
	return severities[severity];
}

static struct dgm_str first_sentence(const char *text)
{
	const struct dgm_str whole = dgm_str(text);
	return dgm_str_take(whole, dgm_str_find(whole, DGM_STR("\n")));
}

static void put_message(struct dgm_output *output, const char *name, struct dgm_str text)
{
	put(output, ",");
	dgm_json_name(output, name);
	put(output, "{");
	dgm_json_member(output, true, "text", text);
	put(output, "}");
}

static void put_sarif_rule(struct dgm_output *output, const struct dgm_tally *tally)
{
	put(output, "{");
	dgm_json_member(output, true, "id", dgm_str(tally->code));
	if (tally->rule) {
		put_message(output, "shortDescription", first_sentence(tally->rule->text));
		put_message(output, "fullDescription", dgm_str(tally->rule->text));
		if (*tally->rule->source)
			put_message(output, "help", dgm_str(tally->rule->source));
	}
	put(output, ",\"defaultConfiguration\":{");
	dgm_json_member(output, true, "level", dgm_str(sarif_level(tally->severity)));
	put(output, "},\"properties\":{");
	dgm_json_count(output, true, "count", tally->count);
	put(output, "}}");
}

static void put_sarif_result(struct dgm_output *output, const struct dgm_tally *tally, const struct dgm_case *one,
	size_t rule_index)
{
	put(output, "{");
	dgm_json_member(output, true, "ruleId", dgm_str(tally->code));
	dgm_json_count(output, false, "ruleIndex", rule_index);
	dgm_json_member(output, false, "level", dgm_str(sarif_level(one->severity)));
	put_message(output, "message", one->text);
	if (one->file.len) {
		put(output, ",\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":");
		put_uri(output, one->file);
		put(output, "}");
		/* Our columns are bytes, which SARIF has no word for: they stand in the properties. */
		if (one->place.line) {
			put(output, ",\"region\":{");
			dgm_json_count(output, true, "startLine", one->place.line);
			put(output, "}");
		}
		put(output, "}");
		if (one->field.len) {
			put(output, ",\"logicalLocations\":[{");
			dgm_json_member(output, true, "fullyQualifiedName", one->field);
			put(output, "}]");
		}
		put(output, "}]");
	}
	put(output, ",\"properties\":{");
	bool first = true;
	if (one->record) {
		dgm_json_count(output, first, "record", one->record);
		first = false;
	}
	if (one->place.line) {
		dgm_json_count(output, first, "byteColumn", one->place.column);
		dgm_json_count(output, false, "byteOffset", one->place.offset);
		first = false;
	}
	if (one->value.len)
		dgm_json_member(output, first, "value", one->value);
	put(output, "}}");
}

/* Its artifacts are a set. */
static bool is_named_before(const struct dgm_account *account, size_t number)
{
	for (size_t i = 0; i < number; i++)
		if (dgm_str_eq(account->files[i], account->files[number]))
			return true;
	return false;
}

void dgm_findings_sarif(struct dgm_findings *findings, const struct dgm_account *account, struct dgm_output *output)
{
	put(output,
		"{\"$schema\":\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json\","
		"\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"dragoman\"");
	dgm_json_member(output, false, "version", dgm_str(account->version));
	put(output, ",\"rules\":[");
	for (const struct dgm_tally *tally = findings->first; tally; tally = tally->next) {
		put(output, tally == findings->first ? "\n" : ",\n");
		put_sarif_rule(output, tally);
	}
	put(output, "]}},\"artifacts\":[");
	for (size_t i = 0; i < account->file_count; i++) {
		if (is_named_before(account, i))
			continue;
		put(output, i ? ",{\"location\":{\"uri\":" : "{\"location\":{\"uri\":");
		put_uri(output, account->files[i]);
		put(output, "}}");
	}
	put(output, "],\"results\":[");
	size_t index = 0;
	bool any = false;
	for (const struct dgm_tally *tally = findings->first; tally; tally = tally->next, index++) {
		for (const struct dgm_case *one = tally->first; one; one = one->next) {
			put(output, any ? ",\n" : "\n");
			put_sarif_result(output, tally, one, index);
			any = true;
		}
	}
	put(output, "],\"properties\":{");
	put_totals(findings, account, output);
	put(output, "}}]}\n");
}

/* --- JUnit XML --- */

static uint64_t count_cases_of(const struct dgm_tally *tally, struct dgm_str file)
{
	uint64_t count = 0;
	for (const struct dgm_case *one = tally->first; one; one = one->next)
		count += dgm_str_eq(one->file, file);
	return count;
}

static void put_junit_failure(struct dgm_output *output, const struct dgm_tally *tally, struct dgm_str file)
{
	char line[96];
	int n = snprintf(line, sizeof line, "%llu in all, %llu shown", (unsigned long long)tally->count,
		(unsigned long long)tally->kept);
	put(output, "<failure");
	dgm_xml_attribute(output, "type", dgm_str(severities[tally->severity]));
	dgm_xml_attribute(output, "message", dgm_str_of(line, (size_t)n));
	put(output, ">");
	for (const struct dgm_case *one = tally->first; one; one = one->next) {
		if (!dgm_str_eq(one->file, file))
			continue;
		n = snprintf(line, sizeof line, "record %llu, line %u: ", (unsigned long long)one->record,
			one->place.line);
		dgm_output_write(output, dgm_str_of(line, (size_t)n));
		dgm_xml_text(output, one->field);
		put(output, one->field.len ? ": " : "");
		dgm_xml_text(output, one->text);
		put(output, "\n");
	}
	put(output, "</failure>");
}

/* Notes are advice and fail nothing. A case without a file stands in a suite of its own. */
static void put_junit_suite(struct dgm_findings *findings, struct dgm_output *output, struct dgm_str file,
	const char *name)
{
	uint64_t tests = 1, failures = 0;
	for (const struct dgm_tally *tally = findings->first; tally; tally = tally->next) {
		const bool here = count_cases_of(tally, file) > 0;
		tests += here;
		failures += here && tally->severity > DGM_NOTE;
	}
	put(output, " <testsuite");
	dgm_xml_attribute(output, "name", name ? dgm_str(name) : file);
	dgm_xml_count(output, "tests", tests);
	dgm_xml_count(output, "failures", failures);
	put(output, ">\n  <testcase");
	dgm_xml_attribute(output, "classname", name ? dgm_str(name) : file);
	put(output, " name=\"read to its end\"/>\n");
	for (const struct dgm_tally *tally = findings->first; tally; tally = tally->next) {
		if (count_cases_of(tally, file) == 0)
			continue;
		put(output, "  <testcase");
		dgm_xml_attribute(output, "classname", name ? dgm_str(name) : file);
		dgm_xml_attribute(output, "name", dgm_str(tally->code));
		put(output, ">");
		if (tally->severity > DGM_NOTE)
			put_junit_failure(output, tally, file);
		put(output, "</testcase>\n");
	}
	put(output, " </testsuite>\n");
}

void dgm_findings_junit(struct dgm_findings *findings, const struct dgm_account *account, struct dgm_output *output)
{
	bool elsewhere = false;
	for (const struct dgm_tally *tally = findings->first; tally; tally = tally->next)
		elsewhere = elsewhere || count_cases_of(tally, DGM_NOSTR) > 0;
	put(output, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"dragoman\">\n");
	for (size_t i = 0; i < account->file_count; i++)
		put_junit_suite(findings, output, account->files[i], NULL);
	if (elsewhere)
		put_junit_suite(findings, output, DGM_NOSTR, "the run");
	put(output, "</testsuites>\n");
}
