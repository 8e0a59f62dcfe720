/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole document against an XML Schema, as it streams by. Nothing is fetched: a schema that names other files is
 * refused before libxml2 can look for them, and so is one with a document type. What libxml2 says of a value quotes it,
 * so only what it says of names is passed on.
 */
#include <stdio.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include "xml_engine.h"

#define PIECE ((size_t)64 * 1024)
#define REPORTS_MAX 1000u /* a document of another kind breaks the schema with every element */
#define TEXT_MAX 400

static const char schema_space[] = "http://www.w3.org/2001/XMLSchema";

struct check {
	const struct dgm_host *host;
	struct dgm_job *job;
	struct dgm_str name;     /* of the schema */
	xmlParserCtxtPtr parser; /* of the document */
	unsigned violations;
	bool unusable; /* the schema */
	bool broken;   /* the document is not well-formed, or has a document type */
};

static void say(struct check *check, const char *code, const struct dgm_place *place, const char *text)
{
	check->host->report(check->job, DGM_ERROR, code, place, (struct dgm_str){text, strlen(text)});
}

/* One line without its end, of a length that a message can have. */
static int line_length(const char *text)
{
	const size_t length = strcspn(text, "\n");
	return (int)(length > 250 ? 250 : length);
}

/* --- the schema --- */

static void say_schema(struct check *check, int line, const char *problem)
{
	char text[TEXT_MAX];
	snprintf(text, sizeof text, "%.*s, line %d: %.*s", (int)(check->name.len < 100 ? check->name.len : 100),
		check->name.ptr, line, line_length(problem), problem);
	if (!check->unusable)
		say(check, "xml-schema-unusable", &(struct dgm_place){0}, text);
	check->unusable = true;
}

static void hear_schema(void *context, xmlErrorPtr error)
{
	if (error->level > XML_ERR_WARNING)
		say_schema(context, error->line, error->message ? error->message : "not a schema");
}

/* Whether the schema is this file and nothing else. */
static bool is_alone(struct check *check, const xmlDoc *document)
{
	const xmlNode *root = xmlDocGetRootElement(document);
	if (document->intSubset || document->extSubset) {
		say_schema(check, 1, "a schema with a document type is not read");
		return false;
	}
	for (xmlNode *node = root ? root->children : NULL; node; node = node->next) {
		if (node->type != XML_ELEMENT_NODE || !node->ns ||
			strcmp((const char *)node->ns->href, schema_space) != 0)
			continue;
		const bool other = strcmp((const char *)node->name, "include") == 0 ||
			strcmp((const char *)node->name, "redefine") == 0 ||
			(strcmp((const char *)node->name, "import") == 0 &&
				xmlHasProp(node, (const xmlChar *)"schemaLocation"));
		if (other) {
			say_schema(check, (int)xmlGetLineNo(node),
				"a schema in several files is not read, since nothing is fetched");
			return false;
		}
	}
	return true;
}

static xmlSchemaPtr read_schema(struct check *check, struct dgm_str bytes, xmlDocPtr *ret_document)
{
	const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
	xmlSchemaPtr schema = NULL;
	*ret_document = bytes.len <= INT32_MAX ? xmlReadMemory(bytes.ptr, (int)bytes.len, NULL, NULL, options) : NULL;
	if (!*ret_document) {
		const xmlError *error = xmlGetLastError();
		say_schema(check, error ? error->line : 1,
			error && error->message ? error->message : "not well-formed");
		return NULL;
	}
	if (!is_alone(check, *ret_document))
		return NULL;
	xmlSchemaParserCtxtPtr parser = xmlSchemaNewDocParserCtxt(*ret_document);
	if (parser) {
		xmlSchemaSetParserStructuredErrors(parser, hear_schema, check);
		schema = xmlSchemaParse(parser);
	}
	xmlSchemaFreeParserCtxt(parser);
	if (!schema)
		say_schema(check, 1, "not a schema");
	return schema;
}

/* --- the document --- */

static struct dgm_place place_of(const struct check *check)
{
	const int line = xmlSAX2GetLineNumber(check->parser);
	return (struct dgm_place){.line = line > 0 ? (uint32_t)line : 0, .column = 1};
}

/* What is said of elements and attributes names them and no value. */
static bool is_about_names(int code)
{
	switch (code) {
	case XML_SCHEMAV_ELEMENT_CONTENT:
	case XML_SCHEMAV_CVC_ELT_1:
	case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_1:
	case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_3:
	case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_4:
	case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_1:
	case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_1:
	case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_2:
	case XML_SCHEMAV_CVC_COMPLEX_TYPE_4:
	case XML_SCHEMAV_CVC_TYPE_3_1_1:
	case XML_SCHEMAV_CVC_TYPE_3_1_2:
		return true;
	default:
		return false;
	}
}

