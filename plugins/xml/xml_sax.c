/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the parser's callbacks to records. An element is a value until it turns out to have attributes or children: its
 * BEGIN is written when the first of them comes. What stands outside of records goes into an envelope, whose groups are
 * opened only when a value comes, and which ends where the next record begins.
 */
#include <stdio.h>
#include <string.h>

#include "xml_reader.h"

static bool stopped(const struct xml_reader *r)
{
	return r->fault.code || r->refused;
}

static void stop(struct xml_reader *r)
{
	r->refused = true;
	xmlStopParser(r->parser);
}

void xml_mark_bad(struct xml_reader *r, enum xml_bad bad, uint64_t at)
{
	if (r->open.bad != XML_BAD_NONE)
		return;
	r->open.bad = bad;
	r->open.bad_place = xml_place(r, at);
}

/* Texts are pointed to by events that were not handed out yet; they follow when the buffer moves. */
static bool reserve_text(struct xml_reader *r, size_t more)
{
	if (r->text_capacity - r->text_count >= more)
		return true;
	const uintptr_t old = (uintptr_t)r->text;
	if (!xml_grow((void **)&r->text, &r->text_capacity, r->text_count + more, 1)) {
		xml_fail_memory(r);
		return false;
	}
	for (size_t i = 0; i < r->event_count; i++) {
		struct dgm_event *event = &r->events[i];
		if (event->text.ptr)
			event->text.ptr = r->text + ((uintptr_t)event->text.ptr - old);
	}
	return true;
}

static void drop_run(struct xml_reader *r)
{
	r->text_count = r->run_at;
	r->run_length = 0;
}

static void discard(struct xml_reader *r)
{
	r->event_count = r->open.first_event;
	r->text_count = r->open.first_text + (r->open.is_copied ? r->open.clip : 0);
	r->run_at = r->text_count;
	r->run_length = 0;
}

static void add_event(struct xml_reader *r, uint16_t kind, uint32_t key, uint64_t at, struct dgm_str text)
{
	if (r->open.bad != XML_BAD_NONE)
		return;
	if (r->event_count == r->event_capacity &&
		!xml_grow((void **)&r->events, &r->event_capacity, r->event_count + 1, sizeof *r->events)) {
		xml_fail_memory(r);
		return;
	}
	/* Many tiny elements are small in the file and large as events: these count against the limit too. */
	if ((r->event_count - r->open.first_event) >= r->config.max_record / sizeof *r->events) {
		xml_mark_bad(r, XML_BAD_RECORD, r->open.start);
		return;
	}
	r->events[r->event_count++] = (struct dgm_event){.kind = kind,
		.literal = DGM_LITERAL_TEXT,
		.key = key,
		.flags = DGM_EVENT_STABLE,
		.offset = at > r->open.start ? (uint32_t)(at - r->open.start) : 0,
		.text = text};
}

/* Opens the envelope if need be, and its groups down to the innermost `depth` frames. trigger: what the value is at. */
static void begin_envelope(struct xml_reader *r, size_t depth, uint64_t trigger)
{
	if (!r->in_envelope) {
		/* Before the place of a bad byte in front of it is out of reach. */
		if (!xml_settle_invalid(r, trigger))
			return;
		r->in_envelope = true;
		xml_anchor(r, trigger);
		r->open = (struct xml_item){.start = trigger,
			.place = xml_place(r, trigger),
			.first_event = r->event_count,
			.first_text = r->run_at,
			.path = DGM_PATH_ENVELOPE};
	}
	for (size_t i = 0; i < depth; i++) {
		struct xml_frame *frame = &r->frames[i];
		if (frame->begun)
			continue;
		frame->begun = true;
		add_event(r, DGM_EVENT_BEGIN, frame->key, frame->start, (struct dgm_str){NULL, 0});
	}
}

