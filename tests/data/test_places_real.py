# SPDX-License-Identifier: Apache-2.0
"""Country texts of real lists: each resolves, or is one of those named here. Without the lists the test is skipped."""
import csv
import sys
import unittest
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
import harness
from harness import DATA

try:
    import yaml
    from lxml import etree
except ImportError as error:
    print(f"skipped: {error.name} is not there")
    sys.exit(77)

UN = DATA / "un" / "consolidated-2026-02.xml"
OFAC = DATA / "ofac"
CODES = Path(harness.SOURCE) / "formats" / "codes"
PLACES = ("NATIONALITY/VALUE", "COUNTRY", "ISSUING_COUNTRY", "COUNTRY_OF_ISSUE", "COUNTRY_OF_BIRTH")
# Parts of countries and words for none: no list makes a country of them.
OFAC_REST = {"West Bank", "Region: Gaza", "Region: Kafia Kingi", "Region: Northern Mali", "Region: Crimea"}
OFAC_NULL = "-0-"


def known(*names):
    found = {}
    for name in names:
        codes = yaml.load((CODES / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["codes"]
        for code, spellings in codes.items():
            for spelling in [spellings] if isinstance(spellings, str) else spellings:
                found.setdefault(fold(spelling), code)
    return found


def fold(text):
    return " ".join(text.casefold().split())


class Places(unittest.TestCase):
    def test_un(self):
        if not UN.exists():
            self.skipTest(f"{UN} is not there")
        list_of = etree.parse(str(UN))
        texts = Counter(fold(element.text) for place in PLACES for element in list_of.iterfind(f".//{place}")
                        if element.text and element.text.strip())
        self.assertGreater(sum(texts.values()), 2000)
        names = known("country-en")
        self.assertEqual({text for text in texts if text not in names}, {"na"})
        result = harness.dragoman("convert", "--from", "un-sc", "--to", "notice-jsonl", UN)
        self.assertEqual(result.status, 0, result)
        self.assertNotIn("[country-unknown]", result.err)

    def test_ofac(self):
        if not OFAC.is_dir():
            self.skipTest(f"{OFAC} is not there")
        with open(OFAC / "add.csv", encoding="latin-1", newline="") as file:
            texts = Counter(row[4].strip() for row in csv.reader(file) if len(row) > 4)
        texts.pop(OFAC_NULL)
        names = known("country-en", "demonym-en")
        rest = {text: count for text, count in texts.items() if fold(text) not in names}
        resolved = sum(texts.values()) - sum(rest.values())
        print(f"OFAC addresses: {resolved} of {sum(texts.values())} countries resolved; the rest: {rest}")
        self.assertEqual(set(rest), OFAC_REST)
        self.assertEqual(names[fold("Korea, North")], "KP")
        self.assertEqual(names[fold("Congo, Republic of the")], "CG")


if __name__ == "__main__":
    if not UN.exists() and not OFAC.is_dir():
        harness.skip(f"neither {UN} nor {OFAC} is there")
    unittest.main()
