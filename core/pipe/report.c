/* SPDX-License-Identifier: Apache-2.0 */
/* Reports are JSON, written as things happen, so that they cost no memory. */
#include "pipe/report.h"

#include <stdlib.h>

#include "base/text.h"
#include "io/jsontext.h"

static void put(struct dgm_output *output, const char *text)
{
	dgm_output_write(output, dgm_str(text));
}

void dgm_loss_report_begin(struct dgm_loss_report *report, struct dgm_output *output, struct dgm_str target,
	struct dgm_str sandbox)
{
	*report = (struct dgm_loss_report){.output = output};
	if (!output)
		return;
	report->changes = dgm_xcalloc(1, sizeof *report->changes);
	put(output, "{\n");
	dgm_json_member(output, true, "target", target);
	dgm_json_member(output, false, "sandbox", sandbox);
	put(output, ",\n\"records\":[");
}

static struct dgm_str loss_path(const struct dgm_notice *notice, const struct dgm_loss *loss)
{
	if (loss->group->id == DGM_GROUP_unmapped) {
		const struct dgm_str format = dgm_text_of(loss->group, DGM_FIELD_unmapped_format);
		const struct dgm_str path = dgm_text_of(loss->group, DGM_FIELD_unmapped_path);
		return dgm_arena_printf(notice->arena, "unmapped(%.*s:%.*s)", DGM_FMT(format), DGM_FMT(path));
	}
	const struct dgm_str path = dgm_value_path(notice->arena, loss->group, loss->field);
	if (!dgm_fields[loss->field].many)
		return path;
	return dgm_arena_printf(notice->arena, "%.*s[%u]", DGM_FMT(path), loss->number);
}

void dgm_loss_report_add(struct dgm_loss_report *report, struct dgm_counts *counts, struct dgm_str file,
	uint64_t number, const struct dgm_notice *notice, const struct dgm_losses *losses)
{
	for (const struct dgm_loss *loss = losses->first; loss; loss = loss->next) {
		counts->by_kind[loss->kind]++;
		counts->by_field[loss->field][loss->kind]++;
		counts->lost += loss->kind != DGM_LOSS_NULL;
	}
	if (!report->output || losses->count == 0)
		return;
	put(report->output, report->any ? ",\n{" : "\n{");
	report->any = true;
	dgm_json_member(report->output, true, "file", file);
	dgm_json_count(report->output, false, "record", number);
	dgm_json_member(report->output, false, "id", dgm_notice_id(notice));
	put(report->output, ",\"losses\":[");
	for (const struct dgm_loss *loss = losses->first; loss; loss = loss->next) {
		put(report->output, loss == losses->first ? "{" : ",{");
		dgm_json_member(report->output, true, "field", loss_path(notice, loss));
		dgm_json_member(report->output, false, "kind", dgm_str(dgm_loss_names[loss->kind]));
		put(report->output, "}");
	}
	put(report->output, "]}");
}

static void put_field(struct dgm_output *output, unsigned field, const struct dgm_counts *counts, bool *any)
{
	bool counted = false;
	for (unsigned kind = 0; kind < DGM_LOSS_KIND_COUNT; kind++)
		counted = counted || counts->by_field[field][kind];
	if (!counted)
		return;
	put(output, *any ? ",\n{" : "\n{");
	*any = true;
	dgm_json_member(output, true, "field", dgm_fields[field].path);
	for (unsigned kind = 0; kind < DGM_LOSS_KIND_COUNT; kind++)
		if (counts->by_field[field][kind])
			dgm_json_count(output, false, dgm_loss_names[kind], counts->by_field[field][kind]);
	put(output, "}");
}

void dgm_loss_report_changes(struct dgm_loss_report *report, const struct dgm_notice *notice)
{
	if (report->changes)
		dgm_changes_add(report->changes, notice);
}

void dgm_changes_json(const struct dgm_changes *changes, struct dgm_output *output)
{
	bool any = false;
	for (unsigned field = 0; field < DGM_FIELD_COUNT; field++) {
		for (unsigned c = 0; c < DGM_CHANGE_COUNT; c++) {
			if (!changes->counts[field][c])
				continue;
			put(output, any ? ",\n{" : "\n{");
			any = true;
			dgm_json_member(output, true, "field", dgm_fields[field].path);
			dgm_json_member(output, false, "rule", dgm_str(dgm_change_codes[c]));
			dgm_json_count(output, false, "count", changes->counts[field][c]);
			put(output, "}");
		}
	}
}

void dgm_loss_report_done(struct dgm_loss_report *report)
{
	free(report->changes);
	report->changes = NULL;
}

void dgm_loss_report_end(struct dgm_loss_report *report, const struct dgm_counts *counts)
{
	struct dgm_output *output = report->output;
	bool any = false;
	if (!output)
		return;
	put(output, "\n],\n\"fields\":[");
	for (unsigned field = 0; field < DGM_FIELD_COUNT; field++)
		put_field(output, field, counts, &any);
	put(output, "\n],\n\"changes\":[");
	dgm_changes_json(report->changes, output);
	put(output, "\n],\n\"counts\":{");
	dgm_json_count(output, true, "files", counts->files);
	dgm_json_count(output, false, "bytes", counts->bytes);
	dgm_json_count(output, false, "read", counts->read);
	dgm_json_count(output, false, "written", counts->written);
	dgm_json_count(output, false, "rejected", counts->rejected);
	dgm_json_count(output, false, "repeated_ids", counts->repeated);
	dgm_json_count(output, false, "values_lost", counts->lost);
	dgm_json_count(output, false, "marks_lost", counts->marks);
	put(output, "}\n}\n");
}

void dgm_reject_write(struct dgm_output *output, const struct dgm_input *input, const struct dgm_record *record,
	uint64_t number, const struct dgm_place *place, const char *code, struct dgm_str reason)
{
	struct dgm_str bytes = DGM_NOSTR;
	if (!output)
		return;
	put(output, "{");
	dgm_json_member(output, true, "file", dgm_input_name(input));
	dgm_json_count(output, false, "record", number);
	dgm_json_count(output, false, "line", place->line);
	dgm_json_count(output, false, "column", place->column);
	dgm_json_count(output, false, "offset", record->place.offset);
	dgm_json_member(output, false, "code", dgm_str(code));
	dgm_json_member(output, false, "reason", reason);
	/* Text as text where it is UTF-8, so that a person can read and mend it; else the bytes in base64. */
	if (dgm_input_encode(input, dgm_record_source(record, record->arena), &bytes) == 0) {
		const bool text = dgm_utf8_valid(bytes);
		put(output, text ? ",\"text\":" : ",\"base64\":");
		if (text)
			dgm_json_string(output, bytes);
		else
			dgm_json_base64(output, bytes);
		dgm_input_encoded_free(bytes);
	}
	put(output, "}\n");
}
