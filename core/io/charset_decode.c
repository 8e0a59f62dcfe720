/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From bytes to UTF-8, whole characters at a time. Bad bytes: where a sequence is well-formed and no ASCII is in it, but
 * it stands for nothing, all of it becomes markers; in any other case only its first byte does, and decoding goes on
 * behind that byte. So a stray lead byte can never swallow a quote, a comma or a line end.
 */
#include "io/charset_table.h"

#include <assert.h>
#include <stdlib.h>

#include <unicode/ucnv.h>

#include "base/arena.h"
#include "base/text.h"

/*
 * Multi-byte characters are looked up byte by byte in nodes of 256 entries that are filled as they are needed. Every
 * first byte may have a node; deeper ones (EUC-JP's three bytes, GB 18030's four) share this many, and where they are
 * used up, ICU is asked each time: at most a quarter of a MiB, whatever the input holds.
 */
#define NODES_FIRST 128
#define NODES_DEEPER 128

/* An entry: what it is in the highest byte, with up to three bytes of UTF-8 or a number below. 0: not asked yet. */
#define ENTRY(kind, value) ((uint32_t)(kind) << 24 | (uint32_t)(value))
#define ENTRY_KIND(entry) ((entry) >> 24)
#define ENTRY_VALUE(entry) ((entry)&0xFFFFFFu)
enum {
	ENTRY_UTF8_3 = 3, /* 1 to 3: that many bytes of UTF-8, the first one lowest */
	ENTRY_BEYOND,     /* a code point beyond U+FFFF */
	ENTRY_NODE,       /* more bytes: number of the node, 0 where there is none */
	ENTRY_UNASSIGNED,
	ENTRY_ILLEGAL,
};

struct dgm_decoder {
	enum dgm_charset_kind kind;
	UConverter *converter;
	uint32_t *nodes[1 + NODES_FIRST + NODES_DEEPER];
	size_t node_count, deeper;
	/* SINGLE: up to three bytes of UTF-8 (or a marker) and how many. */
	struct {
		char bytes[3];
		uint8_t length;
	} single[256];
};

struct dgm_decoder *dgm_decoder_new(const struct dgm_charset *charset)
{
	struct dgm_decoder *decoder = dgm_xcalloc(1, sizeof *decoder);
	decoder->kind = charset->kind;
	if (charset->kind == DGM_CHARSET_SINGLE) {
		const uint32_t *codes = dgm_charset_codes(charset);
		if (!codes)
			goto failed;
		for (unsigned b = 0; b < 256; b++) {
			char utf8[4] = {0};
			const size_t length = codes[b] == DGM_CODE_UNASSIGNED ? dgm_marker_put(utf8, (unsigned char)b)
									      : dgm_utf8_put(utf8, codes[b]);
			assert(length <= sizeof decoder->single[b].bytes);
			memcpy(decoder->single[b].bytes, utf8, sizeof decoder->single[b].bytes);
			decoder->single[b].length = (uint8_t)length;
		}
	} else if (charset->kind == DGM_CHARSET_MULTI) {
		decoder->converter = dgm_charset_converter(charset);
		if (!decoder->converter)
			goto failed;
		decoder->nodes[0] = dgm_xcalloc(256, sizeof(uint32_t));
		decoder->node_count = 1;
	}
	return decoder;
failed:
	free(decoder);
	return NULL;
}

void dgm_decoder_free(struct dgm_decoder *decoder)
{
	if (!decoder)
		return;
	for (size_t i = 0; i < decoder->node_count; i++)
		free(decoder->nodes[i]);
	ucnv_close(decoder->converter);
	free(decoder);
}

static inline uint64_t load8(const unsigned char *p)
{
	uint64_t word;
	memcpy(&word, p, sizeof word);
	return word;
}

/* Copies ASCII in whole words; returns how much. */
static inline size_t copy_ascii(const unsigned char *from, size_t n, char *to)
{
	size_t i = 0;
	for (; n - i >= 8 && (load8(from + i) & UINT64_C(0x8080808080808080)) == 0; i += 8)
		memcpy(to + i, from + i, 8);
	return i;
}

static size_t run_single(const struct dgm_decoder *decoder, const unsigned char *p, size_t n, char *to)
{
	char *const start = to;
	size_t i = 0;
	while (i < n) {
		const size_t run = copy_ascii(p + i, n - i, to);
		i += run;
		to += run;
		/* No branch on what the byte is: one word is written, and as much of it kept as the character has. */
		for (size_t end = n - i < 8 ? n : i + 8; i < end; i++) {
			memcpy(to, &decoder->single[p[i]], 4);
			to += decoder->single[p[i]].length;
		}
	}
	return (size_t)(to - start);
}

static size_t run_utf16(bool big, const unsigned char *p, size_t n, bool last, char *to, size_t *ret_used)
{
	char *const start = to;
	const size_t high = big ? 0 : 1, low = big ? 1 : 0;
	size_t i = 0;
	while (n - i >= 2) {
		uint32_t c = (uint32_t)p[i + high] << 8 | p[i + low];
		if (c < 0x80) {
			*to++ = (char)c;
			i += 2;
			continue;
		}
		if (c < 0xD800 || c > 0xDFFF) {
			to += dgm_utf8_put(to, c);
			i += 2;
			continue;
		}
		if (c < 0xDC00) {
			if (n - i < 4 && !last)
				break;
			const uint32_t trail = n - i < 4 ? 0 : (uint32_t)p[i + 2 + high] << 8 | p[i + 2 + low];
			if (trail >= 0xDC00 && trail <= 0xDFFF) {
				to += dgm_utf8_put(to, 0x10000 + ((c - 0xD800) << 10) + (trail - 0xDC00));
				i += 4;
				continue;
			}
		}
		to += dgm_marker_put(to, p[i]);
		to += dgm_marker_put(to, p[i + 1]);
		i += 2;
	}
	if (last && n - i == 1)
		to += dgm_marker_put(to, p[i++]);
	*ret_used = i;
	return (size_t)(to - start);
}

