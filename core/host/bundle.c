/* SPDX-License-Identifier: Apache-2.0 */
/* The plugin walks the archive; here its members are judged, measured and given out. */
#include "host/bundle.h"

#include <stdlib.h>

#include "base/text.h"
#include "base/textkey.h"
#include "host/detect.h"
#include "host/job.h"
#include "host/magic.h"
#include "host/options.h"

#define BLOCK ((size_t)65536)
/* Below this much no ratio is a bomb. */
#define RATIO_FROM ((uint64_t)64 << 20)

const struct dgm_bundle_limits dgm_bundle_limits = {.total = (uint64_t)4 << 30,
	.member = (uint64_t)1 << 30,
	.ratio = 200,
	.members = 100000,
	.name = 1024};

struct dgm_bundle {
	struct dgm_bundle_options options;
	struct dgm_arena arena;
	const struct dgm_plugin *plugin;
	struct dgm_job *job;
	void *config, *instance;
	struct dgm_bundle_member *members;
	size_t count, capacity;
	struct dgm_bundle_member **sorted; /* those that are files and not refused, by name */
	size_t sorted_count;
	uint64_t refused, total, archive_size;
	/* the member in work */
	size_t at; /* one behind it */
	uint64_t left;
	struct dgm_digest digest;
	bool reading, failed;
	char block[BLOCK], rest[BLOCK];
};

bool dgm_bundle_limit_set(struct dgm_bundle_limits *limits, struct dgm_str text)
{
	struct dgm_str name;
	uint64_t number = 0;
	if (!dgm_str_next(&text, DGM_STR("="), &name) || !dgm_str_to_u64(text, &number) || number == 0)
		return false;
	const struct {
		const char *name;
		uint64_t *limit;
	} known[] = {{"total", &limits->total}, {"member", &limits->member}, {"ratio", &limits->ratio},
		{"members", &limits->members}, {"name", &limits->name}};
	for (size_t i = 0; i < DGM_COUNT(known); i++) {
		if (!dgm_str_is(name, known[i].name))
			continue;
		*known[i].limit = number;
		return true;
	}
	return false;
}

static struct dgm_str full_name(struct dgm_bundle *bundle, struct dgm_str member)
{
	return dgm_arena_printf(&bundle->arena, "%.*s:%.*s", DGM_FMT(dgm_bundle_name(bundle)), DGM_FMT(member));
}

static void say(struct dgm_bundle *bundle, uint32_t severity, const char *code, struct dgm_str member, const char *text)
{
	dgm_diag_text(bundle->options.diags, severity, code,
		member.len ? full_name(bundle, member) : dgm_bundle_name(bundle), NULL, "%s", text);
}

static void refuse(struct dgm_bundle *bundle, struct dgm_bundle_member *member, const char *code, const char *text)
{
	if (member->refused)
		return;
	member->refused = true;
	bundle->refused++;
	say(bundle, DGM_ERROR, code, member->name.len ? member->name : DGM_STR("?"), text);
}

/* --- names ------------------------------------------------------------------------------------------------------ */

/* Names in charsets that nobody names stay what they are, but as text. */
static struct dgm_str name_of(struct dgm_arena *arena, struct dgm_str raw)
{
	if (dgm_utf8_valid(raw))
		return dgm_arena_dup(arena, raw);
	static const char digits[] = "0123456789ABCDEF";
	char *text = dgm_arena_alloc(arena, 3 * raw.len);
	size_t len = 0;
	for (size_t i = 0; i < raw.len; i++) {
		const unsigned char c = (unsigned char)raw.ptr[i];
		if (c < 0x80) {
			text[len++] = raw.ptr[i];
			continue;
		}
		text[len++] = '%';
		text[len++] = digits[c >> 4];
		text[len++] = digits[c & 15];
	}
	return dgm_str_of(text, len);
}

