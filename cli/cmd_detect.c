/* SPDX-License-Identifier: Apache-2.0 */
/* dragoman detect: which format files are, with the evidence. */
#include <stdio.h>
#include <unistd.h>

#include "args.h"
#include "host/detect.h"
#include "io/jsontext.h"
#include "log.h"
#include "session.h"

enum { JSON = 1 };

static const struct cli_option options[] = {{JSON, 0, "json", NULL, "one JSON object per file"}};
static const char *const matches[] = {"none", "weak", "likely", "certain"};

static bool take(void *context, int id, const char *value)
{
	(void)value;
	*(bool *)context = id == JSON;
	return true;
}

static void print_text(const char *path, const struct dgm_detection *detection)
{
	printf("%s: %.*s\n", path, DGM_FMT(detection->answer.len ? detection->answer : DGM_STR("unknown")));
	for (size_t i = 0; i < detection->count; i++)
		printf("  %-8s %-14.*s %.*s\n", matches[detection->candidates[i].match],
			DGM_FMT(detection->candidates[i].format), DGM_FMT(detection->candidates[i].evidence));
}

static int print_json(const char *path, const struct dgm_detection *detection)
{
	struct dgm_output *line = dgm_output_memory(&cli_diags);
	dgm_output_write(line, DGM_STR("{"));
	dgm_json_member(line, true, "file", dgm_str(path));
	if (detection->answer.len)
		dgm_json_member(line, false, "format", detection->answer);
	dgm_output_write(line, DGM_STR(",\"candidates\":["));
	for (size_t i = 0; i < detection->count; i++) {
		dgm_output_write(line, i ? DGM_STR(",{") : DGM_STR("{"));
		dgm_json_member(line, true, "format", detection->candidates[i].format);
		dgm_json_member(line, false, "match", dgm_str(matches[detection->candidates[i].match]));
		dgm_json_member(line, false, "evidence", detection->candidates[i].evidence);
		dgm_output_write(line, DGM_STR("}"));
	}
	dgm_output_write(line, DGM_STR("]}\n"));
	const int result = dgm_output_commit(line);
	const struct dgm_str bytes = dgm_output_bytes(line);
	if (result == 0)
		fwrite(bytes.ptr, 1, bytes.len, stdout);
	dgm_output_free(line);
	return result;
}

static int detect_one(struct cli_session *session, const char *path, bool json)
{
	int fd = -1, status = CLI_INPUT;
	struct dgm_str head;
	struct dgm_detection detection;
	struct dgm_input *input = cli_open_input(path, &fd);
	if (input && dgm_input_head(input, DGM_DETECT_HEAD, &head) == DGM_OK) {
		dgm_detect(session->catalog, head, &detection);
		if (json)
			print_json(path, &detection);
		else
			print_text(path, &detection);
		status = detection.answer.len ? CLI_DONE : CLI_INPUT;
		dgm_detection_done(&detection);
	}
	dgm_input_free(input);
	if (fd >= 0)
		close(fd);
	return status;
}

static int run(int argc, char **argv)
{
	bool json = false;
	struct cli_session session;
	int status;
	const int first = cli_begin(&cli_detect, argc, argv, take, &json, &session, &status);
	if (first < 0)
		return status;
	if (first == argc)
		status = detect_one(&session, "-", json);
	for (int i = first; i < argc; i++) {
		const int one = detect_one(&session, argv[i], json);
		status = one ? one : status;
	}
	cli_session_close(&session);
	return status;
}

const struct cli_command cli_detect = {
	.name = "detect",
	.synopsis = "[--json] [INPUT ...]",
	.summary = "Says which format files are, and why.",
	.options = options,
	.option_count = DGM_COUNT(options),
	.run = run,
};
