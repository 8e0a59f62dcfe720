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


MARKED = [{"notice": {"id": "1", "type": "wanted", "issuer": "X", "handling": [
               {"scheme": "europol", "code": "H1"}, {"scheme": "europol", "code": "H3", "text": "Not to a third country."}]},
           "subject": [{"kind": "person", "name": [{"kind": "primary", "family": "MUSTER"}]}]},
          {"notice": {"id": "2", "type": "wanted", "issuer": "X", "handling": [{"scheme": "tlp", "code": None}]},
           "subject": [{"kind": "person", "name": [{"kind": "primary", "family": "BEISPIEL"}]}]},
          {"notice": {"id": "3", "type": "wanted", "issuer": "X", "handling": [{"text": "Nur im Dienst."}]},
           "subject": [{"kind": "person", "name": [{"kind": "primary", "family": "PRZYK\u0141AD"}]}]}]
KEEPS_CODES = """
format: keeps-codes
title: t
status: modelled
engine: csv
table: yes
encoding: iso-8859-1
records:
  - at: ""
    set: {notice.type: wanted, notice.issuer: X}
    only: {subject.kind: person}
    map:
      id: notice.id
      family: "subject.name(primary).family"
      marks: {to: "notice.handling(europol).code", %s}
      text: {to: "notice.handling(europol).text"}
      note: {to: "notice.remark(note).text"%s}
"""


class Handling(conserve.Case):
    """A handling mark is never lost without leave."""

    def setUp(self):
        super().setUp()
        self.source = self.write("in.jsonl", "".join(json.dumps(notice) + "\n" for notice in MARKED))

    def run_to(self, target, *more, status):
        result = self.run_program("convert", "--log-format", "json", "-t", target, "-o", "out", "--report", "report",
                                  "--rejects", "rejects", *more, self.source, status=status)
        return result, json.loads((self.folder / "report").read_bytes())

    def target(self, split='split: "; "', more=""):
        self.write("keeps-codes.yaml", KEEPS_CODES % (split, more))
        return ("keeps-codes", "--format-dir", self.folder)

    def test_rejected_without_leave(self):
        result, report = self.run_to("interpol", status=1)
        lost = [message for message in result.messages() if message["code"] == "handling-lost"]
        self.assertEqual([(message["severity"], message["record"]) for message in lost], [("error", 1), ("error", 3)])
        for word in ("in interpol ", "notice.handling[1].code", "notice.handling[2].text", "--allow-handling-loss"):
            self.assertIn(word, lost[0]["text"])
        self.assertNotIn("notice.handling[2]", lost[1]["text"])
        rejects = harness.lines((self.folder / "rejects").read_bytes())
        self.assertEqual([(reject["code"], reject["record"]) for reject in rejects],
                         [("handling-lost", 1), ("handling-lost", 3)])
        self.assertEqual(json.loads(rejects[0]["text"]), MARKED[0])
        self.assertEqual([notice["entity_id"] for notice in json.loads((self.folder / "out").read_bytes())], ["2"])
        counts = report["counts"]
        self.assertEqual((counts["written"], counts["rejected"], counts["marks_lost"]), (1, 2, 0))
        self.assertNotIn("handling-dropped", result.codes())

    def test_written_with_leave(self):
        result, report = self.run_to("interpol", "--allow-handling-loss", status=0)
        said = [message["text"] for message in result.messages() if message["code"] == "handling-dropped"]
        self.assertEqual(len(said), 1)
        self.assertTrue(said[0].startswith("3 handling marks are "), said)
        self.assertNotIn("handling-lost", result.codes())
        counts = report["counts"]
        self.assertEqual((counts["written"], counts["rejected"], counts["marks_lost"]), (3, 0, 3))
        fields = {entry["field"]: entry for entry in report["fields"]}
        self.assertEqual(fields["notice.handling.code"], {"field": "notice.handling.code", "dropped": 2, "null": 1})
        self.assertEqual(fields["notice.handling.text"]["dropped"], 2)

    def test_every_way_to_lose_one(self):
        """Held whole, the record is written; cut, shortened, in another field or in other characters it is not."""
        whole = {"notice": {"id": "1", "type": "wanted", "issuer": "X", "handling": [
            {"scheme": "europol", "code": "H1"}, {"scheme": "europol", "code": "H2"}]}, "subject": MARKED[0]["subject"]}
        split, fallback = 'split: "; "', ', or: ["notice.handling(national).code"]'
        ways = [(split, "", {}, 0), ("max: 2", "", {}, 1), (split + ", max: 1", "", {}, 1),
                (split, "", {"text": "\u0141"}, 1), (split, "", {"code": "H1; H3"}, 1),
                (split, "", {"scheme": "national"}, 1), (split, fallback, {"scheme": "national"}, 1)]
        for key, more, changes, rejected in ways:
            with self.subTest(key=key, more=more, changes=changes):
                whole["notice"]["handling"][0] = {"scheme": "europol", "code": "H1", **changes}
                self.write("in.jsonl", json.dumps(whole) + "\n" + json.dumps(MARKED[1]) + "\n")
                result, report = self.run_to(*self.target(key, more), status=rejected)
                self.assertEqual(result.codes().count("handling-lost"), rejected, result)
                self.assertEqual(report["counts"]["rejected"], rejected)

    def test_canonical_forms_hold_them(self):
        for target in ("notice-json", "notice-xml", "notice-csv", "notice-jsonl"):
            result, report = self.run_to(target, status=0)
            self.assertEqual((report["counts"]["values_lost"], result.codes()), (0, ["summary"]))
        self.assertEqual(harness.lines((self.folder / "out").read_bytes()), MARKED)

    def test_foretold(self):
        """dragoman loss marks the fields for which a record is rejected."""
        said = json.loads(self.run_program("loss", "--json", "notice-json", "interpol").out)["fields"]
        marked = {entry["field"] for entry in said if entry.get("protected")}
        self.assertEqual(marked, {f"notice.handling.{name}" for name in ("scheme", "code", "text")})
        text = self.run_program("loss", "notice-json", "interpol").out.decode().splitlines()
        self.assertEqual({line.split()[0] for line in text if "(protected" in line}, marked)
        self.assertEqual(self.said_protected(), marked)

    def said_protected(self):
        schema = json.loads(self.run_program("schema", "--json").out)
        return {entry["path"] for entry in schema if entry["protected"]}


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
