/* SPDX-License-Identifier: Apache-2.0 */
/* A file of lines with sums. What the lines say is the batch's affair. */
#define _GNU_SOURCE
#include "batch/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* Read at once when a journal is opened. */
#define BLOCK (2 * DGM_LINE_MAX)

static int fail(const struct dgm_journal *journal, const char *code, const char *what, int error)
{
	dgm_diag_text(journal->diags, DGM_ERROR, code, journal->path, NULL, "%s: %s", what, strerrordesc_np(error));
	return -1;
}

static ssize_t read_at(int fd, char *to, size_t n, uint64_t offset)
{
	ssize_t got;
	do
		got = pread(fd, to, n, (off_t)offset);
	while (got < 0 && errno == EINTR);
	return got;
}

struct replay {
	struct dgm_journal *journal;
	void (*take)(void *context, uint64_t offset, struct dgm_str body);
	void *context;
	uint64_t damaged;
};

/* Takes the whole lines of a block that lies at `offset`; how many bytes that were. */
static size_t take_lines(struct replay *replay, struct dgm_str block, uint64_t offset)
{
	size_t used = 0;
	for (;;) {
		const struct dgm_str rest = dgm_str_skip(block, used);
		const size_t len = dgm_str_find(rest, DGM_STR("\n"));
		struct dgm_str body;
		if (len == rest.len)
			return used;
		if (dgm_line_check(dgm_str_take(rest, len), &body))
			replay->take(replay->context, offset + used, body);
		else
			replay->damaged++;
		used += len + 1;
	}
}

static int read_lines(struct replay *replay)
{
	struct dgm_journal *journal = replay->journal;
	char *block = dgm_xmalloc(BLOCK);
	uint64_t offset = 0;
	ssize_t got;
	while ((got = read_at(journal->fd, block, BLOCK, offset)) > 0) {
		const size_t used = take_lines(replay, dgm_str_of(block, (size_t)got), offset);
		if (used == 0 && (size_t)got < BLOCK)
			break; /* the end, in the middle of a line */
		/* A line that does not fit is none of ours. */
		offset += used ? used : (size_t)got;
		replay->damaged += used == 0;
	}
	const int error = errno;
	free(block);
	if (got < 0)
		return fail(journal, "journal-unusable", "cannot be read", error);
	journal->size = offset;
	return 0;
}

/* What stands behind the last line feed was being written when a run ended. */
static int cut_torn(struct dgm_journal *journal)
{
	const off_t end = lseek(journal->fd, 0, SEEK_END);
	if (end < 0)
		return fail(journal, "journal-unusable", "cannot be read", errno);
	if ((uint64_t)end == journal->size)
		return 0;
	if (ftruncate(journal->fd, (off_t)journal->size) != 0)
		return fail(journal, "journal-unusable", "its torn last line cannot be cut off", errno);
	dgm_diag_text(journal->diags, DGM_WARNING, "journal-torn", journal->path, NULL,
		"its last line was not whole and is dropped; that file is done again");
	return 0;
}

int dgm_journal_open(struct dgm_journal *journal, int folder, const char *name, struct dgm_str path,
	struct dgm_diag_sink *diags, void (*take)(void *context, uint64_t offset, struct dgm_str body), void *context)
{
	*journal = (struct dgm_journal){.path = path, .diags = diags};
	journal->fd = openat(folder, name, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (journal->fd < 0)
		return fail(journal, "journal-unusable", "cannot be opened", errno);
	struct replay replay = {.journal = journal, .take = take, .context = context};
	if (read_lines(&replay) != 0 || cut_torn(journal) != 0) {
		dgm_journal_close(journal);
		return -1;
	}
	if (replay.damaged)
		dgm_diag_text(diags, DGM_WARNING, "journal-damaged", path, NULL,
			"%llu line%s not as written and passed over; what they tell of is done again",
			(unsigned long long)replay.damaged, replay.damaged == 1 ? " is" : "s are");
	return 0;
}

int dgm_journal_add(struct dgm_journal *journal, struct dgm_str line, uint64_t *ret_offset)
{
	const uint64_t offset = journal->size;
	while (line.len) {
		const ssize_t n = write(journal->fd, line.ptr, line.len);
		if (n < 0 && errno != EINTR) {
			const int error = errno;
			/* So that what comes behind, if anything does, begins a line. */
			if (ftruncate(journal->fd, (off_t)offset) == 0)
				journal->size = offset;
			return fail(journal, "journal-write", "cannot be written", error);
		}
		if (n > 0) {
			line = dgm_str_skip(line, (size_t)n);
			journal->size += (size_t)n;
		}
	}
	journal->unsynced++;
	if (ret_offset)
		*ret_offset = offset;
	return 0;
}

int dgm_journal_sync(struct dgm_journal *journal)
{
	int result = 0;
	if (journal->unsynced == 0)
		return 0;
	do
		result = fsync(journal->fd);
	while (result < 0 && errno == EINTR);
	if (result < 0 && errno != EINVAL)
		return fail(journal, "journal-write", "cannot be written", errno);
	journal->unsynced = 0;
	return 0;
}

int dgm_journal_read(const struct dgm_journal *journal, uint64_t offset, struct dgm_arena *arena,
	struct dgm_str *ret_body)
{
	size_t room = 2048;
	for (;;) {
		char *bytes = dgm_arena_alloc(arena, room);
		const ssize_t got = read_at(journal->fd, bytes, room, offset);
		if (got <= 0)
			return fail(journal, "journal-unusable", "cannot be read", got < 0 ? errno : ENODATA);
		const struct dgm_str read = dgm_str_of(bytes, (size_t)got);
		const size_t len = dgm_str_find(read, DGM_STR("\n"));
		if (len < read.len) {
			if (dgm_line_check(dgm_str_take(read, len), ret_body))
				return 0;
			return fail(journal, "journal-unusable", "was changed meanwhile", EILSEQ);
		}
		if (room >= DGM_LINE_MAX)
			return fail(journal, "journal-unusable", "was changed meanwhile", EILSEQ);
		room = 2 * room < DGM_LINE_MAX ? 2 * room : DGM_LINE_MAX;
	}
}

void dgm_journal_close(struct dgm_journal *journal)
{
	if (journal->fd >= 0)
		close(journal->fd);
	journal->fd = -1;
}

int dgm_lock(int folder, const char *name, int *ret_fd)
{
	const int fd = openat(folder, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	if (fd < 0)
		return -1;
	/* Of the process, and not of the descriptor: workers that outlive it for a moment do not hold it. */
	if (fcntl(fd, F_SETLK, &lock) == 0) {
		*ret_fd = fd;
		return 0;
	}
	const int error = errno;
	close(fd);
	errno = error;
	return error == EACCES || error == EAGAIN ? 1 : -1;
}
