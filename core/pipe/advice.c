/* SPDX-License-Identifier: Apache-2.0 */
/* A short table, searched in line: advice is a dozen entries, and findings are few. */
#include "pipe/advice.h"

#include "base/rules.h"
#include "format/yaml.h"

static struct dgm_advised *find(const struct dgm_advice *advice, struct dgm_str code)
{
	for (size_t i = 0; i < advice->count; i++)
		if (dgm_str_is(code, advice->entries[i].code))
			return &advice->entries[i];
	return NULL;
}

int dgm_advice_add(struct dgm_advice *advice, struct dgm_str code, int8_t severity)
{
	const struct dgm_rule *rule = dgm_rule_find(code);
	if (!rule)
		return -1;
	struct dgm_advised *entry = find(advice, code);
	if (!entry) {
		if (advice->count == advice->capacity) {
			const size_t capacity = advice->capacity ? 2 * advice->capacity : 16;
			struct dgm_advised *larger = dgm_arena_zero(&advice->arena, capacity * sizeof *larger);
			if (advice->count)
				memcpy(larger, advice->entries, advice->count * sizeof *larger);
			advice->entries = larger;
			advice->capacity = capacity;
		}
		entry = &advice->entries[advice->count++];
		entry->code = rule->code;
	}
	entry->severity = severity;
	return 0;
}

static bool severity_of(struct dgm_str word, int8_t *ret_severity)
{
	static const struct {
		const char *word;
		int8_t severity;
	} words[] = {{"error", (int8_t)DGM_ERROR}, {"warning", (int8_t)DGM_WARNING}, {"note", (int8_t)DGM_NOTE},
		{"off", DGM_ADVICE_OFF}};
	for (size_t i = 0; i < DGM_COUNT(words); i++) {
		if (!dgm_str_is(word, words[i].word))
			continue;
		*ret_severity = words[i].severity;
		return true;
	}
	return false;
}

int dgm_advice_load(struct dgm_advice *advice, const char *path, struct dgm_diag_sink *diags)
{
	const struct dgm_yaml *yaml = dgm_yaml_load(&advice->arena, path, diags);
	int result = 0;
	if (!yaml)
		return -1;
	if (yaml->kind != DGM_YAML_MAP) {
		dgm_diag_text(diags, DGM_ERROR, "advice-unusable", dgm_str(path), &yaml->place,
			"not a map of codes to error, warning, note or off");
		return -1;
	}
	for (const struct dgm_yaml *entry = yaml->first; entry; entry = entry->next) {
		int8_t severity;
		if (entry->kind != DGM_YAML_SCALAR || !severity_of(entry->text, &severity)) {
			dgm_diag_text(diags, DGM_ERROR, "advice-unusable", dgm_str(path), &entry->place,
				"%.*s: error, warning, note or off is expected", DGM_FMT(entry->key));
			result = -1;
		} else if (dgm_advice_add(advice, entry->key, severity) != 0) {
			dgm_diag_text(diags, DGM_ERROR, "advice-unusable", dgm_str(path), &entry->key_place,
				"there is no code \"%.*s\"", DGM_FMT(entry->key));
			result = -1;
		}
	}
	return result;
}

void dgm_advice_done(struct dgm_advice *advice)
{
	dgm_arena_done(&advice->arena);
	*advice = (struct dgm_advice){0};
}

int8_t dgm_advice_apply(const struct dgm_advice *advice, const char *code, uint32_t severity)
{
	const struct dgm_advised *entry = find(advice, dgm_str(code));
	if (entry)
		return entry->severity;
	return advice->only && severity < DGM_ERROR ? DGM_ADVICE_OFF : (int8_t)severity;
}
