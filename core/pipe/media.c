/* SPDX-License-Identifier: Apache-2.0 */
/* Names are made and matched here; the bytes are the bundle's. */
#define _GNU_SOURCE
#include "pipe/media.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/spool.h"

/* Media of one name with numbers behind it; a notice with more is not one. */
#define NUMBER_MAX 10000u

struct dgm_media {
	const struct dgm_format *target, *format;
	const struct dgm_output *output;
	struct dgm_diag_sink *diags;
	struct dgm_bundle *bundle;
	struct dgm_arena arena; /* of names that are carried */
	struct dgm_carried *carried;
	size_t count, settled, capacity;
	uint32_t *slots; /* by name: the number of what is carried, from 1 */
	size_t slot_count;
	uint64_t left, linked, spooled;
	int spool;
};

struct dgm_media *dgm_media_new(const struct dgm_format *target, const struct dgm_output *output,
	struct dgm_diag_sink *diags)
{
	struct dgm_media *media = dgm_xcalloc(1, sizeof *media);
	media->target = target;
	media->output = output;
	media->diags = diags;
	media->spool = -1;
	return media;
}

void dgm_media_free(struct dgm_media *media)
{
	if (!media)
		return;
	if (media->spool >= 0)
		close(media->spool);
	dgm_arena_done(&media->arena);
	free(media->carried);
	free(media->slots);
	free(media);
}

void dgm_media_input(struct dgm_media *media, struct dgm_bundle *bundle, const struct dgm_format *format)
{
	media->bundle = bundle;
	media->format = format;
}

/* --- patterns --------------------------------------------------------------------------------------------------- */

/* The format's own pattern for a kind, or the one that all formats have. */
static struct dgm_str pattern_of(const struct dgm_format *format, struct dgm_str kind, struct dgm_arena *arena)
{
	for (uint32_t i = 0; i < format->media_count; i++)
		if (dgm_str_eq(format->media[i].name, kind))
			return format->media[i].value;
	return dgm_arena_printf(arena, "media/%.*s/{notice.id}{-n}.{ext}", DGM_FMT(kind));
}

/* An identifier as part of a name: '/' is '-', and what is not plain everywhere is %XX. */
static struct dgm_str name_of_id(struct dgm_str id, struct dgm_arena *arena)
{
	static const char digits[] = "0123456789ABCDEF";
	char *text = dgm_arena_alloc(arena, 3 * id.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < id.len; i++) {
		const char c = id.ptr[i] == '/' ? '-' : id.ptr[i];
		if (dgm_is_alpha(c) || dgm_is_digit(c) || c == '-' || c == '_' || (c == '.' && len > 0)) {
			text[len++] = c;
			continue;
		}
		text[len++] = '%';
		text[len++] = digits[(unsigned char)c >> 4];
		text[len++] = digits[(unsigned char)c & 15];
	}
	return dgm_str_of(text, len);
}

/* The pattern up to where a name varies, with the identifier in it; *ret_rest: what is behind that. */
static struct dgm_str stem_of(struct dgm_str pattern, struct dgm_str id, struct dgm_arena *arena,
	struct dgm_str *ret_rest)
{
	const struct dgm_str hole = DGM_STR("{notice.id}");
	const size_t at = dgm_str_find(pattern, hole);
	const struct dgm_str behind = dgm_str_skip(pattern, at + hole.len);
	const size_t brace = dgm_str_find(behind, DGM_STR("{"));
	*ret_rest = dgm_str_skip(behind, brace);
	return dgm_arena_printf(arena, "%.*s%.*s%.*s", (int)at, pattern.ptr, DGM_FMT(id), (int)brace, behind.ptr);
}

static size_t run(struct dgm_str s, bool (*is)(char c))
{
	size_t n = 0;
	while (n < s.len && is(s.ptr[n]))
		n++;
	return n;
}

static bool is_word(char c)
{
	return dgm_is_alpha(c) || dgm_is_digit(c);
}

