#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Checks the plugin, and converts the sample to notices and back: test.sh DRAGOMAN FOLDER-OF-THE-PLUGIN
set -eu
cd "$(dirname "$0")"
dragoman=$1
plugins=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$dragoman" plugin check "$plugins/keyline.so" --sample people.keyline

convert() {
	"$dragoman" convert --plugin-dir "$plugins" --format-dir . "$@"
}
convert -f keyline-people -t notice-jsonl -o "$work/notices.jsonl" people.keyline
convert -f notice-jsonl -t keyline-people -o "$work/again.keyline" "$work/notices.jsonl"
convert -f keyline-people -t notice-jsonl -o "$work/again.jsonl" "$work/again.keyline"
cmp "$work/notices.jsonl" "$work/again.jsonl"
[ -s "$work/notices.jsonl" ]
echo "good"
