/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A definition (formats/<id>.yaml) compiled: what dragoman knows of a format. The language is described in
 * dragoman-format(5). The mapping is a tree that mirrors the source in the source's order: reading walks the record and
 * looks each key up, writing walks the tree and puts what the notice holds, so one line serves both ways.
 */
#ifndef DGM_FORMAT_DEFINITION_H
#define DGM_FORMAT_DEFINITION_H

#include "format/codes.h"
#include "format/letters.h"
#include "format/measure.h"
#include "format/template.h"
#include "notice/address.h"
#include "notice/calendar.h"
#include "notice/date_pattern.h"
#include "notice/identifier.h"
#include "notice/notice.h"

/* Something about one value: a warning with its field and where it stands in the record's source. */
struct dgm_problem {
	const char *code;
	struct dgm_str field; /* schema path, or source path */
	struct dgm_str value;
	struct dgm_str expected; /* len 0: the code says it all */
	uint32_t offset;
};

/* What a source key does. */
enum dgm_node_kind {
	DGM_NODE_PLAIN,  /* a container without meaning of its own */
	DGM_NODE_GROUP,  /* each occurrence is an instance of a schema group */
	DGM_NODE_FIELD,  /* a value of a schema field */
	DGM_NODE_PART,   /* a part of a date that stands in several keys */
	DGM_NODE_KEEP,   /* known, without a home in the schema: kept as unmapped, put back here */
	DGM_NODE_IGNORE, /* dropped on purpose, with a reason */
};

/* The parts of a date in several keys. */
enum dgm_part {
	DGM_PART_QUALIFIER, /* codes to exact, approximate, between */
	DGM_PART_FULL,
	DGM_PART_YEAR,
	DGM_PART_MONTH,
	DGM_PART_DAY,
	DGM_PART_FROM,
	DGM_PART_TO,
	DGM_PART_CALENDAR, /* codes to the names of calendars */
	DGM_PART_COUNT
};

/* What an empty value means. */
enum dgm_empty {
	DGM_EMPTY_ABSENT, /* nothing: CSV cells, XML placeholders */
	DGM_EMPTY_NULL,   /* the source says "none" by it: JSON */
};

struct dgm_constant {
	enum dgm_field_id field;
	struct dgm_str text;    /* what reading sets */
	struct dgm_str *others; /* further codes that writing accepts */
	uint32_t other_count;
	bool must;   /* writing: without it the record does not fit this shape */
	bool said;   /* of a record: a key says it too, and what the key says comes first */
	bool opened; /* of a record: its group is opened by keys, and it holds for each instance that says nothing else */
};

/*
 * Where in the notice values of a shape go: a group instance, found from another anchor. Anchor 0 is the root.
 * bound: opened by each occurrence of a key; otherwise made at first use. constants: given to a new instance, and on
 * writing they select the instance.
 */
struct dgm_anchor {
	uint32_t parent;
	enum dgm_group_id group;
	struct dgm_constant *constants;
	uint32_t constant_count;
	uint32_t *descendants; /* anchors that are forgotten when this one is opened anew */
	uint32_t descendant_count;
	bool bound;
	bool any;    /* fields may come from different instances */
	uint8_t nth; /* of numbered columns: only this instance, from 1; 0: the first */
	/* of a bound one: the one whose instance is open around it; 0: none */
	uint32_t outer;
	/* of a bound one: a field that holds the number of the instance around it */
	enum dgm_field_id link;
	bool linked;
	/* what other keys take is not for this one */
	const struct dgm_str *without; /* their names */
	const struct dgm_node **without_nodes;
	uint32_t without_count;
};

struct dgm_target {
	enum dgm_field_id field;
	uint32_t anchor;
	int32_t position; /* of a part of a field that repeats, from 0; -1: any */
};

/* What the source writes for "none" or "unknown", ASCII letters in any case. */
struct dgm_nulls {
	const struct dgm_str *words;
	uint32_t count;
	uint64_t lengths; /* bit 63 is for all from 63 bytes on */
};

static inline uint64_t dgm_nulls_length(struct dgm_str word)
{
	return UINT64_C(1) << (word.len < 63 ? word.len : 63);
}

/* Whether a text is one of them; few texts have the length of one. */
static inline bool dgm_nulls_have(const struct dgm_nulls *nulls, struct dgm_str text)
{
	if (!(nulls->lengths & dgm_nulls_length(text)))
		return false;
	for (uint32_t i = 0; i < nulls->count; i++)
		if (dgm_str_eq_nocase(nulls->words[i], text))
			return true;
	return false;
}

