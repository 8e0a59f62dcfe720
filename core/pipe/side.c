/* SPDX-License-Identifier: Apache-2.0 */
/* What reading and writing share. */
#include "pipe/side.h"

const char *dgm_problem_text(const char *code)
{
	static const struct {
		const char *code, *text;
	} texts[] = {
		{"code-unknown", "a word that the definition's code list does not know; kept as it is"},
		{"country-unknown", "not a country that the definition's lists know; kept as it is"},
		{"language-unknown", "not a language that the definition's lists know; kept as it is"},
		{"script-unknown", "not an ISO 15924 script; kept as it is"},
		{"currency-unknown", "not an ISO 4217 currency; kept as it is"},
		{"date-unparsed", "not a date in the patterns of the definition; kept as it is"},
		{"date-impossible", "no such day on the calendar of this key; kept as it is"},
		{"calendar-unknown", "not a calendar that the definition's lists know; kept as it is"},
		{"calendar-early", "of a year before the calendar's official tables; a day or two off perhaps"},
		{"digits-mixed", "digits of two scripts in one number; kept as it is"},
		{"text-control",
			"a character from U+0080 to U+009F, as of another encoding; kept as it is; expected text without controls"},
		{"number-unparsed", "not a number; kept as it is"},
		{"value-either", "names several of which one holds; each is taken as possible"},
		{"phone-national", "a number whose country is not said, or half a number; kept as it is"},
		{"email-unparsed", "not an e-mail address; kept as it is"},
		{"uri-unparsed", "not an absolute address with its scheme; kept as it is"},
		{"time-unparsed", "not a time of day; kept as it is"},
		{"boolean-unparsed", "neither true nor false; kept as it is"},
		{"identifier-check", "its check character is not that of the others; kept as it is"},
		{"identifier-shape", "not as numbers of its kind are; kept as it is"},
		{"value-not-canonical", "not in the canonical spelling of its type; kept as it is"},
		{"source-required", "the format demands a value here and the record has none"},
		{"pair-disagrees", "another key of the record says otherwise and counts; this is kept as unmapped"},
		{"target-required", "the target demands a value here and the notice has none"},
		{"target-unread", "the notice lacks what tells the kinds of this target's records apart"},
		{"row-differs", "a later row of the record says otherwise here; kept as unmapped, for that row"},
		{"field-unknown", "not a field of the schema; kept as unmapped"},
		{"field-repeated", "a field that may stand once only; this further value is kept as unmapped"},
	};
	for (size_t i = 0; i < DGM_COUNT(texts); i++)
		if (strcmp(texts[i].code, code) == 0)
			return texts[i].text;
	return "kept as it is";
}

static int fill_config(struct dgm_side *side, const struct dgm_format *format, const struct dgm_option_given *given,
	size_t given_count, struct dgm_diag_sink *diags)
{
	const struct dgm_plugin *plugin = &side->engine->plugin;
	struct dgm_option_given *all =
		dgm_arena_alloc(&side->arena, (format->option_count + given_count + 1) * sizeof *all);
	size_t count = 0;
	for (uint32_t i = 0; i < format->option_count; i++)
		all[count++] = (struct dgm_option_given){format->options[i].name, format->options[i].value,
			format->file, format->options[i].place};
	for (size_t i = 0; i < given_count; i++)
		all[count++] = given[i];
	side->config = dgm_arena_zero(&side->arena, plugin->config_size + 1);
	return dgm_options_fill(plugin->options, plugin->option_count, side->config, plugin->config_size, all, count,
		dgm_arena_printf(&side->arena, "plugin %.*s", DGM_FMT(side->engine->id)), diags);
}

int dgm_side_open(struct dgm_side *side, struct dgm_search *plugins, const struct dgm_format *format,
	struct dgm_str file, const struct dgm_option_given *given, size_t given_count, struct dgm_diag_sink *diags)
{
	*side = (struct dgm_side){0};
	side->engine = dgm_plugin_load(plugins, format->engine, diags);
	if (!side->engine)
		return -1;
	side->job = dgm_job_new(diags, file);
	return fill_config(side, format, given, given_count, diags);
}

void dgm_side_done(struct dgm_side *side)
{
	dgm_job_free(side->job);
	dgm_arena_done(&side->arena);
	*side = (struct dgm_side){0};
}

struct dgm_open dgm_side_opening(const struct dgm_side *side, const struct dgm_format *format, bool writing)
{
	return (struct dgm_open){.struct_size = sizeof(struct dgm_open),
		.host = &dgm_host_table,
		.job = side->job,
		.config = side->config,
		.paths = format->paths,
		.path_count = writing ? format->written_path_count : format->path_count};
}

void dgm_side_no_direction(const struct dgm_side *side, struct dgm_diag_sink *diags, const char *verb)
{
	dgm_diag_text(diags, DGM_ERROR, "plugin-direction", DGM_NOSTR, NULL, "plugin %.*s cannot %s",
		DGM_FMT(side->engine->id), verb);
}
