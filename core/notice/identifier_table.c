/* SPDX-License-Identifier: Apache-2.0 */
/* The schemes. What a row leaves out its issuer has not published, or it is not settled enough to hold against anyone. */
#include "notice/identifier.h"

#define D2 "dd"
#define D3 "ddd"
#define D4 "dddd"
#define D5 "ddddd"
#define D6 D3 D3
#define D7 D3 D4
#define D8 D4 D4
#define D9 D4 D5
#define D10 D5 D5
#define DAY "[0-3]d"
#define MONTH "[01]d"

#define STEPS(of) .check = DGM_ID_CHECK_STEPS, .steps = (of), .step_count = DGM_COUNT(of)
#define ODD_MALE .male = "13579", .female = "02468"
#define DIGIT "0123456789"

/* --- weights --- */

static const struct dgm_id_step th_pin[] = {
	{.modulus = 11, .check = "10987654321", .at = 12, .weights = {13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2}},
};
static const struct dgm_id_step ir_code[] = {
	{.modulus = 11, .check = "01987654321", .at = 9, .weights = {10, 9, 8, 7, 6, 5, 4, 3, 2}},
};
static const struct dgm_id_step tr_tckn[] = {
	{.modulus = 10, .check = DIGIT, .at = 9, .weights = {7, 9, 7, 9, 7, 9, 7, 9, 7}},
	{.modulus = 10, .check = DIGIT, .at = 10, .weights = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
};
/* The remainder of the whole number, digit by digit: powers of ten modulo 23. */
static const struct dgm_id_step es_letter[] = {
	{.modulus = 23, .check = "TRWAGMYFPDXBNJZSQVHLCKE", .at = 8, .weights = {14, 6, 19, 18, 11, 8, 10, 1}},
};
static const struct dgm_id_step br_cpf[] = {
	{.modulus = 11, .check = "00987654321", .at = 9, .weights = {10, 9, 8, 7, 6, 5, 4, 3, 2}},
	{.modulus = 11, .check = "00987654321", .at = 10, .weights = {11, 10, 9, 8, 7, 6, 5, 4, 3, 2}},
};
static const struct dgm_id_step br_cnpj[] = {
	{.modulus = 11, .check = "00987654321", .at = 12, .weights = {5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2}},
	{.modulus = 11, .check = "00987654321", .at = 13, .weights = {6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2}},
};
static const struct dgm_id_step kw_civil[] = {
	{.modulus = 11, .check = "!!987654321", .at = 11, .weights = {2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}},
};
static const struct dgm_id_step kz_iin[] = {
	{.modulus = 11, .check = "0123456789>", .at = 11, .weights = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
	{.modulus = 11,
		.check = "0123456789!",
		.at = 11,
		.instead = true,
		.weights = {3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2}},
};
static const struct dgm_id_step sg_nric[] = {
	{.first = "S", .modulus = 11, .check = "JZIHGFEDCBA", .at = 8, .weights = {0, 2, 7, 6, 5, 4, 3, 2}},
	{.first = "T", .modulus = 11, .check = "JZIHGFEDCBA", .at = 8, .add = 4, .weights = {0, 2, 7, 6, 5, 4, 3, 2}},
	{.first = "F", .modulus = 11, .check = "XWUTRQPNMLK", .at = 8, .weights = {0, 2, 7, 6, 5, 4, 3, 2}},
	{.first = "G", .modulus = 11, .check = "XWUTRQPNMLK", .at = 8, .add = 4, .weights = {0, 2, 7, 6, 5, 4, 3, 2}},
};
static const struct dgm_id_step cl_rut[] = {
	{.modulus = 11, .check = "0K987654321", .at = 8, .weights = {3, 2, 7, 6, 5, 4, 3, 2}},
};
static const struct dgm_id_step mx_curp[] = {
	{.modulus = 10,
		.check = "0987654321",
		.at = 17,
		.weights = {18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2}},
};
static const struct dgm_id_step uy_ci[] = {
	{.modulus = 10, .check = "0987654321", .at = 7, .weights = {2, 9, 8, 7, 6, 3, 4}},
};
/* The card has a digit, older registers a letter. */
static const struct dgm_id_step pe_dni[] = {
	{.modulus = 11, .check = "65432110987KJIHGFEDCBA", .at = 8, .weights = {3, 2, 7, 6, 5, 4, 3, 2}},
};
static const struct dgm_id_step ar_cuit[] = {
	{.modulus = 11, .check = "09987654321", .at = 10, .weights = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2}},
};
static const struct dgm_id_step co_nit[] = {
	{.modulus = 11,
		.check = "01987654321",
		.at = 15,
		.weights = {71, 67, 59, 53, 47, 43, 41, 37, 29, 23, 19, 17, 13, 7, 3}},
};
static const struct dgm_id_step ru_inn[] = {
	{.modulus = 11, .check = DIGIT "0", .at = 10, .weights = {7, 2, 4, 10, 3, 5, 9, 4, 6, 8}},
	{.modulus = 11, .check = DIGIT "0", .at = 11, .weights = {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8}},
};
static const struct dgm_id_step ru_inn_company[] = {
	{.modulus = 11, .check = DIGIT "0", .at = 9, .weights = {2, 4, 10, 3, 5, 9, 4, 6, 8}},
};
static const struct dgm_id_step ru_snils[] = {
	{.modulus = 101, .at = 9, .weights = {9, 8, 7, 6, 5, 4, 3, 2, 1}},
};
/* Only North America and China demand the check character: elsewhere its place holds anything. */
static const struct dgm_id_step vin[] = {
	{.first = "12345L",
		.modulus = 11,
		.check = DIGIT "X",
		.at = 8,
		.weights = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2}},
};
static const struct dgm_id_step imo[] = {
	{.modulus = 10, .check = DIGIT, .at = 6, .weights = {7, 6, 5, 4, 3, 2}},
};
/* Powers of two modulo 11. */
static const struct dgm_id_step container[] = {
	{.modulus = 11, .check = DIGIT "0", .at = 10, .weights = {1, 2, 4, 8, 5, 10, 9, 7, 3, 6}},
};

