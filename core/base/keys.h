/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys: names of source values, interned once. A key is a name below another key, as a small number counted from 1; 0 is
 * the top of a record. Where keys come in the order of the record before, finding one is a comparison, not a hash.
 */
#ifndef DGM_BASE_KEYS_H
#define DGM_BASE_KEYS_H

#include "base/arena.h"

/* Most keys before new ones are refused: far above any real format, far below what an attacker's names can fill. */
#define DGM_KEYS_MAX 65536u

struct dgm_keys;

struct dgm_keys *dgm_keys_new(void);
void dgm_keys_free(struct dgm_keys *keys);

/* 0 when there are too many. The name is copied. */
uint32_t dgm_keys_get(struct dgm_keys *keys, uint32_t parent, struct dgm_str name);
struct dgm_str dgm_keys_name(const struct dgm_keys *keys, uint32_t key);
uint32_t dgm_keys_parent(const struct dgm_keys *keys, uint32_t key);
uint32_t dgm_keys_count(const struct dgm_keys *keys); /* the largest key */

#endif
