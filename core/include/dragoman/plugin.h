/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dragoman/plugin.h: the interface between dragoman and its plugins, ABI major 1.
 *
 * A plugin turns bytes into records (a reader) and records into bytes (a writer). It knows a syntax and nothing of
 * notices, agencies or files. It links nothing from the host: every service comes as a function pointer in
 * struct dgm_host. It exports one function, dragoman_plugin_v1(); the ABI's major number is in its name.
 *
 * The promise: a plugin built against any version of this header whose entry point is dragoman_plugin_v1 loads in every
 * later host that offers major 1. Structs grow only at their end and carry their size; the host copies the smaller of
 * the two sizes into a zeroed struct, and a plugin asks DGM_HAS() before it uses a member younger than itself.
 *
 * Rules for plugins
 * - Memory: everything a plugin hands to the host is copied before the call returns, unless the event carries
 *   DGM_EVENT_STABLE. Everything the host hands to a plugin is valid until the call returns, except the host table,
 *   job, input, output and config of struct dgm_open, which are valid until the matching close.
 * - Threads: an instance (what reader_open or writer_open returned) is used by one thread at a time and may move
 *   between threads; two instances may run at once. No mutable globals.
 * - No stdout, stderr, locale, environment, current folder, signals, exit or abort. No files: bytes come from the
 *   input and go to the output.
 * - Text is UTF-8 without a byte-order mark, both ways; the host decodes and encodes. Where the source held bytes that
 *   no character stands for, the text holds an invalid sequence on purpose: frame the record as usual, the host then
 *   rejects just that record and says where.
 */
#ifndef DRAGOMAN_PLUGIN_H
#define DRAGOMAN_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DGM_ABI_MINOR 2u

#if defined(__GNUC__)
#define DGM_EXPORT __attribute__((visibility("default")))
#else
#define DGM_EXPORT
#endif

/* Whether the table or argument struct that P points to is large enough to hold MEMBER. */
#define DGM_HAS(p, member) ((p)->struct_size >= (size_t)((const char *)(&(p)->member + 1) - (const char *)(p)))

/* Results. DGM_BAD costs the current record and no other; DGM_FATAL ends the stream. Both were reported before. */
#define DGM_OK 0
#define DGM_END 1
#define DGM_BAD (-1)
#define DGM_FATAL (-2)

/* Severities for report(). */
#define DGM_NOTE 0u
#define DGM_WARNING 1u
#define DGM_ERROR 2u

/* How sure probe is. */
#define DGM_MATCH_NONE 0u
#define DGM_MATCH_WEAK 1u
#define DGM_MATCH_LIKELY 2u
#define DGM_MATCH_CERTAIN 3u

/* A run of bytes, not terminated. ptr may be NULL when len is 0. Frozen: never grows. */
struct dgm_str {
	const char *ptr;
	size_t len;
};

/* A place in the decoded input. offset counts bytes from 0, line and column (bytes) from 1; 0 is "not known". Frozen. */
struct dgm_place {
	uint64_t offset;
	uint32_t line;
	uint32_t column;
};

/*
 * An event of a record. A record is a flat list of events in source order.
 *   DGM_EVENT_VALUE  a scalar: CSV cell, XML attribute or element with text only, JSON scalar
 *   DGM_EVENT_BEGIN  a group opens: XML element with children or attributes, JSON object
 *   DGM_EVENT_END    the innermost open group closes
 * key: from host->key(); for END the same as for BEGIN. The parent of a key is the key of the enclosing group, 0 at
 * the top of the record. An item of a JSON array carries the array's own key and DGM_EVENT_ITEM; an array directly
 * inside an array is a group whose items have a child key named "[]". An XML attribute's key is its name behind "@";
 * the text of an element that also has attributes or children has the key "#text" below it.
 */
#define DGM_EVENT_VALUE 1u
#define DGM_EVENT_BEGIN 2u
#define DGM_EVENT_END 3u

/* How a value was written. Numbers, true and false keep their source text in the event's text. */
#define DGM_LITERAL_TEXT 0u
#define DGM_LITERAL_NUMBER 1u
#define DGM_LITERAL_BOOLEAN 2u
#define DGM_LITERAL_NULL 3u
#define DGM_LITERAL_EMPTY_LIST 4u

