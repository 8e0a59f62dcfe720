/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the JSON engine share: the options, how an instance reports, and the two halves' entry points. */
#ifndef DGM_JSON_ENGINE_H
#define DGM_JSON_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <dragoman/plugin.h>

#define JSON_PARSER_FAST 0u
#define JSON_PARSER_CJSON 1u

#define JSON_LAYOUT_LINES 0u
#define JSON_LAYOUT_ARRAY 1u
#define JSON_LAYOUT_PAGE 2u

/* An event's offset in its record is 32 bits wide. */
#define JSON_MAX_RECORD UINT32_MAX
/* Frames are allocated when an instance opens; no document that means something is nested deeper. */
#define JSON_MAX_DEPTH 65536u
/* cJSON calls itself for every level and refuses deeper trees (CJSON_NESTING_LIMIT). */
#define JSON_MAX_DEPTH_CJSON 1000u
/* Wider than any screen needs; bounds the room a pretty record may take. */
#define JSON_MAX_INDENT 16u

struct json_config {
	uint64_t max_depth;
	uint64_t max_record;
	uint64_t max_number;
	uint64_t max_members;
	uint64_t parser;
	uint64_t layout;
	uint64_t indent;
};

static inline struct dgm_str json_str(const char *text)
{
	return (struct dgm_str){text, strlen(text)};
}

static inline void json_report(const struct dgm_open *open, uint32_t severity, const char *code,
	const struct dgm_place *place, const char *text)
{
	open->host->report(open->job, severity, code, place, json_str(text));
}

/* Whether the options make sense together; reports "json-option" when not. */
bool json_config_check(const struct dgm_open *open);

int32_t json_reader_open(const struct dgm_open *open, void **ret_reader);
int32_t json_reader_next(void *reader, struct dgm_record *record);
int32_t json_reader_skip(void *reader, struct dgm_record *record, uint64_t bytes, struct dgm_mark *ret_mark);
int32_t json_reader_resume(void *reader, const struct dgm_mark *mark);
void json_reader_close(void *reader);

int32_t json_writer_open(const struct dgm_open *open, void **ret_writer);
int32_t json_writer_put(void *writer, const struct dgm_record *record);
int32_t json_writer_finish(void *writer);
uint64_t json_writer_state(const void *writer);
void json_writer_close(void *writer);

#endif
