/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The envelope of a written document: attributes and elements of the containers, kept until their start tags are
 * written. It comes as one record whose keys count from the top of the file.
 */
#include <string.h>

#include "xml_writer.h"

/* The value that an option gives to an attribute of the root; len 0: none does. */
static struct dgm_str option_value(const struct xml_writer *w, struct dgm_str name)
{
	if (xml_is_literal(name, "@xmlns"))
		return w->config.default_namespace;
	if (w->config.schema_location.len && xml_is_literal(name, "@xmlns:xsi"))
		return XML_STR("http://www.w3.org/2001/XMLSchema-instance");
	if (xml_is_literal(name, "@xsi:noNamespaceSchemaLocation"))
		return w->config.schema_location;
	return (struct dgm_str){NULL, 0};
}

/* Prefixes that the root declares, and xsi where it is used: names are checked against them. */
static int32_t declare_prefixes(struct xml_writer *w, const struct dgm_event *events, size_t count)
{
	static const struct dgm_str declares = XML_STR_INIT("@xmlns:"), schema = XML_STR_INIT("@xsi:");
	struct xml_emitter *e = &w->emitter;
	bool uses_schema = false, has_schema = w->config.schema_location.len > 0;
	for (size_t i = 0; i < count; i++) {
		const struct dgm_str name = e->host->key_name(e->job, events[i].key);
		uses_schema |= name.len > schema.len && memcmp(name.ptr, schema.ptr, schema.len) == 0;
		if (e->host->key_parent(e->job, events[i].key) != w->root || name.len <= declares.len ||
			memcmp(name.ptr, declares.ptr, declares.len) != 0)
			continue;
		const struct dgm_str prefix = {name.ptr + declares.len, name.len - declares.len};
		if (events[i].text.len == 0 || xml_is_literal(prefix, "xml") || xml_is_literal(prefix, "xmlns"))
			return xml_writer_bad(w,
				(struct xml_problem){"xml-bad-name", "a prefix that cannot be declared so"});
		has_schema |= xml_is_literal(prefix, "xsi");
		if (!xml_buffer_add(&e->prefixes, prefix) || !xml_buffer_add(&e->prefixes, XML_STR(":")))
			return xml_writer_no_memory(w);
	}
	if (!uses_schema || has_schema)
		return DGM_OK;
	return xml_buffer_add(&e->prefixes, XML_STR("xsi:")) &&
			xml_writer_add_attribute(&w->nodes[0].attributes, XML_STR("xmlns:xsi"),
				XML_STR("http://www.w3.org/2001/XMLSchema-instance"))
		? DGM_OK
		: xml_writer_no_memory(w);
}

static int32_t add_content(struct xml_writer *w, struct xml_container *node, const struct dgm_event *events,
	size_t count)
{
	size_t bound;
	const struct xml_problem problem = xml_emit_check(&w->emitter, events, count, node->depth + 1, false, &bound);
	if (problem.code)
		return xml_writer_bad(w, problem);
	char *const start = xml_buffer_room(&node->content, bound);
	if (!start)
		return xml_writer_no_memory(w);
	char *const end = xml_emit_write(&w->emitter, events, count, node->depth + 1, NULL, node->is_inline, start);
	if (!end)
		return xml_writer_bad(w, XML_FORBIDDEN);
	node->content.len += (size_t)(end - start);
	return DGM_OK;
}

static int32_t add_node_attribute(struct xml_writer *w, struct xml_container *node, struct xml_key *key,
	const struct dgm_event *event)
{
	const struct dgm_str name = w->emitter.host->key_name(w->emitter.job, event->key);
	const struct dgm_str given = node == w->nodes ? option_value(w, name) : (struct dgm_str){NULL, 0};
	if (given.len > 0) {
		if (given.len == event->text.len && memcmp(given.ptr, event->text.ptr, given.len) == 0)
			return DGM_OK; /* an option writes the same */
		return xml_writer_bad(w,
			(struct xml_problem){"xml-duplicate-attribute",
				"an attribute of the root element has one value here and another by an option"});
	}
	if (key->seen == node->serial)
		return xml_writer_bad(w,
			(struct xml_problem){"xml-duplicate-attribute", "an attribute stands twice in one element"});
	key->seen = node->serial;
	/* Room for all of it first, so that what fails then is not memory. */
	if (!xml_buffer_room(&node->attributes, name.len + event->text.len * XML_ESCAPE_FACTOR + 4))
		return xml_writer_no_memory(w);
	return xml_writer_add_attribute(&node->attributes, (struct dgm_str){name.ptr + 1, name.len - 1}, event->text)
		? DGM_OK
		: xml_writer_bad(w, XML_FORBIDDEN);
}

