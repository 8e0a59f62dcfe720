/* SPDX-License-Identifier: Apache-2.0 */
/* Proposals to the text of a definition. What the compiler refuses is taken back, so that the draft is always sound. */
#include "pipe/draft.h"

#include <stdio.h>
#include <stdlib.h>

#include "pipe/drafting.h"

enum {
	TRIES_MAX = 32,
	SIGNATURE_NAMES = 5,
	INDENT = 6, /* blanks in front of the keys of a record's map */
};

struct drafting {
	struct dgm_draft_look look;
	FILE *to;
	unsigned line;                       /* of what is written next */
	struct dgm_draft_key *by_line[4096]; /* whose line it is */
};

/* --- writing --- */

/* In double quotes; a draft holds no text that is not from the sample's structure. */
static void put_quoted(struct drafting *d, struct dgm_str text)
{
	putc('"', d->to);
	for (size_t i = 0; i < text.len; i++) {
		const unsigned char c = (unsigned char)text.ptr[i];
		if (c == '"' || c == '\\')
			fprintf(d->to, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			fprintf(d->to, "\\x%02X", c);
		else
			putc(c, d->to);
	}
	putc('"', d->to);
}

static void end_line(struct drafting *d, const char *proposed)
{
	if (proposed)
		fprintf(d->to, "  " DGM_DRAFT_MARK ": %s", proposed);
	putc('\n', d->to);
	d->line++;
}

static void put_line(struct drafting *d, const char *text)
{
	fputs(text, d->to);
	end_line(d, NULL);
}

/* What a key needs besides its target; false where that is nothing. */
static bool has_details(const struct dgm_draft_key *key)
{
	return key->pattern_count || key->list_count || key->unit || key->repeats;
}

static void put_details(struct drafting *d, const struct dgm_draft_key *key)
{
	const bool date = key->field >= 0 && dgm_fields[key->field].type == DGM_TYPE_DATE;
	if (date && key->pattern_count) {
		fputs(", date: [", d->to);
		for (uint32_t i = 0; i < key->pattern_count; i++) {
			fputs(i ? ", " : "", d->to);
			put_quoted(d, dgm_str(key->patterns[i]));
		}
		putc(']', d->to);
	}
	for (uint32_t i = 0; i < key->list_count; i++)
		fprintf(d->to, "%s%.*s", i ? ", " : ", codes: [", DGM_FMT(key->lists[i]));
	fputs(key->list_count ? "]" : "", d->to);
	if (key->unit)
		fprintf(d->to, ", unit: %s%s%s%s%s", key->unit, key->words || key->comma ? ", number: {" : "",
			key->words ? "words: unit" : "", key->words && key->comma ? ", " : "",
			key->comma ? "decimal: \",\"" : "");
	fputs(key->unit && (key->words || key->comma) ? "}" : "", d->to);
	fputs(key->repeats ? ", list: yes" : "", d->to);
}

static void put_key(struct drafting *d, struct dgm_draft_key *key, int indent)
{
	fprintf(d->to, "%*s", indent, "");
	put_quoted(d, key->name);
	fputs(key->group ? ":" : ": ", d->to);
	if (d->line < DGM_COUNT(d->by_line))
		d->by_line[d->line] = key;
	if (key->group) {
		end_line(d, NULL);
		fprintf(d->to, "%*smap:", indent + 2, "");
		end_line(d, key->repeats ? "it repeats, so \"group\" may say which group of the schema it is" : NULL);
		for (struct dgm_draft_key *child = key->first; child; child = child->next)
			put_key(d, child, indent + 4);
		if (!key->first) {
			fprintf(d->to, "%*s\"#text\": {keep: nothing is known of it yet}", indent + 4, "");
			end_line(d, NULL);
		}
		return;
	}
	if (!key->target.len) {
		fputs("{keep: \"not looked at yet\"}", d->to);
		end_line(d,
			*key->reason         ? key->reason
				: key->total ? "no field was found for it"
					     : "it is always empty");
		return;
	}
	fputs(has_details(key) ? "{to: " : "", d->to);
	put_quoted(d, key->target);
	if (has_details(key)) {
		put_details(d, key);
		putc('}', d->to);
	}
	end_line(d, key->reason);
}

static void put_names(struct drafting *d, const struct dgm_draft_key *parent, bool groups)
{
	unsigned count = 0;
	for (const struct dgm_draft_key *key = parent->first; key && count < SIGNATURE_NAMES; key = key->next) {
		if (key->name.ptr[0] == '@' || key->name.ptr[0] == '#' || (key->group && !groups))
			continue;
		fputs(count++ ? ", " : "", d->to);
		put_quoted(d, key->name);
	}
}

static void put_signature(struct drafting *d)
{
	const struct dgm_draft_look *look = &d->look;
	const size_t colon = dgm_str_find(look->root, DGM_STR(":"));
	if (look->delimiter) {
		fputs("detect: {delimiter: ", d->to);
		put_quoted(d, look->delimiter == '\t' ? DGM_STR("tab") : dgm_str_of(&look->delimiter, 1));
		fputs(", columns: [", d->to);
		put_names(d, &look->keys, false);
		fputs("]}", d->to);
		end_line(d, "the first columns; take those that no other format has");
	} else if (look->root.len) {
		fputs("detect: {root: ", d->to);
		put_quoted(d, colon < look->root.len ? dgm_str_skip(look->root, colon + 1) : look->root);
		fputs("}", d->to);
		end_line(d, "add namespace or elements, if others have such a root");
	} else {
		fprintf(d->to, "detect: {top: %s, members: [", look->top == '[' ? "array" : "object");
		put_names(d, &look->keys, true);
		fputs("]}", d->to);
		end_line(d, "take members that no other format has");
	}
}

static void put_head(struct drafting *d, const struct dgm_draft_request *request)
{
	fputs("# A draft of a definition", d->to);
	if (request->sample.len)
		fprintf(d->to, " from a sample");
	put_line(d, ". What is marked as proposed is a guess: look at it, mend it, take the mark away.");
	fprintf(d->to, "#   dragoman formats --check %.*s.yaml", DGM_FMT(request->id));
	end_line(d, NULL);
	fprintf(d->to, "#   dragoman convert --format-dir . -f %.*s -t notice-jsonl FILE", DGM_FMT(request->id));
	end_line(d, NULL);
	put_line(d, "# The language is dragoman-format(5); \"dragoman schema\" lists the fields.");
	fprintf(d->to, "format: %.*s\ntitle: %.*s", DGM_FMT(request->id), DGM_FMT(request->id));
	d->line++;
	end_line(d, "say in a line what it is");
	fprintf(d->to, "organisation: %.*s", DGM_FMT(request->id));
	end_line(d, "whose format it is");
	fputs("status: modelled", d->to);
	end_line(d, "published, if the organisation itself has published the format or files in it");
	fputs("evidence: [", d->to);
	put_quoted(d, request->name.len ? request->name : DGM_STR("none yet"));
	fputs("]", d->to);
	end_line(d, "what it is known from");
}

static void put_records(struct drafting *d, bool notice_type, bool kind)
{
	put_line(d, "records:");
	fputs("  - at: ", d->to);
	put_quoted(d, d->look.path);
	end_line(d, d->look.path.len ? "what repeats in the sample" : NULL);
	fprintf(d->to, "    set: {notice.type: wanted, notice.issuer: %.*s%s}", DGM_FMT(d->look.request->id),
		kind ? ", subject.kind: person" : "");
	end_line(d,
		notice_type ? "where a key says it, that comes first" : "what every record says without writing it");
	if (!kind) {
		fputs("    only: {subject.kind: person}", d->to);
		end_line(d, "the records are people, and no other notices can be written");
	}
	put_line(d, "    map:");
}

static bool has_target(const struct dgm_draft_key *parent, struct dgm_str target)
{
	for (const struct dgm_draft_key *key = parent->first; key; key = key->next)
		if (dgm_str_eq(key->target, target) || has_target(key, target))
			return true;
	return false;
}

static void put_draft(struct drafting *d)
{
	const struct dgm_draft_look *look = &d->look;
	put_head(d, look->request);
	fprintf(d->to, "engine: %s", look->engine);
	end_line(d, "by the first bytes");
	if (look->delimiter) {
		fputs("options: {delimiter: ", d->to);
		put_quoted(d, look->delimiter == '\t' ? DGM_STR("tab") : dgm_str_of(&look->delimiter, 1));
		fputs("}", d->to);
		end_line(d, "what stands most often in the first row");
		put_line(d, "table: yes");
	} else if (look->top == '[' || (look->top == '{' && !look->lines)) {
		fprintf(d->to, "options: {layout: %s}", look->top == '[' ? "array" : "page");
		end_line(d, "how the records of the sample are strung together");
	}
	fprintf(d->to, "encoding: %.*s", DGM_FMT(look->encoding));
	end_line(d, dgm_str_is(look->encoding, "utf-8") ? NULL : "by the bytes of the sample");
	if (look->bom && dgm_str_is(look->encoding, "utf-8"))
		put_line(d, "bom: yes");
	put_signature(d);
	fputs("nulls: [", d->to);
	for (size_t i = 0; dgm_draft_nulls[i]; i++) {
		fputs(i ? ", " : "", d->to);
		put_quoted(d, dgm_str(dgm_draft_nulls[i]));
	}
	fputs("]", d->to);
	end_line(d, "words that say that nothing is known");
	put_records(d, has_target(&look->keys, DGM_STR("notice.type")),
		has_target(&look->keys, DGM_STR("subject.kind")));
	for (struct dgm_draft_key *key = d->look.keys.first; key; key = key->next)
		put_key(d, key, INDENT);
}

static struct dgm_str to_text(struct drafting *d, struct dgm_arena *arena, void (*put)(struct drafting *))
{
	char *text = NULL;
	size_t len = 0;
	d->to = open_memstream(&text, &len);
	if (!d->to)
		dgm_no_memory(0);
	d->line = 1;
	memset(d->by_line, 0, sizeof d->by_line);
	put(d);
	if (fclose(d->to) != 0)
		dgm_no_memory(len);
	const struct dgm_str result = dgm_arena_dup(arena, dgm_str_of(text, len));
	free(text);
	return result;
}

/* Takes back the proposal that a diagnostic is about. */
static void take_back(void *context, const struct dgm_diag *diag)
{
	struct drafting *d = context;
	struct dgm_draft_key *key = diag->place.line < DGM_COUNT(d->by_line) ? d->by_line[diag->place.line] : NULL;
	if (diag->severity < DGM_ERROR || !key || !key->target.len)
		return;
	snprintf(key->reason, sizeof key->reason, "by its name %.*s, but not beside the other keys",
		DGM_FMT(key->target));
	key->target = DGM_NOSTR;
}

static void put_example(struct drafting *d)
{
	put_head(d, d->look.request);
	put_line(d, "engine: csv  # or json, xml, or a plugin of your own: \"dragoman plugins\" lists them");
	put_line(d, "options: {delimiter: \";\"}  # \"dragoman plugins csv\" lists them");
	put_line(d, "encoding: utf-8  # what is written; \"accepts: [...]\" are others that are read");
	put_line(d, "table: yes  # of CSV: the keys of the map are the columns");
	put_line(d, "# How a file is recognised: columns of CSV, {root: NAME} of XML, {members: [...]} of JSON.");
	put_line(d, "detect: {delimiter: \";\", columns: [Case, Surname, Born]}");
	put_line(d, "nulls: [\"-\", unknown]  # words that say that nothing is known");
	put_line(d, "records:");
	put_line(d,
		"  - at: \"\"  # where records lie: \"list/entry\" of XML, \"results[]\" of JSON, \"\" for rows and lines");
	put_line(d, "    # What every record says without writing it; a notice needs a type and an issuer.");
	fprintf(d->to, "    set: {notice.type: wanted, notice.issuer: %.*s}", DGM_FMT(d->look.request->id));
	end_line(d, "what the notices are for, and whose they are");
	put_line(d, "    only: {subject.kind: person}");
	put_line(d, "    map:");
	put_line(d, "      Case: notice.id  # a notice needs an identifier");
	put_line(d, "      Surname: {to: \"subject.name(primary).family\", aliases: [Family name]}");
	put_line(d, "      Forenames: \"subject.name(primary).given\"");
	put_line(d, "      Also known as: {to: \"subject.name(alias).full\", split: \"; \"}");
	put_line(d, "      Sex: {to: subject.sex, codes: {male: [M, Male], female: [F, Female]}}");
	put_line(d, "      Born: {to: subject.birth.date, date: [dd.MM.yyyy, yyyy]}");
	put_line(d, "      Nationality: {to: subject.nationality.country, codes: [country-en, demonym-en]}");
	put_line(d, "      Desk: {keep: an internal number of the office}  # known, but no field of the schema");
}

struct dgm_str dgm_draft(const struct dgm_draft_request *request, struct dgm_arena *arena)
{
	struct drafting *d = dgm_arena_zero(arena, sizeof *d);
	d->look.arena = arena;
	d->look.request = request;
	if (request->sample.len == 0)
		return to_text(d, arena, put_example);
	if (!dgm_draft_look(&d->look))
		return DGM_NOSTR;
	dgm_draft_propose(&d->look);
	struct dgm_str text = DGM_NOSTR;
	for (unsigned i = 0; i < TRIES_MAX; i++) {
		struct dgm_diag_sink sink = {.emit = take_back, .context = d};
		text = to_text(d, arena, put_draft);
		struct dgm_format *format = dgm_format_parse(text, "draft", request->catalog->code_folders, &sink);
		if (format) {
			dgm_format_free(format);
			break;
		}
	}
	return text;
}
