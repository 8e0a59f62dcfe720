/* SPDX-License-Identifier: Apache-2.0 */
/* Finding things and opening things, with the messages that belong to it. */
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <unistd.h>

#include "args.h"
#include "base/text.h"
#include "host/detect.h"
#include "io/charset.h"
#include "log.h"

int cli_session_open(struct cli_session *session)
{
	*session = (struct cli_session){0};
	session->plugins =
		dgm_search_new(DGM_SEARCH_PLUGINS, cli_settings.plugin_dirs, cli_settings.plugin_dir_count, &cli_diags);
	session->formats =
		dgm_search_new(DGM_SEARCH_FORMATS, cli_settings.format_dirs, cli_settings.format_dir_count, &cli_diags);
	if (!session->plugins || !session->formats) {
		cli_session_close(session);
		return CLI_PLUGIN;
	}
	session->catalog = dgm_catalog_new(session->formats);
	return 0;
}

int cli_begin(const struct cli_command *command, int argc, char **argv,
	bool (*take)(void *context, int id, const char *value), void *context, struct cli_session *session,
	int *ret_status)
{
	const int first = cli_parse(command, argc, argv, take, context);
	*ret_status = first == -1 ? CLI_DONE : CLI_USAGE;
	if (first < 0)
		return -1;
	*ret_status = cli_session_open(session);
	return *ret_status ? -1 : first;
}

void cli_session_close(struct cli_session *session)
{
	dgm_catalog_free(session->catalog);
	dgm_search_free(session->formats);
	dgm_search_free(session->plugins);
	*session = (struct cli_session){0};
}

const struct dgm_format *cli_format(struct cli_session *session, const char *id, int *ret_exit)
{
	const struct dgm_format *format = dgm_catalog_get(session->catalog, dgm_str(id), &cli_diags);
	*ret_exit = CLI_USAGE;
	for (size_t i = 0; i < session->catalog->count; i++)
		if (dgm_str_is(session->catalog->entries[i].id, id))
			*ret_exit = CLI_PLUGIN;
	return format;
}

struct dgm_input *cli_open_input(const char *path, int *ret_fd)
{
	*ret_fd = -1;
	if (dgm_str_is(dgm_str(path), "-"))
		return dgm_input_fd(STDIN_FILENO, DGM_STR("-"), &cli_diags, 0);
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		dgm_diag_text(&cli_diags, DGM_ERROR, "input-open", dgm_str(path), NULL, "cannot be opened: %s",
			strerror(errno));
		return NULL;
	}
	*ret_fd = fd;
	return dgm_input_fd(fd, dgm_str(path), &cli_diags, 0);
}

void cli_session_sketch(struct cli_session *session)
{
	for (size_t i = 0; i < session->catalog->count; i++)
		dgm_catalog_sketch(&session->catalog->entries[i]);
}

/* libarchive has the C library convert names; its list of converters is read at the first one, and kept. */
static void warm_converters(void)
{
	static const char *const names[] = {"ANSI_X3.4-1968", "UTF-16BE", "UTF-16LE"};
	for (size_t i = 0; i < DGM_COUNT(names); i++) {
		const iconv_t there = iconv_open("UTF-8", names[i]), back = iconv_open(names[i], "UTF-8");
		if (there != (iconv_t)-1)
			iconv_close(there);
		if (back != (iconv_t)-1)
			iconv_close(back);
	}
}

void cli_session_load(struct cli_session *session)
{
	warm_converters();
	struct dgm_diag_sink unsaid = {0};
	for (size_t i = 0; i < session->catalog->count; i++) {
		const struct dgm_format *format =
			dgm_catalog_get(session->catalog, session->catalog->entries[i].id, &unsaid);
		if (format)
			dgm_plugin_load(session->plugins, format->engine, &unsaid);
	}
	dgm_plugin_load(session->plugins, DGM_STR("bundle"), &unsaid);
	cli_session_sketch(session);
}

