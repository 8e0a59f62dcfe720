/* SPDX-License-Identifier: Apache-2.0 */
/* Inside map: the state of a mapper, for the record in work and between records. */
#ifndef DGM_FORMAT_MAPPER_H
#define DGM_FORMAT_MAPPER_H

#include "format/checks.h"
#include "format/composite.h"
#include "format/kept.h"
#include "format/lookup.h"
#include "format/map.h"
#include "format/overlay.h"

#define DGM_FRAMES_MAX 256u /* deeper records are refused by the engines' own limits first */

struct dgm_map_frame {
	const struct dgm_node *node;
	uint32_t key;
	const struct dgm_node *chosen;  /* the child that a value inside has named */
	const struct dgm_event *naming; /* that value */
	uint32_t serial;                /* no two frames of a run have the same */
	bool item;
	struct dgm_kept_list kept;
	struct dgm_value *split_rest; /* further pieces of a packed cell of this group */
	enum dgm_field_id split_field;
	struct dgm_again *again; /* what its keys say again */
};

/* What a shape needs at run time. */
struct dgm_map_shape {
	const struct dgm_shape *shape;
	uint32_t number; /* for look-ups */
	struct dgm_composite *composites;
	uint32_t *composite_of;
	uint32_t composite_count;
};

struct dgm_mapper {
	const struct dgm_format *format;
	struct dgm_keys *keys;
	struct dgm_checks checks;
	struct dgm_arena arena;          /* for the mapper's life */
	struct dgm_canonical *canonical; /* where the schema itself is the mapping */
	struct dgm_lookup *lookup;
	struct dgm_rows *rows; /* NULL: each row is a record */
	struct dgm_map_shape *shapes, envelope;
	/* the record in work */
	struct dgm_map_shape *state;
	struct dgm_notice *notice;
	struct dgm_group **instances; /* by anchor */
	uint32_t *created, *empty;    /* by anchor: instances made, occurrences without one */
	struct dgm_parts *parts;      /* by composite */
	struct dgm_map_frame frames[DGM_FRAMES_MAX];
	uint32_t depth, beyond; /* beyond: groups open that found no frame */
	struct dgm_occurrences occurrences;
	uint32_t serial;
	/* the envelope's values, waiting for a notice */
	struct dgm_arena envelope_arena;
	struct dgm_kept_list waiting;
};

#endif
