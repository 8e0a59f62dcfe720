/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events are gone through twice: once to check them and to bound their size, once to write them, so that a record that
 * cannot be written leaves nothing behind. What an element holds must be known where it begins: an element with text
 * of its own beside children is written without white space, as any would become part of the text.
 */
#include <stdlib.h>
#include <string.h>

#include "xml_emit.h"

/* Marks of a BEGIN; SKIP is a value's that is not written. */
enum { HAS_CHILD = 1, HAS_TEXT = 2, SKIP = 4 };

/* Above this many bytes escapes are counted and not guessed, so that a large picture does not ask for six times its size. */
#define GUESS_BOUND ((size_t)256 * 1024)

static const struct xml_problem FINE = {NULL, NULL};
const struct xml_problem XML_NO_MEMORY = {"xml-no-memory", "not enough memory"};
const struct xml_problem XML_UNENCODABLE = {"xml-bad-name",
	"a name has letters that the output's encoding lacks; --to-encoding chooses another"};

char *xml_buffer_room(struct xml_buffer *buffer, size_t n)
{
	if (n > SIZE_MAX - buffer->len || !xml_grow((void **)&buffer->ptr, &buffer->capacity, buffer->len + n, 1))
		return NULL;
	return buffer->ptr + buffer->len;
}

bool xml_buffer_add(struct xml_buffer *buffer, struct dgm_str text)
{
	char *to = xml_buffer_room(buffer, text.len);
	if (!to)
		return false;
	if (text.len > 0)
		memcpy(to, text.ptr, text.len);
	buffer->len += text.len;
	return true;
}

static bool is_declared(const struct xml_emitter *e, struct dgm_str prefix)
{
	const char *p = e->prefixes.ptr;
	const char *const end = p ? p + e->prefixes.len : p;
	while (p < end) {
		const char *colon = memchr(p, ':', (size_t)(end - p));
		const size_t n = (size_t)(colon - p);
		if (n == prefix.len && memcmp(p, prefix.ptr, n) == 0)
			return true;
		p = colon + 1;
	}
	return false;
}

bool xml_is_literal(struct dgm_str s, const char *literal)
{
	return s.len == strlen(literal) && (s.len == 0 || memcmp(s.ptr, literal, s.len) == 0);
}

static enum xml_key_kind kind_of(const struct xml_emitter *e, uint32_t key, struct dgm_str name)
{
	if (xml_is_literal(name, "#text"))
		return XML_KEY_TEXT;
	const bool attribute = name.len > 0 && name.ptr[0] == '@';
	const struct dgm_str bare = attribute ? (struct dgm_str){name.ptr + 1, name.len - 1} : name;
	if (bare.len == 0 || !xml_is_name(bare))
		return XML_KEY_BAD;
	const char *colon = memchr(bare.ptr, ':', bare.len);
	const struct dgm_str prefix = {bare.ptr, colon ? (size_t)(colon - bare.ptr) : 0};
	const enum xml_key_kind good = attribute ? XML_KEY_ATTRIBUTE : XML_KEY_ELEMENT;
	if (xml_is_literal(prefix, "xmlns") || (attribute && xml_is_literal(bare, "xmlns"))) {
		const bool at_root = e->root && e->host->key_parent(e->job, key) == e->root;
		return attribute && at_root ? good : XML_KEY_BAD;
	}
	return !colon || xml_is_literal(prefix, "xml") || is_declared(e, prefix) ? good : XML_KEY_BAD;
}

struct xml_key *xml_emit_key(struct xml_emitter *e, uint32_t key)
{
	if (key >= e->key_capacity) {
		const size_t before = e->key_capacity;
		if (!xml_grow((void **)&e->keys, &e->key_capacity, (size_t)key + 1, sizeof *e->keys))
			return NULL;
		memset(e->keys + before, 0, (e->key_capacity - before) * sizeof *e->keys);
	}
	struct xml_key *entry = &e->keys[key];
	if (entry->kind != XML_KEY_UNSEEN)
		return entry;
	const struct dgm_str name = e->host->key_name(e->job, key);
	enum xml_key_kind kind = kind_of(e, key, name);
	entry->unencodable = kind != XML_KEY_BAD && !e->host->encodes(e->output, name);
	if (entry->unencodable)
		kind = XML_KEY_BAD;
	if (kind == XML_KEY_ELEMENT || kind == XML_KEY_ATTRIBUTE) {
		const size_t n = kind == XML_KEY_ATTRIBUTE ? name.len - 1 : name.len;
		char *tag = malloc(2 * n + 5);
		if (!tag)
			return NULL;
		if (kind == XML_KEY_ATTRIBUTE) {
			tag[0] = ' ';
			memcpy(tag + 1, name.ptr + 1, n);
			memcpy(tag + 1 + n, "=\"", 2);
		} else {
			tag[0] = '<';
			memcpy(tag + 1, name.ptr, n);
			memcpy(tag + 1 + n, "></", 3);
			memcpy(tag + 4 + n, name.ptr, n);
			tag[4 + 2 * n] = '>';
		}
		entry->tag = tag;
		entry->length = n;
	}
	entry->kind = kind;
	return entry;
}

