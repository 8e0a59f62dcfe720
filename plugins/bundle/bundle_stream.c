/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of a tar file behind its one filter. The filter is an archive of libarchive's own with the format "raw", so
 * that a second filter inside is not peeled off, and so that what lies behind the tar's end is seen: its checksums, and
 * bytes that nobody would read. libarchive 3.6 does not verify the checksum of gzip; this does.
 */
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "bundle_engine.h"

/* Writers pad to a block of theirs, 10 KiB usually; more zeros than this are no padding. */
#define TAIL_MAX ((uint64_t)1 << 20)

struct dgm_bundle_stream {
	struct dgm_bundle_source *source;
	struct archive *filter; /* NULL: none */
	enum dgm_bundle_kind kind;
	uint64_t given;   /* bytes handed out */
	const char *last; /* the block handed out last */
	size_t last_len;
	uint32_t crc; /* of all that was inflated, complemented */
	uint32_t table[256];
	bool broken;
	char block[DGM_BUNDLE_BLOCK];
};

la_ssize_t dgm_bundle_source_read(struct archive *archive, void *context, const void **ret_block)
{
	struct dgm_bundle_source *source = context;
	size_t n = 0;
	if (source->host->read_at(source->input, source->at, source->block, sizeof source->block, &n) != DGM_OK) {
		source->broken = true;
		if (archive)
			archive_set_error(archive, -1, "the input broke");
		return -1;
	}
	source->at += n;
	*ret_block = source->block;
	return (la_ssize_t)n;
}

la_int64_t dgm_bundle_source_skip(struct archive *archive, void *context, la_int64_t n)
{
	struct dgm_bundle_source *source = context;
	(void)archive;
	const uint64_t left = source->size - source->at, skipped = (uint64_t)n < left ? (uint64_t)n : left;
	source->at += skipped;
	return (la_int64_t)skipped;
}

la_int64_t dgm_bundle_source_seek(struct archive *archive, void *context, la_int64_t offset, int whence)
{
	struct dgm_bundle_source *source = context;
	const uint64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? source->at : source->size;
	la_int64_t to = 0;
	if (__builtin_add_overflow((la_int64_t)from, offset, &to) || to < 0 || (uint64_t)to > source->size) {
		archive_set_error(archive, -1, "a place outside the file");
		return ARCHIVE_FATAL;
	}
	source->at = (uint64_t)to;
	return to;
}

static void make_table(uint32_t table[256])
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t c = i;
		for (int k = 0; k < 8; k++)
			c = c & 1 ? c >> 1 ^ 0xEDB88320u : c >> 1;
		table[i] = c;
	}
}

static void fail(struct dgm_bundle_stream *stream, const char *code, const char *text)
{
	struct dgm_bundle_source *source = stream->source;
	if (!stream->broken && !source->broken)
		dgm_bundle_report(source->host, source->job, code, "%s", text);
	stream->broken = true;
}

struct dgm_bundle_stream *dgm_bundle_stream_new(struct dgm_bundle_source *source, enum dgm_bundle_kind kind)
{
	static const int filters[] = {[DGM_BUNDLE_TAR_GZ] = ARCHIVE_FILTER_GZIP,
		[DGM_BUNDLE_TAR_ZST] = ARCHIVE_FILTER_ZSTD,
		[DGM_BUNDLE_TAR_XZ] = ARCHIVE_FILTER_XZ};
	struct dgm_bundle_stream *stream = calloc(1, sizeof *stream);
	struct archive_entry *entry;
	if (!stream)
		return NULL;
	stream->source = source;
	stream->kind = kind;
	stream->crc = 0xffffffffu;
	make_table(stream->table);
	if (kind == DGM_BUNDLE_TAR)
		return stream;
	stream->filter = archive_read_new();
	struct archive *a = stream->filter;
	/* Not ARCHIVE_OK: this libarchive would run a program for it. */
	if (!a || archive_read_append_filter(a, filters[kind]) != ARCHIVE_OK ||
		archive_read_support_format_raw(a) != ARCHIVE_OK) {
		fail(stream, "bundle-library", "libarchive is built without what this archive needs");
		return stream;
	}
	if (archive_read_open2(a, source, NULL, dgm_bundle_source_read, dgm_bundle_source_skip, NULL) != ARCHIVE_OK ||
		archive_read_next_header(a, &entry) != ARCHIVE_OK)
		fail(stream, "bundle-damaged", "its compression is damaged, cut, or holds nothing");
	return stream;
}

