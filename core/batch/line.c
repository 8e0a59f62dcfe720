/* SPDX-License-Identifier: Apache-2.0 */
/* Writing and reading lines; a few microseconds each, beside a file that is converted for each. */
#include "batch/line.h"

#include <stdio.h>
#include <stdlib.h>

static void put(struct dgm_line *line, struct dgm_str bytes)
{
	if (bytes.len > line->capacity - line->length) {
		line->capacity = 2 * (line->length + bytes.len) + 256;
		line->bytes = dgm_xrealloc(line->bytes, line->capacity);
	}
	if (bytes.len)
		memcpy(line->bytes + line->length, bytes.ptr, bytes.len);
	line->length += bytes.len;
}

void dgm_line_begin(struct dgm_line *line, const char *word)
{
	line->length = 0;
	put(line, DGM_STR("0123456789abcdef "));
	put(line, dgm_str(word));
}

void dgm_line_copy(struct dgm_line *line, struct dgm_str body)
{
	dgm_line_begin(line, "");
	put(line, body);
}

static void put_key(struct dgm_line *line, const char *key)
{
	put(line, DGM_STR(" "));
	put(line, dgm_str(key));
	put(line, DGM_STR("="));
}

void dgm_line_text(struct dgm_line *line, const char *key, struct dgm_str text)
{
	put_key(line, key);
	for (size_t i = 0; i < text.len; i++) {
		const unsigned char c = (unsigned char)text.ptr[i];
		char escaped[4];
		if (c > 0x20 && c < 0x7F && c != '%') {
			put(line, dgm_str_of(text.ptr + i, 1));
		} else {
			snprintf(escaped, sizeof escaped, "%%%02X", c);
			put(line, dgm_str_of(escaped, 3));
		}
	}
}

void dgm_line_number(struct dgm_line *line, const char *key, uint64_t number)
{
	char text[24];
	const int n = snprintf(text, sizeof text, "%llu", (unsigned long long)number);
	put_key(line, key);
	put(line, dgm_str_of(text, (size_t)n));
}

void dgm_line_sum(struct dgm_line *line, const char *key, const uint8_t sum[DGM_DIGEST_SIZE])
{
	char hex[DGM_DIGEST_HEX];
	dgm_digest_hex(sum, hex);
	put_key(line, key);
	put(line, dgm_str_of(hex, sizeof hex));
}

static void sum_of(struct dgm_str body, char hex[DGM_DIGEST_HEX])
{
	struct dgm_digest digest;
	uint8_t sum[DGM_DIGEST_SIZE];
	dgm_digest_init(&digest);
	dgm_digest_add(&digest, body);
	dgm_digest_end(&digest, sum);
	dgm_digest_hex(sum, hex);
}

struct dgm_str dgm_line_end(struct dgm_line *line)
{
	char hex[DGM_DIGEST_HEX];
	sum_of(dgm_str_of(line->bytes + DGM_LINE_SUM + 1, line->length - DGM_LINE_SUM - 1), hex);
	memcpy(line->bytes, hex, DGM_LINE_SUM);
	put(line, DGM_STR("\n"));
	return dgm_str_of(line->bytes, line->length);
}

void dgm_line_done(struct dgm_line *line)
{
	free(line->bytes);
	*line = (struct dgm_line){0};
}

bool dgm_line_check(struct dgm_str line, struct dgm_str *ret_body)
{
	char hex[DGM_DIGEST_HEX];
	if (line.len <= DGM_LINE_SUM + 1 || line.ptr[DGM_LINE_SUM] != ' ')
		return false;
	const struct dgm_str body = dgm_str_skip(line, DGM_LINE_SUM + 1);
	sum_of(body, hex);
	if (memcmp(hex, line.ptr, DGM_LINE_SUM) != 0)
		return false;
	*ret_body = body;
	return true;
}

struct dgm_str dgm_line_word(struct dgm_str body)
{
	return dgm_str_take(body, dgm_str_find(body, DGM_STR(" ")));
}

/* The value as it is written. Values hold no blank, so a blank and the key can only be the key. */
static struct dgm_str raw_value(struct dgm_str body, const char *key)
{
	struct dgm_str part;
	const size_t len = strlen(key);
	while (dgm_str_next(&body, DGM_STR(" "), &part))
		if (part.len > len && part.ptr[len] == '=' && memcmp(part.ptr, key, len) == 0)
			return dgm_str_skip(part, len + 1);
	return DGM_NOSTR;
}

static int hex_digit(char c)
{
	return dgm_is_digit(c) ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

struct dgm_str dgm_line_get(struct dgm_str body, const char *key, struct dgm_arena *arena)
{
	const struct dgm_str raw = raw_value(body, key);
	char *text = dgm_arena_alloc(arena, raw.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < raw.len; i++) {
		const int high = i + 2 < raw.len && raw.ptr[i] == '%' ? hex_digit(raw.ptr[i + 1]) : -1;
		const int low = high < 0 ? -1 : hex_digit(raw.ptr[i + 2]);
		text[n++] = raw.ptr[i];
		if (low >= 0)
			text[n - 1] = (char)(high << 4 | low);
		i += low < 0 ? 0 : 2;
	}
	text[n] = '\0';
	return dgm_str_of(text, n);
}

uint64_t dgm_line_count(struct dgm_str body, const char *key)
{
	uint64_t number = 0;
	return dgm_str_to_u64(raw_value(body, key), &number) ? number : 0;
}
