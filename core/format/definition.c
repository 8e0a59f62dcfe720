/* SPDX-License-Identifier: Apache-2.0 */
/* The top level of a definition file. Shapes are compiled in mapping.c, targets in targets.c, values in transform.c. */
#include "format/definition.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "format/compile.h"
#include "format/lookup.h"

#define CODE_LISTS_MAX 256u /* of one definition */

void dgm_compile_fail(struct dgm_compiler *compiler, const struct dgm_place *place, const char *code,
	const char *format, ...)
{
	char text[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	compiler->errors++;
	dgm_diag_text(compiler->diags, DGM_ERROR, code, compiler->format->file, place, "%s", text);
}

void dgm_compile_known_keys(struct dgm_compiler *compiler, const struct dgm_yaml *map, enum dgm_language_place place,
	const char *what)
{
	for (const struct dgm_yaml *entry = map->first; entry; entry = entry->next) {
		if (dgm_language_has(place, entry->key))
			continue;
		const struct dgm_language_key *guess = dgm_language_guess(place, entry->key);
		dgm_compile_fail(compiler, &entry->key_place, "definition-unknown-key", "\"%.*s\" is not %s%s%.*s%s",
			DGM_FMT(entry->key), what, guess ? "; did you mean \"" : "",
			DGM_FMT(guess ? guess->name : DGM_NOSTR), guess ? "\"?" : "");
	}
}

struct dgm_str dgm_compile_text(struct dgm_compiler *compiler, const struct dgm_yaml *node)
{
	if (!node)
		return DGM_NOSTR;
	if (node->kind != DGM_YAML_SCALAR) {
		dgm_compile_fail(compiler, &node->place, "definition-shape", "one word or text is wanted here");
		return DGM_NOSTR;
	}
	return node->text;
}

bool dgm_compile_bool(struct dgm_compiler *compiler, const struct dgm_yaml *node)
{
	const struct dgm_str text = dgm_compile_text(compiler, node);
	if (node && !dgm_str_is(text, "yes") && !dgm_str_is(text, "no"))
		dgm_compile_fail(compiler, &node->place, "definition-shape", "\"yes\" or \"no\" is wanted here");
	return dgm_str_is(text, "yes");
}

struct dgm_str *dgm_compile_texts(struct dgm_compiler *compiler, const struct dgm_yaml *node, uint32_t *ret_count)
{
	*ret_count = 0;
	if (!node)
		return NULL;
	const uint32_t most = node->kind == DGM_YAML_LIST ? node->count : 1;
	struct dgm_str *texts = dgm_arena_zero(compiler->arena, (most + 1) * sizeof *texts);
	if (node->kind != DGM_YAML_LIST) {
		texts[(*ret_count)++] = dgm_compile_text(compiler, node);
		return texts;
	}
	for (const struct dgm_yaml *item = node->first; item; item = item->next)
		texts[(*ret_count)++] = dgm_compile_text(compiler, item);
	return texts;
}

static struct dgm_str plain(struct dgm_compiler *compiler, struct dgm_str text)
{
	if (text.len == 0)
		return text;
	/* Nothing is trimmed inside of other characters. */
	const struct dgm_str inner = dgm_arena_printf(compiler->arena, "|%.*s|", DGM_FMT(text));
	const struct dgm_str canonical = dgm_text_canonical(compiler->arena, inner, true);
	return dgm_str_of(canonical.ptr + 1, canonical.len - 2);
}

struct dgm_str dgm_compile_plain(struct dgm_compiler *compiler, const struct dgm_yaml *node)
{
	return plain(compiler, dgm_compile_text(compiler, node));
}

struct dgm_str *dgm_compile_plain_texts(struct dgm_compiler *compiler, const struct dgm_yaml *node, uint32_t *ret_count)
{
	struct dgm_str *texts = dgm_compile_texts(compiler, node, ret_count);
	for (uint32_t i = 0; i < *ret_count; i++)
		texts[i] = plain(compiler, texts[i]);
	return texts;
}

struct dgm_nulls dgm_compile_nulls(struct dgm_compiler *compiler, const struct dgm_yaml *node)
{
	struct dgm_nulls nulls = {0};
	nulls.words = dgm_compile_plain_texts(compiler, node, &nulls.count);
	for (uint32_t i = 0; i < nulls.count; i++)
		nulls.lengths |= dgm_nulls_length(nulls.words[i]);
	return nulls;
}

static struct dgm_str needed(struct dgm_compiler *compiler, const struct dgm_yaml *root, const char *key)
{
	const struct dgm_yaml *node = dgm_yaml_get(root, key);
	if (!node)
		dgm_compile_fail(compiler, &root->place, "definition-shape", "the key \"%s\" is missing", key);
	return dgm_compile_text(compiler, node);
}

/* The form of a BCP 47 tag; whether its subtags are registered is not asked. */
static bool is_language_tag(struct dgm_str tag)
{
	size_t length = 0;
	bool first = true;
	for (size_t i = 0; i < tag.len; i++) {
		const char c = tag.ptr[i];
		if (c == '-') {
			if (length < (first ? 2 : 1))
				return false;
			length = 0;
			first = false;
			continue;
		}
		if (!dgm_is_alpha(c) && (first || !dgm_is_digit(c)))
			return false;
		if (++length > 8)
			return false;
	}
	return length >= (first ? 2 : 1);
}

static void compile_languages(struct dgm_compiler *compiler, const struct dgm_yaml *languages)
{
	struct dgm_format *format = compiler->format;
	const unsigned errors = compiler->errors;
	format->languages = dgm_compile_texts(compiler, languages, &format->language_count);
	for (uint32_t i = 0; i < format->language_count && compiler->errors == errors; i++)
		if (!is_language_tag(format->languages[i]))
			dgm_compile_fail(compiler, &languages->place, "definition-shape",
				"\"%.*s\" is not a language tag such as es, pt-BR or sr-Latn",
				DGM_FMT(format->languages[i]));
}

static void compile_head(struct dgm_compiler *compiler, const struct dgm_yaml *root)
{
	struct dgm_format *format = compiler->format;
	format->id = needed(compiler, root, "format");
	format->title = needed(compiler, root, "title");
	format->organisation = dgm_compile_text(compiler, dgm_yaml_get(root, "organisation"));
	format->status = needed(compiler, root, "status");
	format->engine = needed(compiler, root, "engine");
	format->evidence = dgm_compile_texts(compiler, dgm_yaml_get(root, "evidence"), &format->evidence_count);
	format->invented = dgm_compile_texts(compiler, dgm_yaml_get(root, "invented"), &format->invented_count);
	compile_languages(compiler, dgm_yaml_get(root, "languages"));
	if (format->status.len && !dgm_str_is(format->status, "published") && !dgm_str_is(format->status, "modelled") &&
		!dgm_str_is(format->status, "reference"))
		dgm_compile_fail(compiler, &dgm_yaml_get(root, "status")->place, "definition-shape",
			"status is published, modelled or reference");
	for (size_t i = 0; i < format->id.len; i++) {
		const char c = format->id.ptr[i];
		if (!dgm_is_lower(c) && !dgm_is_digit(c) && c != '-') {
			dgm_compile_fail(compiler, &dgm_yaml_get(root, "format")->place, "definition-shape",
				"a format's id is lower-case letters, digits and '-'");
			break;
		}
	}
}

/* What comes behind the dot in names of files; a plugin is called after its syntax, which is mostly that. */
static struct dgm_str read_extension(struct dgm_compiler *compiler, const struct dgm_yaml *yaml)
{
	const struct dgm_str text = yaml ? dgm_compile_text(compiler, yaml) : compiler->format->engine;
	bool good = text.len > 0 && text.len <= 16;
	for (size_t i = 0; i < text.len; i++)
		good = good && (dgm_is_lower(text.ptr[i]) || dgm_is_digit(text.ptr[i]));
	if (yaml && !good)
		dgm_compile_fail(compiler, &yaml->place, "definition-shape",
			"\"extension\" is up to 16 lower-case letters and digits");
	return text;
}

/* The names of media in a bundle; each pattern has the identifier once, for it tells whose they are. */
static void compile_media(struct dgm_compiler *compiler, const struct dgm_yaml *yaml)
{
	struct dgm_format *format = compiler->format;
	const struct dgm_list_def *kinds = &dgm_lists[DGM_LIST_media_kind];
	if (!yaml)
		return;
	if (yaml->kind != DGM_YAML_MAP) {
		dgm_compile_fail(compiler, &yaml->place, "definition-shape", "\"media\" is a map of kinds to names");
		return;
	}
	format->media = dgm_arena_zero(compiler->arena, (yaml->count + 1) * sizeof *format->media);
	for (const struct dgm_yaml *entry = yaml->first; entry; entry = entry->next) {
		const struct dgm_str pattern = dgm_compile_text(compiler, entry), hole = DGM_STR("{notice.id}");
		const size_t at = dgm_str_find(pattern, hole);
		struct dgm_str rest = dgm_str_skip(pattern, at + hole.len);
		uint32_t i = 0;
		while (i < kinds->count && !dgm_str_eq(kinds->codes[i], entry->key))
			i++;
		/* Of what is left once the holes are gone nothing may be a hole, nor lead anywhere. */
		const size_t number = dgm_str_find(rest, DGM_STR("{-n}"));
		const size_t extension = dgm_str_find(rest, DGM_STR("{ext}"));
		size_t braces = 0;
		for (size_t c = 0; c < pattern.len; c++)
			braces += pattern.ptr[c] == '{';
		if (i == kinds->count || at == pattern.len || pattern.ptr[0] == '/' ||
			dgm_str_find(pattern, DGM_STR("..")) < pattern.len || number == rest.len ||
			braces != 2u + (extension < rest.len))
			dgm_compile_fail(compiler, &entry->place, "definition-shape",
				"\"media\" is kinds of notice.media with a name each, as \"images/{notice.id}{-n}.{ext}\"");
		else
			format->media[format->media_count++] = (struct dgm_setting){entry->key, pattern, entry->place};
	}
}

static void compile_dialect(struct dgm_compiler *compiler, const struct dgm_yaml *root)
{
	struct dgm_format *format = compiler->format;
	const struct dgm_yaml *options = dgm_yaml_get(root, "options"), *empty = dgm_yaml_get(root, "empty");
	const struct dgm_str decimal = dgm_compile_text(compiler, dgm_yaml_get(root, "decimal"));
	const struct dgm_str word = dgm_compile_text(compiler, empty);
	format->encoding = dgm_compile_text(compiler, dgm_yaml_get(root, "encoding"));
	if (format->encoding.len == 0)
		format->encoding = DGM_STR("utf-8");
	format->accepts = dgm_compile_texts(compiler, dgm_yaml_get(root, "accepts"), &format->accept_count);
	format->bom = dgm_compile_bool(compiler, dgm_yaml_get(root, "bom"));
	format->extension = read_extension(compiler, dgm_yaml_get(root, "extension"));
	compile_media(compiler, dgm_yaml_get(root, "media"));
	format->table = dgm_compile_bool(compiler, dgm_yaml_get(root, "table"));
	format->rows = dgm_compile_text(compiler, dgm_yaml_get(root, "rows"));
	compiler->nulls = dgm_compile_nulls(compiler, dgm_yaml_get(root, "nulls"));
	compiler->null_word = dgm_compile_text(compiler, dgm_yaml_get(root, "null"));
	compiler->decimal = decimal.len ? decimal.ptr[0] : '.';
	compiler->empty = dgm_str_is(word, "null") ? DGM_EMPTY_NULL : DGM_EMPTY_ABSENT;
	if (empty && !dgm_str_is(word, "null") && !dgm_str_is(word, "absent"))
		dgm_compile_fail(compiler, &empty->place, "definition-shape", "\"empty\" is absent or null");
	if (!options)
		return;
	if (options->kind != DGM_YAML_MAP) {
		dgm_compile_fail(compiler, &options->place, "definition-shape", "\"options\" is a map");
		return;
	}
	format->options = dgm_arena_zero(compiler->arena, (options->count + 1) * sizeof *format->options);
	for (const struct dgm_yaml *entry = options->first; entry; entry = entry->next)
		format->options[format->option_count++] =
			(struct dgm_setting){entry->key, dgm_compile_text(compiler, entry), entry->place};
}

static void compile_signature(struct dgm_compiler *compiler, const struct dgm_yaml *entry)
{
	struct dgm_format *format = compiler->format;
	struct dgm_signature *signature = &format->signatures[format->signature_count];
	if (entry->kind != DGM_YAML_MAP) {
		dgm_compile_fail(compiler, &entry->place, "definition-shape", "a signature is a map");
		return;
	}
	dgm_compile_known_keys(compiler, entry, DGM_IN_SIGNATURE, "a key of a signature");
	const struct dgm_yaml *root = dgm_yaml_get(entry, "root"), *columns = dgm_yaml_get(entry, "columns");
	const struct dgm_yaml *members = dgm_yaml_get(entry, "members"), *delimiter = dgm_yaml_get(entry, "delimiter");
	if ((root != NULL) + (columns != NULL) + (members != NULL) != 1) {
		dgm_compile_fail(compiler, &entry->place, "definition-shape",
			"a signature is one of root (XML), columns (CSV), members (JSON)");
		return;
	}
	signature->kind = root ? 'x' : columns ? 'c' : 'j';
	for (const struct dgm_yaml *key = entry->first; key; key = key->next)
		if ((!root && (dgm_str_is(key->key, "namespace") || dgm_str_is(key->key, "elements"))) ||
			(!columns && dgm_str_is(key->key, "delimiter")) || (!members && dgm_str_is(key->key, "top")))
			dgm_compile_fail(compiler, &key->key_place, "definition-shape", "\"%.*s\" goes with %s",
				DGM_FMT(key->key),
				dgm_str_is(key->key, "delimiter")     ? "columns"
					: dgm_str_is(key->key, "top") ? "members"
								      : "root");
	signature->root = dgm_compile_text(compiler, root);
	signature->space = dgm_compile_text(compiler, dgm_yaml_get(entry, "namespace"));
	signature->words = dgm_compile_texts(compiler,
		root              ? dgm_yaml_get(entry, "elements")
			: columns ? columns
				  : members,
		&signature->word_count);
	const struct dgm_str character = dgm_compile_text(compiler, delimiter);
	const struct dgm_yaml *top = dgm_yaml_get(entry, "top");
	const struct dgm_str word = dgm_compile_text(compiler, top);
	if (top && !dgm_str_is(word, "array") && !dgm_str_is(word, "object"))
		dgm_compile_fail(compiler, &top->place, "definition-shape", "\"top\" is array or object");
	signature->top = !top ? 0 : dgm_str_is(word, "array") ? '[' : '{';
	signature->delimiter = character.len ? (dgm_str_is(character, "tab") ? '\t' : character.ptr[0]) : ',';
	format->signature_count++;
}

static void compile_detect(struct dgm_compiler *compiler, const struct dgm_yaml *detect)
{
	if (!detect)
		return;
	const uint32_t count = detect->kind == DGM_YAML_LIST ? detect->count : 1;
	compiler->format->signatures =
		dgm_arena_zero(compiler->arena, (count + 1) * sizeof *compiler->format->signatures);
	if (detect->kind != DGM_YAML_LIST) {
		compile_signature(compiler, detect);
		return;
	}
	for (const struct dgm_yaml *entry = detect->first; entry; entry = entry->next)
		compile_signature(compiler, entry);
}

/* Writers know only the places that something is written to, the first of each shape, so these come first. */
static void order_paths(struct dgm_compiler *compiler, const struct dgm_yaml *records)
{
	struct dgm_format *format = compiler->format;
	const size_t size = (format->path_count + 1) * sizeof(uint32_t);
	uint32_t *now = dgm_arena_zero(compiler->arena, size), next = 0;
	struct dgm_str *paths = dgm_arena_zero(compiler->arena, (format->path_count + 1) * sizeof *paths);
	for (int read_only = 0; read_only < 2; read_only++) {
		for (uint32_t s = 0; s < format->shape_count; s++) {
			const struct dgm_shape *shape = &format->shapes[s];
			for (uint32_t i = 0; i < shape->path_count; i++) {
				const uint32_t before = shape->paths[i];
				const bool written = i == 0 && !shape->read_only;
				if (now[before] || (!read_only && !written))
					continue;
				paths[next] = format->paths[before];
				now[before] = ++next;
			}
		}
		format->written_path_count = read_only ? format->written_path_count : next;
	}
	if (format->written_path_count == 0)
		dgm_compile_fail(compiler, &records->place, "definition-shape", "no shape is written");
	format->paths = paths;
	for (uint32_t s = 0; s < format->shape_count; s++) {
		struct dgm_shape *shape = &format->shapes[s];
		for (uint32_t i = 0; i < shape->path_count; i++)
			shape->paths[i] = now[shape->paths[i]] - 1;
		shape->path = shape->path_count ? shape->paths[0] : 0;
	}
}

static void compile_records(struct dgm_compiler *compiler, const struct dgm_yaml *root)
{
	struct dgm_format *format = compiler->format;
	const struct dgm_yaml *records = dgm_yaml_get(root, "records"), *canonical = dgm_yaml_get(root, "canonical");
	if (!records || records->kind != DGM_YAML_LIST || records->count == 0) {
		dgm_compile_fail(compiler, &root->place, "definition-shape",
			"\"records\" is a list of at least one shape");
		return;
	}
	size_t paths = 1;
	for (const struct dgm_yaml *entry = records->first; entry; entry = entry->next) {
		const struct dgm_yaml *at = entry->kind == DGM_YAML_MAP ? dgm_yaml_get(entry, "at") : NULL;
		paths += at && at->kind == DGM_YAML_LIST ? at->count : 1;
	}
	format->paths = dgm_arena_zero(compiler->arena, paths * sizeof *format->paths);
	if (canonical) {
		const struct dgm_str word = dgm_compile_text(compiler, canonical);
		format->style = dgm_str_is(word, "members") ? DGM_STYLE_MEMBERS
			: dgm_str_is(word, "attributes")    ? DGM_STYLE_ATTRIBUTES
							    : DGM_STYLE_PACKED;
		if (format->style == DGM_STYLE_PACKED && !dgm_str_is(word, "packed"))
			dgm_compile_fail(compiler, &canonical->place, "definition-shape",
				"\"canonical\" is members, attributes or packed");
		for (const struct dgm_yaml *entry = records->first; entry; entry = entry->next) {
			const struct dgm_yaml *at = entry->kind == DGM_YAML_MAP ? dgm_yaml_get(entry, "at") : NULL;
			if (!at || entry->count != 1)
				dgm_compile_fail(compiler, &entry->place, "definition-shape",
					"a canonical format only says where its records lie (at)");
			else
				format->paths[format->path_count++] = dgm_compile_text(compiler, at);
		}
		format->written_path_count = format->path_count;
		dgm_compile_envelope(compiler, dgm_yaml_get(root, "envelope"), &format->envelope);
		return;
	}
	compiler->records = records;
	format->shapes = dgm_arena_zero(compiler->arena, (records->count + 1) * sizeof *format->shapes);
	for (const struct dgm_yaml *entry = records->first; entry; entry = entry->next)
		dgm_compile_shape(compiler, entry, &format->shapes[format->shape_count++]);
	if (compiler->errors == 0)
		order_paths(compiler, records);
	dgm_compile_envelope(compiler, dgm_yaml_get(root, "envelope"), &format->envelope);
}

/* Whether the name, or one that differs in case only, leads to a column of the shape; groups of rows have none. */
static const struct dgm_node *find_column(const struct dgm_node *parent, struct dgm_str name)
{
	const struct dgm_node *child = dgm_lookup_child(parent, name);
	for (const struct dgm_node *group = parent->first; group && (!child || child->row); group = group->next)
		child = group->row ? dgm_lookup_child(group, name) : child;
	return child && !child->row ? child : NULL;
}

static void check_row_group(struct dgm_compiler *compiler, const struct dgm_shape *shape, const struct dgm_node *group)
{
	if (compiler->format->rows.len == 0 || group->parent != shape->root || group->kind != DGM_NODE_GROUP)
		dgm_compile_fail(compiler, &group->place, "definition-shape",
			"\"row\" stands beside \"group\" at the top of a map, in a definition that says \"rows\"");
	for (const struct dgm_node *child = group->first; child; child = child->next) {
		if (child->kind == DGM_NODE_GROUP || (child->kind == DGM_NODE_PLAIN && child->template_count == 0))
			dgm_compile_fail(compiler, &child->place, "definition-shape",
				"\"%.*s\": what stands in a row are values", DGM_FMT(child->name));
		for (uint32_t i = 0; i <= child->alias_count; i++) {
			const struct dgm_str name = i ? child->aliases[i - 1] : child->name;
			if (find_column(shape->root, name) != child)
				dgm_compile_fail(compiler, &child->place, "definition-shape",
					"\"%.*s\" is the name of another key too", DGM_FMT(name));
		}
	}
}

/* The other names that the maps of any shape have for a column. */
static void find_others(struct dgm_compiler *compiler, struct dgm_str word, struct dgm_names *others)
{
	const struct dgm_format *format = compiler->format;
	uint32_t most = 0;
	for (uint32_t s = 0; s < format->shape_count; s++) {
		const struct dgm_node *column =
			format->shapes[s].root ? find_column(format->shapes[s].root, word) : NULL;
		most += column ? column->alias_count + 1 : 0;
	}
	others->names = dgm_arena_alloc(compiler->arena, (most + 1) * sizeof *others->names);
	for (uint32_t s = 0; s < format->shape_count; s++) {
		const struct dgm_node *column =
			format->shapes[s].root ? find_column(format->shapes[s].root, word) : NULL;
		for (uint32_t i = 0; column && i <= column->alias_count; i++) {
			const struct dgm_str name = i ? column->aliases[i - 1] : column->name;
			bool known = dgm_str_eq_nocase(name, word);
			for (uint32_t k = 0; k < others->count && !known; k++)
				known = dgm_str_eq_nocase(name, others->names[k]);
			if (!known)
				others->names[others->count++] = name;
		}
	}
}

/* When the maps are known: a column of a signature counts under any of its names. */
static void complete_signatures(struct dgm_compiler *compiler)
{
	struct dgm_format *format = compiler->format;
	for (uint32_t s = 0; s < format->signature_count; s++) {
		struct dgm_signature *signature = &format->signatures[s];
		if (signature->kind != 'c')
			continue;
		signature->others =
			dgm_arena_zero(compiler->arena, (signature->word_count + 1) * sizeof *signature->others);
		for (uint32_t i = 0; i < signature->word_count; i++)
			find_others(compiler, signature->words[i], &signature->others[i]);
	}
}

/* Rows that are one record need a table, the column that they share, and something that a row is. */
static void check_rows(struct dgm_compiler *compiler, const struct dgm_yaml *root)
{
	const struct dgm_format *format = compiler->format;
	const struct dgm_yaml *rows = dgm_yaml_get(root, "rows");
	uint32_t groups = 0;
	for (uint32_t s = 0; s < format->shape_count; s++) {
		const struct dgm_node *node = format->shapes[s].root;
		for (node = node->first; node; node = node->next) {
			groups += node->row;
			if (node->row)
				check_row_group(compiler, &format->shapes[s], node);
		}
		node = rows ? dgm_lookup_child(format->shapes[s].root, format->rows) : NULL;
		if (rows && (!node || node->row || node->kind == DGM_NODE_IGNORE))
			dgm_compile_fail(compiler, &rows->place, "definition-shape",
				"\"%.*s\" is not a column at the top of every map", DGM_FMT(format->rows));
	}
	if (rows && (!format->table || groups == 0))
		dgm_compile_fail(compiler, &rows->place, "definition-shape",
			"\"rows\" needs \"table\" and a group with \"row\"");
}

static struct dgm_format *compile(struct dgm_format *format, const struct dgm_yaml *root,
	const char *const *code_folders, bool sketch, struct dgm_diag_sink *diags)
{
	struct dgm_codes *lists[CODE_LISTS_MAX];
	struct dgm_compiler compiler = {.format = format,
		.arena = &format->arena,
		.diags = diags,
		.code_folders = code_folders,
		.sketch = sketch,
		.lists = lists,
		.list_capacity = CODE_LISTS_MAX};
	if (root && root->kind != DGM_YAML_MAP)
		dgm_compile_fail(&compiler, &root->place, "definition-shape", "a definition is a map");
	if (root && compiler.errors == 0) {
		dgm_compile_known_keys(&compiler, root, DGM_IN_DEFINITION, "a key of a definition");
		compile_head(&compiler, root);
		compile_dialect(&compiler, root);
		compile_detect(&compiler, dgm_yaml_get(root, "detect"));
		compiler.maps = dgm_yaml_get(root, "maps");
		compile_records(&compiler, root);
	}
	if (root && compiler.errors == 0)
		check_rows(&compiler, root);
	if (root && compiler.errors == 0)
		complete_signatures(&compiler);
	if (!root || compiler.errors) {
		dgm_format_free(format);
		return NULL;
	}
	return format;
}

static struct dgm_format *new_format(const char *file)
{
	struct dgm_format *format = dgm_xcalloc(1, sizeof *format);
	format->file = dgm_arena_dup(&format->arena, dgm_str(file));
	return format;
}

struct dgm_format *dgm_format_load(const char *path, const char *const *code_folders, struct dgm_diag_sink *diags)
{
	struct dgm_format *format = new_format(path);
	return compile(format, dgm_yaml_load(&format->arena, path, diags), code_folders, false, diags);
}

struct dgm_format *dgm_format_sketch(const char *path)
{
	struct dgm_format *format = new_format(path);
	return compile(format, dgm_yaml_load(&format->arena, path, NULL), NULL, true, NULL);
}

struct dgm_format *dgm_format_parse(struct dgm_str text, const char *file, const char *const *code_folders,
	struct dgm_diag_sink *diags)
{
	struct dgm_format *format = new_format(file);
	return compile(format, dgm_yaml_parse(&format->arena, text, format->file, diags), code_folders, false, diags);
}

void dgm_format_free(struct dgm_format *format)
{
	if (!format)
		return;
	for (uint32_t i = 0; i < format->letter_count; i++)
		dgm_letters_free(format->letters[i]);
	struct dgm_arena arena = format->arena;
	free(format);
	dgm_arena_done(&arena);
}
