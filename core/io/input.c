/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The window over a source. Source bytes lie in one buffer; with UTF-8 that is what peek shows, with any other charset
 * a second buffer holds the decoded text. Opening files and guessing charsets is left to others.
 */
#define _GNU_SOURCE
#include "io/input.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "io/charset.h"
#include "io/identity.h"
#include "io/spool.h"

/* Beyond this size a larger read gains nothing here; small enough to stay in the second-level cache. */
#define CHUNK ((size_t)256 * 1024)
/* Decoded at once: what the decoder writes is still in the cache when the reader looks at it. */
#define DECODE_BLOCK ((size_t)64 * 1024)
/* The longest byte-order mark we tell apart (UTF-32, only to refuse it). */
#define BOM_MAX 4

struct window {
	char *bytes;
	size_t start, end, capacity;
};

/* Where the decoding of a block began, in text and in the source. */
struct anchor {
	uint64_t text, source;
};

struct dgm_input {
	struct window raw, text;
	const struct dgm_charset *charset;
	struct dgm_decoder *decoder; /* NULL: the source is UTF-8 and raw is the text */
	struct dgm_str memory;
	struct dgm_str all; /* of memory */
	ssize_t (*pull)(void *context, char *to, size_t n);
	void *context;
	int spool;       /* the file that was copied to; -1: none */
	size_t file_len; /* of the name, without the member */
	int fd;          /* -1: memory */
	off_t origin,
		at; /* of the input's first byte and of the next one in the file; at -1: where the descriptor stands */
	size_t chunk;
	uint64_t bytes;
	bool chosen, started, ended, failed;
	struct stat before;        /* of a regular file; else its mode is 0 */
	struct dgm_digest *digest; /* NULL: nobody wants it */
	uint64_t digested, *digest_end;
	bool anchored; /* spots will be asked for */
	uint64_t consumed, decoded;
	size_t mark_length; /* of the byte-order mark */
	struct anchor *anchors;
	size_t anchor_count, anchor_capacity;
	struct dgm_diag_sink *diags;
	size_t name_len;
	char name[];
};

static struct dgm_input *new_input(struct dgm_str name, struct dgm_diag_sink *diags, size_t chunk)
{
	struct dgm_input *input = dgm_xcalloc(1, sizeof *input + name.len);
	input->fd = input->spool = -1;
	input->at = -1;
	input->file_len = name.len;
	input->digest_end = &input->digested;
	input->chunk = chunk ? chunk : CHUNK;
	input->diags = diags;
	input->name_len = name.len;
	if (name.len)
		memcpy(input->name, name.ptr, name.len);
	return input;
}

/* The C library's fstat asks for a name, too, which no process may that is locked (host/cage.h). */
#define LOOK_AT(fd, status) (syscall(SYS_fstat, fd, status) == 0)

struct dgm_input *dgm_input_fd(int fd, struct dgm_str name, struct dgm_diag_sink *diags, size_t chunk)
{
	struct dgm_input *input = new_input(name, diags, chunk);
	input->fd = fd;
	if (!LOOK_AT(fd, &input->before) || !S_ISREG(input->before.st_mode))
		input->before.st_mode = 0;
	else
		input->origin = lseek(fd, 0, SEEK_CUR);
	return input;
}

void dgm_input_digest(struct dgm_input *input, struct dgm_digest *digest)
{
	assert(input->bytes == 0);
	input->digest = digest;
}

bool dgm_input_changed(const struct dgm_input *input)
{
	struct stat now;
	if (input->fd < 0 || input->before.st_mode == 0)
		return false;
	return !LOOK_AT(input->fd, &now) || !dgm_stat_same(&input->before, &now);
}

struct dgm_input *dgm_input_memory(struct dgm_str bytes, struct dgm_str name, struct dgm_diag_sink *diags, size_t chunk)
{
	struct dgm_input *input = new_input(name, diags, chunk);
	input->memory = input->all = bytes;
	return input;
}

struct dgm_input *dgm_input_pull(ssize_t (*pull)(void *context, char *to, size_t n), void *context, struct dgm_str file,
	struct dgm_str member, struct dgm_diag_sink *diags, size_t chunk)
{
	struct dgm_arena arena = {0};
	struct dgm_input *input =
		new_input(dgm_arena_printf(&arena, "%.*s:%.*s", DGM_FMT(file), DGM_FMT(member)), diags, chunk);
	dgm_arena_done(&arena);
	input->file_len = file.len;
	input->pull = pull;
	input->context = context;
	return input;
}

