/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What keys have to do with each other and with the group around them: a container that says what its group is, an
 * instance that knows the number of the one around it, keys that leave to others what those take. Compiled here, and
 * asked here while writing.
 */
#include "base/script.h"
#include "format/compile.h"
#include "format/put.h"
#include "format/values.h"

/* --- compiling --- */

void dgm_compile_choice(struct dgm_compiler *compiler, const struct dgm_shape *shape, uint32_t base,
	const struct dgm_yaml *yaml, struct dgm_node *node)
{
	const struct dgm_yaml *set = dgm_yaml_get(yaml, "set");
	if (!set)
		return;
	if (base == 0) {
		dgm_compile_fail(compiler, &set->place, "definition-shape",
			"\"set\" beside \"map\" alone needs a group around it");
		return;
	}
	node->target.anchor = base;
	node->choice = dgm_compile_constants(compiler, shape->anchors[base].group, set, &node->choice_count);
}

void dgm_compile_link(struct dgm_compiler *compiler, struct dgm_shape *shape, uint32_t outer,
	const struct dgm_yaml *yaml, const struct dgm_node *node)
{
	const struct dgm_yaml *link = dgm_yaml_get(yaml, "link");
	struct dgm_anchor *anchor = &shape->anchors[node->target.anchor];
	anchor->outer = outer;
	if (!link)
		return;
	const struct dgm_str name = dgm_compile_text(compiler, link);
	const int field = dgm_field_in(anchor->group, name);
	if (outer == 0 || !shape->anchors[outer].bound || field < 0 || dgm_fields[field].type != DGM_TYPE_INTEGER) {
		dgm_compile_fail(compiler, &link->place, "definition-field",
			"\"link\" names a number of %.*s, inside the key of another group",
			DGM_FMT(dgm_groups[anchor->group].path));
		return;
	}
	anchor->link = (enum dgm_field_id)field;
	anchor->linked = true;
}

static const struct dgm_node *find_named(const struct dgm_node *parent, struct dgm_str name)
{
	const struct dgm_node *found = NULL;
	for (const struct dgm_node *node = parent->first; node && !found; node = node->next)
		found = dgm_str_eq(node->name, name) ? node : NULL;
	return found;
}

static const struct dgm_node *key_before(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, const char *key,
	const struct dgm_node *node)
{
	const struct dgm_yaml *said = dgm_yaml_get(yaml, key);
	const struct dgm_str name = dgm_compile_text(compiler, said);
	const struct dgm_node *other = said ? find_named(node->parent, name) : NULL;
	if (said && !other)
		dgm_compile_fail(compiler, &said->place, "definition-shape", "\"%.*s\" is not a key before this one",
			DGM_FMT(name));
	return other;
}

void dgm_compile_unless(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	node->unless = key_before(compiler, yaml, "unless", node);
	node->with = key_before(compiler, yaml, "with", node);
}

/* The keys that an anchor leaves its instances to are siblings of the first key that speaks of it. */
void dgm_compile_without(struct dgm_compiler *compiler, struct dgm_shape *shape, const struct dgm_node *parent)
{
	for (const struct dgm_node *node = parent->first; node; node = node->next) {
		dgm_compile_without(compiler, shape, node);
		struct dgm_anchor *anchor = &shape->anchors[node->target.anchor];
		if (node->kind != DGM_NODE_FIELD || !anchor->without_count || anchor->without_nodes)
			continue;
		anchor->without_nodes =
			dgm_arena_zero(compiler->arena, anchor->without_count * sizeof *anchor->without_nodes);
		for (uint32_t i = 0; i < anchor->without_count; i++) {
			const struct dgm_node *other = find_named(parent, anchor->without[i]);
			if (!other || (other->kind != DGM_NODE_GROUP && other->kind != DGM_NODE_FIELD) ||
				shape->anchors[other->target.anchor].group != anchor->group || other == node)
				dgm_compile_fail(compiler, &node->place, "definition-shape",
					"\"without\": \"%.*s\" is no key beside this one that takes %.*s",
					DGM_FMT(anchor->without[i]), DGM_FMT(dgm_groups[anchor->group].path));
			else
				anchor->without_nodes[i] = other;
		}
	}
}

