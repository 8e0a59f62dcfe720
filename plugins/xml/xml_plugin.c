/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The XML engine: its table of contents. Reading is xml_read.c and what it calls, writing xml_write.c; both know
 * elements, attributes and text, and nothing of notices.
 */
#include <string.h>

#include "xml_engine.h"

#define OPTION(kind_, name_, default_, choices_, member_, help_)                                                       \
	{                                                                                                              \
		.name = (name_), .default_text = (default_), .choices = (choices_), .help = (help_), .kind = (kind_),  \
		.offset = (uint32_t)offsetof(struct xml_config, member_)                                               \
	}

static const struct dgm_option OPTIONS[] = {
	/* libxml2 has no limit of its own for a push parser; no exchange format comes near, and an attacker would. */
	OPTION(DGM_OPTION_UINT, "max-depth", "256", NULL, max_depth, "elements inside one another, at most"),
	/* libxml2 compares every attribute of an element with every other: 100,000 of them cost seconds. */
	OPTION(DGM_OPTION_UINT, "max-attributes", "256", NULL, max_attributes, "attributes of one element, at most"),
	/* A picture in base64 fits; what is longer is no field of a notice. */
	OPTION(DGM_OPTION_UINT, "max-text", "16777216", NULL, max_text, "bytes of one value, at most"),
	/* A record is held in memory, with its source bytes and its events. */
	OPTION(DGM_OPTION_UINT, "max-record", "67108864", NULL, max_record, "bytes of one record, at most"),
	/* libxml2's dictionary slows down with every distinct name: a million of them cost 15 s. */
	OPTION(DGM_OPTION_UINT, "max-names", "65536", NULL, max_names,
		"distinct names of elements and attributes, at most"),
	OPTION(DGM_OPTION_UINT, "indent", "2", NULL, indent, "blanks per level, 0 to 8; 0 writes no white space"),
	OPTION(DGM_OPTION_CHOICE, "declaration", "yes", "yes|standalone|no", declaration,
		"whether to write an XML declaration"),
	OPTION(DGM_OPTION_TEXT, "namespace", "", NULL, default_namespace, "default namespace of the root element"),
	OPTION(DGM_OPTION_TEXT, "schema-location", "", NULL, schema_location,
		"xsi:noNamespaceSchemaLocation of the root element"),
};

/* Whether a name may begin with this byte: the ASCII ones, and any non-ASCII one without looking closer. */
static bool begins_name(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == ':' || (unsigned char)c >= 0x80;
}

static int32_t probe(struct dgm_str head, uint32_t *ret_match)
{
	size_t at = 0;
	while (at < head.len && xml_is_space(head.ptr[at]))
		at++;
	const size_t left = head.len - at;
	const char *p = left ? head.ptr + at : "";
	*ret_match = DGM_MATCH_NONE;
	if (left >= 5 && memcmp(p, "<?xml", 5) == 0)
		*ret_match = DGM_MATCH_LIKELY;
	else if (left >= 2 && p[0] == '<' && begins_name(p[1]))
		*ret_match = DGM_MATCH_LIKELY;
	else if (left >= 4 && memcmp(p, "<!--", 4) == 0)
		*ret_match = DGM_MATCH_WEAK;
	else if (left >= 9 && memcmp(p, "<!DOCTYPE", 9) == 0)
		*ret_match = DGM_MATCH_WEAK; /* so that the file is refused for what it holds, not as unknown */
	return DGM_OK;
}

static const struct dgm_plugin PLUGIN = {
	.struct_size = sizeof(struct dgm_plugin),
	.abi_minor = DGM_ABI_MINOR,
	.id = "xml",
	.version = "1.0",
	.summary = "XML 1.0 documents whose records are elements at fixed paths",
	.options = OPTIONS,
	.option_count = (uint32_t)(sizeof OPTIONS / sizeof OPTIONS[0]),
	.config_size = sizeof(struct xml_config),
	.probe = probe,
	.reader_open = xml_reader_open,
	.reader_next = xml_reader_next,
	.reader_close = xml_reader_close,
	.writer_open = xml_writer_open,
	.writer_put = xml_writer_put,
	.writer_finish = xml_writer_finish,
	.writer_close = xml_writer_close,
	.writer_state = xml_writer_state,
	.check = xml_check,
};

const struct dgm_plugin *dragoman_plugin_v1(uint32_t index)
{
	return index == 0 ? &PLUGIN : NULL;
}
