/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Items: a kind, a number, a length and so many bytes. Both sides are the same program, so structs are
 * written as they lie in memory.
 */
#define _GNU_SOURCE
#include "pipe/partlog.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "io/input.h"

/* One write at a time of this much; pieces of half of it are not copied before. */
#define BUFFER ((size_t)256 * 1024)
#define DIRECT (BUFFER / 2)

enum kind { KIND_DIAG = DGM_PART_STREAMS, KIND_ID };

struct item {
	uint32_t kind, number;
	uint64_t length;
};

struct said {
	struct dgm_place place;
	uint64_t record;
	uint32_t severity, code, file, field, text, value;
};

struct met {
	struct dgm_place place;
	uint64_t record;
};

struct dgm_part_log {
	struct dgm_part_area *area;
	bool in_file; /* from some item on */
	int error;
	size_t used;
	char bytes[BUFFER];
};

/* --- the area --- */

int dgm_part_area_init(struct dgm_part_area *area, size_t room, int file)
{
	const size_t size = sizeof *area->end + room;
	*area = (struct dgm_part_area){.room = room, .file = file};
	area->memory = memfd_create("dragoman", MFD_CLOEXEC);
	if (area->memory < 0 || ftruncate(area->memory, (off_t)size) != 0)
		return -1;
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, area->memory, 0);
	if (memory == MAP_FAILED)
		return -1;
	area->end = memory;
	return 0;
}

void dgm_part_area_done(struct dgm_part_area *area)
{
	if (area->end)
		munmap(area->end, sizeof *area->end + area->room);
	if (area->memory >= 0)
		close(area->memory);
	if (area->file >= 0)
		close(area->file);
	*area = (struct dgm_part_area){.memory = -1, .file = -1};
}

int dgm_part_area_clear(struct dgm_part_area *area)
{
	area->end->whole = area->end->used = 0;
	if (lseek(area->memory, (off_t)sizeof *area->end, SEEK_SET) < 0 || lseek(area->file, 0, SEEK_SET) < 0)
		return -1;
	return ftruncate(area->file, 0);
}

static char *room_of(const struct dgm_part_area *area)
{
	return (char *)(area->end + 1);
}

/* --- the worker's side --- */

struct dgm_part_log *dgm_part_log_new(struct dgm_part_area *area)
{
	struct dgm_part_log *log = dgm_xmalloc(sizeof *log);
	log->area = area;
	log->in_file = false;
	log->error = 0;
	log->used = 0;
	return log;
}

static void write_all(struct dgm_part_log *log, struct dgm_str bytes)
{
	const int fd = log->in_file ? log->area->file : log->area->memory;
	while (bytes.len && !log->error) {
		const ssize_t n = write(fd, bytes.ptr, bytes.len);
		if (n > 0)
			bytes = dgm_str_skip(bytes, (size_t)n);
		else if (n == 0 || errno != EINTR)
			log->error = n == 0 ? EIO : errno;
	}
}

static void flush(struct dgm_part_log *log)
{
	write_all(log, dgm_str_of(log->bytes, log->used));
	log->used = 0;
}

static void put(struct dgm_part_log *log, struct dgm_str bytes)
{
	if (bytes.len > BUFFER - log->used || bytes.len >= DIRECT)
		flush(log);
	if (bytes.len >= DIRECT) {
		write_all(log, bytes);
		return;
	}
	if (bytes.len)
		memcpy(log->bytes + log->used, bytes.ptr, bytes.len);
	log->used += bytes.len;
}

static void put_raw(struct dgm_part_log *log, const void *bytes, size_t len)
{
	put(log, dgm_str_of(bytes, len));
}

static void put_item(struct dgm_part_log *log, uint32_t kind, uint32_t number, uint64_t length)
{
	const struct item item = {kind, number, length};
	struct dgm_part_end *end = log->area->end;
	const size_t left = log->area->room - end->used;
	/* Items do not lie half here, half there. */
	if (!log->in_file && (left < sizeof item || left - sizeof item < length)) {
		flush(log);
		log->in_file = true;
	}
	if (!log->in_file)
		end->used += sizeof item + length;
	put_raw(log, &item, sizeof item);
}

void dgm_part_put(struct dgm_part_log *log, enum dgm_part_stream stream, uint32_t section, struct dgm_str bytes)
{
	put_item(log, stream, section, bytes.len);
	put(log, bytes);
}

void dgm_part_put_diag(struct dgm_part_log *log, const struct dgm_diag *diag)
{
	/* With its NUL, so that it is a C string again. */
	const struct dgm_str code = dgm_str_of(diag->code, strlen(diag->code) + 1);
	const struct said said = {diag->place, diag->record, diag->severity, (uint32_t)code.len,
		(uint32_t)diag->file.len, (uint32_t)diag->field.len, (uint32_t)diag->text.len,
		(uint32_t)diag->value.len};
	put_item(log, KIND_DIAG, diag->value.ptr != NULL,
		sizeof said + code.len + diag->file.len + diag->field.len + diag->text.len + diag->value.len);
	put_raw(log, &said, sizeof said);
	put(log, code);
	put(log, diag->file);
	put(log, diag->field);
	put(log, diag->text);
	put(log, diag->value);
}

