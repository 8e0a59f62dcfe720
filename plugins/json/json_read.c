/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader: finds the records in a stream of top-level values, arrays and pages, and decides after a mistake where
 * the next record begins. What a value looks like inside is the scanner's business.
 */
#include <stdlib.h>

#include "json_reader.h"

/* From the states' functions: nothing to deliver yet, go on. */
#define GO_ON 2

/* --- places and input ---------------------------------------------------------------------------------------- */

static void consume(struct reader *r, const char *p, size_t n)
{
	json_advance(&r->place, p, n);
	r->host->consume(r->input, n);
}

static int32_t fatal(struct reader *r, const char *code, const struct dgm_place *place, const char *text)
{
	json_report(&r->open, DGM_ERROR, code, place, text);
	r->state = DEAD;
	return DGM_FATAL;
}

/* Consumes white space. *ret_byte: the next byte, or -1 at the end. */
static int32_t skip_space(struct reader *r, int *ret_byte)
{
	for (;;) {
		struct dgm_str window;
		if (r->host->peek(r->input, 1, &window) < 0) {
			r->state = DEAD;
			return DGM_FATAL;
		}
		size_t n = 0;
		for (; n < window.len && json_is_space(window.ptr[n]); n++) {
			if (window.ptr[n] == '\n')
				r->at_line_start = true;
		}
		if (n)
			consume(r, window.ptr, n);
		if (n < window.len || window.len == 0) {
			*ret_byte = window.len ? (unsigned char)window.ptr[n] : -1;
			return DGM_OK;
		}
	}
}

/* Behind the list the objects around it are open again: their members so far count as seen. */
static void recall_members(struct reader *r)
{
	struct json_scan *s = &r->scan;
	for (uint32_t level = 0; level < r->page_depth; level++) {
		r->page[level].stamp = ++s->stamp;
		r->page[level].quiet = level > 0;
		for (size_t i = 0; i < r->page_key_count; i++) {
			struct json_key *key = &s->keys[r->page_keys[i]];
			if (key->parent == r->page[level].key)
				key->stamp = r->page[level].stamp;
		}
	}
}

/* How much to ask for when len bytes were not enough: doubling keeps repeated scans linear. */
static size_t next_want(const struct reader *r, size_t len)
{
	const uint64_t want = len < 512 ? 1024 : (uint64_t)len * 2;
	return (size_t)(want > r->max_record ? r->max_record + 1 : want);
}

/* The next value, or with `rest` what follows the list of a page, and its bytes. The window grows until it is whole. */
static enum json_result scan_whole(struct reader *r, bool rest, struct dgm_str *ret_source)
{
	for (size_t want = 1;;) {
		struct dgm_str window;
		if (r->host->peek(r->input, want, &window) < 0)
			return JSON_INPUT_FAILED;
		const bool at_end = window.len < want;
		const bool cut = window.len > r->max_record;
		const size_t len = cut ? (size_t)r->max_record : window.len;
		const char *end = window.ptr, *limit = window.ptr + len;
		enum json_result result;
		if (rest) {
			recall_members(r);
			memcpy(r->scan.frames, r->page, r->page_depth * sizeof *r->page);
			result = json_scan_rest(&r->scan, r->page_depth, window.ptr, limit, &end);
		} else {
			result = json_scan_value(&r->scan, window.ptr, limit, at_end && !cut, &end);
		}
		*ret_source = (struct dgm_str){window.ptr, len};
		if (result == JSON_DONE || result == JSON_LIST)
			ret_source->len = (size_t)(end - window.ptr);
		if (result != JSON_MORE)
			return result;
		if (cut)
			return JSON_TOO_LONG;
		if (at_end)
			return JSON_TRUNCATED;
		want = next_want(r, len);
	}
}

/* --- results ------------------------------------------------------------------------------------------------- */

static struct dgm_place error_place(const struct reader *r, struct dgm_str source)
{
	struct dgm_place place = r->place;
	json_advance(&place, source.ptr, r->scan.error.offset);
	return place;
}

/* Rejects `source`, which starts at the present place, and goes on behind it. */
static int32_t reject(struct reader *r, struct dgm_record *record, uint32_t path, struct dgm_str source,
	const char *code, const struct dgm_place *place, const char *text)
{
	const struct dgm_place start = r->place;
	r->host->begin(record, path, source, &start);
	json_report(&r->open, DGM_ERROR, code, place, text);
	consume(r, source.ptr, source.len);
	return DGM_BAD;
}

