#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Files read in another encoding than they are in: a message with place and code each, and records that are fine survive.
set -euo pipefail

die() { echo "FAILED: $*" >&2; exit 1; }

if [ ! -x "${DRAGOMAN:-}" ]; then
	echo "skipped: \$DRAGOMAN names no program" >&2
	exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

run() { # wanted status, wanted message, arguments: into out.jsonl
	local wanted=$1 message=$2 status=0
	shift 2
	rm -f out.jsonl
	"$DRAGOMAN" convert -t notice-jsonl -o out.jsonl "$@" 2>log || status=$?
	[ $status = "$wanted" ] || die "exit $status of $*, expected $wanted: $(cat log)"
	if [ "$message" ]; then grep -q "$message" log || die "$* does not say \"$message\": $(cat log)"; fi
}

printf 'Nro orden;Proceso;Primer Nombre;Primer Apellido;Fecha nacimiento;Delito\n1;1;ANA;PEREZ;;x\n2;2;Ана;Сидорова;;x\n' >utf8.csv
iconv -f utf-8 -t windows-1251 utf8.csv >windows.csv

# UTF-8 as a charset that has a character for each of its bytes.
run 0 'utf8.csv:3:5: warning: .*charset-suspect' -f ameripol --from-encoding windows-1251 utf8.csv
run 0 'utf8.csv:3:5: warning: .*charset-suspect' -f ameripol --from-encoding windows-1256 utf8.csv
run 0 '' -f ameripol utf8.csv
! grep -q suspect log || die "UTF-8 read as such is suspected"
run 0 '' -f ameripol --from-encoding windows-1251 windows.csv
! grep -q suspect log || die "windows-1251 read as such is suspected"

# The reverse: the record is lost, the other is not. A control of an encoding only costs its value.
run 1 'windows.csv:3:.*error: .*text-invalid-utf8' -f ameripol --from-encoding utf-8 windows.csv
grep -q PEREZ out.jsonl || die "a sound record was lost"
printf 'Nro orden;Proceso;Primer Nombre;Primer Apellido;Fecha nacimiento;Delito\n1;1;ANA;PEREZ;;x\n2;2;O\222Brien;X;;x\n' >c1.csv
run 0 'c1.csv:3:5: warning: .*text-control' -f ameripol --from-encoding iso-8859-1 c1.csv
grep -q PEREZ out.jsonl || die "a sound record was lost beside a C1 control"
grep -q '"given_original":"O' out.jsonl || die "a value with a C1 control was not kept"

# An XML declaration counts before the definition; where it is wrong, that is told.
head='<Перечень><АктуальныйПеречень><Субъект><ИдСубъекта>1</ИдСубъекта><ФЛ><ФИО>Ёж</ФИО></ФЛ></Субъект></АктуальныйПеречень></Перечень>'
printf '<?xml version="1.0" encoding="koi8-r"?>%s' "$head" | iconv -f utf-8 -t koi8-r >koi8.xml
run 0 '' koi8.xml
grep -q '"Ёж"' out.jsonl || die "the declared encoding was not taken"
printf '<?xml version="1.0" encoding="windows-1251"?>%s' "$head" >not1251.xml
run 3 'not1251.xml:1:47: warning: .*charset-suspect' -f sco not1251.xml
printf '<?xml version="1.0" encoding="utf-8"?>%s' "$head" | iconv -f utf-8 -t windows-1251 >notutf8.xml
run 3 'notutf8.xml:1:.*error: ' -f sco notutf8.xml
