/* SPDX-License-Identifier: Apache-2.0 */
/* Compiles how the value of a source key is read and written: codes, dates, numbers, units, splits, nulls. */
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "base/textkey.h"
#include "format/compile.h"
#include "notice/mrz.h"

static struct dgm_codes *load_list(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_str name)
{
	if (compiler->sketch) {
		struct dgm_codes *empty = dgm_arena_zero(compiler->arena, sizeof *empty);
		empty->name = name;
		return empty;
	}
	for (uint32_t i = 0; i < compiler->list_count; i++)
		if (dgm_str_eq(compiler->lists[i]->name, name))
			return compiler->lists[i];
	for (const char *const *folder = compiler->code_folders; folder && *folder; folder++) {
		const char *path = dgm_arena_printf(compiler->arena, "%s/%.*s.yaml", *folder, DGM_FMT(name)).ptr;
		if (access(path, R_OK) != 0)
			continue;
		struct dgm_codes *codes = dgm_codes_load(compiler->arena, path, compiler->diags);
		if (!codes)
			compiler->errors++;
		else if (compiler->list_count < compiler->list_capacity)
			compiler->lists[compiler->list_count++] = codes;
		return codes;
	}
	dgm_compile_fail(compiler, &yaml->place, "definition-codes", "there is no code list \"%.*s\"", DGM_FMT(name));
	return NULL;
}

static void compile_codes(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	if (!yaml)
		return;
	const uint32_t most = yaml->kind == DGM_YAML_LIST ? yaml->count : 1;
	node->codes = dgm_arena_zero(compiler->arena, (most + 1) * sizeof(struct dgm_codes *));
	if (yaml->kind == DGM_YAML_MAP) {
		struct dgm_codes *codes =
			dgm_codes_compile(compiler->arena, yaml->key, yaml, compiler->format->file, compiler->diags);
		if (codes)
			node->codes[node->code_count++] = codes;
		else
			compiler->errors++;
		return;
	}
	const struct dgm_yaml *item = yaml->kind == DGM_YAML_LIST ? yaml->first : yaml;
	for (uint32_t i = 0; i < most; i++, item = item->next) {
		struct dgm_codes *codes = load_list(compiler, item, dgm_compile_text(compiler, item));
		if (codes)
			node->codes[node->code_count++] = codes;
	}
}

static void check_codes(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, const struct dgm_node *node)
{
	if (node->kind != DGM_NODE_FIELD || dgm_fields[node->target.field].type != DGM_TYPE_CODE)
		return;
	const enum dgm_list_id list = dgm_fields[node->target.field].list;
	for (uint32_t c = 0; c < node->code_count; c++)
		for (uint32_t i = 0; i < node->codes[c]->count; i++)
			/* Once for a code, not for each of its spellings. */
			if ((i == 0 || !dgm_str_eq(node->codes[c]->pairs[i].code, node->codes[c]->pairs[i - 1].code)) &&
				!dgm_list_has(list, node->codes[c]->pairs[i].code))
				dgm_compile_fail(compiler, &yaml->place, "definition-code",
					"\"%.*s\" is not a code of %.*s", DGM_FMT(node->codes[c]->pairs[i].code),
					DGM_FMT(dgm_lists[list].name));
}

static unsigned find_month(const void *context, struct dgm_arena *arena, struct dgm_str name)
{
	const struct dgm_node *node = context;
	struct dgm_str code;
	uint64_t month = 0;
	if (dgm_codes_read_any(node->month_lists, node->month_list_count, arena, name, &code))
		dgm_str_to_u64(code, &month);
	return (unsigned)month;
}

