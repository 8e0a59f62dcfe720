/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a sample is built. Its records are read by the very engine that will read the format, with a definition that knows
 * no key: first the whole file as one record, in which what repeats is looked for, then the records themselves.
 */
#include <stdio.h>

#include <unicode/ucsdet.h>

#include "base/text.h"
#include "host/detect.h"
#include "host/job.h"
#include "io/charset.h"
#include "pipe/drafting.h"
#include "pipe/reading.h"

const char *const dgm_draft_nulls[] = {"-", "--", "n/a", "na", "null", "none", "unknown", "?", "nil", "n.a.", NULL};

enum {
	FIRST_TEXT = 65536, /* bytes in which the root element begins */
};

/* --- bytes --- */

static struct dgm_str guess_charset(struct dgm_str bytes)
{
	UErrorCode status = U_ZERO_ERROR;
	UCharsetDetector *detector = ucsdet_open(&status);
	const struct dgm_charset *charset = NULL;
	int32_t count = 0;
	ucsdet_setText(detector, bytes.ptr, bytes.len > 65536 ? 65536 : (int32_t)bytes.len, &status);
	const UCharsetMatch **matches = ucsdet_detectAll(detector, &count, &status);
	for (int32_t i = 0; U_SUCCESS(status) && matches && i < count && !charset; i++) {
		const char *name = ucsdet_getName(matches[i], &status);
		charset = U_SUCCESS(status) ? dgm_charset_find(dgm_str(name)) : NULL;
		if (charset && (charset->kind == DGM_CHARSET_UTF8 || charset->kind == DGM_CHARSET_UTF16))
			charset = NULL;
	}
	ucsdet_close(detector);
	/* ISO 8859-1 has nothing where windows-1252 has quotes and dashes; all else is the same. */
	if (!charset || dgm_str_is(dgm_str(charset->name), "iso-8859-1"))
		return DGM_STR("windows-1252");
	return dgm_str(charset->name);
}

static void look_at_bytes(struct dgm_draft_look *look)
{
	const struct dgm_str bytes = look->request->sample;
	size_t mark = 0, at = 0;
	const struct dgm_charset *marked = dgm_charset_of_bom(bytes, &mark);
	const struct dgm_charset *declared = dgm_charset_find(dgm_detect_xml_encoding(bytes));
	look->bom = marked != NULL;
	if (!marked)
		marked = declared;
	look->encoding = marked         ? dgm_str(marked->name)
		: dgm_utf8_valid(bytes) ? DGM_STR("utf-8")
					: guess_charset(bytes);
	/* Of UTF-16 every other byte is enough to tell what begins here. */
	for (at = mark; at < bytes.len && (dgm_is_space(bytes.ptr[at]) || bytes.ptr[at] == '\0'); at++)
		;
	const char first = at < bytes.len ? bytes.ptr[at] : '\0';
	look->top = first;
	look->engine = first == '<' ? "xml" : first == '{' || first == '[' ? "json" : "csv";
}

/* What stands most often in the first row, outside of quotes. */
static void look_at_dialect(struct dgm_draft_look *look)
{
	static const char delimiters[] = ",;\t|";
	size_t counts[sizeof delimiters] = {0};
	const struct dgm_str bytes = look->request->sample;
	bool quoted = false;
	for (size_t i = 0; i < bytes.len && (quoted || bytes.ptr[i] != '\n'); i++) {
		quoted = quoted != (bytes.ptr[i] == '"');
		const char *found = bytes.ptr[i] && !quoted ? strchr(delimiters, bytes.ptr[i]) : NULL;
		if (found)
			counts[found - delimiters]++;
	}
	size_t best = 0;
	for (size_t i = 1; delimiters[i]; i++)
		best = counts[i] > counts[best] ? i : best;
	look->delimiter = delimiters[best];
}

/* The first characters of the sample, decoded; in the arena. */
static struct dgm_str first_text(const struct dgm_draft_look *look)
{
	struct dgm_diag_sink silent = {0};
	struct dgm_str window = DGM_NOSTR;
	struct dgm_input *input = dgm_input_memory(look->request->sample, look->request->name, &silent, 0);
	if (dgm_input_charset(input, look->encoding, true) == 0 && dgm_input_peek(input, FIRST_TEXT, &window) == DGM_OK)
		window = dgm_arena_dup(look->arena, window);
	else
		window = DGM_NOSTR;
	dgm_input_free(input);
	return window;
}

