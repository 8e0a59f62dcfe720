/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Temporary file, fsync, rename, fsync of the folder; and the list of temporary files that a signal handler can clear.
 * Folders are held by descriptor, so that a folder that is renamed meanwhile takes its output along.
 */
#define _GNU_SOURCE
#include "io/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/digest.h"

/* Outputs open at once in one process, also those of parallel jobs; 40 bytes each. */
#define PENDING_MAX 1024
/* With 62^6 names even a folder full of leftovers leaves no chance of this many clashes. */
#define NAME_ATTEMPTS 100
/* As the kernel counts when it follows links. */
#define LINKS_MAX 40

/* A temporary name that anything may have, and one that follows from the final name: half a SHA-256 is enough for that. */
#define TEMPORARY ".dragoman-XXXXXX.tmp"
#define TEMPORARY_OF ".dragoman-XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX.tmp"

enum { SLOT_FREE, SLOT_TAKEN, SLOT_LIVE };

/* A temporary file that is not published yet, in a form that a signal handler can use. */
struct pending {
	atomic_int state;
	int folder;
	pid_t owner; /* a forked child does not clear what is its parent's */
	char name[sizeof TEMPORARY_OF];
};

static struct pending pending_files[PENDING_MAX];

struct dgm_publish {
	int fd;
	int folder;              /* -1: written through, nothing to publish */
	int beside;              /* -1, or the folder of what somebody else publishes */
	struct pending *pending; /* NULL: written through, or published */
	bool overwrite;
	struct dgm_diag_sink *diags;
	struct dgm_str path;
	char *name; /* final, in folder */
};

static int report(struct dgm_diag_sink *diags, const char *code, struct dgm_str path, const char *what, int error)
{
	dgm_diag_text(diags, DGM_ERROR, code, path, NULL, "%s: %s", what, strerrordesc_np(error));
	return -error;
}

/* --- the list of temporary files ------------------------------------------------------------------------------ */

static struct pending *take_slot(void)
{
	for (size_t i = 0; i < PENDING_MAX; i++) {
		int free_slot = SLOT_FREE;
		if (atomic_compare_exchange_strong(&pending_files[i].state, &free_slot, SLOT_TAKEN))
			return &pending_files[i];
	}
	return NULL;
}

void dgm_publish_abandon_all(void)
{
	const int error = errno;
	const pid_t self = getpid();
	for (size_t i = 0; i < PENDING_MAX; i++) {
		struct pending *pending = &pending_files[i];
		if (atomic_load(&pending->state) == SLOT_LIVE && pending->owner == self)
			unlinkat(pending->folder, pending->name, 0);
	}
	errno = error;
}

static int random_name(char name[sizeof TEMPORARY])
{
	static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	uint64_t bits;
	if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits)
		return -1;
	memcpy(name, TEMPORARY, sizeof TEMPORARY);
	for (size_t i = 0; i < 6; i++, bits /= sizeof letters - 1)
		name[strlen(".dragoman-") + i] = letters[bits % (sizeof letters - 1)];
	return 0;
}

static void name_of(struct dgm_str final, char name[sizeof TEMPORARY_OF])
{
	struct dgm_digest digest;
	uint8_t sum[DGM_DIGEST_SIZE];
	char hex[DGM_DIGEST_HEX];
	dgm_digest_init(&digest);
	dgm_digest_add(&digest, final);
	dgm_digest_end(&digest, sum);
	dgm_digest_hex(sum, hex);
	memcpy(name, TEMPORARY_OF, sizeof TEMPORARY_OF);
	memcpy(name + strlen(".dragoman-"), hex, 32);
}

/*
 * A new file beside the final one, and where its name is listed. final: empty for any name, else the one whose temporary
 * file it is to be. -1 and errno.
 */
static int create_temporary(int folder, struct dgm_str final, struct pending **ret_pending)
{
	struct pending *pending = take_slot();
	if (!pending) {
		errno = EMFILE;
		return -1;
	}
	/* A signal between creating and listing would leave the file behind. */
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	int fd = -1, error = EEXIST;
	for (int attempt = 0; fd < 0 && error == EEXIST && attempt < NAME_ATTEMPTS; attempt++) {
		bool named = true;
		if (final.len) {
			name_of(final, pending->name);
			unlinkat(folder, pending->name, 0);
		} else {
			named = random_name(pending->name) == 0;
		}
		if (named)
			fd = openat(folder, pending->name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0600);
		error = errno;
		/* A umask takes rights away, even the owner's. */
		if (fd >= 0)
			fchmod(fd, 0600);
	}
	pending->folder = folder;
	pending->owner = getpid();
	atomic_store(&pending->state, fd < 0 ? SLOT_FREE : SLOT_LIVE);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = error;
	*ret_pending = pending;
	return fd;
}

/* --- where the final name leads ------------------------------------------------------------------------------- */

