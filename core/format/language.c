/* SPDX-License-Identifier: Apache-2.0 */
/* The table of keys, looked up by the compiler and told to editors. */
#include "format/language.h"

#include <stdio.h>
#include <stdlib.h>

const struct dgm_language_key dgm_language[] = {
#define DGM_KEY(place, name, value, words, doc)                                                                        \
	{{#name, sizeof(#name) - 1}, words, doc, DGM_IN_##place, DGM_TAKES_##value},
#include "format/language.def"
};
const size_t dgm_language_count = DGM_COUNT(dgm_language);

bool dgm_language_has(enum dgm_language_place place, struct dgm_str name)
{
	for (size_t i = 0; i < DGM_COUNT(dgm_language); i++)
		if (dgm_language[i].place == place && dgm_str_eq(dgm_language[i].name, name))
			return true;
	return false;
}

const struct dgm_language_key *dgm_language_guess(enum dgm_language_place place, struct dgm_str name)
{
	unsigned best = 3;
	const struct dgm_language_key *guess = NULL;
	for (size_t i = 0; i < DGM_COUNT(dgm_language); i++) {
		if (dgm_language[i].place != place)
			continue;
		const unsigned distance = dgm_str_distance(name, dgm_language[i].name);
		if (distance < best) {
			best = distance;
			guess = &dgm_language[i];
		}
	}
	return guess;
}

/* --- JSON Schema --- */

static const char *const place_names[DGM_IN_COUNT] = {"definition", "signature", "shape", "node", "numbered", "number",
	"list"};

/* Our docs hold no control characters and nothing beyond ASCII. */
static void put_string(FILE *to, const char *text)
{
	putc('"', to);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putc('\\', to);
		putc(*text, to);
	}
	putc('"', to);
}

/* Editors that know an older YAML take yes and no for true and false. */
static void put_words(FILE *to, const char *words)
{
	struct dgm_str rest = dgm_str(words), word;
	bool is_switch = false;
	fputs("\"enum\": [", to);
	for (bool first = true; dgm_str_next(&rest, DGM_STR("|"), &word); first = false) {
		is_switch = is_switch || dgm_str_is(word, "yes");
		fprintf(to, "%s\"%.*s\"", first ? "" : ", ", DGM_FMT(word));
	}
	/* and a plain null for none */
	fprintf(to, "%s]", is_switch ? ", true, false" : strstr(words, "null") ? ", null" : "");
}

static void put_value(FILE *to, const struct dgm_language_key *key)
{
	static const char *const values[DGM_TAKES_COUNT] = {
		[DGM_TAKES_TEXT] = "\"$ref\": \"#/$defs/text\"",
		[DGM_TAKES_NAME] = "\"type\": \"string\", \"pattern\": \"^[a-z0-9-]+$\"",
		[DGM_TAKES_TEXTS] = "\"$ref\": \"#/$defs/texts\"",
		[DGM_TAKES_SWITCH] = "\"enum\": [\"yes\", \"no\", true, false]",
		[DGM_TAKES_SETTINGS] = "\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/$defs/text\"}",
		[DGM_TAKES_SIGNATURES] = "\"anyOf\": [{\"$ref\": \"#/$defs/signature\"}, "
					 "{\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/signature\"}}]",
		[DGM_TAKES_SHAPES] = "\"type\": \"array\", \"minItems\": 1, \"items\": {\"$ref\": \"#/$defs/shape\"}",
		[DGM_TAKES_MAP] = "\"$ref\": \"#/$defs/map\"",
		[DGM_TAKES_MAPS] = "\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/$defs/map\"}",
		[DGM_TAKES_CONDITIONS] = "\"anyOf\": [{\"$ref\": \"#/$defs/condition\"}, "
					 "{\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/condition\"}}]",
		[DGM_TAKES_CONSTANTS] = "\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/$defs/texts\"}",
		[DGM_TAKES_CODES] = "\"anyOf\": [{\"$ref\": \"#/$defs/texts\"}, {\"type\": \"object\", "
				    "\"additionalProperties\": {\"$ref\": \"#/$defs/texts\"}}]",
		[DGM_TAKES_NUMBER] = "\"$ref\": \"#/$defs/number\"",
		[DGM_TAKES_ANY] = "",
	};
	fprintf(to, "        \"%.*s\": {", DGM_FMT(key->name));
	if (key->value == DGM_TAKES_WORD)
		put_words(to, key->words);
	else
		fputs(values[key->value], to);
	fputs(key->value == DGM_TAKES_ANY ? "\"description\": " : ", \"description\": ", to);
	put_string(to, key->doc);
	fputs("}", to);
}

static void put_place(FILE *to, enum dgm_language_place place, const char *required)
{
	fprintf(to, "    \"%s\": {\n      \"type\": \"object\",\n      \"properties\": {\n", place_names[place]);
	bool first = true;
	for (size_t i = 0; i < DGM_COUNT(dgm_language); i++) {
		if (dgm_language[i].place != place)
			continue;
		fputs(first ? "" : ",\n", to);
		put_value(to, &dgm_language[i]);
		first = false;
	}
	fprintf(to, "\n      },\n%s      \"additionalProperties\": false\n    },\n", required);
}

struct dgm_str dgm_language_json_schema(struct dgm_arena *arena)
{
	static const char *const required[DGM_IN_COUNT] = {
		[DGM_IN_DEFINITION] =
			"      \"required\": [\"format\", \"title\", \"status\", \"engine\", \"records\"],\n",
		[DGM_IN_SIGNATURE] = "      \"oneOf\": [{\"required\": [\"root\"]}, {\"required\": [\"columns\"]}, "
				     "{\"required\": [\"members\"]}],\n",
		[DGM_IN_NUMBERED] = "      \"required\": [\"numbered\", \"group\", \"map\"],\n",
		[DGM_IN_LIST] = "      \"required\": [\"list\", \"codes\"],\n",
	};
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);
	if (!to)
		dgm_no_memory(0);
	fputs("{\n"
	      "  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
	      "  \"$id\": \"urn:dragoman:definition:1\",\n"
	      "  \"title\": \"Definition of a format for dragoman\",\n"
	      "  \"$ref\": \"#/$defs/definition\",\n"
	      "  \"$defs\": {\n",
		to);
	for (unsigned place = 0; place < DGM_IN_COUNT; place++)
		put_place(to, place, required[place] ? required[place] : "");
	fputs("    \"text\": {\"type\": [\"string\", \"number\", \"boolean\", \"null\"]},\n"
	      "    \"texts\": {\"anyOf\": [{\"$ref\": \"#/$defs/text\"}, "
	      "{\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/text\"}}]},\n"
	      "    \"condition\": {\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/$defs/text\"}},\n"
	      "    \"map\": {\n"
	      "      \"type\": \"object\",\n"
	      "      \"additionalProperties\": {\n"
	      "        \"anyOf\": [{\"type\": \"string\"}, {\"$ref\": \"#/$defs/key\"}]\n"
	      "      }\n"
	      "    },\n"
	      "    \"key\": {\n"
	      "      \"if\": {\"type\": \"object\", \"required\": [\"numbered\"]},\n"
	      "      \"then\": {\"$ref\": \"#/$defs/numbered\"},\n"
	      "      \"else\": {\"$ref\": \"#/$defs/node\"}\n"
	      "    }\n"
	      "  }\n"
	      "}\n",
		to);
	if (fclose(to) != 0)
		dgm_no_memory(len);
	const struct dgm_str result = dgm_arena_dup(arena, dgm_str_of(text, len));
	free(text);
	return result;
}
