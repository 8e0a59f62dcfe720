/* SPDX-License-Identifier: Apache-2.0 */
/* No regular expressions: a template that needs them is a job for a plugin. */
#include "format/template.h"

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
		if (close == text.len || close == 0 || template.count == DGM_HOLES_MAX || side_by_side)
			return false;
		template.holes[template.count++] = dgm_str_take(text, close);
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
		const size_t end = last ? text.len - behind.len : dgm_str_find(text, behind);
		if (end == text.len && behind.len > 0)
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
		text = dgm_arena_printf(arena, "%.*s%.*s%.*s", DGM_FMT(text), DGM_FMT(pieces[i]),
			DGM_FMT(template->literals[i + 1]));
	return text;
}