/* The pending text as a value of this key, which it is not copied for. */
static void take_run(struct xml_reader *r, uint32_t key, uint64_t at)
{
	if (r->run_length > r->config.max_text)
		xml_mark_bad(r, XML_BAD_TEXT, at);
	const size_t length = r->text_count - r->run_at;
	add_event(r, DGM_EVENT_VALUE, key, at, (struct dgm_str){length ? r->text + r->run_at : NULL, length});
	r->run_at = r->text_count;
	r->run_length = 0;
	if (r->open.bad != XML_BAD_NONE)
		discard(r);
}

static bool is_blank(const char *p, size_t n)
{
	size_t i = 0;
	while (i < n && xml_is_space(p[i]))
		i++;
	return i == n;
}

/*
 * The pending text as "#text" of the innermost element, which is a group: of its own element if no child ever comes,
 * blanks and all; between children only if it is more than white space.
 */
static void take_mixed(struct xml_reader *r, const struct xml_frame *frame, bool between, uint64_t end)
{
	const size_t length = r->text_count - r->run_at;
	if (r->run_length == 0 || (between && r->run_length == length && is_blank(r->text + r->run_at, length))) {
		drop_run(r);
		return;
	}
	if (!r->in_record)
		begin_envelope(r, r->depth, end);
	static const xmlChar name[] = "#text";
	const struct xml_name *text = xml_names_find(r, frame->key, NULL, name, false, end);
	if (text)
		take_run(r, text->key, r->in_record ? frame->start : end);
}

static void push_item(struct xml_reader *r, uint64_t end)
{
	struct xml_item *item = &r->open;
	item->end = end;
	if (end - item->start > r->config.max_record) {
		item->bad = XML_BAD_RECORD;
		item->clip = xml_clip(r);
	}
	if (item->bad == XML_BAD_RECORD && item->path == DGM_PATH_ENVELOPE) {
		xml_fail_envelope(r, item->start);
		return;
	}
	if (item->bad == XML_BAD_RECORD)
		item->bad_place = item->place;
	if (item->bad != XML_BAD_NONE)
		discard(r);
	item->event_count = r->event_count - item->first_event;
	if (!xml_grow((void **)&r->queue, &r->queue_capacity, r->queue_count + 1, sizeof *r->queue)) {
		xml_fail_memory(r);
		return;
	}
	r->queue[r->queue_count++] = *item;
}

bool xml_settle_invalid(struct xml_reader *r, uint64_t limit)
{
	while (r->bad_first < limit) {
		if (!r->in_envelope || r->bad_first < r->open.start) {
			xml_fail(r, "text-invalid-utf8", r->bad_first,
				"bytes that are no character in the declared encoding, outside of all records");
			return false;
		}
		xml_mark_bad(r, XML_BAD_UTF8, r->bad_first);
		r->bad_first = r->bad_last >= limit ? xml_source_invalid(r, limit) : XML_NOWHERE;
	}
	return true;
}

void xml_envelope_flush(struct xml_reader *r, uint64_t end)
{
	if (!r->in_envelope)
		return;
	for (size_t i = r->depth; i-- > 0;) {
		struct xml_frame *frame = &r->frames[i];
		if (!frame->begun)
			continue;
		frame->begun = false;
		add_event(r, DGM_EVENT_END, frame->key, frame->start, (struct dgm_str){NULL, 0});
	}
	push_item(r, end);
	r->in_envelope = false;
}

static void open_record(struct xml_reader *r, const struct xml_name *name, uint64_t at)
{
	if (!xml_settle_invalid(r, at))
		return;
	xml_envelope_flush(r, at);
	xml_anchor(r, at);
	r->in_record = true;
	r->record_depth = r->depth;
	r->open = (struct xml_item){.start = at,
		.place = xml_place(r, at),
		.first_event = r->event_count,
		.first_text = r->text_count,
		.path = name->path};
}

static void close_record(struct xml_reader *r, uint64_t end)
{
	if (r->bad_first < end) {
		xml_mark_bad(r, XML_BAD_UTF8, r->bad_first);
		r->bad_first = r->bad_last >= end ? xml_source_invalid(r, end) : XML_NOWHERE;
	}
	push_item(r, end);
	r->in_record = false;
}

