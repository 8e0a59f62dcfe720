/* SPDX-License-Identifier: Apache-2.0 */
/* Unicode's normal forms, one block at a time. */
#ifndef DGM_BASE_NORMAL_H
#define DGM_BASE_NORMAL_H

#include <unicode/unorm2.h>

#include "base/arena.h"

/* The normalizer of ICU; ends the program where memory is out. */
const UNormalizer2 *dgm_nfc(void);

/* ICU counts in int32_t; a quarter of it leaves room for what a text grows by on its way. */
#define DGM_NFC_BLOCK_MAX ((size_t)INT32_MAX / 4)

/* A character of n bytes decomposes into at most 2 n code points and as many units (U+0390, U+1F82 come closest). */
#define DGM_NFD_GROWTH 2

/* Decomposes and orders valid UTF-8; to has room for DGM_NFD_GROWTH times the bytes. Returns the units. */
size_t dgm_nfd(struct dgm_arena *arena, struct dgm_str s, UChar *to);

/* Composes a block of at most DGM_NFC_BLOCK_MAX; to has room for three times its bytes, the most that NFC can grow. */
size_t dgm_nfc_block(struct dgm_arena *arena, struct dgm_str s, char *to);

#endif
