/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plugin loader. It trusts a file by who may write it, opens it once, loads what it has open and looks at every
 * claim of the plugin before anything uses it. Which plugin a conversion needs is not its question.
 */
#define _GNU_SOURCE
#include "host/loader.h"

#include <dirent.h>
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/options.h"

#define ID_MAX 64u
/* A file with more plugins than this has an entry point that ignores its index. */
#define PLUGINS_PER_FILE_MAX 64u
/* The struct of the first release ended here; no plugin can be smaller. */
#define PLUGIN_SIZE_MIN (uint32_t)(offsetof(struct dgm_plugin, writer_close) + sizeof(void (*)(void *)))
/* A hundred times that: what is larger was never a size. */
#define PLUGIN_SIZE_MAX 16384u
/* Versions and summaries are lines for people. */
#define LINE_MAX_LEN 256u
/* How many other majors a file without our entry point is asked for. */
#define MAJORS_TRIED 9

typedef const struct dgm_plugin *(*entry_function)(uint32_t index);

/* One attempt to load: what is being looked at, for messages. */
struct attempt {
	struct dgm_search *search;
	struct dgm_diag_sink *diags;
	struct dgm_str file;
};

__attribute__((format(printf, 3, 4))) static int refuse(struct attempt *attempt, const char *code, const char *format,
	...)
{
	char text[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	dgm_diag_text(attempt->diags, DGM_ERROR, code, attempt->file, NULL, "%s", text);
	return -1;
}

bool dgm_plugin_is_id(struct dgm_str text)
{
	if (text.len == 0 || text.len > ID_MAX || !dgm_is_lower(text.ptr[0]))
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (!dgm_is_lower(text.ptr[i]) && !dgm_is_digit(text.ptr[i]) && text.ptr[i] != '-')
			return false;
	return true;
}

/* Why others could have changed it, or NULL. */
static const char *distrust(const struct stat *status)
{
	if (status->st_uid != 0 && status->st_uid != geteuid())
		return "belongs to another user";
	if (status->st_mode & S_IWOTH)
		return "may be written by everybody";
	if (status->st_mode & S_IWGRP)
		return "may be written by its group";
	return NULL;
}

struct opened {
	int fd;           /* -1 when it may not be loaded */
	bool found;       /* whether there is something of that name */
	char reason[128]; /* why not, as what follows "it" */
};

static void object(struct opened *opened, const char *reason, int error)
{
	snprintf(opened->reason, sizeof opened->reason, "%s%s%s", reason, error ? ": " : "",
		error ? strerrordesc_np(error) : "");
}

/* Opens folder/name and checks both by descriptor. A link is refused: the folder of its target was not looked at. */
static struct opened open_checked(const char *folder, const char *name)
{
	struct opened opened = {.fd = -1};
	struct stat status, folder_status;
	const int folder_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder_fd < 0 || fstat(folder_fd, &folder_status) != 0) {
		opened.found = errno != ENOENT && errno != ENOTDIR;
		object(&opened, "lies in a folder that cannot be opened", errno);
		if (folder_fd >= 0)
			close(folder_fd);
		return opened;
	}
	/* O_NONBLOCK: a pipe of that name must not make us wait for its writer. */
	const int fd = openat(folder_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	const int error = fd < 0 ? errno : 0;
	close(folder_fd);
	opened.found = error != ENOENT;
	if (error == ELOOP)
		object(&opened, "is a symbolic link", 0);
	else if (error != 0)
		object(&opened, "cannot be opened", error);
	else if (fstat(fd, &status) != 0)
		object(&opened, "cannot be looked at", errno);
	else if (!S_ISREG(status.st_mode))
		object(&opened, "is not a regular file", 0);
	else if (distrust(&status))
		object(&opened, distrust(&status), 0);
	else if (distrust(&folder_status))
		snprintf(opened.reason, sizeof opened.reason, "lies in a folder that %s", distrust(&folder_status));
	else
		opened.fd = fd;
	if (fd >= 0 && opened.fd < 0)
		close(fd);
	return opened;
}

/*
 * dlopen knows what it has loaded by name, and would give an older plugin for "/proc/self/fd/7" once 7 is used again. So
 * no number is used twice in the life of the process.
 */
static int move_to_fresh_number(int fd)
{
	static atomic_int lowest_unused = 16;
	int lowest = atomic_load(&lowest_unused);
	const int fresh = fcntl(fd, F_DUPFD_CLOEXEC, lowest);
	close(fd);
	if (fresh >= 0)
		while (lowest <= fresh && !atomic_compare_exchange_weak(&lowest_unused, &lowest, fresh + 1))
			;
	return fresh;
}

/* dlerror names the descriptor we gave; the reader of the message knows the file by its name. */
static const char *without_name(const char *message, const char *name)
{
	const size_t len = strlen(name);
	if (!message)
		return "for an unknown reason";
	if (strncmp(message, name, len) == 0 && strncmp(message + len, ": ", 2) == 0)
		return message + len + 2;
	return message;
}

static const char *loader_remedy(const char *message)
{
	if (strstr(message, "cannot open shared object file"))
		return "install the library that is missing";
	if (strstr(message, "undefined symbol"))
		return "link it with -Wl,-z,defs and with every library it uses";
	return "build it again for this machine";
}

static bool ends_within(uint64_t start, uint64_t len, uint64_t size)
{
	uint64_t end;
	return !__builtin_add_overflow(start, len, &end) && end <= size;
}

/*
 * Whether all that the ELF headers promise is in the file. The system's loader maps without asking, and the process then
 * dies of SIGBUS when a copy was broken off. Everything else about the format is left to the system's loader.
 */
static bool is_whole(int fd)
{
	struct stat status;
	ElfW(Ehdr) head;
	ElfW(Phdr) segment;
	if (fstat(fd, &status) != 0 || pread(fd, &head, sizeof head, 0) != (ssize_t)sizeof head)
		return false;
	const uint64_t size = (uint64_t)status.st_size;
	if (memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_phentsize != sizeof segment)
		return false;
	if (!ends_within(head.e_shoff, (uint64_t)head.e_shentsize * head.e_shnum, size) ||
		!ends_within(head.e_phoff, (uint64_t)head.e_phentsize * head.e_phnum, size))
		return false;
	for (unsigned i = 0; i < head.e_phnum; i++) {
		const uint64_t at = head.e_phoff + (uint64_t)i * sizeof segment;
		if (pread(fd, &segment, sizeof segment, (off_t)at) != (ssize_t)sizeof segment ||
			(segment.p_filesz > 0 && !ends_within(segment.p_offset, segment.p_filesz, size)))
			return false;
	}
	return true;
}

static void *load_object(struct attempt *attempt, int fd)
{
	char name[40];
	if (!is_whole(fd)) {
		close(fd);
		refuse(attempt, "plugin-not-loadable",
			"it is no shared object of this kind of machine, or not all of it; copy or build it again");
		return NULL;
	}
	fd = move_to_fresh_number(fd);
	if (fd < 0) {
		refuse(attempt, "plugin-not-loadable",
			"no descriptor is left to load it by (%s); raise the limit on open files",
			strerrordesc_np(errno));
		return NULL;
	}
	snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (!handle) {
		const char *message = without_name(dlerror(), name);
		refuse(attempt, "plugin-not-loadable", "the system's loader refuses it: %s; %s", message,
			loader_remedy(message));
	}
	close(fd);
	return handle;
}

static entry_function find_entry(struct attempt *attempt, void *handle)
{
	entry_function entry = NULL;
	void *symbol = dlsym(handle, "dragoman_plugin_v1");
	memcpy(&entry, &symbol, sizeof entry);
	if (entry)
		return entry;
	for (int major = 2; major <= MAJORS_TRIED; major++) {
		char name[32];
		snprintf(name, sizeof name, "dragoman_plugin_v%d", major);
		if (dlsym(handle, name)) {
			refuse(attempt, "plugin-no-entry",
				"it is made for plugin interface %d and this program has 1; use a newer dragoman, or the plugin's "
				"release for interface 1",
				major);
			return NULL;
		}
	}
	refuse(attempt, "plugin-no-entry",
		"it has no function dragoman_plugin_v1: either it is no plugin of dragoman, or that function lacks DGM_EXPORT");
	return NULL;
}

static bool is_line(const char *text)
{
	if (!text)
		return false;
	const size_t len = strnlen(text, LINE_MAX_LEN + 1);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return false;
	return len > 0 && len <= LINE_MAX_LEN;
}

/* Whether plugin number index may have that id: the file's own for the first, that and "-more" for others. */
static bool is_id_of_file(struct dgm_str id, struct dgm_str file_id, uint32_t index)
{
	if (index == 0)
		return dgm_str_eq(id, file_id);
	return dgm_plugin_is_id(id) && dgm_str_starts(id, file_id) && id.len > file_id.len + 1 &&
		id.ptr[file_id.len] == '-';
}

/* What is amiss with the callbacks, or NULL. */
static const char *callback_fault(const struct dgm_plugin *plugin)
{
	const int reads =
		(plugin->reader_open != NULL) + (plugin->reader_next != NULL) + (plugin->reader_close != NULL);
	const int writes = (plugin->writer_open != NULL) + (plugin->writer_put != NULL) +
		(plugin->writer_finish != NULL) + (plugin->writer_close != NULL);
	if (reads != 0 && reads != 3)
		return "of reader_open, reader_next and reader_close only some are there";
	if (writes != 0 && writes != 4)
		return "of writer_open, writer_put, writer_finish and writer_close only some are there";
	const int opens = (plugin->bundle_open != NULL) + (plugin->bundle_next != NULL) +
		(plugin->bundle_read != NULL) + (plugin->bundle_close != NULL);
	const int creates = (plugin->bundle_create != NULL) + (plugin->bundle_add != NULL) +
		(plugin->bundle_write != NULL) + (plugin->bundle_finish != NULL) + (plugin->bundle_discard != NULL);
	if (opens != 0 && opens != 4)
		return "of bundle_open, bundle_next, bundle_read and bundle_close only some are there";
	if (creates != 0 && creates != 5)
		return "of bundle_create, bundle_add, bundle_write, bundle_finish and bundle_discard only some are there";
	if (reads + writes + opens + creates == 0)
		return "it has neither a reader nor a writer";
	if (plugin->probe && reads == 0)
		return "it has a probe but no reader";
	return NULL;
}

/* The plugin `given` by the entry point, copied to this host's size and looked at. */
static int check_plugin(struct attempt *attempt, const struct dgm_plugin *given, struct dgm_str file_id, uint32_t index,
	struct dgm_plugin *ret_plugin)
{
	const uint32_t size = given->struct_size;
	if (size < PLUGIN_SIZE_MIN || size > PLUGIN_SIZE_MAX)
		return refuse(attempt, "plugin-mismatch",
			"its struct_size is %u, expected %u to %u; set it to sizeof(struct dgm_plugin) and build it again",
			size, PLUGIN_SIZE_MIN, PLUGIN_SIZE_MAX);
	struct dgm_plugin plugin = {0};
	memcpy(&plugin, given, size < sizeof plugin ? size : sizeof plugin);

	if (!is_line(plugin.id) || !is_id_of_file(dgm_str(plugin.id), file_id, index))
		return refuse(attempt, "plugin-mismatch",
			"plugin %u in it calls itself '%s', expected '%.*s%s'; rename the file or change the id", index,
			is_line(plugin.id) ? plugin.id : "", DGM_FMT(file_id), index == 0 ? "" : "-...");
	if (!is_line(plugin.version) || !is_line(plugin.summary))
		return refuse(attempt, "plugin-mismatch", "plugin '%s' has no %s of one line; ask its author to add it",
			plugin.id, is_line(plugin.version) ? "summary" : "version");
	const char *fault = callback_fault(&plugin);
	if (fault)
		return refuse(attempt, "plugin-mismatch",
			"plugin '%s' is not whole: %s; ask its author for a release that is", plugin.id, fault);
	char reason[256];
	if (dgm_options_check(plugin.options, plugin.option_count, plugin.config_size, reason) != 0)
		return refuse(attempt, "plugin-options", "plugin '%s': %s; ask its author to mend the table", plugin.id,
			reason);
	*ret_plugin = plugin;
	return 0;
}

/* The plugin `id` among those of a file; the ones before it need not be sound, only the first says whose file it is. */
static const struct dgm_loaded *take(struct attempt *attempt, entry_function entry, struct dgm_str file_id,
	struct dgm_str id)
{
	struct dgm_search *search = attempt->search;
	for (uint32_t index = 0; index < PLUGINS_PER_FILE_MAX; index++) {
		const struct dgm_plugin *given = entry(index);
		if (!given && index == 0) {
			refuse(attempt, "plugin-no-entry",
				"its dragoman_plugin_v1(0) gives no plugin; ask its author for a release that does");
			return NULL;
		}
		if (!given)
			break;
		struct dgm_plugin plugin;
		if (check_plugin(attempt, given, file_id, index, &plugin) != 0)
			return NULL;
		if (!dgm_str_is(id, plugin.id))
			continue;
		struct dgm_loaded *loaded = dgm_arena_zero(&search->arena, sizeof *loaded);
		loaded->plugin = plugin;
		loaded->file = attempt->file;
		loaded->id = dgm_str(loaded->plugin.id);
		loaded->next = search->loaded;
		search->loaded = loaded;
		return loaded;
	}
	refuse(attempt, "plugin-missing", "it holds no plugin '%.*s'; `dragoman plugins` lists what there is",
		DGM_FMT(id));
	return NULL;
}

static const struct dgm_loaded *load_opened(struct attempt *attempt, int fd, struct dgm_str file_id, struct dgm_str id)
{
	void *handle = load_object(attempt, fd);
	const entry_function entry = handle ? find_entry(attempt, handle) : NULL;
	return entry ? take(attempt, entry, file_id, id) : NULL;
}

/* Tries <file_id>.so in every folder; the first that is there decides. false: there is none. */
static bool load_from(struct attempt *attempt, struct dgm_str file_id, struct dgm_str id,
	const struct dgm_loaded **ret_loaded)
{
	struct dgm_search *search = attempt->search;
	char name[ID_MAX + 4];
	snprintf(name, sizeof name, "%.*s.so", DGM_FMT(file_id));
	for (size_t i = 0; i < search->count; i++) {
		const char *folder = search->folders[i].path.ptr;
		const struct opened opened = open_checked(folder, name);
		if (!opened.found)
			continue;
		attempt->file = dgm_arena_printf(&search->arena, "%s/%s", folder, name);
		if (opened.fd < 0)
			refuse(attempt, "plugin-permissions",
				"it %s; a plugin must be a file that belongs to root or to you, and so must its folder, and nobody "
				"else may write them (chmod go-w)",
				opened.reason);
		else
			*ret_loaded = load_opened(attempt, opened.fd, file_id, id);
		return true;
	}
	return false;
}

const struct dgm_loaded *dgm_plugin_load(struct dgm_search *search, struct dgm_str id, struct dgm_diag_sink *diags)
{
	struct attempt attempt = {.search = search, .diags = diags};
	const struct dgm_loaded *loaded = NULL;
	for (const struct dgm_loaded *at = search->loaded; at; at = at->next)
		if (dgm_str_eq(at->id, id))
			return at;
	if (!dgm_plugin_is_id(id)) {
		refuse(&attempt, "plugin-missing",
			"'%.*s' cannot be a plugin's name: lower-case letters, digits and '-', at most %u",
			DGM_FMT(dgm_str_take(id, ID_MAX)), ID_MAX);
		return NULL;
	}
	for (struct dgm_str file_id = id; file_id.len > 0; file_id.len--) {
		const bool is_prefix = file_id.len == id.len || id.ptr[file_id.len] == '-';
		if (is_prefix && load_from(&attempt, file_id, id, &loaded))
			return loaded;
	}
	attempt.file = DGM_NOSTR;
	refuse(&attempt, "plugin-missing",
		"there is no plugin '%.*s': no %.*s.so in %.*s; install its package, or name its folder with --plugin-dir",
		DGM_FMT(id), DGM_FMT(id), DGM_FMT(dgm_search_text(search)));
	return NULL;
}

struct listing {
	struct dgm_plugin_file *files;
	size_t count, capacity;
};

static struct dgm_plugin_file *append(struct listing *listing)
{
	if (listing->count == listing->capacity) {
		listing->capacity = listing->capacity ? listing->capacity * 2 : 16;
		listing->files = dgm_xrealloc(listing->files, listing->capacity * sizeof *listing->files);
	}
	struct dgm_plugin_file *file = &listing->files[listing->count++];
	*file = (struct dgm_plugin_file){0};
	return file;
}

static int by_id(const void *a, const void *b)
{
	const struct dgm_plugin_file *file_a = a, *file_b = b;
	return dgm_str_cmp(file_a->id, file_b->id);
}

static void list_folder(struct dgm_search *search, const struct dgm_search_folder *folder, struct listing *listing)
{
	const size_t before = listing->count;
	DIR *dir = opendir(folder->path.ptr);
	if (!dir) {
		struct dgm_plugin_file *file = append(listing);
		file->file = folder->path;
		file->origin = folder->origin;
		file->problem =
			dgm_arena_printf(&search->arena, "the folder cannot be read: %s", strerrordesc_np(errno));
		return;
	}
	for (const struct dirent *entry; (entry = readdir(dir));) {
		const struct dgm_str name = dgm_str(entry->d_name);
		if (!dgm_str_ends(name, DGM_STR(".so")))
			continue;
		struct dgm_plugin_file *file = append(listing);
		file->id = dgm_arena_dup(&search->arena, dgm_str_take(name, name.len - 3));
		file->file = dgm_arena_printf(&search->arena, "%s/%s", folder->path.ptr, entry->d_name);
		file->origin = folder->origin;
		const struct opened opened = open_checked(folder->path.ptr, entry->d_name);
		if (opened.fd < 0)
			file->problem = dgm_arena_printf(&search->arena, "it %s", opened.reason);
		else
			close(opened.fd);
		if (!dgm_plugin_is_id(file->id))
			file->problem = DGM_STR("its name is not that of a plugin: lower-case letters, digits and '-'");
	}
	closedir(dir);
	if (listing->count > before)
		qsort(listing->files + before, listing->count - before, sizeof *listing->files, by_id);
	for (size_t i = before; i < listing->count; i++)
		for (size_t j = 0; j < before && listing->files[i].shadowed_by.len == 0; j++)
			if (listing->files[j].id.len > 0 && dgm_str_eq(listing->files[i].id, listing->files[j].id))
				listing->files[i].shadowed_by = listing->files[j].file;
}

const struct dgm_plugin_file *dgm_plugins_list(struct dgm_search *search, size_t *ret_count)
{
	struct listing listing = {0};
	for (size_t i = 0; i < search->count; i++)
		list_folder(search, &search->folders[i], &listing);
	struct dgm_plugin_file *files = dgm_arena_zero(&search->arena, (listing.count + 1) * sizeof *files);
	if (listing.count > 0)
		memcpy(files, listing.files, listing.count * sizeof *files);
	free(listing.files);
	*ret_count = listing.count;
	return files;
}