/* What is wrong with a name, or NULL: anything that could lead out of a folder, were it used as one. */
static const char *name_fault(struct dgm_str name)
{
	struct dgm_str rest = name, part;
	if (name.len == 0)
		return "it has no name";
	if (name.ptr[0] == '/' || (name.len > 1 && dgm_is_alpha(name.ptr[0]) && name.ptr[1] == ':'))
		return "its name is absolute";
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.ptr[i] < 0x20 || name.ptr[i] == 0x7f || name.ptr[i] == '\\')
			return "its name has control characters or backslashes";
	while (dgm_str_next(&rest, DGM_STR("/"), &part))
		if (dgm_str_is(part, ".."))
			return "its name leads out of its folder (..)";
	return NULL;
}

static int by_name(const void *a, const void *b)
{
	const struct dgm_bundle_member *const *x = a, *const *y = b;
	const int order = dgm_str_cmp((*x)->name, (*y)->name);
	return order ? order : ((*x)->number > (*y)->number) - ((*x)->number < (*y)->number);
}

struct twin {
	struct dgm_str key;
	struct dgm_bundle_member *member;
};

static int by_key(const void *a, const void *b)
{
	const struct twin *x = a, *y = b;
	const int order = dgm_str_cmp(x->key, y->key);
	return order ? order : (x->member->number > y->member->number) - (x->member->number < y->member->number);
}

/* Of two members whose names are the same, or would be on a system that folds case or forms, the first counts. */
static void refuse_twins(struct dgm_bundle *bundle)
{
	struct dgm_arena arena = {0};
	struct twin *twins = dgm_arena_alloc(&arena, (bundle->count + 1) * sizeof *twins);
	for (size_t i = 0; i < bundle->count; i++)
		twins[i] = (struct twin){dgm_text_fold(&arena, bundle->members[i].name), &bundle->members[i]};
	if (bundle->count)
		qsort(twins, bundle->count, sizeof *twins, by_key);
	for (size_t i = 1; i < bundle->count; i++)
		if (dgm_str_eq(twins[i].key, twins[i - 1].key) && twins[i].member->name.len)
			refuse(bundle, twins[i].member, "bundle-name",
				"another member has this name, or one that differs in case only; the first of them is read");
	dgm_arena_done(&arena);
}

/* --- the plugin ------------------------------------------------------------------------------------------------- */

static int open_instance(struct dgm_bundle *bundle)
{
	const struct dgm_open open = {.struct_size = sizeof open,
		.host = &dgm_host_table,
		.job = bundle->job,
		.input = bundle->options.input,
		.config = bundle->config};
	if (bundle->instance)
		bundle->plugin->bundle_close(bundle->instance);
	bundle->instance = NULL;
	bundle->at = 0;
	bundle->reading = false;
	if (bundle->plugin->bundle_open(&open, &bundle->instance) == DGM_OK)
		return DGM_OK;
	bundle->instance = NULL;
	return DGM_FATAL;
}

/* 0, or -1 after a diagnostic. */
static int load(struct dgm_bundle *bundle)
{
	struct dgm_diag_sink *diags = bundle->options.diags;
	const struct dgm_loaded *loaded = dgm_plugin_load(bundle->options.plugins, DGM_STR("bundle"), diags);
	if (!loaded)
		return -1;
	bundle->plugin = &loaded->plugin;
	if (!bundle->plugin->bundle_open) {
		dgm_diag_text(diags, DGM_ERROR, "plugin-direction", DGM_NOSTR, NULL, "plugin bundle cannot read");
		return -1;
	}
	bundle->job = dgm_job_new(diags, dgm_bundle_name(bundle));
	bundle->config = dgm_arena_zero(&bundle->arena, bundle->plugin->config_size + 1);
	const struct dgm_option_given given[] = {{.name = DGM_STR("format"), .value = dgm_str(bundle->options.kind)},
		{.name = DGM_STR("max-members"),
			.value = dgm_arena_printf(&bundle->arena, "%llu",
				(unsigned long long)bundle->options.limits.members)}};
	return dgm_options_fill(bundle->plugin->options, bundle->plugin->option_count, bundle->config,
		bundle->plugin->config_size, given, DGM_COUNT(given), DGM_STR("plugin bundle"), diags);
}

/* --- the survey ------------------------------------------------------------------------------------------------- */

