/* SPDX-License-Identifier: Apache-2.0 */
/* The common notice schema as tables, generated from schema.def. Constant after start-up. */
#ifndef DGM_NOTICE_SCHEMA_H
#define DGM_NOTICE_SCHEMA_H

#include "base/str.h"

#define DGM_SCHEMA_VERSION 1

/* Types and their canonical spelling. */
enum dgm_type {
	DGM_TYPE_TEXT,    /* one line of text, NFC, no controls or bidi marks */
	DGM_TYPE_PROSE,   /* text that may hold line feeds */
	DGM_TYPE_CODE,    /* a word of the field's closed list */
	DGM_TYPE_DATE,    /* EDTF (ISO 8601-2), see date.h */
	DGM_TYPE_TIME,    /* ISO 8601 time of day, zone as given */
	DGM_TYPE_COUNTRY, /* ISO 3166-1 alpha-2, ISO 3166-3 alpha-4, XK, or x-icc x-stl x-irmct x-stateless x-unknown */
	DGM_TYPE_LANGUAGE, /* ISO 639-3 */
	DGM_TYPE_SCRIPT,   /* ISO 15924 */
	DGM_TYPE_INTEGER,  /* -?[0-9]+ as text */
	DGM_TYPE_DECIMAL,  /* -?[0-9]+(.[0-9]+)? as text, no exponent */
	DGM_TYPE_LENGTH,   /* decimal centimetres, or min/max */
	DGM_TYPE_MASS,     /* decimal kilograms, or min/max */
	DGM_TYPE_CURRENCY, /* ISO 4217 */
	DGM_TYPE_URI,      /* RFC 3986 */
	DGM_TYPE_EMAIL,    /* RFC 5321 */
	DGM_TYPE_PHONE,    /* E.164 where the country is known, else as written */
	DGM_TYPE_ID,       /* compact upper-case identifier */
	DGM_TYPE_DIGEST,   /* sha256: and 64 hexadecimal digits */
	DGM_TYPE_BOOLEAN,  /* true or false */
	DGM_TYPE_LITERAL,  /* a source value as it was written, with its JSON kind */
	DGM_TYPE_COUNT
};

enum dgm_list_id {
#define DGM_CODES(list, codes) DGM_LIST_##list,
#include "notice/schema.def"
	DGM_LIST_COUNT
};

enum dgm_group_id {
#define DGM_GROUP(group, parent, name, many, doc) DGM_GROUP_##group,
#include "notice/schema.def"
	DGM_GROUP_COUNT
};

enum dgm_field_id {
#define DGM_FIELD(group, name, type, list, many, doc) DGM_FIELD_##group##_##name,
#include "notice/schema.def"
	DGM_FIELD_COUNT
};

struct dgm_list_def {
	struct dgm_str name;
	const struct dgm_str *codes;
	uint32_t count;
};

struct dgm_field_def {
	struct dgm_str name; /* "family" */
	struct dgm_str path; /* "subject.name.family" */
	struct dgm_str doc;
	enum dgm_group_id group;
	enum dgm_type type;
	enum dgm_list_id list;
	uint32_t slot; /* in its group: 0 for the group's first field */
	bool many;
};

struct dgm_group_def {
	struct dgm_str name; /* "name" */
	struct dgm_str path; /* "subject.name"; empty for the root */
	struct dgm_str doc;
	enum dgm_group_id parent;
	enum dgm_field_id first_field;
	uint32_t field_count;
	uint32_t child_count;
	const enum dgm_group_id *children; /* in schema order */
	uint32_t slot;                     /* in its parent: behind the parent's fields */
	uint32_t depth;                    /* how many groups on the way from the root repeat, this one included */
	bool many;
	bool protected; /* it or a group above it: a conversion loses no value of it unless it is told to */
};

extern const char *const dgm_type_names[DGM_TYPE_COUNT];
extern struct dgm_list_def dgm_lists[DGM_LIST_COUNT];
extern struct dgm_group_def dgm_groups[DGM_GROUP_COUNT];
extern struct dgm_field_def dgm_fields[DGM_FIELD_COUNT];

/* The field or group with this path; -1 when there is none. */
int dgm_field_by_path(struct dgm_str path);
int dgm_group_by_path(struct dgm_str path);
/* A field or child group of a group by its plain name; -1 when there is none. */
int dgm_field_in(enum dgm_group_id group, struct dgm_str name);
int dgm_group_in(enum dgm_group_id parent, struct dgm_str name);
/* Whether code is a word of the list. */
bool dgm_list_has(enum dgm_list_id list, struct dgm_str code);

#endif
