/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replays inputs through a fuzz target without a fuzzer, so that every input that once found something stays in the
 * ordinary test suite. Arguments are files or folders of files; a folder that is not there is an empty one.
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	uint8_t *data = NULL;
	size_t size = 0, capacity = 0;
	for (;;) {
		if (size == capacity) {
			capacity = capacity ? capacity * 2 : 4096;
			uint8_t *larger = realloc(data, capacity);
			if (!larger)
				abort();
			data = larger;
		}
		const size_t n = fread(data + size, 1, capacity - size, file);
		if (n == 0)
			break;
		size += n;
	}
	const bool broken = ferror(file);
	fclose(file);
	if (broken) {
		fprintf(stderr, "%s: read error\n", path);
		free(data);
		return -1;
	}
	/* A block of the exact size, so that the address sanitizer sees a read one byte too far. */
	uint8_t *exact = malloc(size ? size : 1);
	if (!exact)
		abort();
	memcpy(exact, data, size);
	free(data);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	return 0;
}

static int replay_folder(const char *path, DIR *folder, unsigned *ret_count)
{
	int result = 0;
	for (const struct dirent *entry; (entry = readdir(folder));) {
		if (entry->d_name[0] == '.')
			continue;
		char name[4096];
		const int n = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		if (n < 0 || (size_t)n >= sizeof name || replay_file(name) < 0)
			result = -1;
		else
			++*ret_count;
	}
	return result;
}

int main(int argc, char **argv)
{
	int result = EXIT_SUCCESS;
	unsigned count = 1;
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++) {
		DIR *folder = opendir(argv[i]);
		if (folder) {
			if (replay_folder(argv[i], folder, &count) < 0)
				result = EXIT_FAILURE;
			closedir(folder);
		} else if (errno == ENOTDIR) {
			if (replay_file(argv[i]) < 0)
				result = EXIT_FAILURE;
			else
				count++;
		} else if (errno != ENOENT) {
			fprintf(stderr, "%s: %s\n", argv[i], strerror(errno));
			result = EXIT_FAILURE;
		}
	}
	printf("%u inputs\n", count);
	return result;
}
