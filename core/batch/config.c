/* SPDX-License-Identifier: Apache-2.0 */
/* A small map; what it does not know is a mistake, so that a mistyped key does not convert the wrong files. */
#include "batch/config.h"

#include "batch/glob.h"
#include "format/yaml.h"

struct reading {
	struct dgm_config *config;
	struct dgm_str file;
	struct dgm_diag_sink *diags;
	bool failed;
};

static void fail(struct reading *reading, const struct dgm_place *place, const char *text, struct dgm_str word)
{
	dgm_diag_text(reading->diags, DGM_ERROR, "config-shape", reading->file, place, "%.*s%s%s", DGM_FMT(word),
		word.len ? ": " : "", text);
	reading->failed = true;
}

void dgm_config_pattern(struct dgm_config *config, struct dgm_patterns *patterns, struct dgm_str pattern)
{
	struct dgm_str *items = dgm_arena_alloc(&config->arena, (patterns->count + 1) * sizeof *items);
	if (patterns->count)
		memcpy(items, patterns->items, patterns->count * sizeof *items);
	items[patterns->count] = dgm_arena_dup(&config->arena, pattern);
	*patterns = (struct dgm_patterns){items, patterns->count + 1};
}

static void read_patterns(struct reading *reading, const struct dgm_yaml *yaml, struct dgm_patterns *patterns)
{
	const struct dgm_yaml *item = yaml->kind == DGM_YAML_LIST ? yaml->first : yaml;
	for (; item; item = yaml->kind == DGM_YAML_LIST ? item->next : NULL) {
		if (item->kind != DGM_YAML_SCALAR || item->text.len == 0)
			fail(reading, &item->place, "a pattern is a text", DGM_NOSTR);
		else
			dgm_config_pattern(reading->config, patterns, item->text);
	}
}

static void read_entry(struct reading *reading, const struct dgm_yaml *yaml, struct dgm_config_entry *entry)
{
	entry->place = yaml->place;
	if (yaml->kind != DGM_YAML_MAP) {
		fail(reading, &yaml->place, "an entry of \"files\" is a map with \"match\"", DGM_NOSTR);
		return;
	}
	for (const struct dgm_yaml *key = yaml->first; key; key = key->next) {
		struct dgm_str *to = dgm_str_is(key->key, "match") ? &entry->match
			: dgm_str_is(key->key, "from")             ? &entry->from
			: dgm_str_is(key->key, "encoding")         ? &entry->encoding
								   : NULL;
		if (!to || key->kind != DGM_YAML_SCALAR || key->text.len == 0)
			fail(reading, &key->key_place, to ? "a text is expected" : "is not match, from or encoding",
				key->key);
		else
			*to = dgm_str_of(dgm_arena_cstr(&reading->config->arena, key->text), key->text.len);
	}
	if (entry->match.len == 0)
		fail(reading, &yaml->place, "an entry of \"files\" is a map with \"match\"", DGM_NOSTR);
}

static void read_entries(struct reading *reading, const struct dgm_yaml *yaml)
{
	struct dgm_config *config = reading->config;
	if (yaml->kind != DGM_YAML_LIST) {
		fail(reading, &yaml->place, "\"files\" is a list", DGM_NOSTR);
		return;
	}
	config->entries = dgm_arena_zero(&config->arena, (yaml->count + 1) * sizeof *config->entries);
	for (const struct dgm_yaml *item = yaml->first; item; item = item->next)
		read_entry(reading, item, &config->entries[config->count++]);
}

int dgm_config_load(struct dgm_config *config, const char *path, struct dgm_diag_sink *diags)
{
	struct reading reading = {.config = config, .file = dgm_str(path), .diags = diags};
	const struct dgm_yaml *yaml = dgm_yaml_load(&config->arena, path, diags);
	if (!yaml)
		return -1;
	if (yaml->kind != DGM_YAML_MAP)
		fail(&reading, &yaml->place, "not a map with include, exclude or files", DGM_NOSTR);
	for (const struct dgm_yaml *key = yaml->kind == DGM_YAML_MAP ? yaml->first : NULL; key; key = key->next) {
		if (dgm_str_is(key->key, "include"))
			read_patterns(&reading, key, &config->include);
		else if (dgm_str_is(key->key, "exclude"))
			read_patterns(&reading, key, &config->exclude);
		else if (dgm_str_is(key->key, "files"))
			read_entries(&reading, key);
		else
			fail(&reading, &key->key_place, "is not include, exclude or files", key->key);
	}
	return reading.failed ? -1 : 0;
}

const struct dgm_config_entry *dgm_config_find(const struct dgm_config *config, const char *path)
{
	for (size_t i = 0; i < config->count; i++)
		if (dgm_glob(config->entries[i].match, dgm_str(path)))
			return &config->entries[i];
	return NULL;
}

void dgm_config_done(struct dgm_config *config)
{
	dgm_arena_done(&config->arena);
	*config = (struct dgm_config){0};
}