/* What stands for a character that the output's charset lacks. */
#define DGM_FALLBACK_MARK 0u /* ?, which loses it */
#define DGM_FALLBACK_XML 1u  /* &#x04D9; */
#define DGM_FALLBACK_JSON 2u /* \u04d9, beyond the BMP two of them */

#define DGM_EVENT_ITEM 0x1u   /* an item of a list */
#define DGM_EVENT_STABLE 0x2u /* text stays as it is until the next call of reader_next: do not copy it */

/* Frozen: never grows. offset: of the value's first byte, from the start of the record's source bytes. */
struct dgm_event {
	uint16_t kind;
	uint16_t literal;
	uint32_t key;
	uint32_t flags;
	uint32_t offset;
	struct dgm_str text;
};

/*
 * A place between two records, from which another instance can go on. records: how many calls of reader_next the way
 * there from the mark before (or from the start) stands for. state: what the engine wants to be told again. Frozen.
 */
struct dgm_mark {
	uint64_t offset; /* in the decoded input */
	uint64_t line;
	uint64_t column;
	uint64_t records;
	uint64_t state;
};

/* The path index of a record that holds what stands outside all records (a root element's attributes, a page's total). */
#define DGM_PATH_ENVELOPE 0xffffffffu

/* What a member of a bundle is. Only files have bytes that can be read. */
#define DGM_MEMBER_FILE 1u
#define DGM_MEMBER_FOLDER 2u
#define DGM_MEMBER_LINK 3u      /* symbolic or hard */
#define DGM_MEMBER_SPECIAL 4u   /* device, pipe, socket */
#define DGM_MEMBER_ENCRYPTED 5u /* a file whose bytes need a password */

/*
 * A member of a bundle. Frozen: never grows. name: as it stands in the bundle, bytes of no known charset, '/' between
 * folders; of a file that is written valid UTF-8. size: as the bundle tells it, which may be a lie; for writers exact.
 */
struct dgm_member {
	uint32_t kind;
	uint32_t flags; /* 0 in this version */
	struct dgm_str name;
	uint64_t size;
};

struct dgm_job;
struct dgm_input;
struct dgm_output;
struct dgm_record;

/* Services of the host. All may be called from the thread that runs the instance, and only from it. */
struct dgm_host {
	uint32_t struct_size;
	uint32_t abi_minor;

	/*
	 * Input. peek shows at least want bytes of decoded input, fewer only at its end (0 bytes: the end), and usually
	 * more; the window stays in place until the next peek. DGM_FATAL: the input broke, already reported. consume moves
	 * the start of the next window; n is at most what the last peek showed.
	 */
	int32_t (*peek)(struct dgm_input *input, size_t want, struct dgm_str *ret_window);
	void (*consume)(struct dgm_input *input, size_t n);

	/*
	 * Keys. The same (parent, name) always gives the same small number, counted from 1; 0 is the top of a record.
	 * Cheap when keys come in the same order as in the record before. The name's bytes belong to the host.
	 */
	uint32_t (*key)(struct dgm_job *job, uint32_t parent, struct dgm_str name);
	struct dgm_str (*key_name)(struct dgm_job *job, uint32_t key);
	uint32_t (*key_parent)(struct dgm_job *job, uint32_t key);

	/*
	 * Reading. begin: the record lies below path number `path` of struct dgm_open (or DGM_PATH_ENVELOPE); source: its
	 * own bytes in the decoded input, which must stay until the next call of reader_next; place: of their first byte.
	 * put appends events; errors are sticky and seen by the host after reader_next. Call begin before put, and before
	 * returning DGM_BAD, so that the rejected record keeps its bytes and its place.
	 */
	void (*begin)(struct dgm_record *record, uint32_t path, struct dgm_str source, const struct dgm_place *place);
	void (*put)(struct dgm_record *record, const struct dgm_event *events, size_t count);

	/* Writing: the events of a record, valid during writer_put, and the number of its path. */
	const struct dgm_event *(*events)(const struct dgm_record *record, size_t *ret_count);
	uint32_t (*path)(const struct dgm_record *record);

	/*
	 * Output. reserve gives room for n bytes, never NULL; commit says how many of them were filled. write is both.
	 * Errors are sticky: the host checks after each call of the plugin. section chooses the part of the output that
	 * what follows is appended to; parts come out in the order of their numbers, whatever the order of the calls.
	 */
	char *(*reserve)(struct dgm_output *output, size_t n);
	void (*commit)(struct dgm_output *output, size_t n);
	void (*write)(struct dgm_output *output, struct dgm_str bytes);
	void (*section)(struct dgm_output *output, uint32_t number);

