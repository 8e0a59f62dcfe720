/* SPDX-License-Identifier: Apache-2.0 */
/* Machine readable zones made of a notice ("mrz"): what stands in them, and that reading gives it again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "defs.h"
#include "gen.h"
#include "lab.h"
#include "notice/mrz.h"

#define KEY(kind)                                                                                                      \
	"      Z: {to: \"subject.document.mrz\", mrz: " kind                                                           \
	", codes: mrz-country, letters: [9303-arabic, 9303-cyrillic, 9303-latin]}\n"
#define NOTICE(subject) "{\"subject\":[{" subject "}]}"
#define DOCUMENT                                                                                                       \
	"\"document\":[{\"type\":\"passport\",\"number\":\"L898902C3\",\"country\":\"SE\",\"expires\":\"2012-04-15\"}]"

static void table(void **state)
{
	static const struct {
		const char *name, *key, *notice, *zone;
	} cases[] = {
		{"the document's specimen", KEY("td3"),
			NOTICE("\"kind\":\"person\",\"sex\":\"female\",\"name\":[{\"kind\":\"primary\",\"family\":\"Eriksson\",\"given\":\"Anna Maria\"}],"
			       "\"birth\":[{\"date\":\"1974-08-12\"}],\"nationality\":[{\"country\":\"DE\"}]," DOCUMENT),
			"P<SWEERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\\nL898902C36D<<7408122F1204159<<<<<<<<<<<<<<08"},
		{"a card", KEY("td1"),
			NOTICE("\"kind\":\"person\",\"sex\":\"male\",\"name\":[{\"kind\":\"primary\",\"family\":\"Щербаков\",\"given\":\"Юрий\"}],"
			       "\"birth\":[{\"date\":\"1974\"}],\"nationality\":[{\"country\":\"RU\"}]," DOCUMENT),
			"I<SWEL898902C36<<<<<<<<<<<<<<<\\n74<<<<1M1204159RUS<<<<<<<<<<<6\\nSHCHERBAKOV<<IURII<<<<<<<<<<<<"},
		{"a smaller one, nothing else known", KEY("td2"),
			NOTICE("\"name\":[{\"kind\":\"primary\",\"full\":\"ابو بكر محمد بن زكريا الرازي\"}],"
			       "\"document\":[{\"number\":\"AB2134\",\"country\":\"EG\"}]"),
			"I<EGYABW<BKR<MXHMD<BN<ZKRYA<ALRAZY<<\\nAB2134<<<5<<<<<<<<<0<<<<<<<0<<<<<<<0"},
		{"a spelling in Latin letters", KEY("td3"),
			NOTICE("\"name\":[{\"kind\":\"primary\",\"full\":\"محمد\"},{\"kind\":\"spelling\",\"full\":\"Mohammed  O'Nuñez\"}]," DOCUMENT),
			"P<SWEMOHAMMED<ONUNEZ<<<<<<<<<<<<<<<<<<<<<<<<\\nL898902C36<<<<<<<<<0<1204159<<<<<<<<<<<<<<08"},
		{"names that are too long end in a letter", KEY("td2"),
			NOTICE("\"name\":[{\"kind\":\"primary\",\"family\":\"Müller-Lüdenscheid\",\"given\":\"Hans Jos Karl\"}]," DOCUMENT),
			"I<SWEMUELLER<LUEDENSCHEID<<HANS<JO<K\\nL898902C36<<<<<<<<<0<1204159<<<<<<<8"},
		{"about a year", KEY("td3"),
			NOTICE("\"name\":[{\"kind\":\"primary\",\"family\":\"Ek\"}],\"birth\":[{\"date\":\"1974~\"}]," DOCUMENT),
			"P<SWEEK<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<\\nL898902C36<<<<<<<<<0<1204159<<<<<<<<<<<<<<08"},
		{"no number", KEY("td3"),
			NOTICE("\"name\":[{\"kind\":\"primary\",\"family\":\"Ek\"}],\"document\":[{\"country\":\"SE\"}]"),
			NULL},
		{"no issuing country", KEY("td3"),
			NOTICE("\"name\":[{\"kind\":\"primary\",\"family\":\"Ek\"}],\"document\":[{\"number\":\"1\"}]"),
			NULL},
		{"no name that a zone can have", KEY("td3"),
			NOTICE("\"name\":[{\"kind\":\"primary\",\"family\":\"王\"}]," DOCUMENT), NULL},
		{"a series of its own", KEY("td3"),
			NOTICE("\"name\":[{\"kind\":\"primary\",\"family\":\"Ek\"}],\"document\":[{\"number\":\"1\",\"series\":\"AB\",\"country\":\"SE\"}]"),
			NULL},
		{"the notice's own zone", KEY("td3"),
			NOTICE("\"name\":[{\"kind\":\"primary\",\"family\":\"Ek\"}],\"document\":[{\"number\":\"1\",\"country\":\"SE\",\"mrz\":\"P<XXX\"}]"),
			"P<XXX"},
	};
	struct dgm_arena arena = {0};
	bool differs = false;
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_format *canonical = lab_shipped("notice-jsonl");
		struct dgm_format *format =
			lab_definition(dgm_arena_printf(&arena, "%s%s", DEFS_OWN_JSON, cases[i].key).ptr);
		struct lab_batch batch;
		struct lab_written out;
		lab_batch_init(&batch);
		lab_read(&batch, canonical, dgm_str(cases[i].notice), 0);
		lab_write(&out, format, &batch);
		const struct dgm_str want =
			cases[i].zone ? dgm_arena_printf(&arena, "{\"Z\":\"%s\"}", cases[i].zone) : DGM_STR("{}");
		differs = lab_differs(cases[i].name, dgm_str_trim(out.bytes), want) || differs;
		lab_written_done(&out);
		lab_batch_done(&batch);
		dgm_format_free(format);
		dgm_format_free(canonical);
	}
	dgm_arena_done(&arena);
	assert_false(differs);
}

static struct dgm_value *add(struct dgm_notice *notice, struct dgm_group *group, enum dgm_field_id field,
	struct dgm_str text)
{
	struct dgm_value *value = dgm_value_add(notice, group, field);
	value->text = dgm_arena_dup(notice->arena, text);
	value->state = DGM_STATE_PARSED;
	return value;
}

/* One to three words of one alphabet. */
static struct dgm_str invent(struct gen *gen)
{
	static const char *const words[][8] = {
		{"Anna", "O'Brien", "Müller", "Łucja", "van", "der", "Smith-Jones", "Ñandú"},
		{"Щербаков", "Юрий", "Игорь", "Мар’яна", "Қасым", "Жуков", "Ёлкин", "Подъячев"},
		{"محمد", "بن", "فضّة", "عبّاس", "الرازي", "کریمی", "جميلة", "ڑوڈ"},
	};
	const uint32_t alphabet = gen_below(gen, DGM_COUNT(words));
	struct dgm_str text = DGM_NOSTR;
	for (uint32_t n = gen_below(gen, 4) + 1; n; n--) {
		const struct dgm_str word = dgm_str(words[alphabet][gen_below(gen, 8)]);
		text = text.len ? dgm_arena_join(gen->arena, text, DGM_STR(" "), word) : word;
	}
	return text;
}

