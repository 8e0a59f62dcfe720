/* SPDX-License-Identifier: Apache-2.0 */
/* Paths to a tree and names to path components. Most notices have no unmapped values, so this is never hot. */
#include "format/overlay.h"

/* 0: an ordinary character. */
static char escape_of(char c)
{
	return c == '~' ? '0' : c == '/' ? '1' : c == '[' ? '2' : '\0';
}

struct dgm_str dgm_overlay_escape(struct dgm_arena *arena, struct dgm_str name)
{
	size_t extra = 0;
	for (size_t i = 0; i < name.len; i++)
		extra += escape_of(name.ptr[i]) != '\0';
	if (extra == 0)
		return name;
	char *text = dgm_arena_alloc(arena, name.len + extra), *to = text;
	for (size_t i = 0; i < name.len; i++) {
		const char escape = escape_of(name.ptr[i]);
		*to++ = escape ? '~' : name.ptr[i];
		if (escape)
			*to++ = escape;
	}
	return dgm_str_of(text, (size_t)(to - text));
}

static struct dgm_str unescape(struct dgm_arena *arena, struct dgm_str name)
{
	if (dgm_str_find(name, DGM_STR("~")) == name.len)
		return name;
	char *text = dgm_arena_alloc(arena, name.len), *to = text;
	for (size_t i = 0; i < name.len; i++) {
		const char next = i + 1 < name.len ? name.ptr[i + 1] : '\0';
		if (name.ptr[i] == '~' && next >= '0' && next <= '2') {
			*to++ = "~/["[next - '0'];
			i++;
		} else {
			*to++ = name.ptr[i];
		}
	}
	return dgm_str_of(text, (size_t)(to - text));
}

static struct dgm_overlay *add(struct dgm_arena *arena, struct dgm_overlay *parent)
{
	struct dgm_overlay *child = dgm_arena_zero(arena, sizeof *child);
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
	return child;
}

/* "name", "name[2]", "name[+1]", "name[]". */
static void parse_component(struct dgm_arena *arena, struct dgm_str text, struct dgm_overlay *ret_component)
{
	const size_t bracket = dgm_str_find(text, DGM_STR("["));
	*ret_component = (struct dgm_overlay){.name = unescape(arena, dgm_str_take(text, bracket))};
	struct dgm_str inside = dgm_str_skip(text, bracket + 1);
	if (bracket == text.len || !dgm_str_ends(inside, DGM_STR("]")))
		return;
	inside.len--;
	ret_component->item = true;
	ret_component->beyond = dgm_str_starts(inside, DGM_STR("+"));
	uint64_t number = 0;
	if (dgm_str_to_u64(ret_component->beyond ? dgm_str_skip(inside, 1) : inside, &number))
		ret_component->number = (uint32_t)number;
}

static struct dgm_overlay *group_below(struct dgm_arena *arena, struct dgm_overlay *parent,
	const struct dgm_overlay *like)
{
	for (struct dgm_overlay *child = parent->first; child; child = child->next)
		if (!child->is_value && child->number == like->number && child->beyond == like->beyond &&
			dgm_str_eq(child->name, like->name))
			return child;
	struct dgm_overlay *child = add(arena, parent);
	child->name = like->name;
	child->number = like->number;
	child->beyond = like->beyond;
	child->item = like->item;
	return child;
}

/* Deeper paths than any record has are nobody's: their values stay where they are and count as lost. */
#define COMPONENTS_MAX 64u

static bool is_too_deep(struct dgm_str path)
{
	uint32_t components = 1;
	for (size_t i = 0; i < path.len; i++)
		components += path.ptr[i] == '/';
	return components > COMPONENTS_MAX;
}

struct dgm_overlay *dgm_overlay_build(const struct dgm_notice *notice, struct dgm_str format, bool envelope)
{
	struct dgm_overlay *root = NULL;
	const struct dgm_group *group = dgm_group_first(notice->root, DGM_GROUP_unmapped);
	for (; group; group = group->next) {
		const struct dgm_value *where = dgm_value_first(group, DGM_FIELD_unmapped_path);
		struct dgm_str path = where && where->original.ptr ? where->original
			: where                                    ? where->text
								   : DGM_NOSTR,
			       part;
		struct dgm_value *value = dgm_value_first(group, DGM_FIELD_unmapped_value);
		const bool outside = dgm_str_starts(path, DGM_STR("/"));
		if (!value || path.len == 0 || is_too_deep(path) || outside != envelope ||
			!dgm_str_eq(dgm_text_of(group, DGM_FIELD_unmapped_format), format))
			continue;
		if (!root)
			root = dgm_arena_zero(notice->arena, sizeof *root);
		struct dgm_overlay *at = root;
		path = outside ? dgm_str_skip(path, 1) : path;
		while (dgm_str_next(&path, DGM_STR("/"), &part)) {
			struct dgm_overlay component;
			parse_component(notice->arena, part, &component);
			if (path.ptr) {
				at = group_below(notice->arena, at, &component);
				continue;
			}
			struct dgm_overlay *leaf = add(notice->arena, at);
			leaf->name = component.name;
			leaf->item = component.item;
			leaf->is_value = true;
			leaf->value = value;
		}
	}
	return root;
}
