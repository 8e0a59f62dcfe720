/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Machine readable zones of ICAO Doc 9303: cards of three lines of 30 characters (TD1) and two of 36 (TD2), passports of
 * two lines of 44 (TD3), and visas of the last two sizes (MRV-A, MRV-B).
 */
#ifndef DGM_NOTICE_MRZ_H
#define DGM_NOTICE_MRZ_H

#include "base/str.h"

#define DGM_MRZ_LENGTH 90 /* TD1: the most characters without the line ends */
#define DGM_MRZ_TEXT 92   /* with them */

enum dgm_mrz_kind { DGM_MRZ_TD1, DGM_MRZ_TD2, DGM_MRZ_TD3, DGM_MRZ_MRV_A, DGM_MRZ_MRV_B, DGM_MRZ_KINDS };

/* The check digits; 1 << them in `wrong`. */
enum dgm_mrz_check {
	DGM_MRZ_NUMBER,
	DGM_MRZ_BIRTH,
	DGM_MRZ_EXPIRY,
	DGM_MRZ_OPTIONAL, /* the personal number, TD3 only */
	DGM_MRZ_WHOLE,    /* not of visas */
	DGM_MRZ_CHECKS,
};

/* Texts end in 0; fillers at their ends are gone, those between words of names are blanks. */
struct dgm_mrz {
	enum dgm_mrz_kind kind;
	uint32_t wrong;  /* check digits that are not those of what they stand for */
	char code[3];    /* P, I, AC ... */
	char issuer[4];  /* UTO, D ... */
	char number[32]; /* of the document */
	char nationality[4];
	char birth[7]; /* YYMMDD; parts that are not known are fillers (<) */
	char expiry[7];
	char sex;            /* M, F, or < where it is not said */
	char optional[16];   /* the first optional field: TD3's personal number */
	char optional_2[12]; /* TD1 only */
	char primary[40];    /* family name */
	char secondary[40];  /* given names */
	bool cut;            /* the names fill their field: more may belong to them */
};

/* Lines may be parted by anything white, or not at all. false: it has not the shape of any kind; *ret_mrz is not set. */
bool dgm_mrz_read(struct dgm_str text, struct dgm_mrz *ret_mrz);

/* "td1", "td2", "td3", "mrv-a", "mrv-b"; negative: none of them. */
int dgm_mrz_find(struct dgm_str name);
/* What a document of a kind begins with where no more is known of it: I, P, V. */
struct dgm_str dgm_mrz_code(enum dgm_mrz_kind kind);

/* The check digit of letters, digits and fillers: weights 7, 3, 1, modulo 10. */
char dgm_mrz_check_digit(struct dgm_str text);

/* What a zone is made of. Texts of A to Z, digits, blanks and hyphens; apostrophes, full stops and commas are left out. */
struct dgm_mrz_fields {
	enum dgm_mrz_kind kind;
	struct dgm_str code, issuer, number, nationality, birth, expiry, optional, optional_2, primary, secondary;
	char sex; /* M, F, anything else: not said */
};

/*
 * The lines, with a line feed between them, not terminated; returns how long they are. Names that are too long are cut
 * as Doc 9303 says, a letter last to show it; 0 where anything else does not fit or has a character that a zone cannot have.
 */
size_t dgm_mrz_write(const struct dgm_mrz_fields *fields, char to[DGM_MRZ_TEXT]);

#endif