/* An entry for what these bytes are, as ICU has it. */
static uint32_t ask(struct dgm_decoder *decoder, const unsigned char *p, size_t n)
{
	const uint32_t code = dgm_charset_ask(decoder->converter, p, n);
	if (code == DGM_CODE_MORE) {
		if (n > 1 && decoder->deeper == NODES_DEEPER)
			return ENTRY(ENTRY_NODE, 0);
		decoder->deeper += n > 1;
		decoder->nodes[decoder->node_count] = dgm_xcalloc(256, sizeof(uint32_t));
		return ENTRY(ENTRY_NODE, decoder->node_count++);
	}
	if (code > DGM_CODE_LAST)
		return ENTRY(code == DGM_CODE_UNASSIGNED ? ENTRY_UNASSIGNED : ENTRY_ILLEGAL, 0);
	if (code > 0xFFFF)
		return ENTRY(ENTRY_BEYOND, code);
	unsigned char utf8[4] = {0};
	const size_t length = dgm_utf8_put((char *)utf8, code);
	return ENTRY(length, (uint32_t)utf8[0] | (uint32_t)utf8[1] << 8 | (uint32_t)utf8[2] << 16);
}

/* The entry of the character that n bytes begin with; a node where they end in its midst. */
static inline uint32_t look_up(struct dgm_decoder *decoder, const unsigned char *p, size_t n, size_t *ret_length)
{
	uint32_t *node = decoder->nodes[0];
	uint32_t entry = 0;
	for (size_t i = 0; i < n; i++) {
		entry = node ? node[p[i]] : 0;
		if (entry == 0) {
			entry = i < DGM_CODE_BYTES ? ask(decoder, p, i + 1) : ENTRY(ENTRY_ILLEGAL, 0);
			if (node)
				node[p[i]] = entry;
		}
		*ret_length = i + 1;
		if (ENTRY_KIND(entry) != ENTRY_NODE)
			return entry;
		node = ENTRY_VALUE(entry) ? decoder->nodes[ENTRY_VALUE(entry)] : NULL;
	}
	return entry;
}

/* The entry where two bytes are a character that was seen before, or 0: what nearly all text beyond ASCII is made of. */
static inline uint32_t two_bytes(const struct dgm_decoder *decoder, const unsigned char *p)
{
	const uint32_t first = decoder->nodes[0][p[0]];
	if (ENTRY_KIND(first) != ENTRY_NODE)
		return 0;
	const uint32_t entry = decoder->nodes[ENTRY_VALUE(first)][p[1]];
	return ENTRY_KIND(entry) <= ENTRY_UTF8_3 ? entry : 0;
}

static bool holds_ascii(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] < 0x80)
			return true;
	return false;
}

static size_t run_multi(struct dgm_decoder *decoder, const unsigned char *p, size_t n, bool last, char *to,
	size_t *ret_used)
{
	char *const start = to;
	size_t i = 0;
	while (i < n) {
		if (p[i] < 0x80) {
			const size_t run = copy_ascii(p + i, n - i, to);
			i += run;
			to += run;
			while (i < n && p[i] < 0x80)
				*to++ = (char)p[i++];
			continue;
		}
		size_t length = 2;
		uint32_t entry = n - i >= 2 ? two_bytes(decoder, p + i) : 0;
		if (entry == 0)
			entry = look_up(decoder, p + i, n - i, &length);
		const uint32_t kind = ENTRY_KIND(entry), value = ENTRY_VALUE(entry);
		if (kind <= ENTRY_UTF8_3) {
			to[0] = (char)(value & 0xFF);
			to[1] = (char)(value >> 8 & 0xFF);
			to[2] = (char)(value >> 16);
			to += kind;
		} else if (kind == ENTRY_BEYOND) {
			to += dgm_utf8_put(to, value);
		} else if (kind == ENTRY_NODE && !last) {
			break;
		} else {
			if (kind != ENTRY_UNASSIGNED || holds_ascii(p + i, length))
				length = 1;
			for (size_t j = 0; j < length; j++)
				to += dgm_marker_put(to, p[i + j]);
		}
		i += length;
	}
	*ret_used = i;
	return (size_t)(to - start);
}

size_t dgm_decoder_run(struct dgm_decoder *decoder, struct dgm_str bytes, bool last, char *to, size_t *ret_used)
{
	const unsigned char *p = (const unsigned char *)bytes.ptr;
	const size_t n = bytes.len;
	*ret_used = n;
	switch (decoder->kind) {
	case DGM_CHARSET_UTF8:
		if (n)
			memcpy(to, p, n);
		return n;
	case DGM_CHARSET_UTF16LE:
		return run_utf16(false, p, n, last, to, ret_used);
	case DGM_CHARSET_UTF16:
	case DGM_CHARSET_UTF16BE:
		return run_utf16(true, p, n, last, to, ret_used);
	case DGM_CHARSET_SINGLE:
		return run_single(decoder, p, n, to);
	case DGM_CHARSET_MULTI:
		return run_multi(decoder, p, n, last, to, ret_used);
	}
	return 0;
}