/* Whether what is behind the stem fits the rest of a pattern: {-n} is nothing or "-" and a number, {ext} a word. */
static bool fits(struct dgm_str text, struct dgm_str rest)
{
	while (rest.len) {
		if (dgm_str_starts(rest, DGM_STR("{-n}"))) {
			const size_t n =
				dgm_str_starts(text, DGM_STR("-")) ? run(dgm_str_skip(text, 1), dgm_is_digit) : 0;
			text = dgm_str_skip(text, n ? n + 1 : 0);
			rest = dgm_str_skip(rest, 4);
		} else if (dgm_str_starts(rest, DGM_STR("{ext}"))) {
			const size_t n = run(text, is_word);
			if (n == 0)
				return false;
			text = dgm_str_skip(text, n);
			rest = dgm_str_skip(rest, 5);
		} else if (text.len && text.ptr[0] == rest.ptr[0]) {
			text = dgm_str_skip(text, 1);
			rest = dgm_str_skip(rest, 1);
		} else {
			return false;
		}
	}
	return text.len == 0;
}

/* The name of the n-th medium, from 1. */
static struct dgm_str fill(struct dgm_str stem, struct dgm_str rest, unsigned n, struct dgm_str ext,
	struct dgm_arena *arena)
{
	struct dgm_str name = stem;
	for (struct dgm_str part; rest.len; rest = dgm_str_skip(rest, part.len)) {
		part = dgm_str_take(rest, 1);
		struct dgm_str text = part;
		if (dgm_str_starts(rest, DGM_STR("{-n}"))) {
			part = dgm_str_take(rest, 4);
			text = n > 1 ? dgm_arena_printf(arena, "-%u", n) : DGM_NOSTR;
		} else if (dgm_str_starts(rest, DGM_STR("{ext}"))) {
			part = dgm_str_take(rest, 5);
			text = ext;
		}
		name = dgm_arena_printf(arena, "%.*s%.*s", DGM_FMT(name), DGM_FMT(text));
	}
	return name;
}

/* --- reading ---------------------------------------------------------------------------------------------------- */

static void set_once(struct dgm_notice *notice, struct dgm_group *group, enum dgm_field_id field, struct dgm_str text)
{
	if (!dgm_value_first(group, field))
		dgm_value_set(notice, group, field, text);
}

static struct dgm_str digest_of(const struct dgm_bundle_member *member, struct dgm_arena *arena)
{
	char hex[DGM_DIGEST_HEX];
	dgm_digest_hex(member->digest, hex);
	return dgm_arena_printf(arena, "sha256:%.*s", (int)sizeof hex, hex);
}

static void describe(struct dgm_media *media, struct dgm_notice *notice, struct dgm_group *group,
	struct dgm_bundle_member *member)
{
	member->claimed = true;
	media->linked++;
	set_once(notice, group, DGM_FIELD_notice_media_media_type, dgm_str(member->media_type));
	set_once(notice, group, DGM_FIELD_notice_media_digest, digest_of(member, notice->arena));
	set_once(notice, group, DGM_FIELD_notice_media_bytes,
		dgm_arena_printf(notice->arena, "%llu", (unsigned long long)member->size));
}

static struct dgm_bundle_member *member_of(const struct dgm_media *media, const struct dgm_group *group)
{
	const struct dgm_str name = dgm_text_of(group, DGM_FIELD_notice_media_member);
	struct dgm_bundle_member *member = name.len ? dgm_bundle_find(media->bundle, name) : NULL;
	return member && member->content != DGM_MEMBER_RECORDS ? member : NULL;
}

static bool has_member(const struct dgm_group *head, struct dgm_str name)
{
	for (const struct dgm_group *group = dgm_group_first(head, DGM_GROUP_notice_media); group; group = group->next)
		if (dgm_str_eq(dgm_text_of(group, DGM_FIELD_notice_media_member), name))
			return true;
	return false;
}

/* Members that bear the notice's identifier in the place where the format has it. */
static void link_named(struct dgm_media *media, struct dgm_notice *notice, struct dgm_group *head, struct dgm_str kind)
{
	struct dgm_str rest;
	size_t count;
	const struct dgm_str id = name_of_id(dgm_notice_id(notice), notice->arena);
	const struct dgm_str stem = stem_of(pattern_of(media->format, kind, notice->arena), id, notice->arena, &rest);
	struct dgm_bundle_member *const *members = dgm_bundle_range(media->bundle, stem, &count);
	for (size_t i = 0; i < count; i++) {
		struct dgm_bundle_member *member = members[i];
		if (member->content == DGM_MEMBER_RECORDS || member->content == DGM_MEMBER_MANIFEST ||
			!fits(dgm_str_skip(member->name, stem.len), rest) || has_member(head, member->name))
			continue;
		struct dgm_group *group = dgm_group_add(notice, head, DGM_GROUP_notice_media);
		dgm_value_set(notice, group, DGM_FIELD_notice_media_kind, kind);
		dgm_value_set(notice, group, DGM_FIELD_notice_media_member, member->name);
		describe(media, notice, group, member);
	}
}