/* The scan found a mistake and yet the end of the value. */
static int32_t reject_scanned(struct reader *r, struct dgm_record *record, uint32_t path, struct dgm_str source)
{
	const struct dgm_place place = error_place(r, source);
	return reject(r, record, path, source, r->scan.error.code, &place, r->scan.error.text);
}

/* Results for which there is no way on. */
static int32_t give_up(struct reader *r, enum json_result result, struct dgm_str source)
{
	struct dgm_place place = r->place;
	switch (result) {
	case JSON_TRUNCATED:
		json_advance(&place, source.ptr, source.len);
		return fatal(r, "json-truncated", &place, "the input ends inside a value");
	case JSON_TOO_LONG:
		return fatal(r, "json-record-too-long", &place, "the record has more bytes than max-record permits");
	case JSON_BROKEN:
		place = error_place(r, source);
		return fatal(r, r->scan.error.code, &place, r->scan.error.text);
	case JSON_INPUT_FAILED:
		r->state = DEAD;
		return DGM_FATAL;
	case JSON_NO_MEMORY:
	case JSON_DONE:
	case JSON_LIST:
	case JSON_MORE:
		break;
	}
	return fatal(r, "json-no-memory", &place, "memory ran out");
}

static int32_t deliver(struct reader *r, struct dgm_record *record, uint32_t path, struct dgm_str source)
{
	if (r->scan.error.code)
		return reject_scanned(r, record, path, source);
	const struct dgm_event *events = r->scan.events;
	size_t count = r->scan.count;
	if (r->tree && path != DGM_PATH_ENVELOPE) {
		events = json_tree_events(r->tree, source, &count);
		if (!events)
			return fatal(r, "json-parsers-differ", &r->place, "cjson does not see what the scanner sees");
	}
	const struct dgm_place place = r->place;
	r->host->begin(record, path, source, &place);
	r->host->put(record, events, count);
	consume(r, source.ptr, source.len);
	return DGM_OK;
}

/* --- JSON lines: where to go on after a broken value ----------------------------------------------------------- */

/*
 * A value that broke on its first line costs that line. One that broke further down was either spread over lines or
 * lost its end to the next record: it costs everything up to the next line that opens a value.
 */
static int32_t reject_line(struct reader *r, struct dgm_record *record, enum json_result result)
{
	const struct json_error error = result == JSON_TRUNCATED
		? (struct json_error){"json-truncated", "the input ends inside a value", SIZE_MAX /* on no line */}
		: r->scan.error;
	for (size_t want = 1;;) {
		struct dgm_str window;
		if (r->host->peek(r->input, want, &window) < 0)
			return give_up(r, JSON_INPUT_FAILED, window);
		const bool cut = window.len > r->max_record, at_end = window.len < want;
		size_t len = cut ? (size_t)r->max_record : window.len;
		if (json_next_line((struct dgm_str){window.ptr, len}, error.offset, &len) || (at_end && !cut)) {
			struct dgm_place place = r->place;
			while (len && (window.ptr[len - 1] == '\n' || window.ptr[len - 1] == '\r'))
				len--;
			json_advance(&place, window.ptr, result == JSON_TRUNCATED ? len : error.offset);
			return reject(r, record, r->lists[0].path[0], (struct dgm_str){window.ptr, len}, error.code,
				&place, error.text);
		}
		if (cut)
			return give_up(r, JSON_TOO_LONG, window);
		want = next_want(r, len);
	}
}

/* --- pages --------------------------------------------------------------------------------------------------- */

/* Remembers the members of the page that are still open for more, so that none comes twice behind the list. */
static bool remember_members(struct reader *r)
{
	const struct json_scan *s = &r->scan;
	for (size_t i = 0; i <= s->count; i++) {
		const uint32_t key = i < s->count ? s->events[i].key : s->list_key;
		if (r->page_key_count && r->page_keys[r->page_key_count - 1] == key)
			continue;
		uint32_t level = 0;
		while (level < s->depth && s->frames[level].key != s->keys[key].parent)
			level++;
		if (level == s->depth)
			continue;
		if (r->page_key_count == r->page_key_capacity) {
			const size_t capacity = r->page_key_capacity ? r->page_key_capacity * 2 : 64;
			uint32_t *keys = realloc(r->page_keys, capacity * sizeof *keys);
			if (!keys)
				return false;
			r->page_keys = keys;
			r->page_key_capacity = capacity;
		}
		r->page_keys[r->page_key_count++] = key;
	}
	return true;
}

