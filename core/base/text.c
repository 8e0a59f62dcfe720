/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 and the canonical spelling. Nearly every value is canonical already, so the work here is to see that quickly;
 * ICU is asked for properties (once per block of 256 code points) and for the rare text that must change. What a
 * character means (digits, ligatures, transliteration) is for the normalising rules.
 */
#include "base/text.h"

#include <stdatomic.h>
#include <stdlib.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

/* --- validity ------------------------------------------------------------------------------------------------- */

/*
 * A finite automaton whose rows are 64-bit words: a state is a shift, row[byte] >> state its successor. One load and
 * one shift per byte whatever the text holds, where a decoder mispredicts at every change of length. ERROR is shift 0,
 * which every row leaves 0, so that an error stays.
 */
enum {
	STATE_ERROR = 0,
	STATE_START = 6,
	STATE_LAST1 = 12, /* one more continuation byte, then two, then three */
	STATE_LAST2 = 18,
	STATE_LAST3 = 24,
	STATE_E0 = 30, /* A0..BF next: no overlong form */
	STATE_ED = 36, /* 80..9F next: no surrogate */
	STATE_F0 = 42, /* 90..BF next: no overlong form */
	STATE_F4 = 48, /* 80..8F next: nothing above U+10FFFF */
};

#define STEP(from, to) ((uint64_t)(to) << (from))
#define ROW_ASCII STEP(STATE_START, STATE_START)
#define ROW_CONT (STEP(STATE_LAST1, STATE_START) | STEP(STATE_LAST2, STATE_LAST1) | STEP(STATE_LAST3, STATE_LAST2))
#define ROW_80 (ROW_CONT | STEP(STATE_ED, STATE_LAST1) | STEP(STATE_F4, STATE_LAST2))
#define ROW_90 (ROW_CONT | STEP(STATE_ED, STATE_LAST1) | STEP(STATE_F0, STATE_LAST2))
#define ROW_A0 (ROW_CONT | STEP(STATE_E0, STATE_LAST1) | STEP(STATE_F0, STATE_LAST2))
#define ROW_C2 STEP(STATE_START, STATE_LAST1)
#define ROW_E0 STEP(STATE_START, STATE_E0)
#define ROW_E1 STEP(STATE_START, STATE_LAST2)
#define ROW_ED STEP(STATE_START, STATE_ED)
#define ROW_F0 STEP(STATE_START, STATE_F0)
#define ROW_F1 STEP(STATE_START, STATE_LAST3)
#define ROW_F4 STEP(STATE_START, STATE_F4)
#define TWICE(x) x, x
#define TIMES4(x) TWICE(x), TWICE(x)
#define TIMES16(x) TIMES4(x), TIMES4(x), TIMES4(x), TIMES4(x)

static const uint64_t utf8_rows[256] = {
	TIMES16(ROW_ASCII), TIMES16(ROW_ASCII), TIMES16(ROW_ASCII), TIMES16(ROW_ASCII), /* 00 */
	TIMES16(ROW_ASCII), TIMES16(ROW_ASCII), TIMES16(ROW_ASCII), TIMES16(ROW_ASCII), /* 40 */
	TIMES16(ROW_80), TIMES16(ROW_90), TIMES16(ROW_A0), TIMES16(ROW_A0),             /* 80 */
	0, 0, TWICE(ROW_C2), TIMES4(ROW_C2), TIMES4(ROW_C2), TIMES4(ROW_C2),            /* C0 */
	TIMES16(ROW_C2),                                                                /* D0 */
	ROW_E0, TWICE(ROW_E1), ROW_E1, TIMES4(ROW_E1), TIMES4(ROW_E1),                  /* E0 */
	ROW_E1, ROW_ED, TWICE(ROW_E1),                                                  /* EC */
	ROW_F0, TWICE(ROW_F1), ROW_F1, ROW_F4,                                          /* F0; F5 to FF stay 0 */
};

#define HIGH_BITS UINT64_C(0x8080808080808080)
#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

static inline uint64_t load8(const char *p)
{
	uint64_t word;
	memcpy(&word, p, sizeof word);
	return word;
}

