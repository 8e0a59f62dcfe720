/* SPDX-License-Identifier: Apache-2.0 */
/* Letters have a script in Unicode; some codes of ISO 15924 stand for several of these, or for one under another name. */
#include "base/script.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "base/text.h"

#define PARTS_MAX 3

static const struct {
	const char *code, *parts[PARTS_MAX];
} mixed[] = {
	{"Hans", {"Hani"}},
	{"Hant", {"Hani"}},
	{"Jpan", {"Hani", "Hira", "Kana"}},
	{"Kore", {"Hang", "Hani"}},
	{"Aran", {"Arab"}},
};

static UScriptCode script_of(const char *code)
{
	const int32_t value = code ? u_getPropertyValueEnum(UCHAR_SCRIPT, code) : UCHAR_INVALID_CODE;
	return value == UCHAR_INVALID_CODE ? USCRIPT_INVALID_CODE : (UScriptCode)value;
}

bool dgm_script_holds(struct dgm_str text, struct dgm_str script)
{
	UScriptCode codes[PARTS_MAX] = {USCRIPT_INVALID_CODE, USCRIPT_INVALID_CODE, USCRIPT_INVALID_CODE};
	char name[5] = "";
	if (script.len >= sizeof name)
		return false;
	memcpy(name, script.ptr, script.len);
	codes[0] = script_of(name);
	for (size_t i = 0; i < DGM_COUNT(mixed); i++)
		for (size_t p = 0; dgm_str_is(script, mixed[i].code) && p < PARTS_MAX; p++)
			codes[p] = script_of(mixed[i].parts[p]);
	for (size_t at = 0; at < text.len;) {
		const UChar32 c = (UChar32)dgm_utf8_next(text, &at);
		if (!u_isalpha(c) || uscript_hasScript(c, USCRIPT_COMMON) || uscript_hasScript(c, USCRIPT_INHERITED))
			continue;
		bool holds = false;
		for (size_t p = 0; p < PARTS_MAX; p++)
			holds = holds || (codes[p] != USCRIPT_INVALID_CODE && uscript_hasScript(c, codes[p]));
		if (!holds)
			return false;
	}
	return true;
}