void dgm_media_link(struct dgm_media *media, struct dgm_notice *notice,
	void (*say)(void *context, const char *code, struct dgm_str value, const char *text), void *context)
{
	media->linked = 0;
	if (!media->bundle)
		return;
	struct dgm_group *head = dgm_group_first(notice->root, DGM_GROUP_notice);
	for (struct dgm_group *group = dgm_group_first(head, DGM_GROUP_notice_media); group; group = group->next) {
		const struct dgm_str name = dgm_text_of(group, DGM_FIELD_notice_media_member);
		const struct dgm_str told = dgm_text_of(group, DGM_FIELD_notice_media_digest);
		struct dgm_bundle_member *member = member_of(media, group);
		if (name.len && !member)
			say(context, "media-missing", name, "the bundle has no such member, or it was refused");
		if (!member)
			continue;
		if (told.len && dgm_str_starts(told, DGM_STR("sha256:")) &&
			!dgm_str_eq(told, digest_of(member, notice->arena)))
			say(context, "media-differs", name, "the member has another digest than the notice says");
		describe(media, notice, group, member);
	}
	const struct dgm_list_def *kinds = &dgm_lists[DGM_LIST_media_kind];
	for (uint32_t i = 0; i < kinds->count; i++)
		link_named(media, notice, head, kinds->codes[i]);
}

/* --- writing ---------------------------------------------------------------------------------------------------- */

static size_t slot_of(const struct dgm_media *media, struct dgm_str name)
{
	size_t slot = dgm_str_hash(name, 0) & (media->slot_count - 1);
	while (media->slots[slot] && !dgm_str_eq(media->carried[media->slots[slot] - 1].name, name))
		slot = (slot + 1) & (media->slot_count - 1);
	return slot;
}

static void add(struct dgm_media *media, struct dgm_str name, const struct dgm_bundle_member *member)
{
	if (media->count == media->capacity) {
		media->capacity = media->capacity ? media->capacity * 2 : 64;
		media->carried = dgm_xrealloc(media->carried, media->capacity * sizeof *media->carried);
	}
	struct dgm_carried *carried = &media->carried[media->count++];
	*carried = (struct dgm_carried){.name = dgm_arena_dup(&media->arena, name),
		.size = member->size,
		.source = member->number};
	memcpy(carried->digest, member->digest, sizeof carried->digest);
	if (2 * media->count <= media->slot_count) {
		media->slots[slot_of(media, name)] = (uint32_t)media->count;
		return;
	}
	free(media->slots);
	media->slot_count = media->slot_count ? media->slot_count * 2 : 128;
	media->slots = dgm_xcalloc(media->slot_count, sizeof *media->slots);
	for (size_t i = 0; i < media->count; i++)
		media->slots[slot_of(media, media->carried[i].name)] = (uint32_t)(i + 1);
}

static struct dgm_str extension_of(const struct dgm_bundle_member *member)
{
	const struct dgm_str name = member->name;
	size_t at = name.len;
	while (at > 0 && is_word(name.ptr[at - 1]))
		at--;
	return at > 1 && at < name.len && name.ptr[at - 1] == '.' ? dgm_str_skip(name, at) : DGM_STR("bin");
}

