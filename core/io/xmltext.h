/* SPDX-License-Identifier: Apache-2.0 */
/* XML and HTML for reports: escaped texts into an output. Notices are written by the engine xml. */
#ifndef DGM_IO_XMLTEXT_H
#define DGM_IO_XMLTEXT_H

#include "io/output.h"

/*
 * A text for content and for attributes in double quotes. What XML cannot hold (controls, broken UTF-8) and what turns
 * a line around (U+202A to U+202E, U+2066 to U+2069) comes out as U+FFFD.
 */
void dgm_xml_text(struct dgm_output *output, struct dgm_str text);
/* name="text" with a blank in front. */
void dgm_xml_attribute(struct dgm_output *output, const char *name, struct dgm_str text);
void dgm_xml_count(struct dgm_output *output, const char *name, uint64_t number);

#endif