	/*
	 * Says what is wrong, once, where it is known. code: a stable lower-case word ("csv-unclosed-quote"); place: NULL
	 * for the current record's; text: one line, lower case, with no value of a person in it.
	 */
	void (*report)(struct dgm_job *job, uint32_t severity, const char *code, const struct dgm_place *place,
		struct dgm_str text);

	/*
	 * Characters that the output's charset lacks. fallback: what the host writes for them, in all of the output; for
	 * syntaxes with an escape that who reads the file turns back. To be called in writer_open; without it
	 * DGM_FALLBACK_MARK. encodes: whether the charset has every character of a text, 1 or 0: for what no escape can
	 * stand in, such as names.
	 */
	void (*fallback)(struct dgm_output *output, uint32_t style);
	int32_t (*encodes)(const struct dgm_output *output, struct dgm_str text);

	/*
	 * The bytes of the input as they lie in the file, at any place; since 1.2 and for bundle_open only, which must not
	 * peek. read_at gives n bytes, fewer only at the end. DGM_FATAL: the input broke, already reported.
	 */
	int32_t (*size)(struct dgm_input *input, uint64_t *ret_size);
	int32_t (*read_at)(struct dgm_input *input, uint64_t offset, char *buffer, size_t n, size_t *ret_n);
};

/* Kinds of option and the member they fill in the plugin's config struct, at the option's offset. */
#define DGM_OPTION_BOOL 1u   /* uint64_t, 0 or 1 */
#define DGM_OPTION_UINT 2u   /* uint64_t */
#define DGM_OPTION_CHAR 3u   /* uint64_t, one ASCII character; "tab" is U+0009, "" or "none" is 0 */
#define DGM_OPTION_TEXT 4u   /* struct dgm_str */
#define DGM_OPTION_CHOICE 5u /* uint64_t, index in choices */

/* One option of a plugin. The host parses, checks, completes and documents it. Frozen: never grows. */
struct dgm_option {
	const char *name;         /* lower case, words joined by '-' */
	const char *default_text; /* what is parsed when the option is not given */
	const char *choices;      /* DGM_OPTION_CHOICE: words joined by '|'; else NULL */
	const char *help;         /* one line */
	uint32_t kind;
	uint32_t offset; /* of the member in the config struct */
};

/*
 * What an instance is opened with. paths: where records lie, '/'-joined names from the top of the file, "[]" behind a
 * name for the items of its list, "" for a file that is a sequence of records (CSV rows, JSON lines):
 *   "CONSOLIDATED_LIST/INDIVIDUALS/INDIVIDUAL"   "_embedded/notices[]"   "[]"   "[][]"   ""
 * columns: for writers of tables, the keys of the columns in their order; empty otherwise. A record of a table is flat,
 * one row; where the definition says that several rows are one record (rows), it may be a sequence of groups with the
 * key "[]" at the top, each of them a row. Such a record is written whole or not at all.
 * encoding: for writers, the name of the charset that the host turns the output into ("utf-8", "windows-1251"), for
 * syntaxes that say it in the file; the writer itself writes UTF-8.
 * The struct and what its members point to are valid until the matching close, except the struct itself and paths,
 * which are valid until reader_open or writer_open returns.
 */
struct dgm_open {
	uint32_t struct_size;
	uint32_t flags; /* 0 in this version */
	const struct dgm_host *host;
	struct dgm_job *job;
	struct dgm_input *input;   /* readers; NULL for writers */
	struct dgm_output *output; /* writers; NULL for readers */
	const void *config;        /* the plugin's config struct, filled from its options */
	const struct dgm_str *paths;
	const uint32_t *columns;
	uint32_t path_count;
	uint32_t column_count;
	struct dgm_str encoding;
};

/*
 * The plugin. Members may be NULL where a plugin only reads or only writes. reader_next fills the record and returns
 * DGM_OK, DGM_END, DGM_BAD (this record only; the next call goes on behind it) or DGM_FATAL. writer_put takes a record;
 * the one with DGM_PATH_ENVELOPE, if any, comes first. writer_finish writes trailers and may fail; close releases the
 * instance, cannot fail, and is called exactly once for every successful open, after any result.
 */
