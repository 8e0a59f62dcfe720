#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the programs of the peers that need the columns spelled out, so that none of them has to search.

    programs.py jq|mlr JSONL COLUMN,COLUMN...   for JSON Lines to CSV
    programs.py sqlite CSV OUT                  for CSV to JSON Lines
"""

import json
import sys

# The generated notices repeat after this many.
SAMPLE = 5000


def sample(path):
    with open(path, encoding="utf-8") as source:
        return [json.loads(line) for line, _ in zip(source, range(SAMPLE))]


def repeats(value, path=""):
    """The paths at which the values are lists."""
    if isinstance(value, list):
        yield path
        for item in value:
            yield from repeats(item, path)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from repeats(item, f"{path}.{name}" if path else name)


def jq(source, columns):
    lists = {path for notice in sample(source) for path in repeats(notice)}
    cells = []
    for column in columns:
        names, text, many = column.split("."), "", False
        for depth, name in enumerate(names):
            text += f".{name}"
            if ".".join(names[: depth + 1]) in lists:
                text, many = text + "[]?", True
        cells.append(f'([{text}] | join(";"))' if many else text)
    print("[" + ",\n ".join(cells) + "] | @csv")


def flat(value, path=""):
    """Names as Miller flattens them: items by number."""
    if isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from flat(item, f"{path}.{number}")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from flat(item, f"{path}.{name}" if path else name)
    else:
        yield path


def mlr(source, columns):
    names = {name for notice in sample(source) for name in flat(notice)}

    def place(name):
        parts = name.split(".")
        return columns.index(".".join(part for part in parts if not part.isdigit())), name

    print(",".join(sorted(names, key=place)))


def sqlite(source, target):
    with open(source, encoding="utf-8") as file:
        columns = file.readline().rstrip("\n").split(",")
    pairs = ", ".join(f"'{column}', \"{column}\"" for column in columns)
    print(f'.mode csv\n.import "{source}" notices\n.mode list\n.output "{target}"')
    print(f"SELECT json_object({pairs}) FROM notices;")


if sys.argv[1] == "sqlite":
    sqlite(sys.argv[2], sys.argv[3])
else:
    {"jq": jq, "mlr": mlr}[sys.argv[1]](sys.argv[2], sys.argv[3].split(","))
