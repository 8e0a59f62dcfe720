/* SPDX-License-Identifier: Apache-2.0 */
/* One line per diagnostic. The same complaint is shown a few times and then counted, so that no list floods a terminal. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>

#include "args.h"
#include "io/jsontext.h"

#define SHOWN_PER_CODE 10u

static void emit(void *context, const struct dgm_diag *diag);

struct dgm_diag_sink cli_diags = {.emit = emit};

static const char *const severities[] = {"note", "warning", "error"};

static struct {
	char code[48];
	uint64_t count;
	uint32_t severity;
} tally[128];

/* Control characters and broken UTF-8 must not reach a terminal. */
static void print_safe(struct dgm_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		const unsigned char c = (unsigned char)text.ptr[i];
		if (c < 0x20 || c == 0x7f)
			fprintf(stderr, "\\x%02x", c);
		else if (c == 0xE2 && i + 2 < text.len && (unsigned char)text.ptr[i + 1] == 0x80 &&
			((unsigned char)text.ptr[i + 2] & 0xFE) != 0x98 && (unsigned char)text.ptr[i + 2] >= 0xAA &&
			(unsigned char)text.ptr[i + 2] <= 0xAE)
			i += 2; /* U+202A to U+202E turn the line around */
		else
			fputc(c, stderr);
	}
}

static uint64_t count_of(const struct dgm_diag *diag)
{
	for (size_t i = 0; i < DGM_COUNT(tally); i++) {
		if (tally[i].count == 0)
			snprintf(tally[i].code, sizeof tally[i].code, "%s", diag->code);
		if (!dgm_str_is(dgm_str(tally[i].code), diag->code))
			continue;
		tally[i].severity = diag->severity;
		return ++tally[i].count;
	}
	return 1;
}

static void emit_text(const struct dgm_diag *diag)
{
	if (diag->file.len) {
		print_safe(diag->file);
		if (diag->place.line)
			fprintf(stderr, ":%u:%u", diag->place.line, diag->place.column);
		fputs(": ", stderr);
	} else {
		fputs("dragoman: ", stderr);
	}
	fprintf(stderr, "%s: ", severities[diag->severity]);
	if (diag->field.len) {
		print_safe(diag->field);
		fputs(": ", stderr);
	}
	if (cli_settings.show_values && diag->value.ptr) {
		fputs("\"", stderr);
		print_safe(dgm_str_take(diag->value, 120));
		fputs(diag->value.len > 120 ? "…\": " : "\": ", stderr);
	}
	print_safe(diag->text);
	fprintf(stderr, " [%s]\n", diag->code);
}

static void emit_json(const struct dgm_diag *diag)
{
	struct dgm_output *line = dgm_output_memory(NULL);
	dgm_output_write(line, DGM_STR("{"));
	dgm_json_member(line, true, "severity", dgm_str(severities[diag->severity]));
	dgm_json_member(line, false, "code", dgm_str(diag->code));
	if (diag->file.len)
		dgm_json_member(line, false, "file", diag->file);
	if (diag->record)
		dgm_json_count(line, false, "record", diag->record);
	if (diag->place.line) {
		dgm_json_count(line, false, "line", diag->place.line);
		dgm_json_count(line, false, "column", diag->place.column);
		dgm_json_count(line, false, "offset", diag->place.offset);
	}
	if (diag->field.len)
		dgm_json_member(line, false, "field", diag->field);
	if (cli_settings.show_values && diag->value.ptr)
		dgm_json_member(line, false, "value", diag->value);
	dgm_json_member(line, false, "text", diag->text);
	dgm_output_write(line, DGM_STR("}\n"));
	if (dgm_output_commit(line) == 0) {
		const struct dgm_str bytes = dgm_output_bytes(line);
		fwrite(bytes.ptr, 1, bytes.len, stderr);
	}
	dgm_output_free(line);
}

static void emit(void *context, const struct dgm_diag *diag)
{
	(void)context;
	if (cli_settings.verbosity < 0 && diag->severity < DGM_ERROR)
		return;
	if (cli_settings.json_log) {
		emit_json(diag);
		return;
	}
	if (count_of(diag) <= SHOWN_PER_CODE || cli_settings.verbosity > 0)
		emit_text(diag);
}

void cli_log_end(void)
{
	for (size_t i = 0; i < DGM_COUNT(tally) && tally[i].count; i++)
		if (tally[i].count > SHOWN_PER_CODE && cli_settings.verbosity <= 0 && !cli_settings.json_log)
			fprintf(stderr, "dragoman: %s: %llu more like this [%s]; -v shows them\n",
				severities[tally[i].severity], (unsigned long long)(tally[i].count - SHOWN_PER_CODE),
				tally[i].code);
}

void cli_say(const char *code, const char *format, ...)
{
	char text[1024];
	va_list args;
	if (cli_settings.verbosity < 0)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (cli_settings.json_log) {
		const struct dgm_diag diag = {.severity = DGM_NOTE, .code = code, .text = dgm_str(text)};
		emit_json(&diag);
		return;
	}
	fprintf(stderr, "dragoman: %s\n", text);
}
