/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The documents that derive from the schema's tables. A document is built in one go and is small, so the text simply
 * grows in the arena. What notices look like in the canonical forms is decided in describe.h; this only writes it down.
 */
#include "notice/describe.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

enum {
	FIRST_ROOM = 1 << 16, /* enough for most documents */
	PAGE_WIDTH = 78,      /* of the sources of a manual page */
};

struct text {
	struct dgm_arena *arena;
	char *ptr;
	size_t len, room;
};

static struct text begin(struct dgm_arena *arena)
{
	return (struct text){.arena = arena, .ptr = dgm_arena_alloc(arena, FIRST_ROOM), .room = FIRST_ROOM};
}

static struct dgm_str finish(const struct text *t)
{
	return dgm_str_of(t->ptr, t->len);
}

static void put(struct text *t, struct dgm_str s)
{
	if (s.len > t->room - t->len) {
		const size_t room = 2 * (t->room + s.len);
		char *larger = dgm_arena_alloc(t->arena, room);
		memcpy(larger, t->ptr, t->len);
		t->ptr = larger;
		t->room = room;
	}
	if (s.len)
		memcpy(t->ptr + t->len, s.ptr, s.len);
	t->len += s.len;
}

static __attribute__((format(printf, 2, 3))) void put_f(struct text *t, const char *format, ...)
{
	char small[256];
	va_list arguments;
	va_start(arguments, format);
	const int len = vsnprintf(small, sizeof small, format, arguments);
	va_end(arguments);
	/* Names and tags of ours: what can be long goes through put. */
	assert(len >= 0 && (size_t)len < sizeof small);
	put(t, dgm_str_of(small, (size_t)len));
}

static void pad(struct text *t, size_t from, size_t width)
{
	while (t->len - from < width)
		put(t, DGM_STR(" "));
}

/* The inside of a JSON string. Our tables hold neither controls nor anything beyond ASCII. */
static void put_json(struct text *t, struct dgm_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '"' || s.ptr[i] == '\\')
			put(t, DGM_STR("\\"));
		put(t, dgm_str_of(s.ptr + i, 1));
	}
}

/* Text or an attribute in double quotes. */
static void put_xml(struct text *t, struct dgm_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		switch (s.ptr[i]) {
		case '&':
			put(t, DGM_STR("&amp;"));
			break;
		case '<':
			put(t, DGM_STR("&lt;"));
			break;
		case '>':
			put(t, DGM_STR("&gt;"));
			break;
		case '"':
			put(t, DGM_STR("&quot;"));
			break;
		default:
			put(t, dgm_str_of(s.ptr + i, 1));
			break;
		}
	}
}

/* --- what the tables do not say ------------------------------------------------------------------------------- */

bool dgm_field_required(enum dgm_field_id field)
{
	return field == DGM_FIELD_notice_id || field == DGM_FIELD_notice_type || field == DGM_FIELD_notice_issuer ||
		field == DGM_FIELD_subject_kind;
}

bool dgm_group_required(enum dgm_group_id group)
{
	return group == DGM_GROUP_notice || group == DGM_GROUP_subject;
}

/*
 * The spelling of a type as a regular expression for the whole value, in what JSON Schema (ECMA 262, and the engines
 * that validators really use) and XSD 1.0 have in common: no look-ahead, no (?:, no anchors. They cannot say that there
 * is no 31 February or that min is not above max; value.c can.
 */
#define YEAR "([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
#define MONTH "(0[1-9]|1[0-2])"
#define DAY "(0[1-9]|[12][0-9]|3[01])"
#define DATE "(" YEAR "(-" MONTH "(-" DAY ")?)?|XXXX-" MONTH "(-" DAY ")?)[~?%]?"
#define UNSIGNED "(0|[1-9][0-9]*)(\\.[0-9]+)?"
#define ATEXT "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\-]+"
#define LABEL "[A-Za-z0-9]([A-Za-z0-9\\-]*[A-Za-z0-9])?"

