/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The canonical forms hold every notice whole: through each of the other three and back come the same bytes, nothing is
 * lost. The first byte chooses the form of the input.
 */
#include "fuzz_formats.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_outcome first, other, again;
	struct dgm_str bytes = {(const char *)data, size};
	const size_t from = fuzz_byte(&bytes) % FUZZ_CANONICAL;
	const struct dgm_format *lines = fuzz_format(0);
	fuzz_to_lines(fuzz_format(from), DGM_NOSTR, bytes, &first);
	demand(first.counts.lost == 0, "a canonical form lost something");
	if (first.bytes.len == 0)
		return 0;
	/* A group of nothing has no spelling in every form, and says nothing. */
	if (dgm_str_find(fuzz_bytes(&first), DGM_STR("{}")) < first.bytes.len)
		return 0;
	for (size_t i = 0; i < FUZZ_CANONICAL; i++) {
		fuzz_convert(lines, fuzz_format(i), DGM_NOSTR, fuzz_bytes(&first), 0, &other);
		/* XML cannot hold every character; then the record is refused, and said to be. */
		if (i == 2 && other.counts.rejected)
			continue;
		demand(fuzz_lossless(&other), "%s does not take its own notices:\n%s", fuzz_format_ids[i],
			other.said.ptr ? other.said.ptr : "");
		fuzz_convert(fuzz_format(i), lines, DGM_NOSTR, fuzz_bytes(&other), 0, &again);
		if (first.bytes.len != again.bytes.len ||
			memcmp(first.bytes.ptr, again.bytes.ptr, first.bytes.len) != 0)
			demand(false, "through %s\n--- written\n%s\n--- before\n%s\n--- after\n%s\n--- said\n%s",
				fuzz_format_ids[i], other.bytes.ptr ? other.bytes.ptr : "", first.bytes.ptr,
				again.bytes.ptr ? again.bytes.ptr : "", again.said.ptr ? again.said.ptr : "");
	}
	return 0;
}
