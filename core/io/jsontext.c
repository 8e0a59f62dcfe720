/* SPDX-License-Identifier: Apache-2.0 */
/* A few lines of JSON at a time; nothing here is hot. */
#include "io/jsontext.h"

#include <stdio.h>

#include "base/text.h"

static void put(struct dgm_output *output, const char *text)
{
	dgm_output_write(output, dgm_str(text));
}

static void put_valid(struct dgm_output *output, struct dgm_str text)
{
	size_t start = 0;
	for (size_t i = 0; i < text.len; i++) {
		const unsigned char c = (unsigned char)text.ptr[i];
		char escape[8];
		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
			continue;
		dgm_output_write(output, dgm_str_of(text.ptr + start, i - start));
		if (c == '"' || c == '\\')
			snprintf(escape, sizeof escape, "\\%c", c);
		else
			snprintf(escape, sizeof escape, "\\u%04x", c);
		put(output, escape);
		start = i + 1;
	}
	dgm_output_write(output, dgm_str_of(text.ptr + start, text.len - start));
}

void dgm_json_string(struct dgm_output *output, struct dgm_str text)
{
	put(output, "\"");
	if (text.len && dgm_utf8_valid(text)) {
		put_valid(output, text);
	} else {
		for (size_t i = 0; i < text.len; i++) {
			if ((unsigned char)text.ptr[i] < 0x80)
				put_valid(output, dgm_str_of(text.ptr + i, 1));
			else
				put(output, "\\ufffd");
		}
	}
	put(output, "\"");
}

void dgm_json_name(struct dgm_output *output, const char *name)
{
	dgm_json_string(output, dgm_str(name));
	put(output, ":");
}

void dgm_json_number(struct dgm_output *output, uint64_t number)
{
	char text[24];
	const int n = snprintf(text, sizeof text, "%llu", (unsigned long long)number);
	dgm_output_write(output, dgm_str_of(text, (size_t)n));
}

void dgm_json_member(struct dgm_output *output, bool first, const char *name, struct dgm_str text)
{
	if (!first)
		put(output, ",");
	dgm_json_name(output, name);
	dgm_json_string(output, text);
}

void dgm_json_count(struct dgm_output *output, bool first, const char *name, uint64_t number)
{
	if (!first)
		put(output, ",");
	dgm_json_name(output, name);
	dgm_json_number(output, number);
}

void dgm_json_base64(struct dgm_output *output, struct dgm_str bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	put(output, "\"");
	for (size_t i = 0; i < bytes.len; i += 3) {
		const size_t n = bytes.len - i < 3 ? bytes.len - i : 3;
		uint32_t group = 0;
		for (size_t b = 0; b < 3; b++)
			group = group << 8 | (b < n ? (unsigned char)bytes.ptr[i + b] : 0);
		char *to = dgm_output_reserve(output, 4);
		for (size_t d = 0; d < 4; d++)
			to[d] = d <= n ? digits[(group >> (18 - 6 * d)) & 63] : '=';
		dgm_output_advance(output, 4);
	}
	put(output, "\"");
}
