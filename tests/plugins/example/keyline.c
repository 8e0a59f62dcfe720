/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyline: a complete format plugin for dragoman in one file, to read from top to bottom and to start one's own from.
 *
 * The syntax: a record is a block of "key: value" lines, an empty line ends it, lines that begin with '#' are comments.
 *
 *     name: MARLOWE
 *     forename: Ines
 *     alias: La Sombra
 *
 *     name: OKONJO
 *     note: two lines\nof text
 *
 * In a value "\n" stands for a line feed, "\r" for a carriage return and "\\" for a backslash, so that every text can be
 * written and comes back. A key may come more than once.
 *
 * What a plugin is: it knows this syntax and nothing else. It opens no files, prints nothing, and links nothing of
 * dragoman: what it needs from there comes as functions in struct dgm_host. What the keys mean stands in a definition
 * (keyline-people.yaml beside this file). Build it with
 *
 *     cc -std=c17 -O2 -shared -fPIC -fvisibility=hidden -I<folder of dragoman/plugin.h> keyline.c -o keyline.so
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <dragoman/plugin.h>

/* ------------------------------------------------------------------------------------------------------------------ */
/* Options. The host parses them into this struct, checks them and prints them as help; we only say what there is.     */

struct config {
	uint64_t separator;   /* DGM_OPTION_CHAR */
	uint64_t comments;    /* DGM_OPTION_BOOL */
	uint64_t limit;       /* DGM_OPTION_UINT */
	uint64_t empty;       /* DGM_OPTION_CHOICE: index of enum empty */
	struct dgm_str title; /* DGM_OPTION_TEXT */
};

enum empty {
	EMPTY_KEEP,
	EMPTY_SKIP,
};

static const struct dgm_option options[] = {
	{
		.name = "separator",
		.default_text = ":",
		.help = "what stands between key and value",
		.kind = DGM_OPTION_CHAR,
		.offset = offsetof(struct config, separator),
	},
	{
		.name = "comments",
		.default_text = "yes",
		.help = "whether lines that begin with '#' are comments",
		.kind = DGM_OPTION_BOOL,
		.offset = offsetof(struct config, comments),
	},
	{
		.name = "limit",
		.default_text = "1M",
		.help = "longest record in bytes; one that never ends must not fill the memory",
		.kind = DGM_OPTION_UINT,
		.offset = offsetof(struct config, limit),
	},
	{
		.name = "empty",
		.default_text = "keep",
		.choices = "keep|skip",
		.help = "what becomes of a key without a value when reading",
		.kind = DGM_OPTION_CHOICE,
		.offset = offsetof(struct config, empty),
	},
	{
		.name = "title",
		.default_text = "",
		.help = "a comment at the top of what is written",
		.kind = DGM_OPTION_TEXT,
		.offset = offsetof(struct config, title),
	},
};

/* ------------------------------------------------------------------------------------------------------------------ */
/* Small things both sides need.                                                                                       */

/* Places inside a record are 32 bits wide. */
#define LIMIT_MAX (UINT64_C(1) << 30)

#define TEXT(literal) ((struct dgm_str){(literal), sizeof(literal) - 1})

/* Says what is wrong, once, where it is known, and with no value of a person in it. place NULL: the current record. */
static void complain(const struct dgm_open *open, const char *code, const struct dgm_place *place, struct dgm_str text)
{
	open->host->report(open->job, DGM_ERROR, code, place, text);
}

/*
 * What makes it impossible to begin, or NULL. Our records follow one another from the top of the file, which is the path
 * "" and no other; and options can be right one by one and still make no sense.
 */
