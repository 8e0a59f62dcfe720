/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bundle that is read: an archive of notices and media. First all its members are looked at once (the survey): what they
 * are, how large, their digests, what of them is refused. Then those that hold notices are given one after another. Nothing
 * is ever written to disk under a member's name; a name is text, in messages and in notices.
 */
#ifndef DGM_HOST_BUNDLE_H
#define DGM_HOST_BUNDLE_H

#include "base/digest.h"
#include "host/catalog.h"
#include "host/loader.h"
#include "io/input.h"

/* All are counts of bytes but members and ratio. Far above any export that was seen, far below what harms. */
struct dgm_bundle_limits {
	uint64_t total;   /* of all members together: 4 GiB */
	uint64_t member;  /* of one: 1 GiB */
	uint64_t ratio;   /* of all members to the archive: 200, where they have more than 64 MiB */
	uint64_t members; /* 100,000 */
	uint64_t name;    /* of one name: 1,024 */
};
extern const struct dgm_bundle_limits dgm_bundle_limits;
/* Sets the limit of that name ("total=8589934592"). false: there is none, or it is no number above 0. */
bool dgm_bundle_limit_set(struct dgm_bundle_limits *limits, struct dgm_str text);

enum dgm_member_content {
	DGM_MEMBER_OTHER, /* neither notices nor anything known */
	DGM_MEMBER_RECORDS,
	DGM_MEMBER_MEDIA,
	DGM_MEMBER_ARCHIVE,  /* not opened */
	DGM_MEMBER_MANIFEST, /* the manifest.json of a bundle that dragoman wrote */
};

struct dgm_bundle_member {
	struct dgm_str name; /* valid UTF-8; bytes that are not are %XX */
	uint64_t size;
	uint8_t digest[DGM_DIGEST_SIZE];
	enum dgm_member_content content;
	const char *media_type; /* of media */
	const char *media_kind; /* where its bytes say it */
	uint32_t number;        /* its place in the archive */
	bool refused;           /* reported; it is not read */
	bool claimed;           /* a notice speaks of it */
};

struct dgm_bundle;

struct dgm_bundle_options {
	struct dgm_search *plugins;
	struct dgm_catalog *catalog;
	struct dgm_diag_sink *diags;
	struct dgm_input *input; /* nothing of it was consumed; it must outlive the bundle */
	const char *kind;        /* dgm_magic_bundle() */
	struct dgm_bundle_limits limits;
	struct dgm_str from; /* the format that the user says it is; empty: recognised */
	struct dgm_str only; /* the one member that is wanted; empty: all */
};

/*
 * Surveys it. NULL after diagnostics, where it cannot be opened or breaks a limit as a whole. *ret_broken: it broke behind
 * the members that the bundle has; reported. "bundle-empty" where it holds no notices is said here.
 */
struct dgm_bundle *dgm_bundle_open(const struct dgm_bundle_options *options, bool *ret_broken, bool *ret_plugin);
void dgm_bundle_free(struct dgm_bundle *bundle);

/* The member of that name, or NULL. */
struct dgm_bundle_member *dgm_bundle_find(const struct dgm_bundle *bundle, struct dgm_str name);
/* Those whose names begin so, sorted by name: the first, and how many. */
struct dgm_bundle_member *const *dgm_bundle_range(const struct dgm_bundle *bundle, struct dgm_str prefix,
	size_t *ret_count);
/* All of them, in the archive's order. */
struct dgm_bundle_member *dgm_bundle_members(const struct dgm_bundle *bundle, size_t *ret_count);
uint64_t dgm_bundle_refused(const struct dgm_bundle *bundle);
struct dgm_str dgm_bundle_name(const struct dgm_bundle *bundle); /* of the archive */
/* Whether one member was asked for by name, and the others are nobody's concern. */
bool dgm_bundle_is_single(const struct dgm_bundle *bundle);

/*
 * Goes to the next member that `wanted` says yes to, from the start of the archive after dgm_bundle_rewind(). DGM_OK,
 * DGM_END, or DGM_FATAL after a diagnostic. The member's bytes are had by dgm_bundle_pull(), up to 0 at its end, or by an
 * input, which dies with the next step. A member whose bytes are others than in the survey is DGM_FATAL at its end
 * ("input-changed").
 */
int dgm_bundle_rewind(struct dgm_bundle *bundle);
int dgm_bundle_step(struct dgm_bundle *bundle, bool (*wanted)(const struct dgm_bundle_member *member),
	struct dgm_bundle_member **ret_member);
ssize_t dgm_bundle_pull(void *bundle, char *to, size_t n);
struct dgm_input *dgm_bundle_input(struct dgm_bundle *bundle, const struct dgm_bundle_member *member);

/* For dgm_bundle_step. */
bool dgm_bundle_has_records(const struct dgm_bundle_member *member);
bool dgm_bundle_is_claimed(const struct dgm_bundle_member *member);

/* Says what of the members nobody asked for: "media-unclaimed", "bundle-nested", "bundle-member-unknown". */
void dgm_bundle_say_unclaimed(struct dgm_bundle *bundle);

#endif
