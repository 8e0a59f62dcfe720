/* SPDX-License-Identifier: Apache-2.0 */
/* Diagnostics as bytes and back. Values leave a worker only where they are to be shown: they are about people. */
#define _GNU_SOURCE
#include "frames.h"

#include <errno.h>
#include <unistd.h>

#include "args.h"
#include "log.h"

/* Texts of a diagnostic are lines of this program's; longer ones are cut. */
#define TEXT_MAX 2000u

struct diag_head {
	uint32_t severity, line, column, lengths[5]; /* code, file, field, text, value */
	uint64_t offset, record;
};

static struct {
	int pipe;
	size_t length;
	char waiting[(size_t)64 << 10];
} own = {.pipe = -1};

void cli_frames_to(int pipe)
{
	own.pipe = pipe;
	own.length = 0;
}

static int send_all(const char *at, size_t n)
{
	while (n) {
		const ssize_t sent = write(own.pipe, at, n);
		if (sent < 0 && errno != EINTR)
			return -1;
		if (sent > 0) {
			at += sent;
			n -= (size_t)sent;
		}
	}
	return 0;
}

int cli_frames_flush(void)
{
	const size_t n = own.length;
	own.length = 0;
	return send_all(own.waiting, n);
}

static int add(enum cli_frame kind, const void *bytes, size_t n)
{
	const struct cli_frame_head head = {.kind = kind, .length = (uint32_t)n};
	if (own.length + sizeof head + n > sizeof own.waiting && cli_frames_flush() != 0)
		return -1;
	memcpy(own.waiting + own.length, &head, sizeof head);
	memcpy(own.waiting + own.length + sizeof head, bytes, n);
	own.length += sizeof head + n;
	return 0;
}

int cli_frame_send(enum cli_frame kind, const void *bytes, size_t n)
{
	return add(kind, bytes, n) == 0 ? cli_frames_flush() : -1;
}

void cli_frame_diag(const struct dgm_diag *diag)
{
	const struct dgm_str texts[5] = {dgm_str(diag->code), diag->file, diag->field, diag->text,
		cli_settings.show_values ? diag->value : DGM_NOSTR};
	struct diag_head head = {.severity = diag->severity,
		.line = diag->place.line,
		.column = diag->place.column,
		.offset = diag->place.offset,
		.record = diag->record};
	char frame[sizeof head + 5 * TEXT_MAX];
	size_t n = sizeof head;
	for (size_t i = 0; i < DGM_COUNT(texts); i++) {
		const struct dgm_str text = dgm_str_take(texts[i], TEXT_MAX);
		head.lengths[i] = (uint32_t)text.len;
		if (text.len)
			memcpy(frame + n, text.ptr, text.len);
		n += text.len;
	}
	memcpy(frame, &head, sizeof head);
	add(CLI_FRAME_DIAG, frame, n);
	/* What a worker dies of is said before it dies. */
	if (diag->severity == DGM_ERROR)
		cli_frames_flush();
}

/* A code is a word of this program's; what is not is cut. */
static void copy_code(char to[48], struct dgm_str from)
{
	const size_t n = from.len < 47 ? from.len : 47;
	memset(to, 0, 48);
	if (n)
		memcpy(to, from.ptr, n);
}

void cli_frame_say(struct dgm_str payload)
{
	struct diag_head head;
	struct dgm_str texts[5];
	char code[48];
	if (payload.len < sizeof head)
		return;
	memcpy(&head, payload.ptr, sizeof head);
	payload = dgm_str_skip(payload, sizeof head);
	for (size_t i = 0; i < DGM_COUNT(texts); i++) {
		if (head.lengths[i] > payload.len)
			return;
		texts[i] = dgm_str_take(payload, head.lengths[i]);
		payload = dgm_str_skip(payload, head.lengths[i]);
	}
	copy_code(code, texts[0]);
	const struct dgm_diag diag = {.severity = head.severity <= DGM_ERROR ? head.severity : DGM_ERROR,
		.code = code,
		.file = texts[1],
		.place = {.line = head.line, .column = head.column, .offset = head.offset},
		.record = head.record,
		.field = texts[2],
		.text = texts[3],
		.value = cli_settings.show_values && texts[4].len ? texts[4] : DGM_NOSTR};
	dgm_diag_emit(&cli_diags, &diag);
}

void cli_frame_said(struct dgm_str payload)
{
	char code[48];
	const size_t end = dgm_str_find(payload, dgm_str_of("", 1));
	copy_code(code, dgm_str_take(payload, end));
	if (end < payload.len)
		cli_say(code, "%.*s", DGM_FMT(dgm_str_skip(payload, end + 1)));
}
