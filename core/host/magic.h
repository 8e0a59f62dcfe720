/* SPDX-License-Identifier: Apache-2.0 */
/* What bytes are that are no notices: archives that are bundles, other archives, pictures, prints. By content alone. */
#ifndef DGM_HOST_MAGIC_H
#define DGM_HOST_MAGIC_H

#include "base/str.h"

/* How many of the first bytes are looked at: the mark of a tar file stands at 257. */
#define DGM_MAGIC_HEAD 1024u

/* "zip", "tar", "tar.gz", "tar.zst" or "tar.xz": a bundle in the words of the plugin's option; else NULL. */
const char *dgm_magic_bundle(struct dgm_str head);
/* Of a name, by its suffix (also .tgz, .tzst, .txz); NULL where it is no bundle's. */
const char *dgm_magic_bundle_name(struct dgm_str path);
/* The name of an archive or of compressed bytes, these included; NULL where they are neither. */
const char *dgm_magic_archive(struct dgm_str head);

struct dgm_magic_media {
	const char *type; /* IANA media type */
	const char *kind; /* of notice.media, where the bytes say it; else NULL */
};
/* Pictures, biometric templates, documents. NULL: none of them. */
const struct dgm_magic_media *dgm_magic_media(struct dgm_str head);

#endif