static const struct {
	const char *pattern; /* NULL: any text */
	const char *doc;
} types[DGM_TYPE_COUNT] = {
	[DGM_TYPE_TEXT] = {"[^\\t\\n\\r]+", "one line of text in NFC, without controls and bidi marks"},
	[DGM_TYPE_PROSE] = {NULL, "text in NFC that may hold line feeds"},
	[DGM_TYPE_CODE] = {NULL, "a word of a closed list"},
	[DGM_TYPE_DATE] = {DATE "(/(" DATE "|\\.\\.))?|\\.\\./" DATE,
		"EDTF date or interval, as precise as it is known"},
	[DGM_TYPE_TIME] =
		{"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]+)?)?(Z|(\\+|-)(0[0-9]|1[0-4]):[0-5][0-9])?",
			"ISO 8601 time of day, with its zone or none"},
	[DGM_TYPE_COUNTRY] = {"[A-Z]{2}|[A-Z]{4}|x-(icc|stl|irmct|stateless|unknown)",
		"ISO 3166-1 alpha-2, ISO 3166-3 alpha-4, XK, or one of the x- codes"},
	[DGM_TYPE_LANGUAGE] = {"[a-z]{3}(-[A-Z][a-z]{3})?", "ISO 639-3, with an ISO 15924 script where it matters"},
	[DGM_TYPE_SCRIPT] = {"[A-Z][a-z]{3}", "ISO 15924 script"},
	[DGM_TYPE_INTEGER] = {"0|-?[1-9][0-9]*", "whole number"},
	[DGM_TYPE_DECIMAL] = {UNSIGNED "|-([1-9][0-9]*(\\.[0-9]+)?|0\\.[0-9]*[1-9][0-9]*)",
		"decimal number with a point and no exponent"},
	[DGM_TYPE_LENGTH] = {UNSIGNED "(/" UNSIGNED ")?", "centimetres, or min/max"},
	[DGM_TYPE_MASS] = {UNSIGNED "(/" UNSIGNED ")?", "kilograms, or min/max"},
	[DGM_TYPE_CURRENCY] = {"[A-Z]{3}", "ISO 4217 currency"},
	[DGM_TYPE_URI] = {"[A-Za-z][A-Za-z0-9+.\\-]{0,63}:"
			  "([A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=\\-]|%[0-9A-Fa-f]{2})+",
		"RFC 3986 URI with its scheme"},
	[DGM_TYPE_EMAIL] = {ATEXT "(\\." ATEXT ")*@" LABEL "(\\." LABEL ")*", "RFC 5321 address"},
	[DGM_TYPE_PHONE] = {"[^\\t\\n\\r]+", "E.164 where the country is known, else as written"},
	[DGM_TYPE_ID] = {"[A-Z0-9]+", "identifier in capitals and digits, without separators"},
	[DGM_TYPE_DIGEST] = {"sha256:[0-9a-f]{64}", "SHA-256 in hexadecimal"},
	[DGM_TYPE_BOOLEAN] = {"true|false", "true or false"},
	[DGM_TYPE_LITERAL] = {NULL, "a value as the source wrote it, with its kind"},
};

/* Whether the type has a definition of its own: codes have one per list, literals are written out. */
static bool has_definition(enum dgm_type type)
{
	return type != DGM_TYPE_CODE && type != DGM_TYPE_LITERAL;
}

/* "subject[].name[].part[]": what repeats is marked. */
static void put_group_shape(struct text *t, enum dgm_group_id group)
{
	const struct dgm_group_def *def = &dgm_groups[group];
	if (def->parent != DGM_GROUP_root) {
		put_group_shape(t, def->parent);
		put(t, DGM_STR("."));
	}
	put(t, def->name);
	if (def->many)
		put(t, DGM_STR("[]"));
}

static void put_shape(struct text *t, const struct dgm_field_def *def)
{
	put_group_shape(t, def->group);
	put(t, DGM_STR("."));
	put(t, def->name);
	if (def->many)
		put(t, DGM_STR("[]"));
}

