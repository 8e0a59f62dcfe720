/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of charsets, and their tables as ICU has them. ICU is asked one character at a time and never converts text:
 * what happens at bad bytes, at block borders and to controls is then the same for all charsets, and ours to say.
 */
#include "io/charset_table.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <unicode/ucnv.h>
#include <unicode/utf16.h>

#include "base/arena.h"

/* ICU's own names, which its aliases may stop to mean. gbk and euc-kr are the supersets that files so labelled hold. */
static const struct dgm_charset charsets[] = {
	{"utf-8", "utf8", NULL, DGM_CHARSET_UTF8},
	{"utf-16", "utf16", NULL, DGM_CHARSET_UTF16},
	{"utf-16le", "", NULL, DGM_CHARSET_UTF16LE},
	{"utf-16be", "", NULL, DGM_CHARSET_UTF16BE},
	{"us-ascii", "ascii", "US-ASCII", DGM_CHARSET_SINGLE},
	{"iso-8859-1", "iso8859-1|latin1|l1", "ISO-8859-1", DGM_CHARSET_SINGLE},
	{"iso-8859-2", "iso8859-2|latin2|l2", "ibm-912_P100-1995", DGM_CHARSET_SINGLE},
	{"iso-8859-3", "iso8859-3|latin3|l3", "ibm-913_P100-2000", DGM_CHARSET_SINGLE},
	{"iso-8859-4", "iso8859-4|latin4|l4", "ibm-914_P100-1995", DGM_CHARSET_SINGLE},
	{"iso-8859-5", "iso8859-5|cyrillic", "ibm-915_P100-1995", DGM_CHARSET_SINGLE},
	{"iso-8859-6", "iso8859-6|arabic|asmo-708", "ibm-1089_P100-1995", DGM_CHARSET_SINGLE},
	{"iso-8859-7", "iso8859-7|greek", "ibm-9005_X110-2007", DGM_CHARSET_SINGLE},
	{"iso-8859-8", "iso8859-8|iso-8859-8-i|hebrew", "ibm-5012_P100-1999", DGM_CHARSET_SINGLE},
	{"iso-8859-9", "iso8859-9|latin5|l5", "ibm-920_P100-1995", DGM_CHARSET_SINGLE},
	{"iso-8859-10", "iso8859-10|latin6|l6", "iso-8859_10-1998", DGM_CHARSET_SINGLE},
	{"iso-8859-11", "iso8859-11|tis-620", "iso-8859_11-2001", DGM_CHARSET_SINGLE},
	{"iso-8859-13", "iso8859-13|latin7", "ibm-921_P100-1995", DGM_CHARSET_SINGLE},
	{"iso-8859-14", "iso8859-14|latin8|l8", "iso-8859_14-1998", DGM_CHARSET_SINGLE},
	{"iso-8859-15", "iso8859-15|latin9|latin-9|l9", "ibm-923_P100-1998", DGM_CHARSET_SINGLE},
	{"iso-8859-16", "iso8859-16|latin10|l10", NULL, DGM_CHARSET_SINGLE},
	{"windows-1250", "cp1250", "ibm-5346_P100-1998", DGM_CHARSET_SINGLE},
	{"windows-1251", "cp1251", "ibm-5347_P100-1998", DGM_CHARSET_SINGLE},
	{"windows-1252", "cp1252", "ibm-5348_P100-1997", DGM_CHARSET_SINGLE},
	{"windows-1253", "cp1253", "ibm-5349_P100-1998", DGM_CHARSET_SINGLE},
	{"windows-1254", "cp1254", "ibm-5350_P100-1998", DGM_CHARSET_SINGLE},
	{"windows-1255", "cp1255", "ibm-9447_P100-2002", DGM_CHARSET_SINGLE},
	{"windows-1256", "cp1256", "ibm-9448_X100-2005", DGM_CHARSET_SINGLE},
	{"windows-1257", "cp1257", "ibm-9449_P100-2002", DGM_CHARSET_SINGLE},
	{"windows-1258", "cp1258", "ibm-5354_P100-1998", DGM_CHARSET_SINGLE},
	{"windows-874", "cp874", "windows-874-2000", DGM_CHARSET_SINGLE},
	{"ibm866", "cp866|ibm-866", "ibm-866_P100-1995", DGM_CHARSET_SINGLE},
	{"cp850", "ibm850|ibm-850", "ibm-850_P100-1995", DGM_CHARSET_SINGLE},
	{"koi8-r", "", "ibm-878_P100-1996", DGM_CHARSET_SINGLE},
	{"koi8-u", "", "ibm-1168_P100-2002", DGM_CHARSET_SINGLE},
	{"gb18030", "", "gb18030", DGM_CHARSET_MULTI},
	{"gbk", "gb2312|euc-cn|cp936|windows-936", "windows-936-2000", DGM_CHARSET_MULTI},
	{"big5", "cp950|windows-950", "windows-950-2000", DGM_CHARSET_MULTI},
	{"shift_jis", "sjis|x-sjis|cp932|windows-31j|windows-932", "ibm-943_P15A-2003", DGM_CHARSET_MULTI},
	{"euc-jp", "x-euc-jp|ujis", "euc-jp-2007", DGM_CHARSET_MULTI},
	{"euc-kr", "ks-c-5601-1987|cp949|windows-949", "windows-949-2000", DGM_CHARSET_MULTI},
};

