/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Members one after another. libarchive gets one format and one filter, those that the host has seen, and nothing is left
 * to its guessing. Its warnings are damage here, but one: names that the locale of the process cannot hold.
 */
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "bundle_engine.h"

struct bundle {
	struct dgm_bundle_source source;
	struct dgm_bundle_stream *stream; /* of tar */
	struct dgm_bundle_directory directory;
	uint64_t next; /* of the directory's entries */
	struct archive *archive;
	uint64_t read, told; /* bytes of the member in work, and what was said of their number */
	uint64_t position;   /* where its bytes and padding ended */
	bool zip, over, member;
};

static int32_t stop(struct bundle *bundle, const char *code, const char *text)
{
	if (!bundle->over && !bundle->source.broken && !(bundle->stream && dgm_bundle_stream_broken(bundle->stream)))
		dgm_bundle_report(bundle->source.host, bundle->source.job, code, "%s", text);
	bundle->over = true;
	return DGM_FATAL;
}

static int32_t open_zip(struct bundle *bundle, const struct dgm_bundle_config *config)
{
	struct archive *a = bundle->archive;
	if (dgm_bundle_directory_read(&bundle->source, config->max_members, &bundle->directory) != DGM_OK)
		return DGM_FATAL;
	bundle->source.at = 0;
	/* libarchive does not take a file without members for a zip file. */
	if (bundle->directory.count == 0)
		return DGM_OK;
	if (archive_read_support_format_zip_seekable(a) != ARCHIVE_OK ||
		archive_read_set_seek_callback(a, dgm_bundle_source_seek) != ARCHIVE_OK ||
		archive_read_open2(a, &bundle->source, NULL, dgm_bundle_source_read, dgm_bundle_source_skip, NULL) !=
			ARCHIVE_OK)
		return stop(bundle, "bundle-damaged", "it cannot be read as a zip file");
	return DGM_OK;
}

static int32_t open_tar(struct bundle *bundle, enum dgm_bundle_kind kind)
{
	struct archive *a = bundle->archive;
	bundle->stream = dgm_bundle_stream_new(&bundle->source, kind);
	if (!bundle->stream)
		return stop(bundle, "bundle-no-memory", "there is no memory to read it");
	if (dgm_bundle_stream_broken(bundle->stream))
		return DGM_FATAL;
	if (archive_read_support_format_tar(a) != ARCHIVE_OK ||
		archive_read_open2(a, bundle->stream, NULL, dgm_bundle_stream_read, NULL, NULL) != ARCHIVE_OK)
		return stop(bundle, "bundle-damaged", "what it holds is no tar file");
	return DGM_OK;
}

int32_t dgm_bundle_open(const struct dgm_open *open, void **ret_bundle)
{
	const struct dgm_bundle_config *config = open->config;
	if (!DGM_HAS(open->host, read_at))
		return DGM_FATAL;
	struct bundle *bundle = calloc(1, sizeof *bundle);
	struct archive *archive = bundle ? archive_read_new() : NULL;
	if (!archive) {
		dgm_bundle_report(open->host, open->job, "bundle-no-memory", "there is no memory to read it");
		free(bundle);
		return DGM_FATAL;
	}
	bundle->archive = archive;
	bundle->source.host = open->host;
	bundle->source.job = open->job;
	bundle->source.input = open->input;
	bundle->zip = config->format == DGM_BUNDLE_ZIP;
	int32_t result = open->host->size(open->input, &bundle->source.size);
	if (result == DGM_OK)
		result =
			bundle->zip ? open_zip(bundle, config) : open_tar(bundle, (enum dgm_bundle_kind)config->format);
	if (result != DGM_OK)
		dgm_bundle_close(bundle);
	else
		*ret_bundle = bundle;
	return result;
}

void dgm_bundle_close(void *instance)
{
	struct bundle *bundle = instance;
	archive_read_free(bundle->archive);
	dgm_bundle_stream_free(bundle->stream);
	dgm_bundle_directory_done(&bundle->directory);
	free(bundle);
}

static uint32_t kind_of(struct archive_entry *entry)
{
	if (archive_entry_hardlink(entry) || archive_entry_hardlink_w(entry) ||
		archive_entry_filetype(entry) == AE_IFLNK)
		return DGM_MEMBER_LINK;
	if (archive_entry_filetype(entry) == AE_IFDIR)
		return DGM_MEMBER_FOLDER;
	if (archive_entry_filetype(entry) != AE_IFREG)
		return DGM_MEMBER_SPECIAL;
	return archive_entry_is_encrypted(entry) ? DGM_MEMBER_ENCRYPTED : DGM_MEMBER_FILE;
}

