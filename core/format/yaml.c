/* SPDX-License-Identifier: Apache-2.0 */
/* libyaml's events to a tree. What the keys mean is the affair of definition.c and codes.c. */
#include "format/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <yaml.h>

struct loader {
	struct dgm_arena *arena;
	struct dgm_str file;
	struct dgm_diag_sink *diags;
	yaml_parser_t parser;
};

static struct dgm_place place_of(yaml_mark_t mark)
{
	return (struct dgm_place){mark.index, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

static struct dgm_yaml *refuse(struct loader *loader, yaml_mark_t mark, const char *what)
{
	const struct dgm_place place = place_of(mark);
	dgm_diag_text(loader->diags, DGM_ERROR, "definition-yaml", loader->file, &place, "%s", what);
	return NULL;
}

static struct dgm_yaml *new_node(struct loader *loader, enum dgm_yaml_kind kind, const yaml_event_t *event)
{
	struct dgm_yaml *node = dgm_arena_zero(loader->arena, sizeof *node);
	node->kind = kind;
	node->place = place_of(event->start_mark);
	return node;
}

static bool next_event(struct loader *loader, yaml_event_t *event)
{
	if (yaml_parser_parse(&loader->parser, event))
		return true;
	refuse(loader, loader->parser.problem_mark,
		loader->parser.problem ? loader->parser.problem : "not readable as YAML");
	return false;
}

static struct dgm_yaml *read_node(struct loader *loader, yaml_event_t *event, uint32_t depth);

static bool read_entry(struct loader *loader, struct dgm_yaml *map, yaml_event_t *event, uint32_t depth,
	struct dgm_yaml **ret_entry)
{
	if (event->type != YAML_SCALAR_EVENT) {
		refuse(loader, event->start_mark, "a key must be a plain word");
		yaml_event_delete(event);
		return false;
	}
	const struct dgm_str key = dgm_arena_dup(loader->arena,
		dgm_str_of((const char *)event->data.scalar.value, event->data.scalar.length));
	const yaml_mark_t mark = event->start_mark;
	yaml_event_delete(event);
	for (const struct dgm_yaml *other = map->first; other; other = other->next) {
		if (dgm_str_eq(other->key, key)) {
			refuse(loader, mark, "this key stands twice in its map");
			return false;
		}
	}
	yaml_event_t value;
	if (!next_event(loader, &value))
		return false;
	struct dgm_yaml *entry = read_node(loader, &value, depth + 1);
	if (!entry)
		return false;
	entry->key = key;
	entry->key_place = place_of(mark);
	*ret_entry = entry;
	return true;
}

static struct dgm_yaml *read_children(struct loader *loader, struct dgm_yaml *node, yaml_event_type_t end,
	uint32_t depth)
{
	struct dgm_yaml **link = &node->first;
	for (;;) {
		yaml_event_t event;
		if (!next_event(loader, &event))
			return NULL;
		if (event.type == end) {
			yaml_event_delete(&event);
			return node;
		}
		struct dgm_yaml *child = NULL;
		if (node->kind == DGM_YAML_MAP) {
			if (!read_entry(loader, node, &event, depth, &child))
				return NULL;
		} else {
			child = read_node(loader, &event, depth + 1);
			if (!child)
				return NULL;
		}
		*link = child;
		link = &child->next;
		node->count++;
	}
}

/* Consumes the event. */
static struct dgm_yaml *read_node(struct loader *loader, yaml_event_t *event, uint32_t depth)
{
	struct dgm_yaml *node = NULL;
	const yaml_mark_t mark = event->start_mark;
	const bool anchored =
		(event->type == YAML_SCALAR_EVENT && (event->data.scalar.anchor || event->data.scalar.tag)) ||
		(event->type == YAML_MAPPING_START_EVENT &&
			(event->data.mapping_start.anchor || event->data.mapping_start.tag)) ||
		(event->type == YAML_SEQUENCE_START_EVENT &&
			(event->data.sequence_start.anchor || event->data.sequence_start.tag));
	if (depth > DGM_YAML_DEPTH) {
		yaml_event_delete(event);
		return refuse(loader, mark, "nested too deeply");
	}
	if (event->type == YAML_ALIAS_EVENT || anchored) {
		yaml_event_delete(event);
		return refuse(loader, mark, "anchors, aliases and tags are not part of the definition language");
	}
	if (event->type == YAML_SCALAR_EVENT) {
		node = new_node(loader, DGM_YAML_SCALAR, event);
		node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
		node->text = dgm_arena_dup(loader->arena,
			dgm_str_of((const char *)event->data.scalar.value, event->data.scalar.length));
		yaml_event_delete(event);
		return node;
	}
	if (event->type == YAML_MAPPING_START_EVENT) {
		node = new_node(loader, DGM_YAML_MAP, event);
		yaml_event_delete(event);
		return read_children(loader, node, YAML_MAPPING_END_EVENT, depth);
	}
	if (event->type == YAML_SEQUENCE_START_EVENT) {
		node = new_node(loader, DGM_YAML_LIST, event);
		yaml_event_delete(event);
		return read_children(loader, node, YAML_SEQUENCE_END_EVENT, depth);
	}
	yaml_event_delete(event);
	return refuse(loader, mark, "unexpected end of the text");
}

static struct dgm_yaml *read_document(struct loader *loader)
{
	static const yaml_event_type_t prologue[] = {YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT};
	static const yaml_event_type_t epilogue[] = {YAML_DOCUMENT_END_EVENT, YAML_STREAM_END_EVENT};
	yaml_event_t event;
	for (size_t i = 0; i < DGM_COUNT(prologue); i++) {
		if (!next_event(loader, &event))
			return NULL;
		const bool expected = event.type == prologue[i];
		const yaml_mark_t mark = event.start_mark;
		yaml_event_delete(&event);
		if (!expected)
			return refuse(loader, mark, "the file is empty");
	}
	if (!next_event(loader, &event))
		return NULL;
	struct dgm_yaml *root = read_node(loader, &event, 0);
	for (size_t i = 0; root && i < DGM_COUNT(epilogue); i++) {
		if (!next_event(loader, &event))
			return NULL;
		const bool expected = event.type == epilogue[i];
		const yaml_mark_t mark = event.start_mark;
		yaml_event_delete(&event);
		if (!expected)
			return refuse(loader, mark, "only one document in a file");
	}
	return root;
}

struct dgm_yaml *dgm_yaml_parse(struct dgm_arena *arena, struct dgm_str text, struct dgm_str file,
	struct dgm_diag_sink *diags)
{
	struct loader loader = {.arena = arena, .file = file, .diags = diags};
	if (!yaml_parser_initialize(&loader.parser))
		dgm_no_memory(sizeof loader.parser);
	yaml_parser_set_encoding(&loader.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&loader.parser, (const unsigned char *)text.ptr, text.len);
	struct dgm_yaml *root = read_document(&loader);
	yaml_parser_delete(&loader.parser);
	return root;
}

bool dgm_yaml_file(struct dgm_arena *arena, const char *path, struct dgm_str *ret_text)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	if (fd < 0)
		return false;
	bool good = fstat(fd, &status) == 0;
	if (good && (!S_ISREG(status.st_mode) || (uint64_t)status.st_size > DGM_YAML_MAX)) {
		errno = S_ISREG(status.st_mode) ? EFBIG : EINVAL;
		good = false;
	}
	size_t size = good ? (size_t)status.st_size : 0, got = 0;
	char *bytes = dgm_arena_alloc(arena, size + 1);
	while (good && got < size) {
		const ssize_t n = read(fd, bytes + got, size - got);
		if (n < 0 && errno == EINTR)
			continue;
		good = n >= 0;
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	const int problem = errno;
	close(fd);
	errno = problem;
	*ret_text = (struct dgm_str){bytes, got};
	return good;
}

struct dgm_yaml *dgm_yaml_load(struct dgm_arena *arena, const char *path, struct dgm_diag_sink *diags)
{
	struct dgm_str text;
	const struct dgm_str file = dgm_arena_dup(arena, dgm_str(path));
	if (!dgm_yaml_file(arena, path, &text)) {
		dgm_diag_text(diags, DGM_ERROR, "definition-unreadable", file, NULL, "cannot be read: %s",
			strerror(errno));
		return NULL;
	}
	return dgm_yaml_parse(arena, text, file, diags);
}

struct dgm_yaml *dgm_yaml_get(const struct dgm_yaml *map, const char *key)
{
	for (struct dgm_yaml *entry = map ? map->first : NULL; entry; entry = entry->next)
		if (map->kind == DGM_YAML_MAP && dgm_str_is(entry->key, key))
			return entry;
	return NULL;
}