static void put_codes(struct text *t, enum dgm_list_id list, const char *between)
{
	for (uint32_t i = 0; i < dgm_lists[list].count; i++) {
		if (i > 0)
			put(t, dgm_str(between));
		put(t, dgm_lists[list].codes[i]);
	}
}

/* --- field lists ---------------------------------------------------------------------------------------------- */

static void put_type(struct text *t, const struct dgm_field_def *def)
{
	put(t, dgm_str(dgm_type_names[def->type]));
	if (def->list != DGM_LIST_none) {
		put(t, DGM_STR(" "));
		put(t, dgm_lists[def->list].name);
	}
}

struct dgm_str dgm_describe_fields(struct dgm_arena *arena)
{
	struct text t = begin(arena);
	size_t shape_width = 0, type_width = 0;
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		size_t from = t.len;
		put_shape(&t, &dgm_fields[f]);
		if (t.len - from > shape_width)
			shape_width = t.len - from;
		from = t.len;
		put_type(&t, &dgm_fields[f]);
		if (t.len - from > type_width)
			type_width = t.len - from;
		t.len = 0;
	}
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		const struct dgm_field_def *def = &dgm_fields[f];
		size_t from = t.len;
		put_shape(&t, def);
		pad(&t, from, shape_width + 2);
		from = t.len;
		put_type(&t, def);
		pad(&t, from, type_width + 2);
		put(&t, def->doc);
		if (dgm_field_required((enum dgm_field_id)f))
			put(&t, DGM_STR(" (required)"));
		if (dgm_groups[def->group].protected)
			put(&t, DGM_STR(" (protected)"));
		if (def->list != DGM_LIST_none) {
			put(&t, DGM_STR(": "));
			put_codes(&t, def->list, "|");
		}
		put(&t, DGM_STR("\n"));
	}
	return finish(&t);
}

struct dgm_str dgm_describe_fields_json(struct dgm_arena *arena)
{
	struct text t = begin(arena);
	put(&t, DGM_STR("[\n"));
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		const struct dgm_field_def *def = &dgm_fields[f];
		put_f(&t, "{\"path\":\"%.*s\",\"shape\":\"", DGM_FMT(def->path));
		put_shape(&t, def);
		put_f(&t, "\",\"type\":\"%s\",\"many\":%s,\"required\":%s,\"protected\":%s", dgm_type_names[def->type],
			def->many ? "true" : "false", dgm_field_required((enum dgm_field_id)f) ? "true" : "false",
			dgm_groups[def->group].protected ? "true" : "false");
		if (def->list != DGM_LIST_none) {
			put_f(&t, ",\"list\":\"%.*s\",\"codes\":[\"", DGM_FMT(dgm_lists[def->list].name));
			put_codes(&t, def->list, "\",\"");
			put(&t, DGM_STR("\"]"));
		}
		put(&t, DGM_STR(",\"doc\":\""));
		put_json(&t, def->doc);
		put(&t, f + 1 < DGM_FIELD_COUNT ? DGM_STR("\"},\n") : DGM_STR("\"}\n"));
	}
	put(&t, DGM_STR("]\n"));
	return finish(&t);
}

/* --- manual page ---------------------------------------------------------------------------------------------- */

/* Words of a list as text lines of a page. */
static void put_wrapped_codes(struct text *t, enum dgm_list_id list)
{
	size_t from = t->len;
	for (uint32_t i = 0; i < dgm_lists[list].count; i++) {
		const struct dgm_str code = dgm_lists[list].codes[i];
		if (i > 0) {
			const bool full = t->len - from + code.len + 2 > PAGE_WIDTH;
			put(t, full ? DGM_STR(",\n") : DGM_STR(", "));
			if (full)
				from = t->len;
		}
		put(t, code);
	}
	put(t, DGM_STR(".\n"));
}

