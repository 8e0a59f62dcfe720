/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The strict scanner. One loop with an explicit stack, so that the depth of the input never becomes depth of the C
 * stack. Names are not scanned where they can be guessed: records repeat their order, so the bytes at hand are first
 * compared with the name that came here last time.
 */
#include "json_scan.h"

#include <stdlib.h>

/* Releases of cJSON without the fix for CVE-2023-26819 copy a number into 64 bytes and take the rest for rubbish. */
#define CJSON_NUMBER_MAX 63u

/* Ends the scan. The first mistake is the one that is told. */
static const char *stop(struct json_scan *s, enum json_result result)
{
	s->result = result;
	return NULL;
}

static void mistake(struct json_scan *s, const char *at, const char *code, const char *text)
{
	if (!s->error.code)
		s->error = (struct json_error){code, text, (size_t)(at - s->begin)};
}

static const char *broken(struct json_scan *s, const char *at, const char *code, const char *text)
{
	mistake(s, at, code, text);
	return stop(s, JSON_BROKEN);
}

/* --- events -------------------------------------------------------------------------------------------------- */

bool json_scan_emit(struct json_scan *s, const struct dgm_event *event)
{
	if (s->count == s->capacity) {
		void *events = s->events;
		const bool grown = json_grow(&events, &s->capacity, s->count + 1, sizeof *s->events);
		s->events = events;
		if (!grown) {
			s->result = JSON_NO_MEMORY;
			return false;
		}
	}
	s->events[s->count++] = *event;
	return true;
}

static inline bool emit(struct json_scan *s, uint16_t kind, uint16_t literal, uint32_t key, uint32_t flags,
	const char *at, struct dgm_str text)
{
	const struct dgm_event event = {.kind = kind,
		.literal = literal,
		.key = key,
		.flags = flags | DGM_EVENT_STABLE,
		.offset = (uint32_t)(at - s->begin),
		.text = text};
	if (s->count < s->capacity) {
		s->events[s->count++] = event;
		return true;
	}
	return json_scan_emit(s, &event);
}

/* Events that point into the old block follow it to the new one. */
char *json_text_room(struct json_scan *s, size_t n)
{
	if (s->text_capacity - s->text_used >= n)
		return s->text + s->text_used;
	size_t capacity = s->text_capacity ? s->text_capacity : 4096;
	while (capacity - s->text_used < n)
		capacity *= 2;
	char *larger = malloc(capacity);
	if (!larger) {
		s->result = JSON_NO_MEMORY;
		return NULL;
	}
	if (s->text_used)
		memcpy(larger, s->text, s->text_used);
	const uintptr_t low = (uintptr_t)s->text, high = low + s->text_used;
	for (size_t i = 0; i < s->count; i++) {
		const uintptr_t at = (uintptr_t)s->events[i].text.ptr;
		if (s->events[i].text.len && at >= low && at < high)
			s->events[i].text.ptr = larger + (at - low);
	}
	free(s->text);
	s->text = larger;
	s->text_capacity = capacity;
	return larger + s->text_used;
}

/* --- strings ------------------------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
	return c >= '0' && c <= '9'    ? c - '0'
		: c >= 'a' && c <= 'f' ? c - 'a' + 10
		: c >= 'A' && c <= 'F' ? c - 'A' + 10
				       : -1;
}

/* The four hexadecimal digits at p, or -1. */
static int32_t hex4(const char *p, const char *end)
{
	if (end - p < 4)
		return -1;
	int32_t value = 0;
	for (int i = 0; i < 4; i++) {
		const int digit = hex_digit(p[i]);
		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

static char *put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
	} else if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
		*to++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*to++ = (char)(0xe0 | c >> 12);
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		*to++ = (char)(0x80 | (c & 0x3f));
	} else {
		*to++ = (char)(0xf0 | c >> 18);
		*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		*to++ = (char)(0x80 | (c & 0x3f));
	}
	return to;
}

