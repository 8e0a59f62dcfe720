/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writer: the elements around the records. Paths become a tree of containers whose start tags, records and end tags
 * go to numbered sections of the output, so that they stand in the order of the paths whatever order the records come in.
 */
#include <stdlib.h>
#include <string.h>

#include "xml_writer.h"

static void say(const struct xml_writer *w, const char *code, const char *text)
{
	w->emitter.host->report(w->emitter.job, DGM_ERROR, code, NULL, (struct dgm_str){text, strlen(text)});
}

const struct xml_problem XML_FORBIDDEN = {"xml-forbidden-character",
	"a character that XML 1.0 cannot hold (a control, U+FFFE or U+FFFF)"};

int32_t xml_writer_bad(const struct xml_writer *w, struct xml_problem problem)
{
	say(w, problem.code, problem.text);
	return problem.code == XML_NO_MEMORY.code ? DGM_FATAL : DGM_BAD;
}

int32_t xml_writer_no_memory(const struct xml_writer *w)
{
	say(w, "xml-no-memory", "not enough memory");
	return DGM_FATAL;
}

uint32_t xml_writer_find(const struct xml_writer *w, uint32_t parent, uint32_t key)
{
	for (size_t i = 0; i < w->child_count; i++) {
		const struct xml_place *c = &w->children[i];
		if (c->parent == parent && c->node != XML_NO_CONTAINER && w->nodes[c->node].key == key)
			return c->node;
	}
	return XML_NO_CONTAINER;
}

static bool add_child(struct xml_writer *w, uint32_t parent, uint32_t node)
{
	if (!xml_grow((void **)&w->children, &w->child_capacity, w->child_count + 1, sizeof *w->children))
		return false;
	w->children[w->child_count++] = (struct xml_place){.parent = parent, .node = node};
	return true;
}

static uint32_t add_node(struct xml_writer *w, uint32_t parent, uint32_t key)
{
	if (!xml_grow((void **)&w->nodes, &w->node_capacity, w->node_count + 1, sizeof *w->nodes))
		return XML_NO_CONTAINER;
	const uint32_t number = (uint32_t)w->node_count++;
	w->nodes[number] = (struct xml_container){.key = key,
		.parent = parent,
		.depth = parent == XML_NO_CONTAINER ? 0 : w->nodes[parent].depth + 1};
	return parent == XML_NO_CONTAINER || add_child(w, parent, number) ? number : XML_NO_CONTAINER;
}

/* The place for records directly in a container: the last one it has, unless another container came behind that. */
static uint32_t record_place(struct xml_writer *w, uint32_t parent)
{
	uint32_t last = XML_NO_CONTAINER;
	for (size_t i = 0; i < w->child_count; i++) {
		if (w->children[i].parent == parent)
			last = (uint32_t)i;
	}
	if (last != XML_NO_CONTAINER && w->children[last].node == XML_NO_CONTAINER)
		return last;
	return add_child(w, parent, XML_NO_CONTAINER) ? (uint32_t)(w->child_count - 1) : XML_NO_CONTAINER;
}

/*
 * A path inside the root element, which is a record: what its records hold is put behind what that element of the root
 * record holds. Keys of a record count from its top, so the root's name is not among them.
 */
static const char *add_inner(struct xml_writer *w, uint32_t number, struct dgm_str path)
{
	const struct dgm_host *host = w->emitter.host;
	const struct dgm_str root = w->root_name;
	if (w->inner_path != XML_NO_CONTAINER)
		return "one element inside the root record can take further ones";
	if (path.len <= root.len || memcmp(path.ptr, root.ptr, root.len) != 0 || path.ptr[root.len] != '/')
		return "the paths have different root elements";
	for (size_t from = root.len + 1, at = from; at <= path.len; at++) {
		if (at < path.len && path.ptr[at] != '/')
			continue;
		const struct dgm_str name = {path.ptr + from, at - from};
		if (!xml_is_name(name) || memchr(name.ptr, ':', name.len))
			return "a path holds what is no name of an element without prefix";
		w->inner_key = host->key(w->emitter.job, w->inner_key, name);
		if (w->inner_key == 0)
			return "not enough memory";
		w->inner_depth++;
		from = at + 1;
	}
	w->inner_path = number;
	return NULL;
}

