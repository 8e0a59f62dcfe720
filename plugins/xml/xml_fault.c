/* SPDX-License-Identifier: Apache-2.0 */
/* What ends the stream, in our own words: libxml2's messages quote the input, which may be about a person. */
#include <stdio.h>
#include <string.h>

#include "xml_reader.h"

/* Bytes of an element's name in a message; longer ones are cut. */
enum { NAME_SHOWN = 60 };

static const struct {
	int code;
	const char *name; /* NULL: "xml-not-well-formed" */
	const char *text;
} TEXTS[] = {
	{XML_ERR_NO_MEMORY, "xml-no-memory", "not enough memory"},
	{XML_ERR_DOCUMENT_EMPTY, NULL, "expected the start tag of the root element"},
	{XML_ERR_DOCUMENT_END, NULL, "something stands behind the end of the root element"},
	{XML_ERR_INVALID_HEX_CHARREF, NULL, "a hexadecimal character reference is not well-formed"},
	{XML_ERR_INVALID_DEC_CHARREF, NULL, "a decimal character reference is not well-formed"},
	{XML_ERR_INVALID_CHARREF, NULL, "a character reference is not well-formed"},
	{XML_ERR_INVALID_CHAR, NULL, "a character that XML does not allow"},
	{XML_ERR_ENTITYREF_AT_EOF, NULL, "an entity reference is not complete"},
	{XML_ERR_ENTITYREF_NO_NAME, NULL, "'&' without the name of an entity; a plain '&' is written '&amp;'"},
	{XML_ERR_ENTITYREF_SEMICOL_MISSING, NULL, "an entity reference without ';'; a plain '&' is written '&amp;'"},
	{XML_ERR_UNDECLARED_ENTITY, NULL, "an entity that is not declared; XML itself has amp, lt, gt, quot and apos"},
	{XML_WAR_UNDECLARED_ENTITY, NULL, "an entity that is not declared; XML itself has amp, lt, gt, quot and apos"},
	{XML_ERR_UNPARSED_ENTITY, NULL, "a reference to an unparsed entity"},
	{XML_ERR_LT_IN_ATTRIBUTE, NULL, "'<' in an attribute's value; it is written '&lt;'"},
	{XML_ERR_ATTRIBUTE_NOT_STARTED, NULL, "an attribute's value without quotes"},
	{XML_ERR_ATTRIBUTE_NOT_FINISHED, NULL, "an attribute's value without end, or longer than 10,000,000 bytes"},
	{XML_ERR_ATTRIBUTE_WITHOUT_VALUE, NULL, "an attribute without a value"},
	{XML_ERR_ATTRIBUTE_REDEFINED, NULL, "an attribute stands twice in one element"},
	{XML_NS_ERR_ATTRIBUTE_REDEFINED, NULL, "an attribute stands twice in one element"},
	{XML_ERR_COMMENT_NOT_FINISHED, NULL, "a comment without end, or longer than 10,000,000 bytes"},
	{XML_ERR_HYPHEN_IN_COMMENT, NULL, "'--' within a comment"},
	{XML_ERR_PI_NOT_STARTED, NULL, "a processing instruction without a name"},
	{XML_ERR_PI_NOT_FINISHED, NULL, "a processing instruction without end, or longer than 10,000,000 bytes"},
	{XML_ERR_RESERVED_XML_NAME, NULL, "an XML declaration that is not at the very beginning"},
	{XML_ERR_XMLDECL_NOT_STARTED, NULL, "the XML declaration is not well-formed"},
	{XML_ERR_XMLDECL_NOT_FINISHED, NULL, "the XML declaration is not well-formed"},
	{XML_ERR_ENCODING_NAME, NULL, "the XML declaration names no encoding"},
	{XML_ERR_STANDALONE_VALUE, NULL, "standalone in the XML declaration is neither yes nor no"},
	{XML_ERR_UNKNOWN_VERSION, "xml-version", "an XML version other than 1.0"},
	{XML_ERR_VERSION_MISSING, NULL, "the XML declaration names no version"},
	{XML_ERR_MISPLACED_CDATA_END, NULL, "']]>' in text; it is written ']]&gt;'"},
	{XML_ERR_CDATA_NOT_FINISHED, NULL, "a CDATA section without end, or longer than 10,000,000 bytes"},
	{XML_ERR_SPACE_REQUIRED, NULL, "a blank is missing between attributes"},
	{XML_ERR_NAME_REQUIRED, NULL, "expected a name"},
	{XML_ERR_GT_REQUIRED, NULL, "a tag without '>'"},
	{XML_ERR_LTSLASH_REQUIRED, NULL, "an end tag is not well-formed"},
	{XML_ERR_EQUAL_REQUIRED, NULL, "an attribute without '='"},
	{XML_ERR_TAG_NAME_MISMATCH, NULL, "an end tag whose name is not that of the element it ends"},
	{XML_ERR_TAG_NOT_FINISHED, NULL, "an element without its end tag"},
	{XML_ERR_INVALID_ENCODING, NULL, "bytes that are no UTF-8"},
	{XML_ERR_NAME_TOO_LONG, NULL, "a name is longer than 50,000 bytes"},
	{XML_NS_ERR_UNDEFINED_NAMESPACE, NULL, "a name's prefix is not declared"},
	{XML_NS_ERR_XML_NAMESPACE, NULL, "a namespace declaration that is not allowed"},
	{XML_NS_ERR_QNAME, NULL, "a name is not well-formed: expected at most one ':', between two names"},
	{XML_NS_ERR_EMPTY, NULL, "a prefix is declared for an empty namespace"},
	{XML_NS_ERR_COLON, NULL, "a ':' where a name has none"},
	{XML_WAR_NS_URI, NULL, "a namespace's name is no URI"},
};

