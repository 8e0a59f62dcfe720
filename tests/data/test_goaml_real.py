# SPDX-License-Identifier: Apache-2.0
"""Real goAML reports and the schema of an FIU: everything comes over and back, and all that is written obeys the schema.

Neither is part of the source; without them the test is skipped.
"""
import json
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
import conserve
import harness
from harness import DATA, GOLDEN, SOURCE

FOLDER = DATA / "goaml"
XSD = FOLDER / "goAMLSchema-5.0.2-strict.xsd"
REPORTS = sorted(FOLDER.glob("*.xml"))
# Said by the definition: constants of the notice.
ISSUER = "goAML reporting entity"


def words(text):
    return " ".join(str(text).split())


def texts_of_report(root):
    """Every text and attribute, as lxml sees them."""
    found = Counter()
    for element in root.iter(etree.Element):
        found.update(words(piece) for piece in (element.text, *element.attrib.values()) if piece and piece.strip())
    return found


def texts_of_notice(value, found=None):
    """Every value as it was written: its original where it has one."""
    found = Counter() if found is None else found
    if isinstance(value, list):
        for item in value:
            texts_of_notice(item, found)
    elif isinstance(value, dict):
        for name, member in value.items():
            if name.endswith("_original"):
                if name.removesuffix("_original") not in value:
                    texts_of_notice(member, found)
                continue
            texts_of_notice(value.get(name + "_original", member), found)
    elif value is not None and words(value):
        found[words(value)] += 1
    return found


def pieces(notice):
    """Also what was put together again, a point in time, and what the definition writes without being told."""
    found = texts_of_notice(notice)
    found["E"] += 1
    found.update(f"{event['date']}T{event['time']}" for event in notice.get("event", []) if "time" in event)
    return found


class Real(conserve.Case):
    def validate(self, path):
        schema = etree.XMLSchema(etree.parse(str(XSD)))
        if not schema.validate(etree.parse(str(path))):
            self.fail("\n".join(f"{error.line}: {error.message}" for error in schema.error_log))

    def test_reports(self):
        self.assertEqual(len(REPORTS), 10)
        for report in REPORTS:
            with self.subTest(report=report.name):
                found = json.loads(self.run_program("detect", "--json", report).out)
                self.assertEqual(found["format"], "unodc")
                data = self.convert(report, "notice-jsonl", "n.jsonl", more=("--max-loss", "0")).read_bytes()
                [notice] = harness.lines(data)
                root = etree.parse(str(report)).getroot()
                missing = texts_of_report(root) - pieces(notice)
                self.assertFalse(missing)
                self.check_parties(root, notice)
                back = self.convert(self.folder / "n.jsonl", "unodc", "back.xml", more=("--max-loss", "0"))
                self.validate(back)
                self.assertFalse(texts_of_report(root) - texts_of_report(etree.parse(str(back)).getroot()))
                self.assertEqual(self.convert(back, "notice-jsonl", "again.jsonl").read_bytes(), data)

    def check_parties(self, root, notice):
        """Each person and entity that is a party, or acts for one, is a subject with its name."""
        names = Counter()
        for path in (".//report_party/*", ".//t_from/*", ".//t_to/*", ".//t_from_my_client/*", ".//t_to_my_client/*",
                     ".//director_id", ".//t_conductor"):
            for element in root.iterfind(path):
                if element.find("last_name") is not None:
                    names[element.findtext("last_name")] += 1
                elif element.find("name") is not None:
                    names[element.findtext("name")] += 1
        got = Counter(name.get("family", name.get("full")) for subject in notice["subject"]
                      for name in subject["name"] if name["kind"] == "primary")
        self.assertEqual(got, names)
        self.assertEqual(notice["notice"]["type"], "suspicious_report")
        self.assertEqual(notice["notice"]["issuer"], ISSUER)

    def test_other_formats(self):
        """The samples of every other format become one report each, which obeys the schema."""
        written = 0
        for format_id in sorted(path.stem for path in (SOURCE / "formats").glob("*.yaml")):
            if format_id == "unodc" or format_id.startswith("notice-"):
                continue
            for sample in sorted(path for path in (GOLDEN / format_id).glob("*") if path.is_file() and path.suffix != ".md"):
                with self.subTest(sample=f"{format_id}/{sample.name}"):
                    result = self.run_program("convert", "--allow-handling-loss", "--log-format", "json", "-f", format_id,
                                              "-t", "unodc", "-o", "o.xml", sample, status=(0, 1))
                    if result.status == 1 and "nothing-converted" in result.codes():
                        continue
                    self.validate(self.folder / "o.xml")
                    count = int(result.messages()[-1]["text"].split(" = ")[1].split()[0])
                    parties = etree.parse(str(self.folder / "o.xml")).getroot().findall("activity/report_parties/report_party")
                    self.assertGreaterEqual(len(parties), count)
                    written += count
        self.assertGreater(written, 50)

    def test_many_notices_are_one_report(self):
        samples = [GOLDEN / "unodc" / name for name in ("activity.xml", "extras.xml")]
        result = self.run_program("convert", "-t", "unodc", "-o", "both.xml", *samples)
        self.assertIn("2 read = 2 written", result.err)
        self.validate(self.folder / "both.xml")
        [notice] = self.convert(self.folder / "both.xml", "notice-jsonl", "n.jsonl").read_bytes().splitlines()
        self.assertEqual(sum("principal" not in subject for subject in json.loads(notice)["subject"]), 5)

    def test_no_place_for_a_second(self):
        """A report of transactions has no parties of its own, so nothing comes behind it."""
        samples = [GOLDEN / "unodc" / name for name in ("transactions.xml", "activity.xml")]
        result = self.run_program("convert", "--log-format", "json", "-t", "unodc", "-o", "both.xml", *samples, status=1)
        self.assertIn("xml-one-record", result.codes())
        self.validate(self.folder / "both.xml")


for needed in (XSD, *REPORTS[:1]):
    if not needed.exists():
        harness.skip(f"no {needed}")
if not REPORTS:
    harness.skip(f"no reports in {FOLDER}")
try:
    from lxml import etree
except ImportError:
    harness.skip("no python3-lxml")
harness.main()