static struct dgm_str number_of(struct gen *gen, char to[24])
{
	static const char signs[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const size_t len = 1 + gen_below(gen, 9);
	for (size_t i = 0; i < len; i++)
		to[i] = signs[gen_below(gen, sizeof signs - 1)];
	return dgm_str_of(to, len);
}

/* The zone of the only event of a JSON line, its line feeds as such. */
static struct dgm_str unquoted(struct dgm_arena *arena, struct dgm_str line)
{
	struct dgm_str zone = DGM_STR("");
	const size_t from = dgm_str_find(line, DGM_STR(":\""));
	struct dgm_str rest = dgm_str_take(dgm_str_skip(line, from + 2), line.len - from - 4), part;
	while (dgm_str_next(&rest, DGM_STR("\\n"), &part))
		zone = dgm_arena_join(arena, zone, zone.len ? DGM_STR("\n") : DGM_STR(""), part);
	return zone;
}

/* Whatever is invented: a zone is well-formed, its check digits are right, and it has what the notice has. */
static void inventions(void **state)
{
	static const char *const keys[] = {KEY("td1"), KEY("td2"), KEY("td3"), KEY("mrv-a"), KEY("mrv-b")};
	struct dgm_arena arena = {0};
	struct gen gen = {.state = 4711, .arena = &arena};
	struct dgm_format *formats[DGM_COUNT(keys)];
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(keys); i++)
		formats[i] = lab_definition(dgm_arena_printf(&arena, "%s%s", DEFS_OWN_JSON, keys[i]).ptr);
	for (size_t i = 0; i < 500; i++) {
		const size_t kind = gen_below(&gen, DGM_COUNT(keys));
		char number[24], year[8];
		struct lab_batch batch;
		struct lab_written out;
		struct dgm_mrz mrz;
		lab_batch_init(&batch);
		struct dgm_notice *notice = lab_batch_add(&batch);
		struct dgm_group *subject = dgm_group_add(notice, notice->root, DGM_GROUP_subject);
		struct dgm_group *name = dgm_group_add(notice, subject, DGM_GROUP_subject_name);
		struct dgm_group *birth = dgm_group_add(notice, subject, DGM_GROUP_subject_birth);
		struct dgm_group *document = dgm_group_add(notice, subject, DGM_GROUP_subject_document);
		const struct dgm_str born = gen_plain_date(&gen, gen_one_in(&gen, 2)), id = number_of(&gen, number);
		const bool given = gen_one_in(&gen, 2);
		add(notice, name, DGM_FIELD_subject_name_kind, DGM_STR("primary"));
		add(notice, name, DGM_FIELD_subject_name_family, invent(&gen));
		if (given)
			add(notice, name, DGM_FIELD_subject_name_given, invent(&gen));
		add(notice, birth, DGM_FIELD_subject_birth_date, born);
		add(notice, document, DGM_FIELD_subject_document_number, id);
		add(notice, document, DGM_FIELD_subject_document_country, DGM_STR("EG"));
		lab_write(&out, formats[kind], &batch);
		const struct dgm_str zone = unquoted(&arena, dgm_str_trim(out.bytes));
		if (!dgm_mrz_read(zone, &mrz))
			fail_msg("%.*s: no zone", DGM_FMT(zone));
		snprintf(year, sizeof year, "%.2s", born.ptr + 2);
		assert_int_equal(mrz.kind, kind);
		assert_int_equal(mrz.wrong, 0);
		lab_same("number", dgm_str(mrz.number), id);
		lab_same("issuer", dgm_str(mrz.issuer), DGM_STR("EGY"));
		assert_memory_equal(mrz.birth, year, 2);
		assert_true(mrz.primary[0] != '\0' && (mrz.secondary[0] != '\0') == given);
		for (const char *c = mrz.primary; *c; c++)
			assert_true(dgm_is_upper(*c) || *c == ' ');
		lab_written_done(&out);
		lab_batch_done(&batch);
	}
	for (size_t i = 0; i < DGM_COUNT(keys); i++)
		dgm_format_free(formats[i]);
	dgm_arena_done(&arena);
}