void xml_emit_forget_names(struct xml_emitter *e)
{
	for (size_t i = 0; i < e->key_capacity; i++) {
		free(e->keys[i].tag);
		e->keys[i] = (struct xml_key){0};
	}
}

void xml_emit_done(struct xml_emitter *e)
{
	xml_emit_forget_names(e);
	free(e->keys);
	free(e->marks);
	free(e->levels);
	free(e->prefixes.ptr);
}

char *xml_emit_indent(const struct xml_emitter *e, char *to, size_t depth)
{
	if (e->indent == 0)
		return to;
	const size_t n = e->indent * depth;
	*to++ = '\n';
	memset(to, ' ', n);
	return to + n;
}

struct checking {
	struct xml_emitter *e;
	const struct dgm_event *events;
	struct xml_level *level; /* the innermost */
	size_t depth, base_depth;
	size_t tags, texts; /* bytes */
};

static bool push_level(struct checking *c, size_t begin, uint32_t key, bool is_start)
{
	struct xml_emitter *e = c->e;
	const size_t need = begin == SIZE_MAX ? 1 : c->depth + 2;
	if (!xml_grow((void **)&e->levels, &e->level_capacity, need, sizeof *e->levels))
		return false;
	c->depth = need - 1;
	c->level = &e->levels[c->depth];
	*c->level = (struct xml_level){.begin = begin, .serial = ++e->serial, .key = key, .is_start = is_start};
	return true;
}

static struct xml_problem check_value(struct checking *c, size_t i)
{
	const struct dgm_event *event = &c->events[i];
	struct xml_key *key = xml_emit_key(c->e, event->key);
	if (!key)
		return XML_NO_MEMORY;
	struct xml_level *level = c->level;
	c->texts += event->text.len;
	switch (key->kind) {
	case XML_KEY_ATTRIBUTE:
		if (!level->is_start)
			return (struct xml_problem){"xml-late-attribute",
				"an attribute behind the text or children of its element"};
		if (key->seen == level->serial)
			return (struct xml_problem){"xml-duplicate-attribute",
				"an attribute stands twice in one element"};
		key->seen = level->serial;
		c->tags += key->length + 4;
		return FINE;
	case XML_KEY_TEXT:
		level->is_start = false;
		level->has_text |= event->text.len > 0;
		return FINE;
	case XML_KEY_ELEMENT:
		level->is_start = false;
		if (event->literal == DGM_LITERAL_EMPTY_LIST) {
			c->e->marks[i] = SKIP; /* no item, no element */
			return FINE;
		}
		level->has_child = true;
		c->tags += 2 * key->length + 5 + xml_indent_bound(c->e, c->base_depth + c->depth);
		return FINE;
	case XML_KEY_UNSEEN:
	case XML_KEY_BAD:
		break;
	}
	return key->unencodable
		? XML_UNENCODABLE
		: (struct xml_problem){"xml-bad-name", "a key is no XML name, or has a prefix that is not declared"};
}

static struct xml_problem check_begin(struct checking *c, size_t i)
{
	const struct xml_key *key = xml_emit_key(c->e, c->events[i].key);
	if (!key)
		return XML_NO_MEMORY;
	if (key->unencodable)
		return XML_UNENCODABLE;
	if (key->kind != XML_KEY_ELEMENT)
		return (struct xml_problem){"xml-bad-name",
			"a group's key is no XML name, or has a prefix that is not declared"};
	c->level->is_start = false;
	c->level->has_child = true;
	c->tags += 2 * (key->length + 3 + xml_indent_bound(c->e, c->base_depth + c->depth));
	return push_level(c, i, c->events[i].key, true) ? FINE : XML_NO_MEMORY;
}

static void pop_level(struct checking *c)
{
	c->e->marks[c->level->begin] =
		(unsigned char)((c->level->has_child ? HAS_CHILD : 0) | (c->level->has_text ? HAS_TEXT : 0));
	c->depth--;
	c->level = &c->e->levels[c->depth];
}

/* How many bytes the escapes of a text add at most. */
static size_t escapes_of(struct dgm_str text)
{
	size_t n = 0;
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.ptr[i];
		n += c < '?' && (c == '&' || c == '<' || c == '>' || c == '"' || (c >= 0 && c < 0x20)) ? 5 : 0;
	}
	return n;
}