/* libarchive turns names into the locale's charset and warns where it cannot; the bytes are there all the same. */
static bool is_about_names(struct archive *archive)
{
	const char *text = archive_error_string(archive);
	return text && strstr(text, "current locale");
}

static int32_t end(struct bundle *bundle)
{
	bundle->member = false;
	if (bundle->zip)
		return bundle->next == bundle->directory.count
			? DGM_END
			: stop(bundle, "bundle-contradicts", "members of its central directory were not found");
	const uint64_t used = (uint64_t)archive_filter_bytes(bundle->archive, 0);
	if (used <= bundle->position)
		return stop(bundle, "bundle-truncated", "it ends without a tar file's end mark: it is cut");
	const int32_t result = dgm_bundle_stream_end(bundle->stream, used);
	bundle->over = true;
	return result == DGM_OK ? DGM_END : DGM_FATAL;
}

/* What of the member before was not read, so that the archive's end is known to come behind it. */
static int32_t pass_over(struct bundle *bundle)
{
	while (bundle->member && !bundle->zip) {
		const void *block;
		size_t n;
		la_int64_t offset;
		const int r = archive_read_data_block(bundle->archive, &block, &n, &offset);
		if (r == ARCHIVE_EOF)
			break;
		if (r != ARCHIVE_OK)
			return stop(bundle, "bundle-truncated", "it ends within a member, or is damaged there");
	}
	bundle->position = (uint64_t)archive_filter_bytes(bundle->archive, 0);
	return DGM_OK;
}

int32_t dgm_bundle_next(void *instance, struct dgm_member *ret_member)
{
	struct bundle *bundle = instance;
	struct archive_entry *entry = NULL;
	if (bundle->over)
		return DGM_FATAL;
	if (bundle->zip && bundle->directory.count == 0)
		return DGM_END;
	if (pass_over(bundle) != DGM_OK)
		return DGM_FATAL;
	const int r = archive_read_next_header(bundle->archive, &entry);
	if (r == ARCHIVE_EOF)
		return end(bundle);
	if (r != ARCHIVE_OK && !(r == ARCHIVE_WARN && is_about_names(bundle->archive)))
		return stop(bundle, "bundle-damaged", "a member's header is damaged or cut");
	const char *name = archive_entry_pathname(entry);
	*ret_member = (struct dgm_member){.kind = kind_of(entry), .name = {name, name ? strlen(name) : 0}};
	bundle->told = archive_entry_size_is_set(entry) ? (uint64_t)archive_entry_size(entry) : UINT64_MAX;
	if (bundle->zip) {
		/* Its names are the directory's bytes; libarchive's have been through the locale. */
		if (bundle->next == bundle->directory.count)
			return stop(bundle, "bundle-contradicts",
				"it has members that its central directory does not know");
		const struct dgm_bundle_entry *told = &bundle->directory.entries[bundle->next++];
		ret_member->name = told->name;
		bundle->told = told->size;
		if (told->flags & 1 && ret_member->kind == DGM_MEMBER_FILE)
			ret_member->kind = DGM_MEMBER_ENCRYPTED;
	}
	if (bundle->told == UINT64_MAX)
		bundle->told = 0;
	ret_member->size = bundle->told;
	bundle->read = 0;
	bundle->member = true;
	return DGM_OK;
}

int32_t dgm_bundle_read(void *instance, char *buffer, size_t n, size_t *ret_n)
{
	struct bundle *bundle = instance;
	*ret_n = 0;
	if (bundle->over || !bundle->member)
		return bundle->over ? DGM_FATAL : DGM_OK;
	const la_ssize_t got = archive_read_data(bundle->archive, buffer, n);
	if (got >= 0) {
		bundle->read += (uint64_t)got;
		*ret_n = (size_t)got;
		if (got == 0 && bundle->zip && bundle->read != bundle->told) {
			dgm_bundle_report(bundle->source.host, bundle->source.job, "bundle-contradicts",
				"a member has another size than the central directory says");
			return DGM_BAD;
		}
		return DGM_OK;
	}
	/* In a zip file each member stands for itself; a tar file cannot be read behind a fault. */
	if (!bundle->zip || bundle->source.broken)
		return stop(bundle, "bundle-truncated", "it ends within a member, or is damaged there");
	dgm_bundle_report(bundle->source.host, bundle->source.job, "bundle-damaged",
		"a member's bytes are damaged: they do not inflate, or their checksum is another");
	return DGM_BAD;
}
