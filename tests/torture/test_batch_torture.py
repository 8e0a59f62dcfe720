# SPDX-License-Identifier: Apache-2.0
"""
Batches that are killed, and disks that fail, at one system call after the other: nothing torn ever has a final name, and the
next run makes what an undisturbed one makes. strace injects the faults.

    test_batch_torture.py [--long]     --long: fifty files, every call of each kind, and 200 kills at random moments
"""
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOURCE = Path(os.environ.get("SOURCE_DIR") or Path(__file__).resolve().parents[2])
PROGRAM = os.environ.get("DRAGOMAN", "")
LONG = "--long" in sys.argv
SEED = 20260419
SAMPLES = ("un-sc/sample.xml", "ameripol/personas.csv", "interpol/red-details.json", "aimc/searches.csv", "eco/list.xml",
           "ameripol/personas-pt.csv")

failures = []


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(77)


def fail(text):
    failures.append(text)
    print(f"FAILED: {text}")


def make_source(folder):
    samples = [SOURCE / "tests/golden" / name for name in SAMPLES]
    if LONG:
        samples = [path for path in sorted((SOURCE / "tests/golden").glob("*/*.*"))
                   if path.suffix in (".xml", ".csv", ".json", ".jsonl")][:48]
    for number, sample in enumerate(samples):
        place = folder / f"d{number % 3}" / f"{number:02}-{sample.name}"
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(sample, place)
    (folder / "d0/torn.xml").write_bytes(samples[0].read_bytes()[:2000])
    people = (SOURCE / "tests/golden/ameripol/personas.csv").read_bytes()
    (folder / "d1/rejected.csv").write_bytes(people.replace(b"\n", b"\n;;;;\n", 1))


def contents(target):
    """Everything but the batch's own folder."""
    return {name: path.read_bytes() for path in target.rglob("*")
            if path.is_file() and not (name := str(path.relative_to(target))).startswith(".dragoman/")}


class Batch:
    def __init__(self, folder):
        self.folder, self.source, self.target = folder, folder / "in", folder / "out"
        make_source(self.source)
        begun = time.monotonic()
        self.status = self.run(target=folder / "undisturbed").returncode
        self.took = time.monotonic() - begun
        self.expected = contents(folder / "undisturbed")
        self.disturbed = self.checked = 0

    def command(self, target=None, jobs=2):
        target = target or self.target
        # A call that strace spoils has another number while the sandbox's filter looks.
        return [PROGRAM, "batch", "-q", "--sandbox", "off", "-t", "notice-jsonl", "--jobs", str(jobs), "--reports", f"{target}/losses", self.source, target]

    def run(self, *before, target=None, jobs=2):
        return subprocess.run([*before, *self.command(target, jobs)], capture_output=True, check=False, timeout=300)

    def check(self, what, disturbed):
        """What a disturbed run left, and what the next one makes of it."""
        left = contents(self.target) if self.target.exists() else {}
        self.checked += 1
        self.disturbed += disturbed.returncode != self.status
        torn = [name for name, content in left.items()
                if ".dragoman-" not in name and name != "report.json" and content != self.expected.get(name)]
        if torn:
            fail(f"{what}: {torn} are not what they should be")
        if disturbed.returncode in (0, self.status) and left != self.expected:
            fail(f"{what}: exit {disturbed.returncode}, and something is missing: {set(left) ^ set(self.expected)}\n{disturbed.stderr}")
        again = self.run()
        if again.returncode != self.status:
            fail(f"{what}: the next run ends with {again.returncode}: {again.stderr[-500:]}")
        if (now := contents(self.target)) != self.expected:
            fail(f"{what}: the next run does not mend it: {set(now) ^ set(self.expected)}")
        shutil.rmtree(self.target, ignore_errors=True)


def strace(call, action, when):
    return ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{action}:when={when}"]


# The calls by which something comes to be, with how many of each a run of a few files may make in one process.
CALLS = {"write": 30, "fsync": 24, "renameat": 12, "openat": 60, "close": 60, "sendmsg": 8, "unlinkat": 30, "mkdirat": 6,
         "ftruncate": 1, "pipe2": 8, "recvmsg": 8}


