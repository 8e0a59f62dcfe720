#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What if the Nth allocation, read, write, fsync or rename fails, for every N that there is time for?

Each run of a small conversion ends in one of two ways: with its usual exit status and the very bytes of an undisturbed
run; or with another one, a message, the old output as it was, and no temporary file left. Never by a signal, never in
a hang. Where the points are many, every so-manieth is tried; TORTURE_SECONDS is the time for all (0: every point).
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
GOLDEN = HERE.parent / "golden"
PROGRAM = os.environ.get("DRAGOMAN", "")
SECONDS = float(os.environ.get("TORTURE_SECONDS", "50"))
HANGS = 20  # seconds after which a run counts as one that never ends
OLD = b"what was there before\n"

# Input, source format, target format, and what else is written.
CONVERSIONS = {
    "table": ("ameripol/personas.csv", "ameripol", "notice-jsonl", ["rejects", "report"]),
    "xml": ("un-sc/sample.xml", "un-sc", "notice-csv", ["report"]),
    "json": ("interpol/red-details.json", None, "un-sc", ["rejects", "report"]),
    "canonical": ("notice-jsonl/samples.jsonl", "notice-jsonl", "notice-xml", []),
}
# System calls and how they fail. Not mmap: its first failures are the dynamic loader's own end.
CALLS = [
    ("read", "EIO"), ("write", "ENOSPC"), ("read", "EINTR"), ("write", "EINTR"), ("fsync", "EIO"), ("rename", "EACCES"),
    ("openat", "EMFILE"), ("close", "EIO"),
]


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(77)


def run(command, folder, env=None):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DRAGOMAN", "TORTURE", "XDG_"))}
    clean.update(LC_ALL="C.UTF-8", **(env or {}))
    return subprocess.run(command, cwd=folder, env=clean, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=HANGS, check=False)


class Case:
    """A conversion, its folder and what it does when nothing fails."""

    def __init__(self, name, base):
        source, self.form, self.target, self.extras = CONVERSIONS[name]
        self.name = name
        self.folder = base / name
        self.folder.mkdir()
        self.source = GOLDEN / source
        self.files = ["out"] + self.extras
        self.reset()
        result = run(self.command(), self.folder)
        self.status = result.returncode
        self.right = {file: (self.folder / file).read_bytes() for file in self.files}
        if self.status not in (0, 1) or not self.right["out"] or self.right["out"] == OLD:
            raise AssertionError(f"{name}: exit {self.status} undisturbed\n{result.stderr.decode()}")

    def command(self):
        # A call that strace spoils has another number while the filter looks, and a spoilt close leaves the pipe open.
        command = [PROGRAM, "convert", "-q", "--sandbox", "off", "-t", self.target, "-o", "out", str(self.source)]
        if self.form:
            command += ["-f", self.form]
        for extra in self.extras:
            command += ["--" + extra, extra]
        return command

    def reset(self):
        for file in self.folder.iterdir():
            file.unlink()
        for file in self.files:
            (self.folder / file).write_bytes(OLD)

    def problem(self, result):
        """What is wrong with how a disturbed run ended, or None."""
        now = {file: (self.folder / file).read_bytes() if (self.folder / file).exists() else None for file in self.files}
        stray = {file.name for file in self.folder.iterdir()} - set(self.files)
        if result.returncode < 0:
            return f"ended by signal {-result.returncode}"
        if stray:
            return f"exit {result.returncode} left {sorted(stray)}"
        if result.returncode == self.status:
            wrong = [file for file in self.files if now[file] != self.right[file]]
            return f"exit {result.returncode} as if nothing had happened, but other bytes in {wrong}" if wrong else None
        if result.returncode == 0:
            return f"exit 0 instead of {self.status}"
        if not result.stderr.strip():
            return f"exit {result.returncode} without a word"
        if now["out"] not in (OLD, self.right["out"]):
            return f"exit {result.returncode} and neither the old output nor the right one"
        if now["out"] != OLD and b"output-" not in result.stderr:
            return f"exit {result.returncode}, the output is published, and the message does not speak of it"
        return None


