/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in a notice comes from anywhere, so that nothing of it may reach a terminal but text. */
#include "pipe/card.h"

#include "notice/changes.h"

enum {
	LABEL_WIDTH = 22, /* of a card's first column; longer labels push their line */
	INDENT = 2,
};

static void put(struct dgm_output *output, const char *text)
{
	dgm_output_write(output, dgm_str(text));
}

static void pad(struct dgm_output *output, size_t from, size_t width)
{
	for (size_t i = from; i < width; i++)
		put(output, " ");
}

/* U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069: they turn a line around. */
static bool turns(struct dgm_str text, size_t at)
{
	if (text.len - at < 3 || (unsigned char)text.ptr[at] != 0xE2)
		return false;
	const unsigned char middle = (unsigned char)text.ptr[at + 1], last = (unsigned char)text.ptr[at + 2];
	return (middle == 0x80 && (last == 0x8E || last == 0x8F || (last >= 0xAA && last <= 0xAE))) ||
		(middle == 0x81 && last >= 0xA6 && last <= 0xA9);
}

static void put_safe(struct dgm_output *output, struct dgm_str text)
{
	static const char hex[] = "0123456789abcdef";
	for (size_t i = 0; i < text.len; i++) {
		const unsigned char c = (unsigned char)text.ptr[i];
		if (turns(text, i)) {
			i += 2;
		} else if (c == '\n') {
			put(output, " ");
		} else if (c < 0x20 || c == 0x7F) {
			const char escape[] = {'\\', 'x', hex[c >> 4], hex[c & 15]};
			dgm_output_write(output, dgm_str_of(escape, sizeof escape));
		} else {
			dgm_output_write(output, dgm_str_of(text.ptr + i, 1));
		}
	}
}

/* By which rules the source's spelling became the value. */
static void put_changes(struct dgm_output *output, enum dgm_field_id field, const struct dgm_value *value)
{
	for (uint32_t bits = dgm_changes_of(field, value), first = bits; bits; bits &= bits - 1) {
		put(output, bits == first ? " " : ", ");
		put(output, dgm_change_codes[__builtin_ctz(bits)]);
	}
}

static void put_value(struct dgm_output *output, enum dgm_field_id field, const struct dgm_value *value)
{
	if (value->state == DGM_STATE_PARSED)
		put_safe(output, value->text);
	else
		put(output, value->state == DGM_STATE_NULL ? "-" : "?");
	if (value->original.len) {
		put(output, " {");
		put_safe(output, value->original);
		put(output, "}");
		put_changes(output, field, value);
	}
	put(output, "\n");
}

static void put_heading(struct dgm_output *output, const struct dgm_group *group, size_t indent)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	char number[16];
	size_t at = sizeof number;
	pad(output, 0, indent);
	dgm_output_write(output, def->name);
	if (def->many) {
		for (uint32_t n = group->number; n; n /= 10)
			number[--at] = (char)('0' + n % 10);
		put(output, " ");
		dgm_output_write(output, dgm_str_of(number + at, sizeof number - at));
	}
	put(output, "\n");
}

static void put_group(struct dgm_output *output, const struct dgm_group *group, size_t depth)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	if (depth)
		put_heading(output, group, (depth - 1) * INDENT);
	for (uint32_t f = 0; f < def->field_count; f++) {
		const enum dgm_field_id field = (enum dgm_field_id)(def->first_field + f);
		for (const struct dgm_value *value = dgm_value_first(group, field); value; value = value->next) {
			pad(output, 0, depth * INDENT);
			dgm_output_write(output, dgm_fields[field].name);
			pad(output, dgm_fields[field].name.len, LABEL_WIDTH);
			put(output, " ");
			put_value(output, field, value);
		}
	}
	for (uint32_t c = 0; c < def->child_count; c++)
		for (const struct dgm_group *child = dgm_group_first(group, def->children[c]); child;
			child = child->next)
			put_group(output, child, depth + 1);
}

void dgm_card_write(struct dgm_output *output, const struct dgm_notice *notice)
{
	put_group(output, notice->root, 0);
}
