/* SPDX-License-Identifier: Apache-2.0 */
/* Runs for few values: those with a problem, required keys, and keys that say again what another one says. */
#include "format/checks.h"

#include "base/text.h"

#include "format/store.h"

void dgm_checks_tell(const struct dgm_checks *checks, const struct dgm_node *node, const char *code,
	struct dgm_str value, uint32_t offset)
{
	if (!checks->problem || !code)
		return;
	const bool is_value = node->kind == DGM_NODE_FIELD || node->kind == DGM_NODE_PART;
	const struct dgm_problem problem = {.code = code,
		.field = is_value ? dgm_fields[node->target.field].path : node->name,
		.value = value,
		.expected = node->date_count && dgm_str_starts(dgm_str(code), DGM_STR("date-"))
			? dgm_value_expected(node, checks->arena)
			: DGM_NOSTR,
		.offset = offset};
	checks->problem(checks->context, &problem);
}

void dgm_checks_tell_kept(const struct dgm_checks *checks, struct dgm_str name, const struct dgm_event *event)
{
	if (!checks->problem || !dgm_text_has_c1(event->text))
		return;
	const struct dgm_problem problem = {.code = "text-control",
		.field = name,
		.value = event->text,
		.offset = event->offset};
	checks->problem(checks->context, &problem);
}

/* --- required keys --- */

void dgm_checks_see(const struct dgm_checks *checks, const struct dgm_node *node, const struct dgm_event *event,
	uint32_t group)
{
	if (event->kind == DGM_EVENT_BEGIN || event->literal != DGM_LITERAL_TEXT || dgm_str_trim(event->text).len)
		checks->seen[node->number] = group;
}

void dgm_checks_missing(const struct dgm_checks *checks, const struct dgm_node *parent, uint32_t group)
{
	for (const struct dgm_node *node = parent->first; node; node = node->next) {
		if (!node->required || checks->seen[node->number] == group || !checks->problem)
			continue;
		const struct dgm_problem problem = {.code = "source-required", .field = node->name};
		checks->problem(checks->context, &problem);
	}
}

/* --- keys that say one thing --- */

/* Whether both can be true: a year and a day in it do not contradict. */
static bool agree(enum dgm_field_id field, struct dgm_str a, struct dgm_str b)
{
	struct dgm_date one, other;
	if (dgm_str_eq(a, b))
		return true;
	return dgm_fields[field].type == DGM_TYPE_DATE && dgm_date_parse(a, &one) && dgm_date_parse(b, &other) &&
		(dgm_date_covers(&one, &other) || dgm_date_covers(&other, &one));
}

struct dgm_value *dgm_checks_said(struct dgm_group *group, bool several, enum dgm_field_id field,
	const struct dgm_read *read)
{
	struct dgm_value *first = NULL;
	for (; group; group = several ? group->next : NULL) {
		struct dgm_value *value = dgm_value_first(group, field);
		if (value && read->reading == DGM_READ_PARSED && agree(field, value->text, read->text))
			return value;
		first = first ? first : value;
	}
	return first;
}

static void keep(const struct dgm_checks *checks, struct dgm_kept_list *kept, const struct dgm_node *node,
	struct dgm_str text, uint16_t literal)
{
	if (text.len || literal != DGM_LITERAL_TEXT)
		dgm_kept_add(kept, checks->arena, node->name, false, text, literal);
}

void dgm_checks_defer(const struct dgm_checks *checks, const struct dgm_node *node, const struct dgm_event *event,
	struct dgm_again **list)
{
	struct dgm_again *again = dgm_arena_alloc(checks->arena, sizeof *again);
	*again = (struct dgm_again){.next = *list, .node = node, .event = event};
	*list = again;
}

void dgm_checks_agree(const struct dgm_checks *checks, const struct dgm_again *again, const struct dgm_read *read,
	struct dgm_value *value, bool fresh, struct dgm_kept_list *kept)
{
	const struct dgm_node *node = again->node;
	const struct dgm_event *event = again->event;
	dgm_checks_tell(checks, node, read->problem, event->text, event->offset);
	if (read->reading != DGM_READ_PARSED) {
		keep(checks, kept, node, event->text, event->literal);
		return;
	}
	if (fresh || value->state != DGM_STATE_PARSED) {
		if (!fresh)
			keep(checks, kept, node->pair, value->original,
				value->original.ptr ? DGM_LITERAL_TEXT : DGM_LITERAL_NULL);
		struct dgm_value *next = value->next;
		*value = (struct dgm_value){.next = next};
		dgm_store_fill(value, read, event->text, event->literal, event->offset);
		/* Also where it is the text itself: it tells which of the two keys the value came from. */
		value->original = event->text;
		return;
	}
	if (!agree(node->target.field, value->text, read->text))
		dgm_checks_tell(checks, node, "pair-disagrees", event->text, event->offset);
	const struct dgm_written written = dgm_value_write_text(node, checks->arena, value->text, DGM_NOSTR);
	if (written.writing != DGM_WRITE_EXACT || !dgm_str_eq(written.text, event->text))
		keep(checks, kept, node, event->text, event->literal);
}