class Torture(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.base = Path(tempfile.mkdtemp(prefix="torture-"))
        cls.cases = [Case(name, cls.base) for name in CONVERSIONS]
        cls.tried = []
        cls.deadline = time.monotonic() + SECONDS / 2

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.base)
        print("\n".join(cls.tried), file=sys.stderr)

    def try_points(self, case, what, count, wrap, seconds):
        """Tries points spread over 1..count; the first and last ones always, the middle ones as time allows."""
        if count == 0:
            return
        end = time.monotonic() + seconds
        order = list(dict.fromkeys([1, count] + spread(count)))
        failures, tried, told = [], 0, 0
        for point in order:
            if SECONDS and time.monotonic() > end:
                break
            case.reset()
            try:
                result = run(*wrap(point))
            except subprocess.TimeoutExpired:
                failures.append(f"{point}: still running after {HANGS} s")
                break
            tried += 1
            told += result.returncode != case.status
            problem = case.problem(result)
            if problem:
                failures.append(f"{point}: {problem}: {result.stderr.decode('utf-8', 'replace')[-300:]}")
        self.tried.append(f"{case.name}: {what}: {tried} of {count} points, {told} of them told")
        self.assertFalse(failures, f"{case.name}: {what}: {len(failures)} of {tried}:\n" + "\n".join(failures[:8]))

    def test_allocations(self):
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang-14")
        if not compiler:
            self.skipTest("no C compiler")
        shim = self.base / "fail_allocation.so"
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-fno-builtin", "-o", shim, HERE / "fail_allocation.c", "-ldl"],
                       check=True)
        for case in self.cases:
            with self.subTest(case.name):
                counter = self.base / "count"
                case.reset()
                preload = {"LD_PRELOAD": str(shim)}
                result = run(case.command(), case.folder, {**preload, "TORTURE_COUNT": str(counter)})
                self.assertEqual((result.returncode, case.problem(result)), (case.status, None))
                count = int(counter.read_text(encoding="ascii"))
                self.assertGreater(count, 20, "the shim does not see the allocations")
                self.try_points(case, "allocation", count, lambda point: (
                    case.command(), case.folder, {**preload, "TORTURE_AT": str(point)}), SECONDS / 2 / len(self.cases))

    def test_system_calls(self):
        strace = shutil.which("strace")
        if not strace or run([strace, "-qq", "-o", "/dev/null", "true"], self.base).returncode:
            self.skipTest("no strace, or no right to use it")
        log = self.base / "strace.log"
        for case in self.cases:
            for call, error in CALLS:
                with self.subTest(f"{case.name}: {call} {error}"):
                    case.reset()
                    trace = [strace, "-f", "-qq", "-o", str(log), "-e", f"trace={call}"]
                    result = run(trace + case.command(), case.folder)
                    self.assertIsNone(case.problem(result))
                    lines = [line for line in log.read_text(errors="replace").splitlines() if f" {call}(" in line]
                    inject = lambda point: (trace + ["-e", f"inject={call}:error={error}:when={point}"] + case.command(),
                                            case.folder)
                    self.try_points(case, f"{call} {error}", len(lines), inject,
                                    SECONDS / 2 / len(self.cases) / len(CALLS))


def spread(count):
    """1..count in an order in which every beginning is spread evenly: bits of the number reversed."""
    bits = max(1, count.bit_length())
    numbers = (int(f"{number:0{bits}b}"[::-1], 2) for number in range(1 << bits))
    return [number for number in numbers if 1 <= number <= count]


if __name__ == "__main__":
    if not PROGRAM or not os.access(PROGRAM, os.X_OK):
        skip("DRAGOMAN is not set")
    ldd = subprocess.run(["ldd", PROGRAM], stdout=subprocess.PIPE, check=False).stdout
    if b"libasan" in ldd or b"__asan" in Path(PROGRAM).read_bytes():
        skip("a sanitizer has its own allocator")
    unittest.main(verbosity=1)
