#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Values that hold characters the target's encoding lacks count as loss, in the summary, in the report and against
# --max-loss, also where the whole output still lies in memory when the last record is done.
set -euo pipefail

die() { echo "FAILED: $*" >&2; exit 1; }

if [ ! -x "${DRAGOMAN:-}" ]; then
	echo "skipped: \$DRAGOMAN names no program" >&2
	exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
printf '%s\n' '{"notice":{"id":"1","type":"wanted","form":"bulletin","issuer":"AMERIPOL"},"subject":[{"kind":"person","name":[{"kind":"primary","family":"ПРОБА"}]}]}' >in.jsonl

"$DRAGOMAN" convert -t ameripol -o out.csv --report report.json in.jsonl 2>log || die "exit $?"
grep -q ';?????;' out.csv || die "five letters are not five question marks"
grep -q '1 values lost .*characters 1' log || die "the summary does not count them: $(tail -1 log)"
grep -q '"values_lost":1' report.json || die "the report does not count them"

status=0
"$DRAGOMAN" convert -t ameripol -o limited.csv --max-loss 0 in.jsonl 2>log || status=$?
[ $status = 6 ] || die "exit $status with --max-loss 0, expected 6"
[ ! -e limited.csv ] || die "published although more was lost than allowed"
"$DRAGOMAN" convert -t ameripol -o limited.csv --max-loss 1 in.jsonl 2>log || die "exit $? with --max-loss 1"
