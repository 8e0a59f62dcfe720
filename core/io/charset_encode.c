/* SPDX-License-Identifier: Apache-2.0 */
/* From UTF-8 to bytes. A character is written only if its bytes mean that very character. */
#include "io/charset_table.h"

#include <stdlib.h>

#include <unicode/ucnv.h>

#include "base/arena.h"
#include "base/text.h"

/* The bytes of a character as one number, the last byte lowest; 0: not asked yet (MULTI), or none (SINGLE). */
#define BYTES_NONE 1u

struct dgm_encoder {
	enum dgm_charset_kind kind;
	UConverter *converter;
	/* Blocks of 256 code points of the BMP by their high byte; NULL: none of them (SINGLE), or not asked yet (MULTI). */
	uint32_t *pages[256];
};

static uint32_t *page_of(struct dgm_encoder *encoder, uint32_t code_point)
{
	uint32_t **page = &encoder->pages[code_point >> 8];
	if (!*page)
		*page = dgm_xcalloc(256, sizeof **page);
	return *page;
}

struct dgm_encoder *dgm_encoder_new(const struct dgm_charset *charset)
{
	struct dgm_encoder *encoder = dgm_xcalloc(1, sizeof *encoder);
	encoder->kind = charset->kind;
	if (charset->kind == DGM_CHARSET_SINGLE) {
		const uint32_t *codes = dgm_charset_codes(charset);
		if (!codes)
			goto failed;
		/* From the end, so that the lowest of several bytes for one character is what is written. */
		for (uint32_t b = 255; b >= 0x80; b--)
			if (codes[b] != DGM_CODE_UNASSIGNED)
				page_of(encoder, codes[b])[codes[b] & 0xFF] = b;
	} else if (charset->kind == DGM_CHARSET_MULTI) {
		encoder->converter = dgm_charset_converter(charset);
		if (!encoder->converter)
			goto failed;
	}
	return encoder;
failed:
	free(encoder);
	return NULL;
}

void dgm_encoder_free(struct dgm_encoder *encoder)
{
	if (!encoder)
		return;
	for (size_t i = 0; i < DGM_COUNT(encoder->pages); i++)
		free(encoder->pages[i]);
	ucnv_close(encoder->converter);
	free(encoder);
}

static uint32_t ask(struct dgm_encoder *encoder, uint32_t code_point)
{
	unsigned char bytes[DGM_CODE_BYTES];
	const size_t n = dgm_charset_bytes(encoder->converter, code_point, bytes);
	uint32_t number = n ? 0 : BYTES_NONE;
	for (size_t i = 0; i < n; i++)
		number = number << 8 | bytes[i];
	return number;
}

static uint32_t look_up(struct dgm_encoder *encoder, uint32_t code_point)
{
	if (code_point >= 0x10000)
		return ask(encoder, code_point);
	uint32_t *entry = page_of(encoder, code_point) + (code_point & 0xFF);
	if (*entry == 0)
		*entry = ask(encoder, code_point);
	return *entry;
}

static size_t put_unit(bool big, uint32_t unit, char *to)
{
	to[big ? 0 : 1] = (char)(unit >> 8);
	to[big ? 1 : 0] = (char)(unit & 0xFF);
	return 2;
}

static size_t put_utf16(bool big, uint32_t code_point, char *to)
{
	if (code_point < 0x10000)
		return put_unit(big, code_point, to);
	put_unit(big, 0xD800 + ((code_point - 0x10000) >> 10), to);
	return 2 + put_unit(big, 0xDC00 + (code_point & 0x3FF), to + 2);
}

