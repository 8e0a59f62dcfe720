/* SPDX-License-Identifier: Apache-2.0 */
/* Without a name, so that nothing stays behind whatever happens. */
#define _GNU_SOURCE
#include "io/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int dgm_spool_open(void)
{
	static const char *const folders[] = {"/var/tmp", "/tmp"};
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		const int fd = open(folders[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
		if (fd >= 0)
			return fd;
	}
	return memfd_create("dragoman", MFD_CLOEXEC);
}

bool dgm_spool_write(int fd, struct dgm_str bytes)
{
	while (bytes.len) {
		const ssize_t put = write(fd, bytes.ptr, bytes.len);
		if (put < 0 && errno != EINTR)
			return false;
		bytes = dgm_str_skip(bytes, put < 0 ? 0 : (size_t)put);
	}
	return true;
}

bool dgm_spool_read(int fd, uint64_t offset, char *buffer, size_t n, size_t *ret_n)
{
	size_t done = 0;
	while (done < n) {
		const ssize_t got = pread(fd, buffer + done, n - done, (off_t)(offset + done));
		if (got < 0 && errno != EINTR)
			return false;
		if (got == 0)
			break;
		done += got < 0 ? 0 : (size_t)got;
	}
	*ret_n = done;
	return true;
}
