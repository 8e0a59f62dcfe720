/* SPDX-License-Identifier: Apache-2.0 */
/* What decoding and encoding share: one byte's or one character's mapping, as ICU's tables have it. Internal to core/io. */
#ifndef DGM_IO_CHARSET_TABLE_H
#define DGM_IO_CHARSET_TABLE_H

#include "io/charset.h"

struct UConverter;

/* Answers that are no code points. */
#define DGM_CODE_UNASSIGNED 0xFFFFFFFFu /* well-formed, but no character */
#define DGM_CODE_ILLEGAL 0xFFFFFFFEu    /* not well-formed */
#define DGM_CODE_MORE 0xFFFFFFFDu       /* the beginning of a character */
#define DGM_CODE_LAST 0x10FFFFu

/* The longest byte sequence of a character, in any charset of kind MULTI. */
#define DGM_CODE_BYTES 4

/* The 256 code points of a charset of kind SINGLE; built once, lives as long as the process. NULL: ICU has none. */
const uint32_t *dgm_charset_codes(const struct dgm_charset *charset);

/* ICU's converter for a charset that needs one, with callbacks that stop; NULL: ICU has none. For ucnv_close. */
struct UConverter *dgm_charset_converter(const struct dgm_charset *charset);

/* What the first character of these bytes is, if it takes all of them: a code point or one of the answers above. */
uint32_t dgm_charset_ask(struct UConverter *converter, const unsigned char *bytes, size_t n);

/* The bytes of a character, as ICU has it; 0: it has none. */
size_t dgm_charset_bytes(struct UConverter *converter, uint32_t code, unsigned char bytes[DGM_CODE_BYTES]);

#endif
