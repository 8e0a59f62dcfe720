/* SPDX-License-Identifier: Apache-2.0 */
/* Lengths and masses as people write them, "approx. 1.80 m" and "175-180 cm": words around numbers, for both ways. */
#ifndef DGM_FORMAT_MEASURE_H
#define DGM_FORMAT_MEASURE_H

#include "base/arena.h"

/* A unit by the words that stand behind its numbers. */
struct dgm_measure_unit {
	struct dgm_str *words; /* the first one is written */
	uint32_t word_count;
	int8_t shift; /* powers of ten to the schema's unit */
};

struct dgm_measure {
	struct dgm_str *ranges; /* between the least and the most; the first one is written */
	uint32_t range_count;
	struct dgm_str *about; /* in front of what is not exact; never written */
	uint32_t about_count;
	struct dgm_measure_unit *units; /* of equal words the first counts */
	uint32_t unit_count;
};

/*
 * The canonical spelling, "180" or "175/180". shift, decimal and group: of a number without a unit behind it. false:
 * not numbers. Whether the least is less than the most is for who knows the type to say.
 */
bool dgm_measure_read(const struct dgm_measure *measure, struct dgm_arena *arena, struct dgm_str text, int shift,
	char decimal, char group, struct dgm_str *ret_text);

/* The words around: number is in the target's own unit, most is empty or the other end of a range. */
struct dgm_str dgm_measure_write(const struct dgm_measure *measure, struct dgm_arena *arena, int shift,
	struct dgm_str number, struct dgm_str most);

#endif
