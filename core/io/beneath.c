/* SPDX-License-Identifier: Apache-2.0 */
/* openat2(2) where the kernel has it; else component by component, which is slower and comes to the same. */
#define _GNU_SOURCE
#include "io/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What openat2 would have done. */
static int walk(int root, const char *path, int flags)
{
	int at = root;
	char name[NAME_MAX + 1];
	if (*path == '/') {
		errno = EXDEV;
		return -1;
	}
	for (;;) {
		while (*path == '/')
			path++;
		const char *slash = strchrnul(path, '/');
		const size_t len = (size_t)(slash - path);
		const bool last = *slash == '\0';
		if (len > NAME_MAX || (len == 2 && path[0] == '.' && path[1] == '.')) {
			errno = len > NAME_MAX ? ENAMETOOLONG : EXDEV;
			break;
		}
		memcpy(name, path, len);
		name[len] = '\0';
		const int next =
			openat(at, len ? name : ".", O_CLOEXEC | O_NOFOLLOW | (last ? flags : O_PATH | O_DIRECTORY), 0);
		const int error = errno;
		if (at != root)
			close(at);
		errno = error;
		if (last || next < 0)
			return next;
		at = next;
		path = slash;
	}
	if (at != root)
		close(at);
	return -1;
}

int dgm_open_beneath(int root, const char *path, int flags)
{
	struct open_how how = {.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
	long fd;
	do
		fd = syscall(SYS_openat2, root, *path ? path : ".", &how, sizeof how);
	while (fd < 0 && (errno == EINTR || errno == EAGAIN));
	/* EPERM is what containers say of calls that they do not know. */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return walk(root, path, flags);
	return (int)fd;
}

/* The folder part of path, in buffer. NULL and errno where it is too long. */
static const char *folder_of(const char *path, char buffer[PATH_MAX], const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	const size_t len = slash ? (size_t)(slash - path) : 0;
	*ret_name = slash ? slash + 1 : path;
	if (len >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	memcpy(buffer, path, len);
	buffer[len] = '\0';
	return buffer;
}

int dgm_folder_beneath(int root, const char *path, const char **ret_name)
{
	char buffer[PATH_MAX];
	const char *folder = folder_of(path, buffer, ret_name);
	return folder ? dgm_open_beneath(root, folder, O_PATH | O_DIRECTORY) : -1;
}

/* A name in a folder that is not there when the power comes back would take all below it along. */
static int make_folder(int at, const char *name)
{
	if (mkdirat(at, name, 0700) != 0)
		return errno == EEXIST ? 0 : -1;
	const int fd = openat(at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == EACCES ? 0 : -1;
	int synced;
	do
		synced = fsync(fd);
	while (synced < 0 && errno == EINTR);
	const int error = errno;
	close(fd);
	errno = error;
	return synced == 0 || error == EINVAL ? 0 : -1;
}

int dgm_make_beneath(int root, const char *path, const char **ret_name)
{
	char buffer[PATH_MAX], *rest = buffer;
	if (!folder_of(path, buffer, ret_name))
		return -1;
	int at = dgm_open_beneath(root, buffer, O_PATH | O_DIRECTORY);
	if (at >= 0 || errno != ENOENT)
		return at;
	at = dgm_open_beneath(root, ".", O_PATH | O_DIRECTORY);
	while (at >= 0 && rest) {
		char *slash = strchr(rest, '/');
		if (slash)
			*slash = '\0';
		const int next = make_folder(at, rest) == 0 ? dgm_open_beneath(at, rest, O_PATH | O_DIRECTORY) : -1;
		const int error = errno;
		close(at);
		errno = error;
		at = next;
		rest = slash ? slash + 1 : NULL;
	}
	return at;
}
