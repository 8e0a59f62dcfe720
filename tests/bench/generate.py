#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes invented notices in a canonical syntax: about 1 KB and 40 values each, four scripts.

    generate.py --syntax jsonl|xml|csv (--records N | --size 64M)
                [--seed S] [--columns all|used] [-o FILE]

The same arguments give the same bytes, and all syntaxes hold the same notices. A pool of records
is made once and then repeated with new identifiers, so that writing is as fast as joining bytes.
Field names and their order are read from core/notice/schema.def.
"""

import argparse
import json
import pathlib
import random
import re
import sys
from xml.sax.saxutils import escape

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "core" / "notice" / "schema.def"
POOL = 5000
CHUNK = 1000
# Stands for the identifier in a serialised record; nothing else in a record holds it.
MARK = "@ID@"
XML_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<notices xmlns="urn:dragoman:notice:1" version="1">
"""
# Separators of the packed CSV cells, by the depth of repetition.
SEPARATORS = "|;,"


class Group:
    def __init__(self, name, many):
        self.name, self.many, self.fields, self.groups = name, many, [], []


def load_schema():
    """The schema's tree: group -> fields (name, many) and groups, in schema order."""
    groups = {}
    for line in SCHEMA.read_text(encoding="utf-8").splitlines():
        if match := re.match(r'DGM_GROUP\((\w+), (\w+), "(\w*)", ([01]),', line):
            group, parent, name, many = match.groups()
            groups[group] = Group(name, many == "1")
            if group != "root":
                groups[parent].groups.append(groups[group])
        elif match := re.match(r"DGM_FIELD\((\w+), (\w+), \w+, \w+, ([01]),", line):
            group, name, many = match.groups()
            groups[group].fields.append((name, many == "1"))
    return groups["root"]


# Names: syllables put together at random, in four scripts.

ARABIC_GIVEN = ["ود", "نبر", "سمل", "كرن", "طيف", "ليم", "زهد", "بدر"]
ARABIC_END = ["ان", "ين", "اد", "وم", "ير", "اب"]
CYRILLIC = ["Бар", "Вел", "Дор", "Жел", "Заг", "Кур", "Луж", "Мир", "Нов", "Рос", "Тих", "Щед"]
CYRILLIC_GIVEN = ["Добр", "Яр", "Свят", "Любо", "Рад"]
HAN_FAMILY = ["样", "例", "虚", "构", "试", "示", "拟", "假"]
HAN_GIVEN = ["范", "本", "测", "验", "想", "象", "演", "练", "文", "安"]
LATIN = ["Bra", "Cor", "Dél", "Fru", "Gör", "Hal", "Ñan", "Ost", "Pie", "Quo", "Ran", "Šel", "Vün"]
LATIN_END = ["mond", "dela", "vic", "stein", "zuela", "nhos", "lund", "ović"]
ROMAN = ["ka", "lu", "mi", "no", "ra", "sa", "ti", "vo", "ya", "zu"]

SCRIPTS = {
    "Arab": ("ara", ["IQ", "JO", "EG", "MA", "SA", "TN"]),
    "Cyrl": ("rus", ["RU", "KZ", "KG", "TJ", "BY"]),
    "Hani": ("zho", ["CN", "SG", "MY"]),
    "Latn": ("spa", ["CO", "MX", "PE", "DE", "BR", "FR"]),
}
TEXTS = {
    "ara": "تهمة مخترعة لأغراض القياس في ملف لا وجود له",
    "rus": "Вымышленное обвинение по несуществующему делу для измерений",
    "zho": "为测量而虚构的指控以及并不存在的案件编号",
    "spa": "Delito inventado en una causa que no existe para medir la velocidad",
}
TYPES = [
    ("wanted", "notice"),
    ("missing", "notice"),
    ("locate", "diffusion"),
    ("warn", "bulletin"),
    ("watch", "alert"),
]
EYES = ["brown", "black", "blue", "green", "grey", "hazel"]
HAIR = ["black", "brown", "blond", "grey", "red", "bald"]


def word(chance, parts=3):
    return "".join(chance.choice(ROMAN) for _ in range(parts)).capitalize()


