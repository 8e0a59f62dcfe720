#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Measures dragoman and general tools on the same invented notices, in turns, and says whether the goals hold.
#   run.sh [SIZE] [--rounds N] [--job NAME]   SIZE of each input, 64M where it is not given
#   run.sh --formats [SIZE] [--rounds N]      each organisation's format beside its engine's plain speed, 16M each; this
#                                             is also the end of a run without --job
#   run.sh --batch [FILES] [--rounds N] | --batch --small FILES...
#                                             many files by dragoman batch, see batch.sh
#   run.sh --memory [SIZE...]                 peak memory of dragoman alone, 64M 512M 2G where they are not given
# Everything lies in $BINARY_DIR/bench, inputs and outputs on one disk; inputs are kept for the next run, unless --memory.
set -euo pipefail
export LC_ALL=C.UTF-8

dragoman=${DRAGOMAN:?the program to measure}
source=${SOURCE_DIR:?the source tree}
folder=${BINARY_DIR:?the build tree}/bench
peers=$source/tests/bench/peers
python=/usr/bin/python3 # the system's, which has lxml
memory_goal=32          # MiB
rounds=3 size=64M only='' memory='' formats='' sizes=()

die() {
	echo "bench: $*" >&2
	exit 2
}

if [ "${1:-}" = --batch ]; then
	exec bash "$source/tests/bench/batch.sh" "${@:2}"
fi
while [ $# -gt 0 ]; do
	case $1 in
	--memory) memory=1 ;;
	--formats) formats=1 ;;
	--rounds) rounds=${2:?} && shift ;;
	--job) only=${2:?} && shift ;;
	[0-9]*) sizes+=("$1") ;;
	*) die "what is \"$1\"? [SIZE] [--rounds N] [--job NAME], --formats [SIZE] or --memory [SIZE...]" ;;
	esac
	shift
done
[ -x "$dragoman" ] || die "$dragoman is not there"
[ -x /usr/bin/time ] || die "/usr/bin/time is not there"
mkdir -p "$folder"
results=$(mktemp "$folder/results.XXXXXX")
trap 'rm -f "$results" "$folder"/out.*' EXIT

# An input of that syntax and size, made anew where the generator or the schema has changed. Sets $made.
generate() {
	made=$folder/notices-$2.$1
	local from
	for from in "$source/tests/bench/generate.py" "$source/core/notice/schema.def"; do
		if [ ! -s "$made" ] || [ "$from" -nt "$made" ]; then
			"$python" "$source/tests/bench/generate.py" --syntax "$1" --size "$2" --columns used -o "$made.new"
			mv "$made.new" "$made"
			return
		fi
	done
}

# --- formats ---

measure_formats() { # SIZE
	echo
	BENCH_DIR=$folder "$python" "$source/tests/bench/formats.py" --size "$1" --rounds "$rounds"
}
if [ -n "$formats" ]; then
	measure_formats "${sizes[0]:-16M}"
	exit 0
fi

# --- memory ---

