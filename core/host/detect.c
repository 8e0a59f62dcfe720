/* SPDX-License-Identifier: Apache-2.0 */
/* Just enough of three syntaxes to see their signatures: a root element, a header row, the names of members. */
#include "host/detect.h"

#include <stdlib.h>

#include "io/charset.h"
#include "io/input.h"

#define WORDS_MAX 4096u

/* What the first bytes show, in the three ways of looking at them. */
struct sight {
	struct dgm_arena *arena;
	struct dgm_str root, space; /* XML */
	struct dgm_str *members;    /* JSON */
	size_t member_count;
	char top;
};

static struct dgm_str after_bom(struct dgm_str head)
{
	return dgm_str_starts(head, DGM_STR("\xEF\xBB\xBF")) ? dgm_str_skip(head, 3) : head;
}

static struct dgm_str skip_space(struct dgm_str s)
{
	while (s.len && dgm_is_space(s.ptr[0]))
		s = dgm_str_skip(s, 1);
	return s;
}

static bool is_name(char c)
{
	return dgm_is_alpha(c) || dgm_is_digit(c) || c == '_' || c == '-' || c == '.' || c == ':' ||
		(unsigned char)c >= 0x80;
}

static struct dgm_str attribute(struct dgm_str tag, struct dgm_str name)
{
	for (size_t at = 0; at + name.len < tag.len; at++) {
		const struct dgm_str here = dgm_str_skip(tag, at);
		if (!dgm_str_starts(here, name) || (at > 0 && is_name(tag.ptr[at - 1])))
			continue;
		struct dgm_str rest = skip_space(dgm_str_skip(here, name.len));
		if (!rest.len || rest.ptr[0] != '=')
			continue;
		rest = skip_space(dgm_str_skip(rest, 1));
		if (!rest.len || (rest.ptr[0] != '"' && rest.ptr[0] != '\''))
			continue;
		const struct dgm_str quote = dgm_str_take(rest, 1);
		rest = dgm_str_skip(rest, 1);
		const size_t end = dgm_str_find(rest, quote);
		return end < rest.len ? dgm_str_take(rest, end) : DGM_NOSTR;
	}
	return DGM_NOSTR;
}

struct dgm_str dgm_detect_xml_encoding(struct dgm_str head)
{
	head = after_bom(head);
	if (!dgm_str_starts(head, DGM_STR("<?xml")))
		return DGM_NOSTR;
	return attribute(dgm_str_take(head, dgm_str_find(head, DGM_STR("?>"))), DGM_STR("encoding"));
}

static void see_xml(struct sight *sight, struct dgm_str s)
{
	s = skip_space(s);
	while (s.len && s.ptr[0] == '<') {
		static const char *const open[] = {"<?", "<!--", "<!"}, *const close[] = {"?>", "-->", ">"};
		size_t i = 0;
		while (i < DGM_COUNT(open) && !dgm_str_starts(s, dgm_str(open[i])))
			i++;
		if (i == DGM_COUNT(open))
			break;
		const size_t end = dgm_str_find(s, dgm_str(close[i]));
		if (end == s.len)
			return;
		s = skip_space(dgm_str_skip(s, end + strlen(close[i])));
	}
	if (s.len < 2 || s.ptr[0] != '<' || !is_name(s.ptr[1]))
		return;
	const struct dgm_str tag = dgm_str_take(s, dgm_str_find(s, DGM_STR(">")));
	size_t end = 1;
	while (end < tag.len && is_name(tag.ptr[end]))
		end++;
	struct dgm_str name = dgm_str_of(tag.ptr + 1, end - 1);
	const size_t colon = dgm_str_find(name, DGM_STR(":"));
	if (colon < name.len) {
		const struct dgm_str prefix = dgm_arena_printf(sight->arena, "xmlns:%.*s", (int)colon, name.ptr);
		sight->space = attribute(tag, prefix);
		name = dgm_str_skip(name, colon + 1);
	} else {
		sight->space = attribute(tag, DGM_STR("xmlns"));
	}
	sight->root = name;
}

/* The names of members near the top, wherever the braces are: enough to know whose they are. */
static void see_json(struct sight *sight, struct dgm_str s)
{
	s = skip_space(s);
	if (!s.len || (s.ptr[0] != '{' && s.ptr[0] != '['))
		return;
	sight->top = s.ptr[0];
	sight->members = dgm_arena_alloc(sight->arena, WORDS_MAX * sizeof *sight->members);
	for (size_t i = 0; i < s.len && sight->member_count < WORDS_MAX; i++) {
		if (s.ptr[i] != '"')
			continue;
		const size_t start = ++i;
		while (i < s.len && s.ptr[i] != '"')
			i += s.ptr[i] == '\\' ? 2 : 1;
		if (i >= s.len)
			return;
		const struct dgm_str rest = skip_space(dgm_str_skip(s, i + 1));
		if (rest.len && rest.ptr[0] == ':')
			sight->members[sight->member_count++] = dgm_str_of(s.ptr + start, i - start);
	}
}

static bool has_member(const struct sight *sight, struct dgm_str word)
{
	for (size_t i = 0; i < sight->member_count; i++)
		if (dgm_str_eq(sight->members[i], word))
			return true;
	return false;
}

