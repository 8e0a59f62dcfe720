/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which field a key most likely is. Its name is looked up among the names that the known definitions have for fields and
 * among the schema's own; what its values look like decides whether that can be, and where no name is known it may be a
 * hint of its own.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/textkey.h"
#include "pipe/drafting.h"

enum {
	WHOLE = 100, /* per cent */
};

/* A name and the target that it has in a definition; later, of how many. */
struct word {
	struct dgm_str key, target;
	enum dgm_field_id field;
	unsigned votes;
};

struct words {
	struct word *all;
	size_t count, room;
	struct dgm_arena *arena;
};

/* --- names --- */

/* "Date of birth", "DATE_OF_BIRTH" and "dateOfBirth" are one name. */
static struct dgm_str squeeze(struct dgm_arena *arena, struct dgm_str name)
{
	const struct dgm_str key = dgm_text_key(arena, name);
	char *to = dgm_arena_alloc(arena, key.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < key.len; i++) {
		const char c = key.ptr[i];
		if (c == '(')
			break; /* "Nationality (ISO)" */
		if ((unsigned char)c >= 0x80 || dgm_is_alpha(c) || dgm_is_digit(c))
			to[len++] = c;
	}
	return dgm_str_of(to, len);
}

static void add_word(struct words *words, struct dgm_str name, struct dgm_str target, enum dgm_field_id field,
	unsigned votes)
{
	const struct dgm_str key = squeeze(words->arena, name);
	if (key.len == 0)
		return;
	if (words->count == words->room) {
		words->room = words->room ? words->room * 2 : 4096;
		words->all = dgm_xrealloc(words->all, words->room * sizeof *words->all);
	}
	words->all[words->count++] = (struct word){key, target, field, votes};
}

static int by_key_and_target(const void *a, const void *b)
{
	const struct word *word_a = a, *word_b = b;
	const int by_key = dgm_str_cmp(word_a->key, word_b->key);
	return by_key ? by_key : dgm_str_cmp(word_a->target, word_b->target);
}

/* One word for each name and target, the votes put together. */
static void count_votes(struct words *words)
{
	size_t to = 0;
	if (words->count)
		qsort(words->all, words->count, sizeof *words->all, by_key_and_target);
	for (size_t i = 1; i < words->count; i++) {
		if (by_key_and_target(&words->all[to], &words->all[i]) == 0)
			words->all[to].votes += words->all[i].votes;
		else
			words->all[++to] = words->all[i];
	}
	words->count = words->count ? to + 1 : 0;
}

/* The word that selects an instance; NULL where none does, *ret_clear false where one word would not do. */
static const struct dgm_constant *selector(const struct dgm_anchor *anchor, bool *ret_clear)
{
	static const char *const order[] = {"kind", "scheme", "role", "relation", "type", "code"};
	*ret_clear = anchor->constant_count == 0;
	if (anchor->constant_count != 1)
		return NULL;
	for (size_t i = 0; i < DGM_COUNT(order); i++) {
		const int field = dgm_field_in(anchor->group, dgm_str(order[i]));
		if (field < 0)
			continue;
		*ret_clear = (int)anchor->constants[0].field == field && anchor->constants[0].text.len;
		return *ret_clear ? &anchor->constants[0] : NULL;
	}
	return NULL;
}

/* "subject.name(primary).family" of a compiled target; empty where it cannot be said so. */
static struct dgm_str target_text(struct dgm_arena *arena, const struct dgm_shape *shape,
	const struct dgm_target *target)
{
	struct dgm_str text = dgm_fields[target->field].name;
	uint32_t at = target->anchor;
	enum dgm_group_id group = dgm_fields[target->field].group;
	while (group != DGM_GROUP_root) {
		const struct dgm_anchor *anchor = &shape->anchors[at];
		const struct dgm_constant *constant = NULL;
		if (anchor->group == group) {
			bool clear;
			constant = selector(anchor, &clear);
			if (!clear)
				return DGM_NOSTR;
			at = anchor->parent;
		}
		text = dgm_arena_printf(arena, "%.*s%s%.*s%s.%.*s", DGM_FMT(dgm_groups[group].name),
			constant ? "(" : "", DGM_FMT(constant ? constant->text : DGM_NOSTR), constant ? ")" : "",
			DGM_FMT(text));
		group = dgm_groups[group].parent;
	}
	return text;
}

