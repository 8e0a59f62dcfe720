/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The zip file's own account of itself (APPNOTE.TXT 6.3, sections 4.3 and 4.4), held against what lies in it. A reader
 * that believes the central directory and one that believes the local headers see different members where the two differ,
 * where two archives lie behind each other, or where members overlap: such a file is not read at all. Bytes between
 * members, before the first or behind the end are no part of an archive that anybody packed.
 */
#include <stdlib.h>
#include <string.h>

#include "bundle_engine.h"

enum {
	END_SIZE = 22,
	END_COMMENT_MAX = 65535,
	LOCATOR_SIZE = 20,
	END64_SIZE = 56,
	CENTRAL_SIZE = 46,
	LOCAL_SIZE = 30,
	FLAG_DESCRIPTOR = 0x8,
};
/* Of one entry of the directory more is no name and no field that anybody writes. */
#define ENTRY_BYTES_MAX 2048u

struct check {
	struct dgm_bundle_source *source;
	uint64_t count, offset, size, end; /* of the directory; end: where its end records begin */
};

static uint32_t u16(const char *at)
{
	return (uint32_t)(unsigned char)at[0] | (uint32_t)(unsigned char)at[1] << 8;
}

static uint32_t u32(const char *at)
{
	return u16(at) | u16(at + 2) << 16;
}

static uint64_t u64(const char *at)
{
	return u32(at) | (uint64_t)u32(at + 4) << 32;
}

static int32_t refuse(const struct dgm_bundle_source *source, const char *code, const char *text)
{
	if (!source->broken)
		dgm_bundle_report(source->host, source->job, code, "%s", text);
	return DGM_FATAL;
}

/* Exactly n bytes. */
static bool bytes_at(struct dgm_bundle_source *source, uint64_t offset, char *buffer, size_t n)
{
	size_t got = 0;
	if (offset > source->size || n > source->size - offset)
		return false;
	if (source->host->read_at(source->input, offset, buffer, n, &got) != DGM_OK)
		source->broken = true;
	return !source->broken && got == n;
}

/* The end record; its comment must reach to the last byte of the file. */
static int32_t find_end(struct check *check)
{
	struct dgm_bundle_source *source = check->source;
	const size_t most = END_SIZE + END_COMMENT_MAX;
	const size_t n = source->size < most ? (size_t)source->size : most;
	char *tail = malloc(n + 1), locator[LOCATOR_SIZE], end64[END64_SIZE];
	int32_t result = DGM_FATAL;
	bool found = false;
	size_t at = n >= END_SIZE ? n - END_SIZE + 1 : 0;
	if (!tail || !bytes_at(source, source->size - n, tail, n)) {
		free(tail);
		return refuse(source, "bundle-damaged", "it cannot be read");
	}
	while (!found && at-- > 0)
		found = memcmp(tail + at, "PK\5\6", 4) == 0 && at + END_SIZE + u16(tail + at + 20) == n;
	if (!found) {
		refuse(source, "bundle-truncated",
			"there is no central directory at its end: it is cut, or has bytes behind it");
		goto out;
	}
	const char *end = tail + at;
	check->end = source->size - n + at;
	check->count = u16(end + 10);
	check->size = u32(end + 12);
	check->offset = u32(end + 16);
	if (u16(end + 4) || u16(end + 6) || u16(end + 8) != u16(end + 10)) {
		refuse(source, "bundle-unsupported", "it is one part of several");
		goto out;
	}
	if (check->end >= LOCATOR_SIZE && bytes_at(source, check->end - LOCATOR_SIZE, locator, LOCATOR_SIZE) &&
		memcmp(locator, "PK\6\7", 4) == 0) {
		const uint64_t place = u64(locator + 8);
		if (!bytes_at(source, place, end64, END64_SIZE) || memcmp(end64, "PK\6\6", 4) != 0 ||
			place + END64_SIZE != check->end - LOCATOR_SIZE || u64(end64 + 4) != END64_SIZE - 12) {
			refuse(source, "bundle-contradicts", "its end records do not fit together");
			goto out;
		}
		check->end = place;
		check->count = u64(end64 + 32);
		check->size = u64(end64 + 40);
		check->offset = u64(end64 + 48);
	}
	result = DGM_OK;
out:
	free(tail);
	return result;
}

