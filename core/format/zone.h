/* SPDX-License-Identifier: Apache-2.0 */
/* Machine readable zones of documents whose zone the notice does not have, for targets that want one. */
#ifndef DGM_FORMAT_ZONE_H
#define DGM_FORMAT_ZONE_H

#include "format/put.h"

/*
 * The zone of the document that the node's target lies in (ICAO Doc 9303), of what the notice says of it and its subject.
 * false: it has no number, issuing country or name, or something of them cannot stand in a zone. What else the notice does
 * not say is fillers there. Nothing counts as written by it: a zone has codes and parts of what it is made of.
 */
bool dgm_zone_put(struct dgm_unmapper *unmapper, const struct dgm_node *node, uint32_t key);

#endif
