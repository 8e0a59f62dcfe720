/* SPDX-License-Identifier: Apache-2.0 */
/* The checks of a writer. */
#define _GNU_SOURCE
#include <malloc.h>
#include <stdlib.h>

#include "trial.h"

enum {
	RECORDS = 40,
	CYCLES = 40,
};

static enum trial_result unfit(struct trial *trial)
{
	return trial->plugin->writer_open ? TRIAL_GOOD : trial_skip(trial, "it has no writer");
}

/* Records into bytes; false and trial->why where that fails. A record that a syntax cannot hold may be refused. */
static bool write_all(struct trial *trial, int age, struct dgm_str *ret_bytes, char **ret_expected)
{
	struct trial_writer *writer = trial_writer_open(trial, UINT64_MAX, age);
	bool good = trial_writer_opened(writer);
	unsigned written = 0;
	if (!good)
		trial_fault(trial, "writer_open fails; --path says where records lie");
	for (unsigned i = 0; i < RECORDS && good; i++) {
		const int32_t result = trial_writer_put(writer, trial->seed + i, false);
		written += result == DGM_OK;
		good = result == DGM_OK || (result == DGM_BAD && trial_writer_reported(writer));
		if (!good)
			trial_fault(trial,
				result == DGM_BAD ? "writer_put refuses a record without a word" : "writer_put fails");
	}
	if (good && written == 0) {
		good = false;
		trial_fault(trial, "not one flat record of texts can be written");
	}
	if (good && trial_writer_finish(writer) != DGM_OK) {
		good = false;
		trial_fault(trial, "writer_finish fails");
	}
	trial_writer_close(writer, ret_bytes, ret_expected);
	return good;
}

static enum trial_result check_write_read(struct trial *trial)
{
	if (unfit(trial))
		return TRIAL_SKIPPED;
	if (!trial->plugin->reader_open)
		return trial_skip(trial, "it has no reader");
	struct dgm_str bytes = DGM_NOSTR;
	char *expected = NULL;
	enum trial_result result = write_all(trial, 0, &bytes, &expected) ? TRIAL_GOOD : TRIAL_FAULT;
	const struct trial_way whole = {0};
	struct trial_reader *reader = trial_reader_open(trial, bytes, &whole);
	for (size_t i = 0; i < 4 * RECORDS + 64 && result == TRIAL_GOOD; i++)
		if (trial_reader_step(reader) == DGM_END || !trial_reader_opened(reader))
			break;
	if (result == TRIAL_GOOD && strcmp(trial_reader_values(reader), expected) != 0)
		result = trial_fault(trial, "what was written is not read back as it was");
	free(trial_reader_close(reader, NULL));
	free(expected);
	free((char *)(uintptr_t)bytes.ptr);
	return result;
}

static enum trial_result compare(struct trial *trial, int age, const char *what)
{
	struct dgm_str one = DGM_NOSTR, two = DGM_NOSTR;
	const bool good = write_all(trial, 0, &one, NULL) && write_all(trial, age, &two, NULL);
	const bool same = dgm_str_eq(one, two);
	free((char *)(uintptr_t)one.ptr);
	free((char *)(uintptr_t)two.ptr);
	return !good   ? TRIAL_FAULT
		: same ? TRIAL_GOOD
		       : trial_fault(trial, "%s changes the bytes that are written", what);
}

static enum trial_result check_write_twice(struct trial *trial)
{
	return unfit(trial) ? TRIAL_SKIPPED : compare(trial, 0, "writing again");
}

static enum trial_result check_write_ages(struct trial *trial)
{
	if (unfit(trial))
		return TRIAL_SKIPPED;
	const enum trial_result result = compare(trial, -1, "a host of the first release");
	return result == TRIAL_GOOD ? compare(trial, 1, "a host of the future") : result;
}