const struct dgm_entry *cli_recognise(struct cli_session *session, struct dgm_input *input)
{
	struct dgm_str head;
	struct dgm_detection detection;
	const struct dgm_entry *entry = NULL;
	if (dgm_input_head(input, DGM_DETECT_HEAD, &head) != DGM_OK)
		return NULL;
	dgm_detect(session->catalog, head, &detection);
	if (detection.answer.len) {
		for (size_t i = 0; i < session->catalog->count; i++)
			if (dgm_str_eq(session->catalog->entries[i].id, detection.answer))
				entry = &session->catalog->entries[i];
	} else if (head.len == 0) {
		dgm_diag_text(&cli_diags, DGM_ERROR, "input-empty", dgm_input_name(input), NULL, "the file is empty");
	} else if (detection.count == 0) {
		dgm_diag_text(&cli_diags, DGM_ERROR, "format-not-recognised", dgm_input_name(input), NULL,
			"no definition's signature fits; say the format with -f (\"dragoman formats\" lists them)");
	} else {
		for (size_t i = 0; i < detection.count && i < 5; i++)
			dgm_diag_text(&cli_diags, DGM_NOTE, "format-candidate", dgm_input_name(input), NULL,
				"perhaps %.*s: %.*s", DGM_FMT(detection.candidates[i].format),
				DGM_FMT(detection.candidates[i].evidence));
		dgm_diag_text(&cli_diags, DGM_ERROR, "format-ambiguous", dgm_input_name(input), NULL,
			"%zu definitions could fit and none is certain; say the format with -f", detection.count);
	}
	dgm_detection_done(&detection);
	return entry;
}

const struct dgm_format *cli_detect_input(struct cli_session *session, struct dgm_input *input)
{
	const struct dgm_entry *entry = cli_recognise(session, input);
	return entry ? dgm_catalog_get(session->catalog, entry->id, &cli_diags) : NULL;
}

/* Whether the bytes are UTF-8 and not only ASCII; a sequence cut at the end of the head is no evidence against it. */
static bool looks_utf8(struct dgm_str head)
{
	bool ascii = true;
	for (size_t i = 0; i < head.len && ascii; i++)
		ascii = (unsigned char)head.ptr[i] < 0x80;
	if (ascii)
		return false;
	for (size_t cut = 0; cut < 4 && cut <= head.len; cut++)
		if (dgm_utf8_valid(dgm_str_take(head, head.len - cut)))
			return true;
	return false;
}

static bool accepts(const struct dgm_format *format, struct dgm_str charset)
{
	const struct dgm_charset *wanted = dgm_charset_find(charset);
	if (wanted && wanted == dgm_charset_find(format->encoding))
		return true;
	for (uint32_t i = 0; i < format->accept_count; i++)
		if (wanted && wanted == dgm_charset_find(format->accepts[i]))
			return true;
	return false;
}

/* UTF-8 by chance is next to impossible; most legacy charsets have a character for every one of its bytes all the same. */
static void warn_of_utf8(struct dgm_input *input, struct dgm_str name, struct dgm_str head)
{
	const struct dgm_charset *charset = dgm_charset_find(name);
	if (!charset || (charset->kind != DGM_CHARSET_SINGLE && charset->kind != DGM_CHARSET_MULTI) ||
		!looks_utf8(head))
		return;
	struct dgm_place place = {.line = 1, .column = 1};
	for (; (unsigned char)head.ptr[place.offset] < 0x80; place.offset++) {
		const bool feed = head.ptr[place.offset] == '\n';
		place.line += feed;
		place.column = feed ? 1 : place.column + 1;
	}
	dgm_diag_text(&cli_diags, DGM_WARNING, "charset-suspect", dgm_input_name(input), &place,
		"read as %s, but the bytes are UTF-8; --from-encoding utf-8 reads them so", charset->name);
}

int cli_choose_charset(struct dgm_input *input, const struct dgm_format *format, const char *given)
{
	struct dgm_str head, charset = format->encoding;
	size_t bom = 0;
	if (given) {
		const int result = dgm_input_head(input, DGM_DETECT_HEAD, &head);
		if (result == DGM_OK && !dgm_charset_of_bom(head, &bom))
			warn_of_utf8(input, dgm_str(given), head);
		return result == DGM_OK ? dgm_input_charset(input, dgm_str(given), false) : -1;
	}
	if (dgm_input_head(input, DGM_DETECT_HEAD, &head) != DGM_OK)
		return -1;
	const struct dgm_str declared = dgm_detect_xml_encoding(head);
	const struct dgm_charset *marked = dgm_charset_of_bom(head, &bom);
	if (declared.len) {
		/* What a file says of itself counts; where its mark says otherwise, neither can be trusted. */
		const struct dgm_charset *said = dgm_charset_find(declared);
		const bool utf16 = marked && marked->kind != DGM_CHARSET_UTF8;
		if (said && marked && said != marked && !(utf16 && said->kind == DGM_CHARSET_UTF16)) {
			dgm_diag_text(&cli_diags, DGM_ERROR, "charset-conflict", dgm_input_name(input), NULL,
				"the byte-order mark says %s, the declaration %.*s", marked->name, DGM_FMT(declared));
			return -1;
		}
		charset = declared;
	} else if (!marked && accepts(format, DGM_STR("utf-8")) && looks_utf8(head)) {
		charset = DGM_STR("utf-8");
	}
	if (!marked)
		warn_of_utf8(input, charset, head);
	return dgm_input_charset(input, charset, true);
}
