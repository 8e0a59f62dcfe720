/* SPDX-License-Identifier: Apache-2.0 */
/* The table of rules, twice over: its chapters, and its rules with the chapter that stands above them. */
#include "base/rules.h"

#define DGM_CHAPTER(id, title, intro) CHAPTER_##id,
#define DGM_RULE(chapter, code, severity, text)
#define DGM_RULE_FOR(chapter, code, severity, text, why, source, before, after)
enum {
#include "base/rules.def"
	CHAPTER_COUNT
};
#undef DGM_CHAPTER
#undef DGM_RULE
#undef DGM_RULE_FOR

#define DGM_CHAPTER(id, title, intro) [CHAPTER_##id] = {title, intro},
#define DGM_RULE(chapter, code, severity, text)
#define DGM_RULE_FOR(chapter, code, severity, text, why, source, before, after)
static const struct dgm_rule_chapter chapters[CHAPTER_COUNT] = {
#include "base/rules.def"
};
#undef DGM_CHAPTER
#undef DGM_RULE
#undef DGM_RULE_FOR

#define DGM_CHAPTER(id, title, intro)
#define DGM_RULE(chapter, code, severity, text) {code, severity, &chapters[CHAPTER_##chapter], text, "", "", "", ""},
#define DGM_RULE_FOR(chapter, code, severity, text, why, source, before, after)                                        \
	{code, severity, &chapters[CHAPTER_##chapter], text, why, source, before, after},
const struct dgm_rule dgm_rules[] = {
#include "base/rules.def"
};

const size_t dgm_rule_count = DGM_COUNT(dgm_rules);

const struct dgm_rule *dgm_rule_find(struct dgm_str code)
{
	for (size_t i = 0; i < dgm_rule_count; i++)
		if (dgm_str_is(code, dgm_rules[i].code))
			return &dgm_rules[i];
	return NULL;
}
