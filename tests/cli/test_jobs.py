# SPDX-License-Identifier: Apache-2.0
"""convert --jobs: outputs, rejects, report, messages and exit status are the same bytes for any number of processes."""
import json
import os
import random
import signal
import subprocess
import sys
import unittest

import harness
from harness import GOLDEN, Case, dragoman

JOBS = (2, 7)
SEEDS = 36
SYNTAX = {".csv": "csv", ".jsonl": "json", ".json": "json", ".xml": "xml"}
# Their rows, elements or pages cannot be read in parts; that is said, and no more.
SERIAL = "jobs-serial"


def is_serial(message):
    return message.get("code") == SERIAL


class Same(Case):
    def run_jobs(self, jobs, source, *options):
        """All that a run leaves: status, standard output, the files it wrote, messages without the note of --jobs."""
        folder = self.folder / f"jobs-{jobs}"
        folder.mkdir(exist_ok=True)
        result = dragoman("convert", "--sandbox", "off", "--log-format", "json", "--jobs", jobs, *options, source, cwd=folder)
        files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
        for name in files:
            (folder / name).unlink()
        messages = result.messages()
        return {"status": result.status, "out": result.out, "files": files,
                "messages": [message for message in messages if not is_serial(message)]}, \
            any(is_serial(message) for message in messages)

    def same(self, source, *options):
        """Whether the input was read in parts."""
        one, _ = self.run_jobs(1, source, *options)
        for jobs in JOBS:
            many, serial = self.run_jobs(jobs, source, *options)
            for key, value in one.items():
                self.assertEqual(value, many[key], f"{key} with --jobs {jobs}: {options} {source}")
        return not serial


class Samples(Same):
    """The golden samples to their own format and to others."""

    def test_samples(self):
        formats = sorted(folder.name for folder in GOLDEN.iterdir() if folder.is_dir() and folder.name != "__pycache__")
        divided = 0
        samples = [path for name in formats for path in sorted((GOLDEN / name).iterdir())
                   if path.suffix in SYNTAX and path.is_file()]
        for n, sample in enumerate(samples):
            own = sample.parent.name
            for target in {own, "notice-jsonl", formats[n % len(formats)]}:
                with self.subTest(sample=f"{own}/{sample.name}", target=target):
                    divided += self.same(sample, "-f", own, "-t", target, "-o", "out", "--rejects", "rejects",
                                         "--report", "report", "--part-size", 300, "--provenance")
        self.assertGreater(divided, len(samples))


COLUMNS = ["notice.id", "notice.type", "notice.issuer", "subject.kind", "subject.name.full", "subject.birth.date",
           "subject.remark"]
WORDS = ["Иванов", "مرحبا", "O'Neil", "Łukasz", "a b", "x", "名", "1970-13-40", "\u00a0", "ﷺ", "é", "long " * 30]
TARGETS = ["notice-jsonl", "notice-csv", "notice-xml", "notice-json", "interpol", "un-sc", "unodc", "aseanapol", "gccpol",
           "afripol", "frontex"]