/* \uXXXX at p (the backslash), perhaps a pair. Returns behind it; *to moves. */
static const char *unicode_escape(struct json_scan *s, const char *p, const char *end, char **to)
{
	const int32_t unit = hex4(p + 2, end);
	if (unit < 0) {
		mistake(s, p, "json-syntax", "expected four hexadecimal digits behind \\u");
		return p + 2;
	}
	if (unit == 0) {
		mistake(s, p, "json-nul", "the character U+0000 is not text");
		return p + 6;
	}
	if (unit < 0xd800 || unit > 0xdfff) {
		*to = put_utf8(*to, (uint32_t)unit);
		return p + 6;
	}
	const int32_t low = unit < 0xdc00 && end - p >= 12 && p[6] == '\\' && p[7] == 'u' ? hex4(p + 8, end) : -1;
	if (low < 0xdc00 || low > 0xdfff) {
		mistake(s, p, "json-lone-surrogate", "half of a surrogate pair is no character");
		return p + 6;
	}
	*to = put_utf8(*to, 0x10000u + ((uint32_t)(unit - 0xd800) << 10) + (uint32_t)(low - 0xdc00));
	return p + 12;
}

static const char *escape(struct json_scan *s, const char *p, const char *end, char **to)
{
	static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	if (p[1] == 'u')
		return unicode_escape(s, p, end, to);
	const char *found = memchr(names, p[1], sizeof names - 1);
	if (found)
		*(*to)++ = meanings[found - names];
	else
		mistake(s, p, "json-syntax", "a backslash before a character that is not escaped so");
	return p + 2;
}

/* The closing quote of the string whose contents start at p; NULL after stop(). */
static const char *closing_quote(struct json_scan *s, const char *p)
{
	for (;;) {
		p = json_plain_run(p, s->end);
		if (p == s->end)
			return stop(s, JSON_MORE);
		if (*p == '"')
			return p;
		if (*p == '\\') {
			if (s->end - p < 2)
				return stop(s, JSON_MORE);
			/* What stands behind the backslash is judged later; a line feed must still be seen here. */
			p += p[1] == '\n' && s->lines ? 1 : 2;
			continue;
		}
		if (*p == '\n' && s->lines)
			return broken(s, p, "json-syntax", "the line ends inside a string");
		mistake(s, p, "json-syntax", "a control character in a string must be escaped");
		p++;
	}
}

/* The string at p (its opening quote) without its escapes. Returns behind the closing quote; NULL after stop(). */
static const char *string(struct json_scan *s, const char *p, struct dgm_str *ret_text)
{
	const char *from = p + 1;
	const char *run = json_plain_run(from, s->end);
	if (run < s->end && *run == '"') {
		*ret_text = (struct dgm_str){from, (size_t)(run - from)};
		return run + 1;
	}
	const char *close = closing_quote(s, run);
	if (!close)
		return NULL;
	/* No escape is shorter than what it stands for. */
	char *text = json_text_room(s, (size_t)(close - from));
	if (!text)
		return NULL;
	char *to = text;
	for (const char *at = from; at < close;) {
		run = json_plain_run(at, close);
		memcpy(to, at, (size_t)(run - at));
		to += run - at;
		at = run;
		if (at < close)
			at = *at == '\\' ? escape(s, at, close, &to) : at + 1;
	}
	*ret_text = (struct dgm_str){text, (size_t)(to - text)};
	s->text_used += (size_t)(to - text);
	return close + 1;
}

/* --- numbers and words --------------------------------------------------------------------------------------- */

