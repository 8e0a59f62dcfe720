# SPDX-License-Identifier: Apache-2.0
"""dragoman-tutorial(7), followed line by line in an empty folder with nothing but an installed tree."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = os.environ.get("DRAGOMAN", "")
SOURCE = Path(os.environ.get("SOURCE_DIR", Path(__file__).resolve().parents[2]))
BINARY = os.environ.get("BINARY_DIR", "")

failures = []


def fail(text):
    failures.append(text)
    print(f"FAILED: {text}")


def blocks(text):
    """Of a chapter: files (name, content) and sessions (None, lines)."""
    for before, block in re.findall(r"([^\n]*)\n\.Bd -literal[^\n]*\n(.*?)^\.Ed", text, re.S | re.M):
        block = block.replace("\\e", "\\").replace("\\&", "")
        name = re.match(r"\.Pa (\S+) :$", before)
        yield (name.group(1) if name else None), block


def fits(expected, shown):
    """'...' stands for any lines where it is alone, else for the rest of its line."""
    pattern = "".join("(?:.*\n)*" if line == "..." else re.escape(line).replace(re.escape("..."), ".*") + "\n" for line in expected)
    return re.fullmatch(pattern, shown)


def steps(block):
    """(command, expected lines) of a session."""
    command, expected = None, []
    for line in block.splitlines():
        if line.startswith("$ "):
            if command:
                yield command, expected
            command, expected = line[2:], []
        else:
            expected.append(line)
    if command:
        yield command, expected


def follow(text, folder, environment):
    work, commands = folder, 0
    for name, block in blocks(text):
        if name:
            (work / name).write_text(block, encoding="utf-8")
            continue
        if not block.startswith("$ "):
            fail(f"a block is neither a file nor a session: {block[:60]}")
        for command, expected in steps(block):
            commands += 1
            if command.startswith("cd "):
                work = work / command[3:]
                continue
            done = subprocess.run(["bash", "-c", command], cwd=work, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                text=True, check=False)
            wants_status = "--check mistake" in command
            if (done.returncode != 0) != wants_status or not fits(expected, done.stdout):
                fail(f"$ {command}\nstatus {done.returncode}, shows\n{done.stdout}expected\n" + "\n".join(expected))
    return commands


def main():
    if not PROGRAM or not shutil.which("cmake") or not shutil.which(os.environ.get("CC", "cc")):
        print("skipped: $DRAGOMAN names no program, or there is no compiler", file=sys.stderr)
        return 77
    os.umask(0o022)
    text = (SOURCE / "man/dragoman-tutorial.7").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        folder = Path(folder)
        subprocess.run(["cmake", "--install", BINARY, "--prefix", str(folder / "usr")], check=True, capture_output=True)
        environment = dict(os.environ, HOME=str(folder / "home"), PATH=f"{folder / 'usr/bin'}:{os.environ['PATH']}",
            CMAKE_PREFIX_PATH=str(folder / "usr"))
        for variable in ("XDG_DATA_HOME", "DRAGOMAN_PLUGIN_PATH", "DRAGOMAN_FORMAT_PATH"):
            environment.pop(variable, None)
        (folder / "home").mkdir()
        for chapter in ("WRITE A FORMAT IN TEN MINUTES", "WRITE A PLUGIN IN AN HOUR"):
            found = re.search(rf"^\.Sh {chapter}\n(.*?)^\.Sh ", text, re.S | re.M)
            work = folder / chapter.split()[2].lower()
            work.mkdir()
            if not found or follow(found.group(1), work, environment) < 10:
                fail(f"{chapter}: hardly any commands")
    print(f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