/* Lists of names for MMMM and MMM; the first that has a name for a month writes it. */
static void compile_months(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	if (!yaml)
		return;
	struct dgm_month_names *names = dgm_arena_zero(compiler->arena, sizeof *names);
	const uint32_t most = yaml->kind == DGM_YAML_LIST ? yaml->count : 1;
	const struct dgm_yaml *item = yaml->kind == DGM_YAML_LIST ? yaml->first : yaml;
	node->month_lists = dgm_arena_zero(compiler->arena, (most + 1) * sizeof(struct dgm_codes *));
	for (uint32_t i = 0; i < most; i++, item = item->next) {
		struct dgm_codes *codes = load_list(compiler, item, dgm_compile_text(compiler, item));
		for (uint32_t p = 0; codes && p < codes->count; p++) {
			const struct dgm_code_pair *pair = &codes->pairs[p];
			uint64_t month = 0;
			if (!dgm_str_to_u64(pair->code, &month) || month == 0 || month > DGM_MONTHS_MAX ||
				pair->spelling.len > DGM_MONTH_NAME_MAX) {
				dgm_compile_fail(compiler, &item->place, "definition-date",
					"code list %.*s is not one of months: codes 1 to %d, names of at most %d bytes",
					DGM_FMT(codes->name), DGM_MONTHS_MAX, DGM_MONTH_NAME_MAX);
				return;
			}
			if (names->written[month].len == 0)
				names->written[month] = pair->spelling;
		}
		if (codes)
			node->month_lists[node->month_list_count++] = codes;
	}
	for (size_t m = 1; m <= DGM_MONTHS_MAX; m++)
		if (names->written[m].len > names->longest)
			names->longest = names->written[m].len;
	names->find = find_month;
	names->context = node;
	node->months = names;
}

/* The table of a calendar, made once for a definition. */
static const struct dgm_calendar *calendar_of(struct dgm_compiler *compiler, const struct dgm_yaml *yaml,
	struct dgm_str name)
{
	const int id = dgm_calendar_find(name);
	if (id == DGM_CALENDAR_GREGORIAN)
		return NULL;
	if (id > 0 && !compiler->calendars[id])
		compiler->calendars[id] = dgm_calendar_new(compiler->arena, (enum dgm_calendar_id)id);
	if (id < 0 || !compiler->calendars[id]) {
		dgm_compile_fail(compiler, &yaml->place, "definition-date",
			"\"%.*s\" is not a calendar: gregorian, islamic-umalqura, islamic-civil, persian, buddhist, ethiopic",
			DGM_FMT(name));
		return NULL;
	}
	return compiler->calendars[id];
}

static void compile_calendar(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	const struct dgm_yaml *calendar = dgm_yaml_get(yaml, "calendar");
	const bool is_part = node->kind == DGM_NODE_PART;
	const bool is_date = node->kind == DGM_NODE_FIELD && dgm_fields[node->target.field].type == DGM_TYPE_DATE;
	if (calendar)
		node->calendar = calendar_of(compiler, calendar, dgm_compile_text(compiler, calendar));
	if ((calendar || dgm_yaml_get(yaml, "months")) && !is_date && !is_part)
		dgm_compile_fail(compiler, &yaml->place, "definition-date",
			"\"calendar\" and \"months\" stand beside a date or a part of one");
	if (!is_part || node->part != DGM_PART_CALENDAR)
		return;
	node->calendars = dgm_arena_zero(compiler->arena, DGM_CALENDAR_COUNT * sizeof(struct dgm_calendar *));
	for (uint32_t c = 0; c < node->code_count; c++)
		for (uint32_t i = 0; i < node->codes[c]->count; i++) {
			const struct dgm_str code = node->codes[c]->pairs[i].code;
			const struct dgm_calendar *table = calendar_of(compiler, yaml, code);
			if (table)
				node->calendars[dgm_calendar_find(code)] = table;
		}
	if (node->code_count == 0)
		dgm_compile_fail(compiler, &yaml->place, "definition-codes",
			"a part that names the calendar needs \"codes\"");
}

/* The first year that yy can mean; 0: the key has none. */
static unsigned century_of(struct dgm_compiler *compiler, const struct dgm_yaml *yaml)
{
	enum { LAST = 9900 }; /* the schema's years have four digits */
	uint64_t year = 0;
	if (yaml && (!dgm_str_to_u64(dgm_compile_text(compiler, yaml), &year) || year == 0 || year > LAST))
		dgm_compile_fail(compiler, &yaml->place, "definition-date",
			"\"century\" is the first of the hundred years that yy can mean, 1 to %d", LAST);
	return (unsigned)year;
}