void dgm_input_free(struct dgm_input *input)
{
	if (!input)
		return;
	if (input->spool >= 0)
		close(input->spool);
	dgm_decoder_free(input->decoder);
	free(input->raw.bytes);
	free(input->text.bytes);
	free(input->anchors);
	free(input);
}

struct dgm_str dgm_input_charset_name(const struct dgm_input *input)
{
	return input->charset ? dgm_str(input->charset->name) : DGM_STR("utf-8");
}

struct dgm_str dgm_input_name(const struct dgm_input *input)
{
	return dgm_str_of(input->name, input->name_len);
}

struct dgm_str dgm_input_file(const struct dgm_input *input)
{
	return dgm_str_of(input->name, input->file_len);
}

struct dgm_str dgm_input_member(const struct dgm_input *input)
{
	return dgm_str_skip(dgm_input_name(input), input->file_len + 1);
}

uint64_t dgm_input_bytes(const struct dgm_input *input)
{
	return input->bytes;
}

bool dgm_input_failed(const struct dgm_input *input)
{
	return input->failed;
}

bool dgm_input_at_end(const struct dgm_input *input)
{
	return input->ended;
}

static size_t held(const struct window *window)
{
	return window->end - window->start;
}

/*
 * Room for n more bytes. Moving what is held to the front is worth it while that is little; where it is much, one
 * record fills the window, and the window grows so that moving stays linear in all.
 */
static void make_room(struct window *window, size_t n)
{
	const size_t kept = held(window);
	if (kept == 0)
		window->start = window->end = 0;
	if (window->capacity - window->end >= n)
		return;
	if (kept <= window->capacity / 2 && window->capacity - kept >= n) {
		memmove(window->bytes, window->bytes + window->start, kept);
	} else {
		size_t capacity = 0;
		if (__builtin_add_overflow(kept, n, &capacity) || __builtin_mul_overflow(capacity, 2u, &capacity))
			dgm_no_memory(SIZE_MAX);
		char *bytes = dgm_xmalloc(capacity);
		if (kept)
			memcpy(bytes, window->bytes + window->start, kept);
		free(window->bytes);
		window->bytes = bytes;
		window->capacity = capacity;
	}
	window->start = 0;
	window->end = kept;
}

static ssize_t read_some(struct dgm_input *input, char *to, size_t n)
{
	if (input->pull)
		return input->pull(input->context, to, n);
	if (input->fd < 0) {
		const struct dgm_str part = dgm_str_take(input->memory, n);
		if (part.len)
			memcpy(to, part.ptr, part.len);
		input->memory = dgm_str_skip(input->memory, part.len);
		return (ssize_t)part.len;
	}
	for (;;) {
		const ssize_t got = input->at < 0 ? read(input->fd, to, n) : pread(input->fd, to, n, input->at);
		if (got >= 0)
			return got;
		/* Standard input may have been left non-blocking by who had it before. */
		if (errno == EAGAIN) {
			struct pollfd waited = {.fd = input->fd, .events = POLLIN};
			if (poll(&waited, 1, -1) < 0 && errno != EINTR)
				return -1;
		} else if (errno != EINTR) {
			return -1;
		}
	}
}

/* Of what was read the part that nobody has read before. */
static void digest(struct dgm_input *input, struct dgm_str bytes)
{
	const uint64_t end = *input->digest_end;
	if (input->bytes > end || input->bytes + bytes.len <= end)
		return;
	dgm_digest_add(input->digest, dgm_str_skip(bytes, (size_t)(end - input->bytes)));
	*input->digest_end = input->bytes + bytes.len;
}

/* One read. */
static int32_t fill_raw(struct dgm_input *input)
{
	make_room(&input->raw, input->chunk);
	const ssize_t got = read_some(input, input->raw.bytes + input->raw.end, input->chunk);
	if (got < 0) {
		const int error = errno;
		input->failed = true;
		if (input->pull)
			return DGM_FATAL;
		dgm_diag_text(input->diags, DGM_ERROR, "input-read", dgm_input_name(input), NULL, "cannot be read: %s",
			strerrordesc_np(error));
		return DGM_FATAL;
	}
	if (input->at >= 0)
		input->at += got;
	if (input->digest)
		digest(input, dgm_str_of(input->raw.bytes + input->raw.end, (size_t)got));
	input->raw.end += (size_t)got;
	input->bytes += (size_t)got;
	input->ended = got == 0;
	return DGM_OK;
}