static void learn_node(struct words *words, const struct dgm_shape *shape, const struct dgm_node *node)
{
	for (const struct dgm_node *child = node->first; child; child = child->next) {
		const bool text = dgm_str_is(child->name, "#text");
		if (child->kind == DGM_NODE_FIELD && child->target.position < 0 && !child->template_count) {
			const struct dgm_str target = target_text(words->arena, shape, &child->target);
			for (uint32_t i = 0; target.len && i <= child->alias_count; i++) {
				const struct dgm_str name = i ? child->aliases[i - 1] : text ? node->name : child->name;
				add_word(words, name, target, child->target.field, 10);
				/* A name says more together with what it stands in. */
				if (node->parent && !text)
					add_word(words, dgm_arena_join(words->arena, node->name, DGM_STR(" "), name),
						target, child->target.field, 10);
			}
		}
		learn_node(words, shape, child);
	}
}

static bool is_only(enum dgm_field_id field)
{
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++)
		if (f != field && dgm_str_eq(dgm_fields[f].name, dgm_fields[field].name))
			return false;
	return true;
}

/* The schema's own names, for what no definition has a word for. */
static void learn_schema(struct words *words)
{
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		const struct dgm_field_def *field = &dgm_fields[f];
		const struct dgm_group_def *group = &dgm_groups[field->group];
		if (dgm_str_starts(field->path, DGM_STR("unmapped")) ||
			dgm_str_starts(field->path, DGM_STR("provenance")))
			continue;
		const struct dgm_str target = field->group == DGM_GROUP_subject_name
			? dgm_arena_printf(words->arena, "subject.name(primary).%.*s", DGM_FMT(field->name))
			: field->path;
		add_word(words, field->path, target, (enum dgm_field_id)f, 3);
		add_word(words, dgm_arena_join(words->arena, group->name, DGM_STR(" "), field->name), target,
			(enum dgm_field_id)f, 2);
		if (is_only((enum dgm_field_id)f))
			add_word(words, field->name, target, (enum dgm_field_id)f, 1);
	}
}

static void learn(struct words *words, struct dgm_catalog *catalog)
{
	for (size_t i = 0; i < catalog->count; i++) {
		const struct dgm_format *format = dgm_catalog_sketch(&catalog->entries[i]);
		for (uint32_t s = 0; format && format->style == DGM_STYLE_MAPPED && s < format->shape_count; s++)
			learn_node(words, &format->shapes[s], format->shapes[s].root);
	}
	learn_schema(words);
	count_votes(words);
}

/* Of equals what most lists are about, and the name itself rather than others beside it. */
static unsigned weight(const struct word *word)
{
	const bool usual =
		dgm_str_starts(word->target, DGM_STR("subject.")) || dgm_str_starts(word->target, DGM_STR("notice."));
	const bool primary = dgm_str_starts(word->target, DGM_STR("subject.name(primary)."));
	return word->votes * (primary ? 8 : 4) + usual * 2u;
}

static const struct word *find_key(const struct words *words, struct dgm_str key)
{
	const struct word *best = NULL;
	for (size_t i = 0; i < words->count; i++)
		if (dgm_str_eq(words->all[i].key, key) && (!best || weight(&words->all[i]) > weight(best)))
			best = &words->all[i];
	return best;
}

/* As it is, or one of many and many of one, in the languages that say so by an s. */
static const struct word *find_word(const struct words *words, struct dgm_str name)
{
	const struct dgm_str key = squeeze(words->arena, name);
	const struct word *word = find_key(words, key);
	if (!word && key.len > 3 && key.ptr[key.len - 1] == 's')
		word = find_key(words, dgm_str_take(key, key.len - 1));
	else if (!word && key.len > 3)
		word = find_key(words, dgm_arena_join(words->arena, key, DGM_STR("s"), DGM_NOSTR));
	return word;
}

/* --- proposals --- */

