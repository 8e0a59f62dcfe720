/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schema told to people and machines, and the canonical forms of a notice that these documents describe. All of it
 * derives from the tables of schema.h. The manual's page is dragoman-schema(7).
 *
 * Values. In every form a value is absent, null (the source says "none" or "unknown"), parsed (the canonical spelling)
 * or unparsed (not understood). `original` is the source's own spelling, where normalising changed it; a null may have
 * one, an unparsed value always has one. The empty text is no value of any type but literal. Groups without a value are
 * not written. Fields of a group come first, then its groups, both in the order of the schema.
 *
 * JSON. A notice is an object with a member per group; a group that repeats is an array of objects, any other an object.
 *   field                     a string; numbers too, so that no digit is lost. null where the value is null
 *   field that repeats        an array of such values
 *   <field>_original          behind the field where there is an original: a string; for a field that repeats an array of
 *                             the same length, with null where a value has none
 *   unparsed                  <field>_original alone; in a field that repeats "" in the field's array (null would be a
 *                             null value, which may have an original as well)
 *   literal (unmapped.value)  string, number, true, false, null or [], as in the source; no original
 * notice-jsonl is an object per line, notice-json an array of them.
 *
 * XML. Root <notices xmlns="urn:dragoman:notice:1" version="1">, each notice a <record>; groups and fields are elements
 * of their names, repeated where they repeat.
 *   original                  attribute original="..."
 *   null                      <height null="true" original="0"/>
 *   unparsed                  <date unparsed="true" original="..."/>
 *   literal                   <value literal="number">5</value>: text (the default), number, boolean, null, empty_list
 *
 * CSV. A row per notice; the columns are the paths of all fields in the order of the schema (those of provenance only
 * where it is written), then `originals`.
 *   repeats                   packed into the cell: '|' between the instances of the outermost level that repeats, ';' of
 *                             the second, ',' of the third; levels are the groups and the field that repeat on the way
 *                             from the root. Cells of one group line up by position; empty places at the end may be left
 *                             out
 *   escapes                   a backslash in front of a backslash and of a separator of the column's own levels; a column
 *                             without levels has no separators. \N alone is null; an empty place is absent or unparsed,
 *                             and always unparsed between two values of a field that repeats
 *   literal                   \# number, \! boolean, \N null, \[ empty list in front of the value; \_ is the empty text
 *   originals                 path=text items with '|' between them, '|' and backslash escaped, for every value with an
 *                             original: the path with a number, from 1, behind every group and field that repeats
 *                             (subject[1].birth[1].date, subject[1].eye_colour[2])
 */
#ifndef DGM_NOTICE_DESCRIBE_H
#define DGM_NOTICE_DESCRIBE_H

#include "base/arena.h"
#include "notice/schema.h"

/* The namespace of the canonical XML; its number is DGM_SCHEMA_VERSION. */
#define DGM_NOTICE_NAMESPACE "urn:dragoman:notice:1"

/* Whether a notice is not valid without this field (in each instance of its group), and without this group. */
bool dgm_field_required(enum dgm_field_id field);
bool dgm_group_required(enum dgm_group_id group);

/* The documents: whole files, ending in a line feed, in the arena. */

/* One line per field, aligned: path with [] behind what repeats, type, meaning, code list. */
struct dgm_str dgm_describe_fields(struct dgm_arena *arena);
/* The same as a JSON array, one object per line. */
struct dgm_str dgm_describe_fields_json(struct dgm_arena *arena);
/* JSON Schema, draft 2020-12, of a notice or of an array of notices; the notice alone is #/$defs/notice. */
struct dgm_str dgm_describe_json_schema(struct dgm_arena *arena);
/* XSD 1.0 of the canonical XML. */
struct dgm_str dgm_describe_xsd(struct dgm_arena *arena);
/* The field list of dragoman-schema(7), in mdoc(7). */
struct dgm_str dgm_describe_mdoc(struct dgm_arena *arena);

#endif
