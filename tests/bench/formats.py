#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How fast each format is read and written, beside the plain speed of its engine.

    formats.py [--size 16M] [--rounds N] [FORMAT...]

Each format's samples, as common notices, are repeated under new identifiers up to SIZE in the format. Reading is the way
from there to notice-jsonl, writing the way back, each into /dev/null; MB are those of the format as UTF-8, seconds those
of the processor. A format in which a file is one record is read from many files of some notices. The plain speed is that of the same number of bytes in a format whose fields are all text, one key each, in
words of usual lengths. Below half of it a format is slow. The last column is what it costs to hold each notice against the
rules as it is read (--validate), as a share of reading; above 0.35 that is dear.
"""

import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

PROGRAM = os.environ["DRAGOMAN"]
SOURCE = pathlib.Path(os.environ["SOURCE_DIR"])
GOAL = 0.5
DEAR = 0.35

# A record of nothing but text: what an engine and the way through the schema cost at least.
PLAIN = {
    "Number": "notice.id", "Title": "notice.title", "Family": "subject.name(primary).family",
    "Given": "subject.name(primary).given", "Role": "subject.role", "Occupation": "subject.occupation",
    "Place": "event.place", "Happened": "event.circumstances", "Charge": "charge.text", "Authority": "charge.authority",
    "Warrant": "charge.warrant", "Summary": "notice.summary",
}
HEADS = {"csv": "engine: csv\ntable: yes\n", "json": "engine: json\noptions: {layout: lines}\n", "xml": "engine: xml\n"}


def size(text):
    number, unit = text.upper().rstrip("KMG"), text.upper()[-1]
    return int(number) << {"K": 10, "M": 20, "G": 30}.get(unit, 0)


def dragoman(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"dragoman {' '.join(map(str, arguments))}: exit {done.returncode}: {done.stderr.decode()[-400:]}")
    return done.stdout


def convert(folder, source, target, out, *paths):
    return dragoman("convert", "-q", "--allow-handling-loss", "--format-dir", folder, "-f", source, "-t", target, "-o", out,
                    *paths)


def plain_notices():
    """Invented words of usual lengths."""
    words = "Invented people only, in a table that nobody keeps and nobody has ever asked for.".split()
    for number in range(40):
        text = [" ".join(words[(number + i) % 7:(number + i) % 7 + 1 + (number * i) % 3]) for i in range(12)]
        yield {"notice": {"id": str(number), "type": "wanted", "issuer": "BENCH", "title": text[0], "summary": text[1]},
               "subject": [{"kind": "person", "occupation": [text[2]], "role": [text[3]],
                            "name": [{"kind": "primary", "family": text[4], "given": text[5]}]}],
               "event": [{"place": text[6], "circumstances": text[7]}],
               "charge": [{"text": text[8], "authority": text[9], "warrant": text[10]}]}


def repeat(notices, path, wanted):
    """The notices again and again under new identifiers."""
    templates = []
    for notice in notices:
        notice["notice"].pop("id_original", None)
        # Digits: some formats take nothing else.
        notice["notice"]["id"] = "@ID@"
        templates.append(json.dumps(notice, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    number = written = 0
    with open(path, "wb") as file:
        while written < wanted:
            written += file.write(b"".join(template.replace(b"@ID@", b"%09d" % (number + i))
                                           for i, template in enumerate(templates)))
            number += len(templates)


def prepare(folder, name, notices, wanted):
    """Files of about the wanted size: the format's as a list, and the notices in them."""
    few, probe = folder / "few.jsonl", folder / "probe"
    repeat([dict(notice) for notice in notices], few, 1)
    convert(folder, "notice-jsonl", name, probe, few)
    ratio = few.stat().st_size / probe.stat().st_size
    many, out = folder / f"{name}.jsonl", folder / f"{name}.data"
    repeat(notices, many, int(wanted * ratio))
    if len(notices) > 1 and convert(folder, name, "notice-jsonl", "-", probe).count(b"\n") == 1:
        probe.rename(out)
        return [out] * (wanted // out.stat().st_size), many
    convert(folder, "notice-jsonl", name, out, many)
    return [out], many


def clock(folder, source, target, *arguments):
    """Processor seconds: a conversion runs on one thread, and other work on the machine counts less so."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    convert(folder, source, target, "/dev/null", *arguments)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(folder, jobs, rounds):
    """name -> (best seconds of reading, of writing, of reading with the rules), in turns."""
    best = {}
    for _ in range(rounds):
        for name, (files, many) in jobs.items():
            took = (clock(folder, name, "notice-jsonl", *files), clock(folder, "notice-jsonl", name, many),
                    clock(folder, name, "notice-jsonl", "--validate", "--on-error", "keep", *files))
            best[name] = tuple(map(min, took, best.get(name, took)))
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=size, default=size("16M"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("formats", nargs="*")
    options = parser.parse_args()
    entries = [entry for entry in json.loads(dragoman("formats", "--json")) if not entry["canonical"] and
               (not options.formats or entry["format"] in options.formats)]
    engines = sorted({entry["engine"] for entry in entries})
    with tempfile.TemporaryDirectory(prefix="dragoman-bench-", dir=os.environ.get("BENCH_DIR")) as name:
        folder, jobs = pathlib.Path(name), {}
        folder.chmod(0o755)
        for engine in engines:
            keys = "".join(f'      {key}: "{target}"\n' for key, target in PLAIN.items())
            at = "list/record" if engine == "xml" else ""
            (folder / f"plain-{engine}.yaml").write_text(
                f"format: plain-{engine}\ntitle: plain\nstatus: modelled\n{HEADS[engine]}records:\n  - at: \"{at}\"\n"
                f"    set: {{notice.type: wanted, notice.issuer: BENCH, subject.kind: person}}\n    map:\n{keys}",
                encoding="utf-8")
            jobs[f"plain-{engine}"] = prepare(folder, f"plain-{engine}", list(plain_notices()), options.size)
        for entry in entries:
            notices = []
            for sample in sorted((SOURCE / "tests/golden" / entry["format"]).iterdir()):
                if sample.is_file() and sample.suffix != ".md":
                    notices += [json.loads(line) for line in
                                convert(folder, entry["format"], "notice-jsonl", "-", sample).splitlines()]
            jobs[entry["format"]] = prepare(folder, entry["format"], notices, options.size)
        best = measure(folder, jobs, options.rounds)
        encodings = {entry["format"]: entry["encoding"] for entry in entries}
        sizes = {name: len(files[0].read_bytes().decode(encodings.get(name, "utf-8")).encode()) * len(files) / 1e6
                 for name, (files, _) in jobs.items()}
        rates = {name: [sizes[name] / seconds for seconds in best[name]] for name in jobs}
    slow, dear = [], []
    print(f"{'format':14} {'engine':6} {'read MB/s':>10} {'of plain':>9} {'write MB/s':>11} {'of plain':>9} {'rules':>6}")
    for engine in engines:
        plain = rates[f"plain-{engine}"]
        print(f"{'(plain)':14} {engine:6} {plain[0]:10.1f} {'':9} {plain[1]:11.1f}")
        for entry in entries:
            if entry["engine"] != engine:
                continue
            rate = rates[entry["format"]]
            parts = [one / other for one, other in zip(rate, plain)]
            mark = "  SLOW" if min(parts) < GOAL else ""
            slow += [entry["format"]] * bool(mark)
            rules = best[entry["format"]][2] / best[entry["format"]][0] - 1
            dear += [entry["format"]] * (rules > DEAR)
            print(f"{entry['format']:14} {engine:6} {rate[0]:10.1f} {parts[0]:9.2f} {rate[1]:11.1f} {parts[1]:9.2f} {rules:6.2f}{mark}")
    print(f"goal: at least {GOAL} of the engine's plain speed: {'MISSED by ' + ', '.join(slow) if slow else 'holds'}")
    print(f"goal: the rules cost at most {DEAR} of reading: {'MISSED by ' + ', '.join(dear) if dear else 'holds'}")


main()
