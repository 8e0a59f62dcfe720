/* SPDX-License-Identifier: Apache-2.0 */
/* Option tables. What an option means is the plugin's affair; here are the five kinds, and nothing is guessed. */
#include "host/options.h"

#include <stdio.h>

#include "io/output.h"

/* How much of a name or value a message shows, and how long the texts of a table may be. */
#define SHOWN_MAX 40u
#define NAME_MAX_LEN 64u
#define TEXT_MAX_LEN 1024u

struct value {
	uint64_t number;
	struct dgm_str text;
};

struct dgm_option_given dgm_option_split(struct dgm_str text)
{
	const size_t at = dgm_str_find(text, DGM_STR("="));
	return (struct dgm_option_given){
		.name = dgm_str_take(text, at),
		.value = at < text.len ? dgm_str_skip(text, at + 1) : DGM_STR("yes"),
	};
}

const struct dgm_option *dgm_options_find(const struct dgm_option *table, size_t count, struct dgm_str name)
{
	for (size_t i = 0; i < count; i++)
		if (dgm_str_is(name, table[i].name))
			return &table[i];
	return NULL;
}

static bool parse_bool(struct dgm_str text, uint64_t *ret_number)
{
	static const char *const words[] = {"no", "yes", "false", "true", "off", "on"};
	for (size_t i = 0; i < DGM_COUNT(words); i++) {
		if (dgm_str_is(text, words[i])) {
			*ret_number = i & 1u;
			return true;
		}
	}
	return false;
}

/* Sizes are of memory, so the suffixes are powers of 1024. */
static bool parse_uint(struct dgm_str text, uint64_t *ret_number)
{
	unsigned shift = 0;
	uint64_t number;
	switch (text.len > 0 ? text.ptr[text.len - 1] : '\0') {
	case 'k':
		shift = 10;
		break;
	case 'M':
		shift = 20;
		break;
	case 'G':
		shift = 30;
		break;
	default:
		break;
	}
	if (!dgm_str_to_u64(dgm_str_take(text, text.len - (shift > 0)), &number))
		return false;
	return !__builtin_mul_overflow(number, UINT64_C(1) << shift, ret_number);
}

static bool parse_char(struct dgm_str text, uint64_t *ret_number)
{
	if (text.len == 0 || dgm_str_is(text, "none"))
		*ret_number = 0;
	else if (dgm_str_is(text, "tab"))
		*ret_number = '\t';
	else if (text.len == 1 && text.ptr[0] > 0)
		*ret_number = (uint64_t)text.ptr[0];
	else
		return false;
	return true;
}

static bool parse_choice(struct dgm_str text, const char *choices, uint64_t *ret_number)
{
	struct dgm_str rest = dgm_str(choices);
	struct dgm_str word;
	for (uint64_t i = 0; dgm_str_next(&rest, DGM_STR("|"), &word); i++) {
		if (dgm_str_eq(text, word)) {
			*ret_number = i;
			return true;
		}
	}
	return false;
}

static bool parse(const struct dgm_option *option, struct dgm_str text, struct value *ret_value)
{
	switch (option->kind) {
	case DGM_OPTION_BOOL:
		return parse_bool(text, &ret_value->number);
	case DGM_OPTION_UINT:
		return parse_uint(text, &ret_value->number);
	case DGM_OPTION_CHAR:
		return parse_char(text, &ret_value->number);
	case DGM_OPTION_TEXT:
		ret_value->text = text;
		return true;
	case DGM_OPTION_CHOICE:
		return parse_choice(text, option->choices, &ret_value->number);
	default:
		return false;
	}
}

static size_t member_size(const struct dgm_option *option)
{
	return option->kind == DGM_OPTION_TEXT ? sizeof(struct dgm_str) : sizeof(uint64_t);
}

static void store(const struct dgm_option *option, const struct value *value, void *config)
{
	char *to = (char *)config + option->offset;
	if (option->kind == DGM_OPTION_TEXT)
		memcpy(to, &value->text, sizeof value->text);
	else
		memcpy(to, &value->number, sizeof value->number);
}

