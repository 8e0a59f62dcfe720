/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The strict scanner: RFC 8259 and nothing more, one value at a time, straight into events.
 *
 * It works on a window that need not hold the whole value: JSON_MORE asks to be called again from the value's start
 * with more bytes. Mistakes that leave no doubt where the value goes on (a bad number, a repeated name) are kept in
 * `error` and the scan continues, so that the caller knows the value's end; others stop it.
 */
#ifndef DGM_JSON_SCAN_H
#define DGM_JSON_SCAN_H

#include "json_engine.h"

#if defined(__SSE2__) && defined(__GNUC__)
#include <emmintrin.h>
#define JSON_SSE2 1
#else
#define JSON_SSE2 0
#endif

enum json_result {
	JSON_DONE,      /* the value is complete; `error` says whether it is right */
	JSON_LIST,      /* stopped at the '[' of a watched list */
	JSON_MORE,      /* the window ends inside the value */
	JSON_BROKEN,    /* `error` makes it impossible to go on */
	JSON_TOO_LONG,  /* not from the scanner: the value exceeds max-record */
	JSON_TRUNCATED, /* not from the scanner: the input ends inside the value */
	JSON_NO_MEMORY,
	JSON_INPUT_FAILED, /* not from the scanner: the input broke and said so */
};

struct json_error {
	const char *code; /* NULL: none */
	const char *text;
	size_t offset; /* from the value's start */
};

struct json_key {
	uint64_t stamp; /* the last object in which the key was seen */
	char *name;     /* NULL: not seen yet */
	size_t length;
	uint32_t parent;
	uint32_t nested; /* the key of the items of an array that is itself an item; 0: not asked yet */
	uint32_t list;   /* 1 + the index of the watched list that this key names; 0: none */
	uint32_t list_depth;
	bool plain; /* the name stands in the text as it is, without escapes */
};

enum json_frame_kind {
	JSON_FRAME_OBJECT,
	JSON_FRAME_LIST,   /* an array: its items carry its key */
	JSON_FRAME_NESTED, /* an array in an array: a group with "[]" below it */
};

struct json_frame {
	uint64_t stamp;
	uint64_t members;
	uint32_t key;
	uint32_t item; /* arrays: the key of the items */
	enum json_frame_kind kind;
	bool quiet; /* leave no events when nothing is inside */
};

struct json_scan {
	const struct dgm_host *host;
	struct dgm_job *job;
	uint64_t max_depth, max_number, max_members;

	struct json_key *keys; /* by key; [0] is the top */
	uint32_t *hints;       /* [2k]: the key that followed k last time, [2k+1]: the first key inside k */
	uint32_t key_capacity;
	uint32_t hint; /* where the next key is expected: an index into hints */
	uint64_t stamp;

	struct dgm_event *events;
	size_t count, capacity;
	char *text; /* unescaped strings of this value */
	size_t text_used, text_capacity;
	struct json_frame *frames;
	uint32_t depth;

	const char *begin, *end;
	struct json_error error;
	enum json_result result;
	bool no_memory;   /* the last key found no room here */
	bool watch;       /* stop at watched lists */
	bool lines;       /* a line feed inside a string breaks the value: a quote was lost at the end of a line */
	bool top_object;  /* the value was an object */
	bool long_number; /* one of the numbers is longer than cJSON can read */
	uint32_t list;    /* JSON_LIST: index of the list */
	uint32_t list_key;
};

/* max_*: the options. 0, or -1 when memory ran out; _done accepts either. */
int json_scan_init(struct json_scan *scan, const struct dgm_open *open);
void json_scan_done(struct json_scan *scan);

/* Declares that list number `list` is the value of member `key`, which lies `depth` objects deep (1: in the outermost). */
void json_scan_watch(struct json_scan *scan, uint32_t key, uint32_t depth, uint32_t list);
/* The key of a name below parent, known to the scanner afterwards; 0: no room for it in host or memory. */
uint32_t json_scan_key(struct json_scan *scan, uint32_t parent, struct dgm_str name);