/* Whether a byte of no character, outside of what has a record of its own to pay for it, stands in front of a place. */
static bool is_invalid_before(const struct xml_reader *r, uint64_t at)
{
	if (r->in_record)
		return false;
	if (r->depth && !r->frames[r->depth - 1].is_group && r->frames[r->depth - 1].start < at)
		at = r->frames[r->depth - 1].start;
	return r->bad_first < at && (!r->in_envelope || r->bad_first < r->open.start);
}

void xml_fail(struct xml_reader *r, const char *code, uint64_t at, const char *text)
{
	if (r->fault.code)
		return;
	/* The first fault is told, whether or not the parser got both in one piece. */
	if (is_invalid_before(r, at)) {
		xml_settle_invalid(r, at);
		if (r->fault.code)
			return;
	}
	r->fault.code = code;
	r->fault.place = xml_place(r, at);
	snprintf(r->fault.text, sizeof r->fault.text, "%s", text);
}

void xml_fail_memory(struct xml_reader *r)
{
	xml_fail(r, "xml-no-memory", r->anchor, "not enough memory");
}

void xml_fail_envelope(struct xml_reader *r, uint64_t at)
{
	char text[160];
	snprintf(text, sizeof text,
		"more than %llu bytes outside of records (max-record); do the paths name the right elements?",
		(unsigned long long)r->config.max_record);
	xml_fail(r, "xml-record-too-long", at, text);
}

bool xml_is_doctype(const struct xml_reader *r, uint64_t at)
{
	static const char doctype[] = "<!DOCTYPE";
	enum { ENOUGH = 3, ALL = sizeof doctype - 1 };
	if (at < r->bytes_at || at > r->bytes_at + r->byte_count)
		return false;
	const size_t offset = (size_t)(at - r->bytes_at);
	const size_t left = r->byte_count - offset < ALL ? r->byte_count - offset : ALL;
	return left >= ENOUGH && memcmp(r->bytes + offset, doctype, left) == 0;
}

void xml_fail_parser(struct xml_reader *r, int code, uint64_t at)
{
	if (xml_is_doctype(r, at)) {
		xml_fail(r, "xml-doctype", at, "document type declarations are not accepted");
		return;
	}
	if (code == XML_ERR_UNKNOWN_VERSION)
		at = 0; /* where the declaration is, and not where the parser knew */
	if (code == XML_ERR_TAG_NAME_MISMATCH)
		at = xml_tag_start(r);
	for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
		if (TEXTS[i].code == code) {
			xml_fail(r, TEXTS[i].name ? TEXTS[i].name : "xml-not-well-formed", at, TEXTS[i].text);
			return;
		}
	}
	char text[80];
	snprintf(text, sizeof text, "not well-formed XML (libxml2 error %d)", code);
	xml_fail(r, "xml-not-well-formed", at, text);
}

void xml_fail_element(struct xml_reader *r, const char *code, uint64_t at, const char *lead,
	const struct xml_frame *frame, const char *tail)
{
	const char *prefix = frame->prefix ? (const char *)frame->prefix : "";
	const char *local = (const char *)frame->local;
	size_t shown = strlen(local);
	const bool cut = shown > NAME_SHOWN;
	if (cut) {
		shown = NAME_SHOWN;
		while ((local[shown] & 0xC0) == 0x80) /* not within a character */
			shown--;
	}
	char text[240];
	snprintf(text, sizeof text, "%s <%.40s%s%.*s%s>%s", lead, prefix, *prefix ? ":" : "", (int)shown, local,
		cut ? "..." : "", tail);
	xml_fail(r, code, at, text);
}
