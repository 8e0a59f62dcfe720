/* SPDX-License-Identifier: Apache-2.0 */
/* From events to the bytes of elements: names, escapes and indentation; what stands around records is xml_write.c's. */
#ifndef XML_EMIT_H
#define XML_EMIT_H

#include "xml_engine.h"

enum xml_key_kind { XML_KEY_UNSEEN, XML_KEY_ELEMENT, XML_KEY_ATTRIBUTE, XML_KEY_TEXT, XML_KEY_BAD };

/* A key as it is written. tag: "<NAME></NAME>" of an element, ` NAME="` of an attribute. */
struct xml_key {
	char *tag;
	size_t length; /* of the name */
	uint64_t seen; /* the element that has this attribute already, by serial number */
	enum xml_key_kind kind;
	bool unencodable; /* why it is bad: letters that the output's encoding lacks, and no reference can stand in a name */
};

struct xml_level {
	size_t begin; /* index of the group's BEGIN */
	uint64_t serial;
	uint32_t key;
	bool is_start; /* attributes may still come */
	bool has_child, has_text;
};

struct xml_buffer {
	char *ptr;
	size_t len, capacity;
};

struct xml_emitter {
	const struct dgm_host *host;
	struct dgm_job *job;
	const struct dgm_output *output;
	size_t indent;
	struct xml_key *keys;
	size_t key_capacity;
	unsigned char *marks; /* per event of the record at hand */
	size_t mark_capacity;
	struct xml_level *levels;
	size_t level_capacity;
	uint64_t serial;
	struct xml_buffer prefixes; /* the declared ones, each with a ':' behind it */
	size_t watched;   /* the event of a group's end whose place in the output is asked for; SIZE_MAX: none */
	char *watched_at; /* behind what the group holds, set by xml_emit_write */
	uint32_t root;    /* the root's key: only it may declare namespaces; 0 where the root is the record */
};

/* Why events cannot be written; code NULL: they can. */
struct xml_problem {
	const char *code, *text;
};

extern const struct xml_problem XML_NO_MEMORY; /* ends the stream; all others cost the record */
extern const struct xml_problem XML_UNENCODABLE;

/* The entry of a key; NULL when memory ran out. */
struct xml_key *xml_emit_key(struct xml_emitter *e, uint32_t key);
/* Names are looked at anew, as other prefixes are declared now. */
void xml_emit_forget_names(struct xml_emitter *e);
void xml_emit_done(struct xml_emitter *e);

bool xml_is_literal(struct dgm_str s, const char *literal);

/* Whether a name is one of XML's, with at most one ':'. */
bool xml_is_name(struct dgm_str name);

/*
 * Checks a slice of events that is balanced: what an element holds (is_element) or some of its children. ret_bound: as
 * many bytes as writing it takes at most, without the element's own tags. Depth counts levels of indentation.
 */
struct xml_problem xml_emit_check(struct xml_emitter *e, const struct dgm_event *events, size_t count, size_t depth,
	bool is_element, size_t *ret_bound);

/*
 * Writes what xml_emit_check just found good to `to`; NULL: it holds a character that XML does not allow. element: the key
 * whose start tag stands before `to` without its '>', NULL: none, only children are written. is_inline: no white space.
 */
char *xml_emit_write(struct xml_emitter *e, const struct dgm_event *events, size_t count, size_t depth,
	const struct xml_key *element, bool is_inline, char *to);

/* "\n" and the blanks of a level, nothing where the indent is 0. At most xml_indent_bound bytes. */
char *xml_emit_indent(const struct xml_emitter *e, char *to, size_t depth);
static inline size_t xml_indent_bound(const struct xml_emitter *e, size_t depth)
{
	return 1 + e->indent * depth;
}

/* At most six bytes for each of the text's; NULL: a character that XML does not allow. */
#define XML_ESCAPE_FACTOR ((size_t)6)
char *xml_escape_text(char *to, struct dgm_str text);
char *xml_escape_attribute(char *to, struct dgm_str text);

/* NULL when memory ran out. The new bytes do not count before the caller adds them to len. */
char *xml_buffer_room(struct xml_buffer *buffer, size_t n);
bool xml_buffer_add(struct xml_buffer *buffer, struct dgm_str text);

#endif
