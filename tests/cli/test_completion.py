# SPDX-License-Identifier: Apache-2.0
"""Completion by real shells: what bash offers for a command line, and that zsh and fish take their scripts."""
import json
import os
import re
import shutil
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


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=True).stdout


def bash(script, folder, *words):
    """What bash offers for the last word. bash itself takes '=' for a word of its own."""
    parts = [part for word in words for part in (re.split(r"(=)", word) if word.startswith("--") else [word])]
    if parts[-1] == "" and len(parts) > 1 and parts[-2] == "=":
        parts.pop()
    done = subprocess.run(["bash", "-c", 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dragoman "$1"; '
        'printf "%s\\n" "${COMPREPLY[@]}"', "bash", str(script), PROGRAM, *parts], cwd=folder, capture_output=True, text=True,
        check=False)
    if done.returncode != 0 or done.stderr:
        fail(f"bash, completing {words}: {done.stderr}")
    return {line for line in done.stdout.split("\n") if line}


def test_bash(folder):
    script = folder / "dragoman.bash"
    script.write_text(run("completion", "bash"), encoding="utf-8")
    (folder / "notices.xml").write_text("")
    (folder / "more").mkdir()
    formats = {entry["format"] for entry in json.loads(run("formats", "--json"))}
    codes = {entry["code"] for entry in json.loads(run("explain", "--json"))}
    commands = set(re.findall(r"^  ([a-z]+)  ", run("--help"), re.M))
    everything = {path.name for path in folder.iterdir()}
    rows = (
        (("",), commands | {"help", "--help", "--version"}),
        (("conv",), {"convert"}),
        (("help", "sch"), {"schema"}),
        (("convert", "-t", ""), formats),
        (("convert", "-f", "un-"), {name for name in formats if name.startswith("un-")}),
        (("convert", "--to=", ), formats),
        (("convert", "--to=inter"), {"interpol"}),
        (("convert", "--on-error", "s"), {"skip", "stop"}),
        (("convert", "--max-errors", ""), set()),
        (("convert", "--rejects", "not"), {"notices.xml"}),
        (("convert", "--reje"), {"--rejects"}),
        (("convert", "--format-dir", ""), {"more"}),
        (("convert", ""), everything),
        (("convert", "--no-clobber", "mo"), {"more"}),
        (("explain", ""), codes),
        (("validate", "--only", "red-no"), {code for code in codes if code.startswith("red-no")}),
        (("validate", "--only", "red-no-warrant,csv-quo"),
            {"red-no-warrant," + code for code in codes if code.startswith("csv-quo")}),
        (("schema", "subject.nationality.co"), {"subject.nationality.country"}),
        (("plugins", ""), {path.name for path in (SOURCE / "plugins").iterdir() if path.is_dir()}),
        (("loss", "interpol", "amer"), {"ameripol"}),
    )
    for words, expected in rows:
        offered = bash(script, folder, *words)
        if offered != expected:
            fail(f"bash offers for {words}: {sorted(offered)[:8]}, expected {sorted(expected)[:8]}")
    # Whatever --help lists is offered: that is what the script is made from.
    for command in commands:
        listed = set(re.findall(r"^  .{4}(--[a-z-]+)", run(command, "--help"), re.M))
        offered = bash(script, folder, command, "--")
        if not listed or offered != listed:
            fail(f"bash offers for {command}: {sorted(offered ^ listed)} more or less than --help lists")


def test_zsh(folder):
    script = folder / "_dragoman"
    script.write_text(run("completion", "zsh"), encoding="utf-8")
    if not shutil.which("zsh"):
        print("not tested: zsh is not here", file=sys.stderr)
        return
    checked = subprocess.run(["zsh", "-n", str(script)], capture_output=True, text=True, check=False)
    if checked.returncode != 0 or checked.stderr:
        fail(f"zsh does not take its script: {checked.stderr}")


def test_fish(folder):
    script = folder / "dragoman.fish"
    script.write_text(run("completion", "fish"), encoding="utf-8")
    if not shutil.which("fish"):
        print("not tested: fish is not here", file=sys.stderr)
        return
    environment = dict(os.environ, HOME=str(folder), PATH=f"{Path(PROGRAM).parent}:{os.environ['PATH']}")
    for line, wanted in (("dragoman conv", "convert"), ("dragoman convert -t interp", "interpol"),
            ("dragoman convert --on-error st", "stop"), ("dragoman validate --only x,red-no-warr", "x,red-no-warrant"),
            ("dragoman convert --reje", "--rejects"), ("dragoman completion ba", "bash")):
        shown = subprocess.run(["fish", "--no-config", "-c", f"source '{script}'; complete -C '{line}'"], env=environment,
            cwd=folder, capture_output=True, text=True, check=False)
        if shown.stderr or wanted not in [offer.split("\t")[0] for offer in shown.stdout.split("\n")]:
            fail(f"fish offers for \"{line}\": {shown.stdout!r} {shown.stderr}")


def test_use(folder):
    for arguments, text in (((), "name of a shell"), (("tcsh",), "not bash, zsh or fish"), (("--words", "people"), "--words is one of"),
            (("bash", "zsh"), "name of a shell")):
        done = subprocess.run([PROGRAM, "completion", *arguments], capture_output=True, text=True, check=False)
        if done.returncode != 2 or text not in done.stderr:
            fail(f"completion {arguments}: {done.returncode} {done.stderr}")
    shown = run("schema", "subject.nationality.country", "notice.handling")
    if not shown.startswith("subject[].nationality[].country") or "notice.handling[].code" not in shown or len(shown.splitlines()) > 12:
        fail(f"schema with fields shows {shown}")
    done = subprocess.run([PROGRAM, "schema", "subject.nation"], capture_output=True, text=True, check=False)
    if done.returncode != 2 or "no field or group" not in done.stderr:
        fail(f"schema takes half a name: {done.stdout} {done.stderr}")


def main():
    if not PROGRAM:
        print("skipped: $DRAGOMAN names no program", file=sys.stderr)
        return 77
    for test in (test_bash, test_zsh, test_fish, test_use):
        with tempfile.TemporaryDirectory() as folder:
            test(Path(folder))
    print(f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
