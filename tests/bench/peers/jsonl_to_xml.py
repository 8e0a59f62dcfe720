#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""JSON Lines of notices to XML, an element for each member. jsonl_to_xml.py IN OUT"""

import json
import sys
from xml.sax.saxutils import escape


def element(name, value):
    if isinstance(value, list):
        return "".join([element(name, item) for item in value])
    if isinstance(value, dict):
        inner = "".join([element(key, item) for key, item in value.items()])
        return f"<{name}>{inner}</{name}>"
    return f"<{name}>{escape(value)}</{name}>"


with (
    open(sys.argv[1], encoding="utf-8") as source,
    open(sys.argv[2], "w", encoding="utf-8") as target,
):
    target.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    target.write('<notices xmlns="urn:dragoman:notice:1" version="1">\n')
    for line in source:
        target.write(element("record", json.loads(line)) + "\n")
    target.write("</notices>\n")
