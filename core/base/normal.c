/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ICU sorts marks by inserting one after the other, which takes minutes where someone sends a MiB of them under one
 * letter; what is longer than a name is therefore decomposed and ordered here, in time in proportion.
 */
#include "base/normal.h"

#include <unicode/uchar.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "base/utf8.h"

const UNormalizer2 *dgm_nfc(void)
{
	UErrorCode error = U_ZERO_ERROR;
	const UNormalizer2 *instance = unorm2_getNFCInstance(&error);
	/* The NFC data is compiled into the library; all that can be missing is memory. */
	if (U_FAILURE(error))
		dgm_no_memory(0);
	return instance;
}

/* A code point with its combining class above it. */
#define CLASS_SHIFT 24

static UChar *put_units(UChar *to, uint32_t code_point)
{
	if (code_point > 0xFFFF) {
		*to++ = U16_LEAD(code_point);
		*to++ = U16_TRAIL(code_point);
	} else {
		*to++ = (UChar)code_point;
	}
	return to;
}

/* Writes a run of marks in the order of their classes, those of one class in the order they came in. */
static UChar *put_ordered(const uint32_t *marks, size_t n, uint32_t *ordered, UChar *to)
{
	if (n == 1)
		return put_units(to, marks[0] & 0xFFFFFF);
	size_t places[256] = {0};
	for (size_t i = 0; i < n; i++)
		places[marks[i] >> CLASS_SHIFT]++;
	for (size_t i = 0, place = 0; i < DGM_COUNT(places); i++) {
		const size_t count = places[i];
		places[i] = place;
		place += count;
	}
	for (size_t i = 0; i < n; i++)
		ordered[places[marks[i] >> CLASS_SHIFT]++] = marks[i] & 0xFFFFFF;
	for (size_t i = 0; i < n; i++)
		to = put_units(to, ordered[i]);
	return to;
}

size_t dgm_nfd(struct dgm_arena *arena, struct dgm_str s, UChar *to)
{
	UChar *const start = to;
	const UNormalizer2 *normalizer = dgm_nfc();
	uint32_t *marks = dgm_arena_alloc(arena, DGM_NFD_GROWTH * s.len * sizeof *marks);
	uint32_t *ordered = dgm_arena_alloc(arena, DGM_NFD_GROWTH * s.len * sizeof *ordered);
	size_t mark_count = 0;
	for (size_t i = 0; i < s.len;) {
		const uint32_t c = dgm_utf8_next(s, &i);
		UErrorCode error = U_ZERO_ERROR;
		UChar parts[16];
		int32_t n = 0;
		const int32_t mapped =
			unorm2_getDecomposition(normalizer, (UChar32)c, parts, (int32_t)DGM_COUNT(parts), &error);
		if (U_FAILURE(error))
			dgm_no_memory(s.len);
		if (mapped < 0)
			U16_APPEND_UNSAFE(parts, n, c);
		const int32_t length = mapped < 0 ? n : mapped;
		for (int32_t at = 0; at < length;) {
			uint32_t part = parts[at++];
			if (U16_IS_LEAD(part))
				part = (uint32_t)U16_GET_SUPPLEMENTARY(part, parts[at++]);
			const uint8_t class = u_getCombiningClass((UChar32)part);
			if (class) {
				marks[mark_count++] = (uint32_t) class << CLASS_SHIFT | part;
				continue;
			}
			if (mark_count)
				to = put_ordered(marks, mark_count, ordered, to);
			mark_count = 0;
			to = put_units(to, part);
		}
	}
	if (mark_count)
		to = put_ordered(marks, mark_count, ordered, to);
	return (size_t)(to - start);
}

size_t dgm_nfc_block(struct dgm_arena *arena, struct dgm_str s, char *to)
{
	UChar small_from[512], small_to[1536];
	UChar *from = small_from, *result = small_to;
	int32_t n, room = DGM_COUNT(small_to);
	UErrorCode error = U_ZERO_ERROR;
	if (s.len > DGM_NFC_BLOCK_MAX)
		dgm_no_memory(s.len);
	if (s.len > DGM_COUNT(small_from)) {
		from = dgm_arena_alloc(arena, DGM_NFD_GROWTH * s.len * sizeof *from);
		n = (int32_t)dgm_nfd(arena, s, from);
		/* Composing what is decomposed never makes it longer. */
		result = dgm_arena_alloc(arena, (size_t)n * sizeof *result);
		room = n;
	} else {
		u_strFromUTF8(from, (int32_t)DGM_COUNT(small_from), &n, s.ptr, (int32_t)s.len, &error);
	}
	n = unorm2_normalize(dgm_nfc(), from, n, result, room, &error);
	/* Where the room is just full ICU warns that it wrote no 0 byte, which nobody needs. */
	u_strToUTF8(to, (int32_t)(3 * s.len), &n, result, n, &error);
	if (U_FAILURE(error))
		dgm_no_memory(s.len);
	return (size_t)n;
}