/*
 * The value at begin, which is not white space. ret_end: behind its last byte (JSON_DONE), or at the '[' (JSON_LIST).
 * at_end: the input ends with this window.
 */
enum json_result json_scan_value(struct json_scan *scan, const char *begin, const char *end, bool at_end,
	const char **ret_end);
/* The same, but from behind a member's value in the `depth` innermost objects, which the caller put into frames. */
enum json_result json_scan_rest(struct json_scan *scan, uint32_t depth, const char *begin, const char *end,
	const char **ret_end);

/* --- json_keys.c: between the scanner and the keys of the host ---------------------------------------------------- */

bool json_keys_init(struct json_scan *scan);
void json_keys_done(struct json_scan *scan);
/* The key of the items of an array that is itself an item of key. */
uint32_t json_nested_key(struct json_scan *scan, uint32_t key);
bool json_utf8_valid(struct dgm_str s);
/* Makes *block hold at least need items of a size; false, and nothing changed, when memory ran out. */
bool json_grow(void **block, size_t *capacity, size_t need, size_t size);

/* --- json_mend.c: after a mistake ------------------------------------------------------------------------------------ */

/* Moves place over n bytes. What no longer fits 32 bits is not known. */
void json_advance(struct dgm_place *place, const char *p, size_t n);

/*
 * Where the line starts that JSON Lines go on with when the value at the start of bytes broke at broken_at: the next
 * line, or if it broke further down, the next line that opens a value. false: not within these bytes.
 */
bool json_next_line(struct dgm_str bytes, size_t broken_at, size_t *ret_start);

/*
 * Where the object or array at begin ends if only quotes and brackets count: for values with JSON_BROKEN. JSON_BROKEN
 * again where these do not balance or show signs of a lost quote. The events are gone afterwards.
 */
enum json_result json_scan_balanced(struct json_scan *scan, const char *begin, const char *end, const char **ret_end);

/* --- small things ------------------------------------------------------------------------------------------------- */

/* Room for n more bytes of unescaped text; NULL when memory ran out. */
char *json_text_room(struct json_scan *scan, size_t n);

static inline bool json_is_brackets(struct dgm_str name)
{
	return name.len == 2 && memcmp(name.ptr, "[]", 2) == 0;
}

static inline bool json_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What bad numbers and misspelt words are made of: the run is skipped as one. */
static inline bool json_is_word(char c)
{
	return json_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '-' ||
		c == '.' || c == '_';
}

/* Appends an event; false when memory ran out. */
bool json_scan_emit(struct json_scan *scan, const struct dgm_event *event);

static inline bool json_is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* The length of a JSON number at the start of s, 0 when there is none. */
size_t json_number_length(struct dgm_str s);

static inline bool json_is_special(unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\';
}

/* Behind the bytes from p on that stand for themselves in a string; end when all do. */
static inline const char *json_plain_run(const char *p, const char *end)
{
#if JSON_SSE2
	const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x1f);
	while (end - p >= 16) {
		const __m128i block = _mm_loadu_si128((const __m128i *)(const void *)p);
		const __m128i special =
			_mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash)),
				_mm_cmpeq_epi8(_mm_min_epu8(block, control), block));
		const unsigned mask = (unsigned)_mm_movemask_epi8(special);
		if (mask)
			return p + __builtin_ctz(mask);
		p += 16;
	}
#else
	while (end - p >= 8) {
		const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
		uint64_t word;
		memcpy(&word, p, sizeof word);
		const uint64_t quote = word ^ (ones * '"'), backslash = word ^ (ones * '\\');
		const uint64_t special =
			((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | ((word - ones * 0x20) & ~word);
		if (special & highs)
			break;
		p += 8;
	}
#endif
	while (p < end && !json_is_special((unsigned char)*p))
		p++;
	return p;
}

#endif
