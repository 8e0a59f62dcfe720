/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cJSON as the reference for the scanner's events. The tree is walked once by child and next; cJSON's own numbers are
 * never used, for they are doubles. Its allocation hooks are left alone: they belong to the whole process.
 */
#include "json_tree.h"

#include <stdlib.h>

#include <cjson/cJSON.h>

struct json_tree {
	const struct json_scan *scan;
	cJSON *root;
	struct dgm_event *events;
	size_t count, capacity;
	char *copy; /* of a record with numbers that cJSON cannot read */
	size_t copy_size;
};

struct json_tree *json_tree_new(const struct json_scan *scan)
{
	struct json_tree *tree = calloc(1, sizeof *tree);
	if (tree)
		tree->scan = scan;
	return tree;
}

void json_tree_free(struct json_tree *tree)
{
	if (!tree)
		return;
	cJSON_Delete(tree->root);
	free(tree->events);
	free(tree->copy);
	free(tree);
}

/* The source with every number replaced by 0 and blanks, for cJSON gives up behind the 63rd byte of one. */
static const char *without_numbers(struct json_tree *tree, struct dgm_str source)
{
	if (source.len > tree->copy_size) {
		free(tree->copy);
		tree->copy = malloc(source.len);
		tree->copy_size = tree->copy ? source.len : 0;
		if (!tree->copy)
			return NULL;
	}
	memcpy(tree->copy, source.ptr, source.len);
	for (size_t i = 0; i < tree->scan->count; i++) {
		const struct dgm_event *event = &tree->scan->events[i];
		if (event->kind != DGM_EVENT_VALUE || event->literal != DGM_LITERAL_NUMBER)
			continue;
		memset(tree->copy + event->offset, ' ', event->text.len);
		tree->copy[event->offset] = '0';
	}
	return tree->copy;
}

/* Appends an event; its offset, and the text of a number, are those of the scanner's event in the same place. */
static bool add(struct json_tree *tree, uint16_t kind, uint16_t literal, uint32_t key, uint32_t flags,
	struct dgm_str text)
{
	if (tree->count == tree->scan->count)
		return false;
	const struct dgm_event *twin = &tree->scan->events[tree->count];
	if (literal == DGM_LITERAL_NUMBER && (twin->kind != DGM_EVENT_VALUE || twin->literal != DGM_LITERAL_NUMBER))
		return false;
	tree->events[tree->count++] = (struct dgm_event){.kind = kind,
		.literal = literal,
		.key = key,
		.flags = flags | DGM_EVENT_STABLE,
		.offset = twin->offset,
		.text = literal == DGM_LITERAL_NUMBER ? twin->text : text};
	return true;
}

static uint32_t key_of(const struct json_tree *tree, uint32_t parent, const char *name)
{
	return tree->scan->host->key(tree->scan->job, parent, json_str(name));
}

static bool walk(struct json_tree *tree, const cJSON *item, uint32_t key, uint32_t flags);

static bool walk_members(struct json_tree *tree, const cJSON *object, uint32_t parent)
{
	for (const cJSON *child = object->child; child; child = child->next) {
		if (!walk(tree, child, key_of(tree, parent, child->string), 0))
			return false;
	}
	return true;
}

static bool walk_array(struct json_tree *tree, const cJSON *array, uint32_t key, uint32_t flags)
{
	const bool nested = flags & DGM_EVENT_ITEM;
	if (!array->child)
		return add(tree, DGM_EVENT_VALUE, DGM_LITERAL_EMPTY_LIST, key, flags, json_str(""));
	if (nested && !add(tree, DGM_EVENT_BEGIN, DGM_LITERAL_TEXT, key, flags, json_str("")))
		return false;
	const uint32_t item_key = nested ? key_of(tree, key, "[]") : key;
	for (const cJSON *child = array->child; child; child = child->next) {
		if (!walk(tree, child, item_key, DGM_EVENT_ITEM))
			return false;
	}
	return !nested || add(tree, DGM_EVENT_END, DGM_LITERAL_TEXT, key, 0, json_str(""));
}

static bool walk(struct json_tree *tree, const cJSON *item, uint32_t key, uint32_t flags)
{
	if (cJSON_IsString(item))
		return add(tree, DGM_EVENT_VALUE, DGM_LITERAL_TEXT, key, flags, json_str(item->valuestring));
	if (cJSON_IsNumber(item))
		return add(tree, DGM_EVENT_VALUE, DGM_LITERAL_NUMBER, key, flags, json_str(""));
	if (cJSON_IsBool(item))
		return add(tree, DGM_EVENT_VALUE, DGM_LITERAL_BOOLEAN, key, flags,
			json_str(cJSON_IsTrue(item) ? "true" : "false"));
	if (cJSON_IsNull(item))
		return add(tree, DGM_EVENT_VALUE, DGM_LITERAL_NULL, key, flags, json_str(""));
	if (cJSON_IsArray(item))
		return walk_array(tree, item, key, flags);
	return cJSON_IsObject(item) && add(tree, DGM_EVENT_BEGIN, DGM_LITERAL_TEXT, key, flags, json_str("")) &&
		walk_members(tree, item, key) && add(tree, DGM_EVENT_END, DGM_LITERAL_TEXT, key, 0, json_str(""));
}

const struct dgm_event *json_tree_events(struct json_tree *tree, struct dgm_str source, size_t *ret_count)
{
	cJSON_Delete(tree->root);
	tree->root = NULL;
	tree->count = 0;
	if (tree->scan->count > tree->capacity) {
		free(tree->events);
		tree->capacity = tree->scan->capacity;
		tree->events = malloc(tree->capacity * sizeof *tree->events);
		if (!tree->events) {
			tree->capacity = 0;
			return NULL;
		}
	}
	const char *text = tree->scan->long_number ? without_numbers(tree, source) : source.ptr;
	tree->root = text ? cJSON_ParseWithLength(text, source.len) : NULL;
	if (!tree->root || !cJSON_IsObject(tree->root) || !walk_members(tree, tree->root, 0) ||
		tree->count != tree->scan->count)
		return NULL;
	*ret_count = tree->count;
	/* A record without members has no events, and perhaps no storage; NULL means failure here. */
	static const struct dgm_event none;
	return tree->count ? tree->events : &none;
}
