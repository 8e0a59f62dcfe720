/* SPDX-License-Identifier: Apache-2.0 */
/* A number, and the unit that is named next behind it. */
#include "notice/penalty.h"

#include "base/digits.h"
#include "base/textkey.h"

enum {
	DAYS_OF_MONTH = 31, /* at most, so that nothing is made longer than it is */
	NUMBER_MAX = 10000, /* what is larger is no number of years */
};

/* Beginnings of words, as keys (textkey.h). */
static const struct unit {
	const char *word;
	int months, days;
} units[] = {
	{"year", 12, 0},
	{"yr", 12, 0},
	{"ano", 12, 0},
	{"annee", 12, 0},
	{"ans", 12, 0},
	{"an ", 12, 0},
	{"jahr", 12, 0},
	{"год", 12, 0},
	{"года", 12, 0},
	{"лет", 12, 0},
	{"рок", 12, 0},
	{"سنه", 12, 0},
	{"سنوات", 12, 0},
	{"سنين", 12, 0},
	{"عام", 12, 0},
	{"اعوام", 12, 0},
	{"سال", 12, 0},
	{"tahun", 12, 0},
	{"yil", 12, 0},
	{"il ", 12, 0},
	{"жыл", 12, 0},
	{"年", 12, 0},
	{"ปี", 12, 0},
	{"nam", 12, 0},
	{"month", 1, 0},
	{"mes", 1, 0},
	{"mois", 1, 0},
	{"monat", 1, 0},
	{"месяц", 1, 0},
	{"мес", 1, 0},
	{"شهر", 1, 0},
	{"اشهر", 1, 0},
	{"شهور", 1, 0},
	{"ماه", 1, 0},
	{"bulan", 1, 0},
	{"ay", 1, 0},
	{"ай", 1, 0},
	{"个月", 1, 0},
	{"個月", 1, 0},
	{"月", 1, 0},
	{"เดือน", 1, 0},
	{"thang", 1, 0},
	{"day", 0, 1},
	{"dia", 0, 1},
	{"jour", 0, 1},
	{"tag", 0, 1},
	{"дн", 0, 1},
	{"день", 0, 1},
	{"يوم", 0, 1},
	{"ايام", 0, 1},
	{"روز", 0, 1},
	{"hari", 0, 1},
	{"gun", 0, 1},
	{"天", 0, 1},
	{"日", 0, 1},
	{"วัน", 0, 1},
	{"ngay", 0, 1},
	{"week", 0, 7},
	{"semana", 0, 7},
	{"semaine", 0, 7},
};

/* Without a number, and longer than any. */
static const char *const endless[] = {"life", "death", "capital punish", "perpetu", "cadena", "a vie", "mort", "muerte",
	"morte", "пожизнен", "бессрочн", "смерт", "موبد", "اعدام", "حبس ابد", "seumur", "sepanjang hayat", "mati",
	"muebbet", "omur boyu", "olum", "无期", "無期", "死刑", "终身", "終身", "lebens", "ตลอดชีวิต", "ประหาร",
	"chung than", "tu hinh"};

/* The unit that a text begins with, behind blanks and dashes; NULL: none. */
static const struct unit *unit_at(struct dgm_str text)
{
	while (text.len && (text.ptr[0] == ' ' || text.ptr[0] == '-' || text.ptr[0] == '.'))
		text = dgm_str_skip(text, 1);
	for (size_t i = 0; i < DGM_COUNT(units); i++)
		if (dgm_str_starts(text, dgm_str(units[i].word)))
			return &units[i];
	return NULL;
}

/* The unit of a number: the next one that is named, for "2 to 5 years" is years twice. */
static const struct unit *unit_behind(struct dgm_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		const struct unit *unit = i == 0 || text.ptr[i] == ' ' || (unsigned char)text.ptr[i] >= 0x80 ||
				dgm_is_digit(text.ptr[i - 1])
			? unit_at(dgm_str_skip(text, i))
			: NULL;
		if (unit)
			return unit;
	}
	return NULL;
}

int dgm_penalty_months(struct dgm_arena *arena, struct dgm_str text)
{
	int most = -1;
	struct dgm_str key = dgm_text_key(arena, text);
	if (!dgm_digits_ascii(arena, key, &key))
		return -1;
	for (size_t i = 0; i < DGM_COUNT(endless); i++)
		if (dgm_str_find(key, dgm_str(endless[i])) < key.len)
			return -1;
	for (size_t i = 0; i < key.len;) {
		int number = 0;
		if (!dgm_is_digit(key.ptr[i])) {
			i++;
			continue;
		}
		for (; i < key.len && dgm_is_digit(key.ptr[i]); i++)
			number = number < NUMBER_MAX ? number * 10 + (key.ptr[i] - '0') : number;
		const struct unit *unit = unit_behind(dgm_str_skip(key, i));
		if (!unit || number >= NUMBER_MAX)
			continue;
		const int months = number * unit->months + number * unit->days / DAYS_OF_MONTH;
		most = months > most ? months : most;
	}
	return most;
}

/* --- the rule --- */

const char *const dgm_penalty_code = "red-penalty-low";

/* In months: INTERPOL's Rules on the Processing of Data, article 83 (1) (b). */
static const struct {
	enum dgm_field_id field;
	int least;
	const char *text;
} thresholds[] = {
	{DGM_FIELD_charge_max_penalty, 24, "the maximum penalty is below the two years of a Red Notice"},
	{DGM_FIELD_charge_sentence, 6, "the sentence is below the six months of a Red Notice"},
	{DGM_FIELD_charge_remaining, 6, "what remains of the sentence is below the six months of a Red Notice"},
};

void dgm_penalties_check(const struct dgm_notice *notice, const struct dgm_penalty_teller *teller)
{
	const struct dgm_group *head = dgm_group_first(notice->root, DGM_GROUP_notice);
	if (!head || !dgm_str_is(dgm_text_of(head, DGM_FIELD_notice_colour), "red"))
		return;
	for (size_t i = 0; i < DGM_COUNT(thresholds); i++) {
		const struct dgm_group *charge = dgm_group_first(notice->root, DGM_GROUP_charge), *low = NULL;
		for (; charge; charge = charge->next) {
			const struct dgm_str text = dgm_text_of(charge, thresholds[i].field);
			const int months = text.len ? dgm_penalty_months(notice->arena, text) : -1;
			/* One charge that is grave enough is enough. */
			if (text.len && (months < 0 || months >= thresholds[i].least))
				break;
			low = text.len && !low ? charge : low;
		}
		if (!charge && low)
			teller->tell(teller->context, low, thresholds[i].field, thresholds[i].text);
	}
}
