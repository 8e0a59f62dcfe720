/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pins of the plugin ABI, major 1: the offset and the exact type of every public member, every public constant. All of
 * it is checked when this file is compiled. A line here is never changed and never removed; a new member adds a line at
 * the end of its struct. Where one of these fails, plugins that people have built already would break.
 *
 * Sizes follow from offsets and types (-Wpadded on the header sees to it that nothing hides in padding). Only the
 * structs that carry no size of their own are pinned to one: they can never grow.
 */
#include <stddef.h>
#include <stdint.h>

#include <dragoman/plugin.h>

/* The ABI is that of 64-bit systems; on another one offsets differ and have their own pins. */
_Static_assert(sizeof(void *) == 8 && sizeof(size_t) == 8, "pins of a 64-bit system");

#define PIN(name, member, offset, ...)                                                                                 \
	_Static_assert(offsetof(struct name, member) == (offset), #name "." #member " has moved");                     \
	_Static_assert(_Generic(&((struct name *)0)->member, __VA_ARGS__ : 1, default : 0),                            \
		#name "." #member " is of another type")
#define FROZEN(name, size) _Static_assert(sizeof(struct name) == (size), #name " has changed its size")
#define AT_LEAST(name, size) _Static_assert(sizeof(struct name) >= (size), #name " has shrunk")
#define VALUE(constant, value)                                                                                         \
	_Static_assert((constant) == (value), #constant " has another value");                                         \
	_Static_assert(_Generic((constant), __typeof__(value) : 1, default : 0), #constant " is of another type")

PIN(dgm_str, ptr, 0, const char **);
PIN(dgm_str, len, 8, size_t *);
FROZEN(dgm_str, 16);

/* Not said in the header, but true: it is a member of other structs and passed without a size. */
PIN(dgm_place, offset, 0, uint64_t *);
PIN(dgm_place, line, 8, uint32_t *);
PIN(dgm_place, column, 12, uint32_t *);
FROZEN(dgm_place, 16);

PIN(dgm_event, kind, 0, uint16_t *);
PIN(dgm_event, literal, 2, uint16_t *);
PIN(dgm_event, key, 4, uint32_t *);
PIN(dgm_event, flags, 8, uint32_t *);
PIN(dgm_event, offset, 12, uint32_t *);
PIN(dgm_event, text, 16, struct dgm_str *);
FROZEN(dgm_event, 32);

PIN(dgm_mark, offset, 0, uint64_t *);
PIN(dgm_mark, line, 8, uint64_t *);
PIN(dgm_mark, column, 16, uint64_t *);
PIN(dgm_mark, records, 24, uint64_t *);
PIN(dgm_mark, state, 32, uint64_t *);
FROZEN(dgm_mark, 40);

PIN(dgm_member, kind, 0, uint32_t *);
PIN(dgm_member, flags, 4, uint32_t *);
PIN(dgm_member, name, 8, struct dgm_str *);
PIN(dgm_member, size, 24, uint64_t *);
FROZEN(dgm_member, 32);

PIN(dgm_host, struct_size, 0, uint32_t *);
PIN(dgm_host, abi_minor, 4, uint32_t *);
PIN(dgm_host, peek, 8, int32_t (**)(struct dgm_input *, size_t, struct dgm_str *));
PIN(dgm_host, consume, 16, void (**)(struct dgm_input *, size_t));
PIN(dgm_host, key, 24, uint32_t (**)(struct dgm_job *, uint32_t, struct dgm_str));
PIN(dgm_host, key_name, 32, struct dgm_str (**)(struct dgm_job *, uint32_t));
PIN(dgm_host, key_parent, 40, uint32_t (**)(struct dgm_job *, uint32_t));
PIN(dgm_host, begin, 48, void (**)(struct dgm_record *, uint32_t, struct dgm_str, const struct dgm_place *));
PIN(dgm_host, put, 56, void (**)(struct dgm_record *, const struct dgm_event *, size_t));
PIN(dgm_host, events, 64, const struct dgm_event *(**)(const struct dgm_record *, size_t *));
PIN(dgm_host, path, 72, uint32_t (**)(const struct dgm_record *));
PIN(dgm_host, reserve, 80, char *(**)(struct dgm_output *, size_t));
PIN(dgm_host, commit, 88, void (**)(struct dgm_output *, size_t));
PIN(dgm_host, write, 96, void (**)(struct dgm_output *, struct dgm_str));
PIN(dgm_host, section, 104, void (**)(struct dgm_output *, uint32_t));
PIN(dgm_host, report, 112,
	void (**)(struct dgm_job *, uint32_t, const char *, const struct dgm_place *, struct dgm_str));
PIN(dgm_host, fallback, 120, void (**)(struct dgm_output *, uint32_t));
PIN(dgm_host, encodes, 128, int32_t (**)(const struct dgm_output *, struct dgm_str));
PIN(dgm_host, size, 136, int32_t (**)(struct dgm_input *, uint64_t *));
PIN(dgm_host, read_at, 144, int32_t (**)(struct dgm_input *, uint64_t, char *, size_t, size_t *));
AT_LEAST(dgm_host, 152);

/* Likewise: it stands in arrays. */
PIN(dgm_option, name, 0, const char **);
PIN(dgm_option, default_text, 8, const char **);
PIN(dgm_option, choices, 16, const char **);
PIN(dgm_option, help, 24, const char **);
PIN(dgm_option, kind, 32, uint32_t *);
PIN(dgm_option, offset, 36, uint32_t *);
FROZEN(dgm_option, 40);

PIN(dgm_open, struct_size, 0, uint32_t *);
PIN(dgm_open, flags, 4, uint32_t *);
PIN(dgm_open, host, 8, const struct dgm_host **);
PIN(dgm_open, job, 16, struct dgm_job **);
PIN(dgm_open, input, 24, struct dgm_input **);
PIN(dgm_open, output, 32, struct dgm_output **);
PIN(dgm_open, config, 40, const void **);
PIN(dgm_open, paths, 48, const struct dgm_str **);
PIN(dgm_open, columns, 56, const uint32_t **);
PIN(dgm_open, path_count, 64, uint32_t *);
PIN(dgm_open, column_count, 68, uint32_t *);
PIN(dgm_open, encoding, 72, struct dgm_str *);
AT_LEAST(dgm_open, 88);

PIN(dgm_plugin, struct_size, 0, uint32_t *);
PIN(dgm_plugin, abi_minor, 4, uint32_t *);
PIN(dgm_plugin, id, 8, const char **);
PIN(dgm_plugin, version, 16, const char **);
PIN(dgm_plugin, summary, 24, const char **);
PIN(dgm_plugin, options, 32, const struct dgm_option **);
PIN(dgm_plugin, option_count, 40, uint32_t *);
PIN(dgm_plugin, config_size, 44, uint32_t *);
PIN(dgm_plugin, probe, 48, int32_t (**)(struct dgm_str, uint32_t *));
PIN(dgm_plugin, reader_open, 56, int32_t (**)(const struct dgm_open *, void **));
PIN(dgm_plugin, reader_next, 64, int32_t (**)(void *, struct dgm_record *));
PIN(dgm_plugin, reader_close, 72, void (**)(void *));
PIN(dgm_plugin, writer_open, 80, int32_t (**)(const struct dgm_open *, void **));
PIN(dgm_plugin, writer_put, 88, int32_t (**)(void *, const struct dgm_record *));
PIN(dgm_plugin, writer_finish, 96, int32_t (**)(void *));
PIN(dgm_plugin, writer_close, 104, void (**)(void *));
PIN(dgm_plugin, reader_skip, 112, int32_t (**)(void *, struct dgm_record *, uint64_t, struct dgm_mark *));
PIN(dgm_plugin, reader_resume, 120, int32_t (**)(void *, const struct dgm_mark *));
PIN(dgm_plugin, writer_state, 128, uint64_t (**)(const void *));
PIN(dgm_plugin, check, 136, int32_t (**)(const struct dgm_open *, struct dgm_str, struct dgm_str));
PIN(dgm_plugin, bundle_open, 144, int32_t (**)(const struct dgm_open *, void **));
PIN(dgm_plugin, bundle_next, 152, int32_t (**)(void *, struct dgm_member *));
PIN(dgm_plugin, bundle_read, 160, int32_t (**)(void *, char *, size_t, size_t *));
PIN(dgm_plugin, bundle_close, 168, void (**)(void *));
PIN(dgm_plugin, bundle_create, 176, int32_t (**)(const struct dgm_open *, void **));
PIN(dgm_plugin, bundle_add, 184, int32_t (**)(void *, const struct dgm_member *));
PIN(dgm_plugin, bundle_write, 192, int32_t (**)(void *, struct dgm_str));
PIN(dgm_plugin, bundle_finish, 200, int32_t (**)(void *));
PIN(dgm_plugin, bundle_discard, 208, void (**)(void *));
AT_LEAST(dgm_plugin, 216);

VALUE(DGM_OK, 0);
VALUE(DGM_END, 1);
VALUE(DGM_BAD, -1);
VALUE(DGM_FATAL, -2);
VALUE(DGM_NOTE, 0u);
VALUE(DGM_WARNING, 1u);
VALUE(DGM_ERROR, 2u);
VALUE(DGM_MATCH_NONE, 0u);
VALUE(DGM_MATCH_WEAK, 1u);
VALUE(DGM_MATCH_LIKELY, 2u);
VALUE(DGM_MATCH_CERTAIN, 3u);
VALUE(DGM_EVENT_VALUE, 1u);
VALUE(DGM_EVENT_BEGIN, 2u);
VALUE(DGM_EVENT_END, 3u);
VALUE(DGM_LITERAL_TEXT, 0u);
VALUE(DGM_LITERAL_NUMBER, 1u);
VALUE(DGM_LITERAL_BOOLEAN, 2u);
VALUE(DGM_LITERAL_NULL, 3u);
VALUE(DGM_LITERAL_EMPTY_LIST, 4u);
VALUE(DGM_FALLBACK_MARK, 0u);
VALUE(DGM_FALLBACK_XML, 1u);
VALUE(DGM_FALLBACK_JSON, 2u);
VALUE(DGM_EVENT_ITEM, 0x1u);
VALUE(DGM_EVENT_STABLE, 0x2u);
VALUE(DGM_PATH_ENVELOPE, 0xffffffffu);
VALUE(DGM_MEMBER_FILE, 1u);
VALUE(DGM_MEMBER_FOLDER, 2u);
VALUE(DGM_MEMBER_LINK, 3u);
VALUE(DGM_MEMBER_SPECIAL, 4u);
VALUE(DGM_MEMBER_ENCRYPTED, 5u);
VALUE(DGM_OPTION_BOOL, 1u);
VALUE(DGM_OPTION_UINT, 2u);
VALUE(DGM_OPTION_CHAR, 3u);
VALUE(DGM_OPTION_TEXT, 4u);
VALUE(DGM_OPTION_CHOICE, 5u);

/* A struct that has grown since the first release has raised the minor number. */
_Static_assert(DGM_ABI_MINOR > 0u ||
		(sizeof(struct dgm_host) == 136 && sizeof(struct dgm_open) == 88 && sizeof(struct dgm_plugin) == 112),
	"DGM_ABI_MINOR was not raised");

_Static_assert(_Generic(&dragoman_plugin_v1, const struct dgm_plugin *(*)(uint32_t) : 1, default : 0),
	"the entry point is of another type");

int main(void)
{
	return 0;
}
