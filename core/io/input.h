/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Input: bytes of a file, standard input or memory, decoded to UTF-8, seen through a window (peek and consume).
 * The window is what the plugin ABI's peek shows; nothing is read twice, and nothing seeks.
 *
 * Decoding: charset "utf-8" (the default) passes bytes through and drops a leading byte-order mark; the others are
 * decoded by tables that come from ICU. A byte b that stands for no character becomes the two bytes 0xF8|b>>6,
 * 0x80|b&0x3F, which are invalid UTF-8 on purpose: framing goes on and the record that holds it is rejected, or the
 * value kept. Such are the holes of a table, the C1 controls 80 to 9F of a legacy charset (also in ISO 8859:
 * io/charset.h says why), a lead
 * byte without its trail, an unpaired surrogate and an odd last byte in UTF-16. dgm_input_encode turns decoded bytes back
 * to the very bytes of the source, these included.
 */
#ifndef DGM_IO_INPUT_H
#define DGM_IO_INPUT_H

#include <sys/stat.h>
#include <sys/types.h>

#include "base/diag.h"
#include "base/digest.h"

struct dgm_input;

/*
 * name: for messages, copied. fd: read to its end, not closed. bytes: kept by reference. chunk: how many bytes one read
 * asks for, 0 for the default (tests use 1 and primes). Never NULL.
 */
struct dgm_input *dgm_input_fd(int fd, struct dgm_str name, struct dgm_diag_sink *diags, size_t chunk);
struct dgm_input *dgm_input_memory(struct dgm_str bytes, struct dgm_str name, struct dgm_diag_sink *diags,
	size_t chunk);
/*
 * Bytes that somebody else fetches, a member of a bundle. pull gives up to n of them, 0 at the end, -1 after a diagnostic.
 * The input's name is "FILE:MEMBER", its file and its member the two parts.
 */
struct dgm_input *dgm_input_pull(ssize_t (*pull)(void *context, char *to, size_t n), void *context, struct dgm_str file,
	struct dgm_str member, struct dgm_diag_sink *diags, size_t chunk);
void dgm_input_free(struct dgm_input *input);

/*
 * The first bytes, undecoded, for detection: at most want, fewer only at the end. Before the first peek only; they are
 * not consumed. DGM_FATAL after a read error.
 */
int32_t dgm_input_head(struct dgm_input *input, size_t want, struct dgm_str *ret_head);

/*
 * Chooses the charset: a name from the allow-list (utf-8, utf-16, utf-16le, utf-16be, us-ascii, iso-8859-1 to -16,
 * windows-1250 to -1258, windows-874, ibm866, cp850, koi8-r, koi8-u, gb18030, gbk, big5, shift_jis, euc-jp, euc-kr) or
 * an alias. A UTF-8 or UTF-16 byte-order mark always wins over `charset` where `accepts_bom` is true and is an error
 * ("charset-conflict") where it is not and says something else. "utf-16" without a mark is big-endian (RFC 2781).
 * Before the first peek and once only; without it the charset is utf-8 with accepts_bom. -1 and a diagnostic
 * ("charset-unknown") when there is no such charset, or the mark is that of UTF-32. Reads the first bytes: also -1 after
 * "input-read".
 */
int dgm_input_charset(struct dgm_input *input, struct dgm_str charset, bool accepts_bom);

/* As in struct dgm_host. A read error is reported once ("input-read") and then DGM_FATAL for ever. */
int32_t dgm_input_peek(struct dgm_input *input, size_t want, struct dgm_str *ret_window);
void dgm_input_consume(struct dgm_input *input, size_t n);

/* Bytes read so far from the source; whether its end was seen. */
uint64_t dgm_input_bytes(const struct dgm_input *input);
bool dgm_input_at_end(const struct dgm_input *input);
/* Whether reading broke; that was reported when it happened. */
bool dgm_input_failed(const struct dgm_input *input);
struct dgm_str dgm_input_name(const struct dgm_input *input);
struct dgm_str dgm_input_file(const struct dgm_input *input);
struct dgm_str dgm_input_member(const struct dgm_input *input); /* empty where it is no member of a bundle */
/* The name of the charset in use. */
struct dgm_str dgm_input_charset_name(const struct dgm_input *input);

/* Adds every byte read to the digest, before the first of them; the digest stays the caller's, NULL is none. */
void dgm_input_digest(struct dgm_input *input, struct dgm_digest *digest);
/*
 * Whether the file is another one than when the input was made, by what the system says of it: device, number, size,
 * time of writing and of change. Where it is no regular file it cannot be told, and is not.
 */
bool dgm_input_changed(const struct dgm_input *input);

/* A place in an input from which its text can be had again: bytes of the source, and bytes of text decoded from there. */
struct dgm_spot {
	uint64_t source, text;
};

/* How many bytes a file has behind the start of the input; 0 where that is not known, as of a pipe. */
uint64_t dgm_input_size(const struct dgm_input *input);
/*
 * A second input of the same file, from its start and in the same charset, whose spots can be asked for; reading from
 * the one does not move the other. Only of inputs that have a size or are memory. The first must outlive it: a digest
 * sees every byte once, from whichever of them reads it first.
 */
struct dgm_input *dgm_input_again(struct dgm_input *input, struct dgm_diag_sink *diags);
/* The spot of a place in the window, by its offset in the text. Only of inputs made by dgm_input_again. */
struct dgm_spot dgm_input_spot(const struct dgm_input *input, uint64_t offset);
/* Goes on at a spot; what a peek showed is gone. DGM_FATAL: the input broke. */
int32_t dgm_input_seek(struct dgm_input *input, struct dgm_spot spot);
/* What is read from now on concerns no digest. */
void dgm_input_undigested(struct dgm_input *input);
/* Others have read it to its end, which lies behind so many bytes. */
void dgm_input_finished(struct dgm_input *input, uint64_t bytes);

/*
 * From here on the input is not read in order any more but at any place, undecoded (dgm_input_raw_size, dgm_input_read_at).
 * What is no regular file is copied to one without a name. Where a digest is wanted, it sees everything now. Before the
 * first peek. 0, or -1 after a diagnostic ("input-read", "input-spool").
 */
int dgm_input_spool(struct dgm_input *input);
/* Opens the file for that beforehand, so that a process can do it that opens nothing: its descriptor, or -1 and errno. */
int dgm_input_prepare(struct dgm_input *input);
uint64_t dgm_input_raw_size(const struct dgm_input *input);
/* n bytes, fewer only at the end. DGM_FATAL after "input-read". */
int32_t dgm_input_read_at(struct dgm_input *input, uint64_t offset, char *buffer, size_t n, size_t *ret_n);

/*
 * The original bytes of a run of decoded bytes, in malloc'ed memory: free() ret_bytes->ptr. Without the byte-order mark,
 * which is no part of the decoded bytes. Exact, but for shift_jis, euc-jp and big5, where a few characters have two
 * codes (NEC's and IBM's, box drawings): there the usual one comes out. -1 where decoded is not from this input.
 */
int dgm_input_encode(const struct dgm_input *input, struct dgm_str decoded, struct dgm_str *ret_bytes);
void dgm_input_encoded_free(struct dgm_str bytes);

#endif
