/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing so that the same members give the same bytes: one time for all, no owners, one mode, no time in the header of
 * gzip. The time is the first that a zip file can hold.
 */
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "bundle_engine.h"

#define WRITTEN_TIME 315532800 /* 1980-01-01T00:00:00Z */

struct bundle {
	const struct dgm_host *host;
	struct dgm_job *job;
	struct dgm_output *output;
	struct archive *archive;
	struct archive_entry *entry;
	uint64_t left; /* bytes that the member in work still lacks */
	bool failed, zip;
};

static int32_t fail(struct bundle *bundle, const char *text)
{
	if (!bundle->failed)
		dgm_bundle_report(bundle->host, bundle->job, "bundle-write", "%s", text);
	bundle->failed = true;
	return DGM_FATAL;
}

static la_ssize_t put(struct archive *archive, void *context, const void *bytes, size_t n)
{
	struct bundle *bundle = context;
	(void)archive;
	bundle->host->write(bundle->output, (struct dgm_str){bytes, n});
	return (la_ssize_t)n;
}

static bool set_up(struct archive *a, enum dgm_bundle_kind kind)
{
	/* No padding of the last block: what is written is the archive and nothing else. */
	if (archive_write_set_bytes_in_last_block(a, 1) != ARCHIVE_OK)
		return false;
	if (kind == DGM_BUNDLE_ZIP)
		return archive_write_set_format_zip(a) == ARCHIVE_OK && archive_write_add_filter_none(a) == ARCHIVE_OK;
	if (archive_write_set_format_ustar(a) != ARCHIVE_OK)
		return false;
	switch (kind) {
	case DGM_BUNDLE_ZIP:
	case DGM_BUNDLE_TAR:
		return archive_write_add_filter_none(a) == ARCHIVE_OK;
	case DGM_BUNDLE_TAR_GZ:
		return archive_write_add_filter_gzip(a) == ARCHIVE_OK &&
			archive_write_set_filter_option(a, "gzip", "timestamp", NULL) == ARCHIVE_OK;
	case DGM_BUNDLE_TAR_ZST:
		return archive_write_add_filter_zstd(a) == ARCHIVE_OK;
	case DGM_BUNDLE_TAR_XZ:
		return archive_write_add_filter_xz(a) == ARCHIVE_OK;
	}
	return false;
}

int32_t dgm_bundle_create(const struct dgm_open *open, void **ret_bundle)
{
	const struct dgm_bundle_config *config = open->config;
	struct bundle *bundle = calloc(1, sizeof *bundle);
	if (!bundle)
		return DGM_FATAL;
	bundle->host = open->host;
	bundle->job = open->job;
	bundle->output = open->output;
	bundle->zip = config->format == DGM_BUNDLE_ZIP;
	bundle->archive = archive_write_new();
	bundle->entry = archive_entry_new();
	if (!bundle->archive || !bundle->entry || !set_up(bundle->archive, (enum dgm_bundle_kind)config->format) ||
		archive_write_open(bundle->archive, bundle, NULL, put, NULL) != ARCHIVE_OK) {
		fail(bundle, "this libarchive cannot write such an archive");
		dgm_bundle_discard(bundle);
		return DGM_FATAL;
	}
	*ret_bundle = bundle;
	return DGM_OK;
}

int32_t dgm_bundle_add(void *instance, const struct dgm_member *member)
{
	struct bundle *bundle = instance;
	char name[1025];
	if (bundle->failed || bundle->left || member->kind != DGM_MEMBER_FILE || member->name.len >= sizeof name)
		return fail(bundle, "a member's name is too long, or the one before is not whole");
	memcpy(name, member->name.ptr, member->name.len);
	name[member->name.len] = '\0';
	archive_entry_clear(bundle->entry);
	archive_entry_set_pathname(bundle->entry, name);
	archive_entry_set_filetype(bundle->entry, AE_IFREG);
	archive_entry_set_perm(bundle->entry, 0600);
	archive_entry_set_size(bundle->entry, (la_int64_t)member->size);
	/* Zip files hold local time; without one libarchive writes the first that they can hold, in every zone. */
	if (!bundle->zip)
		archive_entry_set_mtime(bundle->entry, WRITTEN_TIME, 0);
	archive_entry_set_uid(bundle->entry, 0);
	archive_entry_set_gid(bundle->entry, 0);
	if (archive_write_header(bundle->archive, bundle->entry) != ARCHIVE_OK)
		return fail(bundle,
			"a member's header cannot be written: its name or its size is too large for the archive");
	bundle->left = member->size;
	return DGM_OK;
}

int32_t dgm_bundle_write(void *instance, struct dgm_str bytes)
{
	struct bundle *bundle = instance;
	if (bundle->failed || bytes.len > bundle->left)
		return fail(bundle, "a member has more bytes than were told");
	bundle->left -= bytes.len;
	if (bytes.len && archive_write_data(bundle->archive, bytes.ptr, bytes.len) != (la_ssize_t)bytes.len)
		return fail(bundle, "a member cannot be written");
	return DGM_OK;
}

int32_t dgm_bundle_finish(void *instance)
{
	struct bundle *bundle = instance;
	if (bundle->failed || bundle->left || archive_write_close(bundle->archive) != ARCHIVE_OK)
		return fail(bundle, "the archive's end cannot be written");
	return DGM_OK;
}

void dgm_bundle_discard(void *instance)
{
	struct bundle *bundle = instance;
	/* Freeing would write what is left; the output is thrown away, but need not grow for it. */
	if (bundle->archive)
		archive_write_fail(bundle->archive);
	archive_write_free(bundle->archive);
	archive_entry_free(bundle->entry);
	free(bundle);
}
