/* SPDX-License-Identifier: Apache-2.0 */
/* From the paths of a definition to anchors: which group instance of the notice a source key speaks of. */
#include "format/compile.h"

#define ANCHORS_MAX 512u /* of one shape; the richest real ones need some 60 */

struct step {
	struct dgm_str name, selector;
	bool any;
};

/* The field whose code says which instance is meant: kind, or what stands for it in groups without one. */
static int discriminator(enum dgm_group_id group)
{
	static const char *const names[] = {"kind", "scheme", "role", "relation", "type", "code"};
	for (size_t i = 0; i < DGM_COUNT(names); i++) {
		const int field = dgm_field_in(group, dgm_str(names[i]));
		if (field >= 0)
			return field;
	}
	return -1;
}

static bool is_code(enum dgm_field_id field, struct dgm_str text)
{
	return dgm_fields[field].type != DGM_TYPE_CODE || dgm_list_has(dgm_fields[field].list, text);
}

static void check_code(struct dgm_compiler *compiler, const struct dgm_place *place, enum dgm_field_id field,
	struct dgm_str text)
{
	if (!is_code(field, text))
		dgm_compile_fail(compiler, place, "definition-code", "\"%.*s\" is not a code of %.*s", DGM_FMT(text),
			DGM_FMT(dgm_fields[field].path));
}

static void fill_constant(struct dgm_compiler *compiler, const struct dgm_yaml *value, enum dgm_field_id field,
	struct dgm_constant *constant)
{
	uint32_t count = 0;
	struct dgm_str *texts = dgm_compile_texts(compiler, value, &count);
	constant->field = field;
	if (count == 0)
		return;
	for (uint32_t i = 0; i < count; i++)
		check_code(compiler, &value->place, field, texts[i]);
	constant->text = texts[0];
	constant->others = texts + 1;
	constant->other_count = count - 1;
}

struct dgm_constant *dgm_compile_constants(struct dgm_compiler *compiler, enum dgm_group_id group,
	const struct dgm_yaml *set, uint32_t *ret_count)
{
	*ret_count = 0;
	if (!set)
		return NULL;
	if (set->kind != DGM_YAML_MAP) {
		dgm_compile_fail(compiler, &set->place, "definition-shape", "\"set\" is a map from fields to values");
		return NULL;
	}
	struct dgm_constant *constants = dgm_arena_zero(compiler->arena, (set->count + 1) * sizeof *constants);
	for (const struct dgm_yaml *entry = set->first; entry; entry = entry->next) {
		const int field = dgm_field_in(group, entry->key);
		if (field < 0) {
			dgm_compile_fail(compiler, &entry->key_place, "definition-field", "%.*s has no field \"%.*s\"",
				DGM_FMT(dgm_groups[group].path), DGM_FMT(entry->key));
			continue;
		}
		fill_constant(compiler, entry, (enum dgm_field_id)field, &constants[(*ret_count)++]);
	}
	return constants;
}

static bool same_choice(const struct dgm_anchor *a, const struct dgm_anchor *b)
{
	if (a->constant_count != b->constant_count || a->any != b->any || a->without_count != b->without_count)
		return false;
	for (uint32_t i = 0; i < a->constant_count; i++)
		if (a->constants[i].field != b->constants[i].field ||
			!dgm_str_eq(a->constants[i].text, b->constants[i].text))
			return false;
	for (uint32_t i = 0; i < a->without_count; i++)
		if (!dgm_str_eq(a->without[i], b->without[i]))
			return false;
	return true;
}

static uint32_t add_anchor(struct dgm_compiler *compiler, struct dgm_shape *shape, const struct dgm_anchor *anchor,
	const struct dgm_place *place)
{
	if (shape->anchor_count == ANCHORS_MAX) {
		dgm_compile_fail(compiler, place, "definition-shape", "more than %u groups in one shape", ANCHORS_MAX);
		return 0;
	}
	shape->anchors[shape->anchor_count] = *anchor;
	return shape->anchor_count++;
}

