/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers are few, so what is done here may walk the notice. */
#include "format/calling.h"

#include "notice/address.h"

/* --- which keys --- */

static uint32_t collect(const struct dgm_node *parent, const struct dgm_node **to)
{
	uint32_t count = 0;
	for (const struct dgm_node *node = parent->first; node; node = node->next) {
		if (node->kind == DGM_NODE_FIELD && node->calls) {
			if (to)
				to[count] = node;
			count++;
		}
		count += collect(node, to ? to + count : NULL);
	}
	return count;
}

struct dgm_callers dgm_callers_find(struct dgm_arena *arena, const struct dgm_shape *shape)
{
	struct dgm_callers callers = {.count = shape->root ? collect(shape->root, NULL) : 0};
	callers.nodes = dgm_arena_zero(arena, (callers.count + 1) * sizeof *callers.nodes);
	if (callers.count)
		collect(shape->root, callers.nodes);
	return callers;
}

/* --- which country --- */

/* The group on the way from top down to id; top is above it. */
static enum dgm_group_id step_to(enum dgm_group_id top, enum dgm_group_id id)
{
	while (dgm_groups[id].parent != top)
		id = dgm_groups[id].parent;
	return id;
}

/* The one country that the groups below say; false: they say several. *country stays empty where they say none. */
static bool agreed(const struct dgm_group *top, enum dgm_field_id field, struct dgm_str *country)
{
	if (top->id != dgm_fields[field].group) {
		const struct dgm_group *child = dgm_group_first(top, step_to(top->id, dgm_fields[field].group));
		for (; child; child = child->next)
			if (!agreed(child, field, country))
				return false;
		return true;
	}
	for (const struct dgm_value *value = dgm_value_first(top, field); value; value = value->next) {
		if (value->state != DGM_STATE_PARSED)
			continue;
		if (country->len && !dgm_str_eq(*country, value->text))
			return false;
		*country = value->text;
	}
	return true;
}

/* The plan of the country that the notice says for a group. NULL: not known. */
static const struct dgm_phone_plan *plan_of(const struct dgm_node *node, const struct dgm_group *group)
{
	struct dgm_str country = DGM_NOSTR;
	if (!node->calls)
		return node->plan;
	while (group->id != node->calling_from)
		group = group->parent;
	return agreed(group, node->calling, &country) ? dgm_phone_plan(country) : NULL;
}

/* --- reading --- */

/* Whether a group is one that the key speaks of. */
static bool is_meant(const struct dgm_anchor *anchor, const struct dgm_group *group)
{
	for (uint32_t i = 0; i < anchor->constant_count; i++) {
		const struct dgm_constant *constant = &anchor->constants[i];
		const struct dgm_str have = dgm_text_of(group, constant->field);
		bool same = dgm_str_eq(have, constant->text);
		for (uint32_t o = 0; o < constant->other_count; o++)
			same = same || dgm_str_eq(have, constant->others[o]);
		if (!same)
			return false;
	}
	return true;
}

static void complete(const struct dgm_node *node, struct dgm_arena *arena, struct dgm_group *group,
	const struct dgm_checks *checks)
{
	const struct dgm_phone_plan *plan = plan_of(node, group);
	for (struct dgm_value *value = dgm_value_first(group, node->target.field); value; value = value->next) {
		if (value->state != DGM_STATE_PARSED || !dgm_phone_is_national(arena, value->text))
			continue;
		const struct dgm_str number = plan ? dgm_phone_national(arena, value->text, plan) : value->text;
		if (dgm_str_eq(number, value->text)) {
			dgm_checks_tell(checks, node, "phone-national", value->text, value->offset);
			value->told = true;
			continue;
		}
		value->original = value->original.ptr ? value->original : value->text;
		value->text = number;
	}
}

static void complete_below(const struct dgm_node *node, const struct dgm_anchor *anchor, struct dgm_arena *arena,
	struct dgm_group *top, const struct dgm_checks *checks)
{
	const enum dgm_group_id id = dgm_fields[node->target.field].group;
	if (top->id == id) {
		if (is_meant(anchor, top))
			complete(node, arena, top, checks);
		return;
	}
	for (struct dgm_group *child = dgm_group_first(top, step_to(top->id, id)); child; child = child->next)
		complete_below(node, anchor, arena, child, checks);
}

void dgm_callers_complete(const struct dgm_callers *callers, const struct dgm_shape *shape, struct dgm_notice *notice,
	const struct dgm_checks *checks)
{
	for (uint32_t i = 0; i < callers->count; i++)
		complete_below(callers->nodes[i], &shape->anchors[callers->nodes[i]->target.anchor], notice->arena,
			notice->root, checks);
}

/* --- writing --- */

static struct dgm_str as_read(const struct dgm_node *node, struct dgm_arena *arena, const struct dgm_group *group,
	struct dgm_str text)
{
	const struct dgm_phone_plan *plan = plan_of(node, group);
	const struct dgm_str number = dgm_phone_international(arena, text);
	return plan && dgm_str_eq(number, text) ? dgm_phone_national(arena, text, plan) : number;
}

bool dgm_calling_changes(const struct dgm_node *node, struct dgm_arena *arena, const struct dgm_group *group,
	struct dgm_str text)
{
	return node->phone && !dgm_str_eq(as_read(node, arena, group, text), text);
}

bool dgm_calling_fits(const struct dgm_node *node, struct dgm_arena *arena, const struct dgm_group *group,
	const struct dgm_value *value)
{
	return !node->calls || value->state != DGM_STATE_PARSED || !value->original.ptr ||
		dgm_str_eq(as_read(node, arena, group, value->original), value->text);
}
