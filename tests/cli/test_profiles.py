# SPDX-License-Identifier: Apache-2.0
"""Profiles: the same format with other code lists, said as FORMAT/PROFILE."""
import json
import re

import harness
from harness import GOLDEN


class Profiles(harness.Case):
    def report(self, code, contact):
        text = (GOLDEN / "unodc" / "extras.xml").read_text("utf-8")
        text = re.sub(r"<report_code>[^<]*<", f"<report_code>{code}<", text)
        return self.write("report.xml", re.sub(r"<address_type>RES<", f"<address_type>{contact}<", text))

    def kind(self, source):
        result = self.run_program("convert", "-f", source, "-t", "notice-jsonl", "report.xml")
        [notice] = harness.lines(result.out)
        return notice["report"]["code"], notice["subject"][0]["address"][0]["kind"]

    def test_reading(self):
        self.report("PEP", "RES")
        self.assertEqual(self.kind("unodc"), ("PEP", "residence"))
        self.report("PEP", "2")
        self.assertEqual(self.kind("unodc/other-fiu"), ("PEP", "other"))

    def test_writing(self):
        """A code that the target's list does not have gives way to the one that is always written."""
        self.report("DPMSR", "RES")
        self.run_program("convert", "-t", "notice-jsonl", "-o", "n.jsonl", "report.xml")
        notice = json.loads((self.folder / "n.jsonl").read_text("utf-8"))
        for target, code in (("unodc", "DPMSR"), ("unodc/other-fiu", "AIF")):
            self.write("n.jsonl", json.dumps(notice))
            out = self.run_program("convert", "-f", "notice-jsonl", "-t", target, "n.jsonl").out.decode("utf-8")
            self.assertIn(f"<report_code>{code}<", out)

    def test_listed(self):
        self.assertIn("profiles:     unodc/other-fiu\n", self.run_program("formats", "unodc").out.decode())
        self.assertEqual(json.loads(self.run_program("formats", "--json", "unodc").out)["profiles"], ["other-fiu"])
        self.assertNotIn("profiles:", self.run_program("formats", "interpol").out.decode())
        self.assertEqual(json.loads(self.run_program("formats", "--json", "interpol").out)["profiles"], [])

    def test_unknown(self):
        self.report("SAR", "RES")
        for name in ("unodc/nobody", "unodc/", "unodc/..", "nobody/x", "unodc/other-fiu/x"):
            result = self.run_program("convert", "--log-format", "json", "-t", name, "report.xml", status=2)
            self.assertIn("profile-unknown", result.codes())


harness.main()
