/* SPDX-License-Identifier: Apache-2.0 */
/* An input of a command, from its name to the point where it can be read: opened, recognised, its charset chosen. */
#ifndef DGM_CLI_SOURCE_H
#define DGM_CLI_SOURCE_H

#include "host/bundle.h"
#include "host/options.h"
#include "session.h"

/* What the command line says of its inputs. */
struct cli_source_options {
	const char *from;     /* a format's id; NULL: recognised by content */
	const char *encoding; /* NULL: what the input and the definition say */
	struct dgm_option_given options[32];
	size_t option_count;
	const char *only;                /* the member of a bundle that is wanted; NULL: all */
	struct dgm_bundle_limits limits; /* of bundles; all 0: the usual ones */
};

/* A file, or a bundle and the member of it that is to be read next. */
struct cli_source {
	struct dgm_input *input;
	const struct dgm_format *format;
	int fd;
	struct dgm_bundle *bundle; /* NULL: a file */
	struct dgm_input *archive; /* its bytes */
	bool broken;               /* it cannot be read to its end; reported */
	bool lent;                 /* the input is somebody else's */
	struct cli_session *session;
	const struct cli_source_options *options;
};

/* The options of every command that reads; ids beyond a command's own. The table's first row, and those further down. */
enum cli_source_option { CLI_SOURCE_FROM = 480, CLI_SOURCE_OPTION, CLI_SOURCE_ENCODING };
#define CLI_SOURCE_FROM_ROW                                                                                            \
	{                                                                                                              \
		CLI_SOURCE_FROM, 'f', "from", "FORMAT",                                                                \
			"format of the inputs; recognised by themselves where it is not given"                         \
	}
#define CLI_SOURCE_OPTION_ROW                                                                                          \
	{                                                                                                              \
		CLI_SOURCE_OPTION, 0, "from-option", "NAME=VALUE", "an option of the reading plugin"                   \
	}
#define CLI_SOURCE_ENCODING_ROW                                                                                        \
	{                                                                                                              \
		CLI_SOURCE_ENCODING, 0, "from-encoding", "NAME", "encoding of the inputs"                              \
	}

/* One of these options; false after a message for a value that is refused, and for another id. */
bool cli_source_take_option(struct cli_source_options *options, const char *command, int id, const char *value);

/* "NAME=N" of --bundle-limit; false after a message. */
bool cli_source_set_limit(struct cli_source_options *options, const char *command, const char *value);

/*
 * 0, or an exit status after a message; either way cli_source_close() releases. A bundle stands at the first of its members
 * that hold notices: cli_source_next() goes to the next, whatever became of the one before. path: of a file, or
 * "ARCHIVE:MEMBER" where there is no file of that name.
 */
int cli_source_open(struct cli_source *source, struct cli_session *session, const struct cli_source_options *options,
	const char *path);
/* The same of an open descriptor, which stays the caller's. name: for messages; digest: of what is read, or NULL. */
int cli_source_take(struct cli_source *source, struct cli_session *session, const struct cli_source_options *options,
	int fd, const char *name, struct dgm_digest *digest);
/* The same of an input, which stays the caller's. */
int cli_source_use(struct cli_source *source, struct cli_session *session, const struct cli_source_options *options,
	struct dgm_input *input);
/* A name as cli_source_open() takes it: the file, and the member that is wanted, or NULL; both may lie in the arena. */
const char *cli_source_split(const char *path, struct dgm_arena *arena, const char **ret_only);
/*
 * The next member of a bundle: 0, or an exit status after a message where it cannot be read. CLI_SOURCE_END behind the last
 * one, and for files.
 */
#define CLI_SOURCE_END (-1)
int cli_source_next(struct cli_source *source);
/* The file itself, be it a bundle or not. */
struct dgm_input *cli_source_file(const struct cli_source *source);
void cli_source_close(struct cli_source *source);

/* Whether the plugin of a format takes these options: 0 or an exit status. A wrong one is wrong use. */
int cli_check_options(struct cli_session *session, const struct dgm_format *format,
	const struct dgm_option_given *given, size_t count);

#endif
