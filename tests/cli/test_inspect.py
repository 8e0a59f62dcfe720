# SPDX-License-Identifier: Apache-2.0
"""inspect: what it counts is what the notices hold, and its card shows a notice and nothing that a terminal obeys."""
import json
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import harness
from harness import GOLDEN, Case

SAMPLE = GOLDEN / "un-sc" / "sample.xml"


def values(node, path=""):
    """(field, value) of what a canonical notice holds parsed."""
    if isinstance(node, list):
        for item in node:
            yield from values(item, path)
    elif isinstance(node, dict):
        for name, member in node.items():
            if not name.endswith("_original"):
                yield from values(member, f"{path}.{name}" if path else name)
    elif node is not None:
        yield path, node


def originals(node, path=""):
    """(field, original) of parsed or null values that are spelled otherwise in the source."""
    if isinstance(node, list):
        for item in node:
            yield from originals(item, path)
    elif isinstance(node, dict):
        for name, member in node.items():
            plain = name.removesuffix("_original")
            if plain != name and plain in node:
                for original in member if isinstance(member, list) else [member]:
                    if original:
                        yield f"{path}.{plain}" if path else plain, original
            elif plain == name:
                yield from originals(member, f"{path}.{name}" if path else name)


class Inspect(Case):
    def inspect(self, path, *args, status=0):
        return json.loads(self.run_program("inspect", "--json", *args, path, status=status).out)

    def test_counts(self):
        seen = self.inspect(SAMPLE)
        notices = self.run_program("convert", "-t", "notice-jsonl", SAMPLE).notices()
        self.assertEqual((seen["format"], seen["encoding"], seen["notices"], seen["rejected"]), ("un-sc", "utf-8", len(notices), 0))
        self.assertEqual(seen["bytes"], SAMPLE.stat().st_size)
        self.assertIn("CONSOLIDATED_LIST", seen["evidence"])
        total, having = Counter(), Counter()
        for notice in notices:
            fields = [field for field, _ in values(notice)]
            total.update(fields)
            having.update(set(fields))
        for entry in seen["fields"]:
            with self.subTest(field=entry["field"]):
                self.assertEqual((entry["values"], entry["notices"]), (total[entry["field"]], having[entry["field"]]))
        self.assertEqual({entry["field"] for entry in seen["fields"] if entry["values"]}, set(total))
        countries = Counter(country for notice in notices for country in
                            {value for field, value in values(notice) if field == "subject.nationality.country"})
        self.assertEqual({word["word"]: word["notices"] for word in seen["words"]["subject.nationality.country"]}, countries)
        self.assertEqual([entry["code"] for entry in seen["codes"]], ["date-unparsed", "country-unknown", "value-either"])

    def test_text(self):
        text = self.run_program("inspect", SAMPLE).out.decode()
        for part in ("format    un-sc", "encoding  utf-8", "notice.type", "subject.name.full", "100% ####################"):
            self.assertIn(part, text)

    def test_rejected_records_are_counted(self):
        self.write("in.jsonl", '{"notice":{"id":"1"}}\n' + '{"notice":{"id":"2","type":"warn","issuer":"X"},"subject":[{"kind":"person"}]}\n')
        seen = self.inspect("in.jsonl")
        self.assertEqual((seen["records"], seen["notices"], seen["rejected"]), (2, 1, 1))

    def test_card(self):
        self.write("in.jsonl", json.dumps({
            "notice": {"id": "7", "type": "warn", "issuer": "X\u001b[31m"},
            "subject": [{"kind": "person", "sex": "male", "sex_original": "MU\u017d", "height": None,
                         "name": [{"full": "A B"}, {"full": "C"}]}]}) + "\n")
        card = self.run_program("inspect", "--record", "1", "in.jsonl").out.decode()
        self.assertNotIn("\x1b", card)
        self.assertRegex(card, r"(?m)^notice\n  id +7$")
        self.assertRegex(card, r"(?m)^  sex +male \{MU\u017d\} code-word$")
        self.assertRegex(card, r"(?m)^  height +-$")
        self.assertRegex(card, r"(?m)^  name 2\n    full +C$")

    def test_changes(self):
        """The same counts as in the report of a conversion, and every value that was changed is counted."""
        seen = self.inspect(SAMPLE)["changes"]
        notices = self.run_program("convert", "-t", "notice-jsonl", "--report", "report.json", SAMPLE).notices()
        self.assertEqual(seen, json.loads((self.folder / "report.json").read_text())["changes"])
        rules = {(entry["field"], entry["rule"]): entry["count"] for entry in seen}
        self.assertGreater(rules["subject.nationality.country", "country-name"], 0)
        self.assertGreater(rules["subject.birth.date", "date-spelling"], 0)
        changed = Counter()
        for notice in notices:
            changed.update(field for field, _ in originals(notice))
        self.assertEqual({field for field, _ in rules}, set(changed))

    def test_no_such_record(self):
        self.assertIn("has 16 records", self.run_program("inspect", "--record", "99", SAMPLE, status=1).err)
        self.run_program("inspect", "--record", "0", SAMPLE, status=2)


harness.main()
