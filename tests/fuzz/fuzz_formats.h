/* SPDX-License-Identifier: Apache-2.0 */
/* Whole conversions in memory, for the targets that choose formats. */
#ifndef DGM_TESTS_FUZZ_FORMATS_H
#define DGM_TESTS_FUZZ_FORMATS_H

#include "fuzz.h"
#include "host/catalog.h"
#include "io/input.h"
#include "io/output.h"
#include "pipe/convert.h"

static const char *const fuzz_format_ids[] = {"notice-jsonl", "notice-json", "notice-xml", "notice-csv", "un-sc",
	"interpol", "ameripol", "frontex"};
#define FUZZ_CANONICAL 4u /* the first ones hold every notice whole */

static inline const struct dgm_format *fuzz_format(size_t index)
{
	static struct dgm_catalog *catalog;
	if (!catalog) {
		const struct dgm_str folder = DGM_STR(DGM_TEST_FORMAT_DIR);
		struct dgm_search *search = dgm_search_new(DGM_SEARCH_FORMATS, &folder, 1, NULL);
		demand(search, "no search path");
		catalog = dgm_catalog_new(search);
		dgm_search_free(search);
	}
	const struct dgm_format *format = dgm_catalog_get(catalog, dgm_str(fuzz_format_ids[index]), NULL);
	demand(format, "%s does not compile", fuzz_format_ids[index]);
	return format;
}

struct fuzz_outcome {
	enum dgm_outcome outcome;
	struct dgm_counts counts;
	uint64_t unencodable;
	struct fuzz_text bytes;
	struct fuzz_text said;
};

static inline void fuzz_hear_conversion(void *context, const struct dgm_diag *diag)
{
	struct fuzz_outcome *outcome = context;
	fuzz_check_diag(diag);
	fuzz_print(&outcome->said, "%u %s %u:%u %.100s\n", diag->severity, diag->code, diag->place.line,
		diag->place.column, diag->code);
}

/* Converts; ret_outcome keeps its texts' blocks from one call to the next. */
static inline void fuzz_convert(const struct dgm_format *source, const struct dgm_format *target,
	struct dgm_str charset, struct dgm_str bytes, size_t chunk, struct fuzz_outcome *ret_outcome)
{
	struct fuzz_outcome *outcome = ret_outcome;
	struct dgm_diag_sink sink = {.emit = fuzz_hear_conversion, .context = outcome};
	outcome->bytes.len = outcome->said.len = 0;
	fuzz_add(&outcome->said, DGM_NOSTR);
	outcome->outcome = DGM_OUTCOME_INPUT;
	outcome->counts = (struct dgm_counts){0};
	struct dgm_output *output = dgm_output_memory(&sink);
	struct dgm_output *rejects = dgm_output_memory(&sink), *report = dgm_output_memory(&sink);
	const struct dgm_conversion_options options = {.plugins = fuzz_plugins(),
		.diags = &sink,
		.target = target,
		.output = output,
		.rejects = rejects,
		.report = report};
	struct dgm_conversion *conversion = dgm_conversion_new(&options);
	demand(conversion, "a conversion cannot begin:\n%s", outcome->said.ptr ? outcome->said.ptr : "");
	struct dgm_input *input = dgm_input_memory(bytes, DGM_STR("fuzz"), &sink, chunk);
	if (dgm_input_charset(input, charset.len ? charset : source->encoding, true) == 0) {
		outcome->outcome = dgm_conversion_run(conversion, source, input, NULL, 0);
		const enum dgm_outcome end = dgm_conversion_finish(conversion);
		if (end != DGM_OUTCOME_DONE)
			outcome->outcome = end;
	}
	dgm_input_free(input);
	outcome->counts = *dgm_conversion_counts(conversion);
	dgm_conversion_free(conversion);
	demand(outcome->outcome == DGM_OUTCOME_DONE || outcome->outcome == DGM_OUTCOME_INPUT, "outcome %u:\n%s",
		outcome->outcome, outcome->said.ptr ? outcome->said.ptr : "");
	demand(outcome->outcome == DGM_OUTCOME_DONE || sink.count[DGM_ERROR], "it broke without a word");
	demand(outcome->counts.rejected == 0 || sink.count[DGM_ERROR], "rejected without a word");
	demand(outcome->counts.read == outcome->counts.written + outcome->counts.rejected,
		"%llu read, %llu written, %llu rejected", (unsigned long long)outcome->counts.read,
		(unsigned long long)outcome->counts.written, (unsigned long long)outcome->counts.rejected);
	demand(dgm_output_commit(output) == 0, "memory cannot break");
	demand(dgm_output_commit(rejects) == 0 && dgm_output_commit(report) == 0, "memory cannot break");
	struct dgm_str lines = dgm_output_bytes(rejects), line;
	uint64_t count = 0;
	while (dgm_str_next(&lines, DGM_STR("\n"), &line))
		count += line.len > 0;
	demand(count == outcome->counts.rejected, "%llu lines of rejects", (unsigned long long)count);
	outcome->unencodable = dgm_output_unencodable(output);
	fuzz_add(&outcome->bytes, dgm_output_bytes(output));
	dgm_output_free(output);
	dgm_output_free(rejects);
	dgm_output_free(report);
}

/* Whether it went through without an error and without a loss, nulls included. */
static inline bool fuzz_lossless(const struct fuzz_outcome *outcome)
{
	if (outcome->outcome != DGM_OUTCOME_DONE || outcome->counts.rejected || outcome->counts.lost ||
		outcome->unencodable)
		return false;
	for (unsigned kind = 0; kind < DGM_LOSS_KIND_COUNT; kind++)
		if (outcome->counts.by_kind[kind])
			return false;
	return true;
}

/*
 * Converts to JSON Lines and these once more: paths of unmapped values hold a source's keys as they are, and only reading
 * them makes one canonical text of each.
 */
static inline void fuzz_to_lines(const struct dgm_format *source, struct dgm_str charset, struct dgm_str bytes,
	struct fuzz_outcome *ret_outcome)
{
	static struct fuzz_outcome once;
	fuzz_convert(source, fuzz_format(0), charset, bytes, 0, &once);
	fuzz_convert(fuzz_format(0), fuzz_format(0), DGM_NOSTR,
		dgm_str_of(once.bytes.ptr ? once.bytes.ptr : "", once.bytes.len), 0, ret_outcome);
	demand(ret_outcome->counts.written == once.counts.written, "its own lines were refused:\n%s",
		ret_outcome->said.ptr ? ret_outcome->said.ptr : "");
}

static inline struct dgm_str fuzz_bytes(const struct fuzz_outcome *outcome)
{
	return dgm_str_of(outcome->bytes.ptr ? outcome->bytes.ptr : "", outcome->bytes.len);
}

#endif
