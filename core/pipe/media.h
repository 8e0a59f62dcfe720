/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Media of notices in bundles: pictures, prints, documents. Reading, a notice has those that it names
 * (notice.media.member) and those whose names are made of its identifier by the format's pattern. Writing a bundle, they
 * are copied under the names that the target's pattern gives. What was carried waits in a file without a name.
 */
#ifndef DGM_PIPE_MEDIA_H
#define DGM_PIPE_MEDIA_H

#include "format/definition.h"
#include "host/bundle.h"
#include "io/output.h"
#include "notice/notice.h"

struct dgm_media;

/* What a bundle that is written gets from others. The names are ASCII and different. */
struct dgm_carried {
	struct dgm_str name;
	uint8_t digest[DGM_DIGEST_SIZE];
	uint64_t offset, size; /* in the file of dgm_media_spool() */
	uint32_t source;       /* while its input is in work: the number of the member there */
	bool fetched;
};

/* target: the format that is written. output: the bundle that is written; NULL: no bundle, media stay behind. */
struct dgm_media *dgm_media_new(const struct dgm_format *target, const struct dgm_output *output,
	struct dgm_diag_sink *diags);
void dgm_media_free(struct dgm_media *media);

/* The input from here on: a member of this bundle, in this format. bundle: NULL where it is a file. */
void dgm_media_input(struct dgm_media *media, struct dgm_bundle *bundle, const struct dgm_format *format);
/*
 * Links what the notice names and what its identifier names: digest, size and media type are filled in. say: a
 * diagnostic about the record in work ("media-missing", "media-differs").
 */
void dgm_media_link(struct dgm_media *media, struct dgm_notice *notice,
	void (*say)(void *context, const char *code, struct dgm_str value, const char *text), void *context);
/* Before the notice is written: gives what is to be carried its new name. */
void dgm_media_rename(struct dgm_media *media, struct dgm_notice *notice);
/* Behind that: whether it was written, or nothing of it is to be carried. */
void dgm_media_settle(struct dgm_media *media, bool written);
/* At the end of a bundle: copies what is to be carried. 0, or -1 after a diagnostic. */
int dgm_media_fetch(struct dgm_media *media, struct dgm_bundle *bundle);

/* Opens the file for them beforehand, for a process that will open nothing: its descriptor, or -1 and errno. */
int dgm_media_prepare(struct dgm_media *media);
/* Sorted by name. */
const struct dgm_carried *dgm_media_carried(struct dgm_media *media, size_t *ret_count);
int dgm_media_spool(const struct dgm_media *media);
/* Media of notices that were written into something that is no bundle. */
uint64_t dgm_media_left(const struct dgm_media *media);

#endif
