/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader: opens libxml2's push parser, feeds it, decides when a file was read well, and hands out what the
 * callbacks of xml_sax.c collected.
 *
 * libxml2's wellFormed stays 1 in several cases in which data is missing. A file counts as read only if every call of
 * the parser returned 0, wellFormed is 1, errNo is 0, no error of level ERROR was raised, the root element was closed,
 * and the parser went through every byte it was fed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parserInternals.h>

#include "xml_reader.h"

/* Attributes of one element beyond which the file is an attack and not worth another record, per max-attributes. */
#define HARD_FACTOR 16u
/* libxml2's error functions outside of a parser's own are per thread: ours hold while we call it, and no longer. */
struct saved_errors {
	xmlStructuredErrorFunc structured;
	xmlGenericErrorFunc generic;
	void *structured_context, *generic_context;
};

static void on_error(void *data, xml_error_ptr error)
{
	struct xml_reader *r = data;
	if (!error || error->level < XML_ERR_ERROR || r->fault.code)
		return;
	xml_fail_parser(r, error->code, r->parser ? xml_position(r) : 0);
}

static void on_generic(void *data, const char *format, ...)
{
	(void)data;
	(void)format;
}

static struct saved_errors catch_errors(struct xml_reader *r)
{
	const struct saved_errors saved = {xmlStructuredError, xmlGenericError, xmlStructuredErrorContext,
		xmlGenericErrorContext};
	xmlSetStructuredErrorFunc(r, on_error);
	xmlSetGenericErrorFunc(NULL, on_generic);
	return saved;
}

static void restore_errors(const struct saved_errors *saved)
{
	xmlSetStructuredErrorFunc(saved->structured_context, saved->structured);
	xmlSetGenericErrorFunc(saved->generic_context, saved->generic);
}

static xmlParserCtxtPtr new_parser(struct xml_reader *r)
{
	xmlSAXHandler sax;
	xml_sax_fill(&sax);
	sax.serror = on_error;
	xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&sax, r, NULL, 0, NULL);
	if (!parser)
		return NULL;
	/* Without NOENT an attribute's "&amp;" arrives as "&#38;". There are no other entities: a DOCTYPE is refused. */
	xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_NOENT);
	/* Said at once, or the parser looks at the first four bytes and may take them for UTF-16 or EBCDIC. */
	if (xmlSwitchEncoding(parser, XML_CHAR_ENCODING_UTF8) == 0 && parser->errNo == XML_ERR_OK)
		return parser;
	xmlFreeParserCtxt(parser);
	return NULL;
}

int32_t xml_reader_open(const struct dgm_open *open, void **ret_reader)
{
	const struct dgm_place nowhere = {0};
	struct xml_reader *r = calloc(1, sizeof *r);
	if (!r) {
		open->host->report(open->job, DGM_ERROR, "xml-no-memory", &nowhere, XML_STR("not enough memory"));
		return DGM_FATAL;
	}
	memcpy(&r->config, open->config, sizeof r->config);
	r->host = open->host;
	r->job = open->job;
	r->input = open->input;
	r->anchor_line = 1;
	r->bad_first = r->bad_last = XML_NOWHERE;
	r->tag_at = XML_NOWHERE;
	if (r->config.max_record > UINT32_MAX) {
		r->host->report(r->job, DGM_ERROR, "xml-option", &nowhere,
			XML_STR("max-record is too large, expected at most 4294967295"));
		goto failed;
	}
	r->hard_attributes =
		r->config.max_attributes > UINT32_MAX ? UINT32_MAX : r->config.max_attributes * HARD_FACTOR;
	if (!xml_names_open(r, open))
		goto failed;
	const struct saved_errors saved = catch_errors(r);
	r->parser = new_parser(r);
	restore_errors(&saved);
	if (!r->parser) {
		r->host->report(r->job, DGM_ERROR, "xml-no-memory", &nowhere, XML_STR("not enough memory"));
		goto failed;
	}
	*ret_reader = r;
	return DGM_OK;
failed:
	xml_reader_close(r);
	return DGM_FATAL;
}

