/* SPDX-License-Identifier: Apache-2.0 */
/* Every rule of the validator: notices that break it and notices that do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "lab.h"
#include "notice/validate.h"

/* What every notice here has besides the case's own. */
#define WANTED "\"notice\":{\"id\":\"1\",\"type\":\"wanted\",\"issuer\":\"X\"},\"charge\":[{\"text\":\"theft\"}]"
#define PERSON(inside)                                                                                                 \
	"\"subject\":[{\"kind\":\"person\",\"name\":[{\"kind\":\"primary\",\"full\":\"A B\"}]" inside "}]"
/* The specimen of ICAO Doc 9303, part 4, and a notice about her. */
#define ZONE(number, expiry, end)                                                                                      \
	"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\\n" number "UTO7408122F" expiry "ZE184226B<<<<<" end
#define ERIKSSON(sex, birth, number, expires, mrz)                                                                     \
	"\"subject\":[{\"kind\":\"person\",\"sex\":\"" sex                                                             \
	"\",\"name\":[{\"family\":\"Eriksson\",\"given\":\"Anna-Maria\"}],"                                            \
	"\"birth\":[{\"date\":\"" birth "\"}],\"document\":[{\"type\":\"passport\",\"number\":\"" number               \
	"\",\"expires\":\"" expires "\",\"mrz\":\"" mrz "\"}]}]"
#define HEAD(type) "\"notice\":{\"id\":\"1\",\"type\":\"" type "\",\"issuer\":\"X\"}"

