# SPDX-License-Identifier: Apache-2.0
"""Drafts of definitions: from every sample there is, and from lists that no definition knows; all people are invented."""
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = os.environ.get("DRAGOMAN", "")
SOURCE = Path(os.environ.get("SOURCE_DIR", Path(__file__).resolve().parents[2]))

failures = []


def fail(text):
    failures.append(text)
    print(f"FAILED: {text}")


def run(folder, *arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], cwd=folder, capture_output=True, text=True, check=False)


def proposals(text):
    """Key to target of the lines of a draft; None for what is kept."""
    found = {}
    for line in text.split("records:")[1].splitlines():
        match = re.match(r'\s+"((?:\\.|[^"\\])*)": (?:"([^"]+)"|\{to: "([^"]+)"|\{keep)', line)
        if match:
            found[match.group(1)] = match.group(2) or match.group(3)
    return found


def draft(folder, name, bytes_, *, written):
    """The draft of a sample; it must be sound and read the sample at once, every record of it."""
    (folder / name).write_bytes(bytes_)
    done = run(folder, "formats", "--new", "x-draft", "--from", name)
    file = folder / "x-draft.yaml"
    if done.returncode != 0 or not file.exists():
        fail(f"{name}: no draft: {done.stderr}")
        return "", []
    text = file.read_text(encoding="utf-8")
    checked = run(folder, "formats", "--check", "x-draft.yaml")
    if checked.returncode != 0 or "proposals of the draft" not in checked.stdout or "no key is" in checked.stdout:
        fail(f"{name}: the draft is not sound: {checked.stdout}{checked.stderr}")
    converted = run(folder, "convert", "--format-dir", ".", "-f", "x-draft", "-t", "notice-jsonl", "-o", "out.jsonl",
        "--rejects", "rejects.jsonl", name)
    notices = [json.loads(line) for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()] \
        if (folder / "out.jsonl").exists() else []
    if len(notices) != written if written else not notices:
        fail(f"{name}: {len(notices)} notices instead of {written}: {converted.stderr}")
    for path in ("x-draft.yaml", "out.jsonl", "rejects.jsonl"):
        (folder / path).unlink(missing_ok=True)
    return text, notices


def expect(name, text, expected):
    found = proposals(text)
    for key, target in expected.items():
        if found.get(key, "nothing") != target:
            fail(f"{name}: {key} is proposed to be {found.get(key, 'nothing')}, expected {target}")


# A list of another country: words of its language, its own order, encoding and dialect.
GERMAN = """Aktenzeichen;Name;Vornamen;Geburtsdatum;Geschlecht;Staatsangehörigkeit;Größe;Bemerkung;Schalter
FZ-1;MÜSTERMANN;Hänsel;12.03.1980;m;Österreich;1,82;trägt Bart;7
FZ-2;BEISPIELER;Grete;1975;w;Deutschland;1,70;;8
FZ-3;ERFÜNDEN;Übra;03.11.1991;w;Schweiz;1,65;hinkt;9
"""
SPANISH = """apellidos,nombres,sexo,fecha de nacimiento,nacionalidad,alias,número de pasaporte
INVENTADO PÉREZ,Ana,F,1980-03-12,Perú,La Ficha,P-77
FICTICIO GÓMEZ,Luis,M,1975-11-02,Chile,,P-78
"""
XML = """<?xml version="1.0" encoding="windows-1252"?>
<!-- <Nothing/> -->
<NationalList generated="2026-01-01"><Header><Office>Example</Office></Header>
<People><Person ref="N-1"><Surname>INVENTÉ</Surname><GivenName>Zoé</GivenName><Gender>F</Gender>
<DateOfBirth>12/05/1980</DateOfBirth><Nationality>France</Nationality><Alias>La Fausse</Alias><Alias>Zette</Alias></Person>
<Person ref="N-2"><Surname>FICTIF</Surname><GivenName>Léo</GivenName><Gender>M</Gender>
<DateOfBirth>25/12/1971</DateOfBirth><Nationality>Belgium</Nationality></Person></People></NationalList>
"""
JSON = {"total": 2, "data": {"results": [
    {"case": {"id": "J-1"}, "last_name": "NOBODY", "first_name": "Nell", "dob": "1980-05-12", "citizenships": ["KE", "TZ"]},
    {"case": {"id": "J-2"}, "last_name": "NEMO", "first_name": "Nico", "dob": "1971-12-25", "citizenships": ["PE"]}]}}
UNKNOWN = """c1|c2|c3|c4
x 1|F|14.02.1988|Kenya
x 2|M|30.12.1979|Uganda
x 3|F|01.06.1992|Kenya
"""


