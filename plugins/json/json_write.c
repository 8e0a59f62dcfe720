/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writer: records to JSON text. A record is rendered into room reserved for its longest possible form and only
 * committed when it came out right, so a bad one leaves no byte behind.
 */
#include <stdlib.h>

#include "json_scan.h"

/* Above this the exact length is counted instead of reserving six bytes for each (every byte might be a control). */
#define LOOSE_BOUND ((size_t)1 << 20)
/* Names are copied in blocks of this size; the room behind them is part of every reservation. */
#define BLOCK 16u

struct name {
	char *text; /* ,"name": padded to whole blocks; NULL: not seen yet */
	size_t length;
	uint64_t stamp; /* the last object in which the key was written */
	uint32_t parent;
	bool listed;   /* ... as a list */
	bool brackets; /* the name is "[]": an item of an array in an array */
};

struct frame {
	uint64_t stamp;
	uint32_t key;
	uint32_t list; /* the key whose list is open; 0: none */
	bool is_array;
	bool filled;
};

struct writer {
	struct dgm_open open;
	const struct dgm_host *host;
	struct dgm_output *output;
	uint64_t layout, max_depth;
	size_t indent;
	struct name *names;
	uint32_t name_count;
	struct frame *frames;
	uint32_t depth;
	uint32_t level; /* of indentation: open groups and open lists */
	uint64_t stamp;
	uint32_t *chain; /* page: the keys on the way to the list, the list's own last; array: as many 0 as brackets */
	uint32_t chain_length;
	bool started, any;
	const char *code, *text; /* what is wrong with the present record */
};

/* --- names --------------------------------------------------------------------------------------------------- */

static char *put_escaped(char *to, const char *p, const char *end)
{
	static const char hex[] = "0123456789abcdef", short_forms[] = "btn\0fr";
	for (;;) {
		const char *run = json_plain_run(p, end);
		memcpy(to, p, (size_t)(run - p));
		to += run - p;
		if (run == end)
			return to;
		const unsigned char c = (unsigned char)*run;
		*to++ = '\\';
		if (c >= 0x20) {
			*to++ = (char)c;
		} else if (c >= '\b' && c <= '\r' && c != '\v') {
			*to++ = short_forms[c - '\b'];
		} else {
			memcpy(to, "u00", 3);
			to[3] = hex[c >> 4];
			to[4] = hex[c & 15];
			to += 5;
		}
		p = run + 1;
	}
}

static size_t escaped_length(struct dgm_str text)
{
	size_t length = text.len;
	const char *const end = text.ptr + text.len;
	for (const char *p = text.ptr; p < end && (p = json_plain_run(p, end)) < end; p++)
		length += 5;
	return length;
}

static bool learn(struct writer *w, uint32_t key)
{
	if (key >= w->name_count) {
		uint32_t count = w->name_count ? w->name_count : 64;
		while (count <= key) {
			if (count > UINT32_MAX / 2)
				return false;
			count *= 2;
		}
		struct name *names = realloc(w->names, count * sizeof *names);
		if (!names)
			return false;
		memset(names + w->name_count, 0, (count - w->name_count) * sizeof *names);
		w->names = names;
		w->name_count = count;
	}
	struct name *name = &w->names[key];
	const struct dgm_str plain = w->host->key_name(w->open.job, key);
	name->text = calloc((escaped_length(plain) + 4 + 2 * BLOCK) / BLOCK, BLOCK);
	if (!name->text)
		return false;
	char *to = name->text;
	*to++ = ',';
	*to++ = '"';
	to = plain.len ? put_escaped(to, plain.ptr, plain.ptr + plain.len) : to;
	*to++ = '"';
	*to++ = ':';
	name->length = (size_t)(to - name->text);
	name->parent = w->host->key_parent(w->open.job, key);
	name->brackets = plain.len == 2 && memcmp(plain.ptr, "[]", 2) == 0;
	return true;
}

/* --- rendering ----------------------------------------------------------------------------------------------- */

static char *bad(struct writer *w, const char *code, const char *text)
{
	w->code = code;
	w->text = text;
	return NULL;
}

static inline char *put_line(const struct writer *w, char *to)
{
	if (!w->indent)
		return to;
	*to++ = '\n';
	const size_t blanks = w->indent * w->level;
	memset(to, ' ', blanks);
	return to + blanks;
}