static const struct {
	const char *name;
	const char *notice; /* without its braces */
	const char *found;  /* "code path" lines */
} rows[] = {
	{"sound", WANTED "," PERSON(""), ""},
	{"nobody", WANTED ",\"subject\":[{\"kind\":\"person\",\"sex\":\"male\"}]",
		"person-not-identifiable subject[1].name.full\n"},
	{"a picture will do",
		"\"notice\":{\"id\":\"1\",\"type\":\"wanted\",\"issuer\":\"X\",\"media\":[{\"kind\":\"photo\",\"member\":\"a.jpg\"}]},"
		"\"subject\":[{\"kind\":\"person\"}],\"charge\":[{\"text\":\"t\"}]",
		""},
	{"two persons, one unknown",
		WANTED ",\"subject\":[{\"kind\":\"person\",\"name\":[{\"kind\":\"primary\",\"full\":\"A\"}]},"
		       "{\"kind\":\"person\"}]",
		"person-not-identifiable subject[2].name.full\n"},
	{"organisation", HEAD("sanction") ",\"subject\":[{\"kind\":\"organisation\"}],\"sanction\":[{\"list\":\"L\"}]",
		"organisation-no-name subject[1].name.full\n"},
	{"no charge", HEAD("wanted") "," PERSON(""), "wanted-no-charge charge.text\n"},
	{"a cancellation",
		"\"notice\":{\"id\":\"1\",\"type\":\"wanted\",\"form\":\"cancellation\",\"colour\":\"red\",\"issuer\":\"X\"}," PERSON(
			""),
		""},
	{"no event", HEAD("missing") "," PERSON(""), "missing-no-event event.date\n"},
	{"event", HEAD("missing") "," PERSON("") ",\"event\":[{\"kind\":\"disappearance\",\"date\":\"2020\"}]", ""},
	{"no list", HEAD("sanction") "," PERSON(""), "sanction-no-list sanction.list\n"},
	{"stolen document",
		HEAD("stolen_document") ",\"subject\":[{\"kind\":\"document\",\"document\":[{\"type\":\"passport\"}]}]",
		"document-no-number subject.document.number\ndocument-no-country subject.document.country\n"},
	{"lost document",
		HEAD("lost_document") ",\"subject\":[{\"kind\":\"document\",\"document\":[{\"number\":\"1\",\"country\":\"FR\"}]}]",
		""},
	{"vehicle", HEAD("stolen_vehicle") ",\"subject\":[{\"kind\":\"vehicle\",\"craft\":{\"make\":\"M\"}}]",
		"vehicle-no-registration subject.registration.value\n"},
	{"report", HEAD("suspicious_report") "," PERSON(""), "report-no-reason report.reason\n"},
	{"red",
		"\"notice\":{\"id\":\"1\",\"type\":\"wanted\",\"colour\":\"red\",\"issuer\":\"X\"}," PERSON(
			"") ",\"charge\":[{\"text\":\"t\"}]",
		"red-no-sex subject[1].sex\nred-no-birth-year subject[1].birth.date\nred-no-second-identifier subject[1].height\n"
		"red-no-warrant charge.warrant\nred-no-law charge.law\nred-no-penalty charge.max_penalty\nred-no-facts notice.summary\n"},
	{"dead before born", WANTED "," PERSON(",\"birth\":[{\"date\":\"1980-05-01\"}],\"death\":{\"date\":\"1979\"}"),
		"death-before-birth subject[1].death.date\n"},
	{"one of two births will do",
		WANTED "," PERSON(",\"birth\":[{\"date\":\"1980\"},{\"date\":\"1970\"}],\"death\":{\"date\":\"1979\"}"),
		""},
	{"the same year is no order",
		WANTED "," PERSON(",\"birth\":[{\"date\":\"1980\"}],\"death\":{\"date\":\"1980-01-01\"}"), ""},
	{"about", WANTED "," PERSON(",\"birth\":[{\"date\":\"1980~\"}],\"death\":{\"date\":\"1979-03\"}"), ""},
	{"document before birth",
		WANTED "," PERSON(
			",\"birth\":[{\"date\":\"1980\"}],\"document\":[{\"number\":\"1\",\"issued\":\"1970-01-01\"}]"),
		"document-before-birth subject[1].document[1].issued\n"},
	{"documents apart",
		WANTED "," PERSON(
			",\"document\":[{\"issued\":\"2010\",\"expires\":\"2005\"},{\"issued\":\"2000\",\"expires\":\"2005\"}]"),
		"document-expires-early subject[1].document[1].expires\n"},
	{"valid from", WANTED "," PERSON(",\"document\":[{\"valid_from\":\"2010-02-01\",\"expires\":\"2010-01\"}]"),
		"document-expires-early subject[1].document[1].expires\n"},
	{"young offender",
		HEAD("wanted") "," PERSON(
			",\"birth\":[{\"date\":\"1980\"}]") ",\"charge\":[{\"text\":\"t\",\"issued\":\"1950\",\"committed\":\"1951\",\"expires\":\"1949\"}]",
		"charge-before-birth charge[1].committed\ncharge-before-birth charge[1].issued\nwarrant-before-offence charge[1].issued\n"
		"warrant-expires-early charge[1].expires\n"},
	{"which of two was it",
		HEAD("wanted") ",\"subject\":[{\"kind\":\"person\",\"name\":[{\"full\":\"A\"}],\"birth\":[{\"date\":\"1980\"}]},"
			       "{\"kind\":\"person\",\"name\":[{\"full\":\"B\"}]}],\"charge\":[{\"text\":\"t\",\"committed\":\"1970\"}]",
		""},
	{"listing",
		HEAD("sanction") "," PERSON(
			",\"birth\":[{\"date\":\"1980\"}]") ",\"sanction\":[{\"list\":\"L\",\"designated\":\"1979\",\"amended\":\"1978\",\"delisted\":\"1977\"}]",
		"listing-before-birth sanction[1].designated\nlisting-order sanction[1].delisted\nlisting-order sanction[1].amended\n"},
	{"event before birth",
		HEAD("missing") "," PERSON(",\"birth\":[{\"date\":\"1980\"}]") ",\"event\":[{\"date\":\"1970\"}]",
		"event-before-birth event[1].date\n"},
	{"notice",
		"\"notice\":{\"id\":\"1\",\"type\":\"warn\",\"issuer\":\"X\",\"published\":\"2020-01-02\",\"updated\":[\"2020-01-01\",\"2020-01-03\"],"
		"\"effective\":\"2020\",\"expires\":\"2019\",\"withdrawn\":\"2019-12-31\"}," PERSON(""),
		"notice-order notice.updated\nnotice-order notice.withdrawn\nnotice-order notice.expires\n"},
	{"organisation's years",
		HEAD("warn") ",\"subject\":[{\"kind\":\"organisation\",\"name\":[{\"full\":\"O\"}],"
			     "\"organisation\":{\"founded\":\"2000\",\"dissolved\":\"1999\"}}]",
		"organisation-order subject[1].organisation.dissolved\n"},
	{"nationality", WANTED "," PERSON(",\"nationality\":[{\"country\":\"FR\",\"from\":\"2000\",\"to\":\"1999\"}]"),
		"nationality-order subject[1].nationality[1].to\n"},
	{"sizes",
		WANTED "," PERSON(",\"height\":\"1.72\",\"weight\":\"1000\",\"age_min\":\"1980\",\"age_max\":\"126\""),
		"height-implausible subject[1].height\nweight-implausible subject[1].weight\nage-implausible subject[1].age_min\n"
		"age-implausible subject[1].age_max\n"},
	{"edges", WANTED "," PERSON(",\"height\":\"40/260\",\"weight\":\"400\",\"age_min\":\"0\",\"age_max\":\"125\""),
		""},
	{"one end outside", WANTED "," PERSON(",\"height\":\"170/1800\""), "height-implausible subject[1].height\n"},
	{"a very long number", WANTED "," PERSON(",\"height\":\"99999999999999999999999999\""),
		"height-implausible subject[1].height\n"},
	{"place",
		HEAD("missing") "," PERSON(
			"") ",\"event\":[{\"date\":\"2020\",\"latitude\":\"90.0000000\",\"longitude\":\"-180\"},"
			    "{\"latitude\":\"91\",\"longitude\":\"-180.5\"}]",
		"coordinate-implausible event[2].latitude\ncoordinate-implausible event[2].longitude\n"},
	{"year of build",
		HEAD("stolen_vehicle") ",\"subject\":[{\"kind\":\"vehicle\",\"craft\":{\"year\":\"203\"},"
				       "\"registration\":[{\"scheme\":\"plate\",\"value\":\"1\"}]}]",
		"year-implausible subject[1].craft.year\n"},
	{"another calendar",
		WANTED "," PERSON(
			",\"birth\":[{\"date\":\"1403-01-01\"}],\"document\":[{\"number\":\"1\",\"issued\":\"1444\"}]"),
		"birth-implausible subject[1].birth[1].date\ndocument-implausible subject[1].document[1].issued\n"},
	{"contacts",
		WANTED "," PERSON(
			",\"contact\":[{\"kind\":\"phone\",\"value\":\"+44 20 7946 0000\"},"
			"{\"kind\":\"phone\",\"value\":\"ask at home\"},{\"kind\":\"fax\",\"value\":\"+999 1234567\"},"
			"{\"kind\":\"email\",\"value\":\"n/a\"},{\"kind\":\"email\",\"value\":\"a@b.example\"},"
			"{\"kind\":\"social\",\"value\":\"@nobody\"}]"),
		"phone-shape subject[1].contact[2].value\nphone-shape subject[1].contact[3].value\n"
		"email-shape subject[1].contact[4].value\n"},
	{"a Buddhist year",
		WANTED "," PERSON(
			",\"birth\":[{\"date\":\"2523-01-01\"}],\"document\":[{\"number\":\"1\",\"issued\":\"2567\"}]"),
		"birth-implausible subject[1].birth[1].date\ndocument-implausible subject[1].document[1].issued\n"},
	{"codes",
		WANTED "," PERSON(
			",\"nationality\":[{\"country\":\"QQ\"},{\"country\":\"SUHH\"},{\"country\":\"XK\"},"
			"{\"country\":\"x-stateless\"},{\"country\":\"ZZZZ\"}],\"account\":[{\"currency\":\"EUR\"},{\"currency\":\"QQQ\"}]"),
		"country-unassigned subject[1].nationality[1].country\ncountry-unassigned subject[1].nationality[5].country\n"
		"currency-unassigned subject[1].account[2].currency\n"},
	{"script",
		WANTED
		",\"subject\":[{\"kind\":\"person\",\"name\":[{\"full\":\"A\",\"script\":\"Latn\"},{\"full\":\"B\",\"script\":\"Qqqq\"}]}]",
		"script-unassigned subject[1].name[2].script\n"},
	{"one word of two alphabets",
		WANTED
		",\"subject\":[{\"kind\":\"person\",\"name\":[{\"full\":\"Ivan Сorto\"},{\"family\":\"Παpas\",\"part\":[\"a\",\"Бb\"]}]}]",
		"script-mixed subject[1].name[1].full\nscript-mixed subject[1].name[2].family\nscript-mixed subject[1].name[2].part\n"},
	{"words of two alphabets",
		WANTED
		",\"subject\":[{\"kind\":\"person\",\"name\":[{\"full\":\"Ivan Иванов\"},{\"full\":\"Müller-Ñandú É\"},{\"full\":\"Aα-Б 1-й\"}]}]",
		"script-mixed subject[1].name[3].full\n"},
	{"another script than stated",
		WANTED
		",\"subject\":[{\"kind\":\"person\",\"name\":[{\"full\":\"Ivanov\",\"script\":\"Cyrl\"},{\"full\":\"Иванов Ivanov\",\"script\":\"Cyrl\"},{\"full\":\"山田 たろう\",\"script\":\"Jpan\"},{\"full\":\"王伟\",\"script\":\"Hans\"},{\"full\":\"علی\",\"script\":\"Aran\"},{\"full\":\"12\",\"script\":\"Arab\"},{\"full\":\"محمد\",\"script\":\"Zyyy\"}]}]",
		"script-differs subject[1].name[1].script\n"},
	{"language", WANTED "," PERSON(",\"language\":[\"deu\",\"ger\",\"srp-Latn\"]"),
		"language-unassigned subject[1].language\n"},
	{"a currency that is gone", WANTED "," PERSON(",\"account\":[{\"currency\":\"DEM\"}]"), ""},
	/* identifiers */
	{"a national number with a wrong check digit",
		WANTED "," PERSON(
			",\"document\":[{\"type\":\"national_id\",\"number\":\"3100600445636\",\"country\":\"TH\"}]"),
		"identifier-check subject[1].document[1].number\n"},
	{"the same of no known country, and of another kind",
		WANTED "," PERSON(",\"document\":[{\"type\":\"national_id\",\"number\":\"3100600445636\"},"
				  "{\"type\":\"passport\",\"number\":\"3100600445636\",\"country\":\"TH\"}]"),
		""},
	{"a name for it that only one country has",
		WANTED "," PERSON(",\"document\":[{\"description\":\"C.P.F.\",\"number\":\"390.533.447-06\"}]"),
		"identifier-check subject[1].document[1].number\n"},
	{"a country of one number",
		WANTED "," PERSON(",\"document\":[{\"type\":\"national_id\",\"number\":\"12345\",\"country\":\"TR\"}]"),
		"identifier-shape subject[1].document[1].number\n"},
	{"a country of several",
		WANTED "," PERSON(",\"document\":[{\"type\":\"national_id\",\"number\":\"12345\",\"country\":\"BR\"},"
				  "{\"type\":\"national_id\",\"number\":\"4509123456\",\"country\":\"RU\"}]"),
		""},
	{"the birth and the sex inside",
		WANTED "," PERSON(
			",\"sex\":\"female\",\"birth\":[{\"date\":\"1991-01-02\"}],\"document\":[{\"type\":\"national_id\","
			"\"number\":\"360426199101010071\",\"country\":\"CN\"}]"),
		"identifier-birth subject[1].document[1].number\nidentifier-sex subject[1].document[1].number\n"},
	{"one of two births is it, and the sex is not known",
		WANTED "," PERSON(
			",\"sex\":\"unknown\",\"birth\":[{\"date\":\"1991-01-02\"},{\"date\":\"1991\"}],\"document\":"
			"[{\"type\":\"national_id\",\"number\":\"360426199101010071\",\"country\":\"CN\"}]"),
		""},
	{"about, and between",
		WANTED
		"," PERSON(",\"birth\":[{\"date\":\"1990~\"}],\"document\":[{\"type\":\"national_id\",\"number\":"
			   "\"360426199101010071\",\"country\":\"CN\"}]"),
		""},
	{"before the years said",
		WANTED
		"," PERSON(",\"birth\":[{\"date\":\"1992/1995\"}],\"document\":[{\"type\":\"national_id\",\"number\":"
			   "\"360426199101010071\",\"country\":\"CN\"}]"),
		"identifier-birth subject[1].document[1].number\n"},
	{"two digits of a year",
		WANTED "," PERSON(
			",\"sex\":\"male\",\"birth\":[{\"date\":\"1978-03-05\"}],\"document\":[{\"type\":\"national_id\","
			"\"number\":\"770305-02-1234\",\"country\":\"MY\"}]"),
		"identifier-birth subject[1].document[1].number\nidentifier-sex subject[1].document[1].number\n"},
	{"a wrong number is not held against the birth",
		WANTED
		"," PERSON(",\"birth\":[{\"date\":\"1991-01-02\"}],\"document\":[{\"type\":\"national_id\",\"number\":"
			   "\"360426199101010072\",\"country\":\"CN\"}]"),
		"identifier-check subject[1].document[1].number\n"},
	{"registrations",
		HEAD("warn") ",\"subject\":[{\"kind\":\"vessel\",\"registration\":[{\"scheme\":\"imo\",\"value\":\"9074728\"},"
			     "{\"scheme\":\"vin\",\"value\":\"1M8GDM9AXKP04278\"},{\"scheme\":\"tax\",\"value\":\"20-26756539-4\","
			     "\"country\":\"AR\"},{\"scheme\":\"tax\",\"value\":\"1\",\"country\":\"AR\"},"
			     "{\"scheme\":\"engine\",\"value\":\"1\"}]},"
			     "{\"kind\":\"organisation\",\"name\":[{\"full\":\"O\"}],"
			     "\"registration\":[{\"scheme\":\"imo\",\"value\":\"9074728\"}]}]",
		"identifier-check subject[1].registration[1].value\nidentifier-shape subject[1].registration[2].value\n"
		"identifier-check subject[1].registration[3].value\n"},
	{"accounts",
		WANTED "," PERSON(",\"account\":[{\"iban\":\"DE89370400440532013001\",\"bic\":\"DEUT\"},"
				  "{\"iban\":\"DE89370400440532013000\",\"bic\":\"DEUTDEFF\"}]"),
		"identifier-check subject[1].account[1].iban\nidentifier-shape subject[1].account[1].bic\n"},
	{"a zone that says what the notice says",
		WANTED
		"," ERIKSSON("female", "1974-08-12", "L898902C3", "2012-04-15", ZONE("L898902C36", "1204159", "10")),
		""},
	{"names that stand twice",
		WANTED
		",\"subject\":[{\"kind\":\"person\",\"name\":[{\"kind\":\"primary\",\"given\":\"Ana\",\"family\":\"RU\xC3\x8DZ\"},"
		"{\"kind\":\"alias\",\"full\":\"Ruiz, Ana\"},{\"kind\":\"alias\",\"full\":\"Abu Ali\"},"
		"{\"kind\":\"alias\",\"full\":\"ABU-ALI\"},{\"kind\":\"former\",\"full\":\"abu ali\"},"
		"{\"kind\":\"alias\",\"full\":\"Ana\"},{\"kind\":\"alias\",\"full\":\"Ana Ruiz\",\"birth_date\":\"1980\"}]}]",
		"alias-is-primary subject[1].name[2].full\nname-repeated subject[1].name[4].full\n"},
	{"names of two subjects",
		WANTED
		",\"subject\":[{\"kind\":\"person\",\"name\":[{\"full\":\"Ana\"}]},{\"kind\":\"person\",\"name\":[{\"full\":\"Ana\"}]}]",
		""},
	{"penalties below those of a Red Notice",
		HEAD("wanted\",\"colour\":\"red\",\"summary\":\"s") "," PERSON(
			",\"sex\":\"male\",\"height\":\"180\",\"birth\":[{\"date\":\"1980\"}]") ",\"charge\":[{\"text\":\"t\",\"law\":\"l\",\"warrant\":\"w\",\"max_penalty\":\"18 months\",\"sentence\":\"90 days\","
												"\"remaining\":\"6 months\"},{\"text\":\"t\",\"max_penalty\":\"1 year\"}]",
		"red-penalty-low charge[1].max_penalty\nred-penalty-low charge[1].sentence\n"},
	{"one charge that is grave enough",
		HEAD("wanted\",\"colour\":\"red\",\"summary\":\"s") "," PERSON(
			",\"sex\":\"male\",\"height\":\"180\",\"birth\":[{\"date\":\"1980\"}]") ",\"charge\":[{\"text\":\"t\",\"law\":\"l\",\"warrant\":\"w\",\"max_penalty\":\"18 months\"},"
												"{\"text\":\"t\",\"max_penalty\":\"life, or 1 year\"}]",
		""},
	{"a zone of another person",
		WANTED "," ERIKSSON("male", "1974-08-13", "L898902C4", "2013", ZONE("L898902C36", "1204159", "10")),
		"mrz-differs subject[1].document[1].mrz\nmrz-differs subject[1].document[1].mrz\n"
		"mrz-differs subject[1].document[1].mrz\nmrz-differs subject[1].document[1].mrz\n"},
	{"a wrong number, which is not compared, and a wrong whole",
		WANTED "," ERIKSSON("female", "1974", "X", "2012", ZONE("L898902C37", "1204159", "10")),
		"mrz-check subject[1].document[1].mrz\n"},
	{"only the whole is wrong",
		WANTED "," ERIKSSON("female", "1974", "L898902C3", "2012", ZONE("L898902C36", "1204159", "11")),
		"mrz-check subject[1].document[1].mrz\n"},
	{"no zone", WANTED "," ERIKSSON("female", "1974", "L898902C3", "2012", "P<UTOERIKSSON<<ANNA<MARIA"),
		"identifier-shape subject[1].document[1].mrz\n"},
	{"names of a zone",
		WANTED
		",\"subject\":[{\"kind\":\"person\",\"name\":[{\"full\":\"Anna Svensson\"},{\"full\":\"\xD0\x90\"}],"
		"\"document\":[{\"mrz\":\"" ZONE("L898902C36", "1204159",
			"10") "\"}]},"
			      "{\"kind\":\"person\",\"name\":[{\"full\":\"Anna Svensson\"},{\"family\":\"\xC3\x89riksson\"}],"
			      "\"document\":[{\"mrz\":\"" ZONE("L898902C36", "1204159", "10") "\"}]}]",
		"mrz-differs subject[1].document[1].mrz\n"},
};

