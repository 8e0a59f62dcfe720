# SPDX-License-Identifier: Apache-2.0
"""Seven thousand invented items as collectors of INTERPOL's public notices store them: pages in a list of lists.

The items have the oddities of real dumps: red and yellow ones, keys in two orders, forename null or "-", dates of three
precisions or none, one to three nationalities or none, repeated identifiers, no thumbnail.
"""
import json
import random
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
import harness
from harness import Case

COUNT = 7000
PAGE = 160
WORDS = ["MUSTER", "EXEMPLO", "ŠABLON", "ACUÑA", "ПРИМЕР", "مثال", "样本", "O'EXAMPLE", "DE LA (PRUEBA)", "MODELO, JR"]


def item(chance, number, identity):
    family = "yellow" if number % 5 == 4 else "red"
    base = f"https://ws-public.interpol.int/notices/v1/{family}/{identity.replace('/', '-')}"
    links = {"self": {"href": base}, "images": {"href": f"{base}/images"}}
    if chance.random() < 0.9:
        links["thumbnail"] = {"href": f"{base}/images/{60000000 + number}"}
    year, month, day = chance.randint(1930, 2015), chance.randint(1, 12), chance.randint(1, 28)
    values = {
        "forename": chance.choice([None, "-"] + WORDS),
        "date_of_birth": chance.choice([f"{year}/{month:02}/{day:02}"] * 6 + [f"{year}", f"{year}/{month:02}", None]),
        "entity_id": identity,
        "nationalities": chance.choice([None, ["DE"], ["MA", "ES"], ["CN", "HK", "MO"], ["914"]]),
        "name": f"{chance.choice(WORDS)} {number}",
        "_links": links,
    }
    order = ["entity_id", "nationalities", "name", "forename", "date_of_birth", "_links"] if family == "yellow" else list(values)
    return {name: values[name] for name in order}


def invent():
    chance = random.Random(20260227)
    items, identities = [], []
    for number in range(COUNT):
        identity = f"{1980 + number % 46}/{900 + number * 7}"
        if number > 100 and number % 100 == 0:
            identity = identities[number - 37]
        identities.append(identity)
        items.append(item(chance, number, identity))
    return items


class Dump(Case):
    def setUp(self):
        super().setUp()
        self.items = invent()
        pages = [self.items[start:start + PAGE] for start in range(0, COUNT, PAGE)]
        pages.insert(3, [])
        self.write("dump.json", json.dumps(pages, ensure_ascii=False))

    def test_every_item(self):
        repeated = COUNT - len({entry["entity_id"] for entry in self.items})
        self.assertGreater(repeated, 60)
        result = self.run_program("convert", "--log-format", "json", "-t", "notice-jsonl", "-o", "out", "--report", "report",
                                  "dump.json")
        self.assertEqual(Counter(result.codes()), {"id-repeated": repeated, "summary": 1})
        self.assertEqual(json.loads((self.folder / "report").read_bytes())["counts"]["repeated_ids"], repeated)
        notices = harness.lines((self.folder / "out").read_bytes())
        self.assertEqual(len(notices), COUNT)
        for source, notice in zip(self.items, notices):
            self.check(source, notice)

    def check(self, source, notice):
        subject = notice["subject"][0]
        red = "/red/" in source["_links"]["self"]["href"]
        self.assertEqual((notice["notice"]["id"], notice["notice"]["type"], notice["notice"]["colour"]),
                         (source["entity_id"], "wanted" if red else "missing", "red" if red else "yellow"))
        [name] = subject["name"]
        self.assertEqual((name["kind"], name["family"]), ("primary", source["name"]))
        # Three different things: null, "-", a name.
        forename = source["forename"]
        self.assertIn("given", name)
        self.assertEqual(name["given"], None if forename == "-" else forename)
        self.assertEqual(name.get("given_original"), "-" if forename == "-" else None)
        birth = subject["birth"][0]
        date = source["date_of_birth"]
        self.assertIn("date", birth)
        self.assertEqual(birth["date"], date and date.replace("/", "-"))
        countries = [{"914": "x-icc"}.get(code, code) for code in source["nationalities"] or [None]]
        self.assertEqual([entry["country"] for entry in subject["nationality"]], countries)
        thumbnail = source["_links"].get("thumbnail")
        self.assertEqual([media["uri"] for media in notice["notice"].get("media", [])],
                         [thumbnail["href"]] if thumbnail else [])

    def test_back(self):
        """The same items, in the same order, with the same keys in the same order."""
        self.run_program("convert", "-q", "-t", "notice-csv", "-o", "through.csv", "dump.json")
        self.run_program("convert", "-q", "-t", "interpol", "--max-loss", "0", "-o", "back.json", "through.csv")
        self.assertEqual(json.dumps(json.loads((self.folder / "back.json").read_bytes())), json.dumps(self.items))

    def test_every_carrier(self):
        """A list of lists, a list, a page, lines: the same notices."""
        wanted = self.run_program("convert", "-q", "-t", "notice-jsonl", "dump.json").out
        page = {"total": COUNT, "query": {"page": 1}, "_embedded": {"notices": self.items}, "_links": {"self": {"href": "x"}}}
        for name, text in [("list", json.dumps(self.items)), ("lines", "\n".join(map(json.dumps, self.items))),
                           ("wide", json.dumps(self.items, indent=4).replace("\n", "\r\n")), ("page", json.dumps(page))]:
            with self.subTest(name=name):
                self.write("in", text)
                got = self.run_program("convert", "-q", "-t", "notice-jsonl", "in").out
                self.assertTrue(got == wanted, f"{name} differs")


harness.main()