size_t json_number_length(struct dgm_str s)
{
	const char *p = s.ptr, *end = s.ptr + s.len;
	if (p < end && *p == '-')
		p++;
	if (p == end || !json_is_digit(*p))
		return 0;
	if (*p == '0')
		p++;
	else
		while (p < end && json_is_digit(*p))
			p++;
	if (end - p > 1 && *p == '.' && json_is_digit(p[1])) {
		p += 2;
		while (p < end && json_is_digit(*p))
			p++;
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		const char *digits = p + 1;
		if (digits < end && (*digits == '+' || *digits == '-'))
			digits++;
		if (digits < end && json_is_digit(*digits)) {
			p = digits;
			while (p < end && json_is_digit(*p))
				p++;
		}
	}
	return (size_t)(p - s.ptr);
}

static bool is_literal(struct dgm_str word, const char *literal, size_t length)
{
	return word.len == length && memcmp(word.ptr, literal, length) == 0;
}

/* A number, true, false, null, or a mistake. Returns behind it; NULL after stop(). */
static const char *word(struct json_scan *s, const char *p, uint32_t key, uint32_t flags)
{
	const char *end = p;
	while (end < s->end && json_is_word(*end))
		end++;
	/* A word that reaches the end of the window may go on; the loop asks for more then, and it is scanned again. */
	const struct dgm_str text = {p, (size_t)(end - p)};
	uint16_t literal = DGM_LITERAL_NUMBER;
	if (json_is_digit(*p) || *p == '-') {
		const size_t good = json_number_length(text);
		if (good < text.len)
			mistake(s, p + good, "json-syntax", "a number is not written so");
		if (text.len > s->max_number)
			mistake(s, p, "json-number-too-long", "the number has more digits than max-number permits");
		if (text.len > CJSON_NUMBER_MAX)
			s->long_number = true;
	} else if (is_literal(text, "true", 4) || is_literal(text, "false", 5)) {
		literal = DGM_LITERAL_BOOLEAN;
	} else if (is_literal(text, "null", 4)) {
		return emit(s, DGM_EVENT_VALUE, DGM_LITERAL_NULL, key, flags, p, (struct dgm_str){p, 0}) ? end : NULL;
	} else if (text.len == 0) {
		return broken(s, p, "json-syntax", "expected a value");
	} else {
		mistake(s, p, "json-syntax", "expected a value, not a bare word");
	}
	return emit(s, DGM_EVENT_VALUE, literal, key, flags, p, text) ? end : NULL;
}

/* --- structure ----------------------------------------------------------------------------------------------- */

static inline const char *skip_space(const char *p, const char *end)
{
	while (p < end && json_is_space(*p))
		p++;
	return p;
}

/* A record with too many names is refused; without memory nothing goes on. */
static const char *no_key(struct json_scan *s, const char *p)
{
	if (!s->no_memory)
		return broken(s, p, "json-too-many-keys", "more different names than can be kept");
	s->result = JSON_NO_MEMORY;
	return NULL;
}

static inline bool is_name(const struct json_scan *s, uint32_t key, const char *p)
{
	const struct json_key *entry = &s->keys[key];
	return entry->plain && (size_t)(s->end - p) > entry->length + 1 && p[entry->length + 1] == '"' &&
		memcmp(p + 1, entry->name, entry->length) == 0;
}

/* A name that was not guessed. Returns behind its closing quote; NULL after stop(). */
static const char *new_name(struct json_scan *s, const char *p, uint32_t parent, uint32_t *ret_key)
{
	struct dgm_str name;
	const char *end = string(s, p, &name);
	if (!end)
		return NULL;
	if (json_is_brackets(name))
		mistake(s, p, "json-reserved-name", "a member named [] cannot be told from an array in an array");
	if (!json_utf8_valid(name)) {
		/* The host looks at values only, and an interned name is good for ever. */
		mistake(s, p, "text-invalid-utf8", "bytes in a name that are no character in the declared encoding");
		name.len = 0;
	}
	*ret_key = json_scan_key(s, parent, name);
	if (!*ret_key)
		return no_key(s, p);
	return end;
}

