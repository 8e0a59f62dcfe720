#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""XML of notices to a CSV of the columns that are named. xml_to_csv.py IN OUT COLUMN,COLUMN...

lxml's iterparse, each record dropped when it is written. A value that repeats is joined by ';' in its cell.
"""

import csv
import sys

from lxml import etree

NAMESPACE = "{urn:dragoman:notice:1}"


def leaves(node, path, row):
    """Adds the texts of the elements below a node to their columns."""
    for child in node:
        name = child.tag[len(NAMESPACE):]
        below = f"{path}.{name}" if path else name
        if len(child):
            leaves(child, below, row)
        elif below in row:
            row[below] += ";" + (child.text or "")
        else:
            row[below] = child.text or ""


columns = sys.argv[3].split(",")
with open(sys.argv[2], "w", newline="", encoding="utf-8") as target:
    writer = csv.DictWriter(target, columns, lineterminator="\n")
    writer.writeheader()
    for _, record in etree.iterparse(sys.argv[1], tag=NAMESPACE + "record"):
        cells = {}
        leaves(record, "", cells)
        writer.writerow(cells)
        record.clear()
        while record.getprevious() is not None:
            del record.getparent()[0]
