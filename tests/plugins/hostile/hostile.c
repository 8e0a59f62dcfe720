/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plugins that misbehave, one for each way to be refused: the build compiles this file once per case, with ID (the file's
 * name) and one CASE_… defined. CASE_SOUND is the one all others differ from in a single respect.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>

#include <dragoman/plugin.h>

struct config {
	uint64_t number;
	struct dgm_str text;
};

static const struct dgm_option options[] = {
#if defined(CASE_OPTION_OUTSIDE)
	{"number", "1", NULL, "a number", DGM_OPTION_UINT, sizeof(struct config)},
#elif defined(CASE_OPTION_DEFAULT)
	{"number", "many", NULL, "a number", DGM_OPTION_UINT, 0},
#elif defined(CASE_OPTION_KIND)
	{"number", "1", NULL, "a number", 77, 0},
#else
	{"number", "1", NULL, "a number", DGM_OPTION_UINT, 0},
#endif
	{"text", "", NULL, "a text", DGM_OPTION_TEXT, 8},
};

#if defined(CASE_UNDEFINED_SYMBOL)
int32_t hostile_nobody_has_this(void);
#endif

static int32_t reader_open(const struct dgm_open *open, void **ret_reader)
{
	(void)open;
	*ret_reader = NULL;
#if defined(CASE_UNDEFINED_SYMBOL)
	return hostile_nobody_has_this(); /* a call, which a lazy loader would bind when it is too late */
#else
	return DGM_OK;
#endif
}

static int32_t reader_next(void *reader, struct dgm_record *record)
{
	(void)reader;
	(void)record;
#if defined(CASE_SILENT)
	return DGM_FATAL; /* and does not say why */
#else
	return DGM_END;
#endif
}

static void reader_close(void *reader)
{
	(void)reader;
}

#if defined(CASE_HALF_WRITER)
static int32_t writer_finish(void *writer)
{
	(void)writer;
	return DGM_OK;
}
#endif

/* A plugin of the future: the struct has grown at its end. */
struct grown {
	struct dgm_plugin plugin;
	int32_t (*something_new)(void *reader);
	uint64_t flags;
};

#if defined(CASE_SIZE_ZERO)
#define SIZE 0
#elif defined(CASE_SIZE_SHORT)
/* The last member of the first release is missing. */
#define SIZE offsetof(struct dgm_plugin, writer_close)
#elif defined(CASE_SIZE_HUGE)
#define SIZE 0xffffffffu
#elif defined(CASE_LARGER)
#define SIZE sizeof(struct grown)
#else
#define SIZE sizeof(struct dgm_plugin)
#endif

static const struct grown first = {
	.plugin =
		{
			.struct_size = SIZE,
#if defined(CASE_LARGER)
			.abi_minor = 7,
#else
			.abi_minor = DGM_ABI_MINOR,
#endif
#if defined(CASE_WRONG_ID)
			.id = "somebody-else",
#elif !defined(CASE_NO_ID)
			.id = ID,
#endif
#if !defined(CASE_NO_VERSION)
			.version = "1.0",
#endif
#if defined(CASE_TWO_LINES)
			.summary = "says more than\none line",
#else
			.summary = "a plugin for the tests of the loader",
#endif
#if !defined(CASE_OPTION_NO_TABLE)
			.options = options,
#endif
#if defined(CASE_OPTION_COUNT)
			.option_count = 4000000000u,
#else
			.option_count = 2,
#endif
			.config_size = sizeof(struct config),
#if !defined(CASE_NO_CALLBACKS)
			.reader_open = reader_open,
#if !defined(CASE_HALF_READER)
			.reader_next = reader_next,
#endif
			.reader_close = reader_close,
#endif
#if defined(CASE_HALF_WRITER)
			.writer_finish = writer_finish,
#endif
		},
	.flags = 1,
};

/* The others of the file. */
static const struct dgm_plugin second = {
	.struct_size = sizeof(struct dgm_plugin),
	.abi_minor = DGM_ABI_MINOR,
#if defined(CASE_SECOND_WRONG_ID)
	.id = "csv",
#else
	.id = ID "-second",
#endif
	.version = "2.0",
	.summary = "another one of the same file",
	.reader_open = reader_open,
	.reader_next = reader_next,
	.reader_close = reader_close,
};

#if defined(CASE_CONSTRUCTOR)
/* Shows whether a look at the file was enough to run it. */
__attribute__((constructor)) static void run_too_early(void)
{
	setenv("DRAGOMAN_TEST_CONSTRUCTOR", "ran", 1);
}
#endif

#if defined(CASE_OTHER_MAJOR)
#define ENTRY dragoman_plugin_v2
#elif defined(CASE_NO_ENTRY)
#define ENTRY some_other_function
#else
#define ENTRY dragoman_plugin_v1
#endif
DGM_EXPORT const struct dgm_plugin *ENTRY(uint32_t index);

const struct dgm_plugin *ENTRY(uint32_t index)
{
#if defined(CASE_ENTRY_NULL)
	return index > 0 ? &second : NULL;
#elif defined(CASE_ENDLESS)
	(void)index;
	return index == 0 ? &first.plugin : &second;
#else
	return index == 0 ? &first.plugin : index == 1 ? &second : NULL;
#endif
}
