/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 and the canonical spelling. Nearly every value is canonical already, so the work here is to see that quickly;
 * ICU is asked for properties (once per block of 256 code points) and for the rare text that must change. What becomes of
 * a single character forms.c says; what one means (digits, transliteration) is for the rules of its field.
 */
#include "base/text.h"

#include <stdatomic.h>
#include <stdlib.h>

#include <unicode/uchar.h>

#include "base/forms.h"
#include "base/normal.h"

#define HIGH_BITS UINT64_C(0x8080808080808080)
#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

static inline uint64_t load8(const char *p)
{
	uint64_t word;
	memcpy(&word, p, sizeof word);
	return word;
}

/* --- properties ----------------------------------------------------------------------------------------------- */

/*
 * What the scan needs to know of a code point, one byte: its canonical combining class where it is a normal part of
 * an NFC text (0 for nearly all), UNCLEAR where only a closer look can tell (NFC_QC no or maybe), DROPPED and FOLDED
 * where it never stays, JOINER where that depends on what stands around it. Combining classes end at 254 by the stability policy and at 240 in fact.
 */
#define JOINER 252u
#define FOLDED 253u
#define DROPPED 254u
#define UNCLEAR 255u

#define PAGE_BITS 8
#define PAGE_SIZE ((size_t)1 << PAGE_BITS)
#define PAGE_COUNT (0x110000u >> PAGE_BITS)

static _Atomic(const uint8_t *) pages[PAGE_COUNT];
/* Most pages that matter (Han, Hangul, Cyrillic) hold nothing but zeros and share this one. */
static const uint8_t plain_page[PAGE_SIZE];

/*
 * The same for the scan's first look, for the BMP: a bit per code point that is 0 in its page, 64 of one lead (and
 * second) byte to a word, so that text is checked without being decoded. A word is 0 until its page is built.
 */
static _Atomic uint64_t plain_words[0x10000 / 64];

static uint8_t look_up(uint32_t c)
{
	/* Tab and line feed stay, carriage return becomes a line feed; the scan treats all three before it asks here. */
	switch (dgm_form_of(c)) {
	case DGM_FORM_OWN:
		break;
	case DGM_FORM_DROPPED:
		return DROPPED;
	case DGM_FORM_FOLDED:
		return FOLDED;
	case DGM_FORM_JOINER:
		return JOINER;
	}
	if (u_getIntPropertyValue((UChar32)c, UCHAR_NFC_QUICK_CHECK) != UNORM_YES)
		return UNCLEAR;
	return u_getCombiningClass((UChar32)c);
}

/* Two threads may build the same page at once; the first to publish wins. Pages live as long as the process. */
static __attribute__((noinline)) const uint8_t *build_page(uint32_t number)
{
	uint8_t *page = dgm_xmalloc(PAGE_SIZE);
	for (uint32_t i = 0; i < PAGE_SIZE; i++)
		page[i] = look_up(number << PAGE_BITS | i);
	for (uint32_t word = 0; number < 0x100 && word < PAGE_SIZE / 64; word++) {
		uint64_t bits = 0;
		for (uint32_t i = 0; i < 64; i++)
			bits |= (uint64_t)(page[word * 64 + i] == 0) << i;
		atomic_store_explicit(&plain_words[number * (PAGE_SIZE / 64) + word], bits, memory_order_relaxed);
	}
	const uint8_t *found = page;
	if (memcmp(page, plain_page, PAGE_SIZE) == 0) {
		free(page);
		found = plain_page;
	}
	const uint8_t *published = NULL;
	if (atomic_compare_exchange_strong(&pages[number], &published, found))
		return found;
	if (found == page)
		free(page);
	return published;
}

static inline uint8_t property(uint32_t c)
{
	const uint8_t *page = atomic_load_explicit(&pages[c >> PAGE_BITS], memory_order_acquire);
	if (__builtin_expect(!page, 0))
		page = build_page(c >> PAGE_BITS);
	return page[c & (PAGE_SIZE - 1)];
}

/* --- canonical spelling --------------------------------------------------------------------------------------- */

/* What a scan found to do. */
#define WORK_FORMS 0x1u /* characters that do not stay, carriage returns */
#define WORK_NFC 0x2u   /* maybe not NFC */
#define WORK_SPACE 0x4u /* tab or line feed */

/* All other white space is folded before this is asked. */
static bool is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static bool white_at_ends(struct dgm_str s)
{
	return s.len && (is_white(s.ptr[0]) || is_white(s.ptr[s.len - 1]));
}

/* The high bit of each byte that is not ASCII or is a control. */
static inline uint64_t odd_bytes(uint64_t word)
{
	/* Within 7 bits: adding 0x60 lifts everything from the blank on into the high bit, adding 1 only DEL. */
	const uint64_t low = word & ~HIGH_BITS;
	return (word | ~(low + EACH_BYTE(0x60)) | (low + EACH_BYTE(1))) & HIGH_BITS;
}