bool dgm_utf8_valid(struct dgm_str s)
{
	uint64_t state = STATE_START;
	size_t i = 0;
	while (s.len - i >= 16) {
		if (state == STATE_START) {
			while (s.len - i >= 16 && ((load8(s.ptr + i) | load8(s.ptr + i + 8)) & HIGH_BITS) == 0)
				i += 16;
			if (s.len - i < 16)
				break;
		}
		for (size_t j = 0; j < 16; j++)
			state = utf8_rows[(unsigned char)s.ptr[i + j]] >> (state & 63);
		i += 16;
		state &= 63;
		if (state == STATE_ERROR)
			return false;
	}
	for (; i < s.len; i++)
		state = utf8_rows[(unsigned char)s.ptr[i]] >> (state & 63);
	return (state & 63) == STATE_START;
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

size_t dgm_utf8_length(struct dgm_str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++)
		n += !is_continuation(s.ptr[i]);
	return n;
}

struct dgm_str dgm_utf8_take(struct dgm_str s, size_t n)
{
	size_t i = 0;
	for (; i < s.len; i++) {
		if (is_continuation(s.ptr[i]))
			continue;
		if (n == 0)
			break;
		n--;
	}
	return dgm_str_take(s, i);
}

/* --- properties ----------------------------------------------------------------------------------------------- */

/*
 * What the scan needs to know of a code point, one byte: its canonical combining class where it is a normal part of
 * an NFC text (0 for nearly all), UNCLEAR where only a closer look can tell (NFC_QC no or maybe), DROPPED where it
 * never stays. Combining classes end at 254 by the stability policy and at 240 in fact.
 */
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

/* Tab and line feed stay, carriage return becomes a line feed; the scan treats all three before it asks here. */
static bool is_dropped(uint32_t c)
{
	return u_charType((UChar32)c) == U_CONTROL_CHAR || u_hasBinaryProperty((UChar32)c, UCHAR_BIDI_CONTROL) ||
		c == 0xFEFF;
}

