/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Buffering, sections, encoding and publication of what writers write. Section 0 streams to its file; the others wait
 * in memory or, when large, in an unlinked file until commit puts them behind it. What the bytes mean is the writer's
 * affair, and SIGPIPE and SIGXFSZ are the program's.
 */
#define _GNU_SOURCE
#include "io/output.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "io/charset.h"
#include "io/escape.h"
#include "io/publish.h"
#include "io/runs.h"

/* One write at a time of this much: more gains nothing, less costs calls. */
#define BUFFER ((size_t)256 * 1024)
/* From here on a write of its own costs less than a copy. */
#define DIRECT ((size_t)128 * 1024)
/* What a section other than 0 begins with, and holds in memory before it goes to a file. */
#define SECTION_BUFFER ((size_t)16 * 1024)
#define SECTION_MEMORY ((size_t)4 * 1024 * 1024)
/* Far above what a format needs (one per path), so that a broken plugin does not use up descriptors. */
#define SECTIONS_MAX 256
/* Encoded at once. */
#define ENCODE_BLOCK ((size_t)64 * 1024)
/* What n bytes of UTF-8 may need with fallbacks: "&#x0101;" for two bytes is the worst. */
#define ENCODE_ROOM(n) (4 * (n) + 16)
_Static_assert(ENCODE_ROOM(ENCODE_BLOCK) >= DGM_ENCODED_ROOM(ENCODE_BLOCK), "room for both");

struct section {
	struct section *next; /* in the order of their numbers; the first is 0 */
	uint32_t number;
	struct dgm_runs spilled; /* in the output's file for what waits */
	char *bytes;
	size_t length, capacity;
};

struct dgm_output {
	struct section *first, *current;
	size_t section_count;
	struct dgm_publish *target; /* NULL: memory */
	int spill;                  /* what waits for its turn; -1: nothing did, yet */
	uint64_t spill_size;
	char *memory;
	size_t memory_length, memory_capacity;
	const struct dgm_charset *charset;
	struct dgm_encoder *encoder; /* NULL: UTF-8 */
	uint32_t fallback;
	char *encoded;
	char cut[4]; /* the beginning of a character whose rest is still to come */
	size_t cut_length;
	uint64_t size, unencodable;
	struct dgm_digest *digest; /* NULL: nobody wants it */
	uint32_t odd;              /* the first of them, or ODD_BYTES */
	bool told;
	void (*take)(void *context, uint32_t section, struct dgm_str bytes); /* NULL: not diverted */
	void *take_context;
	int error;
	bool committed;
	struct dgm_diag_sink *diags;
	size_t path_length;
	char path[];
};

/* No character. */
#define ODD_BYTES UINT32_MAX

static struct section *new_section(uint32_t number, size_t capacity)
{
	struct section *section = dgm_xcalloc(1, sizeof *section);
	section->number = number;
	section->capacity = capacity;
	section->bytes = dgm_xmalloc(capacity);
	return section;
}

static struct dgm_output *new_output(struct dgm_str path, struct dgm_publish *target, struct dgm_diag_sink *diags)
{
	struct dgm_output *output = dgm_xcalloc(1, sizeof *output + path.len);
	output->target = target;
	output->spill = -1;
	output->diags = diags;
	output->path_length = path.len;
	if (path.len)
		memcpy(output->path, path.ptr, path.len);
	output->first = output->current = new_section(0, target ? BUFFER : SECTION_BUFFER);
	output->section_count = 1;
	return output;
}

struct dgm_output *dgm_output_file(struct dgm_str path, bool overwrite, struct dgm_diag_sink *diags)
{
	struct dgm_publish *target = dgm_publish_open(path, overwrite, diags);
	return target ? new_output(path, target, diags) : NULL;
}

struct dgm_output *dgm_output_fd(int fd, int folder, struct dgm_str path, struct dgm_diag_sink *diags)
{
	struct dgm_publish *target = dgm_publish_fd_of(fd, folder, path, diags);
	return target ? new_output(path, target, diags) : NULL;
}

