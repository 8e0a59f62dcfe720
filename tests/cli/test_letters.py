# SPDX-License-Identifier: Apache-2.0
"""Names in Latin letters: what arrives, what is told, and tables of one's own."""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import harness
from harness import Case

DEFINITION = """\
format: latin-only
title: A format of Latin letters
status: reference
engine: csv
table: yes
records:
  - at: ""
    set: {notice.issuer: Example}
    map:
      Number: notice.id
      Name: {to: "subject.name(primary).full", letters: own}
"""


def notice(number, *names):
    return json.dumps({
        "notice": {"id": str(number), "type": "wanted", "issuer": "Elsewhere"},
        "subject": [{"kind": "person", "name": [dict(kind=kind, full=full) for kind, full in names]}],
    }, ensure_ascii=False) + "\n"


class Letters(Case):
    def test_shipped(self):
        self.write("in.jsonl", notice(1, ("primary", "محمد الرازي")) + notice(2, ("primary", "Щукин Игорь")) +
                   notice(3, ("primary", "محمد"), ("spelling", "Mohammed")) + notice(4, ("primary", "José Núñez")))
        for target, first in (("interpol", '"name":"MXHMD ALRAZY"'), ("frontex", ",MXHMD ALRAZY,محمد الرازي,"),
                              ("un-sc", "<FIRST_NAME>MXHMD ALRAZY</FIRST_NAME>"), ("unodc", "<last_name>MXHMD ALRAZY</last_name>"),
                              ("europol", "MXHMD ALRAZY"), ("ameripol", "MXHMD ALRAZY"), ("gccpol", "MXHMD ALRAZY")):
            with self.subTest(target=target):
                result = self.run_program("convert", "-t", target, "--verify", "1", "--report", "report", "-o", "out", "in.jsonl", status=(0, 1))
                self.assertNotIn("verify-", result.err)
                written = (self.folder / "out").read_bytes().decode("windows-1252" if target == "ameripol" else "utf-8")
                self.assertIn(first, written)
                self.assertIn("Shchukin Igor", written)
                self.assertIn("Mohammed", written)
                self.assertIn("Jose Nunez" if target == "unodc" else "José Núñez", written)
                report = (self.folder / "report").read_text()
                self.assertIn("recoded", report)
                self.assertIn("characters", report)

    def test_same_format(self):
        """What a file of the format itself has in other letters stays."""
        self.write("in.jsonl", notice(1, ("primary", "Schukin")))
        made = self.run_program("convert", "-q", "-t", "europol", "in.jsonl", status=(0, 1)).out.decode()
        self.write("in.csv", made.replace("Schukin", "Щукин"))
        self.assertIn("1,Щукин,", self.run_program("convert", "-q", "-f", "europol", "-t", "europol", "in.csv", status=(0, 1)).out.decode())

    def test_own_table(self):
        (self.folder / "codes" / "letters").mkdir(parents=True)
        self.write("latin-only.yaml", DEFINITION)
        self.write("in.jsonl", notice(1, ("primary", "Щука")))
        args = ("convert", "--format-dir", self.folder, "-t", "latin-only", "in.jsonl")
        self.assertIn("definition-letters", self.run_program(*args, status=(2, 3, 4, 5)).err)
        table = self.folder / "codes" / "letters" / "own.txt"
        table.write_text("Щ > Sc ;\nу > u ; к > k }\n", encoding="utf-8")
        self.assertIn("definition-letters", self.run_program(*args, status=(2, 3, 4, 5)).err)
        table.write_text("Щ > Sc ; у > u ; к > k ; а > a ;\n", encoding="utf-8")
        self.assertIn("1,Scuka", self.run_program(*args, status=(0, 1)).out.decode())
        table.with_name("own.ukr.txt").write_text("Щ > Shch ;\n", encoding="utf-8")
        self.write("in.jsonl", notice(1, ("primary", "Щука")).replace('"full"', '"language": "ukr", "full"'))
        self.assertIn("1,Shchuka", self.run_program(*args, status=(0, 1)).out.decode())


harness.main()