bool dgm_compile_excludes(const struct dgm_node *a, const struct dgm_node *b)
{
	if (a->choice_count == 0)
		return false;
	for (const struct dgm_node *up = b; up; up = up->parent)
		if (up == a)
			return false;
	for (const struct dgm_node *up = b; up; up = up->parent)
		if (up->choice_count && up->parent == a->parent)
			return true;
	return false;
}

/* --- writing --- */

/* What is of no stated script is of that in which one of its texts is written, the name rather than a note on it. */
static bool is_written_in(const struct dgm_group *group, const struct dgm_constant *script)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	bool any = false;
	for (uint32_t f = 0; f < def->field_count; f++) {
		if (dgm_fields[def->first_field + f].type != DGM_TYPE_TEXT)
			continue;
		for (const struct dgm_value *value = group->slots[f].first; value; value = value->next) {
			bool holds = script->text.len && dgm_script_holds(value->text, script->text);
			for (uint32_t i = 0; i < script->other_count && !holds; i++)
				holds = script->others[i].len && dgm_script_holds(value->text, script->others[i]);
			if (holds && value->text.len)
				return true;
			any = any || value->text.len;
		}
	}
	return !any;
}

static bool has_constants(const struct dgm_constant *constants, uint32_t count, const struct dgm_group *group)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct dgm_str text = dgm_text_of(group, constants[i].field);
		if (!dgm_put_accepts(&constants[i], text) ||
			(text.len == 0 && dgm_fields[constants[i].field].type == DGM_TYPE_SCRIPT &&
				!is_written_in(group, &constants[i])))
			return false;
	}
	return true;
}

bool dgm_tie_fills(struct dgm_unmapper *unmapper, const struct dgm_node *node, const struct dgm_group *group)
{
	for (const struct dgm_node *child = node->first; child; child = child->next) {
		if (!child->demanded || child->kind != DGM_NODE_FIELD || child->target.anchor != node->target.anchor)
			continue;
		const struct dgm_value *value = dgm_value_first(group, child->target.field);
		if (!value ||
			dgm_value_write(child, unmapper->notice->arena, value, unmapper->native).writing ==
				DGM_WRITE_CANNOT)
			return false;
	}
	return true;
}

bool dgm_tie_selects(struct dgm_unmapper *unmapper, const struct dgm_anchor *anchor, const struct dgm_group *group)
{
	if (!has_constants(anchor->constants, anchor->constant_count, group))
		return false;
	for (uint32_t i = 0; anchor->without_nodes && i < anchor->without_count; i++) {
		const struct dgm_node *other = anchor->without_nodes[i];
		const struct dgm_anchor *taken = &unmapper->state->shape->anchors[other->target.anchor];
		if (has_constants(taken->constants, taken->constant_count, group) &&
			dgm_tie_fills(unmapper, other, group))
			return false;
	}
	if (!anchor->linked)
		return true;
	uint64_t number = 0;
	return dgm_str_to_u64(dgm_text_of(group, anchor->link), &number) && unmapper->instances[anchor->outer] &&
		number == unmapper->instances[anchor->outer]->number;
}

bool dgm_tie_chosen(struct dgm_unmapper *unmapper, const struct dgm_node *node)
{
	if (node->choice_count == 0)
		return true;
	struct dgm_group *group = dgm_put_resolve(unmapper, node->target.anchor);
	return group && has_constants(node->choice, node->choice_count, group);
}

void dgm_tie_choose(struct dgm_unmapper *unmapper, const struct dgm_node *node)
{
	struct dgm_group *group = node->choice_count ? dgm_put_resolve(unmapper, node->target.anchor) : NULL;
	for (uint32_t i = 0; group && i < node->choice_count; i++) {
		struct dgm_value *value = dgm_value_first(group, node->choice[i].field);
		if (!value)
			continue;
		if (!value->used && !dgm_str_eq(value->text, node->choice[i].text))
			dgm_losses_add(unmapper->losses, group, node->choice[i].field, value, DGM_LOSS_RECODED);
		value->used = 1;
	}
}

uint32_t dgm_tie_name(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key,
	const struct dgm_overlay *kept)
{
	if (!kept || !node->alias_count || dgm_str_eq(kept->name, node->name))
		return key;
	return dgm_keys_get(unmapper->keys, dgm_keys_parent(unmapper->keys, key), kept->name);
}
