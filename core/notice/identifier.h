/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Identifiers that can be looked into: one row per scheme says how its numbers are shaped, what their check characters
 * are made of, and where a date of birth and a sex stand in them. All but the arithmetic is data of the row.
 */
#ifndef DGM_NOTICE_IDENTIFIER_H
#define DGM_NOTICE_IDENTIFIER_H

#include "base/arena.h"

/* Where numbers of a scheme are found besides what a definition says. */
enum {
	DGM_ID_NATIONAL = 1, /* the number of documents of type national_id of the row's country */
	DGM_ID_RESIDENT = 2, /* of type residence_permit */
	DGM_ID_TAX = 4,      /* registrations of scheme tax or vat with the row's country */
	DGM_ID_COMPANY = 8,  /* of scheme company */
	DGM_ID_SOLE = 16,    /* no other number is usual there, so one of another shape is worth a word */
};

enum dgm_id_check {
	DGM_ID_CHECK_NONE,
	DGM_ID_CHECK_STEPS,    /* weighted sums: the row's steps */
	DGM_ID_CHECK_LUHN,     /* ISO/IEC 7812-1, over all digits */
	DGM_ID_CHECK_VERHOEFF, /* the same */
	DGM_ID_CHECK_MOD11_2,  /* ISO 7064 MOD 11-2, an X for ten */
	DGM_ID_CHECK_MOD97,    /* ISO 7064 MOD 97-10, letters from 10 on */
	DGM_ID_CHECK_IBAN,     /* the same with the first four at the end, and a length for each country */
	DGM_ID_CHECK_MRZ,      /* ICAO Doc 9303: see mrz.h */
};

/* The sum of characters times weights, modulo something, leads to a check character. */
struct dgm_id_step {
	/* By remainder; '!': no number has it; '>': the next step decides. A multiple of it: any of these characters.
	 * NULL: the remainder itself in two digits, 100 as 00. */
	const char *check;
	const char *first; /* only for numbers that begin with one of these; NULL: all */
	uint8_t modulus;
	uint8_t at;          /* where the check character stands */
	uint8_t add;         /* to the sum */
	bool instead;        /* only where the step before has '>' */
	uint8_t weights[18]; /* from the left; those not named are 0 */
};

struct dgm_identifier {
	const char *name; /* as definitions say it */
	const char *what; /* for people */
	const char *country;
	const char *registration; /* word of registration.scheme, or NULL */
	const char *words;        /* what sources call it, with '|' between, no blanks or full stops; or NULL */
	/*
	 * Shapes with '|' between, for the number in capitals without separators: d a digit, l a letter, a either, h a
	 * hexadecimal digit, v a character of a VIN, [...] one of these (with ranges), + the one before again and
	 * again, others themselves.
	 */
	const char *shape;
	const char *bare;      /* shapes of such numbers without a check character; NULL: none */
	const char *prefix;    /* letters that may stand before it */
	const char *translate; /* pairs: a character and what counts in its place */
	const char *alphabet;  /* whose places are the values of characters; NULL: digits, then A to Z */
	const struct dgm_id_step *steps;
	uint8_t step_count;
	uint8_t pad;  /* shorter numbers get zeros in front up to this */
	uint8_t uses; /* DGM_ID_* */
	enum dgm_id_check check;
	/* By place: YYYY or yy (two digits of it), mm, dd. For numbers of the shape, not of `bare`. */
	const char *birth;
	const char
		*century; /* character and two digits, again and again: the century by the character of `century_at` */
	/* Which characters of sex_at mean what. NULL: it says no sex. '+' in female: 40 is added to the day of women. */
	const char *male, *female;
	uint8_t century_at, sex_at;
};

enum dgm_identified {
	DGM_IDENTIFIED,   /* the check characters are right */
	DGM_ID_UNCHECKED, /* a right shape, and no check character, or none that its issuer has published */
	DGM_ID_WRONG_CHECK,
	DGM_ID_WRONG_SHAPE, /* length, characters, or a day inside it that does not exist */
};

struct dgm_identity {
	enum dgm_identified result;
	bool has_birth;
	bool century;       /* year has all four digits */
	uint16_t year;      /* with century == false the last two digits */
	uint8_t month, day; /* 0: not said */
	char sex;           /* 'm', 'f', or 0 */
};

/*
 * Looks into a number of a scheme. text: canonical text, not empty; separators and digits of any script are taken as
 * sources write them. What is embedded is only told of numbers that are not wrong. The arena holds nothing afterwards
 * that is needed.
 */
struct dgm_identity dgm_identifier_read(const struct dgm_identifier *scheme, struct dgm_arena *arena,
	struct dgm_str text);

/* In capitals, without blanks and separators, digits as ASCII; at most size bytes of it. *ret_dashed: - before the last. */
size_t dgm_identifier_compact(struct dgm_arena *arena, struct dgm_str text, char *to, size_t size, bool *ret_dashed);

/* By name; NULL where there is none. */
const struct dgm_identifier *dgm_identifier_find(struct dgm_str name);
/* The table, in its order; NULL behind its end. */
const struct dgm_identifier *dgm_identifier_at(size_t index);

#endif