struct dgm_output *dgm_output_memory(struct dgm_diag_sink *diags)
{
	return new_output(DGM_NOSTR, NULL, diags);
}

static struct dgm_str path_of(const struct dgm_output *output)
{
	return dgm_str_of(output->path, output->path_length);
}

struct dgm_output *dgm_output_beside(const struct dgm_output *output, struct dgm_diag_sink *diags)
{
	const int fd = dgm_output_scratch(output);
	if (fd < 0) {
		dgm_diag_text(diags, DGM_ERROR, "output-open", path_of(output), NULL,
			"no file can be created beside it: %s", strerrordesc_np(errno));
		return NULL;
	}
	struct dgm_output *beside = dgm_output_fd(fd, -1, path_of(output), diags);
	close(fd);
	return beside;
}

void dgm_output_digest(struct dgm_output *output, struct dgm_digest *digest)
{
	assert(output->size == 0);
	output->digest = digest;
}

static void fail(struct dgm_output *output, int error, const char *what)
{
	if (output->error)
		return;
	output->error = -error;
	dgm_diag_text(output->diags, DGM_ERROR, "output-write", path_of(output), NULL, "%s: %s", what,
		strerrordesc_np(error));
}

/* Writes all of it, or says why not. */
static void write_all(struct dgm_output *output, int fd, struct dgm_str bytes)
{
	while (bytes.len && !output->error) {
		const ssize_t n = write(fd, bytes.ptr, bytes.len);
		if (n > 0) {
			bytes = dgm_str_skip(bytes, (size_t)n);
		} else if (n == 0) {
			fail(output, EIO, "cannot be written");
		} else if (errno == EAGAIN) {
			/* Standard output may have been left non-blocking by who had it before. */
			struct pollfd waited = {.fd = fd, .events = POLLOUT};
			if (poll(&waited, 1, -1) < 0 && errno != EINTR)
				fail(output, errno, "cannot be written");
		} else if (errno != EINTR) {
			fail(output, errno, "cannot be written");
		}
	}
}

/* To the final place, as it is. */
static void deliver(struct dgm_output *output, struct dgm_str bytes)
{
	if (bytes.len == 0 || output->error)
		return;
	if (output->digest)
		dgm_digest_add(output->digest, bytes);
	if (output->target) {
		write_all(output, dgm_publish_fd(output->target), bytes);
		return;
	}
	if (bytes.len > output->memory_capacity - output->memory_length) {
		size_t capacity = 0;
		if (__builtin_add_overflow(output->memory_length, bytes.len, &capacity) ||
			__builtin_mul_overflow(capacity, 2u, &capacity))
			dgm_no_memory(SIZE_MAX);
		output->memory = dgm_xrealloc(output->memory, capacity);
		output->memory_capacity = capacity;
	}
	memcpy(output->memory + output->memory_length, bytes.ptr, bytes.len);
	output->memory_length += bytes.len;
}

static size_t put_unencodable(struct dgm_output *output, uint32_t code_point, bool valid, char *to)
{
	if (valid && output->fallback != DGM_FALLBACK_MARK)
		return dgm_escape_put(output->fallback, code_point, to);
	if (output->unencodable++ == 0)
		output->odd = valid ? code_point : ODD_BYTES;
	return dgm_encoder_char(output->encoder, '?', to);
}

/* Once all is encoded: when that is for a part of it depends on how much is buffered. */
static void say_unencodable(struct dgm_output *output)
{
	if (output->unencodable == 0 || output->told)
		return;
	output->told = true;
	if (output->odd == ODD_BYTES)
		dgm_diag_text(output->diags, DGM_WARNING, "charset-unencodable", path_of(output), NULL,
			"bytes that are no UTF-8 are written as '?'");
	else
		dgm_diag_text(output->diags, DGM_WARNING, "charset-unencodable", path_of(output), NULL,
			"U+%04X is not in %s and is written as '?', as is every other such character; --to-encoding chooses another",
			(unsigned)output->odd, output->charset->name);
}

/* How many bytes a character that begins with this byte has; 1 where none does. */
static size_t expected_length(char first)
{
	const unsigned char b = (unsigned char)first;
	return b < 0xC2 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : b < 0xF5 ? 4 : 1;
}

