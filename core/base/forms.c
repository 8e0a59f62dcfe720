/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Not all that NFKC folds: it takes away what tells ² from 2 and ① from 1, and of Latin ligatures too much is a matter of
 * taste. Here is only what fonts and old character sets made necessary.
 */
#include "base/forms.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>

#define TATWEEL 0x640u
#define SOFT_HYPHEN 0xADu
#define ZERO_WIDTH_SPACE 0x200Bu
#define WORD_JOINER 0x2060u
#define BYTE_ORDER_MARK 0xFEFFu
#define LINE_SEPARATOR 0x2028u
#define PARAGRAPH_SEPARATOR 0x2029u

static bool is_invisible(uint32_t c)
{
	return c == TATWEEL || c == SOFT_HYPHEN || c == ZERO_WIDTH_SPACE || c == WORD_JOINER || c == BYTE_ORDER_MARK;
}

/* The property White_Space beyond ASCII, without the control U+0085. */
static bool is_space(uint32_t c)
{
	return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == LINE_SEPARATOR ||
		c == PARAGRAPH_SEPARATOR || c == 0x202F || c == 0x205F || c == 0x3000;
}

/* Full-width marks that Chinese and Japanese are set with; narrow ones would be wrong there. */
static bool is_ideographic_mark(uint32_t c)
{
	return c == 0xFF01 || c == 0xFF08 || c == 0xFF09 || c == 0xFF0C || c == 0xFF1A || c == 0xFF1B || c == 0xFF1F;
}

/* By Unicode's decomposition type. Arabic letters of mathematics have another one. */
static bool is_other_form(uint32_t c)
{
	if (is_ideographic_mark(c))
		return false;
	const int32_t type = u_getIntPropertyValue((UChar32)c, UCHAR_DECOMPOSITION_TYPE);
	return type == U_DT_WIDE || type == U_DT_NARROW || type == U_DT_INITIAL || type == U_DT_MEDIAL ||
		type == U_DT_FINAL || type == U_DT_ISOLATED;
}

enum dgm_form dgm_form_of(uint32_t code_point)
{
	if (code_point == 0x200C || code_point == 0x200D)
		return DGM_FORM_JOINER;
	if (u_charType((UChar32)code_point) == U_CONTROL_CHAR || is_invisible(code_point) ||
		u_hasBinaryProperty((UChar32)code_point, UCHAR_BIDI_CONTROL))
		return DGM_FORM_DROPPED;
	return is_space(code_point) || is_other_form(code_point) ? DGM_FORM_FOLDED : DGM_FORM_OWN;
}

size_t dgm_form_fold(uint32_t code_point, uint32_t to[DGM_FORM_MAX])
{
	to[0] = code_point == LINE_SEPARATOR || code_point == PARAGRAPH_SEPARATOR ? '\n' : ' ';
	if (is_space(code_point))
		return 1;
	UErrorCode error = U_ZERO_ERROR;
	UChar units[2 * DGM_FORM_MAX];
	const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&error);
	const int32_t length = U_FAILURE(error)
		? 0
		: unorm2_getRawDecomposition(nfkc, (UChar32)code_point, units, (int32_t)DGM_COUNT(units), &error);
	size_t n = 0;
	/* A form of a mark alone stands on a blank or a tatweel, which are not part of the word that it is in. */
	for (int32_t i = 0; U_SUCCESS(error) && i < length && n < DGM_FORM_MAX; i++)
		if (units[i] != TATWEEL && !(i == 0 && units[i] == ' ' && length > 1))
			to[n++] = units[i];
	if (n == 0)
		to[n++] = code_point;
	return n;
}

bool dgm_form_joins(uint32_t code_point)
{
	static const UScriptCode joining[] = {USCRIPT_ARABIC, USCRIPT_SYRIAC, USCRIPT_MANDAIC, USCRIPT_MONGOLIAN,
		USCRIPT_NKO, USCRIPT_DEVANAGARI, USCRIPT_BENGALI, USCRIPT_GURMUKHI, USCRIPT_GUJARATI, USCRIPT_ORIYA,
		USCRIPT_TAMIL, USCRIPT_TELUGU, USCRIPT_KANNADA, USCRIPT_MALAYALAM, USCRIPT_SINHALA, USCRIPT_MYANMAR,
		USCRIPT_KHMER, USCRIPT_NEWA, USCRIPT_CHAKMA};
	UErrorCode error = U_ZERO_ERROR;
	const uint32_t category = U_GET_GC_MASK((UChar32)code_point);
	if (code_point < 0x600 || !(category & (U_GC_L_MASK | U_GC_M_MASK)))
		return false;
	const UScriptCode script = uscript_getScript((UChar32)code_point, &error);
	/* Marks that several of these share; those of Latin lie below. */
	if (script == USCRIPT_INHERITED)
		return code_point < 0x1AB0;
	for (size_t i = 0; i < DGM_COUNT(joining); i++)
		if (joining[i] == script)
			return true;
	return false;
}
