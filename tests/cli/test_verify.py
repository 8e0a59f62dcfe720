# SPDX-License-Identifier: Apache-2.0
"""convert --verify: what is written reads back the same, or nothing is published."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import harness
from harness import GOLDEN, SOURCE, Case

# Written by the second shape, read by the first: the notice comes back as something else.
ONE_WAY = """\
format: one-way
title: A definition that does not come back
organisation: Example
status: reference
engine: csv
table: yes
records:
  - at: ""
    set: {notice.issuer: Example}
    only: {subject.kind: person, notice.type: wanted}
    map: {Number: notice.id, Name: "subject.name(primary).full"}
  - at: ""
    set: {notice.issuer: Example}
    only: {subject.kind: person, notice.type: missing}
    map: {Number: notice.id, Name: "subject.name(primary).full"}
"""
NOTICE = '{"notice":{"id":"%d","type":"%s","issuer":"Example"},"subject":[{"kind":"person","name":[{"kind":"primary","full":"A"}]}]}\n'


class Verify(Case):
    def test_every_format(self):
        """Every sample in its own format, and all their notices in every format."""
        samples = [path for path in sorted(GOLDEN.glob("*/*.*")) if path.suffix not in (".md", ".py")]
        self.run_program("convert", "-q", "-t", "notice-jsonl", "-o", "all.jsonl", *samples)
        for definition in sorted((SOURCE / "formats").glob("*.yaml")):
            target = definition.stem
            for sample in [path for path in samples if path.parent.name == target] + [self.folder / "all.jsonl"]:
                with self.subTest(target=target, sample=sample.name):
                    result = self.run_program("convert", "--allow-handling-loss", "-t", target, "--verify", "1", "-o", "out", sample,
                                              status=(0, 1))
                    self.assertNotIn("verify-", result.err)
                    if "written + 0 rejected" in result.err:
                        self.assertIn("read back the same", result.err)

    def test_difference(self):
        self.write("one-way.yaml", ONE_WAY)
        self.write("in.jsonl", NOTICE % (1, "wanted") + NOTICE % (2, "missing"))
        args = ("convert", "--format-dir", self.folder, "-t", "one-way", "-o", "out.csv", "in.jsonl")
        result = self.run_program(*args, "--verify", "1", status=4)
        self.assertRegex(result.err, r"out\.csv:3:1: error: notice\.type: this value was written and does not come back \[verify-differs\]")
        self.assertNotIn("missing", result.err)
        self.assertFalse((self.folder / "out.csv").exists())
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["in.jsonl", "one-way.yaml"])
        self.assertIn('"missing"', self.run_program(*args, "--verify", "1", "--show-values", status=4).err)

    def test_sample_of_the_notices(self):
        self.write("one-way.yaml", ONE_WAY)
        self.write("in.jsonl", "".join(NOTICE % (n, "missing" if n == 2 else "wanted") for n in range(1, 5)))
        args = ("convert", "--format-dir", self.folder, "-t", "one-way", "-o", "out.csv", "in.jsonl")
        self.assertIn("2 notices read back", self.run_program(*args, "--verify", "2").err)
        self.run_program(*args, "--verify", "1", status=4)

    def test_large_sections(self):
        """Persons and entities mixed: they come back in another order than they were written in, out of spilled files."""
        persons = '{"notice":{"id":"p%d","type":"sanction","form":"listing","issuer":"UNSC"},"subject":[{"kind":"person","name":[{"kind":"primary","part":["A%d"]}]}]}\n'
        bodies = '{"notice":{"id":"o%d","type":"sanction","form":"listing","issuer":"UNSC"},"subject":[{"kind":"organisation","name":[{"kind":"primary","full":"B%d"}]}]}\n'
        self.write("in.jsonl", "".join((persons if n % 3 else bodies) % (n, n) for n in range(6000)))
        result = self.run_program("convert", "-q", "-t", "un-sc", "--verify", "1", "-o", "out.xml", "in.jsonl")
        self.assertEqual(result.err.count("verify"), 0)
        self.run_program("convert", "-q", "-t", "notice-jsonl", "-o", "back.jsonl", "out.xml")
        self.assertEqual(len((self.folder / "back.jsonl").read_text().splitlines()), 6000)

    def test_needs_a_file(self):
        self.write("in.jsonl", NOTICE % (1, "wanted"))
        for more in ([], ["-o", "-"]):
            self.assertIn("need a file", self.run_program("convert", "-t", "notice-jsonl", "--verify", "1", *more, "in.jsonl", status=2).err)
        self.assertIn("verify-output", self.run_program("convert", "-t", "notice-jsonl", "--verify", "1", "-o", "/dev/null", "in.jsonl",
                                                        status=4).err)
        self.run_program("convert", "-t", "notice-jsonl", "--verify", "0", "-o", "x", "in.jsonl", status=2)


harness.main()
