#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A loss report is JSON to its end or it is not there: a run that stops halfway publishes no half of one.
set -euo pipefail

die() { echo "FAILED: $*" >&2; exit 1; }

if [ ! -x "${DRAGOMAN:-}" ]; then
	echo "skipped: \$DRAGOMAN names no program" >&2
	exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
printf '%s\n' '{"notice":{"id":"1","type":"wanted","issuer":"X"},"subject":[{"kind":"person"}]}' >in.jsonl

status=0
"$DRAGOMAN" convert -t interpol -o out.json --report report.json --from-option nonsense=1 in.jsonl 2>/dev/null || status=$?
[ $status = 2 ] || die "exit $status with an option that no plugin has, expected 2"
[ ! -e report.json ] || die "a report without its end was published"

status=0
"$DRAGOMAN" convert -t interpol -o out.json --report report.json in.jsonl missing.jsonl 2>/dev/null || status=$?
[ $status = 3 ] || die "exit $status with an input that is missing, expected 3"
"${PYTHON:-/usr/bin/python3}" -m json.tool report.json >/dev/null || die "the report of a broken input is not whole"
[ ! -e out.json ] || die "published although an input is missing"