/* Whether s is the beginning of a character and ends before it does. */
static bool is_cut_off(struct dgm_str s)
{
	if (s.len == 0 || s.len >= expected_length(s.ptr[0]))
		return false;
	for (size_t i = 1; i < s.len; i++)
		if (((unsigned char)s.ptr[i] & 0xC0) != 0x80)
			return false;
	return true;
}

/* Encodes and delivers a block; a character that it cuts off at its end waits in output->cut, unless it is the last. */
static void encode_block(struct dgm_output *output, struct dgm_str text, bool last)
{
	size_t n = 0;
	while (text.len) {
		size_t used = 0;
		n += dgm_encoder_run(output->encoder, text, output->encoded + n, &used);
		text = dgm_str_skip(text, used);
		if (text.len == 0)
			break;
		if (!last && is_cut_off(text)) {
			memcpy(output->cut, text.ptr, text.len);
			output->cut_length = text.len;
			break;
		}
		const size_t length = expected_length(text.ptr[0]);
		const bool valid = length <= text.len && dgm_utf8_valid(dgm_str_take(text, length));
		size_t at = 0;
		const uint32_t c = valid ? dgm_utf8_next(text, &at) : 0;
		n += put_unencodable(output, c, valid, output->encoded + n);
		text = dgm_str_skip(text, valid ? length : 1);
	}
	deliver(output, dgm_str_of(output->encoded, n));
}

/* To the final place, encoded. */
static void emit(struct dgm_output *output, struct dgm_str text)
{
	if (!output->encoder) {
		deliver(output, text);
		return;
	}
	while (text.len) {
		struct dgm_str block = dgm_str_take(text, ENCODE_BLOCK);
		char joined[sizeof output->cut + 1];
		if (output->cut_length) {
			/* A character in two parts: put together byte by byte until it is whole or cannot become so. */
			memcpy(joined, output->cut, output->cut_length);
			joined[output->cut_length] = text.ptr[0];
			block = dgm_str_of(joined, output->cut_length + 1);
			text = dgm_str_skip(text, 1);
			output->cut_length = 0;
		} else {
			text = dgm_str_skip(text, block.len);
		}
		encode_block(output, block, false);
	}
}

int dgm_output_charset(struct dgm_output *output, struct dgm_str charset, bool bom)
{
	assert(output->size == 0 && !output->charset);
	const struct dgm_charset *found = dgm_charset_find(charset);
	/* Without a byte order in the name the mark has to tell it; little-endian is what spreadsheets write. */
	if (found && found->kind == DGM_CHARSET_UTF16) {
		found = dgm_charset_find(DGM_STR("utf-16le"));
		bom = true;
	}
	struct dgm_encoder *encoder = NULL;
	if (found && found->kind != DGM_CHARSET_UTF8)
		encoder = dgm_encoder_new(found);
	if (!found || (!encoder && found->kind != DGM_CHARSET_UTF8)) {
		char shown[DGM_CHARSET_SHOWN + 1];
		dgm_diag_text(output->diags, DGM_ERROR, "charset-unknown", path_of(output), NULL,
			"no such charset: \"%s\"", dgm_charset_shown(charset, shown));
		return -1;
	}
	char mark[DGM_ENCODED_MAX];
	if (bom && encoder && dgm_encoder_char(encoder, 0xFEFF, mark) == 0) {
		dgm_diag_text(output->diags, DGM_ERROR, "charset-bom", path_of(output), NULL,
			"%s has no byte-order mark", found->name);
		dgm_encoder_free(encoder);
		return -1;
	}
	output->charset = found;
	output->encoder = encoder;
	if (encoder)
		output->encoded = dgm_xmalloc(ENCODE_ROOM(ENCODE_BLOCK));
	if (bom) {
		memcpy(output->first->bytes, "\xEF\xBB\xBF", 3);
		output->first->length = 3;
	}
	return 0;
}