void xml_reader_close(void *reader)
{
	struct xml_reader *r = reader;
	if (!r)
		return;
	if (r->parser) {
		const struct saved_errors saved = catch_errors(r);
		xmlFreeParserCtxt(r->parser);
		restore_errors(&saved);
	}
	xml_names_done(r);
	free(r->frames);
	free(r->bytes);
	free(r->patched);
	free(r->text);
	free(r->events);
	free(r->queue);
	free(r);
}

static void parse(struct xml_reader *r, const char *bytes, size_t n, bool last)
{
	const struct saved_errors saved = catch_errors(r);
	const int rc = xmlParseChunk(r->parser, bytes, (int)n, last);
	restore_errors(&saved);
	if (r->fault.code || (rc == 0 && r->parser->wellFormed && r->parser->errNo == XML_ERR_OK))
		return;
	xml_fail_parser(r, rc ? rc : r->parser->errNo, xml_position(r));
}

/* An item that outgrew max-record while it is open: a record keeps its first bytes, an envelope ends the stream. */
static void check_size(struct xml_reader *r)
{
	const uint64_t at = xml_position(r);
	const uint64_t limit = r->config.max_record;
	const struct xml_frame *top = r->depth ? &r->frames[r->depth - 1] : NULL;
	uint64_t start = XML_NOWHERE;
	if (r->in_envelope)
		start = r->open.start;
	else if (!r->in_record && top && !top->is_group)
		start = top->start;
	if (start < at && at - start > limit)
		xml_fail_envelope(r, start);
	if (r->in_record && at - r->open.start > limit)
		r->open.bad = XML_BAD_RECORD; /* whatever else is wrong with it: so for any size of the pieces */
}

/* Copies the first bytes of an open record that is too long, so that the source need not be kept. */
static void clip_open(struct xml_reader *r)
{
	const size_t want = xml_clip(r);
	size_t capacity = r->text_capacity;
	r->open.first_text = 0;
	if (!xml_grow((void **)&r->text, &capacity, want, 1)) {
		xml_fail_memory(r);
		return;
	}
	r->text_capacity = capacity;
	memcpy(r->text, r->bytes + (r->open.start - r->bytes_at), want);
	r->open.clip = want;
	r->open.is_copied = true;
	r->text_count = r->run_at = want;
}

/* Everything handed out goes; what belongs to an open record moves to the front. */
static void drain(struct xml_reader *r)
{
	const bool is_open = r->in_record || r->in_envelope;
	const size_t events = is_open ? r->open.first_event : r->event_count;
	const size_t text = is_open ? r->open.first_text : r->run_at;
	r->queue_count = r->queue_at = 0;
	if (events > 0) {
		r->event_count -= events;
		memmove(r->events, r->events + events, r->event_count * sizeof *r->events);
		r->open.first_event = 0;
	}
	if (text > 0) {
		r->text_count -= text;
		r->run_at -= text;
		memmove(r->text, r->text + text, r->text_count);
		r->open.first_text = 0;
		for (size_t i = 0; i < r->event_count; i++) {
			if (r->events[i].text.ptr)
				r->events[i].text.ptr -= text;
		}
	}
	uint64_t keep = xml_position(r);
	if (r->in_record && !r->open.is_copied && keep - r->open.start > r->config.max_record)
		clip_open(r);
	if (is_open && !r->open.is_copied) {
		keep = r->open.start;
	} else if (!r->in_record && r->depth && !r->frames[r->depth - 1].is_group) {
		keep = r->frames[r->depth - 1].start;
	}
	if (!r->in_record && r->bad_first < keep && !xml_settle_invalid(r, keep))
		return;
	xml_source_drop(r, keep);
}

/* The first byte behind white space that the parser has not gone through, or 0. */
static char first_left(const struct xml_reader *r)
{
	size_t at = (size_t)(xml_position(r) - r->bytes_at);
	while (at < r->byte_count && xml_is_space(r->bytes[at]))
		at++;
	return at < r->byte_count ? r->bytes[at] : 0;
}

/* Whether the parser waits for the ';' of a reference where there is none: the file is broken here, not cut off. */
static bool is_stray_ampersand(const struct xml_reader *r)
{
	size_t at = (size_t)(xml_position(r) - r->bytes_at);
	if (at >= r->byte_count || r->bytes[at] != '&')
		return false;
	for (at++; at < r->byte_count; at++) {
		if (xml_is_space(r->bytes[at]) || r->bytes[at] == '<' || r->bytes[at] == '&')
			return true;
	}
	return false;
}