struct dgm_node {
	struct dgm_str name;
	struct dgm_str *aliases;
	uint32_t alias_count;
	enum dgm_node_kind kind;
	enum dgm_part part;
	uint32_t number; /* in its shape, from 0 */
	struct dgm_node *parent, *first, *next;
	struct dgm_target target; /* FIELD, PART; for GROUP only the anchor */
	/* a key that holds several values in one text: its children are the holes */
	struct dgm_template *templates;                          /* tried in their order */
	const struct dgm_node *(*template_nodes)[DGM_HOLES_MAX]; /* by template: the children behind its holes */
	uint32_t template_count;
	int otherwise;          /* the pattern, of one hole alone, for a text that none fits; -1: such a text is kept */
	struct dgm_str *either; /* what stands between alternatives in a text that is not understood as a whole */
	uint32_t either_count;
	struct dgm_constant *each; /* what each of them is given */
	uint32_t each_count;
	bool no_digits; /* in a hole: a text with a digit is not this field */
	/* a container whose key is the same for all its occurrences, told apart by a value inside ("@name") */
	struct dgm_str by;       /* the key of that value; len 0: an ordinary one */
	struct dgm_str by_value; /* the key of what is the child's value */
	bool numbering;          /* a number in front of a child's name does not count: "(3) Name" */
	/* a container that stands for what its group is: which constants it gives and asks for */
	struct dgm_constant *choice;
	uint32_t choice_count;
	const struct dgm_node *unless; /* written only where that one was not */
	const struct dgm_node *with;   /* written only where that one was */
	/* values */
	struct dgm_codes **codes;
	uint32_t code_count;
	const struct dgm_date_pattern **dates;
	uint32_t date_count;
	uint32_t date_more; /* behind them: the same in the canonical spelling, where that is another, for reading */
	struct dgm_codes **month_lists;
	uint32_t month_list_count;
	const struct dgm_month_names *months;  /* NULL: English */
	const struct dgm_calendar *calendar;   /* NULL: Gregorian */
	const struct dgm_calendar **calendars; /* of a part that names the calendar: by enum dgm_calendar_id */
	struct dgm_nulls nulls;
	struct dgm_str null_word; /* what is written for a null from elsewhere; len 0: nothing */
	struct dgm_str split;     /* what writing joins with; len 0: one value in a cell */
	struct dgm_str *splits;   /* what reading splits at, "split" among them, short ones first */
	uint32_t *split_parts;    /* by those: from 1, an earlier one that is a part of it; 0: none is */
	uint32_t split_count;
	bool split_numbered;         /* reading takes "1. … 2. …" for several; the last of "splits" is that word */
	bool split_numbers;          /* writing numbers them */
	const struct dgm_node *rest; /* what all pieces but the first are: a child that is never written by itself */
	bool read_only;              /* this is one, or a key that says "written: no" */
	bool shared;                 /* "rest" of another key fills this field too: writes what has not arrived there */
	struct dgm_str standing;     /* what the record's constant says of this field; len 0: it has none */
	struct dgm_str prefix;       /* in front of each value, dropped on reading */
	const struct dgm_identifier *identifier; /* whose check character is looked at; NULL: none */
	bool phone;                              /* the text is a telephone number */
	const struct dgm_phone_plan *plan;       /* whose numbers stand here without their country; NULL: not known */
	bool calls;                              /* the field "calling" says whose */
	enum dgm_field_id calling;
	enum dgm_group_id calling_from; /* the number's group, or one around it, below which the field is looked for */
	const struct dgm_measure *measure; /* words around a length or mass; NULL: a number alone */
	char decimal, group;
	int8_t shift; /* powers of ten from the source's unit to the schema's */
	enum dgm_empty empty;
	/* writing */
	struct dgm_target *fallbacks; /* "or": other fields written where the target is absent */
	uint32_t fallback_count;
	struct dgm_node *always_map; /* a group without instances: its children as constants */
	struct dgm_str always_text;
	uint8_t always_literal;
	bool always;
	bool list;                   /* writes as many values as there are */
	bool row;                    /* a group that each row of a record has an instance of */
	bool number_literal;         /* JSON: written as a number */
	const struct dgm_node *pair; /* the other of two keys that say one thing */
	bool agrees;                 /* this is the second of them */
	bool requires;               /* one of its keys is required */
	bool required;               /* the format's own schema demands a value; without one a warning is due */
	bool demanded;             /* without a value of it the instance around it is not written by its group's key */
	uint32_t max;              /* characters; 0: no limit */
	bool listed;               /* of a text: only what the code lists know is written */
	const uint8_t *characters; /* by ASCII character, whether the target takes it; NULL: all of them */
	struct dgm_letters **letters; /* tables for a target that holds Latin letters only */
	uint32_t letter_count;        /* 0: it holds any */
	uint8_t zone;          /* 1 + the kind of machine readable zone that is made where there is none; 0: none is */
	bool original_letters; /* what it takes instead of its own field are texts in other letters than Latin */
	enum dgm_field_id language;   /* beside the target: what language it is in; DGM_FIELD_COUNT: nothing says so */
	const struct dgm_node *joins; /* a group that shares its instance where both occur once */
	struct dgm_str reason;        /* of ignore and keep */
	struct dgm_place place;       /* in the definition */
};