static void put_mdoc_group(struct text *t, enum dgm_group_id group)
{
	const struct dgm_group_def *def = &dgm_groups[group];
	put(t, DGM_STR(".Ss "));
	put_group_shape(t, group);
	put(t, DGM_STR("\n"));
	put(t, def->doc);
	put(t, DGM_STR(".\n"));
	if (def->protected)
		put(t, DGM_STR("Protected.\n"));
	put(t, DGM_STR(".Bl -tag -width Ds\n"));
	for (uint32_t i = 0; i < def->field_count; i++) {
		const enum dgm_field_id id = def->first_field + i;
		const struct dgm_field_def *field = &dgm_fields[id];
		put_f(t, ".It Va %.*s%s Pq ", DGM_FMT(field->name), field->many ? "[]" : "");
		put_type(t, field);
		if (dgm_field_required(id))
			put(t, DGM_STR(", required"));
		put(t, DGM_STR("\n"));
		put(t, field->doc);
		put(t, DGM_STR("\n"));
	}
	put(t, DGM_STR(".El\n"));
	for (uint32_t i = 0; i < def->child_count; i++)
		put_mdoc_group(t, def->children[i]);
}

struct dgm_str dgm_describe_mdoc(struct dgm_arena *arena)
{
	struct text t = begin(arena);
	put(&t, DGM_STR(".Sh FIELDS\n"));
	for (uint32_t i = 0; i < dgm_groups[DGM_GROUP_root].child_count; i++)
		put_mdoc_group(&t, dgm_groups[DGM_GROUP_root].children[i]);
	put(&t, DGM_STR(".Sh CODE LISTS\n.Bl -tag -width Ds\n"));
	for (unsigned list = 0; list < DGM_LIST_COUNT; list++) {
		if (dgm_lists[list].count == 0)
			continue;
		put_f(&t, ".It Va %.*s\n", DGM_FMT(dgm_lists[list].name));
		put_wrapped_codes(&t, (enum dgm_list_id)list);
	}
	put(&t, DGM_STR(".El\n"));
	return finish(&t);
}

/* --- JSON Schema ---------------------------------------------------------------------------------------------- */

static void put_json_type(struct text *t, enum dgm_type type)
{
	put_f(t, "    \"type.%s\": {\"description\": \"%s\", \"type\": [\"string\", \"null\"], ", dgm_type_names[type],
		types[type].doc);
	if (types[type].pattern) {
		put(t, DGM_STR("\"pattern\": \"^("));
		put_json(t, dgm_str(types[type].pattern));
		put(t, DGM_STR(")$\"},\n"));
	} else {
		put(t, DGM_STR("\"minLength\": 1},\n"));
	}
}

/* {"$ref": ...} to the definition of the field's values. */
static void put_json_ref(struct text *t, const struct dgm_field_def *def)
{
	if (def->list != DGM_LIST_none)
		put_f(t, "\"$ref\": \"#/$defs/code.%.*s\"", DGM_FMT(dgm_lists[def->list].name));
	else
		put_f(t, "\"$ref\": \"#/$defs/type.%s\"", dgm_type_names[def->type]);
}

static void put_json_field(struct text *t, enum dgm_field_id id)
{
	const struct dgm_field_def *def = &dgm_fields[id];
	put_f(t, "        \"%.*s\": {\"description\": \"", DGM_FMT(def->name));
	put_json(t, def->doc);
	put(t, DGM_STR("\", "));
	if (def->type == DGM_TYPE_LITERAL) {
		put(t,
			DGM_STR("\"anyOf\": [{\"type\": [\"string\", \"number\", \"boolean\", \"null\"]}, "
				"{\"type\": \"array\", \"maxItems\": 0}]}"));
		return;
	}
	if (def->many) {
		put(t, DGM_STR("\"type\": \"array\", \"minItems\": 1, \"items\": {\"anyOf\": [{"));
		put_json_ref(t, def);
		put_f(t, "}, {\"const\": \"\"}]}},\n        \"%.*s_original\": {\"$ref\": \"#/$defs/originals\"}",
			DGM_FMT(def->name));
		return;
	}
	put_json_ref(t, def);
	if (dgm_field_required(id))
		put(t, DGM_STR(", \"type\": \"string\""));
	put_f(t, "},\n        \"%.*s_original\": {\"$ref\": \"#/$defs/original\"}", DGM_FMT(def->name));
}

