# SPDX-License-Identifier: Apache-2.0
"""dragoman plugin check: our own plugins are sound, and each sabotaged copy of the skeleton fails the check of its fault."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = os.environ.get("DRAGOMAN", "")
SOURCE = Path(os.environ.get("SOURCE_DIR", Path(__file__).resolve().parents[2]))
BINARY = Path(os.environ.get("BINARY_DIR", "."))
COMPILER = shutil.which(os.environ.get("CC", "cc"))
EXAMPLE = SOURCE / "tests/plugins/example"

failures = []


def fail(text):
    failures.append(text)
    print(f"FAILED: {text}")


def check(*arguments):
    """The exit status and the result of each check: ok, not ok or skipped, with what was said."""
    done = subprocess.run([PROGRAM, "plugin", "check", *map(str, arguments)], capture_output=True, text=True, check=False)
    results = {}
    for line in done.stdout.splitlines():
        match = re.fullmatch(r"(not ok|ok) (\d+) - ([a-z-]+)( # SKIP (.*))?", line)
        if match:
            results[match.group(3)] = "skipped" if match.group(4) else match.group(1)
            last = match.group(3)
        elif line.startswith("# ") and results and results.get(last) == "not ok":
            results[last] = "not ok: " + line[2:]
    plan = re.search(r"^1\.\.(\d+)$", done.stdout, re.M)
    if done.returncode in (0, 5) and (not plan or int(plan.group(1)) != len(results) or not done.stdout.startswith("TAP version 13\n")):
        fail(f"plugin check {arguments}: not TAP: {done.stdout} {done.stderr}")
    return done, results


def test_own():
    golden = SOURCE / "tests/golden"
    samples = {
        "csv": ["--sample", golden / "notice-csv/samples.csv"],
        "json": ["--sample", golden / "interpol/red-details.json", "--path", "[]", "--option", "layout=array"],
        "xml": ["--sample", golden / "un-sc/sample.xml", "--path", "CONSOLIDATED_LIST/INDIVIDUALS/INDIVIDUAL",
            "--path", "CONSOLIDATED_LIST/ENTITIES/ENTITY"],
    }
    plugins = sorted((BINARY / "lib/dragoman/plugins").glob("*.so"))
    if len(plugins) < 3:
        fail("the plugins were not found")
    for plugin in plugins:
        for more in ([], ["--seed", "7"], samples.get(plugin.stem, [])):
            done, results = check(plugin, *more)
            faults = {name: result for name, result in results.items() if result.startswith("not ok")}
            if done.returncode != 0 or faults or len(results) < 25:
                fail(f"{plugin.name} {more}: {faults} {done.stderr}")
    for plugin in ("csv", "json"):
        if check(BINARY / f"lib/dragoman/plugins/{plugin}.so", "--only", "parts")[1] != {"parts": "ok"}:
            fail(f"{plugin}: parts were not tried")
    done, results = check(BINARY / "lib/dragoman/plugins/csv.so", "--in-process", "--only", "loads,sample,write-read,silent")
    if done.returncode != 0 or results != {"loads": "ok", "sample": "ok", "write-read": "ok", "silent": "skipped"}:
        fail(f"--in-process: {results} {done.stderr}")


# Of the skeleton: what is put in the place of what, and which check has to see it.
SABOTAGES = (
    ("leaks", "\tfree(reader->unescaped);\n\tfree(reader);", "\tfree(reader->unescaped);", "memory"),
    ("leaks-writing", "\tfree(opaque);", "\t(void)opaque;", "write-memory"),
    ("crashes-cut", "if (++i == value.len)\n\t\t\t\treturn false;", "if (++i == value.len)\n\t\t\t\t__builtin_trap();", "truncation"),
    ("prints", "\treader->config = open->config;", '\treader->config = open->config;\n\t(void)!write(1, "x", 1);', "silent"),
    ("global-state", "\treader->config = open->config;", "\tstatic unsigned opened;\n\topened++;\n\treader->config = open->config;", "globals"),
    ("shared-place", "\treader->place.line += lines;", "\tstatic uint32_t all;\n\tall += lines;\n\treader->place.line = all;", "same-twice"),
    ("wrong-size", "sizeof(struct dgm_plugin)", "sizeof(struct dgm_plugin) - 8", "struct-size"),
    ("loses-a-value", "for (size_t i = 0; i < count; i++) {\n\t\tif (!has_text(&events[i]))",
        "for (size_t i = 0; i + 1 < count; i++) {\n\t\tif (!has_text(&events[i]))", "write-read"),
    ("hangs-in-probe", "\tsize_t i = 0;\n\twhile (i < head.len && (head", "\tsize_t i = 0;\n\twhile (head.len > 40)\n\t\t__asm__ volatile(\"\");\n\twhile (i < head.len && (head",
        "probe-hostile"),
    ("reads-past", "memchr(start, '\\n', rest) : NULL;", "memchr(start, '\\n', rest + 9) : NULL;\n\t\tend = end && end >= start + rest ? NULL : end;", "slices"),
    ("begins-to-write", "\tconst int32_t result = check(writer, events, count, &most);",
        '\thost->write(writer->open.output, TEXT("# "));\n\tconst int32_t result = check(writer, events, count, &most);', "whole-or-not"),
    ("opens-a-file", "\treader->config = open->config;", '\treader->config = open->config;\n\t(void)!dup(0);', "descriptors"),
    ("silent-refusal", "\tcomplain(&reader->open, \"keyline-line\", &place, text);", "\t(void)place;\n\t(void)text;", "hostile"),
    ("ignores-broken", "if (result != DGM_OK)\n\t\t\treturn result;\n\t\treader->complete", "if (result != DGM_OK)\n\t\t\treturn DGM_END;\n\t\treader->complete",
        "broken-input"),
    ("exports-more", "static int32_t probe(", '__attribute__((visibility("default"))) int32_t probe(struct dgm_str head, uint32_t *ret_match);\nint32_t probe(', "exports"),
    ("endless-entry", "return index == 0 ? &plugin : NULL;", "(void)index;\n\treturn &plugin;", "ids"),
    ("strange-match", "*ret_match = DGM_MATCH_NONE;", "*ret_match = 9;", "probe-hostile"),
    ("needs-no-begin", "\treader->open.host->begin(record, 0, source, &reader->place);", "", "sample"),
    ("says-localised", "\treader->config = open->config;", '\treader->config = open->config;\n\t(void)!setlocale(LC_ALL, "C");', "locales"),
    ("leans-on-future", "\treader->config = open->config;",
        "\treader->config = open->config;\n\tif (open->host->struct_size != sizeof(struct dgm_host))\n\t\t__builtin_trap();", "host-ages"),
    ("exits", "\treader->config = open->config;", "\treader->config = open->config;\n\tif (!open->input)\n\t\treturn DGM_FATAL;\n\t_exit(0);", "sample"),
)


def build(folder, name, text):
    (folder / name).mkdir(mode=0o755)
    (folder / name / "keyline.c").write_text('#define _GNU_SOURCE\n#include <fcntl.h>\n#include <locale.h>\n#include <unistd.h>\n'
        + text, encoding="utf-8")
    file = folder / name / "keyline.so"
    done = subprocess.run([COMPILER, "-std=gnu17", "-O1", "-w", "-shared", "-fPIC", "-fvisibility=hidden", f"-I{SOURCE / 'core/include'}",
        str(folder / name / "keyline.c"), "-o", str(file)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        fail(f"{name} does not build: {done.stderr}")
    file.chmod(0o755)
    return file


def test_sabotaged(folder):
    text = (EXAMPLE / "keyline.c").read_text(encoding="utf-8")
    sample = ["--sample", EXAMPLE / "people.keyline"]
    done, results = check(build(folder, "sound", text), *sample)
    if done.returncode != 0 or any(result.startswith("not") for result in results.values()):
        fail(f"the skeleton is not sound: {results} {done.stderr}")
    sanitized = b"__asan_init" in Path(PROGRAM).read_bytes()
    for name, old, new, expected in SABOTAGES:
        if text.count(old) == 0:
            fail(f"{name}: the skeleton has no such place")
            continue
        if sanitized and expected in ("memory", "write-memory", "globals"):
            continue # the allocator of sanitizers keeps other accounts
        done, results = check(build(folder, name, text.replace(old, new)), *sample, "--only", f"loads,open-close,{expected}")
        if done.returncode != 5 or not results.get(expected, "").startswith("not ok: "):
            faults = {check: result for check, result in results.items() if result.startswith("not ok")}
            fail(f"{name}: {expected} says {results.get(expected)}; faults: {faults} {done.stderr}")


def test_use(folder):
    plugin = BINARY / "lib/dragoman/plugins/csv.so"
    (folder / "none.so").write_bytes(b"no plugin")
    for arguments, status, said in (
            (("plugin",), 2, "is wanted"), (("plugin", "check"), 2, "is wanted"), (("plugin", "try", "x"), 2, "is wanted"),
            (("plugin", "check", folder / "nowhere.so"), 2, "No such file"), (("plugin", "check", folder), 2, "ends with .so"),
            (("plugin", "check", plugin, "--only", "beauty"), 2, 'no check "beauty"'), (("plugin", "check", plugin, "--seed", "x"), 2, "number"),
            (("plugin", "check", plugin, "--sample", folder / "nowhere"), 3, "input-open"), (("plugin", "new", "No_Name"), 2, "cannot be"),
            (("plugin", "new", "../x"), 2, "cannot be")):
        done = subprocess.run([PROGRAM, *map(str, arguments)], cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode != status or said not in done.stderr:
            fail(f"{arguments}: {done.returncode} {done.stderr}")
    done, results = check(folder / "none.so")
    if done.returncode != 5 or not results["loads"].startswith("not ok: ") or results["sample"] != "skipped":
        fail(f"a file that is no plugin: {results}")
    listed = subprocess.run([PROGRAM, "plugin", "--list"], capture_output=True, text=True, check=True).stdout
    if {line.split()[0] for line in listed.splitlines()} != set(check(plugin)[1]):
        fail("--list does not list the checks that are made")
    for _ in range(2):
        done = subprocess.run([PROGRAM, "plugin", "new", "x-lines"], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 4 or "File exists" not in done.stderr or b"keyline" in (folder / "x-lines/x-lines.c").read_bytes():
        fail(f"plugin new twice: {done.returncode} {done.stderr}")


def main():
    if not PROGRAM or not COMPILER:
        print("skipped: $DRAGOMAN names no program, or there is no C compiler", file=sys.stderr)
        return 77
    os.umask(0o022)
    test_own()
    for test in (test_sabotaged, test_use):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            test(Path(folder))
    print(f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