static char *close_list(struct writer *w, char *to)
{
	struct frame *frame = &w->frames[w->depth - 1];
	if (!frame->list)
		return to;
	frame->list = 0;
	w->level--;
	to = put_line(w, to);
	*to++ = ']';
	return to;
}

static inline char *put_name(struct writer *w, char *to, const struct name *name)
{
	struct frame *frame = &w->frames[w->depth - 1];
	const size_t skip = frame->filled ? 0 : 1;
	const char *text = name->text;
	size_t length = name->length;
	if (w->indent) {
		if (!skip)
			*to++ = ',';
		to = put_line(w, to);
		memcpy(to, text + 1, length - 1);
		to += length - 1;
		*to++ = ' ';
		frame->filled = true;
		return to;
	}
	frame->filled = true;
	text += skip;
	length -= skip;
	for (size_t at = 0; at < length; at += BLOCK)
		memcpy(to + at, text + at, BLOCK);
	return to + length;
}

/* What stands before the value of an event: comma, name, opening bracket of its list. NULL after bad(). */
static char *put_lead(struct writer *w, char *to, const struct dgm_event *event, struct name *name)
{
	struct frame *frame = &w->frames[w->depth - 1];
	const bool item = event->flags & DGM_EVENT_ITEM;
	if (frame->list && (!item || frame->list != event->key))
		to = close_list(w, to);
	if (frame->is_array || frame->list) {
		if (frame->is_array && (!item || !name->brackets))
			return bad(w, "json-misplaced-key", "a list in a list holds something else than items");
		if (frame->filled)
			*to++ = ',';
		frame->filled = true;
		return put_line(w, to);
	}
	if (name->stamp == frame->stamp)
		return item && name->listed ? bad(w, "json-split-list", "the items of a list do not stand together")
					    : bad(w, "json-duplicate-key", "the same name twice in one object");
	if (name->brackets)
		return bad(w, "json-reserved-name", "a member named [] cannot be told from an array in an array");
	name->stamp = frame->stamp;
	name->listed = item;
	to = put_name(w, to, name);
	if (item) {
		*to++ = '[';
		frame->list = event->key;
		w->level++;
		to = put_line(w, to);
	}
	return to;
}

static char *put_raw(char *to, struct dgm_str text)
{
	memcpy(to, text.ptr, text.len);
	return to + text.len;
}

static char *put_value(struct writer *w, char *to, const struct dgm_event *event)
{
	const struct dgm_str text = event->text;
	switch (event->literal) {
	case DGM_LITERAL_NUMBER:
		if (text.len == 0 || json_number_length(text) != text.len)
			return bad(w, "json-bad-number", "the text of a number is not how JSON writes one");
		return put_raw(to, text);
	case DGM_LITERAL_BOOLEAN:
		if (!(text.len == 4 && memcmp(text.ptr, "true", 4) == 0) &&
			!(text.len == 5 && memcmp(text.ptr, "false", 5) == 0))
			return bad(w, "json-bad-boolean", "expected true or false");
		return put_raw(to, text);
	case DGM_LITERAL_NULL:
		return put_raw(to, json_str("null"));
	case DGM_LITERAL_EMPTY_LIST:
		return put_raw(to, json_str("[]"));
	case DGM_LITERAL_TEXT:
		break;
	default:
		return bad(w, "json-bad-literal", "a kind of value that JSON has no form for");
	}
	*to++ = '"';
	if (text.len) {
		const char *const end = text.ptr + text.len;
		const char *run = json_plain_run(text.ptr, end);
		memcpy(to, text.ptr, (size_t)(run - text.ptr));
		to += run - text.ptr;
		if (run < end) {
			if (memchr(run, '\0', (size_t)(end - run)))
				return bad(w, "json-nul", "the character U+0000 is not text");
			to = put_escaped(to, run, end);
		}
	}
	*to++ = '"';
	return to;
}

