/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the bundle plugin share. */
#ifndef DGM_BUNDLE_ENGINE_H
#define DGM_BUNDLE_ENGINE_H

#include <archive.h>
#include <stdbool.h>

#include <dragoman/plugin.h>

/* The choices of the option "format", in its order. */
enum dgm_bundle_kind {
	DGM_BUNDLE_ZIP,
	DGM_BUNDLE_TAR,
	DGM_BUNDLE_TAR_GZ,
	DGM_BUNDLE_TAR_ZST,
	DGM_BUNDLE_TAR_XZ,
};

struct dgm_bundle_config {
	uint64_t format;
	uint64_t max_members;
};

/* The bytes of an archive for libarchive's callbacks. */
#define DGM_BUNDLE_BLOCK ((size_t)65536)
struct dgm_bundle_source {
	const struct dgm_host *host;
	struct dgm_job *job;
	struct dgm_input *input;
	uint64_t size, at;
	bool broken; /* reported by the host */
	char block[DGM_BUNDLE_BLOCK];
};

void dgm_bundle_report(const struct dgm_host *host, struct dgm_job *job, const char *code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The whole file, that libarchive may also seek in. */
la_ssize_t dgm_bundle_source_read(struct archive *archive, void *source, const void **ret_block);
la_int64_t dgm_bundle_source_skip(struct archive *archive, void *source, la_int64_t n);
la_int64_t dgm_bundle_source_seek(struct archive *archive, void *source, la_int64_t offset, int whence);

/* The bytes of a tar file, inflated by one filter where it has one. */
struct dgm_bundle_stream;
struct dgm_bundle_stream *dgm_bundle_stream_new(struct dgm_bundle_source *source, enum dgm_bundle_kind kind);
void dgm_bundle_stream_free(struct dgm_bundle_stream *stream);
la_ssize_t dgm_bundle_stream_read(struct archive *archive, void *stream, const void **ret_block);
/*
 * Behind the archive's end, `used` bytes from the start: whether only zeros follow, and what the filter's checksums say.
 * DGM_OK, or DGM_FATAL after a report.
 */
int32_t dgm_bundle_stream_end(struct dgm_bundle_stream *stream, uint64_t used);
bool dgm_bundle_stream_broken(const struct dgm_bundle_stream *stream);

/* The central directory of a zip file, in the order of the members' places. */
struct dgm_bundle_entry {
	uint64_t offset, size;
	struct dgm_str name;
	uint32_t flags, attributes;
};
struct dgm_bundle_directory {
	struct dgm_bundle_entry *entries;
	uint64_t count;
	char *bytes; /* of the directory; the names are slices of it */
};
/* Reads and checks it against the local headers. DGM_OK, or DGM_FATAL after a report. */
int32_t dgm_bundle_directory_read(struct dgm_bundle_source *source, uint64_t max_members,
	struct dgm_bundle_directory *ret_directory);
void dgm_bundle_directory_done(struct dgm_bundle_directory *directory);

int32_t dgm_bundle_open(const struct dgm_open *open, void **ret_bundle);
int32_t dgm_bundle_next(void *bundle, struct dgm_member *ret_member);
int32_t dgm_bundle_read(void *bundle, char *buffer, size_t n, size_t *ret_n);
void dgm_bundle_close(void *bundle);
int32_t dgm_bundle_create(const struct dgm_open *open, void **ret_bundle);
int32_t dgm_bundle_add(void *bundle, const struct dgm_member *member);
int32_t dgm_bundle_write(void *bundle, struct dgm_str bytes);
int32_t dgm_bundle_finish(void *bundle);
void dgm_bundle_discard(void *bundle);

#endif
