/* SPDX-License-Identifier: Apache-2.0 */
/* Names in Latin letters: the tables of ICAO Doc 9303-3 row by row, whole alphabets, names, and what a definition's "letters" does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/translit.h"
#include "base/utf8.h"
#include "defs.h"
#include "format/letters.h"
#include "lab.h"

enum { ARABIC, CYRILLIC, LATIN, TABLES };
static const char *const names[TABLES] = {"9303-arabic", "9303-cyrillic", "9303-latin"};
static struct dgm_letters *tables[TABLES];
static struct dgm_arena arena;

static int load(void **state)
{
	struct lab_heard heard;
	const struct dgm_str folder = DGM_STR(DGM_TEST_FORMAT_DIR "/codes/letters");
	(void)state;
	lab_heard_init(&heard);
	for (size_t i = 0; i < TABLES; i++) {
		tables[i] = dgm_letters_load(&arena, folder, dgm_str(names[i]), &heard.sink);
		if (!tables[i])
			print_error("%s", heard.text);
	}
	lab_heard_done(&heard);
	return tables[ARABIC] && tables[CYRILLIC] && tables[LATIN] ? 0 : -1;
}

static int drop(void **state)
{
	(void)state;
	for (size_t i = 0; i < TABLES; i++)
		dgm_letters_free(tables[i]);
	dgm_arena_done(&arena);
	return 0;
}

/* As names.txt writes it. */
static struct dgm_str written(struct dgm_letters *const *list, uint32_t count, struct dgm_str text,
	struct dgm_str language)
{
	struct dgm_str made = text;
	switch (dgm_letters_write(list, count, &arena, text, language, &made)) {
	case DGM_LETTERS_OWN:
	case DGM_LETTERS_WRITTEN:
		break;
	case DGM_LETTERS_FEWER:
		return dgm_arena_printf(&arena, "!%.*s", DGM_FMT(made));
	case DGM_LETTERS_LACKING:
		return DGM_STR("?");
	}
	return made;
}

static bool next_line(FILE *file, char *line, int size, struct dgm_str *ret_text)
{
	while (fgets(line, size, file)) {
		*ret_text = dgm_str_trim(dgm_str(line));
		if (ret_text->len && ret_text->ptr[0] != '#')
			return true;
	}
	return false;
}

static uint32_t code_point(struct dgm_str hex)
{
	uint32_t value = 0;
	for (size_t i = 0; i < hex.len; i++)
		value = value * 16 + (uint32_t)(dgm_is_digit(hex.ptr[i]) ? hex.ptr[i] - '0' : hex.ptr[i] - 'A' + 10);
	return value;
}

/* What the row has, alone and inside a word, where the letters around show what is of the row. */
static bool row_differs(struct dgm_letters *const *table, struct dgm_str language, struct dgm_str row)
{
	char letter[5] = "";
	struct dgm_str rest = row, hex;
	dgm_str_next(&rest, DGM_STR(" "), &hex);
	dgm_utf8_put(letter, code_point(hex));
	const bool nothing = dgm_str_is(rest, "-"), arabic = table == &tables[ARABIC];
	const struct dgm_str text = dgm_arena_printf(&arena, "%s%s", arabic ? "\xD8\xA8" : "", letter);
	struct dgm_str want =
		dgm_arena_printf(&arena, "%s%.*s", arabic ? "B" : "", DGM_FMT(nothing ? DGM_NOSTR : rest));
	struct dgm_str have = written(table, 1, text, language);
	if (nothing && have.len && have.ptr[0] == '!')
		have = dgm_str_skip(have, 1);
	/* A letter that is alone has no capital beside it. */
	const struct dgm_str beside =
		arabic ? have : written(table, 1, dgm_arena_printf(&arena, "%sA", letter), language);
	if (!arabic) {
		have = dgm_str_take(beside, beside.len - 1);
	}
	/* Row 0131 is a small letter. */
	return !dgm_str_eq_nocase(have, want) && lab_differs(row.ptr, have, want);
}

