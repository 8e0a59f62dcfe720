#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `dragoman schema` prints documents that validators accept, and that tell good notices from bad ones as the program
# itself does. Skipped where the program, its command or a validator is missing.
set -u

PYTHON=/usr/bin/python3
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

skip() {
	echo "skipped: $1"
	exit 77
}

[ -n "${DRAGOMAN:-}" ] && [ -x "$DRAGOMAN" ] || skip "no program at '${DRAGOMAN:-}'"
command -v xmllint >/dev/null || skip "no xmllint"
"$PYTHON" -c 'import jsonschema' 2>/dev/null || skip "no python3-jsonschema"
"$DRAGOMAN" schema --fields >"$work/fields" 2>/dev/null || skip "no command 'schema'"

failed=0
fail() {
	echo "FAILED: $*"
	failed=1
}

for document in json json-schema xsd; do
	"$DRAGOMAN" schema --$document >"$work/$document" || fail "schema --$document"
done

"$PYTHON" - "$work" <<'PYTHON' || fail "JSON"
import copy
import json
import sys

import jsonschema

work = sys.argv[1]
schema = json.load(open(f"{work}/json-schema"))
fields = json.load(open(f"{work}/json"))
lines = open(f"{work}/fields").read().splitlines()
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
failed = False


def check(name, document, good):
    global failed
    if validator.is_valid(document) != good:
        failed = True
        print(f"{name}: {'refused' if good else 'accepted'}: {json.dumps(document)[:300]}")


if [line.split()[0] for line in lines] != [field["shape"] for field in fields]:
    failed = True
    print("the two field lists differ")

base = {
    "notice": {"id": "2024-17", "type": "wanted", "issuer": "NCB Example"},
    "subject": [{"kind": "person"}],
}


def notice_with(path, value, original=None):
    """The smallest notice with this member at this path (with [] behind a group that repeats)."""
    document = copy.deepcopy(base)
    place = document
    *groups, name = path.replace("[]", "").split(".")
    shapes = path.split(".")
    for group, shape in zip(groups, shapes):
        if shape.endswith("[]"):
            place = place.setdefault(group, [{}])[0]
        else:
            place = place.setdefault(group, {})
    if value is not ...:
        place[name] = value
    elif name in place:
        del place[name]
    if original is not None:
        place[name + "_original"] = original
    return document


check("the smallest notice", base, True)
check("a list of notices", [base, base], True)
check("an empty list", [], True)
for name, document in [("nothing", {}), ("a text", "x"), ("a null", None), ("a list in a list", [[base]])]:
    check(name, document, False)
for required in ["notice.id", "notice.type", "notice.issuer", "subject[].kind"]:
    check(f"without {required}", notice_with(required, ...), False)
    check(f"{required} null", notice_with(required, None), False)
check("without subject", {"notice": base["notice"]}, False)
check("no subjects", {"notice": base["notice"], "subject": []}, False)
check("subject an object", {"notice": base["notice"], "subject": {"kind": "person"}}, False)
check("an unknown member", dict(base, nonsense=1), False)
check("an unknown field", notice_with("notice.nonsense", "x"), False)

# One text per type that every field of the type accepts.
sample = {
    "text": "Sample", "prose": "two\nlines", "date": "1965-03", "time": "14:30", "country": "AE", "language": "ara",
    "script": "Arab", "integer": "9007199254740993", "decimal": "1.10", "length": "180/185", "mass": "80.5",
    "currency": "AED", "uri": "https://police.example/17", "email": "desk@police.example", "phone": "+97145550100",
    "id": "AE070331234567890123456", "digest": "sha256:" + 4 * "0123456789abcdef", "boolean": "true",
}
for field in fields:
    path = field["shape"].removesuffix("[]")
    if field["type"] == "literal":
        for value in ["5", "", 5, 1.5, True, None, []]:
            check(path, notice_with(path, value), True)
        for value in [[1], {}]:
            check(path, notice_with(path, value), False)
        check(path, notice_with(path, "5", "5"), False)
        continue
    for value in field.get("codes", [sample.get(field["type"])]):
        if field["many"]:
            check(path, notice_with(path, [value]), True)
            check(path, notice_with(path, [value, None, ""], ["x", "y", None]), True)
            check(path, notice_with(path, value), False)
            check(path, notice_with(path, []), False)
            check(path, notice_with(path, [value], "x"), False)
            check(path, notice_with(path, ..., ["x"]), False)
        else:
            check(path, notice_with(path, value), True)
            check(path, notice_with(path, value, "x"), True)
            check(path, notice_with(path, [value]), False)
            check(path, notice_with(path, ""), False)
            check(path, notice_with(path, value, ["x"]), False)
            if not field["required"]:
                check(path, notice_with(path, None), True)
                check(path, notice_with(path, None, "0"), True)
                check(path, notice_with(path, ..., "not understood"), True)
    for value in [5, True, {}]:
        check(path, notice_with(path, [value] if field["many"] else value), False)