void dgm_bundle_stream_free(struct dgm_bundle_stream *stream)
{
	if (!stream)
		return;
	archive_read_free(stream->filter);
	free(stream);
}

static la_ssize_t next_block(struct dgm_bundle_stream *stream, const char **ret_block)
{
	if (stream->broken)
		return -1;
	if (!stream->filter) {
		const void *block = NULL;
		*ret_block = NULL;
		const la_ssize_t n = dgm_bundle_source_read(NULL, stream->source, &block);
		*ret_block = block;
		return n;
	}
	const la_ssize_t n = archive_read_data(stream->filter, stream->block, sizeof stream->block);
	for (la_ssize_t i = 0; stream->kind == DGM_BUNDLE_TAR_GZ && i < n; i++)
		stream->crc = stream->table[(stream->crc ^ (unsigned char)stream->block[i]) & 0xff] ^ stream->crc >> 8;
	*ret_block = stream->block;
	if (n < 0)
		fail(stream, "bundle-damaged", "its compression is damaged or cut");
	return n;
}

la_ssize_t dgm_bundle_stream_read(struct archive *archive, void *context, const void **ret_block)
{
	struct dgm_bundle_stream *stream = context;
	const la_ssize_t n = next_block(stream, &stream->last);
	*ret_block = stream->last;
	stream->last_len = n > 0 ? (size_t)n : 0;
	stream->given += stream->last_len;
	if (n < 0)
		archive_set_error(archive, -1, "the input broke");
	return n;
}

static bool is_zero(const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bytes[i])
			return false;
	return true;
}

/* The last eight bytes of a gzip file are the checksum and the size of what it holds. */
static bool gzip_agrees(const struct dgm_bundle_stream *stream)
{
	struct dgm_bundle_source *source = stream->source;
	unsigned char trailer[8];
	size_t n = 0;
	if (source->size < 8 ||
		source->host->read_at(source->input, source->size - 8, (char *)trailer, 8, &n) != DGM_OK || n != 8)
		return false;
	const uint32_t crc = (uint32_t)trailer[0] | (uint32_t)trailer[1] << 8 | (uint32_t)trailer[2] << 16 |
		(uint32_t)trailer[3] << 24;
	const uint32_t size = (uint32_t)trailer[4] | (uint32_t)trailer[5] << 8 | (uint32_t)trailer[6] << 16 |
		(uint32_t)trailer[7] << 24;
	return crc == ~stream->crc && size == (uint32_t)stream->given;
}

int32_t dgm_bundle_stream_end(struct dgm_bundle_stream *stream, uint64_t used)
{
	uint64_t tail = stream->given - used;
	bool zero = tail > stream->last_len || is_zero(stream->last + (stream->last_len - tail), (size_t)tail);
	for (const void *block; zero && tail <= TAIL_MAX;) {
		const la_ssize_t n = dgm_bundle_stream_read(stream->filter, stream, &block);
		if (n < 0)
			return DGM_FATAL;
		if (n == 0)
			break;
		tail += (size_t)n;
		zero = is_zero(block, (size_t)n);
	}
	if (!zero || tail > TAIL_MAX)
		fail(stream, "bundle-trailing", "there are bytes behind the archive's end that no reader would show");
	else if (stream->kind == DGM_BUNDLE_TAR_GZ && !gzip_agrees(stream))
		fail(stream, "bundle-damaged",
			"the checksum of its compression is another, or it is several files in one");
	return stream->broken ? DGM_FATAL : DGM_OK;
}

bool dgm_bundle_stream_broken(const struct dgm_bundle_stream *stream)
{
	return stream->broken;
}
