/* SPDX-License-Identifier: Apache-2.0 */
/* Inside map: the state of a mapper, for the record in work and between records. */
#ifndef DGM_FORMAT_MAPPER_H
#define DGM_FORMAT_MAPPER_H

#include "format/calling.h"
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
	bool textual; /* not a group in the source but a text, which is the value of its "#text" */
	struct dgm_kept_list kept;
	struct dgm_value *split_rest; /* further pieces of a packed cell of this group */
	enum dgm_field_id split_field;
	struct dgm_again *again; /* what its keys say again */
};

/* A group around a part of a date, closed before the date was complete. */
struct dgm_part_level {
	struct dgm_part_level *up; /* the one around it; NULL: the date ends there */
	struct dgm_map_frame frame;
	uint32_t parent_serial;
	struct dgm_str component; /* ptr NULL: not yet needed */
};

/* Where the parts of a date stand, for those that are kept. */
struct dgm_part_places {
	struct {
		uint32_t depth; /* of the innermost frame around it that is still open */
		struct dgm_part_level *level;
		uint32_t key;
		uint16_t literal;
		bool item, textual;
	} of[DGM_PART_COUNT];
};

/* What a shape needs at run time. */
struct dgm_map_shape {
	const struct dgm_shape *shape;
	uint32_t number; /* for look-ups */
	struct dgm_composite *composites;
	uint32_t *composite_of;
	uint32_t composite_count;
	struct dgm_callers callers;
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
	struct dgm_part_places *places;
	struct dgm_map_frame frames[DGM_FRAMES_MAX];
	uint32_t depth, beyond; /* beyond: groups open that found no frame */
	struct dgm_occurrences occurrences;
	uint32_t serial;
	/* the envelope's values, waiting for a notice */
	struct dgm_arena envelope_arena;
	struct dgm_kept_list waiting;
};

/* The place for one more value of a field; NULL where it is taken. several: then another instance may be made. */
struct dgm_value *dgm_map_place(struct dgm_mapper *mapper, const struct dgm_target *target, bool several);
/* A value without a home, for the innermost frame. */
void dgm_map_keep(struct dgm_mapper *mapper, const struct dgm_event *event);
/* What a frame is called in the paths of what is kept in it; number: among those of its name that are. */
struct dgm_str dgm_map_component(struct dgm_mapper *mapper, const struct dgm_map_frame *frame, uint32_t number);

#endif