void dgm_part_put_id(struct dgm_part_log *log, const struct dgm_place *place, uint64_t number, struct dgm_str id)
{
	const struct met met = {*place, number};
	put_item(log, KIND_ID, 0, sizeof met + id.len);
	put_raw(log, &met, sizeof met);
	put(log, id);
}

int dgm_part_log_end(struct dgm_part_log *log)
{
	flush(log);
	const int error = log->error;
	if (!error)
		log->area->end->whole = DGM_PART_WHOLE;
	free(log);
	return error;
}

/* --- the parent's side --- */

static struct dgm_str cut(struct dgm_str *rest, size_t len)
{
	const struct dgm_str head = dgm_str_take(*rest, len);
	*rest = dgm_str_skip(*rest, head.len);
	return head;
}

static bool take_diag(const struct dgm_part_taker *taker, bool valued, struct dgm_str bytes)
{
	struct said said;
	if (bytes.len < sizeof said)
		return false;
	memcpy(&said, bytes.ptr, sizeof said);
	bytes = dgm_str_skip(bytes, sizeof said);
	struct dgm_diag diag = {.severity = said.severity, .place = said.place, .record = said.record};
	const struct dgm_str code = cut(&bytes, said.code);
	if (code.len == 0 || code.ptr[code.len - 1] != 0)
		return false;
	diag.code = code.ptr;
	diag.file = cut(&bytes, said.file);
	diag.field = cut(&bytes, said.field);
	diag.text = cut(&bytes, said.text);
	if (valued)
		diag.value = cut(&bytes, said.value);
	taker->diag(taker->context, &diag);
	return true;
}

static bool take_id(const struct dgm_part_taker *taker, struct dgm_str bytes)
{
	struct met met;
	if (bytes.len < sizeof met)
		return false;
	memcpy(&met, bytes.ptr, sizeof met);
	taker->id(taker->context, &met.place, met.record, dgm_str_skip(bytes, sizeof met));
	return true;
}

static bool take_piece(const struct dgm_part_taker *taker, const struct item *item, struct dgm_str bytes)
{
	if (item->kind == KIND_DIAG)
		return take_diag(taker, item->number != 0, bytes);
	if (item->kind == KIND_ID)
		return take_id(taker, bytes);
	taker->bytes(taker->context, (enum dgm_part_stream)item->kind, item->number, bytes);
	return true;
}

/* What stands behind the head of an item; pieces of outputs may come in pieces of their own. */
static bool take_item(struct dgm_input *input, const struct dgm_part_taker *taker, const struct item *item)
{
	const bool whole = item->kind >= DGM_PART_STREAMS;
	for (uint64_t left = item->length; left > 0;) {
		struct dgm_str window;
		const size_t want = whole || left < BUFFER ? (size_t)left : BUFFER;
		if (dgm_input_peek(input, want, &window) != DGM_OK || window.len < want)
			return false;
		const struct dgm_str bytes = dgm_str_take(window, left < window.len ? (size_t)left : window.len);
		if (!take_piece(taker, item, bytes))
			return false;
		dgm_input_consume(input, bytes.len);
		left -= bytes.len;
	}
	return true;
}

static bool take_all(struct dgm_input *input, const struct dgm_part_taker *taker)
{
	struct dgm_str window;
	struct item item;
	while (dgm_input_peek(input, sizeof item, &window) == DGM_OK) {
		if (window.len < sizeof item)
			return window.len == 0;
		memcpy(&item, window.ptr, sizeof item);
		dgm_input_consume(input, sizeof item);
		if (item.kind > KIND_ID || !take_item(input, taker, &item))
			return false;
	}
	return false;
}

/* The same without an input between: what lies in memory is large, and the worker's in all. */
static bool take_room(struct dgm_str bytes, const struct dgm_part_taker *taker)
{
	while (bytes.len >= sizeof(struct item)) {
		struct item item;
		memcpy(&item, bytes.ptr, sizeof item);
		bytes = dgm_str_skip(bytes, sizeof item);
		if (item.kind > KIND_ID || item.length > bytes.len)
			return false;
		const struct dgm_str piece = cut(&bytes, (size_t)item.length);
		if (!take_piece(taker, &item, piece))
			return false;
	}
	return bytes.len == 0;
}

int dgm_part_log_take(const struct dgm_part_area *area, const struct dgm_part_taker *taker)
{
	errno = 0;
	if (area->end->used > area->room || lseek(area->file, 0, SEEK_SET) < 0)
		return -1;
	struct dgm_input *input = dgm_input_fd(area->file, DGM_NOSTR, NULL, 0);
	const bool good = take_room(dgm_str_of(room_of(area), area->end->used), taker) &&
		dgm_input_charset(input, DGM_STR("utf-8"), false) == 0 && take_all(input, taker);
	dgm_input_free(input);
	if (!good && errno == 0)
		errno = EIO;
	return good ? 0 : -1;
}
