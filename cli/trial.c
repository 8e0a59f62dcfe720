/* SPDX-License-Identifier: Apache-2.0 */
/* Trials: loading, and the checks of what a plugin says of itself and of its probe. */
#define _GNU_SOURCE
#include "trial.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PROBES = 400,       /* heads of random bytes */
	PROBE_SIZE = 512,   /* at most */
	ENTRIES_MAX = 1024, /* plugins of one file */
	SAMPLE_RECORDS = 12,
};

enum trial_result trial_fault(struct trial *trial, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(trial->why, sizeof trial->why, format, args);
	va_end(args);
	return TRIAL_FAULT;
}

enum trial_result trial_skip(struct trial *trial, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(trial->why, sizeof trial->why, format, args);
	va_end(args);
	return TRIAL_SKIPPED;
}

uint32_t trial_random(struct trial *trial, uint32_t below)
{
	trial->random = trial->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((trial->random >> 33) % below);
}

/* --- loading --- */

static void keep_first(void *context, const struct dgm_diag *diag)
{
	struct trial *trial = context;
	if (diag->severity >= DGM_ERROR && !*trial->why)
		snprintf(trial->why, sizeof trial->why, "%.*s", DGM_FMT(diag->text));
}

/* Where records lie, if nobody said: the first of these at which the plugin opens. */
static void find_path(struct trial *trial)
{
	static const char *const usual[] = {"", "list/record", "[]"};
	const struct trial_way way = {0};
	for (size_t i = 0; trial->path_count == 0 && i < DGM_COUNT(usual); i++) {
		trial->paths[0] = dgm_str(usual[i]);
		trial->path_count = 1;
		bool opened = true;
		if (trial->plugin->reader_open) {
			struct trial_reader *reader = trial_reader_open(trial, DGM_NOSTR, &way);
			opened = trial_reader_opened(reader);
			free(trial_reader_close(reader, NULL));
		}
		if (trial->plugin->writer_open && opened) {
			struct trial_writer *writer = trial_writer_open(trial, UINT64_MAX, 0);
			opened = trial_writer_opened(writer);
			trial_writer_close(writer, NULL, NULL);
		}
		if (!opened)
			trial->path_count = 0;
	}
	trial->path_count = trial->path_count ? trial->path_count : 1;
}

/* What the plugin itself writes is a sample of what it reads. */
static void make_sample(struct trial *trial)
{
	if (trial->given_sample || !trial->plugin->writer_open)
		return;
	struct trial_writer *writer = trial_writer_open(trial, UINT64_MAX, 0);
	for (unsigned i = 0; trial_writer_opened(writer) && i < SAMPLE_RECORDS; i++)
		trial_writer_put(writer, trial->seed + i, false);
	if (trial_writer_opened(writer))
		trial_writer_finish(writer);
	trial_writer_close(writer, &trial->sample, NULL);
}

bool trial_load(struct trial *trial)
{
	struct dgm_diag_sink sink = {.emit = keep_first, .context = trial};
	trial->random = trial->seed;
	trial->search = dgm_search_new(DGM_SEARCH_PLUGINS, &trial->folder, 1, &sink);
	const struct dgm_loaded *loaded = trial->search ? dgm_plugin_load(trial->search, trial->id, &sink) : NULL;
	if (!loaded)
		return false;
	void *handle = dlopen(trial->file.ptr, RTLD_NOW | RTLD_LOCAL);
	void *symbol = handle ? dlsym(handle, "dragoman_plugin_v1") : NULL;
	memcpy(&trial->entry, &symbol, sizeof symbol);
	trial->plugin = &loaded->plugin;
	trial->config = dgm_xcalloc(1, trial->plugin->config_size + 1);
	if (!symbol ||
		dgm_options_fill(trial->plugin->options, trial->plugin->option_count, trial->config,
			trial->plugin->config_size, trial->options, trial->option_count, DGM_STR("the plugin"),
			&sink) != 0)
		return false;
	find_path(trial);
	make_sample(trial);
	*trial->why = '\0';
	return true;
}