static char *put_begin(struct writer *w, char *to, const struct dgm_event *event, const struct dgm_event *next)
{
	if (w->depth == w->max_depth)
		return bad(w, "json-too-deep", "groups are nested deeper than max-depth permits");
	const bool is_array = event->flags & DGM_EVENT_ITEM && next && next->kind != DGM_EVENT_END &&
		next->flags & DGM_EVENT_ITEM && next->key < w->name_count && w->names[next->key].brackets;
	w->frames[w->depth++] = (struct frame){.stamp = ++w->stamp, .key = event->key, .is_array = is_array};
	w->level++;
	*to++ = is_array ? '[' : '{';
	return to;
}

static char *put_end(struct writer *w, char *to, const struct dgm_event *event)
{
	const struct frame *frame = &w->frames[w->depth - 1];
	if (w->depth < 2 || frame->key != event->key)
		return bad(w, "json-unbalanced", "a group ends that is not the innermost open one");
	to = close_list(w, to);
	const bool filled = frame->filled, is_array = frame->is_array;
	w->depth--;
	w->level--;
	if (filled)
		to = put_line(w, to);
	*to++ = is_array ? ']' : '}';
	return to;
}

/* The events below the open frame 0. NULL after bad(). */
static char *put_events(struct writer *w, char *to, const struct dgm_event *events, size_t count)
{
	for (size_t i = 0; i < count && to; i++) {
		const struct dgm_event *event = &events[i];
		if (event->kind == DGM_EVENT_END) {
			to = put_end(w, to, event);
			continue;
		}
		struct name *name = &w->names[event->key];
		if (event->key == 0 || name->parent != w->frames[w->depth - 1].key)
			return bad(w, "json-misplaced-key", "a value does not lie in the group that it belongs to");
		to = put_lead(w, to, event, name);
		if (!to)
			return NULL;
		to = event->kind == DGM_EVENT_BEGIN ? put_begin(w, to, event, i + 1 < count ? event + 1 : NULL)
						    : put_value(w, to, event);
	}
	return to;
}

/* The most bytes that the events can take; 0 when memory for their names ran out. */
static size_t bound(struct writer *w, const struct dgm_event *events, size_t count)
{
	size_t names = 0, texts = 0, lines = 0, depth = 1;
	for (size_t i = 0; i < count; i++) {
		const uint32_t key = events[i].key;
		if ((key >= w->name_count || !w->names[key].text) && !learn(w, key))
			return 0;
		names += w->names[key].length;
		texts += events[i].text.len;
		/* An event may end a list, start one and stand in it: three line breaks; a list is a level of its own. */
		lines += 3 * (1 + w->indent * (2 * depth + 2));
		depth += events[i].kind == DGM_EVENT_BEGIN;
		depth -= events[i].kind == DGM_EVENT_END && depth > 1;
	}
	if (texts > LOOSE_BOUND) {
		texts = 0;
		for (size_t i = 0; i < count; i++)
			texts += escaped_length(events[i].text);
	} else {
		texts *= 6;
	}
	/* Twelve bytes of quotes, brackets, commas and null an event, and the frame around them. */
	return names + texts + (w->indent ? lines : 0) + 12 * count + 64 + BLOCK + w->indent * 4;
}

/* --- the frame around the records ------------------------------------------------------------------------------ */

static int32_t reject(const struct writer *w)
{
	json_report(&w->open, DGM_ERROR, w->code, NULL, w->text);
	return DGM_BAD;
}

static void begin_record(struct writer *w)
{
	w->depth = w->level = 1;
	w->frames[0] = (struct frame){.stamp = ++w->stamp};
}

static void write_text(const struct writer *w, const char *text)
{
	w->host->write(w->output, json_str(text));
}

/*
 * Copies the members of the group `level` of the chain with those of the chain's next group last and left open, for the
 * list is written there. Returns how many events were copied.
 */
static size_t arrange(const struct writer *w, const struct dgm_event *events, size_t count, uint32_t level,
	struct dgm_event *to)
{
	size_t used = 0, inner = 0, inner_end = 0;
	for (size_t i = 0; i < count; i++) {
		if (level + 1 < w->chain_length && events[i].kind == DGM_EVENT_BEGIN &&
			events[i].key == w->chain[level] && !(events[i].flags & DGM_EVENT_ITEM) && inner == 0) {
			inner = i + 1;
			size_t depth = 1;
			for (inner_end = inner; inner_end < count; inner_end++) {
				depth += events[inner_end].kind == DGM_EVENT_BEGIN;
				depth -= events[inner_end].kind == DGM_EVENT_END;
				if (depth == 0)
					break;
			}
			i = inner_end;
			continue;
		}
		to[used++] = events[i];
	}
	if (level + 1 < w->chain_length) {
		to[used++] = (struct dgm_event){.kind = DGM_EVENT_BEGIN, .key = w->chain[level]};
		used += arrange(w, events + inner, inner_end - inner, level + 1, to + used);
	}
	return used;
}

