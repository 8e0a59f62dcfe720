#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What Dragoman does, on the invented samples in tests/golden: ./dev demo. Each command is shown, then run. Nothing is
# left behind: what is written goes to a temporary folder.
set -euo pipefail

source_dir=${SOURCE_DIR:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}
program=${DRAGOMAN:-$source_dir/build/release/bin/dragoman}
if [ ! -x "$program" ]; then
	echo "demo: there is no program at $program; ./dev demo builds it" >&2
	exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for sample in un-sc/sample.xml interpol/red-details.json ameripol/personas.csv; do
	cp "$source_dir/tests/golden/$sample" "$work/"
done
cd "$work"

dragoman() {
	"$program" "$@"
}

title() {
	printf '\n--- %s\n' "$*"
}

# Shows a command, runs it and cuts what it prints to a terminal's size. $1: lines shown; $2: exit status expected.
show() {
	local lines=$1 expected=$2 command=$3 status=0
	printf '\n$ %s\n' "$command"
	eval "$command" >shown 2>&1 || status=$?
	python3 - "$lines" <<'PYTHON'
import sys
lines = open("shown", encoding="utf-8", errors="replace").read().splitlines()
for line in lines[:int(sys.argv[1])]:
    print(line if len(line) <= 200 else line[:199] + "…")
if len(lines) > int(sys.argv[1]):
    print(f"[{len(lines) - int(sys.argv[1])} more lines]")
PYTHON
	if [ "$status" -ne "$expected" ]; then
		echo "demo: exit status $status, expected $expected" >&2
		exit 1
	fi
}

title "Which formats are these files? Signatures of the definitions decide, not names of files."
show 20 0 'dragoman detect sample.xml red-details.json personas.csv'

title "UN Security Council list (XML) to the common notice schema, one JSON object per line."
show 20 0 'dragoman convert -t notice-jsonl -o notices.jsonl sample.xml'
show 3 0 'head -n 3 notices.jsonl'

title "The same list as INTERPOL-UN Special Notices (JSON). What these cannot hold is counted."
show 20 0 'dragoman convert -t interpol -o special.json sample.xml 2>&1 | tail -n 1'
show 3 0 'head -n 3 special.json'

title "INTERPOL Red Notices to AMERIPOL's table (CSV), with a report of every value lost. The table's usual encoding,
    windows-1252, lacks the letters of some of these names; UTF-8 has them."
show 20 0 'dragoman convert -t ameripol --to-encoding utf-8 -o buscados.csv --report loss.json red-details.json'
show 3 0 'head -n 3 buscados.csv'
show 4 0 'head -n 4 loss.json'
show 12 0 "sed -n '/^\"fields\"/,\$p' loss.json"

title "What will be lost can be asked before there is any data."
show 8 0 'dragoman loss interpol ameripol'

title "A broken row: one cell is missing. It goes to the rejects, with reason, place and bytes; the others are converted."
show 20 0 "LC_ALL=C sed '2s/;Vigente;/;/' personas.csv >broken.csv"
show 20 1 'dragoman convert -t notice-jsonl -o good.jsonl --rejects rejects.jsonl broken.csv'
show 3 0 'head -c 150 rejects.jsonl; echo; wc -l good.jsonl'

printf '\nThe manual: man -l man/dragoman.1\n'
