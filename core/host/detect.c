/* SPDX-License-Identifier: Apache-2.0 */
/* Just enough of three syntaxes to see their signatures: a root element, a header row, the names of members. */
#include "host/detect.h"

#include <stdlib.h>

#include "base/text.h"
#include "io/charset.h"
#include "io/input.h"

#define WORDS_MAX 4096u
#define RENAMED_MIN 4u /* columns; the other names are common words, some of them, and any table has two or three */
#define ROWS_MAX 16u   /* charsets of first rows that are kept; further ones are decoded each time */

struct line {
	const struct dgm_charset *charset;
	struct dgm_str text;
};

/* What the first bytes show, in the three ways of looking at them. */
struct sight {
	struct dgm_arena *arena;
	struct dgm_str root, space; /* XML */
	struct dgm_str *names;      /* XML: elements below the root; JSON: members */
	size_t name_count;
	char top;           /* JSON */
	struct dgm_str row; /* otherwise: the first row, as its bytes are; len 0: it does not end in the head */
	bool decoded;       /* the bytes said by a mark what they are */
	struct line lines[ROWS_MAX]; /* the row in the charsets of definitions, made when asked for */
	size_t line_count;
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

static struct dgm_str local_name(struct dgm_str name)
{
	const size_t colon = dgm_str_find(name, DGM_STR(":"));
	return colon < name.len ? dgm_str_skip(name, colon + 1) : name;
}

static struct dgm_str name_at(struct dgm_str s)
{
	size_t end = 0;
	while (end < s.len && is_name(s.ptr[end]))
		end++;
	return dgm_str_take(s, end);
}

static void see_elements(struct sight *sight, struct dgm_str s)
{
	sight->names = dgm_arena_alloc(sight->arena, WORDS_MAX * sizeof *sight->names);
	while (sight->name_count < WORDS_MAX && (s = dgm_str_skip(s, dgm_str_find(s, DGM_STR("<")))).len) {
		const bool comment = dgm_str_starts(s, DGM_STR("<!--")),
			   verbatim = dgm_str_starts(s, DGM_STR("<![CDATA["));
		if (comment || verbatim) {
			s = dgm_str_skip(s, dgm_str_find(s, comment ? DGM_STR("-->") : DGM_STR("]]>")));
			continue;
		}
		s = dgm_str_skip(s, 1);
		const struct dgm_str name = local_name(name_at(s));
		if (name.len)
			sight->names[sight->name_count++] = name;
	}
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
	const size_t close = dgm_str_find(s, DGM_STR(">"));
	if (close == s.len)
		return;
	const struct dgm_str tag = dgm_str_take(s, close), name = name_at(dgm_str_skip(s, 1));
	const size_t colon = dgm_str_find(name, DGM_STR(":"));
	sight->space = attribute(tag,
		colon < name.len ? dgm_arena_printf(sight->arena, "xmlns:%.*s", (int)colon, name.ptr)
				 : DGM_STR("xmlns"));
	sight->root = local_name(name);
	see_elements(sight, dgm_str_skip(s, close));
}

/* The names of members near the top, wherever the braces are: enough to know whose they are. */
static void see_json(struct sight *sight, struct dgm_str s)
{
	s = skip_space(s);
	if (!s.len || (s.ptr[0] != '{' && s.ptr[0] != '['))
		return;
	sight->top = s.ptr[0];
	sight->names = dgm_arena_alloc(sight->arena, WORDS_MAX * sizeof *sight->names);
	for (size_t i = 0; i < s.len && sight->name_count < WORDS_MAX; i++) {
		if (s.ptr[i] != '"')
			continue;
		const size_t start = ++i;
		while (i < s.len && s.ptr[i] != '"')
			i += s.ptr[i] == '\\' ? 2 : 1;
		if (i >= s.len)
			return;
		const struct dgm_str rest = skip_space(dgm_str_skip(s, i + 1));
		if (rest.len && rest.ptr[0] == ':')
			sight->names[sight->name_count++] = dgm_str_of(s.ptr + start, i - start);
	}
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

/* A name of an XML file that is not in UTF-8 and does not declare what it is in: as the format in question has it. */
static struct dgm_str in_utf8(const struct sight *sight, const struct dgm_format *format, struct dgm_str name)
{
	return dgm_utf8_valid(name) ? name : decoded(sight->arena, name, format->encoding);
}

static bool has_name(const struct sight *sight, const struct dgm_format *format, struct dgm_str word)
{
	for (size_t i = 0; i < sight->name_count; i++)
		if (dgm_str_eq(in_utf8(sight, format, sight->names[i]), word))
			return true;
	return false;
}

/* A row that does not end is a piece of one. */
static struct dgm_str first_row(struct dgm_str text)
{
	const size_t feed = dgm_str_find(text, DGM_STR("\n")),
		     end = dgm_str_find(dgm_str_take(text, feed), DGM_STR("\r"));
	return end < text.len ? dgm_str_take(text, end) : DGM_NOSTR;
}

static struct dgm_str row_in(struct sight *sight, struct dgm_str head, struct dgm_str name)
{
	const struct dgm_charset *charset = dgm_charset_find(name);
	if (sight->decoded || !charset || charset->kind == DGM_CHARSET_UTF8)
		return sight->row;
	for (size_t i = 0; i < sight->line_count; i++)
		if (sight->lines[i].charset == charset)
			return sight->lines[i].text;
	/* In a charset of bytes 0A and 0D end lines and nothing else. */
	const bool bytes = charset->kind == DGM_CHARSET_SINGLE || charset->kind == DGM_CHARSET_MULTI;
	const struct dgm_str text =
		bytes ? decoded(sight->arena, sight->row, name) : first_row(decoded(sight->arena, head, name));
	if (sight->line_count < ROWS_MAX)
		sight->lines[sight->line_count++] = (struct line){charset, text};
	return text;
}

/* How many words are there: as they stand in the signature, and under any of their names. */
struct found {
	uint32_t own, all;
};

static void count_columns(struct dgm_str row, const struct dgm_signature *signature, struct found *most)
{
	struct found found = {0};
	for (uint32_t i = 0; row.len && i < signature->word_count; i++) {
		const struct dgm_names *others = &signature->others[i];
		const bool own = has_column(row, signature->delimiter, signature->words[i]);
		bool other = false;
		for (uint32_t k = 0; k < others->count && !own && !other; k++)
			other = has_column(row, signature->delimiter, others->names[k]);
		found.own += own;
		found.all += own || other;
	}
	most->own = found.own > most->own ? found.own : most->own;
	most->all = found.all > most->all ? found.all : most->all;
}

static struct found count_words(struct sight *sight, const struct dgm_format *format,
	const struct dgm_signature *signature, struct dgm_str head)
{
	struct found found = {0};
	if (signature->kind != 'c') {
		for (uint32_t i = 0; i < signature->word_count; i++)
			found.own += has_name(sight, format, signature->words[i]);
		found.all = found.own;
		return found;
	}
	count_columns(row_in(sight, head, format->encoding), signature, &found);
	for (uint32_t i = 0; i < format->accept_count && !sight->decoded; i++)
		count_columns(row_in(sight, head, format->accepts[i]), signature, &found);
	return found;
}

static uint32_t match_of(uint32_t found, uint32_t all)
{
	return found == all ? DGM_MATCH_CERTAIN : found * 2 > all ? DGM_MATCH_LIKELY : DGM_MATCH_WEAK;
}

/* Whether other names make the match a better one, and there are enough of them to say so: three in four. */
static bool is_renamed(const struct found *found, uint32_t all)
{
	return found->all >= RENAMED_MIN && found->all * 4 >= all * 3 &&
		match_of(found->all, all) > match_of(found->own, all);
}

/* Whether the file is of the signature's syntax at all. */
static bool is_syntax(const struct sight *sight, const struct dgm_format *format, const struct dgm_signature *signature)
{
	if (signature->kind == 'x')
		return sight->root.len && dgm_str_eq(in_utf8(sight, format, sight->root), signature->root) &&
			(!signature->space.len || dgm_str_eq(sight->space, signature->space));
	if (signature->kind == 'j')
		return sight->top && (!signature->top || signature->top == sight->top);
	return !sight->top && !sight->root.len;
}

static void try_signature(struct sight *sight, const struct dgm_format *format, const struct dgm_signature *signature,
	struct dgm_str head, struct dgm_candidate *ret_candidate)
{
	const uint32_t all = signature->word_count;
	*ret_candidate = (struct dgm_candidate){.format = format->id, .signature = signature};
	if (!is_syntax(sight, format, signature))
		return;
	const struct found count = count_words(sight, format, signature, head);
	const bool xml = signature->kind == 'x';
	ret_candidate->renamed = is_renamed(&count, all);
	const uint32_t found = ret_candidate->renamed ? count.all : count.own;
	if (found == 0 && !xml)
		return;
	ret_candidate->match = match_of(found, all);
	ret_candidate->weight = found + (signature->top != 0) + xml * 2u + (signature->space.len != 0);
	struct dgm_str words = DGM_NOSTR;
	if (all)
		words = dgm_arena_printf(sight->arena, "%u of %u %s of its signature%s", found, all,
			xml                              ? "elements"
				: signature->kind == 'j' ? "members"
							 : "columns",
			ret_candidate->renamed ? ", some by other names" : "");
	if (xml)
		words = dgm_arena_printf(sight->arena, "root element <%.*s>%s%.*s%s%.*s", DGM_FMT(signature->root),
			signature->space.len ? " in namespace " : "", DGM_FMT(signature->space), all ? ", " : "",
			DGM_FMT(words));
	ret_candidate->evidence = words;
}

/* A signature's own words say more than other names for the same. */
static uint32_t rank(const struct dgm_candidate *candidate)
{
	return candidate->match * 2u + !candidate->renamed;
}

static int by_match(const void *a, const void *b)
{
	const struct dgm_candidate *x = a, *y = b;
	if (rank(x) != rank(y))
		return rank(x) < rank(y) ? 1 : -1;
	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	return dgm_str_cmp(x->format, y->format);
}

/* Whether a signature asks for all that the other asks for. */
static bool includes(const struct dgm_signature *signature, const struct dgm_signature *other)
{
	if ((other->space.len && !signature->space.len) || (other->top && !signature->top))
		return false;
	for (uint32_t i = 0; i < other->word_count; i++) {
		bool found = false;
		for (uint32_t k = 0; k < signature->word_count && !found; k++)
			found = signature->kind == 'c' ? dgm_str_eq_nocase(signature->words[k], other->words[i])
						       : dgm_str_eq(signature->words[k], other->words[i]);
		if (!found)
			return false;
	}
	return true;
}

/* Whether the first of the sorted candidates is better than all others: by its match, or as the more particular one. */
static bool is_clear(const struct dgm_detection *detection)
{
	const struct dgm_candidate *best = detection->candidates;
	if (detection->count == 0 || best->match < DGM_MATCH_LIKELY)
		return false;
	for (size_t i = 1; i < detection->count && rank(&best[i]) == rank(best); i++)
		if (best[i].weight == best->weight || !includes(best->signature, best[i].signature))
			return false;
	return true;
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
	const struct dgm_charset *said = charset ? NULL : dgm_charset_find(dgm_detect_xml_encoding(text));
	if (said && (said->kind == DGM_CHARSET_SINGLE || said->kind == DGM_CHARSET_MULTI))
		text = decoded(&detection->arena, text, dgm_str(said->name));
	struct sight sight = {.arena = &detection->arena, .decoded = charset != NULL};
	see_xml(&sight, text);
	see_json(&sight, text);
	sight.row = first_row(text);
	detection->candidates =
		dgm_arena_alloc(&detection->arena, (catalog->count + 1) * sizeof *detection->candidates);
	for (size_t i = 0; i < catalog->count; i++) {
		/* A definition that does not compile is not asked here; whoever names it hears why. */
		const struct dgm_format *format = dgm_catalog_sketch(&catalog->entries[i]);
		struct dgm_candidate best = {0};
		for (uint32_t s = 0; format && s < format->signature_count; s++) {
			struct dgm_candidate candidate;
			try_signature(&sight, format, &format->signatures[s], text, &candidate);
			if (candidate.match &&
				(rank(&candidate) > rank(&best) ||
					(rank(&candidate) == rank(&best) && candidate.weight > best.weight)))
				best = candidate;
		}
		if (best.match)
			detection->candidates[detection->count++] = best;
	}
	if (detection->count)
		qsort(detection->candidates, detection->count, sizeof *detection->candidates, by_match);
	if (is_clear(detection))
		detection->answer = detection->candidates->format;
}

void dgm_detection_done(struct dgm_detection *detection)
{
	dgm_arena_done(&detection->arena);
	*detection = (struct dgm_detection){0};
}