static uint8_t look_up(uint32_t c)
{
	if (is_dropped(c))
		return DROPPED;
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

/* The property White_Space, without the controls but tab and line feed, which do not last until it is asked. */
static bool is_white(uint32_t c)
{
	if (c < 0x80)
		return c == ' ' || c == '\t' || c == '\n';
	return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
		c == 0x205F || c == 0x3000;
}

/* --- canonical spelling --------------------------------------------------------------------------------------- */

/* What a scan found to do. */
#define WORK_DROP 0x1u  /* controls, marks, carriage returns */
#define WORK_NFC 0x2u   /* maybe not NFC */
#define WORK_SPACE 0x4u /* tab or line feed */

/* Whether a text begins or ends with white space; beyond ASCII that is C2 A0 and some that begin with E1, E2 or E3. */
static bool white_at_ends(struct dgm_str s)
{
	if (s.len == 0)
		return false;
	const unsigned char *p = (const unsigned char *)s.ptr, *last = p + s.len - 1;
	size_t at = 0;
	if (p[0] <= ' ' || ((p[0] == 0xC2 || (p[0] >= 0xE1 && p[0] <= 0xE3)) && is_white(dgm_utf8_next(s, &at))))
		return true;
	if (*last < 0x80)
		return *last <= ' ';
	if (s.len >= 2 && last[-1] >= 0xC2)
		return last[-1] == 0xC2 && *last == 0xA0;
	at = s.len - 3;
	return s.len >= 3 && last[-2] >= 0xE1 && last[-2] <= 0xE3 && is_white(dgm_utf8_next(s, &at));
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
				work |= WORK_DROP;
			continue;
		}
		if (b < 0xE0 ? plain_bit(b & 0x1F, p[i + 1])
			     : b < 0xF0 && plain_bit((size_t)(b & 0x0F) << 6 | (p[i + 1] & 0x3F), p[i + 2])) {
			last_class = 0;
			i += b < 0xE0 ? 2 : 3;
			continue;
		}
		const uint8_t class = property(dgm_utf8_next(s, &i));
		if (class == DROPPED) {
			work |= WORK_DROP;
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

/* s without controls and marks, CR LF and CR as LF; at most s.len bytes. */
static size_t drop(struct dgm_str s, char *to)
{
	size_t n = 0, i = 0;
	while (i < s.len) {
		const size_t start = i;
		const uint32_t c = dgm_utf8_next(s, &i);
		if (c == '\r') {
			to[n++] = '\n';
			if (i < s.len && s.ptr[i] == '\n')
				i++;
		} else if (c == '\t' || c == '\n' || property(c) != DROPPED) {
			memcpy(to + n, s.ptr + start, i - start);
			n += i - start;
		}
	}
	return n;
}

static const UNormalizer2 *nfc(void)
{
	UErrorCode error = U_ZERO_ERROR;
	const UNormalizer2 *instance = unorm2_getNFCInstance(&error);
	/* The NFC data is compiled into the library; all that can be missing is memory. */
	if (U_FAILURE(error))
		dgm_no_memory(0);
	return instance;
}

/* ICU counts in int32_t; a quarter of it leaves room for what a text grows by on its way. */
#define NFC_BLOCK_MAX ((size_t)INT32_MAX / 4)

/* A code point with its combining class above it. */
#define CLASS_SHIFT 24

static UChar *put_units(UChar *to, uint32_t code_point)
{
	if (code_point > 0xFFFF) {
		*to++ = U16_LEAD(code_point);
		*to++ = U16_TRAIL(code_point);
	} else {
		*to++ = (UChar)code_point;
	}
	return to;
}

/* Writes a run of marks in the order of their classes, those of one class in the order they came in. */
static UChar *put_ordered(const uint32_t *marks, size_t n, uint32_t *ordered, UChar *to)
{
	if (n == 1)
		return put_units(to, marks[0] & 0xFFFFFF);
	size_t places[256] = {0};
	for (size_t i = 0; i < n; i++)
		places[marks[i] >> CLASS_SHIFT]++;
	for (size_t i = 0, place = 0; i < DGM_COUNT(places); i++) {
		const size_t count = places[i];
		places[i] = place;
		place += count;
	}
	for (size_t i = 0; i < n; i++)
		ordered[places[marks[i] >> CLASS_SHIFT]++] = marks[i] & 0xFFFFFF;
	for (size_t i = 0; i < n; i++)
		to = put_units(to, ordered[i]);
	return to;
}

/* A character of n bytes decomposes into at most 2 n code points and as many units (U+0390, U+1F82 come closest). */
#define NFD_GROWTH 2

/*
 * Decomposes and orders; to has room for NFD_GROWTH times the bytes. ICU sorts marks by inserting one after the other,
 * which takes minutes where someone sends a MiB of them under one letter; this takes time in proportion.
 */
static size_t decompose(struct dgm_arena *arena, struct dgm_str s, UChar *to)
{
	UChar *const start = to;
	const UNormalizer2 *normalizer = nfc();
	uint32_t *marks = dgm_arena_alloc(arena, NFD_GROWTH * s.len * sizeof *marks);
	uint32_t *ordered = dgm_arena_alloc(arena, NFD_GROWTH * s.len * sizeof *ordered);
	size_t mark_count = 0;
	for (size_t i = 0; i < s.len;) {
		const uint32_t c = dgm_utf8_next(s, &i);
		UErrorCode error = U_ZERO_ERROR;
		UChar parts[16];
		int32_t n = 0;
		const int32_t mapped =
			unorm2_getDecomposition(normalizer, (UChar32)c, parts, (int32_t)DGM_COUNT(parts), &error);
		if (U_FAILURE(error))
			dgm_no_memory(s.len);
		if (mapped < 0)
			U16_APPEND_UNSAFE(parts, n, c);
		const int32_t length = mapped < 0 ? n : mapped;
		for (int32_t at = 0; at < length;) {
			uint32_t part = parts[at++];
			if (U16_IS_LEAD(part))
				part = (uint32_t)U16_GET_SUPPLEMENTARY(part, parts[at++]);
			const uint8_t class = u_getCombiningClass((UChar32)part);
			if (class) {
				marks[mark_count++] = (uint32_t) class << CLASS_SHIFT | part;
				continue;
			}
			if (mark_count)
				to = put_ordered(marks, mark_count, ordered, to);
			mark_count = 0;
			to = put_units(to, part);
		}
	}
	if (mark_count)
		to = put_ordered(marks, mark_count, ordered, to);
	return (size_t)(to - start);
}

/* Normalises one block; to has room for three times its bytes, the most that NFC can grow (UAX #15). */
static size_t compose(struct dgm_arena *arena, struct dgm_str s, char *to)
{
	UChar small_from[512], small_to[1536];
	UChar *from = small_from, *result = small_to;
	int32_t n, room = DGM_COUNT(small_to);
	UErrorCode error = U_ZERO_ERROR;
	if (s.len > NFC_BLOCK_MAX)
		dgm_no_memory(s.len);
	if (s.len > DGM_COUNT(small_from)) {
		from = dgm_arena_alloc(arena, NFD_GROWTH * s.len * sizeof *from);
		n = (int32_t)decompose(arena, s, from);
		/* Composing what is decomposed never makes it longer. */
		result = dgm_arena_alloc(arena, (size_t)n * sizeof *result);
		room = n;
	} else {
		u_strFromUTF8(from, (int32_t)DGM_COUNT(small_from), &n, s.ptr, (int32_t)s.len, &error);
	}
	n = unorm2_normalize(nfc(), from, n, result, room, &error);
	/* Where the room is just full ICU warns that it wrote no 0 byte, which nobody needs. */
	u_strToUTF8(to, (int32_t)(3 * s.len), &n, result, n, &error);
	if (U_FAILURE(error))
		dgm_no_memory(s.len);
	return (size_t)n;
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
			n += compose(arena, dgm_str_of(s.ptr + done, start - done), to + n);
			done = start;
			unclear = false;
		}
		boundary = start;
	}
	if (unclear)
		return n + compose(arena, dgm_str_of(s.ptr + done, s.len - done), to + n);
	memcpy(to + n, s.ptr + done, s.len - done);
	return n + s.len - done;
}

