#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""JSON Lines of notices to a CSV of the columns that are named. jsonl_to_csv.py IN OUT COLUMN,COLUMN...

A value that repeats is joined by ';' in its cell.
"""

import csv
import json
import sys


def leaves(value, path, row):
    """Adds the values below a path to their columns."""
    if isinstance(value, dict):
        for name, inner in value.items():
            leaves(inner, f"{path}.{name}" if path else name, row)
    elif isinstance(value, list):
        for inner in value:
            leaves(inner, path, row)
    elif path in row:
        row[path] += ";" + value
    else:
        row[path] = value


columns = sys.argv[3].split(",")
with (
    open(sys.argv[1], encoding="utf-8") as source,
    open(sys.argv[2], "w", newline="", encoding="utf-8") as target,
):
    writer = csv.DictWriter(target, columns, lineterminator="\n")
    writer.writeheader()
    for line in source:
        cells = {}
        leaves(json.loads(line), "", cells)
        writer.writerow(cells)