static void mistakes(void **state)
{
	static const struct {
		const char *map, *said;
	} cases[] = {
		{"      Z: {to: subject.document.mrz, mrz: td4, codes: mrz-country}\n",
			"error 10:42 definition-shape: \"mrz\" is a kind of machine readable zone: td1, td2, td3, mrv-a, mrv-b\n"},
		{"      Z: {to: subject.document.mrz, mrz: td3}\n",
			"error 10:42 definition-shape: \"mrz\" stands beside \"to\" and the zone of a document, and \"codes\" for its "
			"countries\n"},
		{"      Z: {to: notice.title, mrz: td3, codes: mrz-country}\n",
			"error 10:34 definition-shape: \"mrz\" stands beside \"to\" and the zone of a document, and \"codes\" for its "
			"countries\n"},
		{"      Z: {to: notice.title, letters: nowhere}\n",
			"error 10:38 definition-letters: there is no table of letters \"nowhere\"\n"},
		{"      Z: {to: subject.sex, letters: 9303-latin}\n",
			"error 10:37 definition-shape: \"letters\" stands beside \"to\" and a field of text\n"},
	};
	bool differs = false;
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct lab_heard heard;
		char yaml[512];
		lab_heard_init(&heard);
		snprintf(yaml, sizeof yaml, "%s%s", DEFS_OWN_JSON, cases[i].map);
		assert_null(dgm_format_parse(dgm_str(yaml), "x.yaml", lab_code_folders(), &heard.sink));
		differs = lab_differs(cases[i].map, dgm_str(heard.text), dgm_str(cases[i].said)) || differs;
		lab_heard_done(&heard);
	}
	assert_false(differs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(inventions),
		cmocka_unit_test(mistakes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
