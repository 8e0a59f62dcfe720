# SPDX-License-Identifier: Apache-2.0
"""A folder into a mirrored one: every entry accounted for, the same bytes however it comes about, nothing done twice."""
import base64
import hashlib
import json
import os
import re
import resource
import shutil
import socket
import subprocess
from pathlib import Path

import harness
from harness import GOLDEN, PROGRAM

ARGS = ("batch", "-t", "notice-jsonl")


def tree(folder, own=False):
    """Path to content of all files; what is a batch's own only where it is asked for."""
    found = {}
    for path in sorted(Path(os.fsencode(folder).decode("utf-8", "surrogateescape")).rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and not path.is_symlink() and (own or not name.startswith(".dragoman/")):
            found[name] = path.read_bytes()
    return found


def temporaries(folder):
    return [name for name in tree(folder, own=True) if ".dragoman-" in name]


def report(target):
    return json.loads((target / "report.json").read_bytes())


def states(target):
    return {entry["file"]: entry["state"] for entry in report(target)["files"]}


class Batch(harness.Case):
    def setUp(self):
        super().setUp()
        self.source, self.target = self.folder / "in", self.folder / "out"
        self.source.mkdir()

    def batch(self, *more, status=0, target=None, **settings):
        return self.run_program(*ARGS, *more, self.source, target or self.target, status=status, **settings)

    def sample(self, name, of="un-sc/sample.xml"):
        path = self.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(GOLDEN / of, path)
        return path

    def samples(self):
        """Some of every syntax, in folders."""
        self.sample("un/list.xml")
        self.sample("un/list.csv", "ameripol/personas.csv")
        self.sample("interpol.json", "interpol/red-details.json")
        self.sample("deep/er/ameripol.csv", "ameripol/personas-pt.csv")
        self.sample("aimc.csv", "aimc/searches.csv")

    def journal(self):
        return (self.target / ".dragoman/journal").read_text(encoding="ascii").splitlines()

    def test_is_what_convert_makes(self):
        self.samples()
        self.batch("--reports", self.folder / "losses")
        for name, output in (("un/list.xml", "un/list.xml.jsonl"), ("un/list.csv", "un/list.csv.jsonl"),
                             ("interpol.json", "interpol.jsonl"), ("deep/er/ameripol.csv", "deep/er/ameripol.jsonl")):
            alone, loss = self.folder / "alone", self.folder / "loss"
            self.run_program("convert", "-t", "notice-jsonl", "-o", alone, "--report", loss, name, cwd=self.source)
            self.assertEqual((self.target / output).read_bytes(), alone.read_bytes(), name)
            self.assertEqual((self.folder / f"losses/{name}.report.json").read_bytes(), loss.read_bytes())
            self.assertEqual(os.stat(self.target / output).st_mode & 0o777, 0o600)
        self.assertEqual(sorted(tree(self.target)), ["aimc.jsonl", "deep/er/ameripol.jsonl", "interpol.jsonl",
                                                    "report.json", "un/list.csv.jsonl", "un/list.xml.jsonl"])
        self.assertEqual(temporaries(self.folder), [])

    def test_every_entry_once(self):
        """All samples, broken ones, names of any bytes, and what is no file."""
        for path in sorted(GOLDEN.rglob("*")):
            if path.is_file() and path.suffix != ".py":
                self.sample(path.relative_to(GOLDEN), path)
        un = (GOLDEN / "un-sc/sample.xml").read_bytes()
        self.write("in/torn.xml", un[:len(un) // 2])
        self.write("in/empty.csv", b"")
        self.write("in/noise", bytes(range(256)) * 40)
        self.write("in/text.txt", "no notice\n")
        for name in (b"new\nline.xml", b"latin\xe9.xml", b"-t", b"\x1b[31m.xml", b"a b%41.xml", b" ", b"..x"):
            shutil.copyfile(GOLDEN / "un-sc/sample.xml", os.fsencode(self.source) + b"/" + name)
        os.mkfifo(self.source / "pipe")
        os.symlink(".", self.source / "loop")
        os.symlink("/etc", self.source / "away")
        os.symlink("torn.xml", self.source / "link.xml")
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        working = os.getcwd()
        os.chdir(self.source)
        listener.bind("socket")
        os.chdir(working)
        before = {path: os.lstat(path).st_mtime_ns for path in self.source.rglob("*")}
        self.assertIn("[input-skipped]", self.batch(status=3).err)
        entries = report(self.target)["files"]
        exact = [base64.b64decode(entry["file_base64"]) if "file_base64" in entry
                 else entry["file"].encode() for entry in entries]
        there = [os.path.relpath(os.path.join(folder, name), os.fsencode(self.source))
                 for folder, folders, files in os.walk(os.fsencode(self.source))
                 for name in files + [name for name in folders if os.path.islink(os.path.join(folder, name))]]
        self.assertGreater(len(there), 250)
        self.assertEqual(sorted(there), sorted(exact))
        self.assertEqual(exact, sorted(exact))
        found = {name: entry for name, entry in zip(exact, entries)}
        for name in (b"pipe", b"loop", b"away", b"link.xml", b"socket"):
            self.assertEqual(found[name]["state"], "skipped", name)
        for name, code in ((b"torn.xml", "xml-syntax"), (b"empty.csv", "input-empty"), (b"noise", "format-not-recognised")):
            self.assertEqual((found[name]["state"], found[name]["code"][:4]), ("failed", code[:4]), name)
        for name in (b"new\nline.xml", b"latin\xe9.xml", b"-t", b"\x1b[31m.xml", b"a b%41.xml", b" ", b"..x"):
            self.assertEqual(found[name]["state"], "done", name)
        for path in GOLDEN.glob("*/*.*"):
            name = os.fsencode(path.relative_to(GOLDEN))
            self.assertIn(found[name]["state"], ("done", "rejected", "failed"), name)
        account = report(self.target)
        self.assertEqual(account["total"]["files"], len(there))
        for state in ("done", "rejected", "empty"):
            counts = account["states"][state]
            self.assertEqual(counts["read"], counts["written"] + counts["rejected"])
        self.assertEqual(account["states"]["failed"]["written"], 0)
        self.assertEqual(before, {path: os.lstat(path).st_mtime_ns for path in self.source.rglob("*")})
        for name, content in tree(self.target).items():
            if name != "report.json":
                self.assertTrue(content, name)
        self.assertEqual(temporaries(self.target), [])
        # However many at once, and again: the same.
        for jobs in (1, 2, 7):
            other = self.folder / f"jobs{jobs}"
            self.batch("--jobs", jobs, target=other, status=3)
            self.assertEqual(tree(other), tree(self.target))
        again = self.batch(status=3)
        self.assertRegex(again.err, r"this run: 0 converted, \d+ failed, \d{3} unchanged, 0 vanished")
        self.assertEqual(tree(other), tree(self.target))

    def test_names_of_twins(self):
        """a.xml.json would be called as a.xml is that has a twin; a folder has its name already."""
        for name in ("a.xml", "a.csv", "a.xml.json", ".profile", "b", "b.c.d", "dir.jsonl/x", "e.jsonl", "report", "v1.0/w"):
            self.sample(name)
        self.sample("dir.xml")
        self.batch()
        outputs = {entry["file"]: entry["output"] for entry in report(self.target)["files"]}
        self.assertEqual(outputs, {
            "a.xml": "a.xml.jsonl", "a.csv": "a.csv.jsonl", "a.xml.json": "a.xml.json.jsonl", ".profile": ".profile.jsonl",
            "b": "b.jsonl", "b.c.d": "b.c.jsonl", "dir.jsonl/x": "dir.jsonl/x.jsonl", "dir.xml": "dir.xml.jsonl",
            "e.jsonl": "e.jsonl", "report": "report.jsonl", "v1.0/w": "v1.0/w.jsonl"})
        # A name that there is no way to give costs its file; and the account's own name is taken.
        self.sample("f")
        self.sample("f.jsonl/x")
        self.batch(status=4)
        self.assertEqual([(entry["file"], entry["code"]) for entry in report(self.target)["files"] if entry["state"] != "done"],
                         [("f", "output-twice")])
        self.run_program("batch", "-t", "notice-json", self.source, self.folder / "json", status=4)
        self.assertEqual({entry["file"] for entry in report(self.folder / "json")["files"] if entry["state"] != "done"},
                         {"report"})

    def test_a_twin_that_comes_and_goes(self):
        self.sample("a.xml")
        self.batch()
        self.sample("a.csv", "ameripol/personas.csv")
        self.assertIn("[output-renamed]", self.batch().err)
        self.assertEqual(sorted(tree(self.target)), ["a.csv.jsonl", "a.xml.jsonl", "report.json"])
        os.unlink(self.source / "a.csv")
        self.batch()
        self.assertEqual(sorted(tree(self.target)), ["a.csv.jsonl", "a.jsonl", "report.json"])

    def test_only_what_has_changed(self):
        self.samples()
        self.batch()
        first = tree(self.target)

        def done_now(*more, status=0):
            before = len(self.journal())
            self.batch(*more, status=status)
            return sorted(re.search(r" in=(\S+)", line).group(1) for line in self.journal()[before:]
                          if line.split(" ")[1] in ("done", "failed"))

        everything = ["aimc.csv", "deep/er/ameripol.csv", "interpol.json", "un/list.csv", "un/list.xml"]
        self.assertEqual(done_now(), [])
        # Another date with the same bytes is written down, and nothing else is done.
        os.utime(self.source / "aimc.csv", (1, 1))
        identity = os.stat(self.target / "aimc.jsonl").st_ino
        self.assertEqual(done_now(), ["aimc.csv"])
        self.assertEqual(os.stat(self.target / "aimc.jsonl").st_ino, identity)
        self.assertEqual(done_now(), [])
        self.sample("interpol.json", "interpol/un-persons.json")
        self.assertEqual(done_now(), ["interpol.json"])
        self.sample("interpol.json", "interpol/red-details.json")
        self.assertEqual(done_now(), ["interpol.json"])
        os.unlink(self.target / "aimc.jsonl")
        self.assertEqual(done_now(), ["aimc.csv"])
        (self.target / "un/list.xml.jsonl").write_bytes(b"altered")
        self.assertEqual(done_now(), ["un/list.xml"])
        self.assertEqual(done_now("--provenance"), everything)
        self.assertEqual(done_now(), everything)
        self.write("in/dragoman.yaml", 'files: [{match: "deep/**", from: ameripol}]\n')
        self.assertEqual(done_now(), ["deep/er/ameripol.csv"])
        # Another definition: whoever finds it first.
        shutil.copytree(harness.SOURCE / "formats", self.folder / "formats")
        os.unlink(self.source / "dragoman.yaml")
        self.assertEqual(done_now(), ["deep/er/ameripol.csv"])
        self.assertEqual(done_now("--format-dir", self.folder / "formats"), everything)
        self.assertEqual(done_now(), everything)
        os.unlink(self.source / "interpol.json")
        self.assertIn("[input-vanished]", self.batch().err)
        self.assertNotIn("[input-vanished]", self.batch().err)
        self.sample("interpol.json", "interpol/red-details.json")
        self.batch()
        last = tree(self.target)
        self.assertEqual({name: last[name] for name in first}, first)

    def test_failed_files(self):
        """A file that fails leaves what was; its rejects and those of others have a tree of their own."""
        good = (GOLDEN / "un-sc/sample.xml").read_bytes()
        self.write("in/list.xml", good)
        self.batch()
        before = (self.target / "list.jsonl").read_bytes()
        self.write("in/list.xml", good[:3000])
        self.batch(status=3)
        self.assertEqual((self.target / "list.jsonl").read_bytes(), before)
        self.assertEqual(states(self.target), {"list.xml": "failed"})
        rejected = (GOLDEN / "ameripol/personas.csv").read_bytes().replace(b"\n", b"\n;;;;\n", 1)
        (self.source / "sub").mkdir()
        self.write("in/sub/people.csv", rejected)
        self.write("in/list.xml", good)
        result = self.batch(status=1)
        self.assertEqual(states(self.target), {"list.xml": "done", "sub/people.csv": "rejected"})
        rejects = harness.lines((self.target / "rejects/sub/people.csv.rejects.jsonl").read_bytes())
        self.assertEqual([(entry["file"], entry["record"]) for entry in rejects], [("sub/people.csv", 1)])
        self.assertRegex(result.err, r"rejected +1 +\d+ +\d+ +1 ")
        self.batch("--rejects", self.folder / "bad", status=1)
        self.assertEqual(sorted(tree(self.folder / "bad")), ["sub/people.csv.rejects.jsonl"])
        # When they are mended there are none.
        self.write("in/sub/people.csv", (GOLDEN / "ameripol/personas.csv").read_bytes())
        self.batch()
        self.assertNotIn("rejects/sub/people.csv.rejects.jsonl", tree(self.target))

    def test_configuration(self):
        self.sample("north/a.csv", "ameripol/personas.csv")
        self.sample("north/old/b.csv", "ameripol/personas.csv")
        self.sample("c.csv", "ameripol/personas.csv")
        self.sample("d.xml")
        self.write("in/dragoman.yaml", 'exclude: [old]\nfiles:\n  - {match: "north/**", from: ameripol, '
                   'encoding: windows-1252}\n  - {match: "*.xml", from: aimc}\n')
        self.batch(status=3)
        self.assertEqual(states(self.target), {"c.csv": "done", "d.xml": "failed", "dragoman.yaml": "skipped",
                                               "north/a.csv": "done", "north/old": "skipped"})
        other = self.folder / "other"
        self.batch("--include", "*.csv", "--exclude", "/c.csv", target=other)
        self.assertEqual([name for name in tree(other) if name != "report.json"], ["north/a.jsonl"])
        for text in ("fles: []\n", "files: [{match: x, form: un-sc}]\n", "files: {}\n", "files: [{from: un-sc}]\n",
                     "include: {a: b}\n", "- a\n", 'files: [{match: ""}]\n', "files: [x]\n"):
            result = self.batch("--config", self.write("wrong.yaml", text), status=2)
            self.assertRegex(result.err, r"wrong\.yaml:1:\d+: error: .*\[config-shape\]")
        self.batch("--config", self.write("wrong.yaml", "files: [{match: x, from: nobody}]\n"), status=2)
        self.batch("--config", self.write("wrong.yaml", "files: [{match: x, encoding: nothing}]\n"), status=2)

    def test_folders(self):
        self.sample("a.xml")
        self.batch(target=self.source / "out")
        self.batch(target=self.source / "out")
        self.assertEqual(states(self.source / "out"), {"a.xml": "done", "out": "skipped"})
        shutil.rmtree(self.source / "out")
        for target in (self.source, self.source / "..", self.folder):
            self.assertIn("[batch-folders]", self.batch(target=target, status=2).err)
        self.run_program(*ARGS, self.folder / "none", self.target, status=3)
        self.run_program(*ARGS, self.source, self.folder / "none/out", status=4)
        self.run_program(*ARGS, self.source, self.source / "a.xml", status=4)
        self.run_program(*ARGS, self.source, status=2)
        self.run_program("batch", self.source, self.target, status=2)
        self.sample("rejects/b.xml")
        self.assertIn("[batch-folders]", self.batch(status=2).err)
        self.batch("--rejects", self.folder / "bad")
        self.batch("--exclude", "rejects")
        nothing = self.folder / "nothing"
        nothing.mkdir()
        self.assertIn("[no-records]", self.run_program(*ARGS, nothing, self.target, status=1).err)
        # No link in the target leads out of it.
        away = self.folder / "away"
        away.mkdir()
        self.sample("sub/c.xml")
        os.symlink(away, self.target / "sub")
        self.batch("--exclude", "rejects", status=4)
        self.assertEqual(self.files(away), [])
        os.unlink(self.target / "sub")
        os.symlink(self.folder / "victim", self.target / "a.jsonl.new")
        os.replace(self.target / "a.jsonl.new", self.target / "a.jsonl")
        self.batch("--exclude", "rejects")
        self.assertFalse((self.folder / "victim").exists())
        self.assertFalse((self.target / "a.jsonl").is_symlink())

    def test_one_run_at_a_time(self):
        """The lock is a run's while it lives; a run that waits in a pipe of its messages lives."""
        for number in range(30):
            self.write(f"in/{number:03}.xml", b"<nothing/>" * 9)
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        try:
            while True:
                os.write(writing, b"x" * 4096)
        except BlockingIOError:
            os.set_blocking(writing, True)
        first = subprocess.Popen([PROGRAM, *ARGS, "-v", self.source, self.target], stderr=writing)
        os.close(writing)
        lock = self.target / ".dragoman/lock"
        while not (self.target / ".dragoman/journal").exists() and first.poll() is None:
            pass
        second = self.batch(status=8)
        self.assertIn("[batch-busy]", second.err)
        os.close(reading)
        first.kill()
        first.wait()
        self.assertTrue(lock.exists())
        self.batch(status=3)

    def test_journal(self):
        self.samples()
        self.batch()
        journal = self.target / ".dragoman/journal"
        whole, expected = journal.read_bytes(), tree(self.target)
        for line in whole.decode().splitlines():
            self.assertEqual(line[:16], hashlib.sha256(line[17:].encode()).hexdigest()[:16])
        done = [line for line in whole.splitlines(True) if b" done " in line]
        self.assertEqual(len(done), 5)
        # Torn anywhere in its last line.
        for cut in (1, 2, 100, len(done[-1]) - 1):
            journal.write_bytes(whole[:-cut])
            result = self.batch()
            self.assertIn("[journal-torn]", result.err)
            self.assertIn("this run: 1 converted, 0 failed, 4 unchanged", result.err)
            self.assertEqual(tree(self.target), expected)
            self.assertIn("5 unchanged", self.batch().err)
        journal.write_bytes(whole + b"\0" * 5000)
        self.assertIn("[journal-torn]", self.batch().err)
        # Damaged in the middle.
        journal.write_bytes(whole.replace(done[1], done[1].replace(b"status=0", b"status=1")))
        result = self.batch()
        self.assertIn("[journal-damaged]", result.err)
        self.assertIn("this run: 1 converted, 0 failed, 4 unchanged", result.err)
        for content in (b"", b"\n\n\n", b"x" * 300000, bytes(range(256)) * 30):
            journal.write_bytes(content)
            self.assertIn("this run: 5 converted", self.batch().err)
            self.assertEqual(tree(self.target), expected)

    def lines_plugin(self, statement):
        """The example of dragoman-plugin(3) with a statement at the beginning of its reader_next; the options to use it."""
        if not shutil.which("cc"):
            self.skipTest("there is no C compiler")
        plugins = self.folder / "plugins"
        plugins.mkdir(mode=0o755, exist_ok=True)
        page = (harness.SOURCE / "man/dragoman-plugin.3").read_text(encoding="utf-8")
        blocks = [block.replace("\\e", "\\") for block in
                  re.findall(r"^\.Bd -literal[^\n]*\n(.*?)^\.Ed", page[page.index(".Sh EXAMPLES"):], re.S | re.M)]
        function = re.search(r"\.reader_next = (\w+)", blocks[0]).group(1)
        code, count = re.subn(rf"({function}\([^;{{]*\)\s*\{{)", rf"\1 {statement};", blocks[0], count=1)
        self.assertEqual(count, 1)
        (plugins / "lines.c").write_text("#include <unistd.h>\n#include <signal.h>\n" + code, encoding="utf-8")
        subprocess.run(["cc", "-std=gnu17", "-w", "-shared", "-fPIC", "-fvisibility=hidden", f"-I{harness.SOURCE}/core/include",
                        "lines.c", "-o", "lines.so"], cwd=plugins, check=True)
        (plugins / "lines.so").chmod(0o755)
        name = re.search(r"format: (\S+)", blocks[1]).group(1)
        (plugins / f"{name}.yaml").write_text(blocks[1], encoding="utf-8")
        self.write("in/dragoman.yaml", f'files: [{{match: "*.lines", from: {name}}}]\n')
        self.write("in/b.lines", "A-1\n")
        return "--plugin-dir", plugins, "--format-dir", plugins

    def test_workers_that_die(self):
        """A plugin that crashes, ends the process or kills what is around it costs its file, and only that."""
        self.samples()
        for statement, code in (("__builtin_trap()", "worker-died"), ("_exit(0)", "worker-incomplete"),
                                ("_exit(3)", "worker-incomplete"), ("kill(getppid(), SIGKILL)", "worker-forbidden"),
                                ("kill(getpid(), SIGKILL)", "worker-forbidden")):
            with self.subTest(statement=statement):
                shutil.rmtree(self.target, ignore_errors=True)
                options = self.lines_plugin(statement)
                for jobs in (1, 3):
                    result = self.batch(*options, "--jobs", jobs, status=7)
                    self.assertIn(f"[{code}]", result.err)
                    self.assertEqual({name: state for name, state in states(self.target).items() if state != "done"},
                                     {"b.lines": "failed", "dragoman.yaml": "skipped"})
                    self.assertNotIn("b.jsonl", tree(self.target))
                    self.assertEqual(temporaries(self.target), [])
        self.batch(*self.lines_plugin(""))

    def test_limits(self):
        """What cannot be opened, started or written is told, and the exit status is that of an output."""
        self.samples()

        def limited(kind, limit, *more):
            return self.batch(*more, status=4, preexec_fn=lambda: resource.setrlimit(kind, (limit, limit)))

        self.assertIn("[worker-start]", limited(resource.RLIMIT_NOFILE, 30, "--jobs", 60).err)
        self.batch()
        shutil.rmtree(self.target)
        self.assertIn("[journal-write]", limited(resource.RLIMIT_FSIZE, 300).err)
        self.assertEqual(tree(self.target), {})
        full = limited(resource.RLIMIT_FSIZE, 9000)
        self.assertIn("[output-write]", full.err)
        self.assertEqual(temporaries(self.target), [])
        self.batch()
        journal = self.target / ".dragoman/journal"
        journal.unlink()
        journal.mkdir()
        self.assertIn("[journal-unusable]", self.batch(status=4).err)
        formats = self.folder / "formats"
        formats.mkdir()
        os.symlink("nowhere", formats / "a.yaml")
        journal.rmdir()
        self.assertIn("[setup-unreadable]", self.batch("--format-dir", formats, status=5).err)

    def test_shards(self):
        """Planned once, run in any order and twice, merged: what a batch makes."""
        self.samples()
        shutil.copyfile(GOLDEN / "un-sc/sample.xml", os.fsencode(self.source) + b"/l\xe9\n.xml")
        self.sample("rejected.csv").write_bytes((GOLDEN / "ameripol/personas.csv").read_bytes().replace(b"\n", b"\n;;;;\n", 1))
        self.write("in/torn.xml", (GOLDEN / "un-sc/sample.xml").read_bytes()[:5000])
        self.write("in/dragoman.yaml", 'files: [{match: "un/*.csv", from: ameripol, encoding: windows-1252}]\nexclude: aimc.csv\n')
        os.symlink(".", self.source / "loop")
        self.batch("--provenance", status=3)
        for shards in (1, 2, 3, 20):
            target = self.folder / f"shards{shards}"
            self.run_program("shard", "plan", "--shards", shards, "-t", "notice-jsonl", "--provenance", "in", target.name)
            plan = (target / ".dragoman/plan").read_bytes()
            self.assertIn("[shard-incomplete]", self.run_program("shard", "merge", target, status=3).err)
            self.assertFalse((target / "report.json").exists())
            statuses = {self.run_program("shard", "run", *more, shard, target, cwd="/", status=(0, 1, 3)).status
                        for shard, more in [(shard, ("--jobs", 1 + shard % 3)) for shard in range(shards, 0, -1)] + [(1, ())]}
            self.assertIn(3, statuses)
            for _ in range(2):
                self.run_program("shard", "merge", target, status=3)
                self.assertEqual(tree(target), tree(self.target))
            self.assertIn("6 unchanged", self.batch("--provenance", target=target, status=3).err)
            self.assertEqual(tree(target), tree(self.target))
            self.run_program("shard", "plan", "--shards", shards, "-t", "notice-jsonl", "--provenance", "in", target.name)
            self.assertEqual((target / ".dragoman/plan").read_bytes(), plan)
        self.run_program("shard", "run", 21, target, status=2)
        self.run_program("shard", "run", 0, target, status=2)
        self.run_program("shard", "run", "-t", "interpol", 1, target, status=2)
        self.run_program("shard", "plan", "-t", "interpol", self.source, target, status=2)
        formats = self.folder / "formats"
        formats.mkdir()
        (formats / "x.yaml").write_text("nothing: yet\n")
        self.assertIn("[plan-setup]", self.run_program("shard", "run", "--format-dir", formats, 1, target, status=5).err)
        for damaged in (plan[:-9], plan[:-1], plan.replace(b"shard=1 ", b"shard=2 ", 1), b"", plan + b"x\n"):
            (target / ".dragoman/plan").write_bytes(damaged)
            if damaged != plan[:-1]:
                self.assertIn("[plan-unusable]", self.run_program("shard", "run", 1, target, status=3).err)
        self.assertIn("[plan-unusable]", self.run_program("shard", "merge", self.target, status=3).err)

    def test_parallel(self):
        """GNU parallel runs the shards."""
        if not shutil.which("parallel"):
            self.skipTest("GNU parallel is not there")
        self.samples()
        self.batch()
        target = self.folder / "shards"
        self.run_program("shard", "plan", "--shards", 4, "-t", "notice-jsonl", self.source, target)
        subprocess.run(["parallel", "--will-cite", "-j", "4", PROGRAM, "shard", "run", "-q", "{}", target, ":::", "1", "2", "3", "4"],
                       check=True, env=harness.environment({"HOME": str(self.folder)}), timeout=harness.TIMEOUT)
        self.run_program("shard", "merge", target)
        self.assertEqual(tree(target), tree(self.target))

    def test_messages(self):
        self.samples()
        result = self.batch("--log-format", "json")
        codes = result.codes()
        self.assertEqual(codes.count("file-done"), 5)
        self.assertIn("summary", codes)
        self.assertEqual(self.batch("-q", target=self.folder / "quiet").err, "")


if __name__ == "__main__":
    harness.main()