/* Whether a header row has the column: whole cells, quotes and blanks around them off, case aside. */
static bool has_column(struct dgm_str line, char delimiter, struct dgm_str word)
{
	struct dgm_str cell;
	while (dgm_str_next(&line, dgm_str_of(&delimiter, 1), &cell)) {
		cell = dgm_str_trim(cell);
		if (cell.len >= 2 && cell.ptr[0] == '"' && cell.ptr[cell.len - 1] == '"')
			cell = dgm_str_of(cell.ptr + 1, cell.len - 2);
		if (dgm_str_eq_nocase(cell, word))
			return true;
	}
	return false;
}

static struct dgm_str decoded(struct dgm_arena *arena, struct dgm_str head, struct dgm_str charset)
{
	struct dgm_str window = DGM_NOSTR, copy = DGM_NOSTR;
	struct dgm_input *input = dgm_input_memory(head, DGM_STR("head"), NULL, 0);
	if (input && dgm_input_charset(input, charset, true) == 0 && dgm_input_peek(input, head.len, &window) == DGM_OK)
		copy = dgm_arena_dup(arena, window);
	dgm_input_free(input);
	return copy;
}

static void try_signature(struct dgm_detection *detection, const struct sight *sight, const struct dgm_format *format,
	const struct dgm_signature *signature, struct dgm_str head, struct dgm_candidate *ret_candidate)
{
	struct dgm_arena *arena = &detection->arena;
	uint32_t found = 0;
	*ret_candidate = (struct dgm_candidate){.format = format->id};
	if (signature->kind == 'x') {
		if (!sight->root.len || !dgm_str_eq(sight->root, signature->root) ||
			(signature->space.len && !dgm_str_eq(sight->space, signature->space)))
			return;
		ret_candidate->match = DGM_MATCH_CERTAIN;
		ret_candidate->weight = signature->space.len ? 3 : 2;
		ret_candidate->evidence = dgm_arena_printf(arena, "root element <%.*s>%s%.*s", DGM_FMT(sight->root),
			signature->space.len ? " in namespace " : "", DGM_FMT(signature->space));
		return;
	}
	if (signature->kind == 'j') {
		if (!sight->top || (signature->top && signature->top != sight->top))
			return;
		for (uint32_t i = 0; i < signature->word_count; i++)
			found += has_member(sight, signature->words[i]);
	} else {
		const struct dgm_str text = decoded(arena, head, format->encoding);
		const struct dgm_str line = dgm_str_take(text, dgm_str_find(text, DGM_STR("\n")));
		if (sight->top || sight->root.len)
			return;
		for (uint32_t i = 0; i < signature->word_count; i++)
			found += has_column(line, signature->delimiter, signature->words[i]);
	}
	if (found == 0)
		return;
	ret_candidate->match = found == signature->word_count ? DGM_MATCH_CERTAIN
		: found * 2 >= signature->word_count          ? DGM_MATCH_LIKELY
							      : DGM_MATCH_WEAK;
	ret_candidate->weight = found + (signature->top != 0);
	ret_candidate->evidence = dgm_arena_printf(arena, "%u of %u %s of its signature", found, signature->word_count,
		signature->kind == 'j' ? "members" : "columns");
}

static int by_match(const void *a, const void *b)
{
	const struct dgm_candidate *x = a, *y = b;
	if (x->match != y->match)
		return x->match < y->match ? 1 : -1;
	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	return dgm_str_cmp(x->format, y->format);
}

void dgm_detect(struct dgm_catalog *catalog, struct dgm_str head, struct dgm_detection *ret_detection)
{
	struct dgm_detection *detection = ret_detection;
	*detection = (struct dgm_detection){0};
	size_t bom = 0;
	const struct dgm_charset *charset = dgm_charset_of_bom(head, &bom);
	struct dgm_str text = after_bom(head);
	if (charset && charset->kind != DGM_CHARSET_UTF8)
		text = decoded(&detection->arena, head, dgm_str(charset->name));
	struct sight sight = {.arena = &detection->arena};
	see_xml(&sight, text);
	see_json(&sight, text);
	detection->candidates =
		dgm_arena_alloc(&detection->arena, (catalog->count + 1) * sizeof *detection->candidates);
	for (size_t i = 0; i < catalog->count; i++) {
		/* A definition that does not compile is not asked here; whoever names it hears why. */
		const struct dgm_format *format = dgm_catalog_get(catalog, catalog->entries[i].id, NULL);
		struct dgm_candidate best = {0};
		for (uint32_t s = 0; format && s < format->signature_count; s++) {
			struct dgm_candidate candidate;
			try_signature(detection, &sight, format, &format->signatures[s], text, &candidate);
			if (candidate.match > best.match ||
				(candidate.match == best.match && candidate.weight > best.weight))
				best = candidate;
		}
		if (best.match)
			detection->candidates[detection->count++] = best;
	}
	if (detection->count)
		qsort(detection->candidates, detection->count, sizeof *detection->candidates, by_match);
	const struct dgm_candidate *best = detection->candidates;
	if (detection->count && best->match >= DGM_MATCH_LIKELY &&
		(detection->count == 1 || best[1].match != best->match || best[1].weight != best->weight))
		detection->answer = best->format;
}

void dgm_detection_done(struct dgm_detection *detection)
{
	dgm_arena_done(&detection->arena);
	*detection = (struct dgm_detection){0};
}