/* Behind the event that closes the group begun at i. */
static size_t behind_group(const struct dgm_event *events, size_t count, size_t i)
{
	size_t depth = 0;
	for (; i < count; i++) {
		depth += events[i].kind == DGM_EVENT_BEGIN;
		if (events[i].kind == DGM_EVENT_END && --depth == 0)
			return i + 1;
	}
	return count;
}

static int32_t take_envelope(struct xml_writer *w, const struct dgm_event *events, size_t count)
{
	static const struct xml_problem stray = {"xml-bad-envelope",
		"what stands outside of the records is not inside the root element of the paths"};
	uint32_t current = XML_NO_CONTAINER;
	for (size_t i = 0; i < count;) {
		const struct dgm_event *event = &events[i];
		const uint32_t below = current != XML_NO_CONTAINER ? xml_writer_find(w, current, event->key)
			: event->key == w->root                    ? 0
								   : XML_NO_CONTAINER;
		if (event->kind == DGM_EVENT_BEGIN && below != XML_NO_CONTAINER) {
			current = below;
			i++;
			continue;
		}
		if (current == XML_NO_CONTAINER)
			return xml_writer_bad(w, stray);
		struct xml_container *node = &w->nodes[current];
		if (event->kind == DGM_EVENT_END) {
			if (event->key != node->key)
				return xml_writer_bad(w,
					(struct xml_problem){"xml-bad-events", "the groups are not closed in order"});
			current = node->parent;
			i++;
			continue;
		}
		struct xml_key *key = xml_emit_key(&w->emitter, event->key);
		if (!key)
			return xml_writer_no_memory(w);
		size_t next = i + 1;
		int32_t rc;
		if (event->kind == DGM_EVENT_BEGIN) {
			next = behind_group(events, count, i);
			rc = add_content(w, node, event, next - i);
		} else if (key->kind == XML_KEY_ATTRIBUTE) {
			rc = add_node_attribute(w, node, key, event);
		} else {
			/* An empty container is written anyway; one with a text keeps that as its own. */
			struct xml_container *owner = below == XML_NO_CONTAINER ? node : &w->nodes[below];
			owner->is_inline |= event->text.len > 0 && (key->kind == XML_KEY_TEXT || owner != node);
			struct dgm_event text = *event;
			const struct dgm_str own = XML_STR("#text");
			if (owner != node)
				text.key = w->emitter.host->key(w->emitter.job, event->key, own);
			rc = owner != node && event->text.len == 0 ? DGM_OK : add_content(w, owner, &text, 1);
		}
		if (rc != DGM_OK)
			return rc;
		i = next;
	}
	return current == XML_NO_CONTAINER
		? DGM_OK
		: xml_writer_bad(w, (struct xml_problem){"xml-bad-events", "the groups are not closed in order"});
}

/* Undoes an envelope that was refused, the prefixes it declared and the names that were good with them included. */
static void forget(struct xml_writer *w, size_t declared)
{
	for (size_t i = 0; i < w->node_count; i++) {
		w->nodes[i].attributes.len = 0;
		w->nodes[i].content.len = 0;
		w->nodes[i].is_inline = false;
	}
	w->emitter.prefixes.len = declared;
	xml_emit_forget_names(&w->emitter);
}

int32_t xml_writer_put_envelope(struct xml_writer *w, const struct dgm_event *events, size_t count)
{
	if (count == 0)
		return DGM_OK;
	if (w->root_written || w->has_envelope)
		return xml_writer_bad(w,
			(struct xml_problem){"xml-late-envelope",
				"values outside of the records came a second time or behind a record; the writer takes them once, first"});
	if (w->root_is_record)
		return xml_writer_bad(w,
			(struct xml_problem){"xml-bad-envelope",
				"the root element is the record, nothing is outside of it"});
	for (size_t i = 0; i < w->node_count; i++) {
		w->nodes[i].serial = ++w->emitter.serial;
	}
	const size_t declared = w->emitter.prefixes.len;
	int32_t rc = declare_prefixes(w, events, count);
	if (rc == DGM_OK)
		rc = take_envelope(w, events, count);
	w->has_envelope = rc == DGM_OK;
	if (rc != DGM_OK)
		forget(w, declared);
	return rc;
}
