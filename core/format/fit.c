/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pattern alone does not decide: "16/04/1972 - Tunis" and "Ain - Sefra" have one form. What a hole can hold does, and
 * for the parts of a date whether all of them together are one.
 */
#include "format/fit.h"

#include "base/digits.h"
#include "format/values.h"

const struct dgm_composite *dgm_fit_composite(const struct dgm_node *node, const struct dgm_composite *composites,
	const uint32_t *of_node)
{
	for (const struct dgm_node *child = node->first; child; child = child->next)
		if (child->kind == DGM_NODE_PART)
			return &composites[of_node[child->number] - 1];
	return NULL;
}

bool dgm_fit_says_nothing(const struct dgm_node *hole, struct dgm_str text)
{
	text = dgm_str_trim(text);
	return text.len == 0 || dgm_nulls_have(&hole->nulls, text);
}

static bool read_part(const struct dgm_node *hole, struct dgm_arena *arena, struct dgm_str text,
	struct dgm_parts *parts)
{
	if (dgm_fit_says_nothing(hole, text))
		return true;
	if (hole->part != DGM_PART_QUALIFIER && !dgm_digits_ascii(arena, text, &text))
		return false;
	parts->text[hole->part] = text;
	return true;
}

/* All parts must be needed: what contradicts or repeats another one would be dropped in silence. */
static bool read_date(const struct dgm_composite *composite, struct dgm_arena *arena, const struct dgm_parts *parts,
	struct dgm_date *ret_date)
{
	const bool full = parts->text[DGM_PART_FULL].ptr, year = parts->text[DGM_PART_YEAR].ptr;
	const bool interval = parts->text[DGM_PART_FROM].ptr || parts->text[DGM_PART_TO].ptr;
	const bool month = parts->text[DGM_PART_MONTH].ptr, day = parts->text[DGM_PART_DAY].ptr;
	const char *problem = NULL;
	if (full + year + interval != 1 || (month && !year) || (day && !month) ||
		!dgm_composite_read(composite, arena, parts, ret_date, &problem))
		return false;
	const struct dgm_str said = parts->text[DGM_PART_QUALIFIER];
	if (!said.ptr)
		return true;
	const struct dgm_node *qualifier = composite->nodes[DGM_PART_QUALIFIER];
	struct dgm_str code = DGM_NOSTR;
	for (uint32_t i = 0; i < qualifier->code_count && !code.ptr; i++)
		if (!dgm_codes_read(qualifier->codes[i], arena, dgm_str_trim(said), &code))
			code = DGM_NOSTR;
	return code.ptr && dgm_str_is(code, "between") == interval;
}

bool dgm_fit_admits(const struct dgm_node *hole, struct dgm_arena *arena, struct dgm_str text)
{
	if (!hole->no_digits)
		return true;
	/* Digits of two scripts are digits too. */
	if (!dgm_digits_ascii(arena, text, &text))
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (dgm_is_digit(text.ptr[i]))
			return false;
	return true;
}

static bool read_field(const struct dgm_node *hole, struct dgm_arena *arena, struct dgm_str text,
	struct dgm_read *ret_read)
{
	if (!dgm_fit_admits(hole, arena, text))
		return false;
	*ret_read = dgm_value_read(hole, arena, text, DGM_LITERAL_TEXT);
	return ret_read->reading != DGM_READ_UNPARSED;
}

static bool takes_any(const struct dgm_node *hole)
{
	const enum dgm_type type = hole->kind == DGM_NODE_FIELD ? dgm_fields[hole->target.field].type : DGM_TYPE_COUNT;
	return (type == DGM_TYPE_TEXT || type == DGM_TYPE_PROSE) && !hole->no_digits;
}

static bool fits(const struct dgm_node *node, uint32_t pattern, const struct dgm_composite *composite,
	struct dgm_arena *arena, struct dgm_str text, struct dgm_fit *fit)
{
	const struct dgm_template *template = &node->templates[pattern];
	/* Most patterns fail here, so that nothing is cleared before. */
	if (!dgm_template_match(template, text, fit->pieces))
		return false;
	struct dgm_parts parts = {0};
	fit->pattern = pattern;
	fit->dated = false;
	/* Text fits everywhere: what else there is decides. */
	for (int texts = 0; texts < 2; texts++) {
		for (uint32_t h = 0; h < template->count; h++) {
			const struct dgm_node *hole = node->template_nodes[pattern][h];
			if (takes_any(hole) != texts)
				continue;
			fit->dated = fit->dated || hole->kind == DGM_NODE_PART;
			if (hole->kind == DGM_NODE_PART ? !read_part(hole, arena, fit->pieces[h], &parts)
							: !read_field(hole, arena, fit->pieces[h], &fit->reads[h]))
				return false;
		}
	}
	return !fit->dated || read_date(composite, arena, &parts, &fit->date);
}

bool dgm_fit_read(const struct dgm_node *node, const struct dgm_composite *composites, const uint32_t *of_node,
	struct dgm_arena *arena, struct dgm_str text, struct dgm_fit *ret_fit)
{
	const struct dgm_composite *composite = dgm_fit_composite(node, composites, of_node);
	text = dgm_str_trim(text);
	/* "former Soviet Union" is a name that the lists know, not somebody's former nationality. */
	if (node->otherwise >= 0 && fits(node, (uint32_t)node->otherwise, composite, arena, text, ret_fit))
		return true;
	for (uint32_t i = 0; i < node->template_count; i++)
		if ((int)i != node->otherwise && fits(node, i, composite, arena, text, ret_fit))
			return true;
	if (node->otherwise < 0)
		return false;
	const struct dgm_node *hole = node->template_nodes[node->otherwise][0];
	*ret_fit = (struct dgm_fit){.pattern = (uint32_t)node->otherwise,
		.pieces = {text},
		.reads = {dgm_value_read(hole, arena, text, DGM_LITERAL_TEXT)}};
	return true;
}