struct heard {
	struct dgm_arena *arena;
	char text[4096];
	size_t len;
};

static void hear(void *context, const struct dgm_finding *finding)
{
	struct heard *heard = context;
	struct dgm_str path = dgm_value_path(heard->arena, finding->group, finding->field);
	assert_non_null(finding->rule);
	assert_true(finding->text.len > 0);
	if (dgm_fields[finding->field].group != finding->group->id) {
		/* Something is missing: below the subject named, or anywhere. */
		path = dgm_fields[finding->field].path;
		if (finding->group->id == DGM_GROUP_subject)
			path = dgm_arena_printf(heard->arena, "subject[%u].%.*s", finding->group->number,
				DGM_FMT(dgm_str_skip(path, strlen("subject."))));
	}
	const int len = snprintf(heard->text + heard->len, sizeof heard->text - heard->len, "%s %.*s\n",
		finding->rule->code, DGM_FMT(path));
	assert_true(len > 0 && (size_t)len < sizeof heard->text - heard->len);
	heard->len += (size_t)len;
}

static void test_rows(void **state)
{
	(void)state;
	struct dgm_format *format = lab_shipped("notice-jsonl");
	bool differs = false;
	for (size_t i = 0; i < DGM_COUNT(rows); i++) {
		struct lab_batch batch;
		struct heard heard = {0};
		lab_batch_init(&batch);
		heard.arena = &batch.arena;
		lab_read(&batch, format, dgm_arena_printf(&batch.arena, "{%s}\n", rows[i].notice), 0);
		lab_same(rows[i].name, dgm_str(batch.heard.text), DGM_STR(""));
		assert_int_equal(batch.count, 1);
		struct dgm_validator *validator = dgm_validator_new(hear, &heard);
		dgm_validate(validator, &batch.notices[0]);
		dgm_validator_free(validator);
		differs =
			lab_differs(rows[i].name, dgm_str_of(heard.text, heard.len), dgm_str(rows[i].found)) || differs;
		lab_batch_done(&batch);
	}
	dgm_format_free(format);
	assert_false(differs);
}

/* No rule without a page, and none that no row here breaks. */
static void test_all_codes(void **state)
{
	(void)state;
	for (size_t c = 0; dgm_validate_code(c); c++) {
		const char *code = dgm_validate_code(c);
		bool broken = false;
		assert_non_null(dgm_rule_find(dgm_str(code)));
		for (size_t i = 0; i < DGM_COUNT(rows) && !broken; i++)
			broken = dgm_str_find(dgm_str(rows[i].found), dgm_str(code)) < strlen(rows[i].found);
		if (!broken)
			fail_msg("no row breaks %s", code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_all_codes)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