/* The host sees errors of the output by itself; the plugin has only to come back from every call. */
static enum trial_result check_write_error(struct trial *trial)
{
	enum trial_result result = unfit(trial);
	for (uint64_t limit = 0; limit < 512 && result == TRIAL_GOOD; limit += 1 + limit / 8) {
		struct trial_writer *writer = trial_writer_open(trial, limit, 0);
		for (unsigned i = 0; i < 4 && trial_writer_opened(writer); i++) {
			const int32_t put = trial_writer_put(writer, trial->seed + i, false);
			if (put < DGM_FATAL || put > DGM_OK)
				result = trial_fault(trial, "writer_put returns a number that means nothing");
		}
		if (trial_writer_opened(writer))
			trial_writer_finish(writer);
		trial_writer_close(writer, NULL, NULL);
	}
	return result;
}

/* A record with a group in it is more than a table can hold. */
static enum trial_result check_whole_or_not(struct trial *trial)
{
	if (unfit(trial))
		return TRIAL_SKIPPED;
	struct trial_writer *writer = trial_writer_open(trial, UINT64_MAX, 0);
	enum trial_result result = trial_writer_opened(writer) ? TRIAL_GOOD : trial_fault(trial, "writer_open fails");
	for (unsigned i = 0; i < 4 && result == TRIAL_GOOD; i++) {
		trial_writer_put(writer, trial->seed + i, false);
		const uint64_t before = trial_writer_size(writer);
		const int32_t put = trial_writer_put(writer, trial->seed + 100 + i, true);
		if (put == DGM_BAD && trial_writer_size(writer) != before)
			result = trial_fault(trial, "a record that is refused was begun to be written");
		else if (put == DGM_BAD && !trial_writer_reported(writer))
			result = trial_fault(trial, "writer_put refuses a record without a word");
	}
	trial_writer_close(writer, NULL, NULL);
	return result;
}

static enum trial_result check_write_close(struct trial *trial)
{
	enum trial_result result = unfit(trial);
	for (unsigned records = 0; records < 3 && result == TRIAL_GOOD; records++) {
		struct trial_writer *writer = trial_writer_open(trial, UINT64_MAX, 0);
		if (!trial_writer_opened(writer))
			result = trial_fault(trial, "writer_open fails");
		for (unsigned i = 0; i < records && result == TRIAL_GOOD; i++)
			trial_writer_put(writer, trial->seed + i, false);
		trial_writer_close(writer, NULL, NULL);
	}
	return result;
}

static void use_writer(struct trial *trial)
{
	struct trial_writer *writer = trial_writer_open(trial, UINT64_MAX, 0);
	for (unsigned i = 0; i < 4 && trial_writer_opened(writer); i++)
		trial_writer_put(writer, trial->seed + i, i == 3);
	if (trial_writer_opened(writer))
		trial_writer_finish(writer);
	trial_writer_close(writer, NULL, NULL);
}

static enum trial_result check_write_memory(struct trial *trial)
{
	if (unfit(trial))
		return TRIAL_SKIPPED;
	for (unsigned i = 0; i < CYCLES; i++)
		use_writer(trial);
	const size_t before = mallinfo2().uordblks;
	for (unsigned i = 0; i < CYCLES; i++)
		use_writer(trial);
	const size_t behind = mallinfo2().uordblks;
	return behind <= before + CYCLES * 8 ? TRIAL_GOOD
					     : trial_fault(trial, "%zu bytes are never given back, by %u writers",
						       behind - before, (unsigned)CYCLES);
}

const struct trial_check trial_writing_checks[] = {
	{"write-read", check_write_read, "what is written is read back, whatever stands in it"},
	{"write-twice", check_write_twice, "the same records give the same bytes"},
	{"write-ages", check_write_ages, "hosts of the first release and of the future get the same bytes"},
	{"write-error", check_write_error, "an output that takes no more does no harm"},
	{"whole-or-not", check_whole_or_not, "a record is written whole, or refused with a word and not begun"},
	{"write-close", check_write_close, "a writer can be closed without having finished"},
	{"write-memory", check_write_memory, "what was allocated is given back"},
};
const size_t trial_writing_check_count = DGM_COUNT(trial_writing_checks);