/* The next block is decoded from here; blocks of which nothing is left in the window are forgotten. */
static void drop_anchor(struct dgm_input *input)
{
	size_t gone = 0;
	while (gone + 1 < input->anchor_count && input->anchors[gone + 1].text <= input->consumed)
		gone++;
	input->anchor_count -= gone;
	if (gone)
		memmove(input->anchors, input->anchors + gone, input->anchor_count * sizeof *input->anchors);
	if (input->anchor_count == input->anchor_capacity) {
		input->anchor_capacity = input->anchor_capacity ? input->anchor_capacity * 2 : 16;
		input->anchors = dgm_xrealloc(input->anchors, input->anchor_capacity * sizeof *input->anchors);
	}
	input->anchors[input->anchor_count++] = (struct anchor){input->decoded, input->bytes - held(&input->raw)};
}

/* One block decoded, and one read if there was not a whole character to decode. */
static int32_t fill_text(struct dgm_input *input)
{
	const size_t all = held(&input->raw);
	const size_t block = all < DECODE_BLOCK ? all : DECODE_BLOCK;
	if (block) {
		make_room(&input->text, DGM_DECODED_ROOM(block));
		size_t used = 0;
		if (input->anchored)
			drop_anchor(input);
		const size_t got =
			dgm_decoder_run(input->decoder, dgm_str_of(input->raw.bytes + input->raw.start, block),
				input->ended && block == all, input->text.bytes + input->text.end, &used);
		input->text.end += got;
		input->decoded += got;
		input->raw.start += used;
		if (used)
			return DGM_OK;
	}
	return fill_raw(input);
}

int32_t dgm_input_head(struct dgm_input *input, size_t want, struct dgm_str *ret_head)
{
	assert(!input->started);
	while (!input->failed && !input->ended && held(&input->raw) < want)
		fill_raw(input);
	if (input->failed)
		return DGM_FATAL;
	*ret_head = dgm_str_take(dgm_str_of(input->raw.bytes + input->raw.start, held(&input->raw)), want);
	return DGM_OK;
}

static int unknown(struct dgm_input *input, const char *why, struct dgm_str charset)
{
	char shown[DGM_CHARSET_SHOWN + 1];
	dgm_diag_text(input->diags, DGM_ERROR, "charset-unknown", dgm_input_name(input), NULL, "%s \"%s\"", why,
		dgm_charset_shown(charset, shown));
	return -1;
}

static bool agree(const struct dgm_charset *told, const struct dgm_charset *mark)
{
	return told == mark || (told->kind == DGM_CHARSET_UTF16 && mark->kind != DGM_CHARSET_UTF8);
}

/* Settles charset and byte order by the mark at the start, and steps over it. */
static int settle(struct dgm_input *input, const struct dgm_charset *charset, bool accepts_bom)
{
	struct dgm_str head;
	if (dgm_input_head(input, BOM_MAX, &head) != DGM_OK)
		return -1;
	/* Little-endian UTF-32 begins like UTF-16; a list whose first character is U+0000 there is not. */
	if (dgm_str_eq(head, dgm_str_of("\xFF\xFE\0\0", 4)) || dgm_str_eq(head, dgm_str_of("\0\0\xFE\xFF", 4)))
		return unknown(input, "the byte-order mark is that of a charset not supported:", DGM_STR("utf-32"));
	size_t length = 0;
	const struct dgm_charset *mark = dgm_charset_of_bom(head, &length);
	if (mark && !agree(charset, mark) && !accepts_bom) {
		dgm_diag_text(input->diags, DGM_ERROR, "charset-conflict", dgm_input_name(input), NULL,
			"the byte-order mark says %s, but the charset is given as %s", mark->name, charset->name);
		return -1;
	}
	if (mark)
		charset = mark;
	else if (charset->kind == DGM_CHARSET_UTF16)
		charset = dgm_charset_find(DGM_STR("utf-16be")); /* RFC 2781, 4.3 */
	else if (dgm_str_is(dgm_str(charset->name), "gb18030") && dgm_str_eq(head, DGM_STR("\x84\x31\x95\x33")))
		length = head.len; /* U+FEFF in GB 18030: it tells no byte order, but it is no text either */
	dgm_decoder_free(input->decoder);
	input->decoder = NULL;
	if (charset->kind != DGM_CHARSET_UTF8) {
		input->decoder = dgm_decoder_new(charset);
		if (!input->decoder)
			return unknown(input, "ICU has no table for the charset", dgm_str(charset->name));
	}
	input->charset = charset;
	input->raw.start += length;
	input->mark_length = length;
	input->chosen = true;
	return 0;
}