/* With a constant kind, so that the loops below have no switch in them. */
static inline __attribute__((always_inline)) size_t put(struct dgm_encoder *encoder, enum dgm_charset_kind kind,
	uint32_t code_point, char *to)
{
	if (kind == DGM_CHARSET_UTF8)
		return dgm_utf8_put(to, code_point);
	if (kind == DGM_CHARSET_UTF16LE || kind == DGM_CHARSET_UTF16BE)
		return put_utf16(kind == DGM_CHARSET_UTF16BE, code_point, to);
	if (code_point < 0x80) {
		to[0] = (char)code_point;
		return 1;
	}
	if (kind == DGM_CHARSET_SINGLE) {
		const uint32_t *page = code_point < 0x10000 ? encoder->pages[code_point >> 8] : NULL;
		to[0] = page ? (char)page[code_point & 0xFF] : '\0';
		return to[0] != '\0';
	}
	const uint32_t bytes = look_up(encoder, code_point);
	if (bytes == BYTES_NONE)
		return 0;
	const size_t n = bytes > 0xFFFFFF ? 4 : bytes > 0xFFFF ? 3 : bytes > 0xFF ? 2 : 1;
	for (size_t i = 0; i < n; i++)
		to[i] = (char)(bytes >> 8 * (n - 1 - i) & 0xFF);
	return n;
}

static bool continues(unsigned char b)
{
	return (b & 0xC0) == 0x80;
}

/* The code point at p and its length, or 0 where there is no whole valid one. */
static inline size_t next_valid(const unsigned char *p, size_t n, uint32_t *ret_code_point)
{
	if (p[0] >= 0xC2 && p[0] < 0xE0) {
		*ret_code_point = n < 2 ? 0 : (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3Fu);
		return n >= 2 && continues(p[1]) ? 2 : 0;
	}
	if (p[0] > 0xE0 && p[0] < 0xF0 && p[0] != 0xED) {
		*ret_code_point = n < 3 ? 0 : (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
		return n >= 3 && continues(p[1]) && continues(p[2]) ? 3 : 0;
	}
	const size_t length = p[0] < 0xE0 ? 1 : p[0] < 0xF0 ? 3 : 4;
	const struct dgm_str s = {(const char *)p, length};
	size_t at = 0;
	if (n < length || !dgm_utf8_valid(s))
		return 0;
	*ret_code_point = dgm_utf8_next(s, &at);
	return length;
}

static inline __attribute__((always_inline)) size_t run(struct dgm_encoder *encoder, enum dgm_charset_kind kind,
	struct dgm_str text, char *to, size_t *ret_used)
{
	const unsigned char *p = (const unsigned char *)text.ptr;
	const bool ascii_is_one_byte = kind == DGM_CHARSET_SINGLE || kind == DGM_CHARSET_MULTI;
	char *const start = to;
	size_t i = 0;
	while (i < text.len) {
		if (p[i] < 0x80) {
			uint64_t word;
			for (; ascii_is_one_byte && text.len - i >= 8; i += 8, to += 8) {
				memcpy(&word, p + i, 8);
				if (word & UINT64_C(0x8080808080808080))
					break;
				memcpy(to, &word, 8);
			}
			while (i < text.len && p[i] < 0x80)
				to += put(encoder, kind, p[i++], to);
			continue;
		}
		uint32_t code_point = 0;
		const size_t length = next_valid(p + i, text.len - i, &code_point);
		const size_t written = length ? put(encoder, kind, code_point, to) : 0;
		if (written == 0)
			break;
		to += written;
		i += length;
	}
	*ret_used = i;
	return (size_t)(to - start);
}

size_t dgm_encoder_run(struct dgm_encoder *encoder, struct dgm_str text, char *to, size_t *ret_used)
{
	switch (encoder->kind) {
	case DGM_CHARSET_UTF8:
		return run(encoder, DGM_CHARSET_UTF8, text, to, ret_used);
	case DGM_CHARSET_UTF16LE:
		return run(encoder, DGM_CHARSET_UTF16LE, text, to, ret_used);
	case DGM_CHARSET_UTF16:
	case DGM_CHARSET_UTF16BE:
		return run(encoder, DGM_CHARSET_UTF16BE, text, to, ret_used);
	case DGM_CHARSET_SINGLE:
		return run(encoder, DGM_CHARSET_SINGLE, text, to, ret_used);
	case DGM_CHARSET_MULTI:
		return run(encoder, DGM_CHARSET_MULTI, text, to, ret_used);
	}
	return 0;
}

size_t dgm_encoder_char(struct dgm_encoder *encoder, uint32_t code_point, char to[DGM_ENCODED_MAX])
{
	char utf8[4];
	size_t used = 0;
	return dgm_encoder_run(encoder, dgm_str_of(utf8, dgm_utf8_put(utf8, code_point)), to, &used);
}