static void put_json_child(struct text *t, enum dgm_group_id group)
{
	const struct dgm_group_def *def = &dgm_groups[group];
	put_f(t, "        \"%.*s\": ", DGM_FMT(def->name));
	if (def->many)
		put(t, DGM_STR("{\"type\": \"array\", \"minItems\": 1, \"items\": "));
	put_f(t, "{\"$ref\": \"#/$defs/group.%.*s\"}%s", DGM_FMT(def->path), def->many ? "}" : "");
}

/* "required" of a group, and that an array of originals never stands without the array of its values. */
static void put_json_demands(struct text *t, enum dgm_group_id group)
{
	const struct dgm_group_def *def = &dgm_groups[group];
	const char *between = ",\n      \"required\": [";
	const size_t from = t->len;
	for (uint32_t i = 0; i < def->field_count; i++) {
		if (!dgm_field_required(def->first_field + i))
			continue;
		put_f(t, "%s\"%.*s\"", between, DGM_FMT(dgm_fields[def->first_field + i].name));
		between = ", ";
	}
	for (uint32_t i = 0; i < def->child_count; i++) {
		if (!dgm_group_required(def->children[i]))
			continue;
		put_f(t, "%s\"%.*s\"", between, DGM_FMT(dgm_groups[def->children[i]].name));
		between = ", ";
	}
	if (t->len > from)
		put(t, DGM_STR("]"));
	const size_t behind = t->len;
	between = ",\n      \"dependentRequired\": {";
	for (uint32_t i = 0; i < def->field_count; i++) {
		const struct dgm_field_def *field = &dgm_fields[def->first_field + i];
		if (!field->many)
			continue;
		put_f(t, "%s\"%.*s_original\": [\"%.*s\"]", between, DGM_FMT(field->name), DGM_FMT(field->name));
		between = ", ";
	}
	if (t->len > behind)
		put(t, DGM_STR("}"));
}

static void put_json_group(struct text *t, enum dgm_group_id group)
{
	const struct dgm_group_def *def = &dgm_groups[group];
	if (group == DGM_GROUP_root)
		put(t, DGM_STR("    \"notice\": {\"description\": \""));
	else
		put_f(t, "    \"group.%.*s\": {\"description\": \"", DGM_FMT(def->path));
	put_json(t, def->doc);
	put(t,
		DGM_STR("\", \"type\": \"object\", \"additionalProperties\": false, \"minProperties\": 1,\n"
			"      \"properties\": {\n"));
	for (uint32_t i = 0; i < def->field_count; i++) {
		put_json_field(t, def->first_field + i);
		put(t, i + 1 < def->field_count + def->child_count ? DGM_STR(",\n") : DGM_STR("\n"));
	}
	for (uint32_t i = 0; i < def->child_count; i++) {
		put_json_child(t, def->children[i]);
		put(t, i + 1 < def->child_count ? DGM_STR(",\n") : DGM_STR("\n"));
	}
	put(t, DGM_STR("      }"));
	put_json_demands(t, group);
	put(t, group + 1 < DGM_GROUP_COUNT ? DGM_STR("},\n") : DGM_STR("}\n"));
}

struct dgm_str dgm_describe_json_schema(struct dgm_arena *arena)
{
	struct text t = begin(arena);
	put(&t,
		DGM_STR("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
			"  \"$id\": \"" DGM_NOTICE_NAMESPACE "\",\n"));
	put_f(&t, "  \"title\": \"notices, version %d\",\n", DGM_SCHEMA_VERSION);
	put(&t,
		DGM_STR("  \"oneOf\": [{\"$ref\": \"#/$defs/notice\"}, "
			"{\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/notice\"}}],\n"
			"  \"$defs\": {\n"
			"    \"original\": {\"description\": \"the source's own spelling\", \"type\": \"string\"},\n"
			"    \"originals\": {\"description\": \"the source's own spellings, null where a value has none\", "
			"\"type\": \"array\", \"minItems\": 1, \"items\": {\"type\": [\"string\", \"null\"]}},\n"));
	for (int type = 0; type < DGM_TYPE_COUNT; type++)
		if (has_definition((enum dgm_type)type))
			put_json_type(&t, (enum dgm_type)type);
	for (unsigned list = 0; list < DGM_LIST_COUNT; list++) {
		if (dgm_lists[list].count == 0)
			continue;
		put_f(&t, "    \"code.%.*s\": {\"enum\": [\"", DGM_FMT(dgm_lists[list].name));
		put_codes(&t, (enum dgm_list_id)list, "\", \"");
		put(&t, DGM_STR("\", null]},\n"));
	}
	for (unsigned group = 0; group < DGM_GROUP_COUNT; group++)
		put_json_group(&t, (enum dgm_group_id)group);
	put(&t, DGM_STR("  }\n}\n"));
	return finish(&t);
}

