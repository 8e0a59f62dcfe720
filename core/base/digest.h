/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4) of bytes that come in pieces: what identifies a file, a member of a bundle, a notice. */
#ifndef DGM_BASE_DIGEST_H
#define DGM_BASE_DIGEST_H

#include <nettle/sha2.h>

#include "base/str.h"

#define DGM_DIGEST_SIZE 32u
#define DGM_DIGEST_HEX (2 * DGM_DIGEST_SIZE)

/* In work; no memory of its own, so that nothing has to be released. */
struct dgm_digest {
	struct sha256_ctx context;
};

void dgm_digest_init(struct dgm_digest *digest);
void dgm_digest_add(struct dgm_digest *digest, struct dgm_str bytes);
/* The result; the digest starts over. */
void dgm_digest_end(struct dgm_digest *digest, uint8_t ret_sum[DGM_DIGEST_SIZE]);

/* 64 lower-case digits, as sha256sum(1) writes them; no 0 byte behind them. */
void dgm_digest_hex(const uint8_t sum[DGM_DIGEST_SIZE], char ret_text[DGM_DIGEST_HEX]);

#endif