/* Closes the groups around a list; those in which nothing else stood leave no trace. */
static bool close_groups(struct json_scan *s, size_t offset)
{
	for (uint32_t level = s->depth; level-- > 1;) {
		const uint32_t key = s->frames[level].key;
		if (s->events[s->count - 1].kind == DGM_EVENT_BEGIN && s->events[s->count - 1].key == key) {
			s->count--;
			continue;
		}
		const struct dgm_event end = {.kind = DGM_EVENT_END,
			.key = key,
			.flags = DGM_EVENT_STABLE,
			.offset = (uint32_t)offset,
			.text = {s->begin, 0}};
		if (!json_scan_emit(s, &end))
			return false;
	}
	return true;
}

/* The envelope in `source`, if it says anything. */
static int32_t deliver_envelope(struct reader *r, struct dgm_record *record, struct dgm_str source)
{
	if (r->scan.count == 0 && !r->scan.error.code) {
		consume(r, source.ptr, source.len);
		return GO_ON;
	}
	return deliver(r, record, DGM_PATH_ENVELOPE, source);
}

/* The scan stopped at the list of a page: its records are next. */
static int32_t open_list(struct reader *r, struct dgm_record *record, struct dgm_str source)
{
	struct json_scan *s = &r->scan;
	if (!r->in_page)
		r->page_key_count = 0;
	if (!remember_members(r) || !close_groups(s, source.len))
		return give_up(r, JSON_NO_MEMORY, source);
	r->in_page = true;
	r->page_depth = s->depth;
	memcpy(r->page, s->frames, s->depth * sizeof *r->page);
	r->list = &r->lists[s->list];
	r->level = 1;
	r->list_place = LIST_START;
	r->state = IN_LIST;
	const char *bracket = source.ptr + source.len;
	const int32_t result = deliver_envelope(r, record, source);
	if (r->state == IN_LIST)
		consume(r, bracket, 1);
	return result;
}

static int32_t behind_list(struct reader *r, struct dgm_record *record)
{
	struct dgm_str source;
	r->scan.watch = true;
	r->scan.lines = false;
	const enum json_result result = scan_whole(r, true, &source);
	if (result == JSON_LIST)
		return open_list(r, record, source);
	if (result != JSON_DONE)
		return give_up(r, result, source);
	r->in_page = false;
	r->at_line_start = false;
	r->last_top = TOP_PAGE;
	r->state = AT_TOP;
	return deliver_envelope(r, record, source);
}

/* --- lists --------------------------------------------------------------------------------------------------- */

/*
 * The end of an item that the scanner could not get through, by its brackets and quotes alone. JSON_BROKEN when it
 * cannot be known; the scanner's mistake stays the one that is told.
 */
static enum json_result find_balanced_end(struct reader *r, struct dgm_str *source)
{
	for (size_t want = 1;;) {
		struct dgm_str window;
		if (r->host->peek(r->input, want, &window) < 0)
			return JSON_INPUT_FAILED;
		const size_t len = window.len > r->max_record ? (size_t)r->max_record : window.len;
		const char *end = window.ptr;
		*source = (struct dgm_str){window.ptr, len};
		const enum json_result result = json_scan_balanced(&r->scan, window.ptr, window.ptr + len, &end);
		if (result == JSON_DONE)
			source->len = (size_t)(end - window.ptr);
		if (result != JSON_MORE)
			return result;
		if (window.len < want || window.len > r->max_record)
			return JSON_BROKEN;
		want = next_want(r, len);
	}
}

static int32_t item(struct reader *r, struct dgm_record *record, int byte)
{
	const uint32_t path = r->list->path[r->level];
	struct dgm_str source;
	r->scan.watch = false;
	r->scan.lines = false;
	enum json_result result = scan_whole(r, false, &source);
	r->list_place = LIST_BEHIND_ITEM;
	if (result == JSON_BROKEN && (byte == '{' || byte == '['))
		result = find_balanced_end(r, &source);
	if (result != JSON_DONE)
		return give_up(r, result, source);
	if (r->scan.error.code)
		return reject_scanned(r, record, path == NO_PATH ? 0 : path, source);
	if (byte != '{')
		return reject(r, record, path == NO_PATH ? 0 : path, source, "json-not-an-object", &r->place,
			"expected an object as the item of the list");
	if (path == NO_PATH)
		return reject(r, record, 0, source, "json-no-record", &r->place,
			"expected a list of records, not a record");
	return deliver(r, record, path, source);
}