static void compile_dates(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, unsigned century,
	struct dgm_node *node)
{
	uint32_t count = 0, again = 0;
	struct dgm_str *patterns = dgm_compile_texts(compiler, yaml, &count);
	const struct dgm_str *canonical = dgm_compile_plain_texts(compiler, yaml, &again);
	node->dates = dgm_arena_zero(compiler->arena, (2 * (size_t)count + 1) * sizeof *node->dates);
	for (uint32_t i = 0; i < count; i++) {
		const char *problem = "not a date pattern";
		const struct dgm_date_pattern *pattern =
			dgm_date_pattern_compile(compiler->arena, patterns[i], node->months, century, &problem);
		if (!pattern) {
			dgm_compile_fail(compiler, &yaml->place, "definition-date", "\"%.*s\": %s",
				DGM_FMT(patterns[i]), problem);
			continue;
		}
		node->dates[node->date_count++] = pattern;
	}
	/* Words in them such as an abbreviation with a tatweel stand in values without it. */
	for (uint32_t i = 0; i < count; i++) {
		const char *problem = NULL;
		const struct dgm_date_pattern *pattern = dgm_str_eq(patterns[i], canonical[i])
			? NULL
			: dgm_date_pattern_compile(compiler->arena, canonical[i], node->months, century, &problem);
		if (pattern)
			node->dates[node->date_count + node->date_more++] = pattern;
	}
}

static const struct dgm_unit *find_unit(struct dgm_compiler *compiler, const struct dgm_place *place,
	struct dgm_str name, const struct dgm_node *node)
{
	const struct dgm_unit *unit = dgm_unit_find(name, dgm_fields[node->target.field].type);
	if (!unit)
		dgm_compile_fail(compiler, place, "definition-unit", "\"%.*s\" is not a unit of %.*s", DGM_FMT(name),
			DGM_FMT(dgm_fields[node->target.field].path));
	return unit;
}

/* Lists of words for units, in which those of the other type are none of its. */
static void compile_unit_lists(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, enum dgm_type type,
	struct dgm_measure *measure)
{
	const uint32_t most = !yaml ? 0 : yaml->kind == DGM_YAML_LIST ? yaml->count : 1;
	const struct dgm_yaml *item = yaml && yaml->kind == DGM_YAML_LIST ? yaml->first : yaml;
	for (uint32_t i = 0; i < most; i++, item = item->next) {
		const struct dgm_codes *codes = load_list(compiler, item, dgm_compile_text(compiler, item));
		if (!codes)
			continue;
		struct dgm_unit_word *words =
			dgm_arena_zero(compiler->arena, (measure->word_count + (size_t)codes->count) * sizeof *words);
		memcpy(words, measure->words, measure->word_count * sizeof *words);
		measure->words = words;
		for (uint32_t p = 0; p < codes->count; p++) {
			const struct dgm_unit *unit = dgm_unit_find(codes->pairs[p].code, type);
			if (unit)
				words[measure->word_count++] =
					(struct dgm_unit_word){.word = dgm_text_fold(compiler->arena,
								       codes->pairs[p].spelling),
						.unit = unit};
		}
	}
}

static void compile_unit_words(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, const struct dgm_node *node,
	struct dgm_measure *measure)
{
	size_t most = 0;
	for (const struct dgm_yaml *entry = yaml ? yaml->first : NULL; entry; entry = entry->next)
		most += entry->kind == DGM_YAML_LIST ? entry->count : 1;
	measure->words = dgm_arena_zero(compiler->arena, (most + 1) * sizeof *measure->words);
	for (const struct dgm_yaml *entry = yaml ? yaml->first : NULL; entry; entry = entry->next) {
		uint32_t count = 0;
		const struct dgm_str *words = dgm_compile_texts(compiler, entry, &count);
		const struct dgm_unit *unit = find_unit(compiler, &entry->key_place, entry->key, node);
		for (uint32_t i = 0; unit && i < count; i++)
			measure->words[measure->word_count++] =
				(struct dgm_unit_word){.word = dgm_text_fold(compiler->arena, words[i]), .unit = unit};
		if (unit && count && unit == measure->own)
			measure->written = words[0];
	}
}