static bool count_namespaces(struct xml_reader *r, int count, const xmlChar **namespaces, uint64_t at)
{
	for (int i = 0; i < 2 * count; i++) {
		if (!xml_names_count(r, namespaces[i], at))
			return false;
	}
	return true;
}

static void add_attributes(struct xml_reader *r, uint32_t parent, int count, const xmlChar **attributes, uint64_t at)
{
	if ((uint64_t)count > r->hard_attributes) {
		char text[120];
		snprintf(text, sizeof text, "an element has more than %llu attributes, 16 times max-attributes",
			(unsigned long long)r->hard_attributes);
		xml_fail(r, "xml-too-many-attributes", at, text);
		return;
	}
	if ((uint64_t)count > r->config.max_attributes)
		xml_mark_bad(r, XML_BAD_ATTRIBUTES, at);
	for (int i = 0; i < count; i++, attributes += 5) {
		const struct xml_name *name = xml_names_find(r, parent, attributes[1], attributes[0], true, at);
		if (!name)
			return;
		const size_t length = (size_t)(attributes[4] - attributes[3]);
		if (length > r->config.max_text)
			xml_mark_bad(r, XML_BAD_TEXT, at);
		if (r->open.bad != XML_BAD_NONE)
			continue;
		if (!reserve_text(r, length))
			return;
		if (length > 0)
			memcpy(r->text + r->text_count, attributes[3], length);
		r->text_count += length;
		r->run_length = length;
		take_run(r, name->key, at);
	}
	if (r->open.bad != XML_BAD_NONE)
		discard(r);
}

/* The enclosing element learns that it has a child. */
static void enter_parent(struct xml_reader *r, uint64_t at)
{
	if (r->depth == 0)
		return;
	struct xml_frame *parent = &r->frames[r->depth - 1];
	parent->is_group = true;
	if (r->in_record && !parent->begun) {
		parent->begun = true;
		add_event(r, DGM_EVENT_BEGIN, parent->key, parent->start, (struct dgm_str){NULL, 0});
	}
	parent->has_child = true;
	take_mixed(r, parent, true, at);
}

static void start_element(void *data, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
	int namespace_count, const xmlChar **namespaces, int attribute_count, int defaulted, const xmlChar **attributes)
{
	(void)uri;
	(void)defaulted;
	struct xml_reader *r = data;
	if (stopped(r))
		return;
	const uint64_t at = xml_tag_start(r);
	r->root_seen = true;
	if (r->depth >= r->config.max_depth) {
		char text[80];
		snprintf(text, sizeof text, "more than %llu elements inside one another (max-depth)",
			(unsigned long long)r->config.max_depth);
		xml_fail(r, "xml-depth", at, text);
		stop(r);
		return;
	}
	if (namespace_count && !count_namespaces(r, namespace_count, namespaces, at)) {
		stop(r);
		return;
	}
	enter_parent(r, at);
	const uint32_t above = r->depth ? r->frames[r->depth - 1].key : 0;
	const struct xml_name *name = xml_names_find(r, above, prefix, local, false, at);
	if (!name || !xml_grow((void **)&r->frames, &r->frame_capacity, r->depth + 1, sizeof *r->frames)) {
		xml_fail_memory(r);
		stop(r);
		return;
	}
	struct xml_frame *frame = &r->frames[r->depth];
	*frame = (struct xml_frame){.start = at,
		.local = local,
		.prefix = prefix,
		.key = name->key,
		.path = XML_PATH_NONE};
	if (!r->in_record) {
		frame->path = name->path;
		frame->is_group = name->path == XML_PATH_CONTAINER;
		if (name->path < XML_PATH_CONTAINER) {
			open_record(r, name, at);
			frame->key = 0;
			frame->is_group = frame->begun = true;
		}
	}
	r->depth++;
	if (attribute_count > 0) {
		frame->is_group = true;
		if (!r->in_record)
			begin_envelope(r, r->depth, at);
		else if (!frame->begun) {
			frame->begun = true;
			add_event(r, DGM_EVENT_BEGIN, frame->key, at, (struct dgm_str){NULL, 0});
		}
		add_attributes(r, frame->key, attribute_count, attributes, at);
	}
	if (r->fault.code)
		stop(r);
}