static bool over_budget(struct dgm_bundle *bundle)
{
	const struct dgm_bundle_limits *limits = &bundle->options.limits;
	uint64_t most = 0;
	if (bundle->total > limits->total) {
		dgm_diag_text(bundle->options.diags, DGM_ERROR, "bundle-over-limit", dgm_bundle_name(bundle), NULL,
			"its members have more bytes together than the limit total, %llu",
			(unsigned long long)limits->total);
		return true;
	}
	if (bundle->total <= RATIO_FROM || __builtin_mul_overflow(bundle->archive_size, limits->ratio, &most) ||
		bundle->total <= most)
		return false;
	dgm_diag_text(bundle->options.diags, DGM_ERROR, "bundle-over-limit", dgm_bundle_name(bundle), NULL,
		"its members have more than %llu times its own bytes, the limit ratio: no archive of notices, but a bomb",
		(unsigned long long)limits->ratio);
	return true;
}

static bool has_suffix(struct dgm_str name, struct dgm_str engine)
{
	const struct dgm_str point = DGM_STR(".");
	for (size_t at = name.len; at > 0 && name.ptr[at - 1] != '/'; at--) {
		const struct dgm_str suffix = dgm_str_skip(name, at - 1);
		if (dgm_str_starts(suffix, point))
			return dgm_str_eq_nocase(dgm_str_skip(suffix, 1), engine) ||
				(dgm_str_is(engine, "json") && dgm_str_eq_nocase(suffix, DGM_STR(".jsonl")));
	}
	return false;
}

/* Notices where a definition says so; where the user names the format, also what nothing recognises, by its suffix. */
static bool holds_records(struct dgm_bundle *bundle, struct dgm_str name, struct dgm_str head)
{
	struct dgm_detection detection;
	struct dgm_str base = bundle->options.from;
	dgm_str_next(&(struct dgm_str){base.ptr, base.len}, DGM_STR("/"), &base); /* without its profile */
	dgm_detect(bundle->options.catalog, head, &detection);
	bool holds = detection.answer.len > 0;
	if (bundle->options.only.len) {
		holds = true;
	} else if (bundle->options.from.len && holds) {
		holds = dgm_str_eq(detection.answer, base);
	} else if (bundle->options.from.len) {
		const struct dgm_format *format = dgm_catalog_get(bundle->options.catalog, bundle->options.from, NULL);
		holds = format && has_suffix(name, format->engine);
	} else if (!holds && detection.count > 0) {
		holds = detection.candidates[0].match >= DGM_MATCH_LIKELY; /* its reading says that it is not clear */
	}
	dgm_detection_done(&detection);
	return holds;
}

static void classify(struct dgm_bundle *bundle, struct dgm_bundle_member *member, struct dgm_str head)
{
	const struct dgm_magic_media *media = dgm_magic_media(head);
	if (media) {
		member->content = DGM_MEMBER_MEDIA;
		member->media_type = media->type;
		member->media_kind = media->kind;
	} else if (dgm_magic_archive(head)) {
		member->content = DGM_MEMBER_ARCHIVE;
		member->media_type = "application/octet-stream";
	} else if (dgm_str_is(member->name, "manifest.json") &&
		dgm_str_starts(head, DGM_STR("{\n\"bundle\":\"dragoman\""))) {
		member->content = DGM_MEMBER_MANIFEST;
	} else if (head.len && holds_records(bundle, member->name, head)) {
		member->content = DGM_MEMBER_RECORDS;
	} else {
		member->media_type = "application/octet-stream";
	}
}

