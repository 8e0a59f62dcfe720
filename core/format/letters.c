/* SPDX-License-Identifier: Apache-2.0 */
/* Which rules a text goes through; what rules do is ICU's affair (base/translit.c). */
#include "format/letters.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "base/script.h"
#include "base/translit.h"
#include "base/utf8.h"
#include "format/yaml.h"

/* Of one table: some dozen languages have letters of their own. */
#define LANGUAGES_MAX 64u
#define CODE_LENGTH 3u /* ISO 639-3 */

struct dgm_letters {
	char *name;
	struct dgm_translit *rules;
	uint32_t language_count;
	struct {
		char code[CODE_LENGTH];
		struct dgm_translit *rules;
	} languages[LANGUAGES_MAX];
};

static struct dgm_translit *load_rules(struct dgm_arena *scratch, struct dgm_str path, struct dgm_diag_sink *diags)
{
	struct dgm_str text;
	struct dgm_place place = {0};
	const char *problem = NULL;
	if (!dgm_yaml_file(scratch, path.ptr, &text)) {
		dgm_diag_text(diags, DGM_ERROR, "definition-unreadable", path, NULL, "cannot be read: %s",
			strerror(errno));
		return NULL;
	}
	struct dgm_translit *rules = dgm_utf8_valid(text) ? dgm_translit_new(text, &place, &problem) : NULL;
	if (!rules)
		dgm_diag_text(diags, DGM_ERROR, "definition-letters", path, place.line ? &place : NULL,
			"these are no rules of transforms: %s", problem ? problem : "not UTF-8");
	return rules;
}

/* The language of "NAME.xyz.txt"; empty: the file is another one. */
static struct dgm_str language_of(struct dgm_str file, struct dgm_str name)
{
	if (!dgm_str_starts(file, name) || file.len != name.len + sizeof ".xyz.txt" - 1 ||
		!dgm_str_ends(file, DGM_STR(".txt")) || file.ptr[name.len] != '.')
		return DGM_NOSTR;
	const struct dgm_str code = dgm_str_of(file.ptr + name.len + 1, CODE_LENGTH);
	for (size_t i = 0; i < code.len; i++)
		if (!dgm_is_lower(code.ptr[i]))
			return DGM_NOSTR;
	return code;
}

static bool load_languages(struct dgm_letters *letters, struct dgm_arena *scratch, struct dgm_str folder,
	struct dgm_diag_sink *diags)
{
	DIR *dir = opendir(folder.ptr);
	const struct dirent *file;
	bool sound = true;
	while (dir && sound && letters->language_count < LANGUAGES_MAX && (file = readdir(dir)) != NULL) {
		const struct dgm_str code = language_of(dgm_str(file->d_name), dgm_str(letters->name));
		if (!code.ptr)
			continue;
		const struct dgm_str path = dgm_arena_printf(scratch, "%.*s/%s", DGM_FMT(folder), file->d_name);
		struct dgm_translit *rules = load_rules(scratch, path, diags);
		sound = rules != NULL;
		if (!sound)
			break;
		memcpy(letters->languages[letters->language_count].code, code.ptr, CODE_LENGTH);
		letters->languages[letters->language_count++].rules = rules;
	}
	if (dir)
		closedir(dir);
	return sound;
}

struct dgm_letters *dgm_letters_load(struct dgm_arena *scratch, struct dgm_str folder, struct dgm_str name,
	struct dgm_diag_sink *diags)
{
	const struct dgm_str path = dgm_arena_printf(scratch, "%.*s/%.*s.txt", DGM_FMT(folder), DGM_FMT(name));
	struct dgm_letters *letters = dgm_xcalloc(1, sizeof *letters);
	letters->name = dgm_xcalloc(name.len + 1, 1);
	memcpy(letters->name, name.ptr, name.len);
	letters->rules = load_rules(scratch, path, diags);
	if (letters->rules && load_languages(letters, scratch, folder, diags))
		return letters;
	dgm_letters_free(letters);
	return NULL;
}

void dgm_letters_free(struct dgm_letters *letters)
{
	if (!letters)
		return;
	for (uint32_t i = 0; i < letters->language_count; i++)
		dgm_translit_free(letters->languages[i].rules);
	dgm_translit_free(letters->rules);
	free(letters->name);
	free(letters);
}

struct dgm_str dgm_letters_name(const struct dgm_letters *letters)
{
	return dgm_str(letters->name);
}

static bool is_ascii(struct dgm_str text)
{
	unsigned char all = 0;
	for (size_t i = 0; i < text.len; i++)
		all |= (unsigned char)text.ptr[i];
	return all < 0x80;
}

bool dgm_letters_are_latin(struct dgm_str text)
{
	return is_ascii(text) || dgm_script_holds(text, DGM_STR("Latn"));
}

static bool apply(const struct dgm_letters *letters, struct dgm_arena *arena, struct dgm_str language,
	struct dgm_str *text, bool *left_out)
{
	/* Of "srp-Cyrl" the language. */
	for (uint32_t i = 0; language.len >= CODE_LENGTH && i < letters->language_count; i++)
		if (memcmp(letters->languages[i].code, language.ptr, CODE_LENGTH) == 0 &&
			(language.len == CODE_LENGTH || language.ptr[CODE_LENGTH] == '-') &&
			!dgm_translit_apply(letters->languages[i].rules, arena, *text, text, left_out))
			return false;
	return dgm_translit_apply(letters->rules, arena, *text, text, left_out);
}

enum dgm_lettering dgm_letters_write(struct dgm_letters *const *tables, uint32_t count, struct dgm_arena *arena,
	struct dgm_str text, struct dgm_str language, struct dgm_str *ret_text)
{
	struct dgm_str made = text;
	bool left_out = false;
	if (is_ascii(text))
		return DGM_LETTERS_OWN;
	for (uint32_t i = 0; i < count; i++)
		if (!apply(tables[i], arena, language, &made, &left_out))
			return DGM_LETTERS_LACKING;
	if (!dgm_letters_are_latin(made) || dgm_str_trim(made).len == 0)
		return DGM_LETTERS_LACKING;
	*ret_text = made;
	return left_out ? DGM_LETTERS_FEWER : made.ptr == text.ptr ? DGM_LETTERS_OWN : DGM_LETTERS_WRITTEN;
}
