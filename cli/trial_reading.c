/* SPDX-License-Identifier: Apache-2.0 */
/* The checks of a reader. */
#define _GNU_SOURCE
#include <dirent.h>
#include <link.h>
#include <locale.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "trial.h"

enum {
	HOSTILE_ROUNDS = 300,
	TRUNCATIONS = 4096, /* cut at every byte up to here, behind it here and there */
	CYCLES = 40,        /* of opening and closing, in search of leaks */
	THREADS = 4,
	MARKS_MAX = 64,
};

/* --- helpers --- */

/* A step or two more than bytes: every call of reader_next gets on, or says so. */
static bool run_to_end(struct trial_reader *reader, size_t bytes, int32_t *ret_last)
{
	for (size_t calls = 0; calls < 2 * bytes + 64; calls++) {
		*ret_last = trial_reader_step(reader);
		if (*ret_last == DGM_END || *ret_last == DGM_FATAL)
			return true;
	}
	return false;
}

char *trial_read(struct trial *trial, struct dgm_str bytes, const struct trial_way *way, uint64_t *ret_records)
{
	int32_t last;
	struct trial_reader *reader = trial_reader_open(trial, bytes, way);
	const bool ended = run_to_end(reader, bytes.len, &last);
	const char *misuse = trial_reader_misuse(reader);
	if (!ended)
		trial_fault(trial, "reader_next comes to no end in an input of %zu bytes", bytes.len);
	else if (misuse)
		trial_fault(trial, "%s", misuse);
	char *text = trial_reader_close(reader, ret_records);
	if (ended && !misuse)
		return text;
	free(text);
	return NULL;
}

static enum trial_result unfit(struct trial *trial, bool sample)
{
	if (!trial->plugin->reader_open)
		return trial_skip(trial, "it has no reader");
	if (sample && trial->sample.len == 0)
		return trial_skip(trial, "there is no sample; name one with --sample");
	return TRIAL_GOOD;
}

static const struct trial_way whole = {0};

static struct dgm_str head_of(const struct trial *trial, size_t most)
{
	return dgm_str_take(trial->sample, most);
}

/* Whether the input, read that way, gives the same as read whole. */
static enum trial_result compare(struct trial *trial, struct dgm_str bytes, const struct trial_way *way,
	const char *what)
{
	char *expected = trial_read(trial, bytes, &whole, NULL);
	char *text = expected ? trial_read(trial, bytes, way, NULL) : NULL;
	enum trial_result result = TRIAL_FAULT;
	if (text)
		result = strcmp(text, expected) == 0 ? TRIAL_GOOD : trial_fault(trial, "%s changes what is read", what);
	free(text);
	free(expected);
	return result;
}

/* --- checks --- */

static enum trial_result check_sample(struct trial *trial)
{
	if (unfit(trial, true))
		return TRIAL_SKIPPED;
	uint64_t records = 0;
	int32_t last;
	struct trial_reader *reader = trial_reader_open(trial, trial->sample, &whole);
	const bool ended = run_to_end(reader, trial->sample.len, &last), broke = last == DGM_FATAL;
	const char *misuse = trial_reader_misuse(reader);
	free(trial_reader_close(reader, &records));
	if (!ended)
		return trial_fault(trial, "reader_next comes to no end");
	if (misuse)
		return trial_fault(trial, "%s", misuse);
	if (broke || records == 0)
		return trial_fault(trial, "the sample %s; --path says where records lie, --option how",
			broke ? "is refused" : "holds no record");
	return TRIAL_GOOD;
}

static enum trial_result check_open_close(struct trial *trial)
{
	if (unfit(trial, false))
		return TRIAL_SKIPPED;
	for (unsigned i = 0; i < 3; i++) {
		struct trial_reader *reader = trial_reader_open(trial, trial->sample, &whole);
		for (unsigned k = 0; k < i; k++)
			trial_reader_step(reader);
		free(trial_reader_close(reader, NULL));
	}
	return TRIAL_GOOD;
}

static enum trial_result check_same_twice(struct trial *trial)
{
	return unfit(trial, true) ? TRIAL_SKIPPED : compare(trial, trial->sample, &whole, "reading it again");
}