/* Follows symbolic links in the last component, also to names that do not exist. -1 and errno. */
static int follow_links(char path[PATH_MAX])
{
	for (int i = 0; i < LINKS_MAX; i++) {
		char target[PATH_MAX];
		const ssize_t n = readlink(path, target, sizeof target);
		if (n < 0)
			return errno == EINVAL || errno == ENOENT ? 0 : -1; /* no link, or no such file: arrived */
		const char *slash = strrchr(path, '/');
		const size_t keep = target[0] == '/' || !slash ? 0 : (size_t)(slash - path) + 1;
		if (n == 0 || keep + (size_t)n >= PATH_MAX) {
			errno = n ? ENAMETOOLONG : ENOENT;
			return -1;
		}
		memcpy(path + keep, target, (size_t)n);
		path[keep + (size_t)n] = '\0';
	}
	errno = ELOOP;
	return -1;
}

/* Splits path; opens the folder. -1 and errno. */
static int open_folder(char path[PATH_MAX], char **ret_name)
{
	char *slash = strrchr(path, '/');
	char *name = slash ? slash + 1 : path;
	if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
		errno = EISDIR;
		return -1;
	}
	const char *folder = ".";
	char root[] = "/";
	if (slash == path) {
		folder = root;
	} else if (slash) {
		*slash = '\0';
		folder = path;
	}
	*ret_name = name;
	return open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* A device, a pipe: bytes go where they go. */
static int open_through(const char *path)
{
	int fd;
	do
		fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	while (fd < 0 && errno == EINTR);
	return fd;
}

static struct dgm_publish *new_publish(struct dgm_str path, bool overwrite, struct dgm_diag_sink *diags)
{
	struct dgm_publish *publish = dgm_xcalloc(1, sizeof *publish + path.len);
	char *copy = (char *)(publish + 1);
	if (path.len)
		memcpy(copy, path.ptr, path.len);
	publish->path = dgm_str_of(copy, path.len);
	publish->fd = publish->folder = publish->beside = -1;
	publish->overwrite = overwrite;
	publish->diags = diags;
	return publish;
}

/* 0 or a negative errno after a diagnostic. */
static int open_target(struct dgm_publish *publish)
{
	char path[PATH_MAX];
	struct stat there, here;
	struct dgm_diag_sink *diags = publish->diags;
	const struct dgm_str shown = publish->path;
	if (dgm_str_is(shown, "-")) {
		publish->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
		return publish->fd < 0 ? report(diags, "output-open", shown, "standard output cannot be used", errno)
				       : 0;
	}
	if (shown.len == 0 || memchr(shown.ptr, '\0', shown.len))
		return report(diags, "output-open", shown, "no file name", EINVAL);
	if (shown.len >= PATH_MAX)
		return report(diags, "output-open", dgm_str_take(shown, 80), "cannot be created", ENAMETOOLONG);
	memcpy(path, shown.ptr, shown.len);
	path[shown.len] = '\0';

	const bool exists = stat(path, &there) == 0;
	if (!exists && errno != ENOENT)
		return report(diags, "output-open", shown, "cannot be created", errno);
	if (exists && S_ISDIR(there.st_mode))
		return report(diags, "output-open", shown, "cannot be created", EISDIR);
	if (exists && !S_ISREG(there.st_mode)) {
		publish->fd = open_through(path);
		return publish->fd < 0 ? report(diags, "output-open", shown, "cannot be written to", errno) : 0;
	}
	if (exists && !publish->overwrite)
		return report(diags, "output-exists", shown, "not replaced", EEXIST);
	if (follow_links(path) < 0)
		return report(diags, "output-open", shown, "cannot be created", errno);
	/* The links of /proc lead to a file, but their text need not name it. */
	if (exists && (lstat(path, &here) < 0 || here.st_dev != there.st_dev || here.st_ino != there.st_ino))
		return report(diags, "output-open", shown, "the file that the link stands for has no name", ENOENT);
	char *name;
	publish->folder = open_folder(path, &name);
	if (publish->folder < 0)
		return report(diags, "output-open", shown, "the folder cannot be opened", errno);
	publish->name = dgm_xmalloc(strlen(name) + 1);
	memcpy(publish->name, name, strlen(name) + 1);
	struct pending *pending = NULL;
	publish->fd = create_temporary(publish->folder, DGM_NOSTR, &pending);
	if (publish->fd < 0)
		return report(diags, "output-open", shown, "no file can be created in the folder", errno);
	publish->pending = pending;
	return 0;
}

struct dgm_publish *dgm_publish_open(struct dgm_str path, bool overwrite, struct dgm_diag_sink *diags)
{
	struct dgm_publish *publish = new_publish(path, overwrite, diags);
	if (open_target(publish) < 0) {
		dgm_publish_free(publish);
		return NULL;
	}
	return publish;
}