static void test_rows(void **state)
{
	char line[1024];
	struct dgm_str text, language = DGM_NOSTR, row;
	struct dgm_letters *const *table = NULL;
	size_t rows = 0;
	bool differs = false;
	FILE *file = fopen(DGM_TEST_SOURCE_DIR "/tests/unit/letters.txt", "r");
	(void)state;
	assert_non_null(file);
	while (next_line(file, line, sizeof line, &text)) {
		if (text.ptr[0] == '@') {
			struct dgm_str rest = dgm_str_skip(text, 2), name;
			dgm_str_next(&rest, DGM_STR(" "), &name);
			for (size_t i = 0; i < TABLES; i++)
				table = dgm_str_is(name, names[i]) ? &tables[i] : table;
			language = dgm_arena_dup(&arena, rest);
			continue;
		}
		while (dgm_str_next(&text, DGM_STR("\t"), &row)) {
			differs = row_differs(table, language, dgm_arena_dup(&arena, row)) || differs;
			rows++;
		}
	}
	fclose(file);
	assert_false(differs);
	assert_true(rows > 230);
}

static void test_names(void **state)
{
	char line[1024];
	struct dgm_str rest, name, language;
	size_t rows = 0;
	bool differs = false;
	FILE *file = fopen(DGM_TEST_SOURCE_DIR "/tests/unit/names.txt", "r");
	(void)state;
	assert_non_null(file);
	while (next_line(file, line, sizeof line, &rest)) {
		dgm_str_next(&rest, DGM_STR(" | "), &name);
		dgm_str_next(&rest, DGM_STR(" | "), &language);
		if (dgm_str_is(language, "-"))
			language = DGM_NOSTR;
		name = dgm_arena_dup(&arena, name);
		const struct dgm_str have = written(tables, TABLES, name, language);
		differs = lab_differs(name.ptr, have, rest) || differs;
		/* What is in Latin letters stays so: nothing is written twice. */
		if (have.ptr[0] != '?' && have.ptr[0] != '!')
			assert_true(dgm_str_eq(written(tables, TABLES, have, language), have));
		rows++;
	}
	fclose(file);
	assert_false(differs);
	assert_true(rows > 60);
}

/* Every letter of the languages of the members. What nothing stands for is listed, and nothing else is without. */
static void test_alphabets(void **state)
{
	static const struct {
		const char *language, *letters, *lacking;
	} alphabets[] = {
		{"ara", "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي", ""},
		{"fas", "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیءأؤئۀة", ""},
		{"urd", "آابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھءیےؤئۓۂۃ", ""},
		{"pus", "آابپتټثجځچڅحخدډذرړزژږسشښصضطظعغفقکګگلمنڼوهءیيېۍئ", ""},
		{"kur", "ئابپتجچحخدرڕزژسشعغفڤقکگلڵمنوۆهەیێ", ""},
		{"kmr", "ABCÇDEÊFGHIÎJKLMNOPQRSŞTUÛVWXYZabcçdeêfghiîjklmnopqrsştuûvwxyz", ""},
		{"rus", "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя", "Ьь"},
		{"ukr", "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯабвгґдеєжзиіїйклмнопрстуфхцчшщьюя", "Ьь"},
		{"bel", "АБВГДЕЁЖЗІЙКЛМНОПРСТУЎФХЦЧШЫЬЭЮЯабвгдеёжзійклмнопрстуўфхцчшыьэюя", "Ьь"},
		{"bul", "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЬЮЯ", "Ь"},
		{"srp", "АБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШабвгдђежзијклљмнњопрстћуфхцчџш", ""},
		{"mkd", "АБВГДЃЕЖЗЅИЈКЛЉМНЊОПРСТЌУФХЦЧЏШабвгдѓежзѕијклљмнњопрстќуфхцчџш", ""},
		{"kaz",
			"АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ"
			"аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
			"Ьь"},
		{"kir", "АБВГДЕЁЖЗИЙКЛМНҢОӨПРСТУҮФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя", "Ьь"},
		{"tgk", "АБВГҒДЕЁЖЗИӢЙКҚЛМНОПРСТУӮФХҲЧҶШЪЭЮЯабвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя", ""},
		{"uzb", "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЪЬЭЮЯЎҚҒҲABDEFGHIJKLMNOPQRSTUVXYZʻʼ", "Ь"},
		{"tuk", "ABÇDEÄFGHIJŽKLMNŇOÖPRSŞTUÜWYÝZabçdeäfghijžklmnňoöprsştuüwyýz", ""},
		{"aze", "ABCÇDEƏFGĞHXIİJKQLMNOÖPRSŞTUÜVYZabcçdeəfgğhxıijkqlmnoöprsştuüvyz", ""},
		{"tur", "ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZÂÎÛabcçdefgğhıijklmnoöprsştuüvyzâîû", ""},
	};
	bool differs = false;
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(alphabets); i++) {
		const struct dgm_str letters = dgm_str(alphabets[i].letters);
		char lacking[64];
		size_t len = 0;
		for (size_t at = 0; at < letters.len;) {
			const size_t start = at;
			dgm_utf8_next(letters, &at);
			const struct dgm_str letter = dgm_str_of(letters.ptr + start, at - start);
			/* Beside a letter, so that there is something left. */
			const struct dgm_str text = dgm_arena_printf(&arena, "%.*sa", DGM_FMT(letter));
			struct dgm_str made = text;
			const enum dgm_lettering what =
				dgm_letters_write(tables, TABLES, &arena, text, dgm_str(alphabets[i].language), &made);
			bool plain = what == DGM_LETTERS_OWN || what == DGM_LETTERS_WRITTEN;
			for (size_t k = 0; k < made.len; k++)
				plain = plain && (dgm_is_alpha(made.ptr[k]) || made.ptr[k] == '\'');
			if (plain && made.len > 1)
				continue;
			assert_true(len + letter.len < sizeof lacking);
			memcpy(lacking + len, letter.ptr, letter.len);
			len += letter.len;
		}
		differs = lab_differs(alphabets[i].language, dgm_str_of(lacking, len), dgm_str(alphabets[i].lacking)) ||
			differs;
	}
	assert_false(differs);
}