/* Words around numbers: "approx. 1.75-1.80 m". */
static void compile_measure(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	const struct dgm_yaml *range = dgm_yaml_get(yaml, "range"), *about = dgm_yaml_get(yaml, "about");
	const struct dgm_yaml *units = dgm_yaml_get(yaml, "units"), *lists = dgm_yaml_get(yaml, "words");
	if (!range && !about && !units && !lists)
		return;
	const enum dgm_type type = node->kind == DGM_NODE_FIELD ? dgm_fields[node->target.field].type : DGM_TYPE_COUNT;
	if ((type != DGM_TYPE_LENGTH && type != DGM_TYPE_MASS) || (units && units->kind != DGM_YAML_MAP)) {
		dgm_compile_fail(compiler, &yaml->place, "definition-shape",
			"range, about, units and words are for a length or a mass; units is a map from units to words");
		return;
	}
	struct dgm_measure *measure = dgm_arena_zero(compiler->arena, sizeof *measure);
	measure->own = dgm_unit_of(node->shift, type);
	measure->ranges = dgm_compile_texts(compiler, range, &measure->range_count);
	measure->about = dgm_compile_texts(compiler, about, &measure->about_count);
	for (uint32_t i = 0; i < measure->about_count; i++)
		measure->about[i] = dgm_text_fold(compiler->arena, measure->about[i]);
	compile_unit_words(compiler, units, node, measure);
	compile_unit_lists(compiler, lists, type, measure);
	node->measure = measure;
}

static void compile_number(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	if (!yaml)
		return;
	if (yaml->kind != DGM_YAML_MAP) {
		dgm_compile_fail(compiler, &yaml->place, "definition-shape",
			"\"number\" is a map: {decimal: \",\", group: \".\"}");
		return;
	}
	dgm_compile_known_keys(compiler, yaml, DGM_IN_NUMBER, "a key of number");
	const struct dgm_str decimal = dgm_compile_text(compiler, dgm_yaml_get(yaml, "decimal"));
	const struct dgm_str group = dgm_compile_text(compiler, dgm_yaml_get(yaml, "group"));
	if (decimal.len > 1 || group.len > 1)
		dgm_compile_fail(compiler, &yaml->place, "definition-shape",
			"decimal and group are one ASCII character each");
	if (decimal.len)
		node->decimal = decimal.ptr[0];
	if (group.len)
		node->group = group.ptr[0];
	compile_measure(compiler, yaml, node);
}

static void compile_unit(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	const struct dgm_unit *unit =
		yaml ? find_unit(compiler, &yaml->place, dgm_compile_text(compiler, yaml), node) : NULL;
	if (unit && !unit->exact)
		dgm_compile_fail(compiler, &yaml->place, "definition-unit",
			"%s is no unit to write in: its words can only be read", unit->name);
	if (unit)
		node->shift = unit->shift;
}

/* "a-z0-9 .'-": ASCII characters and ranges of them; '-' at an end is itself. */
static void compile_characters(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	if (!yaml)
		return;
	const struct dgm_str text = dgm_compile_text(compiler, yaml);
	uint8_t *table = dgm_arena_zero(compiler->arena, 128);
	for (size_t i = 0; i < text.len; i++) {
		const unsigned char first = (unsigned char)text.ptr[i];
		const bool range = i + 2 < text.len && text.ptr[i + 1] == '-';
		const unsigned char last = range ? (unsigned char)text.ptr[i + 2] : first;
		if (last >= 128 || first > last) {
			dgm_compile_fail(compiler, &yaml->place, "definition-shape",
				"\"characters\" are ASCII characters and ranges of them, such as a-z");
			return;
		}
		memset(table + first, 1, last - first + 1u);
		i += range ? 2 : 0;
	}
	node->characters = table;
}

static int by_length(const void *a, const void *b)
{
	const struct dgm_str *left = a, *right = b;
	return (left->len > right->len) - (left->len < right->len);
}