/* An anchor of the chain from base to the root that already stands for this group below parent, or a new one. */
static uint32_t step_into(struct dgm_compiler *compiler, struct dgm_shape *shape, uint32_t base,
	const struct dgm_anchor *wanted, bool selected, const struct dgm_place *place)
{
	for (uint32_t a = base; a != 0 && !selected; a = shape->anchors[a].parent)
		if (shape->anchors[a].parent == wanted->parent && shape->anchors[a].group == wanted->group)
			return a;
	for (uint32_t a = 1; a < shape->anchor_count; a++) {
		const struct dgm_anchor *have = &shape->anchors[a];
		if (have->parent == wanted->parent && have->group == wanted->group && !have->bound &&
			same_choice(have, wanted))
			return a;
	}
	return add_anchor(compiler, shape, wanted, place);
}

static bool parse_step(struct dgm_compiler *compiler, const struct dgm_place *place, struct dgm_str text,
	struct step *ret_step)
{
	const size_t open = dgm_str_find(text, DGM_STR("("));
	*ret_step = (struct step){.name = dgm_str_take(text, open)};
	if (open == text.len)
		return true;
	if (!dgm_str_ends(text, DGM_STR(")"))) {
		dgm_compile_fail(compiler, place, "definition-field", "\"%.*s\": a closing parenthesis is missing",
			DGM_FMT(text));
		return false;
	}
	ret_step->selector = (struct dgm_str){text.ptr + open + 1, text.len - open - 2};
	if (dgm_str_is(ret_step->selector, "*")) {
		ret_step->any = true;
		ret_step->selector = DGM_NOSTR;
	}
	return true;
}

/* The selector "(primary)" or "(type=passport)" as a constant. */
static bool select_constant(struct dgm_compiler *compiler, const struct dgm_place *place, enum dgm_group_id group,
	struct dgm_str selector, struct dgm_constant *ret_constant)
{
	const size_t equals = dgm_str_find(selector, DGM_STR("="));
	int field = discriminator(group);
	if (equals < selector.len) {
		field = dgm_field_in(group, dgm_str_take(selector, equals));
		selector = dgm_str_skip(selector, equals + 1);
	}
	if (field < 0) {
		dgm_compile_fail(compiler, place, "definition-field", "%.*s has no field to select by",
			DGM_FMT(dgm_groups[group].path));
		return false;
	}
	check_code(compiler, place, (enum dgm_field_id)field, selector);
	*ret_constant = (struct dgm_constant){.field = (enum dgm_field_id)field, .text = selector};
	return true;
}

static bool build_constants(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, enum dgm_group_id group,
	const struct step *step, const struct dgm_yaml *set, struct dgm_anchor *anchor)
{
	uint32_t count = 0;
	struct dgm_constant *from_set = dgm_compile_constants(compiler, group, set, &count);
	if (step->selector.len == 0) {
		anchor->constants = from_set;
		anchor->constant_count = count;
		return true;
	}
	anchor->constants = dgm_arena_zero(compiler->arena, (count + 1) * sizeof *anchor->constants);
	if (!select_constant(compiler, &yaml->place, group, step->selector, &anchor->constants[0]))
		return false;
	if (count)
		memcpy(anchor->constants + 1, from_set, count * sizeof *from_set);
	anchor->constant_count = count + 1;
	return true;
}

/* From which anchor of the chain the first step is a child: the nearest that has such a child. */
static bool find_start(const struct dgm_shape *shape, uint32_t base, struct dgm_str name, uint32_t *ret_anchor)
{
	for (uint32_t a = base;; a = shape->anchors[a].parent) {
		const enum dgm_group_id group = shape->anchors[a].group;
		if (dgm_group_in(group, name) >= 0 || dgm_field_in(group, name) >= 0) {
			*ret_anchor = a;
			return true;
		}
		if (a == 0)
			return false;
	}
}