def original_name(chance, script):
    if script == "Arab":
        given, family = (chance.choice(ARABIC_GIVEN) + chance.choice(ARABIC_END) for _ in range(2))
        return f"{given} بن {chance.choice(ARABIC_GIVEN)}{chance.choice(ARABIC_END)} ال{family}"
    if script == "Cyrl":
        family = chance.choice(CYRILLIC) + chance.choice(CYRILLIC).lower()
        given, father = chance.choice(CYRILLIC_GIVEN), chance.choice(CYRILLIC_GIVEN)
        return f"{family}ов {given}омир {father}омирович"
    if script == "Hani":
        return chance.choice(HAN_FAMILY) + chance.choice(HAN_GIVEN) + chance.choice(HAN_GIVEN)
    return " ".join(chance.choice(LATIN) + chance.choice(LATIN_END) for _ in range(2))


def day(chance, first, last):
    return f"{chance.randint(first, last)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"


def record(chance, number):
    script = chance.choice(list(SCRIPTS))
    language, countries = SCRIPTS[script]
    country = chance.choice(countries)
    kind, form = TYPES[chance.randrange(len(TYPES))]
    family, given = word(chance), word(chance, 2)
    city = word(chance)
    street = f"{chance.randint(1, 400)} {word(chance)} Street"
    # Every tenth address needs quotes in CSV, every hundredth record escapes in all three syntaxes.
    address = f"{street}, {city}" if number % 10 == 0 else f"{street} {city}"
    title = f'Case "{word(chance)}" & others' if number % 100 == 0 else f"Case {word(chance)}"
    subject = {
        "kind": "person",
        "sex": chance.choice(["male", "female"]),
        "height": str(chance.randint(150, 200)),
        "weight": str(chance.randint(45, 120)),
        "eye_colour": [chance.choice(EYES)],
        "hair_colour": [chance.choice(HAIR)],
        "language": [language, "eng"] if chance.random() < 0.5 else [language],
        "name": [
            {"kind": "primary", "full": f"{given} {family}", "family": family, "given": given},
            {"kind": "alias", "full": f"{word(chance, 2)} {family}"},
            {"kind": "original_script", "full": original_name(chance, script), "script": script},
        ],
        "birth": [{"date": day(chance, 1950, 2000), "city": city, "country": country}],
        "nationality": [{"country": country}],
        "address": [{"kind": "residence", "full": address, "country": country}],
        "document": [{
            "type": "passport", "number": f"X{chance.randint(0, 9999999):07}", "country": country,
            "issued": day(chance, 2015, 2024),
        }],
    }
    return {
        "notice": {
            "id": MARK, "type": kind, "form": form, "status": "active", "issuer": "DEMO",
            "published": day(chance, 2010, 2025), "updated": [day(chance, 2025, 2026)],
            "title": title,
            "reference": [{
                "scheme": "national_case", "value": f"{country}/{chance.randint(1, 99999)}/24",
            }],
        },
        "subject": [subject],
        "charge": [{
            "text": TEXTS[language], "language": language, "country": country,
            "warrant": f"{chance.randint(1, 9999)}/{chance.randint(2000, 2025)}",
        }],
    }


def in_order(group, value):
    """A copy with the keys in schema order; a key that the schema lacks is an error."""
    names = [name for name, _ in group.fields] + [child.name for child in group.groups]
    for key in value:
        if key not in names:
            sys.exit(f"the schema has no {key!r} in {group.name!r}")
    children = {child.name: child for child in group.groups}
    ordered = {}
    for name in names:
        if name in value:
            child = children.get(name)
            if child is None:
                ordered[name] = value[name]
            elif child.many:
                ordered[name] = [in_order(child, item) for item in value[name]]
            else:
                ordered[name] = in_order(child, value[name])
    return ordered


# One serialiser per syntax: the head, the text of one record, the tail.

def as_json(notice):
    return json.dumps(notice, ensure_ascii=False, separators=(",", ":")) + "\n"