/* The name of the first element behind declaration, comments and instructions, with its prefix. */
static struct dgm_str find_root(struct dgm_str bytes)
{
	struct dgm_str rest = bytes;
	for (;;) {
		rest = dgm_str_skip(rest, dgm_str_find(rest, DGM_STR("<")));
		if (rest.len < 2)
			return DGM_NOSTR;
		if (dgm_str_starts(rest, DGM_STR("<!--"))) {
			rest = dgm_str_skip(rest, dgm_str_find(rest, DGM_STR("-->")));
			continue;
		}
		rest = dgm_str_skip(rest, 1);
		if (rest.ptr[0] != '?' && rest.ptr[0] != '!')
			break;
	}
	size_t len = 0;
	while (len < rest.len && !dgm_is_space(rest.ptr[len]) && rest.ptr[len] != '>' && rest.ptr[len] != '/')
		len++;
	return dgm_str_take(rest, len);
}

/* --- keys --- */

static struct dgm_draft_key *child_of(struct dgm_draft_look *look, struct dgm_draft_key *parent, struct dgm_str name)
{
	for (struct dgm_draft_key *key = parent->first; key; key = key->next)
		if (dgm_str_eq(key->name, name))
			return key;
	struct dgm_draft_key *key = dgm_arena_zero(look->arena, sizeof *key);
	key->name = dgm_arena_dup(look->arena, name);
	key->parent = parent;
	key->field = -1;
	if (parent->last)
		parent->last->next = key;
	else
		parent->first = key;
	parent->last = key;
	return key;
}

static bool says_nothing(struct dgm_str value)
{
	for (size_t i = 0; dgm_draft_nulls[i]; i++)
		if (dgm_str_eq_nocase(value, dgm_str(dgm_draft_nulls[i])))
			return true;
	return value.len == 0;
}

static void keep_value(struct dgm_draft_look *look, struct dgm_draft_key *key, const struct dgm_event *event)
{
	const struct dgm_str value = dgm_str_trim(event->text);
	if (event->literal == DGM_LITERAL_NULL || event->literal == DGM_LITERAL_EMPTY_LIST || says_nothing(value))
		return;
	key->total++;
	for (uint32_t i = 0; i < key->value_count; i++)
		if (dgm_str_eq(key->values[i], value))
			return;
	if (key->value_count < DGM_DRAFT_VALUES)
		key->values[key->value_count++] = dgm_arena_dup(look->arena, value);
	else
		key->more = true;
}

static void look_at_record(struct dgm_draft_look *look, const struct dgm_record *record)
{
	struct dgm_draft_key *open = &look->keys;
	look->records++;
	for (size_t i = 0; i < record->count; i++) {
		const struct dgm_event *event = &record->events[i];
		if (event->kind == DGM_EVENT_END) {
			open = open->parent ? open->parent : open;
			continue;
		}
		struct dgm_draft_key *key = child_of(look, open, dgm_job_key_name(record->job, event->key));
		key->item = key->item || (event->flags & DGM_EVENT_ITEM);
		key->records += key->seen_in != look->records;
		key->seen_in = look->records;
		if (event->kind == DGM_EVENT_BEGIN) {
			key->group = true;
			key->total++;
			open = key;
		} else {
			keep_value(look, key, event);
		}
	}
}

/* Reads up to `most` records that lie at a path. */
static void read_records(struct dgm_draft_look *look, struct dgm_str path, uint64_t most)
{
	struct dgm_diag_sink silent = {0};
	char options[40] = "";
	if (look->delimiter)
		snprintf(options, sizeof options, "options: {delimiter: \"%s\"}\n",
			look->delimiter == '\t' ? "tab" : (char[]){look->delimiter, '\0'});
	const struct dgm_str text = dgm_arena_printf(look->arena,
		"format: draft\ntitle: t\nstatus: modelled\nengine: %s\n%srecords:\n  - at: \"%.*s\"\n"
		"    set: {notice.type: wanted, notice.issuer: x}\n    map: {x: {keep: nothing is known yet}}\n",
		look->engine, options, DGM_FMT(path));
	static const char *const no_folders[] = {NULL};
	struct dgm_format *format = dgm_format_parse(text, "draft", no_folders, &silent);
	struct dgm_input *input = dgm_input_memory(look->request->sample, look->request->name, &silent, 0);
	bool input_broke;
	struct dgm_reading *reading = NULL;
	if (format && dgm_input_charset(input, look->encoding, true) == 0)
		reading = dgm_reading_open(&(struct dgm_reading_options){.plugins = look->request->plugins,
						   .diags = &silent,
						   .format = format,
						   .input = input},
			&input_broke);
	struct dgm_notice notice;
	for (uint64_t i = 0; reading && i < most; i++) {
		const enum dgm_step step = dgm_reading_next(reading, &notice);
		if (step == DGM_STEP_END || step == DGM_STEP_BROKEN)
			break;
		look_at_record(look, dgm_reading_record(reading));
	}
	if (reading)
		dgm_reading_close(reading);
	dgm_input_free(input);
	dgm_format_free(format);
}