/* Reads it once. DGM_FATAL: the bundle cannot be read further. */
static int measure(struct dgm_bundle *bundle, struct dgm_bundle_member *member)
{
	size_t head = 0;
	struct dgm_digest digest;
	const uint64_t limit = bundle->options.limits.member;
	dgm_digest_init(&digest);
	for (;;) {
		size_t n = 0;
		/* The first bytes stay; what follows goes through a room of its own. */
		char *to = head < BLOCK ? bundle->block + head : bundle->rest;
		const int32_t result =
			bundle->plugin->bundle_read(bundle->instance, to, head < BLOCK ? BLOCK - head : BLOCK, &n);
		if (result == DGM_FATAL)
			return DGM_FATAL;
		if (result != DGM_OK) {
			member->refused = true;
			bundle->refused++;
			dgm_job_take_error(bundle->job);
			say(bundle, DGM_ERROR, "bundle-member-refused", member->name, "it cannot be read whole");
			return DGM_OK;
		}
		if (n == 0)
			break;
		dgm_digest_add(&digest, dgm_str_of(to, n));
		head += head < BLOCK ? n : 0;
		member->size += n;
		bundle->total += n;
		if (over_budget(bundle))
			return DGM_FATAL;
		if (member->size > limit) {
			refuse(bundle, member, "bundle-over-limit", "it is larger than the limit member");
			return DGM_OK;
		}
	}
	dgm_digest_end(&digest, member->digest);
	classify(bundle, member, dgm_str_of(bundle->block, head));
	return DGM_OK;
}

static struct dgm_bundle_member *add_member(struct dgm_bundle *bundle, const struct dgm_member *told)
{
	if (bundle->count == bundle->capacity) {
		bundle->capacity = bundle->capacity ? bundle->capacity * 2 : 64;
		bundle->members = dgm_xrealloc(bundle->members, bundle->capacity * sizeof *bundle->members);
	}
	struct dgm_bundle_member *member = &bundle->members[bundle->count];
	*member = (struct dgm_bundle_member){.number = (uint32_t)bundle->count++};
	struct dgm_str name = dgm_str_take(told->name, bundle->options.limits.name);
	while (dgm_str_starts(name, DGM_STR("./")))
		name = dgm_str_skip(name, 2);
	member->name = name_of(&bundle->arena, name);
	return member;
}

static int look_at(struct dgm_bundle *bundle, const struct dgm_member *told)
{
	const struct dgm_bundle_limits *limits = &bundle->options.limits;
	struct dgm_bundle_member *member = add_member(bundle, told);
	const char *fault = told->kind == DGM_MEMBER_FOLDER ? NULL : name_fault(member->name);
	if (bundle->count > limits->members) {
		dgm_diag_text(bundle->options.diags, DGM_ERROR, "bundle-over-limit", dgm_bundle_name(bundle), NULL,
			"it has more members than the limit members, %llu", (unsigned long long)limits->members);
		return DGM_FATAL;
	}
	if (told->name.len > limits->name)
		refuse(bundle, member, "bundle-over-limit", "its name is longer than the limit name");
	else if (fault)
		refuse(bundle, member, "bundle-name", fault);
	else if (told->kind == DGM_MEMBER_LINK)
		refuse(bundle, member, "bundle-member-refused", "it is a link");
	else if (told->kind == DGM_MEMBER_SPECIAL)
		refuse(bundle, member, "bundle-member-refused", "it is a device, a pipe or a socket");
	else if (told->kind == DGM_MEMBER_ENCRYPTED)
		refuse(bundle, member, "bundle-encrypted", "it is encrypted; unpack it with its password first");
	else if (told->kind == DGM_MEMBER_FILE && told->size > limits->member)
		refuse(bundle, member, "bundle-over-limit", "it is larger than the limit member");
	if (told->kind == DGM_MEMBER_FOLDER)
		bundle->count--; /* they hold nothing; members say themselves where they lie */
	return member->refused || told->kind != DGM_MEMBER_FILE ? DGM_OK : measure(bundle, member);
}

static void sort(struct dgm_bundle *bundle)
{
	bundle->sorted = dgm_arena_alloc(&bundle->arena, (bundle->count + 1) * sizeof(struct dgm_bundle_member *));
	for (size_t i = 0; i < bundle->count; i++)
		if (!bundle->members[i].refused)
			bundle->sorted[bundle->sorted_count++] = &bundle->members[i];
	if (bundle->sorted_count)
		qsort(bundle->sorted, bundle->sorted_count, sizeof(struct dgm_bundle_member *), by_name);
}