static const char *obstacle(const struct dgm_open *open)
{
	const struct config *config = open->config;
	if (open->path_count != 1 || open->paths[0].len != 0)
		return "records of a keyline file lie at the path \"\" and nowhere else";
	if (config->separator == 0 || config->separator == '\n' || config->separator == '\r')
		return "the option separator needs a character that does not end a line";
	if (config->limit > LIMIT_MAX)
		return "the option limit is above 1G";
	if (config->title.len > 0 && (!config->comments || memchr(config->title.ptr, '\n', config->title.len)))
		return "the option title is one line, and needs comments";
	return NULL;
}

/* Memory for an instance, if nothing stands in the way; NULL was reported. */
static void *new_instance(const struct dgm_open *open, size_t size)
{
	const struct dgm_place nowhere = {0, 0, 0};
	const char *text = obstacle(open);
	void *instance = text ? NULL : calloc(1, size);
	if (!instance) {
		text = text ? text : "no memory to begin with";
		complain(open, "keyline-open", &nowhere, (struct dgm_str){text, strlen(text)});
	}
	return instance;
}

/* A line without its line feed, nor the carriage return that some systems put before it. */
static struct dgm_str without_end(struct dgm_str line)
{
	if (line.len > 0 && line.ptr[line.len - 1] == '\n')
		line.len--;
	if (line.len > 0 && line.ptr[line.len - 1] == '\r')
		line.len--;
	return line;
}

static bool is_comment(const struct config *config, struct dgm_str line)
{
	return config->comments && line.len > 0 && line.ptr[0] == '#';
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* The reader: the host asks for one record, and another, until we answer DGM_END.                                     */

#define BATCH 32

struct reader {
	struct dgm_open open;
	const struct config *config;
	struct dgm_str window; /* what peek showed last; it stays in place until the next peek */
	bool complete;         /* the window reaches to the end of the input */
	struct dgm_place place;
	char *unescaped; /* room for the values of a record that hold a '\' */
	size_t unescaped_capacity;
};

/*
 * A file whose first line of its own has a key and a colon may be ours, or a hundred other things: WEAK. A plugin for a
 * syntax with a signature answers LIKELY or CERTAIN. The head may end anywhere.
 */
static int32_t probe(struct dgm_str head, uint32_t *ret_match)
{
	*ret_match = DGM_MATCH_NONE;
	size_t i = 0;
	while (i < head.len && (head.ptr[i] == '#' || head.ptr[i] == '\n' || head.ptr[i] == '\r')) {
		const char *end = memchr(head.ptr + i, '\n', head.len - i);
		if (!end)
			return DGM_OK;
		i = (size_t)(end - head.ptr) + 1;
	}
	const size_t start = i;
	while (i < head.len && ((head.ptr[i] >= 'a' && head.ptr[i] <= 'z') || head.ptr[i] == '-' || head.ptr[i] == '_'))
		i++;
	if (i > start && i + 1 < head.len && head.ptr[i] == ':' && head.ptr[i + 1] == ' ')
		*ret_match = DGM_MATCH_WEAK;
	return DGM_OK;
}

static int32_t reader_open(const struct dgm_open *open, void **ret_reader)
{
	struct reader *reader = new_instance(open, sizeof *reader);
	if (!reader)
		return DGM_FATAL;
	/* The struct dies when we return; host, job, input and config that it names live until close. */
	reader->open = *open;
	reader->config = open->config;
	reader->place = (struct dgm_place){0, 1, 1};
	*ret_reader = reader;
	return DGM_OK;
}

static void reader_close(void *opaque)
{
	struct reader *reader = opaque;
	free(reader->unescaped);
	free(reader);
}

/* The line at `from` in the window, with its end; DGM_END when there is none. May move the window. */
static int32_t line_at(struct reader *reader, size_t from, struct dgm_str *ret_line)
{
	for (;;) {
		const size_t rest = reader->window.len - from;
		const char *start = rest > 0 ? reader->window.ptr + from : NULL;
		const char *end = rest > 0 ? memchr(start, '\n', rest) : NULL;
		if (end || (reader->complete && rest > 0)) {
			*ret_line = (struct dgm_str){start, end ? (size_t)(end - start) + 1 : rest};
			return DGM_OK;
		}
		if (reader->complete)
			return DGM_END;
		/* One byte more than we have: peek gives as much as it comes by, usually a lot more. */
		const size_t want = reader->window.len + 1;
		const int32_t result = reader->open.host->peek(reader->open.input, want, &reader->window);
		if (result != DGM_OK)
			return result;
		reader->complete = reader->window.len < want;
	}
}

/* Lets go of the first n bytes of the window, which are whole lines. */
static void pass(struct reader *reader, size_t n, uint32_t lines)
{
	reader->open.host->consume(reader->open.input, n);
	reader->window.ptr += n;
	reader->window.len -= n;
	reader->place.offset += n;
	reader->place.line += lines;
}

/* Passes empty lines and comments between records. */
static int32_t skip_gap(struct reader *reader)
{
	struct dgm_str line;
	for (;;) {
		const int32_t result = line_at(reader, 0, &line);
		if (result != DGM_OK)
			return result;
		const struct dgm_str text = without_end(line);
		if (text.len > 0 && !is_comment(reader->config, text))
			return DGM_OK;
		pass(reader, line.len, 1);
	}
}

/* How long the record at the window's start is, in bytes and lines, so that all of it is in the window at once. */
static int32_t measure(struct reader *reader, size_t *ret_size, uint32_t *ret_lines)
{
	struct dgm_str line;
	*ret_size = 0;
	*ret_lines = 0;
	for (;;) {
		const int32_t result = line_at(reader, *ret_size, &line);
		if (result == DGM_END)
			return DGM_OK;
		if (result != DGM_OK)
			return result;
		if (without_end(line).len == 0)
			return DGM_OK;
		*ret_size += line.len;
		++*ret_lines;
		if (*ret_size > reader->config->limit) {
			complain(&reader->open, "keyline-too-long", &reader->place,
				TEXT("the record is longer than the option limit allows"));
			return DGM_FATAL;
		}
	}
}

/* Copies value to `to` with "\n", "\r" and "\\" resolved. false: a backslash before anything else. */
static bool unescape(struct dgm_str value, char *to, size_t *ret_len)
{
	size_t len = 0;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];
		if (c == '\\') {
			if (++i == value.len)
				return false;
			c = value.ptr[i];
			if (c != 'n' && c != 'r' && c != '\\')
				return false;
			c = c == 'n' ? '\n' : c == 'r' ? '\r' : '\\';
		}
		to[len++] = c;
	}
	*ret_len = len;
	return true;
}

