/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JSON engine, table of contents: json_scan.c checks a value and cuts it into events, with its names in
 * json_keys.c; json_read.c finds the records in the stream and json_mend.c the next one after a mistake; json_tree.c
 * builds the events by cJSON; json_write.c writes. Nothing here knows what a notice is.
 */
#include "json_engine.h"

#define OPTION(member) (uint32_t) offsetof(struct json_config, member)

static const struct dgm_option options[] = {
	/* Real exports nest 4 to 8 deep; a stack of brackets is an attack or an accident. */
	{"max-depth", "128", NULL, "most levels of objects and arrays in a record", DGM_OPTION_UINT, OPTION(max_depth)},
	/* A notice with its pictures in base64 is a few MiB; the record has to be in memory as a whole. */
	{"max-record", "16777216", NULL, "most bytes of one record", DGM_OPTION_UINT, OPTION(max_record)},
	/* The widest identifiers have 40 digits; whoever turns the digits into a number should not get a megabyte. */
	{"max-number", "1024", NULL, "most bytes of one number", DGM_OPTION_UINT, OPTION(max_number)},
	/* An object with more names is a table turned sideways, and every name is a key that the host keeps. */
	{"max-members", "65536", NULL, "most members of one object", DGM_OPTION_UINT, OPTION(max_members)},
	/* Both give the same events; cjson is the reference that fast is tested against. */
	{"parser", "fast", "fast|cjson", "what builds the events of a checked record", DGM_OPTION_CHOICE,
		OPTION(parser)},
	{"layout", "lines", "lines|array|page", "how records are strung together when writing", DGM_OPTION_CHOICE,
		OPTION(layout)},
	{"indent", "0", NULL, "blanks per level when writing; 0 writes compactly", DGM_OPTION_UINT, OPTION(indent)},
};

static int32_t probe(struct dgm_str head, uint32_t *ret_match)
{
	*ret_match = DGM_MATCH_NONE;
	for (size_t i = 0; i < head.len; i++) {
		const char c = head.ptr[i];
		if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
			continue;
		if (c == '{' || c == '[')
			*ret_match = DGM_MATCH_LIKELY;
		break;
	}
	return DGM_OK;
}

static const struct dgm_plugin plugin = {
	.struct_size = sizeof(struct dgm_plugin),
	.abi_minor = DGM_ABI_MINOR,
	.id = "json",
	.version = "1.0",
	.summary = "JSON objects: lines, arrays and pages",
	.options = options,
	.option_count = sizeof options / sizeof options[0],
	.config_size = sizeof(struct json_config),
	.probe = probe,
	.reader_open = json_reader_open,
	.reader_next = json_reader_next,
	.reader_close = json_reader_close,
	.writer_open = json_writer_open,
	.writer_put = json_writer_put,
	.writer_finish = json_writer_finish,
	.writer_close = json_writer_close,
	.reader_skip = json_reader_skip,
	.reader_resume = json_reader_resume,
	.writer_state = json_writer_state,
};

bool json_config_check(const struct dgm_open *open)
{
	const struct json_config *config = open->config;
	const char *wrong = NULL;
	if (config->max_depth == 0 || config->max_depth > JSON_MAX_DEPTH)
		wrong = "max-depth must be between 1 and 65536";
	else if (config->parser == JSON_PARSER_CJSON && config->max_depth > JSON_MAX_DEPTH_CJSON)
		wrong = "max-depth must not exceed 1000 with parser cjson";
	else if (config->max_record == 0 || config->max_record > JSON_MAX_RECORD)
		wrong = "max-record must be between 1 and 4294967295";
	else if (config->max_members > UINT32_MAX)
		wrong = "max-members must not exceed 4294967295";
	else if (config->indent > JSON_MAX_INDENT)
		wrong = "indent must not exceed 16";
	if (wrong)
		json_report(open, DGM_ERROR, "json-option", &(struct dgm_place){0}, wrong);
	return !wrong;
}

const struct dgm_plugin *dragoman_plugin_v1(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}