static void compile_split(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	node->splits = dgm_compile_texts(compiler, yaml, &node->split_count);
	if (!node->split_count)
		return;
	node->split = node->splits[0];
	node->split_numbers = dgm_str_is(node->split, "numbered");
	if (node->split_numbers)
		node->split = DGM_STR("\n");
	/* The word goes behind the texts that are looked for. */
	for (uint32_t i = 0; i < node->split_count; i++) {
		if (dgm_str_is(node->splits[i], "numbered")) {
			node->splits[i] = node->splits[node->split_count - 1];
			node->split_numbered = true;
			break;
		}
	}
	const uint32_t count = node->split_count - node->split_numbered;
	qsort(node->splits, count, sizeof *node->splits, by_length);
	node->split_parts = dgm_arena_zero(compiler->arena, node->split_count * sizeof *node->split_parts);
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t k = 0; k < i && !node->split_parts[i]; k++)
			if (dgm_str_find(node->splits[i], node->splits[k]) < node->splits[i].len)
				node->split_parts[i] = k + 1;
}

/* The table of a name, loaded once for a definition. */
static struct dgm_letters *table_of(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_str name)
{
	struct dgm_format *format = compiler->format;
	for (uint32_t i = 0; i < format->letter_count; i++)
		if (dgm_str_eq(dgm_letters_name(format->letters[i]), name))
			return format->letters[i];
	for (const char *const *folder = compiler->code_folders; folder && *folder; folder++) {
		const struct dgm_str place = dgm_arena_printf(compiler->arena, "%s/letters", *folder);
		const char *path =
			dgm_arena_printf(compiler->arena, "%.*s/%.*s.txt", DGM_FMT(place), DGM_FMT(name)).ptr;
		if (name.len == 0 || access(path, R_OK) != 0)
			continue;
		struct dgm_letters *letters = dgm_letters_load(compiler->arena, place, name, compiler->diags);
		if (!letters) {
			compiler->errors++;
			return NULL;
		}
		const size_t bytes = format->letter_count * sizeof(struct dgm_letters *);
		struct dgm_letters **all = dgm_arena_zero(compiler->arena, bytes + sizeof(struct dgm_letters *));
		if (bytes)
			memcpy(all, format->letters, bytes);
		all[format->letter_count++] = letters;
		format->letters = all;
		return letters;
	}
	dgm_compile_fail(compiler, &yaml->place, "definition-letters", "there is no table of letters \"%.*s\"",
		DGM_FMT(name));
	return NULL;
}

/* Tables for a target that holds Latin letters only, and where the notice says which language a text is in. */
static void compile_letters(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	const enum dgm_type type = node->kind == DGM_NODE_FIELD ? dgm_fields[node->target.field].type : DGM_TYPE_COUNT;
	node->language = DGM_FIELD_COUNT;
	if (!yaml || compiler->sketch)
		return;
	if (type != DGM_TYPE_TEXT && type != DGM_TYPE_PROSE) {
		dgm_compile_fail(compiler, &yaml->place, "definition-shape",
			"\"letters\" stands beside \"to\" and a field of text");
		return;
	}
	uint32_t count = 0;
	const struct dgm_str *names = dgm_compile_texts(compiler, yaml, &count);
	node->original_letters = count == 1 && dgm_str_is(names[0], "original");
	if (node->original_letters)
		return;
	node->letters = dgm_arena_zero(compiler->arena, (count + 1) * sizeof(struct dgm_letters *));
	for (uint32_t i = 0; i < count; i++)
		if ((node->letters[node->letter_count] = table_of(compiler, yaml, names[i])) != NULL)
			node->letter_count++;
	const struct dgm_group_def *group = &dgm_groups[dgm_fields[node->target.field].group];
	for (uint32_t f = 0; f < group->field_count; f++)
		if (dgm_fields[group->first_field + f].type == DGM_TYPE_LANGUAGE &&
			!dgm_fields[group->first_field + f].many)
			node->language = (enum dgm_field_id)(group->first_field + f);
}