/* Splits a line into key and value. false: there is no separator, or nothing before it. */
static bool split(char separator, struct dgm_str line, struct dgm_str *ret_key, struct dgm_str *ret_value)
{
	const char *at = memchr(line.ptr, separator, line.len);
	if (!at || at == line.ptr)
		return false;
	*ret_key = (struct dgm_str){line.ptr, (size_t)(at - line.ptr)};
	*ret_value = (struct dgm_str){at + 1, line.len - ret_key->len - 1};
	if (ret_value->len > 0 && ret_value->ptr[0] == ' ') {
		ret_value->ptr++;
		ret_value->len--;
	}
	return true;
}

/* What is wrong with a line goes with the place of that line; the record is lost, the file is not. */
static int32_t bad_line(const struct reader *reader, uint32_t line, const char *at, struct dgm_str text)
{
	const struct dgm_place place = {reader->place.offset + (uint64_t)(at - reader->window.ptr),
		reader->place.line + line, 1};
	complain(&reader->open, "keyline-line", &place, text);
	return DGM_BAD;
}

/* The lines of a record as events. Events go to the host in batches, since a call for each would cost more than it does. */
static int32_t put_lines(struct reader *reader, struct dgm_record *record, struct dgm_str source)
{
	const struct dgm_host *host = reader->open.host;
	struct dgm_event events[BATCH];
	size_t count = 0;
	char *room = reader->unescaped;
	uint32_t number = 0;
	for (size_t at = 0; at < source.len; number++) {
		const char *start = source.ptr + at;
		const char *end = memchr(start, '\n', source.len - at);
		const size_t len = end ? (size_t)(end - start) + 1 : source.len - at;
		const struct dgm_str line = without_end((struct dgm_str){start, len});
		struct dgm_str key, value;
		at += len;
		if (is_comment(reader->config, line))
			continue;
		if (!split((char)reader->config->separator, line, &key, &value))
			return bad_line(reader, number, start, TEXT("expected a key, the separator and a value"));
		if (value.len == 0 && reader->config->empty == EMPTY_SKIP)
			continue;
		const uint32_t offset = (uint32_t)(value.ptr - source.ptr);
		if (value.len > 0 && memchr(value.ptr, '\\', value.len)) {
			size_t resolved;
			if (!unescape(value, room, &resolved))
				return bad_line(reader, number, start,
					TEXT("a backslash is followed by none of n, r and a backslash"));
			value = (struct dgm_str){room, resolved};
			room += resolved;
		}
		events[count++] = (struct dgm_event){
			.kind = DGM_EVENT_VALUE,
			.literal = DGM_LITERAL_TEXT,
			.key = host->key(reader->open.job, 0, key),
			.flags = DGM_EVENT_STABLE, /* we leave window and room alone until the next call */
			.offset = offset,
			.text = value,
		};
		if (count == BATCH) {
			host->put(record, events, count);
			count = 0;
		}
	}
	host->put(record, events, count);
	return DGM_OK;
}

