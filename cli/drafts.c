/* SPDX-License-Identifier: Apache-2.0 */
/* dragoman formats --new, and what --check has to say beyond mistakes. */
#include "drafts.h"

#include <stdio.h>
#include <unistd.h>

#include "format/loss.h"
#include "io/output.h"
#include "log.h"
#include "notice/describe.h"
#include "pipe/draft.h"
#include "pipe/reading.h"

static bool is_id(struct dgm_str id)
{
	bool good = id.len > 0;
	for (size_t i = 0; i < id.len; i++)
		good = good && (dgm_is_lower(id.ptr[i]) || dgm_is_digit(id.ptr[i]) || id.ptr[i] == '-');
	return good;
}

/* The sample's bytes, as many as a draft looks at. */
static bool read_sample(const char *path, struct dgm_arena *arena, struct dgm_str *ret_bytes)
{
	int fd;
	struct dgm_str head;
	struct dgm_input *input = cli_open_input(path, &fd);
	if (!input)
		return false;
	const bool good = dgm_input_head(input, DGM_DRAFT_SAMPLE_MAX, &head) == DGM_OK;
	if (good)
		*ret_bytes = dgm_arena_dup(arena, head);
	if (good && head.len == 0)
		dgm_diag_text(&cli_diags, DGM_ERROR, "input-empty", dgm_str(path), NULL, "the file is empty");
	dgm_input_free(input);
	if (fd >= 0)
		close(fd);
	return good && head.len;
}

/* The sample by its draft: how many records become notices, and how many values are not understood. */
static void try_draft(struct cli_session *session, struct dgm_str text, struct dgm_str sample)
{
	struct dgm_diag_sink silent = {0};
	struct dgm_format *format = dgm_format_parse(text, "draft", session->catalog->code_folders, &silent);
	struct dgm_input *input = dgm_input_memory(sample, DGM_STR("sample"), &silent, 0);
	uint64_t notices = 0, refused = 0;
	bool input_broke;
	struct dgm_reading *reading = NULL;
	if (format && dgm_input_charset(input, format->encoding, true) == 0)
		reading = dgm_reading_open(&(struct dgm_reading_options){.plugins = session->plugins,
						   .diags = &silent,
						   .format = format,
						   .input = input},
			&input_broke);
	silent = (struct dgm_diag_sink){0};
	struct dgm_notice notice;
	for (enum dgm_step step; reading; step == DGM_STEP_NOTICE ? notices++ : refused++) {
		step = dgm_reading_next(reading, &notice);
		if (step == DGM_STEP_END || step == DGM_STEP_BROKEN)
			break;
	}
	if (reading)
		dgm_reading_close(reading);
	dgm_input_free(input);
	dgm_format_free(format);
	fprintf(stderr, "dragoman: of the sample's records %llu become notices, %llu do not; %llu warnings\n",
		(unsigned long long)notices, (unsigned long long)refused,
		(unsigned long long)silent.count[DGM_WARNING]);
}

int cli_draft(struct cli_session *session, const char *id, const char *sample, const char *path)
{
	struct dgm_arena arena = {0};
	int status = CLI_USAGE;
	struct dgm_draft_request request = {.plugins = session->plugins,
		.catalog = session->catalog,
		.id = dgm_str(id)};
	struct dgm_str file = path ? dgm_str(path) : dgm_arena_printf(&arena, "%s.yaml", id);
	if (!is_id(request.id)) {
		fprintf(stderr,
			"dragoman formats: \"%s\" cannot be a format's id: lower-case letters, digits and '-'\n", id);
		goto out;
	}
	status = CLI_INPUT;
	if (sample) {
		const char *slash = strrchr(sample, '/');
		request.name = dgm_str(slash ? slash + 1 : sample);
		if (!read_sample(sample, &arena, &request.sample))
			goto out;
	}
	const struct dgm_str text = dgm_draft(&request, &arena);
	if (!text.len) {
		dgm_diag_text(&cli_diags, DGM_ERROR, "format-not-recognised", dgm_str(sample), NULL,
			"no engine finds a record in it");
		goto out;
	}
	status = CLI_OUTPUT;
	struct dgm_output *out = dgm_output_file(file, false, &cli_diags);
	if (!out)
		goto out;
	dgm_output_write(out, text);
	status = dgm_output_commit(out) == 0 ? CLI_DONE : CLI_OUTPUT;
	dgm_output_free(out);
	if (status == CLI_DONE && sample && cli_settings.verbosity >= 0)
		try_draft(session, text, request.sample);
	if (status == CLI_DONE && cli_settings.verbosity >= 0)
		fprintf(stderr, "dragoman: %.*s is written; \"dragoman formats --check\" says what is missing\n",
			DGM_FMT(file));
out:
	dgm_arena_done(&arena);
	return status;
}

/* --- what is missing --- */

static unsigned count_marks(const char *path)
{
	static const char mark[] = DGM_DRAFT_MARK;
	FILE *file = fopen(path, "re");
	unsigned count = 0;
	size_t at = 0;
	for (int c; file && (c = getc(file)) != EOF;) {
		at = c == mark[at] ? at + 1 : c == mark[0];
		if (mark[at])
			continue;
		count++;
		at = 0;
	}
	if (file)
		fclose(file);
	return count;
}

static void say(const char *path, const char *what)
{
	printf("%s: still to do: %s\n", path, what);
}

void cli_say_missing(const struct dgm_format *format, const char *path)
{
	struct dgm_holding holdings[DGM_FIELD_COUNT];
	char text[128];
	dgm_format_holdings(format, NULL, holdings);
	for (unsigned f = 0; f < DGM_FIELD_COUNT && format->style == DGM_STYLE_MAPPED; f++) {
		if (holdings[f].capacity != DGM_HOLDS_NONE || !dgm_field_required((enum dgm_field_id)f) ||
			dgm_fields[f].group != DGM_GROUP_notice)
			continue;
		snprintf(text, sizeof text,
			"no key is %.*s, and without it no record is a notice; \"map\" or \"set\" can say it",
			DGM_FMT(dgm_fields[f].path));
		say(path, text);
	}
	if (format->style == DGM_STYLE_MAPPED && holdings[DGM_FIELD_subject_kind].capacity == DGM_HOLDS_NONE)
		say(path, "nothing says what the subjects are (subject.kind): \"only\" or \"set\" can");
	if (format->evidence_count == 0)
		say(path, "\"evidence\": what the format is known from");
	if (format->language_count == 0)
		say(path, "\"languages\": of its headers and values");
	if (format->organisation.len == 0)
		say(path, "\"organisation\": whose format it is");
	const unsigned marks = count_marks(path);
	if (marks) {
		snprintf(text, sizeof text, "%u proposals of the draft to look at (" DGM_DRAFT_MARK ")", marks);
		say(path, text);
	}
}