def test_unknown_lists(folder):
    text, notices = draft(folder, "fahndung.csv", GERMAN.encode("windows-1252"), written=3)
    expect("german", text, {"Geburtsdatum": "subject.birth.date", "Geschlecht": None, "Schalter": None,
        "Staatsangehörigkeit": "subject.nationality.country"} if notices else {})
    if not notices or notices[0]["notice"]["id"] != "FZ-1" or notices[0]["subject"][0]["birth"][0]["date"] != "1980-03-12":
        fail(f"german: read as {notices[:1]}")
    if "windows-1252" not in text:
        fail("german: the encoding is not proposed")
    for value in ("MÜSTERMANN", "Hänsel", "12.03.1980", "trägt Bart"):
        if value in text:
            fail(f"german: the value {value} is in the draft")

    text, notices = draft(folder, "lista.csv", b"\xef\xbb\xbf" + SPANISH.encode(), written=2)
    expect("spanish", text, {"apellidos": "subject.name(primary).family", "nombres": "subject.name(primary).given",
        "sexo": "subject.sex", "fecha de nacimiento": "subject.birth.date", "nacionalidad": "subject.nationality.country"})
    if 'delimiter: ","' not in text or "bom: yes" not in text:
        fail("spanish: the dialect is not proposed")

    text, notices = draft(folder, "list.xml", XML.encode("windows-1252"), written=2)
    expect("xml", text, {"Surname": "subject.name(primary).family", "GivenName": "subject.name(primary).given",
        "Gender": "subject.sex", "DateOfBirth": "subject.birth.date", "Nationality": "subject.nationality.country"})
    if 'at: "NationalList/People/Person"' not in text or notices[:1] and notices[0]["subject"][0]["birth"][0]["date"] != "1980-05-12":
        fail(f"xml: {text}")

    text, notices = draft(folder, "page.json", json.dumps(JSON).encode(), written=2)
    expect("json", text, {"last_name": "subject.name(primary).family", "first_name": "subject.name(primary).given"})
    if 'at: "data/results[]"' not in text or "layout: page" not in text:
        fail(f"json: {text}")
    lines = "".join(json.dumps(item) + "\n" for item in JSON["data"]["results"])
    text, notices = draft(folder, "lines.jsonl", lines.encode(), written=2)
    if 'at: ""' not in text:
        fail(f"json lines: {text}")

    text, notices = draft(folder, "nameless.txt", UNKNOWN.encode(), written=3)
    expect("nameless", text, {"c1": "notice.id", "c2": "subject.sex", "c3": "subject.birth.date",
        "c4": "subject.nationality.country"})


def test_samples(folder):
    count = 0
    for sample in sorted((SOURCE / "tests/golden").glob("*/*.*")):
        if sample.suffix not in (".csv", ".xml", ".json", ".jsonl") or sample.parent.name.startswith("notice-"):
            continue
        draft(folder, sample.name, sample.read_bytes(), written=None)
        (folder / sample.name).unlink()
        count += 1
    if count < 20:
        fail(f"only {count} samples were found")


def test_use(folder):
    done = run(folder, "formats", "--new", "my-office")
    text = (folder / "my-office.yaml").read_text(encoding="utf-8")
    (folder / "in.csv").write_text("Case;Surname;Forenames;Also known as;Sex;Born;Nationality;Desk\n"
        "7;NOBODY;Nell;Nelly; ;F;12.05.1980;Kenyan;3\n".replace("Nelly; ;", '"Nelly; Nell N.";'), encoding="utf-8")
    converted = run(folder, "convert", "--format-dir", ".", "-t", "notice-jsonl", "in.csv")
    if done.returncode != 0 or converted.returncode != 0 or json.loads(converted.stdout)["subject"][0]["nationality"][0]["country"] != "KE":
        fail(f"the draft without a sample does not convert: {done.stderr} {converted.stderr}")
    if run(folder, "convert", "--format-dir", ".", "-f", "my-office", "-t", "my-office", "in.csv").stdout != (folder / "in.csv").read_text():
        fail("the draft without a sample does not bring its table back")
    # Nothing is written over.
    again = run(folder, "formats", "--new", "my-office")
    if again.returncode != 4 or "output-exists" not in again.stderr or (folder / "my-office.yaml").read_text() != text:
        fail(f"a draft replaces a definition: {again.returncode} {again.stderr}")
    if run(folder, "formats", "--new", "my-office", "-o", "-").stdout != text:
        fail("the draft on standard output is another one")
    # In the user's folder it is found by itself.
    home = folder / "home"
    (home / ".local/share/dragoman/formats").mkdir(parents=True)
    (folder / "my-office.yaml").rename(home / ".local/share/dragoman/formats/my-office.yaml")
    found = subprocess.run([PROGRAM, "detect", "in.csv"], cwd=folder, env={"HOME": str(home)}, capture_output=True, text=True, check=False)
    if "my-office" not in found.stdout:
        fail(f"not found in the user's folder: {found.stdout} {found.stderr}")
    (folder / "empty").write_bytes(b"")
    (folder / "root.xml").write_bytes(b"<!DOCTYPE a><a/>")
    for arguments, status, text in (
            (("--new", "Bad_Id"), 2, "cannot be a format's id"), (("--from", "in.csv"), 2, "go with --new"),
            (("--new", "x", "--from", "nowhere.csv"), 3, "input-open"), (("--new", "x", "--from", "empty"), 3, "input-empty"),
            (("--new", "x", "--from", "root.xml"), 3, "format-not-recognised"), (("--new", "x", "-o", "no/where.yaml"), 4, "output-open")):
        done = run(folder, "formats", *arguments)
        if done.returncode != status or text not in done.stderr:
            fail(f"formats {arguments}: {done.returncode} {done.stderr}")
    # What is missing.
    (folder / "bare.yaml").write_text("format: bare\ntitle: t\nstatus: modelled\nengine: csv\ntable: yes\nrecords:\n"
        "  - at: \"\"\n    map: {a: \"subject.name(primary).full\"}\n", encoding="utf-8")
    shown = run(folder, "formats", "--check", "bare.yaml")
    for word in ("notice.id", "notice.type", "notice.issuer", "subject.kind", "evidence", "languages", "organisation"):
        if not re.search(rf"still to do: .*{re.escape(word)}", shown.stdout):
            fail(f"--check does not say that {word} is missing: {shown.stdout}")


def main():
    if not PROGRAM:
        print("skipped: $DRAGOMAN names no program", file=sys.stderr)
        return 77
    for test in (test_unknown_lists, test_samples, test_use):
        with tempfile.TemporaryDirectory() as folder:
            test(Path(folder))
    print(f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