if [ -n "$memory" ]; then
	[ ${#sizes[@]} -gt 0 ] || sizes=(64M 512M 2G)
	printf '%-22s %6s %12s %10s\n' conversion size records 'peak MiB'
	held=1
	for size in "${sizes[@]}"; do
		for pair in csv:jsonl xml:csv jsonl:xml; do
			from=${pair%:*} to=${pair#*:}
			generate "$from" "$size"
			/usr/bin/time -o "$results" -f %M "$dragoman" convert -f "notice-$from" -t "notice-$to" \
				-o "$folder/out.$to" "$made" 2>"$folder/out.log" || die "dragoman failed: $(tail -1 "$folder/out.log")"
			peak=$(tail -1 "$results")
			records=$(sed -nE 's/.* ([0-9]+) written .*/\1/p' "$folder/out.log")
			printf '%-22s %6s %12s %10s\n' "$from -> $to" "$size" "$records" \
				"$(awk -v k="$peak" 'BEGIN { printf "%.1f", k / 1024 }')"
			[ "$peak" -lt $((memory_goal * 1024)) ] || held=
			rm -f "$made" "$folder/out.$to"
		done
	done
	verdict=MISSED
	[ -z "$held" ] || verdict=holds
	echo "goal: under $memory_goal MiB whatever the size: $verdict"
	exit 0
fi

# --- speed ---

size=${sizes[0]:-$size}
[ ${#sizes[@]} -le 1 ] || die "one size, or --memory"
echo "inputs of $size, $rounds rounds in turns, on one thread of $(sed -nE 's/^model name[^:]*: *//p' /proc/cpuinfo | head -1)"
generate csv "$size" && csv=$made
generate xml "$size" && xml=$made
generate jsonl "$size" && jsonl=$made
columns=$(head -1 "$csv")

one=()
if command -v taskset >/dev/null; then
	one=(taskset -c "$(taskset -cp $$ | sed -E 's/.*: ([0-9]+).*/\1/')")
fi

# Runs a command in the output's place and notes wall time, processor time and peak memory under a name.
measure() { # NAME OUTPUT COMMAND...
	local name=$1 output=$2 begin end
	shift 2
	rm -f "$output"
	begin=${EPOCHREALTIME/./}
	/usr/bin/time -o "$folder/out.time" -f '%U %S %M' "$@" 2>"$folder/out.log" || {
		echo "bench: $name failed: $(tail -1 "$folder/out.log")" >&2
		return 0
	}
	end=${EPOCHREALTIME/./}
	[ -s "$output" ] || {
		echo "bench: $name wrote nothing" >&2
		return 0
	}
	echo "$job|$round|$name|$((end - begin))|$(tail -1 "$folder/out.time")" >>"$results"
}

# As measure, for tools that write to standard output.
measure_stdout() { # NAME OUTPUT COMMAND...
	local name=$1 output=$2
	shift 2
	# shellcheck disable=SC2016 # the inner shell's variables
	measure "$name" "$output" /bin/sh -c 'output=$1; shift; exec "$@" >"$output"' sh "$output" "$@"
}

have() {
	command -v "$1" >/dev/null
}

in_dragoman() { # FROM TO INPUT
	measure dragoman "$folder/out.$2" "${one[@]}" "$dragoman" convert -q -f "notice-$1" -t "notice-$2" \
		-o "$folder/out.$2" "$3"
}

# The same by two processes, on two processors.
in_two() { # FROM TO INPUT
	[ "$(nproc)" -lt 2 ] || measure "dragoman, 2 jobs" "$folder/out.$2" "$dragoman" convert -q --jobs 2 -f "notice-$1" \
		-t "notice-$2" -o "$folder/out.$2" "$3"
}

csv_to_jsonl() {
	in_dragoman csv jsonl "$csv"
	in_two csv jsonl "$csv"
	if have mlr; then
		measure_stdout miller "$folder/out.peer" env GOMAXPROCS=1 "${one[@]}" mlr --icsv --ojsonl cat "$csv"
		measure_stdout "miller (all threads)" "$folder/out.peer" mlr --icsv --ojsonl cat "$csv"
	fi
	if have ogr2ogr; then
		measure ogr2ogr "$folder/out.peer" "${one[@]}" ogr2ogr -f GeoJSONSeq "$folder/out.peer" "$csv"
	fi
	if have sqlite3; then
		"$python" "$peers/programs.py" sqlite "$csv" "$folder/out.peer" >"$folder/out.sql"
		measure sqlite3 "$folder/out.peer" "${one[@]}" sqlite3 :memory: ".read $folder/out.sql"
	fi
	measure "python csv, json" "$folder/out.peer" "${one[@]}" "$python" "$peers/csv_to_jsonl.py" "$csv" "$folder/out.peer"
}

xml_to_csv() {
	in_dragoman xml csv "$xml"
	if "$python" -c 'import lxml' 2>/dev/null; then
		measure "python lxml" "$folder/out.peer" "${one[@]}" "$python" "$peers/xml_to_csv.py" "$xml" "$folder/out.peer" \
			"$columns"
	fi
}

jsonl_to_csv() {
	in_dragoman jsonl csv "$jsonl"
	in_two jsonl csv "$jsonl"
	if have jq; then
		"$python" "$peers/programs.py" jq "$jsonl" "$columns" >"$folder/out.jq"
		measure_stdout jq "$folder/out.peer" "${one[@]}" jq -r -f "$folder/out.jq" "$jsonl"
	fi
	if have mlr; then
		local flat
		flat=$("$python" "$peers/programs.py" mlr "$jsonl" "$columns")
		measure_stdout miller "$folder/out.peer" env GOMAXPROCS=1 "${one[@]}" mlr --ijsonl --ocsv \
			flatten 'then' template -f "$flat" "$jsonl"
		measure_stdout "miller (all threads)" "$folder/out.peer" mlr --ijsonl --ocsv \
			flatten 'then' template -f "$flat" "$jsonl"
	fi
	measure "python json, csv" "$folder/out.peer" "${one[@]}" "$python" "$peers/jsonl_to_csv.py" "$jsonl" \
		"$folder/out.peer" "$columns"
}

jsonl_to_xml() {
	in_dragoman jsonl xml "$jsonl"
	measure "python json" "$folder/out.peer" "${one[@]}" "$python" "$peers/jsonl_to_xml.py" "$jsonl" "$folder/out.peer"
}

jobs=(csv_to_jsonl xml_to_csv jsonl_to_csv jsonl_to_xml)
if [ -n "$only" ]; then
	[[ " ${jobs[*]} " == *" $only "* ]] || die "no job \"$only\"; there are: ${jobs[*]}"
	jobs=("$only")
fi
for ((round = 1; round <= rounds; round++)); do
	for job in "${jobs[@]}"; do
		cat "$csv" "$xml" "$jsonl" >/dev/null # from the page cache for all
		"$job"
	done
done

echo
{
	"$dragoman" --version | head -1
	! have mlr || mlr --version
	! have ogr2ogr || ogr2ogr --version
	! have jq || jq --version
	! have sqlite3 || echo "sqlite3 $(sqlite3 --version | cut -d' ' -f1)"
	"$python" --version
	"$python" -c 'from lxml import etree; print("lxml %d.%d.%d.%d" % etree.LXML_VERSION)' 2>/dev/null || true
} | paste -sd';' | sed 's/;/; /g'
"$python" "$peers/../table.py" "$results" "csv=$csv" "xml=$xml" "jsonl=$jsonl"
[ -n "$only" ] || measure_formats 16M