/* ISO/IEC 8859-16:2001, A0 to FF: the one part that ICU has no table of, and the one made for Romanian. */
static const uint16_t iso_8859_16[96] = {
	0x00A0,
	0x0104,
	0x0105,
	0x0141,
	0x20AC,
	0x201E,
	0x0160,
	0x00A7,
	0x0161,
	0x00A9,
	0x0218,
	0x00AB,
	0x0179,
	0x00AD,
	0x017A,
	0x017B,
	0x00B0,
	0x00B1,
	0x010C,
	0x0142,
	0x017D,
	0x201D,
	0x00B6,
	0x00B7,
	0x017E,
	0x010D,
	0x0219,
	0x00BB,
	0x0152,
	0x0153,
	0x0178,
	0x017C,
	0x00C0,
	0x00C1,
	0x00C2,
	0x0102,
	0x00C4,
	0x0106,
	0x00C6,
	0x00C7,
	0x00C8,
	0x00C9,
	0x00CA,
	0x00CB,
	0x00CC,
	0x00CD,
	0x00CE,
	0x00CF,
	0x0110,
	0x0143,
	0x00D2,
	0x00D3,
	0x00D4,
	0x0150,
	0x00D6,
	0x015A,
	0x0170,
	0x00D9,
	0x00DA,
	0x00DB,
	0x00DC,
	0x0118,
	0x021A,
	0x00DF,
	0x00E0,
	0x00E1,
	0x00E2,
	0x0103,
	0x00E4,
	0x0107,
	0x00E6,
	0x00E7,
	0x00E8,
	0x00E9,
	0x00EA,
	0x00EB,
	0x00EC,
	0x00ED,
	0x00EE,
	0x00EF,
	0x0111,
	0x0144,
	0x00F2,
	0x00F3,
	0x00F4,
	0x0151,
	0x00F6,
	0x015B,
	0x0171,
	0x00F9,
	0x00FA,
	0x00FB,
	0x00FC,
	0x0119,
	0x021B,
	0x00FF,
};

const struct dgm_charset *dgm_charset_at(size_t index)
{
	return index < DGM_COUNT(charsets) ? &charsets[index] : NULL;
}

static char plain(char c)
{
	return c == '_' ? '-' : dgm_lower(c);
}

static bool same_name(struct dgm_str a, struct dgm_str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (plain(a.ptr[i]) != plain(b.ptr[i]))
			return false;
	return true;
}

const struct dgm_charset *dgm_charset_find(struct dgm_str name)
{
	if (name.len == 0)
		return NULL;
	for (size_t i = 0; i < DGM_COUNT(charsets); i++) {
		if (same_name(name, dgm_str(charsets[i].name)))
			return &charsets[i];
		struct dgm_str aliases = dgm_str(charsets[i].aliases), alias;
		while (dgm_str_next(&aliases, DGM_STR("|"), &alias))
			if (same_name(name, alias))
				return &charsets[i];
	}
	return NULL;
}

const char *dgm_charset_shown(struct dgm_str name, char to[DGM_CHARSET_SHOWN + 1])
{
	const size_t n = name.len < DGM_CHARSET_SHOWN ? name.len : DGM_CHARSET_SHOWN;
	for (size_t i = 0; i < n; i++)
		to[i] = name.ptr[i] >= ' ' && name.ptr[i] <= '~' && name.ptr[i] != '"' ? name.ptr[i] : '?';
	to[n] = '\0';
	return to;
}

const struct dgm_charset *dgm_charset_of_bom(struct dgm_str head, size_t *ret_length)
{
	static const struct {
		const char *name;
		struct dgm_str mark;
	} marks[] = {
		{"utf-8", {"\xEF\xBB\xBF", 3}},
		{"utf-16le", {"\xFF\xFE", 2}},
		{"utf-16be", {"\xFE\xFF", 2}},
	};
	for (size_t i = 0; i < DGM_COUNT(marks); i++) {
		if (dgm_str_starts(head, marks[i].mark)) {
			*ret_length = marks[i].mark.len;
			return dgm_charset_find(dgm_str(marks[i].name));
		}
	}
	return NULL;
}

struct UConverter *dgm_charset_converter(const struct dgm_charset *charset)
{
	UErrorCode error = U_ZERO_ERROR;
	if (!charset->icu)
		return NULL;
	UConverter *converter = ucnv_open(charset->icu, &error);
	ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &error);
	ucnv_setFromUCallBack(converter, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &error);
	if (U_FAILURE(error)) {
		ucnv_close(converter);
		return NULL;
	}
	return converter;
}