/* The head of a page: its envelope, and the opening bracket of its list. */
static int32_t start_page(struct writer *w, const struct dgm_event *events, size_t count)
{
	struct dgm_event *sorted = calloc(count + w->chain_length, sizeof *sorted);
	const uint32_t list = w->chain[w->chain_length - 1];
	size_t room = 0;
	if (sorted) {
		const size_t used = arrange(w, events, count, 0, sorted);
		/* The list itself is bounded like an event, and so that its name is known. */
		sorted[used] = (struct dgm_event){.kind = DGM_EVENT_VALUE, .key = list, .flags = DGM_EVENT_ITEM};
		room = bound(w, sorted, used + 1);
		count = used;
	}
	if (room == 0) {
		free(sorted);
		json_report(&w->open, DGM_ERROR, "json-no-memory", NULL, "memory ran out");
		return DGM_FATAL;
	}
	begin_record(w);
	char *const from = w->host->reserve(w->output, room);
	char *to = from;
	*to++ = '{';
	to = put_events(w, to, sorted, count);
	if (to && w->depth != w->chain_length)
		to = bad(w, "json-unbalanced", "a group is not closed");
	if (to)
		to = put_lead(w, to, &sorted[count], &w->names[list]);
	free(sorted);
	if (!to)
		return reject(w);
	w->frames[w->depth - 1].list = 0;
	w->host->commit(w->output, (size_t)(to - from));
	return DGM_OK;
}

static int32_t start(struct writer *w, const struct dgm_event *events, size_t count)
{
	int32_t result = DGM_OK;
	if (w->layout == JSON_LAYOUT_PAGE) {
		result = start_page(w, events, count);
		/* A page without its envelope is still a page; the envelope's rejection was told. */
		if (result == DGM_BAD && start_page(w, NULL, 0) != DGM_OK)
			result = DGM_FATAL;
	} else if (w->layout == JSON_LAYOUT_ARRAY) {
		for (uint32_t i = 0; i < w->chain_length; i++)
			write_text(w, "[");
	}
	if (w->layout != JSON_LAYOUT_LINES)
		write_text(w, "\n");
	w->started = true;
	return result;
}

static int32_t put_envelope(struct writer *w, const struct dgm_event *events, size_t count)
{
	if (w->layout != JSON_LAYOUT_PAGE) {
		json_report(&w->open, DGM_WARNING, "json-envelope-dropped", NULL,
			"only the layout page has room for what stands outside the records");
		return DGM_OK;
	}
	if (w->started) {
		w->code = "json-envelope-late";
		w->text = "what stands outside the records must come before the first of them";
		return reject(w);
	}
	return start(w, events, count);
}

int32_t json_writer_put(void *writer, const struct dgm_record *record)
{
	struct writer *w = writer;
	size_t count;
	const struct dgm_event *events = w->host->events(record, &count);
	if (w->host->path(record) == DGM_PATH_ENVELOPE)
		return put_envelope(w, events, count);
	if (!w->started) {
		const int32_t result = start(w, NULL, 0);
		if (result != DGM_OK)
			return DGM_FATAL;
	}
	const size_t room = bound(w, events, count);
	if (room == 0) {
		json_report(&w->open, DGM_ERROR, "json-no-memory", NULL, "memory ran out");
		return DGM_FATAL;
	}
	char *const from = w->host->reserve(w->output, room);
	char *to = from;
	begin_record(w);
	if (w->any && w->layout != JSON_LAYOUT_LINES) {
		*to++ = ',';
		*to++ = '\n';
	}
	*to++ = '{';
	to = put_events(w, to, events, count);
	if (to && w->depth != 1)
		to = bad(w, "json-unbalanced", "a group is not closed");
	if (!to)
		return reject(w);
	to = close_list(w, to);
	if (w->frames[0].filled) {
		w->level = 0;
		to = put_line(w, to);
	}
	*to++ = '}';
	if (w->layout == JSON_LAYOUT_LINES)
		*to++ = '\n';
	w->host->commit(w->output, (size_t)(to - from));
	w->any = true;
	return DGM_OK;
}