static int32_t reader_next(void *opaque, struct dgm_record *record)
{
	struct reader *reader = opaque;
	size_t size = 0;
	uint32_t lines = 0;
	int32_t result = skip_gap(reader);
	if (result == DGM_OK)
		result = measure(reader, &size, &lines);
	if (result != DGM_OK)
		return result; /* DGM_END, or DGM_FATAL that the input has reported */
	if (reader->unescaped_capacity < size) {
		char *larger = realloc(reader->unescaped, size * 2);
		if (!larger) {
			complain(&reader->open, "keyline-memory", &reader->place, TEXT("no memory for the record"));
			return DGM_FATAL;
		}
		reader->unescaped = larger;
		reader->unescaped_capacity = size * 2;
	}
	/* Before anything can go wrong with the record: so a rejected one keeps its bytes and its place. */
	const struct dgm_str source = {reader->window.ptr, size};
	reader->open.host->begin(record, 0, source, &reader->place);
	result = put_lines(reader, record, source);
	pass(reader, size, lines);
	return result;
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* The writer: the host gives one record after the other, then calls finish.                                           */

struct writer {
	struct dgm_open open;
	const struct config *config;
	bool begun; /* something stands in the output already */
};

static int32_t writer_open(const struct dgm_open *open, void **ret_writer)
{
	struct writer *writer = new_instance(open, sizeof *writer);
	if (!writer)
		return DGM_FATAL;
	writer->open = *open;
	writer->config = open->config;
	if (writer->config->title.len > 0) {
		open->host->write(open->output, TEXT("# "));
		open->host->write(open->output, writer->config->title);
		open->host->write(open->output, TEXT("\n"));
		writer->begun = true;
	}
	*ret_writer = writer;
	return DGM_OK;
}

static void writer_close(void *opaque)
{
	free(opaque);
}

/* Whether a key can be written so that it comes back as it was. */
static bool can_be_key(const struct config *config, struct dgm_str key)
{
	return key.len > 0 && !memchr(key.ptr, (char)config->separator, key.len) && !memchr(key.ptr, '\n', key.len) &&
		!is_comment(config, key);
}

static bool has_text(const struct dgm_event *event)
{
	return event->literal != DGM_LITERAL_NULL && event->literal != DGM_LITERAL_EMPTY_LIST;
}

/* Looks at all events before a byte is written, so that a record is written whole or not at all. */
static int32_t check(const struct writer *writer, const struct dgm_event *events, size_t count, size_t *ret_most)
{
	size_t written = 0;
	*ret_most = 1;
	for (size_t i = 0; i < count; i++) {
		if (events[i].kind != DGM_EVENT_VALUE) {
			complain(&writer->open, "keyline-nested", NULL, TEXT("a keyline record cannot hold groups"));
			return DGM_BAD;
		}
		const struct dgm_str key = writer->open.host->key_name(writer->open.job, events[i].key);
		if (!can_be_key(writer->config, key)) {
			complain(&writer->open, "keyline-key", NULL, TEXT("a key is empty or holds what ends a key"));
			return DGM_BAD;
		}
		written += has_text(&events[i]);
		*ret_most += key.len + 3 + 2 * events[i].text.len; /* separator, blank, line feed; every byte escaped */
	}
	if (written == 0) {
		complain(&writer->open, "keyline-empty", NULL,
			TEXT("a record without a value cannot be told from none"));
		return DGM_BAD;
	}
	return DGM_OK;
}

static char *copy(char *to, struct dgm_str text)
{
	if (text.len > 0)
		memcpy(to, text.ptr, text.len);
	return to + text.len;
}

static char *escape(char *to, struct dgm_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.ptr[i];
		if (c == '\n' || c == '\r' || c == '\\')
			*to++ = '\\';
		*to++ = c == '\n' ? 'n' : c == '\r' ? 'r' : c;
	}
	return to;
}