/* What a value has to look like, for messages and help. */
static const char *expected(const struct dgm_option *option)
{
	switch (option->kind) {
	case DGM_OPTION_BOOL:
		return "yes|no";
	case DGM_OPTION_UINT:
		return "number[k|M|G]";
	case DGM_OPTION_CHAR:
		return "character|tab|none";
	case DGM_OPTION_TEXT:
		return "text";
	case DGM_OPTION_CHOICE:
		return option->choices;
	default:
		return "?";
	}
}

static bool is_name(struct dgm_str name)
{
	if (name.len == 0 || name.len > NAME_MAX_LEN || !dgm_is_lower(name.ptr[0]) || dgm_str_ends(name, DGM_STR("-")))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!dgm_is_lower(name.ptr[i]) && !dgm_is_digit(name.ptr[i]) && name.ptr[i] != '-')
			return false;
	return true;
}

/* A text of the table that is there, ends within reason and has no control character in it. */
static bool is_line(const char *text)
{
	if (!text)
		return false;
	const size_t len = strnlen(text, TEXT_MAX_LEN + 1);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return false;
	return len <= TEXT_MAX_LEN;
}

static bool are_choices(const char *choices)
{
	struct dgm_str rest = dgm_str(choices);
	struct dgm_str word;
	uint64_t at, first;
	for (at = 0; dgm_str_next(&rest, DGM_STR("|"), &word); at++)
		if (word.len == 0 || !parse_choice(word, choices, &first) || first != at)
			return false;
	return at > 0;
}

/* What is wrong with one option by itself, or NULL. */
static const char *fault(const struct dgm_option *option, size_t config_size)
{
	struct value value;
	if (option->kind < DGM_OPTION_BOOL || option->kind > DGM_OPTION_CHOICE)
		return "is of a kind that this program does not know; a newer one may";
	if (!is_line(option->help))
		return "has no help of one line";
	if (option->kind == DGM_OPTION_CHOICE && (!is_line(option->choices) || !are_choices(option->choices)))
		return "has no list of different choices";
	if (option->kind != DGM_OPTION_CHOICE && option->choices)
		return "has choices but is not of that kind";
	if (option->offset % _Alignof(uint64_t) != 0)
		return "lies across the alignment of its member in the config struct";
	if (option->offset > config_size || config_size - option->offset < member_size(option))
		return "lies outside the config struct";
	if (!option->default_text || strnlen(option->default_text, TEXT_MAX_LEN + 1) > TEXT_MAX_LEN)
		return "has no default";
	if (!parse(option, dgm_str(option->default_text), &value))
		return "has a default that is not a value of its kind";
	return NULL;
}

/* The same for an option and one before it. */
static const char *clash(const struct dgm_option *option, const struct dgm_option *other)
{
	if (dgm_str_is(dgm_str(option->name), other->name))
		return "stands there twice";
	if (option->offset < other->offset + member_size(other) && other->offset < option->offset + member_size(option))
		return "shares its place in the config struct with another";
	return NULL;
}

int dgm_options_check(const struct dgm_option *table, size_t count, size_t config_size, char ret_reason[256])
{
	if (count > DGM_OPTIONS_MAX || config_size > DGM_CONFIG_SIZE_MAX || (count > 0 && !table)) {
		snprintf(ret_reason, 256, "table of %zu options for %zu bytes of config: at most %u and %u", count,
			config_size, DGM_OPTIONS_MAX, DGM_CONFIG_SIZE_MAX);
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		if (!is_line(table[i].name) || !is_name(dgm_str(table[i].name))) {
			snprintf(ret_reason, 256, "option %zu: its name is not made of lower-case words joined by '-'",
				i);
			return -1;
		}
		const char *reason = fault(&table[i], config_size);
		for (size_t j = 0; !reason && j < i; j++)
			reason = clash(&table[i], &table[j]);
		if (reason) {
			snprintf(ret_reason, 256, "option '%s' %s", table[i].name, reason);
			return -1;
		}
	}
	return 0;
}