class Random(Same):
    """Invented lists with all that goes wrong in lists."""

    def text(self, rng):
        text = " ".join(rng.choice(WORDS) for _ in range(rng.randint(0, 3)))
        return rng.choice([text, text, text + "\n" + text, text + "\r\n", 'a "quoted" word', "a,b"])

    def record(self, rng, n):
        number = rng.randint(0, n) if rng.random() < 0.1 else n
        kind = rng.choice(["person"] * 5 + ["organization", ""])
        return [f"X-{number}" if rng.random() > 0.03 else "", rng.choice(["wanted", "missing", "other"]), "INVENTED", kind,
                self.text(rng), rng.choice(["1970-01-02", "1970", "about 1970", ""]), self.text(rng)]

    def csv(self, rng):
        ends = rng.choice(["\n", "\r\n", "\r"])
        bad = rng.choice([0, 0.02, 0.2])
        out = [",".join(COLUMNS)]
        for n in range(rng.randint(1, 150)):
            row = [f'"{cell}"' if rng.random() < 0.3 or set(cell) & set(',"\r\n') else cell
                   for cell in (cell.replace('"', '""') for cell in self.record(rng, n))]
            if rng.random() < bad:
                row[rng.randrange(len(row))] = rng.choice(['a"b', '"open', "\udcff\udc80", "too,many", '"a"b', "\x00"])
            out.append(",".join(row) + (ends if rng.random() < 0.05 else ""))
        text = ends.join(out) + (ends if rng.random() < 0.8 else "") + ('"' if rng.random() < 0.1 else "")
        return (b"\xef\xbb\xbf" if rng.random() < 0.3 else b"") + text.encode("utf-8", "surrogateescape")

    def json(self, rng):
        ends = rng.choice(["\n", "\r\n", "\n\n"])
        bad = rng.choice([0, 0.02, 0.2])
        out = []
        for n in range(rng.randint(1, 150)):
            cells = self.record(rng, n)
            value = {"notice": {"id": cells[0], "type": cells[1], "issuer": cells[2]},
                     "subject": [{"kind": cells[3], "name": [{"full": cells[4]}], "birth": [{"date": cells[5]}]}]}
            if rng.random() < 0.05:
                value[f"unknown-{rng.randint(0, 9)}"] = {"more": [1, {"x": "}{"}]}
            line = json.dumps(value, ensure_ascii=rng.random() < 0.2)
            if rng.random() < bad:
                line = rng.choice([line[:-1], line + "}", line.replace('"', "", 1), "7", "[]", line + line, "{}",
                                   line.replace("X", "\udcff")])
            out.append(line)
        text = "[" + ",\n".join(out) + "]" if rng.random() < 0.2 else ends.join(out) + ends
        return text.encode("utf-8", "surrogateescape")

    def options(self, rng, n):
        options = ["-t", TARGETS[n % len(TARGETS)], "--part-size", rng.choice([100, 400, 3000])]
        for chance, more in ((0.8, ["-o", "out"]), (0.7, ["--rejects", "rejects"]), (0.7, ["--report", "report"]),
                             (0.3, ["--provenance"]), (0.3, ["--validate"]), (0.2, ["--strict"]),
                             (0.2, ["--on-error", "keep"]), (0.2, ["--max-errors", rng.randint(1, 30)]),
                             (0.2, ["--max-loss", rng.randint(0, 2000)]), (0.1, ["--max-loss", "declared"]),
                             (0.2, ["--keep-partial"]), (0.2, ["--show-values"]), (0.2, ["--allow-handling-loss"]),
                             (0.2, ["--to-encoding", rng.choice(["windows-1251", "utf-16", "iso-8859-1"])])):
            options += more if rng.random() < chance else []
        if "-o" in options and rng.random() < 0.4:
            options += ["--verify", rng.randint(1, 5)]
        return options

    def test_lists(self):
        for seed in range(SEEDS):
            rng = random.Random(seed)
            syntax = "csv" if seed % 2 else "jsonl"
            content = self.csv(rng) if seed % 2 else self.json(rng)
            encoding = []
            if rng.random() < 0.2 and not content.startswith(b"\xef"):
                content = content.decode("utf-8", "replace").encode(encoding := rng.choice(["utf-16le", "gb18030"]),
                                                                     "replace")
                encoding = ["--from-encoding", encoding]
            source = self.write(f"list.{syntax}", content)
            options = self.options(rng, seed)
            if "-o" not in options and "--max-errors" in options:
                options += ["-o", "out"]  # how much a pipe had when the run stopped is an accident
            with self.subTest(seed=seed, options=options):
                self.same(source, "-f", f"notice-{syntax}", *encoding, *options)

    def test_several_inputs(self):
        rng = random.Random(1)
        first, second = self.write("a.csv", self.csv(rng)), self.write("b.jsonl", self.json(rng))
        self.same(first, second, first, "-t", "notice-json", "--part-size", 500, "-o", "out", "--report", "report")

    def test_standard_input(self):
        source = self.write("a.csv", self.csv(random.Random(3)))
        one = dragoman("convert", "-f", "notice-csv", "-t", "notice-xml", source)
        with open(source, "rb") as file:
            redirected = subprocess.run([harness.PROGRAM, "convert", "--sandbox", "off", "--jobs", "2", "--part-size", "300", "-f", "notice-csv",
                                         "-t", "notice-xml"], stdin=file, capture_output=True, check=False,
                                        env=harness.environment())
        self.assertEqual(one.out, redirected.stdout)
        piped = dragoman("convert", "--sandbox", "off", "--jobs", 2, "--part-size", 300, "--log-format", "json", "-f", "notice-csv", "-t",
                         "notice-xml", stdin=source.read_bytes())
        self.assertEqual(one.out, piped.out)
        self.assertIn(SERIAL, piped.codes())


class Workers(Case):
    def big(self):
        row = "X-{},wanted,INVENTED,person," + "name " * 50 + "\n"
        path = self.folder / "big.csv"
        with open(path, "w", encoding="utf-8") as file:
            file.write(",".join(COLUMNS[:5]) + "\n")
            file.writelines(row.format(n) for n in range(120000))
        return path

    def test_killed(self):
        """A worker that is killed ends the run; nothing is published, nothing is left."""
        source = self.big()
        out = self.folder / "out"
        out.mkdir()
        run = subprocess.Popen([harness.PROGRAM, "convert", "--sandbox", "off", "--jobs", "2", "-f", "notice-csv", "-t", "notice-xml", "-o",
                                str(out / "x"), str(source)], stderr=subprocess.PIPE, env=harness.environment())
        while run.poll() is None:
            try:
                with open(f"/proc/{run.pid}/task/{run.pid}/children", encoding="ascii") as file:
                    children = file.read().split()
                for child in children[:1]:
                    os.kill(int(child), signal.SIGSEGV)
            except (FileNotFoundError, ProcessLookupError):
                pass
        messages = run.stderr.read().decode()
        run.stderr.close()
        self.assertEqual(run.returncode, 5, messages)
        self.assertIn("[worker-lost]", messages)
        self.assertEqual(list(out.iterdir()), [])

    def test_full_disk(self):
        """A file that may not grow is a fault of the output, whoever meets it."""
        source = self.big()
        limit = "ulimit -f 2000; trap '' XFSZ; exec \"$@\""
        run = subprocess.run(["bash", "-c", limit, "bash", harness.PROGRAM, "convert", "--sandbox", "off", "--jobs", "3", "-f", "notice-csv",
                              "-t", "notice-xml", "-o", str(self.folder / "x"), str(source)], capture_output=True,
                             check=False, env=harness.environment())
        self.assertEqual(run.returncode, 4, run.stderr)
        self.assertIn(b"[output-write]", run.stderr)
        self.assertFalse((self.folder / "x").exists())

    def test_wrong_numbers(self):
        for option, value in (("--jobs", "0"), ("--jobs", "65"), ("--jobs", "many"), ("--part-size", "0")):
            with self.subTest(option=option, value=value):
                self.assertEqual(dragoman("convert", option, value, "-t", "notice-xml").status, 2)


if __name__ == "__main__":
    if not harness.PROGRAM:
        harness.skip("no program")
    if harness.sanitized():
        harness.skip("built with a sanitizer, whose memory makes each of some thousand forks slow")
    unittest.main(argv=sys.argv)