void dgm_output_fallback(struct dgm_output *output, uint32_t style)
{
	/* A style of a later header is not known here: the mark is the safe one. */
	output->fallback = style <= DGM_FALLBACK_JSON ? style : DGM_FALLBACK_MARK;
}

int dgm_output_prepare(struct dgm_output *output)
{
	if (output->spill < 0 && output->target && !output->error) {
		output->spill = dgm_publish_scratch(output->target);
		if (output->spill < 0)
			fail(output, errno, "no file for a part of the output");
	}
	return output->error ? -1 : 0;
}

/* Empties a section's memory: section 0 to its place, another one to the file for what waits. */
static void flush(struct dgm_output *output, struct section *section)
{
	const struct dgm_str bytes = dgm_str_of(section->bytes, section->length);
	section->length = 0;
	if (output->error)
		return;
	if (output->take) {
		if (bytes.len)
			output->take(output->take_context, section->number, bytes);
		return;
	}
	if (section->number == 0) {
		emit(output, bytes);
		return;
	}
	if (dgm_output_prepare(output) != 0)
		return;
	dgm_runs_add(&section->spilled, output->spill_size, bytes.len);
	output->spill_size += bytes.len;
	write_all(output, output->spill, bytes);
}

static void make_room(struct dgm_output *output, struct section *section, size_t n)
{
	const size_t limit = section->number == 0 || output->take ? BUFFER : SECTION_MEMORY;
	size_t wanted = 0;
	if (__builtin_add_overflow(section->length, n, &wanted))
		dgm_no_memory(n);
	if (output->error || ((output->target || output->take) && wanted > limit)) {
		flush(output, section);
		wanted = n;
	}
	if (wanted <= section->capacity)
		return;
	if (wanted < 2 * section->capacity)
		wanted = 2 * section->capacity;
	section->bytes = dgm_xrealloc(section->bytes, wanted);
	section->capacity = wanted;
}

char *dgm_output_reserve(struct dgm_output *output, size_t n)
{
	struct section *section = output->current;
	if (n > section->capacity - section->length)
		make_room(output, section, n);
	return section->bytes + section->length;
}

void dgm_output_advance(struct dgm_output *output, size_t n)
{
	struct section *section = output->current;
	assert(n <= section->capacity - section->length);
	section->length += n;
	output->size += n;
}

void dgm_output_write(struct dgm_output *output, struct dgm_str bytes)
{
	struct section *section = output->current;
	if (bytes.len == 0)
		return;
	if (bytes.len >= DIRECT && output->target && section->number == 0 && !output->take) {
		flush(output, section);
		emit(output, bytes);
		output->size += bytes.len;
		return;
	}
	memcpy(dgm_output_reserve(output, bytes.len), bytes.ptr, bytes.len);
	dgm_output_advance(output, bytes.len);
}

void dgm_output_section(struct dgm_output *output, uint32_t number)
{
	if (output->current->number == number)
		return;
	if (output->take) {
		flush(output, output->current);
		output->current->number = number;
		return;
	}
	struct section **link = &output->first;
	while (*link && (*link)->number < number)
		link = &(*link)->next;
	if (!*link || (*link)->number != number) {
		if (output->section_count >= SECTIONS_MAX) {
			fail(output, EOVERFLOW, "too many parts");
			return;
		}
		struct section *section = new_section(number, SECTION_BUFFER);
		section->next = *link;
		*link = section;
		output->section_count++;
	}
	output->current = *link;
}

int dgm_output_error(const struct dgm_output *output)
{
	return output->error;
}

bool dgm_output_in_charset(const struct dgm_output *output, struct dgm_str text)
{
	size_t at = 0;
	char bytes[DGM_ENCODED_MAX];
	while (output->encoder && at < text.len) {
		if ((unsigned char)text.ptr[at] < 0x80)
			at++;
		else if (dgm_encoder_char(output->encoder, dgm_utf8_next(text, &at), bytes) == 0)
			return false;
	}
	return true;
}

bool dgm_output_encodes(const struct dgm_output *output, struct dgm_str text)
{
	return output->fallback != DGM_FALLBACK_MARK || dgm_output_in_charset(output, text);
}

