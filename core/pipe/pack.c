/* SPDX-License-Identifier: Apache-2.0 */
/* Members one after another into the plugin's writer, with the manifest growing beside them. */
#include "pipe/pack.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "host/job.h"
#include "host/options.h"
#include "io/jsontext.h"

#define BLOCK ((size_t)65536)

struct pack {
	const struct dgm_pack_options *options;
	const struct dgm_plugin *plugin;
	void *instance;
	struct dgm_output *manifest;
	bool any;
	char block[BLOCK];
};

static int broken(const struct pack *pack, const char *text)
{
	dgm_diag_text(pack->options->diags, DGM_ERROR, "bundle-write", DGM_NOSTR, NULL, "%s", text);
	return -1;
}

static void account(struct pack *pack, struct dgm_str name, const char *kind, uint64_t size, struct dgm_digest *digest)
{
	uint8_t sum[DGM_DIGEST_SIZE];
	char hex[DGM_DIGEST_HEX];
	dgm_digest_end(digest, sum);
	dgm_digest_hex(sum, hex);
	dgm_output_write(pack->manifest, pack->any ? DGM_STR(",\n{") : DGM_STR("\n{"));
	pack->any = true;
	dgm_json_member(pack->manifest, true, "name", name);
	dgm_json_member(pack->manifest, false, "kind", dgm_str(kind));
	dgm_json_count(pack->manifest, false, "bytes", size);
	dgm_json_member(pack->manifest, false, "sha256", dgm_str_of(hex, sizeof hex));
	dgm_output_write(pack->manifest, DGM_STR("}"));
}

/* Bytes of a file from a place on. */
static int put_file(struct pack *pack, struct dgm_str name, const char *kind, int fd, uint64_t offset, uint64_t size)
{
	const struct dgm_member member = {.kind = DGM_MEMBER_FILE, .name = name, .size = size};
	struct dgm_digest digest;
	uint64_t done = 0;
	dgm_digest_init(&digest);
	if (pack->plugin->bundle_add(pack->instance, &member) != DGM_OK)
		return -1;
	while (done < size) {
		const size_t want = size - done < BLOCK ? (size_t)(size - done) : BLOCK;
		const ssize_t got = pread(fd, pack->block, want, (off_t)(offset + done));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return broken(pack, "what is to be packed cannot be read");
		const struct dgm_str bytes = dgm_str_of(pack->block, (size_t)got);
		dgm_digest_add(&digest, bytes);
		if (pack->plugin->bundle_write(pack->instance, bytes) != DGM_OK)
			return -1;
		done += (uint64_t)got;
	}
	account(pack, name, kind, size, &digest);
	return dgm_output_error(pack->options->bundle) ? -1 : 0;
}

static int put_manifest(struct pack *pack)
{
	dgm_output_write(pack->manifest, DGM_STR("\n]}\n"));
	if (dgm_output_commit(pack->manifest) != 0)
		return broken(pack, "the manifest cannot be written");
	const struct dgm_str bytes = dgm_output_bytes(pack->manifest);
	const struct dgm_member member = {.kind = DGM_MEMBER_FILE, .name = DGM_STR("manifest.json"), .size = bytes.len};
	return pack->plugin->bundle_add(pack->instance, &member) == DGM_OK &&
			pack->plugin->bundle_write(pack->instance, bytes) == DGM_OK &&
			pack->plugin->bundle_finish(pack->instance) == DGM_OK
		? 0
		: -1;
}

static struct dgm_str records_name(const struct dgm_format *target, struct dgm_arena *arena)
{
	const struct dgm_str extension = target->extension.len ? target->extension : target->engine;
	return dgm_arena_printf(arena, "%.*s.%.*s", DGM_FMT(target->id), DGM_FMT(extension));
}