static int32_t writer_put(void *opaque, const struct dgm_record *record)
{
	struct writer *writer = opaque;
	const struct dgm_host *host = writer->open.host;
	size_t count, most;
	const struct dgm_event *events = host->events(record, &count);
	if (host->path(record) == DGM_PATH_ENVELOPE) {
		if (count == 0)
			return DGM_OK;
		complain(&writer->open, "keyline-envelope", NULL,
			TEXT("a keyline file has nothing around its records"));
		return DGM_BAD;
	}
	const int32_t result = check(writer, events, count, &most);
	if (result != DGM_OK)
		return result;

	/* One piece of room for the whole record. An error of the output sticks to it; the host looks after we return. */
	char *const start = host->reserve(writer->open.output, most);
	char *to = start;
	if (writer->begun)
		*to++ = '\n';
	for (size_t i = 0; i < count; i++) {
		if (!has_text(&events[i]))
			continue; /* nothing, and an empty list, are written as nothing */
		to = copy(to, host->key_name(writer->open.job, events[i].key));
		*to++ = (char)writer->config->separator;
		*to++ = ' ';
		to = escape(to, events[i].text);
		*to++ = '\n';
	}
	host->commit(writer->open.output, (size_t)(to - start));
	writer->begun = true;
	return DGM_OK;
}

/* Where a syntax has a trailer it is written here, and only if all went well. */
static int32_t writer_finish(void *opaque)
{
	(void)opaque;
	return DGM_OK;
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* The plugin: a table of contents. Whatever is left out (a format that is only read, say) is NULL.                    */

static const struct dgm_plugin plugin = {
	.struct_size = sizeof(struct dgm_plugin),
	.abi_minor = DGM_ABI_MINOR,
	.id = "keyline", /* and the file is keyline.so */
	.version = "1.0",
	.summary = "blocks of 'key: value' lines",
	.options = options,
	.option_count = sizeof options / sizeof options[0],
	.config_size = sizeof(struct config),
	.probe = probe,
	.reader_open = reader_open,
	.reader_next = reader_next,
	.reader_close = reader_close,
	.writer_open = writer_open,
	.writer_put = writer_put,
	.writer_finish = writer_finish,
	.writer_close = writer_close,
};

const struct dgm_plugin *dragoman_plugin_v1(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}