def as_xml(notice):
    def element(name, value):
        if isinstance(value, list):
            return "".join(element(name, item) for item in value)
        if isinstance(value, dict):
            inner = "".join(element(key, item) for key, item in value.items())
            return f"<{name}>{inner}</{name}>"
        return f"<{name}>{escape(value)}</{name}>"
    return element("record", notice) + "\n"


def columns_of(group, path=(), depth=0):
    """(path, depth of repetition) of every field, in schema order, without the provenance group."""
    for name, many in group.fields:
        yield path + (name,), depth + many
    for child in group.groups:
        if path or child.name != "provenance":
            yield from columns_of(child, path + (child.name,), depth + child.many)


def pack(value, path, level=0):
    """The cell of a path; an item without the field keeps its place.

    A comma is no separator in the cells filled here, none of which repeats three times deep.
    """
    if isinstance(value, list):
        items = [pack(item, path, level + 1) for item in value]
        return SEPARATORS[level].join(items) if any(items) else ""
    if not path:
        return re.sub(r"[\\|;]", r"\\\g<0>", value)
    return pack(value[path[0]], path[1:], level) if path[0] in value else ""


def cell(text):
    return '"' + text.replace('"', '""') + '"' if re.search(r'[",\r\n]', text) else text


def csv_syntax(schema, notices, used):
    columns = list(columns_of(schema))
    if max(depth for _, depth in columns) > len(SEPARATORS):
        sys.exit("the schema repeats deeper than there are separators")
    rows = [[pack(notice, path) for path, _ in columns] for notice in notices]
    keep = [index for index in range(len(columns)) if not used or any(row[index] for row in rows)]
    header = [".".join(columns[index][0]) for index in keep] + ([] if used else ["originals"])
    end = "\n" if used else ",\n"
    lines = [",".join([cell(row[index]) for index in keep]) + end for row in rows]
    return ",".join(header) + "\n", lines, ""


def serialise(syntax, schema, notices, used):
    if syntax == "jsonl":
        return "", [as_json(notice) for notice in notices], ""
    if syntax == "xml":
        return XML_HEAD, [as_xml(notice) for notice in notices], "</notices>\n"
    return csv_syntax(schema, notices, used)


def size(text):
    match = re.fullmatch(r"(\d+)([KMG]?)", text.upper())
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 64M")
    return int(match[1]) << {"": 0, "K": 10, "M": 20, "G": 30}[match[2]]


def chunks(templates, first, last):
    """The bytes of the records with these numbers, in chunks."""
    for start in range(first, last, CHUNK):
        yield b"".join([
            (b"DEMO-%09d" % (number + 1)).join(templates[number % len(templates)])
            for number in range(start, min(start + CHUNK, last))
        ])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--syntax", choices=["jsonl", "xml", "csv"], required=True)
    amount = parser.add_mutually_exclusive_group(required=True)
    amount.add_argument("--records", type=int, metavar="N", help="as many notices")
    amount.add_argument("--size", type=size, help="ends with the notice that reaches this size")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--columns", choices=["all", "used"], default="all", help="of CSV")
    parser.add_argument("-o", "--output", help="file (default: standard output)")
    options = parser.parse_args()

    chance = random.Random(options.seed)
    schema = load_schema()
    pool = POOL if options.records is None else max(1, min(POOL, options.records))
    notices = [in_order(schema, record(chance, number)) for number in range(pool)]
    head, records, tail = serialise(options.syntax, schema, notices, options.columns == "used")
    templates = [text.encode("utf-8").split(MARK.encode("ascii")) for text in records]

    output = open(options.output, "wb") if options.output else sys.stdout.buffer
    with output:
        written = output.write(head.encode("utf-8"))
        if options.records is not None:
            for chunk in chunks(templates, 0, options.records):
                output.write(chunk)
        else:
            number = 0
            while written < options.size:
                chunk = next(chunks(templates, number, number + CHUNK))
                number += CHUNK
                if written + len(chunk) >= options.size:
                    # Every record is one line in all syntaxes.
                    end = chunk.index(b"\n", max(0, options.size - written - 1)) + 1
                    chunk = chunk[:end]
                written += output.write(chunk)
        output.write(tail.encode("utf-8"))


if __name__ == "__main__":
    main()
