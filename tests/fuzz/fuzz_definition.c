/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Definitions: whatever the file says, it compiles or is refused with an error that has a place. One that compiles reads
 * a small record and writes it again without stumbling; what it makes of it is its own affair.
 */
#include "format/canonical.h"
#include "format/definition.h"
#include "format/unmap.h"
#include "fuzz.h"
#include "host/job.h"

static void hear(void *context, const struct dgm_diag *diag)
{
	uint64_t *placed = context;
	fuzz_check_diag(diag);
	*placed += diag->severity == DGM_ERROR;
}

static void ignore(void *context, const struct dgm_problem *problem)
{
	(void)context;
	demand(problem->code && problem->code[0], "a problem without a code");
}

/* A record that has a value and a group under each key of the first shape. */
static void fill(struct dgm_job *job, struct dgm_record *record, const struct dgm_node *node, uint32_t parent,
	unsigned depth)
{
	static const struct dgm_str values[] = {{"1965-03-12", 10}, {"12/03/1965", 10}, {"", 0}, {"M", 1}, {"a|b;c", 5},
		{"FR", 2}, {"1,75", 4}, {"-", 1}};
	for (uint32_t i = 0; node; node = node->next, i++) {
		const uint32_t key = dgm_job_key(job, parent, node->name);
		if (node->first && depth < 8) {
			dgm_record_add(record, DGM_EVENT_BEGIN, key, 0, DGM_EVENT_ITEM, DGM_NOSTR);
			fill(job, record, node->first, key, depth + 1);
			dgm_record_add(record, DGM_EVENT_END, key, 0, DGM_EVENT_ITEM, DGM_NOSTR);
		} else {
			dgm_record_add(record, DGM_EVENT_VALUE, key,
				(uint16_t)(i % 16 == 7 ? DGM_LITERAL_NULL : DGM_LITERAL_TEXT), 0,
				values[i % DGM_COUNT(values)]);
		}
	}
}

static void use(const struct dgm_format *format, struct dgm_diag_sink *sink)
{
	static struct dgm_arena arena;
	struct dgm_record in = {0}, out = {0};
	struct dgm_notice notice;
	struct dgm_losses losses;
	const char *problem = NULL;
	dgm_arena_reset(&arena);
	struct dgm_job *job = dgm_job_new(sink, DGM_STR("fuzz"));
	struct dgm_mapper *mapper = dgm_mapper_new(format, dgm_job_keys(job), ignore, NULL);
	struct dgm_unmapper *unmapper = dgm_unmapper_new(format, dgm_job_keys(job));
	uint32_t columns;
	dgm_unmap_columns(unmapper, &columns);
	for (uint32_t shape = 0; shape < format->shape_count; shape++) {
		dgm_record_clear(&in, job, &arena);
		in.path = format->shapes[shape].path;
		if (format->shapes[shape].root)
			fill(job, &in, format->shapes[shape].root->first, 0, 0);
		dgm_notice_init(&notice, &arena);
		if (dgm_map_record(mapper, &in, &notice) != 0)
			continue;
		dgm_losses_init(&losses, &arena);
		dgm_record_clear(&out, job, &arena);
		if (dgm_unmap_notice(unmapper, &notice, &out, &losses, &problem) != 0)
			demand(problem && problem[0], "a notice refused without a word");
	}
	static struct dgm_holding holdings[DGM_FIELD_COUNT];
	dgm_format_holdings(format, NULL, holdings);
	dgm_unmapper_free(unmapper);
	dgm_mapper_free(mapper);
	dgm_job_free(job);
	dgm_record_done(&in);
	dgm_record_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const folders[] = {DGM_TEST_FORMAT_DIR "/codes", NULL};
	uint64_t errors = 0;
	struct dgm_diag_sink sink = {.emit = hear, .context = &errors};
	struct dgm_format *format = dgm_format_parse(dgm_str_of((const char *)data, size), "fuzz.yaml", folders, &sink);
	demand(!!format == (errors == 0), "%s after %llu errors", format ? "compiled" : "refused",
		(unsigned long long)errors);
	if (format)
		use(format, &sink);
	dgm_format_free(format);
	return 0;
}