/* --- XSD ------------------------------------------------------------------------------------------------------ */

/* A type of element: the content of the simple type `spelling.NAME`, and the attributes that tell the state. */
static void put_xsd_content(struct text *t, const char *kind, struct dgm_str name)
{
	put_f(t, "  <xs:complexType name=\"%s.%.*s\">\n    <xs:simpleContent>\n", kind, DGM_FMT(name));
	put_f(t, "      <xs:extension base=\"spelling.%.*s\"><xs:attributeGroup ref=\"state\"/></xs:extension>\n",
		DGM_FMT(name));
	put(t, DGM_STR("    </xs:simpleContent>\n  </xs:complexType>\n"));
}

/* Every spelling may be empty: that is what a null or an unparsed value's element looks like. */
static void put_xsd_type(struct text *t, enum dgm_type type)
{
	const char *name = dgm_type_names[type];
	put_f(t, "  <xs:simpleType name=\"spelling.%s\">\n    <xs:annotation><xs:documentation>%s", name,
		types[type].doc);
	put(t, DGM_STR("</xs:documentation></xs:annotation>\n    <xs:restriction base=\"xs:string\">"));
	if (types[type].pattern) {
		put(t, DGM_STR("<xs:pattern value=\"("));
		put_xml(t, dgm_str(types[type].pattern));
		put(t, DGM_STR(")?\"/>"));
	}
	put(t, DGM_STR("</xs:restriction>\n  </xs:simpleType>\n"));
	put_xsd_content(t, "type", dgm_str(name));
}

static void put_xsd_list(struct text *t, enum dgm_list_id list)
{
	const struct dgm_str name = dgm_lists[list].name;
	put_f(t, "  <xs:simpleType name=\"spelling.code.%.*s\">\n    <xs:restriction base=\"xs:string\">\n",
		DGM_FMT(name));
	for (uint32_t i = 0; i < dgm_lists[list].count; i++)
		put_f(t, "      <xs:enumeration value=\"%.*s\"/>\n", DGM_FMT(dgm_lists[list].codes[i]));
	put(t, DGM_STR("      <xs:enumeration value=\"\"/>\n    </xs:restriction>\n  </xs:simpleType>\n"));
	put_xsd_content(t, "type", dgm_arena_printf(t->arena, "code.%.*s", DGM_FMT(name)));
}

static void put_xsd_element(struct text *t, struct dgm_str name, bool required, bool many, struct dgm_str type,
	struct dgm_str doc)
{
	put_f(t, "      <xs:element name=\"%.*s\"%s%s type=\"%.*s", DGM_FMT(name), required ? "" : " minOccurs=\"0\"",
		many ? " maxOccurs=\"unbounded\"" : "", DGM_FMT(type));
	put(t, DGM_STR("\"><xs:annotation><xs:documentation>"));
	put_xml(t, doc);
	put(t, DGM_STR("</xs:documentation></xs:annotation></xs:element>\n"));
}

