/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates: canonical ones come back byte for byte, a pattern reads what it wrote, and what fits was written whole. The
 * input is a pattern, a line feed, a text.
 */
#include "fuzz.h"
#include "notice/date_pattern.h"
#include "notice/value.h"

static bool same_day(const struct dgm_day *a, const struct dgm_day *b)
{
	return a->year == b->year && a->month == b->month && a->day == b->day;
}

static void check_canonical(struct dgm_str text)
{
	struct dgm_date date;
	if (!dgm_date_parse(text, &date))
		return;
	char to[32];
	const size_t n = dgm_date_format(&date, to);
	demand(n <= sizeof to && dgm_str_eq(text, dgm_str_of(to, n)), "%.*s came back as %.*s", DGM_FMT(text), (int)n,
		to);
	demand(dgm_value_is_canonical(DGM_FIELD_notice_published, text, NULL), "%.*s is a date and is none",
		DGM_FMT(text));
}

static void check_pattern(const struct dgm_date_pattern *pattern, struct dgm_arena *arena, struct dgm_str text)
{
	struct dgm_day day, again;
	char to[64], canonical[32];
	size_t n;
	if (!dgm_date_read(pattern, arena, text, &day))
		return;
	demand(day.year <= 9999 && day.month <= 12 && day.day <= 31, "%u-%u-%u", day.year, day.month, day.day);
	const struct dgm_date date = {.from = day};
	if (day.month || day.year) {
		struct dgm_date parsed;
		const struct dgm_str spelled = {canonical, dgm_date_format(&date, canonical)};
		const bool holds = dgm_date_parse(spelled, &parsed);
		/* A day without its month is no date of the schema; everything else that was read is one. */
		demand(holds || (day.day && !day.month), "%.*s is not canonical", DGM_FMT(spelled));
	}
	if (!dgm_date_write(pattern, &day, to, &n))
		return;
	demand(n <= sizeof to, "%zu bytes", n);
	demand(dgm_date_read(pattern, arena, dgm_str_of(to, n), &again), "%.*s was written and cannot be read", (int)n,
		to);
	demand(!dgm_date_fits(pattern, &day) || same_day(&day, &again), "%.*s lost a part", (int)n, to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const known[] = {"yyyy-MM-dd", "yyyy/MM/dd", "dd/MM/yyyy", "d MMM yyyy", "MMMM d yyyy", "MM",
		"dd", "yyyy", "yyyy-MM-dd'T'HH:mm:ssXXX", "yyyyMMdd"};
	static struct dgm_arena arena;
	struct dgm_str text = {(const char *)data, size}, pattern;
	const char *problem = NULL;
	dgm_arena_reset(&arena);
	check_canonical(text);
	if (!dgm_str_next(&text, DGM_STR("\n"), &pattern))
		return 0;
	check_canonical(text);
	const struct dgm_date_pattern *compiled = dgm_date_pattern_compile(&arena, pattern, NULL, 0, &problem);
	demand(!!compiled != !!problem, "neither a pattern nor a problem");
	if (compiled)
		check_pattern(compiled, &arena, text);
	for (size_t i = 0; i < DGM_COUNT(known); i++) {
		compiled = dgm_date_pattern_compile(&arena, dgm_str(known[i]), NULL, 0, &problem);
		demand(compiled, "%s: %s", known[i], problem);
		check_pattern(compiled, &arena, text);
	}
	return 0;
}
