/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reading half's inside. libxml2 pushes several records per piece of input, the host pulls one per call: a reader
 * therefore collects finished records in a queue (events in one array, texts in one buffer, source bytes in a third)
 * and hands them out one by one before it parses on. All buffers only grow, so that in its stride it allocates nothing.
 *
 * Positions are byte offsets in the decoded input from its beginning.
 */
#ifndef XML_READER_H
#define XML_READER_H

#include <libxml/parser.h>
#include <libxml/xmlerror.h>

#include "xml_engine.h"

#if LIBXML_VERSION >= 21200
typedef const xmlError *xml_error_ptr;
#else
typedef xmlErrorPtr xml_error_ptr;
#endif

#define XML_NOWHERE UINT64_MAX
/* Source bytes that are kept of a record that is longer than max-record: enough to see which one it is. */
#define XML_CLIP ((size_t)64 * 1024)

/* The number of a path in struct dgm_open, or one of these. */
#define XML_PATH_NONE 0xffffffffu      /* an element of no path */
#define XML_PATH_CONTAINER 0xfffffffeu /* an element above records */

/* A name below a parent, both as pointers and numbers that are compared and never read. */
struct xml_name {
	const xmlChar *local, *prefix;
	uint32_t parent, attribute;
	uint32_t key;
	uint32_t path;
};

struct xml_names {
	struct xml_name *slots; /* local NULL: free */
	size_t mask, count;
	const xmlChar **seen; /* the distinct names themselves */
	size_t seen_mask, seen_count;
};

/* An element of some path, by its key from the top of the file. */
struct xml_node {
	uint32_t key, path;
};

/* An open element. */
struct xml_frame {
	uint64_t start; /* of its '<' */
	const xmlChar *local, *prefix;
	uint32_t key;  /* 0 for a record's element: keys are counted from there */
	uint32_t path; /* XML_PATH_NONE, XML_PATH_CONTAINER, or a record's */
	bool is_group; /* it has attributes or child elements, or is a container */
	bool has_child;
	bool begun; /* its BEGIN is in the open record or envelope */
};

/* What makes a record bad, in the order of the table in xml_read.c. */
enum xml_bad { XML_BAD_NONE, XML_BAD_TEXT, XML_BAD_ATTRIBUTES, XML_BAD_RECORD, XML_BAD_UTF8 };

/* A record or envelope, open or waiting in the queue. */
struct xml_item {
	uint64_t start, end;
	struct dgm_place place, bad_place;
	size_t first_event, event_count;
	size_t first_text;
	size_t clip;    /* longer than max-record: that many source bytes are kept */
	bool is_copied; /* and they stand in the text, from first_text on */
	uint32_t path;
	enum xml_bad bad;
};

/* The reason why the stream ended before its time. */
struct xml_fault {
	const char *code; /* NULL: there is none */
	struct dgm_place place;
	char text[240];
	bool reported;
};

struct xml_reader {
	const struct dgm_host *host;
	struct dgm_job *job;
	struct dgm_input *input;
	struct xml_config config;
	uint64_t hard_attributes;
	xmlParserCtxtPtr parser;

	struct xml_node *nodes;
	size_t node_count, node_capacity;
	struct xml_names names;

	struct xml_frame *frames;
	size_t depth, frame_capacity;
	size_t record_depth; /* the depth outside of the open record's element */
	bool in_record, in_envelope;
	struct xml_item open; /* valid if one of the two */

	/* Source bytes from position bytes_at on, up to what the parser was fed. */
	char *bytes;
	size_t byte_count, byte_capacity;
	uint64_t bytes_at;
	char *patched; /* a piece with its invalid bytes replaced */
	size_t patched_capacity;

	/* Texts; the run that began last is at the end of it, from run_at on. */
	char *text;
	size_t text_count, text_capacity, run_at;
	uint64_t run_length; /* what the run would have if it were not cut at max-text */

	struct dgm_event *events;
	size_t event_count, event_capacity;

	struct xml_item *queue;
	size_t queue_count, queue_capacity, queue_at;

	/* Where lines were counted to. */
	uint64_t anchor, anchor_line_start;
	uint32_t anchor_line;

	uint64_t bad_first, bad_last; /* invalid UTF-8 not yet charged to a record; XML_NOWHERE: none */
	uint64_t misc_end;            /* the end of the last thing seen before the root element */

	/* The start tag that the parser waits to see the end of, as far as it was looked at. */
	uint64_t tag_at, tag_seen, tag_values;
	char tag_quote;

	bool root_seen, root_done, refused, parsing, ended;
	struct xml_fault fault;
};

static inline size_t xml_clip(const struct xml_reader *r)
{
	return r->config.max_record < XML_CLIP ? (size_t)r->config.max_record : XML_CLIP;
}

/* xml_names.c */
bool xml_names_open(struct xml_reader *r, const struct dgm_open *open);
void xml_names_done(struct xml_reader *r);
/* The entry of a name below a parent; NULL: one name too many, and the fault is set. at: for the fault's place. */
const struct xml_name *xml_names_find(struct xml_reader *r, uint32_t parent, const xmlChar *prefix,
	const xmlChar *local, bool attribute, uint64_t at);
/* Counts a name that is no key (a prefix, a namespace, a processing instruction's target): libxml2 keeps these too. */
bool xml_names_count(struct xml_reader *r, const xmlChar *name, uint64_t at);

/* xml_source.c */
uint64_t xml_position(const struct xml_reader *r);
/* The '<' of the tag that the parser just went through. */
uint64_t xml_tag_start(const struct xml_reader *r);
/* Line and column of a position that is kept and not before the anchor; otherwise they are 0. */
struct dgm_place xml_place(const struct xml_reader *r, uint64_t at);
void xml_anchor(struct xml_reader *r, uint64_t at);
/* Takes the next piece of the input. 1: it is in *ret_piece, patched where it was not UTF-8; 0: the end; < 0: DGM_FATAL. */
int32_t xml_source_piece(struct xml_reader *r, struct dgm_str *ret_piece);
/* Drops everything before keep. */
void xml_source_drop(struct xml_reader *r, uint64_t keep);
/* The first invalid byte from position from on that is in no well-formed sequence, or XML_NOWHERE. */
uint64_t xml_source_invalid(const struct xml_reader *r, uint64_t from);

/* xml_sax.c */
void xml_sax_fill(xmlSAXHandler *sax);
/* Charges the invalid bytes before limit, which belong to no record. false: the fault is set. */
bool xml_settle_invalid(struct xml_reader *r, uint64_t limit);
void xml_envelope_flush(struct xml_reader *r, uint64_t end);
void xml_mark_bad(struct xml_reader *r, enum xml_bad bad, uint64_t at);

/* xml_fault.c. The first fault counts. text: one line. */
void xml_fail(struct xml_reader *r, const char *code, uint64_t at, const char *text);
void xml_fail_memory(struct xml_reader *r);
/* More than max-record outside of records: not one record's fault, and nothing that could be left out. */
void xml_fail_envelope(struct xml_reader *r, uint64_t at);
/* Whether a document type declaration stands there, or as much of one as was fed. */
bool xml_is_doctype(const struct xml_reader *r, uint64_t at);
/* From one of libxml2's error codes; its own texts are never shown, they quote the input. */
void xml_fail_parser(struct xml_reader *r, int code, uint64_t at);
/* "lead <name>tail", the name cut to a fair length. */
void xml_fail_element(struct xml_reader *r, const char *code, uint64_t at, const char *lead,
	const struct xml_frame *frame, const char *tail);

#endif