/* The values of the extra field of ZIP64 for those that are all ones in the header, in their order. */
static bool widen(const char *extra, size_t len, uint64_t *values[], const uint32_t narrow[], size_t count)
{
	const char *field = NULL;
	size_t left = 0;
	for (size_t at = 0; at + 4 <= len; at += 4 + u16(extra + at + 2)) {
		if (u16(extra + at + 2) > len - at - 4)
			return false;
		if (u16(extra + at) == 1 && !field) {
			field = extra + at + 4;
			left = u16(extra + at + 2);
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (narrow[i] != 0xffffffffu)
			continue;
		if (left < 8)
			return false;
		*values[i] = u64(field);
		field += 8;
		left -= 8;
	}
	return true;
}

static int by_offset(const void *a, const void *b)
{
	const struct dgm_bundle_entry *x = a, *y = b;
	return (x->offset > y->offset) - (x->offset < y->offset);
}

/* The local header of an entry against the directory's; *ret_end: where its bytes end. */
static int32_t check_local(struct dgm_bundle_source *source, const struct dgm_bundle_entry *entry, const char *central,
	uint64_t *ret_end)
{
	char local[LOCAL_SIZE], rest[2 * ENTRY_BYTES_MAX];
	uint64_t packed = u32(central + 20), size = u32(central + 24);
	if (!bytes_at(source, entry->offset, local, sizeof local) || memcmp(local, "PK\3\4", 4) != 0)
		return refuse(source, "bundle-contradicts",
			"its central directory speaks of a member that is not there");
	const size_t name = u16(local + 26), extra = u16(local + 28);
	const uint32_t flags = u16(local + 6);
	if (name + extra > sizeof rest || !bytes_at(source, entry->offset + LOCAL_SIZE, rest, name + extra))
		return refuse(source, "bundle-contradicts", "a member's own header is not whole");
	uint64_t own_packed = u32(local + 18), own_size = u32(local + 22);
	uint64_t *wide[] = {&own_size, &own_packed};
	const uint32_t narrow[] = {u32(local + 22), u32(local + 18)};
	uint64_t ignored = 0;
	uint64_t *central_wide[] = {&size, &packed, &ignored};
	const uint32_t central_narrow[] = {u32(central + 24), u32(central + 20), u32(central + 42)};
	if (!widen(rest + name, extra, wide, narrow, 2) ||
		!widen(central + CENTRAL_SIZE + u16(central + 28), u16(central + 30), central_wide, central_narrow, 3))
		return refuse(source, "bundle-contradicts", "a member's sizes are not said");
	const bool later = flags & FLAG_DESCRIPTOR;
	if (name != entry->name.len || memcmp(rest, entry->name.ptr, name) != 0 || flags != entry->flags ||
		u16(local + 8) != u16(central + 10) ||
		(!later && (own_packed != packed || own_size != size || u32(local + 14) != u32(central + 16))))
		return refuse(source, "bundle-contradicts",
			"its central directory and a member's own header say different things");
	if (__builtin_add_overflow(entry->offset + LOCAL_SIZE + name + extra, packed, ret_end))
		return refuse(source, "bundle-contradicts", "a member's sizes are not possible");
	return DGM_OK;
}

/* Between the end of a member's bytes and the next thing there is nothing, or its descriptor. */
static bool fits(struct dgm_bundle_source *source, const struct dgm_bundle_entry *entry, uint64_t end, uint64_t next)
{
	char signature[4];
	if (!(entry->flags & FLAG_DESCRIPTOR))
		return end == next;
	if (next < end)
		return false;
	const uint64_t gap = next - end;
	const bool marked = bytes_at(source, end, signature, 4) && memcmp(signature, "PK\7\10", 4) == 0;
	return marked ? gap == 16 || gap == 24 : gap == 12 || gap == 20;
}

static int32_t parse(const struct check *check, struct dgm_bundle_directory *directory)
{
	struct dgm_bundle_source *source = check->source;
	const char *at = directory->bytes, *end = at + check->size;
	for (uint64_t i = 0; i < check->count; i++) {
		if (end - at < CENTRAL_SIZE || memcmp(at, "PK\1\2", 4) != 0)
			return refuse(source, "bundle-contradicts",
				"its central directory has fewer members than it says");
		const size_t name = u16(at + 28), extra = u16(at + 30), comment = u16(at + 32);
		if ((size_t)(end - at) < CENTRAL_SIZE + name + extra + comment)
			return refuse(source, "bundle-truncated", "its central directory is cut");
		struct dgm_bundle_entry *entry = &directory->entries[i];
		entry->name = (struct dgm_str){at + CENTRAL_SIZE, name};
		entry->flags = u16(at + 8);
		entry->attributes = u32(at + 38);
		entry->size = u32(at + 24);
		entry->offset = u32(at + 42);
		uint64_t packed = 0;
		uint64_t *wide[] = {&entry->size, &packed, &entry->offset};
		const uint32_t narrow[] = {u32(at + 24), u32(at + 20), u32(at + 42)};
		if (!widen(at + CENTRAL_SIZE + name, extra, wide, narrow, 3))
			return refuse(source, "bundle-contradicts", "a member's sizes are not said");
		at += CENTRAL_SIZE + name + extra + comment;
	}
	directory->count = check->count;
	return at == end ? DGM_OK
			 : refuse(source, "bundle-contradicts", "its central directory has more members than it says");
}

static int32_t check_places(const struct check *check, struct dgm_bundle_directory *directory)
{
	struct dgm_bundle_source *source = check->source;
	uint64_t end = 0;
	qsort(directory->entries, directory->count, sizeof *directory->entries, by_offset);
	if (check->offset + check->size != check->end || (directory->count == 0 && check->offset != 0) ||
		(directory->count > 0 && directory->entries[0].offset != 0))
		return refuse(source, "bundle-contradicts",
			"there are bytes before its first member or behind its directory: two archives in one file, perhaps");
	for (uint64_t i = 0; i < directory->count; i++) {
		const struct dgm_bundle_entry *entry = &directory->entries[i];
		const uint64_t next = i + 1 < directory->count ? entry[1].offset : check->offset;
		if (next <= entry->offset)
			return refuse(source, "bundle-contradicts", "two of its members overlap");
		if (check_local(source, entry, entry->name.ptr - CENTRAL_SIZE, &end) != DGM_OK)
			return DGM_FATAL;
		if (!fits(source, entry, end, next))
			return refuse(source, "bundle-contradicts",
				end > next ? "two of its members overlap"
					   : "there are bytes between its members that its directory does not know");
	}
	return DGM_OK;
}

int32_t dgm_bundle_directory_read(struct dgm_bundle_source *source, uint64_t max_members,
	struct dgm_bundle_directory *ret_directory)
{
	struct check check = {.source = source};
	struct dgm_bundle_directory directory = {0};
	if (find_end(&check) != DGM_OK)
		return DGM_FATAL;
	if (check.count > max_members) {
		dgm_bundle_report(source->host, source->job, "bundle-over-limit",
			"it has %llu members, and the limit max-members is %llu", (unsigned long long)check.count,
			(unsigned long long)max_members);
		return DGM_FATAL;
	}
	if (check.size > check.end || check.offset > check.end || check.size > check.count * ENTRY_BYTES_MAX)
		return refuse(source, "bundle-contradicts", "its central directory lies outside the file");
	directory.bytes = malloc((size_t)check.size + 1);
	directory.entries = calloc((size_t)check.count + 1, sizeof *directory.entries);
	int32_t result = DGM_FATAL;
	if (!directory.bytes || !directory.entries)
		refuse(source, "bundle-no-memory", "there is no memory for its central directory");
	else if (!bytes_at(source, check.offset, directory.bytes, (size_t)check.size))
		refuse(source, "bundle-truncated", "its central directory cannot be read");
	else
		result = parse(&check, &directory);
	if (result == DGM_OK)
		result = check_places(&check, &directory);
	if (result != DGM_OK)
		dgm_bundle_directory_done(&directory);
	else
		*ret_directory = directory;
	return result;
}

void dgm_bundle_directory_done(struct dgm_bundle_directory *directory)
{
	free(directory->bytes);
	free(directory->entries);
	*directory = (struct dgm_bundle_directory){0};
}
