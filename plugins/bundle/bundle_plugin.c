/* SPDX-License-Identifier: Apache-2.0 */
/* Archives as bundles of members, by libarchive: table of contents. Which archive it is, the host has found out. */
#include <stdarg.h>
#include <stdio.h>

#include "bundle_engine.h"

#define AT(member) (uint32_t) offsetof(struct dgm_bundle_config, member)

static const struct dgm_option options[] = {
	{"format", "zip", "zip|tar|tar.gz|tar.zst|tar.xz", "what the archive is", DGM_OPTION_CHOICE, AT(format)},
	/* 100,000: a year of a large country's notices with their pictures; the directory then has some 10 MB. */
	{"max-members", "100000", NULL, "most members of a zip file when reading", DGM_OPTION_UINT, AT(max_members)},
};

void dgm_bundle_report(const struct dgm_host *host, struct dgm_job *job, const char *code, const char *format, ...)
{
	char text[200];
	va_list args;
	va_start(args, format);
	const int n = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	const size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
	host->report(job, DGM_ERROR, code, NULL, (struct dgm_str){text, len});
}

static const struct dgm_plugin plugin = {
	.struct_size = sizeof plugin,
	.abi_minor = DGM_ABI_MINOR,
	.id = "bundle",
	.version = "0.1.0",
	.summary = "archives of notices and media (zip, tar, tar.gz, tar.zst, tar.xz)",
	.options = options,
	.option_count = sizeof options / sizeof options[0],
	.config_size = sizeof(struct dgm_bundle_config),
	.bundle_open = dgm_bundle_open,
	.bundle_next = dgm_bundle_next,
	.bundle_read = dgm_bundle_read,
	.bundle_close = dgm_bundle_close,
	.bundle_create = dgm_bundle_create,
	.bundle_add = dgm_bundle_add,
	.bundle_write = dgm_bundle_write,
	.bundle_finish = dgm_bundle_finish,
	.bundle_discard = dgm_bundle_discard,
};

const struct dgm_plugin *dragoman_plugin_v1(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}