static void end_element(void *data, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	(void)local;
	(void)prefix;
	(void)uri;
	struct xml_reader *r = data;
	if (stopped(r) || r->depth == 0)
		return;
	struct xml_frame *frame = &r->frames[r->depth - 1];
	if (frame->is_group) {
		take_mixed(r, frame, frame->has_child || frame->path == XML_PATH_CONTAINER, xml_position(r));
		r->depth--;
		if (r->in_record && r->depth == r->record_depth)
			close_record(r, xml_position(r));
		else if (frame->begun)
			add_event(r, DGM_EVENT_END, frame->key, frame->start, (struct dgm_str){NULL, 0});
	} else {
		r->depth--;
		if (!r->in_record)
			begin_envelope(r, r->depth, frame->start);
		take_run(r, frame->key, frame->start);
	}
	if (r->depth == 0)
		r->root_done = true;
	if (r->fault.code)
		stop(r);
}

static void characters(void *data, const xmlChar *text, int length)
{
	struct xml_reader *r = data;
	const size_t n = (size_t)length;
	if (stopped(r) || ((r->in_record || r->in_envelope) && r->open.bad != XML_BAD_NONE))
		return;
	r->run_length += n;
	if (r->run_length > r->config.max_text || !reserve_text(r, n))
		return; /* what was cut is noticed where the run ends */
	memcpy(r->text + r->text_count, text, n);
	r->text_count += n;
}

static void internal_subset(void *data, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	(void)name;
	(void)external;
	(void)system;
	struct xml_reader *r = data;
	if (stopped(r))
		return;
	/* Only white space stands between the end of what came before and the declaration. */
	uint64_t at = r->misc_end > r->bytes_at ? r->misc_end : r->bytes_at;
	while (at < r->bytes_at + r->byte_count && r->bytes[at - r->bytes_at] != '<')
		at++;
	xml_fail(r, "xml-doctype", at, "document type declarations are not accepted");
	stop(r);
}

static void start_document(void *data)
{
	struct xml_reader *r = data;
	r->misc_end = xml_position(r);
	const xmlChar *version = r->parser->version;
	if (version && strcmp((const char *)version, "1.0") != 0 && !stopped(r)) {
		xml_fail(r, "xml-version", r->bytes_at, "an XML version other than 1.0");
		stop(r);
	}
}

static void comment(void *data, const xmlChar *text)
{
	(void)text;
	struct xml_reader *r = data;
	r->misc_end = xml_position(r);
}

static void instruction(void *data, const xmlChar *target, const xmlChar *text)
{
	(void)text;
	struct xml_reader *r = data;
	if (stopped(r))
		return;
	r->misc_end = xml_position(r);
	if (!xml_names_count(r, target, r->misc_end))
		stop(r);
}

/* Only an entity that nobody declared comes here; nothing may be left out of a value in silence. */
static void reference(void *data, const xmlChar *name)
{
	(void)name;
	struct xml_reader *r = data;
	xml_fail_parser(r, XML_ERR_UNDECLARED_ENTITY, xml_position(r));
}

void xml_sax_fill(xmlSAXHandler *sax)
{
	memset(sax, 0, sizeof *sax);
	sax->initialized = XML_SAX2_MAGIC;
	sax->internalSubset = internal_subset;
	sax->reference = reference;
	sax->startDocument = start_document;
	sax->startElementNs = start_element;
	sax->endElementNs = end_element;
	sax->characters = characters;
	sax->ignorableWhitespace = characters; /* the same function: the parser then does not ask which it is */
	sax->cdataBlock = characters;
	sax->comment = comment;
	sax->processingInstruction = instruction;
}