/* --- where the records lie --- */

/* Of the groups so many levels down the one that opens most often. */
static struct dgm_draft_key *most_often(const struct dgm_draft_key *parent, unsigned depth, struct dgm_draft_key *best)
{
	for (struct dgm_draft_key *key = parent->first; key; key = key->next) {
		if (key->group && depth > 0)
			best = most_often(key, depth - 1, best);
		else if (key->group && key->total > 1 && (!best || key->total > best->total))
			best = key;
	}
	return best;
}

/* What repeats in a list of things is a thing: the outermost group that does. NULL: nothing repeats. */
static const struct dgm_draft_key *find_repeated(const struct dgm_draft_key *top)
{
	const struct dgm_draft_key *best = NULL;
	for (unsigned depth = 0; depth < 6 && !best; depth++)
		best = most_often(top, depth, NULL);
	return best;
}

static struct dgm_str path_of(struct dgm_draft_look *look, const struct dgm_draft_key *key, struct dgm_str root)
{
	struct dgm_str path = DGM_NOSTR;
	for (; key && key->parent; key = key->parent) {
		const bool array = key->item && dgm_str_is(dgm_str(look->engine), "json");
		path = dgm_arena_printf(look->arena, "%.*s%s%s%.*s", DGM_FMT(key->name), array ? "[]" : "",
			path.len ? "/" : "", DGM_FMT(path));
	}
	if (root.len)
		path = dgm_arena_printf(look->arena, "%.*s%s%.*s", DGM_FMT(root), path.len ? "/" : "", DGM_FMT(path));
	return path;
}

/* Where the records lie, of a file that the engine can read as one record. */
static void find_path(struct dgm_draft_look *look, struct dgm_str whole)
{
	read_records(look, whole, 3);
	look->path = whole;
	if (look->records > 1) { /* a sequence of records as it is: JSON lines */
		look->lines = true;
		return;
	}
	const struct dgm_draft_key *found = find_repeated(&look->keys);
	/* A list with one thing in it: what the root has inside, if that is all it has. */
	if (!found && look->keys.first && look->keys.first->group && !look->keys.first->next)
		found = look->keys.first;
	if (found)
		look->path = path_of(look, found, whole);
}

/* A key that stands several times in what it stands in is a list. */
static void mark_lists(struct dgm_draft_key *parent, uint64_t opened)
{
	for (struct dgm_draft_key *key = parent->first; key; key = key->next) {
		key->repeats = key->item || key->total > opened;
		if (key->group)
			mark_lists(key, key->total);
	}
}

bool dgm_draft_look(struct dgm_draft_look *look)
{
	look_at_bytes(look);
	look->root = DGM_NOSTR;
	if (dgm_str_is(dgm_str(look->engine), "csv")) {
		look_at_dialect(look);
		look->path = DGM_STR("");
	} else if (dgm_str_is(dgm_str(look->engine), "xml")) {
		look->root = dgm_arena_dup(look->arena, find_root(first_text(look)));
		find_path(look, look->root);
	} else if (look->top == '[') {
		struct dgm_str text = dgm_str_trim(first_text(look));
		text = dgm_str_trim(dgm_str_skip(text, 1));
		look->path = text.len && text.ptr[0] == '[' ? DGM_STR("[][]") : DGM_STR("[]");
	} else {
		find_path(look, DGM_STR(""));
	}
	look->keys = (struct dgm_draft_key){0};
	look->records = 0;
	read_records(look, look->path, DGM_DRAFT_RECORDS);
	mark_lists(&look->keys, look->records);
	return look->records > 0 && look->keys.first;
}
