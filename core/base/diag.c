/* SPDX-License-Identifier: Apache-2.0 */
/* Counting and passing on. What a diagnostic looks like to a person is the caller's affair. */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>

void dgm_diag_emit(struct dgm_diag_sink *sink, const struct dgm_diag *diag)
{
	if (!sink)
		return;
	sink->count[diag->severity <= DGM_ERROR ? diag->severity : DGM_ERROR]++;
	if (sink->emit)
		sink->emit(sink->context, diag);
}

void dgm_diag_text(struct dgm_diag_sink *sink, uint32_t severity, const char *code, struct dgm_str file,
	const struct dgm_place *place, const char *format, ...)
{
	/* Long enough for any message of ours: texts are one line; names of files and keys inside them are cut by "%.*s". */
	char text[2048];
	va_list args;
	va_start(args, format);
	const int n = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	const size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
	/* A key or a name within it may hold anything, and the text is one line. */
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F)
			text[i] = ' ';
	const struct dgm_diag diag = {
		.severity = severity,
		.code = code,
		.file = file,
		.place = place ? *place : (struct dgm_place){0},
		.text = {text, len},
	};
	dgm_diag_emit(sink, &diag);
}