struct dgm_condition {
	struct dgm_str *path; /* components */
	uint32_t depth;
	struct dgm_str pattern; /* '*' stands for any run */
};

struct dgm_alternative {
	struct dgm_condition *conditions; /* all must hold */
	uint32_t count;
};

struct dgm_shape {
	uint32_t path;   /* index in the format's paths: where it is written */
	uint32_t *paths; /* all where it is read, "path" first */
	uint32_t path_count;
	struct dgm_alternative *when; /* any; none: always */
	uint32_t when_count;
	struct dgm_anchor *anchors;
	uint32_t anchor_count;
	struct dgm_node *root; /* its children are the record's keys */
	uint32_t node_count;
	struct dgm_constant *constants; /* of the record, with their anchors */
	uint32_t *constant_anchors;
	uint32_t constant_count;
	bool continues; /* for writing what comes behind the first record of a file, inside that record */
	bool read_only; /* never written: another form of the format */
};

struct dgm_names {
	struct dgm_str *names;
	uint32_t count;
};

struct dgm_signature {
	struct dgm_str root, space; /* XML */
	struct dgm_str *words;      /* XML: elements; CSV: columns; JSON: members */
	uint32_t word_count;
	struct dgm_names *others; /* CSV, by word: what else the maps call the column */
	char kind;                /* 'x', 'c', 'j' */
	char delimiter;
	char top; /* JSON: the first character, '[' or '{'; 0: either */
};

struct dgm_setting {
	struct dgm_str name, value;
	struct dgm_place place;
};

/* How records and notices meet. */
enum dgm_style {
	DGM_STYLE_MAPPED,  /* by the shapes of the definition */
	DGM_STYLE_MEMBERS, /* canonical forms, see canonical.h */
	DGM_STYLE_ATTRIBUTES,
	DGM_STYLE_PACKED,
};

struct dgm_format {
	struct dgm_arena arena;
	struct dgm_str file;
	struct dgm_str id, title, organisation, status, engine;
	struct dgm_str *evidence;
	uint32_t evidence_count;
	struct dgm_str *invented; /* what has no source: fields, words, a layout */
	uint32_t invented_count;
	struct dgm_str *languages; /* BCP 47 tags, of headers and values */
	uint32_t language_count;
	struct dgm_setting *options; /* for the engine */
	uint32_t option_count;
	struct dgm_setting *media; /* kind of medium and the pattern of its names in a bundle */
	uint32_t media_count;
	struct dgm_str encoding;
	struct dgm_str *accepts; /* further encodings that reading tries where the first does not hold */
	uint32_t accept_count;
	bool bom;
	struct dgm_str extension; /* of files, without the dot */
	enum dgm_style style;     /* other than MAPPED: the schema itself is the mapping */
	bool table;               /* flat rows under a header: only the map's keys can be written */
	struct dgm_str rows;      /* column that rows of one record have in common; len 0: each row is a record */
	struct dgm_signature *signatures;
	uint32_t signature_count;
	struct dgm_str *paths;
	uint32_t path_count;
	uint32_t written_path_count; /* so many of them, the first ones, are written to */
	struct dgm_shape *shapes;
	uint32_t shape_count;
	struct dgm_shape envelope;    /* of what stands outside records; root NULL: nothing known */
	struct dgm_letters **letters; /* all that its keys use */
	uint32_t letter_count;
};

/*
 * Reads and compiles a definition. code_folders: NULL-terminated list of folders with code lists, first match counts.
 * NULL after diagnostics; every problem of the file is reported, not just the first.
 */
struct dgm_format *dgm_format_load(const char *path, const char *const *code_folders, struct dgm_diag_sink *diags);
struct dgm_format *dgm_format_parse(struct dgm_str text, const char *file, const char *const *code_folders,
	struct dgm_diag_sink *diags);
/*
 * The same without its code lists, for detection, which needs no words: they are most of the work. Neither reads nor
 * writes. NULL, in silence, where the definition is not sound.
 */
struct dgm_format *dgm_format_sketch(const char *path);
void dgm_format_free(struct dgm_format *format);

#endif