/* --- the rows --- */

static const struct dgm_identifier identifiers[] = {
	/* national numbers */
	{.name = "cn-resident-id",
		.what = "number of a resident of China, GB 11643",
		.country = "CN",
		.uses = DGM_ID_NATIONAL | DGM_ID_SOLE,
		.shape = D10 D7 "[0-9X]",
		.bare = D10 D5,
		.check = DGM_ID_CHECK_MOD11_2,
		.birth = "      YYYYmmdd",
		.sex_at = 16,
		ODD_MALE},
	{.name = "th-pin",
		.what = "personal number of Thailand",
		.country = "TH",
		.uses = DGM_ID_NATIONAL | DGM_ID_SOLE,
		.shape = "[1-9]" D10 D2,
		STEPS(th_pin)},
	{.name = "ir-national-code",
		.what = "national code of Iran",
		.country = "IR",
		.uses = DGM_ID_NATIONAL | DGM_ID_SOLE,
		.words = "کدملی",
		.shape = D10 "|" D9 "|" D8,
		.pad = 10,
		STEPS(ir_code)},
	{.name = "tr-tckn",
		.what = "identity number of Türkiye",
		.country = "TR",
		.uses = DGM_ID_NATIONAL | DGM_ID_SOLE,
		.words = "TCKN|TCKimlikNo",
		.shape = "[1-9]" D10,
		STEPS(tr_tckn)},
	{.name = "es-dni",
		.what = "DNI of Spain",
		.country = "ES",
		.uses = DGM_ID_NATIONAL | DGM_ID_TAX,
		.shape = D8 "l",
		STEPS(es_letter)},
	{.name = "es-nie",
		.what = "NIE of foreigners in Spain",
		.country = "ES",
		.uses = DGM_ID_NATIONAL | DGM_ID_RESIDENT | DGM_ID_TAX,
		.words = "NIE",
		.shape = "[XYZ]" D7 "l",
		.translate = "X0Y1Z2",
		STEPS(es_letter)},
	{.name = "br-cpf",
		.what = "CPF of Brazil",
		.country = "BR",
		.uses = DGM_ID_NATIONAL | DGM_ID_TAX,
		.words = "CPF",
		.shape = D10 "d",
		STEPS(br_cpf)},
	{.name = "br-cnpj",
		.what = "CNPJ of Brazil",
		.country = "BR",
		.uses = DGM_ID_TAX | DGM_ID_COMPANY,
		.words = "CNPJ",
		.shape = D10 D4,
		STEPS(br_cnpj)},
	{.name = "za-id",
		.what = "identity number of South Africa",
		.country = "ZA",
		.uses = DGM_ID_NATIONAL | DGM_ID_SOLE,
		.shape = D2 MONTH DAY D4 "[012]" D2,
		.check = DGM_ID_CHECK_LUHN,
		.birth = "yymmdd",
		.sex_at = 6,
		.male = "56789",
		.female = "01234"},
	{.name = "sa-id",
		.what = "number of a citizen or resident of Saudi Arabia",
		.country = "SA",
		.uses = DGM_ID_NATIONAL | DGM_ID_RESIDENT | DGM_ID_SOLE,
		.words = "Iqama",
		.shape = "[12]" D9,
		.check = DGM_ID_CHECK_LUHN},
	{.name = "ae-emirates-id",
		.what = "Emirates ID",
		.country = "AE",
		.uses = DGM_ID_NATIONAL | DGM_ID_RESIDENT,
		.words = "EmiratesID",
		.shape = "784[12]" D10 "d",
		.check = DGM_ID_CHECK_LUHN,
		.birth = "   YYYY"},
	{.name = "kw-civil-id",
		.what = "civil number of Kuwait",
		.country = "KW",
		.uses = DGM_ID_NATIONAL | DGM_ID_RESIDENT | DGM_ID_SOLE,
		.words = "CivilID",
		.shape = "[123]" D2 MONTH DAY D5,
		STEPS(kw_civil),
		.birth = " yymmdd",
		.century = "118219320"},
	{.name = "kz-iin",
		.what = "individual number of Kazakhstan",
		.country = "KZ",
		.uses = DGM_ID_NATIONAL | DGM_ID_TAX,
		.words = "IIN|ИИН|ЖСН",
		.shape = D2 MONTH DAY "[0-6]" D5,
		STEPS(kz_iin),
		.birth = "yymmdd",
		.century_at = 6,
		.century = "118218319419520620",
		.sex_at = 6,
		.male = "135",
		.female = "246"},
	{.name = "kz-bin",
		.what = "business number of Kazakhstan",
		.country = "KZ",
		.uses = DGM_ID_TAX | DGM_ID_COMPANY,
		.words = "BIN|БИН",
		.shape = D2 MONTH "[4-6][0-4]" D6,
		STEPS(kz_iin)},
	{.name = "uz-pinfl",
		.what = "personal number of Uzbekistan",
		.country = "UZ",
		.uses = DGM_ID_NATIONAL,
		.words = "PINFL|ПИНФЛ|JSHSHIR",
		.shape = "[1-6]" DAY MONTH D2 D7,
		.birth = " ddmmyy",
		.century = "118218319419520620",
		.male = "135",
		.female = "246"},
	{.name = "my-mykad",
		.what = "MyKad of Malaysia",
		.country = "MY",
		.uses = DGM_ID_NATIONAL,
		.words = "MyKad",
		.shape = D2 MONTH DAY D6,
		.birth = "yymmdd",
		.sex_at = 11,
		ODD_MALE},
	{.name = "id-nik",
		.what = "NIK of Indonesia",
		.country = "ID",
		.uses = DGM_ID_NATIONAL,
		.words = "NIK",
		.shape = D6 "[0-7]d" MONTH D6,
		.birth = "      ddmmyy",
		.male = "",
		.female = "+"},
	{.name = "pk-cnic",
		.what = "CNIC of Pakistan",
		.country = "PK",
		.uses = DGM_ID_NATIONAL,
		.words = "CNIC|NICOP",
		.shape = "[1-9]" D6 D6,
		.sex_at = 12,
		ODD_MALE},
	{.name = "in-aadhaar",
		.what = "Aadhaar of India",
		.country = "IN",
		.uses = DGM_ID_NATIONAL,
		.words = "Aadhaar|Aadhar",
		.shape = "[2-9]" D10 "d",
		.check = DGM_ID_CHECK_VERHOEFF},
	{.name = "sg-nric",
		.what = "NRIC or FIN of Singapore",
		.country = "SG",
		.uses = DGM_ID_NATIONAL | DGM_ID_RESIDENT | DGM_ID_SOLE,
		.words = "NRIC",
		.shape = "[STFGM]" D7 "l",
		STEPS(sg_nric)},
	{.name = "eg-national-id",
		.what = "national number of Egypt",
		.country = "EG",
		.uses = DGM_ID_NATIONAL | DGM_ID_SOLE,
		.shape = "[23]" D2 MONTH DAY D7,
		.birth = " yymmdd",
		.century = "219320",
		.sex_at = 12,
		ODD_MALE},
	{.name = "qa-qid",
		.what = "QID of Qatar",
		.country = "QA",
		.uses = DGM_ID_NATIONAL | DGM_ID_RESIDENT | DGM_ID_SOLE,
		.words = "QID",
		.shape = "[23]" D10,
		.birth = " yy",
		.century = "219320"},
	{.name = "cl-rut",
		.what = "RUT of Chile",
		.country = "CL",
		.uses = DGM_ID_NATIONAL | DGM_ID_TAX,
		.shape = D8 "[0-9K]|" D7 "[0-9K]|" D6 "[0-9K]",
		.bare = D8 "|" D7,
		.pad = 9,
		STEPS(cl_rut)},
	{.name = "ec-cedula",
		.what = "cédula of Ecuador",
		.country = "EC",
		.uses = DGM_ID_NATIONAL | DGM_ID_SOLE,
		.shape = "[01]d[0-6]" D7 "|2[0-4][0-6]" D7 "|[35]0[0-6]" D7,
		.check = DGM_ID_CHECK_LUHN},
	{.name = "do-cedula",
		.what = "cédula of the Dominican Republic",
		.country = "DO",
		.uses = DGM_ID_NATIONAL | DGM_ID_SOLE,
		.shape = D10 "d",
		.check = DGM_ID_CHECK_LUHN},
	{.name = "mx-curp",
		.what = "CURP of Mexico",
		.country = "MX",
		.uses = DGM_ID_NATIONAL,
		.words = "CURP",
		.shape = "llll" D2 MONTH DAY "[HMX]lllllad",
		.alphabet = DIGIT "ABCDEFGHIJKLMN?OPQRSTUVWXYZ",
		STEPS(mx_curp),
		.birth = "    yymmdd",
		.century_at = 16,
		.century = "d19l20",
		.sex_at = 10,
		.male = "H",
		.female = "M"},
	{.name = "uy-ci",
		.what = "cédula of Uruguay",
		.country = "UY",
		.uses = DGM_ID_NATIONAL,
		.shape = D8 "|" D7,
		.bare = D7,
		.pad = 8,
		STEPS(uy_ci)},
	{.name = "pe-dni",
		.what = "DNI of Peru",
		.country = "PE",
		.uses = DGM_ID_NATIONAL | DGM_ID_SOLE,
		.shape = D8 "[0-9A-K]",
		.bare = D8,
		STEPS(pe_dni)},
	{.name = "ar-cuit",
		.what = "CUIT or CUIL of Argentina",
		.country = "AR",
		.uses = DGM_ID_NATIONAL | DGM_ID_TAX,
		.words = "CUIT|CUIL",
		.shape = "[235]" D10,
		STEPS(ar_cuit)},
	/* A number of ten digits that begins with 1 is more often that of a person without its check digit. */
	{.name = "co-nit",
		.what = "NIT of Colombia",
		.country = "CO",
		.uses = DGM_ID_TAX | DGM_ID_COMPANY,
		.words = "NIT",
		.shape = D10 "d|" D10 "|" D9 "|" D8,
		.bare = "1" D9 "|" D9 "|" D8,
		.pad = 16,
		STEPS(co_nit)},
	{.name = "ru-inn",
		.what = "INN of a person in Russia",
		.country = "RU",
		.uses = DGM_ID_NATIONAL | DGM_ID_TAX,
		.words = "INN|ИНН",
		.shape = D10 D2,
		STEPS(ru_inn)},
	{.name = "ru-inn-company",
		.what = "INN of an organisation in Russia",
		.country = "RU",
		.uses = DGM_ID_TAX,
		.shape = D10,
		STEPS(ru_inn_company)},
	{.name = "ru-snils",
		.what = "SNILS of Russia",
		.country = "RU",
		.uses = DGM_ID_NATIONAL,
		.words = "SNILS|СНИЛС",
		.shape = D10 "d",
		STEPS(ru_snils)},
	{.name = "vn-cccd",
		.what = "citizen's number of Vietnam",
		.country = "VN",
		.uses = DGM_ID_NATIONAL,
		.shape = "0" D10 "d",
		.birth = "    yy",
		.century_at = 3,
		.century = "019119220320421521",
		.sex_at = 3,
		.male = "02468",
		.female = "13579"},

	/* accounts, organisations, vehicles and things */
	{.name = "iban", .what = "IBAN, ISO 13616", .shape = "lldda+", .prefix = "IBAN", .check = DGM_ID_CHECK_IBAN},
	{.name = "bic", .what = "BIC, ISO 9362", .registration = "bic", .shape = "aaaallaa|aaaallaaaaa"},
	{.name = "lei",
		.what = "LEI, ISO 17442",
		.registration = "lei",
		.shape = "aaaaaaaaaaaaaaaaaadd",
		.check = DGM_ID_CHECK_MOD97},
	{.name = "vin",
		.what = "VIN, ISO 3779",
		.registration = "vin",
		.shape = "vvvvvvvvvvvvvvvvv",
		.translate = "A1B2C3D4E5F6G7H8J1K2L3M4N5P7R9S2T3U4V5W6X7Y8Z9",
		STEPS(vin)},
	{.name = "imo",
		.what = "IMO number of a ship",
		.registration = "imo",
		.prefix = "IMO",
		.shape = D7,
		STEPS(imo)},
	/* ITU-R M.585: the three digits of the country, by kind of station. */
	{.name = "mmsi",
		.what = "MMSI, ITU-R M.585",
		.registration = "mmsi",
		.prefix = "MMSI",
		.shape = "[2-7]" D8 "|0[2-7]" D7 "|00[2-7]" D6 "|111[2-7]" D5 "|8[2-7]" D7 "|9[89][2-7]" D6
			 "|97[024]" D6},
	{.name = "container",
		.what = "number of a container, ISO 6346",
		.registration = "container",
		.shape = "lll[UJZ]" D7,
		.alphabet = DIGIT "A?BCDEFGHIJK?LMNOPQRSTU?VWXYZ",
		STEPS(container)},
	{.name = "imei",
		.what = "IMEI, 3GPP TS 23.003",
		.registration = "imei",
		.prefix = "IMEI",
		.shape = D10 D5,
		.bare = D10 D4 "|" D10 D6,
		.check = DGM_ID_CHECK_LUHN},
	{.name = "icao24",
		.what = "24-bit address of an aircraft, ICAO Annex 10",
		.registration = "icao24",
		.shape = "hhhhhh"},
	{.name = "mrz", .what = "machine readable zone, ICAO Doc 9303", .check = DGM_ID_CHECK_MRZ},
};

const struct dgm_identifier *dgm_identifier_at(size_t index)
{
	return index < DGM_COUNT(identifiers) ? &identifiers[index] : NULL;
}

const struct dgm_identifier *dgm_identifier_find(struct dgm_str name)
{
	for (size_t i = 0; i < DGM_COUNT(identifiers); i++)
		if (dgm_str_is(name, identifiers[i].name))
			return &identifiers[i];
	return NULL;
}