static void hear_violation(void *context, xmlErrorPtr error)
{
	struct check *check = context;
	char text[TEXT_MAX];
	const char *message = error->message ? error->message : "";
	const char *facet = strstr(message, "[facet '");
	const size_t subject = strcspn(message, ":");
	if (error->level <= XML_ERR_WARNING)
		return;
	check->violations++;
	if (check->violations > REPORTS_MAX)
		return;
	if (is_about_names(error->code) && !facet)
		snprintf(text, sizeof text, "%.*s", line_length(message), message);
	else if (facet)
		snprintf(text, sizeof text, "%.*s: its value is not allowed, %.*s",
			(int)(subject < 150 ? subject : 150), message,
			(int)(strcspn(facet, "]") < 60 ? strcspn(facet, "]") + 1 : 0), facet);
	else
		snprintf(text, sizeof text, "%.*s: its value is not allowed", (int)(subject < 150 ? subject : 150),
			message);
	text[0] = (char)(text[0] >= 'A' && text[0] <= 'Z' ? text[0] + 'a' - 'A' : text[0]);
	const struct dgm_place place = place_of(check);
	say(check, "xml-schema-violation", &place, text);
}

/* What is wrong with the document itself is asked for at its end; without a handler libxml2 would print it. */
static void hear_nothing(void *context, xmlErrorPtr error)
{
	(void)context;
	(void)error;
}

static void say_broken(struct check *check, const char *code, const char *text)
{
	const struct dgm_place place = place_of(check);
	if (!check->broken)
		say(check, code, &place, text);
	check->broken = true;
}

static void stop_doctype(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	struct check *check = context;
	(void)name;
	(void)external;
	(void)system;
	say_broken(check, "xml-doctype", "a document type declaration is not accepted");
	xmlStopParser(check->parser);
}

static void parse(struct check *check, const struct dgm_open *open)
{
	int result = 0;
	for (;;) {
		struct dgm_str window;
		if (open->host->peek(open->input, 1, &window) != DGM_OK) {
			check->broken = true; /* reported where it is known */
			return;
		}
		const size_t piece = window.len < PIECE ? window.len : PIECE;
		result = xmlParseChunk(check->parser, window.ptr, (int)piece, piece == 0);
		if (piece == 0 || result != 0 || check->violations > REPORTS_MAX)
			break;
		open->host->consume(open->input, piece);
	}
	const xmlError *error = xmlCtxtGetLastError(check->parser);
	if (!check->parser->wellFormed && check->violations <= REPORTS_MAX)
		say_broken(check, "xml-not-well-formed",
			error && error->code == XML_ERR_NO_MEMORY ? "not enough memory" : "not well-formed");
}

static int32_t check_document(struct check *check, const struct dgm_open *open, xmlSchemaPtr schema)
{
	xmlSAXHandler none = {.initialized = XML_SAX2_MAGIC, .internalSubset = stop_doctype};
	xmlSAXHandlerPtr handler = &none;
	void *data = check;
	xmlSchemaValidCtxtPtr validator = xmlSchemaNewValidCtxt(schema);
	int32_t result = DGM_FATAL;
	if (validator)
		xmlSchemaSetValidStructuredErrors(validator, hear_violation, check);
	xmlSchemaSAXPlugPtr plug = validator ? xmlSchemaSAXPlug(validator, &handler, &data) : NULL;
	check->parser = plug ? xmlCreatePushParserCtxt(handler, data, NULL, 0, NULL) : NULL;
	if (check->parser) {
		/* The text is UTF-8, whatever the declaration says it was. */
		xmlCtxtUseOptions(check->parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
		check->parser->sax->serror = hear_nothing;
		parse(check, open);
		result = check->broken ? DGM_FATAL : check->violations ? DGM_BAD : DGM_OK;
	} else {
		say(check, "xml-no-memory", &(struct dgm_place){0}, "not enough memory");
	}
	xmlFreeParserCtxt(check->parser);
	xmlSchemaSAXUnplug(plug);
	xmlSchemaFreeValidCtxt(validator);
	return result;
}

int32_t xml_check(const struct dgm_open *open, struct dgm_str schema, struct dgm_str name)
{
	struct check check = {.host = open->host, .job = open->job, .name = name};
	xmlDocPtr document = NULL;
	xmlSchemaPtr compiled = read_schema(&check, schema, &document);
	const int32_t result = compiled && !check.unusable ? check_document(&check, open, compiled) : DGM_FATAL;
	xmlSchemaFree(compiled);
	xmlFreeDoc(document);
	return result;
}
