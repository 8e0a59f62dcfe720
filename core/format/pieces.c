/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alternatives are looked for only in what is not understood as a whole, and all of them must be understood: "Trinidad
 * and/or" is no country and no two.
 */
#include "format/pieces.h"

#include "format/values.h"

static struct dgm_fitted **append(struct dgm_arena *arena, struct dgm_fitted **link, struct dgm_str text,
	const struct dgm_fit *fit)
{
	struct dgm_fitted *piece = dgm_arena_alloc(arena, sizeof *piece);
	*piece = (struct dgm_fitted){.text = text, .fit = *fit};
	*link = piece;
	return &piece->next;
}

static bool is_understood(const struct dgm_node *node, const struct dgm_fit *fit)
{
	for (uint32_t h = 0; h < node->templates[fit->pattern].count; h++)
		if (node->template_nodes[fit->pattern][h]->kind != DGM_NODE_PART &&
			fit->reads[h].reading != DGM_READ_PARSED)
			return false;
	return true;
}

/* Up to the next of the texts that stand between alternatives; false: behind the last one. */
static bool next_alternative(const struct dgm_node *node, struct dgm_str *rest, struct dgm_str *ret_text)
{
	size_t at = rest->len, skip = 0;
	if (!rest->ptr)
		return false;
	for (uint32_t i = 0; i < node->either_count; i++) {
		const size_t hit = dgm_str_find(*rest, node->either[i]);
		if (hit < at || (hit == at && hit < rest->len && node->either[i].len > skip)) {
			at = hit;
			skip = node->either[i].len;
		}
	}
	*ret_text = dgm_str_trim(dgm_str_take(*rest, at));
	*rest = skip ? dgm_str_skip(*rest, at + skip) : DGM_NOSTR;
	return true;
}

/* Appends the alternatives; false, and nothing is appended, where there are not several or one is not understood. */
static bool split(const struct dgm_node *node, const struct dgm_composite *composites, const uint32_t *of_node,
	struct dgm_arena *arena, struct dgm_str whole, struct dgm_fitted ***link)
{
	struct dgm_fitted *first = NULL, **end = &first;
	struct dgm_str rest = whole, text;
	while (next_alternative(node, &rest, &text)) {
		struct dgm_fit fit;
		if (!text.len || !dgm_fit_read(node, composites, of_node, arena, text, &fit) ||
			!is_understood(node, &fit))
			return false;
		end = append(arena, end, text, &fit);
	}
	if (!first || !first->next)
		return false;
	for (struct dgm_fitted *piece = first; piece; piece = piece->next)
		piece->whole = whole;
	**link = first;
	*link = end;
	return true;
}

bool dgm_pieces_fit(const struct dgm_node *node, const struct dgm_composite *composites, const uint32_t *of_node,
	struct dgm_arena *arena, struct dgm_str text, struct dgm_fitted **ret_first)
{
	struct dgm_pieces pieces = {.rest = text};
	struct dgm_fitted **link = ret_first;
	*ret_first = NULL;
	while (dgm_value_next(node, &pieces, &text)) {
		struct dgm_fit fit;
		text = dgm_str_trim(text);
		if (text.len == 0)
			continue;
		const bool fits = dgm_fit_read(node, composites, of_node, arena, text, &fit);
		if (node->either_count && !(fits && is_understood(node, &fit)) &&
			split(node, composites, of_node, arena, text, &link))
			continue;
		if (!fits)
			return false;
		link = append(arena, link, text, &fit);
	}
	return true;
}

void dgm_pieces_doubt(const struct dgm_node *node, struct dgm_notice *notice, struct dgm_group *group,
	struct dgm_str whole, uint32_t offset)
{
	for (uint32_t i = 0; i < node->each_count; i++) {
		struct dgm_value *value = dgm_value_first(group, node->each[i].field);
		/* What one of them says of itself comes first. */
		if (value && !value->preset)
			continue;
		if (!value)
			value = dgm_value_add(notice, group, node->each[i].field);
		*value = (struct dgm_value){.next = value->next,
			.text = node->each[i].text,
			.original = whole,
			.offset = offset};
	}
}

/* Whether an instance says what an alternative was read as. */
static bool is_still(const struct dgm_node *node, const struct dgm_fitted *piece, const struct dgm_group *group)
{
	for (uint32_t h = 0; h < node->templates[piece->fit.pattern].count; h++) {
		const struct dgm_node *hole = node->template_nodes[piece->fit.pattern][h];
		if (hole->kind == DGM_NODE_PART ||
			!dgm_str_eq(dgm_text_of(group, hole->target.field), piece->fit.reads[h].text))
			return false;
	}
	for (uint32_t i = 0; i < node->each_count; i++) {
		const struct dgm_value *value = dgm_value_first(group, node->each[i].field);
		if (!value || !dgm_str_eq(value->text, node->each[i].text) ||
			!dgm_str_eq(value->original, piece->whole))
			return false;
	}
	return true;
}

struct dgm_group *dgm_pieces_whole(struct dgm_unmapper *unmapper, const struct dgm_node *node,
	const struct dgm_anchor *anchor, struct dgm_group *group, struct dgm_str *ret_text)
{
	const struct dgm_unmap_shape *state = unmapper->state;
	const struct dgm_value *said =
		node->each_count && unmapper->native ? dgm_value_first(group, node->each[0].field) : NULL;
	struct dgm_fitted *first;
	if (!said || !said->original.ptr || said->state != DGM_STATE_PARSED ||
		!dgm_pieces_fit(node, state->composites, state->composite_of, unmapper->notice->arena, said->original,
			&first) ||
		!first || !first->whole.ptr)
		return NULL;
	struct dgm_group *at = group, *last = NULL;
	for (const struct dgm_fitted *piece = first; piece; piece = piece->next) {
		if (!at || !piece->whole.ptr || !is_still(node, piece, at))
			return NULL;
		last = at;
		at = dgm_put_next_selected(unmapper, anchor, at->next);
	}
	*ret_text = said->original;
	for (at = group; at; at = at == last ? NULL : at->next) {
		const struct dgm_group_def *def = &dgm_groups[at->id];
		for (uint32_t f = 0; f < def->field_count; f++)
			for (struct dgm_value *value = at->slots[f].first; value; value = value->next)
				value->used = 1;
	}
	return last;
}