struct dgm_plugin {
	uint32_t struct_size;
	uint32_t abi_minor;
	const char *id; /* equals the file's name without ".so" */
	const char *version;
	const char *summary;
	const struct dgm_option *options;
	uint32_t option_count;
	uint32_t config_size;
	int32_t (*probe)(struct dgm_str head, uint32_t *ret_match); /* head: the first bytes, decoded */
	int32_t (*reader_open)(const struct dgm_open *open, void **ret_reader);
	int32_t (*reader_next)(void *reader, struct dgm_record *record);
	void (*reader_close)(void *reader);
	int32_t (*writer_open)(const struct dgm_open *open, void **ret_writer);
	int32_t (*writer_put)(void *writer, const struct dgm_record *record);
	int32_t (*writer_finish)(void *writer);
	void (*writer_close)(void *writer);

	/*
	 * Parts: since 1.1, all optional. With them the host converts a large file in several processes at once, each of
	 * which reads a part between two marks; what comes out must not show it. One instance (the scout) goes over the
	 * whole file by reader_skip. It passes by at least one record and that many bytes, as reader_next would, but says
	 * nothing and needs no events; record is there to be used. DGM_OK: *ret_mark was set. DGM_END: no more records;
	 * only ret_mark->records was set. DGM_FATAL: no mark is possible behind the last one, whatever the reason; the
	 * rest of the file becomes one part.
	 * reader_resume: an instance that was opened alike and has read a record of the same file goes on at a mark. The
	 * next peek shows what lies there; what an earlier one showed is gone. DGM_FATAL: it cannot, nothing was changed.
	 */
	int32_t (*reader_skip)(void *reader, struct dgm_record *record, uint64_t bytes, struct dgm_mark *ret_mark);
	int32_t (*reader_resume)(void *reader, const struct dgm_mark *mark);
	/*
	 * What the writer knows of what it has written, as far as later bytes depend on it (that the header is written,
	 * which containers are open), as a number: equal numbers, equal bytes for the same records.
	 */
	uint64_t (*writer_state)(const void *writer);
	/*
	 * Whether a whole document obeys a schema of its syntax: open as for reader_open, the document its input; schema:
	 * the bytes of the schema's file, name: what the user calls it. Nothing else may be read or fetched. DGM_OK: it
	 * does; DGM_BAD: it does not, and each breach was reported, up to a limit of the plugin's; DGM_FATAL: the schema is
	 * of no use or the document broke, which was reported. May be NULL.
	 */
	int32_t (*check)(const struct dgm_open *open, struct dgm_str schema, struct dgm_str name);

	/*
	 * Bundles: since 1.2. A plugin for archives has these instead of a reader and a writer. bundle_next goes on to the
	 * next member, also where the one before was not read: DGM_OK, DGM_END, or DGM_FATAL where the bundle cannot be
	 * read further. bundle_read gives the next bytes of the member, 0 at its end; DGM_BAD: this member cannot be read;
	 * DGM_FATAL. A plugin that finds the bundle cut, damaged or contradicting itself says so and returns DGM_FATAL.
	 * bundle_add begins a file, bundle_write appends to it; the sizes must agree. bundle_finish writes what stands at the
	 * end. The same members in the same order give the same bytes, always. close and discard release.
	 */
	int32_t (*bundle_open)(const struct dgm_open *open, void **ret_bundle);
	int32_t (*bundle_next)(void *bundle, struct dgm_member *ret_member);
	int32_t (*bundle_read)(void *bundle, char *buffer, size_t n, size_t *ret_n);
	void (*bundle_close)(void *bundle);
	int32_t (*bundle_create)(const struct dgm_open *open, void **ret_bundle);
	int32_t (*bundle_add)(void *bundle, const struct dgm_member *member);
	int32_t (*bundle_write)(void *bundle, struct dgm_str bytes);
	int32_t (*bundle_finish)(void *bundle);
	void (*bundle_discard)(void *bundle);
};

/* The entry point. index counts from 0; NULL ends the list. The result is constant and lives as long as the plugin. */
DGM_EXPORT const struct dgm_plugin *dragoman_plugin_v1(uint32_t index);

#ifdef __cplusplus
}
#endif

#endif