void dgm_media_rename(struct dgm_media *media, struct dgm_notice *notice)
{
	struct dgm_group *head = dgm_group_first(notice->root, DGM_GROUP_notice);
	if (!media->bundle || !media->output)
		return;
	const struct dgm_str id = name_of_id(dgm_notice_id(notice), notice->arena);
	for (struct dgm_group *group = dgm_group_first(head, DGM_GROUP_notice_media); group; group = group->next) {
		const struct dgm_bundle_member *member = member_of(media, group);
		struct dgm_str kind = dgm_text_of(group, DGM_FIELD_notice_media_kind), rest, name = DGM_NOSTR;
		if (!member)
			continue;
		kind = kind.len ? kind : DGM_STR("other");
		const struct dgm_str stem =
			stem_of(pattern_of(media->target, kind, notice->arena), id, notice->arena, &rest);
		for (unsigned n = 1; n <= NUMBER_MAX; n++) {
			name = fill(stem, rest, n, extension_of(member), notice->arena);
			if (media->slot_count == 0 || media->slots[slot_of(media, name)] == 0)
				break;
		}
		if (media->slot_count && media->slots[slot_of(media, name)])
			continue;
		add(media, name, member);
		dgm_value_first(group, DGM_FIELD_notice_media_member)->text = name;
	}
}

void dgm_media_settle(struct dgm_media *media, bool written)
{
	if (written && !media->output)
		media->left += media->linked;
	media->linked = 0;
	if (!written && media->count > media->settled) {
		media->count = media->settled;
		memset(media->slots, 0, media->slot_count * sizeof *media->slots);
		for (size_t i = 0; i < media->count; i++)
			media->slots[slot_of(media, media->carried[i].name)] = (uint32_t)(i + 1);
	}
	media->settled = media->count;
}

uint64_t dgm_media_left(const struct dgm_media *media)
{
	return media->left;
}

static int by_source(const void *a, const void *b)
{
	const struct dgm_carried *const *x = a, *const *y = b;
	return ((*x)->source > (*y)->source) - ((*x)->source < (*y)->source);
}

static int spool_member(struct dgm_media *media, struct dgm_bundle *bundle)
{
	char block[65536];
	for (ssize_t n; (n = dgm_bundle_pull(bundle, block, sizeof block)) != 0;) {
		if (n < 0)
			return -1;
		if (dgm_spool_write(media->spool, dgm_str_of(block, (size_t)n)))
			continue;
		dgm_diag_text(media->diags, DGM_ERROR, "input-spool", dgm_bundle_name(bundle), NULL,
			"its media cannot be copied to a temporary file: %s", strerrordesc_np(errno));
		return -1;
	}
	return 0;
}

int dgm_media_fetch(struct dgm_media *media, struct dgm_bundle *bundle)
{
	struct dgm_arena arena = {0};
	size_t count = 0, next = 0;
	struct dgm_carried **wanted = dgm_arena_alloc(&arena, (media->count + 1) * sizeof(struct dgm_carried *));
	int result = 0;
	media->bundle = NULL;
	for (size_t i = 0; i < media->count; i++)
		if (!media->carried[i].fetched)
			wanted[count++] = &media->carried[i];
	if (count == 0)
		goto out;
	qsort(wanted, count, sizeof(struct dgm_carried *), by_source);
	if (media->spool < 0)
		media->spool = dgm_output_scratch(media->output);
	result = media->spool < 0 || dgm_bundle_rewind(bundle) != DGM_OK ? -1 : 0;
	for (struct dgm_bundle_member *member; result == 0 && next < count;) {
		result = dgm_bundle_step(bundle, dgm_bundle_is_claimed, &member) == DGM_OK ? 0 : -1;
		if (result != 0 || member->number != wanted[next]->source)
			continue;
		result = spool_member(media, bundle);
		for (; next < count && wanted[next]->source == member->number; next++) {
			wanted[next]->offset = media->spooled;
			wanted[next]->fetched = true;
		}
		media->spooled += member->size;
	}
out:
	dgm_arena_done(&arena);
	return result;
}

static int by_name(const void *a, const void *b)
{
	const struct dgm_carried *x = a, *y = b;
	return dgm_str_cmp(x->name, y->name);
}

const struct dgm_carried *dgm_media_carried(struct dgm_media *media, size_t *ret_count)
{
	if (media->count)
		qsort(media->carried, media->count, sizeof *media->carried, by_name);
	*ret_count = media->count;
	return media->carried;
}

int dgm_media_prepare(struct dgm_media *media)
{
	if (media->spool < 0)
		media->spool = dgm_output_scratch(media->output);
	return media->spool;
}

int dgm_media_spool(const struct dgm_media *media)
{
	return media->spool;
}
