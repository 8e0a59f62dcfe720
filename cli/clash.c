/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every output replaces what lies under its name, so it must be known beforehand that nothing else of the run lies there.
 * Names are compared by what they lead to; devices may be shared, except standard output, whose bytes would be mixed.
 */
#include "clash.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"

static bool is_dash(const char *path)
{
	return dgm_str_is(dgm_str(path), "-");
}

static bool same_inode(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* The folder that a name would be created in. */
static bool stat_folder(const char *path, struct stat *ret_folder)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	const size_t len = slash ? (size_t)(slash - path) + 1 : 0;
	if (len >= sizeof folder)
		return false;
	memcpy(folder, path, len);
	folder[len] = '\0';
	return stat(len ? folder : ".", ret_folder) == 0;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static bool same_output(const char *a, const char *b)
{
	struct stat at_a, at_b;
	if (is_dash(a) || is_dash(b))
		return is_dash(a) && is_dash(b);
	const bool a_exists = stat(a, &at_a) == 0, b_exists = stat(b, &at_b) == 0;
	if (a_exists != b_exists)
		return false;
	if (a_exists)
		return S_ISREG(at_a.st_mode) && same_inode(&at_a, &at_b);
	return strcmp(last_part(a), last_part(b)) == 0 && stat_folder(a, &at_a) && stat_folder(b, &at_b) &&
		same_inode(&at_a, &at_b);
}

static bool same_as_input(const char *output, const char *input)
{
	struct stat written, read;
	if (is_dash(output) || stat(output, &written) != 0 || !S_ISREG(written.st_mode))
		return false;
	return (is_dash(input) ? fstat(STDIN_FILENO, &read) : stat(input, &read)) == 0 && same_inode(&written, &read);
}

bool cli_clash(const char *const *outputs, size_t output_count, char *const *inputs, int input_count)
{
	for (size_t o = 0; o < output_count; o++) {
		for (size_t other = 0; outputs[o] && other < o; other++) {
			if (!outputs[other] || !same_output(outputs[o], outputs[other]))
				continue;
			dgm_diag_text(&cli_diags, DGM_ERROR, "output-twice", dgm_str(outputs[o]), NULL,
				"output, rejects and report are to go to the same place");
			return true;
		}
		for (int i = 0; outputs[o] && i < input_count; i++) {
			if (!same_as_input(outputs[o], inputs[i]))
				continue;
			dgm_diag_text(&cli_diags, DGM_ERROR, "output-is-input", dgm_str(inputs[i]), NULL,
				"is an input and would be replaced");
			return true;
		}
	}
	return false;
}