static void close_list(struct reader *r)
{
	r->list_place = LIST_BEHIND_ITEM;
	if (--r->level > 0)
		return;
	r->state = r->in_page ? IN_PAGE : AT_TOP;
	r->at_line_start = false;
	r->last_top = TOP_ARRAY;
}

static int32_t in_list(struct reader *r, struct dgm_record *record)
{
	int byte;
	if (skip_space(r, &byte) < 0)
		return DGM_FATAL;
	if (byte < 0)
		return fatal(r, "json-truncated", &r->place, "the input ends inside a list");
	struct dgm_str window;
	if (r->host->peek(r->input, 1, &window) < 0)
		return give_up(r, JSON_INPUT_FAILED, window);
	if (byte == ']' && r->list_place != LIST_BEHIND_COMMA) {
		consume(r, window.ptr, 1);
		close_list(r);
		return GO_ON;
	}
	if (r->list_place == LIST_BEHIND_ITEM) {
		if (byte != ',')
			return fatal(r, "json-syntax", &r->place, "expected a comma or a closing bracket");
		consume(r, window.ptr, 1);
		r->list_place = LIST_BEHIND_COMMA;
		return GO_ON;
	}
	if (byte == '[' && r->level < r->list->levels) {
		consume(r, window.ptr, 1);
		r->level++;
		r->list_place = LIST_START;
		return GO_ON;
	}
	return item(r, record, byte);
}

/* --- the top ------------------------------------------------------------------------------------------------- */

/* Something that opens no value stands behind one. */
static int32_t trailing(struct reader *r, struct dgm_record *record)
{
	if (r->last_top != TOP_VALUE)
		return fatal(r, "json-trailing", &r->place, "expected nothing behind the end");
	r->scan.error = (struct json_error){"json-trailing", "expected nothing behind the record on its line", 0};
	return reject_line(r, record, JSON_BROKEN);
}

static int32_t top_value(struct reader *r, struct dgm_record *record, bool started_line)
{
	const uint32_t path = r->lists[0].path[0];
	struct dgm_str source;
	r->scan.watch = r->list_count > 1;
	r->scan.lines = path != NO_PATH && started_line;
	const enum json_result result = scan_whole(r, false, &source);
	if (result == JSON_LIST)
		return open_list(r, record, source);
	r->last_top = TOP_VALUE;
	if ((result == JSON_BROKEN || result == JSON_TRUNCATED) && r->scan.lines)
		return reject_line(r, record, result);
	if (result != JSON_DONE)
		return give_up(r, result, source);
	r->at_line_start = false;
	if (r->scan.error.code)
		return reject_scanned(r, record, path == NO_PATH ? 0 : path, source);
	if (!r->scan.top_object)
		return reject(r, record, path == NO_PATH ? 0 : path, source, "json-not-an-object", &r->place,
			"expected an object as a record");
	if (path == NO_PATH)
		return reject(r, record, 0, source, "json-no-record", &r->place, "the object has none of the lists");
	return deliver(r, record, path, source);
}

static int32_t at_top(struct reader *r, struct dgm_record *record)
{
	int byte;
	if (skip_space(r, &byte) < 0)
		return DGM_FATAL;
	if (byte < 0) {
		if (r->last_top == TOP_NOTHING)
			return fatal(r, "json-empty", &r->place, "the input holds nothing");
		r->state = AT_END;
		return DGM_END;
	}
	const bool opens = byte == '{' || byte == '[';
	const bool lines = r->lists[0].path[0] != NO_PATH;
	if (r->last_top == TOP_ARRAY || (r->last_top == TOP_PAGE && byte != '{'))
		return trailing(r, record);
	if (r->last_top == TOP_VALUE && !(lines && r->at_line_start) && !opens) {
		if (!lines)
			return fatal(r, "json-trailing", &r->place, "expected nothing behind the end");
		return trailing(r, record);
	}
	/* Between objects of a sequence an array is a bad record of its own and not the list of records. */
	if (byte == '[' && r->lists[0].levels > 0 && r->last_top == TOP_NOTHING) {
		struct dgm_str window;
		if (r->host->peek(r->input, 1, &window) < 0)
			return give_up(r, JSON_INPUT_FAILED, window);
		consume(r, window.ptr, 1);
		r->list = &r->lists[0];
		r->level = 1;
		r->list_place = LIST_START;
		r->state = IN_LIST;
		return GO_ON;
	}
	return top_value(r, record, r->at_line_start);
}