struct proposing {
	struct dgm_draft_look *look;
	struct words words;
	struct dgm_draft_lists lists;
};

static __attribute__((format(printf, 2, 3))) void reason(struct dgm_draft_key *key, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(key->reason, sizeof key->reason, format, args);
	va_end(args);
}

static bool is_taken(const struct dgm_draft_key *parent, struct dgm_str target)
{
	for (const struct dgm_draft_key *key = parent->first; key; key = key->next)
		if (dgm_str_eq(key->target, target) || is_taken(key, target))
			return true;
	return false;
}

static struct dgm_str type_of(enum dgm_field_id field)
{
	return dgm_fields[field].type == DGM_TYPE_CODE ? dgm_lists[dgm_fields[field].list].name
						       : dgm_str(dgm_type_names[dgm_fields[field].type]);
}

/* Whether the values can be of the field, what is needed to read them, and how many are understood. */
static bool fits(struct proposing *p, struct dgm_draft_key *key, enum dgm_field_id field, unsigned *ret_known)
{
	struct dgm_arena *arena = p->look->arena;
	*ret_known = WHOLE;
	if (key->value_count == 0)
		return true;
	switch ((int)dgm_fields[field].type) {
	case DGM_TYPE_DATE:
		*ret_known = dgm_draft_dates(arena, key);
		return *ret_known >= 50;
	case DGM_TYPE_CODE:
	case DGM_TYPE_COUNTRY:
	case DGM_TYPE_LANGUAGE:
	case DGM_TYPE_CURRENCY:
	case DGM_TYPE_SCRIPT:
		dgm_draft_lists(&p->lists, p->look->request->catalog);
		*ret_known = dgm_draft_codes(&p->lists, key, (int)field, type_of(field));
		return *ret_known >= (field == DGM_FIELD_notice_type ? WHOLE : 50);
	case DGM_TYPE_LENGTH:
	case DGM_TYPE_MASS:
		dgm_draft_numbers(arena, key, dgm_fields[field].type == DGM_TYPE_LENGTH);
		return true;
	case DGM_TYPE_INTEGER:
	case DGM_TYPE_DECIMAL:
		return dgm_draft_numbers(arena, key, false) == WHOLE && !key->comma;
	default:
		return true;
	}
}

static void give(struct dgm_draft_key *key, struct dgm_str target, enum dgm_field_id field)
{
	key->target = target;
	key->field = (int)field;
}

/* By its name: with what it stands in, alone, without the number behind it. */
static void by_words(struct proposing *p, struct dgm_draft_key *key)
{
	struct dgm_draft_look *look = p->look;
	struct dgm_str name = key->name;
	const struct dgm_draft_key *around = key->parent;
	if (dgm_str_is(name, "#text") && around->parent) {
		name = around->name;
		around = around->parent;
	}
	if (name.len && name.ptr[0] == '@')
		name = dgm_str_skip(name, 1);
	const struct word *word = NULL;
	/* Where it only says that it is one, the container has the name. */
	if (around->parent && (dgm_str_eq_nocase(name, DGM_STR("value")) || dgm_str_eq_nocase(name, DGM_STR("text"))))
		word = find_word(&p->words, around->name);
	if (!word)
		word = around->parent
			? find_word(&p->words, dgm_arena_join(look->arena, around->name, DGM_STR(" "), name))
			: NULL;
	if (!word)
		word = find_word(&p->words, name);
	if (!word)
		return;
	unsigned known;
	if (is_taken(&look->keys, word->target))
		reason(key, "by its name %.*s, which is another key's already", DGM_FMT(word->target));
	else if (!fits(p, key, word->field, &known))
		reason(key, "by its name %.*s, but only %u %% of the values are understood", DGM_FMT(word->target),
			known);
	else {
		give(key, word->target, word->field);
		reason(key, known < WHOLE ? "by its name; %u %% of the values are understood" : "by its name", known);
		if (dgm_fields[word->field].type == DGM_TYPE_DATE && dgm_draft_order_open(look->arena, key))
			reason(key, "by its name; the values do not tell the day from the month");
	}
}

