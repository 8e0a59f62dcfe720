/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the XML engine share: its options and its two halves. */
#ifndef XML_ENGINE_H
#define XML_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <dragoman/plugin.h>

#define XML_STR_INIT(literal)                                                                                          \
	{                                                                                                              \
		(literal), sizeof(literal) - 1                                                                         \
	}
#define XML_STR(literal) ((struct dgm_str)XML_STR_INIT(literal))

/* The values of the option declaration, in the order of its choices. */
enum xml_declaration { XML_DECLARATION_YES, XML_DECLARATION_STANDALONE, XML_DECLARATION_NO };

/* Filled by the host from the options in xml_plugin.c, where each limit's reason stands. */
struct xml_config {
	uint64_t max_depth;
	uint64_t max_attributes;
	uint64_t max_text;
	uint64_t max_record;
	uint64_t max_names;
	uint64_t indent;
	uint64_t declaration;
	struct dgm_str default_namespace;
	struct dgm_str schema_location;
};

/* The callbacks of struct dgm_plugin. */
int32_t xml_reader_open(const struct dgm_open *open, void **ret_reader);
int32_t xml_reader_next(void *reader, struct dgm_record *record);
void xml_reader_close(void *reader);
int32_t xml_writer_open(const struct dgm_open *open, void **ret_writer);
int32_t xml_writer_put(void *writer, const struct dgm_record *record);
int32_t xml_writer_finish(void *writer);
uint64_t xml_writer_state(const void *writer);
void xml_writer_close(void *writer);
int32_t xml_check(const struct dgm_open *open, struct dgm_str schema, struct dgm_str name);

/* Blank, tab, line feed, carriage return. */
static inline bool xml_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/*
 * Makes room for need elements in *array, whose capacity is *capacity elements. The content stays, the place may change.
 * false when memory ran out; everything is as before then.
 */
bool xml_grow(void **array, size_t *capacity, size_t need, size_t element_size);

/*
 * How many bytes a well-formed UTF-8 sequence (RFC 3629) at p has; 0: it is none; -1: it is the beginning of one that
 * ends behind end. p < end.
 */
int xml_utf8_length(const char *p, const char *end);

/* The index of the first byte of s from `from` on that is in no well-formed sequence, or s.len. */
size_t xml_utf8_invalid(struct dgm_str s, size_t from);

#endif
