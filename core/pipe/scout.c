/* SPDX-License-Identifier: Apache-2.0 */
/* A reader of its own, on an input of its own, that says nothing and keeps nothing. */
#include "pipe/scout.h"

#include <stdlib.h>

#include "pipe/side.h"

struct dgm_scout {
	struct dgm_side side;
	struct dgm_input *input;
	struct dgm_host host;
	struct dgm_record record;
	struct dgm_arena arena;
	struct dgm_stretch next;
};

static void put_nothing(struct dgm_record *record, const struct dgm_event *events, size_t count)
{
	(void)record;
	(void)events;
	(void)count;
}

struct dgm_scout *dgm_scout_new(const struct dgm_reading_options *options)
{
	struct dgm_scout *scout = dgm_xcalloc(1, sizeof *scout);
	const struct dgm_format *format = options->format;
	if (dgm_side_open(&scout->side, options->plugins, format, dgm_input_name(options->input), options->options,
		    options->option_count, NULL) != 0)
		goto failed;
	scout->host = dgm_host_table;
	scout->host.put = put_nothing;
	scout->input = dgm_input_again(options->input, NULL);
	struct dgm_open open = dgm_side_opening(&scout->side, format, false);
	open.host = &scout->host;
	open.input = scout->input;
	if (scout->side.engine->plugin.reader_open(&open, &scout->side.instance) == DGM_OK) {
		scout->next.records = UINT64_MAX;
		return scout;
	}
	scout->side.instance = NULL;
failed:
	dgm_scout_free(scout);
	return NULL;
}

void dgm_scout_free(struct dgm_scout *scout)
{
	if (!scout)
		return;
	if (scout->side.instance)
		scout->side.engine->plugin.reader_close(scout->side.instance);
	dgm_input_free(scout->input);
	dgm_record_done(&scout->record);
	dgm_arena_done(&scout->arena);
	dgm_side_done(&scout->side);
	free(scout);
}

void dgm_scout_next(struct dgm_scout *scout, uint64_t bytes, struct dgm_stretch *ret_part)
{
	struct dgm_mark mark = {0};
	dgm_arena_reset(&scout->arena);
	dgm_record_clear(&scout->record, scout->side.job, &scout->arena);
	dgm_job_set_record(scout->side.job, &scout->record, 0);
	const int32_t result =
		scout->side.engine->plugin.reader_skip(scout->side.instance, &scout->record, bytes, &mark);
	struct dgm_stretch part = scout->next;
	part.last = result != DGM_OK;
	if (result == DGM_OK || result == DGM_END)
		part.records = mark.records;
	if (result == DGM_OK)
		scout->next = (struct dgm_stretch){.mark = mark,
			.spot = dgm_input_spot(scout->input, mark.offset),
			.first = part.first + mark.records,
			.records = UINT64_MAX};
	*ret_part = part;
}

void dgm_scout_finish(struct dgm_scout *scout)
{
	struct dgm_str window;
	while (dgm_input_peek(scout->input, 1, &window) == DGM_OK && window.len)
		dgm_input_consume(scout->input, window.len);
}
