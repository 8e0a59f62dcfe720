/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole conversions: the first byte chooses the source format, the second the target, the third the chunk size. Counts
 * conserve and nothing is refused without a word. Where no loss was reported, a canonical format gives the very notices
 * that were read, and a format of an organisation that was written from itself is written so again: not more, for what
 * its definition always writes is absent from the source and null or empty from then on.
 */
#include "fuzz_formats.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_outcome direct, there, back, pieces;
	struct dgm_str bytes = {(const char *)data, size};
	const size_t from = fuzz_byte(&bytes) % DGM_COUNT(fuzz_format_ids);
	const size_t to = fuzz_byte(&bytes) % DGM_COUNT(fuzz_format_ids);
	const size_t chunk = fuzz_byte(&bytes) % 40 + 1u;
	const struct dgm_format *source = fuzz_format(from), *target = fuzz_format(to);
	fuzz_convert(source, target, DGM_NOSTR, bytes, 0, &there);
	fuzz_convert(source, target, DGM_NOSTR, bytes, chunk, &pieces);
	fuzz_same("what is said, whole and in pieces", &there.said, &pieces.said);
	fuzz_same("what is written, whole and in pieces", &there.bytes, &pieces.bytes);
	if (there.counts.written == 0 || !fuzz_lossless(&there))
		return 0;
	if (to >= FUZZ_CANONICAL) {
		if (to != from)
			return 0;
		fuzz_convert(target, target, target->encoding, fuzz_bytes(&there), 0, &back);
		fuzz_same("written from itself, and again", &there.bytes, &back.bytes);
		return 0;
	}
	fuzz_to_lines(source, DGM_NOSTR, bytes, &direct);
	/* A group of nothing has no spelling in every form, and says nothing. */
	if (dgm_str_find(fuzz_bytes(&direct), DGM_STR("{}")) < direct.bytes.len)
		return 0;
	fuzz_to_lines(target, target->encoding, fuzz_bytes(&there), &back);
	if (direct.bytes.len != back.bytes.len || memcmp(direct.bytes.ptr, back.bytes.ptr, direct.bytes.len) != 0)
		demand(false,
			"%s to %s, and the notices differ\n--- written\n%s\n--- read from the source\n%s\n--- read again\n%s\n--- "
			"said\n%s",
			fuzz_format_ids[from], fuzz_format_ids[to], there.bytes.ptr,
			direct.bytes.ptr ? direct.bytes.ptr : "", back.bytes.ptr ? back.bytes.ptr : "",
			back.said.ptr ? back.said.ptr : "");
	return 0;
}
