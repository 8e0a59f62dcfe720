/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody would try from inside the cage: one system call each, and what became of it. */
#ifndef DGM_CLI_PROBES_H
#define DGM_CLI_PROBES_H

#include <stddef.h>

/* The things that probes aim at. They exist, so that a probe that is not stopped succeeds. */
struct cli_probe_aims {
	const char *file, *folder; /* in a folder of the test's own */
	int other;                 /* a descriptor of a readable and writable file that the cage does not name */
	int parent;                /* the process that started the probe */
};

struct cli_probe {
	const char *name, *what;
	long call, arguments[6];
};

#define CLI_PROBES_MAX 96u
/* What they make. */
#define CLI_PROBE_NAME "/tmp/.dragoman-probe"

/* Fills the table; how many there are. */
size_t cli_probes(const struct cli_probe_aims *aims, struct cli_probe table[CLI_PROBES_MAX]);

#endif