static void unknown_path(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_str path)
{
	unsigned best = 4;
	struct dgm_str guess = DGM_NOSTR;
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		const unsigned distance = dgm_str_distance(path, dgm_fields[f].path);
		if (distance < best) {
			best = distance;
			guess = dgm_fields[f].path;
		}
	}
	dgm_compile_fail(compiler, &yaml->place, "definition-field", "the schema has no \"%.*s\"%s%.*s%s",
		DGM_FMT(path), guess.len ? "; did you mean \"" : "", DGM_FMT(guess), guess.len ? "\"?" : "");
}

/* Walks the groups of a path; the last step is left to the caller. */
static bool walk(struct dgm_compiler *compiler, struct dgm_shape *shape, uint32_t *anchor, uint32_t base,
	const struct dgm_yaml *yaml, struct dgm_str *path, const struct dgm_yaml *set, bool field_last)
{
	struct dgm_str rest = *path, part;
	while (dgm_str_next(&rest, DGM_STR("."), &part) && rest.ptr) {
		struct step step;
		if (!parse_step(compiler, &yaml->place, part, &step))
			return false;
		const int group = dgm_group_in(shape->anchors[*anchor].group, step.name);
		if (group < 0)
			return false;
		struct dgm_anchor wanted = {.parent = *anchor, .group = (enum dgm_group_id)group, .any = step.any};
		const bool last_group = field_last && dgm_str_find(rest, DGM_STR(".")) == rest.len;
		if (!build_constants(compiler, yaml, wanted.group, &step, last_group ? set : NULL, &wanted))
			return false;
		if (last_group) {
			wanted.without = compiler->without;
			wanted.without_count = compiler->without_count;
		}
		*anchor = step_into(compiler, shape, base, &wanted,
			wanted.constant_count > 0 || wanted.without_count > 0 || step.any, &yaml->place);
		*path = rest;
	}
	return true;
}

static struct dgm_str first_name(struct dgm_str path)
{
	size_t end = dgm_str_find(path, DGM_STR("."));
	const size_t paren = dgm_str_find(path, DGM_STR("(")), bracket = dgm_str_find(path, DGM_STR("["));
	end = paren < end ? paren : end;
	return dgm_str_take(path, bracket < end ? bracket : end);
}

bool dgm_compile_target(struct dgm_compiler *compiler, struct dgm_shape *shape, uint32_t base,
	const struct dgm_yaml *yaml, struct dgm_str path, const struct dgm_yaml *set, struct dgm_target *ret_target)
{
	struct dgm_str rest = path;
	uint32_t anchor = 0;
	*ret_target = (struct dgm_target){.position = -1};
	const unsigned errors = compiler->errors;
	if (!find_start(shape, base, first_name(path), &anchor) ||
		!walk(compiler, shape, &anchor, base, yaml, &rest, set, true)) {
		if (errors == compiler->errors)
			unknown_path(compiler, yaml, path);
		return false;
	}
	const size_t bracket = dgm_str_find(rest, DGM_STR("["));
	if (bracket < rest.len) {
		uint64_t position = 0;
		const struct dgm_str digits = {rest.ptr + bracket + 1, rest.len - bracket - 2};
		if (!dgm_str_ends(rest, DGM_STR("]")) || !dgm_str_to_u64(digits, &position) || position < 1 ||
			position > 64) {
			dgm_compile_fail(compiler, &yaml->place, "definition-field",
				"\"%.*s\": a position is a number from 1 to 64 in brackets", DGM_FMT(path));
			return false;
		}
		ret_target->position = (int32_t)position - 1;
	}
	const int field = dgm_field_in(shape->anchors[anchor].group, dgm_str_take(rest, bracket));
	if (field < 0) {
		unknown_path(compiler, yaml, path);
		return false;
	}
	ret_target->field = (enum dgm_field_id)field;
	ret_target->anchor = anchor;
	return true;
}