/* key: of the container so far, from the top of the file. NULL, or what is wrong. */
static const char *add_path(struct xml_writer *w, uint32_t number, struct dgm_str path)
{
	static const char memory[] = "not enough memory";
	const struct dgm_host *host = w->emitter.host;
	uint32_t key = 0, node = XML_NO_CONTAINER;
	size_t from = 0;
	for (size_t at = 0; at <= path.len; at++) {
		if (at < path.len && path.ptr[at] != '/')
			continue;
		const struct dgm_str name = {path.ptr + from, at - from};
		if (name.len == 0 || !xml_is_name(name) || memchr(name.ptr, ':', name.len))
			return "a path holds what is no name of an element without prefix";
		if (!host->encodes(w->output, name))
			return XML_UNENCODABLE.text;
		const bool is_root = from == 0, is_last = at == path.len;
		from = at + 1;
		if (w->root_is_record && number > 0)
			return add_inner(w, number, path);
		key = host->key(w->emitter.job, key, name);
		if (key == 0)
			return memory;
		if (is_root && w->root && w->root != key)
			return "the paths have different root elements";
		if (is_root) {
			w->root = key;
			w->root_name = name;
		}
		if (is_last) {
			w->path_keys[number] = key;
			w->root_is_record |= is_root;
			w->path_children[number] = is_root ? XML_NO_CONTAINER : record_place(w, node);
			return is_root || w->path_children[number] != XML_NO_CONTAINER ? NULL : memory;
		}
		uint32_t next = is_root ? (w->node_count ? 0 : XML_NO_CONTAINER) : xml_writer_find(w, node, key);
		if (next == XML_NO_CONTAINER)
			next = add_node(w, node, key);
		if (next == XML_NO_CONTAINER)
			return memory;
		node = next;
	}
	return "a path of xml must name an element";
}

/* Gives a container and what it holds their sections. Recursion ends with the paths' depth. */
static void number_sections(struct xml_writer *w, uint32_t number)
{
	struct xml_container *node = &w->nodes[number];
	node->open_section = w->next_section++;
	uint32_t current = node->open_section;
	for (size_t i = 0; i < w->child_count; i++) {
		struct xml_place *c = &w->children[i];
		if (c->parent != number)
			continue;
		if (c->node != XML_NO_CONTAINER) {
			number_sections(w, c->node);
			current = UINT32_MAX;
			continue;
		}
		if (current == UINT32_MAX)
			current = w->next_section++;
		c->section = current;
	}
	node->close_section = current == UINT32_MAX ? w->next_section++ : current;
}

static void go_to(struct xml_writer *w, uint32_t section)
{
	if (section != w->section)
		w->emitter.host->section(w->output, section);
	w->section = section;
}

static void put_bytes(struct xml_writer *w, const char *p, size_t n)
{
	if (n > 0)
		w->emitter.host->write(w->output, (struct dgm_str){p, n});
}

static void put_indent(struct xml_writer *w, size_t depth)
{
	char *const start = w->emitter.host->reserve(w->output, xml_indent_bound(&w->emitter, depth));
	w->emitter.host->commit(w->output, (size_t)(xml_emit_indent(&w->emitter, start, depth) - start));
}

bool xml_writer_add_attribute(struct xml_buffer *to, struct dgm_str name, struct dgm_str text)
{
	if (!xml_buffer_add(to, XML_STR(" ")) || !xml_buffer_add(to, name) || !xml_buffer_add(to, XML_STR("=\"")))
		return false;
	char *at = xml_buffer_room(to, text.len * XML_ESCAPE_FACTOR + 1);
	char *end = at ? xml_escape_attribute(at, text) : NULL;
	if (!end)
		return false;
	*end++ = '"';
	to->len += (size_t)(end - at);
	return true;
}

static void put_declaration(struct xml_writer *w)
{
	const struct dgm_host *host = w->emitter.host;
	if (w->config.declaration == XML_DECLARATION_NO)
		return;
	host->write(w->output, XML_STR("<?xml version=\"1.0\" encoding=\""));
	host->write(w->output, w->encoding);
	host->write(w->output, XML_STR("\""));
	if (w->config.declaration == XML_DECLARATION_STANDALONE)
		host->write(w->output, XML_STR(" standalone=\"yes\""));
	host->write(w->output, XML_STR("?>"));
}

