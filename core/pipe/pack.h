/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bundle that is written: the file of records, the media that its notices brought along, sorted by name, and
 * manifest.json with the number of notices and of each member its size and SHA-256. The same content gives the same bytes.
 */
#ifndef DGM_PIPE_PACK_H
#define DGM_PIPE_PACK_H

#include "pipe/media.h"

struct dgm_pack_options {
	struct dgm_search *plugins;
	struct dgm_catalog *catalog;
	struct dgm_diag_sink *diags;
	const struct dgm_format *target;
	const char *kind;           /* dgm_magic_bundle_name() of the output */
	struct dgm_output *records; /* all of it written; a file */
	struct dgm_output *bundle;
	struct dgm_media *media;
	uint64_t notices;
	bool verify; /* read the bundle back and compare the digests of its members */
};

/* 0, or -1 after a diagnostic. */
int dgm_pack(const struct dgm_pack_options *options);

#endif
