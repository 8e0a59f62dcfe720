# SPDX-License-Identifier: Apache-2.0
"""What the tests of the command line share: running the program, and a folder of one's own per test.

A script without the program it tests, or without a tool it needs, ends with 77: skipped.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("SOURCE_DIR") or Path(__file__).resolve().parents[2])
GOLDEN = SOURCE / "tests" / "golden"
DATA = SOURCE.parent / "shared" / "data"
PROGRAM = os.environ.get("DRAGOMAN", "")
TIMEOUT = 60  # a command that takes longer hangs


def sanitized():
    """Whether the program was built with a sanitizer: it is several times slower, and its memory is not its own."""
    data = Path(PROGRAM).read_bytes() if PROGRAM else b""
    return b"__asan_" in data or b"__msan_" in data or b"__tsan_" in data


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(77)


def environment(extra=None):
    """The environment without what would steer the program."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DRAGOMAN_", "XDG_", "LC_"))}
    env.update(LANG="C.UTF-8", TZ="UTC")
    env.pop("DRAGOMAN", None)
    env.update(extra or {})
    return env


class Result:
    def __init__(self, status, out, err):
        self.status, self.out, self.err_bytes = status, out, err
        self.err = err.decode("utf-8", "backslashreplace")

    def messages(self):
        """Standard error of --log-format json; a line that is no object is an error of the test."""
        return [json.loads(line) for line in self.err.splitlines()]

    def codes(self):
        return [message["code"] for message in self.messages()]

    def notices(self):
        return lines(self.out)

    def __str__(self):
        return f"exit {self.status}\nstdout: {self.out[:600]!r}\nstderr: {self.err[:2000]}"


def lines(data):
    """JSON Lines to values."""
    return [json.loads(line) for line in data.split(b"\n") if line]


def dragoman(*args, stdin=b"", cwd=None, env=None, **more):
    command = [PROGRAM, *(str(arg) for arg in args)]
    if "stdout" not in more:
        more["stdout"] = subprocess.PIPE
    done = subprocess.run(command, input=stdin, stderr=subprocess.PIPE, cwd=cwd, env=environment(env),
                          timeout=TIMEOUT, check=False, **more)
    return Result(done.returncode, done.stdout or b"", done.stderr)


class Case(unittest.TestCase):
    """A test with a folder of its own, which is also the working folder of what it runs."""
    maxDiff = 2000

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="dragoman-test-"))
        os.chmod(self.folder, 0o755)  # whatever the umask
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    def run_program(self, *args, status=0, **more):
        result = dragoman(*args, cwd=more.pop("cwd", self.folder), **more)
        wanted = status if isinstance(status, tuple) else (status,)
        if result.status not in wanted:
            self.fail(f"dragoman {' '.join(str(arg) for arg in args)}\nwanted exit {status}, got {result}")
        return result

    def files(self, folder=None):
        return sorted(entry.name for entry in (folder or self.folder).iterdir())


def main():
    if not (PROGRAM and os.access(PROGRAM, os.X_OK)):
        skip(f"no program at '{PROGRAM}'")
    unittest.main(verbosity=1)
