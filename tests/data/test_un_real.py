# SPDX-License-Identifier: Apache-2.0
"""The real consolidated list of the UN Security Council: everything that stands in it comes over, back and on.

The list is not part of the source; without it the test is skipped.
"""
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
import conserve
import harness
from harness import DATA, GOLDEN

LIST = DATA / "un" / "consolidated-2026-02.xml"
XSD = DATA / "un" / "sc-sanctions.xsd"
PERSONS, ENTITIES = 730, 273
BIRTHS = 919


def words(text):
    return " ".join(str(text).split())


def texts_of_record(element):
    """Every text and attribute below an element, as lxml sees them, white space normalised."""
    found = Counter()
    for node in element.iter():
        pieces = [node.text, *node.attrib.values()]
        if node is not element:
            pieces.append(node.tail)
        found.update(words(piece) for piece in pieces if piece and piece.strip())
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
                continue
            original = value.get(name + "_original")
            if isinstance(member, list) and isinstance(original, list):
                member = [kept if kept is not None else text for text, kept in zip(member, original, strict=True)]
            elif original is not None:
                member = original
            texts_of_notice(member, found)
        for name, original in value.items():
            if name.endswith("_original") and name.removesuffix("_original") not in value:
                texts_of_notice(original, found)
    elif value is not None and words(value):
        found[words(value)] += 1
    return found


def pieces(notice):
    """The texts of a notice; those that were put together from several elements also in their pieces."""
    found = texts_of_notice(notice)
    for subject in notice["subject"]:
        for birth in subject.get("birth", []):
            found.update(birth.get("date_original", "").split())
    return found


def records_of(path):
    root = etree.parse(str(path)).getroot()
    return [*root.find("INDIVIDUALS"), *root.find("ENTITIES")]


def birth_of(element):
    """What kind of statement it is, and the date as EDTF or None."""
    said = {node.tag: words(node.text) for node in element if node.text and node.text.strip()}
    kind = said.get("TYPE_OF_DATE")
    if "DATE" in said:
        return "date", said["DATE"]
    if kind == "BETWEEN":
        return "between", f"{said['FROM_YEAR']}/{said['TO_YEAR']}"
    if "YEAR" in said:
        return ("about", said["YEAR"] + "~") if kind == "APPROXIMATELY" else ("year", said["YEAR"])
    return "note" if "NOTE" in said else "empty", None


def in_order(notice):
    """Without the order of what is unmapped, and without the place among its siblings of what stood alone in a group."""
    return {**notice, "unmapped": sorted(re.sub(r"\[\+?\d+\]", "", json.dumps(entry)) for entry in notice.get("unmapped", []))}