static void put_xsd_group(struct text *t, enum dgm_group_id group)
{
	const struct dgm_group_def *def = &dgm_groups[group];
	if (group == DGM_GROUP_root)
		put(t, DGM_STR("  <xs:complexType name=\"record\">\n    <xs:sequence>\n"));
	else
		put_f(t, "  <xs:complexType name=\"group.%.*s\">\n    <xs:sequence>\n", DGM_FMT(def->path));
	for (uint32_t i = 0; i < def->field_count; i++) {
		const struct dgm_field_def *field = &dgm_fields[def->first_field + i];
		const struct dgm_str type = field->list != DGM_LIST_none
			? dgm_arena_printf(t->arena, "type.code.%.*s", DGM_FMT(dgm_lists[field->list].name))
			: dgm_arena_printf(t->arena, "type.%s", dgm_type_names[field->type]);
		put_xsd_element(t, field->name, dgm_field_required(def->first_field + i), field->many, type,
			field->doc);
	}
	for (uint32_t i = 0; i < def->child_count; i++) {
		const struct dgm_group_def *child = &dgm_groups[def->children[i]];
		put_xsd_element(t, child->name, dgm_group_required(def->children[i]), child->many,
			dgm_arena_printf(t->arena, "group.%.*s", DGM_FMT(child->path)), child->doc);
	}
	put(t, DGM_STR("    </xs:sequence>\n  </xs:complexType>\n"));
}

struct dgm_str dgm_describe_xsd(struct dgm_arena *arena)
{
	struct text t = begin(arena);
	put(&t,
		DGM_STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			"<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns=\"" DGM_NOTICE_NAMESPACE "\"\n"
			"    targetNamespace=\"" DGM_NOTICE_NAMESPACE "\" elementFormDefault=\"qualified\">\n"
			"  <xs:element name=\"notices\">\n    <xs:complexType>\n      <xs:sequence>\n"
			"        <xs:element name=\"record\" type=\"record\" minOccurs=\"0\" maxOccurs=\"unbounded\"/>\n"
			"      </xs:sequence>\n"));
	put_f(&t, "      <xs:attribute name=\"version\" type=\"xs:string\" fixed=\"%d\"/>\n", DGM_SCHEMA_VERSION);
	put(&t,
		DGM_STR("    </xs:complexType>\n  </xs:element>\n"
			"  <xs:simpleType name=\"yes\">\n    <xs:restriction base=\"xs:string\">"
			"<xs:enumeration value=\"true\"/></xs:restriction>\n  </xs:simpleType>\n"
			"  <xs:attributeGroup name=\"state\">\n"
			"    <xs:attribute name=\"null\" type=\"yes\"/>\n"
			"    <xs:attribute name=\"unparsed\" type=\"yes\"/>\n"
			"    <xs:attribute name=\"original\" type=\"xs:string\"/>\n"
			"  </xs:attributeGroup>\n"
			"  <xs:complexType name=\"type.literal\">\n    <xs:simpleContent>\n"
			"      <xs:extension base=\"xs:string\">\n"
			"        <xs:attribute name=\"literal\" default=\"text\">\n          <xs:simpleType>\n"
			"            <xs:restriction base=\"xs:string\">\n"
			"              <xs:enumeration value=\"text\"/>\n"
			"              <xs:enumeration value=\"number\"/>\n"
			"              <xs:enumeration value=\"boolean\"/>\n"
			"              <xs:enumeration value=\"null\"/>\n"
			"              <xs:enumeration value=\"empty_list\"/>\n"
			"            </xs:restriction>\n          </xs:simpleType>\n        </xs:attribute>\n"
			"      </xs:extension>\n    </xs:simpleContent>\n  </xs:complexType>\n"));
	for (int type = 0; type < DGM_TYPE_COUNT; type++)
		if (has_definition((enum dgm_type)type))
			put_xsd_type(&t, (enum dgm_type)type);
	for (unsigned list = 0; list < DGM_LIST_COUNT; list++)
		if (dgm_lists[list].count > 0)
			put_xsd_list(&t, (enum dgm_list_id)list);
	for (unsigned group = 0; group < DGM_GROUP_COUNT; group++)
		put_xsd_group(&t, (enum dgm_group_id)group);
	put(&t, DGM_STR("</xs:schema>\n"));
	return finish(&t);
}
