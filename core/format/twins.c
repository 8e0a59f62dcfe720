/* SPDX-License-Identifier: Apache-2.0 */
/* Several keys for one field: told apart by a pattern, paired, shared on purpose, or a mistake. */
#include "format/compile.h"

static bool is_single(const struct dgm_node *node)
{
	return node->kind == DGM_NODE_FIELD && !node->read_only && !node->list &&
		(node->split_count == 0 || node->rest);
}

/* Holes of one key that no pattern has both of: only one of them is ever written. */
static bool are_alternatives(const struct dgm_node *a, const struct dgm_node *b)
{
	const struct dgm_node *parent = a->parent;
	if (parent != b->parent || parent->template_count == 0)
		return false;
	for (uint32_t i = 0; i < parent->template_count; i++) {
		unsigned found = 0;
		for (uint32_t h = 0; h < parent->templates[i].count; h++)
			found += parent->template_nodes[i][h] == a || parent->template_nodes[i][h] == b;
		if (found > 1)
			return false;
	}
	return true;
}

/* The nodes of a shape in their order, by their fields: a definition of hundreds of keys has few for one field. */
struct entry {
	struct dgm_node *node;
	struct entry *next;
};

struct by_field {
	struct entry *first[DGM_FIELD_COUNT], *last[DGM_FIELD_COUNT];
};

static void enter(struct dgm_compiler *compiler, struct by_field *table, struct dgm_node *node)
{
	const enum dgm_field_id field = node->target.field;
	struct entry *entry = dgm_arena_zero(compiler->arena, sizeof *entry);
	entry->node = node;
	if (table->last[field])
		table->last[field]->next = entry;
	else
		table->first[field] = entry;
	table->last[field] = entry;
}

static bool is_inside(const struct dgm_node *node, const struct dgm_node *outer)
{
	while (node && node != outer)
		node = node->parent;
	return node != NULL;
}

static bool is_excluded(const struct dgm_node *other, const struct dgm_node *node)
{
	for (; other->parent; other = other->parent)
		if (dgm_compile_excludes(other, node))
			return true;
	return false;
}

/* Another single key with the same target, not behind this one beside it: writing would put one value into both. */
static const struct dgm_node *find_twin(const struct by_field *singles, const struct dgm_node *node)
{
	bool behind = false;
	for (const struct entry *entry = singles->first[node->target.field]; entry; entry = entry->next) {
		const struct dgm_node *other = entry->node;
		behind = behind || other == node;
		if (other != node && !other->agrees && other->target.anchor == node->target.anchor &&
			other->target.position == node->target.position &&
			!(behind && is_inside(other, node->parent)) && !are_alternatives(other, node) &&
			!is_excluded(other, node))
			return other;
	}
	return NULL;
}

/* Whether the texts of a group's key are patterns with this date in them. */
static bool is_dated(const struct dgm_compiler *compiler, const struct dgm_node *group, const struct dgm_node *node)
{
	const struct dgm_shape *shape = &compiler->format->shapes[compiler->format->shape_count - 1];
	const struct dgm_node *hole = group->template_count ? group->first : NULL;
	while (hole && !(hole->kind == DGM_NODE_PART && hole->target.field == node->target.field))
		hole = hole->next;
	return hole && group->kind == DGM_NODE_GROUP &&
		shape->anchors[group->target.anchor].parent == shape->anchors[node->target.anchor].parent;
}

/* The key that says again what another one says, and that one, which counts where they differ. */
static void make_pair(struct dgm_compiler *compiler, struct dgm_node *node, const struct dgm_node *twin)
{
	struct dgm_node *first = node->parent->first;
	while (first && first != twin && (twin || !is_dated(compiler, first, node)))
		first = first->next;
	if (!first || first->number > node->number || first->pair || node->target.position >= 0 || first->rest ||
		node->rest) {
		dgm_compile_fail(compiler, &node->place, "definition-shape",
			"\"%.*s\" agrees with nothing: before it and beside it stands no other single key with its field",
			DGM_FMT(node->name));
		return;
	}
	first->pair = node;
	node->pair = first;
}

static void check_twins(struct dgm_compiler *compiler, const struct by_field *singles, const struct dgm_node *parent)
{
	for (struct dgm_node *node = parent->first; node; node = node->next) {
		const struct dgm_node *twin = is_single(node) ? find_twin(singles, node) : NULL;
		if (node->agrees)
			make_pair(compiler, node, twin);
		else if (twin && twin->number < node->number)
			dgm_compile_fail(compiler, &node->place, "definition-shape",
				"\"%.*s\" leads to the same single field as \"%.*s\"; say split, list, a position or numbered",
				DGM_FMT(node->name), DGM_FMT(twin->name));
		if (node->no_digits && (parent->template_count == 0 || node->kind != DGM_NODE_FIELD))
			dgm_compile_fail(compiler, &node->place, "definition-shape",
				"\"digits\" is for fields in the holes of a pattern");
		check_twins(compiler, singles, node);
	}
}

/* The next node of a tree, in its order. */
static struct dgm_node *following(struct dgm_node *node)
{
	if (node->first)
		return node->first;
	while (node && !node->next)
		node = node->parent;
	return node ? node->next : NULL;
}

/* Fields that two places of a shape speak of on purpose. */
static void find_shared(struct dgm_shape *shape, const struct by_field *others)
{
	for (struct dgm_node *node = shape->root; node; node = following(node)) {
		for (uint32_t c = 0; node->kind == DGM_NODE_FIELD && c < shape->constant_count; c++) {
			if (shape->constants[c].field != node->target.field ||
				shape->constant_anchors[c] != node->target.anchor)
				continue;
			shape->constants[c].said = true;
			node->standing = shape->constants[c].text;
		}
		/* Containers that say what their group is say it, too. */
		for (uint32_t c = 0; c < shape->constant_count; c++)
			for (uint32_t i = 0; i < node->choice_count; i++)
				shape->constants[c].said = shape->constants[c].said ||
					(shape->constants[c].field == node->choice[i].field &&
						shape->constant_anchors[c] == node->target.anchor);
		/* The value of a single key, and what came with a name in one cell, is not written again in a list behind. */
		const bool takes = node->read_only || node->kind == DGM_NODE_PART || is_single(node);
		const struct entry *entry = takes ? others->first[node->target.field] : NULL;
		for (; entry; entry = entry->next)
			if (entry->node->target.anchor == node->target.anchor &&
				(node->read_only || entry->node->number > node->number))
				entry->node->shared = true;
		/* Elements of the same group, too, are not written for what stands in the text. */
		for (struct dgm_node *other = node->parent && node->parent->rest == node ? shape->root : NULL; other;
			other = following(other))
			other->shared = other->shared ||
				(other->kind == DGM_NODE_GROUP &&
					shape->anchors[other->target.anchor].group ==
						dgm_fields[node->target.field].group);
	}
}

void dgm_compile_twins(struct dgm_compiler *compiler, struct dgm_shape *shape)
{
	struct by_field singles = {0}, others = {0};
	for (struct dgm_node *node = following(shape->root); node; node = following(node))
		if (is_single(node))
			enter(compiler, &singles, node);
		else if (node->kind == DGM_NODE_FIELD && !node->read_only)
			enter(compiler, &others, node);
	if (compiler->errors == 0)
		check_twins(compiler, &singles, shape->root);
	find_shared(shape, &others);
}
