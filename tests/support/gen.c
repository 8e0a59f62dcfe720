/* SPDX-License-Identifier: Apache-2.0 */
/* Inventions are plain splitmix64, so that a seed printed by one machine fails on every other, too. */
#include "gen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/text.h"
#include "notice/value.h"

static uint64_t next(struct gen *gen)
{
	uint64_t z = (gen->state += 0x9E3779B97F4A7C15u);
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

uint32_t gen_below(struct gen *gen, uint32_t n)
{
	return (uint32_t)(next(gen) % n);
}

bool gen_one_in(struct gen *gen, uint32_t n)
{
	return gen_below(gen, n) == 0;
}

/* Scripts that run from right to left are escaped: in an editor they would turn the line around. */
static const char *const pieces[] = {"Ana", "SOMMER", "ibn", "O'Neil", "Łódź", "Ñandú", "Müller", "Иванов",
	"\xD9\x85\xD8\xAD\xD9\x85\xD8\xAF", "\xD7\xA2\xD7\x91\xD7\xA8\xD7\x99\xD7\xAA", "王小明", "山田", "김", "ไทย",
	"नाम", "😀", "𐍈", "é", "1.10", "007", "-", "--", "0", "null", "true", "N/A", "na", "=1+1", "@x", "#text", "<b>",
	"</record>", "]]>", "&amp;", "&", "<", ">", "\"", "\"\"", "'", "|", ";", ",", ", ", "; ", "\\", "\\N", "\\#",
	"\\_", "\\[", "\\!", "/", "[2]", "[+1]", "[]", "~", "~0", "{", "}", "=", ":", "a=b", "%", "\xC2\xA0x",
	"\xE2\x80\xA8x", "\xE3\x80\x80y", "x\ty", "z"};
static const char *const signs[] = {"\n", "\r\n", "\t", "  ", " ", "\xE2\x80\x8F", "\xEF\xBB\xBF", "e\xCC\x81", "\r",
	/* NOLINTNEXTLINE(misc-misleading-bidirectional): what real files hold */
	"\xE2\x80\xAE"};

static struct dgm_str raw_text(struct gen *gen, uint32_t most, bool wild)
{
	char text[2048];
	size_t len = 0;
	for (uint32_t n = gen_below(gen, most) + 1; n > 0; n--) {
		const char *piece = wild && gen_one_in(gen, 3) ? signs[gen_below(gen, (uint32_t)DGM_COUNT(signs))]
							       : pieces[gen_below(gen, (uint32_t)DGM_COUNT(pieces))];
		if (len && gen_one_in(gen, 2))
			text[len++] = ' ';
		memcpy(text + len, piece, strlen(piece));
		len += strlen(piece);
	}
	return dgm_arena_dup(gen->arena, dgm_str_of(text, len));
}

struct dgm_str gen_text(struct gen *gen, bool multiline)
{
	const uint32_t most = gen_one_in(gen, 20) ? 60 : 5;
	const struct dgm_str text = dgm_text_canonical(gen->arena, raw_text(gen, most, multiline), multiline);
	return text.len ? text : DGM_STR("x");
}

struct dgm_str gen_source_text(struct gen *gen)
{
	if (gen_one_in(gen, 8))
		return (struct dgm_str){"", 0};
	return raw_text(gen, 5, true);
}

struct dgm_str gen_plain_date(struct gen *gen, bool full)
{
	const unsigned year = 1900 + gen_below(gen, 126), month = gen_below(gen, 12) + 1, day = gen_below(gen, 28) + 1;
	switch (full ? 0 : gen_below(gen, 3)) {
	case 0:
		return dgm_arena_printf(gen->arena, "%04u-%02u-%02u", year, month, day);
	case 1:
		return dgm_arena_printf(gen->arena, "%04u-%02u", year, month);
	default:
		return dgm_arena_printf(gen->arena, "%04u", year);
	}
}

static struct dgm_str date_value(struct gen *gen)
{
	static const char *const fixed[] = {"../1990", "1990/..", "1960/1965", "XXXX-05-12", "XXXX-05",
		"1960-02/1965-11-30"};
	const struct dgm_str date = gen_plain_date(gen, false);
	switch (gen_below(gen, 5)) {
	case 0:
		return dgm_str(fixed[gen_below(gen, (uint32_t)DGM_COUNT(fixed))]);
	case 1:
		return dgm_arena_printf(gen->arena, "%.*s%c", DGM_FMT(date), "~?%"[gen_below(gen, 3)]);
	default:
		return date;
	}
}

static struct dgm_str one_of(struct gen *gen, const char *const *words, size_t count)
{
	return dgm_str(words[gen_below(gen, (uint32_t)count)]);
}

#define ONE_OF(gen, ...)                                                                                               \
	one_of(gen, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static struct dgm_str typed(struct gen *gen, enum dgm_field_id field)
{
	const struct dgm_list_def *list = &dgm_lists[dgm_fields[field].list];
	switch (dgm_fields[field].type) {
	case DGM_TYPE_TEXT:
		return gen_text(gen, false);
	case DGM_TYPE_PROSE:
		return gen_text(gen, true);
	case DGM_TYPE_CODE:
		return list->codes[gen_below(gen, list->count)];
	case DGM_TYPE_DATE:
		return date_value(gen);
	case DGM_TYPE_TIME:
		return ONE_OF(gen, "10:15", "23:59:59", "00:00Z", "10:15+03:00");
	case DGM_TYPE_COUNTRY:
		return ONE_OF(gen, "DE", "NO", "SUHH", "YUCS", "XK", "x-icc", "x-stateless", "x-unknown");
	case DGM_TYPE_LANGUAGE:
		return ONE_OF(gen, "eng", "spa", "ara", "zho");
	case DGM_TYPE_SCRIPT:
		return ONE_OF(gen, "Latn", "Arab", "Cyrl");
	case DGM_TYPE_INTEGER:
		return ONE_OF(gen, "0", "-7", "42", "9007199254740993");
	case DGM_TYPE_DECIMAL:
		return ONE_OF(gen, "1.10", "0", "-3.5", "12345678901234567890.000000000001");
	case DGM_TYPE_LENGTH:
	case DGM_TYPE_MASS:
		return ONE_OF(gen, "165", "170.5", "160/170", "71");
	case DGM_TYPE_CURRENCY:
		return ONE_OF(gen, "EUR", "USD");
	case DGM_TYPE_URI:
		return ONE_OF(gen, "https://example.org/a?b=1&c=2", "urn:x:y,z;w", "https://example.org/%7C");
	case DGM_TYPE_EMAIL:
		return ONE_OF(gen, "a.b@example.org", "x+y@example.org");
	case DGM_TYPE_PHONE:
		return ONE_OF(gen, "+4930123456", "+390612345678");
	case DGM_TYPE_ID:
		return ONE_OF(gen, "DE89370400440532013000", "GB82WEST12345698765432");
	case DGM_TYPE_DIGEST:
		return DGM_STR("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
	case DGM_TYPE_BOOLEAN:
		return ONE_OF(gen, "true", "false");
	case DGM_TYPE_LITERAL:
	case DGM_TYPE_COUNT:
		break;
	}
	return DGM_NOSTR;
}

struct dgm_str gen_value(struct gen *gen, enum dgm_field_id field)
{
	const struct dgm_str text = typed(gen, field);
	const char *problem = NULL;
	if (!dgm_value_is_canonical(field, text, &problem))
		fail_msg("invented for %.*s: \"%.*s\" is not %s", DGM_FMT(dgm_fields[field].path), DGM_FMT(text),
			problem);
	return text;
}

static void add_literal(struct gen *gen, struct dgm_value *value)
{
	value->literal = (uint8_t)gen_below(gen, 5);
	switch (value->literal) {
	case DGM_LITERAL_NUMBER:
		value->text = ONE_OF(gen, "5", "-0.10", "9007199254740993", "1e400");
		break;
	case DGM_LITERAL_BOOLEAN:
		value->text = ONE_OF(gen, "true", "false");
		break;
	case DGM_LITERAL_TEXT:
		value->text = gen_source_text(gen);
		break;
	default:
		value->text = (struct dgm_str){"", 0};
	}
}

static void add_value(struct gen *gen, struct dgm_notice *notice, struct dgm_group *group, enum dgm_field_id field,
	bool parsed)
{
	struct dgm_value *value = dgm_value_add(notice, group, field);
	if (dgm_fields[field].type == DGM_TYPE_LITERAL) {
		add_literal(gen, value);
		return;
	}
	const uint32_t kind = parsed ? 0 : gen_below(gen, 12);
	if (kind < 10) {
		value->text = gen_value(gen, field);
		if (kind >= 8 || (parsed && gen_one_in(gen, 4)))
			value->original = gen_source_text(gen);
	} else if (kind == 10) {
		value->state = DGM_STATE_NULL;
		if (gen_one_in(gen, 2))
			value->original = gen_source_text(gen);
	} else {
		value->state = DGM_STATE_UNPARSED;
		value->original = gen_source_text(gen);
	}
}

/* must: the group holds at least one value, for one without any is not written. */
static void fill(struct gen *gen, struct dgm_notice *notice, struct dgm_group *group, uint32_t density, bool must)
{
	const struct dgm_group_def *def = &dgm_groups[group->id];
	const uint32_t sure = must && def->field_count ? gen_below(gen, def->field_count) : UINT32_MAX;
	for (uint32_t f = 0; f < def->field_count; f++) {
		const enum dgm_field_id field = (enum dgm_field_id)(def->first_field + f);
		const bool needed = field == DGM_FIELD_notice_id || field == DGM_FIELD_notice_type ||
			field == DGM_FIELD_notice_issuer || field == DGM_FIELD_subject_kind;
		if (!needed && f != sure && !gen_one_in(gen, density))
			continue;
		const uint32_t count = dgm_fields[field].many ? gen_below(gen, 3) + 1 : 1;
		for (uint32_t i = 0; i < count; i++)
			add_value(gen, notice, group, field, needed);
	}
	for (uint32_t c = 0; c < def->child_count; c++) {
		const enum dgm_group_id child = def->children[c];
		const bool needed = child == DGM_GROUP_notice || child == DGM_GROUP_subject;
		if (!needed && !gen_one_in(gen, density))
			continue;
		const uint32_t count = dgm_groups[child].many ? gen_below(gen, 3) + 1 : 1;
		for (uint32_t i = 0; i < count; i++)
			fill(gen, notice, dgm_group_add(notice, group, child), density, true);
	}
}

void gen_notice(struct gen *gen, struct dgm_notice *notice)
{
	static const uint32_t densities[] = {2, 4, 8, 16};
	gen->arena = notice->arena;
	fill(gen, notice, notice->root, densities[gen_below(gen, (uint32_t)DGM_COUNT(densities))], false);
}