uint64_t dgm_output_unencodable(const struct dgm_output *output)
{
	return output->unencodable;
}

uint64_t dgm_output_size(const struct dgm_output *output)
{
	return output->size;
}

/* A run of what waited, behind what came before. */
static void append_run(struct dgm_output *output, struct dgm_run run)
{
	char *block = output->first->bytes;
	while (run.length && !output->error) {
		const size_t wanted = run.length < BUFFER ? (size_t)run.length : BUFFER;
		const ssize_t n = pread(output->spill, block, wanted, (off_t)run.at);
		if (n > 0) {
			emit(output, dgm_str_of(block, (size_t)n));
			run.at += (uint64_t)n;
			run.length -= (uint64_t)n;
		} else if (n == 0 || errno != EINTR) {
			fail(output, n == 0 ? EIO : errno, "a part of the output cannot be read back");
		}
	}
}

/* Puts the sections in order, behind each other. */
static void seal(struct dgm_output *output)
{
	for (struct section *section = output->first; section; section = section->next) {
		for (size_t i = 0; i < section->spilled.count; i++)
			append_run(output, section->spilled.list[i]);
		dgm_runs_done(&section->spilled);
		emit(output, dgm_str_of(section->bytes, section->length));
		section->length = 0;
	}
	if (output->cut_length) {
		const struct dgm_str cut = dgm_str_of(output->cut, output->cut_length);
		output->cut_length = 0;
		encode_block(output, cut, true);
	}
	if (!output->error)
		say_unencodable(output);
}

int dgm_output_scratch(const struct dgm_output *output)
{
	return output->target ? dgm_publish_scratch(output->target) : memfd_create("dragoman", MFD_CLOEXEC);
}

void dgm_output_divert(struct dgm_output *output, void (*take)(void *context, uint32_t section, struct dgm_str bytes),
	void *context)
{
	/* One buffer for all of them; the other sections keep what they hold, and nobody asks for it. */
	output->current->length = 0;
	output->take = take;
	output->take_context = context;
}

void dgm_output_divert_rest(struct dgm_output *output)
{
	flush(output, output->current);
}

uint32_t dgm_output_current(const struct dgm_output *output)
{
	return output->current->number;
}

int dgm_output_reread(struct dgm_output *output)
{
	if (!output->target)
		return -1;
	seal(output);
	const int fd = dgm_publish_fd(output->target);
	/* Only a temporary file of our own can be read: /dev/null and standard output cannot. */
	const bool readable = (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR;
	return output->error == 0 && readable && lseek(fd, 0, SEEK_SET) == 0 ? fd : -1;
}

int dgm_output_seal(struct dgm_output *output)
{
	seal(output);
	return output->error ? -1 : 0;
}

size_t dgm_output_fds(const struct dgm_output *output, int ret_fds[2])
{
	if (!output->target)
		return 0;
	ret_fds[0] = dgm_publish_fd(output->target);
	ret_fds[1] = output->spill;
	return output->spill < 0 ? 1 : 2;
}

int dgm_output_commit(struct dgm_output *output)
{
	if (output->committed)
		return 0;
	seal(output);
	if (output->error)
		return -1;
	if (output->target) {
		const int result = dgm_publish_commit(output->target);
		if (result < 0) {
			output->error = result;
			return -1;
		}
	}
	output->committed = true;
	return 0;
}

struct dgm_str dgm_output_bytes(const struct dgm_output *output)
{
	return dgm_str_of(output->memory, output->memory_length);
}

void dgm_output_free(struct dgm_output *output)
{
	if (!output)
		return;
	for (struct section *section = output->first; section;) {
		struct section *next = section->next;
		dgm_runs_done(&section->spilled);
		free(section->bytes);
		free(section);
		section = next;
	}
	if (output->spill >= 0)
		close(output->spill);
	dgm_publish_free(output->target);
	dgm_encoder_free(output->encoder);
	free(output->encoded);
	free(output->memory);
	free(output);
}

void dgm_output_abandon_all(void)
{
	dgm_publish_abandon_all();
}