def test_kills(batch):
    """Broker, helpers and workers are killed at their n-th call of a kind."""
    for call, count in CALLS.items():
        step = 1 if LONG else max(1, count // 3)
        for when in range(1, (8 if LONG else 1) * count + 1, step):
            batch.check(f"killed at {call} {when}", batch.run(*strace(call, "signal=KILL", when)))


def test_faults(batch):
    """A call fails once in each process, or for ever."""
    for call, count in {"write": 30, "fsync": 24, "renameat": 12}.items():
        for number, error in enumerate(("ENOSPC", "EIO", "EDQUOT")):
            step = 1 if LONG else max(4, count // 2)
            for when in range(1 + number, count + 1, step):
                for more in ("", "+"):
                    batch.check(f"{error} at {call} {when}{more}", batch.run(*strace(call, f"error={error}", f"{when}{more}")))


def test_interruptions(batch):
    """Interrupted calls are made again: nothing is different."""
    for call in ("write", "fsync", "sendmsg", "recvmsg", "wait4", "poll"):
        disturbed = batch.run(*strace(call, "error=EINTR", "2+3"))
        if disturbed.returncode != batch.status or contents(batch.target) != batch.expected:
            fail(f"EINTR at {call}: exit {disturbed.returncode}: {disturbed.stderr[-500:]}")
        shutil.rmtree(batch.target, ignore_errors=True)


def test_random_kills(batch):
    """At any moment, now and then several times before a run may end."""
    chance = random.Random(SEED)
    for number in range(200):
        for _ in range(chance.choice((1, 1, 2, 4))):
            with subprocess.Popen(batch.command(jobs=chance.choice((1, 2, 5))), stderr=subprocess.DEVNULL) as process:
                time.sleep(chance.random() * batch.took)
                process.kill()
            disturbed = subprocess.CompletedProcess([], -9, b"", b"")
        batch.check(f"kill {number}", disturbed)


def test_convert(folder):
    """One file: the old output stays, and the exit status tells."""
    sample, output = SOURCE / "tests/golden/un-sc/sample.xml", folder / "notices.jsonl"
    command = [PROGRAM, "convert", "-q", "--sandbox", "off", "-t", "notice-jsonl", "-o", output, sample]
    subprocess.run(command, check=True, capture_output=True)
    expected = output.read_bytes()
    for call, count in {"write": 3, "fsync": 2, "renameat": 1}.items():
        for when in range(1, count + 1):
            for error in ("ENOSPC", "EIO", "EDQUOT", "EINTR"):
                output.write_bytes(b"old")
                done = subprocess.run([*strace(call, f"error={error}", when), *command], capture_output=True, check=False)
                what = f"convert, {error} at {call} {when}"
                # What is written first may be messages; and a folder that cannot be synced is told of behind the rename.
                told = done.returncode == 4 and b"notices.jsonl: error:" in done.stderr
                if output.read_bytes() == b"old" and not told:
                    fail(f"{what}: exit {done.returncode}: {done.stderr}")
                elif output.read_bytes() not in (b"old", expected) or (error == "EINTR" and call != "renameat" and done.returncode != 0):
                    fail(f"{what}: exit {done.returncode}, the output is torn: {done.stderr}")
                if left := [path.name for path in folder.iterdir() if ".tmp" in path.name]:
                    fail(f"{what}: {left} are left")


def main():
    if not (PROGRAM and os.access(PROGRAM, os.X_OK)):
        skip(f"no program at '{PROGRAM}'")
    if not shutil.which("strace") or subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], check=False).returncode != 0:
        skip("strace is not there, or may not trace")
    # The leak sanitizer, where the program has it, does not work under strace.
    os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
    with tempfile.TemporaryDirectory(prefix="dragoman-torture-") as name:
        folder = Path(name)
        test_convert(folder)
        batch = Batch(folder)
        test_interruptions(batch)
        test_faults(batch)
        test_kills(batch)
        if LONG:
            test_random_kills(batch)
        print(f"{batch.checked} runs, {batch.disturbed} ended otherwise than the undisturbed one")
        if batch.disturbed < batch.checked // 2:
            fail("most faults met nothing")
    return 1 if failures else 0


sys.exit(main())
