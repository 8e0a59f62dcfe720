# SPDX-License-Identifier: Apache-2.0
"""What a target cannot hold: every value is accounted for, and what is said beforehand covers what happens."""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import conserve
import harness
from harness import GOLDEN

HOPS = [("un-sc/sample.xml", ("interpol", "ameripol")), ("ameripol/personas.csv", ("un-sc", "interpol")),
        ("interpol/red-details.json", ("ameripol", "un-sc")), ("interpol/yellow-details.json", ("ameripol", "un-sc")),
        ("interpol/un-persons.json", ("ameripol", "un-sc")), ("interpol/un-entities.json", ("un-sc",)),
        ("interpol/lines.jsonl", ("ameripol", "un-sc")), ("ameripol/personas-pt.csv", ("un-sc", "interpol"))]
EVERY = ("notice-jsonl/every-field.jsonl", ("un-sc", "interpol", "ameripol"))
KINDS = {"dropped", "list_cut", "recoded", "precision", "truncated", "characters"}


class Dynamic(conserve.Case):
    def test_every_value_is_accounted_for(self):
        for source, targets in [*HOPS, EVERY]:
            for target in targets:
                with self.subTest(source=source, target=target):
                    self.hop(GOLDEN / source, target, f"out-{target}")

    def test_report(self):
        """Its counts are those of its lines."""
        self.run_program("convert", "-q", "-t", "interpol", "--report", "report", "-o", "out", GOLDEN / "un-sc/sample.xml")
        report = json.loads((self.folder / "report").read_bytes())
        self.assertEqual(report["target"], "interpol")
        by_field, total = {}, 0
        for record in report["records"]:
            for loss in record["losses"]:
                self.assertIn(loss["kind"], KINDS | {"null"})
                total += loss["kind"] != "null"
                field = "unmapped.value" if loss["field"].startswith("unmapped(") else conserve.bare(loss["field"])
                kinds = by_field.setdefault(field, {})
                kinds[loss["kind"]] = kinds.get(loss["kind"], 0) + 1
        self.assertEqual(report["counts"]["values_lost"], total)
        self.assertEqual({entry.pop("field"): entry for entry in report["fields"]}, by_field)

    def test_own_format_loses_nothing(self):
        for folder in ("un-sc", "interpol", "ameripol", "notice-csv", "notice-json", "notice-jsonl", "notice-xml"):
            for sample in sorted(GOLDEN.joinpath(folder).glob("*.*")):
                if sample.suffix == ".md":
                    continue
                with self.subTest(sample=sample):
                    self.run_program("convert", "-q", "--max-loss", "0", "-f", folder, "-t", folder, "-o", "out", sample)


class Static(conserve.Case):
    def said(self, source, target):
        return {entry["field"]: entry["kind"]
                for entry in json.loads(self.run_program("loss", "--json", source, target).out)["fields"]}

    def test_covers_what_happens(self):
        for sample, targets in HOPS:
            for target in targets:
                source = sample.split("/", maxsplit=1)[0]
                with self.subTest(sample=sample, target=target):
                    self.run_program("convert", "-q", "-t", target, "--report", "report", "-o", "out", GOLDEN / sample,
                                     status=(0, 1))
                    report = json.loads((self.folder / "report").read_bytes())
                    notices = self.run_program("convert", "-q", "-t", "notice-jsonl", GOLDEN / sample).notices()
                    happened = {conserve.bare(loss["field"]) for record in report["records"] for loss in record["losses"]
                                if loss["kind"] in KINDS and not loss["field"].startswith("unmapped(")
                                and not conserve.is_unparsed(notices[record["record"] - 1], loss["field"])}
                    unsaid = happened - set(self.said(source, target))
                    self.assertFalse(unsaid, f"not in \"dragoman loss {source} {target}\"")

    def test_text_and_json_agree(self):
        text = self.run_program("loss", "un-sc", "interpol").out.decode().splitlines()
        said = self.said("un-sc", "interpol")
        self.assertEqual({line.split()[0]: line.split()[1] for line in text[:-1]}, said)
        self.assertRegex(text[-1], rf"^{len(said)} of the \d+ fields of un-sc can lose something in interpol$")

    def test_canonical_forms_hold_everything(self):
        for source in ("un-sc", "interpol", "ameripol", "notice-xml"):
            for target in ("notice-json", "notice-jsonl", "notice-xml", "notice-csv"):
                self.assertEqual(self.said(source, target), {})
        for name in ("un-sc", "interpol", "ameripol"):
            self.assertEqual(self.said(name, name), {})

    def test_names(self):
        self.assertIn('did you mean "un-sc"?', self.run_program("loss", "un-sd", "interpol", status=2).err)
        self.assertIn("[format-unknown]", self.run_program("loss", "un-sc", "nonsense", status=2).err)
        for names in ([], ["un-sc"], ["un-sc", "interpol", "ameripol"]):
            self.run_program("loss", *names, status=2)


harness.main()