/* How many bytes of a word stand before the first of the marked ones; marks is not 0. */
static inline size_t bytes_before(uint64_t marks)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (size_t)__builtin_ctzll(marks) / 8;
#else
	return (size_t)__builtin_clzll(marks) / 8;
#endif
}

static inline bool plain_bit(size_t word, unsigned char last)
{
	return atomic_load_explicit(&plain_words[word], memory_order_relaxed) >> (last & 63) & 1;
}

static bool is_mark(uint32_t c)
{
	return c >= 0x300 && u_getCombiningClass((UChar32)c);
}

/* Whether the text ends with what a joiner can stand behind. Marks do not count: their order is not settled yet. */
static bool joins_behind(struct dgm_str s)
{
	size_t end = s.len;
	while (end > 0) {
		while (end > 0 && ((unsigned char)s.ptr[--end] & 0xC0) == 0x80)
			;
		size_t at = end;
		const uint32_t c = dgm_utf8_next(s, &at);
		if (!is_mark(c))
			return dgm_form_joins(c);
	}
	return false;
}

/* The same for what it begins with. */
static bool joins_before(struct dgm_str s)
{
	for (size_t i = 0; i < s.len;) {
		const uint32_t c = dgm_utf8_next(s, &i);
		if (!is_mark(c))
			return dgm_form_joins(c);
	}
	return false;
}

static unsigned scan(struct dgm_str s)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	unsigned work = 0;
	uint8_t last_class = 0;
	size_t i = 0;
	while (i < s.len) {
		const unsigned char b = p[i];
		if (b < 0x80) {
			last_class = 0;
			if (s.len - i >= 8) {
				const uint64_t odd = odd_bytes(load8(s.ptr + i));
				const size_t run = odd ? bytes_before(odd) : 8;
				i += run;
				if (run)
					continue;
			}
			i++;
			if (b == '\t' || b == '\n')
				work |= WORK_SPACE;
			else if (b < 0x20 || b == 0x7F)
				work |= WORK_FORMS;
			continue;
		}
		if (b < 0xE0 ? plain_bit(b & 0x1F, p[i + 1])
			     : b < 0xF0 && plain_bit((size_t)(b & 0x0F) << 6 | (p[i + 1] & 0x3F), p[i + 2])) {
			last_class = 0;
			i += b < 0xE0 ? 2 : 3;
			continue;
		}
		const size_t start = i;
		const uint8_t class = property(dgm_utf8_next(s, &i));
		if (class == DROPPED || class == FOLDED) {
			work |= WORK_FORMS;
			continue;
		}
		if (class == JOINER) {
			if (!joins_behind(dgm_str_take(s, start)) || !joins_before(dgm_str_skip(s, i)))
				work |= WORK_FORMS;
			last_class = 0;
			continue;
		}
		if (class == UNCLEAR || class < last_class)
			work |= class ? WORK_NFC : 0;
		last_class = class;
	}
	return work;
}

/* Whether all is ASCII without controls; a text shorter than a word is left to the scan. */
static bool is_plain_ascii(struct dgm_str s)
{
	if (s.len < 8)
		return false;
	for (size_t i = 0; i + 8 <= s.len; i += 8)
		if (odd_bytes(load8(s.ptr + i)))
			return false;
	return odd_bytes(load8(s.ptr + s.len - 8)) == 0;
}

/* Bytes that a text has at most once its forms are folded. */
static size_t folded_room(struct dgm_str s)
{
	size_t room = s.len;
	for (size_t i = 0; i < s.len;) {
		uint32_t parts[DGM_FORM_MAX];
		const size_t start = i;
		const uint32_t c = dgm_utf8_next(s, &i);
		if (c < 0x80 || property(c) != FOLDED)
			continue;
		const size_t n = dgm_form_fold(c, parts);
		/* None of them is beyond the BMP. */
		if (3 * n > i - start)
			room += 3 * n - (i - start);
	}
	return room;
}

/* s without what is dropped, folded forms as what they stand for, CR LF and CR as LF. */
static size_t fold_forms(struct dgm_str s, char *to)
{
	size_t n = 0, i = 0;
	while (i < s.len) {
		uint32_t parts[DGM_FORM_MAX];
		const size_t start = i;
		const uint32_t c = dgm_utf8_next(s, &i);
		const uint8_t class = c == '\t' || c == '\n' ? 0 : property(c);
		if (c == '\r') {
			to[n++] = '\n';
			if (i < s.len && s.ptr[i] == '\n')
				i++;
		} else if (class == FOLDED) {
			const size_t count = dgm_form_fold(c, parts);
			for (size_t k = 0; k < count; k++)
				n += dgm_utf8_put(to + n, parts[k]);
		} else if (class != DROPPED) {
			memcpy(to + n, s.ptr + start, i - start);
			n += i - start;
		}
	}
	return n;
}

