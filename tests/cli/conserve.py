# SPDX-License-Identifier: Apache-2.0
"""An account of values that knows nothing of the program's own: what of a notice is gone must be in the loss report."""
import json
import re
from collections import Counter

import harness


SELECTORS = {"kind", "relation", "scheme", "script"}


def says(value):
    """Whether anything stands in it besides nulls and what selects a group."""
    if isinstance(value, list):
        return any(says(item) for item in value)
    if not isinstance(value, dict):
        return value is not None and value != ""
    return any(says(member) for name, member in value.items()
               if name not in SELECTORS and not (name.endswith("_original") and name.removesuffix("_original") in value))


def leaves(value, path=""):
    """(path without numbers, text) of every value of a canonical notice; nulls are left out, and what has only an
    original counts by that."""
    if isinstance(value, list):
        for item in value:
            yield from leaves(item, path)
        return
    # A kind of nothing but nulls says nothing.
    if isinstance(value, dict) and path != "subject" and not says(value):
        return
    if not isinstance(value, dict):
        if value is not None and value != "":
            yield path, value
        return
    for name, member in value.items():
        below = f"{path}.{name}" if path else name
        if not name.endswith("_original"):
            yield from leaves(member, below)
            continue
        base = name.removesuffix("_original")
        if isinstance(member, list):
            for text, original in zip(value.get(base, []), member):
                if text == "" and original:
                    yield f"{path}.{base}", original
        elif base not in value:
            yield f"{path}.{base}", member


def by_path(notice):
    counts = {}
    for path, text in leaves({name: part for name, part in notice.items() if name not in ("unmapped", "provenance")}):
        counts.setdefault(path, Counter())[str(text)] += 1
    return counts


def bare(field):
    return re.sub(r"\[\d+\]", "", field)


def is_unparsed(notice, field):
    """Whether the value that a line of the report names was not understood: it has an original and no value."""
    place = notice
    *groups, last = field.split(".")
    for group in groups:
        name, number = re.fullmatch(r"(\w+)(?:\[(\d+)\])?", group).groups()
        place = place[name]
        if isinstance(place, list):
            place = place[int(number) - 1]
    name, number = re.fullmatch(r"(\w+)(?:\[(\d+)\])?", last).groups()
    value = place.get(name, "")
    return (value[int(number) - 1] if isinstance(value, list) else value) == ""


def without_columns(notices, report):
    """What may come back from a table: it has no place for columns that nobody knows, and then the report says so."""
    lost = {record["record"]: {loss["field"] for loss in record["losses"]} for record in report["records"]}
    out = []
    for number, notice in enumerate(notices, 1):
        kept = [value for value in notice.get("unmapped", [])
                if f"unmapped({value['format']}:{value['path']})" not in lost.get(number, ())]
        out.append({name: kept if name == "unmapped" else part for name, part in notice.items()
                    if name != "unmapped" or kept})
    return out


def paired(sources, rejected, arrived):
    """For each source notice what arrived of it, None where it was rejected: by identifier, since writers put records
    into containers of their own, and what has none that tells, in order. rejected: numbers from 1."""
    def by_id(notices):
        found = {}
        for number, notice in notices:
            found.setdefault(notice.get("notice", {}).get("id"), []).append(number)
        return {name: numbers[0] for name, numbers in found.items() if name and len(numbers) == 1}

    alive = [number for number in range(1, len(sources) + 1) if number not in rejected]
    known, there = by_id((number, sources[number - 1]) for number in alive), by_id(enumerate(arrived))
    targets = {number: arrived[there[name]] for name, number in known.items() if name in there}
    taken = {there[name] for name in known if name in there}
    rest = iter([notice for number, notice in enumerate(arrived) if number not in taken])
    for number in alive:
        if number not in targets:
            targets[number] = next(rest)
    return [targets.get(number) for number in range(1, len(sources) + 1)]


def problems(sources, targets, report):
    """Values of the source notices that are neither in the target notices of the same place nor in the report.

    targets: None where the record was rejected."""
    losses = {}
    for record in report["records"]:
        losses[record["record"]] = Counter(
            "unmapped" if loss["field"].startswith("unmapped(") else bare(loss["field"]) for loss in record["losses"])
    found = []
    for number, (source, target) in enumerate(zip(sources, targets, strict=True), 1):
        if target is None:
            continue
        lost = losses.get(number, Counter())
        arrived = by_path(target)
        for path, texts in by_path(source).items():
            missing = texts - arrived.get(path, Counter())
            if missing.total() > lost[path]:
                found.append(f"record {number}: {path}: gone {dict(missing)}, reported {lost[path]}")
        gone = len(source.get("unmapped", [])) - len(target.get("unmapped", []))
        if gone > lost["unmapped"]:
            found.append(f"record {number}: {gone} unmapped values gone, {lost['unmapped']} reported")
    return found


class Case(harness.Case):
    def convert(self, source, target, name, status=0, more=()):
        out = self.folder / name
        self.run_program("convert", "-q", *more, "-t", target, "-o", out, source, status=status)
        return out

    def hop(self, source, target, name):
        """Converts and settles the account. Notices of the source, and of what was written."""
        before = harness.lines(self.convert(source, "notice-jsonl", "before.jsonl").read_bytes())
        self.run_program("convert", "-q", "--allow-handling-loss", "-t", target, "-o", name, "--report", "report",
                         "--rejects", "rejects", source, status=(0, 1))
        after = harness.lines(self.convert(self.folder / name, "notice-jsonl", "after.jsonl").read_bytes())
        rejected = {reject["record"] for reject in harness.lines((self.folder / "rejects").read_bytes())}
        self.assertEqual(len(after) + len(rejected), len(before))
        targets = paired(before, rejected, after)
        report = json.loads((self.folder / "report").read_bytes())
        self.assertEqual(report["counts"]["rejected"], len(rejected))
        found = problems(before, targets, report)
        self.assertFalse(found, f"{len(found)} values are neither in {name} nor in the report:\n" + "\n".join(found[:12]))
        return rejected


def as_spelled(value, wanted):
    """A notice read back without the spellings of what its source said by the name of a key alone, and the target in words."""
    if isinstance(value, list) and isinstance(wanted, list) and len(value) == len(wanted):
        return [as_spelled(*pair) for pair in zip(value, wanted)]
    if not isinstance(value, dict) or not isinstance(wanted, dict):
        return value
    return {name: as_spelled(member, wanted.get(name)) for name, member in value.items()
            if name in wanted or not name.endswith("_original") or value.get(name[:-9]) != wanted.get(name[:-9])}
