/* SPDX-License-Identifier: Apache-2.0 */
/* No regular expressions: a template that needs them is a job for a plugin. */
#include "format/template.h"

#include "base/text.h"

#define WIDTH_MAX 99u /* two digits are wider than any code */

/* The name of a hole, without the width behind a colon. false: the width is no number. */
static bool name_hole(struct dgm_str text, struct dgm_str *ret_name, uint8_t *ret_width)
{
	const size_t colon = dgm_str_find(text, DGM_STR(":"));
	uint64_t width = 0;
	*ret_name = dgm_str_take(text, colon);
	if (colon < text.len && (!dgm_str_to_u64(dgm_str_skip(text, colon + 1), &width) || !width || width > WIDTH_MAX))
		return false;
	*ret_width = (uint8_t)width;
	return colon > 0;
}

bool dgm_template_compile(struct dgm_str text, struct dgm_template *ret_template)
{
	struct dgm_template template = {0};
	for (;;) {
		const size_t open = dgm_str_find(text, DGM_STR("{"));
		template.literals[template.count] = dgm_str_take(text, open);
		if (open == text.len)
			break;
		text = dgm_str_skip(text, open + 1);
		const size_t close = dgm_str_find(text, DGM_STR("}"));
		const bool side_by_side = template.count > 0 && template.literals[template.count].len == 0;
		const bool open_end = side_by_side && template.widths[template.count - 1] == 0;
		if (close == text.len || template.count == DGM_HOLES_MAX || open_end ||
			!name_hole(dgm_str_take(text, close), &template.holes[template.count],
				&template.widths[template.count]))
			return false;
		template.count++;
		text = dgm_str_skip(text, close + 1);
	}
	*ret_template = template;
	return template.count > 0;
}

bool dgm_template_match(const struct dgm_template *template, struct dgm_str text,
	struct dgm_str ret_pieces[DGM_HOLES_MAX])
{
	if (!dgm_str_starts(text, template->literals[0]))
		return false;
	text = dgm_str_skip(text, template->literals[0].len);
	for (uint32_t i = 0; i < template->count; i++) {
		const struct dgm_str behind = template->literals[i + 1];
		const bool last = i + 1 == template->count;
		if (last && !dgm_str_ends(text, behind))
			return false;
		const size_t end = last       ? text.len - behind.len
			: template->widths[i] ? dgm_utf8_take(text, template->widths[i]).len
					      : dgm_str_find(text, behind);
		if (!dgm_str_starts(dgm_str_skip(text, end), behind))
			return false;
		if (template->widths[i] && dgm_utf8_length(dgm_str_take(text, end)) != template->widths[i])
			return false;
		ret_pieces[i] = dgm_str_take(text, end);
		text = dgm_str_skip(text, end + behind.len);
	}
	return true;
}

struct dgm_str dgm_template_fill(const struct dgm_template *template, struct dgm_arena *arena,
	const struct dgm_str pieces[DGM_HOLES_MAX])
{
	struct dgm_str text = template->literals[0];
	for (uint32_t i = 0; i < template->count; i++)
		text = dgm_arena_join(arena, text, pieces[i], template->literals[i + 1]);
	return text;
}