int32_t json_reader_next(void *reader, struct dgm_record *record)
{
	struct reader *r = reader;
	for (;;) {
		int32_t result = DGM_FATAL;
		switch (r->state) {
		case AT_TOP:
			result = at_top(r, record);
			break;
		case IN_LIST:
			result = in_list(r, record);
			break;
		case IN_PAGE:
			result = behind_list(r, record);
			break;
		case AT_END:
			return DGM_END;
		case DEAD:
			return DGM_FATAL;
		}
		if (result != GO_ON)
			return result;
	}
}

/* --- open and close ------------------------------------------------------------------------------------------ */

/* Takes the "[]" off the end of a path; how many there were. */
static uint32_t take_levels(struct dgm_str *path)
{
	uint32_t levels = 0;
	for (; path->len >= 2 && memcmp(path->ptr + path->len - 2, "[]", 2) == 0; path->len -= 2)
		levels++;
	return levels;
}

/* The list at the end of a chain of names; NULL when there is no room for it. */
static struct list *find_list(struct reader *r, struct dgm_str chain)
{
	uint32_t key = 0, depth = 0;
	while (chain.len) {
		const char *slash = memchr(chain.ptr, '/', chain.len);
		const size_t len = slash ? (size_t)(slash - chain.ptr) : chain.len;
		key = json_scan_key(&r->scan, key, (struct dgm_str){chain.ptr, len});
		if (key == 0)
			return NULL;
		depth++;
		chain.ptr += len + (slash != NULL);
		chain.len -= len + (slash != NULL);
	}
	if (key == 0)
		return &r->lists[0];
	if (r->scan.keys[key].list)
		return &r->lists[r->scan.keys[key].list - 1];
	json_scan_watch(&r->scan, key, depth, r->list_count);
	return &r->lists[r->list_count++];
}

static bool add_path(struct reader *r, uint32_t index)
{
	struct dgm_str chain = r->open.paths[index];
	const uint32_t levels = take_levels(&chain);
	bool inner = false;
	for (size_t i = 0; i + 1 < chain.len; i++)
		inner = inner || memcmp(chain.ptr + i, "[]", 2) == 0;
	if (levels > LIST_LEVELS || inner || (levels == 0 && chain.len)) {
		json_report(&r->open, DGM_ERROR, "json-path", &(struct dgm_place){0},
			"a path must be empty or name one list and end in []");
		return false;
	}
	struct list *list = find_list(r, chain);
	if (!list) {
		json_report(&r->open, DGM_ERROR, "json-no-memory", &(struct dgm_place){0},
			"no room for the path's names");
		return false;
	}
	if (list->path[levels] == NO_PATH)
		list->path[levels] = index;
	list->levels = levels > list->levels ? levels : list->levels;
	return true;
}

static bool add_paths(struct reader *r)
{
	for (uint32_t i = 0; i < r->open.path_count + 1; i++) {
		for (uint32_t level = 0; level <= LIST_LEVELS; level++)
			r->lists[i].path[level] = NO_PATH;
	}
	r->list_count = 1;
	if (r->open.path_count == 0)
		r->lists[0].path[0] = 0;
	for (uint32_t i = 0; i < r->open.path_count; i++) {
		if (!add_path(r, i))
			return false;
	}
	return true;
}

int32_t json_reader_open(const struct dgm_open *open, void **ret_reader)
{
	if (!json_config_check(open))
		return DGM_FATAL;
	const struct json_config *config = open->config;
	struct reader *r = calloc(1, sizeof *r);
	bool good = r && json_scan_init(&r->scan, open) == 0;
	if (good) {
		r->open = *open;
		r->host = open->host;
		r->input = open->input;
		r->max_record = config->max_record;
		r->place = (struct dgm_place){0, 1, 1};
		r->at_line_start = true;
		r->lists = calloc((size_t)open->path_count + 1, sizeof *r->lists);
		r->page = calloc((size_t)config->max_depth + 1, sizeof *r->page);
		r->tree = config->parser == JSON_PARSER_CJSON ? json_tree_new(&r->scan) : NULL;
		good = r->lists && r->page && (r->tree || config->parser != JSON_PARSER_CJSON);
	}
	if (!good)
		json_report(open, DGM_ERROR, "json-no-memory", &(struct dgm_place){0}, "memory ran out");
	if (!good || !add_paths(r)) {
		json_reader_close(r);
		return DGM_FATAL;
	}
	*ret_reader = r;
	return DGM_OK;
}

void json_reader_close(void *reader)
{
	struct reader *r = reader;
	if (!r)
		return;
	json_tree_free(r->tree);
	json_scan_done(&r->scan);
	free(r->lists);
	free(r->page);
	free(r->page_keys);
	free(r);
}
