/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures, the longest and surest first. */
#include "host/magic.h"

#define TAR_BLOCK 512u
#define TAR_SUM 148u /* the place of a header's checksum, eight bytes */

struct signature {
	const char *bytes;
	uint8_t len, offset;
	const char *name; /* of an archive */
	struct dgm_magic_media media;
};

#define BYTES(literal) (literal), sizeof(literal) - 1

static const struct signature archives[] = {
	{BYTES("PK\3\4"), 0, "zip", {0}},
	{BYTES("PK\5\6"), 0, "zip", {0}},
	{BYTES("\x1f\x8b\x08"), 0, "gzip", {0}},
	{BYTES("\x28\xb5\x2f\xfd"), 0, "zstd", {0}},
	{BYTES("\xfd"
	       "7zXZ\0"),
		0, "xz", {0}},
	{BYTES("PK\7\10"), 0, "split zip", {0}},
	{BYTES("7z\xbc\xaf\x27\x1c"), 0, "7z", {0}},
	{BYTES("Rar!\x1a\7"), 0, "rar", {0}},
	{BYTES("MSCF\0\0\0\0"), 0, "cab", {0}},
	{BYTES("BZh"), 0, "bzip2", {0}},
	{BYTES("LRZI"), 0, "lrzip", {0}},
	{BYTES("\x89LZO\0\r\n\x1a\n"), 0, "lzop", {0}},
	{BYTES("\x04\x22\x4d\x18"), 0, "lz4", {0}},
	{BYTES("xar!"), 0, "xar", {0}},
	{BYTES("!<arch>\n"), 0, "ar", {0}},
};

static const struct signature media[] = {
	{BYTES("\xff\xd8\xff"), 0, NULL, {"image/jpeg", NULL}},
	{BYTES("\x89PNG\r\n\x1a\n"), 0, NULL, {"image/png", NULL}},
	{BYTES("GIF87a"), 0, NULL, {"image/gif", NULL}},
	{BYTES("GIF89a"), 0, NULL, {"image/gif", NULL}},
	{BYTES("II*\0"), 0, NULL, {"image/tiff", NULL}},
	{BYTES("MM\0*"), 0, NULL, {"image/tiff", NULL}},
	{BYTES("\0\0\0\x0cjP  \r\n"), 0, NULL, {"image/jp2", NULL}},
	{BYTES("WEBP"), 8, NULL, {"image/webp", NULL}},
	{BYTES("ftypheic"), 4, NULL, {"image/heic", NULL}},
	{BYTES("ftyp"), 4, NULL, {"video/mp4", NULL}},
	/* The FBI's wavelet format (WSQ, IAFIS-IC-0110): start of image, then a table or a frame. */
	{BYTES("\xff\xa0\xff"), 0, NULL, {"image/x-wsq", "fingerprint"}},
	{BYTES("FIR\0"), 0, NULL, {"application/octet-stream", "fingerprint"}}, /* ISO/IEC 19794-4 */
	{BYTES("FMR\0"), 0, NULL, {"application/octet-stream", "fingerprint"}}, /* ISO/IEC 19794-2 */
	{BYTES("IIR\0"), 0, NULL, {"application/octet-stream", "iris"}},        /* ISO/IEC 19794-6 */
	{BYTES("FAC\0"), 0, NULL, {"application/octet-stream", "photo"}},       /* ISO/IEC 19794-5 */
	/* ANSI/NIST-ITL, traditional encoding: the first field of the record of type 1 is its length. */
	{BYTES("1.001:"), 0, NULL, {"application/octet-stream", "nist_file"}},
	{BYTES("1.01:"), 0, NULL, {"application/octet-stream", "nist_file"}},
	{BYTES("%PDF-"), 0, NULL, {"application/pdf", "document"}},
};

static const struct signature *find(const struct signature *table, size_t count, struct dgm_str head)
{
	for (size_t i = 0; i < count; i++)
		if (dgm_str_starts(dgm_str_skip(head, table[i].offset), dgm_str_of(table[i].bytes, table[i].len)))
			return &table[i];
	return NULL;
}

/* A header's checksum is that of its bytes with blanks for itself; or the whole file is zeros, an archive of nothing. */
static bool is_tar(struct dgm_str head)
{
	uint32_t sum = 0, told = 0;
	bool zero = true, digits = false;
	if (head.len < TAR_BLOCK)
		return false;
	for (size_t i = 0; i < TAR_BLOCK; i++) {
		const unsigned char c = (unsigned char)head.ptr[i];
		zero = zero && c == 0;
		sum += i >= TAR_SUM && i < TAR_SUM + 8 ? ' ' : c;
	}
	for (size_t i = TAR_SUM; i < TAR_SUM + 8; i++) {
		const char c = head.ptr[i];
		if (c >= '0' && c <= '7') {
			told = told * 8 + (uint32_t)(c - '0');
			digits = true;
		} else if (digits) {
			break;
		}
	}
	return zero || (digits && sum == told);
}

const char *dgm_magic_bundle(struct dgm_str head)
{
	const struct signature *found = find(archives, 5, head);
	if (!found)
		return is_tar(head) ? "tar" : NULL;
	return dgm_str_is(dgm_str(found->name), "gzip")    ? "tar.gz"
		: dgm_str_is(dgm_str(found->name), "zstd") ? "tar.zst"
		: dgm_str_is(dgm_str(found->name), "xz")   ? "tar.xz"
							   : "zip";
}

const char *dgm_magic_archive(struct dgm_str head)
{
	const struct signature *found = find(archives, DGM_COUNT(archives), head);
	return found ? found->name : is_tar(head) ? "tar" : NULL;
}

const struct dgm_magic_media *dgm_magic_media(struct dgm_str head)
{
	const struct signature *found = find(media, DGM_COUNT(media), head);
	return found ? &found->media : NULL;
}

const char *dgm_magic_bundle_name(struct dgm_str path)
{
	static const char *const suffixes[][2] = {{".zip", "zip"}, {".tar", "tar"}, {".tar.gz", "tar.gz"},
		{".tgz", "tar.gz"}, {".tar.zst", "tar.zst"}, {".tzst", "tar.zst"}, {".tar.xz", "tar.xz"},
		{".txz", "tar.xz"}};
	for (size_t i = 0; i < DGM_COUNT(suffixes); i++) {
		const struct dgm_str suffix = dgm_str(suffixes[i][0]);
		if (path.len > suffix.len && dgm_str_eq_nocase(dgm_str_skip(path, path.len - suffix.len), suffix))
			return suffixes[i][1];
	}
	return NULL;
}
