/* SPDX-License-Identifier: Apache-2.0 */
/* The writing half's inside: xml_write.c writes records and what encloses them, xml_envelope.c takes what stands beside. */
#ifndef XML_WRITER_H
#define XML_WRITER_H

#include "xml_emit.h"

#define XML_NO_CONTAINER UINT32_MAX

/* A container: an element above records. */
struct xml_container {
	uint32_t key, parent;
	size_t depth;
	uint32_t open_section, close_section;
	struct xml_buffer attributes, content; /* from the envelope, escaped */
	uint64_t serial;
	bool is_open;
	bool is_inline; /* it has text of its own, so no white space is added to it */
};

/* What a container holds, in order: a container, or the place of one or several paths' records (node XML_NO_CONTAINER). */
struct xml_place {
	uint32_t parent, node;
	uint32_t section;
};

struct xml_writer {
	struct xml_emitter emitter;
	struct dgm_output *output;
	struct xml_config config;
	struct dgm_str encoding;     /* what the declaration says; the host's, valid until close */
	struct xml_container *nodes; /* [0] is the root; none where the root is the record */
	size_t node_count, node_capacity;
	struct xml_place *children;
	size_t child_count, child_capacity;
	uint32_t *path_children, *path_keys; /* per path: where its records go, and the key of their element's name */
	uint32_t path_count;
	uint32_t section, next_section;
	uint32_t root;            /* key */
	struct dgm_str root_name; /* in the first path, which is the host's until open returns */
	/* where the root is the record: an element in it whose records come behind it, XML_NO_CONTAINER: none */
	uint32_t inner_path, inner_key;
	size_t inner_depth;
	bool inner_open; /* the root record has it */
	bool root_is_record, root_written, has_envelope;
};

/* Reports and returns the result that belongs to it. */
int32_t xml_writer_bad(const struct xml_writer *w, struct xml_problem problem);
int32_t xml_writer_no_memory(const struct xml_writer *w);
extern const struct xml_problem XML_FORBIDDEN;

/* The container of this key directly in another one, or XML_NO_CONTAINER. */
uint32_t xml_writer_find(const struct xml_writer *w, uint32_t parent, uint32_t key);
/* ` name="text"`, escaped. false: not enough memory, or a character that XML cannot hold. */
bool xml_writer_add_attribute(struct xml_buffer *to, struct dgm_str name, struct dgm_str text);

/* xml_envelope.c */
int32_t xml_writer_put_envelope(struct xml_writer *w, const struct dgm_event *events, size_t count);

#endif