static enum trial_result check_chunks(struct trial *trial)
{
	static const size_t sizes[] = {1, 2, 3, 7, 61, 509, 4093};
	char what[48];
	enum trial_result result = unfit(trial, true);
	for (size_t i = 0; i < DGM_COUNT(sizes) && result == TRIAL_GOOD; i++) {
		const struct trial_way way = {.chunk = sizes[i]};
		snprintf(what, sizeof what, "input in pieces of %zu bytes", sizes[i]);
		result = compare(trial, head_of(trial, sizes[i] < 61 ? TRIAL_SAMPLE_MAX / 4 : TRIAL_SAMPLE_MAX), &way,
			what);
	}
	return result;
}

static enum trial_result check_slices(struct trial *trial)
{
	static const size_t sizes[] = {1, 13, 0};
	enum trial_result result = unfit(trial, true);
	for (size_t i = 0; i < DGM_COUNT(sizes) && result == TRIAL_GOOD; i++) {
		const struct trial_way way = {.chunk = sizes[i], .tight = true};
		result = compare(trial, head_of(trial, TRIAL_SAMPLE_MAX / 8), &way, "memory that ends with the window");
	}
	return result;
}

static enum trial_result check_truncation(struct trial *trial)
{
	enum trial_result result = unfit(trial, true);
	const struct dgm_str head = head_of(trial, TRIAL_SAMPLE_MAX);
	for (size_t len = 0; len <= head.len && result == TRIAL_GOOD; len += len < TRUNCATIONS ? 1 : 509) {
		char *text = trial_read(trial, dgm_str_take(head, len), &whole, NULL);
		if (!text)
			result = TRIAL_FAULT;
		free(text);
	}
	return result;
}

/* A few changes each: most of the file stays what the plugin knows. */
static void spoil(struct trial *trial, char *bytes, size_t len)
{
	static const char signs[] = "<>{}[]\",;:=\n\r\\ #&\0\xff\x80\xf8";
	for (uint32_t i = trial_random(trial, 8) + 1; i > 0 && len; i--) {
		const size_t at = trial_random(trial, (uint32_t)len);
		const size_t from = trial_random(trial, (uint32_t)len);
		const size_t most = len - (at > from ? at : from);
		switch (trial_random(trial, 3)) {
		case 0:
			bytes[at] = (char)trial_random(trial, 256);
			break;
		case 1:
			bytes[at] = signs[trial_random(trial, sizeof signs - 1)];
			break;
		default:
			memmove(bytes + at, bytes + from, most < 64 ? most : 64);
			break;
		}
	}
}

static enum trial_result check_hostile(struct trial *trial)
{
	enum trial_result result = unfit(trial, false);
	char bytes[2048];
	for (unsigned i = 0; i < HOSTILE_ROUNDS && result == TRIAL_GOOD; i++) {
		size_t len = trial->sample.len < sizeof bytes ? trial->sample.len : sizeof bytes;
		if (len == 0 || i % 4 == 3) {
			len = trial_random(trial, sizeof bytes);
			for (size_t k = 0; k < len; k++)
				bytes[k] = (char)trial_random(trial, 256);
		} else {
			memcpy(bytes, trial->sample.ptr, len);
			spoil(trial, bytes, len);
		}
		const struct trial_way way = {.chunk = i % 2 ? 17 : 0};
		char *text = trial_read(trial, dgm_str_of(bytes, len), &way, NULL);
		if (!text)
			result = TRIAL_FAULT;
		free(text);
	}
	return result;
}

static enum trial_result check_broken_input(struct trial *trial)
{
	enum trial_result result = unfit(trial, true);
	const struct dgm_str head = head_of(trial, 2048);
	for (size_t at = 1; at <= head.len && result == TRIAL_GOOD; at += 1 + at / 16) {
		int32_t last;
		const struct trial_way way = {.chunk = 16, .break_at = at};
		struct trial_reader *reader = trial_reader_open(trial, head, &way);
		/* Who failed in opening has nothing to close. */
		const bool opened = trial_reader_opened(reader), ended = run_to_end(reader, head.len, &last);
		if (opened && (!ended || last != DGM_FATAL) && at < head.len)
			result = trial_fault(trial,
				"input breaks off at byte %zu, and reader_next does not return DGM_FATAL", at);
		free(trial_reader_close(reader, NULL));
	}
	return result;
}