#define JOINER_BYTES 3 /* U+200C, U+200D */

/* Takes out, in place, the joiners that do not stay; of several in a row only one does. */
static size_t drop_joiners(char *text, size_t len)
{
	const struct dgm_str s = {text, len};
	size_t n = 0, i = 0;
	bool joins = false;
	while (i < len) {
		const size_t start = i;
		const uint32_t c = dgm_utf8_next(s, &i);
		const bool joiner = c >= 0x80 && property(c) == JOINER;
		while (joiner && i < len) {
			size_t next = i;
			if (property(dgm_utf8_next(s, &next)) != JOINER)
				break;
			i = next;
		}
		const size_t length = joiner ? JOINER_BYTES : i - start;
		if (joiner && !(joins && joins_before(dgm_str_skip(s, i))))
			continue;
		if (c < 0x80 || !is_mark(c))
			joins = c >= 0x80 && dgm_form_joins(c);
		memmove(text + n, text + start, length);
		n += length;
	}
	return n;
}

static bool is_plain(uint32_t c)
{
	return c < 0x80 || property(c) == 0;
}

/*
 * Normalises the stretches that need a look and copies the rest. A code point of class 0 with NFC_QC yes never merges
 * with what stands before it, so that each stretch from one such code point to the next is normalised for itself.
 */
static size_t normalise(struct dgm_arena *arena, struct dgm_str s, char *to)
{
	enum { STRETCH = 256 }; /* enough to be worth a call, little enough for the buffers on the stack */
	size_t n = 0, done = 0, boundary = 0, i = 0;
	bool unclear = false;
	while (i < s.len) {
		const size_t start = i;
		if (!is_plain(dgm_utf8_next(s, &i))) {
			if (!unclear) {
				memcpy(to + n, s.ptr + done, boundary - done);
				n += boundary - done;
				done = boundary;
			}
			unclear = true;
			continue;
		}
		if (unclear && start - done >= STRETCH) {
			n += dgm_nfc_block(arena, dgm_str_of(s.ptr + done, start - done), to + n);
			done = start;
			unclear = false;
		}
		boundary = start;
	}
	if (unclear)
		return n + dgm_nfc_block(arena, dgm_str_of(s.ptr + done, s.len - done), to + n);
	memcpy(to + n, s.ptr + done, s.len - done);
	return n + s.len - done;
}

/* Trims in place and, for one line, makes each run of white space that holds a tab or a line feed one blank. */
static struct dgm_str squeeze(char *text, size_t len, bool multiline)
{
	size_t n = 0, kept = 0;
	for (size_t i = 0; i < len;) {
		const size_t start = i;
		bool breaks = false;
		for (; i < len && is_white(text[i]); i++)
			breaks |= text[i] != ' ';
		if (n > 0 && breaks && !multiline) {
			text[n++] = ' ';
		} else if (n > 0) {
			memmove(text + n, text + start, i - start);
			n += i - start;
		}
		const size_t word = i;
		while (i < len && !is_white(text[i]))
			i++;
		memmove(text + n, text + word, i - word);
		n += i - word;
		kept = i > word ? n : kept;
	}
	return dgm_str_of(text, kept);
}

struct dgm_str dgm_text_canonical(struct dgm_arena *arena, struct dgm_str s, bool multiline)
{
	unsigned work = is_plain_ascii(s) ? 0 : scan(s);
	if (multiline)
		work &= ~WORK_SPACE;
	if (work == 0 && !white_at_ends(s))
		return s;
	const size_t room = work & WORK_FORMS ? folded_room(s) : s.len;
	char *text = dgm_arena_alloc(arena, room);
	size_t len = s.len;
	if (work & WORK_FORMS) {
		len = drop_joiners(text, fold_forms(s, text));
		/* What stood between two marks of one letter is gone: look again. */
		work |= scan(dgm_str_of(text, len)) & WORK_NFC;
	} else {
		memcpy(text, s.ptr, len);
	}
	if (work & WORK_NFC) {
		char *normal = dgm_arena_alloc(arena, 3 * len);
		len = normalise(arena, dgm_str_of(text, len), normal);
		text = normal;
	}
	const struct dgm_str result = squeeze(text, len, multiline);
	return dgm_str_eq(result, s) ? s : result;
}

bool dgm_text_has_c1(struct dgm_str text)
{
	const char *at = text.ptr, *const end = text.len ? text.ptr + text.len : text.ptr;
	while (at < end && (at = memchr(at, 0xC2, (size_t)(end - at))) != NULL) {
		if (++at < end && (unsigned char)*at < 0xA0)
			return true;
	}
	return false;
}
