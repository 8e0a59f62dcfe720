# SPDX-License-Identifier: Apache-2.0
"""A table read in another encoding than it has must end in messages, never in letters that nobody wrote."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import harness
from harness import GOLDEN, Case

SAMPLES = GOLDEN / "aimc"
OTHER = "names-utf8-only.csv"


class WrongEncoding(Case):
    def convert(self, source, *options, target="notice-jsonl", status=0):
        return self.run_program("convert", "--log-format", "json", "-f", "aimc", "-t", target, "-o", "out", *options, source,
                                status=status)

    def test_windows_1256_as_utf_8(self):
        result = self.convert(SAMPLES / "bulletins.csv", "--from-encoding", "utf-8", status=3)
        self.assertIn("text-invalid-utf8", result.codes())
        self.assertFalse((self.folder / "out").exists())

    def test_mark_of_utf_8_and_windows_1256(self):
        result = self.convert(SAMPLES / OTHER, "--from-encoding", "windows-1256", status=3)
        self.assertIn("charset-conflict", result.codes())
        self.assertFalse((self.folder / "out").exists())

    def test_utf_8_as_windows_1256(self):
        """Every byte is a letter there, so it is the definition that recognises nothing."""
        self.write("nomark.csv", (SAMPLES / OTHER).read_bytes().removeprefix(b"\xef\xbb\xbf"))
        result = self.convert("nomark.csv", "--from-encoding", "windows-1256", status=1)
        self.assertEqual(result.codes().count("record-unknown"), 4)
        self.assertFalse((self.folder / "out").exists())

    def test_what_the_output_lacks(self):
        """Dates are written in digits that windows-1256 has; texts cannot be, and are reported."""
        result = self.convert(SAMPLES / OTHER, "--report", "report", target="aimc")
        self.assertIn("charset-unencodable", result.codes())
        written = (self.folder / "out").read_bytes().decode("windows-1256")
        self.assertIn(";05/08/2020;", written)
        self.assertIn(";11/02/1979;", written)
        self.assertIn('"characters"', (self.folder / "report").read_text(encoding="utf-8"))


harness.main()