static enum trial_result check_interleaved(struct trial *trial)
{
	if (unfit(trial, true))
		return TRIAL_SKIPPED;
	const struct dgm_str head = head_of(trial, TRIAL_SAMPLE_MAX);
	const struct trial_way small = {.chunk = 5};
	char *expected = trial_read(trial, head, &whole, NULL);
	if (!expected)
		return TRIAL_FAULT;
	struct trial_reader *one = trial_reader_open(trial, head, &whole);
	struct trial_reader *two = trial_reader_open(trial, head, &small);
	int32_t last_one = DGM_OK, last_two = DGM_OK;
	/* The second lags behind by a record. */
	trial_reader_step(one);
	for (size_t i = 0; i < 2 * head.len + 64 && (last_one >= DGM_BAD || last_two >= DGM_BAD); i++) {
		last_two = last_two == DGM_END || last_two == DGM_FATAL ? DGM_FATAL : trial_reader_step(two);
		last_one = last_one == DGM_END || last_one == DGM_FATAL ? DGM_FATAL : trial_reader_step(one);
	}
	char *text_one = trial_reader_close(one, NULL), *text_two = trial_reader_close(two, NULL);
	/* The first may have made its step behind the end: what was said before is what counts. */
	const bool same = strncmp(text_one, expected, strlen(expected)) == 0 && strcmp(text_two, expected) == 0;
	free(text_one);
	free(text_two);
	free(expected);
	return same ? TRIAL_GOOD : trial_fault(trial, "two instances at once do not give what each gives alone");
}

struct at_work {
	struct trial trial;
	char *text;
};

static void *work(void *opaque)
{
	struct at_work *at_work = opaque;
	for (unsigned i = 0; i < 4; i++) {
		free(at_work->text);
		at_work->text = trial_read(&at_work->trial, head_of(&at_work->trial, TRIAL_SAMPLE_MAX), &whole, NULL);
	}
	return NULL;
}

static enum trial_result check_threads(struct trial *trial)
{
	if (unfit(trial, true))
		return TRIAL_SKIPPED;
	char *expected = trial_read(trial, head_of(trial, TRIAL_SAMPLE_MAX), &whole, NULL);
	if (!expected)
		return TRIAL_FAULT;
	struct at_work workers[THREADS];
	pthread_t threads[THREADS];
	unsigned started = 0;
	bool same = true;
	for (; started < THREADS; started++) {
		workers[started] = (struct at_work){.trial = *trial};
		if (pthread_create(&threads[started], NULL, work, &workers[started]) != 0)
			break;
	}
	for (unsigned i = 0; i < started; i++) {
		pthread_join(threads[i], NULL);
		same = same && workers[i].text && strcmp(workers[i].text, expected) == 0;
		free(workers[i].text);
	}
	free(expected);
	return same ? TRIAL_GOOD : trial_fault(trial, "instances in several threads do not give what one gives alone");
}

static enum trial_result check_ages(struct trial *trial)
{
	const struct trial_way older = {.age = -1}, newer = {.age = 1};
	enum trial_result result = unfit(trial, true);
	if (result == TRIAL_GOOD)
		result = compare(trial, trial->sample, &older, "a host of the first release");
	return result == TRIAL_GOOD ? compare(trial, trial->sample, &newer, "a host of the future") : result;
}

static enum trial_result check_locales(struct trial *trial)
{
	static const char *const names[] = {"C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", "ar_SA.UTF-8", "fa_IR",
		"ru_RU.KOI8-R", "en_US.UTF-8", "fr_FR.UTF-8"};
	if (unfit(trial, true))
		return TRIAL_SKIPPED;
	char *expected = trial_read(trial, trial->sample, &whole, NULL);
	enum trial_result result = expected ? TRIAL_GOOD : TRIAL_FAULT;
	for (size_t i = 0; i < DGM_COUNT(names) && result == TRIAL_GOOD; i++) {
		if (!setlocale(LC_ALL, names[i]))
			continue;
		char *text = trial_read(trial, trial->sample, &whole, NULL);
		const char *now = setlocale(LC_ALL, NULL);
		if (!text || strcmp(text, expected) != 0)
			result = trial_fault(trial, "the locale %s changes what is read", names[i]);
		else if (!now || strcmp(now, names[i]) != 0)
			result = trial_fault(trial, "it changes the locale");
		free(text);
	}
	setlocale(LC_ALL, "C");
	free(expected);
	return result;
}

