#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What one writes first: a CSV of notices to JSON Lines, one flat object per row. csv_to_jsonl.py IN OUT"""

import csv
import json
import sys

with (
    open(sys.argv[1], newline="", encoding="utf-8") as source,
    open(sys.argv[2], "w", encoding="utf-8") as target,
):
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for row in csv.DictReader(source):
        target.write(encode(row) + "\n")
