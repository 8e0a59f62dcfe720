# SPDX-License-Identifier: Apache-2.0
"""Every sample of every format, byte for byte: what it becomes, what it becomes when written back, and what is said.

For tests/golden/<format>/<input> the folder expected/ beside it holds
  <input>.notices.jsonl   the common notices
  <input>.back.<ext>      these written in the format again
  <input>.diag.json       the messages of both ways, one JSON object per line
A sample named *-utf8-only.* has what its format's own encoding lacks, so it is written back in UTF-8.
"test_golden.py --update" writes them anew; then read the difference, line by line, before it is committed.
"""
import difflib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
import conserve
import harness
from harness import GOLDEN, SOURCE, dragoman

UPDATE = "--update" in sys.argv
FAILED = []


def fail(name, text):
    FAILED.append(name)
    print(f"FAILED: {name}: {text}")


def difference(wanted, got):
    wanted, got = (text.decode("utf-8", "backslashreplace").splitlines(keepends=True) for text in (wanted, got))
    lines = [line.rstrip("\n")[:400] for line in difflib.unified_diff(wanted, got, "expected", "got", n=0)]
    return "\n".join(lines[:20])


def compare(path, got):
    if UPDATE:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(got)
    elif not path.exists():
        fail(path.name, "no such expected file; test_golden.py --update writes it")
    elif path.read_bytes() != got:
        fail(path.name, "differs\n" + difference(path.read_bytes(), got))


def convert(name, folder, source, target, path, out, *options):
    """The messages; out is written. Works in the input's folder, so that messages name no folder."""
    result = dragoman("convert", "--log-format", "json", "-f", source, "-t", target, "-o", out, *options, path,
        cwd=folder)
    if result.status != 0:
        fail(name, f"{source} to {target}: {result}")
    return result.err_bytes


def check_input(format_id, sample, work):
    name = f"{format_id}/{sample.name}"
    expected = sample.parent / "expected"
    detected = dragoman("detect", "--json", sample.name, cwd=sample.parent)
    if detected.status != 0 or json.loads(detected.out).get("format") != format_id:
        fail(name, f"not detected as {format_id}: {detected}")
    notices, back, again, twice = (work / f"{part}" for part in ("notices.jsonl", f"back{sample.suffix}", "again", "twice"))
    said = convert(name, sample.parent, format_id, "notice-jsonl", sample.name, notices)
    encoding = ["--to-encoding", "utf-8"] if sample.stem.endswith("-utf8-only") else []
    report = work / "report.json"
    said += convert(name, work, "notice-jsonl", format_id, notices.name, back, "--report", report.name, *encoding)
    convert(name, work, format_id, "notice-jsonl", back.name, again)
    convert(name, work, "notice-jsonl", format_id, again.name, twice, *encoding)
    if FAILED and FAILED[-1] == name:
        return
    compare(expected / f"{sample.name}.notices.jsonl", notices.read_bytes())
    compare(expected / f"{sample.name}.back{sample.suffix}", back.read_bytes())
    compare(expected / f"{sample.name}.diag.json", said)
    if sample.suffix == ".csv":
        wanted = conserve.without_columns(harness.lines(notices.read_bytes()), json.loads(report.read_bytes()))
        same = wanted == harness.lines(again.read_bytes())
    else:
        wanted = harness.lines(notices.read_bytes())
        same = wanted == conserve.as_spelled(harness.lines(again.read_bytes()), wanted)
    if not same:
        fail(name, "what was written back does not read the same\n" + difference(notices.read_bytes(), again.read_bytes()))
    if back.read_bytes() != twice.read_bytes():
        fail(name, "written back a second time it differs\n" + difference(back.read_bytes(), twice.read_bytes()))
    validate(name, notices, work)


def validate(name, notices, work):
    """All canonical forms obey the schemas that the program prints."""
    validator = json_validator()
    for number, notice in enumerate(harness.lines(notices.read_bytes()), 1):
        for error in validator.iter_errors(notice):
            fail(name, f"notice {number} is not valid: {'/'.join(map(str, error.path))}: {error.message[:300]}")
    whole = work / "notices.json"
    convert(name, work, "notice-jsonl", "notice-json", notices.name, whole)
    for error in validator.iter_errors(json.loads(whole.read_bytes())):
        fail(name, f"notice-json is not valid: {error.message[:300]}")
    document = work / "notices.xml"
    convert(name, work, "notice-jsonl", "notice-xml", notices.name, document)
    xsd = work / "schema.xsd"
    xsd.write_bytes(dragoman("schema", "--xsd").out)
    lint = subprocess.run(["xmllint", "--noout", "--schema", xsd, document], capture_output=True, text=True, check=False)
    if lint.returncode != 0:
        fail(name, f"notice-xml is not valid: {lint.stderr[:1500]}")
    for form, path in (("notice-json", whole), ("notice-xml", document), ("notice-csv", work / "notices.csv")):
        if form == "notice-csv":
            convert(name, work, "notice-jsonl", form, notices.name, path)
        back = work / "form.jsonl"
        convert(name, work, form, "notice-jsonl", path.name, back)
        if back.read_bytes() != notices.read_bytes():
            fail(name, f"through {form} it differs\n" + difference(notices.read_bytes(), back.read_bytes()))


def json_validator():
    schema = json.loads(dragoman("schema", "--json-schema").out)
    return jsonschema.Draft202012Validator(schema)


def main():
    if not harness.PROGRAM:
        harness.skip("no program")
    formats = sorted(path.stem for path in (SOURCE / "formats").glob("*.yaml"))
    count = 0
    for format_id in formats:
        samples = [path for path in sorted((GOLDEN / format_id).glob("*"))
                   if path.is_file() and path.suffix != ".md"]
        if not samples:
            fail(format_id, f"no samples in {GOLDEN / format_id}")
        for sample in samples:
            with tempfile.TemporaryDirectory(prefix="dragoman-golden-") as work:
                check_input(format_id, sample, Path(work))
            count += 1
        left = {path.name for path in (GOLDEN / format_id / "expected").glob("*")}
        for sample in samples:
            left -= {f"{sample.name}.notices.jsonl", f"{sample.name}.back{sample.suffix}", f"{sample.name}.diag.json"}
        for name in sorted(left):
            fail(f"{format_id}/expected/{name}", "belongs to no sample")
    print(f"{count} samples of {len(formats)} formats, {len(FAILED)} problems")
    sys.exit(bool(FAILED))


try:
    import jsonschema
except ImportError:
    harness.skip("no python3-jsonschema")

main()