/* The name that XML gives to the host's charset; the usual one is written as everybody writes it. */
static struct dgm_str declared_encoding(const struct dgm_open *open)
{
	const struct dgm_str usual = XML_STR("UTF-8");
	if (!DGM_HAS(open, encoding) || open->encoding.len == 0 ||
		(open->encoding.len == usual.len && memcmp(open->encoding.ptr, "utf-8", usual.len) == 0))
		return usual;
	return open->encoding;
}

/* The attributes that the options give to the root element. */
static bool add_option_attributes(const struct xml_writer *w, struct xml_buffer *to)
{
	if (w->config.default_namespace.len &&
		!xml_writer_add_attribute(to, XML_STR("xmlns"), w->config.default_namespace))
		return false;
	return !w->config.schema_location.len ||
		(xml_writer_add_attribute(to, XML_STR("xmlns:xsi"),
			 XML_STR("http://www.w3.org/2001/XMLSchema-instance")) &&
			xml_writer_add_attribute(to, XML_STR("xsi:noNamespaceSchemaLocation"),
				w->config.schema_location));
}

static bool check_options(struct xml_writer *w)
{
	struct xml_buffer trial = {0};
	const bool good = add_option_attributes(w, &trial);
	free(trial.ptr);
	if (!good)
		say(w, "xml-option", "namespace or schema-location holds a character that XML cannot hold");
	else if (w->config.indent > 8)
		say(w, "xml-option", "indent is too large, expected at most 8");
	return good && w->config.indent <= 8;
}

int32_t xml_writer_open(const struct dgm_open *open, void **ret_writer)
{
	struct xml_writer *w = calloc(1, sizeof *w);
	if (!w) {
		open->host->report(open->job, DGM_ERROR, "xml-no-memory", NULL, XML_STR("not enough memory"));
		return DGM_FATAL;
	}
	memcpy(&w->config, open->config, sizeof w->config);
	w->emitter.host = open->host;
	w->emitter.job = open->job;
	w->emitter.indent = (size_t)w->config.indent;
	w->output = open->output;
	w->emitter.output = open->output;
	open->host->fallback(open->output, DGM_FALLBACK_XML);
	w->encoding = declared_encoding(open);
	w->path_count = open->path_count;
	w->path_children = calloc((size_t)open->path_count + 1, sizeof *w->path_children);
	w->path_keys = calloc((size_t)open->path_count + 1, sizeof *w->path_keys);
	w->emitter.watched = SIZE_MAX;
	w->inner_path = XML_NO_CONTAINER;
	const char *wrong = w->path_children && w->path_keys ? NULL : "not enough memory";
	if (!wrong && open->path_count == 0)
		wrong = "no path says which elements are records";
	for (uint32_t i = 0; i < open->path_count && !wrong; i++)
		wrong = add_path(w, i, open->paths[i]);
	if (!wrong && w->root_is_record && w->node_count > 0)
		wrong = "the root element cannot be a record and hold others";
	if (wrong)
		say(w, open->path_count && open->paths[0].len ? "xml-bad-path" : "xml-no-path", wrong);
	if (wrong || !check_options(w)) {
		xml_writer_close(w);
		return DGM_FATAL;
	}
	w->emitter.root = w->root_is_record ? 0 : w->root;
	if (w->config.schema_location.len && !xml_buffer_add(&w->emitter.prefixes, XML_STR("xsi:"))) {
		xml_writer_close(w);
		return DGM_FATAL;
	}
	if (!w->root_is_record)
		number_sections(w, 0);
	*ret_writer = w;
	return DGM_OK;
}

void xml_writer_close(void *writer)
{
	struct xml_writer *w = writer;
	if (!w)
		return;
	for (size_t i = 0; i < w->node_count; i++) {
		free(w->nodes[i].attributes.ptr);
		free(w->nodes[i].content.ptr);
	}
	free(w->nodes);
	free(w->children);
	free(w->path_children);
	free(w->path_keys);
	xml_emit_done(&w->emitter);
	free(w);
}

/* The name and the attributes of a start tag, without its end. */
static bool put_start(struct xml_writer *w, uint32_t key, bool is_root, size_t depth, bool is_inline)
{
	if (is_root) {
		put_declaration(w);
		if (w->config.declaration != XML_DECLARATION_NO)
			put_indent(w, 0);
		w->root_written = true;
	} else if (!is_inline) {
		put_indent(w, depth);
	}
	const struct xml_key *entry = xml_emit_key(&w->emitter, key);
	if (!entry)
		return false;
	put_bytes(w, entry->tag, entry->length + 1);
	struct xml_buffer options = {0};
	const bool good = !is_root || add_option_attributes(w, &options);
	put_bytes(w, options.ptr, options.len);
	free(options.ptr);
	return good;
}