/* Of several members only the one that was asked for is read; media stay, for it may name them. */
static void choose(struct dgm_bundle *bundle)
{
	const struct dgm_str only = bundle->options.only;
	for (size_t i = 0; only.len && i < bundle->count; i++)
		if (bundle->members[i].content == DGM_MEMBER_RECORDS && !dgm_str_eq(bundle->members[i].name, only))
			bundle->members[i].content = DGM_MEMBER_OTHER;
}

static bool survey(struct dgm_bundle *bundle, bool *ret_broken)
{
	int result = open_instance(bundle);
	bool any = false;
	while (result == DGM_OK) {
		struct dgm_member told = {0};
		result = bundle->plugin->bundle_next(bundle->instance, &told);
		if (result == DGM_OK)
			result = look_at(bundle, &told);
	}
	*ret_broken = result != DGM_END;
	if (*ret_broken &&
		(bundle->count == 0 || over_budget(bundle) || bundle->count > bundle->options.limits.members))
		return false;
	refuse_twins(bundle);
	sort(bundle);
	choose(bundle);
	for (size_t i = 0; i < bundle->sorted_count; i++)
		any = any || bundle->sorted[i]->content == DGM_MEMBER_RECORDS;
	if (any || *ret_broken)
		return true;
	if (bundle->options.only.len)
		say(bundle, DGM_ERROR, "bundle-no-member", bundle->options.only,
			"the bundle has no such member to read");
	else
		dgm_diag_text(bundle->options.diags, DGM_ERROR, "bundle-empty", dgm_bundle_name(bundle), NULL,
			"none of its %zu members holds notices of a format that is recognised", bundle->count);
	return false;
}

struct dgm_bundle *dgm_bundle_open(const struct dgm_bundle_options *options, bool *ret_broken, bool *ret_plugin)
{
	struct dgm_bundle *bundle = dgm_xcalloc(1, sizeof *bundle);
	bundle->options = *options;
	*ret_broken = true;
	*ret_plugin = load(bundle) != 0;
	if (*ret_plugin || dgm_input_spool(options->input) != 0)
		goto failed;
	bundle->archive_size = dgm_input_raw_size(options->input);
	if (survey(bundle, ret_broken))
		return bundle;
failed:
	dgm_bundle_free(bundle);
	return NULL;
}

void dgm_bundle_free(struct dgm_bundle *bundle)
{
	if (!bundle)
		return;
	if (bundle->instance)
		bundle->plugin->bundle_close(bundle->instance);
	dgm_job_free(bundle->job);
	dgm_arena_done(&bundle->arena);
	free(bundle->members);
	free(bundle);
}

/* --- asking ----------------------------------------------------------------------------------------------------- */

struct dgm_str dgm_bundle_name(const struct dgm_bundle *bundle)
{
	return dgm_input_name(bundle->options.input);
}

uint64_t dgm_bundle_refused(const struct dgm_bundle *bundle)
{
	return bundle->refused;
}

bool dgm_bundle_is_single(const struct dgm_bundle *bundle)
{
	return bundle->options.only.len > 0;
}

struct dgm_bundle_member *dgm_bundle_members(const struct dgm_bundle *bundle, size_t *ret_count)
{
	*ret_count = bundle->count;
	return bundle->members;
}