/* Trims and collapses in place: runs of white space that hold a tab or a line feed, or all of them. */
static struct dgm_str squeeze(char *text, size_t len, bool all, bool multiline)
{
	const struct dgm_str s = {text, len};
	size_t n = 0, i = 0, kept = 0;
	while (i < len) {
		const size_t start = i;
		uint32_t c = dgm_utf8_next(s, &i);
		if (!is_white(c)) {
			memmove(text + n, text + start, i - start);
			n += i - start;
			kept = n;
			continue;
		}
		bool breaks = c == '\t' || c == '\n';
		while (i < len) {
			size_t next = i;
			c = dgm_utf8_next(s, &next);
			if (!is_white(c))
				break;
			breaks |= c == '\t' || c == '\n';
			i = next;
		}
		if (n == 0)
			continue;
		if (all || (breaks && !multiline)) {
			text[n++] = ' ';
		} else {
			memmove(text + n, text + start, i - start);
			n += i - start;
		}
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
	char *text = dgm_arena_alloc(arena, s.len);
	size_t len = s.len;
	if (work & WORK_DROP) {
		len = drop(s, text);
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
	const struct dgm_str result = squeeze(text, len, false, multiline);
	return dgm_str_eq(result, s) ? s : result;
}

/* --- look-up keys --------------------------------------------------------------------------------------------- */

static struct dgm_str fold_ascii(struct dgm_arena *arena, struct dgm_str s)
{
	char *text = dgm_arena_alloc(arena, s.len);
	size_t n = 0;
	bool white = false;
	for (size_t i = 0; i < s.len; i++) {
		if (dgm_is_space(s.ptr[i])) {
			white = n > 0;
			continue;
		}
		if (white)
			text[n++] = ' ';
		white = false;
		text[n++] = dgm_lower(s.ptr[i]);
	}
	return dgm_str_of(text, n);
}

static bool is_ascii(struct dgm_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	return true;
}

/* Full case folding turns one UTF-16 unit into at most 3. */
#define FOLD_GROWTH 3

struct dgm_str dgm_text_fold(struct dgm_arena *arena, struct dgm_str s)
{
	if (s.len == 0)
		return dgm_str_of("", 0);
	/* Look-ups are made with what people typed, too: where no characters can be told, letters of ASCII still can. */
	if (is_ascii(s) || s.len > NFC_BLOCK_MAX / (NFD_GROWTH * FOLD_GROWTH * 3) || !dgm_utf8_valid(s))
		return fold_ascii(arena, s);
	/* Decomposed first, as canonical caseless matching asks (Unicode 3.13, D145). */
	UChar *decomposed = dgm_arena_alloc(arena, NFD_GROWTH * s.len * sizeof *decomposed);
	int32_t n = (int32_t)decompose(arena, s, decomposed);
	const int32_t room = n * FOLD_GROWTH;
	UErrorCode error = U_ZERO_ERROR;
	UChar *folded = dgm_arena_alloc(arena, (size_t)room * sizeof *folded);
	n = u_strFoldCase(folded, room, decomposed, n, U_FOLD_CASE_DEFAULT, &error);
	/* One i for all: in Turkish I and i are no pair, and who sets a word in capitals knows no language. */
	int32_t left = 0;
	for (int32_t i = 0; i < n; i++)
		if (folded[i] != 0x0307 || left == 0 || folded[left - 1] != 'i')
			folded[left++] = folded[i] == 0x0131 ? 'i' : folded[i];
	UChar *composed = dgm_arena_alloc(arena, (size_t)room * sizeof *composed);
	n = unorm2_normalize(nfc(), folded, left, composed, room, &error);
	char *text = dgm_arena_alloc(arena, (size_t)n * 3);
	u_strToUTF8(text, n * 3, &n, composed, n, &error);
	if (U_FAILURE(error))
		dgm_no_memory(s.len);
	return squeeze(text, (size_t)n, true, false);
}
