/* SPDX-License-Identifier: Apache-2.0 */
/* One line per diagnostic. The same complaint is shown a few times and then counted, so that no list floods a terminal. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>

#include "args.h"
#include "base/utf8.h"
#include "io/jsontext.h"

#define SHOWN_PER_CODE 10u

static void emit(void *context, const struct dgm_diag *diag);

struct dgm_diag_sink cli_diags = {.emit = emit};

static const char *const severities[] = {"note", "warning", "error"};

static struct cli_log_count tally[CLI_LOG_COUNTS];
static void (*say_elsewhere)(const char *code, const char *text);

/* Controls, and characters that turn a line around or cannot be seen: they could make a terminal show another message. */
static bool misleads(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200b || c == 0x200e || c == 0x200f ||
		(c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c >= 0xe0000;
}

/* The next character; false, and one byte on, where there is none. */
static bool next_character(struct dgm_str text, size_t *at, uint32_t *ret_character)
{
	const unsigned char byte = (unsigned char)text.ptr[*at];
	const size_t length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
	*ret_character = byte;
	if (length <= text.len - *at && dgm_utf8_valid(dgm_str_take(dgm_str_skip(text, *at), length))) {
		*ret_character = dgm_utf8_next(text, at);
		return true;
	}
	++*at;
	return false;
}

/* To standard error; what misleads and what is no UTF-8 is escaped. */
static void print_safe(struct dgm_str text)
{
	uint32_t c;
	for (size_t at = 0, begin = 0; at < text.len; begin = at) {
		if (next_character(text, &at, &c) && !misleads(c))
			fwrite(text.ptr + begin, 1, at - begin, stderr);
		else
			fprintf(stderr, c < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)c);
	}
}

/* The same of a line of JSON, in which the lower controls are escaped already. */
static void print_json(struct dgm_str text)
{
	uint32_t c;
	for (size_t at = 0, begin = 0; at < text.len; begin = at) {
		if (!next_character(text, &at, &c) || c == '\n' || !misleads(c))
			fwrite(text.ptr + begin, 1, at - begin, stderr);
		else if (c < 0x10000)
			fprintf(stderr, "\\u%04x", (unsigned)c);
		else
			fprintf(stderr, "\\u%04x\\u%04x", (unsigned)(0xd800 + ((c - 0x10000) >> 10)),
				(unsigned)(0xdc00 + (c & 0x3ff)));
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
	if (dgm_output_commit(line) == 0)
		print_json(dgm_output_bytes(line));
	dgm_output_free(line);
}

static void emit(void *context, const struct dgm_diag *diag)
{
	(void)context;
	if (!cli_log_shows(diag))
		return;
	if (cli_settings.json_log)
		emit_json(diag);
	else
		emit_text(diag);
}

bool cli_log_shows(const struct dgm_diag *diag)
{
	if (cli_settings.verbosity < 0 && diag->severity < DGM_ERROR)
		return false;
	return cli_settings.json_log || count_of(diag) <= SHOWN_PER_CODE || cli_settings.verbosity > 0;
}

void cli_log_elsewhere(void (*say)(const char *code, const char *text))
{
	memset(tally, 0, sizeof tally);
	say_elsewhere = say;
}

const struct cli_log_count *cli_log_counts(size_t *ret_count)
{
	*ret_count = 0;
	while (*ret_count < CLI_LOG_COUNTS && tally[*ret_count].count)
		++*ret_count;
	return tally;
}

void cli_log_add(const struct cli_log_count *count)
{
	struct cli_log_count given = *count;
	given.code[sizeof given.code - 1] = 0;
	const struct dgm_diag diag = {.severity = given.severity <= DGM_ERROR ? given.severity : DGM_ERROR,
		.code = given.code};
	/* The first ones were sent, and counted when they came. */
	if (given.count <= SHOWN_PER_CODE || cli_settings.json_log || cli_settings.verbosity > 0)
		return;
	const uint64_t now = count_of(&diag);
	for (size_t i = 0; i < DGM_COUNT(tally); i++)
		if (dgm_str_is(dgm_str(tally[i].code), given.code))
			tally[i].count = now - 1 + (given.count - SHOWN_PER_CODE);
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
	if (say_elsewhere) {
		say_elsewhere(code, text);
		return;
	}
	if (cli_settings.json_log) {
		const struct dgm_diag diag = {.severity = DGM_NOTE, .code = code, .text = dgm_str(text)};
		emit_json(&diag);
		return;
	}
	fputs("dragoman: ", stderr);
	print_safe(dgm_str(text));
	fputs("\n", stderr);
}