static size_t count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t count = 0;
	while (dir && readdir(dir))
		count++;
	if (dir)
		closedir(dir);
	return count;
}

/* Everything that a reader does: whole, cut off and broken. */
static void use_reader(struct trial *trial)
{
	const struct dgm_str head = head_of(trial, 4096);
	const struct trial_way broken = {.break_at = head.len / 2 + 1};
	free(trial_read(trial, head, &whole, NULL));
	free(trial_read(trial, dgm_str_take(head, head.len / 3), &whole, NULL));
	free(trial_read(trial, head, &broken, NULL));
}

static enum trial_result check_descriptors(struct trial *trial)
{
	if (unfit(trial, false))
		return TRIAL_SKIPPED;
	use_reader(trial);
	const size_t before = count_descriptors();
	for (unsigned i = 0; i < 4; i++)
		use_reader(trial);
	const size_t behind = count_descriptors();
	*trial->why = '\0';
	return behind == before ? TRIAL_GOOD
				: trial_fault(trial, "descriptors are left open (%zu more)", behind - before);
}

static enum trial_result check_memory(struct trial *trial)
{
	if (unfit(trial, false))
		return TRIAL_SKIPPED;
	/* What a library makes once, and what malloc keeps at hand, is no leak. */
	for (unsigned i = 0; i < CYCLES; i++)
		use_reader(trial);
	const size_t before = mallinfo2().uordblks;
	for (unsigned i = 0; i < CYCLES; i++)
		use_reader(trial);
	const size_t behind = mallinfo2().uordblks;
	*trial->why = '\0';
	/* A cycle has three readers; anything that each of them leaves is more than this. */
	return behind <= before + CYCLES * 2 * 8
		? TRIAL_GOOD
		: trial_fault(trial, "%zu bytes are never given back, by about %d readers", behind - before,
			  CYCLES * 3);
}

/* --- parts --- */

/* The marks that a scout sets; how many of its records are behind the last one is in the one behind it. */
static size_t find_marks(struct trial *trial, struct dgm_mark marks[MARKS_MAX + 1], int32_t *ret_last)
{
	struct trial_reader *scout = trial_reader_open(trial, head_of(trial, TRIAL_SAMPLE_MAX), &whole);
	size_t count = 0;
	*ret_last = trial_reader_opened(scout) ? DGM_OK : DGM_FATAL;
	while (*ret_last == DGM_OK && count < MARKS_MAX) {
		*ret_last = trial_reader_skip(scout, 100, &marks[count]);
		count += *ret_last == DGM_OK;
	}
	free(trial_reader_close(scout, NULL));
	return count;
}

/* One reader reads the parts in their order: what it gives is what is given without parts. */
static enum trial_result check_parts(struct trial *trial)
{
	if (unfit(trial, true))
		return TRIAL_SKIPPED;
	if (!trial->plugin->reader_skip || !trial->plugin->reader_resume)
		return trial_skip(trial, "it does not offer parts");
	struct dgm_mark marks[MARKS_MAX + 1];
	int32_t last;
	const size_t count = find_marks(trial, marks, &last);
	if (count < 2 || last < DGM_OK)
		return trial_skip(trial, "it sets no marks in this sample");
	char *expected = trial_read(trial, head_of(trial, TRIAL_SAMPLE_MAX), &whole, NULL);
	if (!expected)
		return TRIAL_FAULT;
	enum trial_result result = TRIAL_GOOD;
	struct trial_reader *reader = trial_reader_open(trial, head_of(trial, TRIAL_SAMPLE_MAX), &whole);
	for (size_t part = 0; part <= count && result == TRIAL_GOOD; part++) {
		if (part && trial_reader_resume(reader, &marks[part - 1]) != DGM_OK)
			result = trial_fault(trial, "reader_resume does not go on at mark %zu", part);
		const uint64_t records = part < count ? marks[part].records : UINT64_MAX;
		int32_t step = DGM_OK;
		for (uint64_t i = 0; i < records && i < trial->sample.len + 64 && result == TRIAL_GOOD &&
			step <= DGM_OK && step != DGM_FATAL;
			i++)
			step = trial_reader_step(reader);
	}
	char *text = trial_reader_close(reader, NULL);
	/* A sample of many parts is compared as far as marks were kept. */
	if (result == TRIAL_GOOD && strcmp(text, expected) != 0)
		result = trial_fault(trial, "parts give something else than the whole");
	free(text);
	free(expected);
	return result;
}

