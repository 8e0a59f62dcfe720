#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Measures dragoman batch; run.sh calls it.
#   batch.sh [FILES] [--rounds N]   FILES files of 100 notices each, one job and two in turns; 1000 where it is not given
#   batch.sh --small FILES...       peak memory and descriptors over so many files of one notice each
set -euo pipefail
export LC_ALL=C.UTF-8

dragoman=${DRAGOMAN:?the program to measure}
source=${SOURCE_DIR:?the source tree}
folder=${BINARY_DIR:?the build tree}/bench/batch
python=/usr/bin/python3
rounds=3 small='' counts=()

while [ $# -gt 0 ]; do
	case $1 in
	--small) small=1 ;;
	--rounds) rounds=${2:?} && shift ;;
	[0-9]*) counts+=("$1") ;;
	*) echo "bench: what is \"$1\"? [FILES] [--rounds N] or --small FILES..." >&2 && exit 2 ;;
	esac
	shift
done
rm -rf "$folder"
mkdir -p "$folder"
trap 'rm -rf "$folder"' EXIT

# FILES NOTICES: so many files, of a few different ones, a thousand in a folder.
make_files() {
	local number
	rm -rf "$folder/in" && mkdir "$folder/in"
	for number in 0 1 2 3; do
		"$python" "$source/tests/bench/generate.py" --syntax xml --records "$2" --seed "$number" --columns used \
			-o "$folder/sample.$number"
	done
	"$python" - "$folder" "$1" <<-'PYTHON'
		import sys
		from pathlib import Path
		folder, count = Path(sys.argv[1]), int(sys.argv[2])
		samples = [(folder / f"sample.{number}").read_bytes() for number in range(4)]
		for number in range(count):
		    place = folder / "in" / f"{number // 1000:03}"
		    if number % 1000 == 0:
		        place.mkdir()
		    (place / f"{number:06}.xml").write_bytes(samples[number % 4])
	PYTHON
}

if [ -n "$small" ]; then
	[ ${#counts[@]} -gt 0 ] || counts=(1000 100000)
	printf '%10s %10s %12s %12s\n' files seconds 'peak MiB' descriptors
	for count in "${counts[@]}"; do
		make_files "$count" 1
		rm -rf "$folder/out"
		begin=${EPOCHREALTIME/./}
		# As few descriptors as it may have: what is not given back is found out.
		(ulimit -n 160 && /usr/bin/time -o "$folder/time" -f %M "$dragoman" batch -q -j 2 -t notice-jsonl "$folder/in" "$folder/out")
		end=${EPOCHREALTIME/./}
		printf '%10s %10s %12s %12s\n' "$count" "$(((end - begin) / 1000000))" \
			"$(awk '{ printf "%.1f", $1 / 1024 }' "$folder/time")" '<= 160'
	done
	exit 0
fi

count=${counts[0]:-1000}
make_files "$count" 100
for ((round = 0; round < rounds; round++)); do
	for jobs in 1 2; do
		rm -rf "$folder/out.$jobs"
		begin=${EPOCHREALTIME/./}
		"$dragoman" batch -q -j "$jobs" -t notice-jsonl "$folder/in" "$folder/out.$jobs"
		end=${EPOCHREALTIME/./}
		echo "$jobs $((end - begin))" >>"$folder/times"
	done
done
diff -r -x .dragoman "$folder/out.1" "$folder/out.2"
sort -k1,1n -k2,2n "$folder/times" | awk -v count="$count" '
	{ time[$1, ++n[$1]] = $2 }
	END {
		for (jobs = 1; jobs <= 2; jobs++) {
			median[jobs] = time[jobs, int((n[jobs] + 1) / 2)]
			printf "%d files of 100 notices, %d at once: %.2f s\n", count, jobs, median[jobs] / 1e6
		}
		ratio = median[1] / median[2]
		printf "goal: 1.7 times faster with two: %.2f: %s\n", ratio, (ratio >= 1.7) ? "holds" : "MISSED"
	}'
