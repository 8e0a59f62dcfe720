#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The public header alone, as C and as C++ of every age, by every compiler there is: not one warning, no padding. And
# every member of it has its pin in test_pins.c.
set -euo pipefail

die() { echo "FAILED: $*" >&2; exit 1; }

source_dir=${SOURCE_DIR:-$(cd "$(dirname "$0")/../.." && pwd)}
header=$source_dir/core/include/dragoman/plugin.h
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Twice, to try the guard; and the macros where they are used.
cat >"$work/use.c" <<'C'
#include <dragoman/plugin.h>
#include <dragoman/plugin.h>

int use_header(const struct dgm_host *host, const struct dgm_open *open);

int use_header(const struct dgm_host *host, const struct dgm_open *open)
{
	return DGM_HAS(host, report) && DGM_HAS(open, column_count) ? DGM_OK : DGM_FATAL;
}

const struct dgm_plugin *dragoman_plugin_v1(uint32_t index)
{
	(void)index;
	return NULL;
}
C
cp "$work/use.c" "$work/use.cc"
warnings=(-Wall -Wextra -Wpedantic -Wpadded -Wconversion -Wsign-conversion -Wshadow -Wundef -Wcast-qual -Wpointer-arith -Werror)
tried=0

try() { # compiler standard source
	command -v "$1" >/dev/null || { echo "not here: $1"; return 0; }
	"$1" "-std=$2" "${warnings[@]}" "-I$source_dir/core/include" -c "$work/$3" -o "$work/out.o" || die "$1 -std=$2"
	# The entry point keeps its plain name in C++ too.
	nm "$work/out.o" | grep -q ' T dragoman_plugin_v1$' || die "$1 -std=$2: the entry point's name is mangled"
	tried=$((tried + 1))
}

for standard in c11 c17 gnu11 gnu17 c2x; do
	try gcc $standard use.c
	try clang $standard use.c
done
for standard in c++11 c++14 c++17 c++20 gnu++20; do
	try g++ $standard use.cc
	try clang++ $standard use.cc
done
[ "$tried" -ge 5 ] || die "only $tried combinations of compiler and language could be tried"

"${PYTHON:-/usr/bin/python3}" - "$header" "$source_dir/tests/abi/test_pins.c" <<'PYTHON' || die "the pins do not cover the header"
import re, sys
header = re.sub(r"/\*.*?\*/", "", open(sys.argv[1]).read(), flags=re.S)
pins = open(sys.argv[2]).read()
missing, members = [], 0
for struct, body in re.findall(r"struct (dgm_\w+) \{(.*?)\n\};", header, re.S):
	for text in filter(None, (" ".join(part.split()) for part in body.split(";"))):
		member = re.search(r"\(\*(\w+)\)", text) or re.search(r"(\w+)$", text)
		members += 1
		if f"PIN({struct}, {member.group(1)}," not in pins:
			missing.append(f"{struct}.{member.group(1)}")
for constant in re.findall(r"#define (DGM_\w+) \(?-?\w+\)?\s*$", header, re.M):
	if constant not in ("DGM_EXPORT", "DGM_ABI_MINOR") and f"VALUE({constant}," not in pins:
		missing.append(constant)
if missing or members < 50:
	sys.exit(f"no pin in test_pins.c for: {', '.join(missing)} ({members} members seen)")
PYTHON
