/* SPDX-License-Identifier: Apache-2.0 */
/* JSON for reports, rejects and logs: strings and numbers into an output. Notices are written by the engine json. */
#ifndef DGM_IO_JSONTEXT_H
#define DGM_IO_JSONTEXT_H

#include "io/output.h"

/* A JSON string with its quotes. Bytes that are not UTF-8 come out as U+FFFD. */
void dgm_json_string(struct dgm_output *output, struct dgm_str text);
/* "name": */
void dgm_json_name(struct dgm_output *output, const char *name);
void dgm_json_number(struct dgm_output *output, uint64_t number);
/* ,"name":"text" and ,"name":number with the comma where first is false. */
void dgm_json_member(struct dgm_output *output, bool first, const char *name, struct dgm_str text);
void dgm_json_count(struct dgm_output *output, bool first, const char *name, uint64_t number);
/* A JSON string of the bytes in base64 (RFC 4648). */
void dgm_json_base64(struct dgm_output *output, struct dgm_str bytes);

#endif