void trial_unload(struct trial *trial)
{
	free(trial->config);
	if (!trial->given_sample)
		free((char *)(uintptr_t)trial->sample.ptr);
	dgm_search_free(trial->search);
}

/* --- what it is --- */

/* A sound plugin got here. */
static enum trial_result check_loads(struct trial *trial)
{
	(void)trial;
	return TRIAL_GOOD;
}

/* The defined symbols of a mapped ELF file that others can see, beside the entry point; NULL: none. */
static const char *find_export(const char *map, size_t size)
{
	const ElfW(Ehdr) *head = (const void *)map;
	const ElfW(Shdr) *sections = (const void *)(map + head->e_shoff);
	if (head->e_shoff == 0 || head->e_shoff + head->e_shnum * sizeof *sections > size)
		return NULL;
	for (unsigned i = 0; i < head->e_shnum; i++) {
		if (sections[i].sh_type != SHT_DYNSYM || sections[i].sh_link >= head->e_shnum)
			continue;
		const ElfW(Sym) *symbols = (const void *)(map + sections[i].sh_offset);
		const char *names = map + sections[sections[i].sh_link].sh_offset;
		for (size_t s = 0; s < sections[i].sh_size / sizeof *symbols; s++) {
			const char *name = names + symbols[s].st_name;
			if (symbols[s].st_shndx == SHN_UNDEF || symbols[s].st_shndx == SHN_ABS ||
				symbols[s].st_name == 0)
				continue;
			/* What compilers put in for themselves begins with two underlines. */
			if (strcmp(name, "dragoman_plugin_v1") != 0 && strncmp(name, "__", 2) != 0 &&
				strcmp(name, "_init") != 0 && strcmp(name, "_fini") != 0)
				return name;
		}
	}
	return NULL;
}

static enum trial_result check_exports(struct trial *trial)
{
	struct stat status;
	const int fd = open(trial->file.ptr, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status) != 0)
		return trial_fault(trial, "cannot be read");
	void *map = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return trial_fault(trial, "cannot be read");
	const char *name = find_export(map, (size_t)status.st_size);
	const enum trial_result result = name
		? trial_fault(trial, "exports %.100s besides its entry point; build it with -fvisibility=hidden", name)
		: TRIAL_GOOD;
	munmap(map, (size_t)status.st_size);
	return result;
}

static enum trial_result check_ids(struct trial *trial)
{
	const struct dgm_plugin *first = trial->entry(0);
	uint32_t count = 0;
	for (const struct dgm_plugin *at; count < ENTRIES_MAX && (at = trial->entry(count)); count++)
		if (at != trial->entry(count))
			return trial_fault(trial, "plugin %u is another one each time it is asked for", count);
	if (count == ENTRIES_MAX)
		return trial_fault(trial, "the entry point never gives NULL");
	if (trial->entry(count + 1) || trial->entry(UINT32_MAX))
		return trial_fault(trial, "the entry point gives plugins behind the end of its list");
	if (strcmp(first->id, trial->plugin->id) != 0)
		return trial_fault(trial, "its id is %s at one time and %s at another", first->id, trial->plugin->id);
	return TRIAL_GOOD;
}

static enum trial_result check_struct_size(struct trial *trial)
{
	const struct dgm_plugin *given = trial->entry(0);
	const uint32_t first = offsetof(struct dgm_plugin, writer_close) + sizeof given->writer_close;
	const uint32_t ours = sizeof *given;
	if (given->abi_minor == 0 && given->struct_size != first)
		return trial_fault(trial, "struct_size is %u, and the struct of interface 1.0 has %u bytes",
			given->struct_size, first);
	if (given->abi_minor == DGM_ABI_MINOR && given->struct_size != ours)
		return trial_fault(trial, "struct_size is %u, and the struct of interface 1.%u has %u bytes",
			given->struct_size, given->abi_minor, ours);
	if (given->struct_size % sizeof(void *) != 0)
		return trial_fault(trial, "struct_size is %u, which no struct of pointers has", given->struct_size);
	return TRIAL_GOOD;
}

