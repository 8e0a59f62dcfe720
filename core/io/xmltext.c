/* SPDX-License-Identifier: Apache-2.0 */
/* A few lines of markup at a time; nothing here is hot. */
#include "io/xmltext.h"

#include <stdio.h>

#include "base/text.h"

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

static const char *escape_of(uint32_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\t':
	case '\n':
		return NULL;
	default:
		break;
	}
	const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xFFFE || c == 0xFFFF;
	const bool turns = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
	return control || turns ? REPLACEMENT : NULL;
}

void dgm_xml_text(struct dgm_output *output, struct dgm_str text)
{
	const bool valid = dgm_utf8_valid(text);
	size_t start = 0;
	for (size_t at = 0; at < text.len;) {
		const size_t here = at;
		const char *escape = NULL;
		if (valid)
			escape = escape_of(dgm_utf8_next(text, &at));
		else if ((unsigned char)text.ptr[at++] < 0x80)
			escape = escape_of((unsigned char)text.ptr[here]);
		else
			escape = REPLACEMENT;
		if (!escape)
			continue;
		dgm_output_write(output, dgm_str_of(text.ptr + start, here - start));
		dgm_output_write(output, dgm_str(escape));
		start = at;
	}
	dgm_output_write(output, dgm_str_of(text.ptr + start, text.len - start));
}

void dgm_xml_attribute(struct dgm_output *output, const char *name, struct dgm_str text)
{
	dgm_output_write(output, DGM_STR(" "));
	dgm_output_write(output, dgm_str(name));
	dgm_output_write(output, DGM_STR("=\""));
	dgm_xml_text(output, text);
	dgm_output_write(output, DGM_STR("\""));
}

void dgm_xml_count(struct dgm_output *output, const char *name, uint64_t number)
{
	char text[24];
	const int n = snprintf(text, sizeof text, "%llu", (unsigned long long)number);
	dgm_xml_attribute(output, name, dgm_str_of(text, (size_t)n));
}
