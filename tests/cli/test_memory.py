# SPDX-License-Identifier: Apache-2.0
"""Memory does not grow with the input: 64 MiB of every syntax to another one, in less than half of that."""
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import harness

SIZE = "64M"
LIMIT = 32 << 20  # bytes of resident memory: buffers and arenas are a few MiB, the rest is the program and its libraries
BUDGET = 60  # seconds for all together
WAYS = [("csv", "notice-csv", "notice-jsonl"), ("jsonl", "notice-jsonl", "notice-xml"), ("xml", "notice-xml", "notice-csv")]


def peak(command):
    """Exit status, peak of resident memory in bytes, standard error."""
    with tempfile.TemporaryFile() as err:
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=err, env=harness.environment())
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        err.seek(0)
        return child.returncode, usage.ru_maxrss * 1024, err.read().decode("utf-8", "replace")


def main():
    if not harness.PROGRAM:
        harness.skip("no program")
    if harness.sanitized():
        harness.skip("built with a sanitizer, which has memory of its own")
    failed = 0
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="dragoman-memory-") as folder:
        for syntax, source, target in WAYS:
            path = Path(folder, f"in.{syntax}")
            with open(path, "wb") as out:
                subprocess.run([sys.executable, harness.SOURCE / "tests" / "bench" / "generate.py", "--size", SIZE,
                                "--syntax", syntax], stdout=out, check=True, env=harness.environment())
            size = path.stat().st_size
            status, memory, said = peak([harness.PROGRAM, "convert", "-q", "-f", source, "-t", target, "-o",
                                         str(Path(folder, "out")), str(path)])
            good = status == 0 and memory < LIMIT and size > 60 << 20 and Path(folder, "out").stat().st_size > size // 4
            print(f"{'ok' if good else 'FAILED'}: {source} to {target}: {size >> 20} MiB in, exit {status}, "
                  f"{memory / (1 << 20):.1f} MiB of {LIMIT >> 20} resident, {time.monotonic() - begin:.1f} s so far {said}")
            failed += not good
            path.unlink()
    if time.monotonic() - begin > BUDGET:
        print(f"FAILED: {time.monotonic() - begin:.0f} s, {BUDGET} are allowed")
        failed += 1
    sys.exit(bool(failed))


main()
