/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Charsets: the closed list of those we know, and the way from their bytes to UTF-8 and back.
 *
 * Decoding never loses a byte and never guesses: bytes that stand for no character become markers, two bytes each that
 * are invalid UTF-8 (see dgm_marker_put), and the record that holds them is rejected later, or the value kept
 * (host/job.c). In the legacy charsets (all but UTF-8, UTF-16 and GB18030's own four-byte codes) the C1 controls
 * U+0080..U+009F count as no characters,
 * also in ISO 8859, where they are formally assigned: no list of notices holds them, but files labelled iso-8859-1 that
 * are windows-1252 are common, and a quietly dropped U+0092 would turn O’Brien into OBrien.
 */
#ifndef DGM_IO_CHARSET_H
#define DGM_IO_CHARSET_H

#include "base/str.h"

enum dgm_charset_kind {
	DGM_CHARSET_UTF8,
	DGM_CHARSET_UTF16, /* byte order not told: the reader and the writer settle on one of the next two */
	DGM_CHARSET_UTF16LE,
	DGM_CHARSET_UTF16BE,
	DGM_CHARSET_SINGLE, /* one byte, one character; 00..7F is ASCII */
	DGM_CHARSET_MULTI,  /* one to four bytes; 00..7F is ASCII where a character begins */
};

struct dgm_charset {
	const char *name;
	const char *aliases; /* lower case, joined by '|'; "" for none */
	const char *icu;     /* ICU's canonical name of the table; NULL where none is needed */
	enum dgm_charset_kind kind;
};

/* By name or alias, without regard to case, '_' like '-'. NULL when it is not on the list. */
const struct dgm_charset *dgm_charset_find(struct dgm_str name);
/* A name that is not on the list, for a message: it may come from the file itself, so cut and without surprises. */
#define DGM_CHARSET_SHOWN 40
const char *dgm_charset_shown(struct dgm_str name, char to[DGM_CHARSET_SHOWN + 1]);
/* The list, in its order; NULL behind its end. */
const struct dgm_charset *dgm_charset_at(size_t index);

/* The charset that a byte-order mark at the start of head tells, and the mark's length; NULL when there is none. */
const struct dgm_charset *dgm_charset_of_bom(struct dgm_str head, size_t *ret_length);

/* Markers: the two bytes that stand in decoded text for an undecodable byte. */
static inline size_t dgm_marker_put(char to[2], unsigned char byte)
{
	to[0] = (char)(0xF8 | byte >> 6);
	to[1] = (char)(0x80 | (byte & 0x3F));
	return 2;
}

static inline bool dgm_marker_at(struct dgm_str s, size_t at)
{
	return s.len - at >= 2 && ((unsigned char)s.ptr[at] & 0xFC) == 0xF8 &&
		((unsigned char)s.ptr[at + 1] & 0xC0) == 0x80;
}

static inline unsigned char dgm_marker_byte(struct dgm_str s, size_t at)
{
	return (unsigned char)(((unsigned char)s.ptr[at] & 3) << 6 | ((unsigned char)s.ptr[at + 1] & 0x3F));
}

/* Decoders and encoders: one owner each, no thread-safety. NULL where ICU does not have the table. */
struct dgm_decoder;
struct dgm_encoder;

struct dgm_decoder *dgm_decoder_new(const struct dgm_charset *charset);
void dgm_decoder_free(struct dgm_decoder *decoder);

/* Room that decoding n bytes may need. */
#define DGM_DECODED_ROOM(n) (3 * (n) + 16)

/*
 * Decodes the characters at the start of bytes. Returns how many bytes were written; *ret_used: how many were read. A
 * character that bytes ends in the midst of is left for the next call, unless last is true. Keeps no state between
 * calls, so that where the blocks end makes no difference.
 */
size_t dgm_decoder_run(struct dgm_decoder *decoder, struct dgm_str bytes, bool last, char *to, size_t *ret_used);

struct dgm_encoder *dgm_encoder_new(const struct dgm_charset *charset);
void dgm_encoder_free(struct dgm_encoder *encoder);

/* Bytes that one character needs at most. */
#define DGM_ENCODED_MAX 4

/*
 * The bytes of one character. 0: the charset does not have it. What is written decodes to the same character again:
 * no best fits, no replacements.
 */
size_t dgm_encoder_char(struct dgm_encoder *encoder, uint32_t code_point, char to[DGM_ENCODED_MAX]);

/* Room that encoding n bytes of UTF-8 may need. */
#define DGM_ENCODED_ROOM(n) (2 * (n) + 16)

/*
 * Encodes UTF-8. Stops in front of what it cannot do: a character that the charset does not have, an invalid sequence,
 * or one that is cut off by the end. Returns how many bytes were written; *ret_used: how many of text were read.
 */
size_t dgm_encoder_run(struct dgm_encoder *encoder, struct dgm_str text, char *to, size_t *ret_used);

#endif