static int put_members(struct pack *pack, struct dgm_arena *arena)
{
	const struct dgm_pack_options *options = pack->options;
	const int records = dgm_output_reread(options->records);
	size_t count;
	const struct dgm_carried *carried = dgm_media_carried(options->media, &count);
	const off_t size = records < 0 ? -1 : lseek(records, 0, SEEK_END);
	if (size < 0)
		return broken(pack, "the records cannot be read back");
	dgm_output_write(pack->manifest, DGM_STR("{\n"));
	dgm_json_member(pack->manifest, true, "bundle", DGM_STR("dragoman"));
	dgm_output_write(pack->manifest, DGM_STR(",\n"));
	dgm_json_member(pack->manifest, true, "format", options->target->id);
	dgm_json_count(pack->manifest, false, "notices", options->notices);
	dgm_json_count(pack->manifest, false, "media", count);
	dgm_output_write(pack->manifest, DGM_STR(",\n\"members\":["));
	if (put_file(pack, records_name(options->target, arena), "records", records, 0, (uint64_t)size) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (put_file(pack, carried[i].name, "media", dgm_media_spool(options->media), carried[i].offset,
			    carried[i].size) != 0)
			return -1;
	return put_manifest(pack);
}

/* Every medium comes back from the bundle as it was in the one that it was taken from. */
static int read_back(const struct dgm_pack_options *options)
{
	const int fd = dgm_output_reread(options->bundle);
	size_t count;
	bool broken_bundle = true, plugin, same = true;
	const struct dgm_carried *carried = dgm_media_carried(options->media, &count);
	struct dgm_input *input = fd < 0 ? NULL : dgm_input_fd(fd, DGM_STR("output"), options->diags, 0);
	const struct dgm_bundle_options setup = {.plugins = options->plugins,
		.catalog = options->catalog,
		.diags = options->diags,
		.input = input,
		.kind = options->kind,
		.limits = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT32_MAX, 1024},
		.from = options->target->id};
	struct dgm_bundle *bundle = input ? dgm_bundle_open(&setup, &broken_bundle, &plugin) : NULL;
	for (size_t i = 0; bundle && same && i < count; i++) {
		const struct dgm_bundle_member *member = dgm_bundle_find(bundle, carried[i].name);
		same = member && memcmp(member->digest, carried[i].digest, sizeof member->digest) == 0;
	}
	same = same && bundle && !broken_bundle && dgm_bundle_refused(bundle) == 0;
	if (!same)
		dgm_diag_text(options->diags, DGM_ERROR, "verify-output", DGM_NOSTR, NULL,
			"the bundle does not read back as it was packed");
	dgm_bundle_free(bundle);
	dgm_input_free(input);
	return same ? 0 : -1;
}

int dgm_pack(const struct dgm_pack_options *options)
{
	struct dgm_arena arena = {0};
	const struct dgm_loaded *loaded = dgm_plugin_load(options->plugins, DGM_STR("bundle"), options->diags);
	struct pack *pack = dgm_xcalloc(1, sizeof *pack);
	pack->options = options;
	struct dgm_job *job = dgm_job_new(options->diags, DGM_STR("output"));
	const struct dgm_option_given given = {.name = DGM_STR("format"), .value = dgm_str(options->kind)};
	int result = -1;
	if (loaded && loaded->plugin.bundle_create) {
		const struct dgm_plugin *plugin = pack->plugin = &loaded->plugin;
		void *config = dgm_arena_zero(&arena, plugin->config_size + 1);
		const struct dgm_open open = {.struct_size = sizeof open,
			.host = &dgm_host_table,
			.job = job,
			.output = options->bundle,
			.config = config};
		pack->manifest = dgm_output_memory(options->diags);
		if (dgm_options_fill(plugin->options, plugin->option_count, config, plugin->config_size, &given, 1,
			    DGM_STR("plugin bundle"), options->diags) == 0 &&
			plugin->bundle_create(&open, &pack->instance) == DGM_OK) {
			result = put_members(pack, &arena);
			plugin->bundle_discard(pack->instance);
		}
		dgm_output_free(pack->manifest);
	} else if (loaded) {
		broken(pack, "the plugin bundle cannot write");
	}
	dgm_job_free(job);
	free(pack);
	dgm_arena_done(&arena);
	return result == 0 && options->verify ? read_back(options) : result;
}