# The same spellings as in the tables of unit/test_value and unit/test_date.
spellings = {
    "notice.published": (
        ["1965", "1965-03-12", "1965~", "1965-03?", "1965-03-12%", "XXXX-05-12", "1960/1965", "../1990", "1990/.."],
        ["19540813", "1965-3-12", "1965-00", "1962-00-15", "0000", "1965-13", "1965-03-32", "1965-03-12Z", "65", "XXXX",
         "../..", "/1990", "1999-2000", "1965~?"]),
    "event[].time": (
        ["23:59", "00:00:00", "12:30:59.125", "12:30Z", "12:30:00-04:00"],
        ["24:00", "12:60", "12:30:", "12:30:00.", "9:30", "12:30+4:00", "12:30+15:00"]),
    "subject[].residence": (["AE", "SUHH", "XK", "x-stateless"], ["ae", "ARE", "x-else", "A1"]),
    "notice.language": (["ara", "srp-Latn"], ["ar", "ARA", "srp-latn"]),
    "subject[].age_min": (["0", "-17"], ["-0", "007", "+7", "7.0", "7e2", "-"]),
    "reward[].amount": (["0.50", "-0.5", "-12", "0"], ["-0.00", ".5", "5.", "1,5", "1e3", "00.5", "-0"]),
    "subject[].height": (["165", "165.5", "180/185"], ["-165", "/185", "180/", "180-185", "165 cm"]),
    "notice.url": (
        ["urn:example:notice:17", "https://police.example/a%20b?x=[1]&y='2'#z", "https://[2001:db8::1]/"],
        ["https://police.example/a b", "https://police.example/%2", "www.police.example", "https:", "/notices/17",
         "https://police.example/<b>", "https://police.example/\u0645"]),
    "notice.authority[].email": (
        ["desk.one+ar@ncb.police.example", "desk@localhost"],
        ["desk", "@police.example", "desk@police..example", "desk@-police.example", ".desk@police.example",
         "desk@two@police.example"]),
    "notice.media[].digest": ([], ["sha256:0123", "sha512:" + 4 * "0123456789abcdef"]),
    "subject[].account[].iban": ([], ["AE07 0331", "ae07"]),
    "subject[].address[].current": (["false"], ["True", "1"]),
    "subject[].name[].family": (["two  blanks"], ["two\nlines"]),
}
for path, (good, bad) in spellings.items():
    for value in good:
        check(path, notice_with(path, value), True)
    for value in bad:
        check(path, notice_with(path, value), False)

# The same spellings for the XSD, a notice each: which of them must be valid stands in the file's name.
order = [field["shape"] for field in fields]


def xml(path, value):
    """As notice_with, in XML: fields in the order of the schema, then groups."""
    values = {"notice.id": "2024-17", "notice.type": "wanted", "notice.issuer": "NCB Example", "subject[].kind": "person"}
    values[path] = value.replace("&", "&amp;").replace("<", "&lt;")
    text, still_open = "", []
    for shape in sorted(values, key=order.index):
        *groups, name = shape.replace("[]", "").split(".")
        while still_open != groups[:len(still_open)]:
            text += f"</{still_open.pop()}>"
        for group in groups[len(still_open):]:
            text += f"<{group}>"
            still_open.append(group)
        text += f"<{name}>{values[shape]}</{name}>"
    text += "".join(f"</{group}>" for group in reversed(still_open))
    return f'<notices xmlns="urn:dragoman:notice:1" version="1"><record>{text}</record></notices>\n'

number = 0
for path, (good, bad) in spellings.items():
    for verdict, values in (("good", good), ("bad", bad)):
        for value in values:
            number += 1
            with open(f"{work}/{verdict}-{number}.xml", "w", encoding="utf-8") as file:
                file.write(xml(path, value))
for field in fields:
    path = field["shape"]
    for value in field.get("codes", [sample.get(field["type"], "5")]):
        if not field["required"]:
            number += 1
            with open(f"{work}/good-{number}.xml", "w", encoding="utf-8") as file:
                file.write(xml(path, value))
sys.exit(failed)
PYTHON

head='<notices xmlns="urn:dragoman:notice:1" version="1"><record><notice><id>1</id><type>wanted</type><issuer>x</issuer>'
tail='</record></notices>'
echo '<notices xmlns="urn:dragoman:notice:1"/>' >"$work/good-empty.xml"
cat >"$work/good-states.xml" <<EOF
$head</notice><subject><kind>person</kind><height null="true" original="0"/>
<eye_colour original="BRO">brown</eye_colour><eye_colour unparsed="true" original="noisette"/>
<name><kind>primary</kind><part>a</part><part>b</part></name><name><birth_date unparsed="true" original="?"/></name>
</subject><subject><kind>vessel</kind></subject>
<unmapped><format>f</format><path>p</path><value literal="number">5</value></unmapped>
<unmapped><value>text</value></unmapped><unmapped><value literal="empty_list"/></unmapped>$tail
EOF
bad() {
	echo "$2" >"$work/bad-$1.xml"
}
bad element "$head<nonsense/></notice><subject><kind>person</kind></subject>$tail"
bad no-subject "$head</notice>$tail"
bad no-kind "$head</notice><subject><sex>male</sex></subject>$tail"
bad twice "$head</notice><subject><kind>person</kind><sex>male</sex><sex>male</sex></subject>$tail"
bad code "$head</notice><subject><kind>person</kind><sex>man</sex></subject>$tail"
bad order "$head</notice><subject><kind>person</kind><name/><sex>male</sex></subject>$tail"
bad null "$head</notice><subject><kind null=\"yes\"/></subject>$tail"
bad literal "$head</notice><subject><kind>person</kind></subject><unmapped><value literal=\"x\"/></unmapped>$tail"
sed 's/notice:1/notice:2/' "$work/good-states.xml" >"$work/bad-namespace.xml"

# xmllint exits with 3 for a document that is not valid and with something else for a schema that is none.
xmllint --noout --nonet --schema "$work/xsd" "$work"/good-*.xml >"$work/said" 2>&1 || {
	fail "XSD: a good notice was refused, or the schema itself"
	grep -v ' validates$' "$work/said" | head -n 20
}
for document in "$work"/bad-*.xml; do
	xmllint --noout --nonet --schema "$work/xsd" "$document" >/dev/null 2>&1
	result=$?
	[ $result -eq 3 ] || {
		fail "XSD: $(basename "$document"): $result instead of 3"
		head -c 600 "$document"
	}
done
exit $failed