static void finish(struct xml_reader *r)
{
	const uint64_t end = r->bytes_at + r->byte_count;
	if (r->depth > 0) {
		if (is_stray_ampersand(r))
			parse(r, NULL, 0, true);
		xml_fail_element(r, "xml-truncated", end, "the file ends inside", &r->frames[r->depth - 1], "");
		return;
	}
	if (!r->root_seen && xml_is_doctype(r, xml_position(r))) {
		xml_fail_parser(r, XML_ERR_OK, xml_position(r));
		return;
	}
	const char next = first_left(r);
	if (!r->root_seen && next == '<') {
		xml_fail(r, "xml-truncated", end, "the file ends before its root element is complete");
		return;
	}
	if (!r->root_seen && next == 0) {
		xml_fail(r, "xml-empty", end, "there is no root element");
		return;
	}
	parse(r, NULL, 0, true);
	if (r->fault.code || !xml_settle_invalid(r, end))
		return;
	if (!r->root_done || xml_position(r) != end) {
		xml_fail(r, "xml-not-well-formed", xml_position(r), "the parser did not go through the whole file");
		return;
	}
	xml_envelope_flush(r, end);
	r->ended = true;
}

static int32_t read_on(struct xml_reader *r)
{
	struct dgm_str piece;
	drain(r);
	if (r->fault.code)
		return DGM_OK;
	const int32_t rc = xml_source_piece(r, &piece);
	if (rc < 0)
		return DGM_FATAL;
	if (r->fault.code)
		return DGM_OK;
	if (rc == 0) {
		finish(r);
		return DGM_OK;
	}
	parse(r, piece.ptr, piece.len, false);
	if (!r->fault.code)
		check_size(r);
	return DGM_OK;
}

static void report_bad(const struct xml_reader *r, const struct xml_item *item)
{
	char text[160];
	const char *code = "";
	unsigned long long limit = 0;
	switch (item->bad) {
	case XML_BAD_NONE:
		return;
	case XML_BAD_TEXT:
		code = "xml-text-too-long";
		limit = r->config.max_text;
		snprintf(text, sizeof text, "a value has more than %llu bytes (max-text)", limit);
		break;
	case XML_BAD_ATTRIBUTES:
		code = "xml-too-many-attributes";
		limit = r->config.max_attributes;
		snprintf(text, sizeof text, "an element has more than %llu attributes (max-attributes)", limit);
		break;
	case XML_BAD_RECORD:
		code = "xml-record-too-long";
		limit = r->config.max_record;
		snprintf(text, sizeof text, "the record has more than %llu bytes, or as many of events (max-record)%s",
			limit, item->clip ? "; only its beginning is kept" : "");
		break;
	case XML_BAD_UTF8:
		code = "text-invalid-utf8";
		snprintf(text, sizeof text, "bytes that are no character in the declared encoding");
		break;
	}
	r->host->report(r->job, DGM_ERROR, code, &item->bad_place, (struct dgm_str){text, strlen(text)});
}

static int32_t deliver(struct xml_reader *r, struct dgm_record *record)
{
	const struct xml_item *item = &r->queue[r->queue_at++];
	const char *from = item->is_copied ? r->text + item->first_text : r->bytes + (item->start - r->bytes_at);
	const struct dgm_str source = {from, item->clip ? item->clip : (size_t)(item->end - item->start)};
	r->host->begin(record, item->path, source, &item->place);
	if (item->bad != XML_BAD_NONE) {
		report_bad(r, item);
		return DGM_BAD;
	}
	if (item->event_count > 0)
		r->host->put(record, r->events + item->first_event, item->event_count);
	return DGM_OK;
}

int32_t xml_reader_next(void *reader, struct dgm_record *record)
{
	struct xml_reader *r = reader;
	for (;;) {
		if (r->queue_at < r->queue_count)
			return deliver(r, record);
		if (r->fault.code) {
			if (!r->fault.reported) {
				r->fault.reported = true;
				r->host->report(r->job, DGM_ERROR, r->fault.code, &r->fault.place,
					(struct dgm_str){r->fault.text, strlen(r->fault.text)});
			}
			return DGM_FATAL;
		}
		if (r->ended)
			return DGM_END;
		if (read_on(r) < 0)
			return DGM_FATAL;
	}
}