struct xml_problem xml_emit_check(struct xml_emitter *e, const struct dgm_event *events, size_t count, size_t depth,
	bool is_element, size_t *ret_bound)
{
	static const struct xml_problem unbalanced = {"xml-bad-events", "the record's groups are not closed in order"};
	struct checking c = {.e = e, .events = events, .base_depth = depth};
	/* One mark more than events: the last is for the element itself. */
	if (!xml_grow((void **)&e->marks, &e->mark_capacity, count + 1, 1) || !push_level(&c, SIZE_MAX, 0, is_element))
		return XML_NO_MEMORY;
	memset(e->marks, 0, count + 1);
	c.level->begin = count;
	for (size_t i = 0; i < count; i++) {
		struct xml_problem problem = FINE;
		if (events[i].kind == DGM_EVENT_VALUE) {
			problem = check_value(&c, i);
		} else if (events[i].kind == DGM_EVENT_BEGIN) {
			problem = check_begin(&c, i);
		} else if (events[i].kind == DGM_EVENT_END && c.depth > 0 && c.level->key == events[i].key) {
			pop_level(&c);
		} else {
			problem = unbalanced;
		}
		if (problem.code)
			return problem;
	}
	if (c.depth > 0)
		return unbalanced;
	c.e->marks[count] = (unsigned char)((c.level->has_child ? HAS_CHILD : 0) | (c.level->has_text ? HAS_TEXT : 0));
	size_t bound = c.texts * XML_ESCAPE_FACTOR;
	if (bound > GUESS_BOUND) {
		bound = c.texts;
		for (size_t i = 0; i < count; i++)
			bound += events[i].kind == DGM_EVENT_VALUE ? escapes_of(events[i].text) : 0;
	}
	*ret_bound = bound + c.tags + xml_indent_bound(e, depth) + 8;
	return FINE;
}

struct writing {
	struct xml_emitter *e;
	const struct dgm_event *events;
	size_t depth, base_depth;
	size_t inline_from; /* the depth from which on no white space is written; SIZE_MAX: none */
	bool is_start;      /* the last start tag lacks its '>' */
};

static char *copy(char *to, const char *from, size_t n)
{
	memcpy(to, from, n);
	return to + n;
}

static char *before_child(struct writing *w, char *to)
{
	if (w->is_start)
		*to++ = '>';
	w->is_start = false;
	return w->depth >= w->inline_from ? to : xml_emit_indent(w->e, to, w->base_depth + w->depth);
}

static char *write_value(struct writing *w, size_t i, char *to)
{
	const struct dgm_event *event = &w->events[i];
	const struct xml_key *key = &w->e->keys[event->key];
	if (w->e->marks[i] & SKIP)
		return to;
	if (key->kind == XML_KEY_ATTRIBUTE) {
		to = xml_escape_attribute(copy(to, key->tag, key->length + 3), event->text);
		if (to)
			*to++ = '"';
		return to;
	}
	if (key->kind == XML_KEY_TEXT) {
		if (event->text.len == 0)
			return to;
		if (w->is_start)
			*to++ = '>';
		w->is_start = false;
		return xml_escape_text(to, event->text);
	}
	to = before_child(w, to);
	if (event->text.len == 0) {
		to = copy(to, key->tag, key->length + 1);
		return copy(to, "/>", 2);
	}
	to = xml_escape_text(copy(to, key->tag, key->length + 2), event->text);
	return to ? copy(to, key->tag + key->length + 2, key->length + 3) : NULL;
}

static void enter(struct writing *w, unsigned char marks)
{
	w->is_start = true;
	w->depth++;
	if ((marks & HAS_TEXT) && w->inline_from > w->depth)
		w->inline_from = w->depth;
}

static char *leave(struct writing *w, const struct xml_key *key, unsigned char marks, char *to)
{
	const bool is_inline = w->depth >= w->inline_from;
	if (w->inline_from == w->depth)
		w->inline_from = SIZE_MAX;
	w->depth--;
	if (w->is_start) {
		w->is_start = false;
		return copy(to, "/>", 2);
	}
	if ((marks & HAS_CHILD) && !is_inline)
		to = xml_emit_indent(w->e, to, w->base_depth + w->depth);
	return copy(to, key->tag + key->length + 2, key->length + 3);
}

char *xml_emit_write(struct xml_emitter *e, const struct dgm_event *events, size_t count, size_t depth,
	const struct xml_key *element, bool is_inline, char *to)
{
	struct writing w = {.e = e, .events = events, .base_depth = depth, .inline_from = is_inline ? 0 : SIZE_MAX};
	/* The levels' begin is free again: it now finds a group's marks at its end. */
	if (element) {
		w.base_depth--;
		enter(&w, e->marks[count]);
	}
	for (size_t i = 0; i < count && to; i++) {
		const struct dgm_event *event = &events[i];
		if (event->kind == DGM_EVENT_VALUE) {
			to = write_value(&w, i, to);
		} else if (event->kind == DGM_EVENT_BEGIN) {
			const struct xml_key *key = &e->keys[event->key];
			to = copy(before_child(&w, to), key->tag, key->length + 1);
			e->levels[w.depth].begin = i;
			enter(&w, e->marks[i]);
		} else {
			if (i == e->watched)
				e->watched_at = to;
			to = leave(&w, &e->keys[event->key], e->marks[e->levels[w.depth - 1].begin], to);
		}
	}
	if (element && to)
		to = leave(&w, element, e->marks[count], to);
	return to;
}