/* --- globals --- */

struct segments {
	const struct trial *trial;
	ElfW(Addr) address; /* of the plugin's entry point */
	const char *start[8];
	size_t size[8];
	unsigned count;
};

static int find_segments(struct dl_phdr_info *info, size_t size, void *opaque)
{
	struct segments *segments = opaque;
	ElfW(Addr) sealed = 0, sealed_end = 0;
	bool ours = false;
	(void)size;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *head = &info->dlpi_phdr[i];
		const ElfW(Addr) start = info->dlpi_addr + head->p_vaddr;
		ours = ours ||
			(head->p_type == PT_LOAD && segments->address >= start &&
				segments->address < start + head->p_memsz);
		if (head->p_type == PT_GNU_RELRO) {
			sealed = start;
			sealed_end = start + head->p_memsz;
		}
	}
	for (unsigned i = 0; ours && i < info->dlpi_phnum && segments->count < DGM_COUNT(segments->start); i++) {
		const ElfW(Phdr) *head = &info->dlpi_phdr[i];
		const ElfW(Addr) from = info->dlpi_addr + head->p_vaddr, end = from + head->p_memsz;
		const ElfW(Addr) start = from >= sealed && from < sealed_end ? sealed_end : from;
		if (head->p_type != PT_LOAD || !(head->p_flags & PF_W) || start >= end)
			continue;
		memcpy(&segments->start[segments->count], &start, sizeof start);
		segments->size[segments->count++] = end - start;
	}
	return ours;
}

static enum trial_result check_globals(struct trial *trial)
{
	if (unfit(trial, true))
		return TRIAL_SKIPPED;
#if defined(__SANITIZE_ADDRESS__)
	return trial_skip(trial, "sanitizers keep accounts there");
#endif
	struct segments segments = {.trial = trial};
	char *copies[8] = {0};
	memcpy(&segments.address, &trial->entry, sizeof segments.address);
	dl_iterate_phdr(find_segments, &segments);
	for (unsigned i = 0; i < segments.count; i++) {
		copies[i] = dgm_xmalloc(segments.size[i]);
		memcpy(copies[i], segments.start[i], segments.size[i]);
	}
	use_reader(trial);
	bool same = true;
	for (unsigned i = 0; i < segments.count; i++) {
		same = same && memcmp(copies[i], segments.start[i], segments.size[i]) == 0;
		free(copies[i]);
	}
	*trial->why = '\0';
	return same ? TRIAL_GOOD : trial_fault(trial, "it has global variables that change while it reads");
}

const struct trial_check trial_reading_checks[] = {
	{"sample", check_sample, "the sample is read, and records are what the interface says"},
	{"open-close", check_open_close, "an instance can be closed at any time"},
	{"same-twice", check_same_twice, "the same bytes give the same records"},
	{"chunks", check_chunks, "how the input is cut makes no difference"},
	{"slices", check_slices, "nothing is read outside of the window that peek showed last"},
	{"truncation", check_truncation, "an input that ends anywhere is read or refused with a word"},
	{"hostile", check_hostile, "so is any other"},
	{"broken-input", check_broken_input, "an input that breaks off ends the stream, and close comes behind"},
	{"interleaved", check_interleaved, "two instances know nothing of each other"},
	{"threads", check_threads, "nor do instances in several threads"},
	{"globals", check_globals, "no global variable changes"},
	{"parts", check_parts, "what is read in parts, between marks, is what is read as a whole"},
	{"host-ages", check_ages, "hosts of the first release and of the future give the same"},
	{"locales", check_locales, "the locale makes no difference, and stays"},
	{"descriptors", check_descriptors, "no descriptor is left open"},
	{"memory", check_memory, "what was allocated is given back"},
};
const size_t trial_reading_check_count = DGM_COUNT(trial_reading_checks);
