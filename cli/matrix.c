/* SPDX-License-Identifier: Apache-2.0 */
/* The table of fields by formats, for a terminal of 80 columns, for spreadsheets and for programs. */
#include "matrix.h"

#include <stdio.h>
#include <stdlib.h>

#include "io/jsontext.h"

struct matrix {
	struct dgm_output *out;
	const struct dgm_format *const *formats;
	size_t count;
	struct dgm_holding (*holdings)[DGM_FIELD_COUNT];
};

struct dgm_str cli_holding_word(const struct dgm_holding *holding)
{
	if (holding->capacity == DGM_HOLDS_NONE)
		return holding->aside ? DGM_STR("aside") : DGM_NOSTR;
	if (holding->constant_only)
		return DGM_STR("constant");
	return holding->capacity == DGM_HOLDS_MANY ? DGM_STR("many") : DGM_STR("one");
}

static struct dgm_str word(const struct matrix *matrix, size_t format, unsigned field)
{
	return cli_holding_word(&matrix->holdings[format][field]);
}

static void put_spaces(struct dgm_output *out, size_t n)
{
	while (n--)
		dgm_output_write(out, DGM_STR(" "));
}

static bool is_held(const struct matrix *matrix, unsigned field)
{
	bool held = false;
	for (size_t i = 0; i < matrix->count; i++)
		held = held || word(matrix, i, field).len;
	return held;
}

/* The names of the formats come one below the other, each over its column. */
static void put_text(const struct matrix *matrix)
{
	struct dgm_output *out = matrix->out;
	size_t width = 0;
	unsigned unheld = 0;
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++)
		if (is_held(matrix, f) && dgm_fields[f].path.len > width)
			width = dgm_fields[f].path.len;
	for (size_t i = 0; i <= matrix->count; i++) {
		put_spaces(out, width);
		for (size_t bar = 0; bar < i; bar++)
			dgm_output_write(out, DGM_STR(" |"));
		put_spaces(out, i < matrix->count);
		dgm_output_write(out, i < matrix->count ? matrix->formats[i]->id : DGM_NOSTR);
		dgm_output_write(out, DGM_STR("\n"));
	}
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		if (!is_held(matrix, f)) {
			unheld++;
			continue;
		}
		dgm_output_write(out, dgm_fields[f].path);
		put_spaces(out, width - dgm_fields[f].path.len);
		for (size_t i = 0; i < matrix->count; i++) {
			const struct dgm_str held = word(matrix, i, f);
			dgm_output_write(out,
				!held.len                    ? DGM_STR(" .")
					: held.ptr[0] == 'm' ? DGM_STR(" *")
					: held.ptr[0] == 'o' ? DGM_STR(" 1")
					: held.ptr[0] == 'c' ? DGM_STR(" =")
							     : DGM_STR(" ~"));
		}
		dgm_output_write(out, DGM_STR("\n"));
	}
	dgm_output_write(out, DGM_STR("\n* many  1 one  = constant  ~ aside, in another field's place  . not held\n"));
	if (unheld) {
		char line[64];
		const int length = snprintf(line, sizeof line, "%u more fields are held by none\n", unheld);
		dgm_output_write(out, dgm_str_of(line, (size_t)length));
	}
}

static void put_csv(const struct matrix *matrix)
{
	struct dgm_output *out = matrix->out;
	dgm_output_write(out, DGM_STR("field"));
	/* Neither ids nor paths nor words need quotes. */
	for (size_t i = 0; i < matrix->count; i++) {
		dgm_output_write(out, DGM_STR(","));
		dgm_output_write(out, matrix->formats[i]->id);
	}
	dgm_output_write(out, DGM_STR("\n"));
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		dgm_output_write(out, dgm_fields[f].path);
		for (size_t i = 0; i < matrix->count; i++) {
			dgm_output_write(out, DGM_STR(","));
			dgm_output_write(out, word(matrix, i, f));
		}
		dgm_output_write(out, DGM_STR("\n"));
	}
}

static void put_json(const struct matrix *matrix)
{
	struct dgm_output *out = matrix->out;
	dgm_output_write(out, DGM_STR("{\"formats\":["));
	for (size_t i = 0; i < matrix->count; i++) {
		dgm_output_write(out, i ? DGM_STR(",") : DGM_NOSTR);
		dgm_json_string(out, matrix->formats[i]->id);
	}
	dgm_output_write(out, DGM_STR("],\"fields\":["));
	for (unsigned f = 0; f < DGM_FIELD_COUNT; f++) {
		bool any = false;
		dgm_output_write(out, f ? DGM_STR(",\n{") : DGM_STR("\n{"));
		dgm_json_member(out, true, "field", dgm_fields[f].path);
		dgm_output_write(out, DGM_STR(",\"held\":{"));
		for (size_t i = 0; i < matrix->count; i++) {
			const struct dgm_str held = word(matrix, i, f);
			if (!held.len)
				continue;
			dgm_output_write(out, any ? DGM_STR(",") : DGM_NOSTR);
			dgm_json_string(out, matrix->formats[i]->id);
			dgm_output_write(out, DGM_STR(":"));
			dgm_json_string(out, held);
			any = true;
		}
		dgm_output_write(out, DGM_STR("}}"));
	}
	dgm_output_write(out, DGM_STR("\n]}\n"));
}

void cli_put_matrix(struct dgm_output *out, const struct dgm_format *const *formats, size_t count, enum cli_form form)
{
	struct matrix matrix = {out, formats, count, dgm_xcalloc(count + 1, sizeof *matrix.holdings)};
	for (size_t i = 0; i < count; i++)
		dgm_format_holdings(formats[i], NULL, matrix.holdings[i]);
	switch (form) {
	case CLI_FORM_TEXT:
		put_text(&matrix);
		break;
	case CLI_FORM_JSON:
		put_json(&matrix);
		break;
	case CLI_FORM_CSV:
		put_csv(&matrix);
		break;
	}
	free(matrix.holdings);
}
