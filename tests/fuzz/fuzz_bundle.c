/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Archives. The first byte says which kind the rest is taken for. Whatever it is, the survey ends, members keep to the
 * limits, names are safe text, and what is given out a second time is what was surveyed.
 */
#include "fuzz.h"
#include "host/bundle.h"

static void check(void *context, const struct dgm_diag *diag)
{
	(void)context;
	fuzz_check_diag(diag);
}

static struct dgm_catalog *catalog;
static struct dgm_search *search;

static void release(void)
{
	dgm_catalog_free(catalog);
	dgm_search_free(search);
}

static struct dgm_catalog *no_formats(void)
{
	if (!catalog) {
		search = dgm_search_new(DGM_SEARCH_FORMATS, NULL, 0, NULL);
		catalog = search ? dgm_catalog_new(search) : NULL;
		atexit(release);
	}
	demand(catalog, "no catalogue");
	return catalog;
}

static bool is_file(const struct dgm_bundle_member *member)
{
	return !member->refused;
}

static void read_all(struct dgm_bundle *bundle, size_t count)
{
	struct dgm_bundle_member *member;
	char block[997];
	size_t seen = 0;
	if (dgm_bundle_rewind(bundle) != DGM_OK)
		return;
	while (dgm_bundle_step(bundle, is_file, &member) == DGM_OK) {
		uint64_t size = 0;
		ssize_t n;
		while ((n = dgm_bundle_pull(bundle, block, sizeof block)) > 0)
			size += (uint64_t)n;
		demand(n == 0 && size == member->size, "a member is another one the second time");
		demand(++seen <= count, "more members than were surveyed");
		demand(dgm_bundle_find(bundle, member->name) == member, "a member is not found by its name");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const kinds[] = {"zip", "tar", "tar.gz", "tar.zst", "tar.xz"};
	struct dgm_str bytes = dgm_str_of((const char *)data, size);
	struct dgm_diag_sink diags = {.emit = check};
	const char *kind = kinds[fuzz_byte(&bytes) % DGM_COUNT(kinds)];
	struct dgm_input *input = dgm_input_memory(bytes, DGM_STR("in"), &diags, 0);
	bool broken, plugin;
	size_t count = 0;
	const struct dgm_bundle_options options = {.plugins = fuzz_plugins(),
		.catalog = no_formats(),
		.diags = &diags,
		.input = input,
		.kind = kind,
		.limits = {.total = 1 << 20, .member = 1 << 16, .ratio = 200, .members = 64, .name = 100},
		.only = DGM_STR("a")};
	struct dgm_bundle *bundle = dgm_bundle_open(&options, &broken, &plugin);
	demand(!plugin, "the plugin is missing");
	const struct dgm_bundle_member *members = bundle ? dgm_bundle_members(bundle, &count) : NULL;
	demand(count <= 64, "%zu members", count);
	for (size_t i = 0; i < count; i++) {
		if (members[i].refused)
			continue;
		demand(members[i].name.len > 0 && members[i].name.len <= 300 && members[i].name.ptr[0] != '/',
			"a bad name");
		demand(members[i].size <= 1 << 16, "a member of %llu bytes", (unsigned long long)members[i].size);
	}
	if (bundle && !broken)
		read_all(bundle, count);
	dgm_bundle_free(bundle);
	dgm_input_free(input);
	return 0;
}