/* By its values alone. */
static void by_values(struct proposing *p, struct dgm_draft_key *key)
{
	struct dgm_draft_look *look = p->look;
	const struct dgm_str sex = DGM_STR("subject.sex"), country = DGM_STR("subject.nationality.country"),
			     birth = DGM_STR("subject.birth.date");
	if (key->value_count == 0)
		return;
	dgm_draft_lists(&p->lists, look->request->catalog);
	if (key->value_count <= 4 && !key->more && !is_taken(&look->keys, sex) &&
		dgm_draft_codes(&p->lists, key, DGM_FIELD_subject_sex, DGM_STR("sex")) == WHOLE) {
		give(key, sex, DGM_FIELD_subject_sex);
		reason(key, "by its values, which are words for a sex");
		return;
	}
	if (dgm_draft_dates(look->arena, key) >= 90) {
		if (!is_taken(&look->keys, birth) && dgm_draft_birth_like(look->arena, key)) {
			give(key, birth, DGM_FIELD_subject_birth_date);
			reason(key, "by its values, which are dates in which people are born");
		} else {
			reason(key, "the values are dates: %s", key->patterns[0]);
		}
		return;
	}
	if (key->value_count >= 2 && !is_taken(&look->keys, country) &&
		dgm_draft_codes(&p->lists, key, DGM_FIELD_subject_nationality_country, DGM_STR("country")) >= 90) {
		give(key, country, DGM_FIELD_subject_nationality_country);
		reason(key, "by its values, which are countries");
	}
}

static void propose(struct proposing *p, struct dgm_draft_key *parent, bool names)
{
	for (struct dgm_draft_key *key = parent->first; key; key = key->next) {
		if (key->group)
			propose(p, key, names);
		else if (names)
			by_words(p, key);
		else if (!key->target.len && !*key->reason)
			by_values(p, key);
	}
}

static bool has_digit(struct dgm_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (dgm_is_digit(text.ptr[i]))
			return true;
	return false;
}

/* How well a key would do for an identifier: one that is different in each record, has digits, and is nothing else. */
static unsigned identifies(const struct dgm_draft_look *look, const struct dgm_draft_key *key)
{
	const bool different = key->value_count == key->total || (key->more && key->total == look->records);
	uint32_t digits = 0;
	if (key->group || key->repeats || key->total < look->records || !different)
		return 0;
	for (uint32_t i = 0; i < key->value_count; i++)
		digits += has_digit(key->values[i]);
	if (!key->target.len)
		return digits == key->value_count ? 5 : 3;
	return dgm_str_ends(key->target, DGM_STR(".number"))           ? 4
		: dgm_str_starts(key->target, DGM_STR("subject.name")) ? 1
								       : 2;
}

/* Without an identifier no record is a notice. */
static void find_identifier(struct dgm_draft_look *look)
{
	const struct dgm_str id = DGM_STR("notice.id");
	struct dgm_draft_key *best = NULL;
	unsigned rank = 0;
	if (is_taken(&look->keys, id))
		return;
	for (struct dgm_draft_key *key = look->keys.first; key; key = key->next) {
		const unsigned own = identifies(look, key);
		best = own > rank ? key : best;
		rank = own > rank ? own : rank;
	}
	for (struct dgm_draft_key *key = look->keys.first; key && !best; key = key->next)
		best = !key->group && !key->repeats && key->total == look->records ? key : NULL;
	for (struct dgm_draft_key *key = look->keys.first; key && !best; key = key->next)
		best = key->group ? NULL : key;
	if (!best)
		return;
	give(best, id, DGM_FIELD_notice_id);
	best->pattern_count = best->list_count = 0;
	best->unit = NULL;
	reason(best, "%s; every notice needs an identifier",
		rank ? "it is different in every record" : "nothing better was found");
}

void dgm_draft_propose(struct dgm_draft_look *look)
{
	struct proposing *p = dgm_arena_zero(look->arena, sizeof *p);
	p->look = look;
	p->words.arena = p->lists.arena = look->arena;
	learn(&p->words, look->request->catalog);
	propose(p, &look->keys, true);
	propose(p, &look->keys, false);
	find_identifier(look);
	free(p->words.all);
}