/* Words longer than what goes through at once, and rules that make more of them than there is room for. */
static void test_long(void **state)
{
	struct dgm_place place;
	const char *problem = NULL;
	struct dgm_str text = DGM_STR(""), made;
	bool left_out = false;
	(void)state;
	for (size_t i = 0; i < 500; i++)
		text = dgm_arena_join(&arena, text, DGM_STR(""), DGM_STR("Щ"));
	struct dgm_str have = written(tables, TABLES, text, DGM_NOSTR);
	assert_int_equal(have.len % 4, 0);
	assert_int_equal(have.len, 2000);
	static const char many[] =
		"a > 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' ;";
	struct dgm_translit *translit = dgm_translit_new(dgm_str(many), &place, &problem);
	assert_non_null(translit);
	assert_true(dgm_translit_apply(translit, &arena, DGM_STR("\xC3\xA9"), &made, &left_out));
	assert_true(dgm_str_is(made, "\xC3\xA9"));
	char word[120];
	memset(word, 'a', sizeof word);
	memcpy(word, "\xC3\xA9", 2);
	assert_false(dgm_translit_apply(translit, &arena, dgm_str_of(word, sizeof word), &made, &left_out));
	dgm_translit_free(translit);
	assert_null(dgm_translit_new(DGM_STR("a > b ;\nb } > {"), &place, &problem));
	assert_non_null(problem);
	assert_false(left_out);
}

#define LETTERS "letters: [9303-arabic, 9303-cyrillic]"