/* A name close enough to have been meant: a third of its letters may be wrong. */
static const char *nearest(const struct dgm_option *table, size_t count, struct dgm_str name)
{
	const char *best = NULL;
	unsigned best_distance = (unsigned)(dgm_str_take(name, NAME_MAX_LEN).len / 3) + 1;
	for (size_t i = 0; i < count; i++) {
		const unsigned distance = dgm_str_distance(name, dgm_str(table[i].name));
		if (distance <= best_distance && (!best || distance < best_distance)) {
			best = table[i].name;
			best_distance = distance;
		}
	}
	return best;
}

/* A text from outside for a message: cut between characters, controls masked. */
static struct dgm_str shown(struct dgm_str text, char buffer[SHOWN_MAX + 4])
{
	size_t len = text.len < SHOWN_MAX ? text.len : SHOWN_MAX;
	while (len < text.len && len > 0 && ((unsigned char)text.ptr[len] & 0xc0u) == 0x80u)
		len--;
	for (size_t i = 0; i < len; i++)
		buffer[i] = (unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f ? '?' : text.ptr[i];
	if (len == text.len)
		return dgm_str_of(buffer, len);
	memcpy(buffer + len, "...", 3);
	return dgm_str_of(buffer, len + 3);
}

static void report_unknown(const struct dgm_option *table, size_t count, const struct dgm_option_given *given,
	struct dgm_str who, struct dgm_diag_sink *diags)
{
	char buffer[SHOWN_MAX + 4];
	const struct dgm_str name = shown(given->name, buffer);
	const char *guess = nearest(table, count, given->name);
	if (guess)
		dgm_diag_text(diags, DGM_ERROR, "option-unknown", given->file, &given->place,
			"%.*s has no option '%.*s'; did you mean '%s'?", DGM_FMT(who), DGM_FMT(name), guess);
	else if (count > 0)
		dgm_diag_text(diags, DGM_ERROR, "option-unknown", given->file, &given->place,
			"%.*s has no option '%.*s'; it has %zu others, the first is '%s'", DGM_FMT(who), DGM_FMT(name),
			count, table[0].name);
	else
		dgm_diag_text(diags, DGM_ERROR, "option-unknown", given->file, &given->place,
			"%.*s has no option '%.*s', nor any other", DGM_FMT(who), DGM_FMT(name));
}

int dgm_options_fill(const struct dgm_option *table, size_t count, void *config, size_t config_size,
	const struct dgm_option_given *given, size_t given_count, struct dgm_str who, struct dgm_diag_sink *diags)
{
	int result = 0;
	if (config_size > 0)
		memset(config, 0, config_size);
	for (size_t i = 0; i < count; i++) {
		struct value value = {0};
		if (parse(&table[i], dgm_str(table[i].default_text), &value))
			store(&table[i], &value, config);
	}
	for (size_t i = 0; i < given_count; i++) {
		const struct dgm_option *option = dgm_options_find(table, count, given[i].name);
		struct value value = {0};
		if (!option) {
			report_unknown(table, count, &given[i], who, diags);
			result = -1;
		} else if (!parse(option, given[i].value, &value)) {
			char buffer[SHOWN_MAX + 4];
			const struct dgm_str text = shown(given[i].value, buffer);
			dgm_diag_text(diags, DGM_ERROR, "option-value", given[i].file, &given[i].place,
				"%.*s: option %s='%.*s': expected %s", DGM_FMT(who), option->name, DGM_FMT(text),
				expected(option));
			result = -1;
		} else {
			store(option, &value, config);
		}
	}
	return result;
}

static void write_text(struct dgm_output *output, const char *text)
{
	dgm_output_write(output, dgm_str(text));
}

void dgm_options_print(const struct dgm_option *table, size_t count, struct dgm_output *output)
{
	for (size_t i = 0; i < count; i++) {
		write_text(output, "  ");
		write_text(output, table[i].name);
		write_text(output, "=");
		write_text(output, expected(&table[i]));
		write_text(output, "  [");
		write_text(output, table[i].default_text);
		write_text(output, "]\n      ");
		write_text(output, table[i].help);
		write_text(output, "\n");
	}
}