/*
 * ICU fills the holes of single bytes with C1 controls and, in the tables of Windows, with U+F8F0 and the like. Those
 * are no characters. Below 0x80 ICU is not asked: IBM's tables exchange 1A, 1C and 7F.
 */
static bool fills_a_hole(uint32_t code)
{
	return (code >= 0x80 && code < 0xA0) || (code >= 0xE000 && code < 0xF900);
}

static uint32_t ask(struct UConverter *converter, const unsigned char *bytes, size_t n)
{
	if (bytes[0] < 0x80)
		return n == 1 ? bytes[0] : DGM_CODE_ILLEGAL;
	UChar units[8], *to = units;
	const char *from = (const char *)bytes;
	UErrorCode error = U_ZERO_ERROR;
	ucnv_resetToUnicode(converter);
	ucnv_toUnicode(converter, &to, units + DGM_COUNT(units), &from, from + n, NULL, true, &error);
	if (error == U_TRUNCATED_CHAR_FOUND)
		return to == units ? DGM_CODE_MORE : DGM_CODE_ILLEGAL;
	if (error == U_INVALID_CHAR_FOUND)
		return DGM_CODE_UNASSIGNED;
	if (U_FAILURE(error))
		return DGM_CODE_ILLEGAL;
	uint32_t code = DGM_CODE_UNASSIGNED;
	if (to - units == 1 && !U16_IS_SURROGATE(units[0]))
		code = units[0];
	else if (to - units == 2 && U16_IS_LEAD(units[0]) && U16_IS_TRAIL(units[1]))
		code = (uint32_t)U16_GET_SUPPLEMENTARY(units[0], units[1]);
	if (code == 0xFFFD || (n == 1 && fills_a_hole(code)))
		return DGM_CODE_UNASSIGNED;
	return code;
}

/*
 * ICU's answer counts only when it decodes to the same character: that keeps out best fits and fallbacks, and what the
 * stopping callback lets pass without an error (it drops characters that are not shown).
 */
size_t dgm_charset_bytes(struct UConverter *converter, uint32_t code, unsigned char bytes[DGM_CODE_BYTES])
{
	UChar units[2];
	const UChar *from = units;
	int32_t count = 0;
	U16_APPEND_UNSAFE(units, count, code);
	char *to = (char *)bytes;
	UErrorCode error = U_ZERO_ERROR;
	ucnv_resetFromUnicode(converter);
	ucnv_fromUnicode(converter, &to, to + DGM_CODE_BYTES, &from, units + count, NULL, true, &error);
	const size_t n = (size_t)(to - (char *)bytes);
	return U_SUCCESS(error) && n > 0 && ask(converter, bytes, n) == code ? n : 0;
}

/* What has no way back is no character either (EUC-JP has four such): source bytes must be found again. */
uint32_t dgm_charset_ask(struct UConverter *converter, const unsigned char *bytes, size_t n)
{
	assert(n > 0 && n <= DGM_CODE_BYTES);
	const uint32_t code = ask(converter, bytes, n);
	unsigned char back[DGM_CODE_BYTES];
	if (code >= 0x80 && code <= DGM_CODE_LAST && dgm_charset_bytes(converter, code, back) == 0)
		return DGM_CODE_UNASSIGNED;
	return code;
}

const uint32_t *dgm_charset_codes(const struct dgm_charset *charset)
{
	static _Atomic(const uint32_t *) built[DGM_COUNT(charsets)];
	assert(charset->kind == DGM_CHARSET_SINGLE);
	_Atomic(const uint32_t *) *slot = &built[charset - charsets];
	const uint32_t *found = atomic_load(slot);
	if (found)
		return found;
	struct UConverter *converter = dgm_charset_converter(charset);
	if (charset->icu && !converter)
		return NULL;
	uint32_t *codes = dgm_xmalloc(256 * sizeof *codes);
	for (unsigned b = 0; b < 256; b++) {
		const unsigned char byte = (unsigned char)b;
		if (b < 0x80)
			codes[b] = b;
		else if (converter)
			codes[b] = dgm_charset_ask(converter, &byte, 1);
		else
			codes[b] = b < 0xA0 ? DGM_CODE_UNASSIGNED : iso_8859_16[b - 0xA0];
		if (codes[b] > DGM_CODE_LAST)
			codes[b] = DGM_CODE_UNASSIGNED;
	}
	/* A hole in Microsoft's table that IBM's version of it fills with U+00AA. */
	if (dgm_str_is(dgm_str(charset->name), "windows-1253"))
		codes[0xAA] = DGM_CODE_UNASSIGNED;
	ucnv_close(converter);
	/* Two threads may build the same table at once; the first to publish wins. */
	if (atomic_compare_exchange_strong(slot, &found, codes))
		return codes;
	free(codes);
	return found;
}