int dgm_input_charset(struct dgm_input *input, struct dgm_str charset, bool accepts_bom)
{
	assert(!input->started && !input->chosen);
	const struct dgm_charset *found = dgm_charset_find(charset);
	if (!found)
		return unknown(input, "no such charset:", charset);
	return settle(input, found, accepts_bom);
}

static int32_t start(struct dgm_input *input)
{
	if (!input->chosen && settle(input, dgm_charset_find(DGM_STR("utf-8")), true) < 0) {
		input->failed = true;
		return DGM_FATAL;
	}
	input->started = true;
	return DGM_OK;
}

int32_t dgm_input_peek(struct dgm_input *input, size_t want, struct dgm_str *ret_window)
{
	if (input->failed || (!input->started && start(input) != DGM_OK))
		return DGM_FATAL;
	struct window *window = input->decoder ? &input->text : &input->raw;
	/* An empty window means the end, so one is never shown for want of asking. */
	if (want == 0)
		want = 1;
	while (held(window) < want && !(input->ended && (window == &input->raw || held(&input->raw) == 0))) {
		if ((input->decoder ? fill_text(input) : fill_raw(input)) != DGM_OK)
			return DGM_FATAL;
	}
	*ret_window = dgm_str_of(window->bytes + window->start, held(window));
	return DGM_OK;
}

void dgm_input_consume(struct dgm_input *input, size_t n)
{
	struct window *window = input->decoder ? &input->text : &input->raw;
	assert(n <= held(window));
	window->start += n;
	input->consumed += n;
}

/* --- reading at several places ---------------------------------------------------------------------------------- */

uint64_t dgm_input_size(const struct dgm_input *input)
{
	if (input->fd < 0)
		return input->all.len;
	if (input->before.st_mode == 0 || input->origin < 0 || input->before.st_size <= input->origin)
		return 0;
	return (uint64_t)(input->before.st_size - input->origin);
}

struct dgm_input *dgm_input_again(struct dgm_input *input, struct dgm_diag_sink *diags)
{
	struct dgm_input *again = new_input(dgm_input_name(input), diags, input->chunk);
	assert(input->chosen || input->started);
	again->fd = input->fd;
	again->all = again->memory = input->all;
	again->before = input->before;
	again->origin = input->origin;
	if (input->fd >= 0)
		again->at = input->origin;
	again->digest = input->digest;
	again->digest_end = &input->digested;
	again->anchored = true;
	again->charset = input->charset;
	again->mark_length = input->mark_length;
	if (input->decoder)
		again->decoder = dgm_decoder_new(input->charset);
	again->chosen = again->started = true;
	/* The mark at the start is no text, but the digest is of all. */
	while (held(&again->raw) < again->mark_length && !again->ended && fill_raw(again) == DGM_OK)
		continue;
	again->raw.start += again->mark_length < held(&again->raw) ? again->mark_length : held(&again->raw);
	return again;
}

struct dgm_spot dgm_input_spot(const struct dgm_input *input, uint64_t offset)
{
	assert(input->anchored && offset >= input->consumed);
	if (!input->decoder)
		return (struct dgm_spot){input->bytes - held(&input->raw) + (offset - input->consumed), 0};
	size_t i = input->anchor_count;
	while (i > 0 && input->anchors[i - 1].text > offset)
		i--;
	if (i == 0)
		return (struct dgm_spot){input->mark_length, offset};
	return (struct dgm_spot){input->anchors[i - 1].source, offset - input->anchors[i - 1].text};
}

int32_t dgm_input_seek(struct dgm_input *input, struct dgm_spot spot)
{
	struct dgm_str window;
	input->raw.start = input->raw.end = input->text.start = input->text.end = 0;
	input->ended = false;
	if (input->fd >= 0)
		input->at = input->origin + (off_t)spot.source;
	else
		input->memory = dgm_str_skip(input->all, (size_t)spot.source);
	input->bytes = spot.source;
	if (spot.text == 0)
		return DGM_OK;
	if (dgm_input_peek(input, (size_t)spot.text, &window) != DGM_OK)
		return DGM_FATAL;
	dgm_input_consume(input, spot.text < window.len ? (size_t)spot.text : window.len);
	return DGM_OK;
}

