/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trials of a plugin: each check opens instances of it the way a host may, with inputs and outputs of our own that show
 * what a careless plugin does. Nothing is asked of a plugin that dragoman-plugin(3) does not ask.
 */
#ifndef DGM_CLI_TRIAL_H
#define DGM_CLI_TRIAL_H

#include <stdio.h>

#include "host/job.h"
#include "host/loader.h"
#include "host/options.h"
#include "io/output.h"

enum {
	TRIAL_PATHS_MAX = 8,
	TRIAL_OPTIONS_MAX = 32,
	TRIAL_COLUMNS = 5,        /* of generated records */
	TRIAL_SAMPLE_MAX = 65536, /* bytes of a sample that checks with a pass per byte look at */
};

enum trial_result {
	TRIAL_GOOD,
	TRIAL_FAULT,
	TRIAL_SKIPPED,
};

/* What is tried. The upper half is given, the lower one made in the process that runs a check. */
struct trial {
	struct dgm_str file, folder, id;
	struct dgm_str sample;
	bool given_sample;
	struct dgm_option_given options[TRIAL_OPTIONS_MAX];
	size_t option_count;
	struct dgm_str paths[TRIAL_PATHS_MAX];
	size_t path_count;
	uint64_t seed;
	/* */
	struct dgm_search *search;
	const struct dgm_plugin *plugin; /* as the host knows it */
	const struct dgm_plugin *(*entry)(uint32_t index);
	void *config;
	uint64_t random;
	char why[256];
};

struct trial_check {
	const char *name;
	enum trial_result (*run)(struct trial *trial);
	const char *what; /* what a sound plugin does */
};

extern const struct trial_check trial_checks[];
extern const size_t trial_check_count;
extern const struct trial_check trial_reading_checks[], trial_writing_checks[];
extern const size_t trial_reading_check_count, trial_writing_check_count;

enum trial_result trial_fault(struct trial *trial, const char *format, ...) __attribute__((format(printf, 2, 3)));
enum trial_result trial_skip(struct trial *trial, const char *format, ...) __attribute__((format(printf, 2, 3)));
uint32_t trial_random(struct trial *trial, uint32_t below);

/* Loads the plugin, fills its config and finds a sample, if it can write one. false: trial->why says why. */
bool trial_load(struct trial *trial);
void trial_unload(struct trial *trial);

/* How an input is shown to a reader. */
struct trial_way {
	size_t chunk;    /* bytes shown beyond what is asked for; 0: all there are */
	size_t break_at; /* reading breaks there; 0: never */
	bool tight;      /* each window ends where memory ends, and the one before is gone */
	int age;         /* of the host table: -1 the first release's, 0 ours, 1 one of the future */
};

/* One reader at work; what it says and gives is written down. */
struct trial_reader;
struct trial_reader *trial_reader_open(struct trial *trial, struct dgm_str bytes, const struct trial_way *way);
/* What reader_next returned, or DGM_FATAL for an instance that was not opened. */
int32_t trial_reader_step(struct trial_reader *reader);
/* Closes it; free() the text. ret_records: of DGM_OK, NULL is allowed. */
char *trial_reader_close(struct trial_reader *reader, uint64_t *ret_records);
/* reader_skip, without a word of what is passed by; reader_resume at such a mark. */
int32_t trial_reader_skip(struct trial_reader *reader, uint64_t bytes, struct dgm_mark *ret_mark);
int32_t trial_reader_resume(struct trial_reader *reader, const struct dgm_mark *mark);
/* The values that it has given so far, "key=text" a line each. */
const char *trial_reader_values(struct trial_reader *reader);
/* What is wrong with what it gave, or NULL. */
const char *trial_reader_misuse(const struct trial_reader *reader);
bool trial_reader_opened(const struct trial_reader *reader);
/* Reads to the end; NULL and trial->why where it does not come to one, or gives what it may not. free() the text. */
char *trial_read(struct trial *trial, struct dgm_str bytes, const struct trial_way *way, uint64_t *ret_records);

/* A writer at work. limit: bytes that the output takes; the rest is lost without a word, as after an error. */
struct trial_writer;
struct trial_writer *trial_writer_open(struct trial *trial, uint64_t limit, int age);
bool trial_writer_opened(const struct trial_writer *writer);
/* A record of so many generated values. nested: with groups that a table cannot hold. */
int32_t trial_writer_put(struct trial_writer *writer, uint64_t seed, bool nested);
int32_t trial_writer_finish(struct trial_writer *writer);
uint64_t trial_writer_size(const struct trial_writer *writer);
bool trial_writer_reported(const struct trial_writer *writer);
/* ret_bytes: free() ptr; NULL is allowed. expected: what a reader should make of it, one value a line; free() it. */
void trial_writer_close(struct trial_writer *writer, struct dgm_str *ret_bytes, char **ret_expected);

/* Mapped memory whose last byte is followed by none. */
struct trial_fence {
	char *start;
	size_t size, page;
};

struct trial_fence trial_fence_new(size_t size);
char *trial_fence_put(const struct trial_fence *fence, struct dgm_str bytes);
void trial_fence_free(struct trial_fence *fence);

#endif