int32_t json_writer_finish(void *writer)
{
	struct writer *w = writer;
	if (!w->started) {
		const int32_t result = start(w, NULL, 0);
		if (result != DGM_OK)
			return DGM_FATAL;
	}
	if (w->layout == JSON_LAYOUT_LINES)
		return DGM_OK;
	if (w->any)
		write_text(w, "\n");
	write_text(w, "]");
	for (uint32_t i = w->layout == JSON_LAYOUT_PAGE ? 0 : 1; i < w->chain_length; i++)
		write_text(w, w->layout == JSON_LAYOUT_PAGE ? "}" : "]");
	write_text(w, "\n");
	return DGM_OK;
}

/* --- open and close ------------------------------------------------------------------------------------------ */

/* Where the list lies: a chain of names for a page, a number of brackets for an array. NULL, or what is wrong. */
static const char *set_path(struct writer *w, struct dgm_str path)
{
	uint32_t levels = 0;
	for (; path.len >= 2 && memcmp(path.ptr + path.len - 2, "[]", 2) == 0; path.len -= 2)
		levels++;
	w->chain = calloc(path.len + levels + 1, sizeof *w->chain);
	if (!w->chain)
		return "no room for the path";
	if (w->layout == JSON_LAYOUT_ARRAY)
		w->chain_length = path.len == 0 && levels ? levels : 1;
	if (w->layout != JSON_LAYOUT_PAGE)
		return NULL;
	if (levels != 1 || path.len == 0)
		return "the layout page needs a path that names a list and ends in []";
	for (uint32_t key = 0; path.len;) {
		const char *slash = memchr(path.ptr, '/', path.len);
		const size_t len = slash ? (size_t)(slash - path.ptr) : path.len;
		key = w->host->key(w->open.job, key, (struct dgm_str){path.ptr, len});
		if (key == 0)
			return "no room for the names of the path";
		w->chain[w->chain_length++] = key;
		path.ptr += len + (slash != NULL);
		path.len -= len + (slash != NULL);
	}
	return w->chain_length <= w->max_depth ? NULL : "the path is deeper than max-depth permits";
}

int32_t json_writer_open(const struct dgm_open *open, void **ret_writer)
{
	if (!json_config_check(open))
		return DGM_FATAL;
	const struct json_config *config = open->config;
	struct writer *w = calloc(1, sizeof *w);
	if (w) {
		w->open = *open;
		w->host = open->host;
		w->output = open->output;
		w->layout = config->layout;
		w->indent = (size_t)config->indent;
		w->max_depth = config->max_depth;
		w->frames = calloc((size_t)config->max_depth + 1, sizeof *w->frames);
	}
	const bool names = w && w->frames && learn(w, 0);
	if (!names)
		json_report(open, DGM_ERROR, "json-no-memory", &(struct dgm_place){0}, "memory ran out");
	const char *wrong = names ? set_path(w, open->path_count ? open->paths[0] : (struct dgm_str){"", 0}) : NULL;
	if (wrong)
		json_report(open, DGM_ERROR, "json-path", &(struct dgm_place){0}, wrong);
	if (!names || wrong) {
		json_writer_close(w);
		return DGM_FATAL;
	}
	/* Beyond ASCII there is only text in JSON. */
	open->host->fallback(open->output, DGM_FALLBACK_JSON);
	*ret_writer = w;
	return DGM_OK;
}

uint64_t json_writer_state(const void *writer)
{
	const struct writer *w = writer;
	return (uint64_t)w->started | (uint64_t)w->any << 1;
}

void json_writer_close(void *writer)
{
	struct writer *w = writer;
	if (!w)
		return;
	for (uint32_t k = 0; k < w->name_count; k++)
		free(w->names[k].text);
	free(w->names);
	free(w->frames);
	free(w->chain);
	free(w);
}