void dgm_input_finished(struct dgm_input *input, uint64_t bytes)
{
	input->raw.start = input->raw.end = input->text.start = input->text.end = 0;
	input->bytes = bytes;
	input->ended = true;
}

void dgm_input_undigested(struct dgm_input *input)
{
	input->digest = NULL;
}

/* --- any place --------------------------------------------------------------------------------------------------- */

int dgm_input_prepare(struct dgm_input *input)
{
	if (input->spool < 0)
		input->spool = dgm_spool_open();
	return input->spool;
}

int dgm_input_spool(struct dgm_input *input)
{
	assert(!input->started && !input->pull);
	const bool addressable = input->fd < 0 || (input->before.st_mode != 0 && input->origin >= 0);
	if (addressable && !input->digest)
		return 0;
	if (!addressable && input->spool < 0)
		input->spool = dgm_spool_open();
	bool written = addressable || input->spool >= 0;
	while (written && !input->failed) {
		struct window *raw = &input->raw;
		if (!addressable)
			written = dgm_spool_write(input->spool, dgm_str_of(raw->bytes + raw->start, held(raw)));
		raw->start = raw->end = 0;
		if (input->ended)
			return 0;
		if (written)
			fill_raw(input);
	}
	if (!written)
		dgm_diag_text(input->diags, DGM_ERROR, "input-spool", dgm_input_name(input), NULL,
			"cannot be copied to a temporary file: %s", strerrordesc_np(errno));
	return -1;
}

uint64_t dgm_input_raw_size(const struct dgm_input *input)
{
	return input->spool >= 0 ? input->bytes : dgm_input_size(input);
}

int32_t dgm_input_read_at(struct dgm_input *input, uint64_t offset, char *buffer, size_t n, size_t *ret_n)
{
	const uint64_t size = dgm_input_raw_size(input);
	*ret_n = 0;
	n = offset >= size ? 0 : size - offset < n ? (size_t)(size - offset) : n;
	if (input->fd < 0) {
		if (n)
			memcpy(buffer, input->all.ptr + offset, n);
		*ret_n = n;
		return DGM_OK;
	}
	const int fd = input->spool >= 0 ? input->spool : input->fd;
	const uint64_t origin = input->spool >= 0 ? 0 : (uint64_t)input->origin;
	if (!dgm_spool_read(fd, origin + offset, buffer, n, ret_n)) {
		input->failed = true;
		dgm_diag_text(input->diags, DGM_ERROR, "input-read", dgm_input_name(input), NULL, "cannot be read: %s",
			strerrordesc_np(errno));
		return DGM_FATAL;
	}
	return DGM_OK;
}

int dgm_input_encode(const struct dgm_input *input, struct dgm_str decoded, struct dgm_str *ret_bytes)
{
	char *bytes = dgm_xmalloc(input->decoder ? DGM_ENCODED_ROOM(decoded.len) : decoded.len);
	size_t n = 0;
	if (!input->decoder) {
		if (decoded.len)
			memcpy(bytes, decoded.ptr, decoded.len);
		*ret_bytes = dgm_str_of(bytes, decoded.len);
		return 0;
	}
	struct dgm_encoder *encoder = dgm_encoder_new(input->charset);
	if (!encoder) {
		free(bytes);
		return -1;
	}
	for (;;) {
		size_t used = 0;
		n += dgm_encoder_run(encoder, decoded, bytes + n, &used);
		decoded = dgm_str_skip(decoded, used);
		if (decoded.len == 0 || !dgm_marker_at(decoded, 0))
			break;
		bytes[n++] = (char)dgm_marker_byte(decoded, 0);
		decoded = dgm_str_skip(decoded, 2);
	}
	dgm_encoder_free(encoder);
	if (decoded.len) {
		free(bytes);
		return -1;
	}
	*ret_bytes = dgm_str_of(bytes, n);
	return 0;
}

void dgm_input_encoded_free(struct dgm_str bytes)
{
	void *p; /* slices are of const bytes; these are ours */
	memcpy(&p, &bytes.ptr, sizeof p);
	free(p);
}
