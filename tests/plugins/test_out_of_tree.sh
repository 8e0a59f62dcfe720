#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A plugin of somebody else: built outside the tree with nothing but the public header, then used by the program.
set -euo pipefail

die() { echo "FAILED: $*" >&2; exit 1; }

source_dir=${SOURCE_DIR:-$(cd "$(dirname "$0")/../.." && pwd)}
if [ ! -x "${DRAGOMAN:-}" ]; then
	echo "skipped: \$DRAGOMAN names no program" >&2
	exit 77
fi
umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src" "$work/include" "$work/include/dragoman" "$work/plugins" "$work/formats"
cp "$source_dir/tests/plugins/example/"* "$work/src/"
cp "$source_dir/core/include/dragoman/plugin.h" "$work/include/dragoman/"
cd "$work"

# By hand, as the header's reader would, without the tree in reach.
"${CC:-cc}" -std=c17 -O2 -Wall -Wextra -Wpedantic -Werror -shared -fPIC -fvisibility=hidden -Wl,-z,defs \
	-Iinclude src/keyline.c -o plugins/keyline.so

exported=$(nm -D --defined-only plugins/keyline.so | awk '{print $3}')
[ "$exported" = dragoman_plugin_v1 ] || die "exports more or less than its entry point: $exported"
# Weak ones are the compiler's own hooks; all others must be the C library's.
foreign=$(nm -D --undefined-only plugins/keyline.so | awk '$1 == "U" && $2 !~ /@GLIBC_/ {print $2}')
[ -z "$foreign" ] || die "leaves symbols open that are not the C library's: $foreign"
needed=$(LC_ALL=C readelf -d plugins/keyline.so | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
[ "$needed" = libc.so.6 ] || die "links more than the C library: $needed"

# By its own CMakeLists.txt.
cmake -S src -B build -DCMAKE_BUILD_TYPE=Release -DDRAGOMAN_INCLUDE_DIR="$work/include" >cmake.log 2>&1 &&
	cmake --build build >>cmake.log 2>&1 || { cat cmake.log >&2; die "its own CMakeLists.txt does not build it"; }
[ -f build/keyline.so ] || die "CMake made no file of the plugin's name"

# The rest needs the program to convert.
if ! help=$("$DRAGOMAN" convert --help 2>&1) || [[ $help != *--plugin-dir* || $help != *--format-dir* ]]; then
	echo "only built, not used: $DRAGOMAN knows no 'convert' with --plugin-dir and --format-dir yet" >&2
	exit 0
fi
cp src/keyline-people.yaml formats/
folders=(--plugin-dir "$work/plugins" --format-dir "$work/formats")

"$DRAGOMAN" convert -f keyline-people -t notice-jsonl "${folders[@]}" src/people.keyline >out.jsonl ||
	die "cannot convert from the example's format (exit $?)"
python=${PYTHON:-/usr/bin/python3}
"$python" - out.jsonl <<'PYTHON' || { cat out.jsonl >&2; die "what came out is not what went in"; }
import json, sys
notices = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
assert len(notices) == 3, len(notices)
whole = [json.dumps(notice, ensure_ascii=False) for notice in notices]
for text, words in zip(whole, (["KL-1", "MARLOWE", "Ines", "La Sombra", "seen last\\nat the harbour"],
		["KL-2", "OKONJO", "Tobias"], ["KL-3", "ŠVARC", "Léa"])):
	for word in words:
		assert word in text, word
PYTHON

# And back: the same records, without the comment and the second empty line.
"$DRAGOMAN" convert -f notice-jsonl -t keyline-people "${folders[@]}" out.jsonl >back.keyline ||
	die "cannot convert to the example's format (exit $?)"
grep -v '^#' src/people.keyline | cat -s >expected.keyline
diff -u expected.keyline back.keyline >&2 || die "written and read again is not the same"

# Without its folder the plugin is not there, and that is said.
mkdir nowhere
if "$DRAGOMAN" convert -f keyline-people -t notice-jsonl --format-dir formats --plugin-dir nowhere src/people.keyline \
	>none.jsonl 2>none.err; then
	die "converts without the plugin"
fi
grep -q 'plugin-missing' none.err || { cat none.err >&2; die "the missing plugin is not named"; }
grep -q 'keyline' none.err || die "the missing plugin is not named"

# A folder that others may write is refused.
chmod 0777 plugins
if "$DRAGOMAN" convert -f keyline-people -t notice-jsonl "${folders[@]}" src/people.keyline >open.jsonl 2>open.err; then
	die "loads a plugin from a folder that everybody may write"
fi
grep -q 'plugin-permissions' open.err || { cat open.err >&2; die "the open folder is not named"; }