bool dgm_compile_group(struct dgm_compiler *compiler, struct dgm_shape *shape, uint32_t base,
	const struct dgm_yaml *yaml, struct dgm_str path, const struct dgm_yaml *set, uint32_t *ret_anchor)
{
	struct dgm_str rest = path;
	uint32_t anchor = 0;
	struct step step;
	if (!find_start(shape, base, first_name(path), &anchor) ||
		!walk(compiler, shape, &anchor, base, yaml, &rest, NULL, false) ||
		!parse_step(compiler, &yaml->place, rest, &step) ||
		dgm_group_in(shape->anchors[anchor].group, step.name) < 0) {
		dgm_compile_fail(compiler, &yaml->place, "definition-field", "the schema has no group \"%.*s\"",
			DGM_FMT(path));
		return false;
	}
	struct dgm_anchor wanted = {.parent = anchor,
		.group = (enum dgm_group_id)dgm_group_in(shape->anchors[anchor].group, step.name),
		.bound = true};
	if (!build_constants(compiler, yaml, wanted.group, &step, set, &wanted))
		return false;
	*ret_anchor = add_anchor(compiler, shape, &wanted, &yaml->place);
	return true;
}

/* The anchor of what keys open of a group at the top; 0: none does. */
static uint32_t opened_anchor(const struct dgm_shape *shape, const struct dgm_anchor *like)
{
	for (uint32_t a = 1; a < shape->anchor_count; a++)
		if (shape->anchors[a].bound && !shape->anchors[a].linked && shape->anchors[a].parent == 0 &&
			shape->anchors[a].group == like->group)
			return a;
	return 0;
}

/* What every record must say of such a group also tells which instances are written. */
static void select_by(struct dgm_compiler *compiler, struct dgm_anchor *anchor, const struct dgm_constant *constant)
{
	for (uint32_t i = 0; i < anchor->constant_count; i++)
		if (anchor->constants[i].field == constant->field)
			return;
	struct dgm_constant *constants =
		dgm_arena_zero(compiler->arena, (anchor->constant_count + 1) * sizeof *constants);
	if (anchor->constant_count)
		memcpy(constants, anchor->constants, anchor->constant_count * sizeof *constants);
	constants[anchor->constant_count++] = *constant;
	anchor->constants = constants;
}

void dgm_compile_opened(struct dgm_compiler *compiler, struct dgm_shape *shape)
{
	for (uint32_t c = 0; c < shape->constant_count; c++) {
		const struct dgm_anchor *anchor = &shape->anchors[shape->constant_anchors[c]];
		const uint32_t opened =
			anchor->parent || anchor->bound || anchor->constant_count ? 0 : opened_anchor(shape, anchor);
		if (shape->constant_anchors[c] == 0 || !opened)
			continue;
		shape->constant_anchors[c] = opened;
		shape->constants[c].opened = true;
		if (shape->constants[c].must)
			select_by(compiler, &shape->anchors[opened], &shape->constants[c]);
	}
}

/* Whether an anchor lies in another one, in the schema or because its key lies in the other's; numbers only go down. */
static bool is_below(const struct dgm_shape *shape, uint32_t anchor, uint32_t above)
{
	if (anchor <= above)
		return anchor == above;
	const struct dgm_anchor *def = &shape->anchors[anchor];
	return is_below(shape, def->parent, above) || (def->outer && is_below(shape, def->outer, above));
}

void dgm_compile_descendants(struct dgm_compiler *compiler, struct dgm_shape *shape)
{
	for (uint32_t a = 0; a < shape->anchor_count; a++) {
		struct dgm_anchor *anchor = &shape->anchors[a];
		anchor->descendants = dgm_arena_alloc(compiler->arena, shape->anchor_count * sizeof(uint32_t));
		for (uint32_t d = a + 1; d < shape->anchor_count && a != 0; d++)
			if (is_below(shape, d, a))
				anchor->descendants[anchor->descendant_count++] = d;
	}
}