/* The name at p and its colon. Returns where the value starts; NULL after stop(). */
static inline const char *member(struct json_scan *s, const char *p, uint32_t *ret_key)
{
	struct json_frame *frame = &s->frames[s->depth - 1];
	if (p == s->end)
		return stop(s, JSON_MORE);
	if (*p != '"')
		return broken(s, p, "json-syntax", "expected a name in quotes");
	const char *const name = p;
	uint32_t key = s->hints[s->hint];
	if (key && s->keys[key].parent == frame->key && is_name(s, key, p)) {
		p += s->keys[key].length + 2;
	} else {
		p = new_name(s, p, frame->key, &key);
		if (!p)
			return NULL;
		s->hints[s->hint] = key;
	}
	s->hint = key * 2;
	if (s->keys[key].stamp == frame->stamp)
		mistake(s, name, "json-duplicate-key", "the name stands twice in the same object");
	s->keys[key].stamp = frame->stamp;
	if (++frame->members > s->max_members)
		mistake(s, name, "json-too-many-members", "the object has more members than max-members permits");
	*ret_key = key;
	p = skip_space(p, s->end);
	if (p == s->end)
		return stop(s, JSON_MORE);
	if (*p != ':')
		return broken(s, p, "json-syntax", "expected a colon behind the name");
	return skip_space(p + 1, s->end);
}

static const char *enter(struct json_scan *s, const char *p, enum json_frame_kind kind, uint32_t key)
{
	if (s->depth == s->max_depth)
		return broken(s, p, "json-too-deep", "objects and arrays are nested deeper than max-depth permits");
	struct json_frame *frame = &s->frames[s->depth++];
	*frame = (struct json_frame){.stamp = ++s->stamp, .key = key, .item = key, .kind = kind};
	if (kind == JSON_FRAME_OBJECT)
		s->hint = key * 2 + 1;
	if (kind == JSON_FRAME_NESTED) {
		frame->item = json_nested_key(s, key);
		if (!frame->item)
			return no_key(s, p);
	}
	return skip_space(p + 1, s->end);
}

/* Leaves the innermost frame, whose closing bracket stands at p. */
static bool leave(struct json_scan *s, const char *p)
{
	const struct json_frame *frame = &s->frames[--s->depth];
	if (frame->kind == JSON_FRAME_OBJECT)
		s->hint = frame->key * 2;
	if (frame->kind == JSON_FRAME_LIST || s->depth == 0)
		return true;
	if (frame->quiet && s->events[s->count - 1].kind == DGM_EVENT_BEGIN &&
		s->events[s->count - 1].key == frame->key) {
		s->count--;
		return true;
	}
	return emit(s, DGM_EVENT_END, DGM_LITERAL_TEXT, frame->key, 0, p, (struct dgm_str){p, 0});
}

