/* SPDX-License-Identifier: Apache-2.0 */
/* Heads of small definitions for tests: what follows is the text of "map", indented by six blanks. */
#ifndef DGM_TESTS_DEFS_H
#define DGM_TESTS_DEFS_H

#define DEFS_TOP "format: x\ntitle: X\nstatus: modelled\n"
#define DEFS_JSON DEFS_TOP "engine: json\noptions: {layout: lines}\n"
#define DEFS_XML DEFS_TOP "engine: xml\noptions: {indent: \"0\"}\n"
#define DEFS_CSV DEFS_TOP "engine: csv\ntable: yes\n"

#define DEFS_MAP_JSON DEFS_JSON "records:\n  - at: \"\"\n    map:\n"
/* With a constant by which notices of the format are told from others. */
#define DEFS_OWN_JSON DEFS_JSON "records:\n  - at: \"\"\n    set: {notice.issuer: X}\n    map:\n"
#define DEFS_MAP_XML DEFS_XML "records:\n  - at: list/r\n    map:\n"
#define DEFS_MAP_CSV DEFS_CSV "records:\n  - at: \"\"\n    map:\n"

/* An XML file of one record. */
#define DEFS_R(inside) "<list><r>" inside "</r></list>"

#endif
