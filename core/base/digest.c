/* SPDX-License-Identifier: Apache-2.0 */
/* A thin cover: nettle does the work, its types stay here. */
#include "base/digest.h"

void dgm_digest_init(struct dgm_digest *digest)
{
	sha256_init(&digest->context);
}

void dgm_digest_add(struct dgm_digest *digest, struct dgm_str bytes)
{
	if (bytes.len)
		sha256_update(&digest->context, bytes.len, (const uint8_t *)bytes.ptr);
}

void dgm_digest_end(struct dgm_digest *digest, uint8_t ret_sum[DGM_DIGEST_SIZE])
{
	sha256_digest(&digest->context, DGM_DIGEST_SIZE, ret_sum);
}

void dgm_digest_hex(const uint8_t sum[DGM_DIGEST_SIZE], char ret_text[DGM_DIGEST_HEX])
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < DGM_DIGEST_SIZE; i++) {
		ret_text[2 * i] = digits[sum[i] >> 4];
		ret_text[2 * i + 1] = digits[sum[i] & 15];
	}
}