/* The loop. At `p` stands a value, or with `rest` what follows one. Returns behind the last byte; NULL after stop(). */
static const char *run(struct json_scan *s, const char *p, bool rest)
{
	uint32_t key = 0, flags = 0;
	struct dgm_str text;
	if (rest)
		goto after;
value:
	if (p == s->end)
		return stop(s, JSON_MORE);
	if (*p == '"') {
		const char *const at = p;
		p = string(s, p, &text);
		if (!p || !emit(s, DGM_EVENT_VALUE, DGM_LITERAL_TEXT, key, flags, at, text))
			return NULL;
		goto after;
	}
	if (*p == '{') {
		if (s->depth && !emit(s, DGM_EVENT_BEGIN, DGM_LITERAL_TEXT, key, flags, p, (struct dgm_str){p, 0}))
			return NULL;
		p = enter(s, p, JSON_FRAME_OBJECT, key);
		if (!p)
			return NULL;
		if (p < s->end && *p == '}')
			goto after;
		goto name;
	}
	if (*p == '[') {
		const char *const at = p;
		const bool nested = flags & DGM_EVENT_ITEM;
		p = enter(s, p, nested ? JSON_FRAME_NESTED : JSON_FRAME_LIST, key);
		if (!p)
			return NULL;
		if (p == s->end)
			return stop(s, JSON_MORE);
		if (*p == ']') {
			s->depth--;
			p++;
			if (!emit(s, DGM_EVENT_VALUE, DGM_LITERAL_EMPTY_LIST, key, flags, at, (struct dgm_str){at, 0}))
				return NULL;
			goto after;
		}
		if (nested && !emit(s, DGM_EVENT_BEGIN, DGM_LITERAL_TEXT, key, flags, at, (struct dgm_str){at, 0}))
			return NULL;
		goto item;
	}
	p = word(s, p, key, flags);
	if (!p)
		return NULL;
after:
	if (s->depth == 0)
		return p;
	p = skip_space(p, s->end);
	if (p == s->end)
		return stop(s, JSON_MORE);
	const bool in_object = s->frames[s->depth - 1].kind == JSON_FRAME_OBJECT;
	if (*p == ',') {
		p = skip_space(p + 1, s->end);
		if (!in_object)
			goto item;
		goto name;
	}
	if (*p != (in_object ? '}' : ']'))
		return broken(s, p, "json-syntax",
			in_object ? "expected a comma or a closing brace" : "expected a comma or a closing bracket");
	if (!leave(s, p))
		return NULL;
	p++;
	goto after;
name:
	p = member(s, p, &key);
	if (!p)
		return NULL;
	flags = 0;
	if (s->watch && p < s->end && *p == '[' && s->keys[key].list && s->keys[key].list_depth == s->depth) {
		s->list = s->keys[key].list - 1;
		s->list_key = key;
		s->result = JSON_LIST;
		return p;
	}
	goto value;
item:
	key = s->frames[s->depth - 1].item;
	flags = DGM_EVENT_ITEM;
	goto value;
}

static void begin(struct json_scan *s, const char *from, const char *end)
{
	s->begin = from;
	s->end = end;
	s->count = 0;
	s->text_used = 0;
	s->error = (struct json_error){0};
	s->result = JSON_DONE;
	s->long_number = false;
}

enum json_result json_scan_value(struct json_scan *s, const char *from, const char *end, bool at_end,
	const char **ret_end)
{
	begin(s, from, end);
	s->depth = 0;
	s->top_object = from < end && *from == '{';
	const char *behind = run(s, from, false);
	if (!behind)
		return s->result;
	/* Only the brackets of an object or array and the quotes of a string say where a value ends. */
	if (behind == end && !at_end && s->result == JSON_DONE && behind[-1] != '}' && behind[-1] != ']' &&
		behind[-1] != '"')
		return JSON_MORE;
	*ret_end = behind;
	return s->result;
}

enum json_result json_scan_rest(struct json_scan *s, uint32_t depth, const char *from, const char *end,
	const char **ret_end)
{
	begin(s, from, end);
	s->depth = depth;
	s->top_object = true;
	for (uint32_t i = 1; i < depth; i++) {
		if (!emit(s, DGM_EVENT_BEGIN, DGM_LITERAL_TEXT, s->frames[i].key, 0, from, (struct dgm_str){from, 0}))
			return JSON_NO_MEMORY;
	}
	const char *behind = run(s, from, true);
	if (behind)
		*ret_end = behind;
	return s->result;
}

int json_scan_init(struct json_scan *s, const struct dgm_open *open)
{
	const struct json_config *config = open->config;
	*s = (struct json_scan){.host = open->host,
		.job = open->job,
		.max_depth = config->max_depth,
		.max_number = config->max_number,
		.max_members = config->max_members};
	s->frames = calloc((size_t)config->max_depth + 1, sizeof *s->frames);
	return s->frames && json_keys_init(s) ? 0 : -1;
}

void json_scan_done(struct json_scan *s)
{
	json_keys_done(s);
	free(s->events);
	free(s->text);
	free(s->frames);
}