static enum trial_result check_options(struct trial *trial)
{
	const struct dgm_plugin *plugin = trial->plugin;
	for (uint32_t i = 0; i < plugin->option_count; i++) {
		const struct dgm_option *option = &plugin->options[i];
		if (!option->help || !*option->help || strpbrk(option->help, "\n\t"))
			return trial_fault(trial, "option %s has no help of one line", option->name);
		for (uint32_t k = 0; k < i; k++)
			if (strcmp(plugin->options[k].name, option->name) == 0)
				return trial_fault(trial, "option %s stands twice in the table", option->name);
	}
	return TRIAL_GOOD;
}

/* --- probe --- */

static enum trial_result probe(struct trial *trial, struct dgm_str head, uint32_t *ret_match)
{
	*ret_match = 0xdeadbeefu;
	if (trial->plugin->probe(head, ret_match) != DGM_OK)
		return trial_fault(trial, "probe fails for %zu bytes; it says DGM_MATCH_NONE instead", head.len);
	if (*ret_match > DGM_MATCH_CERTAIN)
		return trial_fault(trial, "probe says a match that there is not, or none, for %zu bytes", head.len);
	return TRIAL_GOOD;
}

static enum trial_result check_probe_hostile(struct trial *trial)
{
	if (!trial->plugin->probe)
		return trial_skip(trial, "it has no probe");
	uint32_t match;
	char bytes[PROBE_SIZE];
	struct trial_fence fence = trial_fence_new(PROBE_SIZE);
	enum trial_result result = probe(trial, DGM_NOSTR, &match);
	for (unsigned i = 0; i < PROBES && result == TRIAL_GOOD; i++) {
		const size_t len = trial_random(trial, PROBE_SIZE + 1);
		/* Random bytes; random signs of syntaxes; the sample with a few bytes changed. */
		for (size_t k = 0; k < len; k++)
			bytes[k] = i % 3 == 0           ? (char)trial_random(trial, 256)
				: i % 3 == 1            ? "<>{}[]\",;:=\n\\ #a0-"[trial_random(trial, 18)]
				: k < trial->sample.len ? trial->sample.ptr[k]
							: ' ';
		for (unsigned k = 0; k < 4 && len && i % 3 == 2; k++)
			bytes[trial_random(trial, (uint32_t)len)] = (char)trial_random(trial, 256);
		result = probe(trial, dgm_str_of(trial_fence_put(&fence, dgm_str_of(bytes, len)), len), &match);
	}
	trial_fence_free(&fence);
	return result;
}

static enum trial_result check_probe_own(struct trial *trial)
{
	uint32_t match = DGM_MATCH_NONE;
	if (!trial->plugin->probe)
		return trial_skip(trial, "it has no probe");
	if (trial->sample.len == 0)
		return trial_skip(trial, "there is no sample; name one with --sample");
	const struct dgm_str head = dgm_str_take(trial->sample, TRIAL_SAMPLE_MAX);
	struct trial_fence fence = trial_fence_new(head.len);
	enum trial_result result = TRIAL_GOOD;
	for (size_t len = 0; len <= head.len && result == TRIAL_GOOD; len += len < 1024 ? 1 : 997)
		result = probe(trial, dgm_str_of(trial_fence_put(&fence, dgm_str_take(head, len)), len), &match);
	if (result == TRIAL_GOOD)
		result = probe(trial, dgm_str_of(trial_fence_put(&fence, head), head.len), &match);
	trial_fence_free(&fence);
	if (result == TRIAL_GOOD && match == DGM_MATCH_NONE)
		return trial_fault(trial, "probe does not know the plugin's own syntax");
	return result;
}

const struct trial_check trial_checks[] = {
	{"loads", check_loads, "the host takes it: file, id, version, options, callbacks"},
	{"exports", check_exports, "its entry point is all that others see"},
	{"ids", check_ids, "the entry point gives the same plugins each time, and an end"},
	{"struct-size", check_struct_size, "the size is that of a release of the interface"},
	{"options", check_options, "each option has a name of its own and help"},
	{"probe-hostile", check_probe_hostile, "probe comes to an answer for any bytes"},
	{"probe-own", check_probe_own, "probe knows the plugin's own syntax, wherever it is cut"},
};
const size_t trial_check_count = DGM_COUNT(trial_checks);