static bool is_inline(const struct xml_writer *w, uint32_t number)
{
	return number != XML_NO_CONTAINER && w->nodes[number].is_inline;
}

static bool open_node(struct xml_writer *w, uint32_t number)
{
	struct xml_container *node = &w->nodes[number];
	if (node->is_open)
		return true;
	if (node->parent != XML_NO_CONTAINER && !open_node(w, node->parent))
		return false;
	node->is_open = true;
	node->is_inline |= is_inline(w, node->parent);
	go_to(w, node->open_section);
	if (!put_start(w, node->key, number == 0, node->depth, is_inline(w, node->parent)))
		return false;
	put_bytes(w, node->attributes.ptr, node->attributes.len);
	put_bytes(w, ">", 1);
	put_bytes(w, node->content.ptr, node->content.len);
	return true;
}

/* The sections of a file whose root is a record: up to the end of its inner element, further ones, the rest. */
enum { INNER_MORE = 1, INNER_REST = 2 };

static const struct xml_problem one_record = {"xml-one-record",
	"the record is the root element, of which there is one, and this one has no place in it"};

/* The end of the last group of a key; SIZE_MAX: there is none. */
static size_t last_end(const struct dgm_event *events, size_t count, uint32_t key)
{
	for (size_t i = count; i > 0; i--)
		if (events[i - 1].kind == DGM_EVENT_END && events[i - 1].key == key)
			return i - 1;
	return SIZE_MAX;
}

/* Behind what an element of the root record holds. */
static int32_t put_inner(struct xml_writer *w, const struct dgm_event *events, size_t count)
{
	size_t bound;
	if (!w->inner_open)
		return xml_writer_bad(w, one_record);
	const size_t depth = w->inner_depth + 1;
	const struct xml_problem problem = xml_emit_check(&w->emitter, events, count, depth, false, &bound);
	if (problem.code)
		return xml_writer_bad(w, problem);
	go_to(w, INNER_MORE);
	char *const start = w->emitter.host->reserve(w->output, bound);
	char *const end = xml_emit_write(&w->emitter, events, count, depth, NULL, false, start);
	w->emitter.host->commit(w->output, end ? (size_t)(end - start) : 0);
	go_to(w, INNER_REST);
	return end ? DGM_OK : xml_writer_bad(w, XML_FORBIDDEN);
}

/* The root element is the record: there is one, and the options' attributes are its own. */
static int32_t put_root_record(struct xml_writer *w, const struct dgm_event *events, size_t count)
{
	size_t bound;
	if (w->root_written)
		return xml_writer_bad(w, one_record);
	w->emitter.watched = w->inner_path == XML_NO_CONTAINER ? SIZE_MAX : last_end(events, count, w->inner_key);
	const struct xml_problem problem = xml_emit_check(&w->emitter, events, count, 1, true, &bound);
	if (problem.code)
		return xml_writer_bad(w, problem);
	struct xml_buffer whole = {0};
	char *const start = xml_buffer_room(&whole, bound + 2 * (w->emitter.keys[w->root].length + 5));
	char *const end =
		start ? xml_emit_write(&w->emitter, events, count, 1, &w->emitter.keys[w->root], false, start) : NULL;
	int32_t result = DGM_OK;
	if (!end) {
		result = xml_writer_bad(w, XML_FORBIDDEN);
	} else if (!put_start(w, w->root, true, 0, false)) {
		result = xml_writer_no_memory(w);
	} else {
		w->inner_open = w->emitter.watched != SIZE_MAX;
		const size_t first = w->inner_open ? (size_t)(w->emitter.watched_at - start) : 0;
		put_bytes(w, start, first);
		/* What comes behind goes between, for as long as it comes. */
		if (w->inner_open)
			go_to(w, INNER_REST);
		put_bytes(w, start + first, (size_t)(end - start) - first);
	}
	w->emitter.watched = SIZE_MAX;
	free(whole.ptr);
	return result;
}

