#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The code lists in formats/codes.

Their shape, their codes against schema.def, and the generated ones against their generator.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    print("skipped: PyYAML is not there (python3-yaml)")
    sys.exit(77)

SOURCE = pathlib.Path(os.environ.get("SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
CODES = SOURCE / "formats" / "codes"
ISO = pathlib.Path("/usr/share/iso-codes/json")
KEYS = ["list", "title", "source", "type", "codes"]
SHAPES = {
    "month": r"[1-9]|1[0-3]",
    "unit": r"m|dm|cm|mm|ft|in|kg|g|t|st|lb",
    "language": r"[a-z]{3}",
    "script": r"[A-Z][a-z]{3}",
    "currency": r"[A-Z]{3}",
    "text": r".+",
}

# Lists of names, and the names in them that are the code of another country on purpose: "NA" is nobody's name.
NAMES = ("country-", "demonym-")
CODE_NAMES = {("country-tr", "TC")}

problems = []


def problem(path, text):
    problems.append(f"{path.name}: {text}")


class Loader(yaml.BaseLoader):
    """Scalars stay text, and a key that stands twice is an error (PyYAML keeps the last one)."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key.value!r} stands twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def schema_lists():
    text = (SOURCE / "core" / "notice" / "schema.def").read_text(encoding="utf-8")
    found = re.findall(r'^DGM_CODES\((\w+), "([^"]*)"\)$', text, re.MULTILINE)
    return {name: set(codes.split("|")) for name, codes in found if codes}


def load(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if not text.startswith("# SPDX-License-Identifier: "):
        problem(path, "no SPDX line")
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            problem(path, f"line {event.start_mark.line + 1}: an anchor, alias or tag")
    return yaml.load(text, Loader=Loader)


def check(path, lists, countries):
    content = load(path)
    if list(content) != KEYS:
        problem(path, f"keys are {list(content)}, expected {KEYS}")
        return
    if content["list"] != path.stem:
        problem(path, f"names itself {content['list']!r}")
    for key in ("title", "source"):
        if not content[key].strip() or "\n" in content[key]:
            problem(path, f"{key} is not one line of text")
    kind = content["type"]
    if kind == "country":
        good = countries.__contains__
    elif kind in lists:
        good = lists[kind].__contains__
    elif kind in SHAPES:
        good = re.compile(SHAPES[kind]).fullmatch
    else:
        problem(path, f"type {kind!r} is neither a list of schema.def nor a type")
        return
    owner = {}
    for code, spellings in content["codes"].items():
        if not good(code):
            problem(path, f"{code!r} is no {kind} code")
        if isinstance(spellings, str):
            spellings = [spellings]
        if not spellings:
            problem(path, f"{code} has no spelling")
        for spelling in spellings:
            folded = " ".join(spelling.casefold().split())
            if not folded or spelling != spelling.strip():
                problem(path, f"{code}: {spelling!r} is empty or has blanks around it")
            elif folded in owner:
                problem(path, f"{spelling!r} stands at {owner[folded]} and at {code}")
            owner[folded] = code
            other = spelling.upper() in countries and spelling.upper() != code
            if other and path.stem.startswith(NAMES) and (path.stem, spelling) not in CODE_NAMES:
                problem(path, f"{spelling!r} at {code} is the code of another country")


def country_codes():
    """What may stand in a country field: the codes of iso-country."""
    codes = set(load(CODES / "iso-country.yaml")["codes"])
    shape = re.compile(r"[A-Z]{2}|[A-Z]{4}|x-(icc|stl|irmct|stateless|unknown)")
    for code in codes:
        if not shape.fullmatch(code):
            problem(CODES / "iso-country.yaml", f"{code!r} has not the shape of a country code")
    return codes


def check_generated():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, str(CODES / "generate.py"), "--output", folder], check=True)
        made = sorted(pathlib.Path(folder).iterdir())
        if not made:
            problem(CODES / "generate.py", "writes nothing")
        for new in made:
            old = CODES / new.name
            if not old.exists() or old.read_bytes() != new.read_bytes():
                problem(old, "is not what generate.py writes: run it")
        for form, table in (("--assigned", "assigned_table.h"), ("--phones", "phone_table.h")):
            header = subprocess.run([sys.executable, str(CODES / "generate.py"), form], check=True, capture_output=True)
            if header.stdout != (SOURCE / "core" / "notice" / table).read_bytes():
                problem(CODES / "generate.py", f"{form} prints another header than core/notice/{table}")
        names = {new.name for new in made}
        for old in CODES.glob("*.yaml"):
            head = old.read_text(encoding="utf-8")[:400]
            if "generated by generate.py" in head and old.name not in names:
                problem(old, "says it is generated, and generate.py does not write it")


def main():
    lists = schema_lists()
    paths = sorted(CODES.glob("*.yaml"))
    if len(lists) < 20 or len(paths) < 15:
        print(f"found only {len(lists)} lists in schema.def and {len(paths)} code lists")
        return 1
    countries = country_codes()
    for path in paths:
        check(path, lists, countries)
    iso_codes = ISO.is_dir()
    if iso_codes:
        check_generated()
    for line in problems:
        print(line)
    if problems:
        return 1
    if not iso_codes:
        print("skipped: iso-codes is not there, so the generated lists were not made anew")
        return 77
    return 0


if __name__ == "__main__":
    sys.exit(main())