class Real(conserve.Case):
    def check_list(self, path, in_place=True):
        """The properties that any list of this kind has; returns the notices. in_place: unknown elements, if there are
        any, stand at the end of their parents, where they are written."""
        elements = records_of(path)
        result = self.run_program("detect", "--json", path)
        self.assertEqual(json.loads(result.out)["format"], "un-sc")
        result = self.run_program("convert", "--log-format", "json", "-t", "notice-jsonl", "-o", "notices.jsonl", path)
        self.assertIn(f"{len(elements)} read = {len(elements)} written + 0 rejected; 0 values lost",
                      result.messages()[-1]["text"])
        data = (self.folder / "notices.jsonl").read_bytes()
        notices = harness.lines(data)
        self.assertEqual(len(notices), len(elements))
        for element, notice in zip(elements, notices):
            missing = texts_of_record(element) - pieces(notice)
            self.assertFalse(missing, f"DATAID {element.findtext('DATAID')}: {missing}")
        back = self.convert(self.folder / "notices.jsonl", "un-sc", "back.xml", more=("--max-loss", "0"))
        again = self.convert(back, "notice-jsonl", "again.jsonl").read_bytes()
        if in_place:
            self.assertEqual(again, data)
        else:
            self.assertEqual([in_order(notice) for notice in harness.lines(again)], [in_order(notice) for notice in notices])
        return notices

    def test_list(self):
        notices = self.check_list(LIST)
        kinds = Counter(notice["subject"][0]["kind"] for notice in notices)
        self.assertEqual(kinds, {"person": PERSONS, "organisation": ENTITIES})
        self.assertEqual(len({notice["notice"]["id"] for notice in notices}), PERSONS + ENTITIES)
        self.check_schema(self.folder / "back.xml", LIST)
        # Everything that stood in an element stands in the same element again.
        for element, copy in zip(records_of(LIST), records_of(self.folder / "back.xml"), strict=True):
            was, now = ({(node.tag, words(node.text)) for node in e.iter() if node.text and node.text.strip()}
                        for e in (element, copy))
            self.assertEqual(was, now)

    def test_births(self):
        """Each element of a birth, in its order, is the date that it says: no more precise, and none made up."""
        path = self.convert(LIST, "notice-jsonl", "notices.jsonl")
        notices = [notice["subject"][0] for notice in harness.lines(path.read_bytes())]
        persons = [subject for subject in notices if subject["kind"] == "person"]
        kinds = Counter()
        for element, person in zip(records_of(LIST)[:PERSONS], persons, strict=True):
            wanted = []
            for birth in element.findall("INDIVIDUAL_DATE_OF_BIRTH"):
                kind, date = birth_of(birth)
                kinds[kind] += 1
                wanted += [date] if date else []
            self.assertEqual([birth["date"] for birth in person.get("birth", []) if "date" in birth], wanted,
                             f"DATAID {element.findtext('DATAID')}")
        # Two of the dates have a note beside them; a note alone, such as "Nov. 1973", is no date.
        self.assertEqual(kinds, {"date": 454, "year": 262, "about": 116, "between": 31, "note": 7, "empty": 49})
        self.assertEqual(sum(kinds.values()), BIRTHS)

    def check_schema(self, path, source):
        """Only what is against the schema in the source may be against it in what is written."""
        schema = etree.XMLSchema(etree.parse(str(XSD)))

        def faults(document):
            tree = etree.parse(str(document))
            schema.validate(tree)
            found = Counter()
            for error in schema.error_log:
                match = re.search(r"Element '([A-Z_0-9]+)'", error.message)
                found[match.group(1) if match else error.message] += 1
            return found
        before, after = faults(source), faults(path)
        self.assertFalse(after - before, f"new faults: {after - before}")
        self.assertLessEqual(set(after), {"STREET", "NOTE"})

    def test_sample_against_schema(self):
        """The golden sample, without the elements and attributes that no UN schema knows."""
        text = (GOLDEN / "un-sc" / "sample.xml").read_text("utf-8")
        text = re.sub(r' recordStatus="[^"]*"', "", text)
        text = re.sub(r"\s*<REVIEW_STATUS[^>]*>[^<]*</REVIEW_STATUS>", "", text)
        sample = self.write("sample.xml", text)
        notices = self.convert(sample, "notice-jsonl", "n.jsonl")
        self.check_schema(self.convert(notices, "un-sc", "back.xml"), sample)

    def test_through_the_canonical_forms(self):
        lines = self.convert(LIST, "notice-jsonl", "notices.jsonl").read_bytes()
        for form in ("notice-xml", "notice-csv", "notice-json"):
            with self.subTest(form=form):
                there = self.convert(self.folder / "notices.jsonl", form, form)
                self.assertEqual(self.convert(there, "notice-jsonl", "back.jsonl").read_bytes(), lines)
                straight = self.convert(LIST, form, "straight")
                self.assertEqual(straight.read_bytes(), there.read_bytes())

    def test_round_the_world(self):
        self.assertEqual(self.hop(LIST, "interpol", "interpol.json"), set())
        rejected = self.hop(self.folder / "interpol.json", "ameripol", "ameripol.csv")
        self.assertEqual(len(rejected), ENTITIES)
        self.assertEqual(self.hop(self.folder / "ameripol.csv", "un-sc", "un.xml"), set())

    def test_older_years(self):
        """As the files of other years were: made from this one."""
        text = LIST.read_text("utf-8")
        self.assertIn('standalone="yes"', text)
        older = text.replace(' standalone="yes"', "", 1)
        older = re.sub(r"<CONSOLIDATED_LIST[^>]*>", lambda match: match.group(0).replace('"', "'"), older, count=1)
        older = older.replace("</REFERENCE_NUMBER>", " </REFERENCE_NUMBER>")
        older = re.sub(r"<(LISTED_ON|DATE)>(\d{4}-\d\d-\d\d)</", r"<\1>\2-04:00</", older)
        older = older.replace("<GENDER>Male</GENDER>", "<GENDER>MALE</GENDER>")
        older = re.sub(r'dateGenerated=(.)[^"\']*', r"dateGenerated=\g<1>2018-07-03T17:06:42.401-04:00", older, count=1)
        for name, changed in [("2018.xml", older), ("crlf.xml", older.replace("\n", "\r\n")),
                              ("one-line.xml", re.sub(r">\s+<", "><", older)), ("bom.xml", "\ufeff" + older)]:
            with self.subTest(name=name):
                notices = self.check_list(self.write(name, changed))
                self.assertTrue(all(notice["notice"]["reference"][0]["value_original"].endswith(" ") for notice in notices))
                self.assertEqual(sum(notice["subject"][0].get("sex_original") == "MALE" for notice in notices),
                                 text.count("<GENDER>Male<"))

    def test_unknown_elements(self):
        text = LIST.read_text("utf-8")
        text = text.replace("<VERSIONNUM>", '<NEW kind="x">one<DEEP>two</DEEP><DEEP>three</DEEP></NEW><VERSIONNUM>')
        text = text.replace("</ALIAS_NAME>", "</ALIAS_NAME><SPELLING>four</SPELLING>")
        text = text.replace("<LISTED_ON>", "<LISTED_ON zone='utc'>").replace("</ENTITY>", "<LAST>five</LAST></ENTITY>")
        notices = self.check_list(self.write("new.xml", text), in_place=False)
        self.assertTrue(all({"x", "one", "two", "three", "utc"} <= {entry["value"] for entry in notice["unmapped"]}
                            for notice in notices))

    def test_encodings(self):
        wanted = self.convert(LIST, "notice-jsonl", "wanted").read_bytes()
        text = LIST.read_text("utf-8")
        for name in ("utf-16", "utf-8-sig"):
            declared = text if name != "utf-16" else text.replace("UTF-8", "UTF-16", 1).replace("utf-8", "utf-16", 1)
            path = self.write("in.xml", declared.encode(name))
            self.assertEqual(self.convert(path, "notice-jsonl", "got").read_bytes(), wanted)


if not LIST.exists():
    harness.skip(f"no {LIST}")
try:
    from lxml import etree
except ImportError:
    harness.skip("no python3-lxml")
harness.main()
