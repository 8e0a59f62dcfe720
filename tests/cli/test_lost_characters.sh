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

# A kept value is a value too.
mkdir formats
cat >formats/desk.yaml <<'YAML'
format: desk
title: A desk
status: modelled
engine: csv
encoding: us-ascii
accepts: [utf-8]
table: yes
records:
  - at: ""
    set: {notice.type: wanted, notice.issuer: Desk, subject.kind: person}
    map:
      No: notice.id
      Desk: {keep: where it lay}
YAML
printf 'No,Desk\n1,Стол\n' >desk.csv
DRAGOMAN_FORMAT_PATH=$PWD/formats "$DRAGOMAN" convert -f desk -t desk -o desk.out desk.csv 2>log || die "exit $? of a kept value"
grep -q '1 values lost .*characters 1' log || die "a kept value's characters are not counted: $(tail -1 log)"

# XML and JSON have escapes for such characters: nothing is lost, and reading gives them back.
for target in notice-xml:'&#x041F;&#x0420;' notice-json:'\\u041f\\u0420' notice-jsonl:'\\u041f\\u0420'; do
	format=${target%%:*}
	"$DRAGOMAN" convert -t "$format" --to-encoding iso-8859-1 -o out.txt --max-loss 0 in.jsonl 2>log ||
		die "exit $? of $format: $(cat log)"
	grep -q unencodable log && die "$format warns of what is not lost"
	LC_ALL=C grep -q '[^ -~]' out.txt && die "$format holds more than ASCII"
	grep -q "${target#*:}" out.txt || die "$format holds no ${target#*:}"
	"$DRAGOMAN" convert -f "$format" --from-encoding iso-8859-1 -t notice-jsonl -o again.jsonl out.txt 2>log ||
		die "exit $? of $format read again"
	cmp in.jsonl again.jsonl || die "$format read again differs"
done

# No escape stands in the name of an element: that costs the record, not the document.
printf '%s\n' '{"notice":{"id":"2","type":"sanction","form":"listing","issuer":"UNSC"},"subject":[{"kind":"person","name":[{"kind":"primary","part":["X"]}]}],"sanction":[{"designated":"2020-01-01"}],"unmapped":[{"format":"un-sc","path":"ИМЯ","value":"1"}]}' >name.jsonl
status=0
"$DRAGOMAN" convert -f notice-jsonl -t un-sc --to-encoding iso-8859-1 -o name.xml name.jsonl 2>log || status=$?
grep -q 'xml-bad-name' log || die "a name that the encoding lacks is not refused: exit $status, $(cat log)"
if [ -e name.xml ] && grep -q '&#x0418;' name.xml; then die "a reference in a name"; fi
