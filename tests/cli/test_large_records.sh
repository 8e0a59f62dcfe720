#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Small hostile records that would be large notices cost themselves and nothing else.
set -u
: "${DRAGOMAN:?}"
[ -x "$DRAGOMAN" ] || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# Converts $1, expects one record rejected with code $2 and the other written.
check() {
	"$DRAGOMAN" convert --log-format json -t notice-jsonl -o "$work/out" --rejects "$work/rejects" "$work/$1" 2>"$work/log"
	local status=$?
	if [ $status -ne 1 ] || [ "$(wc -l <"$work/out")" -ne 1 ] || ! grep -q "\"code\":\"$2\"" "$work/rejects"; then
		echo "FAILED: $1: exit $status, expected one record rejected as $2"
		cut -c1-200 "$work/log"
		failed=1
	fi
}

good='{"notice":{"id":"2","type":"wanted","issuer":"X"},"subject":[{"kind":"person"}]}'
many() {
	head -c "$1" /dev/zero | tr '\0' "$2"
}

{
	printf '{"notice":{"id":"1","type":"wanted","issuer":"X"},"subject":[{"kind":"person"}%s]}\n' "$(many 100000 x | sed 's/x/,{"id":"s"}/g')"
	echo "$good"
} >"$work/groups.jsonl"
check groups.jsonl notice-too-large

{
	printf 'notice.id,notice.type,notice.issuer,subject.kind,subject.name.full\n'
	printf '1,wanted,X,person,%sx\n' "$(many 100000 ';')"
	printf '2,wanted,X,person,Y\n'
} >"$work/places.csv"
check places.csv notice-too-large

{
	printf '{"notice":{"id":"1","type":"wanted","issuer":"X"},"subject":[{"kind":"person","title":["a"%s]}]}\n' "$(many 1100000 x | sed 's/x/,"a"/g')"
	echo "$good"
} >"$work/values.jsonl"
check values.jsonl record-too-many-values

# A path of an unmapped value that no record can have must not be walked.
printf '{"notice":{"id":"1","type":"wanted","issuer":"X"},"subject":[{"kind":"person"}],"unmapped":[{"format":"un-sc","path":"%sb","value":"x"}]}\n' \
	"$(many 300000 x | sed 's/x/a\//g')" >"$work/path.jsonl"
"$DRAGOMAN" convert -q -t un-sc -o "$work/out.xml" "$work/path.jsonl" || {
	echo "FAILED: a deep path of an unmapped value"
	failed=1
}
exit $failed