static void compile_zone(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	if (!yaml)
		return;
	const int kind = dgm_mrz_find(dgm_compile_text(compiler, yaml));
	if (kind < 0)
		dgm_compile_fail(compiler, &yaml->place, "definition-shape",
			"\"mrz\" is a kind of machine readable zone: td1, td2, td3, mrv-a, mrv-b");
	else if (node->kind != DGM_NODE_FIELD || node->target.field != DGM_FIELD_subject_document_mrz ||
		node->code_count == 0)
		dgm_compile_fail(compiler, &yaml->place, "definition-shape",
			"\"mrz\" stands beside \"to\" and the zone of a document, and \"codes\" for its countries");
	else
		node->zone = (uint8_t)(kind + 1);
}

static void compile_simple(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	const struct dgm_yaml *nulls = dgm_yaml_get(yaml, "nulls"), *empty = dgm_yaml_get(yaml, "empty");
	const struct dgm_yaml *max = dgm_yaml_get(yaml, "max"), *literal = dgm_yaml_get(yaml, "literal");
	if (nulls)
		node->nulls = dgm_compile_nulls(compiler, nulls);
	if (empty) {
		const struct dgm_str word = dgm_compile_text(compiler, empty);
		if (!dgm_str_is(word, "absent") && !dgm_str_is(word, "null"))
			dgm_compile_fail(compiler, &empty->place, "definition-shape", "\"empty\" is absent or null");
		node->empty = dgm_str_is(word, "null") ? DGM_EMPTY_NULL : DGM_EMPTY_ABSENT;
	}
	if (max) {
		uint64_t number = 0;
		if (!dgm_str_to_u64(dgm_compile_text(compiler, max), &number) || number == 0 || number > UINT32_MAX)
			dgm_compile_fail(compiler, &max->place, "definition-shape",
				"\"max\" is a number of characters");
		node->max = (uint32_t)number;
	}
	if (literal) {
		node->number_literal = dgm_str_is(dgm_compile_text(compiler, literal), "number");
		if (!node->number_literal)
			dgm_compile_fail(compiler, &literal->place, "definition-shape",
				"\"literal\" can only be number");
	}
	compile_characters(compiler, dgm_yaml_get(yaml, "characters"), node);
	compile_split(compiler, dgm_yaml_get(yaml, "split"), node);
	compile_letters(compiler, dgm_yaml_get(yaml, "letters"), node);
	compile_zone(compiler, dgm_yaml_get(yaml, "mrz"), node);
	node->prefix = dgm_compile_plain(compiler, dgm_yaml_get(yaml, "prefix"));
}

static void compile_check(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	const enum dgm_type type = node->kind == DGM_NODE_FIELD ? dgm_fields[node->target.field].type : DGM_TYPE_COUNT;
	if (!yaml)
		return;
	if (type != DGM_TYPE_TEXT && type != DGM_TYPE_ID && type != DGM_TYPE_PROSE) {
		dgm_compile_fail(compiler, &yaml->place, "definition-shape",
			"check is for identifiers, fields of text");
		return;
	}
	const struct dgm_str name = dgm_compile_text(compiler, yaml);
	struct dgm_str known = DGM_NOSTR;
	node->identifier = dgm_identifier_find(name);
	for (size_t i = 0; !node->identifier && dgm_identifier_at(i); i++)
		known = dgm_arena_printf(compiler->arena, "%.*s%s%s", DGM_FMT(known), i ? ", " : "",
			dgm_identifier_at(i)->name);
	if (!node->identifier)
		dgm_compile_fail(compiler, &yaml->place, "definition-shape",
			"no check is called \"%.*s\"; there is %.*s", DGM_FMT(name), DGM_FMT(known));
}

/* The field of a country, seen from the group of the number or from one around it; -1: none. */
static int country_field(struct dgm_compiler *compiler, enum dgm_field_id number, struct dgm_str path,
	enum dgm_group_id *ret_from)
{
	for (enum dgm_group_id group = dgm_fields[number].group;; group = dgm_groups[group].parent) {
		const bool top = group == DGM_GROUP_root;
		const struct dgm_str whole =
			top ? path : dgm_arena_join(compiler->arena, dgm_groups[group].path, DGM_STR("."), path);
		const int field = dgm_field_by_path(whole);
		*ret_from = group;
		if (field >= 0)
			return dgm_fields[field].type == DGM_TYPE_COUNTRY ? field : -1;
		if (top)
			return -1;
	}
}