/* What a definition writes of notices of other formats, and what it tells of that. */
static void test_definition(void **state)
{
	static const struct {
		const char *name, *map, *notice, *text, *losses;
	} cases[] = {
		{"another script", "      N: {to: \"subject.name(primary).full\", " LETTERS "}\n",
			"{\"subject\":[{\"name\":[{\"kind\":\"primary\",\"full\":\"Сергей Жуков\"}]}]}",
			"{\"N\":\"Sergei Zhukov\"}", "recoded subject[1].name[1].full"},
		{"a letter is left out", "      N: {to: \"subject.name(primary).full\", " LETTERS "}\n",
			"{\"subject\":[{\"name\":[{\"kind\":\"primary\",\"full\":\"Игорь\"}]}]}", "{\"N\":\"Igor\"}",
			"characters subject[1].name[1].full"},
		{"Latin letters stay", "      N: {to: \"subject.name(primary).full\", " LETTERS "}\n",
			"{\"subject\":[{\"name\":[{\"kind\":\"primary\",\"full\":\"José Ñuñez\"}]}]}",
			"{\"N\":\"José Ñuñez\"}", ""},
		{"a script without a table",
			"      N: {to: \"subject.name(primary).full\", " LETTERS ", always: \"-\"}\n",
			"{\"subject\":[{\"name\":[{\"kind\":\"primary\",\"full\":\"王小明\"}]}]}", "{\"N\":\"-\"}",
			"dropped subject[1].name[1].kind\ndropped subject[1].name[1].full"},
		{"the language of the name", "      N: {to: \"subject.name(primary).full\", " LETTERS "}\n",
			"{\"notice\":{\"language\":\"rus\"},\"subject\":[{\"name\":[{\"kind\":\"primary\",\"full\":\"Гай\",\"language\":\"ukr\"}]}]}",
			"{\"N\":\"Hai\"}",
			"recoded subject[1].name[1].full\ndropped notice.language\ndropped subject[1].name[1].language"},
		{"the language of the notice", "      N: {to: \"subject.name(primary).full\", " LETTERS "}\n",
			"{\"notice\":{\"language\":\"ukr\"},\"subject\":[{\"name\":[{\"kind\":\"primary\",\"full\":\"Гай\"}]}]}",
			"{\"N\":\"Hai\"}", "recoded subject[1].name[1].full\ndropped notice.language"},
		{"a spelling in Latin letters goes first",
			"      N: {to: \"subject.name(primary).full\", or: \"subject.name(spelling).full\", " LETTERS
			"}\n",
			"{\"subject\":[{\"name\":[{\"kind\":\"primary\",\"full\":\"محمد\"},{\"kind\":\"spelling\",\"full\":\"Mohammed\"}]}]}",
			"{\"N\":\"Mohammed\"}",
			"recoded subject[1].name[2].kind\nlist_cut subject[1].name[1].kind\n"
			"list_cut subject[1].name[1].full"},
		{"one in another script does not",
			"      N: {to: \"subject.name(primary).full\", or: \"subject.name(spelling).full\", " LETTERS
			"}\n",
			"{\"subject\":[{\"name\":[{\"kind\":\"primary\",\"full\":\"محمد\"},{\"kind\":\"spelling\",\"full\":\"Мохаммед\"}]}]}",
			"{\"N\":\"MXHMD\"}",
			"recoded subject[1].name[1].full\nlist_cut subject[1].name[2].kind\nlist_cut subject[1].name[2].full"},
		{"in place of another field",
			"      N: {to: \"subject.name(primary).family\", or: \"subject.name(primary).full\", " LETTERS
			"}\n",
			"{\"subject\":[{\"name\":[{\"kind\":\"primary\",\"full\":\"Юрий\"}]}]}", "{\"N\":\"Iurii\"}",
			"recoded subject[1].name[1].full"},
		{"the original beside it",
			"      N: {to: \"subject.name(primary).full\", " LETTERS "}\n"
			"      O: {to: \"subject.name(original_script).full\", or: \"subject.name(primary).full\", letters: original}\n",
			"{\"subject\":[{\"name\":[{\"kind\":\"primary\",\"full\":\"Юрий\"}]}]}",
			"{\"N\":\"Iurii\",\"O\":\"Юрий\"}", "recoded subject[1].name[1].full"},
		{"no original",
			"      N: {to: \"subject.name(primary).full\", " LETTERS "}\n"
			"      O: {to: \"subject.name(original_script).full\", or: \"subject.name(primary).full\", letters: original}\n",
			"{\"subject\":[{\"name\":[{\"kind\":\"primary\",\"full\":\"Jurij\"}]}]}", "{\"N\":\"Jurij\"}",
			""},
		{"the original alone",
			"      N: {to: \"subject.name(primary).full\", " LETTERS "}\n"
			"      O: {to: \"subject.name(original_script).full\", or: \"subject.name(primary).full\", letters: original}\n",
			"{\"subject\":[{\"name\":[{\"kind\":\"primary\",\"full\":\"王小明\"}]}]}", "{\"O\":\"王小明\"}",
			"recoded subject[1].name[1].kind"},
		{"lists", "      N: {to: \"subject.name(alias).full\", list: yes, " LETTERS "}\n",
			"{\"subject\":[{\"name\":[{\"kind\":\"alias\",\"full\":\"Юрий\"},{\"kind\":\"alias\",\"full\":\"Yuri\"}]}]}",
			"{\"N\":[\"Iurii\",\"Yuri\"]}", "recoded subject[1].name[1].full"},
		{"before the target's characters",
			"      N: {to: \"subject.name(primary).full\", " LETTERS ", characters: \"a-zA-Z -\"}\n",
			"{\"subject\":[{\"name\":[{\"kind\":\"primary\",\"full\":\"Юрий É\"}]}]}",
			"{\"N\":\"Iurii E\"}", "characters subject[1].name[1].full"},
	};
	bool differs = false;
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_format *canonical = lab_shipped("notice-jsonl");
		struct dgm_format *format =
			lab_definition(dgm_arena_printf(&arena, "%s%s", DEFS_OWN_JSON, cases[i].map).ptr);
		struct lab_batch batch;
		struct lab_written out;
		lab_batch_init(&batch);
		lab_read(&batch, canonical, dgm_str(cases[i].notice), 0);
		lab_write(&out, format, &batch);
		differs = lab_differs(cases[i].name, dgm_str_trim(out.bytes), dgm_str(cases[i].text)) || differs;
		differs = lab_differs(cases[i].name, dgm_str_trim(out.losses), dgm_str(cases[i].losses)) || differs;
		lab_written_done(&out);
		lab_batch_done(&batch);
		dgm_format_free(format);
		dgm_format_free(canonical);
	}
	assert_false(differs);
}

