/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lengths and masses as people write them, "approx. 1.80 m", "175-180 cm" and 5'11": words around numbers, for both ways.
 * Feet, inches, pounds and stones are read only, and become whole centimetres or kilograms, halves upwards, for nobody
 * who measures in them says more; what is said in powers of ten keeps its digits.
 */
#ifndef DGM_FORMAT_MEASURE_H
#define DGM_FORMAT_MEASURE_H

#include "base/arena.h"
#include "notice/schema.h"

struct dgm_unit {
	const char *name; /* as definitions say it */
	enum dgm_type type;
	int8_t shift;        /* powers of ten to the schema's unit, where `exact` */
	bool exact;          /* a power of ten; only such units are written */
	int64_t factor;      /* to the schema's unit, in hundred millionths */
	const char *part;    /* the unit that may follow, as inches follow feet; NULL: none */
	uint8_t parts;       /* how many of those make one */
	uint8_t part_unsaid; /* digits that the part needs to stand without its unit; 0: it cannot, 255: any */
};

/* NULL: no such unit of the type. */
const struct dgm_unit *dgm_unit_find(struct dgm_str name, enum dgm_type type);
/* The one that is that power of ten. */
const struct dgm_unit *dgm_unit_of(int shift, enum dgm_type type);

/* A word that stands behind a number. */
struct dgm_unit_word {
	struct dgm_str word; /* folded */
	const struct dgm_unit *unit;
};

struct dgm_measure {
	struct dgm_str *ranges; /* between the least and the most; the first one is written */
	uint32_t range_count;
	struct dgm_str *about;       /* in front of what is not exact, or behind it; never written */
	uint32_t about_count;        /* folded, as the words are */
	struct dgm_unit_word *words; /* of equal words the first counts */
	uint32_t word_count;
	const struct dgm_unit *own; /* of a number without a word */
	struct dgm_str written;     /* the word for that; empty: none is written */
};

/*
 * The canonical spelling, "180" or "175/180". Beside `decimal` the other one of point and comma is read as the decimal
 * sign where words of units are known and at most two digits follow it: three could be thousands. false: not numbers, or
 * not in units. Whether the least is less than the most is for who knows the type to say.
 */
bool dgm_measure_read(const struct dgm_measure *measure, struct dgm_arena *arena, struct dgm_str text, char decimal,
	char group, struct dgm_str *ret_text);

/* The words around: number is in the target's own unit, most is empty or the other end of a range. */
struct dgm_str dgm_measure_write(const struct dgm_measure *measure, struct dgm_arena *arena, struct dgm_str number,
	struct dgm_str most);

#endif