struct dgm_publish *dgm_publish_at(int folder, struct dgm_str name, struct dgm_str shown, struct dgm_diag_sink *diags)
{
	struct dgm_publish *publish = new_publish(shown, true, diags);
	struct pending *pending = NULL;
	publish->name = dgm_xmalloc(name.len + 1);
	memcpy(publish->name, name.ptr, name.len);
	publish->name[name.len] = '\0';
	publish->folder = fcntl(folder, F_DUPFD_CLOEXEC, 3);
	if (publish->folder >= 0)
		publish->fd = create_temporary(publish->folder, name, &pending);
	if (publish->fd < 0) {
		report(diags, "output-open", shown, "no file can be created in the folder", errno);
		dgm_publish_free(publish);
		return NULL;
	}
	publish->pending = pending;
	return publish;
}

bool dgm_publish_leftover(int folder, struct dgm_str name)
{
	char temporary[sizeof TEMPORARY_OF];
	name_of(name, temporary);
	return unlinkat(folder, temporary, 0) == 0;
}

struct dgm_publish *dgm_publish_fd_of(int fd, int folder, struct dgm_str shown, struct dgm_diag_sink *diags)
{
	struct dgm_publish *publish = new_publish(shown, true, diags);
	publish->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	publish->beside = folder < 0 ? -1 : fcntl(folder, F_DUPFD_CLOEXEC, 3);
	if (publish->fd >= 0)
		return publish;
	report(diags, "output-open", shown, "cannot be written to", errno);
	dgm_publish_free(publish);
	return NULL;
}

int dgm_publish_fd(const struct dgm_publish *publish)
{
	return publish->fd;
}

int dgm_publish_scratch(const struct dgm_publish *publish)
{
	const int folder = publish->folder < 0 ? publish->beside : publish->folder;
	if (folder < 0)
		return memfd_create("dragoman", MFD_CLOEXEC);
	const int fd = openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	/* NFS and FAT have no files without a name; older kernels say EISDIR. */
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
		return fd;
	struct pending *pending = NULL;
	const int named = create_temporary(folder, DGM_NOSTR, &pending);
	if (named >= 0) {
		unlinkat(folder, pending->name, 0);
		atomic_store(&pending->state, SLOT_FREE);
	}
	return named;
}

/* --- commit --------------------------------------------------------------------------------------------------- */

/* Some file systems (and pipes) have nothing to sync and say EINVAL. */
static int sync_fd(int fd)
{
	int result;
	do
		result = fsync(fd);
	while (result < 0 && errno == EINTR);
	return result < 0 && errno != EINVAL ? -1 : 0;
}

static int rename_temporary(const struct dgm_publish *publish)
{
	const int folder = publish->folder;
	const char *from = publish->pending->name, *to = publish->name;
	if (publish->overwrite)
		return renameat(folder, from, folder, to);
	if (renameat2(folder, from, folder, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	/* NFS has no such rename, but a link does not replace either. */
	if (linkat(folder, from, folder, to, 0) < 0)
		return -1;
	unlinkat(folder, from, 0);
	return 0;
}

static int sync_folder(int folder)
{
	const int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == EACCES ? 0 : -1; /* a folder one may write to but not list */
	const int result = sync_fd(fd);
	const int error = errno;
	close(fd);
	errno = error;
	return result;
}

int dgm_publish_rename(struct dgm_publish *publish)
{
	struct dgm_diag_sink *diags = publish->diags;
	/* On Linux the descriptor is gone even when close fails; EINTR says nothing about the bytes. */
	const int closed = close(publish->fd);
	int error = closed < 0 && errno != EINTR ? errno : 0;
	publish->fd = -1;
	if (error)
		return report(diags, "output-write", publish->path, "cannot be written", error);
	if (publish->folder < 0)
		return 0;
	if (rename_temporary(publish) < 0) {
		error = errno;
		return report(diags, error == EEXIST ? "output-exists" : "output-write", publish->path,
			error == EEXIST ? "not replaced" : "cannot be given its name", error);
	}
	atomic_store(&publish->pending->state, SLOT_FREE);
	publish->pending = NULL;
	return 0;
}

int dgm_publish_sync(int folder, struct dgm_str shown, struct dgm_diag_sink *diags)
{
	if (sync_folder(folder) == 0)
		return 0;
	return report(diags, "output-write", shown,
		"is in place, but a power cut could still undo that; its folder cannot be synced", errno);
}

int dgm_publish_commit(struct dgm_publish *publish)
{
	const bool through = publish->folder < 0;
	if (!through && sync_fd(publish->fd) < 0) {
		const int error = errno;
		close(publish->fd);
		publish->fd = -1;
		return report(publish->diags, "output-write", publish->path, "cannot be written", error);
	}
	const int result = dgm_publish_rename(publish);
	return result < 0 || through ? result : dgm_publish_sync(publish->folder, publish->path, publish->diags);
}

void dgm_publish_free(struct dgm_publish *publish)
{
	if (!publish)
		return;
	if (publish->fd >= 0)
		close(publish->fd);
	if (publish->pending) {
		unlinkat(publish->folder, publish->pending->name, 0);
		atomic_store(&publish->pending->state, SLOT_FREE);
	}
	if (publish->folder >= 0)
		close(publish->folder);
	if (publish->beside >= 0)
		close(publish->beside);
	free(publish->name);
	free(publish);
}
