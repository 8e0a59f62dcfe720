/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Identifiers of every scheme, and machine readable zones: a zone that was read is written again and read the same. The
 * input is any text.
 */
#include "base/text.h"
#include "fuzz.h"
#include "notice/identifier.h"
#include "notice/mrz.h"

static void check_zone(struct dgm_str text)
{
	struct dgm_mrz mrz, again;
	char to[DGM_MRZ_TEXT];
	if (!dgm_mrz_read(text, &mrz))
		return;
	demand(mrz.wrong < 1u << DGM_MRZ_CHECKS && mrz.kind < DGM_MRZ_KINDS, "wrong %x, kind %d", mrz.wrong,
		(int)mrz.kind);
	const struct dgm_mrz_fields fields = {.kind = mrz.kind,
		.code = dgm_str(mrz.code),
		.issuer = dgm_str(mrz.issuer),
		.number = dgm_str(mrz.number),
		.nationality = dgm_str(mrz.nationality),
		.birth = dgm_str(mrz.birth),
		.expiry = dgm_str(mrz.expiry),
		.optional = dgm_str(mrz.optional),
		.optional_2 = dgm_str(mrz.optional_2),
		.primary = dgm_str(mrz.primary),
		.secondary = dgm_str(mrz.secondary),
		.sex = mrz.sex};
	const size_t len = dgm_mrz_write(&fields, to);
	demand(len <= sizeof to, "%zu bytes", len);
	if (len == 0)
		return;
	demand(dgm_mrz_read(dgm_str_of(to, len), &again), "%.*s was written and cannot be read", (int)len, to);
	demand(again.wrong == 0, "%.*s was written with wrong check digits", (int)len, to);
	demand(strcmp(again.number, mrz.number) == 0 && strcmp(again.birth, mrz.birth) == 0, "%.*s differs", (int)len,
		to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct dgm_arena arena;
	const struct dgm_str text = {(const char *)data, size};
	dgm_arena_reset(&arena);
	if (!dgm_utf8_valid(text))
		return 0;
	check_zone(text);
	for (size_t i = 0; dgm_identifier_at(i); i++) {
		const struct dgm_identity identity = dgm_identifier_read(dgm_identifier_at(i), &arena, text);
		const bool wrong = identity.result == DGM_ID_WRONG_CHECK || identity.result == DGM_ID_WRONG_SHAPE;
		demand(!wrong || (!identity.has_birth && !identity.sex), "a wrong number says something");
		demand(identity.month <= 12 && identity.day <= 31 && identity.year <= 9999, "no such day");
	}
	return 0;
}