static int32_t put_record(struct xml_writer *w, uint32_t path, const struct dgm_event *events, size_t count)
{
	const struct xml_place *place = &w->children[w->path_children[path]];
	const struct xml_container *node = &w->nodes[place->parent];
	const size_t depth = node->depth + 1;
	size_t bound;
	const struct xml_key *key = xml_emit_key(&w->emitter, w->path_keys[path]);
	if (!key)
		return xml_writer_no_memory(w);
	const struct xml_problem problem = xml_emit_check(&w->emitter, events, count, depth + 1, true, &bound);
	if (problem.code)
		return xml_writer_bad(w, problem);
	key = &w->emitter.keys[w->path_keys[path]]; /* the table may have moved */
	if (!node->is_open && !open_node(w, place->parent))
		return xml_writer_no_memory(w);
	go_to(w, place->section);
	char *const start =
		w->emitter.host->reserve(w->output, bound + 2 * key->length + 8 + xml_indent_bound(&w->emitter, depth));
	char *at = node->is_inline ? start : xml_emit_indent(&w->emitter, start, depth);
	memcpy(at, key->tag, key->length + 1);
	at = xml_emit_write(&w->emitter, events, count, depth + 1, key, node->is_inline, at + key->length + 1);
	w->emitter.host->commit(w->output, at ? (size_t)(at - start) : 0);
	if (!at)
		return xml_writer_bad(w, XML_FORBIDDEN);
	return DGM_OK;
}

int32_t xml_writer_put(void *writer, const struct dgm_record *record)
{
	struct xml_writer *w = writer;
	size_t count;
	const struct dgm_event *events = w->emitter.host->events(record, &count);
	const uint32_t path = w->emitter.host->path(record);
	if (path == DGM_PATH_ENVELOPE)
		return xml_writer_put_envelope(w, events, count);
	if (path >= w->path_count)
		return xml_writer_bad(w,
			(struct xml_problem){"xml-bad-path",
				"the record has a path that the writer was not opened with"});
	if (w->root_is_record && path == w->inner_path)
		return put_inner(w, events, count);
	if (w->root_is_record) {
		if (!xml_emit_key(&w->emitter, w->root))
			return xml_writer_no_memory(w);
		return put_root_record(w, events, count);
	}
	return put_record(w, path, events, count);
}

/* Ends a container and what it holds; one that was never opened is written now. Recursion ends with the paths' depth. */
static bool finish_node(struct xml_writer *w, uint32_t number)
{
	struct xml_container *node = &w->nodes[number];
	bool has_nodes = false;
	for (size_t i = 0; i < w->child_count; i++)
		has_nodes |= w->children[i].parent == number && w->children[i].node != XML_NO_CONTAINER;
	if (!node->is_open && !has_nodes && node->content.len == 0) {
		go_to(w, node->open_section);
		if (!put_start(w, node->key, number == 0, node->depth, is_inline(w, node->parent)))
			return false;
		put_bytes(w, node->attributes.ptr, node->attributes.len);
		put_bytes(w, "/>", 2);
		return true;
	}
	if (!open_node(w, number))
		return false;
	for (size_t i = 0; i < w->child_count; i++) {
		if (w->children[i].parent == number && w->children[i].node != XML_NO_CONTAINER &&
			!finish_node(w, w->children[i].node))
			return false;
	}
	go_to(w, node->close_section);
	if (!node->is_inline)
		put_indent(w, node->depth);
	const struct xml_key *key = xml_emit_key(&w->emitter, node->key);
	if (!key)
		return false;
	put_bytes(w, key->tag + key->length + 2, key->length + 3);
	return true;
}

int32_t xml_writer_finish(void *writer)
{
	struct xml_writer *w = writer;
	bool good = true;
	if (!w->root_is_record) {
		good = finish_node(w, 0);
	} else if (!w->root_written) {
		good = put_start(w, w->root, true, 0, false);
		put_bytes(w, "/>", 2);
	}
	put_indent(w, 0); /* the last line ends too, unless no white space is wanted */
	return good ? DGM_OK : xml_writer_no_memory(w);
}

uint64_t xml_writer_state(const void *writer)
{
	const struct xml_writer *w = writer;
	uint64_t state = 0xcbf29ce484222325u ^ ((uint64_t)w->root_written | (uint64_t)w->inner_open << 1);
	/* FNV-1a: there may be more containers than bits. */
	for (size_t i = 0; i < w->node_count; i++)
		state = (state ^ w->nodes[i].is_open) * 0x100000001b3u;
	return state;
}