static void compile_calling(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	const enum dgm_type type = node->kind == DGM_NODE_FIELD ? dgm_fields[node->target.field].type : DGM_TYPE_COUNT;
	node->phone = type == DGM_TYPE_PHONE || yaml;
	if (!yaml)
		return;
	const struct dgm_str text = dgm_compile_text(compiler, yaml);
	if (type != DGM_TYPE_PHONE && type != DGM_TYPE_TEXT) {
		dgm_compile_fail(compiler, &yaml->place, "definition-shape", "calling is for telephone numbers");
		return;
	}
	node->plan = dgm_phone_plan(text);
	if (node->plan || dgm_str_is(text, "international"))
		return;
	const int field = country_field(compiler, node->target.field, text, &node->calling_from);
	node->calls = field >= 0;
	node->calling = field >= 0 ? (enum dgm_field_id)field : node->target.field;
	if (field < 0)
		dgm_compile_fail(compiler, &yaml->place, "definition-field",
			"\"calling\" is international, the code of a country whose numbers are known, or a field of a "
			"country, not \"%.*s\"",
			DGM_FMT(text));
}

void dgm_compile_value(struct dgm_compiler *compiler, const struct dgm_yaml *yaml, struct dgm_node *node)
{
	static const struct dgm_str iso = {"yyyy-MM-dd", 10}, iso_month = {"yyyy-MM", 7}, iso_year = {"yyyy", 4};
	const bool is_date = node->kind == DGM_NODE_FIELD && dgm_fields[node->target.field].type == DGM_TYPE_DATE;
	compile_calling(compiler, yaml ? dgm_yaml_get(yaml, "calling") : NULL, node);
	if (yaml) {
		compile_codes(compiler, dgm_yaml_get(yaml, "codes"), node);
		check_codes(compiler, yaml, node);
		compile_months(compiler, dgm_yaml_get(yaml, "months"), node);
		compile_dates(compiler, dgm_yaml_get(yaml, "date"), century_of(compiler, dgm_yaml_get(yaml, "century")),
			node);
		compile_calendar(compiler, yaml, node);
		compile_unit(compiler, dgm_yaml_get(yaml, "unit"), node);
		compile_number(compiler, dgm_yaml_get(yaml, "number"), node);
		compile_check(compiler, dgm_yaml_get(yaml, "check"), node);
		compile_simple(compiler, yaml, node);
	}
	if (node->date_count == 0 && (is_date || (node->kind == DGM_NODE_PART && node->part == DGM_PART_FULL))) {
		const struct dgm_str patterns[] = {iso, iso_month, iso_year};
		const char *problem = NULL;
		node->dates = dgm_arena_zero(compiler->arena, 3 * sizeof *node->dates);
		for (size_t i = 0; i < (is_date ? 3u : 1u); i++)
			node->dates[node->date_count++] =
				dgm_date_pattern_compile(compiler->arena, patterns[i], NULL, 0, &problem);
	}
}

/* "Sudan/or South Sudan": what stands between alternatives, and what each is given. */
void dgm_compile_either(struct dgm_compiler *compiler, const struct dgm_shape *shape, const struct dgm_yaml *yaml,
	struct dgm_node *node)
{
	const struct dgm_yaml *either = dgm_yaml_get(yaml, "either"), *each = dgm_yaml_get(yaml, "each");
	if (!either && !each)
		return;
	if (!either || !each || node->kind != DGM_NODE_GROUP || node->template_count == 0) {
		dgm_compile_fail(compiler, &yaml->place, "definition-shape",
			"\"either\" and \"each\" stand together beside \"group\" and \"pattern\"");
		return;
	}
	node->either = dgm_compile_texts(compiler, either, &node->either_count);
	node->each =
		dgm_compile_constants(compiler, shape->anchors[node->target.anchor].group, each, &node->each_count);
}
