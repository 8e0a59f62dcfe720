/* SPDX-License-Identifier: Apache-2.0 */
/* The CSV engine (RFC 4180): table of contents. Reading is in csv_read.c, writing in csv_write.c. */
#include <stdarg.h>
#include <stdio.h>

#include "csv_engine.h"

#define AT(member) (uint32_t) offsetof(struct dgm_csv_config, member)

static const struct dgm_option options[] = {
	{"delimiter", ",", NULL, "what stands between two cells", DGM_OPTION_CHAR, AT(delimiter)},
	{"quote", "\"", NULL, "what stands around a cell; none: cells are never quoted", DGM_OPTION_CHAR, AT(quote)},
	{"header", "true", NULL, "the first row names the columns; else they are 1, 2, ...", DGM_OPTION_BOOL,
		AT(header)},
	{"eol", "lf", "lf|crlf", "what ends a row when writing", DGM_OPTION_CHOICE, AT(eol)},
	{"quoting", "minimal", "minimal|all", "which cells are quoted when writing", DGM_OPTION_CHOICE, AT(quoting)},
	/* 1 MiB: the longest narrative in published lists has some 20 KB; a quote that is never closed is far longer. */
	{"max-field", "1048576", NULL, "most bytes of one cell when reading", DGM_OPTION_UINT, AT(max_field)},
	/* 4096: ten times the widest published table; bounds what a hostile header can make the host keep. */
	{"max-columns", "4096", NULL, "most columns when reading", DGM_OPTION_UINT, AT(max_columns)},
	/* 16 MiB: holds the largest allowed cells of a row several times over, and still bounds the reader's memory. */
	{"max-record", "16777216", NULL, "most bytes of one row when reading", DGM_OPTION_UINT, AT(max_record)},
	{"scanner", "fast", "fast|libcsv",
		"how rows are found; libcsv is the slow reference of the fast one, for tests", DGM_OPTION_CHOICE,
		AT(scanner)},
	/* 256 KiB: asking for it costs nothing per row any more, and it still fits the second-level cache. */
	{"window", "262144", NULL, "bytes to ask the input for at once; small ones are for tests", DGM_OPTION_UINT,
		AT(window)},
};

bool dgm_csv_check_dialect(const struct dgm_open *open)
{
	const struct dgm_csv_config *config = open->config;
	const uint64_t d = config->delimiter, q = config->quote;
	if (d != 0 && d < 0x80 && d != '\n' && d != '\r' && q < 0x80 && q != '\n' && q != '\r' && d != q)
		return true;
	dgm_csv_report(open->host, open->job, DGM_ERROR, "csv-bad-option", NULL,
		"delimiter and quote must be two different ASCII characters, and no line ends");
	return false;
}

void dgm_csv_report(const struct dgm_host *host, struct dgm_job *job, uint32_t severity, const char *code,
	const struct dgm_place *place, const char *format, ...)
{
	char text[200];
	va_list args;
	va_start(args, format);
	const int n = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	const size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
	host->report(job, severity, code, place, (struct dgm_str){text, len});
}

/* RFC 3629. */
bool dgm_csv_is_utf8(struct dgm_str s)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	for (size_t i = 0; i < s.len;) {
		const unsigned char c = p[i++];
		const size_t more = c < 0x80 ? 0 : c >= 0xc2 && c < 0xe0 ? 1 : (c & 0xf0) == 0xe0 ? 2 : 3;
		if (c >= 0x80 && (c < 0xc2 || c > 0xf4 || s.len - i < more))
			return false;
		if (more == 0)
			continue;
		const unsigned char first = p[i];
		if ((c == 0xe0 && first < 0xa0) || (c == 0xed && first > 0x9f) || (c == 0xf0 && first < 0x90) ||
			(c == 0xf4 && first > 0x8f))
			return false;
		for (size_t k = 0; k < more; k++, i++) {
			if ((p[i] & 0xc0) != 0x80)
				return false;
		}
	}
	return true;
}

/* Almost any text is CSV to someone: one line with a usual delimiter is a hint and never more. */
static int32_t probe(struct dgm_str head, uint32_t *ret_match)
{
	size_t delimiters = 0;
	*ret_match = DGM_MATCH_NONE;
	for (size_t i = 0; i < head.len; i++) {
		const char c = head.ptr[i];
		if (c == 0 || (i == 0 && (c == '<' || c == '{' || c == '[')))
			return DGM_OK;
		if (c == '\n' || c == '\r')
			break;
		delimiters += c == ',' || c == ';' || c == '\t' || c == '|';
	}
	if (delimiters > 0)
		*ret_match = DGM_MATCH_WEAK;
	return DGM_OK;
}

static const struct dgm_plugin plugin = {
	.struct_size = sizeof plugin,
	.abi_minor = DGM_ABI_MINOR,
	.id = "csv",
	.version = "0.1.0",
	.summary = "tables of rows and cells (CSV, RFC 4180)",
	.options = options,
	.option_count = sizeof options / sizeof options[0],
	.config_size = sizeof(struct dgm_csv_config),
	.probe = probe,
	.reader_open = dgm_csv_reader_open,
	.reader_next = dgm_csv_reader_next,
	.reader_close = dgm_csv_reader_close,
	.writer_open = dgm_csv_writer_open,
	.writer_put = dgm_csv_writer_put,
	.writer_finish = dgm_csv_writer_finish,
	.writer_close = dgm_csv_writer_close,
	.reader_skip = dgm_csv_reader_skip,
	.reader_resume = dgm_csv_reader_resume,
	.writer_state = dgm_csv_writer_state,
};

const struct dgm_plugin *dragoman_plugin_v1(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}
