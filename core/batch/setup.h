/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What outputs depend on beside their inputs: the program, the plugins, the definitions with their code lists, and the
 * options. All definitions count, also those of no file of the batch, for they decide what a file is taken for.
 */
#ifndef DGM_BATCH_SETUP_H
#define DGM_BATCH_SETUP_H

#include "base/digest.h"
#include "host/paths.h"

struct dgm_setup {
	uint8_t tool[DGM_DIGEST_SIZE], plugins[DGM_DIGEST_SIZE], definitions[DGM_DIGEST_SIZE], options[DGM_DIGEST_SIZE];
	uint8_t all[DGM_DIGEST_SIZE]; /* of these four, in this order */
};

/* options: already in the digest. -1 after a diagnostic ("setup-unreadable") where a file cannot be read. */
int dgm_setup_measure(struct dgm_setup *setup, struct dgm_search *plugins, const struct dgm_search *formats,
	struct dgm_digest *options, struct dgm_diag_sink *diags);

/* The SHA-256 of a file below an open folder; -1 and errno. */
int dgm_digest_file(int root, const char *path, uint8_t ret_sum[DGM_DIGEST_SIZE]);

/* Adds a text and its length, so that no two lists of texts come to the same. */
void dgm_digest_text(struct dgm_digest *digest, struct dgm_str text);
void dgm_digest_number(struct dgm_digest *digest, uint64_t number);

#endif
