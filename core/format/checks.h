/* SPDX-License-Identifier: Apache-2.0 */
/* What reading finds to say about a record's values: problems of one, keys that are missing, keys that contradict. */
#ifndef DGM_FORMAT_CHECKS_H
#define DGM_FORMAT_CHECKS_H

#include "base/record.h"
#include "format/kept.h"
#include "format/values.h"

struct dgm_checks {
	void (*problem)(void *context, const struct dgm_problem *problem); /* NULL: nobody listens */
	void *context;
	struct dgm_arena *arena; /* of the record in work */
	uint32_t *seen;          /* by node: the group in which a required key was last seen */
};

/* A value that a key says again: it waits until its group is read. */
struct dgm_again {
	struct dgm_again *next;
	const struct dgm_node *node;
	const struct dgm_event *event;
};

/* code NULL: nothing to say. */
void dgm_checks_tell(const struct dgm_checks *checks, const struct dgm_node *node, const char *code,
	struct dgm_str value, uint32_t offset);

/* What has to be said of a value that is kept without being read. name: of its key. */
void dgm_checks_tell_kept(const struct dgm_checks *checks, struct dgm_str name, const struct dgm_event *event);

/* A required key stands in a group (a number that no other group has), and at the group's end: which ones do not. */
void dgm_checks_see(const struct dgm_checks *checks, const struct dgm_node *node, const struct dgm_event *event,
	uint32_t group);
void dgm_checks_missing(const struct dgm_checks *checks, const struct dgm_node *parent, uint32_t group);

/* Puts such a value in front of a group's others. */
void dgm_checks_defer(const struct dgm_checks *checks, const struct dgm_node *node, const struct dgm_event *event,
	struct dgm_again **list);

/* The value of a group, or with "several" of the groups from it on one that agrees, else the first; NULL: there is none. */
struct dgm_value *dgm_checks_said(struct dgm_group *group, bool several, enum dgm_field_id field,
	const struct dgm_read *read);

/*
 * What a key of "agrees" has to do with its field. value: what the field has; fresh: a new value, for there is none. It
 * is filled where only this key gives a date (or whatever it is); what writing would not say again is kept.
 */
void dgm_checks_agree(const struct dgm_checks *checks, const struct dgm_again *again, const struct dgm_read *read,
	struct dgm_value *value, bool fresh, struct dgm_kept_list *kept);

#endif
