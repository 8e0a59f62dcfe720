/* SPDX-License-Identifier: Apache-2.0 */
/* What most commands start with: the search paths and the catalogue of definitions; and opening and naming an input. */
#ifndef DGM_CLI_SESSION_H
#define DGM_CLI_SESSION_H

#include "args.h"
#include "host/catalog.h"
#include "host/loader.h"
#include "io/input.h"

struct cli_session {
	struct dgm_search *plugins, *formats;
	struct dgm_catalog *catalog;
};

/* 0, or an exit status after a message. */
int cli_session_open(struct cli_session *session);
/*
 * Parses a command line (see cli_parse) and opens a session. Returns the index of the first operand with *ret_status 0,
 * or -1 where the run is over and *ret_status is its exit status.
 */
int cli_begin(const struct cli_command *command, int argc, char **argv,
	bool (*take)(void *context, int id, const char *value), void *context, struct cli_session *session,
	int *ret_status);
void cli_session_close(struct cli_session *session);

/* A format by id; NULL after a message, *ret_exit is then CLI_USAGE (no such format) or CLI_PLUGIN (unusable). */
const struct dgm_format *cli_format(struct cli_session *session, const char *id, int *ret_exit);

/* Opens a file or "-"; NULL after a message. *ret_fd: to be closed by the caller, -1 for standard input. */
struct dgm_input *cli_open_input(const char *path, int *ret_fd);

/*
 * The entry that the first bytes of an input speak of; NULL after a message with the candidates. It opens nothing where
 * cli_session_sketch was called before.
 */
const struct dgm_entry *cli_recognise(struct cli_session *session, struct dgm_input *input);
void cli_session_sketch(struct cli_session *session);
/* Loads every definition, and every plugin that one of them names, for a process that will open nothing; says nothing. */
void cli_session_load(struct cli_session *session);

/* The format of an opened input by its first bytes; NULL after a message with the candidates. */
const struct dgm_format *cli_detect_input(struct cli_session *session, struct dgm_input *input);

/* Chooses the input's charset: the one given, or what its declaration and the definition say. 0, or -1 after a message. */
int cli_choose_charset(struct dgm_input *input, const struct dgm_format *format, const char *given);

#endif