/* The first whose name is not before this one. */
static size_t lower_bound(const struct dgm_bundle *bundle, struct dgm_str name)
{
	size_t low = 0, high = bundle->sorted_count;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (dgm_str_cmp(bundle->sorted[middle]->name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct dgm_bundle_member *dgm_bundle_find(const struct dgm_bundle *bundle, struct dgm_str name)
{
	const size_t at = lower_bound(bundle, name);
	return at < bundle->sorted_count && dgm_str_eq(bundle->sorted[at]->name, name) ? bundle->sorted[at] : NULL;
}

struct dgm_bundle_member *const *dgm_bundle_range(const struct dgm_bundle *bundle, struct dgm_str prefix,
	size_t *ret_count)
{
	const size_t first = lower_bound(bundle, prefix);
	size_t end = first;
	while (end < bundle->sorted_count && dgm_str_starts(bundle->sorted[end]->name, prefix))
		end++;
	*ret_count = end - first;
	return bundle->sorted + first;
}

bool dgm_bundle_has_records(const struct dgm_bundle_member *member)
{
	return !member->refused && member->content == DGM_MEMBER_RECORDS;
}

bool dgm_bundle_is_claimed(const struct dgm_bundle_member *member)
{
	return !member->refused && member->claimed;
}

void dgm_bundle_say_unclaimed(struct dgm_bundle *bundle)
{
	for (size_t i = 0; i < bundle->count && !bundle->options.only.len; i++) {
		struct dgm_bundle_member *member = &bundle->members[i];
		if (member->refused || member->claimed)
			continue;
		if (member->content == DGM_MEMBER_MEDIA)
			say(bundle, DGM_WARNING, "media-unclaimed", member->name,
				"no notice speaks of it, and its name is not that of a notice's media");
		else if (member->content == DGM_MEMBER_ARCHIVE)
			refuse(bundle, member, "bundle-nested", "it is an archive itself, which is not opened");
		else if (member->content == DGM_MEMBER_OTHER)
			say(bundle, DGM_WARNING, "bundle-member-unknown", member->name,
				"it is neither notices of a format that is recognised nor media; it is not read");
	}
}

/* --- giving out ------------------------------------------------------------------------------------------------- */

int dgm_bundle_rewind(struct dgm_bundle *bundle)
{
	bundle->failed = false;
	return open_instance(bundle);
}

/* Folders are no members of the survey. */
static int next_file(struct dgm_bundle *bundle)
{
	struct dgm_member told = {.kind = DGM_MEMBER_FOLDER};
	int result = DGM_OK;
	while (result == DGM_OK && told.kind == DGM_MEMBER_FOLDER)
		result = bundle->plugin->bundle_next(bundle->instance, &told);
	return result;
}

int dgm_bundle_step(struct dgm_bundle *bundle, bool (*wanted)(const struct dgm_bundle_member *member),
	struct dgm_bundle_member **ret_member)
{
	bundle->reading = false;
	if (bundle->failed)
		return DGM_FATAL;
	size_t next = bundle->at;
	while (next < bundle->count && !wanted(&bundle->members[next]))
		next++;
	if (next == bundle->count)
		return DGM_END;
	while (bundle->at <= next) {
		const int result = next_file(bundle);
		if (result == DGM_END)
			say(bundle, DGM_ERROR, "input-changed", DGM_NOSTR, "was changed while it was read");
		if (result != DGM_OK) {
			bundle->failed = true;
			return DGM_FATAL;
		}
		bundle->at++;
	}
	bundle->reading = true;
	bundle->left = bundle->members[next].size;
	dgm_digest_init(&bundle->digest);
	*ret_member = &bundle->members[next];
	return DGM_OK;
}

ssize_t dgm_bundle_pull(void *context, char *to, size_t n)
{
	struct dgm_bundle *bundle = context;
	size_t got = 0;
	if (!bundle->reading || bundle->failed)
		return bundle->failed ? -1 : 0;
	const struct dgm_bundle_member *member = &bundle->members[bundle->at - 1];
	uint8_t sum[DGM_DIGEST_SIZE];
	if (bundle->plugin->bundle_read(bundle->instance, to, n, &got) != DGM_OK) {
		bundle->failed = true;
		return -1;
	}
	if (got > 0 && got <= bundle->left) {
		bundle->left -= got;
		dgm_digest_add(&bundle->digest, dgm_str_of(to, got));
		return (ssize_t)got;
	}
	bundle->reading = false;
	dgm_digest_end(&bundle->digest, sum);
	if (got == 0 && bundle->left == 0 && memcmp(sum, member->digest, sizeof sum) == 0)
		return 0;
	bundle->failed = true;
	say(bundle, DGM_ERROR, "input-changed", member->name, "was changed while it was read");
	return -1;
}

struct dgm_input *dgm_bundle_input(struct dgm_bundle *bundle, const struct dgm_bundle_member *member)
{
	return dgm_input_pull(dgm_bundle_pull, bundle, dgm_bundle_name(bundle), member->name, bundle->options.diags, 0);
}