/* A file of the format itself comes back in the letters that it had. */
static void test_native(void **state)
{
	struct dgm_format *format = lab_definition(
		DEFS_OWN_JSON "      I: notice.id\n      N: {to: \"subject.name(primary).full\", " LETTERS "}\n");
	static const char text[] = "{\"I\":\"1\",\"N\":\"Юрий\"}";
	struct lab_batch batch;
	struct lab_written out;
	(void)state;
	lab_batch_init(&batch);
	lab_read(&batch, format, dgm_str(text), 0);
	lab_write(&out, format, &batch);
	lab_same("native", dgm_str_trim(out.bytes), dgm_str(text));
	assert_int_equal(dgm_str_trim(out.losses).len, 0);
	lab_written_done(&out);
	lab_batch_done(&batch);
	dgm_format_free(format);
}

/* In a format with a field for Arabic letters a name that the notice has in these alone stands there, no other one does. */
static void test_field_of_a_script(void **state)
{
	static const struct {
		const char *name, *has, *lacks;
	} cases[] = {
		{"{\"kind\":\"primary\",\"full\":\"أحمد المثال\"}", "\"fullNameAr\":\"أحمد المثال\"",
			"\"fullNameEn\":\"أ"},
		{"{\"kind\":\"primary\",\"given\":\"أحمد\",\"family\":\"المثال\"}",
			"\"firstNameAR\":\"أحمد\",\"fourthNameAR\":\"المثال\"", "EN\":\"أ"},
		{"{\"kind\":\"primary\",\"full\":\"Иван Примеров\"}", "\"fullNameEn\":\"Ivan Primerov\"", "fullNameAr"},
		{"{\"kind\":\"primary\",\"full\":\"Ahmad Mithal\"}", "\"fullNameEn\":\"Ahmad Mithal\"", "fullNameAr"},
	};
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(cases); i++) {
		struct dgm_format *canonical = lab_shipped("notice-jsonl"), *format = lab_shipped("gccpol");
		struct dgm_arena own = {0};
		struct lab_batch batch;
		struct lab_written out;
		lab_batch_init(&batch);
		lab_read(&batch, canonical,
			dgm_arena_printf(&own,
				"{\"notice\":{\"id\":\"1\",\"type\":\"wanted\",\"issuer\":\"X\"},\"subject\":[{\"kind\":"
				"\"person\",\"name\":[%s]}]}",
				cases[i].name),
			0);
		lab_write(&out, format, &batch);
		assert_true(dgm_str_find(out.bytes, dgm_str(cases[i].has)) < out.bytes.len);
		assert_true(dgm_str_find(out.bytes, dgm_str(cases[i].lacks)) == out.bytes.len);
		lab_written_done(&out);
		lab_batch_done(&batch);
		dgm_arena_done(&own);
		dgm_format_free(canonical);
		dgm_format_free(format);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_alphabets),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_definition),
		cmocka_unit_test(test_native),
		cmocka_unit_test(test_field_of_a_script),
	};
	return cmocka_run_group_tests(tests, load, drop);
}
